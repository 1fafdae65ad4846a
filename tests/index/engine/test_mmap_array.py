"""Rows of arrays that are mapped from files."""

from __future__ import annotations

import itertools
import mmap
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine.mmap_array import MmapArray

ROWS, SIZE = 6000, 1000  # bytes of a row, which begins anywhere in a page
runs_of_rows = st.lists(st.tuples(st.integers(0, ROWS - 200), st.integers(0, 200)), max_size=30)


class Recording(mmap.mmap):
    """A mapping that remembers what the system was told: advice, where, and of how many bytes."""

    told: list[tuple[int, ...]]

    def madvise(self, *advice: int) -> None:
        """As ever."""
        self.told.append(advice)
        super().madvise(*advice)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A file of rows, each full of its own number."""
    path = tmp_path_factory.mktemp("mapped") / "rows"
    np.repeat(np.arange(ROWS, dtype="<i4"), SIZE // 4).tofile(path)
    return path


def mapped(path: Path, large: int = 0) -> tuple[MmapArray[np.int32], list[tuple[int, ...]]]:
    """The rows of the file, and what the system is told of them."""
    with path.open("rb") as file:
        mapping = Recording(file.fileno(), 0, access=mmap.ACCESS_READ)
    mapping.told = []
    return MmapArray(np.ndarray((ROWS, SIZE // 4), "<i4", mapping), large), mapping.told


def columns(runs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    starts, lengths = zip(*runs, strict=True) if runs else ([], [])
    return np.array(starts, dtype=np.int64), np.array(lengths, dtype=np.int64)


@given(runs_of_rows)
def test_runs_are_what_stands_there(path, runs):
    """Runs of rows are read as they stand in the file, one after the other, in the order that they are asked for."""
    found = mapped(path)[0].gather(*columns(runs))
    assert found[:, 0].tolist() == [row for start, length in runs for row in range(start, start + length)]


@given(runs_of_rows, st.integers(1, 500))
def test_parts_are_the_whole(path, runs, most):
    """Read in parts, runs of rows are the same as at once."""
    rows = mapped(path)[0]
    parts = [part[:, 0].tolist() for part in rows.parts(*columns(runs), most)]
    assert list(itertools.chain(*parts)) == rows.gather(*columns(runs))[:, 0].tolist()


@given(runs_of_rows, st.integers(1, 500))
def test_parts_end_where_runs_end(path, runs, most):
    """A part has whole runs only, and no more rows than asked for and the longest run."""
    lengths = [len(part) for part in mapped(path)[0].parts(*columns(runs), most)]
    ends = {0, *itertools.accumulate(length for _, length in runs)}
    assert set(itertools.accumulate(lengths)) <= ends
    assert max(lengths) < most + max((length for _, length in runs), default=1)


@given(runs_of_rows, st.integers(1, 500))
def test_parts_are_as_large_as_asked_for(path, runs, most):
    """Any two parts that follow each other have more rows than one may have, but for the last."""
    lengths = [len(part) for part in mapped(path)[0].parts(*columns(runs), most)][:-1]
    assert all(one + next_one > most for one, next_one in itertools.pairwise(lengths))


@given(runs_of_rows)
def test_system_is_told_of_all_that_is_read(path, runs):
    """Each row that is read lies within a range of pages that the system was told of."""
    rows, told = mapped(path)
    rows.gather(*columns(runs))
    ahead = [(begin, begin + length) for advice, begin, length in told if advice == mmap.MADV_WILLNEED]
    for start, length in runs:
        begin, end = start * SIZE, (start + length) * SIZE
        assert begin == end or any(first <= begin and end <= last for first, last in ahead)


def test_places_beside_each_other_are_told_at_once(path):
    """Of places that are near to each other the system is told in one range, of others it is not told."""
    rows, told = mapped(path)
    rows.gather(np.array([5000, 0, 8, 4]))
    assert told == [(mmap.MADV_WILLNEED, 0, 9 * SIZE), (mmap.MADV_WILLNEED, 4_997_120, 3880)]


def test_system_is_told_of_every_part_before_the_first(path):
    """When the first part is there, the system was told of the rows of all."""
    rows, told = mapped(path)
    next(rows.parts(np.array([0, 3000, 5000]), np.ones(3, dtype=np.int64), 1))
    assert [begin // SIZE for _, begin, _ in told] == [0, 2998, 4997]  # where the pages begin


def test_nothing_is_told_of_a_small_file(path):
    """Of a file that is smaller than what is large the system is told nothing."""
    rows, told = mapped(path, ROWS * SIZE + 1)
    rows.gather(np.arange(ROWS))
    assert told == []


def test_single_rows(path):
    """Without lengths one row is read from each place."""
    assert mapped(path)[0].gather(np.array([2999, 0, 7]))[:, -1].tolist() == [2999, 0, 7]


def test_array_in_memory():
    """An array that is not mapped is read likewise."""
    assert MmapArray(np.eye(3), 0).gather(np.array([1]), np.array([2])).tolist() == [[0, 1, 0], [0, 0, 1]]


READERS = {
    "at once": lambda rows: rows.gather(np.arange(ROWS)),
    "in parts": lambda rows: list(rows.parts(np.arange(ROWS), np.ones(ROWS, dtype=np.int64), 100)),
}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of mappings on Linux only")
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_was_touched_is_let_go_of(path, tmp_path, read):
    """However many rows are read, few of the file count as memory of this process."""
    copy = tmp_path / "rows"
    copy.write_bytes(path.read_bytes())
    rows, _ = mapped(copy)
    read(rows)
    assert resident(copy) == 0


def resident(path: Path) -> int:
    """KiB of a file that are mapped into this process."""
    maps = Path("/proc/self/smaps").read_text().split(str(path))
    return sum(int(part.split("\nRss:")[1].split()[0]) for part in maps[1:])
