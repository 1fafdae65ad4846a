"""Where memory is short that is said in a sentence, whatever limits it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, SEEDS

from index import memory
from index.embedding.embedder import BackgroundEmbedder, SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.errors import NotEnoughMemory
from index.memory import Need, demand, is_short, reports_shortage

MIB = 1 << 20
SOME = Need(addresses=100, written=100, used=100)
LOADING = r"There is not enough memory to load the model \(needs about [\d,]+ MiB\)\.$"


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Files of a system: a process, its control groups, and 8 GiB that are left; a test writes the rest."""
    for name, place in (("PROCESS", "self"), ("GROUPS", "groups"), ("MACHINE", "meminfo")):
        monkeypatch.setattr(memory, name, tmp_path / place)
    written(tmp_path / "meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\nSwapFree: 0 kB\n")
    written(tmp_path / "self" / "status", "VmSize:\t  102400 kB\nVmData:\t   51200 kB\n")
    written(tmp_path / "self" / "cgroup", "0::/\n")
    return tmp_path


def written(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{content}")


def group(folder: Path, most: object, taken: int, files: int = 0) -> None:
    """A control group of the second kind; sizes in MiB."""
    written(folder / "memory.max", most if isinstance(most, str) else most * MIB)
    written(folder / "memory.current", taken * MIB)
    written(folder / "memory.stat", f"anon 1\ninactive_file {files * MIB}\nactive_file 0\n")


def is_refused() -> bool:
    """Whether there is too little for something that takes 100 MiB."""
    try:
        demand("do it", SOME)
    except NotEnoughMemory as error:
        assert str(error) == "There is not enough memory to do it (needs about 100 MiB)."
        return True
    return False


def test_memory_without_limits(system):
    """Without limits the machine's memory counts."""
    assert not is_refused()


@pytest.mark.parametrize(("left", "swap", "refused"), [(99, 0, True), (100, 0, False), (50, 50, False)])
def test_memory_of_the_machine(system, left, swap, refused):
    """What the machine has left is available, its swap with it."""
    written(system / "meminfo", f"MemAvailable: {left * 1024} kB\nSwapFree: {swap * 1024} kB\n")
    assert is_refused() == refused


@pytest.mark.parametrize(
    ("most", "taken", "files", "refused"),
    [(300, 201, 0, True), (300, 200, 0, False), (300, 290, 90, False), ("max\n", 290, 0, False)],
)
def test_memory_of_a_group(system, most, taken, files, refused):
    """A control group has what its limit leaves, and what it keeps of files, which the system gives up."""
    group(system / "groups", most, taken, files)
    assert is_refused() == refused


def test_memory_of_the_groups_around(system):
    """The limit of a control group around that of the process counts, too."""
    written(system / "self" / "cgroup", "0::/outer/inner\n")
    group(system / "groups" / "outer", 50, 0)
    group(system / "groups" / "outer" / "inner", "max", 0)
    assert is_refused()


def test_memory_of_a_group_seen_from_outside(system):
    """In a container the path of the group may be the host's; its own files stand at the root."""
    written(system / "self" / "cgroup", "0::/docker/0123\n")
    group(system / "groups", 50, 0)
    assert is_refused()


@pytest.mark.parametrize(("taken", "refused"), [(201, True), (200, False)])
def test_memory_of_a_group_of_the_first_kind(system, taken, refused):
    """Control groups of the first kind are read as well."""
    written(system / "self" / "cgroup", "5:cpu:/\n4:memory,other:/one\n")
    folder = system / "groups" / "memory" / "one"
    written(folder / "memory.limit_in_bytes", 300 * MIB)
    written(folder / "memory.usage_in_bytes", taken * MIB)
    assert is_refused() == refused


def test_memory_swap_of_a_group(system):
    """A group has no more of the machine's swap than its own limit."""
    written(system / "meminfo", "MemAvailable: 8388608 kB\nSwapFree: 8388608 kB\n")
    group(system / "groups", 300, 250)
    assert not is_refused()
    written(system / "groups" / "memory.swap.max", 10 * MIB)
    assert is_refused()


@pytest.mark.parametrize(
    ("limit", "field", "most", "refused"),
    [
        (resource.RLIMIT_AS, "addresses", 199, True),
        (resource.RLIMIT_AS, "addresses", 200, False),
        (resource.RLIMIT_DATA, "written", 149, True),
        (resource.RLIMIT_DATA, "written", 150, False),
    ],
)
def test_memory_of_a_process(system, monkeypatch, limit, field, most, refused):
    """What the process holds already counts towards its limits."""
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    monkeypatch.setattr(resource, "getrlimit", lambda what: (most * MIB, most * MIB) if what == limit else unlimited)
    assert is_refused() == refused


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
        RuntimeError("Exception from src/core.cpp:107: std::bad_alloc"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        ValueError("An IO error occurred: 'Resource temporarily unavailable (os error 11)'"),
    ],
)
def test_memory_that_a_library_lacks(error):
    """Each library has an error of its own for what there is no memory for; all are told in the same words."""
    sentence = r"^There is not enough memory to do it \(needs about 100 MiB\)\.$"
    with pytest.raises(NotEnoughMemory, match=sentence), reports_shortage("do it", SOME):
        raise error


