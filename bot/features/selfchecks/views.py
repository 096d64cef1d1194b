"""What self-checks say."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.actions import Action
from bot.core.contributions import Extra, Listing, Passage
from bot.core.forms import Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Message,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.translation import _, _n
from bot.course.model import Week
from bot.features.selfchecks.rules import Count
from bot.features.selfchecks.store import Check, Try

ON_THE_CARD = 2
"""Questions on the week card."""


def _button(label: str, name: str, cohort: int, subject: str) -> Button:
    return Button(label, Action("selfchecks", name, cohort, subject).encode())


def extra(cohort: int, week: Week, answered: bool) -> Extra:
    """The line of the week card. `answered`: a question of the week has an answer."""
    questions = " ".join(shorten(c.question, 200) for c in week.self_check[:ON_THE_CARD])
    line = _("Check yourself: {questions}", questions=questions)
    return Extra((line,), _button(_("Try it"), "try", cohort, str(week.number)) if answered else None)


def form(cohort: int, check: Check) -> Form:
    field = TextField("try", _("Your own try"), _("Nobody reads this, and it is not kept."), long=True, max_length=1000)
    action = Action("selfchecks", "try", cohort, check.key).encode()
    return Form(action, _("Check yourself"), (field,), _("Done"), intro=check.question)


def card(cohort: int, check: Check, own: Try, following: bool) -> Message:
    """A learner's self-check after their try. `following`: the week has another one for them."""
    return message(
        heading(_("Check yourself")),
        paragraph(check.question),
        *(_with_answer(cohort, check, own) if own.seen else _without_answer(cohort, check)),
        buttons(_button(_("Next question"), "try", cohort, str(check.week))) if following else None,
    )


def _without_answer(cohort: int, check: Check) -> Iterator[Block | None]:
    yield note(_("What you wrote is not kept."))
    yield buttons(_show(cohort, check))


def _show(cohort: int, check: Check) -> Button:
    return _button(_("Show the answer"), "answer", cohort, check.key)


def _with_answer(cohort: int, check: Check, own: Try) -> Iterator[Block | None]:
    yield paragraph(Bold(_("A good answer")))
    yield quote(check.answer)
    if own.had_it is None:
        yield note(_("Did you have it? Your course team sees numbers only, and no names."))
        yield buttons(
            _button(_("I had it"), "had_it", cohort, check.key), _button(_("Not yet"), "not_yet", cohort, check.key)
        )
    elif own.had_it:
        yield note(_("You had it. Well done."))
    else:
        yield note(_("Not yet: that is what the question is for. Asking helps."))
        yield buttons(Button(_("Ask"), Action("command", "ask", cohort).encode()))


def all_tried(cohort: int, checks: Sequence[Check], tries: Mapping[str, Try]) -> Message:
    """The self-checks of a week for a learner who has tried all of them."""
    blocks: list[Block | None] = [heading(_("Check yourself"))]
    for check in checks:
        answer = quote(check.answer) if tries[check.key].seen else buttons(_show(cohort, check))
        blocks += [paragraph(check.question), answer]
    return message(*blocks)


def for_the_team(checks: Sequence[Check]) -> Message:
    """The self-checks of a week for the course team."""
    return message(
        heading(_("Check yourself")),
        *(block for check in checks for block in (paragraph(check.question), quote(check.answer))),
        note(_("A learner sees an answer after a try of their own. You see how many tried, and nobody's words.")),
    )


def taken_out() -> Message:
    """In place of the card of a question that the course has no more."""
    return message(heading(_("Check yourself")), note(_("This question was taken out of the course.")))


def first_try(cohort: int, check: Check) -> Message:
    return message(
        paragraph(_("Your own try comes first, then the answer.")),
        buttons(_button(_("Try it"), "try", cohort, str(check.week))),
    )


def in_direct_messages() -> Message:
    return message(paragraph(_("Well tried. The question is in our direct messages now, with its answer.")))


def outline(counts: Sequence[Count]) -> Listing:
    """Below the script of the instructor's recap."""
    lines = [(Bold(shorten(c.check.question, 100)), " ", in_numbers(c)) for c in counts]
    return Listing(_("Self-checks, in numbers"), lines)


def passage(count: Count) -> Passage:
    """For the instructor's recap of the week."""
    question = shorten(count.check.question, 100)
    if count.had_it is not None:
        text = _(
            "Of {tried} who tried the question “{question}”, {had_it} had it. If you did not: try it once more.",
            tried=count.tried,
            question=question,
            had_it=count.had_it,
        )
    else:
        text = _(
            "Of {tried} who tried the question “{question}”, {not_yet} did not have it yet. Try it once more.",
            tried=count.tried,
            question=question,
            not_yet=count.not_yet,
        )
    return Passage("selfchecks/hardest", "stuck", text, rank=2)


def in_numbers(count: Count) -> str:
    parts = [_n("{n} tried it", "{n} tried it", count.tried)]
    if count.looked is not None:
        parts.append(_n("{n} looked at the answer", "{n} looked at the answer", count.looked))
    if count.had_it is not None:
        parts.append(_n("{n} had it", "{n} had it", count.had_it))
    if count.not_yet is not None:
        parts.append(_n("{n} not yet", "{n} not yet", count.not_yet))
    return ", ".join(parts)
