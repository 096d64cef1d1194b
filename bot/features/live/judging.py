"""What becomes of a session: who came, who reflected, and what that says. The course team alone reads it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.actions import Action, read_number
from bot.core.asking import id_in_file
from bot.core.contributions import ITEMS, RAN, WORTH
from bot.core.errors import NotFound, Refused
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Role
from bot.core.translation import _
from bot.course import history
from bot.course.loader import course_of
from bot.course.model import Checkin, Course, Discussion, Live, Milestone, Review
from bot.course.titles import plain_title, same_title
from bot.features.live import rules
from bot.features.live.store import Counted, Lives, Outcome, Session, Verdict, feature


@dataclass(frozen=True, slots=True)
class Judged:
    """A session that took place. `counted`, `verdict`, `of` and `share` are those of its `Outcome`. `again`: the next
    one with this title, if one is ahead; `replaced`: one was, and other work has its place. `live`: as it was promised.
    `worth`: how many percent of those who answered say in the survey that it was worth the time; None where that is not
    known or not shown. `unrecorded`: nobody could watch its recording before the figures were drawn up."""

    session: Session
    live: Live | None
    counted: Counted
    verdict: Verdict
    of: int
    share: int
    again: Session | None
    worth: int | None = None
    replaced: bool = False
    unrecorded: bool = False

    @property
    def is_in_doubt(self) -> bool:
        """Whether something has to be done about it."""
        return self.verdict in ("replace", "drop") and not self.replaced

    @property
    def is_not_worth_it(self) -> bool:
        """Whether enough came, and fewer than its measure asks for found it worth the time."""
        metric = self.live.metric if self.live is not None else None
        return self.verdict == "keep" and metric is not None and self.worth is not None and self.worth < metric.worth


def judge(turn: Lives, cohort: Cohort) -> list[Judged]:
    """Every session that took place, the earliest first."""
    course, sessions = course_of(cohort.course_text), turn.store.of(cohort.id)
    outcomes = _outcomes(turn, cohort, sessions)
    worth = dict(turn.collect(WORTH, cohort)) if outcomes else {}
    found: list[Judged] = []
    for session, one in outcomes:
        again = _next(sessions, session, turn.now) if cohort.ended_at is None else None
        is_replaced = not again and _is_replaced(sessions, session, course)
        said = worth.get(session.name)
        unrecorded = one.unrecorded if one.unrecorded is not None else rules.was_unrecorded(session, one.at)
        of_all = one.counted, one.verdict, one.of, one.share
        found.append(Judged(session, session.live, *of_all, again, said, is_replaced, unrecorded))
    return found


def settle(turn: Lives, cohort: Cohort) -> None:
    """Stores how each session went whose reflections have closed, once."""
    for session, outcome in _outcomes(turn, cohort, turn.store.of(cohort.id)):
        if rules.waits_for_figures(session, cohort, turn.now):
            turn.store.keep(replace(session, outcome=outcome))


def _outcomes(turn: Lives, cohort: Cohort, sessions: Sequence[Session]) -> list[tuple[Session, Outcome]]:
    """How each session that took place went, the earliest first: as it was settled, or as it would be now. Its verdict
    is empty while reflections still come, but not after the end of the cohort, and where a policy asked for it."""
    course, over = course_of(cohort.course_text), [s for s in sessions if s.is_over(turn.now)]
    takings = turn.store.takings([s.id for s in over if not rules.is_settled(s, cohort)])
    turn.people.fetch(there := {one.person for one in takings})
    # Whoever left since was there that day.
    zones = {person: turn.people.person(person).zone for person in there}
    found: list[tuple[Session, Outcome]] = []
    for session in sorted(over, key=lambda s: s.ends_at):
        if session.outcome is not None and rules.is_settled(session, cohort):
            found.append((session, session.outcome))
            continue
        mine, instead = [one for one in takings if one.session == session.id], _did_instead(turn, cohort, session)
        counted = rules.counted(session, mine, instead, zones, course.live_rules)
        pooled = list[Counted]()
        if rules.is_closed(session, cohort, turn.now) and not (session.live is not None and session.live.mandated):
            before = [o.counted for s, o in found if o.verdict and same_title(s.title, session.title)]
            pooled = [*before[-1:], counted]
        verdict = rules.verdict(pooled, course.live_rules, course.privacy.smallest_group)
        share, unrecorded = rules.share_of(pooled), rules.was_unrecorded(session, turn.now)
        found.append((session, Outcome(counted, verdict, len(pooled), share, turn.now, unrecorded)))
    return found


def _is_replaced(sessions: Sequence[Session], session: Session, course: Course) -> bool:
    """Whether the week of a session with the same title that was taken out has an item of that title."""
    title = session.title
    gone = [s for s in sessions if s.state == "removed" and same_title(s.title, title)]
    return any(same_title(item.title, title) for s in gone for item in course.items(s.week) if item.kind != "live")


def _did_instead(turn: Lives, cohort: Cohort, session: Session) -> Collection[int]:
    """Who did the item that counts in full instead, as it was promised: also after it was taken out of the course, or
    has another id there."""
    item = session.live.alternative.item if session.live is not None else ""
    if not item:
        return ()
    learners, ids, texts = turn.people.members(cohort.id, Role.LEARNER), {item}, [cohort.course_text]
    if item not in (now := _titles(cohort.course_text)):
        since = history.since(turn.collect(RAN, cohort), session.begins_at)
        texts += [one.text for one in since if item in _titles(one.text)][-1:]
        then = _titles(texts[-1])
        ids |= {id for id, title in now.items() if id not in then and title == then.get(item)}
    found = [one for text in texts for one in turn.collect(ITEMS, replace(cohort, course_text=text), learners)]
    return {person for person, one in found if one.done and id_in_file(one) in ids}


def _titles(text: str) -> dict[str, str]:
    """What the items of a course file that can stand in for a session are called, by their ids."""
    course = course_of(text)
    items: list[Milestone | Discussion | Review | Checkin] = [
        *course.milestones,
        *course.discussions,
        *course.reviews,
        *course.checkins,
    ]
    return {one.id: plain_title(one.title) for one in items}


@feature.action("replace", roles=STAFF, lane="private")
def replace_session(turn: Lives, press: Press) -> Reply:
    """Drafts the replacement of a session that is held, or of the next one with this title, as a change of the course
    that is looked at first."""
    session = turn.store.get(turn.here.id, read_number(press.subject) or 0)
    if session is None:
        raise NotFound(_("This session is not in the course any more."))
    meant = session if not session.is_over(turn.now) else _next(turn.store.of(turn.here.id), session, turn.now)
    if meant is None:
        raise Refused(_("It does not come again in this run. The next run's course file has the verdict as a comment."))
    return Action("revisions", "replace", turn.here.id, f"live.{meant.name}")


def _next(sessions: Sequence[Session], session: Session, now: datetime) -> Session | None:
    """The next session with the same title."""
    same = [s for s in sessions if same_title(s.title, session.title)]
    ahead = [s for s in same if s.state != "removed" and s.slots and s.ends_at > now]
    return min(ahead, key=lambda s: s.begins_at, default=None)
