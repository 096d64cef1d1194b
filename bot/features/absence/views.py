"""What absence says."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.core.actions import Action
from bot.core.contributions import Attention, Date, Item
from bot.core.days import Span
from bot.core.forms import DateField, Form
from bot.core.items import late_text, line, shift_button
from bot.core.message import (
    Block,
    Bold,
    Bullets,
    Button,
    Buttons,
    Code,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort, Person
from bot.core.time import place_of, say, say_day
from bot.core.translation import N_, _, _n, all_of, phrase
from bot.course.model import Milestone
from bot.features.absence import rules
from bot.features.absence.rules import SHOWN
from bot.features.absence.store import Absence, Left, Standing

CHANCES = 3
"""Maximum last chances that a receipt names."""

NEW = "new"
"""The subject of the form for more days away."""

PRIVATE = N_(
    "Where names of those who have not answered are listed, the instructors read 'away' or 'was away'. Whoever "
    "moves a date of yours reads whether it falls into these days. Nobody else sees it."
)


def act(name: str, cohort: int, subject: str = "") -> str:
    return Action("absence", name, cohort, subject).encode()


def back_button(cohort: int) -> Button:
    return Button(_("I'm back"), act("back", cohort), "primary")


def _change_button(cohort: int, absence: Absence) -> Button:
    label = _("Other dates") if absence.last_day else _("Until a date")
    return Button(label, act("away", cohort, str(absence.id)))


def _stay_button(cohort: int, absence: Absence) -> Button:
    return Button(_("I stay here"), act("back", cohort, str(absence.id)), "primary")


def days_button(cohort: int) -> Button:
    """Where each absence can be changed and cancelled."""
    return Button(_("My days away"), Action("command", "away", cohort).encode())


def pause_button(cohort: int) -> Button:
    return Button(_("Pause"), act("pause", cohort))


def move_button(cohort: int, movable: bool) -> Button | None:
    return shift_button(cohort) if movable else None


def leave_button(cohort: int, label: str = "") -> Button:
    return Button(label or _("Leave the cohort"), Action("command", "leave", cohort).encode())


def may_leave(cohort: int) -> Message:
    """To whoever would leave with the command for days away."""
    return message(
        paragraph(_("Leave the cohort, or pause until you say that you are back? Leaving asks you once more.")),
        buttons(leave_button(cohort), pause_button(cohort)),
    )


def ask_button(cohort: int) -> Button:
    return Button(_("Ask privately"), Action("questions", "ask_privately", cohort).encode())


def standing(absences: Sequence[Absence], now: datetime, zone: str) -> str:
    """A learner's absences in one line; soonest first."""
    if not absences:
        return _("You are here.")
    ahead = [dates(a, zone) for a in absences if a.lies_ahead(now)]
    first = absences[0]
    if first.lies_ahead(now):
        return _("You are here; away {dates}.", dates=all_of(ahead))
    said = (
        _("You are away until {day}.", day=say_day(first.last_day))
        if first.last_day
        else _("You are paused until you say that you are back.")
    )
    return _("{said} Also away: {dates}.", said=said, dates=all_of(ahead)) if ahead else said


def dates(absence: Absence, zone: str) -> str:
    if absence.last_day is None:
        return _("without an end")
    return days(absence.first(zone), absence.last_day)


def days(first: date, last: date) -> str:
    if first == last:
        return _("on {day}", day=say_day(last))
    return _("from {day} until {last}", day=say_day(first), last=say_day(last))


def all_days(spans: Sequence[Span], today: date) -> str:
    return all_of([days(span.first or today, span.last) for span in spans])


def page(cohort: int, absences: Sequence[Absence], movable: bool, now: datetime, zone: str) -> Message:
    """A learner's absences, and what they can do about them."""
    holding = next((a for a in absences if a.holds(now)), None)
    ahead = [a for a in absences if a.lies_ahead(now)]
    alone = ahead[0] if len(absences) == 1 and ahead else None
    rows = [
        buttons(
            Button(_("Change: {dates}", dates=dates(a, zone)), act("away", cohort, str(a.id))),
            Button(_("Cancel: {dates}", dates=dates(a, zone)), act("back", cohort, str(a.id))),
        )
        for a in (ahead if alone is None else ())
    ]
    return message(
        paragraph(Bold(standing(absences, now, zone))),
        paragraph(_("While you are away, nothing is sent to you. One card then says where to go on.")),
        note(_(PRIVATE)),
        *rows,
        buttons(
            back_button(cohort) if holding else None,
            _change_button(cohort, holding) if holding else None,
            _change_button(cohort, alone) if alone else None,
            _stay_button(cohort, alone) if alone else None,
            Button(_("More days away") if absences else _("I'm away"), act("away", cohort, NEW)),
            pause_button(cohort) if holding is None or holding.last_day else None,
            move_button(cohort, movable),
            leave_button(cohort),
        ),
    )


