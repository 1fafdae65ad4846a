"""The Model Context Protocol server, asked by the client of the protocol's own library."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import logging
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import anyio
import httpx2
import pytest
from conftest import MISSION
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, CallToolRequestParams
from staged import BOXED, CLAIMED, FOLDED, HEADINGS, REFUSED, SILENT, TYPED, Staged

from index.errors import NoIndex
from qa.errors import BUG
from qa.mcp.server import create_http_server, create_server
from qa.retrieval.requests import Question
from qa.web.server import set_options

COMMAND = [sys.executable, "-m", "qa", "mcp"]
CITATION = "West Northamptonshire Council (21 017 496), paragraph 51"
TOKEN = "not-a-secret-of-anybody"
ARGUMENTS = "council, reference, category, outcome, from, to, role, question, limit, everywhere and as_typed"
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


class FailingAnswerer:
    """A fake that cannot answer: it raises the error that it is made with."""

    def __init__(self, error):
        self.error = error

    def answer(self, question, client=""):
        raise self.error


def with_client(server, use, mode="auto"):
    """What `use` makes of a client of the server."""

    async def run():
        async with Client(server, mode=mode) as client:
            return await use(client)

    return anyio.run(run)


def call(server, tool, mode="auto", /, **arguments):
    return with_client(server, lambda client: client.call_tool(tool, arguments), mode)


def text_of(result) -> str:
    """What is written to be read; behind it stands nothing but the same as JSON, if it is no error."""
    text, *same = [content.text for content in result.content]
    assert [json.loads(one) for one in same] == ([] if result.is_error else [result.structured_content])
    return text


@pytest.fixture
def server(answerer):
    return create_server(answerer)


@pytest.fixture
def staged(answerer):
    return create_server(Staged(answerer))


def as_text(paragraph) -> str:
    """A paragraph as it is printed."""
    lines = paragraph["lines"]
    marks = [f"({line['item']}) " if line["item"] else "• " if line["depth"] else "" for line in lines]
    return "\n".join(f"{'  ' * line['depth']}{mark}{line['text']}" for mark, line in zip(marks, lines, strict=True))


@pytest.fixture
def offered(server):
    listed = with_client(server, lambda client: client.list_tools())
    return {tool.name: tool for tool in listed.tools}


def test_two_tools_that_only_read(offered):
    """There are two tools; both only read, may be called again, and reach nothing outside."""
    assert list(offered) == ["ask", "show_paragraph"]
    for tool in offered.values():
        hints = tool.annotations
        assert (hints.read_only_hint, hints.idempotent_hint, hints.open_world_hint) == (True, True, False)


def test_titles(server, offered):
    """The server and its tools have titles, for people."""

    async def title(client):
        return client.server_info.title

    assert with_client(server, title) == "Ombudsman decisions"
    assert [tool.title for tool in offered.values()] == [
        "Ask the Ombudsman’s decisions",
        "Show a paragraph of a decision",
    ]


def test_question_has_the_fields_of_the_api(offered):
    """`ask` takes the fields of `/ask` by their names, but none that has a model write: who asks is one."""
    fields = {field.alias or name for name, field in Question.model_fields.items()}
    assert set(offered["ask"].input_schema["properties"]) == fields - {"generate"}


def test_results_are_described(offered):
    """Both tools say what they give."""
    assert {"status", "paragraphs", "nearest"} <= set(offered["ask"].output_schema["required"])
    assert {"citation", "lines"} <= set(offered["show_paragraph"].output_schema["required"])


def test_says_how_to_use_it(server):
    """A client is told to quote word for word, to keep a doubt about a number, and what is alleged only."""

    async def instructions(client):
        return client.instructions

    told = with_client(server, instructions)
    assert [
        words
        for words in ("word for word", "(number inferred)", "alleged", "not_found", "null", "`complainant`", "claim")
        if words not in told
    ] == []


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_cites_the_paragraph_asked_for(mode, server):
    """The mission's question is answered with the paragraph that answers it, by new clients and by old ones."""
    result = call(server, "ask", mode, question=MISSION, limit=10)
    assert not result.is_error
    assert f"— {CITATION}\n" in text_of(result) + "\n"
    assert CITATION in [found["citation"] for found in result.structured_content["paragraphs"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"question": MISSION},
        {"question": "hotel costs", "limit": 2, "council": ["Halton"], "from": "2021-01-01", "role": ["remedy"]},
        {"question": "What happened in the Kent case?", "everywhere": True},
    ],
)
def test_gives_what_the_api_gives(asked, server, client):
    """The structured result is the body of `/ask`."""
    ours, theirs = call(server, "ask", **asked).structured_content, client.post("/ask", json=asked).get_json()
    del ours["took_ms"], theirs["took_ms"]
    assert ours == theirs


