"""The templates of prompts/ → what a language model is told about a question and the paragraphs found for it.

The words of a template are this project's. The question and the paragraphs are *material*: they come from outside and
never instruct. A template is rendered with a placeholder where material will stand, and the material is put in after
that, each line of it behind the mark "| ". So nothing in material is evaluated, nothing in it can begin a line of its
own, and no template gets at a text without its marks. Only the program gives handles.

A template is tried when it is read: what is wrong with it is told then, not when somebody asks. Nothing here calls a
model, or checks what one writes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import jinja2
import yaml
from jinja2 import meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.decisions import Role
from index.errors import InputError
from qa.generation.llm import Message


class PromptError(InputError):
    """A template cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Material:
    """A paragraph as it may be given to a model; all but its handle and its role is text from outside.

    `handle` is `P` and a number, by which the model names it; `section` holds the headings above it, outermost first.
    """

    handle: str
    citation: str
    role: Role
    section: tuple[str, ...]
    text: str
    outcome: str | None = None
    date: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch("P[1-9][0-9]*", self.handle):
            raise ValueError(f"{self.handle!r} is no handle; one looks like P3")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template that was read and tried."""

    name: str
    version: int
    sha256: str
    """Of the bytes of its file."""
    paragraphs: int
    """How many paragraphs are given at most."""
    characters: int
    """How many characters of paragraphs are given at most, as they are given, all together."""
    uses: frozenset[str]
    """What is handed to it: `question`, and fields of a paragraph such as `paragraph.text`."""
    system: str = field(repr=False)
    """What the model is told first; the same for every question."""
    _user: jinja2.Template = field(repr=False, compare=False)

    @classmethod
    def read(cls, folder: Path, name: str) -> Prompt:
        """The template `NAME.md` of a folder. Raises PromptError."""
        content = _content(folder, name)
        front, body = _parts(name, content)
        template, system = _compiled(name, front.uses, body)
        prompt = cls(
            name=name,
            version=front.version,
            sha256=hashlib.sha256(content).hexdigest(),
            paragraphs=front.paragraphs,
            characters=front.characters,
            uses=frozenset(front.uses),
            system=system,
            _user=template,
        )
        for trial in _TRIALS:
            prompt.messages("What is asked?", trial)
        return prompt

    def choose(self, materials: Sequence[Material]) -> Sequence[Material]:
        """As many of the paragraphs, best first, as may be given: whole ones only, and the first however long it is.

        One that is too long for the room that is left is passed over for the next.
        """
        chosen: list[Material] = []
        room = self.characters
        for material in materials:
            length = sum(len(text) for _, text in self._texts(material))
            if not chosen or (length <= room and len(chosen) < self.paragraphs):
                chosen.append(material)
                room -= length
        return chosen

    def messages(self, question: str, materials: Sequence[Material]) -> list[Message]:
        """What the model is told. Raises PromptError if the template does what its trial did not show."""
        places = _Places()
        asked = places.take(as_material(question))
        needed = {asked}
        paragraphs = []
        for material in materials:
            texts = {name: places.take(text) for name, text in self._texts(material)}
            needed.add(texts["text"])
            paragraphs.append(SimpleNamespace(handle=material.handle, role=ROLES[material.role], **texts))
        rendered = _rendered(self.name, self._user, "user", {"question": asked, "paragraphs": paragraphs})
        shown = re.findall(r"^\[(P\d+)\]", rendered, re.MULTILINE)
        if shown != [material.handle for material in materials]:
            raise _refusal(
                self.name, "must begin one line for each paragraph, in their order, with [{{ paragraph.handle }}]"
            )
        return [Message("system", self.system), Message("user", places.fill(self.name, rendered, needed - {""}))]

    def _texts(self, material: Material) -> Iterator[tuple[str, str]]:
        """The texts of a paragraph that this template uses, by their names, each as it is given."""
        for name in _TEXTS:
            if f"paragraph.{name}" in self.uses:
                value = getattr(material, name)
                yield name, as_material(" > ".join(value) if name == "section" else value or "")


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
"""What a template is told of a paragraph's role; it follows well after "is"."""

