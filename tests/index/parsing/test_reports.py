"""Public reports: pages with sections, PDFs with and without numbered paragraphs, and pages saved as one file."""

from __future__ import annotations

import datetime
import io
import re
import zlib

import pypdf
import pytest
from conftest import PROJECT, SIXTH
from pdfs import with_table, write_pdf

from index.decisions import Line, Pinpoint, Reference
from index.errors import InputError, NotADecision, NotHeld
from index.parsing.isolated import Reader
from index.parsing.parse import parse, reference_of
from index.parsing.sections import is_report
from index.served_page import ServedPage

CAPTURES = PROJECT / "tests" / "captures"
REPORTS = PROJECT / "tests" / "reports"
COVER = """# Report by the Local Government and Social Care Ombudsman
Investigation into a complaint about
Fallowmere County Council
(reference number: 19 004 812)
3 June 2020
"""
SUMMARY = """# Report summary
## Education and transport
Two families complain that the Council ended their taxi.

## Finding
Fault found causing injustice.
~ Final report 1"""
FIRST = """# The complaint
1. Mrs D complains that the Council ended the taxi that took
her child to school. She says that:
  • she had to drive each day; and
  • she lost a day of self-
  employed work.
2. She wants an apology.
## What we found
3. The Council agreed that it:
  (a) gave four days of notice; and
  (b) did not consider the age of the child.
~ Final report 2"""
LAST = """# Conclusions
4. There was fault by the Council, as we
say in paragraph 3.
~ Final report 3"""


def report(*pages: str) -> bytes:
    return write_pdf(pages or (COVER, SUMMARY, FIRST, LAST))


def places(source: bytes) -> list[str]:
    return [place.pinpoint.place for place in parse(source).places()]


def section_capture() -> str:
    return (REPORTS / "sections.txt").read_text(encoding="utf-8")


# Pages with sections.


def test_section_is_cited_by_its_heading():
    """A report's page without numbered paragraphs is cited by the headings of its sections."""
    decision = parse(section_capture().encode())
    assert decision.place("recommendations").pinpoint.cite(decision.body, "published") == (
        "Fallowmere County Council (19 004 812), section “Recommendations”"
    )


def test_sections_with_one_heading_are_told_apart():
    """A second section with the same heading is cited with a number behind it."""
    assert [name for name in places(section_capture().encode()) if "Finding" in name] == [
        "section “Finding”",
        "section “Finding” (2)",
    ]


def test_letters_of_a_section_are_text():
    """An item of a section keeps its letter as text: only items of numbered paragraphs are cited by their letters."""
    decision = parse(section_capture().encode())
    assert decision.place("section Recommendations").lines[1] == Line("(a) apologises to both families;", 1)


def test_page_and_its_capture_give_the_same_sections():
    """A saved page of a report gives the sections that its text capture gives."""
    html = section_capture().partition("Report summary")[0].replace("\n\n", "</p><p>")
    for part in section_capture().partition("Report summary")[1:]:
        for line in part.split("\n\n"):
            text = line.strip()
            if text.startswith(("•", "(a)")):
                items = "".join(f"<li>{item.strip()[2:].strip(' )')}</li>" for item in text.splitlines())
                html += f"<ol type=a>{items}</ol>" if text.startswith("(a)") else f"<ul>{items}</ul>"
            else:
                html += f"<h2>{text}</h2>" if text and text[-1].isalpha() else f"<p>{text}</p>"
    assert places(f"<article id=article><p>{html}</article>".encode()) == places(section_capture().encode())


@pytest.mark.parametrize("line", ["The Ombudsman's final decision:", "What I found"])
def test_statement_that_lost_its_numbers_is_no_report(line):
    """What has a heading of a statement is not cited by its headings: its paragraphs had numbers, which are lost."""
    with pytest.raises(NotADecision, match="numbered paragraph"):
        parse(section_capture().replace("Report summary", line).encode())


def test_numbers_of_a_list_are_no_paragraphs():
    """A numbered list within a section makes no paragraphs: its section is cited, and the numbers are text."""
    text = section_capture().replace("(a) apologises", "1. apologises").replace("(b) pays", "2. pays")
    decision = parse(text.encode())
    assert decision.unit == "section"
    assert decision.place("recommendations").lines[1:] == (
        Line("1. apologises to both families;", 1),
        Line("2. pays each of them £350.", 1),
    )


