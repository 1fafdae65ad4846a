"""The pages as the server makes them; tests/test_browser.py has what a browser makes of them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import MISSION, SIXTH, variant
from model_server import says, status, stops_in_mid_sentence
from selectolax.lexbor import LexborHTMLParser

from index.build import build
from index.errors import ModelError
from index.store import LatestStore
from qa.answer import Answerer
from qa.app import create_app
from qa.search import Tools

PAGE = {"Accept": "text/html,application/xhtml+xml"}
NONSENSE = "zxqj vbnmk qwrtp plkjh"
KENT = "What was missing from the first social worker's notes?"


def see(client, path="/", **query):
    """A page as a browser gets it."""
    return LexborHTMLParser(client.get(path, query_string=query, headers=PAGE).text)


def texts(page, selector):
    return [" ".join(node.text().split()) for node in page.css(selector)]


def links(page, selector):
    return [node.attributes["href"] for node in page.css(selector)]


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


def test_answering_words_are_marked(client):
    """Each paragraph of the results has marked words, those of the answer among them."""
    page = see(client, question=MISSION)
    assert all(hit.css(".quoted mark") for hit in page.css(".hit"))
    assert texts(page, "blockquote p")[0] in " ".join(texts(page, ".hit mark"))


def test_allegation_is_told_apart(client):
    """A paragraph of what somebody complained of says so in words."""
    page = see(client, question="Is a council allowed to share information about me with my child's father?")
    alleged = [hit for hit in page.css(".hit") if hit.css_first(".role").text() == "Allegation"]
    assert alleged
    assert all("alleged, not what was found" in hit.text() for hit in alleged)


def test_inferred_number_is_told_in_words(client):
    """A hit whose number is inferred says so beside its citation."""
    page = see(client, question=KENT, council="Kent County Council", role="finding")
    assert len(page.css(".hit")) == len(
        [line for line in texts(page, ".caution") if line.startswith("Number inferred")]
    )


def test_same_wording_is_folded(client):
    """A standard paragraph is shown once, with the other decisions in which it stands."""
    page = see(client, question="refer a complaint about data protection to the Information Commissioner")
    folded = page.css_first(".hit details")
    assert "The same wording in 2 other decisions" in folded.text()
    assert len(folded.css("li a")) == 2


def test_lists_are_lists(client):
    """What stands as a list in a paragraph is a list on the page."""
    page = see(client, question="apologise and make a payment of £100", reference="21 000 259")
    [hit] = [hit for hit in page.css(".hit") if hit.css_first(".citation").text().strip().endswith("paragraph 51")]
    assert [item.text().split()[:2] for item in hit.css(".quoted li")] == [["(a)", "apologise"], ["(b)", "make"]]


def test_text_for_a_letter(client):
    """Citation and quotation stand there to be selected, where no button can copy them."""
    hit = see(client, question=MISSION).css_first(".hit")
    assert hit.css_first(".letter-text .cited").text() == hit.css_first(".citation").text()
    assert hit.css_first(".letter-text .quotation").text() == f"“{hit.css_first('.quoted').text().strip()}”"
    assert not hit.css("button")


def test_refusal_page(client):
    """A refusal says so, and what is near stands under a heading that says it is no answer."""
    page = client.get("/", query_string={"question": NONSENSE}).text
    assert "do not answer this" in page
    assert "which are no answer" in page
    assert "From the decisions, word for word" not in page


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
    page = see(client, question=NONSENSE)
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


def test_same_wording_elsewhere_is_marked_too(client):
    """The page of another decision with the same wording marks it."""
    page = see(client, question="refer a complaint about data protection to the Information Commissioner")
    other = links(page, ".hit details li a")[0]
    arrived = LexborHTMLParser(client.get(other, headers=PAGE).text)
    assert arrived.css_first(f"#{urlsplit(other).fragment} mark")


@pytest.mark.parametrize(
    "query", ["question=", "question=a&page=x", "question=a&colour=red", "question=a&council=Atlantis", "_scheme=x"]
)
def test_decision_is_shown_whatever_its_address_says(client, query):
    """A search that cannot be understood does not keep a decision from being read."""
    response = client.get(f"/decisions/21-017-496?{query}", headers=PAGE)
    assert response.status_code == 200
    assert "<mark>" not in response.text


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
    return create_app(Answerer(LatestStore(tmp_path / "index"), Tools.of(fake), 0.3)).test_client()


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
    assert texts(page, "#refusal") == ["Nothing held here passes these filters"]


def test_error_in_terms_of_the_form(client):
    """A mistake is told by the names that the fields have on the form."""
    page = see(client, question=MISSION, **{"from": "2023-01-01", "to": "2022-01-01"})
    assert texts(page, ".problem p") == ["“Decided from” must not be later than “Decided up to”."]


def test_answer_says_which_part_it_is_from(client):
    """Each sentence of the answer says which part of the decision it stands in."""
    page = see(client, question=MISSION)
    assert texts(page, "blockquote .role")[0] == "Remedy"


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
        ("20-001-737", "agrees", "agrees with these numbers, up to paragraph 67."),
        (
            "21-000-832",
            "contradicts",
            "Paragraph 50 speaks of “paragraph 47”, but what it says of it stands in paragraph",
        ),
        ("21-000-259", "none", "says nothing of its own paragraphs that could be checked"),
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
    return create_app(Answerer(LatestStore(index), Tools.of(fake), 0.0)).test_client()


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
    results = see(client, question=NONSENSE)
    arrived = LexborHTMLParser(client.get(links(results, ".hit .citation a")[0], headers=PAGE).text)
    assert 1 <= len(arrived.css(".found")) <= 3
    assert all(line.startswith("Near to your question, but no answer to it.") for line in texts(arrived, ".found"))


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

    def answer(self, question, offset=0):
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
def writer(writing, language_model):
    """A client of pages with a language model, which writes one sentence that is supported and two that are not."""
    language_model.behaviour = f"{TOLD} [P3]. The Council paid £500 [P3]. That is a pity."
    return create_app(writing(language_model.url)).test_client()


def test_button_says_to_whom_the_question_is_sent(writer, language_model):
    """An answered search offers to have a text written, and says what is then sent to whom, and which model writes."""
    page = see(writer, question=MISSION, council="West Northamptonshire", role=["finding", "remedy"])
    assert texts(page, "form.generate button") == ["Have a short text written"]
    [sentence] = texts(page, "form.generate .hint")
    assert f"then sent to 127.0.0.1:{language_model.port}, on the machine that serves this page." in sentence
    assert "a-model writes the text" in sentence
    assert page.css_first("form.generate button").attributes["aria-describedby"] == "sent"
    assert [(field.attributes["name"], field.attributes["value"]) for field in page.css("form.generate input")] == [
        ("question", MISSION), ("council", "West Northamptonshire"), ("role", "finding"), ("role", "remedy"),
        ("generate", "true"),
    ]  # fmt: skip
    assert language_model.requests == []


@pytest.mark.parametrize(
    "query",
    [{}, {"question": MISSION, "page": "2"}, {"question": NONSENSE}, {"question": ""}],
    ids=["empty", "second page", "refusal", "error"],
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
    assert arrived.css_first(f"#{urlsplit(link).fragment} mark")
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
        "“£500” does not stand in the paragraph cited.", "It cites no paragraph.",
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
    assert said.startswith("There is no such text.")
    assert words in said
    assert said.endswith("What stands above comes word for word from the decisions.")
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


def test_streamed_text_of_a_model_is_escaped(writer, language_model):
    """Nor is it markup in the pieces that a page is sent as they are written."""
    language_model.behaviour = f"{TOLD} [P3]. <script>alert(1)</script> <img src=x> [P3]."
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


def test_generated_text_is_for_whoever_may_open_the_page(writing, language_model):
    """The pages are open where the API wants a token, and so is the text that they have written."""
    language_model.behaviour = f"{TOLD} [P3]."
    client = create_app(writing(language_model.url), "a-token-for-the-tests").test_client()
    assert see(client, question=MISSION, generate="true").css(".generated .cited-by")
