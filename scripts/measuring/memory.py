"""Seconds, memory and disk."""

from __future__ import annotations

import mmap
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_READERS = 32  # threads that wait for the disk side by side


def timed(run: Callable[[], object]) -> float:
    """Seconds that something takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def memory_of_machine() -> int:
    """All the memory there is, in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


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


def read_places(path: Path, places: int, size: int) -> float | None:
    """Seconds in which the disk gives so many places of a file, of `size` bytes or a page more, 32 at a time.

    They are read past what the system keeps of files in memory; None where it cannot, or the file is shorter.
    """
    pages, within = -(-size // mmap.PAGESIZE), path.stat().st_size // mmap.PAGESIZE
    if not hasattr(os, "O_DIRECT") or within < pages:
        return None
    chosen = [mmap.PAGESIZE * random.randrange(within - pages + 1) for _ in range(places)]
    targets = [mmap.mmap(-1, pages * mmap.PAGESIZE) for _ in range(min(_READERS, places))]  # each begins a page
    try:
        file = os.open(path, os.O_RDONLY | os.O_DIRECT)
    except OSError:
        return None

    def read(reader: int) -> None:
        target = targets[reader]
        for offset in chosen[reader::_READERS]:
            if os.preadv(file, [target], offset) < len(target):
                raise OSError(f"{path.name} ends within a place")

    try:
        with ThreadPoolExecutor(_READERS) as readers:
            # Threads and pages are made before the clock starts.
            list(readers.map(lambda target: target.write(bytes(len(target))), targets))
            return timed(lambda: list(readers.map(read, range(len(targets)))))
    except OSError:  # a file system that opens files so, but does not read them
        return None
    finally:
        os.close(file)
