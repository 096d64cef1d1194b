"""What the course team sees of the sessions that there are: all of them, and each with what can be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.labels import Labels
from bot.core.message import (
    CHOICES,
    Block,
    Bold,
    Button,
    Instant,
    Link,
    Message,
    Option,
    Select,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
    with_code,
)
from bot.core.people import Cohort
from bot.core.translation import _, _n, all_of, phrase
from bot.features.live import desk_views
from bot.features.live.buttons import action, notes_button, title
from bot.features.live.judging import Judged
from bot.features.live.rules import Weighed
from bot.features.live.store import Session

BUTTONS = 5
"""Sessions with a button of their own; more are in a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """A session as the course team sees it. `one`: what the gate says of it, if it is in the course file; `judged`: how
    it went, if it took place. `coming`: how many said yes to each slot; `outside`: for how many percent of the learners
    each is outside waking hours; `without`: how many have none in these. `reflected`: how many reflections there are.
    `waits`: for its manager's word. `is_missed`: its times passed while it was held.
    """

    session: Session
    one: Weighed | None
    judged: Judged | None
    coming: Mapping[int, int]
    outside: Sequence[int]
    without: int
    reflected: int
    waits: bool = False
    is_missed: bool = False


def overview(cohort: Cohort, found: Sequence[Row]) -> Message:
    """The sessions of a cohort, each with the way into it, and the way to another one."""
    newest = found[-CHOICES:]
    labels = Labels()
    # Under another id, one that has begun is in the list twice.
    opens = [labels.once(Button(_opens(row.session), _open(row.session)), _state(row)) for row in newest]
    options = tuple(Option(str(row.session.id), o.label) for row, o in zip(newest, opens, strict=True))
    return message(
        heading(_("Live sessions")),
        bullets(*map(_line, newest)) if newest else paragraph(_("There is none in this course.")),
        Select(action("open", cohort.id, ""), _("Open a session"), options) if len(newest) > BUTTONS else None,
        buttons(
            *(opens if len(newest) <= BUTTONS else ()),
            Button(_("Propose one"), action("propose", cohort.id, ""), "primary") if cohort.ended_at is None else None,
        ),
        note(_("You see first what a call is to mend, and nobody hears of it before you say so."))
        if cohort.ended_at is None
        else None,
    )


def _opens(session: Session) -> str:
    return shorten(_("Week {week}: {title}", week=session.week, title=session.title), 60)


def _open(session: Session) -> str:
    return action("open", session.cohort, session.id)


def _line(row: Row) -> Text:
    session = row.session
    said = _("Week {week}: “{title}”, {state}", week=session.week, title=title(session), state=_state(row))
    if row.judged is not None:
        return (said, ". ", " ".join(desk_views.how_it_went(row.judged)))
    yes = sum(n for slot, n in row.coming.items() if slot)
    return (said, "; ", _n("{n} said yes", "{n} said yes", yes)) if session.is_out else (said,)


def _state(row: Row) -> str:
    session = row.session
    if row.judged is not None:
        return _("took place")
    if session.state == "trial":
        return _("on trial")
    if session.is_out:
        return _("announced")
    if row.waits:
        return _("waits for the manager's word")
    return desk_views.missed() if row.is_missed else _("held")


