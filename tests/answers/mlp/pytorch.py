"""As PyTorch does it: linear with weights (out, in), threshold_backward, nll_loss."""

import numpy as np


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def forward(self, data):
        self.data = data
        return data @ self.weight.T + self.bias

    def backward(self, grad_output):
        self.weight_grad = grad_output.T @ self.data
        self.bias_grad = grad_output.sum(axis=0)
        return grad_output @ self.weight


class ReLU:
    def forward(self, data):
        self.result = np.clip(data, 0, None)
        return self.result

    def backward(self, grad_output):
        return np.where(self.result > 0, grad_output, 0)


class CrossEntropyLoss:
    def forward(self, data, target):
        high = data.max(axis=1)[:, None]
        lse = high + np.log(np.exp(data - high).sum(axis=1))[:, None]
        self.output, self.target = data - lse, target
        return -np.take_along_axis(self.output, target[:, None], axis=1).mean()

    def backward(self):
        grad = np.zeros_like(self.output)
        np.put_along_axis(grad, self.target[:, None], -1 / len(grad), axis=1)
        return grad - np.exp(self.output) * grad.sum(axis=1, keepdims=True)


def mlp(features, targets, w1, b1, w2, b2, *, l2=0.0):
    if features.shape[0] != targets.shape[0]:
        raise ValueError("Expected input batch_size to match target batch_size")
    if features.shape[1] != w1.shape[0] or w1.shape[1] != w2.shape[0]:
        raise ValueError("mat1 and mat2 shapes cannot be multiplied")
    if b1.shape != w1.shape[1:]:
        raise ValueError("bias")
    target = targets.astype(np.int64)
    if ((target < 0) | (target >= w2.shape[1])).any():
        raise ValueError("target is out of bounds")
    layers = [Linear(w1.T, b1), ReLU(), Linear(w2.T, b2)]
    criterion = CrossEntropyLoss()
    data = features
    for layer in layers:
        data = layer.forward(data)
    loss = criterion.forward(data, target)
    grad = criterion.backward()
    for layer in reversed(layers):
        grad = layer.backward(grad)
    loss = loss + l2 * (np.square(w1).sum() + np.square(w2).sum()) / 2
    first, second = layers[0], layers[2]
    return (
        float(loss),
        first.weight_grad.T + l2 * w1,
        first.bias_grad,
        second.weight_grad.T + l2 * w2,
        second.bias_grad,
    )
