"""Whether a question asks for what no decision tells: what happened since, what is usual, advice on one's own case.

    question → its asking clauses → one rule each → Beyond, or None

A decision tells what was complained of, found and agreed, up to the day it was made. A rule knows one way to ask for
something else. A question is beyond the decisions only if each of its asking clauses is: somebody's story that ends
with a question about the rule (“can they make me sign?”) is not, nor is a question of which one half can be answered.

It reads words only: no index, no model. It must not guess: a question that it does not know is left to the search, and
one that a decision may answer is worse caught than missed. Every pattern is linear: repeats are bounded, and words are
cut at 40 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "since",
    "tariff",
    "own_case",
    "precedent",
    "guidance",
    "status",
    "people",
    "contact",
    "statistics",
    "review",
    "opinion",
    "count",
]
"""What is asked for."""

LONGEST = 2000
"""Characters of a question that are read."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """That no decision tells what is asked: its kind, and one sentence that says why, with one signpost."""

    kind: Kind
    detail: str


_DETAILS: dict[Kind, str] = {
    "since": "The decisions say what was agreed, not what was done since. Ask the council, or look it up at "
    "www.lgo.org.uk/your-councils-performance.",
    "tariff": "Each decision says what was paid in that case; none says what is usual, or paid in all. Ask what was "
    "paid for something, such as distress.",
    "own_case": "The decisions are about other people's cases, so they cannot advise on yours. To complain, start at "
    "www.lgo.org.uk/make-a-complaint.",
    "precedent": "The decisions do not say how far they bind anyone else. The Ombudsman explains what a decision "
    "means at www.lgo.org.uk.",
    "guidance": "This is in the Ombudsman's own guidance, which is not held here. It is published at "
    "www.lgo.org.uk/information-centre.",
    "status": "Only decisions that are published are held, not complaints that are under way. Ask the Ombudsman at "
    "www.lgo.org.uk/contact-us.",
    "people": "The decisions do not say who the people in them are. Ask about someone by their part in the case, "
    "such as “the social worker”.",
    "contact": "The decisions hold no contact details. The Ombudsman's are at www.lgo.org.uk/contact-us; a council's "
    "are on its own site.",
    "statistics": "Each decision is about one case, so none has figures about the Ombudsman's work. They are in its "
    "annual reviews, at www.lgo.org.uk/information-centre.",
    "review": "The decisions do not say what became of them: reviews, court cases or press reports. The Ombudsman "
    "explains how to ask for a review at www.lgo.org.uk.",
    "opinion": "The decisions say what the Ombudsman decided, not whether it was right. Ask for the reasons it gave.",
    "count": "The decisions do not count their own words. Search for a word to see the paragraphs that have it.",
}


# The asking clauses --------------------------------------------------------------------------------------------------

_AUXILIARY = (
    "is|isn't|are|aren't|was|wasn't|were|weren't|has|hasn't|have|haven't|had|do|don't|does|doesn't|did|didn't|"
    "can|can't|could|couldn't|will|won't|would|should|shouldn't|must|may|might|am"
)
_OPENS = re.compile(
    r"(?:what|what's|whats|which|who|who's|whose|why|how|how's|whether|if so)\b|where's\b"
    rf"|(?:when|where) (?:{_AUXILIARY})\b|(?:{_AUXILIARY}) "
    r"|(?:draft|write|give|tell|show|find|help|list|explain|advise|update)\b"
)
"""How a clause begins that asks."""

_FILLER = (
    r"(?:please|hi|hello|hey|so|ok|okay|well|and|but|also|or|then|just|again|anyway|sorry|thanks"
    r"|any idea|just wondering"
    r"|(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody) (?:please |kindly |just )?"
    r"(?:tell (?:me|us)|say|explain|advise)"
    r"|(?:do|does) (?:you|anyone|anybody|we) (?:happen to )?know|is it known|does it say|(?:please )?tell (?:me|us)"
    r"|(?:i|we)(?:'d| would)? (?:like|love|want|need|wish) to (?:know|ask|find out)"
    r"|(?:i'm|i am|i was|we're|we are|we were) (?:just )?(?:wondering|asking)|i wonder|(?:my|our|the) question is)"
)
_FILLERS = re.compile(rf"(?:{_FILLER} ){{1,5}}")

# “…, and did the council pay?” begins a new clause; “… and is now late”, “… and was told” do not.
_SUBJECT = (
    r"(?:the|a|an|my|our|your|his|her|their|its|this|that|these|those|it|he|she|they|we|i|you|there|any|anyone|anybody|"
    r"councils?|mrs?|ms|ombudsman)\b"
)
_JOINT = re.compile(
    rf"(?:,| (?:and|but|or|also)(?= )|-) {{1,9}}(?:and |but |or |also |then |if so,? ){{0,2}}"
    rf"(?=(?:what|what's|who|who's|which|why|how|did|does|do)\b|(?:when|where) (?:{_AUXILIARY})\b"
    rf"|(?:{_AUXILIARY}) {_SUBJECT})"
)
_RULE_ASKED = re.compile(
    r"\b(?:is|was) (?:that|this|it) (?:\S+ )?(?:allowed|legal|lawful|right|ok|okay|normal|fault)$"
    r"|\b(?:can they|are they allowed|do (?:i|we) have to)\b"
)
_SOURCE = re.compile(r"\s{0,9}according to ")  # belongs to what is asked
_SENTENCE = re.compile(r"[^?!.;\n]{1,2000}[?!.;\n]?")
_DOT = re.compile(r"\.(?:(?<=\b(?:mr|ms|dr|st|no|eg|ie)\.)|(?<=\bmrs\.))|[.,](?:(?<=\d.)(?=\d))")  # ends no sentence
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "\t": " ", "\r": "\n", "\xa0": " "})
_WORD = re.compile(r"[£$]?[\w'-]+")


def _asked(text: str) -> list[str]:
    """The clauses of a question that ask something, in small words that are apart by one space."""
    text = _DOT.sub("", text[:LONGEST].casefold().translate(_PLAIN))
    sentences = _SENTENCE.findall(text)
    found = [clause for sentence in sentences for clause in _clauses(sentence)]
    if found:
        return found
    # Nobody put a question mark or began with a word that asks: keywords, or a story that ends with what is wanted.
    return [plain for plain in (_plain(sentence) for sentence in reversed(sentences)) if plain][:1]


def _clauses(sentence: str) -> Iterator[str]:
    found = False
    for part in [sentence] if _SOURCE.match(sentence) else _JOINT.split(sentence):
        plain = _plain(part)
        opened = _FILLERS.match(f"{plain} ")
        clause = plain[opened.end() :] if opened else plain
        # Without a comma or a full stop, who asks for the rule may have told the whole story before it.
        if clause and (_OPENS.match(clause) or (opened and clause.startswith("if ")) or _RULE_ASKED.search(clause)):
            found = True
            yield clause
    if not found and "?" in sentence and (plain := _plain(sentence)):
        yield plain


def _plain(text: str) -> str:
    return " ".join([word[:40] for word in _WORD.findall(text)])


# Words that several rules use ----------------------------------------------------------------------------------------

_BODY = r"(?:\S+ ){1,6}"
_DECISION = r"(?:final )?(?:decisions?|rulings?|judge?ments?|verdicts?|findings?|adjudications?)"
_OMBUDSMAN = r"(?:ombudsman|ombudsman's|ombudsmans|ombudsmen|lgo|lgo's|lgsco|lgsco's)"
_OMBUDSMANS = rf"(?:(?:the |an |your )?(?:local government (?:and social care )?)?{_OMBUDSMAN})"
_THIS = (
    rf"(?:(?:the |an? |any |one of the |this |that )?{_OMBUDSMAN} (?:{_DECISION}|reports?)"
    rf"|(?:this|these|that|those|such an?|your|one of these) {_DECISION}"
    rf"|(?:the |an? )?{_DECISION} (?:of|by|from) (?:the |an )?ombudsman)"
)
_NAMED = rf"the (?:\S+ ){{1,3}}{_DECISION}"
_MONEY = r"(?:compensation|payments?|payouts?|pay-outs?|sums?|amounts?|awards?|redress|figures?|settlements?)"
_HARM = (
    r"(?:distress|time and trouble|uncertainty|frustration|inconvenience|injustice|stress|upset|worry|anxiety|hurt|harm"
    r"|(?:a |the )?(?:lost|missed|missing) \S+|loss of \S+|(?:an? )?(?:late|delayed|avoidable|poor) \S+|delays?)"
)
_USUAL = r"(?:average|typical|usual|normal|standard|going|mean|median|common|customary)"
_USUALLY = r"(?:usually|typically|normally|generally|on average|as a rule|tend to|commonly|ordinarily)"
_REALLY = r"(?:actually|really|in fact|ever|genuinely)"
_ANYONE = (
    r"(?:i|we|you|one|someone|somebody|anyone|people|families|a family|a person|parents|complainants|a complainant)"
)
_NOW = r"(?:now|nowadays|today|these days)"
_GENERAL = r"\b(?:if|when|while|once|until|unless|before|must|should|duty|duties|have to|has to)\b"
"""Where the rule is asked for, not what became of one case."""

_OTHER_DECIDERS = (
    r"\b(?:panel|tribunal|adjudicator|court|judge|committee|inspector|governors|council|school)(?:'s|s)?\b"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to ask for what no decision tells. `examples` are caught by it, `spares` are not caught at all."""

    kind: Kind
    words: frozenset[str]
    """A clause with none of these is not worth trying."""
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    """What, in the clause, makes it a question that a decision may answer."""
    examples: tuple[str, ...]
    spares: tuple[str, ...]

    def holds(self, clause: str) -> bool:
        """Whether an asking clause is one of these."""
        return bool(self.pattern.search(clause)) and not (self.unless and self.unless.search(clause))


