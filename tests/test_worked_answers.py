"""The worked answers to the designs: whole, a page each, and their arithmetic holds."""

import ast
import math
import operator
import re

import pytest

from graders.practice.mocks.worked_answer import FOLDER, worked_answer

PAGES = {page.stem: page.read_text("utf-8") for page in sorted(FOLDER.glob("*.md"))}
PARTS = ("requirements", "metrics", "data", "model|ranking|decision", "numbers",
         "monitoring", "failure", "experiment", "traded")  # fmt: skip
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
EACH = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


def value(node):
    """Compute an expression of numbers."""
    if isinstance(node, ast.Constant):
        return node.value
    return OPERATORS[type(node.op)](value(node.left), value(node.right))


def computed(text):
    parsed = ast.parse(text.replace(",", "").strip(), mode="eval")
    return float(value(parsed.body))


def equations(page):
    codes = [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", page)]
    return [code.split("=") for code in codes if "=" in code]


def test_the_eight_designs_have_one():
    assert set(PAGES) == {
        "instagram_ranking", "spotify_recommendation", "ecommerce_recommendation",
        "netflix_watch_prediction", "youtube_video_prediction", "bot_detection",
        "fraud_detection", "eta_prediction",
    }  # fmt: skip


@EACH
def test_it_is_a_page_that_leaves_nothing_out(page):
    headings = re.findall(r"^## (.+)$", page.lower(), re.MULTILINE)
    for part in PARTS:
        assert [h for h in headings if re.search(part, h)], part
    assert 350 <= len(page.split()) <= 600
    assert max(map(len, page.splitlines())) <= 96


@EACH
def test_its_arithmetic_holds(page):
    found = equations(page)
    assert len(found) >= 6
    for left, right in found:
        assert math.isclose(computed(left), computed(right), rel_tol=0.02), left


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [50, 80])
def test_a_screen_shows_all_of_it(name, width):
    shown = worked_answer(name, width)
    assert max(map(len, shown)) <= width
    assert words("\n".join(shown)) == words(
        re.sub(r"^#+|`", "", PAGES[name], flags=re.M)
    )


def words(text):
    return text.split()


def test_a_design_without_one_has_no_lines():
    assert worked_answer("no_such_design", 80) == []
