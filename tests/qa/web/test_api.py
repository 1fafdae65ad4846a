"""The API: what its OpenAPI document and its documentation say of it is so, and who may call it."""

from __future__ import annotations

import html
import itertools
import json
import re
import shlex
from collections import Counter
from typing import get_args
from urllib.parse import urlencode, urlsplit

import pytest
import schemathesis
from conftest import SEEDS, WordEmbedder, served, variant
from schemathesis.engine import Status, events, from_schema

from index.build import build
from index.latest_store import LatestStore
from qa.answering.answer import Answerer
from qa.answering.refusals import Reason
from qa.errors import KINDS
from qa.letters.letter import Checks
from qa.retrieval.models import Models
from qa.web.admission import Admission
from qa.web.app import create_app
from qa.web.openapi import in_words

TOKEN = "a-token-for-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ORIGIN = "https://example.org"

STATUSES = {
    "POST /ask": {200, 400, 403, 404, 413, 415, 421, 429, 500, 503},
    "GET /ask": {200, 304, 400, 403, 404, 413, 421, 429, 500, 503},
    "GET /api/decisions": {200, 304, 400, 404, 413, 421, 429, 500, 503},
    "GET /api/coverage": {200, 304, 400, 404, 413, 421, 429, 500, 503},
    "GET /api/decisions/{reference}": {200, 304, 400, 404, 413, 421, 429, 500, 503},
    "GET /api/decisions/{reference}/paragraphs/{number}": {200, 304, 400, 404, 413, 421, 429, 500, 503},
    "GET /api/changes": {200, 304, 400, 404, 413, 421, 429, 500, 503},
    "POST /api/check": {200, 400, 403, 413, 415, 421, 429, 500, 503},
    "GET /healthz": {200, 400, 413, 500},
    "GET /readyz": {200, 400, 413, 500, 503},
}
GUARDED = [
    "/ask?question=hotel",
    "/api/decisions",
    "/api/decisions/21-000-832",
    "/api/decisions/21-000-832/paragraphs/1",
]
OPEN = ["/", "/?question=hotel", "/decisions", "/decisions/21-000-832", "/docs", "/openapi.json", "/healthz", "/readyz"]


class Counting(Answerer):
    """Counts its searches."""

    searches = 0

    def answer(self, question, offset=0, client=""):
        self.searches += 1
        return super().answer(question, offset, client)


class Broken(Answerer):
    """Has a bug."""

    def answer(self, question, offset=0, client=""):
        raise RuntimeError


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """What answers from the seeds by the fake model: many searches take little time, and all find something."""
    embedder, folder = WordEmbedder(), tmp_path_factory.mktemp("quick")
    build(SEEDS, folder, embedder.model, lambda _: embedder)
    return Counting(LatestStore(folder), Models.of(embedder), threshold=0)


@pytest.fixture(scope="module")
def described(answerer):
    return schemathesis.openapi.from_wsgi("/openapi.json", create_app(answerer), config=schemathesis.Config())


@pytest.fixture(scope="module")
def docs(quick):
    return create_app(quick).test_client().get("/docs").text


@pytest.fixture(scope="module")
def guarded(quick):
    """A client of an application that wants a token, and that pages of another site may call."""
    return create_app(quick, admission=Admission(TOKEN, (ORIGIN,))).test_client()


# The document


def operations(described):
    return [found.ok() for found in described.get_all_operations()]


def test_document_is_valid(described):
    """The document is an OpenAPI document of version 3.1."""
    assert described.raw_schema["openapi"].startswith("3.1.")
    described.validate()


def test_document_has_every_address(described):
    """Every address of the API is described, with each of its methods."""
    routes = {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in described.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if re.match("/(ask|api/|healthz|readyz)", rule.rule)
    }
    assert {operation.label for operation in operations(described)} == routes == set(STATUSES)


def test_document_has_every_status(described):
    """Every status that an address may answer is described."""
    told = {item.label: {int(code) for code in item.responses.status_codes} for item in operations(described)}
    assert told == STATUSES


def test_document_has_no_type_too_many(described):
    """Every type of the document is part of what some address takes or answers."""
    types = described.raw_schema["components"]["schemas"]
    named: set[str] = set()
    waiting = [described.raw_schema["paths"]]
    while waiting:
        found = set(re.findall("#/components/schemas/([A-Za-z]+)", json.dumps(waiting.pop()))) - named
        named |= found
        waiting += [types[name] for name in found]
    assert named == set(types)


