"""A real browser on the real pages: what a person does with them, by mouse, keyboard, phone, without JavaScript.

With UPDATE_GOLDEN=1 the screenshots of the README are taken anew.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import MISSION, PROJECT, served
from model_server import Connection, Does, ModelServer, says, status, stops_in_mid_sentence
from playwright.sync_api import Browser, Locator, Page, Response, expect, sync_playwright
from staged import BOXED, CLAIMED, HEADINGS, LYING, REFUSED, SILENT, TYPED, Staged

from qa.web.app import create_app

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
expect.set_options(timeout=60_000)  # milliseconds; it is waited for no longer than it takes
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CITATION = "West Northamptonshire Council (21 017 496), paragraph 51"
DECISION = "/decisions/21-017-496"
ARRIVED = f"{DECISION}?{urlencode({'question': MISSION})}#paragraph-51"
FAILING = "refer a complaint about data protection to the Information Commissioner"
TOLD = (
    "The Council should have told Mr and Mrs M about the written agreement’s voluntary nature, without them having to "
    "ask for it"
)
FOUND = "The Ombudsman finds fault in how the Council dealt with the issue of Mr H going home"
QUESTIONS = {
    "box": BOXED,
    "box with an allegation": CLAIMED,
    "no box": SILENT,
    "citation of a paragraph": "21 017 496 paragraph 50",
    "citation of an item": "21 000 259 paragraph 51(b)",
    "citation held in part": "21 017 496 paragraphs 50 and 99",
    "citation of a decision": "21 017 496",
    "citation of a body": "Leicestershire",
    "register": "which decisions are about Leicestershire?",
    "register of none": "how many decisions were not upheld?",
    "register that cannot tell": "how many decisions mention hotels?",
    "corrected": "Haltn decision",
    "named body": "What was wrong in the Kent case?",
} | {f"refused: {reason}": question for reason, question in (REFUSED | TYPED).items()}
STATES = {state: f"/?{urlencode({'question': question})}" for state, question in QUESTIONS.items()} | {
    "empty": "/",
    "results": f"/?{urlencode({'question': MISSION})}",
    "filtered": f"/?{urlencode({'question': MISSION, 'council': 'Kent County Council', 'role': 'finding', 'page': 2})}",
    "generated": f"/?{urlencode({'question': MISSION, 'generate': 'true'})}",
    "generated with sentences left out": f"/?{urlencode({'question': LYING, 'generate': 'true'})}",
    "generated with a failure": f"/?{urlencode({'question': FAILING, 'generate': 'true'})}",
    "as typed": f"/?{urlencode({'question': 'Haltn decision', 'as_typed': 'true'})}",
    "refused: nothing passes": f"/?{urlencode({'question': MISSION, 'from': '2023-01-01'})}",
    "error": "/?question=rights&reference=99+999+999",
    "no such page": "/nowhere",
    "decisions": "/decisions",
    "decisions filtered": "/decisions?outcome=Upheld",
    "decisions with an error": "/decisions?from=2022",
    "decisions by body": "/decisions?sort=body",
    "decisions without the one that was typed": "/decisions?go=99+999+999",
    "coverage": "/coverage",
    "coverage filtered": "/coverage?council=Kent&from=2020-01-01",
    "decision": "/decisions/21-000-259",
    "decision with inferred numbers": "/decisions/21-000-832",
    "decision arrived at": ARRIVED,
    "docs": "/docs",
    "changes": "/changes",
    "changes with an error": "/changes?since=2022",
}
PLANTED = (PROJECT / "tests" / "letters" / "planted.txt").read_text(encoding="utf-8")
LETTERS = {"letter with errors": PLANTED, "no letter": " "}
STATES |= {"form for a letter": "/check"} | dict.fromkeys(LETTERS, "/check")
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe on what differs in the dark."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; scripts/test gets one")


def writes(body: dict) -> str | Does:
    """What the language model writes, by the question that it is asked."""
    question = re.findall(r"^\| (.+)$", body["messages"][-1]["content"], re.MULTILINE)[-1]
    return {
        MISSION: f"{TOLD} [P3]. {FOUND} [P5].",
        LYING: f"{TOLD} [P1]. That is a pity. The Council paid £500 [P1].",
        FAILING: status(500),
    }[question]


@pytest.fixture(scope="module")
def model_server():
    with ModelServer(writes) as server:
        yield server


@pytest.fixture
def language_model(model_server):
    """The server of the language model; what a test has it do ends with the test."""
    yield model_server
    model_server.behaviour = writes


@pytest.fixture(scope="module")
def address(writing, model_server):
    answerer = Staged(writing(model_server.url))
    answerer.check_ready()  # or the first to ask would wait for it
    with served(create_app(answerer)) as address:
        yield address


@pytest.fixture(scope="module")
def address_without_model(answerer):
    with served(create_app(answerer)) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        yield context.new_page()


@pytest.fixture
def plain(browser):
    """A page without JavaScript."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture
