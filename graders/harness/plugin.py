"""The harness as a pytest plugin."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from graders.harness.exercise import ROOT
from graders.harness.timing import Stopwatch


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("katas")
    group.addoption("--answer", type=Path, help="the file to grade")


def pytest_configure(config):
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "katas",
        derandomize=False,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
        ],
    )
    settings.load_profile("katas")


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _relative(request) -> Path:
    path = request.path.relative_to(ROOT / "graders")
    return path.with_name(path.name.removeprefix("test_"))


@pytest.fixture
def submission(request):
    answer = request.config.getoption("--answer")
    return _load(answer or ROOT / "exercises" / _relative(request))


@pytest.fixture
def reference(request):
    return _load(ROOT / "solutions" / _relative(request))


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def check_slowdown(submission, reference):
    return Stopwatch(submission, reference, 0)
