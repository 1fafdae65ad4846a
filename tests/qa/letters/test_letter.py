"""A letter handed in to the API, the page and the command line."""

from __future__ import annotations

import codecs
import contextlib
import itertools
import json
import os
import shutil
import signal
import sys
from functools import cache, partial

import pytest
from conftest import PROJECT
from selectolax.lexbor import LexborHTMLParser

from index.errors import IndexDamaged, InputError
from index.latest_store import LatestStore
from qa import cli
from qa.errors import BadQuestion, Busy
from qa.letters.letter import MAX_FILE, MAX_LETTER, VERDICTS, Check, Checks, ChecksAside, Letter
from qa.schemas import Counts
from qa.web.admission import Admission
from qa.web.app import create_app

PLANTED = (PROJECT / "tests" / "letters" / "planted.txt").read_text(encoding="utf-8")
RIGHT = "See “safety plans instead of written agreements” (21 017 496, paragraph 63)."
PAGE = {"Accept": "text/html"}


@pytest.fixture
def client_once(answerer, monkeypatch):
    """A client of the API and the page, both of which tell of one check of a letter."""
    checks = Checks(answerer.stores)
    monkeypatch.setattr(checks, "check", cache(checks.check))
    return create_app(answerer, checks=checks).test_client()


def page_of(client, text: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.post("/check", data={"text": text}, headers=PAGE).text)


# What is handed in


def test_a_file_may_be_in_any_usual_encoding():
    """UTF-8 with its mark, UTF-16 and Windows-1252 are all read."""
    for content in (codecs.BOM_UTF8 + RIGHT.encode(), RIGHT.encode("utf-16"), RIGHT.encode("cp1252")):
        assert Letter.from_file(content).text == RIGHT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It has no text."),
        (b" \r\n\t", "It has no text."),
        (b"\0\1\2" * 50, "The file is binary, or text in another encoding than UTF-8, UTF-16 or Windows-1252."),
        (
            b"PK\3\4" + b"\0" * 90,
            "This is a document of a word processor, or an archive. Save it as plain text (.txt), ",
        ),
        (b"%PDF-1.7\n", "This is a PDF. Save it as plain text (.txt), or paste its text into the page /check."),
        (b"{\\rtf1 x", "This is a document in Rich Text Format. Save it"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html><p>", "This is a web page. Save it"),
        (b"<HTML lang='en'>", "This is a web page. Save it"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 90, "This is a document of an older word processor. Save it"),
        (b"a" * MAX_FILE, "The letter must not have more than 100,000 characters; check it in parts."),
        (
            b"a" * (MAX_LETTER + 1),
            "The letter must not have more than 100,000 characters, and it has 100,001; check it in parts.",
        ),
    ],
    ids=["empty", "blank", "binary", "word", "pdf", "rtf", "html", "upper", "old", "huge", "long"],
)
def test_a_file_that_is_no_letter_is_told(content, said):
    with pytest.raises(InputError) as error:
        Letter.from_file(content)
    assert str(error.value).startswith(said)


HALF = "The body has half a character, such as \\ud83d without the other half behind it."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", 'The body must be a JSON object such as {"text": "…"}.'),
        (b"[]", 'The body must be a JSON object such as {"text": "…"}.'),
        (b"\xff", "The body has bytes that are not UTF-8."),
        (b'{"text": "a \xe9"}', "The body has bytes that are not UTF-8."),
        (b"{}", "“text” must be a text of 1 to 100,000 characters."),
        (b'{"text": 5}', "“text” must be a text of 1 to 100,000 characters."),
        (b'{"text": ""}', "“text” must be a text of 1 to 100,000 characters."),
        (json.dumps({"text": "a" * (MAX_LETTER + 1)}).encode(), "“text” must be a text of 1 to 100,000 characters."),
        (b'{"text": "  "}', "“text” must be a text of 1 to 100,000 characters."),
        (b'{"text": "\\ud800 a"}', HALF),
        (b'["\\udc00"]', HALF),
        (b'{"text": "a", "letter": "b"}', "There is no field “letter”; the field is text."),
        (b'{"letter": "b"}', "There is no field “letter”; the field is text."),
        (b'{"text": "a", "text": "b"}', "“text” can be given only once."),
        (b'{"text": "a", "t\\u0065xt": "b"}', "“text” can be given only once."),
        (b'{"text": {"a": 1, "a": 2}}', "“a” can be given only once."),
        (b'{"\\ud800": "a"}', HALF),
        (b'{"text": NaN}', 'The body must be a JSON object such as {"text": "…"}.'),
        (b'{"text": "a"} b', 'The body must be a JSON object such as {"text": "…"}.'),
        (b'\xef\xbb\xbf{"text": "a"}', 'The body must be a JSON object such as {"text": "…"}.'),
        (b'{"text": %s}' % (b"[" * 5000 + b"]" * 5000), 'The body must be a JSON object such as {"text": "…"}.'),
    ],
)
def test_json_that_is_no_letter_is_told(body, said):
    with pytest.raises(BadQuestion) as error:
        Letter.from_json(body)
    assert str(error.value) == said


