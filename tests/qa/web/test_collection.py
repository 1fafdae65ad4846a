"""The collection without a question: the list of decisions, what is covered, and what is said of filters."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import PROJECT, WordEmbedder, variant
from selectolax.lexbor import LexborHTMLParser

from index.build import build
from index.latest_store import LatestStore
from qa.answering.answer import Answerer
from qa.answering.collection import BODIES
from qa.retrieval.models import Models
from qa.web.app import create_app

PAGE = {"Accept": "text/html"}
LONG = "Summary: " + " ".join(["Mr L complained about a kerb."] * 20)


def decision(reference: str, body: str, day: str | None = "3 Mar 2021", category: str = "Housing > Repairs") -> str:
    text = variant(reference).replace("Northwick Borough Council", body)
    text = re.sub("Category : .*", f"Category : {category}", text)
    return re.sub("Decision date : .*", f"Decision date : {day}" if day else "", text)


def client_of(folder, texts):
    (folder / "decisions").mkdir()
    for number, text in enumerate(texts):
        (folder / "decisions" / f"{number}.txt").write_text(text, encoding="utf-8")
    fake = WordEmbedder()
    build(folder / "decisions", folder / "index", fake.model, lambda _: fake)
    return create_app(Answerer(LatestStore(folder / "index"), Models.of(fake), 0)).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A client of six invented decisions."""
    texts = [
        decision("22 100 001", "London Borough Of Barnet", "1 Mar 2021"),
        decision("22 100 002", "Barnet London Borough Council", None, "Housing > Allocations"),
        decision("22 100 003", "London Borough Of Barnet", "9 May 2022", "Planning > Other"),
        decision("22 100 004", "Cumbria County Council", "2 Feb 2020"),
        decision("22 100 005", "Cumberland Council", None),
        re.sub("Summary: .*", LONG, decision("22 100 006", "Ash & Elm Council").partition("\nAgreed action\n")[0]),
    ]
    return client_of(tmp_path_factory.mktemp("collection"), texts)


def get(client, path, **query):
    return client.get(path, query_string=query or None).get_json()


def see(client, path, **query):
    return LexborHTMLParser(client.get(path, query_string=query or None, headers=PAGE).text)


def texts(page, selector):
    return [" ".join(node.text().split()) for node in page.css(selector)]


# The list


def references(listed):
    return "".join(entry["reference"][-1] for entry in listed["decisions"])


@pytest.mark.parametrize(("sort", "order"), [("date", "361425"), ("body", "654312"), ("length", "314256")])
def test_orders(client, sort, order):
    """The list comes newest first, by body, or longest first; what is equal comes newest first."""
    assert references(get(client, "/api/decisions", sort=sort)) == order
    shown = texts(see(client, "/decisions", sort=sort), ".decisions li > a")
    assert "".join(name[-2] for name in shown) == order


def test_order_that_there_is_not(client):
    """Another order is refused with those that there are."""
    response = client.get("/api/decisions?sort=colour")
    assert (response.status_code, response.get_json()["detail"]) == (400, "“sort” must be date, body or length.")


def test_order_is_kept(client):
    """Whoever turns the page, removes a filter or sets one keeps the order; the links of the orders keep filters."""
    page = see(client, "/decisions", sort="body", council="barnet")
    assert page.css_first("input[name=sort]").attributes["value"] == "body"
    [without] = [node.attributes["href"] for node in page.css(".chosen a")]
    assert parse_qs(urlsplit(without).query) == {"sort": ["body"]}
    orders = [parse_qs(urlsplit(node.attributes["href"]).query) for node in page.css(".orders a")]
    assert orders == [
        {"council": ["barnet"]},
        {"council": ["barnet"], "sort": ["body"]},
        {"council": ["barnet"], "sort": ["length"]},
    ]
    assert texts(page, ".orders [aria-current]") == ["By council or other body"]


def test_summaries_are_shown(client):
    """Each decision has its summary: a short one whole, of a long one two lines, with the rest folded."""
    page = see(client, "/decisions")
    assert len(page.css(".decisions .begun")) == 6
    [begun] = page.css("details.begun")
    head, tail = begun.css_first("summary").text(), begun.css_first("p").text()
    assert len(head) < 280
    shown = f"{head.partition(' …')[0]} {tail.removeprefix('… ')}"
    assert " ".join(shown.split()) == LONG.removeprefix("Summary: ")