_TEXTS = ("citation", "section", "text", "outcome", "date")
_MAY_USE = ("question", "paragraph.handle", "paragraph.role", *(f"paragraph.{name}" for name in _TEXTS))
# Without these a model could not answer, or not say from where, or would tell an allegation as a fact.
_MUST_USE = ("question", "paragraph.handle", "paragraph.role", "paragraph.text")

_FULL = [
    Material(
        f"P{number}", "Council (21 000 000), paragraph 1", role, ("Heading",), "One.\nTwo.", "Upheld", "2022-10-09"
    )
    for number, role in enumerate(get_args(Role), 1)
]
_TRIALS = (_FULL, _FULL[:1], [Material("P1", "", "summary", (), "")])


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
    kept = "".join(
        letter
        for letter in line.replace("\t", " ")
        if unicodedata.category(letter) not in ("Cc", "Cf", "Cs") or letter in _JOINERS
    )
    return _HANDLES.sub(r"(\1)", _OPENS.sub(r"\g<0> ", kept))


class _Places:
    """The placeholders of one rendering, and the material that will stand there.

    They are made of control characters, which material has not.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def take(self, text: str) -> str:
        """The place of a text; of no text it is empty, so that a template can ask whether there is one."""
        place = f"\x02{len(self._texts)}\x03" if text else ""
        if text:
            self._texts[place] = text
        return place

    def fill(self, name: str, rendered: str, needed: set[str]) -> str:
        """What was rendered, with the texts in their places. Raises PromptError if it keeps not to the places."""
        filled = []
        for line in rendered.split("\n"):
            place = line.strip(" \t")
            if place in self._texts:
                filled.append(self._texts[place])
                needed = needed - {place}
            elif "\x02" in line or "\x03" in line:
                raise _refusal(name, "must give each text unaltered and in a line of its own, such as {{ question }}")
            else:
                filled.append(line)
        if needed:
            raise _refusal(name, "must always give the question, and the text of every paragraph")
        return "\n".join(filled)


class _FrontMatter(BaseModel):
    """What stands above a template; prompts/README.md says what each field means."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str
    version: int = Field(ge=1)
    uses: list[str]
    paragraphs: int = Field(ge=1)
    characters: int = Field(ge=1)


def _refusal(name: str, what: str) -> PromptError:
    return PromptError(f"The prompt “{name}” {what}.")


def _content(folder: Path, name: str) -> bytes:
    if not re.fullmatch("[a-z0-9-]+", name):
        raise PromptError(f"“{name[:40]}” is no name of a prompt; one has small letters, digits and hyphens only.")
    try:
        return (folder / f"{name}.md").read_bytes()
    except FileNotFoundError:
        held = sorted(path.stem for path in folder.glob("*.md") if re.fullmatch("[a-z0-9-]+", path.stem))
        there = f"there is {', '.join(held)}" if held else "there is none"
        raise PromptError(f"There is no prompt “{name}” in {folder}; {there}.") from None
    except OSError as error:
        raise _refusal(name, f"cannot be read: {error.strerror}") from None


