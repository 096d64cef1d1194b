"""What setting a cohort up says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.causes import why_not_posted, why_not_there
from bot.core.contributions import HeldPost, Pile, Urgency
from bot.core.errors import NOT_THE_CHANNEL
from bot.core.events import PostHeld
from bot.core.forms import ChannelField, ChoiceField, Form, GroupField, PersonField, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Buttons,
    Channel,
    Inline,
    Instant,
    Jump,
    Message,
    Option,
    Text,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
    with_code,
)
from bot.core.naming import choices
from bot.core.people import Channel as Bound
from bot.core.people import Cohort, Person, Place, Role
from bot.core.time import say, say_day
from bot.core.translation import N_, _, _n, all_of, phrase, some_of
from bot.course.calendar import Behind
from bot.features.enrolment.rules import PURPOSES
from bot.features.enrolment.store import GroupRole, LoggedAct
from bot.features.enrolment.views import a, named

__all__ = ["Text", "a", "named"]

PURPOSE_WORDS = {"main": N_("The cohort's own channel"), "questions": N_("Questions"), "staff": N_("The course team")}
_TOPICS = {
    "main": N_("The cohort: one post a week opens it, the rest is in its thread"),
    "questions": N_("Ask anything about the course; each question gets its thread"),
    "staff": N_("For the course team"),
}
_ROLES = {Role.INSTRUCTOR: N_("Instructor"), Role.MANAGER: N_("Manager"), Role.LEARNER: N_("Learner")}
_GIVES = {
    Role.INSTRUCTOR: N_("gives the role instructor"),
    Role.MANAGER: N_("gives the role manager"),
    Role.LEARNER: N_("gives the role learner"),
}


def _act(name: str, cohort: Cohort, subject: str = "") -> str:
    return Action("enrolment", name, cohort.id, subject).encode()


def topic(purpose: str) -> str:
    return _(_TOPICS[purpose])


def which(cohorts: Sequence[Cohort]) -> Message:
    return message(paragraph(_("Which cohort?")), *choices(cohorts, lambda c: _act("setup", c)))


def connect_form() -> Form:
    hint = _("Whoever made the cohort has it: it is the one that people join with.")
    field = TextField("code", _("The cohort's code"), hint, max_length=40)
    return Form(Action("enrolment", "connect").encode(), _("Connect a cohort"), (field,), submit=_("Connect"))


def page(
    cohort: Cohort,
    people: Mapping[Role, Sequence[Person]],
    groups: Sequence[GroupRole],
    code: str,
    behind: Behind | None,
    warning: Text | None,
) -> Message:
    """How a cohort is set up, and what is missing. `behind`: what is over of a cohort that began before anybody
    joined. `warning`: what works poorly in the channel that was just chosen."""
    missing = [p for p in PURPOSES if p not in {c.purpose for c in cohort.channels}]
    return message(
        heading(_("Set up: {title}", title=cohort.title)),
        fields(
            *((_(PURPOSE_WORDS[c.purpose]), _channel(c)) for c in cohort.channels),
            *((_(PURPOSE_WORDS[p]), _none(p, missing)) for p in missing),
            (_("Instructors"), _names(people[Role.INSTRUCTOR])),
            (_("Managers"), _names(people[Role.MANAGER])),
            (_("Learners"), f"{len(people[Role.LEARNER])}"),
            *((_("Group {name}", name=g.name), _(_GIVES[g.role])) for g in groups),
            (_("Code to join"), with_code(_("`/cohort join {code}`", code=code))),
        ),
        paragraph(Bold(_begun(cohort, behind))) if behind else None,
        paragraph(*warning) if warning else None,
        note(*phrase("Next: {next}", next=_next(missing, people))),
        buttons(
            Button(_("Choose a channel"), _act("channel", cohort), "primary" if missing else "plain"),
            Button(_("Make the missing channels"), _act("make_channels", cohort)) if missing else None,
            Button(_("Name somebody"), _act("person", cohort)),
            Button(_("Role of a group"), _act("group", cohort)),
            Button(_("What was done"), _act("log", cohort)),
            Button(_("A copy for somebody"), Action("mine", "for_whom", cohort.id).encode()),
            Button(_("Change dates"), Action("revisions", "dates", cohort.id).encode()) if behind else None,
        ),
    )


def _none(purpose: str, missing: Sequence[str]) -> str:
    """What stands for a channel that a cohort has not."""
    if purpose == "questions" and "main" not in missing:
        return _("in the cohort's own channel")
    return _("no channel yet")


def use_of(name: str) -> str:
    """What a channel is for, within a sentence."""
    return _(PURPOSE_WORDS[name]).lower()


def _begun(cohort: Cohort, behind: Behind) -> str:
    said = _("It began on {day}, and nobody has joined.", day=say_day(cohort.starts_on, "year"))
    return " ".join([said, over(behind), _("If that is not meant, change the start before you give out the code.")])


def over(behind: Behind, learners: int = 0) -> str:
    """What learners have missed who join now: '4 of 9 dates are over for 12 learners.' `learners`: 0 if unknown."""
    dates = _n("{over} of {n} date is over", "{over} of {n} dates are over", behind.of, over=len(behind.over))
    people = _n("for {n} learner", "for {n} learners", learners)
    said = [_("{dates} {people}.", dates=dates, people=people) if learners else dates + "."]
    if behind.essential:
        said.append(
            _n(
                "1 of them is essential work: it is due a week or more after they join.",
                "{n} of them are essential work: it is due a week or more after they join.",
                behind.essential,
            )
        )
    if lost := len(behind.over) - behind.essential:
        said.append(_n("Nobody is asked for 1 of them.", "Nobody is asked for {n} of them.", lost))
    return " ".join(said)


def _channel(bound: Bound) -> Text:
    if bound.lost_at is not None:
        return phrase("{channel}: I cannot write there any more", channel=Channel(bound.place))
    return (Channel(bound.place),)


def _roles() -> tuple[Option, ...]:
    return tuple(Option(role.value, _(name)) for role, name in _ROLES.items())


def _names(people: Sequence[Person]) -> str:
    return some_of([p.name for p in people], 8) or _("nobody yet")


def _next(missing: Sequence[str], people: Mapping[Role, Sequence[Person]]) -> str:
    if missing:
        return _("choose a channel for each, or let me make them.")
    if not people[Role.INSTRUCTOR]:
        return _("name an instructor. They join with the code first.")
    return _("all is set. Give the code to your learners.")


def channel_form(cohort: Cohort, here: Place | None) -> Form:
    """`here`: the channel in which the person is."""
    options = (*(Option(p, _(PURPOSE_WORDS[p])) for p in PURPOSES), Option("none", _("Not used any more")))
    now = next((c.purpose for c in cohort.channels if c.place == here), "")
    hint = _("One channel for each; the questions can share the cohort's own.")
    fields = (
        ChannelField("channel", _("Channel"), _("I have to be in it."), value=here.channel if here else ""),
        ChoiceField("purpose", _("What is this channel for?"), options, hint, value=now),
    )
    return Form(_act("channel", cohort), _("Choose a channel"), fields, submit=_("Save"))


def no_forum(purpose: str) -> str:
    """Why a forum is not taken for anything but questions."""
    if purpose == "main":
        return _("In a forum all talk would become questions. Choose a text channel here, and the forum for questions.")
    return _("The course team needs a text channel: a forum takes posts alone. Choose another one.")


def no_tags(place: Place, needs: str) -> Text:
    return phrase(
        "{channel} works, but people's posts there do not show whether they are open or answered: give me {needs}.",
        channel=Channel(place),
        needs=needs,
    )


def making(names: Sequence[str]) -> Message:
    return message(
        paragraph(
            _(
                "I have asked for {listed}. You hear from me when they are there.",
                listed=", ".join("#" + n for n in names),
            )
        ),
    )


def not_made(cohort: Cohort, names: Sequence[str], why: str) -> Message:
    """Requested channels that could not be made, for one cause, which says what to do."""
    listed = all_of([f"#{name}" for name in names])
    return message(
        paragraph(_("{listed} for {title} could not be made.", listed=listed, title=cohort.title)),
        paragraph(*with_code(why)),
        buttons(
            Button(_("Make the missing channels"), _act("make_channels", cohort), "primary"),
            Button(_("See the set-up"), _act("setup", cohort)),
        ),
    )


def made(cohort: Cohort, there: Sequence[tuple[str, str]]) -> Message:
    """The channels that are there by now, each with its purpose."""
    return message(
        paragraph(_("The channels of {title}:", title=cohort.title)),
        bullets(
            *(
                phrase("{name} is there: {lower}.", name=Bold(f"#{name}"), lower=use_of(purpose))
                for name, purpose in there
            )
        ),
        buttons(Button(_("See the set-up"), _act("setup", cohort))),
    )


def made_too_late(cohort: Cohort, place: Place, purpose: str, chosen: Place) -> Message:
    """A channel was made at a manager's request, but the manager has decided otherwise since."""
    what, name = _(PURPOSE_WORDS[purpose]).lower(), Channel(place)
    if chosen == place:
        said = phrase("{name} is there, but you have given it another use since, and that stays.", name=name)
    else:
        said = phrase(
            "{name} is there, but you have chosen {chosen} since, and that stays: {lower} of {title}.",
            name=name,
            chosen=Channel(chosen),
            lower=what,
            title=cohort.title,
        )
    return message(
        paragraph(*said),
        note(*with_code(_("To use the new one, choose it with `/cohort setup`; else delete it."))),
        buttons(Button(_("See the set-up"), _act("setup", cohort))),
    )


