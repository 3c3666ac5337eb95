"""Find answers to one exercise that are nearly the same, without comparing all pairs.

Each answer has a few fingerprints: the least of many hashes of its runs of tokens
(MinHash), joined into bands. Answers that are much alike share a band, and only with
the first of those is an answer compared. So the time grows with the number of answers.

Sources: Broder, "On the resemblance and containment of documents", 1997, doi
10.1109/SEQUEN.1997.666900. Leskovec, Rajaraman and Ullman, "Mining of Massive
Datasets", chapter 3, for the bands.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from graders.submissions.batch.copies.normalised import Form

ALIKE = 0.75  # the share of tokens in common runs from which a pair is told: of 445
# pairs of answers that are known to be independent, the most alike share 0.70
LEAST = 80  # tokens; shorter answers are alike by nature
RUN = 8  # tokens in a row that count as common
BANDS, ROWS = 20, 3  # answers that share half of their runs meet in 19 of 20 cases
MOST = 3  # answers of a band that others are compared with

Block = tuple[int, int, int]  # where it starts in one and in the other; its length


@dataclasses.dataclass(frozen=True)
class Match:
    """Two answers that are nearly the same.

    Args:
        one: Which was there first, an index.
        other: The other's index.
        alike: The share of all tokens of both that lie in common runs, 0 to 1.
    """

    one: int
    other: int
    alike: float


def matches(forms: list[Form], known: int = 0) -> list[Match]:
    """Return for each answer the earlier one that it is most like, if it is a copy.

    Args:
        forms: All answers to one exercise.
        known: So many at the start are compared with every other answer: the public
            solution.
    """
    found: list[Match] = []
    bands: dict[tuple[int, bytes], list[int]] = {}
    for index, form in enumerate(forms):
        if len(form.tokens) < LEAST:
            continue
        prints = fingerprints(form)
        near = {other for key in prints for other in bands.get(key, ())}
        near -= set(range(known))
        if best := _best(forms, index, near):
            found.append(best)
        fixed = {i for i in range(min(known, index)) if len(forms[i].tokens) >= LEAST}
        if best := _best(forms, index, fixed):
            found.append(best)
        for key in prints:
            place = bands.setdefault(key, [])
            if len(place) < MOST:
                place.append(index)
    return found


def _best(forms: list[Form], index: int, others: set[int]) -> Match | None:
    found = [
        Match(i, index, alike(forms[i], forms[index]))
        for i in sorted(others)
        if _could_be_alike(len(forms[i].tokens), len(forms[index].tokens))
    ]
    best = max(found, key=lambda match: (match.alike, -match.one), default=None)
    return best if best and best.alike >= ALIKE else None


def _could_be_alike(one: int, other: int) -> bool:
    return 2 * min(one, other) / (one + other) >= ALIKE


def alike(one: Form, other: Form) -> float:
    """Return the share of the tokens of two answers that lie in common runs."""
    both = len(one.tokens) + len(other.tokens)
    if one.tokens == other.tokens:
        return 1.0
    if not Indel.normalized_similarity(one.tokens, other.tokens, score_cutoff=ALIKE):
        return 0.0
    return 2 * sum(size for _, _, size in runs(one, other)) / both


def runs(one: Form, other: Form) -> list[Block]:
    """Return the common runs of two answers, each of `RUN` tokens or more."""
    blocks = Indel.opcodes(one.tokens, other.tokens).as_matching_blocks()
    return [(b.a, b.b, b.size) for b in blocks if b.size >= RUN]


def fingerprints(form: Form) -> list[tuple[int, bytes]]:
    """Return the bands of an answer of at least `RUN` tokens.

    Source: the multipliers mix as in Steele, Lea and Flood's SplitMix (2014), doi
    10.1145/2660193.2660195.
    """
    tokens = np.array(form.tokens, dtype=np.uint64)
    hashes = np.zeros(len(tokens) - RUN + 1, dtype=np.uint64)
    for start in range(RUN):
        hashes = hashes * np.uint64(0x100000001B3)
        hashes += tokens[start : len(tokens) - RUN + 1 + start]
    distinct = np.unique(_mixed(hashes))  # (n,)
    salts = _mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64))
    least = np.array([_mixed(distinct ^ salt).min() for salt in salts])
    return [
        (band, rows.tobytes()) for band, rows in enumerate(least.reshape(BANDS, ROWS))
    ]


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
