"""The forms with a row for each unit (按单位汇总的上报表)."""

from pipeline.schema.forms import Check, Form, Group, area, count, plain, ratio, text

_USES = (
    ("transport", "交通"),
    ("housing", "住宅"),
    ("public", "公服"),
    ("water", "水利"),
    ("commerce", "商服"),
    ("industry", "工矿仓储"),
)

SUMMARY = Form(
    code="C",
    sheet="附表C 汇总表",
    title="汇总表",
    groups=(
        plain(text("unit", "单位", 15)),
        Group(
            "监测图斑",
            (
                count("change_count", "图斑数"),
                area("area_m2", "面积"),
                area("farmland_m2", "耕地"),
            ),
        ),
        Group("合法图斑", (count("legal_count", "图斑数"), area("legal_m2", "面积"))),
        Group(
            "违法图斑（含疑似）",
            (
                count("illegal_count", "图斑数"),
                area("illegal_m2", "面积"),
                area("illegal_farmland_m2", "耕地"),
                area("illegal_permanent_farmland_m2", "永久基本农田"),
            ),
        ),
        Group(
            "比例",
            (
                ratio("farmland_ratio", "违法占用耕地÷新增建设占用耕地"),
                ratio("land_ratio", "违法占地÷新增建设用地"),
                ratio("farmland_ratio_net", "扣减后违法占用耕地÷新增建设占用耕地"),
                ratio("land_ratio_net", "扣减后违法占地÷新增建设用地"),
                ratio("left_ratio", "未整改监测面积÷违法监测面积"),
                ratio("left_farmland_ratio", "未整改耕地÷违法耕地"),
            ),
        ),
        Group(
            "违法图斑去向（个）",
            (
                count("not_supplied_count", "未供即用"),
                count("completed_count", "已补办完善用地手续"),
                count("regularised_count", "已补办（农转用）"),
                count("late_filing_count", "已补办（设农或临时用地）"),
                count("key_project_count", "省级重点工程用地"),
                count("reclaimed_count", "已经拆除复耕到位"),
                count("left_count", "未整改"),
            ),
        ),
        *(
            Group(
                f"实际用途：{label}",
                (
                    count(f"{name}_count", "个数"),
                    area(f"{name}_m2", "面积"),
                    ratio(f"{name}_share", "占比"),
                ),
            )
            for name, label in _USES
        ),
    ),
    note="合法、违法图斑数按图斑在该单位的结论；扣减指拆除复耕的耕地；"
    "去向按违法耕地计，“未供即用”与其他去向可以重复；跨乡镇的图斑在各乡镇各计一次，合计行只计一次",
    frozen=1,
)


def _split(noun: str, name: str) -> tuple[Group, Group]:
    """Return the whole as done and left, and the done as demolished and regularised."""
    whole, done, left = f"illegal_{name}", f"rectified_{name}", f"left_{name}"
    demolished, regularised = f"demolished_{name}", f"regularised_{name}"
    return (
        Group(
            f"违法{noun}",
            (
                area(whole, "总"),
                area(done, "已整改"),
                area(left, "未整改"),
                Check(whole, (done, left)),
            ),
        ),
        Group(
            f"已整改{noun}",
            (
                area(demolished, "拆除"),
                area(regularised, "补办"),
                Check(done, (demolished, regularised)),
            ),
        ),
    )


RECTIFICATION = Form(
    code="D",
    sheet="附表D 整改表",
    title="逐乡镇整改表",
    groups=(
        plain(text("unit", "单位", 15)),
        Group(
            "违法图斑数",
            (
                count("illegal_count", "总"),
                count("rectified_count", "已整改"),
                count("left_count", "未整改"),
                Check("illegal_count", ("rectified_count", "left_count")),
            ),
        ),
        Group(
            "已整改图斑数",
            (
                count("demolished_count", "拆除"),
                count("regularised_count", "补办"),
                count("combined_count", "拆补组合"),
                Check(
                    "rectified_count",
                    ("demolished_count", "regularised_count", "combined_count"),
                ),
            ),
        ),
        *_split("耕地", "farmland_m2"),
        *_split("面积", "m2"),
        plain(ratio("rectified_ratio", "整改率\n（按耕地）"), text("remark", "备注", 12)),
    ),
    note="总 ＝ 已整改 ＋ 未整改，已整改 ＝ 拆除 ＋ 补办，差额不为零标红；图斑数以违法耕地全部复耕或补办（余下不足 0.005 亩）为已整改，"
    "既拆又补的列拆补组合；拆除只计已验收的拆除复耕，整改台账只有耕地，拆除的总面积待填",
    frozen=1,
)
