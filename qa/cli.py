"""The `decision-qa` command.

Exit codes: 0 done; 1 done, but something was rejected or nothing was found; 2 wrong use, or it could not be done;
130 interrupted.
"""

from __future__ import annotations

import errno
import functools
import io
import os
import re
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from urllib.parse import urlsplit

import click

from index.build import build
from index.catalogue import Filter
from index.decisions import Reference
from index.embedding.embedder import BackgroundEmbedder, SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.embedding.sentence_transformers import CrossEncoderReranker
from index.embedding.types import Embedder
from index.engine.versions import published
from index.errors import DecisionQAError, NotEnoughMemory, NotHeld
from index.folder import add, begin, remove
from index.inputs import sources
from index.latest_store import LatestStore
from index.memory import Need, is_short
from index.report import Report
from index.store import Store
from index.verify import verify
from qa.answering.answer import Answerer
from qa.answering.citations import as_lines, citation_of
from qa.answering.collection import Covered
from qa.evaluation.evaluate import evaluate
from qa.evaluation.judged import read_questions
from qa.fetching.addresses import is_of_own_network
from qa.generation.generator import Generator
from qa.generation.llm import LanguageModel
from qa.generation.prompts import Prompt
from qa.letters.letter import MAX_FILE, Check, ChecksAside, Letter
from qa.retrieval.models import Models
from qa.retrieval.requests import Paging, Question, Since
from qa.serialise import (
    answer_as_json,
    change_as_json,
    check_as_json,
    coverage_as_json,
    decision_as_json,
    entry_as_json,
    paragraph_as_json,
)
from qa.settings import PROMPTS, SEEDS, Settings
from qa.terminal import (
    Progress,
    answer_as_text,
    change_as_line,
    check_as_text,
    coverage_as_text,
    entry_as_line,
    json_text,
    print_added,
    print_build,
    print_fetched,
    print_line,
    print_removed,
    print_verified,
    report_as_json,
)

_SERVER_NEEDS = Need(addresses=400, written=100, used=20)  # beside the model: threads, connections
_ANSWER_SECONDS = 60.0  # for an answer of the server, without the time of a language model
_MIN_FILES_WITH_PROGRESS = 200  # fewer are read at once
_MIN_VECTORS_WITH_PROGRESS = 20_000  # fewer are indexed at once
_MIN_LIST_PAGES_WITH_PROGRESS = 10  # fewer are read at once
_MIN_MIB_WITH_PROGRESS = 1024  # of an index; less is checked at once

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_decisions = click.option("--decisions", type=click.Path(path_type=Path), help="Folder of decisions.")
_index = click.option("--index", type=click.Path(path_type=Path), help="Folder of the index.")


class _Date(click.DateTime):
    """A date, or one sentence."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"“{value}” is no date; one looks like 2022-10-09.", param, ctx)


_DATE = _Date()


class _CountOrAll(click.ParamType[int | None]):
    """A number, or None for `all`."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> int | None:
        if value == "all":
            return None
        if not (isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value)):
            self.fail(f"“{str(value)[:40]}” is no number; give one, or all.", param, context)
        return int(value)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="decision-qa", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Search the Ombudsman's decisions and cite them by paragraph."""
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
        print_line(said.getvalue().rstrip("\n"), err=True)
        sys.exit(2)
    except NotHeld as error:
        _fail(str(error), 1)
    except DecisionQAError as error:
        _fail(str(error), 2)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted. The published index is unchanged.", 130)
    except Exception as error:
        if is_short(error):
            _fail("Not enough memory to continue.", 2)
        if isinstance(error, OSError):
            _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.", 2)
        frames = traceback.extract_tb(error.__traceback__)  # a mistake of this program's own
        _fail(f"Something went wrong in the program: {type(error).__name__}: {error} ({frames[-1]}).", 2)


def _fail(message: str, code: int) -> NoReturn:
    print_line(f"decision-qa: {message}", err=True)
    sys.exit(code)


