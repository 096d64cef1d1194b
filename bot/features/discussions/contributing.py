"""What discussions contribute: to the week and the calendar, to completion, and to the end of a cohort."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from bot.core.asking import left_out
from bot.core.contributions import (
    AGENDA,
    CREDITS,
    EVIDENCE,
    FEEDBACK,
    FILLABLE,
    FINDINGS,
    ITEMS,
    OPEN_ENDS,
    RUNS,
    TOOK_PART,
    Credit,
    CreditWords,
    Feedback,
    Fillable,
    Finding,
    Item,
    OpenEnd,
    Upcoming,
)
from bot.core.items import shift_button
from bot.core.more_time import MoreTime, more_time
from bot.core.people import Cohort, Person, Role
from bot.core.time import local
from bot.core.translation import _
from bot.course.loader import course_of
from bot.course.night import night
from bot.features.discussions import finding, posting, rules, showing, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Replies, Round
from bot.features.discussions.store import feature, item_name, replies_name


@feature.contributes(RUNS)
def runs(turn: Discussions) -> list[str]:
    return ["discussions"]


@feature.contributes(TOOK_PART)
def took_part(turn: Discussions, cohort: Cohort) -> list[tuple[str, str, int]]:
    return [("discussions", id, person) for id, _round, person in turn.store.posted(cohort.id)]


@feature.contributes(ITEMS)
def items(turn: Discussions, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Item]]:
    """One for each round. It is done once somebody has posted, and replied to as many as they should. Late posts and
    replies are offered as long as the course runs, and never overdue. Replies that nobody can write before the close
    are an item of their own."""
    if not course_of(cohort.course_text).discussions:
        return []
    return _items(turn, cohort, people, finding.Owed(turn, cohort, {p.id for p in people}))


def _items(turn: Discussions, cohort: Cohort, people: Sequence[Person], owed: finding.Owed) -> list[tuple[int, Item]]:
    rounds = finding.rounds_for(turn, cohort, people)
    if not any(rounds):
        return []
    ids = {p.id for p in people}
    joined, given = _joined(turn, cohort, ids), more_time(turn, cohort)
    made: dict[tuple[str, int, datetime, bool, bool, bool, Replies, bool], Item] = {}
    found = []
    for person, theirs in zip(people, rounds, strict=True):
        for round in theirs:
            id = round.discussion.id
            at = owed.posted_at(round, person.id)
            has, late = at is not None, at is not None and at >= round.closes_at
            replies = owed.by(round, person.id)
            mine = Replies() if round.replies_after else replies
            optional = person.id in joined and joined[person.id] >= round.closes_at
            key = (id, round.number, round.closes_at, round.own_date, has, late, mine, optional)
            if key not in made:
                made[key] = replace(_item(cohort, round, has, mine, optional), late=late)
            found.append((person.id, made[key]))
            if round.replies_after:
                found.append(
                    (person.id, _replies(cohort, round, owed.ours(round), given, person.id, replies, optional))
                )
    return found


def _replies(
    cohort: Cohort, round: Round, ours: Round, given: MoreTime, person: int, replies: Replies, optional: bool
) -> Item:
    """The replies to posts that are read after the close by the cohort's clock (`ours`)."""
    name = replies_name(round.discussion.id)
    days, table = rules.REPLY_FOR + given.days(name, person), round.planned.table
    until = table.moved(max(ours.closes_at, round.closes_at), days, "cohort", cohort.zone)
    done = not (replies.left or replies.later)
    return Item(
        name=name,
        id=f"{round.discussion.id}/replies",
        week=round.discussion.week,
        title=views.replies_title(round),
        to_do=views.to_do(round, True, replies.left),
        opens_at=ours.closes_at,
        due_at=until,
        done=done,
        optional=optional,
        state=_("done") if done else _("to reply"),
        closes=True,
        welcome_until=until + rules.LATE_FOR,
        own_date=bool(given.own(name, person)),
        button=views.read_button(cohort.id, round),
        shift=shift_button(cohort.id) if round.discussion.extension.longest else None,
    )


def _joined(turn: Discussions, cohort: Cohort, people: Collection[int]) -> dict[int, datetime]:
    turn.people.fetch({id for id in people if id})
    found = ((id, m) for id in people if id for m in turn.people.memberships(id))
    return {id: m.joined_at for id, m in found if m.cohort == cohort.id and m.role is Role.LEARNER}