def _rule(kind: Kind, words: str, pattern: str, examples: str, spares: str, unless: str = "") -> Rule:
    """`examples` and `spares` have one a line; where a line of `pattern` ends, nothing stands."""
    return Rule(
        kind,
        frozenset(words.split()),
        re.compile(re.sub(r"\s*\n\s*", "", pattern)),
        re.compile(unless) if unless else None,
        tuple(line.strip() for line in examples.strip().splitlines()),
        tuple(line.strip() for line in spares.strip().splitlines()),
    )


RULES: tuple[Rule, ...] = (
    # What was done since: “has … yet”, “has … since the decision”; not “since the complaint”.
    _rule(
        "since",
        "yet since far",
        rf"""
        ^(?:(?:has|have|hasn't|haven't)[ ](?!i |we |my |our )|(?:whether|if)[ ](?:\S+[ ]){{1,6}}(?:has|have)[ ])
        .{{0,200}}\b(?:yet|so far|since(?: then)?$
        |since (?:the |that |this )?(?:{_OMBUDSMAN} )?{_DECISION}\b)
        """,
        """
        Has the council done the training since?
        Has Kent paid her yet?
        I'd like to know if Halton has apologised yet
        Have there been more complaints since the decision?
        """,
        """
        Has the council changed its practice since the complaint?
        Can I go to the Ombudsman if the council has not replied yet?
        Have I waited long enough yet?
        Has the council broken the law by not finishing the assessment yet?
        """,
        unless=rf"^(?:has|have) .*(?:{_GENERAL}|\b(?:broken|breached|at fault|failed|the law)\b)",
    ),
    # Whether the money came: in the end, up, on time, by now; not what was paid for (a taxi, the rent).
    _rule(
        "since",
        "pay paid hand handed refund refunded reimburse reimbursed transferred",
        rf"""
        ^(?:did|has|have|whether|if)[ ](?:\S+[ ]){{1,12}}?
        (?:(?:pay|paid)[ ]up\b
        |{_REALLY}[ ](?:pay|paid|hand(?:ed)? over|refund(?:ed)?|reimbursed?|transferred)(?! for| towards)
        (?:$|[ ](?:(?:its|their|the|that|this|any|all) )?(?:\S+ ){{0,4}}
        (?:money|compensation|£?\d+|sum|remedy|cash|her|him|them|it|up|out|family|mother|father|parents|couple
        |complainant|yet)\b)
        |(?:pay|paid|handed over)(?: out| it| him| her| them| the \S+| £?\d+| mrs? \S+| ms \S+)?
        [ ](?:in the end|by now|on time|in time|by the deadline|as promised|as agreed|as ordered)$)
        |^(?:has|have)[ ](?!i |we )(?:\S+[ ]){{1,4}}?paid(?:$|[ ](?:him|her|them|the money|the compensation
        |the remedy)$)
        """,
        """
        Did Halton pay in the end?
        Has Kent paid up?
        Did they ever pay the compensation?
        Did the council actually pay the £500?
        Has the council paid?
        Has Bury actually handed over the money it promised?
        Did the council really pay the family on time?
        """,
        """
        What did the council pay in the end?
        Did the council pay for the taxi in the end?
        Did the council ever pay for her hotel?
        Did the council ever pay her rent?
        Has the council paid the carer the right allowance?
        Did the council reply by the deadline?
        """,
        unless=rf"{_GENERAL}|\b(?:rent|allowance|benefit|wages|fees?|(?:pay|paid)(?: \S+)? for)\b",
    ),
    # “has it actually …”: what one may say of what was agreed, in the perfect.
    _rule(
        "since",
        "actually really fact",
        rf"""
        ^(?:has|have)[ ](?!i |we )(?:\S+[ ]){{1,4}}?{_REALLY}[ ](?:\S+ly[ ])?
        (?:sent|apologised|apologized|trained|retrained|reviewed|published|done it|done what|done the|carried
        |implemented
        |complied|delivered|changed anything|paid|refunded|put|made|held|issued|coughed|written)\b
        |^(?:did|has|have)[ ](?:\S+[ ]){{1,4}}?{_REALLY}[ ](?:send|sent|give|given|show|shown|provide|provided)
        [ ]{_OMBUDSMANS}[ ](?:\S+[ ]){{0,2}}(?:proof|evidence)\b
        """,
        """
        Has the council actually sent the apology?
        Have they really trained their staff?
        Did the council really send the ombudsman its proof?
        """,
        """
        Has the council actually broken the law?
        Did the council actually tell him to leave?
        Did the council really have any evidence?
        """,
        unless=rf"{_GENERAL}|\b(?:paid|made|put)(?: \S+){{0,3}} (?:for|clear|sense|sure|allowance|rent)\b",
    ),
    # Whether it did what the Ombudsman recommended; recommendations of others are told in the decisions.
    _rule(
        "since",
        "comply complied complying carry carried implement implemented act acted honour honoured complete completed "
        "do did done",
        rf"""
        ^(?:did|has|have|is|was|were|whether|if)[ ](?:\S+[ ]){{0,8}}
        (?:compl(?:y|ied|ying) with|carr(?:y|ied) out|implement(?:ed)?|act(?:ed)? on|honour(?:ed)?|completed?)
        [ ](?:all |any |everything |of |the |its |their |these |those ){{0,3}}(?:{_OMBUDSMAN} |agreed |recommended )?
        (?:recommendations?|remedy|remedies|agreed actions?|{_OMBUDSMAN} decision)
        (?:[ ](?:yet|since|on time|in time|in full|in the end|(?:it|they) agreed(?: to)?|(?:of|by|from
        |made by) the ombudsman
        |that .{{0,40}}))?$
        |^(?:did|has|have|whether|if)[ ](?:\S+[ ]){{0,8}}(?:do|did|done)[ ](?:everything |all )?(?:what |that |as )?
        the[ ]ombudsman[ ](?:told|asked|recommended|ordered|said|wanted|required|suggested)
        |^how many[ ](?:\S+[ ]){{0,5}}(?:complied with|carried out)[ ](?:all )?(?:the |their |its )?
        (?:ombudsman's )?(?:recommendations|remedies)\b
        """,
        """
        Has Kent complied with the recommendations?
        Did it carry out the remedies it agreed to?
        Did the council do what the Ombudsman told it to?
        How many councils complied with the recommendations?
        """,
        """
        Did the council carry out the recommendations of the stage two investigation?
        Did the council comply with the Act?
        What happens if a council does not do what the Ombudsman recommended?
        Did the council complete the assessment?
        """,
        unless=r"\b(?:stage|panel|investigator|conference|ofsted|tribunal|court|provide evidence)\b",
    ),
    # Who is still there, and what is still done.
    _rule(
        "since",
        "still",
        r"""
        ^(?:is|are|whether|if)[ ](?:\S+[ ]){1,14}?still[ ]
        (?:there|working|employed|in (?:post|charge|use|force|place|(?:a|the|his|her|their) jobs?)|at the (?:council
        |school)
        |registered|on the register|a social worker|running|practising|doing (?:it|this|that)
        |the law|true|valid|current|good law|up to date)\b
        |^(?:do|does|whether|if)[ ](?!an? )(?:\S+[ ]){1,5}?still[ ](?:use|do this|do that|do it|make|ask|issue|run
        |employ|works?)\b
        """,
        """
        Is the social worker still there?
        Is the officer who shouted at her still in a job?
        Does the council still use written agreements?
        Is this still the law?
        """,
        """
        Is a child still looked after if the parents agree?
        Does a council still owe a duty when the tenant moves away?
        Is the plan still in force while the family appeals?
        """,
        unless=_GENERAL,
    ),
    # How they are now.
    _rule(
        "since",
        "now today nowadays days",
        rf"""
        ^(?:is|are)[ ](?:the|his|her|their|mrs?|ms|he|she|they)[ ](?:\S+[ ]){{0,6}}
        (?:back|home|living|safe|well|ok|okay|happy|in care|in school|at school)\b.{{0,60}}[ ]{_NOW}$
        |^(?:how|where)(?:'s|[ ]is|[ ]are)[ ](?:\S+[ ]){{1,5}}{_NOW}$
        """,
        """
        Are the children back with their parents now?
        Where is the family now?
        How is she doing these days?
        """,
        """
        Is the council required to do this now?
        What is the law now?
        Are the parents allowed to be at home now?
        """,
        unless=r"\b(?:allowed|required|supposed|entitled|legally"
        r"|defined|calculated|worked out|assessed|measured|regulated|law|rules?)\b",
    ),
    # What happened since.
    _rule(
        "since",
        "since after became become",
        rf"""
        ^what(?:'s|s| has| have| is)?[ ](?:\S+[ ]){{0,6}}happened[ ](?:to (?:\S+ ){{1,4}})?since(?: then)?$
        |^what(?:'s|s| has| have)[ ](?:\S+[ ]){{0,6}}(?:happened|done|changed|become)[ ].{{0,60}}since[ ](?:the |that[ ]
        |this )?
        (?:{_OMBUDSMAN} )?{_DECISION}\b
        |^what[ ](?:did|happened)[ ].{{0,80}}after[ ](?:the |that |this )?
        (?:{_OMBUDSMAN} (?:{_DECISION}|reports?)|{_DECISION} (?:was|were|came|had been) (?:published|issued|out))
        |^what(?:'s| has|s)?[ ](?:become|became)[ ]of[ ](?:the |him|her|them|mrs? |ms )
        """,
        """
        What has happened since?
        What has Kent done since the Ombudsman's decision?
        What became of the children?
        What happened to the family after the decision was published?
        """,
        """
        What has the council done since the complaint?
        What happened after the decision to remove the child?
        What must the council do after the decision?
        """,
        unless=r"\bearlier\b|\bprevious\b",
    ),
    # Whether it was ever published; whether anyone lost their job.
    _rule(
        "since",
        "ever sacked fired disciplined job jobs struck",
        rf"""
        ^(?:was|were|has|have|did|whether|if)[ ]{_BODY}ever[ ](?:been |get |got )?
        (?:published|publish|released|printed|sacked|fired|struck off)\b
        |^(?:was|were|did|has|have)[ ](?:anyone|anybody|someone|any of them|the \S+(?: \S+)?)[ ]
        (?:at the council |there |ever |been |actually ){{0,2}}(?:get |got )?
        (?:sacked|fired|struck off|disciplined for this|lose (?:his|her|their) jobs?)\b
        """,
        """
        Was the leaflet ever published?
        Did the council ever publish the report?
        Was anyone sacked?
        Did the social worker lose her job?
        """,
        """
        Was the mother ever told that it was voluntary?
        Did the council ever visit the home?
        Can a council discipline its staff because of a complaint?
        Was the report ever published by the safeguarding board?
        """,
        unless=r"\bby\b",
    ),
    _rule(
        "since",
        "changed compliance",
        r"""
        ^has[ ](?:the law|the guidance|anything|this|that|it|the policy|the practice)[ ](?:\S+ )?changed$
        |\bcompliance[ ](?:since|after|records?|statements?|rates?)\b
        """,
        """
        Has the law changed?
        Bury compliance record
        Any evidence of compliance since?
        """,
        """
        Has the council changed how it records agreements?
        compliance with the Mental Capacity Act
        """,
    ),
    # What is usual.
    _rule(
        "tariff",
        "average typical usual normal standard going mean median common customary",
        rf"""
        \b{_USUAL}[ ](?:(?:level|levels|rate) (?:of|for) )?
        (?:{_MONEY}[ ](?:for|of|paid for|given for|awarded for) {_HARM}|compensation\b
        |{_HARM}[ ](?:payments?|awards?)
        |(?:rate|price|sum|amount|payment|award|payout|figure)s?[ ](?:for|of) {_HARM}|{_HARM}$
        |(?:payout|pay-out|redress|settlement)s?\b)
        |^what(?:'s|s| is| are| would be)[ ](?:the |a )?{_USUAL} {_MONEY}$
        |\b{_USUAL}[ ]{_MONEY}[ ](?:\S+[ ]){{0,3}}(?:{_OMBUDSMAN}\b|(?:across|over|in|of) (?:all )?(?:the |these[ ]
        |your |all )*(?:decisions|cases)\b)
        |\bgoing[ ]rate\b|\b{_USUAL}[ ]tariff\b
        |^what(?:'s|s| is)[ ]the[ ]average[ ](?:\S+[ ]){{0,4}}(?:gets?|paid|awarded)[ ](?:for|off|from)\b
        """,
        """
        What is the average payment for distress?
        typical compensation for a late EHC plan
        What is the going rate per month?
        What's the usual sum for uncertainty?
        average payout
        What is the mean payment across the decisions?
        """,
        """
        What is the standard allowance for a kinship carer?
        What is the normal rate for fostering?
        What is the usual time limit?
        What is the average cost of a care home?
        Is it normal to charge for care?
        What is the usual remedy for a missed appeal?
        """,
        unless=r"\b(?:rents?|wages?|hourly|foster\S*|kinship|carers?|fees?|parking)\b",
    ),
    _rule(
        "tariff",
        "usually typically normally generally average tend commonly ordinarily rule usual",
        rf"""
        ^(?:roughly |about )?how much[ ](?:money |compensation )?(?:do|does|would|is|are|will|can)[ ](?:\S+[ ]){{0,8}}
        {_USUALLY}[ ](?:gets?|awards?|awarded|paid|pays?|receives?|received|recommends?|recommended|given|gives?
        |offers?|offered
        |expect)\b(?! per week| a week| weekly)
        |^(?:how|what)[ ](?:do|does)[ ](?:{_OMBUDSMANS}|they|you)[ ]{_USUALLY}[ ]
        (?:put a (?:price|figure|value)|value|award|pay|pay out|price|give|recommend|work out the (?:payment
        |compensation))
        [ ](?:for|on|to put right|per)\b
        |^what[ ](?:do|does)[ ]{_OMBUDSMANS}[ ]{_USUALLY}[ ](?:award|pay)\b
        |^what[ ](?:redress|compensation|payment|sum|amount)[ ]is[ ](?:usual|normal|typical|customary)$
        """,
        """
        How much do people usually get for distress?
        How much does the Ombudsman normally award?
        How does the Ombudsman normally put a price on lost schooling?
        What do they normally award for distress?
        What redress is usual?
        """,
        """
        How much was paid for distress?
        What do councils normally have to prove?
        How much care does the plan normally give?
        What do they normally give for a reason?
        """,
        unless=r"\b(?:foster\S*|kinship|carer's|allowance|benefits?|rent|hours|notice|support|care)\b"
        r"|\breasons?\b|\btime\b(?! and)",
    ),
    _rule(
        "tariff",
        "tariff tariffs scale",
        rf"""
        \b(?:tariffs?|(?:sliding |fixed |set )scale)[ ](?:of |for )(?:{_MONEY}|{_HARM}|remed\S+)
        |^(?:is|are)[ ]there[ ](?:an? |any )?(?:\S+ )?(?:tariffs?|sliding scale)\b|^what(?:'s|s| is)[ ]the[ ]tariff\b
        """,
        """
        Is there a tariff for missed education?
        tariff of payments
        """,
        "Did the council apply the right tariff for parking?",
        unless=r"\b(?:parking|water|energy|charg\S+|fees?)\b",
    ),
    _rule(
        "tariff",
        "much",
        rf"""
        ^(?:roughly |about )?how much[ ](?:money |in compensation )?(?:can|could|would|will|should|might|am|are|do
        |does)[ ]
        {_ANYONE}[ ](?:(?:be able|likely|hope|expect|usually|really|possibly|probably|realistically)[ ](?:to )?)?
        (?:get|expect|receive|be awarded|be paid|be given|win|ask for|claim|entitled to)[ ]
        (?:(?:in |as )?compensation|for (?:my |our |their |the )?(?:distress|time and trouble|stress|two years|a year))
        |^how much compensation[ ](?:can|could|would|will|should|might|do|does|am|are)[ ](?:{_ANYONE}|they)\b
        |^(?:roughly |about )?how much[ ](?:money )?(?:would|could|might)[ ]{_ANYONE}[ ]get[ ]if[ ]\S
        """,
        """
        How much compensation can I expect?
        how much could someone get for distress
        How much would we get in compensation?
        roughly how much would someone get if their bins were missed for a year
        """,
        """
        How much can I earn before I lose the allowance?
        How much help can we get for our son?
        How much compensation did she get?
        How much would the council pay if I moved out?
        """,
        unless=r"\b(?:care|carer's|allowance|benefits?|hours|rent)\b",
    ),
    _rule(
        "tariff",
        "most maximum max minimum limit highest least total add rank",
        rf"""
        \b(?:most|maximum|max|minimum|least|limit on what|highest
        |upper limit of what)[ ](?:\S+[ ]){{0,4}}?(?:the )?{_OMBUDSMAN}[ ]
        (?:can|could|may|will|would|is able to|is allowed to)[ ](?:award|pay|give|recommend|order|offer)
        |\b(?:total|mean)[ ](?:{_MONEY}|money|paid|awarded)[ ](?:\S+[ ]){{0,3}}(?:all|these|the)[ ](?:decisions|cases
        |councils)\b
        |^add[ ]up[ ].{{0,40}}\b(?:money|payments|sums|amounts|compensation)\b
        """,
        """
        what is the most the ombudsman can award
        What's the maximum compensation the Ombudsman can recommend?
        total compensation all decisions
        """,
        "What was the most the Ombudsman recommended?",
    ),
    # Advice and chances in one's own case.
    _rule(
        "own_case",
        "should worth",
        rf"""
        \bshould[ ](?:i|we)[ ](?:even |bother to |just |go ahead and |really |still |now |try to )?
        (?:complain|bother|sue|appeal|escalate|hold out|settle
        |accept[ ](?:(?:the|their|this|that|its|an?|his)[ ](?:\S+[ ])?(?:offer|apology|settlement|outcome)|it$|£\S+)
        |go to[ ](?:the |a )?(?:court|{_OMBUDSMAN}|press|papers|media|solicitor|lawyer|tribunal|judicial review|my mp)
        |(?:get|hire|see|use|instruct|pay for|contact|find)[ ](?:a |my )?(?:solicitor|lawyer|barrister|legal)
        |take[ ](?:it|this|them|the council|my complaint|legal|the matter)
        |(?:make|put in|file)[ ]a[ ]complaint)\b
        |\b(?:is it|would it be|will it be|is it even)[ ]worth[ ](?:me |us |my |our |while ){{0,2}}
        (?:complain\w*|going to (?:the )?(?:{_OMBUDSMAN}|court)|appealing|suing|fighting|making a complaint
        |taking (?:it|this|them|the council))\b
        """,
        """
        Should I complain?
        should we accept their offer of £500
        Is it worth complaining?
        Should I get a solicitor?
        """,
        """
        Should I have been told?
        Should we have been given a copy?
        Should the council accept a complaint by telephone?
        """,
    ),
    _rule(
        "own_case",
        "chances chance odds hopes hope prospects",
        r"""
        \b(?:what|what's|whats)(?:[ ]are|[ ]is|'s)?[ ]
        (?:(?:my|our)[ ](?:\S+[ ])?(?:chances?|odds|hopes|prospects)\b
        |the[ ](?:chances|odds)[ ]of[ ](?:winning|success|succeeding|my|our|a complaint|the ombudsman))\b
        |\b(?:do|have)[ ](?:i|we)[ ](?:have |got |stand |really |even ){0,3}
        (?:a|any|much of a|a good|a real|a decent)[ ](?:chance|hope)\b(?! to)
        |\bhow[ ](?:good|big|high|strong|likely)[ ](?:is|are)[ ](?:my|our)[ ](?:chances?|odds|prospects|hopes|case)\b
        |\bmy[ ](?:chances|odds|prospects)[ ](?:if|of|with|be)\b|\bbetter[ ](?:odds|chance)$
        |\bwould[ ]you[ ](?:say|think|give)[ ](?:are )?(?:my|our|her|his|their)[ ](?:chances|odds|prospects)\b
        """,
        """
        What are my chances?
        do i have any chance of winning
        How big is my chance to win?
        What will my chances be if I complain?
        What would you say her chances are?
        Realistically, my odds if I complain next month?
        """,
        """
        Was she given a chance to reply?
        Do I have a chance to comment on the draft?
        Did the delay harm their chances of a place?
        What are the chances of harm that justify an enquiry?
        """,
    ),
    _rule(
        "own_case",
        "case win lose claim situation complaint",
        rf"""
        \b(?:do|have|would|will)[ ](?:i|we)[ ](?:have |got |really |even |actually ){{0,2}}an?[ ]
        (?:good |strong |valid |decent |real |legal )?(?:case|claim)\b(?! (?:worker|manager|officer|for))
        |\b(?:will|would|could|can|might)[ ](?:i|we)[ ](?:win|lose)\b(?! my| our| the (?:place|house|home|tenancy))
        |\b(?:would|will|might|could)[ ]{_OMBUDSMANS}[ ](?:\S+ )?(?:decide|say|do|think|find|make of|conclude)[ ]
        (?:\S+[ ]){{0,3}}(?:in|about|of|on|with)[ ](?:my|our)[ ](?:own )?(?:case|complaint|situation)\b
        """,
        """
        Do I have a strong case?
        would i win if i went to the ombudsman
        What would the Ombudsman decide in my case?
        """,
        """
        Do we have a case worker?
        Could we lose our tenancy?
        Would I have a claim for housing benefit?
        Can I lose the single person discount?
        """,
        unless=r"\b(?:lose (?:the|any|his|her)|claim for)\b",
    ),
    _rule(
        "own_case",
        "uphold rule find side agree believe back support favour decide upheld succeed successful win",
        rf"""
        \b(?:will|would|could|is|might)[ ]{_OMBUDSMANS}[ ](?:likely to |probably |going to |really |be likely to )?
        (?:uphold|rule for|find for|side with|agree with|believe|back|support|(?:rule|find|decide) in)
        [ ](?:my|our|me|us|favour of (?:me|us))\b
        |\b(?:is|will|would|could)[ ](?:my|our)[ ](?:complaint|case|claim|appeal)[ ](?:be |likely to |going to[ ]
        |get ){{1,3}}
        (?:upheld|succeed|successful|win)\b
        """,
        """
        Will the Ombudsman uphold my complaint?
        Is my complaint likely to be upheld?
        """,
        """
        Will the council uphold its own decision?
        Was my complaint upheld at stage one?
        Does the Ombudsman side with me on that?
        """,
    ),
    _rule(
        "own_case",
        "sue court legal bring solicitor solicitors lawyer lawyers firm",
        r"""
        \b(?:can|could|may|should|how do|how can|how would|am)[ ](?:i|we)[ ](?:still |also |now |even |able to[ ]
        |allowed to )?
        (?:sue|take (?:them|the council|my council|it|him|her) to court|take legal action|bring a (?:claim
        |case) against)\b
        |^(?:what|which)[ ](?:solicitor|lawyer|law firm)s?[ ](?:should|can|could|do)[ ](?:i|we)\b
        """,
        """
        Can I sue the council?
        can we take them to court
        """,
        """
        Can the Ombudsman look at it if I could have gone to court?
        Does the council have to go to court first?
        """,
    ),
    _rule(
        "own_case",
        "draft write compose word",
        r"""
        ^(?:(?:can|could|would|will)[ ](?:you|someone|it|this)[ ])?(?:please )?(?:help (?:me|us) (?:to )?)?
        (?:draft|write|compose|word)[ ](?:(?:me|us|up|out) )?(?:an?|my|our|the|some)[ ](?:\S+[ ]){0,3}
        (?:letter|complaint|email|e-mail|appeal|statement|response|reply|objection)\b
        """,
        """
        Draft a letter for me
        Please write me a complaint about bins
        Can you help me write an appeal?
        """,
        """
        Did the council write me a letter?
        Must the council write a letter after the meeting?
        """,
    ),
    _rule(
        "own_case",
        "how where",
        rf"""
        \b(?:how|where)[ ](?:do|can|should|would|could)[ ](?:i|we|you|people|someone|somebody)[ ](?:\S+ )?
        (?:complain|(?:make|submit|put in|take|bring|send|refer|lodge)[ ](?:a|my|our|this|the)[ ]complaint|go|apply)[ ]
        (?:\S+[ ]){{0,6}}(?:to|with)[ ]{_OMBUDSMANS}
        """,
        """
        How do I complain to the Ombudsman?
        how can we take our complaint to the LGO
        """,
        """
        How long do I have to complain to the Ombudsman?
        How do I complain about a social worker?
        """,
    ),
    _rule(
        "own_case",
        "do doing options advise suggest recommend help option move step steps",
        r"""
        \bwhat[ ](?:should|shall)[ ](?:i|we)[ ](?:do|be doing)\b(?! (?:to|with) )
        |\bwhat[ ](?:can|could|do|would)[ ](?:i|we)[ ]do(?: (?:next|now|about (?:it|this|that)|here|then|first))?$
        |\bwhat[ ](?:are|would be)[ ](?:my|our)[ ](?:\S+ )?options\b
        |\bwhat[ ](?:would|do|should)[ ]you[ ](?:advise|suggest|recommend)\b
        |\b(?:can|could)[ ]you[ ](?:advise|help)[ ](?:me|us)$|\bwhat(?:'s| is)[ ]my[ ](?:best|next)[ ](?:option|move
        |steps?)\b
        """,
        """
        What should I do?
        what can i do about it
        What are my options?
        What would you advise?
        """,
        """
        What should I have been told?
        What can I do with the direct payment?
        What should the council do?
        """,
    ),
    # Whether others are bound.
    _rule(
        "precedent",
        "precedent precedents",
        rf"""
        ^(?:is|are|was|does|do|did|can|could|has|have|will|would|whether|if)[ ]
        (?:{_THIS}|this|it|these|that|any of (?:this|these)|an? finding of fault|the \S+ (?:decision|ruling|case)
        |decisions)
        [ ](?:\S+[ ]){{0,3}}(?:an? )?(?:\S+ )?precedents?\b
        |\bprecedents?[ ](?:value|effect|status)\b
        """,
        """
        Is this decision a precedent?
        Does a finding of fault set a precedent?
        Do the Ombudsman's decisions set precedents?
        """,
        """
        Did the Ombudsman accept that a place would set a precedent?
        Was the council worried about setting a precedent?
        """,
    ),
    _rule(
        "precedent",
        "binding bind binds bound enforceable",
        rf"""
        ^(?:is|are|do|does|how)[ ](?:(?:legally )?(?:binding|enforceable)[ ](?:is|are)[ ])?
        (?:what the ombudsman (?:says|decides|recommends)|{_THIS}|(?:the |an )?{_OMBUDSMAN} recommendations?
        |an? recommendation (?:of|by|from) the ombudsman)(?:$|[ ](?:\S+[ ]){{0,4}}(?:binding|binds?|enforceable)\b)
        |^(?:is|are)[ ](?:a |the |other )?councils?[ ](?:\S+ )?bound[ ]by[ ](?:{_THIS}|what the ombudsman)
        """,
        """
        Are the Ombudsman's recommendations legally binding?
        Is this decision binding?
        How binding is an Ombudsman's decision?
        """,
        """
        Is a safety plan legally binding?
        Was the panel's decision binding?
        """,
        unless=r"\b(?:panel|tribunal|adjudicator|judge)(?:'s)?\b",
    ),
    # A decision that is named binds or applies: only if it is asked of others, for a council's own decisions bind too.
    _rule(
        "precedent",
        "bind binds binding bound apply count extend",
        rf"""
        ^(?:is|are|do|does|will|would|can|could)[ ](?:{_THIS}|this|it|these|{_NAMED}
        |what the ombudsman \S+)[ ](?:\S+[ ])?
        (?:bind|binding on|apply to|apply for|count for|extend to)[ ]
        (?:(?:all |any |every )*(?:other |another )(?:councils?|authorit\S+|local authorit\S+|cases|families)
        |(?:all|every|any)[ ](?:councils?|authorit\S+|local authorit\S+)
        |(?:an? |the |any )?(?:\S+ )?(?:court|courts|judge|judges))\b
        """,
        """
        Does the Kent decision apply to every council?
        Does the Bury ruling bind other councils?
        Is the Bury decision binding on the county court?
        Would these findings bind a judge?
        """,
        """
        Is the tribunal's decision binding on the council?
        Does the duty apply to every council?
        """,
        unless=rf"{_OTHER_DECIDERS}.*\b(?:{_DECISION})",
    ),
    _rule(
        "precedent",
        "councils council authorities authority",
        rf"""
        ^(?:do|does|must|should|will|can|could|are|is)[ ](?:all |any |every )?(?:other |another )
        (?:councils?|(?:local )?authorit(?:y|ies))[ ](?:\S+[ ]){{0,3}}
        (?:follow|obey|ignore|abide by|bound by|take notice of)[ ]
        (?:(?:{_THIS}|{_NAMED}|the {_DECISION})|this|these|that|it|what was|what the ombudsman)\b
        """,
        """
        Do other councils have to follow what was decided here?
        Are other councils obliged to follow the Bury ruling?
        """,
        """
        Do other councils have to pay for a child placed with them?
        Must another council follow the plan when a family moves?
        """,
    ),
    _rule(
        "precedent",
        "quote cite rely use",
        rf"""
        ^(?:can|could|may|should)[ ](?:i|we|you|one|someone)[ ](?:\S+ )?(?:quote|cite|rely on|use)[ ]
        (?:{_THIS}|this|these|it|the \S+ {_DECISION})[ ](?:\S+[ ]){{0,2}}(?:in|at|against|before|as|with|when|for)\b
        """,
        """
        can i quote this ruling in court
        Can I rely on this decision in my complaint?
        """,
        """
        Can I rely on this advice?
        Can the council use the report in court?
        """,
    ),
    # What the Ombudsman publishes beside its decisions.
    _rule(
        "guidance",
        "guidance remedies principles manual guidelines factsheet factsheets",
        rf"""
        ^(?:what|what's|whats|how|which|where|when|does|do|is)[ ](?:\S+[ ]){{0,6}}
        (?:{_OMBUDSMAN}[ ](?:own )?(?:published )?(?:guidance|guidelines|manual|factsheets?|principles)
        |guidance on remed(?:y|ies)|remedies guidance|principles of good administrati\S+(?: practice)?
        |casework (?:guidance )?manual)
        [ ](?:.{{0,60}}[ ])?(?:says?|recommends?|suggests?|tells?|advises?|contains?|set out|published|read|find)\b
        |\baccording to[ ](?:the |your )?(?:{_OMBUDSMAN} (?:own )?guidance|guidance on remed(?:y|ies)
        |remedies guidance)\b
        """,
        """
        What does the guidance on remedies say about distress?
        What does the Ombudsman's own guidance recommend for lost education?
        According to the Ombudsman's guidance on remedies, how is a payment worked out?
        """,
        """
        What guidance did the council ignore?
        What does the statutory guidance say about visits?
        How did the Ombudsman use the guidance on remedies in the Kent decision?
        Was the visit late according to the guidance?
        """,
    ),
    _rule(
        "guidance",
        "focus factsheet factsheets annual practitioners guide guides",
        rf"""
        ^(?:has|have|does|did|is|are|where|what|which)[ ](?:\S+[ ]){{0,6}}{_OMBUDSMAN}[ ](?:\S+[ ]){{0,4}}
        (?:focus reports?|factsheets?|annual (?:review|report|letter)s?|guidance for (?:practitioners|councils)
        |good practice guides?)\b
        |^(?:is|are)[ ]there[ ](?:an? |any )?(?:\S+ )?(?:focus reports?|factsheets?)\b
        """,
        """
        Has the Ombudsman published a focus report on EHC plans?
        Is there a factsheet on school admissions?
        """,
        "Which focus report did the council ignore?",
    ),
    # Complaints under way.
    _rule(
        "status",
        "complaint complaints case cases claim claims appeal appeals file",
        rf"""
        \b(?:what(?:'s|s| is| has)|where(?:'s| is| has))[ ](?:been )?
        (?:happening|happened|going on|the status|the progress|the latest|the news)[ ](?:\S+ )?(?:with|to|of|on
        |about)[ ]
        (?:my|our)[ ](?:\S+ )?(?:complaint|case|claim|appeal|file)s?$
        |\b(?:status|progress|update|news)[ ](?:of|on|about|with)[ ](?:my|our)[ ](?:\S+ )?(?:complaint|case|claim
        |appeal)s?$
        |^when[ ](?:will|can)[ ](?:i|we)[ ](?:\S+ )?(?:hear|get|know)[ ](?:\S+[ ]){{0,3}}(?:about|on|from|of|for|in)[ ]
        (?:my|our)[ ](?:complaint|case|appeal)\b
        |^(?:has|have|is|was)[ ](?:my|our)[ ](?:\S+ )?(?:complaint|case|appeal)[ ](?:\S+[ ]){{0,2}}
        (?:given|assigned|allocated|passed|received|registered|looked at|accepted|reached|logged|sent)[ ](?:to |by )?
        (?:an? |the |my |your )?(?:{_OMBUDSMAN}|investigator|caseworker|yet)\b
        |^where(?:'s| is| has)?[ ](?:my|our)[ ](?:complaint|case)(?: (?:up to|at|got to|now))?$
        """,
        """
        What's happening with my complaint?
        when will i hear about my case
        Has my complaint been given to an investigator yet?
        any update on my complaint
        """,
        """
        What should have happened with my complaint at stage one?
        When should I hear from the school about the appeal?
        """,
    ),
    _rule(
        "status",
        "queue queues backlog wait waiting",
        rf"""
        ^how[ ](?:long|big|bad)[ ](?:is|are)[ ](?:the |your )?(?:current |present )?
        (?:queues?|backlog|wait|waiting list|waiting times?)[ ](?:\S+[ ]){{0,3}}(?:{_OMBUDSMAN}|investigator|your
        |investigations?)\b
        |^how[ ](?:long|big)[ ]is[ ](?:the |your )(?:current )?(?:queue|backlog)$
        |^(?:current )?ombudsman[ ](?:queue|backlog|waiting times?)$
        """,
        """
        How long is the queue at the Ombudsman?
        How long is the queue?
        """,
        "How long is the waiting list for a council flat?",
    ),
    # People: those of the Ombudsman, and the names that were taken out.
    _rule(
        "people",
        "who who's which what",
        rf"""
        ^(?:who(?:'s)?|which (?:investigator|ombudsman|caseworker))[ ](?:was|is|were|are|the)?[ ]?
        (?:the |this )?(?:{_OMBUDSMAN} )?(?:investigator|caseworker|ombudsman|ombudsmen)s?
        (?:[ ](?:who|that|on|in|for|at|of|here|behind)[ ].{{0,60}})?$
        |^(?:who|(?:which|what)[ ](?:investigator|ombudsman|person|caseworker|officer))(?:[ ](?:at|from|in
        |of)[ ]{_OMBUDSMANS})?
        (?:[ ]by name)?[ ]
        (?:(?:wrote|signed|issued|drafted)[ ](?:{_THIS}|this$)|(?:made|took)[ ]the[ ]{_OMBUDSMAN}[ ]{_DECISION}
        |(?:investigated|decided)[ ]this[ ](?:case|complaint)$)\b
        |^(?:which|what)[ ](?:investigator|ombudsman|caseworker|(?:officer|person)[ ](?:at|from|in|of)[ ]{_OMBUDSMANS})
        (?:[ ]by name)?[ ](?:wrote|took|signed|issued|investigated|drafted|decided|dealt with|handled|looked (?:at
        |into))\b
        |^(?:who|who's)[ ](?:was|is)[ ]the[ ](?:person|man|woman|one|officer|lady|gentleman)[ ](?:at|from
        |in)[ ]{_OMBUDSMANS}\b
        """,
        """
        Who was the investigator?
        which ombudsman wrote this decision
        Who signed the Ombudsman's decision?
        Which investigator dealt with the Bury complaint?
        who was the person at the ombudsman that looked into it
        """,
        """
        Who made the decision to end the placement?
        Who was the independent investigator at stage two?
        Who investigated the complaint?
        Which officer investigated the noise?
        Who made this decision about my bins?
        Which officer wrote this report?
        """,
        unless=r"\b(?:independent|stage)\b",
    ),
    _rule(
        "people",
        "name names identity identities called really reality life",
        r"""
        ^(?:(?:what|what's|whats|who|give|tell|show|find|reveal|name)[ ]
        (?:(?:is|was|are|were|me|us|have|know|get|find|out) ){0,4})?(?:the |a |their |his |her )?(?:real |full[ ]
        |actual |first |last )?
        (?:names?|identity|identities)[ ](?:of|behind)[ ](?:the |this |that |those |these |each |all )?
        (?:\S+[ ])?(?:social workers?|officers?|complainants?|investigators?|child|children|boy|girl|baby|mother
        |father|parents?
        |family|families|school|nursery|care home|headteacher|head|teacher|manager|doctor|gp|worker|ombudsman
        |neighbours?
        |person|people|carers?|foster\S*)\b
        |\breal[ ]names?(?:$|[ ](?:of|behind)\b)
        |^what[ ](?:is|are|was|were)[ ](?:mrs?|ms|miss|dr)[ ]\S+[ ](?:\S+[ ]){0,3}(?:(?:real|full|actual|first
        |true) )?names?$
        |^who[ ](?:is|are|was|were)[ ](?:mrs?|ms|miss|dr)[ ]\S+[ ](?:\S+[ ]){0,3}(?:really|in real life|in reality)$
        |^what(?:'s|s| is| was| are| were)[ ](?:the |his |her |their )?(?:\S+ )?
        (?:social worker|officer|investigator|mother|father|child|baby|boy|girl|complainant)(?:'s|s)?[ ](?:names?
        |called)$
        """,
        """
        What is the name of the social worker?
        What are Mr and Mrs H's real names?
        what was the social worker called
        who is mr x really
        Name of the investigator who wrote the Bury decision?
        """,
        """
        Can the council tell me the name of the person who reported us?
        What is the name of the plan?
        Who is Mrs H?
        Whose real name was on the form?
        Do they have to give me the name of the social worker?
        """,
        unless=r"^(?:can|could|do|does|must|should) (?!you)|\bwrong name\b",
    ),
    _rule(
        "people",
        "executive director leader mayor head boss officer",
        r"""
        ^(?:who|who's|whos)[ ](?:is |are |was |the |currently |now )*(?:current |present |new )?
        (?:chief executive|director of \S+(?: \S+)?|leader|mayor|head of \S+(?: \S+)?|monitoring officer|boss)
        (?:[ ](?:of|at|in|for)[ ](?:\S+[ ]){0,5}\S+)?$
        """,
        """
        Who is the chief executive of Leicestershire?
        who's the director of children's services
        """,
        """
        Who did the chief executive ask to look into it?
        Who is the director responsible to?
        """,
        unless=r"\b(?:responsible|accountable|to)$",
    ),
    # How to reach somebody.
    _rule(
        "contact",
        "phone telephone email e-mail number address contact opening hours office postal helpline",
        rf"""
        ^(?:(?:what(?:'s|s| is| are)|give me|find|find me|do you have|have you got|where (?:can|do) (?:i|we) (?:find
        |get))[ ])?
        (?:the |an? |your |their |any ){{0,2}}(?:{_OMBUDSMAN} |\S+'s )?
        (?:phone numbers?|telephone numbers?|helpline number|contact numbers?|email address(?:es)?|postal address
        |contact details)
        [ ](?:and .{{0,30}}[ ])?(?:for|of|at|to)[ ]
        |\b{_OMBUDSMAN}(?: office)?[ ](?:phone number|telephone number|contact details|contact number|email address
        |postal address
        |helpline|opening hours|opening times|office hours)\b(?! (?:to|with|without)\b)
        |^(?:what(?:'s|s| is| are)|when(?:'s| is| are))[ ](?:the |your )?(?:{_OMBUDSMAN} |council's )?(?:opening
        |office)[ ](?:hours|times)\b
        |^contact[ ]details\b
        |^(?:what|which)[ ](?:phone |telephone )?number[ ](?:do|should|can)[ ](?:i|we)[ ](?:ring|call|phone|dial|use)\b
        """,
        """
        What is the phone number of the Ombudsman?
        ombudsman opening hours
        What's the email address for the complaints team?
        phone number and opening hours for the council
        What number do I ring?
        """,
        """
        Was the council right to share my phone number with the school?
        What did the council do with my email address?
        Did the Ombudsman contact the council?
        Did the council give the Ombudsman her phone number?
        """,
        unless=r"^(?:did|does|was|were|should|must) ",
    ),
    _rule(
        "contact",
        "how where",
        rf"""
        ^how[ ](?:do|can|should|could|would)[ ](?:i|we|you|someone|people)[ ](?:best )?
        (?:contact|get in touch with|get hold of|ring|call|phone|email|speak to|talk to|reach|get through to
        |write to)[ ]
        (?:the |an |a |my |your |someone at |somebody at ){{0,3}}(?:\S+ )?
        (?:{_OMBUDSMAN}|council|complaints|office|helpline|investigator|customer services)
        (?:[ ](?:team|department|office|officer|investigator))?(?:$|[ ](?:about|at|in|of|for|to|on|by|if|please)\b)
        |^where[ ](?:do|can|should|could|would)[ ](?:i|we|you|people)[ ](?:send|post|email|submit|file|hand in)[ ]
        (?:my|our|the|an?|their)[ ](?:\S+ )?(?:complaint|form|complaints|letter)\b
        """,
        """
        How do I get in touch with the complaints team at Kent?
        Where do I send my complaint form?
        """,
        """
        How often should the social worker contact the family?
        How do I contact my child in care?
        How do I get in touch with a council advocate?
        """,
    ),
    # Figures of the Ombudsman's work.
    _rule(
        "statistics",
        "many number rate rates percentage proportion share worst",
        rf"""
        ^how many[ ](?:\S+[ ]){{0,3}}(?:complaints?|cases|decisions|enquiries|investigations
        |people)[ ](?:\S+[ ]){{0,4}}
        {_OMBUDSMANS}\b.{{0,80}}\b(?:(?:each|every|a|per|last|this|in an?) (?:year|month|week)|nationally|in england
        |annually)\b
        |\b(?:uphold|upheld)[ ]rates?\b
        |\b(?:rate|percentage|proportion|share)[ ]of[ ](?:\S+[ ]){{0,3}}(?:complaints|cases|decisions
        |appeals)[ ](?:\S+[ ]){{0,4}}
        (?:upheld|succeed|successful|fail)\b.{{0,40}}\b(?:nationally|(?:each|every|last|per) year|in england|annually)
        |^has[ ]the[ ]number[ ]of[ ].{{0,60}}\b{_OMBUDSMAN}\b.{{0,20}}\b(?:gone up|gone down|risen|fallen|increased
        |grown)\b
        |^(?:which|what)(?:'s| is)?[ ](?:the )?(?:council|authority)[ ](?:is |has been )?the[ ]worst\b
        |^(?:which|what)(?:'s| is)?[ ](?:the )?worst[ ](?:council|authority)\b
        """,
        """
        How many complaints does the Ombudsman receive each year?
        What is the uphold rate for adult care?
        Has the number of complaints to the Ombudsman gone up?
        Which council is the worst?
        """,
        """
        How many complaints did the council receive about the noise?
        How many visits a year must a social worker make?
        """,
    ),
    _rule(
        "statistics",
        "long quickly months weeks",
        rf"""
        ^(?:on average )?how[ ](?:long|quickly|many (?:months|weeks))[ ](?:do|does|will|would|is|are
        |can)[ ]{_OMBUDSMANS}[ ]
        (?:\S+[ ]){{0,3}}(?:takes?|need)\b(?! to (?:reply|respond) to the council)
        |^how[ ](?:long|quickly)[ ](?:do|does|will|would)[ ](?:an? |the |your )?(?:investigation|decision|process
        |complaint)s?[ ]
        (?:to |by |at |with |from )(?:the )?{_OMBUDSMAN}[ ](?:\S+ )?(?:take|last)\b
        """,
        """
        How long does an Ombudsman investigation take?
        How long does the Ombudsman take to decide?
        """,
        """
        How long does a council investigation take?
        How long does the Ombudsman give the council to pay?
        """,
    ),
    # Counts of words.
    _rule(
        "count",
        "mention mentions contain contains containing mentioning use",
        r"""
        ^(?:how many|(?:what is )?(?:the )?number of|count(?: the)?)[ ](?:of the )?
        (?:paragraphs|sentences|decisions|rulings|documents)[ ](?:\S+[ ])?
        (?:mention|mentions|contain|contains|containing|mentioning|use the (?:word|term|phrase))\b
        """,
        """
        How many paragraphs mention the word voluntary?
        How many of the decisions mention COVID-19?
        """,
        "How many paragraphs must the plan contain?",
        unless=r"\b(?:must|should)\b",
    ),
    # What became of the decision itself.
    _rule(
        "review",
        "appealed challenged challenge overturned quashed reviewed reviewing review judicial",
        rf"""
        ^(?:was|were|is|are|has|have|did|does|whether|if|can)[ ](?:{_THIS}|the ruling|anyone
        |anybody)[ ](?:\S+[ ]){{0,3}}
        (?:appealed|challenged?|overturned|quashed|set aside|reviewed|judicially reviewed|judicial review)\b
        |^(?:was|is|were)[ ]there[ ]an?[ ](?:judicial review|appeal|court case)[ ](?:of|against|about|over)[ ]{_THIS}
        |^(?:is|are|has|have|will)[ ](?:\S+[ ]){{1,8}}?(?:judicially review(?:ing|ed)?\b
        |(?:taking|taken|gone|going|sought|seeking|applied|applying|asked|asking|started
        |begun)[ ](?:\S+[ ]){{0,3}}judicial review\b)
        """,
        """
        Was the Ombudsman's decision challenged in the High Court?
        Was this decision overturned?
        Is the council judicially reviewing the decision?
        """,
        """
        Was the council's decision overturned on appeal?
        Was the decision reviewed by the panel?
        Did the mother appeal the decision?
        Could the mother have gone to judicial review?
        """,
        unless=r"\b(?:panel|tribunal|social workers?|council's|school's|assessment|if|had|could)\b",
    ),
    _rule(
        "review",
        "appeal challenge review dispute overturn disagree complain",
        rf"""
        \b(?:can|could|may|how do|how can|how would|should|where can|where do)[ ]
        (?:i|we|you|people|someone|anyone|one|(?:a |the )?councils?|complainants)[ ](?:\S+ )?
        (?:appeal|challenge|dispute|overturn|(?:ask for|request|get) a review of|disagree with|complain about
        |judicially review)[ ]
        (?:against )?(?:{_THIS}|what the ombudsman (?:decided|decides|says|said)|the ombudsman$)
        """,
        """
        Can I appeal against the Ombudsman's decision?
        How do I challenge a decision by the Ombudsman?
        """,
        """
        Can I appeal to the Ombudsman?
        Can I appeal against the council's decision?
        """,
    ),
    _rule(
        "review",
        "news newspaper newspapers papers press media bbc television tv",
        r"""
        ^(?:was|were|is|has|have|did)[ ](?:this|the (?:case|story|decision|ruling|complaint)|it|any of (?:this|these)
        |that)
        (?: \S+){0,4}[ ](?:in|on|by|into)[ ](?:\S+[ ]){0,3}(?:news|newspapers?|papers|press|media|bbc|television|tv)\b
        |^(?:was|is)[ ]there[ ](?:any )?(?:press|media|news|newspaper)[ ](?:coverage|reports?|articles?|interest)\b
        |\bpress[ ]coverage\b
        |^did[ ](?:the )?(?:press|newspapers?|media|bbc|papers)[ ](?:\S+ )?(?:(?:report|write)(?: on
        | about)?[ ](?:this|it|the)|cover|pick up)\b
        """,
        """
        Was this case in the newspapers?
        Did the press cover the case?
        Was there any press coverage?
        """,
        """
        Did the council give the family's address to the press?
        Was the planning notice put in the newspaper?
        Did the press report lead to the referral?
        """,
    ),
    # What one thinks of it.
    _rule(
        "opinion",
        "ombudsman ombudsman's decision ruling lgo lgsco",
        rf"""
        ^(?:was|is|were|are|isn't|wasn't|has)[ ](?:the |an |this )?(?:{_OMBUDSMAN}|{_DECISION}
        |{_OMBUDSMAN} {_DECISION})[ ](?:\S+ )?
        (?:too (?:lenient|soft|harsh|hard|easy|kind|generous|mean|lax|strict)|biased|on the council's side|toothless
        |any good
        |useless)(?: (?:on|with|to|towards) (?:the )?(?:council|\S+))?$
        |^(?:was|is)[ ](?:the )?{_OMBUDSMAN}(?: {_DECISION})?[ ](?:right|wrong|fair|unfair)$
        |\b(?:do|don't|would)[ ]you[ ](?:think|agree|believe|feel)[ ](?:that |with )?(?:the |this |an )?
        (?:{_OMBUDSMAN}|{_THIS}|{_DECISION})\b
        |^what[ ]do[ ]you[ ](?:think|make)[ ](?:of|about)[ ](?:the |this )?(?:{_OMBUDSMAN}|{_DECISION})\b
        """,
        """
        Was the Ombudsman too lenient?
        Do you think the Ombudsman got it wrong?
        """,
        """
        Was the council right to refuse?
        Did the Ombudsman think the council was too harsh?
        Was the decision to remove him fair?
        Was the decision wrong?
        """,
    ),
    _rule(
        "opinion",
        "fair enough reasonable decent good proper adequate derisory",
        r"""
        ^(?:is|isn't|would)[ ](?:that|this|it|£\S+)(?: \S+)?[ ](?:be )?(?:really )?(?:an? )?
        (?:fair|reasonable|decent|good|enough|proper|adequate|derisory)[ ](?:amount of )?
        (?:compensation|amount|sum|payout|pay-out|payment|deal|offer|settlement)\b
        """,
        """
        Is £300 fair compensation?
        Is that a decent payout?
        """,
        """
        Was the council's offer of £300 enough?
        Is that fair?
        """,
    ),
)
"""All of them; the first that holds gives the kind."""

_BY_WORD: dict[str, frozenset[int]] = {
    word: frozenset(place for place, rule in enumerate(RULES) if word in rule.words)
    for word in {word for rule in RULES for word in rule.words}
}


def beyond(question: str) -> Beyond | None:
    """What a question asks for that no decision tells; None where a decision may answer it, or it is not known.

    Takes any text; only the first LONGEST characters count.
    """
    kinds: list[Kind] = []
    for clause in _asked(question):
        kind = _kind(clause)
        if kind is None or (kind == "own_case" and _RULE_ASKED.search(clause)):
            return None
        kinds.append(kind)
    return Beyond(kinds[0], _DETAILS[kinds[0]]) if kinds else None


def _kind(clause: str) -> Kind | None:
    places: set[int] = set()
    for word in clause.split(" "):
        if word in _BY_WORD:
            places |= _BY_WORD[word]
    for place in sorted(places):
        if RULES[place].holds(clause):
            return RULES[place].kind
    return None
