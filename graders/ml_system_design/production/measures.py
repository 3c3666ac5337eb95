"""What is measured of a design that ran in production, and how it is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

OF_THE_WAY = "of the way, from the rule (0) to the oracle (100 %), by day"


@dataclasses.dataclass(frozen=True)
class Line:
    """One thing that is measured.

    Args:
        name: What it is.
        measured: How it came out, in a word.
        needed: What is needed, in a word.
        holds: Whether that is so.
        why: A sentence or two for one whose design fails it.
    """

    name: str
    measured: str
    needed: str
    holds: bool
    why: str = ""


def share_of_way(own: float, rule: float, best: float) -> float:
    """Return how far a design came on the way from the simple rule to the oracle.

    Args:
        own: What the design cost or earned.
        rule: What the simple rule did.
        best: What the oracle did.

    Returns:
        0.0 for the rule, 1.0 for the oracle; below 0 or above 1 outside of them.
    """
    return (own - rule) / (best - rule) + 0.0  # and never -0.0


def at_least(
    name: str, value: float, needed: float, why: str = "", *, unit: str = "%"
) -> Line:
    """Return the line of a value that must be as large as a level; NaN is not.

    Args:
        name: What it is.
        value: How it came out; a share where the unit is "%".
        needed: The level.
        why: What to tell one whose design fails it, beside the two numbers.
        unit: "%" or what stands behind a number.
    """
    holds = value >= needed
    mine, level = shown(value, needed, unit)
    told = f"{name}: {mine}; at least {level} is needed. {why}".rstrip()
    return Line(name, mine, f">= {level}", holds, told)


def at_most(
    name: str, value: float, needed: float, why: str = "", *, unit: str = "%"
) -> Line:
    """Return the line of a value that may be as large as a level; NaN may not.

    The arguments are those of `at_least`.
    """
    holds = value <= needed
    mine, level = shown(value, needed, unit)
    told = f"{name}: {mine}; at most {level} is allowed. {why}".rstrip()
    return Line(name, mine, f"<= {level}", holds, told)


def shown(value: float, level: float, unit: str = "%") -> tuple[str, str]:
    """Return both numbers with as few digits as tell them apart."""
    factor, mark = (100, " %") if unit == "%" else (1, f" {unit}".rstrip())
    for digits in range(7):
        texts = [f"{factor * number:,.{digits}f}" for number in (value, level)]
        exact = abs(float(texts[1].replace(",", "")) - factor * level) < 1e-9
        if exact and (texts[0] != texts[1] or value == level):
            break
    return texts[0] + mark, texts[1] + mark


def report(lines: Iterable[Line], plots: Iterable[Sequence[str]] = ()) -> str:
    """Return the table of what was measured, and plots below it, as text."""
    rows = [("", "measured", "needed", "")]
    rows += [
        (line.name, line.measured, line.needed, "ok" if line.holds else "FAILS")
        for line in lines
    ]
    text = [f"{a:<36} {b:>14} {c:>12}  {d}".rstrip() for a, b, c, d in rows]
    for plot in plots:
        text += ["", *plot]
    return "\n".join(text)


def plot(
    title: str,
    shares: Sequence[float],
    marks: Mapping[int, str],
    legend: str,
) -> list[str]:
    """Return shares of the way as columns of text, with events below them.

    Args:
        title: What is shown, and what a column is.
        shares: The height of each column, 1.0 for the oracle.
        marks: A letter for columns in which something happened.
        legend: What the letters mean.
    """
    text = [title]
    for level in (80, 60, 40, 20, 0):
        stars = ["*" if share * 100 >= level + 10 else " " for share in shares]
        text.append(f"{level + 20:>4} |{''.join(stars)}".rstrip())
    axis = [marks.get(at, "-") for at in range(len(shares))]
    return [*text, f"   0 +{''.join(axis)}", f"      {legend}"]
