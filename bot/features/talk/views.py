"""What the bot answers to private messages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from bot.core.actions import Action
from bot.core.contributions import Upcoming
from bot.core.events import MEDIA, Medium
from bot.core.fingerprints import fingerprint
from bot.core.forms import Form
from bot.core.message import (
    Block,
    Bold,
    Button,
    Code,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    message,
    note,
    paragraph,
    quote,
    shorten,
    with_code,
)
from bot.core.naming import CHOICES, beyond
from bot.core.people import Cohort
from bot.core.plain import plain_text
from bot.core.private import Asked, Meaning
from bot.core.time import say_day
from bot.core.translation import N_, _, phrase
from bot.core.typed import excerpt
from bot.features.talk import rules
from bot.features.talk.store import PrivateMessage

QUOTED = 1000
"""Characters of a message that are quoted."""


def _act(name: str, cohort: int, subject: str) -> str:
    return Action("talk", name, cohort, subject).encode()


def _command(name: str, label: str, cohort: int = 0) -> Button:
    return Button(label, Action("command", name, cohort).encode())


def my_page() -> Button:
    return _command("", _("My page"))


def help_button() -> Button:
    return _command("help", _("What I can do here"))


HELPS: Mapping[str, tuple[str, str, str]] = {
    "page": ("command", "", N_("My page")),
    "progress": ("completion", "stands", N_("My progress")),
    "week": ("weekcard", "show", N_("This week")),
    "certificate": ("command", "certificate", N_("My certificate")),
    "work": ("command", "submit", N_("My work")),
    "settings": ("command", "settings", N_("My settings")),
    "help": ("command", "help", N_("What I can do here")),
}
"""What people ask for in their own words -> the feature, action and label of a button."""

OF_LEARNERS = {"progress", "week", "work"}

THANKING = N_(
    "To thank somebody: select 'Thank' in the menu of one of their messages. They hear it in private, with their "
    "next card."
)

SEVERAL = N_(
    "It seems to answer several questions at once. I would save it whole, to one of them: send me each part by itself, "
    "and what is for the instructors alone to its own question."
)


IN_ITS_FORM = N_("each part in its field, with who will see it; you look at it, and nothing is sent before you send it")


def form_key(form: Form) -> str:
    """Names a form in a button."""
    return fingerprint(form.action)


def _form_button(id: int, form: Form) -> Button:
    label = _("Look it over: {title}", title=shorten(form.title, 50))
    return Button(label, _act("fill", 0, f"{id}.{form_key(form)}"), "primary")


def sent(form: Form) -> Message:
    """In place of the choices, once the form was sent."""
    return message(paragraph(_("You have sent “{title}”, with what you wrote here.", title=shorten(form.title, 60))))


def stays() -> Message:
    """Once a message was edited or deleted whose words were sent by a form."""
    said = _("What you sent by form stays as it is until you change it on its own card.")
    return message(paragraph(said))


def what_is_it(
    kept: PrivateMessage,
    meanings: Sequence[Meaning],
    staff: bool,
    problem: str,
    more: bool,
    helps: Sequence[Button],
    coming: Text,
    opening: str = "",
    *,
    thanking: bool = False,
    forms: Sequence[tuple[Cohort, Form]] = (),
) -> Message:
    """Asks the author what a message is. `meanings` are in the order in which they are offered; `more`: it could answer
    other questions too; `helps`: buttons for what else its author may want; `coming`: what will be possible, and
    when; `opening`: see `Meaning`; `thanking`: they may want to thank somebody;
    `forms`: those that its parts fill."""
    beside = MEDIA.get(kept.medium)
    kinds = {kind: list(found) for kind, found in groupby(sorted(meanings, key=_kind), _kind)}
    order = list(dict.fromkeys(m.kind for m in meanings))
    whole = [_form_button(kept.id, form) for _cohort, form in forms]
    lines: list[Text] = [(Bold(b.label), ": ", _(IN_ITS_FORM)) for b in whole]
    for kind in order:
        first, *others = kinds[kind]
        lines.append((Bold(_label(kinds[kind])), ": ", *((_("you choose which one next"),) if others else first.text)))
    return message(
        paragraph(Bold(problem)) if problem else None,
        paragraph(*phrase("You sent {what}. I can pass on its words alone:", what=Bold(_(beside)))) if beside else None,
        paragraph(opening) if opening else None,
        paragraph(
            _("Only you and I have read this so far. What would help?")
            if opening
            else _("Only you and I have read this so far. What is it?")
        ),
        quote(excerpt(kept.said.text, QUOTED)),
        bullets(*lines),
        note(*coming, ".") if coming else None,
        note(_(THANKING)) if thanking else None,
        note(*with_code(_("`/cohort desk` shows what waits for you, `/cohort help` what else there is.")))
        if staff
        else None,
        buttons(
            *(whole if not opening else ()),
            *(_choice(kept.id, kinds[kind]) for kind in order),
            *(whole if opening else ()),
            Button(_("Another wrap-up question"), _act("field", 0, str(kept.id))) if more else None,
            _drop(kept.id),
        ),
        paragraph(_("Or is it this that you want?")) if helps else None,
        buttons(*helps),
    )


def no_field() -> str:
    return _("No wrap-up question waits for an answer from you any more. `/cohort wrapup` shows what you answered.")


def beside(helps: Sequence[str], commands: Collection[str], learns_in: int | None) -> list[Button]:
    """The buttons for what a message suggests, limited to existing commands. `learns_in`: a cohort of its author's as a
    learner."""
    found = []
    for help in helps:
        feature, name, label = HELPS[help]
        if help in OF_LEARNERS and learns_in is None:
            continue
        if feature == "command" and name in commands:
            found.append(_command(name, _(label)))
        elif feature != "command":
            found.append(Button(_(label), Action(feature, name, learns_in or 0).encode()))
    return found


def words_left(kept: PrivateMessage, meanings: Sequence[Meaning]) -> Message:
    """What a message asked for is done; its words can still go to the course team."""
    return message(
        paragraph(_("What you asked for is here below. Nobody has read your words. Shall somebody?")),
        quote(excerpt(kept.said.text, QUOTED)),
        bullets(*((Bold(m.label), ": ", *m.text) for m in meanings)),
        buttons(*(_choice(kept.id, [m]) for m in meanings), _drop(kept.id)),
    )


MENTIONED = 3
"""Messages on the card about what nobody has read."""


def unread(messages: Sequence[tuple[PrivateMessage, Sequence[Meaning]]], day: date) -> Message:
    """What somebody wrote on a day, without saying what it is, each with the way to the course team."""
    several = len(messages) > 1
    blocks: list[Block | None] = [
        paragraph(
            *phrase(
                "What you wrote to me on {day}: {nobody}",
                day=say_day(day),
                nobody=Bold(_("nobody has read it, since you have not said what it is.")),
            )
        )
    ]
    for number, (kept, meanings) in enumerate(messages[:MENTIONED], 1):
        mark = f" ({number})" if several else ""
        blocks.append(quote(shorten(kept.said.text, 160)))
        ways = [replace(choice, label=f"{choice.label}{mark}") for choice in (_choice(kept.id, [m]) for m in meanings)]
        blocks.append(buttons(*ways, replace(_drop(kept.id), label=f"{_('Never mind')}{mark}")))
    blocks.append(note(_("More choices are below each message itself.")))
    return message(*blocks)


def has_ended(cohort: Cohort) -> str:
    return _("{title} has ended; its course team still reads what you send them here.", title=cohort.title)


def _kind(meaning: Meaning) -> str:
    return meaning.kind


def _choice(id: int, same: Sequence[Meaning]) -> Button:
    first, *others = same
    if others:
        return Button(_label(same), _act("which", 0, f"{id}.{first.kind}"))
    return Button(first.label, _act(first.kind, first.cohort, f"{id}.{first.subject}"))


def _label(same: Sequence[Meaning]) -> str:
    """The common label of several meanings that differ in who reads them."""
    labels = {m.label for m in same}
    return same[0].label if len(labels) == 1 else same[0].label.partition(",")[0]


def _drop(id: int) -> Button:
    return Button(_("Never mind"), _act("drop", 0, str(id)))


def which(kept: PrivateMessage, same: Sequence[Meaning], titles: dict[int, str]) -> Message:
    """The same is possible in several cohorts, or for several wrap-ups."""
    number = len(same)
    same = same[-CHOICES:]
    one_cohort = len({m.cohort for m in same}) == 1

    def name(meaning: Meaning) -> str:
        title = titles[meaning.cohort]
        if one_cohort:
            return meaning.title or title
        several = sum(m.cohort == meaning.cohort for m in same) > 1
        return f"{title}, {meaning.title}" if several else title

    return message(
        paragraph(*phrase("{label}. Which one is it for?", label=Bold(_label(same)))),
        quote(excerpt(kept.said.text, QUOTED)),
        bullets(*((Bold(name(m)), ": ", *m.text) for m in same)),
        buttons(
            *(
                Button(f"{n}. {name(m)}"[:70], _act(m.kind, m.cohort, f"{kept.id}.{m.subject}"))
                for n, m in enumerate(same, 1)
            ),
            _in_all(kept.id, same) if number == len(same) else None,
            Button(_("Back"), _act("back", 0, str(kept.id))),
            _drop(kept.id),
        ),
        beyond(number),
    )


def _in_all(id: int, same: Sequence[Meaning]) -> Button | None:
    if not rules.may_be_in_all(same):
        return None
    return Button(_("Both") if len(same) == 2 else _("All of them"), _act("in_all", 0, f"{id}.{same[0].kind}"))


def done_in_all(done: Sequence[tuple[Cohort, Message]]) -> Message:
    return message(*(block for cohort, said in done for block in (paragraph(Bold(cohort.title)), *said.blocks)))


def which_field(kept: PrivateMessage, fields: Sequence[Meaning]) -> Message:
    """The questions that a message could answer, with who reads each."""
    return message(
        paragraph(Bold(_("Which question does it answer?"))),
        quote(excerpt(kept.said.text, QUOTED)),
        bullets(*((Bold(m.label), ": ", *m.text) for m in fields)),
        buttons(
            *(
                Button(f"{n}. {m.field}"[:70], _act(m.kind, m.cohort, f"{kept.id}.{m.subject}"))
                for n, m in enumerate(fields, 1)
            ),
            Button(_("Back"), _act("back", 0, str(kept.id))),
            _drop(kept.id),
        ),
    )


def dropped() -> Message:
    return message(
        paragraph(_("All right. Nothing of it is kept, and nobody has read it.")),
        buttons(my_page()),
    )


def wordless(medium: Medium, learner: bool) -> Message:
    """The answer to a message without words, which nothing can be done with."""
    what = MEDIA.get(medium)
    return message(
        paragraph(*phrase("You sent {what}. I cannot pass that on, and kept nothing of it.", what=Bold(_(what))))
        if what
        else paragraph(_("That came without words, so there is nothing that I could do with it.")),
        paragraph(
            _("Write what it is about, and I ask you what to do with your words. Nobody reads them before that.")
        ),
        buttons(_command("submit", _("Hand it in")) if learner and what else None, my_page(), help_button()),
    )


def greeting(name: str, first: tuple[Cohort, Upcoming] | None) -> Message:
    return message(
        paragraph(
            _hello("greeting", name),
            " ",
            _("Write me whatever it is: I ask you who may read it before anybody does."),
        ),
        *_next(first),
    )


def welcome(name: str, first: tuple[Cohort, Upcoming] | None) -> Message:
    return message(paragraph(_hello("thanks", name)), *_next(first))


def help_card(first: tuple[Cohort, Upcoming] | None, staff: bool) -> Message:
    desk = _command("desk", _("My desk")) if staff else None
    return message(
        paragraph(Bold(_("Write me as you would write to a person."))),
        bullets(
            _(
                "I quote your message and ask what it is: an answer, a note, a question. Nobody else reads it "
                "before that.",
            ),
            phrase("{command} is your page, and says what is next.", command=Code("/cohort")),
        ),
        *_next(first, help_button(), desk),
    )


def command(name: str) -> Message:
    typed = _("/cohort {name}", name=name).strip()
    return message(
        paragraph(*phrase("That is a command: {command}. Send it as one, or press it here:", command=Code(typed))),
        buttons(_command(name, typed), help_button()),
    )


def nothing_to_stop(learner: bool) -> Message:
    """'stop', where nothing was asked."""
    if not learner:
        return message(
            paragraph(_("I have asked you nothing, so there is nothing to stop.")), buttons(my_page(), help_button())
        )
    return message(
        paragraph(
            _(
                "I have asked you nothing just now, so there is nothing to stop. Do you want to hear less from me?",
            )
        ),
        bullets(
            phrase("{what}: nothing is sent to you until you are back", what=Bold(_("Away"))),
            phrase("{what}: no reminders, or another hour", what=Bold(_("Settings"))),
            phrase("{what}: all messages stop; it asks you once more", what=Bold(_("Leave"))),
        ),
        buttons(
            _command("away", _("Away")), _command("settings", _("Settings")), _command("leave", _("Leave")), my_page()
        ),
    )


def nothing_to_skip() -> Message:
    """'skip', where nothing was asked."""
    return message(paragraph(_("I have asked you nothing just now, so there is nothing to skip.")), buttons(my_page()))


def stopped(asked: Asked) -> Message:
    return message(paragraph(_("I ask no more.") + " ", asked.stopped), buttons(*asked.buttons, my_page()))


def still_asking(thanked: bool, asked: Asked) -> Message:
    return message(
        paragraph(
            _("You are welcome.") + " " if thanked else _("Hello.") + " ",
            *phrase("I was asking: {text}", text=Bold(asked.text)),
        ),
        note(_("Write your answer, or 'skip', or 'stop'.")),
        buttons(*asked.buttons, my_page()),
    )


def _hello(reading: str, name: str) -> str:
    if reading == "thanks":
        return _("You are welcome, {name}.", name=name) if name else _("You are welcome.")
    hello = _("Hello {name}.", name=name) if name else _("Hello.")
    if reading in ("words", "question"):
        nobody = _(
            "I can pass this on to no course team now, and kept nothing of it. Write to somebody of the course team."
        )
        return f"{hello} {nobody}"
    return hello


def after_end(reading: str, name: str, cohort: Cohort, left: Sequence[Upcoming]) -> Message:
    """For a person whose last cohort has ended. `left`: what they still have and can do there."""
    waiting = [u for u in left if not u.last][:3]
    return message(
        paragraph(_hello(reading, name)),
        paragraph(_("{title} has ended; what you did there is kept.", title=cohort.title)),
        bullets(*(_dated(u) for u in waiting)),
        note(
            *phrase(
                "For a new course: {command} with the code of your invitation.", command=Code(_("/cohort join CODE"))
            )
        ),
        buttons(*[u.button for u in left if u.button is not None][:4], my_page()),
    )


def stranger(reading: str, name: str) -> Message:
    """For a person who is in no cohort, running or ended."""
    return message(
        paragraph(_hello(reading, name)),
        paragraph(
            *phrase(
                "To take part in a course: {command} with the code of your invitation.",
                command=Code(_("/cohort join CODE")),
            )
        ),
        note(_("No code? Ask whoever runs your course.")),
        buttons(_command("join", _("Join a cohort")), my_page()),
    )


def _dated(what: Upcoming) -> Text:
    return phrase("{what}, due {at}", what=what.text, at=Instant(what.at)) if what.at else what.text


def _next(first: tuple[Cohort, Upcoming] | None, *more: Button | None) -> tuple[Block | None, ...]:
    """The one thing to do next, and buttons."""
    if first is None:
        return paragraph(_("Nothing waits for you.")), buttons(my_page(), *more)
    __, what = first
    said = _dated(what)
    stop = "" if plain_text(said).endswith((".", "!", "?")) else "."
    return paragraph(Bold(_("Next:")), " ", *said, stop), buttons(what.button, my_page(), *more)