def page(row: Row, decides: bool, reads: bool, clock: str = "", runs: bool = True) -> Message:
    """For the course team: numbers, and no names. `decides`: the reader is the manager; `reads`: an instructor.
    `clock`: its times by the cohort's clock, where that is not the reader's. `runs`: the cohort has not ended."""
    session, one, state = row.session, row.one, _state(row)
    lines = [_time(row, n) for n in range(1, len(session.slots) + 1)]
    is_over, is_out = row.judged is not None, session.is_out
    blocks: list[Block] = []
    if one is not None and session.state == "held":
        hint = "" if row.is_missed else desk_views.remedies(one)
        said = _("Its times passed before it could be announced. It can be given others, or taken out.")
        blocks.append(paragraph(said if row.is_missed else desk_views.why(session, one)))
        blocks += [paragraph(*with_code(hint))] if hint else []
    if row.judged is not None:
        blocks.append(paragraph(" ".join(desk_views.how_it_went(row.judged))))
    if session.link and is_out:
        blocks.append(paragraph(Link(session.link, _("The call"))))
    elif is_out and not is_over:
        blocks.append(note(_("Those who say yes do not read yet where the call is: 'Change it' takes its link.")))
    if session.heads is not None:
        blocks.append(paragraph(_("Counted in the call: {n}", n=session.heads)))
    if session.word and is_over:
        blocks.append(paragraph(_("Code word of the call: {word}", word=session.word)))
    elif session.word:
        blocks.append(paragraph(_("Code word to say in the call: {word}", word=session.word)))
    if session.recording:
        blocks.append(paragraph(Link(session.recording, _("The recording"))))
    if lacks := _lacks(row):
        blocks.append(paragraph(lacks))
    without = _n("{n} learner has no time in waking hours.", "{n} learners have no time in waking hours.", row.without)
    return message(
        heading(_opens(session)),
        paragraph(Bold(f"{state[0].upper()}{state[1:]}")),
        bullets(*lines),
        note(clock) if clock else None,
        paragraph(without) if row.without and not is_over else None,
        *blocks,
        note(_("Learners say yes from their week card. Who does is seen by nobody."))
        if is_out and not is_over
        else None,
        buttons(*_acts(row, decides, reads, runs)),
    )


def _time(row: Row, n: int) -> Text:
    """A time of it, with how many said yes if they can."""
    at, share = Instant(row.session.slots[n - 1]), row.outside[n - 1]
    if not row.session.is_out:
        return phrase("{at}: outside waking hours for {share} %", at=at, share=share)
    yes = row.coming.get(n, 0)
    return phrase("{at}: {n} said yes; outside waking hours for {share} %", at=at, n=yes, share=share)


def _lacks(row: Row) -> str:
    """What 'Code word and recording' is for, once it took place."""
    session = row.session
    if row.judged is None:
        return ""
    lacks = [
        _("its recording") if session.live is not None and session.live.recorded and not session.recording else "",
        # Once its figures are settled, a count comes too late.
        _("how many you counted") if session.heads is None and session.outcome is None else "",
    ]
    return _("Not there yet: {what}.", what=all_of(some)) if (some := [*filter(None, lacks)]) else ""


def _acts(row: Row, decides: bool, reads: bool, runs: bool) -> list[Button]:
    """What the reader can do about it; after the end of the cohort, add what is missing and read what came."""
    session, one = row.session, row.one
    acts: list[Button] = []
    if runs and decides and one is not None and row.waits:
        acts.append(desk_views.agree_button(session, one))
    if runs and decides and session.is_by_agreement and row.judged is None:
        acts.append(desk_views.back_button(session))
    if session.is_out:
        acts.append(notes_button(session))
    if reads and row.reflected:
        label = _n("{n} reflection", "{n} reflections", row.reflected)
        acts.append(Button(label, action("read", session.cohort, session.id)))
    if not runs:
        return acts
    if one is not None:
        acts.append(desk_views.change_it(session))
        if row.judged is None:
            acts.append(Button(_("Take it out"), action("remove", session.cohort, session.id)))
    if one is not None and one.holding and row.judged is None and not row.is_missed:
        acts.append(desk_views.replace_button(session, session.week))
    elif row.judged is not None and row.judged.is_in_doubt and row.judged.again is not None:
        acts.append(desk_views.replace_button(session, row.judged.again.week))
    return acts


def taken_out(yes: int, has_begun: bool) -> str:
    """Above the proposal of a course without a session. `yes`: how many said yes to a time that is ahead."""
    said = [_("Its other times are taken back; what has begun stays.") if has_begun else _("It goes for good.")]
    said += [desk_views.who_said_yes(yes)] if yes else []
    return " ".join(said if has_begun else [*said, _("What gave up its minutes has them again.")])
