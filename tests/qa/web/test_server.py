"""The real server, as processes of its own: started, asked, given new decisions, and told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from conftest import DOCUMENTATION, MISSION, PROJECT, SEEDS, SIXTH
from flask import Flask

from index.folder import begin
from qa.web.server import Answering

several = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of processes on Linux only")
Seen = TypeVar("Seen")
ANOTHER = "another takes its place."
BODY_TO_COME = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n{"
JSON = {"Content-Type": "application/json"}
COMMAND = [sys.executable, "-m", "qa"]


class Server:
    """A running server; `said` is all it has printed so far."""

    def __init__(self, *arguments: str, processes: int = 2) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "DECISION_QA_PROCESSES": str(processes)},
        )
        self.said = "".join(lines_until(self.process, "http://"))
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.said)
        assert found, self.said
        self.port, self.url = int(found[1]), found[0]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=120) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def ask(self, question: str) -> dict:
        request = urllib.request.Request(f"{self.url}ask", json.dumps({"question": question}).encode(), JSON)
        with urllib.request.urlopen(request, timeout=120) as response:
            return json.loads(response.read())

    def children(self) -> list[int]:
        """The processes that answer."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def wait_for(self, processes: int) -> list[int]:
        """The processes that answer, when all of them have loaded the model."""
        return wait_until(lambda: [pid for pid in children(self.process.pid) if "/terms/" in maps(pid)], processes)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=120)[0]
        return self.process.returncode


def children(process: int) -> list[int]:
    """The processes that a process has forked."""
    return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def kill(processes: list[int]) -> None:
    """End processes that may hang."""
    for pid in alive(processes):
        os.kill(pid, signal.SIGKILL)


def maps(process: int) -> str:
    """The files that a process has mapped; none of one that has ended."""
    try:
        return Path(f"/proc/{process}/maps").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_until(listed: Callable[[], list[int]], count: int) -> list[int]:
    """What is listed, when these are so many."""
    return wait_for(listed, lambda found: len(found) == count)


def wait_for(seen: Callable[[], Seen], is_it: Callable[[Seen], bool]) -> Seen:
    """What is seen, when it is what is waited for; where that takes far too long, it fails with what was seen last."""
    end = time.monotonic() + 120
    while not is_it(found := seen()):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    """What a process says until it says a line with this text, which is the last."""
    said: list[str] = []
    giving_up = threading.Timer(120, process.kill)
    giving_up.start()
    while (line := process.stdout.readline()) and text not in line:
        said.append(line)
    giving_up.cancel()
    assert line, said
    return [*said, line]


def alive(processes: list[int]) -> list[int]:
    """Those of some processes that have not ended."""
    return [pid for pid in processes if maps(pid)]


@contextlib.contextmanager
def running(index: Path) -> Iterator[Server]:
    server = Server("--index", str(index))
    yield server
    if server.process.poll() is None:
        server.stop()
    server.process.stdout.close()


@pytest.fixture
def serving(seed_index):
    """A server that a test may stop, or do worse to."""
    with running(seed_index) as server:
        yield server


@pytest.fixture(scope="module")
def unharmed(seed_index):
    """One that is asked by several tests, and is as it was after each."""
    with running(seed_index) as server:
        yield server


def test_serves(unharmed):
    """The server says where it is, and answers."""
    assert unharmed.said.startswith("decision-qa is ready: open http://127.0.0.1:")
    assert unharmed.get("readyz")[0] == 200
    found = {(item["reference"], item["paragraph"]) for item in unharmed.ask(MISSION)["paragraphs"]}
    assert found & {("21 017 496", 50), ("21 017 496", 51)}


def test_request_being_answered_is_finished(serving):
    """Requests that are being answered when the server is told to stop still get their answers."""
    statuses: list[int] = []
    sent, first = threading.Barrier(8), threading.Event()

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=120)
        question = f"{number} " + "safety " * 250
        connection.request("POST", "/ask", json.dumps({"question": question, "limit": 50}), JSON)
        sent.wait(120)
        with connection.getresponse() as response:
            statuses.append(response.status)
        first.set()
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    assert first.wait(120)  # the model answers one after the other, so the rest are waiting for it now
    waiting = 8 - len(statuses)
    assert serving.stop() == 0
    for thread in threads:
        thread.join()
    assert (waiting > 0, statuses) == (True, [200] * 8)


