"""Nothing that is handed in keeps a processor busy: hostile texts are tried on every pattern and every reader."""

from __future__ import annotations

import ast
import gc
import hashlib
import importlib
import inspect
import itertools
import json
import os
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest
from conftest import PROJECT
from test_sentences import SHOWN

import index
import qa.text.question_entities
from index.latest_store import LatestStore
from qa.errors import BadQuestion
from qa.generation.sentences import SentenceChecker
from qa.letters.check import check_letter
from qa.letters.letter import Letter
from qa.mcp import jsonrpc
from qa.retrieval.requests import Question

# Texts of three sizes are read. What a module reads is a letter unless it is told here.
LETTER = 100_000
SIZES = {
    2_000: """
        qa.answering.out_of_scope qa.answering.out_of_scope_rules qa.text.bodies qa.retrieval.cues
        qa.retrieval.answerability
        qa.text.question_entities index.text.body_names index.text.councils
        qa.text.question_words qa.text.periods qa.text.places qa.register.answers
        qa.register.asks qa.register.catalogue qa.register.filters qa.register.query qa.register.read_query
        qa.register.named qa.register.reading qa.register.screening qa.register.story qa.register.tokens
        qa.register.uncountable qa.register.words qa.retrieval.spelling
        qa.answering.typed_citations
        """.split(),
    300_000: """
        index.parsing.text_capture index.parsing.numbering index.parsing.html_page index.parsing.parse
        index.parsing.cross_references index.file_cache
        """.split(),
}
SIZE_OF = {name: size for size, names in SIZES.items() for name in names}

TRIED = 6_000
"""Characters with which all shapes are tried; what takes long on these is tried on a whole text."""
SLOW_WHEN_TRIED = 0.004
LIMIT = 1.0
"""Seconds of the processor for one pattern on one whole text, where a linear one takes some milliseconds."""
MOST_SHAPES = 90
LARGE = 20
"""So many times and more is often, in a pattern."""


class TooSlow(Exception):
    """A limit of processor time was reached."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooSlow after so many seconds of this process; `re` lets a handler run while it matches."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN)  # for good: by default one that comes late ends the process


def seconds_of(act: Callable[[], object], limit: float) -> float:
    """How long something takes, of the processor; infinite where that is more than the limit."""
    begun = time.process_time()
    try:
        with at_most(limit):
            act()
    except TooSlow:
        return float("inf")
    return time.process_time() - begun


# Which patterns there are.


@dataclass
class Swept:
    """A pattern over str or bytes, with the modules that have it."""

    pattern: re.Pattern[Any]
    modules: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How long the texts are that it reads."""
        return max(SIZE_OF.get(name, LETTER) for name in self.modules)


def modules() -> list[ModuleType]:
    """All modules of the two packages."""
    names = [
        found.name
        for package in (index, qa)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.name.endswith("__main__")
    ]
    return [importlib.import_module(name) for name in names]


def is_ours(name: object) -> bool:
    return isinstance(name, str) and name.partition(".")[0] in ("qa", "index")


def patterns_held(module: ModuleType) -> Iterator[re.Pattern[Any]]:
    """The patterns that a module holds anywhere: in names, classes, collections, dataclasses, defaults and closures."""
    seen: set[int] = set()
    waiting: list[object] = [*vars(module).values()]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, re.Pattern):
            yield thing
            continue
        owner = getattr(thing, "__module__", None) or type(thing).__module__
        if isinstance(thing, ModuleType | str | bytes | int | float) or not (is_ours(owner) or owner == "builtins"):
            continue
        if inspect.isfunction(thing):  # not its globals
            waiting += [thing.__defaults__, thing.__kwdefaults__, *(thing.__closure__ or ())]
            waiting.append(vars(thing))
        elif not isinstance(thing, type) or is_ours(owner):
            waiting += gc.get_referents(thing)


PATTERN_TAKERS = frozenset("compile sub subn findall finditer split fullmatch match search".split())


