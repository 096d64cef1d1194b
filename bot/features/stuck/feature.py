"""`/cohort stuck` and its page: where people get stuck, and what may mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.contributions import ALIKE, PROPOSED, REMEDIES, SNAGS
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.feature import Press, Reply
from bot.core.message import Button, Message
from bot.core.pages import way_in
from bot.core.people import INSTRUCTORS, STAFF, Cohort
from bot.core.time import local_day
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of, load
from bot.features.stuck import remedying, rules, views
from bot.features.stuck.rules import Spot
from bot.features.stuck.store import StuckStore, feature

__all__ = ["feature"]

Stuck = Turn[StuckStore]

PAGE = "stuck/{cohort}"
WAY = N_("In the chat, write `/cohort stuck` and press 'On a page' for a new link.")

MOST = 300
"""Most words about one week that are put together; of more, the newest."""


@dataclass(frozen=True)
class Where:
    """Where people get stuck, by week and milestone, and what may mend it."""


@feature.command(
    "stuck",
    example="/cohort stuck",
    roles=INSTRUCTORS,
    near=dict.fromkeys(("difficult", "struggling", "trouble", "hard"), "stuck"),
)
def show(turn: Stuck, typed: Where) -> Reply:
    return views.in_chat(turn.here, found(turn, turn.here), bool(turn.links.address))


@feature.page(PAGE, title=N_("Where people get stuck"), roles=INSTRUCTORS, way=WAY, tab=N_("Stuck"))
def show_page(turn: Stuck, asked: Mapping[str, str]) -> Message:
    return views.page(turn.here, found(turn, turn.here))


@feature.action("page", roles=INSTRUCTORS, lane="private")
def lead_to_page(turn: Stuck, press: Press) -> Reply:
    if not turn.links.address:
        raise NotFound
    return way_in(turn.links.invite(turn.me.id, PAGE.format(cohort=turn.here.id)), _("Where people get stuck"))


@feature.contributes(REMEDIES)
def what_mends(turn: Stuck, cohort: Cohort, path: str) -> list[Button]:
    """By signs that are no words of anybody: those are for instructors alone."""
    course = course_of(cohort.course_text)
    return [
        views.mend(cohort, spot, remedy)
        for spot in rules.spots(course, [s for s in turn.collect(SNAGS, cohort) if not s.words])
        if spot.path == path and spot.hard
        for remedy in rules.remedies(spot, course, _now(turn))
    ]


@feature.action("mend", roles=STAFF, lane="private")
def propose(turn: Stuck, press: Press) -> Reply:
    """Drafts a remedy, as a change that is looked at first. Where its week is full, whoever presses chooses what makes
    room."""
    said, _dot, name = press.subject.partition(".")
    remedy, dash, way = said.partition("-")
    one = next((one for one in found(turn, turn.here) if views.name_of(one.spot) == name), None)
    offered = next((r for r in one.remedies if r == remedy), None) if one else None
    if one is None or offered is None:
        raise NotFound
    present = turn.here.course_text
    try:
        text = remedying.remedied(present, one.spot, offered, _now(turn), rules.way_of(dash + way))
        if (full := rules.crowded(load(present), load(text))) is not None:
            return views.too_full(turn.here, one.spot, offered, full, rules.ways(offered, load(present), full))
        return next(iter(turn.collect(PROPOSED, text, views.why(one.spot, offered))), None)
    except FormRefused as refused:
        raise Refused(" ".join(refused.problems.values())) from None


def found(turn: Stuck, cohort: Cohort) -> list[views.Found]:
    """Every spot, with what people said there and the remedies that fit."""
    course = course_of(cohort.course_text)
    return [
        views.Found(spot, *rules.said(spot, _groups(turn, spot)), tuple(rules.remedies(spot, course, _now(turn))))
        for spot in rules.spots(course, turn.collect(SNAGS, cohort))
    ]


def _groups(turn: Stuck, spot: Spot) -> Sequence[Sequence[int]]:
    if "stuck" not in spot.signs:
        return ()
    texts = [said for _, said in spot.signs["stuck"].words]
    first = max(0, len(texts) - MOST)
    return [[first + n for n in group] for group in turn.collect(ALIKE, texts[first:])]


def _now(turn: Stuck) -> int:
    return max(1, turn.here.week_on(local_day(turn.now, turn.here.zone)))
