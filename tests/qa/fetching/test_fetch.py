"""What is fetched, and what becomes of the folder."""

from __future__ import annotations

import datetime
import errno
import json
import os

import pytest
from conftest import FEW as COUNT
from conftest import SEEDS, ReaderHere
from imitated import EVERYTHING, Home, slug_of
from synthetic.site import SHELL, Canned

from index.decisions import Reference
from index.errors import NotReadNow
from index.folder import DecisionFiles
from index.parsing.parse import parse
from index.served_page import ServedPage
from qa.fetching.fetch import Fetcher, NothingWanted, Request
from qa.fetching.polite import PoliteClient
from qa.fetching.site import NotAnAddress
from qa.fetching.state import State, StateUnusable
from qa.fetching.walk import Selection

HTML = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture
def home(site, tmp_path):
    return Home(site, tmp_path / "decisions")


def fetched(report):
    return sorted(item.reference.slug for item in report.items if item.what == "fetched")


def the(report):
    [item] = report.items
    return item


def body_of(home, path):
    return next(one.entry["body"] for key, one in home.site._decisions.items() if key == path)


# What is asked for.


def test_reference_is_fetched(home, site):
    """A decision is fetched by its reference, as it was served, with where and when."""
    path = site.paths[3]
    report = home.fetch(slug_of(path))
    assert (report.exit_code, fetched(report)) == (0, [slug_of(path)])
    served = ServedPage.from_bytes(home.read(slug_of(path)))
    assert served.url == site.url + path and served.etag
    assert parse(home.read(slug_of(path))).provenance.url == site.url + path
    assert home.clock.moment <= served.fetched + datetime.timedelta(seconds=1)


def test_address_is_fetched_without_a_search(home, site):
    """A decision is fetched by its address with no request but for it and robots.txt."""
    home.fetch(site.url + site.paths[0])
    assert [request.path for request in site.log] == ["/robots.txt", site.paths[0]]


def test_unknown_reference_is_said(home):
    """A reference that the site does not list gets a sentence."""
    report = home.fetch("21-999-999")
    assert (report.exit_code, "lists no decision" in the(report).reason) == (1, True)


def test_address_elsewhere_is_refused(home, site):
    """An address of another site is refused before anything is asked for."""
    with pytest.raises(NotAnAddress):
        home.fetch("https://example.org/decisions/housing/other/21-004-118")
    assert not site.log


def test_selection_is_fetched(home, site):
    """What a selection means is fetched, and nothing else."""
    path = site.paths[0]
    body = body_of(home, path)
    report = home.fetch(selection=Selection(councils=(body.upper(),)))
    assert report.exit_code == 0
    assert fetched(report) == sorted(slug_of(one) for one in site.paths if body_of(home, one) == body)


def test_outcome_is_selected(home, site):
    """Of the outcomes only those that are asked for are fetched."""
    report = home.fetch(selection=Selection(outcomes=("not-upheld",)))
    kinds = {parse(home.read(slug)).outcome for slug in fetched(report)}
    assert kinds <= {"Not upheld", None} and "Not upheld" in kinds


def test_everything_is_fetched_once(home, site):
    """All pages of a list are fetched, each with one request; a second time there is nothing to do."""
    report = home.everything()
    assert (len(fetched(report)), report.exit_code) == (COUNT, 0)
    again = home.everything()
    assert (again.items, again.held, again.exit_code) == ([], COUNT, 0)
    assert {site.asked(path) for path in site.paths} == {1}


def test_nothing_found_is_said(home):
    """A selection that means nothing has exit code 1."""
    report = home.fetch(selection=Selection(councils=("Nowhere",)))
    assert (report.exit_code, report.listed, report.stopped) == (1, 0, "")


def test_dry_run_only_lists(home, site):
    """A dry run tells what would be fetched, and asks for lists only."""
    report = home.everything(is_dry=True)
    assert (report.counts["listed"], home.names) == (COUNT, [])
    assert {request.path for request in site.log} == {"/robots.txt", "/Decisions/SearchResults"}
    assert len(fetched(home.everything())) == COUNT