def channels_lost(titles: Sequence[str], purposes: Sequence[str], why: str, needs: str) -> Text:
    """What the managers hear of channels that take nothing for one cause; `titles`: of which cohorts."""
    cause = why_not_there(why, needs)
    if len(titles) == 1:
        said = _("{title}: I cannot write in {channels}.", title=titles[0], channels=_channels(purposes))
    else:
        said = _("{titles}: I cannot write in their channels.", titles=all_of(titles))
    if why in NOT_THE_CHANNEL:
        fix = _("Another channel would not help. Until that is done, what belongs there waits.")
    else:
        fix = _("Until you fix that or choose another channel with `/cohort setup`, what belongs there waits.")
    return with_code(f"{said} {cause} {fix}")


def cannot_write(lost: Sequence[Bound], cause: str) -> Text:
    """In which channels nothing can be posted for one cause, since when, why and what mends it."""
    why, _slash, needs = cause.partition("/")
    since = min(bound.lost_at for bound in lost if bound.lost_at is not None)
    channels = tuple(part for n, bound in enumerate(lost) for part in ((", ",) if n else ()) + (Channel(bound.place),))
    if why == "workspace":
        mended = with_code(_("Whoever runs me sees why with `pacekeeper doctor`."))
    elif why in NOT_THE_CHANNEL:
        mended = (why_not_there(why, needs),)
    else:
        mended = with_code(f"{why_not_there(why, needs)} {_('`/cohort setup` chooses another.')}")
    return phrase(
        "I cannot write in {channels} since {since}. {cause}",
        channels=channels,
        since=Instant(since),
        cause=mended,
    )