def _item(cohort: Cohort, round: Round, posted: bool, replies: Replies, optional: bool) -> Item:
    discussion = round.discussion
    done = posted and not replies.left
    return Item(
        name=item_name(discussion.id, round.number),
        id=f"{discussion.id}/{round.number + 1}" if round.number else discussion.id,
        week=discussion.week,
        title=views.item_title(round),
        to_do=views.to_do(round, posted, replies.left),
        opens_at=round.opens_at,
        due_at=round.closes_at,
        # The minutes are those of the whole discussion.
        minutes=0 if round.position else discussion.minutes,
        done=done,
        optional=optional,
        state=views.state(posted, replies),
        closes=True,
        welcome_until=round.closes_at + rules.LATE_FOR,
        own_clock=round.own_clock,
        own_date=round.own_date,
        button=views.read_button(cohort.id, round) if posted else views.post_button(cohort.id, round),
        shift=shift_button(cohort.id) if discussion.extension.longest else None,
        begun=posted,
    )


@feature.contributes(FILLABLE)
def fillable(turn: Discussions, cohort: Cohort, person: Person) -> list[Fillable]:
    """The forms of the rounds that are open."""
    if Role.LEARNER not in turn.roles or cohort.ended_at is not None:
        return []
    opens = {r.subject: r.opens_at for r in finding.rounds(turn, cohort)}
    mine = finding.rounds(turn, cohort, person)
    found = [r for r in mine if min(r.opens_at, opens[r.subject]) <= turn.now < r.closes_at]
    return [
        Fillable(
            posting.form_of(turn, round, finding.posted_in(turn, round, person.id)),
            item_name(round.discussion.id, round.number),
        )
        for round in found
    ]


@feature.contributes(FEEDBACK)
def replies_received(turn: Discussions, cohort: Cohort, person: Person) -> list[Feedback]:
    posts = {p.id: p for p in turn.store.written(person.id) if p.cohort == cohort.id}
    counts = Counter(r.post for r in turn.store.responses(posts) if r.person != person.id)
    return [
        Feedback(item_name(p.discussion, p.round), (views.replies(counts[id]),))
        for id, p in posts.items()
        if counts[id]
    ]


@feature.contributes(AGENDA)
def upcoming(turn: Discussions, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    if Role.LEARNER not in turn.roles:
        return ()
    found: list[Upcoming] = []
    mine, gone = {one.name: one for __, one in items(turn, cohort, [person])}, left_out(turn, cohort)
    posts = {(p.discussion, p.round): p for p in turn.store.written(person.id) if p.cohort == cohort.id}
    for round in finding.rounds(turn, cohort, person):
        one, post = mine[item_name(round.discussion.id, round.number)], posts.get((round.discussion.id, round.number))
        if one.opens_at > turn.now or (post is None and (one.week, round.discussion.id) in gone):
            continue
        name = views.title(round)
        if one.is_ahead(turn.now):
            found.append(Upcoming(one.to_do, one.due_at, one.button, name=name))
        elif post is not None and one.is_welcome(turn.now):
            found.append(Upcoming(one.to_do, None, one.button, name=name))
        elif post is not None:
            replies = sum(r.person != person.id for r in turn.store.responses([post.id]))
            line, button = views.agenda_line(round, replies), views.mine_button(cohort.id, round)
            found.append(Upcoming(line, None, button, name=name))
        elif not one.optional:
            found.append(Upcoming(views.late_line(round), None, one.button, name=name))
        after = mine.get(replies_name(round.discussion.id)) if round.replies_after else None
        if after is not None and after.opens_at <= turn.now and after.is_asked:
            until = after.due_at if after.is_ahead(turn.now) else None
            found.append(Upcoming(after.to_do, until, after.button, name=name))
    return found


@feature.contributes(FINDINGS)
def doubts(turn: Discussions, cohort: Cohort) -> list[Finding]:
    """Rounds that open while no messages may come, by the cohort's clock, and those that open while the one before is
    open."""
    hours, found = course_of(cohort.course_text).messages, []
    for i, discussion in enumerate(course_of(cohort.course_text).discussions):
        rounds = rules.rounds(discussion, cohort.timetable, cohort.zone, turn.uptime)
        paths = [
            f"discussions[{i}].rounds[{n}].opens" if len(rounds) > 1 else f"discussions[{i}].opens"
            for n in range(len(rounds))
        ]
        for path, round in zip(paths, rounds, strict=True):
            if said := night(hours, discussion.title, round.opens_at, cohort.zone):
                found.append(Finding(path, "night", *said))
        for n, (before, after) in enumerate(pairwise(rounds), 1):
            if after.opens_at < before.closes_at:
                opens, closes = (f"{local(at, cohort.zone):%a %H:%M}" for at in (after.opens_at, before.closes_at))
                message = (
                    f"Round {n + 1} of “{discussion.title}” opens {opens}, before round {n} closes ({closes}), so both "
                    "are asked for at once."
                )
                found.append(
                    Finding(
                        paths[n], "collides", message, f"Let round {n + 1} open after that, or close round {n} earlier."
                    )
                )
    return found


# Completion, and the end of a cohort


@feature.contributes(CREDITS)
def credits(turn: Discussions, cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, Credit]]:
    """What the completion rule asks of discussions, if it does."""
    rule = course_of(cohort.course_text).completion.discussions
    if not (rule.all or rule.count or rule.share):
        return []
    ids = {p.id for p in people}
    theirs: dict[int, dict[str, list[Item]]] = {id: {} for id in ids}
    for id, one in _items(turn, cohort, people, finding.Owed(turn, cohort, ids, in_the_end=True)):
        theirs[id].setdefault(one.id.partition("/")[0], []).append(one)
    finished = _finished(turn, cohort, ids)
    present = {d.id for d in course_of(cohort.course_text).discussions}
    found = []
    for id, some in theirs.items():
        kept = [at for name, at in finished.get(id, {}).items() if name not in present]
        # The last round of a discussion stands for it: it is open when the others are over.
        names = {replies_name(id) for id in present}
        whole = [
            next((one for one in rounds if not one.done), [one for one in rounds if one.name not in names][-1])
            for rounds in some.values()
        ]
        asked = len(kept) + sum(1 for one in whole if one.done or not one.optional)
        times = [at for name, at in finished.get(id, {}).items() if name in present]
        found.append((id, _credit(cohort, whole, theirs[id], [*kept, *times], rule.of(asked), len(kept))))
    return found


