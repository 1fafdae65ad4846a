"""The pages as the server makes them; tests/qa/web/test_browser.py has what a browser makes of them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from conftest import MISSION, SIXTH, variant
from model_server import says, status, stops_in_mid_sentence
from selectolax.lexbor import LexborHTMLParser
from staged import BOXED, CLAIMED, FOLDED, HEADINGS, NORTHANTS, REFUSED, SILENT, TYPED, Staged, handle

from index.build import build
from index.errors import ModelError
from index.latest_store import LatestStore
from qa.answering.answer import Answerer
from qa.retrieval.models import Models
from qa.retrieval.requests import Question
from qa.web.admission import Admission
from qa.web.app import create_app

PAGE = {"Accept": "text/html,application/xhtml+xml"}
MEDWAY = TYPED["body_not_held"]
KENT = "What was missing from the first social worker's notes?"


@pytest.fixture(scope="session")
def staged(answerer):
    """A client of pages whose answers are staged where a model would choose."""
    return create_app(Staged(answerer)).test_client()


def see(client, path="/", **query):
    """A page as a browser gets it."""
    return LexborHTMLParser(client.get(path, query_string=query or None, headers=PAGE).text)


def texts(page, selector):
    return [" ".join(node.text().split()) for node in page.css(selector)]


def links(page, selector):
    return [node.attributes["href"] for node in page.css(selector)]


def words(node):
    """The text of a paragraph without the labels that say whose words it is."""
    copy = LexborHTMLParser(node.html)
    for label in copy.css(".voice"):
        label.decompose()
    return " ".join(copy.text().split())


def test_browser_gets_errors_as_pages(client):
    """A browser that opens a page gets an error as a page."""
    response = client.get("/decisions/99-999-999", headers=PAGE)
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "The index holds no decision 99 999 999." in response.text


def test_form_asks_for_a_question(client):
    """The form stands on the first page."""
    page = client.get("/").text
    assert '<textarea id="question" name="question"' in page
    assert "5 decisions" in page


def test_results_page(client):
    """Results show citation, part, outcome, date and headings, and each citation leads to its paragraph."""
    page = see(client, question=MISSION)
    citations = texts(page, ".hit .citation")
    at = citations.index("West Northamptonshire Council (21 017 496), paragraph 51")
    assert links(page, ".hit .citation a")[at].endswith("#paragraph-51")
    about = texts(page, ".hit .about")[at]
    assert about.startswith("Finding Upheld, 9 October 2022")
    assert about.endswith("› The written agreement/family agreement")


def test_answering_sentences_are_marked(staged):
    """The sentences that answer are marked in the box and where they stand among the results, and no others."""
    page = see(staged, question=BOXED)
    assert texts(page, "blockquote mark") == [
        "The agreement should have clearly stated this.",
        "Pay Mr D £456 to reimburse the unnecessary hotel costs.",
        "Mr H says the social worker threatened to remove the children if he went home.",
    ]
    assert texts(page, ".hit mark") == texts(page, "blockquote mark")


def test_box_has_whole_paragraphs(staged):
    """The box has each paragraph word for word, its citation as a link, its part in the decision and its heading."""
    page = see(staged, question=BOXED)
    whole = staged.get("/api/decisions/21-017-496/paragraphs/50").get_json()["text"]
    assert texts(page, ".answer h2") == ["From the decisions, word for word"]
    assert texts(page, "blockquote")[0] == whole
    assert texts(page, "figcaption cite")[0] == "West Northamptonshire Council (21 017 496), paragraph 50"
    assert links(page, "figcaption a")[0].endswith("#paragraph-50")
    assert texts(page, "figcaption .role") == ["Finding", "Remedy", "Facts"]
    assert texts(page, "figcaption .trail")[0] == (
        "Under the heading “What I found › Was there fault by the Council? › The written agreement/family agreement”"
    )
    assert texts(page, ".answer > .hint") == ["Selected automatically. Read the whole paragraph before relying on it."]


def test_what_is_left_out_stands_as_such(staged):
    """Where the box leaves out items of a list, “[…]” stands in their place, on the page and in the text to copy."""
    excerpt = see(staged, question=BOXED).css(".excerpt")[1]
    assert [item.text().split(" (")[0] for item in excerpt.css("blockquote li")] == [
        "[…]", "Pay Mr D £456 to reimburse the unnecessary hotel costs.", "[…]",
    ]  # fmt: skip
    assert excerpt.css_first(".quotation").text().splitlines()[1:] == [
        "[…]", "Pay Mr D £456 to reimburse the unnecessary hotel costs.", "[…]”",
    ]  # fmt: skip


def test_text_for_a_letter_is_exact(staged):
    """What the box gives for a letter is word for word when the letter is checked, with either form of the citation."""
    given = see(staged, question=BOXED).css(".excerpt .cite")
    assert len(given) == 3
    for one in given:
        for citation in (".cited", ".cited-full"):
            letter = f"{one.css_first('.quotation').text()}\n{one.css_first(citation).text()}"
            [found] = staged.post("/api/check", json={"text": letter}).get_json()["findings"]
            assert found["quotation"], letter
            assert found["verdict"] == "exact", letter


def test_whose_words_are_told(staged):
    """Words that are not the Ombudsman's or the law's have a label before them, and what follows them has one too."""
    page = see(staged, question=BOXED)
    told = ["The complainant’s words:", "The Ombudsman’s words:", "From a record:"]
    assert texts(page, ".excerpt:nth-of-type(3) .voice") == told
    assert texts(page, "#hit-3 .voice") == told
    assert not page.css("#hit-1 .voice")


@pytest.mark.parametrize("question", [CLAIMED, SILENT])
def test_allegation_is_told_apart(staged, question):
    """A paragraph of what somebody complained of says so in words, in the box and among the results."""
    page = see(staged, question=question)
    alleged = [one for one in page.css(".excerpt, .hit") if one.css_first(".role").text() == "Allegation"]
    assert alleged
    assert all(one.css_first(".caution").text() == "An allegation, not the Ombudsman’s finding." for one in alleged)
    others = [one for one in page.css(".excerpt, .hit") if one not in alleged]
    assert not any("allegation" in one.text().lower() for one in others)


def test_results_have_how_many_there_are(client):
    """Below a box the results say which they are, and of how many."""
    assert texts(see(client, question=MISSION), "#results") == ["Best matches: 1-10 of 50"]


def test_no_box(staged):
    """Where nothing stands out the page says so in one sentence, above the closest paragraphs; nothing is marked."""
    page = see(staged, question=SILENT)
    assert texts(page, "#results") == ["Closest paragraphs: 1-5 of 5"]
    assert texts(page, "#results + p") == [
        "No paragraph stands out as the answer. These are the closest ones; read them before relying on any."
    ]
    assert len(page.css(".hit")) == 5
    assert not page.css(".answer, mark, blockquote")


def test_inferred_number_is_told_in_words(client):
    """A hit whose number is inferred says so beside its citation."""
    page = see(client, question=KENT, council="Kent County Council", role="finding")
    told = [line for line in texts(page, ".hit .caution") if line.startswith("Number inferred")]
    assert len(told) == len(page.css(".hit")) > 0


def test_inferred_number_is_told_in_the_answer(client):
    """What is quoted under an inferred number says so too."""
    page = see(client, question="Kent para 45")
    assert texts(page, ".excerpt .caution")[0].startswith("Number inferred:")
    assert texts(page, "figcaption cite") == ["Kent County Council (21 000 832), paragraph 45 (number inferred)"]


def test_same_wording_is_folded(client):
    """A standard paragraph is shown once, with the other decisions in which it stands."""
    page = see(client, question="refer a complaint about data protection to the Information Commissioner")
    folded, *_ = [details for details in page.css(".hit details") if "in 2 other decisions" in details.text()]
    assert folded.text().split(" as ")[0].strip() == "The same wording in 2 other decisions"
    assert len(folded.css("li a")) == 2


def test_lists_are_lists(client):
    """What stands as a list in a paragraph is a list on the page."""
    page = see(client, question="apologise and make a payment of £100", reference="21 000 259")
    [hit] = [hit for hit in page.css(".hit") if hit.css_first(".citation").text().strip().endswith("paragraph 51")]
    assert [item.text().split()[:2] for item in hit.css(".quoted li")] == [["(a)", "apologise"], ["(b)", "make"]]


def test_text_for_a_letter(client):
    """Citation and quotation stand there to be selected, where no button can copy them."""
    hit = see(client, question="21 017 496 paragraph 49").css_first(".hit")
    citation = "West Northamptonshire Council (21 017 496), paragraph 48"
    full = "Local Government and Social Care Ombudsman, West Northamptonshire Council (21 017 496), 9 October 2022, "
    assert hit.css_first(".letter-text .cited").text() == hit.css_first(".citation").text() == citation
    assert hit.css_first(".letter-text .cited-full").text() == f"{full}paragraph 48"
    assert hit.css_first(".letter-text .quotation").text() == f"“{words(hit.css_first('.quoted'))}”"
    assert not hit.css("button")


@pytest.mark.parametrize("reason", HEADINGS)
def test_refusal_page(staged, reason):
    """Each refusal has a heading for its reason, one sentence, what is held, and a way on; and no box."""
    page = see(staged, question=(REFUSED | TYPED)[reason])
    answer = staged.post("/ask", json={"question": (REFUSED | TYPED)[reason]}).get_json()
    assert answer["reason"] == reason
    assert texts(page, "#refusal") == [HEADINGS[reason]]
    told = " ".join(texts(page, ".refusal p"))
    assert answer["detail"].endswith(texts(page, ".refusal p")[0])
    assert "5 decisions, all about children's care services, 2021 to 2022" in told
    assert links(page, ".refusal li a")[-1] == "/decisions"
    assert not page.css(".answer, #results, mark")


@pytest.mark.parametrize("reason", HEADINGS)
def test_closest_paragraphs_stand_apart(staged, reason):
    """What is near stands under a heading that says it is no answer; there is nothing near to another subject."""
    page = see(staged, question=(REFUSED | TYPED)[reason])
    near = reason not in ("out_of_scope", "no_words", "reference_not_held", "paragraph_not_held")
    assert texts(page, "#nearest") == ["Closest paragraphs (they do not answer your question)"] * near
    assert len(page.css(".nearest .hit")) == 3 * near


@pytest.mark.parametrize(
    ("question", "text", "address"),
    [
        (REFUSED["premise"], "Open West Northamptonshire Council (21 017 496)", "/decisions/21-017-496"),
        (TYPED["paragraph_not_held"], "Open West Northamptonshire Council (21 017 496)", "/decisions/21-017-496"),
        (TYPED["reference_not_held"], "Open West Northamptonshire Council (21 017 496)", "/decisions/21-017-496"),
        (MEDWAY, "Decisions about Kent County Council", "/decisions?council=Kent+County+Council"),
        (REFUSED["subject_not_held"], "www.lgo.org.uk/decisions", "https://www.lgo.org.uk/decisions"),
    ],
)
def test_refusal_leads_on(staged, question, text, address):
    """A refusal links to the decision that it speaks of, to what is held instead, or to the Ombudsman's site."""
    page = see(staged, question=question)
    [link] = [link for link in page.css(".refusal a") if link.text() == text]
    assert link.attributes["href"].partition("?question")[0] == address


