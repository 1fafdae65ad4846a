"""No text that somebody may hand in keeps a processor busy: every pattern and every reader is swept with hostile ones."""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import itertools
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType, ModuleType
from typing import Any

import pytest
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import index
import qa

# Texts of three sizes are read. What a module reads is a letter unless it is told here.
LETTER = 100_000
SIZES = {
    2_000: """
        qa.beyond qa.councils qa.cues qa.learned qa.named qa.name_words qa.periods qa.places qa.register
        qa.register_query qa.register_reading qa.register_story qa.register_words qa.spelling qa.typed
        """.split(),
    300_000: "index.capture index.numbering index.page index.parse index.proof index.readings".split(),
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

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


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
    """A pattern with the modules that have it."""

    pattern: re.Pattern[str]
    modules: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How long the texts are that it reads."""
        return max(SIZE_OF.get(name, LETTER) for name in self.modules)


def modules() -> list[ModuleType]:
    """All modules of the two packages."""
    names = [
        f"{package.__name__}.{found.name}"
        for package in (index, qa)
        for found in pkgutil.iter_modules(package.__path__)
        if found.name != "__main__"
    ]
    return [importlib.import_module(name) for name in names]


def is_ours(name: object) -> bool:
    return isinstance(name, str) and name.partition(".")[0] in ("qa", "index")


def patterns_held(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """The patterns that a module holds anywhere: in names, classes, collections, dataclasses, defaults and closures."""
    seen: set[int] = set()
    waiting: list[object] = [*vars(module).values()]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, re.Pattern):
            if isinstance(thing.pattern, str):
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


def patterns_written(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """The patterns that are written in the calls of `re` of a module, wherever they stand."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
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
            values = [eval(compile(ast.Expression(one), "", "eval"), vars(module)) for one in (node.args[0], *flags)]
        except (NameError, TypeError):
            continue  # made of what is known at run time only: see patterns_made
        if isinstance(values[0], str):
            yield re.compile(*values)


@contextmanager
def patterns_made() -> Iterator[list[tuple[str, re.Pattern[str]]]]:
    """The patterns that `re` is asked for by the modules meanwhile, each with the module."""
    made: list[tuple[str, re.Pattern[str]]] = []
    real: Any = re._compile  # type: ignore[attr-defined]

    def recording(pattern: Any, flags: Any) -> Any:
        result = real(pattern, flags)
        caller = sys._getframe(2).f_globals.get("__name__")
        if is_ours(caller) and isinstance(result.pattern, str):
            made.append((str(caller), result))
        return result

    re._compile = recording  # type: ignore[attr-defined]
    try:
        yield made
    finally:
        re._compile = real  # type: ignore[attr-defined]


def all_patterns(made: Iterable[tuple[str, re.Pattern[str]]] = ()) -> list[Swept]:
    """Every pattern of all modules, once."""
    found: dict[re.Pattern[str], Swept] = {}
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


def instances(members: Any, ignored: Sequence[str] = ()) -> list[str]:
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


class Hostile:
    """Shapes that keep a pattern busy if anything does: found by walking what it is made of."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._groups: dict[int, str] = {}
        self._shapes: dict[tuple[str, str, str], None] = {}
        tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
        self._atoms: list[str] = []
        self._walk(tree, "", "")
        whole = self._example(tree)
        if whole:
            self._add("", whole, ENDS)
            self._add("", whole[:-1], ENDS)
            self._add("", f"{whole} ", ENDS)

    def texts(self, size: int) -> Iterator[str]:
        """At most so many texts of about so many characters."""
        shapes = [*self._shapes]
        general = [("", one, end) for one in GENERAL for end in ("x", "")]
        for before, run, after in itertools.chain(shapes[:MOST_SHAPES], general):
            yield before + run * ((size - len(before) - len(after)) // len(run)) + after

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


def read_whole(pattern: re.Pattern[str], text: str) -> None:
    """Everything that a pattern can be asked of a text."""
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)


def slow_text(pattern: re.Pattern[str], size: int) -> tuple[str, float, float] | None:
    """The beginning of a text of this size that a pattern reads too slowly, and seconds for a short and a whole one."""
    hostile = Hostile(pattern)
    tried = min(size, TRIED)
    for short, whole in zip(hostile.texts(tried), hostile.texts(size), strict=True):
        first = seconds_of(lambda: read_whole(pattern, short), LIMIT)  # noqa: B023
        limit = max(0.1, LIMIT * size / LETTER)
        if first > SLOW_WHEN_TRIED and (seconds := seconds_of(lambda: read_whole(pattern, whole), limit)) > limit:  # noqa: B023
            return whole[:60], first, seconds
    return None