RECOMMENDED = "To remedy the injustice we recommend that the Council:\n\n  (a)"


def test_number_below_sections_is_refused():
    """Where sections without numbers stand above the first number, nobody can tell what it is the number of."""
    text = section_capture().replace("The Ombudsman found fault", "  1. The Ombudsman found fault")
    with pytest.raises(NotADecision, match="stands before the first numbered paragraph"):
        parse(text.encode())


def test_numbered_list_right_below_recommendations():
    """Numbers that stand right below "Recommendations" alone are those of a list: the section has them as text."""
    text = section_capture().replace(RECOMMENDED, "  1.").replace("  (b)", "  2.")
    decision = parse(text.encode())
    assert [line.text for line in decision.place("recommendations").lines] == [
        "1. apologises to both families;",
        "2. pays each of them £350.",
    ]


def test_statement_whose_agreed_action_has_numbers_is_no_report():
    """With a heading of a statement above, a number right below "Agreed action" is that of a paragraph: no report."""
    text = section_capture().replace("Report summary", "How we considered the complaint").replace(RECOMMENDED, "  1.")
    with pytest.raises(NotADecision, match="stands before the first numbered paragraph"):
        parse(text.replace("Recommendations", "Agreed action").replace("  (b)", "  2.").encode())


@pytest.mark.parametrize("heading", ["Report summary", "Summary", "The complaint"])
def test_page_with_a_list_right_below_recommendations(heading):
    """So it is on a page, whatever its first section is called."""
    page = f"""<article id=article><h2>Fallowmere County Council (19 004 812)</h2>
    <h3>{heading}</h3><p>Two families complain.</p><h3>Finding</h3><p>Fault found.</p>
    <h3>Recommendations</h3><ol><li>apologise;</li><li>pay them £350.</li></ol></article>"""
    assert places(page.encode())[1:] == ["section “Finding”", "section “Recommendations”"]


@pytest.mark.parametrize("name", ["sections.txt", "account.txt"])
def test_what_the_council_answered_is_no_text_of_a_report(name):
    """The line by which the site tells that a council has answered is no part of a section, nor of the summary."""
    source = (REPORTS / name).read_text(encoding="utf-8")
    assert "Ombudsman satisfied with" in source
    assert not any("satisfied" in place.text for place in parse(source.encode()).places())


def test_no_labels_are_no_report():
    """Nothing is no report."""
    assert not is_report([], [])


def test_account_alone_is_the_summary():
    """A report's page without headings is its summary, and a place that it has not is told in a sentence."""
    decision = parse((REPORTS / "account.txt").read_bytes())
    assert [place.pinpoint.place for place in decision.places()] == ["summary"]
    with pytest.raises(NotHeld, match="has no paragraph “7”; it has a summary alone, and no numbered paragraphs"):
        decision.place("7")


def test_summary_above_numbered_paragraphs():
    """What stands under "Report summary", above the first numbered paragraph, is the summary, with its headings."""
    decision = parse((REPORTS / "numbered.txt").read_bytes())
    assert (decision.numbering, len(decision.paragraphs)) == ("published", 4)
    assert decision.summary is not None
    assert "Finding\nFault found causing injustice" in decision.summary.text


# PDFs.


def test_numbered_paragraphs_of_a_pdf():
    """Where a report's numbers run from 1 on under headings, its paragraphs are those of the PDF, with its summary."""
    decision = parse(report())
    assert (decision.body, decision.date) == ("Fallowmere County Council", datetime.date(2020, 6, 3))
    assert [place.pinpoint.place for place in decision.places()] == [
        "summary",
        *(f"paragraph {n}" for n in range(1, 5)),
    ]
    assert decision.place("1").text == (
        "Mrs D complains that the Council ended the taxi that took her child to school. She says that:\n"
        "she had to drive each day; and\nshe lost a day of self-employed work."
    )
    assert decision.place("3").section == ("The complaint", "What we found")
    assert decision.place("3(b)").text == "did not consider the age of the child."
    assert decision.summary is not None
    assert decision.summary.text.splitlines()[-2:] == ["Finding", "Fault found causing injustice."]


