"""The addresses of places on this server's pages, from its root; whoever serves below a prefix adds that."""

from __future__ import annotations

from index.decisions import Pinpoint

COVERAGE = "/coverage"
"""Where it stands what is held, as sentences of refusals name it."""


def anchor_of(pinpoint: Pinpoint) -> str:
    """The id of a place on its decision's page: `paragraph-50`, `paragraph-12-c`, `page-7`, or `summary`."""
    return pinpoint.slug


def url_of(pinpoint: Pinpoint) -> str:
    """The address of a place: `/decisions/21-017-496#paragraph-50`."""
    return f"/decisions/{pinpoint.reference.slug}#{anchor_of(pinpoint)}"