def patterns_written(module: ModuleType) -> Iterator[re.Pattern[Any]]:
    """The patterns that are written in the calls of `re` of a module, wherever they stand."""
    return patterns_in(inspect.getsource(module), vars(module))


def patterns_in(source: str, names: dict[str, Any]) -> Iterator[re.Pattern[Any]]:
    """The same for the text of a module."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
            continue
        if node.func.attr not in PATTERN_TAKERS:
            continue
        flags = [word.value for word in node.keywords if word.arg == "flags"]
        if node.func.attr not in ("sub", "subn", "split"):
            at = 1 if node.func.attr == "compile" else 2
            flags += node.args[at : at + 1]
        elif node.func.attr != "split":
            flags += node.args[4:5]
        try:
            values = [eval(compile(ast.Expression(one), "", "eval"), names) for one in (node.args[0], *flags)]
        except (NameError, TypeError):
            continue  # made of what is known at run time only: see patterns_made
        if isinstance(values[0], str | bytes):
            yield re.compile(*values)


@contextmanager
def patterns_made() -> Iterator[list[tuple[str, re.Pattern[Any]]]]:
    """The patterns that `re` is asked for by the modules meanwhile, each with the module."""
    made: list[tuple[str, re.Pattern[Any]]] = []
    real: Any = re._compile  # type: ignore[attr-defined]

    def recording(pattern: Any, flags: Any) -> Any:
        result = real(pattern, flags)
        caller = sys._getframe(2).f_globals.get("__name__")
        if is_ours(caller):
            made.append((str(caller), result))
        return result

    re._compile = recording  # type: ignore[attr-defined]
    try:
        yield made
    finally:
        re._compile = real  # type: ignore[attr-defined]


def all_patterns(made: Iterable[tuple[str, re.Pattern[Any]]] = ()) -> list[Swept]:
    """Every pattern of all modules, once."""
    found: dict[re.Pattern[Any], Swept] = {}
    held = [
        (module.__name__, one) for module in modules() for one in (*patterns_held(module), *patterns_written(module))
    ]
    for name, pattern in (*held, *made):
        found.setdefault(pattern, Swept(pattern)).modules.add(name)
    return list(found.values())


# What is hostile to a pattern.

GENERAL = [
    "\n",
    " ",
    "\n ",
    "a",
    "A",
    "a ",
    "Aa ",
    "1",
    "1 ",
    ".",
    "-",
    "(",
    "[",
    "“",
    "’",
    '"',
    "…",
    ", ",
    "é",
    "\u0301",
    "😀",
]
ENDS = ("", "\0", "x", "\n")
_INSTANCES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a ",
    codes.CATEGORY_SPACE: " \n",
    codes.CATEGORY_NOT_SPACE: "a.",
    codes.CATEGORY_WORD: "a1_",
    codes.CATEGORY_NOT_WORD: " .",
}


def instances(members: Any) -> list[str]:
    """Characters of a class, one of each of its members at least."""
    excluded = members and members[0][0] is codes.NEGATE
    found: list[str] = []
    for operation, value in members:
        if operation is codes.LITERAL:
            found.append(chr(value))
        elif operation is codes.RANGE:
            found.append(chr(value[0]))
        elif operation is codes.CATEGORY:
            found += _INSTANCES.get(value, "")
    if excluded:
        pattern = re.compile("[^" + "".join(re.escape(one) for one in found) + "]")
        return [one for one in "a 1\n.-(“" if pattern.match(one)][:4]
    return found[:6]


Shape = tuple[str, str, str]


def of_size(shape: Shape, size: int) -> str:
    """A text of about so many characters."""
    before, run, after = shape
    return before + run * ((size - len(before) - len(after)) // len(run)) + after


def in_bytes(shape: Shape) -> bool:
    """Whether it can be a text of bytes: as the parser of `re` does, each is taken for the character of its number."""
    return max("".join(shape)) <= "\xff"


class Hostile:
    """Shapes that keep a pattern busy if anything does: found by walking what it is made of."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self._groups: dict[int, str] = {}
        self._is_of_bytes = isinstance(pattern.pattern, bytes)
        self._shapes: dict[Shape, None] = {}
        tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        self._walk(tree, "", "")
        whole = self._example(tree)
        if whole:
            self._add("", whole, ENDS)
            self._add("", whole[:-1], ENDS)
            self._add("", f"{whole} ", ENDS)

    def shapes(self) -> Iterator[Shape]:
        """What may come often in a text, with what stands before it and after it; the likeliest first."""
        general = (("", run, after) for run in GENERAL for after in ("x", ""))
        shapes = itertools.chain(itertools.islice(self._shapes, MOST_SHAPES), general)
        yield from filter(in_bytes, shapes) if self._is_of_bytes else shapes

    def _add(self, before: str, run: str, after: Iterable[str]) -> None:
        if run and len(run) < 400:
            for end in after:
                self._shapes.setdefault((before[-400:], run, end))

    def _walk(self, tree: Any, before: str, after: str) -> None:
        """Add the shapes of each part of a sequence that may come often; `before` and `after` stand around it."""
        items = list(tree)
        examples = [self._example([item]) for item in items]
        for at, (operation, value) in enumerate(items):
            prefix = before + "".join(examples[:at])
            suffix = "".join(examples[at + 1 :]) + after
            if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
                _, most, inner = value
                if most is codes.MAXREPEAT or most >= LARGE:
                    self._repeat(inner, prefix, suffix)
                self._walk(inner, prefix, suffix)
            elif operation is codes.SUBPATTERN:
                self._walk(value[3], prefix, suffix)
            elif operation is codes.ATOMIC_GROUP:
                self._walk(value, prefix, suffix)
            elif operation is codes.BRANCH:
                for branch in value[1]:
                    self._walk(branch, prefix, suffix)
            elif operation in (codes.ASSERT, codes.ASSERT_NOT):
                self._walk(value[1], prefix, suffix)
            elif operation is codes.GROUPREF_EXISTS:
                for branch in value[1:]:
                    self._walk(branch or (), prefix, suffix)

    def _repeat(self, inner: Any, before: str, after: str) -> None:
        bodies = list(dict.fromkeys(one for one in self._examples(inner) if one))[:6]
        near = before[-12:]
        for body in bodies:
            self._add("", body, ENDS)
            self._add(before, body, ENDS[:2])
        for body in bodies[:3]:
            if before:
                self._add("", before + body, ENDS[:1])
                self._add("", near + body * 3, ENDS[:1])
            if after:
                self._add("", body + after[:12], ENDS[:1])
                self._add("", before + body + after[:1], ENDS[:1])
        if before:
            self._add("", before, ENDS[:1])
            self._add("", before[-1], ENDS[1:2])
        for one, other in itertools.pairwise(bodies):
            self._add("", one + other, ENDS[1:2])
            self._add(before, one + other, ENDS[1:2])
        if len(bodies) > 2:
            self._add("", "".join(bodies[:3]), ENDS[1:2])

    def _example(self, tree: Any) -> str:
        """A text that a sequence matches, or nearly: what looks around is left out."""
        return next(iter(self._examples(tree)), "")

    def _examples(self, tree: Any) -> list[str]:
        """Some texts that a sequence matches, or nearly; one of each alternative of its parts at least."""
        found = [""]
        for operation, value in tree:
            parts: list[str] = []
            if operation is codes.LITERAL:
                parts = [chr(value)]
            elif operation is codes.NOT_LITERAL:
                parts = ["a" if value != ord("a") else "b", " "]
            elif operation is codes.ANY:
                parts = ["a", " ", "."]
            elif operation is codes.IN:
                parts = instances(value)
            elif operation is codes.BRANCH:
                parts = [one for branch in value[1][:6] for one in self._examples(branch)[:2]]
            elif operation is codes.SUBPATTERN:
                parts = self._examples(value[3])
                self._groups[value[0]] = parts[0] if parts else ""
            elif operation is codes.ATOMIC_GROUP:
                parts = self._examples(value)
            elif operation is codes.GROUPREF:
                parts = [self._groups.get(value, "")]
            elif operation in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
                parts = [one * max(1, min(value[0], 4)) for one in self._examples(value[2])]
            if parts:
                found = [
                    one + part
                    for one, part in itertools.islice(
                        itertools.zip_longest(
                            itertools.islice(itertools.cycle(found), max(len(found), len(parts))),
                            itertools.islice(itertools.cycle(parts), max(len(found), len(parts))),
                            fillvalue="",
                        ),
                        8,
                    )
                ]
        return found


