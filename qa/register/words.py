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
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["upheld", "not upheld", "closed", "partly upheld"]

OUTCOMES: dict[str, Outcome] = {"U": "upheld", "N": "not upheld", "X": "closed", "P": "partly upheld", "F": "upheld"}
"""The outcome that each token for one means."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, in small letters, and the token that it stands for ("" where it says nothing)."""

    token: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]


def _phrase(token: str, pattern: str, *examples: str) -> Phrase:
    return Phrase(token, re.compile(rf"(?<![\w'])(?:{pattern})(?!\w)", re.VERBOSE), examples)


def _starting(token: str, pattern: str, *examples: str) -> Phrase:
    return Phrase(token, re.compile(rf"^\W*(?:{pattern})(?![\w'])", re.VERBOSE), examples)


_ASK_POLITELY = (
    r"(?:can|could|would|will|may)\ (?:you|i|we|u|someone|anyone|anybody)\ "
    r"(?:please\ |kindly\ |possibly\ |just\ |perhaps\ )?"
)
_VERB_TO_KNOW = (
    r"(?:know|see|find\ out|find|get|ask|check|have|learn|understand|establish|confirm|be\ told|work\ out|count)"
)

COURTESIES = (
    _phrase(
        "",
        r"hi(?:ya)?|hello|hey|(?:good\ )?(?:morning|afternoon|evening)(?=\W*[!,.])"
        r"|good\ (?:morning|afternoon|evening)|dear\ (?:all|sirs?(?:(?:\ or\ |/)madam)?|madam|team)"
        r"|yours\ (?:faithfully|sincerely|truly)\b[^?]{0,60}$|(?<=[.?]\ )yours,[^?]{0,60}$"
        r"|(?:kind|best)\ (?:regards|wishes)",
        "hi",
        "dear team",
    ),
    _phrase(
        "",
        r"please|pls|plz|thanks(?:\ a\ lot)?|thank\ you(?:\ very\ much)?|many\ thanks|cheers|ta"
        r"|by\ any\ chance|if\ (?:possible|any|you\ can)|i\.?e\.?(?=[\s,])|that\ is\ to\ say|e\.?g\.?(?=[\s,])"
        r"|for\ (?:instance|example)"
        r"|y/n|yes\ or\ no|yes/no|true\ or\ false|(?<=,\ )say|testing\ 123|kindly|mate|folks|innit|eh|hmm+|ahem|alright"
        r"|on\ the\ face\ of\ it|as\ far\ as\ (?:you\ know|you\ can\ tell|i\ can\ see)|at\ a\ glance|off\ the\ bat"
        r"|to\ be\ (?:clear|precise|exact|honest)|in\ (?:one\ line|brief|short|a\ nutshell|a\ word)|in\ plain\ english"
        r"|(?:would|could)\ you\ be\ so\ (?:kind|good)\ as\ to(?:\ (?:say|tell\ me))?"
        r"|(?:i|we)\ (?:should|would|shall)\ be\ (?:much\ |most\ |very\ )?(?:obliged|grateful|glad)\ (?:if\ you"
        r"\ (?:would|could)(?:\ (?:say|tell\ me|confirm))?|to\ (?:know|learn|hear|be\ told)|for"
        r"(?=\ (?:a|the)\ (?:full\ )?"
        r"(?:list|schedule|table)))|(?:obliged|grateful)\ if\ you\ (?:would|could)"
        r"|when\ you\ (?:get|have)\ a\ (?:moment|minute|chance|second)|for\ (?:me|us)"
        r"|(?<!say\ )(?<!saying\ )(?<!said\ )sorry|apologies|excuse\ me"
        r"|try\ this|quick\ one|last\ one(?=[:,]|\ [-–—])|one\ more|another\ one(?=\W)"
        r"|while\ (?:i'm|you're|we're)\ (?:here|at\ it)"
        r"|if\ it's\ not\ too\ much\ trouble|if\ you\ (?:would|could|don't\ mind|wouldn't\ mind|have\ (?:it|them|any))"
        r"|\(?(?:not\ counting|not\ including|excluding|including)\ that\ (?:day|date)(?:\ itself)?\)?"
        r"|that\ (?:day|date)(?:\ itself)?\ included"
        r"|(?:i'm\ )?not\ sure\ (?:if|whether|that|where)|in\ fact|as\ it\ happens"
        r"|to\ your\ knowledge|be\ honest(?:\ with\ (?:me|us))?"
        r"|a\ bit\ of\ a\ [a-z]+\ question|just\ to\ (?:check|confirm|be\ sure)|so\ i\ can\ [^,.;:?!]{0,50}",
        "thank you",
        "by any chance",
        "y/n",
        "on the face of it",
        "just to check",
    ),
)

