"""What a program can read in a design memo, and compute again.

Whatever does not have the form that the prompt asks for fails here, with what stands
there instead.
"""

import ast
import operator
import re
from collections import Counter
from fractions import Fraction

from graders.behavioral.prose import (
    labelled,
    table_rows,
    titled_parts,
)

SECTIONS = (
    "Decision",
    "Context",
    "Assumptions",
    "Options",
    "Cost",
    "Sensitivity",
    "Risks",
    "Reversal",
)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NUMBER = re.compile(
    r"([-+]?(?:\d[\d,]{0,29}(?:\.\d{1,30})?|\.\d{1,30})(?:e[-+]?\d{1,2})?)"
    r"(?![\w.])\s*(%?)\s*(.*)",
    re.IGNORECASE,
)
FLIP = re.compile(r"(.+?)\s+from\s+(\d{1,3})\s+to\s+(\d{1,3})\s*(?:->|→)\s*(\S+)")
WORDS_FOR_NUMBERS = ("thousand", "million", "billion", "k ", "m ")
SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
LONGEST = 300  # characters of a formula


def section(text, title):
    """Return the text of a section, which is empty if there is none."""
    return titled_parts(text)[1].get(title.lower(), "")


def value_of(text):
    """Return value and unit of what begins with a number; fail if nothing does."""
    found = NUMBER.fullmatch(text.strip().strip("*_").strip())
    assert found, f"no number in digits: {text.strip()[:80]!r}"
    digits, per_cent, unit = found.groups()
    unit = " ".join(unit.lower().split())
    in_words = f"{unit} ".startswith(WORDS_FOR_NUMBERS)
    assert not in_words, f"write the number out: {text.strip()[:80]!r}"
    value = float(digits.replace(",", ""))
    return value / 100 if per_cent else value, unit


def equations(text, title):
    """Return name and rest of each line `name = ...` of a section."""
    found = []
    for line in section(text, title).split("\n"):
        name, sign, rest = line.strip(" \t-*`").partition("=")
        name = name.strip(" *_`")
        if sign and NAME.fullmatch(name):
            found.append((name, rest.strip(" \t`")))
    return found


def assumptions(text):
    """Return the value of each assumption, by its name."""
    lines = equations(text, "Assumptions")
    assert len(lines) >= 5, f"{len(lines)} lines `name = number unit`; five are needed"
    name, count = Counter(name for name, _ in lines).most_common(1)[0]
    assert count == 1, f"{name} stands twice"
    return {name: value_of(rest)[0] for name, rest in lines}