def test_refusal_leads_to_wider_searches(client):
    """Beside a refusal of a narrowed search links lead to the one without filters, and to that of all decisions."""
    page = see(client, question="Why did Kent pay a sum of £99,123 to Ms D?", role="finding", outcome="Upheld")
    assert page.css("#refusal")
    ways = {link.text(): link.attributes["href"] for link in page.css(".refusal li a")}
    assert parse_qs(urlsplit(ways["Search without filters"]).query).keys() == {"question"}
    assert parse_qs(urlsplit(ways["Search all decisions"]).query).keys() == {
        "question", "role", "outcome", "everywhere",
    }  # fmt: skip


def test_refusal_counts_what_was_searched(client):
    """Where only some decisions were searched, the heading counts these."""
    page = see(client, question="how many decisions mention hotels?")
    assert texts(page, "#refusal") == ["No answer found in these 5 decisions"]
    page = see(client, question="Has Kent complied with the recommendations since?")
    assert texts(page, "#refusal") == ["No answer found in the 1 decision searched"]


def test_cited_paragraph_opens(client):
    """A typed citation shows the paragraph, with a link into the decision, and then what stands before and after it."""
    page = see(client, question="21 017 496 paragraph 50")
    assert texts(page, "#answer") == ["The paragraph you asked for"]
    assert texts(page, "figcaption cite") == ["West Northamptonshire Council (21 017 496), paragraph 50"]
    [link] = [link for link in page.css(".answer a") if link.text().startswith("Open it in the decision")]
    assert link.attributes["href"].endswith("#paragraph-50")
    assert texts(page, "#beside") == ["Before and after it"]
    assert [citation.rpartition(" ")[2] for citation in texts(page, ".hit .citation")] == ["49", "51"]
    assert not page.css("#results, mark")


