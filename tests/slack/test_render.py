"""Whatever a message or a form holds, Slack takes it: within its limits, and what a person typed stays letters."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.emoji import character, name_of
from adapters.slack.forms import Offer, Origin, modal
from adapters.slack.pacing import Pace, Rate
from adapters.slack.render import draw, draw_view
from adapters.slack.rich import sections, small
from adapters.slack.text import Reader, typed
from bot.core.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    FileField,
    Form,
    GroupField,
    PersonField,
    TextField,
    UploadField,
)
from bot.core.message import (
    Attachment,
    Bold,
    Bullets,
    Button,
    Buttons,
    Channel,
    Code,
    Column,
    Document,
    Fields,
    Heading,
    Instant,
    Italic,
    Jump,
    Link,
    Mention,
    Message,
    Note,
    Option,
    Paragraph,
    Picture,
    Quote,
    Select,
    Table,
)
from bot.core.people import Account, Place
from tests.effort import tries
from tests.slack.validator import block_faults, view_faults

AT = datetime(2026, 1, 12, 11, 59, tzinfo=UTC)
READER = Reader(None, {1: Account("T1", "U1")}, {"a": "https://x.slack.com/archives/C1/p1"})

words = st.text(max_size=60) | st.sampled_from(
    ["", " ", "*", "<!channel>", "<@U1>", "&amp;", "> q", "```\ncode\n```", "_x_\n*y*", "a|b>", "word " * 900]
)
inline = st.one_of(
    words,
    st.builds(Bold, words),
    st.builds(Italic, words),
    st.builds(Code, words),
    st.builds(Link, st.sampled_from(["https://x.org/a|b?c=<d>", "javascript:alert(1)", "mailto:a@b.c"]), words),
    st.builds(Mention, st.integers(1, 2), words),
    st.builds(Jump, st.sampled_from(["a", "b"]), words),
    st.just(Channel(Place("T1", "C1"))),
    st.builds(Instant, st.just(AT), st.sampled_from(["moment", "date", "time"])),
)
text = st.lists(inline, max_size=4).map(tuple)
options = st.lists(st.builds(Option, st.text(min_size=1, max_size=160), words), max_size=130).map(tuple)
button = st.builds(
    Button, words, st.sampled_from(["a.b/1/1:", "a.c/1/1:"]), st.sampled_from(["plain", "primary", "danger"])
)
block = st.one_of(
    st.builds(Heading, words),
    st.builds(Paragraph, text),
    st.builds(Quote, text),
    st.builds(Note, text),
    st.builds(Bullets, st.lists(text, max_size=5).map(tuple), st.booleans()),
    st.builds(Fields, st.lists(st.tuples(words, text), max_size=12).map(tuple)),
    st.builds(Buttons, st.lists(button, min_size=1, max_size=30).map(tuple)),
    st.builds(Select, st.just("a.s/1/1:"), words, options),
    st.builds(Document, words, words),
    st.builds(Attachment, words, st.integers(1, 2)),
    st.builds(Picture, words, words, words),
    st.builds(
        Table,
        words,
        words,
        st.just((Column("a", "A"), Column("b", "B"))),
        st.lists(st.tuples(text, text | st.integers(0, 9)), max_size=60).map(tuple),
    ),
)
messages = st.builds(Message, st.lists(block, max_size=8).map(tuple))


@settings(max_examples=tries(150))
@given(messages)
def test_every_message_keeps_slacks_limits(message: Message) -> None:
    drawn = draw(message, READER, {1: b"x"})
    assert drawn.parts
    for part in drawn.parts:
        assert list(block_faults(part.blocks, 50)) == []
        assert 0 < len(part.text) <= 4000
        assert part.text.strip()
    view = {"type": "home", "blocks": draw_view(message, READER)}
    assert list(view_faults(view)) == []


field = st.one_of(
    st.builds(TextField, words, words, words, st.booleans(), st.booleans(), st.integers(1, 5000), words),
    st.builds(ChoiceField, words, words, options, words, st.booleans(), words),
    st.builds(DateField, words, words, words, st.booleans(), st.sampled_from(["", "2026-01-12", "2026-99-99", "x"])),
    st.builds(PersonField, words, words, words),
    st.builds(GroupField, words, words, words),
    st.builds(ChannelField, words, words, words, st.booleans(), st.sampled_from(["", "C1"])),
    st.builds(FileField, words, words, words, st.booleans(), st.just((".yaml",)), words),
    st.builds(UploadField, words, words, words, st.booleans(), st.just(10), words),
)


@settings(max_examples=tries(150))
@given(st.lists(field, max_size=6), words, words, options)
def test_every_form_keeps_slacks_limits(
    fields: list[TextField], title: str, intro: str, people: tuple[Option, ...]
) -> None:
    named = tuple(type(f)(**{**{k: getattr(f, k) for k in f.__slots__}, "name": f"f{n}"}) for n, f in enumerate(fields))
    view = modal(Form("a.b/1/1:", title, named, "", intro, "d1"), Origin("C1"), Offer(people, people), intro)
    assert list(view_faults(view)) == []


def test_each_kind_of_text() -> None:
    text = (
        "Ask ",
        Mention(1, "Mia"),
        " or ",
        Mention(2, "<Ben>"),
        " by ",
        Instant(AT),
        ", see ",
        Jump("a", "the week"),
        ", ",
        Jump("b", "not yet"),
        Link("javascript:x", " no link "),
        Bold("now*"),
        Code("a`b"),
    )
    [rich] = sections(text, READER)
    [section] = rich.block["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "Ask "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " or @<Ben> by "},
        {
            "type": "date",
            "timestamp": 1768219140,
            "format": "{date_long_pretty}, {time}",
            "fallback": "Mon 12 Jan, 11:59 UTC",
        },
        {"type": "text", "text": ", see "},
        {"type": "link", "url": "https://x.slack.com/archives/C1/p1", "text": "the week"},
        {"type": "text", "text": ", not yet no link "},
        {"type": "text", "text": "now*", "style": {"bold": True}},
        {"type": "text", "text": "a`b", "style": {"code": True}},
    ]
    assert rich.text == (
        "Ask <@U1> or @&lt;Ben&gt; by <!date^1768219140^{date_long_pretty}, {time}|Mon 12 Jan, 11:59 UTC>, "
        "see the week, not yet no link now*a`b"
    )


def test_small_print_is_markup_where_no_sign_in_it_means_anything() -> None:
    plain = (Bold("Open"), " until ", Instant(AT, "time"), ", see ", Code("/cohort find"), " <here>")
    private = small(plain, Reader("Asia/Kolkata"))
    assert private == "*Open* until <!date^1768219140^{time}|17:29>, see `/cohort find` &lt;here&gt;"
    [fine, rich] = draw(Message((Note(plain), Note(("Asked: ", Italic("what is my_pkg?"))))), READER).parts[0].blocks
    assert fine["type"] == "context"
    assert rich["type"] == "rich_text"


@pytest.mark.parametrize(
    ("slack", "read"),
    [
        ("Why &lt;so&gt; &amp; how?", "Why <so> & how?"),
        ("Ask <@U1> in <#C1|questions> or <#C2>", "Ask @Mia in #questions or #C2"),
        ("Ask <@U9|ben> and <!subteam^S1|@tutors> <!here> <!channel>", "Ask @ben and @tutors @here @channel"),
        ("<https://x.org/a?b=1&amp;c=2>", "https://x.org/a?b=1&c=2"),
        ("<http://x.org|x.org> <https://x.org|here> <mailto:a@b.c|a@b.c>", "http://x.org here (https://x.org) a@b.c"),
        ("Done :tada: :+1::skin-tone-3: :our_own: at 10:30:00", "Done 🎉 👍 :our_own: at 10:30:00"),
    ],
)
def test_what_people_type_is_read_as_they_see_it(slack: str, read: str) -> None:
    assert typed(slack, lambda user: "Mia" if user == "U1" else user) == read


def test_emoji_both_ways() -> None:
    for name, char in (
        ("white_check_mark", "✅"),
        ("heavy_check_mark", "✔️"),
        ("x", "❌"),
        ("question", "❓"),
    ):
        assert character(name) == char
        assert name_of(char) == name
        assert name_of(char.replace("\ufe0f", "")) == name
    assert character("+1") == character(str(name_of("👍"))) == "👍"
    assert character("raised_hands::skin-tone-4") == "🙌"
    assert (character("dog"), character("flag-de")) == ("🐶", "🇩🇪")
    assert character("our_own") == ":our_own:"
    assert (name_of(":our_own:"), name_of("x"), name_of("")) == ("our_own", None, None)


def test_a_pace_is_kept_and_bursts_are_allowed_where_slack_allows_them() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    second, tier = ("c", Rate(60)), ("m", Rate(60, 3))
    assert [pace.wait(second), round(pace.wait(second), 3)] == [0, 1]
    assert [pace.wait(tier), pace.wait(tier), pace.wait(tier)] == [0, 0, 0]
    assert pace.wait(tier) == 1
    now += 1
    assert pace.wait(second, tier) == 0  # both at once, or neither
    assert pace.wait(second) > 0
    pace.hold("c", 30)
    now += 10
    assert pace.wait(second) == 20
    assert pace.held(second) == 20
    now += 60
    assert [pace.wait(second, patience=2) for _ in range(4)] == [0, 1, 2, 3], "the fourth is not in line"
    assert pace.wait(second, patience=3) == 3
    now += 100
    pace.forget()
    assert (pace._empty_at, pace._held_until) == ({}, {})
