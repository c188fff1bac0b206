"""The check-up as one web page (体检单网页): one file, no script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from markupsafe import Markup

from pipeline.report import palette
from pipeline.report.checkup.data import Checkup, Group, layer_label
from pipeline.report.checkup.headline import deck, headline
from pipeline.report.checkup.picture import STYLE, picture
from pipeline.report.escaped_templates import escaped_templates
from pipeline.report.print_text import printed
from pipeline.schema.finding_titles import treatment_of
from pipeline.units import m2_text, mu_text, to_m2

_HERE = Path(__file__).parent
_ROWS, _PICTURES, _ALL_PICTURES = 12, 4, 120  # findings of a group; pictures of one; of all
_COLOURS = {
    "ink": palette.INK,
    "quiet": palette.QUIET,
    "grid": palette.GRID,
    "accent": palette.ACCENT,
}


@dataclass(frozen=True)
class Shown:
    """One finding as the page shows it (一条问题)."""

    record: str
    message: str
    treatment: str
    remedy: str
    area: str
    picture: Markup


def page_html(checkup: Checkup) -> str:
    """Return the page. Texts are escaped; pictures are drawn from numbers alone."""
    css = (
        Template((_HERE / "page.css").read_text(encoding="utf-8")).substitute(_COLOURS) + STYLE
    )
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    groups = list(_groups(checkup))
    pictures = sum(bool(one.picture) for _, _, shown in groups for one in shown)
    return (
        escaped_templates(_HERE, {"area": area_text, "mu": _mu, "printed": printed})
        .get_template("page.html")
        .render(
            checkup=checkup,
            headline=headline(checkup),
            deck=deck(checkup),
            layers=[_layer(balance) for balance in checkup.balances],
            groups=groups,
            pictures=pictures,
            rows=_ROWS,
            css=Markup(css),  # noqa: S704  (our own file)
            digest=digest,
        )
    )


def _groups(checkup: Checkup) -> Iterator[tuple[str, Group, list[Shown]]]:
    """Yield each group with the anchor of its section and the findings that are shown."""
    left = _ALL_PICTURES
    for number, group in enumerate(checkup.groups, 1):
        shown, drawn = [], 0
        for one in group.observations[:_ROWS]:
            small = picture(one) if drawn < min(_PICTURES, left) else Markup()
            drawn += bool(small)
            found = one.finding
            shown.append(
                Shown(
                    found.record,
                    printed(found.message),
                    treatment_of(found),
                    "" if group.shared("remedy") else printed(found.remedy),
                    area_text(found.area_m2),
                    small,
                )
            )
        left -= drawn
        yield f"g{number}", group, shown


def area_text(area_m2: float | None) -> str:
    """Return an area in m² and mu, nothing where there is none."""
    return "" if not area_m2 else f"{m2_text(area_m2)} ㎡（{mu_text(area_m2)} 亩）"


def _mu(area_m2: float | None) -> str:
    return "" if not area_m2 else mu_text(area_m2)


def _layer(balance: Any) -> dict[str, str]:
    """Return one row of the account of the layers."""
    records, units = balance["records"], balance["units"]
    counts = {name: f"{count:,}" for name, count in records.items()}
    area = float(to_m2(units["counted"]))
    return {
        "layer": layer_label(balance["layer"]),
        "file": balance["file"],
        **counts,
        "area": mu_text(area),
        "area_m2": m2_text(area),
    }
