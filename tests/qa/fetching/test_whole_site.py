"""A site of 500 decisions, fetched by a process that is killed again and again, and then kept up to date."""

from __future__ import annotations

import datetime
import functools
import json
import multiprocessing
import os
import random
import signal
from collections import Counter

import pytest
from imitated import Home, fetch_everything, slug_of
from synthetic.site import ImitatedSite, drafts, write_site

from index.parsing.parse import parse
from index.served_page import ServedPage

KILLS, ADDED = 20, 8


@functools.cache
def processes():
    """Makes processes that need not import the program again; threads of this one do not come along."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["imitated"])
    return context


@pytest.fixture
def count(request):
    """How many decisions there are: more with --long."""
    return 500 if request.config.getoption("long") else 120


@pytest.mark.long
def test_killed_run_goes_on_and_changes_are_told(count, tmp_path):
    """Killed at 20 random moments, a run fetches each page once; of 30 changes after it --new tells exactly these."""
    folder = tmp_path / "site"
    write_site(drafts(count + ADDED), folder)
    with ImitatedSite(folder) as site:
        home = Home(site, tmp_path / "decisions")
        added = site.paths[:ADDED]
        for path in added:
            site.hide(path)
        fetch_with_kills(home, count)
        assert_every_decision_is_right(home, folder)
        assert_changes_are_told(home, added)


def fetch_with_kills(home, count):
    """Each page is asked for once, but for the one on its way at each kill."""
    chance = random.Random(23)
    for moment in [*sorted(chance.sample(range(2, count), KILLS)), None]:
        process = processes().Process(target=fetch_everything, args=(home.site.url, str(home.folder)))
        process.start()
        if moment is not None:
            home.site.wait_for(moment)
            os.kill(process.pid, signal.SIGKILL)
        process.join(60)
        assert process.exitcode == (0 if moment is None else -signal.SIGKILL)
    asked = Counter(request.path for request in home.site.log if request.path in home.site.paths)
    assert set(asked) == set(home.site.paths) and len(home.names) == count
    assert asked.total() <= count + KILLS
    lists = [request for request in home.site.log if request.path.endswith("/SearchResults")]
    assert len(lists) <= count / 10 + KILLS


def assert_every_decision_is_right(home, folder):
    """What was fetched is read as the maker of the site meant it, from the header to the last letter of a list."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        slug = told["reference"].replace(" ", "-")
        if f"{slug}.warc.gz" not in home.names:
            continue  # not published yet
        decision = parse(home.read(slug))
        assert decision.provenance.url == home.site.url + home.site.path_of(slug)
        assert (decision.body, decision.outcome, decision.numbering) == tuple(
            told[name] for name in ("body", "outcome", "numbering")
        )
        assert (decision.summary.text if decision.summary else None) == told["summary"]
        assert [
            {
                "number": place.pinpoint.number,
                "section": list(place.section),
                "lines": [[line.text, line.depth, line.item] for line in place.lines],
            }
            for place in decision.paragraphs
        ] == told["paragraphs"]


def assert_changes_are_told(home, added):
    """What was added, changed, moved and removed is told, and nothing else; the folder follows."""
    site, before = home.site, set(home.names)
    chosen = random.Random(30).sample(site.paths, 22)
    changed, moved, removed = chosen[:8], chosen[8:15], chosen[15:]
    for path in added:
        site.hide(path, False)
    for path in changed:
        site.change(path, "Council", "Corporation")
    for path in moved:
        site.move(path, f"/decisions/other/moved/{slug_of(path)}")
    for place, path in enumerate(removed):
        site.remove(path, (404, 410)[place % 2])
    home.clock.moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    kinds = {"fetched": added, "changed": changed, "moved": moved, "gone": removed}
    assert home.new() == {slug_of(path): what for what, paths in kinds.items() for path in paths}
    assert set(home.names) == before | {f"{slug_of(path)}.warc.gz" for path in added}
    home.clock.pass_(days=1, seconds=1)
    assert home.new() == {slug_of(path): "removed" for path in removed}
    assert len(home.names) == len(before) + len(added) - len(removed)
    assert all(b"Corporation" in ServedPage.from_bytes(home.read(slug_of(path))).content for path in changed)
