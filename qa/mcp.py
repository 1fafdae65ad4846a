"""A Model Context Protocol server: language models ask, over stdio or HTTP. It logs no question.

What its tools take and give is what the API takes and gives, with a text beside it for the model to read.
"""

from __future__ import annotations

import hmac
import importlib.metadata
import inspect
import json
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anyio
import mcp_types as types
import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from pydantic import TypeAdapter
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from index.decisions import REFERENCE_PATTERN, Decision, Paragraph, Reference, Role
from index.errors import DecisionQAError
from index.store import Entry
from qa import schemas
from qa.answer import Answer, Answerer, as_lines, citation_of, paragraph_as_json
from qa.errors import BadQuestion, kind_and_place
from qa.search import Question

_INSTRUCTIONS = """\
Published decisions of the Local Government and Social Care Ombudsman (England), some of them. Who uses them must rely
on what you say of them, so:
- Quote word for word. Put nothing in quotation marks that does not stand in what you were given.
- Cite each quotation by its citation exactly as it is given, with "(number inferred)" where that stands there. Never
  work out a paragraph number yourself.
- A paragraph with the role `complaint` tells what somebody alleged. Never tell that as a finding or as a fact.
- Where the status is `not_found`, say that the decisions held do not answer. What is nearest is no answer."""

_ALLEGED = "(From the complaint: this is what somebody alleged. It is no finding.)"
_ASKED = Question.model_json_schema()
del _ASKED["properties"]["generate"]  # whoever asks here can write by itself
_FIELDS: dict[str, Any] = {
    "reference": {"type": "string", "pattern": REFERENCE_PATTERN, "examples": ["21 017 496"]},
    "paragraph": {"type": ["string", "integer"], "examples": ["50", "12(c)", "summary"]},
}
_PLACE = {"type": "object", "properties": _FIELDS, "required": list(_FIELDS), "additionalProperties": False}
_Function = Callable[[Mapping[str, Any]], tuple[str, schemas.Answer | schemas.Paragraph]]

_log = logging.getLogger(__name__)


def create_server(answerer: Answerer, wait: Callable[[], object] = lambda: None) -> Server:
    """The server around an answerer. A question waits until `wait` returns: until the model is there."""

    def ask(arguments: Mapping[str, Any]) -> tuple[str, schemas.Answer]:
        """Ask the Ombudsman's decisions a question in plain English.

        It gives the one to three sentences that answer best and the paragraphs that matter, best first, word for word,
        each with its citation. Quote them word for word and cite them exactly so. A body or decision that the question
        itself names is searched alone. Where the status is `not_found`, the decisions held do not answer: say so.
        """
        question = Question.from_json(json.dumps(arguments).encode())
        wait()
        answer = answerer.answer(question)
        return _answer_as_text(answer), answer.as_json()

    def show_paragraph(arguments: Mapping[str, Any]) -> tuple[str, schemas.Paragraph]:
        """Show one paragraph of a decision, a lettered item of one, or the summary, word for word with its citation.

        Use it to read what stands before or after a paragraph that was found, or to check a quotation.
        """
        match arguments:
            case {"reference": str(reference), "paragraph": str() | int() as number, **rest} if not rest:
                decision = answerer.stores.get().decision(Reference(reference))
                place = decision.place(str(number))
                return _whole(place, decision), paragraph_as_json(place, decision)
        raise BadQuestion('Give “reference”, such as "21 017 496", and “paragraph”: "50", "12(c)" or "summary".')

    functions: dict[str, _Function] = {"ask": ask, "show_paragraph": show_paragraph}
    tools = [_tool(ask, _ASKED, schemas.Answer), _tool(show_paragraph, _PLACE, schemas.Paragraph)]

    async def list_tools(*_: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(_: object, call: types.CallToolRequestParams) -> types.CallToolResult:
        function = functions.get(call.name)
        if function is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no such tool; there are {' and '.join(functions)}.")
        # In a thread of its own: others are heard meanwhile, and a client that goes need not be waited for.
        return await anyio.to_thread.run_sync(_called, function, call.arguments or {}, abandon_on_cancel=True)

    name, version = "decision-qa", importlib.metadata.version("decision-qa")
    return Server(name, version=version, instructions=_INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool)


def _tool(function: _Function, takes: dict[str, Any], gives: type) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    schema = TypeAdapter(gives).json_schema(mode="serialization")
    name, description = function.__name__, inspect.getdoc(function)
    return types.Tool(name=name, description=description, input_schema=takes, output_schema=schema, annotations=hints)


def _called(function: _Function, arguments: Mapping[str, Any]) -> types.CallToolResult:
    """What a tool gives; an error is one sentence for the model, which may mend what it asked."""
    body = None
    try:
        text, body = function(arguments)
    except DecisionQAError as error:
        text = str(error)
    except Exception as error:
        _log.error(kind_and_place(error))
        text = "Something went wrong here; it is not your question."
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=body, is_error=body is None)


