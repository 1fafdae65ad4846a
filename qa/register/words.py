"""The words with which a question can ask the register of decisions, as tokens. No I/O, and nothing of what is held.

Small letters are words that keep their own sense; capitals stand for what many wordings say:

    HOWMANY SHARE MOST FEWEST MORE LATEST FIRST EACH COMPARED EXCEPT ONCE OFTEN  how it asks
    DD D   decisions, one decision        CC C   bodies, one body        COLL   all that is held
    CATEGORY TOPICS OUTCOME REF DATE YEAR MONTH SPAN SIZE TIMES                  what of them
    U N X P   upheld, not upheld, closed without an investigation, upheld in part
    F         at fault, said in passing   EITHER   upheld or not

and what others put in: T a period (qa.text.periods), R a reference, B a body, K a category, # a number.

Every phrase carries examples. A word that is in no list is none that a register understands: it stays as it is, and
whoever asked decides what it makes of the question. Some such words do no harm (HARMLESS, PURPOSES).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.text.dates import PLAIN_MONTHS
from index.text.number_words import NUMBER_WORDS

Outcome = Literal["upheld", "not upheld", "closed", "partly upheld"]

OUTCOMES: dict[str, Outcome] = {"U": "upheld", "N": "not upheld", "X": "closed", "P": "partly upheld", "F": "upheld"}
"""The outcome that each token for one means."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, in small letters, and the token that it stands for ("" where it says nothing)."""

    token: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]


# Parts that several patterns have: “<people>”.
_PARTS = {
    "ask_politely": "(?:can|could|would|will|may) (?:you|i|we|u|someone|anyone"
    "|anybody) (?:please |kindly |possibly |just |perhaps )?",
    "verb_to_know": "(?:know|see|find out|find|get|ask|check|have|learn|understand|establish|confirm|be told|work out"
    "|count)",
    "people": "(?:(?:the|a|any|either) )?(?:complainants?|famil(?:y|ies)|parents?|people|residents?|"
    "(?:members of )?(?:the )?public|everyone|everybody|anyone|anybody|someone|person|citizens?"
    "|claimants?|individuals?|mothers?|fathers?)",
    "are": "(?:was|were|is|are|be|been|being|get|gets|got)",
    "noun": "(?:decision|case|complaint|ruling|judge?ment|adjudication|determination|file)",
    "ombudsman": "(?:(?:the )?(?:ombudsman(?:'s|s)?|ombudsmen|lgs?co(?:'s)?|lgo(?:'s)?"
    "|local government (?:and social care )?ombudsman(?:'s)?) |published |final |formal )*",
    "never": "(?:not|never) (?:(?:be|been|being|get|got|to|have|had|yet|actually|ever|fully|found) ){0,2}",
    "council": "(?:councils?|authorit(?:y|ies)|bod(?:y|ies)|local authorit(?:y|ies)|organisations?)",
    "in_time": r"(?= to (?:receive|get|have|be)\b| (?:(?:decision|one|case|council) )?(?:in|by) (?:DATE|time|order|date"
    r"|chronolog\w+)| (?:(?:D|one|case|decision) )?(?:chronologically|DATEORDER|in DATEORDER))",
    "field": "(?:councils?|bod(?:y|ies)|authorit(?:y|ies)|reference numbers?|references?|refs?|dates?|categor(?:y"
    "|ies)|outcomes?|subjects?)",
}


def _with_parts(pattern: str) -> str:
    return re.sub("<([a-z_]+)>", lambda part: _PARTS[part[1]], pattern)


def _phrases(table: str) -> tuple[Phrase, ...]:
    """The phrases of a table: a line with the token and, apart by “;”, examples; under it, indented, the pattern.

    “-” is a phrase that says nothing, and “^” one that only stands at the beginning. Where a line of a pattern ends,
    nothing stands.
    """
    found = []
    for entry in re.split(r"\n(?![ ;])", table.strip()):
        head, _, pattern = entry.replace("\n;", ";").partition("\n")
        token, _, examples = head.partition(": ")
        pattern = _with_parts(re.sub(r"\n? {4}", "", pattern))
        if token.startswith("^ "):
            whole, token = rf"^\W*(?:{pattern})(?![\w'])", token[2:] + " "
        else:
            whole = rf"(?<![\w'])(?:{pattern})(?!\w)"
        found.append(Phrase(token.lstrip("- "), re.compile(whole), tuple(examples.split("; "))))
    return tuple(found)


COURTESIES = _phrases(r"""
-: hi; dear team
    hi(?:ya)?|hello|hey|(?:good )?(?:morning|afternoon|evening)(?=\W*[!,.])|good (?:morning|afternoon|evening)
    |dear (?:all|sirs?(?:(?: or |/)madam)?|madam|team)|yours (?:faithfully|sincerely|truly)\b[^?]{0,60}$|
    (?<=[.?] )yours,[^?]{0,60}$|(?:kind|best) (?:regards|wishes)
-: thank you; by any chance; y/n; on the face of it; just to check
    please|pls|plz|thanks(?: a lot)?|thank you(?: very much)?|many thanks|cheers|ta|by any chance|if (?:possible|any
    |you can)|i\.?e\.?(?=[\s,])|that is to say|e\.?g\.?(?=[\s,])|for (?:instance|example)|y/n|yes or no|yes/no
    |true or false|(?<=, )say|testing 123|kindly|mate|folks|innit|eh|hmm+|ahem|alright|on the face of it
    |as far as (?:you know|you can tell|i can see)|at a glance|off the bat|to be (?:clear|precise|exact|honest)
    |in (?:one line|brief|short|a nutshell|a word)|in plain english|(?:would|could) you be so (?:kind|good) as to
    (?: (?:say|tell me))?|(?:i|we) (?:should|would|shall) be (?:much |most |very )?(?:obliged|grateful
    |glad) (?:if you (?:would|could)(?: (?:say|tell me|confirm))?|to (?:know|learn|hear|be told)|for(?= (?:a
    |the) (?:full )?(?:list|schedule|table)))|(?:obliged|grateful) if you (?:would|could)|when you (?:get
    |have) a (?:moment|minute|chance|second)|for (?:me|us)|(?<!say )(?<!saying )(?<!said )sorry|apologies|excuse me
    |try this|quick one|last one(?=[:,]| [-–—])|one more|another one(?=\W)|while (?:i'm|you're|we're) (?:here|at it)
    |if it's not too much trouble|if you (?:would|could|don't mind|wouldn't mind|have (?:it|them|any))|\(?
    (?:not counting|not including|excluding|including) that (?:day|date)(?: itself)?\)?|that (?:day|date)
    (?: itself)? included|(?:i'm )?not sure (?:if|whether|that|where)|in fact|as it happens|to your knowledge
    |be honest(?: with (?:me|us))?|a bit of a [a-z]+ question|just to (?:check|confirm|be sure)
    |so i can [^,.;:?!]{0,50}
""")

