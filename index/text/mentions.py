"""How paragraphs and their items are mentioned: the words, signs, numbers and lists, with examples. Pure.

A *mention* is “paragraph 50”, “paras 50, 52-54 and 56”, “¶ 51(b)”, “§§50-52” or “at [50]”; what it names are *pin
cites*: paragraphs, several in a row, or lettered items. Which decision they are of, or whether of any, is not told
here: index.text.sources has what else may have paragraphs. Nothing else in the project has a pattern of its own for
mentions.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.decisions import Number
from index.text.dates import MONTHS
from index.text.lists import joined
from index.text.number_words import DIGIT_WORDS, NUMBER_WORD, NUMBER_WORDS
from index.text.references import REFERENCE_BESIDE_QUOTATION, WRITTEN_DIGITS

MAX_NAMED = 200
"""Pin cites that are named in one sentence."""


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
class PinCite:
    """A paragraph that a text names, or an item of it, or several in a row.

    `last` is the number of the last paragraph, `last_item` the letter of the last item. `runs_back` says that they were
    written the other way round, “paragraphs 52-50”; the lower one is still the first here. `says_inferred` says that it
    has a note of its own, within a list, that its number is inferred.
    """

    start: int
    end: int
    number: Number
    item: str | None = None
    last: int | None = None
    last_item: str | None = None
    says_inferred: bool = False
    runs_back: bool = False

    @property
    def key(self) -> Hashable:
        """Equal for those that name the same in the same way."""
        return self.number, self.item, self.last, self.last_item, self.says_inferred, self.runs_back

    @property
    def name(self) -> str:
        """As a citation has it."""
        if isinstance(self.number, str):
            return self.number
        return f"{'paragraphs' if self.last else 'paragraph'} {self._short}"

    @property
    def _short(self) -> str:
        first, last = str(self.number), str(self.last) if self.last else None
        if self.item:
            first, last = f"({self.item})", f"({self.last_item})" if self.last_item else None
        if last is not None:
            first = f"{last} to {first}" if self.runs_back else f"{first} to {last}"
        return f"{self.number}{first}" if self.item else first

    @property
    def numbers(self) -> Sequence[Number]:
        """The numbers of all paragraphs that it names."""
        if isinstance(self.number, str) or self.last is None:
            return (self.number,)
        return range(self.number, self.last + 1)

    @property
    def items(self) -> Sequence[str]:
        """The letters of all items that it names."""
        if self.item is None:
            return ()
        return [chr(letter) for letter in range(ord(self.item), ord(self.last_item or self.item) + 1)]


def names_of(pin_cites: Sequence[PinCite]) -> str | None:
    """Several as one: “paragraphs 50, 52 and 54”; of very many the first ones."""
    if len(pin_cites) < 2:
        return pin_cites[0].name if pin_cites else None
    if any(isinstance(one.number, str) for one in pin_cites):
        return joined([one.name for one in pin_cites[:MAX_NAMED]] + ["others"] * (len(pin_cites) > MAX_NAMED))
    short = [one._short for one in pin_cites[:MAX_NAMED]]
    return f"paragraphs {joined(short + ['others'] * (len(pin_cites) > MAX_NAMED))}"


# Numbers, alone and in lists.

_NO_REFERENCE = rf"(?!{WRITTEN_DIGITS})"
_HUNDRED = rf"(?:(?:an?|{'|'.join(DIGIT_WORDS)})[\s-]hundred\b(?:[\s-](?:and[\s-])?{NUMBER_WORD})?)"
# What goes on as a number is no paragraph that a decision could have: 51.2, 51/52, fifty-ninth, one thousand
_NOT_A_NUMBER = rf"""(?:
    [0-9]{{1,6}}(?:[./][0-9]{{1,3}}){{1,5}}(?![./]?[0-9]|\w) | [0-9]{{1,6}}\([0-9]{{1,3}}\) | [0-9]{{7,15}}
  | (?:{_HUNDRED}(?:-[a-z]{{1,12}}|(?:\s(?:hundred|thousand|million)){{1,3}})
      | (?!{_HUNDRED}){NUMBER_WORD}(?:-[a-z]{{1,12}}|(?:\s(?:hundred|thousand|million)){{1,3}}))\b
)"""
_ITEM = r"\([a-z]\)(?![\w(])"
_ITEM_JOINT = r"\s?(?:,\s?(?:and|or)?|and|or|&|to|through|until|[-–])\s?"
_ITEMS = rf"{_ITEM}(?:{_ITEM_JOINT}{_ITEM})*"
_NUMBER = rf"""(?:
    [0-9]{{1,6}}
    # 51(b), 51(a) to (c), 51 (b), 51ff, 51b; behind a space “(a)” may begin a list of the writer's own
    (?: {_ITEMS} | \s?{_ITEM} | \s?ff\b | [a-z]\b )?
  | {_HUNDRED} | {NUMBER_WORD}
)"""
_MONTHS = "|".join(MONTHS)
_PERIODS = r"years?|months?|weeks?|days?|hours?"
_NOT_COUNTED = rf"(?!\s*(?:{_MONTHS}|{_PERIODS}|pounds|children|other)\b)"
# nor is a list of numbers that ends so: “3 and 4 May”, “2 or 3 months”, “3-year-old”
_NO_COUNTS = rf"""(?! (?:[,&\s–-]|and\b|or\b|to\b|[0-9]){{1,20}}
    (?:{_MONTHS}|{_PERIODS}|children|other|of\s(?:the|them|these)|year-old)\b)"""
# not 4.12, 1/3, 5(2); but 51 (21 017 496)
_WHOLE = rf"""(?! [0-9.]*[0-9] | \s*/\s*[0-9] | \s*\({_NO_REFERENCE}[0-9] | \([a-z]\)\( | \s?%
    | -[a-z] | \s(?:hundred|thousand|million)\b )"""
_READ = rf"(?:{_NO_REFERENCE}{_NUMBER}{_WHOLE})"
_EACH = rf"(?:\[{_READ}\]|\({_READ}\)|{_READ})"
# Where digits can be nothing but the last number of a list.
_ENDED = rf"""(?= [^\S\n]{{0,3}}(?: [.,;:](?![0-9]) | [)\]”’"'?!\n–—…⁰¹²³⁴-⁹-] | \Z
    | (?:and|or|&|to|through|until|up\sto|onwards|ff|above|below|plus|as\swell\sas)\b
    | (?:of|in|from)\s(?:{WRITTEN_DIGITS}|(?:(?:the|that|this)\s)?(?:decision|case|complaint)\b) ))"""
_NOTE = r"(?:\s*[(\[](?:numbers?\s+)?inferred(?:\s+numbers?)?[)\]])"
_RANGE = r"(?:(?:up\s{1,3})?to|through|until|[-–]{1,3}|—|…|\.{2,3})"
_SURELY_RANGE = (
    r"(?:\s*(?:(?:up\s{1,3})?to|through|until|[-–])\s*|[-–]{2,3}|—|…|\.{2,3})"  # what stands apart may begin anew
)
_AND = r"(?:[,;]?\s{0,3}(?:and(?:/or|,|\s{1,3}also)?|or|&)|,?\s{0,3}as\s{1,3}well\s{1,3}as)"
_LOOSELY = r"(?:[,;]|,?\s{0,3}(?:plus|\+|then))"  # what stands behind it may be something else

# Mentions.

_WORD = r"(?:paragraphs?\b|paras?\b\.?|pars?\b\.?|para(?=[0-9])|¶¶?|§§?)"
_JOINED = rf"""(?:
    {_NOTE}?
    (?: (?:\s*{_AND}\s*|{_SURELY_RANGE}){_EACH}{_NOT_COUNTED}
      | (?:\s+(?:(?:up\s+)?to|through|until)\s+|[-–—]){_WORD}\s*{_EACH}{_NOT_COUNTED}   # paragraph 50 to paragraph 60
      | \s*(?:{_AND}|{_RANGE}|{_LOOSELY})\s*
        (?:{_NO_REFERENCE}{_NOT_A_NUMBER}|\[?{_NO_REFERENCE}[0-9]{{1,3}}\]?){_ENDED}{_NOT_COUNTED}
    )
)"""
_BRACKETS = rf"\[[0-9]{{1,4}}\](?:\s*(?:{_AND}|{_RANGE}|{_LOOSELY})\s*\[[0-9]{{1,4}}\])*"
MENTION = re.compile(
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
"""A mention; the list of its numbers is its group `numbers`, or `brackets` without a word before it."""
EXAMPLES = (
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
    "paragraph 51(a) to (c)",
    "paragraph fifty-one",
    "para50",
    "paragraph 50 to paragraph 52",
)
OTHERS = ("paragraph", "the 50 paragraphs", "a paragraph of 50 words", "[50]", "parapet 50", "paragraph 21 017 496")
"""What stands beside those and is no mention."""
BEHIND_REFERENCE = re.compile(  # [50], at 50, “, 50”, “, 1(a)”
    rf"""(?:[^\S\n]|,){{0,99}}+(?P<brackets>{_BRACKETS})
    | [^\S\n]?(?:,(?:\sat\b)?|at\b|(?P<colon>:))[^\S\n]{{0,3}}
      (?P<numbers>{_NO_REFERENCE}[0-9]{{1,3}}(?:{_ITEMS}|{_ENDED}{_NO_COUNTS}(?(colon)(?!\.\s{{1,9}}\w)))
        (?:{_JOINED}|,\s?[0-9]{{1,3}}{_ITEMS})*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What right behind a reference is a mention without a word for it."""
SUMMARY_BEHIND_REFERENCE = re.compile(
    r"[\s)\]]{0,3}(?:,\s{0,3}[0-9]{1,2}\s[a-z]{3,9}\s[0-9]{4})?"  # its date, in a full citation
    r"[,:(–-]?\s{0,3}(?:(?:at|in)\s+)?(?:the\s+)?(summary)\b",
    re.IGNORECASE,
)
SUMMARY_BEFORE_REFERENCE = re.compile(
    r"\b(summary)\s+(?:of|to|in|for|at the head of)\s+"
    r"(?:(?:the|this|that|its|ombudsman[’']?s?|final|decision|case|complaint|number|no\.?|ref\.?|reference)\s+){0,5}\(?$",
    re.IGNORECASE,
)
# Pages and sections are cited of a report alone, so they are read only right beside a reference.
_PAGES = r"""(?: pages?\ ? | pp?\b\.?\ ? )
    (?P<pages>[0-9]{1,4}(?:\s?(?:,|,?\s?(?:and|&)|to|[-–])\s?[0-9]{1,4}){0,20})(?![0-9]|[.,/-][0-9]|\w)"""
_SECTION = r"""section\s{1,3}(?:“(?P<heading>[^“”\n]{1,140})”|"(?P<plain>[^"\n]{1,140})")(?P<nth>\s?\([0-9]{1,3}\))?"""
_NAMED_PLACE = rf"(?P<place>{_PAGES}|{_SECTION})"
_OF_REPORT = r"(?:(?:the|this|that|same)\s+)?(?:(?:public|investigation)\s+)?(?:report|decision|case|complaint|pdf)\b"
NAMED_PLACE_BEHIND_REFERENCE = re.compile(
    rf"""[\s)\]]{{0,3}}(?:,\s{{0,3}}[0-9]{{1,2}}\s[a-z]{{3,9}}\s[0-9]{{4}})?
    [,:(–-]?\s{{0,3}}(?:(?:at|on|in|see)\s+)?(?:the\s+)?{_NAMED_PLACE}(?!\s+(?:of|in|from)\s+(?!{_OF_REPORT}))""",
    re.VERBOSE | re.IGNORECASE,
)
"""What right behind a reference is the page or the section of a report: “, page 7”, “, section “Findings””."""
NAMED_PLACE_BEFORE_REFERENCE = re.compile(
    rf"""\b{_NAMED_PLACE}\s+(?:of|in|from)\s+
    (?:(?:the|this|that|its|ombudsman[’']?s?|public|investigation|report|decision|case|complaint|number|no\.?|ref\.?
      |reference|about|into|on)\s+){{0,6}}\(?\Z""",
    re.VERBOSE | re.IGNORECASE,
)
NAMED_PLACE_EXAMPLES = ("page 7", "pages 7 and 8", "pp 7-9", "p. 7", "section “Findings”", 'section "Findings"')
_MAX_PAGES = 50  # of one range
INFERRED = re.compile(
    r"[\s,;]{0,3}[(\[–-]?\s{0,2}(?:(?:paragraph\s+)?numbers?\s+(?:is\s+|are\s+)?inferred|inferred(?:\s+numbers?)?)[)\]]?",
    re.IGNORECASE,
)
"""The note behind a mention that its number is inferred."""
BEGINS_MENTION = re.compile(
    r"[)\],;:\s]{0,3}(?:(?:at|see|in)\s{1,3})?(?:paragraph|paras?\b|par\.|[¶§]|\[[0-9])", re.IGNORECASE
)
ENDS_MENTION = re.compile(
    r"(?:\bpara(?:graph)?s?\.?|[¶§])\s{0,3}[0-9]{1,4}\s{1,3}(?:of|in|from)\s{1,3}$", re.IGNORECASE
)
CITATION_BESIDE_QUOTATION = rf"(?:{REFERENCE_BESIDE_QUOTATION}|\bpara(?:graph|s?\b)|[¶§])"
"""A pattern for what, beside a quotation, may begin its citation."""
MAY_MENTION = re.compile(  # a word, a sign or a bracket of a paragraph, or digits that may be a reference
    r"[§¶]|\[[0-9]|\b(?:paragraphs?|paras?|pars?)(?![^\W\d_])|[0-9](?:[^0-9]{0,2}[0-9]){5}", re.IGNORECASE
)
"""What a question has that may be nothing but citations."""
TYPED_BARE = re.compile(r"[ ,:#]{0,3}(?:at )?(?P<number>[0-9]{1,3})(?![\w(]|[ .,/-]?[0-9])")
"""A number right behind a reference, where nothing else can be meant: “21 017 496 50”."""
ODD_ITEM = re.compile(r" ?(?:(?:,|and\b|&|or\b|to\b|[-–]) ?)?\((?P<item>[a-z]{1,3})\)")
"""What is meant for an item behind a number or an item, though no list has it so: “50(zz)”, “50(a)(b)”."""

# In a generated text, which may name a place in one way alone: whatever else there is, is to be found as such.

GENERATED_MENTION = re.compile(
    r"""
    \b(?:paragraphs?|paras?\.?|¶)\s*([0-9]{1,3})(?![0-9]|[.,][0-9])
    (?:                                      # its item: “51(b)”, “51 (b)”, “51b”, “51 b”, “51-b”, “51, b”
      (?![,.:;]\s(?-i:[A-Z])\b(?![)\]]))      # “in paragraph 51, B said”: who is called B
      [\s,.:;/–-]{0,3}[(\[]?\s?(?!a\s{1,9}+\w)([a-z])(?![\w’'])(?:\s?[)\]])?
    )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
GENERATED_WIDER = re.compile(  # behind a mention: not that place alone, or some part of it
    r"""
    \s{0,9}+(?:
      [(\[]\s{0,3}+(?:[a-z]|[ivxl]{1,5}|[0-9]{1,3})\s{0,3}+[)\]]
    | [/&+–—-]\s{0,3}+(?:[0-9]|[a-z]\b)
    | [,(]?\s{0,3}+(?:ff?|et\s+seq\w*|onwards?|on(?=\s{0,9}+(?:[,.;:)]|\Z))|bis|ter|(?-i:[ivx]{2,5}))\b
    | ,?\s{0,3}+(?:and|or)\s+(?!para|¶)
    | (?:to|through|until|till|up\s+to|following|next)\b )
    """,
    re.VERBOSE | re.IGNORECASE,
)
GENERATED_PLACE = re.compile(
    r"""
    \b(?: (?:sub)?(?:paragraphs?|paras?) | (?:foot|end)notes? | bullets? | ibid(?:em)? | idem | supra | infra | passim
      | (?:op|loc)\.?\s?cit | et\s+seq | overleaf | the\s+summary | (?:see(?:\s+also)?|as)\s+(?:above|below) )\b
    | ¶ | [(\[]\s?summary\b
    | (?<!\w\s)\b(?:above|below)(?=\s{0,9}(?:[).,;:\]]|\Z))
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Reading.

_ONE = re.compile(
    rf"(?:(?P<joint>{_RANGE})\s*(?:{_WORD}\s*)?)?(?P<open>[\[(])?"
    rf"(?:(?P<unread>{_NOT_A_NUMBER})|(?P<number>{_NUMBER}))",
    re.VERBOSE | re.IGNORECASE,
)
_ONE_ITEM = re.compile(r"(?P<range>to|through|until|[-–])?\s?\((?P<item>[a-z])\)", re.IGNORECASE)


def read_pin_cites(numbers: str, start: int, offset: int) -> Iterator[PinCite]:
    """The pin cites in a list of numbers, which stands at `offset`; the first has the word before it."""
    before: PinCite | None = None
    for match in _ONE.finditer(numbers):
        end = offset + match.end() + (1 if match["open"] else 0)
        begin = offset + match.start("open" if match["open"] else "number") if before else start
        inferred = INFERRED.match(numbers, match.end()) is not None
        for at, one in enumerate(_read_one(match, begin, end, inferred)):
            joined = _joined(before, one) if before is not None and match["joint"] and at == 0 else None
            if before is not None and joined is None:
                yield before
            before = joined or one
    if before is not None:
        yield before


def _read_one(match: re.Match[str], start: int, end: int, says_inferred: bool) -> Iterator[PinCite]:
    """A number with its items, a pin cite for each that no range joins; none where words are no number."""
    if match["unread"]:
        yield PinCite(start, end, Unread(match["unread"]), says_inferred=says_inferred)
        return
    number, rest = _number(match["number"])
    if number is None:
        return
    found: list[PinCite] = []
    one = PinCite(start, end, number, says_inferred=says_inferred)
    for item in _ONE_ITEM.finditer(rest):
        item_start, item_end = (end - bool(match["open"]) - len(rest) + at for at in item.span())
        named = replace(one, start=item_start if found else start, end=item_end, item=item["item"].lower())
        joined = _joined(found[-1], named) if item["range"] and found else None
        found[-1:] = [joined] if joined else [*found[-1:], named]
    letter = re.fullmatch("[a-z]", rest, re.IGNORECASE)
    yield from found or [replace(one, item=letter[0].lower() if letter else None)]


def _joined(first: PinCite, last: PinCite) -> PinCite | None:
    """The range from one to another; None where they make none."""
    if isinstance(first.number, str) or isinstance(last.number, str):
        return None
    if isinstance(first.number, Unread) or isinstance(last.number, Unread):
        return None
    if first.item and last.item:
        if first.number != last.number or first.last_item or first.item == last.item:
            return None
        low, high = sorted((first.item, last.item))
        return replace(first, end=last.end, item=low, last_item=high, runs_back=first.item > last.item)
    if (first.last is None or first.runs_back) and last.number < first.number:
        highest = first.last or first.number
        whole = replace(first, end=last.end, number=last.number, item=None, last=highest, runs_back=True)
        return replace(whole, says_inferred=last.says_inferred)
    if first.item is None and last.number > (first.last or first.number) and not first.runs_back:
        return replace(first, end=last.end, last=last.number)
    return None


def _number(written: str) -> tuple[int | None, str]:
    """The number of a paragraph, with what is written of its items; no number where the words are none."""
    if digits := re.match("[0-9]+", written):
        return int(digits[0]), written[digits.end() :]
    words = re.sub(r"\s", "-", written.lower())
    hundreds, _, rest = words.partition("-hundred") if "-hundred" in words else ("", "", words)
    rest = re.sub("^-(?:and-)?", "", rest)
    if hundreds in ("a", "an"):
        hundreds = "one"
    # A letter may be the same as another only where case does not count.
    if not words or (hundreds and hundreds not in NUMBER_WORDS) or (rest and rest not in NUMBER_WORDS):
        return None, ""
    return 100 * NUMBER_WORDS.get(hundreds, 0) + NUMBER_WORDS.get(rest, 0), ""


def read_named_places(match: re.Match[str]) -> tuple[PinCite, ...]:
    """The pages, or the section, that a report is cited by; none where a range of pages is none."""
    start, end = match.span("place")
    if heading := match["heading"] or match["plain"]:
        nth = f" {match['nth'].strip()}" if match["nth"] else ""
        return (PinCite(start, end, f"section “{heading.strip()}”{nth}"),)
    found: list[PinCite] = []
    for one in re.finditer(r"(?P<range>(?:to|-|–)\s?)?(?P<number>[0-9]+)", match["pages"]):
        first = last = int(one["number"])
        if one["range"] and found:
            first = int(str(found[-1].number).removeprefix("page ")) + 1
        begin = start if not found else match.start("pages") + one.start("number")
        stop = match.start("pages") + one.end()
        found += [PinCite(begin, stop, f"page {page}") for page in range(first, min(last, first + _MAX_PAGES) + 1)]
    return tuple(found)


def has_unread(pin_cites: Iterable[PinCite]) -> bool:
    """Whether one of them stands where the number of no paragraph does."""
    return any(isinstance(one.number, Unread) for one in pin_cites)
