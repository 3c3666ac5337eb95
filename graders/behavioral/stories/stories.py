"""The stories of a story bank, as they stand in its text."""

import dataclasses
import re

from graders.behavioral.prose import labelled, sections_of, without_comments, words_of

THEMES = ("conflict", "failure", "leadership", "ambiguity", "impact", "ML system")


@dataclasses.dataclass
class Story:
    """One story as it stands in the text."""

    number: int
    title: str
    covers: list[str]
    sections: list[tuple[str, str]]

    def section(self, name: str) -> str:
        """Return the text of a section, which is empty if there is none."""
        return "\n\n".join(text for part, text in self.sections if part == name)

    @property
    def words(self) -> list[str]:
        """The words that are told."""
        return [word for _, text in self.sections for word in words_of(text)]


def parse(text: str) -> list[Story]:
    """Return the stories of a text, comments left out."""
    stories = []
    for heading, body in sections_of(without_comments(text), 2)[1]:
        if named := re.match(r"story\s+(\d{1,3})\b[:.]?(.*)", heading, re.IGNORECASE):
            head, sections = sections_of(body, 3)
            covers = [t.strip("*_ ") for t in labelled(head, "covers").split(",")]
            parts = [(title.lower(), text) for title, text in sections]
            story = Story(int(named[1]), named[2].strip(), covers, parts)
            stories.append(story)
    return stories
