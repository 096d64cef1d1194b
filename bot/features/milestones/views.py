"""What milestones say to learners."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.core.actions import Action
from bot.core.forms import ChoiceField, Field, Form, Kept, TextField, UploadField
from bot.core.items import ask_privately_button, shift_button
from bot.core.message import (
    Attachment,
    Bold,
    Button,
    Code,
    Inline,
    Instant,
    Link,
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
from bot.core.people import Cohort
from bot.core.plain import plain_text
from bot.core.time import say
from bot.core.translation import _, _n, all_of, phrase
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.course.readers import are_more, readers
from bot.features.milestones.rules import Reach, closes, in_time_until, is_late
from bot.features.milestones.store import Submission, Window

LONGEST = 3000
"""Maximum characters of a text or a link; a longer text is sent as a link."""


def action(name: str, cohort: int, subject: str = "") -> str:
    return Action("milestones", name, cohort, subject).encode()


def hand_in_button(cohort: int, milestone: str, label: str = "") -> Button:
    """Without a `label`: the first time."""
    return Button(label or _("Hand in"), action("open", cohort, milestone), "plain" if label else "primary")


def ask_button(cohort: int) -> Button:
    return Button(_("Ask"), Action("command", "ask", cohort).encode())


# Handing in


def form(
    cohort: Cohort,
    found: Sequence[tuple[Milestone, Window]],
    before: Submission | None,
    now: datetime,
    lost: Sequence[str] = (),
    given: Kept | None = None,
    done: Mapping[str, Submission] = MappingProxyType({}),
    pods: Mapping[str, str] = MappingProxyType({}),
) -> Form:
    """A form for one milestone, or with a choice of several. `lost`: what is accepted no more. `given`: the file that
    came with the command. `done`: what is in already, by milestone, and would be replaced. `pods`: for
    whom else it is handed in (`for_pod`), by milestone."""
    shown: list[Field] = []
    milestone, window = found[0]
    course = course_of(cohort.course_text)
    # Where others read it, too, one sentence says so for all fields.
    more = [m for m, _window in found if are_more(course, m.id, m.id in pods)]
    if len(found) > 1:
        options = tuple(Option(m.id, shorten(m.title, 70)) for m, _ in found)
        shown.append(ChoiceField("milestone", _("What do you hand in?"), options, value=milestone.id))
    shown += [
        TextField(
            "link",
            _("A link to your work"),
            "" if more else _("Your instructors can open it."),
            required=False,
            max_length=LONGEST,
        ),
        TextField(
            "text",
            _("Or your text"),
            "" if more else _("Your instructors see this."),
            required=False,
            long=True,
            max_length=LONGEST,
        ),
        UploadField("file", _("Or a file"), "" if more else _("Your instructors can save it."), required=False),
    ]
    late = len(found) == 1 and is_late(milestone, window, now)
    intro = _attached(given, before) if given else _("Fill in at least one of these: a link, a text or a file.")
    if given and len(found) > 1:
        intro += " " + _("Choose what you hand in with it.")
    intro = " ".join((intro, *(_replaces(m, done[m.id]) for m, _window in found if m.id in done)))
    if late:
        intro += " " + _("Its date has passed. It is welcome still, and marked late.")
    intro = " ".join((intro, *(f"{one}." for one in lost)))
    if len(found) == 1 and milestone.id in pods:
        intro += " " + pods[milestone.id]
    if more and len(found) == 1:
        intro += " " + readers(course, milestone.id, milestone.id in pods)
    elif more:
        said = (f"“{shorten(m.title, 40)}”: {readers(course, m.id, m.id in pods)}" for m, _window in found)
        intro = " ".join((intro, *said))
    title = shorten(milestone.title, 60) if len(found) == 1 else _("Hand in")
    subject = milestone.id if len(found) == 1 else ""
    blank = Form(
        action("hand_in", cohort.id, subject), title, tuple(shown), _("Save") if before else _("Hand in"), intro
    )
    file = given or (before.file if before else None)
    if before is None:
        return blank.filled({"file": str(file or "")})
    return blank.filled({"link": before.link, "text": before.text, "file": str(file or "")})


def for_pod(others: Sequence[str], whole: bool) -> str:
    """For whom somebody hands in besides themselves. Without the `whole` pod: the rest of it has other work."""
    if whole:
        return _("You hand it in for your whole pod, with {names}.", names=all_of(others))
    rest = _("Others in your pod have work of their own, which stays as it is.")
    return _("You hand it in with {names}.", names=all_of(others)) + " " + rest if others else rest


def in_pod(by: str, reach: Reach) -> str:
    """Who handed in ('' if they were erased), and for whom of the reader's pod."""
    if reach == "whole":
        return _("{by} handed in, for your whole pod", by=by) if by else _("Handed in for your whole pod")
    if reach == "some":
        return _("{by} handed in, for some of your pod", by=by) if by else _("Handed in for some of your pod")
    return _("{by} handed in, for your earlier pod", by=by) if by else _("Handed in for your earlier pod")


