"""Read the parse tree of a rule's condition: only known words, only harmless expressions.

The tree is what DuckDB's ``json_serialize_sql`` returns for ``SELECT (condition) FROM pieces``.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pipeline.rules.vocabulary import FUNCTIONS, MACROS, NAMES, Fields

Tree = dict[str, Any]

_ALLOWED = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "OPERATOR",
        "TYPE",
    }
)
_CALLS = FUNCTIONS | {macro.name for macro in MACROS}
_EMPTY_PARTS = ("modifiers", "where_clause", "group_expressions", "having", "sample", "qualify")


def objections(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a condition and how to mend it."""
    if tree.get("error"):
        yield f"不合语法:{tree.get('error_message', '')}", "改正表达式"
        return
    expression = _only_expression(tree)
    if expression is None:
        yield "只能写一个表达式", "去掉多余的语句"
        return
    for node in _nodes(expression):
        yield from _objections_to(node)


def names_used(tree: Tree) -> set[str]:
    """Return the words a condition uses (a struct's name for its fields)."""
    expression = _only_expression(tree)
    if expression is None:
        return set()
    columns = [node for node in _nodes(expression) if node["class"] == "COLUMN_REF"]
    return {node["column_names"][0].lower() for node in columns}


def _only_expression(tree: Tree) -> Tree | None:
    """Return the expression between the brackets, null if anything else was slipped in."""
    statements = tree.get("statements") or [{}]
    node: Tree = statements[0].get("node") or {}
    plain = (
        len(statements) == 1
        and node.get("type") == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"].get("table_name") == "pieces"
        and not any(node.get(part) for part in _EMPTY_PARTS)
    )
    return node["select_list"][0] if plain else None


def _nodes(tree: object) -> Iterator[Tree]:
    """Yield every node of an expression."""
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        for part in tree.values():
            yield from _nodes(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)


def _objections_to(node: Tree) -> Iterator[tuple[str, str]]:
    if node["class"] not in _ALLOWED:
        what = "子查询" if node["class"] == "SUBQUERY" else node["class"]
        yield f"条件里不能用 {what}", "只用列、比较、AND OR NOT 和文件末尾列出的判断"
    elif node["class"] == "COLUMN_REF" and not _is_known(node["column_names"]):
        name = ".".join(node["column_names"])
        yield f"没有名为 {name} 的列", _nearest(name, _dotted(NAMES))
    elif node["class"] == "FUNCTION":
        name = node["function_name"].lower()
        if name not in _CALLS or node.get("schema") or node.get("catalog"):
            yield f"不能用函数 {name}", _nearest(name, sorted(_CALLS))


def _is_known(path: list[str]) -> bool:
    """Tell whether a dotted name leads to a column or a field of one."""
    level: Fields | None = NAMES
    for part in path:
        if level is None or part.lower() not in level:
            return False
        level = level[part.lower()]
    return True


def _dotted(fields: Fields, before: str = "") -> list[str]:
    """Return every name that ``fields`` leads to, as it is written."""
    names: list[str] = []
    for name, below in fields.items():
        names += [before + name, *_dotted(below or {}, f"{before}{name}.")]
    return names


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"是不是 {near[0]}?" if near else "可用的词见 default-2024.toml 末尾"