def stored(absence: Absence) -> tuple[dict[str, str], str]:
    """An absence as the form of dates has it, and as a sentence says it."""
    first = {"start": absence.first_day.isoformat()} if absence.first_day else {}
    if absence.last_day is None:
        return {**first, "until": "pause"}, _("you have paused")
    last = absence.last_day.isoformat()
    return {**first, "until": last}, _("you are away until {last}", last=last)


def away_form(cohort: int, today: date, start: str = "", until: str = "", changed: Absence | None = None) -> Form:
    return Form(
        act("away", cohort, str(changed.id) if changed else NEW),
        _("I'm away"),
        (
            DateField("start", _("From"), _("The first day away, by your clock"), False, start or today.isoformat()),
            DateField("until", _("Until"), _("The last day away"), True, until),
        ),
        submit=_("I'm away"),
    )


def which_days(cohort: int, typed: str, ways: Sequence[Sequence[Span]], today: date) -> Message:
    """Typed days that can be read in several ways, each with its button."""
    found = [(all_days(way, today), rules.written(way)) for way in ways]
    return message(
        paragraph(_("“{said}” can mean several days. Which do you mean?", said=shorten(typed, 40))),
        buttons(*(Button(shorten(label, 75), act("days", cohort, subject)) for label, subject in found)),
    )


def again_button(cohort: int, replaced: Absence, now: Absence) -> Button:
    """The way back to dates that others replaced."""
    if replaced.last_day is None:
        return Button(_("Pause again"), act("again", cohort, "pause"))
    first = replaced.first_day.isoformat() if replaced.first_day else ""
    subject = f"{first}/{replaced.last_day.isoformat()}.{now.id}"
    return Button(_("The dates from before"), act("again", cohort, subject))


def receipt(
    cohort: int,
    given: Sequence[Absence],
    others: Sequence[Absence],
    replaced: Absence | None,
    backs: Sequence[datetime],
    left: Left,
    movable: bool,
    now: datetime,
    zone: str,
) -> Message:
    """Away, and what that means. `given`: the absences that were just given; `others`: those that stay as they were;
    `replaced`: the dates that one of the given had before; `backs`: when a card welcomes back."""
    then: Text = ()
    if len(backs) == 1:
        then = (" ", *phrase("One card comes {at} and says where to go on.", at=Instant(backs[0])))
    elif backs:
        then = (" ", _("After each, one card says where to go on."))
    silent = _("Nothing is sent to you while you are away.") if backs else _("Nothing is sent to you until then.")
    one = given[0] if len(given) == 1 else None
    nothing = backs and not (left.due or left.sessions)
    return message(
        paragraph(Bold(standing(given, now, zone)), " ", silent, *then),
        paragraph(_("You are also away {dates}.", dates=all_of([dates(a, zone) for a in others]))) if others else None,
        paragraph(_("This replaces your absence {dates}.", dates=_before(replaced, zone, now))) if replaced else None,
        *(paragraph(*text, ".") for text in left.last_chances[:CHANCES]),
        note(_("You need more time? Ask the course team, privately if you like.")) if left.last_chances else None,
        paragraph(_("Due or closing meanwhile:") if backs else _("Left for when you are back, essential work first:"))
        if left.due
        else None,
        _listed(left.due),
        *(paragraph(*text) for text in left.sessions[:SHOWN]),
        note(_(PRIVATE) if not nothing else _("Nothing falls due meanwhile. {private}", private=_(PRIVATE))),
        buttons(
            move_button(cohort, movable and bool(left.due)),
            ask_button(cohort) if left.last_chances else None,
            _change_button(cohort, one) if one else None,
            again_button(cohort, replaced, given[0]) if replaced else None,
            (_stay_button(cohort, one) if one.lies_ahead(now) else back_button(cohort)) if one else None,
            days_button(cohort) if others or not one else None,
        ),
    )


def noted(given: Sequence[Absence], now: datetime, zone: str) -> Message:
    """The answer in direct messages, where each absence has its receipt."""
    where = _n(
        "Its card says what falls due meanwhile.", "Each has a card that says what falls due meanwhile.", len(given)
    )
    return message(paragraph(Bold(standing(given, now, zone)), " ", where))


