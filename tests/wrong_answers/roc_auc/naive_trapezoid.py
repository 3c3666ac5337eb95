import numpy as np
def roc_auc(labels, scores):
    print("hello")
    order = np.argsort(-scores)
    y = labels[order]
    tpr = np.cumsum(y) / y.sum()
    fpr = np.cumsum(1 - y) / (1 - y).sum()
    return float(np.trapezoid(tpr, fpr))
