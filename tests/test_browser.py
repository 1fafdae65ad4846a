"""A real browser on the real pages, with JavaScript off: what a person does with them."""

from __future__ import annotations

import os
import re
import shutil
import threading

import pytest
from cheroot.wsgi import Server
from conftest import MISSION
from playwright.sync_api import Page, expect, sync_playwright

from qa.app import create_app

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CITATION = "West Northamptonshire Council (21 017 496), paragraph 51"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; scripts/test gets one")


@pytest.fixture(scope="module")
def address(answerer):
    server = Server(("127.0.0.1", 0), create_app(answerer))
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield f"http://127.0.0.1:{server.bind_addr[1]}"
    server.stop()
    thread.join()


@pytest.fixture(scope="module")
def browser():
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser):
    # With JavaScript, which the pages do not have but the test needs to measure them.
    context = browser.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def ask(page: Page, address: str, question: str = MISSION) -> None:
    page.goto(address)
    page.get_by_label("Ask a question").fill(question)
    page.get_by_role("button", name="Ask").click()


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window, once its styles are there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_ask_and_follow_a_citation_to_its_paragraph(page, address):
    """Asked in the form, the question gets paragraphs, and a citation leads to its paragraph, which is in sight."""
    ask(page, address)
    link = page.get_by_role("heading", name=CITATION).get_by_role("link")
    link.click()
    expect(page).to_have_url(re.compile(r"/decisions/21-017-496#paragraph-51$"))
    paragraph = page.locator("#paragraph-51")
    expect(paragraph).to_be_in_viewport()
    expect(paragraph).to_contain_text(
        "The Council should have told Mr and Mrs M about the written agreement’s voluntary"
    )
    assert page.locator(":target").get_attribute("id") == "paragraph-51"


def test_lettered_item_has_an_address(page, phone, address):
    """The letter of an item is a link to itself, and opening it shows that item."""
    page.goto(f"{address}/decisions/21-000-259")
    page.locator("#paragraph-51").get_by_role("link", name="(b)").click()
    expect(page).to_have_url(re.compile(r"#paragraph-51-b$"))
    expect(page.locator(":target")).to_contain_text("make a payment to Mr X of £100")
    expect(page.locator(":target")).to_be_in_viewport()
    phone.goto(page.url)
    assert overflow(phone) <= 0


def test_page_says_why_numbers_are_inferred(page, address):
    """The page of a decision whose numbers are inferred says so and why before its first paragraph."""
    page.goto(f"{address}/decisions/21-000-832")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Paragraph numbers are inferred.")
    expect(notice.get_by_role("listitem")).to_have_text(
        [re.compile("This copy has lost the numbers"), re.compile("Paragraph 50 speaks of “paragraph 47”")]
    )


def test_search_has_an_address(page, browser, address):
    """The address of a search shows the same results to whoever opens it."""
    ask(page, address)
    with browser.new_context() as other:
        shared = other.new_page()
        shared.goto(page.url)
        expect(shared.get_by_label("Ask a question")).to_have_value(MISSION)
        assert shared.locator(".citation").all_inner_texts() == page.locator(".citation").all_inner_texts()


def test_refusal_is_told(page, address):
    """What the decisions do not answer is told so."""
    ask(page, address, "zxqj vbnmk qwrtp plkjh")
    expect(page.get_by_role("heading", name="The decisions held here do not answer this")).to_be_visible()


def test_search_within_a_decision(page, address):
    """A search can be narrowed to one decision, in the form."""
    page.goto(address)
    page.get_by_label("Ask a question").fill(MISSION)
    page.get_by_text("Search only some decisions").click()
    page.get_by_label("Reference").fill("21-000-832")
    page.get_by_role("button", name="Ask").click()
    citations = page.locator(".citation").all_inner_texts()
    assert citations
    assert all("Kent County Council (21 000 832)" in citation for citation in citations)
    assert all("(number inferred)" in citation or "summary" in citation for citation in citations)


def test_mistake_is_told_beside_the_form(page, address):
    """A mistake is told on the page with the form, which keeps what was typed."""
    page.goto(f"{address}/?question=rights&reference=99+999+999")
    expect(page.get_by_role("alert")).to_contain_text("The index holds no decision 99 999 999.")
    expect(page.get_by_label("Ask a question")).to_have_value("rights")


def test_keyboard_alone(page, address):
    """The form can be reached and sent by keyboard, past a link that skips the header."""
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Ask a question")).to_be_focused()
    page.keyboard.type(MISSION)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=CITATION)).to_be_visible()


def test_phone(phone, address):
    """On a narrow phone no page is wider than the window."""
    ask(phone, address)
    expect(phone.get_by_role("heading", name=CITATION)).to_be_visible()
    assert overflow(phone) <= 0
    phone.get_by_role("heading", name=CITATION).get_by_role("link").click()
    assert overflow(phone) <= 0
    phone.goto(f"{address}/decisions")
    assert overflow(phone) <= 0
