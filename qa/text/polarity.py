"""Negation and modality: the words that say that something is not so, must be, may be, or is yet to be done. Pure.

One list for each sense, each with texts in which it is found and texts in which it is not. It knows the words alone,
and not what is said by them: fault, complaints and figures belong elsewhere.
"""

from __future__ import annotations

import re

EXAMPLES: dict[re.Pattern[str], tuple[tuple[str, ...], tuple[str, ...]]] = {}
"""For each pattern texts in which it is found, and texts in which it is not."""


def _cue(
    pattern: str, found: tuple[str, ...], not_found: tuple[str, ...], flags: int = re.IGNORECASE
) -> re.Pattern[str]:
    compiled = re.compile(pattern, flags | re.VERBOSE)
    EXAMPLES[compiled] = found, not_found
    return compiled


# Negation

ADVERBS = "not never cannot"
"""Those that stand beside a verb, and negate it."""
NEGATIONS = frozenset(f"{ADVERBS} no nor neither none nobody nothing without".split())
"""The words that negate by themselves; others that deny, such as “failed” and “unable”, say also what was not done."""

CONTRACTED_NOT = _cue(r"n[’']t\b", ("It didn’t.", "It isn't so."), ("the parents’ tea", "an ant"))
_NEGATIONS = "|".join(sorted(NEGATIONS))
NEGATION = _cue(
    rf"\b(?:{_NEGATIONS})\b | {CONTRACTED_NOT.pattern}",
    ("There was no fault.", "It cannot be so.", "Nobody didn’t know.", "It did so without notice."),
    ("It noted a fault.", "It failed to pay.", "It was unable to.", "an announcement"),
)
NEGATIVE = _cue(  # also verbs and adjectives
    rf"""
    \b(?: {_NEGATIONS} | unable | lack(?:s|ed|ing)? | fail(?:s|ed|ing|ures?)? | refus\w+ | absence | omit\w* | unlikely
      | unaware | unclear | uncertain\w* )\b
    | {CONTRACTED_NOT.pattern}
    """,
    ("There was no fault.", "It failed to pay.", "its refusal", "It didn’t pay.", "a lack of care", "It is unlikely."),
    ("It noted a fault.", "black", "the under-fives", "It declined.", "It disputed that."),
)
NEGATED = rf"(?:\b(?:{ADVERBS.replace(' ', '|')}|no|nor|neither)\b|{CONTRACTED_NOT.pattern})"
"""What stands before a verb that is negated."""
DENIAL = _cue(  # of a word's beginning: “under”, “until”, “discussed” and “dentist” deny nothing
    r"""
    ^(?: fail|refus|reject|den(?:y|ied|ies|ial)|lack|rather\b|instead\b
      | dis(?:agree|allow|approv|believ|content|continu|honest|miss|prov|put|regard|satisf)
      | un(?:able|accept|aware|certain|clear|convinc|fair|found|happy|help|inform|just|know|law|likely|met\b|necess
        |reason|safe|satisf|substantia|success|suit|sure|true|warrant|will) )
    """,
    ("failed", "denied", "unlawfully", "dismissed", "instead"),
    ("under", "until", "discussed", "dentist", "flack", "unmetered"),
    re.NOFLAG,
)

# Modality

MODAL_VERBS = "should would could must will can may might shall"
OBLIGATION = _cue(
    r"\b(?:must|shall|requir\w+|has\ to|have\ to|had\ to|dut(?:y|ies)|oblig\w+|needs?|needed|legally)\b",
    ("It must pay.", "It has to pay.", "its duties", "It is required to.", "It is legally so."),
    ("It should pay.", "mustard", "It will pay.", "It has two."),
)
RECOMMENDATION = _cue(
    r"\b(?:should|ought|expect\w*|recommend\w*)\b",
    ("It should pay.", "I recommended that.", "It is expected to."),
    ("It must pay.", "the shoulder", "It will pay."),
)
POSSIBILITY = _cue(
    r"\b(?:may|might|can|could)\b",
    ("It may pay.", "It could be so."),
    ("It paid in May.", "It will pay.", "It cannot pay."),  # a month; and a negation
    re.NOFLAG,
)
POSSIBLY_NOT_SO = _cue(
    r"\b(?:if|whether|unless|(?:may|might|could|would)\s+(?:not\s+)?have)\b",
    ("It asked whether he paid.", "He might have paid.", "He may not have paid."),
    ("He may pay.", "He had paid.", "a gift"),
)
HYPOTHETICAL = _cue(
    r"""
    \b(?:if|whether|unless|when|where|may|might|could|would|should|must|can|had|until|once|possib\w+|unclear
      |uncertain\w*)\b
    """,
    ("It is unclear.", "When he paid", "He might have.", "possibly"),
    ("He paid.", "He has paid.", "nowhere"),
)
RESOLVE = _cue(
    r"\b(?:will|shall|agree|decid|promis|going\s+to)",
    ("It will pay.", "It agreed.", "It decided.", "It is going to pay."),
    ("It may pay.", "It is going there.", "a goodwill gesture"),
)
UNREAL = _cue(  # before a verb of which no deed is told: “how to complain”
    r"\b(?:to|not|never|can|could|may|might|would|should)\s*\Z",
    ("It told her how to ", "She did not ", "He could "),
    ("It was not so. She ", "She ", "He must "),
)

