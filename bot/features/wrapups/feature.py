"""Wrap-ups: the weekly prompt, its answers, and the week together.

A round is one prompt in one week. It opens and closes by each learner's clock; the cohort's report appears at the
close of the cohort's clock, and is edited as later answers arrive.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Literal

from bot.core.actions import Action
from bot.core.commands import Param
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused, Refused
from bot.core.events import MessageEdited, MessagePosted
from bot.core.facts import CameUp, CohortEnded, Left, MoreTimeGiven, PersonErased, TogetherChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.message import message, paragraph, with_code
from bot.core.people import MEMBERS, STAFF, Role
from bot.core.planning import Planning
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.features.wrapups import agenda, answers, chat, contributing, desk, desk_views, reporting, rounds, rules, views
from bot.features.wrapups.store import Round, WrapupStore, feature

__all__ = ["agenda", "contributing", "feature", "reporting"]


# Planning


@feature.planned("open", "together", "close", again=[MoreTimeGiven])
def plan(turn: Turn[WrapupStore], planning: Planning) -> Iterator[Plan]:
    return rounds.plan(turn, planning)


@feature.on(PersonErased)
def erase(turn: Turn[WrapupStore], fact: PersonErased) -> None:
    for answer in turn.store.answers_of(fact.person):
        round = turn.store.round(answer.round)
        cohort = turn.people.cohort(round.cohort) if round else None
        if round is not None and cohort is not None:
            answers.delete(replace(turn), cohort, round, answer)


@feature.on(Left)
def forget_leaver(turn: Turn[WrapupStore], fact: Left) -> None:
    turn.store.drop_windows(fact.cohort, fact.person)


@feature.on(CohortEnded)
def end_all(turn: Turn[WrapupStore], fact: CohortEnded) -> None:
    """A week's post becomes its report, which later answers update."""
    for round in turn.store.rounds(fact.cohort):
        if round.posted:
            rounds.close_round(turn, round, at_once=True)


@feature.on(TogetherChanged)
def follow_together(turn: Turn[WrapupStore], fact: TogetherChanged) -> None:
    rounds.follow_extras(turn, turn.here, fact.week)


# What comes with time


@feature.due("open", within=timedelta(days=7), fold=True, title=N_("Wrap-ups"))
def open_for_learners(turn: Turn[WrapupStore], batch: Sequence[Due]) -> None:
    """The prompts of many learners of one cohort. A pause skips them."""
    if turn.store.paused_at(turn.here.id) is None:
        rounds.ask_planned(turn, batch)


@feature.due("together", within=timedelta(days=7), title=N_("The post that opens a wrap-up"), by_day=True)
def open_for_cohort(turn: Turn[WrapupStore], batch: Sequence[Due]) -> None:
    """If the course team has a post sent after the close, the round opens again, which plans its post. It does not once
    a later week of the prompt has opened: nobody answers several weeks at once."""
    planned_at = {due.subject: due.at for due in batch}
    begun = (round for round in turn.store.rounds(turn.here.id) if round.opens_at <= turn.now)
    newest = {round.prompt: round.id for round in sorted(begun, key=lambda round: round.opens_at)}
    for round in _rounds(turn, batch):
        if planned_at[str(round.id)] < round.closes_at:
            rounds.post_together(turn, turn.here, round)
        elif newest.get(round.prompt) == round.id:
            rounds.reopen(turn, round)


@feature.due("close", within=timedelta(days=14), title=N_("The report of a wrap-up"))
def close(turn: Turn[WrapupStore], batch: Sequence[Due]) -> None:
    for round in _rounds(turn, batch):
        rounds.close_round(turn, round)


@feature.on(CameUp)
def follow_downtime(turn: Turn[WrapupStore], fact: CameUp) -> None:
    for round in turn.store.rounds(turn.here.id):
        if round.opens_at <= turn.now:
            rounds.follow_downtime(turn, round)


@feature.due("report", within=timedelta(days=14), fold=True, after_end=True, by_day=True)
def show_late(turn: Turn[WrapupStore], batch: Sequence[Due]) -> None:
    """The cohort's report after the close, also when answers came, changed or were deleted since."""
    for round in _rounds(turn, batch):
        rounds.post_report(turn, turn.here, round)


@feature.due("over", within=timedelta(days=14))
def close_begun(turn: Turn[WrapupStore], batch: Sequence[Due]) -> None:
    for due in batch:
        id, _slash, person = due.subject.partition("/")
        round = turn.store.round(int(id))
        if round is not None:
            rounds.close_begun(turn, round, int(person))


def _rounds(turn: Turn[WrapupStore], batch: Sequence[Due]) -> list[Round]:
    """The rounds concerned; in an ended cohort only those with a post, since it gets no new one."""
    found = (turn.store.round(int(due.subject)) for due in batch)
    return [r for r in found if r is not None and (r.posted or turn.here.ended_at is None)]


# Answering by form


