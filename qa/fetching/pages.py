"""Asks the site for the page of one decision, and puts what comes into the folder, or leaves what is there.

A page is put into the folder only if it is the decision that was asked for. What is held is replaced by a newer page of
the same decision only, and taken down only when the site said twice, a day apart, that it is gone from where it was,
and its search lists it nowhere. What was done is noted in the state after it was done.
"""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import replace

from index.decisions import Decision, Reference
from index.errors import NotADecision, NotRead
from index.folder import DecisionFiles
from index.inputs import read_file
from index.served_page import ServedPage
from index.text.dates import in_words
from qa.fetching.polite import Forbidden, NotNow, PoliteClient, Refused, Response, Stopped, Time
from qa.fetching.report import Item, What
from qa.fetching.site import canonical, other_page, unread_charset
from qa.fetching.state import Page, State
from qa.fetching.walk import Lists, NoList

DAY = datetime.timedelta(days=1)
"""How long a page must have been missing before its decision is taken down."""


_OTHERS = {
    "not found": "The site says that there is no such page, though not by its status.",
    "consent": "The site answers with a page that asks for consent to cookies.",
    "shell": "The site answers with an empty page, as it does to some programs.",
    "list": "The site answers with a list of decisions.",
}


class Captcha(Stopped):
    """The site asks whether a person is there."""


