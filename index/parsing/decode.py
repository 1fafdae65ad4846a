"""The bytes of any file that may be a decision → its text, in UTF-8, UTF-16 or Windows-1252. Pure.

A file in another encoding, a binary one, or one that is damaged so that its text would be guesswork, is refused.
"""

from __future__ import annotations

import codecs
import contextlib
import functools
import re
from collections.abc import Collection
from typing import Literal

from index.errors import NotADecision

MAX_BYTES = 5_000_000
"""No decision comes near this size; a larger file is something else."""

MAX_PDF_BYTES = 20_000_000
"""The same of a report that was published as a PDF, which may hold pictures."""

_PDF = re.compile(rb"\A(?:\xef\xbb\xbf|\s){0,64}%PDF-")
_MHTML = re.compile(
    rb"\A(?:[A-Za-z-]{1,60}:[^\r\n]*\r?\n|[ \t][^\r\n]*\r?\n){0,40}?Content-Type:\s*multipart/related", re.IGNORECASE
)
_SAFARI = re.compile(rb"\Abplist00")
# Chinese, Japanese, Korean and more but for the space, and what two line ends come to.
_EAST_ASIAN = re.compile("[\u0a00\u0d00\u2e00\u2e80-\u2fff\u3001-\ud7ff\uf900-\ufaff]")
_ASCII = frozenset((*b"\t\n\r", *range(0x20, 0x7F)))
_MIN_STRAY_LETTERS = 4  # in a text that was not read as UTF-16
_MAX_LETTERS_NAMED = 8
_MIN_BYTES_FOR_ZEROS = 40  # the zeros in a shorter file prove nothing
_OUT_OF_STEP = "The file is damaged: bytes of its UTF-16 are missing or too many, so that it reads “{}”."
_NOT_ASCII = re.compile(rb"[\xc2-\xef][\x80-\xbf]{1,2}|[\x80-\xff]")
_ENGLISH = re.compile(r"[\u00a0-\u017f\u2000-\u206f\u20a0-\u20bf\u2190-\u27bf\ufeff]")
# Quotation marks and dashes of Windows-1252 that a program took for controls of Latin-1; HTML reads them so, too.
_CONTROLS = {
    code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("windows-1252", errors="ignore"))
}
_CONTROL = re.compile(f"[{''.join(map(chr, _CONTROLS))}]")


def kind_of(source: bytes) -> Literal["pdf", "mhtml", "text"]:
    """What a file is by its first bytes: a PDF, a page that a browser saved as one file, or else text or a page."""
    if _PDF.match(source):
        return "pdf"
    return "mhtml" if _MHTML.match(source) else "text"


def max_bytes(source: bytes) -> int:
    """How many bytes a file that begins so may have."""
    return MAX_PDF_BYTES if kind_of(source) == "pdf" else MAX_BYTES


def decode(source: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252. Raises NotADecision if it has none or is too large."""
    if not source.strip():
        raise NotADecision("The file is empty.")
    if len(source) > MAX_BYTES:
        raise NotADecision(f"The file has {len(source):,} bytes, more than any decision ({MAX_BYTES:,} at most).")
    if _SAFARI.match(source):
        raise NotADecision("The file is a web archive; save the page of the decision as HTML or text instead.")
    text = _read_bytes(source)
    if source.startswith(b"PK\3\4"):
        raise NotADecision("The file is an archive; decision-qa add takes out what is in one whose name ends in .zip.")
    if re.search(r"[\0-\x08\x0e-\x1b\x7f\x81\x8d\x8f\x90\x9d]", text):
        raise NotADecision("The file is binary, or text in another encoding than UTF-8, UTF-16 or Windows-1252.")
    if not text.strip():
        raise NotADecision("The file is empty.")
    if strays := _out_of_step(text, {0}, _MIN_STRAY_LETTERS):
        raise NotADecision(_OUT_OF_STEP.format(strays))
    return text


def _out_of_step(text: str, low: Collection[int], at_least: int) -> str:
    """The first letters that are halves of two others, if there are `at_least` so many, and most of their kind are.

    English in UTF-16 reads so after a missing byte (the lower byte is then zero), or after ASCII that was put in. Of
    the letters of a Chinese text one in 256 looks so, or one in three.
    """
    letters = [] if text.isascii() else _EAST_ASIAN.findall(text)
    strays = [letter for letter in letters if ord(letter) >> 8 in _ASCII and ord(letter) & 0xFF in low]
    return "".join(strays[:_MAX_LETTERS_NAMED]) if len(strays) >= at_least and 2 * len(strays) > len(letters) else ""


def _read_bytes(source: bytes) -> str:
    """UTF-16 where a byte order mark or the zeros show it, else UTF-8; anything else is read as Windows-1252."""
    half = len(source) // 2 * 9 // 10  # so many bytes are zero where ASCII is written in two
    for mark, encoding, zeros in (
        (codecs.BOM_UTF16_LE, "utf-16-le", source[1::2]),
        (codecs.BOM_UTF16_BE, "utf-16-be", source[0::2]),
    ):
        if source.startswith(mark) or (len(source) >= _MIN_BYTES_FOR_ZEROS and zeros.count(0) > half):
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
        text = _NOT_ASCII.sub(lambda match: _as_utf_8(match[0]), source).decode("utf-8")
    return text.translate(_CONTROLS) if _CONTROL.search(text) else text


@functools.lru_cache(maxsize=4_096)
def _as_utf_8(piece: bytes) -> bytes:
    """A piece of a file that is not all UTF-8, as UTF-8: unchanged if an English text has such letters."""
    with contextlib.suppress(UnicodeDecodeError):
        if _ENGLISH.fullmatch(piece.decode("utf-8")):
            return piece
    return "".join(bytes([byte]).decode("windows-1252", errors="ignore") or chr(byte) for byte in piece).encode()