def _attached(given: Kept, before: Submission | None) -> str:
    """Which file a form hands in, and what it replaces."""
    if before is not None and before.file is not None:
        return _("{name} is attached, and replaces {before}.", name=given.name, before=before.file.name)
    return _("{name} is attached.", name=given.name)


def _replaces(milestone: Milestone, before: Submission) -> str:
    """What is replaced if new work is handed in for a milestone."""
    title = shorten(milestone.title, 40)
    if before.pod:
        said = shorten(plain_text(what(before)), 300)
        return _("For “{title}” it replaces what your pod has handed in: {said}", title=title, said=said)
    if before.file is not None and not (before.link or before.text):
        return _("For “{title}” it replaces {before}.", title=title, before=shorten(before.file.name, 40))
    return _("For “{title}” it replaces what you handed in.", title=title)


def receipt(
    cohort: Cohort, name: str, milestone: Milestone, window: Window, work: Submission, now: datetime, whose: str
) -> Message:
    """The card for submitted work: what came when, who sees it, until when it can be changed. `whose`: who handed it
    in, as `in_pod` says it for a pod's."""
    edited = work.changed_at > work.first_at
    who = readers(course_of(cohort.course_text), milestone.id, bool(work.pod))
    return message(
        heading(milestone.title),
        paragraph(
            _("Thank you, {name}.", name=name) if name else _("Thank you."),
            " ",
            *(
                phrase("Received {at}, marked late.", at=Instant(work.first_at))
                if work.late
                else phrase("Received {at}.", at=Instant(work.first_at))
            ),
            *((" ", *phrase("Edited {at}.", at=Instant(work.changed_at))) if edited else ()),
        ),
        paragraph(Bold(whose), ":"),
        quote(*what(work)),
        attached(work),
        note(who + " ", *_until(milestone, window, work, now)),
        buttons(
            hand_in_button(cohort.id, milestone.id, _("Edit")) if _open(window, now) else None,
            ask_button(cohort.id),
            Button(_("Earlier versions"), versions_action(cohort.id, work)) if edited else None,
            Button(_("Take it back"), action("delete", cohort.id, str(work.id)), "danger"),
        ),
    )


def versions_action(cohort: int, work: Submission, page: int = 1) -> str:
    return action("versions", cohort, f"{work.milestone}.{work.person}.{page}")


def version(cohort: int, title: str, name: str, before: Submission, page: int, pages: int) -> Message:
    """One earlier version of work. `name`: whose it is, for the course team."""
    more = Button(_("Before that"), versions_action(cohort, before, page + 1)) if page < pages else None
    whose = (Bold(name), ", ") if name else ()
    return message(
        heading(_("{title}: an earlier version", title=title)),
        paragraph(*whose, *phrase("from {at}:", at=Instant(before.changed_at))),
        quote(*what(before)),
        attached(before),
        buttons(more),
    )


def _open(window: Window, now: datetime) -> bool:
    return window.closes_at is None or now < window.closes_at


