"""The progress page in a real browser: what it shows, and what it never does."""

import base64
import os
import re
import subprocess
import sys
import warnings
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from fsrs import Card

from graders.harness.catalog.exercise import catalogue
from graders.practice.history.history import ROWS, History
from graders.practice.history.html import DARK, LIGHT
from graders.practice.history.outlook import Outlook, Repeated, Talk
from graders.practice.history.page import LISTED, page
from graders.practice.schedule import as_text
from graders.practice.talk_lines import Line
from tests.conftest import ROOT
from tests.histories import DAY, NOW, Plan, draw, report, sessions

PHONE, DESKTOP = 390, 1100

EVIL = "</script></details><script>document.title='owned'</script><img src=x onerror=1>"


def history(plans, cards=None):
    return History(catalogue(), sessions(plans), cards or {}, NOW, UTC)


def hostile():
    """Return a history in which every text that can be is an attack on the page."""
    name = "x" * 150
    bad = report(name, 8, sentence=EVIL + "\x00\x1b[31m\ud800\u202e", verdict="wrong")
    long = report("roc_auc", 3, sentence="y" * 2000)
    return [
        Plan(name, NOW - DAY, 99_999.0, 3, "failed", bad, mode=EVIL),
        Plan(EVIL, NOW - DAY, 60.0, 0, "failed", {**bad, "verdict": EVIL}),
        Plan("$x_1$ 漢字🎉", NOW - DAY, 60.0, 0, "gave up", {**bad, "checks": []}),
        Plan("roc_auc", NOW, 60.0, 1, "failed", long),
        Plan("kmeans", NOW, 60.0, 0, "gave up"),
        *(Plan(f"old_{i}", NOW - 9 * DAY, 60.0) for i in range(ROWS)),
    ]


HISTORIES = {
    "usual": draw(60, 50),
    "empty": [],
    "one": draw(1, 1),
    "long": draw(1000, 700),
    "hostile": hostile(),
}


TODAY = date(2026, 11, 24)
DRAWN = [("drawing", line) for line in (
    "client -> gateway: one request", "gateway -> candidate generation",
    "candidate generation -> light ranker: 500 posts",
    "light ranker -> heavy ranker: 100 posts", "feature store -> heavy ranker",
    "feature store -> light ranker", "heavy ranker -> gateway: 20 posts",
    "gateway -> client: 20 posts", "client -> event log", "event log -> training",
    "training -> heavy ranker: a model a day", "event log -> feature store",
    "training -> training", "unread",
)]  # fmt: skip


