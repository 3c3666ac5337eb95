"""Show what the mutants of an exercise came to."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence, Sized

from tests.dev.mutation.equivalents import Design, Entry, as_entry
from tests.dev.mutation.mutants import Mutant
from tests.dev.mutation.study import Study
from tests.dev.table import table

_HEAD = ("exercise", "mutants", "killed", "explained", "survived", "faults", "seconds")


def details(study: Study) -> str:
    """Return, for one exercise, all that is not simply killed."""
    parts = [f"== {study.name}"]
    if study.error:
        parts.append(f"ERROR: {study.error}")
    parts += [_fault(mutant, words) for mutant, words in study.faults]
    parts += [_survivor(mutant) for mutant in study.survived]
    parts += _entries("STALE, no mutant has these any more", study.stale)
    parts += _entries("REFUTED, rejected though listed as equivalent", study.refuted)
    parts += _explained(study)
    return "\n\n".join(parts)


def listed(name: str, mutants: Sequence[Mutant]) -> str:
    """Return every mutant of an exercise, for someone who wants to read them."""
    shown = [f"{mutant.operator}\n{mutant.diff}" for mutant in mutants]
    return "\n\n".join([f"== {name}: {len(mutants)} mutants", *shown])


def summary(studies: Sequence[Study]) -> str:
    """Return the figures of all exercises as a table."""
    return table(_HEAD, [_row(study) for study in studies])


def _row(study: Study) -> tuple[str, ...]:
    groups: tuple[Sized, ...] = (
        study.killed,
        study.explained,
        study.survived,
        study.faults,
    )
    counts = (study.mutants, *map(len, groups))
    return (study.name, *map(str, counts), f"{study.seconds:.0f}")


def _fault(mutant: Mutant, words: str) -> str:
    head = f"GRADER ERROR, a defect of the grader ({mutant.operator}):"
    return "\n".join([head, _indented(words), mutant.diff])


def _survivor(mutant: Mutant) -> str:
    head = f"SURVIVED ({mutant.operator}, line {mutant.line}):"
    return "\n".join(
        [head, mutant.diff, "if it is right too:", _indented(as_entry(mutant))]
    )


def _explained(study: Study) -> Iterator[str]:
    designs: dict[Design, list[int]] = {}
    for mutant, entry in study.explained:
        if isinstance(entry, Design):
            designs.setdefault(entry, []).append(mutant.line)
        else:
            head = f"equivalent ({mutant.operator}, line {mutant.line}): {entry.why}"
            yield "\n".join([head, _changed(entry)])
    for design, lines in designs.items():
        yield (
            f"{len(lines)} other right designs {_changed(design)}: {design.why}\n"
            f"lines {', '.join(map(str, lines))}"
        )


def _entries(title: str, entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield f"{title}:\n{_changed(entry)}"


def _changed(entry: Entry) -> str:
    if isinstance(entry, Design):
        return f"within {', '.join(entry.within)}"
    was = textwrap.indent(entry.was, "- ", lambda line: True)
    return was + "\n" + textwrap.indent(entry.becomes, "+ ", lambda line: True)


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")
