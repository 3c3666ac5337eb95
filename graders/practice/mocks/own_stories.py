"""The bridge from a behavioral question to the stories that one has written down."""

from __future__ import annotations

from graders.harness.catalog.exercise import choose_one, relative


def own_stories(theme: str) -> str:
    """Return in a sentence which stories of the story bank cover a theme.

    It is "" where there is no such exercise.
    """
    try:
        file = choose_one("story_bank").stub
    except LookupError:
        return ""
    # Here, since a repository need not have the exercise.
    from graders.behavioral.stories.stories import parse

    try:
        stories = parse(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        return f"Your stories cannot be read: {error}."
    titles = [
        f'"{story.title}"'
        for story in stories
        if story.title and theme.lower() in map(str.lower, story.covers)
    ]
    if titles:
        return f"Of your own stories, these cover {theme}: {', '.join(titles)}."
    return f"None of your own stories covers {theme} yet: see {relative(file)}."
