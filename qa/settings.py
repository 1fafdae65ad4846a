"""The settings, read once from the environment; nothing else in the project reads it."""

from __future__ import annotations

import difflib
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_type_hints
from urllib.parse import urlsplit

from index.embedding.model_files import DEFAULT_MODEL
from index.parsing.provenance import SITE
from qa.errors import SettingsError
from qa.fetching.addresses import is_of_own_network
from qa.retrieval.selection import SHOWN_FROM

_PREFIX = "DECISION_QA_"
_CHECKOUT = Path(__file__).resolve().parent.parent
# In a checkout the data lie in it, wherever the command is given; installed elsewhere, they lie where it is given.
_HOME = _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else Path()

_ORIGIN = re.compile(r"https?://[^\s/?#@*,]+", re.ASCII)
_API = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#@]*)?", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,}=*")  # what RFC 6750 lets a bearer token be, and long enough

SEEDS = _HOME / "seeds"
"""The decisions that a new folder of decisions begins with."""

PROMPTS = Path(__file__).resolve().parent / "prompts"
"""The templates that a language model is given."""


def _default_processes() -> int:
    """One for each processor, four at most since each has a model of its own in memory; one on macOS."""
    return min(4, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 1


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("it must not be empty")
    return value.strip()


def _path(value: str) -> Path:
    return Path(_text(value)).expanduser()


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number in ASCII digits, with no more of them than the greatest has."""

    def read(value: str) -> int:
        if not re.fullmatch(f"[0-9]{{1,{len(str(most))}}}", value) or not least <= int(value) <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}")
        return int(value)

    return read


def _number(least: float, most: float, unit: str = "") -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise ValueError(f"it must be a number{unit} from {least} to {most}")
        return number

    return read


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(origin.lower() for origin in value.replace(",", " ").split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError("it must be origins such as https://example.org, without a path, separated by commas")
    return origins


def _token(value: str) -> str:
    token = value.strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("it must have 16 or more letters, digits or -._~+/=, without spaces")
    return token


def _api(value: str) -> str:
    url = value.strip().rstrip("/").removesuffix("/chat/completions")
    try:
        is_one = not url or (bool(_API.fullmatch(url)) and bool(urlsplit(url).hostname) and urlsplit(url).port != 0)
    except ValueError:  # of the port
        is_one = False
    if not is_one:
        raise ValueError("it must be an address such as http://127.0.0.1:8080/v1, without a user, “?” or “#”")
    return url


def _key(value: str) -> str:
    key = value.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("it must be one word of ASCII letters, digits and signs")
    return key


def _site(value: str) -> str:
    site = value.strip().rstrip("/").lower()
    try:
        is_one = bool(_ORIGIN.fullmatch(site)) and bool(urlsplit(site).hostname) and urlsplit(site).port != 0
    except ValueError:  # of the port
        is_one = False
    if not is_one or (site.startswith("http:") and not is_of_own_network(urlsplit(site).hostname or "")):
        raise ValueError("it must be an address such as https://www.lgo.org.uk, without a path")
    return site


def _contact(value: str) -> str:
    contact = value.strip()
    if not re.fullmatch(r"[!-'*-~]{0,200}", contact):  # what may stand in a comment of a head of HTTP
        raise ValueError("it must be an e-mail address or a web address, without spaces and brackets")
    return contact


_SECRET = ("token", "llm_url", "llm_api_key")  # an address may hold a password


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is set by `DECISION_QA_` and its name in capitals, and has beside its type what reads it."""

    decisions: Annotated[Path, _path] = _HOME / "data" / "decisions"
    """The folder of decisions that `build` reads and `add` and `remove` change."""
    index: Annotated[Path, _path] = _HOME / "data" / "index"
    """The folder of the index."""
    model: Annotated[str, _text] = DEFAULT_MODEL
    """The embedding model: the packaged one, a folder, or a name on the Hugging Face hub."""
    host: Annotated[str, _text] = "127.0.0.1"
    port: Annotated[int, _whole(0, 65535)] = 8000
    processes: Annotated[int, _whole(1, 64)] = field(default_factory=_default_processes)
    """How many processes of the server answer beside each other."""
    threshold: Annotated[float, _number(0, 1)] = 0.53
    """The least estimated probability, 0 to 1, that the decisions answer a question; below it the answer is
    `not_found`. At this one `scripts/fit` found 95 of 100 refusals to be right. 0 refuses only what names nothing held.
    """
    confidence: Annotated[float, _number(0, 1)] = SHOWN_FROM
    """The least calibrated probability, 0 to 1, that the answer box is right at which one is shown; 1 shows none."""
    reranker: Annotated[str, str.strip] = ""
    """A cross-encoder that puts the best paragraphs in order: a folder, or a name on the Hugging Face hub; none if
    empty."""
    origins: Annotated[tuple[str, ...], _origins] = ()
    """The web sites whose pages may call the API (CORS), such as `https://example.org`; none if empty."""
    token: Annotated[str, _token] = field(default="", repr=False)
    """What a caller of the API must send as `Authorization: Bearer TOKEN`; nothing if empty."""
    proxies: Annotated[int, _whole(0, 9)] = 0
    """How many proxies stand in front, each of which adds to X-Forwarded-For, -Proto, -Host and -Prefix; what they say
    is believed then, and of nobody else."""
    letters: Annotated[int, _whole(0, 99999)] = 120
    """How many letters an address may have checked in a minute, in each process; 0 is any number."""
    generations: Annotated[int, _whole(0, 99999)] = 20
    """How many texts an address may have written in a minute, in each process; 0 is any number."""
    llm_url: Annotated[str, _api] = ""
    """The address of an OpenAI-compatible API, such as `http://127.0.0.1:8080/v1`, whose model writes answers where one
    is asked for; none if empty."""
    llm_model: Annotated[str, str.strip] = ""
    """The name by which that API knows the model."""
    llm_api_key: Annotated[str, _key] = field(default="", repr=False)
    """What is sent there as `Authorization: Bearer KEY`; nothing if empty."""
    llm_timeout: Annotated[float, _number(1, 600, " of seconds")] = 60.0
    """Seconds in which the answer must have been written."""
    llm_tokens: Annotated[int, _whole(16, 16384)] = 600
    """The most tokens that it may have."""
    site: Annotated[str, _site] = SITE
    """The site that decisions are fetched from."""
    contact: Annotated[str, _contact] = ""
    """An e-mail or web address of whoever runs `fetch`, which the site is told with each request."""
    fetch_pause: Annotated[float, _number(1, 3600, " of seconds")] = 1.0
    """Seconds between two requests to that site."""
    llm_prompt: Annotated[str, _text] = "answer"
    """The template in prompts/ that the model is given."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this process. Raises SettingsError for a name or value that cannot be meant."""
        readers = {name: hint.__metadata__[0] for name, hint in get_type_hints(cls, include_extras=True).items()}
        given: dict[str, Any] = {}
        for name, value in environment.items():
            if not name.startswith(_PREFIX):
                continue
            key = name.removeprefix(_PREFIX).lower()
            if key not in readers:
                close = difflib.get_close_matches(name, [_PREFIX + one.upper() for one in readers], 1)
                hint = f" Did you mean {close[0]}?" if close else ""
                raise SettingsError(f"There is no setting {name}.{hint}")
            try:
                given[key] = readers[key](value)
            except ValueError as error:
                shown = "" if key in _SECRET else f" is “{value}”"
                raise SettingsError(f"{name}{shown}: {error}.") from None
        settings = cls(**given)
        if bool(settings.llm_url) != bool(settings.llm_model):
            raise SettingsError("DECISION_QA_LLM_URL and DECISION_QA_LLM_MODEL must both be set, or neither.")
        return settings
