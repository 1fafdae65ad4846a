"""A letter as it is handed in → what was found of all that it cites, for the API, the page and the command line.

The letter is neither kept nor logged.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from typing import Self, get_args

from pebble import ProcessExpired, ProcessPool
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.errors import IndexUnusable, InputError, NotADecision
from index.latest_store import LatestStore
from index.parsing.decode import decode
from index.store import Store
from qa.answering.refusals import IndexVersion
from qa.errors import BadQuestion, Busy
from qa.letters.check import check_letter
from qa.letters.verdicts import Finding, Verdict
from qa.limits import ConcurrencyLimit
from qa.retrieval.models import StoreSource
from qa.retrieval.requests import read_json

MAX_LETTER = 100_000
"""Characters; some thirty pages."""

VERDICTS: dict[Verdict, str] = {verdict: verdict.replace("_", " ") for verdict in get_args(Verdict)}
"""What can be found, the best first, and in words."""

MAX_FILE = 4 * MAX_LETTER + 1
"""Bytes that must be read of a file to know whether it is too long; a character has four at most."""
_MAX_LETTERS_AT_ONCE = 3  # letters that a server takes, to check one after the other
_SECONDS = 10  # within which a letter must have been checked; it takes two at most, where nobody else computes
_LOST = "The letter could not be checked just now. Send it again in a few seconds."
_SPARE = 5.0  # seconds for a letter that waits for another
_LOOKING = 5.0  # seconds between two looks at what is published
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_NO_LEAK = "ignore:resource_tracker"  # where a server is killed, what clears up after it need not tell of it
_TOO_LONG = f"The letter must not have more than {MAX_LETTER:,} characters"
_EMPTY = "It has no text."
_WANTED = f"“text” must be a text of 1 to {MAX_LETTER:,} characters."
_NO_TEXT = {
    b"pk\3\4": "a document of a word processor, or an archive",
    b"\xd0\xcf\x11\xe0": "a document of an older word processor",
    b"%pdf": "a PDF",
    b"{\\rtf": "a document in Rich Text Format",
    b"<!doctype": "a web page",
    b"<html": "a web page",
}
"""How files begin that hold no plain text, in small letters."""


_reading = threading.Lock()
"""Of a body that is no letter much may be made, such as a hundred thousand fields: one at a time."""


class Letter(BaseModel):
    """What `/api/check` is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    text: str = Field(
        min_length=1,
        max_length=MAX_LETTER,
        examples=["See “safety plans instead of written agreements” (21 017 496, paragraph 63)."],
    )
    """The letter, or any other text that cites decisions."""

    @field_validator("text")
    @classmethod
    def _has_words(cls, text: str) -> str:
        if not text.strip():
            raise ValueError(_EMPTY)
        return text

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read the body of a POST. Raises BadQuestion."""
        with _reading:
            try:
                given = read_json(body)
            except ValueError:
                given = None
            if not isinstance(given, dict):
                raise BadQuestion('The body must be a JSON object such as {"text": "…"}.')
            for name in given:
                if name != "text":
                    raise BadQuestion(f"There is no field “{name[:40]}”; the field is text.")
            try:
                return cls.model_validate(given, strict=True)
            except ValidationError:
                raise BadQuestion(_WANTED, "text") from None

    @classmethod
    def from_form(cls, text: str) -> Self:
        """Read what somebody pasted. Raises BadQuestion."""
        text = text.replace("\r\n", "\n")  # as browsers send each end of a line
        if not text.strip():
            raise BadQuestion("Paste the text to check.", "text")
        if len(text) > MAX_LETTER:
            raise BadQuestion(f"{_TOO_LONG}, and it has {len(text):,}; check it in parts.", "text")
        return cls(text=text)

    @classmethod
    def from_file(cls, content: bytes) -> Self:
        """Read the bytes of a file: text in UTF-8, UTF-16 or Windows-1252. Raises InputError."""
        begin = content[:1024].removeprefix(codecs.BOM_UTF8).lstrip()[:9].lower()
        for begins, kind in _NO_TEXT.items():
            if begin.startswith(begins):
                raise InputError(
                    f"This is {kind}. Save it as plain text (.txt), or paste its text into the page /check."
                )
        if len(content) >= MAX_FILE:
            raise InputError(f"{_TOO_LONG}; check it in parts.")
        if not content.strip():
            raise InputError(_EMPTY)
        try:
            text = decode(content)
        except NotADecision as error:
            raise InputError(str(error)) from None
        if len(text) > MAX_LETTER:
            raise InputError(f"{_TOO_LONG}, and it has {len(text):,}; check it in parts.")
        return cls(text=text)


UNFINISHED = "Not everything was checked: the letter cites or quotes too much. Check it in parts."
"""What is said before the findings of a check that is unfinished."""
NO_FINDINGS = "It has no reference such as 21 017 496 and no quotation of four words or more."
"""What is said of a letter without findings."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of everything that a letter cites or quotes, in its order, in one version of the index."""

    findings: tuple[Finding, ...]
    index: IndexVersion

    @classmethod
    def of(cls, letter: Letter, store: Store) -> Self:
        """Check a letter against what is held."""
        return cls(check_letter(letter.text, store), IndexVersion.of(store))

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many were found to be what, in the order of VERDICTS."""
        counts = Counter(finding.verdict for finding in self.findings)
        return {verdict: counts[verdict] for verdict in VERDICTS}

    @property
    def to_look_at(self) -> tuple[Finding, ...]:
        """What the writer of the letter has to mend, or at least to read."""
        return tuple(finding for finding in self.findings if finding.is_to_look_at)

    @property
    def to_fold(self) -> tuple[Finding, ...]:
        """What is right, and nothing more is to be said of it."""
        return tuple(finding for finding in self.findings if not finding.is_to_look_at)

    @property
    def is_right(self) -> bool:
        """Whether the letter cites something, and nothing in it is to be looked at."""
        return any(finding.reference for finding in self.findings) and not self.to_look_at

    @property
    def is_unfinished(self) -> bool:
        """Whether there was too much in the letter for all of it to be looked for."""
        return any(finding.is_unfinished for finding in self.findings)


class Checks:
    """Checks the letters that a server is given, a few at once."""

    def __init__(self, stores: StoreSource, at_once: int = _MAX_LETTERS_AT_ONCE) -> None:
        self._stores = stores
        saying = "Other letters are being checked just now. Send this one again in a few seconds."
        self._limit = ConcurrencyLimit(at_once, saying)

    def check(self, letter: Letter, client: str = "") -> Check:
        """Check a letter; no `client` may have all slots. Raises Busy and IndexUnusable."""
        with self._limit.slot(client):
            return self._check(letter)

    def _check(self, letter: Letter) -> Check:
        return Check.of(letter, self._stores.get())


class ChecksAside(Checks):
    """The same in a process that does nothing else: a letter may be long, and questions are answered meanwhile.

    A letter that is not checked after some seconds is given up, and the process with it.
    """

    def __init__(
        self,
        stores: StoreSource,
        opening: Callable[[], LatestStore],
        at_once: int = _MAX_LETTERS_AT_ONCE,
        seconds: float = _SECONDS,
    ) -> None:
        """`opening` opens the same stores in that process, to which it must be possible to send it."""
        super().__init__(stores, at_once)
        self._opening, self._at_once, self._seconds = opening, at_once, seconds
        self._pool: ProcessPool | None = None
        self._checking: set[Future[Check]] = set()
        self._starting = threading.Lock()

    def start(self) -> ProcessPool:
        """Begin the process, unless there is one. It takes a second, so it is better done before a letter comes."""
        with self._starting:
            if self._pool is None or not self._pool.active:  # it was killed while it had nothing to do
                self._end()
                if _NO_LEAK not in sys.warnoptions:  # these are handed on to every process that is begun from here
                    sys.warnoptions.append(_NO_LEAK)
                self._pool = ProcessPool(1, 0, _begin, (self._opening,), get_context("spawn"))
                self._pool.schedule(_open)
            return self._pool

    def stop(self) -> None:
        """End the process."""
        with self._starting:
            self._end()

    def _end(self) -> None:
        if self._pool is not None:
            for one in list(self._checking):
                one.cancel()
            for child in active_children():  # it may hang, or be stopped
                child.kill()
            self._pool.stop()  # type: ignore[no-untyped-call]
            with contextlib.suppress(TimeoutError):
                self._pool.join(1)
            self._pool = None

    def _check(self, letter: Letter) -> Check:
        self._stores.get()  # what cannot answer a question does not check a letter either
        try:
            pool = self.start()
            checking = pool.schedule(_check_there, (letter.text,), timeout=self._seconds)
        except (RuntimeError, OSError):  # it was killed just now, or cannot be begun
            raise Busy(_LOST) from None
        self._checking.add(checking)
        try:
            return checking.result(self._at_once * self._seconds + _SPARE)  # those before it may take their time, too
        except TimeoutError:
            if checking.done():
                raise Busy("This letter takes too long to check. Check it in parts.") from None
            with self._starting:
                if self._pool is pool:  # the process hangs, so that it does not even begin
                    self._end()
            raise Busy(_LOST) from None
        except (ProcessExpired, BrokenProcessPool, CancelledError):
            raise Busy(_LOST) from None
        finally:
            self._checking.discard(checking)


_there: LatestStore
"""What is held, in the process that checks letters."""


def _begin(opening: Callable[[], LatestStore]) -> None:
    """Begin the process that checks letters."""
    global _there
    if sys.platform == "linux":  # it ends with the one that began it, however that ends
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    _there = opening()
    threading.Thread(target=_keep_up, daemon=True).start()


def _keep_up() -> None:
    """Take up what is built though nobody sends a letter: the version before keeps its place on the disk."""
    while True:
        time.sleep(_LOOKING)
        _open()


def _open() -> None:
    with contextlib.suppress(IndexUnusable):  # whoever has a letter checked is told
        _there.get()


def _check_there(text: str) -> Check:
    return Check.of(Letter.model_construct(text=text), _there.get())
