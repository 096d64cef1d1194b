"""What the FAQ says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.actions import LIMIT, Action
from bot.core.forms import ChoiceField, Form, TextField, yes_no
from bot.core.message import (
    CHOICES,
    Block,
    Bold,
    Button,
    Buttons,
    Code,
    Inline,
    Instant,
    Italic,
    Jump,
    Link,
    Message,
    Option,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    quote,
    shorten,
)
from bot.core.ports import Suggestion
from bot.core.time import say_day
from bot.core.translation import N_, _, _n, phrase
from bot.core.typed import excerpt
from bot.features.faq.book import Book
from bot.features.faq.store import Alike, Card, Entry, Miss, Source, Version, Waiting
from bot.features.faq.wording import LONGEST, TITLE, lacking, run_reason

POSTED = 8
"""Entries in the channel's post."""

POST_LENGTH = 6000
"""Characters of the answers in it; the first answer is always shown."""

SITTING = 5
"""Entries in one review: more are not read with care."""

CUT_QUESTION = 300
SOURCES = 3
"""Sources that a card links to, newest first."""

TICKS = 5
"""Entries that may ask the same, on a card and in its form."""

READ = 300
"""Characters that are shown of a message in a thread."""

KEPT = 5
"""Things left out that a card offers to put back."""

SURE = "sure"
"""The last part of a subject: confirms what was asked."""

SEARCHES_SEEN = N_(
    "What two people or more searched and did not find, the course team sees, never by whom. "
    "What you alone searched is shown to nobody."
)

NOBODY_NAMED = N_("Whoever asked or answered is not named.")

VERSIONS = 5
"""Versions that are shown, newest first."""

MERGED = CHOICES - 1
"""Entries offered for merging."""

_WHY = {
    "changed": N_("Its source was edited."),
    "reopened": N_("The mark on its answer was taken back."),
    "withdrawn": N_("Its source was deleted."),
}


ACTS = (
    N_("approved"),
    N_("approved for this run"),
    N_("approved in an earlier wording"),
    N_("draft"),
    N_("dropped"),
    N_("edited and approved"),
    N_("edited as its source was"),
    N_("flagged"),
    N_("found still right"),
    N_("merged"),
    N_("removed"),
    N_("skipped"),
    N_("written"),
)
"""What was done with an entry, and its state, as it is stored; `_` translates it."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where somebody is in a review: in which cohort, and at which card; 0 for a card outside a review."""

    cohort: int
    number: int = 0

    def act(self, name: str, subject: str = "") -> str:
        return Action("faq", name, self.cohort, subject).encode()

    def of(self, entry: Entry, name: str, more: str = "") -> str:
        """The action of a button about an entry as it reads now; `more` is the last part of its subject."""
        return self.act(name, f"{entry.id}.{entry.stamp}.{self.number}" + (f".{more}" if more else ""))


def review_page(waiting: Waiting, cards: Sequence[Card], sitting: Sitting) -> Message:
    """Everything that waits, as far as it fits."""
    if not cards:
        return message(paragraph(*phrase("{what} Well done.", what=Bold(_("Nothing waits for a review.")))))
    left = waiting.number - len(cards)
    return message(
        paragraph(Bold(summary(waiting)), ". ", "" if any(one.named for one in cards) else _(NOBODY_NAMED)),
        *(b for one in cards for b in _headed_card(one, sitting)),
        note(_("{left} more come when these are decided.", left=left)) if left else None,
    )


def _headed_card(one: Card, sitting: Sitting) -> list[Block | None]:
    return [heading(shorten(one.entry.title, CUT_QUESTION)), *card(one, sitting)[1:]]


def review(
    waiting: Waiting,
    next_one: Card | None,
    sitting: Sitting,
    said: str = "",
    undo: Block | None = None,
    pages: bool = False,
) -> Message:
    """The next entry to review, below what was just `said` about the previous one (with its `undo`). `pages`: pages are
    served, so all entries can be reviewed side by side."""
    on_page = Button(_("All on a page"), sitting.act("page")) if pages and not said else None
    left = " " + _("{summary} left.", summary=summary(waiting)) if waiting.number else " " + _("Nothing else waits.")
    before = [paragraph(Bold(said), left), undo] if said else []
    publish = Button(_("Publish"), sitting.act("publish"))
    if next_one is None and said:
        return message(*before, buttons(publish))
    if next_one is None:
        return message(
            paragraph(*phrase("{what} Well done.", what=Bold(_("Nothing waits for a review.")))),
            buttons(publish, on_page),
        )
    if sitting.number > SITTING:
        enough = paragraph(_("{sitting} looked at: enough for one sitting.", sitting=SITTING))
        return message(*before, enough, buttons(Button(_("Go on"), sitting.act("review")), publish))
    return message(
        *before,
        None if said else heading(_("FAQ: {summary}", summary=summary(waiting))),
        *card(next_one, sitting),
        None
        if said
        else note("" if next_one.named else f"{_(NOBODY_NAMED)} ", _("Approved entries are found with /cohort find.")),
        buttons(on_page),
    )