def test_cited_paragraph_is_what_was_asked_for_in_its_decision(client):
    """In its decision the paragraph is called the one asked for, and its neighbours are not."""
    page = see(client, "/decisions/21-017-496", question="21 017 496 paragraph 50")
    assert [line.split(" Back")[0] for line in texts(page, ".found")] == ["You asked for this."]


def test_cited_paragraphs_open_on_several_pages(client):
    """More paragraphs than a page shows go on on the next."""
    first, second = (see(client, question="paras 40-52 of 21 017 496", page=page) for page in ("1", "2"))
    places = [[citation.rpartition(" ")[2] for citation in texts(page, "figcaption cite")] for page in (first, second)]
    assert places == [[str(number) for number in range(40, 50)], ["50", "51", "52"]]
    assert texts(second, "#beside") == ["Before and after them"]


def test_cited_decision_opens(client):
    """A decision alone shows what it is, its summary and first paragraphs, and a link to all of it."""
    page = see(client, question="21 017 496")
    assert texts(page, "#answer") == ["The decision you asked for"]
    assert texts(page, ".answer .about")[0].startswith("Upheld, 9 October 2022")
    assert [citation.rpartition(", ")[2] for citation in texts(page, "figcaption cite")] == [
        "summary", "paragraph 1", "paragraph 2", "paragraph 3", "paragraph 4",
    ]  # fmt: skip
    [link] = [link for link in page.css(".answer a") if link.text().startswith("Read the whole decision")]
    assert link.attributes["href"] == "/decisions/21-017-496?question=21+017+496"
    assert not page.css("#beside")


def test_cited_body_opens(client):
    """A body alone shows its decisions with their summaries, and a link to the list of them."""
    page = see(client, question="Leicestershire")
    assert texts(page, "#answer") == ["Decisions about Leicestershire County Council"]
    assert texts(page, ".answer h3") == [
        "Leicestershire County Council (21 000 259)", "Leicestershire County Council (21 002 206)",
    ]  # fmt: skip
    [link] = [link for link in page.css(".answer a") if link.text().startswith("All decisions about")]
    assert texts(see(client, link.attributes["href"]), ".decisions a") == texts(page, ".answer h3")


def test_citation_that_is_held_in_part(client):
    """What of a typed citation is not held is told beside what is."""
    page = see(client, question="21 017 496 paragraphs 50 and 99")
    assert texts(page, ".notice") == ["There is no paragraph 99: 21 017 496 has paragraphs 1 to 65."]
    assert len(page.css(".excerpt")) == 1


def test_citation_is_not_filtered(client):
    """Beside a typed citation the page says that the filters are not used."""
    page = see(client, question="21 017 496 paragraph 50", council="Kent County Council")
    assert texts(page, ".notice") == ["Filters are not used for a citation."]
    assert texts(page, "figcaption cite") == ["West Northamptonshire Council (21 017 496), paragraph 50"]


def test_register_page(client):
    """A question about the collection gets a sentence, the decisions, how it was understood, and a link to the list."""
    page = see(client, question="which decisions are about Leicestershire?")
    assert texts(page, "#answer") == ["From the list of decisions"]
    assert texts(page, ".sentence") == [
        "2 of the 5 decisions held are about Leicestershire County Council, both upheld."
    ]
    assert texts(page, ".answer dt, .answer dd") == ["Council or other body", "Leicestershire County Council"]
    assert texts(page, ".answer .decisions a") == [
        "Leicestershire County Council (21 000 259)", "Leicestershire County Council (21 002 206)",
    ]  # fmt: skip
    assert texts(page, ".answer .decisions .about")[0].startswith("Upheld, 12 May 2022")
    [link] = [link for link in page.css(".answer a") if link.text() == "See them in the list of decisions"]
    listed = see(client, link.attributes["href"])
    assert texts(listed, ".decisions a") == texts(page, ".answer .decisions a")
    assert texts(listed, ".chosen li a") == ["Remove filter Council or other body: Leicestershire County Council ✕"]
    assert not page.css(".hit, #results, .pages")


def test_decisions_of_the_register_lead_back(client):
    """From a decision that the register names a link leads back to the answer."""
    page = see(client, question="which decisions are about Leicestershire?")
    arrived = see(client, links(page, ".answer .decisions a")[0])
    assert texts(see(client, links(arrived, ".back a")[0]), ".sentence") == texts(page, ".sentence")


@pytest.mark.parametrize(
    ("question", "text", "address"),
    [
        ("how many decisions were upheld?", "See them in the list of decisions", "/decisions?outcome=Upheld"),
        ("how many decisions were not upheld?", "See all 5 decisions", "/decisions"),
        (
            "what is the latest decision about Leicestershire?",
            "See all 2 decisions with these filters",
            "/decisions?council=Leicestershire+County+Council",
        ),
        ("what is the latest decision?", "See all 5 decisions", "/decisions"),
        (
            "which decisions were made since 1 March 2022?",
            "See them in the list of decisions",
            "/decisions?from=2022-03-01",
        ),
    ],
)
def test_register_leads_to_the_list(client, question, text, address):
    """The link to the list has the filters that were understood, and says so where the list shows more."""
    page = see(client, question=question)
    assert (text, address) in [(link.text(), link.attributes["href"]) for link in page.css(".answer > p a")]
    assert client.get(address, headers=PAGE).status_code == 200