def test_text_has_the_box_and_each_paragraph_with_its_citation(staged):
    """The text tells first the box, with its kind, then the paragraphs, each followed by its citation."""
    result = call(staged, "ask", question=BOXED)
    body, (box, paragraphs) = result.structured_content, text_of(result).split("\n\nBest matches:\n\n")
    assert box.startswith(
        "From the decisions, word for word (kind `extract`; the probability that it answers is 0.87):"
    )
    for sentence in body["answer"]["sentences"]:
        assert sentence["text"] in box
        assert f"\n— {sentence['citations'][0]}" in box
    cited = re.findall("(?m)^— (.*)$", paragraphs)
    assert cited == [found["citation"] for found in body["paragraphs"]]


def test_text_says_that_there_is_no_box(staged):
    """Where nothing stands out, the text says so before the closest paragraphs, and the answer is null."""
    result = call(staged, "ask", question=SILENT)
    assert (result.structured_content["status"], result.structured_content["answer"]) == ("answered", None)
    assert text_of(result).startswith("No answer box. No paragraph stands out as the answer.")


def test_text_says_whose_claim_a_sentence_is(staged):
    """Below a citation stands which sentences are claims, and whose; what the Ombudsman says has no such line."""
    box, hits = text_of(call(staged, "ask", question=BOXED)).split("\n\nBest matches:\n\n")
    note = "(The complainant’s words, not a finding: “After his bail period ended, Mr H telephoned …”"
    assert (box.count(note), hits.count(note)) == (1, 1)
    assert "paragraph 50\n\n" in box


@pytest.mark.parametrize("reason", HEADINGS)
def test_refusal_says_that_it_is_one(staged, reason):
    """Where nothing answers, the text gives the reason, one sentence, and says that what is nearest is no answer."""
    result = call(staged, "ask", question=(REFUSED | TYPED)[reason], limit=1)
    body, text = result.structured_content, text_of(result)
    assert (body["status"], body["reason"]) == ("not_found", reason)
    assert text.startswith(f"{HEADINGS[reason]} (status `not_found`, reason `{reason}`). ")
    assert body["detail"].rpartition(". ")[2] in text
    assert "These decisions do not seem to answer the question. Say so, and why." in text
    assert ("Closest paragraphs (they do not answer your question):" in text) == bool(body["nearest"])


def test_text_says_where_the_same_stands(staged):
    """Below a citation stands where else the same wording is; where it is nowhere else, no such line."""
    result = call(staged, "ask", question=FOLDED)
    [also, *others] = [found["also"] for found in result.structured_content["paragraphs"]]
    assert also
    assert not any(others)
    line = f"(The same or nearly the same wording: {'; '.join(one['citation'] for one in also)}.)"
    assert text_of(result).count(line) == text_of(result).count("The same or nearly") == 1


def test_typed_citation_opens(server):
    """A question that is a citation alone gives that paragraph, and what stands before and after it apart."""
    result = call(server, "ask", question="21 017 496 paragraph 50")
    assert result.structured_content["answer"]["kind"] == "citation"
    cited, beside = text_of(result).split("\n\nBefore and after:\n\n")
    assert cited.startswith("The paragraph you asked for (kind `citation`):")
    assert re.findall("(?m)^— .* ([0-9]+)$", cited) == ["50"]
    assert re.findall("(?m)^— .* ([0-9]+)$", beside) == ["49", "51"]


