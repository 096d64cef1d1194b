"""What the course team reads about live sessions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.core.actions import Action
from bot.core.contributions import DeskItem, Figure, OpenEnd, Pile, Upcoming, Urgency
from bot.core.message import Button, Message, Text, buttons, heading, message, note, paragraph, shorten, with_code
from bot.core.people import Cohort
from bot.core.time import say
from bot.core.translation import N_, _, _n
from bot.course.gate.announcing import on_the_card
from bot.course.gate.instead import INSTEAD
from bot.course.gate.slots import out_of
from bot.course.gate.values import Failed
from bot.course.model import Live, LiveRules, Material
from bot.features.live.buttons import TITLE, action, title
from bot.features.live.judging import Judged
from bot.features.live.rules import RECORDED_WITHIN, Weighed, mark
from bot.features.live.store import Counted, Session, Verdict, on_desk

MINUTES = 5
"""To mend one that is held."""


def pile(items: Sequence[DeskItem]) -> Pile:
    return Pile("live/held", (_("Live sessions that are held"),), items, urgency=Urgency.USUAL, can_be_seen=True)


def held(session: Session, one: Weighed, decides: bool) -> DeskItem:
    """`decides`: the reader is the manager."""
    agree = agree_button(session, one) if decides and not one.holding and one.asks else None
    acts = (agree, change_it(session), replace_button(session, session.week) if one.holding else None)
    return DeskItem(
        on_desk(session),
        session.since,
        (why(session, one),),
        hint=with_code(remedies(one)),
        buttons=[button for button in acts if button is not None],
        minutes=MINUTES,
        parts=[f.code for f in one.holding] or ["agreement"],
    )


def remedies(one: Weighed) -> str:
    """What to do about each question that holds it, once."""
    return " ".join(filter(None, dict.fromkeys(failed.remedy for failed in one.holding)))


def nights(items: Sequence[DeskItem]) -> Pile:
    return Pile("live/night", (_("Live sessions at night for most"),), items, urgency=Urgency.USUAL, can_be_seen=True)


def night(session: Session, cohort: Cohort, people: Mapping[str, int], limits: LiveRules) -> DeskItem:
    """A time that stands for those who know of it, and is offered to no more. `people`: how many a zone has."""
    start, end = (f"{at:%H:%M}" for at in limits.waking)
    outside = [
        _(
            "{at} is outside {start}-{end} for {n} of {all} who could come",
            at=say(at, cohort.zone),
            start=start,
            end=end,
            n=out_of(at, session.minutes, people, limits),
            all=sum(people.values()),
        )
        for at in session.nights
    ]
    head = _("“{title}”, week {week}:", title=title(session), week=session.week)
    stands = _("It stands for those who were told of it. Who joined since and sleeps then is not offered it.")
    return DeskItem(
        f"live/night/{session.id}",
        session.dark_since or session.since,
        (head, " ", "; ".join(outside)),
        hint=(stands, " ", _("Choose another time for it, which suits at least half of them.")),
        buttons=(change_it(session), open_button(session)),
        minutes=MINUTES,
        parts=[f"{at:%Y%m%d%H%M}" for at in session.nights],
    )


def change_it(session: Session) -> Button:
    return Button(_("Change it"), action("change", session.cohort, session.name))


def addresses(items: Sequence[DeskItem]) -> Pile:
    named = (_("Live sessions without an address"),)
    return Pile("live/address", named, items, urgency=Urgency.DUE, can_be_seen=True)


def address(session: Session, cohort: Cohort, at: datetime, yes: int, since: datetime) -> DeskItem:
    """`yes`: how many come. They read where the call is on their page and on the card of the week."""
    said = _("“{title}”, {at}: nobody knows where the call is", title=title(session), at=say(at, cohort.zone))
    return DeskItem(
        f"live/address/{session.id}",
        since,
        (said, "; ", _n("{n} learner comes", "{n} learners come", yes)),
        hint=(_("They read it on their page and their card as soon as its link is there."),),
        buttons=(change_it(session), open_button(session)),
        minutes=MINUTES,
    )


def reused(session: Session, live: Live) -> DeskItem:
    """`live`: what the course file has under its id."""
    said = _(
        "“{title}” took place in week {week} and stays as it was. For a session in week {other}, give it an id of "
        "its own in the course file.",
        title=title(session),
        week=session.week,
        other=live.week,
    )
    return DeskItem(on_desk(session), session.begins_at, (said,), minutes=MINUTES, parts=["reused"])


def recordings(items: Sequence[DeskItem]) -> Pile:
    """After a day it stands before what a full desk folds: those who could not come wait for it."""
    urgency = Urgency.OVERDUE if any(item.stands for item in items) else Urgency.USUAL
    return Pile("live/recording", (_("Recordings of live sessions"),), items, urgency=urgency, can_be_seen=True)


def recording(session: Session, waits: timedelta) -> DeskItem:
    """`waits`: since it ended. After a day a promise is broken, so it stands on each desk."""
    late = waits >= RECORDED_WITHIN
    of = {"title": title(session), "week": session.week}
    text = _("“{title}”, week {week}, took place. Its recording is not there yet.", **of)
    if late:
        text = _("The recording of “{title}”, week {week}, is missing; those who could not come need it", **of)
    add = Button(_("Add the recording"), action("notes", session.cohort, session.id))
    name, parts = on_desk(session), ["late"] if late else []
    return DeskItem(
        name, session.ends_at, (text,), buttons=(add, open_button(session)), minutes=MINUTES, parts=parts, stands=late
    )


def videos(items: Sequence[DeskItem], late: bool) -> Pile:
    """`late`: the week of one has begun."""
    urgency = Urgency.OVERDUE if late else Urgency.USUAL
    return Pile("live/video", (_("Videos without a link"),), items, urgency=urgency, can_be_seen=True)


def video(cohort: Cohort, week: int, number: int, video: Material, since: datetime) -> DeskItem:
    """`number`: its place among the materials of its week, from 1."""
    said = _("“{title}”, week {week}, is a video without a link", title=shorten(video.title, TITLE), week=week)
    item = Action("revisions", "item", cohort.id, f"materials.{week}.{number}").encode()
    return DeskItem(
        f"live/video/{week}-{number}",
        since,
        (said,),
        hint=(_("Learners read that the link comes."),),
        buttons=(Button(_("Add the link"), item),),
        minutes=video.minutes or MINUTES,
    )


def missed() -> str:
    """The state of a session whose times passed while it was held."""
    return _("over before it could be announced")


def why(session: Session, one: Weighed) -> str:
    """'“Tasting”, week 1, is not announced. Question 5, …: 10 of its 30 min are paid; week 1 would be 1 h 40 of …'"""
    said = [_("“{title}”, week {week}, is not announced.", title=title(session), week=session.week)]
    said += [question(failed) for failed in one.holding]
    return " ".join([*said, wants(one)] if one.asks and not one.holding else said)


def question(failed: Failed) -> str:
    """'Question 4, is it recorded? It is not.'"""
    if failed.number is None:
        return f"{failed.question} {failed.why}"
    return _("Question {number}, {question}? {why}", number=failed.number, question=failed.question, why=failed.why)


def wants(one: Weighed) -> str:
    if one.live.mandated:
        policy = shorten(one.live.mandated, TITLE)
        return _("A policy asks for it, “{policy}”, and only the cohort's manager can agree to that.", policy=policy)
    asked = " ".join(question(f) for f in one.failed if f.code in one.asks.split())
    return _("It is a trial, and only the cohort's manager can agree to one. {why}", why=shorten(asked, 200))


def learners_wait() -> str:
    return _("Learners hear of it once the manager has agreed.")


def agree_button(session: Session, one: Weighed) -> Button:
    return Button(_("Agree"), action("trial", session.cohort, f"{session.id}.{mark(one.terms)}"), "primary")


def dealt_with(session: Session) -> Text:
    return (_("Announced: the live session “{title}”", title=title(session)),)


# The manager


def waiting_page(cohort: Cohort, found: Sequence[tuple[Session, Weighed]]) -> Message:
    if not found:
        return message(paragraph(_("No live session waits for your word.")))
    blocks = [
        block for session, one in found for block in (paragraph(why(session, one)), buttons(agree_button(session, one)))
    ]
    return message(heading(_("Live sessions that wait for your word")), *blocks)


def upcoming(session: Session) -> Upcoming:
    said = _("The live session “{title}” waits for your word", title=title(session))
    return Upcoming((said,), None, Button(_("Look at it"), action("trial", session.cohort, "")))


def decided(session: Session, day: date | None) -> Message:
    """`day`: from when the card of its week has it; None: it does now."""
    if not session.is_out:
        return message(paragraph(_("“{title}” is held: nobody is told about it.", title=title(session))))
    return message(
        paragraph(_("Agreed, and noted in the log."), " ", on_the_card(session.title, session.week, day)),
        note(_("It stays voluntary: absence counts nowhere.")),
        buttons(back_button(session)),
    )


def back_button(session: Session) -> Button:
    return Button(_("Take that back"), action("trial", session.cohort, f"{session.id}.no"))


def take_back(session: Session, yes: int) -> Message:
    """Before it is taken back. `yes`: how many said yes to a time that is ahead."""
    back = Button(_("Take it back"), action("trial", session.cohort, f"{session.id}.back"), "primary")
    return message(paragraph(who_said_yes(yes)), buttons(back))


def taken_back(session: Session, yes: int, has_begun: bool) -> Message:
    said = _("“{title}” is taken back, and nobody sees it any more.", title=title(session))
    if has_begun:
        said = _("The other times of “{title}” are taken back; what has begun stays.", title=title(session))
    return message(paragraph(" ".join([said, *([who_said_yes(yes)] if yes else [])])))


def who_said_yes(yes: int) -> str:
    return _n("{n} learner said yes, and is told once.", "{n} learners said yes, and are told once.", yes)


def waiting(cohort: Cohort, found: Sequence[Session]) -> Figure:
    button = Button(_("Look at it"), action("trial", cohort.id, ""))
    label = _("Live sessions that wait for your word")
    return Figure("live/waiting", label, len(found), wants_a_look=True, button=button, more=_names(found))


def open_end(session: Session, coming: int) -> OpenEnd:
    """`coming`: how many said yes to a time that is ahead."""
    said = _n(
        "The live session “{title}”: {n} learner has said yes, and is told that it does not take place.",
        "The live session “{title}”: {n} learners have said yes, and are told that it does not take place.",
        coming,
        title=title(session),
    )
    if not coming:
        said = _("The live session “{title}” does not take place.", title=title(session))
    return OpenEnd((said,), stays=False)


def without_recording(session: Session) -> OpenEnd:
    said = _("The recording of “{title}” is not there. `/cohort live` takes it then, too.", title=title(session))
    return OpenEnd(with_code(said), stays=False)


def agreed(cohort: Cohort, found: Sequence[Session]) -> Figure:
    return Figure("live/agreed", _("Live sessions by your agreement"), len(found), more=_names(found))


def _names(found: Sequence[Session]) -> list[str]:
    return [
        *map(_name, found[:3]),
        *([_n("{n} more", "{n} more", len(found) - 3)] if len(found) > 3 else []),
    ]


def _name(session: Session) -> str:
    """A session, with what it asks its manager's word for."""
    title, policy = shorten(session.title, 40), session.live.mandated if session.live is not None else ""
    if policy and session.is_out:
        return _("{title} (“{policy}” asks for it)", title=title, policy=shorten(policy, 40))
    return _("{title} (trial)", title=title) if session.state == "trial" else title


