"""What live sessions report to the course team: what holds one, what is missing after it, and how it went."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from bot.core.contributions import (
    ACTIVITY,
    AGENDA_AFTER_END,
    ATTENDED,
    DEALT_WITH,
    DESK,
    EVIDENCE,
    FIGURES,
    MEASURES,
    OPEN_ENDS,
    RAN,
    SUITED,
    UNTOLD,
    Activity,
    Attended,
    DeskItem,
    Figure,
    Measure,
    OpenEnd,
    Pile,
    Suited,
    Upcoming,
)
from bot.core.message import Text
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.time import at_wall, local_day
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.course.loader import course_of
from bot.features.live import attending_views, desk_views, judging, rules, weighing
from bot.features.live.judging import Judged
from bot.features.live.rules import Weighed
from bot.features.live.store import Lives, Session, feature, on_desk


@feature.contributes(ACTIVITY)
def activity(turn: Lives, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    """Who came, and who reflected on the recording: that counts as much."""
    return [Activity(person, at) for person, at in turn.store.last(cohort.id, since, until).items()]


@feature.contributes(DESK)
def on_the_desk(turn: Lives, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """One line for each session that is held, and for each whose recording is not there. Only a manager's has what a
    manager agrees to."""
    if cohort.ended_at is not None:
        return []
    videos = _videos(turn, cohort)
    sessions = {s.name: s for s in turn.store.of(cohort.id)}
    if not sessions:
        return videos
    decides = any(p.id == person.id for p in turn.people.members(cohort.id, Role.MANAGER))
    weighed = [(sessions[one.live.id], one) for one in weighing.weighed(turn, cohort) if one.live.id in sessions]
    items = [desk_views.held(s, one, decides) for s, one in weighed if _waits(s, one, turn.now)]
    items += [desk_views.reused(s, one.live) for s, one in weighed if rules.is_reused(s, one, turn.now)]
    people, limits = Counter(weighing.zones_of(turn, cohort)), course_of(cohort.course_text).live_rules
    dark = [s for s in sessions.values() if s.is_out and any(at > turn.now for at in s.nights)]
    nights = [desk_views.night(s, cohort, people, limits) for s in dark]
    missing = [
        desk_views.recording(s, turn.now - s.ends_at)
        for s in sorted(sessions.values(), key=lambda s: s.ends_at if s.slots else s.since)
        if rules.lacks_recording(s, turn.now)
    ]
    judged = [one for one in judging.judge(turn, cohort) if one.verdict and _is_news(turn, one)]
    verdicts = [desk_views.verdict(one, rules.closes_at(one.session)) for one in judged]
    in_doubt = any(one.is_in_doubt for one in judged)
    return [
        *([desk_views.verdicts(verdicts, in_doubt)] if verdicts else []),
        *([desk_views.pile(items)] if items else []),
        *([desk_views.nights(nights)] if nights else []),
        *([desk_views.addresses(unknown)] if (unknown := _without_address(turn, cohort, [*sessions.values()])) else []),
        *([desk_views.recordings(missing)] if missing else []),
        *videos,
    ]


def _without_address(turn: Lives, cohort: Cohort, sessions: Sequence[Session]) -> list[DeskItem]:
    """Somebody comes within two days, and nobody knows where the call is."""
    soon = []
    for session in sessions:
        ends = [session.slots[n - 1] for n in range(1, len(session.slots) + 1) if session.ends(n) > turn.now]
        if session.is_out and not session.link and ends and ends[0] - rules.SOON <= turn.now:
            soon.append((session, ends[0]))
    takings = turn.store.takings([session.id for session, _at in soon]) if soon else ()
    yes = Counter(one.session for one in takings if one.slot)
    return [desk_views.address(s, cohort, at, yes[s.id], at - rules.SOON) for s, at in soon if yes[s.id]]


def _videos(turn: Lives, cohort: Cohort) -> list[Pile]:
    """What replaced a session and cannot be watched yet, in this week and the next one."""
    course, now = course_of(cohort.course_text), cohort.week_on(local_day(turn.now, cohort.zone))
    missing = [
        (week.number, n, material)
        for week in course.weeks
        if week.number in (now, now + 1)
        for n, material in enumerate(week.materials, 1)
        if material.awaits_link
    ]
    if not missing:
        return []
    versions = [ran.at for ran in turn.collect(RAN, cohort) if ran.at is not None]
    opens = {number: at_wall(cohort.timetable.monday(number), time(0), cohort.zone) for number, _n, _m in missing}
    items = [
        desk_views.video(cohort, number, n, material, max([*versions, opens[number] - WEEK]))
        for number, n, material in missing
    ]
    return [desk_views.videos(items, any(at <= turn.now for at in opens.values()))]


def _is_news(turn: Lives, one: Judged, span: timedelta = 2 * WEEK) -> bool:
    """Whether it was judged within the last time."""
    return turn.now < rules.closes_at(one.session) + span


def _waits(session: Session, one: Weighed, now: datetime) -> bool:
    """Whether something can be done about a session that is held."""
    return session.state == "held" and not session.is_missed(now) and bool(one.holding or one.asks)


@feature.contributes(UNTOLD)
def held(turn: Lives, cohort: Cohort) -> list[tuple[str, str, str]]:
    found = {s.name: s for s in turn.store.of(cohort.id) if s.state == "held"}
    weighed = [one for one in weighing.weighed(turn, cohort) if one.live.id in found] if found else []
    waiting = [one for one in weighed if one.asks and rules.waits(found[one.live.id], turn.now)]
    return [
        *((one.live.title, f.why, f.remedy) for one in weighed for f in one.holding),
        *((one.live.title, desk_views.wants(one), desk_views.learners_wait()) for one in waiting),
    ]


@feature.contributes(AGENDA_AFTER_END)
def after_the_end(turn: Lives, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """For the course team: how sessions went that no desk told of before the cohort ended. For learners: what they can
    still reflect on."""
    if cohort.ended_at is None:
        return []
    if not turn.roles & STAFF:
        mine = turn.store.taking(cohort.id, person.id)
        open_still = [s for s in turn.store.of(cohort.id) if s.is_over(turn.now) and _is_taken(s, cohort, turn.now)]
        took_part = {one.session for one in mine.values() if one.here_at is not None or one.reflected_at is not None}
        return [attending_views.to_reflect(s) for s in open_still if s.id not in took_part]
    return [
        Upcoming((desk_views.went(one),), None, desk_views.open_button(one.session))
        for one in judging.judge(turn, cohort)
        if rules.closes_at(one.session) > cohort.ended_at
    ]


def _is_taken(session: Session, cohort: Cohort, now: datetime) -> bool:
    """Whether a reflection is taken after the end, as was promised."""
    until = cohort.taken_until(session.begins_at, rules.reflect_until(session))
    return rules.can_reflect(session, now) and (until is None or now < until)


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Lives, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("live/") for name in names):
        return []
    found = [s for s in turn.store.of(cohort.id) if s.is_out and on_desk(s) in names]
    return [(on_desk(s), desk_views.dealt_with(s)) for s in found]


@feature.contributes(FIGURES)
def in_the_week(turn: Lives, cohort: Cohort) -> Sequence[Figure]:
    """How sessions went whose reflections closed in the last seven days, what waits for the manager's word, and what
    runs by it."""
    sessions = turn.store.of(cohort.id)
    waiting = [s for s in sessions if rules.waits(s, turn.now)]
    agreed = [s for s in sessions if rules.by_agreement(s, turn.now)]
    judged = [one for one in judging.judge(turn, cohort) if one.verdict and _is_news(turn, one, WEEK)]
    return [
        *(desk_views.verdict_figure(one) for one in judged),
        *([desk_views.waiting(cohort, waiting)] if waiting else []),
        *([desk_views.agreed(cohort, agreed)] if agreed else []),
    ]


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Lives, cohort: Cohort) -> Sequence[OpenEnd]:
    sessions = [s for s in turn.store.of(cohort.id) if s.is_out]
    ahead = [s for s in sessions if rules.is_ahead(s, turn.now)]
    here = {p.id for p in turn.people.members(cohort.id, Role.LEARNER)}
    coming = Counter(
        one.session
        for s in ahead
        for one in turn.store.takings([s.id])
        if one.slot and one.person in here and s.slots[one.slot - 1] > turn.now
    )
    missing = [s for s in sessions if rules.lacks_recording(s, turn.now) and turn.now < rules.closes_at(s)]
    return [
        *(desk_views.open_end(s, coming[s.id]) for s in ahead),
        *(desk_views.without_recording(s) for s in missing),
    ]


@feature.contributes(EVIDENCE)
def evidence(turn: Lives, cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """Who came to each session, for the next run."""
    places = {live.id: n for n, live in enumerate(course_of(cohort.course_text).live)}
    return [
        (f"live[{places[one.session.name]}]", desk_views.evidence(one))
        for one in judging.judge(turn, cohort)
        if one.session.name in places and one.counted.base
    ]


@feature.contributes(ATTENDED)
def attended(turn: Lives, cohort: Cohort) -> list[Attended]:
    return [
        Attended(
            one.session.name,
            one.counted.attended,
            desk_views.attended(one),
            None if one.verdict == "few" else one.verdict == "keep",
        )
        for one in judging.judge(turn, cohort)
        if one.verdict
    ]


@feature.contributes(SUITED)
def suited(turn: Lives, cohort: Cohort) -> list[Suited]:
    found = ((one.session.name, one.counted) for one in judging.judge(turn, cohort))
    return [Suited(name, c.base, c.outside, c.base - c.awake) for name, c in found if c.outside]


@feature.contributes(MEASURES)
def in_a_run(turn: Lives, cohort: Cohort) -> list[Measure]:
    """Over all sessions that took place: a learner counts once in each."""
    found = [one.counted for one in judging.judge(turn, cohort)]
    came, of = sum(one.attended for one in found), sum(one.base for one in found)
    return [Measure("live/attended", _("Came to live sessions"), came, of)] if of else []