ASIDES = (
    *COURTESIES,
    *_phrases(r"""
what is the REF of: how should i cite
    how (?:should|would|do|can|could) (?:i|we|one|you) (?:cite|reference|refer to)
-: for my research; for my dissertation on children's services; for a report to members
    for (?:my|a|an|our|the) (?:\w+ ){0,2}(?:research|report|article|dissertation|essay|records|briefing|presentation
    |project|thesis|feature|story|paper|submission|members|committee|footnote|footnotes|letter|file|notes|bibliography
    |citation|spreadsheet|boss|editor|manager|team|meeting|class|students|blog|talk|minutes|agenda|panel|audit
    |scrutiny|update|return|homework|board|governors)(?: (?:on|about|into|to|of|for) [^,.;?!]{0,60})?
^ -: for our annual return:
    for (?:(?:my|our) [^,.;:?!]{1,50}[,:]|(?:a|an|the) [^,.;:?!]{1,50}:)
^ -: as a data journalist,
    as an? [^,.;:?!]{0,40},
^ -: our support group wants to read
    (?:my|our) [^,.;:?!]{0,40}\b(?:wants?|needs?|would like|(?:has|have) asked|(?:is|are) (?:looking
    |hoping)) (?:to (?:read|see|know|look at|compare|have|get|find)|for|about)
^ list: counsel needs; members have requested a schedule of
    (?:(?:the|a|an) )?(?:counsel|members?|panel|committee|chair|barrister|solicitor|partner|clerk|caller|head
    |auditors?|governors?|trustees|client|team|office) (?:needs?|wants?|asks? for|requires?|requests?|would like|
    (?:has|have) (?:requested|asked for))(?: (?:a|the) (?:full )?(?:schedule|list|table) of)?
-: inclusive
    (?:both )?(?:dates? )?inclusive(?:ly)?
^ list: require the list
    (?:require|need|want|seek)(?= (?:the|a|all|every|any) )
^ any DD: got stuff on
    got (?:any )?(?:stuff|things|anything|something|any|some)(?= (?:on|about|from|for)\b)
-: which would they be
    ,? ?(?:which|what|who) (?:would|might|are|were) (?:they|those|these|that|it)(?: be)?(?=\W*$)
-: , is that right
    , is that (?:right|so|true|correct)(?=\W*$)
^ -: i'm writing a feature on social work and need to know; i'm doing my dissertation on fostering and wondered
    (?:i|we)(?:'m| am|'re| are) [^,.;:?!0-9]{0,70}\b(?:and|so|but) (?:i |we )?(?:just )?(?:(?:need|want|would like
    |wanted|'d like) to <verb_to_know>|(?:was |were |am |are )?wonder(?:ed|ing)?)(?: (?:whether|if))?
-: going by
    (?:going|judging) by
-: before i start asking things
    before i [^,.;:?!]{0,50}(?=\W*$)
^ -: before i rely on this for a briefing:
    before i [^,.;:?!]{0,60}[,:]
-: my supervisor says to use; a friend told me that
    (?:my|our|the|a) (?:\w+ )?(?:boss|editor|supervisor|manager|tutor|lecturer|friend|colleague|neighbour|client
    |sister|brother|mum|dad|husband|wife|chair|director|professor|teacher|councillor|mate)(?: just)? (?:says|said
    |reckons|thinks|claims|wants|asks|asked|tells|told|is asking|wants to know|needs)(?: (?:me|us))?(?: (?:that
    |to (?:use|know|see|have|find out)|for|if|whether|about))?
-: i heard that; we recall
    (?:i|we)(?:'ve| have|'d| had)? (?:heard|read|been told|was told|were told|recall|remember|seem to (?:recall
    |remember)|have (?:a )?notes? (?:saying|that)|gather|understand|noticed)(?: that)?
^ HOWMANY: can you count up the cases
    <ask_politely>(?:count|total)(?: up)?(?= )
^ list: could i have all
    (?:can|could|may) (?:i|we) (?:please )?have(?= )
^ list: can you list all; give me a list of; could you please show me
    (?:<ask_politely>)?(?:to )?(?:list(?: out)?|search(?: for)?|look for|browse|filter|pull out|read out|show|name
    |give|find|display|get|see|enumerate|print|view|bring up|pull up|dump|tabulate|itemi[sz]e|outline|provide|supply
    |produce|retrieve|detail|export|output|spell out|recite|set out|run (?:me |us )?(?:off|through|up|down)|state
    |identify|fetch|return|sort|order|arrange|group|organi[sz]e|line up|lay out|draw up|compile|put together|dig out
    |hand over|pull|open|send|gimme|let me (?:see|have))(?: (?:me|us))?(?: (?:a|the) (?:full |complete |quick )?
    (?:list(?:ing)?|table|rundown|summary|breakdown(?= of all)) (?:of|for))?(?=[\s,])
-: could you tell me whether; might i trouble you for; should i cite as; if i look up; let me know if
; can you confirm whether
    (?:might|may|could|can) i (?:trouble|bother|ask|press) you (?:for|to (?:list|name|tell|give|show)(?: me)?)|
    (?:should|would|do|can|shall) i (?:cite|use|quote|look at|open|put|pick|choose|start with)(?: as)?|(?:if|when
    |suppose) i (?:look (?:up|for)|search(?: for| on)?|type(?: in)?|put in|ask(?: for| about)?|filter(?: (?:by|on
    |for))?|pick|choose|enter|click(?: on)?)|(?:<ask_politely>)?(?:tell|remind|inform|advise|say to) (?:me|us)
    (?: (?:please|whether|if|about))?|<ask_politely>(?:say|check|ask|know|confirm|clarify|state|look up|count
    |work out)(?: (?:me|us))?(?: (?:whether|if|for me))?|let (?:me|us) know(?: (?:whether|if))?|confirm(?: (?:whether
    |if|that))?|(?:check|look) (?:whether|if)
-: i would like to know whether; we want to see; i'm interested in; i'm wondering if
    (?:i|we)(?:'d|'m| would| should| am| are|'re| do| will|'ll)? (?:just |only |really |also )?(?:want|wanted|need
    |needed|like|love|wish|try|trying|wondering|wonder|wondered|curious|interested|looking|after|asking)(?: (?:to|in
    |for|about|at|a list of))?(?: (?:<verb_to_know>|knowing|seeing|finding|a list of|a figure))?(?: (?:whether|if
    |for))?
-: do you know if
    (?:do|would) (?:you|we) (?:happen to )?know(?: (?:whether|if))?|any idea(?: (?:whether|if))?|does (?:that
    |this) mean(?: (?:that|you))?
list the DD: could you list them
    <ask_politely>(?:list|name|show|give|set out|lay out|sort|order|fill) (?:me )?(?:them|it|those|these|that)
    (?: (?:in|out|up|all))?
COLL: can i search; can we ask about
    (?:that )?(?:can|could|may|might) (?:i|we|you|people|one) (?:use this to )?(?:search(?: (?:for|in|through))?|read
    (?: about)?|browse|look (?:at|up|into)|ask(?: (?:you )?about)?|access|choose(?: from)?|compare|filter(?: (?:by
    |on))?|query|answer(?: (?:questions )?(?:on|about))?)
-: quick question
    is it (?:true|right|correct|the case)(?: (?:that|to say))?|am i right(?: (?:that|in thinking))?(?: that)?
    |quick question|just checking|just curious|out of (?:interest|curiosity)|i (?:think|believe|guess|suppose|mean)
"""),
)

