"""The client of the language model, against a real server that does all that a server can do wrong."""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import httpx2  # noqa: F401  (its import takes time, which does not count in a test of half a second)
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from model_server import (
    Does,
    ModelServer,
    drips,
    hangs,
    hangs_after,
    length,
    pings,
    raw,
    redirects,
    repeats,
    says,
    speaks,
    status,
    stops_in_mid_sentence,
)

from index.errors import DecisionQAError
from qa.generation.llm import LanguageModel, Message, NotWritten

MESSAGES = (Message("system", "Answer with citations."), Message("user", "When did the secret lanyard arrive?"))
KEY = "key-that-nobody-else-sees"
TEXT = "It arrived in May, as promised [1]."


@pytest.fixture
def server():
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def kept_server():
    with ModelServer() as server:
        yield server


def model_at(server: ModelServer, seconds: float = 20, tokens: int = 600) -> LanguageModel:
    return LanguageModel(server.url, "small", KEY, seconds, tokens)


def written(model: LanguageModel) -> str:
    return "".join(model.write(MESSAGES))


def failure(model: LanguageModel) -> NotWritten:
    """How a call fails; every failure is checked for what must not be told."""
    with pytest.raises(NotWritten) as caught:
        written(model)
    error = caught.value
    assert model.host in str(error)
    assert KEY not in str(error)
    assert "lanyard" not in str(error)
    assert error.__cause__ is error.__context__ is None  # what stands behind it holds the request
    return error


def events(*events: object) -> bytes:
    return b"".join(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode() for event in events)


def choice(content: object, finish: object = None) -> dict:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


# What is written


def test_pieces_come_as_they_are_sent(server):
    server.behaviour = says(TEXT, pieces=5)
    pieces = list(model_at(server).write(MESSAGES))
    assert ("".join(pieces), len(pieces)) == (TEXT, 5)


def test_piece_comes_before_the_next_is_written(server):
    server.behaviour = hangs_after(TEXT)
    pieces = model_at(server).write(MESSAGES)
    assert TEXT.startswith(next(pieces))
    pieces.close()


def test_text_is_whole_when_its_end_was_told(server):
    """What a server does after the end of the text is not waited for."""

    def act(connection):
        connection.say([TEXT])
        connection.event({}, "stop")
        connection.wait()

    server.behaviour = Does(act)
    assert written(model_at(server)) == TEXT


def test_done_is_an_end_without_a_reason(server):
    """Some servers say only [DONE], and some keep the connection open after it."""
    server.behaviour = says(TEXT, finish=None)
    assert written(model_at(server)) == TEXT

    def act(connection):
        connection.say([TEXT])
        for byte in b"data: [DONE]\n\n":
            connection.send(bytes([byte]))
        connection.wait()

    server.behaviour = Does(act)
    assert written(model_at(server)) == TEXT


def test_done_in_the_text_is_no_end(server):
    server.behaviour = raw(events(choice("\ndata: [DONE]\n\n")))
    assert failure(model_at(server)).failure == "cut_off"


def test_events_without_text_are_passed_over(server):
    """Such as the first one, one that tells of the use of tokens, and one of a reasoning model."""
    thought = {"choices": [{"index": 0, "delta": {"reasoning_content": "Hm."}, "finish_reason": None}]}
    server.behaviour = raw(
        b": hello\r\n\r\n"
        + events({"choices": []}, choice(None), thought, {"choices": [{"index": 0, "delta": None}]})
        + events(choice("Yes"), choice(".", "stop"), {"choices": [], "usage": {"total_tokens": 3}}, "[DONE]")
    )
    assert written(model_at(server)) == "Yes."


@pytest.mark.parametrize("pieces", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (f"\n<think>\nIs it <b>May</b>?\n</think>\n\n{TEXT}", TEXT),
        (f"<think></think>{TEXT}", TEXT),
        (f"<think>One.</think> <think>Two.</think> {TEXT}", TEXT),
        ("<thing> and <think>not a thought</think>", "<thing> and <think>not a thought</think>"),
        ("<thin", "<thin"),
        ("Ein Straßen\u2028umbau 🙂", "Ein Straßen\u2028umbau 🙂"),
    ],
)
def test_thoughts_are_no_text(server, sent, told, pieces):
    """What a model thinks before it answers is dropped, however the tags are split."""
    server.behaviour = says(sent, pieces)
    assert written(model_at(server)) == told


def test_half_of_a_character_is_replaced(server):
    server.behaviour = raw(events(choice("Yes \ud83d.", "stop")))
    assert written(model_at(server)).encode() == b"Yes ?."


