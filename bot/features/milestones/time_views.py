"""What people read about more time: the learner who asks, and the course team that answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.contributions import DaysAway, DeskItem, Pile, Upcoming, Urgency
from bot.core.forms import ChoiceField, Field, Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Inline,
    Instant,
    Message,
    Option,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
    with_code,
)
from bot.core.moving import days_away_at
from bot.core.people import Cohort, Person
from bot.core.time import say
from bot.core.timetable import DAY
from bot.core.translation import _, _n, all_of, phrase, phrase_n
from bot.core.voice import URGENT
from bot.course.model import Milestone
from bot.features.milestones.desk_views import for_whom, stamp, whose
from bot.features.milestones.rules import closes, is_open
from bot.features.milestones.store import Came, Request, Window
from bot.features.milestones.views import action, days_long

REASON = 500
"""Maximum characters of a reason, and of an answer to it."""

MINUTES_A_REQUEST = 2
EARLIER = 3
"""Earlier requests beside a new one."""


# The learner asks


def more_form(
    cohort: int,
    milestone: Milestone,
    window: Window,
    days: Mapping[int, datetime],
    free: int,
    request: Request | None,
    along: Sequence[str],
    over: datetime,
    away: Sequence[DaysAway],
    zone: str,
) -> Form:
    """`days`: the date after so many days more. `free`: for how many days they need no answer. `along`: what else
    moves. `over`: when the course is. `away`: when they are away. `request`: the one that waits."""
    dates = ((n, _own_day(at, over, away, zone)) for n, at in days.items())
    options = tuple(Option(str(n), _option(n, date, n > free)) for n, date in dates)
    asked = round((request.until - window.due_at) / DAY) if request else None
    now = say(window.due_at, zone)
    hint = (
        _("Now it closes {say}, your time.", say=now)
        if closes(milestone.id)
        else _("Now it is due {say}, your time.", say=now)
    )
    value = str(asked) if asked in days else ""
    fields: list[Field] = [
        ChoiceField("days", _("Closes then") if closes(milestone.id) else _("Due then"), options, hint, value=value)
    ]
    asks = any(n > free for n in days)
    if asks:
        about = _("Only where it says “ask”: the course team alone reads it, and you need no proof.")
        reason = request.reason if request else ""
        fields.append(TextField("reason", _("Why"), about, False, long=True, max_length=REASON, value=reason))
    intro = [
        _("With it moves: {titles}.", titles=all_of([shorten(title, 60) for title in along[:5]]))
        if along
        else _("Your other dates stay."),
        _("Where it says “ask”, your instructors decide and answer you privately.") if asks else "",
        _("You have asked already; this changes your request.") if request else "",
    ]
    title = shorten(milestone.title, 60)
    label = _("Move it") if not asks else _("Ask for it") if min(days) > free else _("Move it, or ask")
    return Form(action("more", cohort, milestone.id), title, tuple(fields), label, " ".join(t for t in intro if t))


def _own_day(at: datetime, over: datetime, away: Sequence[DaysAway], zone: str) -> str:
    said = _day(at, over, zone)
    return _("{date}, while you are away", date=said) if days_away_at(at, away) else said


def _their_day(at: datetime, over: datetime, away: Sequence[DaysAway], zone: str) -> str:
    said = _day(at, over, zone)
    return _("{date}, while they are away", date=said) if days_away_at(at, away) else said


def _day(at: datetime, over: datetime, zone: str) -> str:
    """`over`: when the course is."""
    said = say(at, zone)
    return _("{date}, after the last week", date=said) if at > over else said


def _option(days: int, date: str, asks: bool) -> str:
    if asks:
        return _n("1 day: {date} (ask)", "{n} days: {date} (ask)", days, date=date)
    return _n("1 day: {date}", "{n} days: {date}", days, date=date)


def asked(cohort: int, milestone: Milestone, window: Window, request: Request, *, may_change: bool = True) -> Message:
    """The receipt of a request that waits. `may_change`: whether they can ask for another day."""
    change = Button(_("Change it"), action("more", cohort, milestone.id))
    return message(
        heading(_("More time: {title}", title=shorten(milestone.title, 80))),
        paragraph(
            *phrase("You asked {at} to have time for it until {until}.", at=_at(request), until=Instant(request.until))
            if closes(milestone.id)
            else phrase("You asked {at} to hand it in by {until}.", at=_at(request), until=Instant(request.until))
        ),
        paragraph(_("You wrote:")) if request.reason else None,
        quote(request.reason) if request.reason else None,
        note(
            _("The course team alone reads this, and answers you here."),
            " ",
            *(
                phrase("Until they do, work that comes by {at} is not late.", at=Instant(window.asked_until))
                if window.asked_until
                else phrase("It closed {at}. If they say yes, it is open for you again.", at=Instant(window.due_at))
                if closes(milestone.id) and window.due_at <= request.changed_at
                else phrase("Until they do, it closes {at}.", at=Instant(window.due_at))
                if closes(milestone.id)
                else phrase("Until they do, it is due {at}.", at=Instant(window.due_at))
            ),
        ),
        None if may_change else paragraph(_("No other day can be asked for any more.")),
        buttons(
            *([change] if may_change else []),
            Button(_("Take it back"), action("withdraw", cohort, str(request.id))),
        ),
    )


def _at(request: Request) -> Instant:
    return Instant(request.changed_at)


def sent(milestone: Milestone, request: Request) -> Message:
    return message(
        paragraph(
            *phrase(
                "You asked for more time for {title}, until {at}. The answer comes here, and the request is in our "
                "direct messages: you can change it or take it back there.",
                title=Bold(milestone.title),
                at=Instant(request.until),
            )
        )
    )


def withdrawn(title: str) -> Message:
    return message(
        paragraph(
            *phrase("You took back your request for more time for {title}. Nothing of it is kept.", title=Bold(title))
        )
    )


def not_asked_any_more(*, kept: bool) -> Message:
    """The receipt of a request whose item is not in the course any more. `kept`: it was answered."""
    if kept:
        return message(paragraph(_("What you asked more time for is not in the course any more.")))
    return message(
        paragraph(_("What you asked more time for is not in the course any more. Nothing of your request is kept."))
    )


def request_card(
    cohort: int, milestone: Milestone, window: Window, request: Request, by: str, came: Came, now: datetime
) -> Message:
    """The receipt of a request as it stands now. `by`: who answered it."""
    if is_open(request, window) and came:
        return came_in(cohort, milestone, request, came)
    if is_open(request, window):
        return asked(cohort, milestone, window, request)
    if request.state == "declined":
        return refused(declined(milestone, window, by, now), request.answer)
    if request.answered_by is not None:
        return given(milestone, window.due_at, by, request.answer, now)
    return later_anyway(cohort, milestone, window.due_at, request)


def came_in(cohort: int, milestone: Milestone, request: Request, came: Came) -> Message:
    """The receipt of a request whose work came in before its answer."""
    title = _bold(milestone)
    said = (
        phrase("{title} came in after its close. If the course team says yes, it is not late any more.", title=title)
        if came == "late"
        else phrase("{title} came in, so nobody needs to answer your request for more time.", title=title)
    )
    return message(
        paragraph(*said),
        None if came == "late" else note(_("Your request waits again if you take your work back.")),
        buttons(Button(_("Take my request back"), action("withdraw", cohort, str(request.id)))),
    )


def later_anyway(cohort: int, milestone: Milestone, due: datetime, request: Request) -> Message:
    """The receipt of a request whose learner has as late a date by now."""
    at: dict[str, Inline] = {"title": _bold(milestone), "at": Instant(due)}
    waits = request.state == "waiting"
    return message(
        paragraph(
            *phrase("{title} closes {at} now, so you need no answer any more.", **at)
            if closes(milestone.id)
            else phrase("{title} is due {at} now, so you need no answer any more.", **at)
        ),
        note(_("Your request waits again if the date moves back.")) if waits else None,
        buttons(Button(_("Take it back"), action("withdraw", cohort, str(request.id)))) if waits else None,
    )


def _bold(milestone: Milestone) -> Bold:
    return Bold(shorten(milestone.title, 80))


def asked_line(cohort: int, milestone: Milestone, request: Request) -> Upcoming:
    """On one's own page."""
    text = phrase(
        "You asked for more time for “{title}”, until {at}; not answered yet",
        title=shorten(milestone.title, 80),
        at=Instant(request.until),
    )
    return Upcoming(text, None, Button(_("Change my request"), action("more", cohort, milestone.id)))