# What comes back


def test_five_planted_errors_are_found(answerer):
    """Of a letter's citations the five wrong ones are told, each for what it is."""
    check = Check.of(Letter(text=PLANTED), answerer.stores.get())
    wrong = [finding for finding in check.findings if finding.verdict not in ("exact", "found") and finding.reference]
    assert [(finding.verdict, finding.place) for finding in wrong] == [
        ("wrong_paragraph", "paragraph 58"),
        ("altered", "paragraph 56"),
        ("not_held", "paragraph 85"),
        ("number_inferred", "paragraph 53"),
        ("not_held", "paragraph 50"),
    ]


def test_verdicts_are_those_of_the_api():
    """Nothing can be found that the counts have no place for."""
    assert list(VERDICTS) == list(Counts.__annotations__)


def test_api_checks_a_letter(client):
    """The answer has each finding with where it stands in the text, and how many are what."""
    body = client.post("/api/check", json={"text": RIGHT}).json
    [finding] = body["findings"]
    assert body["counts"] == dict.fromkeys(VERDICTS, 0) | {"exact": 1}
    assert finding["text"] == RIGHT[finding["start"] : finding["end"]]
    assert finding["right"][0]["citation"] == "West Northamptonshire Council (21 017 496), paragraph 63"
    assert body["index"]["decisions"] == 5


def test_differences_rebuild_both_wordings(client):
    """What is the same or left out is what is published; what is the same or put in is the quotation."""
    text = "“it has been using safety plans instead of any agreements” (21 017 496, paragraph 63)"
    [finding] = client.post("/api/check", json={"text": text}).json["findings"]
    assert finding["verdict"] == "altered"
    joined = {
        kind: "".join(one["text"] for one in finding["differences"] if one["kind"] in ("same", kind)).strip()
        for kind in ("left_out", "put_in")
    }
    assert joined["put_in"] == finding["quotation"]
    assert joined["left_out"] in finding["right"][0]["text"]


def test_a_letter_may_be_longer_than_a_question(client):
    """A letter of 100,000 characters is read whatever they are and however they are written; a body that is larger than
    any such letter is not, and it is told how large one may be."""
    for letter in ("’" * MAX_LETTER, "🙂" * MAX_LETTER):
        assert client.post("/api/check", json={"text": letter}).status_code == 200
    written = b'{"text": "%s"}' % (b"\\ud83d\\ude42" * MAX_LETTER)
    assert client.post("/api/check", data=written, content_type="application/json").status_code == 200
    assert client.post("/check", data={"text": "🙂" * MAX_LETTER}).status_code == 200
    problem = client.post("/api/check", data=b"x" * (1280 * 1024 + 1), content_type="application/json")
    assert (problem.status_code, problem.json["detail"]) == (413, "The body must not be larger than 1,280 KiB.")


def test_a_token_guards_the_check(answerer):
    """Where the server has a token, letters are checked for who sends it, and from the page itself."""
    client = create_app(answerer, admission=Admission("0123456789abcdef")).test_client()
    assert client.post("/api/check", json={"text": RIGHT}).status_code == 401
    assert client.post("/check", data={"text": RIGHT}).status_code == 401
    assert client.post("/check", data={"text": RIGHT}, headers={"Origin": "http://localhost"}).status_code == 200


def test_no_letter_is_logged_or_kept(client, caplog):
    """What was checked is in no log, and no cache may keep the answer."""
    caplog.set_level(0)
    response = client.post("/check", data={"text": "Dear Xanthippe, see 21 017 496."}, headers=PAGE)
    assert "Xanthippe" not in caplog.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_letter_too_many(answerer):
    """While as many letters are checked as may be at once, one more is refused, and taken again afterwards."""

    class Slow:
        def get(self):
            with pytest.raises(Busy):
                checks.check(Letter(text=RIGHT))
            return answerer.stores.get()

    checks = Checks(Slow(), at_once=1)
    assert [checks.check(Letter(text=RIGHT)).is_right for _ in range(2)] == [True, True]


