"""The words of a text and their stems, and which of them do not say what it is about. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from index.text.stemming import stem as stem_of_form
from qa.text.polarity import CONTRACTED_NOT


def words_of(text: str) -> Iterator[str]:
    """The words of a text, in small letters and without the ending of an owner; “don’t” is two, with “not”."""
    for match in re.finditer(r"[^\W\d_]+(?:[’'][^\W\d_]*)?", CONTRACTED_NOT.sub(" not", text.casefold())):
        yield re.sub(r"[’']s?$", "", match[0])


IRREGULAR_FORMS = {
    form: verb
    for verb, *forms in map(
        str.split,
        """pay paid, uphold upheld, hold held, send sent, write wrote written, meet met, speak spoke spoken, tell told,
        withhold withheld, leave left, buy bought, bring brought, teach taught, catch caught, build built, spend spent,
        lend lent, lose lost, sell sold, choose chose chosen, break broke broken, drive drove driven, begin began begun,
        undertake undertook undertaken, withdraw withdrew withdrawn, draw drew drawn, fall fell fallen, grow grew grown,
        throw threw thrown, wear wore worn, understand understood, feel felt, forget forgot forgotten,
        forgive forgave forgiven, oversee oversaw overseen, deal dealt, mean meant, seek sought, fight fought, lead led,
        feed fed, flee fled, sleep slept, sit sat, stand stood, win won, bear bore borne, eat ate eaten, drink drank
        drunk, hide hid hidden, ride rode ridden, rise rose risen, steal stole stolen, swear swore sworn, arise arose
        arisen""".split(","),
    )
    for form in forms
}


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a word have in common, of “upheld” and “uphold”, too."""
    return stem_of_form(IRREGULAR_FORMS.get(word, word))


# Words that do not say what a sentence is about, or that change freely in a paraphrase.
FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its he him his she her hers they them their theirs we us our i me my you your
    who whom whose which what when where why how there here one ones am is are was were be been being do does did done
    has have had having can could may might will would shall should must and or but nor so yet if unless until while
    because since although though than then as whether not no about above after against along among around at before
    behind below between by concerning despite during except for from in inside into like near of off on onto out
    outside over per regarding through throughout to toward towards under up upon with within without also only just
    even still again ever never now both either neither each any some such other another same own more most very too
    however therefore thus hence consequently instead rather already further once twice simply first whole second
    enough able according later mr mrs ms miss dr
    ombudsman case complaint paragraph decision part parts point points matter result results respect thing things time
    times way ways say says said saying tell tells told telling state stated states note noted notes explained called
    found find finds get got make makes made making take takes took taken taking give gives gave given giving put place
    placed go goes went going gone come comes came coming keep kept look looked ask asked follow followed following
    follows set want wanted know knew known seem seemed see saw seen use used using let become became need needed needs
    include includes including think thinks thought describe describes described
    """.split()
)


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """The stems of several words."""
    return frozenset(map(stem, words))


FREE_STEMS = frozenset(map(stem, FUNCTION_WORDS))
UBIQUITOUS_STEMS = frozenset(map(stem, ("council", "authority", "parents")))
