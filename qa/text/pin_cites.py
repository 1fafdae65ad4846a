"""Somebody's own text → the citations in it, each with the paragraphs that are told of it. Pure: no index.

A *citation* is a reference with the paragraphs that are told of it, in this program's form or as people write:
“West Northamptonshire Council (21 017 496), paragraph 50”, “decision 21-017-496 (para 50)”, “paragraphs 50 and 52-54 of
21017496”, “21 017 496 at [50]”. A paragraph without a reference is one of the decision told last, or of the one whose
body its sentence names; where the sentence speaks of another body, nobody can tell of which. Paragraphs of statutes,
judgments, guidance and other people's letters are left alone. What is meant is told from words alone.
"""

from __future__ import annotations

import bisect
import copy
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import SUMMARY, WIDTHLESS, Number, Reference, fold, may_be_date
from index.text.dates import DATE, MONTHS
from index.text.number_words import DIGIT_WORDS, NUMBER_WORD, NUMBER_WORDS
from index.text.sentences import sentence_ends
from qa.retrieval.question_entities import BodyMatcher
from qa.text.body_names import DIRECTIONS, OPTIONAL
from qa.text.quotations import without_quotations

_HYPHENS, _LONG_DASHES = "‐‑‒−﹘﹣－⁃˗", "―⸺⸻"
_NO_WIDTH = WIDTHLESS.pattern
_APART_BY_NOTHING = re.compile(  # a word and a number
    rf"(?<=[^\W\d_]){_NO_WIDTH}(?={_NO_WIDTH}{{0,9}}[0-9])|(?<=[0-9]){_NO_WIDTH}(?={_NO_WIDTH}{{0,9}}[^\W\d_])"
)


