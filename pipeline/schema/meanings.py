"""What each column says, in one sentence for those who use the tables (数据字典)."""

from collections.abc import Iterable

import pandas as pd

from pipeline.schema.table import Column, Kind

# By column name: one quantity has one name, and so one meaning, in every table.
MEANINGS = {
    "change_id": "变化图斑的编号,全县唯一",
    "change_type": "图斑类型代码(TBLX),含义见规则包的 change_types",
    "before_earliest": "前时相:影像日期;只知道月、季、年的,是其中最早的一天",
    "before_latest": "前时相:同上,最晚的一天",
    "after_earliest": "后时相:影像日期;只知道月、季、年的,是其中最早的一天",
    "after_latest": "后时相:同上,最晚的一天",
    "stated_area_m2": "下发数据自己填的面积(JCMJ),只用来核对,不参与计算",
    "stated_township_code": "下发数据自己填的乡镇,只用来核对;以图形为准",
    "management_code": "管理区代码,原样保留",
    "township_code": "乡镇(街道)代码;图斑跨乡镇时,是面积最大的那个",
    "township_name": "乡镇(街道)名称",
    "office_name": "乡镇所属的自然资源管理所",
    "county_code": "县级行政区代码",
    "county_name": "县(市、区)名称",
    "parcel_id": "地类图斑(DLTB)的标识码",
    "land_class": "变化以前的地类编码",
    "land_group": "三大类:farm 农用地,construction 建设用地,unused 未利用地",
    "is_farmland": "变化以前是不是耕地",
    "ridge_coefficient": "田坎系数:耕地面积要扣除的比例",
    "is_permanent_farmland": "是否在永久基本农田内",
    "zone": "规划分区",
    "plan_zone": "所在的规划分区",
    "piece_id": "碎片编号:图斑被各图层切开后的一块,处处只有一个答案",
    "counted_in": "与另一图斑重叠的地只算一次:这块计入了哪个图斑",
    "unapproved_part_m2": "所在的无批部分(连成一片)的面积,用来识别边角细缝",
    "unapproved_part_width_m": "所在的无批部分的平均宽度,用来识别边角细缝",
    "touches_quarantine": "是否压着隔离的参考记录;压着的不会认定为疑似违法",
    "approval_no": "批准文号",
    "approval_kind": "批准类型",
    "approved_on": "批准日期;只知道月、季、年的为空",
    "approved_earliest": "批准日期,最早的一天",
    "approved_latest": "批准日期,最晚的一天",
    "valid_from_earliest": "有效期开始,最早的一天",
    "valid_from_latest": "有效期开始,最晚的一天",
    "valid_until_earliest": "有效期结束,最早的一天",
    "valid_until_latest": "有效期结束,最晚的一天",
    "holder": "用地单位或个人",
    "land_use_purpose": "批准的用途",
    "constraint_name": "管控图层的名称,如生态保护红线",
    "area_m2": "面积",
    "farmland_m2": "其中的耕地(已扣田坎)",
    "permanent_farmland_m2": "其中的永久基本农田",
    "legal_m2": "其中合法的面积",
    "illegal_m2": "其中疑似违法的面积",
    "other_m2": "其中其他(不是新增建设)的面积",
    "doubtful_m2": "其中存疑、待核实的面积",
    "outside_m2": "在各乡镇以外的面积,不计入任何乡镇",
    "illegal_farmland_m2": "疑似违法占用的耕地,是占耕比的分子(未扣整改)",
    "illegal_permanent_farmland_m2": "疑似违法占用的永久基本农田",
    "legal_farmland_m2": "合法占用的耕地",
    "doubtful_farmland_m2": "存疑的耕地:算作合法或违法,决定占耕比的上下限",
    "new_farmland_m2": "新增建设用地占用的耕地,合法加违法,是占耕比的分母",
    "new_construction_m2": "新增建设用地,合法加违法",
    "reclaimed_farmland_m2": "截止日以前验收的拆除复耕,从占耕比里扣除",
    "regularised_farmland_m2": "截止日以前补办了手续的耕地,单独列出,不扣除",
    "exempt_farmland_m2": "配置里写明不计入分子的行为占用的耕地",
    "verdict": "认定:legal 合法,illegal 疑似违法,other 其他,doubtful 存疑;人工认定优先",
    "proposed_verdict": "程序按规则的建议",
    "ruled_verdict": "人工认定,没有则为空",
    "rule_id": "决定结论的规则,规则包里的编号",
    "reason": "结论的理由,一句话",
    "act": "违法行为,如未批先建",
    "legal_basis": "依据的条文(行为发生时有效的)",
    "missing_evidence": "认定要看而没有的证据",
    "ruling_reason": "人工认定的理由",
    "ruled_by": "认定人",
    "ruled_on": "认定日期",
    "is_regularised": "批文在后时相以后、截止日以前补办",
    "method": "整改方式;只有拆除复耕降低占耕比",
    "accepted_earliest": "验收日期,最早的一天",
    "accepted_latest": "验收日期,最晚的一天",
    "document": "验收文号",
    "change_count": "涉及的图斑个数",
    "illegal_count": "有疑似违法面积的图斑个数",
    "quarantined_count": "可能落在这里的隔离记录个数",
    "ratio_gross": "违法占用耕地 ÷ 分母,不扣整改",
    "ratio_numerator": "拆除复耕只从分子里扣除",
    "ratio_net": "拆除复耕从分子、分母里同时扣除",
    "ratio_with_regularised": "再扣除补办的,供参考",
    "ratio_low": "存疑的全部算合法时的占耕比",
    "ratio_high": "存疑的全部算违法时的占耕比",
    "is_accountable": "考核口径的占耕比是否触到问责线",
    "rank": "名次,占耕比从高到低;相同的并列",
    "reclaim_to_line_m2": "再拆除复耕多少,才不再触线;触线以下为 0",
    "ratio_text": "考核口径的占耕比,照成果里的写法;没有新增占用的写明",
    "ratio_class": "考核占耕比所在的级,0 最低;与排名图同一分级",
    "area_mu": "图斑面积,折合亩,保留两位",
    "illegal_farmland_mu": "违法占用耕地,折合亩,保留两位",
    "new_farmland_mu": "新增建设用地占用耕地,折合亩,保留两位",
    "reclaim_to_line_mu": "再拆除复耕多少才不再触线,折合亩,第二位进上",
    "rulings": "人工认定:谁、哪天、认定为什么、理由",
    "sheet": "图斑核查单(图片,或所在乡镇的 PDF),从 out/gis/ 看过去的路径",
    "kind_name": "图层类别",
    "problem": "隔离的原因和办法",
    "layer": "问题在哪个图层或台账",
    "record": "哪一条记录",
    "code": "问题的代码,同一种问题相同",
    "severity": "怎样处理:refused 拒绝,quarantined 隔离,repaired 修复,noted 提示",
    "message": "问题是什么",
    "remedy": "怎么办",
    "is_reference": "是否参考图层(地类、批文等),不是图斑",
}
# The dates of one kind of approval: `<kind>_no`, `<kind>_on` …
_OF_A_KIND = {
    "no": "盖住这块地的批文",
    "on": "批准日期;只知道月、季、年的为空",
    **{
        name: MEANINGS[name]
        for name in (
            "approved_earliest",
            "approved_latest",
            "valid_from_earliest",
            "valid_from_latest",
            "valid_until_earliest",
            "valid_until_latest",
        )
    },
}


def meaning_of(name: str) -> str:
    """Return what a column says (含义), empty for one that nobody described."""
    if name in MEANINGS:
        return MEANINGS[name]
    ends = (text for end, text in _OF_A_KIND.items() if name.endswith(f"_{end}"))
    return next(ends, "")


def unit_of(column: Column) -> str:
    """Return the unit of a column's values (单位), empty for words."""
    if column.name.endswith("_m2"):
        return "平方米"
    if column.name.endswith("_m"):
        return "米"
    return {Kind.RATIO: "比例(0.08 即 8%)", Kind.COUNT: "个", Kind.DATE: "日期"}.get(
        column.kind, ""
    )


def dictionary(columns: Iterable[Column]) -> pd.DataFrame:
    """Return the data dictionary (数据字典) of some columns: name, label, unit, meaning."""
    rows = [
        (column.name, column.label, unit_of(column), meaning_of(column.name))
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["列名", "中文名", "单位", "含义"])
