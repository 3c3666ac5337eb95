def sliding_window_median(values, k):
    return [sorted(values[i : i + k])[k // 2] for i in range(len(values) - k)]
