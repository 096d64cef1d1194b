"""What people type stays letters, and what we say fits."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.render import fingerprint, render
from adapters.discord.text import GAP, References, escape, length, markdown
from bot.core.message import (
    Attachment,
    Bold,
    Button,
    Code,
    Document,
    Instant,
    Italic,
    Jump,
    Link,
    Mention,
    Option,
    Picture,
    Select,
    bullets,
    buttons,
    fields,
    heading,
    message,
    note,
    paragraph,
    quote,
    table,
)
from bot.core.people import Account
from tests.discord.humans import labels, read
from tests.discord.limits import CREATE, _message
from tests.discord.markdown import show

HOSTILE = [
    "@everyone",
    "@here @EVERYONE",
    "<@123456789012345678>",
    "<@!123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "</cohort ask:123456789012345678>",
    "<id:customize>",
    "<t:1700000000:R>",
    "<:smile:123456789012345678>",
    "<a:wave:123456789012345678>",
    "https://evil.example/login",
    "<https://evil.example>",
    "[free](https://evil.example)",
    "discord.gg/abcdef",
    "discord.com/invite/abcdef",
    "# Big",
    "-# small",
    "> quoted",
    ">>> all quoted",
    "- a list",
    "1. a list",
    "**bold** *it* __u__ _i_ ~~s~~ ||spoiler|| `code`",
    "```\nblock\n```",
    "back\\slash \\* \\",
    "snake_case_name and 5 * 3 ~ 4 | 5",
    "\u202eright to left",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_are_only_words(typed: str) -> None:
    shown = show(escape(typed))
    assert shown.text == typed.replace("\u202e", "")
    assert shown.marks == []
    assert GAP not in escape(typed)


@given(st.text(alphabet=st.sampled_from("abc @<>#&!:/()[]*_~|`\\-+.0123456789\neveryonhtps"), max_size=80))
def test_nothing_typed_gets_a_meaning(typed: str) -> None:
    shown = show(escape(typed))
    assert (shown.text, shown.marks) == (typed, [])


def test_our_own_words_keep_their_meaning() -> None:
    meant = References({7: Account("g", "42")}, {"q/1": "https://discord.com/channels/1/2/3"})
    at = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    said = markdown(
        (
            Bold("Due"),
            " ",
            Instant(at),
            " ",
            Instant(at, "time"),
            " ",
            Mention(7, "Mia"),
            " ",
            Mention(8, "Ben"),
            " ",
            Jump("q/1", "there"),
            " ",
            Link("https://example.org/a_(b)", "A & B"),
            " ",
            Code("/cohort `x`"),
        ),
        meant,
    )
    stamp = int(at.timestamp())
    assert said == (
        f"**Due** <t:{stamp}:F> <t:{stamp}:t> <@42> \\@Ben [there](<https://discord.com/channels/1/2/3>) "
        "[A & B](<https://example.org/a_%28b%29>) `` /cohort `x` ``"
    )


def test_a_command_is_named_as_it_is_there() -> None:
    assert markdown((Code("/cohort"), " ", Code("/cohort ask")), References()) == "`/cohort home` `/cohort ask`"


def test_a_link_that_is_none_stays_words() -> None:
    meant = References()
    assert markdown((Link("javascript:alert(1)", "click"),), meant) == "click"
    assert markdown((Link("mailto:a@b.org", "write"),), meant) == "write (mailto:a\\@b.org)"
    assert markdown((Jump("q/9", "later"),), meant) == "later"


def test_neighbours_do_not_run_into_one_another() -> None:
    assert markdown((Bold("a"), Bold("b"), Italic("c")), References()) == f"**a**{GAP}**b**{GAP}*c*"
    assert markdown((Bold(" a "), Bold("")), References()) == " **a** "


def test_blocks_look_as_discord_draws_them() -> None:
    said = message(
        heading("Week 3"),
        paragraph("One."),
        paragraph("Two."),
        quote("a\nb"),
        note("small\nprint"),
        bullets("x", "y\nz", numbered=True),
        fields(("Due", "now")),
    )
    [part] = render(said, References(), {})
    assert part.content == ("### Week 3\nOne.\n\nTwo.\n> a\n> b\n-# small\n-# print\n1. x\n2. y\n  z\n**Due**: now")


@given(
    st.lists(st.text(alphabet="ab *_~`<@\\ \n😀", max_size=3000), max_size=6),
    st.integers(min_value=0, max_value=60),
    st.integers(min_value=0, max_value=60),
)
def test_every_part_fits(texts: list[str], pressed: int, chosen: int) -> None:
    said = message(
        *(paragraph(t) for t in texts),
        quote("q" * 4500),
        buttons(*(Button(f"b{n}", f"f.a/1/1:{n}") for n in range(pressed))),
        Select("f.s/1/1:", "Pick", tuple(Option(str(n), f"o{n}") for n in range(chosen))) if chosen else None,
    )
    parts = render(said, References(), {})
    wrong = [w for p in parts for w in _message(CREATE)(p.payload())]
    assert wrong == []
    assert sum(len(labels(p.payload())) for p in parts) == pressed + -(-chosen // 25)
    whole = "".join(read(p.content) for p in parts)
    assert whole.count("😀") == sum(t.count("😀") for t in texts)


def test_nothing_is_lost_where_a_word_is_longer_than_a_message() -> None:
    typed = "x_*" * 2500
    parts = render(message(paragraph(typed)), References(), {})
    assert "".join(read(p.content) for p in parts).replace("\n", "") == typed
    assert all(length(p.content) <= 2000 for p in parts)


def test_a_button_stands_under_what_it_is_about() -> None:
    """Two 'Reply' below one message would be a riddle."""
    said = message(
        paragraph("First question"),
        buttons(Button("Reply", "q.r/1/1:1")),
        paragraph("Second question"),
        buttons(Button("Reply", "q.r/1/1:2")),
        note("That is all."),
    )
    first, second = render(said, References(), {})
    assert (read(first.content), read(second.content)) == ("First question", "Second question\nThat is all.")
    assert [len(p.rows) for p in (first, second)] == [1, 1]


def test_one_action_twice_gets_two_ids() -> None:
    said = message(buttons(Button("Yes", "f.a/1/1:"), Button("Sure", "f.a/1/1:")))
    [part] = render(said, References(), {})
    assert [c["custom_id"] for c in part.rows[0]["components"]] == ["f.a/1/1:", "2|f.a/1/1:"]


def test_files_go_along() -> None:
    sent_in = [Attachment("b.pdf", 5), Attachment("c.pdf", 6), Attachment("d.mp4", 7)]
    said = message(paragraph("Here."), Document("a.csv", "x;y"), *sent_in)
    [part] = render(said, References(), {5: b"pdf", 7: b"x" * 10_000_000})
    assert part.files == (
        ("a.csv", b"x;y"),
        ("b.pdf", b"pdf"),
        ("c.pdf.txt", b"This file is not kept any more."),
        ("d.mp4.txt", b"This file is too large for Discord."),
    )
    assert part.payload()["attachments"][1] == {"id": "1", "filename": "b.pdf"}


def test_only_who_is_meant_is_called() -> None:
    said = message(paragraph(Mention(7, "Mia"), " and <@99>"))
    [part] = render(said, References({7: Account("g", "42"), 8: Account("g", "43")}), {})
    assert part.payload()["allowed_mentions"] == {"parse": [], "users": ["42"]}
    assert part.payload(mention=False)["allowed_mentions"] == {"parse": []}


def test_a_message_is_known_again() -> None:
    [part] = render(message(paragraph(" Hello "), buttons(Button("A", "f.a/1/1:"))), References(), {})
    kept = [{"type": 1, "id": 1, "components": [{"type": 2, "id": 2, "custom_id": "f.a/1/1:", "label": "A"}]}]
    assert part.print == fingerprint("Hello", kept, [])
    assert part.print != fingerprint("Hello", [], [])


def test_a_picture_goes_along_with_its_words() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
    [part] = render(message(paragraph("Your week."), Picture("weeks", svg, "Active: week 1: 3 of 4")), References(), {})
    assert part.files[0][0] == "weeks.png"
    assert part.files[0][1].startswith(b"\x89PNG")
    about = {"id": "0", "filename": "weeks.png", "description": "Active: week 1: 3 of 4"}
    assert part.payload()["attachments"] == [about]
    broken = Picture("weeks", "<svg", "Nothing")
    assert render(message(paragraph("Your week."), broken), References(), {})[0].files == ()


def test_a_table_is_a_bounded_list() -> None:
    rows = [(f"*Learner* {n}", n, "active", None) for n in range(5000)]
    shown = table(
        "learners", "Who took part", [("a", "Learner"), ("n", "Weeks"), ("one", "Week 1"), ("b", "Why")], rows
    )
    [part] = render(message(shown), References(), {})
    assert part.content.startswith("**Who took part**\n- \\*Learner\\* 0: Weeks 0, Week 1 active\n- ")
    assert part.content.endswith("-# And 4990 more lines.")
    assert part.content.count("\n- ") == 10
