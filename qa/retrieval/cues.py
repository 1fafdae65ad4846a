"""What a paragraph is like, told from its words: whether it has a sum, a date, a finding, a reason. Pure: no model.

A question of some kind is answered by paragraphs of some kind: “how much …” by one with a sum, “was it fault …” by one
with a finding. Which goes with which is learned (qa.retrieval.selection); here only what there is to go by is read. A
*cue* is a small set of words, pairs of words or signs; it holds or it does not.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from index.text.dates import MONTHS

Cues = npt.NDArray[np.float32]

# A word is in small letters; “a_b” are two that follow each other, “£” is what begins with it, “#” a number.
CUES: dict[str, str] = {
    "sum": "£",
    "number": "#",
    "date": " ".join(month for month in MONTHS if month != "may"),
    "duration": "day days week weeks month months year years hour hours minutes",
    "within": "within by_# deadline",
    "fault": "fault faults maladministration",
    "no fault": "no_fault not_uphold not_find no_evidence without_fault not_fault not_inaccurate cannot_criticise",
    "injustice": "injustice",
    "finding": "i_find i_found i_consider have_found am_satisfied i_am i_accept i_agree uphold we_found we_find",
    "denial": "do_not cannot_say not_satisfied i_cannot cannot_now will_not have_not did_not",
    "should": "should should_have ought",
    "must": "must duty required requires have_to has_to needs_to",
    "may": "may can could might",
    "cannot": "cannot could_not not_allowed no_power no_legal not_enforce not_binding not_legally",
    "reason": "because reason reasons due therefore so",
    "apology": "apologise apologised apologising apologises apology sorry",
    "payment": "pay pays paid payment payments refund reimburse",
    "agreed": "agreed recommend recommended recommendations",
    "improvement": "remind reminders training leaflet ensure review learnt learning",
    "complaint": "complain complains complained complaint complaints",
    "saying": "says said told stated explained confirmed",
    "police": "police bail",
    "school": "school schools",
    "officer": "social_worker officer manager team",
    "record": "record records recorded note notes noted file",
    "evidence": "evidence evidenced shows",
    "statute": "act section regulations schedule statutory",
    "guidance": "guidance procedures procedure policy guide code",
    "contact": "email emailed called phone phoned telephoned letter wrote",
    "meeting": "visit visited visits meeting meetings met",
    "assessment": "assessment assessments assess assessed",
    "delay": "delay delays delayed late timescale longer",
    "stage": "stage_one stage_two stage_three stage",
    "quotation": "“ ‘",
    "distress": "distress upset frustration anxiety anxious uncertainty confusion stress",
    "ombudsman": "ombudsman we our",
    "elsewhere": "commissioner ico ofsted court tribunal",
    "agreement": "consent voluntary agreement agreements signed sign",
    "comparison": "rather instead although though however but despite",
}
NAMES = tuple(CUES)

_TOKEN = re.compile(r"[“‘]|£?[^\W_]+")
_MEANS: dict[str, tuple[int, ...]] = {}
for _place, _words in enumerate(CUES.values()):
    for _word in _words.split():
        _MEANS[_word] = (*_MEANS.get(_word, ()), _place)
_LEADS = frozenset(key.partition("_")[0] for key in _MEANS if "_" in key)


def cues(text: str) -> Cues:
    """Which cues hold of a text: 1 or 0 for each of NAMES, shape (len(NAMES),)."""
    found: set[int] = set()
    before = ""
    for raw in _TOKEN.findall(text):
        token = "£" if raw[0] == "£" else "#" if raw[0].isdigit() else raw.lower()
        if token in _MEANS:
            found.update(_MEANS[token])
        if before in _LEADS:
            found.update(_MEANS.get(f"{before}_{token}", ()))
        before = token
    holds = np.zeros(len(NAMES), dtype=np.float32)
    holds[list(found)] = 1
    return holds
