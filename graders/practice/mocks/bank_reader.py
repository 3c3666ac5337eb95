"""Read a question bank strictly: a misspelt key would otherwise be lost in silence."""

from __future__ import annotations

from typing import Any


class Invalid(ValueError):
    """A question bank cannot be used; says where and why in one line."""


class Reader:
    """A table that is read key by key, and rejects missing and unknown keys."""

    def __init__(self, table: Any, where: str) -> None:
        if not isinstance(table, dict):
            raise Invalid(f"{where}: not a table")
        name = table.get("name")
        self.where = f"{where} ({name})" if isinstance(name, str) else where
        self._table = table
        self._read: set[str] = set()

    def _get(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        self._read.add(key)
        value = self._table.get(key, default)
        if value is None:
            raise Invalid(f"{self.where}: {key}: missing")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Invalid(f"{self.where}: {key}: wrong type: {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text with its lines joined and its paragraphs kept."""
        value = self._get(key, str, default)
        if default is None and not value.strip():
            raise Invalid(f"{self.where}: {key}: empty")
        return "\n\n".join(" ".join(part.split()) for part in value.split("\n\n"))

    def texts(self, key: str, default: Any = None) -> tuple[str, ...]:
        """Return a list of at least one text, or the default."""
        values = self._get(key, (list, tuple), default)
        if values is default and default is not None:
            return tuple(default)
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise Invalid(f"{self.where}: {key}: not a list of texts")
        return tuple(" ".join(value.split()) for value in values)

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number of minutes."""
        value = float(self._get(key, (int, float), default))
        if not 0 <= value < 1000 or (default is None and value == 0):
            raise Invalid(f"{self.where}: {key}: not a number of minutes: {value:g}")
        return value

    def table(self, key: str, optional: bool = False) -> Reader:
        """Return a nested table."""
        found = self._get(key, dict, {} if optional else None)
        return Reader(found, f"{self.where}: {key}")

    def tables(self, key: str, optional: bool = False) -> list[Reader]:
        """Return a list of tables."""
        values = self._get(key, list, [] if optional else None)
        return [Reader(v, f"{self.where}: {key} {i + 1}") for i, v in enumerate(values)]

    def words(self, key: str) -> dict[str, str]:
        """Return a table of texts, which may be missing."""
        found = self._get(key, dict, {})
        for word, text in found.items():
            if not isinstance(text, str) or not text.split():
                raise Invalid(f"{self.where}: {key}: {word}: not a text")
        return dict(found)

    def done(self) -> None:
        """Reject keys that nobody has read."""
        if left := sorted(set(self._table) - self._read):
            raise Invalid(f"{self.where}: {left[0]}: unknown key")