PHRASES = _phrases(r"""
DATEORDER: starting with the most recent
    (?:starting|beginning) (?:with|from) (?:the )?(?:newest|latest|most recent|oldest|earliest|first)(?: one)?
DATEORDER: newest first; oldest at the top
    (?:the )?(?:newest|latest|most recent|oldest|earliest|recent)(?: ones?)? (?:first|last|at the (?:top|bottom|end)
    |to (?:the )?(?:oldest|newest|latest|earliest))|(?:first|newest|oldest|earliest) to (?:last|latest|newest|oldest)|
    (?:ascending|descending|reverse) (?:date )?order
SECOND LATEST: last but one
    not the (?:latest|newest|last|most recent)(?: (?:one|decision))?,? but the (?:one
    |decision) (?:right |just |immediately )?before(?: (?:that|it))?|the (?:one
    |decision) (?:right |just |immediately )?before the (?:latest|newest|last|most recent)(?: one)?|(?:the )?
    (?:last but one|penultimate|second (?:to )?last|next to last)
FIRST: the earlier one not the later one
    (?:the )?(?:earlier|earliest|older|oldest|first)(?: one)?,? (?:and )?not the (?:later|latest|newer|newest|last
    |second)(?: one)?
LATEST: the later one not the earlier one
    (?:the )?(?:later|latest|newer|newest|last|second)(?: one)?,? (?:and )?not the (?:earlier|earliest|older|oldest
    |first)(?: one)?
DD: any of yours
    (?:any|all|some|which|one|none|many) of yours
its REF: its number
    (?:its|their) (?:number|no\.?)s?(?! of)
REF: number and date
    (?<=date and )number|(?<=council and )number|number(?= and date)
the D: only the one under
    (?:only|just) the one(?= (?:in|under|about|from|against|on|K|T|B)(?!\w))
FIRST: predates the other
    (?:predates?|precedes?|preceded|came before|comes before|is before|was before) the other(?:s| one)?
LATEST: came after the other
    (?:postdates?|follows|came after|comes after|is after|was after) the other(?:s| one)?
MIDDLE: the middle; median
    (?:in )?(?:the |at the )?(?:very )?(?:middle(?! (?:school|of (?:the )?(?:T|[0-9])))|median|halfway(?: point)?
    |mid-?point)
GAP: the longest gap between; furthest apart
    (?:the )?(?:longest|biggest|largest|greatest|widest) (?:gaps?|stretch|intervals?|pause|lull|time(?= (?:between
    |without)\b))|(?:furthest|farthest) apart
CLOSEST: closest together; the shortest gap between
    (?:the )?(?:shortest|smallest|narrowest) (?:gaps?|intervals?|time(?= between\b))|(?:the )?(?:closest
    |nearest) (?:together|to (?:each other|one another)|in (?:time|date)(?=\W*$| to (?:each|one)))
NEAREST: closest; nearest in time
    (?:the )?(?:nearest|closest)(?: in (?:time|date))?
STARTING: beginning with 21
    (?:that |which )?(?:start|begin)(?:s|ning|ing)?(?: (?:with|in|by))?(?= (?:the )?(?:digits? |numbers? )?[0-9])
ENDING: ending in 737; the last three digits
    (?:that |which )?end(?:s|ing)?(?: (?:in|with|by))?(?= (?:the )?(?:digits? |numbers? )?[0-9])|(?:the )?(?:last
    |final) (?:two|three|four|2|3|4|few) (?:digits|numbers|figures)(?: (?:are|is|were|being))?
HIGHEST: highest reference number
    (?:the )?(?:highest|largest|biggest)(?= (?:\w+ )?(?:reference|ref|number)s?\b(?! of))
LOWEST: lowest reference
    (?:the )?(?:lowest|smallest)(?= (?:\w+ )?(?:reference|ref|number)s?\b(?! of))
SAME: the same; share a category
    (?:the |that |a )?(?:same|identical|matching(?!\W*$))(?! number)|(?:share|shares|sharing|shared) (?:a|an|the|one)
    (?= (?:decision )?(?:date|day|month|year|council|body|authority|category|outcome)\b)
TWINS: duplicates; dupes
    duplicates?|duplicated|dupes?|dups?|repeats|twins|doubles|doubled(?: up)?|pair(?:s|ed)?
WEEKDAY: on a weekend; on a sunday
    (?:at |on )?(?:a |the )?(?:weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)
FIRST LATEST: min and max
    (?:the )?min(?:imum)? (?:and|&|/) max(?:imum)?
U: complained about B and won
    (?:complain(?:ed)?|went to the ombudsman)\b[^,.?!;]{0,40}\band (?:then )?(?:win|won|succeed(?:ed)?)
    |proved? (?:right|their case)
OFTEN: two decisions on the same council
    (?:more than one|two|2|several|multiple) (?:decisions|cases|complaints|rulings) (?:on|about|against|for|from
    |involving) (?:the same|one|any one|a single) (?:council|authority|body)
OFTEN: has two decisions
    (?:with|has|have|had|having|got) (?:two|2) (?:decisions|cases|complaints|rulings)
EXCEPT B: take B out
    (?:take|taking|leave|leaving) B (?:out|aside|away)(?: of (?:it|this))?
all EXCEPT: all but; any council but
    (?:all|everything|(?:any|every) (?:one|decision|case|council|authority)) but|anything but|anyone but
LATEST D: the final decision T
    (?:the )?(?:very )?final (?:decision|one|case|ruling|judge?ment)(?= (?:dated |made |issued |to (?:come out|be made
    |be issued) )?T(?!\w))
about: in respect of
    in (?:respect|relation) (?:of|to)|with (?:respect|regard) to
all: limited to
    (?:limited|restricted|confined) to|(?:made up|composed|consists?) (?:only |entirely |solely )?of(?: only
    | nothing but)?|nothing but|exclusively|solely|entirely
DATE: decision date
    (?:decision|case|complaint|ruling)(?:'s)? dates?(?!\w)
SHARE: account for a share of
    (?:account|make)s? (?:for|up) a share of
COLL: on the list
    (?:in|on|from) (?:the|your|this) (?:list|register|file|shelf|shelves|books)
CATEGORY: under the heading
    (?:under|in|with|does|has|have|the) (?:the )?(?:headings?|labels?|tags?)|(?:case|complaint)? ?(?:headings|labels
    |tags)|heading
CATEGORY: how is B case classified
    how (?:is|was|are|were|has) (?:(?:the )?B(?:'s)?(?: \w+)?|R|(?:the )?\w+ decisions?) (?:been )?(?:categori[sz]ed
    |classified|classed|filed|tagged|labelled)|how B'?s?(?: \w+)? is (?:categori[sz]ed|classified|classed|filed|tagged
    |labelled)
COLL: what do i get; come up
    what (?:do|would|will|can) (?:i|we) (?:get|see|find)|you do not (?:have|hold|cover)|(?:comes?|pops?|turns?|shows?
    |showed|came) up(?! (?:to|until))|(?:against|by|under) (?:its|their) names?|(?:am i|are we) (?:looking at
    |left with|dealing with)|to (?:its|their|his) name
REF: reference number; case ref; the decision reference number; ref
    (?:the )?(?:reference|ref|<noun>|ombudsman|lgsco|lgo|id)s? ?(?:'s )?(?:reference |ref |id )?(?:numbers?|nos?|ids?
    |codes?|refs?|references?)|references?|refs?
DATEORDER: in date order
    (?:in )?(?:date|chronological|time) order|chronologically|(?:in|by) order of date|sorted by date|order by date
EACH YEAR: yearly breakdown; year by year
    (?:yearly|annual)(?: (?:breakdown|totals?|figures?|counts?|split))?|year by year|(?:by|per|each|every|for each
    |in each) (?:calendar )?year|breakdown (?:by|of) years?
EACH MONTH: monthly totals
    monthly(?: (?:breakdown|totals?|figures?|counts?))?|month by month|(?:by|per|each|every) month
SHARE: what percentage; uphold rate; how often; the share of
    (?:what|which) (?:is |was )?(?:the )?(?:proportion|percentage|percent|per cent|share|fraction|ratio)|(?:the |a )?
    (?:proportion|percentage|percent|per cent|share|fraction|ratio) of|how often|how frequently|(?:what (?:is|was) )?
    (?:the |your |an )?(?:overall )?(?:uphold|upheld|success|upholding|win|strike)[ -]rates?|(?:uphold
    |upheld) (?:percentage|proportion)|percentage|what %|%
HOWMANY: how many; what is the total number of; number of; count of; how many different
    how many(?: (?:different|separate|distinct|individual|such|other|more|of))?|(?:what (?:is|was|are) )?
    (?:the |an? )?(?:total |overall |exact |current )?(?:number|count|tally|total|sum total|no\.?)(?: number)? of
    (?: (?:different|separate|distinct))?|(?:what (?:is|was) )?the (?:total|count|tally|number)(?: number)?|
    (?:headcount|(?<!that )(?<!this )(?<!it )count|tally|total|number)(?: up)?(?: of)?|total number
SIZE: how big; the size of
    how (?:big|large|small|extensive)|(?:what (?:is|was) )?the size(?: of)?|what size
P: partly upheld; upheld in part
    (?:partly|partially|partial|part|half)[ -](?:upheld|uph[eo]lds?)|upheld (?:in part|partly|partially)
X: closed after initial enquiries; not investigated; declined; outside jurisdiction
    closed (?:after|following|without|at|on) (?:an? |the |any )?(?:initial |further )?(?:enquir(?:y|ies)|inquir(?:y
    |ies)|investigat(?:ion|ing)|assessment)|closed (?:early|down)|not (?:been )?investigated|(?:never
    |un)[ -]?investigated|no investigation|(?:discontinued|refused to investigate|declined to investigate|(?:decided
    |chose) not to investigate|not accepted)|declined|out(?:side)? (?:of )?jurisdiction
EITHER: upheld or not; upheld or rejected; won or lost
    upheld,? or (?:as |an? )?(?:<are> )?(?:not(?: upheld)?|rejected|dismissed|thrown out|turned down)|(?:not upheld
    |rejected|dismissed) or upheld|upheld ?/ ?not upheld|won or lost|win or lose|lost or won|lose or win
    |fault or no fault|in favour or against
U: in favour of the complainant; the family won; won by parents; went the complainant's way
    (?:won|win|wins|winning|succeed(?:ed)?|success(?:ful)?) against|in favour of <people>|(?:decided|ruled
    |found) for <people>|in <people>'?s?'? favour|(?:went |going |go )?<people>'?s?'? way
    |<people> (?:has |have |had |ever )?(?:won|win|wins)|won by <people>|<people> (?:was|were
    |being) (?:proved |found )?right
N: lost by the complainant; in favour of the council; in the council's favour; complaints that failed
    <people> (?:has |have |had |ever )?(?:lost|lose|loses)|lost by <people>|(?:gone|went|go|going|goes|found|ruled
    |decided) against <people>|(?:(?:decided|ruled|found|came down|come down|sided) )?(?:in favour of|for
    |with) (?:the |a |any )<council>(?! (?:about|against|in|on|of))|in (?:the |a |any )?<council>'?s?'? favour|
    (?:went |go |going )?(?:the |a |any )<council>'?s?'? way|(?:complaints?|cases) (?:that |which |(?:about
    |against) B )?failed
N: not upheld; never been found at fault; no fault found; found no fault with; thrown out; cleared; not been upheld
    (?:found )?not at fault|<never>(?:upheld|uphold|successful|succeed(?:ed)?|criticised|told off|blamed|faulted
    |at fault|to blame|guilty|lost|lose)|(?:not|non|un)-? ?upheld|no (?:finding of )?(?:fault|maladministration
    |wrongdoing)(?: (?:was |were )?(?:found|finding))?|no[ -]fault(?: findings?)?|no findings? of fault
    |found no (?:fault|maladministration|wrongdoing)(?: (?:with|by|in))?|(?:found |with|to be )(?:without|free of
    |free from) fault|without fault|rejected|dismissed|thrown out|threw out|turned down|unsuccessful|unfounded
    |unsubstantiated|knocked back|refused|escap(?:ed?|es|ing) (?:criticism|blame|censure|fault)|cleared|exonerated
    |vindicated|let off(?: the hook)?|got off|get off|off the hook|won|wins?|winning|in the clear|in the right
    (?! (?:place|order))|acquitted|got away with it|get away with it|clean bill of health|off scot[ -]free|(?:a )?
    (?:clean|perfect) (?:record|sheet|slate)|unblemished
U: upheld; found at fault; fault was found; findings against; told off; lost; ruled against; found fault with
    upheld|up-held|up held|uph[eo]ld(?:s|ing)?|successful|succeeded|succeed|substantiated|justified|found (?:to (?:be
    |have been) )?(?:at fault|guilty|wanting|in the wrong|to blame)|found to have (?:been at fault|done wrong)|
    (?:found|finding|finds|find) (?:any |some )?fault(?: (?:with|by|in|against|on))?
    |fault (?:was |were |being |has been )?found|fault findings?|findings? of (?:fault|maladministration)
    |found (?:any )?(?:maladministration|wrongdoing)|findings? against|(?:found|ruled|decided|judged|go|goes|going
    |gone|went|come down|came down|find|rule) against|adverse(?: (?:findings?|to))?|told off|criticised|censured
    |reprimanded|rebuked|rapped|slapped down|pulled up|ticked off|condemned|faulted|lost(?! (?:the|their|her|his|its
    |some) (?!case|complaint|decision))|loses?|losing|losses|defeats?|defeated|slammed
F: at fault; in the wrong
    at fault|to blame|in the wrong|guilty|blamed|involv(?:e|es|ed|ing) fault|with fault|got it wrong
OFTEN: more than once; more than one decision; at least two
    (?:more than (?:once|one(?: (?:decision|case|complaint|ruling|time|entry))?)|at least (?:twice|two(?: (?:decisions
    |cases|complaints|rulings|times|entries))?)|(?:two|2) or more(?: (?:decisions|cases|complaints|times))?|twice
    |repeatedly|multiple(?: (?:decisions|cases|complaints|times))?|several(?: (?:decisions|cases|complaints|times))?
    |repeat offenders?)
ONCE: only one decision; just once; a single case
    (?<!the )(?:only|just|exactly) (?:a |the )?(?:once|one|single)(?: (?:decision|case|complaint|ruling|time|entry))?
    |a single (?:decision|case|complaint|ruling|entry)|once only|once
SECOND: second most recent
    (?:second|next|2nd)(?=[ -](?:to[ -])?(?:most|latest|newest|oldest|earliest|last|first))
THIRD: third most recent
    (?:third|3rd)(?=[ -](?:most|latest|newest|oldest|earliest|last|first))
FOURTH: fourth oldest
    (?:fourth|4th)(?=[ -](?:most|latest|newest|oldest|earliest|last|first))
SECOND FIRST: second to receive
    (?<=came )(?:second|2nd)|(?<=comes )(?:second|2nd)|(?:the )?(?:second|2nd)<in_time>
THIRD FIRST: third to receive
    (?<=came )(?:third|3rd)|(?<=comes )(?:third|3rd)|(?:the )?(?:third|3rd)<in_time>
FOURTH FIRST: fourth to receive
    (?<=came )(?:fourth|4th)|(?<=comes )(?:fourth|4th)|(?:the )?(?:fourth|4th)<in_time>
LATEST: most recent; latest; newer
    (?:how )?up to date|most recent(?:ly)?|latest|newest|most up to date|more recent(?:ly)?|newer|recent|recently|last
    |later|youngest|freshest|up to date
FIRST: earliest; first
    earliest|oldest|(?:very )?first(?: ever)?|older|earlier|least recent|sooner|longest ago|original
MOST: the most; the highest number of; most often
    (?:the )?(?:most (?:often|frequently|frequent|common)|commonest|(?:biggest|largest|main)(?= CATEGORY| categor)|
    (?:highest|largest|greatest|biggest|higher|larger|greater|bigger) (?:number|count|total|share)(?: of)?|busiest
    |most|top of the (?:list|league|table)|worst offender|worst|league table|ranking|rank(?:ed)?|top)
FEWEST: the fewest; the lowest number of
    (?:the )?(?:least (?:often|frequently|common)|rarest|the (?:fewer|lower|smaller)|(?:lowest|smallest) (?:number
    |count|total)(?: of)?|fewest|least|quietest)
MORE: more; fewer
    more(?: often)?|fewer|less(?: often)?|worse|higher|greater|bigger|larger|smaller|the same number(?: of)?|as many
    |outnumber
EXCEPT: other than; not about; leaving out
    (?:other|apart|aside|different) (?:than|from)|except(?:ing)?(?: for)?|excluding|exclude|besides|but not|
    (?:is |are |was |were )?not (?:about|against|from|involving|concerning|including|counting|by)|leaving (?:out
    |aside)|leaving(?= (?:the )?[BKR](?!\w))|ignoring|(?:setting|putting|leaving) aside|disregarding|discounting
    |taking (?:out|away)|(?:(?:if|after|when|once|suppose|supposing|imagine|assume) )?(?:(?:you|we|i) )?(?:dropp(?:ed
    |ing)|drop|remov(?:e|ed)|exclud(?:e|ed)|ignored?|skip(?:ped|ping)?|(?:take|took|leave|left) (?:out|aside|away)|
    (?:set|put) aside)|removing|not counting|as distinct from|minus|excl\.?|rather than|bar|outside(?: of)?|without
COMPARED: compared with; vs
    compar(?:e|es|ed|ing|ison)(?: (?:to|with|of|between))?|versus|vs\.?|v\.?|as against|as opposed to
    |the difference between|difference between|than|against that of|side by side
CC: councils; local authorities; organisations
    (?:different |english )?(?:(?:local|public) )?(?:councils|authorities|bodies)|las|organi[sz]ations
    |local governments?|institutions|boroughs
C: council; local authority
    (?:local |public |respondent )?(?:council|authority|body)|organi[sz]ation|borough|la
COLL: in the database; in here; your collection; on file; you hold
    (?:(?:in|of|on|within|from|inside|across|from within) )?(?:(?:the|this|that|your|our|its|whole|entire|full
    |present) ){0,3}(?:collection|data ?bases?|data ?set|data|index|register|archives?|system|library|corpus|
    (?:web ?)?site|tool|app|catalogue|holdings|set|records|bank|repository|portal|contents|coverage|store|files?
    |holding|inventory|corpora|backlog|cases on file|sample|selection|pool|stack|folder|bundle|material|memory
    |knowledge base|service|programme|program|page|lot)|(?:in|on|to|up|over) here|(?:in|on) there|among (?:them|these
    |those)|(?:using|with|through) this|here|on (?:file|record|your books|your system|offer)|in (?:stock|total|all)
    |altogether|overall|so far|you know(?: (?:of|about))?|you have got|you(?:'ve| have| hold| cover| keep| got)
DD: decisions; ombudsman cases; rulings; lgsco decisions; ones
    (?:the )?<ombudsman>(?:decisions|cases|complaints|rulings|judge?ments|adjudications|determinations
    |decision (?:notices|statements)|verdicts|ones|(?:case )?reports (?=COLL)|entries|items|(?:documents|papers|files
    |texts|reports|sources|rows|stuff)(?= (?:COLL|do COLL|are COLL|are held|held)))
D: decision; ombudsman case; one
    <ombudsman>(?:decision|case|complaint|ruling|judge?ment|adjudication|determination|decision (?:notice|statement)
    |one|entry|item|finding)
CATEGORY: category; subject areas; classed as
    categor(?:y|ies)|(?:subject|service|topic|policy) areas?|case types?|(?:filed|classed|classified|categori[sz]ed
    |labelled|listed|tagged|recorded|put|placed|sits?|falls?) (?:under|as|in(?= K))
TOPICS: types of; subjects
    (?:types?|kinds?|sorts?)(?: of(?= (?:DD|D|thing|stuff|matter|service)))?|subjects?|subject matters?|topics?|areas?
    (?: of (?:work|service))?|themes?|fields?|services?
OUTCOME: fare
    (?:fared?|come off)(?=\W*$)
OUTCOME: outcome; verdict
    (?:final )?(?:outcomes?|results?|verdict|end results?|upshot)
DATE: date
    dates?|day
YEAR: year
    (?:calendar |financial )?years?
MONTH: month
    months?
SPAN: how far back; time range
    how far back|(?:time|DATE)[ -]?(?:range|span|frame|period|line)s?|span of (?:time|DATE|YEAR)|range of (?:DATE
    |YEAR)|timespan|timeframe|timeline|(?:what|which) period|period (?:of time )?(?:is )?covered
list: a table of all the DD; a table
    (?:an? |the )?(?:table|spreadsheet|listing|rundown|inventory|overview|summary|breakdown|index) of
    (?= (?:all |the |your |every )*(?:DD?|CC|COLL)(?!\w))|(?:an? |the )?(?:table|spreadsheet)
TIMES: times
    times|occasions
EACH: broken down by; for each; per
    (?:spread|distributed|divided|shared|split) (?:out )?(?:across|over|among|between)(?: the)?|distribution (?:of|by
    |across)|broken down(?: by)?|break down|breakdown(?: (?:of|by))?|split(?: (?:up )?by)?|grouped by|group by
    |sorted by|(?:for |in |about |against |from |of )?each(?: of)?|per|by(?= (?:the )?(?:CC?|YEAR|MONTH|CATEGORY
    |OUTCOME|TOPICS)(?!\w))|every(?= (?:CC?|YEAR|MONTH|CATEGORY|OUTCOME)(?!\w))
""")