def read_whole(pattern: re.Pattern[Any], text: str) -> None:
    """Everything that a pattern can be asked of a text."""
    read = text.encode("latin-1") if isinstance(pattern.pattern, bytes) else text
    for _ in pattern.finditer(read):
        pass
    pattern.fullmatch(read)


def slow_text(pattern: re.Pattern[Any], size: int) -> tuple[str, float, float] | None:
    """The beginning of a text of this size that a pattern reads too slowly, and seconds for a short and a whole one.

    What takes long on a short text, and more than in proportion on one of four times its size, is tried on a whole one.
    """
    hostile = Hostile(pattern)
    short = min(size, TRIED)
    limit = max(0.3, LIMIT * size / LETTER)  # on a busy machine a tenth is soon reached
    for shape in hostile.shapes():
        first = seconds_of(partial(read_whole, pattern, of_size(shape, short)), LIMIT)
        if first <= SLOW_WHEN_TRIED:
            continue
        if first > LIMIT:
            return of_size(shape, short)[:60], first, first
        if 4 * short < size:
            more = seconds_of(partial(read_whole, pattern, of_size(shape, 4 * short)), LIMIT)
            if more < 6 * first:
                continue
        whole = of_size(shape, size)
        if (seconds := seconds_of(partial(read_whole, pattern, whole), limit)) > limit:
            return whole[:60], first, seconds
    return None