def _until(milestone: Milestone, window: Window, work: Submission, now: datetime) -> Text:
    if is_late(milestone, window, now):
        if not _open(window, now):
            return (_("It stands as it is."),)
        if not work.late:
            return (_("A change now marks it late."),)
        return (
            phrase("You can change it until {at}.", at=Instant(window.closes_at))
            if window.closes_at
            else (_("You can change it."),)
        )
    after = _("later is welcome, marked late.") if milestone.late.accepted else _("after that it stands as it is.")
    return phrase("Edit until {at} your time; {after}", at=Instant(in_time_until(milestone, window)), after=after)


def what(work: Submission) -> Text:
    """What was handed in, whole, for a `Quote`."""
    parts: list[Inline] = []
    if work.link:
        parts.append(Link(work.link, work.link))
    if work.text:
        parts += ["\n", work.text] if parts else [work.text]
    if work.file:
        named = _("the file {name}", name=work.file.name)
        parts += ["\n", named] if parts else [named]
    return tuple(parts)


def attached(work: Submission) -> Attachment | None:
    """The file that was handed in with it."""
    return Attachment(work.file.name, work.file.file) if work.file else None


def thanks(milestone: Milestone, work: Submission, changed: bool, in_direct: bool) -> Message:
    if not changed:
        return message(paragraph(_("Nothing was changed; your work stands as it was.")))
    title = shorten(milestone.title, 80)
    where = _("Its card is your receipt now") if in_direct else _("Your receipt is in our direct messages")
    return message(
        paragraph(
            _("Thank you. “{title}” is in, marked late. {where}.", title=title, where=where)
            if work.late
            else _("Thank you. “{title}” is in. {where}.", title=title, where=where)
        )
    )


def handed_in(milestone: Milestone, who: str) -> Message:
    """The receipt of a private message that was handed in; the work's own card can change it. `who` reads it."""
    title = shorten(milestone.title, 80)
    return message(
        paragraph(_("Your message is handed in as “{title}”. {who} Its card can change it.", title=title, who=who))
    )


def to_hand_in(cohort: int, milestone: Milestone) -> Message:
    """For somebody who has announced work and not sent it yet."""
    return message(
        paragraph(
            *phrase("Nothing is handed in yet. {title}: a link, a text or a file?", title=Bold(milestone.title)),
        ),
        buttons(hand_in_button(cohort, milestone.id)),
    )


def nothing_to_hand_in(
    coming: tuple[Milestone, Window] | None,
    done: Sequence[Milestone],
    cohort: int,
    typed: str,
    file: str,
    lost: Sequence[Text] = (),
) -> Message:
    opens: tuple[Inline, ...] = ()
    if coming is not None:
        opens = phrase("{title} opens {at}.", title=Bold(coming[0].title), at=Instant(coming[1].opens_at))
    return message(
        paragraph(
            _("Nothing waits to be handed in just now. Well done.")
            if done and not lost
            else _("There is nothing to hand in now.")
        ),
        *(paragraph(*text, ".") for text in lost),
        paragraph(*opens) if opens else None,
        paragraph(_("What you wrote is not handed in; here it is, to take with you:")) if typed else None,
        quote(typed) if typed else None,
        paragraph(_("Your file {name} is not handed in, and not kept.", name=file)) if file else None,
        buttons(
            ask_privately_button(cohort) if lost else None,
            *(hand_in_button(cohort, m.id, shorten(_("Edit: {title}", title=m.title), 60)) for m in done[-3:]),
        ),
    )


def not_open(
    milestone: Milestone, window: Window, cohort: int, now: datetime, *, may_shift: bool, required: bool
) -> Message:
    if now < window.opens_at:
        return message(
            paragraph(*phrase("{title} opens {at}.", title=Bold(milestone.title), at=Instant(window.opens_at)))
        )
    return message(
        paragraph(
            *phrase(
                "{title} was due {at}, and the time for late work is over, too.",
                title=Bold(milestone.title),
                at=Instant(window.due_at),
            ),
            *((" ", _("The course cannot be completed without it.")) if required else ()),
        ),
        note(
            _(
                "Something came between? Your instructors can give you more time: ask them, privately if you like.",
            )
        ),
        buttons(shift_button(cohort) if may_shift else None, ask_privately_button(cohort)),
    )


