"""What other tools rely on, held in tests/golden/contracts: the API's document, the MCP tools, all JSON, exit codes.

Facts and sentences are apart, since a sentence for people may be written better, and a fact may not change. Of what
varies by machine and by run only the type is held, and of a long text its beginning, its length and its digest.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from conftest import MISSION, PROJECT, SEEDS, SIXTH
from mcp.client import Client

from index.folder import begin
from qa import cli
from qa.mcp.server import create_server
from qa.web.admission import Admission
from qa.web.app import create_app

CONTRACTS = PROJECT / "tests" / "golden" / "contracts"
RENEW = "UPDATE_GOLDEN=1 .venv/bin/python -m pytest tests/qa/test_contracts.py"
SENTENCES = {"contradictions", "damaged", "description", "detail", "doubts", "instructions", "sentence"}
"""The fields that are sentences for people; also a `reason` that is none of the names of one."""
VARYING = {"built", "bytes", "files", "host", "sha256"}
"""The fields that differ by machine and run, beside those with fractions: scores, times and rates."""
LONGEST = 160  # characters of a text that are held in full

LETTER = """As 21 017 496, paragraph 50 says, “the written agreement was voluntary”. See also 20 001 737, paragraph 80,
21 000 832, paragraph 45 and 99 999 999, paragraph 1. “These words have never stood in any decision of anybody.”
"""
QUESTIONS = """[
 {"id": "1", "kind": "mission", "question": "when must a safety agreement be explained as voluntary?",
  "relevant": [{"reference": "21 017 496", "paragraph": 51, "grade": 2}], "answer_sentence": null},
 {"id": "2", "kind": "unanswerable", "question": "How many goals were scored?", "relevant": [], "answer_sentence": null}
]"""


@pytest.fixture
def home(tmp_path, monkeypatch, seed_index, model):
    """A folder with decisions, an index, a letter and questions, in which commands share one loaded model."""
    begin(tmp_path / "decisions", SEEDS)
    shutil.copytree(seed_index, tmp_path / "index")
    (tmp_path / "letter.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "right.txt").write_text("See 21 017 496, paragraph 50.", encoding="utf-8")
    (tmp_path / "questions.json").write_text(QUESTIONS, encoding="utf-8")
    shutil.copy(SIXTH, tmp_path / "sixth.txt")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DECISION_QA_DECISIONS", "decisions")
    monkeypatch.setenv("DECISION_QA_INDEX", "index")
    monkeypatch.setattr(cli, "SentenceEmbedder", lambda _: model)
    return tmp_path


@pytest.fixture
def run(home, monkeypatch, capsys):
    """Runs `decision-qa` with arguments; returns its exit code and what it printed."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["decision-qa", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, capsys.readouterr().out

    return run


def is_sentence(name: str, value: Any) -> bool:
    """Whether a field is for people; an object of that name is none, such as the schema of one."""
    if name == "reason":
        return isinstance(value, str) and " " in value
    return name in SENTENCES and bool(value) and not isinstance(value, dict)


def facts(value: Any, name: str = "") -> Any:
    """A document without its sentences, and without what varies."""
    if isinstance(value, dict):
        return {key: facts(one, key) for key, one in value.items()}
    if is_sentence(name, value):
        return "a sentence" if isinstance(value, str) else f"sentences: {len(value)}"
    if isinstance(value, float) or (name in VARYING and isinstance(value, str | int)):
        return type(value).__name__
    if isinstance(value, list):
        return [facts(one) for one in value]
    if isinstance(value, str) and len(value) > LONGEST:
        digest = hashlib.sha256(value.encode()).hexdigest()[:16]
        return f"{value[:60]} … {len(value)} characters, SHA-256 {digest}"
    return value


def sentences(value: Any, path: str = "", name: str = "") -> Iterator[tuple[str, Any]]:
    """The sentences of a document, each with the path that leads to it."""
    if is_sentence(name, value):
        yield path, value
    elif isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from sentences(one, f"{path}/{key}", key if isinstance(value, dict) else "")


def compare(name: str, document: Any) -> None:
    """Compare a document with its golden files, or renew them."""
    for suffix, found in (("", facts(document)), (".sentences", dict(sentences(document)))):
        file = CONTRACTS / f"{name}{suffix}.json"
        written = f"{json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)}\n" if found else ""
        if os.environ.get("UPDATE_GOLDEN"):
            file.unlink(missing_ok=True)
            if written:
                file.write_text(written, encoding="utf-8")
        held = file.read_text(encoding="utf-8") if file.exists() else ""
        differs = "\n".join(
            difflib.unified_diff(held.splitlines(), written.splitlines(), "held", "now", lineterm="", n=1)
        )
        assert not differs, f"{file.relative_to(PROJECT)}: if this is meant, renew it by {RENEW}\n{differs}"


