"""The plots of the progress page, as SVG in light and in dark colours.

They fit a phone's width; a desktop shows two in a row. What a plot says in colour it
also says in shape, lightness or numbers. They depend on the history alone: the same one
gives the same bytes.

Only the progress page needs matplotlib, which takes seconds to import.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from math import nan
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.ticker import MaxNLocator

from graders.harness.feedback.results import RUBRIC
from graders.harness.feedback.text import plain
from graders.practice.history.history import History
from graders.practice.history.html import DARK, LIGHT, Theme
from graders.practice.store import ENDED, Session

RECENT = 8  # attempts at one exercise in one plot
CLIP = 2.0  # times the limit: the end of the axis

SHARES = {0.5: "half", 1.0: "limit", 1.5: "1.5", 2.0: "2 x"}  # of the limit

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # its warnings about fonts


def svg(draw: Callable[[Figure, History, Theme], None], history: History) -> list[str]:
    """Return a plot as SVG, in light and in dark colours."""
    return [_svg(draw, history, theme) for theme in (LIGHT, DARK)]


def solved(figure: Figure, history: History, theme: Theme) -> None:
    """Draw how many exercises were solved by each day."""
    axes = _axes(figure, theme, 250)
    start = min(history.days, default=history.today)
    first = min(start, history.today - timedelta(6)).toordinal()
    last = history.today.toordinal()
    days = [first, *(day.toordinal() for day in history.solved.values()), last]
    counts = [*range(len(history.solved) + 1), len(history.solved)]
    axes.plot(days, counts, drawstyle="steps-post", color=theme.accent, linewidth=2)
    axes.fill_between(days, counts, step="post", color=theme.accent, alpha=0.13)
    axes.plot(days[-1:], counts[-1:], "o", color=theme.accent, clip_on=False)
    axes.annotate(
        str(counts[-1]),
        (last, counts[-1]),
        xytext=(-4, 8),
        textcoords="offset points",
        ha="right",
        weight="bold",
        size=14,
    )
    top = max(counts[-1], 3)
    total = len(history.known)
    if total <= 2 * counts[-1] + 5:  # else it would flatten the curve
        axes.axhline(total, color=theme.muted, linewidth=1, linestyle=(0, (3, 3)))
        axes.text(first, total, f"all {total}", va="bottom", color=theme.muted)
        top = max(top, total)
    axes.set_xlim(first, last)
    axes.set_ylim(0, 1.2 * top)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ticks = [first + (last - first) * i // 3 for i in range(4)]
    axes.set_xticks(ticks, [_date(tick, long=last - first > 300) for tick in ticks])
    axes.grid(axis="y", color=theme.line, linewidth=0.8)


def times(figure: Figure, history: History, theme: Theme) -> None:
    """Draw the time of each attempt as a share of its limit, one row per exercise."""
    records = [record for record in history.recent if record.timed]
    axes = _axes(figure, theme, 66 + 24 * len(records))
    axes.axvspan(1, CLIP, color=theme.warm, alpha=0.07, linewidth=0)
    axes.axvline(1, color=theme.warm, linewidth=1.2)
    axes.hlines(range(len(records)), 0, CLIP, color=theme.line, linewidth=0.8)
    for y, record in enumerate(records):
        for attempt in record.timed[-RECENT:]:
            _mark(axes, y, attempt.state, theme, _share(attempt))
        if record.best:
            axes.plot(_share(record.best), y, "o", color=theme.accent, markersize=9)
    axes.set_yticks(
        range(len(records)),
        [_short(record.name) for record in records],
        color=theme.ink,
    )
    axes.set_xticks(list(SHARES), list(SHARES.values()))
    axes.set_xlim(0, CLIP)
    axes.set_ylim(len(records) - 0.4, -0.6)
    axes.spines["bottom"].set_visible(False)
    keys = [_mark(axes, nan, state, theme, nan) for state in ENDED]
    _legend(figure, keys, theme)


def rubric(figure: Figure, history: History, theme: Theme) -> None:
    """Draw the share of checks that passed, by topic and line of the rubric."""
    topics = history.rubric
    axes = _axes(figure, theme, 40 + 30 * len(topics))
    shades = _shades(theme.empty, theme.full)
    for y, shares in enumerate(topics.values()):
        for x, line in enumerate(RUBRIC):
            good, count = shares.get(line, (0, 0))
            share = good / count if count else 0.0
            colour = shades(share) if count else (*to_rgb(theme.card), 1.0)
            _box(axes, x, y, colour)
            text = f"{share:.0%}" if count else "\u2013"
            axes.text(x, y, text, ha="center", va="center")
    axes.set_xticks(range(len(RUBRIC)), ["correct", "edges", "numerics", "speed"])
    axes.set_yticks(
        range(len(topics)), [_short(topic) for topic in topics], color=theme.ink
    )
    axes.xaxis.tick_top()
    axes.set_xlim(-0.5, len(RUBRIC) - 0.5)
    axes.set_ylim(len(topics) - 0.5, -0.5)
    axes.spines["bottom"].set_visible(False)


def calendar(figure: Figure, history: History, theme: Theme) -> None:
    """Draw the days of the last weeks, darker where more was finished."""
    axes = _axes(figure, theme, 150)
    shades = _shades(theme.empty, theme.accent)
    mondays = history.weeks
    places: dict[int, list[tuple[int, int]]] = {level: [] for level in range(5)}
    for x, monday in enumerate(mondays):
        for y in range(7):
            day = monday + timedelta(y)
            if day <= history.today:
                places[min(len(history.days.get(day, ())), 4)].append((x, y))
    for level, found in places.items():
        xs, ys = zip(*found, strict=True) if found else ((), ())
        axes.scatter(xs, ys, s=115, marker="s", color=_level(shades, theme, level))
    today = (len(mondays) - 1, history.today.weekday())
    axes.scatter(*today, s=115, marker="s", facecolor="none", edgecolor=theme.ink)
    firsts = [i for i, monday in enumerate(mondays) if monday.day <= 7]
    axes.set_xticks(firsts, [f"{mondays[i]:%b}" for i in firsts])
    axes.set_yticks([0, 2, 4, 6], ["Mon", "Wed", "Fri", "Sun"])
    axes.xaxis.tick_top()
    axes.set_xlim(-0.7, len(mondays) - 0.3)
    axes.set_ylim(6.7, -0.7)
    axes.set_aspect("equal")
    axes.spines["bottom"].set_visible(False)
    handles = [
        Patch(color=_level(shades, theme, level), label=label)
        for level, label in enumerate(("none", "1", "2", "3", "4 or more"))
    ]
    _legend(figure, handles, theme)


def _svg(
    draw: Callable[[Figure, History, Theme], None], history: History, theme: Theme
) -> str:
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "progress",
        "font.sans-serif": [
            "DejaVu Sans"
        ],  # for measuring; the reader's own font is shown
        "font.size": 12,
        "text.color": theme.ink,
        "xtick.color": theme.muted,
        "ytick.color": theme.muted,
    }
    stream = io.StringIO()
    with (
        warnings.catch_warnings(),
        matplotlib.rc_context({**matplotlib.rcParamsDefault, **settings}),
    ):
        warnings.simplefilter("ignore")  # about glyphs that only the reader's font has
        figure = Figure(layout="constrained", facecolor="none")
        FigureCanvasSVG(figure)
        draw(figure, history, theme)
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(stream, format="svg", metadata=nothing)
    return stream.getvalue().replace("'DejaVu Sans'", "system-ui, 'Segoe UI'")


def _axes(figure: Figure, theme: Theme, height: float) -> Axes:
    """Return axes without a frame, 400 units wide."""
    figure.set_size_inches(400 / 72, height / 72)
    axes = figure.add_subplot(facecolor="none")
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(theme.line)
    axes.tick_params(length=0, pad=6)
    return axes


def _mark(axes: Axes, y: float, state: str, theme: Theme, share: float) -> Any:
    """Mark an attempt: a dot if it passed, a ring if it failed, a cross if given up."""
    styles: dict[str, dict[str, Any]] = {
        "passed": {"marker": "o", "color": theme.accent, "alpha": 0.55},
        "failed": {"marker": "o", "color": theme.warm, "markerfacecolor": theme.card},
        "gave up": {"marker": "x", "color": theme.warm},
    }
    style = styles[state]
    [mark] = axes.plot(
        [share], [y], linestyle="", markersize=5.5, clip_on=False, label=state, **style
    )
    return mark


def _share(attempt: Session) -> float:
    """Return the share of its time limit that an attempt took, at most `CLIP`."""
    return min(attempt.seconds / attempt.minutes / 60, CLIP)


def _legend(figure: Figure, handles: list[Any], theme: Theme) -> None:
    figure.legend(
        handles=handles,
        loc="outside lower right",
        ncols=len(handles),
        frameon=False,
        labelcolor=theme.muted,
        fontsize=11,
        handlelength=1,
        handletextpad=0.4,
        columnspacing=1.2,
        borderpad=0,
    )


def _box(axes: Axes, x: int, y: int, colour: Any) -> None:
    style = "round,pad=0,rounding_size=0.08"
    axes.add_patch(
        FancyBboxPatch((x - 0.47, y - 0.44), 0.94, 0.88, style, color=colour, lw=0)
    )


def _shades(*colours: str) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("shades", colours)


def _level(shades: LinearSegmentedColormap, theme: Theme, level: int) -> Any:
    return theme.empty if level == 0 else shades(0.1 + 0.225 * level)


def _date(ordinal: int, long: bool) -> str:
    day = date.fromordinal(ordinal)
    return f"{day:%b %Y}" if long else f"{day.day} {day:%b}"


def _short(name: str) -> str:
    name = plain(name).replace("\n", " ").replace("$", r"\$")
    return name if len(name) <= 24 else f"{name[:23]}\u2026"
