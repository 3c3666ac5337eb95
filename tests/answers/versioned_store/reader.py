"""Written from the prompt alone: a list of versions for each field, and bisection."""

from bisect import bisect_right


class Store:
    def __init__(self) -> None:
        self.last = None
        self.keys = {}

    def write(self, key, field, time, value, end):
        fields = self.keys.setdefault(key, {})
        times, versions = fields.setdefault(field, ([], []))
        times.append(time)
        versions.append((value, end))

    def version(self, key, field, time):
        """Return (value, end) of what is alive at a time, or None."""
        history = self.keys.get(key, {}).get(field)
        if history is None:
            return None
        times, versions = history
        place = bisect_right(times, time) - 1
        if place < 0:
            return None
        value, end = versions[place]
        if value is None or (end is not None and time >= end):
            return None
        return value, end

    def set(
        self, key: str, field: str, value: str, time: int, *, ttl: int | None = None
    ) -> None:
        if self.last is not None and time <= self.last:
            raise ValueError("time must be later than the last write")
        if ttl is not None and ttl < 1:
            raise ValueError("ttl must be 1 or more")
        self.write(key, field, time, value, None if ttl is None else time + ttl)
        self.last = time

    def get(self, key: str, field: str, time: int) -> str | None:
        found = self.version(key, field, time)
        return None if found is None else found[0]

    def delete(self, key: str, field: str, time: int) -> bool:
        self.last = time
        if self.version(key, field, time) is None:
            return False
        self.write(key, field, time, None, None)
        return True

    def scan(self, key: str, prefix: str, time: int) -> list[tuple[str, str]]:
        result = []
        for field in sorted(self.keys.get(key, {})):
            if field.startswith(prefix):
                value = self.get(key, field, time)
                if value is not None:
                    result.append((field, value))
        return result

    def restore(self, time: int, at: int) -> int:
        self.last = time
        restored = 0
        for key, fields in self.keys.items():
            for field in fields:
                then = self.version(key, field, at)
                if then is not None:
                    value, end = then
                    end = None if end is None else time + (end - at)
                    self.write(key, field, time, value, end)
                    restored += 1
                elif self.version(key, field, time) is not None:
                    self.write(key, field, time, None, None)
        return restored