ASIDES = (
    *COURTESIES,
    _phrase(
        "what is the REF of",
        r"how\ (?:should|would|do|can|could)\ (?:i|we|one|you)\ (?:cite|reference|refer\ to)",
        "how should i cite",
    ),
    _phrase(
        "",
        r"for\ (?:my|a|an|our|the)\ (?:\w+\ ){0,2}(?:research|report|article|dissertation|essay|records|briefing"
        r"|presentation|project|thesis|feature|story|paper|submission|members|committee|footnote|footnotes|letter"
        r"|file|notes|bibliography|citation|spreadsheet|boss|editor|manager|team|meeting|class|students|blog|talk|minutes"
        r"|agenda|panel|audit|scrutiny|update|return|homework|board|governors)"
        r"(?:\ (?:on|about|into|to|of|for)\ [^,.;?!]{0,60})?",
        "for my research",
        "for my dissertation on children's services",
        "for a report to members",
    ),
    _starting("", r"for\ (?:(?:my|our)\ [^,.;:?!]{1,50}[,:]|(?:a|an|the)\ [^,.;:?!]{1,50}:)", "for our annual return:"),
    _starting("", r"as\ an?\ [^,.;:?!]{0,40},", "as a data journalist,"),
    _starting(
        "",
        r"(?:my|our)\ [^,.;:?!]{0,40}\b(?:wants?|needs?|would\ like|(?:has|have)\ asked|(?:is|are)\ (?:looking|hoping))"
        r"\ (?:to\ (?:read|see|know|look\ at|compare|have|get|find)|for|about)",
        "our support group wants to read",
    ),
    _starting(
        "list ",
        r"(?:(?:the|a|an)\ )?(?:counsel|members?|panel|committee|chair|barrister|solicitor|partner|clerk|caller|head"
        r"|auditors?|governors?|trustees|client|team|office)\ (?:needs?|wants?|asks?\ for|requires?|requests?"
        r"|would\ like|(?:has|have)\ (?:requested|asked\ for))(?:\ (?:a|the)\ (?:full\ )?(?:schedule|list|table)\ of)?",
        "counsel needs",
        "members have requested a schedule of",
    ),
    _phrase("", r"(?:both\ )?(?:dates?\ )?inclusive(?:ly)?", "inclusive"),
    _starting("list ", r"(?:require|need|want|seek)(?=\ (?:the|a|all|every|any)\ )", "require the list"),
    _starting(
        "any DD ",
        r"got\ (?:any\ )?(?:stuff|things|anything|something|any|some)(?=\ (?:on|about|from|for)\b)",
        "got stuff on",
    ),
    _phrase(
        "",
        r",?\ ?(?:which|what|who)\ (?:would|might|are|were)\ (?:they|those|these|that|it)(?:\ be)?(?=\W*$)",
        "which would they be",
    ),
    _phrase("", r",\ is\ that\ (?:right|so|true|correct)(?=\W*$)", ", is that right"),
    _starting(
        "",
        r"(?:i|we)(?:'m|\ am|'re|\ are)\ [^,.;:?!0-9]{0,70}\b(?:and|so|but)\ (?:i\ |we\ )?(?:just\ )?(?:(?:need|want"
        rf"|would\ like|wanted|'d\ like)\ to\ {_VERB_TO_KNOW}|(?:was\ |were\ |am\ |are\ )?wonder(?:ed|ing)?)"
        r"(?:\ (?:whether|if))?",
        "i'm writing a feature on social work and need to know",
        "i'm doing my dissertation on fostering and wondered",
    ),
    _phrase("", r"(?:going|judging)\ by", "going by"),
    _phrase("", r"before\ i\ [^,.;:?!]{0,50}(?=\W*$)", "before i start asking things"),
    _starting("", r"before\ i\ [^,.;:?!]{0,60}[,:]", "before i rely on this for a briefing:"),
    _phrase(
        "",
        r"(?:my|our|the|a)\ (?:\w+\ )?(?:boss|editor|supervisor|manager|tutor|lecturer|friend|colleague|neighbour"
        r"|client|sister|brother|mum|dad|husband|wife|chair|director|professor|teacher|councillor|mate)(?:\ just)?"
        r"\ (?:says|said|reckons"
        r"|thinks|claims|wants|asks|asked|tells"
        r"|told|is\ asking|wants\ to\ know|needs)(?:\ (?:me|us))?(?:\ (?:that|to\ (?:use|know|see|have|find\ out)"
        r"|for|if|whether|about))?",
        "my supervisor says to use",
        "a friend told me that",
    ),
    _phrase(
        "",
        r"(?:i|we)(?:'ve|\ have|'d|\ had)?\ (?:heard|read|been\ told|was\ told|were\ told|recall|remember"
        r"|seem\ to\ (?:recall|remember)"
        r"|have\ (?:a\ )?notes?\ (?:saying|that)|gather|understand|noticed)(?:\ that)?",
        "i heard that",
        "we recall",
    ),
    _starting("HOWMANY ", rf"{_ASK_POLITELY}(?:count|total)(?:\ up)?(?=\ )", "can you count up the cases"),
    _starting("list ", r"(?:can|could|may)\ (?:i|we)\ (?:please\ )?have(?=\ )", "could i have all"),
    _starting(
        "list ",
        rf"(?:{_ASK_POLITELY})?(?:to\ )?"
        r"(?:list(?:\ out)?|search(?:\ for)?|look\ for|browse|filter|pull\ out|read\ out|show|name|give|find"
        r"|display|get|see|enumerate|print|view|bring\ up|pull\ up|dump|tabulate|itemi[sz]e|outline|provide|supply"
        r"|produce|retrieve|detail|export|output|spell\ out|recite|set\ out|run\ (?:me\ |us\ )?(?:off|through|up|down)"
        r"|state|identify|fetch"
        r"|return|sort|order|arrange|group|organi[sz]e|line\ up|lay\ out|draw\ up|compile|put\ together|dig\ out"
        r"|hand\ over"
        r"|pull|open|send|gimme|let\ me\ (?:see|have))"
        r"(?:\ (?:me|us))?(?:\ (?:a|the)\ (?:full\ |complete\ |quick\ )?(?:list(?:ing)?|table|rundown|summary"
        r"|breakdown(?=\ of\ all))\ (?:of|for))?(?=[\s,])",
        "can you list all",
        "give me a list of",
        "could you please show me",
    ),
    _phrase(
        "",
        r"(?:might|may|could|can)\ i\ (?:trouble|bother|ask|press)\ you\ (?:for|to\ (?:list|name|tell|give"
        r"|show)(?:\ me)?)"
        r"|(?:should|would|do|can|shall)\ i\ (?:cite|use|quote|look\ at|open|put|pick|choose|start\ with)(?:\ as)?"
        r"|(?:if|when|suppose)\ i\ (?:look\ (?:up|for)|search(?:\ for|\ on)?|type(?:\ in)?|put\ in|ask(?:\ for"
        r"|\ about)?|filter(?:\ (?:by|on|for))?|pick|choose|enter|click(?:\ on)?)"
        rf"|(?:{_ASK_POLITELY})?(?:tell|remind|inform|advise|say\ to)\ (?:me|us)(?:\ (?:please|whether|if|about))?"
        rf"|{_ASK_POLITELY}(?:say|check|ask|know|confirm|clarify|state|look\ up|count|work\ out)(?:\ (?:me"
        rf"|us))?(?:\ (?:whether|if|for\ me))?"
        r"|let\ (?:me|us)\ know(?:\ (?:whether|if))?|confirm(?:\ (?:whether|if|that))?|(?:check|look)\ (?:whether|if)",
        "could you tell me whether",
        "might i trouble you for",
        "should i cite as",
        "if i look up",
        "let me know if",
        "can you confirm whether",
    ),
    _phrase(
        "",
        rf"(?:i|we)(?:'d|'m|\ would|\ should|\ am|\ are|'re|\ do|\ will|'ll)?\ (?:just\ |only\ |really\ |also\ )?"
        r"(?:want|wanted|need|needed|like|love|wish|try|trying|wondering|wonder|wondered|curious|interested|looking"
        r"|after|asking)"
        rf"(?:\ (?:to|in|for|about|at|a\ list\ of))?(?:\ (?:{_VERB_TO_KNOW}|knowing|seeing|finding|a\ list\ of"
        rf"|a\ figure))?"
        r"(?:\ (?:whether|if|for))?",
        "i would like to know whether",
        "we want to see",
        "i'm interested in",
        "i'm wondering if",
    ),
    _phrase(
        "",
        r"(?:do|would)\ (?:you|we)\ (?:happen\ to\ )?know(?:\ (?:whether|if))?|any\ idea(?:\ (?:whether|if))?"
        r"|does\ (?:that|this)\ mean(?:\ (?:that|you))?",
        "do you know if",
    ),
    _phrase(
        "list the DD",
        rf"{_ASK_POLITELY}(?:list|name|show|give|set\ out|lay\ out|sort|order|fill)\ (?:me\ )?(?:them|it|those|these"
        rf"|that)(?:\ (?:in|out|up|all))?",
        "could you list them",
    ),
    _phrase(
        "COLL",
        r"(?:that\ )?(?:can|could|may|might)\ (?:i|we|you|people|one)\ (?:use\ this\ to\ )?(?:search(?:\ (?:for|in"
        r"|through))?|read(?:\ about)?|browse|look\ (?:at|up|into)|ask(?:\ (?:you\ )?about)?|access"
        r"|choose(?:\ from)?|compare|filter(?:\ (?:by|on))?|query|answer(?:\ (?:questions\ )?(?:on|about))?)",
        "can i search",
        "can we ask about",
    ),
    _phrase(
        "",
        r"is\ it\ (?:true|right|correct|the\ case)(?:\ (?:that|to\ say))?|am\ i\ right(?:\ (?:that"
        r"|in\ thinking))?(?:\ that)?|quick\ question|just\ checking|just\ curious|out\ of\ (?:interest|curiosity)"
        r"|i\ (?:think|believe|guess|suppose|mean)",
        "quick question",
    ),
)

_PEOPLE = (
    r"(?:(?:the|a|any|either)\ )?(?:complainants?|famil(?:y|ies)|parents?|people|residents?"
    r"|(?:members\ of\ )?(?:the\ )?public"
    r"|everyone|everybody|anyone|anybody|someone|person|citizens?|claimants?|individuals?|mothers?|fathers?)"
)
_ARE = r"(?:was|were|is|are|be|been|being|get|gets|got)"
_NOUN = r"(?:decision|case|complaint|ruling|judge?ment|adjudication|determination|file)"
_OMBUDSMAN = (
    r"(?:(?:the\ )?(?:ombudsman(?:'s|s)?|ombudsmen|lgs?co(?:'s)?|lgo(?:'s)?"
    r"|local\ government\ (?:and\ social\ care\ )?ombudsman(?:'s)?)\ |published\ |final\ |formal\ )*"
)
_NEVER = r"(?:not|never)\ (?:(?:be|been|being|get|got|to|have|had|yet|actually|ever|fully|found)\ ){0,2}"
_COUNCIL = r"(?:councils?|authorit(?:y|ies)|bod(?:y|ies)|local\ authorit(?:y|ies)|organisations?)"