def test_question_about_the_collection(server):
    """A question about the collection gives a sentence, the filters and the decisions."""
    result = call(server, "ask", question="which decisions are about Leicestershire?")
    assert result.structured_content["answer"]["register"]["count"] == 2
    assert text_of(result).split("\n\n") == [
        "From the list of decisions (kind `register`): 2 of the 5 decisions held are about Leicestershire County "
        "Council, both upheld.",
        "Understood as: Council or other body: Leicestershire County Council.",
        "Leicestershire County Council (21 000 259), Upheld, 12 May 2022, Children's care services > Other, 53 "
        "paragraphs\nLeicestershire County Council (21 002 206), Upheld, 5 January 2022, Children's care services > "
        "Child protection, 58 paragraphs",
    ]


def test_correction_is_told(server):
    """What was read otherwise than typed is told first; `as_typed` takes every word as it is."""
    asked = {"question": "Haltn decision"}
    assert text_of(call(server, "ask", **asked)).startswith("Showing results for “Halton” (you typed “Haltn”).")
    assert "Showing results" not in text_of(call(server, "ask", **asked, as_typed=True))


def test_names_that_are_searched_alone_are_told(server):
    """Where the question names a body, the text says that only that was searched."""
    assert text_of(call(server, "ask", question="assessment in the Kent case")).startswith("Searched: Kent County")


def test_what_is_alleged_is_marked(staged):
    """A paragraph of the complaint is marked as what is alleged, wherever it is told; a finding is not."""
    note = "(An allegation, not the Ombudsman’s finding.)"
    assert text_of(call(staged, "ask", question=CLAIMED)).count(note) == 2
    assert note in text_of(call(staged, "show_paragraph", reference="21 017 496", paragraph=1))
    assert note not in text_of(call(staged, "show_paragraph", reference="21 017 496", paragraph=50))


@pytest.mark.parametrize(
    ("reference", "paragraph", "citation"),
    [
        ("21 017 496", "51", CITATION),
        ("21-017-496", 51, CITATION),
        ("21 017 496", 51.0, CITATION),
        ("21 017 496", "summary", "West Northamptonshire Council (21 017 496), summary"),
        ("21 000 259", "51(b)", "Leicestershire County Council (21 000 259), paragraph 51(b)"),
        ("21 000 832", "45", "Kent County Council (21 000 832), paragraph 45 (number inferred)"),
    ],
)
def test_shows_a_paragraph(reference, paragraph, citation, server, client):
    """A paragraph, an item of one or the summary is shown as the API gives it, with its citation behind its text."""
    result = call(server, "show_paragraph", reference=reference, paragraph=paragraph)
    place = str(paragraph).removesuffix(".0")
    assert result.structured_content == client.get(f"/api/decisions/{reference}/paragraphs/{place}").get_json()
    assert text_of(result).startswith(f"{as_text(result.structured_content)}\n— {citation}")


