"""Tests of index.ledger, through the builds that write it."""

from __future__ import annotations

import datetime
import sqlite3

import pytest
from collection import SITE, Collection, page
from conftest import WordEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalogue import Filter
from index.decisions import Reference
from index.errors import IndexUnusable, NotHeld
from index.ledger import LEDGER, Ledger
from index.store import Store
from index.version_writer import VersionWriter

pytestmark = pytest.mark.usefixtures("reads_here")

FIRST, SECOND = Reference("22 010 227"), Reference("22 010 228")


@pytest.fixture
def collection(tmp_path, fake):
    """The index of two decisions."""
    made = Collection(tmp_path, fake)
    made.put(FIRST, page(FIRST, "One.", "Two.", "Three."))
    made.put(SECOND, page(SECOND, "Uno."))
    made.build()
    return made


ADDED = [("22 010 227", "added"), ("22 010 228", "added")]


def test_first_build_adds_every_decision(collection):
    """Each decision of a first build is added."""
    assert collection.what() == ADDED


def test_nothing_is_written_where_nothing_changed(collection):
    """A build that changes nothing adds no entry."""
    collection.build()
    assert collection.what() == ADDED


def test_changed_decision_says_where(collection):
    """Of a decision that changed, the places that have other words are told, those that are new or gone among them."""
    collection.put(FIRST, page(FIRST, "One.", "Two, corrected.", "Three.", "Four."))
    collection.build()
    [*_, change] = collection.changes()
    assert (change.what, change.places, change.fields) == ("changed", ("paragraph 2", "paragraph 4"), ())


def test_changed_head(collection):
    """Of a decision whose outcome was corrected that is told."""
    collection.put(FIRST, page(FIRST, "One.", "Two.", "Three.", outcome="Not upheld"))
    collection.build()
    [*_, change] = collection.changes()
    assert (change.what, change.places, change.fields) == ("changed", (), ("outcome",))


def test_changed_heading(collection):
    """A decision whose paragraphs stand below another heading has changed there."""
    collection.put(SECOND, page(SECOND, "Uno.", menu="", heading="Final decision"))
    collection.build()
    [*_, change] = collection.changes()
    assert (change.what, change.places) == ("changed", ("paragraph 1",))


def test_page_with_another_menu_is_no_change(collection):
    """A page of which only what stands around the decision changed is no change of the decision."""
    collection.put(FIRST, page(FIRST, "One.", "Two.", "Three.", menu="News"))
    collection.build()
    assert collection.what() == ADDED


def test_moved_decision_says_from_where(collection):
    """A decision that is published at another address has moved, and where it was is told."""
    collection.put(FIRST, page(FIRST, "One.", "Two.", "Three.", path="other"))
    collection.build()
    [*_, change] = collection.changes()
    told = change.what, change.url, change.before
    assert told == ("moved", f"{SITE}/other/22-010-227", f"{SITE}/council-tax/22-010-227")


def test_decision_that_was_taken_down(collection):
    """A decision that the Ombudsman took down is told as removed by the Ombudsman, on the day that was noted."""
    collection.take_down(FIRST)
    collection.build()
    [*_, change] = collection.changes()
    assert change.tombstone == "held until 3 May 2026, since removed by the Ombudsman"


def test_decision_that_was_taken_out(collection):
    """A decision that somebody took out of the folder was not removed by the Ombudsman."""
    (collection.folder / "22-010-227.warc.gz").unlink()
    collection.build()
    [*_, change] = collection.changes()
    today = datetime.datetime.now(datetime.UTC).date()
    assert change.tombstone.startswith("held until ") and change.removed_on in (today, today - datetime.timedelta(1))
    assert change.tombstone.endswith("since removed from this collection")


def test_removed_decision_is_told_where_it_is_asked_for(collection):
    """Who asks for a decision that was removed is told what became of it."""
    collection.take_down(FIRST)
    collection.build()
    with pytest.raises(NotHeld, match="was held until 3 May 2026, since removed by the Ombudsman"):
        Store.open(collection.index).decision(FIRST)


def test_decision_that_comes_back_is_no_longer_removed(collection):
    """A decision that is published again is added again, and nothing is said of its absence."""
    collection.take_down(FIRST)
    collection.build()
    collection.put(FIRST, page(FIRST, "One."))
    collection.build()
    assert collection.what()[2:] == [("22 010 227", "removed"), ("22 010 227", "added")]
    assert Store.open(collection.index).tombstone(FIRST) is None


def test_no_words_of_a_removed_decision_stay(collection):
    """The ledger never has a word of a decision's text."""
    collection.put(FIRST, page(FIRST, "Zanzibar."))
    collection.build()
    collection.take_down(FIRST)
    collection.build(purge=True)
    assert b"Zanzibar" not in (collection.index / LEDGER).read_bytes()


def test_purge_is_no_change(collection):
    """To build everything anew changes nothing."""
    collection.build(purge=True)
    assert collection.what() == ADDED