def test_dry_run_lists_what_is_left_over(home):
    """A dry run without a selection lists what a run before left over, and fetches none of it."""
    home.everything(limit=4)
    before = home.names
    report = home.fetch(is_dry=True)
    assert report.counts["listed"] > 0 and home.names == before


def test_limit(home, site):
    """A limit bounds what is fetched and how far lists are read; the next run goes on."""
    report = home.everything(limit=4)
    assert (len(fetched(report)), report.is_partial, site.asked("/Decisions/SearchResults")) == (4, True, 1)
    assert len(fetched(home.everything(limit=12))) == 12
    assert len(fetched(home.fetch())) == COUNT - 16
    assert site.asked("/Decisions/SearchResults") == 3


def test_limit_reads_what_is_wanted_once(home, monkeypatch):
    """With a limit what is wanted is not read again for each page of a list."""
    read, times = State.wanted, []
    monkeypatch.setattr(State, "wanted", lambda state, *runs: times.append(runs) or read(state, *runs))
    home.everything(limit=COUNT)
    assert len(times) == 1


def test_nothing_to_go_on_with(home):
    """Without a word of what to fetch, and nothing left over, a sentence tells what to say."""
    with pytest.raises(NothingWanted, match="--council"):
        home.fetch()


def test_seed_is_replaced(home, site, small_site):
    """A decision that a person saved is replaced by its page, and never held twice."""
    path = site.paths[0]
    text = (SEEDS / "20-001-737.txt").read_text(encoding="utf-8")
    home.folder.mkdir()
    (home.folder / f"{slug_of(path)}.txt").write_text(text.replace("20 001 737", str(Reference(slug_of(path)))))
    home.fetch(slug_of(path))
    assert home.names == [f"{slug_of(path)}.warc.gz"]


# Sessions.


def test_shell_gets_a_session(home, site):
    """A site that gives empty shells to a client without a session gets one, once."""
    site.needs_session = True
    assert len(fetched(home.everything())) == COUNT
    assert site.asked("/decisions") == 1


def test_shell_for_ever_is_said(home, site):
    """A list that stays an empty shell ends the run with a sentence."""
    site.always["/Decisions/SearchResults"] = Canned(200, SHELL)
    report = home.everything()
    assert report.exit_code == 1 and "a page that holds no list" in report.stopped


# What is no decision.


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Canned(200, SHELL), "empty page"),
        (Canned(200, b"<html><title>Page not found</title><body>Sorry</body></html>"), "no such page"),
        (Canned(200, b"<html><body>Please accept all cookies to continue.</body></html>"), "consent"),
        (Canned(200, b"%PDF-1.7", (("Content-Type", "application/pdf"),)), "application/pdf"),
        (Canned(200, b"<p>\xd2\xd5\xd3</p>", (("Content-Type", "text/html; charset=koi8-r"),)), "koi8-r"),
        (Canned(200, b""), "empty"),
        (Canned(200, bytes(range(256)) * 9), "binary"),
        (Canned(200, b"<p>" + b"x" * 6_000_000), "more than"),
        (Canned(302, b"", (("Location", "https://example.org/"),)), "another site"),
        (Canned(200, (SEEDS / "21-017-496.txt").read_bytes(), HTML), "another decision, 21 017 496"),
        (Canned(404), "status 404"),
        (Canned(500), "error of its own"),
        (Canned(200, b"<html>", HTML, cut=3), "cut off"),
    ],
)
@pytest.mark.parametrize("is_held", [False, True])
def test_no_decision_is_never_taken(home, site, answer, said, is_held):
    """What is not the decision is refused with a sentence, and what is held stays as it was."""
    path = site.paths[0]
    if is_held:
        home.fetch(site.url + path)
    before = {name: (home.folder / name).read_bytes() for name in home.names} if is_held else {}
    site.always[path] = answer
    report = home.fetch(site.url + path)
    assert said in the(report).reason
    assert the(report).what in ("refused", "postponed", "gone")
    assert {name: (home.folder / name).read_bytes() for name in home.names} == before


