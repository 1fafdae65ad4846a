"""A text capture → its lines as labels; and from the bytes of any capture, text or page, to its text.

Whether an unmarked line is a heading or text is not settled here. Lines that a program wrapped are put together again.
"""

from __future__ import annotations

import codecs
import contextlib
import functools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from index.decisions import INVISIBLE, fold
from index.errors import NotADecision
from index.parsing.numbering import Label, bared, is_ended, joined

MAX_BYTES = 5_000_000
"""No decision comes near this size; a larger file is something else."""

_MARKED = re.compile(
    r"""
    \A(?P<indent>\s*)
    (?:
        (?P<value>\d{1,4})[.)]                 # 12.
      | (?P<letter>[(]?(?:(?P<alphabetic>[a-z])|[ivx]{2,5})[).])  # (a), a), a. or (ii)
      | (?P<bullet>[•◦▪▫●○■□‣∙·\uf0b7*])
      | (?P<dash>[-–])
    )
    (?:\s+ (?P<text>\S.*))?                    # some captures set the text of an item on the next line
    """,
    re.VERBOSE,
)


# Chinese, Japanese, Korean and more but for the space, and what two ends of lines come to.
_EAST = re.compile("[\u0a00\u0d00\u2e00\u2e80-\u2fff\u3001-\ud7ff\uf900-\ufaff]")
_ASCII = frozenset((*b"\t\n\r", *range(0x20, 0x7F)))
_FEWEST = 4  # of such letters in a text that is not UTF-16 now
_OUT_OF_STEP = "The file is damaged: bytes of its UTF-16 are missing or too many, so that it reads “{}”."
_TOLD = 8
_MARKDOWN = re.compile(r"#{1,6} (?P<hashed>[^\s#](?:.*[^\s#])?)(?: #+)?|\*\*(?P<bold>[^*\s](?:[^*]*[^*\s])?)\*\*")
_SHORTEST = 40  # bytes; what is shorter tells nothing by its zeros
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST_LIST = 999  # a number at the beginning of a line is a year otherwise
_TEXT_ENDS = (*".:;,?!…”)’", " and", " or")
HANGING = 2
"""Columns by which the text of an item stands further in than its mark, at least."""


# From bytes to text