def _parts(name: str, content: bytes) -> tuple[_FrontMatter, str]:
    """The front matter of a file, and the rest, in which each line keeps its number."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _refusal(name, f"is not UTF-8: its byte {error.start} is none") from None
    parts = re.fullmatch(r"\A---\n(.*?\n)---\n(.*)", text, re.DOTALL)
    if parts is None:
        raise _refusal(name, "has no front matter: its first line must be ---, and another such line must end it")
    try:
        given = yaml.safe_load(parts[1])
    except (yaml.YAMLError, ValueError) as error:
        raise _refusal(name, f"has front matter that is no YAML: {' '.join(str(error).split())}") from None
    try:
        front = _FrontMatter.model_validate(given)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "all of it"
        raise _refusal(name, f"has front matter that cannot be used, {where}: {wrong['msg']}") from None
    if front.name != name:
        raise _refusal(name, f"has another name in its front matter, “{front.name}”; both must be the same")
    return front, "\n" * text[: parts.start(2)].count("\n") + parts[2]


def _printable(value: object) -> object:
    """What may stand in a prompt; anything else would stand there as Python shows it."""
    if isinstance(value, (str, int, jinja2.Undefined)):
        return value
    raise jinja2.TemplateRuntimeError("it prints what is no text, such as a whole paragraph")


_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # no HTML is made
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_printable,
)
_ENVIRONMENT.globals.clear()  # a template is handed what it lists, and nothing else


def _compiled(name: str, uses: Sequence[str], body: str) -> tuple[jinja2.Template, str]:
    """The template, and its system block, which is the same for every question. Raises PromptError."""
    try:
        tree = _ENVIRONMENT.parse(body)
        blocks = _blocks(name, tree)
        _check_names(name, uses, blocks)
        template = _ENVIRONMENT.from_string(tree)
    except jinja2.TemplateSyntaxError as error:
        said = (error.message or "").rstrip(".")
        raise _refusal(name, f"is no Jinja template, line {error.lineno}: {said}") from None
    system = _rendered(name, template, "system", {})
    if not system:
        raise _refusal(name, "has an empty system block")
    return template, system


def _blocks(name: str, tree: nodes.Template) -> Mapping[str, nodes.Block]:
    blocks = {block.name: block for block in tree.body if isinstance(block, nodes.Block)}
    every = [block.name for block in tree.find_all(nodes.Block)]
    if sorted(every) != ["system", "user"] or len(blocks) != 2:
        raise _refusal(name, "must have a block “system” and a block “user”, one after the other, and no other block")
    beside = [node for node in tree.body if not isinstance(node, nodes.Block)]
    if any(not isinstance(node, nodes.Output) or not _is_blank(node) for node in beside):
        raise _refusal(name, "has something outside its two blocks, which no model would be given")
    if any(True for _ in meta.find_referenced_templates(tree)):
        raise _refusal(name, "takes in another file; a prompt is one file")
    return blocks


def _is_blank(output: nodes.Output) -> bool:
    return all(isinstance(node, nodes.TemplateData) and not node.data.strip() for node in output.nodes)


def _check_names(name: str, uses: Sequence[str], blocks: Mapping[str, nodes.Block]) -> None:
    """Refuse what is used and not listed, or listed and not used, or is not there at all."""
    for listed in uses:
        if listed not in _MAY_USE:
            raise _refusal(name, f"lists “{listed}”, which there is not; a prompt may use {', '.join(_MAY_USE)}")
    if _undeclared(blocks["system"]):
        raise _refusal(name, "has a system block that is no fixed text: the question and the paragraphs belong to user")
    used = set()
    for top in _undeclared(blocks["user"]):
        if top not in ("question", "paragraphs"):
            raise _refusal(name, f"uses “{top}”, which there is not; there are question and paragraphs")
        used.add(top)
    for get in blocks["user"].find_all(nodes.Getattr):
        if not (isinstance(get.node, nodes.Name) and get.node.name == "loop"):
            used.add(f"paragraph.{get.attr}")
    for one in sorted(used - {"paragraphs"}):
        if one not in _MAY_USE:
            raise _refusal(
                name, f"uses “.{one.partition('.')[2]}”, which there is not; there are {', '.join(_MAY_USE)}"
            )
        if one not in uses:
            raise _refusal(name, f"uses {one}, but does not list it under “uses”")
    for one in (*_MUST_USE, *uses):
        if one not in used:
            raise _refusal(name, f"does not use {one}, which {'it lists' if one in uses else 'a prompt must'}")


def _undeclared(block: nodes.Block) -> list[str]:
    tree = nodes.Template([block], lineno=1)
    tree.set_environment(_ENVIRONMENT)
    return sorted(meta.find_undeclared_variables(tree))


def _rendered(name: str, template: jinja2.Template, block: str, given: Mapping[str, Any]) -> str:
    try:
        return "".join(template.blocks[block](template.new_context(dict(given)))).strip()
    except Exception as error:
        # A template is a little program: whatever it raises, `1 / 0` too, is the template's mistake. What it says can
        # hold no material, which is not put in yet.
        raise _refusal(name, f"cannot be rendered: {str(error).rstrip('.')}") from None