@pytest.mark.parametrize("every", [False, True], ids=["required", "every"])
@pytest.mark.parametrize("label", STATUSES)
def test_examples_are_answered(described, label, every):
    """The examples of the required fields get an answer of the type described, and so do those of all fields."""
    method, path = label.split()
    content = described.raw_schema["paths"][path][method.lower()]
    given = {"path": {}, "query": {}}
    for field in content["parameters"]:
        if every or field["required"]:
            value = field["schema"]["examples"][0]
            given[field["in"]][field["name"]] = value if isinstance(value, str | list) else json.dumps(value)
    parts = {"path_parameters": given["path"], "query": given["query"]}
    if "requestBody" in content:
        body = described.raw_schema["components"]["schemas"]["Question" if path == "/ask" else "Letter"]
        names = body["properties"] if every else body["required"]
        parts["body"] = {name: body["properties"][name]["examples"][0] for name in names}
        parts["media_type"] = "application/json"
    response = described[path][method].Case(**parts).call_and_validate()
    assert response.status_code == 200


def test_document_tells_the_size_of_a_body(described):
    """How many bytes a body may have is told where it is described."""
    told = {
        path: methods["post"]["requestBody"]["description"]
        for path, methods in described.raw_schema["paths"].items()
        if "post" in methods
    }
    assert told == {
        "/ask": "JSON in UTF-8, at most 65,536 bytes.",
        "/api/check": "JSON in UTF-8, at most 1,310,720 bytes.",
    }


# What it says is so


def can_be_told(_, case):
    # That one date must not be later than another is more than a JSON Schema can say.
    for fields in (case.query, case.body):
        match fields:
            case {"from": str(first), "to": str(last)} if first > last:
                return False
    return True


def findings(app, phases, headers=None):
    """What all checks of schemathesis find in an application, and how often each address answered well.

    Over HTTP: within the process its engine cannot try a wrong token. It is random data, but the same each time.
    """
    found: list[str] = []
    answered: Counter[str] = Counter()
    with served(app) as address:
        api = schemathesis.openapi.from_url(f"{address}/openapi.json", config=schemathesis.Config(seed=1))
        api.config.generation.update(max_examples=10, deterministic=True)
        api.config.headers = headers
        # A text that is too long may make a body that is.
        rejection = api.config.checks.negative_data_rejection
        rejection.expected_statuses = [*rejection.expected_statuses, "413"]
        for name in ("examples", "coverage", "fuzzing", "stateful"):
            api.config.phases.get_by_name(name=name).enabled = name in phases
        api.hook("filter_case")(can_be_told)
        for event in from_schema(api).execute():
            match event:
                case events.ScenarioFinished(recorder=recorder):
                    for identity, checks in recorder.checks.items():
                        found += [
                            f"{check.name}: {check.failure_info.failure.message}\n{check.failure_info.code_sample}"
                            for check in checks
                            if check.failure_info
                        ]
                        if recorder.interactions[identity].response.status_code == 200:
                            answered[recorder.cases[identity].value.operation.label] += 1
                case events.PhaseFinished(phase=phase, status=status) if phase.name in phases:
                    if status != Status.SUCCESS:
                        found.append(f"{phase.name}: {status} {phase.skip_reason}")
                case events.NonFatalError(value=error) | events.FatalError(exception=error):
                    found.append(repr(error))
    return found, answered


def test_api_is_as_described(quick):
    """Whatever is sent to any address, valid or not, one after the other or by itself, what the document says is so."""
    found, answered = findings(create_app(quick), ("examples", "coverage", "fuzzing", "stateful"))
    assert found == []
    assert set(answered) == set(STATUSES)


