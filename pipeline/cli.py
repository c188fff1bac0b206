"""The command line; each verb imports what it needs, so help is instant."""

import argparse
import re
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from pipeline.errors import PipelineError
from pipeline.errors import message as _message
from pipeline.terms import PUBLIC_STAGES

_HEADINGS = {
    "usage: ": "用法(usage):",
    "positional arguments:": "参数(arguments):",
    "options:": "选项(options):",
}
# What argparse says, and what an analyst reads. Words that it may say otherwise in another
# Python are passed on as they are.
_SAID = (
    (r"the following arguments are required: (.+)", r"缺少 \1(required)"),
    (r"unrecognized arguments: (.+)", r"不认识 \1(unrecognized arguments)"),
    (r"argument (.+): expected one argument", r"\1 后面要写一个值(expected one argument)"),
    (r"argument (.+): ignored explicit argument (.+)", r"\1 后面不写值(ignored argument):\2"),
)
_NO_CHOICE = re.compile(
    r"argument (.+?): invalid choice: '(.*?)'.*?\(choose from (.+)\)", re.DOTALL
)


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    arguments = parser.parse_args(argv)
    if argv is None:  # started as a program: the folder that happens to be around is nobody's
        from pipeline.runner.interrupt import listen
        from pipeline.runner.seclusion import seclude

        listen()
        seclude(arguments)
    if arguments.verb is None:
        parser.print_help()
        return 0
    try:
        return int(arguments.verb(arguments))
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (the last door: never silent)
        return _told(error)


def _told(error: BaseException) -> int:
    """Say what ended a verb; return the exit status."""
    from pipeline.io.storage_errors import storage_error
    from pipeline.runner.interrupt import MESSAGE, STATUS, was_heard

    if isinstance(error, KeyboardInterrupt) or was_heard():
        print(MESSAGE, file=sys.stderr)
        return STATUS
    told = error if isinstance(error, PipelineError) else storage_error(error)
    if told:
        print(_safe(str(told)), file=sys.stderr)
        return told.exit_status
    print("【程序出错】这是程序的问题,不是数据的问题;原有成果未动", file=sys.stderr)
    print("  办法:把下面的内容发给维护人员", file=sys.stderr)
    traceback.print_exception(error)
    return 1


def _safe(text: str) -> str:
    """Return a message in which no text of a stranger can steer the screen."""
    from pipeline.report.safe_text import safe

    return "\n".join(safe(line) for line in text.splitlines())


