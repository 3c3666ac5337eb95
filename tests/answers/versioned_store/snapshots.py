"""A copy of the whole state after every write."""

import copy


class Store:
    def __init__(self):
        self.times = []
        self.states = []

    def _state(self, time):
        state = {}
        for when, snapshot in zip(self.times, self.states, strict=True):
            if when <= time:
                state = snapshot
        alive = {}
        for key, fields in state.items():
            for field, (value, end) in fields.items():
                if end is None or time < end:
                    alive.setdefault(key, {})[field] = (value, end)
        return alive

    def _push(self, time, state):
        self.times.append(time)
        self.states.append(state)

    def _latest(self):
        return copy.deepcopy(self.states[-1]) if self.states else {}

    def set(self, key, field, value, time, *, ttl=None):
        if ttl is not None and ttl < 1:
            raise ValueError(f"ttl {ttl}")
        if self.times and time <= self.times[-1]:
            raise ValueError(f"time {time}")
        state = self._latest()
        end = None if ttl is None else time + ttl
        state.setdefault(key, {})[field] = (value, end)
        self._push(time, state)

    def get(self, key, field, time):
        value, _ = self._state(time).get(key, {}).get(field, (None, None))
        return value

    def delete(self, key, field, time):
        existed = field in self._state(time).get(key, {})
        state = self._latest()
        state.get(key, {}).pop(field, None)
        self._push(time, state)
        return existed

    def scan(self, key, prefix, time):
        fields = self._state(time).get(key, {})
        return [(f, fields[f][0]) for f in sorted(fields) if f.startswith(prefix)]

    def restore(self, time, at):
        state, count = self._state(at), 0
        for fields in state.values():
            for field, (value, end) in fields.items():
                fields[field] = (value, None if end is None else end - at + time)
                count += 1
        self._push(time, state)
        return count