def test_api_with_a_token_is_as_described(quick):
    """Every address that the document says wants a token refuses who has none or another; all else is as without."""
    found, answered = findings(create_app(quick, admission=Admission(TOKEN)), ("examples", "fuzzing"), BEARER)
    assert found == []
    assert set(answered) == set(STATUSES)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"limit": 5.0}, 200),
        ({"limit": 5.5}, 400),
        ({"limit": True}, 400),
        ({"from": None}, 200),
        ({"from": "1609459200"}, 400),
        ({"from": 1609459200}, 400),
        ({"from": "2022-02-30"}, 400),
        ({"question": "\u0085"}, 400),
        ({"question": "\ufeff"}, 400),
        ({"council": [" "]}, 400),
    ],
)
def test_field_is_what_its_schema_says(quick, fields, status):
    """What a JSON Schema calls a whole number, a date or white space is that here, and nothing else is."""
    client = create_app(quick).test_client()
    assert client.post("/ask", json={"question": "hotel"} | fields).status_code == status


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/event-stream"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", GUARDED)
def test_etag_stands_where_it_is_declared(quick, path, method, accept):
    """An answer has an ETag whatever the client accepts, but for a stream, which is made anew each time."""
    response = create_app(quick).test_client().open(path, method=method, headers={"Accept": accept})
    is_streamed = path.startswith("/ask") and accept == "text/event-stream"
    assert (response.status_code, "ETag" in response.headers) == (200, not is_streamed)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*GUARDED, *OPEN[:6]])
def test_whatever_there_is_has_not_changed(quick, path, method):
    """Who sends `If-None-Match: *` gets 304 where there is an answer, with its ETag and without a body."""
    client = create_app(quick).test_client()
    response = client.open(path, method=method, headers={"If-None-Match": "*"})
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == client.get(path).headers["ETag"]


@pytest.mark.parametrize(("path", "status"), [
    ("/api/decisions/99-999-999", 404),
    ("/api/nowhere", 404),
    ("/ask", 400),
    ("/healthz", 200),
])  # fmt: skip
def test_nothing_is_not_unchanged(quick, path, status):
    """`If-None-Match: *` changes nothing where there is no answer, or none that is kept."""
    client = create_app(quick).test_client()
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json"])
@pytest.mark.parametrize("fields", ["x=1", "_=1732970000&_=2", "question=hotel"])
def test_probe_may_put_something_behind_an_address(quick, path, fields):
    """Whoever looks whether the server lives is told so, whatever it puts behind the “?”."""
    assert create_app(quick).test_client().get(f"{path}?{fields}").status_code == 200


@pytest.mark.parametrize("label", [label for label in STATUSES if label not in ("GET /healthz", "GET /readyz")])
def test_unknown_field_is_refused_everywhere(quick, label):
    """No address that tells of decisions passes over a field behind its “?” that it does not have; it names it."""
    method, path = label.split()
    path = path.format(reference="21-000-832", number="1")
    body = {"question": "hotel"} if path == "/ask" else {"text": "hotel"}
    client = create_app(quick).test_client()
    fields = {"question": "hotel", "colour": "red"} if label == "GET /ask" else {"colour": "red"}
    sent = {"json": body} if method == "POST" else {"headers": {"Accept": "text/html"}}
    response = client.open(path, method=method, query_string=fields, **sent)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.get_json()["detail"].startswith("There is no field “colour”; ")


def test_preflight_of_a_question_is_allowed(guarded):
    """What a browser asks before it sends a question by its address is not refused for the fields of that address."""
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    assert guarded.options("/ask?question=hotel", headers=asked).status_code == 200
    assert guarded.options("/api/check?colour=red", headers=asked).status_code == 200


# Problems

PROVOKED = {
    "bad-question": ("whole", "GET", "/ask", None),
    "unauthorised": ("guarded", "GET", "/api/decisions", None),
    "not-held": ("whole", "GET", "/api/decisions/99-999-999", None),
    "no-such-address": ("whole", "GET", "/api/nowhere", None),
    "method-not-allowed": ("whole", "DELETE", "/ask", None),
    "too-large": ("whole", "POST", "/ask", b"a" * 100_000),
    "forbidden": ("whole", "POST", "/ask", b"{}", {"Origin": "https://elsewhere.example"}),
    "media-type": ("whole", "POST", "/ask", b"{}", {"Content-Type": "text/plain"}),
    "misdirected": ("whole", "GET", "/ask?question=hotel", None, {"Host": "elsewhere.example"}),
    "too-many": ("many", "POST", "/api/check", b'{"text": "a"}'),
    "busy": ("busy", "POST", "/api/check", b'{"text": "a"}'),
    "bug": ("broken", "GET", "/ask?question=hotel", None),
    "index-unusable": ("empty", "GET", "/ask?question=hotel", None),
}


