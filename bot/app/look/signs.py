"""The signs by which a call is judged: words of its title, its description and the chat around it, its length, how
often it takes place, and how many are invited. docs/manager.md documents them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.app.look.calendars import Event
from bot.course.gate.instead import INSTEAD as SESSIONS
from bot.course.gate.instead import SUBSTITUTABLE
from bot.course.gate.questions import WORTH_IT
from bot.course.model import LiveKind

Kind = LiveKind | Literal["one_to_one"]
"""The kinds of the live gate, and the talk of two people, which is none of its sessions."""

INSTEAD: Mapping[Kind, str] = {
    **{kind: SESSIONS[kind] for kind in (*SUBSTITUTABLE, "office_hours")},
    "one_to_one": "written or recorded feedback in private",
}
"""What replaces a call of a kind that goes as well in everybody's own time."""

ESSENTIAL: frozenset[Kind] = frozenset(WORTH_IT)


def _any(words: str) -> re.Pattern[str]:
    either = " ".join(words.split()).replace(" | ", "|")
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


FORMATS: Mapping[Kind, re.Pattern[str]] = {
    "content": _any(
        r"""
        (?:guest |mini-?)?lect(?:ure|io)s? | lecturing | webinars? | keynotes? | guest (?:talks?|speakers?) |
        talks? by | masterclass | tutorial | deep[- ]dives? | onboarding |
        (?:product|course|programme?|weekly|monthly) updates? | info(?:rmation)? session | all-hands | town hall |
        announcements? | presentation of | live class | lessons? | course overview | walk-?through | slides |
        screencast | training session | briefing | vorlesung(?:en)? | vortrag | vorträge | clase magistral |
        conferencia | charla | aula | palestra | cours magistral | conférence
        """
    ),
    "discussion": _any(
        r"""
        (?:class |group |case |panel |open |weekly |book |reading )?discussions? | reading group | book club |
        (?:paper|film|article) club | journal club | round ?tables? | fishbowl | seminar discussion |
        debrief(?:ing)? | diskussion(?:srunde)? | debate abierto | discusión | discussão | lesekreis |
        retrospectives? | retro
        """
    ),
    "problem": _any(
        r"""
        problem[- ]?solving |
        (?:problem|exercise|homework|coding|lab|debugging|work|project work|working|study) sessions? |
        code-?along | pair(?:ed)? programming | co-?working | group work | team ?work | study (?:hall|group) |
        stand-?ups? | status (?:call|meeting|update) | progress (?:call|meeting|check) | check[- ]?ins? |
        (?:weekly |team |project )?sync(?:-?up)? | übung(?:en|sgruppe)? | ejercicios | exercícios |
        travaux dirigés | hands-on lab | homework help
        """
    ),
    "office_hours": _any(
        r"""
        office hours? | (?:ta|tutor|instructor|teacher|consultation|open) hours? | q ?(?:&|and|\+|/) ?a | ama |
        ask me anything | drop-?in(?: hours?| clinic| session)? | help ?desk | help session |
        questions and answers | question hour | sprechstunden? | fragestunde | tutorías? | atendimento |
        plantão de dúvidas | sesión de dudas | dudas | dúvidas | permanence
        """
    ),
    "one_to_one": _any(
        r"""
        1[:-]1s? | one[- ](?:on|to)[- ]one | 1 on 1 | (?:mentor|mentoring|coaching) call | coaching | mentoring |
        individual feedback | einzelgespräch
        """
    ),
    "rehearsal": _any(
        r"""
        rehears(?:al|als|e|ing) | dry[- ]runs? |
        mock (?:interviews?|pitch(?:es)?|trials?|exams?|presentations?|consultations?|orals?) |
        pitch (?:practice|clinic|session|night|day|training) |
        (?:pitch|presentation|interview|speaking|conversation) practice |
        practice (?:pitch(?:es)?|talks?|interviews?|presentations?) | demo days? | crits? |
        (?:design |studio |peer |group )?critiques? | feedback (?:rounds?|circle|clinic) |
        (?:final|student|learner|team|project|capstone) (?:presentations?|demos?|pitches|showcase) |
        teach-?backs? | showcase | recital | viva | thesis defen[cs]es? | generalprobe |
        probe(?:vortrag|vorträge|lauf)? | simulacro | ensayo(?: general)? | ensaio
        """
    ),
    "simulation": _any(
        r"""
        simulations? | simulated | simulate | role[- ]?plays? | role[- ]?playing |
        negotiation (?:round|exercise|game|practice|simulation|lab|role-?play)s? | negotiation rounds? |
        war ?games? | table ?top(?: exercise)? | business game | crisis exercise | moot(?: court)? |
        rollenspiele? | planspiel | verhandlungsübung | juego de roles? | simulación | simulação |
        improv(?:isation)?
        """
    ),
    "decision": _any(
        r"""
        decisions?(?: meeting| call| round)? | decide | deciding | vote | voting | ballot | go/?no-?go |
        prioriti[sz]ation | prioriti[sz]e | choose (?:the|our|a|your) |
        pick (?:the|our) (?:topics?|projects?|teams?) | consensus | team charter | team formation |
        entscheid(?:ung|ungsrunde|en) | abstimmung | abstimmen | decidir | decisión | votación | votação
        """
    ),
    "sensitive": _any(
        r"""
        sensitive | confidential | conflict(?: talk| resolution)? | mediation | grievances? | grade appeals? |
        appeals? | difficult (?:conversation|talk|feedback)s? | personal feedback | performance review |
        well-?being | support circle | academic integrity | misconduct | probation | your (?:exam )?results? |
        konfliktgespräch | vertraulich | feedbackgespräch | mediación | confidencial
        """
    ),
    "community": _any(
        r"""
        meet (?:and|&|'?n'?) ?greet | meet your (?:cohort|peers|pod|team) | get to know | getting to know |
        ice-?breakers? | social(?: hour| evening| call)? | coffee (?:chat|hour|break) | virtual coffee |
        happy hour | graduation | celebrat(?:ion|e) | party | networking | mixer |
        speed (?:networking|friending) | welcome (?:circle|drinks|party|evening) | farewell | closing circle |
        (?:games?|quiz|trivia) night | kennenlern(?:en|runde|abend)? | stammtisch | abschlussfeier | convivencia |
        bienvenida | confraternização | fiesta | festa
        """
    ),
}
"""What a call is called, in its title or its description."""

