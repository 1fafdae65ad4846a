"""The OpenAPI document, made from the types that requests are checked against and answers are typed with; and that
document put into words, so that what a person reads of the API can never differ from it.

SpecTree reads them; what it does not know of (problems, tokens, what an address may look like) is added here.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast, is_typeddict

import typing_extensions
from spectree import Response, SpecTree
from spectree.model_adapter.pydantic_adapter import PydanticModelAdapter

from index.decisions import REFERENCE_PATTERN
from qa.errors import KINDS
from qa.schemas import Problem
from qa.web.gateway import LETTERS, MAX_BODY, MAX_LETTER

_View = TypeVar("_View", bound=Callable[..., Any])

_DESCRIPTION = (
    "Ask published decisions of the Local Government and Social Care Ombudsman (England) a question. What comes back "
    "is word for word what stands in them, each paragraph with the citation that goes into a letter. A field that an "
    "address does not have is refused, and so is one that is given twice where it has one value; only `/healthz`, "
    "`/readyz`, this document and the pages for people pass over what others put behind their addresses."
)
PLACE_PATTERN = r"^([1-9][0-9]{0,5}(\([a-z]\))?|summary)$"
"""What stands for a place of a decision in an address (ECMA 262)."""
_OF_PATH: dict[str, dict[str, Any]] = {
    "reference": {
        "schema": {"type": "string", "pattern": REFERENCE_PATTERN, "examples": ["21-017-496"]},
        "description": "The Ombudsman’s case number, with hyphens, spaces or neither.",
    },
    "number": {
        "schema": {
            "type": "string",
            "pattern": PLACE_PATTERN,
            "examples": ["50", "51(b)", "summary"],
        },
        "description": "The number of a paragraph, with the letter of an item if need be, or `summary`.",
    },
}
_HEADERS: dict[str, dict[str, Any]] = {
    "304": {
        "ETag": {
            "schema": {"type": "string"},
            "required": True,
            "description": "To send as `If-None-Match` the next time.",
        }
    },
    "401": {"WWW-Authenticate": {"schema": {"const": "Bearer", "type": "string"}, "required": True}},
    "503": {
        "Retry-After": {
            "schema": {"type": "integer"},
            "required": True,
            "description": "After how many seconds it is worth trying again.",
        }
    },
}
_HIT = {"reference": "$response.body#/paragraphs/0/reference", "number": "$response.body#/paragraphs/0/paragraph"}
_LINKS: dict[str, dict[str, Any]] = {
    "ask": {"paragraph": {"operationId": "paragraph", "parameters": _HIT}},
    "ask_by_address": {"paragraph": {"operationId": "paragraph", "parameters": _HIT}},
    "decisions": {
        "decision": {
            "operationId": "decision",
            "parameters": {"reference": "$response.body#/decisions/0/reference"},
        }
    },
}
"""What of an answer can be asked for next."""

_STREAMED = ("ask", "ask_by_address")


class _Types(PydanticModelAdapter):
    """Lets an answer be a TypedDict, which costs nothing to make."""

    def is_model_type(self, value: type) -> bool:
        return is_typeddict(value) or typing_extensions.is_typeddict(value) or super().is_model_type(value)

    def json_schema(
        self, model: type, *, ref_template: str, mode: Literal["validation", "serialization"] = "validation"
    ) -> dict[str, Any]:
        return _json_schema(model, ref_template, mode)


@functools.cache  # a type is asked for at every address that has it, a hundredth of a second each; SpecTree copies it
def _json_schema(model: type, ref_template: str, mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    return PydanticModelAdapter().json_schema(model, ref_template=ref_template, mode=mode)


def new_spec() -> SpecTree:
    """What collects the addresses of an API; `document` makes the document of it."""
    return SpecTree(
        "flask",
        title="decision-qa",
        description=_DESCRIPTION,
        version=importlib.metadata.version("decision-qa"),
        mode="strict",
        annotations=False,
        naming_strategy=lambda model: model.__name__,
        nested_naming_strategy=lambda _, child: child,
        model_adapter=_Types(),  # type: ignore[arg-type]  # narrower in what it raises
    )


def told(
    spec: SpecTree,
    gives: type,
    *problems: int,
    query: type | None = None,
    json: type | None = None,
    cached: bool = False,
) -> Callable[[_View], _View]:
    """Tells `spec` of the view that it decorates; what the view takes, `query` or `json`, is checked by itself.

    `gives` is a type of qa.schemas. `problems` are statuses, beside those that every address has; 304 is one of them
    where the answer is `cached`.
    """

    def decorate(view: _View) -> _View:
        resp, name = _answers(gives, *problems, cached=cached), view.__name__
        decorator = spec.validate(query=query, json=json, resp=resp, operation_id=name, skip_validation=True)

        # What SpecTree makes of the view would read a stream to its end before anything of it is sent.
        @functools.wraps(decorator(view))
        def called(**values: str) -> Any:
            return view(**values)

        return cast(_View, called)

    return decorate


def _answers(model: type, *problems: int, cached: bool) -> Response:
    statuses = sorted({*problems, 400, 413, 500})
    codes: dict[str, Any] = {"HTTP_200": (model, (model.__doc__ or "").strip())}
    for status in statuses:
        meanings = [kind.meaning for kind in KINDS if kind.status == status and kind.name != "no-such-address"]
        codes[f"HTTP_{status}"] = (Problem, " ".join(meanings))
    if cached:
        codes["HTTP_304"] = (None, "Nothing has changed since the answer whose `ETag` is sent as `If-None-Match`.")
    return Response(**codes)


def document(spec: SpecTree, is_guarded: bool) -> dict[str, Any]:
    """The document as JSON; within the application. `is_guarded` says that a token is wanted."""
    found: dict[str, Any] = spec.spec
    for path, operation in _operations(found):
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter |= _OF_PATH[parameter["name"]]
            else:
                _as_text(parameter)
        # A library's own kind of error, which none of these addresses answers.
        operation["responses"].pop("422", None)
        if not is_guarded:
            operation["responses"].pop("401", None)
        elif "401" in operation["responses"]:
            operation["security"] = [{"token": []}]
        operation["responses"] = responses = dict(sorted(operation["responses"].items()))
        for status, response in responses.items():
            if int(status) >= 400:
                response["content"] = {"application/problem+json": {"schema": {"$ref": _ref(Problem)}}}
            if status in _HEADERS:
                response["headers"] = _HEADERS[status]
        if "requestBody" in operation:
            most = MAX_LETTER if path in LETTERS else MAX_BODY
            operation["requestBody"]["description"] = f"JSON in UTF-8, of at most {most:,} bytes."
        if operation["operationId"] in _LINKS:
            responses["200"]["links"] = _LINKS[operation["operationId"]]
        if "304" in responses:
            responses["200"]["headers"] = _HEADERS["304"]
        if operation["operationId"] in _STREAMED:
            responses["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
            if "304" in responses:  # what is written anew each time is not kept
                responses["200"]["headers"] = {"ETag": _HEADERS["304"]["ETag"] | {"required": False}}
        for name in ("tags", "description"):
            if not operation[name]:
                del operation[name]
    schemas = found["components"]["schemas"]
    found["components"]["schemas"] = {name: schemas[name] for name in sorted(_used(found["paths"], schemas))}
    if is_guarded:
        found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found.pop("security", None)
    found.pop("tags", None)
    _without_titles(found["components"]["schemas"])
    _without_titles(found["paths"])
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a request; `place` is `path`, `query` or `body`."""

    name: str
    place: str
    schema: Mapping[str, Any]
    is_required: bool
    description: str

    @property
    def examples(self) -> list[str]:
        """Values that it may have, as they are written there; of a list in an address, its items."""
        values: list[Any] = self.schema["examples"]
        if self.place == "body":
            return [json.dumps(value, ensure_ascii=False) for value in values]
        items = [item for value in values for item in (value if isinstance(value, list) else [value])]
        return [item if isinstance(item, str) else json.dumps(item) for item in items]


