"""The list in a terminal: type to filter, move by arrows, Enter starts one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import Output
from prompt_toolkit.widgets import TextArea

from graders.practice.daily.listing import Filter, Row, Table, details
from graders.practice.session.frame import frame, line
from graders.practice.text import join, wrap

KEYS = ["type to filter", "arrows move", "Enter starts", "Esc leaves"]
WAYS = {"p": "practice", "w": "watch"}  # the keys after Enter
QUESTION = ["p practice, with the clock", "w watch, without a clock", "Esc back"]


class ListScreen:
    """The screen on which one exercise is chosen.

    Args:
        rows: The exercises.
        asks: Whether Enter asks how to start it.
        keys: Where keys come from; the terminal, if None.
        output: Where it is drawn; the terminal, if None.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        *,
        asks: bool,
        keys: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self.rows = rows
        self.shown = list(rows)
        self.at = 0
        self.asks = asks
        self.asked = False
        self.typed = TextArea(height=1, prompt=" filter: ", multiline=False)
        self.typed.buffer.on_text_changed += lambda buffer: self._filter()
        self.list = Window(
            FormattedTextControl(
                self._lines, get_cursor_position=lambda: Point(0, self.at + 1)
            )
        )
        top = line(self._title, "reverse")
        bottom = [line(self._details), line(self._keys, "reverse")]
        self.app: Application[tuple[Row, str] | None] = Application(
            layout=Layout(frame([top, self.typed], self.list, [*bottom])),
            key_bindings=self._bindings(),
            full_screen=True,
            input=keys,
            output=output,
        )
        self.app.ttimeoutlen = 0.1  # seconds in which Esc may start an arrow key

    def run(self) -> tuple[Row, str] | None:
        """Return what was chosen and the way to start it, or None."""
        return self.app.run()

    # Drawing.

    def _columns(self) -> int:
        return self.app.output.get_size().columns

    def _title(self) -> str:
        count = f"{len(self.shown)} of {len(self.rows)} exercises"
        return "\n".join(wrap(count, self._columns(), " ", " "))

    def _lines(self) -> StyleAndTextTuples:
        table = Table(self.rows, self._columns() - 2)
        lines: StyleAndTextTuples = [("bold", f"  {table.head}\n")]
        for number, row in enumerate(self.shown):
            here = number == self.at
            text = f"{'> ' if here else '  '}{table.line(row)}"
            lines += [("reverse" if here else "", text), ("", "\n")]
        return lines if self.shown else [("", "\n  No exercise fits.")]

    def _details(self) -> str:
        if not self.shown:
            return " "
        row = self.shown[self.at]
        covers = ", ".join(row.entry.sheet.covers)
        said = f"{details(row)}\n{covers and f'covers {covers}'}".strip()
        return "\n".join(wrap(said, self._columns(), " ", " "))

    def _keys(self) -> str:
        pieces = QUESTION if self.asked else KEYS
        return "\n".join(f" {text}" for text in join(pieces, self._columns() - 1))

    # Keys.

    def _bindings(self) -> KeyBindings:
        moves: dict[str, Callable[[], int]] = {
            "up": lambda: -1,
            "down": lambda: 1,
            "pageup": lambda: -self._page(),
            "pagedown": self._page,
            "c-home": lambda: -len(self.rows),
            "c-end": lambda: len(self.rows),
        }
        asked = Condition(lambda: self.asked)
        keys = KeyBindings()
        for key, move in moves.items():
            keys.add(key, filter=~asked)(lambda event, move=move: self._move(move()))
        for key, way in WAYS.items():
            keys.add(key, filter=asked)(lambda event, way=way: self._choose(way))
        keys.add("<any>", filter=asked)(lambda event: None)
        keys.add("enter", eager=True)(lambda event: self._enter())
        keys.add("escape")(lambda event: self._back())
        keys.add("c-c")(lambda event: self.app.exit())
        return keys

    def _page(self) -> int:
        info = self.list.render_info
        return max((info.window_height if info else 10) - 2, 1)

    def _move(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.shown) - 1))

    def _filter(self) -> None:
        wanted = Filter(words=self.typed.text.split())
        self.shown = [row for row in self.rows if wanted.admits(row)]
        self.at = 0

    def _enter(self) -> None:
        if self.shown and self.asks:
            self.asked = True
        elif self.shown:
            self._choose("")

    def _choose(self, way: str) -> None:
        self.app.exit(result=(self.shown[self.at], way))

    def _back(self) -> None:
        if self.asked:
            self.asked = False
        else:
            self.app.exit()
