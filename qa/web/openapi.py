"""The OpenAPI document, made from the types that requests are checked against and answers are typed with; and that
document put into words, so that what a person reads of the API can never differ from it.

`ROUTES` says of each address of qa.web.api which types those are, and which problems it may answer with.
"""

from __future__ import annotations

import functools
import importlib.metadata
import inspect
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from index.text.references import REFERENCE_PATTERN
from qa import schemas
from qa.errors import KINDS
from qa.letters.letter import Letter
from qa.retrieval.requests import Listing, Paging, Question, Since
from qa.web.gateway import LETTERS, MAX_BODY, MAX_LETTER

_DESCRIPTION = (
    "Ask published decisions of the Local Government and Social Care Ombudsman (England) a question. The answer quotes "
    "them word for word, each paragraph with a citation that you can use in a letter. An unknown field is refused, and "
    "so is a field given twice that takes one value. Only `/healthz`, `/readyz`, this document and the pages for "
    "people ignore unknown fields."
)
PLACE_PATTERN = r"^([1-9][0-9]{0,5}(\([a-z]\))?|summary|page[ -][1-9][0-9]{0,3}|section[ -].{1,160})$"
"""What stands for a place of a decision in an address (ECMA 262)."""
_REFERENCE = {"type": "string", "pattern": REFERENCE_PATTERN, "examples": ["21-017-496"]}
_PLACE = {
    "type": "string",
    "pattern": PLACE_PATTERN,
    "examples": ["50", "51(b)", "summary", "page-7", "section-findings"],
}
_IN_PATH: dict[str, dict[str, Any]] = {
    "reference": {
        "schema": _REFERENCE,
        "description": "The Ombudsman’s case number, with hyphens, spaces or neither.",
    },
    "number": {
        "schema": _PLACE,
        "description": "The number of a paragraph, with the letter of an item if you want one, or `summary`. A report "
        "without numbered paragraphs has pages, `page-7`, or sections, `section-recommendations`.",
    },
}
_ETAG = {"schema": {"type": "string"}, "description": "Send it as `If-None-Match` the next time."}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"const": "Bearer", "type": "string"}, "required": True}},
    503: {
        "Retry-After": {
            "schema": {"type": "integer"},
            "required": True,
            "description": "Try again after this many seconds.",
        }
    },
}


@dataclass(frozen=True, slots=True)
class Route:
    """What the document says of an address beside what its view says; every address may answer 400, 413 and 500."""

    answer: type
    """The type of qa.schemas that it gives."""
    problems: tuple[int, ...] = ()
    """The other statuses that it may answer with."""
    query: type | None = None
    body: type | None = None
    is_cached: bool = False
    """Whether it answers 304 where the caller has the answer already."""
    is_streamed: bool = False
    """Whether the answer may come as events, which are not kept."""
    links: Mapping[str, Mapping[str, str]] | None = None
    """What can be asked for next: the name of an operation, and where in the answer its parameters are."""


_READ = (401, 404, 421, 429, 503)
_HIT = {
    "paragraph": {
        "reference": "$response.body#/paragraphs/0/reference",
        "number": "$response.body#/paragraphs/0/paragraph",
    }
}
_LISTED = {"decision": {"reference": "$response.body#/decisions/0/reference"}}
ROUTES: Mapping[str, Route] = {
    "ask": Route(schemas.Answer, (403, 415, *_READ), body=Question, is_streamed=True, links=_HIT),
    "ask_by_address": Route(
        schemas.Answer, (403, *_READ), query=Question, is_cached=True, is_streamed=True, links=_HIT
    ),
    "decisions": Route(schemas.DecisionPage, _READ, query=Listing, is_cached=True, links=_LISTED),
    "coverage": Route(schemas.Coverage, _READ, query=Paging, is_cached=True),
    "decision": Route(schemas.Decision, _READ, is_cached=True),
    "paragraph": Route(schemas.Paragraph, _READ, is_cached=True),
    "changes": Route(schemas.ChangePage, _READ, query=Since, is_cached=True),
    "check": Route(schemas.Check, (401, 403, 415, 421, 429, 503), body=Letter),
    "healthz": Route(schemas.Health),
    "readyz": Route(schemas.Ready, (503,)),
}
"""Every address of the API, by the name of its view."""


