"""A badge (SVG) with the verdict and the count; no text in it is anybody else's."""

from __future__ import annotations

from xml.sax.saxutils import escape

from graders.submissions.report import Report

_COLOURS = {"passed": "#2e7d32", "failed": "#c62828", "grader error": "#6a1b9a"}
_LABEL = "katas"
_CHARACTER = 7  # pixels, about
_BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" \
aria-label="{label}: {text}">
<title>{label}: {text}</title>
<rect width="{left}" height="20" fill="#444"/>
<rect x="{left}" width="{right}" height="20" fill="{colour}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,sans-serif" font-size="11">
<text x="{middle}" y="14">{label}</text>
<text x="{centre}" y="14">{text}</text>
</g>
</svg>
"""


def as_badge(report: Report) -> str:
    """Return the badge of a review, as SVG."""
    exercises, text = report["exercises"], report["verdict"]
    if exercises and not report["error"]:
        good = sum(exercise["verdict"] == "passed" for exercise in exercises)
        text += f", {good} of {len(exercises)}"
    left, right = ((len(part) + 2) * _CHARACTER for part in (_LABEL, text))
    return _BADGE.format(
        width=left + right,
        left=left,
        right=right,
        middle=left // 2,
        centre=left + right // 2,
        label=_LABEL,
        text=escape(text),
        colour=_COLOURS.get(report["verdict"], "#555"),
    )