PHRASES = (
    _phrase(
        "DATEORDER",
        r"(?:starting|beginning)\ (?:with|from)\ (?:the\ )?(?:newest|latest|most\ recent|oldest|earliest|first)"
        r"(?:\ one)?",
        "starting with the most recent",
    ),
    _phrase(
        "DATEORDER",
        r"(?:the\ )?(?:newest|latest|most\ recent|oldest|earliest|recent)(?:\ ones?)?\ (?:first|last|at\ the\ (?:top"
        r"|bottom|end)|to\ (?:the\ )?(?:oldest|newest|latest|earliest))"
        r"|(?:first|newest|oldest|earliest)\ to\ (?:last|latest|newest|oldest)|(?:ascending|descending"
        r"|reverse)\ (?:date\ )?order",
        "newest first",
        "oldest at the top",
    ),
    _phrase(
        "SECOND LATEST",
        r"not\ the\ (?:latest|newest|last|most\ recent)(?:\ (?:one|decision))?,?\ but\ the\ (?:one"
        r"|decision)\ (?:right\ |just\ |immediately\ )?before(?:\ (?:that|it))?"
        r"|the\ (?:one|decision)\ (?:right\ |just\ |immediately\ )?before\ the"
        r"\ (?:latest|newest|last|most\ recent)(?:\ one)?"
        r"|(?:the\ )?(?:last\ but\ one|penultimate|second\ (?:to\ )?last|next\ to\ last)",
        "last but one",
    ),
    _phrase(
        "FIRST",
        r"(?:the\ )?(?:earlier|earliest|older|oldest|first)(?:\ one)?,?\ (?:and\ )?not\ the"
        r"\ (?:later|latest|newer|newest|last|second)(?:\ one)?",
        "the earlier one not the later one",
    ),
    _phrase(
        "LATEST",
        r"(?:the\ )?(?:later|latest|newer|newest|last|second)(?:\ one)?,?\ (?:and\ )?not\ the"
        r"\ (?:earlier|earliest|older|oldest|first)(?:\ one)?",
        "the later one not the earlier one",
    ),
    _phrase("DD", r"(?:any|all|some|which|one|none|many)\ of\ yours", "any of yours"),
    _phrase("its REF", r"(?:its|their)\ (?:number|no\.?)s?(?!\ of)", "its number"),
    _phrase("REF", r"(?<=date\ and\ )number|(?<=council\ and\ )number|number(?=\ and\ date)", "number and date"),
    _phrase(
        "the D", r"(?:only|just)\ the\ one(?=\ (?:in|under|about|from|against|on|K|T|B)(?!\w))", "only the one under"
    ),
    _phrase(
        "FIRST",
        r"(?:predates?|precedes?|preceded|came\ before|comes\ before|is\ before|was\ before)\ the\ other(?:s|\ one)?",
        "predates the other",
    ),
    _phrase(
        "LATEST",
        r"(?:postdates?|follows|came\ after|comes\ after|is\ after|was\ after)\ the\ other(?:s|\ one)?",
        "came after the other",
    ),
    _phrase(
        "MIDDLE",
        r"(?:in\ )?(?:the\ |at\ the\ )?(?:very\ )?(?:middle(?!\ (?:school|of\ (?:the\ )?(?:T|[0-9])))|median|halfway"
        r"(?:\ point)?|mid-?point)",
        "the middle",
        "median",
    ),
    _phrase(
        "GAP",
        r"(?:the\ )?(?:longest|biggest|largest|greatest|widest)\ (?:gaps?|stretch|intervals?|pause|lull|time"
        r"(?=\ (?:between|without)\b))"
        r"|(?:furthest|farthest)\ apart",
        "the longest gap between",
        "furthest apart",
    ),
    _phrase(
        "CLOSEST",
        r"(?:the\ )?(?:shortest|smallest|narrowest)\ (?:gaps?|intervals?|time(?=\ between\b))"
        r"|(?:the\ )?(?:closest|nearest)\ (?:together|to\ (?:each\ other|one\ another)|in\ (?:time|date)"
        r"(?=\W*$|\ to\ (?:each|one)))",
        "closest together",
        "the shortest gap between",
    ),
    _phrase("NEAREST", r"(?:the\ )?(?:nearest|closest)(?:\ in\ (?:time|date))?", "closest", "nearest in time"),
    _phrase(
        "STARTING",
        r"(?:that\ |which\ )?(?:start|begin)(?:s|ning|ing)?(?:\ (?:with|in|by))?"
        r"(?=\ (?:the\ )?(?:digits?\ |numbers?\ )?"
        r"[0-9])",
        "beginning with 21",
    ),
    _phrase(
        "ENDING",
        r"(?:that\ |which\ )?end(?:s|ing)?(?:\ (?:in|with|by))?(?=\ (?:the\ )?(?:digits?\ |numbers?\ )?[0-9])"
        r"|(?:the\ )?(?:last|final)\ (?:two|three|four|2|3|4|few)\ (?:digits|numbers|figures)"
        r"(?:\ (?:are|is|were|being))?",
        "ending in 737",
        "the last three digits",
    ),
    _phrase(
        "HIGHEST",
        r"(?:the\ )?(?:highest|largest|biggest)(?=\ (?:\w+\ )?(?:reference|ref|number)s?\b(?!\ of))",
        "highest reference number",
    ),
    _phrase(
        "LOWEST",
        r"(?:the\ )?(?:lowest|smallest)(?=\ (?:\w+\ )?(?:reference|ref|number)s?\b(?!\ of))",
        "lowest reference",
    ),
    _phrase(
        "SAME",
        r"(?:the\ |that\ |a\ )?(?:same|identical|matching(?!\W*$))(?!\ number)"
        r"|(?:share|shares|sharing|shared)\ (?:a|an|the|one)(?=\ (?:decision\ )?(?:date|day"
        r"|month|year|council|body|authority|category|outcome)\b)",
        "the same",
        "share a category",
    ),
    _phrase(
        "TWINS",
        r"duplicates?|duplicated|dupes?|dups?|repeats|twins|doubles|doubled(?:\ up)?|pair(?:s|ed)?",
        "duplicates",
        "dupes",
    ),
    _phrase(
        "WEEKDAY",
        r"(?:at\ |on\ )?(?:a\ |the\ )?(?:weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)",
        "on a weekend",
        "on a sunday",
    ),
    _phrase("FIRST LATEST", r"(?:the\ )?min(?:imum)?\ (?:and|&|/)\ max(?:imum)?", "min and max"),
    _phrase(
        "U",
        r"(?:complain(?:ed)?|went\ to\ the\ ombudsman)\b[^,.?!;]{0,40}\band\ (?:then\ )?(?:win|won|succeed(?:ed)?)"
        r"|proved?\ (?:right|their\ case)",
        "complained about B and won",
    ),
    _phrase(
        "OFTEN",
        r"(?:more\ than\ one|two|2|several|multiple)\ (?:decisions|cases|complaints|rulings)\ (?:on|about|against"
        r"|for|from|involving)\ (?:the\ same|one|any\ one|a\ single)\ (?:council|authority|body)",
        "two decisions on the same council",
    ),
    _phrase(
        "OFTEN",
        r"(?:with|has|have|had|having|got)\ (?:two|2)\ (?:decisions|cases|complaints|rulings)",
        "has two decisions",
    ),
    _phrase("EXCEPT B", r"(?:take|taking|leave|leaving)\ B\ (?:out|aside|away)(?:\ of\ (?:it|this))?", "take B out"),
    _phrase(
        "all EXCEPT",
        r"(?:all|everything|(?:any|every)\ (?:one|decision|case|council|authority))\ but|anything\ but|anyone\ but",
        "all but",
        "any council but",
    ),
    _phrase(
        "LATEST D",
        r"(?:the\ )?(?:very\ )?final\ (?:decision|one|case|ruling|judge?ment)"
        r"(?=\ (?:dated\ |made\ |issued\ |to\ (?:come\ out|be\ made|be\ issued)\ )?T(?!\w))",
        "the final decision T",
    ),
    _phrase("about", r"in\ (?:respect|relation)\ (?:of|to)|with\ (?:respect|regard)\ to", "in respect of"),
    _phrase(
        "all",
        r"(?:limited|restricted|confined)\ to|(?:made\ up|composed|consists?)\ (?:only\ |entirely\ "
        r"|solely\ )?of(?:\ only|\ nothing\ but)?|nothing\ but|exclusively|solely|entirely",
        "limited to",
    ),
    _phrase("DATE", r"(?:decision|case|complaint|ruling)(?:'s)?\ dates?(?!\w)", "decision date"),
    _phrase("SHARE", r"(?:account|make)s?\ (?:for|up)\ a\ share\ of", "account for a share of"),
    _phrase("COLL", r"(?:in|on|from)\ (?:the|your|this)\ (?:list|register|file|shelf|shelves|books)", "on the list"),
    _phrase(
        "CATEGORY",
        r"(?:under|in|with|does|has|have|the)\ (?:the\ )?(?:headings?|labels?|tags?)|(?:case"
        r"|complaint)?\ ?(?:headings|labels|tags)|heading",
        "under the heading",
    ),
    _phrase(
        "CATEGORY",
        r"how\ (?:is|was|are|were|has)\ (?:(?:the\ )?B(?:'s)?(?:\ \w+)?|R"
        r"|(?:the\ )?\w+\ decisions?)\ (?:been\ )?(?:categori[sz]ed|classified|classed|filed|tagged|labelled)"
        r"|how\ B'?s?(?:\ \w+)?\ is\ (?:categori[sz]ed|classified|classed|filed|tagged|labelled)",
        "how is B case classified",
    ),
    _phrase(
        "COLL",
        r"what\ (?:do|would|will|can)\ (?:i|we)\ (?:get|see|find)|you\ do\ not\ (?:have|hold|cover)"
        r"|(?:comes?|pops?|turns?|shows?|showed"
        r"|came)\ up(?!\ (?:to|until))|(?:against|by|under)\ (?:its|their)\ names?"
        r"|(?:am\ i|are\ we)\ (?:looking\ at|left\ with|dealing\ with)|to\ (?:its|their"
        r"|his)\ name",
        "what do i get",
        "come up",
    ),
    _phrase(
        "REF",
        rf"(?:the\ )?(?:reference|ref|{_NOUN}|ombudsman|lgsco|lgo|id)s?\ ?(?:'s\ )?(?:reference\ |ref\ |id\ )?"
        r"(?:numbers?|nos?|ids?|codes?|refs?|references?)|references?|refs?",
        "reference number",
        "case ref",
        "the decision reference number",
        "ref",
    ),
    _phrase(
        "DATEORDER",
        r"(?:in\ )?(?:date|chronological|time)\ order|chronologically|(?:in|by)\ order\ of\ date|sorted\ by\ date"
        r"|order\ by\ date",
        "in date order",
    ),
    _phrase(
        "EACH YEAR",
        r"(?:yearly|annual)(?:\ (?:breakdown|totals?|figures?|counts?|split))?|year\ by\ year|(?:by|per|each|every"
        r"|for\ each|in\ each)\ (?:calendar\ )?year|breakdown\ (?:by|of)\ years?",
        "yearly breakdown",
        "year by year",
    ),
    _phrase(
        "EACH MONTH",
        r"monthly(?:\ (?:breakdown|totals?|figures?|counts?))?|month\ by\ month|(?:by|per|each|every)\ month",
        "monthly totals",
    ),
    _phrase(
        "SHARE",
        r"(?:what|which)\ (?:is\ |was\ )?(?:the\ )?(?:proportion|percentage|percent|per\ cent|share|fraction|ratio)"
        r"|(?:the\ |a\ )?(?:proportion|percentage|percent|per\ cent|share|fraction|ratio)\ of|how\ often"
        r"|how\ frequently"
        r"|(?:what\ (?:is|was)\ )?(?:the\ |your\ |an\ )?(?:overall\ )?(?:uphold|upheld|success|upholding|win"
        r"|strike)[\ -]rates?"
        r"|(?:uphold|upheld)\ (?:percentage|proportion)|percentage|what\ %|%",
        "what percentage",
        "uphold rate",
        "how often",
        "the share of",
    ),
    _phrase(
        "HOWMANY",
        r"how\ many(?:\ (?:different|separate|distinct|individual|such|other|more|of))?"
        r"|(?:what\ (?:is|was|are)\ )?(?:the\ |an?\ )?(?:total\ |overall\ |exact\ |current\ )?(?:number|count|tally"
        r"|total|sum\ total|no\.?)"
        r"(?:\ number)?\ of(?:\ (?:different|separate|distinct))?"
        r"|(?:what\ (?:is|was)\ )?the\ (?:total|count|tally|number)(?:\ number)?"
        r"|(?:headcount|(?<!that\ )(?<!this\ )(?<!it\ )count|tally|total|number)(?:\ up)?(?:\ of)?|total\ number",
        "how many",
        "what is the total number of",
        "number of",
        "count of",
        "how many different",
    ),
    _phrase(
        "SIZE",
        r"how\ (?:big|large|small|extensive)|(?:what\ (?:is|was)\ )?the\ size(?:\ of)?|what\ size",
        "how big",
        "the size of",
    ),
    # outcomes: the longer wordings first
    _phrase(
        "P",
        r"(?:partly|partially|partial|part|half)[\ -](?:upheld|uph[eo]lds?)|upheld\ (?:in\ part|partly|partially)",
        "partly upheld",
        "upheld in part",
    ),
    _phrase(
        "X",
        r"closed\ (?:after|following|without|at|on)\ (?:an?\ |the\ |any\ )?(?:initial\ |further\ )?(?:enquir(?:y"
        r"|ies)|inquir(?:y|ies)|investigat(?:ion|ing)|assessment)"
        r"|closed\ (?:early|down)|not\ (?:been\ )?investigated|(?:never|un)[\ -]?investigated|no\ investigation"
        r"|(?:discontinued|refused\ to\ investigate|declined\ to\ investigate|(?:decided"
        r"|chose)\ not\ to\ investigate|not\ accepted)"
        r"|declined|out(?:side)?\ (?:of\ )?jurisdiction",
        "closed after initial enquiries",
        "not investigated",
        "declined",
        "outside jurisdiction",
    ),
    _phrase(
        "EITHER",
        rf"upheld,?\ or\ (?:as\ |an?\ )?(?:{_ARE}\ )?(?:not(?:\ upheld)?|rejected|dismissed|thrown\ out|turned\ down)"
        rf"|(?:not\ upheld|rejected|dismissed)\ or\ upheld"
        r"|upheld\ ?/\ ?not\ upheld|won\ or\ lost|win\ or\ lose|lost\ or\ won|lose\ or\ win|fault\ or\ no\ fault"
        r"|in\ favour\ or\ against",
        "upheld or not",
        "upheld or rejected",
        "won or lost",
    ),
    _phrase(
        "U",
        rf"(?:won|win|wins|winning|succeed(?:ed)?|success(?:ful)?)\ against|in\ favour\ of\ {_PEOPLE}"
        rf"|(?:decided|ruled|found)\ for\ {_PEOPLE}"
        rf"|in\ {_PEOPLE}'?s?'?\ favour|(?:went\ |going\ |go\ )?{_PEOPLE}'?s?'?\ way|{_PEOPLE}\ (?:has\ |have\ "
        rf"|had\ |ever\ )?(?:won|win|wins)|won\ by\ {_PEOPLE}"
        rf"|{_PEOPLE}\ (?:was|were|being)\ (?:proved\ |found\ )?right",
        "in favour of the complainant",
        "the family won",
        "won by parents",
        "went the complainant's way",
    ),
    _phrase(
        "N",
        rf"{_PEOPLE}\ (?:has\ |have\ |had\ |ever\ )?(?:lost|lose|loses)|lost\ by\ {_PEOPLE}|(?:gone|went|go|going"
        rf"|goes|found|ruled|decided)\ against\ {_PEOPLE}"
        rf"|(?:(?:decided|ruled|found|came\ down|come\ down|sided)\ )?(?:in\ favour\ of|for|with)\ (?:the\ |a\ "
        rf"|any\ ){_COUNCIL}(?!\ (?:about|against|in|on|of))"
        rf"|in\ (?:the\ |a\ |any\ )?{_COUNCIL}'?s?'?\ favour|(?:went\ |go\ |going\ )?(?:the\ |a\ "
        rf"|any\ ){_COUNCIL}'?s?'?\ way"
        r"|(?:complaints?|cases)\ (?:that\ |which\ |(?:about|against)\ B\ )?failed",
        "lost by the complainant",
        "in favour of the council",
        "in the council's favour",
        "complaints that failed",
    ),
    _phrase(
        "N",
        rf"(?:found\ )?not\ at\ fault|{_NEVER}(?:upheld|uphold|successful|succeed(?:ed)?|criticised|told\ off"
        rf"|blamed|faulted|at\ fault|to\ blame|guilty|lost|lose)"
        r"|(?:not|non|un)-?\ ?upheld"
        r"|no\ (?:finding\ of\ )?(?:fault|maladministration|wrongdoing)(?:\ (?:was\ |were\ )?(?:found|finding))?"
        r"|no[\ -]fault(?:\ findings?)?|no\ findings?\ of\ fault"
        r"|found\ no\ (?:fault|maladministration|wrongdoing)(?:\ (?:with|by|in))?|(?:found\ |with"
        r"|to\ be\ )(?:without|free\ of|free\ from)\ fault|without\ fault"
        r"|rejected|dismissed|thrown\ out|threw\ out|turned\ down|unsuccessful|unfounded|unsubstantiated"
        r"|knocked\ back|refused|escap(?:ed?|es|ing)\ (?:criticism|blame|censure|fault)"
        r"|cleared|exonerated|vindicated|let\ off(?:\ the\ hook)?|got\ off|get\ off|off\ the\ hook|won|wins?"
        r"|winning|in\ the\ clear|in\ the\ right(?!\ (?:place|order))|acquitted|got\ away\ with\ it|get\ away\ with\ it"
        r"|clean\ bill\ of\ health|off\ scot[\ -]free|(?:a\ )?(?:clean|perfect)\ (?:record|sheet|slate)|unblemished",
        "not upheld",
        "never been found at fault",
        "no fault found",
        "found no fault with",
        "thrown out",
        "cleared",
        "not been upheld",
    ),
    _phrase(
        "U",
        r"upheld|up-held|up\ held|uph[eo]ld(?:s|ing)?|successful|succeeded|succeed|substantiated|justified"
        r"|found\ (?:to\ (?:be|have\ been)\ )?(?:at\ fault|guilty|wanting|in\ the\ wrong|to\ blame)"
        r"|found\ to\ have\ (?:been\ at\ fault|done\ wrong)"
        r"|(?:found|finding|finds|find)\ (?:any\ |some\ )?fault(?:\ (?:with|by|in|against|on))?|fault\ (?:was\ "
        r"|were\ |being\ |has\ been\ )?found|fault\ findings?"
        r"|findings?\ of\ (?:fault|maladministration)|found\ (?:any\ )?(?:maladministration|wrongdoing)"
        r"|findings?\ against"
        r"|(?:found|ruled|decided|judged|go|goes|going|gone|went|come\ down|came\ down|find|rule)\ against"
        r"|adverse(?:\ (?:findings?|to))?"
        r"|told\ off|criticised|censured|reprimanded|rebuked|rapped|slapped\ down|pulled\ up|ticked\ off|condemned"
        r"|faulted|lost(?!\ (?:the|their|her|his|its|some)\ (?!case|complaint|decision))"
        r"|loses?|losing|losses|defeats?|defeated|slammed",
        "upheld",
        "found at fault",
        "fault was found",
        "findings against",
        "told off",
        "lost",
        "ruled against",
        "found fault with",
    ),
    _phrase(
        "F",
        r"at\ fault|to\ blame|in\ the\ wrong|guilty|blamed|involv(?:e|es|ed|ing)\ fault|with\ fault|got\ it\ wrong",
        "at fault",
        "in the wrong",
    ),
    # how often
    _phrase(
        "OFTEN",
        r"(?:more\ than\ (?:once|one(?:\ (?:decision|case|complaint|ruling|time|entry))?)|at\ least\ (?:twice"
        r"|two(?:\ (?:decisions|cases|complaints|rulings|times|entries))?)"
        r"|(?:two|2)\ or\ more(?:\ (?:decisions|cases|complaints|times))?|twice|repeatedly"
        r"|multiple(?:\ (?:decisions|cases|complaints|times))?|several(?:\ (?:decisions|cases|complaints|times))?"
        r"|repeat\ offenders?)",
        "more than once",
        "more than one decision",
        "at least two",
    ),
    _phrase(
        "ONCE",
        r"(?<!the\ )(?:only|just|exactly)\ (?:a\ |the\ )?(?:once|one|single)(?:\ (?:decision|case|complaint|ruling|time"
        r"|entry))?|a\ single\ (?:decision|case|complaint|ruling|entry)|once\ only|once",
        "only one decision",
        "just once",
        "a single case",
    ),
    # in order of time
    _phrase(
        "SECOND",
        r"(?:second|next|2nd)(?=[\ -](?:to[\ -])?(?:most|latest|newest|oldest|earliest|last|first))",
        "second most recent",
    ),
    _phrase("THIRD", r"(?:third|3rd)(?=[\ -](?:most|latest|newest|oldest|earliest|last|first))", "third most recent"),
    _phrase("FOURTH", r"(?:fourth|4th)(?=[\ -](?:most|latest|newest|oldest|earliest|last|first))", "fourth oldest"),
    *(
        _phrase(
            f"{token} FIRST",
            rf"(?<=came\ ){word}|(?<=comes\ ){word}|(?:the\ )?{word}(?=\ to\ (?:receive|get|have|be)\b)"
            rf"|(?:the\ )?{word}(?=\ (?:decision\ |one\ |case\ |council\ )?"
            rf"(?:in|by)\ (?:DATE|time|chronolog\w+|order|date))"
            rf"|(?:the\ )?{word}(?=\ (?:D\ |one\ |case\ |decision\ )?(?:chronologically|DATEORDER|in\ DATEORDER))",
            f"{example} to receive",
        )
        for token, word, example in (
            ("SECOND", "(?:second|2nd)", "second"),
            ("THIRD", "(?:third|3rd)", "third"),
            ("FOURTH", "(?:fourth|4th)", "fourth"),
        )
    ),
    _phrase(
        "LATEST",
        r"(?:how\ )?up\ to\ date|most\ recent(?:ly)?|latest|newest|most\ up\ to\ date|more\ recent(?:ly)?|newer"
        r"|recent|recently|last|later|youngest|freshest|up\ to\ date",
        "most recent",
        "latest",
        "newer",
    ),
    _phrase(
        "FIRST",
        r"earliest|oldest|(?:very\ )?first(?:\ ever)?|older|earlier|least\ recent|sooner|longest\ ago|original",
        "earliest",
        "first",
    ),
    # by number
    _phrase(
        "MOST",
        r"(?:the\ )?(?:most\ (?:often|frequently|frequent|common)|commonest|(?:biggest|largest|main)(?=\ CATEGORY"
        r"|\ categor)|(?:highest|largest|greatest|biggest|higher|larger|greater|bigger)\ (?:number|count|total"
        r"|share)(?:\ of)?|busiest|most|top\ of\ the\ (?:list|league|table)|worst\ offender|worst|league\ table"
        r"|ranking|rank(?:ed)?|top)",
        "the most",
        "the highest number of",
        "most often",
    ),
    _phrase(
        "FEWEST",
        r"(?:the\ )?(?:least\ (?:often|frequently|common)|rarest|the\ (?:fewer|lower|smaller)|(?:lowest"
        r"|smallest)\ (?:number|count"
        r"|total)(?:\ of)?|fewest|least|quietest)",
        "the fewest",
        "the lowest number of",
    ),
    _phrase(
        "MORE",
        r"more(?:\ often)?|fewer|less(?:\ often)?|worse|higher|greater|bigger|larger|smaller"
        r"|the\ same\ number(?:\ of)?|as\ many|outnumber",
        "more",
        "fewer",
    ),
    _phrase(
        "EXCEPT",
        r"(?:other|apart|aside|different)\ (?:than|from)|except(?:ing)?(?:\ for)?|excluding|exclude|besides"
        r"|but\ not|(?:is\ |are\ |was\ |were\ )?not\ (?:about|against|from|involving|concerning|including|counting"
        r"|by)"
        r"|leaving\ (?:out|aside)|leaving(?=\ (?:the\ )?[BKR](?!\w))|ignoring"
        r"|(?:setting|putting|leaving)\ aside|disregarding|discounting"
        r"|taking\ (?:out|away)|(?:(?:if|after|when|once|suppose|supposing|imagine|assume)\ )?(?:(?:you|we"
        r"|i)\ )?(?:dropp(?:ed|ing)|drop|remov(?:e|ed)|exclud(?:e|ed)"
        r"|ignored?|skip(?:ped|ping)?|(?:take|took|leave|left)\ (?:out|aside|away)|(?:set|put)\ aside)|removing"
        r"|not\ counting"
        r"|as\ distinct\ from|minus|excl\.?|rather\ than|bar|outside(?:\ of)?|without",
        "other than",
        "not about",
        "leaving out",
    ),
    _phrase(
        "COMPARED",
        r"compar(?:e|es|ed|ing|ison)(?:\ (?:to|with|of|between))?|versus|vs\.?|v\.?|as\ against|as\ opposed\ to"
        r"|the\ difference\ between|difference\ between|than|against\ that\ of|side\ by\ side",
        "compared with",
        "vs",
    ),
    # the nouns
    _phrase(
        "CC",
        r"(?:different\ |english\ )?(?:(?:local|public)\ )?(?:councils|authorities|bodies)|las|organi[sz]ations"
        r"|local\ governments?|institutions|boroughs",
        "councils",
        "local authorities",
        "organisations",
    ),
    _phrase(
        "C",
        r"(?:local\ |public\ |respondent\ )?(?:council|authority|body)|organi[sz]ation|borough|la",
        "council",
        "local authority",
    ),
    _phrase(
        "COLL",
        r"(?:(?:in|of|on|within|from|inside|across|from\ within)\ )?(?:(?:the|this|that|your|our|its|whole|entire"
        r"|full|present)\ ){0,3}"
        r"(?:collection|data\ ?bases?|data\ ?set|data|index|register|archives?|system|library|corpus"
        r"|(?:web\ ?)?site|tool|app|catalogue|holdings|set|records|bank|repository|portal|contents|coverage|store"
        r"|files?|holding|inventory|corpora|backlog|cases\ on\ file|sample|selection|pool|stack|folder|bundle"
        r"|material|memory|knowledge\ base|service|programme"
        r"|program|page|lot)"
        r"|(?:in|on|to|up|over)\ here|(?:in|on)\ there|among\ (?:them|these|those)|(?:using|with|through)\ this|here"
        r"|on\ (?:file|record|your\ books|your\ system|offer)|in\ (?:stock|total"
        r"|all)|altogether|overall|so\ far|you\ know(?:\ (?:of|about))?|you\ have\ got|you(?:'ve|\ have|\ hold"
        r"|\ cover|\ keep|\ got)",
        "in the database",
        "in here",
        "your collection",
        "on file",
        "you hold",
    ),
    _phrase(
        "DD",
        rf"(?:the\ )?{_OMBUDSMAN}"
        r"(?:decisions|cases|complaints|rulings|judge?ments|adjudications|determinations|decision\ (?:notices"
        r"|statements)|verdicts|ones|(?:case\ )?reports\ (?=COLL)|entries|items|(?:documents|papers|files|texts"
        r"|reports|sources|rows|stuff)(?=\ (?:COLL|do\ COLL|are\ COLL|are\ held|held)))",
        "decisions",
        "ombudsman cases",
        "rulings",
        "lgsco decisions",
        "ones",
    ),
    _phrase(
        "D",
        rf"{_OMBUDSMAN}(?:decision|case|complaint|ruling|judge?ment|adjudication|determination|decision\ (?:notice"
        rf"|statement)|one|entry|item|finding)",
        "decision",
        "ombudsman case",
        "one",
    ),
    _phrase(
        "CATEGORY",
        r"categor(?:y|ies)|(?:subject|service|topic|policy)\ areas?|case\ types?|(?:filed|classed|classified"
        r"|categori[sz]ed|labelled|listed|tagged|recorded|put|placed|sits?|falls?)\ (?:under|as|in(?=\ K))",
        "category",
        "subject areas",
        "classed as",
    ),
    _phrase(
        "TOPICS",
        r"(?:types?|kinds?|sorts?)(?:\ of(?=\ (?:DD|D|thing|stuff|matter|service)))?|subjects?|subject\ matters?"
        r"|topics?|areas?(?:\ of\ (?:work|service))?|themes?|fields?|services?",
        "types of",
        "subjects",
    ),
    _phrase("OUTCOME", r"(?:fared?|come\ off)(?=\W*$)", "fare"),
    _phrase("OUTCOME", r"(?:final\ )?(?:outcomes?|results?|verdict|end\ results?|upshot)", "outcome", "verdict"),
    _phrase("DATE", r"dates?|day", "date"),
    _phrase("YEAR", r"(?:calendar\ |financial\ )?years?", "year"),
    _phrase("MONTH", r"months?", "month"),
    _phrase(
        "SPAN",
        r"how\ far\ back|(?:time|DATE)[\ -]?(?:range|span|frame|period|line)s?|span\ of\ (?:time|DATE|YEAR)"
        r"|range\ of\ (?:DATE|YEAR)|timespan|timeframe|timeline|(?:what|which)\ period"
        r"|period\ (?:of\ time\ )?(?:is\ )?covered",
        "how far back",
        "time range",
    ),
    _phrase(
        "list",
        r"(?:an?\ |the\ )?(?:table|spreadsheet|listing|rundown|inventory|overview|summary|breakdown"
        r"|index)\ of(?=\ (?:all\ |the\ |your\ |every\ )*(?:DD?|CC|COLL)(?!\w))"
        r"|(?:an?\ |the\ )?(?:table|spreadsheet)",
        "a table of all the DD",
        "a table",
    ),
    _phrase("TIMES", r"times|occasions", "times"),
    _phrase(
        "EACH",
        r"(?:spread|distributed|divided|shared|split)\ (?:out\ )?(?:across|over|among|between)(?:\ the)?"
        r"|distribution\ (?:of|by|across)|broken\ down(?:\ by)?|break\ down|breakdown(?:\ (?:of|by))?"
        r"|split(?:\ (?:up\ )?by)?|grouped\ by|group\ by|sorted\ by|(?:for\ |in\ |about\ |against\ |from\ "
        r"|of\ )?each(?:\ of)?|per|by(?=\ (?:the\ )?(?:CC?|YEAR|MONTH|CATEGORY|OUTCOME|TOPICS)(?!\w))"
        r"|every(?=\ (?:CC?|YEAR|MONTH|CATEGORY|OUTCOME)(?!\w))",
        "broken down by",
        "for each",
        "per",
    ),
)

