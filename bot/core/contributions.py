"""What features contribute to views that another feature draws: a person's own page, the desk, the manager's week, the
week card, the calendar, completion.

A feature declares a function for a kind, in its own folder:

@feature.contributes(DESK)
def on_the_desk(turn: Turn[QuestionStore], cohort: Cohort, instructor: Person) -> Sequence[Pile]: ...

The feature that draws the view calls all of them with `turn.collect(DESK, cohort, instructor)`, and knows nothing else
about them. A new kind is a value class and a constant in this module.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Generic, Literal, ParamSpec, TypeVar

from bot.core.advice import Code
from bot.core.events import PostHeld
from bot.core.forms import Form, Kept
from bot.core.message import Block, Button, Document, Message, Text
from bot.core.people import Cohort, MessageRef, Person, Place, Role
from bot.core.timetable import Timetable
from bot.core.voice import Line, Rank

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Contribution(Generic[P, R]):
    """A kind of contribution: a function that takes a turn and the arguments P and returns any number of R.

    `spared`: a view is shown without what fails, and the failure is logged. Without it the whole act fails, because
    what is decided from the rest alone would be wrong. `once`: several views of a page ask for the same, so it is made
    once until something is written (bot/core/once.py).
    """

    name: str
    spared: bool = False
    once: bool = False


class ByPerson(Contribution[[Cohort, Sequence[Person]], tuple[int, R]]):
    """Such a function about some people of a cohort, which returns any number of R with the id of the person. It is
    asked once for each of them until something is written: query the database once for all, and let what is said of
    somebody not depend on who else is asked."""


# Who did something


@dataclass(frozen=True, slots=True)
class Activity:
    """A person did something in a cohort; `at` is the last time within the span that was asked about. `newest`: it is
    the last time of all, and nothing is known of earlier spans, so it says nothing about a change. `in_thread`: they
    wrote where others read it, in a thread of the cohort. `instructors_only`: figures count it, but who did it is for
    instructors alone."""

    person: int
    at: datetime
    newest: bool = False
    in_thread: bool = False
    instructors_only: bool = False


ACTIVITY: Contribution[[Cohort, datetime, datetime], Activity] = Contribution("activity", once=True)
"""Who was active in a cohort from an instant until before another. Only participation counts (a question, public or
private, an answer, work, a request for more time, a move in a scenario, a try of a self-check, a message in a channel),
not a press of any other button."""


# What a message may fill


@dataclass(frozen=True, slots=True)
class Fillable:
    """A form that a learner can send now, with what it has already. A private message of theirs whose parts begin with
    the labels of its fields is put into it (bot/core/labelled.py), for them to look at and send. `item`: the `name` of
    its `Item`. `team`: the fields that only the course team reads."""

    form: Form
    item: str
    team: frozenset[str] = frozenset()


FILLABLE: Contribution[[Cohort, Person], Fillable] = Contribution("fillable")
"""The forms that a learner can send now. Publish `ItemDone` once one was sent."""


# One's own page


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something that a person could do next. `at` is when it is due, None if any time will do. `first`: says how things
    stand, before everything that can be done; `last`: says how far one has come, after it. `answers_later`: it opens at
    `at`, and takes private messages from then on. `always`: it comes once, so it keeps its line and its button where
    others have no room. `counts`: it is still accepted although its date has passed, so it comes before what is only
    there to look at. `name`: what it is about in a few words, for its button where others have the same label."""

    text: Text
    at: datetime | None = None
    button: Button | None = None
    first: bool = False
    last: bool = False
    answers_later: bool = False
    always: bool = False
    counts: bool = False
    name: str = ""


AGENDA: Contribution[[Person, Cohort], Upcoming] = Contribution("agenda", spared=True)
"""What a person can do next in a running cohort. `turn.features.upcoming` sorts it."""

AGENDA_AFTER_END: Contribution[[Person, Cohort], Upcoming] = Contribution("agenda after the end", spared=True)
"""What a person still has, or can still do, in a cohort that has ended."""


# The instructor's desk