@dataclass(frozen=True, slots=True)
class Operation:
    """An address with a method, read out of a document for those who read no JSON."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    fields: tuple[Asked, ...]
    """Those that are required stand first."""
    responses: Mapping[str, str]
    """What each status means."""
    answer: str
    """The type of what comes back."""
    is_guarded: bool

    def commands(self, host: str) -> list[str]:
        """Calls with curl: with what is required only, and with one field more where there are others."""
        least = sum(field.is_required for field in self.fields)
        return [self._command(host, self.fields[:count]) for count in sorted({least, min(least + 1, len(self.fields))})]

    def _command(self, host: str, fields: Sequence[Asked]) -> str:
        path, body, arguments = self.path, list[str](), list[str]()
        if self.is_guarded:
            arguments.append('-H "Authorization: Bearer $TOKEN"')
        for field in fields:
            if field.place == "path":
                path = path.replace(f"{{{field.name}}}", field.examples[0])
            elif field.place == "body":
                body.append(f"{json.dumps(field.name)}: {field.examples[0]}")
            else:
                arguments += [f"--data-urlencode {shlex.quote(f'{field.name}={value}')}" for value in field.examples]
        if body:
            arguments.append(f"--json {shlex.quote('{' + ', '.join(body) + '}')}")
        option = "-G " if any(field.place == "query" for field in fields) else ""
        return " \\\n  ".join([f"curl {option}{shlex.quote(f'{host}{path}')}", *arguments])


def operations(found: Mapping[str, Any]) -> list[Operation]:
    """What a document says of each of its addresses."""
    return [
        Operation(
            name=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            fields=tuple(sorted(_asked(operation, found["components"]["schemas"]), key=lambda it: not it.is_required)),
            responses={status: response["description"] for status, response in operation["responses"].items()},
            answer=_name(operation["responses"]["200"]["content"]["application/json"]["schema"]),
            is_guarded="security" in operation,
        )
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
    ]


def _asked(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Asked]:
    for given in operation["parameters"]:
        yield Asked(given["name"], given["in"], given["schema"], given["required"], given["description"])
    if "requestBody" in operation:
        body = schemas[_name(operation["requestBody"]["content"]["application/json"]["schema"])]
        for name, schema in body["properties"].items():
            yield Asked(name, "body", schema, name in body["required"], schema["description"])


def in_words(schema: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """What a schema asks for, in words, such as “list of up to 50 texts”: pieces, each with the type that it names."""
    return list(_words(schema, is_many=False))


def _words(schema: Mapping[str, Any], is_many: bool) -> Iterator[tuple[str, str | None]]:
    """`is_many` is the plural, within a list."""
    match schema:
        case {"$ref": _}:
            yield _name(schema), _name(schema)
        case {"anyOf": options}:
            for place, option in enumerate(options):
                if place:
                    yield " or ", None
                yield from _words(option, is_many)
        case {"const": value}:
            yield f"“{value}”", None
        case {"enum": values}:
            yield f"{'values, each ' if is_many else ''}one of {', '.join(values)}", None
        case {"prefixItems": [first, *others]} if all(other == first for other in others):
            yield f"{'lists' if is_many else 'list'} of {len(others) + 1} ", None
            yield from _words(first, is_many=True)
        case {"prefixItems": [*options]}:
            yield "lists, each of " if is_many else "list of ", None
            for place, option in enumerate(options):
                if place:
                    yield ", ", None
                yield from _words(option, is_many=False)
        case {"type": "array", "items": items}:
            yield "lists of " if is_many else "list of ", None
            if "maxItems" in schema:
                yield f"up to {schema['maxItems']} ", None
            yield from _words(items, is_many=True)
        case {"type": "object"}:
            yield "objects" if is_many else "object", None
        case {"type": "null"}:
            yield "null", None
        case {"type": "boolean"}:
            yield "true or false", None
        case {"type": "string", "format": "date"}:
            yield f"{'dates' if is_many else 'date'} (YYYY-MM-DD)", None
        case {"type": "string"}:
            unit = " characters" if "maxLength" in schema else ""
            yield _counted("text", is_many, schema.get("minLength"), schema.get("maxLength"), unit), None
        case {"type": "integer" | "number" as kind}:
            number = "whole number" if kind == "integer" else "number"
            yield _counted(number, is_many, schema.get("minimum"), schema.get("maximum")), None


def _counted(name: str, is_many: bool, least: int | None, most: int | None, unit: str = "") -> str:
    name += "s" if is_many else ""
    if most is not None:
        return f"{name}, {least or 0:,} to {most:,}{unit}"
    return name if least is None or name.startswith("text") else f"{name} from {least}"


def _operations(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in found["paths"].items():
        for operation in methods.values():
            yield path, operation


def _ref(model: type) -> str:
    return f"#/components/schemas/{model.__name__}"


def _name(schema: Mapping[str, Any]) -> str:
    """The name of the type that a schema refers to."""
    return str(schema["$ref"]).rpartition("/")[2]


def _as_text(parameter: dict[str, Any]) -> None:
    """A parameter of an address is never null; it is left out."""
    schema = parameter["schema"]
    schema.pop("description", None)
    if "anyOf" in schema:
        [kept] = [item for item in schema.pop("anyOf") if item.get("type") != "null"]
        schema |= kept
    if schema.get("default") is None:
        schema.pop("default", None)


def _used(value: Any, schemas: Mapping[str, Any]) -> set[str]:
    """The names of the schemas that a value refers to, and of those that these refer to."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        match waiting.pop():
            case {"$ref": str()} as schema:
                if (name := _name(schema)) not in found:
                    found.add(name)
                    waiting.append(schemas[name])
            case dict() as items:
                waiting += items.values()
            case list() as items:
                waiting += items
    return found


def _without_titles(value: object) -> None:
    """Take off the titles that pydantic makes of names: they say nothing more."""
    if isinstance(value, dict):
        if isinstance(value.get("title"), str):
            del value["title"]
        for item in value.values():
            _without_titles(item)
    elif isinstance(value, list):
        for item in value:
            _without_titles(item)