@pytest.mark.parametrize("typed", ["22 100 003", "22-100-003", " 22100003 "])
def test_box_for_a_reference_opens_the_decision(client, typed):
    """A reference, however it is typed, opens its decision."""
    response = client.get("/decisions", query_string={"go": typed}, headers=PAGE)
    assert (response.status_code, urlsplit(response.location).path) == (302, "/decisions/22-100-003")


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("99 999 999", 404, "The index holds no decision 99 999 999."),
        ("<b>Kent</b>", 400, "“<b>Kent</b>” is not a reference; one looks like 21 017 496."),
    ],
)
def test_box_for_a_reference_says_what_is_not_there(client, typed, status, told):
    """What is not held, and what is no reference, is said beside the box, which keeps it."""
    response = client.get("/decisions", query_string={"go": typed}, headers=PAGE)
    page = LexborHTMLParser(response.text)
    assert response.status_code == status
    assert texts(page, ".problem a") == [told]
    assert page.css_first("#go").attributes["value"] == typed


# What filters leave out


def test_undated_decisions_are_told(client):
    """Where a date filter is set, the list says how many decisions it leaves out because they have no date."""
    listed = get(client, "/api/decisions", **{"from": "2020-01-01"})
    assert listed["notes"] == ["2 decisions without a date were left out."]
    assert texts(see(client, "/decisions", **{"from": "2020-01-01"}), ".notice") == listed["notes"]
    one = get(client, "/api/decisions", to="2030-01-01", council="barnet")
    assert one["notes"] == ["1 decision without a date was left out."]
    assert "notes" not in get(client, "/api/decisions", council="barnet")


def test_undated_decisions_are_told_of_an_answer(client):
    """An answer says so too, and so does a refusal: to tools, and on the page."""
    told = "2 decisions without a date were left out."
    for fields in ({"from": "2020-01-01"}, {"from": "2040-01-01"}):
        assert client.post("/ask", json={"question": "lanyard", **fields}).get_json()["notes"] == [told]
        assert told in texts(see(client, "/", question="lanyard", **fields), ".notice")
    assert "notes" not in client.post("/ask", json={"question": "lanyard"}).get_json()


def test_filter_means_one_body(client):
    """A filter by a council lets all of its decisions through, however they write its name, and no successor’s."""
    assert references(get(client, "/api/decisions", council="the london borough of barnet")) == "312"
    cumbria = get(client, "/api/decisions", council="Cumbria County Council")
    assert references(cumbria) == "4"
    assert cumbria["notes"] == [
        "We have decisions about Cumberland Council, which took over from Cumbria County Council."
    ]
    assert get(client, "/api/decisions", council="Cumberland Council")["notes"] == [
        "We have decisions about Cumbria County Council, which came before Cumberland Council."
    ]


def test_filter_by_a_council_of_which_only_kin_is_held(client):
    """A filter by a council that is not held is refused, and names the one held that came after."""
    response = client.get("/api/decisions", query_string={"council": "Copeland Borough Council"})
    assert (response.status_code, response.get_json()["detail"]) == (
        404,
        "No decision in the index has the council “Copeland Borough Council”. "
        "We have decisions about Cumberland Council, which took over from it.",
    )


def test_question_that_names_a_body_otherwise(client):
    """A question finds a body’s decisions however it writes the name, and each keeps its own in its citation."""
    answer = client.post("/ask", json={"question": "What did Barnet London Borough Council do about the lanyard?"})
    body = answer.get_json()
    assert body["named"]["council"] == ["London Borough Of Barnet"]
    assert {hit["council"] for hit in body["paragraphs"]} <= {
        "London Borough Of Barnet",
        "Barnet London Borough Council",
    }
    assert body["paragraphs"]


def test_typed_citation_with_the_name_written_otherwise_is_right(client):
    """A typed citation whose body is written otherwise than in the decision is not corrected."""
    body = client.post("/ask", json={"question": "Barnet Council (22 100 002), paragraph 3"}).get_json()
    assert body["answer"]["kind"] == "citation"
    assert "corrected" not in body


def test_question_that_names_a_council_of_which_kin_is_held(client):
    """However a council is asked about of which only the one that came after is held, that one is named."""
    for question in ("How many decisions are about Copeland Borough Council?", "Copeland Borough Council"):
        body = client.post("/ask", json={"question": question}).get_json()
        assert (body["reason"], "Cumberland Council" in body["detail"]) == ("body_not_held", True)


def test_council_told_for_another_is_said(tmp_path):
    """A question, a count and a citation with the successor’s name say whose decisions these are."""
    client = client_of(tmp_path, [decision("22 100 001", "Somerset County Council")])
    told = ["These are decisions about Somerset County Council, which came before Somerset Council."]
    for question in (
        "What did Somerset Council do about the lanyard?",
        "How many decisions are about Somerset Council?",
        "Somerset Council (22 100 001), paragraph 2",
    ):
        assert client.post("/ask", json={"question": question}).get_json()["notes"] == told


# Coverage