def test_number_may_stand_apart_from_its_text():
    """A number that is set by itself, before its paragraph, is that of the paragraph."""
    shown = rb"BT /F1 11 Tf 1 0 0 1 72 \1 Tm (\2.) Tj ET BT /F1 11 Tf 1 0 0 1 100 \1 Tm (\3) Tj ET"
    apart = re.sub(rb"BT /F1 11 Tf 1 0 0 1 72 ([0-9]+) Tm \(([0-9])\. (.*?)\) Tj ET", shown, report())
    assert apart != report()
    assert parse(apart) == parse(report())


DOUBTS = {
    "a number is missing": FIRST.replace("2. She", "She"),
    "a list has numbers, too": FIRST.replace("  (b)", "  2."),
    "a number comes twice": FIRST.replace("2. She", "1. She"),
    "text without a number stands below a heading": FIRST.replace("3. The", "The"),
    "no heading is bold": FIRST.replace("# ", "").replace("## ", ""),
    "a footnote stands between": FIRST.replace("2. She", "~ 1 See the guidance.\n2. She"),
    "a number stands further in": FIRST.replace("2. She", "    2. She"),
    "a line stands far from the others": FIRST.replace("~ Final", "\n\n\nSee the leaflet.\n~ Final"),
    "a bold line is a sentence": FIRST.replace("What we found", "We found fault."),
}


@pytest.mark.parametrize("first", DOUBTS.values(), ids=DOUBTS)
def test_in_any_doubt_a_pdf_is_cited_by_page(first):
    """Where anything is in doubt, no paragraph is made up: the pages are cited, and every line stands on its page."""
    decision = parse(report(COVER, SUMMARY, first, LAST))
    assert [place.pinpoint.place for place in decision.places()] == ["page 1", "page 2", "page 3"]
    kept = " ".join(decision.place("page 2").text.replace("self-employed", "self- employed").split())
    for line in first.splitlines()[:-1]:
        assert line.removeprefix("## ").removeprefix("# ").removeprefix("~ ").strip(" •") in kept


UNNUMBERED = "# The complaint\nMrs D complains that the Council ended the taxi.\n"
LISTED = """# Recommendations
1. The Council should apologise.
2. The Council should pay Mrs D £350.
3. The Council should hold a new appeal.
~ Final report 3"""


@pytest.mark.parametrize(
    ("above", "numbered"),
    [(UNNUMBERED, LISTED), ("", LISTED), (UNNUMBERED, LISTED.replace("Recommendations", "Analysis"))],
)
def test_numbered_list_of_a_pdf_makes_no_paragraphs(above, numbered):
    """Where text without numbers stands above, or only recommendations are numbered, the pages are cited."""
    decision = parse(report(COVER, SUMMARY, f"{above}~ Final report 2", numbered))
    assert decision.unit == "page"
    assert not above or decision.place("page 2").text.endswith("Mrs D complains that the Council ended the taxi.")


@pytest.mark.parametrize("page", ["", "He agrees."])
def test_page_with_a_line_or_none(page):
    """A page with nothing on it but its foot, or one line of the last paragraph, leaves the numbers certain."""
    decision = parse(report(COVER, SUMMARY, FIRST, f"{page}\n~ Final report 3", LAST.replace("report 3", "report 4")))
    assert decision.place("3").text.endswith(f"the age of the child.\n{page}".strip())
    assert decision.unit == "paragraph"


def test_front_matter_of_a_pdf_is_no_doubt():
    """What stands in front of every report, such as the Ombudsman's role, leaves its paragraphs certain."""
    role = "# The Ombudsman’s role\nWe investigate complaints about councils.\n# Key to names used\nMrs D The mother"
    assert parse(report(COVER, role, SUMMARY, FIRST, LAST)) == parse(report())


PRINTED = [f"{text}\n~ Final report {at}" for at, text in enumerate(["Some text.", "More text.", "The rest."], 1)]


def test_roman_number_of_a_page_counts():
    """A page in front of page 1 is cited by the roman number that is printed on it."""
    front = [f"# Foreword\nThis is part {at} of a foreword.\n~ Final report {at}" for at in ("i", "ii")]
    decision = parse(report(COVER, *front, *PRINTED))
    assert [place.pinpoint.place for place in decision.places()] == ["page i", "page ii", "page 1", "page 2", "page 3"]
    assert decision.place("page ii").text == "Foreword\nThis is part ii of a foreword."
    assert str(Pinpoint.parse("19 004 812, page ii")) == "19 004 812, page ii"


