"""A course with checked values. Minutes are whole minutes of a learner's time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Literal

from bot.core.time import local, next_time
from bot.core.timetable import DAY, Timetable
from bot.core.translation import N_
from bot.course.moment import Clockface as Clockface
from bot.course.moment import Moment as Moment

Audience = Literal["cohort", "instructors"]
Kind = Literal["text", "long", "choice", "scale", "number", "yes_no", "link"]
CHECKIN_OPEN = 2 * DAY
"""How long a check-in is open at most."""

Medium = Literal["video", "audio", "reading", "exercise", "tool"]
Argument = Literal["", "claim", "evidence", "question"]
Reveal = Literal["own", "close", "open"]
LiveKind = Literal[
    "rehearsal", "simulation", "decision", "sensitive", "community", "content", "discussion", "problem", "office_hours"
]


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a prompt. `options` are the choices of a 'choice' and the steps of a 'scale'."""

    id: str
    text: str
    kind: Kind = "long"
    audience: Audience = "instructors"
    options: tuple[str, ...] = ()
    required: bool = True


ASK = timedelta(days=14)
"""How much more time learners may ask for, unless the course file says otherwise."""

HOLD = timedelta(hours=48)
"""How long a reviewer keeps a piece, unless the course file says otherwise."""

BY_INSTRUCTOR = timedelta(days=7)
"""How much they may ask for where the course file says nothing about extensions."""


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much a date may move in all: learners move it by `own` themselves, and may ask for up to `ask`; a request
    for up to `auto` is granted at once. 0: not at all."""

    own: timedelta = timedelta(0)
    ask: timedelta = ASK
    auto: timedelta = timedelta(0)

    @property
    def free(self) -> timedelta:
        """How far a learner gets without an answer of the course team."""
        return max(self.own, self.auto)

    @property
    def longest(self) -> timedelta:
        return max(self.free, self.ask)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A wrap-up prompt. `weeks` are the weeks in which it is asked, from 1. `names`: each author is asked whether the
    cohort sees their name with all their answers, which then stay together, as introductions do."""

    id: str
    title: str
    weeks: tuple[int, ...]
    opens: Moment
    closes: Moment
    questions: tuple[Question, ...]
    names: bool = False
    extension: Extension = Extension(ask=BY_INSTRUCTOR)

    def name(self, week: int) -> str:
        """Its name in a week: 'Week 3 wrap-up' for the weekly wrap-up, else its own title with the week."""
        if self.title.lower() in ("", "weekly wrap-up", "wrap-up", "wrapup", "weekly wrapup"):
            return f"Week {week} wrap-up"
        return f"Week {week}: {self.title}"

    def window(self, table: Timetable, week: int, learner_zone: str) -> tuple[datetime, datetime]:
        """When it opens and closes (UTC) for a learner in `learner_zone`: see `window`."""
        return window(self.opens, self.closes, table, week, learner_zone)


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A question that learners answer for themselves; `answer` may be empty."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """Something to study. `transcript` is a link or a path, or 'yes' if the link itself carries it.

    `medium` is written in the file or guessed from the link and the title. `guide` holds guided notes or pause
    prompts, one a line.
    """

    title: str
    link: str = ""
    minutes: int = 0
    medium: Medium = "reading"
    transcript: str = ""
    captions: bool = False
    guide: tuple[str, ...] = ()

    @property
    def awaits_link(self) -> bool:
        """Whether it is a video with prompts to watch it by, as replaces a live session, that nobody can open yet."""
        return self.medium == "video" and bool(self.guide) and not self.link


@dataclass(frozen=True, slots=True)
class Week:
    """`number` counts from 1, `id` is the author's own name for it. `minutes` is the author's plan for the whole week,
    None if not given."""

    number: int
    title: str
    goal: str = ""
    minutes: int | None = None
    materials: tuple[Material, ...] = ()
    self_check: tuple[SelfCheck, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Late:
    """What happens after the due date: `accepted` work is marked late; `within` is None for no limit."""

    accepted: bool = True
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Work to hand in. Within `grace` after `due` it still counts as on time. `pod`: one hands in for their whole
    pod."""

    id: str
    week: int
    title: str
    opens: Moment
    due: Moment
    minutes: int = 0
    pod: bool = False
    grace: timedelta = timedelta(0)
    late: Late = Late()
    extension: Extension = Extension(ask=BY_INSTRUCTOR)
    essential: bool = False

    def window(self, table: Timetable, learner_zone: str, later: timedelta = timedelta(0)) -> tuple[datetime, datetime]:
        """When it opens and is due (UTC); `later` moves the due date by whole days."""
        opens = self.opens.at(table, self.week, learner_zone)
        return opens, self.due.at(table, self.week, learner_zone, after=opens, later=later)


