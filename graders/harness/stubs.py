"""placeholder"""

from graders.harness.exercise import Entry


def begun(entry: Entry) -> bool:
    return "raise NotImplementedError" not in entry.stub.read_text()
