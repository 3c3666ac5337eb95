"""Near copies are found, and nothing else; and not by comparing all pairs."""

import csv
import io

import pytest

from graders.harness.catalog.exercise import choose_one
from graders.harness.catalog.stubs import wanted
from graders.submissions.batch.collect import Submitted
from graders.submissions.batch.copies import near
from graders.submissions.batch.copies.near import ALIKE, alike, matches
from graders.submissions.batch.copies.normalised import (
    MOST_BYTES,
    MOST_TOKENS,
    form_of,
    statements_of,
)
from graders.submissions.batch.copies.passages import (
    SOLUTION,
    as_csv,
    near_copies,
    shown,
)
from tests.conftest import ROOT

ENTRY = choose_one("kmeans")

ANSWER = '''
"""My own."""
import numpy as np

def nearest(points, centres):
    """Return the labels."""
    # distances
    gaps = points[:, None] - centres[None]
    squares = (gaps ** 2).sum(axis=2)
    return squares.argmin(axis=1)

def moved(points, labels, centres):
    result = centres.copy()
    for label in range(len(centres)):
        mine = points[labels == label]
        if len(mine):
            result[label] = mine.mean(axis=0)
    return result

def fit(points, centres, rounds):
    for _ in range(rounds):
        labels = nearest(points, centres)
        later = moved(points, labels, centres)
        if np.allclose(later, centres):
            break
        centres = later
    return centres, labels
'''

DISGUISED = '''
import numpy as np
from typing import Any

def run(data: np.ndarray, mids: Any, times: int) -> tuple:
    """Another text altogether."""
    for i in range(times):
        which = closest(data, mids)
        new = shift(data, which, mids)
        if (np.allclose(new,
                        mids)):
            break
        mids = new
    return mids, which

def shift(data, which, mids):
    out: Any = mids.copy()
    for k in range(len(mids)):
        part = data[which == k]   # of k
        if len(part): out[k] = part.mean(axis=0)
    return out

def closest(data, mids):
    d = data[:, None] - mids[None]
    e = (d ** 2).sum(axis=2)
    return e.argmin(axis=1)
'''

OTHER = """
import numpy as np

def fit(points, centres, rounds):
    count = 0
    while count < rounds:
        far = np.stack([np.linalg.norm(points - c, axis=1) for c in centres])
        owner = np.argmin(far, axis=0)
        sums = np.zeros_like(centres)
        np.add.at(sums, owner, points)
        sizes = np.bincount(owner, minlength=len(centres))[:, None]
        fresh = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres)
        if abs(fresh - centres).max() < 1e-9:
            return fresh, owner
        centres, count = fresh, count + 1
    return centres, owner
"""


def form(text, shared=()):
    found = form_of(text.encode(), shared)
    assert found
    return found


def answer(who, text, entry=ENTRY):
    data = text if isinstance(text, bytes) else text.encode()
    return Submitted(who, entry, lambda: data)


def pairs(*answers):
    return {(*one.names, round(one.match.alike, 2)) for one in near_copies(answers)}


def test_names_order_comments_and_formatting_hide_nothing():
    assert alike(form(ANSWER), form(DISGUISED)) == 1.0
    assert alike(form(ANSWER), form(OTHER)) < 0.3


def test_a_few_changed_lines_do_not_hide_a_copy():
    changed = ANSWER.replace("break", "return centres, labels").replace(
        "result = centres.copy()", "result = np.array(centres, dtype=float)"
    )
    assert ALIKE < alike(form(ANSWER), form(changed)) < 1.0


def test_pairs_name_both_and_nobody_else():
    found = pairs(answer("ann", ANSWER), answer("bob", OTHER), answer("eve", DISGUISED))
    assert found == {("ann", "eve", 1.0)}


def test_a_copy_of_the_public_solution_is_told():
    source = ENTRY.solution.read_text("utf-8")
    assert (SOLUTION, "eve", 1.0) in pairs(answer("eve", f"# mine\n{source}"))


def test_what_the_stub_holds_is_no_copy():
    repair = choose_one("repair_the_training_loop")
    stub = wanted(repair)
    assert len(form(stub).tokens) > near.LEAST  # it is alike, were it not the stub
    assert not pairs(*(answer(who, stub, repair) for who in ("ann", "bob")))
    fixed = stub + "\n\ndef helper(one):\n    return one\n"
    assert not pairs(answer("ann", stub, repair), answer("bob", fixed, repair))
    assert not form_of(stub.encode(), statements_of(stub.encode())).tokens


def test_answers_that_were_written_apart_are_not_flagged():
    # Those that people or programs wrote from the prompt alone, for 10 exercises.
    flagged, compared = [], 0
    folders = sorted((ROOT / "tests" / "answers").iterdir())
    for folder in folders[:10]:
        files = sorted(folder.glob("*.py"))
        answers = [answer(f.stem, f.read_bytes(), choose_one(folder.name))
                   for f in files]  # fmt: skip
        compared += len(answers)
        flagged += near_copies(answers)
    assert compared >= 10
    assert flagged == []


@pytest.mark.parametrize(
    "source",
    [
        b"def f(:",
        b"\x00",
        b"\xff\xfe",
        b"(" * 50_000,
        b"x = " + b"-" * 90_000 + b"1",
        b"if a:\n pass\n" + b"elif a:\n pass\n" * 6_000,
        b"x = 1\n" * MOST_BYTES,
        b"x = '\\d'\n",
        b"",
    ],
)
def test_what_is_no_python_is_not_compared_and_breaks_nothing(source, recwarn):
    found = near_copies([answer("eve", source), answer("ann", ANSWER)])
    assert found == []
    assert not recwarn.list


def test_what_cannot_be_read_is_left_out():
    def torn():
        raise ValueError("it cannot be unpacked")

    unread = Submitted("eve", ENTRY, torn)
    assert pairs(unread, answer("a", ANSWER), answer("b", DISGUISED)) == {("a", "b", 1)}


def test_long_answers_are_compared_as_far_as_there_is_room():
    long = "x = [1, 2, 3]\ny = f(x)\n" * 4_000
    assert len(form(long).tokens) == MOST_TOKENS


def test_comparisons_grow_with_the_answers_and_not_with_their_pairs(monkeypatch):
    compared = []
    monkeypatch.setattr(
        near, "alike", lambda one, other: compared.append(1) or alike(one, other)
    )
    forms = [form(ANSWER) for _ in range(300)]
    found = matches(forms)
    assert len(found) == 299
    assert {match.one for match in found} == {0}  # the first of them
    assert len(compared) <= 300 * near.MOST


def test_a_pair_shows_its_passages_side_by_side():
    [found] = near_copies([answer("ann", ANSWER), answer("eve", DISGUISED)])
    pair = shown(found)
    assert (pair.one, pair.other, pair.among) == ("ann", "eve", 2)
    lines = ANSWER.splitlines()
    for (line, text), (_, theirs) in pair.passages:
        assert text.splitlines()[0] == lines[line - 1]
        assert text.count("range") == theirs.count("range")
    assert any("np.allclose" in text for (_, text), _ in pair.passages)


def test_all_pairs_are_rows_that_no_spreadsheet_computes():
    found = near_copies([answer("=1+1", ANSWER), answer("eve\n", DISGUISED)])
    [row] = csv.DictReader(io.StringIO(as_csv(found)))
    assert row == {"exercise": "kmeans", "one": "'=1+1", "other": "eve ",
                   "alike": "1.00", "among": "2"}  # fmt: skip
