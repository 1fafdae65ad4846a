"""A template of prompts/ → the messages to a language model about a question and the paragraphs found for it.

A template has two slots. The question and the paragraphs that fill them are *material*: they come from outside and
never instruct. Both slots are filled at once, so that nothing in material is read as a slot, and each line of material
stands behind the mark "| ", so that none can pass for a line of the template. Only the program gives handles.

Nothing here calls a model, or checks what one writes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.decisions import Role
from index.errors import InputError
from qa.generation.context import ContextParagraph
from qa.generation.llm import Message

MAX_PARAGRAPHS = 10
MAX_CHARACTERS = 12_000
"""Of all paragraphs together; about 3,000 tokens, which leaves room in a context of 4,096."""

_TEMPLATE = re.compile(r"version: ([1-9][0-9]*)\n---\n(?P<system>.+?)\n---\n(?P<user>.+)", re.DOTALL)
_SLOT = re.compile(r"^\$(paragraphs|question)$", re.MULTILINE)


class PromptError(InputError):
    """A template cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template; `sha256` is that of its file. `system` comes first, whatever is asked."""

    name: str
    version: int
    sha256: str
    system: str = field(repr=False)
    user: str = field(repr=False)

    @classmethod
    def read(cls, folder: Path, name: str) -> Prompt:
        """The template `NAME.md` of a folder. Raises PromptError."""
        if not re.fullmatch("[a-z0-9-]+", name):
            raise PromptError(f"“{name[:40]}” is no name of a prompt; one has small letters, digits and hyphens only.")
        try:
            content = (folder / f"{name}.md").read_bytes()
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except FileNotFoundError:
            held = sorted(path.stem for path in folder.glob("*.md") if re.fullmatch("[a-z0-9-]+", path.stem))
            there = f"there is {', '.join(held)}" if held else "there is none"
            raise PromptError(f"There is no prompt “{name}” in {folder}; {there}.") from None
        except OSError as error:
            raise PromptError(f"The prompt “{name}” cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError as error:
            raise PromptError(f"The prompt “{name}” is not UTF-8: its byte {error.start} is none.") from None
        parts = _TEMPLATE.fullmatch(text)
        if parts is None:
            form = "a line “version: 1”, the rules below a line “---”, and the rest below another one"
            raise PromptError(f"The prompt “{name}” has not the form of one: {form}.")
        if sorted(_SLOT.findall(parts["user"])) != ["paragraphs", "question"]:
            raise PromptError(f"The prompt “{name}” must have one line $paragraphs and one line $question in its rest.")
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(name, int(parts[1]), sha256, parts["system"].strip(), parts["user"].strip())

    def messages(self, question: str, paragraphs: Sequence[ContextParagraph]) -> list[Message]:
        """The messages to the model."""
        given = {"question": as_material(question), "paragraphs": "\n\n".join(map(_block, paragraphs))}
        return [Message("system", self.system), Message("user", _SLOT.sub(lambda slot: given[slot[1]], self.user))]


def choose(paragraphs: Sequence[ContextParagraph]) -> list[ContextParagraph]:
    """As many of the paragraphs, best first, as may be given: whole ones only, and the first however long it is.

    One that is too long for what is left is passed over for the next.
    """
    chosen: list[ContextParagraph] = []
    left = MAX_CHARACTERS
    for paragraph in paragraphs:
        length = sum(map(len, _texts(paragraph)))
        if not chosen or (length <= left and len(chosen) < MAX_PARAGRAPHS):
            chosen.append(paragraph)
            left -= length
    return chosen


def _block(paragraph: ContextParagraph) -> str:
    """A paragraph as it is given: its handle, what it is, where it stands, and what it says."""
    citation, section, text = _texts(paragraph)
    head = f"[{paragraph.handle}] is {ROLES[paragraph.paragraph.role]}."
    where = [citation, section] if section else [citation]
    return "\n".join([head, "Where it stands:", *where, "What it says:", text])


def _texts(paragraph: ContextParagraph) -> tuple[str, str, str]:
    """Its citation, the headings above it, outermost first, and its text, as material."""
    section = " > ".join(paragraph.paragraph.section)
    return as_material(paragraph.citation), as_material(section), as_material(paragraph.paragraph.text)


ROLES: dict[Role, str] = {
    "complaint": "an allegation: what somebody complained of, not a fact and not a finding",
    "powers": "what the Ombudsman may do, in general",
    "method": "how the Ombudsman looked into this complaint",
    "law": "law and guidance, as the Ombudsman tells them",
    "facts": "what happened, as the Ombudsman tells it",
    "finding": "a finding of the Ombudsman",
    "remedy": "what is to be done to put things right",
    "conclusion": "how the Ombudsman ended this case",
    "summary": "the Ombudsman's summary of the decision",
}
"""How a paragraph's role is put to the model."""


def as_material(text: str) -> str:
    """Text from outside as a model is given it: each line behind "| ", with nothing in it that could pass for the
    program's own; else verbatim, so that it can be quoted.
    """
    return "\n".join(f"| {_harmless(line)}" for line in text.splitlines())


# What chat templates open with: <|im_start|>, <｜User｜>, </s>, <<SYS>>, <start_of_turn>, [INST]. "<5" is a sum.
_OPENS = re.compile(
    r"<(?=[^\s\d=])|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_|IMG|PREFIX|MIDDLE|SUFFIX))", re.IGNORECASE
)
# [P3], [P1, P3], [P1 and P2], 【P3】: all that could be read as handles in what a model writes.
_HANDLES = re.compile(r"[\[【](?=\s*P\s*\d)((?:[\sP\d,;/&–-]|and)+)[\]】]", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # within emoji, and within words of some languages


def _harmless(line: str) -> str:
    # Controls, halves of characters that UTF-8 cannot say, and what shows nothing and may yet say something: the tags
    # of U+E0000 spell text that only a machine reads.
    visible = "".join(
        letter
        for letter in line.replace("\t", " ")
        if unicodedata.category(letter) not in ("Cc", "Cf", "Cs") or letter in _JOINERS
    )
    return _HANDLES.sub(r"(\1)", _OPENS.sub(r"\g<0> ", visible))
