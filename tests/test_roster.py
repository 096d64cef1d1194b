"""A roster as a CSV file, and a cohort's holidays."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from adapters.sandbox.platform import Platform
from bot.app.cli.opening import load_settings, opened
from bot.app.cohorts import BATCH, enrol_roster
from bot.app.roster import RosterInvalid, Row, read_roster
from bot.core.errors import PacekeeperError, Refused
from bot.core.holidays import own_holidays, public_holidays
from bot.core.people import Role
from bot.core.time import SystemClock, WoundClock
from storage.tables.people import AuditRow, MembershipRow, PersonRow
from tests.kit import World
from tests.test_calendar import DEMO, run
from tests.test_calendar import shell as shell

# Reading


def test_headers_are_forgiving() -> None:
    expected = [Row("U1", "Mia Maß", zone="Europe/Berlin"), Row("U2", "Leo", Role.INSTRUCTOR)]
    for text in (
        "account,name,role,zone\nU1,Mia Maß,,Europe/Berlin\nU2,Leo,instructor,\n",
        "\ufeffUser-ID;Full name;Role;Time Zone\r\nU1;Mia Maß;learner;Europe/Berlin\r\n\r\nU2;Leo;Instructor\r\n",
        "\n\nTimezone\tE-mail\tID\tName\tROLE\nEurope/Berlin\ta@b.example\tU1\tMia Maß\tLearner\n;\n"[:-2]
        + "\tb@b.example\t@U2\tLeo\tinstructor\n",
        "sep=;\r\nKonto;Name;Rolle;Zeitzone\r\nU1;Mia Maß;;Europe/Berlin\r\n;;;\r\nU2;Leo;instructor;\r\n",
        'account , name , role, zone, shoe size\n"U1", "Mia Maß", , Europe/Berlin, 38\nU2,Leo,instructor,,\n  ,,,,\n',
    ):
        assert read_roster(text.encode()) == expected
        assert read_roster(text.removeprefix("\ufeff").encode("utf-16")) == expected
        assert read_roster(text.removeprefix("\ufeff").encode("utf-8-sig")) == expected


def test_ten_thousand_people_are_read_and_the_one_wrong_line_is_named() -> None:
    lines = [f"p{n};Person {n};Europe/Berlin\n\n" for n in range(10_000)]
    assert len(read_roster("".join(["account;name;zone\n", *lines]).encode())) == 10_000
    lines[7000] = "p3;Again;\n"
    with pytest.raises(RosterInvalid) as error:
        read_roster("".join(["account;name;zone\n", *lines]).encode())
    # An empty line stands between any two people.
    assert error.value.problems == (
        "Line 14002: p3 is in line 8 already with the name 'Person 3'. Remove one of them.",
    )


def test_every_wrong_line_is_named_with_its_fix() -> None:
    text = (
        "account,name,role,zone\n"
        "mia,Mia,learner,Berlin\n"
        ",Nobody,learner,\n"
        "leo,Leo,teacher,Atlantis\n"
        "\n"
        "1.23457E+17,Rounded,,\n"
        "aiko,Aiko,,\n"
        "aiko,Aiko,learner,\n"
        "aiko,Aiko,manager,\n"
        "two words,Ed,,\n"
        "tane,Tāne, Aotearoa,learner,Pacific/Auckland\n"
    )
    with pytest.raises(RosterInvalid) as error:
        read_roster(text.encode(), "people.csv")
    said = error.value.problems
    lines = [int(line.split(":")[0].removeprefix("Line ")) for line in said]
    assert lines[:7] == [2, 3, 4, 4, 6, 8, 9]
    assert set(lines[7:]) == {11}
    assert "Write Europe/Berlin" in said[0]
    assert "the account is missing" in said[1]
    assert "Write learner, instructor or manager" in said[2]
    assert "'Atlantis' is no IANA time zone" in said[3]
    assert "rounded by a spreadsheet" in said[4]
    assert "aiko is in line 7 already" in said[5]
    assert "Put quotes around" in said[-1]
    assert "Nobody was added" in str(error.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no column is named 'account'"),
        (b"name,role\nMia,learner\n", "no column is named 'account'"),
        (b"account,rol,tiem zone\nmia,,\n", "Line 1: no column is called 'tiem zone'. Write zone instead"),
        (b"\n\ne-mial,name\nmia,Mia\n", "Line 3: no column is called 'e-mial'. Write email instead"),
        (b"account,e-mial,nmae\nmia,,\n", "Line 1: no column is called 'e-mial'.*\nLine 1: .*'nmae'. Write name"),
        (b"account,name,Name\nmia,Mia,Mia\n", "Line 1: two columns are called 'Name'. Remove one"),
        (b"account,roel\nmia,teacher\nleo,boss\n,\n", "called 'roel'. Write role"),
        (b"account,nmae,role\nmia,,boss\n", "Line 1: .*'nmae'.*\nLine 2: 'boss' is no role"),
        (b"sep=;\naccount;role\nmia;boss\n", "Line 3: 'boss' is no role"),
        ("account\nmia\n".encode("utf-16-le"), "Line 1: the file is UTF-16 without its mark"),
        ("account\nmia\n".encode("utf-16")[:-1], "Line 1: the file is broken UTF-16"),
        ("account;name\nU1;Müller\n".encode("cp1252"), "Save it as 'CSV UTF-8'"),
        ("account;name\nU1;Mia\nU2;Müller\n".encode("cp1252"), "Line 3: the file is no UTF-8"),
        (b"account,name\nmia,M\xed\xa0\x80\n", "Line 2: the file is no UTF-8"),
        (b"account\n" + b'"' + b"x" * 200_000, "Line 2: it cannot be read as CSV"),
        (b'account,name\nmia,"Mia\nben,Ben\nleo,Leo\n', "Line 2: it cannot be read as CSV. Close each quote"),
        (b"account,name\nm\x00ia,Mia\n", r"Line 2: the account 'm\\x00ia' has a character that is not shown"),
        ("account\nm\u200bia\n".encode(), r"Line 2: the account 'm\\u200bia' has a character that is not shown"),
        (b"account,name\nmia,M\x00ia\n", r"Line 2: the name 'Mia' has a character that is not shown \(U\+0000\)"),
        ("account,name\nmia,M\u202eia\n".encode(), r"Line 2: the name .* \(U\+202E\)"),
        (b"account,name\nmia," + b"x" * 100_000, "Line 2: the name .* has 100,000 characters; 100 fit"),
        (b"account\n" + b"m" * 100_000, "Line 2: .* is no account: it has 100,000 characters"),
        (b"account,zone\nmia," + b"Europ" * 8000, "Line 2: .* is no IANA time zone"),
        (b"account,workspace\nmia,T\x001\n", "Line 2: 'T1' is no workspace"),
        (b"account,x\n" + b"mia," * 20_000, "Line 2: it has more cells than the first line"),
        (b"account,zone\n" + b"".join(b"m%d,Qqq\n" % n for n in range(3000)), "Line 102 and what is below it"),
        (b"account\n" + b"".join(b"m%d\n" % n for n in range(50_001)), "Line 50002: at most 50,000 people"),
        (b"account\n" + b"m" * 10_000_000, "larger than 10 MB"),
        (b"account,name\n\n , \n", "Line 1: nobody is listed below the names of the columns"),
    ],
)
def test_a_file_that_is_no_roster_says_so(data: bytes, said: str) -> None:
    with pytest.raises(RosterInvalid, match=said) as refused:
        read_roster(data)
    assert len(str(refused.value)) < 20_000
    assert str(refused.value).encode()


# Enrolling


def take(world: World, *rows: Row) -> tuple[int, int, int]:
    done = enrol_roster(world.app.storage, world.app.registry, world.cohort, rows, "sandbox")
    return done.added, done.left, done.moved


async def test_a_roster_wakes_nobody(world: World) -> None:
    mia, leo, ada, tom = (world.chat.person(id, id.title()) for id in ("mia", "leo", "ada", "tom"))
    await world.until("2026-01-06T23:30:00Z")
    take(world, Row("mia", "Mia", zone="Asia/Tokyo"), Row("leo", "Leo"), Row("ada", "Ada", role=Role.INSTRUCTOR))
    await world.settle()
    assert "Welcome to Demo course" in mia.find("Welcome to Demo course").text, "it is morning in Tokyo"
    assert not leo.inbox()
    assert not ada.inbox()
    await tom.command("join", world.join_code)
    assert "Welcome to Demo course" in tom.find("Welcome to Demo course").text, "who joins at night has asked for it"
    await world.until("2026-01-07T06:00:00Z")
    assert not leo.inbox()
    assert not ada.inbox()
    await world.until("2026-01-07T12:00:00Z")
    for woken in (leo, ada):
        assert sum("Welcome to Demo course" in seen for seen in woken.inbox()) == 1


async def test_a_profile_that_becomes_known_at_night_wakes_nobody(world: World) -> None:
    leo = world.chat.person("leo", "Leo")
    await world.until("2026-01-06T23:30:00Z")
    take(world, Row("leo", "U0LEO"))
    await world.chat.sandbox.change_account("leo", name="Leo", zone="Europe/Madrid")
    await world.settle()
    assert not leo.inbox()
    await world.until("2026-01-07T12:00:00Z")
    (welcome,) = [seen for seen in leo.inbox() if "Welcome to Demo course" in seen]
    assert "Europe/Madrid" in welcome
    assert "U0LEO" not in welcome


async def test_people_of_a_roster_are_welcomed_once(world: World) -> None:
    mia, leo = (world.chat.person(id, id.title()) for id in ("mia", "leo"))
    rows = (Row("mia", "Mia", zone="Asia/Tokyo"), Row("leo", "Leo"), Row("ines", role=Role.MANAGER))
    assert take(world, *rows) == (3, 0, 0)
    ana = world.chat.person("ana", "Ana")
    assert take(world, Row("ana", "Ana", zone="UTC")) == (1, 0, 0)
    await world.settle()
    # UTC is a zone that somebody may mean; only where none is known the cohort's is taken.
    assert "UTC" in ana.find("Welcome to Demo course").text
    assert "Asia/Tokyo" in mia.find("Welcome to Demo course").text
    assert "Europe/Berlin" in leo.find("Welcome to Demo course").text
    heard, logged = len(mia.inbox()), len(world.rows(AuditRow))
    assert take(world, *rows) == (0, 0, 0)
    await world.settle()
    assert (len(mia.inbox()), len(world.rows(AuditRow))) == (heard, logged)
    # Whoever is not in the file stays.
    assert take(world, rows[0]) == (0, 0, 0)
    assert len(world.rows(MembershipRow, left_at=None)) == 6


async def test_who_has_left_stays_out_and_who_picked_a_zone_keeps_it(world: World) -> None:
    mia, leo = await world.learner("mia", "Mia"), await world.learner("leo", "Leo")
    await mia.press(await mia.command("leave"), "Leave")
    await leo.command("settings", "Europe/Lisbon")
    assert take(world, Row("mia"), Row("leo", zone="Asia/Tokyo"), Row("omar", zone="Africa/Casablanca")) == (1, 1, 1)
    assert {p.name: p.zone for p in world.rows(PersonRow)} == {
        "Mia": "Europe/Berlin",
        "Leo": "Europe/Lisbon",
        "ines": "Europe/Berlin",
        "omar": "Africa/Casablanca",
    }


def test_ids_of_another_platform_go_nowhere_until_a_workspace_is_named(
    shell: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = shell / "people.csv"
    people.write_text("account,name\nU024BE7LH,Mia\n")
    words = ("cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--roster", str(people))
    with pytest.raises(Refused, match=r"U024BE7LH looks like .* --workspace T0123ABCD"):
        run(*words)
    monkeypatch.setenv("PACEKEEPER_SLACK_BOT_TOKEN", "xoxb-1-2-abcdefghijklmnop")
    monkeypatch.setenv("PACEKEEPER_SLACK_APP_TOKEN", "xapp-1-2-abcdefghijklmnop")
    monkeypatch.setenv("PACEKEEPER_SLACK_API_URL", "http://127.0.0.1:9/api/")  # nobody answers there
    with pytest.raises(Refused, match=r"No workspace is known yet.*--workspace"):
        run(*words)
    assert "1 of the roster are in it" in run(*words, "--workspace", "T1SCHOOL2").stdout
    # Now one is known, and is the default.
    assert "1 of the roster are in it" in run(*words, "--code", "two").stdout
    with opened() as storage:
        assert storage.run_now(lambda unit: unit.store("enrolment").workspaces()) == ["T1SCHOOL2"]
    with pytest.raises(Refused, match="112233445566778899 looks like"):
        run("cohort", "name", "two", "112233445566778899", "manager")
    run("cohort", "name", "two", "112233445566778899", "manager", "--workspace", "998877665544332211")
    with pytest.raises(Refused, match="several workspaces: 998877665544332211, T1SCHOOL2"):
        run(*words, "--code", "three")


async def test_nobody_is_greeted_by_the_id_of_their_account(world: World) -> None:
    nameless, ada = world.chat.person("u0mia", "Mia"), world.chat.person("ada", "Ada")
    ingrid = world.chat.person("ingrid", "Ingrid")
    take(world, Row("u0mia"), Row("ada", "Ada"), Row("ingrid", "ingrid.k"))
    await world.settle()
    assert "Hello. Nobody has" in ingrid.find("Welcome to Demo course").text
    assert "Hello. Nobody has" in nameless.find("Welcome to Demo course").text
    assert "Hello Ada. Nobody has" in ada.find("Welcome to Demo course").text


async def test_more_people_than_one_transaction_takes_come_in(world: World) -> None:
    rows = [Row(f"p{n}", f"Person {n}", zone="Europe/Paris") for n in range(BATCH * 2 + 1)]
    assert take(world, *rows) == (len(rows), 0, 0)
    assert len(world.rows(MembershipRow, role="learner")) == len(rows)


def test_a_roster_from_the_command_line(shell: Path) -> None:
    good, bad = shell / "good.csv", shell / "bad.csv"
    good.write_text("account,name,role\nmia,Mia,\nomar,Omar,manager\n")
    bad.write_text("account,role\nmia,teacher\n")
    words = ("cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--code", "demo")
    with pytest.raises(RosterInvalid):
        run(*words, "--roster", str(bad))
    # Nothing was made: the code is free.
    made = run(*words, "--roster", str(good), "--channel", "main=general")
    assert "2 of the roster are in it" in made.stdout
    done = run("cohort", "roster", "demo", str(good), "--json")
    assert json.loads(done.stdout) == {"rows": 2, "added": 0, "left": 0, "zones_changed": 0}
    good.write_text("account\nMia A\n")
    with pytest.raises(RosterInvalid, match="Line 2: 'Mia A' is no account of the sandbox"):
        run("cohort", "roster", "demo", str(good))
    with pytest.raises(PacekeeperError, match="no cohort 'nobody'"):
        run("cohort", "roster", "nobody", str(good))
    with pytest.raises(PacekeeperError, match="cannot be read"):
        run("cohort", "roster", "demo", "nothere.csv")


def test_the_sandbox_names_unknown_accounts_as_a_platform_does(shell: Path) -> None:
    run("cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--code", "demo")
    people = shell / "people.csv"
    people.write_text("account\nmia@example.org\nMia\nleo\n")
    with pytest.raises(RosterInvalid) as never_run:
        run("cohort", "roster", "demo", str(people))
    assert [p.split(" is ")[0] for p in never_run.value.problems] == ["Line 2: 'mia@example.org'", "Line 3: 'Mia'"]
    platform = Platform(load_settings().data_dir / "sandbox.db", WoundClock(base=SystemClock()).now)
    platform.add_person("mia", "Mia", "Asia/Tokyo")
    platform.close()
    with pytest.raises(RosterInvalid) as unknown:
        run("cohort", "roster", "demo", str(people))
    assert [p.split(" is ")[0] for p in unknown.value.problems] == ["Line 2: 'mia@example.org'", "Line 4: 'leo'"]
    assert "Write the id mia, or" in unknown.value.problems[0]
    with pytest.raises(Refused, match=r"'leo' is unknown in the sandbox. Write .* who is there \(mia\)"):
        run("cohort", "name", "demo", "leo", "manager")
    people.write_text("account\nMia\n")
    assert "1 of 1 are new" in run("cohort", "roster", "demo", str(people)).stdout
    with opened() as storage:
        assert storage.run_now(lambda unit: [(p.name, p.zone) for p in unit.people.members(1)]) == [
            ("Mia", "Asia/Tokyo")
        ]


class Directory(BaseHTTPRequestHandler):
    """Slack's list of a workspace's people."""

    MEMBERS = (
        {
            "id": "U0MIA",
            "name": "mia",
            "tz": "Asia/Tokyo",
            "profile": {"real_name": "Mia A", "email": "mia@example.org"},
        },
        {"id": "U0ANN1", "name": "ann1", "profile": {"display_name": "Ann"}},
        {"id": "U0ANN2", "name": "ann2", "profile": {"display_name": "Ann"}},
        {"id": "U0OMAR", "name": "omar", "profile": {"display_name": "Omar B"}},
        {"id": "U0GONE", "name": "gone", "deleted": True, "profile": {"display_name": "Gone"}},
    )

    def do_POST(self) -> None:
        answer = {"ok": True, "team_id": "T1SCHOOL2"} | ({"members": self.MEMBERS} if "users.list" in self.path else {})
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slack(shell: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Directory) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PACEKEEPER_SLACK_API_URL", f"http://127.0.0.1:{server.server_port}/api/")
        monkeypatch.setenv("PACEKEEPER_SLACK_BOT_TOKEN", "xoxb-1")
        monkeypatch.setenv("PACEKEEPER_SLACK_APP_TOKEN", "xapp-1")
        yield shell
        server.shutdown()


def test_email_addresses_and_names_become_accounts_or_are_named_with_their_line(slack: Path) -> None:
    people = slack / "people.csv"
    people.write_text("email\nMIA@example.org\nAnn\nben@example.org\nGone\nU0NOBODY\n@omar\n")
    made = ("cohort", "create", str(DEMO), "--start", "2026-03-02", "--zone", "Europe/Berlin", "--code", "demo")
    made = (*made, "--workspace", "T1SCHOOL2", "--channel", "main=C0GENERAL")
    with pytest.raises(RosterInvalid) as wrong:
        run(*made, "--roster", str(people))
    assert [p.split(". ")[0] for p in wrong.value.problems] == [
        "Line 3: 'Ann' is the name of 2 people",
        "Line 4: 'ben@example.org' is unknown there",
        "Line 5: 'Gone' is unknown there",
        "Line 6: 'U0NOBODY' is unknown there",
    ]
    assert "users:read.email" in wrong.value.problems[1]
    with pytest.raises(Refused, match="'ines' is unknown there"):
        run(*made, "--manager", "ines")
    people.write_text("email\nMIA@example.org\nU0ANN1\n")
    assert "2 of the roster are in it" in run(*made, "--roster", str(people), "--manager", "Omar B").output
    run("cohort", "name", "demo", "mia@example.org", "instructor")
    with opened() as storage:
        rows = storage.run_now(
            lambda unit: [(p.name, p.zone, unit.people.account(p.id)) for p in unit.people.members(1)]
        )
    assert {(name, zone, account.user if account else "") for name, zone, account in rows} == {
        ("Mia A", "Asia/Tokyo", "U0MIA"),
        ("Ann", "Europe/Berlin", "U0ANN1"),
        ("Omar B", "Europe/Berlin", "U0OMAR"),
    }


# Holidays


def test_a_country_and_a_part_of_it() -> None:
    assert date(2026, 6, 4) in public_holidays("DE-BY", [2026])
    assert date(2026, 6, 4) not in public_holidays("DE", [2026])
    assert {d.year for d in public_holidays("de-by", [2026, 2027])} == {2026, 2027}
    assert public_holidays("JP", [2026])[date(2026, 1, 1)] == "New Year's Day"


@pytest.mark.parametrize(
    ("country", "said"),
    [("Germany", "Did you mean DE"), ("DE-XX", "DE-BY"), ("", "two letters"), ("SG-1", "Write SG alone")],
)
def test_an_unknown_country_names_the_near_ones(country: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        public_holidays(country, [2026])


def test_holidays_of_its_own() -> None:
    found = own_holidays(["2026-12-30..2027-01-02 Winter break", "", " 2026-05-01 Labour day", "2026-05-02"])
    assert list(found) == [
        date(2026, 5, 1),
        date(2026, 5, 2),
        *(date(2026, 12, 30) + timedelta(days=n) for n in range(4)),
    ]
    assert (found[date(2026, 5, 1)], found[date(2026, 5, 2)]) == ("Labour day", "Holiday")
    assert found[date(2027, 1, 2)] == "Winter break"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("24.12.2026", "is no day. Write a day such as"),
        ("2026-02-30", "is no day"),
        ("2026-12-24..2026-12-20", r"Write 2026-12-20\.\.2026-12-24"),
        ("2026-12-24..2062-12-26", "Is the year right"),
        ("9999-12-31", "Is the year right"),
        ("2026-05-01 " + "x" * 40_000, "has 40,011 characters; 150 fit"),
        ("2026-05-01 \u202eabc", r"not shown \(U\+202E\)"),
        ("." * 40_000, "characters; 150 fit"),
    ],
)
def test_a_line_that_is_no_day_says_so(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        own_holidays([line])


@pytest.mark.usefixtures("shell")
def test_a_cohort_with_holidays() -> None:
    create = ("cohort", "create", str(DEMO), "--start", "2026-11-30", "--zone", "Europe/Berlin", "--code", "demo")
    with pytest.raises(Refused, match="--holiday: '2026-13-01'"):
        run(*create, "--holiday", "2026-13-01")
    run(*create, "--country", "DE-BY", "--holiday", "2026-12-21..2027-01-03 Winter break")
    rows = json.loads(run("calendar", "demo", "--json").stdout)
    weeks = [r["local"][:10] for r in rows if r["kind"] == "week"]
    # Two weeks of a break are not counted.
    assert weeks == ["2026-11-30", "2026-12-07", "2026-12-14", "2027-01-04"]
    assert next(r["local"][:10] for r in rows if (r["kind"], r["id"]) == ("closes", "wrapup/4")) == "2027-01-10"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("mia,Mia,learner\nmia,Mia,instructor", "mia is instructor here and learner in line 2. Keep one of them."),
        ("mia,Mia,manager\nmia,Mia,learner", "mia is learner here and manager in line 2"),
        ("M@x.org,Mia,\nm@X.org,Mia B,", "m@X.org is in line 2 already with the name 'Mia'"),
        ("mia,Mia,manager\nmia,Ben,instructor", "mia has the name 'Ben' here and 'Mia' in line 2"),
    ],
)
def test_what_a_roster_says_of_somebody_twice_must_agree(rows: str, said: str) -> None:
    with pytest.raises(RosterInvalid) as refused:
        read_roster(f"account,name,role\n{rows}\n".encode())
    assert said in str(refused.value)


def test_who_teaches_and_manages_is_there_twice() -> None:
    assert len(read_roster(b"account,name,role\nida,Ida,instructor\n,,\nida,Ida,manager\n")) == 2


def test_a_roster_is_of_one_cohort() -> None:
    assert len(read_roster(b"account,cohort\nmia,Spring\nben,spring\n")) == 2
    with pytest.raises(RosterInvalid) as refused:
        read_roster(b"account,cohort\nmia,Spring\nben,Autumn\n")
    assert "Line 3: it is of 'Autumn', and lines above are of 'Spring'. Write a file for each." in str(refused.value)
