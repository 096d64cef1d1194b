"""Tables as files: what a spreadsheet and a program get."""

import csv
import json
from io import StringIO

import pytest

from bot.core.message import Instant, Link, Table, table
from bot.core.plain import plain_text
from bot.core.table_files import csv_of, json_of
from bot.core.tables import text_of
from bot.core.time import parse_instant

AT = parse_instant("2026-03-02T09:30:00Z")
COLUMNS = [("learner", "Learner"), ("weeks", "Weeks active"), ("last", "Last seen"), ("work", "Work")]


def made(*rows: tuple[object, ...]) -> Table:
    found = table("learners", "Learners", COLUMNS, rows)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_is_a_formula_in_a_spreadsheet(begins: str) -> None:
    name = f'{begins}HYPERLINK("https://evil.example";"Mia")'
    text = csv_of(made((name, 3, Instant(AT), None)))
    assert text.startswith("\ufefflearner,weeks,last,work\r\n")
    (row,) = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    said = name.replace("\r", "\n")
    assert row == {"learner": f"'{said}", "weeks": "3", "last": "2026-03-02T09:30:00Z", "work": ""}


def test_a_number_below_zero_stays_a_number() -> None:
    assert "\r\nMia,-4," in csv_of(made(("Mia", -4, None, None)))


def test_json_parsed_back_equals_the_table() -> None:
    shown = made(
        ("Mia <script>", 3, Instant(AT), Link("https://example.org/mia", "the page")),
        ("=1+1", 0, None, ("two ", "parts")),
    )
    found = json.loads(json_of(shown))
    assert found == [
        {"learner": "Mia <script>", "weeks": 3, "last": "2026-03-02T09:30:00Z", "work": "the page"},
        {"learner": "=1+1", "weeks": 0, "last": None, "work": "two parts"},
    ]
    assert [list(one) for one in found] == [[column.key for column in shown.columns]] * 2
    assert [one["learner"] for one in found] == [plain_text(text_of(row[0])) for row in shown.rows]
