"""Histories of live sessions at random: payers, alternatives, times, edits of the file, the manager's word, a yes,
people and days, in any order. After each step the pure rules keep what learners were promised.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from bot.core.people import Cohort
from bot.course.gate.questions import WORTH_IT
from bot.course.gate.values import Settled
from bot.course.loader import course_of
from bot.course.model import Course
from bot.features.ledger import rules as ledger
from bot.features.live import rules, telling_views
from bot.features.live.rules import Weighed
from bot.features.live.store import Outcome, Session, Taking
from tests.effort import tries
from tests.test_course_gate import session

ZONES = ("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland")
NAMES = ("tasting", "debate", "pouring")
SLOTS = (
    "[Wed 08:00, Wed 20:00]",
    "[Tue 09:00, Thu 19:00]",
    "[Wed 20:00, Thu 08:00]",
    "[Mon 08:30, Fri 20:30]",
    "[Wed 03:00, Wed 20:00]",
    "[Wed 08:00, Wed 10:00]",
    "Wed 08:00",
)
START = datetime(2026, 1, 4, 12, tzinfo=UTC)

Work = tuple[int, ...]
"""The minutes of the materials of a week, and then of its milestone; 0: it has none."""
Answers = Mapping[str, str]
"""A session of the course file."""

weeks = st.lists(
    st.tuples(*(st.sampled_from((20, 10, 30, 40)) for _ in range(2)), st.sampled_from((40, 0, 20, 60))),
    min_size=2,
    max_size=5,
)


@st.composite
def payers(draw: st.DrawFn, week: int, work: Work, minutes: int) -> str:
    """Mostly what pays the minutes exactly."""
    found, rest = [], minutes + draw(st.sampled_from((0, 0, 0, 0, 0, 0, -10, 10)))
    for n in draw(st.permutations(range(len(work)))):
        name = f"m{week}" if n == len(work) - 1 else f"Read {week}{'ab'[n]}"
        if (part := min(rest, work[n])) > 0:
            found.append(f"{{item: {name}, minutes: {part}}}")
            rest -= part
    return f"[{', '.join(found)}]" if found else ""


FLAWS: tuple[Answers, ...] = (
    {},
    {"kind": "content"},
    {"kind": "sensitive"},
    {"kind": "sensitive", "recorded": "no", "alternative": "feedback"},
    {"optional": "no"},
    {"optional": "no", "mandated": "Rule 4"},
    {"recorded": "no"},
    {"alternative": "none"},
    {"metric": ""},
)
CHANGED_SLOTS = (*[SLOTS[0]] * 5, *SLOTS)


@st.composite
def sessions(draw: st.DrawFn, name: str, work: list[Work]) -> Answers:
    """Mostly one that passes."""
    week = min(draw(st.sampled_from((1, 1, 2, 3, 5))), len(work))
    minutes = draw(st.sampled_from((30, 20, 30, 45, 60, 30, 90)))
    alternative = draw(st.sampled_from(("recording", f"{{item: m{week}}}")))
    flaw = draw(st.sampled_from(({}, {}, {}, *FLAWS)))
    return session(
        **{
            "id": name,
            "title": name.capitalize(),
            "week": str(week),
            "minutes": str(minutes),
            "slots": draw(st.sampled_from(CHANGED_SLOTS)),
            "alternative": alternative,
            "pays": draw(payers(week, work[week - 1], minutes)),
            "trial": draw(st.sampled_from(("", "", "", "yes"))),
            **flaw,
        }
    )


@dataclass
class History:
    """A cohort as the pure rules have it."""

    work: list[Work]
    listed: dict[str, Answers]
    now: datetime = START
    zones: tuple[str, ...] = ("Europe/Berlin",)
    sessions: dict[str, Session] = field(default_factory=dict)
    yes: dict[str, set[int]] = field(default_factory=dict)
    here: dict[str, set[int]] = field(default_factory=dict)
    settled: dict[str, Any] = field(default_factory=dict)
    promised: dict[str, Any] = field(default_factory=dict)
    weighed: dict[str, Weighed] = field(default_factory=dict)

    @property
    def text(self) -> str:
        lines = ["course: {id: tea, title: Tea, weekly_minutes: 600, live_only: [Taste and argue]}", "weeks:"]
        for n, one in enumerate(self.work, 1):
            read = ", ".join(f"{{title: Read {n}{'ab'[i]}, minutes: {m}}}" for i, m in enumerate(one[:-1]))
            lines.append(f"  - {{title: Week {n}, goal: Go on., materials: [{read}]}}")
        work = [(n, one[-1]) for n, one in enumerate(self.work, 1) if one[-1]]
        lines += ["milestones:"] if work else []
        lines += [f"  - {{id: m{n}, week: {n}, title: Cup {n}, due: Sun 20:00, minutes: {m}}}" for n, m in work]
        lines += ["live:"] if self.listed else []
        for live in self.listed.values():
            lines.append("  - " + "\n    ".join(f"{key}: {value}" for key, value in live.items()))
        return "\n".join(lines) + "\n"

    @property
    def cohort(self) -> Cohort:
        return Cohort(1, "tea", "Tea", self.text, "Europe/Berlin", date(2026, 1, 5))

    @property
    def course(self) -> Course:
        return course_of(self.text)

    def weigh(self) -> None:
        """As `weighing.weigh` does."""
        known = list(self.sessions.values())
        told = rules.told(known, {s.id for s in known if self.yes.get(s.name)})
        agreed = {s.name: s.agreed for s in known if s.agreed}
        found = rules.weighed(self.cohort, self.zones, Settled(told, agreed, now=self.now))
        self.weighed = {one.live.id: one for one in found}
        for one in found:
            old = self.sessions.get(one.live.id)
            if old is not None and old.has_begun(self.now):
                new = rules.standing(old, one, self.cohort, self.now)
            else:
                new = rules.after(old, one, self.cohort, self.now)
            new = replace(new, id=new.id or NAMES.index(new.name) + 1)
            self.sessions[new.name] = rules.darkened(new, Counter(self.zones), self.course.live_rules, self.now)
        for name, gone in list(self.sessions.items()):
            if name in self.weighed:
                continue
            if gone.told_at is None:
                del self.sessions[name]
            elif gone.has_begun(self.now):
                self.sessions[name] = rules.standing(gone, None, self.cohort, self.now)
            elif gone.state != "removed":
                self.sessions[name] = rules.removed(gone, "removed", self.now)

    # What holds after each step

    def check(self) -> None:
        out = [s for s in self.sessions.values() if s.is_out]
        ahead = [s for s in out if not s.has_begun(self.now)]
        for one in ahead:
            self.is_worth_it(one)
        for one in out:
            self.stands(one)
        self.costs_nothing(out)
        assert all(n == 1 for n in Counter(s.week for s in ahead).values()), "more than one in a week"

    def is_worth_it(self, session: Session) -> None:
        """What the gate asks, without the gate."""
        live = session.live
        assert live is not None
        assert live.optional or (live.mandated and session.agreed), "nobody can be made to come"
        assert live.minutes <= 60
        assert len(session.slots) > 1
        open_ = 0
        open_ += live.kind not in WORTH_IT
        there = {m.id for m in self.course.milestones}
        counts = {
            "recording": live.recorded and bool(live.reflection) and live.kind != "sensitive",
            "feedback": live.kind == "sensitive",
        }
        open_ += not (live.alternative.item in there or counts.get(live.alternative.text, False))
        open_ += live.recorded == (live.kind == "sensitive")
        open_ += self.lacks(session) > 0
        assert open_ == 0 or (open_ == 1 and live.trial and session.agreed and session.state == "trial"), open_

    def lacks(self, session: Session) -> int:
        """The minutes that nothing pays. What is done in its place is done instead, however little of it is named."""
        live = session.live
        assert live is not None
        paid = Counter[str]()
        for pay in live.pays:
            paid[pay.item] += pay.minutes
        for m in self.course.milestones:
            if m.id == live.alternative.item and m.id in paid:
                paid[m.id] = min(live.minutes, m.minutes or 0)
        return session.minutes - paid.total()

    def stands(self, session: Session) -> None:
        """What was promised of one that has begun, and how one went that was settled."""
        live = session.live
        assert live is not None
        if session.has_begun(self.now):
            promise = (live.minutes, live.recorded, live.reflection, live.alternative, session.begins_at)
            assert self.promised.setdefault(session.name, promise) == promise
        if rules.waits_for_figures(session, self.cohort, self.now):
            here = [Taking(session.id, p, here_at=session.begins_at, counted=True) for p in range(5)]
            takings = [t if t.person in self.here.get(session.name, ()) else replace(t, here_at=None) for t in here]
            zones = dict(enumerate([self.zones[n % len(self.zones)] for n in range(5)]))
            counted = rules.counted(session, takings, (), zones, self.course.live_rules)
            verdict = rules.verdict([counted], self.course.live_rules, 5)
            session = replace(session, outcome=Outcome(counted, verdict, 1, rules.share_of([counted]), self.now))
            self.sessions[session.name] = session
            self.settled[session.name] = session.outcome
        if session.name in self.settled:
            assert rules.is_settled(session, self.cohort)
            assert session.outcome == self.settled[session.name]

    def costs_nothing(self, out: list[Session]) -> None:
        """Each week takes as long with its sessions as it would without them, and nothing pays twice."""
        course = self.course
        paid = list(rules.paid(course, out, {s.name: ("Or come",) for s in out}))
        dates = [telling_views.date(s, n) for s in out for n in range(1, len(s.slots) + 1)]
        entries = list(ledger.changes(1, (), ledger.wanted(self.cohort, course, dates, paid), None, self.now))
        given: Counter[tuple[int, str]] = Counter()
        for s in out:
            for pay in s.live.pays if s.live is not None else ():
                given[s.week, pay.item] += pay.minutes
        for n in range(1, len(course.weeks) + 1):
            mine = [s for s in out if s.week == n and s.live is not None]
            if any(s.has_begun(self.now) for s in mine):
                # What paid for it then may have been changed since.
                continue
            without = sum(i.minutes for i in ledger.items_of(course, n))
            assert ledger.week(course, n, entries, ()).planned == without + sum(map(self.lacks, mine))
            for (week, name), minutes in given.items():
                if week == n:
                    assert minutes <= sum(
                        i.minutes for i in course.items(week) if i.title == name or i.path == _path(course, name)
                    )

    # What happens

    def act(self, draw: st.DataObject) -> None:
        rare = (self.rework, self.remove, self.agree, self.say_yes, self.move)
        acts = (self.edit, self.edit, self.wait, self.wait, *rare)
        what = draw.draw(st.sampled_from(acts))
        note(what.__name__)
        what(draw)

    def edit(self, draw: st.DataObject) -> None:
        name = draw.draw(st.sampled_from(NAMES))
        self.listed[name] = draw.draw(sessions(name, self.work))

    def rework(self, draw: st.DataObject) -> None:
        n = draw.draw(st.integers(0, len(self.work) - 1))
        self.work[n] = draw.draw(weeks.map(lambda found: found[0]))

    def remove(self, draw: st.DataObject) -> None:
        self.listed.pop(draw.draw(st.sampled_from(NAMES)), None)

    def agree(self, draw: st.DataObject) -> None:
        name = draw.draw(st.sampled_from(NAMES))
        if name in self.sessions and name in self.weighed:
            old, terms = self.sessions[name], self.weighed[name].terms
            self.sessions[name] = replace(old, agreed="" if old.agreed else terms)

    def say_yes(self, draw: st.DataObject) -> None:
        name = draw.draw(st.sampled_from(NAMES))
        if name in self.sessions and rules.is_ahead(self.sessions[name], self.now):
            self.yes.setdefault(name, set()).add(0)
        if name in self.sessions and rules.is_on(self.sessions[name], self.now):
            self.here.setdefault(name, set()).add(draw.draw(st.integers(0, 4)))

    def wait(self, draw: st.DataObject) -> None:
        self.now += timedelta(hours=draw.draw(st.sampled_from((1, 12, 48, 120))))

    def move(self, draw: st.DataObject) -> None:
        self.zones = tuple(draw.draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=5)))


def _path(course: Course, name: str) -> str:
    return next((f"milestones[{n}]" for n, m in enumerate(course.milestones) if m.id == name), "")


# A history says by its notes what happened; to shorten one takes minutes.
@settings(max_examples=tries(400), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.data())
def test_what_learners_see_of_a_session_is_worth_its_cost_in_any_history(draw: st.DataObject) -> None:
    history = History(draw.draw(weeks), {})
    history.edit(draw)
    history.weigh()
    history.check()
    for _step in range(draw.draw(st.integers(6, 20))):
        history.act(draw)
        note(f"{history.now:%a %d %H:%M} {history.text}")
        history.weigh()
        history.check()