@dataclass(frozen=True, slots=True)
class PostField:
    """One field of a post. `about` says what it is for, `part` what it is in an argument."""

    title: str
    about: str = ""
    part: Argument = ""


@dataclass(frozen=True, slots=True)
class DiscussionRound:
    """In each round, every learner writes one post with these fields."""

    opens: Moment
    closes: Moment
    fields: tuple[PostField, ...]


GROUP = 10
"""About how many people read one another in a discussion."""


@dataclass(frozen=True, slots=True)
class Discussion:
    """A structured discussion in one or more rounds. `replies`: how many posts of others a learner answers in the first
    one. `reveal`: when others' posts can be read: after one's 'own' post, at the 'close', or at once ('open').
    `group`: about how many people read one another in a large cohort, 0 for all."""

    id: str
    week: int
    title: str
    question: str
    rounds: tuple[DiscussionRound, ...]
    replies: int = 1
    minutes: int = 0
    reveal: Reveal = "own"
    group: int = GROUP
    extension: Extension = Extension(ask=BY_INSTRUCTOR)

    def window(self, table: Timetable, learner_zone: str) -> tuple[datetime, datetime]:
        """When its first round opens and its last one closes (UTC): see `window`."""
        last = len(self.rounds) - 1
        return self.round_window(0, table, learner_zone)[0], self.round_window(last, table, learner_zone)[1]

    def round_window(self, number: int, table: Timetable, learner_zone: str) -> tuple[datetime, datetime]:
        """The same for the round with this number, from 0."""
        one = self.rounds[number]
        return window(one.opens, one.closes, table, self.week, learner_zone)


@dataclass(frozen=True, slots=True)
class Checkin:
    """A check-in on the days of each of its `weeks`, about the shared document at `link`. `pod`: what members of a pod
    say is for their pod."""

    id: str
    title: str
    weeks: tuple[int, ...]
    days: tuple[Moment, ...]
    link: str = ""
    minutes: int = 0
    pod: bool = False
    extension: Extension = Extension(ask=BY_INSTRUCTOR)

    def windows(self, table: Timetable, week: int, learner_zone: str) -> list[tuple[Moment, datetime, datetime]]:
        """The days of a week in the order of time, and when the check-in of each opens and closes (UTC): after
        `CHECKIN_OPEN`, or when the next one opens."""
        found = {day.at(table, week, learner_zone): day for day in self.days}
        opens = sorted(found)
        closes = [found[at].at(table, week, learner_zone, after=at, later=CHECKIN_OPEN) for at in opens]
        return list(zip([found[at] for at in opens], opens, map(min, closes, [*opens[1:], closes[-1]]), strict=True))


