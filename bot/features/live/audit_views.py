"""What the engagement audit shows: each figure, and for a weak one the step that mends it without a call."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.actions import Action
from bot.core.labels import Labels
from bot.core.message import (
    CHOICES,
    Block,
    Bold,
    Button,
    Message,
    Option,
    Select,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.people import Cohort
from bot.core.time import say_span
from bot.core.translation import N_, _, _n, some_of
from bot.course.model import Course, Live
from bot.features.live.audit_rules import Sign
from bot.features.live.buttons import TITLE, action
from bot.features.live.proposal_rules import POLICY, TRIAL


def audit(cohort: Cohort, found: Sequence[Sign], course: Course, full: Sequence[Block | None]) -> Message:
    """`full`: what is said where no week has room for a session."""
    weak = [sign for sign in found if sign.weak]
    sound = [sign for sign in found if not sign.weak]
    labels, blocks = Labels(), list[Block | None]()
    for sign in weak:
        blocks.append(paragraph(Bold(_says(sign, course)), " ", _step(sign)))
        acts = [labels.once(button) for button in _acts(cohort, sign, course)]
        blocks.append(buttons(*acts) if acts else None)
    lead = _("Live calls are mostly proposed to mend one of these. Each can be mended sooner, without a call:")
    if not weak:
        lead = _("What live calls are mostly proposed to mend is well here.")
    return message(
        heading(_("Before a live session: how engaged is the cohort?")),
        paragraph(lead),
        *blocks,
        note(" · ".join(_says(sign, course) for sign in sound)) if sound else None,
        *(full or [buttons(Button(_("Propose all the same"), action("weeks", cohort.id, "")))]),
    )


def _says(sign: Sign, course: Course) -> str:
    number, base = sign.number, sign.base
    match sign.subject:
        case "wait":
            wait, promised = say_span(sign.span) if sign.span else "", say_span(course.faq.answer_within)
            return _("First reply after {wait} (median); {promised} are promised.", wait=wait, promised=promised)
        case "late":
            return _n("{n} question waits too long.", "{n} questions wait too long.", number)
        case "presence":
            return _("Instructors who wrote in its threads in the last seven days: {n} of {base}.", n=number, base=base)
        case "goals":
            return _("Weeks ahead without a goal: {n} of {base}{weeks}.", n=number, base=base, weeks=_listed(sign))
        case "work":
            return _("Weeks ahead with nothing to do: {n} of {base}{weeks}.", n=number, base=base, weeks=_listed(sign))
        case "dates":
            return _("Milestones without a date of their own: {n} of {base}.", n=number, base=base)
        case "alone":
            return _n("{n} post has no reply.", "{n} posts have no reply.", number)
        case "stuck":
            return _n("{n} learner says where they are stuck.", "{n} learners say where they are stuck.", number)


def _listed(sign: Sign) -> str:
    numbers = [name.partition(".")[2] for name in sign.names]
    return f" ({some_of(numbers, 3)})" if numbers else ""


def _step(sign: Sign) -> str:
    match sign.subject:
        case "wait":
            return _("Look at the questions twice a day: most need two minutes.")
        case "late":
            return _("Answer these first; everybody reads the answer.")
        case "presence":
            return _("A recap of a minute and one reply in each thread are seen by all, in every zone.")
        case "goals":
            return _("Say in a sentence what learners can do at its end.")
        case "work":
            return _("Add something small to hand in, guided notes to a video, or a structured discussion.")
        case "dates":
            return _("Give it a day of its own.")
        case "alone":
            return _("Reply, or ask somebody who wrote about the same.")
        case "stuck":
            return _("Answer the commonest in the thread or in your recap.")


def _acts(cohort: Cohort, sign: Sign, course: Course) -> Iterator[Button]:
    """What mends it, where a press can."""
    if sign.subject in ("wait", "late"):
        late = Action("questions", "queue", cohort.id, "late").encode()
        yield Button(_("See questions"), late)
    elif sign.subject == "presence":
        yield Button(_("Your desk"), Action("digests", "desk", cohort.id).encode())
    elif sign.subject == "goals":
        yield _edit(cohort, sign.names[0], _("Write the goal"))
    elif sign.subject == "work":
        yield Button(_("Add a milestone"), Action("revisions", "add", cohort.id, "milestones").encode())
        if unguided := _unguided(sign, course):
            yield _edit(cohort, unguided, _("Add guided notes"))
        week = sign.names[0].partition(".")[2]
        yield Button(_("Draft a discussion"), action("mend", cohort.id, week))
    elif sign.subject == "dates":
        yield _edit(cohort, sign.names[0], _("Set the date"))
    else:
        label = _("See the posts") if sign.subject == "alone" else _("See where they are stuck")
        for name in sign.names:
            yield Button(label, Action("digests", "pile", cohort.id, f"{name}.1").encode())


def _unguided(sign: Sign, course: Course) -> str:
    """The first material without guided notes in the weeks with nothing to do; empty: there is none."""
    for name in sign.names:
        number = int(name.partition(".")[2])
        week = course.week(number)
        for n, material in enumerate(week.materials if week else (), 1):
            if not material.guide:
                return f"materials.{number}.{n}"
    return ""


def _edit(cohort: Cohort, name: str, label: str) -> Button:
    return Button(label, Action("revisions", "item", cohort.id, name).encode())


_HOW = {
    TRIAL: N_("A trial may leave one question open. Learners hear of it once the cohort's manager has agreed."),
    POLICY: N_(
        "A school's policy can ask for a session. Learners hear of it once the cohort's manager has agreed; whoever "
        "watches the recording and reflects has come, and absence counts nowhere."
    ),
}


def no_week(cohort: Cohort, course: Course, ahead: Mapping[int, str], passed: Sequence[Live]) -> Sequence[Block | None]:
    """Where no week has room: why, and which sessions could be taken out or become what is proposed."""
    if not ahead:
        return [paragraph(_("The last week is over, so there is no time left for a live session."))]
    some = [live for live in passed if live.week in ahead][:3]
    lead = _("No week has room for another live session.")
    can = _("What is proposed could be part of one of these, or take its place:") if some else ""
    labels = Labels()
    changes = [labels.once(_change(cohort, live)) for live in some]
    return [paragraph(Bold(lead)), *_left_out(ahead), paragraph(can) if can else None, buttons(*changes)]


def _change(cohort: Cohort, live: Live) -> Button:
    label = _("Week {week}: {title}", week=live.week, title=live.title)
    return Button(shorten(label, 60), action("change", cohort.id, live.id))


def _left_out(ahead: Mapping[int, str]) -> list[Block | None]:
    """Each reason once."""
    reasons = list(dict.fromkeys(filter(None, ahead.values())))
    return [note(" ".join(reasons[:4]))] if reasons else []


def weeks(cohort: Cohort, course: Course, ahead: Mapping[int, str], passed: Sequence[Live], how: str = "") -> Message:
    """In which week it is to be. `ahead`: each week with why it has no room. `how`: see `proposal_rules.HOW`."""
    free = [week for week in course.weeks if ahead.get(week.number) == ""][:CHOICES]
    if not free:
        return message(*no_week(cohort, course, ahead, passed))
    options = tuple(
        Option(str(w.number), shorten(_("Week {n}: {title}", n=w.number, title=w.title), TITLE)) for w in free
    )
    return message(
        paragraph(
            _(
                "In which week? Choosing one opens the form. Times are suggested from your learners' zones, and what "
                "gives up its minutes too."
            )
        ),
        *_left_out(ahead),
        note(_(_HOW[how])) if how else None,
        Select(action("form", cohort.id, how), _("Week"), options),
        *([] if how else _by_agreement(cohort)),
    )


def _by_agreement(cohort: Cohort) -> list[Block | None]:
    """The ways that need the manager's word."""
    return [
        note(_("A session that leaves one question open can be tried. The cohort's manager decides about that.")),
        buttons(
            Button(_("As a trial"), action("weeks", cohort.id, TRIAL)),
            Button(_("A policy asks for it"), action("weeks", cohort.id, POLICY)),
        ),
    ]