@dataclass(frozen=True)
class Wrapup:
    """Answer this week's wrap-up, or change your answer."""


@feature.command("wrapup", example="/cohort wrapup", roles=MEMBERS, lane="form", after_end=True)
def wrapup(turn: Turn[WrapupStore], typed: Wrapup) -> Reply:
    if Role.LEARNER not in turn.roles:
        return message(
            paragraph(*with_code(_("Wrap-ups are for learners. `/cohort week` shows how this week's stands.")))
        )
    mine = answers.standings(turn, turn.me.id, turn.here)
    if turn.here.ended_at is not None:
        return views.after_end(turn.here.title, rules.still_taken(mine, turn.here))
    found = rules.open_now(mine, turn.acted_at) or rules.open_now(mine, turn.now)
    found = [s for s in found if rules.is_due(s)] or found
    if len(found) > 1:
        return views.several_open(found)
    coming = rules.next_to_open(mine, turn.now)
    if not found and coming is None and len(taken := rules.still_taken(mine, turn.here)) > 1:
        return views.taken_late(taken)
    if not found:
        return views.nothing_open(rules.last_closed(mine, turn.now), coming)
    return answers.form(turn, found[0])


@feature.action("answer", roles=MEMBERS, lane="form", after_end=True)
def open_form(turn: Turn[WrapupStore], press: Press) -> Reply:
    if Role.LEARNER not in turn.roles:
        return desk.try_form(turn, press.subject)
    return answers.form(turn, answers.mine(turn, press.subject))


@feature.form("answer", roles=MEMBERS, after_end=True, replaces=answers.stored)
def take_form(turn: Turn[WrapupStore], filled: Submission) -> Reply:
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=message(paragraph(_("This is how it looks to a learner. Nothing was saved."))))
    at = answers.mine(turn, filled.subject)
    form = answers.form(turn, at)
    problems = {**rules.odd(at.round.questions, filled.values), **form.problems(filled.values)}
    if problems:
        raise FormRefused(problems, form)
    agreed = filled.values.get(rules.quote_field(at.round.questions), "") == "yes"
    values = rules.kept(at.round.questions, filled.values)
    quote = agreed and answers.consent(turn.here, at.round) is not None
    saved = answers.save(turn, turn.here, at, values, quote, "form")
    return views.thanks(at.round, saved, turn.place is not None and turn.place.direct)


@feature.action("delete", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def ask_delete(turn: Turn[WrapupStore], press: Press) -> Reply:
    return views.sure_to_delete(*answers.own(turn, press.subject))


@feature.action("delete_now", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def delete(turn: Turn[WrapupStore], press: Press) -> Reply:
    round, answer = answers.own(turn, press.subject)
    answers.delete(turn, turn.here, round, answer)
    return message(paragraph(_("Deleted, in every version. Your card can take a new answer.")))


# Answering in the thread and in private


@feature.on(MessagePosted)
def hear(turn: Turn[WrapupStore], event: MessagePosted) -> None:
    if not event.place.direct and event.place.thread and turn.below:
        chat.hear_below(turn, replace(event, text=trim(event.text)), turn.below)


@feature.on(MessageEdited)
def follow_edit(turn: Turn[WrapupStore], event: MessageEdited) -> None:
    chat.follow_edit(turn, replace(event, text=trim(event.text)))


# For the course team


@dataclass(frozen=True)
class Week:
    """This week. Learners: their card. Course team: its wrap-up, who is missing, answers, milestones, dates to move."""

    show: Annotated[
        Literal["week", "preview", "missing", "answers", "milestones", "extend", "move"], Param(N_("What to show"))
    ] = "week"


@feature.command("week", example="/cohort week", roles=MEMBERS, lane="form", after_end=True)
def week(turn: Turn[WrapupStore], typed: Week) -> Reply:
    if not turn.roles & STAFF:
        return Action("weekcard", "show", turn.here.id)
    if typed.show == "preview":
        return desk.preview(turn, "")
    if typed.show == "missing":
        return desk.missing(turn, "")
    if typed.show == "answers":
        return desk.answers(turn, "")
    if typed.show in ("milestones", "extend", "move"):
        return desk_views.elsewhere(turn.here, typed.show)
    return desk.week(turn)


@feature.action("preview", roles=STAFF, lane="private")
def preview(turn: Turn[WrapupStore], press: Press) -> Reply:
    return desk.preview(turn, press.subject)


@feature.action("pause", roles=STAFF, lane="private")
def pause(turn: Turn[WrapupStore], press: Press) -> Reply:
    return desk.pause(turn)


@feature.action("missing", roles=STAFF, lane="private", after_end=True)
def missing(turn: Turn[WrapupStore], press: Press) -> Reply:
    return desk.missing(turn, press.subject)


@feature.action("answers", roles=STAFF, lane="private", after_end=True)
def read_answers(turn: Turn[WrapupStore], press: Press) -> Reply:
    return desk.answers(turn, press.subject)