# What becomes of them


def verdicts(items: Sequence[DeskItem], wants_a_look: bool) -> Pile:
    urgency = Urgency.USUAL if wants_a_look else Urgency.FOR_INFORMATION
    return Pile("live/verdict", (_("How live sessions went"),), items, urgency=urgency, can_be_seen=True)


def verdict(one: Judged, since: datetime) -> DeskItem:
    again = one.again if one.is_in_doubt else None
    acts = (replace_button(one.session, again.week) if again else None, open_button(one.session))
    return DeskItem(
        on_desk(one.session),
        since,
        (went(one),),
        hint=(_replacement(one),) if one.is_in_doubt and one.again and one.live is not None else (),
        buttons=[button for button in acts if button is not None],
        minutes=MINUTES if one.is_in_doubt else 0,
        parts=["verdict"],
    )


def went(one: Judged) -> str:
    session = one.session
    return " ".join([_("“{title}”, week {week}:", title=title(session), week=session.week), *how_it_went(one)])


def how_it_went(one: Judged) -> list[str]:
    """'38 % came (6 of 16), 24 % by recording; 81 % had a time in waking hours. …'"""
    counted, live = one.counted, one.live
    if not counted.base:
        return [_("nobody was expected, so there is nothing to say.")]
    said = N_(
        "{share} % came ({n} of {base}), {other} % by recording or instead; {awake} % had a time in waking hours."
    )
    if live is not None and not live.recorded:
        said = N_("{share} % came ({n} of {base}), {other} % instead; {awake} % had a time in waking hours.")
    words = [
        _(
            said,
            share=counted.share(counted.attended),
            n=counted.attended,
            base=counted.base,
            other=counted.share(counted.reflected),
            awake=counted.share(counted.awake),
        )
    ]
    if counted.is_apart:
        heads, n = counted.heads or 0, counted.attended
        words.append(_("That is uncertain: {heads} were counted in the call, and {n} pressed.", heads=heads, n=n))
    elif counted.was_down:
        words.append(_("That is uncertain: the bot was down, so not everybody could press."))
    if one.unrecorded and one.session.recording:
        words.append(_("Its recording came after these figures, so nobody could watch it instead."))
    elif one.unrecorded:
        words.append(_("Its recording is missing, so nobody could watch it instead."))
    words += _measured(one)
    if one.of > 1:
        words.append(_("Over its last two, {share} % came.", share=one.share))
    if one.replaced:
        words.append(_("What replaces it is in the course."))
    elif one.verdict or live is None or not live.mandated:
        words.append(_(_SAYS[one.verdict]) if not one.is_not_worth_it else _(_NOT_WORTH_IT))
    if one.is_in_doubt and not one.again:
        words.append(_("It does not come again in this run; the next run's course file has this as a comment."))
    return words