def test_memory_is_not_to_blame_for_what_was_put_aside():
    """An error raised `from None` has nothing to do with the one before it."""
    with pytest.raises(KeyError) as found:
        try:
            raise MemoryError
        except MemoryError:
            raise KeyError("a") from None
    assert not is_short(found.value)


def test_memory_of_errors_in_a_ring():
    """Errors of which each came of the other are looked through once."""
    one, other = KeyError("a"), KeyError("b")
    one.__cause__, other.__cause__ = other, one
    assert not is_short(one)


def test_memory_is_not_to_blame_for_other_errors():
    """An error of another kind is what it is."""
    assert not is_short(ValueError("no number"))
    with pytest.raises(KeyError), reports_shortage("do it"):
        raise KeyError("a")


@pytest.fixture
def many(monkeypatch):
    """A host of 64 processors."""
    monkeypatch.setattr(memory.os, "sched_getaffinity", lambda _: set(range(64)))


@pytest.mark.parametrize(("quota", "count"), [("200000 100000", 2), ("150000 100000", 2), ("max 100000", 64)])
def test_cores_of_a_container(system, many, quota, count):
    """Of the processors of a host a container has as many as its quota says."""
    written(system / "groups" / "cpu.max", f"{quota}\n")
    assert memory.cores() == count


@pytest.mark.parametrize(("quota", "count"), [(200000, 2), (-1, 64)])
def test_cores_of_a_group_of_the_first_kind(system, many, quota, count):
    """The same in control groups of the first kind."""
    written(system / "self" / "cgroup", "5:cpu,cpuacct:/one\n")
    written(system / "groups" / "cpu" / "one" / "cpu.cfs_quota_us", quota)
    written(system / "groups" / "cpu" / "one" / "cpu.cfs_period_us", 100000)
    assert memory.cores() == count


@pytest.mark.parametrize(("left", "count"), [(10_000, 64), (250, 2), (60, 1)])
def test_threads_that_there_is_memory_for(system, left, count):
    """Where memory is short there are fewer threads, but one."""
    group(system / "groups", left, 0)
    assert memory.afforded(64, SOME, Need(addresses=50, written=50, used=75)) == count


def test_many_processors_take_no_more_than_there_is(system, many):
    """On a host of many processors texts are embedded where there is memory for one batch at a time."""
    embedder = SentenceEmbedder(ModelFiles.find())
    group(system / "groups", 300, 240)
    assert len(embedder.embed(["one text", "another text " * 90] * 40)) == 80


@pytest.mark.parametrize("plain", [False, True], ids=["OpenVINO", "sentence-transformers"])
def test_memory_for_the_model(system, plain):
    """If there is too little memory for the model, it is not loaded, and how much it needs is said."""
    group(system / "groups", 300, 200)
    with pytest.raises(NotEnoughMemory, match=LOADING):
        SentenceEmbedder(ModelFiles.find(), plain)


def test_memory_for_the_model_of_a_server(system):
    """A server whose model finds no memory tells the same sentence to whoever asks."""
    group(system / "groups", 300, 200)
    embedder = BackgroundEmbedder(ModelFiles.find())
    embedder.start()
    with pytest.raises(NotEnoughMemory, match=LOADING):
        embedder.loaded(wait=True)


def limited(kib: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """What `decision-qa` says with so many KiB of addresses."""
    command = f'ulimit -v {kib}; exec "$@"'
    words = ["bash", "-c", command, "bash", sys.executable, "-m", "qa", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "HF_HUB_OFFLINE": "1"}
    return subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, check=False)


@pytest.mark.parametrize("arguments", [("list",), ("ask", "fault?"), ("build", "--decisions", SEEDS), ("serve",)])
def test_memory_to_start(arguments, tmp_path):
    """A command that cannot even start for want of memory says so in one sentence, and ends with 2."""
    done = limited(200_000, *arguments, "--index", tmp_path / "index")
    assert done.returncode == 2
    assert done.stderr.startswith("decision-qa: There is not enough memory to start decision-qa (needs about ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["build", "ask", "serve", "mcp"])
def test_memory_to_load_the_model(command, seed_index, tmp_path):
    """A command whose model finds no memory says so in one sentence, and ends with 2."""
    kib = 1024 * 900
    more = {
        "build": ("--decisions", SEEDS, "--index", tmp_path),
        "ask": ("fault?", "--index", seed_index),
        "serve": ("--port", 0, "--index", seed_index),
        "mcp": ("--http", "--port", 0, "--index", seed_index),
    }
    done = limited(kib, command, *more[command])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("decision-qa: There is not enough memory to load the model (needs about ")


def test_many_processors_start_with_few_addresses(tmp_path):
    """Where addresses are short the libraries are begun for fewer processors, and a command is not refused for more."""
    code = "import os, sys; sys.argv = ['decision-qa', '--help']; import index.memory; " + (
        "chosen = []; index.memory.processors = lambda: 1 if chosen else 64; "
        "os.sched_getaffinity = lambda _: set(range(64)); "
        "os.sched_setaffinity = lambda _, few: chosen.append(few); "
        "import qa.__main__; print(len(chosen[0]))"
    )
    words = ["bash", "-c", f'ulimit -v {8 << 20}; exec "$@"', "bash", sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert 1 <= int(done.stdout) < 64