def test_crowd_is_answered_or_told_to_come_back(serving):
    """However many ask at once, each gets an answer or is told when to come back, and the server still says that it
    lives."""
    answers: list[tuple[int, str | None]] = []
    every = threading.Barrier(200)

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=120)
        connection.connect()
        every.wait(120)
        connection.request("POST", "/ask", json.dumps({"question": f"{number} " + "safety agreement " * 20}), JSON)
        with connection.getresponse() as response:
            response.read()
            answers.append((response.status, response.headers["Retry-After"]))
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    assert serving.get("healthz")[0] == 200
    for thread in threads:
        thread.join()
    assert (len(answers), set(answers) <= {(200, None), (503, "5")}) == (200, True)
    assert (200, None) in answers
    assert serving.stop() == 0


def test_connections_are_kept_open(unharmed):
    """As many as ask at once keep their connections from one question to the next."""
    connections = [http.client.HTTPConnection("127.0.0.1", unharmed.port, timeout=120) for _ in range(32)]
    for connection in connections * 2:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        response.read()
        assert (response.status, response.will_close) == (200, False)
    for connection in connections:
        connection.close()


def test_no_question_is_logged(serving):
    """Nothing that was asked is printed, up to the end, which is clean."""
    serving.ask("a secret question about lanyards")
    serving.get("ask?question=secret&limit=0")
    assert serving.stop() == 0
    assert "secret" not in serving.said
    assert "Traceback" not in serving.said


def test_new_decisions_are_answered_without_a_restart(tmp_path, seed_index):
    """While the server runs and is asked all the time, a decision is added and built: no request fails, and it is
    cited."""
    decisions, index = tmp_path / "decisions", tmp_path / "index"
    begin(decisions, SEEDS)
    shutil.copytree(seed_index, index)
    place = ["--decisions", str(decisions)]
    server = Server("--index", str(index))
    stop, statuses = threading.Event(), []

    def keep_asking() -> None:
        while not stop.is_set():
            statuses.append(server.get("ask?question=carer+lanyard")[0])
            time.sleep(0.02)

    asking = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in asking:
        thread.start()
    try:
        assert "Northwick" not in json.dumps(server.ask("Who got a carer’s lanyard?"))
        subprocess.run([*COMMAND, "add", str(SIXTH), *place], check=True, capture_output=True)
        subprocess.run([*COMMAND, "build", *place, "--index", str(index)], check=True, capture_output=True)
        wait_for(
            lambda: json.dumps(server.ask("Who got a carer’s lanyard?"), ensure_ascii=False),
            lambda answer: "Northwick Borough Council (22 009 999), paragraph" in answer,
        )
    finally:
        stop.set()
        for thread in asking:
            thread.join()
        assert server.stop() == 0
    assert len(statuses) > 10
    assert set(statuses) == {200}


def test_server_without_an_index_waits_for_one(tmp_path, seed_index):
    """A server that is started before there is an index says which command makes one, and answers once it is there."""
    server = Server("--index", str(tmp_path / "index"))
    try:
        assert "Run decision-qa build first." in server.said
        status, body = server.get("ask?question=rights")
        assert (status, "decision-qa build" in body) == (503, True)
        shutil.copytree(seed_index, tmp_path / "index")
        assert server.get("ask?question=rights")[0] == 200
    finally:
        server.stop()


