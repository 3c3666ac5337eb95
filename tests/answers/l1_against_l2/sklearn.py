"""scikit-learn's elastic net; random data that its lasso and ridge are tried on."""

import warnings

import numpy as np
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge


def one_weight(x, y, *, l1, l2):
    column = x.reshape(-1, 1)
    if l1 + l2 == 0:
        return float(LinearRegression(fit_intercept=False).fit(column, y).coef_[0])
    model = ElasticNet(
        alpha=l1 + l2, l1_ratio=l1 / (l1 + l2), fit_intercept=False, tol=1e-14
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(model.fit(column, y).coef_[0])


def sparse(n_kept, n_zero, penalty):
    d = n_kept + n_zero
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(900, d))
        x /= np.sqrt((x**2).mean(axis=0))
        y = x @ np.array([3 * penalty] * n_kept + [0.4 * penalty] * n_zero)
        lasso = Lasso(alpha=penalty, fit_intercept=False, tol=1e-10).fit(x, y).coef_
        ridge = Ridge(alpha=900 * penalty, fit_intercept=False).fit(x, y).coef_
        dropped = np.abs(x.T @ (y - x @ lasso))[n_kept:] / 900
        kept = lasso[:n_kept].min() > 0.02 and (lasso[n_kept:] == 0).all()
        if kept and dropped.max() < 0.99 * penalty and np.abs(ridge).min() > 0.02:
            return x, y
    raise AssertionError("no seed does")


def grouped(copies, penalty):
    rng = np.random.default_rng(copies)
    noise = np.linalg.qr(rng.normal(size=(60, copies + 1)))[0] * np.sqrt(60)
    x = noise[:, [0]] + 0.06 * noise[:, 1:]
    x /= np.sqrt((x**2).mean(axis=0))
    return x, 4.0 * penalty * x[:, 0]