@cli.command("build")
@_decisions
@_index
@click.option("--purge", is_flag=True, help="Rebuild everything, so that nothing of removed decisions remains.")
@_as_json
@click.pass_obj
def build_command(settings: Settings, decisions: Path | None, index: Path | None, purge: bool, as_json: bool) -> int:
    """Update the index from the folder of decisions.

    A damaged index is rebuilt.
    """
    source = _folder(settings, decisions)
    model = ModelFiles.find(settings.model)
    with (
        Progress("Reading", "files", _MIN_FILES_WITH_PROGRESS) as reading,
        Progress("Embedding", "texts") as embedding,
        Progress("Indexing", "vectors", _MIN_VECTORS_WITH_PROGRESS) as indexing,
        Progress("Checking", "MiB", _MIN_MIB_WITH_PROGRESS) as checking,
    ):
        report = build(
            source, index or settings.index, model, _load, embedding, reading, indexing, checking, purge=purge
        )
    if report.damage:
        print_line(f"The index was damaged ({report.damage}) and is being rebuilt.", err=True)
    return _print_report(report, as_json, print_build)


def _load(model: ModelFiles) -> SentenceEmbedder:
    print_line("Loading the model.", err=True)
    return SentenceEmbedder(model)


@cli.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@_decisions
@_as_json
@click.pass_obj
def add_command(settings: Settings, files: tuple[Path, ...], decisions: Path | None, as_json: bool) -> int:
    """Copy files into the folder of decisions.

    Run build to make them searchable.
    """
    return _print_report(add(sources(files), _folder(settings, decisions)), as_json, print_added)


@cli.command("remove")
@click.argument("references", nargs=-1, required=True, metavar="REFERENCE…")
@_decisions
@_as_json
@click.pass_obj
def remove_command(settings: Settings, references: tuple[str, ...], decisions: Path | None, as_json: bool) -> int:
    """Delete decisions from the folder of decisions.

    Run build to remove them from the index.
    """
    report = remove([Reference(text) for text in references], _folder(settings, decisions))
    return _print_report(report, as_json, print_removed)


@cli.command("fetch")
@click.argument("wanted", nargs=-1, metavar="[REFERENCE|ADDRESS]…")
@click.option("--council", multiple=True, metavar="NAME", help="Decisions about this body.")
@click.option("--category", multiple=True, metavar="TEXT", help="Decisions of this category: whole words of its name.")
@click.option(
    "--outcome", multiple=True, type=click.Choice(["upheld", "not-upheld", "closed"]), help="With this outcome."
)
@click.option("--from", "date_from", type=_DATE, metavar="DATE", help="From this date, such as 2021-01-01.")
@click.option("--to", "date_to", type=_DATE, metavar="DATE", help="Up to this date.")
@click.option("--new", "is_new", is_flag=True, help="What was published since the last time, and what has changed.")
@click.option(
    "--recheck",
    type=_CountOrAll(),
    metavar="N",
    default="500",
    help="How many held decisions --new looks at (500), or all.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many decisions; run it again for more.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only list what would be fetched.")
