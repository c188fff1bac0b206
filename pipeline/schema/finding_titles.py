"""What each kind of finding is called, and what was done about it (问题名称与处理)."""

from pipeline.errors import Finding

_INVALID = "invalid:"
_TITLES = {
    # files
    "missing-file": "缺少文件", "no-such-file": "找不到文件", "not-a-file": "不是文件",
    "format": "文件格式不对", "unreadable": "文件读不出来", "special-file": "不是普通文件",
    "missing-part": "shapefile 缺少部件", "damaged-file": "文件损坏",
    "deleted-rows": "文件里有删除标记的记录", "empty-layer": "图层没有记录",
    "which-layer": "没有写明哪个图层", "unknown-layer": "没有这个图层",
    "layer-unused": "文件里还有别的图层", "outside-project": "文件在项目文件夹之外",
    "remote-path": "网络路径", "link": "指向别处的链接", "text-cut": "文字被截断",
    "text-after-nul": "文字里有空字符", "bad-text": "文字读不出来",
    "encoding-inferred": "编码按内容认定", "unknown-encoding": "没有这种编码",
    "number-overflow": "数字超出字段宽度", "image-unreadable": "影像读不了",
    "image-without-place": "影像没有坐标", "bad-cell": "单元格读不懂",
    # coordinate systems
    "missing-crs": "没有坐标系", "unknown-crs": "没有这个坐标系", "bad-crs": "坐标系读不懂",
    "bad-prj": ".prj 读不懂", "crs-contradicted": "坐标系与坐标矛盾",
    "crs-overruled": "坐标系按配置改用", "crs-link": "坐标系是网络链接",
    "several-crs": "几种坐标系混在一起", "datum": "旧基准没有转换参数",
    "elsewhere": "不在本县范围", "working-crs": "工作坐标系不合用",
    "coordinate-text": "坐标文件读不懂", "stray-line": "坐标文件有多余的行",
    "broken-block": "坐标块不完整",
    # fields and values
    "missing-field": "缺少字段", "field-name": "字段名不完全一样", "missing-column": "缺少列",
    "personal-field": "个人信息不带入成果", "missing-id": "没有编号", "duplicate-id": "编号重复",
    "key-not-unique": "编号字段不唯一", "cleaned-text": "文字里有多余的字符",
    "not-a-number": "不是数字", "no-date": "没有日期", "bad-date": "日期读不懂",
    "date-styles": "日期写法不一", "dates-reversed": "前后时相颠倒",
    "validity-reversed": "有效期颠倒", "open-ended": "没有期限", "missing-date": "缺少日期",
    "unknown-land-class": "地类编码不在编码表里", "land-class-suffix": "地类编码有后缀",
    "zero-put-back": "编码补上了前面的 0", "bad-ridge-coefficient": "田坎系数不对",
    "area-unit": "面积单位不对", "area-in-mu": "面积像是亩", "bad-area": "不是面积",
    "stated-area": "填报面积与图形不符", "unknown-change-type": "图斑类型不认识",
    "township-from-geometry": "没有填报乡镇", "township-names": "一个代码几个名称",
    "township-label": "乡镇名称有问题", "unknown-township": "填报的乡镇不在图层里",
    "parent-missing": "父图斑不在图层里", "split-parent": "已被拆分的父图斑",
    "parent-circle": "图斑互为父子",
    "code-not-exact": "编号末尾的数字已丢", "number-as-code": "编号存成了数字",
    "no-change-type": "没有图斑类型", "no-name": "没有乡镇名称", "shared-name": "几个乡镇同名",
    "several-dates": "一个文号几个日期", "date-serial": "日期是 Excel 序号",
    "date-future": "日期在截止日以后", "ridge-unit": "田坎系数像是百分数",
    "time-zone": "时间带时区", "farmland-unknown": "是不是耕地不知道",
    "no-land-use": "没有地类图斑", "approved-after-image": "批准晚于后时相",
    "accepted-before-image": "验收早于后时相", "near-the-line": "在问责线边上",
    # geometry
    "null-geometry": "没有图形", "empty-geometry": "图形是空的", "zero-area": "图形没有面积",
    "too-small": "图形太小", "non-finite": "坐标不是数", "off-earth": "坐标不在地球上",
    "geometry-type": "不是面", "geometry-collection": "图形类型混杂",
    "unreadable-geometry": "图形读不出来", "ring-order": "环的方向不对",
    "ring-closed": "环没有闭合", "shape-differs": "图形前后不一", "odd-height": "高程不是数", "spike": "极窄的尖角", "far-away": "批文在全县之外",
    "lost-record": "文件损坏丢失的内容", "recovered-file": "损坏的文件已恢复",
    "duplicate-shape": "图形相同的批文", "curve": "曲线按折线计",
    "township-gap": "乡镇之间有缝", "no-townships": "没有可用的乡镇",
    "outside-part": "一部分在乡镇之外", "township-disagrees": "填报乡镇与图形不符",
    "changes-overlap": "图斑互相重叠", "duplicate": "重复的记录", "outside": "在所有乡镇之外", "overlap": "重叠",
    "lost-with": "随被隔离的图斑不计入",
    # ledgers
    "ledger-header": "表头不在第一行", "ledger-total": "合计行", "ledger-hidden": "隐藏的行列",
    "ledger-merged": "合并的单元格", "ledger-key": "台账的键对不上",
    "ledger-no-key": "台账没有键", "ledger-duplicate": "台账重复",
    "ledger-duplicate-column": "台账列名重复", "ledger-ambiguous": "台账对上了几条",
    "ledger-unclaimed": "台账有行没对上图形", "ledger-missing": "图形没有台账",
    "ledger-sheet": "不知道用哪个工作表", "ledger-cell": "单元格读不懂",
    "ledger-sheets": "几个工作表都像", "ledger-struck": "划掉的行", "ledger-unit": "台账面积单位",
    "no-header": "没有表头", "area-text": "面积里有文字", "missing-document": "没有写文号",
    "not-a-review": "不是复核表", "ledger-format": "台账格式不对", "ledger-shifted": "台账错行",
    "unknown-change": "图斑不在检查之列", "unknown-verdict": "认定结论不认识",
    "rulings-contradict": "认定互相矛盾", "missing-verdict": "没有写结论",
    "missing-reason": "没有写理由", "missing-ruler": "没有写认定人",
    "alike": "两行几乎相同", "folder-not-empty": "文件夹不是空的", "two-offices": "一个乡镇两个所", "missing-office": "没有写管辖所",
    # config
    "config-missing": "没有配置文件", "config-syntax": "配置写法不对",
    "config-encoding": "配置不是 UTF-8", "config-size": "配置文件太大",
    "unreadable-rules": "规则包读不了",
    "no-scheduler": "连不上调度器", "workspace-place": "工作区放错地方",
    "share-place": "脱敏副本放错地方", "no-shape": "图斑没有图形",
    "unknown-key": "设置名写错", "missing-key": "缺少设置", "bad-value": "设置值不能用",
    "not-filled-in": "还没有填", "unknown-act": "行为名不认识", "bad-rule": "规则写错",
    "bad-land-class": "编码表写错",
    # the doctor's own
    "land-use-gap": "地类没有盖满", "land-use-overlap": "地类图斑重叠",
    "township-overlap": "乡镇界线重叠", "township-hole": "乡镇之间有空地",
    "permanent-not-farmland": "永久基本农田不在耕地上", "approvals-overlap": "批文互相重叠",
    "same-shape": "图形相同、编号不同", "given-twice": "同一批文给了两次",
    "number-two-shapes": "同一文号两种图形", "same-layer": "两个图层是同一份数据",
    "shifted": "批文整体平移", "approved-after-as-of": "批准日期晚于截止日",
    "ended-before-approved": "有效期早于批准", "number-year": "文号与日期年份不同",
    "partial-date": "日期不到日", "another-year": "像是别的年度",
    "stated-unit": "面积字段单位不对", "other-county": "代码属于别的县",
    "township-digits": "乡镇代码位数不对", "class-name": "地类编码与名称不符",
    "land-use-updated": "地类像是建成后更新的", "land-use-year": "地类年份不早于检查年度",
    "sliver": "边角细缝", "unbalanced": "面积对不平", "not-examined": "有一项核对没有做完", "old-code-system": "地类编码像是二调", "old-fields": "字段像是二调",
}  # fmt: skip
_DONE = {
    "refused": "拒绝,没有运行",
    "quarantined": "隔离,不计入",
    "repaired": "修复后计入",
    "noted": "只提示,没有改动",
}
# What is noted and yet does not count as it came.
_DONE_BY_CODE = {
    "duplicate": "只计一次", "split-parent": "不计,由子图斑计", "ledger-total": "不计入",
    "same-shape": "重叠的地只计一次", "given-twice": "只计一次",
    "approvals-overlap": "重叠的地只计一次", "land-use-overlap": "重叠的地只计一次",
    "personal-field": "不带入成果", "bad-date": "按日期不明计",
    "not-a-number": "按没有填写计", "unknown-change": "不起作用",
    "unknown-change-type": "按新增建设用地看", "unknown-township": "以图形为准",
    "stated-area": "以图形为准", "township-disagrees": "以图形为准",
    "changes-overlap": "重叠的地只计一次", "outside": "运行时隔离,不计入",
    "outside-part": "之外的部分不计入乡镇",
}  # fmt: skip


def title_of(code: str) -> str:
    """Return the Chinese name of a code; one without a name is shown as it is."""
    return "图形无效" if code.startswith(_INVALID) else _TITLES.get(code, code)


def treatment_of(found: Finding) -> str:
    """Return what was done about a finding."""
    if found.severity == "noted" and found.code in _DONE_BY_CODE:
        return _DONE_BY_CODE[found.code]
    return _DONE[found.severity]
