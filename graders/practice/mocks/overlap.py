"""What the words of two texts share: which fact answers a question, which point is met.

It knows no meaning. Whoever sees a result is told that it goes by shared words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

# Words that say nothing about the subject.
_EMPTY = frozenset(
    re.findall(
        "[a-z]+",
        """
        a about above across after again all allowed also am an and any assume
        available are as at away back be because been before being below between both
        but by can come could did do does done down each either else even ever every
        far few for from get give go goes going good got had has have having he her
        here his how i if in into is it its just keep know large less let like long
        made main make many may me mean might mine more most much must my need needs
        neither next no nor not now of off on once one only onto or other our out over
        own part per put rather same say scope see shall she should since so some
        something
        still such take tell than that the their them then there these they thing
        think this those through thus to too two under until up upon us use used uses
        using very want was way we well were what when where whether which while who
        whom whose why will with within without work would yes yet you your
        """,
    )
)
_ENDINGS = ("ings", "ing", "ers", "ies", "ed", "er", "es", "e", "s", "y")
LEAST = 4  # letters of a stem, and of a beginning that two words share
ENOUGH = 2  # shared words that let a note seem to cover a point


def words(text: str) -> list[str]:
    """Return the words of a text that say something, each once, in its order."""
    return list(dict.fromkeys(w for w in _tokens(text) if w not in _EMPTY))


def stem(word: str) -> str:
    """Return a word without its ending, if enough is left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return word.removesuffix(ending)
    return word


def is_same(one: str, other: str) -> bool:
    """Return whether two words are forms of one: "calibrated" and "calibration"."""
    short, long = sorted((stem(one), stem(other)), key=len)
    return short == long or (len(short) > LEAST and long.startswith(short))


def shared(text: str, others: Iterable[str]) -> list[str]:
    """Return the words of a text of which some form is among other words."""
    known = list(others)
    return [word for word in words(text) if any(is_same(word, w) for w in known)]


def covered(point: str, notes: Iterable[str]) -> list[str]:
    """Return the words by which notes seem to cover a point; none if too few."""
    found = shared(point, words("\n".join(notes)))
    return found if len(found) >= ENOUGH else []


def answer(
    question: str,
    facts: Sequence[str],
    synonyms: Mapping[str, str],
    told: str = "",
) -> int | None:
    """Return which fact has most words of a question, or None if none has any.

    A rare word counts more than one that stands in many facts, and one that names the
    fact at its beginning twice. A word that the interviewer has said already counts
    half, and a synonym a little less.

    Args:
        question: What was asked.
        facts: What can be answered.
        synonyms: For words of facts, the words that ask for them.
        told: What the interviewer has said to all.
    """
    asked, said = words(question), words(told)
    asked += [word for word in _tokens(question) if word not in asked]
    also = {
        word: [fact for fact, group in synonyms.items() if word in group.split()]
        for word in asked
    }
    each = [words(fact) for fact in facts]
    names = [words(_name(fact)) for fact in facts]

    def weight(word: str, at: int) -> float:
        """Return what a word adds to a fact."""
        if word in _EMPTY or not _among(word, each[at]):
            return 0.0
        spread = sum(_among(word, fact) for fact in each)
        rare = math.log(1 + len(facts) / spread)
        return rare * (2 if _among(word, names[at]) else 1)

    def score(at: int) -> float:
        total = 0.0
        for word in asked:
            direct = weight(word, at) * (0.5 if _among(word, said) else 1)
            near = (0.4 * weight(other, at) for other in also[word])
            total += max(direct, *near, 0.0)
        return total

    scores = [score(at) for at in range(len(facts))]
    best = max(scores, default=0.0)
    return scores.index(best) if best > 0 else None


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _among(word: str, others: Iterable[str]) -> bool:
    return any(is_same(word, other) for other in others)


def _name(fact: str) -> str:
    """Return the words before the colon with which a fact begins, or its first two."""
    head, colon, _ = fact.partition(":")
    is_name = bool(colon) and len(head.split()) <= 6
    return head if is_name else " ".join(words(fact)[:2])
