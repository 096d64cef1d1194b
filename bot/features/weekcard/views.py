"""What the week card says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.message import (
    Block,
    Button,
    Inline,
    Instant,
    Italic,
    Link,
    Message,
    Note,
    Paragraph,
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
from bot.core.plain import plain
from bot.core.time import say
from bot.core.timetable import DAY
from bot.course.audit import hours
from bot.course.model import Course, Material, Week
from bot.features.weekcard import rules
from bot.features.weekcard.store import Entry, Own, Work

LONGEST = 2800
"""Characters of a card, its links included: below what the narrowest platform takes as one message."""

TITLE = 120
GUIDE = 100
CHECKS = 2


def this_week_button(cohort: int, week: int | None = None) -> Button:
    subject = "" if week is None else str(week)
    return Button("This week" if week is None else f"Week {week}", Action("weekcard", "show", cohort, subject).encode())


# The card


def card(cohort: int, course: Course, week: Week, own: Own) -> Message:
    """A learner's card, in at most `LONGEST` characters: what guides say goes first, then the last materials."""
    made = _card(cohort, course, week, own, guides=GUIDE, hidden=0)
    for hidden in range(len(week.materials) + 1):
        if len(plain(made)) <= LONGEST:
            break
        made = _card(cohort, course, week, own, guides=0, hidden=hidden)
    return made


def page(cohort: int, course: Course, week: Week, own: Own) -> Message:
    """The card with all that it may have left out, for whoever asks for it, and the way to the week before."""
    whole = _card(cohort, course, week, own, guides=None, hidden=0)
    earlier = this_week_button(cohort, week.number - 1) if week.number > 1 else None
    return message(*whole.blocks, buttons(earlier))


def preview(cohort: Cohort, course: Course, week: Week, own: Own, at: datetime) -> Message:
    """The card as the course team sees it beforehand: without its buttons, which are a learner's."""
    shown = card(cohort.id, course, week, own)
    words = note(
        "A preview, for you alone: as a learner in your time zone gets it on ",
        Instant(at),
        ". Each learner reads their own dates.",
    )
    return Message(tuple(b for b in shown.blocks if b.kind != "buttons")).with_blocks(words)


def _card(cohort: int, course: Course, week: Week, own: Own, guides: int | None, hidden: int) -> Message:
    """`guides`: so many characters of each, None for all of them; `hidden`: so many materials are left out."""
    every = rules.entries(course, week.number)
    shown = every[: len(week.materials) - hidden] + every[len(week.materials) :]
    return message(
        heading(_title(course, week)),
        _goal(week),
        bullets(*(_line(e, own, guides) for e in shown), numbered=True),
        _and_more(hidden, guides),
        _dates(shown, own),
        *(_carried(course, w) for w in own.carried),
        _short_of_time(course, week, shown, own),
        _checks(week),
        _late_joiner(own),
        _controls(cohort, course, own),
    )


def _title(course: Course, week: Week) -> str:
    minutes = course.minutes(week.number)
    about = f". About {hours(minutes if minutes < 60 else round(minutes / 15) * 15)}" if minutes else ""
    return f"Week {week.number}: {week.title}{about}"


def _goal(week: Week) -> Paragraph | None:
    return paragraph(f"Goal: {shorten(week.goal, 400)}") if week.goal else None


def _line(entry: Entry, own: Own, guides: int | None) -> Text:
    title = shorten(entry.title, TITLE)
    parts: list[Inline] = []
    if entry.material is not None and entry.material.link:
        parts.append(Link(entry.material.link, title))
    else:
        parts.append(f"Discuss: {title}" if entry.kind == "discuss" else title)
    if entry.minutes:
        parts.append(f" · {hours(entry.minutes)}")
    if entry.material is not None:
        parts += _ways_in(entry.material) + _guide(entry.material, guides)
    work = next((w for w in own.works if w.milestone == entry.id), None) if entry.kind == "hand in" else None
    if work is not None:
        parts.append(" · handed in" if work.done else " · to hand in, optional" if work.optional else " · to hand in")
    return tuple(parts)


def _ways_in(material: Material) -> list[Inline]:
    """Captions and transcript, where there are some."""
    parts: list[Inline] = [" · captions"] if material.captions else []
    if Link(material.transcript, "").safe:
        parts += [" · ", Link(material.transcript, "transcript")]
    elif material.transcript:
        parts.append(" · transcript")
    return parts


def _guide(material: Material, length: int | None) -> list[Inline]:
    if not material.guide or length == 0:
        return []
    if length is None:
        return [" · ", Italic(" ".join(material.guide))]
    more = f" (and {len(material.guide) - 1} more)" if len(material.guide) > 1 else ""
    return [" · ", Italic(shorten(material.guide[0], length) + more)]


