"""Reading exports of both kinds: whole, broken anywhere, and made to do harm."""

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord.export import DiscordExport
from adapters.discord.export import NoExport as NoDiscordExport
from adapters.slack.export import NoExport as NoSlackExport
from adapters.slack.export import SlackExport
from bot.core.documents import LARGEST, LONGEST_TEXT, Broken, Document
from bot.core.errors import PacekeeperError
from bot.core.history import LeftOut, PastMessage, PastReaction, PastThread, Unread
from bot.core.people import MessageRef
from bot.core.ports import History
from storage.stores.spool import Spool
from tests.effort import tries
from tests.exports import TICK, discord_json, discord_message, discord_tick, slack_message, slack_zip

DAY = "questions/2024-03-01.json"
THREAD = [
    slack_message("1709287200.000100", "U1", "How do I <https://a.org/x|install> it, <@U2>?"),
    slack_message("1709287260.000200", "U2", "With &lt;pip&gt; &amp; care", "1709287200.000100"),
    slack_message(
        "1709287320.000300",
        "U1",
        "Thanks",
        "1709287200.000100",
        reactions=[{"name": TICK, "users": ["U2"], "count": 1}],
    ),
]


def read(history: History) -> tuple[list[PastMessage], list[str], list[str]]:
    """(messages, why others were left out, what could not be read)"""
    messages, left, unread = [], [], []
    for one in history.messages():
        match one:
            case PastMessage():
                messages.append(one)
            case LeftOut(why):
                left.append(why)
            case Unread(where, why):
                unread.append(f"{where}: {why}")
    assert history.done <= history.size
    return messages, left, unread


def threads(messages: Iterable[PastMessage]) -> list[PastThread]:
    with Spool() as spool:
        for message in messages:
            spool.add(message)
        number, _ = spool.sort()
        found = list(spool.threads())
        assert len(found) == number
        return found


# Whole ones


def test_a_slack_export_is_read(tmp_path: Path) -> None:
    messages, left, unread = read(SlackExport(slack_zip(tmp_path / "e.zip", {DAY: THREAD})))
    assert (left, unread) == ([], [])
    assert messages[0] == PastMessage(
        MessageRef("T1", "C1", "1709287200.000100"),
        "U1",
        datetime(2024, 3, 1, 10, 0, 0, 100, tzinfo=UTC),
        "How do I install (https://a.org/x) it, @someone?",
    )
    assert messages[1].text == "With <pip> & care"
    assert messages[1].below == "1709287200.000100"
    assert messages[2].reactions == (PastReaction("✅", frozenset({"U2"})),)


def test_a_discord_export_is_read(tmp_path: Path) -> None:
    mentions = [{"id": "8", "name": "n8", "nickname": "Mia Sommer"}]
    said = [
        discord_message("1", "7", "How do I, @Mia Sommer and <@!8>, see <#9>? <:wave:12>", mentions=mentions),
        discord_message("2", "8", "Like this.", "1", reactions=discord_tick("7")),
    ]
    messages, left, unread = read(DiscordExport(discord_json(tmp_path / "e.json", said)))
    assert (left, unread) == ([], [])
    assert messages[0].ref == MessageRef("100", "200", "1")
    assert messages[0].text == "How do I, @someone and @someone, see #channel? :wave:"
    assert messages[0].at == datetime(2024, 3, 1, 10, 1, 0, 123000, tzinfo=UTC)
    assert (messages[1].below, messages[1].reactions) == ("1", (PastReaction("✅", frozenset({"7"})),))


def test_a_discord_thread_hangs_below_its_message(tmp_path: Path) -> None:
    channel = {"id": "50", "type": "GuildPublicThread", "categoryId": "200", "name": "My question"}
    said = [
        discord_message("50", "7", "Why?"),
        discord_message("51", "8", "Because."),
        discord_message("52", "7", "Ah", "51"),
    ]
    messages, _, _ = read(DiscordExport(discord_json(tmp_path / "e.json", said, channel=channel)))
    assert [m.ref for m in messages] == [MessageRef("100", "200", id) for id in ("50", "50/51", "50/52")]
    (thread,) = threads(messages)
    assert (thread.root.text, [r.text for r in thread.replies]) == ("My question\nWhy?", ["Because.", "Ah"])