PURPOSES = frozenset(
    "counsel bundle population dissertation thesis essay chapter chapters methods methodology seminar lecture lecturer "
    "tutor supervisor student students master's masters phd module coursework project research researcher researching "
    "study studies paper papers journal journalist reporter editor newsroom deadline headline story feature article "
    "blog podcast column briefing brief report reports spreadsheet csv excel slide slides presentation pitch pitching "
    "boss manager team colleague colleagues client clients friend neighbour committee councillor councillors scrutiny "
    "panel members meeting agenda minutes footnote footnotes bibliography appendix citation citations cite citing "
    "audit auditing sampling scope scoping coverage review survey pilot evaluation comparison comparisons purposes "
    "purpose".split()
)
"""Who asks, and what for. As HARMLESS, unless the decisions are said to be about it (“cases that involve a friend”)."""

HARMLESS = frozenset(
    # how something is said or wanted
    "quick simple mere pure possible perhaps maybe certain definite literal basic sole anywhere somewhere nowhere "
    "wherever somehow again proper correct accurate precise strict rough short plain clear good great nice bad useful "
    "handy helpful glad grateful appreciated fine sure true false wrong confirmed like loads tons plenty bits bulk "
    "majority minority rare common often sometimes handed anyway though although however hence thus therefore actual "
    "real realistic rest remaining latter former neighbouring combined extra additional further various multiple "
    "numerous couple triple double "
    # what is done with a register
    "try trying look looks looking looked check checking checked wondering wonder query querying question questions "
    "answer answers note notes noted recall remember remembered think thinks thought mean means meant suppose say says "
    "said saying tells told understand see sees seen find finding finds know knows knowing known need needs needed "
    "want wants wanted use uses used using work works working pick picks picking picked choose chosen click type typed "
    "enter filter filters filtered filtering narrow narrowed limit limits limited restrict restricted select selected "
    "sort sorts sorting arrange arranged arrangement group grouped grouping organise organised tabulate tally tallied "
    "count counts counted counting add adding read reading reads quote quoted refer referred refers heard seems seem "
    "appear flag flagged fill filled browse browsing export dump pull pulled print show showing display displayed "
    "offer offers provide provided spot "
    # what a register is made of
    "heading headings header headers label labels labelled tag tags tagged columns row rows line lines bullet bullets "
    "record records page pages screen tool chart graph map numbered numbers numerical second third fourth saw falling "
    "fallen occur occurs particulars particular bring brings distinct unique empty blank null field name names named "
    "naming min max minimum maximum top bottom beginning starting ending rundown roundup snapshot statistic statistics "
    "stats data dataset database range window cut-off cutoff cut period periods quarter quarters half calendar "
    "financial matter matters instance instances example examples sample samples source sources publication "
    "publications public outturn scoreboard scorecard tracker league".split()
)
"""Words that name no subject; a question may have them where it plainly speaks of the decisions that are held."""


