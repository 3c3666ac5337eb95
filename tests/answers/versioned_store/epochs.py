"""Lives as intervals that later writes cut short; restore in O(1) by epochs."""

from bisect import bisect_right


class Store:
    def __init__(self):
        self._fields = {}
        self._epochs = []  # (time, at) of each restore
        self._last = None

    def _translate(self, time, before):
        """Return each (time, epoch) to look at: the epoch's own writes, then back."""
        n = bisect_right(self._epochs, time, hi=before, key=lambda epoch: epoch[0])
        while True:
            yield time, n
            if n == 0:
                return
            restored, at = self._epochs[n - 1]
            time += at - restored
            n = bisect_right(self._epochs, at, hi=n - 1, key=lambda epoch: epoch[0])

    def _find(self, key, field, time):
        writes = self._fields.get(key, {}).get(field, ())
        limit = time
        for view, epoch in self._translate(time, len(self._epochs)):
            start = self._epochs[epoch - 1][0] if epoch else None
            i = bisect_right(writes, min(limit, view), key=lambda write: write[0])
            if i and (start is None or writes[i - 1][0] >= start):
                _, value, end = writes[i - 1]
                return value if end is None or view < end else None
            if epoch:
                limit = self._epochs[epoch - 1][1]
        return None

    def set(self, key, field, value, time, *, ttl=None):
        if self._last is not None and time <= self._last:
            raise ValueError("not later")
        if ttl is not None and ttl < 1:
            raise ValueError("no life")
        self._append(key, field, (time, value, None if ttl is None else time + ttl))

    def _append(self, key, field, write):
        self._last = write[0]
        self._fields.setdefault(key, {}).setdefault(field, []).append(write)

    def get(self, key, field, time):
        return self._find(key, field, time)

    def delete(self, key, field, time):
        existed = self._find(key, field, time) is not None
        self._append(key, field, (time, None, None))
        return existed

    def scan(self, key, prefix, time):
        found = []
        for field in self._fields.get(key, {}):
            value = self._find(key, field, time)
            if field.startswith(prefix) and value is not None:
                found.append((field, value))
        found.sort()
        return found

    def restore(self, time, at):
        alive = sum(
            self._find(key, field, at) is not None
            for key, fields in self._fields.items()
            for field in fields
        )
        self._epochs.append((time, at))
        self._last = time
        return alive
