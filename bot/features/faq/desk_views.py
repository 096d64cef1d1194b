"""What the FAQ says on the desk."""

from bot.core.actions import LIMIT, Action
from bot.core.contributions import Listing, Pile
from bot.core.message import Bold, Button, Italic, Message, Text, bullets, buttons, message, paragraph, shorten
from bot.core.people import Cohort
from bot.features.faq.store import FaqWeek, Waiting

MINUTES_A_DRAFT = 2
SITTING = 5
"""Entries that are looked at in one go."""

WRITTEN = 2
"""Searches that get a button to answer them."""


def _at(name: str, cohort: int, subject: str = "") -> str:
    return Action("faq", name, cohort, subject).encode()


def to_review(cohort: Cohort, waiting: Waiting, with_week: bool) -> Pile | None:
    """`with_week`: with a button for what the week brought."""
    if not waiting.number:
        return None
    acts = [Button("Review the FAQ", _at("review", cohort.id))]
    acts += [Button("The FAQ this week", _at("week", cohort.id))] if with_week else []
    minutes = MINUTES_A_DRAFT * min(waiting.number, SITTING)
    return Pile("faq/review", (f"{_waits(waiting)} for a yes or no",), buttons=acts, minutes=minutes)


def the_week(cohort: Cohort, week: FaqWeek) -> Pile | None:
    if week.is_empty:
        return None
    title = (Bold("The FAQ, the last seven days"),)
    return Pile("faq/week", title, listings=[Listing("", _lines(week))], buttons=_answers(cohort, week))


def week(cohort: Cohort, week: FaqWeek, waiting: Waiting) -> Message:
    """The same by itself."""
    if week.is_empty and not waiting.number:
        return message(paragraph("Nothing happened to the FAQ in the last seven days."))
    return message(
        paragraph(Bold("The FAQ, the last seven days")),
        bullets(*_lines(week)),
        buttons(*_answers(cohort, week)),
        paragraph(f"{_waits(waiting)} for a yes or no.") if waiting.number else None,
        buttons(Button("Review the FAQ", _at("review", cohort.id)) if waiting.number else None),
    )


def _lines(week: FaqWeek) -> list[Text]:
    """What is new, what was asked most, what was corrected, and what was searched in vain."""
    new = [f"{week.approved} approved"] if week.approved else []
    new += [f"{week.drafted} {'draft' if week.drafted == 1 else 'drafts'}"] if week.drafted else []
    lines: list[Text] = [("New: ", ", ".join(new))] if new else []
    for topic in week.asked_most:
        where = "a draft" if topic.draft else f"FAQ {topic.id}"
        lines.append((f"Asked by {topic.askers}: ", Italic(shorten(topic.title, 80)), f", {where}"))
    for entry, title, what in week.corrected:
        lines.append((f"FAQ {entry}, ", Italic(shorten(title, 80)), f": {what}"))
    for words, people in week.missed:
        lines.append(("Searched and not found: ", Italic(shorten(words, 80)), f", by {people} people"))
    return lines


def _answers(cohort: Cohort, week: FaqWeek) -> list[Button]:
    """Forms of new entries, each beginning with the words of a search as far as a button can carry them."""
    room = LIMIT - len(_at("write", cohort.id))
    return [
        Button(f"Answer: {shorten(words, 30)}", _at("write", cohort.id, shorten(words, room)))
        for words, _ in week.missed[:WRITTEN]
    ]


def _waits(waiting: Waiting) -> str:
    """'2 FAQ drafts, 1 entry to look at again and 12 to verify wait'."""
    kinds = []
    if waiting.drafts:
        kinds.append("1 FAQ draft" if waiting.drafts == 1 else f"{waiting.drafts} FAQ drafts")
    if waiting.flagged:
        kinds.append("1 entry that changed" if waiting.flagged == 1 else f"{waiting.flagged} entries that changed")
    if waiting.unverified:
        kinds.append("1 entry to verify" if waiting.unverified == 1 else f"{waiting.unverified} entries to verify")
    listed = ", ".join(kinds[:-1]) + " and " + kinds[-1] if len(kinds) > 1 else kinds[0]
    return f"{listed} {'waits' if waiting.number == 1 else 'wait'}"