@pytest.fixture
def clients(quick, guarded, tmp_path):
    models = Models.of(WordEmbedder())
    many = create_app(quick, admission=Admission(letters=1)).test_client()
    many.post("/api/check", json={"text": "a"})
    return {
        "many": many,
        "whole": create_app(quick).test_client(),
        "guarded": guarded,
        "busy": create_app(quick, checks=Checks(quick.stores, at_once=0)).test_client(),
        "broken": create_app(Broken(quick.stores, models, 0)).test_client(),
        "empty": create_app(Answerer(LatestStore(tmp_path), models, 0)).test_client(),
    }


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in PROVOKED], ids=lambda kind: kind.name)
def test_problem_has_the_type_of_its_kind(clients, docs, kind):
    """Every kind of problem can be told by its type, which leads to where the documentation explains it."""
    which, method, path, body, *more = PROVOKED[kind.name]
    headers = {"Content-Type": "application/json"} | (more[0] if more else {})
    response = clients[which].open(path, method=method, data=body, headers=headers)
    problem = response.get_json()
    assert (response.status_code, response.mimetype) == (kind.status, "application/problem+json")
    assert (problem["type"], problem["status"]) == (f"/docs#problem-{kind.name}", kind.status)
    assert f'id="problem-{kind.name}"' in docs
    assert response.headers["Cache-Control"] == "no-store"


# The token


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize(
    "given", [None, "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer \xff"]
)
def test_who_has_no_token_gets_no_answer(guarded, path, given):
    """Without the token, or with another, an address of the API says that it wants one, and no more."""
    response = guarded.get(path, headers={"Authorization": given} if given else None)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert response.get_json()["type"] == "/docs#problem-unauthorised"


@pytest.mark.parametrize("path", GUARDED)
def test_token_gets_an_answer(guarded, path):
    """With the token an address of the API answers."""
    assert guarded.get(path, headers=BEARER).status_code == 200


@pytest.mark.parametrize("path", OPEN)
def test_pages_and_documents_need_no_token(guarded, path):
    """What is for people, the document of the API and the state of the server can be seen without the token."""
    assert guarded.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/./ask", "/ask/", "/ASK", "/api//decisions", "/ask%2f", "/%61sk"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_spelling_leads_past_the_token(guarded, method, path):
    """However an address is spelt, without the token there is no answer."""
    response = guarded.open(f"{path}?question=hotel", method=method, follow_redirects=True)
    assert response.status_code in (401, 404)


def test_etag_leads_not_past_the_token(guarded):
    """Who knows the ETag of an answer but not the token is not told that it has not changed."""
    etag = guarded.get(GUARDED[0], headers=BEARER).headers["ETag"]
    assert guarded.get(GUARDED[0], headers={"If-None-Match": etag}).status_code == 401


# Calls from other web sites


def permission(response):
    return response.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("path", [*GUARDED, *OPEN])
def test_no_other_site_may_call(quick, path):
    """Unless sites are named, no page of another one may read an answer."""
    response = create_app(quick).test_client().get(path, headers={"Origin": ORIGIN})
    assert (response.status_code, permission(response)) == (200, None)


@pytest.mark.parametrize(("path", "headers", "status"), [
    ("/ask?question=hotel", BEARER, 200),
    ("/openapi.json", {}, 200),
    ("/ask", BEARER, 400),
    ("/ask", {}, 401),
    ("/api/decisions/99-999-999", BEARER, 404),
])  # fmt: skip
def test_named_site_may_call(guarded, path, headers, status):
    """A page of a site that is named may read what the API answers, problems as well, and the ETag."""
    response = guarded.get(path, headers={"Origin": ORIGIN} | headers)
    assert (response.status_code, permission(response)) == (status, ORIGIN)
    assert response.headers["Access-Control-Expose-Headers"] == "ETag"


def test_named_site_may_ask_again(guarded):
    """A page of a site that is named may read that nothing has changed."""
    etag = guarded.get(GUARDED[0], headers=BEARER).headers["ETag"]
    response = guarded.get(GUARDED[0], headers=BEARER | {"Origin": ORIGIN, "If-None-Match": etag})
    assert (response.status_code, permission(response)) == (304, ORIGIN)


