"""Seconds, memory and disk."""

from __future__ import annotations

import mmap
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def timed(run: Callable[[], object]) -> float:
    """Seconds that something takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def memory_of(process: int) -> dict[str, float]:
    """What a process holds in memory, in MB: resident, of it its own and mapped files, and the most it ever held."""
    names = {"VmRSS": "resident", "RssAnon": "private", "RssFile": "mapped", "VmHWM": "peak"}
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return {}
    values = dict(line.split(":", 1) for line in lines)
    return {told: int(values[name].split()[0]) / 1024 for name, told in names.items() if name in values}


def memory_of_all(process: int) -> dict[str, float]:
    """The same of a process and those that it forked, in MB, without the peak; what they share counts once."""
    held: dict[str, float] = {}
    names = {"Pss": "resident", "Pss_Anon": "private", "Pss_File": "mapped"}
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for one in [process, *map(int, children)]:
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:]
        values = dict(line.split(":", 1) for line in lines)
        for name, told in names.items():
            held[told] = held.get(told, 0.0) + int(values[name].split()[0]) / 1024
    return held


def disk(index: Path) -> dict[str, float]:
    """What an index takes on disk by kind, in MB; what has several names counts once."""
    sizes: dict[str, float] = {}
    seen: set[int] = set()
    for path in sorted(index.rglob("*")):
        status = path.stat()
        if path.is_file() and status.st_ino not in seen:
            seen.add(status.st_ino)
            name = "terms" if path.parent.name == "terms" else "columns" if path.suffix == ".npy" else path.name
            sizes[name] = sizes.get(name, 0.0) + status.st_size / 1e6
    return sizes


def read_places(path: Path, places: int, size: int, rounds: int) -> list[float]:
    """Seconds in which the disk gives so many places of a file, `size` bytes each, when it is asked for all at once.

    What the system keeps of the file in memory is passed by. Empty where it cannot be, or the file is shorter.
    """
    pages, within = -(-size // mmap.PAGESIZE), path.stat().st_size // mmap.PAGESIZE
    if not hasattr(os, "O_DIRECT") or within < pages:
        return []
    try:
        file = os.open(path, os.O_RDONLY | os.O_DIRECT)
    except OSError:  # a file system that cannot
        return []
    chance = random.Random(0)

    def read(page: int) -> None:
        with mmap.mmap(-1, pages * mmap.PAGESIZE) as target:  # it must begin where a page does
            os.preadv(file, [target], page * mmap.PAGESIZE)

    try:
        with ThreadPoolExecutor(32) as readers:
            chosen = [[chance.randrange(within - pages + 1) for _ in range(places)] for _ in range(rounds + 1)]
            return [timed(lambda: list(readers.map(read, at))) for at in chosen][1:]  # noqa: B023
    finally:
        os.close(file)