@_as_json
@_decisions
@click.pass_obj
def fetch_command(
    settings: Settings, /, wanted: tuple[str, ...], decisions: Path | None, as_json: bool, **options: Any
) -> int:
    """Fetch decisions from the Ombudsman's site.

    Give references or addresses, or say with options which decisions. With neither, goes on with what was interrupted.
    Waits between requests and obeys the site's robots.txt. Run build to make what was fetched searchable.
    """
    from qa.fetching.fetch import Request, opened
    from qa.fetching.walk import Selection

    dates = [day and day.date() for day in (options["date_from"], options["date_to"])]
    if all(dates) and dates[0] > dates[1]:
        raise click.UsageError("--from must not be later than --to.")
    if not all(name.strip() for name in (*options["council"], *options["category"])):
        raise click.UsageError("A --council or --category is empty; leave it out for every one.")
    selection = Selection(options["council"], options["category"], options["outcome"], *dates)
    if wanted and (selection != Selection() or options["is_new"]):
        raise click.UsageError("Give either references and addresses, or options that select decisions.")
    request = Request(
        wanted,
        None if selection == Selection() else selection,
        **{name: options[name] for name in ("is_new", "recheck", "limit", "is_dry")},
    )
    folder = _folder(settings, decisions)
    if not settings.contact and not is_of_own_network(urlsplit(settings.site).hostname or ""):
        print_line("Set DECISION_QA_CONTACT to your e-mail address, so that the site can reach you.", err=True)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        Progress("Listing", "pages", _MIN_LIST_PAGES_WITH_PROGRESS) as listing,
        Progress("Fetching", "decisions") as fetching,
        opened(
            folder, settings.site, settings.contact, settings.fetch_pause, listing=listing, fetching=fetching
        ) as fetcher,
    ):
        try:
            fetcher.run(request)
        except KeyboardInterrupt:
            fetcher.report.stopped = "Interrupted. Run decision-qa fetch to go on."
            print_fetched(fetcher.report, as_json)
            return 130
        finally:
            signal.signal(signal.SIGTERM, before)
    print_fetched(fetcher.report, as_json)
    return fetcher.report.exit_code


@cli.command()
@click.argument("question")
@click.option("-k", "limit", default="5", metavar="N", help="Number of paragraphs, 1 to 50 (default 5).")
@click.option(
    "--council", multiple=True, metavar="NAME", help="Only decisions about this body: its name, or whole words of it."
)
@click.option("--reference", multiple=True, metavar="REF", help="Only this decision.")
@click.option("--category", multiple=True, help="Only decisions of this category.")
@click.option("--outcome", multiple=True, help="Only decisions with this outcome.")
@click.option("--from", "date_from", metavar="DATE", help="Only decisions from this date, such as 2022-10-09.")
@click.option("--to", "date_to", metavar="DATE", help="Only decisions up to this date.")
@click.option("--role", multiple=True, help="Only paragraphs of this part of the decision, such as finding or law.")
@click.option("--everywhere", is_flag=True, help="Search all decisions, even if QUESTION names a body or a decision.")
@click.option("--as-typed", is_flag=True, help="Do not correct typing errors.")
@click.option("--generate", is_flag=True, help="Have a language model write a short text from the paragraphs.")
@_as_json
@_index
@click.pass_obj
def ask(settings: Settings, /, as_json: bool, index: Path | None, **fields: Any) -> int:
    """Answer QUESTION with the best matching paragraphs."""
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
    print_line(json_text(answer_as_json(answer)) if as_json else answer_as_text(answer, question))
    return 0 if answer.status == "answered" else 1


@cli.command("check-citations")
@click.argument("file", type=click.File("rb"))
@_as_json
@_index
@click.pass_obj
def check_citations(settings: Settings, file: BinaryIO, as_json: bool, index: Path | None) -> int:
    """Check the citations and quotations in a text.

    FILE is a plain text, such as a letter; "-" reads standard input.
    """
    check = Check.of(Letter.from_file(file.read(MAX_FILE)), Store.open(index or settings.index))
    print_line(json_text(check_as_json(check)) if as_json else check_as_text(check))
    return 0 if check.is_right else 1


@cli.command()
@click.argument("reference")
@click.argument("number", required=False)
@_as_json
@_index
@click.pass_obj
def show(settings: Settings, reference: str, number: str | None, as_json: bool, index: Path | None) -> int:
    """Show a decision, or one paragraph of it.

    NUMBER is a paragraph such as "50", an item such as "12(c)", or "summary". A report without numbered paragraphs
    has pages, "page 7", or sections, "section Recommendations".
    """
    decision = Store.open(index or settings.index).decision(Reference(reference))
    chosen = decision.place(number) if number is not None else None
    if as_json:
        print_line(json_text(paragraph_as_json(chosen, decision) if chosen else decision_as_json(decision)))
        return 0
    for place in [chosen] if chosen else decision.places():
        print_line(f"{citation_of(place, decision)}\n{as_lines(place)}\n")
    return 0