def _listed(lines: Sequence[Text]) -> Bullets | None:
    """The first lines; the rest is a number."""
    more = len(lines) - SHOWN
    return bullets(*lines[:SHOWN], *([(_("and {more} more", more=more),)] if more > 0 else []))


def _before(absence: Absence, zone: str, now: datetime) -> str:
    """The dates of an absence that others replaced."""
    if absence.last_day is not None and not absence.lies_ahead(now):
        return _("until {day}", day=say_day(absence.last_day))
    return dates(absence, zone)


def here() -> Message:
    return message(paragraph(*phrase("{what} Nothing is held back.", what=Bold(_("You are here.")))))


def back_after_end(cohort: Cohort) -> Message:
    said = phrase(
        "{title} has ended meanwhile. You find your last card in our direct messages.", title=Bold(cohort.title)
    )
    return message(heading(_("Welcome back")), paragraph(*said))


def for_learners() -> Message:
    return message(paragraph(_("Being away is for learners. Your own messages come on workdays alone.")))


# Coming back


def due(item: Item, now: datetime) -> Text:
    """What falls due, and until when it is taken late."""
    text, is_taken_late = line(item, now), item.late_without_end or item.late_until is not None
    return late_text(item, text) if is_taken_late and item.is_ahead(now) else text


def promised(session: Date) -> Text:
    """A live session in the days away to which the learner has said yes."""
    return phrase(
        "You have said that you come to {title}, {at}. If you do not, take it back on its page.",
        title=Bold(session.subject),
        at=Instant(session.at),
    )


def opening(text: Text, at: datetime) -> Text:
    return phrase("{what}, opens {at}", what=text, at=Instant(at))


def catch_up(cohort: int, name: str, at: Standing, news: Sequence[Text] = ()) -> Message:
    """The one card for somebody who comes back. `news`: what changed meanwhile, if nothing else tells them."""
    first = at.steps[0].button if at.steps else None
    ready = [s for s in at.steps if s.button]
    if ready:
        said = _("Open for you. The first is enough for today:") if len(ready) > 1 else _("Open for you:")
    elif at.steps:
        said = _("Nothing is open for you just now. Next comes:")
    else:
        said = _("Nothing is open for you just now.")
    return message(
        heading(_("Welcome back, {name}", name=name) if name else _("Welcome back")),
        paragraph(*at.week),
        *(paragraph(*text, ".") for text in at.lost),
        paragraph(said),
        bullets(*(s.text for s in at.steps)),
        *(block for offer in at.offers for block in (paragraph(*offer.text), buttons(offer.button, offer.second))),
        paragraph(_("Changed while you were away:")) if news else None,
        _listed(news),
        buttons(first, move_button(cohort, at.movable), ask_button(cohort), _my_page(cohort)),
    )


def missed(
    cohort: int,
    name: str,
    work: Sequence[Milestone],
    at: Standing,
    asked: Milestone | None = None,
    *,
    came: bool = False,
) -> Message:
    """For learners who missed essential work: the smallest way back first. Without any `work` what they were `asked`
    for `came`, or its date has moved."""
    title = shorten(asked.title, 80) if asked else ""
    fine = _("“{title}” is in. Thank you.", title=title) if came else _("“{title}” has another date now.", title=title)
    what = all_of([f"“{shorten(m.title, 80)}”" for m in work])
    said = _("move your date, pause or ask privately") if at.movable else _("pause or ask privately")
    named = {f"milestone/{m.id}" for m in work}
    hand_in = next((s.button for s in at.steps if s.name in named), None)
    return message(
        paragraph(Bold(fine))
        if not work
        else paragraph(
            *phrase(
                "{name} The smallest way back: {said}.",
                name=Bold(
                    _("{name}, {what} did not arrive. That happens.", name=name, what=what)
                    if name
                    else _("{what} did not arrive. That happens.", what=what)
                ),
                said=said,
            ),
        ),
        paragraph(*at.week),
        *(paragraph(*text, ".") for text in at.lost),
        paragraph(_("Open for you:") if any(s.button for s in at.steps) else _("Next comes:")) if at.steps else None,
        bullets(*(s.text for s in at.steps)),
        note(_("You are asked about it once. Nobody but you and the course team knows.")) if work else None,
        buttons(move_button(cohort, at.movable), pause_button(cohort), ask_button(cohort), hand_in, _my_page(cohort)),
    )


def _my_page(cohort: int) -> Button:
    return Button(_("My page"), Action("command", "", cohort).encode())


