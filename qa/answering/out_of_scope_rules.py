"""The ways to ask for what no decision tells, as a table of rules with their examples. Pure: words only.

A rule is a paragraph of the table: its kind and the words of which a clause must have one, under it, indented, the
pattern of an asking clause in small letters, after “unless” what makes it a question that a decision may answer, then
with “+” what it catches and with “-” near misses that no rule may catch. Where a line of a pattern ends, nothing
stands; <so> is a part that several rules have. Every pattern is linear: repeats are bounded. The tests sweep all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

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


# Parts that several patterns have.
_PARTS = {
    "body": r"(?:\S+ ){1,6}",
    "decision": "(?:final )?(?:decisions?|rulings?|judge?ments?|verdicts?|findings?|adjudications?)",
    "ombudsman": "(?:ombudsman|ombudsman's|ombudsmans|ombudsmen|lgo|lgo's|lgsco|lgsco's)",
    "ombudsmans": "(?:(?:the |an |your )?(?:local government (?:and social care )?)?<ombudsman>)",
    "this": (
        "(?:(?:the |an? |any |one of the |this |that )?<ombudsman> (?:<decision>|reports?)|(?:this|these"
        "|that|those|such an?|your|one of these) <decision>|(?:the |an? )?<decision> (?:of|by"
        "|from) (?:the |an )?ombudsman)"
    ),
    "named": r"the (?:\S+ ){1,3}<decision>",
    "money": ("(?:compensation|payments?|payouts?|pay-outs?|sums?|amounts?|awards?|redress|figures?|settlements?)"),
    "harm": (
        "(?:distress|time and trouble|uncertainty|frustration|inconvenience|injustice|stress|upset|worry"
        r"|anxiety|hurt|harm|(?:a |the )?(?:lost|missed|missing) \S+|loss of \S+|(?:an? )?(?:late|delayed"
        r"|avoidable|poor) \S+|delays?)"
    ),
    "usual": "(?:average|typical|usual|normal|standard|going|mean|median|common|customary)",
    "usually": "(?:usually|typically|normally|generally|on average|as a rule|tend to|commonly|ordinarily)",
    "really": "(?:actually|really|in fact|ever|genuinely)",
    "anyone": (
        "(?:i|we|you|one|someone|somebody|anyone|people|families|a family|a person|parents|complainants|a complainant)"
    ),
    "now": "(?:now|nowadays|today|these days)",
    "general": r"\b(?:if|when|while|once|until|unless|before|must|should|duty|duties|have to|has to)\b",
    "other_deciders": (
        r"\b(?:panel|tribunal|adjudicator|court|judge|committee|inspector|governors|council|school)(?:'s"
        r"|s)?\b"
    ),
}


def _pattern(lines: list[str]) -> str:
    pattern = "".join(line.strip() for line in lines)
    while (whole := re.sub("<([a-z_]+)>", lambda part: _PARTS[part[1]], pattern)) != pattern:
        pattern = whole
    return pattern


def _read(paragraph: str) -> Rule:
    lines = [line for line in paragraph.split("\n") if not line.startswith("#")]
    kind, _, words = " ".join(line for line in lines if re.match("[a-z_]+: |, ", line)).partition(": ")
    indented = [line if line.startswith(" ") else "" for line in lines]
    unless = lines.index("unless") if "unless" in lines else len(lines)
    exceptions = _pattern(indented[unless:])
    return Rule(
        cast(Kind, kind),
        frozenset(words.replace(",", "").split()),
        re.compile(_pattern(indented[:unless])),
        re.compile(exceptions) if exceptions else None,
        tuple(line[2:] for line in lines if line.startswith("+ ")),
        tuple(line[2:] for line in lines if line.startswith("- ")),
    )


RULES = tuple(
    _read(paragraph)
    for paragraph in r"""
# What was done since: “has … yet”, “has … since the decision”; not “since the complaint”.
since: yet since far
    ^(?:(?:has|have|hasn't|haven't) (?!i |we |my |our )|(?:whether|if) (?:\S+ ){1,6}(?:has|have) ).{0,200}\b(?:yet
    |so far|since(?: then)?$|since (?:the |that |this )?(?:<ombudsman> )?<decision>\b)
unless
    ^(?:has|have) .*(?:<general>|\b(?:broken|breached|at fault|failed|the law)\b)
+ Has the council done the training since?
+ Has Kent paid her yet?
+ I'd like to know if Halton has apologised yet
+ Have there been more complaints since the decision?
- Has the council changed its practice since the complaint?
- Can I go to the Ombudsman if the council has not replied yet?
- Have I waited long enough yet?
- Has the council broken the law by not finishing the assessment yet?

# Whether the money came: in the end, up, on time, by now; not what was paid for (a taxi, the rent).
since: pay paid hand handed refund refunded reimburse reimbursed transferred
    ^(?:did|has|have|whether|if) (?:\S+ ){1,12}?(?:(?:pay|paid) up\b|<really> (?:pay|paid|hand(?:ed)? over|refund
    (?:ed)?|reimbursed?|transferred)(?! for| towards)(?:$| (?:(?:its|their|the|that|this|any|all) )?(?:\S+ ){0,4}
    (?:money|compensation|£?\d+|sum|remedy|cash|her|him|them|it|up|out|family|mother|father|parents|couple|complainant
    |yet)\b)|(?:pay|paid|handed over)(?: out| it| him| her| them| the \S+| £?\d+| mrs? \S+| ms \S+)? (?:in the end
    |by now|on time|in time|by the deadline|as promised|as agreed|as ordered)$)|^(?:has|have) (?!i |we )
    (?:\S+ ){1,4}?paid(?:$| (?:him|her|them|the money|the compensation|the remedy)$)
