"""What a button or an anchor is about: a round of a discussion, a post, a reply."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property

from bot.core.actions import read_number
from bot.core.errors import NotFound, Spent
from bot.core.more_time import more_time
from bot.core.people import Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.discussions import rules
from bot.features.discussions.rules import Replies, Round
from bot.features.discussions.store import DiscussionStore, Post, Response, summary

Discussions = Turn[DiscussionStore]


def rounds(turn: Discussions, cohort: Cohort | None = None, of: Person | None = None) -> list[Round]:
    """The rounds of all discussions of a cohort's course as this person has them, or as the cohort has: see
    `rounds_for`."""
    return rounds_for(turn, cohort or turn.here, [of])[0]


def rounds_for(turn: Discussions, cohort: Cohort, people: Sequence[Person | None]) -> list[list[Round]]:
    """The rounds of all discussions as each of these people has them: by their clock, with the days more that they were
    given; or (None) as the cohort has. A round that closes by each learner's own clock has closed for the cohort once
    it has by all of theirs: then everybody may read it. More time of one learner moves nothing for the others."""
    course, known = course_of(cohort.course_text), turn.store.known(cohort.id)
    if not course.discussions:
        return [[] for _ in people]
    given = more_time(turn, cohort)

    @cache
    def clocks() -> set[str]:
        return {person.zone for person in turn.people.members(cohort.id, Role.LEARNER)}

    # Most learners share a few zones.
    made: dict[tuple[str | None, int], list[Round]] = {}
    found = []
    for of in people:
        key = (of.zone if of else None, of.id if of and of.id in given.people else 0)
        if key not in made:
            zone, person = key
            made[key] = [
                one
                for d in course.discussions
                for one in rules.rounds(d, cohort.timetable, zone, turn.uptime, known, clocks, given, person)
            ]
        found.append(made[key])
    return found


def known(turn: Discussions, subject: str) -> Round:
    """The round that a button names, as the acting person has it. Raises NotFound."""
    return _there(round_of(turn, *named(subject), turn.me))


def ours(turn: Discussions, subject: str) -> Round:
    """The same by the cohort's clock."""
    return _there(round_of(turn, *named(subject)))


def _there(round: Round | None) -> Round:
    if round is None:
        raise NotFound(_("This discussion is not in the course any more. `/cohort` shows what is."))
    return round


def named(subject: str) -> tuple[str, int]:
    """The discussion and the number of its round that a button names."""
    discussion, _dot, number = subject.partition(".")
    return discussion, read_number(number) or 0


def paged(subject: str, parts: int) -> tuple[str, int]:
    """A button's subject without its page, and the page."""
    found = subject.split(".")
    page = read_number(found[parts]) if len(found) > parts else 0
    return ".".join(found[:parts]), page or 0


def round_of(turn: Discussions, discussion: str, number: int, of: Person | None = None) -> Round | None:
    """A round as this person has it, or as the cohort has; None if the course has it no more."""
    return next((r for r in rounds_of(turn, discussion, of) if r.number == number), None)


def rounds_of(turn: Discussions, discussion: str, of: Person | None = None) -> list[Round]:
    """The rounds of a discussion, in course order."""
    return [r for r in rounds(turn, of=of) if r.discussion.id == discussion]


def is_public(turn: Discussions, round: Round) -> bool:
    """Whether everybody may read the posts of a round (by the cohort's clock): they stand in the thread from its close
    on. They stay there if the close is moved later after that."""
    return rules.in_thread(round, turn.now) or bool(
        turn.links.shown([summary(turn.here.id, round.discussion.id, round.number)])
    )


def readable(turn: Discussions, subject: str) -> tuple[Post, Round]:
    """A post that the acting person may read now, with its round by the cohort's clock. Raises NotFound or Spent."""
    post, round = seen(turn, subject)
    return post, _there(round)


def seen(turn: Discussions, subject: str) -> tuple[Post, Round | None]:
    """The same; without the round if the course has it no more: one's own post, or one that stands in the thread."""
    number = read_number(subject)
    post = turn.store.post(number) if number is not None else None
    if post is None or post.cohort != turn.here.id:
        raise Spent(_("This post was taken back by its author."))
    round = round_of(turn, post.discussion, post.round)
    stands = post.person == turn.me.id or bool(turn.links.shown([post.anchor]))
    if not stands and (round is None or post.person not in circle(turn, round)):
        raise NotFound(_("This post is not for you to read yet."))
    return post, round


def circle(turn: Discussions, round: Round) -> Collection[int]:
    """Whose posts of a round (by the cohort's clock) the acting person may read now: everybody's from the close on, and
    before it those that their group reads."""
    posts = turn.store.posts(turn.here.id, round.discussion.id)
    posted = {p.person: p.at for p in posts if p.round == round.number}
    if not may_read(turn, round, posted=turn.me.id in posted):
        return ()
    if Role.INSTRUCTOR in turn.roles or is_public(turn, round):
        return posted.keys()
    groups = turn.store.groups(turn.here.id, round.discussion.id)
    return rules.read_by(round, groups.get(turn.me.id, 0), posted, groups, turn.now)