def _answer_as_text(answer: Answer) -> str:
    hits = answer.hits or answer.nearest
    parts = []
    if searched := [str(reference) for reference in answer.reference] or answer.council:
        parts.append(f"Searched: {' and '.join(searched)}, which the question names (all: `everywhere`).")
    if answer.unknown:
        parts.append(f"No decision held is about {' or '.join(answer.unknown)}.")
    if answer.status == "not_found":
        parts.append("The decisions held do not answer this question, as far as can be told. Say so.")
    parts += [_cited(quote.text, quote.citation, quote.paragraph.role) for quote in answer.quotes]
    if hits:
        parts.append("Paragraphs that match best:" if answer.hits else "The nearest paragraphs, which are no answer:")
    parts += [_whole(hit.paragraph, hit.entry) for hit in hits]
    return "\n\n".join(parts)


def _whole(paragraph: Paragraph, decision: Decision | Entry) -> str:
    return _cited(as_lines(paragraph), citation_of(paragraph, decision), paragraph.role)


def _cited(text: str, citation: str, role: Role) -> str:
    return "\n".join([text, f"— {citation}", *[_ALLEGED] * (role == "complaint")])


def serve_stdio(server: Server) -> None:
    """Serve one client over stdin and stdout until it closes stdin."""
    _log_without_texts()

    async def serve() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    try:
        anyio.run(serve)
    except* BrokenPipeError:
        pass  # the client is gone


def serve_http(server: Server, listening: socket.socket, host: str, token: str, origins: Sequence[str]) -> None:
    """Serve at /mcp until SIGTERM or Ctrl-C; what handled these before then has its turn. No sessions are kept.

    It goes by the names of this machine, by `host` and by those of `origins`, the web sites whose pages may call it; no
    other page can reach it by giving it a name of its own. With `token` it answers only who sends that, and listening
    at every address it then goes by every name, of which it cannot know them all.
    """
    _log_without_texts()
    names = ["127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host]
    names += [origin.partition("//")[2] for origin in origins]
    hosts = [*names, *(f"{name}:*" for name in names)]
    known = TransportSecuritySettings(
        enable_dns_rebinding_protection=not (token and host in ("0.0.0.0", "::")),
        allowed_hosts=hosts,
        allowed_origins=list(origins),
    )
    inner = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=known)

    async def admit(scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = inner
        if scope["type"] == "http":
            scheme, _, given = dict(scope["headers"]).get(b"authorization", b"").partition(b" ")
            if token and not (scheme.lower() == b"bearer" and hmac.compare_digest(given, token.encode())):
                wanted = "Send the token of this server: Authorization: Bearer …"
                app = PlainTextResponse(wanted, 401, {"WWW-Authenticate": "Bearer"})
            elif scope["method"] != "POST":  # a GET would be kept open for messages, of which there are none
                app = PlainTextResponse("This address takes POST only.", 405, {"Allow": "POST"})
        await app(scope, receive, send)

    app = CORSMiddleware(admit, allow_origins=origins, allow_methods=["POST"], allow_headers=["*"])
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=20)
    uvicorn.Server(config).run([listening])


def _log_without_texts() -> None:
    formatter = logging.Formatter("decision-qa: %(message)s")
    formatter.formatException = lambda ei: kind_and_place(ei[1])  # type: ignore[method-assign, arg-type]
    handler = logging.StreamHandler()  # of stderr
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler])
