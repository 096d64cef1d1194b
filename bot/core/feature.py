"""How a feature declares what it does. A feature is one folder, and this is its whole interface.

feature: Feature[QuestionStore] = Feature("questions")

@feature.command("ask", example="/cohort ask How long may the report be?", roles=MEMBERS)
def ask(turn: Turn[QuestionStore], typed: Ask) -> Reply: ...
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from inspect import cleandoc
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from bot.core.actions import Action
from bot.core.commands import Command, Lane, Shortcut
from bot.core.contributions import ByPerson, Contribution
from bot.core.due import CatchUp, Due
from bot.core.forms import Doubt, Form, Stored, Values
from bot.core.keeping import KeptTable
from bot.core.message import Message
from bot.core.once import once, once_for_each
from bot.core.pages import File, Page
from bot.core.people import LEARNERS, Actor, Cohort, MessageRef, Role
from bot.core.planning import PlanFunction, Planner
from bot.core.ports import Finding
from bot.core.private import Meaning, Receipt, Said
from bot.core.turn import Turn

S = TypeVar("S")
P = TypeVar("P")
E = TypeVar("E")
T = TypeVar("T")
A = ParamSpec("A")
R = TypeVar("R")

F = TypeVar("F", bound=Callable[..., Any])

Reply = Message | Form | Action | None
"""What a handler returns: a private answer, a form to open, what another button does (also another feature's; its roles
count), or nothing if the pressed message shows it."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press of one of our buttons or selects: the action's subject, and the selected value."""

    subject: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The message whose menu a shortcut was chosen from; `author` is None if the bot wrote it."""

    message: MessageRef
    text: str
    author: Actor | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One of our forms, filled in. `draft` is where the input is kept for a week. `forums`: see `FormSubmitted`."""

    subject: str
    values: Values
    draft: str
    forums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handler(Generic[S]):
    """A function behind a button or a form."""

    run: Callable[[Turn[S], Any], Reply]
    roles: frozenset[Role]
    lane: Lane
    replaces: "Replaces[S] | None" = None
    after_end: bool = False
    kept: bool = True
    after_leaving: bool = False


Run = Callable[[Turn[S], P], Reply]
"""A handler, and what it gets besides the turn."""