def for_learners() -> Message:
    return message(paragraph(*with_code(_("This is for learners. `/cohort week` moves dates for them."))))


# The answer reaches the learner


def lead(as_asked: bool, by: str, note: str) -> Text:
    """Before the new date. `as_asked`: it is the day that they asked for."""
    said = (
        _("Yes: you have more time.")
        if as_asked
        else _("You have more time, though not until the day that you asked for.")
    )
    return (said, " ", _("{name} writes: “{words}”", name=by, words=note)) if note else (said,)


def given(milestone: Milestone, due: datetime, by: str, note: str, now: datetime) -> Message:
    """The receipt of a request that was granted."""
    told: dict[str, Inline] = {"name": by, "at": Instant(due)}
    if due <= now:
        said = (
            phrase("{name} gave you more time: it closed {at}.", **told)
            if closes(milestone.id)
            else phrase("{name} gave you more time: it was due {at}.", **told)
        )
    else:
        said = (
            phrase("{name} gave you more time: it closes {at} now.", **told)
            if closes(milestone.id)
            else phrase("{name} gave you more time: it is due {at} now.", **told)
        )
    return message(
        heading(_("More time: {title}", title=shorten(milestone.title, 80))),
        paragraph(*said),
        quote(note) if note else None,
    )


def declined(milestone: Milestone, window: Window, by: str, now: datetime) -> Text:
    title = _bold(milestone)
    if window.asked_until is not None and window.asked_until > now:
        return phrase(
            "{name} answered your request for more time for {title}. Its date stays, and work that comes by {at} is "
            "not late.",
            name=by,
            title=title,
            at=Instant(window.asked_until),
        )
    told: dict[str, Inline] = {"name": by, "title": title, "at": Instant(window.due_at)}
    if window.due_at <= now:
        return (
            phrase("{name} answered your request for more time for {title}. Its date stays: it closed {at}.", **told)
            if closes(milestone.id)
            else phrase(
                "{name} answered your request for more time for {title}. Its date stays: it was due {at}.", **told
            )
        )
    return (
        phrase("{name} answered your request for more time for {title}. It still closes {at}.", **told)
        if closes(milestone.id)
        else phrase("{name} answered your request for more time for {title}. It is still due {at}.", **told)
    )