def test_api_document(answerer):
    """`/openapi.json` is what it was."""
    document = create_app(answerer).test_client().get("/openapi.json").json
    document["info"]["version"] = "of the package"
    compare("openapi", document)


def test_api_document_with_a_token(answerer):
    """Where a token is wanted `/openapi.json` has it as a security scheme, the answer 401, and is else the same."""
    document = create_app(answerer).test_client().get("/openapi.json").json
    admission = Admission("not-a-secret-of-anybody", (), "127.0.0.1")
    guarded = create_app(answerer, admission=admission).test_client().get("/openapi.json").json
    assert guarded["components"].pop("securitySchemes") == {"token": {"type": "http", "scheme": "bearer"}}
    refusals = {}
    for path, methods in guarded["paths"].items():
        for method, operation in methods.items():
            if "401" in operation["responses"]:
                assert operation.pop("security") == [{"token": []}]
                refusals[f"{method} {path}"] = operation["responses"].pop("401")
    assert guarded == document
    compare("openapi-guarded", refusals)


def test_mcp_tools(answerer):
    """The tools of the Model Context Protocol and their schemas are what they were."""

    async def listed():
        async with Client(create_server(answerer)) as client:
            return client.instructions, (await client.list_tools()).tools

    instructions, tools = anyio.run(listed)
    kept = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
    compare("mcp", {"instructions": instructions, "tools": kept})


JSON: dict[str, tuple[str, ...]] = {
    "ask": ("ask", MISSION, "-k", "3"),
    "ask-filtered": (
        *("ask", "hotel", "-k", "2", "--council", "Halton", "--category", "Children's care services"),
        *("--from", "2020-01-01", "--to", "2030-01-01", "--outcome", "Upheld", "--role", "finding"),
    ),
    "ask-misspelt": ("ask", "What did Haltn do about the hotel?", "-k", "1"),
    "ask-citation": ("ask", "21 017 496 paragraph 50"),
    "ask-citation-not-held": ("ask", "21 017 496 paragraph 50 and 21 017 496 paragraph 999"),
    "ask-register": ("ask", "How many decisions are about Leicestershire?"),
    "ask-register-bodies": ("ask", "Which councils are there?"),
    "ask-out-of-scope": ("ask", "How many goals were scored in the final?", "-k", "1"),
    "ask-subject": ("ask", "How do I appeal a parking ticket?", "-k", "1"),
    "ask-not-in-decisions": ("ask", "Is that social worker who talked over the mum still in a job?", "-k", "1"),
    "ask-unclear": ("ask", "so is it or isnt it", "-k", "1"),
    "ask-premise": ("ask", "Why did the headteacher resign?", "-k", "1"),
    "ask-body": ("ask", "Was Medway Council at fault?", "-k", "1"),
    "ask-reference": ("ask", "21 017 497", "-k", "1"),
    "ask-paragraph": ("ask", "21 017 496 paragraph 999", "-k", "1"),
    "ask-no-words": ("ask", "???"),
    "ask-generate-without-a-model": ("ask", MISSION, "-k", "1", "--generate"),
    "show-decision": ("show", "21 000 832"),
    "show-paragraph": ("show", "21 017 496", "50"),
    "show-item": ("show", "21 000 259", "51(b)"),
    "show-summary": ("show", "21 017 496", "summary"),
    "list": ("list",),
    "coverage": ("coverage",),
    "check-citations": ("check-citations", "letter.txt"),
    "add": ("add", "sixth.txt", "missing.txt"),
    "remove": ("remove", "21 002 206"),
    "build-unchanged": ("build",),
    "verify": ("verify",),
    "evaluate": ("evaluate", "questions.json"),
}


@pytest.mark.parametrize("name", JSON)
def test_json_of_the_command(run, name):
    """What a command prints with --json is what it was."""
    _, out = run(*JSON[name], "--json")
    compare(name, json.loads(out))