def is_harmless(word: str) -> bool:
    """Whether a word tells how something is asked, and nothing of what a decision is about."""
    return word in HARMLESS or word in PURPOSES or (word.endswith("ly") and len(word) > 5 and word not in _NO_ADVERBS)


_NO_ADVERBS = frozenset("family elderly monthly weekly assembly supply timely reply apply comply imply homely".split())


def _spellings(*rows: tuple[str, str]) -> Sequence[tuple[re.Pattern[str], str]]:
    return tuple((re.compile(_with_parts(pattern)), plain) for pattern, plain in rows)


_SPELT = _spellings(
    ("[’‘`´]", "'"),
    (r"[“”\"]", " "),
    (r"\b(what|who|that|there)s\b", r"\1 is"),
    (r"\b(what|which|who|when|where|how|that|there|it|here)'s\b", r"\1 is"),
    (r"\b(what|which|who|there|they|you|we)'re\b", r"\1 are"),
    (r"\b(you|i|we|they)'ve\b", r"\1 have"),
    (r"\b(you|i)ve\b", r"\1 have"),
    (r"\bim\b", "i'm"),
    (r"\b(was|were|is|are|did|does|do|has|have|had|would|could)n'?t\b", r"\1 not"),
    (r"(?<!\w)'([0-9]{2,8})'(?!\w)", r"\1"),
    (r"\bno\. of\b", "number of"),
    (r"\bbefor\b", "before"),
    (r"\b(?:my|our|the) (?:council|authority), (?=[^,]{3,40},)", ""),
    (r"\bin (how many decisions) is the (?:body|council) (an?)\b", r"\1 where the body is \2"),
    (r"\b(?:are|you're) sitting on\b", "hold"),
    (r"\bther\b", "there"),
    (r"\b(?:over|down|across|up) the (?:road|street)\b", ""),
    (r"\bjust (?:the|a) (?:number|count|total|figure)(?: will do| please| is fine)?\b", "how many"),
    (
        r"^\W*(?:i|we) (?:have )?already (?:read|seen|looked at|got)\b(?=[^.?!]*[.?!;,] .*\b(?:else|other"
        r"|others|rest|remains?|left)\b)",
        "except",
    ),
    (r"\b(one|decision|case|complaint|council|reference)\(s\)", r"\1s"),
    (r"\ball?together\b", "altogether"),
    (
        "(?:(?:about|against|for|from|of) )?(?:(?:the|an?|any|each|every) )?(?:body|bodies|councils?"
        r"|authority|authorities|those|ones) (?:with|that have|that has|having|called|named)\s+'?(county|city"
        r"|borough|district)\s+councils?'?(?:\s+in (?:the|its|their) (?:names?|titles?))?",
        r"about \1 councils",
    ),
    (
        r"\((?:so |that is )?with '?(?:county|city|borough|district) councils?'? in (?:the|their) (?:names?|titles?)\)",
        "",
    ),
    (r"\bmost (old|new)\b", r"\1est"),
    (r"[&?]?\bdate[_ ]?(from|to) ?[=:] ?", r" \1 "),
    (r"[&?]?\b(?:upheld ?[=:] ?(?:true|yes|1)|outcome ?[=:] ?'?upheld'?)\b", " upheld "),
    (r"[&?]?\b(?:upheld ?[=:] ?(?:false|no|0)|outcome ?[=:] ?not[_ -]upheld)\b", " not upheld "),
    (r"\b(?:order|sort)(?:[_ ]?by)? ?[=:] ?(?:date[_ ]?)?(?:newest|latest|desc)\w*", " newest first "),
    (r"\b(?:order|sort)(?:[_ ]?by)? ?[=:] ?(?:date[_ ]?)?(?:oldest|earliest|asc)\w*", " oldest first "),
    (
        "(?:where|whose) (?:the )?(?:body|council|authority|name)(?:'s name| named| concerned)? (?:has|have"
        r"|contains?|includes?|ends?(?: in| with)?|is (?:styled |called )?an?)\s+(?:the words?\s+)?'?(county"
        r"|city|borough|district)\s+councils?'?(?:\s+in (?:its|the|their) (?:name|title))?",
        r"about \1 councils",
    ),
    (r"\bu\b", "you"),
    (r"\bowt\b", "anything"),
    (r"\bhow (?:meny|mny|manny|mani)\b", "how many"),
    (r"\bwhatever\b", "what"),
    (r"\bwhichever\b", "which"),
    (r"\bpost-?dat(?:e|es|ed|ing) (?!the other)", "after "),
    (r"\b(?:pre-?dat|preced)(?:e|es|ed|ing) (?!the other)", "before "),
    (r"(?<!\w)'em\b", "them"),
    (r"(?<=\w) ?\+ ?(?=\w)", " plus "),
    (
        r"\bnot the (?:county|city|borough|district)(?: council| one)?\b(?:,? (?:but )?the (?:city|county"
        r"|borough|district)(?: council| one)?\b)?(?=\W*$)",
        "",
    ),
    (r"\bsub-?categor", "categor"),
    (r"\bwould (?:then |now )?(be|have)\b", r"\1"),
    (r"\bone (?=(?:council|authority|body)\b)", "a "),
    (r"\bdone (?=before or after)", "decided "),
    (r"\b(?:i|we) (?:can't|cannot|can not|don't|do not) (?:remember|recall|know)\b", "i wonder"),
    (r"\bbusier\b", "busiest"),
    (r"\bfinal quarter\b", "last quarter"),
    (r"\bbreak (?:the |this |your )?(collection|decisions|cases|data|set|register) down\b", r"break down the \1"),
    (r"\b(?:am|is) (?:i|it|that) (?:correct|right) (?:in thinking|that|to think)(?: that)?\b", "are"),
    (
        r"\b(?:over|more than|at least|less than|under|fewer than) (?:a )?(half|a third|a quarter|most)(?: of)?\b",
        "a share of",
    ),
    (r"\bnowt\b", "nothing"),
    (r"\bgot any\b", "any"),
    (r"\b(?:would|might|will) (those|these|they|that|it|this) be\b", r"are \1"),
    (r"\bdo you (?:do|cover|deal with|handle)\b", "do you have"),
    (r"\ba ?(?:to|-) ?z\b", "alphabetically"),
    (r",? ?\b(?:would you say|do you think|in your view)\b", ""),
    (r"\bhave got\b", "have"),
    (r"\bur\b", "your"),
)
_TRAILING = _spellings(
    (r",? and when(?: (?:was|is) (?:it|that))?(?=\W*$)", ""),
    (
        ",? (?:and|with|plus|giving|showing|including|together with) (?:(?:its|their|the|each) )?<field>(?:"
        r"(?:, and |, | and )(?:(?:its|their|the) )?<field>)+(?=\W*$)",
        "",
    ),
    (r"\b(?:i|we) (?:should|would) be grateful for (?:confirmation|a reply|any help)[^.?!]*", ""),
    (r"^\W*members of [^,.;:?!]{1,40} have asked (?:whether|if) ", "is there "),
    (
        r"(?<=\w),? (?:and|with|plus|giving|together with) (?:(?:its|their|the|all the|full) )?(?:reference numbers?"
        r"|references?|refs?|dates?(?= and))(?: and (?:(?:its|their|the) )?(?:dates?|outcomes?|councils?))?(?=\W*$)"
        r"|,? and (?:what|which) (?:are |is )?(?:the |their )?(?:reference numbers?|references?|refs?)\b(?: (?:should"
        r"|do|can|must|would) i (?:quote|cite|use|give)\b[^?]{0,40})?(?=\W*$)",
        "",
    ),
)
"""What is asked of each decision beside which ones, and courtesies; nothing that limits."""