@several
@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    "has_come_so_far",
    [
        lambda process: "/numpy/" in maps(process.pid),
        lambda process: "/rapidfuzz/" in maps(process.pid),
        lambda process: bool(children(process.pid)),
        lambda process: bool(lines_until(process, "decision-qa listens on")),
    ],
    ids=["imports the first", "imports the last", "forks", "listens"],
)
def test_interrupted_at_any_time(has_come_so_far, processes, tmp_path, monkeypatch):
    """Ctrl-C ends the command without a traceback, while it starts as well as later."""
    monkeypatch.setenv("DECISION_QA_PROCESSES", str(processes))
    command = [*COMMAND, "serve", "--port", "0", "--index", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            wait_for(lambda: has_come_so_far(process), bool)
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=120)
        finally:
            process.kill()
    assert "Traceback" not in said


def test_stops_while_a_connection_ends(tmp_path):
    """A server that is told to stop at the very moment in which a connection is closed waits for nothing.

    A signal that broke off the waking of a thread made one stop in five last until the server gave up.
    """
    for _ in range(6):
        server = Server("--index", str(tmp_path), processes=1)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        connection.close()
        server.process.send_signal(signal.SIGTERM)
        try:
            assert server.process.wait(120) == 0
        finally:
            server.process.kill()
            server.process.communicate()


@several
def test_as_many_processes_as_are_set(seed_index):
    """So many processes answer, and none is left when the server has stopped."""
    server = Server("--index", str(seed_index), processes=3)
    processes = server.wait_for(3)
    assert server.stop() == 0
    assert alive(processes) == []


def test_processes_know_the_same_answer_again(unharmed):
    """Whichever process answers, it gives the same answer the same tag."""
    tags = set()
    for _ in range(40):
        with urllib.request.urlopen(f"{unharmed.url}ask?question=rights", timeout=120) as response:
            tags.add(response.headers["ETag"])
    assert len(tags) == 1


@several
@pytest.mark.parametrize(
    ("number", "told"), [(signal.SIGKILL, "was ended by SIGKILL"), (signal.SIGSTOP, "hung")], ids=["killed", "hangs"]
)
def test_process_that_ends_or_hangs_is_replaced(number, told, unharmed):
    """Where one of the processes is killed or does nothing any more, the server says so, and another takes its
    place."""
    processes = unharmed.wait_for(2)
    os.kill(processes[0], number)
    # On a machine that is very busy another may seem to hang, and be told before it.
    lines_until(unharmed.process, f"decision-qa: one of the server's processes {told}; {ANOTHER}\n")
    wait_until(lambda: alive(processes[:1]), 0)
    assert processes[0] not in unharmed.wait_for(2)
    assert unharmed.get("readyz")[0] == 200


@several
def test_others_are_answered_while_a_process_is_replaced(unharmed):
    """When one of the processes is killed, at most one who asked it need ask again."""
    processes = unharmed.wait_for(2)
    os.kill(processes[0], signal.SIGKILL)
    failed = 0
    for _ in range(50):
        try:
            assert unharmed.get("ask?question=rights")[0] == 200
        except (ConnectionError, urllib.error.URLError):
            failed += 1
    lines_until(unharmed.process, ANOTHER)
    unharmed.wait_for(2)
    assert failed <= 1


@several
def test_no_dump_of_a_process(unharmed):
    """A process that crashes leaves no dump: it would hold what was asked."""
    for pid in [unharmed.process.pid, *unharmed.wait_for(2)]:
        assert re.search(r"Max core file size +0 +0 ", Path(f"/proc/{pid}/limits").read_text())


@several
def test_processes_end_with_the_one_that_started_them(serving):
    """Where the server itself is killed, nobody answers at its address any more."""
    processes = serving.wait_for(2)
    serving.process.kill()
    serving.process.communicate()
    wait_until(lambda: alive(processes), 0)


@several
def test_second_signal_ends_it_at_once(serving):
    """Who tells the server to stop and does not want to wait tells it twice."""
    processes = serving.wait_for(2)
    os.kill(processes[0], signal.SIGSTOP)  # it cannot stop by itself
    serving.process.send_signal(signal.SIGTERM)
    lines_until(serving.process, "Stopping;")
    serving.process.send_signal(signal.SIGTERM)
    try:
        serving.process.communicate()
        assert serving.process.returncode == -signal.SIGTERM
        wait_until(lambda: alive(processes), 0)
    finally:
        kill(processes)


