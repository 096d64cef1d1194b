"""What discussions say to the course team."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.core.actions import LIMIT, Action
from bot.core.contributions import DeskItem, Figure, Passage, Pile, Quote
from bot.core.message import (
    Block,
    Bold,
    Button,
    Italic,
    Message,
    Text,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.people import Cohort
from bot.core.translation import N_, _, _n, some_of
from bot.core.typed import excerpt
from bot.features.discussions import rules, views
from bot.features.discussions.rules import Finding, Round
from bot.features.discussions.store import Post, desk_name

FEW = 5
"""Posts of a round's one line on the desk, and of a page of all."""

MINUTES = 2
"""How long one post takes."""

WHY = {
    "alone": N_("nobody has answered"),
    "asks": N_("it asks a question"),
    "evidence": N_("its claim has no evidence yet"),
}


def pile(items: Sequence[DeskItem]) -> Pile:
    return Pile("discussions/posts", (Bold(_("Discussions")),), items, can_be_seen=True)


def post(cohort: Cohort, round: Round, one: Finding, name: str) -> DeskItem:
    post = one.post
    about = shorten(_("your post in “{title}”", title=round.discussion.title), LIMIT - 60)
    write = Action("questions", "write", cohort.id, f"{post.person}.{about}").encode()
    raised = Action("discussions", "raise", cohort.id, str(post.id)).encode()
    return DeskItem(
        name=desk_name(post),
        since=max(round.closes_at, post.changed_at),
        text=whose(round, name),
        words=_asked(one, round),
        hint=(", ".join(_(WHY[reason]) for reason in one.reasons),),
        buttons=(
            *((Button(_("Make it a question"), raised),) if "asks" in one.reasons else ()),
            views.reply_button(post),
            Button(_("Write to {name}", name=shorten(name, 30)), write),
        ),
        minutes=MINUTES,
        parts=tuple(f"{post.id}/{reason}" for reason in one.reasons),
    )


def many(cohort: Cohort, round: Round, found: Sequence[Finding], names: Mapping[int, str]) -> DeskItem:
    """The one line of a round with many posts: how many to look at and the first few. Its minutes are those of the
    first few, since nobody reads them all."""
    counts = Counter(reason for one in found for reason in one.reasons)
    said = [text for reason, text in _numbers(counts) if counts[reason]]
    some = [f"“{shorten(f'{names[one.post.person]}: {_asked(one, round)}', 90)}”" for one in found]
    late = [one.post.at for one in found if one.post.late]
    return DeskItem(
        name=round.desk_name,
        since=max([round.closes_at, *late]),
        text=(*title_of(round), ": ", ", ".join(said)),
        hint=(some_of(some, FEW),),
        buttons=(_all_button(cohort, round, len(found)),),
        minutes=MINUTES * min(len(found), FEW),
    )


def _numbers(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    yield "asks", _n("{n} question without an answer", "{n} questions without an answer", counts["asks"])
    yield "evidence", _n("{n} claim without evidence", "{n} claims without evidence", counts["evidence"])
    yield "alone", _n("{n} post without an answer", "{n} posts without an answer", counts["alone"])


def _all_button(cohort: Cohort, round: Round, number: int, page: int = 0) -> Button:
    subject = f"{round.subject}.{page}" if page else round.subject
    label = _n("{n} more", "{n} more", number) if page else _("All {n}", n=number)
    return Button(label, Action("discussions", "findings", cohort.id, subject).encode())


def _asked(one: Finding, round: Round) -> str:
    """What in a post the course team should look at."""
    first = next(iter(one.post.values.values()), "")
    if "asks" in one.reasons:
        return rules.part(one.post, "question", round.fields)
    return rules.part(one.post, "evidence", round.fields) if "alone" not in one.reasons else first


def findings(cohort: Cohort, round: Round, found: Sequence[Finding], names: Mapping[int, str], page: int) -> Message:
    """A page of what the course team should look at in a round."""
    start = page * FEW
    items = [post(cohort, round, one, names[one.post.person]) for one in found[start : start + FEW]]
    left = len(found) - start - FEW
    blocks: list[Block | None] = []
    for item in items:
        blocks += [paragraph(*item.text), quote(excerpt(item.words, 400)), note(*item.hint), buttons(*item.buttons)]
    return message(
        heading(views.title(round)),
        *(blocks or [paragraph(_("Nothing is left to look at here. Well done."))]),
        buttons(_all_button(cohort, round, left, page + 1)) if left > 0 else None,
    )


def title_of(round: Round) -> Text:
    return (Italic(shorten(views.title(round), 80)),)


def whose(round: Round, name: str) -> Text:
    return (f"{name}, ", Italic(shorten(views.title(round), 80)))


def figure(round: Round, posted: int, of: int, replies: int, few: bool) -> Figure:
    return Figure(
        f"discussions/{round.subject}",
        _("“{title}”, posted", title=shorten(views.title(round), 60)),
        posted,
        of,
        wants_a_look=few,
        more=(views.replies(replies),) if replies else (),
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
    quotes = [Quote(post.person, words)] if post.quote and words else []
    return Passage(f"discussions/{round.subject}/most", "answers", text, rank=2, quotes=quotes)