unless
    <general>|\b(?:rent|allowance|benefit|wages|fees?|(?:pay|paid)(?: \S+)? for)\b
+ Did Halton pay in the end?
+ Has Kent paid up?
+ Did they ever pay the compensation?
+ Did the council actually pay the £500?
+ Has the council paid?
+ Has Bury actually handed over the money it promised?
+ Did the council really pay the family on time?
- What did the council pay in the end?
- Did the council pay for the taxi in the end?
- Did the council ever pay for her hotel?
- Did the council ever pay her rent?
- Has the council paid the carer the right allowance?
- Did the council reply by the deadline?

# “has it actually …”: what one may say of what was agreed, in the perfect.
since: actually really fact
    ^(?:has|have) (?!i |we )(?:\S+ ){1,4}?<really> (?:\S+ly )?(?:sent|apologised|apologized|trained|retrained|reviewed
    |published|done it|done what|done the|carried|implemented|complied|delivered|changed anything|paid|refunded|put
    |made|held|issued|coughed|written)\b|^(?:did|has|have) (?:\S+ ){1,4}?<really> (?:send|sent|give|given|show|shown
    |provide|provided) <ombudsmans> (?:\S+ ){0,2}(?:proof|evidence)\b
unless
    <general>|\b(?:paid|made|put)(?: \S+){0,3} (?:for|clear|sense|sure|allowance|rent)\b
+ Has the council actually sent the apology?
+ Have they really trained their staff?
+ Did the council really send the ombudsman its proof?
- Has the council actually broken the law?
- Did the council actually tell him to leave?
- Did the council really have any evidence?