@pytest.mark.parametrize(
    ("tool", "asked", "sentence"),
    [
        ("ask", {"question": "secret", "limit": 51}, "“limit” must be a whole number from 1 to 50."),
        ("ask", {"question": "secret" * 400}, "“question” must be a text of 1 to 2,000 characters."),
        ("ask", {}, "“question” must be a text of 1 to 2,000 characters."),
        ("ask", {"question": "secret", "council": "Kent"}, "“council” must be a list, each item a name."),
        ("ask", {"question": "secret", "reference": ["x"] * 51}, "“reference” may have 50 values at most."),
        ("ask", {"question": "secret", "reference": ["99 999 999"]}, "The index holds no decision 99 999 999."),
        ("show_paragraph", {"reference": "99 999 999", "paragraph": "1"}, "The index holds no decision 99 999 999."),
        (
            "show_paragraph",
            {"reference": "21 017 496", "paragraph": "500"},
            "Decision 21 017 496 has no paragraph “500”; its paragraphs are numbered 1 to 65, and it has a summary.",
        ),
        *(
            (
                "show_paragraph",
                {"reference": "21 017 496", **paragraph},
                '“paragraph” must be a number such as 50, "12(c)" or "summary".',
            )
            for paragraph in ({}, *({"paragraph": value} for value in (True, False, None, 50.5, [50], {"number": 50})))
        ),
        *(
            ("show_paragraph", {"paragraph": "50", **reference}, '“reference” must be a text such as "21 017 496".')
            for reference in ({}, {"reference": 21017496}, {"reference": ["21 017 496"]}, {"reference": True})
        ),
        (
            "show_paragraph",
            {"reference": "21 017 496", "paragraph": "50", "number": 50},
            "There is no argument “number”; the arguments are reference and paragraph.",
        ),
        (
            "show_paragraph",
            {"ref": "21 017 496", "number": 50, "question": "secret"},
            "There are no arguments “ref”, “number” or “question”; the arguments are reference and paragraph.",
        ),
        (
            "show_paragraph",
            {letter * 50: "secret" for letter in "abcdefg"},
            f"There are no arguments {', '.join(f'“{letter * 40}”' for letter in 'abcde')} or others; the arguments "
            "are reference and paragraph.",
        ),
        ("ask", {"query": "secret"}, f"There is no argument “query”; the arguments are {ARGUMENTS}."),
        (
            "ask",
            {"question": "secret", "limit": 51, "arguments": {"question": "secret"}, "generate": True},
            f"There are no arguments “arguments” or “generate”; the arguments are {ARGUMENTS}.",
        ),
    ],
)
def test_error_is_one_sentence(tool, asked, sentence, server, caplog):
    """What cannot be answered is an error of the tool: the sentence of the API, and nothing is logged."""
    result = call(server, tool, **asked)
    assert (result.is_error, result.structured_content, text_of(result)) == (True, None, sentence)
    assert "secret" not in caplog.text


def test_index_that_cannot_serve():
    """Where there is no index, the error says which command makes one."""
    result = call(create_server(FailingAnswerer(NoIndex("Run decision-qa build first."))), "ask", question="a")
    assert (result.is_error, text_of(result)) == (True, "Run decision-qa build first.")


def test_unforeseen_error_is_not_told(caplog):
    """Of an unforeseen error the client learns nothing but that it is one, and only its kind and place are logged."""
    result = call(create_server(FailingAnswerer(ValueError("secret"))), "ask", question="secret")
    assert (result.is_error, text_of(result)) == (
        True,
        "Something went wrong on the server. Your question is not the cause.",
    )
    assert re.search(r"ValueError at .*test_mcp_server\.py:\d+", caplog.text)
    assert "secret" not in caplog.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_unforeseen_error_of_the_protocol_is_not_told(mode, answerer, caplog):
    """Nor is more told of one outside the tools."""
    server = create_server(answerer)

    async def fail(*_):
        raise ValueError("secret")

    server.add_request_handler("tools/call", CallToolRequestParams, fail)

    async def ask(client):
        with pytest.raises(MCPError) as told:
            await client.call_tool("ask", {"question": MISSION})
        return told.value.error

    error = with_client(server, ask, mode)
    assert (error.code, error.message, error.data) == (INTERNAL_ERROR, BUG, None)
    assert "secret" not in caplog.text


def test_no_other_tool(server):
    """A tool that there is not is an error of the protocol."""

    async def delete(client):
        with pytest.raises(MCPError, match="There is no such tool; there are ask and show_paragraph"):
            await client.call_tool("delete", {"question": "secret"})

    with_client(server, delete)


def test_question_waits_for_the_model_and_hinders_nobody(answerer):
    """While a question waits for the model, others are served; then it is answered."""
    loaded, shown = threading.Event(), []

    async def use(client):
        async def show():
            shown.append(await client.call_tool("show_paragraph", {"reference": "21 017 496", "paragraph": "50"}))
            loaded.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(show)
            return await client.call_tool("ask", {"question": MISSION})

    result = with_client(create_server(answerer, lambda: loaded.wait(120)), use)
    assert (shown[0].is_error, result.is_error) == (False, False)