PURPOSES = frozenset(
    "counsel bundle population "
    "dissertation thesis essay chapter chapters methods methodology seminar lecture lecturer tutor supervisor student "
    "students master's masters phd module coursework project research researcher researching study studies paper "
    "papers journal journalist reporter editor newsroom deadline headline story feature article blog podcast column "
    "briefing brief report reports spreadsheet csv excel slide slides presentation pitch pitching boss manager team "
    "colleague colleagues client clients friend neighbour committee councillor councillors scrutiny panel members "
    "meeting agenda minutes footnote footnotes bibliography appendix citation citations cite citing audit auditing "
    "sampling scope scoping coverage review survey pilot evaluation comparison comparisons purposes purpose".split()
)
"""Who asks, and what for. As HARMLESS, unless the decisions are said to be about it (“cases that involve a friend”)."""

HARMLESS = frozenset(
    # how something is said or wanted
    "quick quickly simple simply mere merely pure purely possible possibly presumably probably perhaps maybe certain "
    "certainly definite definitely literal literally basic basically sole anywhere somewhere nowhere wherever somehow "
    "again apparently supposedly allegedly obviously clearly frankly honestly proper properly correct correctly "
    "accurate accurately precise precisely strict strictly rough brief briefly short plain clear good great nice bad "
    "useful handy helpful glad grateful appreciated fine sure true false wrong confirmed like loads tons plenty bits "
    "bulk majority minority rare common commonly often sometimes normally generally mainly mostly primarily chiefly "
    "handed anyway though although however hence thus therefore actual real realistic rest remaining latter former "
    "neighbouring combined extra additional further various multiple numerous couple triple double "
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
    "heading headings header headers label labels labelled tag tags tagged column columns row rows line lines bullet "
    "bullets record records page pages screen tool chart graph map numbered numbers numerical alphabetically "
    "second third fourth saw falling fallen occur occurs particulars particular bring brings distinct unique "
    "empty blank null field name names named naming min max minimum maximum "
    "top bottom beginning starting ending rundown roundup snapshot statistic statistics stats "
    "data dataset database range window cut-off cutoff cut period periods quarter quarters half calendar financial "
    "matter matters instance instances example examples sample samples source sources publication publications "
    "publicly public outturn scoreboard scorecard tracker league".split()
)
"""Words that name no subject; a question may have them where it plainly speaks of the decisions that are held."""