def computed(formula, known):
    """Return the value of a formula over the names that are known."""
    shown = formula[:80]
    assert len(formula) <= LONGEST, f"longer than {LONGEST} characters: {shown}"
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", formula).replace("×", "*")
    plain = re.sub(r"(\d(?:\.\d+)?)\s*%", r"(\1/100)", plain)
    try:
        tree = ast.parse(plain.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise AssertionError(f"no formula of + - * / and brackets: {shown}") from None

    def value(node):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return float(node.value)
        if isinstance(node, ast.Name):
            assert node.id in known, f"{node.id} is not known above: {shown}"
            return known[node.id]
        sign = SIGNS.get(type(getattr(node, "op", None)))
        if sign and isinstance(node, ast.UnaryOp):
            return sign(value(node.operand))
        known_sign = sign and isinstance(node, ast.BinOp)
        assert known_sign, f"no formula of + - * / and brackets: {shown}"
        return sign(value(node.left), value(node.right))

    try:
        return value(tree)
    except ZeroDivisionError:
        raise AssertionError(f"divides by 0: {shown}") from None
    except OverflowError:
        raise AssertionError(f"too large a number: {shown}") from None


def costs(text):
    """Return (name, formula, value as written, unit) of each line of the cost."""
    found = []
    for name, rest in equations(text, "Cost"):
        formula, sign, number = rest.rpartition("=")
        assert sign, f"{name} has no formula, `name = formula = number unit`"
        found.append((name, formula.strip(), *value_of(number)))
    assert found, "the cost has no line `name = formula = number unit`"
    return found


def rows_of(text, title):
    """Return the cells of each row of the tables of a section, rulers left out."""
    rows = table_rows(section(text, title))
    return [[cell.strip("*_`").strip() for cell in row] for row in rows]


def scores(text):
    """Return options, criteria, weights, (criterion, option) scores, and totals.

    The totals are those that are written.
    """
    rows = rows_of(text, "Options")
    heads = [i for i, row in enumerate(rows) if row[0].lower() == "criterion"]
    assert heads, "no table that begins with criterion, weight and the options"
    head, *body = rows[heads[0] :]
    options = head[2:]
    odd = [name for name in options if not NAME.fullmatch(name)]
    assert not odd, f"the name of an option is letters, digits and _: {odd[0][:60]!r}"
    assert 3 <= len(options) <= 6, f"{len(options)} options; three to six are asked for"
    assert len({*options}) == len(options), "two options have the same name"
    uneven = [row for row in body if len(row) != len(head)]
    assert not uneven, f"{len(head)} cells are needed: {' | '.join(uneven[0])[:80]}"
    assert body, "the table has no row"
    *body, last = body
    assert last[0].lower() == "total", f"the last row is {last[0]!r}, not the total"
    assert 3 <= len(body) <= 9, f"{len(body)} criteria; three to nine are asked for"
    criteria = [row[0].lower() for row in body]
    assert len({*criteria}) == len(criteria), "two criteria have the same name"
    for row in body:
        named = f"{row[0][:40]}: {' | '.join(row[1:])[:60]}"
        assert re.fullmatch("[1-9][0-9]{0,2}", row[1]), (
            f"a weight is no whole number: {named}"
        )
        good = all(re.fullmatch("[1-5]", cell) for cell in row[2:])
        assert good, f"scores are whole numbers from 1 to 5: {named}"
    weights = [int(row[1]) for row in body]
    assert sum(weights) == 100, f"the weights sum to {sum(weights)}, not to 100"
    table = [[int(cell) for cell in row[2:]] for row in body]
    return options, criteria, weights, table, [value_of(x)[0] for x in last[2:]]


def totals_of(weights, table):
    """Return the exact mean of each option's scores, weighted."""
    whole = sum(weights)
    return [
        sum(
            (Fraction(w) * row[i] for w, row in zip(weights, table, strict=True)),
            Fraction(),
        )
        / whole
        for i in range(len(table[0]))
    ]


def with_weight(weights, at, weight):
    """Return weights of which one is changed and the others scaled to sum to 100."""
    rest = sum(weights) - weights[at]
    scaled = [Fraction(w * (100 - weight), rest) for w in weights]
    scaled[at] = Fraction(weight)
    return scaled


def winners(totals):
    """Return the places of the highest totals."""
    return {i for i, total in enumerate(totals) if total == max(totals)}


def place_of(name, names):
    """Return where a name stands among those of options or criteria."""
    assert name in names, f"{name[:40]!r} is none of {', '.join(names)}"[:200]
    return names.index(name)


def chosen(text):
    """Return the place of the option that is chosen."""
    name = labelled(section(text, "Decision"), "Chosen").strip("`")
    assert name, "no line `Chosen:` with the name of an option"
    return place_of(name, scores(text)[0])


def table_of(text):
    """Return what a program has computed of the memo."""
    options, criteria, weights, table, written = scores(text)
    totals = totals_of(weights, table)
    rows = [f"{'option':<24} {'total':>8} {'written':>8}"]
    for name, total, said in zip(options, totals, written, strict=True):
        rows.append(f"{name:<24} {float(total):>8.3f} {said:>8g}")
    rows += ["", f"{'weight at which':<24} {'now':>8} {'another wins':>13}"]
    for at, name in enumerate(criteria):
        turns = ", ".join(f"{w} ({', '.join(o)})" for w, o in flips(text, at)) or "none"
        rows.append(f"{name[:24]:<24} {weights[at]:>8} {turns:>13}")
    return "\n".join(
        [
            *rows,
            "",
            "This is form and arithmetic. Whether scores and weights are right, no",
            "program can say: give it to somebody who would have chosen otherwise.",
        ]
    )


def flips(text, at):
    """Return the nearest weights, below and above, at which another option wins alone.

    Args:
        text: The memo.
        at: The place of the criterion.
    """
    options, _, weights, table, _ = scores(text)
    mine, found = chosen(text), []
    for way in (range(weights[at] - 1, -1, -1), range(weights[at] + 1, 101)):
        for weight in way:
            best = winners(totals_of(with_weight(weights, at, weight), table))
            if mine not in best:
                found.append((weight, [options[i] for i in sorted(best)]))
                break
    return found