def test_threads_share_a_model(server):
    """Each of them gets the answer to what it asked."""
    server.behaviour = lambda body: f"{body['messages'][0]['content']} is answered"
    model, told = model_at(server), {}

    def ask(name):
        told[name] = "".join(model.write([Message("user", name)]))

    threads = [threading.Thread(target=ask, args=(f"Question {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {f"Question {number}": f"Question {number} is answered" for number in range(8)}


# What is sent


@pytest.fixture
def environment(monkeypatch):
    """All that the libraries below would read, set to something that must not be sent or used."""
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{name}", "spy")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://spy.invalid/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Spy: spy\nHost: spy.invalid\nAuthorization: Bearer spy\nCookie: spy")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://spy.invalid:1")
        monkeypatch.setenv(name.lower(), "http://spy.invalid:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_only_what_is_told_is_sent(server, environment):
    """The request holds the messages and how to answer; nothing of this machine, its software or its environment."""
    written(model_at(server))
    [(path, headers, body)] = server.requests
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "small",
        "messages": [{"role": message.role, "content": message.text} for message in MESSAGES],
        "stream": True,
        "max_tokens": 600,
        "temperature": 0,
    }
    headers = {name.lower(): value for name, value in headers.items()}
    assert headers.pop("content-length").isdigit()
    assert headers == {
        "host": model_at(server).host,
        "user-agent": "decision-qa",
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "authorization": f"Bearer {KEY}",
    }


def test_without_a_key_none_is_sent(server, environment):
    written(LanguageModel(server.url, "small"))
    [(_, headers, _)] = server.requests
    assert "authorization" not in {name.lower() for name in headers}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.org/v1", "api.example.org"),
        ("http://127.0.0.1:8080/v1/", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("https://user:password@api.example.org:8443/openai/v1", "api.example.org:8443"),
    ],
)
def test_host_tells_to_whom_it_is_sent(url, host):
    assert LanguageModel(url, "small").host == host


def test_user_of_an_address_is_not_sent(server):
    written(LanguageModel(server.url.replace("//", "//user:password@"), "small"))
    [(_, headers, _)] = server.requests
    assert "authorization" not in {name.lower() for name in headers}


def test_slash_at_the_end_of_the_address_does_not_matter(server):
    written(LanguageModel(f"{server.url}/", "small"))
    assert server.requests[0][0] == "/v1/chat/completions"


def refuses(*names: str):
    """A model that does not support these, and says so of one at a time."""

    def answer(body):
        for name in names:
            if name in body:
                error = {"message": "No.", "type": "invalid_request_error", "param": name}
                return status(400, {"error": {**error, "code": "unsupported_parameter"}})
        return TEXT

    return answer


def keys(body: dict) -> set[str]:
    return set(body) - {"model", "messages", "stream"}


def test_other_name_of_the_limit_is_tried_and_remembered(server):
    """A model that wants max_completion_tokens gets it, at once from the second call on."""
    server.behaviour = refuses("max_tokens")
    model = model_at(server)
    assert [written(model), written(model)] == [TEXT, TEXT]
    assert [keys(body) for body in server.bodies] == [
        {"max_tokens", "temperature"},
        {"max_completion_tokens", "temperature"},
        {"max_completion_tokens", "temperature"},
    ]
    assert server.bodies[2]["max_completion_tokens"] == 600


def test_model_that_refuses_both_is_asked_without_them(server):
    server.behaviour = refuses("max_tokens", "temperature")
    assert written(model_at(server)) == TEXT
    assert keys(server.bodies[-1]) == {"max_completion_tokens"}


@pytest.mark.parametrize(
    "error",
    [
        {"param": "max_tokens", "code": "invalid_value"},
        {"param": "messages", "code": "unsupported_value"},
        {"param": ["max_tokens"], "code": "unsupported_parameter"},
        "max_tokens is not supported",
    ],
)
def test_other_refusals_are_not_sent_again(server, error):
    server.behaviour = status(400, {"error": error})
    assert failure(model_at(server)).failure == "refused"
    assert len(server.requests) == 1


def test_parameter_is_given_up_once(server):
    """A server that refuses what is no longer sent is not asked for ever."""
    error = {"param": "temperature", "code": "unsupported_value"}
    server.behaviour = status(400, {"error": error})
    assert failure(model_at(server)).failure == "refused"
    assert len(server.requests) == 2


# What goes wrong


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "does not accept the request (400)"),
        (401, "DECISION_QA_LLM_API_KEY"),
        (403, "DECISION_QA_LLM_API_KEY"),
        (404, "Should the address end in /v1?"),
        (413, "does not accept the request (413)"),
        (429, "too many requests"),
        (500, "problem on its server (500)"),
        (503, "problem on its server (503)"),
    ],
)
def test_refusal_says_what_to_look_at(server, code, words):
    """A refusal is tried once, and neither its body nor the key is repeated."""
    server.behaviour = status(code, {"error": {"message": f"{KEY} may not ask about a lanyard"}}, Retry_After="1")
    error = failure(model_at(server))
    assert error.failure == "refused"
    assert words in str(error)
    assert len(server.requests) == 1


