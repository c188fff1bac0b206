"""Make each notebook's .ipynb from its .py (生成笔记本); the .py is what people edit.

Without outputs and with numbered cells, so that the same text gives the same bytes.
"""

import sys
from pathlib import Path

import jupytext
import nbformat

HERE = Path(__file__).parent


def sources() -> list[Path]:
    """The notebooks as text, in the order of their questions."""
    return sorted(HERE.glob("[0-9]_*.py"))


def ipynb(source: Path) -> str:
    """The notebook that a text makes."""
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02}"
    # What jupytext needs to know stands in the text, not in the notebook.
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    return str(nbformat.writes(notebook))


def main() -> None:
    """Write the .ipynb beside each .py."""
    for source in sources():
        target = source.with_suffix(".ipynb")
        target.write_text(ipynb(source) + "\n", encoding="utf-8", newline="\n")
        print(target.name)


if __name__ == "__main__":
    sys.exit(main())
