"""The form of a proposal."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.forms import ChoiceField, Form, TextField, yes_no
from bot.core.message import CHOICES, Option, shorten
from bot.core.people import Cohort
from bot.core.translation import N_, _, _n, some_of
from bot.course.gate.instead import INSTEAD
from bot.course.gate.objectives import kept
from bot.course.gate.payment import Identified
from bot.course.gate.slots import Suggested
from bot.course.model import Course, LiveKind, Payment
from bot.features.live import clocks
from bot.features.live.buttons import TITLE, action
from bot.features.live.proposal_rules import NONE, POLICY, TRIAL

MINUTES, SHORTEST = 45, 15
"""How long a session is suggested to be, and at least."""

KINDS: Mapping[LiveKind, str] = {
    "rehearsal": N_("Rehearsal with feedback"),
    "simulation": N_("Negotiation or simulation"),
    "decision": N_("A decision of the group"),
    "sensitive": N_("Sensitive feedback"),
    "community": N_("Getting to know one another"),
    "office_hours": N_("Office hours"),
    "content": N_("A talk → drafts a recorded video"),
    "discussion": N_("A discussion → drafts a structured one"),
    "problem": N_("Solving a problem → drafts a shared document"),
}


def form(
    cohort: Cohort,
    course: Course,
    week: int,
    minutes: int,
    slots: Sequence[Suggested],
    pays: Sequence[Payment],
    zone: str,
    how: str,
    instead: Sequence[Identified],
) -> Form:
    """Filled in as far as the course and the learners' zones tell. Eleven fields: three steps on the narrowest
    platform. `zone`: the reader's. `how`: see `proposal_rules.HOW`; a trial has one field more. `instead`: what could
    count in full in its place."""
    return Form(
        action("form", cohort.id, f"{week}.{how}" if how else week),
        _("Live session in week {week}", week=week),
        (
            TextField("title", _("Title"), max_length=TITLE),
            TextField("goal", _("Why it exists"), _("One sentence; learners read it."), max_length=200),
            ChoiceField(
                "kind",
                _("What people do in it"),
                tuple(Option(kind, _(label)) for kind, label in KINDS.items()),
                _("The last three go as well in everybody's own time; you get the draft of that."),
            ),
            _objective(course),
            TextField("minutes", _("Minutes"), max_length=20, value=str(minutes)),
            TextField("slots", _("Times"), _slots(slots, cohort, zone), long=True, max_length=300, value=_times(slots)),
            TextField(
                "pays",
                _("What gives up its minutes"),
                _(
                    "Of week {week}, one a line: an id or a title, and its minutes.",
                    week=week,
                ),
                # Left empty, the gate says what could pay.
                required=False,
                long=True,
                max_length=1000,
                value=as_lines(pays),
            ),
            *_instead_of_coming(course, how, instead),
            TextField(
                "reflection",
                _("Questions on the recording"),
                _("One a line; answering them counts as having come. Needed beside a recording."),
                required=False,
                long=True,
                max_length=500,
                value="\n".join([_("What was new to you?"), _("What will you do with it?")]),
            ),
            TextField(
                "metric",
                _("Worth it if"),
                _("So many percent come, and so many of them say that it was worth it."),
                required=how == TRIAL,
                max_length=200,
                value="50, 70",
            ),
            TextField(
                "link",
                _("Link to the call"),
                _("https://… Only those who say yes read it. 'Change it' takes it later, too."),
                required=False,
                max_length=500,
            ),
        ),
        _("Look at it"),
    )


def as_lines(pays: Sequence[Payment]) -> str:
    return "\n".join(f"{pay.item}: {pay.minutes}" for pay in pays)


def _objective(course: Course) -> ChoiceField | TextField:
    label = _("Only together they can")
    objectives = kept(course)
    if not objectives:
        hint = _("In a sentence: what cannot be learnt alone. It becomes the course's first such objective.")
        return TextField("objective", label, hint, required=False, max_length=200)
    options = (
        *(Option(one, shorten(one, 75)) for one in objectives[: CHOICES - 1]),
        Option(NONE, _("None of these (office hours, or one that goes as well alone)")),
    )
    return ChoiceField("objective", label, options)


def _instead_of_coming(course: Course, how: str, instead: Sequence[Identified]) -> Iterator[ChoiceField | TextField]:
    """What those do who do not come: under a policy always the recording, and in a trial it may be what is open."""
    if how == POLICY:
        hint = _("The school's rule, by its name. Learners read it.")
        yield TextField("mandated", _("Which policy"), hint, max_length=200)
        return
    options = alternatives(course, instead)
    if how == TRIAL:
        options = (*options[: CHOICES - 1], Option(NONE, _("Nothing: that is what stays open")))
    yield ChoiceField(
        "alternative", _("What counts as much"), options, _("For those who do not come."), value="recording"
    )
    if how == TRIAL:
        yield yes_no("recorded", _("Recorded and shared"), value=True)


def alternatives(course: Course, instead: Sequence[Identified]) -> tuple[Option, ...]:
    titles = {
        f"{section}[{n}]": one.title
        for section in ("milestones", "discussions", "reviews", "checkins")
        for n, one in enumerate(getattr(course, section))
    }
    return (
        Option("recording", _("The recording, with a question or two")),
        Option("feedback", _("Feedback in private (sensitive ones)")),
        *(Option(one.id, shorten(titles[one.path], 75)) for one in instead[: CHOICES - 2]),
    )


def _times(slots: Sequence[Suggested]) -> str:
    return "\n".join(str(one.moment).removesuffix(" cohort") for one in slots)


def _slots(slots: Sequence[Suggested], cohort: Cohort, zone: str) -> str:
    home = cohort.zone.replace("_", " ")
    if not slots:
        return _("One a line, by the clock of {zone}, such as Wed 08:00.", zone=home)
    shares = some_of([f"{one.outside} %" for one in slots], 4)
    said = _("By the clock of {zone}. Outside waking hours, in this order: {shares}.", zone=home, shares=shares)
    return " ".join(filter(None, [said, clocks.by_yours([one.at for one in slots], cohort, zone)]))


def instead(kind: LiveKind) -> str:
    """Why another thing than a session is drafted."""
    return _("This goes as well in everybody's own time, so here is {what} instead.", what=_(INSTEAD[kind]))


def could_be_tried() -> str:
    """Beside a refusal, where a trial would take it as it is."""
    return _("Or propose it as a trial, beside the weeks: the cohort's manager decides.")


def passed(shares: Sequence[tuple[str, int]], without: int, advice: Sequence[str]) -> str:
    """`shares`: each time, and for how many percent it is outside waking hours. `without`: learners without a time.
    `advice`: what it passes with, and would be better."""
    said = [_("{at} is outside waking hours for {share} % of your learners.", at=at, share=n) for at, n in shares]
    rest = _("Everybody has a time in waking hours.")
    if without:
        rest = _n(
            "{n} learner has no time in waking hours; what they do instead counts in full.",
            "{n} learners have no time in waking hours; what they do instead counts in full.",
            without,
        )
    return " ".join([*said, rest, *advice])