def test_json_of_a_build(run, home):
    """What a build that takes, changes, removes and rejects prints with --json is what it was."""
    folder = home / "decisions"
    (folder / "20-001-737.txt").unlink()
    (folder / "note.txt").write_text("Dear Sir", encoding="utf-8")
    path = folder / "21-002-206.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Leicestershire", "Rutland"), encoding="utf-8")
    run("add", "sixth.txt")
    compare("build", json.loads(run("build", "--json")[1]))


def test_json_of_a_fetch(run, site, monkeypatch):
    """What a fetch prints with --json is what it was."""
    monkeypatch.setenv("DECISION_QA_SITE", site.url)
    _, out = run("fetch", f"{site.url}{site.paths[0]}", f"{site.url}/decisions/housing/other/21-999-999", "--json")
    compare("fetch", json.loads(out.replace(site.url, "https://site.example")))


def test_json_of_damage(run, home):
    """What a check of a damaged index prints with --json is what it was."""
    [vectors] = (home / "index").rglob("vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"\xff")
    compare("verify-damaged", json.loads(run("verify", "--json")[1]))


def test_json_of_a_generated_text(run, home, monkeypatch, language_model):
    """What `ask --generate` prints with --json is what it was."""
    language_model.behaviour = "The Council should have explained that it was voluntary [P1]. That is a pity."
    monkeypatch.setenv("DECISION_QA_LLM_URL", language_model.url)
    monkeypatch.setenv("DECISION_QA_LLM_MODEL", "a-model")
    compare("ask-generate", json.loads(run("ask", MISSION, "-k", "3", "--generate", "--json")[1]))


EXITS: dict[int, tuple[tuple[str, ...], ...]] = {
    0: (
        ("--help",),
        ("--version",),
        ("build",),
        ("add", "sixth.txt"),
        ("remove", "21 002 206"),
        ("ask", "hotel"),
        ("check-citations", "right.txt"),
        ("show", "21 017 496"),
        ("list",),
        ("coverage",),
        ("verify",),
        ("evaluate", "questions.json"),
    ),
    1: (
        ("add", "missing.txt"),
        ("remove", "99 999 999"),
        ("ask", "???"),
        ("ask", "hotel", "--council", "Medway Council"),
        ("check-citations", "letter.txt"),
        ("show", "99 999 999"),
        ("show", "21 017 496", "999"),
    ),
    2: (
        ("no-such-command",),
        ("build", "--no-such-option"),
        ("build", "--decisions", "missing"),
        ("add",),
        ("remove",),
        ("remove", "no reference"),
        ("fetch",),
        ("fetch", "--outcome", "won"),
        ("fetch", "--from", "2022-02-30"),
        ("fetch", "--from", "2022-02-02", "--to", "2022-02-01"),
        ("fetch", "--new", "--recheck", "few"),
        ("fetch", "--council", "Kent", "--limit", "0"),
        ("fetch", "21 017 496", "--council", "Kent"),
        ("fetch", "no reference"),
        ("fetch", "https://example.org/decisions/housing/other/21-017-496"),
        ("ask",),
        ("ask", "hotel", "-k", "0"),
        ("ask", "hotel", "--from", "yesterday"),
        ("ask", "hotel", "--index", "missing"),
        ("check-citations", "missing.txt"),
        ("show", "no reference"),
        ("list", "--index", "missing"),
        ("coverage", "--index", "missing"),
        ("verify", "--index", "missing"),
        ("evaluate", "missing.json"),
        ("evaluate", "letter.txt"),
        ("serve", "--port", "65536"),
        ("mcp", "--port", "65536"),
    ),
}
"""What a command ends with. 0: done; 1: done, but something was rejected or not found; 2: it could not be done."""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [pytest.param(arguments, code, id=" ".join(arguments)) for code, each in EXITS.items() for arguments in each],
)
def test_exit_code(run, arguments, code):
    """A command ends with the code that the table has."""
    assert run(*arguments)[0] == code


def test_exit_code_of_a_build_that_rejects(run, home):
    """A build that rejects a file ends with 1."""
    (home / "decisions" / "note.txt").write_text("Dear Sir", encoding="utf-8")
    assert run("build")[0] == 1


def test_exit_code_of_damage(run, home):
    """A check that finds damage ends with 1."""
    [vectors] = (home / "index").rglob("vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"\xff")
    assert run("verify")[0] == 1


def test_exit_code_where_nothing_can_listen(run):
    """A server that cannot listen where it should ends with 2."""
    assert run("serve", "--host", "192.0.2.1")[0] == 2
