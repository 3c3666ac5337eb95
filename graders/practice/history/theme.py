"""The colours of the progress page, which its style and its plots share."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Theme:
    """The colours of the page and its plots; told apart by the colour-blind too."""

    page: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    warm: str
    empty: str
    full: str


LIGHT = Theme(
    page="#f6f4ef",
    card="#fffefb",
    ink="#23272b",
    muted="#5c6268",
    line="#dfdbd1",
    accent="#14609f",
    warm="#a8480c",
    empty="#edeae2",
    full="#9dc1e2",
)
DARK = Theme(
    page="#14171a",
    card="#1b1f23",
    ink="#e6e4de",
    muted="#a2a8ae",
    line="#343a40",
    accent="#7ab6ee",
    warm="#f0a468",
    empty="#292e33",
    full="#36608a",
)
