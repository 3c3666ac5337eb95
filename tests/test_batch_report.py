"""The report of a class in a real browser: what it shows, and what it never does."""

import re

import pytest

from graders.submissions.batch.class_report.page import ROWS, as_page
from graders.submissions.batch.class_report.summary import MOST_STUCK, summarise
from graders.submissions.batch.copies.passages import Pair
from graders.submissions.batch.tables import findings

PHONE, DESKTOP = 390, 1100
EVIL = "</p></details><script>document.title='owned'</script><img src=x onerror=1>"
EQUAL = {"correctness": 1.0}


def line(who, exercise="roc_auc", good=2, failed=(), mistakes=(), verdict=None):
    """Return a line of a ledger: so many of 4 checks passed."""
    return {
        "who": who,
        "exercise": exercise,
        "verdict": verdict or ("passed" if good == 4 else "failed"),
        "rubric": {"correctness": {"passed": good, "total": 4}},
        "findings": {
            "failed": list(failed),
            "mistakes": list(mistakes),
        },
    }


def usual():
    lines = []
    for number in range(90):
        bad = ["Halves ties."] if number % 3 else []
        looks = ["counts a tie as a win"] if number % 3 == 1 else []
        lines.append(line(f"p{number:02}", good=4 - 2 * len(bad), failed=bad,
                          mistakes=looks))  # fmt: skip
        lines.append(line(f"p{number:02}", "kmeans", good=number % 5))
    return lines


def hostile():
    name = EVIL + "\x00\x1b[31m\ud800\u202e"
    long = "x" * 5000
    return [
        line(name, EVIL, 1, [EVIL], [EVIL]),
        line(long, long, 0, [long], [long]),
        line("漢字🎉 $x$ ${body}", "$light", 3, ["$dark"], ["&amp; <!-- ]]>"]),
        line("fault", verdict="grader error"),
        {"who": "old", "exercise": "e", "verdict": "failed", "rubric": {}},
    ]


def pair(one="ann", other="bob", text="def f():\n    return 1"):
    return Pair("roc_auc", one, other, 0.93, 3, [((1, text), (7, text))], 2)


LINES = {
    "usual": (usual(), [pair()]),
    "one": ([line("ann", good=4)], []),
    "hostile": (hostile(), [pair(EVIL, "x" * 5000, f"{EVIL}\n{'y' * 5000}")]),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    for name, (lines, pairs) in LINES.items():
        text = as_page(summarise(lines, EQUAL), pairs, 5 if pairs else 0)
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in LINES}


def text_of(tab, selector="body"):
    return tab.value(f"document.querySelector({selector!r}).innerText")


# What holds for every report.


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_console_is_clean_and_nothing_scrolls_sideways(
    pages, chromium, name, width, dark
):
    chromium.open(pages[name], width, dark)
    chromium.unfold()
    assert chromium.console == []
    assert chromium.fetched == [pages[name].as_uri()]
    assert chromium.value("document.documentElement.scrollWidth") <= width
    shades = chromium.value(
        "[document.body, document.querySelector('svg .bar')].map(x =>"
        "[getComputedStyle(x).backgroundColor, getComputedStyle(x).fill][+(x.tagName"
        " == 'rect')])"
    )
    expected = ["rgb(20, 23, 26)", "rgb(122, 182, 238)"]
    assert shades == (expected if dark else ["rgb(246, 244, 239)", "rgb(20, 96, 159)"])


def test_no_text_becomes_a_part_of_the_page(pages, chromium):
    chromium.open(pages["hostile"])
    chromium.unfold()
    assert chromium.value("document.title") == "Class report"
    found = "document.querySelectorAll('script, img, iframe, object, [onerror]').length"
    assert chromium.value(found) == 0
    words = text_of(chromium, "main")
    assert EVIL in words
    assert "${body}" in words
    raw = pages["hostile"].read_bytes()
    assert b"\x00" not in raw
    assert b"\x1b" not in raw
    assert "\u202e".encode() not in raw