_NOT_WORTH_IT = N_("Enough people came, and too few of them found it worth the time.")


def _measured(one: Judged, listed: bool = False) -> list[str]:
    """What its own measure says: how many came where that is too few, and how many found it worth the time. A share of
    too few people is none. `listed`: beside other figures, and not as sentences."""
    metric, counted = one.live.metric if one.live is not None else None, one.counted
    if metric is None:
        return []
    words = []
    if one.verdict != "few" and counted.share(counted.attended) < metric.attended:
        came = N_("its own measure was {share} %") if listed else N_("Its own measure was {share} %.")
        words.append(_(came, share=metric.attended))
    if one.worth is not None:
        worth = N_("{wanted} % were to find it worth the time, and {was} % said so.")
        if listed:
            worth = N_("{was} % found it worth the time, and {wanted} % were to")
        words.append(_(worth, wanted=metric.worth, was=one.worth))
    return words


_SAYS: Mapping[Verdict, str] = {
    "": N_("No verdict yet."),
    "keep": N_("It is worth keeping."),
    "replace": N_("Consider replacing it."),
    "drop": N_("It may not be worth the effort."),
    "few": N_("Too few people were expected for a verdict."),
}


def _replacement(one: Judged) -> str:
    """`again`: the one that the button replaces."""
    assert one.live is not None
    assert one.again is not None
    what = _(INSTEAD[one.live.kind])
    return _("Instead of the one in week {week}: {what}.", week=one.again.week, what=what)


