"""Each step an object with fit and transform, as scikit-learn has them."""

import numpy as np


class Median:
    def fit(self, x):
        self.middle = [np.median(c[~np.isnan(c)]) for c in x.T]
        return self

    def transform(self, x):
        return np.array(
            [np.where(np.isnan(c), m, c) for c, m in zip(x.T, self.middle, strict=True)]
        ).T


class Encoder:
    def fit(self, categories, y):
        self.prior = np.mean(y)
        self.seen = {}
        for c, label in zip(categories.tolist(), y.tolist(), strict=True):
            total, count = self.seen.get(c, (0, 0))
            self.seen[c] = total + label, count + 1
        return self

    def transform(self, categories, own=None):
        out = []
        for i, c in enumerate(categories.tolist()):
            total, count = self.seen.get(c, (0, 0))
            if own is not None:
                total, count = total - own[i], count - 1
            out.append((total + 2.0 * self.prior) / (count + 2.0))
        return np.array(out)


def out_of_fold_scores(numbers, categories, labels, groups, *, n_folds, n_columns):
    n = len(numbers)
    if len(categories) != n or len(labels) != n or len(groups) != n:
        raise ValueError("rows")
    names = sorted(set(groups.tolist()))
    if len(names) < n_folds:
        raise ValueError("groups")
    fold = np.array([names.index(g) % n_folds for g in groups.tolist()])
    scores = np.full(n, np.nan)
    for f in range(n_folds):
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        y = labels[train]
        median = Median().fit(numbers[train])
        encoder = Encoder().fit(categories[train], y)
        a = np.c_[
            median.transform(numbers[train]), encoder.transform(categories[train], y)
        ]
        b = np.c_[median.transform(numbers[test]), encoder.transform(categories[test])]
        sizes = []
        for column in a.T:
            constant = np.std(column) < 1e-9 or np.std(y) == 0
            sizes.append(0.0 if constant else abs(np.corrcoef(column, y)[0, 1]))
        keep = sorted(range(a.shape[1]), key=lambda c: sizes[c], reverse=True)
        keep = keep[:n_columns]
        a, b = a[:, keep], b[:, keep]
        mean, sd = a.mean(0), a.std(0)
        sd[sd < 1e-9] = 1
        a, b = (a - mean) / sd, (b - mean) / sd
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        w = vt.T @ ((s / (s**2 + 1.0)) * (u.T @ (y - y.mean())))
        scores[test] = b @ w + y.mean()
    return scores
