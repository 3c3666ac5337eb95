"""Written from the prompt alone: counts anew for each merge, decodes with a stack."""

import re
from collections import Counter

WORD = re.compile(r" *[^ ]+| +")


def _merge(ids: list[int], pair: tuple[int, int], new: int) -> list[int]:
    merged = []
    at = 0
    while at < len(ids):
        if at + 1 < len(ids) and (ids[at], ids[at + 1]) == pair:
            merged.append(new)
            at += 2
        else:
            merged.append(ids[at])
            at += 1
    return merged


def train(text: str, n_merges: int) -> list[tuple[int, int]]:
    words = [
        (list(word.encode()), times)
        for word, times in Counter(WORD.findall(text)).items()
    ]
    merges: list[tuple[int, int]] = []
    while len(merges) < n_merges:
        counts: dict[tuple[int, int], int] = {}
        for ids, times in words:
            for at in range(1, len(ids)):
                pair = ids[at - 1], ids[at]
                counts[pair] = counts.get(pair, 0) + times
        best, most = None, 1
        for pair, count in counts.items():
            if count > most or (count == most and best is not None and pair < best):
                best, most = pair, count
        if best is None:
            break
        new = 256 + len(merges)
        merges.append(best)
        words = [(_merge(ids, best, new), times) for ids, times in words]
    return merges


def encode(text: str, merges: list[tuple[int, int]]) -> list[int]:
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    known: dict[str, list[int]] = {}
    result = []
    for word in WORD.findall(text):
        if word not in known:
            ids = list(word.encode())
            while True:
                first = len(merges)
                for at in range(1, len(ids)):
                    first = min(first, ranks.get((ids[at - 1], ids[at]), first))
                if first == len(merges):
                    break
                ids = _merge(ids, merges[first], 256 + first)
            known[word] = ids
        result += known[word]
    return result


def decode(ids: list[int], merges: list[tuple[int, int]]) -> str:
    data = bytearray()
    for token in ids:
        if not 0 <= token < 256 + len(merges):
            raise ValueError(f"{token} is the id of no token")
        stack = [token]
        while stack:
            top = stack.pop()
            if top < 256:
                data.append(top)
            else:
                left, right = merges[top - 256]
                stack += [right, left]
    return data.decode(errors="replace")