HINTS: Mapping[Kind, re.Pattern[str]] = {
    "content": _any(
        r"""
        we(?:'ll| will) cover | will (?:present|explain|introduce|show you) | covers | topics? covered |
        introduction to | intro to | overview of | theory | basics | fundamentals | recap of | recorded |
        recording | slides | watch(?: it)? later | listen | cameras? (?:can stay )?off | mute(?:d)? |
        no preparation | chapters? | takes you through | shows? you | explained | syllabus | live stream |
        livestream | replay
        """
    ),
    "discussion": _any(
        r"""
        discuss | share your (?:thoughts|views|opinions|takeaways) | exchange (?:views|ideas) |
        talk about the (?:reading|article|case|chapter) | reflect on | what did you think | reactions to |
        diskutieren | discutir | discutimos
        """
    ),
    "problem": _any(
        r"""
        work (?:on|through) (?:the |your )?(?:exercises?|problems?|homework|assignments?|project) | solve |
        bring your laptop | blockers? | what (?:did you do|are you working on) | who (?:does|is doing) what |
        progress | debug | set ?up together | install together | worksheet | problem set | aufgaben
        """
    ),
    "office_hours": _any(
        r"""
        bring (?:your|any) questions? | any questions? | ask (?:us |me )?(?:anything|your questions) |
        your questions answered | come with questions | get help | drop in | stuck | open to (?:all|everyone) |
        fragen
        """
    ),
    "one_to_one": _any(
        r"""
        just the two of us | your mentor | individual slot | book a slot
        """
    ),
    "rehearsal": _any(
        r"""
        (?:live |immediate |direct |peer )?feedback(?: from| on| after)? |
        (?:everyone|everybody|each (?:of you|\w{2,20})) (?:presents?|pitches|practi[sc]es|speaks|teaches|gets) |
        bring (?:a|your) (?:draft|pitch|deck|script) | practi[sc]e | in front of | coach(?:es|ed)? |
        present your | jury | judges | rückmeldung | üben
        """
    ),
    "simulation": _any(
        r"""
        in (?:your )?roles? | you play | play the (?:buyer|seller|customer|patient|client|part) | scenario |
        counterpart | negotiat(?:e|ing|ion) | buyers? | sellers? | breakout(?: rooms?)? | in pairs | opponents? |
        delegations? | rounds | verhandeln
        """
    ),
    "decision": _any(
        r"""
        agree (?:on|upon) | final say | options | we (?:leave|end) with (?:a|one) | sign off | commit to |
        settle (?:on|who) | quorum | trade-?offs | allocate | einigen
        """
    ),
    "sensitive": _any(
        r"""
        private | in (?:private|confidence) | not recorded | behind closed doors | confidentially | concerns? |
        complaints? | worries | safe space | personal situation | nothing leaves the room | vertraulich
        """
    ),
    "community": _any(
        r"""
        no agenda | bring (?:a )?(?:drink|snack|coffee|tea|pet|your favou?rite) | just (?:hang|hanging) out |
        hang ?out | faces | introduce (?:yourself|yourselves|ourselves) | new people | have fun | games |
        random pairs | alumni | music | say goodbye | kennenlernen
        """
    ),
}
"""What a call is about: weaker than its name."""