def phone(browser):
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        yield context.new_page()


def ask(page: Page, address: str, question: str = MISSION) -> None:
    page.goto(address)
    page.get_by_label("Ask a question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def check(page: Page, address: str, letter: str) -> None:
    page.goto(f"{address}/check")
    page.get_by_label("Check a letter").fill(letter)
    page.get_by_role("button", name="Check", exact=True).click()


def go(page: Page, address: str, state: str) -> None:
    if state in LETTERS:
        check(page, address, LETTERS[state])
    else:
        page.goto(address + STATES[state])


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window, once its styles are there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def hit(page: Page, citation: str = CITATION):
    return page.locator(".hit").filter(has=page.get_by_role("heading", name=citation, exact=True))


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_ask_and_follow_a_citation_to_its_paragraph(plain, address):
    """Without JavaScript, the question gets paragraphs, and a citation leads to its paragraph, which is in sight."""
    ask(plain, address)
    hit(plain).get_by_role("heading").get_by_role("link").click()
    expect(plain).to_have_url(re.compile(r"/decisions/21-017-496\?question=.*#paragraph-51$"))
    paragraph = plain.locator("#paragraph-51")
    expect(paragraph).to_be_in_viewport()
    expect(paragraph.locator("mark").first).to_contain_text(
        "The Council should have told Mr and Mrs M about the written agreement’s voluntary"
    )
    assert plain.locator(":target").get_attribute("id") == "paragraph-51"


def test_way_back_to_the_results(plain, address):
    """From the paragraph that was found a link leads back to the results, and so does the browser's own button."""
    ask(plain, address)
    results = plain.url
    hit(plain).get_by_role("heading").get_by_role("link").click()
    plain.locator("#paragraph-51").get_by_role("link", name="Back to the results").click()
    expect(plain).to_have_url(f"{results}#hit-3")
    expect(hit(plain)).to_be_in_viewport()
    plain.go_back()
    expect(plain).to_have_url(re.compile("#paragraph-51$"))
    plain.go_back()
    expect(plain).to_have_url(results)
    plain.reload()
    expect(hit(plain)).to_be_visible()


def test_copy_a_citation(page, address):
    """A button copies the citation as it goes into a letter, and says so."""
    ask(page, address)
    hit(page).get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert clipboard(page) == CITATION


def test_copy_a_quotation(page, address):
    """A button copies the paragraph word for word with its citation."""
    ask(page, address)
    hit(page).get_by_role("button", name="Copy quotation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    quoted = page.request.get(f"{address}/api/decisions/21-017-496/paragraphs/51").json()["text"]
    assert clipboard(page) == f"“{quoted}”\n{CITATION}"


def test_copy_from_the_answer(page, address):
    """A paragraph of the answer can be copied with its citation, without the labels on whose words it is."""
    ask(page, address, BOXED)
    page.locator(".excerpt").nth(2).get_by_role("button", name="Copy quotation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    place = page.request.get(f"{address}/api/decisions/21-017-496/paragraphs/19").json()
    assert clipboard(page) == f"“{place['text']}”\n{place['citation']}"


@pytest.mark.parametrize("place", [".excerpt", ".hit"])
def test_copy_with_full_citation(page, address, place):
    """A third button copies the quotation with the citation in full, from the answer and from the results."""
    ask(page, address)
    page.locator(place).first.get_by_role("button", name="Copy with full citation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    quoted, citation = clipboard(page).split("\n")
    assert quoted.startswith("“The Council had no power to enforce")
    assert citation == (
        "Local Government and Social Care Ombudsman, West Northamptonshire Council (21 017 496), 9 October 2022, "
        "paragraph 50"
    )


def test_what_is_left_out_is_left_out_of_the_copy(page, address):
    """A paragraph of which items are left out is copied with “[…]” in their place."""
    ask(page, address, BOXED)
    page.locator(".excerpt").nth(1).get_by_role("button", name="Copy quotation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert clipboard(page).splitlines()[1:] == [
        "[…]",
        "Pay Mr D £456 to reimburse the unnecessary hotel costs.",
        "[…]”",
        "Halton Borough Council (20 001 737), paragraph 80",
    ]


def test_labels_are_no_part_of_a_selection(page, address):
    """Who selects the answer by hand gets its words without the labels on whose words they are."""
    ask(page, address, BOXED)
    selected = (
        page.locator("blockquote")
        .nth(2)
        .evaluate("element => { getSelection().selectAllChildren(element); return getSelection().toString(); }")
    )
    assert "After his bail period ended" in selected
    assert "words:" not in selected


def test_marks_are_seen_without_colour(page, address):
    """What is marked is bold, on the screen and on paper."""
    ask(page, address, BOXED)
    weights = "element => [element, element.parentElement].map(one => Number(getComputedStyle(one).fontWeight))"
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        marked, beside = page.locator("mark").first.evaluate(weights)
        assert marked >= 600 > beside


def test_whose_words_is_printed(page, address):
    """On paper there are the labels on whose words a stretch is."""
    ask(page, address, BOXED)
    page.emulate_media(media="print")
    expect(page.locator("blockquote .voice").first).to_be_visible()


def test_marks_and_labels_are_heard(page, address):
    """Who hears the page is told where a mark begins and ends, and whose words come."""
    ask(page, address, BOXED)
    heard = page.locator(".excerpt").nth(2).locator("blockquote").aria_snapshot()
    assert "The complainant’s words:" in heard
    assert "[marked]" in heard


def test_copy_from_a_decision(page, address):
    """In a decision a paragraph with a list is copied with the letters of its items, as the results print it."""
    page.goto(f"{address}/decisions/21-000-259#paragraph-51")
    place = page.locator("#paragraph-51")
    place.get_by_text("Cite").click()
    place.get_by_role("button", name="Copy quotation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    copied = clipboard(page)
    assert copied.startswith("“The Council has agreed to take")
    assert "\n  (b) make a payment to Mr X of £100" in copied
    page.goto(
        f"{address}/?{urlencode({'question': 'apologise and make a payment of £100', 'reference': '21 000 259'})}"
    )
    hit(page, "Leicestershire County Council (21 000 259), paragraph 51").get_by_role(
        "button", name="quotation"
    ).click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert clipboard(page) == copied


def test_copying_that_is_refused(page, address):
    """Where the browser lets nothing be copied, the button says so and the text is shown to be selected."""
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false;"
    )
    ask(page, address)
    hit(page).get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("status")).to_have_text("Copying failed. Select the text instead.")
    expect(hit(page).locator(".letter-text").first).to_have_text(CITATION)
    hit(page).get_by_role("button", name="Copy quotation").click()
    expect(hit(page).locator(".letter-text").first).to_contain_text("The Council should have told")


def test_enter_asks(page, address):
    """In the question Enter asks, and Shift with Enter begins a line."""
    page.goto(address)
    page.get_by_label("Ask a question").fill("when must a safety agreement")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("be explained as voluntary?")
    page.keyboard.press("Enter")
    expect(hit(page)).to_be_visible()


def test_copying_without_javascript(plain, address):
    """Without JavaScript there are no buttons, but the text for a letter can be opened and selected."""
    ask(plain, address)
    expect(plain.get_by_role("button", name="Copy citation")).to_have_count(0)
    hit(plain).get_by_text("Text for a letter").click()
    expect(hit(plain).locator(".letter-text").first).to_contain_text(CITATION)
    expect(hit(plain).locator(".letter-text").last).to_have_text(
        "Local Government and Social Care Ombudsman, West Northamptonshire Council (21 017 496), 9 October 2022, "
        "paragraph 51"
    )


def test_lettered_item_has_an_address(plain, phone, address):
    """The letter of an item is a link to itself, and opening it shows that item."""
    plain.goto(f"{address}/decisions/21-000-259")
    plain.locator("#paragraph-51").get_by_role("link", name="(b)").click()
    expect(plain).to_have_url(re.compile(r"#paragraph-51-b$"))
    expect(plain.locator(":target")).to_contain_text("make a payment to Mr X of £100")
    expect(plain.locator(":target")).to_be_in_viewport()
    phone.goto(plain.url)
    assert overflow(phone) <= 0


def test_page_says_why_numbers_are_inferred(plain, address):
    """The page of a decision whose numbers are inferred says so and why before its first paragraph."""
    plain.goto(f"{address}/decisions/21-000-832")
    notice = plain.locator(".notice")
    expect(notice).to_contain_text("Paragraph numbers are inferred.")
    expect(notice.get_by_role("listitem")).to_have_text(
        [re.compile("This copy has lost the numbers"), re.compile("Paragraph 50 speaks of “paragraph 47”")]
    )


def test_search_has_an_address(plain, browser, address):
    """The address of a filtered search shows the same results to whoever opens it in a new window."""
    plain.goto(address)
    plain.get_by_label("Ask a question").fill(MISSION)
    plain.get_by_text("Filters", exact=True).click()
    plain.get_by_label("Council or other body").select_option(label="Kent County Council (1)")
    plain.get_by_label("Finding (").check()
    plain.get_by_role("button", name="Ask", exact=True).click()
    with browser.new_context() as other:
        shared = other.new_page()
        shared.goto(plain.url)
        expect(shared.get_by_label("Ask a question")).to_have_value(MISSION)
        expect(shared.get_by_label("Finding (")).to_be_checked()
        assert shared.locator(".citation").all_inner_texts() == plain.locator(".citation").all_inner_texts()
        assert all("Kent County Council" in citation for citation in shared.locator(".citation").all_inner_texts())


def test_filter_is_taken_off(plain, address):
    """A filter that is set is shown above the results, and a link takes it off."""
    plain.goto(f"{address}/?{urlencode({'question': MISSION, 'council': 'Kent County Council'})}")
    plain.get_by_role("link", name="Remove filter Council or other body: Kent County Council").click()
    expect(hit(plain)).to_be_visible()


def test_more_results(plain, address):
    """The next page goes on with the results."""
    ask(plain, address)
    plain.get_by_role("navigation", name="Pagination").get_by_role("link", name="Next page").click()
    expect(plain.get_by_role("heading", name="Best matches: 11-20 of 50")).to_be_visible()
    plain.get_by_role("link", name="Previous page").click()
    expect(hit(plain)).to_be_visible()


def test_decisions_are_filtered(plain, address):
    """The list of decisions can be narrowed, and a decision opened from it."""
    plain.goto(f"{address}/decisions")
    plain.get_by_text("Filters", exact=True).click()
    plain.get_by_label("Decided from").fill("2022-10-01")
    plain.get_by_role("button", name="Show").click()
    plain.locator(".decisions").get_by_role("link").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("West Northamptonshire Council (21 017 496)")


def test_own_reference_leads_to_its_paragraph(plain, address):
    """Where a decision speaks of its paragraph, a link leads there."""
    plain.goto(f"{address}{DECISION}")
    plain.get_by_role("link", name="paragraph 13", exact=True).click()
    expect(plain.locator("#paragraph-13")).to_be_in_viewport()


@pytest.mark.parametrize("reason", HEADINGS)
def test_refusal_is_told(plain, address, reason):
    """What the decisions do not answer is told so, with the reason as the heading, in sight at once."""
    ask(plain, address, (REFUSED | TYPED)[reason])
    expect(plain.get_by_role("heading", name=HEADINGS[reason])).to_be_in_viewport()


def test_skipping_to_the_answer(page, address):
    """The second link of a page of results leads to the answer, the reason, or the closest paragraphs."""
    for question, target in ((BOXED, "answer"), (SILENT, "results"), (TYPED["body_not_held"], "refusal")):
        page.goto(f"{address}/?{urlencode({'question': question})}")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(f"#{target}")).to_be_focused()


def test_cited_paragraph_is_opened_in_its_decision(plain, address):
    """A typed citation shows the paragraph, and a link opens it where it stands in the decision."""
    ask(plain, address, "21 017 496 paragraph 50")
    expect(plain.locator("blockquote")).to_contain_text("The Council had no power to enforce a written agreement")
    plain.get_by_role("link", name="Open it in the decision").click()
    expect(plain.locator("#paragraph-50")).to_be_in_viewport()
    plain.locator("#paragraph-50").get_by_role("link", name="Back to the results").click()
    expect(plain.get_by_role("heading", name="The paragraph you asked for")).to_be_visible()


def test_register_leads_to_the_list(plain, address):
    """From an answer on the collection a link leads to the list, with its filters set and shown."""
    ask(plain, address, "which decisions are about Leicestershire?")
    plain.get_by_role("link", name="See them in the list of decisions").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("All decisions")
    expect(plain.get_by_role("link", name="Remove filter Council or other body")).to_be_visible()
    expect(plain.locator(".decisions li")).to_have_count(2)


def test_correction_is_taken_back(plain, address):
    """A typing error is corrected and told; one link takes that back, another sets it right again."""
    ask(plain, address, "Haltn decision")
    expect(plain.locator(".notice")).to_contain_text("Showing results for “Halton” (you typed “Haltn”).")
    plain.get_by_role("link", name="Search for “Haltn” instead").click()
    expect(plain.locator(".notice")).to_contain_text("exactly as you typed them")
    plain.get_by_role("link", name="Correct typing errors").click()
    expect(plain.get_by_role("heading", name="Decisions about Halton Borough Council")).to_be_visible()


def test_mistake_is_told_beside_the_form(plain, address):
    """A mistake is told on the page with the form, which keeps what was typed; the message leads to the field."""
    plain.goto(f"{address}/?question=rights&reference=99+999+999")
    plain.get_by_role("alert").get_by_role("link", name="The index holds no decision 99 999 999.").click()
    expect(plain.get_by_label("Reference")).to_be_focused()
    expect(plain.get_by_label("Ask a question")).to_have_value("rights")


def test_mistake_is_read_first(page, address):
    """With JavaScript the message has the focus, so that it is read out."""
    page.goto(f"{address}/decisions?from=2022")
    expect(page.get_by_role("alert")).to_be_focused()


def waits_before_each(sentences: list[str], waiting: list[int]) -> Does:
    """Writes the sentences, each of which waits until it is let go; behind each it begins the next."""

    def act(connection: Connection) -> None:
        connection.say(())
        for number, sentence in enumerate(sentences):
            while number in waiting:
                connection.wait(0.01)
            connection.event({"content": f"{sentence} The "})
        while len(sentences) in waiting:
            connection.wait(0.01)
        connection.finish()

    return Does(act)


def complaints(page: Page) -> list[str]:
    """What the browser complains of from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def have_written(page: Page, address: str, question: str = MISSION) -> Locator:
    """Press the button below an answer; returns the section of the generated text."""
    ask(page, address, question)
    page.wait_for_url("**question=**")  # and the load: before its script has run, the button leads to another page
    page.get_by_role("button", name="Write a short text").click()
    return page.get_by_role("region", name="Written by a language model")


def test_generated_text_comes_in_place(page, address, language_model):
    """The button is replaced by a section that fills with sentences as they are written; the address stays."""
    waiting = [0, 1, 2]
    language_model.behaviour = waits_before_each([f"{TOLD} [P3].", f"{FOUND.removeprefix('The ')} [P5]."], waiting)
    said = complaints(page)
    section = have_written(page, address)
    results = page.url
    live = section.get_by_role("status")
    expect(page.get_by_role("button", name="Write a short text")).to_have_count(0)
    expect(live).to_have_text("Being written …")
    waiting.remove(0)
    expect(live).to_contain_text(f"{TOLD}. [{CITATION}]")
    expect(live).to_contain_text("Being written …")
    assert FOUND not in live.inner_text()
    waiting.clear()
    expect(live).to_contain_text(f"{FOUND}. [West Northamptonshire Council (21 017 496), summary]")
    expect(live).to_contain_text("Written by a-model at 127.0.0.1:")
    expect(live).not_to_contain_text("Being written …")
    assert (page.url, "generate" in results, said) == (results, False, [])


def test_generated_text_is_told_to_who_hears_the_page(page, address, language_model):
    """The heading of the section has the focus, and what comes is told: when it is complete, and each sentence once."""
    waiting = [1]
    language_model.behaviour = waits_before_each([f"{TOLD} [P3]."], waiting)
    section = have_written(page, address)
    heading, live = section.get_by_role("heading"), section.get_by_role("status")
    expect(heading).to_be_focused()
    expect(live).to_contain_text(TOLD)
    assert (live.get_attribute("aria-busy"), live.get_attribute("aria-atomic")) == ("true", "false")
    waiting.clear()
    expect(live).to_have_attribute("aria-busy", "false")
    expect(heading).to_be_focused()


def test_focus_is_not_lost_while_a_text_is_written(page, address, language_model):
    """Who has moved on to a citation stays there while sentences come, and is at the heading when all is there."""
    waiting = [1, 2]
    language_model.behaviour = waits_before_each([f"{TOLD} [P3].", f"{FOUND.removeprefix('The ')} [P5]."], waiting)
    section = have_written(page, address)
    link = section.get_by_role("link", name=CITATION)
    link.focus()
    waiting.remove(1)
    expect(section).to_contain_text(FOUND)
    expect(link).to_be_focused()
    waiting.clear()
    expect(section).to_contain_text("Written by a-model")
    expect(section.get_by_role("heading")).to_be_focused()


def test_generated_text_leads_to_its_paragraphs(page, address):
    """A citation of the text leads to the paragraph, and from there a link to the results."""
    have_written(page, address).get_by_role("link", name=CITATION).click()
    expect(page.locator("#paragraph-51")).to_be_in_viewport()
    page.locator("#paragraph-51").get_by_role("link", name="Back to the results").click()
    expect(page.get_by_role("button", name="Write a short text")).to_be_visible()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (status(500), "has a problem on its server (500). Try again later."),
        (stops_in_mid_sentence(f"{TOLD} [P3]. The"), "stopped before the end of its text."),
        (says("NOT ANSWERED"), "says that these paragraphs do not answer the question."),
    ],
)
def test_failure_of_the_model_is_told_in_place(page, address, language_model, behaviour, words):
    """Where the model fails, the section says why, and the extract stands."""
    language_model.behaviour = behaviour
    said = complaints(page)
    section = have_written(page, address)
    expect(section.get_by_role("status")).to_contain_text(words)
    expect(section).to_contain_text("No text was written.")
    expect(section.locator("p", has_text=TOLD)).to_have_count(0)
    expect(page.get_by_role("heading", name="From the decisions, word for word")).to_be_visible()
    assert said == []


def test_failure_on_the_way_can_be_tried_again(page, address):
    """Where nothing comes of the server, the section says so, and the button is there again."""
    page.route("**/*generate=true*", lambda route: route.abort())
    section = have_written(page, address)
    expect(section.get_by_role("status")).to_have_text("Something went wrong, and no text was written. Try again.")
    page.unroute("**/*generate=true*")
    page.get_by_role("button", name="Write a short text").click()
    expect(section.get_by_role("status")).to_contain_text(TOLD)
    expect(section).to_have_count(1)
    expect(page.get_by_role("button", name="Write a short text")).to_have_count(0)


def test_markup_of_a_model_is_text(page, address, language_model):
    """Markup that a model writes is shown as it was written, and nothing of it is done."""
    language_model.behaviour = f"{TOLD} [P3]. <img src=x onerror=alert(1)> <b>Bold</b> words [P3]."
    said = complaints(page)
    section = have_written(page, address)
    section.get_by_text("1 sentence left out, and why").click()
    expect(section.locator("del")).to_contain_text("<img src=x onerror=alert(1)> <b>Bold</b> words")
    assert said == []


def test_generated_text_by_keyboard(page, address):
    """The button can be reached and pressed without a mouse, and the text read from its heading on."""
    ask(page, address)
    button = page.get_by_role("button", name="Write a short text")
    press_until(page, button)
    page.keyboard.press("Enter")
    section = page.get_by_role("region", name="Written by a language model")
    expect(section.get_by_role("status")).to_have_attribute("aria-busy", "false")  # the end moves the focus
    page.keyboard.press("Tab")
    expect(section.get_by_role("link", name=CITATION)).to_be_focused()


def test_generated_text_without_javascript(plain, address):
    """Without JavaScript the same button leads to a complete page, at the generated text."""
    section = have_written(plain, address)
    expect(plain).to_have_url(re.compile(r"\?question=[^#]+&generate=true#generated$"))
    expect(section.get_by_role("heading")).to_be_in_viewport()
    expect(section).to_contain_text(f"{TOLD}. [{CITATION}]")
    expect(section).to_contain_text("Written by a-model at 127.0.0.1:")
    expect(hit(plain)).to_be_visible()
    expect(plain.get_by_role("heading", name="From the decisions, word for word")).to_be_visible()


def test_left_out_sentences_without_javascript(plain, address):
    """What was left out can be opened without JavaScript, with the reasons."""
    section = have_written(plain, address, LYING)
    section.get_by_text("2 sentences left out, and why").click()
    expect(section.get_by_role("listitem")).to_have_text(
        [
            "That is a pity. It cites no paragraph.",
            "The Council paid £500. “£500” is not in the paragraph cited.",
        ]
    )


def press_until(page: Page, locator, key: str = "Tab", most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"not reached by {key}: {locator}")


def test_keyboard_alone(page, address):
    """Asking, copying, opening a decision and going back need no mouse."""
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Ask a question")).to_be_focused()
    page.keyboard.type(MISSION)
    press_until(page, page.get_by_role("button", name="Ask", exact=True))
    page.keyboard.press("Enter")
    expect(hit(page)).to_be_visible()
    press_until(page, hit(page).get_by_role("button", name="Copy citation"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert clipboard(page) == CITATION
    link = hit(page).get_by_role("heading").get_by_role("link")
    press_until(page, link, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#paragraph-51")).to_be_in_viewport()
    press_until(page, page.locator("#paragraph-51").get_by_role("link", name="Back to the results"))
    page.keyboard.press("Enter")
    expect(hit(page)).to_be_visible()


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")


@dataclass
class Visit:
    """A page in a state, what it loaded until it was still, and what the browser complained of since."""

    page: Page
    sizes: dict[str, int]
    cookies: list[Any]
    complaints: list[str]


@pytest.fixture(scope="module", params=STATES)
def visit(request, browser, address):
    """Every state of every page, each loaded once, by a browser that knows nothing yet."""
    with browser.new_context() as context:
        page, loaded = context.new_page(), dict[str, Response]()
        said = complaints(page)
        page.on("response", lambda response: loaded.update({response.url: response}))
        go(page, address, request.param)
        page.wait_for_load_state("networkidle")
        if request.param in LETTERS:  # what a form led away from cannot be weighed
            loaded.clear()
        sizes = {url: len(response.body()) for url, response in list(loaded.items())}  # to read one may load more
        visit = Visit(page, sizes, context.cookies(), said)
        open_all(page)
        yield visit


def test_weight(visit, address):
    """A page is under 100 KB with all that it loads, nothing of it comes from elsewhere, and it leaves no cookie."""
    assert sum(visit.sizes.values()) < 100_000
    assert all(url.startswith(address) for url in visit.sizes)
    assert visit.cookies == []


def test_width(visit):
    """No page is wider than the window, from a narrow phone to a very wide screen, with all that can be opened open."""
    for width in (320, 360, 768, 1280, 3840):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert overflow(visit.page) <= 0, width
    visit.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize(("scheme", "rules"), [("light", WCAG), ("dark", COLOURS)])
def test_accessible(visit, scheme, rules):
    """axe finds nothing on any page, in any state, in the light and in the dark, with all that can be opened open."""
    visit.page.emulate_media(color_scheme=scheme)
    found = Axe().run(visit.page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_complained_of(visit):
    """No page makes the browser complain, of its policy least of all."""
    assert [line for line in visit.complaints if "Failed to load resource" not in line] == []


# A letter


def test_letter_is_checked(page, address):
    """Who pastes a letter is led to its five planted errors, and can copy the right citation."""
    check(page, address, PLANTED)
    expect(page.get_by_role("heading", name="7 of 16 citations need attention")).to_be_in_viewport()
    wrong = page.locator(".findings").first
    for told in (
        "These words are in paragraph 59, not in paragraph 58.",
        "The wording differs from paragraph 56 as published.",
        "Decision 20 001 737 has no paragraph 85;",
        "The number is inferred, not published.",
        "No decision 21 000 295 in this collection.",
    ):
        expect(wrong.get_by_text(told)).to_be_visible()
    wrong.get_by_role("button", name="Copy citation").first.click()
    assert clipboard(page) == "West Northamptonshire Council (21 017 496), paragraph 59"


def test_letter_is_checked_without_javascript(plain, address):
    """What is struck and what is added is there without JavaScript, too."""
    check(plain, address, PLANTED)
    expect(plain.locator("del")).to_contain_text("was misleading")
    expect(plain.locator("ins")).to_contain_text("is incomplete")


def test_letter_is_in_no_address(page, address):
    """What was pasted stands in no address, so in no history and no log."""
    check(page, address, PLANTED)
    assert page.url == f"{address}/check#findings"


def test_print(page, address):
    """On paper there is the decision without what only a screen can use."""
    page.goto(f"{address}/decisions/21-000-259")
    page.emulate_media(media="print")
    expect(page.locator("#paragraph-51 .text")).to_be_visible()
    expect(page.locator("#paragraph-51 .cite")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


def test_print_says_what_was_asked(page, address):
    """On paper the results say what was asked."""
    page.goto(address + STATES["results"])
    page.emulate_media(media="print")
    expect(page.get_by_text(f"Asked: {MISSION}")).to_be_visible()


@pytest.mark.parametrize(("name", "path"), [("results", STATES["results"]), ("decision", ARRIVED)])
def test_pictures_of_the_readme(browser: Browser, address_without_model, name, path, tmp_path):
    """The README shows pictures that are taken here."""
    stored = PROJECT / "docs" / f"{name}.png"
    taken = stored if os.environ.get("UPDATE_GOLDEN") else tmp_path / stored.name
    with browser.new_context(viewport={"width": 900, "height": 960}, color_scheme="light") as context:
        page = context.new_page()
        page.goto(address_without_model + path)
        page.screenshot(path=taken)
    assert stored.is_file()
    assert f"](docs/{name}.png)" in (PROJECT / "README.md").read_text(encoding="utf-8")