def typed(*lines):
    return tuple(Line(i, 0, i // 3, *line) for i, line in enumerate(lines))


OUTLOOKS = {
    "usual": Outlook(
        ("roc_auc", "due since Sunday"),
        tuple(
            Repeated("roc_auc", f"mistake {i}", 12 - i, TODAY - timedelta(i))
            for i in range(12)
        ),
        (
            Talk(TODAY - timedelta(9), "ml_system_design", {"scope": 2, "depth": 1}),
            Talk(TODAY, "behavioral", {"scope": 4, "depth": 3}),
            Talk(
                TODAY,
                "ml_system_design",
                {"depth": 3},
                "instagram_ranking",
                ("the round 1:00 of 60:00",),
                "slower",
                typed(
                    ("note", "two stages"),
                    ("question", "How many?"),
                    ("answer", "Many."),
                    ("yes", "A point."),
                    *DRAWN,
                ),
            ),
        ),
    ),
    "empty": Outlook(("roc_auc", "new")),
    "hostile": Outlook(
        (EVIL, EVIL),
        (Repeated("x" * 150, EVIL + "y" * 200, 2, TODAY),),
        (
            Talk(
                TODAY,
                EVIL,
                {EVIL: 1, "z" * 200: 2},
                EVIL,
                (EVIL,),
                EVIL,
                typed(
                    ("note", EVIL),
                    ("note", "x" * 300),
                    ("drawing", EVIL),
                    *(
                        ("drawing", f"{EVIL}{i} -> {'w' * 300}: {EVIL}")
                        for i in range(9)
                    ),
                ),
            ),
        ),
    ),
}
CARDS = {
    name: as_text(1, Card(card_id=0, due=datetime.fromtimestamp(NOW, UTC) + after))
    for name, after in {
        "roc_auc": timedelta(-2),
        "kmeans": timedelta(0),
        "autograd": timedelta(3),
        "best_split": timedelta(13),
        "story_bank": timedelta(14),
    }.items()
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The files of the pages, by the name of their history."""
    folder = tmp_path_factory.mktemp("pages")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, plans in HISTORIES.items():
            text = page(history(plans, CARDS), OUTLOOKS.get(name))
            (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in HISTORIES}


def count(tab, selector):
    return tab.value(f"document.querySelectorAll({selector!r}).length")


# What holds for every page.


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_console_is_clean_and_nothing_is_fetched(
    pages, chromium, name, width, dark
):
    chromium.open(pages[name], width, dark)
    assert chromium.console == []
    assert chromium.fetched == [pages[name].as_uri()]


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize("width", [320, PHONE, 700, DESKTOP])
def test_nothing_scrolls_sideways_however_much_is_unfolded(
    pages, chromium, name, width
):
    chromium.open(pages[name], width)
    chromium.unfold()
    assert chromium.value("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", [name for name in HISTORIES if name != "empty"])
def test_every_plot_is_drawn_and_says_its_numbers_in_words(pages, chromium, name):
    chromium.open(pages[name])
    pictures = chromium.value(
        "[...document.images].map(one => [one.naturalWidth, one.alt])"
    )
    assert len(pictures) == 4
    for drawn, words in pictures:
        assert drawn > 0
        assert re.search(r"\d", words)
    assert count(chromium, "figure details table") == 4


def test_each_scheme_has_its_own_colours_and_plots(pages, chromium):
    seen = {}
    for dark, theme in ((False, LIGHT), (True, DARK)):
        chromium.open(pages["usual"], dark=dark)
        colour = chromium.value("getComputedStyle(document.body).backgroundColor")
        digits = theme.page.lstrip("#")
        rgb = ", ".join(str(int(digits[i : i + 2], 16)) for i in (0, 2, 4))
        assert colour == f"rgb({rgb})"
        seen[dark] = chromium.value("[...document.images].map(one => one.currentSrc)")
    assert not set(seen[False]) & set(seen[True])


def test_it_is_read_without_javascript(pages, chromium):
    chromium.open(pages["usual"], script=False)
    text = chromium.value("document.body.innerText")
    assert "Solved over time" in text
    assert count(chromium, "details") > 60
    assert count(chromium, "script") == 0


# What is shown.


def test_the_figures_and_sections_are_there_in_order(pages, chromium):
    chromium.open(pages["usual"])
    heads = chromium.value(
        "[...document.querySelectorAll('h1,h2')].map(x => x.innerText)"
    )
    assert heads == [
        "Practice",
        "What next",
        "Due by day",
        "Classic mistakes",
        "Solved over time",
        "Rubric by topic",
        "Time against the limit",
        "Calendar",
        "Spoken rounds over time",
        "By round and topic",
        "Attempts",
    ]
    text = chromium.value("document.body.innerText")
    assert f"in {len(HISTORIES['usual'])} attempts" in text


def test_it_says_what_is_next_and_what_is_due_by_day(pages, chromium):
    chromium.open(pages["usual"], PHONE)
    main = chromium.value("document.querySelector('main').innerText")
    assert "roc_auc: due since Sunday" in main
    rows = chromium.value(
        "[...document.querySelectorAll('.due tr')].map(x=>x.innerText)"
    )
    assert len(rows) == 14
    assert all(name in rows[0] for name in ("today", "2", "roc_auc", "kmeans"))
    assert "Fri 27 Nov" in rows[3]
    assert "autograd" in rows[3]
    assert "best_split" in rows[13]
    assert not any("story_bank" in row for row in rows)
    widths = chromium.value("[...document.querySelectorAll('.amount')]"
                            ".map(x=>x.getBoundingClientRect().width)")  # fmt: skip
    assert widths[0] > 100
    assert [round(w / widths[0], 1) for w in widths] == [1.0, 0.5, 0.5]


def test_a_talk_unfolds_to_what_was_typed_and_drawn(pages, chromium):
    chromium.open(pages["usual"], PHONE)
    rows = "Array.from(document.querySelectorAll('.talk')).map(x => x.textContent)"
    [said] = chromium.value(rows)
    for text in ("two stages", "Asked: How many?", "Answered: Many.", "Ticks: yes 1",
                 "For yourself: slower", "light ranker \u2192 heavy ranker: 100 posts",
                 "Not read: unread"):  # fmt: skip
        assert text in said
    assert count(chromium, ".boxes rect") == 8
    assert count(chromium, ".boxes path") == len(DRAWN) - 1
    flags = "document.querySelector('main').textContent"
    assert "Far shorter than planned: the round 1:00 of 60:00." in chromium.value(flags)
    assert chromium.value("document.querySelector('.boxes svg').viewBox.baseVal.width")


def test_a_talk_is_shown_before_any_exercise_was_tried():
    text = page(history([]), OUTLOOKS["usual"])
    assert "Spoken rounds over time" in text
    assert "No practice yet" not in text


def test_it_says_which_mistakes_are_repeated_and_folds_the_rare_ones(pages, chromium):
    chromium.open(pages["usual"])
    text = chromium.value("document.querySelector('main').innerText")
    assert "mistake 0\t12 attempts" in text
    assert "2 more" in text
    assert "mistake 11" not in text
    assert "2.5" not in text
    assert "1.5 of 4" in text
    assert "3.5 of 4" in text
    assert "scope 4, depth 3" in text


def test_topics_that_were_never_touched_are_folded(pages, chromium):
    chromium.open(pages["one"])
    places = history(HISTORIES["one"]).places()
    untouched = [p for p, _, found in places if not any(r.attempts for r in found)]
    assert untouched
    assert count(chromium, "details tr.topic, details tr.round") == len(untouched)
    rows = "document.querySelector('details tr.topic').checkVisibility()"
    assert chromium.value(rows) is False


def test_each_attempt_unfolds_to_its_scorecard(pages, chromium):
    chromium.open(pages["usual"])
    assert count(chromium, ".attempts details") == 60
    attempt = "document.querySelector('.attempts details')"
    table = f"{attempt}.querySelector('table').checkVisibility()"
    assert chromium.value(table) is False
    chromium.value(f"{attempt}.querySelector('summary').click()")
    assert chromium.value(table) is True
    text = chromium.value(f"{attempt}.innerText")
    last = HISTORIES["usual"][-1]
    assert last.exercise in text
    assert last.state in text
    for words in ("correctness", "edge cases", "of 5 checks", "time", "hints"):
        assert words in text


def test_a_long_history_is_listed_in_part_and_says_so(pages, chromium):
    chromium.open(pages["long"])
    assert count(chromium, ".attempts > li") == LISTED
    text = chromium.value("document.body.innerText")
    assert f"The latest {LISTED} of 1000; all of them count above." in text
    assert "in 1000 attempts" in text
    assert pages["long"].stat().st_size < 1_000_000


def test_an_empty_history_says_how_to_begin(pages, chromium):
    chromium.open(pages["empty"], PHONE)
    text = chromium.value("document.body.innerText")
    assert "No practice yet" in text
    assert "nox -s practice" in text
    assert "roc_auc: new" in text
    assert count(chromium, "img, table, details") == 0


def test_many_exercises_are_plotted_in_part_and_that_is_said(pages):
    tried = {plan.exercise for plan in HISTORIES["hostile"]}
    assert len(tried) > ROWS
    words = f"The {ROWS} latest of {len(tried)} exercises."
    assert words in pages["hostile"].read_text("utf-8")


def test_what_was_expected_stays_in_the_grader(pages):
    for name in ("usual", "long", "hostile"):
        text = pages[name].read_text("utf-8")
        assert "secret got" not in text
        assert "secret value" not in text


# What an answer may try.


def test_no_text_becomes_a_part_of_the_page(pages, chromium):
    chromium.open(pages["hostile"])
    assert chromium.value("document.title") == "Practice"
    assert count(chromium, "script, iframe, object, form") == 0
    assert count(chromium, "img") == 4
    assert chromium.value("document.querySelectorAll('[onerror]').length") == 0
    chromium.unfold()
    assert EVIL in chromium.value("document.querySelector('main').innerText")
    raw = pages["hostile"].read_bytes()
    assert b"\x00" not in raw
    assert b"\x1b" not in raw
    assert "\u202e".encode() not in raw


def test_a_name_is_no_formula(pages):
    plots = re.findall(r"svg\+xml;base64,([^\"]+)", pages["hostile"].read_text("utf-8"))
    assert any(">$x_1$" in base64.b64decode(plot).decode() for plot in plots)


def test_the_policy_stops_what_the_escaping_would_miss(pages, chromium, tmp_path):
    whole = pages["one"].read_text("utf-8")
    attack = (
        "<script>document.title = 'owned'</script><img src='https://example.com/x'>"
    )
    file = tmp_path / "attacked.html"
    file.write_text(whole.replace("</main>", attack + "</main>"), "utf-8")
    chromium.open(file)
    assert chromium.value("document.title") == "Practice"
    assert len(chromium.console) == 2
    assert all("Content Security Policy" in line for line in chromium.console)


# How it is made.


def test_the_same_history_gives_the_same_bytes(pages):
    code = (
        "from tests.test_page import CARDS, HISTORIES, history, page;"
        "import sys; text = page(history(HISTORIES['one'], CARDS));"
        "sys.stdout.buffer.write(text.encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONHASHSEED": "7", "MPLBACKEND": "pdf", "TZ": "Asia/Tokyo"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == pages["one"].read_bytes()
    assert done.stderr == b""


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_stands_out_from_what_it_stands_on(theme):
    for under in (theme.page, theme.card):
        for text in (theme.ink, theme.muted, theme.accent, theme.warm):
            assert contrast(text, under) >= 4.5, (text, under)
    for cell in (theme.empty, theme.full):
        assert contrast(theme.ink, cell) >= 4.5, cell
    assert len(set(asdict(theme).values())) == len(asdict(theme))


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_name_breaks_after_an_underscore_alone(pages, chromium):
    """Each piece between two places where a name may be broken is on one line."""
    chromium.open(pages["usual"], PHONE)
    chromium.unfold()
    broken = chromium.value("""[...document.querySelectorAll('wbr')]
        .flatMap(one => [one.previousSibling, one.nextSibling])
        .filter(text => text && text.nodeType === 3)
        .flatMap(text => [...text.data.matchAll(/\\S+/g)].filter(word => {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return range.getClientRects().length > 1;
        }).map(word => word[0]))""")
    assert broken == []
    assert count(chromium, "wbr") > 10
