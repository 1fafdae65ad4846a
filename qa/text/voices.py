"""Whose words each sentence of a paragraph is: Ombudsman, complainant, organisation, law or record.

The part of the decision gives the voice, unless a sentence says otherwise: by who is told in its main clause to say,
feel or want something, by a law or a document that is told to say it, by a quotation, or by the line that leads into a
list. It says whose claim a sentence is, never whether it is true; what is said within another's clause stays with that
one: "I know Mrs X says so" is the Ombudsman's.

Pure, and from the words of one paragraph alone: who "she" is, is looked for in the sentence before. Each word becomes
one letter, its tag, and the grammar is patterns over tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.decisions import Line, Paragraph, Role
from index.passages import sentences
from index.text.body_names import HONORIFICS
from index.text.dates import MONTHS
from index.text.number_words import NUMBER_WORDS
from index.text.sentences import is_ended
from qa.text.polarity import ADVERBS, MODAL_VERBS

Voice = Literal["ombudsman", "complainant", "organisation", "law", "record"]

_BASE: dict[Role, Voice] = {"complaint": "complainant", "law": "law", "powers": "law"}  # else the Ombudsman's
_SETTLING: tuple[Role, ...] = ("remedy", "conclusion", "summary")  # where "has accepted" settles the complaint
_NORMS: tuple[Role, ...] = ("facts", "finding", "conclusion")

# The words that the grammar knows, by their tags. A capital that stands for nothing else is a name (N), any other word
# is unknown (x), or (e) if it may be the past of a verb; "'" follows the tag of an owner, as in "Mrs D’s".
_WORDS = {
    "i": "i we",
    "m": "my our",
    "p": "he she",
    "t": "they",
    "q": "it",
    "o": "his her their its",
    "T": f"{' '.join(HONORIFICS)} sir lady lord",
    "c": """
        complainant complainants appellant appellants applicant applicants claimant family couple parent parents
        mother father mum dad stepmother stepfather son sons daughter daughters child children brother sister
        sibling siblings wife husband partner ex-partner ex-wife ex-husband grandmother grandfather grandparents
        uncle aunt nephew niece neighbour neighbours resident residents tenant tenants friend friends
        representative advocate solicitor solicitors barrister lawyer mp
    """,
    "s": """
        officer officers worker workers manager managers director directors headteacher teacher teachers doctor
        doctors gp nurse nurses consultant psychiatrist psychologist therapist physiotherapist surveyor
        inspector engineer investigator adviser advisor advisers advisors clerk chair governor governors
        councillor councillors member members bailiff bailiffs agent agents assessor assessors caseworker
        practitioner practitioners carer carers staff coordinator co-ordinator planner warden driver drivers
        operative judge coroner employee employees senco referrer interpreter landlord landlords head guardian
        lado iro counsellor tutor midwife paramedic matron registrar spokesperson lawyers executive owner
        operator
    """,
    "b": """
        council councils trust authority authorities police school schools academy college university nursery
        hospital surgery home provider agency association company contractor contractors developer committee
        panel team department service services court tribunal ofsted cqc commission commissioner ccg icb board
        ico dwp government charity partnership organisation organisations firm
    """,
    "r": """
        minutes log logs file files assessment assessments plan plans agreement form forms chart charts
        transcript recording recordings entry entries sheet sheets diary register checklist statement statements
        video footage worksheet contract tenancy notice document documents certificate advice summary invoice
        spreadsheet questionnaire
    """,
    "z": "note notes record records report reports",  # may be verbs
    "l": "letter letters email emails e-mail e-mails message messages response responses reply replies comments",
    "w": """
        act acts law laws legislation statute statutes regulation regulations guidance code codes policy
        policies procedure procedures framework scheme constitution convention manual protocol rules
    """,
    "k": "section sections schedule article paragraph annex",
    "v": """
        view views opinion position account argument contention stance belief explanation recollection complaint
        complaints concern reason reasoning understanding words mind judgement judgment
    """,
    "d": """
        the a an this these those each every another any some both several many all most no neither other
    """,
    "u": " ".join(list(NUMBER_WORDS)[:10]),  # and whatever begins with a figure
    "j": f"""
        {" ".join(MONTHS).replace("may ", "")} later day days
        week weeks month months year years time spring summer autumn winter morning afternoon evening
    """,
    "Y": """
        say says said state states stated explain explains explained tell tells told argue argues argued insist
        insists insisted maintain maintains maintained contend contends contended assert asserts asserted
        believe believes believed think thinks thought recall recalls recalled concede concedes conceded admit
        admits admitted confirm confirms confirmed advise advises advised dispute disputes disputed
    """,  # whoever stands before them, even if unknown
    "y": """
        claim claims claimed allege alleges alleged deny denies denied inform informs informed add adds added
        comment commented reiterate reiterates reiterated re-iterated reaffirmed acknowledge acknowledges
        acknowledged protest protests protested clarify clarified stress stresses stressed emphasise emphasises
        emphasised suggest suggests suggested apologise apologises apologised regret regrets regretted query
        queries queried noted reported repeat repeats repeated respond responds responded replied specify
        specified accept accepts accepted agree agrees agreed write writes wrote mention mentions mentioned
        conclude concludes concluded assure assured point points pointed warn warned recommended
    """,
    "H": """
        feel feels felt consider considers considered want wants wanted wish wishes wished hope hopes hoped seek
        seeks seeking expects prefer prefers like disagree disagrees disagreed objects reckon reckons doubt
        doubts fear fears feared attribute attributes blame blames blamed regard regards describe describes
        described questions questioned complain complains complained complaining understand understands
        understood express expresses expressed raise raises raised finds remember stands calls suspect suspects
        suspected criticises accuses
    """,
    "D": """
        show shows showed indicate indicates recorded refer refers list lists detail details detailed set sets
        read reads reflect reflects contain contains include includes included identify identifies outline
        outlines outlined give gives put puts rate rates treat treats quote quotes found recommend recommends
        highlight highlights make makes go goes name names end ends deal deals
    """,
    "E": """
        require requires required provide provides allow allows place places define defines cover covers enable
        enables impose imposes permit permits prohibit prohibits expect entitle entitles lay lays apply applies
        mean means bar bars discourage discourages assume assumes ask asks govern governs prevent prevents
        restrict restricts limit limits encourage encourages regulate regulates
    """,
    "G": "saying stating explaining advising confirming claiming alleging arguing informing telling disputing",
    "A": "has have had",
    "B": "is are was were be been being",
    "L": "do does did",
    "M": MODAL_VERBS,
    "X": ADVERBS,
    "a": """
        also then still now again therefore however further first often since always already even only just so
        too instead rather thus finally meanwhile moreover nevertheless overall simply
    """,
    "R": """
        of in on at by with from for about after before during regarding concerning following dated between
        against under within without through into over than despite upon once around throughout according having
        late early dealing based given due
    """,
    "x": "daily weekly monthly quarterly yearly elderly likely unlikely",  # no adverbs, though they end like some
    "O": "to",
    "W": "who which whom whose that",
    "S": "when while because if whether unless although though where as until what how why asked faced",
    "&": "and",
    "!": "but or yet nor",
}
_TAGS = {word: tag for tag, words in _WORDS.items() for word in words.split()}
_TAGS |= {mark: mark for mark in "“,;:()"}
_SEX = {"mr": "m", "sir": "m", "lord": "m", "he": "m", "his": "m"}
_SEX |= {"mrs": "f", "ms": "f", "miss": "f", "lady": "f", "she": "f", "her": "f"}
_TOKEN = re.compile(r"\w[\w’-]*|[“,;:()]")
_QUOTATION = re.compile(r"“[^”]*(?:”|’’|$)|\"[^\"]*(?:\"|$)")
_MANY_WORDS = 5
_READ = 500  # characters of a sentence: its main clause begins in fewer
_CUT = 600  # a sentence of more characters may have been cut


EXAMPLES: dict[re.Pattern[str], tuple[str, ...]] = {}
"""The grammar: patterns over tags, each with sentences in whose `tags` it is found."""


def _rule(pattern: str, *examples: str) -> re.Pattern[str]:
    compiled = re.compile(pattern, re.VERBOSE)
    EXAMPLES[compiled] = examples
    return compiled


_OWNER = r"(?: m | o | [dWNx]{0,4} (?: T(?:&T)?[N1]{1,3} | [csbN1] ) ' )"
_NOUN = r"(?: T(?:&T)?[N1]{1,3} | c (?![csbrlwz]|R[xe][rlwz]) | [sb] (?! x{0,2}[csbrlw] | z[aAB]{0,3}[YyHDE] ) [1N]? )"
_OPENS = r"(?=[dToNpqtic1sbrlwzvmxk])"
_FEW = r"(?:[^YyHDEzGABLMXROW,:;!S&]){0,9}"
_AFTER = (
    rf"\([^)]{{0,8}}\) | ,[WRSx][^,]{{1,16}}, | [ROu]{_FEW} | W[aABLMX]{{0,3}}[^aABLMX,][^YyHDEzGABLMXW,:;!]{{0,9}}"
)
_VERB = r",? (?P<modifiers> [aABLMX]{0,4} (?: ,a, )? [aABLMX]{0,2} )"
_SUBJECT = _rule(
    rf"""
    (?: [du] R (?=[dToN]) )?                                      # one of
    (?: (?P<pronoun> [ipqt] )
      | (?P<owner> {_OWNER} (?: [dxN]{{0,3}} [csbN1] ' )? )?    # Mrs D’s son’s
        W? (?: [dxNeuj1csbrlwzv] | \([^)]{{0,6}}\) ){{0,6}}? (?: cR[xe] )?    # the child in need
        (?P<head> {_NOUN} | z (?!x{{0,2}}[sbrlw]) | [rl] (?!x{{0,2}}[sbrlw]|z[aAB]{{0,3}}[YyHDE])
          | w (?!x{{0,2}}w) | Nu(?=[aA]{{0,2}}[YyDE]) | k[uN1] | v | 1
          | (?(owner) x(?=[aA]{{0,2}}Y) | (?!) )
        ) (?!')
      | (?P<named> N{{1,3}} ) (?=[aA]{{0,2}}[YyH])              # Hartsmere says
      | (?P<ours> m [dxN]{{1,3}} )                                # my investigation
      | (?P<unknown> [doN][xNe]{{1,4}} ) (?=[aA]{{0,2}}Y)       # the chair said
    )
    (?: & (?P<joined> o?d?[xN]{{0,2}} {_NOUN} ) (?!') )?        # and her husband
    """,
    "Mrs D says so.",
    "She says so.",
    "The child in need plan said so.",
    "The Council’s stage two response said so.",
    "One of Mr and Mrs H’s complaints was about delay.",
    "Officer A said so.",
    "Section 47 of the Children Act 1989 places a duty on councils.",
    "Hartsmere attributes the delay to others.",
    "The chair of the panel said so.",
)
# What may stand between a subject and its verb, and the verb: (Officer A); of the meeting; who visited.
_PREDICATE = _rule(rf"(?: {_AFTER} ){{0,4}} {_VERB}", "Said so.")
# Of a document also: dated May; timed at noon; she sent us.
_OF_DOCUMENT = _rule(rf"(?: {_AFTER} | e[Ru]{_FEW} | (?: [pqt] | TN ) [aA]?[xe]x? ){{0,4}} {_VERB}", "Said so.")
# Where a main clause may begin after what opens the sentence: in May 2020 she said; in May 2020, she said.
_OPENING = _rule(
    rf"(?: ,[aJ&!]{{0,2}} | (?<=[ujlrzNvbs]) (?=[dTpqti]) ) {_OPENS}",
    "In May 2020 she said so.",
    "In reply to him, she said so.",
)
_LATER = _rule(
    r"R [^,;:ABMLYyHDEXWSi]{1,14}? (?<=[xe]) (?= [dT][^d]{1,4}[YyH] | [pqt]a?[YyH] )",
    "In its reply to the enquiries the Council said so.",
)
# A second main clause, where the first does not say whose words it is.
_SECOND = _rule(rf"(?: ,[&!]a? | ; ) {_OPENS}", "It rained, and the Council said so.")
# What the subject of an act says with it.
_ALSO = _rule(
    r"[&!]a{0,2}A?a?(?P<verb>[YyHz]) | Oa?(?P<to>[Yy]) | (?P<saying>G)",
    "Mrs D called and said so.",
    "The Council wrote to say so.",
    "The Council wrote explaining it.",
)
_ASIDE = _rule(
    rf"""
    ,a? (?: (?P<before> [pqt] | {_OWNER}? [dxN]{{0,3}} {_NOUN} | N{{1,2}} ) [YyH] (?= [,:;.] | $ )
      | [Yy] (?P<after> [pqt] | {_OWNER}? [dxN]{{0,3}} {_NOUN} | N{{1,2}} ) (?!') )
    """,
    "Her children, she says, were ill.",
    "The guide, says the Council, was followed.",
)
_IN_VIEW = _rule(
    rf"[&!a,]{{0,3}} (?: R | qB ) (?P<owner> {_OWNER} ) x? v",
    "In her view it was late.",
    "It is the Council’s opinion that it was late.",
)
_STATUTE = _rule(r"\( [^)]{0,9} [wk]", "(Local Government Act 1974, section 26(1), as amended)")
_PART = _rule(r"R [do]? [xN]{0,3} [rz]", "Of the plan.")
_SET_OUT = _rule(r"B a? Dx R [doNxu'Tcsb]{0,8}? [wk]", "The process is set out in the Code of Practice.")
_FRAGMENT = _rule(r"& (?=[WROS])", "And that he should stay away.")
# The Ombudsman answers in the same sentence.
_ANSWER = _rule(
    r"(?: [,;][&!aS]{0,3} | !a? | &a? | ^[&!a,]{0,3}Sa? ) i",
    "She says so, but I find otherwise.",
    "She says so and I agree.",
)
# What opens a sentence before its main clause: in May, when, three days later, relevant to this, asked to explain.
_INTRODUCTION = _rule(r"[ROSGj] | [dxNau]{0,3}j | NO", "In May she said so.", "Three days later she said so.")
_NORM = _rule(
    r"""
    [&!a,]{0,3} (?: (?P<any> dx{0,3}[bcx] ) | (?P<many> [bcN] ) ) (?: W[^,;:T]{0,14}? )? a?
      (?: M(?!a?A[^dH]) | A[dX]x | AO )
      | [&!a,]{0,3} S (?P<if> dx?[bc] ) [^;:iTM]{0,25} M(?!a?A)
    """,
    "A council must tell parents.",
    "Councils have a duty to do so.",
    "If a parent refuses, it should be recorded.",
)
_WITHIN = _rule(r"R (?: d | o | [dxN]{0,3}[Tsbc][N1]?' ) [xN]{0,2} [rlz]", "In his letter he said so.")
_INSTRUCTION = _rule(r". (?: [Tcbs1][N1]{0,2} | [dop]?x?[xcbs] ) O", "Told Mr X to go.")
_ACTS = _rule(r"i a? A [xeaYyHD]", "We have used our discretion.")
_CASE = _rule(r"T(?:&T)?[N1]", "Mrs X can go to court.")

_START = re.compile(r"[&!a,]{0,4}")
_ENDS_CLAUSE = re.compile("[WS;]")
_CONTACTS = frozenset(
    """
    wrote write writes called emailed e-mailed telephoned phoned rang contacted texted messaged replied responded spoke
    """.split()
)
_INSTRUCTS = frozenset("told advised warned tells advises".split())
_BACK_THEN = frozenset("would could might".split())
_IN = frozenset("in from to on it".split())
_NOTED = (("noted",), ("recorded",), ("documented",))

# Verbs that tell an act as well report only before these words.
_CLAUSE = frozenset("that it there this he she they".split())
_WORRY = frozenset("concern concerns issues objections doubts frustration a his her their".split())
_ONLY_BEFORE = {
    verb: before
    for verbs, before in (
        ("accepted", _CLAUSE | {"fault", "responsibility", "some"}),
        ("agree agrees agreed", _CLAUSE | {"with"}),
        ("considered", _CLAUSE | {"its", "his", "her"}),
        ("concluded", {"that", "there"}),
        ("denied", _CLAUSE | {"any", "being", "having"}),
        ("added", _CLAUSE | {"the"}),
        ("replied responded wrote", {"that", "“", ":"}),
        ("reported", {"that"}),
        ("raised raises expressed", _WORRY),
        ("point", {"out"}),
        ("points pointed", {"out", "to"}),
        ("finds", {"it"}),
        ("understood recommended", _CLAUSE),
        ("repeated", _CLAUSE | _WORRY),
        ("calls", {"for", "“", "those", "it", "this"}),
        ("stands", {"by"}),
    )
    for verb in verbs.split()
}
_RECEIVED = frozenset("complaint complaints receipt email emails letter request application referral call".split())
_SETTLED = frozenset(
    """
    accept accepts accepted acknowledge acknowledges acknowledged agree agrees agreed apologise apologises apologised
    confirm confirms confirmed recommended
    """.split()
)
_FEELING = frozenset("unhappy dissatisfied adamant clear convinced worried upset sorry certain sure".split())
_GIVES_REASON = {("this", be, "because") for be in ("is", "was")}  # for what was said before, by whoever said it
_NOW = frozenset("says say maintains disputes denies accepts accept believes considers states argues contends".split())
_CLAIMED = frozenset(
    """
    details points matters concerns issues errors mistakes examples instances allegations complaints claims reasons
    inaccuracies questions
    """.split()
)
_NO_SPEAKER = frozenset("nothing nobody none someone everyone anyone evidence information research there".split())
_HELD = frozenset("view concern concerns doubts memory recollection complaint".split())
_OPINION = frozenset("agree accept believe think consider feel understand recall remember regard want".split())
_OF_THE_CASE = frozenset((one, two) for one in ("this", "the") for two in ("complaint", "case", "statement"))
_FINDS = frozenset("fault injustice uphold upheld agreed recommend recommended remedy investigate".split())


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom a sentence is about: the tag, the voice, and what is known of one person's sex."""

    tag: str
    voice: Voice | None
    sex: str | None = None
    many: bool = False


_OMBUDSMAN, _COMPLAINANT = _Who("i", "ombudsman"), _Who("c", "complainant")
_BODY, _UNKNOWN = _Who("b", "organisation"), _Who("x", None)
_VOICES: dict[str, Voice] = {
    "T": "complainant", "c": "complainant", "1": "complainant", "s": "organisation", "b": "organisation",
    "N": "organisation", "r": "record", "z": "record", "l": "organisation", "w": "law", "k": "law",
}  # fmt: skip


def tags(sentence: str) -> str:
    """The tags of a sentence's words and marks, without those that it quotes; for EXAMPLES."""
    return _Tagged.of(sentence).tags


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A sentence without what it quotes: a tag for each word and each mark, and the words in the same places."""

    tags: str
    words: tuple[str, ...]
    quotes: bool  # five words or more

    @classmethod
    def of(cls, sentence: str) -> _Tagged:
        text = sentence[:_READ].replace("'", "’")
        quotes = False
        if "“" in text or '"' in text:
            quotes = any(len(quoted.split()) >= _MANY_WORDS for quoted in _QUOTATION.findall(text))
            text = _QUOTATION.sub("“", text)
        read = [_read(token) for token in _TOKEN.findall(text)]
        tags = "".join([tag for tag, _ in read])
        if tags[:1] == "1" and read[0][1] == ("a",):
            tags = f"d{tags[1:]}"
        return cls(tags, tuple([word for _, words in read for word in words]), quotes)


@lru_cache(maxsize=20_000)
def _read(token: str) -> tuple[str, tuple[str, ...]]:
    """The tags of a word and the word, which is nothing for the tag of an owner."""
    word = token.lower()
    if token == "A":
        return "1", (word,)  # Officer A; at the beginning of a sentence it is an article
    if token == "May":
        return "j", (word,)  # the month; at the beginning of a sentence it is seldom anything else
    tag = _TAGS.get(word)
    if tag is None and word[-2:] in ("’s", "s’"):
        word = word[:-2] if word[-1] == "s" else word[:-1]
        return f"{_TAGS.get(word) or _tag(token, word)}'", (word, "")
    return tag or _tag(token, word), (word,)


def _tag(token: str, word: str) -> str:
    if token[0].isdigit():
        return "u"
    if token[0].isupper():
        return "1" if len(word) == 1 else "N"
    if word.endswith("n’t"):
        return "X"
    if word.endswith("ly"):
        return "a"
    return "e" if word.endswith("ed") else "x"


@dataclass(frozen=True, slots=True)
class _Before:
    """What a sentence goes on from: whom the one before was about, its words, and its voice."""

    who: _Who | None = None
    tagged: _Tagged | None = None
    voice: Voice | None = None
    announces: bool = False  # with a colon

    def called(self, pronoun: str) -> _Who:
        """Whom "she", "they" or "it" is."""
        who = self.who
        if pronoun in ("it", "its"):
            return who if who is not None and who.tag in "brzlwk" else _BODY
        if who is not None and who.tag in "Tcs1" and _fits(who, pronoun):
            return who
        if pronoun in ("they", "their"):
            return who if who is not None and who.tag == "b" else _COMPLAINANT
        # Those whom the sentence before names, but for owners: "Mrs D’s house" is not about her.
        tags, words = (self.tagged.tags, self.tagged.words) if self.tagged else ("", ())
        named = (
            _Who(tag, _VOICES.get(tag), _SEX.get(words[at]), many=words[at].endswith("s"))
            for at, tag in enumerate(tags)
            if (tag == "s" and tags[at + 1 : at + 2] != "'") or (tag == "T" and tags[at + 2 : at + 3] != "'")
        )
        return next((person for person in named if _fits(person, pronoun)), _COMPLAINANT)


def _fits(who: _Who, pronoun: str) -> bool:
    sex = _SEX.get(pronoun)
    return sex is None or who.sex == sex or (who.sex is None and not who.many)


def voices(paragraph: Paragraph) -> tuple[Voice, ...]:
    """Whose words each sentence is; one for each span of `index.passages.sentences`, in that order."""
    reader = _Reader(paragraph.role)
    text, told = paragraph.text, []
    lines = iter(paragraph.lines)
    end = -1
    for start, stop in sentences(paragraph):
        while start > end:
            line = next(lines)
            end += len(line.text) + 1
            reader.begin(line)
        told.append(reader.read(text, start, stop))
    return tuple(told)


class _Reader:
    """Reads the sentences of one paragraph in their order, and keeps what the next one may go on from."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.base: Voice = _BASE.get(role, "ombudsman")
        self.before = _Before()
        self.depth = 0
        self.leads: list[tuple[int, Voice, _Who | None]] = []  # depths, voices and subjects of the lines that lead here
        self.quoting: Voice | None = None  # within a quotation that the sentence before has begun
        self.cut = False  # the sentence before was too long, and this one goes on with it

    def begin(self, line: Line) -> None:
        """The sentences to come are of this line."""
        self.cut = False
        if line.depth > self.depth and self.before.voice is not None:
            self.leads.append((self.depth, self.before.voice, self.before.who))
        self.leads = [lead for lead in self.leads if lead[0] < line.depth]
        self.depth = line.depth

    def read(self, text: str, start: int, stop: int) -> Voice:
        """The voice of the next sentence, which stands there in the text of the paragraph."""
        sentence = text[start:stop]
        if self.quoting is not None or self.cut:
            voice = self.quoting or self.before.voice or self.base
            if _closes(sentence):
                self.quoting = None
            self.cut = self.cut and not is_ended(sentence)
            return voice
        tagged = _Tagged.of(sentence)
        who, voice = self._led(tagged, *self.leads[-1][1:]) if self.leads else self._alone(tagged)
        if who is None or who.tag in "xi":
            who = self.before.who
        self.before = _Before(who, tagged, voice, announces=sentence.endswith(":"))
        if _leaves_open(sentence) and _closes(text[stop:].partition("“")[0]):
            self.quoting = voice
        self.cut = len(sentence) > _CUT and not is_ended(sentence)
        return voice

    def _led(self, tagged: _Tagged, led: Voice, by: _Who | None) -> tuple[_Who | None, Voice]:
        """An item of a list goes with what leads into it, unless that does not say whose words it is."""
        if led == "law":
            return by, led
        if led != "ombudsman":
            return by, "ombudsman" if tagged.tags.startswith("i") else led
        if by is not None and by.tag in "Tcsb" and tagged.tags[:1] in ("Y", "y", "H", "e"):  # the Council: confirmed it
            return by, _Clause(tagged, self.before, self.role).told(by, "", 0) or led
        return self._alone(tagged)

    def _alone(self, tagged: _Tagged) -> tuple[_Who | None, Voice]:
        """Whom the sentence is about, and whose words it is."""
        tags = tagged.tags
        if not tags.strip("“,;:() "):
            return None, self._quotation()
        if _STATUTE.match(tags):
            return None, "law"
        if (match := _SET_OUT.search(tags)) and "set" in tagged.words[match.start() : match.end()]:
            return None, "law"
        if self.before.voice is not None and _FRAGMENT.match(tags):
            return None, self.before.voice
        who, voice = _Clause(tagged, self.before, self.role).read()
        if self.base == "law":
            return who, self._of_law(tagged, who, voice)
        if self.base == "complainant" and (
            voice == "record" or (voice == "organisation" and _NOW.isdisjoint(tagged.words))
        ):
            return who, self.base  # what they were told is of their account
        if voice in (None, "ombudsman"):
            return who, voice or self._unsaid(tagged, who)
        answers = self.base == "ombudsman" and _ANSWER.search(tags)
        return who, "ombudsman" if answers else voice

    def _quotation(self) -> Voice:
        """Nothing but a quotation: whose the words before it were, or a document's that they announced."""
        before = self.before
        if before.announces and (before.voice == self.base or (before.who is not None and before.who.tag == "l")):
            return "record" if self.base == "ombudsman" else self.base
        return before.voice or self.base

    def _unsaid(self, tagged: _Tagged, who: _Who | None) -> Voice:
        """The voice of a sentence that does not say whose words it is."""
        if self.role in _NORMS and _is_norm(tagged):
            return "law"
        before = self.before.voice
        if before not in ("complainant", "organisation"):
            return self.base
        if self.role == "summary" and before == "complainant":
            # It goes on with the complaint until it tells of others, or of what was found.
            theirs = who is not None and who.voice == "complainant"
            if (theirs or tagged.words[0] in ("this", "these", "as", "it")) and _FINDS.isdisjoint(tagged.words):
                return before
        goes_on = tagged.words[:3] in _GIVES_REASON or _spells_out(tagged)
        return before if goes_on or (self.role == "facts" and _expects(tagged)) else self.base

    def _of_law(self, tagged: _Tagged, who: _Who | None, voice: Voice | None) -> Voice:
        """In a part on the law: the law, unless a sentence is about the case, or somebody says so in it."""
        tags, words = tagged.tags, tagged.words
        if who is _OMBUDSMAN:  # "we must consider" tells the law, "we have used our discretion" the case
            acts = _ACTS.search(tags) or "i" in words or "will" in words
            return "ombudsman" if acts else "law"
        if voice == "law" or (voice == "organisation" and self.role == "law" and who is not None and who.tag == "b"):
            return voice
        if _CASE.search(tags) or any(words[at : at + 2] in _OF_THE_CASE for at in range(min(len(words), 4))):
            return voice if voice == "complainant" else "ombudsman"
        goes_on = tags[:1] in ("q", "!") and self.before.voice == "ombudsman"
        return "ombudsman" if goes_on else "law"


def _is_norm(tagged: _Tagged) -> bool:
    """Whether a sentence tells what bodies or people like these must or may do, and not what these ones did."""
    match = _NORM.match(tagged.tags)
    if match is None or not _BACK_THEN.isdisjoint(tagged.words[: match.end()]):
        return False
    if match["many"]:
        word = tagged.words[match.start("many")]
        return word.endswith("s") and word not in ("this", "its", "his")
    group = "any" if match["any"] else "if"
    known = tagged.tags[match.end(group) - 1] != "x"
    word = tagged.words[match.start(group)]
    return word in ("any", "each", "every", "all") or (known and word in ("a", "an"))


def _closes(text: str) -> bool:
    return "”" in text or "’’" in text or text.count('"') % 2 == 1


def _leaves_open(sentence: str) -> bool:
    """Whether it begins a quotation that it does not end."""
    opened = sentence.rfind("“")
    return (opened >= 0 and not _closes(sentence[opened:])) or sentence.count('"') % 2 == 1


def _spells_out(tagged: _Tagged) -> bool:
    """Whether it names one by one what was claimed: “These details included …”, “Those were that …”."""
    words = [*tagged.words, "", ""]
    at = 2 if words[1] in _CLAIMED else 1
    return words[0] in {"these", "those"} and (
        words[at] in {"include", "included"} or (words[at] in {"are", "were"} and words[at + 1] == "that")
    )


def _expects(tagged: _Tagged) -> bool:
    """Whether a sentence tells what would be done: what somebody had just said, if it tells what happened else."""
    at = tagged.tags.find("M")
    return (
        at >= 0
        and tagged.words[at] == "would"
        and not set(tagged.tags[:at]) & set("SW,")
        and tagged.tags[at + 1 : at + 2] != "A"
    )


class _Clause:
    """Reads the clauses of one sentence: whom they are about, and whose words they say that they tell."""

    def __init__(self, tagged: _Tagged, before: _Before, role: Role) -> None:
        self.tags, self.words, self.quotes = tagged.tags, tagged.words, tagged.quotes
        self.before = before
        self.role = role

    def read(self) -> tuple[_Who | None, Voice | None]:
        """Of the main clause, or of the first after it that says whose words it tells."""
        start = _START.match(self.tags).end()  # type: ignore[union-attr]
        view = _IN_VIEW.match(self.tags)
        if view and self.words[start] in _IN and not self.words[view.end() - 1].startswith("complaint"):
            owner = self._owner(view)
            return owner, owner.voice
        if self.words[start : start + 2] == ("according", "to"):
            who = self._who(start + 2)
            return who, who.voice if who else None
        if self.quotes and _WITHIN.match(self.tags, start):
            return None, "record"
        who, voice = self._main(start)
        if voice is None and who is not _OMBUDSMAN and "," in self.tags:
            voice = self._aside() or self._second()
        return who, voice

    def _main(self, start: int) -> tuple[_Who | None, Voice | None]:
        first = None if self.tags.startswith(tuple("ROSG"), start) else self._at(start)
        if first is None and _INTRODUCTION.match(self.tags, start):
            found = (self._at(match.end()) for match in _OPENING.finditer(self.tags))
            first = next(filter(None, found), None)
            if (first is None or first[1] is None) and (match := _LATER.match(self.tags, start)):
                first = self._at(match.end()) or first
        return first or (None, None)

    def _aside(self) -> Voice | None:
        match = _ASIDE.search(self.tags)
        who = match and self._who(match.start("before") if match["before"] else match.start("after"))
        return who.voice if who else None

    def _second(self) -> Voice | None:
        match = _SECOND.search(self.tags)
        return (self._at(match.end()) or (None, None))[1] if match else None

    def _at(self, at: int) -> tuple[_Who, Voice | None] | None:
        """The clause that begins at a tag; None where no subject stands there."""
        match = _SUBJECT.match(self.tags, at)
        if match is None:
            return None
        who = self._subject(match)
        if who is _OMBUDSMAN:
            return who, "ombudsman"
        is_document = who.tag in "rzlwk" and not match["pronoun"]
        predicate = (_OF_DOCUMENT if is_document else _PREDICATE).match(self.tags, match.end())
        assert predicate is not None  # it matches nothing as well
        verb = predicate.end("modifiers")
        if match["pronoun"] == "q" and self.words[verb : verb + 1] in _NOTED:
            return who, "record" if "was" in self.words[match.end() : verb] else None
        return who, self.told(who, predicate["modifiers"], verb)

    def _who(self, at: int) -> _Who | None:
        match = _SUBJECT.match(self.tags, at)
        return self._subject(match) if match else None

    def _subject(self, match: re.Match[str]) -> _Who:
        if match["pronoun"]:
            return _OMBUDSMAN if match["pronoun"] == "i" else self.before.called(self.words[match.start("pronoun")])
        if match["ours"]:
            return _OMBUDSMAN
        if match["named"] or match["unknown"]:
            if self.words[match.end("named" if match["named"] else "unknown") - 1] in _NO_SPEAKER:
                return _UNKNOWN
            return self._owner(match, "unknown") if (match["unknown"] or "").startswith("o") else _BODY
        at = match.start("head")
        tag, word = self.tags[at], self.words[at]
        if match["head"].endswith("u"):
            tag = "k"  # an order of 2003
        if tag == "k" and _PART.match(self.tags, match.end()):
            tag = "r"
        many = "&" in match["head"] or match["joined"] is not None or (tag in "sc" and word.endswith("s"))
        voice = _VOICES.get(tag)
        if match["owner"]:
            owner = self._owner(match)
            if tag == "x" or (tag == "s" and owner is _OMBUDSMAN):
                return owner
            if tag in "lv" or (tag == "c" and owner.voice == "organisation"):
                voice = owner.voice
        return _Who(tag, voice, None if many else _SEX.get(word), many)

    def _owner(self, match: re.Match[str], group: str = "owner") -> _Who:
        """Whose something is: my, her, Mrs D’s, the Council’s."""
        start, end = match.span(group)
        if self.tags[start] == "m":
            return _OMBUDSMAN
        if self.tags[start] == "o":
            return self.before.called(self.words[start])
        tag = "T" if "T" in self.tags[start:end] else self.tags[end - 2]
        return _Who(tag, _VOICES.get(tag))

    def told(self, who: _Who, modifiers: str, at: int) -> Voice | None:
        """Whose words are told by the verb at a tag, after these modifiers; None where it tells what was done."""
        tag, word = self.tags[at : at + 1] or " ", self.words[at] if at < len(self.words) else ""
        plain = not set("XMB") & set(modifiers)
        if who.tag == "v":
            return who.voice if "B" in modifiers and "X" not in modifiers else None
        if who.tag in "wk":
            says = tag in "YyzDEH" and not set("MB") & set(modifiers)
            return "law" if says or ("B" in modifiers and word in ("clear", "set")) else None
        if who.tag in "rzl":
            return self._of_document(who, modifiers, tag, self.words[at + 1 : at + 2])
        if plain and word in ("record", "recorded", "records"):
            return "record"
        return who.voice if self._says(who, modifiers, at, tag, word) else None

    def _of_document(self, who: _Who, modifiers: str, tag: str, after: tuple[str, ...]) -> Voice | None:
        """A letter is its writer's, unless its words are quoted."""
        if "“" in self.tags and not set("XM") & set(modifiers) and (who.tag != "l" or self.quotes):
            return "record"
        if tag not in "YyzDH" or set("XMB") & set(modifiers) or "no" in after:
            return None
        return "record" if tag == "D" and who.voice == "complainant" else who.voice

    def _says(self, who: _Who, modifiers: str, at: int, tag: str, word: str) -> bool:
        """Whether a person or a body says, thinks, feels or wants something by this verb."""
        theirs = who.voice == "complainant"
        before, after = self.words[max(at - len(modifiers), 0) : at], self.words[at : at + 4]
        if "X" in modifiers:
            return word in _OPINION and (theirs or "did" not in before)
        if "M" in modifiers:
            return word in ("like", "prefer")
        if "B" in modifiers:
            feels = word in _FEELING and self.tags[at - len(modifiers) - 1] != "q" and (theirs or "was" not in before)
            return feels or word in ("saying", "complaining", "claiming", "seeking", "arguing")
        if "A" in modifiers and not _HELD.isdisjoint(after):
            return theirs or "memory" in after
        if word in ("take", "takes", "took"):
            return "view" in after
        return (tag in "YyHz" and self._reports(at)) or self._says_also(at)

    def _says_also(self, at: int) -> bool:
        """Whether the subject of an act says something with it: emailed her and said, wrote to say."""
        ends = _ENDS_CLAUSE.search(self.tags, at)
        contacts = self.words[at] in _CONTACTS if at < len(self.words) else False
        for match in _ALSO.finditer(self.tags, at, ends.start() if ends else len(self.tags)):
            if match["verb"] is not None:
                word = self.words[match.start("verb")]
                told = word.endswith(("ed", "aid", "told", "s")) or word in ("felt", "thought", "wrote", "understood")
                if told and self._reports(match.start("verb")):
                    return True
            elif contacts and "of" not in self.words[match.end() : match.end() + 4]:
                return True
        return False

    def _reports(self, at: int) -> bool:
        """Whether this verb tells words here: "agreed that" does, "agreed to pay" does not."""
        word, after = self.words[at], self.words[at + 1 : at + 10]
        after = after[1:] if after[:1] == ("back",) else after
        if (self.role in _SETTLING and word in _SETTLED) or (self.role == "summary" and word in _INSTRUCTS):
            return False
        if word == "complained":
            return bool(after) and (self.tags[at + 1] not in "ROaSM,&" or not {"about", "that", "of"}.isdisjoint(after))
        if word == "reported" and after[:1] == ("to",):
            return "that" in after
        if word in ("acknowledged", "confirmed") and not _RECEIVED.isdisjoint(after[:4]):
            return False
        if word in _INSTRUCTS and _INSTRUCTION.match(self.tags, at):
            return False
        only = _ONLY_BEFORE.get(word)
        return only is None or bool(after and after[0] in only)
