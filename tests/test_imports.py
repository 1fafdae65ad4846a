"""Which part of the program knows which others: the contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from conftest import PROJECT


def test_every_import_contract_is_kept():
    """No module imports what a contract of [tool.importlinter] keeps from it."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
