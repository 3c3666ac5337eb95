"""Show values as text that can be pasted into a Python prompt."""


def shown(text, function):
    """Return the function, to be shown to a candidate as `text`.

    Example: `shown("lambda w: 2 * (w - 3)", gradient)`.
    """
    function.shown = text
    return function
