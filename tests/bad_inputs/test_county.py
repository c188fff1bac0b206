"""The clean county itself, before anything is spoilt."""

from tests.bad_inputs.case import Case


def test_the_clean_county_has_the_figures_counted_by_hand_and_no_finding(tried):
    outcome = tried(Case("Z00", lambda _folder: None, "accept", counted={"changes": 23}))
    assert "未变" in outcome.said
