"""What pods say."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Extra
from bot.core.forms import Form, TextField
from bot.core.message import (
    Block,
    Bold,
    Button,
    Channel,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
)
from bot.core.people import Cohort, Person, Place
from bot.core.translation import _, all_of, phrase
from bot.core.typed import excerpt
from bot.course.model import INTRODUCED
from bot.features.pods.store import Introduction, Pod

LONGEST = 300
"""Characters of an answer."""

IN_THE_POST = 2400
"""Characters of all introductions in a pod's post."""

LETTERS_A_PAGE = 2400
"""Characters of the introductions on one page."""


def action_button(label: str, name: str, cohort: int, subject: str = "") -> Button:
    return Button(label, Action("pods", name, cohort, subject).encode())


def join_button(cohort: int) -> Button:
    return action_button(_("I'd like a pod"), "join", cohort)


def drop_button(cohort: int) -> Button:
    return action_button(_("No pod for me"), "drop", cohort)


def show_button(cohort: int) -> Button:
    return action_button(_("My pod"), "show", cohort)


def leave_button(cohort: int) -> Button:
    return action_button(_("Leave the pod"), "leave", cohort)


def introduce_button(cohort: int, again: bool = False) -> Button:
    return action_button(_("Change my introduction") if again else _("Introduce yourself"), "introduce", cohort)


def names(people: Sequence[Person]) -> str:
    return all_of([person.name for person in people])


# In the pod's channel