def test_word_that_was_corrected(client):
    """What was read otherwise than typed is told, and a link searches for what was typed, on every page of it."""
    typed = MISSION.replace("safety", "saftey")
    page = see(client, question=typed)
    assert texts(page, ".notice") == ["Showing results for “safety” (you typed “saftey”). Search for “saftey” instead"]
    assert texts(page, ".hit .citation") == texts(see(client, question=MISSION), ".hit .citation")
    [link] = links(page, ".notice a")
    assert parse_qs(urlsplit(link).query) == {"question": [typed], "as_typed": ["true"]}
    exact = LexborHTMLParser(client.get(link, headers=PAGE).text)
    assert texts(exact, ".notice") == ["Your words are searched for exactly as you typed them. Correct typing errors"]
    assert all("as_typed=true" in link for link in links(exact, ".pages a, .citation a"))
    assert exact.css_first("form [name=as_typed]").attributes["value"] == "true"
    assert links(exact, ".notice a") == [f"/?{urlencode({'question': typed})}"]


def test_name_that_was_corrected(client):
    """A name of a citation that was mistyped is corrected likewise."""
    page = see(client, question="Haltn decision")
    assert texts(page, ".notice") == ["Showing results for “Halton” (you typed “Haltn”). Search for “Haltn” instead"]
    assert texts(page, "#answer") == ["Decisions about Halton Borough Council"]


def test_citation_that_was_read_otherwise(client):
    """What the grammar of citations read otherwise is told without a link: it reads it so in any case."""
    page = see(client, question="21 017 496 paragraphs 60-99")
    assert texts(page, ".notice") == ["Showing results for “paragraphs 60 to 65” (you typed “paragraphs 60 to 99”)."]
    assert not page.css(".notice a")


def test_error_on_the_form(client):
    """A form that cannot be answered keeps what was typed and says what to change."""
    response = client.get("/", query_string={"question": "rights", "reference": "21 0"}, headers=PAGE)
    assert response.status_code == 400
    assert "There is a problem" in response.text
    assert 'value="21 0"' in response.text


def test_form_filters(client):
    """The fields of the form narrow the search."""
    page = see(client, question=MISSION, council="Kent County Council")
    assert {link.partition("?")[0] for link in links(page, ".hit .citation a")} == {"/decisions/21-000-832"}


def test_fields_left_empty_are_taken_out_of_the_address(client):
    """A search has one address, that of what was filled in."""
    response = client.get("/?question=safety&council=&from=&role=law&role=&page=")
    assert (response.status_code, response.location) == (302, "/?question=safety&role=law")


def test_filters_are_those_that_exist(client):
    """The form offers what the index holds, with how much of it."""
    page = see(client)
    assert texts(page, "#council option") == [
        "All",
        "Halton Borough Council (1)",
        "Kent County Council (1)",
        "Leicestershire County Council (2)",
        "West Northamptonshire Council (1)",
    ]
    assert sum(int(re.sub(r"\D", "", count)) for count in texts(page, ".ticks .count")) == 316 + 5  # and the summaries


def test_filters_that_are_set_can_be_taken_off(client):
    """Each filter that is set is a link to the search without it."""
    page = see(client, question=MISSION, council="Kent County Council", role=["finding", "remedy"], page="2")
    without = links(page, ".chosen a")
    assert len(without) == 4
    assert parse_qs(urlsplit(without[1]).query) == {
        "question": [MISSION],
        "council": ["Kent County Council"],
        "role": ["remedy"],
    }
    assert parse_qs(urlsplit(without[3]).query) == {"question": [MISSION]}


def test_form_keeps_what_was_chosen(client):
    """The form shows the filters of the search, several values of one too."""
    page = see(client, question=MISSION, council=["Kent County Council", "Halton"], role="law", outcome="upheld")
    assert page.css_first("#council option[selected]").attributes["value"] == "Kent County Council"
    assert page.css_first('input[name="council"]').attributes["value"] == "Halton"
    assert page.css_first("#outcome option[selected]").attributes["value"] == "Upheld"
    assert [box.attributes["value"] for box in page.css('input[name="role"][checked]')] == ["law"]


def test_more_results(client):
    """The pages of results go on where the one before ended, as far as fifty."""
    first, second = see(client, question=MISSION), see(client, question=MISSION, page="2")
    assert [node.attributes["value"] for node in second.css(".hit")] == [str(rank) for rank in range(11, 21)]
    assert not set(texts(first, ".hit .citation")) & set(texts(second, ".hit .citation"))
    assert texts(second, ".pages li") == ["1", "2", "3", "…", "5"]
    assert not second.css(".answer")


@pytest.mark.parametrize(("page", "status"), [("0", 400), ("6", 404), ("x", 400), ("99999999999", 400)])
def test_page_of_results_that_is_not_there(client, page, status):
    """A page of results that is not there is told so."""
    response = client.get("/", query_string={"question": MISSION, "page": page}, headers=PAGE)
    assert response.status_code == status
    assert "There is a problem" in response.text


def test_refusal_has_one_page(client):
    """A refusal shows three of the nearest paragraphs, and no pages of them."""
    page = see(client, question=MEDWAY)
    assert len(page.css(".nearest .hit")) == 3
    assert not page.css(".pages")


def test_search_is_passed_on_to_the_decision(client):
    """A citation leads to a page that marks the paragraph and its words, and leads back to the same results."""
    address = {"question": KENT, "council": "Kent County Council", "role": "finding"}
    results = see(client, **address)
    link = links(results, ".hit .citation a")[0]
    arrived = LexborHTMLParser(client.get(link, headers=PAGE).text)
    place = arrived.css_first(f"#{urlsplit(link).fragment}")
    assert [mark.text() for mark in place.css("mark")] == [
        mark.text() for mark in results.css_first(".hit").css("mark")
    ]
    assert {parse_qs(urlsplit(back).query)["role"][0] for back in links(arrived, "main a[href*=question]")} == {
        "finding"
    }
    back = client.get(links(arrived, ".back a")[0], headers=PAGE)
    assert texts(LexborHTMLParser(back.text), ".citation") == texts(results, ".citation")