ShowsPage = Callable[[Turn[S], Mapping[str, str]], Message | File]
Tries = Callable[[Turn[S], Submission], Message]
Takes = Callable[[Turn[S], Said | None, str], Receipt]
MeansList = Callable[[Turn[S], Said, Cohort], Sequence[Meaning]]
HandlesDue = Callable[[Turn[S], Sequence[Due]], None]
Prepares = Callable[[Turn[S], Due], Callable[[], T | Awaitable[T]] | None]
KeepsPrepared = Callable[[Turn[S], Due, T], None]
Replaces = Callable[[Turn[S], Submission], Sequence[Stored | Doubt]]
Contributes = Callable[Concatenate[Turn[S], A], Sequence[R]]
Examines = Callable[[Sequence[Cohort]], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Preparation(Generic[S]):
    """Work that takes long: what it reads first, and what stores its result."""

    prepare: Prepares[S, Any]
    keep: KeepsPrepared[S, Any]


Declares = Callable[[F], F]
"""A decorator that declares a function and returns it unchanged."""


def _declaring(declare: Callable[[F], object]) -> Declares[F]:
    def decorate(run: F) -> F:
        declare(run)
        return run

    return decorate


class Feature(Generic[S]):
    """The declarations of one feature. `S` is the store Protocol that it needs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.commands: dict[str, tuple[Command, Run[S, Any]]] = {}
        self.shortcuts: dict[str, tuple[Shortcut, Handler[S]]] = {}
        self.handlers: dict[tuple[str, bool], Handler[S]] = {}
        self.trials: dict[str, Tries[S]] = {}
        self.lookups: dict[tuple[str, str], str] = {}
        self.readings: list[tuple[type, Callable[[Any], str]]] = []
        self.subscribers: list[tuple[type, Callable[[Turn[S], Any], None]]] = []
        self.dues: dict[str, tuple[CatchUp, HandlesDue[S]]] = {}
        self.preparations: dict[str, Preparation[S]] = {}
        self.pages: list[tuple[Page, ShowsPage[S]]] = []
        self.contributions: dict[str, list[Callable[..., Sequence[Any]]]] = {}
        self.kept: list[KeptTable] = []
        self.examinations: list[Examines] = []
        self.meaning_lists: dict[str, MeansList[S]] = {}
        self.takers: dict[str, Takes[S]] = {}
        self.taken_after_end: set[str] = set()
        self.chooser: Callable[[str, bool], Handler[S]] | None = None

    def command(
        self,
        name: str,
        *,
        example: str,
        roles: frozenset[Role],
        lane: Lane = "private",
        needs_cohort: bool = True,
        admins: bool = False,
        looks_up: str = "",
        after_end: bool = False,
        near: Mapping[str, str] | None = None,
    ) -> Callable[[Run[S, P]], Run[S, P]]:
        """Declares a command; its parameters are the dataclass that the function's second argument names. `admins`:
        workspace administrators on the platform may also use it. `looks_up`: the parameter whose text is looked up by
        its meaning, which is prepared before the function runs. `after_end`: it also works in a cohort that has
        ended. `near`: see `Command`."""

        def declare(run: Run[S, P]) -> None:
            shape = next(t for k, t in run.__annotations__.items() if k not in ("turn", "return"))
            declared = Command(
                name, self.name, shape, example, roles, lane, needs_cohort, admins, after_end, near or {}
            )
            self.commands[name] = declared, run
            if looks_up:
                self.lookups["command", name] = looks_up

        return _declaring(declare)

    def shortcut(self, name: str, *, label: str, roles: frozenset[Role]) -> Declares[Run[S, Chosen]]:
        """Declares an entry of each message's own menu; the function's docstring says what it does."""

        def declare(run: Run[S, Chosen]) -> None:
            entry = Shortcut(f"{self.name}.{name}", label, cleandoc(run.__doc__ or ""))
            self.shortcuts[entry.name] = (entry, Handler(run, roles, "private"))

        return _declaring(declare)

    def action(
        self,
        name: str,
        *,
        roles: frozenset[Role],
        lane: Lane = "silent",
        after_end: bool = False,
        kept: bool = True,
        after_leaving: bool = False,
    ) -> Declares[Run[S, Press]]:
        """Declares what a button or select does. `after_end`: also in a cohort that has ended. `after_leaving`: also
        for learners who have left the cohort, about what is theirs. Without `kept` its reply is not stored: it shows
        words that are to be deleted, and only reads, so that a repeated press makes it again."""

        def declare(run: Run[S, Press]) -> None:
            self.handlers[name, False] = Handler(
                run, roles, lane, after_end=after_end, kept=kept, after_leaving=after_leaving
            )

        return _declaring(declare)

    def form(
        self,
        name: str,
        *,
        roles: frozenset[Role],
        replaces: Replaces[S] | None,
        looks_up: str = "",
        after_end: bool = False,
        kept: bool = True,
    ) -> Declares[Run[S, Submission]]:
        """Declares what a submitted form does. It may raise FormRefused: the form then stays open with its values.
        `looks_up`: a field, as for a command. `after_end`: also in a cohort that has ended. `kept`: see `Form`; its
        answers must not quote what was typed.

        `replaces` reads what the form would replace, as it is stored now; None: the form only adds. It is called when
        the form opens, with no values (it then returns every part that may be meant), and when it is submitted. If a
        part has changed in between, the submission is refused once and the person sees both; what they send after that
        replaces it. `replaces` may raise Refused, as the handler itself will. A `Doubt` among it is asked about once in
        the same way.
        """

        def declare(run: Run[S, Submission]) -> None:
            self.handlers[name, True] = Handler(run, roles, "private", replaces, after_end, kept)
            if looks_up:
                self.lookups[self.name, name] = looks_up

        return _declaring(declare)

    def tries(self, name: str) -> Declares[Tries[S]]:
        """Declares what stands beside the form `name` on a page while somebody types: what it would make of the input
        so far. The function may only read; the problems of FormRefused are shown, too."""

        return _declaring(lambda run: self.trials.__setitem__(name, run))

    def page(
        self, path: str, *, title: str, roles: frozenset[Role], way: str = "", secret: bool = False, tab: str = ""
    ) -> Declares[ShowsPage[S]]:
        """Declares a page (see `Page`); the function gets the values of its address and may only read."""

        return _declaring(lambda run: self.pages.append((Page(path, title, self.name, roles, way, secret, tab), run)))

    def on(self, kind: type[E], looks_up: Callable[[E], str] | None = None) -> Declares[Callable[[Turn[S], E], None]]:
        """Subscribes to an event or a fact. An interaction reaches its subscribers before its handler. `looks_up`: the
        text of an event that is looked up by its meaning, which is prepared before the function runs; '' if none."""
        if looks_up is not None:
            self.readings.append((kind, looks_up))
        return _declaring(lambda run: self.subscribers.append((kind, run)))

    def planned(
        self, *kinds: str, roles: frozenset[Role] = LEARNERS, again: Collection[type] = ()
    ) -> Declares[PlanFunction[S]]:
        """Declares which due rows of these kinds exist: see `bot/core/planning.py`. `roles`: for whom. `again`: facts
        after which they are computed again, for the fact's `person`, or without one for everybody in its `cohort`.
        Without `kinds` nothing is taken back: the feature keeps its own dates, or each row plans the next one."""

        def declare(run: PlanFunction[S]) -> None:
            for fact, follow in Planner([f"{self.name}.{k}" for k in kinds], roles, run).subscriptions(again):
                self.on(fact)(follow)

        return _declaring(declare)

    def due(
        self,
        name: str,
        *,
        within: timedelta,
        fold: bool = False,
        after_end: bool = False,
        title: str = "",
        by_day: bool = False,
    ) -> Declares[HandlesDue[S]]:
        """Declares what happens when a planned `feature.name` is due; the function gets all rows of one cohort at once.
        The rest is described in `CatchUp`."""

        def declare(run: HandlesDue[S]) -> None:
            self.dues[f"{self.name}.{name}"] = (CatchUp(within, fold, after_end, title, by_day), run)

        return _declaring(declare)

    def prepares(self, name: str, *, keep: KeepsPrepared[S, T]) -> Declares[Prepares[S, T]]:
        """Declares work that takes long, such as looking into a file: plan `feature.name` for now, and it is done
        outside of a unit of work, one after another, while people are answered.

        The function reads what is needed, and returns the work as a function without a turn, which runs in a thread,
        or as a coroutine function, which waits for another process; None: there is nothing to do any more. `keep`
        stores the result in a unit of its own, so it looks again whether it is still wanted. After a crash the row is
        still there, and the work is done anew."""

        def declare(run: Prepares[S, T]) -> None:
            self.preparations[f"{self.name}.{name}"] = Preparation(run, keep)

        return _declaring(declare)

    def contributes(self, kind: Contribution[A, R]) -> Declares[Contributes[S, A, R]]:
        """Declares what this feature adds to a view that another feature draws: see `bot/core/contributions.py`."""

        def declare(
            run: Callable[Concatenate[Turn[S], A], Sequence[R]],
        ) -> Callable[Concatenate[Turn[S], A], Sequence[R]]:
            found = once_for_each(run) if isinstance(kind, ByPerson) else once(run) if kind.once else run
            self.contributions.setdefault(kind.name, []).append(found)
            return found

        return declare

    def keeps(self, *tables: KeptTable, purpose: str = "") -> None:
        """Declares this feature's tables: what they keep about whom, and what erasure does with it. `purpose`: what
        for, as people read it ('So that …')."""
        self.kept += [replace(table, purpose=purpose) for table in tables]

    def examines(self, run: Examines) -> Examines:
        """Declares what this feature tells the operator in `pacekeeper doctor`. The function gets the cohorts that run,
        and reads nothing stored: the bot may be running beside it."""
        self.examinations.append(run)
        return run

    def meanings(self, kind: str) -> Declares[MeansList[S]]:
        """Declares what of this kind a private message may become in a cohort. Some feature must take the kind."""

        return _declaring(lambda run: self.meaning_lists.update({kind: run}))

    def takes(self, kind: str, *, after_end: bool = False) -> Declares[Takes[S]]:
        """Declares what happens after an author has said that their private message is of this kind. The function gets
        the message (None if the person skips a question) and the subject of the meaning or of the question. It may
        raise Refused: then nothing is taken. `kind` is a lower-case word of at most 16 letters. `after_end`: messages
        may also become this in a cohort that has ended."""

        def declare(run: Takes[S]) -> None:
            self.takers[kind] = run
            self.taken_after_end |= {kind} if after_end else set()

        return _declaring(declare)

    def chooses(self, *, roles: frozenset[Role]) -> Declares[Callable[[Turn[S], str, Press], Reply]]:
        """Declares one action for each kind of private message that a feature takes. The action has the kind's name,
        and the function gets the kind."""

        def declare(run: Callable[[Turn[S], str, Press], Reply]) -> None:
            self.chooser = lambda kind, after_end: Handler(
                lambda turn, press: run(turn, kind, press), roles, "silent", after_end=after_end
            )

        return _declaring(declare)
