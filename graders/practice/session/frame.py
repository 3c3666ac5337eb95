"""The frame of a full screen: lines at the top, a body, and keys at the bottom."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.layout import AnyContainer, HSplit, Window
from prompt_toolkit.layout.controls import FormattedTextControl


def line(text: Callable[[], str], style: str = "") -> Window:
    """Return a text that takes as many rows as it needs."""
    control = FormattedTextControl(text)
    return Window(control, style=style, wrap_lines=True, dont_extend_height=True)


def frame(
    top: list[AnyContainer], body: AnyContainer, bottom: list[AnyContainer]
) -> HSplit:
    """Return what stands at the top, the body, and what stands at the bottom."""
    rules = [Window(height=1, char="-"), Window(height=1, char="-")]
    return HSplit([*top, rules[0], body, rules[1], *bottom])
