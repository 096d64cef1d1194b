"""A word to authors whose work nobody has reviewed: when the review is due, and on the final card."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.core.contributions import ON_FINAL
from bot.core.message import Text, message, paragraph
from bot.core.people import Cohort, Person
from bot.core.timetable import WEEK
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.course.model import Review
from bot.features.reviews import author_views, finding, rules
from bot.features.reviews.finding import Reviews
from bot.features.reviews.store import Assignment, feature


def hearten(turn: Reviews, review: Review) -> None:
    """Their next card has the word. The final card has its own."""
    cohort, course = turn.here, course_of(turn.here.course_text)
    until = min(turn.now + WEEK, cohort.timetable.over(len(course.weeks)))
    authors = _unreviewed(turn, cohort, review)
    shown = turn.links.shown({_anchor(cohort, review.id, person) for person in authors})
    gave = _gave(turn, cohort, authors)
    for person in authors:
        if (anchor := _anchor(cohort, review.id, person)) not in shown:
            line = author_views.nobody_yet(review, gave[review.id, person])
            turn.say(Card(person, cohort.id, anchor, message(paragraph(*line)), turn.now, until))


def stop(turn: Reviews, review: str, authors: Iterable[int]) -> None:
    """There is a review of their work now."""
    turn.say(*(Hush(_anchor(turn.here, review, author)) for author in authors))


def follow_taking_out(turn: Reviews, gone: Assignment) -> None:
    """What waits to be said to the reviewer thanks for no review that was taken back."""
    review = course_of(turn.here.course_text).review(gone.review)
    if review is not None and turn.links.waiting([_anchor(turn.here, review.id, gone.reviewer)]):
        hearten(turn, review)


@feature.contributes(ON_FINAL)
def on_the_final_card(turn: Reviews, cohort: Cohort, person: Person) -> Sequence[Text]:
    begun = [r for r in course_of(cohort.course_text).reviews if finding.window(turn, cohort, r)[0] <= turn.now]
    without = [r for r in begun if _unreviewed(turn, cohort, r, {person.id})]
    gave = _gave(turn, cohort, {person.id}) if without else Counter()
    return [author_views.nobody_yet(r, gave[r.id, person.id]) for r in without]


def _unreviewed(turn: Reviews, cohort: Cohort, review: Review, people: Collection[int] | None = None) -> list[int]:
    """The authors, of these people or (None) of all, whose work nobody has reviewed. Those who keep it from reviewers
    are left out."""
    works = finding.works(turn, cohort, review, people)
    if not works:
        return []
    about = turn.store.of(cohort.id, review.id) if people is None else finding.about(turn, cohort, *people)
    reviewed = {a.piece for a in about if a.counts}
    waits = finding.waiting(turn, cohort, review, works)
    return [w.person for w in works if rules.piece_of(w) not in {*reviewed, *waits}]


def _gave(turn: Reviews, cohort: Cohort, people: Collection[int]) -> Counter[tuple[str, int]]:
    """How many reviews each of them gave, by review and person."""
    return Counter((s.review, s.reviewer) for s in turn.store.sent(cohort.id, people) if s.out_at is None)


def _anchor(cohort: Cohort, review: str, person: int) -> str:
    return f"reviews/alone/{cohort.id}/{review}/{person}"
