"""scikit-learn's own; its alpha is not below 1e-10 unless forced."""

from sklearn.naive_bayes import GaussianNB, MultinomialNB


def multinomial(train, labels, queries, *, smoothing=1.0):
    if smoothing <= 0:
        raise ValueError("nothing smooths")
    model = MultinomialNB(alpha=smoothing).fit(train, labels)
    return model.predict_log_proba(queries)


def gaussian(train, labels, queries, *, floor=1e-9):
    model = GaussianNB(var_smoothing=floor).fit(train, labels)
    return model.predict_log_proba(queries)