def where_published(book: Book, address: str, posted: bool, cohort: int) -> Message:
    """Where people read the FAQ."""
    sitting = Sitting(cohort)
    number = _n("{n} entry", "{n} entries", len(book.items))
    stands = _("A post in the question channel shows the first of them, and is kept up to date.") if posted else ""
    page: Text = phrase("{link} has all of them, for everybody.", link=Link(address, _("The page"))) if address else ()
    return message(
        paragraph(*phrase("{what} /cohort find searches them.", what=Bold(_("{number} approved.", number=number)))),
        paragraph(stands) if posted else None,
        paragraph(*page) if page else None,
        buttons(
            Button(_("Take the post away"), sitting.act("unpost"))
            if posted
            else Button(_("Post it in the channel, pinned"), sitting.act("post"), "primary"),
            Button(_("Write an entry"), sitting.act("write")),
        ),
    )


def post(book: Book, address: str) -> Message:
    """The post in the channel: the first entries, and where the rest is."""
    shown_first: list[Block] = []
    room = POST_LENGTH
    for item in book.items[:POSTED]:
        room -= len(item.entry.answer)
        if room < 0 and shown_first:
            break
        shown_first.append(
            paragraph(
                *phrase("{title} (FAQ {id})", title=Bold(shorten(item.entry.title, CUT_QUESTION)), id=item.entry.id)
            )
        )
        shown_first.append(quote(item.entry.answer))
    searched = phrase("{command} and a few words. What most people asked is first.", command=Code("/cohort find"))
    if address:
        link = Link(address, _("All {number} on a page", number=len(book.items)))
        searched = phrase("{link}, or {search}", link=link, search=searched)
    shown = message(
        heading(_("Questions and answers")),
        *(shown_first or [paragraph(_("Nothing has been approved yet."))]),
        note(*searched),
    )
    return replace(shown, topic=_("Questions and answers"))


def receipt(said: str, *undo: Button) -> Message:
    return message(paragraph(Bold(said)), buttons(*undo))


def summary(waiting: Waiting) -> str:
    drafts = _n("{n} draft", "{n} drafts", waiting.drafts)
    flagged, unverified = (
        _("{flagged} to look at again", flagged=waiting.flagged),
        _("{unverified} to verify", unverified=waiting.unverified),
    )
    numbers = ((flagged, waiting.flagged), (unverified, waiting.unverified), (drafts, waiting.drafts))
    return ", ".join(part for part, number in numbers if number)


def card(one: Card, sitting: Sitting) -> list[Block | None]:
    """An entry with everything that can be done about it."""
    entry = one.entry
    stands = entry.state in ("approved", "flagged")
    reason = "" if stands else why_this_run(entry)
    lacks = lacking(entry.question, entry.answer)
    yes = (_("Still right"), "right") if stands else (_("Approve"), "approve")
    return [
        paragraph(Bold(shorten(entry.title, CUT_QUESTION))),
        quote(entry.details) if entry.details else None,
        paragraph(_("The answer:")) if entry.details else None,
        quote(entry.answer),
        note(*_standing(entry, one.sources)),
        *_known(one),
        *_alike(one, sitting),
        note(Bold(_("Needs another look:")), " ", _(_WHY[entry.flag])) if entry.flag else None,
        *_news(entry),
        *_left_out(one, sitting),
        note(Bold(_("Cannot be approved:")), " ", lacks) if lacks else None,
        note(reason, " " + _("For this run alone?")) if reason else None,
        note(_("For this run alone.")) if entry.run_only else None,
        buttons(
            Button(_("For this run alone"), sitting.of(entry, "approve_run"), "primary")
            if reason and not lacks
            else None,
            None if lacks else Button(yes[0], sitting.of(entry, yes[1]), "plain" if reason else "primary"),
            Button(_("Use the new wording"), sitting.of(entry, "renew")) if entry.news_answer else None,
            Button(_("Edit"), sitting.of(entry, "edit")),
            Button(_("Merge"), sitting.of(entry, "merge")) if entry.flag != "withdrawn" else None,
            Button(_("Remove"), sitting.of(entry, "remove"), "danger")
            if stands
            else Button(_("Skip"), sitting.of(entry, "skip")),
            Button(_("Later"), sitting.of(entry, "later")),
        ),
    ]