# The patterns.


LINEAR = PROJECT / "tests" / "golden" / "linear_patterns.txt"
"""What was tried before and is in proportion to its text; UPDATE_GOLDEN=1 with --long writes it anew."""


def identity(one: Swept) -> str:
    """Of a pattern, as it is read by this version of Python."""
    told = (*sys.version_info[:2], one.size, one.pattern.flags, one.pattern.pattern)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def test_patterns(answerer, store, some):
    """No pattern takes more than in proportion to its text; one that reads a text from its start only says so: \\A.

    All are tried with --long; else those that are new or were changed, and a tenth of the others.
    """
    with patterns_made() as made:
        for question in ("How many decisions about Kent since 2021 were upheld?", "21 017 496, paragraph 50", "Haltn"):
            answerer.answer(Question(question=question))
        check_letter(LETTER_TEXT, store)
    swept = all_patterns(made)
    assert len(swept) > 600
    known = set(LINEAR.read_text(encoding="utf-8").split())
    tried = [one for one in swept if identity(one) not in known]
    tried += some([one for one in swept if identity(one) in known])
    slow = {
        f"{sorted(one.modules)} {one.pattern.pattern[:200]}": found
        for one in tried
        if (found := slow_text(one.pattern, one.size)) is not None
    }
    assert not slow
    if os.environ.get("UPDATE_GOLDEN") and len(tried) == len(swept):
        LINEAR.write_text("\n".join(sorted({identity(one) for one in swept})) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s+$",
        r"(a+)+b",
        r"\s*,?\s*x",
        r"(?m)^\s*see",
        r"\((.*?)\)$",
        r"(?:one|one-two|two|-)+!",
        r"a.*b.*c",
        r"[a-z]+\d",
        rb"\s+$",
        rb"(?i)[a-z\xe9]+:",
    ],
)
def test_planted(pattern):
    """A pattern that takes the square of its text, or more, is noticed."""
    assert slow_text(re.compile(pattern), LETTER) is not None


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s++$", r"\s{0,9}x", r"\A\s*x", r"\bwords? and\b", r"[^\W_]+", rb"\r?\n"])
def test_linear(pattern):
    """A pattern that is in proportion to its text is none of those."""
    assert slow_text(re.compile(pattern), LETTER) is None


