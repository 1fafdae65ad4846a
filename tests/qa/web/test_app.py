from __future__ import annotations

import html
import json
import logging
import re
from dataclasses import replace

import pytest
from conftest import MISSION, SIXTH

from index.decisions import Line
from index.parsing.parse import parse
from qa.answering.answer import Answerer
from qa.serialise import paragraph_as_json
from qa.web.app import create_app

FIELDS = {
    "rank", "score", "council", "reference", "paragraph", "numbering", "section", "role", "text", "highlights",
    "citation", "citation_full", "url", "source_url", "source_derived", "category", "outcome", "date", "also", "voices",
}  # fmt: skip
NONSENSE = "zxqj vbnmk qwrtp plkjh"
PAGE = {"Accept": "text/html,application/xhtml+xml"}


def ask(client, **fields):
    return client.post("/ask", json={"question": MISSION} | fields)


def test_answer_has_every_field(client):
    """An answer has every field of the contract."""
    body = ask(client).get_json()
    assert set(body) == {"question", "status", "answer", "paragraphs", "nearest", "index", "took_ms"}
    assert set(body["answer"]) == {"kind", "text", "model", "sentences", "confidence"}
    assert all(set(sentence) == {"text", "citations", "voice"} for sentence in body["answer"]["sentences"])
    assert set(body["index"]) == {"version", "decisions", "paragraphs", "model"}
    assert all(set(paragraph) == FIELDS for paragraph in body["paragraphs"])


def test_mission(client):
    """The project's own question is answered with the paragraph that answers it."""
    body = ask(client).get_json()
    found = {(item["reference"], item["paragraph"]) for item in body["paragraphs"]}
    assert found & {("21 017 496", 50), ("21 017 496", 51)}
    assert body["status"] == "answered"
    assert body["nearest"] == []


def test_citation_of_a_hit(client):
    """A hit's citation, address and text are those of its paragraph."""
    hit = next(item for item in ask(client).get_json()["paragraphs"] if item["paragraph"] == 51)
    assert hit["citation"] == "West Northamptonshire Council (21 017 496), paragraph 51"
    assert hit["citation_full"] == (
        "Local Government and Social Care Ombudsman, West Northamptonshire Council (21 017 496), 9 October 2022, "
        "paragraph 51"
    )
    assert hit["url"] == "/decisions/21-017-496#paragraph-51"
    assert hit["text"] == client.get("/api/decisions/21-017-496/paragraphs/51").get_json()["text"]


def test_answer_is_verbatim_and_cited(client):
    """Every sentence of an extract stands in the paragraph that it cites, and the text has no other words."""
    body = ask(client, limit=20).get_json()
    texts = {item["citation"]: item["text"] for item in body["paragraphs"]}
    sentences = body["answer"]["sentences"]
    for sentence in sentences:
        [citation] = sentence["citations"]
        assert sentence["text"] in texts[citation]
    words = " ".join(sentence["text"] for sentence in sentences).split()
    assert body["answer"]["text"].replace("[…]", "").split() == words


def test_answer_is_one_to_three_paragraphs(client):
    """The text has a paragraph for each citation, apart by an empty line: one to three."""
    answer = ask(client).get_json()["answer"]
    cited = dict.fromkeys(sentence["citations"][0] for sentence in answer["sentences"])
    assert len(answer["text"].split("\n\n")) == len(cited)
    assert 1 <= len(cited) <= 3


def test_voices_are_of_the_whole_text(client):
    """Each sentence of a paragraph has its voice: together they are all of the text but for white space."""
    for hit in ask(client, limit=20).get_json()["paragraphs"]:
        told = "".join(hit["text"][start:end] for start, end, _ in hit["voices"])
        assert "".join(told.split()) == "".join(hit["text"].split())


def test_highlights_are_sentences(client):
    """What is marked in a paragraph are sentences of it, in their order; there may be none."""
    hits = ask(client, limit=20).get_json()["paragraphs"]
    for hit in hits:
        spans = [[start, end] for start, end, _ in hit["voices"]]
        assert [span for span in spans if span in hit["highlights"]] == hit["highlights"]
    assert not all(hit["highlights"] for hit in hits)


