"""Checks of the story bank: what a program can see of the form of a story.

It never sees the truth, and the table under the result says so to whoever might forget.
"""

from collections import Counter
from itertools import combinations

from graders.behavioral.prose import (
    count_persons,
    numbers_in,
    paragraphs_of,
    repeated_share,
    words_of,
)
from graders.behavioral.stories.stories import THEMES, parse

SECTIONS = ("situation", "task", "action", "result")
PACE = 140  # words a minute
MOST = 12  # stories


def must_hold(text, complain):
    """Fail with each story's complaint, if there are any, or if there is no story."""
    stories = parse(text)
    assert stories, "there is no story yet: one begins with ## Story 1: its title"
    found = [
        f"story {story.number} ({story.title or 'no title'}): {complaint}"
        for story in stories[:MOST]
        if (complaint := complain(story))
    ]
    assert not found, "\n".join(found)


def table_of(stories):
    """Return what a program can see of the stories."""
    rows = ["story                           minutes   I/we   numbers in the result"]
    for story in stories[:MOST]:
        persons = "/".join(map(str, count_persons(story.section("action"))))
        label = f"{story.number} {story.title}"[:30]
        minutes = len(story.words) / PACE
        numbers = " ".join(numbers_in(story.section("result"))) or "none"
        rows.append(f"{label:<30} {minutes:>8.2f} {persons:>6}   {numbers}"[:78])
    rows.append("")
    rows.append("This is the form alone. Whether it is true, and whether it is a good")
    rows.append("story, no program can say: tell it to somebody, and let them ask why.")
    return "\n".join(rows)


def test_stories_are_numbered(submission, exhibit):
    """Has three to twelve stories, each with a title, numbered from 1."""
    stories = parse(submission.text)
    if stories:
        exhibit(table_of(stories))
    must_hold(submission.text, lambda story: "" if story.title else "it has no title")
    numbers = [story.number for story in stories]
    assert 3 <= len(stories) <= MOST, f"there are {len(stories)} stories"
    assert numbers == list(range(1, len(stories) + 1)), f"the numbers are {numbers}"


def test_themes_are_covered(submission):
    """Covers conflict, failure, leadership, ambiguity, impact and an ML system."""
    covered = {
        theme.lower() for story in parse(submission.text) for theme in story.covers
    }
    missing = [theme for theme in THEMES if theme.lower() not in covered]
    assert not missing, f"no story covers {', '.join(missing)}"


def test_each_story_has_its_themes(submission):
    """Names one or two themes for each story, from the six that are asked for."""

    def complain(story):
        known = [theme.lower() for theme in THEMES]
        unknown = [theme for theme in story.covers if theme.lower() not in known]
        if not any(story.covers):
            return "it has no line Covers: with its themes"
        if unknown:
            return f"Covers: names {', '.join(unknown)}; there are {', '.join(THEMES)}"
        if len(story.covers) > 2:
            return f"Covers: names {len(story.covers)} themes; name the one or two best"
        return ""

    must_hold(submission.text, complain)


def test_each_story_has_four_sections(submission):
    """Gives each story a situation, a task, an action and a result, in this order."""

    def complain(story):
        names = [name for name, _ in story.sections]
        right = names == list(SECTIONS)
        return "" if right else f"its sections are {', '.join(names) or 'none'}"

    must_hold(submission.text, complain)


def test_no_section_is_a_stump(submission):
    """Says in each section 15 words or more, and in the action the most."""

    def complain(story):
        lengths = {name: len(words_of(story.section(name))) for name in SECTIONS}
        short = [f"{name} has {n} words" for name, n in lengths.items() if n < 15]
        others = [n for n in SECTIONS if n != "action"]
        longer = [n for n in others if lengths[n] >= lengths["action"]]
        if short or not longer:
            return ", ".join(short)
        return (
            f"the {longer[0]} has {lengths[longer[0]]} words, the action "
            f"{lengths['action']}; what you did is what you are asked about"
        )

    must_hold(submission.text, complain)


def test_the_result_has_a_number(submission):
    """Measures each result: it has a number in digits, which is not a year."""

    def complain(story):
        if numbers_in(story.section("result")):
            return ""
        return "its result has no number; how much, how often, against what before?"

    must_hold(submission.text, complain)


def test_your_own_part_is_visible(submission):
    """Shows in each action what you did: "I" three times or more, "we" less often."""

    def complain(story):
        singular, plural = count_persons(story.section("action"))
        if singular >= 3 and singular > plural:
            return ""
        return f'"I" stands {singular} times, "we" {plural} times; who decided what?'

    must_hold(submission.text, complain)


def test_it_can_be_told_in_two_to_three_minutes(submission):
    """Takes two to three minutes to tell, at 140 words a minute: 280 to 420 words."""

    def complain(story):
        count = len(story.words)
        if 2 * PACE <= count <= 3 * PACE:
            return ""
        what = "say what you decided against" if count < 2 * PACE else "cut"
        return f"{count} words; {what}"

    must_hold(submission.text, complain)


def test_nothing_is_told_twice(submission):
    """Says everything once: no paragraph and no story stands twice, nor almost."""
    seen = set()
    for story in parse(submission.text):
        for paragraph in paragraphs_of("\n\n".join(text for _, text in story.sections)):
            said = words_of(paragraph)
            if repeated_share(said, seen) >= 0.8:
                start = " ".join(said[:8])
                raise AssertionError(f"story {story.number} repeats: {start} ...")
    bags = [Counter(story.words) for story in parse(submission.text)[:MOST]]
    for (first, some), (second, others) in combinations(enumerate(bags, 1), 2):
        alike = (some & others).total() / max(1, (some | others).total())
        assert alike < 0.8, f"stories {first} and {second} have the same words"


def test_it_is_no_padding(submission):
    """Uses many words: of those of a story three in ten or more are different ones."""

    def complain(story):
        said = story.words
        share = len(set(said)) / max(1, len(said))
        return "" if share >= 0.3 else f"of {len(said)} words {share:.1%} are different"

    must_hold(submission.text, complain)
