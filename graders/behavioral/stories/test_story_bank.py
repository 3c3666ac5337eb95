"""Grader for the story bank: the interviewer's side of the table.

A program can check the form of a story, never its truth; the table under the result
says so to whoever might forget it.
"""

import dataclasses
import re
from itertools import combinations

THEMES = ("conflict", "failure", "leadership", "ambiguity", "impact", "ML system")
SECTIONS = ("Situation", "Task", "Action", "Result")
PACE = 140  # words a minute


@dataclasses.dataclass
class Story:
    """One story as it stands in the text.

    Args:
        number: What its heading says.
        title: The rest of the heading.
        covers: What the line "Covers:" names.
        parts: Name and text of each section, in the order of the text.
    """

    number: int
    title: str
    covers: list[str]
    parts: list[tuple[str, str]]

    def section(self, name: str) -> str:
        """Return the text of a section, which is empty if there is none."""
        return "\n\n".join(text for part, text in self.parts if part == name)

    @property
    def words(self) -> list[str]:
        """The words that are told."""
        return [word for _, text in self.parts for word in words_of(text)]


def parse(text: str) -> list[Story]:
    """Return the stories of a text, comments left out."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL)
    pieces = re.split(r"^## +Story +(\d{1,3}):?[ \t]*(.*)$", text, flags=re.MULTILINE)
    return [
        _story(int(number), title.strip(), body)
        for number, title, body in zip(
            pieces[1::3], pieces[2::3], pieces[3::3], strict=True
        )
    ]


def _story(number: int, title: str, body: str) -> Story:
    head, *pieces = re.split(r"^### +(.*)$", body, flags=re.MULTILINE)
    names = [name.strip() for name in pieces[0::2]]
    covers = re.search(r"^Covers:(.*)$", head, flags=re.MULTILINE)
    themes = covers[1].split(",") if covers else []
    return Story(
        number,
        title,
        [theme.strip() for theme in themes if theme.strip()],
        list(zip(names, pieces[1::2], strict=True)),
    )


def words_of(text: str) -> list[str]:
    """Return what stands between spaces and has a letter or a digit."""
    return [word for word in text.split() if any(c.isalnum() for c in word)]


def bare(word: str) -> str:
    """Return a word in lower case, without the signs around it."""
    return re.sub(
        r"^\W+|\W+$", "", word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    ).lower()


def count_persons(text: str) -> tuple[int, int]:
    """Return how often "I" and "we" stand in a text."""
    said = [bare(word).partition("'")[0] for word in words_of(text)]
    return said.count("i"), said.count("we")


def numbers_in(text: str) -> list[str]:
    """Return the numbers in digits that are no years, list items or parts of names."""
    text = re.sub(r"^\s*\d+[.)]\s", "", text, flags=re.MULTILINE)
    found = re.findall(r"(?<![\w.-])[-+~<>]?[$€£]?\d[\w.,/]*%?", text)
    found = [number.rstrip(".,/") for number in found]
    return [n for n in found if not re.fullmatch(r"(?:19|20)\d\d", n)]


def triples(paragraph: str) -> set[tuple[str, ...]]:
    """Return the sequences of three words; of fewer words, the one that there is."""
    said = [bare(word) for word in words_of(paragraph)]
    return {tuple(said[i : i + 3]) for i in range(max(1, len(said) - 2))}


def must_hold(stories, complain):
    """Fail with each story's complaint, if there are any, or if there is no story."""
    assert stories, "there is no story yet: one begins with ## Story 1: its title"
    found = [
        f"story {story.number} ({story.title or 'no title'}): {complaint}"
        for story in stories
        if (complaint := complain(story))
    ]
    assert not found, "\n".join(found)


def table_of(stories) -> str:
    """Return what a program can see of the stories."""
    rows = ["story                           minutes   I/we   numbers in the result"]
    for story in stories:
        persons = "/".join(map(str, count_persons(story.section("Action"))))
        label = f"{story.number} {story.title}"[:30]
        minutes = len(story.words) / PACE
        numbers = " ".join(numbers_in(story.section("Result"))) or "none"
        rows.append(f"{label:<30} {minutes:>8.1f} {persons:>6}   {numbers}"[:78])
    rows.append("")
    rows.append("This is the form alone. Whether it is true, and whether it is a good")
    rows.append("story, no program can say: tell it to somebody, and let them ask why.")
    return "\n".join(rows)


def test_stories_are_numbered(submission, exhibit):
    """Has three stories or more, each with a title, numbered from 1."""
    stories = parse(submission.text)
    if stories:
        exhibit(table_of(stories))
    must_hold(stories, lambda story: "" if story.title else "its heading has no title")
    numbers = [story.number for story in stories]
    assert numbers == list(range(1, len(stories) + 1)), f"the numbers are {numbers}"
    assert len(stories) >= 3, (
        f"there are {len(stories)}, which is too few to choose from"
    )


