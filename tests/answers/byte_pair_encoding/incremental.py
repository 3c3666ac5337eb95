"""Counts of pairs kept from merge to merge, with an index of words and a heap."""

import heapq
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise


def train(text, n_merges):
    table = Counter(re.findall(r" *[^ ]+| +", text))
    words = [(list(word.encode()), times) for word, times in table.items()]
    counts, where = Counter(), defaultdict(set)
    for number, (ids, times) in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times
            where[pair].add(number)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(heap)
    merges = []
    while heap and len(merges) < n_merges:
        count, pair = heapq.heappop(heap)
        if counts[pair] != -count:
            continue
        if count > -2:
            break
        changed = Counter()
        for number in where[pair]:
            ids, times = words[number]
            for old in pairwise(ids):
                changed[old] -= times
            ids[:] = _merged(ids, pair, 256 + len(merges))
            for new in pairwise(ids):
                changed[new] += times
                where[new].add(number)
        for other, change in changed.items():
            if change:
                counts[other] += change
                heapq.heappush(heap, (-counts[other], other))
        merges.append(pair)
    return merges


def _merged(ids, pair, new_id):
    left = iter(ids)
    result = []
    for token in left:
        if result and result[-1] == pair[0] and token == pair[1]:
            result[-1] = new_id
        else:
            result.append(token)
    return result


def encode(text, merges):
    rank = {pair: i for i, pair in enumerate(merges)}

    @cache
    def encode_word(word):
        ids = list(word.encode())
        while len(ids) > 1:
            ranked = ((rank.get(pair, len(rank)), pair) for pair in pairwise(ids))
            lowest, pair = min(ranked)
            if lowest == len(rank):
                break
            ids = _merged(ids, pair, 256 + lowest)
        return ids

    words = re.findall(r" *[^ ]+| +", text)
    return [token for word in words for token in encode_word(word)]


def decode(ids, merges):
    vocabulary = {i: bytes([i]) for i in range(256)}
    for i, (left, right) in enumerate(merges):
        vocabulary[256 + i] = vocabulary[left] + vocabulary[right]
    try:
        return b"".join(map(vocabulary.__getitem__, ids)).decode(errors="replace")
    except KeyError as error:
        raise ValueError(f"unknown id {error}") from None