@pytest.mark.parametrize("origin", [
    "http://example.org", "https://example.org.evil.example", "https://exampleXorg", "https://evil.example.org",
    "https://example.org:8443", "https://example.org\n", "null", "*",
])  # fmt: skip
def test_site_that_is_not_named_may_not_call(quick, origin):
    """A page of a site with another name, however like, may not read an answer."""
    client = create_app(quick, admission=Admission(origins=(ORIGIN,))).test_client()
    response = client.get("/api/decisions", environ_overrides={"HTTP_ORIGIN": origin})
    assert permission(response) is None


def test_pages_are_for_no_other_site(guarded):
    """The pages for people are never opened to other sites."""
    assert {permission(guarded.get(path, headers={"Origin": ORIGIN})) for path in OPEN if path != "/openapi.json"} == {
        None
    }


@pytest.mark.parametrize("path", ["/ask", "/api/decisions"])
def test_browser_may_ask_first_without_the_token(guarded, path):
    """Before a call with a token a browser asks whether it may make it, without the token."""
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    response = guarded.options(path, headers={"Origin": ORIGIN} | wanted)
    assert (response.status_code, permission(response)) == (200, ORIGIN)
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "authorization, content-type"


@pytest.mark.parametrize("origin", [None, ORIGIN, "https://evil.example"])
def test_answers_differ_by_site(guarded, origin):
    """What a browser keeps for one site is not for another, also where no site asked."""
    response = guarded.get("/openapi.json", headers={"Origin": origin} if origin else None)
    assert "Origin" in response.vary


# What has not changed


@pytest.mark.parametrize("path", [*GUARDED, *(path for path in OPEN if not path.endswith("z"))])
def test_answer_is_not_made_twice(quick, path):
    """Who has the answer already is told that nothing has changed, without a search."""
    client = create_app(quick).test_client()
    first = client.get(path)
    searches = quick.searches
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, quick.searches) == (304, b"", searches)
    assert {response.headers["Cache-Control"] for response in (first, again)} == {"private, no-cache"}
    assert again.headers["ETag"] == first.headers["ETag"]


def test_every_address_has_an_etag_of_its_own(quick):
    """The ETag of one answer is not that of another."""
    client = create_app(quick).test_client()
    paths = [
        "/ask?question=hotel",
        "/ask?question=hotels",
        "/ask?question=hotel&limit=1",
        "/?question=hotel",
        "/decisions",
    ]
    assert len({client.get(path).headers["ETag"] for path in paths}) == len(paths)


def test_etag_is_not_that_of_another_server(quick):
    """A server that is started anew, with other settings perhaps, does not know the answers of the one before."""
    etag = create_app(quick).test_client().get("/ask?question=hotel").headers["ETag"]
    again = create_app(quick).test_client().get("/ask?question=hotel", headers={"If-None-Match": etag})
    assert again.status_code == 200


def test_new_version_of_the_index_has_new_answers(tmp_path, decisions, fake):
    """After a build that changes something, what was kept is no longer good."""
    index = tmp_path / "index"
    build(decisions, index, fake.model, lambda _: fake)
    client = create_app(Answerer(LatestStore(index), Models.of(fake), 0)).test_client()
    first = client.get("/api/decisions")
    (decisions / "new.txt").write_text(variant("22 009 998"), encoding="utf-8")
    build(decisions, index, fake.model, lambda _: fake)
    again = client.get("/api/decisions", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.get_json()["total"], again.status_code) == (2, 200)
    assert again.get_json()["total"] == 3
    assert again.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("given", ['"*"', '"another"', "nonsense"])
def test_other_etag_gets_the_answer(quick, given):
    """An ETag that is not that of the answer changes nothing, nor does a star that is written as one."""
    response = create_app(quick).test_client().get("/ask?question=hotel", headers={"If-None-Match": given})
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_state_is_not_kept(quick, path):
    """Whether the server lives is never answered from what was kept."""
    response = create_app(quick).test_client().get(path)
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)


# The documentation


