"""A log of all writes, replayed for each read."""


class Store:
    def __init__(self):
        self.log = []

    def set(self, key, field, value, time, *, ttl=None):
        if self.log and self.log[-1][0] >= time:
            raise ValueError("time must grow")
        if ttl is not None and ttl <= 0:
            raise ValueError("ttl must be positive")
        self.log.append((time, "set", (key, field, value, ttl)))

    def delete(self, key, field, time):
        there = (key, field) in self._state(time, len(self.log))
        self.log.append((time, "delete", (key, field)))
        return there

    def restore(self, time, at):
        state = self._state(at, len(self.log))
        self.log.append((time, "restore", (at, state)))
        return len(state)

    def get(self, key, field, time):
        found = self._state(time, len(self.log)).get((key, field))
        return None if found is None else found[0]

    def scan(self, key, prefix, time):
        state = self._state(time, len(self.log))
        found = []
        for (owner, field), (value, _) in state.items():
            if owner == key and field[: len(prefix)] == prefix:
                found.append((field, value))
        return sorted(found)

    def _state(self, time, length):
        """Return cell -> (value, seconds left), with None for ever."""
        state, now = {}, None
        for when, verb, details in self.log[:length]:
            if when > time:
                break
            self._age(state, 0 if now is None else when - now)
            now = when
            if verb == "set":
                state[details[:2]] = details[2:]
            elif verb == "delete":
                state.pop(details, None)
            else:
                state = dict(details[1])
        if now is not None:
            self._age(state, time - now)
        return state

    @staticmethod
    def _age(state, seconds):
        for cell, (value, left) in list(state.items()):
            if left is not None and left <= seconds:
                del state[cell]
            elif left is not None:
                state[cell] = value, left - seconds