def test_what_is_private_or_written_by_nobody_is_left_out(tmp_path: Path) -> None:
    days = {
        "secret-team/2024-03-01.json": THREAD,
        "D0A1B2/2024-03-01.json": THREAD,
        DAY: [
            slack_message("1.0", "U1", "joined", subtype="channel_join"),
            slack_message("2.0", "B1", "I am a program"),
            slack_message("3.0", "U1", "so am I", bot_id="B7"),
            slack_message("4.0", "U1", "", files=[{}]),
        ],
    }
    messages, left, _ = read(SlackExport(slack_zip(tmp_path / "e.zip", days)))
    assert messages == []
    assert {why: left.count(why) for why in left} == {
        "in private channels or direct messages": 6,
        "not written by people": 3,
        "without words": 1,
    }
    for kind in ("DirectTextChat", "DirectGroupTextChat", "GuildPrivateThread"):
        file = discord_json(tmp_path / "e.json", [discord_message("1", "7", "Hush")], channel={"id": "2", "type": kind})
        assert read(DiscordExport(file)) == ([], ["in private channels or direct messages"], [])


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("<@U1|mia> <!here> and <@U2>", "@someone @here and @someone"),
        ("<#C1|general> <https://a.org> <mailto:a@b.org|a@b.org>", "#general https://a.org a@b.org"),
        ("&amp;lt; <|> <> :tada:", "&lt; <|> <> 🎉"),
    ],
)
def test_slacks_markup_is_read_without_names(marked: str, plain: str, tmp_path: Path) -> None:
    said = [slack_message("1.5", "U1", marked)]
    messages, _, _ = read(SlackExport(slack_zip(tmp_path / "e.zip", {DAY: said})))
    assert [m.text for m in messages] == [plain]


# Threads


def test_threads_come_together_from_any_order(tmp_path: Path) -> None:
    days = {"questions/2024-03-02.json": THREAD[2:], DAY: THREAD[:2][::-1], "questions/2024-03-03.json": THREAD}
    messages, _, _ = read(SlackExport(slack_zip(tmp_path / "e.zip", days)))
    assert len(messages) == 6
    (thread,) = threads(messages)
    assert [r.text for r in thread.replies] == ["With <pip> & care", "Thanks"]


def test_answers_to_answers_circles_and_what_is_not_there() -> None:
    def past(id: str, below: str | None) -> PastMessage:
        return PastMessage(MessageRef("w", "c", id), "u", datetime(2024, 1, 1, tzinfo=UTC), id, below)

    chain = [past(str(n), str(n - 1) if n else None) for n in range(300)]
    circle = [past("a", "b"), past("b", "a"), past("x", "y")]
    with Spool() as spool:
        for message in [*chain[::-1], *circle]:
            assert spool.add(message)
        assert not spool.add(chain[0])
        number, lost = spool.sort()
        (thread,) = spool.threads()
    assert (number, len(thread.replies)) == (1, 299)
    # What answers itself in a circle has no beginning: at the worst it is nobody's answer.
    assert lost == 1


# Broken ones


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        {},
        slack_message("yesterday", "U1", "Hi"),
        slack_message("99999999999999999999", "U1", "Hi"),
        slack_message("-1", "U1", "Hi"),
        slack_message("1e9", "U1", "Hi"),
        {"type": "message", "text": "no time"},
    ],
)
def test_a_broken_slack_message_does_not_stop_the_rest(message: object, tmp_path: Path) -> None:
    messages, left, unread = read(SlackExport(slack_zip(tmp_path / "e.zip", {DAY: [message, *THREAD]})))
    assert len(messages) == 3
    assert len(unread) + len(left) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": "soon"},
        {"timestamp": "0001-01-01T00:00:00+00:00"},
        {"timestamp": "2024-01-01T00:00:00"},
        {"timestamp": None},
        {"id": "../../etc/passwd"},
        {"id": 5},
    ],
)
def test_a_broken_discord_message_does_not_stop_the_rest(changed: dict[str, object], tmp_path: Path) -> None:
    said = [discord_message("1", "7", "Why?") | changed, 12, discord_message("2", "7", "Why?")]
    messages, _, unread = read(DiscordExport(discord_json(tmp_path / "e.json", said)))
    assert [m.ref.id for m in messages] == ["2"]
    assert len(unread) == 2