def why_this_run(entry: Entry) -> str:
    """Why a draft may be for one run only; empty if nothing says so, or if it already is."""
    if entry.run_only:
        return ""
    reason = run_reason(f"{entry.question} {entry.answer}")
    return reason or (_("It had a link of this run.") if any(left.kind == "link" for left in entry.left_out) else "")


def distinct(entry: Entry) -> list[str]:
    """What was left out, each once, guesses first: those are mostly harmless."""
    ordered = sorted((left for left in entry.left_out if left.said), key=lambda left: not left.kind.endswith("?"))
    return list(dict.fromkeys(left.said for left in ordered))


def _left_out(one: Card, sitting: Sitting) -> list[Block | None]:
    """What was left out, with a button for each that puts it back; and what is still there."""
    entry = one.entry
    labels = _keep_labels(entry)
    more = len(labels) - KEPT
    keep = [Button(label, sitting.of(entry, "keep", str(n))) for n, label in enumerate(labels[:KEPT])]
    left = list(dict.fromkeys(f"[{left.kind}]" for left in entry.left_out))
    still = [said for said in one.told if said not in left]
    return [
        note(Bold(_("Left out:")), " ", ", ".join(left), ". ", _("What is harmless can stay.")) if left else None,
        note(Bold(_("Still in it:")), " ", listed(still), ".") if still else None,
        buttons(*keep),
        note(_("{more} more can be kept once one of these is. 'Edit' takes all of them as you write them.", more=more))
        if more > 0
        else None,
    ]


def _keep_labels(entry: Entry) -> list[str]:
    """Labels for `distinct`. A secret is not shown; several are numbered in text order."""
    kinds = {left.said: left.kind for left in entry.left_out}
    secrets = [said for said in kinds if said and kinds[said] == "secret"]
    place = {
        said: " " + _("{n} of {number}", n=n, number=len(secrets)) if len(secrets) > 1 else ""
        for n, said in enumerate(secrets, 1)
    }
    return [
        _("Keep the [secret]{place}", place=place[said])
        if said in place
        else _("Keep “{said}”", said=shorten(said, 40))
        for said in distinct(entry)
    ]


def listed(told: Sequence[str]) -> str:
    """'[name], “+49 170 5551234” and 2 more'."""
    said = [one if one.startswith("[") else f"“{shorten(one, 40)}”" for one in told[:KEPT]]
    return _("{some} and {n} more", some=", ".join(said), n=len(told) - KEPT) if len(told) > KEPT else ", ".join(said)


def once_more(entry: Entry, left: Sequence[str], sitting: Sitting, yes: Button) -> Message:
    """Asks for a confirmation before a text is published in which something is still to be decided."""
    return message(
        paragraph(
            Bold(_("Look once more:")),
            " ",
            _("the text has {listed}. Everybody in the course will read it so.", listed=listed(left)),
        ),
        paragraph(Bold(shorten(entry.title, CUT_QUESTION))),
        quote(entry.details) if entry.details else None,
        paragraph(_("The answer:")) if entry.details else None,
        quote(entry.answer),
        buttons(yes, Button(_("Edit"), sitting.act("edit", f"{entry.id}.{entry.stamp}.{sitting.number}"))),
    )


def put_back(one: Card, said: str, sitting: Sitting) -> Message:
    """The entry after something was put back, still to be decided about."""
    return message(
        paragraph(*phrase("{what} It says “{said}” again.", what=Bold(_("Put back.")), said=shorten(said, 40))),
        *card(one, sitting),
    )


def _known(one: Card) -> list[Block | None]:
    """How the answer of a draft is known; what was read out of a thread is shown."""
    if one.thread is None:
        return []
    if one.thread.known != "thread":
        return [note(_("Marked by the asker.") if one.thread.known == "asker" else _("Marked by the course team."))]
    where = next((s.ref for s in one.sources if s.question == one.entry.source), None)
    thread = Jump(f"question/{one.entry.source}/root", _("the thread"), where)
    return [
        note(Bold(_("Read out of the thread, marked by nobody:")), " ", thread),
        *(quote(Bold(f"{name}: "), shorten(words, READ)) for name, words in one.thread.lines),
    ]


def _alike(one: Card, sitting: Sitting) -> list[Block | None]:
    """Entries that may ask the same, and a button to say which of them do."""
    if not one.alike:
        return []
    listed = [(Italic(shorten(a.entry.title, 90)), f", {_named(a.entry)}") for a in one.alike]
    return [
        note(_("May ask the same:")),
        bullets(*listed),
        buttons(Button(_("Which ask the same?"), sitting.of(one.entry, "gather"))),
    ]