def test_same_wording_elsewhere_is_marked_too(staged):
    """The page of another decision with the same wording marks it."""
    page = see(staged, question=FOLDED)
    [other] = links(page, ".hit details li a")
    arrived = LexborHTMLParser(staged.get(other, headers=PAGE).text)
    assert texts(arrived, f"#{urlsplit(other).fragment} mark") == texts(page, ".hit mark") != []


@pytest.mark.parametrize("path", ["/", "/?question=hotel", "/decisions", "/decisions/21-017-496", "/check", "/docs"])
@pytest.mark.parametrize("query", ["utm_campaign=%E9t%E9", "x=%FF", "%FF=x", "gclid=" + 8100 * "a", "utm_source="])
def test_page_is_shown_whatever_a_link_is_tracked_by(client, path, query):
    """A field that the page does not have is not read: it may hold what is no text, and be long."""
    assert client.get(f"{path}{'&' if '?' in path else '?'}{query}", headers=PAGE).status_code == 200


@pytest.mark.parametrize("path", ["/?question=%FF", "/?qu%65stion=caf%E9", "/?question=a&council=%E9&x=1"])
def test_field_of_a_page_that_is_no_text(client, path):
    """Of its own fields a page is as strict as the API."""
    assert client.get(path, headers=PAGE).status_code == 400


def test_address_that_leads_on_is_not_long(client):
    """Where a long address of a decision leads on to another, that has the fields of a search, and no more."""
    response = client.get(f"/decisions/21017496?question=hotel&gclid={8100 * 'a'}", headers=PAGE)
    assert response.headers["Location"] == "/decisions/21-017-496?question=hotel"


@pytest.mark.parametrize(
    "query", ["question=", "question=a&page=x", "question=a&colour=red", "question=a&council=Atlantis", "_scheme=x"]
)
def test_decision_is_shown_whatever_its_address_says(client, query):
    """A search that cannot be understood does not keep a decision from being read."""
    response = client.get(f"/decisions/21-017-496?{query}", headers=PAGE)
    assert response.status_code == 200
    assert "<mark>" not in response.text


@pytest.mark.parametrize("path", [
    "/?", f"/?question={KENT}&", "/decisions?", "/decisions?council=Kent&", "/decisions/21-017-496?",
    f"/decisions/21-017-496?question={KENT}&", "/check?", "/docs?",
])  # fmt: skip
def test_page_is_shown_whoever_passed_its_link_on(client, path):
    """What others put behind the link of a page keeps nobody from it, and stands in no link of the page."""
    response = client.get(f"{path}utm_source=news&fbclid=a&colour=red", headers=PAGE)
    assert response.status_code == 200
    assert not [link for link in links(LexborHTMLParser(response.text), "a") if "utm_source" in link or "red" in link]


@pytest.mark.parametrize(
    "form", ["text=%ff", "text=see+%c3%28", "text=%ed%a0%80", b"text=\xff", "text=a&%ff=b", "text=a&text=b"]
)
def test_form_that_is_no_text_is_refused(client, form):
    """A form with bytes that are no text, or with its text twice, is not checked as another letter than was sent."""
    response = client.post("/check", data=form, content_type="application/x-www-form-urlencoded", headers=PAGE)
    assert response.status_code == 400
    assert "The form has" in response.text


def test_form_is_sent_whatever_its_address_says(client):
    """A letter is checked, and not lost, where an empty field stands behind the address."""
    assert client.post("/check?fbclid=", data={"text": "See 21 017 496."}, headers=PAGE).status_code == 200


def test_names_of_fields_cannot_change_where_links_lead(client):
    """Fields that mean something to the framework stay plain fields of an address."""
    response = client.get("/decisions/21017496?_scheme=javascript&_external=1&endpoint=x&_anchor=y")
    assert response.location == "/decisions/21-017-496?_scheme=javascript&_external=1&endpoint=x&_anchor=y"


def test_own_references_are_links(client):
    """Where a decision speaks of its own paragraph, a link leads there."""
    page = see(client, "/decisions/21-017-496")
    assert ("paragraph 13", "#paragraph-13") in [
        (link.text(), link.attributes["href"]) for link in page.css(".text p a, .text li a")
    ]


def test_contradicted_reference_is_no_link(client):
    """What a decision says of a paragraph is no link where it does not fit the numbers that were inferred."""
    page = see(client, "/decisions/21-000-832")
    assert "#paragraph-47" not in links(page, ".text a")


def test_every_paragraph_has_its_citation(client):
    """Each paragraph of a decision has its citation there to be selected."""
    page = see(client, "/decisions/21-000-832")
    cited = texts(page, ".paragraph .cite .letter-text")
    assert cited == [
        f"Kent County Council (21 000 832), paragraph {number} (number inferred)" for number in range(1, 59)
    ]


@pytest.fixture
def many(tmp_path, fake):
    """A client of an index with 60 short decisions."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    for number in range(60):
        reference = f"22 100 {number:03}"
        (folder / f"{reference}.txt").write_text(variant(reference), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    return create_app(Answerer(LatestStore(tmp_path / "index"), Models.of(fake), 0.3)).test_client()


def test_list_is_paged(many):
    """The list of decisions has pages, and what is filtered stays filtered on the next."""
    page = see(many, "/decisions", council="Northwick")
    assert len(page.css(".decisions li")) == 50
    [following] = links(page, ".pages a[rel=next]")
    assert parse_qs(urlsplit(following).query) == {"council": ["Northwick"], "page": ["2"]}
    assert len(LexborHTMLParser(many.get(following, headers=PAGE).text).css(".decisions li")) == 10


def test_error_on_the_list(many):
    """A filter of the list that cannot be used is told beside the form, which keeps it."""
    response = many.get("/decisions?reference=21+0", headers=PAGE)
    page = LexborHTMLParser(response.text)
    assert response.status_code == 400
    assert links(page, ".problem a") == ["#reference"]
    assert page.css_first("#reference").attributes["value"] == "21 0"


def test_page_escapes(client):
    """What is asked is shown as text, not as markup."""
    page = client.get("/", query_string={"question": "<script>alert(1)</script> safety"}).text
    assert "<script>" not in page


def test_every_hit_has_its_anchor(client):
    """Every address that a hit gives exists on the page it leads to."""
    for hit in client.post("/ask", json={"question": MISSION, "limit": 50}).get_json()["paragraphs"]:
        path, anchor = hit["url"].split("#")
        assert f'id="{anchor}"' in client.get(path).text


def test_decision_page_has_every_paragraph(client):
    """A decision's page has an anchor for each paragraph and for the summary."""
    page = client.get("/decisions/21-017-496").text
    assert re.findall(r'class="paragraph" id="paragraph-(\d+)"', page) == [str(number) for number in range(1, 66)]
    assert 'id="summary"' in page