class _Untitled(GenerateJsonSchema):
    """Schemas without the titles that pydantic makes of the names of fields: they say nothing more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document(app: Flask, is_guarded: bool) -> dict[str, Any]:
    """The document as JSON, of the API of an application. `is_guarded` says that a token is wanted."""
    paths: dict[str, dict[str, Any]] = {}
    for name, route in ROUTES.items():
        [rule] = app.url_map.iter_rules(f"api.{name}")
        view = inspect.cleandoc(app.view_functions[f"api.{name}"].__doc__ or "")
        path = re.sub(r"<(\w+)>", r"{\1}", rule.rule)
        method = "post" if route.body else "get"
        paths.setdefault(path, {})[method] = _operation(name, route, path, view, is_guarded)
    components: dict[str, Any] = {"schemas": _components()}
    if is_guarded:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    version = importlib.metadata.version("decision-qa")
    info = {"title": "decision-qa", "description": _DESCRIPTION, "version": version}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}


@functools.cache  # the docstrings of the types are looked up in their source, which takes a quarter of a second
def _components() -> dict[str, Any]:
    """The schemas of all types that are sent and received, and of those within them, by their names."""
    received = {(route.body, "validation") for route in ROUTES.values() if route.body}
    sent = {(given, "serialization") for given in (schemas.Problem, *(route.answer for route in ROUTES.values()))}
    _, made = TypeAdapter.json_schemas(
        [(kind, mode, TypeAdapter(kind)) for kind, mode in received | sent],  # type: ignore[misc]
        ref_template=_ref("{model}"),
        schema_generator=_Untitled,
    )
    return {name: _without(schema, "title") for name, schema in sorted(made["$defs"].items())}


def _operation(name: str, route: Route, path: str, view: str, is_guarded: bool) -> dict[str, Any]:
    """An operation of the document; `view` is the docstring of what answers it."""
    summary, _, description = view.partition("\n\n")
    problems = [status for status in (400, 413, 500, *route.problems) if is_guarded or status != 401]
    operation: dict[str, Any] = {
        "summary": summary,
        "operationId": name,
        "parameters": [
            {"name": given, "in": "path", "required": True, **_IN_PATH[given]} for given in re.findall(r"{(\w+)}", path)
        ],
        "responses": {"200": _answer(route), **{str(status): _problem(status) for status in sorted(problems)}},
    }
    if description:
        operation["description"] = " ".join(description.split())
    if route.is_cached:
        operation["responses"]["304"] = {
            "description": "Nothing has changed since the answer whose `ETag` you sent as `If-None-Match`.",
            "headers": {"ETag": {**_ETAG, "required": True}},
        }
    if 401 in problems:
        operation["security"] = [{"token": []}]
    if route.query:
        operation["parameters"] += _parameters(route.query)
    if route.body:
        most = MAX_LETTER if path in LETTERS else MAX_BODY
        operation["requestBody"] = {
            "description": f"JSON in UTF-8, at most {most:,} bytes.",
            "content": _content("application/json", route.body),
            "required": True,
        }
    return operation


def _parameters(query: type) -> Iterator[dict[str, Any]]:
    """The fields of a type as they are given in an address, where none is null: it is left out."""
    schema = TypeAdapter(query).json_schema(schema_generator=_Untitled)
    for name, given in schema["properties"].items():
        [kind] = [one for one in given.get("anyOf", [{}]) if one.get("type") != "null"]
        kept = _without(given, "anyOf", "description", *(["default"] if given.get("default") is None else []))
        required = name in schema.get("required", [])
        yield {
            "name": name,
            "in": "query",
            "schema": kept | kind,
            "required": required,
            "description": given["description"],
        }


def _answer(route: Route) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": inspect.getdoc(route.answer),
        "content": _content("application/json", route.answer),
    }
    if route.is_streamed:
        answer["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    if route.is_cached:
        answer["headers"] = {"ETag": {**_ETAG, "required": not route.is_streamed}}
    if route.links:
        links = route.links.items()
        answer["links"] = {name: {"operationId": name, "parameters": parameters} for name, parameters in links}
    return answer


def _problem(status: int) -> dict[str, Any]:
    meanings = [kind.meaning for kind in KINDS if kind.status == status and kind.name != "no-such-address"]
    content = _content("application/problem+json", schemas.Problem)
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    return {"description": " ".join(meanings), "content": content, **headers}


def _content(media_type: str, model: type) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": _ref(model.__name__)}}}


def _ref(name: str) -> str:
    return f"#/components/schemas/{name}"


def _without(schema: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in keys}


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
    """An address with a method, read out of a document for those who read no JSON; `said` is what that says of it."""

    method: str
    path: str
    said: Mapping[str, Any]
    fields: tuple[Asked, ...]
    """Those that are required stand first."""

    @property
    def answer(self) -> str:
        """The type of what comes back."""
        return _name(self.said["responses"]["200"]["content"]["application/json"]["schema"])

    def commands(self, host: str) -> list[str]:
        """Calls with curl: with what is required only, and with one field more where there are others."""
        least = sum(field.is_required for field in self.fields)
        return [self._command(host, self.fields[:count]) for count in sorted({least, min(least + 1, len(self.fields))})]

    def _command(self, host: str, fields: Sequence[Asked]) -> str:
        path, body, arguments = self.path, list[str](), list[str]()
        if "security" in self.said:
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
    schemas = found["components"]["schemas"]
    return [
        Operation(method.upper(), path, said, tuple(sorted(_asked(said, schemas), key=lambda it: not it.is_required)))
        for path, methods in found["paths"].items()
        for method, said in methods.items()
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


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
