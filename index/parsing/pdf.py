"""A PDF → its pages as lines of text, each with how it is set. No text is read from it that it does not hold.

Only what a PDF says is kept: where a line stands, how large it is, and whether it is bold throughout. What cannot be
read whole (a scan, a file that is encrypted or cut off, letters that nobody can tell) is refused with a sentence;
index.parsing.isolated bounds time and memory. pypdf is imported when the first PDF comes.
"""

from __future__ import annotations

import io
import itertools
import logging
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.decisions import fold
from index.errors import NotADecision

_MAX_PAGES = 400  # the longest reports have some 60
_MAX_STREAM_BYTES = 50_000_000  # of a page, not compressed
_MAX_CHARACTERS = 1_000_000  # of a page; more would be no page
_MIN_CHARACTERS_PER_PAGE = 40  # on average: a scan has none, but may have a stamp or a number on each page
_MAX_UNREAD_SHARE = 0.01  # of the letters, that have no meaning in Unicode
_EDGE_LINES = 3  # at the top and at the bottom of a page, among which its running head, foot and number are looked for
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
# “7”, “Final report 7”, “Page 7 of 30”, “7 | Final report”
_PRINTED = re.compile(r"\A(?P<first>[0-9]{1,3})\b|\b(?P<number>[0-9]{1,3})(?: (?:of|/) [0-9]{1,3}|/[0-9]{1,3})?\Z")
_ROMAN = re.compile(r"\b(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})\Z")  # of a page before page 1
_RUNNING_SHARE = 0.4  # of the pages have the same running head or foot; odd and even ones may differ
_SAME_SIZE = 0.08  # share by which the sizes of letters differ that are meant to be the same

_ENCRYPTED = "It is a PDF that is locked with a password."
_DAMAGED = "It is a PDF that is cut off or damaged."
_SCAN = "It is a PDF without text, such as a scan; save the page of the decision as HTML or text instead."
_TWICE = "It is a PDF of a report two of whose pages have the same number, so that neither could be cited."
_UNREADABLE = "It is a PDF whose letters cannot be told; save the page of the decision as HTML or text instead."


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line as it is set: `x` and `y` are in points, to the right and downwards.

    `size` is that of its largest letters, in points; `is_bold` whether all of it is bold.
    """

    text: str
    x: float
    y: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page without its running head and foot, and its `whole` text with these, a line each.

    `number` is what is printed on it, in figures or in roman ones, or else its place in the file; None for what stands
    before the first page with a printed number, such as a cover.
    """

    number: str | None
    lines: tuple[PdfLine, ...]
    whole: str


def read_pdf(source: bytes, most: int | None = None) -> list[PdfPage]:
    """The pages of a PDF, or the first ones. Raises NotADecision."""
    pages = list(itertools.islice(_read(source), most))
    letters = [letter for lines in pages for line in lines for letter in line.text if not letter.isspace()]
    if len(letters) < _MIN_CHARACTERS_PER_PAGE * len(pages):
        raise NotADecision(_SCAN)
    unread = sum(letter == "\ufffd" or unicodedata.category(letter) in ("Co", "Cn", "Cc") for letter in letters)
    if unread > _MAX_UNREAD_SHARE * len(letters):
        raise NotADecision(_UNREADABLE)
    return _numbered(pages)


def _read(source: bytes) -> Iterator[list[PdfLine]]:
    import pypdf  # a tenth of a second, which the other kinds need not spend

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings are for whoever made the file
    if b"%%EOF" not in source[-2048:]:
        raise NotADecision(_DAMAGED)
    try:
        reader = pypdf.PdfReader(io.BytesIO(source))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotADecision(_ENCRYPTED)
        count = len(reader.pages)
        if not 0 < count <= _MAX_PAGES:
            raise NotADecision(f"It is a PDF of {count:,} pages; a report has 1 to {_MAX_PAGES}.")
        for page in reader.pages:
            _check_is_whole(page)
            yield _lines_of(page)
    except (NotADecision, MemoryError):
        raise
    except pypdf.errors.DependencyError:
        raise NotADecision(_ENCRYPTED) from None
    except Exception:  # of what is damaged pypdf says so in many ways, by an assertion or a missing key as well
        raise NotADecision(_DAMAGED) from None


