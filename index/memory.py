"""How much memory this process may still take. What needs more is refused in words, before a library ends the process.

A limit is one on addresses (`ulimit -v`), one on what is written to (`ulimit -d`), or one on what is really used: that
of a control group, as a container has it, or what the machine has left. Libraries in C++ and Rust do not all survive
the first two, and the system ends a process at the third, so neither can be waited for.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import NotEnoughMemory

PROCESS, GROUPS, MACHINE = Path("/proc/self"), Path("/sys/fs/cgroup"), Path("/proc/meminfo")

# What libraries raise where the system refuses them memory, or a thread, whose stack is some: RuntimeError, ValueError,
# ImportError or errors of their own.
_MESSAGES = (
    "can't start new thread", "bad_alloc", "bad alloc", "failed to map segment", "cannot allocate memory",
    "cannot apply additional memory protection", "out of memory", "memory allocation", "can't alloc", "(os error 11)",
    "(os error 12)", "resource temporarily unavailable", "not enough memory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """What something takes, in MiB: of addresses, of what is written to, and of what is really used."""

    addresses: int
    written: int
    used: int


def demand(what: str, need: Need, *others: Need) -> None:
    """Raise NotEnoughMemory, which says `what` there is too little memory for, unless there is as much as it needs.

    What `others` need is to be there as well, but is not told.
    """
    every = [_parts(one) for one in (need, *others)]
    for left, needed, *more in zip(_lefts(), *every, strict=True):
        if left is not None and left < needed + sum(more):
            raise _lack(what, needed)


def afforded(most: int, base: Need, each: Need) -> int:
    """How many threads of `most` there is memory for, if `each` takes some beside the `base`; at least one."""
    fit = [most]
    for left, needed, one in zip(_lefts(), _parts(base), _parts(each), strict=True):
        if left is not None:
            fit.append((left - needed) // one if one else most)
    return max(1, min(fit))


def room(most: int) -> bool:
    """Whether this process may have `most` MiB, as far as the limits of processes tell."""
    limits = _left(resource.RLIMIT_AS, "VmSize"), _left(resource.RLIMIT_DATA, "VmData")
    return all(left is None or left >= most for left in limits)


def is_short(error: BaseException) -> bool:
    """Whether an error came of want of memory, or the one before it of which it came."""
    seen: BaseException | None = error
    known: list[BaseException] = []
    while seen is not None and not any(seen is one for one in known):  # whoever wraps errors may make a ring of them
        known.append(seen)
        if isinstance(seen, MemoryError | NotEnoughMemory) or getattr(seen, "errno", None) == errno.ENOMEM:
            return True
        if isinstance(seen, RuntimeError | ValueError | ImportError) and any(
            one in str(seen).lower() for one in _MESSAGES
        ):
            return True
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return False


@contextlib.contextmanager
def reports_shortage(what: str, need: Need | None = None) -> Iterator[None]:
    """Raise NotEnoughMemory for what comes of want of memory while `what` is done; it tells the `need`."""
    try:
        yield
    except NotEnoughMemory:
        raise
    except Exception as error:
        if is_short(error):
            raise _lack(what, need.used if need else None) from error
        raise


def _lack(what: str, needed: int | None) -> NotEnoughMemory:
    return NotEnoughMemory(f"There is not enough memory to {what}{f' (needs about {needed:,} MiB)' if needed else ''}.")


def cores() -> int:
    """How many processors this process may use, by its affinity and by the quota of a container."""
    found = [processors()]
    for line in _text(PROCESS / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            for group in _groups(GROUPS, path):
                found += _quota(*_text(group / "cpu.max").split())
        elif "cpu" in controllers.split(","):
            for group in _groups(GROUPS / "cpu", path):
                found += _quota(_text(group / "cpu.cfs_quota_us").strip(), _text(group / "cpu.cfs_period_us").strip())
    return min(found)


def processors() -> int:
    """How many processors this process may run on; what heeds no quota takes memory for each of them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quota(most: str = "", period: str = "") -> list[int]:
    """Processors, of which a part counts as one; empty where there is no limit."""
    known = most.isdecimal() and period.isdecimal() and int(most) and int(period)
    return [-(-int(most) // int(period))] if known else []


def _parts(need: Need) -> tuple[int, int, int]:
    return need.addresses, need.written, need.used


def _lefts() -> tuple[int | None, int | None, int | None]:
    """What is left of each part of a need, in MiB."""
    return _left(resource.RLIMIT_AS, "VmSize"), _left(resource.RLIMIT_DATA, "VmData"), _unused()


def _left(limit: int, taken: str) -> int | None:
    """MiB up to a limit of this process, None where there is none, or the system does not tell."""
    most = resource.getrlimit(limit)[0]
    held = _numbers(PROCESS / "status").get(taken)
    return None if most == resource.RLIM_INFINITY or held is None else (most >> 20) - (held >> 10)


def _unused() -> int | None:
    """MiB that the machine has left for this process, or the control groups that it is in; None where nobody tells."""
    machine = _numbers(MACHINE)
    swap = machine.get("SwapFree", 0) << 10
    found = [machine["MemAvailable"] * 1024 + swap] if "MemAvailable" in machine else []
    for line in _text(PROCESS / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            found += _of_groups(GROUPS, path, "memory.max", "memory.current", "", swap)
        elif "memory" in controllers.split(","):
            found += _of_groups(GROUPS / "memory", path, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_", 0)
    return min(found) >> 20 if found else None


def _of_groups(root: Path, path: str, limit: str, usage: str, prefix: str, swap: int) -> Iterator[int]:
    """Bytes left in a group and in those around it. What it keeps of files counts: the system gives it up."""
    for group in _groups(root, path):
        most, taken = _text(group / limit).strip(), _text(group / usage).strip()
        if not (most.isdecimal() and taken.isdecimal()):  # the outermost has none, and "max" is none
            continue
        kept = _numbers(group / "memory.stat")
        files = sum(kept.get(f"{prefix}{name}", 0) for name in ("inactive_file", "active_file"))
        of_swap = _text(group / "memory.swap.max").strip()
        if of_swap.isdecimal():
            held = _text(group / "memory.swap.current").strip()
            swap = min(swap, max(0, int(of_swap) - (int(held) if held.isdecimal() else 0)))
        yield int(most) - int(taken) + files + swap


def _groups(root: Path, path: str) -> Iterator[Path]:
    """A group and those around it. The path may be one outside a container, which sees its own alone."""
    inner = root / path.lstrip("/")
    return (group for group in (inner, *inner.parents) if group.is_relative_to(root))


def _numbers(path: Path) -> dict[str, int]:
    """What stands in a file of the system, line by line: a name and a number."""
    parts = [line.replace(":", " ").split() for line in _text(path).splitlines()]
    return {part[0]: int(part[1]) for part in parts if len(part) > 1 and part[1].isdecimal()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
