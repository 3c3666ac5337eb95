"""Checks of the design memo: its form, and every figure in it computed again.

Whether the choice is wise no program can see, and the table under the result says so.
"""

import datetime
import re

from graders.behavioral.prose import (
    labelled,
    require_titles,
    rows_below,
    titled_parts,
    words_of,
)
from graders.behavioral.writing.memo import (
    FLIP,
    SECTIONS,
    assumptions,
    chosen,
    computed,
    costs,
    flips,
    place_of,
    rows_of,
    scores,
    section,
    table_of,
    totals_of,
    winners,
    with_weight,
)


def test_has_its_sections(submission):
    """Has the eight sections, in the order that is asked for."""
    require_titles(submission.text, SECTIONS)


def test_it_can_be_read_in_five_minutes(submission):
    """Has 400 to 900 words in its sections."""
    _, parts = titled_parts(submission.text)
    count = sum(len(words_of(parts.get(title.lower(), ""))) for title in SECTIONS)
    assert 400 <= count <= 900, f"{count} words"


def test_assumptions_are_numbers(submission):
    """States five assumptions or more, each as `name = number unit`."""
    assumptions(submission.text)


def test_assumptions_are_used(submission):
    """Uses each assumption in a line of the cost."""
    formulas = " ".join(formula for _, formula, *_ in costs(submission.text))
    used = {*re.findall(r"[a-z][a-z0-9_]*", formulas)}
    idle = [name for name in assumptions(submission.text) if name not in used]
    assert not idle, f"in no line of the cost: {', '.join(idle)}"[:200]


def test_options_are_scored(submission):
    """Scores its options by criteria whose weights sum to 100."""
    scores(submission.text)


def test_totals_are_the_weighted_means(submission, exhibit):
    """Gives totals that are the means of the scores, weighted, to two decimals."""
    options, _, weights, table, written = scores(submission.text)
    exhibit(table_of(submission.text))
    for name, total, said in zip(
        options, totals_of(weights, table), written, strict=True
    ):
        assert abs(said - float(total)) <= 0.00501, (
            f"{name}: {float(total):.2f} from weights and scores, {said:g} written"
        )


def test_no_option_is_there_for_show(submission):
    """Has no option that is good, with a 4 or a 5, in no criterion."""
    options, _, _, table, _ = scores(submission.text)
    best = {name: max(row[i] for row in table) for i, name in enumerate(options)}
    weak = [f"{name}, {most} at the most" for name, most in best.items() if most < 4]
    assert not weak, f"good at nothing: {'; '.join(weak)}"[:200]


def test_the_decision_follows_from_the_table(submission):
    """Chooses the option with the highest total, or one of them."""
    options, _, weights, table, _ = scores(submission.text)
    best = winners(totals_of(weights, table))
    mine = chosen(submission.text)
    assert mine in best, (
        f"{options[mine]} is chosen, and {options[min(best)]} has the highest total"
    )


def test_the_deadline_is_a_date(submission):
    """Gives the date by which it is decided."""
    said = labelled(section(submission.text, "Decision"), "Deadline")
    found = re.match(r"\d{4}-\d\d-\d\d(?!\d)", said)
    assert found, f"no date such as 2026-12-20: {said[:60]!r}"
    try:
        datetime.date.fromisoformat(found[0])
    except ValueError:
        raise AssertionError(f"there is no day {found[0]}") from None


def test_formulas_hold(submission):
    """Gives costs that agree with their formulas within 1 per cent."""
    known = assumptions(submission.text)
    for name, formula, said, _ in costs(submission.text):
        value = computed(formula, known)
        assert name not in known, f"{name} stands twice"
        assert abs(said - value) <= 0.01 * abs(value) + 1e-12, (
            f"{name}: {formula[:80]} is {value:,.6g}, not {said:,.6g}"
        )
        known[name] = said


def test_every_option_has_its_price(submission):
    """Gives the cost of each option, all in the same unit."""
    units = {name: unit for name, *_, unit in costs(submission.text)}
    options = scores(submission.text)[0]
    missing = [f"cost_{name}" for name in options if f"cost_{name}" not in units]
    assert not missing, f"missing: {', '.join(missing)}"[:200]
    found = {f"cost_{name}": units[f"cost_{name}"] for name in options}
    told = "; ".join(f"{name} in {unit!r}" for name, unit in found.items())
    assert all(found.values()), f"a cost has no unit: {told}"[:200]
    assert len({*found.values()}) == 1, f"the units differ: {told}"[:200]


def test_the_flip_flips(submission):
    """Names the nearest weight of a criterion at which another option wins, or none."""
    text = submission.text
    options, criteria, weights, table, _ = scores(text)
    mine = chosen(text)
    said = labelled(section(text, "Sensitivity"), "Flip").strip("`")[:200]
    if said.lower() == "none":
        for at, name in enumerate(criteria):
            alone = [one for one in flips(text, at) if len(one[1]) == 1]
            for weight, [other] in alone:
                raise AssertionError(f"at a weight of {weight} for {name} {other} wins")
        return
    named = FLIP.fullmatch(said)
    assert named, f"no line `Flip: criterion from 60 to 49 -> option`: {said[:80]!r}"
    criterion, now, then, other = named.groups()
    at = place_of(criterion.lower(), criteria)
    now, then = int(now), int(then)
    assert now == weights[at], f"the weight of {criterion} is {weights[at]}, not {now}"
    assert then != now, f"from {now} to {then} is no change"
    assert then <= 100, f"a weight of {then}"
    best = winners(totals_of(with_weight(weights, at, then), table))
    assert best == {place_of(other, options)}, (
        f"at a weight of {then} for {criterion} the highest total has "
        + ", ".join(options[i] for i in sorted(best))
    )
    nearer = then + (1 if then < now else -1)
    best = winners(totals_of(with_weight(weights, at, nearer), table))
    assert mine in best, (
        f"at {nearer}, nearer to {now}, {options[mine]} has lost already; name that"
    )


def test_risks_have_signs_and_responses(submission):
    """Names three risks or more, each with the sign of it and the response."""
    rows = rows_of(submission.text, "Risks")
    body = rows_below(rows, ["risk", "sign", "response"], "Risks")
    for row in body:
        said = " | ".join(row)[:80]
        assert len(row) == 3, f"three cells are needed: {said}"
        counts = [len(words_of(cell)) for cell in row]
        assert min(counts) >= 3, f"three words are needed in each cell: {said}"
    assert len(body) >= 3, f"there are {len(body)} risks"


def test_there_is_a_way_back(submission):
    """Says how long the way back takes, and at which measured value it is taken."""
    for label in ("Undo", "Trigger"):
        said = labelled(section(submission.text, "Reversal"), label)
        assert said, f"no line `{label}:`"
        assert re.search(r"\d", said), (
            f"{label}: has no number in digits: {said[:80]!r}"
        )
        assert words_of(said), f"{label}: has no words: {said[:80]!r}"
