"""Writes the results of a rehearsal into one folder: transcript, page, digests, FAQ and load."""

import json
import re
import shutil
from functools import partial
from pathlib import Path
from typing import Any

from bot.app import faq_files
from bot.app.cohorts import turn_in
from bot.app.rehearsal.page import Play, render
from bot.app.rehearsal.script import BOT, Line, read
from bot.app.rehearsal.stage import Stage
from bot.core.time import local_day
from bot.features.faq import markdown, site
from bot.features.faq.book import collect
from bot.features.live.listing import listed

DIGESTS = {"desk": "desk", "overview": "overview"}
"""Anchor of a digest up to the first '/' -> its file name."""

REPORT = re.compile(r"wrapup/\d+/together")


TRANSCRIPT = "transcript.jsonl"


def write(out: Path, stage: Stage, play: Play) -> None:
    """Writes everything, replacing the results of an earlier rehearsal."""
    out.mkdir(parents=True, exist_ok=True)
    with play.transcript.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(stage.platform.transcript.read())
    _write_digests(_fresh(out / "digests"), play.transcript, stage)
    _write_faq(_fresh(out / "faq"), stage)
    _write_json(out / "load.json", play.load)
    _write_json(out / "live.json", _live(stage))
    (out / "index.html").write_text(render(play), encoding="utf-8")


def _write_json(file: Path, data: object) -> None:
    file.write_text(f"{json.dumps(data, ensure_ascii=False, indent=1)}\n", encoding="utf-8")


def _live(stage: Stage) -> list[dict[str, Any]]:
    """The live sessions, as `pacekeeper live` gives them."""
    look = partial(turn_in, stage.app.storage, stage.app.registry, stage.cohort.code, "live", ended=True)
    return look(lambda turn: listed(turn, turn.here))


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _write_digests(folder: Path, transcript: Path, stage: Stage) -> None:
    """Writes each desk and overview as it was sent, and each week's report in its final state."""
    reports: dict[str, Line] = {}
    with transcript.open(encoding="utf-8") as file:
        for text in file:
            line = read(text)
            kind = DIGESTS.get((line.anchor or "").partition("/")[0])
            if line.by == BOT and line.kind == "posted" and kind and line.reader:
                zone = stage.platform.human(line.reader).zone
                name = f"{local_day(line.at, zone)}-{line.reader}-{kind}.txt"
                (folder / name).write_text(f"{line.text}\n", encoding="utf-8")
            elif line.by == BOT and line.kind in ("posted", "updated") and REPORT.fullmatch(line.anchor or ""):
                reports[line.anchor or ""] = line
    for line in reports.values():
        day = local_day(line.at, stage.cohort.zone)
        name = f"{day}-everybody-{line.heading.partition(':')[0].lower().replace(' ', '-')}.txt"
        (folder / name).write_text(f"{line.text}\n", encoding="utf-8")


def _write_faq(folder: Path, stage: Stage) -> None:
    """Writes the FAQ as `faq export` does: Markdown page, data and site."""
    book = stage.app.storage.run_now(lambda unit: collect(unit.store("faq"), stage.course.id, stage.clock.now()))
    faq_files.write(folder / "faq.md", markdown.page(book))
    faq_files.write(folder / "faq.json", site.data(book))
    faq_files.write_all(folder / "site", site.files(book))
