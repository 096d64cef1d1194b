"""What recaps say: the sentences of a script that are no feature's, and what instructors and the cohort read."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.contributions import DeskItem, Extra, Figure, Item, Listing, Pile, Upcoming, Urgency
from bot.core.forms import ChoiceField, Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Link,
    Message,
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
from bot.core.people import Cohort
from bot.core.time import local, local_day, place_of, say_day, say_span
from bot.core.timetable import DAY
from bot.core.translation import N_, _, _n, all_of, phrase
from bot.course.model import Week
from bot.features.recaps import rules
from bot.features.recaps.store import Recap

LONGEST = 2500
"""Characters of a script."""

MINUTES_TO_RECORD = 10


def _button(label: str, name: str, cohort: int, subject: str | int) -> Button:
    return Button(label, Action("recaps", name, cohort, str(subject)).encode())


# The script

_OPENINGS = (
    N_("Hello everybody. That was week {number}, {title}."),
    N_("Hello all, and thank you for week {number}: {title}."),
    N_("Week {number} is nearly behind us: {title}. Here is what happened in it."),
)


def opening(week: Week) -> str:
    return _(_OPENINGS[week.number % len(_OPENINGS)], number=week.number, title=shorten(week.title, 80))


def untold(anybody: bool) -> str:
    """What to say of a week of which nothing else can be told; `anybody` took part in it."""
    write = _("If something holds you up, write to us: we read it all.")
    return write if anybody else " ".join((_("It was a quiet week here, and that is fine."), write))


def comes_next(cohort: Cohort, week: Week, items: Sequence[Item], zones: Collection[str]) -> str:
    """`items`: what is named of that week, in order; `zones`: the readers'."""
    goal = shorten(week.goal, 160)
    said = _("Next comes week {number}, {title}.", number=week.number, title=shorten(week.title, 80))
    aim = _("What it is for: {goal}", goal=goal if goal[-1] in ".!?…" else f"{goal}.") if goal else ""
    dates = [_date_line(cohort, week, item, n == 0, zones) for n, item in enumerate(items)]
    wish = _("See you there.") if week.number % 2 else _("Have a good start.")
    return " ".join(part for part in (said, aim, *dates, wish) if part)


def _date_line(cohort: Cohort, week: Week, item: Item, first: bool, zones: Collection[str]) -> str:
    title, day = shorten(item.title, 80), _day(item, item.due_at, cohort.zone, zones)
    if item.closes and local_day(item.opens_at, cohort.zone) > cohort.timetable.monday(week.number):
        opens = _day(item, item.opens_at, cohort.zone, zones)
        return _("Open from {opens} to {day}: {title}.", opens=opens, day=day, title=title)
    if item.closes:
        return _("Open until {day}: {title}.", day=day, title=title)
    if first:
        return _("The first date is {day}: {title}.", day=day, title=title)
    return _("By {day}: {title}.", day=day, title=title)


def _day(item: Item, at: datetime, zone: str, zones: Collection[str]) -> str:
    """A day by the cohort's clock, with its hour and place where it is another day for some readers."""
    day = say_day(local_day(at, zone), "named")
    if item.own_clock or len({local_day(at, each) for each in (zone, *zones)}) < 2:
        return day
    return _("{day}, {clock} in {place}", day=day, clock=f"{local(at, zone):%H:%M}", place=place_of(zone))


def last_words() -> str:
    return _("That was the last week. Thank you for all that you brought into this course, and go on from here.")


# For instructors


def pile(cohort: Cohort, week: Week, script: str, edited: bool, news: Sequence[str], waited: timedelta) -> Pile:
    """`news`: what the `edited` script does not know yet. `waited`: since Friday. It becomes small print after the
    weekend, without a draft."""
    named = Bold(called(week))
    said = phrase("{what}, {length} to say", what=named, length=_length(script)) if script else (named,)
    if waited >= DAY:
        said = (*said, ", ", _("waits {span}", span=say_span(waited)))
    line = _("New since you edited it: {news}", news=shorten(" ".join(news), 250)) if news else shorten(script, 300)
    asks = rules.is_asked_for(waited)
    if not asks:
        where = _("`/cohort` has the script, made again with what came in since.")
        if edited:
            where = _("`/cohort` has the script as it was edited.")
        if news:
            where = _("`/cohort` has the script as it was edited, and what is new since.")
        said = (*said, ". ", *with_code(where))
    return Pile(
        "recaps/week",
        said,
        listings=[Listing("", [(line,)])] if line else [],
        buttons=(
            _button(_("Read and edit"), "script", cohort.id, week.number),
            _button(_("Add recording link"), "record", cohort.id, week.number),
            _button(_("Post as text"), "post", cohort.id, week.number),
        ),
        minutes=MINUTES_TO_RECORD if asks else 0,
        urgency=Urgency.USUAL if asks else Urgency.FOR_INFORMATION,
    )


def recordings(items: Sequence[DeskItem]) -> Pile:
    return Pile("recaps/recording", (_("Recordings of recaps"),), items, can_be_seen=True)