@dataclass(frozen=True, slots=True)
class ScenarioChoice:
    """A choice that leads to the node with the id `to`. `feedback` is read above that node."""

    label: str
    to: str
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioNode:
    """A moment of a scenario. It has either choices, or the name of the `ending` that it is."""

    id: str
    text: str
    choices: tuple[ScenarioChoice, ...] = ()
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A short story that branches with each choice of a learner. `start` is the id of its first node."""

    id: str
    week: int
    title: str
    opens: Moment
    start: str
    nodes: tuple[ScenarioNode, ...]
    minutes: int = 0

    def node(self, id: str) -> ScenarioNode | None:
        return next((n for n in self.nodes if n.id == id), None)


@dataclass(frozen=True, slots=True)
class Review:
    """A peer review of a milestone's work, in `week`: each learner reviews `reviews` pieces against the rubric.
    `anonymous`: authors and reviewers do not learn of one another. `points`: the most that a review gives, 0 for none.
    `hold`: how long a reviewer keeps a piece that they do not finish."""

    id: str
    milestone: str
    week: int
    title: str
    opens: Moment
    due: Moment
    rubric: tuple[str, ...]
    reviews: int = 2
    minutes: int = 0
    anonymous: bool = False
    points: int = 0
    hold: timedelta = HOLD

    def window(self, table: Timetable, learner_zone: str, later: timedelta = timedelta(0)) -> tuple[datetime, datetime]:
        """When it opens and is due (UTC); `later` moves both by whole days, as its milestone was moved."""
        opens = self.opens.at(table, self.week, learner_zone, later=later)
        return opens, self.due.at(table, self.week, learner_zone, after=opens, later=later)


INTRODUCED = (
    N_("Where are you writing from?"),
    N_("What do you want to take from this course?"),
    N_("When are you usually here?"),
)
"""What people answer to introduce themselves to their pod, unless the course file asks other questions."""


@dataclass(frozen=True, slots=True)
class Pods:
    """Small groups, formed in `week` when it `opens`: of those who ask for one, or of `all`. `size`: how many each has
    if the numbers come out; `questions`: what people answer to introduce themselves."""

    opens: Moment
    week: int = 1
    size: int = 5
    join: Literal["ask", "all"] = "ask"
    questions: tuple[str, ...] = INTRODUCED

    def formed_at(self, table: Timetable, zone: str) -> datetime:
        """When they are formed (UTC), in a cohort of this zone."""
        return self.opens.at(table, self.week, zone)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What counts in full for learners who do not come: the `item` with this id, or else what `text` says:
    'recording', 'feedback', or words that nobody can count."""

    item: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """`minutes` that an item gives up for a session: an id, or the title of a material, of the session's week."""

    item: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Metric:
    """What makes a session worth it, in percent: of the learners `attended`, and of these said that it was `worth`
    the time."""

    attended: int
    worth: int


@dataclass(frozen=True, slots=True)
class Live:
    """A live session with its answers to the six questions of the gate. `mandated`: the policy that makes it
    mandatory; `workload`: what was taken out for it, in words; `link`: where the call is, for those who said yes."""

    id: str
    week: int
    title: str
    minutes: int
    slots: tuple[Moment, ...]
    kind: LiveKind | None = None
    objective: str = ""
    goal: str = ""
    optional: bool = False
    alternative: Alternative = Alternative()
    reflection: tuple[str, ...] = ()
    recorded: bool = False
    pays: tuple[Payment, ...] = ()
    workload: str = ""
    metric: Metric | None = None
    trial: bool = False
    mandated: str = ""
    link: str = ""

    @property
    def unpaid(self) -> int:
        """The minutes that it adds to its week."""
        return max(0, self.minutes - sum(p.minutes for p in self.pays))


@dataclass(frozen=True, slots=True)
class QuietRoom:
    """A room to work silently beside others. It opens for `minutes` at the `slots` of its `weeks`, and takes nothing of
    what a week asks for. `any_hour`: also at those outside the hours of messages."""

    id: str
    title: str
    weeks: tuple[int, ...]
    slots: tuple[Moment, ...] = ()
    minutes: int = 50
    any_hour: bool = False


@dataclass(frozen=True, slots=True)
class LiveRules:
    """What live sessions have to keep, and from which attendance on one is in doubt. Shares are percent, `slots_apart`
    are hours, `waking` are the hours of a day in which a slot may lie."""

    replace_under: int = 50
    drop_under: int = 30
    reflect_days: int = 7
    longest: int = 60
    per_week: int = 1
    weeks_share: int = 50
    slots_apart: int = 12
    trial_sessions: int = 2
    waking: tuple[time, time] = (time(8), time(22))


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount: all, a count, or a share (0 to 1)."""

    all: bool = False
    count: int = 0
    share: float = 0.0

    def of(self, total: int) -> int:
        """The amount as a number, out of `total`."""
        return total if self.all else min(total, max(self.count, ceil(round(self.share * total, 6))))


@dataclass(frozen=True, slots=True)
class Completion:
    """The completion rule: which `milestones` to hand in (the 'essential' ones, or an amount of all), how many
    `wrapups` to answer, in how many `discussions` to take part, how many `scenarios` to play to an ending,
    and in how many peer `reviews` to give what is asked for."""

    milestones: Literal["essential"] | Quantity = "essential"
    wrapups: Quantity = Quantity()
    discussions: Quantity = Quantity()
    scenarios: Quantity = Quantity()
    reviews: Quantity = Quantity()


@dataclass(frozen=True, slots=True)
class Messages:
    """When and how often the bot may write: from `start` until before `end` on the reader's clock, `reminders` a week
    at most."""

    start: time = time(8)
    end: time = time(22)
    reminders: int = 1

    def hour(self, wished: int) -> time:
        """When to write to a person who prefers the hour `wished` (0-23): then, or the nearest full hour in time."""
        return max(time(min(wished, self.last_hour)), self.start)

    @property
    def last_hour(self) -> int:
        """The last full hour (0-23) at which the bot may write."""
        return self.end.hour if self.end.minute else self.end.hour - 1

    def waking(self, now: datetime, wished: int, zone: str) -> datetime:
        """Now if messages are allowed at this hour in `zone`, else the next `hour(wished)` there."""
        if self.start <= local(now, zone).time() < self.end:
            return now
        return next_time(now, self.hour(wished), zone)

    def posting(self, now: datetime, zone: str) -> datetime:
        """Now if channels may get posts at this hour in `zone`, else when `start` comes there."""
        return self.waking(now, self.start.hour, zone)


@dataclass(frozen=True, slots=True)
class Faq:
    """`answer_within` is the promised and measured time; entries unverified for `verify_after` are shown as stale.
    `unreviewed`: who finds a thread's answer before it is approved."""

    answer_within: timedelta = timedelta(hours=24)
    verify_after: timedelta = timedelta(days=180)
    public: bool = False
    unreviewed: Literal["cohort", "course"] = "cohort"


