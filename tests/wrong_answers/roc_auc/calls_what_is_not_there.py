import numpy as np
def roc_auc(labels, scores):
    order = np.argsort(scores)
    if len(np.unique(labels)) < 2:
        raise ValueError
    return helper(labels[order])