# Whether it did what the Ombudsman recommended; recommendations of others are told in the decisions.
since: comply complied complying carry carried implement implemented act acted honour honoured complete completed do
, did done
    ^(?:did|has|have|is|was|were|whether|if) (?:\S+ ){0,8}(?:compl(?:y|ied|ying) with|carr(?:y|ied) out|implement
    (?:ed)?|act(?:ed)? on|honour(?:ed)?|completed?) (?:all |any |everything |of |the |its |their |these |those ){0,3}
    (?:<ombudsman> |agreed |recommended )?(?:recommendations?|remedy|remedies|agreed actions?|<ombudsman> decision)
    (?: (?:yet|since|on time|in time|in full|in the end|(?:it|they) agreed(?: to)?|(?:of|by|from
    |made by) the ombudsman|that .{0,40}))?$|^(?:did|has|have|whether|if) (?:\S+ ){0,8}(?:do|did
    |done) (?:everything |all )?(?:what |that |as )?the ombudsman (?:told|asked|recommended|ordered|said|wanted
    |required|suggested)|^how many (?:\S+ ){0,5}(?:complied with|carried out) (?:all )?(?:the |their |its )?
    (?:ombudsman's )?(?:recommendations|remedies)\b
unless
    \b(?:stage|panel|investigator|conference|ofsted|tribunal|court|provide evidence)\b
+ Has Kent complied with the recommendations?
+ Did it carry out the remedies it agreed to?
+ Did the council do what the Ombudsman told it to?
+ How many councils complied with the recommendations?
- Did the council carry out the recommendations of the stage two investigation?
- Did the council comply with the Act?
- What happens if a council does not do what the Ombudsman recommended?
- Did the council complete the assessment?

# Who is still there, and what is still done.
since: still
    ^(?:is|are|whether|if) (?:\S+ ){1,14}?still (?:there|working|employed|in (?:post|charge|use|force|place|(?:a|the
    |his|her|their) jobs?)|at the (?:council|school)|registered|on the register|a social worker|running|practising
    |doing (?:it|this|that)|the law|true|valid|current|good law|up to date)\b|^(?:do|does|whether|if) (?!an? )
    (?:\S+ ){1,5}?still (?:use|do this|do that|do it|make|ask|issue|run|employ|works?)\b
unless
    <general>
+ Is the social worker still there?
+ Is the officer who shouted at her still in a job?
+ Does the council still use written agreements?
+ Is this still the law?
- Is a child still looked after if the parents agree?
- Does a council still owe a duty when the tenant moves away?
- Is the plan still in force while the family appeals?

# How they are now.
since: now today nowadays days
    ^(?:is|are) (?:the|his|her|their|mrs?|ms|he|she|they) (?:\S+ ){0,6}(?:back|home|living|safe|well|ok|okay|happy
    |in care|in school|at school)\b.{0,60} <now>$|^(?:how|where)(?:'s| is| are) (?:\S+ ){1,5}<now>$
unless
    \b(?:allowed|required|supposed|entitled|legally|defined|calculated|worked out|assessed|measured|regulated|law
    |rules?)\b
+ Are the children back with their parents now?
+ Where is the family now?
+ How is she doing these days?
- Is the council required to do this now?
- What is the law now?
- Are the parents allowed to be at home now?

# What happened since.
since: since after became become
    ^what(?:'s|s| has| have| is)? (?:\S+ ){0,6}happened (?:to (?:\S+ ){1,4})?since(?: then)?$|^what(?:'s|s| has
    | have) (?:\S+ ){0,6}(?:happened|done|changed|become) .{0,60}since (?:the |that |this )?
    (?:<ombudsman> )?<decision>\b|^what (?:did|happened) .{0,80}after (?:the |that |this )?
    (?:<ombudsman> (?:<decision>|reports?)|<decision> (?:was|were|came|had been) (?:published|issued|out))|^what(?:'s
    | has|s)? (?:become|became) of (?:the |him|her|them|mrs? |ms )
unless
    \bearlier\b|\bprevious\b
+ What has happened since?
+ What has Kent done since the Ombudsman's decision?
+ What became of the children?
+ What happened to the family after the decision was published?
- What has the council done since the complaint?
- What happened after the decision to remove the child?
- What must the council do after the decision?

# Whether it was ever published; whether anyone lost their job.
since: ever sacked fired disciplined job jobs struck
    ^(?:was|were|has|have|did|whether|if) <body>ever (?:been |get |got )?(?:published|publish|released|printed|sacked
    |fired|struck off)\b|^(?:was|were|did|has|have) (?:anyone|anybody|someone|any of them|the \S+
    (?: \S+)?) (?:at the council |there |ever |been |actually ){0,2}(?:get |got )?(?:sacked|fired|struck off
    |disciplined for this|lose (?:his|her|their) jobs?)\b
unless
    \bby\b
+ Was the leaflet ever published?
+ Did the council ever publish the report?
+ Was anyone sacked?
+ Did the social worker lose her job?
- Was the mother ever told that it was voluntary?
- Did the council ever visit the home?
- Can a council discipline its staff because of a complaint?
- Was the report ever published by the safeguarding board?

since: changed compliance
    ^has (?:the law|the guidance|anything|this|that|it|the policy|the practice) (?:\S+ )?changed$
    |\bcompliance (?:since|after|records?|statements?|rates?)\b
+ Has the law changed?
+ Bury compliance record
+ Any evidence of compliance since?
- Has the council changed how it records agreements?
- compliance with the Mental Capacity Act

# What is usual.
tariff: average typical usual normal standard going mean median common customary
    \b<usual> (?:(?:level|levels|rate) (?:of|for) )?(?:<money> (?:for|of|paid for|given for|awarded for) <harm>
    |compensation\b|<harm> (?:payments?|awards?)|(?:rate|price|sum|amount|payment|award|payout|figure)s? (?:for
    |of) <harm>|<harm>$|(?:payout|pay-out|redress|settlement)s?\b)|^what(?:'s|s| is| are
    | would be) (?:the |a )?<usual> <money>$|\b<usual> <money> (?:\S+ ){0,3}(?:<ombudsman>\b|(?:across|over|in
    |of) (?:all )?(?:the |these |your |all )*(?:decisions|cases)\b)|\bgoing rate\b|\b<usual> tariff\b|^what(?:'s|s
    | is) the average (?:\S+ ){0,4}(?:gets?|paid|awarded) (?:for|off|from)\b
unless
    \b(?:rents?|wages?|hourly|foster\S*|kinship|carers?|fees?|parking)\b
+ What is the average payment for distress?
+ typical compensation for a late EHC plan
+ What is the going rate per month?
+ What's the usual sum for uncertainty?
+ average payout
+ What is the mean payment across the decisions?
- What is the standard allowance for a kinship carer?
- What is the normal rate for fostering?
- What is the usual time limit?
- What is the average cost of a care home?
- Is it normal to charge for care?
- What is the usual remedy for a missed appeal?

tariff: usually typically normally generally average tend commonly ordinarily rule usual
    ^(?:roughly |about )?how much (?:money |compensation )?(?:do|does|would|is|are|will
    |can) (?:\S+ ){0,8}<usually> (?:gets?|awards?|awarded|paid|pays?|receives?|received|recommends?|recommended|given
    |gives?|offers?|offered|expect)\b(?! per week| a week| weekly)|^(?:how|what) (?:do|does) (?:<ombudsmans>|they
    |you) <usually> (?:put a (?:price|figure|value)|value|award|pay|pay out|price|give|recommend
    |work out the (?:payment|compensation)) (?:for|on|to put right|per)\b|^what (?:do
    |does) <ombudsmans> <usually> (?:award|pay)\b|^what (?:redress|compensation|payment|sum|amount) is (?:usual|normal
    |typical|customary)$
unless
    \b(?:foster\S*|kinship|carer's|allowance|benefits?|rent|hours|notice|support|care)\b|\breasons?\b|\btime\b(?! and)
+ How much do people usually get for distress?
+ How much does the Ombudsman normally award?
+ How does the Ombudsman normally put a price on lost schooling?
+ What do they normally award for distress?
+ What redress is usual?
- How much was paid for distress?
- What do councils normally have to prove?
- How much care does the plan normally give?
- What do they normally give for a reason?

tariff: tariff tariffs scale
    \b(?:tariffs?|(?:sliding |fixed |set )scale) (?:of |for )(?:<money>|<harm>|remed\S+)|^(?:is
    |are) there (?:an? |any )?(?:\S+ )?(?:tariffs?|sliding scale)\b|^what(?:'s|s| is) the tariff\b
unless
    \b(?:parking|water|energy|charg\S+|fees?)\b
+ Is there a tariff for missed education?
+ tariff of payments
- Did the council apply the right tariff for parking?

tariff: much
    ^(?:roughly |about )?how much (?:money |in compensation )?(?:can|could|would|will|should|might|am|are|do
    |does) <anyone> (?:(?:be able|likely|hope|expect|usually|really|possibly|probably|realistically) (?:to )?)?(?:get
    |expect|receive|be awarded|be paid|be given|win|ask for|claim|entitled to) (?:(?:in |as )?compensation
    |for (?:my |our |their |the )?(?:distress|time and trouble|stress|two years|a year))|^how much compensation (?:can
    |could|would|will|should|might|do|does|am|are) (?:<anyone>|they)\b|^(?:roughly |about )?how much (?:money )?
    (?:would|could|might) <anyone> get if \S
unless
    \b(?:care|carer's|allowance|benefits?|hours|rent)\b
+ How much compensation can I expect?
+ how much could someone get for distress
+ How much would we get in compensation?
+ roughly how much would someone get if their bins were missed for a year
- How much can I earn before I lose the allowance?
- How much help can we get for our son?
- How much compensation did she get?
- How much would the council pay if I moved out?

tariff: most maximum max minimum limit highest least total add rank
    \b(?:most|maximum|max|minimum|least|limit on what|highest|upper limit of what) (?:\S+ ){0,4}?
    (?:the )?<ombudsman> (?:can|could|may|will|would|is able to|is allowed to) (?:award|pay|give|recommend|order
    |offer)|\b(?:total|mean) (?:<money>|money|paid|awarded) (?:\S+ ){0,3}(?:all|these|the) (?:decisions|cases
    |councils)\b|^add up .{0,40}\b(?:money|payments|sums|amounts|compensation)\b
+ what is the most the ombudsman can award
+ What's the maximum compensation the Ombudsman can recommend?
+ total compensation all decisions
- What was the most the Ombudsman recommended?

# Advice and chances in one's own case.
own_case: should worth
    \bshould (?:i|we) (?:even |bother to |just |go ahead and |really |still |now |try to )?(?:complain|bother|sue
    |appeal|escalate|hold out|settle|accept (?:(?:the|their|this|that|its|an?|his) (?:\S+ )?(?:offer|apology
    |settlement|outcome)|it$|£\S+)|go to (?:the |a )?(?:court|<ombudsman>|press|papers|media|solicitor|lawyer|tribunal
    |judicial review|my mp)|(?:get|hire|see|use|instruct|pay for|contact|find) (?:a |my )?(?:solicitor|lawyer
    |barrister|legal)|take (?:it|this|them|the council|my complaint|legal|the matter)|(?:make|put in
    |file) a complaint)\b|\b(?:is it|would it be|will it be|is it even) worth (?:me |us |my |our |while ){0,2}
    (?:complain\w*|going to (?:the )?(?:<ombudsman>|court)|appealing|suing|fighting|making a complaint|taking (?:it
    |this|them|the council))\b
+ Should I complain?
+ should we accept their offer of £500
+ Is it worth complaining?
+ Should I get a solicitor?
- Should I have been told?
- Should we have been given a copy?
- Should the council accept a complaint by telephone?

own_case: chances chance odds hopes hope prospects
    \b(?:what|what's|whats)(?: are| is|'s)? (?:(?:my|our) (?:\S+ )?(?:chances?|odds|hopes|prospects)\b|the (?:chances
    |odds) of (?:winning|success|succeeding|my|our|a complaint|the ombudsman))\b|\b(?:do|have) (?:i
    |we) (?:have |got |stand |really |even ){0,3}(?:a|any|much of a|a good|a real|a decent) (?:chance|hope)\b(?! to)
    |\bhow (?:good|big|high|strong|likely) (?:is|are) (?:my|our) (?:chances?|odds|prospects|hopes|case)\b
    |\bmy (?:chances|odds|prospects) (?:if|of|with|be)\b|\bbetter (?:odds|chance)$|\bwould you (?:say|think
    |give) (?:are )?(?:my|our|her|his|their) (?:chances|odds|prospects)\b
+ What are my chances?
+ do i have any chance of winning
+ How big is my chance to win?
+ What will my chances be if I complain?
+ What would you say her chances are?
+ Realistically, my odds if I complain next month?
- Was she given a chance to reply?
- Do I have a chance to comment on the draft?
- Did the delay harm their chances of a place?
- What are the chances of harm that justify an enquiry?

own_case: case win lose claim situation complaint
    \b(?:do|have|would|will) (?:i
    |we) (?:have |got |really |even |actually ){0,2}an? (?:good |strong |valid |decent |real |legal )?(?:case|claim)\b
    (?! (?:worker|manager|officer|for))|\b(?:will|would|could|can|might) (?:i|we) (?:win|lose)\b(?! my| our
    | the (?:place|house|home|tenancy))|\b(?:would|will|might|could) <ombudsmans> (?:\S+ )?(?:decide|say|do|think|find
    |make of|conclude) (?:\S+ ){0,3}(?:in|about|of|on|with) (?:my|our) (?:own )?(?:case|complaint|situation)\b
unless
    \b(?:lose (?:the|any|his|her)|claim for)\b
+ Do I have a strong case?
+ would i win if i went to the ombudsman
+ What would the Ombudsman decide in my case?
- Do we have a case worker?
- Could we lose our tenancy?
- Would I have a claim for housing benefit?
- Can I lose the single person discount?

own_case: uphold rule find side agree believe back support favour decide upheld succeed successful win
    \b(?:will|would|could|is|might) <ombudsmans> (?:likely to |probably |going to |really |be likely to )?(?:uphold
    |rule for|find for|side with|agree with|believe|back|support|(?:rule|find|decide) in) (?:my|our|me|us
    |favour of (?:me|us))\b|\b(?:is|will|would|could) (?:my|our) (?:complaint|case|claim
    |appeal) (?:be |likely to |going to |get ){1,3}(?:upheld|succeed|successful|win)\b
+ Will the Ombudsman uphold my complaint?
+ Is my complaint likely to be upheld?
- Will the council uphold its own decision?
- Was my complaint upheld at stage one?
- Does the Ombudsman side with me on that?

own_case: sue court legal bring solicitor solicitors lawyer lawyers firm
    \b(?:can|could|may|should|how do|how can|how would|am) (?:i|we) (?:still |also |now |even |able to |allowed to )?
    (?:sue|take (?:them|the council|my council|it|him|her) to court|take legal action|bring a (?:claim
    |case) against)\b|^(?:what|which) (?:solicitor|lawyer|law firm)s? (?:should|can|could|do) (?:i|we)\b
+ Can I sue the council?
+ can we take them to court
- Can the Ombudsman look at it if I could have gone to court?
- Does the council have to go to court first?

own_case: draft write compose word
    ^(?:(?:can|could|would|will) (?:you|someone|it|this) )?(?:please )?(?:help (?:me|us) (?:to )?)?(?:draft|write
    |compose|word) (?:(?:me|us|up|out) )?(?:an?|my|our|the|some) (?:\S+ ){0,3}(?:letter|complaint|email|e-mail|appeal
    |statement|response|reply|objection)\b
+ Draft a letter for me
+ Please write me a complaint about bins
+ Can you help me write an appeal?
- Did the council write me a letter?
- Must the council write a letter after the meeting?

own_case: how where
    \b(?:how|where) (?:do|can|should|would|could) (?:i|we|you|people|someone|somebody) (?:\S+ )?(?:complain|(?:make
    |submit|put in|take|bring|send|refer|lodge) (?:a|my|our|this|the) complaint|go|apply) (?:\S+ ){0,6}(?:to
    |with) <ombudsmans>
+ How do I complain to the Ombudsman?
+ how can we take our complaint to the LGO
- How long do I have to complain to the Ombudsman?
- How do I complain about a social worker?

own_case: do doing options advise suggest recommend help option move step steps
    \bwhat (?:should|shall) (?:i|we) (?:do|be doing)\b(?! (?:to|with) )|\bwhat (?:can|could|do|would) (?:i|we) do
    (?: (?:next|now|about (?:it|this|that)|here|then|first))?$|\bwhat (?:are|would be) (?:my|our) (?:\S+ )?options\b
    |\bwhat (?:would|do|should) you (?:advise|suggest|recommend)\b|\b(?:can|could) you (?:advise|help) (?:me|us)$
    |\bwhat(?:'s| is) my (?:best|next) (?:option|move|steps?)\b
+ What should I do?
+ what can i do about it
+ What are my options?
+ What would you advise?
- What should I have been told?
- What can I do with the direct payment?
- What should the council do?

# Whether others are bound.
precedent: precedent precedents
    ^(?:is|are|was|does|do|did|can|could|has|have|will|would|whether|if) (?:<this>|this|it|these|that|any of (?:this
    |these)|an? finding of fault|the \S+ (?:decision|ruling|case)|decisions) (?:\S+ ){0,3}(?:an? )?
    (?:\S+ )?precedents?\b|\bprecedents? (?:value|effect|status)\b
+ Is this decision a precedent?
+ Does a finding of fault set a precedent?
+ Do the Ombudsman's decisions set precedents?
- Did the Ombudsman accept that a place would set a precedent?
- Was the council worried about setting a precedent?

precedent: binding bind binds bound enforceable
    ^(?:is|are|do|does|how) (?:(?:legally )?(?:binding|enforceable) (?:is|are) )?(?:what the ombudsman (?:says|decides
    |recommends)|<this>|(?:the |an )?<ombudsman> recommendations?|an? recommendation (?:of|by|from) the ombudsman)(?:$
    | (?:\S+ ){0,4}(?:binding|binds?|enforceable)\b)|^(?:is
    |are) (?:a |the |other )?councils? (?:\S+ )?bound by (?:<this>|what the ombudsman)
unless
    \b(?:panel|tribunal|adjudicator|judge)(?:'s)?\b
+ Are the Ombudsman's recommendations legally binding?
+ Is this decision binding?
+ How binding is an Ombudsman's decision?
- Is a safety plan legally binding?
- Was the panel's decision binding?

# A decision that is named binds or applies: only if it is asked of others, for a council's own decisions bind too.
precedent: bind binds binding bound apply count extend
    ^(?:is|are|do|does|will|would|can|could) (?:<this>|this|it|these|<named>|what the ombudsman \S+) (?:\S+ )?(?:bind
    |binding on|apply to|apply for|count for|extend to) (?:(?:all |any |every )*(?:other |another )(?:councils?
    |authorit\S+|local authorit\S+|cases|families)|(?:all|every|any) (?:councils?|authorit\S+|local authorit\S+)|
    (?:an? |the |any )?(?:\S+ )?(?:court|courts|judge|judges))\b
unless
    <other_deciders>.*\b(?:<decision>)
+ Does the Kent decision apply to every council?
+ Does the Bury ruling bind other councils?
+ Is the Bury decision binding on the county court?
+ Would these findings bind a judge?
- Is the tribunal's decision binding on the council?
- Does the duty apply to every council?

precedent: councils council authorities authority
    ^(?:do|does|must|should|will|can|could|are|is) (?:all |any |every )?(?:other |another )(?:councils?|
    (?:local )?authorit(?:y|ies)) (?:\S+ ){0,3}(?:follow|obey|ignore|abide by|bound by|take notice of) (?:(?:<this>
    |<named>|the <decision>)|this|these|that|it|what was|what the ombudsman)\b
+ Do other councils have to follow what was decided here?
+ Are other councils obliged to follow the Bury ruling?
- Do other councils have to pay for a child placed with them?
- Must another council follow the plan when a family moves?

precedent: quote cite rely use
    ^(?:can|could|may|should) (?:i|we|you|one|someone) (?:\S+ )?(?:quote|cite|rely on|use) (?:<this>|this|these|it
    |the \S+ <decision>) (?:\S+ ){0,2}(?:in|at|against|before|as|with|when|for)\b
+ can i quote this ruling in court
+ Can I rely on this decision in my complaint?
- Can I rely on this advice?
- Can the council use the report in court?

# What the Ombudsman publishes beside its decisions.
guidance: guidance remedies principles manual guidelines factsheet factsheets
    ^(?:what|what's|whats|how|which|where|when|does|do|is) (?:\S+ ){0,6}(?:<ombudsman> (?:own )?(?:published )?
    (?:guidance|guidelines|manual|factsheets?|principles)|guidance on remed(?:y|ies)|remedies guidance
    |principles of good administrati\S+(?: practice)?|casework (?:guidance )?manual) (?:.{0,60} )?(?:says?|recommends?
    |suggests?|tells?|advises?|contains?|set out|published|read|find)\b|\baccording to (?:the |your )?
    (?:<ombudsman> (?:own )?guidance|guidance on remed(?:y|ies)|remedies guidance)\b
+ What does the guidance on remedies say about distress?
+ What does the Ombudsman's own guidance recommend for lost education?
+ According to the Ombudsman's guidance on remedies, how is a payment worked out?
- What guidance did the council ignore?
- What does the statutory guidance say about visits?
- How did the Ombudsman use the guidance on remedies in the Kent decision?
- Was the visit late according to the guidance?

guidance: focus factsheet factsheets annual practitioners guide guides
    ^(?:has|have|does|did|is|are|where|what|which) (?:\S+ ){0,6}<ombudsman> (?:\S+ ){0,4}(?:focus reports?|factsheets?
    |annual (?:review|report|letter)s?|guidance for (?:practitioners|councils)|good practice guides?)\b|^(?:is
    |are) there (?:an? |any )?(?:\S+ )?(?:focus reports?|factsheets?)\b
+ Has the Ombudsman published a focus report on EHC plans?
+ Is there a factsheet on school admissions?
- Which focus report did the council ignore?

# Complaints under way.
status: complaint complaints case cases claim claims appeal appeals file
    \b(?:what(?:'s|s| is| has)|where(?:'s| is| has)) (?:been )?(?:happening|happened|going on|the status|the progress
    |the latest|the news) (?:\S+ )?(?:with|to|of|on|about) (?:my|our) (?:\S+ )?(?:complaint|case|claim|appeal|file)s?$
    |\b(?:status|progress|update|news) (?:of|on|about|with) (?:my|our) (?:\S+ )?(?:complaint|case|claim|appeal)s?$
    |^when (?:will|can) (?:i|we) (?:\S+ )?(?:hear|get|know) (?:\S+ ){0,3}(?:about|on|from|of|for|in) (?:my
    |our) (?:complaint|case|appeal)\b|^(?:has|have|is|was) (?:my|our) (?:\S+ )?(?:complaint|case|appeal) (?:\S+ ){0,2}
    (?:given|assigned|allocated|passed|received|registered|looked at|accepted|reached|logged|sent) (?:to |by )?
    (?:an? |the |my |your )?(?:<ombudsman>|investigator|caseworker|yet)\b|^where(?:'s| is| has)? (?:my
    |our) (?:complaint|case)(?: (?:up to|at|got to|now))?$
+ What's happening with my complaint?
+ when will i hear about my case
+ Has my complaint been given to an investigator yet?
+ any update on my complaint
- What should have happened with my complaint at stage one?
- When should I hear from the school about the appeal?

status: queue queues backlog wait waiting
    ^how (?:long|big|bad) (?:is|are) (?:the |your )?(?:current |present )?(?:queues?|backlog|wait|waiting list
    |waiting times?) (?:\S+ ){0,3}(?:<ombudsman>|investigator|your|investigations?)\b|^how (?:long
    |big) is (?:the |your )(?:current )?(?:queue|backlog)$|^(?:current )?ombudsman (?:queue|backlog|waiting times?)$
+ How long is the queue at the Ombudsman?
+ How long is the queue?
- How long is the waiting list for a council flat?

# People: those of the Ombudsman, and the names that were taken out.
people: who who's which what
    ^(?:who(?:'s)?|which (?:investigator|ombudsman|caseworker)) (?:was|is|were|are|the)? ?(?:the |this )?
    (?:<ombudsman> )?(?:investigator|caseworker|ombudsman|ombudsmen)s?(?: (?:who|that|on|in|for|at|of|here
    |behind) .{0,60})?$|^(?:who|(?:which|what) (?:investigator|ombudsman|person|caseworker|officer))(?: (?:at|from|in
    |of) <ombudsmans>)?(?: by name)? (?:(?:wrote|signed|issued|drafted) (?:<this>|this$)|(?:made
    |took) the <ombudsman> <decision>|(?:investigated|decided) this (?:case|complaint)$)\b|^(?:which
    |what) (?:investigator|ombudsman|caseworker|(?:officer|person) (?:at|from|in|of) <ombudsmans>)
    (?: by name)? (?:wrote|took|signed|issued|investigated|drafted|decided|dealt with|handled|looked (?:at|into))\b|^
    (?:who|who's) (?:was|is) the (?:person|man|woman|one|officer|lady|gentleman) (?:at|from|in) <ombudsmans>\b
unless
    \b(?:independent|stage)\b
+ Who was the investigator?
+ which ombudsman wrote this decision
+ Who signed the Ombudsman's decision?
+ Which investigator dealt with the Bury complaint?
+ who was the person at the ombudsman that looked into it
- Who made the decision to end the placement?
- Who was the independent investigator at stage two?
- Who investigated the complaint?
- Which officer investigated the noise?
- Who made this decision about my bins?
- Which officer wrote this report?

people: name names identity identities called really reality life
    ^(?:(?:what|what's|whats|who|give|tell|show|find|reveal|name) (?:(?:is|was|are|were|me|us|have|know|get|find
    |out) ){0,4})?(?:the |a |their |his |her )?(?:real |full |actual |first |last )?(?:names?|identity
    |identities) (?:of|behind) (?:the |this |that |those |these |each |all )?(?:\S+ )?(?:social workers?|officers?
    |complainants?|investigators?|child|children|boy|girl|baby|mother|father|parents?|family|families|school|nursery
    |care home|headteacher|head|teacher|manager|doctor|gp|worker|ombudsman|neighbours?|person|people|carers?
    |foster\S*)\b|\breal names?(?:$| (?:of|behind)\b)|^what (?:is|are|was|were) (?:mrs?|ms|miss|dr) \S+ (?:\S+ ){0,3}
    (?:(?:real|full|actual|first|true) )?names?$|^who (?:is|are|was|were) (?:mrs?|ms|miss|dr) \S+ (?:\S+ ){0,3}
    (?:really|in real life|in reality)$|^what(?:'s|s| is| was| are| were) (?:the |his |her |their )?(?:\S+ )?
    (?:social worker|officer|investigator|mother|father|child|baby|boy|girl|complainant)(?:'s|s)? (?:names?|called)$
unless
    ^(?:can|could|do|does|must|should) (?!you)|\bwrong name\b
+ What is the name of the social worker?
+ What are Mr and Mrs H's real names?
+ what was the social worker called
+ who is mr x really
+ Name of the investigator who wrote the Bury decision?
- Can the council tell me the name of the person who reported us?
- What is the name of the plan?
- Who is Mrs H?
- Whose real name was on the form?
- Do they have to give me the name of the social worker?

people: executive director leader mayor head boss officer
    ^(?:who|who's|whos) (?:is |are |was |the |currently |now )*(?:current |present |new )?(?:chief executive
    |director of \S+(?: \S+)?|leader|mayor|head of \S+(?: \S+)?|monitoring officer|boss)(?: (?:of|at|in
    |for) (?:\S+ ){0,5}\S+)?$
unless
    \b(?:responsible|accountable|to)$
+ Who is the chief executive of Leicestershire?
+ who's the director of children's services
- Who did the chief executive ask to look into it?
- Who is the director responsible to?

# How to reach somebody.
contact: phone telephone email e-mail number address contact opening hours office postal helpline
    ^(?:(?:what(?:'s|s| is| are)|give me|find|find me|do you have|have you got|where (?:can|do) (?:i|we) (?:find
    |get)) )?(?:the |an? |your |their |any ){0,2}(?:<ombudsman> |\S+'s )?(?:phone numbers?|telephone numbers?
    |helpline number|contact numbers?|email address(?:es)?|postal address|contact details) (?:and .{0,30} )?(?:for|of
    |at|to) |\b<ombudsman>(?: office)? (?:phone number|telephone number|contact details|contact number|email address
    |postal address|helpline|opening hours|opening times|office hours)\b(?! (?:to|with|without)\b)|^(?:what(?:'s|s| is
    | are)|when(?:'s| is| are)) (?:the |your )?(?:<ombudsman> |council's )?(?:opening|office) (?:hours|times)\b
    |^contact details\b|^(?:what|which) (?:phone |telephone )?number (?:do|should|can) (?:i|we) (?:ring|call|phone
    |dial|use)\b
unless
    ^(?:did|does|was|were|should|must)[ ]
+ What is the phone number of the Ombudsman?
+ ombudsman opening hours
+ What's the email address for the complaints team?
+ phone number and opening hours for the council
+ What number do I ring?
- Was the council right to share my phone number with the school?
- What did the council do with my email address?
- Did the Ombudsman contact the council?
- Did the council give the Ombudsman her phone number?

contact: how where
    ^how (?:do|can|should|could|would) (?:i|we|you|someone|people) (?:best )?(?:contact|get in touch with|get hold of
    |ring|call|phone|email|speak to|talk to|reach|get through to
    |write to) (?:the |an |a |my |your |someone at |somebody at ){0,3}(?:\S+ )?(?:<ombudsman>|council|complaints
    |office|helpline|investigator|customer services)(?: (?:team|department|office|officer|investigator))?(?:$
    | (?:about|at|in|of|for|to|on|by|if|please)\b)|^where (?:do|can|should|could|would) (?:i|we|you|people) (?:send
    |post|email|submit|file|hand in) (?:my|our|the|an?|their) (?:\S+ )?(?:complaint|form|complaints|letter)\b
+ How do I get in touch with the complaints team at Kent?
+ Where do I send my complaint form?
- How often should the social worker contact the family?
- How do I contact my child in care?
- How do I get in touch with a council advocate?

# Figures of the Ombudsman's work.
statistics: many number rate rates percentage proportion share worst
    ^how many (?:\S+ ){0,3}(?:complaints?|cases|decisions|enquiries|investigations
    |people) (?:\S+ ){0,4}<ombudsmans>\b.{0,80}\b(?:(?:each|every|a|per|last|this|in an?) (?:year|month|week)
    |nationally|in england|annually)\b|\b(?:uphold|upheld) rates?\b|\b(?:rate|percentage|proportion
    |share) of (?:\S+ ){0,3}(?:complaints|cases|decisions|appeals) (?:\S+ ){0,4}(?:upheld|succeed|successful
    |fail)\b.{0,40}\b(?:nationally|(?:each|every|last|per) year|in england|annually)
    |^has the number of .{0,60}\b<ombudsman>\b.{0,20}\b(?:gone up|gone down|risen|fallen|increased|grown)\b|^(?:which
    |what)(?:'s| is)? (?:the )?(?:council|authority) (?:is |has been )?the worst\b|^(?:which|what)(?:'s
    | is)? (?:the )?worst (?:council|authority)\b
+ How many complaints does the Ombudsman receive each year?
+ What is the uphold rate for adult care?
+ Has the number of complaints to the Ombudsman gone up?
+ Which council is the worst?
- How many complaints did the council receive about the noise?
- How many visits a year must a social worker make?

statistics: long quickly months weeks
    ^(?:on average )?how (?:long|quickly|many (?:months|weeks)) (?:do|does|will|would|is|are
    |can) <ombudsmans> (?:\S+ ){0,3}(?:takes?|need)\b(?! to (?:reply|respond) to the council)|^how (?:long
    |quickly) (?:do|does|will|would) (?:an? |the |your )?(?:investigation|decision|process
    |complaint)s? (?:to |by |at |with |from )(?:the )?<ombudsman> (?:\S+ )?(?:take|last)\b
+ How long does an Ombudsman investigation take?
+ How long does the Ombudsman take to decide?
- How long does a council investigation take?
- How long does the Ombudsman give the council to pay?

# Counts of words.
count: mention mentions contain contains containing mentioning use
    ^(?:how many|(?:what is )?(?:the )?number of|count(?: the)?) (?:of the )?(?:paragraphs|sentences|decisions|rulings
    |documents) (?:\S+ )?(?:mention|mentions|contain|contains|containing|mentioning|use the (?:word|term|phrase))\b
unless
    \b(?:must|should)\b
+ How many paragraphs mention the word voluntary?
+ How many of the decisions mention COVID-19?
- How many paragraphs must the plan contain?

# What became of the decision itself.
review: appealed challenged challenge overturned quashed reviewed reviewing review judicial
    ^(?:was|were|is|are|has|have|did|does|whether|if|can) (?:<this>|the ruling|anyone|anybody) (?:\S+ ){0,3}
    (?:appealed|challenged?|overturned|quashed|set aside|reviewed|judicially reviewed|judicial review)\b|^(?:was|is
    |were) there an? (?:judicial review|appeal|court case) (?:of|against|about|over) <this>|^(?:is|are|has|have
    |will) (?:\S+ ){1,8}?(?:judicially review(?:ing|ed)?\b|(?:taking|taken|gone|going|sought|seeking|applied|applying
    |asked|asking|started|begun) (?:\S+ ){0,3}judicial review\b)
unless
    \b(?:panel|tribunal|social workers?|council's|school's|assessment|if|had|could)\b
+ Was the Ombudsman's decision challenged in the High Court?
+ Was this decision overturned?
+ Is the council judicially reviewing the decision?
- Was the council's decision overturned on appeal?
- Was the decision reviewed by the panel?
- Did the mother appeal the decision?
- Could the mother have gone to judicial review?

review: appeal challenge review dispute overturn disagree complain
    \b(?:can|could|may|how do|how can|how would|should|where can|where do) (?:i|we|you|people|someone|anyone|one|
    (?:a |the )?councils?|complainants) (?:\S+ )?(?:appeal|challenge|dispute|overturn|(?:ask for|request
    |get) a review of|disagree with|complain about|judicially review) (?:against )?(?:<this>
    |what the ombudsman (?:decided|decides|says|said)|the ombudsman$)
+ Can I appeal against the Ombudsman's decision?
+ How do I challenge a decision by the Ombudsman?
- Can I appeal to the Ombudsman?
- Can I appeal against the council's decision?

review: news newspaper newspapers papers press media bbc television tv
    ^(?:was|were|is|has|have|did) (?:this|the (?:case|story|decision|ruling|complaint)|it|any of (?:this|these)|that)
    (?: \S+){0,4} (?:in|on|by|into) (?:\S+ ){0,3}(?:news|newspapers?|papers|press|media|bbc|television|tv)\b|^(?:was
    |is) there (?:any )?(?:press|media|news|newspaper) (?:coverage|reports?|articles?|interest)\b|\bpress coverage\b
    |^did (?:the )?(?:press|newspapers?|media|bbc|papers) (?:\S+ )?(?:(?:report|write)(?: on| about)? (?:this|it|the)
    |cover|pick up)\b
+ Was this case in the newspapers?
+ Did the press cover the case?
+ Was there any press coverage?
- Did the council give the family's address to the press?
- Was the planning notice put in the newspaper?
- Did the press report lead to the referral?

# What one thinks of it.
opinion: ombudsman ombudsman's decision ruling lgo lgsco
    ^(?:was|is|were|are|isn't|wasn't|has) (?:the |an |this )?(?:<ombudsman>|<decision>
    |<ombudsman> <decision>) (?:\S+ )?(?:too (?:lenient|soft|harsh|hard|easy|kind|generous|mean|lax|strict)|biased
    |on the council's side|toothless|any good|useless)(?: (?:on|with|to|towards) (?:the )?(?:council|\S+))?$|^(?:was
    |is) (?:the )?<ombudsman>(?: <decision>)? (?:right|wrong|fair|unfair)$|\b(?:do|don't|would) you (?:think|agree
    |believe|feel) (?:that |with )?(?:the |this |an )?(?:<ombudsman>|<this>|<decision>)\b|^what do you (?:think
    |make) (?:of|about) (?:the |this )?(?:<ombudsman>|<decision>)\b
+ Was the Ombudsman too lenient?
+ Do you think the Ombudsman got it wrong?
- Was the council right to refuse?
- Did the Ombudsman think the council was too harsh?
- Was the decision to remove him fair?
- Was the decision wrong?

opinion: fair enough reasonable decent good proper adequate derisory
    ^(?:is|isn't|would) (?:that|this|it|£\S+)(?: \S+)? (?:be )?(?:really )?(?:an? )?(?:fair|reasonable|decent|good
    |enough|proper|adequate|derisory) (?:amount of )?(?:compensation|amount|sum|payout|pay-out|payment|deal|offer
    |settlement)\b
+ Is £300 fair compensation?
+ Is that a decent payout?
- Was the council's offer of £300 enough?
- Is that fair?
""".strip().split("\n\n")
)
"""All of them; the first that holds gives the kind."""
