"""The review: entries one by one, at most five a sitting; each is approved, edited, skipped or put off.

Every publication of a text goes through `vouch`. It refuses an entry without words, and asks for a confirmation while
something in the text is left out or identifies somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.core.actions import read_number
from bot.core.commands import Param
from bot.core.contributions import AGENDA, THREAD, Thread, Upcoming
from bot.core.errors import FormRefused, NotFound, Refused, Spent
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored, Values
from bot.core.message import Button, buttons
from bot.core.people import STAFF, Cohort, Person
from bot.core.time import say
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.course.loader import course_of
from bot.features.faq import finding, missed, rules, views
from bot.features.faq.desk_views import ON_DESK
from bot.features.faq.drafting import has_call, told
from bot.features.faq.personal import placeholders
from bot.features.faq.posting import refresh
from bot.features.faq.store import LATER, STANDING, Alike, Card, Entry, FaqStore, Reviewer, feature
from bot.features.faq.views import SURE, Sitting
from bot.features.faq.wording import TITLE, lacking


@dataclass(frozen=True)
class Review:
    """Review the FAQ: what was drafted from answered questions, and what must be checked again."""

    entry: Annotated[int, Param(N_("An entry's number"), N_("To look at that one, whatever its state."))] = 0


@feature.command("faq", example="/cohort faq", roles=STAFF, after_end=True)
def review(turn: Turn[FaqStore], typed: Review) -> Reply:
    if not typed.entry:
        return _next(turn, Sitting(turn.here.id, 1))
    entry, _, sitting = meant(turn, str(typed.entry))
    versions = len(turn.store.versions(entry.id))
    return views.whole(card_of(turn, entry), versions, sitting)


@feature.action("review", roles=STAFF, lane="private", after_end=True)
def press_review(turn: Turn[FaqStore], press: Press) -> Reply:
    return _next(turn, Sitting(turn.here.id, 1))


def reviewer(turn: Turn[FaqStore]) -> Reviewer:
    """The acting person, with what they may decide about."""
    return reviewer_in(turn, turn.here)


def reviewer_in(turn: Turn[FaqStore], cohort: Cohort) -> Reviewer:
    course = course_of(cohort.course_text)
    return Reviewer(cohort.id, course.id, turn.now - course.faq.verify_after)


def meant(turn: Turn[FaqStore], subject: str) -> tuple[Entry, bool, Sitting]:
    """The entry of a button, whether it still reads as the presser saw it, and where they are in their review.

    Raises NotFound.
    """
    first, sign, place, *__ = [*subject.split("."), "", ""]
    number = read_number(first)
    entry = turn.store.reviewed(number, reviewer(turn)) if number is not None else None
    if entry is None:
        raise NotFound(_("This entry is not here any more. `/cohort faq` shows what waits."))
    if entry.state in ("dropped", "removed"):
        raise NotFound(_("Its source was deleted or reopened meanwhile, so the draft is gone."))
    return entry, entry.stamp == sign, Sitting(turn.here.id, read_number(place) or 0)


CALL = N_("It has the address of a live session's call, which only those read who said yes to it: leave it out.")


def card_of(turn: Turn[FaqStore], entry: Entry) -> Card:
    """An entry with everything that a decision about it needs."""
    alike, thread = (_alike(turn, entry), _thread(turn, entry)) if entry.state == "draft" else ((), None)
    reads = replace(
        entry, question=f"{entry.question}\n{entry.news_question}", answer=f"{entry.answer}\n{entry.news_answer}"
    )
    left = told(turn, reads)
    named = bool(entry.kept) or any(said not in placeholders(said) for said in left)
    return Card(entry, turn.store.sources(entry.id), thread, alike, left, named)


def _alike(turn: Turn[FaqStore], entry: Entry) -> Sequence[Alike]:
    return turn.store.asking_the_same(entry, reviewer(turn))[: views.TICKS]


def _thread(turn: Turn[FaqStore], entry: Entry) -> Thread | None:
    """How the answer of a draft is known."""
    return next(iter(turn.collect(THREAD, entry.source)), None) if entry.source is not None else None


def _next(turn: Turn[FaqStore], sitting: Sitting, said: str = "", *undo: Button) -> Reply:
    waiting = turn.store.waiting(reviewer(turn), 1)
    first = card_of(turn, waiting.entries[0]) if waiting.entries else None
    return views.review(waiting, first, sitting, said, buttons(*undo), pages=bool(turn.links.address))


def done(turn: Turn[FaqStore], sitting: Sitting, said: str, *undo: Button) -> Reply:
    """The receipt; in a sitting with the next card."""
    turn.log(said)
    refresh(turn)
    turn.happened(DeskChanged(turn.here.id, ON_DESK))
    if not sitting.number:
        return views.receipt(said, *undo)
    return _next(turn, replace(sitting, number=sitting.number + 1), said, *undo)


def _spent(entry: Entry) -> Spent:
    return Spent(_("FAQ {id} was {state} already. `/cohort faq` shows what waits.", id=entry.id, state=_(entry.state)))


def seen_again(turn: Turn[FaqStore], entry: Entry, sitting: Sitting) -> Reply:
    return views.changed_meanwhile(card_of(turn, entry), sitting)


# Yes


@feature.action("approve", roles=STAFF, lane="private")
def approve(turn: Turn[FaqStore], press: Press) -> Reply:
    return _approve(turn, press, run_only=False)


@feature.action("approve_run", roles=STAFF, lane="private")
def approve_for_this_run(turn: Turn[FaqStore], press: Press) -> Reply:
    return _approve(turn, press, run_only=True)


def _approve(turn: Turn[FaqStore], press: Press, run_only: bool) -> Reply:
    entry, as_seen, sitting = meant(turn, press.subject)
    if entry.state != "draft":
        raise _spent(entry)
    if not as_seen:
        return seen_again(turn, entry, sitting)
    after = replace(entry, run_only=run_only or entry.run_only)
    yes = Button(_("Approve as it is"), sitting.of(entry, "approve_run" if run_only else "approve", SURE), "primary")
    act = "approved for this run" if run_only else "approved"
    return vouch(turn, after, act, sitting, None if is_sure(press.subject) else yes)


@feature.action("right", roles=STAFF, lane="private")
def still_right(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, as_seen, sitting = meant(turn, press.subject)
    if entry.state not in STANDING:
        raise _spent(entry)
    if not as_seen:
        return seen_again(turn, entry, sitting)
    yes = Button(_("Still right as it is"), sitting.of(entry, "right", SURE), "primary")
    return vouch(turn, entry, "found still right", sitting, None if is_sure(press.subject) else yes)


@feature.action("renew", roles=STAFF, lane="private")
def renew(turn: Turn[FaqStore], press: Press) -> Reply:
    """Replaces the entry's text with the present one of its source."""
    entry, as_seen, sitting = meant(turn, press.subject)
    if entry.state != "flagged" or not entry.news_answer:
        raise _spent(entry)
    if not as_seen:
        return seen_again(turn, entry, sitting)
    after = replace(entry, question=entry.news_question, answer=entry.news_answer)
    yes = Button(_("Use it as it is"), sitting.of(entry, "renew", SURE), "primary")
    return vouch(turn, after, "edited as its source was", sitting, None if is_sure(press.subject) else yes)


