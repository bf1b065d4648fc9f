"""The benchmarks can be found and begun as ``script/bench`` does; what they measure is nobody's test."""

import subprocess
import sys
from importlib import import_module

from bench.__main__ import names


def test_every_benchmark_can_be_run_by_its_name() -> None:
    found = {name: import_module(f"bench.{name}") for name in names()}
    assert {"addresses", "audit", "serving", "setup_time"} <= set(found)
    assert [name for name, module in found.items() if not (hasattr(module, "run") or hasattr(module, "main"))] == []


def test_a_benchmark_that_does_not_exist_is_named_with_those_that_do() -> None:
    done = subprocess.run([sys.executable, "-m", "bench", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "serving" in done.stderr