class Urgency(IntEnum):
    """How urgent a pile is; the desk shows the most urgent one first. 'For information' is small print, and makes no
    desk by itself."""

    OVERDUE = 0
    DUE = 1
    USUAL = 2
    FOR_INFORMATION = 3


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One thing in a pile. `name` is chosen by the feature and never changes ('questions/17'); at most 50 characters.
    Its part after the last '/' is unique in its pile, at most 8 characters, without dots.

    `since`: since when it waits. `text`: who and what, in one line. `words`: what a learner wrote; the desk quotes its
    beginning. `hint`: one more line, such as a suggestion. `buttons`: what can be done; a desk has the first three
    ('Seen' is one of them), the pages of a pile have all. `quick`: one press is enough, so it comes first. `minutes`:
    how long it takes, 0 if somebody else has taken it. `parts`: names of what it consists of. An item is new again when
    its `since` is later or it has a new part. `stands`: a promise is broken, or somebody is hurt, so it has a line on
    each desk until it is dealt with, and a part that says so. In a pile that is overdue, 'Seen' takes it off for the
    day alone. `replied`: somebody has replied, so nobody waits, and it can be settled.
    """

    name: str
    since: datetime
    text: Text
    words: str = ""
    hint: Text = ()
    buttons: Sequence[Button] = ()
    minutes: int = 0
    parts: Sequence[str] = ()
    quick: bool = False
    stands: bool = False
    replied: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with a title, which may be empty."""

    title: str
    lines: Sequence[Text]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind on an instructor's desk. All cohorts' piles of one kind share a title ('Questions'); the desk
    adds how many are new and how many are not.

    `items`: the oldest first; the desk shows what is new or changed, and has pages for the rest. `more`: how many
    others there are. `minutes` is the time for everything that is not an item, and `buttons` apply to the whole pile.
    A pile for information shows its title alone. `can_be_seen`: each item has a button 'Seen', which takes it off the
    desk of the course team until its `since` or `parts` change; `SeenOnDesk` tells of it. `seen_by`: the feature whose
    action 'seen' these buttons name; it hands the press on to `digests.seen`. `seen_at_once`: one more button marks the
    whole pile. Publish `DeskChanged` when an item comes, changes or is
    done: posted desks follow.
    """

    name: str
    title: Text
    items: Sequence[DeskItem] = ()
    more: int = 0
    listings: Sequence[Listing] = ()
    buttons: Sequence[Button] = ()
    minutes: int = 0
    urgency: Urgency = Urgency.USUAL
    can_be_seen: bool = False
    seen_by: str = "digests"
    seen_at_once: bool = False


DESK: Contribution[[Cohort, Person], Pile] = Contribution("desk", spared=True)
"""What waits in a cohort for a member of its course team. Managers also see the desk, so return what only instructors
may read for an instructor only. The cohort may have ended."""

DEALT_WITH: Contribution[[Cohort, Collection[str]], tuple[str, Text]] = Contribution("dealt with", spared=True)
"""What items of the desk with these names were about, in a few words, once they are done: (name, words). Nothing about
what was taken back. Only instructors read it."""


# The instructor's recap of a week

Part = Literal["questions", "answers", "stuck", "numbers", "thanks"]
"""What a passage of a recap is about. A recap has them in this order."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a person in a text, exactly as they stand in it."""

    person: int
    words: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What a feature adds to the script of an instructor's recap: one to three whole sentences, as one says them to the
    cohort. It names and quotes only people in `NAMED`, and counts nobody under the course's `smallest_group` by what
    only instructors read. `name` is the feature's own ('questions/asked'). Where not all passages fit, those with a
    higher `rank` are left out first. `text` is empty if something happened that is not told. `quotes`: whose words it
    has."""

    name: str
    part: Part
    text: str
    rank: int = 1
    quotes: Sequence[Quote] = ()


RECAP: Contribution[[Cohort, int, datetime, datetime], Passage] = Contribution("recap", spared=True)
"""What an instructor could say in their recap of the week with this number, about what happened from an instant until
before another."""

NAMELESS_THANKS: Contribution[[Cohort, Person], Button] = Contribution("thanks without names")
"""How somebody thanks for what the bot brought them from people whom they do not know."""

NAMED: Contribution[[Cohort], int] = Contribution("named")
"""The members of a cohort who agreed to be named and quoted where their help is told. Publish `NamingChanged`."""


OUTLINE: Contribution[[Cohort, datetime], Listing] = Contribution("outline", spared=True)
"""Figures of the week that began then, below the script of its recap: for the course team alone, never said aloud."""


# Work and the feedback on it


@dataclass(frozen=True, slots=True)
class Work:
    """What a learner handed in, as it is now. `name` is chosen by the feature, never changes and works as the name of a
    `DeskItem` ('milestones/17'). `item` is its `Item.key`, and `path` its item in the course file. `late`: it came, or
    was last changed, late. `pod`: the key of the pod for which one of its people handed it in. Each of them has it as
    their own then, with the same `item` and `changed_at`, so it is read once (`once`). `by` is who
    handed it in, where that is known."""

    name: str
    person: int
    item: str
    path: str
    title: str
    first_at: datetime
    changed_at: datetime
    late: bool = False
    text: str = ""
    link: str = ""
    file: Kept | None = None
    pod: str = ""
    by: int | None = None

    @property
    def once(self) -> tuple[object, ...]:
        """The same for everybody whose work it is."""
        return (self.item, self.pod, self.changed_at) if self.pod else (self.name,)


WORK: Contribution[[Cohort, Collection[int] | None], Work] = Contribution("work", once=True)
"""The work that these learners (None: all) handed in and did not take back. `WorkHandedIn` tells of new work and of
changes."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a cohort has come with a piece of work: `came` of `asked` learners handed it in, `late` of them late."""

    title: str
    came: int
    asked: int
    late: int