def test_missing_and_odd_people_texts_and_reactions(tmp_path: Path) -> None:
    odd = [
        {"type": "message", "ts": "1.5", "text": "nobody \ud800\x00 here"},
        slack_message("2.5", "U9", "unknown user", reactions=[None, {"name": 3}, {"name": "x", "users": [None, "U1"]}]),
        slack_message("3.5", "U1", "odd", reactions="many", thread_ts=17),
    ]
    messages, _, unread = read(SlackExport(slack_zip(tmp_path / "e.zip", {DAY: odd}, users=b"[{")))
    assert unread == ["users.json: it ends in the middle"]
    assert [m.author for m in messages] == [None, "U9", "U1"]
    assert messages[0].text == "nobody \ufffd here"
    assert messages[1].reactions == (PastReaction("❌", frozenset({"U1"})),)
    gone = {"id": "456226577798135808", "name": "Deleted User"}
    said = [
        discord_message("1", "7", "a", author=gone),
        discord_message("2", "7", "b", author=None, mentions=[1], reactions=[None, {"emoji": {"name": "✅"}}]),
    ]
    messages, _, _ = read(DiscordExport(discord_json(tmp_path / "e.json", said)))
    assert [m.author for m in messages] == [None, None]
    assert messages[1].reactions == (PastReaction("✅", frozenset()),)


