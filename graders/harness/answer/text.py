"""An answer that is a text, which needs no worker: nothing of it is run."""

from __future__ import annotations

from typing import Any

from graders.harness.answer.answer import Answer
from graders.harness.answer.errors import CouldNotLoad, NotStarted

MAX_TEXT = 60_000  # bytes; forty pages


class TextAnswer(Answer):
    """A text."""

    def start(self) -> None:
        """Say that nothing had to be isolated."""
        self.mode = "none needed"

    def fresh(self, megabytes: int | None = None, largest: int | None = None) -> Any:
        """Return what holds the text."""
        return Text(self)

    def load(self) -> None:
        """See that the file holds a text to be judged.

        Raises:
            CouldNotLoad: If it is no text, or none that a person would write.
        """
        if self.untouched:
            raise NotStarted("unchanged stub")
        if len(self.source) > MAX_TEXT:
            raise CouldNotLoad(f"the file is larger than {MAX_TEXT // 1000} kB")
        try:
            self.source.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CouldNotLoad(f"the file is not UTF-8: {error}") from None


class Text:
    """Stands for an answer that is a text."""

    def __init__(self, answer: TextAnswer) -> None:
        self._answer = answer

    @property
    def text(self) -> str:
        """The text, its lines ended as Python ends them."""
        self._answer.load()
        text = self._answer.source.decode("utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n")