def _and_more(hidden: int, guides: int | None) -> Paragraph | None:
    if hidden:
        return paragraph(*with_code(f"And {hidden} more to study: `/cohort` shows the whole week."))
    return paragraph(*with_code("The guided notes: `/cohort` shows the whole week.")) if guides == 0 else None


def _dates(shown: Sequence[Entry], own: Own) -> Paragraph | None:
    """'3 and 4 are due Mon 12 Jan, 12:59 your time.'"""
    due = {**dict(own.closes), **{w.milestone: w.due_at for w in own.works if not w.done}}
    pairs = [(n, due[e.id]) for n, e in enumerate(shown, 1) if e.id in due]
    parts: list[Inline] = []
    for at, found in rules.by_instant(pairs):
        parts += [
            "; " if parts else "",
            f"{rules.numbers(found)} {'is' if len(found) == 1 else 'are'} due ",
            Instant(at),
        ]
    return paragraph(*parts, " your time.") if parts else None


def _carried(course: Course, work: Work) -> Paragraph | None:
    milestone = course.milestone(work.milestone)
    if milestone is None:
        return None
    title = shorten(milestone.title, TITLE)
    return paragraph(f"From week {milestone.week}, to hand in: {title}, due ", Instant(work.due_at), " your time.")


def _short_of_time(course: Course, week: Week, shown: Sequence[Entry], own: Own) -> Paragraph | None:
    found = rules.smallest(course, week.number, own)
    if found == "wrapup":
        return paragraph("Short of time? Answer the wrap-up at the end of the week.")
    picked = [n for n, e in enumerate(shown, 1) if e in found] if found else []
    return paragraph(f"Short of time? Do {rules.numbers(picked)}.") if picked else None


def _checks(week: Week) -> Paragraph | None:
    asked = [shorten(c.question, 200) for c in week.self_check[:CHECKS]]
    return paragraph(f"Check yourself: {' '.join(asked)}") if asked else None


def _late_joiner(own: Own) -> Note | None:
    last = own.optional_before
    if not last:
        return None
    if last == 1:
        return note(*with_code("Week 1 is optional for you; `/cohort` shows it."))
    weeks = f"Weeks 1 {'and' if last == 2 else 'to'} {last}"
    return note(*with_code(f"{weeks} are optional for you; `/cohort` shows them."))


def _controls(cohort: int, course: Course, own: Own) -> Block | None:
    milestone = rules.to_hand_in(own)

    def hand_in(id: str) -> Button:
        return Button("Hand in", Action("milestones", "open", cohort, id).encode(), "primary")

    return buttons(
        hand_in(milestone) if milestone else None,
        Button("Ask", Action("command", "ask", cohort).encode()),
        Button("I'm away", Action("command", "away", cohort).encode()),
        Button("Move my dates", Action("milestones", "shift", cohort).encode())
        if rules.may_shift(course, own)
        else None,
    )


# The cohort's channel


def opening(
    cohort: Cohort, course: Course, week: Week, due: Mapping[str, datetime], moved: Mapping[str, int]
) -> Message:
    """The post that opens the week, and its thread. `due`: when most learners have a milestone due."""
    here = cohort.place("questions") == cohort.place("main")
    return message(
        heading(f"Week {week.number}: {week.title}"),
        _goal(week),
        bullets(*_due_for_all(cohort, course, week, due, moved)),
        note(
            "Questions are welcome here. " if here else "Questions go into the questions channel. ",
            "Your own card is in your direct messages.",
        ),
    )


def _due_for_all(
    cohort: Cohort, course: Course, week: Week, due: Mapping[str, datetime], moved: Mapping[str, int]
) -> list[Text]:
    table, zone = cohort.timetable, cohort.zone
    found: list[tuple[datetime, str, bool]] = []
    for m in (m for m in course.milestones if m.week == week.number):
        by_own_clock = m.due.zone == "learner"
        at = None if by_own_clock else due.get(m.id)
        found.append((at or m.window(table, zone, moved.get(m.id, 0) * DAY)[1], m.title, by_own_clock))
    for d in (d for d in course.discussions if d.week == week.number):
        found.append((d.window(table, zone)[1], f"Discuss: {d.title}", d.closes.zone == "learner"))
    for r in (r for r in course.reviews if r.week == week.number):
        later = moved.get(r.milestone, 0) * DAY
        found.append((r.window(table, zone, later)[1], r.title, r.due.zone == "learner"))
    return [
        (f"{shorten(title, TITLE)}, due ", f"{say(at, zone)} by your own clock" if own_clock else Instant(at))
        for at, title, own_clock in sorted(found, key=lambda f: f[0])
    ]


# When there is no card


def not_yet(cohort: Cohort, at: datetime) -> Message:
    return message(paragraph(f"{cohort.title} has not begun. The card of week 1 comes ", Instant(at), "."))