# As processes of their own


def test_answers_over_stdio(seed_index, tmp_path):
    """A client that starts the command is answered by it, and no question is logged."""
    parameters = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "--index", str(seed_index)])
    with (tmp_path / "log").open("w+") as log:
        result = call(stdio_client(parameters, errlog=log), "ask", question=f"secret {MISSION}")
        log.seek(0)
        assert "secret" not in log.read()
    assert CITATION in text_of(result)


def test_answers_what_is_piped(seed_index):
    """What is piped into it is answered before it ends, each request by its id, whatever stands between them."""
    lines = [
        {"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": HELLO},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        *(
            {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": "ask", "arguments": asked}}
            for number, asked in enumerate([{"question": MISSION}, {"question": "half \ud83d"}, {"question": "hotel"}])
        ),
    ]
    ended = subprocess.run(
        [*COMMAND, "--index", str(seed_index)],
        input="\n".join(map(json.dumps, lines)), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    answers = {answer["id"]: answer for answer in map(json.loads, ended.stdout.splitlines())}
    assert (ended.returncode, len(ended.stdout.splitlines())) == (0, 4)
    assert CITATION in answers[0]["result"]["content"][0]["text"]
    assert answers[1]["error"]["code"] == PARSE_ERROR
    assert answers[2]["result"]["isError"] is False
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_standard_streams_that_are_closed(closed, seed_index):
    """Without standard input or output it says so in a sentence."""
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", *COMMAND, "--index", str(seed_index)]
    ended = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("decision-qa: Standard input and standard output must be open")
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="the system does not tell of another process")
def test_no_dump_holds_a_question(seed_index):
    """The system writes nothing of its memory into a file, also where it was started so that it would."""
    process = subprocess.Popen(
        ["sh", "-c", 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"', "sh", *COMMAND, "--index", str(seed_index)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}) + "\n")
    process.stdin.flush()
    process.stdout.readline()
    limits = resource.prlimit(process.pid, resource.RLIMIT_CORE)
    process.communicate(timeout=120)
    assert limits == (0, 0)


def test_client_that_is_gone(seed_index):
    """Where nobody reads its output any more it ends, without a word."""
    process = subprocess.Popen(
        [*COMMAND, "--index", str(seed_index)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process.stdin, process.stderr:
        process.stdout.close()
        process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}) + "\n")
        process.stdin.flush()
        assert process.wait(120) == 0
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize(("end", "code"), [(None, 0), (signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_ends_cleanly(end, code, seed_index):
    """It ends when the client closes its input, on SIGTERM and on Ctrl-C, also while the model is being loaded.

    It has written nothing but the protocol.
    """
    process = subprocess.Popen(
        [*COMMAND, "--index", str(seed_index)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}) + "\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "decision-qa"
    if end is not None:
        process.send_signal(end)
        process.wait(120)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err


@pytest.fixture(scope="module")
def serving(seed_index):
    """The address of a server over HTTP that wants a token, and its process."""
    process = subprocess.Popen(
        [*COMMAND, "--http", "--port", "0", "--index", str(seed_index)],
        env={"DECISION_QA_TOKEN": TOKEN, "DECISION_QA_ORIGINS": "https://example.org"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = process.stderr.readline()
    found = re.fullmatch(r"decision-qa mcp is ready: (http://127\.0\.0\.1:\d+/mcp) \(Ctrl-C stops it\)\.\n", said)
    assert found, said
    yield found[1], process
    process.terminate()
    process.communicate(timeout=120)


def post(url, **headers) -> tuple[int, dict]:
    """The status and the headers of the answer to a message that is sent with these headers."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    sent = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {TOKEN}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, sent | headers), timeout=120) as response:
            return response.status, dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers)


def ask_over_http(url):
    async def run():
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            return await client.call_tool("ask", {"question": MISSION})

    return anyio.run(run)


def test_answers_over_http(serving):
    """A client with the token is answered over HTTP."""
    assert CITATION in text_of(ask_over_http(serving[0]))


@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_wants_the_token(given, serving):
    """Who does not send the token is told which scheme is wanted, and nothing else."""
    status, headers = post(serving[0], Authorization=given)
    assert (status, headers["www-authenticate"]) == (401, "Bearer")


def test_web_sites_that_may_call(serving):
    """A page of a site that is set may call and read the answer; of another, or under another name, none may."""
    status, headers = post(serving[0], Origin="https://example.org")
    assert (status, headers["access-control-allow-origin"]) == (200, "https://example.org")
    assert post(serving[0], Origin="https://evil.example")[0] == 403
    assert post(serving[0], Host="evil.example")[0] == 421


def test_nothing_is_kept_open(serving):
    """There is nothing to listen for, so a GET is refused."""
    request = urllib.request.Request(serving[0], headers={"Authorization": f"Bearer {TOKEN}"})
    with pytest.raises(urllib.error.HTTPError, match="405") as refused:
        urllib.request.urlopen(request, timeout=120)
    refused.value.close()


def test_port_in_use_is_one_sentence(serving, seed_index):
    """A port that is in use gets a sentence and exit code 2."""
    port = re.search(r":(\d+)/", serving[0])[1]
    second = subprocess.run([*COMMAND, "--http", "--port", port], capture_output=True, text=True)
    assert second.returncode == 2
    assert second.stderr.startswith(f"decision-qa: Cannot listen on 127.0.0.1, port {port}")
    assert "Traceback" not in second.stderr


def test_request_that_may_be_read_in_two_ways(serving):
    """A request that two programs may read in two ways is refused with a problem."""
    port = int(re.search(r":(\d+)/", serving[0])[1])
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(POSTED + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer


def test_body_that_is_too_large(serving):
    """A body that is larger than a question can be is refused."""
    port = int(re.search(r":(\d+)/", serving[0])[1])
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(POSTED + b"Content-Length: 70000\r\n\r\n" + b" " * 70_000)
        assert all_of(connection).startswith(b"HTTP/1.1 413 ")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of processes on Linux only")
def test_no_dump(serving):
    """A process that crashes leaves no dump: it would hold what was asked."""
    limits = Path(f"/proc/{serving[1].pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)


def test_more_connections_than_files(seed_index, tmp_path):
    """While more clients than the process may have files say nothing, one who tries again is answered.

    What is logged has nothing of any of them.
    """
    files = 300
    command = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *COMMAND, "--http", "--port", "0"]
    log = tmp_path / "log"
    with log.open("w") as written:
        process = subprocess.Popen([*command, "--index", str(seed_index)], stderr=written)
    with contextlib.ExitStack() as stack:
        stack.callback(process.wait, 120)
        stack.callback(process.terminate)
        until(lambda: "ready" in log.read_text())
        url = re.search(r"http://\S+", log.read_text())[0]
        address = ("127.0.0.1", int(re.search(r":(\d+)/", url)[1]))
        crowd = [stack.enter_context(socket.create_connection(address, timeout=120)) for _ in range(2 * files)]
        until(lambda: is_answered(url))
        assert len(crowd) == 2 * files
        assert log.read_text().count("\n") == 1


def until(happened):
    """Wait until something has happened; it fails where that takes too long."""
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def is_answered(url) -> bool:
    """Whether a message is answered: a connection that is one too many is closed."""
    try:
        return post(url)[0] == 200
    except OSError:
        return False


POSTED = b"""POST /mcp HTTP/1.1\r
Host: localhost\r
Content-Type: application/json\r
Accept: application/json\r
"""


@contextlib.contextmanager
def within(answerer):
    """The port of a server over HTTP within this process."""
    serves = create_http_server(create_server(answerer), 100, "127.0.0.1", "", [])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        set_options(listening)
        port = listening.getsockname()[1]
        thread = threading.Thread(target=serves.run, args=([listening],))
        thread.start()
        try:
            yield port
        finally:
            serves.should_exit = True
            thread.join(120)


@pytest.fixture(scope="module")
def port_within():
    """The port of a server whose tools are not called."""
    with within(FailingAnswerer(NoIndex("None."))) as port:
        yield port


class Held:
    """An answerer whose questions wait until they may go on."""

    def __init__(self, answerer):
        self._answerer = answerer
        self.asked, self.go_on = threading.Semaphore(0), threading.Event()

    def answer(self, question, offset=0, client=""):
        if question.question != MISSION:
            self.asked.release()
            assert self.go_on.wait(120)
        return self._answerer.answer(question, offset, client)


def ask_from(address, port, question):
    """The status of what a client at an address gets from a tool, and what it gets."""
    called = {"name": "ask", "arguments": {"question": question}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120, source_address=(address, 0))
    with contextlib.closing(connection):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", "/mcp", body, headers)
        response = connection.getresponse()
        return response.status, json.load(response)


def test_one_client_has_not_all_the_server(answerer, monkeypatch):
    """However much one client asks at once, another is answered; and the first is told what is too much."""
    monkeypatch.setattr("qa.web.gateway.REFUSAL_SECONDS", 0)
    held = Held(answerer)
    with within(held) as port, ThreadPoolExecutor(60) as many:
        busy = [many.submit(ask_from, "127.0.0.1", port, f"question {number}?") for number in range(60)]
        refused = [one.result() for one in itertools.islice(as_completed(busy), 22)]
        assert {(status, "Try again in a few seconds" in told["detail"]) for status, told in refused} == {(503, True)}
        held.go_on.set()
        assert ask_from("127.0.0.2", port, MISSION)[0] == 200
        assert sum(one.result()[0] == 200 for one in busy) == 38


def test_what_nobody_waits_for_is_not_begun(answerer):
    """What a client that has gone had asked is not begun when a thread is free."""
    held = Held(answerer)

    async def leave(client):
        async with anyio.create_task_group() as tasks:
            for number in range(60):
                tasks.start_soon(client.call_tool, "ask", {"question": f"question {number}?"})
            for _ in range(16):
                await anyio.to_thread.run_sync(held.asked.acquire)
            tasks.cancel_scope.cancel()

    server = create_server(held)
    with_client(server, leave)
    held.go_on.set()
    assert not call(server, "ask", question=MISSION).is_error  # whose turn is after all of them
    assert not held.asked.acquire(blocking=False)


@pytest.mark.parametrize("version", [None, "2025-06-18", "2026-07-28"])
@pytest.mark.parametrize(
    ("body", "code", "number"),
    [
        (rb'{"jsonrpc":"2.0","id":"a","method":"tools/list","params":{"x":"\ud83d"}}', PARSE_ERROR, "a"),
        (
            b'{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"x":%b}}' % (b"[" * 200 + b"]" * 200),
            PARSE_ERROR,
            7,
        ),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}', INVALID_REQUEST, 1.5),
        (b'{"id":7,"method":"tools/list"}', INVALID_REQUEST, 7),
        (b'[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":8,"method":"ping"}]', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[]}', INVALID_PARAMS, 7),
        (b'{"jsonrpc":"1.0","method":"notifications/initialized"}', INVALID_REQUEST, None),
        (b"", PARSE_ERROR, None),
    ],
)
def test_body_that_cannot_be_taken(body, code, number, version, port_within):
    """Over HTTP it is answered with 400, the code for it and its id, whatever version of the protocol it is for."""
    connection = http.client.HTTPConnection("127.0.0.1", port_within, timeout=120)
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with contextlib.closing(connection):
        connection.request("POST", "/mcp", body, headers | ({"MCP-Protocol-Version": version} if version else {}))
        response = connection.getresponse()
        told = json.load(response)
    assert (response.status, response.getheader("Content-Type")) == (400, "application/json")
    assert (told["error"]["code"], told["id"]) == (code, number)


@pytest.mark.parametrize(
    ("headers", "body", "status", "number"),
    [
        ({"Content-Type": "Application/JSON; charset=utf-8"}, b"", 200, 7),
        ({"Accept": "text/plain"}, b"", 406, 7),
        ({"Accept": ""}, b"", 406, 7),
        ({"Content-Type": "text/plain"}, b"", 415, 7),
        ({"Content-Type": ""}, b"", 415, 7),
        ({"Content-Type": "application/json5"}, b"", 415, 7),
        ({"Content-Type": "text/plain"}, b'{"id":8,"method":5', 415, 8),
        ({"Content-Type": "text/plain"}, b"a", 415, None),
    ],
)
def test_media_types(headers, body, status, number, port_within):
    """What is not sent or not taken as JSON is refused with its id; a media type is the same in large letters."""
    sent = {"Content-Type": "application/json", "Accept": "application/json"} | headers
    connection = http.client.HTTPConnection("127.0.0.1", port_within, timeout=120)
    with contextlib.closing(connection):
        message = body or b'{"jsonrpc":"2.0","id":7,"method":"tools/list"}'
        connection.request("POST", "/mcp", message, {name: value for name, value in sent.items() if value})
        response = connection.getresponse()
        assert (response.status, json.load(response)["id"]) == (status, number)


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("evil.example", 421)])
def test_whole_address(host, status, port_within):
    """A whole address in the first line is understood; its host is the one that counts."""
    connection = http.client.HTTPConnection("127.0.0.1", port_within, timeout=120)
    with contextlib.closing(connection):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        message = b'{"jsonrpc":"2.0","id":7,"method":"tools/list"}'
        connection.request("POST", f"http://{host}:{port_within}/mcp", message, headers)
        assert connection.getresponse().status == status


def test_argument_given_twice(port_within):
    """A question that is given twice is refused with its id, as by the API."""
    connection = http.client.HTTPConnection("127.0.0.1", port_within, timeout=120)
    with contextlib.closing(connection):
        asked = b'{"name":"ask","arguments":{"question":"hotel costs","question":"how many were upheld?"}}'
        message = b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":%b}' % asked
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", "/mcp", message, headers)
        response = connection.getresponse()
        told = json.load(response)
    assert (response.status, told["id"]) == (400, 7)
    assert told["error"]["message"] == "“question” can be given only once."


def test_strangers_are_refused_whatever_they_send(port_within):
    """Whether a message can be read is not told under a name that is not the server's."""
    connection = http.client.HTTPConnection("127.0.0.1", port_within, timeout=120)
    with contextlib.closing(connection):
        connection.request("POST", "/mcp", b"{", {"Content-Type": "application/json", "Host": "evil.example"})
        assert connection.getresponse().status == 421


def all_of(connection) -> bytes:
    """All that a server sends until it closes the connection."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    ("begun", "answered"),
    [
        (b"", b""),
        (b"POST /mcp HTTP/1.1\r\nHost: loc", b"HTTP/1.1 408 "),
        (POSTED + b"Content-Length: 100\r\n\r\n{", b"HTTP/1.1 408 "),
        (POSTED.replace(b"POST", b"GET") + b"Content-Length: 100\r\n\r\n{", b"HTTP/1.1 408 "),
    ],
    ids=["silent", "head", "body", "body of what is refused"],
)
def test_what_is_never_finished_is_ended(begun, answered, answerer, monkeypatch, caplog):
    """Whoever does not go on is told that the time is up, and the connection is closed; nothing is logged."""
    monkeypatch.setattr("qa.web.gateway.HEAD_SECONDS", 1)
    monkeypatch.setattr("qa.web.gateway.BODY_SECONDS", 1)
    with within(answerer) as port, socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(begun)
        answer = all_of(connection)
    assert answer.startswith(answered)
    assert (b"application/problem+json" in answer) is bool(answered)
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


# The last, for it ends the server.
def test_server_over_http_ends_cleanly_and_logs_no_question(serving):
    """On SIGTERM it ends with 0; what it printed holds no question."""
    url, process = serving
    ask_over_http(url)
    process.terminate()
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (0, "")
    assert "agreement" not in err
    assert "Traceback" not in err
