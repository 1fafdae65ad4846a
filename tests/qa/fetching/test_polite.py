"""How the site is treated, whatever it does."""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import gzip
import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from imitated import Home, Hurried
from synthetic.site import Canned

from index.parsing.decode import MAX_BYTES
from qa.fetching import polite
from qa.fetching.polite import NotNow, PoliteClient, Refused, Stopped

PAGE = Canned(body=b"<html><body>Hello</body></html>")
AGENT = "decision-qa/1 (+someone@example.org)"


@pytest.fixture
def home(site, tmp_path):
    return Home(site, tmp_path / "decisions")


@pytest.fixture
def client(site, home):
    site.always["/page"] = PAGE
    with PoliteClient(site.url, AGENT, clock=home.clock, read_seconds=0.5) as client:
        yield client


def get(client, path="/page"):
    return client.get(f"{client.site}{path}")


def test_every_request_says_who_asks(client, site):
    """The User-Agent names the program and whom to reach."""
    get(client)
    assert {request.headers["User-Agent"] for request in site.log} == {AGENT}


def test_a_second_between_requests(client, home):
    """At least a second passes between the end of each request and the beginning of the next."""
    for _ in range(3):
        get(client)
    assert home.clock.waits == [1.0, 1.0, 1.0]  # the first is after robots.txt


def test_crawl_delay_is_obeyed(client, site, home):
    """A crawl-delay that is longer than the pause is the pause."""
    site.robots = "User-agent: *\nCrawl-delay: 7\n"
    for _ in range(2):
        get(client)
    assert home.clock.waits == [7.0, 7.0]


def test_forbidden_path_is_not_asked_for(home, site):
    """What robots.txt forbids is not asked for, and a sentence says so."""
    site.robots = "User-agent: decision-qa\nDisallow: /decisions/\n"
    report = home.fetch(f"{site.url}{site.paths[0]}")
    assert (report.exit_code, report.counts["refused"]) == (2, 1)
    assert "robots.txt" in report.items[0].reason and site.asked(site.paths[0]) == 0


def test_forbidden_search_is_said(home, site):
    """Where robots.txt forbids the search, nothing is listed, and a sentence says so."""
    site.robots = "User-agent: *\nDisallow: /Decisions/\n"
    report = home.everything()
    assert (report.exit_code, len(site.log)) == (2, 1)
    assert "forbids /Decisions/SearchResults" in report.stopped


def test_rules_for_others_do_not_count(client, site):
    """A robots.txt that forbids everything to another program forbids nothing here."""
    site.robots = "User-agent: other\nDisallow: /\n"
    assert get(client).status == 200


def test_missing_robots_allows(client, site):
    """Without a robots.txt everything may be asked for."""
    site.robots = None
    assert get(client).status == 200


def test_robots_with_errors_stops(client, site):
    """A robots.txt that cannot be read forbids everything."""
    site.always["/robots.txt"] = Canned(500)
    with pytest.raises(Stopped, match=r"robots\.txt"):
        get(client)
    assert site.asked("/page") == 0


