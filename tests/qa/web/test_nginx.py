"""The configuration of docs/nginx.conf, run by Debian's nginx before a server of this program."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from conftest import MISSION, PROJECT
from model_server import Connection, Does, ModelServer
from selectolax.lexbor import LexborHTMLParser

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None or sys.platform != "linux", reason="Debian's nginx is not installed")

PREFIX = "/decisions-qa"
PAGE = {"Accept": "text/html"}
DECISION = "/decisions/21-017-496"
below = pytest.mark.parametrize("prefix", ["", PREFIX], ids=["at the root", "below a path"])
_addresses = itertools.count(2)


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Message
    text: str


@dataclass(frozen=True)
class Proxy:
    """A running nginx with a server behind it. `waiting` holds back the language model behind that."""

    port: int
    folder: Path
    waiting: list[str]

    def client(self) -> Client:
        """One at an address of its own, so that what another has asked does not count."""
        return Client(self.port, f"127.0.0.{next(_addresses)}")


@dataclass(frozen=True)
class Client:
    port: int
    address: str

    def open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(self.address, 0))

    def get(self, path: str, headers: Mapping[str, str] = PAGE) -> Answered:
        return self.send("GET", path, None, headers)

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answered:
        with contextlib.closing(self.open()) as connection:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answered(response.status, response.headers, response.read().decode())

    def check(self, path: str, letter: str) -> Answered:
        form = {"Content-Type": "application/x-www-form-urlencoded"} | PAGE
        return self.send("POST", path, urlencode({"text": letter}).encode(), form)


@contextlib.contextmanager
def running(command: list[str | Path], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=PROJECT, env={**os.environ, **environment}
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, port: int, path: str) -> None:
    """Until it answers; what it said is told where it ends instead."""
    for _ in range(1200):
        assert process.poll() is None, log.read_text()
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asked):
            asked.request("GET", path)
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    pytest.fail(log.read_text())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def configuration(folder: Path, port: int, behind: int) -> Path:
    """That of the documentation, at other ports and in this folder, within the least that nginx needs around it."""
    text = (PROJECT / "docs" / "nginx.conf").read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
        "/var/log/nginx/decision-qa.log": str(folder / "access.log"),
        "/var/log/nginx/decision-qa-error.log": str(folder / "error.log"),
    }.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / "decision-qa.conf").write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # or its workers could not write to the folder of a test
    around = folder / "nginx.conf"
    around.write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\n{temporary}include {folder}/decision-qa.conf;\n}}\n"
    )
    return around


@pytest.fixture(scope="module")
def proxy(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder, waiting = tmp_path_factory.mktemp("nginx"), list[str]()

    def act(connection: Connection) -> None:
        connection.start()
        while waiting:
            connection.wait(0.01)
        connection.event({"content": "Nothing that stands in the paragraphs."})
        connection.finish()

    port, behind = free_port(), free_port()
    serve = [sys.executable, "-m", "qa", "serve", "--port", str(behind), "--index", seed_index]
    start = [str(NGINX), "-p", folder, "-e", folder / "start.log", "-c", configuration(folder, port, behind)]
    with ModelServer(Does(act)) as model:
        settings = {
            "DECISION_QA_PROXIES": "1",
            "DECISION_QA_PROCESSES": "1",
            "DECISION_QA_LLM_URL": model.url,
            "DECISION_QA_LLM_MODEL": "a-model",
        }
        with running(serve, folder / "serve.log", **settings) as server:
            wait_until_ready(server, folder / "serve.log", behind, "/readyz")
            with running(start, folder / "nginx.log") as nginx:
                wait_until_ready(nginx, folder / "start.log", port, "/healthz")
                yield Proxy(port, folder, waiting)


def leads(page: str) -> set[str]:
    """Where a page leads or gets something from, without what is on it or elsewhere."""
    found = set()
    for name in ("href", "src", "action"):
        found |= {node.attributes[name] or "" for node in LexborHTMLParser(page).css(f"[{name}]")}
    return {address for address in found if not address.startswith(("#", "http://", "https://"))}


@below
def test_pages_lead_on(proxy: Proxy, prefix: str) -> None:
    """Every link, form and file of the pages begins with the path below which they stand, and is there."""
    client = proxy.client()
    queries = [
        f"/?{urlencode({'question': question})}" for question in (MISSION, "lemon cake", "how many were upheld?")
    ]
    found: set[str] = set()
    for path in ("/", "/decisions", DECISION, "/docs", "/check", "/nothing-here", *queries):
        page = client.get(prefix + path)
        assert page.status == (404 if path == "/nothing-here" else 200), page.text
        found |= leads(page.text)
    found |= leads(client.check(f"{prefix}/check", f"See 21 017 496, paragraph 50. {MISSION}").text)
    assert found and all(address.startswith(f"{prefix}/") for address in found)
    first = {urlsplit(address).path: address.partition("#")[0] for address in sorted(found)}
    assert {prefix + path for path in ("/", "/decisions", DECISION, "/docs", "/check", "/openapi.json")} <= first.keys()
    for address in first.values():
        assert client.get(address).status == 200, address


@below
def test_redirects_stay_below_the_path(proxy: Proxy, prefix: str) -> None:
    """What leads to the one address of a search or a decision leads there below the same path."""
    client = proxy.client()
    for path, place in {"/decisions/21017496": DECISION, "/?question=a&council=": "/?question=a"}.items():
        told = client.get(prefix + path)
        assert (told.status // 100, told.headers["Location"]) == (3, prefix + place)


def test_path_without_its_slash_leads_on(proxy: Proxy) -> None:
    """The path alone is the form, too."""
    told = proxy.client().get(PREFIX)
    assert (told.status, told.headers["Location"]) == (301, f"{PREFIX}/")


@below
def test_docs_tell_the_address_of_the_reader(proxy: Proxy, prefix: str) -> None:
    """The calls of the documentation go through nginx, and nowhere else."""
    text = proxy.client().get(f"{prefix}/docs").text
    assert set(re.findall(r"http://127\.0\.0\.1:\d+[a-z/-]*?(?=/ask|/api/)", text)) == {
        f"http://127.0.0.1:{proxy.port}{prefix}"
    }


@below
def test_answers_are_those_of_the_program(proxy: Proxy, prefix: str) -> None:
    """What /ask answers is the same below a path: its addresses are relative to the program."""
    body = json.dumps({"question": MISSION}).encode()
    told = proxy.client().send("POST", f"{prefix}/ask", body, {"Content-Type": "application/json"})
    [first, *_] = json.loads(told.text)["paragraphs"]
    assert first["url"].startswith(f"{DECISION}#")


@below
def test_events_are_passed_on_at_once(proxy: Proxy, prefix: str) -> None:
    """The extract comes while the language model is still held back, and the rest when it is not."""
    proxy.waiting.append("for the client")
    with contextlib.closing(proxy.client().open()) as connection:
        body = json.dumps({"question": MISSION, "generate": True})
        head = {"Accept": "text/event-stream", "Content-Type": "application/json"}
        connection.request("POST", f"{prefix}/ask", body, head)
        response = connection.getresponse()
        assert response.status == 200
        assert response.readline() == b"event: extract\n"
        proxy.waiting.clear()
        assert b"event: answer\n" in response.read()


@below
def test_long_address_is_refused_by_the_program(proxy: Proxy, prefix: str) -> None:
    """A question that is too long for an address gets what the program says of it, however it is written."""
    ask = f"{prefix}/ask?question="
    told = [proxy.client().get(ask + long, {}) for long in ("%F0%9F%99%82" * 16_000, "a" * 70_000)]
    assert [answer.status for answer in told] == [400, 413]
    assert json.loads(told[1].text)["detail"] == "The address must not be larger than 64 KiB."


def test_long_body_is_refused(proxy: Proxy) -> None:
    """A body over the limit is refused by nginx, in the words of the program."""
    told = proxy.client().send("POST", "/check", b"x" * (1280 * 1024 + 1), {"Content-Type": "text/plain"})
    assert (told.status, told.headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(told.text)["status"] == 413


@pytest.mark.parametrize(
    "path", ["/check", "/api/check", f"{PREFIX}/check", "/?question=a&generate=true", "/?question=a&%67enerate=true"]
)
def test_what_costs_is_limited(proxy: Proxy, path: str) -> None:
    """An address that asks for many letters or texts is told to wait, and may still read; another is not told so."""
    client, other = proxy.client(), proxy.client()

    def ask(client: Client) -> Answered:
        return client.get(path) if "?" in path else client.check(path, "No citation.")

    told = [ask(client) for _ in range(30)]
    assert {one.status for one in told[:11]}.isdisjoint({429}) and told[-1].status == 429
    assert told[-1].headers["Retry-After"] and json.loads(told[-1].text)["status"] == 429
    assert client.get("/decisions").status == 200
    assert ask(other).status != 429


def test_no_question_is_logged(proxy: Proxy) -> None:
    """The log has who asked for which page, but not the question, also where it was refused."""
    client = proxy.client()
    for _ in range(30):
        client.get("/?question=a-secret&generate=true", PAGE | {"Referer": "http://127.0.0.1/?question=a-secret"})
    lines = [line for line in (proxy.folder / "access.log").read_text().splitlines() if client.address in line]
    assert len(lines) == 30 and any(" 429 " in line for line in lines)
    for log in proxy.folder.glob("*.log"):
        assert "secret" not in log.read_text()
