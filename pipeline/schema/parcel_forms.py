"""The forms with a row for each change or case (逐图斑、逐宗上报表)."""

from pipeline.schema.forms import (
    Check,
    Form,
    Group,
    area,
    box,
    code,
    count,
    day,
    flag,
    partly,
    plain,
    text,
)

LEDGER = Form(
    code="A",
    sheet="附表A 图斑核查台账",
    title="图斑核查台账",
    groups=(
        plain(
            count("number", "序号"),
            code("change_id", "图斑编号", 19),
            code("parcel_no", "宗地号", 10),
            text("place", "图斑位置"),
            text("township", "所在政区", 16),
            code("township_code", "区划代码", 12),
            partly(text("user", "用地单位或个人", 15)),
            text("used_between", "用地时间", 27),
        ),
        Group(
            "批准情况",
            (
                text("supply_paper", "供地批准机关、批准时间和批准文号", 32),
                text("conversion_paper", "转征收批准机关、批准时间和批准或批次文号", 32),
                area("supplied_m2", "供地批准面积\n总数"),
                area("supplied_farmland_m2", "供地批准面积\n耕地"),
            ),
        ),
        Group("用地面积", (area("area_m2", "总数"), area("farmland_m2", "耕地"))),
        Group(
            "用途",
            (
                text("planned_use", "规划用途", 16),
                partly(text("approved_use", "批准用途")),
                text("actual_use", "实际用途", 10),
                text("supply_method", "供地方式", 9),
            ),
        ),
        Group(
            "违法类型（建议）",
            (
                box("not_applied", "未报即用"),
                box("applying", "边报边用"),
                box("not_supplied", "未供即用"),
                box("by_fraud", "骗取批准"),
                box("over_extent", "超占用地"),
                box("changed_use", "擅自改变用途"),
                box("unlawful_approval", "非法批地"),
                box("unlawful_supply", "违法方式供地"),
                box("other_breach", "其他违法用地"),
            ),
        ),
        Group(
            "其他情况",
            (
                box("against_plan", "违反土地利用总体规划", 9),
                box("own_site", "单独选址"),
                box("urgent", "紧急用地"),
                box("key_project", "国家和省级重点工程", 8),
                box("on_permanent_farmland", "占用基本农田"),
                box("farm_restructuring", "农业结构调整"),
                box("not_changed", "实地伪变化/未变化", 8),
                box("seen_on_patrol", "动态巡查已发现违法", 8),
            ),
        ),
        plain(text("remark", "备注", 26)),
    ),
    note="用地时间为前后时相之间；批准机关、批准面积待填；用地面积为县界内面积",
    frozen=2,
)

FIELDS_2026 = Form(
    code="A2",
    sheet="附表A2 图斑填报字段",
    title="图斑填报字段（2026）",
    groups=(
        plain(
            code("clue_no", "线索编号", 12),
            code("change_id", "图斑编号", 19),
            text("batch", "监测类型/批次", 10),
            text("township", "乡镇"),
        ),
        Group(
            "认定",
            (
                area("whole_m2", "图斑面积"),
                text("opinion", "核实认定意见", 19),
                text("acts", "分类", 15),
                text("use_detail", "用途分类细化", 9),
                text("project", "项目名称", 10),
                text("subject", "项目主体", 10),
                text("built_on", "建设时间", 9),
                text("site_findings", "现场核查描述", 12),
            ),
        ),
        Group(
            "地块面积及其组成",
            (
                area("area_m2", "地块面积"),
                area("farmland_m2", "占耕地面积"),
                area("permanent_farmland_m2", "占基本农田面积"),
                area("other_farm_land_m2", "占非耕农用地面积"),
                area("unused_land_m2", "占未利用地面积"),
                area("red_line_m2", "占生态红线面积"),
                area("construction_land_m2", "建设用地面积"),
                Check(
                    "area_m2",
                    (
                        "farmland_m2",
                        "other_farm_land_m2",
                        "unused_land_m2",
                        "construction_land_m2",
                    ),
                ),
            ),
        ),
        Group(
            "审核",
            (
                text("audit_stage", "审核阶段", 9),
                text("audit_state", "状态", 8),
                text("returned", "打回状态", 8),
                partly(text("ruled_by", "核查人", 13)),
                partly(day("ruled_on", "核查时间")),
                text("visited_on", "外业时间", 9),
            ),
        ),
        Group(
            "整改",
            (
                text("rectified", "整改情况", 25),
                area("demolished_m2", "拆除面积"),
                area("reclaimed_farmland_m2", "拆除耕地面积"),
                area("regularised_m2", "补办面积"),
                area("regularised_farmland_m2", "补办耕地面积"),
                area("left_m2", "剩余未整改面积"),
                text("is_typical", "是否属于重大典型问题", 9),
            ),
        ),
    ),
    note="地块面积为县界内面积，＝ 耕地 ＋ 非耕农用地 ＋ 未利用地 ＋ 建设用地；基本农田、生态红线为其中数。"
    "核对差额超过 0.01 亩标红：地类记录隔离、地类不明的地块不平",
    frozen=4,
)

BREACHES = Form(
    code="E",
    sheet="附表E 非农违法清单",
    title="非农违法清单",
    groups=(
        plain(
            count("number", "序号"),
            text("county", "县", 10),
            text("batch", "监测批次", 10),
            code("clue_no", "线索编号", 19),
            text("project", "项目名称", 16),
            text("subject", "项目主体", 16),
            text("use", "用途", 10),
            area("illegal_m2", "非农违法面积"),
            area("illegal_farmland_m2", "耕地"),
            area("illegal_permanent_farmland_m2", "永久基本农田"),
            flag("is_rectified", "是否整改", 8),
            text("rectified", "整改方式", 25),
            text("is_typical", "重大典型", 8),
            text("remark", "备注", 25),
        ),
    ),
    note="按县、再按违法耕地面积从大到小排列；线索编号未另给的填图斑编号；是否整改按违法耕地是否全部复耕或补办",
    frozen=4,
)

# What the office fills in once a case is opened: the fields of the case ledger (查处整改台账).
CASE_FIELDS = (
    Group(
        "立案",
        (
            code("breach_no", "违法行为编号", 12),
            code("parcel_no", "地块编号", 10),
            text("offender", "违法责任主体", 14),
            text("is_filed", "是否立案", 7),
            day("filed_on", "立案时间"),
            text("why_not_filed", "不予立案说明", 14),
        ),
    ),
    Group(
        "处罚",
        (
            text("demolish", "拆除", 7),
            text("confiscate", "没收", 7),
            text("give_back", "退还土地或复耕", 9),
            text("fine_due", "罚款应收", 9),
            text("fine_paid", "罚款实收", 9),
            text("court", "申请法院强制执行", 9),
            text("unfiled_handling", "非立案处理（责令停工或限改、自行清理、主动腾退、转其他部门、其他）", 20),
            text("discipline", "提出处分建议人数", 9),
            text("transferred", "已移送处分或刑事", 9),
            text("is_closed", "是否结案", 7),
            text("conclusion", "案件结论", 10),
            text("is_punished", "是否处罚到位", 8),
            text("is_rectified", "是否整改落实到位", 9),
        ),
    ),
    Group(
        "整改",
        (
            text("restored", "恢复原貌面积", 9),
            text("reclaimed", "复耕到位面积", 9),
            text("late_paper", "补办批准文号", 12),
            text("late_area", "补办面积", 9),
            text("late_farmland", "补办其中耕地", 9),
            text("deduction", "扣减类型", 9),
            text("struck_off", "销号状态", 9),
        ),
    ),
)  # fmt: skip
