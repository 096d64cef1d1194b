"""What the FAQ says on the desk."""

from bot.core.actions import LIMIT, Action
from bot.core.contributions import Listing, Passage, Pile
from bot.core.message import Bold, Button, Italic, Message, Text, bullets, buttons, message, paragraph, shorten
from bot.core.people import Cohort
from bot.core.translation import _, _n, all_of, phrase
from bot.features.faq.store import FaqWeek, Topic, Waiting

ON_DESK = "faq/review"
"""The pile of what waits for the review."""

MINUTES_A_DRAFT = 2
SITTING = 5
"""Entries in one review."""

WRITTEN = 2
"""Searches with a button to answer them."""


def _at(name: str, cohort: int, subject: str = "") -> str:
    return Action("faq", name, cohort, subject).encode()


def to_review(cohort: Cohort, waiting: Waiting, with_week: bool) -> Pile | None:
    """`with_week`: adds a button for the week's news."""
    if not waiting.number:
        return None
    acts = [Button(_("Review the FAQ"), _at("review", cohort.id))]
    acts += [Button(_("The FAQ this week"), _at("week", cohort.id))] if with_week else []
    minutes = MINUTES_A_DRAFT * min(waiting.number, SITTING)
    return Pile(ON_DESK, (_("{waits} for a yes or no", waits=_waits(waiting)),), buttons=acts, minutes=minutes)


def the_week(cohort: Cohort, week: FaqWeek) -> Pile | None:
    if week.is_empty:
        return None
    title = (Bold(_("The FAQ, the last seven days")),)
    return Pile("faq/week", title, listings=[Listing("", _lines(week))], buttons=_answers(cohort, week))


def passage(topic: Topic) -> Passage:
    """For the instructor's recap of the week."""
    text = _(
        "{askers} people have asked so far: “{title}” The answer is in the FAQ.",
        askers=topic.askers,
        title=shorten(topic.title, 100),
    )
    return Passage(f"faq/{topic.id}", "questions", text, rank=2)


def week(cohort: Cohort, week: FaqWeek, waiting: Waiting) -> Message:
    """The week's news as a message of its own."""
    if week.is_empty and not waiting.number:
        return message(paragraph(_("Nothing happened to the FAQ in the last seven days.")))
    return message(
        paragraph(Bold(_("The FAQ, the last seven days"))),
        bullets(*_lines(week)),
        buttons(*_answers(cohort, week)),
        paragraph(_("{waits} for a yes or no.", waits=_waits(waiting))) if waiting.number else None,
        buttons(Button(_("Review the FAQ"), _at("review", cohort.id)) if waiting.number else None),
    )


def _lines(week: FaqWeek) -> list[Text]:
    """What is new, what was asked most, what was corrected, and which searches had no results."""
    new = [_("{approved} approved", approved=week.approved)] if week.approved else []
    new += [_n("{n} draft", "{n} drafts", week.drafted)] if week.drafted else []
    lines: list[Text] = [(_("New:") + " ", ", ".join(new))] if new else []
    for topic in week.asked_most:
        where = _("a draft") if topic.draft else _("FAQ {id}", id=topic.id)
        lines.append(
            (
                *phrase("Asked by {askers}: {title}", askers=topic.askers, title=Italic(shorten(topic.title, 80))),
                f", {where}",
            )
        )
    for entry, title, what in week.corrected:
        lines.append((*phrase("FAQ {entry}, {title}", entry=entry, title=Italic(shorten(title, 80))), f": {what}"))
    for words, people in week.missed:
        lines.append(
            phrase("Searched and not found: {what}, by {people} people", what=Italic(shorten(words, 80)), people=people)
        )
    return lines


def _answers(cohort: Cohort, week: FaqWeek) -> list[Button]:
    """Forms of new entries. Each begins with the words of a search, as far as fit into a button."""
    room = LIMIT - len(_at("write", cohort.id))
    return [
        Button(_("Answer: {words}", words=shorten(words, 30)), _at("write", cohort.id, shorten(words, room)))
        for words, __ in week.missed[:WRITTEN]
    ]


def _waits(waiting: Waiting) -> str:
    """'2 FAQ drafts, 1 entry to look at again and 12 to verify wait'."""
    kinds = []
    if waiting.drafts:
        kinds.append(_n("1 FAQ draft", "{n} FAQ drafts", waiting.drafts))
    if waiting.flagged:
        kinds.append(_n("1 entry that changed", "{n} entries that changed", waiting.flagged))
    if waiting.unverified:
        kinds.append(_n("1 entry to verify", "{n} entries to verify", waiting.unverified))
    return _n("{listed} waits", "{listed} wait", waiting.number, listed=all_of(kinds))
