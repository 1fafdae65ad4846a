from __future__ import annotations

from index.decisions import Pinpoint, Reference
from qa.addresses import url_of


def test_paragraph_has_an_anchor_on_its_decisions_page():
    """The address of a paragraph is its decision's page with an anchor."""
    assert url_of(Pinpoint(Reference("21 017 496"), 50)) == "/decisions/21-017-496#paragraph-50"


def test_item_has_an_anchor_of_its_own():
    """The address of a lettered item has its letter."""
    assert url_of(Pinpoint(Reference("21 000 259"), 51, "b")) == "/decisions/21-000-259#paragraph-51-b"
