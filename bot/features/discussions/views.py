"""What discussions say to learners, in private and in the channel."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.fingerprints import fingerprint
from bot.core.forms import Field, Form, TextField, yes_no
from bot.core.labelled import filled
from bot.core.message import (
    Block,
    Bold,
    Button,
    Inline,
    Instant,
    Message,
    Paragraph,
    Quote,
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
from bot.core.people import Cohort
from bot.core.time import say
from bot.core.translation import _, _n, phrase, phrase_n, some_of
from bot.core.typed import excerpt
from bot.course.model import PostField
from bot.features.discussions.rules import Counts, Replies, Round
from bot.features.discussions.store import Post, Response

LONGEST = 1500
"""Characters of one field of a post, and of a reply."""

A_PAGE = 4
"""Posts on a page."""

BELOW = 5
"""Replies below a post in the thread and on a page; `look` has all."""

REPLIES = 10
"""Replies on a page of one post."""

BRIEF = 400
"""Characters of a reply below a post in the thread, and of a quote in the summary."""

Names = Mapping[int, str]


def _button(label: str, name: str, cohort: int, subject: str) -> Button:
    return Button(label, Action("discussions", name, cohort, subject).encode())


def post_button(cohort: int, round: Round, label: str = "") -> Button:
    return _button(label or _("Post"), "post", cohort, round.subject)


def read_button(cohort: int, round: Round, page: int = 0, label: str = "") -> Button:
    subject = f"{round.subject}.{page}" if page else round.subject
    return _button(label or _("Read the others"), "read", cohort, subject)


def reply_button(post: Post, label: str = "") -> Button:
    return _button(label or _("Reply"), "reply", post.cohort, str(post.id))


def mine_button(cohort: int, round: Round) -> Button:
    return _button(_("My part"), "mine", cohort, round.subject)


def title(round: Round) -> str:
    """'Bags or leaves', or 'Bags or leaves, round 2'"""
    if len(round.discussion.rounds) == 1:
        return round.discussion.title
    return _("{title}, round {number}", title=round.discussion.title, number=round.position + 1)


def title_of(round: Round | None) -> str:
    """Without the round, if the course has it no more."""
    return title(round) if round else _("Discussion")


# In the week


def item_title(round: Round) -> str:
    return _("Discuss: {title}", title=title(round))


def replies_title(round: Round) -> str:
    return _("Reply: {title}", title=title(round))


def to_do(round: Round, posted: bool, left: int) -> Text:
    """`left`: to how many posts they still reply."""
    what = shorten(title(round), 80)
    if not posted:
        return (_("Post in “{title}”", title=what),)
    return (_n("Reply to {n} post in “{title}”", "Reply to {n} posts in “{title}”", max(left, 1), title=what),)


def state(posted: bool, replies: Replies) -> str:
    if not posted:
        return _("to post")
    if replies.left:
        return _("posted, to reply")
    return _("posted, to reply later") if replies.later else _("done")


def agenda_line(round: Round, replies: int) -> Text:
    """For somebody who has posted."""
    return (
        *phrase("You posted in {title}.", title=Bold(shorten(title(round), 80))),
        " ",
        _n("{n} reply so far.", "{n} replies so far.", replies) if replies else _("No replies yet."),
    )


def late_line(round: Round) -> Text:
    return (_("“{title}” has closed. A late post is welcome.", title=shorten(title(round), 80)),)


# In the channel


def root(
    cohort: Cohort,
    round: Round,
    grouped: bool,
    now: datetime,
    counts: Counts | None,
    following: Round | None,
    public: bool,
) -> Message:
    """The post of a discussion, while this round (by the cohort's clock) is the newest. `counts`: once it
    has closed. `following`: the round that opens next. `public`: the posts stand in the thread."""
    ahead, closed = now < round.opens_at, now >= round.closes_at
    return message(
        heading(title(round)),
        paragraph(round.discussion.question),
        None if closed else bullets(*(field_line(field) for field in round.fields)),
        _opens(round) if ahead else None,
        None if ahead or closed else paragraph(*phrase("Open until {at}.", at=_until(round))),
        paragraph(*so_far(counts, over=True)) if counts else None,
        _opens(following) if following else None,
        note(_("Who comes late is welcome, and marked late.")) if closed else note(*_read_when(round, grouped, public)),
        None if ahead else buttons(post_button(cohort.id, round), read_button(cohort.id, round)),
    )


def _until(round: Round) -> Inline | Text:
    """When it closes, for every reader: a wall time if each one's own clock counts, otherwise an instant."""
    if not round.own_clock or round.delayed:
        return Instant(round.closes_at)
    table = round.planned.table
    closes = round.planned_close(table, table.zone)
    return (_("{say} by your own clock", say=say(closes, table.zone)),)


def _opens(round: Round) -> Block:
    return paragraph(*phrase("{title} opens {at}.", title=Bold(title(round)), at=Instant(round.opens_at)))


def taken_out(cohort: int, discussion: str) -> Message:
    """In place of the root of a discussion that the course has no more."""
    return message(
        heading(title_of(None)),
        paragraph(_("This discussion was taken out of the course. What people wrote stays with them.")),
        buttons(_button(_("My part"), "mine", cohort, f"{discussion}.0")),
    )


def field_line(field: PostField) -> Text:
    about = (": ", _(field.about)) if field.about else ()
    return (Bold(_(field.title)), *about)


def _read_when(round: Round, grouped: bool, public: bool) -> Iterator[Inline]:
    match "open" if public else round.discussion.reveal:
        case "own" if grouped:
            yield _("Post first: then you read what the others of your group wrote.")
            yield " "
        case "own":
            yield _("Post first: then you read what the others wrote.")
            yield " "
        case "open":
            yield _("Posts come into this thread at once.")
            return
    if round.own_clock:
        yield _("All posts come into this thread once it has closed by everybody's clock.")
        return
    yield from phrase("All posts come into this thread on {at}.", at=Instant(round.closes_at))


def so_far(counts: Counts, *, over: bool) -> Text:
    posted, of, replies, team = counts
    if not max(posted, of):
        return (_("Closed: nobody was asked.") if over else _("Nobody is asked so far."),)
    said = (
        _("Closed: {posted} of {of} posted.", posted=posted, of=max(posted, of))
        if over
        else _("So far: {posted} of {of} posted.", posted=posted, of=max(posted, of))
    )
    told = [_n("They wrote {n} reply.", "They wrote {n} replies.", replies)] if replies else []
    told += [_n("The course team wrote {n} reply.", "The course team wrote {n} replies.", team)] if team else []
    return (" ".join([said, *told]),)


def in_thread(post: Post, names: Names, responses: Sequence[Response]) -> Message:
    """A post in the thread, with the first replies to it."""
    return message(*_post(post, names, responses, BELOW), buttons(reply_button(post), _all(post, responses, BELOW)))


def _post(post: Post, names: Names, responses: Sequence[Response], shown: int) -> Iterator[Block]:
    yield paragraph(Bold(names[post.person]), *((" ", _("(late)")) if post.late else ()))
    yield from _words(post)
    for response in responses[:shown]:
        yield paragraph(*phrase("{name} replied:", name=Bold(names[response.person])))
        yield quote(excerpt(response.text, BRIEF))


def _words(post: Post) -> Iterator[Block]:
    for name, text in post.values.items():
        yield paragraph(Bold(_(name)))
        yield quote(text)


def _all(post: Post, responses: Sequence[Response], shown: int) -> Button | None:
    more = len(responses) > shown or any(len(r.text) > BRIEF for r in responses)
    label = _n("All replies ({n})", "All replies ({n})", len(responses))
    return _button(label, "look", post.cohort, str(post.id)) if more else None


def summary(round: Round, counts: Counts, talk: int, quoted: Sequence[tuple[str, Post]], *, over: bool) -> Message:
    """What stands below the posts. `quoted`: with the names of those who agreed."""
    return message(
        heading(_("{title}, in short", title=title(round))),
        paragraph(*so_far(counts, over=over)),
        paragraph(_n("{n} message in the thread.", "{n} messages in the thread.", talk)) if talk else None,
        *(block for name, post in quoted for block in _quoted(name, post)),
        note(_("Quoted are people who agreed to that.")) if quoted else None,
    )


def _quoted(name: str, post: Post) -> tuple[Block, Quote]:
    first = next(iter(post.values.values()), "")
    return paragraph(Bold(name)), quote(excerpt(first, BRIEF))


def next_round(cohort: Cohort, round: Round, now: datetime) -> Message:
    """In the thread, from when a later round opens."""
    if now < round.opens_at:
        return opens_later(round)
    name, row = Bold(title(round)), buttons(post_button(cohort.id, round), read_button(cohort.id, round))
    if now >= round.closes_at:
        return message(paragraph(*phrase("{title} closed {at}.", title=name, at=Instant(round.closes_at))), row)
    return message(
        paragraph(*phrase("{title} is open until {at}.", title=name, at=_until(round))),
        bullets(*(field_line(field) for field in round.fields)),
        row,
    )


# Posting


def field_name(title: str) -> str:
    """What a form calls the field with this title: the same if the fields are moved while it is open."""
    return f"f{fingerprint(title)}"


def has_other_parts(cohort: int, round: Round) -> Message:
    return message(
        paragraph(_("The parts of this post have changed since you opened the form. Please post by the new one.")),
        buttons(post_button(cohort, round)),
    )


def form(cohort: int, round: Round, before: Post | None, quotes: bool, audience: str, now: datetime) -> Form:
    """`quotes`: the course asks who may be quoted. A post keeps the titles under which it was written."""
    about = {field.title: field.about for field in round.fields}
    titles = list(before.values) if before else list(about)
    fields = [
        TextField(
            field_name(name),
            shorten(_(name), 45),
            shorten(_(about.get(name, "")), 150),
            long=True,
            max_length=LONGEST,
            value=before.values[name] if before else "",
        )
        for name in titles
    ]
    where = _("The summary has your name with it. The instructor's recap of the week may quote it, too.")
    agreed = yes_no("quote", _("My post may be quoted in the summary"), where, value=bool(before and before.quote))
    late = _("It has closed. Your post is welcome still, and marked late.") + " "
    intro = f"{round.discussion.question}\n{late if now >= round.closes_at and not before else ''}{audience}"
    action = Action("discussions", "post", cohort, round.subject).encode()
    every: tuple[Field, ...] = (*fields, agreed) if quotes else tuple(fields)
    return Form(action, shorten(title(round), 60), every, _("Save") if before else _("Post"), intro)


def shall_it_be(cohort: int, round: Round, words: str) -> Message:
    """Asks the author of words in the thread, who has not posted, whether these are their post."""
    take = _button(_("Yes, look it over"), "take_words", cohort, round.subject)
    return message(
        paragraph(*phrase("Shall this be your post in {title}?", title=Bold(shorten(title(round), 80)))),
        quote(excerpt(words, BRIEF)),
        note(_("It stands in the thread, but does not count as your post yet. 'Yes' opens the form with it.")),
        buttons(take, _button(_("No"), "leave_words", cohort, round.subject)),
    )


def with_words(form: Form, words: str) -> Form:
    """The form with words from the thread: each part in its field, else all in the first."""
    if (parted := filled(form, words)) is not None:
        return parted
    return form.filled({form.fields[0].name: words[:LONGEST]})


def stays_talk(cohort: int, round: Round) -> Message:
    said = phrase("It stays in the thread as it is. You can post in {title} at any time.", title=Bold(title(round)))
    return message(paragraph(*said), buttons(post_button(cohort, round)))


def is_posted(round: Round) -> Message:
    return message(paragraph(*phrase("You have posted in {title}.", title=Bold(title(round)))))


def audience(round: Round, grouped: bool, public: bool) -> str:
    """Who reads a post, and when. `public`: it comes into the thread at once."""
    if public:
        return _("Your cohort reads it in the thread, with your name.")
    if round.discussion.reveal == "close":
        return _("Your instructors read it at once, and your cohort in the thread after the close, with your name.")
    if grouped:
        return _(
            "The others of your group read it once they have posted (where few post, a near group does, too), your "
            "instructors at once, and your cohort in the thread after the close, with your name."
        )
    return _(
        "The others read it once they have posted, your instructors at once, and your cohort in the thread after the "
        "close, with your name."
    )


def receipt(cohort: int, name: str, round: Round, post: Post, who: str, replies: Replies, now: datetime) -> Message:
    """A learner's own post."""
    edited = post.changed_at > post.at
    until = phrase("Edit until {at}.", at=Instant(round.closes_at))
    return message(
        heading(title(round)),
        paragraph(
            _("Thank you, {name}.", name=name) if name else _("Thank you."),
            " ",
            *phrase("Posted {at}, marked late.", at=Instant(post.at))
            if post.late
            else phrase("Posted {at}.", at=Instant(post.at)),
            *((" ", *phrase("Edited {at}.", at=Instant(post.changed_at))) if edited else ()),
        ),
        *_words(post),
        _next(round, replies),
        note(who, *((" ", *until) if not post.late and now < round.closes_at else ())),
        buttons(
            read_button(cohort, round),
            post_button(cohort, round, _("Edit")),
            mine_button(cohort, round),
            _unquote(post),
            _take_back(post),
        ),
    )


def receipt_without(cohort: int, name: str, post: Post) -> Message:
    """A learner's own post in a round that the course has no more."""
    return message(
        heading(title_of(None)),
        paragraph(
            _("Thank you, {name}.", name=name) if name else _("Thank you."),
            " ",
            *phrase("Posted {at}.", at=Instant(post.at)),
        ),
        *_words(post),
        note(_("This was taken out of the course. What people wrote stays with them.")),
        buttons(
            _button(_("My part"), "mine", cohort, f"{post.discussion}.{post.round}"), _unquote(post), _take_back(post)
        ),
    )


def _unquote(post: Post) -> Button | None:
    return _button(_("Do not quote me"), "unquote", post.cohort, str(post.id)) if post.quote else None


def _take_back(post: Post, label: str = "") -> Button:
    return Button(
        label or _("Take it back"), Action("discussions", "take_back", post.cohort, str(post.id)).encode(), "danger"
    )


def not_quoted() -> Message:
    return message(paragraph(_("No summary quotes your post any more.")))


def _next(round: Round, replies: Replies) -> Paragraph | None:
    if replies.left:
        return paragraph(_n("Next: reply to {n} post.", "Next: reply to {n} posts.", replies.left))
    if not replies.later:
        return None
    if round.discussion.reveal == "close":
        said = _n("After the close: reply to {n} post.", "After the close: reply to {n} posts.", replies.later)
        return paragraph(said)
    return paragraph(
        _n("Once others have posted: reply to {n} post.", "Once others have posted: reply to {n} posts.", replies.later)
    )


def posted(cohort: int, round: Round, replies: Replies) -> Message:
    """For somebody who posted from the channel."""
    return message(
        paragraph(_("Thank you. “{title}” has your post; your receipt is in our direct messages.", title=title(round))),
        _next(round, replies),
        buttons(read_button(cohort, round)),
    )


def unchanged() -> Message:
    return message(paragraph(_("Nothing was changed; your post stands as it was.")))


def sure_to_take_back(post: Post) -> Message:
    return message(
        paragraph(_("Take your post back? Its words go everywhere; the replies of others stay with their authors.")),
        buttons(
            Button(
                _("Yes, take it back"), Action("discussions", "take_now", post.cohort, str(post.id)).encode(), "danger"
            )
        ),
    )


def taken_back(cohort: int, round: Round | None, words: str) -> Message:
    """In place of the receipt."""
    return message(
        heading(words),
        paragraph(_("You took your post back, and nobody sees it any more.")),
        buttons(post_button(cohort, round)) if round else None,
    )


def gone() -> Message:
    return message(paragraph(_("It is taken back, and nobody sees it any more.")))


def for_the_team(dates: Text) -> Message:
    return message(
        paragraph(_("Learners post here. You read and answer their posts, and your desk has those without an answer.")),
        note(*dates),
    )


def opens_later(round: Round) -> Message:
    return message(_opens(round))


def closed_to_edits(cohort: int, round: Round) -> Message:
    return message(
        paragraph(
            *phrase(
                "{title} closed {at}, so posts stand as they are.",
                title=Bold(title(round)),
                at=Instant(round.closes_at),
            )
        ),
        paragraph(_("To say more, reply below your own post.")),
        buttons(mine_button(cohort, round)),
    )


# Reading


def others(
    cohort: int,
    round: Round,
    posts: Sequence[Post],
    responses: Mapping[int, Sequence[Response]],
    names: Names,
    here: Collection[int],
    page: int,
    wider: datetime | None,
) -> Message:
    """A page of the posts of others, those first that nobody has answered. `here`: who has not left. `wider`: the
    reader reads their group alone until then, and then the nearest one, too, if few have posted."""
    shown, end = posts[page * A_PAGE : (page + 1) * A_PAGE], (page + 1) * A_PAGE
    blocks: list[Block | None] = [heading(title(round)), paragraph(round.discussion.question)]
    if not posts:
        blocks.append(_nobody_yet(wider))
    for post in shown:
        mine = responses.get(post.id, ())
        blocks += [*_post(post, names, mine, BELOW)]
        alone = all(response.person == post.person for response in mine)
        if post.person not in here:
            blocks.append(note(_("{name} has left.", name=names[post.person])))
        elif alone:
            blocks.append(note(_("Nobody has answered yet.")))
        blocks.append(buttons(reply_button(post), _all(post, mine, BELOW)))
    more = len(posts) - end
    label = _n("{n} more post", "{n} more posts", max(more, 0))
    blocks.append(buttons(read_button(cohort, round, page + 1, label)) if more > 0 else None)
    return message(*blocks)


def _nobody_yet(wider: datetime | None) -> Paragraph:
    if wider is None:
        return paragraph(_("Nobody else has posted yet. Look again later."))
    return paragraph(
        *phrase(
            "Nobody else in your group has posted yet. If few have by {at}, you read the nearest group, too.",
            at=Instant(wider),
        )
    )


def post_first(cohort: int, round: Round) -> Message:
    return message(
        paragraph(_("Post first, so that nobody is led by what others wrote. Then you read theirs.")),
        buttons(post_button(cohort, round)),
    )


def not_before(round: Round) -> Message:
    if round.own_clock:
        return message(paragraph(_("All posts can be read in the thread once it has closed by everybody's clock.")))
    return message(
        paragraph(*phrase("All posts can be read from {at} on, in the thread.", at=Instant(round.closes_at)))
    )


def one(post: Post, where: str, responses: Sequence[Response], names: Names, page: int) -> Message:
    """A post with all replies to it, in pages."""
    start = page * REPLIES
    left = len(responses) - start - REPLIES
    label = _n("{n} more reply", "{n} more replies", max(left, 0))
    return message(
        heading(where),
        *(_post(post, names, (), 0) if not page else ()),
        *_whole(responses[start : start + REPLIES], names),
        buttons(reply_button(post), _button(label, "look", post.cohort, f"{post.id}.{page + 1}") if left > 0 else None),
    )


def _whole(responses: Sequence[Response], names: Names) -> Iterator[Block]:
    for response in responses:
        yield paragraph(*phrase("{name} replied:", name=Bold(names[response.person])))
        yield quote(response.text)


def mine(
    cohort: int,
    round: Round | None,
    posts: Sequence[tuple[Post, Sequence[Response]]],
    said: Sequence[tuple[str, Response]],
    names: Names,
) -> Message:
    """One's own part: one's posts, the replies to them, and one's own replies, each with the name of whom it answers
    ('': the post was taken back). `round`: None if the course has it no more."""
    blocks: list[Block | None] = [heading(title_of(round))]
    for post, responses in posts:
        number = sum(response.person != post.person for response in responses)
        blocks += [
            *(_words(post) if round is None else ()),
            paragraph(_n("{n} reply to your post:", "{n} replies to your post:", number))
            if number
            else paragraph(_("Nobody has replied to your post yet.")),
            *_whole(responses[:REPLIES], names),
            buttons(
                reply_button(post, _("Answer below my post")) if round else None,
                _all(post, responses, REPLIES),
                _unquote(post),
                None if round else _take_back(post, _("Take my post back")),
            ),
        ]
    if said:
        blocks.append(paragraph(Bold(_("What you replied"))))
    for name, response in said[-REPLIES:]:
        subject = str(response.id)
        blocks += [
            paragraph(*phrase("To {name}:", name=Bold(name)))
            if name
            else paragraph(_("To a post that was taken back:")),
            quote(response.text),
            buttons(
                _button(_("Edit"), "edit_reply", cohort, subject) if name else None,
                Button(_("Take it back"), Action("discussions", "drop_reply", cohort, subject).encode(), "danger"),
            ),
        ]
    if not posts and not said:
        blocks.append(paragraph(_("You have not written anything here yet.")))
        blocks.append(buttons(post_button(cohort, round)) if round else None)
    return message(*blocks)


# Replying


def reply_form(post: Post, name: str, before: Response | None = None) -> Form:
    """`name`: whose post it is; '' for the reader's own."""
    said = "\n".join(f"{_(field)}: {excerpt(text, 300)}" for field, text in post.values.items())
    field = TextField(
        "text",
        _("Your reply"),
        _("Whoever can read the post reads it, with your name."),
        long=True,
        max_length=LONGEST,
        value=before.text if before else "",
    )
    name_ = "edit_reply" if before else "reply"
    action = Action("discussions", name_, post.cohort, str(before.id if before else post.id)).encode()
    label = _("Save") if before else _("Reply")
    title = shorten(_("Reply to {name}", name=name), 60) if name else _("Answer below your post")
    return Form(action, title, (field,), label, f"{name}\n{said}".strip())


def replied(
    cohort: int, round: Round | None, name: str, response: Response, left: int, *, here: bool = True
) -> Message:
    """`name`: the author of the post, if it is somebody else, who hears of it if they are still `here`."""
    subject = str(response.id)
    thanks = _("Thank you. {name} hears of it.", name=name) if name else _("Thank you.")
    more = (
        _n("Next: reply to {n} more post.", "Next: reply to {n} more posts.", left)
        if name
        else _n("Next: reply to {n} post of somebody else.", "Next: reply to {n} posts of others.", left)
    )
    return message(
        paragraph(thanks if here else _("Thank you. {name} has left; the others read it.", name=name)),
        quote(response.text),
        paragraph(more) if left else None,
        buttons(
            read_button(cohort, round) if round else None,
            _button(_("Edit"), "edit_reply", cohort, subject),
            Button(_("Take it back"), Action("discussions", "drop_reply", cohort, subject).encode(), "danger"),
        ),
    )


def heard(where: str, name: str, response: Response, post: Post) -> tuple[Text, tuple[Block, ...]]:
    """What somebody hears about a reply: its line, and what stands below."""
    line = phrase("{name} replied in {title}:", name=Bold(name), title=Bold(shorten(where, 80)))
    row = buttons(_button(_("Open"), "look", post.cohort, str(post.id)), reply_button(post))
    return line, (quote(excerpt(response.text, BRIEF)), *((row,) if row else ()))


def heard_more(where: str, number: int) -> Text:
    return phrase_n(
        "{n} more reply in {title}; {command} shows it.",
        "{n} more replies in {title}; {command} shows them.",
        number,
        title=Bold(shorten(where, 80)),
        command="/cohort",
    )


def reply_is_gone() -> Message:
    return message(paragraph(_("A reply to you was taken back by its author.")))


# At the end


def open_at_the_end(rounds: Sequence[Round]) -> Text:
    return (_("Discussions that are still open: {titles}", titles=some_of([f"“{title(r)}”" for r in rounds], 3)),)


def so_many(number: int) -> str:
    return _n("{n} discussion", "{n} discussions", number)


def replies(number: int) -> str:
    return _n("{n} reply", "{n} replies", number)


def in_numbers(round: Round, counts: Counts, alone: int) -> str:
    """For the next run's course file."""
    posted, of, written, team = counts
    text = _("{posted} of {of} posted, {replies}", posted=posted, of=max(of, posted), replies=replies(written))
    text = _("{text}, {n} of the course team", text=text, n=team) if team else text
    number = round.position + 1
    part = _("round {number}: {text}", number=number, text=text) if len(round.discussion.rounds) > 1 else text
    return f"{part}, {_n('{n} post without an answer', '{n} posts without an answer', alone)}" if alone else part