class Pages:
    """The pages of decisions, at the site and in the folder."""

    def __init__(self, client: PoliteClient, state: State, files: DecisionFiles, lists: Lists, clock: Time) -> None:
        self._client, self._state, self._files, self._lists, self._time = client, state, files, lists, clock
        self.failures = 0
        """Pages in a row that the site could not give."""
        self.is_forbidden = False
        """Whether robots.txt forbade any of them."""

    def ask(self, reference: Reference, url: str, page: Page | None) -> Item:
        """Ask for a page, conditionally where `page` is held. Raises NotNow, Stopped."""
        try:
            held = self._held(page) if page is not None and page.url == url else None
            is_same = held is not None and page is not None and held.sha256 == page.sha256
            validators = (page.etag, page.last_modified) if page is not None and is_same else (None, None)
            response = self._client.get(url, *validators)
            if response.status in (404, 410):
                self.failures = 0
                return self._gone(reference, url, page, response.status)
            if response.status == 304 and page is not None:
                self.failures = 0
                return self._still(page, response.url if response.moved else page.url)
            if response.status != 200:
                raise NotNow(f"The site answers with status {response.status}.")
            decision, response = self._decision(reference, url, response)
            address = canonical(self._client.site, reference, response.content)
            return self._take(decision, address or (response.url if response.moved else url), response, page)
        except Forbidden as error:
            self.is_forbidden = True
            return Item(reference, "refused", url, str(error))
        except NotNow:
            self.failures += 1
            raise
        except NotRead as error:  # the page may be as good as any; it was not the site that failed
            raise NotNow(str(error)) from None
        except (Refused, NotADecision) as error:
            return Item(reference, "refused", url, str(error))

    def _decision(self, reference: Reference, url: str, response: Response) -> tuple[Decision, Response]:
        """What a page holds, once it is known to be the decision asked for. Raises Refused, NotNow, Stopped."""
        for primed in (False, True):
            kind = response.content_type.partition(";")[0].strip().lower()
            if kind not in ("text/html", "application/xhtml+xml", ""):
                raise Refused(f"What the site gives is no page but “{kind[:40]}”.")
            if charset := unread_charset(response.content_type, response.content):
                raise Refused(f"The page says that it is in “{charset}”, an encoding that is not read here.")
            try:
                decision = self._files.reader.parse(response.content)
            except NotRead:
                raise
            except NotADecision as error:
                other = other_page(self._client.site, response.url, response.content)
                if other == "captcha":
                    raise Captcha(
                        "The site asks whether a person is there (a captcha), so nothing more is asked of it. Try "
                        "again another day."
                    ) from None
                if other in ("shell", "consent"):
                    if primed:
                        raise NotNow(_OTHERS[other]) from None
                    self._lists.prime()
                    response = self._client.get(url)
                    continue
                raise Refused(_OTHERS.get(other or "", f"The page was not taken. {error}")) from None
            if decision.reference != reference:
                raise Refused(f"The page is that of another decision, {decision.reference}.")
            self.failures = 0
            return decision, response
        raise AssertionError  # the second round ends it

    def _take(self, decision: Decision, address: str, response: Response, page: Page | None) -> Item:
        """Put a page into the folder. Raises NotADecision where something else stands in its place; OSError."""
        reference, now = decision.reference, self._time.now().replace(microsecond=0)
        served = ServedPage(
            address, now, response.content, response.content_type or "text/html", response.etag, response.last_modified
        )
        what: What = "fetched"
        held = None if page is None else self._held(page)
        if page is not None:  # of what a person saved in its place the page is a change even where the words are equal
            is_same = held is not None and self._held_decision(reference) == decision
            what = "changed" if not is_same else "moved" if address != page.url else "unchanged"
        checked = self._time.now()
        known = Page(reference, address, served.sha256, checked, checked, response.etag, response.last_modified)
        if what == "unchanged" and page is not None and held is not None:
            # What differs is not of the decision; its file stays.
            known = replace(known, fetched=page.fetched, sha256=held.sha256)
        else:
            self._files.put(reference, served.to_bytes())
        self._state.put(known)
        was = f"It was at {page.url}." if page is not None and page.url != address else ""
        return Item(reference, what, address, was)

    def _held(self, page: Page) -> ServedPage | None:
        """What is held of a page as it was served; None where something else, such as what a person saved, is."""
        for path in self._files.named(page.reference)[:1]:
            with suppress(NotADecision):
                return ServedPage.from_bytes(read_file(path))
        return None

    def _held_decision(self, reference: Reference) -> Decision | None:
        for path in self._files.files_of(reference):
            return self._files.reader.parse(read_file(path))
        return None

    def _still(self, page: Page, address: str) -> Item:
        """Note that a page is as it was, though it may have another address."""
        now = self._time.now()
        known = replace(page, url=address, checked=now, gone=None)
        if address == page.url:
            self._state.put(known)
            return Item(page.reference, "unchanged", address)
        for path in self._files.files_of(page.reference)[:1]:
            served = replace(ServedPage.from_bytes(read_file(path)), url=address, fetched=now.replace(microsecond=0))
            self._files.put(page.reference, served.to_bytes())
        self._state.put(known)
        return Item(page.reference, "moved", address, f"It was at {page.url}.")

    def _gone(self, reference: Reference, url: str, page: Page | None, status: int) -> Item:
        """Note that a decision is missing where it was; that another address has none tells nothing of it."""
        now, said = self._time.now(), f"The site has no page there (status {status})."
        if page is None or url != page.url:
            return Item(reference, "refused", url, said)
        self._state.put(replace(page, gone=page.gone or now, checked=now))
        return Item(reference, "gone", url, f"{said} It is taken down if --new finds that still so in a day.")

    def take_down(self, missing: Item) -> Item:
        """What becomes of a decision that is missing: it goes if it was so a day before and the search has it nowhere.

        Raises NotNow, Stopped.
        """
        reference, page = missing.reference, self._state.page(missing.reference)
        if page is None or page.gone is None or page.checked - page.gone < DAY:
            return missing
        said = f"The site has no page there, and had none on {in_words(page.gone)}"
        try:
            listed = self._lists.find(reference)
        except NoList as error:
            return Item(reference, "gone", page.url, f"{said}; it stays while the search cannot be asked. {error}")
        if listed == page.url:
            return Item(reference, "gone", page.url, f"{said}; it stays while the search lists it there.")
        if listed is not None:
            return self.ask(reference, listed, page)
        now = self._time.now()
        self._files.take_down(reference, now.date())
        self._state.put(replace(page, removed=now))
        return Item(reference, "removed", page.url, f"{said}.")