def test_answering_sentence_is_highlighted(client):
    """In the paragraph that the answer tells first a sentence is marked, and the answer tells it."""
    body = ask(client, limit=20).get_json()
    first = body["answer"]["sentences"][0]["citations"]
    told = [sentence["text"] for sentence in body["answer"]["sentences"] if sentence["citations"] == first]
    hit = next(item for item in body["paragraphs"] if item["citation"] == first[0])
    marked = [hit["text"][start:end] for start, end in hit["highlights"]]
    assert marked
    assert set(marked) <= set(told)


def test_get_and_post_are_equal(client):
    """GET and POST give the same answer."""
    got = client.get("/ask", query_string={"question": MISSION, "limit": 3, "council": "kent"}).get_json()
    posted = ask(client, limit=3, council=["kent"]).get_json()
    assert got | {"took_ms": 0} == posted | {"took_ms": 0}


def test_inferred_number_says_so(client):
    """A paragraph whose number was inferred says so in its citation."""
    body = ask(client, reference=["21 000 832"], role=["finding"]).get_json()
    assert {item["numbering"] for item in body["paragraphs"] + body["nearest"]} == {"inferred"}
    assert all(item["citation"].endswith("(number inferred)") for item in body["paragraphs"] + body["nearest"])


def test_also_names_the_same_wording(client):
    """A standard paragraph names the other decisions in which it stands."""
    question = "refer a complaint about data protection to the Information Commissioner"
    also = [hit["also"] for hit in ask(client, question=question, limit=20).get_json()["paragraphs"]]
    assert 2 in map(len, also)
    assert all(set(other) == {"citation", "url"} for others in also for other in others)


def test_question_out_of_this_world_is_not_found(client):
    """What has nothing to do with the Ombudsman is not answered, and no paragraph is shown."""
    body = ask(client, question=NONSENSE, limit=3).get_json()
    assert (body["status"], body["answer"], body["paragraphs"], body["nearest"]) == ("not_found", None, [], [])


def test_nearest_paragraphs_stand_apart(client):
    """What the decisions held do not answer is refused; the nearest paragraphs stand apart, with nothing marked."""
    body = ask(client, question="My bins have not been collected for six weeks", limit=3).get_json()
    assert (body["status"], body["answer"], body["paragraphs"], len(body["nearest"])) == ("not_found", None, [], 3)
    assert [hit["highlights"] for hit in body["nearest"]] == [[], [], []]


def test_keywords_of_one_paragraph_are_answered(client):
    """A few keywords that stand together in a paragraph are answered with it."""
    body = ask(client, question="hotel costs").get_json()
    assert ("20 001 737", 80) in {(item["reference"], item["paragraph"]) for item in body["paragraphs"]}


def test_small_words_alone_are_no_answer(client):
    """A question of which a paragraph has only the small words is not answered by them."""
    assert ask(client, question="the of and").get_json()["status"] == "not_found"


@pytest.mark.parametrize("question", ["?!…", "😀😀", "-- __ --"])
def test_question_without_words_is_not_found(client, question):
    """Punctuation and emoji are an honest not found."""
    response = ask(client, question=question)
    assert response.status_code == 200
    assert (response.get_json()["status"], response.get_json()["nearest"]) == ("not_found", [])


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"question": ""}, 400),
        ({"question": "a" * 10_000}, 400),
        ({"question": 7}, 400),
        ({"limit": 0}, 400),
        ({"limit": 51}, 400),
        ({"limit": "five"}, 400),
        ({"from": "2022-13-01"}, 400),
        ({"reference": ["nonsense"]}, 400),
        ({"reference": ["99 999 999"]}, 404),
        ({"council": ["Atlantis Council"]}, 404),
    ],
)
def test_bad_question_is_a_problem(client, fields, status):
    """What cannot be answered is a problem (RFC 9457) with a sentence."""
    response = ask(client, **fields)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem = response.get_json()
    assert (problem["status"], problem["detail"][-1]) == (status, ".")
    assert {"type", "title", "status", "detail"} == set(problem)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/ask", 405),
        ("GET", "/decisions/99-999-999", 404),
        ("GET", "/decisions/nonsense", 404),
        ("GET", "/decisions?page=0", 400),
        ("GET", "/decisions?page=x", 400),
        ("GET", "/decisions?page=2", 404),
        ("GET", "/api/decisions/99-999-999", 404),
        ("GET", "/api/decisions/21-017-496/paragraphs/66", 404),
        ("GET", "/api/decisions/21-017-496/paragraphs/x", 404),
        ("GET", "/api/decisions?council=Atlantis", 404),
        ("GET", "/api/decisions?colour=red", 400),
        ("GET", "/ask", 400),
        ("GET", "/ask?question=a&limit=0", 400),
        ("GET", "/?question=", 400),
    ],
)
def test_every_error_is_a_problem(client, method, path, status):
    """Every error is a problem, whichever address it came from."""
    response = client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