def over(cohort: str, milestone: Milestone) -> Message:
    return message(
        paragraph(
            *phrase("{cohort} has ended, and {title} takes no more work.", cohort=cohort, title=Bold(milestone.title))
        ),
        note(
            *phrase(
                "What you did is kept; {command} shows it. A question about it? Write to your instructors.",
                command=Code("/cohort"),
            ),
        ),
    )


def sure_to_delete(cohort: int, title: str, work: Submission) -> Message:
    return message(
        paragraph(_("It is taken back for you alone; the others of your pod keep it.")) if work.pod else None,
        paragraph(
            *phrase(
                "Take back what you handed in for {title}? It goes for good, in every version.",
                title=Bold(title),
            )
        ),
        buttons(Button(_("Take it back"), action("delete_now", cohort, str(work.id)), "danger")),
    )


def taken_back(cohort: int, milestone: str, title: str, now: datetime, *, again: bool) -> Message:
    """In place of the receipt. `again`: the milestone takes new work."""
    return message(
        heading(title),
        paragraph(*phrase("You took your work back {at}. Nothing of it is kept.", at=Instant(now))),
        buttons(hand_in_button(cohort, milestone)) if again else None,
    )


def gone(*, again: bool) -> Message:
    if again:
        return message(paragraph(_("Taken back, in every version. Its card can take new work.")))
    return message(paragraph(_("Taken back, in every version.")))


# One's own dates


OFFERED = 8
"""Dates among which a learner chooses."""


def which_to_move(
    cohort: int, found: Sequence[tuple[Milestone, Window]], days: Mapping[str, str] | None = None
) -> Message:
    """`days`: by milestone, the ISO date that its form has chosen already."""
    return message(
        paragraph(_("Which date shall move?")),
        bullets(*(_with_date(m, w) for m, w in found[:OFFERED])),
        buttons(
            *(
                Button(shorten(m.title, 60), action("more", cohort, _wanted(m, (days or {}).get(m.id, ""))))
                for m, _ in found[:OFFERED]
            ),
        ),
    )


def _with_date(milestone: Milestone, window: Window) -> Text:
    at: dict[str, Inline] = {"title": Bold(milestone.title), "at": Instant(window.due_at)}
    return phrase("{title}, closes {at}", **at) if closes(milestone.id) else phrase("{title}, due {at}", **at)


def to_move(cohort: int, milestone: Milestone, window: Window, day: str) -> Message:
    """The one date that somebody named. `day`: the ISO date that the form has chosen already."""
    return message(
        paragraph(*phrase("{date}. Nothing is moved yet.", date=_with_date(milestone, window))),
        buttons(Button(_("Choose the day"), action("more", cohort, _wanted(milestone, day)))),
    )


def has_time(cohort: int, milestone: Milestone, window: Window) -> Message:
    """To whoever asks for time until a day before their date is over."""
    return message(
        paragraph(*phrase("{date}: you have until then anyway.", date=_with_date(milestone, window))),
        buttons(Button(_("I need longer"), action("more", cohort, milestone.id))),
    )


def _wanted(milestone: Milestone, day: str) -> str:
    return f"{milestone.id}.{day}" if day else milestone.id


def shifted(milestone: Milestone, window: Window, left: int, *, may_ask: bool) -> Message:
    """`left`: by how many days more they can move it without an answer of the course team."""
    private = _("Nobody but you and the course team sees this.")
    if left:
        more = days_long(left)
        private = _("Nobody but you and the course team sees this. You can move it by {days} more.", days=more)
    elif may_ask:
        private = _("Nobody but you and the course team sees this. You can ask for more.")
    at: dict[str, Inline] = {"title": Bold(milestone.title), "at": Instant(window.due_at)}
    return message(
        paragraph(
            *(
                phrase("{title} closes {at} for you now.", **at)
                if closes(milestone.id)
                else phrase("{title} is due {at} for you now.", **at)
            )
        ),
        note(private),
    )


def nothing_to_move(cohort: int) -> Message:
    return message(
        paragraph(_("None of your dates can be moved just now. Something came between? Your instructors can help.")),
        buttons(ask_privately_button(cohort)),
    )


def days_long(n: int) -> str:
    return _n("1 day", "{n} days", n)


