"""Pure decisions of peer review: who gets which piece, when authors are told, and what is asked of whom."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeVar

from bot.core.contributions import Item, Work
from bot.core.fingerprints import fingerprint
from bot.core.forms import Values
from bot.core.more_time import MoreTime
from bot.core.people import Cohort, Person
from bot.core.timetable import DAY, WEEK
from bot.core.translation import _
from bot.core.typed import trim
from bot.core.uptime import Uptime
from bot.course.model import Quantity, Review
from bot.features.reviews.store import UNWANTED, Answers, Assignment, Consent, Opening, Piece, Sent, Taken, item_name

OPENS_WITH = 4
"""So many pieces open a review before its date, for those whose own is in."""

COUNTED = 16
"""Beyond so many pieces nothing depends on their number: nobody is asked for more than ten reviews."""

LATE_FOR = WEEK
"""How long after it was due a review is still taken."""

TIME = DAY
"""The least time in which a review can be asked of somebody."""

LONGEST = 1500
"""Maximum characters of an answer to one point of the rubric."""


def work_item(review: Review) -> str:
    """The `Work.item` of its pieces."""
    return f"milestone/{review.milestone}"


def piece_of(work: Work) -> str:
    """Names the piece that a work is: its own, or one for all people of a pod. It never changes."""
    return work.pod or work.name


def consent_of(work: Work) -> str:
    """Names a piece in the consents. A pod has a piece for each of its milestones."""
    return f"{work.pod}/{work.item}" if work.pod else work.name


def stamp_of(work: Work) -> str:
    """Names the version of a piece in the buttons about it."""
    return fingerprint((work.changed_at.isoformat(), work.text, work.link, work.file), 6)


def pieces(works: Iterable[Work]) -> list[Work]:
    """The pieces of a review, each once: of a pod's work, that of the person who has it newest."""
    found: dict[str, Work] = {}
    for work in works:
        before = found.get(piece_of(work))
        if before is None or (work.changed_at, before.name) > (before.changed_at, work.name):
            found[piece_of(work)] = work
    return list(found.values())


def owned(person: int, by: Mapping[int, Sequence[Work]], mates: Collection[int]) -> list[Work]:
    """The work that somebody does not review: their own, and what those who are in a pod with them now made for a pod,
    be it this one or an earlier one. `by`: the work in a review, by person."""
    others = (w for p in mates if p != person for w in by.get(p, ()) if w.pod)
    return [*by.get(person, ()), *others]


def by_person(works: Iterable[Work]) -> Mapping[int, Sequence[Work]]:
    """The works of each person who has any."""
    found: dict[int, list[Work]] = defaultdict(list)
    for work in works:
        found[work.person].append(work)
    return found


def in_hand(works: Iterable[Work], waits: Collection[str]) -> int:
    """How many of these pieces can be handed out. `waits`: those that wait for consent (see `Waits`)."""
    return len({piece_of(w) for w in works} - set(waits))


def as_now(taken: Iterable[Taken], works: Iterable[Work]) -> list[Taken]:
    """What was taken, with a pod's piece under the name that it has now: another one of the pod may have handed in the
    newest version."""
    names = {w.pod: w.name for w in works if w.pod}
    return [replace(t, work=names[t.pod]) if t.pod in names else t for t in taken]


def window(
    review: Review, cohort: Cohort, person: Person, given: MoreTime, uptime: Uptime
) -> tuple[datetime, datetime]:
    """When a review opens and is due for a person, in UTC. Days more for its milestone move both dates; days more for
    the review itself move the second one."""
    later = given.days(review.milestone) * DAY
    opens, due = review.window(cohort.timetable, person.zone, later)
    due = cohort.timetable.moved(due, given.days(item_name(review.id), person.id), review.due.zone, person.zone)
    return opens, uptime.open_until(opens, due)


def taken_until(review_opens: datetime, due: datetime, cohort: Cohort) -> datetime:
    """Until when reviews are taken, late ones included. What was open and promised outlasts the end of a cohort."""
    until = due + LATE_FOR
    return cohort.taken_until(review_opens, until) or until


def has_time(at: datetime, until: datetime) -> bool:
    """Whether what comes at this time comes early enough for a review that is taken until then."""
    return at + TIME <= until