def test_unreachable_site_stops(home):
    """A site that cannot be reached is said to be so."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = PoliteClient(f"http://127.0.0.1:{port}", AGENT, clock=home.clock)
    with client, pytest.raises(Stopped, match="cannot be reached"):
        get(client)


@pytest.mark.parametrize("status", [429, 503])
def test_waiting_grows(client, site, home, status):
    """A busy site is asked again after waits that at least double, but for chance."""
    site.canned["/page"] = [Canned(status)] * 4
    assert get(client).status == 200
    waits = [wait for wait in home.clock.waits if wait > 1]
    assert len(waits) == 4 and waits[0] >= 2 and waits[3] >= 16
    assert all(later > earlier for earlier, later in pairwise(waits))


@pytest.mark.parametrize("is_date", [False, True])
def test_retry_after_is_obeyed(client, site, home, is_date):
    """Retry-After is waited for, a number of seconds or a date."""
    until = home.clock.now() + datetime.timedelta(seconds=120)
    said = email.utils.format_datetime(until, usegmt=True) if is_date else "120"
    site.canned["/page"] = [Canned(503, headers=(("Retry-After", said),))]
    assert get(client).status == 200
    assert any(118 <= wait <= 120 for wait in home.clock.waits)


def test_retry_after_of_hours_stops(client, site, home):
    """A site that asks to wait for more than an hour is left alone, and a sentence says how to go on."""
    site.always["/page"] = Canned(429, headers=(("Retry-After", "7200"),))
    with pytest.raises(Stopped, match=r"7,200 seconds.*goes on where it was"):
        get(client)
    assert site.asked("/page") == 1


def test_busy_for_ever_stops(client, site):
    """A site that is always busy is asked a few times only."""
    site.always["/page"] = Canned(503)
    with pytest.raises(Stopped):
        get(client)
    assert site.asked("/page") < 10


def test_redirect_within_the_site_is_followed(client, site):
    """A redirect within the site is followed; one that is for good moves the page."""
    site.always["/old"] = Canned(301, headers=(("Location", "/page"),))
    site.always["/elsewhere"] = Canned(302, headers=(("Location", f"{site.url}/page"),))
    assert (get(client, "/old").url, get(client, "/old").moved) == (f"{site.url}/page", True)
    assert (get(client, "/elsewhere").status, get(client, "/elsewhere").moved) == (200, False)


@pytest.mark.parametrize(
    "location",
    [
        "https://example.org/page",
        "//example.org/page",
        "http://127.0.0.1:1/page",
        "http://localhost/page",
        "http://user@127.0.0.1/page",
        "file:///etc/passwd",
        "http://[::1/",
        "",
    ],
)
def test_redirect_elsewhere_is_refused(client, site, location):
    """No request follows a redirect that leaves the host."""
    site.always["/old"] = Canned(302, headers=(("Location", location),))
    with pytest.raises(Refused, match="redirects to another site"):
        get(client, "/old")


def test_circle_of_redirects_ends(client, site):
    """A redirect to itself is followed a few times only."""
    site.always["/old"] = Canned(301, headers=(("Location", "/old"),))
    with pytest.raises(Refused, match="redirects more than"):
        get(client, "/old")


def test_redirect_into_a_forbidden_path_is_not_followed(home, site):
    """A redirect to what robots.txt forbids is not followed."""
    path = site.paths[0]
    site.always[path] = Canned(302, headers=(("Location", "/search"),))
    report = home.fetch(f"{site.url}{path}")
    assert report.exit_code == 2 and site.asked("/search") == 0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.1.2.3",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "224.0.0.1",
        "ff02::1",
        "fe80::1%lo",
    ],
)
def test_name_that_leads_inside_is_refused(home, address):
    """A name of the site that leads to this machine or network is not asked."""
    client = PoliteClient("https://www.lgo.org.uk", AGENT, clock=home.clock, resolving=lambda *_: [address])
    with client, pytest.raises(Stopped, match="address of this machine or network"):
        get(client)


def test_only_the_host_that_was_set_is_asked(client):
    """The client sends nothing to another host, even when told to."""
    with pytest.raises(Refused, match="which alone is asked"):
        client.get("http://localhost/page")


def certificate(folder, name):
    """The files of a key, and of a certificate that it signed for a name."""
    files = [str(folder / "key.pem"), str(folder / "certificate.pem")]
    made = ["-keyout", files[0], "-out", files[1], "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2".split()
    subprocess.run([*command, *made], check=True, capture_output=True)
    return files


@pytest.mark.parametrize(("named", "is_taken"), [("localhost", True), ("example.org", False)])
def test_certificate_must_be_that_of_the_name(home, tmp_path, named, is_taken):
    """A certificate is compared with the name of the site, whatever address that leads to."""
    key, chain = certificate(tmp_path, named)
    context, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=chain)
    context.load_cert_chain(chain, key)

    def serve():
        for _ in range(2):
            connection, _ = listening.accept()
            with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
                while secured.recv(9999):
                    secured.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    break
            if not is_taken:
                break

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        site = f"https://localhost:{listening.getsockname()[1]}"
        with PoliteClient(site, AGENT, clock=home.clock, resolving=lambda *_: ["127.0.0.1"], trusted=trusted) as client:
            if is_taken:
                assert get(client).status == 404
            else:
                with pytest.raises(Stopped, match="certificate"):
                    get(client)
        thread.join()


def test_certificate_is_verified(home, tmp_path):
    """A site whose certificate cannot be trusted is sent nothing."""
    key, chain = certificate(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    said = []

    def serve():
        connection, _ = listening.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as secured:
                said.append(secured.recv(100))
        except OSError:
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        site = f"https://127.0.0.1:{listening.getsockname()[1]}"
        with PoliteClient(site, AGENT, clock=home.clock) as client, pytest.raises(Stopped, match="certificate"):
            get(client)
        thread.join()
    assert said in ([], [b""])


@pytest.mark.parametrize("packed", [False, True])
def test_huge_page_is_cut_off(client, site, packed):
    """Of a page that is larger than any decision no more is read, also where it is small while it is compressed."""
    body = b"<p>" + b"x" * 50_000_000
    headers = PAGE.headers
    if packed:
        body, headers = gzip.compress(body, 9), (*headers, ("Content-Encoding", "gzip"))
    site.always["/page"] = Canned(body=body, headers=headers)
    with pytest.raises(Refused, match=f"more than {MAX_BYTES:,} bytes"):
        get(client)


def test_page_compressed_otherwise_is_refused(client, site):
    """A compression that was not asked for is refused."""
    site.always["/page"] = replace(PAGE, headers=(("Content-Encoding", "br"),))
    with pytest.raises(Refused, match="compressed"):
        get(client)


@pytest.mark.parametrize(
    "broken",
    [
        Canned(500),
        replace(PAGE, cut=5),
        Canned(body=gzip.compress(b"<html>" * 9999)[:-20], headers=(("Content-Encoding", "gzip"),)),
        Canned(body=b"no gzip", headers=(("Content-Encoding", "gzip"),)),
        Canned(body=b"not chunks", headers=(("Transfer-Encoding", "chunked"),)),
        replace(PAGE, stall=True),
    ],
    ids=["error", "cut off", "packed, cut off", "not packed", "not chunked", "silent"],
)
def test_broken_page_is_asked_for_again(client, site, broken):
    """What is broken on its way is asked for again, a few times only."""
    site.canned["/page"] = [broken]
    assert get(client).content == PAGE.body
    site.always["/page"] = broken
    with pytest.raises(NotNow):
        get(client)
    assert site.asked("/page") <= 8


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"], ids=["headers", "page"])
def test_answer_that_drips_is_cut_off(monkeypatch, begin):
    """An answer that comes byte by byte is not waited for longer than for any page, in its headers and after."""
    monkeypatch.setattr(polite, "_PAGE_SECONDS", 0.2)
    monkeypatch.setattr(polite, "_BROKEN_TRIES", 1)
    lines, ended = [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 90], threading.Event()

    def serve():
        for answer in (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", begin):
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(9999)
                connection.sendall(answer)
                while answer == begin and lines:
                    connection.sendall(lines.pop(0))
                    ended.wait(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        client = PoliteClient(f"http://127.0.0.1:{listening.getsockname()[1]}", AGENT, clock=Hurried())
        with client, pytest.raises(NotNow, match="did not arrive within"):
            get(client)
        thread.join()
    assert lines


def test_time_of_waiting_is_told_apart(home, site):
    """The report tells the time that passed out of politeness apart from that of the program."""
    report = home.everything()
    assert report.waited == pytest.approx(report.requests - 1)
    assert report.seconds_of_program == pytest.approx(0)
