"""Loaded by Python itself as it starts: from then on every event is watched (审计).

``SANDBOX_LOG`` gets a line for each that is not allowed, and the event fails. Python code alone
is seen here; what the C libraries do is seen under strace (``checks/torture``).
"""

import os
import sys

_LOG = os.open(os.environ["SANDBOX_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_ROOTS = tuple(os.environ["SANDBOX_ROOTS"].split(os.pathsep))
_CWD = os.path.realpath(os.curdir)
_FORBIDDEN = {
    *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request", "ftplib.connect"),
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"),
    *("webbrowser.open", "os.startfile"),
}
_PLACES = {"open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "os.rmdir"}


def _is_ours(place):
    if isinstance(place, int) or place is None:
        return True
    path = os.path.realpath(os.fsdecode(place))
    return any(path == root or path.startswith(root.rstrip("/") + "/") for root in _ROOTS)


def _watch(event, arguments):
    if event == "os.listdir" and arguments[0] == _CWD:
        return  # Python looks there for the package named after -m, before any of our code runs
    if event in _FORBIDDEN:
        wrong = f"{event} {arguments!r}"
    elif event in _PLACES and not all(
        map(_is_ours, arguments[: 2 if event == "os.rename" else 1])
    ):
        wrong = f"{event} {arguments[:2]!r}"
    else:
        return
    os.write(_LOG, (wrong + "\n").encode("utf-8", "backslashreplace"))
    raise PermissionError(wrong)


sys.addaudithook(_watch)