def lost_on_the_desk(lost: Sequence[Bound], cause: str, hears: datetime | None, now: datetime, zone: str) -> Pile:
    """`hears`: when managers hear of it or, if that is over, that they have; None if that is not to be said."""
    told = ""
    if hears is not None:
        told = _("Managers hear it {at}.", at=say(hears, zone)) if hears > now else _("Managers know.")
    said = cannot_write(lost, cause)
    return Pile(
        f"enrolment/lost/{lost[0].purpose}", (*said, " ", told) if told else said, urgency=Urgency.FOR_INFORMATION
    )


def channel_limited(cohort: Cohort, purpose: str, needs: str) -> Text:
    return (
        _(
            "{title}: what is open and what is answered does not show in its channel for {what}: give me {needs}. "
            "It is mended then.",
            title=cohort.title,
            what=use_of(purpose),
            needs=needs,
        ),
    )


def channels_found(titles: Sequence[str], purposes: Sequence[str]) -> Text:
    if len(titles) == 1:
        said = _("{title}: I can write in {channels} again.", title=titles[0], channels=_channels(purposes))
    else:
        said = _("{titles}: I can write in their channels again.", titles=all_of(titles))
    return (f"{said} {_('What still waited is posted.')}",)


def _channels(purposes: Sequence[str]) -> str:
    """The channels of a cohort, as in 'its own channel and its channel for questions'."""
    names = {p: _("its channel for {what}", what=use_of(p)) for p in purposes} | {"main": _("its own channel")}
    return all_of([names[p] for p in purposes])


FIRST_WORDS = 200
"""Characters of a post that waits or is lost, so that its author knows which one it is."""

_WAITS_FOR = {
    "": N_("the chat does not take it at the moment."),
    "filtered": N_("the chat's filter does not let its words through. Other words may pass."),
}


