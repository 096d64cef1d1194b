"""Killed at any step of its first start, of a command or of an upgrade, the next run makes it whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("first_process.py")


@pytest.mark.parametrize("what", ["sandbox", "create", "migrate"])
def test_what_was_killed_at_any_step_becomes_whole(tmp_path: Path, what: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(PROGRAM), what, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=110)
    assert done.returncode == 0, done.stderr.decode()
    *after_a_death, whole = (json.loads(line) for line in done.stdout.splitlines() if b'"version"' in line)
    assert len(after_a_death) >= 4
    assert [found for found in after_a_death if found != whole] == []
    assert whole["cohorts"] == (0 if what == "migrate" else 1)