@cli.command("list")
@_as_json
@_index
@click.pass_obj
def list_command(settings: Settings, as_json: bool, index: Path | None) -> int:
    """List the decisions in the index, newest first."""
    entries = Store.open(index or settings.index).entries(Filter())
    lines = [json_text([entry_as_json(entry) for entry in entries])] if as_json else map(entry_as_line, entries)
    for line in lines:
        print_line(line)
    return 0


@cli.command()
@click.option("--since", metavar="DATE", help="Only changes from this date, such as 2022-10-09.")
@_as_json
@_index
@click.pass_obj
def changed(settings: Settings, since: str | None, as_json: bool, index: Path | None) -> int:
    """List what was added, changed, moved or removed, the latest first."""
    asked = Since.from_texts({"since": [since]} if since is not None else {})
    changes = Store.open(index or settings.index).ledger.since(asked.since)
    if as_json:
        print_line(json_text({"changes": [change_as_json(change) for change in changes]}))
    elif changes:
        for change in changes:
            print_line(change_as_line(change))
    else:
        print_line("Nothing changed.")
    return 0


@cli.command("coverage")
@_as_json
@_index
@click.pass_obj
def coverage_command(settings: Settings, as_json: bool, index: Path | None) -> int:
    """Show what the index covers: years, subjects and bodies."""
    store = Store.open(index or settings.index)
    found = Covered.of(store, Paging(), every=True)
    print_line(json_text(coverage_as_json(store, found)) if as_json else coverage_as_text(found, store.manifest))
    return 0


@cli.command("verify")
@_as_json
@_index
@click.pass_obj
def verify_command(settings: Settings, as_json: bool, index: Path | None) -> int:
    """Check the index for damage."""
    with Progress("Checking", "MiB", _MIN_MIB_WITH_PROGRESS) as checking:
        found = verify(index or settings.index, checking)
    print_verified(found, as_json)
    return 1 if found.damaged else 0


@cli.command("serve")
@click.option("--host", help="Address to listen on (default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default 8000).")
@_index
@click.pass_obj
def serve_command(settings: Settings, host: str | None, port: int | None, index: Path | None) -> int:
    """Serve the web pages and the API.

    Stops on Ctrl-C or SIGTERM.
    """
    from qa.web.admission import Admission
    from qa.web.app import create_app
    from qa.web.server import Loading, serve

    host, port = host or settings.host, settings.port if port is None else port
    generator = _generator(settings)
    embedder = BackgroundEmbedder(_model(settings, _SERVER_NEEDS))
    stores = LatestStore(index or settings.index, embedder.model, verify_in_background=True)
    answerer = _answerer_of(settings, stores, embedder, generator)
    checks = ChecksAside(stores, functools.partial(LatestStore, index or settings.index, embedder.model))
    listening = _listen(host, port)

    def load() -> None:
        embedder.start()
        embedder.loaded(wait=True)

    admission = Admission(settings.token, settings.origins, host, settings.letters, settings.generations)
    app = create_app(answerer, checks=checks, admission=admission, proxies=settings.proxies)
    url = _url(host, listening.getsockname()[1])
    patience = _ANSWER_SECONDS + (settings.llm_timeout if generator else 0)
    loading = Loading(load, answerer.check_ready, checks.start, checks.stop, patience)
    return serve(app, listening, url, loading, settings.processes)


