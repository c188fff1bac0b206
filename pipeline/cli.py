"""The command line; each verb imports what it needs, so help is instant."""

import argparse
import sys
import traceback
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.terms import PUBLIC_STAGES


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.verb(arguments))
    except PipelineError as error:
        print(_safe(str(error)), file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("已中断,原有成果未动", file=sys.stderr)
        return 130
    except Exception:  # noqa: BLE001 (the last door: our fault, never a silent one)
        print("【程序出错】这是程序的问题,不是数据的问题;原有成果未动", file=sys.stderr)
        print("  办法:把下面的内容发给维护人员", file=sys.stderr)
        traceback.print_exc()
        return 1


def _safe(text: str) -> str:
    """Return a message in which no text of a stranger can steer the screen."""
    from pipeline.report.safe_text import safe

    return "\n".join(safe(line) for line in text.splitlines())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="卫片执法检查:变化图斑套合、认定、汇总、排名"
    )
    verbs = parser.add_subparsers(required=True, metavar="命令")
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
    verify = verbs.add_parser("verify", help="重算输入与成果的校验值,与清单核对")
    verify.set_defaults(verb=_verify)
    for verb in (check, run, explain, verify):
        verb.add_argument("config", metavar="CONFIG", type=Path, help="配置文件 .toml")
    explain.add_argument("change_id", metavar="CHANGE_ID", help="图斑编号")
    for verb in (check, run):
        verb.add_argument("--strict", action="store_true", help="有记录被隔离时以状态 4 结束")
    return parser


def _demo(arguments: argparse.Namespace) -> int:
    from pipeline.demo import write_demo

    write_demo(arguments.folder)
    print(f"示例县已写到 {arguments.folder}(示例数据,非真实结果)")
    print(f"接着运行:python -m pipeline run {arguments.folder / 'demo.toml'}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from pipeline.runner.inspection import inspect

    return inspect(arguments.config, until=arguments.until, strict=arguments.strict)


def _check(arguments: argparse.Namespace) -> int:
    from pipeline.runner.check import check

    return check(arguments.config, strict=arguments.strict)


def _explain(arguments: argparse.Namespace) -> int:
    from pipeline.runner.explain import explain

    print(explain(arguments.config, arguments.change_id))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from pipeline.runner.verify import verify

    return verify(arguments.config)