def test_docs_name_every_operation_and_field(described, docs):
    """The documentation names every address with its method, every type, and every field of each."""
    for operation in operations(described):
        assert f"<code>{operation.label}</code></h2>" in docs
    for name, schema in described.raw_schema["components"]["schemas"].items():
        place = {"Question": "ask", "Letter": "check"}.get(name, f"type-{name}")
        shown = html.unescape(docs.split(f'id="{place}"')[1])
        for field, content in schema["properties"].items():
            row = re.search(rf'<tr><th scope="row"><code>{field}</code></th><td>(.+?)</td>.*?</tr>', shown, re.DOTALL)
            assert row, (name, field)
            assert content["description"].split("`")[0].replace("\n", " ") in row[0]


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("Question", "question", "text, 1 to 2,000 characters"),
        ("Question", "limit", "whole number, 1 to 50"),
        ("Question", "council", "list of up to 50 texts, 1 to 200 characters"),
        ("Question", "from", "date (YYYY-MM-DD) or null"),
        ("Question", "everywhere", "true or false"),
        ("Hit", "paragraph", "whole number from 1 or “summary” or text"),
        ("Hit", "numbering", "one of published, inferred"),
        ("Hit", "highlights", "list of lists of 2 whole numbers from 0"),
        ("Answer", "answer", "AnswerText or null"),
        ("Answer", "held", "Held"),
        ("Answer", "corrected", "list of Reading"),
        ("AnswerText", "kind", "one of extract, generated, citation, register"),
        ("AnswerText", "confidence", "number, 0 to 1 or null"),
        ("Held", "from", "date (YYYY-MM-DD) or null"),
        ("Answer", "paragraphs", "list of Hit"),
    ],
)
def test_types_in_words(described, name, field, words):
    """What a schema asks for is told in words."""
    schema = described.raw_schema["components"]["schemas"][name]["properties"][field]
    assert "".join(text for text, _ in in_words(schema)) == words


def test_docs_name_every_reason(docs):
    """The documentation explains every reason for having no answer."""
    for reason in get_args(Reason):
        assert f"<code>{reason}</code>" in docs


def test_docs_lead_nowhere_else(docs):
    """Every place that the documentation leads to within itself is there, once."""
    anchors = Counter(re.findall(r' id="([^"]+)"', docs))
    assert set(anchors.values()) == {1}
    assert set(re.findall(r'href="#([^"]+)"', docs)) <= set(anchors)


def test_docs_show_calls_that_are_answered(client):
    """Every call that the documentation shows is answered."""
    commands = [
        shlex.split(command.replace("\\\n", ""))
        for block in re.findall(r"<pre><code>(curl .*?)</code></pre>", client.get("/docs").text, re.DOTALL)
        for command in html.unescape(block).split("\n\n")
    ]
    for words in commands:
        [address] = [word for word in words if word.startswith("http://localhost/")]
        options = list(itertools.pairwise(words))
        query = [tuple(value.split("=", 1)) for name, value in options if name == "--data-urlencode"]
        body = [value for name, value in options if name == "--json"]
        path = f"{urlsplit(address).path}?{urlencode(query)}"
        response = client.post(path, json=json.loads(body[0])) if body else client.get(path)
        assert response.status_code == 200, words
    assert len(commands) == 2 * 5 + 5


def test_docs_show_calls_of_this_server(quick):
    """The calls are of the server that shows them, with its token if it wants one."""
    admission = Admission(TOKEN, ("https://decisions.example",))
    page = (
        create_app(quick, admission=admission).test_client().get("/docs", base_url="http://decisions.example:9000").text
    )
    assert "curl http://decisions.example:9000/ask \\\n  -H &#34;Authorization: Bearer $TOKEN&#34;" in page
    assert TOKEN not in page


def test_docs_show_a_real_answer(docs):
    """The example of an answer is one."""
    [example] = re.findall(r"<pre><code>(\{.*?)</code></pre>", docs, re.DOTALL)
    [hit] = json.loads(html.unescape(example))["paragraphs"]
    assert hit["citation"].startswith(f"{hit['council']} ({hit['reference']}), ")


def test_docs_without_an_index(clients):
    """Without an index there is documentation, but no example of an answer."""
    response = clients["empty"].get("/docs")
    assert response.status_code == 200
    assert "There is no index yet" in response.text


def test_docs_have_headings_in_order(docs):
    """There is one main heading, and none below it skips a level."""
    levels = [int(level) for level in re.findall(r"<h(\d)", docs)]
    assert levels.count(1) == 1
    assert all(second <= first + 1 for first, second in itertools.pairwise(levels))


def test_docs_are_light(docs):
    """The documentation is one page of less than 100 kB, without styles or scripts in it."""
    assert len(docs.encode()) < 100_000
    assert not re.search(r"<style|<script(?! src)|style=", docs)
