"""A Model Context Protocol server: language models ask, over stdio or HTTP. It logs no question.

What its tools take and give is what the API takes and gives, with a text beside it for the model to read.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hmac
import importlib.metadata
import inspect
import json
import logging
import os
import resource
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import anyio
import mcp_types as types
import uvicorn
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http import check_accept_headers
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from pydantic import TypeAdapter, ValidationError
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.decisions import Reference
from index.errors import DecisionQAError, InputError, kind_and_place
from index.text.lists import joined
from index.text.references import REFERENCE_PATTERN
from qa import schemas
from qa.answering.answer import Answerer
from qa.errors import BUG, BadQuestion, Busy
from qa.limits import ConcurrencyLimit, Workers
from qa.mcp import jsonrpc
from qa.mcp.text import answer_as_text, paragraph_as_text
from qa.retrieval.requests import Question
from qa.serialise import answer_as_json, paragraph_as_json
from qa.web import gateway
from qa.web.admission import TOKEN_WANTED, network_of
from qa.web.server import BACKLOG, Seldom, limits

_INSTRUCTIONS = """\
A collection of published decisions of the Local Government and Social Care Ombudsman (England). People rely on what you
say about them, so:
- Quote word for word. Put nothing in quotation marks that you were not given.
- Cite each quotation with its citation exactly as given, including "(number inferred)". Never work out a paragraph
  number yourself. Use `citation_full` for readers who do not know the Ombudsman.
- The answer box (`answer`, of the kind `extract`) is one to three paragraphs that probably answer. It may be null: then
  the paragraphs are only the closest ones. Say that none stands out; do not make an answer of them.
- Each sentence has a voice. `complainant` and `organisation` are claims: never present one as a finding or a fact.
  `record` is quoted from a letter or a note. `ombudsman` and `law` are the words of the Ombudsman and of the law.
  A paragraph with the role `complaint` says what somebody alleged.
- The kind `citation` has paragraphs asked for by number. The kind `register` has counts and lists of the decisions in
  this collection. A count covers this collection, not everything that was published.
- If the status is `not_found`, say that these decisions do not answer, and why (`reason`, `detail`). The closest
  paragraphs do not answer.
