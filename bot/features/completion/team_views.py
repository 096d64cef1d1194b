"""What completion says to the course team."""

from collections.abc import Mapping, Sequence

from bot.core.actions import Action
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Document,
    Inline,
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
from bot.core.people import Cohort
from bot.course.loader import course_of
from bot.features.completion.store import Outlook, Promise, Standing
from bot.features.completion.views import SHOWN, count, more

NAMED = 5
"""Names beside one promise."""


def completion_list(cohort: Cohort, found: Sequence[Standing], active: frozenset[int], document: Document) -> Message:
    """Who has completed, and what the others miss; counted over those who were active at the end, beside all."""
    completed = [s for s in found if s.completed]
    others = [s for s in found if not s.completed]
    heard = sum(s.person.id in active for s in completed)
    rest: list[Text] = [
        (Bold(s.person.name), f": {_lacks(cohort, s)}" + ("" if s.person.id in active else " (not heard at the end)"))
        for s in others
    ]
    return message(
        heading(f"Completion of {cohort.title}"),
        paragraph(
            f"{heard} of {len(active)} active have completed it; {len(completed)} of {count(len(found), 'learner')} "
            "in all. Active: heard in the last two weeks of the course."
        ),
        paragraph("Completed:") if completed else None,
        bullets(*_some([(s.person.name,) for s in completed])),
        paragraph("Not yet:") if others else None,
        bullets(*_some(rest)),
        note("Only the course team sees this. Each learner sees their own progress with /cohort."),
        document,
    )


def _some(lines: Sequence[Text]) -> list[Text]:
    over = len(lines) - SHOWN
    return [*lines[:SHOWN], *([(f"and {over} more: see the file",)] if over > 0 else [])]


def _lacks(cohort: Cohort, one: Standing) -> str:
    course, found = course_of(cohort.course_text), one.progress
    if not found.asks:
        return "the course asks for nothing"
    titles = {m.id: m.title for m in course.milestones}
    lacking = []
    if found.missing:
        few = found.milestones.needed - found.milestones.done
        named = ", ".join(f"“{shorten(titles[m], 60)}”" for m in found.missing)
        lacking.append(named if few >= len(found.missing) else f"{few} of {named}")
    if found.unanswered or not found.wrapups.complete:
        lacking.append(more(found.wrapups, "wrap-up"))
    return "; ".join(lacking) or "nothing"


# The end of a cohort


def sure_to_close(cohort: Cohort, found: Outlook) -> Message:
    """What ending it will do, and what it would cut short."""
    if found.begun:
        whose = (
            f"{count(found.cards, 'learner')} {'gets' if found.cards == 1 else 'get'} the final card now"
            if found.cards
            else ("Nobody gets a message")
        )
        first = f"{whose}; {count(found.certificates, 'new certificate')}." if found.certificates else f"{whose}."
    else:
        first = "Nobody gets a message: the course has not begun."
    return message(
        heading(f"End {cohort.title}?"),
        bullets(
            first,
            "Then all its messages stop. What was said stays where it is, to be read; learners keep their page, their "
            "work and their certificate.",
            "You get the archive: the completion list, the run's FAQ, and the course file for the next run with what "
            "this one taught.",
        ),
        *open_still(cohort, found),
        note("Ended by mistake? Whoever runs Pacekeeper can open it again, without what would have come meanwhile."),
        buttons(
            Button("End the cohort", Action("completion", "close_now", cohort.id).encode(), "danger"),
            Button("End it, and take nothing more", Action("completion", "cut_now", cohort.id).encode(), "danger")
            if found.promises
            else None,
        ),
    )


def open_still(cohort: Cohort, found: Outlook) -> list[Block | None]:
    """What is open at the end: what was promised is kept unless it is cut short, the rest ends."""
    titles = {m.id: m.title for m in course_of(cohort.course_text).milestones}
    promised = [_promise(titles, p) for p in found.promises]
    stays = _stays(found)
    ends: list[Text] = []
    if found.unopened:
        ends.append(("Not opened yet, and never will: ", ", ".join(f"“{shorten(t, 60)}”" for t in found.unopened)))
    return [
        paragraph("Promised, and still taken after the end, with a receipt and for the certificate:")
        if promised
        else None,
        bullets(*promised),
        note("'End it, and take nothing more' breaks these promises: each of these learners is told so, once.")
        if promised
        else None,
        paragraph("Also open, and kept:") if stays else None,
        bullets(*stays),
        paragraph("This ends:") if ends else None,
        bullets(*ends),
    ]


def _stays(found: Outlook) -> list[Text]:
    """What people were told, beside late work, and what becomes of it."""
    asked = found.asked
    stays: list[Text] = [
        (f"{title}: its report appears now, with what was answered; late answers join it while they are taken",)
        for title in found.rounds
    ]
    if asked.unanswered:
        said = "without an answer: on your desk still, but nobody is reminded any more"
        stays.append((f"{count(asked.unanswered, 'question')} {said}",))
    if asked.notes:
        said = "to the course team not read yet: on your desk still; the author hears when it was read"
        stays.append((f"{count(asked.notes, 'note')} {said}",))
    if asked.replied:
        said = "with replies, not settled: whoever began it finds them with /cohort"
        stays.append((f"{count(asked.replied, 'conversation')} {said}",))
    return stays


def _promise(titles: Mapping[str, str], promise: Promise) -> Text:
    """'The page: late work until Mon 2 Feb, 09:00, by their own date: Mia, Leo'."""
    until: tuple[Inline, ...] = (" until ", Instant(promise.closes_at)) if promise.closes_at else (", without an end",)
    names = [p.name for p in promise.people[:NAMED]]
    over = len(promise.people) - NAMED
    who = ", ".join(names) + (f" and {over} more" if over > 0 else "")
    if not promise.milestone:
        return (Bold("Wrap-ups"), f": late answers, without an end: {who}")
    due: tuple[Inline, ...] = (", due ", Instant(promise.due_at)) if promise.due_at else ()
    own = ", by a date of their own" if promise.own else ""
    return (Bold(titles[promise.milestone]), *due, ": taken", *until, f"{own}: {who}")


def closed(cohort: Cohort, cards: int, promised: bool) -> Message:
    told = f" {count(cards, 'learner')} {'gets' if cards == 1 else 'get'} the final card." if cards else ""
    return message(
        paragraph(f"{cohort.title} has ended.{told} Nobody hears from it after that; everything said is kept."),
        note("What was promised is still taken: late work gets its receipt, and counts.") if promised else None,
        paragraph("Its archive is the newest of our direct messages."),
        _reopen(cohort),
    )


def _reopen(cohort: Cohort) -> Block:
    return note("Ended by mistake? Whoever runs Pacekeeper opens it: ", Code(f"pacekeeper cohort reopen {cohort.code}"))


def archive(cohort: Cohort, documents: Sequence[Document]) -> Message:
    return message(
        heading(f"The archive of {cohort.title}"),
        bullets(
            ("completion.csv: who has completed the course",),
            ("faq.md: what was asked and answered in this run",),
            (f"{documents[-1].name}: the course file for the next run. Its comments say what this run taught.",),
        ),
        note("It names people in the first file alone. With late work it changes; the button gives the files anew."),
        _reopen(cohort),
        buttons(Button("The files as they are now", Action("completion", "files", cohort.id).encode())),
        *documents,
    )