def test_captcha_ends_the_run(home, site):
    """A captcha ends the run, and what was to be fetched is fetched another day."""
    site.canned[site.paths[2]] = [Canned(200, b"<html><body>Prove that you are human: captcha</body></html>")]
    report = home.everything()
    assert (len(report.items), "captcha" in report.stopped, report.exit_code) == (2, True, 1)
    assert len(fetched(home.fetch())) == COUNT - 2


def test_captcha_does_not_end_every_run(home, site):
    """A page that always is a captcha is asked for after all others, so that it holds up none of them."""
    site.always[site.paths[2]] = Canned(200, b"<html><body>Prove that you are human: captcha</body></html>")
    assert home.everything().stopped
    assert len(fetched(home.fetch())) == COUNT - 3


def test_captcha_in_the_place_of_a_held_page_does_not_end_every_run(home, site):
    """What is held is looked at again though one of its pages always is a captcha now."""
    home.everything()
    site.always[site.paths[2]] = Canned(200, b"<html><body>Prove that you are human: captcha</body></html>")
    home.clock.pass_(days=1)
    assert home.fetch(is_new=True, recheck=None).stopped
    assert home.new() == {}
    assert {site.asked(path) for path in site.paths} == {2}


@pytest.mark.parametrize("body", [SHELL, b"<html><body>Please accept all cookies to continue.</body></html>"])
def test_shell_is_asked_for_again(home, site, body):
    """A page that is an empty shell, or asks for consent, is fetched once the site gives it."""
    path = site.paths[0]
    site.always[path] = Canned(200, body)
    assert the(home.fetch(site.url + path)).what == "postponed"
    site.always.clear()
    assert fetched(home.fetch()) == [slug_of(path)]


class Failing(ReaderHere):
    """A reader that fails."""

    def parse(self, source):
        raise NotReadNow("MemoryError")


def test_page_that_could_not_be_read_is_asked_for_again(home, site):
    """Pages at which reading fails are fetched by a later run, and do not count as faults of the site."""
    with home.fetcher(reader=Failing()) as fetcher:
        report = fetcher.run(Request(selection=EVERYTHING))
    assert (report.counts["postponed"], report.stopped) == (COUNT, "")
    assert len(fetched(home.fetch())) == COUNT


def test_false_encoding_does_not_alter_words(home, site):
    """A page that lies about its encoding is read by its bytes."""
    path = site.paths[0]
    content = site._decisions[path].content()
    site.always[path] = Canned(200, content, (("Content-Type", "text/html; charset=utf-16"),))
    home.fetch(site.url + path)
    assert parse(home.read(slug_of(path))) == parse(content)


def test_failing_site_is_left_alone(home, site):
    """Where one page after the other cannot be had the run ends, and the next goes on with them."""
    for path in site.paths:
        site.always[path] = Canned(403)
    report = home.everything()
    assert report.counts["postponed"] == 3 and "Run the command again" in report.stopped
    site.always.clear()
    assert len(fetched(home.fetch())) == COUNT


def test_one_failing_page_does_not_hold_up_others(home, site):
    """A page that cannot be had is tried again with the next run, and the others are fetched."""
    site.always[site.paths[0]] = Canned(500)
    assert len(fetched(home.everything())) == COUNT - 1
    site.always.clear()
    assert fetched(home.fetch()) == [slug_of(site.paths[0])]


# The disk.


class FullDisk(DecisionFiles):
    """A folder whose disk is full after so many decisions."""

    left = 5

    def put(self, reference, content):
        if not self.left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.left -= 1
        return super().put(reference, content)


def test_full_disk(home, site):
    """A full disk ends the run with a sentence; what was fetched is whole, and the next run goes on."""
    with State(home.folder) as state, PoliteClient(site.url, "decision-qa", clock=home.clock) as client:
        fetcher = Fetcher(client, state, FullDisk(home.folder, ReaderHere()), home.clock)
        report = fetcher.run(Request(selection=EVERYTHING))
    assert "No space left on device" in report.stopped and len(home.names) == 5
    assert len(fetched(home.fetch())) == COUNT - 5
    assert len(home.names) == COUNT


def test_state_that_was_deleted_is_read_from_the_folder(home, site):
    """Without its state a run knows from the folder what is held."""
    home.everything()
    (home.folder / ".fetch.sqlite").unlink()
    again = home.everything()
    assert (again.items, again.held) == ([], COUNT)


