"""Plain dictionaries and loops over places; encodes the whole text at once."""


def split(text):
    words, word = [], ""
    for character in text:
        if character == " " and word.strip(" "):
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words


def replace(ids, pair, new_id):
    ids, at = list(ids), 0
    while at < len(ids) - 1:
        if ids[at] == pair[0] and ids[at + 1] == pair[1]:
            ids[at : at + 2] = [new_id]
        at += 1
    return ids


def train(text, n_merges):
    table = {}
    for word in split(text):
        table[word] = table.get(word, 0) + 1
    words = [[list(word.encode("utf-8")), times] for word, times in table.items()]
    merges = []
    for step in range(n_merges):
        counts = {}
        for ids, times in words:
            for at in range(len(ids) - 1):
                pair = ids[at], ids[at + 1]
                counts[pair] = counts.get(pair, 0) + times
        top = max(counts.values(), default=0)
        if top <= 1:
            return merges
        merges.append(min(pair for pair in counts if counts[pair] == top))
        for entry in words:
            entry[0] = replace(entry[0], merges[-1], 256 + step)
    return merges


def encode(text, merges):
    ids = list(text.encode("utf-8"))
    for step, pair in enumerate(merges):
        ids = replace(ids, pair, 256 + step)
    return ids


def decode(ids, merges):
    def spell(token):
        if token < 256:
            return [token]
        left, right = merges[token - 256]
        return spell(left) + spell(right)

    spelled = []
    for token in ids:
        if token < 0 or token - 256 >= len(merges):
            raise ValueError(token)
        spelled += spell(token)
    return bytes(spelled).decode("utf-8", "replace")