def is_sure(subject: str) -> bool:
    """Whether a press confirms what `vouch` asked."""
    return subject.endswith(f".{SURE}")


def vouch(turn: Turn[FaqStore], entry: Entry, act: str, sitting: Sitting, yes: Button | None = None) -> Reply:
    """Approves the text as it is. With a `yes` button the person is asked for a confirmation if one is needed; without
    one they have confirmed already. Raises Refused if the entry has no words."""
    if lacks := lacking(entry.question, entry.answer):
        raise Refused(_("{lacks} 'Edit' lets you write it, 'Skip' leaves it out.", lacks=lacks))
    if has_call(turn, entry):
        raise Refused(_("{why} 'Edit' lets you write it in other words.", why=_(CALL)))
    if yes is not None and (left := told(turn, entry)):
        return views.once_more(entry, left, sitting, yes)
    after = replace(rules.decided(entry), state="approved", verified_at=turn.now, flag="", into=None, later_until=None)
    turn.store.keep(after)
    turn.store.keep_version(after, turn.me.id, act)
    missed.tell(turn, after)
    return done(turn, sitting, _("FAQ {id} {act}.", id=entry.id, act=_(act)))


@feature.action("keep", roles=STAFF, lane="private")
def keep(turn: Turn[FaqStore], press: Press) -> Reply:
    """Something that was left out is harmless, such as the name of a library: it is put back."""
    entry, as_seen, sitting = meant(turn, press.subject)
    number = read_number(press.subject.rpartition(".")[2])
    said = views.distinct(entry)
    if not as_seen or number is None or number >= len(said):
        return seen_again(turn, entry, sitting)
    after = rules.put_back(entry, said[number])
    turn.store.keep(after)
    turn.log(f"put back what was left out of FAQ {entry.id}")
    return views.put_back(card_of(turn, after), said[number], sitting)


