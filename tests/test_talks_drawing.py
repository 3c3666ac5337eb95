"""The drawing of a spoken round: boxes and arrows as lines of text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.practice.mocks import drawing, spoken_layout
from graders.practice.mocks.drawing import Arrow
from graders.practice.talk_lines import DRAWN, NOTE
from tests.test_talks import BACK, DRAW, LEAVE, NEXT, STORIES, TAKE, Talk, keys, talk

__all__ = ["keys", "talk"]  # fixtures


def test_arrows_are_read_with_what_they_carry():
    found = drawing.read(
        ["client -> Feature Store -> ranker: 200 candidates", "Ranker->client"]
    )
    assert found.boxes == ("client", "Feature Store", "ranker")
    assert found.arrows == (
        Arrow("client", "Feature Store", ""),
        Arrow("Feature Store", "ranker", "200 candidates"),
        Arrow("ranker", "client", ""),
    )
    assert (found.unread, found.problems()) == ((), [])


def test_a_drawing_is_text_box_by_box():
    lines = ["client -> ranker: 20 posts: fresh", "ranker -> log", "client -> log"]
    assert drawing.read(lines).text() == [
        "client",
        "  -> ranker: 20 posts: fresh",
        "  -> log",
        "ranker",
        "  -> log",
    ]


def test_dangling_boxes_are_named_and_misspelt_ones_guessed():
    found = drawing.read(["client -> rankr", "ranker -> client"]).problems()
    assert found == [
        'rankr leads nowhere: right only where it ends. Or is it "ranker"?',
        'Nothing reaches ranker: right only where it begins. Or is it "rankr"?',
    ]
    assert drawing.read(["a -> a"]).problems() == [
        "Nothing reaches a: right only where it begins.",
        "a leads nowhere: right only where it ends.",
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("store", "it has no ->"),
        ("store: 3 TB", "it has no ->"),
        ("a: b -> c", "it has no ->"),
        ("-> ranker", "no box before the arrow"),
        ("client ->", "no box behind an arrow"),
        ("client -> : posts", "no box behind an arrow"),
        ("a -> -> b", "no box behind an arrow"),
        ("->", "no box before the arrow"),
    ],
)
def test_a_line_that_cannot_be_read_is_shown(line, why):
    found = drawing.read([line])
    assert (found.boxes, found.arrows) == ((), ())
    assert found.problems() == [f"Not read: {line} ({why})."]
    assert f"! Not read: {line} ({why})." in spoken_layout.drawn([line], 80)


@given(st.lists(st.text(st.sampled_from("ab ->:\u4f60\n\x1b"), max_size=12)))
def test_every_line_is_an_arrow_or_is_said_to_be_none(lines):
    found = drawing.read(lines)
    read = len(lines) - len(found.unread)
    assert len(found.arrows) >= read
    assert {box for arrow in found.arrows for box in (arrow.start, arrow.end)} == set(
        found.boxes
    )
    shown = [line for line in found.text() if "->" in line]
    assert len(shown) >= len(found.arrows)


def test_lines_of_the_drawing_are_kept_over_phases_and_can_be_taken_back(talk, keys):
    typed = DRAW + "client -> rankr: 200\r" + TAKE
    typed += "\x7f" * len("rankr: 200") + "ranker\r" + DRAW + "a note -> b\r"
    talk.hold(keys, typed + NEXT + DRAW + "ranker -> client\r" + BACK + LEAVE)
    assert [(kind, text) for _, kind, text in talk.said()] == [
        (DRAWN, "client -> ranker"), (NOTE, "a note -> b"), (DRAWN, "ranker -> client"),
    ]  # fmt: skip
    upper, foot, _ = spoken_layout.layout(talk.view(draws=True), 80, 40, 0)
    shown = [line.strip() for _, line in [*upper, *foot]]
    assert shown[shown.index("Your drawing:") :][1:5] == [
        "client", "-> ranker", "ranker", "-> client",
    ]  # fmt: skip


def test_the_drawing_is_shown_after_the_talk(talk, keys, capsys):
    talk.hold(keys, DRAW + "client -> rankr\r" + NEXT * 7)
    typed = "".join("n" * len(p.points) + "\r" for p in talk.about.phases)
    with pytest.raises(EOFError):
        talk.assess(keys, typed + "\r" + LEAVE)
    said = capsys.readouterr().out
    assert "Your drawing:\nclient\n  -> rankr\n" in said
    assert "! rankr leads nowhere" in said


def test_stories_have_no_drawing(tmp_path, keys):
    held = Talk(tmp_path, STORIES)
    held.hold(keys, DRAW + "we -> they\r" + LEAVE)
    assert held.said() == [(0, NOTE, "we -> they")]
    held.store.close()