def test_decision_page_says_that_numbers_are_inferred(client):
    """The page of a decision with inferred numbers says so, at the top and at each number."""
    page = client.get("/decisions/21-000-832").text
    assert "Paragraph numbers are inferred" in page
    assert page.count("<small>inferred</small>") == 58
    assert "inferred" not in client.get("/decisions/21-017-496").text


def test_decision_page_repeats_no_heading(client):
    """A heading stands once above all its paragraphs."""
    page = client.get("/decisions/21-017-496").text
    assert page.count(">What I found</h2>") == 1
    assert page.count(">The written agreement/family agreement</h4>") == 1
    assert page.count(">The complaint</h") == 2


def test_contents_of_a_decision(client):
    """The contents of a decision lead to its headings."""
    page = see(client, "/decisions/21-017-496")
    [link] = [link for link in page.css(".contents a") if link.text() == "The written agreement/family agreement"]
    assert page.css_first(link.attributes["href"]).text() == "The written agreement/family agreement"


def test_contradicted_reference_is_told_where_it_stands(client):
    """A paragraph that speaks of another by a number that does not fit says so itself."""
    place = see(client, "/decisions/21-000-832").css_first("#paragraph-50")
    assert "what it says of it stands in paragraph 45 of this copy" in place.text()


def test_filters_that_nothing_passes(client):
    """Where no decision passes the filters, that is said, and not that the decisions do not answer."""
    page = see(client, question=MISSION, **{"from": "2023-01-01"})
    assert texts(page, "#refusal") == ["No decisions match your filters"]
    assert texts(page, ".refusal p")[0] == "Remove a filter, or browse all decisions."


def test_error_in_terms_of_the_form(client):
    """A mistake is told by the names that the fields have on the form."""
    page = see(client, question=MISSION, **{"from": "2023-01-01", "to": "2022-01-01"})
    assert texts(page, ".problem p") == ["“Decided from” must not be later than “Decided up to”."]


def test_other_spelling_of_a_reference_is_redirected(client):
    """A decision has one address."""
    response = client.get("/decisions/21017496")
    assert (response.status_code, response.location) == (301, "/decisions/21-017-496")


def test_source_is_acknowledged(client):
    """Every page names the source and its copyright."""
    for path in ("/", "/decisions", "/decisions/21-017-496"):
        page = " ".join(client.get(path).text.split())
        assert "Source: Local Government and Social Care Ombudsman, © Commission for Local Administration" in page


def test_list_page_is_filtered(client):
    """The page of the list takes the same filters."""
    page = client.get("/decisions?council=kent").text
    assert re.findall(r'href="/decisions/([\d-]+)"', page) == ["21-000-832"]


def test_lettered_item_has_an_anchor_on_the_page(client):
    """An item can be linked to, and shows its letter."""
    page = client.get("/decisions/21-000-259").text
    assert '<li id="paragraph-51-b" tabindex="-1"><a class="letter" href="#paragraph-51-b">(b)</a> <span>make a' in page


@pytest.mark.parametrize(
    ("slug", "proof", "said"),
    [
        ("20-001-737", "agrees", "confirm this numbering up to paragraph 67."),
        (
            "21-000-832",
            "contradicts",
            "Paragraph 50 speaks of “paragraph 47”, but what it says of it stands in paragraph",
        ),
        ("21-000-259", "none", "has no cross-references to check this numbering by"),
    ],
)
def test_decision_proves_its_numbers(client, slug, proof, said):
    """What a decision says of its own paragraphs is told in its JSON and on its page."""
    assert client.get(f"/api/decisions/{slug}").get_json()["proof"] == proof
    assert said in client.get(f"/decisions/{slug}").text


def test_page_says_why_numbers_are_inferred(client):
    """The page of a decision whose numbers are inferred gives every reason."""
    page = client.get("/decisions/21-000-832").text
    assert all(doubt in page for doubt in client.get("/api/decisions/21-000-832").get_json()["doubts"])


def test_no_cookie_and_nothing_from_elsewhere(client):
    """A page sets no cookie, and asks nothing of another host."""
    response = client.get("/", query_string={"question": MISSION})
    assert "Set-Cookie" not in response.headers
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', response.text)


def client_of(folder, index, fake):
    build(folder, index, fake.model, lambda _: fake)
    return create_app(Answerer(LatestStore(index), Models.of(fake), 0.0)).test_client()


def test_many_decisions_with_the_same_wording_do_not_fill_the_page(many):
    """Of many places with the same wording a few are named, and how many more there are."""
    page = see(many, question="refer the matter to the Information Commissioner")
    folded = page.css_first(".hit details")
    assert "The same wording in 59 other decisions" in folded.text()
    assert texts(folded, "li")[5:] == ["And 54 more."]


def test_long_question_does_not_fill_the_page(many):
    """The links of a page do not each repeat a very long question."""
    response = many.get("/", query_string={"question": "lanyard é " * 199}, headers=PAGE)
    assert response.status_code == 200
    assert len(response.data) < 80_000


def test_long_decision_weighs_little(tmp_path, fake):
    """The page of a decision with 200 paragraphs is sent in less than 100 KB."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    words = " ".join(f"word{number}" for number in range(80))
    more = "".join(f"  1. Number {number} has {words}.\n" for number in range(200))
    text = SIXTH.read_text(encoding="utf-8").replace("  1. Ms P applied", f"{more}  1. Ms P applied")
    (folder / "22-009-999.txt").write_text(text, encoding="utf-8")
    client = client_of(folder, tmp_path / "index", fake)
    response = client.get("/decisions/22-009-999", headers=PAGE | {"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) < 85_000  # and what it loads


def test_paragraph_of_a_statute_is_no_own_reference(tmp_path, fake):
    """Where a decision speaks of its own paragraph and of a statute's with the same number, neither is a link."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    said = "As I said in paragraph 3, and Schedule 5, paragraph 3 requires it. See paragraph 3.5."
    text = SIXTH.read_text(encoding="utf-8").replace("  1. I found fault", f"  1. {said}\n  1. I found fault")
    (folder / "22-009-999.txt").write_text(text, encoding="utf-8")
    page = see(client_of(folder, tmp_path / "index", fake), "/decisions/22-009-999")
    assert said in page.css_first("article").text()
    assert "#paragraph-3" not in links(page, ".text a")


