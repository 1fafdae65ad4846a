"""The words of negation and modality, by the examples that stand beside them."""

from __future__ import annotations

import pytest

from qa.text.polarity import EXAMPLES

FOUND = [(pattern, text) for pattern, (found, _) in EXAMPLES.items() for text in found]
NOT_FOUND = [(pattern, text) for pattern, (_, not_found) in EXAMPLES.items() for text in not_found]


@pytest.mark.parametrize(("pattern", "text"), FOUND)
def test_found(pattern, text):
    """Each list is found in its examples."""
    assert pattern.search(text)


@pytest.mark.parametrize(("pattern", "text"), NOT_FOUND)
def test_not_found(pattern, text):
    """No list is found in its counter-examples."""
    assert not pattern.search(text)


def test_each_list_has_examples_of_both():
    """No list is without an example and a counter-example."""
    assert all(found and not_found for found, not_found in EXAMPLES.values())
