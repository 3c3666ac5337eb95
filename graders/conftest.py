"""Registers the harness, so that plain `pytest graders/...` works too."""

pytest_plugins = ["graders.harness.run.plugin", "graders.harness.run.fixtures"]