# No, and not now


@feature.action("skip", roles=STAFF, lane="private")
def skip(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _, sitting = meant(turn, press.subject)
    if entry.state not in ("draft", "skipped"):
        raise _spent(entry)
    return _leave_out(turn, entry, sitting, "skipped")


@feature.action("remove", roles=STAFF, lane="private")
def remove(turn: Turn[FaqStore], press: Press) -> Reply:
    """What its author deleted is removed for good; anything else can be restored."""
    entry, as_seen, sitting = meant(turn, press.subject)
    if entry.state not in STANDING:
        raise _spent(entry)
    if not as_seen:
        return seen_again(turn, entry, sitting)
    if entry.flag != "withdrawn":
        return _leave_out(turn, entry, sitting, "removed")
    turn.store.keep(rules.blank(replace(entry, state="removed")))
    return done(turn, sitting, _("FAQ {id} removed.", id=entry.id))


def _leave_out(turn: Turn[FaqStore], entry: Entry, sitting: Sitting, act: str) -> Reply:
    after = replace(entry, state="skipped", flag="", news_question="", news_answer="")
    if entry.flag:
        after = rules.decided(after)
    turn.store.keep(after)
    return done(
        turn, sitting, _("FAQ {id} {act}.", id=entry.id, act=_(act)), Button(_("Undo"), sitting.of(after, "undo"))
    )


@feature.action("later", roles=STAFF, lane="private")
def later(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, __, sitting = meant(turn, press.subject)
    # Stored as it is: a reviewer of another cohort was not shown all of it.
    turn.store.keep(replace(turn.store.entry(entry.id) or entry, later_until=turn.now + LATER))
    return done(turn, sitting, _("FAQ {id} put off for a week.", id=entry.id))


@feature.action("undo", roles=STAFF, lane="private")
def undo(turn: Turn[FaqStore], press: Press) -> Reply:
    """What was left out or merged is a draft again, or approved as before."""
    entry, _, sitting = meant(turn, press.subject)
    if entry.state in ("skipped", "merged"):
        if entry.state == "merged":
            turn.store.unmerge(entry)
        entry = replace(entry, state="approved" if entry.verified_at else "draft", into=None, later_until=None)
        turn.store.keep(entry)
        turn.log(f"took up FAQ {entry.id} again")
        refresh(turn)
    return views.whole(card_of(turn, entry), 0, Sitting(sitting.cohort, max(0, sitting.number - 1)))


# In other words


@feature.action("edit", roles=STAFF, lane="form")
def open_edit(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _, sitting = meant(turn, press.subject)
    return views.edit_form(entry, sitting)


def stored(turn: Turn[FaqStore], filled: Submission) -> list[Stored]:
    """What a form about an entry would replace: its text, and that somebody left it out."""
    entry, *__ = meant(turn, filled.subject)
    newest = next(iter(turn.store.versions(entry.id)), None)
    said = _("its text has changed")
    if newest is not None and (newest.question, newest.answer) == (entry.question, entry.answer):
        said = _(
            "{act} by {name}, {say}",
            act=_(newest.act),
            name=turn.people.person(newest.by).name,
            say=say(newest.at, turn.me.zone),
        )
    values = {"question": entry.question, "answer": entry.answer, "run_only": "yes" if entry.run_only else ""}
    out = entry.state if entry.state in ("skipped", "merged") else ""
    became = {"skipped": _("it was skipped"), "merged": _("it was merged")}.get(out, _("it was taken up again"))
    return [Stored(values, said, "text"), Stored({"out": out}, became, "out")]


@feature.form("edit", roles=STAFF, replaces=stored)
def take_edit(turn: Turn[FaqStore], filled: Submission) -> Reply:
    entry, __, sitting = meant(turn, filled.subject)
    if entry.state == "merged":
        raise _spent(entry)
    worded = _worded(entry, filled.values)
    if left := _left_unsure(turn, worded, filled.values):
        return views.edit_form(worded, sitting, left)
    return vouch(turn, worded, "edited and approved", sitting)


@feature.action("write", roles=STAFF, lane="form")
def open_write(turn: Turn[FaqStore], press: Press) -> Reply:
    """The subject is the text of a search without results."""
    empty = Entry(0, turn.here.id, "", press.subject, "", "approved", None, "", turn.now)
    return views.write_form(Sitting(turn.here.id), empty)


@feature.form("write", roles=STAFF, replaces=None)
def take_write(turn: Turn[FaqStore], filled: Submission) -> Reply:
    course = course_of(turn.here.course_text).id
    made = Entry(0, turn.here.id, course, "", "", "approved", None, "", turn.now, turn.now)
    worded = _worded(made, filled.values)
    if left := _left_unsure(turn, worded, filled.values):
        return views.write_form(Sitting(turn.here.id), worded, left)
    entry = turn.store.add(worded)
    return vouch(turn, entry, "written", Sitting(turn.here.id))


def _worded(entry: Entry, values: Values) -> Entry:
    """The entry with the form's texts. Raises FormRefused."""
    question, answer = (trim(values.get(name, "")) for name in ("question", "answer"))
    wrong = {n: _("Please fill this in.") for n, v in (("question", question), ("answer", answer)) if not v}
    if len(question.partition("\n")[0]) > TITLE:
        wrong["question"] = _("The first line has more than {title} characters. Put the details below it.", title=TITLE)
    if wrong:
        raise FormRefused(wrong)
    return replace(entry, question=question, answer=answer, run_only=values.get("run_only", "") == "yes")


def _left_unsure(turn: Turn[FaqStore], entry: Entry, values: Values) -> list[str]:
    """What a form's text still reveals, if nobody has ticked that it may. Raises FormRefused without words."""
    if lacks := lacking(entry.question, entry.answer):
        raise FormRefused({"question" if lacking(entry.question, entry.question) else "answer": lacks})
    if has_call(turn, entry):
        raise FormRefused({"answer": _(CALL)})
    return [] if values.get("as_is", "") == "yes" else told(turn, entry)


@feature.action("versions", roles=STAFF, lane="private", after_end=True)
def show_versions(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _, sitting = meant(turn, press.subject)
    found = turn.store.versions(entry.id)[: views.VERSIONS]
    return views.versions(entry, found, [turn.people.person(v.by).name for v in found], sitting)


@feature.action("restore", roles=STAFF, lane="private")
def restore(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, __, sitting = meant(turn, press.subject.partition(".")[0])
    wanted = read_number(press.subject.partition(".")[2].partition(".")[0])
    version = next((v for v in turn.store.versions(entry.id) if v.id == wanted), None)
    if version is None or entry.state == "merged":
        raise NotFound(_("This version is not there any more."))
    after = replace(entry, question=version.question, answer=version.answer)
    yes = Button(_("Use it as it is"), sitting.act("restore", f"{entry.id}.{wanted}.{SURE}"), "primary")
    return vouch(turn, after, "approved in an earlier wording", sitting, None if is_sure(press.subject) else yes)


# Into one


@feature.action("merge", roles=STAFF, lane="form")
def open_merge(turn: Turn[FaqStore], press: Press) -> Reply:
    entry, _, sitting = meant(turn, press.subject)
    hits = finding.ranked(turn.store, entry.course, turn.here.id, entry.question)
    found = (turn.store.reviewed(hit.entry, reviewer(turn)) for hit in hits if hit.entry != entry.id)
    others = [other for other in found if other is not None and other.state in ("draft", "approved", "flagged")]
    return views.merge_form(entry, others[: views.MERGED], sitting)


@feature.form("merge", roles=STAFF, replaces=stored)
def take_merge(turn: Turn[FaqStore], filled: Submission) -> Reply:
    entry, __, sitting = meant(turn, filled.subject)
    typed = filled.values.get("number", "").strip().removeprefix("FAQ").strip()
    wanted = read_number(typed or filled.values.get("into", ""))
    into = turn.store.reviewed(wanted, reviewer(turn)) if wanted is not None else None
    if into is None or into.id == entry.id or into.state not in ("draft", "approved", "flagged"):
        field = "number" if typed else "into"
        raise FormRefused(
            {
                field: _("Please pick another entry.")
                if wanted is None
                else _("There is no FAQ {wanted} to merge into.", wanted=wanted)
            }
        )
    if entry.state not in ("draft", "approved", "flagged"):
        raise _spent(entry)
    if into.run_only and not entry.run_only:
        raise FormRefused({"into": _("FAQ {id} ends with its run, and this one is for the course.", id=into.id)})
    undo = _merge(turn, entry, into, sitting)
    return done(
        turn, sitting, _("FAQ {id} merged into FAQ {id2}.", id=entry.id, id2=into.id), replace(undo, label=_("Undo"))
    )


def _merge(turn: Turn[FaqStore], entry: Entry, into: Entry, sitting: Sitting) -> Button:
    """Merges an entry into another one; returns the button that undoes it."""
    after = replace(entry, state="merged", into=into.id, flag="", news_question="", news_answer="")
    if entry.flag:
        after = rules.decided(after)
    turn.store.keep(after)
    turn.store.merge(after, into)
    return Button(_("Undo: FAQ {id}", id=entry.id), sitting.of(after, "undo"))


@feature.action("gather", roles=STAFF, lane="form")
def open_gather(turn: Turn[FaqStore], press: Press) -> Reply:
    """Which of those that may ask the same do?"""
    entry, __, sitting = meant(turn, press.subject)
    alike = _alike(turn, entry)
    if entry.state != "draft" or not alike:
        raise _spent(entry)
    return views.gather_form(entry, alike, sitting)


@feature.form("gather", roles=STAFF, replaces=stored)
def take_gather(turn: Turn[FaqStore], filled: Submission) -> Reply:
    """Merges what is ticked: into the approved entry among them, or else into the draft that was looked at. The others
    do not ask the same."""
    entry, __, sitting = meant(turn, filled.subject)
    if entry.state != "draft":
        raise _spent(entry)
    shown = [one.entry for one in _alike(turn, entry) if str(one.entry.id) in filled.values]
    same = [other for other in shown if filled.values[str(other.id)] == "yes"]
    entry = replace(entry, apart=(*entry.apart, *(other.id for other in shown if other not in same)))
    turn.store.keep(entry)
    into = next((other for other in same if other.stands), entry)
    undo = [_merge(turn, o, into, sitting) for o in (*same, entry) if o.state == "draft" and o.id != into.id and same]
    if into.id != entry.id:
        return done(turn, sitting, _("Merged into FAQ {id}.", id=into.id), *undo)
    turn.log(f"merged {len(undo)} drafts into FAQ {entry.id}")
    card = card_of(turn, turn.store.reviewed(entry.id, reviewer(turn)) or entry)
    return views.gathered(card, len(undo), buttons(*undo), sitting)


@feature.contributes(AGENDA)
def what_is_next(turn: Turn[FaqStore], person: Person, cohort: Cohort) -> list[Upcoming]:
    """For the course team: what waits for a review."""
    if not turn.roles & STAFF:
        return []
    waiting = turn.store.waiting(reviewer_in(turn, cohort), 0)
    if not waiting.number:
        return []
    return [Upcoming((_("FAQ: {summary}", summary=views.summary(waiting)),), button=views.review_button(cohort.id))]
