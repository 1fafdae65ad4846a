"""What the command prints: reports, answers, decisions and findings as lines for people, JSON, and progress.

It decides nothing; what pages and models say in the same words is in qa.presentation.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, NoReturn, get_args

import click
from tqdm import tqdm

from index.coverage import Row
from index.decisions import DecisionEntry, Verdict
from index.engine.manifest import Manifest
from index.engine.vectors import EXACT
from index.inputs import printable
from index.ledger import Change
from index.report import Item, Report, Status
from index.verify import Verified
from qa import presentation as say
from qa.addresses import COVERAGE
from qa.answering.answer import Answer
from qa.answering.citations import as_lines, citation_of
from qa.answering.collection import Covered
from qa.answering.extract import Excerpt
from qa.fetching.report import TO_BUILD, TROUBLES, WHATS
from qa.fetching.report import Report as Fetched
from qa.generation.generator import Generation
from qa.letters.letter import NO_FINDINGS, UNFINISHED, VERDICTS, Check
from qa.letters.verdicts import Finding
from qa.register.selection import RegisterAnswer
from qa.retrieval.requests import Question
from qa.retrieval.search import Hit

_MAX_NAMED_FILES = 40  # of one status; the others are counted
_MAX_NAMED_HEADINGS = 3


# Controls, with which a text could move the cursor or speak to the terminal, and what turns the direction of a line.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _shown(text: str) -> str:
    """A text that is safe on a terminal: it may come from a capture, a question or a model."""
    return _UNSHOWN.sub(lambda found: printable(found[0]), text)


def print_line(text: str, err: bool = False) -> None:
    """Print a text without what could control the terminal."""
    click.echo(_shown(text), err=err)


def json_text(value: object) -> str:
    """A value as JSON. What could control the terminal is escaped, which changes no value."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