def test_nearest_paragraphs_are_not_found_ones(client):
    """From a refusal one comes to a paragraph that is called no answer, with the few that were shown."""
    results = see(client, question=MEDWAY)
    arrived = LexborHTMLParser(client.get(links(results, ".hit .citation a")[0], headers=PAGE).text)
    assert 1 <= len(arrived.css(".found")) <= 3
    assert all(line.startswith("Close to your question, but not an answer to it.") for line in texts(arrived, ".found"))


def test_address_with_a_line_break_is_not_found(client):
    """An address that no header can carry is not found."""
    response = client.get("/decisions/21%0d%0aX:1?council=", follow_redirects=True)
    assert response.status_code == 404


def test_attributes_escape(client):
    """What stands in a field of an address cannot end an attribute."""
    query = {"question": 'a" onfocus="alert(1)', "reference": '"><img src=x>', "council": '"><img src=x>'}
    page = see(client, **query)
    assert not page.css("img, [onfocus]")


def test_search_engines_stay_out(client):
    """A page with a question is not for search engines."""
    assert client.get("/", query_string={"question": "safety"}).headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in client.get("/decisions/21-017-496").headers


class Loading(Answerer):
    """While its model is being loaded it can show decisions, but answer nothing."""

    def answer(self, question, offset=0, client=""):
        raise ModelError("The model is being loaded.")


@pytest.mark.parametrize("path", ["/decisions/21-017-496?question=safety", "/docs"])
def test_page_that_lacks_something_for_now_is_not_kept(answerer, path):
    """What lacks an answer only because the model is not there yet is asked for again the next time."""
    response = create_app(Loading(answerer.stores, None, 0.3)).test_client().get(path, headers=PAGE)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in response.headers