# Words that say what they say, or nothing at all, beside those above.
PLAIN = frozenset(
    "a an the all any every both either neither none no some only just also even ever yet still currently now right of "
    "in on at to for from by with and or but as about against concerning concern concerns regarding re under within "
    "into over between across among amongst around near per via plus along together up off out is are was were be been "
    "being am do does did has have had having got gotten get gets there here it its this that these those them they "
    "their theirs getting better which what who whom whose when where list you your u i me us we nothing anything "
    "something everything nobody anybody anyone everyone stuff thing things involving involve involves involved "
    "relating related relate relates connected associated linked hold holds held holding cover covers covered covering "
    "include includes included including contain contains contained containing available exist exists store stored "
    "stores indexed index loaded load searched search featured feature features appear appears appearing appeared "
    "represented represent present listed lists shown show shows kept keep keeps crop crops cropped turn turns turned "
    "figure figures figured sit sits belong belongs belonging fall falls carry carries bear bears came come comes "
    "coming remain remains remaining left go goes went gone open opened opens start starts started begin begins begun "
    "stop stops end ends ended finish finished finishes stretch stretches run runs reach reaches reached account "
    "accounts make made decide decided decides deciding issue issued issues publish published publishes dated "
    "concluded completed finalised closed announced delivered released signed handed down taken determined resolved "
    "ruled rule ruling brought lodged named called filed classed classified categorised assigned put recorded record "
    "give given gives giving received receive receives ombudsman ombudsman's ombudsmans ombudsmen lgsco lgo official "
    "officially local government social care england's full complete whole entire exact exactly roughly approximately "
    "actually altogether respective individual single overview inventory detail details value values field output "
    "handful dozen dozens hundred hundreds thousand thousands talking size big large small much many few half lot lots "
    "total totals sum number numbers amount tell know whether if not same different such so then else old new long ago "
    "since lately complained instead whichever whatever straight immediately directly next previous prior following "
    "order ordered sorted newest time apart far gap days weeks inside outside particular specific specifically alone "
    "alphabetical alphabetically case cases entry entries item items group groups pile bunch batch based way ways "
    "really again too well matching hits matches fell marked accordingly yes please ok okay um er more other others "
    "another rest lie lies separating differ differs alike point moment today date until till before after during day "
    "back forward onwards title titles beyond separate separates table nor how side sided sides investigated aside "
    "share shares shared spread distributed divided somebody someone take takes span spans word itself themselves "
    "ones".split()
).union(PLAIN_MONTHS, list(NUMBER_WORDS)[:10])


def spelt_out(text: str, whole: bool = False) -> str:
    """The text in small letters, without short forms: “what's” is “what is”, “weren't” is “were not”.

    Unless `whole`, what is asked of each decision is cut off its end: “…, and their dates”.
    """
    text = text.casefold()
    for pattern, plain in _SPELT if whole else (*_SPELT, *_TRAILING):
        text = pattern.sub(plain, text)
    return text


def without_courtesies(text: str) -> str:
    """The text, spelt out, without greetings and thanks."""
    return _without(text, COURTESIES)


def without_asides(text: str) -> str:
    """The text, spelt out, without greetings, thanks, “could you tell me” and what it is wanted for."""
    return _without(text, ASIDES)


def _without(text: str, phrases: Iterable[Phrase]) -> str:
    for phrase in phrases:
        text = " ".join(phrase.pattern.sub(phrase.token, text).split())
    return text


def read_words(text: str) -> str:
    """The text, spelt out, with each known phrase as its token; other words stay as they are."""
    for phrase in PHRASES:
        text = phrase.pattern.sub(phrase.token, text)
    return text
