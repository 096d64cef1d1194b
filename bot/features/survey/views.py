"""What learners read about the survey."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Upcoming
from bot.core.forms import ChoiceField, Field, Form, TextField
from bot.core.message import (
    Block,
    Button,
    Instant,
    Message,
    Option,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.translation import N_, _, _n, phrase
from bot.features.survey import rules
from bot.features.survey.rules import CAME, OF_COURSE, WHY, WORTH, Element
from bot.features.survey.store import COURSE

TITLE = 60
WORDS = 1000

CHOICES: Mapping[str, str] = {
    "came": N_("Yes"),
    "recording": N_("No, I watched the recording"),
    "neither": N_("No"),
    "useful": N_("It was of use to me"),
    "time": N_("The time did not suit me"),
    "enough": N_("The other way was enough"),
    "long": N_("It was too long"),
    "content": N_("It needed no call"),
    "trouble": N_("Sound, picture or access failed"),
    "other": N_("Something else"),
    "yes": N_("Yes"),
    "partly": N_("Partly"),
    "no": N_("No"),
}
"""What can be chosen."""

GROUPS: Mapping[str, str] = {
    **CHOICES,
    "stayed": N_("No, or I watched the recording"),
    "less": N_("Partly or no"),
    "some": N_("Yes or partly"),
    "none": N_("No answer"),
}
"""Counts of choices, of choices merged because each is too small alone, and of people who skipped the question."""


def action(name: str, cohort: int, subject: str = "") -> str:
    return Action("survey", name, cohort, subject).encode()


def title(one: Element) -> str:
    return _("The course as a whole") if one.name == COURSE else shorten(one.title, TITLE)


def labels(elements: Sequence[Element]) -> dict[str, str]:
    """What the buttons say, by the elements' names; no two the same."""
    found: dict[str, str] = {}
    for one in elements:
        label = plain = title(one)
        n = 1
        while label in found.values():
            n += 1
            label = _("{title} ({number})", title=plain, number=n)
        found[one.name] = label
    return found


def card(cohort: int, elements: Sequence[Element], answered: Collection[str], until: datetime) -> Message:
    """A learner's card, and once they answered its receipt."""
    left = rules.left(elements, answered)
    if not left:
        return message(
            paragraph(_("Thank you for your answers. What comes of them changes the next run.")),
            note(_("They stand without your name.")),
        )
    named = labels(elements)
    said = [_("Answered: {title}.", title=named[one.name]) for one in elements if one not in left]
    return message(
        heading(_("Was it worth your time?")),
        paragraph(_("A minute for each, without your name. It decides what the next run keeps.")),
        note(*phrase("Open until {at}.", at=Instant(until))),
        note(" ".join(said)) if said else None,
        _answer_buttons(cohort, elements, left),
    )


def _answer_buttons(cohort: int, elements: Sequence[Element], left: Sequence[Element]) -> Block | None:
    named = labels(elements)
    return buttons(*(Button(named[one.name], action("answer", cohort, one.mark)) for one in left))


def form(cohort: int, one: Element, smallest: int) -> Form:
    intro = [
        _("Your answer is stored without your name and without a time, so nobody can find it again."),
        _("Once you have sent it, it can be neither changed nor erased."),
        _n(
            "Numbers are shown from {n} answer on.",
            "Numbers are shown from {n} answers on.",
            smallest,
        ),
        _("Your instructors read your words, which are deleted once they have decided."),
    ]
    times = len(one.names)
    if times > 1:
        said = _n("It took place {n} time: answer for all.", "It took place {n} times: answer for all.", times)
        intro.insert(0, said)
    worth = _choice("worth", _("Was it worth the time?"), WORTH, required=one.name == COURSE)
    words = TextField("words", _("In your own words"), required=False, long=True, max_length=WORDS)
    asked: tuple[Field, ...] = (
        _choice("came", _("Did you come?"), CAME),
        _choice("why", _("Why, or why not?"), WHY, required=False),
        worth,
    )
    if one.name == COURSE:
        asked = tuple(field for field in asked if field.name in OF_COURSE)
    return Form(
        action("answer", cohort, one.mark),
        title(one),
        (*asked, words),
        intro=" ".join(intro),
    )


def _choice(name: str, label: str, values: Sequence[str], required: bool = True) -> ChoiceField:
    return ChoiceField(name, label, tuple(Option(v, _(CHOICES[v])) for v in values), required=required)


def worth_is_missing() -> str:
    return _("Please choose: was it worth the time that you spent?")


def thanks(cohort: int, one: Element, elements: Sequence[Element], left: Sequence[Element]) -> Message:
    """After an answer; it quotes nothing of it."""
    return message(
        paragraph(_("Thank you. Your answer about “{title}” is stored without your name.", title=title(one))),
        _answer_buttons(cohort, elements, left),
    )


def has_answered(one: Element) -> str:
    return _(
        "You have answered about “{title}”. Nobody can find your answer again, so it stays as it is. Thank you.",
        title=title(one),
    )


def upcoming(cohort: int, left: Sequence[Element]) -> Upcoming:
    said = _n("Was it worth your time? {n} short question", "Was it worth your time? {n} short questions", len(left))
    return Upcoming((said,), None, Button(_("Answer without my name"), action("card", cohort)), always=True)