def test_damaged_state_is_said(home):
    """A state that is no database is named, with what to do."""
    home.folder.mkdir()
    (home.folder / ".fetch.sqlite").write_bytes(b"no database" * 999)
    with pytest.raises(StateUnusable, match="Delete it"):
        home.everything()


def test_two_do_not_fetch_at_once(home):
    """A second process is told that the first one fetches."""
    with State(home.folder), pytest.raises(StateUnusable, match="Another process"):
        State(home.folder)


def test_builds_ignore_the_state(home):
    """Nothing of the state is a file of the folder for a build."""
    home.everything(limit=1)
    assert len(home.names) == 1


# What is new.


def test_new_of_nothing(home):
    """In an empty folder it is not known what is to be kept up to date, and a sentence says so."""
    with pytest.raises(NothingWanted, match="--from 2000-01-01"):
        home.fetch(is_new=True)


def test_new_fetches_what_was_published(home, site):
    """What was published since the last time is fetched, also where it is dated some days before."""
    late = [site.paths[0], site.paths[4]]
    for path in late:
        site.hide(path)
    home.everything()
    for path in late:
        site.hide(path, False)
    home.clock.pass_(days=1)
    assert home.new(0) == {slug_of(path): "fetched" for path in late}


def test_new_goes_on_with_what_was_interrupted(home, site):
    """Before it looks for what is new, a run goes on with one that was never finished."""
    home.everything(limit=5)
    home.clock.pass_(days=2)
    assert len(home.new(0)) == COUNT - 5 and len(home.names) == COUNT


def test_new_that_was_interrupted_reads_the_lists_again(home, site):
    """What is published after a run for what is new was interrupted is found the next day."""
    late = [site.paths[0], site.paths[1]]
    for path in late:
        site.hide(path)
    home.everything()
    site.hide(late[0], False)
    home.clock.pass_(days=1)
    site.always[late[0]] = Canned(429, headers=(("Retry-After", "7200"),))
    assert home.fetch(is_new=True, recheck=0).stopped
    site.always.clear()
    site.hide(late[1], False)
    home.clock.pass_(days=1, seconds=9)
    assert home.new(0) == dict.fromkeys(map(slug_of, late), "fetched")


def test_same_decision_by_reference_and_address(home, site):
    """A decision that is asked for twice is fetched once."""
    path = site.paths[0]
    assert fetched(home.fetch(slug_of(path), site.url + path)) == [slug_of(path)]


def test_new_does_not_read_the_whole_list(home, site):
    """A list is read as far as something may be new."""
    home.everything()
    read = site.asked("/Decisions/SearchResults")
    home.clock.pass_(days=1)
    assert home.new(0) == {} and site.asked("/Decisions/SearchResults") < 2 * read


def test_new_keeps_to_what_was_selected(home, site):
    """What is new is looked for among what was selected before."""
    body = body_of(home, site.paths[0])
    home.fetch(selection=Selection(councils=(body,)))
    held = home.names
    home.clock.pass_(days=1)
    assert (home.new(), home.names) == ({}, held)


def test_recheck_is_bounded_and_goes_round(home, site):
    """So many as are asked for are looked at again, those longest not looked at first."""
    home.everything()
    for _ in range(3):
        home.clock.pass_(days=1)
        home.new(9)
    assert sorted(site.asked(path) for path in site.paths) == [2] * 23 + [3] * 2


def test_unchanged_costs_no_page(home, site):
    """A page that is as it was is asked for conditionally, and is not sent again."""
    home.everything()
    before = home.read(slug_of(site.paths[0]))
    home.clock.pass_(days=1)
    home.new()
    answers = [request.status for request in site.log if request.path in site.paths]
    assert answers == [200] * COUNT + [304] * COUNT
    assert home.read(slug_of(site.paths[0])) == before


def test_page_that_differs_around_the_decision_is_unchanged(home, site):
    """A page of which only what stands around the decision differs is not a change."""
    site.has_etags = False
    home.everything()
    before = home.read(slug_of(site.paths[0]))
    site.change(site.paths[0], "<title>", "<title>Today: ")
    home.clock.pass_(days=1)
    assert (home.new(), home.read(slug_of(site.paths[0]))) == ({}, before)