def test_changes_since_a_day(collection):
    """Only entries from a day on are told."""
    ledger = Store.open(collection.index).ledger
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(1)
    assert (ledger.count(tomorrow), ledger.since(tomorrow)) == (0, [])
    assert ledger.count(tomorrow - datetime.timedelta(2)) == 2


def test_page_of_changes(collection):
    """A page of entries goes on where the one before ended, the latest first."""
    ledger = Store.open(collection.index).ledger
    assert [entry.reference for entry in ledger.since(limit=1)] == [SECOND]
    assert [entry.reference for entry in ledger.since(limit=1, offset=1)] == [FIRST]


def test_build_that_ends_before_it_publishes(collection, monkeypatch):
    """What a build wrote that was killed before it published does not count, and is told by the next one once."""

    def killed(*_):
        raise KeyboardInterrupt

    collection.put(FIRST, page(FIRST, "Otherwise."))
    with monkeypatch.context() as patched:
        patched.setattr(VersionWriter, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            collection.build()
    assert collection.what() == ADDED
    collection.build()
    assert collection.what() == [*ADDED, ("22 010 227", "changed")]


def test_open_version_knows_nothing_of_later_ones(collection):
    """Who reads an older version is not told what changed after it."""
    store = Store.open(collection.index)
    collection.put(FIRST, page(FIRST, "Otherwise."))
    collection.build()
    assert store.ledger.count() == 2


def test_lost_ledger_begins_with_what_is_held(collection):
    """Where the ledger was lost, it begins anew with what the version holds, as of when that was built."""
    (collection.index / LEDGER).unlink()
    collection.put(FIRST, page(FIRST, "Otherwise."))
    collection.build()
    assert sorted(collection.what()) == sorted([*ADDED, ("22 010 227", "changed")])


@pytest.mark.parametrize("content", [b"", b"nonsense" * 600])
def test_damaged_ledger_tells_nothing(collection, content):
    """A ledger that is no database tells nothing, and stops nobody."""
    (collection.index / LEDGER).write_bytes(content)
    assert Store.open(collection.index).ledger.since() == []


def test_damaged_ledger_is_begun_anew(collection):
    """A build replaces a ledger that is no database."""
    (collection.index / LEDGER).write_bytes(b"nonsense" * 600)
    collection.put(FIRST, page(FIRST, "Otherwise."))
    collection.build()
    assert ("22 010 227", "changed") in collection.what()


def test_ledger_with_damage_within_is_begun_anew(collection):
    """A ledger whose beginning is whole, and what follows is not, keeps no build from publishing."""
    content = (collection.index / LEDGER).read_bytes()
    (collection.index / LEDGER).write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    collection.put(FIRST, page(FIRST, "Otherwise."))
    collection.build()
    assert ("22 010 227", "changed") in collection.what()


def test_altered_entry_does_not_count(collection):
    """An entry that is not what was written is not told."""
    with sqlite3.connect(collection.index / LEDGER) as database:
        database.execute("UPDATE change SET what = 'removed' WHERE reference = ?", (str(FIRST),))
    database.close()
    assert Store.open(collection.index).tombstone(FIRST) is None


def test_something_else_in_place_of_the_ledger(collection):
    """A folder in place of the ledger is said to be in the way, and the version stays."""
    (collection.index / LEDGER).unlink()
    (collection.index / LEDGER).mkdir()
    collection.put(FIRST, page(FIRST, "Otherwise."))
    with pytest.raises(IndexUnusable, match="Delete it"):
        collection.build()
    assert Store.open(collection.index).version == "000001"


def test_no_ledger(tmp_path):
    """Where there is no index there are no changes."""
    assert Ledger(tmp_path, 1).since() == []
    assert Ledger(tmp_path, 1).count() == 0


STEPS = st.lists(
    st.tuples(st.sampled_from([FIRST, SECOND]), st.sampled_from(["One.", "Two.", "", "taken down"]), st.booleans()),
    max_size=5,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_ledger_follows_what_is_held(tmp_path_factory, steps):
    """Whatever is added, changed and removed, and whenever it is built: what was added and not removed is held."""
    made = Collection(tmp_path_factory.mktemp("collection"), WordEmbedder())
    always = Reference("22 010 230")
    made.put(always, page(always, "Always."))
    made.build()
    for reference, what, builds in steps:
        if what == "taken down":
            made.take_down(reference)
        elif what:
            made.put(reference, page(reference, what))
        else:
            made.remove(reference)
        if builds:
            made.build()
    made.build()
    state: dict[Reference, str] = {}
    for change in made.changes():
        assert (change.what == "added") == (state.get(change.reference, "removed") == "removed")
        state[change.reference] = change.what
    store = Store.open(made.index)
    held = {entry.reference for entry in store.entries(Filter())}
    assert {reference for reference, what in state.items() if what != "removed"} == held
    assert all((store.tombstone(reference) is None) == (what != "removed") for reference, what in state.items())
