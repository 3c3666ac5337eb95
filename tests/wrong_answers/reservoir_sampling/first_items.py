def reservoir_sampling(stream, k, rng):
    return list(stream)[:k]
