"""Results for programs: JSON and JUnit's XML.

The JSON is one object (schema 1):

    schema      1; a change that takes something away, or gives it another meaning,
                raises it
    sandbox     what isolated the answers: "bubblewrap", "process" or "none needed"
    seed        from which all inputs were drawn: `--seed` draws them again
    exercises   a list, of each exercise that was graded:
        name, round, topic
        verdict     "passed", "failed", "not started" or "grader error"
        seconds     by the clock
        error       our own fault in words, or why there is nothing to grade
        exhibit     a table or a plot of the checks, passed or not
        checks      a list, of each check:
            name        the test function, with its case in brackets
            sentence    what is required
            rubric      "correctness", "edge_cases", "numerics", "efficiency" or
                        "validation", which decides nothing
            contract    whether it is the contract, on which the others depend
            verdict     "passed", "wrong", "raised", "could not load", "timed out",
                        "out of memory", "crashed", "invalid return value",
                        "forbidden call", "not started", "not judged" or
                        "grader error"
            message     why
            call        lines to paste into a Python prompt after
                        `import numpy as np` and the answer
            got         what the last of them gave
            expected    what the reference gives; "" where several answers are right,
                        or where no call alone is wrong
            difference  where the two differ, if they have parts
            law         whether `call` is several calls that do not fit together
            alone       in words, what the calls give in a fresh process, if that
                        differs from `got`
            short       call, got and expected, cut for a screen
            mistake     the classic mistake that explains all there is, or ""
            trace       of an exception, the frames of the answer's own file
            output      what the answer printed, its end
            seconds, megabytes

A text is at most 64,000 characters long, and an exercise at most 2 MB: the longest
texts are cut first, and say so. No text holds control or format characters, lone
surrogates or commands to CI systems.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from graders.harness.catalog import files
from graders.harness.feedback.results import Result
from graders.harness.feedback.text import MAX_VALUE, cut, plain

MAX_EXERCISE = 2_000_000  # bytes of JSON
KEYS = ("name", "sentence", "rubric", "contract", "verdict", "seconds", "call", "got",
        "expected", "difference", "law", "alone", "short", "mistake", "output",
        "message", "trace", "megabytes")  # fmt: skip
_LABELS = ("call", "got", "expected", "difference", "alone", "mistake", "message",
           "trace", "output")  # fmt: skip


def as_json(results: list[Result], seed: int) -> dict[str, Any]:
    """Return the results in the documented schema."""
    return {
        "schema": 1,
        "sandbox": " ".join(sorted({r.sandbox for r in results if r.sandbox})),
        "seed": seed,
        "exercises": [_exercise(result) for result in results],
    }


def _exercise(result: Result) -> dict[str, Any]:
    """Return what came of one exercise, of a bounded size."""
    entry, limit = result.job.entry, MAX_VALUE
    while True:
        found = {
            "name": entry.name,
            "round": entry.round,
            "topic": entry.topic,
            "verdict": result.verdict,
            "seconds": result.seconds,
            "error": bounded(result.error, limit),
            "exhibit": bounded(result.exhibit, limit),
            "checks": [
                {key: bounded(check.get(key, ""), limit) for key in KEYS}
                for check in result.checks
            ],
        }
        if len(json.dumps(found)) <= MAX_EXERCISE or limit < 100:
            return found
        limit //= 2


def bounded(value: Any, limit: int) -> Any:
    """Return a value in which every text is harmless, and not too long."""
    if isinstance(value, str):
        return plain(cut(value, limit))
    if isinstance(value, dict):
        return {key: bounded(part, limit) for key, part in value.items()}
    return value


def as_junit(results: list[Result]) -> str:
    """Return the results as JUnit's XML: a suite an exercise, a case a check."""
    root = ElementTree.Element("testsuites")
    for result in results:
        found = _exercise(result)
        bad = [check for check in found["checks"] if check["verdict"] != "passed"]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=found["name"],
            tests=str(len(found["checks"])),
            failures=str(len(bad)),
            time=str(found["seconds"]),
        )
        for check in found["checks"]:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=f"{found['round']}.{found['topic']}.{found['name']}",
                name=check["name"],
                time=str(check["seconds"]),
            )
            if check in bad:
                failure = ElementTree.SubElement(
                    case, "failure", message=check["verdict"]
                )
                lines = [f"{key}: {check[key]}" for key in _LABELS if check[key]]
                failure.text = plain("\n".join([check["sentence"], *lines]))
    return ElementTree.tostring(root, "unicode", xml_declaration=True)


def write_file(path: Path, text: str) -> None:
    """Write a whole file or none; what is no file, such as a pipe, is written to."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, "utf-8", newline="\n")
    else:
        files.write(path, text.encode())


def dump(path: Path, results: list[Result], seed: int) -> None:
    """Write the results as JSON."""
    write_file(path, json.dumps(as_json(results, seed), indent=1) + "\n")