@several
def test_first_process_killed_while_it_loads(seed_index):
    """Where the first process is killed before it can answer, others answer."""
    command = [*COMMAND, "serve", "--port", "0", "--index", str(seed_index)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "DECISION_QA_PROCESSES": "2"},
    )  # fmt: skip
    first = wait_until(lambda: children(process.pid)[:1], 1)[0]
    os.kill(first, signal.SIGKILL)
    try:
        said = lines_until(process, "decision-qa is ready")
        if "was ended by SIGKILL" not in "".join(said):  # which of the two is told first is left to chance
            lines_until(process, "was ended by SIGKILL")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
    finally:
        process.kill()


def test_kept_connection_is_answered_to_the_end(serving):
    """Who asks again and again on one connection while the server stops is told that it closes, and loses nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=120)
    asked = answered = 0
    closes = False
    while not closes:
        if asked == 5:
            serving.process.send_signal(signal.SIGTERM)
        connection.request("GET", f"/ask?question=carer+{asked}")
        asked += 1
        with connection.getresponse() as response:
            response.read()
            answered += response.status == 200
            closes = response.headers["Connection"] == "close"
    assert asked == answered
    assert serving.process.wait(120) == 0


def test_crowd_that_says_nothing_keeps_nobody_out(unharmed):
    """While many clients hold connections on which they say nothing, or never end what they say, others are
    answered."""
    crowd = [socket.create_connection(("127.0.0.1", unharmed.port)) for _ in range(200)]
    for number, one in enumerate(crowd):
        one.sendall([b"", b"GET /ask?question=rights HTTP/1.1\r\nHost: ", BODY_TO_COME][number % 3])
    assert [unharmed.get(f"ask?question=rights+{number}")[0] for number in range(10)] == [200] * 10
    for one in crowd:
        one.close()


def test_interrupted_in_a_terminal(serving):
    """Ctrl-C, which reaches all processes, ends the server with one sentence."""
    os.killpg(serving.process.pid, signal.SIGINT)
    said, _ = serving.process.communicate(timeout=120)
    assert (serving.process.returncode, said) == (
        0,
        "Stopping; requests that are being answered are finished first.\n",
    )


@several
def test_version_before_is_let_go_though_nobody_asks(tmp_path, seed_index):
    """When an index was built anew, every process takes it up by itself and lets go of the one before."""
    decisions, index = tmp_path / "decisions", tmp_path / "index"
    begin(decisions, SEEDS)
    shutil.copytree(seed_index, index)
    place = ["--decisions", str(decisions)]
    server = Server("--index", str(index))
    try:
        processes = server.wait_for(2)
        subprocess.run([*COMMAND, "add", str(SIXTH), *place], check=True, capture_output=True)
        subprocess.run([*COMMAND, "build", *place, "--index", str(index)], check=True, capture_output=True)
        wait_until(lambda: [pid for pid in processes if "/000001/" in maps(pid)], 0)
        assert all("/000002/" in maps(pid) for pid in processes)
    finally:
        assert server.stop() == 0


def test_model_that_cannot_be_loaded_is_one_sentence(tmp_path, seed_index):
    """Where the model turns out to be none, the server says so once and ends with 2."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"none")
    run = subprocess.run(
        [*COMMAND, "serve", "--port", "0", "--index", str(seed_index)],
        capture_output=True,
        text=True,
        env={**os.environ, "DECISION_QA_MODEL": str(model), "DECISION_QA_PROCESSES": "2"},
    )
    assert (run.returncode, run.stdout, run.stderr.count("cannot be loaded")) == (2, "", 1)
    assert "Traceback" not in run.stderr


