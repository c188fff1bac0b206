"""The inspection of the demo finds what was planted in it, to the hundredth of a square metre."""

import pandas as pd
import pytest

CODES = {
    "change_id": str,
    "township_code": str,
    "county_code": str,
    "record": str,
    "layer": str,
}


def read(folder, name):
    return pd.read_csv(folder / name, dtype=CODES, encoding="utf-8-sig", keep_default_na=True)


def texts(path):
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)


def both(demo, name, key):
    planted = read(demo / "answers", name).set_index(key)
    found = read(demo / "workspace" / "out", name).set_index(key)
    return planted, found.reindex(planted.index)


def differing_areas(planted, found):
    """Rows and columns further apart than 0.02 m² and a millionth of the area."""
    columns = [name for name in planted if name.endswith("_m2")]
    apart = (planted[columns] - found[columns]).abs()
    allowed = 0.02 + 1e-6 * planted[columns].abs()
    wrong = (apart > allowed) | (planted[columns].isna() != found[columns].isna())
    return {
        f"{row}.{name}": (planted.loc[row, name], found.loc[row, name])
        for name in columns
        for row in planted.index[wrong[name]]
    }


def differing(planted, found, columns):
    return {
        f"{row}.{name}": (planted.loc[row, name], found.loc[row, name])
        for name in columns
        for row in planted.index
        if not (
            planted.loc[row, name] == found.loc[row, name]
            or (pd.isna(planted.loc[row, name]) and pd.isna(found.loc[row, name]))
        )
    }


def test_every_change_has_the_verdict_planted_in_it(inspected):
    planted, found = both(inspected, "changes.csv", "change_id")
    assert differing(planted, found, ["verdict", "rule_id", "township_code"]) == {}


def test_every_change_has_the_areas_planted_in_it(inspected):
    assert differing_areas(*both(inspected, "changes.csv", "change_id")) == {}


def test_no_other_change_is_counted(inspected):
    planted = read(inspected / "answers", "changes.csv")
    found = read(inspected / "workspace" / "out", "changes.csv")
    assert set(found["change_id"]) == set(planted["change_id"])


def test_townships_add_up_to_the_planted_sums(inspected):
    assert differing_areas(*both(inspected, "townships.csv", "township_code")) == {}


def test_townships_are_ranked_and_held_to_account_as_planted(inspected):
    planted, found = both(inspected, "townships.csv", "township_code")
    exact = ["township_name", "office_name", "change_count", "illegal_count", "is_accountable"]
    assert differing(planted, found, [*exact, "rank"]) == {}
    assert list(planted.index) == list(
        read(inspected / "workspace" / "out", "townships.csv")["township_code"]
    )


@pytest.mark.parametrize(
    "name", ["ratio_gross", "ratio_numerator", "ratio_net", "ratio_with_regularised"]
)
def test_townships_have_the_planted_ratios(inspected, name):
    planted, found = both(inspected, "townships.csv", "township_code")
    assert found[name].to_dict() == pytest.approx(
        planted[name].to_dict(), abs=1e-6, nan_ok=True
    )


def test_the_town_at_the_line_is_at_it_exactly_and_not_over_it(inspected):
    town = read(inspected / "workspace" / "out", "townships.csv").set_index("township_code")
    assert town.loc["990101103", "ratio_net"] == 0.08
    assert not town.loc["990101103", "is_accountable"]
    assert town.loc["990101105", "is_accountable"]
    assert f"{town.loc['990101105', 'ratio_net']:.2%}" == "8.00%"


def test_the_county_is_under_its_line(inspected):
    planted, found = both(inspected, "county.csv", "county_code")
    assert differing_areas(planted, found) == {}
    assert differing(planted, found, ["change_count", "illegal_count", "is_accountable"]) == {}


def test_every_planted_defect_is_found(inspected):
    planted = texts(inspected / "answers" / "defects.csv")
    found = texts(inspected / "workspace" / "out" / "defects.csv")
    missing = [
        (row.layer, row.record, row.severity, row.what)
        for row in planted.itertuples()
        if not (
            (found["layer"] == row.layer)
            & found["record"].str.contains(row.record, regex=False)
            & (found["severity"] == row.severity)
        ).any()
    ]
    assert missing == []