STEPS: Contribution[[Cohort], Step] = Contribution("steps")
"""The work that has opened, soonest due first, over the base of its other figures."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a piece of `WORK` with this name got: `feedback`, and whether it `waits` to be dealt with as it is now."""

    work: str
    feedback: bool
    waits: bool


HEARD: Contribution[[Cohort], Heard] = Contribution("heard", spared=True, once=True)
"""What each piece of work in a cohort got."""


# The review of the FAQ


@dataclass(frozen=True, slots=True)
class Thread:
    """How the answer to a question is known: the asker marked it, the course team did, or it was read out of the
    `thread` without a mark. `lines`: the messages that were read, as (author, words)."""

    known: Literal["asker", "team", "thread"]
    lines: Sequence[tuple[str, str]] = ()


THREAD: Contribution[[int], Thread] = Contribution("thread", spared=True)
"""How the answer to the question with this number is known, for those who review what was made of it."""


# What is looked at again after a downtime


FOLLOWED: Contribution[[Cohort], MessageRef] = Contribution("followed", spared=True)
"""The first messages of conversations in channels whose words the feature still shows, at most 100. After a downtime
adapters look whether they were edited or deleted meanwhile."""


# What is not in its channel


@dataclass(frozen=True, slots=True)
class HeldPost:
    """What somebody wrote that is not in its channel. `words`: theirs; `about`: what they reply to. `kept`: who has it
    all the same; empty if nobody. `buttons`: what they can do. `quiet`: they need not hear of it. `said`: their receipt
    says already that it waits. `by`: the author, if the reader is somebody else, who posts it again. `told`: the
    feature itself tells the author (`held_key`), as of all that was taken back (`event.state` is 'dropped')."""

    words: str = ""
    about: str = ""
    kept: str = ""
    buttons: Sequence[Button] = ()
    quiet: bool = False
    said: bool = False
    by: str = ""
    told: bool = False


HELD: Contribution[[PostHeld], HeldPost] = Contribution("held", spared=True)
"""What a post is, for its author, who hears that it waits, is there after all, or was given up."""


