"""The command line, over a real database in a directory of its own."""

import json
import os
import re
import subprocess
import sys
import zipfile
import zoneinfo
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.sandbox.platform import Platform
from bot.app.cli import app, main
from bot.app.cli.opening import load_settings, opened
from bot.app.sandbox import opened as sandbox_opened
from bot.app.settings import Settings
from bot.core.errors import PacekeeperError
from bot.core.time import parse_instant
from bot.course.starter import starter
from bot.features.completion.store import Certificate
from bot.features.faq.store import Entry
from bot.features.reviews import cleaning
from tests.waiting import LONG

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "CLOCK", "PORT", "CONFIG"):
        monkeypatch.delenv(f"PACEKEEPER_{name}", raising=False)
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def create(*more: str, course: Path = ROOT / "courses" / "demo.yaml") -> Result:
    return run("cohort", "create", str(course), "--start", "2026-03-02", "--zone", "Europe/Berlin", *more)


def test_every_command_shows_an_example() -> None:
    groups = {
        "": ["run", "check", "doctor", "certificate", "backup", "restore"],
        "cohort": ["create", "list", "name", "close", "archive"],
        "db": ["upgrade", "status", "backup"],
    }
    groups |= {"outbox": ["list", "retry"], "faq": ["export", "search", "import"], "person": ["export", "erase"]}
    for group, commands in groups.items():
        for command in commands:
            words = [w for w in (group, command, "--help") if w]
            assert "Example: pacekeeper" in run(*words).output, words


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_loads_nothing_that_a_command_needs(option: str) -> None:
    heavy = {"alembic", "apscheduler", "jinja2", "numpy", "pydantic", "sqlalchemy", "starlette", "uvicorn", "yaml"}
    ours = ("adapters.", "storage.", "bot.course.", "bot.features.", "bot.runtime.")
    said, loaded = _loaded(option)
    assert "pacekeeper" in said
    assert "typer" in loaded
    assert [name for name in loaded if name in heavy or name.startswith(ours)] == []


def test_a_start_with_nothing_to_upgrade_and_no_vectors_is_light() -> None:
    create("--channel", "main=general")
    said, loaded = _loaded("cohort", "list", "--json")
    assert "demo-2026-03-02" in said
    assert "storage.search.index" in loaded
    assert loaded & {"alembic", "numpy"} == set()


def _loaded(*words: str) -> tuple[str, set[str]]:
    """What a command prints, and the modules that its process has loaded at the end."""
    program = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
        f"sys.argv[1:] = {list(words)!r}; from bot.app.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=LONG)
    return done.stdout, set(done.stderr.split())


def test_a_cohort_is_made_listed_and_given_a_manager() -> None:
    made = create("--channel", "main=general", "--json")
    assert made.exit_code == 0
    document = json.loads(made.stdout)
    assert document["code"] == "demo-2026-03-02"
    assert re.fullmatch(r"[A-Z0-9]{8}", document["join_code"])
    assert run("cohort", "name", "demo-2026-03-02", "omar", "manager").exit_code == 0
    said = run("cohort", "name", "demo-2026-03-02", "omar", "learner").stdout
    assert "omar is learner of" in said
    assert "They are also manager of it. `/cohort setup` takes a role away." in said
    (listed,) = json.loads(run("cohort", "list", "--json").stdout)
    assert listed["channels"] == {"main": "general"}


def test_what_cannot_be_says_what_to_do() -> None:
    create("--channel", "main=general")
    with pytest.raises(PacekeeperError, match="already"):
        create()
    with pytest.raises(PacekeeperError, match="PURPOSE=CHANNEL"):
        create("--code", "other", "--channel", "general")
    with pytest.raises(PacekeeperError, match="used by"):
        create("--code", "other", "--channel", "main=general")
    course = str(ROOT / "courses" / "demo.yaml")
    with pytest.raises(PacekeeperError, match="no IANA time zone"):
        run("cohort", "create", course, "--start", "2026-03-02", "--zone", "Berlin")


