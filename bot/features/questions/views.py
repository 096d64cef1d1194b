"""What questions say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.contributions import HeldPost
from bot.core.forms import Field, Form, TextField, yes_no
from bot.core.message import (
    Block,
    Bold,
    Button,
    Buttons,
    Code,
    Inline,
    Instant,
    Italic,
    Jump,
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
from bot.core.people import Cohort, Person
from bot.core.ports import Suggestion
from bot.core.private import Meaning
from bot.core.time import place_of, say, say_span
from bot.core.translation import _, _n, all_of, phrase, phrase_n
from bot.core.typed import excerpt
from bot.features.questions.rules import LONGEST, status
from bot.features.questions.store import Question, Response, Waiting

TITLE = 100
"""Maximum characters of a question in the title of its thread."""

BEGINNING = 300
"""Maximum characters of a question if the whole is elsewhere."""


def act(name: str, cohort: int, subject: str = "") -> str:
    return Action("questions", name, cohort, subject).encode()


def of(question: Question, name: str, more: str = "") -> str:
    return act(name, question.cohort, f"{question.id}{more}")


# In the channel


def root(question: Question, name: str | None, answer: Response | None) -> Message:
    """The question as the bot posts it; `name` is None if it was asked anonymously."""
    if question.state == "withdrawn":
        taken_back = _("This question was taken back.")
        return replace(message(paragraph(Italic(taken_back))), topic=taken_back)
    controls = None
    if question.state == "open":
        controls = buttons(
            Button(_("I take it"), of(question, "take")), Button(_("Not needed any more"), of(question, "drop"))
        )
    asks = (_("A question that came up in the course:"),) if question.source else who_asks(name)
    said = message(paragraph(*asks), quote(question.text), _standing(question, answer), controls)
    return replace(said, topic=shorten(question.text, TITLE), state=status(question))


def who_asks(name: str | None) -> Text:
    return phrase("{name} asks", name=Bold(name)) if name else phrase("{what} asks", what=Bold(_("Somebody")))


def _standing(question: Question, answer: Response | None) -> Block:
    if question.state == "solved" and answer is not None:
        answered = _("Probably answered") if question.guess == "stands" else _("Answered")
        return note(Bold(answered), ": ", Jump(answer.anchor, _("see the answer"), answer.ref))
    if question.state == "dropped":
        return note(_("Not needed any more."))
    return note(_("Answers go into the thread."))


def posted_reply(response: Response, name: str | None) -> Message:
    """A reply that was written by form."""
    who = name or _("The asker")
    return message(paragraph(Bold(who), ":"), quote(response.text))


# To the instructors


def give_more_time(question: Question) -> Button | None:
    """Asking the course team alone is often asking for more time. None where others read it, or without a name."""
    if not question.private or question.anonymous:
        return None
    return Button(_("Give more time"), Action("milestones", "extend", question.cohort, f".{question.asker}").encode())


def team_acts(question: Question, *, taken: bool, movable: bool, answered: Response | None = None) -> list[Button]:
    """What the course team can do with a question or note that waits, in the same order everywhere. `taken`: somebody
    has it. `movable`: the course has dates that can be moved for a learner. `answered`: the reply of somebody else that
    was the last word."""
    is_note = question.kind == "note"
    more_time = give_more_time(question) if movable else None
    settles = Button(_("This answers it"), of(question, "mark", f".{answered.id}")) if answered is not None else None
    acts = (
        settles,
        _reply_button(question),
        more_time if settles is None else None,
        Button(_("Mark as read"), of(question, "seen")) if is_note else Button(_("Not needed"), of(question, "drop")),
        more_time if settles is not None else None,
        Button(_("I take it"), of(question, "take")) if not (is_note or taken) else None,
    )
    return [act for act in acts if act is not None]


def _reply_button(question: Question) -> Button:
    return Button(_("Reply"), of(question, "reply"))


def private_card(
    question: Question, name: str | None, word: Response | None = None, *, movable: bool = False
) -> Message:
    """A question for instructors only. `movable`: the course has dates that can be moved for a learner."""
    if question.state == "withdrawn":
        gone = (
            _("A note to the course team was taken back.")
            if question.kind == "note"
            else _("A question to the course team was taken back.")
        )
        return message(paragraph(Italic(gone)))
    is_note = question.kind == "note"
    standing = {"solved": _("Answered."), "dropped": _("Read.") if is_note else _("Not needed any more.")}.get(
        question.state
    )
    replies = (
        " " + _("{count} so far.", count=_n("{n} reply", "{n} replies", question.replies))
        if question.replies and not standing
        else ""
    )
    return message(
        paragraph(*phrase("{name} tells the course team alone", name=Bold(name or _("Somebody"))))
        if is_note
        else paragraph(*phrase("{who_asks} the course team alone", who_asks=who_asks(name))),
        quote(question.text),
        note(*phrase("Answers: {text}", text=Italic(shorten(word.text, BEGINNING)))) if word is not None else None,
        note(
            standing or _("Reply with the button: only who asked and the course team see it.{replies}", replies=replies)
        ),
        buttons(
            *(team_acts(question, taken=False, movable=movable) if not standing else [_reply_button(question)]),
            Button(_("See replies"), of(question, "open")) if question.replies else None,
        ),
    )


# What a private message can become


def to_ask(cohort: Cohort) -> Meaning:
    text = (_("posted in the question channel with your name; everybody in the cohort can read it"),)
    return Meaning(cohort.id, _("Ask it in the question channel"), text, "cohort", "question")


def to_ask_nameless(cohort: Cohort, *, wished: bool) -> Meaning:
    text = (_("posted in the question channel without your name; no role sees who you are"),)
    return Meaning(cohort.id, _("Ask it without my name"), text, "cohort", "wish" if wished else "question")


def ask_nameless_next(cohort: int) -> Message:
    """To somebody who asked how, without the question itself."""
    return message(
        paragraph(_("Nothing is posted yet: write your question in the form. No role sees who you are.")),
        buttons(Button(_("Ask without my name"), act("ask_nameless", cohort))),
    )


def to_note(cohort: Cohort) -> Meaning:
    return Meaning(
        cohort.id,
        _("A note for the course team"),
        (_("it is on their desk; instructors and managers alone read it"),),
        "team",
    )


def to_ask_privately(cohort: Cohort) -> Meaning:
    text = (_("they answer you privately; instructors and managers alone read it"),)
    return Meaning(cohort.id, _("A private question to the course team"), text, "team", "question")


def was_read(name: str, question: Question) -> Text:
    """To the author of a note."""
    return (_("{name} has read your note “{text}”.", name=name, text=shorten(question.text, 80)),)


def read(question: Question) -> Message:
    return message(
        paragraph(*phrase("{what} Its author hears that.", what=Bold(_("Read.")))),
        buttons(Button(_("Reply"), of(question, "reply")), Button(_("Open it again"), of(question, "restore"))),
    )


def unchanged(why: str) -> Message:
    """An edit of a private message is not accepted."""
    return message(paragraph(why), note(_("What you sent before stands as it was.")))


def gone() -> Message:
    """Somebody edits a message that they took back."""
    return message(
        paragraph(_("You took this back, and nothing of it is kept. Send it as a new message to use it again."))
    )


# To the asker


def ask_form(
    cohort: int,
    anonymous: bool,
    text: str = "",
    nameless: bool = False,
    privately: bool = False,
    draft: int | None = None,
) -> Form:
    """`anonymous`: the course allows anonymous questions. `draft`: the question that is kept and becomes this one. The
    rest is the input so far."""
    hint = _(
        "What you want to do, and what you tried. The cohort can read it, unless you tick 'Course team only'.",
    )
    fields: list[Field] = [TextField("text", _("Your question"), hint, long=True, max_length=LONGEST, value=text)]
    if anonymous:
        fields.append(yes_no("anonymous", _("Without my name"), _("No role sees who you are."), nameless))
    fields.append(
        yes_no(
            "instructors_only",
            _("Course team only"),
            _("Not posted in the channel: instructors and managers alone see it."),
            privately,
        )
    )
    subject = str(draft) if draft is not None else ""
    return Form(act("ask", cohort, subject), _("Ask a question"), tuple(fields), submit=_("Ask"))


def followed(question: Question, own: bool) -> Message:
    """A message in a channel became a question."""
    if question.state == "solved":
        return message(paragraph(_("This question is answered already; the answer is marked in its thread.")))
    whose = _("Your question is") if own else _("This question is")
    return message(
        paragraph(_("{whose} followed now until it is answered. Answers go into its thread.", whose=whose)),
        buttons(Button(_("Not a question"), of(question, "drop"))),
    )


def asked_after_end(cohort: Cohort, text: str) -> Message:
    """To somebody who asks in the question channel of an ended cohort."""
    return message(
        paragraph(
            _(
                "{cohort} has ended, so I do not pass “{text}” on to the course team. Whoever reads it may answer.",
                cohort=cohort.title,
                text=shorten(text, 80),
            )
        ),
        note(*phrase("What was answered before: {command}. Only you see this.", command=Code("/cohort find"))),
    )


def edit_form(question: Question) -> Form:
    what = _("Your note") if question.kind == "note" else _("Your question")
    field = TextField("text", what, sees(question), long=True, max_length=LONGEST, value=question.text)
    return Form(of(question, "edit"), what, (field,), submit=_("Save"))


def has_replies(question: Question) -> str:
    """Tells the asker about replies, wherever they are; what only the course team reads is not quoted anywhere else."""
    if question.private:
        return _("The course team has answered your {what}", what=_what(question))
    if question.state == "solved":
        return _("Your question “{text}” has an answer", text=shorten(question.text, 60))
    return _(
        "Your question “{text}” has {count}",
        text=shorten(question.text, 60),
        count=_n("{n} reply", "{n} replies", question.replies),
    )


def told_of_replies(question: Question) -> tuple[Text, tuple[Block, ...]]:
    """Tells the asker of a question that the bot posted about its replies, with the way to them."""
    said = phrase_n(
        "{replies}; {command} shows it.",
        "{replies}; {command} shows them.",
        1 if question.state == "solved" else question.replies,
        replies=has_replies(question),
        command=Code("/cohort"),
    )
    look = buttons(Button(_("Look"), of(question, "open")))
    return said, (look,) if look is not None else ()


def look_label(question: Question) -> str:
    """Distinguishes a question from others on the same page."""
    return (
        _("Look: your {what}", what=_what(question))
        if question.private
        else _("Look: {text}", text=shorten(question.text, 40))
    )


def _what(question: Question) -> str:
    return "note" if question.kind == "note" else _("private question")


def waits(waiting: Waiting) -> str:
    """'2 questions and 1 note wait'."""
    counted = [_n("{n} question", "{n} questions", waiting.questions)] if waiting.questions else []
    counted += [_n("{n} note", "{n} notes", waiting.notes)] if waiting.notes else []
    return _n("{listed} waits", "{listed} wait", waiting.questions + waiting.notes, listed=all_of(counted))


def reply_form(question: Question, as_asker: bool) -> Form:
    nameless = as_asker and question.anonymous
    hint = _("It is posted as 'The asker', without your name.") if nameless else sees(question)
    field = TextField("text", _("Your reply"), hint, long=True, max_length=LONGEST)
    return Form(of(question, "reply"), _("Reply"), (field,), intro=shorten(question.text, 150))


def sees(question: Question) -> str:
    """Who reads what is written to a question."""
    if question.private:
        return _("Who asked and the course team alone read it.")
    return _("Everybody in the cohort can read it.")


def asked_before(question: Question, found: Sequence[Suggestion]) -> Message:
    """What may already answer it, shown to the asker before anything is posted."""
    blocks: list[Block] = []
    for one in found:
        said: list[Inline] = [" · ", "checked" if one.checked else _("from a thread")]
        if one.at:
            said += [" ", Instant(one.at, "date")]
        if one.source:
            said += [": ", one.source]
        blocks.append(paragraph(Bold(shorten(one.question.partition("\n")[0], 200)), *said))
        blocks.append(quote(one.answer))
    return message(
        heading(_("Asked before?")),
        *blocks,
        note(
            *phrase(
                "Only you see this. Yours is kept and not posted yet: {question}",
                question=Italic(shorten(question.text, 200)),
            )
        ),
        buttons(
            Button(_("None of these: ask"), of(question, "ask_anyway"), "primary"),
            Button(_("That helped"), of(question, "helped")),
        ),
    )


def shows_asker(question: Question, why: str) -> Message:
    """To somebody who asks without their name, before anything is posted. `why` their words may show it."""
    return message(
        paragraph(why),
        note(*phrase("It is not posted yet: {question}", question=Italic(shorten(question.text, 200)))),
        buttons(
            Button(_("Send it as it is"), of(question, "as_it_is")),
            Button(_("Change it"), of(question, "ask_again"), "primary"),
        ),
    )


def known(question: Question, found: Suggestion) -> Message:
    """To the author of a question in the channel alone: what very likely answers it."""
    return message(
        paragraph(
            *phrase(
                "{what} The FAQ may answer “{text}”:", what=Bold(_("Asked before?")), text=shorten(question.text, 80)
            )
        ),
        paragraph(Bold(shorten(found.question.partition("\n")[0], 200))),
        quote(found.answer),
        note(
            _(
                "FAQ {entry}. Only you see this; your question stays open until you say that it helped.",
                entry=found.entry,
            )
        ),
        buttons(
            Button(_("That helped"), of(question, "known_helped"), "primary"),
            Button(_("No"), of(question, "known_not")),
        ),
    )


def maybe_known(question: Question) -> Message:
    """The same as a line of a card, for those who did not react."""
    return message(
        paragraph(_("The FAQ may answer your question “{text}”.", text=shorten(question.text, 60))),
        buttons(Button(_("Show me"), of(question, "known")), Button(_("No"), of(question, "known_not"))),
    )


def solved_by_the_faq(question: Question, found: Suggestion) -> Message:
    return message(
        paragraph(
            *phrase("{what} Your question is closed: FAQ {entry} answers it.", what=Bold(_("Good.")), entry=found.entry)
        ),
        buttons(Button(_("Undo"), of(question, "unmark"))),
    )


def not_known(question: Question) -> Message:
    said = _("Thank you. “{text}” stays open, and the course team sees it.", text=shorten(question.text, 80))
    return message(paragraph(said))


def did_it_help(question: Question, reply: Response, author: str | None) -> Message:
    """To the asker of a question with replies that nobody has marked."""
    asks = _("Did {name}'s reply help?", name=author) if author else _("Did the reply help?")
    what = f"{_what(question)}: " if question.private else f"“{shorten(question.text, 60)}”: "
    return message(
        paragraph(what, Bold(asks)),
        buttons(
            Button(_("Yes"), of(question, "it_helped", f".{reply.id}")),
            Button(_("Not yet"), of(question, "not_yet")),
            Button(_("Look"), of(question, "open")),
        ),
    )


def it_helped(question: Question) -> Message:
    if question.state != "solved":
        return _settled(question)
    return message(
        paragraph(
            *phrase(
                "{what} “{text}” is answered. Thank you: the next one finds it.",
                what=Bold(_("Good.")),
                text=shorten(question.text, 60),
            ),
        ),
        buttons(Button(_("Undo"), of(question, "unmark"))),
    )


def not_yet(question: Question) -> Message:
    if question.state != "open":
        return _settled(question)
    said = _(
        "“{text}” stays on the course team's desk. You are not asked about it again.", text=shorten(question.text, 60)
    )
    return message(paragraph(Bold(_("Thank you.")), " ", said), buttons(Button(_("Look"), of(question, "open"))))


def _settled(question: Question) -> Message:
    """The receipt of a button that came too late."""
    if question.state == "solved":
        said = _("“{text}” has been marked as answered meanwhile.", text=shorten(question.text, 60))
        return message(paragraph(said), buttons(Button(_("Look"), of(question, "open"))))
    return message(paragraph(_("This question is not open any more.")))


def asked(question: Question, stands: bool = False, waits: bool = False) -> Message:
    """The receipt. `stands`: it is in its channel. `waits`: that channel takes nothing; else it is on its way, and the
    asker is told if it has to wait."""
    if question.kind == "note":
        said = _("It is on the desk; instructors and managers alone read it. You hear when it was read.")
    elif question.private:
        said = _("Asked; instructors and managers alone see it.")
    elif stands:
        said = _("It is in the question channel.")
    elif waits:
        said = _(
            "It waits: I cannot write in the question channel at the moment. The course team has it on its desk, and "
            "can answer you privately. You hear when it is posted."
        )
    else:
        said = _("It goes to the question channel; you hear if it has to wait.")
    hidden = (
        " "
        + _(
            "No role sees who you are. Reply and mark the answer from here: a message or a reaction of "
            "yours in the thread would show your name.",
        )
        if question.anonymous
        else ""
    )
    return message(
        paragraph(Bold(_("Thank you.")), " ", said, hidden),
        quote(question.text),
        note(*phrase("Answers show in the thread and on {command}.", command=Code("/cohort")))
        if not question.private
        else note(*phrase("Replies show on {command}.", command=Code("/cohort"))),
        buttons(
            Button(_("Edit"), of(question, "edit")),
            Button(_("Take it back"), of(question, "withdraw"))
            if question.kind == "note"
            else Button(_("Not needed any more"), of(question, "drop")),
        ),
    )


def helped() -> Message:
    return message(paragraph(_("Good. Nothing was posted, and your question is not kept.")))


def marked(question: Question) -> Message:
    return message(
        paragraph(*phrase("{what} Thank you: the next one finds it.", what=Bold(_("Marked as the answer.")))),
        quote(excerpt(question.text, BEGINNING)),
        buttons(Button(_("Undo"), of(question, "unmark"))),
    )


def unmarked(question: Question) -> Message:
    return message(
        paragraph(_("The mark is taken back; the question is open again.")),
        buttons(Button(_("Look"), of(question, "open"))),
    )


def taken(question: Question) -> Message:
    return message(
        paragraph(*phrase("{what} The desk shows that to the course team.", what=Bold(_("You have it.")))),
        quote(excerpt(question.text, BEGINNING)),
        buttons(
            Button(_("Look"), of(question, "open")),
            Button(_("Reply"), of(question, "reply")),
            Button(_("Give it back"), of(question, "give_back")),
        ),
    )


def taken_already(question: Question, name: str) -> Message:
    return message(
        paragraph(*phrase("{name} has it already.", name=Bold(name))),
        buttons(Button(_("Take it over"), of(question, "take", ".over")), Button(_("Look"), of(question, "open"))),
    )


def not_waiting(question: Question) -> Message:
    """The answer to a button of a question that is settled."""
    if question.state == "solved":
        said = _("It has been answered meanwhile.")
    elif question.kind == "note":
        said = _("It has been read already.")
    else:
        said = _("It was closed as not needed any more.")
    return message(
        paragraph(said, " ", Italic(shorten(question.text, 100))),
        buttons(
            Button(_("Open it again"), of(question, "restore")) if question.state == "dropped" else None,
            Button(_("Look"), of(question, "open")),
        ),
    )


def given_back(question: Question) -> Message:
    return message(
        paragraph(*phrase("It waits for anybody again: {question}", question=Italic(shorten(question.text, 100))))
    )


def dropped(question: Question, mine: bool, posted: bool = True) -> Message:
    """`posted`: it is in its channel, or is for none."""
    closed = _("Closed as not needed any more.") if posted else _("Closed as not needed any more, and not posted.")
    return message(
        paragraph(closed),
        quote(excerpt(question.text, BEGINNING)),
        buttons(
            Button(_("Open it again"), of(question, "restore")),
            Button(_("Delete its text"), of(question, "withdraw"), "danger") if mine and not question.plain else None,
        ),
    )


def raised(question: Question) -> tuple[Text, tuple[Block, ...]]:
    """To the author of what the course team made a question: a line, and what stands below."""
    line = _(
        "An instructor has posted a question of yours among the questions, without your name. You hear of answers:"
    )
    return (line,), (
        quote(excerpt(question.text, BEGINNING)),
        Buttons((Button(_("Take it back"), of(question, "withdraw")),)),
    )


def closed_by_the_team(question: Question) -> tuple[Text, tuple[Block, ...]]:
    """To the asker: a line, and what stands below."""
    if question.private:
        line = _("The course team has closed your {what} as not needed any more.", what=_what(question))
    else:
        line = _("The course team has closed your question “{text}”.", text=shorten(question.text, 60))
    return (line, " " + _("Do you still need it?")), (Buttons((Button(_("Open it again"), of(question, "restore")),)),)


def deleted_in_the_channel(question: Question, draft: Question) -> tuple[Text, tuple[Block, ...]]:
    """To the asker: a line, and what stands below."""
    line = _(
        "Your question is not in the channel any more: somebody who looks after the channel has deleted it there, so"
        " nobody answers it now. If you still need an answer, ask again in other words, or ask the course team alone."
    )
    again = Button(_("Ask again"), of(draft, "ask_again"))
    privately = Button(_("Ask the team privately"), of(draft, "ask_again", ".private"))
    return (line,), (quote(question.text), Buttons((again, privately)))


def after_an_edit(question: Question) -> tuple[Text, tuple[Block, ...]]:
    """To the asker, whose edit closed the question or opened it again: a line, and what stands below."""
    text = shorten(question.text, 60)
    if question.state == "dropped":
        line = _("Your question reads “{text}” now, so nobody waits for an answer to it any more.", text=text)
        return (line,), (Buttons((Button(_("Open it again"), of(question, "restore")),)),)
    line = _("Your question reads “{text}” now, so it is open again.", text=text)
    return (line,), (Buttons((Button(_("Not needed any more"), of(question, "drop")),)),)


def restored(question: Question) -> Message:
    return message(
        paragraph(_("It is open again.") if question.state != "solved" else _("It is back, with its answer.")),
        buttons(Button(_("Look"), of(question, "open"))),
    )


def withdrawn(question: Question) -> Message:
    what = "note" if question.kind == "note" else "question"
    return message(paragraph(_("Your {what} and everything that was made of it are deleted.", what=what)))


def edited(question: Question) -> Message:
    return message(
        paragraph(_("Saved. It reads now:")),
        quote(question.text),
        buttons(Button(_("Edit"), of(question, "edit"))),
    )


def has_replied(name: str | None, reply: Response, zone: str) -> str:
    at, text = say(reply.at, zone), shorten(reply.text, BEGINNING)
    if name is None:
        return _("somebody replied {at}: “{text}”", at=at, text=text)
    return _("{name} replied {at}: “{text}”", name=name, at=at, text=text)


def settled_meanwhile(question: Question) -> str:
    if question.state == "solved":
        return _("it has been answered")
    return _("it has been read") if question.kind == "note" else _("it was closed as not needed any more")


def sent_already(question: Question, name: str | None, reply: Response) -> Message:
    who = Bold(name or _("Somebody"))
    return message(
        paragraph(
            *phrase(
                "{name} has sent FAQ {entry} already, {at}.", name=who, entry=reply.entry or 0, at=Instant(reply.at)
            ),
            " ",
            _("Who asked sees it privately.") if question.private else _("It stands in the thread."),
        ),
        buttons(Button(_("Look"), of(question, "open"))),
    )


def replied(question: Question, response: Response, as_asker: bool) -> Message:
    """The receipt."""
    if response.post == "waits":
        return message(
            paragraph(Bold(_("Kept.")), " ", _("Your question is not in the channel yet; this goes below it.")),
            buttons(Button(_("Look"), of(question, "open"))),
        )
    if response.post == "privately":
        seen = _(
            "The question is not in the channel yet, so who asked gets this privately. It also goes to the thread once"
            " that is there."
        )
    elif question.private:
        seen = _("The course team sees it.") if as_asker else _("Who asked sees it privately.")
    else:
        seen = _("It goes to the thread; you hear if it cannot be posted there.")
        if response.author is None:
            seen = _("It goes to the thread, as 'The asker'; you hear if it cannot be posted there.")
    return message(
        paragraph(Bold(_("Sent.")), " ", seen),
        buttons(
            Button(_("This answers it"), of(question, "mark", f".{response.id}")) if not as_asker else None,
            Button(_("Look"), of(question, "open")),
        ),
    )


def replied_privately(question: Question, name: str | None, response: Response) -> tuple[Text, tuple[Block, ...]]:
    """To the asker: a reply that is not in its thread, and what stands below."""
    who = Bold(name or _("Somebody"))
    if question.state == "withdrawn":
        line = phrase("{name} replies to your question that was deleted in the channel:", name=who)
        return line, (paragraph(response.text),)
    line = phrase("{name} replies to your question:", name=who)
    why = note(_("It could not be posted below your question, so you get it here."))
    acts = Buttons((Button(_("Look"), of(question, "open")),))
    return line, (quote(excerpt(question.text, BEGINNING)), paragraph(response.text), why, acts)


def given_privately(question: Question, name: str | None) -> Message:
    who = name or _("Whoever asked")
    return message(
        paragraph(Bold(_("Sent.")), " ", _("{who} gets it privately, at their next hour for messages.", who=who)),
        buttons(Button(_("Look"), of(question, "open")) if question.state != "withdrawn" else None),
    )


def held_question(question: Question, lost: bool) -> HeldPost:
    """A question that is not in its channel, for its asker."""
    kept = _("The course team has it on its desk, and can answer you privately.")
    acts = [Button(_("Not needed any more"), of(question, "drop"))]
    if not lost:
        acts = [Button(_("Edit"), of(question, "edit")), *acts]
    return HeldPost(question.text, kept=kept, buttons=acts)


def held_reply(question: Question, response: Response, asker: str, lost: bool) -> HeldPost:
    """A reply that is not in its thread, for its author."""
    if response.post == "privately":
        return HeldPost(quiet=True)
    if response.own:
        privately = Button(_("Ask privately"), act("ask_privately", question.cohort, str(response.id)))
        return HeldPost(response.text, question.text, buttons=(privately,) if lost else ())
    kept = _("It counts as no reply yet: the question is still on the desk.")
    send = send_privately(response, None if question.anonymous else asker, question.cohort)
    return HeldPost(response.text, question.text, kept, (send,))


def reply_let_go(
    question: Question, response: Response, asker: str | None, useful: bool
) -> tuple[Text, tuple[Block, ...]]:
    """To the author of a reply that waited when its question was deleted: a line, and what stands below. `useful`: the
    asker may still want it."""
    line = _("Your reply could not be posted: the question was deleted in the channel before.")
    about = note(_("Your reply to “{question}”:", question=shorten(question.text, 80))) if question.text else None
    ways = Buttons((send_privately(response, asker, question.cohort),)) if useful else None
    return (line,), tuple(b for b in (about, quote(response.text), ways) if b is not None)


def send_privately(response: Response, asker: str | None, cohort: Cohort | int) -> Button:
    label = _("Send it to {name} privately", name=shorten(asker, 30)) if asker else _("Send it privately")
    return Button(label, act("send_privately", cohort if isinstance(cohort, int) else cohort.id, str(response.id)))


def posted_after_all(question: Question, response: Response | None) -> Text:
    """For the author of a post that was given up, and is posted again."""
    what = _("your question") if response is None else _("your reply")
    words = shorten((question.text if response is None else response.text), 80)
    return phrase("The course team has posted {what} after all: “{words}”.", what=Bold(what), words=words)


def mark_privately(question: Question) -> Message:
    """For anonymous askers who reacted publicly."""
    return message(
        paragraph(_("You asked without your name, so this reaction was not counted: it would show who you are.")),
        note(_("Taken away, it tells nothing. Mark it from here instead; only you see this.")),
        buttons(Button(_("Look"), of(question, "open"))),
    )


def replies(number: int) -> str:
    return _n("{n} reply", "{n} replies", number)


# At the end of a cohort


def open_at_the_end(unanswered: int, notes: int, replied: int) -> list[Text]:
    """What happens to open conversations."""
    found: list[str] = []
    if unanswered:
        found.append(
            _n(
                "{n} question without an answer: it stays on your desk, of which no message comes after the end",
                "{n} questions without an answer: they stay on your desk, of which no message comes after the end",
                unanswered,
            )
        )
    if notes:
        found.append(
            _n(
                "{n} note to the course team not read yet: on your desk still; the author hears when it was read",
                "{n} notes to the course team not read yet: on your desk still; the author hears when it was read",
                notes,
            )
        )
    if replied:
        found.append(
            _n(
                "{n} conversation with replies, not settled: whoever began it finds it with /cohort",
                "{n} conversations with replies, not settled: whoever began them finds them with /cohort",
                replied,
            )
        )
    return [(text,) for text in found]


def asked_in_a_week(number: int, kept: int, within: timedelta) -> str:
    """For the course file of the next run."""
    return (
        _(
            "{questions}, {kept} got a reply within {span}",
            questions=_n("{n} question", "{n} questions", number),
            kept=kept,
            span=say_span(within),
        )
        if number
        else _("no questions")
    )


# From the course team to one learner


def write_form(cohort: int, learner: Person, about: str) -> Form:
    hint = _("{name} and the course team alone read it, and can reply privately.", name=learner.name)
    field = TextField("text", _("Your message"), hint, long=True, max_length=LONGEST)
    subject = f"{learner.id}.{about}" if about else str(learner.id)
    return Form(
        act("write", cohort, subject), shorten(_("Write to {name}", name=learner.name), 40), (field,), submit=_("Send")
    )


def personal(question: Question, name: str, about: str, text: str) -> tuple[Text, tuple[Block, ...]]:
    """A word to the learner, who replies to it by `question`: its line, and what stands below."""
    who = Bold(name)
    line = (
        phrase("{name} writes to you about {about}:", name=who, about=about)
        if about
        else phrase("{name} writes to you:", name=who)
    )
    reply = Buttons((Button(_("Reply"), of(question, "write_back")),))
    return line, (quote(text), note(_("You and the course team alone read this.")), reply)


def answered_privately(question: Question, name: str, text: str) -> tuple[Text, tuple[Block, ...]]:
    """To whoever asked the course team alone: a reply, and what stands below."""
    line = phrase("{name} replies to your {what}:", name=Bold(name), what=_what(question))
    acts = (Button(_("Reply"), of(question, "reply")), Button(_("All replies"), of(question, "open")))
    return line, (quote(text), note(_("You and the course team alone read this.")), Buttons(acts))


def answered_back(question: Question, told: Sequence[tuple[str, str]]) -> Message:
    """What stands in place of private replies (who wrote, and what) once the asker has answered them."""
    blocks: list[Block] = []
    for name, text in told:
        line = phrase("{name} replied to your {what}:", name=Bold(name), what=_what(question))
        blocks += [paragraph(*line), quote(text)]
    return message(
        *blocks,
        paragraph(*phrase("{what} The course team alone reads it.", what=Bold(_("Your answer is sent.")))),
        buttons(Button(_("All replies"), of(question, "open"))),
    )


def written(learner: Person, at: datetime) -> Message:
    said = phrase(
        "{name} gets it at their next hour for messages ({at} in {place} at the earliest), or when they are back.",
        name=learner.name,
        at=say(at, learner.zone),
        place=place_of(learner.zone),
    )
    return message(paragraph(Bold(_("Thank you.")), " ", *said))


def write_back_form(question: Question, word: Response, writer: Person) -> Form:
    hint = _("{name} and the course team alone read it.", name=writer.name)
    field = TextField("text", _("Your reply"), hint, long=True, max_length=LONGEST)
    title = shorten(_("Reply to {name}", name=writer.name), 40)
    return Form(of(question, "write_back"), title, (field,), submit=_("Send"), intro=shorten(word.text, 150))


def wrote_back(question: Question, name: str, word: Response) -> tuple[Text, tuple[Block, ...]]:
    """To whoever wrote: the learner's reply."""
    line = phrase("{name} replies to your message “{text}”:", name=Bold(name), text=shorten(word.text, 80))
    acts = (Button(_("Reply"), of(question, "reply")), Button(_("Mark as read"), of(question, "seen")))
    return line, (quote(question.text), Buttons(acts))


def written_back(question: Question, writer: Person, word: Response) -> Message:
    """What stands in place of a word to the learner once they have answered it."""
    said = " " + _("{name} gets it; the course team alone can read it. You hear when it was read.", name=writer.name)
    return message(
        paragraph(*phrase("{name} wrote to you:", name=Bold(writer.name))),
        quote(word.text),
        paragraph(Bold(_("Your answer is sent.")), said),
        buttons(Button(_("Edit"), of(question, "edit")), Button(_("Take it back"), of(question, "withdraw"))),
    )