def _named(entry: Entry) -> str:
    return _("FAQ {id}", id=entry.id) if entry.stands else _("draft {id}", id=entry.id)


def _standing(entry: Entry, sources: Sequence[Source]) -> Text:
    """'FAQ 12, asked by 3 people: 4 Mar, 28 Feb. Checked 12 Jan.'"""
    asked: Text = ()
    if entry.askers:
        people = _n("1 person", "{n} people", entry.askers)
        asked = (", ", _("asked by {people}", people=people))
        for n, source in enumerate(sources[:SOURCES]):
            day = say_day(source.asked_at, "plain")
            asked = (*asked, ", " if n else ": ", Jump(f"question/{source.question}/root", day, source.ref))
    at = entry.verified_at
    checked: Text = (". ", *phrase("Checked {at}", at=Instant(at, "date"))) if at else ()
    return (_("FAQ {id}", id=entry.id), *asked, *checked, ".")


def _news(entry: Entry) -> list[Block | None]:
    if not entry.news_answer:
        return []
    title = shorten(_title(entry.news_question), CUT_QUESTION)
    return [note(*phrase("There it says now: {title}", title=Bold(title))), quote(entry.news_answer)]


def _title(question: str) -> str:
    return question.partition("\n")[0]


def whole(one: Card, versions: int, sitting: Sitting) -> Message:
    """One entry in any state, for the course team."""
    entry = one.entry
    if entry.state == "merged":
        return message(
            paragraph(_("FAQ {id} was merged: FAQ {into} answers it.", id=entry.id, into=entry.into)),
            buttons(Button(_("Undo"), sitting.of(entry, "undo"))),
        )
    blocks = card(one, sitting)
    if entry.state == "skipped":
        again = buttons(
            Button(_("Take it up again"), sitting.of(entry, "undo")), Button(_("Edit"), sitting.of(entry, "edit"))
        )
        blocks = [*(b for b in blocks if not isinstance(b, Buttons)), note(_("It was left out.")), again]
    older = (
        buttons(Button(_("Versions ({versions})", versions=versions), sitting.act("versions", str(entry.id))))
        if versions
        else None
    )
    return message(*blocks, older)


def versions(entry: Entry, found: Sequence[Version], names: Sequence[str], sitting: Sitting) -> Message:
    """The entry's texts, and who approved each when; newest first."""
    blocks: list[Block | None] = []
    again: list[Button] = []
    for n, (version, name) in enumerate(zip(found, names, strict=True), 1):
        blocks.append(paragraph(Bold(f"{n}. "), Instant(version.at), f", {name}: {_(version.act)}"))
        blocks.append(quote(Bold(shorten(_title(version.question), CUT_QUESTION)), "\n", version.answer))
        if (version.question, version.answer) != (entry.question, entry.answer):
            again.append(Button(_("Use {n} again", n=n), sitting.act("restore", f"{entry.id}.{version.id}")))
    return message(heading(_("FAQ {id}", id=entry.id)), *blocks, buttons(*again[:5]))


def gathered(one: Card, number: int, undo: Block | None, sitting: Sitting) -> Message:
    """The draft into which others were merged, still to be decided about."""
    said = _n("{n} draft merged into this one.", "{n} drafts merged into this one.", number)
    return message(
        paragraph(*phrase("{what} Approve it, or edit it first.", what=Bold(said))), undo, *card(one, sitting)
    )


def gather_form(entry: Entry, alike: Sequence[Alike], sitting: Sitting) -> Form:
    """A tick for each that may ask the same."""
    ticks = tuple(
        yes_no(
            str(a.entry.id), shorten(f"{_named(a.entry)}: {a.entry.title}", 75), shorten(a.entry.answer, 90), a.surely
        )
        for a in alike
    )
    intro = _("What you tick is merged with “{title}”, the rest is kept apart.", title=shorten(entry.title, 120))
    return Form(sitting.of(entry, "gather"), _("Which ask the same?"), ticks, submit=_("Merge these"), intro=intro)


def changed_meanwhile(one: Card, sitting: Sitting) -> Message:
    """The present entry, for somebody whose button meant an older text."""
    return message(paragraph(_("It has changed since you saw it. It reads now:")), *card(one, sitting))