def open_button(session: Session) -> Button:
    return Button(_("Open"), action("open", session.cohort, session.id))


def replace_button(session: Session, week: int) -> Button:
    """`week`: of what is replaced; a session that took place is where it was, and the next one like it goes."""
    label = _("Replace it") if week == session.week else _("Replace it in week {week}", week=week)
    return Button(label, action("replace", session.cohort, session.id))


def verdict_figure(one: Judged) -> Figure:
    session, counted = one.session, one.counted
    more = [_("{share} % by recording or instead", share=counted.share(counted.reflected)), _short(one)]
    if counted.is_uncertain:
        more.insert(0, _uncertain(counted))
    if one.of > 1:
        more.insert(1, _("{share} % over its last two", share=one.share))
    if one.unrecorded and session.recording:
        more.append(_("its recording came after these figures"))
    elif one.unrecorded:
        more.append(_("its recording never came, so nobody could watch it"))
    if one.is_in_doubt and not one.again:
        more.append(_("it does not come again in this run"))
    more += _measured(one, listed=True)
    label = _("Came to “{title}”, week {week}", title=title(session), week=session.week)
    button = None
    if one.is_in_doubt:
        short = shorten(session.title, 40)
        said, does = (_("Replace “{title}”", title=short), "replace")
        if not one.again:
            said, does = (_("Open “{title}”", title=short), "open")
        button = Button(said, action(does, session.cohort, session.id))
    name = f"live/verdict/{session.id}"
    return Figure(name, label, counted.attended, counted.base, wants_a_look=one.is_in_doubt, button=button, more=more)


_SHORT: Mapping[Verdict, str] = {
    "": N_("no verdict"),
    "keep": N_("worth keeping"),
    "replace": N_("consider replacing it"),
    "drop": N_("it may not be worth the effort"),
    "few": N_("too few people for a verdict"),
}


def _short(one: Judged) -> str:
    return _(_SHORT[one.verdict]) if not one.is_not_worth_it else _("enough came, and too few found it worth the time")


def evidence(one: Judged) -> str:
    """In the next run's course file: the figures by which it was judged."""
    return "; ".join([attended(one), *_measured(one, listed=True)])


def attended(one: Judged) -> str:
    """Who came, and what that says."""
    counted = one.counted
    words = [
        _(
            "{share} % came ({n} of {base}), {other} % by recording or instead: {verdict}",
            share=counted.share(counted.attended),
            n=counted.attended,
            base=counted.base,
            other=counted.share(counted.reflected),
            verdict=_short(one),
        )
    ]
    if one.of > 1:
        words.append(_("{share} % over its last two", share=one.share))
    if counted.is_uncertain:
        words.append(_uncertain(counted))
    return "; ".join(words)


def _uncertain(counted: Counted) -> str:
    if not counted.is_apart:
        return _("uncertain: the bot was down, so not everybody could press")
    return _("uncertain: {heads} were counted in the call", heads=counted.heads or 0)