def test_summary_on_a_page_without_a_number():
    """A "Report summary" on a page without a number, in front of page 1, is the summary."""
    front = SUMMARY.replace("~ Final report 1", "")
    decision = parse(report(COVER, front, *PRINTED))
    assert decision.place("summary").text.endswith("Finding\nFault found causing injustice.")


def test_text_on_a_page_without_a_number_is_refused():
    """Text on a page without a number, in front of page 1, is not left out: the report is refused with the reason."""
    with pytest.raises(NotADecision, match="begins on a page without a number"):
        parse(report(COVER, "# Foreword\nThis is a foreword.", *PRINTED))


def test_sentence_about_confidence_makes_no_draft():
    """A report whose first pages tell what was said in confidence, or of a draft, is none."""
    told = "Mrs D told the officer in confidence that the draft report\nof the Council was wrong about the taxi."
    assert parse(report(COVER, f"{told}\n~ Final report 1", *PRINTED[1:])).place("page 1")


@pytest.mark.parametrize(
    "line", ["Issued in confidence", "CONFIDENTIAL: DRAFT REPORT", "Draft report by the Ombudsman"]
)
def test_line_that_says_draft_makes_one(line):
    """A first page with a line of its own that says so is that of a draft."""
    with pytest.raises(NotADecision, match="a draft, which was not published"):
        parse(report(f"{COVER}{line}\n", SUMMARY, FIRST, LAST))


def test_unnumbered_text_of_a_printed_statement_is_refused():
    """A print of a decision with text above its first number that is no summary is refused: it would be lost."""
    head = "# Fallowmere County Council (19 004 815)\nDecision : Upheld\nSummary: There was fault.\n"
    with pytest.raises(NotADecision, match="numbers are not certain"):
        parse(write_pdf([head + UNNUMBERED + FIRST.replace("~ Final report 2", "")]))


def test_paragraphs_that_the_report_contradicts_are_cited_by_page():
    """Where the report speaks of a paragraph that is not there, its pages are cited."""
    last = LAST.replace("paragraph 3", "paragraph 40")
    assert parse(report(COVER, SUMMARY, FIRST, last)).unit == "page"


def test_printed_number_of_a_page_counts():
    """A page is cited by the number that is printed on it; a cover before the first of these has none."""
    assert places(report(COVER, SUMMARY, "Some text.\n~ Final report 2", "More text.\n~ Final report 3")) == [
        "page 1", "page 2", "page 3"
    ]  # fmt: skip


def test_place_in_the_file_counts_where_no_number_is_printed():
    """Where no number is printed, a page is cited by its place in the file; one without text is passed over."""
    pages = ("First of all, some text of the report stands here.", "", "Last of all, more text of it stands here.")
    assert places(report(COVER, *pages)) == ["page 1", "page 2", "page 4"]


def test_running_head_and_foot_are_no_text_of_a_page():
    """What stands at the edge of most pages, but for its number, is left out."""
    decision = parse(report(COVER, *(f"Head of the report\n\nText {word}.\n~ Page {at} of 9" for at, word in PAGES)))
    assert decision.place("page 3").text == "Text three."


PAGES = [(2, "two, which goes on for a while"), (3, "three"), (4, "four, which goes on for a while")]


def test_first_of_several_references_counts():
    """A report about several complaints goes by the first of their references."""
    cover = COVER.replace("a complaint", "complaints").replace(
        "number: 19 004 812", "numbers: 19 004 812 and 19 004 990"
    )
    assert str(parse(report(cover, SUMMARY, FIRST, LAST)).reference) == "19 004 812"
    assert str(reference_of(report(cover, SUMMARY, FIRST, LAST))) == "19 004 812"


def test_printed_page_of_a_statement():
    """A decision's page that was printed as a PDF gives its numbered paragraphs and its summary, or is refused."""
    head = """# Fallowmere County Council (19 004 815)
Category : Education > School transport
Decision : Upheld
The Ombudsman's final decision:
Summary: There was fault by the Council.
"""
    body = FIRST.replace("~ Final report 2", "")
    decision = parse(write_pdf([head + body]))
    assert decision.category == "Education > School transport"
    assert [place.pinpoint.place for place in decision.places()][:2] == ["summary", "paragraph 1"]
    with pytest.raises(NotADecision, match="PDF print of a decision whose numbers are not certain"):
        parse(write_pdf([head + body.replace("2. She", "1. She")]))


def locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(report()))
    writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def bomb() -> bytes:
    packed = zlib.compress(bytes(400_000_000), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    return with_table(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream]
    )


UNREAD = {
    "a scan": (lambda: write_pdf(["", "1", "2"]), "PDF without text, such as a scan"),
    "locked": (locked, "locked with a password"),
    "cut off": (lambda: report()[:-300], "cut off or damaged"),
    "damaged": (lambda: report().replace(b"/Kids", b"/Kode"), "PDF"),
    "no pages": (lambda: write_pdf([]), "PDF of 0 pages"),
    "many pages": (lambda: write_pdf(["x"] * 401), "PDF of 401 pages"),
    "another document": (lambda: report(SUMMARY, FIRST), "first pages do not say which report it is"),
    "a reference in doubt": (
        lambda: report(COVER.replace("19 004 812", "05/B/1234"), FIRST),
        "do not say which",
    ),
    "a draft": (lambda: report(f"# Draft report\n{COVER}", FIRST), "a draft, which was not published"),
    "a bomb": (bomb, "PDF|more than"),
}


@pytest.mark.parametrize(("source", "reason"), UNREAD.values(), ids=UNREAD)
def test_pdf_that_cannot_be_read_is_refused(source, reason):
    """A PDF that is no report, or cannot be read whole, is refused with one sentence, and the next file is read."""
    with Reader() as reader:
        with pytest.raises(NotADecision, match=reason) as refused:
            reader.parse(source())
        assert str(refused.value).count(". ") == 0
        assert str(reader.reference_of(SIXTH.read_bytes())) == "22 009 999"


def test_pdf_as_it_was_served():
    """A report's PDF that was fetched is read like one that was saved, with its address."""
    url = "https://www.lgo.org.uk/decisions/education/school-transport/19-004-812"
    fetched = datetime.datetime(2026, 5, 3, tzinfo=datetime.UTC)
    served = ServedPage(url, fetched, report(), "application/pdf").to_bytes()
    decision = parse(served)
    assert (decision, decision.provenance.url) == (parse(report()), url)


# Pages saved as one file.

ADDRESS = "https://www.lgo.org.uk/decisions/housing/homelessness/21-004-118"
HEAD = f"""From: <Saved by Blink>\r
Snapshot-Content-Location: {ADDRESS}\r
Subject: Decisions\r
MIME-Version: 1.0\r
Content-Type: multipart/related;\r
\ttype="text/html";\r
\tboundary="--part--"\r
\r
----part--\r
Content-Type: text/html\r
Content-Transfer-Encoding: quoted-printable\r
\r
"""
TAIL = """\r
----part--\r
Content-Type: text/css\r
\r
p {}\r
----part----\r
"""


def mhtml() -> bytes:
    page = (CAPTURES / "continuing.html").read_bytes().replace(ADDRESS.encode(), b"")
    quoted = page.replace(b"=", b"=3D").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return HEAD.encode() + quoted + TAIL.encode()


def test_page_saved_as_one_file():
    """A page saved as MHTML gives the decision of the page, and the address that it was saved from."""
    decision = parse(mhtml())
    assert decision == parse((CAPTURES / "continuing.html").read_bytes())
    assert decision.provenance.url == ADDRESS


@pytest.mark.parametrize("end", [-len(TAIL) - 200, len(HEAD) - 4])
def test_page_saved_as_one_file_that_is_cut_off_is_refused(end):
    """Where the file ends within the page, nothing of it is taken."""
    with pytest.raises(NotADecision, match="cut off or damaged"):
        parse(mhtml()[:end])


# Places.


@pytest.mark.parametrize("text", ["19 004 812, page 7", "19 004 812, section “Finding” (2)", "19 004 812, summary"])
def test_pinpoint_reads_what_it_writes(text):
    """A page, a section and the summary are pinpoints that are read as they are written."""
    assert str(Pinpoint.parse(text)) == text


@pytest.mark.parametrize(
    "name", ["page 0", "page", "section", "section “”", "chapter 3", "page 7\n", "page iiii", "page "]
)
def test_no_other_name_is_a_place(name):
    """A place has one of a few forms."""
    with pytest.raises(InputError, match="is no place"):
        Pinpoint(Reference("19 004 812"), name)
