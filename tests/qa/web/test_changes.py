"""What the pages, the API, a letter and the command say of decisions that changed or were removed."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree

import pytest
from collection import Collection, page
from conftest import WordEmbedder, as_set

from index.decisions import Reference
from index.latest_store import LatestStore
from qa.retrieval.models import Models
from qa.web.app import create_app

FIRST, SECOND, THIRD = Reference("22 010 227"), Reference("22 010 228"), Reference("22 010 229")
ATOM = "{http://www.w3.org/2005/Atom}"
FIELDS = {
    "reference", "council", "what", "date", "at", "sha256", "places", "fields", "source_url", "previous_url",
    "removed_by", "removed_on", "url",
}  # fmt: skip
READER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A server of a collection in which one decision was changed, one moved and one taken down."""
    fake = WordEmbedder()
    made = Collection(tmp_path_factory.mktemp("changes"), fake)
    for reference in (FIRST, SECOND, THIRD):
        made.put(reference, page(reference, "The Council was late.", "It apologised."))
    made.build()
    made.put(FIRST, page(FIRST, "The Council was late.", "It apologised and paid £200."))
    made.put(SECOND, page(SECOND, "The Council was late.", "It apologised.", path="other"))
    made.take_down(THIRD)
    made.build()
    return create_app(as_set(LatestStore(made.index, fake.model), Models.of(fake))).test_client()


def changes(client, query=""):
    """The changes that the API tells."""
    return client.get(f"/api/changes{query}").get_json()["changes"]


def test_every_change_is_told(client):
    """The API tells the changes of the last build, then those of the first."""
    told = {(change["reference"], change["what"]) for change in changes(client)[:3]}
    assert told == {(str(FIRST), "changed"), (str(SECOND), "moved"), (str(THIRD), "removed")}
    assert [change["what"] for change in changes(client)[3:]] == ["added"] * 3


def test_fields_of_a_change(client):
    """A change has every field of the contract, and a digest."""
    assert all(set(change) == FIELDS and len(change["sha256"]) == 64 for change in changes(client))


def test_changed_places(client):
    """Of a changed decision the places are told whose words are others."""
    assert [change["places"] for change in changes(client) if change["what"] == "changed"] == [["paragraph 2"]]


def test_removed_decision(client):
    """Of a removed decision is told by whom and when, and no address on this server."""
    [gone] = [change for change in changes(client) if change["what"] == "removed"]
    assert (gone["removed_by"], gone["removed_on"], gone["url"]) == ("ombudsman", "2026-05-03", None)


def test_changes_since_a_day_to_come(client):
    """Since a day to come nothing changed."""
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(1)
    assert changes(client, f"?since={tomorrow}") == []


@pytest.mark.parametrize("query", ["?since=yesterday", "?since=2026-02-30", "?page=0", "?from=2026-01-01", "?since="])
def test_bad_field(client, query):
    """A field that is wrong or unknown is told in a sentence."""
    response = client.get(f"/api/changes{query}")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_page_that_is_not_there(client):
    """A page beyond the last is not there."""
    assert client.get("/api/changes?page=2").status_code == 404


def test_page_tells_what_became_of_each(client):
    """The page says in words what became of each decision."""
    text = client.get("/changes", headers=READER).get_data(as_text=True)
    for words in (
        "Different from before: paragraph 2.",
        "It was at https://",
        "Held until 3 May 2026, since removed by the",
    ):
        assert words in text


def test_page_with_a_wrong_day_says_so(client):
    """A day that is none is told on the page, beside the field."""
    response = client.get("/changes?since=soon", headers=READER)
    assert response.status_code == 400
    assert 'href="#since"' in response.get_data(as_text=True)


def test_feed(client):
    """The feed has an entry for each change, with an address of its own."""
    response = client.get("/changes.atom")
    entries = ElementTree.fromstring(response.data).findall(f"{ATOM}entry")
    assert response.mimetype == "application/atom+xml"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 6


def test_letter_that_cites_a_removed_decision(client):
    """A letter that cites a decision which was taken down is told so, and until when it was held."""
    letter = 'As Fenwold District Council (22 010 229), paragraph 1 says: "The Council was late."'
    [finding] = client.post("/api/check", json={"text": letter}).get_json()["findings"]
    assert finding["verdict"] in ("not_held", "wrong_paragraph")
    assert "was held until 3 May 2026, since removed by the Ombudsman" in finding["detail"]


@pytest.mark.parametrize("question", ["22 010 229", "22 010 229 paragraph 1", "What was decided in 22 010 229?"])
def test_question_about_a_removed_decision(client, question):
    """Who asks for a decision that was taken down is told so."""
    answer = client.post("/ask", json={"question": question}).get_json()
    assert answer["reason"] == "reference_not_held"
    assert "was held until 3 May 2026, since removed by the Ombudsman" in answer["detail"]


def test_removed_decision_is_not_found(client):
    """The address of a removed decision says what became of it."""
    response = client.get("/api/decisions/22-010-229")
    assert response.status_code == 404
    assert "since removed by the Ombudsman" in response.get_json()["detail"]


def test_full_citation_has_the_address(client):
    """A full citation says where the decision is published and when it was read there."""
    hit = client.post("/ask", json={"question": "22 010 228 paragraph 1"}).get_json()["paragraphs"][0]
    assert hit["citation_full"].endswith("/other/22-010-228 (read 3 May 2026)")


def test_full_citation_with_an_address_in_a_letter(client):
    """A quotation with its full citation, the address in it, is found exact: the address names no other decision."""
    hit = client.post("/ask", json={"question": "22 010 228 paragraph 1"}).get_json()["paragraphs"][0]
    letter = f"“{hit['text']}” ({hit['citation_full']})"
    findings = client.post("/api/check", json={"text": letter}).get_json()["findings"]
    assert [finding["verdict"] for finding in findings] == ["exact"]


def test_address_of_the_decision_cited_before_is_a_citation(client):
    """An address that stands by itself, after a citation of the same decision, is a citation, also for a quotation."""
    address = "https://www.lgo.org.uk/decisions/benefits-and-tax/other/22-010-228"
    letter = f"See 22 010 228, paragraph 1. The Ombudsman says in {address}: “It apologised.”"
    findings = client.post("/api/check", json={"text": letter}).get_json()["findings"]
    assert [finding["verdict"] for finding in findings] == ["found", "exact"]


def test_decision_says_where_it_is_published(client):
    """The page of a decision leads to where it is published, and has the digest of what was read there."""
    text = client.get("/decisions/22-010-228", headers=READER).get_data(as_text=True)
    assert '/other/22-010-228" rel="noreferrer">Read it on the Ombudsman’s site</a>.' in text
    assert "Page fetched on 3 May 2026; SHA-256" in text