_LEFT_OUT = re.compile(  # what takes no room: no width, and the marks of emphasis, of a page or around a word
    rf"""
    {_NO_WIDTH}
  | (?:<|&(?:amp;)?lt;) /? (?i:em|i|b|strong|u|s|mark|span|font|small|big|code|tt|samp|cite|ins)
      (?: \s[^<>]{{0,200}}? )? (?: > | &(?:amp;)?gt; )
  | \[ /? (?i:b|i|u|em|s) \]
  | (?<![^\W_]) (?: \*{{1,3}} | _{{1,3}} | ~~ | == ) (?= [(\[]? [^\W_])
  | (?<= [^\s*_~=]) (?: \*{{1,3}} | _{{1,3}} | ~~ | == ) (?! [*_~=] | [^\W_])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Evened:
    """A letter as it is read: with plain hyphens and digits for those of other shapes, and nothing that takes no room.

    `left_out` are the places in `text` before which a character was left out, one for each.
    """

    text: str
    left_out: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str) -> _Evened:
        """Read a letter."""
        even = text if text.isascii() else cls._plain(text)
        left_out: list[int] = []
        for found in _LEFT_OUT.finditer(even):
            left_out += [found.start() - len(left_out)] * len(found[0])
        return cls(_LEFT_OUT.sub("", even), tuple(left_out)) if left_out else cls(even)

    @staticmethod
    def _plain(text: str) -> str:
        plain = {ord(dash): "-" for dash in _HYPHENS} | {ord(dash): "—" for dash in _LONG_DASHES}
        for character in set(text):
            digit = unicodedata.decimal(character, None) if character > "\x7f" else None
            if digit is not None:
                plain[ord(character)] = str(digit)
        return _APART_BY_NOTHING.sub(" ", text.translate(plain))

    def start(self, at: int) -> int:
        """Where in the letter a character stands."""
        return at + bisect.bisect_right(self.left_out, at)

    def end(self, at: int) -> int:
        """Where in the letter what ends here ends."""
        return self.start(at - 1) + 1 if at else 0

    def given_back(self, citations: Iterable[Citation], text: str) -> Iterator[Citation]:
        """Citations that were read in this, with where they stand in the letter, and its own digits."""
        if self.text == text:
            yield from citations
            return
        known: dict[int, tuple[NamedReference, NamedReference]] = {}
        for citation in citations:
            named = citation.named
            if named is not None:
                if id(named) not in known:
                    start, end = self.start(named.start), self.end(named.end)
                    # They are where they were read, unless the name of a body stands there too.
                    at = self.text.find(named.digits, named.start)
                    digits = text[self.start(at) : self.end(at + len(named.digits))]
                    known[id(named)] = named, replace(named, start=start, end=end, digits=digits)
                named = known[id(named)][1]
            places = tuple(
                replace(place, start=self.start(place.start), end=self.end(place.end)) for place in citation.places
            )
            yield replace(
                citation, start=self.start(citation.start), end=self.end(citation.end), named=named, places=places
            )


class Bodies:
    """What is known of bodies: the names of those held, and which of them a decision is about, if that is held."""

    def __init__(self, held: Iterable[str] = (), of: Callable[[Reference], str | None] = lambda _: None) -> None:
        self._held = dict.fromkeys(held)
        self._names = BodyMatcher(tuple(self._held))
        self._read: dict[str, tuple[str, ...]] = {}
        self.of = of

    def __contains__(self, name: str) -> bool:
        """Whether this is the full name of a body held, to the letter."""
        return name in self._held

    def anew(self, of: Callable[[Reference], str | None] | None = None) -> Bodies:
        """The same for another text: it keeps nothing of what was read, and may know other decisions."""
        other = copy.copy(self)
        other._read = {}
        other.of = of or self.of
        return other

    def with_names(self, told: Iterable[str]) -> Bodies:
        """The same with the bodies that a letter names beside its references."""
        more = [name for name in dict.fromkeys(told) if name not in self and self.named(name) == (name,)]
        return Bodies((*self._held, *more), self.of) if more else self

    def named(self, words: str) -> tuple[str, ...]:
        """The bodies that are named in some words, those not held last."""
        if words not in self._read:
            named = self._names.read(_NO_NAME.sub("", words), lambda _: True)
            self._read[words] = (*named.council, *named.not_held)
        return self._read[words]

    def named_last(self, words: str) -> tuple[str, ...]:
        """The bodies that the last words name, and nothing stands after; several may have one short name."""
        parts = words.split()[-_MOST_IN_NAME:]
        longer = self.named(" ".join(parts))
        for size in range(1, len(parts) + 1) if longer else ():
            if found := self.named(" ".join(parts[-size:])):
                return tuple(name for name in found if name in longer and _is_only(parts[-size:], name))
        return ()

    def named_alone(self, words: str) -> tuple[str, ...]:
        """The bodies that some words name, one or several, and nothing else."""
        named = self.named(words)
        each = tuple(name for name in named if _is_only(words.split(), name))
        return each if each or not named else self.only(words) or ()

    def only(self, words: str) -> tuple[str, ...] | None:
        """The bodies of which some words are names or short forms and nothing else; None where more is said of bodies.

        Empty where they name none. Nothing of it is kept.
        """
        # What stands apart from a sentence goes from it without trace.
        text = f"{_NOT_OF_NAME.sub('', words)}: {_REST}"
        named = self._names.read(text, lambda _: True)
        told = (*named.council, *named.not_held)
        return None if told and named.text != _REST else told


def _is_only(words: Sequence[str], name: str) -> bool:
    """Whether there are no other words than those of a name."""
    told = {word for one in words for word in re.findall(r"\w+", re.sub("[’']s$|[’']", "", one.casefold()))}
    return told <= {*re.findall(r"\w+", re.sub("[’']", "", name.casefold())), *OPTIONAL, "the"}


class Unread(int):
    """The number of no paragraph: what stands where a number should and goes on as none could, “51.2”, “51/52”."""

    written: str

    def __new__(cls, written: str) -> Unread:
        """One that is told as it is written."""
        self = super().__new__(cls, 0)
        self.written = written
        return self

    def __str__(self) -> str:
        return self.written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unread) and other.written == self.written

    def __hash__(self) -> int:
        return hash(self.written)


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph that a letter tells of, or several in a row: `last` is the number of the last one.

    `says_inferred` says that it has a note of its own, within a list, that its number is inferred. `runs_back` says
    that a range ends with it that began with the place before it, though that comes after it: “paragraphs 52-50”; such
    a place may also be the whole range, from its lower number on.
    """

    start: int
    end: int
    number: Number
    item: str | None = None
    last: int | None = None
    says_inferred: bool = False
    runs_back: bool = False

    @property
    def name(self) -> str:
        """As a citation has it."""
        if self.number == SUMMARY:
            return SUMMARY
        return f"{'paragraphs' if self.last else 'paragraph'} {self._short}"

    @property
    def _short(self) -> str:
        if self.last is None:
            return f"{self.number}({self.item})" if self.item else str(self.number)
        return f"{self.last} to {self.number}" if self.runs_back else f"{self.number} to {self.last}"

    @property
    def numbers(self) -> Sequence[Number]:
        """All that it names."""
        if self.number == SUMMARY or self.last is None:
            return (self.number,)
        return range(self.number, self.last + 1)

    def back_to(self, end: Place) -> Place:
        """The whole range that begins with this one and runs backwards to another."""
        first, last = int(end.number), self.last or int(self.number)
        whole = replace(self, end=end.end, number=first, item=None, last=last)
        return replace(whole, runs_back=True, says_inferred=end.says_inferred)

    @classmethod
    def names(cls, places: Sequence[Place]) -> str | None:
        """Several as one: “paragraphs 50, 52 and 54”; of very many the first ones."""
        if len(places) < 2:
            return places[0].name if places else None
        if len(places) > _MOST_NAMED:
            return f"paragraphs {', '.join(place._short for place in places[:_MOST_NAMED])} and others"
        short = [place._short for place in places]
        return f"paragraphs {', '.join(short[:-1])} and {short[-1]}"


@dataclass(frozen=True, slots=True)
class NamedReference:
    """Digits that are a reference, or are called one; `reference` is None where they are none.

    `body` is the organisation told beside it, as it is written or as it is held; `start` and `end` are with that where
    it is written in full. `is_called` says that they cannot be the number of anything else.
    """

    start: int
    end: int
    digits: str
    reference: Reference | None
    body: str | None = None
    is_called: bool = True


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference, the places told of it, or both; `named` is the reference in it, or the one told before.

    `has_reference` says that it is in it. `named` is None where nobody can tell which decision is meant; `bodies` are
    then those that stand for the decision, “Halton, paragraph 80”: it may be the only one about them, or not.
    """

    start: int
    end: int
    named: NamedReference | None
    places: tuple[Place, ...]
    has_reference: bool
    says_inferred: bool
    bodies: tuple[str, ...] = ()


_MOST_NAMED = 200  # places of one citation

_GAP = r"(?:\s?[–—-]\s?|[^\S\n]{1,2}|[^\S\n]?\n[^\S\n]{0,8})"
_IS_LOOSE = re.compile(r"(?!\r\n)\s[\s–—-]|[–—-]\s")  # numbers of a table may stand so, too
_COUNTED = (
    r"(?:\s?(?:%|(?:per\ ?cent|pounds?|pence|euros?|people|residents|pupils|children|days|weeks|months|years)\b))"
)
_REFERENCE = re.compile(
    rf"""
    (?<![^\W_]) (?<![£$€+]) (?<![0-9][./:])
    (?: [0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}} | [0-9]{{8}} | [0-9]{{2}}{_GAP}[0-9]{{6}} )
    (?: (?-i:[a-zA-Z])(?![\w'’]) )?                    # 17 002 402b
    (?! \w | [.:][0-9] | ,[0-9]{{1,2}}(?![0-9])
      | [\ \u00a0–—-][0-9]{{3}}(?![0-9]) | {_COUNTED} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
LETTER_APART = re.compile(r"[ \u00a0-]([a-z])(?![\w'’])", re.IGNORECASE | re.ASCII)  # a letter only where that is held
LETTER_APART_EXAMPLES = ("17 002 402 b", "17 002 402 B", "17-002-402-b", "17002402 B")
_CALLED = r"""(?:
    \b(?:decision|case|complaint|ombudsman|lgsco|lgo)s?(?:\s+(?:number|no|ref(?:erence)?)\b)?[\s.:#(]{0,3}
  | \b(?:council|trust|borough)\s{0,2}\(\s{0,2}(?:ref(?:erence)?\b)?[\s.:]{0,3}
)"""
_IS_CALLED = re.compile(rf"{_CALLED}$", re.VERBOSE | re.IGNORECASE)
_MISSPELT = re.compile(  # digits that are called a reference, or look like nothing else, and are none
    rf"""
    (?: {_CALLED}(?P<digits>[0-9]{{1,4}}(?:[ -][0-9]{{2,4}}){{1,3}}|[0-9]{{7,10}})
      | (?:(?:^|[.;:,(–—•])[^\S\n]*(?:see|cf\.?|compare)|\bsee\s+also)\s+   # with a digit too few or too many
        (?P<seen>[0-4][0-9][ -](?:[0-9]{{2}}[ -][0-9]{{3}}|[0-9]{{3}}[ -][0-9]{{2}}|[0-9]{{4}}[ -][0-9]{{3}}
          |[0-9]{{3}}[ -][0-9]{{4}}))
        (?![ -][0-9]|{_COUNTED})
      | (?<![\w£$€+])(?<![0-9][ ./:–-])
        (?P<longer>[1-4][0-9](?:[ \u00a0–—-][0-9]{{3}}){{3}})   # with three digits too many
        (?![ \u00a0–—-][0-9]|{_COUNTED})
    )
    (?!\w|[.,/:-][0-9])
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_JOINT = r"(?:[^\w.,£$€%“”\"]{1,3}|[_.])"
_LIKE_REFERENCE = re.compile(  # 21 000 25, 21 O00 259, 21/000/259, 21.000.259, 2100025, 21:000:259, 21,000,259
    rf"""
    (?<![\w£$€+]) (?<![0-9OIl][.,:/–-])
    (?: (?=(?:[^0-9]{{0,2}}[0-9]){{5}})
        (?: [0-9OIl]{{1,3}}[\s./–-][0-9OIl]{{2,4}}[\s./–-][0-9OIl]{{2,4}}
          | [0-9OIl]{{2,5}}[\s./–-][0-9OIl]{{3,7}}
          | [0-9]{{7}} | [0-9]{{9}}
        )
      | [0-4][0-9]{_JOINT}[0-9]{{3}}{_JOINT}[0-9]{{3}}
      | (?P<sum>[0-4][0-9],[0-9]{{3}},[0-9]{{3}})
      | [0-4][0-9]{{7}}[./][0-9]{{1,2}}
    )
    [a-z]? (?![\w%]|[.,:/-][0-9]|[\ \u00a0][0-9]{{3}}(?![0-9])|{_COUNTED})
    """,
    re.VERBOSE,
)
_SHAPED = re.compile(r"[0-4][0-9OIl]\D{1,3}?[0-9OIl]{3}\D{1,3}?[0-9OIl]{3}[a-z]?")  # like nothing but a reference
_BEFORE_PLACE = re.compile(
    r"[)\],;:\s]{0,3}(?:(?:at|see|in)\s{1,3})?(?:paragraph|paras?\b|par\.|[¶§]|\[[0-9])", re.IGNORECASE
)
_AFTER_PLACE = re.compile(
    r"(?:\bpara(?:graph)?s?\.?|[¶§])\s{0,3}[0-9]{1,4}\s{1,3}(?:of|in|from)\s{1,3}$", re.IGNORECASE
)
_OF_SOMETHING_ELSE = re.compile(
    r"""
    (?: \b(?:account|phone|telephone|tel|mobile|fax|invoice|call|ring|text|customer|member(?:ship)?|policy|roll|
            nhs|payroll|pupil|tenancy|reg(?:istration)?|charity|company)(?:\s+(?:number|no|ref(?:erence)?))?
      | \b(?:our|your|my)\s+ref(?:erence)?(?:\s+(?:number|no))?
    ) [\s.:\#]*(?:is\s|on\s)?$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_A_DATE = re.compile(
    r"[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-](?:[0-9]{2}){1,2}|[0-9]{4}[ ./-][0-9]{2}[ ./-][0-9]{2}|[0-9]{4}[/–-][0-9]{4}"
)
_LAST_YEAR = 49  # of the two digits that a reference begins with

_NO_REFERENCE = rf"(?![0-9]{{2}}{_GAP}?[0-9]{{3}}{_GAP}?[0-9]{{3}})"
_HUNDRED = rf"(?:(?:an?|{'|'.join(DIGIT_WORDS)})[\s-]hundred\b(?:[\s-](?:and[\s-])?{NUMBER_WORD})?)"
# What goes on as a number is no paragraph that a decision could have: 51.2, 51/52, fifty-ninth, one thousand
_NOT_A_NUMBER = rf"""(?:
    [0-9]{{1,6}}(?:[./][0-9]{{1,3}}){{1,5}}(?![./]?[0-9]|\w) | [0-9]{{1,6}}\([0-9]{{1,3}}\) | [0-9]{{7,15}}
  | (?:{_HUNDRED}(?:-[a-z]{{1,12}}|(?:\s(?:hundred|thousand|million)){{1,3}})
      | (?!{_HUNDRED}){NUMBER_WORD}(?:-[a-z]{{1,12}}|(?:\s(?:hundred|thousand|million)){{1,3}}))\b
)"""
_NUMBER = rf"""(?:
    [0-9]{{1,6}}
    (?: \s?\([a-z]\)(?![\w(]) | \s?ff\b | [a-z]\b )?         # 51(b), 51 (b), 51ff, 51b
  | {_HUNDRED} | {NUMBER_WORD}
)"""
_NOT_COUNTED = rf"""(?!\s*(?:{"|".join(MONTHS)}|
    years?|months?|weeks?|days?|hours?|pounds|children|other)\b)"""
# nor is a list of numbers that ends so: “3 and 4 May”, “2 or 3 months”, “3-year-old”
_NO_COUNTS = rf"""(?! (?:[,&\s–-]|and\b|or\b|to\b|[0-9]){{1,20}}
    (?:{"|".join(MONTHS)}
    |years?|months?|weeks?|days?|hours?|children|other|of\s(?:the|them|these)|year-old)\b)"""
# not 4.12, 1/3, 5(2); but 51 (21 017 496)
_WHOLE = rf"""(?! [0-9.]*[0-9] | \s*/\s*[0-9] | \s*\({_NO_REFERENCE}[0-9] | \([a-z]\)\( | \s?%
    | -[a-z] | \s(?:hundred|thousand|million)\b )"""
_READ = rf"(?:{_NO_REFERENCE}{_NUMBER}{_WHOLE})"
_EACH = rf"(?:\[{_READ}\]|\({_READ}\)|{_READ})"
# Where digits can be nothing but the last number of a list.
_ENDED = rf"""(?= [^\S\n]{{0,3}}(?: [.,;:](?![0-9]) | [)\]”’"'?!\n–—…⁰¹²³⁴-⁹-] | \Z
    | (?:and|or|&|to|through|until|up\sto|onwards|ff|above|below|plus|as\swell\sas)\b
    | (?:of|in|from)\s(?:[0-9]{{2}}{_GAP}?[0-9]{{3}}|(?:(?:the|that|this)\s)?(?:decision|case|complaint)\b) ))"""
_NOTE = r"(?:\s*[(\[](?:numbers?\s+)?inferred(?:\s+numbers?)?[)\]])"
_RANGE = r"(?:(?:up\s{1,3})?to|through|until|[-–]{1,3}|—|…|\.{2,3})"
_SURELY_RANGE = (
    r"(?:\s*(?:(?:up\s{1,3})?to|through|until|[-–])\s*|[-–]{2,3}|—|…|\.{2,3})"  # what stands apart may begin anew
)
_AND = r"(?:[,;]?\s{0,3}(?:and(?:/or|,|\s{1,3}also)?|or|&)|,?\s{0,3}as\s{1,3}well\s{1,3}as)"
_LOOSELY = r"(?:[,;]|,?\s{0,3}(?:plus|\+|then))"  # what stands behind it may be something else
_JOINED = rf"""(?:
    {_NOTE}?
    (?: (?:\s*{_AND}\s*|{_SURELY_RANGE}){_EACH}{_NOT_COUNTED}
      | \s*(?:{_AND}|{_RANGE}|{_LOOSELY})\s*
        (?:{_NO_REFERENCE}{_NOT_A_NUMBER}|\[?{_NO_REFERENCE}[0-9]{{1,3}}\]?){_ENDED}{_NOT_COUNTED}
    )
)"""
_BRACKETS = rf"\[[0-9]{{1,4}}\](?:\s*(?:{_AND}|{_RANGE}|{_LOOSELY})\s*\[[0-9]{{1,4}}\])*"
_MENTION = re.compile(
    rf"""
    (?: \b(?P<several>paragraphs|paras\b\.?|pars\b\.?)
      | \b(?:paragraph|para\b\.?|para(?=[0-9])|par\.)
      | (?P<signs>¶¶?|§§?)
    )
    (?: \s*(?:numbers?\s*|numbered\s*|nos?\b\.?\s*|[\#№]\s?)? | (?:\s?[:,]\s{{0,3}}|\s[–—-]\s)(?=[0-9]{{1,3}}{_ENDED}) )
    (?P<numbers>
        (?: {_EACH} | {_NO_REFERENCE}{_NOT_A_NUMBER} )
        (?: {_JOINED} | (?: (?(several)|(?(signs)|(?!))) {_NOTE}?\s*,\s*{_EACH}{_NOT_COUNTED} ) )*
    )
    (?![^\W⁰¹²³⁴-⁹])  # but the mark of a footnote
  | \bat\s+(?P<brackets>{_BRACKETS})
    """,
    re.VERBOSE | re.IGNORECASE,
)
MENTION_EXAMPLES = (
    "paragraph 50",
    "paragraphs 50 and 52-54",
    "para. 50",
    "paras 50, 51 and 52",
    "¶50",
    "¶¶ 50-52",
    "§50",
    "§§ 50-52",
    "at [50]",
    "paragraph 51(b)",
    "paragraph fifty-one",
    "para50",
)
_BEHIND = re.compile(  # a reference: [50], at 50, “, 50”
    rf"""(?:[^\S\n]|,){{0,99}}+(?P<brackets>{_BRACKETS})
    | [^\S\n]?(?:,(?:\sat\b)?|at\b|(?P<colon>:))[^\S\n]{{0,3}}
      (?P<numbers>{_NO_REFERENCE}[0-9]{{1,3}}{_ENDED}{_NO_COUNTS}(?(colon)(?!\.\s{{1,9}}\w)){_JOINED}*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?:(?P<joint>{_RANGE})\s*)?(?P<open>[\[(])?(?:(?P<unread>{_NOT_A_NUMBER})|(?P<number>{_NUMBER}))",
    re.VERBOSE | re.IGNORECASE,
)
_SUMMARY_AFTER = re.compile(
    r"[\s)\]]{0,3}(?:,\s{0,3}[0-9]{1,2}\s[a-z]{3,9}\s[0-9]{4})?"  # its date, in a full citation
    r"[,:(–-]?\s{0,3}(?:(?:at|in)\s+)?(?:the\s+)?(summary)\b",
    re.IGNORECASE,
)
_SUMMARY_BEFORE = re.compile(
    r"\b(summary)\s+(?:of|to|in|for|at the head of)\s+"
    r"(?:(?:the|this|that|its|ombudsman[’']?s?|final|decision|case|complaint|number|no\.?|ref\.?|reference)\s+){0,5}\(?$",
    re.IGNORECASE,
)
_INFERRED = re.compile(
    r"[\s,;]{0,3}[(\[–-]?\s{0,2}(?:(?:paragraph\s+)?numbers?\s+(?:is\s+|are\s+)?inferred|inferred(?:\s+numbers?)?)[)\]]?",
    re.IGNORECASE,
)

# What a paragraph is a paragraph of.
_OURS = r"(?:decisions?|cases?|complaints?|ombudsm[ae]n(?:[’']s)?|lgsco(?:[’']s)?|lgo(?:[’']s)?|investigations?|it)"
_SOURCES = r"""(?:acts?|schedules?|regulations?|rules?|orders?|codes?|guidance|guidelines|framework|nppf|polic(?:y|ies)|
    procedures?|reports?|letters?|e-?mails?|responses?|repl(?:y|ies)|judge?ments?|plans?|agreements?|scheme|protocols?|
    sections?|parts?|chapters?|annex(?:es)?|appendi(?:x|ces)|standards?|articles?|circular|assessments?|minutes|
    statements?|contract|tenancy|advice|guide|manual|handbook|strategy|notes?|EHCP|EHC\s+plan|bundle)"""
_OF_OURS = re.compile(
    rf"\A\s*(?:of|in|from|within|under)\s+(?:(?:the|this|that|their|its|his|her|your|our|same|final|above|first|second|"
    rf"earlier|last|said|[A-Z][\w’'-]*|and|of|upon)\s+){{0,8}}{_OURS}\b",
)
_OF_OTHERS = re.compile(
    rf"""
    \A\s*(?:
        (?:of|from|within|under)\s+
        (?:the|its|their|his|her|our|your|my|this|that|these|those|an?|schedule|part|annex|section|appendix|[A-Z])\b
      | (?:of|from|within|under)\s+[A-Z]
      | (?:in|to)\s++(?:[\w’'-]++\s++){{0,4}}{_SOURCES}\b
    )
    """,
    re.VERBOSE,
)
_OF_STATUTE = re.compile(
    rf"\s{{0,99}}+(?:of|in|from|under|to)\s++(?:[\w’'-]++\s++){{0,6}}{_SOURCES}\b", re.VERBOSE | re.IGNORECASE
)
_SOURCE = re.compile(rf"\b{_SOURCES}\b", re.VERBOSE | re.IGNORECASE)
_OF_MY_OWN = re.compile(r"\A\s*(?:above|below|overleaf)\b", re.IGNORECASE)
_AFTER_SOURCE = re.compile(
    rf"""
    \b{_SOURCES}(?:[’']s)?
    (?:\s+of\s+practice)?
    (?:\s+(?:[0-9][\w/]{{0,30}}|[A-Z]\b)(?:\(\w+\))*){{0,9}}   # its number or year
    (?:\s+(?:of|dated|from)(?:\s+\w+){{1,3}})?       # its date
    [\s,:;(–-]*+
    (?:(?:says|said|states?|stated|explains|sets\s+out|which\s+is)\s+)?
    (?:at|in|under|see)?+\s*+$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SAID = r"(?:says?|said|writes?|wrote|written|stated?|states|claims?|claimed|argues?|argued|tell|told)"
_WHOSE = r"\b(?:your|my|our|his|her|their|its|the)\s+(?:\w+\s+){0,3}"
_WRITING = r"(?:letter|reply|e-?mail|response|statement|submission|report|note)s?"
_NOT_OURS = rf"(?:(?!\bthat\b|\b{_OURS}\b)[^;:])"
# Before a paragraph: a judgment, a book, or what one of those who write to each other said.
OF_OTHER_SOURCE = re.compile(
    rf"""
      \[(?:19|20)[0-9]{{2}}\] | \bv\.?\s+[A-Z] | \((?:19|20)[0-9]{{2}}\)
    | \b(?:I|we|you)\s+(?:\w+\s+){{0,2}}?{_SAID}\b{_NOT_OURS}{{0,80}}$
    | {_WHOSE}{_WRITING}\b{_NOT_OURS}{{0,60}}\b{_SAID}\b{_NOT_OURS}{{0,60}}$
    | \b(?:in|see|under|at|from)\s+{_WHOSE}{_WRITING}\b{_NOT_OURS}{{0,60}}$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_NAME = re.compile(  # “paragraph 65 of West Northamptonshire”
    r"\s{0,99}+(?:of|in|from)\s+(?:the\s+)?"
    r"(?P<name>[A-Z][\w&-]*(?:\s+(?:(?:of|and|upon|on|the|with|in|&)\s+){0,2}[A-Z][\w&-]*){0,19})(?![\w’'])"
)
_OUR_STATEMENT = re.compile(rf"\b{_OURS}\s+(?:final\s+|decision\s+){{0,3}}(?:statement|report)", re.IGNORECASE)

_LABELS = r"(?:(?:case|decision|complaint|lgsco|lgo|ombudsman|ref|reference|no|number)\b[.:]?+\s*+)"
_LINKING = frozenset(  # what may stand between “paragraph 50 of” and the reference, beside names
    """the this that their its his her same final lgsco lgo ombudsman ombudsmans ombudsman’s decision decisions case
    cases complaint complaints report investigation statement number no ref reference on about against into made by
    earlier published your own of and upon under in""".split()
)
_MOST_LINKING = 16
_TO_NEXT = re.compile(r"\A\s*+(?:,\s*+)?(?P<word>of|in|from|to)\s", re.IGNORECASE)
_ASIDE = re.compile(r"\A\s*[,(\[–—-]{1,2}\s*")
JOINS = re.compile(r"\s{0,99}+(?:(?:,\s*+)?(?:and|or|&)|,)\s*", re.IGNORECASE)
_LONGEST_NAME = 120
_MOST_IN_NAME = 9  # words
_NOT_OF_NAME = re.compile(r"^the\s+|(?:['’]s?|\))$", re.IGNORECASE)
_REST = "nothing else"
_NAME_ENDS = r"""(?:Councils?|Borough|Authority|Corporation|Trust|Surgery|Practice|Hospital|School|Academy|College|Home|
    Limited|Ltd|LLP|plc|Services?)"""
_NAME_WORD = r"(?:[A-Z][\w’'.&-]{0,60}+)"
_SMALL = r"(?:(?:of|and|upon|on|the|with|in|&)\s+){0,3}"
_NAME_BEFORE = re.compile(
    rf"""
    (?:{_NAME_WORD},?\s+{_SMALL}){{1,9}}{_NAME_ENDS}$
  | (?:London\s+|Royal\s+){{0,3}}(?:Borough|City)\s+of\s+(?:{_NAME_WORD}[^\S\n]*{_SMALL}){{1,4}}$
    """,
    re.VERBOSE,
)
_NAME_AFTER = re.compile(
    rf"""
    \s{{0,99}}+(?: [(\[]\s* | (?<=\s)(?:against|about|concerning)\s+ ) (?:the\s+)?
    (?P<name>
        (?:{_NAME_WORD}\s+{_SMALL}){{1,7}}?{_NAME_ENDS}\b
      | (?:London|Royal)\s+Borough\s+of\s+{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}}
    )
    [)\]]?
    """,
    re.VERBOSE,
)
_NO_NAME = re.compile(  # words that begin a sentence, or a line of a letter
    r"^(?:(?:In|The|See|As|And|But|Also|Compare|Contrast|From|Under|Re|For|At|To|With|By|Against|Likewise|Similarly|Both|So"
    r"|(?:Local\s+Government\s+(?:and|&)\s+Social\s+Care\s+)?Ombudsman|Decision|Case|Complaint|Source|Ref|That|This|Like|Unlike|Per|Cf|of|on|upon|under)\b[:.,]?\s+)+",
    re.IGNORECASE,
)
_OPENS = re.compile(rf"\s{{0,40}}[,(\[]\s*+{_LABELS}*+$|\s{{1,40}}$", re.IGNORECASE)
_BESIDE = re.compile(
    rf"(?:(?<=\w)|(?<=\.[A-Z]\.))(?:[’']s?)?(?:[^\S\n]++|[,:(\[–—-]|\b{_LABELS}){{1,60}}+$", re.IGNORECASE
)
_THEN_NAME = re.compile(
    r"""
    [^\S\n]{0,99}+[,(\[–—-][^\S\n]*(?:the\s+)?
    (?P<name>[^\W\d_][\w’'&-]{0,60}(?:[ ][\w’'&-]{1,60}){0,8}?)
    [^\S\n]*(?=[,;)\]–—\n]|$)
    (?![\s,;:)\]–—-]*[(\[]?(?:\w+\.?\s){0,2}[(\[]?[0-9]{2}[\s–—-]?[0-9]{3})   # that of the next one
    """,
    re.VERBOSE,
)
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,4}")  # Sheffield C.C.
_CLOSES = re.compile(r"\s{0,99}+[)\]]")
_LONGEST_BETWEEN = 90
_BETWEEN = re.compile(  # a name and its reference: “ (the Council)”, “, 9 October 2022”
    rf"""(?:
        [^\S\n]{{1,3}}\((?:[“"‘']?[Tt]he\s[\w\s]{{1,30}}[”"’']?|[“"‘'][\w\s]{{1,30}}[”"’']|[A-Z]{{2,6}})\)
      | [^\S\n]?,\s(?i:{DATE}) | [^\S\n]\((?i:{DATE})\)
    ){{1,2}}$""",
    re.VERBOSE,
)
_FROM_LAST = re.compile(
    rf"""(?:
        [\s,;:)(\]\[–—-]
      | \b(?:see|at|in|and|also|particularly|especially|under|e\.g\.|says|said|from)\b
      | \b(?:(?:dated|of|on)\s)?{DATE}
    ){{0,12}}""",
    re.VERBOSE | re.IGNORECASE,
)
FAR = 200  # characters between what belongs together


_OPENING = 4  # characters: two marks and the first letter
BLANK = re.compile(r"\n[^\S\n]*\n")


class Blanks:
    """Where the blank lines of a text are: there are many places between which to look for one."""

    def __init__(self, text: str) -> None:
        spans = [found.span(1) for found in re.finditer(rf"(?=({BLANK.pattern}))", text)]
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]
        # Each line end belongs to one only; the odd one of several belongs to what stands behind.
        apart = [found.span() for found in BLANK.finditer(text)]
        self._starts_apart, self._ends_apart = [start for start, _ in apart], [end for _, end in apart]

    def any_between(self, start: int, end: int) -> bool:
        """Whether a line between two places is blank."""
        at = bisect.bisect_left(self._starts, start)
        return at < len(self._ends) and self._ends[at] <= end

    def last_end(self, start: int, end: int) -> int:
        """Where the last of them between two places ends; `start` if there is none."""
        at = bisect.bisect_right(self._ends_apart, end) - 1
        return self._ends_apart[at] if at >= 0 and self._starts_apart[at] >= start else start


class Sentences:
    """Where the sentences of a text end: there are many places that ask of the same thousand characters."""

    def __init__(self, text: str) -> None:
        self.blanks = Blanks(text)
        ends = list(sentence_ends(text))
        self._stops = [found.start() for found in ends]
        self._ends = [found.end() for found in ends]
        self._capitals = [found.end("capital") for found in ends]

    def any_end_between(self, start: int, end: int) -> bool:
        """Whether one ends between two places; it does where they are far apart, or a line between them is blank."""
        if end - start > 5 * FAR or self.blanks.any_between(start, end):
            return True
        at = bisect.bisect_left(self._stops, start)
        # What opens a sentence may stand behind.
        return at < len(self._stops) and self._ends[at] <= end and self._capitals[at] <= end + _OPENING

    def start_of(self, at: int) -> int:
        """Where the one starts that a place stands in; not far before it at most."""
        begin = max(0, at - 5 * FAR)
        last = bisect.bisect_right(self._capitals, at + 1) - 1
        ended = self._ends[last] if last >= 0 and self._stops[last] >= begin else begin
        return max(begin, ended, self.blanks.last_end(begin, at))


def is_link(text: str, start: int, end: int, pattern: re.Pattern[str], most_lines: int) -> bool:
    """Whether nothing but what the pattern allows stands between two places."""
    if end - start > FAR:
        return False
    gap = text[start:end]
    return gap.count("\n") <= most_lines and pattern.fullmatch(gap) is not None


# The citations of a letter.


def read_citations(text: str, bodies: Bodies) -> list[Citation]:
    """All citations, in order; those within quotations too."""
    even = _Evened.of(text)
    return list(even.given_back(_read(even.text, bodies), text))


def _read(text: str, bodies: Bodies) -> list[Citation]:
    """The same in a letter that was made even."""
    references = sorted(read_references(text, bodies), key=lambda named: named.start)
    sources, sentences = _Sources(text), Sentences(text)
    mentions = _mentions(text, references, sources)
    attached = _attached(text, references, mentions)
    loose = [mention for mention, to in zip(mentions, attached, strict=True) if to is None]
    inherited: dict[int, NamedReference | None] = {}
    standing: dict[int, tuple[str, ...]] = {}
    for number, told, names in (
        _inherited(text, references, mentions, attached, bodies, sources, sentences) if loose else ()
    ):
        inherited[number], standing[number] = told, names
    meant = {id(named) for named in inherited.values()}
    owned: dict[int, list[tuple[Place, ...]]] = {}
    for mention, to in zip(mentions, attached, strict=True):
        if to is not None:
            owned.setdefault(to, []).append(mention)
    shared = _shared(
        text,
        sentences,
        references,
        lambda number: number not in owned,
        ((mentions[number], told) for number, told in inherited.items()),
    )
    found = []
    for number, named in enumerate(references):
        own = owned.get(number, [])
        if not (own or named.is_called or id(named) in meant):
            continue  # the number of something else
        places = tuple(place for mention in own for place in mention)
        start = min([named.start, *(place.start for place in places)])
        end = max([named.end, *(place.end for place in places)])
        found.append(noted(text, Citation(start, end, named, places or shared.get(number, ()), True, False)))
    for number, told in inherited.items():
        mention = mentions[number]
        bare = Citation(mention[0].start, mention[-1].end, told, mention, False, False, standing[number])
        found.append(noted(text, bare))
    return sorted(found, key=lambda citation: citation.start)


def _shared(
    text: str,
    sentences: Sentences,
    references: Sequence[NamedReference],
    bare: Callable[[int], bool],
    inherited: Iterable[tuple[tuple[Place, ...], NamedReference | None]],
) -> dict[int, tuple[Place, ...]]:
    """The places of references that are told together with another one, by the numbers of those references.

    “21 017 496 and 20 001 737 say so at paragraph 70”: that paragraph is one of the first decision too.
    """
    numbers = {id(named): number for number, named in enumerate(references)}
    shared: dict[int, tuple[Place, ...]] = {}
    for mention, told in inherited:
        if told is None or told.end > mention[0].start or sentences.any_end_between(told.end, mention[0].start):
            continue
        number = numbers[id(told)]
        while (
            number > 0
            and bare(number)
            and bare(number - 1)
            and number - 1 not in shared
            and is_link(text, references[number - 1].end, references[number].start, JOINS, 1)
        ):
            number -= 1
            shared[number] = mention
    return shared


_BEHIND_QUOTATION = re.compile(r"[”\"’'»][.,;:]?\s{0,2}[(\[]\s?$")


class _Sources:
    """Where a text has the words for documents other than decisions."""

    def __init__(self, text: str) -> None:
        spans = [found.span() for found in _SOURCE.finditer(text)]
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def any_between(self, start: int, end: int) -> bool:
        """Whether one stands between two places."""
        at = bisect.bisect_left(self._starts, start)
        return at < len(self._ends) and self._ends[at] <= end


class _ToldBodies:
    """Which of the references of a letter are about a body."""

    def __init__(self, references: Sequence[NamedReference], bodies: Bodies) -> None:
        self._references = references
        self._of: dict[str, list[int]] = {}
        for number, named in enumerate(references):
            about = {bodies.of(named.reference)} if named.reference is not None else set()
            for name in about.union(bodies.named(named.body) if named.body else ()):
                if name is not None:
                    self._of.setdefault(name, []).append(number)

    def last_about(self, body: str, before: int) -> NamedReference | None:
        """The last of those before this one that is."""
        numbers = self._of.get(body, [])
        at = bisect.bisect_left(numbers, before)
        return self._references[numbers[at - 1]] if at else None


def _inherited(
    text: str,
    references: Sequence[NamedReference],
    mentions: Sequence[tuple[Place, ...]],
    attached: Sequence[int | None],
    bodies: Bodies,
    sources: _Sources,
    sentences: Sentences,
) -> Iterator[tuple[int, NamedReference | None, tuple[str, ...]]]:
    """The lists of places that stand beside no reference, by their numbers, each with the reference that is meant.

    None where another decision seems to be meant than the one told before, with the bodies that stand for that. Those
    of other documents do not come.
    """
    bodies = bodies.with_names(named.body for named in references if named.body)
    told = _ToldBodies(references, bodies)
    told_at = [named.start for named in references]
    masked = without_quotations(text, "|")
    last_called: list[NamedReference | None] = [None]
    for named in references:
        last_called.append(named if named.is_called else last_called[-1])
    current: NamedReference | None = None
    asked: tuple[str, ...] = ()
    at = asked_at = 0
    for number, (mention, to) in enumerate(zip(mentions, attached, strict=True)):
        start, end = mention[0].start, mention[-1].end
        before = bisect.bisect_left(told_at, start)
        if before and told_at[before - 1] >= at:
            current = references[before - 1]
        last_end = at
        at = end
        if to is not None:
            current = references[to]
            continue
        if (
            current is not None
            and not (current.is_called or _SHAPED.fullmatch(current.digits))
            and sentences.any_end_between(current.end, start)
        ):
            # Digits of another sentence that nothing calls a reference.
            current = last_called[before]
        sentence = sentences.start_of(start)
        begin = max(last_end, sentence, references[before - 1].end if before else 0)
        stretch = masked[begin:start]
        of = _OF_NAME.match(masked, end, end + _LONGEST_NAME)
        names = bodies.named_alone(of["name"]) if of else ()
        if not names and (_is_of_another(text, start, end, sources) or OF_OTHER_SOURCE.search(stretch)):
            continue
        if _has_unread(mention) and not _BEHIND_QUOTATION.search(text, max(0, start - 9), start):
            continue  # guidance has such paragraphs
        if text[start] == "§" and not names and sources.any_between(max(sentence, start - FAR), start):
            continue  # a section of a statute that was named before
        names = names or bodies.named(stretch)
        if names:
            chosen = told.last_about(names[-1], before)
            current, asked_at = chosen, end if chosen is None else asked_at
            asked = names
        elif asked_at and current is None and sentences.blanks.any_between(asked_at, start):
            current = references[before - 1] if before else None
        follows = references[before] if before < len(references) else None
        if current is None and not asked_at and follows and not sentences.any_end_between(end, follows.start):
            yield number, follows, ()  # “At paragraph 50 he says so, in 21 017 496.”
        else:
            yield number, current, asked if current is None and asked_at else ()


def noted(text: str, citation: Citation) -> Citation:
    """A citation with the note that its number is inferred, where it stands after it."""
    note = _INFERRED.match(text, citation.end)
    return replace(citation, end=note.end(), says_inferred=True) if note and citation.places else citation


def read_references(text: str, bodies: Bodies) -> Iterator[NamedReference]:
    """All that is a reference, is called one, or looks like one, in no order."""
    spans: list[tuple[int, int]] = []
    for match in _REFERENCE.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()]
        if not _is_other_number(match[0], before):
            start, end = match.start(), _letter_end(text, match.end(), match[0], bodies)
            spans.append((start, end))
            named = _with_body(text, start, end, _reference(text[start:end]), bodies)
            is_loose = _IS_LOOSE.search(match[0]) is not None and _IS_CALLED.search(before) is None
            yield replace(named, is_called=bodies.of(_reference(match[0])) is not None) if is_loose else named
    for match in _MISSPELT.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        at = bisect.bisect_left(spans, (end, 0))
        is_known = any(
            known_start < end and start < known_end for known_start, known_end in spans[max(0, at - 2) : at + 1]
        )
        size = sum(character.isdigit() for character in text[start:end])
        is_meant = 7 <= size <= 10 and not _A_DATE.fullmatch(text, start, end)
        if match["longer"]:
            is_meant = _OF_SOMETHING_ELSE.search(text[max(0, start - 60) : start]) is None
        if not is_known and is_meant:
            spans.append((start, end))
            yield _with_body(text, start, end, None, bodies)
    spans = sorted([*spans, *(match.span() for match in _MENTION.finditer(text))])
    for match in _LIKE_REFERENCE.finditer(text):
        start, end = match.span()
        at = bisect.bisect_left(spans, (end, 0))
        is_known = any(start < known_end for _, known_end in spans[max(0, at - 2) : at])
        before = text[max(0, start - 60) : start]
        if match["sum"] and not (
            _BEFORE_PLACE.match(text, end) or _AFTER_PLACE.search(before) or _IS_CALLED.search(before)
        ):
            continue
        if not is_known and not _A_DATE.fullmatch(match[0]) and not _OF_SOMETHING_ELSE.search(before):
            yield replace(_with_body(text, start, end, None, bodies), is_called=False)


def _letter_end(text: str, end: int, written: str, bodies: Bodies) -> int:
    """Where a reference ends with the letter that stands apart from it; one that is held has it."""
    letter = LETTER_APART.match(text, end) if written[-1].isdigit() else None
    return letter.end() if letter and bodies.of(_reference(written + letter[1])) is not None else end


def _reference(written: str) -> Reference:
    only = re.sub("[^0-9a-zA-Z]", "", written)
    return Reference(f"{only[:2]} {only[2:5]} {only[5:]}")


def _is_other_number(written: str, before: str) -> bool:
    """Whether digits in the form of a reference are the number of something else, or a date."""
    if _IS_CALLED.search(before):
        return False
    if _OF_SOMETHING_ELSE.search(before):
        return True
    is_late = re.fullmatch("[0-9]{8}", written) is not None and int(written[:2]) > _LAST_YEAR
    return is_late or may_be_date(written)


def _with_body(text: str, start: int, end: int, reference: Reference | None, bodies: Bodies) -> NamedReference:
    """A reference with the name of a body before or after it, and the brackets that belong to it."""
    digits = text[start:end]
    opened = _OPENS.search(text, max(0, start - 40), start)
    before = opened.start() if opened else start
    between = _BETWEEN.search(text, max(0, before - _LONGEST_BETWEEN), before)
    names = _NAME_BEFORE.search(text[max(0, before - _LONGEST_NAME) : before])
    if names and (opened is None or "(" in opened[0] or "[" in opened[0] or opened[0].strip() in ("", ",")):
        closes = _CLOSES.match(text, end) if opened and opened[0].lstrip()[:1] in tuple("([") else None
        name = _own_name(_NO_NAME.sub("", names[0]), bodies)
        return NamedReference(before - len(name), closes.end() if closes else end, digits, reference, fold(name))
    follows = _NAME_AFTER.match(text, end, end + _LONGEST_NAME)
    if follows:
        return NamedReference(start, follows.end(), digits, reference, fold(follows["name"]))
    if between and (names := _NAME_BEFORE.search(text[max(0, between.start() - _LONGEST_NAME) : between.start()])):
        return NamedReference(start, end, digits, reference, fold(_own_name(_NO_NAME.sub("", names[0]), bodies)))
    told, end = _shortly_named(text, start, end, between, bodies)
    about = bodies.of(reference) if reference is not None and told else None
    return NamedReference(start, end, digits, reference, about if about in told else next(iter(told), None))


def _own_name(name: str, bodies: Bodies) -> str:
    """A name without somebody's who is told together with the body: “Mr Smith and Kent County Council”."""
    _, together, last = name.rpartition(" and ")
    named = bodies.named(last) if together else ()
    return last if len(named) == 1 and " and " not in named[0] and named == bodies.named(name) else name


def _shortly_named(
    text: str, start: int, end: int, between: re.Match[str] | None, bodies: Bodies
) -> tuple[tuple[str, ...], int]:
    """The bodies that the words right beside a reference may mean, “In the Kent case (21 000 259)”, and where these end
    or the reference does.
    """
    opened = between or _BESIDE.search(text, max(0, start - 60), start)
    begin = opened.start() if opened else start
    words = _INITIALS.sub(lambda found: found[0].replace(".", ""), text[max(0, begin - _LONGEST_NAME) : begin])
    clause = re.split(r"[.;:,!?()\[\]“”\"|0-9]|\n\s*\n", words)[-1]
    if opened and (told := bodies.named_last(clause)):
        return _in_full(told, clause), end
    after = _THEN_NAME.match(text, end, end + _LONGEST_NAME)
    told = bodies.named_alone(after["name"]) if after else ()
    return (_in_full(told, after["name"]), after.end("name")) if after and told else (told, end)


def _in_full(told: Iterable[str], words: str) -> tuple[str, ...]:
    """The bodies that some words name; without “West”, those of West Northamptonshire name another one."""
    spoken = words.casefold().split()
    return tuple(
        name
        if (parted := name.split(maxsplit=1))[0].casefold() not in DIRECTIONS or parted[0].casefold() in spoken
        else " ".join(word for word in parted[-1].split() if word.casefold() not in OPTIONAL)
        for name in told
    )


def _mentions(text: str, references: Sequence[NamedReference], sources: _Sources) -> list[tuple[Place, ...]]:
    """The places that are told, those of one list together, in order."""
    ends = [named.end for named in references]
    found = [
        tuple(
            read_places(
                match["numbers"] or match["brackets"],
                match.start(),
                match.start("numbers" if match["numbers"] else "brackets"),
            )
        )
        for match in _MENTION.finditer(text)
        if match["signs"] is None or not _is_of_statute(text, match, ends, sources)
    ]
    for named in references:
        if match := _BEHIND.match(text, named.end):
            start = match.start(match.lastgroup or 0)
            found.append(tuple(read_places(match[match.lastgroup or 0], start, start)))
        if match := _SUMMARY_AFTER.match(text, named.end) or _SUMMARY_BEFORE.search(
            text[max(0, named.start - 80) : named.start]
        ):
            offset = 0 if match.re is _SUMMARY_AFTER else max(0, named.start - 80)
            found.append((Place(offset + match.start(1), offset + match.end(1), SUMMARY),))
    found = [
        places
        for places in found
        if places and not (_has_unread(places) and _is_of_another(text, places[0].start, places[-1].end, sources))
    ]
    return sorted(found, key=lambda places: places[0].start)


def _has_unread(places: Iterable[Place]) -> bool:
    return any(isinstance(place.number, Unread) for place in places)


def _is_of_statute(text: str, mention: re.Match[str], told: Sequence[int], sources: _Sources) -> bool:
    """Whether a sign is that of a section: “§47 of the Children Act”, “Children Act 1989, §47”.

    `told` is where the references end; what stands before one is not asked.
    """
    start, end = mention.span()
    if _OF_STATUTE.match(text, end, end + FAR):
        return True
    before = bisect.bisect_right(told, start)
    begin = max(told[before - 1] if before else 0, start - 80)
    return sources.any_between(begin, start) and _AFTER_SOURCE.search(text[begin:start]) is not None


def read_places(numbers: str, start: int, offset: int) -> Iterator[Place]:
    """The places in a list of numbers, which stands at `offset`; the first has the word before it."""
    before: Place | None = None
    for match in _ONE.finditer(numbers):
        value, item = (Unread(match["unread"]), None) if match["unread"] else _number(match["number"])
        if value is None:  # a letter that is the same as another only where case does not count
            continue
        end = offset + match.end() + (1 if match["open"] else 0)
        place = Place(
            offset + match.start("open" if match["open"] else "number") if before else start,
            end,
            value,
            item,
            says_inferred=_INFERRED.match(numbers, match.end()) is not None,
        )
        if (
            match["joint"]
            and before is not None
            and before.item is None
            and isinstance(before.number, int)
            and not isinstance(before.number, Unread)
            and not isinstance(value, Unread)
            and value > before.number
        ):
            before = replace(before, end=end, last=value)
            continue
        if before is not None:
            yield before
            if match["joint"] and before.last is None and isinstance(before.number, int) and value < before.number:
                place = replace(place, runs_back=not isinstance(value, Unread))
        before = place
    if before is not None:
        yield before


def _number(written: str) -> tuple[int | None, str | None]:
    """The number of a paragraph, with the letter of an item of it; no number where the words are none."""
    if digits := re.match("[0-9]+", written):
        item = re.fullmatch(r"\s?\(?([a-z])\)?", written[digits.end() :], re.IGNORECASE)
        return int(digits[0]), item[1].lower() if item else None
    words = re.sub(r"\s", "-", written.lower())
    hundreds, _, rest = words.partition("-hundred") if "-hundred" in words else ("", "", words)
    rest = re.sub("^-(?:and-)?", "", rest)
    if hundreds in ("a", "an"):
        hundreds = "one"
    if not words or (hundreds and hundreds not in NUMBER_WORDS) or (rest and rest not in NUMBER_WORDS):
        return None, None
    return 100 * NUMBER_WORDS.get(hundreds, 0) + NUMBER_WORDS.get(rest, 0), None


def _attached(
    text: str, references: Sequence[NamedReference], mentions: Sequence[tuple[Place, ...]]
) -> list[int | None]:
    """For each list of places the number of the reference that it stands beside."""
    starts = [named.start for named in references]
    found: list[int | None] = [None] * len(mentions)
    weakly: list[int | None] = [None] * len(mentions)
    for at in reversed(range(len(mentions))):
        end = mentions[at][-1].end
        following = bisect.bisect_left(starts, end)
        if at + 1 < len(mentions) and is_link(text, end, mentions[at + 1][0].start, JOINS, 1):
            found[at], weakly[at] = found[at + 1], weakly[at + 1]
        elif following < len(references) and (
            at + 1 == len(mentions) or mentions[at + 1][0].start >= starts[following]
        ):
            gap = text[end : starts[following]]
            to_next = _TO_NEXT.match(gap)
            if to_next and _links(gap[to_next.end() :]):
                if to_next["word"].lower() in ("of", "from"):
                    found[at] = following
                else:
                    weakly[at] = following
            elif (aside := _ASIDE.match(gap)) and _links(gap[aside.end() :]):
                weakly[at] = following
    for at, mention in enumerate(mentions):
        start = mention[0].start
        above = bisect.bisect_left(starts, start) - 1
        if found[at] is None and above >= 0:
            chain = at > 0 and found[at - 1] == above and mentions[at - 1][-1].end > references[above].end
            end = mentions[at - 1][-1].end if chain else references[above].end
            if end <= start and is_link(text, end, start, _FROM_LAST, 1):
                found[at] = above
        if found[at] is None:
            found[at] = weakly[at]
    return found


def _links(gap: str) -> bool:
    """Whether the words between a paragraph and a reference say that it is one of that decision."""
    if len(gap) > FAR or BLANK.search(gap):
        return False
    words = re.sub(r"[(),\[\]]", " ", gap).split()
    return len(words) <= _MOST_LINKING and all(
        word.lower().rstrip(".:").replace("'", "’") in _LINKING or word[0].isupper() or word == "&" for word in words
    )


def _is_of_another(text: str, start: int, end: int, sources: _Sources) -> bool:
    """Whether a paragraph is one of another document than a decision."""
    after = text[end : end + FAR]
    if _OF_OURS.match(after):
        return False
    if _OF_MY_OWN.match(after) or _OF_OTHERS.match(after):
        return True
    begin = max(0, start - 80)
    if not sources.any_between(begin, start):
        return False
    before = text[begin:start]
    return _AFTER_SOURCE.search(before) is not None and _OUR_STATEMENT.search(before) is None
