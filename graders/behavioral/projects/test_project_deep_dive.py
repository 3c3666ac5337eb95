"""Checks of the project deep dive: its form, and whether its numbers agree.

Whether it is true no program can see, and the table under the result says so.
"""

import re

from graders.behavioral.prose import (
    all_labelled,
    count_persons,
    labelled,
    paragraphs_of,
    repeated_share,
    require_titles,
    rows_below,
    table_rows,
    titled_parts,
    words_of,
)

SECTIONS = (
    "Problem",
    "Data",
    "Baseline",
    "Model",
    "Evaluation",
    "Launch",
    "What I would change",
)
LABELS = ("Baseline", "Result", "Lift", "Data", "Latency", "Team")
PACE = 140  # words a minute
NUMBER = re.compile(r"([-+−]?)[$€£]?(\d[\d,]*(?:\.\d+)?|\.\d+)(.*)")


def told(text):
    """Return the text of the seven sections."""
    _, parts = titled_parts(text)
    return "\n\n".join(parts.get(title.lower(), "") for title in SECTIONS)


def value_of(text):
    """Return value, digits and unit of what begins with a number, or None."""
    found = NUMBER.fullmatch(text.strip())
    if not found:
        return None
    sign, digits, unit = found.groups()
    digits = digits.replace(",", "")
    unit = " ".join(unit.lower().split())
    return float(digits) * (-1 if sign in ("-", "−") else 1), digits, unit


def numbers(text):
    """Return value, digits and unit behind each label of the block of numbers."""
    block = titled_parts(text)[1].get("numbers", "")
    said = {label: all_labelled(block, label) for label in LABELS}
    missing = [label for label, found in said.items() if not any(found)]
    assert not missing, f"{', '.join(missing)} missing below ## Numbers"
    twice = [label for label, found in said.items() if len(found) > 1]
    assert not twice, f"{', '.join(twice)} stands more than once below ## Numbers"
    lines = {label: found[0] for label, found in said.items()}
    found = {label: value_of(line) for label, line in lines.items()}
    odd = [f"{k}: {lines[k]!r}"[:80] for k, value in found.items() if value is None]
    assert not odd, f"what stands behind the colon begins with no number: {odd[0]}"
    bare = [f"{k}: {lines[k]}" for k in ("Data", "Latency") if not found[k][2]]
    assert not bare, f"a number without a unit: {bare[0]}"
    return found


def decisions(text):
    """Return the rows of the table of decisions, without its head."""
    rows = table_rows(titled_parts(text)[1].get("model", ""))
    return rows_below(rows, ["chosen", "rejected", "because"], "the model")


def table_of(text):
    """Return what a program can see of the project."""
    _, parts = titled_parts(text)
    rows = ["section                    words   minutes"]
    for title in SECTIONS:
        count = len(words_of(parts.get(title.lower(), "")))
        rows.append(f"{title:<25} {count:>6} {count / PACE:>9.1f}")
    singular, plural = count_persons(told(text))
    rows += [
        f'"I" stands {singular} times, "we" {plural} times.',
        "",
        "This is form and arithmetic. Whether it is true, and whether you can defend",
        "it, no program can say: tell it to somebody, and let them ask why.",
    ]
    return "\n".join(rows)


def test_has_its_sections(submission, exhibit):
    """Has the seven sections and the numbers, in the order that is asked for."""
    exhibit(table_of(submission.text))
    require_titles(submission.text, [*SECTIONS, "Numbers"])


def test_no_section_is_a_stump(submission):
    """Says 40 words or more in each of the seven sections."""
    _, parts = titled_parts(submission.text)
    counts = {title: len(words_of(parts.get(title.lower(), ""))) for title in SECTIONS}
    short = [f"{title} has {count} words" for title, count in counts.items()]
    short = [line for line, n in zip(short, counts.values(), strict=True) if n < 40]
    assert not short, ", ".join(short)


def test_it_can_be_told(submission):
    """Takes 600 to 1,000 words, which is five to seven minutes with breath."""
    count = len(words_of(told(submission.text)))
    what = "say what you decided, and against what" if count < 600 else "cut"
    assert 600 <= count <= 1000, f"{count} words; {what}"


def test_decisions_have_alternatives(submission):
    """Names three decisions or more, each with what was rejected, and why."""
    rows = decisions(submission.text)
    for row in rows:
        said = " | ".join(row)[:80]
        assert len(row) == 3, f"three cells are needed: {said}"
        _, rejected, because = (words_of(cell) for cell in row)
        letters = [any(map(str.isalnum, cell)) for cell in row[:2]]
        assert all(letters), f"something chosen and something rejected: {said}"
        assert row[0].lower() != row[1].lower(), f"chosen is what was rejected: {said}"
        assert not {"nothing", "none"} & set(rejected[:1]), (
            f"nothing was rejected: {said}"
        )
        assert len(because) >= 5, f"{len(because)} words are no reason: {said}"
    different = {tuple(cell.lower() for cell in row[:2]) for row in rows}
    assert len(different) >= 3, f"there are {len(different)} decisions"


def test_your_own_part_is_visible(submission):
    """Shows what you did: "I" eight times or more, and "we" less often."""
    singular, plural = count_persons(told(submission.text))
    assert singular >= max(8, plural + 1), (
        f'"I" stands {singular} times, "we" {plural} times; who decided what?'
    )


def test_the_numbers_are_there(submission):
    """Names the metric, and gives the six numbers, each with a number in digits."""
    block = titled_parts(submission.text)[1].get("numbers", "")
    assert labelled(block, "Metric"), "Metric: names no metric"
    numbers(submission.text)


def test_baseline_and_result_can_be_compared(submission):
    """Gives baseline and result in the same unit."""
    found = numbers(submission.text)
    units = found["Baseline"][2], found["Result"][2]
    assert units[0] == units[1], f"units {units[0]!r} and {units[1]!r}"[:200]


def test_the_lift_agrees(submission):
    """Gives a lift that is (result - baseline) / baseline in per cent, rounded."""
    found = numbers(submission.text)
    baseline, result = found["Baseline"][0], found["Result"][0]
    lift, digits, unit = found["Lift"]
    assert unit.startswith(("%", "per cent", "percent")), f"unit {unit!r}"[:100]
    assert baseline != 0, "from a baseline of 0 there is no lift"
    exact = 100 * (result - baseline) / baseline
    room = 0.5 * 10.0 ** -len(digits.partition(".")[2]) + 1e-9 * abs(exact)
    assert abs(lift - exact) <= room, (
        f"from {baseline:g} to {result:g} the lift is {exact:.4g}%, not "
        f"{'-' if lift < 0 else ''}{digits}%"
    )


def test_what_is_measured_is_told(submission):
    """Tells each of its numbers in the sections too, in digits."""
    found = re.findall(r"\d[\d,]*(?:\.\d+)?|\.\d+", told(submission.text))
    values = {float(digits.replace(",", "")) for digits in found}
    untold = [
        f"{label} {digits}"
        for label, (_, digits, _) in numbers(submission.text).items()
        if label != "Lift" and float(digits) not in values
    ]
    assert not untold, f"not told in the sections: {', '.join(untold)}"


def test_nothing_is_told_twice(submission):
    """Says everything once: no paragraph stands twice, nor almost."""
    seen = set()
    for paragraph in paragraphs_of(told(submission.text)):
        said = words_of(paragraph)
        start = " ".join(said[:8])
        assert repeated_share(said, seen) < 0.8, (
            f"this repeats what stands above: {start}"
        )
