"""Key-value store in four levels.

Build an in-memory store, level by level; each level builds on the one before.

1. Set, get and delete the fields of a key, each a string.
2. Scan the fields of a key by prefix.
3. Give a value a time to live, after which it is as if it had been deleted.
4. Read the store as it was at an earlier time, and restore it to that.

Every call says what time it is, in whole seconds, below 0 too; there is no clock. set,
delete and restore are writes, each at a later time than the one before; only set has to
check that. get and scan may ask for any time, before or after the last write, and see
the writes of that time and earlier. Standard library only.
"""

import math
from bisect import bisect_right
from typing import NamedTuple


class Store:
    """A store of versions.

    Example:
        >>> store = Store()
        >>> store.set("ann", "city", "Rome", 10, ttl=5)
        >>> store.get("ann", "city", 14), store.get("ann", "city", 15)
        ('Rome', None)
        >>> store.restore(20, 12)
        1
        >>> store.get("ann", "city", 22), store.get("ann", "city", 23)
        ('Rome', None)
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._versions: dict[str, dict[str, list[_Version]]] = {}
        self._last = -math.inf

    def set(
        self, key: str, field: str, value: str, time: int, *, ttl: int | None = None
    ) -> None:
        """Set a field, in place of what it held and of how long that was to live.

        Args:
            key: Any str. Fields of different keys have nothing to do with each other.
            field: Any str.
            value: Any str.
            time: Now.
            ttl: The value lives from time to time + ttl - 1, by default forever. When
                its life ends, the value before it does not come back.

        Raises:
            ValueError: If time is not later than that of the last write, or ttl is
                below 1. The store does not change then.
        """
        if time <= self._last or (ttl is not None and ttl < 1):
            raise ValueError(f"time {time} after {self._last}, ttl {ttl}")
        until = math.inf if ttl is None else time + ttl
        self._write(key, field, _Version(time, value, until))

    def get(self, key: str, field: str, time: int) -> str | None:
        """Return what a field held at a time, or None if there was nothing alive."""
        version = self._alive(key, field, time)
        return version.value if version else None

    def delete(self, key: str, field: str, time: int) -> bool:
        """Delete a field, and return whether there was something alive to delete."""
        existed = self._alive(key, field, time) is not None
        self._write(key, field, _Version(time, "", time))
        return existed

    def scan(self, key: str, prefix: str, time: int) -> list[tuple[str, str]]:
        """Return the (field, value) pairs of a key that were alive at a time.

        Only fields that begin with the prefix, which is no pattern, in ascending order
        of fields.
        """
        fields = sorted(self._versions.get(key, {}))
        return [
            (field, version.value)
            for field in fields
            if field.startswith(prefix)
            and (version := self._alive(key, field, time)) is not None
        ]

    def restore(self, time: int, at: int) -> int:
        """Let all keys hold from now on what they held at an earlier time.

        A value gets the life that it had left then: with 3 seconds left at `at`, it
        lives 3 seconds from `time` on. Whatever else is alive now is deleted.

        Args:
            time: Now.
            at: Below time; there may have been no write yet.

        Returns:
            How many values were restored.
        """
        restored = 0
        for key, fields in self._versions.items():
            for field in fields:
                # Nothing is a version too, whose life ends as it begins.
                value, left = "", 0.0
                if version := self._alive(key, field, at):
                    value, left = version.value, version.until - at
                    restored += 1
                self._write(key, field, _Version(time, value, time + left))
        self._last = time
        return restored

    def _write(self, key: str, field: str, version: "_Version") -> None:
        self._last = version.time
        fields = self._versions.setdefault(key, {})
        fields.setdefault(field, []).append(version)

    def _alive(self, key: str, field: str, time: int) -> "_Version | None":
        """Return the version that is alive at a time, if there is one."""
        versions = self._versions.get(key, {}).get(field, [])
        earlier = bisect_right(versions, time, key=lambda version: version.time)
        if not earlier or versions[earlier - 1].until <= time:
            return None
        return versions[earlier - 1]


class _Version(NamedTuple):
    time: int
    value: str
    until: float  # the first time at which it is no longer alive