# The manager's week


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a cohort's last seven days, for its manager: `label`, then `value`, of `base` if it is a part, then
    `more` about it ('2 late'). `base` and `before` are of the same kind as `value`.

    `before` is the figure of the seven days before, None if there is nothing to compare with. `wants_a_look`: it is
    beyond its threshold; `button` is what the manager can do about it. `dated`: it follows from what happened before
    `turn.now` alone, so it also holds for an earlier week. Count over `Directory.expected`. Return no figure about what
    only instructors may read for fewer people than the course's `smallest_group`; several numbers about what people
    said go through `disclosable` (bot/core/small_groups.py).
    """

    name: str
    label: str
    value: int | timedelta
    base: int | timedelta | None = None
    before: int | timedelta | None = None
    wants_a_look: bool = False
    button: Button | None = None
    more: Sequence[str] = ()
    dated: bool = False

    @property
    def share(self) -> int | None:
        """Of its base, in percent; None without one."""
        if isinstance(self.value, timedelta):
            return round(100 * (self.value / self.base)) if isinstance(self.base, timedelta) and self.base else None
        return round(100 * self.value / self.base) if isinstance(self.base, int) and self.base else None

    @property
    def change(self) -> int | timedelta | None:
        """Since the seven days before; None: there is nothing to compare with."""
        if isinstance(self.value, timedelta):
            return self.value - self.before if isinstance(self.before, timedelta) else None
        return self.value - self.before if isinstance(self.before, int) else None


TROUBLE: Contribution[[Cohort], Text] = Contribution("trouble", spared=True)
"""What keeps the bot from its work in a cohort: since when, why, and what mends it. It leads what managers read."""

FIGURES: Contribution[[Cohort], Figure] = Contribution("figures", spared=True)
"""The figures of a cohort's last seven days."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a run of a course came to, up to now: `value` is a count of `base`, or a time, which `base` people or
    reports told; None: not measured. `people`: both count people, so that it can be said what chance alone would do.
    `name` is chosen by the feature ('completion/completed')."""

    name: str
    label: str
    value: int | timedelta | None
    base: int | None = None
    people: bool = False

    @property
    def share(self) -> int | None:
        """In percent."""
        return round(100 * self.value / self.base) if isinstance(self.value, int) and self.base else None


MEASURES: Contribution[[Cohort], Measure] = Contribution("measures", spared=True)
"""What a cohort's run came to, for its managers, who compare runs by it: nothing that only instructors may read."""


Sign = Literal["questions", "alone", "late", "stuck", "minutes", "feedback", "team"]
"""What tells that something is hard: questions about a week, of which nobody replied to some (`alone`); work that came
late or not at all; words about being stuck; more minutes than planned; a long wait for feedback. `team`: minutes that
instructors say a week took them, by so many (`base`)."""


@dataclass(frozen=True, slots=True)
class Snag:
    """A sign in a week; with `path`, about that item of the course file. `value` is a count, of `base` if it is a part,
    or a time. `hard`: it asks for a remedy. `words`: what people wrote, with who; only instructors read it."""

    sign: Sign
    week: int
    value: int | timedelta
    base: int | None = None
    path: str = ""
    hard: bool = False
    words: Sequence[tuple[int, str]] = ()


SNAGS: Contribution[[Cohort], Snag] = Contribution("snags", spared=True)
"""Where people of a cohort get stuck, for its instructors."""

WRITTEN: Contribution[[Cohort, Mapping[int, datetime]], tuple[int, int, datetime]] = Contribution("written")
"""To which learners the course team has written since an instant of each: learner, author, and when last."""

REMEDIES: Contribution[[Cohort, str], Button] = Contribution("remedies")
"""What may mend an item of the course (its path in the course file) in which people get stuck; nothing where they do
not. The course team presses it, and nothing tells what only instructors may read."""

ALIKE: Contribution[[Sequence[str]], Sequence[int]] = Contribution("alike")
"""The groups of two or more of these texts that say the same, by their numbers."""


@dataclass(frozen=True, slots=True)
class Attention:
    """Why the course team may want to talk to a learner ('nothing since 5 January', 'came back on Monday').

    `why` is read behind the learner's name and a colon. `since`: since when that holds. `at_risk`: they may drop out.
    `buttons`: what helps, such as more time. Managers also read it, so it says nothing that only instructors may read.
    `key`: what makes it new, if that is not its words and its date. `quiet`: they gave no sign under their name.
    """

    person: int
    name: str
    why: Text
    since: datetime
    at_risk: bool = True
    buttons: Sequence[Button] = ()
    key: str = ""
    quiet: bool = False


ATTENTION: Contribution[[Cohort], Attention] = Contribution("attention", spared=True)
"""Learners whom the course team may want to talk to."""

LETTER: Contribution[[Cohort, Mapping[int, datetime], str], int] = Contribution("letter")
"""Sends these words of the acting person to learners who are quiet, each with since when: whoever had a word of the
course team since then gets no other. Returns the ids of those who get it."""


