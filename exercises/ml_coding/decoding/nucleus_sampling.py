"""Temperature, top-k and nucleus sampling.

A language model gives a logit for every token. Turn them into the probabilities from
which the next token is drawn, then draw it. NumPy only.
"""

import numpy as np


def filtered(
    logits: np.ndarray,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> np.ndarray:
    """Return the probabilities of the tokens, filtered in this order.

    1. Divide the logits by the temperature, and take the softmax. A temperature of 0
       gives the first of the largest logits all of the probability.
    2. Keep the top_k most likely tokens; all, if top_k is None or exceeds v.
    3. Of these, renormalised to a sum of 1, keep the smallest set of the most likely
       whose probabilities sum to top_p or more. A top_p of 1 keeps all.
    4. Renormalise what is kept; all other tokens have probability 0.

    Of tokens that are equally likely, those of lower index are kept first.

    Args:
        logits: (v,) of integers or floats, finite or -inf, at least one of them finite.
            A logit of -inf has probability 0. Divided by a temperature above 0, finite
            logits are up to 1e9 in size, and must not overflow.
        temperature: 0 or more, finite.
        top_k: 1 or more, or None.
        top_p: Above 0, and at most 1.

    Returns:
        (v,) of probabilities.

    Raises:
        ValueError: If temperature, top_k or top_p is out of its range.

    Example:
        >>> filtered(np.log([0.1, 0.2, 0.3, 0.4]), top_k=3, top_p=0.46)
        array([0.        , 0.        , 0.42857143, 0.57142857])

    Source: Holtzman et al., 2020, arXiv:1904.09751.
    """
    raise NotImplementedError


def sample(
    logits: np.ndarray,
    rng: np.random.Generator,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> int:
    """Return the index of a token, drawn with the probabilities of `filtered`.

    Args:
        logits: As `filtered` takes them.
        rng: The only source of randomness; the same state gives the same token.
        temperature: As `filtered` takes it.
        top_k: As `filtered` takes it.
        top_p: As `filtered` takes it.
    """
    raise NotImplementedError
