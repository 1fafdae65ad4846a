"""The `decision-qa` command.

Exit codes: 0 done; 1 done, but something was rejected or nothing was found; 2 wrong use, or it could not be done;
130 interrupted.
"""

from __future__ import annotations

import errno
import functools
import io
import json
import os
import re
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, get_args

import click
from tqdm import tqdm

from index.build import add, begin, build, remove
from index.catalogue import Entry, Filter
from index.decisions import Reference, Verdict
from index.embedding.embedder import BackgroundEmbedder, SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.embedding.sentence_transformers import CrossEncoderReranker
from index.embedding.types import Embedder
from index.engine.vectors import EXACT
from index.engine.versions import published
from index.errors import DecisionQAError, NotEnoughMemory, NotHeld
from index.inputs import printable, sources
from index.latest_store import LatestStore
from index.memory import Need, is_short
from index.report import Item, Report, Status
from index.store import Store
from index.verify import verify
from qa import presentation as say
from qa.answering.answer import Answer, Answerer
from qa.answering.citations import as_lines, citation_of
from qa.answering.extract import Excerpt
from qa.evaluation.evaluate import evaluate
from qa.evaluation.judged import read_questions
from qa.generation.generator import Generation, Generator
from qa.generation.llm import LanguageModel
from qa.generation.prompts import Prompt
from qa.letters.findings import Finding
from qa.letters.letter import MAX_FILE, NO_FINDINGS, UNFINISHED, VERDICTS, Check, ChecksAside, Letter
from qa.register.selection import RegisterAnswer
from qa.retrieval.models import Models
from qa.retrieval.requests import Question
from qa.retrieval.search import Hit
from qa.serialise import answer_as_json, check_as_json, decision_as_json, entry_as_json, paragraph_as_json
from qa.settings import PROMPTS, SEEDS, Settings