def post(
    cohort: Cohort, pod: Pod, people: Sequence[Person], introductions: Mapping[int, Introduction], checks_in: bool
) -> Message:
    """The one post with the people of a pod, which is edited as they come, go and introduce themselves."""
    said = [(p, introductions[p.id]) for p in people if p.id in introductions]
    answers = sum(len(one.answers) for _person, one in said)
    longest = min(LONGEST, max(60, IN_THE_POST // max(answers, 1) - 40))
    cut = any(len(text) > longest for _person, one in said for text in one.answers.values())
    return message(
        heading(_("Your pod in {title}", title=cohort.title)),
        paragraph(
            *phrase(
                "{names}: this is your pod. Say hello, compare notes, ask one another. Nobody has to be here at the "
                "same time as anybody else.",
                names=Bold(names(people)),
            )
        ),
        paragraph(_("On the days of a check-in, it stands here for you alone.")) if checks_in else None,
        *(block for person, one in said for block in _introduction(person, one, longest)),
        note(
            _(
                "Only the pod is in here, and I do not read what you write. Whoever comes into the pod later can read "
                "it."
            )
        ),
        buttons(introduce_button(cohort.id), show_button(cohort.id) if said or not cut else None),
    )


def farewell(cohort: Cohort) -> Message:
    return message(
        heading(_("Your pod in {title}", title=cohort.title)),
        paragraph(_("The cohort has ended, and this channel is closed. It was good to have you together.")),
    )


def dissolved() -> Message:
    return message(
        heading(_("This pod is over")),
        paragraph(
            _(
                "Its people are in another pod now, or wait for one, and this channel is closed. Who is in here can "
                "still read it."
            )
        ),
    )


def topic(cohort: Cohort) -> str:
    return _("A pod in {title}: a few people who go through it together", title=cohort.title)


def _introduction(person: Person, said: Introduction, longest: int) -> list[Block]:
    lines = [(f"{asked(question)} ", excerpt(text, longest)) for question, text in said.answers.items()]
    found = bullets(*lines)
    return [paragraph(Bold(person.name)), *([found] if found else [])]


def asked(question: str) -> str:
    """A question as people read it: the course file's own words, or ours in their language."""
    return _(question) if question in INTRODUCED else question


# For one learner


def mine(
    cohort: Cohort, pod: Pod, me: Person, people: Sequence[Person], introductions: Mapping[int, Introduction], page: int
) -> Message:
    """A page of one's pod: who is in it, where it talks, and whole introductions."""
    others = [p for p in people if p.id != me.id]
    pages = _pages([(p, introductions[p.id]) for p in people if p.id in introductions])
    page = min(max(page, 1), len(pages))
    return message(
        heading(_("Your pod")),
        paragraph(*with_you(others, pod.place)),
        *(
            block
            for person, one in pages[page - 1]
            for block in (
                paragraph(Bold(person.name)),
                *(b for question, text in one.answers.items() for b in (paragraph(asked(question)), quote(text))),
            )
        ),
        note(_("Nobody but the pod reads the introductions.")),
        buttons(
            action_button(_("Back"), "show", cohort.id, str(page - 1)) if page > 1 else None,
            action_button(_("More"), "show", cohort.id, str(page + 1)) if page < len(pages) else None,
            introduce_button(cohort.id, again=me.id in introductions),
            leave_button(cohort.id),
        ),
    )


def stands(cohort: Cohort, others: Sequence[Person], place: Place | None) -> Message:
    """Where somebody's pod is, in answer to their own words."""
    return message(paragraph(*your_pod(others, place)), buttons(show_button(cohort.id), leave_button(cohort.id)))


def _pages(said: Sequence[tuple[Person, Introduction]]) -> list[list[tuple[Person, Introduction]]]:
    pages: list[list[tuple[Person, Introduction]]] = [[]]
    used = 0
    for person, one in said:
        length = sum(len(question) + len(text) for question, text in one.answers.items())
        if pages[-1] and used + length > LETTERS_A_PAGE:
            pages.append([])
            used = 0
        pages[-1].append((person, one))
        used += length
    return pages


def with_you(others: Sequence[Person], place: Place | None) -> Text:
    """'With Ada and Ben, in #demo-pod-1.'"""
    if not others:
        return (_("Nobody else is in it at the moment. I look for others."),)
    if place is None:
        return (_("With {names}. Its channel is not there yet.", names=names(others)),)
    return phrase("With {names}, in {channel}.", names=names(others), channel=Channel(place))


def your_pod(others: Sequence[Person], place: Place | None) -> Text:
    """The same as a line among others."""
    return (Bold(_("Your pod:")), " ", *with_you(others, place))


def told(others: Sequence[Person], place: Place, fresh: bool) -> Text:
    """What people hear when they come into a pod, or others come into theirs."""
    if fresh:
        return phrase(
            "You are in a pod with {names}: {channel}. Say hello there when it suits you.",
            names=Bold(names(others)),
            channel=Channel(place),
        )
    return phrase(
        "Your pod has changed. It is you, {names} now: {channel}.", names=Bold(names(others)), channel=Channel(place)
    )


def why_merged(old: Place | None, by_staff: bool) -> Text:
    """What became of somebody's pod, before they hear of the one in which they are now."""
    said = (
        _("The course team has joined your pod with another one.")
        if by_staff
        else _("Your pod had become small, so it was joined with another one.")
    )
    if old is None:
        return (said, " ")
    return (said, " ", *phrase("{old} is closed, and you can still read it.", old=Channel(old)), " ")


def why_joined(by_staff: bool) -> Text:
    """Why others are in somebody's pod now whose own pod was closed."""
    if by_staff:
        return (_("The course team has joined another pod with yours."), " ")
    return (_("Another pod had become small, so it was joined with yours."), " ")


def why_moved() -> Text:
    """Why somebody is in another pod, while their earlier one goes on."""
    return (_("Another pod had become small, and you are nearest to it, so you go on there."), " ")


def why_another() -> Text:
    """For somebody whose pod was closed while they were not there."""
    return (_("Your earlier pod was closed while you were not here."), " ")


def waits(lost: bool = False) -> Text:
    said = _("There is nobody to be in a pod with just now. You are the first to hear when there is.")
    return (_("The others have left your pod, so it is closed."), " ", said) if lost else (said,)


def listed(cohort: Cohort, at: datetime, now: datetime) -> Message:
    """Somebody asked for a pod and is in none yet."""
    return message(
        paragraph(
            *phrase("You are on the list. Pods are formed {at}, and you hear then who is in yours.", at=Instant(at))
        )
        if now < at
        else paragraph(_("You are on the list."), " ", *waits()),
        buttons(drop_button(cohort.id)),
    )


def dropped(cohort: Cohort) -> Message:
    return message(
        paragraph(_("Noted: no pod for you. If you change your mind, there is a place.")),
        buttons(join_button(cohort.id)),
    )


def sure_to_leave(cohort: Cohort) -> Message:
    return message(
        paragraph(_("Leave your pod? You are taken out of its channel, and your introduction out of its post.")),
        buttons(action_button(_("Leave the pod"), "leave_now", cohort.id)),
    )


def left(cohort: Cohort) -> Message:
    return message(
        paragraph(_("You have left the pod. If you would like another one, say so.")), buttons(join_button(cohort.id))
    )


def offer() -> Text:
    return (
        Bold(_("A pod?")),
        " ",
        _("A few people, as near in time as there are, and a private channel to compare notes and keep going."),
    )


def for_all(at: datetime) -> Text:
    return phrase(
        "{a} Everybody gets a few people, as near in time as there are, with a private channel. You hear who on {at}.",
        a=Bold(_("Your pod:")),
        at=Instant(at, "date"),
    )


def on_the_list(at: datetime, now: datetime) -> Text:
    yours = Bold(_("Your pod:"))
    if now >= at:
        return (yours, " ", _("You are on the list."))
    return phrase("{yours} You are on the list. Pods are formed on {at}.", yours=yours, at=Instant(at, "date"))


def extra(text: Text, button: Button | None) -> Extra:
    return Extra(text, button, name="pods")


def form(cohort: Cohort, questions: Sequence[str], before: Introduction | None, earlier: bool = False) -> Form:
    """`earlier`: what they wrote `before` was for another pod."""
    hint = _("Your pod reads this, and nobody else.")
    answers = before.answers if before else {}
    return Form(
        Action("pods", "introduce", cohort.id).encode(),
        _("Introduce yourself"),
        tuple(
            TextField(
                f"q{n}",
                asked(question),
                hint,
                required=False,
                long=True,
                max_length=LONGEST,
                value=answers.get(question, ""),
            )
            for n, question in enumerate(questions, 1)
        ),
        submit=_("Save"),
        intro=_("You wrote this for an earlier pod. The people of this one read it once you save it.")
        if before and earlier
        else "",
    )


def nothing_said() -> str:
    return _("Please answer one of the questions at least.")


def introduced(cohort: Cohort, place: Place | None) -> Message:
    where = phrase("It stands in {channel}.", channel=Channel(place)) if place else (_("Your pod sees it."),)
    return message(paragraph(_("Thank you, that is saved."), " ", *where), buttons(show_button(cohort.id)))


def no_pods() -> str:
    return _("There are no pods in this cohort at the moment. `/cohort` shows what is.")


def no_pod_of_yours() -> str:
    return _("You are in no pod at the moment. `/cohort` shows whether you can get into one.")


def for_learners() -> str:
    return _("Pods are for learners. Your desk shows when one needs you.")
