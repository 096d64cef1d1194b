"""What completion says to the course team."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.contributions import Figure, Filed
from bot.core.figures import line
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Document,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
)
from bot.core.people import Cohort, Person
from bot.core.translation import _, _n, phrase, some_of
from bot.features.completion.store import Outlook, Standing
from bot.features.completion.views import SHOWN

FIGURES = 10
"""Figures on the card after the last day."""

NAMED = 5
"""Names listed with one promise."""


def completion_list(cohort: Cohort, found: Sequence[Standing], active: frozenset[int], document: Document) -> Message:
    """Who has completed and what the others lack, of those who were active at the end and of all."""
    completed = [s for s in found if s.completed]
    others = [s for s in found if not s.completed]
    heard = sum(s.person.id in active for s in completed)
    rest: list[Text] = [
        (
            Bold(s.person.name),
            f": {_lacks(s)}" if s.person.id in active else ": " + _("{lacks} (not heard at the end)", lacks=_lacks(s)),
        )
        for s in others
    ]
    return message(
        heading(_("Completion of {title}", title=cohort.title)),
        paragraph(_figures(heard, len(active), len(completed), len(found))),
        paragraph(_("Completed:")) if completed else None,
        bullets(*_some([(s.person.name,) for s in completed])),
        paragraph(_("Not yet:")) if others else None,
        bullets(*_some(rest)),
        note(_("Only the course team sees this. Each learner sees their own progress with /cohort.")),
        document,
    )


def _some(lines: Sequence[Text]) -> list[Text]:
    over = len(lines) - SHOWN
    return [*lines[:SHOWN], *([(_("and {over} more: see the file", over=over),)] if over > 0 else [])]


def _lacks(one: Standing) -> str:
    if not one.asks:
        return _("the course asks for nothing")
    return "; ".join(filter(None, (c.words().lacks for c in one.credits))) or "nothing"


def _figures(heard: int, active: int, completed: int, learners: int) -> str:
    if not learners:
        return _("Nobody has joined.")
    count = _n("{n} learner", "{n} learners", learners)
    if not active:
        said = _("{n} of {count} completed it.", n=completed, count=count)
        return f"{said} {_('Nobody was heard in the last two weeks of the course.')}"
    return _(
        "{heard} of {active} active have completed it; {completed} of {count} in all. Active: heard in the "
        "last two weeks of the course.",
        heard=heard,
        active=active,
        completed=completed,
        count=count,
    )


# The end of a cohort


def over(
    cohort: Cohort, found: Sequence[Standing], outlook: Outlook, figures: Sequence[Figure], may_end: bool
) -> Message:
    """A course is over. `figures`: those of the last seven days. `may_end`: the reader may end its cohort."""
    completed = sum(s.completed for s in found)
    return message(
        heading(_("{title} is over", title=cohort.title)),
        paragraph(
            _n(
                "{completed} of {n} learner completed it.",
                "{completed} of {n} learners completed it.",
                len(found),
                completed=completed,
            )
            if found
            else _("Nobody had joined.")
        ),
        paragraph(_("The last seven days:")) if figures else None,
        bullets(*(line(figure) for figure in figures[:FIGURES])),
        *open_still(outlook),
        note(
            _("Late work and questions still arrive on your desk. Ending the cohort stops its messages.")
            if may_end
            else _("Late work and questions still arrive on your desk. A manager can end the cohort.")
        ),
        buttons(
            Button(_("Completion"), Action("completion", "list", cohort.id).encode()),
            Button(_("End the cohort"), Action("completion", "end", cohort.id).encode()) if may_end else None,
        ),
    )


def sure_to_close(cohort: Cohort, found: Outlook) -> Message:
    """What ending it will do, and what it would cut short."""
    if found.begun:
        whose = (
            _n(
                "{count} gets the final card now",
                "{count} get the final card now",
                found.cards,
                count=_n("{n} learner", "{n} learners", found.cards),
            )
            if found.cards
            else (_("Nobody gets a message"))
        )
        first = f"{whose}."
        if found.certificates:
            first = _n(
                "{whose}; {n} new certificate.", "{whose}; {n} new certificates.", found.certificates, whose=whose
            )
    else:
        first = _("Nobody gets a message: the course has not begun.")
    return message(
        heading(_("End {title}?", title=cohort.title)),
        bullets(
            first,
            *([_later(found.later)] if found.later else []),
            _(
                "Then all its messages stop. What was said stays where it is, to be read; learners keep their "
                "page, their work and their certificate.",
            ),
            _(
                "You get the archive: the completion list, the run's FAQ, and the course file for the next run "
                "with what this one taught.",
            ),
        ),
        *open_still(found),
        note(_("'End it, and take nothing more' breaks the promises: each of these learners is told so, once."))
        if found.promises
        else None,
        note(
            _(
                "Ended by mistake? Whoever runs Pacekeeper can open it again, without what would have come meanwhile.",
            )
        ),
        buttons(
            Button(_("End the cohort"), Action("completion", "close_now", cohort.id).encode(), "danger"),
            Button(_("End it, and take nothing more"), Action("completion", "cut_now", cohort.id).encode(), "danger")
            if found.promises
            else None,
        ),
    )


def _later(learners: int) -> str:
    return _n(
        "{n} learner is away, and gets the final card when they are back.",
        "{n} learners are away, and get the final card when they are back.",
        learners,
    )


def open_still(found: Outlook) -> list[Block | None]:
    """What is open at the end: promises are kept unless it is cut short, the rest ends."""
    promised = [(*promise.text, f": {_names(people)}") for promise, people in found.promises]
    stays = [end.text for end in found.open_ends if end.stays]
    ends = [end.text for end in found.open_ends if not end.stays]
    return [
        paragraph(_("Promised, and still taken after the end, for the certificate where it suffices:"))
        if promised
        else None,
        bullets(*promised),
        paragraph(_("Also open, and kept:")) if stays else None,
        bullets(*stays),
        paragraph(_("This ends:")) if ends else None,
        bullets(*ends),
    ]


def _names(people: Sequence[Person]) -> str:
    return some_of([p.name for p in people], NAMED)


def closed(cohort: Cohort, cards: int, later: int, promised: bool) -> Message:
    told = (
        " "
        + _n(
            "{count} gets the final card.",
            "{count} get the final card.",
            cards,
            count=_n("{n} learner", "{n} learners", cards),
        )
        if cards
        else ""
    )
    return message(
        paragraph(
            _(
                "{title} has ended.{told} Nobody hears from it after that; everything said is kept.",
                title=cohort.title,
                told=told,
            )
        ),
        paragraph(_later(later)) if later else None,
        note(_("What was promised is still taken: late work gets its receipt, and counts.")) if promised else None,
        paragraph(_("Its archive is the newest of our direct messages.")),
        _reopen(cohort),
    )


def _reopen(cohort: Cohort) -> Block:
    return note(
        *phrase(
            "Ended by mistake? Whoever runs Pacekeeper opens it: {command}",
            command=Code(_("pacekeeper cohort reopen {code}", code=cohort.code)),
        ),
    )


def archive(cohort: Cohort, files: Sequence[Filed]) -> Message:
    return message(
        heading(_("The archive of {title}", title=cohort.title)),
        bullets(*((f"{f.document.name}: {f.about}",) for f in files)),
        note(
            _(
                "It names people in the first file alone. With late work it changes; the button gives the files anew.",
            )
        ),
        _reopen(cohort),
        buttons(Button(_("The files as they are now"), Action("completion", "files", cohort.id).encode())),
        *(f.document for f in files),
    )