def test_busy(answerer):
    """A busy server says so, and when to come back; the page keeps the letter."""
    busy = create_app(answerer, checks=Checks(answerer.stores, at_once=0)).test_client()
    problem = busy.post("/api/check", json={"text": RIGHT})
    assert (problem.status_code, problem.json["type"]) == (503, "/docs#problem-busy")
    response = busy.post("/check", data={"text": RIGHT}, headers=PAGE)
    assert (response.status_code, problem.headers["Retry-After"], response.headers["Retry-After"]) == (503, "5", "5")
    page = LexborHTMLParser(response.text)
    assert page.css_first("textarea").text().strip() == RIGHT
    assert "again in a few seconds" in page.css_first("#problem").text()


def test_exact_is_what_is_cited(answerer):
    """Words that stand somewhere and are not cited make no letter exact."""
    uncited = f"He wrote {RIGHT.partition('(')[0]}."
    assert [
        Check.of(Letter(text=text), answerer.stores.get()).is_right
        for text in (RIGHT, uncited, f"{RIGHT}\n\n{uncited}")
    ] == [
        True,
        False,
        False,
    ]


# How much is told

LISTED = ", ".join(f"{first}-{last}" for first, last in itertools.combinations(range(1, 83), 2))
LONG_ANSWERS = {
    "ranges": f"20 001 737, paragraphs {LISTED}",
    "ranges again": f"20 001 737, paragraphs {'1-82, ' * 16_000}82",
    "one again": f"20 001 737, paragraphs {'9, ' * 33_000}82",
    "whole each": "(20 001 737, paras 1-82) " * 4_000,
    "places": "20 001 737 para 1. " * 5_000,
    "quoted": "“the” (20 001 737, paragraphs 1 to 82) " * 2_500,
    "uncited": "“The Council has agreed to” " * 3_500,
    "named again": f"20 001 737, paragraphs {LISTED[:1_200]}. {'“the council did not” ' * 4_000}",
    "left out": "“the … of” (20 001 737, paragraphs 1 to 82) " * 2_200,
    "control characters": f"“the council did not {chr(1) * 300}” (20 001 737, para 1) " * 285,
    "bodies": "Halton Council, paragraph 80. " * 3_300,
    "escaped": f"“the council did not {'<&' * 150}” (20 001 737, para 1) " * 285,
}


@pytest.mark.parametrize("name", LONG_ANSWERS)
def test_an_answer_has_an_end(client_once, name):
    """However much a letter cites, the answer and the page are no larger than some megabytes."""
    text = LONG_ANSWERS[name]
    assert len(text) <= MAX_LETTER
    assert len(client_once.post("/api/check", json={"text": text}).data) < 4_000_000
    assert len(client_once.post("/check", data={"text": text}, headers=PAGE).data) < 8_000_000


def test_where_an_answer_ends_is_told(client_once):
    """What is not told any more is not held, says so, and stands where the rest of the letter begins; the page says
    before all else that not everything was checked."""
    text = "20 001 737 para 1. " * 5_000
    *told, last = client_once.post("/api/check", json={"text": text}).json["findings"]
    assert len(told) <= 2_000 and all(one["verdict"] == "found" for one in told)
    assert (last["verdict"], last["to_look_at"]) == ("not_held", True)
    assert last["detail"].startswith("From here on, not everything was checked")
    assert told[-1]["end"] <= last["start"] < told[-1]["end"] + 20
    assert "Not everything was checked" in page_of(client_once, text).css_first("section .about").text()


# The page


def test_page_tells_what_is_wrong_first(client):
    """The wrong ones are listed, with the right citation and what to strike and to add; the exact ones are folded."""
    page = page_of(client, PLANTED)
    listed = page.css_first(".findings")
    assert page.css_first("h2").text() == "7 of 16 citations need attention"
    assert [node.text() for node in listed.css(".verdict")].count("Not held") == 4
    assert "was misleading" in listed.css_first("del").text()
    assert "is incomplete" in listed.css_first("ins").text()
    assert page.css_first("details.is-right summary").text() == "4 exact, 5 found"
    assert page.css_first("title").text() == "7 of 16 citations need attention – Check a letter – decision-qa"
    assert "advice (add: is incomplete) (strike: was misleading) and" in page.css_first(".correction").text()


def test_page_counts_what_is_found_apart(client):
    """Where nothing is quoted the page says so, and that no words were compared."""
    page = page_of(client, f"{RIGHT} See also paragraph 50 of 21 017 496.")
    assert page.css_first("h2").text() == "Nothing needs attention"
    assert page.css_first("details.is-right summary").text() == "1 exact, 1 found"
    assert "no words were compared" in page.css_first("details.is-right .about").text()