NOT_UTF_8 = ["%ff", "hotel%c3%28", "%ed%a0%80", "%c0%80", "a%F4%90%80%80"]


@pytest.mark.parametrize("text", NOT_UTF_8)
@pytest.mark.parametrize("path", [
    "/ask?question={}", "/ask?question=a&council={}", "/ask?{}=a&question=a", "/ask?question=a&{}", "/?question={}",
    "/api/decisions?council={}", "/api/decisions/21-017-496?{}", "/decisions?council={}",
    "/openapi.json?{}", "/decisions/21-017-496?question={}",
])  # fmt: skip
def test_address_that_is_not_utf_8_is_refused(client, path, text):
    """Bytes in an address that are no text are a problem, and not read as other characters than were sent."""
    response = client.get(path.format(text))
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert "UTF-8" in response.get_json()["detail"]


@pytest.mark.parametrize("end", [
    "%20", "%09", "%0a", "%0d%0a", "%00", "%0b", "%1f", "%c2%a0", "%e2%80%8b", "%ff", "+", ".", "/", ";jsessionid=1",
])  # fmt: skip
@pytest.mark.parametrize("path", [
    "/api/decisions/21-017-496", "/decisions/21-017-496", "/api/decisions/21-017-496/paragraphs/50",
    "/api/decisions/21-017-496/paragraphs/summary", "/api/decisions/21-000-259/paragraphs/51(b)",
])  # fmt: skip
def test_nothing_stands_behind_an_address(client, path, end):
    """A reference and the number of a paragraph are found as they stand in the document, with nothing behind them."""
    assert client.get(path).status_code == 200
    response = client.get(path + end)
    assert (response.status_code, len(response.get_json()["detail"].splitlines())) == (404, 1)


@pytest.mark.parametrize("name", [
    "%2050", "5%200", "050", "+50", "50.0", "-1", "0", "%D9%A5%D9%A0", "%EF%BC%95%EF%BC%90", "Summary", "51(B)",
    "51%20(b)", "51%EF%BC%88b%EF%BC%89", "50%5cn",
])  # fmt: skip
def test_number_is_written_as_the_document_says(client, name):
    """A paragraph has one address: its number is not found with zeros, blanks, large letters or other digits."""
    response = client.get(f"/api/decisions/21-000-259/paragraphs/{name}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "name", ["%2021-017-496", "21%0a017%0a496", "21%09017-496", "21%20%20017%20496", "%D9%A2%D9%A1017496"]
)
@pytest.mark.parametrize("path", ["/api/decisions/", "/decisions/"])
def test_reference_is_written_as_the_document_says(client, path, name):
    """A reference in an address has hyphens, single spaces or nothing between its numbers."""
    assert client.get(path + name).status_code == 404


@pytest.mark.parametrize("path", [
    "/api/decisions/21%20017%20496", "/api/decisions/21017496", "/api/decisions/21-000-259/paragraphs/51%28b%29",
])  # fmt: skip
def test_address_may_be_written_as_the_document_says(client, path):
    """What the document allows is found."""
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/ask?question=hotel&limit=1&limit=2", "/ask?question=a&question=a", "/api/decisions?page=1&page=1"]
)
def test_field_that_stands_twice_is_refused(client, path):
    """A field of an address that has one value may stand only once, also with the same value."""
    response = client.get(path)
    assert response.status_code == 400
    assert response.get_json()["detail"].endswith("can be given only once.")