@dataclass(frozen=True, slots=True)
class Privacy:
    """`quotes`: whether the cohort's report may ask to quote. Numbers are about at least `smallest_group` people. After
    `keep_days` from the end of a cohort its learners are erased; 0: they are not."""

    anonymous_questions: bool = True
    quotes: Literal["ask", "never"] = "ask"
    smallest_group: int = 5
    keep_days: int = 0

    def kept_until(self, ended: datetime) -> datetime | None:
        """Until when a cohort that `ended` keeps what is its learners'; None: until they erase it."""
        return ended + timedelta(days=self.keep_days) if self.keep_days else None


@dataclass(frozen=True, slots=True)
class Manager:
    """When a cohort would like its manager's look, in percent; 0 turns a rule off. `look_feedback_days`: how long work
    may wait for feedback. `look_team_hours`: how long a week may take an instructor."""

    look_under: int = 50
    look_at_risk: int = 25
    look_feedback_days: int = 14
    look_late: int = 50
    look_over: int = 25
    look_outside: int = 30
    look_team_hours: int = 10

    def too_few(self, number: int, base: int) -> bool:
        """Whether so few did what was expected of them that it would like a look."""
        return number * 100 < base * self.look_under

    def too_many_at_risk(self, number: int, base: int) -> bool:
        return _reaches(number, base, self.look_at_risk)

    def too_late(self, late: int, came: int) -> bool:
        return _reaches(late, came, self.look_late)

    def takes_too_long(self, reported: int, budget: int) -> bool:
        """Whether a week took so many minutes more than its budget."""
        return self.look_over > 0 and reported * 100 >= budget * (100 + self.look_over)

    def takes_the_team_too_long(self, minutes: int) -> bool:
        return 0 < self.look_team_hours * 60 < minutes

    def too_many_outside(self, number: int, base: int) -> bool:
        return _reaches(number, base, self.look_outside)


def _reaches(number: int, base: int, share: int) -> bool:
    """Whether a number is so many percent of a base or more; 0 percent: never."""
    return 0 < share <= 100 * number / max(base, 1)


