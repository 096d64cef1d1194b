"""Reads an export thread by thread: which messages ask something, when somebody else replied, and who wrote."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.history import PastMessage, PastThread
from bot.features.faq.scoring import words
from bot.features.questions.rules import is_courtesy, is_tick, opens_question

MOST = 30_000
"""Most questions that are looked at: of more, the newest."""

SAID = 600
"""Characters of a question that are held."""

NEARBY = timedelta(hours=24)
"""Within this time a message in the channel itself may answer a question that has no thread."""

WAITING = 20
"""Questions of a channel that such a message may answer."""

SHARED = 2
"""Words that it has to share with the question."""


@dataclass(slots=True)
class Asked:
    """A question. `by`: its author's account, '' if unknown. `after`: how long until somebody else's first reply;
    None: nobody replied."""

    text: str
    by: str
    at: datetime
    after: timedelta | None = None


@dataclass(slots=True)
class Chat:
    """What an export holds. `writers`: how many messages each account wrote."""

    questions: deque[Asked] = field(default_factory=lambda: deque(maxlen=MOST))
    asked: int = 0
    writers: Counter[str] = field(default_factory=Counter)
    begins: datetime | None = None
    ends: datetime | None = None


Hear = Callable[[PastMessage], None]
"""Is told every message."""


def read(threads: Iterable[PastThread], hear: Iterable[Hear] = ()) -> Chat:
    """`threads`: oldest first, with messages that nobody replied to."""
    chat = Chat()
    listeners = tuple(hear)
    waiting: dict[tuple[str, str], deque[tuple[Asked, frozenset[str]]]] = defaultdict(lambda: deque(maxlen=WAITING))
    for thread in threads:
        for message in (thread.root, *thread.replies):
            chat.writers[message.author or ""] += 1
            chat.begins = min(chat.begins or message.at, message.at)
            chat.ends = max(chat.ends or message.at, message.at)
            for listener in listeners:
                listener(message)
        place = waiting[thread.root.ref.workspace, thread.root.ref.channel]
        asked = _question(thread)
        if asked is None:
            _answer(place, thread.root)
            continue
        chat.asked += 1
        chat.questions.append(asked)
        if asked.after is None:
            place.append((asked, frozenset(words(asked.text))))
    return chat


def _question(thread: PastThread) -> Asked | None:
    """The question that a thread opens with, as `faq import` decides it."""
    root = thread.root
    ticked = any(is_tick(r.emoji) for reply in thread.replies for r in reply.reactions)
    if not ticked and (is_courtesy(root.text) or not opens_question(root.text)):
        return None
    first = min((m.at for m in thread.replies if not _is_own(m, root)), default=None)
    after = None if first is None else max(timedelta(0), first - root.at)
    return Asked(root.text[:SAID], root.author or "", root.at, after)


def _is_own(reply: PastMessage, root: PastMessage) -> bool:
    return root.author is not None and reply.author == root.author


def _answer(place: Iterable[tuple[Asked, frozenset[str]]], message: PastMessage) -> None:
    """Where people answer below one another without threads: a message that shares words with a question."""
    said: frozenset[str] | None = None
    for asked, about in _fitting(place, message):
        said = frozenset(words(message.text[:SAID])) if said is None else said
        if len(said & about) >= min(SHARED, len(about)) and about:
            asked.after = message.at - asked.at


def _fitting(
    place: Iterable[tuple[Asked, frozenset[str]]], message: PastMessage
) -> Iterator[tuple[Asked, frozenset[str]]]:
    for asked, about in place:
        others = message.author is not None and message.author != asked.by
        if asked.after is None and others and message.at - asked.at <= NEARBY:
            yield asked, about
