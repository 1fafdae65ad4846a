"""Composes a Draft: draws what a decision says, from its complaint to its end."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence

from synthetic.draft import Block, Draft, Heading, Item, Items, Paragraph, Quotation, Table, Text
from synthetic.slots import DAY_ONE, DAYS, LETTERS, MEN, MONTH_TEXTS, NUMBER_WORDS, TITLES, Case
from synthetic.words import (
    AREAS,
    BODIES,
    CONCLUSION_FAULT,
    CONCLUSION_NO_FAULT,
    COUNCIL_COUNT,
    METHOD,
    NOT_INVESTIGATED,
    POWERS,
    POWERS_ONLY,
    PROVISOS,
    SHARED_LAW,
)


def reference(number: int) -> str:
    """The reference of decision `number`, counted from 1; no two are alike."""
    index = number - 1
    # A complaint about two bodies gives two decisions, told apart by a letter.
    letter, index = ("a", index) if index % 97 == 0 else ("b", index - 1) if index % 97 == 1 else ("", index)
    # A prime, so that multiplying scatters the running numbers over the year without meeting one twice.
    running = (index // 9 * 7919 + 31) % 99_991
    return f"{15 + index % 9:02} {running // 1000:03} {running % 1000:03}{letter}"


MOST = 9 * 99_991
"""The number of references that there are."""


def make(number: int, seed: int = 1) -> Draft:
    """Decision `number`, counted from 1, of the caseload that `seed` stands for. It does not depend on any other."""
    return _Composer(number, seed).compose()


class _Composer:
    """Tells one decision from its complaint to its end, and remembers what stands in which paragraph."""

    def __init__(self, number: int, seed: int) -> None:
        rng = random.Random(f"{seed}/{number}")
        self.draw = draw = rng.random
        self.reference = reference(number)
        if draw() < 0.06:
            place = COUNCIL_COUNT + int(draw() * (len(BODIES) - COUNCIL_COUNT))
        else:
            place = int(draw() ** 1.5 * COUNCIL_COUNT)  # some councils are complained of more than others
        self.body, called = BODIES[place]
        areas = [area for area in AREAS if called == "Council" or area.for_providers]
        self.area = areas[int(draw() * len(areas))]
        # The mean of what this gives, cut off at both ends, is about 45.
        self.length = min(110, max(15, round(rng.lognormvariate(3.7, 0.47))))
        self.upheld = draw() < 0.62

        year = 2000 + int(self.reference[:2])
        start = datetime.date(year, 4, 1).toordinal() - DAY_ONE - 500 - int(draw() * 500)
        self.case = case = Case(draw, self.area.pools, start, 2 * 600 / (2.6 * self.length))
        title, she, her, them = TITLES[int(draw() * len(TITLES))]
        letter = int(draw() * len(LETTERS))
        child = LETTERS[(letter + 1 + int(draw() * 20)) % len(LETTERS)]
        relative = self.area.pools["relative"][int(draw() * len(self.area.pools["relative"]))]
        called_child = f"{'Mr' if relative in MEN else 'Mrs'} {child}" if self.area.of_adult else child
        case.update(
            {"P": f"{title} {LETTERS[letter]}", "B": called, "C": called_child, "relative": relative, "she": she}
        )
        case.update({"She": she.capitalize(), "her": her, "them": them, "was": "was"})

        self.parts: list[Heading | Paragraph] = []
        self.count = 0
        self.claims: list[tuple[int, str]] = []  # what the person says that the body did, and the paragraph it is in
        self.known: list[tuple[int, str]] = []  # what it did
        self.items: list[tuple[int, str, str]] = []  # items of lettered lists

    # Small tools.

    def head(self, text: str, level: int) -> None:
        self.parts.append(Heading(text.format_map(self.case), level))

    def add(self, *blocks: Block) -> None:
        self.count += 1
        self.parts.append(Paragraph(blocks))

    def say(self, *sentences: str) -> None:
        self.add(Text(" ".join(sentences).format_map(self.case)))

    def fixed(self, paragraph: Paragraph) -> None:
        self.count += 1
        self.parts.append(_filled(paragraph, self.case))

    def some(self, least: int, most: int) -> int:
        return least + int(self.draw() * (most - least + 1))

    def sample(self, paragraphs: Sequence[Paragraph], count: int) -> list[Paragraph]:
        """So many of them, in their order."""
        kept = sorted(range(len(paragraphs)), key=lambda _: self.draw())[:count]
        return [paragraphs[place] for place in sorted(kept)]

    # The decision.

    def compose(self) -> Draft:
        draw, case, length = self.draw, self.case, self.length
        self.complaint(2 + (length > 25) + (length > 60))
        if draw() < 0.35:
            self.head("What I have investigated", 1)
            number, clause = self.claims[0]
            self.add(
                Text(f"I have investigated the complaint in paragraph {NUMBER_WORDS[number]} above, that {clause}.")
            )
        self.head("The Ombudsman’s role and powers", 1)
        category = self.area.category
        powers = [power for i, power in enumerate(POWERS) if category.startswith(POWERS_ONLY.get(i, ("",))) and i]
        for power in (POWERS[0], *self.sample(powers, min(6, 1 + length // 14))):
            self.fixed(power)
        self.head("How I considered this complaint" if draw() < 0.8 else "How I considered the complaint", 1)
        for paragraph in self.sample(METHOD, 2 if length < 40 else 3):
            self.fixed(paragraph)

        not_investigated = self.some(1, 2) if draw() < 0.25 else 0
        remedies = self.some(1, 2 + length // 40) if self.upheld else 0
        rest = max(5, length - self.count - not_investigated - remedies - 1)
        self.head("What I found", 1)
        before = self.count
        grouped = self.law(max(1, round(rest * 0.27)))
        told = max(2, round((rest - (self.count - before)) * 0.56))
        self.happened(told, grouped)
        self.analysis(max(2, rest - (self.count - before)))
        if self.upheld:
            self.head("Agreed action" if draw() < 0.85 else "Recommended action", 1)
            self.action(remedies)
        self.head("Final decision", 1)
        pool = CONCLUSION_FAULT if self.upheld else CONCLUSION_NO_FAULT
        self.say(pool[int(draw() * len(pool))])
        if not_investigated:
            self.head("Parts of the complaint that I did not investigate", 1)
            for paragraph in self.sample(NOT_INVESTIGATED, not_investigated):
                self.fixed(paragraph)

        arrived = datetime.date(2000 + int(self.reference[:2]), 4, 1).toordinal() - DAY_ONE
        ending = max(case.today, arrived) + 60 + int(draw() * 400)
        outcome = "Upheld" if self.upheld else "Not upheld" if draw() < 0.8 else "Closed after initial enquiries"
        return Draft(
            body=self.body,
            reference=self.reference,
            category=category if draw() > 0.04 else None,
            outcome=outcome if draw() > 0.03 else None,
            date=DAYS[ending] if draw() > 0.04 else None,
            summary=self.summary(),
            parts=tuple(self.parts),
        )

    def summary(self) -> str:
        claim = self.claims[0][1]
        start = f"{self.case['P']} complained that {claim}."
        if not self.upheld:
            return f"{start} I found no fault by the {self.case['B']}."
        return f"{start} I found fault, and the {self.case['B']} has agreed to remedy the injustice that it caused."

    def claim(self) -> str:
        """A clause on what the body is said to have done, remembered under the paragraph that comes next."""
        clause = f"the {self.case['B']} {self.case.deal('fault')}"
        self.claims.append((self.count + 1, clause))
        return clause

    def complaint(self, count: int) -> None:
        self.head("The complaint", 1)
        case, prefix = self.case, f"the {self.case['B']} "
        case.telling = False
        case.today = case.start + 500  # looking back on what is told below
        relation = "{P} complained for {her} {relative}, {C}, that " if self.area.of_adult else "{P} complained that "
        if self.draw() < 0.4:
            items = [self.claim().removeprefix(prefix) for _ in range(self.some(2, 4))]
            text = f"{relation}the {{B}}:".format_map(case)
            self.add(Text(text), self.listed(items))
        else:
            clause = self.claim()
            self.add(Text(f"{relation.format_map(case)}{clause}."))
        if count > 2:
            self.add(Text(f"{case['She']} also complained that {self.claim()}."))
        if count > 3:
            self.add(Text(f"Finally, {case['she']} complained that {self.claim()}."))
        self.say("{P} said this had caused {them} distress and had cost {them} {big}.")
        case.telling, case.today = True, case.start

    def listed(self, texts: list[str], lettered: bool = False, nested: int | None = None) -> Items:
        """A list of these texts, punctuated; item `nested` gets a list of its own."""
        last = len(texts) - 1
        joined = self.draw() < 0.5
        items = []
        for place, text in enumerate(texts):
            if place == nested:
                inner = [self.case.deal("nested") for _ in range(self.some(2, 3))]
                end = "." if place == last else ";"
                inner = [f"{text};" for text in inner[:-1]] + [f"{inner[-1]}{end}"]
                items.append(Item(self.case.deal("heads"), tuple(inner)))
            else:
                end = "." if place == last else "; and" if joined and place == last - 1 else ";"
                # An item that ended in "and" would be unfinished where a list within one follows it.
                end = ";" if end == "; and" and nested is not None else end
                items.append(Item(f"{text}{end}"))
        return Items(tuple(items), lettered)

    def law(self, count: int) -> bool:
        """So many paragraphs of law or nearly; returns whether they stand in groups under a heading of their own."""
        topics: list[tuple[str, tuple[Paragraph, ...]]] = []
        others = sorted(SHARED_LAW, key=lambda _: self.draw())
        left = count
        first = int(self.draw() * len(self.area.law))
        for title, paragraphs in (*self.area.law[first:], *self.area.law[:first], *others):
            if left > 0 and not (title.startswith("Statutory") and not self.area.category.startswith("Child")):
                topics.append((title, paragraphs[:left]))
                left -= len(paragraphs)
        form = self.draw()
        grouped = form < 0.35 and len(topics) > 1
        if grouped:
            self.head("Law and guidance" if form < 0.2 else "Legal and administrative background", 2)
        for place, (title, paragraphs) in enumerate(topics):
            if grouped or form < 0.9:
                self.head(title, 3 if grouped else 2)
            elif place == 0 and form < 0.97:
                self.head("Relevant law and guidance", 2)
            for paragraph in paragraphs:
                self.fixed(paragraph)
        return grouped

    def happened(self, count: int, grouped: bool) -> None:
        # Where law stands in groups, "Background" could be one more of them; only what is surely a part may follow.
        if not grouped and self.draw() < 0.3 and count > 4:
            self.head("Background" if self.draw() < 0.5 else "Background to the complaint", 2)
            self.events(2, 0.0)
            count -= 2
        self.head("What happened", 2)
        if count > 9 and self.draw() < 0.4:
            share = -(-count // self.some(2, 4))
            for done in range(0, count, share):
                month = MONTH_TEXTS[self.case.today]
                late = done + share >= count
                titles = ("{P}’s complaint to the {B}",) if late else ("Events from {}", "The months after {}", "{}")
                title = titles[int(self.draw() * len(titles))]
                self.head(title if late else title.replace("{}", month), 3)
                self.events(min(share, count - done), 1.0 if late else 0.0)
        else:
            self.events(count, 0.5)

    def events(self, count: int, complaining: float) -> None:
        """Paragraphs that tell what happened; `complaining` is how much of it is about the complaint."""
        case, draw = self.case, self.draw
        for place in range(count):
            form = draw()
            late = complaining * (place + 1) / count
            if form < 0.16 or (not self.known and place == count - 1):
                self.deed()
            elif form < 0.29:
                self.report(lettered=draw() < 0.25)
            elif form < 0.36:
                self.quotation()
            elif form < 0.372:
                self.table()
            else:
                sentences = [
                    case.deal("complaint" if draw() < late * 0.6 else "fact" if draw() < 0.5 else "contact")
                    for _ in range(1 + int(draw() * draw() * 5.5))
                ]
                if draw() < 0.3:
                    sentences.append(case.deal("says"))
                self.add(Text(" ".join(sentences)))

    def deed(self) -> None:
        case = self.case
        called = case["B"]
        clause = f"the {called} {case.deal('fault' if self.upheld and self.draw() < 0.7 else 'deed')}"
        self.known.append((self.count + 1, clause))
        opening = ("The records of {date} show that ", "It is not in dispute that ", "As {officer} noted on {date}, ")
        start = opening[int(self.draw() * 3)].format_map(case)
        more = f" {case.deal('contact')}" if self.draw() < 0.5 else ""
        self.add(Text(f"{start}{clause}.{more}"))

    def report(self, lettered: bool) -> None:
        case, draw = self.case, self.draw
        texts = [case.deal("item") for _ in range(self.some(2, 6))]
        nested = int(draw() * len(texts)) if draw() < 0.15 else None
        start = f"{case.deal('contact')} " if draw() < 0.3 else ""
        blocks: list[Block] = [Text(start + case.deal("report")), self.listed(texts, lettered, nested)]
        if lettered:
            self.items += [(self.count + 1, "abcdef"[i], text) for i, text in enumerate(texts) if i != nested]
        if draw() < 0.1:
            blocks.append(Text(case.deal("after")))
        self.add(*blocks)

    def quotation(self) -> None:
        case, draw = self.case, self.draw
        lines = [
            " ".join(case.deal("quote") for _ in range(self.some(1, 2)))
            for _ in range(1 if draw() < 0.75 else self.some(2, 3))
        ]
        # In print each paragraph of a quotation opens with a mark, and only the last closes with one.
        each = draw() < 0.5
        lines = [f"“{line}" if each or i == 0 else line for i, line in enumerate(lines)]
        lines[-1] += "”"
        blocks: list[Block] = [Text(case.deal("wrote")), Quotation(tuple(lines))]
        if draw() < 0.1:
            blocks.append(Text(case.deal("after")))
        self.add(*blocks)

    def table(self) -> None:
        case = self.case
        rows = [("Period", "Amount due", "Amount paid")]
        rows += [(f"{case['month']} to {case['month']}", case["big"], case["small"]) for _ in range(self.some(2, 5))]
        self.add(Text("The {B} sent {P} this account on {date}:".format_map(case)), Table(tuple(rows)))

    def analysis(self, count: int) -> None:
        draw = self.draw
        self.case.telling = False
        outermost = draw() < 0.15
        self.head("Analysis" if outermost or draw() < 0.5 else "Was there fault by the {B}?", 1 if outermost else 2)
        level = 2 if outermost else 3
        harm = min(count - 1, self.some(1, 1 + count // 8)) if self.upheld else 0
        count -= harm
        issues = 1 if count < 4 or draw() < 0.35 else self.some(2, max(2, min(5, count // 3)))
        titles: set[str] = set()
        for issue in range(issues):
            if issues > 1:
                title = self.case.deal("issue")
                while title in titles:
                    title = self.case.deal("issue")
                titles.add(title)
                self.head(title, level)
            for _ in range(count * issue // issues, count * (issue + 1) // issues):
                self.finding()
        if harm:
            if outermost and issues > 1:
                self.head("Injustice to {P}", 2)
            elif not outermost:
                self.head("Did the fault cause an injustice?", 2)
            for _ in range(harm):
                self.injury()

    def finding(self) -> None:
        case, draw = self.case, self.draw
        verdict = case.deal("verdict" if self.upheld else "clear")
        form = draw()
        if form < 0.3 and self.known:
            self.look_back(verdict)
        elif form < 0.36 and self.items:
            number, letter, text = self.items[int(draw() * len(self.items))]
            self.add(Text(f"I attach weight to what stands at paragraph {number}({letter}), that {text}. {verdict}"))
        elif form < 0.44:
            number, clause = self.claims[int(draw() * len(self.claims))]
            self.add(Text(f"{case['P']} complained that {clause}. {case.deal('evidence')} {verdict}"))
        elif form < 0.52:
            self.report(lettered=draw() < 0.5)
        elif form < 0.55:
            self.quotation()
        elif form < 0.6:
            self.fixed(POWERS[10])
        else:
            view = [case.deal("view" if draw() < 0.5 else "evidence" if self.upheld else "fair")]
            if draw() < 0.6:
                view.append(case.deal("evidence" if self.upheld else "fair"))
            if draw() < 0.5:
                view.append(verdict)
            self.add(Text(" ".join(view)))

    def look_back(self, verdict: str) -> None:
        """A cross-reference, which says again what stands in the paragraph that it names."""
        draw = self.draw
        number, clause = self.known[int(draw() * len(self.known))]
        form = draw()
        other = self.known[int(draw() * len(self.known))]
        if form < 0.25 and other[0] > number:
            one, two = (NUMBER_WORDS[n] if other[0] <= 20 else str(n) for n in (number, other[0]))
            text = f"I have explained in paragraphs {one} and {two} above that {clause}, and that {other[1]}."
        elif form < 0.5:
            text = f"As I explained in paragraph {number}, {clause}."
        elif form < 0.75:
            text = f"{clause[0].upper()}{clause[1:]} (see paragraph {number})."
        else:
            said = NUMBER_WORDS[number] if number <= 20 else str(number)
            text = f"I said in paragraph {said} above that {clause}."
        self.add(Text(f"{text} {verdict}"))

    def injury(self) -> None:
        sentences = [self.case.deal("harm") for _ in range(self.some(1, 2))]
        if self.draw() < 0.2:
            sentences.append(self.case.deal("small_harm"))
        self.add(Text(" ".join(sentences)))

    def action(self, count: int) -> None:
        self.case.telling = False
        for place in range(count):
            if place and place == count - 1 and self.draw() < 0.7:
                self.fixed(PROVISOS[int(self.draw() * len(PROVISOS))])
                continue
            steps = [self.case.deal("remedy") for _ in range(self.some(2, 4))]
            self.add(Text(self.case.deal("action")), self.listed(steps, lettered=self.draw() < 0.3))


def _filled(paragraph: Paragraph, case: Case) -> Paragraph:
    """The paragraph with its slots filled."""
    return Paragraph(tuple(_filled_block(block, case) for block in paragraph.blocks))


def _filled_block(block: Block, slots: Case) -> Block:
    match block:
        case Text(text):
            return Text(text.format_map(slots)) if "{" in text else block
        case Items(items, lettered) if any("{" in item.text for item in items):
            return Items(tuple(Item(item.text.format_map(slots), item.items) for item in items), lettered)
    return block
