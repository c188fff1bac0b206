"""Everything one page knows, as one JSON object (网页数据)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from pipeline.report.heading import Heading
from pipeline.report.palette import VERDICTS, ratio_classes
from pipeline.report.ranking_rows import ranking_rows
from pipeline.report.safe_text import safe
from pipeline.report.sheets.names import SheetNames
from pipeline.report.web_page import page_story
from pipeline.report.web_page.page_changes import Lexicon, approval_rows, change_columns
from pipeline.report.web_page.page_rings import origin_of
from pipeline.report.web_page.page_towns import town_rows
from pipeline.report.web_page.page_words import ruled_words, verdict_words
from pipeline.report.web_page.pictures import ReadChips, pictures_of
from pipeline.terms import VERDICT_PRECEDENCE, Verdict

Links = dict[str, object]  # to other files of the run: up, files, sheets
_FLAGGED = ("illegal", "doubtful")


@dataclass(frozen=True)
class PageTables:
    """The tables a page is made of (网页用表), each as its schema says.

    ``pieces`` is ``JUDGED``; ``townships``, ``changes``, ``approvals`` are as received, geometry
    in the working CRS (metres). ``names`` has the words for codes.
    """

    townships: gpd.GeoDataFrame
    ranking: pd.DataFrame
    county: pd.DataFrame
    changes: gpd.GeoDataFrame
    results: pd.DataFrame
    pieces: pd.DataFrame
    coverage: pd.DataFrame
    constraints: pd.DataFrame
    approvals: gpd.GeoDataFrame
    rulings: pd.DataFrame
    rectifications: pd.DataFrame
    names: SheetNames = field(default_factory=SheetNames)


def page_data(
    tables: PageTables,
    heading: Heading,
    results: pd.DataFrame,
    read: ReadChips | None = None,
    links: Links | None = None,
) -> dict[str, object]:
    """Return the data of a page that shows the changes of ``results``."""
    origin = origin_of(tables.townships.geometry)
    towns = town_rows(tables.townships, tables.ranking, heading, origin)
    codes = {str(row.code): n for n, row in enumerate(ranking_rows(tables.ranking, heading))}
    lexicon = Lexicon(heading, codes, tables.names)
    ordered = results.sort_values("change_id")
    changes = change_columns(
        tables.changes, ordered, _evidence(tables, ordered["change_id"]), lexicon, origin
    )
    chips, left_out = pictures_of(_flagged(ordered), read, origin)
    return {
        **_story(tables, heading),
        **_style(heading),
        "towns": towns,
        "changes": changes,
        "approvals": approval_rows(tables.approvals, lexicon, origin),
        **lexicon.tables(),
        "chips": {safe(change_id): chip for change_id, chip in chips.items()},
        "chipsLeftOut": left_out,
        "imagery": read is not None,
        "links": links or {},
    }


def _story(tables: PageTables, heading: Heading) -> dict[str, object]:
    rows = ranking_rows(tables.ranking, heading)
    county = safe(heading.county_name)
    mark = "" if heading.is_signed else "suspected, unsigned"
    return {
        "kicker": {
            "zh": safe(heading.subject) + heading.mark,
            "en": f"{county} · satellite land inspection {heading.year}"
            + (f" · {mark}" if mark else ""),
        },
        "headline": page_story.headline(rows, heading),
        "deck": page_story.deck(heading),
        "figures": page_story.key_figures(tables.county, _signed(tables.pieces), heading),
        "basis": page_story.basis(heading),
        "notice": page_story.notice(heading),
        "asOf": heading.as_of.isoformat(),
        "description": safe(heading.story_text()),
    }


def _signed(pieces: pd.DataFrame) -> int:
    """Return of how many changes people ruled all the illegal ground."""
    illegal = pieces[pieces["verdict"].eq(Verdict.ILLEGAL).fillna(value=False)]
    is_ruled = illegal["ruled_verdict"].notna().groupby(illegal["change_id"]).all()
    return int(is_ruled.sum())


def _style(heading: Heading) -> dict[str, object]:
    classes = ratio_classes(heading.township, heading.county)
    return {
        "line": page_story.percent_number(heading.township.ratio),
        "lineLabel": page_story.line_words(heading.township),
        "classes": [
            {
                "label": page_story.class_words(one.label),
                "fill": one.fill,
                "ink": one.ink,
                "over": one.is_over,
            }
            for one in classes
        ],
        "verdicts": [
            {
                "id": one.value,
                "color": VERDICTS[one.value],
                "ruled": ruled_words(one),
                **verdict_words(one),
            }
            for one in VERDICT_PRECEDENCE
        ],
    }


def _evidence(tables: PageTables, change_ids: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return what belongs to the changes, each table in an order of its own."""
    wanted = set(change_ids)
    orders = {
        "pieces": ["change_id", "area_m2", "piece_id"],
        "coverage": ["change_id", "approval_kind", "approval_no"],
        "constraints": ["change_id", "constraint_name"],
        "rulings": ["change_id", "ruled_on", "ruled_by"],
        "rectifications": ["change_id", "accepted_earliest", "document"],
    }
    return {
        name: _about(getattr(tables, name), wanted).sort_values(
            order, ascending=[column != "area_m2" for column in order], kind="stable"
        )
        for name, order in orders.items()
    }


def _about(frame: pd.DataFrame, change_ids: set[str]) -> pd.DataFrame:
    return frame[frame["change_id"].isin(change_ids)]


def _flagged(results: pd.DataFrame) -> list[str]:
    """Return the changes to show images of, those that took most farmland first."""
    flagged = results[results["verdict"].isin(_FLAGGED)]
    worst = flagged.sort_values(
        ["illegal_farmland_m2", "illegal_m2", "change_id"], ascending=[False, False, True]
    )
    return [str(change_id) for change_id in worst["change_id"]]