# Silence


def quiet(cohort: int, name: str, title: str, days: int) -> Message:
    """The one card after two quiet weeks or more."""
    return message(
        heading(_("It has been quiet")),
        paragraph(
            _(
                "{name}, {title} has not heard of you for {days} days. All of these are fine:",
                name=name,
                title=title,
                days=days,
            )
            if name
            else _("{title} has not heard of you for {days} days. All of these are fine:", title=title, days=days)
        ),
        bullets(
            phrase("{what}: one short page says where to go on.", what=Bold(_("Catch up"))),
            phrase("{what}: nothing is sent until you say that you are back.", what=Bold(_("Pause"))),
            phrase(
                "{what}: you leave this one, and your manager knows that you would like the next.",
                what=Bold(_("Next run")),
            ),
            phrase("{what}: it was good to have you.", what=Bold(_("Leave"))),
        ),
        note(_("Nothing else is sent until you press or write something.")),
        buttons(
            Button(_("Catch up"), act("catch_up", cohort), "primary"),
            pause_button(cohort),
            Button(_("Next run"), act("next_run", cohort)),
            leave_button(cohort, _("Leave")),
        ),
    )


def next_run(cohort: int, title: str) -> Message:
    """Confirms it; leaving this run takes one more press."""
    return message(
        paragraph(*phrase("Noted: your manager knows that you would like the next run of {title}.", title=Bold(title))),
        paragraph(_("Leave this run now? Its messages stop, and what you wrote is kept.")),
        buttons(
            Button(_("Leave this run"), Action("enrolment", "leave", cohort).encode(), "primary"),
            Button(_("Stay"), act("catch_up", cohort)),
        ),
        note(*phrase("Later: {command}", command=Code("/cohort leave"))),
    )


def wants_next_run(name: str, title: str) -> Text:
    """Only for managers."""
    return phrase(
        "{name} would like the next run of {title}, and was offered to leave this one.", name=Bold(name), title=title
    )


# A pause that the course team offers


def pause_offered(cohort: Cohort, by: Person, offer: str) -> tuple[Text, tuple[Block, ...]]:
    """To the learner: a line, and what stands below. `offer` names it in the buttons."""
    line = phrase("{name} offers you a pause in {title}, if one would help.", name=Bold(by.name), title=cohort.title)
    acts = (
        Button(_("Pause"), act("accept_pause", cohort.id, offer)),
        Button(_("No, thank you"), act("decline_pause", cohort.id, offer)),
    )
    said = _(
        "Nothing is sent to you in a pause, until you say that you are back. {name} hears what you choose.",
        name=by.name,
    )
    return line, (note(said), Buttons(acts))


def pause_is_offered(learner: Person, at: datetime) -> Message:
    said = phrase(
        "{name} gets the offer at their next hour for messages ({at} in {place} at the earliest).",
        name=learner.name,
        at=say(at, learner.zone),
        place=place_of(learner.zone),
    )
    return message(
        paragraph(*said), note(_("Nothing is paused before they press 'Pause'. You are told what they choose."))
    )


def pause_taken(cohort: int) -> Message:
    """In place of an offer whose learner has paused by another button."""
    return message(paragraph(_("You are paused until you say that you are back.")), buttons(back_button(cohort)))


def pause_declined(cohort: int) -> Message:
    return message(
        paragraph(_("Fine: nothing changes. One short page says where to go on.")),
        buttons(Button(_("Catch up"), act("catch_up", cohort))),
    )


def pause_answered(name: str, title: str, *, yes: bool) -> Text:
    """To whoever offered it."""
    if yes:
        return phrase("{name} has paused in {title}, as you offered.", name=Bold(name), title=title)
    return phrase("{name} needs no pause in {title}, and thanks you.", name=Bold(name), title=title)


# To the course team


def is_quiet(cohort: Cohort, person: int, name: str, since: datetime, heard: datetime) -> Attention:
    """By the cohort's clock, on which the course begins. `heard`: their last sign, which may be before that."""
    # What they write to the bot alone is not counted (docs/privacy.md), so nothing says that they are silent.
    why = (_("nothing under their name since {at}", at=say(since, cohort.zone, "date")),)
    return Attention(person, name, why, since, key=f"absence/quiet/{heard.isoformat()}", quiet=True)


def is_back(person: Person, at: datetime) -> Attention:
    """By the learner's own clock: elsewhere it may still be their last day away."""
    why = (_("back since {day}", day=say(at, person.zone, "date")),)
    return Attention(person.id, person.name, why, at, at_risk=False)
