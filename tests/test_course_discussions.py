"""Discussions in a course file: protocols, rounds, and what is wrong with them."""

from datetime import UTC, date, datetime

import pytest

from bot.core.timetable import Timetable
from bot.course.loader import check, load
from bot.course.protocols import PROTOCOLS
from bot.course.weeks import follow
from bot.features.discussions.rules import lacks_evidence
from bot.features.discussions.store import Post

COURSE = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks:
  - {title: Leaves, goal: Tell green from black., minutes: 60}
  - {title: Water, goal: Brew a cup., minutes: 60}
discussions:
  - id: bags
    week: 1
    title: Bags or leaves
    question: "Are bags tea?"
"""
ROUNDS = """\
    rounds:
      - {opens: "Mon 09:00", closes: "Wed 23:59"}
      - {opens: "week 2 Mon 09:00", closes: "Fri 12:00", fields: [{title: What changed, about: Since then}, A question]}
"""


def problems(more: str) -> list[tuple[str, str, str]]:
    return [(p.path, p.code, p.fix) for p in check(COURSE + more) if p.severity == "error"]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_is_named_or_listed(name: str) -> None:
    (named,) = load(f"{COURSE}    protocol: {name.title() if ',' not in name else repr(name)}\n").discussions
    assert named.rounds[0].fields == PROTOCOLS[name]
    (listed,) = load(f"{COURSE}    protocol: [Claim, {{title: Proof, about: A source}}]\n").discussions
    assert [(f.title, f.about, f.part) for f in listed.rounds[0].fields] == [
        ("Claim", "", "claim"),
        ("Proof", "A source", ""),
    ]


def test_a_misspelt_protocol_is_named() -> None:
    ((path, code, fix),) = problems("    protocol: case and critiqe\n")
    assert (path, code) == ("discussions[0].protocol", "reference")
    assert "case and critique" in fix
    assert problems("    protocol: What you saw\n") == []


@pytest.mark.parametrize(
    ("written", "code", "fix"),
    [
        ("'claim, evidence'", "type", "write `[claim, evidence]` for several fields"),
        ("[Claim, {title: Claim}]", "duplicate-option", "write another one"),
    ],
)
def test_fields_are_never_taken_for_others(written: str, code: str, fix: str) -> None:
    ((_, found, said),) = problems(f"    protocol: {written}\n")
    assert (found, fix in said) == (code, True)


def test_a_round_that_says_nothing_has_the_dates_that_a_discussion_has() -> None:
    (discussion,) = load(f"{COURSE}    rounds:\n      -\n").discussions
    assert discussion.rounds == load(COURSE).discussions[0].rounds


def test_rounds_have_their_own_dates_and_fields() -> None:
    (discussion,) = load(COURSE + ROUNDS).discussions
    table = Timetable(date(2026, 1, 5), "Europe/Berlin", frozenset())
    opens, closes = discussion.window(table, "Europe/Berlin")
    assert (opens.date(), closes.date()) == (date(2026, 1, 5), date(2026, 1, 17))
    assert [f.title for f in discussion.rounds[0].fields] == ["Claim", "Evidence", "Question"]
    assert [(f.title, f.about) for f in discussion.rounds[1].fields] == [
        ("What changed", "Since then"),
        ("A question", ""),
    ]


def test_what_is_wrong_with_rounds() -> None:
    assert [code for _, code, _ in problems("    opens: Mon 10:00\n" + ROUNDS)] == ["conflict"]
    swapped = ROUNDS.replace("week 2 Mon", "Mon").replace("Mon 09:00", "Tue 09:00", 1)
    assert [(path, code) for path, code, _ in problems(swapped)] == [("discussions[0].rounds[1].opens", "order")]
    assert [code for _, code, _ in problems(ROUNDS.replace("week 2", "week 7"))] == ["reference"]


def test_rounds_move_with_their_week() -> None:
    new = (COURSE + ROUNDS).replace(
        "  - {title: Water", "  - {title: Cups, goal: Choose., minutes: 9}\n  - {title: Water"
    )
    moved = follow(load(COURSE + ROUNDS), new)
    assert 'opens: "week 3 Mon 09:00 learner"' in moved


def test_a_completion_rule_may_ask_for_discussions() -> None:
    asks = (COURSE + ROUNDS).replace("weekly_minutes: 60}", "weekly_minutes: 60, completion: all discussions}")
    assert load(asks).completion.discussions.all
    assert [code for _, code, _ in problems("")] == []
    many = asks.replace("all discussions", "3 discussions")
    assert [p.code for p in check(many) if p.severity == "error"] == ["range"]


@pytest.mark.parametrize(
    ("evidence", "enough"),
    [
        ("盲検では四十人の参加者の誰も違いに気づかなかった。", True),
        ("盲测中没有人能尝出两者之间的区别", True),
        ("ในการทดสอบไม่มีใครแยกความแตกต่างได้เลย", True),
        ("本当です", False),
        ("1", False),
        ("40 people tasted it", True),
        ("https://example.org/tea", True),
        ("Trust me.", False),
    ],
)
def test_evidence_is_measured_in_every_script(evidence: str, enough: bool) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    post = Post(1, 1, "bags", 0, 1, {"Claim": "Bags are tea.", "Evidence": evidence}, False, False, at, at)
    assert lacks_evidence(post) is not enough


def test_a_close_by_each_learners_clock_is_taken() -> None:
    assert not [p for p in check(COURSE + "    closes: Sat 18:00 learner\n") if p.code == "order"]


def test_a_second_discussion_in_a_week_is_doubted() -> None:
    second = COURSE[COURSE.index("  - id: bags") :].replace("bags", "pots")
    assert [(p.path, p.code, p.severity) for p in check(COURSE + second) if p.code == "conflict"] == [
        ("discussions[1].week", "conflict", "warning")
    ]


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ("    group: 1\n    replies: 3\n", True),
        ("    group: 2\n", True),
        ("    replies: 10\n", True),
        ("    group: 3\n", False),
        ("    group: 1\n    replies: 0\n", False),
        ("    group: 0\n    replies: 12\n", False),
    ],
)
def test_a_group_in_which_somebody_would_have_nobody_to_reply_to_is_doubted(keys: str, named: bool) -> None:
    found = [p for p in check(COURSE + keys) if "nobody to reply to" in p.message]
    assert bool(found) is named
    assert all((p.code, p.severity) == ("range", "warning") for p in found)