def _check_is_whole(page: Any) -> None:
    """Raise NotADecision where a compressed part of a page has lost something: pypdf would give what is left of it."""
    contents = page.get("/Contents")
    contents = contents.get_object() if contents is not None else []
    for part in contents if isinstance(contents, list) else [contents]:
        stream = part.get_object()
        if stream.get("/Filter") in ("/FlateDecode", ["/FlateDecode"]):
            reading = zlib.decompressobj()
            reading.decompress(stream._data, _MAX_STREAM_BYTES)  # pypdf has no public name for it
            if not reading.eof:
                raise NotADecision(_DAMAGED)


@dataclass(slots=True)
class _Piece:
    """What is set at once: a part of a line."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool


def _lines_of(page: Any) -> list[PdfLine]:
    """The lines of a page in its order, those without text left out."""
    lines: list[list[_Piece]] = [[]]
    characters = 0

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        nonlocal characters
        characters += len(text)
        if characters > _MAX_CHARACTERS:
            raise NotADecision(f"It is a PDF with a page of more than {_MAX_CHARACTERS:,} characters.")
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3])
        name = str(font.get("/BaseFont", "")) if font else ""
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(_Piece(part, x, y, abs(size) * scale, _BOLD.search(name) is not None))

    page.extract_text(visitor_text=visit)
    return [line for pieces in lines if (line := _line(pieces)) is not None]


def _line(pieces: Sequence[_Piece]) -> PdfLine | None:
    text = fold("".join(piece.text for piece in pieces))
    shown = [piece for piece in pieces if piece.text.strip()]
    if not text or not shown:
        return None
    return PdfLine(
        text, shown[0].x, -shown[0].y, max(piece.size for piece in shown), all(piece.is_bold for piece in shown)
    )


# The running head and foot, and the number of a page.


def _numbered(pages: Sequence[list[PdfLine]]) -> list[PdfPage]:
    """The pages with their numbers, and without what stands at the edge of several with nothing changed but a number.

    Numbers count as printed where they run on from page to page; where none does, the place in the file counts.
    """
    edges = [{at for at in range(len(lines)) if min(at, len(lines) - 1 - at) < _EDGE_LINES} for lines in pages]
    shapes = Counter(
        shape for lines, edge in zip(pages, edges, strict=True) for shape in {_shape(lines[at]) for at in edge}
    )
    offsets: Counter[int] = Counter()
    running: list[set[int]] = []
    for place, (lines, edge) in enumerate(zip(pages, edges, strict=True), 1):
        running.append({at for at in edge if shapes[_shape(lines[at])] >= max(2, _RUNNING_SHARE * len(pages))})
        offsets.update({number - place for at in running[-1] for number in _printed(lines[at])})
    offset, count = offsets.most_common(1)[0] if offsets else (0, 0)
    offset = offset if count >= max(2, _RUNNING_SHARE * len(pages)) else 0
    numbered = []
    for place, (lines, left_out) in enumerate(zip(pages, running, strict=True), 1):
        number = str(place + offset) if place + offset > 0 else _roman([lines[at] for at in sorted(left_out)])
        kept = tuple(line for at, line in enumerate(lines) if at not in left_out)
        numbered.append(PdfPage(number, kept, "\n".join(line.text for line in lines)))
    romans = [page.number for page in numbered[: max(0, -offset)] if page.number]
    if len(set(romans)) < len(romans):
        raise NotADecision(_TWICE)
    return numbered


def _roman(lines: Sequence[PdfLine]) -> str | None:
    """The roman number of a page in its running lines."""
    return next((found[0] for line in lines if (found := _ROMAN.search(line.text))), None)


def _shape(line: PdfLine) -> str:
    """Equal for lines that differ by a number alone."""
    return re.sub(r"[0-9]+", "0", _ROMAN.sub("0", line.text).casefold())


def _printed(line: PdfLine) -> list[int]:
    """What may be the number of the page in a running line."""
    return [int(found["first"] or found["number"]) for found in _PRINTED.finditer(line.text)]


def body_size(pages: Sequence[PdfPage]) -> float:
    """The size of most of the text, in points."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def is_smaller(line: PdfLine, size: float) -> bool:
    """Whether a line is set smaller than most of the text, as footnotes are."""
    return line.size < size * (1 - _SAME_SIZE)