def in_words(words: str) -> tuple[Block, ...]:
    return (quote(words),)


def refused(said: Text, words: str) -> Message:
    """The receipt of a request that was answered in words."""
    return message(paragraph(*said), quote(words))


def always_from(days: int, now: datetime, *, open_too: bool) -> Text:
    """Tells a learner of their accommodation. It names the day, so that it stays true in a message that was sent."""
    if not days and open_too:
        return phrase("Since {at} you have the usual dates.", at=Instant(now))
    if not days:
        return phrase("Since {at} you have the usual dates; what was open then keeps its date.", at=Instant(now))
    return phrase_n(
        "Since {at} you have 1 day more on everything, and your dates have it already; only you and the course "
        "team see it",
        "Since {at} you have {n} days more on everything, and your dates have it already; only you and the course "
        "team see it",
        days,
        at=Instant(now),
    )


def always(days: int) -> Text:
    """Of an accommodation, on the page of the learner who has it."""
    return (
        _n(
            "You have 1 day more on everything, and your dates have it already; only you and the course team see it",
            "You have {n} days more on everything, and your dates have it already; only you and the course team see it",
            days,
        ),
    )


# On the desk


def pile(items: Sequence[DeskItem]) -> Pile:
    return Pile("milestones/time", (_("Requests for more time"),), items, urgency=Urgency.DUE)