def test_a_course_file_is_checked(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(starter("A course"))
    bad.write_text(starter("A course").replace("goal:", "gaol:", 1))
    assert run("check", str(good), "--json").exit_code in (0, 3)
    found = run("check", str(bad), "--json")
    assert found.exit_code == 3
    (first, *_) = json.loads(found.stdout)
    assert set(first) == {"file", "line", "column", "path", "code", "severity", "message", "mend"}
    assert "goal" in first["mend"]


def test_several_course_files_are_all_checked(tmp_path: Path) -> None:
    names = ("good.yaml", "bad.yaml", "missing.yaml", "also_bad.yaml")
    good, bad, missing, also_bad = (tmp_path / name for name in names)
    good.write_text(starter("A course"))
    bad.write_text(starter("A course").replace("goal:", "gaol:", 1))
    also_bad.write_text(starter("A course").replace("title:", "tilte:", 1))
    said = run("check", *(str(f) for f in (good, bad, missing, also_bad)))
    assert said.exit_code == 3
    assert f"{missing} cannot be read" in said.output
    assert f"{good}: nothing to fix." in said.output
    found = json.loads(run("check", str(bad), str(missing), str(also_bad), "--json").stdout)
    assert {problem["file"] for problem in found} == {str(bad), str(also_bad)}


def test_the_doctor_looks_and_says_what_to_fix(data: Path) -> None:
    assert "the first start makes it" in run("doctor").output
    run("db", "upgrade")
    alone = run("doctor")
    assert alone.exit_code == 3
    assert "Connections: nothing is connected" in alone.output
    with sandbox_opened(load_settings()):
        pass
    well = run("doctor", "--json")
    assert well.exit_code == 0
    found = {f["what"]: f["state"] for f in json.loads(well.stdout)}
    assert found["Connections"] == "the sandbox alone"
    assert {"Disk", "Database", "Time zones"} <= set(found)
    # The zones are those that it names: the system's own, of whatever age, are not looked at.
    assert found["Time zones"] == f"tzdata {version('tzdata')}"
    assert zoneinfo.TZPATH == ()
    create()
    assert "has no channel" in run("doctor").output
    assert run("doctor").exit_code == 3


REVIEWED = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks: [{title: Leaves, goal: Tell green from black.}, {title: Water, goal: Brew a cup.}]
milestones: [{id: a, week: 1, title: A}]
reviews: [{id: r, milestone: a, rubric: [Clear], anonymous: ANONYMOUS}]
"""


def test_the_doctor_says_once_which_files_go_to_reviewers_by_consent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = "Files reviewed without names"
    for anonymous, code in (("no", "open"), ("yes", "blind-1"), ("yes", "blind-2")):
        (tmp_path / "course.yaml").write_text(REVIEWED.replace("ANONYMOUS", anonymous))
        assert create("--code", code, course=tmp_path / "course.yaml").exit_code == 0
    assert what not in doctor()
    monkeypatch.setattr(cleaning, "find_spec", lambda module: None)
    assert run("doctor").output.count(what) == 1
    assert doctor()[what]["state"].startswith("docx, xlsx, pptx, odt, pdf are handed out by their authors' consent")
    run("cohort", "close", "blind-1", "--yes")
    run("cohort", "close", "blind-2", "--yes")
    assert what not in doctor(), "no review of a running cohort is without names"


def test_the_database_is_upgraded_and_backed_up(data: Path, tmp_path: Path) -> None:
    assert run("db", "status").exit_code == 3
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "status").exit_code == 0
    copy = tmp_path / "copy.db"
    assert run("db", "backup", str(copy)).exit_code == 0
    assert copy.stat().st_size > 0
    with pytest.raises(PacekeeperError, match="there already"):
        run("db", "backup", str(copy))


def test_an_empty_outbox_and_faq(tmp_path: Path) -> None:
    assert json.loads(run("outbox", "list", "--json").stdout) == {"counts": {}, "dead": []}
    assert run("outbox", "retry").exit_code == 0
    assert "Nothing has been approved" in run("faq", "export", "--course", "demo", "-").stdout
    assert json.loads(run("faq", "export", "--course", "demo", "--format", "json", "-").stdout) == []
    assert json.loads(run("faq", "search", "anything", "--course", "demo", "--json").stdout) == []


def test_a_toml_file_holds_several_workspaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pacekeeper.toml"
    file.write_text(
        'port = 9000\n[[slack]]\nbot_token = "xoxb-1"\napp_token = "xapp-1"\n'
        '[[slack]]\nbot_token = "xoxb-2"\nsigning_secret = "s"\nmode = "http"\n[[discord]]\ntoken = "d"\n'
    )
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(file))
    monkeypatch.setenv("PACEKEEPER_PORT", "9001")
    settings = load_settings()
    assert settings.port == 9001  # the environment counts first
    assert [(w.bot_token.get_secret_value(), w.mode) for w in settings.slack] == [
        ("xoxb-1", "socket"),
        ("xoxb-2", "http"),
    ]
    assert settings.discord[0].shards == 1
    assert "xoxb" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[slack]]\nbot_token = "x"\napp_token = "y"\n[[slack]]\napp_token = "y"', r"\[\[slack\]\] no. 2, bot_token"),
        ("port = ", "cannot be read as TOML"),
        ('[[discord]]\ntoken = "x"\nshards = 0', r"\[\[discord\]\] no. 1, shards"),
    ],
)
def test_a_mistake_in_a_toml_file_is_named(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pacekeeper.toml"
    file.write_text(text)
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(file))
    with pytest.raises(PacekeeperError, match=said):
        load_settings()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "PACEKEEPER_SLACK_BOT_TOKN",
            "PACEKEEPER_SLACK_BOT_TOKN is no setting. Did you mean PACEKEEPER_SLACK_BOT_TOKEN?",
        ),
        ("PACEKEPER_DATA_DIR", "PACEKEPER_DATA_DIR is no setting. Did you mean PACEKEEPER_DATA_DIR?"),
        ("pacekeeper_prot", "pacekeeper_prot is no setting. Did you mean PACEKEEPER_PORT?"),
        ("PACEKEEPER_COLOUR_SCHEME", "PACEKEEPER_COLOUR_SCHEME is no setting. See docs/INTERFACE.md."),
    ],
)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_misspelt_setting_is_named_with_the_nearest_one(
    where: str, name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "environment":
        monkeypatch.setenv(name, "x")
    else:
        (tmp_path / ".env").write_text(f"{name}=x\nCOMPOSE_PROJECT_NAME=course\n")
    monkeypatch.setenv("PACEKEEPER_PORT", "none")
    for words in (("run", "--sandbox"), ("cohort", "list")):
        with pytest.raises(PacekeeperError) as named:
            run(*words)
        assert said in str(named.value).split("\n")
        assert "PACEKEEPER_PORT: " in str(named.value)
    assert not (tmp_path / "data").exists()


def test_what_kubernetes_says_of_its_services_is_no_misspelt_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in ("PACEKEEPER", "PACEKEEPER_POSTGRESQL", "PACEKEEPER_MAIN_BOT"):
        monkeypatch.setenv(f"{service}_SERVICE_HOST", "10.96.0.12")
        monkeypatch.setenv(f"{service}_SERVICE_PORT", "8743")
        monkeypatch.setenv(f"{service}_SERVICE_PORT_HTTP", "8743")
        for end, value in (
            ("", "tcp://10.96.0.12:8743"),
            ("_PROTO", "tcp"),
            ("_PORT", "8743"),
            ("_ADDR", "10.96.0.12"),
        ):
            monkeypatch.setenv(f"{service}_PORT_8743_TCP{end}", value)
        if service != "PACEKEEPER":
            monkeypatch.setenv(f"{service}_PORT", "tcp://10.96.0.12:8743")
    assert load_settings().port == 8420
    # What only resembles them is still a slip.
    monkeypatch.setenv("PACEKEEPER_PROT", "tcp://10.96.0.12:8743")
    with pytest.raises(PacekeeperError, match="Did you mean PACEKEEPER_PORT"):
        load_settings()


def test_a_misspelt_key_in_a_toml_file_is_named_with_the_nearest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pacekeeper.toml"
    file.write_text('prot = 8743\n[[slack]]\nbot_token = "x"\napp_tokn = "y"\n')
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(file))
    with pytest.raises(PacekeeperError) as named:
        load_settings()
    assert "prot is no setting. Did you mean port?" in str(named.value)
    assert "[[slack]] no. 1, app_tokn is no setting. Did you mean app_token?" in str(named.value)


def test_the_doctor_says_why_a_data_folder_cannot_be_used(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state(folder: Path) -> str:
        monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(folder))
        found = run("doctor", "--json")
        assert found.exit_code == 3
        by_name = {f["what"]: f for f in json.loads(found.stdout)}
        assert not any("pacekeeper doctor" in f["mend"] for f in by_name.values())
        assert by_name["Data folder"]["mend"] or "first start makes it" in by_name["Data folder"]["state"]
        return str(by_name["Data folder"]["state"])

    file = tmp_path / "file"
    file.write_text("")
    assert "is not there yet" in state(tmp_path / "one" / "two")
    assert state(file) == f"{file} is a file"
    assert state(file / "below") == f"{file} is a file"
    # Nobody may write in these, not even root; the second has no room left.
    assert "cannot be written to" in state(Path("/proc/pacekeeper"))
    full = Path("/dev/full")
    assert state(full) == f"{full} is a file"
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize(("width", "terminal"), [("20", "1"), ("60", ""), ("200", "1")])
def test_a_code_is_never_broken_over_lines(width: str, terminal: str) -> None:
    create("--code", "a-code-with-thirty-letters-2026", "--title", "A course with a long title. " * 3)
    (listed,) = json.loads(run("cohort", "list", "--json").stdout)
    environment = {**os.environ, "COLUMNS": width, "NO_COLOR": "1", **({"FORCE_COLOR": "1"} if terminal else {})}
    command = [sys.executable, "-c", "from bot.app.cli import main; main()", "cohort", "list"]
    said = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True).stdout
    assert any("a-code-with-thirty-letters-2026" in line for line in said.split("\n"))
    assert any(listed["join_code"] in line for line in said.split("\n"))


NOW = parse_instant("2026-03-02T08:00:00Z")


def test_the_faq_goes_into_files(tmp_path: Path) -> None:
    with pytest.raises(PacekeeperError, match="There is none yet"):
        run("faq", "export", "-")
    course = tmp_path / "course.yaml"
    course.write_text((ROOT / "courses" / "demo.yaml").read_text().replace("public: yes", "public: no"))
    create("--channel", "main=general", course=course)
    entry = Entry(0, 1, "demo", "How long?", "Ten pages.", "approved", None, "", NOW, NOW)
    with opened() as storage:
        storage.run_now(lambda unit: unit.store("faq").add(entry))
    folder = tmp_path / "out"
    assert "1 entry written" in run("faq", "export", str(folder / "faq.md")).output
    assert "## How long?" in (folder / "faq.md").read_text()
    run("faq", "export", str(folder / "many"))
    assert sorted(f.name for f in (folder / "many").iterdir()) == ["README.md", "faq-1.md"]
    run("faq", "export", "--format", "json", str(folder / "faq.json"))
    assert json.loads((folder / "faq.json").read_text())[0]["answer"] == "Ten pages."
    assert "cohort alone" in run("faq", "export", "--format", "site", str(folder / "site")).stderr
    assert sorted(f.name for f in (folder / "site").iterdir()) == ["faq.css", "faq.js", "faq.json", "index.html"]
    with pytest.raises(PacekeeperError, match="name a folder"):
        run("faq", "export", "--format", "site", str(folder / "faq.md"))
    with pytest.raises(PacekeeperError, match="name a folder"):
        run("faq", "export", "--format", "site", "-")
    with pytest.raises(PacekeeperError, match="It is one of: demo"):
        run("faq", "search", "How long?", "--course", "demos")


def test_a_draft_is_searched_as_its_own_cohort(tmp_path: Path) -> None:
    create("--channel", "main=general")
    draft = Entry(0, 1, "demo", "How long may the report be?", "Ten pages.", "draft", None, "", NOW)
    with opened() as storage:
        storage.run_now(lambda unit: unit.store("faq").add(draft))

    def found(*more: str) -> list[str]:
        return [
            e["answer"] for e in json.loads(run("faq", "search", "report", "--course", "demo", *more, "--json").stdout)
        ]

    assert found() == ["Ten pages."]
    create("--code", "other", "--channel", "main=elsewhere")
    assert found() == []
    assert "--cohort CODE" in run("faq", "search", "report", "--course", "demo").stderr
    assert found("--cohort", "other") == []
    assert found("--cohort", "demo-2026-03-02") == ["Ten pages."]
    with pytest.raises(PacekeeperError, match="no cohort"):
        found("--cohort", "nowhere")


def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACEKEEPER_PORT", "seventy")
    with pytest.raises(PacekeeperError, match="PACEKEEPER_PORT"):
        run("cohort", "list")
    monkeypatch.setenv("PACEKEEPER_PORT", "8420")
    monkeypatch.setenv("PACEKEEPER_CLOCK", "yesterday")
    with pytest.raises(PacekeeperError, match="PACEKEEPER_CLOCK"):
        run("cohort", "list")


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DATABASE_URL", "mysql://host/name", "names 'mysql'; write sqlite:///FILE"),
        ("DATABASE_URL", "nonsense", "is no address of a database"),
        ("CONFIG", "/not/there", "names /not/there, and there is no such file"),
        ("CLOCK", "virtual:noon", "PACEKEEPER_CLOCK: write `system` or `virtual:2026-01-05T00:00:00Z`"),
        ("CLOCK", "virtual:2026-01-05T00:00:00", "PACEKEEPER_CLOCK: write `system` or `virtual:2026-01-05T00:00:00Z`"),
        ("CLOCK", "virtual:0001-01-01T00:00:00+14:00", "PACEKEEPER_CLOCK: write `system`"),
        ("PROXIES", "127.0.0.1, 10.1.0.0/77", "PACEKEEPER_PROXIES: 10.1.0.0/77 is no address and no network"),
        ("PROXIES", "traefik", "PACEKEEPER_PROXIES: traefik is no address"),
        ("PROXIES", "10.1.0.9/24", "PACEKEEPER_PROXIES: .* Write 10.1.0.9 or 10.1.0.0/24"),
        ("HOST", "my machine", "PACEKEEPER_HOST: write an IPv4 address"),
        ("HOST", "http://127.0.0.1", "PACEKEEPER_HOST: write an IPv4 address"),
        ("PORT", "0", "PACEKEEPER_PORT"),
        ("PORT", "tcp://10.96.0.12:8743", "PACEKEEPER_PORT: .* Write `enableServiceLinks: false` into the pod's spec"),
        ("SLACK_API_URL", "http://127.0.0.1:9/api", "PACEKEEPER_SLACK_API_URL: write an address that ends in /api/"),
        ("SLACK_MODE", "carrier pigeon", "PACEKEEPER_SLACK_MODE"),
        ("SLACK_BOT_TOKEN", "xoxb-1", "^[^:]*:\nPACEKEEPER_SLACK_APP_TOKEN is missing. .* 'Generate Token and Scopes'"),
        (
            "SLACK_BOT_TOKEN",
            "xapp-1",
            "PACEKEEPER_SLACK_BOT_TOKEN is no bot token but an app-level token. .* 'Bot User OAuth Token'",
        ),
        ("SLACK_APP_TOKEN", "xapp-1", "PACEKEEPER_SLACK_BOT_TOKEN is missing. .* 'Bot User OAuth Token'"),
        ("DISCORD_API_URL", "discord", "PACEKEEPER_DISCORD_API_URL"),
    ],
)
def test_a_setting_that_does_not_do_is_named(
    setting: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PACEKEEPER_{setting}", value)
    with pytest.raises(PacekeeperError, match=said):
        run("cohort", "list")


@pytest.mark.parametrize("proxies", ["127.0.0.1,::1", "*", "", "10.0.0.0/8, 192.168.1.4 ,fd00::/8"])
def test_proxies_are_addresses_and_networks(proxies: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACEKEEPER_PROXIES", proxies)
    assert load_settings().proxies == proxies


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost", "bot_1.example.org", "a"])
def test_a_host_is_an_address_or_a_name(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACEKEEPER_HOST", host)
    assert load_settings().host == host


@pytest.mark.parametrize("url", ["mysql://ines:hush@host/name", "nonsense"])
@pytest.mark.parametrize("command", [["run"], ["run", "--sandbox"], ["doctor"]])
def test_a_wrong_database_is_named_by_whatever_is_started(
    url: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACEKEEPER_DATABASE_URL", url)
    told = CliRunner().invoke(app, command)
    said = f"{told.output}{told.exception}"
    assert "write sqlite:///FILE" in said
    assert "hush" not in said
    assert "Nothing is connected" not in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("SLACK_BOT_TOKEN=xoxb-1", "SLACK_BOT_TOKEN is not read. Did you mean PACEKEEPER_SLACK_BOT_TOKEN?"),
        ("DISCORD_TOKEN=abc", "DISCORD_TOKEN is not read. Did you mean PACEKEEPER_DISCORD_TOKEN?"),
        ("PACEKEEPER_DISCORD_TOKEN: abc", "line 1: write NAME=value"),
        ("PACEKEEPER_SLACK_BOT_TOKEN=xoxb-1\nPACEKEEPER_SLACK_MODE=http", "SLACK_SIGNING_SECRET is missing. At api"),
    ],
)
def test_a_token_that_is_there_and_not_read_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    with pytest.raises(PacekeeperError) as refused:
        run("cohort", "list")
    assert said in str(refused.value)


def doctor(exit_code: int = 3) -> dict[str, dict[str, str]]:
    """What `doctor --json` finds: one document, whatever is wrong."""
    looked = run("doctor", "--json")
    assert looked.exit_code == exit_code
    return {
        found["state"] if found["what"] == "Settings" else found["what"]: found for found in json.loads(looked.stdout)
    }


def test_a_newcomer_who_swaps_the_tokens_reads_that_and_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "upgrade")
    monkeypatch.setenv("PACEKEEPER_SLACK_BOT_TOKEN", "xapp-1-A0AAA-1-abc")
    monkeypatch.setenv("PACEKEEPER_SLACK_APP_TOKEN", "xoxb-1-2-abc")
    monkeypatch.setenv("PACEKEEPER_DISCORD_TOKEN", "abc")
    monkeypatch.setenv("PACEKEEPER_DISCORD_API_URL", "http://127.0.0.1:9/api")
    found = doctor()
    swapped = "PACEKEEPER_SLACK_BOT_TOKEN and PACEKEEPER_SLACK_APP_TOKEN are in each other's place"
    assert found[swapped]["mend"].startswith("Exchange them")
    assert {"Disk", "Database", "Time zones"} <= set(found)
    assert "cannot be reached" in found["Discord"]["state"], "the other platform is looked at, too"
    assert f"✗ Settings: {swapped}\n  Exchange them" in run("doctor").output
    monkeypatch.setenv("PACEKEEPER_SLACK_BOT_TOKEN", "xoxp-1-2-abc")
    assert "PACEKEEPER_SLACK_BOT_TOKEN is no bot token but a user token" in doctor()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "seventy", "PACEKEEPER_PORT cannot be read"),
        ("PROT", "8420", "PACEKEEPER_PROT is no setting"),
        ("SLACK_MODE", "pigeon", "PACEKEEPER_SLACK_MODE cannot be read"),
    ],
)
def test_the_doctor_looks_at_the_rest_where_a_setting_is_wrong(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PACEKEEPER_{name}", value)
    found = doctor()
    assert found[said]["mend"]
    assert "Disk" in found
    assert "Connections" not in found, "a token may be among what is left out"


def test_the_doctor_says_so_where_no_setting_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(tmp_path / "nowhere.env"))
    [(said, found)] = doctor().items()
    assert ("there is no such file" in said, bool(found["mend"])) == (True, True)
    table = tmp_path / "two.toml"
    table.write_text('[[slack]]\nbot_token = "xoxb-1"\n')
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(table))
    assert "✗ Settings: [[slack]] no. 1: PACEKEEPER_SLACK_APP_TOKEN is missing" in run("doctor").output


def test_a_line_of_the_settings_that_cannot_be_read_is_named_once(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PACEKEEPER_DISCORD_TOKEN: abc\n")
    program = [str(Path(sys.executable).with_name("pacekeeper")), "doctor"]
    ran = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 3
    assert (ran.stderr, ran.stdout.count("line 1")) == ("", 1)


def test_the_doctor_of_a_mistyped_folder_does_not_call_it_well(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create()
    assert "Cohorts: 1" in run("doctor").output
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path / "dta"))
    said = f"? Cohorts: none yet in {tmp_path / 'dta'}: make one with `pacekeeper cohort create`"
    assert said in run("doctor").output
    assert not (tmp_path / "dta").exists()


def test_the_doctor_leaves_an_empty_folder_empty(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would make files in a folder that others can read, and complain of them the next time."""
    data.mkdir(mode=0o755)
    monkeypatch.setenv("PACEKEEPER_DISCORD_TOKEN", "abc")
    monkeypatch.setenv("PACEKEEPER_DISCORD_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PACEKEEPER_SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("PACEKEEPER_SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("PACEKEEPER_SLACK_API_URL", "http://127.0.0.1:9/api/")
    first, second = doctor(), doctor()
    assert first["Private files"] == second["Private files"]
    assert list(data.iterdir()) == []


def test_where_nothing_is_connected_the_doctor_names_the_file_that_it_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fix() -> str:
        return next(f["mend"] for f in json.loads(run("doctor", "--json").stdout) if f["what"] == "Connections")

    assert f"There is no file {tmp_path / '.env'}." in fix()
    (tmp_path / ".env").write_text("PACEKEEPER_PORT=8420\n")
    monkeypatch.setenv("DISCORD_TOKEN", "abc")
    assert f"{tmp_path / '.env'} names no token. DISCORD_TOKEN is not read: set PACEKEEPER_DISCORD_TOKEN." in fix()


def test_a_manager_is_named_with_the_code_to_join(tmp_path: Path) -> None:
    code = json.loads(create("--json").stdout)["join_code"]
    assert "omar is manager of" in run("cohort", "name", code, "omar", "manager").stdout


def test_the_line_to_copy_is_whole() -> None:
    said = create().stdout
    (code,) = re.findall(r"/cohort join (\w+)", said)
    assert f"\n/cohort setup {code}\n" in said


def test_opening_again_says_what_does_not_come_back() -> None:
    create("--channel", "main=general")
    run("cohort", "close", "demo-2026-03-02", "--yes")
    create("--code", "other", "--channel", "main=general")
    said = " ".join(run("cohort", "reopen", "demo-2026-03-02").output.split())
    assert "messages that waited when it ended" in said
    assert "channels that another cohort has taken since" in said
    assert "It has no main channel now" in said


def test_the_code_of_an_ended_cohort_is_found() -> None:
    create("--channel", "main=general")
    run("cohort", "close", "demo-2026-03-02", "--yes")
    assert "demo-2026-03-02" not in run("cohort", "list").output
    with pytest.raises(PacekeeperError, match="pacekeeper cohort list --all"):
        run("cohort", "reopen", "demo")
    assert "demo-2026-03-02" in run("cohort", "list", "--all").output
    (listed,) = json.loads(run("cohort", "list", "--all", "--json").stdout)
    assert listed["code"] == "demo-2026-03-02"
    assert listed["ended_at"]


def test_what_cannot_be_opened_is_said_in_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = data / ("long" * 20) / ("path" * 20)
    data.mkdir(parents=True)
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(data))
    (data / "pacekeeper.db").write_text("This is no database. " * 50)
    monkeypatch.setattr("sys.argv", ["pacekeeper", "cohort", "list"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert "pacekeeper.db is not a database. Nothing was touched." in said
    assert "restore a backup" in said


def test_the_command_line_goes_by_the_sandboxs_clock(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACEKEEPER_CLOCK", "virtual:2026-01-05T08:00:00Z")
    codes = []
    for name in ("one", "two"):
        monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(data / name))
        platform = Platform(data / name / "sandbox.db", lambda: parse_instant("2026-02-01T08:00:00Z"))
        platform.save_clock(platform.now())
        platform.close()
        codes.append(json.loads(create("--json").stdout)["join_code"])
        with opened() as storage:
            assert storage.now() == platform.now()
    assert codes[0] == codes[1]


def test_a_command_goes_by_a_clock_that_stands_still_without_being_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACEKEEPER_CLOCK", "virtual:2026-01-05T08:00:00Z")
    with sandbox_opened(load_settings()) as box:
        box.clock.wind(parse_instant("2026-02-01T08:00:00Z"))
    monkeypatch.delenv("PACEKEEPER_CLOCK")
    with opened() as storage:
        assert storage.now() == parse_instant("2026-02-01T08:00:00Z")


def test_a_cohort_is_closed_and_its_files_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create("--channel", "main=general")
    asked = CliRunner().invoke(app, ["cohort", "close", "demo-2026-03-02"], input="n\n")
    assert asked.exit_code == 1
    assert "what was promised is still taken" in asked.output
    assert len(json.loads(run("cohort", "list", "--json").stdout)) == 1
    closed = run("cohort", "close", "demo-2026-03-02", "--yes")
    assert "has ended" in closed.output
    assert json.loads(run("cohort", "list", "--json").stdout) == []
    with pytest.raises(PacekeeperError, match="ended already"):
        run("cohort", "close", "demo-2026-03-02", "--yes")
    with pytest.raises(PacekeeperError, match="There is no cohort"):
        run("cohort", "archive", "demo", "--out", str(tmp_path))
    out = tmp_path / "files" / "demo"
    assert run("cohort", "archive", "demo-2026-03-02", "--out", str(out)).exit_code == 0
    assert sorted(f.name for f in out.iterdir()) == ["completion.csv", "demo-next.yaml", "faq.md"]
    assert run("check", str(out / "demo-next.yaml")).exit_code == 0
    assert (out / "completion.csv").read_bytes() == b"name,account,milestones,wrap-ups,completed on\r\n"
    assert "runs again" in run("cohort", "reopen", "demo-2026-03-02").output
    assert len(json.loads(run("cohort", "list", "--json").stdout)) == 1
    with pytest.raises(PacekeeperError, match="runs already"):
        run("cohort", "reopen", "demo-2026-03-02")


def test_a_certificate_is_checked_and_written(tmp_path: Path) -> None:
    create("--channel", "main=general", "--manager", "omar")
    paper = Certificate(
        "ABCDEFGHJKMN", 1, 1, "Mia", "Tea", parse_instant("2026-03-30T08:00:00Z"), date(2026, 3, 2), date(2026, 3, 29)
    )
    with opened() as storage:
        storage.run_now(lambda unit: unit.store("completion").issue(paper))
    page = tmp_path / "mia.html"
    said = run("certificate", "abcd-efgh-jkmn", "--html", str(page))
    assert "Mia completed Tea." in said.output
    assert "ABCD-EFGH-JKMN" in page.read_text()
    with pytest.raises(PacekeeperError, match="letter by letter"):
        run("certificate", "ABCD-EFGH-JKMM")


def test_a_person_gets_a_copy_and_is_erased(tmp_path: Path) -> None:
    create("--manager", "omar", "--manager", "mia")
    out = tmp_path / "omar.zip"
    assert "It is for them alone" in run("person", "export", "sandbox/omar", str(out)).output
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as packed:
        assert "accounts" in packed.read("person.json").decode()
    with pytest.raises(PacekeeperError, match="exists already"):
        run("person", "export", "omar", str(out))
    for other in ("omar.json", "omar"):
        with pytest.raises(PacekeeperError, match=r"ends in \.zip: .*omar\.zip"):
            run("person", "export", "omar", str(tmp_path / other))
        assert not (tmp_path / other).exists()
    asked = CliRunner().invoke(app, ["person", "erase", "omar"], input="n\n")
    assert "An account of yours" in asked.output
    assert asked.exit_code == 1
    assert "omar is erased" in run("person", "erase", "omar", "--yes").output
    with pytest.raises(PacekeeperError, match="Nobody is known"):
        run("person", "erase", "sandbox/omar", "--yes")


def test_the_features_are_listed_with_what_they_keep() -> None:
    found = {f["name"]: f for f in json.loads(run("features", "--json").output)}
    assert "ask" in found["questions"]["commands"]
    assert {"table": "thanks", "personal": True}.items() <= found["thanks"]["keeps"][0].items()
    assert "talk.forget" in found["talk"]["planned"]
    table = run("features").output
    assert "questions" in table
    assert "planned" in table


@pytest.mark.parametrize(
    "line",
    [
        *(f"{name} = {value}" for name in Settings.model_fields for value in ("-1", "[1]", "nan", '"x"', "{}", "1.5")),
        *(f"[[slack]]\n{line}" for line in ("", "bot_token = 1", 'bot_token = "x"\nmode = "z"', 'api_url = "q"')),
        *(f'[[discord]]\ntoken = "x"\nshards = {value}' for value in ("0", '"many"', "1.5", "[]")),
    ],
)
def test_what_a_setting_takes_is_said_in_our_own_words(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pacekeeper.toml"
    file.write_text(f"{line}\n")
    monkeypatch.setenv("PACEKEEPER_CONFIG", str(file))
    said = ""
    try:
        load_settings()
    except PacekeeperError as e:
        said = str(e)
    assert not re.search("Input |Field required|permitted|pathlib|Settings|cannot be read as", said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "none", "PACEKEEPER_PORT: write a whole number, such as 8420"),
        ("PORT", "0", "PACEKEEPER_PORT: write a whole number from 1 to 65535"),
        ("SLACK_MODE", "z", "PACEKEEPER_SLACK_MODE: write 'socket' or 'http'"),
        ("SLACK", "z", "Write several workspaces as tables"),
    ],
)
def test_a_wrong_setting_says_what_it_takes(name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PACEKEEPER_{name}", value)
    with pytest.raises(PacekeeperError, match=said):
        load_settings()
