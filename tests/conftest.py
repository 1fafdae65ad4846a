"""What the tests share: the real model and the index of the seeds, made once for all of them."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from index.blas import set_up_blas

set_up_blas()

import numpy as np
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from model_server import ModelServer

from index.build import build
from index.decisions import Decision, Reference
from index.embedding.embedder import SentenceEmbedder
from index.embedding.model_files import ModelFiles
from index.embedding.types import Embedding, Progress
from index.latest_store import LatestStore
from index.parsing.isolated import Reader
from index.parsing.parse import parse, reference_of
from qa.answering.answer import Answerer
from qa.generation.generator import Generator
from qa.generation.llm import LanguageModel
from qa.generation.prompts import Prompt
from qa.retrieval.models import Models, StoreSource
from qa.settings import PROMPTS, Settings
from qa.web.app import create_app
from qa.web.server import Answering, set_options

PROJECT = Path(__file__).resolve().parent.parent
SEEDS = PROJECT / "seeds"
DOCUMENTATION = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
SIXTH = PROJECT / "tests" / "captures" / "22-009-999.txt"
FEW = 25
"""Decisions of a small imitated site."""
MISSION = "when must a safety agreement be explained as voluntary?"


def load_script(name: str) -> ModuleType:
    """A script of scripts/ as a module; it has no suffix, so it is not found by its name."""
    loader = SourceFileLoader(name, str(PROJECT / "scripts" / name))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[loader.name] = module  # a dataclass looks up its module
    # What is compiled from a script would be left beside it.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


# How long an example takes is no fact of the program's.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", UNTIMED)
settings.register_profile("short", UNTIMED, max_examples=UNTIMED.max_examples // 4)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="try all examples and all judged questions, not some of them")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("long" if config.getoption("long") else "short")


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """What asks some of many questions is marked; what Hypothesis invents is, by its own plugin."""
    for item in items:
        if "some" in item.fixturenames:
            item.add_marker("long")


ONE_WORD = 0.5
"""The cosine of a fake token with itself once it is kept: with its one direction it is beyond what 8 bits can tell."""


class WordEmbedder:
    """A fake model without weights: each word has a place in the vector. It remembers its work."""

    def __init__(self, model: ModelFiles | None = None) -> None:
        self.model = model or FAKE_MODEL
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> list[Embedding]:
        self.embedded += texts
        if progress is not None:
            progress(len(texts), len(texts))
        return [self._embed(text) for text in texts]

    def _embed(self, text: str) -> Embedding:
        words = list(re.finditer(r"\w+", text.casefold())) or list(re.finditer("(?s).+", text))
        tokens = np.zeros((len(words), 64), dtype=np.float32)
        for row, word in enumerate(words):
            tokens[row, hashlib.sha256(word[0].encode()).digest()[0] % 64] = 1
        whole = tokens.sum(axis=0)
        return Embedding(whole / np.linalg.norm(whole), tokens, np.array([word.span() for word in words]))

    def embed_question(self, question: str) -> Embedding:
        return self.embed([question])[0]

    def sample(self) -> list[str]:
        return []


def variant(reference: str, word: str = "lanyard") -> str:
    """A short decision with this reference; `word` is what its complaint is about."""
    text = SIXTH.read_text(encoding="utf-8")
    return text.replace("22 009 999", reference).replace("lanyard", word)


@contextmanager
def served(app: Flask, patience: float = 60, give_up: Callable[[], object] = lambda: None) -> Iterator[str]:
    """The address of a server, in a thread of this process, that runs as long as the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    set_options(listening)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    loop, begun, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        answering = Answering(app, most=100, patience=patience, give_up=give_up)
        listening.setblocking(False)
        await answering.begin([listening])
        begun.set()
        while not stop.is_set():
            answering.sweep()
            await asyncio.sleep(0.05)
        await answering.end(lambda: None)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    begun.wait(30)
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


class _CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a process: it takes longer than most tests of them."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": _CompiledTemplates()}

FAKE_MODEL = ModelFiles("fake", Path("fake"), "0" * 64)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    """The settings of whoever runs the tests do not count."""
    for name in [name for name in os.environ if name.startswith("DECISION_QA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def model():
    return SentenceEmbedder(ModelFiles.find())


@pytest.fixture(scope="session")
def some(request):
    """Takes a tenth of many questions, patterns or letters; all of them with --long."""
    return lambda many: many[:: 1 if request.config.getoption("long") else 10]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """Has a folder made once for all processes that run tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def made(name: str, make: Callable[[Path], object]) -> Path:
        done = shared / f"{name} is made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                make(shared / name)
                done.touch()
        return shared / name

    return made


@pytest.fixture(scope="session")
def seed_index(made_once, model):
    """The index of the five decisions, by the real model."""
    return made_once("seed-index", lambda folder: build(SEEDS, folder, model.model, lambda _: model))


@pytest.fixture(scope="session")
def models(model):
    return Models.of(model)


def as_set(stores: StoreSource, models: Models, generator: Generator | None = None) -> Answerer:
    """What answers with the thresholds that are set by default."""
    given = Settings()
    return Answerer(stores, models, given.threshold, generator, confidence=given.confidence)


@pytest.fixture(scope="session")
def answerer(seed_index, models):
    return as_set(LatestStore(seed_index), models)


@pytest.fixture
def language_model():
    """The server of a language model; a test sets its behaviour."""
    with ModelServer() as server:
        yield server


def writes(stores: StoreSource, models: Models) -> Callable[..., Answerer]:
    """Makes what answers and has a language model write, the one at an address."""

    def made(url: str, key: str = "", seconds: float = 30, tokens: int = 600, **more: int) -> Answerer:
        model = LanguageModel(url, "a-model", key, seconds, tokens)
        return as_set(stores, models, Generator(model, Prompt.read(PROMPTS, "answer"), **more))

    return made


@pytest.fixture(scope="session")
def writing(answerer, models) -> Callable[..., Answerer]:
    return writes(answerer.stores, models)


@pytest.fixture
def client(answerer):
    return create_app(answerer).test_client()


@pytest.fixture
def fake():
    return WordEmbedder()


class ReaderHere(Reader):
    """A fake that reads captures in this process: to start one for a few takes longer than all else of a build."""

    def parse(self, source: bytes) -> Decision:
        return parse(source)

    def reference_of(self, source: bytes) -> Reference:
        return reference_of(source)


@pytest.fixture
def reads_here(monkeypatch):
    """Builds read captures in this process; tests/index/parsing and test_build.py have them read as they are."""
    monkeypatch.setattr("index.build.Reader", ReaderHere)
    monkeypatch.setattr("index.folder.Reader", ReaderHere)


def write_two_decisions(folder: Path) -> Path:
    """Put two decisions that are cheap to build into a new folder."""
    folder.mkdir()
    (folder / "22-009-999.txt").write_bytes(SIXTH.read_bytes())
    (folder / "21-000-832.txt").write_bytes((SEEDS / "21-000-832.txt").read_bytes())
    return folder


@pytest.fixture
def decisions(tmp_path):
    """A folder with two decisions."""
    return write_two_decisions(tmp_path / "decisions")


@pytest.fixture(scope="session")
def small_site(made_once):
    """The folder of an imitated site of a few decisions."""
    from synthetic.site import drafts, write_site  # not above: some programs of tests import this without scripts/

    return made_once("small-site", lambda folder: write_site(drafts(FEW), folder))


@pytest.fixture
def site(small_site):
    from synthetic.site import ImitatedSite

    with ImitatedSite(small_site) as site:
        yield site