def keeps_group_without_return(pattern: re.Pattern[Any]) -> bool:
    """Whether a group that is kept stands in what is not returned into, `(?>…)` or `*+`.

    `re` of Python 3.11.7 and before, which Debian 12 has, loses such groups or raises SystemError.
    """

    def stands(parts: Iterable[Any], within: bool) -> bool:
        for code, argument in parts:
            if within and code is codes.SUBPATTERN and argument[0] is not None:
                return True
            inside = within or code in (codes.POSSESSIVE_REPEAT, codes.ATOMIC_GROUP)
            if any(stands(one, inside) for one in parts_within(argument)):
                return True
        return False

    return stands(parser.parse(pattern.pattern, pattern.flags), within=False)


def parts_within(argument: object) -> Iterator[Iterable[Any]]:
    """The sequences of parts that the argument of a part holds."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for one in argument:
            yield from parts_within(one)


def test_no_kept_group_without_return():
    """No pattern keeps a group within what is not returned into."""
    assert not [one.pattern.pattern for one in all_patterns() if keeps_group_without_return(one.pattern)]


@pytest.mark.parametrize("pattern", [r"((x)|y|z)*+", r"a(?:b|(?>(c)d|e))", r"(?:(?P<name>x)?,)++"])
def test_kept_group_is_noticed(pattern):
    """One that does is noticed."""
    assert keeps_group_without_return(re.compile(pattern))


def test_patterns_are_found():
    """Patterns are found in names, collections, classes, instances, defaults and closures, and where `re` is called."""
    module = ModuleType("qa.planted")
    source = """
import re
from dataclasses import dataclass
NAMED = re.compile("named")
BYTES = re.compile(b"bytes")
LISTED = {"a": [(re.compile("listed"),)]}
class Holder:
    HELD = re.compile("held")
@dataclass(frozen=True, slots=True)
class Kept:
    one: re.Pattern[str]
KEPT = Kept(re.compile("kept"))
def defaulted(one=re.compile("default")): ...
def outer():
    inner = re.compile("closed over")
    return lambda text: inner.search(text)