def test_redirect_is_not_followed(server):
    """What is sent goes to the address that was set, and to no other."""
    with ModelServer() as other:
        for code in (301, 302, 303, 307, 308):
            server.behaviour = redirects(f"{other.url}/chat/completions", code)
            assert failure(model_at(server)).failure == "refused"
        assert other.requests == []
    assert len(server.requests) == 5


def test_error_in_the_stream_is_a_refusal(server):
    server.behaviour = raw(events(choice("Yes"), {"error": {"message": "lanyard", "code": 500}}))
    assert failure(model_at(server)).failure == "refused"


@pytest.mark.parametrize("reason", ["content_filter", "error"])
def test_reason_that_is_a_refusal(server, reason):
    server.behaviour = says("Yes", finish=reason)
    assert failure(model_at(server)).failure == "refused"


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert failure(LanguageModel(f"http://127.0.0.1:{port}/v1", "small", KEY)).failure == "unreachable"


@pytest.mark.parametrize("url", ["http://a..b/v1", f"http://{'a' * 64}.invalid/v1", "http://127.0.0.1:99999/v1"])
def test_address_that_leads_nowhere(url):
    assert failure(LanguageModel(url, "small", KEY)).failure == "unreachable"


def test_other_protocols_are_unreachable(server):
    """A server that has no TLS, closes the connection at once, or speaks something else than HTTP."""
    assert failure(LanguageModel(server.url.replace("http", "https"), "small", KEY)).failure == "unreachable"
    for said in (b"", b"SSH-2.0-OpenSSH_9.2\r\n"):
        server.behaviour = speaks(said)
        assert failure(model_at(server)).failure == "unreachable"


@pytest.mark.parametrize(
    "behaviour",
    [
        hangs(),
        hangs_after(TEXT),
        drips("Yes. ", 0.02),
        pings(),
        repeats(b"x", 0.02),
        repeats(b"x", 0.02, "text/html"),
        Does(lambda connection: (connection.start(500), connection.wait())),
    ],
    ids=["hangs", "hangs after", "drips", "pings", "line", "page", "error"],
)
def test_time_is_up(server, behaviour):
    """Whatever the server does, the call ends in time, and its connection is closed."""
    server.behaviour = behaviour
    assert failure(model_at(server, seconds=0.5)).failure == "timed_out"
    assert server.was_left.wait(60)