def outdated(cohort: Cohort, recap: Recap, names: Sequence[str]) -> DeskItem:
    """`names`: of those who are in the recording and do not want it any more, as far as they are known."""
    assert recap.taken_out_at is not None
    of = {"week": recap.week, "names": all_of(names)}
    said = (
        _("{names} took back what your recap of week {week} says of them. Its recording still says it.", **of)
        if names
        else _("Somebody was taken out of your recap of week {week}. Its recording still has them.", **of)
    )
    return DeskItem(
        recap.on_desk,
        recap.taken_out_at,
        (said,),
        hint=(_("The transcript has changed. Cut the recording and change the link, or take the recap back."),),
        buttons=(
            _button(_("Change the link"), "record", cohort.id, recap.week),
            _button(_("Take it back"), "take_back", cohort.id, recap.week),
        ),
        minutes=MINUTES_TO_RECORD,
        parts=recap.taken_out.split(),
    )


def still_recorded(week: int) -> str:
    """To whoever is in the recording."""
    return _(
        "The words of the recap of week {week} say nothing of you any more. Its recording does until your instructor "
        "changes it; they know.",
        week=week,
    )


def called(week: Week) -> str:
    return _("Your recap of week {number}", number=week.number)


def upcoming(cohort: Cohort, week: Week) -> Upcoming:
    button = _button(_("Read and edit"), "script", cohort.id, week.number)
    return Upcoming((_("Record your recap of week {number}", number=week.number),), None, button)


def decided(cohort: Cohort, week: Week, recap: Recap) -> Upcoming:
    """It is posted, or left out: its page has what can still be done, and the numbers of the week."""
    said = (
        _("Your recap of week {number} is posted", number=week.number)
        if recap.is_out
        else _("You make no recap of week {number}", number=week.number)
    )
    return Upcoming((said,), None, _button(_("Your recap"), "script", cohort.id, week.number), last=True)


def _length(script: str) -> str:
    n = rules.seconds(script)
    return _n("{n} second", "{n} seconds", n)


def page(
    cohort: Cohort,
    week: Week,
    recap: Recap,
    script: str,
    news: Sequence[str],
    not_yet_agreed: rules.Unagreed,
    figures: Sequence[Listing] = (),
    held: bool = False,
) -> Message:
    """`news`: what the newest draft says and the edited script does not know yet. `figures` stand below it. `held`: it
    was to be posted, and is not."""
    over = rules.words(script) > rules.WORDS
    number = week.number
    return message(
        heading(_("Recap of week {number}: {title}", number=number, title=shorten(week.title, 80))),
        paragraph(Bold(_("Nothing is posted yet."))) if held else None,
        paragraph(_state(recap)),
        note(
            _("{length} to say.", length=_length(script)) + " ",
            _("That is more than the {most} seconds that people like to listen.", most=rules.SECONDS)
            if over
            else _("Say it in your own words."),
        ),
        quote(script),
        *(paragraph(said) for said in not_agreed(not_yet_agreed)),
        buttons(_button(_("Nobody is meant: post it"), "post", cohort.id, f"{number}.words"))
        if not_yet_agreed.maybe and not not_yet_agreed.named and not recap.is_out
        else None,
        paragraph(Bold(_("New since it was edited:"))) if news else None,
        bullets(*news),
        buttons(
            _button(_("Add what is new"), "renew", cohort.id, number),
            _button(_("Start from the new draft"), "renew", cohort.id, f"{number}.again"),
        )
        if news
        else None,
        *(block for listing in figures for block in (paragraph(Bold(listing.title)), bullets(*listing.lines))),
        _acts(cohort, number, recap),
    )


def _acts(cohort: Cohort, number: int, recap: Recap) -> Block | None:
    edit = _button(_("Edit"), "edit", cohort.id, number)
    link = _button(_("Change the link") if recap.url else _("Add recording link"), "record", cohort.id, number)
    if recap.is_out:
        return buttons(edit, link, _button(_("Take it back"), "take_back", cohort.id, number))
    none = _("One after all") if recap.state == "left_out" else _("None this week")
    return buttons(
        edit,
        link,
        _button(_("Post as text"), "post", cohort.id, number),
        _button(none, "leave_out", cohort.id, number),
    )


def _state(recap: Recap) -> str:
    if recap.is_out:
        return _("The cohort has it, with your recording.") if recap.url else _("The cohort has it, as a text.")
    if recap.state == "left_out":
        return _("You make none for this week. Only the course team sees this.")
    if recap.script:
        return _("Edited by the course team. Only the course team sees it before it is posted.")
    return _("A draft from what happened this week. Only the course team sees it before it is posted.")


def not_agreed(found: rules.Unagreed) -> list[str]:
    said = []
    if found.named:
        names = all_of(found.named)
        said = [
            _(
                "It names {names}, without their agreement here. Write 'one of you' instead, or ask them first.",
                names=names,
            )
        ]
    if found.maybe:
        names = all_of(found.maybe)
        said.append(_("A word of it may be a name: {names}. Do you mean them? They have not agreed here.", names=names))
    return said