def is_harmless(word: str) -> bool:
    """Whether a word tells how something is asked, and nothing of what a decision is about."""
    return word in HARMLESS or word in PURPOSES or (word.endswith("ly") and len(word) > 5 and word not in _NO_ADVERBS)


_NO_ADVERBS = frozenset("family elderly monthly weekly assembly supply timely reply apply comply imply homely".split())

_FIELD = (
    r"(?:councils?|bod(?:y|ies)|authorit(?:y|ies)|reference numbers?|references?|refs?|dates?|categor(?:y|ies)"
    r"|outcomes?|subjects?)"
)
_SPELT = (
    (re.compile(r"[’‘`´]"), "'"),
    (re.compile(r"[“”\"]"), " "),
    (re.compile(r"\bwhats\b"), "what is"),
    (re.compile(r"\bwhos\b"), "who is"),
    (re.compile(r"\b(what|which|who|when|where|how|that|there|it|here)'s\b"), r"\1 is"),
    (re.compile(r"\b(what|which|who|there|they|you|we)'re\b"), r"\1 are"),
    (re.compile(r"\b(you|i|we|they)'ve\b"), r"\1 have"),
    (re.compile(r"\byouve\b"), "you have"),
    (re.compile(r"\bim\b"), "i'm"),
    (re.compile(r"\bive\b"), "i have"),
    (re.compile(r"\b(was|were|is|are|did|does|do|has|have|had|would|could)n'?t\b"), r"\1 not"),
    (re.compile(r"(?<!\w)'([0-9]{2,8})'(?!\w)"), r"\1"),
    (re.compile(r"\bno\. of\b"), "number of"),
    (re.compile(r"\bbefor\b"), "before"),
    (re.compile(r"\b(?:my|our|the) (?:council|authority), (?=[^,]{3,40},)"), ""),
    (re.compile(r"\bin (how many decisions) is the (?:body|council) (an?)\b"), r"\1 where the body is \2"),
    (re.compile(r"\b(?:are|you're) sitting on\b"), "hold"),
    (re.compile(r"\bther\b"), "there"),
    (re.compile(r"\b(?:over|down|across|up) the (?:road|street)\b"), ""),
    (re.compile(r"\bjust (?:the|a) (?:number|count|total|figure)(?: will do| please| is fine)?\b"), "how many"),
    (
        re.compile(
            r"^\W*(?:i|we) (?:have )?already (?:read|seen|looked at|got)\b"
            r"(?=[^.?!]*[.?!;,] .*\b(?:else|other|others|rest|remains?|left)\b)"
        ),
        "except",
    ),
    (re.compile(r"\bone\(s\)"), "ones"),
    (re.compile(r"\b(decision|case|complaint|council|reference)\(s\)"), r"\1s"),
    (re.compile(r"\ball?together\b"), "altogether"),
    (
        re.compile(
            r"(?:(?:about|against|for|from|of) )?(?:(?:the|an?|any|each|every) )?(?:body|bodies|councils?|authority"
            r"|authorities|those|ones) (?:with|that have|that has|having|called|named)\s+'?"
            r"(county|city|borough|district)\s+councils?'?(?:\s+in (?:the|its|their) (?:names?|titles?))?"
        ),
        r"about \1 councils",
    ),
    (
        re.compile(
            r"\((?:so |that is )?with '?(?:county|city|borough|district) councils?'? in (?:the|their) "
            r"(?:names?|titles?)\)"
        ),
        "",
    ),
    (re.compile(r"\bmost old\b"), "oldest"),
    (re.compile(r"\bmost new\b"), "newest"),
    # as a program would write it
    (re.compile(r"[&?]?\bdate[_ ]?(from|to) ?[=:] ?"), r" \1 "),
    (re.compile(r"[&?]?\b(?:upheld ?[=:] ?(?:true|yes|1)|outcome ?[=:] ?'?upheld'?)\b"), " upheld "),
    (re.compile(r"[&?]?\b(?:upheld ?[=:] ?(?:false|no|0)|outcome ?[=:] ?not[_ -]upheld)\b"), " not upheld "),
    (re.compile(r"\b(?:order|sort)(?:[_ ]?by)? ?[=:] ?(?:date[_ ]?)?(?:newest|latest|desc)\w*"), " newest first "),
    (re.compile(r"\b(?:order|sort)(?:[_ ]?by)? ?[=:] ?(?:date[_ ]?)?(?:oldest|earliest|asc)\w*"), " oldest first "),
    (
        re.compile(
            r"(?:where|whose) (?:the )?(?:body|council|authority|name)(?:'s name| named| concerned)? (?:has|have"
            r"|contains?|includes?|ends?(?: in| with)?|is (?:styled |called )?an?)\s+(?:the words?\s+)?'?"
            r"(county|city|borough|district)"
            r"\s+councils?'?"
            r"(?:\s+in (?:its|the|their) (?:name|title))?"
        ),
        r"about \1 councils",
    ),
    (re.compile(r"\bu\b"), "you"),
    (re.compile(r"\bowt\b"), "anything"),
    (re.compile(r"\bhow (?:meny|mny|manny|mani)\b"), "how many"),
    (re.compile(r"\bwhatever\b"), "what"),
    (re.compile(r"\bwhichever\b"), "which"),
    (re.compile(r"\bpost-?dat(?:e|es|ed|ing) (?!the other)"), "after "),
    (re.compile(r"\b(?:pre-?dat|preced)(?:e|es|ed|ing) (?!the other)"), "before "),
    (re.compile(r"(?<!\w)'em\b"), "them"),
    (re.compile(r"(?<=\w) ?\+ ?(?=\w)"), " plus "),
    (
        re.compile(
            r"\bnot the (?:county|city|borough|district)(?: council| one)?\b"
            r"(?:,? (?:but )?the (?:city|county|borough|district)(?: council| one)?\b)?(?=\W*$)"
        ),
        "",
    ),
    (re.compile(r"\bsub-?categor"), "categor"),
    (re.compile(r"\bwould (?:then |now )?(be|have)\b"), r"\1"),
    (re.compile(r"\bone (?=(?:council|authority|body)\b)"), "a "),
    (re.compile(r"\bdone (?=before or after)"), "decided "),
    (re.compile(r"\b(?:i|we) (?:can't|cannot|can not|don't|do not) (?:remember|recall|know)\b"), "i wonder"),
    (re.compile(r"\bbusier\b"), "busiest"),
    (re.compile(r"\bfinal quarter\b"), "last quarter"),
    (
        re.compile(r"\bbreak (?:the |this |your )?(collection|decisions|cases|data|set|register) down\b"),
        r"break down the \1",
    ),
    (re.compile(r"\b(?:am|is) (?:i|it|that) (?:correct|right) (?:in thinking|that|to think)(?: that)?\b"), "are"),
    (
        re.compile(
            r"\b(?:over|more than|at least|less than|under|fewer than) (?:a )?(half|a third|a quarter|most)(?: of)?\b"
        ),
        r"a share of",
    ),
    (re.compile(r"\bnowt\b"), "nothing"),
    (re.compile(r"\bgot any\b"), "any"),
    (re.compile(r"\b(?:would|might|will) (those|these|they|that|it|this) be\b"), r"are \1"),
    (re.compile(r"\bdo you (?:do|cover|deal with|handle)\b"), "do you have"),
    (re.compile(r"\ba ?(?:to|-) ?z\b"), "alphabetically"),
    (re.compile(r",? ?\b(?:would you say|do you think|in your view)\b"), ""),
    (re.compile(r"\bthats\b"), "that is"),
    (re.compile(r"\btheres\b"), "there is"),
    (re.compile(r"\bhave got\b"), "have"),
    (re.compile(r"\bur\b"), "your"),
)

