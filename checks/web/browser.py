"""A headless Chromium driven over its DevTools protocol (无头浏览器), without a Node dependency.

The network is switched off in the browser and every request that is not the page's own file is
kept, so that a check can say that there were none.
"""

import asyncio
import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--remote-debugging-port=0",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE = 60.0  # seconds an answer may take


class Browser:
    """One page in one browser; ``requests`` and ``complaints`` grow while it is looked at."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        """Speak to the page behind ``socket``."""
        self._socket = socket
        self._count = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._reader = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while (message := await self._socket.read_message()) is not None:
            said = json.loads(message)
            if "id" in said:
                self._waiting.pop(said["id"]).set_result(said)
            else:
                self._note(said["method"], said["params"])

    def _note(self, event: str, about: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            url = about["request"]["url"]
            if not url.startswith(("file:", "data:", "blob:")):
                self.requests.append(url)
        elif event == "Runtime.exceptionThrown":
            detail = about["exceptionDetails"]
            self.complaints.append(
                detail.get("exception", {}).get("description") or detail["text"]
            )
        elif event == "Runtime.consoleAPICalled" and about["type"] in {"error", "warning"}:
            self.complaints.append(str([arg.get("value") for arg in about["args"]]))
        elif event == "Log.entryAdded" and about["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(about["entry"]["text"])
        elif event == "Page.loadEventFired":
            self._loaded.set()

    async def close(self) -> None:
        """Say goodbye and wait for the answer."""
        self._socket.close()
        await self._reader

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._count += 1
        answer = asyncio.get_running_loop().create_future()
        self._waiting[self._count] = answer
        message = {"id": self._count, "method": method, "params": params}
        await self._socket.write_message(json.dumps(message))
        said = await asyncio.wait_for(answer, _PATIENCE)
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']}")
        return dict(said["result"])

    async def ask(self, script: str) -> Any:
        """Return the value of a JavaScript expression, awaited where it is a promise."""
        done = await self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in done:
            raise AssertionError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    async def until(self, script: str, seconds: float = 10.0) -> Any:
        """Wait until an expression is true; return its value."""
        end = asyncio.get_running_loop().time() + seconds
        while not (value := await self.ask(script)):
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"never true: {script}")
            await asyncio.sleep(0.02)
        return value

    async def open(self, page: Path, hash_: str = "") -> None:
        """Open a file from disk and wait for its load event."""
        self._loaded.clear()
        await self.send("Page.navigate", url=page.resolve().as_uri() + hash_)
        await asyncio.wait_for(self._loaded.wait(), _PATIENCE)

    async def size(self, width: int, height: int, scale: float = 1.0) -> None:
        """Give the page a size in CSS pixels."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    async def media(self, kind: str) -> None:
        """Show the page as ``screen`` or ``print`` shows it."""
        await self.send("Emulation.setEmulatedMedia", media=kind)

    async def click(self, x: float, y: float) -> None:
        """Press and release the mouse at a place."""
        await self.mouse("mouseMoved", x, y)
        await self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        await self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    async def click_on(self, selector: str) -> None:
        """Click the middle of the first element that a selector finds, scrolled into view."""
        place = await self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'nearest', behavior: 'instant'});"
            "const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        await self.click(*place)

    async def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """Send one mouse event."""
        await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    async def key(self, key: str) -> None:
        """Press and release a key by its DOM name."""
        for kind in ("rawKeyDown", "keyUp"):
            await self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=_KEYS.get(key, 0),
            )

    async def type(self, text: str) -> None:
        """Type text into what has the focus."""
        await self.send("Input.insertText", text=text)

    async def picture(self, file: Path, *, whole: bool = False) -> None:
        """Write what the page shows as PNG."""
        shot = await self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    async def paper(self, file: Path) -> None:
        """Write the print view as PDF on A4."""
        made = await self.send(
            "Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=True
        )
        file.write_bytes(base64.b64decode(made["data"]))


_KEYS = {"Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9, "Home": 36}


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium with the network off and Chinese type at hand; end it afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        process = subprocess.Popen(
            [_program(), *_FLAGS, f"--user-data-dir={profile / 'profile'}", "about:blank"],
            env={**os.environ, "FONTCONFIG_FILE": str(_fonts(profile))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        page = None
        try:
            page = await _page(profile / "profile" / "DevToolsActivePort")
            yield page
        finally:
            if page is not None:
                await page.close()
            process.terminate()
            process.wait(timeout=20)


async def _page(port_file: Path) -> Browser:
    while not port_file.is_file() or not port_file.read_text().strip():
        await asyncio.sleep(0.05)
    port, way = port_file.read_text().split()
    root = await websocket_connect(f"ws://127.0.0.1:{port}{way}")
    await root.write_message(json.dumps({"id": 1, "method": "Target.getTargets"}))
    targets = json.loads(str(await root.read_message()))["result"]["targetInfos"]
    await _closed(root)
    target = next(one["targetId"] for one in targets if one["type"] == "page")
    socket = await websocket_connect(
        f"ws://127.0.0.1:{port}/devtools/page/{target}", max_message_size=1 << 28
    )
    page = Browser(socket)
    for domain in ("Page", "Runtime", "Network", "Log"):
        await page.send(f"{domain}.enable")
    await page.send(
        "Network.emulateNetworkConditions",
        offline=True,
        latency=0,
        downloadThroughput=0,
        uploadThroughput=0,
    )
    return page


async def _closed(socket: WebSocketClientConnection) -> None:
    """Close a socket and wait until the other side has, too."""
    socket.close()
    while await socket.read_message() is not None:
        pass


def _program() -> str:
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found is None:
        raise SystemExit("没有找到 Chromium。办法：sudo apt install chromium")
    return found


def _fonts(folder: Path) -> Path:
    """Write a font configuration that knows the Chinese faces of the wheel and nothing else."""
    import pylopdf_fonts_zh_cn

    file = folder / "fonts.conf"
    file.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{Path(pylopdf_fonts_zh_cn.sans_path()).parent}'
        f"</dir><cachedir>{folder / 'font-cache'}</cachedir></fontconfig>"
    )
    return file


def run(check: Callable[[Browser], Any]) -> Any:
    """Run an asynchronous check in a fresh browser and return what it returns."""

    async def whole() -> Any:
        async with browser() as page:
            return await check(page)

    return asyncio.run(whole())
