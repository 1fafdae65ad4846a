"""Rows of arrays that are mapped from files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.mapped import Mapped

ROWS = 3000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A file of rows of 4096 bytes, each full of its own number."""
    path = tmp_path_factory.mktemp("mapped") / "rows"
    np.repeat(np.arange(ROWS, dtype="<i4"), 1024).tofile(path)
    return path


def mapped(path: Path, large: int = 0) -> Mapped[np.int32]:
    return Mapped(np.memmap(path, "<i4", "r", shape=(ROWS, 1024)), large)


@given(st.lists(st.tuples(st.integers(0, ROWS - 20), st.integers(0, 20)), max_size=30))
def test_runs_are_what_stands_there(path, runs):
    """Runs of rows are read as they stand in the file, one after the other, whatever the system was told before."""
    starts, lengths = (np.array(column, dtype=np.int64) for column in (zip(*runs, strict=True) if runs else ([], [])))
    found = mapped(path).take(starts, lengths)
    assert found[:, 0].tolist() == [row for start, length in runs for row in range(start, start + length)]


def test_single_rows(path):
    """Without lengths one row is read from each place."""
    assert mapped(path).take(np.array([2999, 0, 7]))[:, -1].tolist() == [2999, 0, 7]


def test_array_in_memory():
    """An array that is not mapped is read likewise."""
    assert Mapped(np.eye(3), 0).take(np.array([1]), np.array([2])).tolist() == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of mappings on Linux only")
@pytest.mark.parametrize("large", [0, 1 << 40])
def test_what_was_touched_is_let_go_of(path, large):
    """However many rows are read, few of the file count as memory of this process."""
    rows = mapped(path, large)
    rows.take(np.arange(ROWS))
    assert resident(path) == 0
    rows.take(np.arange(0, ROWS, 100))
    assert 0 < resident(path) < ROWS * 4


def resident(path: Path) -> int:
    """KiB of a file that are mapped into this process."""
    maps = Path("/proc/self/smaps").read_text().split(str(path))
    return sum(int(part.split("\nRss:")[1].split()[0]) for part in maps[1:])
