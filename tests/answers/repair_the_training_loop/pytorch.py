"""As PyTorch has it: modules, SGD, ExponentialLR, clip_grad_norm_, state_dict."""

import copy

import numpy as np


class Parameter:
    def __init__(self, data):
        self.data, self.grad = np.array(data, dtype=np.float64), None

    def accumulate(self, grad):
        self.grad = grad if self.grad is None else self.grad + grad


class Linear:
    def __init__(self, weight):
        self.weight = Parameter(weight)

    def forward(self, x):
        self.x = x
        return x @ self.weight.data

    def backward(self, grad):
        self.weight.accumulate(self.x.T @ grad)
        return grad @ self.weight.data.T


class Tanh:
    def forward(self, x):
        self.output = np.tanh(x)
        return self.output

    def backward(self, grad):
        return grad * (1 - self.output**2)


class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.training = p, rng, True

    def forward(self, x):
        self.noise = 1.0
        if self.training:
            self.noise = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        return x * self.noise

    def backward(self, grad):
        return grad * self.noise


class Sequential:
    def __init__(self, *modules):
        self.modules = modules

    def parameters(self):
        return [m.weight for m in self.modules if isinstance(m, Linear)]

    def state_dict(self):
        first, second = self.parameters()
        return {"w1": first.data, "w2": second.data[:, 0]}

    def train(self, mode=True):
        for module in self.modules:
            module.training = mode

    def forward(self, x):
        for module in self.modules:
            x = module.forward(x)
        return x

    def backward(self, grad):
        for module in reversed(self.modules):
            grad = module.backward(grad)


def clip_grad_norm_(parameters, max_norm):
    norms = [np.linalg.norm(parameter.grad) for parameter in parameters]
    clip_coef = min(max_norm / (np.linalg.norm(norms) + 1e-300), 1.0)
    for parameter in parameters:
        parameter.grad = parameter.grad * clip_coef


def train(
    parameters,
    training,
    validation,
    rng,
    *,
    batch_size,
    n_epochs,
    learning_rate,
    decay,
    max_norm,
    dropout,
):
    model = Sequential(
        Linear(parameters["w1"]),
        Tanh(),
        Dropout(dropout, rng),
        Linear(parameters["w2"][:, None]),
    )
    lr, best_loss, best_state, history = learning_rate, float("inf"), None, []
    for _ in range(n_epochs):
        model.train()
        order = rng.permutation(len(training[1]))
        for start in range(0, len(order), batch_size):
            index = order[start : start + batch_size]
            for parameter in model.parameters():
                parameter.grad = None
            output = model.forward(training[0][index])
            target = training[1][index][:, None]
            model.backward(2 * (output - target) / len(index))
            clip_grad_norm_(model.parameters(), max_norm)
            for parameter in model.parameters():
                parameter.data -= lr * parameter.grad
        lr *= decay
        model.train(False)
        output = model.forward(validation[0])[:, 0]
        history.append(float(np.mean((output - validation[1]) ** 2)))
        if history[-1] < best_loss:
            best_loss = history[-1]
            best_state = copy.deepcopy(model.state_dict())
    return best_state, history