def _finished(turn: Discussions, cohort: Cohort, ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    """When each of these people last posted in a discussion, or replied as they should. What they did in one that the
    course has no more counts with a reply."""
    course, responded = course_of(cohort.course_text), turn.store.responded(cohort.id, ids)
    found: dict[int, dict[str, datetime]] = {id: {} for id in ids}
    for (id, _number, person), at in turn.store.posted(cohort.id).items():
        if person not in found:
            continue
        discussion, replies = course.discussion(id), sorted(responded.get((id, person), ()))
        if discussion is None and not replies:
            continue
        needed = replies[: discussion.replies if discussion else 1]
        found[person][id] = max([at, *needed, *([found[person][id]] if id in found[person] else [])])
    return found


def _credit(
    cohort: Cohort,
    mine: Sequence[Item],
    rounds: Mapping[str, Sequence[Item]],
    times: Sequence[datetime],
    needed: int,
    kept: int,
) -> Credit:
    """`mine`: the round that stands for each discussion; `rounds`: all of them, by discussion. `kept`: how many
    discussions they took part in that the course has no more."""
    did = [one for one in mine if one.done]
    done = min(needed, kept + len(did))
    missing = [one for one in mine if not one.done and not one.optional] if done < needed else []
    taken = [] if cohort.ended_at is not None else missing
    open_rounds = [r for one in missing for r in rounds[one.id.partition("/")[0]] if not r.done and not r.optional]
    return Credit(
        needs=views.so_many(needed),
        column="discussions",
        needed=needed,
        done=done,
        done_at=sorted(times)[needed - 1] if needed and done == needed and len(times) >= needed else None,
        taken=len(taken),
        words=lambda: CreditWords(
            did=(
                *((_("Discussion: one that was taken out of the course"),) for _kept in range(kept)),
                *((_("Discussion: {title}", title=one.title),) for one in did),
            ),
            missing=tuple((one.title,) for one in open_rounds),
            lacks=views.so_many(needed - done) if done < needed else "",
            buttons=tuple(one.button for one in taken[:2] if one.button is not None),
        ),
    )


@feature.contributes(OPEN_ENDS)
def open_ends(turn: Discussions, cohort: Cohort) -> list[OpenEnd]:
    found = [r for r in finding.rounds(turn, cohort) if r.opens_at <= turn.now < r.closes_at]
    return [OpenEnd(views.open_at_the_end(found), stays=False)] if found else []


@feature.contributes(EVIDENCE)
def evidence(turn: Discussions, cohort: Cohort, learners: frozenset[int]) -> list[tuple[str, str]]:
    """How many took part in each discussion, and how many posts had an answer."""
    found, own = [], replace(turn, cohort=cohort)
    places = {d.id: n for n, d in enumerate(course_of(cohort.course_text).discussions)}
    for round in finding.rounds(turn, cohort):
        if posts := showing.in_round(own, round):
            counts = showing.counted(own, round, posts)
            alone = len(posts) - len(rules.answered(posts, turn.store.responses([p.id for p in posts])))
            found.append((f"discussions[{places[round.discussion.id]}]", views.in_numbers(round, counts, alone)))
    return found