# What a course asks of a learner: the week card, the channel's opening, the calendar, reminders


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do in a week of the course, as one learner has it. Its dates are stored, or follow from the course
    file for a person without stored ones (the course team; `Person.id` 0 stands for any learner in that zone).
    `usual_items` in bot/core/calendar.py has the stored dates for them.

    `name` is chosen by the feature and never changes ('milestone/draft'); `id` is the one in the course file. `to_do`
    says what to do, without the date ('Hand in “The page”'); `state` is its status on the card ('to hand in', 'handed
    in'). `optional`: this learner need not do it. `essential`: the course says so; `required`: it cannot be completed
    without this item. `grace`: how long after `due_at` it counts as on time. `late_until`: until when it is accepted
    late; without it nothing is, or (`late_without_end`) always. `closes`: it can be done until `due_at` ('closes'
    instead of 'is due'), and is offered until `welcome_until` all the same. `own_clock`: `due_at` depends on each
    learner's clock; `own_date`: it is this learner's alone (it was moved for them, or they joined late). `button` does
    it; `shift` moves its date. `apart`: it has a card of its own at the anchor '`name`/person', so the week card does
    not list it. What else its feature says of it alone stands at '`name`/cohort/person'. A reminder that shares its
    message leaves the item out. Learners who are short of time and have nothing else to do get this text instead
    ('Answer the wrap-up at the end of the week'). `private`: it is on the learner's own card, and not in the channel's
    opening of the week.
    `begun`: this learner has said something in it, even if it is not done. `late`: they did so after its close.
    `paid`: all of its minutes went to something else (`PAYS`), so it is optional, and nobody is asked for it.
    `instead`: what can be done in its place. `waits`: there is nothing to do for it yet, so the card names no date.
    """

    name: str
    id: str
    week: int
    title: str
    to_do: Text
    opens_at: datetime
    due_at: datetime
    minutes: int = 0
    done: bool = False
    optional: bool = False
    essential: bool = False
    required: bool = False
    state: str = ""
    grace: timedelta = timedelta(0)
    late_until: datetime | None = None
    late_without_end: bool = False
    closes: bool = False
    welcome_until: datetime | None = None
    own_clock: bool = False
    own_date: bool = False
    button: Button | None = None
    shift: Button | None = None
    apart: str = ""
    private: bool = False
    begun: bool = False
    late: bool = False
    paid: bool = False
    instead: Text = ()
    waits: bool = False

    @property
    def key(self) -> str:
        """Names it for one person and for anybody: the feature's part of `name`, and `id`."""
        return f"{self.name.partition('/')[0]}/{self.id}"

    @property
    def in_time_until(self) -> datetime:
        """Until when it counts as on time."""
        return self.due_at + self.grace

    @property
    def taken_until(self) -> datetime | None:
        """Until when it is accepted at all; None: without an end."""
        return None if self.late_without_end else max(self.late_until or self.due_at, self.in_time_until)

    @property
    def matters(self) -> bool:
        """Whether it matters for the whole course."""
        return self.essential or self.required

    @property
    def is_left_out(self) -> bool:
        """Whether no view has it: all of its minutes went to something else, and this learner has not begun it."""
        return self.paid and not (self.done or self.begun)

    @property
    def is_asked(self) -> bool:
        """Whether the learner still has to do it."""
        return not self.done and not self.optional

    def is_ahead(self, now: datetime) -> bool:
        """Whether `due_at` is ahead and the learner still has to do it."""
        return self.is_asked and now < self.due_at

    def is_pending(self, now: datetime) -> bool:
        """Whether the learner still has to do it, and it is still accepted, perhaps late."""
        return self.is_asked and ((until := self.taken_until) is None or now < until)

    def is_welcome(self, now: datetime) -> bool:
        """Whether it has closed, and the learner may still do it without being asked for it."""
        return self.is_asked and self.welcome_until is not None and self.due_at <= now < self.welcome_until

    def is_lost(self, now: datetime) -> bool:
        """Whether work that matters for the whole course is missing and accepted no more."""
        return self.matters and self.is_asked and not self.is_pending(now)

    def next_date(self, now: datetime) -> datetime | None:
        """The next date that matters for a pending item: when it is due, late, or accepted no more; None: none."""
        dates = (self.due_at, self.in_time_until, self.late_until)
        return next((at for at in dates if at is not None and now < at), None)


ITEMS: ByPerson[Item] = ByPerson("items")
"""What is asked of these people, as (person's id, item) in course order. Views
get them by `asked_of` (bot/core/asking.py).
Publish `ItemDone`, `ItemTakenBack`, `ItemMoved` and `ItemsChanged`: cards, reminders and completion follow these."""


TOOK_PART: Contribution[[Cohort], tuple[str, str, int]] = Contribution("took part")
"""Who did something in an item of the course: (list of the course file, id, person), once or several times. Such an
item keeps its id. What was taken back is left out; what somebody did who has left since is not."""


@dataclass(frozen=True, slots=True)
class Paid:
    """In a week, an item gives up `minutes` for something else: `item` is its id in the course file, or the title of a
    material. Without minutes left (`whole`) nobody is asked for it, unless it `stays`. `instead` stands beside it: what
    can be done in its place; it is shown whole then, and these minutes are those of both, which count once. `since`:
    what of it was over then keeps its minutes."""

    week: int
    item: str
    minutes: int
    stays: bool = False
    instead: Text = ()
    whole: bool = False
    since: datetime | None = None


PAYS: Contribution[[Cohort], Paid] = Contribution("pays", once=True)
"""What gives up its minutes in a cohort: see `asked_of` and `left_out`. Publish `ItemsChanged`."""


@dataclass(frozen=True, slots=True)
class Given:
    """`days` more for a person, or (0) for everybody, on the item with this name. An empty `item` stands for all items;
    'kept/' before a name, for what a person keeps of that for one item. `MoreTime` adds them up."""

    item: str
    person: int
    days: int


MORE_TIME: Contribution[[Cohort], Given] = Contribution("more time", once=True)
"""The days more that the course team gave in a cohort. Publish `MoreTimeGiven`, and `ItemMoved` for each date."""


@dataclass(frozen=True, slots=True)
class Extra:
    """Something in a week of the course that has no date and may be left out: a line on the week card, and a button or
    two. `minutes` are a part of the week's, or (`on_top`) come on top of what its author says that it takes. `name` is
    for what differs from learner to learner (`OWN_EXTRAS`). `stands`: it asks for an answer or is news, so a card that
    comes in place of the week card has it, too."""

    text: Text
    button: Button | None = None
    minutes: int = 0
    second: Button | None = None
    name: str = ""
    on_top: bool = False
    stands: bool = False


EXTRAS: Contribution[[Cohort, int], Extra] = Contribution("extras", spared=True)
"""What the week with this number offers besides its items."""

OWN_EXTRAS: Contribution[[Cohort, int, Sequence[Person]], tuple[int, Extra]] = Contribution("own extras", spared=True)
"""What stands on these learners' own cards in place of the extra with the same name, or besides, with the person's id;
without text they have none. Publish `ItemsChanged`."""

ON_WELCOME: Contribution[[Cohort, Person, Role], Extra] = Contribution("welcome", spared=True)
"""What the card also offers that somebody gets when they join in a role."""

ON_FINAL: Contribution[[Cohort, Person], Text] = Contribution("final", spared=True)
"""Lines below a learner's final card."""

ON_SETTINGS: Contribution[[Person], Block] = Contribution("settings", spared=True)
"""What a person's settings also show, below their zone and their hour."""

TOGETHER: Contribution[[Cohort, int], Extra] = Contribution("together", spared=True)
"""What the post 'the week together' of the week with this number also shows. Publish `TogetherChanged`."""

TOGETHER_AT: Contribution[[Cohort, int], str] = Contribution("together at")
"""The anchor of that post, if it is posted or will be: what concerns the week goes into its thread."""


@dataclass(frozen=True, slots=True)
class DaysAway:
    """A learner is, or has said that they will be, away from `starts_at` until `ends_at`, the card of their
    return (None: until they say that they are back)."""

    person: int
    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


AWAY: Contribution[[Cohort], DaysAway] = Contribution("days away")
"""When the learners of a cohort are away from now on. Who moves a date reads how many of them it moves into such days;
the learner reads it with the new date."""

ON_WEEK: Contribution[[Cohort], Text] = Contribution("on the week", spared=True)
"""Lines about this week for the course team, on `/cohort week`."""

SURVEYED: Contribution[[Cohort], tuple[str, str]] = Contribution("surveyed", spared=True)
"""What learners said of each live session in the survey that has closed: its id in the course file, and 'keep',
'modify' or 'remove'."""


@dataclass(frozen=True, slots=True)
class Attended:
    """How many `came` to a live session that took place; `name`: its id in the course file. `says`: the figures in
    words. `worth_it`: whether that speaks for the session; None: too few people were expected to say."""

    name: str
    came: int
    says: str
    worth_it: bool | None


ATTENDED: Contribution[[Cohort], Attended] = Contribution("attended", spared=True)
"""The live sessions that attendance has a verdict on, the earliest first."""


@dataclass(frozen=True, slots=True)
class Suited:
    """Whom the times of a live session that took place suited, of the `of` learners who were expected that day: for
    each of its times how many percent of them were outside their waking hours, and how many had no other (`without`).
    `name`: its id in the course file."""

    name: str
    of: int
    outside: tuple[int, ...]
    without: int


SUITED: Contribution[[Cohort], Suited] = Contribution("suited", spared=True)
"""The live sessions of which that is known."""

WORTH: Contribution[[Cohort], tuple[str, int]] = Contribution("worth", spared=True)
"""How many percent said in the survey that has closed that a live session was worth the time, by its id in the course
file; only where that may be shown."""

YES_TOLD: Contribution[[Cohort], tuple[int, Hashable, bool]] = Contribution("yes told")
"""Who was told, or is to be told, that what they said yes to has changed: the person's id, the news, and whether their
yes counts no more."""


@dataclass(frozen=True, slots=True)
class InHand:
    """What a learner has of the course and would notice if it went: a piece of work that they took to review and have
    not sent, or a self-check that they tried. `name` is the same as long as they have it. `asks`: the questions about
    it, in the course file of now."""

    person: int
    kind: Literal["piece", "self_check"]
    name: str
    title: str
    asks: Hashable = ()


IN_HAND: Contribution[[Cohort], InHand] = Contribution("in hand")
"""What learners have, for the preview of a change that takes it from them, or asks for something else."""

UNTOLD: Contribution[[Cohort], tuple[str, str, str]] = Contribution("untold")
"""What the course has and nobody hears of, once for each reason, as (title, why, what to do about it)."""

PROPOSED: Contribution[[str, str], Message] = Contribution("proposed")
"""Makes a course file a proposal of the acting person, and shows what it would change. The second text stands above it.
Raises Refused or FormRefused."""


@dataclass(frozen=True, slots=True)
class Podmates:
    """The people of a pod, and its private channel, if it is there. `key` names the pod, and never changes."""

    key: str
    people: frozenset[int]
    place: Place | None = None


PODS: Contribution[[Cohort], Podmates] = Contribution("pods", once=True)
"""Who works together in a small group: what one of them does for all counts for each, and what they say in it is theirs
alone. Publish `ItemsChanged`."""

DateKind = Literal["week", "opens", "reminder", "live", "closes", "due", "late until", "report", "end"]
"""What happens. Dates at the same instant are listed in this order."""


@dataclass(frozen=True, slots=True)
class Date:
    """`kind` happens to `subject` (words for a person) at `at`. (kind, id) is unique within a calendar. `minutes`: how
    long the person is busy with it; 0 for an instant. `about`: what else their calendar says of it. `alarm`: their
    calendar reminds them. `place`: the address at which it takes place. `week`: the week whose part it is, which stays
    when the dates of a course move away from it; 0: the week of its date."""

    at: datetime
    kind: DateKind
    id: str
    subject: str
    minutes: int = 0
    about: str = ""
    alarm: bool = False
    place: str = ""
    week: int = 0


DATES: Contribution[[Cohort, Person], Date] = Contribution("dates")
"""Further dates in the calendar of a learner like this person, in addition to those of `ITEMS`."""


# What becomes of a course file

RUNS: Contribution[[], str] = Contribution("runs")
"""The lists of the course file that a feature runs, such as 'prompts'. Items of other lists have no dates for anybody,
and `pacekeeper check` says so."""


@dataclass(frozen=True, slots=True)
class CardAhead:
    """A card that a course brings a learner who does nothing. `path`: the item of the course file that brings it. `at`,
    `until`, `rank` and `joins` are those of its `Card`."""

    path: str
    week: int
    title: str
    at: datetime
    until: datetime
    rank: Rank
    joins: bool = False


CARDS: Contribution[[Cohort, Person], CardAhead] = Contribution("cards")
"""The cards that lead a message, as a course plans them for a learner like this person. The voice tells from them what
its budget would put off or drop."""


NEWS: Contribution[[Cohort, Person], Line] = Contribution("news")
"""The changes to the course and its dates that somebody has not heard of yet. Whoever shows one to them takes the line
back with `Hush`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Advice about a course file: one sentence about the item at `path`, and what to do."""

    path: str
    code: Code
    message: str
    fix: str


FINDINGS: Contribution[[Cohort], Finding] = Contribution("findings")
"""What a feature advises about the course of a cohort, which may not exist yet."""


# One's own progress


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback that a learner received on something they did: `item` is the `Item.key`. `text` says in a line from whom
    and what; `button` shows all of it."""

    item: str
    text: Text
    button: Button | None = None


FEEDBACK: Contribution[[Cohort, Person], Feedback] = Contribution("feedback", spared=True)
"""The feedback that a learner received, for them alone: it stands below the item on their page of progress."""


# Completion, and the end of a cohort


@dataclass(frozen=True, slots=True)
class Promise:
    """What the learner was told is still accepted. Things with the same promise are listed together, sorted by
    `order`."""

    order: tuple[int, bool, str]
    text: Text


@dataclass(frozen=True, slots=True)
class CreditWords:
    """`did` lists what a learner did, `missing` what is missing and whether it is still accepted, `choice` how many of
    the missing suffice; `buttons` do them. `lacks` is what is missing in one line, for the course team."""

    did: tuple[Text, ...] = ()
    missing: tuple[Text, ...] = ()
    choice: str = ""
    lacks: str = ""
    buttons: tuple[Button, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """A learner's progress in one part of the completion rule: `done` of `needed`. `done_at`: when the last needed one
    came. `needs` says what is needed, with its number ('2 essential milestones'); `column` is the name in
    completion.csv.

    `taken`: how much of what is missing is still accepted. `may_grow`: more may be needed later. `words` says it in
    full, when somebody reads it: most who ask for the credits of a whole cohort want its numbers alone.
    """

    needs: str
    column: str
    needed: int
    done: int
    done_at: datetime | None = None
    taken: int = 0
    may_grow: bool = False
    words: Callable[[], CreditWords] = CreditWords

    @property
    def complete(self) -> bool:
        return self.done >= self.needed


CREDITS: ByPerson[Credit] = ByPerson("credits")
"""What these learners have done towards the completion rule, with the person's id."""


@dataclass(frozen=True, slots=True)
class Ran:
    """The course file and the weeks that a cohort ran by from `at` on; None: since it was created. `by` None: an
    operator."""

    at: datetime | None
    text: str
    table: Timetable
    by: int | None = None


RAN: Contribution[[Cohort], Ran] = Contribution("ran")
"""What a cohort has run by, oldest first: what learners were told once stays told."""


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """Something open when a cohort ends. `stays`: it remains open; otherwise it ends with the cohort."""

    text: Text
    stays: bool = True


OPEN_ENDS: Contribution[[Cohort], OpenEnd] = Contribution("open ends")
"""What would be open if the cohort ended now."""

EVIDENCE: Contribution[[Cohort, frozenset[int]], tuple[str, str]] = Contribution("evidence")
"""What a run showed about the course, for its next run: (path in the course file, observation), counted over those of
these learners who were expected (`Directory.expected`). Figures only: no names, and nobody's words."""

LEFT_OUT: Contribution[[Cohort], str] = Contribution("left out")
"""What the next run should leave out, by its path in the course file ('live[2]'): its lines are made comments there."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A file of a cohort's archive; `about` says what is in it."""

    document: Document
    about: str


ARCHIVE: Contribution[[Cohort], Filed] = Contribution("archive")
"""The files that remain of a run."""
