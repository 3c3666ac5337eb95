"""grades.csv and a feedback page for each person, from the lines of a ledger."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graders.harness.catalog import files
from graders.harness.feedback.results import RUBRIC, VALIDATION
from graders.harness.feedback.screen import Screen
from graders.harness.feedback.text import plain
from graders.submissions.batch.ledger import Line
from graders.submissions.markdown import ROWS, fenced
from graders.submissions.screen import details

COLUMNS = ("who", "exercise", "verdict", "passed", "total", *RUBRIC, VALIDATION,
           "score", "seconds", "seed", "sandbox", "sha256")  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
_WIDTH = 88

Weights = Mapping[str, float]


def score(lines: Mapping[str, Mapping[str, int]], weights: Weights) -> float:
    """Return 0 to 100: the weighted mean share of checks passed in each rubric line.

    A line without checks, or of weight 0, does not count.

    Args:
        lines: "passed" and "total" of each rubric line.
        weights: Of each rubric line, 0 or more.
    """
    counted = {
        name: weights.get(name, 0.0)
        for name, line in lines.items()
        if line["total"] and weights.get(name, 0.0) > 0
    }
    if not counted:
        return 0.0
    shares = {name: lines[name]["passed"] / lines[name]["total"] for name in counted}
    mean = sum(counted[name] * shares[name] for name in counted)
    return round(100 * mean / sum(counted.values()), 1)


def rubric(checks: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return how many checks of each rubric line passed, and of how many."""
    found = {name: {"passed": 0, "total": 0} for name in (*RUBRIC, VALIDATION)}
    for check in checks:
        line = found[check["rubric"]]
        line["total"] += 1
        line["passed"] += check["verdict"] == "passed"
    return found


def findings(checks: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what the report of a class counts, whatever else is told of the checks.

    "failed" are the sentences of those that failed, and "mistakes" are the classic ones
    that explain failures; each once.
    """
    found: dict[str, dict[str, None]] = {"failed": {}, "mistakes": {}}
    for check in checks:
        if check["verdict"] not in ("passed", "not judged"):
            found["failed"][check["sentence"]] = None
        if mistake := check.get("mistake"):
            found["mistakes"][mistake] = None
    return {key: list(values) for key, values in found.items()}


def as_csv(lines: Iterable[Line], weights: Weights) -> str:
    """Return the grades of all answers, a row each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        counts = line["rubric"]
        row = {key: line.get(key, "") for key in COLUMNS} | {
            name: f"{c['passed']} of {c['total']}" if c["total"] else ""
            for name, c in counts.items()
        }
        row["score"] = score(counts, weights)
        writer.writerow(as_cell(row[key]) for key in COLUMNS)
    return out.getvalue()


def as_cell(value: object) -> str:
    """Return a value as a cell of one line that no spreadsheet computes."""
    text = plain(str(value)).replace("\n", " ")
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_pages(folder: Path, lines: Iterable[Line]) -> None:
    """Write what each person is told, a Markdown file each.

    Args:
        folder: Where.
        lines: Those of one person stand together.
    """
    for who, theirs in itertools.groupby(lines, key=lambda line: str(line["who"])):
        text = page(who, list(theirs))
        files.write(folder / f"{file_name(who)}.md", text.encode())


def file_name(who: str) -> str:
    """Return a name for a file: the person's, or a part with a hash where it is odd."""
    name = re.sub(r"[^\w.-]+", "_", who).strip("._")
    if name == who and len(who) <= 80 and who == who.lower():
        return name
    return f"{name[:60]}-{hashlib.sha256(who.encode()).hexdigest()[:8]}"


def page(who: str, lines: list[Line]) -> str:
    """Return what one person is told. No text of theirs can be more than text."""
    screen = Screen(io.StringIO())
    screen.width = _WIDTH
    good = sum(line["verdict"] == "passed" for line in lines)
    parts = [f"# {good} of {len(lines)} exercises passed", fenced(who)]
    rows = [
        f"| {line['verdict']} | {line['exercise']} | {line['passed']} of"
        f" {line['total']} |"
        for line in lines
    ]
    head = ["| verdict | exercise | checks passed |", "|---|---|---|"]
    parts.append("\n".join([*head, *rows]))
    for line in lines:
        if line["verdict"] != "passed":
            told = details(screen, line, ROWS)
            parts += [f"## {line['exercise']}", fenced("\n".join(told))]
    return "\n\n".join(parts) + "\n"
