"""The worked answers to spoken designs: a page each, beside the question banks."""

from __future__ import annotations

from pathlib import Path

from graders.practice.text import wrap

FOLDER = Path(__file__).parent / "worked"


def worked_answer(name: str, width: int) -> list[str]:
    """Return the lines of a design's worked answer, or none if it has none."""
    page = FOLDER / f"{name}.md"
    if not page.is_file():
        return []
    lines: list[str] = []
    for block in _blocks(page.read_text("utf-8").replace("`", "")):
        if block.startswith("#"):
            lines += ["", *wrap(block.lstrip("# "), width)]
        elif block.startswith("- "):
            lines += wrap(block, width, "  ", "    ")
        else:
            lines += wrap(block, width)
    return lines[1:]


def _blocks(text: str) -> list[str]:
    """Return the headings, items and paragraphs of a page, each on one line."""
    blocks: list[str] = []
    goes_on = False
    for line in text.splitlines():
        is_item = bool(blocks) and blocks[-1].startswith("- ")
        if (
            goes_on
            and line
            and line[:2] not in ("- ", "##")
            and (line.startswith("  ") or not is_item)
        ):
            blocks[-1] += f" {line.strip()}"
        elif line:
            blocks.append(line.strip())
        goes_on = bool(line) and not line.startswith("#")
    return blocks