def test_the_policy_stops_what_the_escaping_would_miss(pages, chromium, tmp_path):
    attack = "<script>document.title = 'owned'</script><img src='https://example.com'>"
    file = tmp_path / "attacked.html"
    whole = pages["one"].read_text("utf-8")
    file.write_text(whole.replace("</main>", f"{attack}</main>"), "utf-8")
    chromium.open(file)
    assert chromium.value("document.title") == "Class report"
    assert len(chromium.console) == 2
    assert all("Content Security Policy" in text for text in chromium.console)


# What is shown.


def test_each_section_has_its_plot_and_its_numbers(pages, chromium):
    chromium.open(pages["usual"], script=False)
    heads = "[...document.querySelectorAll('h2')].map(x => x.innerText)"
    assert chromium.value(heads) == [
        "Scores", "Checks that fail most", "Mistakes", "Who is stuck on what",
        "Near copies",
    ]  # fmt: skip
    drawn = "[...document.querySelectorAll('section')].map(s =>"
    drawn += "[...s.querySelectorAll('svg')].filter(x => x.clientHeight > 5).length)"
    assert all(chromium.value(drawn)[:4])
    words = text_of(chromium)
    assert "180 answers of 90 people to 2 exercises; 48 passed." in words
    assert re.search(r"Halves ties\.\s+60 of 90", words)
    assert re.search(r"counts a tie as a win\s+30 of 90", words)
    assert "93% alike" in words
    assert "prove nothing" in words
    assert "And 5 more in copies.csv." in words


def test_each_bar_is_as_long_as_its_share(pages, chromium):
    chromium.open(pages["usual"])
    widths = "[...document.querySelectorAll('section:nth-of-type(3) .bar')].map("
    widths += "x => x.getBBox().width)"
    [share] = chromium.value(widths)
    assert share == pytest.approx(100 * 30 / 90, abs=0.1)


def test_who_is_stuck_unfolds_lowest_scores_first(pages, chromium):
    chromium.open(pages["usual"], PHONE)
    first = "document.querySelector('section:nth-of-type(4) details')"
    hidden = f"{first}.querySelector('ul').checkVisibility()"
    assert chromium.value(hidden) is False
    chromium.value(f"{first}.querySelector('summary').click()")
    assert chromium.value(hidden) is True
    rows = chromium.value(f"{first}.innerText").splitlines()
    assert rows[0] == "72 people"  # 72 of 90 did not pass kmeans
    assert rows[1] == "p00"
    assert rows[2].startswith("0 of 100.")
    assert rows[-1] == f"and {72 - MOST_STUCK} more, in grades.csv"


# What is counted.


def test_scores_fall_into_tenths():
    lines = [line(who, good=good) for who, good in (("a", 4), ("b", 0), ("c", 2))]
    summary = summarise([*lines, line("c", "kmeans", good=3)], EQUAL)
    assert summary.means == [0.0, 62.5, 100.0]
    assert summary.histogram == [1, 0, 0, 0, 0, 0, 1, 0, 0, 1]


def test_the_largest_share_of_failures_comes_first():
    lines = [line(f"{n}", failed=["Rare."] if n else ["Rare.", "Odd."]) for n in (0, 1)]
    lines += [line("x", "kmeans", failed=["Runs."])]
    assert summarise(lines, EQUAL).hardest() == [
        ("roc_auc", "Rare.", 2, 2),
        ("kmeans", "Runs.", 1, 1),
        ("roc_auc", "Odd.", 1, 2),
    ]


def test_a_long_list_is_cut_and_says_so():
    lines = [line("a", failed=[f"Check {n}." for n in range(ROWS + 7)])]
    assert "And 7 more." in as_page(summarise(lines, EQUAL), None)


def test_findings_count_a_check_once_and_only_if_it_failed():
    def check(sentence, verdict, mistake=""):
        return {"sentence": sentence, "verdict": verdict, "mistake": mistake}

    checks = [check("A.", "wrong", "m"), check("A.", "raised", "m"),
              check("B.", "passed"), check("C.", "not judged")]  # fmt: skip
    assert findings(checks) == {
        "failed": ["A."], "mistakes": ["m"]
    }  # fmt: skip