class Progress:
    """A bar on a terminal, elsewhere a plain line for each tenth; nothing for fewer than `least`.

    Both show the time that remains, by the rate since the first call.
    """

    def __init__(self, what: str, unit: str, least: int = 1) -> None:
        self._what, self._unit, self._least = what, unit, least
        self._bar: tqdm[NoReturn] | None = None
        self._tenth = -1
        self._begun: tuple[int, float] | None = None  # how many were done when

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that so many are done."""
        if total < self._least:
            return
        if sys.stderr.isatty():
            if self._bar is None:
                self._bar = tqdm(total=total, desc=self._what, unit=f" {self._unit}")
            self._bar.update(done - self._bar.n)
            if done == total:
                self._bar.close()
        elif self._tenth != (tenth := 10 * done // total):
            self._tenth = tenth
            print_line(f"{self._what}: {done} of {total} {self._unit}{self._remaining(done, total)}", err=True)

    def _remaining(self, done: int, total: int) -> str:
        """“, about 3 minutes left”; nothing before there is a rate, and at the end."""
        now = time.monotonic()
        if self._begun is None:
            self._begun = (done, now)
        before, since = self._begun
        if not before < done < total:
            return ""
        seconds = (now - since) / (done - before) * (total - done)
        for length, unit in ((3600, "hour"), (60, "minute")):
            if seconds >= 1.5 * length:
                return f", about {say.count(round(seconds / length), unit)} left"
        return f", about {say.count(max(1, round(seconds)), 'second')} left"

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def print_build(report: Report) -> None:
    """What became of the files, and what is published."""
    _print_items(report)
    doubt = f" (in {say.count(report.inferred, 'decision')} the numbers are inferred)" if report.inferred else ""
    print_line(
        f"{say.count(report.decisions, 'decision')} taken with {say.count(report.paragraphs, 'paragraph')}{doubt}, "
        f"{report.counts['rejected']} rejected."
    )
    print_line(_cross_references_line(report))
    if unnamed := report.unnamed:
        print_line(_unnamed_line(unnamed))
    print_line(f"Search by vectors: {_vector_searches(report)}.")
    if report.changed:
        loading = "" if report.loading is None else f", {report.loading:.1f} s of it loading the model"
        print_line(
            f"{say.count(report.embedded, 'text')} embedded in {report.seconds:.1f} s{loading}; "
            f"version {report.version} is published."
        )
    else:
        print_line(f"Nothing changed; version {report.version} stays published.")


def print_added(report: Report) -> None:
    """What became of the files that were to be added, and what to do next."""
    _print_items(report)
    if report.changed:
        print_line("Run decision-qa build to make this searchable.")


def print_removed(report: Report) -> None:
    """What became of the decisions that were to be removed, and what to do next."""
    for item in report.of("removed"):
        print_line(f"{item.name} deleted")
    for item in report.of("rejected"):
        print_line(f"{item.name}: {item.reason}", err=True)
    if report.changed:
        print_line("Run decision-qa build to remove this from the index.")


def print_fetched(report: Fetched, as_json: bool) -> None:
    """What was fetched, what was not and why, and what to do next."""
    if as_json:
        print_line(json_text(report.as_json()))
        return
    for what in WHATS:
        is_trouble = what in TROUBLES
        items = [item for item in report.items if item.what == what != "unchanged"]
        for item in items[:_MAX_NAMED_FILES]:
            about = item.reason if what == "listed" else f"{what}. {item.reason}".strip()
            address = None if is_trouble else item.url
            print_line(" ".join(filter(None, (f"{item.reference}:", about, address))), err=is_trouble)
        if len(items) > _MAX_NAMED_FILES:
            print_line(f"… and {len(items) - _MAX_NAMED_FILES:,} more {what}.", err=is_trouble)
    counts = report.counts
    shown = [f"{counts[what]:,} {what}" for what in WHATS if counts[what]]
    shown += [f"{report.held:,} held already"] if report.held else []
    is_unlisted = report.requests and not (report.listed or report.stopped)
    nothing = (
        "The site lists no decision like that; check the names and dates" if is_unlisted else "Nothing was fetched"
    )
    print_line(f"{', '.join(shown).capitalize() or nothing}.")
    print_line(
        f"{say.count(report.requests, 'request')} in {report.seconds:,.1f} s: {report.waited:,.1f} s waiting out of "
        f"politeness, {report.answering:,.1f} s for the site’s answers, {report.seconds_of_program:,.1f} s at work."
    )
    if report.stopped:
        print_line(report.stopped, err=True)
    elif report.pending or report.is_partial:
        more = "More than " if report.is_partial else ""
        print_line(
            f"{more}{say.count(report.pending, 'decision')} still to be fetched; run decision-qa fetch to go on."
        )
    if any(counts[what] for what in TO_BUILD):
        print_line("Run decision-qa build to bring the index up to date.")


def _print_items(report: Report) -> None:
    statuses: tuple[Status, ...] = ("taken", "changed", "removed")
    for status in statuses:
        items = report.of(status)
        for item in items[:_MAX_NAMED_FILES]:
            print_line(_item_as_text(item))
        if len(items) > _MAX_NAMED_FILES:
            print_line(f"… and {len(items) - _MAX_NAMED_FILES:,} more {status}.")
    if unchanged := report.counts["unchanged"]:
        print_line(f"{say.count(unchanged, 'file')} unchanged.")
    for item in report.of("rejected"):
        print_line(f"{item.name}: rejected. {item.reason}", err=True)


def _item_as_text(item: Item) -> str:
    decision = f"{item.body} ({item.reference})" if item.body else str(item.reference)
    if item.status == "removed":
        return f"{item.name}: {decision}, removed. {item.reason}"
    place = ", in place of the one that was there" if item.status == "changed" else ""
    reach = f" up to paragraph {item.proved_to}" if item.proved_to else ""
    line = (
        f"{item.name}: {decision}, {say.extent(item.paragraphs or 0, item.unit)}, "
        f"numbers {item.numbering}, own references: {item.proof}{reach}{place}"
    )
    if item.unit != "paragraph":
        cited = item.unit if item.paragraphs else "summary"
        line = f"{item.name}: {decision}, {say.extent(item.paragraphs or 0, item.unit)}, cited by {cited}{place}"
    return "\n  ".join((line, *item.doubts))


def _unnamed_line(unnamed: Counter[str]) -> str:
    """How many headings have no known form, and the most frequent of them, each with its number of decisions."""
    most = ", ".join(f"“{heading}” ({count:,})" for heading, count in unnamed.most_common(_MAX_NAMED_HEADINGS))
    return (
        f"{say.count(len(unnamed), 'heading')} of no known form, most often {most}. Paragraphs below them count to the "
        "part of the decision before. decision-qa build --json lists them all."
    )


def _cross_references_line(report: Report) -> str:
    """How many decisions confirm and contradict their own numbers, and the references of those that contradict."""
    held = report.of("taken", "changed", "unchanged")
    counts = {verdict: sum(item.proof == verdict for item in held) for verdict in get_args(Verdict)}
    against = [str(item.reference) for item in held if item.proof == "contradicts"]
    more = f" and {len(against) - _MAX_NAMED_FILES:,} more" if len(against) > _MAX_NAMED_FILES else ""
    named = f" ({', '.join(against[:_MAX_NAMED_FILES])}{more})" if against else ""
    return (
        f"References to own paragraphs: agrees {counts['agrees']:,} (as far as they reach), "
        f"contradicts {counts['contradicts']:,}{named}, none {counts['none']:,}."
    )


def _vector_searches(report: Report) -> str:
    ways = [
        f"exact among {count:,}" if kind == EXACT else f"by lists among {count:,} ({kind})"
        for kind, count in report.vectors.items()
    ]
    return " and ".join(ways) or "nothing to search"


def answer_as_text(answer: Answer, question: Question) -> str:
    """An answer or a refusal, with the paragraphs."""
    parts = _notices(answer, question)
    if answer.refusal is not None:
        above = say.heading(answer, question.within)
        parts += [f"{above}.", say.detail(answer, above).replace(COVERAGE, "decision-qa coverage")]
        if answer.holdings.told not in answer.refusal.detail:
            parts.append(f"In this collection: {answer.holdings.told}.")
        if answer.nearest:
            parts.append(f"{say.CLOSEST if answer.kind == 'citation' else say.NOT_ANSWERING}:")
        return "\n\n".join(parts + _hits_as_text(answer.nearest))
    written = _generation_as_text(answer.generation) if answer.generation else []
    if answer.register is not None:
        return "\n\n".join([*parts, *_register_as_text(answer, answer.register), *written])
    if answer.kind == "citation":
        return "\n\n".join([*parts, *_opened_as_text(answer), *written])
    if answer.box:
        parts += [f"{say.BOX}:", *map(_excerpt_as_text, answer.box), say.HINT, *written, "Best matches:"]
    else:
        parts += [say.SILENT, *written, f"{say.CLOSEST}:"]
    return "\n\n".join(parts + _hits_as_text(answer.hits))


def _notices(answer: Answer, question: Question) -> list[str]:
    told = []
    if answer.corrected:
        exact = " To search for exactly what you typed: --as-typed." if say.misspelt(answer) else ""
        told.append(f"{say.corrections(answer)}{exact}")
    if searched := [str(reference) for reference in answer.reference] or answer.council:
        told.append(f"Searched: {' and '.join(searched)}, which the question names (--everywhere searches all).")
    if answer.kind == "citation" and question.has_filters:
        told.append("Filters are not used for a citation.")
    if answer.refusal is None:
        told += [*answer.notes, *say.not_held(answer)]
    return [*told, *answer.remarks]


def _excerpt_as_text(excerpt: Excerpt) -> str:
    notes = [f"  {note}" for note in say.excerpt_notes(excerpt)]
    return "\n".join([say.excerpt_lines(excerpt), f"— {excerpt.citation}", *notes])


def _register_as_text(answer: Answer, register: RegisterAnswer) -> list[str]:
    told = [register.sentence]
    if understood := say.understood(answer):
        told.append("\n".join(["Understood as:", *(f"  {name}: {value}" for name, value in understood)]))
    if register.decisions:
        told.append("\n".join(map(entry_as_line, register.decisions)))
    if (more := register.count - len(register.decisions)) > 0:
        told.append(f"… and {more:,} more.")
    return told


def _opened_as_text(answer: Answer) -> list[str]:
    groups, beside = say.opened(answer)
    told = [f"{say.opened_heading(groups)}:"] if groups else []
    for group in groups:
        if group.kind != "places":
            told.append(entry_as_line(group.entry))
        told += _hits_as_text(group.hits, numbered=False)
        if group.kind != "places":
            told.append(f'The whole decision: decision-qa show "{group.entry.reference}"')
    if beside:
        told += [f"{say.BESIDE}:", *_hits_as_text(beside, numbered=False)]
    return told


def coverage_as_text(found: Covered, manifest: Manifest) -> str:
    """What is held, by year and subject, then by body."""
    coverage = found.coverage
    years = list(coverage.total.years)
    undated = ["no date"] if coverage.total.undated else []
    rows = [["", *map(str, years), *undated, "all"]]
    for row in (*coverage.subjects, Row("all", coverage.total, {})):
        of = row.counts
        figures = [of.years.get(year, 0) for year in years] + ([of.undated] if undated else []) + [of.decisions]
        rows.append([row.name or "no category", *(f"{figure:,}" if figure else "-" for figure in figures)])
    bodies = [["", "decisions", "published", "proved", "inferred", "from", "to"]]
    for row in found.bodies:
        of = row.counts
        figures = [of.decisions, of.published, of.proved, of.inferred]
        days = [str(day) if day else "no date" for day in (of.first, of.last)]
        bodies.append([row.name or "", *(f"{figure:,}" if figure else "-" for figure in figures), *days])
    told = say.covered(found, manifest)
    return "\n\n".join([*told, _table(rows), _table(bodies)] if coverage.total.decisions else told)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of one length as lines: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligned = ([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in rows)
    return "\n".join("  ".join(cells).rstrip() for cells in aligned)


def entry_as_line(entry: DecisionEntry) -> str:
    """A decision in a list."""
    numbers = ", numbers inferred" if entry.numbering == "inferred" else ""
    return (
        f"{entry.reference}  {entry.date or 'no date'!s:10}  {entry.outcome or '-':12}  {entry.body}, "
        f"{say.extent(entry.paragraphs, entry.unit)}{numbers}"
    )


def change_as_line(change: Change) -> str:
    """A change in a list of them."""
    told = f"  {say.change(change)}" if say.change(change) else ""
    return f"{change.at.date()}  {say.CHANGED[change.what]:7}  {change.reference}  {change.body}{told}"


def _generation_as_text(generation: Generation) -> list[str]:
    parts = [f"No text was generated. {generation.detail}"]
    if not generation.reason:
        told = "\n".join(map(str, generation.statements))
        parts = [f"Written by {generation.model} at {generation.host}, checked by a program:", told]
    left_out = [f"Left out: {one.text} ({one.detail})" for one in generation.left_out]
    return [*parts, "\n".join(left_out)] if left_out else parts


def _hits_as_text(hits: Sequence[Hit], numbered: bool = True) -> list[str]:
    return [
        "\n".join(
            [
                f"{f'{hit.rank}. ' if numbered else ''}{citation_of(hit.paragraph, hit.entry)}"
                f" – {hit.entry.outcome or 'outcome not known'}, {hit.entry.date or 'no date'}",
                as_lines(hit.paragraph),
                *(f"  {note}" for note in say.notes_of(hit)),
            ]
        )
        for hit in hits
    ]


def check_as_text(check: Check) -> str:
    """The findings in a letter, and how many there are of each verdict."""
    if not check.findings:
        return NO_FINDINGS
    counts = ", ".join(f"{count} {VERDICTS[verdict]}" for verdict, count in check.counts.items() if count)
    first = [UNFINISHED] if check.is_unfinished else []
    return "\n\n".join([*first, *map(_finding_as_text, check.findings), f"{counts}."])


_MARKED = {"same": "{}", "left_out": "{{+{}+}}", "put_in": "[-{}-]"}  # to be added, to be struck: as wdiff marks them


def _finding_as_text(finding: Finding) -> str:
    lines = [f"{VERDICTS[finding.verdict].upper()}  {' '.join(finding.text.split())}", f"  {finding.detail}"]
    if finding.differences:
        corrected = (_spaced(one.text, _MARKED[one.kind]) for one in finding.differences)
        lines.append(f"  Corrected: {''.join(corrected).strip()}")
    return "\n".join([*lines, *(f"  → {citation}" for _, citation in finding.right)])


def _spaced(text: str, form: str) -> str:
    """A stretch in its marks, and the space before it before them."""
    words = text.lstrip()
    return f"{text[: len(text) - len(words)]}{form.format(words)}"


def report_as_json(report: Report) -> dict[str, Any]:
    """What `--json` prints of a build, an addition or a removal."""
    files = [
        {
            "file": item.name,
            "status": item.status,
            "reference": str(item.reference) if item.reference else None,
            "council": item.body,
            "paragraphs": item.paragraphs,
            "numbering": item.numbering,
            "proof": item.proof,
            "proved_to": item.proved_to,
            "doubts": list(item.doubts),
            "contradictions": list(item.contradictions),
            "unnamed_headings": list(item.unnamed),
            "reason": item.reason or None,
        }
        for item in report.items
    ]
    return {
        "version": report.version,
        "changed": report.changed,
        "seconds": round(report.seconds, 3),
        "loading": None if report.loading is None else round(report.loading, 3),
        "damage": report.damage or None,
        "embedded": report.embedded,
        "vectors": report.vectors,
        "decisions": report.decisions,
        "paragraphs": report.paragraphs,
        "counts": report.counts,
        "files": files,
    }


def print_verified(found: Verified, as_json: bool) -> None:
    """Whether a version is sound, and what of it is damaged."""
    if as_json:
        whole = {
            "version": found.version,
            "sound": not found.damaged,
            "files": found.files,
            "bytes": found.size,
            "decisions": found.decisions,
            "paragraphs": found.paragraphs,
            "damaged": list(found.damaged),
            "mend": "decision-qa build" if found.damaged else None,
        }
        print_line(json_text(whole))
    elif found.damaged:
        print_line("\n".join(f"{line}." for line in found.damaged))
        print_line(f"Version {found.version} is damaged. Run decision-qa build to rebuild it.")
    else:
        print_line(
            f"Version {found.version} is sound: {say.count(found.files, 'file')}, {found.size / (1 << 20):,.1f} MiB, "
            f"{say.count(found.decisions, 'decision')} with {say.count(found.paragraphs, 'paragraph')}."
        )