_TRAILING = (
    (  # “…, and when was that?”
        re.compile(r",? and when(?: (?:was|is) (?:it|that))?(?=\W*$)"),
        "",
    ),
    (  # “… with its council, reference number, date and category”
        re.compile(
            rf",? (?:and|with|plus|giving|showing|including|together with) (?:(?:its|their|the|each) )?{_FIELD}"
            rf"(?:(?:, and |, | and )(?:(?:its|their|the) )?{_FIELD})+(?=\W*$)"
        ),
        "",
    ),
    (re.compile(r"\b(?:i|we) (?:should|would) be grateful for (?:confirmation|a reply|any help)[^.?!]*"), ""),
    (re.compile(r"^\W*members of [^,.;:?!]{1,40} have asked (?:whether|if) "), "is there "),
    (  # “…, and their references”
        re.compile(
            r"(?<=\w),? (?:and|with|plus|giving|together with) (?:(?:its|their|the|all the|full) )?(?:reference"
            r" numbers?|references?|refs?|dates?(?= and))(?: and (?:(?:its|their|the) )?(?:dates?|outcomes?|councils?"
            r"))?(?=\W*$)|,? and (?:what|which) (?:are |is )?(?:the |their )?(?:reference numbers?|references?|refs?)\b"
            r"(?: (?:should|do|can|must|would) i (?:quote|cite|use|give)\b[^?]{0,40})?(?=\W*$)"
        ),
        "",
    ),
)
"""What is asked of each decision beside which ones, and courtesies; nothing that limits."""
_SPELT_AND_CUT = (*_SPELT, *_TRAILING)

