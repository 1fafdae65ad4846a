"""How numpy's OpenBLAS computes in this project. Whatever starts a process calls this before it imports numpy."""

from __future__ import annotations

import os
import warnings


def set_up_blas() -> None:
    """Have OpenBLAS compute in one thread, unless the environment says otherwise, and silence one wrong warning.

    Call it before numpy is first imported, which is when OpenBLAS reads the environment. Child processes inherit it.
    """
    # A search multiplies small matrices: several threads would wait for each other longer than they compute.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # OpenBLAS may set the flag by what stands behind an array, where the product has no NaN (numpy/numpy#24067).
    warnings.filterwarnings("ignore", "invalid value encountered in matmul", RuntimeWarning)