def test_page_replaces_a_copy_that_took_its_place(home, site):
    """Where a person put another copy in the place of a page, the page is fetched again though it did not change."""
    path = site.paths[0]
    home.everything()
    before, text = home.read(slug_of(path)), (SEEDS / "20-001-737.txt").read_text(encoding="utf-8")
    copy = text.replace("20 001 737", str(Reference(slug_of(path)))).encode()
    DecisionFiles(home.folder, ReaderHere()).put(Reference(slug_of(path)), copy)
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "changed"}
    assert ServedPage.from_bytes(home.read(slug_of(path))).content == ServedPage.from_bytes(before).content


def test_page_that_differs_around_the_decision_is_asked_for_conditionally(home, site):
    """A page that differed only around its decision is not sent a third time."""
    home.everything()
    site.change(site.paths[0], "<title>", "<title>Today: ")
    for _ in range(2):
        home.clock.pass_(days=1)
        home.new()
    assert [request.status for request in site.log if request.path == site.paths[0]] == [200, 200, 304]


def test_changed_page_replaces_the_one_held(home, site):
    """A decision that was changed is replaced."""
    path = site.paths[1]
    home.everything()
    site.change(path, "Council", "Corporation")
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "changed"}
    assert b"Corporation" in ServedPage.from_bytes(home.read(slug_of(path))).content


def test_moved_page_has_its_new_address(home, site):
    """A decision that moved for good gets its new address; the next time that is asked."""
    path, new = site.paths[1], f"/decisions/other/moved/{slug_of(site.paths[1])}"
    home.everything()
    site.move(path, new)
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "moved"}
    assert parse(home.read(slug_of(path))).provenance.url == site.url + new
    asked = site.asked(path)
    home.clock.pass_(days=1)
    assert (home.new(), site.asked(path)) == ({}, asked)


def test_canonical_address_counts(home, site):
    """A page that names another address of the site as its own is published there."""
    path, new = site.paths[1], f"/decisions/other/moved/{slug_of(site.paths[1])}"
    site.change(path, path, new)
    home.fetch(site.url + path)
    assert ServedPage.from_bytes(home.read(slug_of(path))).url == site.url + new


def test_detour_is_no_move(home, site):
    """A redirect for the time being moves nothing."""
    path = site.paths[1]
    home.everything()
    site.canned[path] = [Canned(302, b"", (("Location", f"{path}/"),))]
    site.always[f"{path}/"] = Canned(304)
    home.clock.pass_(days=1)
    assert home.new() == {}


@pytest.mark.parametrize("status", [404, 410])
def test_removed_decision_is_taken_down_the_second_day(home, site, status):
    """A decision is taken down once it was missing twice, a day apart."""
    path = site.paths[1]
    home.everything()
    site.remove(path, status)
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "gone"}
    home.clock.pass_(hours=20)
    assert home.new() == {slug_of(path): "gone"} and f"{slug_of(path)}.warc.gz" in home.names
    home.clock.pass_(hours=5)
    assert home.new() == {slug_of(path): "removed"}
    assert f"{slug_of(path)}.warc.gz" not in home.names and len(home.names) == COUNT - 1
    home.clock.pass_(days=1)
    assert home.new() == {}


def test_wrong_address_takes_nothing_down(home, site):
    """An address that has no page tells nothing of a decision that is held from another."""
    slug = slug_of(site.paths[1])
    home.everything()
    for _ in range(2):
        assert the(home.fetch(f"{site.url}/decisions/wrong/other/{slug}")).what == "refused"
        home.clock.pass_(days=2)
    assert home.new() == {} and f"{slug}.warc.gz" in home.names


def test_decision_that_moved_without_a_redirect(home, site):
    """A decision that is missing where it was, and that the search lists elsewhere, has moved there."""
    path, new = site.paths[1], f"/decisions/other/moved/{slug_of(site.paths[1])}"
    home.everything()
    site.move(path, new)
    site.always[path] = Canned(404)
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "gone"}
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "moved"}
    assert ServedPage.from_bytes(home.read(slug_of(path))).url == site.url + new