@cli.command()
@click.option("--http", "over_http", is_flag=True, help="Serve over HTTP, not standard input and output.")
@click.option("--host", help="Address to listen on with --http (default 127.0.0.1).")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, help="Port to listen on with --http (default 8001)."
)
@_index
@click.pass_obj
def mcp(settings: Settings, over_http: bool, host: str | None, port: int, index: Path | None) -> NoReturn:
    """Serve language models over the Model Context Protocol.

    Serves one client over standard input and output, or many over HTTP.
    """
    # Two threads that nothing can wake may be waiting for the model and for standard input; only this ends them.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

    from qa.mcp.server import create_server, serve_http, serve_stdio

    host = host or settings.host
    embedder = BackgroundEmbedder(_model(settings, _SERVER_NEEDS))
    embedder.start()
    stores = LatestStore(index or settings.index, embedder.model, verify_in_background=True)
    answerer = _answerer_of(settings, stores, embedder)
    server = create_server(answerer, lambda: embedder.loaded(wait=True))
    where = "it reads standard input"
    if over_http:
        listening = _listen(host, port)
        where = f"{_url(host, listening.getsockname()[1])}mcp (Ctrl-C stops it)"

    def announce() -> None:
        try:
            embedder.loaded(wait=True)
            answerer.check_ready()
            print_line(f"decision-qa mcp is ready: {where}.", err=True)
        except NotEnoughMemory as error:
            print_line(f"decision-qa: {error}", err=True)
            os._exit(2)
        except DecisionQAError as error:
            print_line(f"decision-qa mcp cannot answer yet. {error}", err=True)

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
    """Measure answers against judged questions.

    QUESTIONS.json has the questions and the paragraphs that answer them. Measures ranking, refusals and sentences.
    """
    judged = read_questions(questions)
    answerer = _answerer(settings, index)
    with Progress("Asking", "questions") as asking:
        figures = evaluate(answerer, judged, asking)
    print_line(json_text(figures.as_json()) if as_json else figures.as_table())
    return 0


def _answerer(settings: Settings, index: Path | None, generator: Generator | None = None) -> Answerer:
    """The answerer for one command. The index is opened before the model is loaded, so that its errors come at once."""
    model = _model(settings)
    stores = LatestStore(index or settings.index, model)
    stores.get()
    return _answerer_of(settings, stores, SentenceEmbedder(model), generator)


def _model(settings: Settings, *others: Need) -> ModelFiles:
    """The model that is set, once it is known that there is memory for it, and for what `others` need.

    Threads that cannot be started, and libraries that lack memory as they load, may wait or end without a word.
    """
    model = ModelFiles.find(settings.model)
    model.check_memory(*others)
    return model


def _answerer_of(
    settings: Settings, stores: LatestStore, embedder: Embedder, generator: Generator | None = None
) -> Answerer:
    reranker = (
        CrossEncoderReranker(ModelFiles.find(settings.reranker, "DECISION_QA_RERANKER")) if settings.reranker else None
    )
    models = Models.of(embedder, reranker)
    return Answerer(stores, models, settings.threshold, generator, confidence=settings.confidence)


def _generator(settings: Settings) -> Generator | None:
    """What writes texts, where a language model is set. Raises PromptError."""
    if not settings.llm_url:
        return None
    model = LanguageModel(
        settings.llm_url, settings.llm_model, settings.llm_api_key, settings.llm_timeout, settings.llm_tokens
    )
    return Generator(model, Prompt.read(PROMPTS, settings.llm_prompt))


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
    address = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{address}]' if ':' in address else address}:{port}/"


def _folder(settings: Settings, given: Path | None) -> Path:
    """The folder of decisions; where that of the settings does not exist yet, it begins with the seeds.

    But not where there is an index already: then its name is mistyped, or its disk is not there.
    """
    if given is None and published(settings.index) is None and begin(settings.decisions, SEEDS):
        print_line(f"{settings.decisions} is new; it begins with the decisions of {SEEDS.name}/.", err=True)
    return given or settings.decisions


def _print_report(report: Report, as_json: bool, show: Callable[[Report], object]) -> int:
    if as_json:
        print_line(json_text(report_as_json(report)))
    else:
        show(report)
    return 1 if report.counts["rejected"] else 0