def may_read(turn: Discussions, round: Round, *, posted: bool) -> bool:
    """Whether the acting person may read others' posts of a round (by the cohort's clock). Instructors may at once."""
    own = round.discussion.reveal == "own" and posted
    return own or Role.INSTRUCTOR in turn.roles or is_public(turn, round)


def own_post(turn: Discussions, subject: str) -> Post:
    """The acting person's post that a button names. Raises Spent."""
    number = read_number(subject)
    post = turn.store.post(number) if number is not None else None
    if post is None or post.person != turn.me.id or post.cohort != turn.here.id:
        raise Spent(_("This was taken back already."))
    return post


def own_response(turn: Discussions, subject: str) -> tuple[Response, Post | None]:
    """The acting person's reply that a button names, and the post that it answers. Raises Spent."""
    number = read_number(subject)
    said = turn.store.said(turn.me.id)
    response = next((r for cohort, _discussion, r in said if cohort == turn.here.id and r.id == number), None)
    if response is None:
        raise Spent(_("This was taken back already."))
    return response, turn.store.post(response.post)


def posted_in(turn: Discussions, round: Round, person: int) -> Post | None:
    """A person's post in a round."""
    posts = turn.store.posts(turn.here.id, round.discussion.id)
    return next((p for p in posts if p.round == round.number and p.person == person), None)


class Owed:
    """To how many posts of others the learners of a cohort reply, as far as there are any that they may read: now, or
    `in_the_end`, as completion counts."""

    def __init__(self, turn: Discussions, cohort: Cohort, people: Collection[int], *, in_the_end: bool = False) -> None:
        self._turn, self._cohort, self._in_the_end = turn, cohort, in_the_end
        self._responded = turn.store.responded(cohort.id, people)
        self._circles: dict[tuple[str, int], set[int]] = {}
        self._groups: dict[str, Mapping[int, int]] = {}
        self._ours = {round.subject: round for round in rounds(turn, cohort)}

    # Read only where a round needs it: each is about all people of the cohort.

    @cached_property
    def _posted(self) -> Mapping[tuple[str, int], Mapping[int, datetime]]:
        found: dict[tuple[str, int], dict[int, datetime]] = {}
        for (discussion, number, person), at in self._turn.store.posted(self._cohort.id).items():
            found.setdefault((discussion, number), {})[person] = at
        return found

    @cached_property
    def _here(self) -> set[int]:
        return here(self._turn, self._cohort)

    def ours(self, round: Round) -> Round:
        """The round by the cohort's clock."""
        return self._ours[round.subject]

    def posted_at(self, round: Round, person: int) -> datetime | None:
        return self._posted.get((round.discussion.id, round.number), {}).get(person)

    def by(self, round: Round, person: int) -> Replies:
        """The posts that somebody still has to answer in a round."""
        if not round.replies:
            return Replies()
        ours, id = self._ours[round.subject], round.discussion.id
        posted = self._posted.get((id, round.number), {})
        others = self._here - {person}
        near = len(self._circle(ours, person, posted) & others)
        in_time = sum(at < ours.closes_at for other, at in posted.items() if other in others)
        given, now = len(self._responded.get((id, person), ())), self._turn.now
        left = max(0, rules.owed(ours, near, in_time, now, in_the_end=self._in_the_end) - given)
        whole = max(0, rules.owed(ours, near, in_time, now, in_the_end=True) - given)
        return Replies(left, whole - left)

    def _circle(self, ours: Round, person: int, posted: Mapping[int, datetime]) -> set[int]:
        id = ours.discussion.id
        if id not in self._groups:
            self._groups[id] = self._turn.store.groups(self._cohort.id, id)
        groups = self._groups[id]
        name = ours.subject, groups.get(person, 0)
        if name not in self._circles:
            self._circles[name] = rules.read_by(ours, name[1], posted, groups, self._turn.now)
        return self._circles[name]


def here(turn: Discussions, cohort: Cohort) -> set[int]:
    """Who has not left. To others nobody owes a reply, and none hears of one."""
    return {person.id for person in turn.people.members(cohort.id)}


def to_reply(turn: Discussions, round: Round, person: int) -> Replies:
    """The posts of others that somebody still has to answer in a round."""
    return Owed(turn, turn.here, {person}).by(round, person)


def may_still_post(turn: Discussions, cohort: Cohort, round: Round, posted: Collection[int]) -> set[int]:
    """Learners whose own close is ahead after a round (by the cohort's clock) has closed, and who have not posted."""
    if turn.now < round.closes_at:
        return set()
    given = more_time(turn, cohort).people - set(posted)
    people = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in given]
    own = zip(people, rounds_for(turn, cohort, people), strict=True)
    return {p.id for p, theirs in own if any(r.subject == round.subject and turn.now < r.closes_at for r in theirs)}


def authors(turn: Discussions, round: Round) -> set[int]:
    posts = turn.store.posts(turn.here.id, round.discussion.id)
    return {post.person for post in posts if post.round == round.number}


def names(turn: Discussions, people: Iterable[int]) -> Mapping[int, str]:
    wanted = set(people)
    turn.people.fetch(wanted)
    return {person: turn.people.person(person).name for person in wanted}


def learners(turn: Discussions) -> list[Person]:
    return list(turn.people.members(turn.here.id, Role.LEARNER))
