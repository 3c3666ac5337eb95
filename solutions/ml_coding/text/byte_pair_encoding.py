"""Train, encode and decode with byte pairs.

Write the tokenizer of GPT-2 in small. A byte is its own id, 0 to 255; merge i, counted
from 0, makes the token 256 + i of the two ids that it names. Text is UTF-8, and merges
never reach from one word into the next. Standard library only.
"""

import re
from collections import Counter
from itertools import pairwise

# WORD.findall(text) splits a text into words: spaces belong to the word after them.
WORD = re.compile(r" *[^ ]+| +")


def train(text: str, n_merges: int) -> list[tuple[int, int]]:
    """Learn merges, each of the pair of neighbouring ids that is most frequent by then.

    Pairs are counted within words, at every place: "aaa" counts twice for (97, 97). The
    most frequent one, of equals the smallest tuple, is merged wherever it occurs, from
    left to right and without overlap: "aaa" becomes 256, 97. Words repeat a lot: after
    one pass over the text, a merge takes time for the different words alone.

    Args:
        text: What to learn from; may be empty.
        n_merges: How many merges to learn, 0 or more.

    Returns:
        The merges as they were learned; fewer once no pair occurs twice in the text.

    Example:
        >>> train("aaab aaab", 2)
        [(97, 97), (97, 98)]

    Source: Sennrich, Haddow and Birch (2016), doi:10.18653/v1/P16-1162.
    """
    counts = Counter(WORD.findall(text))
    words = [(list(word.encode()), count) for word, count in counts.items()]
    merges: list[tuple[int, int]] = []
    for new_id in range(256, 256 + n_merges):
        pairs: Counter[tuple[int, int]] = Counter()
        for ids, count in words:
            for pair in pairwise(ids):
                pairs[pair] += count
        best = min(pairs, key=lambda pair: (-pairs[pair], pair), default=None)
        if best is None or pairs[best] < 2:
            break
        words = [(_merge(ids, best, new_id), count) for ids, count in words]
        merges.append(best)
    return merges


def encode(text: str, merges: list[tuple[int, int]]) -> list[int]:
    """Return the ids of a text, merged in the order in which merges were learned.

    Args:
        text: Any text, not only the one that was learned from; may be empty.
        merges: As train returned them for some text.

    Example:
        >>> encode("aaa b", [(97, 97)])
        [256, 97, 32, 98]
    """
    id_of = {pair: 256 + i for i, pair in enumerate(merges)}
    result = []
    for word in WORD.findall(text):
        ids = list(word.encode())
        while known := [pair for pair in pairwise(ids) if pair in id_of]:
            first = min(known, key=id_of.__getitem__)
            ids = _merge(ids, first, id_of[first])
        result += ids
    return result


def decode(ids: list[int], merges: list[tuple[int, int]]) -> str:
    """Return the text of ids, with U+FFFD where their bytes are no UTF-8.

    Args:
        ids: Any ids in any order, as a model may produce them; may be empty.
        merges: As train returned them for some text.

    Raises:
        ValueError: If an id is that of no token.

    Example:
        >>> decode([256, 97], [(97, 97)])
        'aaa'
    """
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + tokens[right])
    for token in ids:
        if not 0 <= token < len(tokens):
            raise ValueError(f"no token has the id {token}")
    return b"".join(tokens[token] for token in ids).decode(errors="replace")


def _merge(ids: list[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """Return ids with each occurrence of a pair replaced, from left to right."""
    merged: list[int] = []
    for token in ids:
        if merged and (merged[-1], token) == pair:
            merged[-1] = new_id  # larger than both, so that nothing overlaps
        else:
            merged.append(token)
    return merged
