"""Look for near copies in a batch, and show where two answers are the same."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.stubs import wanted
from graders.submissions.batch.collect import Submitted
from graders.submissions.batch.copies.near import Match, matches, runs
from graders.submissions.batch.copies.normalised import Form, form_of, statements_of
from graders.submissions.batch.tables import as_cell

SOLUTION = "(the public solution)"
COLUMNS = ("exercise", "one", "other", "alike", "among")
GAP = 6  # tokens between two runs that are shown as one passage
LINES = 24  # of a passage
PASSAGES = 3  # of a pair

Side = tuple[int, str]  # the first line, from 1, and the text


@dataclasses.dataclass(frozen=True)
class Found:
    """Two answers that are nearly the same.

    Args:
        match: Their indices among `answers`, where None is the public solution.
        answers: All that were compared.
        among: How many people's answers are linked to these.
    """

    match: Match
    answers: list[Submitted | None]
    entry: Entry
    among: int

    @property
    def names(self) -> tuple[str, str]:
        """Whose they are."""
        one, other = self.answers[self.match.one], self.answers[self.match.other]
        return one.who if one else SOLUTION, other.who if other else SOLUTION


@dataclasses.dataclass(frozen=True)
class Pair:
    """A pair of near copies, with what shows it.

    Args:
        exercise: Its name.
        one: Whose the first is.
        other: Whose the second is.
        alike: The share of both that is the same, 0 to 1.
        among: How many people's answers are linked to these.
        passages: The same passage in one and in the other, the longest first.
        more: How many more passages there are.
    """

    exercise: str
    one: str
    other: str
    alike: float
    among: int
    passages: list[tuple[Side, Side]]
    more: int


def near_copies(answers: Iterable[Submitted]) -> list[Found]:
    """Return the near copies among all answers, the most alike first.

    What cannot be read, is no Python or is too large is not compared. Answers that are
    texts are not.
    """
    by_exercise: dict[Entry, list[Submitted]] = {}
    for answer in answers:
        if not (answer.why or answer.entry.is_text):
            by_exercise.setdefault(answer.entry, []).append(answer)
    found = [one for entry, some in by_exercise.items() for one in _of(entry, some)]
    return sorted(found, key=lambda one: (-one.match.alike, one.entry.name, one.names))


def _of(entry: Entry, answers: list[Submitted]) -> Iterator[Found]:
    """Yield the near copies among the answers to one exercise."""
    shared = _shared(entry)
    compared: list[Submitted | None] = []
    forms: list[Form] = []
    for answer in [None, *answers]:
        form = form_of(_source(answer, entry), shared)
        if form:
            compared.append(answer)
            forms.append(form)
    links = matches(forms, known=1)
    among = _sizes(len(forms), links)
    for link in links:
        yield Found(link, compared, entry, among[link.other])


@functools.cache
def _shared(entry: Entry) -> frozenset[tuple[int, ...]]:
    """Return the statements that all answers have from the stub."""
    try:
        return statements_of(wanted(entry).encode())
    except ValueError:  # an exercise from whose solution no stub can be derived
        return frozenset()


def _source(answer: Submitted | None, entry: Entry) -> bytes:
    """Return the bytes of an answer, or of the solution; none if they are not there."""
    try:
        return answer.read() if answer else entry.solution.read_bytes()
    except (OSError, ValueError):  # which its row in the grades says
        return b""


def _sizes(count: int, links: list[Match]) -> list[int]:
    """Return how many people's answers each is linked to, itself included."""
    heads = list(range(count))

    def head(index: int) -> int:
        while heads[index] != index:
            heads[index] = heads[heads[index]]
            index = heads[index]
        return index

    for link in links:
        heads[head(link.other)] = head(link.one)
    sizes = Counter(head(index) for index in range(1, count))  # 0 is the solution
    return [sizes[head(index)] for index in range(count)]


def shown(found: Found) -> Pair:
    """Return a pair with its passages, for which both answers are read again."""
    shared = _shared(found.entry)
    indices = (found.match.one, found.match.other)
    sources = [_source(found.answers[i], found.entry) for i in indices]
    forms = [form_of(source, shared) for source in sources]
    one, other = found.names
    both: list[tuple[Side, Side]] = []
    if forms[0] and forms[1]:  # else a file changed meanwhile
        texts = [source.decode("utf-8", "replace").splitlines() for source in sources]
        both = [
            (_side(texts[0], left), _side(texts[1], right))
            for left, right in _ranges(forms[0], forms[1])
        ]
    return Pair(
        found.entry.name,
        one,
        other,
        found.match.alike,
        found.among,
        both[:PASSAGES],
        len(both[PASSAGES:]),
    )


def _side(lines: list[str], place: range) -> Side:
    kept = lines[place.start - 1 : place.stop - 1][:LINES]
    more = len(place) - len(kept)
    return place.start, "\n".join(
        [*kept, *([f"... {more} more lines"] if more else [])]
    )


def _ranges(one: Form, other: Form) -> list[tuple[range, range]]:
    """Return the lines of the same passages in both, the longest first."""
    places: list[tuple[range, range]] = []
    joined: list[list[int]] = []
    for left, right, size in runs(one, other):
        if joined and _follows(joined[-1], left, right, one, other):
            joined[-1][2:] = [left + size, right + size]
        else:
            joined.append([left, right, left + size, right + size])
    for left, right, left_end, right_end in joined:
        mine, theirs = one.lines[left:left_end], other.lines[right:right_end]
        places.append(
            (range(min(mine), max(mine) + 1), range(min(theirs), max(theirs) + 1))
        )
    return sorted(places, key=lambda pair: -len(pair[0]))


def _follows(last: list[int], left: int, right: int, one: Form, other: Form) -> bool:
    """Return whether a run goes on soon after the last one, in both sources."""
    near = left - last[2] <= GAP and right - last[3] <= GAP
    return (
        near
        and 0 <= one.lines[left] - one.lines[last[2] - 1] <= GAP
        and 0 <= other.lines[right] - other.lines[last[3] - 1] <= GAP
    )


def as_csv(found: Iterable[Found]) -> str:
    """Return all pairs, a row each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        row = (one.entry.name, *one.names, f"{one.match.alike:.2f}", one.among)
        writer.writerow(as_cell(value) for value in row)
    return out.getvalue()