- If words were corrected (`corrected`), say so."""

_ASKED = Question.model_json_schema()
del _ASKED["properties"]["generate"]  # whoever asks here can write by itself
_FIELDS: dict[str, Any] = {
    "reference": {"type": "string", "pattern": REFERENCE_PATTERN, "examples": ["21 017 496"]},
    "paragraph": {"type": ["string", "integer"], "examples": ["50", "12(c)", "summary", "page 7"]},
}
_PLACE = {"type": "object", "properties": _FIELDS, "required": list(_FIELDS), "additionalProperties": False}
_THREADS, _CALLS = 16, 256  # threads in which tools are called, and calls that have one or wait for one
_MAX_UNKNOWN = 5  # arguments that there are not and that are named
_TOKENS = 2000  # of a body that cannot be taken, in which its id is looked for: half a millisecond
_REQUESTS = 48  # over HTTP at once: each takes the loop some milliseconds, in which nobody else is heard
_JSON = "application/json"
_Function = Callable[[Mapping[str, Any], str], tuple[str, schemas.Answer | schemas.Paragraph]]

_log = logging.getLogger(__name__)


def create_server(answerer: Answerer, wait: Callable[[], object] = lambda: None) -> Server:
    """The server around an answerer. A question waits until `wait` returns: until the model is there."""
    tools = _Tools(answerer, wait)
    server = Server(
        "decision-qa",
        version=importlib.metadata.version("decision-qa"),
        title="Ombudsman decisions",
        instructions=_INSTRUCTIONS,
        on_list_tools=tools.list_tools,
        on_call_tool=tools.call_tool,
    )
    server.middleware[:] = [_contained]  # in place of one that would tell others what is called
    return server


class _Tools:
    """The tools, each with the name of its method, which its docstring describes to the model."""

    def __init__(self, answerer: Answerer, wait: Callable[[], object]) -> None:
        self._answerer, self._wait = answerer, wait
        self._workers = Workers(_THREADS, _CALLS, gateway.FULL, "tool")
        self._functions: dict[str, _Function] = {"ask": self.ask, "show_paragraph": self.show_paragraph}
        self._tools = [
            _tool(self.ask, "Ask the Ombudsman’s decisions", _ASKED, schemas.Answer),
            _tool(self.show_paragraph, "Show a paragraph of a decision", _PLACE, schemas.Paragraph),
        ]
        self._arguments = {tool.name: list(tool.input_schema["properties"]) for tool in self._tools}

    def ask(self, arguments: Mapping[str, Any], client: str) -> tuple[str, schemas.Answer]:
        """Ask the Ombudsman's decisions a question in plain English.

        Returns an answer box of one to three paragraphs, if some probably answer, and the best paragraphs in order,
        word for word, each with its citation. Quote them word for word, with these citations. What a complainant or a
        council says is marked as a claim. If the question names a body or a decision, only that is searched. A citation
        alone, such as "21 017 496 paragraph 50", opens that paragraph. A question about the collection, such as "how
        many were upheld?", is answered from the list of decisions. If the status is `not_found`, these decisions do not
        answer: say so, with the reason.
        """
        question = Question.from_json(json.dumps(arguments).encode())
        self._wait()
        answer = self._answerer.answer(question, client=client)
        return answer_as_text(answer, question), answer_as_json(answer)

    def show_paragraph(self, arguments: Mapping[str, Any], _: str) -> tuple[str, schemas.Paragraph]:
        """Show one paragraph of a decision, a lettered item of one, or the summary, word for word with its citation.

        Use it to read the paragraphs before or after one that was found, or to check a quotation.
        """
        reference, number = arguments.get("reference"), arguments.get("paragraph")
        if not isinstance(reference, str):
            raise BadQuestion('“reference” must be a text such as "21 017 496".', "reference")
        if isinstance(number, float) and number.is_integer():  # JSON has one kind of number: 50.0 is 50
            number = int(number)
        if not isinstance(number, str | int) or isinstance(number, bool):
            raise BadQuestion('“paragraph” must be a number such as 50, "12(c)" or "summary".', "paragraph")
        decision = self._answerer.stores.get().decision(Reference(reference))
        place = decision.place(str(number))
        return paragraph_as_text(place, decision), paragraph_as_json(place, decision)

    async def list_tools(self, *_: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=self._tools)

    async def call_tool(
        self, context: ServerRequestContext[Any, Request], call: types.CallToolRequestParams
    ) -> types.CallToolResult:
        if call.name not in self._functions:
            raise MCPError(types.INVALID_PARAMS, f"There is no such tool; there are {' and '.join(self._functions)}.")
        client = network_of(context.request.client.host) if context.request and context.request.client else ""
        # In a thread of its own: others are heard meanwhile, and a client that goes need not be waited for.
        called = functools.partial(self._call, call.name, call.arguments or {}, client)
        try:
            calling = self._workers.submit(called, client)
        except Busy as error:
            return _result(str(error))
        return await asyncio.wrap_future(calling)

    def _call(self, name: str, arguments: Mapping[str, Any], client: str) -> types.CallToolResult:
        """What a tool gives; an error is one sentence for the model, which may mend what it asked."""
        known = self._arguments[name]
        try:
            if unknown := [f"“{one[:40]}”" for one in arguments if one not in known]:
                there_is = "is no argument" if len(unknown) == 1 else "are no arguments"
                names = joined(unknown[:_MAX_UNKNOWN] + ["others"] * (len(unknown) > _MAX_UNKNOWN), "or")
                raise BadQuestion(f"There {there_is} {names}; the arguments are {joined(known)}.")
            return _result(*self._functions[name](arguments, client))
        except DecisionQAError as error:
            return _result(str(error))
        except Exception as error:
            _log.error(kind_and_place(error))
            return _result("Something went wrong on the server. Your question is not the cause.")


async def _contained(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Tell no more of an error that was not foreseen than that it is one."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        raise
    except Exception as error:
        _log.error(kind_and_place(error))
        raise MCPError(types.INTERNAL_ERROR, BUG) from None


def _tool(function: _Function, title: str, takes: dict[str, Any], gives: type) -> types.Tool:
    return types.Tool(
        name=function.__name__,
        title=title,
        description=inspect.getdoc(function),
        input_schema=takes,
        output_schema=TypeAdapter(gives).json_schema(mode="serialization"),
        annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _result(text: str, body: schemas.Answer | schemas.Paragraph | None = None) -> types.CallToolResult:
    """What a client is told; without a body it is an error.

    A client that does not read structured content is given it as a text too, behind what is written to be read.
    """
    texts = [text] if body is None else [text, json.dumps(body, ensure_ascii=False)]
    return types.CallToolResult(
        content=[types.TextContent(text=one) for one in texts], structured_content=body, is_error=body is None
    )


def serve_stdio(server: Server) -> None:
    """Serve one client over stdin and stdout until it closes stdin, and answer what it asked before.

    Raises InputError where one of them is closed, and OSError where nothing can be read or written.
    """
    _log_without_texts()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what was asked
    if sys.stdin is None or sys.stdout is None:
        raise InputError("Standard input and standard output must be open: over them the client speaks.")
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # whatever else reads or prints does not come between
        os.dup2(nothing, stream)

    async def serve() -> None:
        def run(read: Any, write: Any) -> Any:
            return server.run(read, write, server.create_initialization_options())

        # A thread that has answered leaves the room a moment later.
        await jsonrpc.serve_pipe(run, source, sink, _CALLS - _THREADS)

    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client is gone
        anyio.run(serve)


def serve_http(server: Server, listening: socket.socket, host: str, token: str, origins: Sequence[str]) -> None:
    """Serve at /mcp until SIGTERM or Ctrl-C; what handled these before then has its turn.

    `host`, `token` and `origins` are those of `create_http_server`. Raises SettingsError where the process may have too
    few open files.
    """
    _log_without_texts()
    create_http_server(server, limits(listening), host, token, origins).run([listening])


def create_http_server(server: Server, most: int, host: str, token: str, origins: Sequence[str]) -> uvicorn.Server:
    """The server at /mcp of HTTP, for `most` connections at once. No sessions are kept.

    It goes by the names of this machine, by `host` and by those of `origins`, the web sites whose pages may call it; no
    other page can reach it by giving it a name of its own. With `token` it answers only who sends that, and listening
    at every address it then goes by every name, of which it cannot know them all.
    """
    names = ["127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host]
    names += [origin.partition("//")[2] for origin in origins]
    hosts = [*names, *(f"{name}:*" for name in names)]
    known = TransportSecuritySettings(
        enable_dns_rebinding_protection=not (token and host in ("0.0.0.0", "::")),
        allowed_hosts=hosts,
        allowed_origins=list(origins),
    )
    endpoint = _Endpoint(server, known, token)
    app = CORSMiddleware(endpoint, allow_origins=origins, allow_methods=["POST"], allow_headers=["*"])
    return _HttpServer(_Whole(app), most)


class _Endpoint:
    """The application at /mcp: it says who may call, and hands the library only messages that can be read."""

    def __init__(self, server: Server, known: TransportSecuritySettings, token: str) -> None:
        self._inner = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=known)
        self._guard = TransportSecurityMiddleware(known)
        self._token = token
        self._reading = Workers(1, _CALLS, gateway.FULL, "reading")  # with more the loop would miss its turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._inner
        if scope["type"] == "http":
            scheme, _, given = dict(scope["headers"]).get(b"authorization", b"").partition(b" ")
            if self._token and not (scheme.lower() == b"bearer" and hmac.compare_digest(given, self._token.encode())):
                app = PlainTextResponse(TOKEN_WANTED, 401, {"WWW-Authenticate": "Bearer"})
            elif scope["method"] != "POST":  # a GET would be kept open for messages, of which there are none
                app = PlainTextResponse("This address accepts POST only.", 405, {"Allow": "POST"})
            else:
                app = await self._guard.validate_request(Request(scope)) or self._read
        await app(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = await receive()  # see _Whole
        parts = [whole]

        async def again() -> Message:
            return parts.pop() if parts else await receive()

        status, refused, ids = 400, None, list[bytes]()
        try:
            reads = functools.partial(jsonrpc.read, whole["body"], _TOKENS)
            message = await asyncio.wrap_future(self._reading.submit(reads, gateway.client_of(cast(Any, scope))))
            if isinstance(message, types.JSONRPCRequest):
                ids = [json.dumps(message.id).encode()]
        except jsonrpc.Refused as error:
            refused, ids = error, error.ids
        # The library would tell no id of these, and some types are not known to it by their large letters.
        if Request(scope).headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
            said = f"The body must be JSON, with Content-Type: {_JSON}."
            status, refused = 415, jsonrpc.Refused(types.INVALID_REQUEST, said, ids)
        elif refused is None and not check_accept_headers(Request(scope))[0]:
            said = f"The answer is JSON. Send Accept: {_JSON}, text/event-stream."
            status, refused = 406, jsonrpc.Refused(types.INVALID_REQUEST, said, ids)
        if refused is not None:
            await Response(refused.answer(), status, media_type=_JSON)(scope, again, send)
            return
        headers = [(name, _JSON.encode() if name == b"content-type" else value) for name, value in scope["headers"]]
        await self._inner({**scope, "headers": headers}, again, send)


class _HttpServer(uvicorn.Server):
    """uvicorn, with the connections of qa.web.gateway."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        config = gateway.config_of(cast(Any, app))
        config.http = cast(Any, functools.partial(gateway.Connection, most=most))
        config.lifespan = "on"
        config.backlog = 16  # taken up in a turn of the loop; those that wait in line have more room below
        config.timeout_graceful_shutdown = 20
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or []:
            one.listen(BACKLOG)

    async def on_tick(self, counter: int) -> bool:
        """Keep the deadlines, once a second; uvicorn calls this ten times."""
        if counter % 10 == 0:
            gateway.sweep(self.server_state)
        return await super().on_tick(counter)


class _Whole(gateway.WholeRequests):
    """Calls an application with whole requests."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self._app = app
        self._limit = ConcurrencyLimit(_REQUESTS, gateway.FULL)  # each request has a transport of its own

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        called = super().__call__ if scope["type"] == "http" else self._app
        await called(scope, receive, send)

    async def answer(self, scope: Any, environ: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Have the application answer a request, whose body it gets in one piece."""
        with self._limit.slot(gateway.client_of(scope)):
            parts: list[Message] = [{"type": "http.request", "body": environ["wsgi.input"].read(), "more_body": False}]

            async def receive_whole() -> Message:
                return parts.pop() if parts else cast(Message, await receive())

            await self._app(scope, receive_whole, send)


def _log_without_texts() -> None:
    formatter = logging.Formatter("decision-qa: %(message)s")
    formatter.formatException = lambda ei: kind_and_place(ei[1])  # type: ignore[method-assign, arg-type]
    handler = logging.StreamHandler()  # of stderr
    handler.setFormatter(formatter)
    handler.addFilter(Seldom())
    logging.basicConfig(handlers=[handler])