def on_desk(
    cohort: Cohort,
    milestone: Milestone,
    window: Window,
    request: Request,
    name: str,
    earlier: Sequence[Request],
    titles: Mapping[str, str],
    away: Sequence[DaysAway],
    now: datetime,
) -> DeskItem:
    """`earlier`: what this learner asked for before; `titles`: of the milestones in it. `away`: when they are away."""
    number, until = str(request.id), Instant(request.until)
    near = window.due_at <= now + URGENT
    text = phrase(
        "{whose}: until {until}, not {due}", whose=whose(milestone, name), until=until, due=Instant(window.due_at)
    )
    if days_away_at(request.until, away):
        text = phrase("{asked}, which falls into their days away", asked=text)
    yes = Button(_("Yes"), action("grant", cohort.id, f"{number}.{stamp(request.until)}"), "primary")
    acts = (
        yes if request.until > now else None,
        Button(_("Another day"), action("other_day", cohort.id, number)),
        Button(_("Write back"), action("refuse", cohort.id, number)),
    )
    return DeskItem(
        name=request.desk_name,
        since=request.asked_at,
        text=text,
        words=request.reason,
        hint=_before(earlier, titles),
        buttons=[act for act in acts if act is not None],
        minutes=MINUTES_A_REQUEST,
        parts=[f"{request.desk_name}/near"] if near else [],
        quick=True,
        stands=near,
    )


def _before(earlier: Sequence[Request], titles: Mapping[str, str]) -> Text:
    """'Asked before: “The draft”, 3 days (granted)'"""
    if not earlier:
        return (_("Has not asked before"),)
    said = [
        _("“{title}”, {days} ({answer})", title=titles[r.milestone], days=days_long(r.days), answer=_answer(r))
        for r in reversed(earlier[-EARLIER:])
    ]
    more = len(earlier) - len(said)
    return (
        _("Asked before: {requests}", requests="; ".join(said))
        if not more
        else _("Asked {n} times before: {requests}", n=len(earlier), requests="; ".join(said)),
    )


def _answer(request: Request) -> str:
    match request.state:
        case "granted":
            return _("granted") if request.answered_by else _("granted by the course")
        case "declined":
            return _("the date stayed")
        case "waiting" if request.given is not None and request.given >= request.until:
            return _("not needed any more: the date moved")
        case "waiting":
            return _("not answered")


def title_of(meant: Milestone | None, id: str) -> str:
    """`id`: of what is not in the course any more."""
    if meant is not None:
        return shorten(meant.title, 40)
    return _("what is not in the course any more") if closes(id) else id


def done_already(milestone: Milestone) -> str:
    if closes(milestone.id):
        return _("You have done “{title}” already, so its date does not matter any more.", title=milestone.title)
    return _("You have handed in “{title}” already, so its date does not matter any more.", title=milestone.title)


def unanswered(number: int) -> Text:
    return (
        _n(
            "1 request for more time is not answered, and never will be.",
            "{n} requests for more time are not answered, and never will be.",
            number,
        ),
    )


# The course team answers


def answered_already(request: Request, by: str, name: str) -> Message:
    if request.state == "granted" and request.given is not None:
        said = phrase("{by} gave {name} time until {at} already.", by=by, name=name, at=Instant(request.given))
    else:
        said = phrase("{by} wrote back to {name} already; the date stays.", by=by, name=name)
    return message(paragraph(*said), quote(request.answer) if request.answer else None)


def day_form(
    cohort: int,
    milestone: Milestone,
    window: Window,
    request: Request,
    name: str,
    days: Mapping[int, datetime],
    over: datetime,
    away: Sequence[DaysAway],
    zone: str,
) -> Form:
    """`days`: the date after so many days more. `over`: when the course is."""
    dates = ((n, _their_day(at, over, away, zone)) for n, at in days.items())
    options = tuple(Option(str(n), _option(n, date, False)) for n, date in dates)
    due, until = say(window.due_at, zone), say(request.until, zone)
    hint = (
        _("It closes {due}, and they ask until {until}; your time.", due=due, until=until)
        if closes(milestone.id)
        else _("It is due {due}, and they ask until {until}; your time.", due=due, until=until)
    )
    return Form(
        action("grant", cohort, str(request.id)),
        shorten(_("More time for {name}", name=name), 60),
        (
            ChoiceField("days", shorten(milestone.title, 60), options, hint),
            TextField("text", _("A word with it"), _("They read it."), False, long=True, max_length=REASON),
        ),
        _("Give it"),
    )


