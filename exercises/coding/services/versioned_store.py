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
        raise NotImplementedError

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
        raise NotImplementedError

    def get(self, key: str, field: str, time: int) -> str | None:
        """Return what a field held at a time, or None if there was nothing alive."""
        raise NotImplementedError

    def delete(self, key: str, field: str, time: int) -> bool:
        """Delete a field, and return whether there was something alive to delete."""
        raise NotImplementedError

    def scan(self, key: str, prefix: str, time: int) -> list[tuple[str, str]]:
        """Return the (field, value) pairs of a key that were alive at a time.

        Only fields that begin with the prefix, which is no pattern, in ascending order
        of fields.
        """
        raise NotImplementedError

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
        raise NotImplementedError