def test_page_does_not_fold_what_is_to_read(client):
    """A quotation without a citation is listed, though its words are right."""
    page = page_of(client, f"He wrote {RIGHT.partition('(')[0]}.")
    assert page.css_first("h2").text() == "1 of 1 citation needs attention"
    assert page.css_first("details.is-right") is None


def test_page_gives_a_long_letter_back_whole(client):
    """What is too long comes back to its end, with how long it is; a line's end is one character."""
    text = "a\r\n" * 50_000
    assert client.post("/check", data={"text": text}, headers=PAGE).status_code == 200
    response = client.post("/check", data={"text": f"{text}The end."}, headers=PAGE)
    page = LexborHTMLParser(response.text)
    assert response.status_code == 400
    assert page.css_first("textarea").text().endswith("The end.")
    assert "and it has 100,008;" in page.css_first("#problem").text()


def test_page_says_that_a_letter_was_lost(client):
    """What is too long to be sent is not given back, and the page says so."""
    response = client.post("/check", data={"text": "a" * 1_400_000}, headers=PAGE)
    assert response.status_code == 413
    assert "was not kept" in LexborHTMLParser(response.text).css_first("#problem").text()


def test_page_keeps_the_letter_in_its_field(client):
    """The text comes back as it was pasted, escaped."""
    text = "</textarea><script>alert(1)</script> 21 017 496"
    page = page_of(client, text)
    assert page.css_first("textarea").text().strip() == text
    assert len(page.css("script")) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "a" * (MAX_LETTER + 1)])
def test_page_tells_what_cannot_be_checked(client, text):
    response = client.post("/check", data={"text": text}, headers=PAGE)
    page = LexborHTMLParser(response.text)
    assert response.status_code == 400
    assert page.css_first("#problem a").attributes["href"] == "#text"


def test_more_than_is_looked_for(client, run, tmp_path):
    """Where not everything was looked for, that is said once, before the findings."""
    text = " ".join(f"“nobody ever wrote sentence {number}”." for number in range(310))
    assert page_of(client, text).css_first("h2 + p").text().startswith("Not everything was checked: ")
    (tmp_path / "letter.txt").write_text(text, encoding="utf-8")
    assert run(str(tmp_path / "letter.txt"))[1].startswith("Not everything was checked: ")


def test_page_says_if_there_is_nothing_to_check(client):
    page = page_of(client, "Dear Sir, I am cross.")
    assert page.css_first("h2").text() == "Nothing to check"


# The command