KINDS: tuple[Kind, ...] = tuple(FORMATS)
assert set(KINDS) == {*get_args(LiveKind), "one_to_one"}

_DENIED = re.compile(
    r"\b(?:no|not|not an?|never|without|instead of|isn't an?|kein|keine|ohne|sin|sem)\s+(?:\w+\s+)?$", re.I
)
_REPEATS = 3
"""Times from which a call is a habit."""

_CROWD = 20
"""Invited people from which most only listen."""

_MANY: tuple[Kind, ...] = ("content", "office_hours", "community")
_TWO: tuple[Kind, ...] = ("one_to_one", "sensitive")
_CAN_ACT: tuple[Kind, ...] = ("rehearsal", "simulation", "decision", "problem", "discussion")
"""The kinds that a number of invited people fits."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A reason to take a call for a kind. `source`: each counts once. `weight`: how much it tells between kinds."""

    kind: Kind
    source: Literal["title", "description", "chat", "length", "often", "invited"]
    weight: int
    why: str


def found_in(text: str) -> Iterator[tuple[Kind, str, int]]:
    """(kind, a word, its weight) for each kind that a text has words of. A name of a format weighs 2, what it is about
    1, and other words of the same kind 1 more."""
    for kind in KINDS:
        names, hints = (_said(pattern, text) for pattern in (FORMATS[kind], HINTS[kind]))
        if found := [*names, *(word for word in hints if word not in names)]:
            yield kind, found[0], (2 if names else 1) + (len(found) > 1)


def _said(pattern: re.Pattern[str], text: str) -> list[str]:
    """The different words of a pattern in a text, but for those that it denies: 'no lecture'."""
    found = (m for m in pattern.finditer(text) if not _DENIED.search(text[max(0, m.start() - 30) : m.start()]))
    return list(dict.fromkeys(m[0].lower() for m in found))


def of_words(event: Event) -> Iterator[Sign]:
    for kind, said, weight in found_in(event.title):
        yield Sign(kind, "title", 2 * min(weight, 2), f"its title says “{said}”")
    for kind, said, weight in found_in(event.description[:4000]):
        yield Sign(kind, "description", weight, f"its description says “{said}”")


def of_chat(heard: Mapping[tuple[Kind, str], int]) -> Iterator[Sign]:
    """`heard`: how many messages around the call use a word of a kind."""
    best: dict[Kind, tuple[int, str]] = {}
    for (kind, said), number in sorted(heard.items()):
        best[kind] = max(best.get(kind, (0, "")), (number, said))
    for kind, (number, said) in best.items():
        where = "a message" if number == 1 else f"{number} messages"
        yield Sign(kind, "chat", 1, f"{where} around it say{'s' if number == 1 else ''} “{said}”")


def of_shape(event: Event) -> Iterator[Sign]:
    """What length, frequency and invitations fit."""
    minutes, times, invited = event.minutes, len(event.times), event.invited
    often = f"it takes place {times} times" + (f", every {event.every}" if event.every else "")
    if times >= _REPEATS:
        yield Sign("rehearsal", "often", 1, f"{often}, as practice needs")
    rarely = "it takes place once" if times == 1 else "it takes place twice"
    for kind in KINDS:
        if (kind in ESSENTIAL) != (times >= _REPEATS):
            yield Sign(kind, "often", 1, rarely if kind in ESSENTIAL else often)
    if minutes >= 45:
        yield Sign("content", "length", 1, f"{minutes} min are the length of a lecture")
    if minutes <= 30:
        yield Sign("problem", "length", 1, f"{minutes} min are enough to tell where everybody is, and to write it")
        yield Sign("one_to_one", "length", 1, f"{minutes} min")
    if minutes >= 60:
        yield Sign("simulation", "length", 1, f"{minutes} min leave time for rounds")
    if invited is not None:
        yield from _of_invited(invited)


def _of_invited(invited: int) -> Iterator[Sign]:
    kinds, why = _CAN_ACT, f"{invited} are invited, so everybody can act"
    if invited >= _CROWD:
        kinds, why = _MANY, f"{invited} are invited"
    elif invited <= 2:
        kinds, why = _TWO, "two people meet"
    yield from (Sign(kind, "invited", 1, why) for kind in kinds)


def weigh(signs: Sequence[Sign]) -> Mapping[Kind, int]:
    """The weight of the words for each kind."""
    return {
        k: sum(s.weight for s in signs if s.kind == k and s.source in ("title", "description", "chat")) for k in KINDS
    }