class _Parser(argparse.ArgumentParser):
    """The parser of a verb: its help and its mistakes look like every other message."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, add_help=False)
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_usage(self) -> str:
        return _in_chinese(super().format_usage())

    def format_help(self) -> str:
        return _in_chinese(super().format_help())

    def error(self, message: str) -> NoReturn:
        what, fix = _explained(message)
        self.print_usage(sys.stderr)
        remedy = fix or f"看说明:{self.prog} --help"
        self.exit(2, _message("命令写错了", what, remedy=remedy) + "\n")


def _in_chinese(text: str) -> str:
    for heading, chinese in _HEADINGS.items():
        text = text.replace(heading, chinese, 1)
    return text


def _explained(said: str) -> tuple[str, str]:
    """Return what argparse says in Chinese, and the nearest word where one was misspelt."""
    from difflib import get_close_matches

    if chosen := _NO_CHOICE.fullmatch(said):
        place, word, listed = chosen.groups()
        known = re.findall(r"[\w-]+", listed)
        near = get_close_matches(word, known, n=1, cutoff=0.5)
        fix = (f"是不是 {near[0]}?" if near else "") + f"可以写:{'、'.join(known)}"
        return f"{place} 写的 {word} 不认识(invalid choice)", fix
    for pattern, chinese in _SAID:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return found.expand(chinese), ""
    return said, ""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m pipeline", description="卫片执法检查:变化图斑套合、认定、汇总、排名"
    )
    parser.set_defaults(verb=None)
    verbs = parser.add_subparsers(title="命令(commands)", metavar="命令")
    demo = verbs.add_parser("demo", help="写出示例县(数据、配置、预设答案)")
    demo.add_argument("folder", metavar="DIR", type=Path, help="写到哪个文件夹")
    demo.set_defaults(verb=_demo)
    check = verbs.add_parser("check", help="只检查输入,不认定:列出问题清单")
    check.set_defaults(verb=_check)
    run = verbs.add_parser("run", help="运行过期的阶段,直到 --until(默认全部)")
    run.add_argument(
        "--until",
        metavar="STAGE",
        choices=PUBLIC_STAGES,
        default="report",
        help="到哪个阶段为止:" + " ".join(PUBLIC_STAGES),
    )
    run.set_defaults(verb=_run)
    explain = verbs.add_parser("explain", help="一个图斑从原始记录到占耕比的全部过程")
    explain.set_defaults(verb=_explain)
    review = verbs.add_parser("review", help="写出复核表和复核图层,由人认定")
    review.set_defaults(verb=_review)
    rulings = verbs.add_parser("rulings", help="读回复核表:采纳对的认定,列出拒绝的")
    rulings.set_defaults(verb=_rulings)
    verify = verbs.add_parser("verify", help="重算输入与成果的校验值,与清单核对")
    verify.add_argument(
        "--sealed",
        metavar="N",
        nargs="?",
        const="last",
        help="核对第 N 次封存的成果(编号或文件夹;不写 N 就是最近一次)",
    )
    verify.set_defaults(verb=_verify)
    share = verbs.add_parser(
        "share", help="写出脱密副本:坐标平移旋转、编号名称替换,可外发查问题"
    )
    share.set_defaults(verb=_share)
    trend = verbs.add_parser("trend", help="一个县历次检查的乡镇占耕比,画成一张趋势图")
    trend.set_defaults(verb=_trend)
    trend.add_argument(
        "places",
        metavar="CONFIG",
        type=Path,
        nargs="+",
        help="已运行过的配置文件或工作区,两个以上",
    )
    trend.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        default=Path("trend.pdf"),
        help="写到哪个文件:.pdf .png .svg(默认 trend.pdf)",
    )
    seal = verbs.add_parser("seal", help="封存:把这次成果另存为不再改动的一份,附签认页")
    seal.set_defaults(verb=_seal)
    for verb in (check, run, explain, review, rulings, share, verify, seal):
        verb.add_argument("config", metavar="CONFIG", type=Path, help="配置文件 .toml")
    explain.add_argument("change_id", metavar="CHANGE_ID", help="图斑编号")
    rulings.add_argument(
        "files",
        metavar="FILE",
        type=Path,
        nargs="*",
        help="填好的 .xlsx 或 .gpkg;不写就是工作区 review/ 里的全部",
    )
    share.add_argument(
        "out",
        metavar="OUT",
        type=Path,
        nargs="?",
        help="写到哪个空文件夹(默认工作区的 share/copy)",
    )
    share.add_argument("--change", metavar="CHANGE_ID", help="只取这个图斑和它周围 100 米")
    for verb in (check, run):
        verb.add_argument("--strict", action="store_true", help="有记录被隔离时以状态 4 结束")
    return parser


def _demo(arguments: argparse.Namespace) -> int:
    from pipeline.demo import write_demo

    write_demo(arguments.folder)
    print(f"示例县已写到 {arguments.folder}(示例数据,非真实结果)")
    print(f"接着运行:python -m pipeline run {arguments.folder / 'demo.toml'}")
    return 0


def _refuse_if_held(config: Path) -> None:
    """Answer at once where another run is at work, before what is slow to import."""
    from pipeline.project import load
    from pipeline.runner.lock import refuse_if_held
    from pipeline.runner.workspace import Workspace

    refuse_if_held(Workspace(load(config).workspace).lock)


def _run(arguments: argparse.Namespace) -> int:
    _refuse_if_held(arguments.config)
    from pipeline.runner.inspection import inspect

    return inspect(arguments.config, until=arguments.until, strict=arguments.strict)


def _check(arguments: argparse.Namespace) -> int:
    _refuse_if_held(arguments.config)
    from pipeline.runner.check import check

    return check(arguments.config, strict=arguments.strict)


def _explain(arguments: argparse.Namespace) -> int:
    from pipeline.runner.explain import explain

    print(explain(arguments.config, arguments.change_id))
    return 0


def _review(arguments: argparse.Namespace) -> int:
    _refuse_if_held(arguments.config)
    from pipeline.runner.review.writing import write_review

    return write_review(arguments.config)


def _rulings(arguments: argparse.Namespace) -> int:
    _refuse_if_held(arguments.config)
    from pipeline.runner.review.taking import take_rulings

    return take_rulings(arguments.config, arguments.files)


def _share(arguments: argparse.Namespace) -> int:
    from pipeline.runner.sharing.writing import share

    return share(arguments.config, arguments.out, arguments.change)


def _trend(arguments: argparse.Namespace) -> int:
    from pipeline.runner.trend import trend

    return trend(arguments.places, arguments.out)


def _verify(arguments: argparse.Namespace) -> int:
    from pipeline.runner.verify import verify

    return verify(arguments.config, sealed=arguments.sealed)


def _seal(arguments: argparse.Namespace) -> int:
    _refuse_if_held(arguments.config)
    from pipeline.runner.sealing.seal import seal

    return seal(arguments.config)