CLOSED = outer()
"""
    exec(source, vars(module))
    found = {one.pattern for one in patterns_held(module)}
    assert found == {"named", b"bytes", "listed", "held", "kept", "default", "closed over"}


def test_patterns_in_calls():
    """A pattern in a call of `re` is found though nobody calls the function, its flags too."""
    found = {(one.pattern, bool(one.flags & re.IGNORECASE)) for one in patterns_written(qa.text.question_entities)}
    assert (r"\s+(\w+)", False) in found
    assert ("paragraph", True) in {
        (one.pattern, bool(one.flags & re.IGNORECASE))
        for one in patterns_in('import re\ndef f(text): return re.search("paragraph", text, re.I)', {"re": re})
    }
    assert [one.pattern for one in patterns_in('re.search(b"paragraph", text)', {"re": re})] == [b"paragraph"]


# The readers as a whole.

FILL = "I made recommendations for the Council to review its family agreement template"
CITED = " 21 017 496, paragraph 63"
LETTER_TEXT = f"“{FILL}” ({CITED}). In the Kent case paragraph 5 says so; see paragraphs 1 to 3 of 20 001 737.¹\n¹ ibid"


def filled(unit: str, size: int, before: str = "", after: str = "") -> str:
    """A text of so many characters at most, of one unit again and again."""
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


def numbered(unit: str, size: int) -> str:
    """A text of so many characters at most, of a unit with another number each time."""
    parts, length = [], 0
    for number in itertools.count(1):
        part = unit.replace("#", str(number)).replace("@", str(number % 60 + 1))
        length += len(part)
        if length > size:
            return "".join(parts)
        parts.append(part)
    raise AssertionError


HOSTILE = [
    "Kent paragraph 2. ",
    "51(a), (b), ",
    "1(a) to ",
    "paragraph 60 to paragraph 50, ",
    "\n",
    " ",
    "\n ",
    "\t",
    "“",
    "”",
    '"',
    "'",
    "‘",
    "«",
    "“a” ",
    "“a b c d” ",
    "‘a’ ",
    '"a" ',
    "(",
    "[",
    "(i) ",
    "[T]he e.g. ",
    "“[T]he ",
    "1",
    "1 ",
    "1. ",
    "-",
    ".",
    "… ",
    "A",
    "Aa ",
    "é",
    "a\u0301",
    "\u0301",
    "😀",
    "😀 ",
    "\u200b",
    "21 017 496 ",
    "21 017 496, paragraph 1-",
    "21 017 496, paragraph 63; ",
    "paragraph 5 ",
    "paragraphs 1, ",
    "§1 ",
    "¶1, ",
    "[5] ",
    "ibid ",
    "\n¹ ",
    "“a”¹ ",
    "\n> ",
    "> a b c d e f g\n",
    "\0",
    "   a b c d e f g\n",
    "- a\n",
    "Kent ",
    "no: ",
    "twenty-one-",
    "see ",
    "21/000/259 ",
    "2100025 ",
    "section 47 of the Act, paragraph ",
    "paragraph 5 of Kent ",
    "“a [sic] b c d e f” ",
    "a-\n",
    "parents’ ",
    "12 May 2022 ",
]
NUMBERED = {
    "quotations": "“the council # family # agreement” ",
    "cited": "“the council # family # agreement” (21 017 496, paragraph @) ",
    "long": f"“{FILL} # {FILL.lower()}” (21 017 496, paragraph @) ",
    "ranges": "“the council # agreement was” (21 017 496, paragraphs @ to 6@) ",
    "references": "2# 00@ 496, paragraph @; ",
    "bodies": "In North # Council, paragraph @ says so. ",
    "names": "# 2@000496 ",
    "bodies held": "Kent # of it 2@000496 ",
}
MARKED = {  # words that may be published in many ways, each of which is looked for in every paragraph
    "list": "“[t]o [c]o [a]n-\nx• #.”¹ ",
    "broken": "“[t]he [c]o [a]nd-\nx #.”¹ ",
    "common": "“[T]he [C]ouncil [s]aid #.”¹ ",
    "short": "“[a] [a]b [a]c [a]d #.”¹ ",
}
HELD = ("21 017 496", "20 001 737", "21 000 259", "21 000 832", "21 002 206")


@pytest.fixture(scope="module")
def store(seed_index):
    """The five decisions."""
    return LatestStore(seed_index).get()


def letters() -> dict[str, str]:
    """Letters of the longest size that keep whoever checks them busy."""
    made = {repr(unit): filled(unit, LETTER, "", CITED) for unit in HOSTILE}
    made |= {f"unclosed {unit!r}": filled(unit, LETTER, "“", CITED) for unit in WITHIN}
    made |= {name: numbered(unit, LETTER) for name, unit in NUMBERED.items()}
    half = LETTER // 2
    made["footnote"] = (
        numbered("“the council # did”¹ ", half) + "\n¹ " + numbered("21 017 496, paragraph @; ", half - 9)
    )
    for name, unit in MARKED.items():
        made[f"marked {name}"] = numbered(unit, LETTER - 100) + "\n¹ 20 001 737, paragraphs 1 to 82"
    whole = "; ".join(f"{one}, paragraphs 1 to 50" for one in HELD)
    made["marked, all held"] = numbered(MARKED["list"], LETTER - 200) + f"\n¹ {whole}"
    ranges = itertools.combinations(range(1, 83), 2)
    made["standing in ranges"] = "".join(
        f"“the” (20 001 737, paragraphs {first} to {last}) " for first, last in itertools.islice(ranges, 2_200)
    )
    made |= {f"read again: {name}": filled(unit, LETTER, cited) for name, (cited, unit, _) in READ_AGAIN.items()}
    made |= listed(half)
    made["list"] = filled("1 to 60, ", LETTER, "21 017 496, paragraphs ", "60")
    made["list quoted"] = filled("1 to 60, ", LETTER, "“a b c d e f” (21 017 496, paragraphs ", "60)")
    return made


def listed(half: int) -> dict[str, str]:
    """Letters with many places of many citations, and many quotations that may stand in each of them."""
    cited = "20 001 737, paragraphs "
    few, near = "“a b c #” ", "“the council did not #” "
    made = {}
    for unit in ("1-9, ", "1-82, ", "1(a), ", "9, ", "51b, "):
        made[f"places {unit}"] = filled(unit, LETTER, cited, "82")
        made[f"places {unit}quoted"] = filled(unit, half, cited, "82. ") + numbered(few, half)
        made[f"some places {unit}quoted"] = filled(unit, 3_000, cited, "82. ") + numbered(few, LETTER - 3_000)
    made["short"] = filled("1-9, ", 4_000, cited, "82. ") + numbered(few, 4_000)
    made["places, one quotation"] = filled("1, ", 3 * half // 2, cited, "82. ") + filled(near, half // 2)
    made["places of a footnote"] = numbered("“a b c #”¹ ", half) + filled("1, ", half, f"\n¹ {cited}", "82")
    lists = filled("1-82, ", half // 22, cited, "82; ") * 20
    made["lists of a footnote"] = f"{numbered('“a b c #”¹ ', half)}\n¹ {lists}"
    ranges = [f"{first}-{last}" for first, last in itertools.combinations(range(1, 83), 2)]
    made["ranges"] = cited + ", ".join(ranges)
    for most in (30, 150, 190, 1_000):
        made[f"{most} ranges quoted"] = f"{cited}{', '.join(ranges[-most:])}. " + numbered(few, LETTER - 9_000)
        several = "; ".join(f"{one}, paragraphs {', '.join(ranges[-most:])}" for one in HELD)
        made[f"{most} ranges of a footnote"] = numbered("“a b c #”¹ ", half) + f"\n¹ {several}"[:half]
    whole = "20 001 737, paragraphs 1 to 82"
    made["whole quoted"] = f"{whole}. {numbered(few, LETTER - 100)}"
    made["whole nearly quoted"] = f"{whole}. {numbered(near, LETTER - 100)}"
    made["whole each"] = numbered("“the #” (20 001 737, paras 1-82) ", LETTER)
    made["whole cited"] = filled("(20 001 737, paras 1-82) ", LETTER)
    made["abridged"] = numbered("“the … council … # …” (20 001 737, paras 1-82) ", LETTER)
    made["decision alone"] = numbered("“the council # and” (20 001 737) ", LETTER)
    made["ibid"] = numbered("“a b c #”[#] ", half)[: half // 2] + numbered("\n[#] ibid, at 1-82", half)
    notes = "".join(f"\n{mark} {one}, paragraphs 1 to 50" for mark, one in zip("¹²³⁴⁵", HELD, strict=True))
    made["five footnotes"] = numbered("“a b #”¹ “a c #”² “a d #”³ “a e #”⁴ “a f #”⁵ ", LETTER - 300) + notes
    return made


WITHIN = ["(i) ", "[T]he e.g. ", "“a” ", "“[T]he ", "1. ", "21 017 496 ", "§1 ", ". ", "e.g. "]


def test_letters(store, some):
    """A letter of 100,000 characters is checked in one or two seconds, whatever is in it."""
    slow = {}
    for name, text in some(list(letters().items())):
        assert len(text) <= LETTER
        seconds = seconds_of(partial(check_letter, text, store), 6)
        if seconds > 4:
            slow[name] = seconds
    assert not slow


# Letters with thousands of mentions that all have the same before them, or up to their citation; and ones as long with
# as many, but with less of that to read. Where there is none of the latter, it is the same without the citation.
READ_AGAIN = {
    "sentences before sections": ("21 017 496 and ", "§5 P. P. P. ", "§5 p, p, p, "),
    "sentences before paragraphs": ("21 017 496 and ", "¶5 P. P. ", "¶5 p, p, "),
    "sentences before sections quoted": ("21 017 496 and ", "“§5” P. P. P. ", "“§5” p, p, p, "),
    "numbers before quotations": ("😀 21 017 496 ", "“1 1 1 1”", None),
    "words before quotations": ("😀 21 017 496 ", "“a a a a”", None),
    "quotations before a citation": ("😀 ", f"{'“a” ' * 240}21 017 496. A ", f"21 017 496 {'“a” ' * 240}. A "),
    "quotations introduced": ("😀 ", "¶5" + " P. P: “a”" * 38 + "\n\n", "¶5" + " p, p: “a”" * 38 + "\n\n"),
}


@pytest.mark.parametrize("name", READ_AGAIN)
def test_nothing_is_read_again_for_each_mention(name, store):
    """What thousands of mentions have before them is read once: it takes about as long as where there is less of it."""
    cited, unit, plain = READ_AGAIN[name]
    size = LETTER // 2
    hostile = filled(unit, size, cited)
    control = filled(plain, size, cited) if plain else filled(unit, size)
    seconds, usual = (
        min(seconds_of(partial(check_letter, text, store), 20) for _ in range(2)) for text in (hostile, control)
    )
    assert seconds < 1.9 * usual


def test_questions(answerer):
    """A question of 2,000 characters is read and answered in less than a second, whatever is in it."""
    slow = {}
    for unit in [*HOSTILE, *ASKED]:
        question = Question(question=filled(unit, 2_000, "", " decisions?"))
        seconds = seconds_of(partial(answerer.answer, question), 10)
        if seconds > 4:
            slow[unit] = seconds
    assert not slow


ASKED = """how many|which council|since May 2022|and|Kent and|upheld|more than|a, b,|saftey agrement|zzzqq|with|but not
|by council|compare|#|£500|first|2021-2022|, so what""".replace("\n", "").split("|")