def test_coverage(client):
    """Coverage counts decisions by subject, category and body, with years and dates."""
    body = get(client, "/api/coverage")
    total = body["total"]
    assert (total["decisions"], total["undated"], total["from"], total["to"]) == (6, 2, "2020-02-02", "2022-05-09")
    assert total["years"] == {"2020": 1, "2021": 2, "2022": 1}
    assert total["published"] + total["inferred"] == 6
    assert [(row["subject"], row["decisions"]) for row in body["subjects"]] == [("Housing", 5), ("Planning", 1)]
    barnet, *_ = body["bodies"]
    assert (barnet["council"], barnet["decisions"]) == ("London Borough Of Barnet", 3)
    assert barnet["subjects"] == {"Housing": 2, "Planning": 1}
    assert (body["page"], body["pages"], body["bodies_total"], body["fetched"]) == (1, 1, 4, None)


def test_coverage_of_one_body(client):
    """The filters of a question narrow the coverage, which says what they leave out."""
    body = get(client, "/api/coverage", council="Barnet Council", to="2021-12-31")
    assert [(row["council"], row["years"]) for row in body["bodies"]] == [("London Borough Of Barnet", {"2021": 1})]
    assert body["notes"] == ["1 decision without a date was left out."]
    assert client.get("/api/coverage?sort=body").status_code == 400


def test_coverage_of_reports(tmp_path):
    """A report that is cited by its sections has no paragraph numbers, neither published nor inferred."""
    report = (PROJECT / "tests" / "reports" / "sections.txt").read_text(encoding="utf-8")
    total = get(client_of(tmp_path, [report, decision("22 100 001", "Kent County Council")]), "/api/coverage")["total"]
    assert [total[name] for name in ("decisions", "published", "inferred", "unnumbered")] == [2, 1, 0, 1]


def test_outcome_with_a_hyphen(tmp_path):
    """An outcome may be written with a hyphen, as the command that fetches has it."""
    text = re.sub("Decision : .*", "Decision : Not upheld", decision("22 100 001", "Kent County Council"))
    assert get(client_of(tmp_path, [text]), "/api/decisions", outcome="not-upheld")["total"] == 1


def test_coverage_page_leads_to_the_list(client):
    """Each link of the page leads to as many decisions as the row or the column says."""
    page = see(client, "/coverage")
    counted = 0
    for row in page.css("tbody tr"):
        if link := row.css_first("th a"):
            is_subject = row.parent.parent.css_first("th").text() == "Subject"
            number = row.css("td")[-1 if is_subject else 0]
            assert get(client, f"/api{link.attributes['href']}")["total"] == int(number.text())
            counted += 1
    years = page.css("thead a")
    for place, link in enumerate(years, 1):
        cells = page.css_first("table").css("tbody tr")[-1].css("td")
        assert get(client, f"/api{link.attributes['href']}")["total"] == int(cells[place - 1].text())
    assert (counted, len(years)) == (2 + 3 + 4, 3)


def test_coverage_page_says_how_new_it_is(client):
    """The page says how much is held, of which numbers, and when the index was last brought up to date."""
    first, second, third = texts(see(client, "/coverage"), "main > p:not(.hint)")
    assert first == "6 decisions about 4 bodies, 2 February 2020 to 9 May 2022, 2 without a date."
    assert re.match(r"The paragraph numbers of \d are the published ones, of these \d proved by ", second)
    assert re.fullmatch(r"The index was last brought up to date on \d+ \w+ \d{4}\. All are saved copies\.", third)


def test_error_on_the_coverage(client):
    """A filter that cannot be used is told beside the form."""
    response = client.get("/coverage?from=yesterday", headers=PAGE)
    assert response.status_code == 400
    assert texts(LexborHTMLParser(response.text), ".problem a") == ["“Decided from” must be a date such as 2022-10-09."]
    assert client.get("/coverage?page=2", headers=PAGE).status_code == 404


def test_coverage_of_many_bodies_is_paged(tmp_path):
    """The bodies come 100 to a page, and no decision is counted twice."""
    client = client_of(tmp_path, [decision(f"22 100 {n:03}", f"Fenwold Home {n} Ltd") for n in range(BODIES + 20)])
    pages = [get(client, "/api/coverage", page=number) for number in (1, 2)]
    names = [row["council"] for page in pages for row in page["bodies"]]
    assert (len(names), len(set(names)), pages[0]["pages"]) == (BODIES + 20, BODIES + 20, 2)
    assert len(see(client, "/coverage", page="2").css("table")[-1].css("tbody tr")) == 20


def test_coverage_of_nothing(tmp_path):
    """An index without decisions covers nothing, and says so."""
    client = client_of(tmp_path, [decision("22 100 001", "Ash")])
    assert texts(see(client, "/coverage", to="1990-01-01"), "main > p:not(.hint)") == ["There is no decision here."]


def test_refusal_leads_to_the_coverage(client):
    """Where a body is not held, the sentence and a link lead to what is."""
    page = see(client, "/", question="What did Surrey County Council do about the lanyard?")
    assert [node.attributes["href"] for node in page.css(".refusal a")].count("/coverage") == 2
