"""What discussions say to the course team."""

from collections.abc import Collection, Sequence

from bot.core.actions import LIMIT, Action
from bot.core.contributions import DeskItem, Figure, Passage, Pile
from bot.core.message import Bold, Button, Italic, Message, Text, message, paragraph, quote, shorten
from bot.core.people import Cohort
from bot.core.translation import N_, _, _n
from bot.features.discussions import rules, views
from bot.features.discussions.rules import Round
from bot.features.discussions.store import Post, desk_name

MINUTES = 2
"""How long one post takes."""

WHY = {
    "alone": N_("nobody has answered"),
    "asks": N_("it asks a question"),
    "evidence": N_("its claim has no evidence yet"),
}


def pile(items: Sequence[DeskItem]) -> Pile:
    return Pile("discussions/posts", (Bold(_("Discussions")),), items, can_be_seen=True)


def post(cohort: Cohort, round: Round, post: Post, name: str, why: Collection[str]) -> DeskItem:
    about = shorten(_("your post in “{title}”", title=round.discussion.title), LIMIT - 60)
    write = Action("questions", "write", cohort.id, f"{post.person}.{about}").encode()
    raised = Action("discussions", "raise", cohort.id, str(post.id)).encode()
    first = next(iter(post.values.values()), "")
    asked = rules.part(post, "question", round.fields) if "asks" in why else ""
    return DeskItem(
        name=desk_name(post),
        since=max(round.closes_at, post.changed_at),
        text=whose(round, name),
        words=asked
        or (rules.part(post, "evidence", round.fields) if "evidence" in why and "alone" not in why else first),
        hint=(", ".join(_(WHY[reason]) for reason in why),),
        buttons=(
            *((Button(_("Make it a question"), raised),) if asked else ()),
            views.reply_button(post),
            Button(_("Write to {name}", name=shorten(name, 30)), write),
        ),
        minutes=MINUTES,
        parts=tuple(f"{post.id}/{reason}" for reason in why),
    )


def whose(round: Round, name: str) -> Text:
    return (f"{name}, ", Italic(shorten(views.title(round), 80)))


def figure(round: Round, posted: int, of: int, replies: int, few: bool) -> Figure:
    return Figure(
        f"discussions/{round.subject}",
        _("“{title}”, posted", title=shorten(views.title(round), 60)),
        posted,
        of,
        wants_a_look=few,
        more=(views.replies(replies),),
    )


def raised(words: str) -> Message:
    return message(
        paragraph(_("It is a question of the queue now, without a name. Its author hears of it, and of answers.")),
        quote(words),
    )


# In the instructor's recap


def posted(round: Round, number: int) -> Passage:
    title = shorten(views.title(round), 80)
    text = _n("{n} of you posted in “{title}”.", "{n} of you posted in “{title}”.", number, title=title)
    return Passage(f"discussions/{round.subject}", "numbers", text)


def most_answered(round: Round, post: Post, name: str, number: int) -> Passage:
    """`name`: of its author, empty if they are not to be named. Their words are told only if they agreed to that."""
    title, words = shorten(views.title(round), 80), shorten(next(iter(post.values.values()), ""), 160)
    if not (post.quote and words):
        text = _n(
            "One post in “{title}” was answered by {n} of you. Read it in the thread.",
            "One post in “{title}” was answered by {n} of you. Read it in the thread.",
            number,
            title=title,
        )
    elif name:
        text = _n(
            "{name} wrote in “{title}”: “{words}” {n} of you answered.",
            "{name} wrote in “{title}”: “{words}” {n} of you answered.",
            number,
            name=name,
            title=title,
            words=words,
        )
    else:
        text = _n(
            "One of you wrote in “{title}”: “{words}” {n} of you answered.",
            "One of you wrote in “{title}”: “{words}” {n} of you answered.",
            number,
            title=title,
            words=words,
        )
    return Passage(f"discussions/{round.subject}/most", "answers", text, rank=2)
