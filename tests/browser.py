"""A real Chromium without a window, spoken to in its own protocol over two pipes.

The protocol needs no library over pipes: each message is JSON that ends with a zero
byte. Waiting is waiting for a message, so nothing here sleeps.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find() -> str | None:
    """Return the path of a Chromium, or None; Windows cannot hand over the pipes."""
    if os.name == "nt":
        return None
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A tab of a browser.

    Attributes:
        console: What the page wrote to the console, errors of its policy included.
        requests: The addresses that it asked for.
    """

    def __init__(self, to: int, back: int) -> None:
        self.console: list[str] = []
        self.requests: list[str] = []
        self._to = os.fdopen(to, "wb", 0)
        self._back = os.fdopen(back, "rb")
        self._rest = b""
        self._number = 0
        self._session: str | None = None
        self._events: list[str] = []
        tab = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=tab, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    @property
    def fetched(self) -> list[str]:
        """The addresses that it asked for, what stands in the page itself left out."""
        return [url for url in self.requests if not url.startswith("data:")]

    def unfold(self) -> None:
        """Unfold all that the page has folded."""
        every = "document.querySelectorAll('details')"
        self.value(f"for (const one of {every}) one.open = true")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol, and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def open(
        self, file: Path, width: int = 1100, dark: bool = False, script: bool = True
    ) -> None:
        """Open a page in a window of a width, and wait until all of it is there."""
        phone = width < 600
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=844,
                  deviceScaleFactor=2 if phone else 1, mobile=phone)  # fmt: skip
        scheme = {
            "name": "prefers-color-scheme",
            "value": "dark" if dark else "light",
        }
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.console.clear()
        self.requests.clear()
        self._events.clear()
        self.call("Page.navigate", url=file.as_uri())
        while "Page.loadEventFired" not in self._events:
            self._read()

    def value(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def picture(self, file: Path) -> None:
        """Write the whole page as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            some = os.read(self._back.fileno(), 1 << 20)
            assert some, "the browser ended"
            self._rest += some
        line, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(line)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, method: str, params: dict[str, Any]) -> None:
        self._events.append(method)
        if method == "Log.entryAdded":
            self.console.append(params["entry"]["text"])
        elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.console.append(json.dumps(params))
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])


@contextmanager
def started(chromium: str, profile: Path) -> Iterator[Browser]:
    """Start a browser, and end it with all of its processes."""
    import fcntl  # which Windows lacks

    ours_in, its_out = os.pipe()
    its_in, ours_out = os.pipe()
    pipes = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (its_in, its_out)]
    for end in (its_in, its_out):
        os.close(end)
    process = subprocess.Popen(
        [
            chromium,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        ],
        preexec_fn=lambda: [os.dup2(end, fd) for fd, end in enumerate(pipes, 3)],
        pass_fds=(3, 4),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in pipes:
        os.close(end)
    try:
        browser = Browser(ours_out, ours_in)
        yield browser
        browser._session = None
        browser.call("Browser.close")
        process.wait(10)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