def test_what_is_no_export_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content in (b"", b"PK\x03\x04", b"hello", b"\x00" * 100):
        file.write_bytes(content)
        with pytest.raises(NoSlackExport, match="the zip that"):
            SlackExport(file)
        with pytest.raises(NoDiscordExport):
            read(DiscordExport(file))
    with ZipFile(file, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(NoSlackExport):
        SlackExport(file)
    for document in ("[]", "{}", '{"messages": [{}]}', '{"guild": 1, "channel": [], "messages": []}'):
        file.write_text(document)
        with pytest.raises(NoDiscordExport):
            read(DiscordExport(file))


# The zip and the documents are made once; hypothesis cuts them anywhere.
def _whole() -> tuple[bytes, bytes]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        zipped = slack_zip(Path(folder) / "e.zip", {DAY: THREAD, "general/2024-03-02.json": THREAD}).read_bytes()
        said = [discord_message(str(n), "7", f"Why {n}? ä", str(n - 1) if n > 1 else None) for n in range(1, 6)]
        return zipped, discord_json(Path(folder) / "e.json", said).read_bytes()


ZIPPED, DOCUMENT = _whole()
SLOW = settings(max_examples=tries(150), suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(cut=st.integers(0, len(DOCUMENT)))
def test_a_discord_export_cut_anywhere_gives_what_stands_before(cut: int, tmp_path: Path) -> None:
    file = tmp_path / "e.json"
    file.write_bytes(DOCUMENT[:cut])
    try:
        messages, _, unread = read(DiscordExport(file))
    except NoDiscordExport:
        assert cut <= DOCUMENT.index(b'"timestamp"') + 200
        return
    assert [m.ref.id for m in messages] == [str(n + 1) for n in range(len(messages))]
    assert len(messages) >= DOCUMENT[:cut].count(b'"mentions": []}')
    assert bool(unread) == (cut < len(DOCUMENT))


@SLOW
@given(noise=st.binary(min_size=1, max_size=4), at=st.integers(0, len(DOCUMENT)))
def test_a_discord_export_with_any_bytes_in_it_is_read_or_refused(noise: bytes, at: int, tmp_path: Path) -> None:
    file = tmp_path / "e.json"
    file.write_bytes(DOCUMENT[:at] + noise + DOCUMENT[at + len(noise) :])
    try:
        messages, _, _ = read(DiscordExport(file))
    except PacekeeperError:
        return
    threads(messages)


@SLOW
@given(at=st.integers(0, len(ZIPPED)), noise=st.binary(max_size=4))
def test_a_slack_export_broken_anywhere_is_read_or_refused(at: int, noise: bytes, tmp_path: Path) -> None:
    file = tmp_path / "e.zip"
    file.write_bytes(ZIPPED[:at] + noise + (ZIPPED[at + len(noise) :] if noise else b""))
    try:
        messages, _, _ = read(SlackExport(file))
    except PacekeeperError:
        return
    threads(messages)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.floats(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_read_as_the_standard_library_does(value: object) -> None:
    items = list(Document(BytesIO(json.dumps([value, value]).encode())).items(""))
    assert repr([item for _, item in items]) == repr([value, value])


# Made to do harm


def test_what_unpacks_to_too_much_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.export.MOST", 2**20)
    large = json.dumps([slack_message(f"{n}.5", "U1", f"{n * n}") for n in range(30_000)]).encode()
    messages, _, unread = read(
        SlackExport(slack_zip(tmp_path / "e.zip", {DAY: large, "general/2024-03-01.json": THREAD}))
    )
    assert unread == [f"{DAY}: it unpacks to more than 1 MB"]
    assert len([m for m in messages if m.ref.channel == "C2"]) == 3


def test_what_unpacks_to_many_times_its_size_is_not_unpacked(tmp_path: Path) -> None:
    bomb = b"[" + b" " * 2**22 + b"]"
    days = {DAY: bomb, "general/2024-03-01.json": THREAD}
    messages, _, unread = read(SlackExport(slack_zip(tmp_path / "e.zip", days, users=bomb)))
    why = "it unpacks to more than 250 times its size, which no messages do"
    assert unread == [f"users.json: {why}", f"{DAY}: {why}"]
    assert len(messages) == 3


def test_more_files_than_any_export_has_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = slack_zip(tmp_path / "e.zip", {f"questions/2024-03-{n:02}.json": [] for n in range(1, 20)})
    for limit, most in (("MOST_FILES", 20), ("MOST_INDEX", 500), ("MOST_OF_ALL", 50)):
        with monkeypatch.context() as changed:
            changed.setattr(f"adapters.slack.export.{limit}", most)
            with pytest.raises(NoSlackExport, match=r"e\.zip.*Export fewer months"):
                SlackExport(file)
    assert read(SlackExport(file)) == ([], [], [])


def test_a_locked_export_says_how_to_give_it(tmp_path: Path) -> None:
    file = slack_zip(tmp_path / "e.zip", {DAY: THREAD})
    data = bytearray(file.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    file.write_bytes(data)
    with pytest.raises(NoSlackExport, match=r"locked with a password\. Unpack it"):
        SlackExport(file)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_read_once_and_told(tmp_path: Path) -> None:
    file = slack_zip(tmp_path / "e.zip", {DAY: [slack_message("1.5", "U1", "The first one?")]})
    with ZipFile(file, "a") as archive:
        archive.writestr(DAY, json.dumps(THREAD))
        archive.writestr("readme.txt", "x")
        archive.writestr("readme.txt", "y")
    messages, _, unread = read(SlackExport(file))
    assert len(messages) == 3
    assert unread == [f"{DAY}: it is in the zip twice, and only the last one is read"]


def test_a_message_longer_than_any_is_not_read(tmp_path: Path) -> None:
    long = "x" * (LONGEST_TEXT + 1)
    days = {DAY: [slack_message("1.5", "U1", long), *THREAD]}
    messages, _, unread = read(SlackExport(slack_zip(tmp_path / "e.zip", days)))
    assert (len(messages), unread) == (3, [f"{DAY}: a message in it is longer than Slack allows"])
    said = [discord_message("1", "7", long), discord_message("2", "7", "Why?")]
    messages, _, unread = read(DiscordExport(discord_json(tmp_path / "e.json", said)))
    assert (len(messages), unread) == (1, ["e.json: a message in it is longer than Discord allows"])


BOUNDED = """
import resource, sys
from pathlib import Path
from bot.app.importing import spool_files
from storage.stores.spool import Spool
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + int(sys.argv[2]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (most, most))
with Spool() as spool:
    read = spool_files(spool, [Path(sys.argv[1])])
    print(read.messages, read.broken, sum(len(t.replies) for t in spool.threads()))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux how much memory it has")
@pytest.mark.parametrize(
    ("kind", "megabytes"), [("users", 80), ("channels", 80), ("empty items", 350), ("one thread", 80), ("discord", 350)]
)
def test_an_export_made_to_fill_the_memory_is_read_in_little_of_it(kind: str, megabytes: int, tmp_path: Path) -> None:
    many = b"[" + b",".join(b'{"id":"U%d","is_bot":true,"name":"c%d"}' % (n, n) for n in range(300_000)) + b"]"
    nothing = b"[[" + b",".join([b"{}", b"[]", b'{"a":[]}'] * 1_500_000) + b"]]"
    below = [slack_message(f"{1709287200 + n}.5", "U1", "a", "1709287200.5" if n else None) for n in range(60_000)]
    file = tmp_path / "e.zip"
    match kind:
        case "users":
            slack_zip(file, {DAY: THREAD}, users=many)
        case "channels":
            slack_zip(file, {DAY: THREAD}, channels=many)
        case "empty items":
            slack_zip(file, {DAY: nothing})
        case "one thread":
            slack_zip(file, {DAY: below})
        case _:
            head = b'{"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": '
            file.write_bytes(head + b"[{}, " + nothing[1:] + b"}")
    command = [sys.executable, "-c", BOUNDED, str(file), str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_path_in_the_zip_leads_nowhere(tmp_path: Path) -> None:
    days = {
        "../questions/2024-03-01.json": THREAD,
        "/etc/2024-03-01.json": THREAD,
        "a/b/2024-03-01.json": THREAD,
        DAY: [],
    }
    assert read(SlackExport(slack_zip(tmp_path / "e.zip", days))) == ([], [], [])
    assert [f.name for f in tmp_path.iterdir()] == ["e.zip"]


@pytest.mark.parametrize("made", [b"[" * 300_000, b'{"a":' * 300_000, b'["' + b"x" * (LARGEST + 10), b"[1,,2]"])
def test_documents_that_want_to_fill_the_memory_are_refused(made: bytes) -> None:
    with pytest.raises(Broken):
        list(Document(BytesIO(made)).items("messages"))


def test_a_number_of_any_length_is_none_that_matters() -> None:
    made = b"[" + b"1" * 100_000 + b"]"
    assert [item for _, item in Document(BytesIO(made)).items("messages")] == [float("inf")]


def test_a_day_full_of_nothing_is_given_up(tmp_path: Path) -> None:
    _, _, unread = read(SlackExport(slack_zip(tmp_path / "e.zip", {DAY: [0] * 5000})))
    assert unread[-1] == f"{DAY}: most of it is no message"
    assert len(unread) == 1001


def test_a_zip_with_a_broken_member_goes_on(tmp_path: Path) -> None:
    file = slack_zip(tmp_path / "e.zip", {DAY: THREAD, "general/2024-03-01.json": THREAD})
    data = bytearray(file.read_bytes())
    with ZipFile(file) as archive:
        at = archive.getinfo(DAY).header_offset + 60
    data[at : at + 20] = b"\xff" * 20
    file.write_bytes(data)
    messages, _, unread = read(SlackExport(file))
    assert {m.ref.channel for m in messages} == {"C2"}
    assert unread == [f"{DAY}: it cannot be unpacked"]


@pytest.mark.parametrize("kind", [["a"], {"a": 1}, 5])
def test_a_message_of_no_kind_that_there_is_stops_nothing(kind: object, tmp_path: Path) -> None:
    odd = {**slack_message("1709287100.000100", "U1", "How?"), "subtype": kind, "user": kind}
    messages, _, _ = read(SlackExport(slack_zip(tmp_path / "slack.zip", {DAY: [odd, *THREAD]})))
    assert len([m for m in messages if m.author]) == 3
    odd = {**discord_message("1", "5", "How?"), "type": kind}
    made = discord_json(tmp_path / "q.json", [odd, discord_message("2", "5", "And how?")])
    assert [m.text for m in read(DiscordExport(made))[0]] == ["And how?"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_an_instant_at_the_end_of_all_calendars_is_none(moment: str, tmp_path: Path) -> None:
    odd = {**discord_message("1", "5", "How?"), "timestamp": moment}
    messages, _, unread = read(DiscordExport(discord_json(tmp_path / "q.json", [odd])))
    assert (len(messages), len(unread)) == (0, 1)
