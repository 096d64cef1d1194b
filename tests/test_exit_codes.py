"""What each command of the program ends with: 0 done, 1 failed, 2 called wrongly, 3 findings."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.app.cli import app, main
from bot.course.starter import starter
from tests.exports import discord_json, discord_message, slack_message, slack_zip

CREATE = "cohort create course.yaml --start 2026-03-02 --zone UTC"

DONE = (
    "new second.yaml",
    "check course.yaml",
    "check course.yaml course.yaml",
    f"{CREATE} --code tea --channel main=general --holiday '2026-03-05 Retreat' --country DE",
    "cohort list",
    "cohort name tea omar manager",
    "cohort roster tea people.csv",
    "cohort change tea --zone Europe/Berlin --yes",
    "calendar tea --zone Asia/Tokyo",
    "rehearse course.yaml --start 2026-03-02 --out played --learners 3",
    "faq export out.md --course tea",
    "faq search when --course tea",
    "person export sandbox/mia mia.zip",
    "person erase sandbox/mia --yes",
    "person erasures",
    "digest all --format json",
    "outbox list",
    "outbox retry",
    "db upgrade",
    "db status",
    "db backup copy.db",
    "backup all.tar",
    "cohort archive tea --out archived",
    "cohort close tea --yes",
    "cohort reopen tea",
    "slack-manifest",
    "features",
    "look chat.zip",
    "run --help",
)
FAILED = (
    "check nothere.yaml",
    "check nothere.yaml course.yaml",
    "new course.yaml",
    "certificate ABCD-EFGH-JKMN",
    "calendar nowhere",
    "cohort name nowhere omar manager",
    "cohort roster nowhere people.csv",
    "cohort change nowhere --zone UTC",
    "cohort close nowhere --yes",
    "cohort reopen nowhere",
    "cohort archive nowhere --out archived",
    "faq export out.md",
    "faq import nothere.zip",
    "look nothere.zip",
    "person export sandbox/nobody nobody.zip",
    "person erase sandbox/nobody --yes",
    "person erase-again nothere.txt",
    "digest nowhere",
    "restore nothere.tar",
    "ledger nothere",
    "live nothere",
    "db backup course.yaml",
    "backup course.yaml",
    "rehearse nothere.yaml --start 2026-03-02 --out played",
    "cohort create broken.yaml --start 2026-03-02 --zone UTC",
)
MISUSED = (
    "calendar course.yaml --person mia",
    "run",
    "cohort create course.yaml --start 2026-03-02 --zone Berlin",
    "cohort create course.yaml --start tomorrow --zone UTC",
    f"{CREATE} --channel general",
    f"{CREATE} --channel lounge=general",
    f"{CREATE} --holiday tomorrow",
    f"{CREATE} --holiday 2026-03-05..2026-03-01",
    f"{CREATE} --country Atlantis",
    f"{CREATE} --code 'Two words'",
    "cohort change coffee",
    "cohort change coffee --zone Berlin",
    "cohort change coffee --holiday tomorrow",
    "cohort change coffee --country Atlantis",
    "cohort change coffee --start tomorrow",
    "cohort name coffee omar chief",
    "calendar coffee --zone Berlin",
    "calendar course.yaml",
    "rehearse course.yaml --start 2026-03-02 --out played --zone Berlin",
    "rehearse course.yaml --start 2026-03-02 --out played --learners 0",
    "restore",
    "outbox retry seventeen",
    "faq export - --course coffee --format site",
    "cohort list --no-such-option",
)
FINDINGS = (
    "look half.json",
    "check broken.yaml",
    "check broken.yaml nothere.yaml course.yaml",
    "doctor",
    "rehearse broken.yaml --start 2026-03-02 --out played",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PACEKEEPER_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "course.yaml").write_text(starter("Tea"))
    (tmp_path / "broken.yaml").write_text(starter("Tea").replace("goal:", "gaol:", 1))
    half = discord_json(tmp_path / "half.json", [discord_message("1", "7", "When is tea?")])
    half.write_text(half.read_text().partition(', "messageCount')[0])
    (tmp_path / "people.csv").write_text("account,name,role\nmia,Mia,learner\n")
    slack_zip(tmp_path / "chat.zip", {"questions/2026-03-02.json": [slack_message("1.0", "U1", "When is tea?")]})
    return tmp_path


def ends(words: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr("sys.argv", ["pacekeeper", *shlex.split(words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def commands(command: Any, *path: str) -> Iterator[str]:
    within = getattr(command, "commands", None)
    if within is None:
        yield " ".join(path)
        return
    for name, inner in within.items():
        yield from commands(inner, *path, name)


ALL = sorted(commands(typer.main.get_command(app)))


def test_what_is_done_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {words: code for words in DONE if (code := ends(words, monkeypatch)) != 0} == {}


@pytest.mark.parametrize("words", FAILED)
def test_what_fails_ends_with_1(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(words, monkeypatch) == 1
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("words", MISUSED)
def test_what_is_called_wrongly_ends_with_2(words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if words.startswith("cohort change coffee --"):
        assert ends(f"{CREATE} --code coffee", monkeypatch) == 0
    assert ends(words, monkeypatch) == 2


@pytest.mark.parametrize("words", FINDINGS)
def test_what_finds_something_ends_with_3(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends("db upgrade", monkeypatch) == 0
    assert ends(words, monkeypatch) == 3


def test_every_command_is_looked_at() -> None:
    assert len(ALL) > 25
    known = [*DONE, *FAILED, *MISUSED, *FINDINGS]
    assert [name for name in ALL if not any(f"{words} ".startswith(f"{name} ") for words in known)] == []