_SERVING = Need(addresses=400, written=100, used=20)  # beside the model: threads, connections
_SHORT = "There is not enough memory to go on."
_PATIENCE = 60.0  # seconds within which a server must have answered, apart from what a language model may take
_SHOWN = 40  # files of one status that are named
_MANY_FILES = 200  # so many take long enough to read for a word on how far it is
_MANY_VECTORS = 20_000  # the same of vectors
_MANY_MIB = 1024  # the same of an index that is checked

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_decisions = click.option("--decisions", type=click.Path(path_type=Path), help="The folder of decisions.")
_index = click.option("--index", type=click.Path(path_type=Path), help="The folder of the index.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="decision-qa", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Ask the Ombudsman's decisions a question, and get paragraphs with their citations."""
    context.obj = Settings.read()


def main() -> NoReturn:
    """Run the command: every error that is foreseen is one sentence and an exit code, never a traceback."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show ’ shows ?
    try:
        sys.exit(cli.main(prog_name="decision-qa", standalone_mode=False))
    except click.ClickException as error:
        said = io.StringIO()
        error.show(file=said)
        _print(said.getvalue().rstrip("\n"), err=True)
        sys.exit(2)
    except NotHeld as error:
        _fail(str(error), 1)
    except DecisionQAError as error:
        _fail(str(error), 2)
    except OSError as error:
        if is_short(error):
            _fail(_SHORT, 2)
        _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.", 2)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted; what was published before is unchanged.", 130)
    except Exception as error:  # a mistake of this program's own
        if is_short(error):
            _fail(_SHORT, 2)
        frames = traceback.extract_tb(error.__traceback__)
        _fail(f"Something went wrong in the program: {type(error).__name__}: {error} ({frames[-1]}).", 2)


# Controls, with which a text could move the cursor or speak to the terminal, and what turns the direction of a line.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _shown(text: str) -> str:
    """A text as a terminal may be given it: it may be of a capture, a question or a model."""
    return _UNSHOWN.sub(lambda found: printable(found[0]), text)


def _print(text: str, err: bool = False) -> None:
    click.echo(_shown(text), err=err)


def _json(value: object) -> str:
    """As JSON; what a terminal may not be given is escaped, which changes no value."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _fail(message: str, code: int) -> NoReturn:
    _print(f"decision-qa: {message}", err=True)
    sys.exit(code)


@cli.command("build")
@_decisions
@_index
@click.option("--purge", is_flag=True, help="Build all anew, so that nothing of removed decisions is kept anywhere.")
@_as_json
@click.pass_obj
def build_command(settings: Settings, decisions: Path | None, index: Path | None, purge: bool, as_json: bool) -> int:
    """Bring the index up to date with the folder of decisions; one that is damaged is built anew."""
    source = _folder(settings, decisions)
    model = ModelFiles.find(settings.model)
    with (
        _Progress("Reading", "files", _MANY_FILES) as reading,
        _Progress("Embedding", "texts") as embedding,
        _Progress("Indexing", "vectors", _MANY_VECTORS) as indexing,
        _Progress("Checking", "MiB", _MANY_MIB) as checking,
    ):
        report = build(
            source, index or settings.index, model, _load, embedding, reading, indexing, checking, purge=purge
        )
    if report.damage:
        _print(f"The index was damaged ({report.damage}), and is built anew.", err=True)
    if as_json:
        return _print_as_json(report)
    _print_items(report)
    doubt = f" (in {_count(report.inferred, 'decision')} the numbers are inferred)" if report.inferred else ""
    _print(
        f"{_count(report.decisions, 'decision')} taken with {_count(report.paragraphs, 'paragraph')}{doubt}, "
        f"{report.counts['rejected']} rejected."
    )
    _print(_proofs(report))
    _print(f"Search by vectors: {_kinds(report)}.")
    if report.changed:
        loading = "" if report.loading is None else f", {report.loading:.1f} s of it loading the model"
        _print(
            f"{_count(report.embedded, 'text')} embedded in {report.seconds:.1f} s{loading}; "
            f"version {report.version} is published."
        )
    else:
        _print(f"Nothing changed; version {report.version} stays published.")
    return _code(report)


def _kinds(report: Report) -> str:
    """How many vectors are searched in which way."""
    ways = [
        f"exact among {count:,}" if kind == EXACT else f"by lists among {count:,} ({kind})"
        for kind, count in report.vectors.items()
    ]
    return " and ".join(ways) or "nothing to search"


def _load(model: ModelFiles) -> SentenceEmbedder:
    _print("Loading the model.", err=True)
    return SentenceEmbedder(model)


@cli.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@_decisions
@_as_json
@click.pass_obj
def add_command(settings: Settings, files: tuple[Path, ...], decisions: Path | None, as_json: bool) -> int:
    """Copy FILEs into the folder of decisions; build makes them searchable."""
    report = add(sources(files), _folder(settings, decisions))
    if as_json:
        return _print_as_json(report)
    _print_items(report)
    if report.changed:
        _print("Run decision-qa build to make this searchable.")
    return _code(report)


@cli.command("remove")
@click.argument("references", nargs=-1, required=True, metavar="REFERENCE…")
@_decisions
@_as_json
@click.pass_obj
def remove_command(settings: Settings, references: tuple[str, ...], decisions: Path | None, as_json: bool) -> int:
    """Delete decisions from the folder of decisions; build takes them out of the index."""
    report = remove([Reference(text) for text in references], _folder(settings, decisions))
    if as_json:
        return _print_as_json(report)
    for item in report.of("removed"):
        _print(f"{item.name} deleted")
    for item in report.of("rejected"):
        _print(f"{item.name}: {item.reason}", err=True)
    if report.changed:
        _print("Run decision-qa build to take this out of the index.")
    return _code(report)


@cli.command()
@click.argument("question")
@click.option("-k", "limit", default="5", metavar="N", help="How many paragraphs, 1 to 50 (default 5).")
@click.option("--council", multiple=True, metavar="NAME", help="Only decisions about this body, or whole words of it.")
@click.option("--reference", multiple=True, metavar="REF", help="Only this decision.")
@click.option("--category", multiple=True, help="Only decisions of this category.")
@click.option("--outcome", multiple=True, help="Only decisions with this outcome.")
@click.option("--from", "date_from", metavar="DATE", help="Only decisions from this day on, such as 2022-10-09.")
@click.option("--to", "date_to", metavar="DATE", help="Only decisions up to this day.")
@click.option("--role", multiple=True, help="Only paragraphs with this part in the decision, such as finding or law.")
@click.option(
    "--everywhere", is_flag=True, help="Search all decisions, also where QUESTION names a body or a decision."
)
@click.option("--as-typed", is_flag=True, help="Take every word as it is typed, also where it looks like an error.")
@click.option("--generate", is_flag=True, help="Have the language model that is set put the paragraphs into a text.")
@_as_json
@_index
@click.pass_obj
def ask(settings: Settings, /, as_json: bool, index: Path | None, **fields: Any) -> int:
    """Answer QUESTION with the paragraphs that matter."""
    fields["from"], fields["to"] = fields.pop("date_from"), fields.pop("date_to")
    given = {
        name: list(value) if isinstance(value, tuple) else [str(value).lower() if value is True else value]
        for name, value in fields.items()
        if value not in (None, (), False)
    }
    question = Question.from_texts({"question": [fields["question"]]} | given)
    answerer = _answerer(settings, index, _generator(settings) if question.generate else None)
    answer = answerer.answer(question)
    if question.generate:
        answer = answerer.generated(answer)
    _print(_json(answer_as_json(answer)) if as_json else _as_text(answer, question))
    return 0 if answer.status == "answered" else 1


@cli.command("check-citations")
@click.argument("file", type=click.File("rb"))
@_as_json
@_index
@click.pass_obj
def check_citations(settings: Settings, file: BinaryIO, as_json: bool, index: Path | None) -> int:
    """Check the citations and quotations of the text FILE, a letter for example; "-" reads standard input."""
    check = Check.of(Letter.from_file(file.read(MAX_FILE)), Store.open(index or settings.index))
    _print(_json(check_as_json(check)) if as_json else _check_as_text(check))
    return 0 if check.is_right else 1


@cli.command()
@click.argument("reference")
@click.argument("number", required=False)
@_as_json
@_index
@click.pass_obj
def show(settings: Settings, reference: str, number: str | None, as_json: bool, index: Path | None) -> int:
    """Show the decision REFERENCE, or its paragraph NUMBER: "50", "12(c)" or "summary"."""
    decision = Store.open(index or settings.index).decision(Reference(reference))
    chosen = decision.place(number) if number is not None else None
    if as_json:
        found = paragraph_as_json(chosen, decision) if chosen else decision_as_json(decision)
        _print(_json(found))
        return 0
    for place in [chosen] if chosen else decision.places():
        _print(f"{citation_of(place, decision)}\n{as_lines(place)}\n")
    return 0


@cli.command("list")
@_as_json
@_index
@click.pass_obj
def list_command(settings: Settings, as_json: bool, index: Path | None) -> int:
    """List the decisions in the index, the newest first."""
    entries = Store.open(index or settings.index).entries(Filter())
    if as_json:
        _print(_json([entry_as_json(entry) for entry in entries]))
        return 0
    for entry in entries:
        _print(_entry_as_line(entry))
    return 0


@cli.command("verify")
@_as_json
@_index
@click.pass_obj
def verify_command(settings: Settings, as_json: bool, index: Path | None) -> int:
    """Check that all of the index is as it was built, and say what is damaged."""
    with _Progress("Checking", "MiB", _MANY_MIB) as checking:
        found = verify(index or settings.index, checking)
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
        _print(_json(whole))
    elif found.damaged:
        _print("\n".join(f"{line}." for line in found.damaged))
        _print(f"Version {found.version} is damaged. Run decision-qa build to make it anew.")
    else:
        _print(
            f"Version {found.version} is sound: {_count(found.files, 'file')}, {found.size / (1 << 20):,.1f} MiB, "
            f"{_count(found.decisions, 'decision')} with {_count(found.paragraphs, 'paragraph')}."
        )
    return 1 if found.damaged else 0


@cli.command("serve")
@click.option("--host", help="The address to listen on (default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on (default 8000).")
@_index
@click.pass_obj
def serve_command(settings: Settings, host: str | None, port: int | None, index: Path | None) -> int:
    """Serve the form and the API until interrupted or told to stop (SIGTERM)."""
    from qa.web.admission import Admission
    from qa.web.app import create_app
    from qa.web.server import Loading, serve

    host, port = host or settings.host, settings.port if port is None else port
    generator = _generator(settings)
    embedder = BackgroundEmbedder(_model(settings, _SERVING))
    stores = LatestStore(index or settings.index, embedder.model, verify_in_background=True)
    answerer = _made(settings, stores, embedder, generator)
    checks = ChecksAside(stores, functools.partial(LatestStore, index or settings.index, embedder.model))
    listening = _listen(host, port)

    def load() -> None:
        embedder.start()
        embedder.loaded(wait=True)

    admission = Admission(settings.token, settings.origins, host, settings.letters, settings.generations)
    app = create_app(answerer, checks=checks, admission=admission, proxies=settings.proxies)
    url = _url(host, listening.getsockname()[1])
    patience = _PATIENCE + (settings.llm_timeout if generator else 0)
    return serve(
        app,
        listening,
        url,
        Loading(load, answerer.check_ready, checks.start, checks.stop, patience),
        settings.processes,
    )


@cli.command()
@click.option("--http", "over_http", is_flag=True, help="Serve over HTTP instead of standard input and output.")
@click.option("--host", help="The address to listen on with --http (default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, help="The port with --http (default 8001).")
@_index
@click.pass_obj
def mcp(settings: Settings, over_http: bool, host: str | None, port: int, index: Path | None) -> NoReturn:
    """Serve language models by the Model Context Protocol, one over standard input and output or many over HTTP."""
    # Two threads that nothing can wake may be waiting for the model and for standard input; only this ends them.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

    from qa.mcp.server import create_server, serve_http, serve_stdio

    host = host or settings.host
    embedder = BackgroundEmbedder(_model(settings, _SERVING))
    embedder.start()
    stores = LatestStore(index or settings.index, embedder.model, verify_in_background=True)
    answerer = _made(settings, stores, embedder)
    server = create_server(answerer, lambda: embedder.loaded(wait=True))
    where = "it reads standard input"
    if over_http:
        listening = _listen(host, port)
        where = f"{_url(host, listening.getsockname()[1])}mcp (Ctrl-C stops it)"

    def announce() -> None:
        try:
            embedder.loaded(wait=True)
            answerer.check_ready()
            _print(f"decision-qa mcp is ready: {where}.", err=True)
        except NotEnoughMemory as error:
            _print(f"decision-qa: {error}", err=True)
            os._exit(2)
        except DecisionQAError as error:
            _print(f"decision-qa mcp cannot answer yet. {error}", err=True)

    threading.Thread(target=announce, daemon=True).start()
    if over_http:
        serve_http(server, listening, host, settings.token, settings.origins)
    else:
        serve_stdio(server)
    os._exit(0)


@cli.command("evaluate")
@click.argument("questions", type=click.Path(path_type=Path), metavar="QUESTIONS.json")
@_as_json
@_index
@click.pass_obj
def evaluate_command(settings: Settings, questions: Path, as_json: bool, index: Path | None) -> int:
    """Measure the answers to the judged questions of QUESTIONS.json: their order, refusals and sentences."""
    judged = read_questions(questions)
    answerer = _answerer(settings, index)
    with _Progress("Asking", "questions") as asking:
        figures = evaluate(answerer, judged, asking)
    _print(_json(figures.as_json()) if as_json else figures.as_table())
    return 0


def _answerer(settings: Settings, index: Path | None, generator: Generator | None = None) -> Answerer:
    """What answers as soon as its model is loaded; the index is opened before, because that takes seconds."""
    model = _model(settings)
    stores = LatestStore(index or settings.index, model)
    stores.get()
    return _made(settings, stores, SentenceEmbedder(model), generator)


def _model(settings: Settings, *others: Need) -> ModelFiles:
    """The model that is set, once it is known that there is memory for it, and for what `others` need.

    Threads that cannot be started, and libraries that lack memory as they load, may wait or end without a word.
    """
    model = ModelFiles.find(settings.model)
    model.check_memory(*others)
    return model


def _made(settings: Settings, stores: LatestStore, embedder: Embedder, generator: Generator | None = None) -> Answerer:
    """What answers, as it is set."""
    models = _models(settings, embedder)
    return Answerer(stores, models, settings.threshold, generator, confidence=settings.confidence)


def _generator(settings: Settings) -> Generator | None:
    """What writes texts, where a language model is set. Raises PromptError."""
    if not settings.llm_url:
        return None
    model = LanguageModel(
        settings.llm_url, settings.llm_model, settings.llm_api_key, settings.llm_timeout, settings.llm_tokens
    )
    return Generator(model, Prompt.read(PROMPTS, settings.llm_prompt))


def _models(settings: Settings, embedder: Embedder) -> Models:
    """What searching needs beside the store, as it is set."""
    reranker = (
        CrossEncoderReranker(ModelFiles.find(settings.reranker, "DECISION_QA_RERANKER")) if settings.reranker else None
    )
    return Models.of(embedder, reranker)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, at any free port where that is 0."""
    try:
        families = dict.fromkeys(found[0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        for family in families:
            both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()  # :: is every address, also the older ones
            try:
                return socket.create_server((host, port), family=family, dualstack_ipv6=both)
            except OSError as error:  # a name may have an address of a kind that this machine has not
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT) or family == list(families)[-1]:
                    raise
        raise OSError("there is no such address")
    except OSError as error:
        said = os.strerror(error.errno) if isinstance(error.errno, int) and error.errno > 0 else error
        _fail(f"Cannot listen on {host}, port {port}: {said}. Choose another with --host or --port.", 2)


def _url(host: str, port: int) -> str:
    """Where one reaches a server that listens there."""
    address = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{address}]' if ':' in address else address}:{port}/"


def _folder(settings: Settings, given: Path | None) -> Path:
    """The folder of decisions; where that of the settings does not exist yet, it begins with the seeds.

    But not where there is an index already: then its name is mistyped, or its disk is not there.
    """
    if given is None and published(settings.index) is None and begin(settings.decisions, SEEDS):
        _print(f"{settings.decisions} is new; it begins with the decisions of {SEEDS.name}/.", err=True)
    return given or settings.decisions


class _Progress:
    """A bar on a terminal, elsewhere a plain line for each tenth; nothing before there is something to count.

    Nor for fewer than `least`. Both tell the time that remains, by the rate since the first call.
    """

    def __init__(self, what: str, unit: str, least: int = 1) -> None:
        self._what, self._unit, self._least = what, unit, least
        self._bar: tqdm[NoReturn] | None = None
        self._tenth = -1
        self._begun: tuple[int, float] | None = None  # how many were done when

    def __enter__(self) -> _Progress:
        return self

    def __call__(self, done: int, total: int) -> None:
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
            _print(f"{self._what}: {done} of {total} {self._unit}{self._remaining(done, total)}", err=True)

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
                return f", about {_count(round(seconds / length), unit)} left"
        return f", about {_count(max(1, round(seconds)), 'second')} left"

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _print_items(report: Report) -> None:
    """A line for each file that something became of, and one for how many are unchanged."""
    statuses: tuple[Status, ...] = ("taken", "changed", "removed")
    for status in statuses:
        items = report.of(status)
        for item in items[:_SHOWN]:
            _print(_item_as_text(item))
        if len(items) > _SHOWN:
            _print(f"… and {len(items) - _SHOWN:,} more {status}.")
    if unchanged := report.counts["unchanged"]:
        _print(f"{_count(unchanged, 'file')} unchanged.")
    for item in report.of("rejected"):
        _print(f"{item.name}: rejected. {item.reason}", err=True)


def _proofs(report: Report) -> str:
    """How many decisions speak for and against their own numbers; those that speak against them by their reference."""
    held = report.of("taken", "changed", "unchanged")
    counts = {verdict: sum(item.proof == verdict for item in held) for verdict in get_args(Verdict)}
    against = [str(item.reference) for item in held if item.proof == "contradicts"]
    more = f" and {len(against) - _SHOWN:,} more" if len(against) > _SHOWN else ""
    named = f" ({', '.join(against[:_SHOWN])}{more})" if against else ""
    return (
        f"References to own paragraphs: agrees {counts['agrees']:,} (as far as they reach), "
        f"contradicts {counts['contradicts']:,}{named}, none {counts['none']:,}."
    )


def _item_as_text(item: Item) -> str:
    decision = f"{item.body} ({item.reference})" if item.body else str(item.reference)
    if item.status == "removed":
        return f"{item.name}: {decision}, removed. {item.reason}"
    place = ", in place of the one that was there" if item.status == "changed" else ""
    reach = f" up to paragraph {item.proved_to}" if item.proved_to else ""
    line = (
        f"{item.name}: {decision}, {_count(item.paragraphs or 0, 'paragraph')}, "
        f"numbers {item.numbering}, own references: {item.proof}{reach}{place}"
    )
    return "\n  ".join((line, *item.doubts))


def _print_as_json(report: Report) -> int:
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
            "reason": item.reason or None,
        }
        for item in report.items
    ]
    whole = {
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
    _print(_json(whole))
    return _code(report)


def _code(report: Report) -> int:
    return 1 if report.counts["rejected"] else 0


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _as_text(answer: Answer, question: Question) -> str:
    parts = _notices(answer, question)
    if answer.refusal is not None:
        above = say.heading(answer, question.within)
        parts += [f"{above}.", say.detail(answer, above)]
        if answer.holdings.told not in answer.refusal.detail:
            parts.append(f"Held here: {answer.holdings.told}.")
        if answer.nearest:
            parts.append(f"{say.CLOSEST if answer.kind == 'citation' else say.NOT_ANSWERING}:")
        return "\n\n".join(parts + _hits_as_text(answer.nearest))
    written = _generation_as_text(answer.generation) if answer.generation else []
    if answer.register is not None:
        return "\n\n".join([*parts, *_register_as_text(answer, answer.register), *written])
    if answer.kind == "citation":
        return "\n\n".join([*parts, *_opened_as_text(answer), *written])
    if answer.box:
        quoted = ["\n".join([say.excerpt_lines(one), f"— {one.citation}", *_excerpt_notes(one)]) for one in answer.box]
        parts += [f"{say.BOX}:", *quoted, say.HINT, *written, "Best matches:"]
    else:
        parts += [say.SILENT, *written, f"{say.CLOSEST}:"]
    return "\n\n".join(parts + _hits_as_text(answer.hits))


def _notices(answer: Answer, question: Question) -> list[str]:
    """What is to be said before anything that was found."""
    told = []
    if answer.corrected:
        exact = " For exactly what you typed: --as-typed." if say.misspelt(answer) else ""
        told.append(f"{say.corrections(answer)}{exact}")
    if searched := [str(reference) for reference in answer.reference] or answer.council:
        told.append(f"Searched: {' and '.join(searched)}, which the question names (all: --everywhere).")
    if answer.kind == "citation" and question.has_filters:
        told.append("Filters are not used for a citation.")
    if answer.refusal is None:
        told += [*answer.notes, *say.not_held(answer)]
    return told


def _register_as_text(answer: Answer, register: RegisterAnswer) -> list[str]:
    told = [register.sentence]
    if understood := say.understood(answer):
        told.append("\n".join(["Understood as:", *(f"  {name}: {value}" for name, value in understood)]))
    if register.decisions:
        told.append("\n".join(map(_entry_as_line, register.decisions)))
    if (more := register.count - len(register.decisions)) > 0:
        told.append(f"… and {more:,} more.")
    return told


def _opened_as_text(answer: Answer) -> list[str]:
    groups, beside = say.opened(answer)
    told = [f"{say.opened_heading(groups)}:"] if groups else []
    for group in groups:
        if group.kind != "places":
            told.append(_entry_as_line(group.entry))
        told += _hits_as_text(group.hits, numbered=False)
        if group.kind != "places":
            told.append(f'The whole decision: decision-qa show "{group.entry.reference}"')
    if beside:
        told += [f"{say.BESIDE}:", *_hits_as_text(beside, numbered=False)]
    return told


def _entry_as_line(entry: Entry) -> str:
    numbers = ", numbers inferred" if entry.numbering == "inferred" else ""
    return (
        f"{entry.reference}  {entry.date or 'no date'!s:10}  {entry.outcome or '-':12}  {entry.body}, "
        f"{_count(entry.paragraphs, 'paragraph')}{numbers}"
    )


def _excerpt_notes(excerpt: Excerpt) -> list[str]:
    return [f"  {note}" for note in say.excerpt_notes(excerpt)]


def _generation_as_text(generation: Generation) -> list[str]:
    parts = [f"No text was generated. {generation.detail}"]
    if not generation.reason:
        told = "\n".join(map(str, generation.statements))
        parts = [f"Written by {generation.model} at {generation.host}, checked by a program:", told]
    left_out = [f"Left out: {one.text} ({one.detail})" for one in generation.left_out]
    return [*parts, "\n".join(left_out)] if left_out else parts


def _check_as_text(check: Check) -> str:
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
