from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import PROJECT

IMPORTED = """
import importlib, os, pkgutil, sys, warnings
import faiss, numkong, numpy, openvino, pebble, pydantic, selectolax.lexbor, tantivy, tokenizers
before = dict(os.environ), list(warnings.filters)
import index
for module in pkgutil.walk_packages(index.__path__, "index."):
    importlib.import_module(module.name)
sys.exit((dict(os.environ), list(warnings.filters)) != before)
"""
THREADS = """
import sys
sys.argv = ["decision-qa", "--help"]
import qa.__main__
from threadpoolctl import threadpool_info
import numpy
print(*{pool["num_threads"] for pool in threadpool_info() if "numpy" in pool["filepath"]})
"""


def run(program, **given):
    """A program in a process of its own, whose environment says nothing of OpenBLAS but what is `given`."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment | given, cwd=PROJECT, capture_output=True, text=True
    )


def test_importing_index_changes_nothing():
    """Whatever module of index is imported, the environment and the filters of warnings stay as they were."""
    assert run(IMPORTED).returncode == 0


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_program_starts_with_one_thread_of_openblas(given, threads):
    """Where the command starts, numpy computes in one thread, unless the environment asks for another number."""
    assert run(THREADS, **given).stdout.split() == [threads]