def in_time(works: Iterable[Work], until: datetime) -> list[Work]:
    """The work that came while there was time for reviews. Work that comes later asks for no review, of its author or
    of others."""
    return [w for w in works if has_time(w.first_at, until)]


# Who gets which piece


P = TypeVar("P", bound=Piece)


def is_active(taken: Taken, now: datetime) -> bool:
    """Whether it is done or under way. An unfinished one goes back once its time is over."""
    return taken.out_at is None and (taken.sent_at is not None or now < taken.held_until)


def received(taken: Iterable[Taken], now: datetime) -> Counter[str]:
    """How many reviews of each piece are done or under way."""
    return Counter(t.work for t in taken if is_active(t, now))


def next_piece(pieces: Sequence[P], taken: Sequence[Taken], me: int, wanted: int, now: datetime) -> P | None:
    """The piece that a reviewer gets: the one with the fewest reviews done or under way, the oldest first; never one's
    own, and none twice. Whoever has done all that is `wanted` of each gets only what has fewer than that.

    If one other person alone still has to review, their own piece goes first among equals: they cannot take it.
    """
    counts: Counter[str] = Counter()
    shares: Counter[int] = Counter()
    mine: set[str] = set()
    did = 0
    for one in taken:
        active = is_active(one, now)
        if active:
            counts[one.work] += 1
            shares[one.reviewer] += 1
        if one.reviewer == me:
            mine |= {one.work} if active or one.out_at is not None else set()
            did += one.out_at is None and one.sent_at is not None
    free = [p for p in pieces if p.person != me and p.name not in mine]
    if did >= wanted:
        free = [p for p in free if counts[p.name] < wanted]
    if not free:
        return None
    fewest = min(counts[p.name] for p in free)
    least = [p for p in free if counts[p.name] == fewest]
    owing = (p for p in pieces if p.person != me and shares[p.person] < wanted)
    last, others = next(owing, None), next(owing, None)
    if last is not None and others is None and last in least:
        return last
    return min(least, key=lambda p: (p.first_at, p.name))


# What is asked of whom


@dataclass(frozen=True, slots=True)
class Share:
    """What is asked of a person: `asked` in all, of which they have `given` some. `late`: the one that completed it
    came late. `owed`: they can give one now, or the review has not begun."""

    asked: int
    given: int
    done: bool
    late: bool
    owed: bool


def share(review: Review, pieces: int, own: bool, in_hand: int, sent: Sequence[Sent], begun: bool) -> Share:
    """`pieces`: how many came in time (see `in_time`) and can be handed out. `own`: work of theirs did; `in_hand`: how
    many of these pieces they do not review (see `owned`). `begun`: the review is open for all; before that nobody knows
    how much work will come."""
    asked, mine = review.reviews, [s for s in sent if s.out_at is None]
    if begun:
        # Nobody gets a piece again of which their review was taken back.
        asked = min(asked, max(len(mine), pieces - in_hand - (len(sent) - len(mine))))
    done = bool(mine) and (len(mine) >= asked or any(s.enough for s in mine))
    late = done and any(s.late for s in sorted(mine, key=lambda s: s.sent_at)[:asked])
    return Share(asked, len(mine), done, late, not done and (own or not begun) and asked > len(mine))


def with_required(items: Sequence[Item], rule: Quantity, now: datetime) -> list[Item]:
    """The reviews of one person, of which those are required without which they cannot do enough of them any more."""
    asked = [i for i in items if i.is_asked]
    done = sum(i.done for i in items)
    needed, ahead = rule.of(done + len(asked)), done + sum(i.is_pending(now) for i in asked)
    required = (i.is_asked and ahead - i.is_pending(now) < needed for i in items)
    return [replace(i, required=True) if needs else i for i, needs in zip(items, required, strict=True)]


def begins_at(opening: Opening | None, own: bool, opens_at: datetime) -> datetime:
    """From when on somebody may take a piece: from the date on, or earlier if their own work is in, once enough pieces
    are."""
    early = opening.opened_at if own and opening is not None else None
    return min(early or opens_at, opens_at)


# The author