@pytest.mark.parametrize("headers", [
    {"Content-Type": "application/json; charset=iso-8859-1"},
    {"Content-Type": 'application/json; charset="utf-16"'},
    {"Content-Type": "application/json; charset=utf-7"},
    {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    {"Content-Type": "application/json", "Content-Encoding": "identity, gzip"},
    {"Content-Type": "application/json", "Content-Encoding": "identity2"},
    {"Content-Type": "application/jsonl"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {},
])  # fmt: skip
@pytest.mark.parametrize("path", ["/ask", "/api/check"])
def test_body_that_is_said_to_be_something_else_is_refused(client, path, headers):
    """A body that is said to be no JSON, or not in UTF-8, or compressed, is not read."""
    response = client.post(path, data=b'{"question": "hotel"}', headers=headers)
    assert (response.status_code, response.get_json()["detail"][:21]) == (415, "The body must be JSON")


@pytest.mark.parametrize("sent", [
    "application/json; charset=utf-8", 'application/json;charset="UTF-8"', "APPLICATION/JSON",
    "application/json; charset=utf8", "application/json;charset=UTF8",
])  # fmt: skip
def test_body_may_say_that_it_is_utf_8(client, sent):
    """JSON may say that it is in UTF-8, which it is anyway."""
    assert client.post("/ask", data=b'{"question": "hotel"}', headers={"Content-Type": sent}).status_code == 200


@pytest.mark.parametrize("coding", ["", "identity", "Identity", " identity ", "identity, identity"])
@pytest.mark.parametrize(("path", "body"), [("/ask", {"question": "hotel"}), ("/api/check", {"text": "hotel"})])
def test_body_may_say_that_it_is_not_compressed(client, path, body, coding):
    """A body may say that nothing was done to it."""
    assert client.post(path, json=body, headers={"Content-Encoding": coding}).status_code == 200


@pytest.mark.parametrize("path", [
    "/", "/?question=hotel", "/?question=", "/decisions", "/decisions/21-017-496", "/decisions/21017496", "/check",
    "/docs", "/ask", "/api/decisions", "/api/decisions/99-999-999", "/api/check", "/openapi.json", "/healthz",
    "/nowhere",
])  # fmt: skip
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_head_is_as_get(client, path, accept):
    """HEAD gets the status and the fields of GET, without a body."""
    got, head = (client.open(path, method=method, headers={"Accept": accept}) for method in ("GET", "HEAD"))
    assert (head.status_code, head.data) == (got.status_code, b"")
    if "took_ms" not in got.text:  # whose length varies
        assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("text", "status"), [("a" * 60_000, 400), ("a" * 70_000, 413), ("🙂" * 16_000, 400), ("🙂" * 20_000, 413)]
)
def test_long_question_by_address_is_as_by_post(client, text, status):
    """A question that is too long gets by its address what it gets in a body, however long the address becomes."""
    posted = client.post(
        "/ask", data=json.dumps({"question": text}, ensure_ascii=False), content_type="application/json"
    )
    got = client.get("/ask", query_string={"question": text})
    assert (posted.status_code, got.status_code) == (status, status)
    assert got.get_json() | {"detail": ""} == posted.get_json() | {"detail": ""}
    assert got.get_json()["detail"].replace("address", "body") == posted.get_json()["detail"]


@pytest.mark.parametrize(
    "path", ["/?question=", "/decisions?council=", "/decisions/21-017-496?question=", "/api/decisions?council="]
)
def test_address_that_is_too_long_is_a_problem(client, path):
    """An address that holds more than a body may is refused everywhere."""
    response = client.get(path + "a" * 70_000)
    assert (response.status_code, response.get_json()["detail"]) == (413, "The address must not be larger than 64 KiB.")


def test_wrong_json_is_a_problem(client):
    """A body that is no JSON is a problem."""
    response = client.post("/ask", data=b"{", content_type="application/json")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_large_body_is_a_problem(client):
    """A body of 100 kB is refused."""
    response = client.post("/ask", data=b"a" * 100_000, content_type="application/json")
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


def test_bug_shows_no_traceback_and_no_question(answerer, caplog):
    """An unforeseen error is a problem without a traceback, and the question is not logged."""

    class Broken(Answerer):
        def answer(self, question, client=""):
            raise RuntimeError(question.question)

    client = create_app(Broken(answerer.stores, None, 0.3)).test_client()
    with caplog.at_level(logging.DEBUG):
        response = client.post("/ask", json={"question": "secret"})
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "secret" not in response.text + caplog.text
    assert "RuntimeError at" in caplog.text


def test_no_index_names_the_command(tmp_path, model):
    """Without an index every address that needs one names the command that makes one."""
    from index.latest_store import LatestStore

    client = create_app(Answerer(LatestStore(tmp_path), model, 0.3)).test_client()
    for path in ("/", "/decisions", "/ask?question=a", "/readyz"):
        response = client.get(path)
        assert response.status_code == 503
        assert "decision-qa build" in response.get_json()["detail"]
    assert client.get("/healthz").status_code == 200


def test_list_of_decisions(client):
    """The list has all decisions, the newest first."""
    body = client.get("/api/decisions").get_json()
    assert body["total"] == 5
    assert [item["date"] for item in body["decisions"]] == sorted(
        (item["date"] for item in body["decisions"]), reverse=True
    )


def test_list_is_filtered_as_a_question(client):
    """The list takes the filters of a question."""
    body = client.get("/api/decisions?council=leicestershire&from=2022-02-01").get_json()
    assert [item["reference"] for item in body["decisions"]] == ["21 000 259"]


def test_decision_as_json(client):
    """A decision has every field of the contract, its paragraphs whole, with their items a line each."""
    body = client.get("/api/decisions/21-000-259").get_json()
    assert set(body) == {
        "council", "reference", "category", "outcome", "date", "summary", "numbering", "doubts", "proof",
        "proved_to", "cross_references", "source_url", "source_derived", "fetched", "page_sha256", "paragraphs",
    }  # fmt: skip
    agreed = body["paragraphs"][50]
    assert set(agreed) == {
        "paragraph", "item", "section", "role", "numbering", "text", "lines", "citation", "url",
    }  # fmt: skip
    assert agreed["text"].splitlines() == [
        "The Council has agreed to take the following action within one month of the final decision:",
        "apologise to Mr X for the faults identified in this statement; and",
        "make a payment to Mr X of £100 in recognition of the delay in the complaint handling process.",
    ]


def test_lines_show_the_structure_of_a_paragraph(client):
    """Each line of a paragraph tells how deep it stands, its letter, and how it is cited."""
    lines = client.get("/api/decisions/21-000-259/paragraphs/51").get_json()["lines"]
    citation = "Leicestershire County Council (21 000 259), paragraph 51"
    assert [(line["depth"], line["item"], line["citation"]) for line in lines] == [
        (0, None, citation),
        (1, "a", f"{citation}(a)"),
        (1, "b", f"{citation}(b)"),
    ]


def test_list_within_an_item_is_cited_with_it():
    """A line that stands within a lettered item has that item's citation, in the paragraph as in the item."""
    lines = (Line("It will:"), Line("look at:", 1, "a"), Line("savings;", 2), Line("pay.", 1, "b"), Line("So it said."))
    decision = parse(SIXTH.read_bytes())
    paragraph = replace(decision.paragraphs[0], lines=lines)
    shown = [line["citation"].rpartition(" ")[2] for line in paragraph_as_json(paragraph, decision)["lines"]]
    assert shown == ["1", "1(a)", "1(a)", "1(b)", "1"]


def test_lettered_item_as_json(client):
    """A lettered item is a place of its own, with a citation and an address of its own."""
    body = client.get("/api/decisions/21-000-259/paragraphs/51(b)").get_json()
    assert (body["paragraph"], body["item"], body["citation"], body["url"]) == (
        51, "b", "Leicestershire County Council (21 000 259), paragraph 51(b)", "/decisions/21-000-259#paragraph-51-b",
    )  # fmt: skip
    assert body["text"].startswith("make a payment to Mr X of £100")


@pytest.mark.parametrize("name", ["51(c)", "51(", "51()", "51(b", "(b)", "50(a)", "summary(a)"])
def test_item_that_is_not_there(client, name):
    """An item that a paragraph does not have is not found."""
    assert client.get(f"/api/decisions/21-000-259/paragraphs/{name}").status_code == 404


def test_cross_references_as_json(client):
    """Where a decision speaks of its own paragraphs, with the verdict and its reason."""
    assert client.get("/api/decisions/21-000-832").get_json()["cross_references"] == [
        {
            "paragraph": 50,
            "words": "paragraph 47",
            "targets": [47],
            "verdict": "contradicts",
            "reason": "Paragraph 50 speaks of “paragraph 47”, but what it says of it stands in paragraph 45 of this "
            "copy.",
        }
    ]


def test_summary_as_json(client):
    """The summary is cited as such."""
    body = client.get("/api/decisions/21-000-832/paragraphs/summary").get_json()
    assert body["citation"] == "Kent County Council (21 000 832), summary"


def test_readiness(client):
    """With an index and a model the service is ready."""
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_named_body_is_told_and_can_be_taken_off(client):
    """A body that the question names is told in JSON and on the page, with a link that keeps the other filters."""
    question = "In the Kent case, what was missing from the first social worker's notes?"
    assert ask(client, question=question).get_json()["named"] == {
        "council": ["Kent County Council"], "reference": [], "unknown": [],
    }  # fmt: skip
    page = client.get("/", query_string={"question": question, "role": "finding"}).get_data(as_text=True)
    assert "Only decisions about Kent County Council were searched" in page
    [link] = re.findall(r'href="([^"]+)">Search all decisions', page)
    assert "role=finding" in link
    everywhere = client.get(html.unescape(link)).get_data(as_text=True)
    assert "Search all decisions" not in everywhere
    assert "Halton" in everywhere


def test_body_that_is_not_held_is_refused_and_told(client):
    """A question about a body of which nothing is held is not answered from others, and says why."""
    body = ask(client, question="What did the Ombudsman decide about Birmingham City Council's safety plan?").get_json()
    assert (body["status"], body["named"]["unknown"]) == ("not_found", ["Birmingham City Council"])
    page = client.get("/?question=Was+Medway+Council+at+fault%3F").get_data(as_text=True)
    assert "We have no decisions about Medway Council" in page


@pytest.mark.parametrize(
    "question",
    [
        "How do I challenge a parking ticket?",
        "Can I get help with council tax arrears?",
        "Who is playing in the cup final on Saturday?",
        "What is the recipe for a lemon cake?",
        "7",
    ],
)
def test_other_subjects_are_refused(client, question):
    """A question on another service, or on nothing that the Ombudsman deals with, is not answered."""
    body = ask(client, question=question).get_json()
    assert (body["status"], body["answer"], body["paragraphs"]) == ("not_found", None, [])


def test_allegation_is_not_told_beside_the_finding(client):
    """What was only complained of is not quoted as the answer where findings were found."""
    question = "Is the council allowed to give the other father our family's private information?"
    body = ask(client, question=question, limit=20).get_json()
    told = {citation for sentence in body["answer"]["sentences"] for citation in sentence["citations"]}
    roles = {hit["citation"]: hit["role"] for hit in body["paragraphs"]}
    assert "complaint" in roles.values()
    assert "complaint" not in {roles[citation] for citation in told}


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/ask?question=a&", 400)])
def test_what_stands_behind_an_address_and_is_no_text(client, path, status):
    """What a probe puts behind its address is not read; of a question all is."""
    assert client.get(f"{path}{'' if path.endswith('&') else '?'}x=%FF").status_code == status


def test_compressed_letter_is_not_taken_by_the_page(client):
    """A form that says that it is compressed gets 415, as a body of the API does."""
    assert client.post("/check", data={"text": "a"}, headers={"Content-Encoding": "gzip"}).status_code == 415