def decode(source: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252. Raises NotADecision where it is none, or too large."""
    if not source.strip():
        raise NotADecision("The file is empty.")
    if len(source) > MAX_BYTES:
        raise NotADecision(f"The file has {len(source):,} bytes, more than any decision ({MAX_BYTES:,} at most).")
    text = _read_bytes(source)
    if source.startswith(b"PK\3\4"):
        raise NotADecision("The file is an archive; decision-qa add takes out what is in one whose name ends in .zip.")
    if re.search(r"[\0-\x08\x0e-\x1b\x7f\x81\x8d\x8f\x90\x9d]", text):
        raise NotADecision("The file is binary, or text in another encoding than UTF-8, UTF-16 or Windows-1252.")
    if not text.strip():
        raise NotADecision("The file is empty.")
    if strays := _out_of_step(text, {0}, _FEWEST):
        raise NotADecision(_OUT_OF_STEP.format(strays))
    return text


def _out_of_step(text: str, low: Collection[int], fewest: int) -> str:
    """The first letters that hold halves of others, if they are so many, and most of those of their kind.

    That is what comes of English in UTF-16 from where a byte is missing on (then the lower byte is zero), or of ASCII
    that was put in. Of the letters of a text in Chinese one in 256 looks so, or one in three.
    """
    letters = [] if text.isascii() else _EAST.findall(text)
    strays = [letter for letter in letters if ord(letter) >> 8 in _ASCII and ord(letter) & 0xFF in low]
    return "".join(strays[:_TOLD]) if len(strays) >= fewest and 2 * len(strays) > len(letters) else ""


def _read_bytes(source: bytes) -> str:
    """UTF-16 where a mark of byte order or the zeros tell it, else UTF-8, and what is none of that as Windows-1252."""
    most = len(source) // 2 * 9 // 10  # of the bytes that are zero where ASCII is written in two
    for mark, encoding, zeros in (
        (codecs.BOM_UTF16_LE, "utf-16-le", source[1::2]),
        (codecs.BOM_UTF16_BE, "utf-16-be", source[0::2]),
    ):
        if source.startswith(mark) or (len(source) >= _SHORTEST and zeros.count(0) > most):
            try:
                text = source.removeprefix(mark).decode(encoding)
            except UnicodeDecodeError:
                raise NotADecision("The file is cut off or damaged: it is no whole text in UTF-16.") from None
            if strays := _out_of_step(text, {0, *_ASCII}, 1):
                raise NotADecision(_OUT_OF_STEP.format(strays))
            return text
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _NOT_ASCII.sub(_as_windows_1252, source).decode("utf-8")
    return text.translate(_CONTROLS) if _CONTROL.search(text) else text


_NOT_ASCII = re.compile(rb"[\xc2-\xef][\x80-\xbf]{1,2}|[\x80-\xff]")
_ENGLISH = re.compile(r"[\u00a0-\u017f\u2000-\u206f\u20a0-\u20bf\u2190-\u27bf\ufeff]")


def _as_windows_1252(match: re.Match[bytes]) -> bytes:
    return _in_english(match[0])


@functools.lru_cache(maxsize=4_096)
def _in_english(piece: bytes) -> bytes:
    """What is not ASCII in a file that is not all UTF-8, as UTF-8: it stays only where an English text has it."""
    with contextlib.suppress(UnicodeDecodeError):
        if _ENGLISH.fullmatch(piece.decode("utf-8")):
            return piece
    return "".join(bytes([byte]).decode("windows-1252", errors="ignore") or chr(byte) for byte in piece).encode()


# Quotation marks and dashes of Windows-1252 that a program took for controls of Latin-1; HTML reads them so, too.
_CONTROLS = {
    code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("windows-1252", errors="ignore"))
}

_CONTROL = re.compile(f"[{''.join(map(chr, _CONTROLS))}]")

# From text to labels


def read_lines(text: str) -> Iterator[Label]:
    """The lines of a text capture as labels; whether an unmarked one is a heading is settled later."""
    held: Label | None = None  # waits for the rest of its text
    rest: list[str] = []
    seen = _Numbers()
    gap = False
    for raw in _LINE_END.split(text):
        line = INVISIBLE.sub("", raw).rstrip()
        label = _label(line)
        if label is None:
            gap = True
            continue
        if (label.value or 0) > _LONGEST_LIST and not seen.is_next(label.value or 0, label.indent):
            label = Label("line", fold(line), label.indent)
        if label.marker == "line" and (held is None or gap or is_ended(rest[-1] if rest else held.text)):
            label = _joined(label, seen)
        if held is not None and _continues(label, held, rest, gap, seen):
            rest.append(label.text if label.marker == "line" else fold(line))
        else:
            yield from _whole(held, rest)
            held, rest = replace(label, gap=True) if gap else label, []
            if label.marker == "number":
                seen.add(label)
        gap = False
    yield from _whole(held, rest)


class _Numbers:
    """The last number at each indent."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}
        self._values: Counter[int] = Counter()

    def add(self, label: Label) -> None:
        """Take in a number that begins an item."""
        self._values[self._at.get(label.indent, -1)] -= 1
        self._at[label.indent] = label.value or 0
        self._values[label.value or 0] += 1

    def is_next(self, value: int, indent: int) -> bool:
        """Whether a number is the next of the list at this indent."""
        return self._at.get(indent) == value - 1

    def may_be_next(self, label: Label) -> bool:
        """Whether a number goes on with a list at whatever indent."""
        return self._values[(label.value or 0) - 1] > 0


def _joined(label: Label, seen: _Numbers) -> Label:
    """An unmarked line as the next item of the list at its indent, where it is that but for a missing space."""
    found = joined(label.text)
    if found is None or not seen.is_next(found[0], label.indent):
        return label
    mark = label.text.removesuffix(found[1]).rstrip()
    return replace(label, marker="number", value=found[0], text=found[1], mark=mark, is_joined=True)


def _whole(held: Label | None, rest: Sequence[str]) -> Iterator[Label]:
    """A label with all of its text; a mark without any is nothing, but a number or letter may count: it is text."""
    if held is not None and (held.text or rest):
        yield replace(held, text=" ".join([held.text, *rest]).lstrip()) if rest else held
    elif held is not None and held.marker in ("number", "letter"):
        yield Label("none", held.mark, held.indent)


def _continues(label: Label, held: Label, rest: Sequence[str], gap: bool, seen: _Numbers) -> bool:
    """Whether a line goes on with the item above it: it is unmarked and stands as far in as that item's text.

    So may a line that happens to break before a year ("2018. She…"), a dash or a letter; but not before a number that
    begins a list or goes on with one.
    """
    if held.marker in ("line", "none"):
        return False
    if not held.text and not rest:  # some captures set the text of an item below its mark
        is_below = not gap and label.indent >= held.indent + HANGING
        return label.marker == "line" and (is_below or label.text.endswith(_TEXT_ENDS))
    if gap or label.indent < held.indent + HANGING:
        return False
    if label.marker == "number":
        return label.value != 1 and not seen.may_be_next(label)
    unfinished = (rest[-1] if rest else held.text)[-1].isalnum()
    return label.marker == "line" or (unfinished and label.marker in ("dash", "letter"))


def _without_markdown(text: str) -> str:
    """A line without what Markdown sets around a heading, which the published page does not show."""
    found = _MARKDOWN.fullmatch(text)
    return found["hashed"] or found["bold"] if found else text


def _label(line: str) -> Label | None:
    readable = bared(line)
    spread = readable.expandtabs()
    indent = len(spread) - len(spread.lstrip())
    text = fold(line)
    marked = _MARKED.fullmatch(readable)
    if (
        not text or (readable is not line and not readable.strip()) or re.fullmatch(r"\|[\s|:-]+\|", text)
    ):  # the rule below the head of a table
        return None
    if re.fullmatch(r"\|.*\|", text) or (re.search(r"\S\t\s*+\S", line) and marked is None):
        return Label("none", fold(" ".join(text.strip("|").split(" | "))), indent)
    if marked and (marked["letter"] or "").endswith(".") and indent < HANGING:
        marked = None  # "i. e." at the beginning of a line
    if marked is None or (marked["text"] is None and int(marked["value"] or 0) > _LONGEST_LIST):
        return Label("line", _without_markdown(text), indent)
    said = fold(marked["text"] or "")
    if marked["value"]:
        return Label("number", said, indent, int(marked["value"]), readable.split(maxsplit=1)[0])
    if marked["letter"]:
        letter = marked["alphabetic"]
        return Label("letter", said, indent, ord(letter) - ord("a") + 1 if letter else None, marked["letter"])
    return Label("bullet" if marked["bullet"] else "dash", said, indent)