# Words that say what they say, or nothing at all, beside those above.
PLAIN = frozenset(
    "a an the all any every both either neither none no some only just also even ever yet still currently now right "
    "of in on at to for from by with and or but as about against concerning concern concerns regarding re under within "
    "into over between across among amongst around near per via plus along together between up off out "
    "is are was were be been being am do does did has have had having got gotten get gets "
    "there here it its this that these those them they their theirs getting better which what who whom whose when "
    "where list "
    "you your u i me us we nothing anything something everything nobody anybody anyone everyone stuff thing things "
    "involving involve involves involved relating related relate relates connected associated linked "
    "hold holds held holding cover covers covered covering include includes included including contain contains "
    "contained containing available exist exists store stored stores indexed index loaded load searched search "
    "featured feature features appear appears appearing appeared represented represent present listed lists shown show "
    "shows kept keep keeps crop crops cropped turn turns turned figure figures figured sit sits belong belongs "
    "belonging fall falls carry carries bear bears came come comes coming remain remains remaining left go goes went "
    "gone open opened opens start starts started begin begins begun stop stops end ends ended finish finished finishes "
    "stretch stretches run runs reach reaches reached account accounts "
    "make made decide decided decides deciding issue issued issues publish published publishes dated concluded "
    "completed finalised closed announced delivered released signed handed down taken determined resolved ruled rule "
    "ruling brought lodged named called filed classed classified categorised assigned put recorded record "
    "give given gives giving got received receive receives "
    "ombudsman ombudsman's ombudsmans ombudsmen lgsco lgo official officially local government social care england's "
    "full complete whole entire exact exactly roughly approximately actually altogether respective individual single "
    "overview inventory detail details value values field output handful dozen dozens hundred hundreds thousand "
    "thousands talking size big large small much many few half lot lots total totals sum number numbers amount "
    "tell know whether if not same different such so then else old new long ago since lately complained instead "
    "whichever whatever straight immediately directly next previous prior following order ordered sorted newest "
    "time apart far gap days weeks inside outside particular specific specifically alone alphabetical alphabetically "
    "case cases entry entries item items group groups pile bunch batch based way ways really only again too as well "
    "matching hits matches fell marked accordingly "
    "yes please ok okay well um er so more other others another rest "
    "lie lies separating differ differs alike represent "
    "point moment today present date up until till before after during day back forward onwards "
    "title titles beyond separate separates table nor january february "
    "april june july august september october november december how "
    "side sided sides investigated aside share shares shared spread distributed divided somebody someone take "
    "takes span spans whom word itself themselves "
    "one ones two three four five six seven eight nine ten".split()
)


def spelt_out(text: str, whole: bool = False) -> str:
    """The text in small letters, without short forms: “what's” is “what is”, “weren't” is “were not”.

    Unless `whole`, what is asked of each decision is cut off its end: “…, and their dates”.
    """
    text = text.casefold()
    for pattern, plain in _SPELT if whole else _SPELT_AND_CUT:
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
