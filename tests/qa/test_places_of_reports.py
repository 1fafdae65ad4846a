"""What follows from a place that is a page or a section: how it is shown, found, typed, linked and checked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, as_set
from pdfs import write_pdf
from selectolax.lexbor import LexborHTMLParser

from index.build import build
from index.decisions import Reference
from index.latest_store import LatestStore
from qa import cli
from qa.letters.letter import Checks, Letter
from qa.retrieval.requests import Question
from qa.web.app import create_app

BODY = "Fallowmere County Council"
PAGES = [
    "# Report by the Local Government and Social Care Ombudsman\nInvestigation into a complaint against\n"
    "Fallowmere County Council\n(reference number: 19 004 820)\n9 June 2020",
    "# The complaint\nMrs D complains that the Council ended the taxi that took her child to school.\n~ Report 1",
    "# Finding\nThe Council did not weigh the ages of the children before it ended the taxi.\n"
    "It gave four days of notice, which was fault, because the\n~ Report 2",
    "family had no time to find another way.\nThe Council should pay Mrs D £350.\n~ Report 3",
]


@pytest.fixture(scope="module")
def index(made_once, model):
    """An index of a report cited by page, of one cited by section, of an account alone, and of a statement."""

    def make(folder):
        decisions = folder / "decisions"
        decisions.mkdir(parents=True)
        (decisions / "report.pdf").write_bytes(write_pdf(PAGES))
        for name in ("reports/sections", "reports/account", "captures/continuing"):
            (decisions / f"{Path(name).name}.txt").write_bytes((PROJECT / "tests" / f"{name}.txt").read_bytes())
        build(decisions, folder / "index", model.model, lambda _: model)

    return made_once("reports", make) / "index"


@pytest.fixture(scope="module")
def answerer(index, models):
    return as_set(LatestStore(index), models)


@pytest.fixture(scope="module")
def client(answerer):
    return create_app(answerer).test_client()


def test_stored_as_it_was_parsed(answerer):
    """A report comes out of the index with its pages, and its entry says what it is cited by."""
    store = answerer.stores.get()
    decision = store.decision(Reference("19 004 820"))
    assert [place.pinpoint.place for place in decision.places()] == ["page 1", "page 2", "page 3"]
    assert {str(entry.reference): (entry.paragraphs, entry.unit) for entry in store.entries(cli.Filter())} == {
        "19 004 820": (3, "page"),
        "19 004 812": (5, "section"),
        "19 004 813": (0, "section"),
        "21 004 118": (14, "paragraph"),
    }


@pytest.mark.parametrize(
    ("reference", "place", "citation", "url"),
    [
        ("19-004-820", "page 2", "(19 004 820), page 2", "/decisions/19-004-820#page-2"),
        ("19-004-820", "page-2", "(19 004 820), page 2", "/decisions/19-004-820#page-2"),
        (
            "19-004-812",
            "section Recommendations",
            "(19 004 812), section “Recommendations”",
            "/decisions/19-004-812#section-recommendations",
        ),
        (
            "19-004-812",
            "section-finding-2",
            "(19 004 812), section “Finding” (2)",
            "/decisions/19-004-812#section-finding-2",
        ),
        ("19-004-813", "summary", "(19 004 813), summary", "/decisions/19-004-813#summary"),
    ],
)
def test_place_is_the_end_of_its_citation(client, reference, place, citation, url):
    """The API gives a page or a section by its name; `paragraph` is what the citation ends in."""
    found = client.get(f"/api/decisions/{reference}/paragraphs/{place}").json
    assert (found["citation"], found["url"]) == (f"{BODY} {citation}", url)
    assert found["citation"].endswith(f", {found['paragraph']}")
    assert found["numbering"] == "published"


def test_number_that_a_report_has_not_is_told(client):
    """A paragraph of a report without numbers is refused with a sentence that says how it is cited."""
    answer = client.get("/api/decisions/19-004-820/paragraphs/7")
    assert answer.status_code == 404
    assert "has no paragraph “7”; it has no certain paragraph numbers, and is cited by page" in answer.json["detail"]


@pytest.mark.parametrize("reference", ["19-004-820", "19-004-812", "19-004-813"])
def test_every_place_has_its_anchor(client, answerer, reference):
    """The page of a report has the anchor of each of its places once, and says how it is cited."""
    page = LexborHTMLParser(client.get(f"/decisions/{reference}", headers={"Accept": "text/html"}).text)
    for place in answerer.stores.get().decision(Reference(reference)).places():
        assert len(page.css(f"#{place.pinpoint.slug}")) == 1
    assert "A report without" in page.body.text()


def test_question_finds_a_page(answerer):
    """A question is answered from a report's page as from any paragraph, with its citation in full."""
    answer = answerer.answer(
        Question(question="Did the Council weigh the ages of the children before it ended the taxi?")
    )
    first = answer.shown[0]
    assert first.paragraph.pinpoint.place == "page 2"
    assert cli.answer_as_json(answer)["paragraphs" if answer.hits else "nearest"][0]["citation_full"] == (
        f"Local Government and Social Care Ombudsman, {BODY} (19 004 820), 9 June 2020, page 2"
    )


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ("page 2 of 19 004 820", ["page 2"]),
        ("19 004 820, page 3", ["page 3"]),
        ("19-004-820 p. 3", ["page 3"]),
        ("pages 2 and 3 of 19 004 820", ["page 2", "page 3"]),
        ("Fallowmere County Council (19 004 820), pp 1-3", ["page 1", "page 2", "page 3"]),
        ("19 004 812, section “Recommendations”", ["section “Recommendations”"]),
        ('show section "finding" (2) of 19 004 812', ["section “Finding” (2)"]),
    ],
)
def test_typed_citation_opens_its_place(answerer, typed, opened):
    """A citation of a page or a section that is typed as a question opens it."""
    answer = answerer.answer(Question(question=typed))
    cited = [one.citation for one in answer.box]
    assert answer.kind == "citation"
    assert [citation.partition("), ")[2] for citation in cited] == opened


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "page 9 of 19 004 820",
            "There is no page 9: 19 004 820 has no certain paragraph numbers, and is cited by page: 1 to 3",
        ),
        (
            "paragraph 7 of 19 004 820",
            "There is no paragraph 7: 19 004 820 has no certain paragraph numbers, and is cited by",
        ),
        (
            "19 004 812 section “Costs”",
            "There is no section “costs”: 19 004 812 has no numbered paragraphs, and is cited",
        ),
        ("page 2 of 21 004 118", "There is no page 2: 21 004 118 has paragraphs 1 to 14"),
    ],
)
def test_typed_citation_of_nothing_is_told(answerer, typed, told):
    """Where a report has not what is typed, a sentence says what it has."""
    answer = answerer.answer(Question(question=typed))
    assert answer.refusal is not None
    assert answer.refusal.detail.startswith(told)


