"""The screen and the keys of `watch`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import Layout
from prompt_toolkit.output import Output
from prompt_toolkit.widgets import TextArea

from graders.practice.daily.watching import Watching
from graders.practice.session.frame import frame, line
from graders.practice.session.view import from_here
from graders.practice.store import Unusable
from graders.practice.text import join, wrap

KEYS = [
    "h hint", "n next", "l list", "s solution", "e edit", "q quit", "arrows scroll"
]  # fmt: skip
QUESTION = ["Give up and see the solution? This is recorded.", "y yes", "n no"]
NO_EDITOR = "No editor: set VISUAL or EDITOR, or install code."


class WatchScreen:
    """The screen of what is watched.

    Args:
        watching: What is watched; it has been started.
        keys: Where keys come from; the terminal, if None.
        output: Where it is drawn; the terminal, if None.
    """

    def __init__(
        self,
        watching: Watching,
        *,
        keys: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self.watching = watching
        self.asks = False
        self.body = TextArea(read_only=True, scrollbar=True, wrap_lines=True)
        top = [
            line(
                lambda: self._wrapped(f"{watching.entry.title} (no clock)"), "reverse"
            ),
            line(self._file),
            line(lambda: self._wrapped(watching.status)),
        ]
        bottom = line(self._footer, "reverse")
        self.app: Application[str] = Application(
            layout=Layout(frame([*top], self.body, [bottom])),
            key_bindings=self._bindings(),
            full_screen=True,
            refresh_interval=0.5,
            before_render=lambda app: self._settle(),
            input=keys,
            output=output,
        )

    def run(self) -> str:
        """Run until a key leaves it: "list" or "quit"."""
        self.watching.wake = self._wake
        try:
            return self.app.run()
        finally:
            self.watching.wake = lambda: None

    # Drawing.

    def _wrapped(self, text: str) -> str:
        return "\n".join(wrap(text, self._columns(), " ", " "))

    def _file(self) -> str:
        """Return the file; where it does not fit, its name has a line of its own."""
        path = Path(from_here(self.watching.entry.stub))
        if len(str(path)) < self._columns():
            return f" {path}"
        return self._wrapped(f"{path.parent}{os.sep}\n{path.name}")

    def _columns(self) -> int:
        """Return the columns of the body; one is the scroll bar's."""
        return self.app.output.get_size().columns - 1

    def _footer(self) -> str:
        pieces = QUESTION if self.asks else KEYS
        return "\n".join(f" {text}" for text in join(pieces, self._columns() - 1))

    def _wake(self) -> None:
        """Have this screen's thread look; any thread may call it."""
        loop = self.app.loop
        if loop and not self.app.is_done:
            loop.call_soon_threadsafe(self.app.invalidate)

    def _settle(self) -> None:
        self.watching.settle()
        body = self.watching.body()
        if self.body.text != body:
            self.body.text = body

    # Keys.

    def _bindings(self) -> KeyBindings:
        acts: dict[str, Callable[[], None]] = {
            "h": self.watching.hint,
            "n": self._next,
            "l": lambda: self.app.exit(result="list"),
            "s": self._solution,
            "e": self._edit,
            "q": lambda: self.app.exit(result="quit"),
            "c-c": lambda: self.app.exit(result="quit"),
            "y": self._give_up,
        }
        keys = KeyBindings()
        for key, act in acts.items():
            keys.add(key)(lambda event, act=act: self._act(act))
        return keys

    def _act(self, act: Callable[[], None]) -> None:
        """Do what a key asks for; a failure is shown and ends nothing."""
        try:
            act()
        except (Unusable, OSError) as error:
            self.watching.status = str(error)

    def _next(self) -> None:
        if not self.asks:
            self.watching.next()
        self.asks = False

    def _solution(self) -> None:
        self.asks = not self.watching.may_see_solution()
        if not self.asks:
            self.watching.solution()

    def _give_up(self) -> None:
        if self.asks:
            self.asks = False
            self.watching.solution()

    def _edit(self) -> None:
        command = editor()
        if not command:
            self.watching.status = NO_EDITOR
            return
        file = self.watching.entry.stub

        def edit() -> None:
            why = run_editor(command, file)
            if why:
                self.watching.later(lambda: setattr(self.watching, "status", why))

        run_in_terminal(edit, in_executor=True)


def editor() -> list[str]:
    """Return the command of the user's editor, or [] if there is none."""
    for name in ("VISUAL", "EDITOR"):
        if command := os.environ.get(name, "").strip():
            return shlex.split(command, posix=os.name == "posix")
    code = shutil.which("code")
    return [code] if code else []


def run_editor(command: list[str], file: Path) -> str:
    """Edit a file, and return why that failed, or ""."""
    try:
        code = subprocess.run([*command, str(file)]).returncode
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    return f"{command[0]} ended with exit code {code}" if code else ""