def edit_form(entry: Entry, sitting: Sitting, told: Sequence[str] = ()) -> Form:
    """`told`: what the submitted text still reveals, for a second look."""
    draft = entry.state not in ("approved", "flagged")
    run_only = entry.run_only or (draft and not told and bool(why_this_run(entry)))
    news = _("There it says now: {excerpt}", excerpt=excerpt(entry.news_answer, 700)) if entry.news_answer else ""
    fields = _fields(entry, run_only, bool(told))
    intro = _second_look(told) or news
    return Form(
        sitting.of(entry, "edit"), _("FAQ {id}", id=entry.id), fields, submit=_("Save and approve"), intro=intro
    )


def write_form(sitting: Sitting, entry: Entry, told: Sequence[str] = ()) -> Form:
    """An entry without a question in a thread; `told` as in `edit_form`."""
    fields = _fields(entry, entry.run_only, bool(told))
    return Form(sitting.act("write"), _("A new entry"), fields, submit=_("Save and approve"), intro=_second_look(told))


def _second_look(told: Sequence[str]) -> str:
    return (
        _("Look once more: the text has {listed}. Take it out, or tick the last field.", listed=listed(told))
        if told
        else ""
    )


def _fields(entry: Entry, run_only: bool, as_is: bool) -> tuple[TextField | ChoiceField, ...]:
    hint = _(
        "Its first line is what people see in a list (at most {title} characters); details go below it.", title=TITLE
    )
    return (
        TextField("question", _("Question"), hint, max_length=LONGEST, value=entry.question, long=True),
        TextField("answer", _("Answer"), max_length=LONGEST, value=entry.answer, long=True),
        yes_no("run_only", _("For this run alone"), _("Its dates or links; it ends with the cohort."), run_only),
        *([yes_no("as_is", _("Publish it as it is"), _("Nobody in it would mind."))] if as_is else ()),
    )


def merge_form(entry: Entry, others: Sequence[Entry], sitting: Sitting) -> Form:
    options = tuple(Option(str(o.id), shorten(f"{o.id}: {o.title}", 70)) for o in others)
    fields = (
        ChoiceField("into", _("Which one answers it?"), options, _("The most alike first."), required=False),
        TextField("number", _("Or its number"), _("Such as 14."), required=False, max_length=9, number=True),
    )
    return Form(
        sitting.of(entry, "merge"),
        _("Merge FAQ {id}", id=entry.id),
        fields if options else fields[1:],
        submit=_("Merge"),
        intro=_("{title} Its text goes; whoever asked it counts there.", title=shorten(entry.title, 120)),
    )


def found(hits: Sequence[Suggestion], words: str, cohort: int, over: bool = False) -> Message:
    """`over`: the cohort has ended, so there is nobody to ask."""
    if not hits:
        nobody = _("The course has ended, so it cannot be asked here.") if over else _("Somebody here may know.")
        return message(
            paragraph(_("Nothing in the FAQ fits “"), shorten(words, 200), _("” yet. {nobody}", nobody=nobody)),
            buttons(None if over else Button(_("Ask it"), _ask(cohort, words), "primary")),
            None if over else note(_(SEARCHES_SEEN)),
        )
    blocks: list[Block] = []
    for hit in hits:
        blocks.append(paragraph(Bold(shorten(_title(hit.question), CUT_QUESTION))))
        blocks.append(quote(hit.answer))
        blocks.append(
            note(
                *phrase("FAQ {entry}, checked {where}", entry=hit.entry, where=tuple(_where(hit)))
                if hit.checked
                else phrase("From a thread of {where}", where=tuple(_where(hit)))
            )
        )
    return message(*blocks, buttons(None if over else Button(_("Not it? Ask"), _ask(cohort, words))))


def now_answered(entry: int, miss: Miss) -> Message:
    """To somebody who searched in vain, or whom no suggestion helped."""
    words = shorten(miss.words.partition("\n")[0], 80)
    said = (
        _("FAQ {entry} may answer your question “{words}” now.", entry=entry, words=words)
        if miss.wrong
        else _("You looked for “{words}” and found nothing. FAQ {entry} answers it now.", entry=entry, words=words)
    )
    return message(
        paragraph(said), buttons(Button(_("Show it"), Action("faq", "show", miss.cohort, str(entry)).encode()))
    )


def _where(hit: Suggestion) -> list[Inline]:
    """When it was said or checked, and where it is."""
    when: list[Inline] = [Instant(hit.at, "date")] if hit.at else []
    return [*when, ": ", hit.source] if hit.source else when


def _ask(cohort: int, words: str) -> str:
    """The question form, prefilled with as many of these words as fit into a button."""
    room = LIMIT - len(Action("questions", "ask", cohort).encode())
    return Action("questions", "ask", cohort, shorten(words, room)).encode()


def review_button(cohort: int) -> Button:
    return Button(_("Review the FAQ"), Action("faq", "review", cohort).encode())