def test_many_bodies(tmp_path, fake):
    """Where there are too many bodies for a list, those with most decisions are offered while one types."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    for number in range(302):
        text = variant(f"22 100 {number:03}").replace("Northwick", f"Northwick {number // 2 * 2:03}")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    for number in range(302, 604):
        text = variant(f"22 100 {number:03}").replace("Northwick", f"Southwick {number:03}")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    page = see(client_of(folder, tmp_path / "index", fake))
    offered = page.css("#councils option")
    assert len(offered) == 300
    assert offered[0].text() == "2 decisions"


# A text that a language model writes

TOLD = (
    "The Council should have told Mr and Mrs M about the written agreement’s voluntary nature, without them having to "
    "ask for it"
)
AT_51 = "West Northamptonshire Council (21 017 496), paragraph 51"


@pytest.fixture
def at(answerer):
    """The handle under which a language model is shown paragraph 51."""
    return handle(answerer, Question(question=MISSION, limit=10), NORTHANTS, 51)


@pytest.fixture
def writer(writing, language_model, at):
    """A client of pages with a language model, which writes one sentence that is supported and two that are not."""
    language_model.behaviour = f"{TOLD} {at}. The Council paid £500 {at}. That is a pity."
    return create_app(writing(language_model.url)).test_client()


def test_button_says_to_whom_the_question_is_sent(writer, language_model):
    """An answered search offers to have a text written, and says what is then sent to whom, and which model writes."""
    page = see(writer, question=MISSION, council="West Northamptonshire", role=["finding", "remedy"])
    assert texts(page, "form.generate button") == ["Write a short text"]
    [sentence] = texts(page, "form.generate .hint")
    assert f"the paragraphs below to 127.0.0.1:{language_model.port}, on the same machine as this page." in sentence
    assert "a-model writes the text" in sentence
    assert page.css_first("form.generate button").attributes["aria-describedby"] == "sent"
    assert [(field.attributes["name"], field.attributes["value"]) for field in page.css("form.generate input")] == [
        ("question", MISSION), ("council", "West Northamptonshire"), ("role", "finding"), ("role", "remedy"),
        ("generate", "true"),
    ]  # fmt: skip
    assert language_model.requests == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"question": MISSION, "page": "2"},
        {"question": MEDWAY},
        {"question": ""},
        {"question": "21 017 496 paragraph 50"},
        {"question": "how many decisions are there?"},
    ],
    ids=["empty", "second page", "refusal", "error", "citation", "register"],
)
def test_no_button_where_there_is_nothing_to_write(writer, query):
    """There is no button but on the first page of an answered search."""
    assert not see(writer, **query).css("form.generate, .generated")


def test_no_button_without_a_model(client):
    """Where no model is set, no page speaks of one."""
    assert "generate" not in client.get("/", query_string={"question": MISSION}).text
    assert "language model" not in client.get("/", query_string={"question": MISSION}).text


def test_generated_text_stands_apart(writer):
    """The generated text has a section of its own below the extract, which stays, and no button any more."""
    page, plain = see(writer, question=MISSION, generate="true"), see(writer, question=MISSION)
    assert texts(page, ".generated h2") == ["Written by a language model"]
    assert texts(page, ".answer") == texts(plain, ".answer")
    assert texts(page, ".hit") == texts(plain, ".hit")
    assert not page.css(".answer .generated, .generated .answer, form.generate")
    order = [node.attributes.get("id") for node in page.css("main h2[id]")]
    assert order == ["answer", "generated", "results"]


def test_generated_sentence_leads_to_its_paragraph(writer):
    """Each sentence has its citation behind it, a link to the paragraph, from which a link leads back."""
    page = see(writer, question=MISSION, generate="true")
    assert texts(page, ".generated > p:not(.hint)") == [f"{TOLD}. [{AT_51}]"]
    [link] = links(page, ".generated .cited-by a")
    arrived = LexborHTMLParser(writer.get(link, headers=PAGE).text)
    assert arrived.css_first(f"#{urlsplit(link).fragment} .found")
    assert parse_qs(urlsplit(links(arrived, ".back a")[0]).query) == {"question": [MISSION]}


def test_who_wrote_is_told_on_the_page(writer, language_model):
    """The section says which model wrote the text and where, and that it is to be read with care."""
    [hint] = texts(see(writer, question=MISSION, generate="true"), ".generated .hint")
    assert hint.startswith(f"Written by a-model at 127.0.0.1:{language_model.port}.")
    assert "Read them before you rely on it" in hint


def test_left_out_sentences_are_told_with_their_reasons(writer):
    """What was left out can be opened, each sentence struck out with why."""
    page = see(writer, question=MISSION, generate="true")
    assert texts(page, ".generated summary") == ["2 sentences left out, and why"]
    assert texts(page, ".generated del") == ["The Council paid £500.", "That is a pity."]
    assert texts(page, ".generated .why") == [
        "“£500” is not in the paragraph cited.", "It cites no paragraph.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (status(500), "has a problem on its server (500). Try again later."),
        (status(401), "does not accept the key (401)."),
        (stops_in_mid_sentence(TOLD), "stopped before the end of its text."),
        (says("NOT ANSWERED"), "says that these paragraphs do not answer the question."),
        (says("That is a pity."), "Nothing that the language model wrote could be found in the paragraphs"),
    ],
)
def test_reason_is_told_in_words(writer, language_model, behaviour, words):
    """Where there is no text, the page says why, and what stands there instead."""
    language_model.behaviour = behaviour
    page = see(writer, question=MISSION, generate="true")
    said = texts(page, ".generated > p")[0]
    assert said.startswith("No text was written.")
    assert words in said
    assert said.endswith("Everything quoted on this page is word for word from the decisions.")
    assert texts(page, "blockquote p") == texts(see(writer, question=MISSION), "blockquote p")


def test_reason_without_a_model(client):
    """Where no model is set, the address of a generated text says so."""
    page = see(client, question=MISSION, generate="true")
    assert "No language model is set (DECISION_QA_LLM_URL, DECISION_QA_LLM_MODEL)." in texts(page, ".generated > p")[0]


def test_links_do_not_have_a_text_written(writer, language_model):
    """No link and no field on the page of a generated text has one written again."""
    query = {"question": MISSION, "generate": "true", "council": ["West Northamptonshire", "Kent"], "role": "finding"}
    page = see(writer, **query)
    assert page.css(".generated") and page.css(".chosen a") and page.css(".pages a")
    assert not [link for link in links(page, "a") if "generate" in link.replace("#generated", "")]
    assert not page.css("[name=generate]")
    assert len(language_model.requests) == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script> [P3].", f"{TOLD} <script>alert(1)</script> [P3]."])
def test_text_of_a_model_is_escaped(writer, language_model, text):
    """What a model writes is text, never markup, whether it is told or left out."""
    language_model.behaviour = text
    response = writer.get("/", query_string={"question": MISSION, "generate": "true"}, headers=PAGE)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    assert "<script>" not in response.text


def test_streamed_text_of_a_model_is_escaped(writer, language_model, at):
    """Nor is it markup in the pieces that a page is sent as they are written."""
    language_model.behaviour = f"{TOLD} {at}. <script>alert(1)</script> <img src=x> {at}."
    query = {"question": MISSION, "generate": "true"}
    response = writer.get("/", query_string=query, headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.mimetype) == (200, "text/event-stream")
    assert "&lt;script&gt;alert(1)" in response.text
    assert not re.search("<script|<img", response.text)


def test_pieces_of_the_page_are_those_of_the_whole(writer):
    """What is streamed in the end is what stands on the page without JavaScript."""
    query = {"question": MISSION, "generate": "true"}
    stream = writer.get("/", query_string=query, headers={"Accept": "text/event-stream"}).text
    *sentences, last = [
        (name, "\n".join(line.removeprefix("data: ") for line in data.splitlines()))
        for name, data in re.findall(r"event: (.+)\n((?:data: .*\n)+)\n", stream)
    ]
    assert [name for name, _ in (*sentences, last)] == ["sentence", "whole"]
    page = LexborHTMLParser(f"<section class='generated'>{last[1]}</section>")
    whole = see(writer, **query)
    assert texts(page, ".generated > *") == texts(whole, ".generated > :not(h2)")
    assert links(page, "a") == links(whole, ".generated a")


def test_generated_text_is_for_whoever_may_open_the_page(writing, language_model, at):
    """The pages are open where the API wants a token, and so is the text that they have written, but by a mere link."""
    language_model.behaviour = f"{TOLD} {at}."
    client = create_app(writing(language_model.url), admission=Admission("a-token-for-the-tests")).test_client()
    query = {"question": MISSION, "generate": "true"}
    from_page = client.get("/", query_string=query, headers=PAGE | {"Sec-Fetch-Site": "same-origin"}).text
    assert LexborHTMLParser(from_page).css(".generated .cited-by")
    assert not see(client, **query).css(".generated .cited-by")


@pytest.mark.parametrize("padding", [0, 20, 80])
def test_page_is_in_proportion_to_its_address(client, padding):
    """However many filters an address has, the page has no link with nearly all of it for each."""
    filters = "&".join(
        f"{name}={value}{'+' * padding}" for name, value in (("council", "Kent"), ("outcome", "Upheld")) * 35
    )
    page = client.get(f"/?question=safety+plan&{filters}")
    assert page.status_code == 200 and len(page.data) < 60_000 + 20 * len(filters)


@pytest.mark.parametrize("path", ["/", "/decisions", "/decisions/21-017-496"])
@pytest.mark.parametrize("field", ["limit", "council"])
def test_address_of_a_page_has_a_bound(client, path, field):
    """What stands in an address beside the question is bounded, also in a field that the page does not use."""
    told = client.get(f"{path}?question=safety+plan&{field}=" + "%25" * 9000)
    assert told.status_code == 400 and len(told.data) < 2000


def test_way_back_is_short(client):
    """A long search is not repeated at each paragraph that it has marked."""
    page = client.get("/decisions/21-017-496?question=safety+plan" + "+" * 30_000)
    assert len(page.data) < 200_000