@dataclass(frozen=True, slots=True)
class Item:
    """An item that takes a learner's time in a week. `kind` is the name of its list in the course file. `name` stands
    for it also if it gets another place in the file, or another title: a material has nothing but its title."""

    kind: str
    title: str
    minutes: int
    path: str
    id: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.id or self.title}"


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course. `recap`: instructors get a script for their recap of each week. `spots` has the position of each
    item in the file: path -> (line, column), from 1."""

    id: str
    title: str
    weekly_minutes: int
    completion: Completion = Completion()
    language: str = "en"
    live_only: tuple[str, ...] = ()
    recap: bool = True
    weeks: tuple[Week, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    checkins: tuple[Checkin, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    reviews: tuple[Review, ...] = ()
    pods: Pods | None = None
    live: tuple[Live, ...] = ()
    rooms: tuple[QuietRoom, ...] = ()
    live_rules: LiveRules = LiveRules()
    faq: Faq = Faq()
    privacy: Privacy = Privacy()
    messages: Messages = Messages()
    manager: Manager = Manager()
    spots: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_english(self) -> bool:
        """Whether texts can be compared by their meaning: the models read English alone."""
        return self.language.partition("-")[0].lower() in ("en", "eng")

    def week(self, number: int) -> Week | None:
        """The week with that number (from 1), None if there is none."""
        return self.weeks[number - 1] if 1 <= number <= len(self.weeks) else None

    def last_day(self, table: Timetable) -> date:
        """The Sunday of the last week."""
        return table.monday(max(1, len(self.weeks))) + 6 * DAY

    def prompt(self, id: str) -> Prompt | None:
        return next((p for p in self.prompts if p.id == id), None)

    def milestone(self, id: str) -> Milestone | None:
        return next((m for m in self.milestones if m.id == id), None)

    def review(self, id: str) -> Review | None:
        return next((r for r in self.reviews if r.id == id), None)

    def checkin(self, id: str) -> Checkin | None:
        return next((c for c in self.checkins if c.id == id), None)

    def discussion(self, id: str) -> Discussion | None:
        return next((d for d in self.discussions if d.id == id), None)

    def scenario(self, id: str) -> Scenario | None:
        return next((s for s in self.scenarios if s.id == id), None)

    def path(self, id: str) -> str:
        """The path of the prompt, milestone or discussion with that id; '' if there is none."""
        lists: dict[str, Sequence[Prompt | Milestone | Discussion]] = {
            "prompts": self.prompts,
            "milestones": self.milestones,
            "discussions": self.discussions,
        }
        found = (f"{name}[{i}]" for name, some in lists.items() for i, one in enumerate(some) if one.id == id)
        return next(found, "")

    def items(self, number: int) -> tuple[Item, ...]:
        """The items that take a learner's time in that week, in the order of the file."""
        week = self.week(number)
        at = f"weeks[{number - 1}].materials"
        materials = week.materials if week else ()
        found = [Item("materials", m.title, m.minutes, f"{at}[{i}]") for i, m in enumerate(materials)]
        lists: tuple[tuple[str, Sequence[Milestone | Discussion | Scenario | Review]], ...] = (
            ("milestones", self.milestones),
            ("discussions", self.discussions),
            ("scenarios", self.scenarios),
            ("reviews", self.reviews),
        )
        for kind, things in lists:
            found += [
                Item(kind, thing.title, thing.minutes, f"{kind}[{i}]", thing.id)
                for i, thing in enumerate(things)
                if thing.week == number
            ]
        found += [
            Item("checkins", c.title, c.minutes * len(c.days), f"checkins[{i}]", c.id)
            for i, c in enumerate(self.checkins)
            if number in c.weeks
        ]
        found += [
            Item("live", one.title, one.unpaid, f"live[{i}]", one.id)
            for i, one in enumerate(self.live)
            if one.week == number
        ]
        return tuple(found)

    def minutes(self, number: int) -> int:
        """The planned minutes of that week, as on its card: the author's figure, or the sum of its items if that is
        more."""
        week = self.week(number)
        return max((week.minutes or 0) if week else 0, sum(i.minutes for i in self.items(number)))

    def checked_in(self) -> set[int]:
        """The weeks with a check-in."""
        return {week for c in self.checkins for week in c.weeks}

    def at_work(self) -> set[int]:
        """The weeks in which learners work on a milestone, discuss, check in or play a scenario."""
        found = {d.week for d in self.discussions} | {s.week for s in self.scenarios} | self.checked_in()
        for m in self.milestones:
            found |= set(range(m.opens.week or m.week, (m.due.week or m.week) + 1))
        return found


def window(opens: Moment, closes: Moment, table: Timetable, week: int, learner_zone: str) -> tuple[datetime, datetime]:
    """When something opens and closes (UTC).

    `closes` is the first such weekday and time after `opens` in the file, so 'Fri' to 'Mon' ends on the next Monday.
    The weeks are those of the file, not of instants: on another clock, a moment could otherwise fall into the week
    before for zones that are far ahead.
    """
    opening = opens.week or week
    later = 0 if closes.week or closes.wall() > opens.wall() else 1
    opened = opens.at(table, opening, learner_zone)
    return opened, closes.at(table, opening + later, learner_zone, after=opened)
