"""What check-ins say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from bot.core.actions import LIMIT, Action
from bot.core.contributions import DeskItem, Figure, Passage, Pile, Urgency
from bot.core.forms import Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Instant,
    Italic,
    Link,
    Message,
    Text,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.people import Cohort
from bot.core.time import local, say_day
from bot.core.translation import N_, _, _n, phrase
from bot.core.typed import excerpt
from bot.features.checkins.store import Round, Update, desk_name

IN_A_POST = 12
"""Updates in the post of a round; 'Read all' has the others."""

IN_A_LINE = 300
"""Characters of a text in the post."""

A_PAGE = 8
"""Updates on one page."""

LONGEST = 1500
MINUTES_TO_REPLY = 3


def _button(label: str, name: str, cohort: int, subject: str) -> Button:
    return Button(label, Action("checkins", name, cohort, subject).encode())


def answer_button(cohort: int, round: Round, again: bool = False) -> Button:
    return _button(_("Change my check-in") if again else _("Check in"), "answer", cohort, round.key)


def name(round: Round, zone: str) -> str:
    """'The shared page (Tue 13 Jan)'; `zone` is that of the reader. The parentheses keep its day apart from a date that
    follows."""
    return _("{title} ({day})", title=shorten(round.title, 60), day=_day(round, zone))


def _day(round: Round, zone: str) -> str:
    return say_day(local(round.opens_at, zone).date())


def to_do(round: Round, zone: str) -> str:
    return _("Check in: {name}", name=name(round, zone))


def late_line(title: str) -> Text:
    """`title`: the name of a round that has closed."""
    return (_("“{title}” has closed. A late check-in is welcome.", title=title),)


def state(done: bool) -> str:
    return _("checked in") if done else _("to check in")


# In the channel


def post(
    cohort: Cohort,
    round: Round,
    updates: Sequence[Update],
    names: Mapping[int, str],
    now: datetime,
    in_pod: bool = False,
    earlier: Sequence[Round] = (),
) -> Message:
    """Everybody's updates of a round in one post, the newest last; `in_pod`: those of a pod, in its channel, which also
    leads to the `earlier` rounds of the week."""
    public = [u for u in updates if u.is_public]
    shown = public[-IN_A_POST:]
    cut = len(shown) < len(public) or any(_is_cut(u) for u in shown)
    return message(
        heading(name(round, cohort.zone)),
        paragraph(_gone()) if round.is_gone else paragraph(*_where(round, now)),
        *(block for update in shown for block in _lines(update, names, IN_A_LINE)),
        note(_counted(len(public))) if public else None,
        note(_("It stands here for your pod alone.")) if in_pod else None,
        buttons(
            None if round.is_gone or now < round.opens_at else answer_button(cohort.id, round),
            _button(_("Read all"), _read(in_pod), cohort.id, f"{round.key}.1") if cut else None,
            *(
                _button(_("Read {day}", day=_day(one, cohort.zone)), _read(in_pod), cohort.id, f"{one.key}.1")
                for one in earlier
            ),
        ),
    )


def _read(in_pod: bool) -> str:
    return "read_pod" if in_pod else "read"


def no_pod() -> str:
    return _("You are in no pod at the moment, so there is nothing to read.")


def _where(round: Round, now: datetime) -> Text:
    until = (
        phrase("Closed {at}; yours is welcome still, and is marked late.", at=Instant(round.closes_at))
        if round.closes_at <= now
        else phrase("What is done, what comes next, where are you stuck? Open from {at}.", at=Instant(round.opens_at))
        if now < round.opens_at
        else phrase("What is done, what comes next, where are you stuck? Open until {at}.", at=Instant(round.closes_at))
    )
    return (Link(round.link, _("The shared document")), ". ", *until) if round.link else until


def _gone() -> str:
    return _("This check-in is not in the course any more.")


def _counted(number: int) -> str:
    return _n("{n} has checked in.", "{n} have checked in.", number)


def _is_cut(update: Update) -> bool:
    return any(len(text) > IN_A_LINE for text in (update.done, update.next, update.stuck if update.shown else ""))


def _lines(update: Update, names: Mapping[int, str], longest: int) -> list[Block]:
    """One person's update, without what only the course team reads."""
    who = names.get(update.person, _("Somebody who left"))
    late = (", ", _("late")) if update.late else ()
    parts = [
        (_("Done"), update.done),
        (_("Next"), update.next),
        (_("Stuck"), update.stuck if update.shown else ""),
    ]
    said = [(label, excerpt(text, longest)) for label, text in parts if text]
    blocks: list[Block] = [paragraph(Bold(who), *late)]
    # Several lines stand below their label; a field is one line.
    for several, group in groupby(said, key=lambda part: "\n" in part[1].strip()):
        if several:
            blocks += [block for label, text in group for block in (paragraph(f"{label}:"), quote(text))]
        else:
            blocks.append(fields(*group))
    return blocks


