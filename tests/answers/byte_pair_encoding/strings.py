"""Each id is a character of its own, so that str.replace merges from left to right."""

import re
from collections import Counter
from itertools import pairwise


def train(text, n_merges):
    words = Counter(
        word.encode().decode("latin-1") for word in re.findall(r" *[^ ]+| +", text)
    )
    merges = []
    for new_id in range(256, 256 + n_merges):
        pairs = Counter()
        for word, times in words.items():
            for left, right in pairwise(word):
                pairs[left + right] += times
        ranking = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
        if not ranking or pairs[ranking[0]] == 1:
            break
        best = ranking[0]
        merges.append((ord(best[0]), ord(best[1])))
        words = {
            word.replace(best, chr(new_id)): times for word, times in words.items()
        }
    return merges


def encode(text, merges):
    coded = text.encode().decode("latin-1")
    for new_id, (left, right) in enumerate(merges, start=256):
        coded = coded.replace(chr(left) + chr(right), chr(new_id))
    return [ord(character) for character in coded]


def decode(ids, merges):
    if ids and not (min(ids) >= 0 and max(ids) < 256 + len(merges)):
        raise ValueError("an id that no token has")
    coded = "".join(map(chr, ids))
    for new_id in range(255 + len(merges), 255, -1):
        left, right = merges[new_id - 256]
        coded = coded.replace(chr(new_id), chr(left) + chr(right))
    return coded.encode("latin-1").decode("utf-8", errors="replace")
