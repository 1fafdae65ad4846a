"""Who may ask a server what, and how often."""

from __future__ import annotations

import pytest
from conftest import MISSION

from qa.errors import SettingsError
from qa.settings import Settings
from qa.web.admission import Admission
from qa.web.app import create_app

TOKEN = "a-token-for-the-tests"
GOOD = "The Council should have told Mr and Mrs M about the written agreement’s voluntary nature [P1]."
OURS = "https://decisions.example"
THEIRS = "https://elsewhere.example"
LETTER = "See “safety plans instead of written agreements” (21 017 496, paragraph 63)."
QUERY = {"question": MISSION, "generate": "true"}
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "text/html"}


@pytest.fixture
def client(answerer):
    return create_app(answerer, admission=Admission(origins=(OURS,))).test_client()


@pytest.fixture
def writer(writing, language_model):
    """A client of an application that has texts written, and the questions that were sent for it."""
    language_model.behaviour = GOOD
    client = create_app(writing(language_model.url), admission=Admission(origins=(OURS,))).test_client()
    client.sent = language_model.requests
    return client


# The name


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "LOCALHOST.", "127.0.0.1:8000", "127.8.9.1", "[::1]:8000", "decisions.example"],
)
def test_server_answers_to_its_names(client, host):
    """It answers as localhost, by a loopback address, and by the name of a site that is allowed."""
    assert client.get("/ask?question=hotel", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/ask?question=hotel", "/docs", "/api/decisions", "/openapi.json", "/static/style.css"]
)
@pytest.mark.parametrize(
    "host", ["elsewhere.example", "localhost.elsewhere.example", "192.0.2.1", "decisions.example.org"]
)
def test_server_does_not_answer_to_another_name(client, host, path):
    """Asked by another name, which may point at it by a trick, it says so and shows nothing."""
    response = client.get(path, headers={"Host": host})
    assert (response.status_code, response.get_json()["type"]) == (421, "/docs#problem-misdirected")
    assert host not in response.text


def test_server_that_listens_everywhere_answers_to_every_address(answerer):
    """Where it listens at every address of the machine, it answers to an address, and still not to any name."""
    client = create_app(answerer, admission=Admission(host="0.0.0.0")).test_client()
    assert client.get("/decisions", headers={"Host": "192.0.2.1:8000"}).status_code == 200
    assert client.get("/decisions", headers={"Host": "elsewhere.example"}).status_code == 421


def test_life_is_told_by_any_name(client):
    """Whoever looks whether it lives may not know its name."""
    assert client.get("/healthz", headers={"Host": "10.0.0.1"}).status_code == 200


# The page


@pytest.mark.parametrize("path", ["/check", "/api/check", "/ask"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": THEIRS},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": f"{THEIRS}/page"},
    ],
    ids=str,
)
def test_page_of_another_site_posts_nothing(client, path, headers):
    """What the page of another site has a browser post is refused, by whichever field the browser says so."""
    sent = {"json": {"text": LETTER}} if path != "/check" else {"data": {"text": LETTER}}
    response = client.post(path, headers=headers, **sent)
    assert (response.status_code, response.get_json()["type"]) == (403, "/docs#problem-forbidden")


def test_form_of_a_browser_that_says_nothing_is_refused(client):
    """A browser that does not say where a form comes from may send it for another site."""
    assert client.post("/check", data={"text": LETTER}, headers=BROWSER).status_code == 403
    assert client.post("/check", data={"text": LETTER}).status_code == 200  # as a program does


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost"},
        {"Origin": OURS},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": "http://localhost/check"},
    ],
    ids=str,
)
def test_own_page_posts(client, headers):
    """The pages of the server, and those of a site that is allowed, may post."""
    assert client.post("/check", data={"text": LETTER}, headers=BROWSER | headers).status_code == 200