def _script_field(text: str, label: str, hint: str) -> TextField:
    return TextField("script", label, hint, long=True, max_length=LONGEST, value=text)


def _names_agreed() -> ChoiceField:
    hint = _("Needed only for those who have not agreed here, or whose name is only a word of it.")
    return yes_no("agreed", _("Everybody whom I name has agreed"), hint)


def edit_form(cohort: Cohort, week: Week, script: str, out: bool) -> Form:
    hint = _("About {words} words take {seconds} seconds.", words=rules.WORDS, seconds=rules.SECONDS)
    action = Action("recaps", "edit", cohort.id, str(week.number)).encode()
    asked = (_script_field(script, _("What you say"), hint), *((_names_agreed(),) if out else ()))
    return Form(action, called(week), asked, _("Save"))


def text_form(cohort: Cohort, week: Week, script: str, names: rules.Unagreed | None = None) -> Form:
    """Before a script that names people is posted as a text."""
    action = Action("recaps", "post", cohort.id, str(week.number)).encode()
    asked = (_script_field(script, _("What the cohort reads"), ""), _names_agreed())
    intro = shorten(" ".join([_("Nothing is posted yet."), *not_agreed(names)]), 600) if names else ""
    return Form(action, called(week), asked, _("Post it"), intro=intro)


def record_form(cohort: Cohort, week: Week, url: str, script: str) -> Form:
    link = TextField(
        "url",
        _("Link to the recording"),
        _("Such as https://example.org/week-1. Audio is enough; nobody has to see you."),
        max_length=500,
        value=url,
    )
    transcript = _script_field(
        script, _("Transcript"), _("For those who read. It is your script; change it to what you said.")
    )
    action = Action("recaps", "record", cohort.id, str(week.number)).encode()
    return Form(action, called(week), (link, transcript, _names_agreed()), _("Post it"))


def posted_receipt(cohort: Cohort, week: Week, recap: Recap, together: bool, following: bool) -> Message:
    """`together`: the week has a post 'the week together'; `following`: a week comes after it."""
    number = week.number
    return message(
        paragraph(
            _("Thank you. Your recap of week {number} goes into 'the week together' and its thread.", number=number)
            if together
            else _("Thank you. Your recap of week {number} goes into the thread of the week.", number=number)
        ),
        paragraph(_("The week card of week {number} has it, too.", number=number + 1)) if following else None,
        _acts(cohort, number, recap),
    )


def corrected(cohort: Cohort, week: Week) -> Message:
    return message(
        paragraph(_("Saved. What the cohort sees of your recap of week {number} follows.", number=week.number)),
        _acts(cohort, week.number, Recap(cohort.id, week.number, state="posted")),
    )


def taken_back(cohort: Cohort, week: Week) -> Message:
    return message(
        paragraph(_("Taken back: the cohort does not see it any more. Your script and the link are kept for you.")),
        buttons(_button(_("Read and edit"), "script", cohort.id, week.number)),
    )


def left_out(cohort: Cohort, week: Week) -> Message:
    return message(
        paragraph(_("No recap of week {number}, then. Your desk asks no more.", number=week.number)),
        buttons(_button(_("One after all"), "leave_out", cohort.id, week.number)),
    )


# For the cohort


def post(week: Week, recap: Recap) -> Message:
    """In the thread, and for whoever wants to read it: the recording and its words."""
    link = Link(recap.url, _("watch or listen"))
    return message(
        heading(_("Week {number} in {length}", number=week.number, length=_length(recap.script)))
        if recap.script
        else heading(_("Recap of week {number}", number=week.number)),
        paragraph(*phrase("From your instructor: {link}.", link=link)) if recap.url else None,
        quote(recap.script) if recap.script else None,
    )


def extra(cohort: Cohort, week: Week, recap: Recap) -> Extra:
    """A line in 'the week together', and on the next week's card."""
    text: Text = (_("The instructor's recap of week {number}.", number=week.number),)
    if recap.url:
        watch = Link(recap.url, _("watch or listen"))
        text = phrase("The instructor's recap of week {number}: {link}.", number=week.number, link=watch)
    read = _button(_("Read the recap"), "read", cohort.id, week.number) if recap.script else None
    return Extra(text, read)


def not_out(week: Week) -> Message:
    return message(paragraph(_("There is no recap of week {number} any more.", number=week.number)))


# In the manager's week


def figure(week: Week, recap: Recap, posted: int, base: int) -> Figure:
    """`posted` of `base` recaps so far; `recap` is that of the newest `week`."""
    how = _("none of week {number} yet", number=week.number)
    if recap.is_out:
        how = (
            _("video of week {number} posted", number=week.number)
            if recap.url
            else _("week {number} posted as a text", number=week.number)
        )
    return Figure("recaps/posted", _("Instructor's recaps"), posted, base, more=(how,))