def test_generated_texts():
    """A generated text of 20,000 characters is held against its paragraphs in less than a second, whatever is in it."""
    slow = {}
    for unit in [*HOSTILE, *GENERATED]:
        reader = SentenceChecker(SHOWN)
        text = filled(unit, 20_000, "", " [P1].")
        seconds = seconds_of(lambda: [*reader.feed(text), *reader.finish()], 10)  # noqa: B023
        if seconds > 6:
            slow[unit] = seconds
    assert not slow


GENERATED = [
    "the Council said ",
    "I found ",
    "Mr A ",
    "officer A ",
    "according to ",
    "not ",
    "[P1] ",
    "[P1, ",
    "[",
    "A. [",
    "£1 ",
]


def test_messages():
    """A message of 1 MiB that is no JSON is refused in less than a second, whatever is in it."""
    slow = {}
    for unit in ('"', '\\"', "\\", "{", "[", "}", ",", ":", " ", "1", '"id":', '{"id":1}', ',"id":"', '"id":"\\'):
        raw = filled(unit, jsonrpc.LIMIT, '{"id":1,"method":"').encode()

        def refused(raw=raw):
            with pytest.raises(jsonrpc.Refused):
                jsonrpc.read(raw)

        if (seconds := seconds_of(refused, 10)) > 6:
            slow[unit] = seconds
    assert not slow


def test_characters_beyond_two_bytes():
    """A letter may have as many characters of four bytes as others, in a form and in JSON."""
    text = "😀" * LETTER
    assert Letter.from_form(text).text == text
    assert Letter.from_json(json.dumps({"text": text}).encode()).text == text
    with pytest.raises(BadQuestion):
        Letter.from_form(text + "😀")