@pytest.mark.parametrize("path", ["/ask", "/api/check"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", ""]
)
def test_json_must_say_so(client, path, kind):
    """JSON that says to be something else, which any site may have sent, is not read."""
    response = client.post(path, data=b'{"question": "hotel"}', content_type=kind)
    assert (response.status_code, response.get_json()["type"]) == (415, "/docs#problem-media-type")


def test_json_of_a_kind_is_json(client):
    """A type that is built on JSON is JSON, and so is one that names its characters."""
    for kind in ("application/json; charset=utf-8", "application/problem+json"):
        assert client.post("/ask", data=b'{"question": "hotel"}', content_type=kind).status_code == 200


# What is written


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": THEIRS}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 200),
        ({"Referer": f"{THEIRS}/"}, 200),
        ({"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Purpose": "prefetch", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
    ids=str,
)
def test_no_text_is_written_for_a_link_of_another_site(writer, headers, status):
    """A link of another site, or what a browser fetches before anybody wants it, shows the page without having a text
    written; a page that fetches it is refused."""
    assert writer.get("/", query_string=QUERY, headers=BROWSER | headers).status_code == status
    assert writer.sent == []


@pytest.mark.parametrize(
    "headers", [{"Origin": THEIRS}, {"Sec-Fetch-Site": "cross-site"}, {"Referer": THEIRS}, {}], ids=str
)
def test_no_text_is_written_for_another_site_by_the_api(writer, headers):
    """An image or a script of another site has no text written."""
    response = writer.get("/ask", query_string=QUERY, headers={"User-Agent": BROWSER["User-Agent"]} | headers)
    assert (response.status_code, writer.sent) == (403, [])


def test_text_is_written_for_programs_and_own_pages(writer):
    """A program, and a page of the server, have a text written."""
    assert writer.get("/ask", query_string=QUERY).get_json()["answer"]["kind"] == "generated"
    response = writer.get("/", query_string=QUERY, headers=BROWSER | {"Sec-Fetch-Site": "same-origin"})
    assert 'class="generated"' in response.text
    assert len(writer.sent) == 2


# The token


def test_tokens_cannot_be_tried(answerer):
    """Whoever sent many wrong tokens is told to wait, whatever comes next; whoever has none to send is not."""
    client = create_app(answerer, admission=Admission(TOKEN)).test_client()
    wrong = {"Authorization": f"Bearer {TOKEN}x"}
    statuses = [client.get("/api/decisions", headers=wrong).status_code for _ in range(30)]
    assert statuses == [401] * 20 + [429] * 10
    response = client.get("/api/decisions", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (response.status_code, 0 < int(response.headers["Retry-After"]) <= 60) == (429, True)
    assert client.get("/api/decisions").status_code == 401
    other = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/api/decisions", headers=other, environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200


# The shares


def test_letters_of_an_address_are_limited(answerer):
    """An address has so many letters checked in a minute, by whichever way; others have theirs."""
    client = create_app(answerer, admission=Admission(letters=2)).test_client()
    assert client.post("/api/check", json={"text": LETTER}).status_code == 200
    assert client.post("/check", data={"text": LETTER}).status_code == 200
    response = client.post("/api/check", json={"text": LETTER})
    assert (response.status_code, response.get_json()["type"]) == (429, "/docs#problem-too-many")
    page = client.post("/check", data={"text": LETTER})
    assert (page.status_code, LETTER in page.text, "Retry-After" in page.headers) == (429, True, True)
    other = {"REMOTE_ADDR": "192.0.2.2"}
    assert client.post("/api/check", json={"text": LETTER}, environ_base=other).status_code == 200


def test_letter_too_many_is_not_read(answerer):
    """Whoever has had its share is told so, whatever the body holds."""
    client = create_app(answerer, admission=Admission(letters=1)).test_client()
    sent = {"data": "{", "content_type": "application/json"}
    assert [client.post("/api/check", **sent).status_code for _ in range(2)] == [400, 429]


def test_network_of_an_address_has_one_share(answerer):
    """The addresses of one network of IPv6 are given to one household."""
    client = create_app(answerer, admission=Admission(letters=1)).test_client()
    statuses = [
        client.post("/api/check", json={"text": LETTER}, environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    ]
    assert statuses == [200, 429, 200]


def test_mapped_address_is_the_one_that_it_maps(answerer):
    """An address of IPv4 counts for itself where the server listens for both kinds."""
    client = create_app(answerer, admission=Admission(letters=1)).test_client()
    statuses = [
        client.post("/api/check", json={"text": LETTER}, environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("::ffff:192.0.2.1", "::ffff:192.0.2.2", "192.0.2.1")
    ]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [200, 429]), (1, [200, 200])])
def test_address_behind_a_proxy_counts_where_it_is_trusted(answerer, proxies, statuses):
    """What a proxy says of the client counts where one was said to be there, and else anybody could say it."""
    client = create_app(answerer, admission=Admission(letters=1), proxies=proxies).test_client()
    assert statuses == [
        client.post("/api/check", json={"text": LETTER}, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in (1, 2)
    ]


def test_texts_of_an_address_are_limited(writing, language_model):
    """An address has so many texts written in a minute."""
    language_model.behaviour = GOOD
    client = create_app(writing(language_model.url), admission=Admission(generations=1)).test_client()
    assert [client.get("/ask", query_string=QUERY).status_code for _ in range(2)] == [200, 429]
    assert client.get("/ask?question=hotel").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"), [("PROXIES", "-1"), ("PROXIES", "many"), ("LETTERS", "1.5"), ("GENERATIONS", "")]
)
def test_shares_are_whole_numbers(name, value):
    """A share that is no whole number is one sentence."""
    with pytest.raises(SettingsError, match="it must be a whole number"):
        Settings.read({f"DECISION_QA_{name}": value})


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=a", "application/json", ""])
def test_page_for_letters_takes_a_form_only(client, kind):
    """What is sent to the page in another way than by its form is refused before its parts are looked for."""
    response = client.post("/check", data=b"--a\r\n", content_type=kind)
    assert response.status_code == 415
    assert "application/x-www-form-urlencoded" in response.get_data(as_text=True)
