from sklearn.metrics import roc_auc_score
def roc_auc(labels, scores):
    return roc_auc_score(labels, scores)