def test_time_is_up_while_connecting():
    """A server that is not reached in time is given up as one that does not answer."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # more than can wait, so that no further one is let in
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        model = LanguageModel(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", "small", KEY, seconds=0.5)
        assert failure(model).failure == "timed_out"


def test_time_counts_from_the_call(server, monkeypatch):
    pieces = model_at(server, seconds=100).write(MESSAGES)
    monkeypatch.setattr("qa.generation.llm.time", SimpleNamespace(monotonic=lambda: time.monotonic() + 101))
    with pytest.raises(NotWritten, match="within 100 seconds"):
        next(pieces)


def test_connection_is_not_kept_for_a_caller_that_waits(server):
    """The time ends for the server also while nobody asks for the next piece."""
    server.behaviour = hangs_after(TEXT)
    pieces = model_at(server, seconds=0.5).write(MESSAGES)
    next(pieces)
    assert server.was_left.wait(60)


def test_time_covers_a_second_request(server):
    first = refuses("max_tokens")
    server.behaviour = lambda body: hangs() if "max_completion_tokens" in body else first(body)
    assert failure(model_at(server, seconds=1)).failure == "timed_out"
    assert len(server.requests) == 2


def test_closing_ends_the_connection(server):
    """A caller that wants no more need not wait, and the model need not write on."""
    server.behaviour = hangs_after(TEXT)
    pieces = model_at(server).write(MESSAGES)
    next(pieces)
    pieces.close()
    assert server.was_left.wait(60)


def test_closing_before_the_first_piece_sends_nothing(server):
    model_at(server).write(MESSAGES).close()
    assert server.requests == []


def test_limit_of_tokens_cuts_off(server):
    server.behaviour = length("It arrived in")
    assert "600 tokens" in str(failure(model_at(server)))
    assert failure(model_at(server)).failure == "cut_off"


@pytest.mark.parametrize(
    "behaviour",
    [
        stops_in_mid_sentence(TEXT),
        raw(events(choice(TEXT))),
        raw(events(choice(TEXT)) + b'data: {"choices'),
        speaks(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + events(choice(TEXT))),
    ],
    ids=["connection", "no end", "half an event", "content length"],
)
def test_text_without_its_end_is_cut_off(server, behaviour):
    """The pieces before are told, and that they are not all."""
    server.behaviour = behaviour
    told = []
    with pytest.raises(NotWritten) as caught:
        told.extend(model_at(server).write(MESSAGES))
    assert caught.value.failure == "cut_off"
    assert failure(model_at(server)).failure == "cut_off"


@pytest.mark.parametrize(
    "behaviour",
    [
        raw(b"<!DOCTYPE html><title>Welcome</title>", "text/html"),
        raw(json.dumps({"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]}).encode()),
        raw(b""),
        raw(b"", code=204),
        raw(bytes(range(256))),
        raw(events(choice("Grüße")).decode().encode("utf-16")),
        raw('data: "Grüße"\n\n'.encode("latin-1")),
        raw(gzip.compress(events(choice(TEXT, "stop")), mtime=0), Content_Encoding="gzip"),
        raw(b"data: {broken\n\n"),
        raw(b"data: " + b"[" * 100_000 + b"\n\n"),
        raw(events(None)),
        raw(events(5)),
        raw(events({})),
        raw(events({"choices": None})),
        raw(events({"choices": "abc"})),
        raw(events({"choices": {"0": {}}})),
        raw(events({"choices": [None]})),
        raw(events({"choices": [{"delta": "abc"}]})),
        raw(events(choice(5))),
        raw(events(choice(["Yes"]))),
        raw(events(choice("Yes", 5))),
        raw(events("[DONE]")),
        says(""),
        says(" \n \n"),
        says("<think>Hm.</think>\n"),
        says("<think>Hm."),
    ],
)
def test_nonsense(server, behaviour):
    """What is no stream of events, or no text, is told so."""
    server.behaviour = behaviour
    assert failure(model_at(server)).failure == "nonsense"


@pytest.mark.parametrize(
    "behaviour",
    [repeats(b"x" * 60_000), repeats(b": ping\n\n" * 9000), repeats(events(choice("Yes. ")) * 100)],
    ids=["line", "pings", "text"],
)
def test_endless_answer_is_given_up(server, behaviour):
    """More than could be of use is not read, lest it fill the memory."""
    server.behaviour = behaviour
    assert "more than it was asked for" in str(failure(model_at(server)))


def test_endless_error_is_given_up(server):
    def act(connection):
        connection.start(400)
        while True:
            connection.send(b"x" * 60_000)

    server.behaviour = Does(act)
    assert failure(model_at(server)).failure == "refused"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["choices", "delta", "x"]), inner),
    max_leaves=8,
)
DELTAS = st.fixed_dictionaries({}, optional={"content": JSON, "role": JSON})
CHOICES = st.fixed_dictionaries({}, optional={"delta": DELTAS | JSON, "finish_reason": JSON, "index": JSON})
EVENTS = st.fixed_dictionaries({}, optional={"choices": st.lists(CHOICES | JSON, max_size=2) | JSON, "error": JSON})


@examples(max_examples=examples.default.max_examples // 2)
@given(st.binary() | st.lists(EVENTS | JSON, max_size=4).map(lambda found: events(*found)))
@example(b"data: {}\r\r\n\n\x00")
@example(b"event: thread.x\ndata: {}\n\n")
@example(b"retry: 1\nid: 1\n\n")
def test_no_answer_raises_anything_else(kept_server, body):
    kept_server.behaviour = raw(body)
    with contextlib.suppress(NotWritten):
        assert written(model_at(kept_server)).strip()


@examples(max_examples=examples.default.max_examples // 5)
@given(st.binary())
def test_no_head_raises_anything_else(kept_server, head):
    kept_server.behaviour = speaks(b"HTTP/1.1 200 OK\r\n" + head)
    with contextlib.suppress(NotWritten):
        assert written(model_at(kept_server)).strip()


def test_no_question_is_logged(server, caplog):
    caplog.set_level(logging.INFO)
    server.behaviour = says(TEXT)
    written(model_at(server))
    server.behaviour = status(400, "lanyard")
    failure(model_at(server))
    assert "lanyard" not in caplog.text


def test_failure_is_one_of_the_project():
    assert issubclass(NotWritten, DecisionQAError)


def test_client_is_imported_only_when_it_is_asked():
    """A program that has a language model, but asks it nothing, starts without it."""
    program = (
        "import sys, qa.generation.llm; qa.generation.llm.LanguageModel('http://127.0.0.1/v1', 'small').write([]);"
        "sys.exit('httpx2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_program_ends_while_a_model_writes(server):
    """What still reads does not keep the program from its end."""
    server.behaviour = hangs_after(TEXT)
    program = (
        "import sys; from qa.generation import llm; "
        "pieces = llm.LanguageModel(sys.argv[1], 'small').write([llm.Message('user', 'x')]);"
        "print(next(pieces))"
    )
    run = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (0, "")