def optional_or_late_line(milestone: Milestone, window: Window, now: datetime) -> Text:
    """For work that can be handed in although it is no longer expected."""
    if window.optional:
        return (_("Optional for you: “{title}”", title=shorten(milestone.title, 80)),)
    if now == window.due_at:
        return phrase("“{title}” is due {due}", title=shorten(milestone.title, 80), due=Instant(window.due_at))
    if not is_late(milestone, window, now):
        return phrase(
            "“{title}” was due {due}, and is in time until {until}",
            title=shorten(milestone.title, 80),
            due=Instant(window.due_at),
            until=Instant(in_time_until(milestone, window)),
        )
    title = shorten(milestone.title, 80)
    if window.closes_at is None:
        return (_("“{title}” can still be handed in, marked late", title=title),)
    return phrase(
        "“{title}” can still be handed in, marked late, until {at}", title=title, at=Instant(window.closes_at)
    )


def opens(milestone: Milestone, window: Window, now: datetime) -> Text:
    """What the form of a milestone is good for, before it is opened."""
    title = shorten(milestone.title, 80)
    if not is_late(milestone, window, now):
        return phrase("opens “{title}”; nothing is handed in yet", title=title)
    if window.closes_at is None:
        return phrase("opens “{title}”, which is still taken, marked late; nothing is handed in yet", title=title)
    return phrase(
        "opens “{title}”, which is taken, marked late, until {at}; nothing is handed in yet",
        title=title,
        at=Instant(window.closes_at),
    )


def wrong_command() -> Message:
    return message(
        paragraph(
            *with_code(
                _("Handing in is for learners. `/cohort week` shows what was handed in, and moves dates for them.")
            )
        )
    )


# On the final card, and at the end


def so_many(number: int) -> str:
    return _n("{n} milestone", "{n} milestones", number)


def so_many_essential(number: int) -> str:
    return _n("{n} essential milestone", "{n} essential milestones", number)


def missing_line(milestone: Milestone, taken: Window | None, now: datetime) -> Text:
    """What a learner lacks for completion. `taken`: its dates, if work is still accepted."""
    if taken is None:
        return phrase("{title}: its time is over", title=Bold(milestone.title))
    if taken.closes_at is None:
        return phrase("{title}: late work counts", title=Bold(milestone.title))
    which = _("late work counts") if is_late(milestone, taken, now) else _("counts")
    return phrase("{title}: {which} until {at}", title=Bold(milestone.title), which=which, at=Instant(taken.closes_at))


def promise_line(milestone: Milestone, window: Window, own: bool, zone: str | None) -> Text:
    """'The page, due Mon 26 Jan, 09:00: taken until Mon 2 Feb, 09:00, by a date of their own'. `zone`: the learner's
    clock, if its dates depend on it."""
    title = Bold(milestone.title)

    def at(instant: datetime) -> Inline:
        return say(instant, zone) if zone else Instant(instant)

    taken = (
        phrase(
            "{title}, due {due}: taken until {at}",
            title=title,
            due=at(window.due_at),
            at=at(window.closes_at),
        )
        if window.closes_at
        else phrase("{title}, due {due}: taken, without an end", title=title, due=at(window.due_at))
    )
    if zone:
        taken = phrase("{taken}, by each learner's own clock", taken=taken)
    return phrase("{taken}, by a date of their own", taken=taken) if own else taken


# For the next run's course file


def remedy(stuck: int, milestone: Milestone, lacks: Sequence[str]) -> str:
    """What may help where people get stuck. `lacks`: what the milestone's weeks do not have yet."""
    many = _n("{n} was late or did not hand in", "{n} were late or did not hand in", stuck)
    week = milestone.opens.week or milestone.week
    if len(lacks) > 1:
        return _("{many}: a `self_check` or a scenario in week {week} may help", many=many, week=week)
    if "self_check" in lacks:
        return _("{many}: a `self_check` in week {week} may help", many=many, week=week)
    if "scenario" in lacks:
        return _("{many}: a scenario in week {week} may help", many=many, week=week)
    return _("{many}: a walk-through or a peer review may help", many=many)