def words_form(cohort: int, milestone: Milestone, window: Window, request: Request, name: str, zone: str) -> Form:
    hint = _("The date stays {due}, your time. They read your words with your name.", due=say(window.due_at, zone))
    words = TextField("text", shorten(milestone.title, 60), hint, long=True, max_length=REASON)
    title = shorten(_("To {name}", name=name), 60)
    return Form(action("refuse", cohort, str(request.id)), title, (words,), _("Send"))


def gave(milestone: Milestone, name: str, due: datetime, told: str) -> Message:
    """`told`: whether the date falls into their days away, and when they hear of it."""
    told_of: dict[str, Inline] = {"title": Bold(milestone.title), "at": Instant(due), "name": name}
    said = (
        phrase("{title} closes {at} for {name} now.", **told_of)
        if closes(milestone.id)
        else phrase("{title} is due {at} for {name} now.", **told_of)
    )
    return message(paragraph(*said, f" {told}"))


def wrote_back(milestone: Milestone, name: str) -> Message:
    said = phrase(
        "{name} reads your words at their next hour, or when they are back; {title} keeps its date.",
        name=name,
        title=_bold(milestone),
    )
    return message(paragraph(*said))


# More time for the whole run


def accommodations(cohort: int, found: Sequence[tuple[Person, int]]) -> Message:
    return message(
        heading(_("More time for the whole run")),
        bullets(*(phrase("{name}: {days} more on everything", name=p.name, days=days_long(n)) for p, n in found))
        or paragraph(_("Nobody has more time on everything.")),
        note(
            _("Only the course team and the learner see it, and nobody needs a proof."),
            " ",
            _("It holds for milestones, discussions, check-ins and wrap-ups. What all read comes at the usual time."),
        ),
        buttons(
            Button(_("Add a learner"), action("accommodate", cohort)),
            *(
                Button(shorten(_("Change {name}", name=p.name), 40), action("accommodate", cohort, str(p.id)))
                for p, _days in found[:20]
            ),
        ),
    )


def nobody_yet() -> Message:
    return message(paragraph(_("No learner has joined yet. Come back when they have: it is set for one learner.")))


def accommodation_form(cohort: int, learners: Sequence[Person], person: str, days: int | None) -> Form:
    fields = (
        for_whom(learners, person, _("Only they and the course team see it."), required=True),
        TextField(
            "days",
            _("Days more on everything"),
            _("Milestones, discussions, check-ins and wrap-ups of the whole run, also those that move. 0 ends it."),
            max_length=2,
            value=str(days or 3),
            number=True,
        ),
        yes_no(
            "open",
            _("Fewer days for what is open, too"),
            _("Without it, what is open keeps the date that they were promised."),
        ),
    )
    return Form(action("accommodate", cohort), _("More time for the whole run"), fields, _("Save"))


def has_days(name: str, days: int) -> str:
    return _("{name} has {days} more on everything", name=name, days=days_long(days))


def as_it_was(name: str, days: int) -> Message:
    return message(paragraph(f"{has_days(name, days)}."))


def accommodated(
    name: str, days: int, keep: Sequence[tuple[str, datetime]], shorter: Sequence[tuple[str, datetime]]
) -> Message:
    """`keep`: what is open with a later date than these days give, and its date; `shorter`: what is open and is due
    earlier now."""
    said = (
        _("{name} has {days} more on everything from now on.", name=name, days=days_long(days))
        if days
        else _("{name} has the usual dates from now on.", name=name)
    )
    stays = [
        phrase("{title} is open and keeps its date: {at}", title=shorten(title, 80), at=Instant(at))
        for title, at in keep
    ]
    stays += [
        phrase("{title} is open and is due earlier now: {at}", title=shorten(title, 80), at=Instant(at))
        for title, at in shorter
    ]
    return message(
        paragraph(said),
        bullets(*stays),
        note(_("They are told at their next hour, or when they are back. Nobody but you and the course team sees it.")),
    )
