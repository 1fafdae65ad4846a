"""Question and hits → a text that a language model wrote, each sentence of it checked, or the reason why there is none.

The model is sent the question and the paragraphs and nothing else. What it writes is not trusted: no sentence leaves
here as supported unless the paragraphs that it cites say so, as far as can be told (qa.generation.sentences), and
whatever the model does, there is an end within its time.
"""

from __future__ import annotations

import logging
from collections.abc import Generator as Pieces
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.errors import kind_and_place
from qa.errors import Busy
from qa.generation import llm
from qa.generation.context import ContextParagraph
from qa.generation.llm import LanguageModel, NotWritten
from qa.generation.prompts import Prompt, choose
from qa.generation.sentences import SentenceChecker, Statement
from qa.limits import ConcurrencyLimit
from qa.retrieval.search import Hit

Ungenerated = Literal["off", "not_found", "busy", "not_answered", "unsupported", "unchecked", llm.Failure]
"""Why there is no generated text: no model is set; nothing was found to write from; too many are being written; the
model says that the paragraphs do not answer; nothing it wrote is supported, or could be checked; or how it failed."""

MAX_CONCURRENT_TEXTS = 4  # each keeps a thread of the server waiting
_NO_ANSWER = "NOT ANSWERED"  # what every template tells the model to write then

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generation:
    """A generated text: the sentences of it that are supported, or the `reason` why there are none.

    `left_out` are those that are not, each with its flaw. `detail` is the reason as a sentence. `model` and `host` say
    who wrote it, `prompt` after which template; they are None where no model is set.
    """

    statements: tuple[Statement, ...] = ()
    left_out: tuple[Statement, ...] = ()
    reason: Ungenerated | None = None
    detail: str = ""
    model: str | None = None
    host: str | None = None
    prompt: Prompt | None = None

    @property
    def was_sent(self) -> bool:
        """Whether the question and the paragraphs were sent to the model."""
        return self.reason not in ("off", "not_found", "busy")


OFF = Generation(reason="off", detail="No language model is set (DECISION_QA_LLM_URL, DECISION_QA_LLM_MODEL).")


class Generator:
    """Has a language model write; threads may share it."""

    def __init__(self, model: LanguageModel, prompt: Prompt, at_once: int = MAX_CONCURRENT_TEXTS) -> None:
        self._model, self._prompt = model, prompt
        self.model, self.host = model.model, model.host
        """The name of the model, and to whom the question and the paragraphs are sent."""
        self.is_local = model.is_local
        """Whether that is this machine."""
        self._nothing = Generation(model=model.model, host=model.host, prompt=prompt)
        self._limit = ConcurrencyLimit(at_once, "Too many answers are being written just now; try again in a minute.")

    def write(
        self, question: str, hits: Sequence[Hit], client: str = ""
    ) -> Pieces[Statement | Generation | None, None, None]:
        """The supported sentences as they come, and last of all the whole. Closing it ends the writing.

        No `client` may have all slots for texts.

        None comes now and then while there is nothing to give, so that whoever has gone is noticed.
        """
        if not hits:
            yield replace(self._nothing, reason="not_found", detail="Nothing was found to write an answer from.")
            return
        try:
            with self._limit.slot(client):
                yield from self._write(question, hits)
        except Busy as error:
            yield replace(self._nothing, reason="busy", detail=str(error))
        except Exception as error:  # whatever a model writes, the extract stands
            _log.error(kind_and_place(error))
            detail = "What the language model wrote could not be checked."
            yield replace(self._nothing, reason="unchecked", detail=detail)

    def _write(self, question: str, hits: Sequence[Hit]) -> Pieces[Statement | Generation | None, None, None]:
        shown = choose([ContextParagraph(f"P{rank}", hit.paragraph, hit.entry) for rank, hit in enumerate(hits, 1)])
        messages = self._prompt.messages(question, shown)
        checker = SentenceChecker(shown)
        statements: list[Statement] = []
        failure: tuple[Ungenerated, str] | None = None
        pieces = self._model.write(messages)
        try:
            for piece in pieces:
                new = [*checker.feed(piece)]
                statements += new
                yield from [one for one in new if one.flaw is None] or (None,)
            new = [*checker.finish()]
            statements += new
            yield from [one for one in new if one.flaw is None]
        except NotWritten as error:
            statements += checker.finish()
            failure = error.failure, str(error)
        finally:
            pieces.close()
        yield self._failed(statements, *failure) if failure else self._whole(statements)

    def _failed(self, statements: Sequence[Statement], reason: Ungenerated, detail: str) -> Generation:
        left_out = tuple(
            one if one.flaw else replace(one, flaw="unfinished", detail="The text broke off.") for one in statements
        )
        return replace(self._nothing, left_out=left_out, reason=reason, detail=detail)

    def _whole(self, statements: Sequence[Statement]) -> Generation:
        if any(one.text.upper().startswith(_NO_ANSWER) for one in statements):
            detail = "The language model says that these paragraphs do not answer the question."
            rest = [one for one in statements if not one.text.upper().startswith(_NO_ANSWER)]
            return self._failed(rest, "not_answered", detail)
        left_out = tuple(one for one in statements if one.flaw)
        if len(left_out) < len(statements):
            supported = tuple(one for one in statements if not one.flaw)
            return replace(self._nothing, statements=supported, left_out=left_out)
        failed = "Nothing that the language model wrote could be found in the paragraphs that it cites."
        return replace(self._nothing, left_out=left_out, reason="unsupported", detail=failed)