def is_told(review: Review, count: int, others: int, due_at: datetime, now: datetime) -> bool:
    """Whether an author is told of the reviews of their work: all in one message, when the review is due, or once as
    many are in as can be expected. `count`: reviews that are in. `others`: learners who could write one."""
    return now >= due_at or count >= min(review.reviews, max(1, others))


def visible(found: Iterable[Assignment]) -> list[Assignment]:
    """The reviews that their author reads."""
    return [a for a in found if a.counts and a.told]


def readable(found: Iterable[Assignment]) -> list[Assignment]:
    """The same, with those that were taken back after they had come: of these they read that."""
    return [a for a in found if a.sent_at is not None and a.told]


def numbers(found: Iterable[Assignment]) -> dict[int, int]:
    """The numbers by which an author knows the reviews of a piece, in the order in which they came. They stay when one
    is taken back."""
    told = sorted((a for a in found if a.told), key=lambda a: (a.sent_at or a.taken_at, a.id))
    return {a.id: number for number, a in enumerate(told, 1)}


def by_piece(consents: Iterable[Consent]) -> Mapping[str, Sequence[Consent]]:
    """By the name that `consent_of` gives to a piece."""
    found: dict[str, list[Consent]] = defaultdict(list)
    for consent in consents:
        found[consent.work].append(consent)
    return found


Waits = Literal["asks", "kept"]
"""Why a piece waits for the consent of those whose names it may show: somebody was asked and has not answered, or said
no."""


def said(work: Work, consents: Iterable[Consent]) -> Mapping[int, bool | None]:
    """What each said who was asked about a piece as it is now."""
    return {c.person: c.agreed for c in consents if c.version == work.changed_at}


def waits(work: Work, consents: Iterable[Consent]) -> Waits | None:
    """None: it does not wait."""
    answers = said(work, consents).values()
    if all(answers):
        return None
    return "kept" if False in answers else "asks"


# What was typed


def answered(review: Review, values: Values) -> Answers:
    """What was typed for each point of the rubric; '' for one that is missing."""
    return tuple((question, trim(values.get(field(question), ""))) for question in review.rubric)


def field(question: str) -> str:
    """The name of the form's field for a point of the rubric. It is that of the question wherever it stands, so nothing
    that was typed comes under another one."""
    return f"point_{fingerprint(question, 8)}"


def is_asked(review: Review, values: Values) -> bool:
    """Whether a form had the questions that the review has now."""
    names = {*map(field, review.rubric), *(["points"] if review.points else [])}
    return names == {*values}


def points_of(review: Review, typed: str) -> int | None:
    """The points that were typed; None: none, or not such a number."""
    typed = typed.strip()
    if not review.points or not typed.isascii() or not typed.isdigit() or len(typed) > 3:
        return None
    return points if (points := int(typed)) <= review.points else None


def problems(review: Review, answers: Answers, typed: str) -> dict[str, str]:
    """Errors in a filled-in form, by field."""
    found = {field(question): _("Please fill this in.") for question, text in answers if not text}
    if review.points and points_of(review, typed) is None:
        found["points"] = _("Please write a number from 0 to {most}.", most=review.points)
    return found


# For the course team


def without_reviewer(works: Sequence[Work], taken: Sequence[Taken], now: datetime) -> list[Work]:
    """The pieces without a review, done or under way; the oldest first."""
    counts = received(taken, now)
    return sorted((w for w in works if not counts[w.name]), key=lambda w: (w.first_at, w.name))


def look_first(a: Assignment) -> tuple[int, int]:
    """Sorts reviews: hurtful ones, then useless ones, then the rest."""
    return UNWANTED.index(a.useful) if a.useful in UNWANTED else len(UNWANTED), a.id


Alone = Waits | Literal["late", "none"]
"""Why a piece has no review: it waits for consent, somebody may still send one late, or nobody is asked for one."""


def owes(review: Review, person: int, pieces: int, in_hand: int, sent: Sequence[Sent]) -> bool:
    """Whether a review that was due is still asked of somebody whose work is in. The parameters are those of `share`;
    `sent` may have reviews of others."""
    mine = [s for s in sent if s.reviewer == person and s.review == review.id]
    return share(review, pieces, True, in_hand, mine, True).owed