def test_port_in_use_is_one_sentence(unharmed):
    """A port that is in use gets a sentence and exit code 2."""
    second = subprocess.run([*COMMAND, "serve", "--port", str(unharmed.port)], capture_output=True, text=True)
    assert second.returncode == 2
    assert second.stderr.startswith(f"decision-qa: Cannot listen on 127.0.0.1, port {unharmed.port}")
    assert "Traceback" not in second.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_commands_of_the_documentation_run(unharmed):
    """Every curl command to the server that the documentation shows gets an answer."""
    lines = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTATION).splitlines()
    here = "http://127.0.0.1:8000/"
    commands = [line.replace(here, unharmed.url) for line in lines if line.startswith("curl ") and here in line]
    assert len(commands) >= 4
    for command in commands:
        run = subprocess.run([*shlex.split(command), "--silent", "--fail"], capture_output=True, check=True)
        body = json.loads(run.stdout)
        assert body["counts"]["exact"] == 1 if "counts" in body else body["status"] == "answered"


def test_python_of_the_documentation_runs(unharmed):
    """The Python that docs/api.md shows prints paragraphs with their citations."""
    text = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
    [program] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    program = program.replace("http://127.0.0.1:8000/", unharmed.url)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "West Northamptonshire Council (21 017 496), paragraph 51\n" in run.stdout
    assert run.stdout.count("“") >= 3


# How many are taken up


@pytest.mark.parametrize(("here", "taken"), [(0, 1), (7, 1), (24, 4), (1000, 32)])
def test_more_are_taken_up_where_much_is_done(monkeypatch, here, taken):
    """In a turn of the loop one connection is taken up where there are few, and more where the turn takes long."""

    async def taken_up() -> int:
        answering, loop = Answering(Flask(__name__), 100, 60, lambda: None), asyncio.get_running_loop()
        made: list[socket.socket] = []
        monkeypatch.setattr(
            loop, "connect_accepted_socket", lambda _, accepted: asyncio.sleep(0, made.append(accepted))
        )
        answering._state.connections = set(range(here))
        with socket.create_server(("127.0.0.1", 0)) as listening, contextlib.ExitStack() as crowd:
            listening.setblocking(False)
            for _ in range(40):
                crowd.enter_context(socket.create_connection(listening.getsockname()))
            answering._take_up(listening)
            await asyncio.sleep(0)
            for one in made:
                one.close()
        return len(made)

    assert asyncio.run(taken_up()) == taken


def test_a_process_without_descriptors_looks_again(monkeypatch, caplog):
    """Where no descriptor is left for whoever comes, the process says so and takes them up later."""
    monkeypatch.setattr("qa.web.server._NO_DESCRIPTORS_SECONDS", 0)
    looks: list[str] = []

    class Listening(socket.socket):
        def accept(self):
            looks.append("looks")
            raise OSError(errno.EMFILE, "Too many open files")

    async def looked() -> None:
        answering = Answering(Flask(__name__), 100, 60, lambda: None)
        with Listening() as listening:
            listening.bind(("127.0.0.1", 0))
            await answering.begin([listening])
            with socket.create_connection(listening.getsockname()):
                while len(looks) < 3:
                    await asyncio.sleep(0.01)
            answering._stopping = True
            await asyncio.sleep(0.1)
            asyncio.get_running_loop().remove_reader(listening.fileno())

    asyncio.run(looked())
    assert all(record.getMessage().startswith("OSError") for record in caplog.records)
    assert len(caplog.records) >= 3


@pytest.mark.parametrize("said", [errno.ECONNABORTED, errno.EPROTO, errno.EPERM, errno.EAGAIN])
def test_connection_that_was_lost_while_it_waited_stops_nothing(said, caplog):
    """Where whoever waited has gone, the next is taken up at once, and nothing is told."""

    class Listening(socket.socket):
        def accept(self):
            raise OSError(said, "lost")

    async def taken_up() -> bool:
        loop = asyncio.get_running_loop()
        with Listening() as listening:
            loop.add_reader(listening.fileno(), lambda: None)
            Answering(Flask(__name__), 100, 60, lambda: None)._take_up(listening)
            return loop.remove_reader(listening.fileno())

    assert asyncio.run(taken_up())
    assert not caplog.records