def test_themes_are_covered(submission):
    """Covers conflict, failure, leadership, ambiguity, impact and an ML system."""
    stories = parse(submission.text)
    covered = {theme.lower() for story in stories for theme in story.covers}
    missing = [theme for theme in THEMES if theme.lower() not in covered]
    assert not missing, f"no story covers {', '.join(missing)}"


def test_each_story_has_its_themes(submission):
    """Names one or two themes for each story, from the six that are asked for."""
    stories = parse(submission.text)
    known = [theme.lower() for theme in THEMES]

    def complain(story):
        unknown = [theme for theme in story.covers if theme.lower() not in known]
        if unknown:
            return (
                f"Covers: names {', '.join(unknown)}; choose from {', '.join(THEMES)}"
            )
        if not 1 <= len(story.covers) <= 2:
            return (
                f"Covers: names {len(story.covers)} themes. Name the one or two that "
                "you would tell it for"
            )
        return ""

    must_hold(stories, complain)


def test_each_story_has_four_sections(submission):
    """Gives each story a situation, a task, an action and a result, in this order."""
    stories = parse(submission.text)

    def complain(story):
        names = [name for name, _ in story.parts]
        if names == list(SECTIONS):
            return ""
        return f"its sections are {', '.join(names) or 'none'}"

    must_hold(stories, complain)


def test_no_section_is_a_stump(submission):
    """Says in each section 15 words or more."""
    stories = parse(submission.text)

    def complain(story):
        lengths = {name: len(words_of(story.section(name))) for name in SECTIONS}
        short = [f"{name} has {n} words" for name, n in lengths.items() if n < 15]
        return ", ".join(short)

    must_hold(stories, complain)


def test_the_action_is_the_longest(submission):
    """Spends more words on the action than on any other section."""
    stories = parse(submission.text)

    def complain(story):
        lengths = {name: len(words_of(story.section(name))) for name in SECTIONS}
        others = [
            n for n in SECTIONS if n != "Action" and lengths[n] >= lengths["Action"]
        ]
        if not others:
            return ""
        return (
            f"{others[0]} has {lengths[others[0]]} words, the action "
            f"{lengths['Action']}. What you did is what you are asked about"
        )

    must_hold(stories, complain)


def test_the_result_has_a_number(submission):
    """Measures each result: it has a number in digits, which is not a year."""
    stories = parse(submission.text)

    def complain(story):
        if numbers_in(story.section("Result")):
            return ""
        return (
            "its result has no number. How much, how many, how fast, how often, "
            "against what before? An honest estimate with about is better than none"
        )

    must_hold(stories, complain)


def test_your_own_part_is_visible(submission):
    """Shows in each action what you did: "I" three times or more, "we" less often."""
    stories = parse(submission.text)

    def complain(story):
        singular, plural = count_persons(story.section("Action"))
        if singular >= 3 and singular > plural:
            return ""
        return (
            f'"I" stands {singular} times, "we" {plural} times. They hire you, not '
            "your team: who decided, who wrote it, who talked to whom?"
        )

    must_hold(stories, complain)


def test_it_can_be_told_in_two_to_three_minutes(submission):
    """Takes two to three minutes to tell, at 140 words a minute: 280 to 420 words."""
    stories = parse(submission.text)

    def complain(story):
        count = len(story.words)
        if 2 * PACE <= count <= 3 * PACE:
            return ""
        what = "Say what you decided against, and why" if count < 2 * PACE else "Cut"
        return f"{count} words, {count / PACE:.1f} minutes. {what}"

    must_hold(stories, complain)


def test_no_paragraph_appears_twice(submission):
    """Says everything once: no paragraph stands twice in the file, nor almost."""
    stories = parse(submission.text)
    paragraphs = [
        (story.number, triples(paragraph))
        for story in stories
        for _, text in story.parts
        for paragraph in re.split(r"\n\s*\n", text)
        if words_of(paragraph)
    ]
    must_hold(stories, lambda story: "")
    for (first, some), (second, others) in combinations(paragraphs, 2):
        alike = len(some & others) / len(some | others)
        start = " ".join(next(iter(some & others), ()))
        assert alike < 0.8, (
            f"stories {first} and {second} have a paragraph in common, "
            f'in which "{start}" stands'
        )


def test_it_is_no_padding(submission):
    """Uses many words: of those of a story three in ten or more are different ones."""
    stories = parse(submission.text)

    def complain(story):
        said = [bare(word) for word in story.words]
        share = len(set(said)) / max(1, len(said))
        return "" if share >= 0.3 else f"of {len(said)} words {share:.0%} are different"

    must_hold(stories, complain)