# What is to be done is not done yet

TO_BE_DONE = _cue(
    r"""
    \b(?: agree[ds]?\s+to | will | recommend\w* | ask(?:s|ed)?\s+\w+\s+to | should | ought\s+to | want(?:s|ed)?
      | offer(?:s|ed)?\s+to | decided\s+to | promise[sd]?\s+to | plan(?:s|ned)\s+to | intend\w* | expect(?:s|ed)\s+to
      | (?:could|would)\s+(?:\w+\s+)?have | unwilling\s+to
      | (?:declin|refus|tr|attempt|threaten|hop)(?:e[sd]?|ed|ied|ies)\s+to
      | likely\s+to | at\s+risk )\b
    """,
    ("It agreed to pay.", "It will pay.", "It could have paid.", "It refused to pay.", "It is likely to pay."),
    ("It paid.", "It agreed.", "It must pay.", "It expects payment."),
)
MENTIONS_UNDONE = _cue(  # in a sentence that does not say simply that it was done
    rf"""
    \b(?: agree[ds]? | agreement | will | would | recommend\w* | ask(?:s|ed)? | expect\w* | should | must | to\s+be
      | want\w* | offer\w* | decid\w+ | promis\w+ | plan\w* | intend\w* | due\s+to | need(?:s|ed)? | ha(?:[ds]|ve)\s+to
      | invit\w+ | request\w* | propos\w+ | remed\w+ | action | could | ought | might | may | not | cannot | fail\w*
      | fault | without | no | never | duty | supposed | lack\w* | declin\w+ | refus\w+ | tr(?:y|ied|ies) | attempt\w*
      | threaten\w* | hop(?:e|es|ed|ing) | unwilling | likel\w+ | risk\w* )\b | {CONTRACTED_NOT.pattern}
    """,
    ("It agreed to pay.", "It did not pay.", "It is at fault.", "It hoped to pay.", "It failed to pay.", "Its remedy"),
    ("It paid.", "It apologised in 2020.", "It has paid."),
)
UNDONE_BEFORE = _cue(  # at the end of what stands before a verb, or a few words ahead of that
    r"""
    \b(?: agree[ds]? | will | would | recommend(?:s|ed)? | ask(?:s|ed)? | expect(?:s|ed)? | should | must
      | want(?:s|ed)? | offer(?:s|ed)? | decide[sd]? | promise[sd]? | plan(?:s|ned) | intend(?:s|ed)? | due
      | request(?:s|ed)? | invite[sd]? | propose[sd]? | could | can | ought | may | might | not | cannot | never | no
      | fail\w* | without | if | whether | likely | unlikely | risks? | declin\w+ | refus\w+ | tr(?:y|ied|ies)
      | attempt(?:s|ed)? | fault | hoped | to ) (?:\W{1,9}+\w{1,30}+){0,6}+\W{0,9}+\Z
    """,
    ("It agreed that she be ", "It should have ", "It failed to ", "It did not on that day "),
    ("It ", "It has on that day ", "It should have met her, and after that on a later day it finally "),
)
FUTURE_OR_POSSIBLE = _cue(
    rf"{TO_BE_DONE.pattern} | \b(?:would|might|may|could)\b",
    ("It agreed to pay.", "It might pay.", "It would pay."),
    ("It paid.", "It can pay.", "It must pay."),
)
