"""Bad inputs L: the ledger of approvals whose shapes come as coordinate texts."""

import pytest

from pipeline.errors import Refused
from tests.bad_inputs.county import change_config
from tests.bad_inputs.received import received

TEXT = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=40
[地块坐标]
5,0.4000,1,一,面,,,,@
J1,1,3190100.0,40601190.0
J2,1,3190200.0,40601190.0
J3,1,3190200.0,40601230.0
J4,1,3190100.0,40601230.0
J1,1,3190100.0,40601190.0
"""


def _approvals(*rows):
    """Return a spoiler that delivers one more approval as a coordinate text with a ledger."""

    def spoil(folder):
        (folder / "data" / "红线.txt").write_text(TEXT, encoding="gbk")
        ledger = "\n".join(",".join(row) for row in [["文件名", "批准文号", "批准日期"], *rows])
        (folder / "data" / "台账.csv").write_text(ledger, encoding="utf-8")
        section = (
            '[[layers.approvals]]\nkind = "conversion"\npath = "data/红线.txt"\n'
            'fields = { approval_no = "批准文号", approved_on = "批准日期" }\n'
            'ledger = "data/台账.csv"\nledger_key = { file = "文件名" }\n\n[hand]'
        )
        change_config(("[hand]", section))(folder)

    return spoil


def test_an_approval_claimed_by_two_rows_is_refused(clean, tmp_path):
    rows = ["红线.txt", "甲1号", "2023-05-01"], ["红线", "乙2号", "2023-05-01"]

    with pytest.raises(Refused) as refused:
        received(clean, tmp_path, _approvals(*rows))

    codes = {one.code for one in refused.value.findings if one.severity == "refused"}
    assert codes == {"ledger-duplicate"}


def test_a_total_row_below_approvals_claims_nothing(clean, tmp_path):
    rows = ["红线.txt", "甲1号", "45047"], ["合计", "1", ""]

    made = received(clean, tmp_path, _approvals(*rows))

    codes = {one.code for one in made.findings}
    assert codes == {"encoding-inferred", "ledger-total", "date-serial"}
    row = made.tables["approvals"].set_index("approval_no").loc["甲1号"]
    assert str(row["approved_earliest"]) == "2023-05-01"