def test_decision_that_is_still_listed_is_not_taken_down(home, site):
    """A decision that is missing, and that the search lists where it was, stays."""
    path = site.paths[1]
    home.everything()
    site.always[path] = Canned(404)
    for _ in range(3):
        home.clock.pass_(days=1)
        assert home.new() == {slug_of(path): "gone"}
    assert len(home.names) == COUNT


def test_decision_stays_while_the_search_cannot_be_asked(home, site):
    """A decision that is missing stays as long as the site gives no list when it is searched for."""
    path = site.paths[1]
    home.everything()
    site.always[path] = Canned(404)
    home.clock.pass_(days=1)
    home.new()
    home.clock.pass_(days=1)
    searched = home.site._list
    site._list = lambda query: Canned(404) if query.get("t") else searched(query)
    assert home.new() == {slug_of(path): "gone"} and len(home.names) == COUNT


@pytest.mark.parametrize("recheck", [1, 4, None])
def test_relaunched_site_takes_nothing_down(home, site, recheck):
    """Where most pages that are asked for are missing nothing is taken down, and a sentence says why."""
    home.everything()
    for path in list(site.paths):
        site.remove(path)
    for _ in range(4):
        home.clock.pass_(days=1, hours=1)
        report = home.fetch(is_new=True, recheck=recheck)
    assert "the site may have changed" in report.stopped and len(home.names) == COUNT


def test_what_is_taken_down_does_not_wait_for_a_large_recheck(home, site):
    """A decision that is gone is taken down also where few pages are asked for each time."""
    home.everything()
    site.remove(site.paths[1])
    home.new()
    for _ in range(COUNT):
        home.clock.pass_(days=2)
        if "removed" in home.new(1).values():
            break
    assert len(home.names) == COUNT - 1


def test_decision_that_is_published_again_after_a_kill(home, site, monkeypatch):
    """A decision that was taken down by a run that was killed right after is fetched when it is published again."""
    path = site.paths[1]
    content = site._decisions[path]
    home.everything()
    site.remove(path)
    home.clock.pass_(days=1)
    home.new()
    home.clock.pass_(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(State, "put", lambda state, page: killed(page) if page.removed else put(state, page))
        with pytest.raises(KeyboardInterrupt):
            home.new()
    site._decisions[path], site._order, site._last = content, None, None
    site.always.clear()
    home.clock.pass_(days=1)
    assert home.new() == {slug_of(path): "fetched"}


put = State.put


def killed(_):
    raise KeyboardInterrupt


def test_decision_that_comes_back_stays(home, site):
    """A decision that was missing once and is there again stays."""
    path = site.paths[1]
    home.everything()
    site.canned[path] = [Canned(404)]
    for expected in ({slug_of(path): "gone"}, {}, {}):
        home.clock.pass_(days=2)
        assert home.new() == expected
    assert len(home.names) == COUNT


def test_decision_that_a_person_removed_is_not_fetched_again_as_new(home, site):
    """A decision that was taken out of the folder by hand comes back only when it is asked for."""
    home.everything()
    for path in (site.paths[0], site.paths[-1]):
        (home.folder / f"{slug_of(path)}.warc.gz").unlink()
        site.change(path, "Council", "Corporation")
    home.clock.pass_(days=1)
    assert (home.new(), len(home.names)) == ({}, COUNT - 2)
    assert len(fetched(home.everything())) == 2


def test_report_as_json(home):
    """The report as JSON has each decision, the counts, and the three parts of the time."""
    told = json.loads(json.dumps(home.everything(limit=2).as_json()))
    assert (told["counts"]["fetched"], told["pending"], len(told["decisions"])) == (2, 8, 2)
    assert {"seconds", "seconds_waited", "seconds_of_the_site"} <= told.keys()


def test_user_agent_has_no_contact_where_none_is_set(site, tmp_path):
    """Without a contact the User-Agent is the program and its version."""
    with PoliteClient(site.url, "decision-qa/1") as client:
        client.get(f"{site.url}/decisions")
    assert site.log[0].headers["User-Agent"] == "decision-qa/1"