WEIGHED = "The Council did not weigh the ages of the children"
OVER = "because the family had no time to find another way"


@pytest.mark.parametrize(
    ("letter", "verdict", "place"),
    [
        (f"“{WEIGHED}” ({BODY} (19 004 820), page 2).", "exact", "page 2"),
        (f"{BODY} (19 004 820) at page 2: “{WEIGHED}”.", "exact", "page 2"),
        (f"On page 2 of 19 004 820 it says “{WEIGHED}”.", "exact", "page 2"),
        (f"“{WEIGHED}” (19 004 820, p. 3).", "wrong_paragraph", "page 3"),
        (f"“{WEIGHED.replace('not', 'indeed')}” (19 004 820, page 2).", "altered", "page 2"),
        (f"“{OVER}” (19 004 820, pages 2 and 3).", "exact", "page 2 and page 3"),
        ("See 19 004 820, page 2.", "found", "page 2"),
        ("See 19 004 820, page 9.", "not_held", "page 9"),
        ("See 19 004 820, paragraph 7.", "not_held", "paragraph 7"),
        ("“pays each of them £350” (19 004 812, section “Recommendations”).", "exact", "section “Recommendations”"),
        ('“pays each of them £350” (19 004 812, section "Finding").', "wrong_paragraph", "section “Finding”"),
        ("See 21 004 118, page 2.", "found", None),
        ("See 19 004 820, page 12 of my bundle.", "found", None),
    ],
)
def test_letter_is_checked_by_page_and_section(answerer, letter, verdict, place):
    """A letter may cite a report by page, or by the heading of a section; pages of anything else are none."""
    (found,) = Checks(answerer.stores).check(Letter(text=letter)).findings
    assert (found.verdict, found.place) == (verdict, place)


def test_paragraph_of_a_report_without_numbers_is_told_in_a_letter(answerer):
    """A letter that cites a paragraph of such a report is told by what it is cited."""
    (found,) = Checks(answerer.stores).check(Letter(text="See 19 004 820, paragraph 7.")).findings
    assert found.detail == (
        "Decision 19 004 820 has no paragraph 7; it has no certain paragraph numbers, and is cited by page: 1 to 3."
    )


def test_shown_and_listed(index, capsys, monkeypatch):
    """`show` takes the name of a place, and the list says how many pages or sections there are."""

    def said(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["decision-qa", *arguments, "--index", str(index)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 0
        return capsys.readouterr().out

    assert said("show", "19 004 820", "page 3").startswith(f"{BODY} (19 004 820), page 3\nfamily had no time")
    assert json.loads(said("show", "19 004 820", "page 3", "--json"))["paragraph"] == "page 3"
    listed = said("list")
    assert [told in listed for told in (f"{BODY}, 3 pages", f"{BODY}, 5 sections", f"{BODY}, a summary alone")]
