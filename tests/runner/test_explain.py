"""An explanation speaks of the run, not of what the config has come to say since."""

from pipeline.cli import main
from tests.county import write_clean
from tests.squares import SQUARES


def test_a_config_that_changed_since_the_run_changes_no_explanation(tmp_path, capsys):
    config = write_clean(SQUARES, tmp_path)
    assert main(["run", str(config), "--until", "rank"]) == 0
    capsys.readouterr()
    assert main(["explain", str(config), "C01"]) == 0
    before = capsys.readouterr().out
    assert "疑似超过 8%" in before
    assert "汇总和排名还是以前的" not in before

    text = config.read_text("utf-8")
    text = text.replace("ratio = 0.08", "ratio = 0.5")
    text = text.replace("as_of =", 'official = "ratio_gross"\nas_of =')
    config.write_text(text, "utf-8")
    assert main(["explain", str(config), "C01"]) == 0
    assert capsys.readouterr().out == before