def page(
    cohort: Cohort,
    round: Round,
    updates: Sequence[Update],
    names: Mapping[int, str],
    number: int,
    zone: str,
    in_pod: bool = False,
) -> Message:
    """A page of whole updates, for one reader."""
    public = [u for u in updates if u.is_public]
    last = max(1, -(-len(public) // A_PAGE))
    number = min(max(number, 1), last)
    shown = public[(number - 1) * A_PAGE : number * A_PAGE]
    title = name(round, zone)
    return message(
        heading(_("{title}: page {page} of {last}", title=title, page=number, last=last) if last > 1 else title),
        *(block for update in shown for block in _lines(update, names, LONGEST)),
        paragraph(_("Nobody has checked in yet.")) if not public else None,
        buttons(
            _button(_("Back"), _read(in_pod), cohort.id, f"{round.key}.{number - 1}") if number > 1 else None,
            _button(_("More"), _read(in_pod), cohort.id, f"{round.key}.{number + 1}") if number < last else None,
        ),
    )


# Answering


def form(cohort: int, round: Round, before: Update | None, late: bool, zone: str, in_pod: bool = False) -> Form:
    """`in_pod`: the learner's pod reads it, instead of the cohort."""
    everybody = _("Your pod sees this, and nobody else.") if in_pod else _("The cohort sees this.")
    show = _("Show my pod where I am stuck") if in_pod else _("Show the cohort where I am stuck")
    blank = Form(
        Action("checkins", "answer", cohort, round.key).encode(),
        shorten(name(round, zone), 60),
        (
            TextField("done", _("Done"), everybody, required=False, long=True, max_length=LONGEST),
            TextField("next", _("Next"), everybody, required=False, long=True, max_length=LONGEST),
            TextField(
                "stuck",
                _("Where are you stuck?"),
                _("Only the instructors see this, unless you say otherwise below."),
                required=False,
                long=True,
                max_length=LONGEST,
            ),
            yes_no("shown", show, _("Somebody may know a way.")),
        ),
        submit=_("Save") if before else _("Check in"),
        intro=_("This check-in has closed; yours is welcome still, and is marked late.") if late else "",
    )
    if before is None:
        return blank
    shown = "yes" if before.shown else ""
    return blank.filled({"done": before.done, "next": before.next, "stuck": before.stuck, "shown": shown})


def nothing_said() -> str:
    return _("Please write something in one of the three: done, next or stuck.")


def receipt(cohort: int, round: Round, update: Update, zone: str, writable: bool) -> Message:
    """`writable`: the post of the day can be changed."""
    if not update.is_public:
        seen = _("Your pod sees none of it.") if update.pod else _("The cohort sees none of it.")
    elif update.pod:
        seen = _("Your pod sees it, in its channel.")
    elif writable:
        seen = _("The cohort sees it in the post of the day.")
    else:
        seen = _("The cohort does not see it yet: I cannot write there at the moment. You hear when it does.")
    stuck = ""
    if update.stuck:
        stuck = _("Where you are stuck is seen by the instructors alone.")
        if update.shown and update.pod:
            stuck = _("Where you are stuck is seen by your pod and the instructors.")
        elif update.shown:
            stuck = _("Where you are stuck is seen by the cohort and the instructors.")
    return message(
        paragraph(Bold(name(round, zone)), ": ", _("thank you, that is saved."), " ", seen),
        paragraph(stuck) if stuck else None,
        note(_("It is marked late.")) if update.late else None,
        buttons(answer_button(cohort, round, again=True), _button(_("Take it back"), "delete", cohort, str(update.id))),
    )


def in_the_post(round: Round, zone: str, state: str) -> Text:
    """Where what somebody said stands: it `waits`, is `posted`, or was `lost`."""
    said = {
        "waits": N_(
            "It is saved, but the cohort does not see it yet: I cannot change the post of the day. I put it there as"
            " soon as I can."
        ),
        "posted": N_("The cohort sees it in the post of the day now."),
        "lost": N_("The cohort does not see it: the post of the day could not be changed. Your progress has it."),
    }
    return (Bold(name(round, zone)), ": ", _(said[state]))


def sure_to_delete(cohort: int, round: Round, update: Update, zone: str) -> Message:
    return message(
        paragraph(_("Take back what you wrote for “{name}”? It is deleted for everybody.", name=name(round, zone))),
        buttons(_button(_("Take it back"), "delete_now", cohort, str(update.id))),
    )


def taken_back(cohort: int, round: Round) -> Message:
    again = None if round.is_gone else answer_button(cohort, round)
    return message(paragraph(_("Taken back. Nobody sees it any more.")), buttons(again))


def for_learners(cohort: Cohort, round: Round) -> Message:
    """For the course team: check-ins are for learners."""
    return message(
        paragraph(_("Check-ins are for learners. You can read what they wrote.")),
        buttons(_button(_("Read all"), "read", cohort.id, f"{round.key}.1")),
    )


def not_yet(round: Round) -> Message:
    return message(paragraph(*phrase("This check-in opens {at}.", at=Instant(round.opens_at))))


# For the course team


def stuck(items: Sequence[DeskItem]) -> Pile:
    return Pile("checkins/stuck", (_("Stuck, in a check-in"),), items, urgency=Urgency.DUE, can_be_seen=True)


def stuck_item(cohort: Cohort, round: Round, update: Update, who: str, zone: str) -> DeskItem:
    about = shorten(_("your check-in of {day}", day=_day(round, zone)), LIMIT - 60)
    reply = Action("questions", "write", cohort.id, f"{update.person}.{about}").encode()
    read = _button(_("Open"), "read", cohort.id, f"{round.key}.1")
    text = whose(round, who, zone)
    return DeskItem(
        name=desk_name(update),
        since=update.changed_at,
        text=text,
        words=update.stuck,
        buttons=(Button(_("Reply"), reply), read),
        minutes=MINUTES_TO_REPLY,
    )


def whose(round: Round, who: str, zone: str) -> tuple[str | Italic, ...]:
    return (f"{who}, ", Italic(name(round, zone)))


def many_stuck(number: int, told: bool) -> Passage:
    """For the instructor's recap of the week. `told`: they are enough to be counted."""
    said = _(
        "{number} of you were stuck somewhere when you checked in. Ask in the channel: somebody may know a way.",
        number=number,
    )
    return Passage("checkins/stuck", "stuck", said if told else "")


def figure(round: Round, zone: str, came: int, base: int, before: int | None) -> Figure:
    return Figure(f"checkins/{round.checkin}", _("Checked in: {name}", name=name(round, zone)), came, base, before)


def evidence(came: int, base: int, rounds: int) -> str:
    return _n(
        "{came} of {base} checked in, in one check-in",
        "{came} of {base} checked in, over {n} check-ins",
        rounds,
        came=came,
        base=base,
    )