@pytest.fixture
def run(seed_index, monkeypatch, capsys):
    """Runs `check-citations` and gives its exit code and what it printed."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["decision-qa", "check-citations", "--index", str(seed_index), *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


def test_command_ends_with_0_if_all_is_exact(run, tmp_path):
    (tmp_path / "letter.txt").write_text(RIGHT, encoding="utf-8")
    code, out, _ = run(str(tmp_path / "letter.txt"))
    assert code == 0
    assert out.endswith("1 exact.\n")


def test_command_ends_with_0_if_nothing_is_quoted(run, tmp_path):
    """A right citation is counted as found, and nothing is to be looked at."""
    (tmp_path / "letter.txt").write_text("See paragraph 50 of 21 017 496.", encoding="utf-8")
    code, out, _ = run(str(tmp_path / "letter.txt"))
    assert code == 0
    assert out.endswith("1 found.\n")


def test_command_shows_the_difference(run):
    """What to strike and what to add stand in marks."""
    code, out, _ = run(str(PROJECT / "tests" / "letters" / "planted.txt"))
    assert code == 1
    assert "But the advice {+is incomplete+} [-was misleading-] and" in out
    assert out.endswith("4 exact, 5 found, 1 altered, 1 wrong paragraph, 1 number inferred, 4 not held.\n")


def test_command_prints_json(run):
    code, out, _ = run(str(PROJECT / "tests" / "letters" / "planted.txt"), "--json")
    assert code == 1
    assert json.loads(out)["counts"]["altered"] == 1


def test_command_ends_with_1_if_there_is_nothing_to_check(run, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    code, out, _ = run(str(tmp_path / "letter.txt"))
    assert (code, out[:8]) == (1, "It has n")


def test_command_tells_in_one_sentence_what_it_cannot_read(run, tmp_path):
    (tmp_path / "letter.docx").write_bytes(b"PK\3\4" + b"\0" * 90)
    code, out, err = run(str(tmp_path / "letter.docx"))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_api_tells_what_is_to_be_looked_at(client):
    """What is exact, but was cut behind a “not”, is to be looked at; what is whole is not."""
    texts = "“uphold this part of the complaint” (21 017 496, paragraph 53)", RIGHT
    told = [client.post("/api/check", json={"text": text}).json["findings"][0] for text in texts]
    assert [(one["verdict"], one["to_look_at"]) for one in told] == [("exact", True), ("exact", False)]


# In a process of its own


@pytest.fixture
def aside(seed_index, answerer):
    """Checks letters in a process that does nothing else."""
    checks = ChecksAside(answerer.stores, partial(LatestStore, seed_index))
    yield checks
    checks.stop()


def test_letter_is_checked_aside_as_here(aside, answerer):
    """A process that does nothing else finds the same."""
    assert aside.check(Letter(text=RIGHT)) == Checks(answerer.stores).check(Letter(text=RIGHT))


def test_one_client_does_not_keep_others_from_checking(answerer):
    """While a client has as many letters checked as one may, its next is refused, and that of another checked."""

    class Slow:
        def get(self):
            if not told:
                told.append(True)
                with pytest.raises(Busy):
                    checks.check(Letter(text=RIGHT), "a")
                assert checks.check(Letter(text=RIGHT), "b").is_right
            return answerer.stores.get()

    told = []
    checks = Checks(Slow(), at_once=2)
    assert checks.check(Letter(text=RIGHT), "a").is_right
    assert told


@pytest.mark.parametrize("form", ["a&" * 100_000, "&".join(f"{number:x}=" for number in range(100_000))])
def test_form_of_many_fields_is_refused(client, form):
    """A form with more fields than there are is refused, instead of being read."""
    response = client.post("/check", data=form, content_type="application/x-www-form-urlencoded", headers=PAGE)
    assert response.status_code == 400
    assert "must have only the field text" in response.text


def test_json_of_many_fields_is_refused(client):
    """So is JSON, by the first of them that is none."""
    response = client.post("/api/check", json={"text": RIGHT} | {str(number): 0 for number in range(50_000)})
    assert response.status_code == 400
    assert response.json["detail"] == "There is no field “0”; the field is text."


def test_letter_whose_process_hangs_can_be_sent_again(seed_index, answerer, monkeypatch):
    """Where the process is stopped, the letter is not said to be too long, and the next is checked by another."""
    monkeypatch.setattr("qa.letters.letter._SPARE", 1.0)
    checks = ChecksAside(answerer.stores, partial(LatestStore, seed_index), at_once=1, seconds=60)
    checks.start()
    process = checks._pool.schedule(os.getpid).result()
    checks._seconds = 1.0
    os.kill(process, signal.SIGSTOP)
    try:
        with pytest.raises(Busy, match="Send it again"):
            checks.check(Letter(text=RIGHT))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    checks._seconds = 60
    assert checks.check(Letter(text=RIGHT)).is_right
    checks.stop()


def test_letter_that_takes_too_long_is_given_up(seed_index, answerer, monkeypatch):
    """A letter that is not checked in time is given up with a sentence, and the next is checked."""
    monkeypatch.setattr("qa.letters.letter._SPARE", 120.0)  # however long the process takes to begin
    checks = ChecksAside(answerer.stores, partial(LatestStore, seed_index), seconds=0.001)
    checks.start()
    with pytest.raises(Busy, match="takes too long"):
        checks.check(Letter(text=f"{RIGHT} " * 1000))
    checks._seconds = 60
    assert checks.check(Letter(text=RIGHT)).is_right
    checks.stop()


def test_process_that_was_killed_is_replaced(aside):
    """Where the process is killed, the next letter is checked by another."""
    aside.start()
    os.kill(aside._pool.schedule(os.getpid).result(), signal.SIGKILL)
    with contextlib.suppress(Busy):  # it may not have been noticed yet
        aside.check(Letter(text=RIGHT))
    assert aside.check(Letter(text=RIGHT)).is_right


def test_damage_is_told_though_another_process_met_it(tmp_path, seed_index, answerer):
    """What is damaged is told as such by the process that checks letters too, and the process goes on."""
    index = tmp_path / "index"
    shutil.copytree(seed_index, index)
    checks = ChecksAside(answerer.stores, partial(LatestStore, index))
    [database] = index.glob("000001/segment-*/decisions.sqlite")
    database.write_bytes(database.read_bytes()[:-1] + b"x")
    for _ in range(2):
        with pytest.raises(IndexDamaged, match="decision-qa verify"):
            checks.check(Letter(text=RIGHT))
    assert checks._pool.active
    checks.stop()
