"""How pieces are handed out, for cohorts of every size, while a fifth of the people vanish at different moments."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.features.reviews.rules import is_active, next_piece, received
from bot.features.reviews.store import Taken
from tests.effort import tries

START = datetime(2026, 1, 12, 8, tzinfo=UTC)
HOLD = timedelta(hours=48)


@dataclass(frozen=True)
class Handed:
    """A piece of work."""

    name: str
    person: int
    first_at: datetime


class Course:
    """People hand in, take pieces and send reviews, in any order; a fifth of them vanish on the way."""

    def __init__(self, size: int, wanted: int, seed: int) -> None:
        self.random, self.wanted, self.now = Random(f"{size}/{wanted}/{seed}"), wanted, START
        people = range(1, size + 1)
        vanishing = self.random.sample(people, size // 5)
        self.stops = {who: self.random.choice(["before work", "after work", "with a piece"]) for who in vanishing}
        self.left = [who for who in people if self.stops.get(who) != "before work"]
        self.pieces: list[Handed] = []
        self.taken: list[Taken] = []
        self.reviewers = [who for who in people if who not in self.stops]

    def hand_in(self, who: int) -> None:
        self.pieces.append(Handed(f"work/{who}", who, self.now))

    def take(self, who: int) -> Taken | None:
        piece = next_piece(self.pieces, self.taken, who, self.wanted, self.now)
        if piece is None:
            return None
        free = [p for p in self.pieces if p.person != who]
        assert piece in free, "nobody's own"
        before = [t for t in self.taken if (t.work, t.reviewer) == (piece.name, who)]
        assert not any(is_active(t, self.now) for t in before), "nobody twice"
        self.taken = [t for t in self.taken if t not in before]
        self.taken.append(Taken(piece.name, who, self.now + HOLD))
        return self.taken[-1]

    def send(self, taken: Taken) -> None:
        self.taken.remove(taken)
        self.taken.append(replace(taken, sent_at=self.now))

    def play(self) -> None:
        waiting = list(self.left)
        self.random.shuffle(waiting)
        late = waiting[: len(waiting) // 4]
        for who in waiting[len(late) :]:
            self.hand_in(who)
            self.now += timedelta(minutes=self.random.randint(1, 60))
        acts = [who for who in self.left for _ in range(self.wanted)]
        self.random.shuffle(acts)
        for who in acts:
            self.now += timedelta(minutes=self.random.randint(1, 60))
            if late and self.random.random() < 0.2:
                self.hand_in(late.pop())
            if self.stops.get(who) == "after work":
                continue
            taken = self.take(who)
            if taken is not None and self.stops.get(who) != "with a piece":
                self.send(taken)
        for who in late:
            self.hand_in(who)

    def go_on(self) -> None:
        """Whoever still reviews takes what they can get, until there is nothing for anybody."""
        self.now += HOLD
        moved = True
        while moved:
            moved = False
            for who in self.random.sample(self.reviewers, len(self.reviewers)):
                if (taken := self.take(who)) is not None:
                    self.send(taken)
                    moved = True


@pytest.mark.parametrize("size", range(2, 61))
@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_no_piece_ends_with_fewer_reviews_while_somebody_could_still_take_it(size: int, wanted: int) -> None:
    for seed in range(tries(4)):
        course = Course(size, wanted, seed)
        course.play()
        course.go_on()
        counts = received(course.taken, course.now)
        by = {(t.work, t.reviewer) for t in course.taken if t.sent_at}
        for piece in course.pieces:
            if counts[piece.name] < wanted:
                could = [r for r in course.reviewers if r != piece.person and (piece.name, r) not in by]
                assert not could, f"{piece} has {counts[piece.name]} of {wanted}, and {could} could review it"
        each = Counter((t.work, t.reviewer) for t in course.taken if t.sent_at)
        assert not each or max(each.values()) == 1
        assert not any(t.work == f"work/{t.reviewer}" for t in course.taken)


@pytest.mark.parametrize("size", range(2, 61))
@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_whoever_comes_in_any_order_everybody_gets_a_review(size: int, wanted: int) -> None:
    """Nobody vanishes, and each does their share, one after the other."""
    for seed in range(tries(6)):
        course = Course(size, wanted, seed)
        for who in range(1, size + 1):
            course.hand_in(who)
            course.now += timedelta(minutes=1)
        order = course.random.sample(range(1, size + 1), size)
        for who in order:
            for _ in range(wanted):
                if (taken := course.take(who)) is not None:
                    course.send(taken)
        counts = received(course.taken, course.now)
        share = min(wanted, size - 1)
        assert min(counts[p.name] for p in course.pieces) >= max(1, share - 1)
        assert max(counts.values()) <= share + 1


def test_an_unfinished_piece_goes_back_after_its_time() -> None:
    course = Course(4, 1, 0)
    course.hand_in(1)
    course.hand_in(2)
    first = course.take(3)
    assert first is not None
    assert first.work == "work/1"
    second = course.take(4)
    assert second is not None
    assert second.work == "work/2", "the other one has fewer under way"
    course.send(second)
    course.now += HOLD
    assert received(course.taken, course.now) == {"work/2": 1}
    again = course.take(2)
    assert again is not None
    assert again.work == "work/1"


def test_whoever_did_their_share_is_offered_only_what_has_too_few() -> None:
    course = Course(4, 1, 0)
    for who in (1, 2):
        course.hand_in(who)
        course.now += timedelta(minutes=1)
    for who in (3, 4):
        taken = course.take(who)
        assert taken is not None
        course.send(taken)
    assert course.take(3) is None
    course.hand_in(4)
    late = course.take(3)
    assert late is not None
    assert late.work == "work/4"
