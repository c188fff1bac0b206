"""Results as tables (表格), for the terminal and for the docs."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.runs import Results
from bench.summary import Line, lines_of, others

_HEADS = ("engine", "runs", "wall s (min–max)", "× ours", "CPU s", "× ours", "peak MB", "areas")


def show(results: Results) -> None:
    """Print the table of one size."""
    table = Table(title=describe(results), title_justify="left")
    for i, head in enumerate(_HEADS):
        table.add_column(head, justify="left" if i in {0, 7} else "right", overflow="fold")
    for line in lines_of(results):
        table.add_row(*_cells(line), style="bold" if line.is_ours else "")
    Console(width=None if Console().is_terminal else 140).print(table)


def markdown(results: Results) -> Iterator[str]:
    """Yield the lines of the table of one size."""
    yield "| " + " | ".join(_HEADS) + " |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for line in lines_of(results):
        cells = [cell.replace("|", "/") for cell in _cells(line)]
        yield "| " + " | ".join(f"**{x}**" if line.is_ours else x for x in cells) + " |"


def describe(results: Results) -> str:
    """Return what was run, and on what."""
    return (
        f"{results.size}: {results.threads} threads of {results.cores} cores,"
        f" {results.memory_gb} GB; other work kept {others(results):.1f} cores busy"
    )


def _cells(line: Line) -> tuple[str, ...]:
    if line.runs == 0:
        return line.title, "0", "–", "–", "–", "–", "–", line.areas_text
    return (
        line.title,
        str(line.runs),
        line.wall_text,
        "1" if line.is_ours else line.times_text,
        f"{line.cpu:.3g}",
        "1" if line.is_ours else line.cpu_times_text,
        f"{line.memory_mb:,.0f}",
        line.areas_text,
    )