def held(event: PostHeld, post: HeldPost | None, staff: bool, cohort: Cohort | None) -> tuple[Text, tuple[Block, ...]]:
    """Where a person's post stands: a line, and what stands below. `staff`: the reader is of the course team."""
    place = Channel(event.place)
    if event.state == "posted":
        if post is not None and post.by:
            posted = phrase("What {name} wrote for {channel} waited, and is there now.", name=post.by, channel=place)
        else:
            posted = phrase("Your post in {channel} waited, and is there now.", channel=place)
        return (*posted, " ", Jump(event.anchor, _("Open it"))), _which(post)
    kept = post.kept if post else ""
    line: Text
    if event.state == "waits":
        said = [_(_WAITS_FOR.get(event.why, N_("I cannot write there at the moment.")))]
        said += [_("The course team knows.")] if event.why not in _WAITS_FOR and not (staff or kept) else []
        said += [kept] if kept else []
        said += [_("I post it as soon as I can.")]
        why = " ".join(said)
        if post is not None and post.by:
            line = phrase("What {name} wrote for {channel} waits: {why}", name=post.by, channel=place, why=why)
        else:
            line = phrase("Your post in {channel} waits: {why}", channel=place, why=why)
        return line, (*_which(post), *_ways(post))
    about = bool(post is not None and post.about)
    why = why_not_posted(event.why, about)
    said = [why] if why else []
    if kept or (post is not None and post.buttons):
        said += [kept] if kept else []
    elif staff:
        said.append(_("If it is still needed, post it again."))
    else:
        said.append(_("Please tell the course team what it was."))
    if post is not None and post.by:
        line = (_("What {name} wrote could not be posted, and I have stopped trying.", name=post.by),)
    elif about:
        line = (_("Your reply could not be posted, and I have stopped trying."),)
    else:
        line = phrase("Your post in {channel} could not be made, and I have stopped trying.", channel=place)
    ways = _ways(post) or ((pass_on(cohort),) if cohort is not None and not staff else ())
    return (*line, " ", " ".join(said)), (*_which(post), *ways)


def _which(post: HeldPost | None) -> tuple[Block, ...]:
    """The first words of a post, and of what it replies to."""
    if post is None or not post.words:
        return ()
    said = _("A reply to “{question}”:", question=shorten(post.about, 80))
    if not post.by:
        said = _("Your reply to “{question}”:", question=shorten(post.about, 80))
    about = (note(said),) if post.about else ()
    return (*about, quote(shorten(post.words, FIRST_WORDS)))


def _ways(post: HeldPost | None) -> tuple[Block, ...]:
    return (Buttons(tuple(post.buttons)),) if post is not None and post.buttons else ()


def pass_on(cohort: Cohort) -> Buttons:
    """How somebody gets to the course team what could not be posted."""
    return Buttons((Button(_("Ask privately"), Action("questions", "ask_privately", cohort.id).encode()),))


def workspace_lost(titles: Sequence[str]) -> Text:
    return with_code(
        _n(
            "{titles}: I can write in its workspace no more. Whoever runs me sees why with `pacekeeper doctor`.",
            "{titles}: I can write in their workspace no more. Whoever runs me sees why with `pacekeeper doctor`.",
            len(titles),
            titles=all_of(titles),
        )
    )


def workspace_found(titles: Sequence[str]) -> Text:
    said = _n(
        "{titles}: I can write in its workspace again. What still waited is posted.",
        "{titles}: I can write in their workspace again. What still waited is posted.",
        len(titles),
        titles=all_of(titles),
    )
    return (said,)


def person_form(cohort: Cohort) -> Form:
    return Form(
        _act("person", cohort),
        _("Name somebody"),
        (
            PersonField("person", _("Who"), _("They join first, with the cohort's code.")),
            ChoiceField("role", _("Role"), _roles()),
            yes_no("remove", _("Take this role away")),
        ),
        submit=_("Save"),
    )


def group_form(cohort: Cohort) -> Form:
    hint = _("Whoever is in it has the role, and loses it with the group.")
    return Form(
        _act("group", cohort),
        _("Role of a group"),
        (
            GroupField("group", _("Group of this workspace"), hint),
            ChoiceField("role", _("Role"), (*_roles(), Option("none", _("None any more")))),
        ),
        submit=_("Save"),
    )


def log(cohort: Cohort, acts: Sequence[LoggedAct], more: bool) -> Message:
    """What was done with a role, newest first."""
    return message(
        heading(_("What was done: {title}", title=cohort.title)),
        bullets(*((Instant(x.at), ": ", *_said(x)) for x in acts)) or paragraph(_("Nothing yet.")),
        buttons(Button(_("Earlier"), _act("log", cohort, str(acts[-1].id)))) if more else None,
    )


def _said(act: LoggedAct) -> tuple[Inline, ...]:
    return (Bold(act.by), " ", act.act) if act.by else (act.act[:1].upper() + act.act[1:],)
