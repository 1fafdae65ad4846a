"""The preamble of the scripts: with it a script runs on the packages of .venv and the code of this checkout.

A script imports it first. Started by another Python, it sets up .venv by scripts/setup where that is needed, and begins
again with the Python of that.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PYTHON = PROJECT / ".venv" / "bin" / "python"

if Path(sys.prefix).resolve() != (PROJECT / ".venv").resolve():
    subprocess.run([PROJECT / "scripts" / "setup", "dev"], check=True, stdout=sys.stderr)
    os.execv(PYTHON, [PYTHON, *sys.argv])
sys.path.insert(0, str(PROJECT))

from index.blas import set_up_blas  # noqa: E402

set_up_blas()
