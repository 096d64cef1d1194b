"""Rosters: the people of a cohort as a CSV file."""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO

from bot.app.zones import problem
from bot.core.errors import PacekeeperError
from bot.core.incoming import LONGEST_NAME, hidden, quoted
from bot.core.people import Role

COLUMNS: Mapping[str, Sequence[str]] = {
    "account": (
        "account",
        "accountid",
        "user",
        "userid",
        "username",
        "memberid",
        "login",
        "id",
        "email",
        "emailaddress",
        "mail",
        "konto",
        "benutzer",
        "cuenta",
        "usuario",
        "correo",
    ),
    "name": ("name", "fullname", "displayname", "person", "nombre"),
    "role": ("role", "rolle", "rol"),
    "zone": ("zone", "timezone", "tz", "zeitzone", "zonahoraria"),
    "workspace": ("workspace", "workspaceid", "guild", "guildid", "server", "team", "teamid"),
}
"""Column -> accepted headers, without spaces and dashes; if a file has several of them, the first counts."""

COHORTS = ("cohort", "cohortcode", "kohorte", "cohorte", "course", "kurs", "curso")
"""Headers of a column that says where somebody belongs. A roster is one cohort's."""

LARGEST = 10_000_000
"""Largest file in bytes."""

MOST_ROWS = 50_000
"""Most people in one file."""

SPLIT = "Split it, and take in each part."

MOST_PROBLEMS = 100
"""Most problems that are named; reading stops at the last one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person. `account` is an id, an e-mail address or a name. `name` is '' and `zone` None if not given;
    `workspace` '' means the cohort's."""

    account: str
    name: str = ""
    role: Role = Role.LEARNER
    zone: str | None = None
    workspace: str = ""
    line: int = field(default=0, compare=False)


class RosterInvalid(PacekeeperError):
    """The roster has errors: the wrong lines (at most MOST_PROBLEMS), each with its fix."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        head = (
            f"{file}: {len(problems)} {'line needs' if len(problems) == 1 else 'lines need'} fixing. Nobody was added."
        )
        super().__init__("\n".join([head, *problems]))
        self.problems = tuple(problems)


def read_roster(data: bytes, file: str = "roster.csv") -> list[Row]:
    """Parses a CSV file whose first line names its columns (`COLUMNS`); only the account is required.

    Raises RosterInvalid with the lines that need fixing.
    """
    if len(data) > LARGEST:
        raise RosterInvalid(file, [f"The file is larger than {LARGEST // 1_000_000} MB. {SPLIT}"])
    table = _lines(_decoded(data, file), file)
    number, header = next(table, (1, []))
    at = _columns(header)
    problems = [f"Line {number}: {w}" for w in _misspelt(header, at)]
    if "account" not in at:
        if not problems:
            problems = [f"Line {number}: no column is named 'account'. Write: account,name,role,zone"]
        raise RosterInvalid(file, problems)
    rows: list[Row] = []
    seen: dict[tuple[str, str], list[Row]] = {}
    of_cohort = next((i for i, name in enumerate(_plain(header)) if name in COHORTS), None)
    cohort = ""
    for number, cells in table:
        if len(rows) == MOST_ROWS:
            problems.append(f"Line {number}: at most {MOST_ROWS:,} people fit in one file. {SPLIT}")
            break
        if len(problems) >= MOST_PROBLEMS:
            problems.append(f"Line {number} and what is below it were not read. Fix these first.")
            break
        # Spreadsheets omit the commas of empty cells at the end of a row.
        values = {name: cells[i] if i < len(cells) else "" for name, i in at.items()}
        row, wrong = _read(values, number)
        earlier = seen.setdefault((row.workspace, row.account.casefold()), [])
        named = cells[of_cohort] if of_cohort is not None and of_cohort < len(cells) else ""
        if named and cohort and named.casefold() != cohort.casefold():
            wrong.append(f"it is of {quoted(named)}, and lines above are of {quoted(cohort)}. Write a file for each.")
        cohort = cohort or named
        if len(cells) > len(header) and any(cells[len(header) :]):
            wrong.append("it has more cells than the first line. Put quotes around what has a comma in it.")
        elif not wrong and earlier and (contradiction := _contradiction(row, earlier)):
            wrong.append(contradiction)
        earlier.append(row)
        rows.append(row)
        problems += [f"Line {number}: {w}" for w in wrong]
    if not rows and not problems:
        problems = [f"Line {number}: nobody is listed below the names of the columns. Write one person a line."]
    if problems:
        raise RosterInvalid(file, problems)
    return rows


def _contradiction(row: Row, earlier: Sequence[Row]) -> str:
    """Why somebody may not be in the file again: only as instructor and manager, with the same name and zone."""
    for other in earlier:
        if other.role is row.role:
            again = f" with the name {quoted(other.name)}" if row.name and other.name not in ("", row.name) else ""
            return f"{row.account} is in line {other.line} already{again}. Remove one of them."
        if Role.LEARNER in (row.role, other.role):
            return (
                f"{row.account} is {row.role.value} here and {other.role.value} in line {other.line}. Keep one of them."
            )
        for what, one, two in (("name", row.name, other.name), ("zone", row.zone, other.zone)):
            if one and two and one != two:
                return f"{row.account} has the {what} {quoted(one)} here and {quoted(two)} in line {other.line}."
    return ""


def _decoded(data: bytes, file: str) -> str:
    utf_16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if not utf_16 and data[:2].count(0) == 1:
        raise RosterInvalid(file, ["Line 1: the file is UTF-16 without its mark. Save it as 'CSV UTF-8'."])
    try:
        return data.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as e:
        if utf_16:
            raise RosterInvalid(file, ["Line 1: the file is broken UTF-16. Save it as 'CSV UTF-8'."]) from None
        number = data.count(b"\n", 0, e.start) + 1
        raise RosterInvalid(file, [f"Line {number}: the file is no UTF-8. Save it as 'CSV UTF-8'."]) from None


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, stripped cells) of every line that is not blank."""
    lines, start = StringIO(text, newline=""), 1
    first = next((line for line in StringIO(text) if line.strip()), "")
    if declared := re.match(r"sep=(.)\r?\n", text):  # Excel writes it for itself.
        delimiter, start = declared[1], 2
        lines.readline()
    else:
        delimiter = max(",;\t|", key=first.count)
    above = start - 1
    # Strict, because an unclosed quote would swallow all following rows.
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, [cell.strip() for cell in cells]
            start = above + reader.line_num + 1
    except csv.Error:
        why = "it cannot be read as CSV. Close each quote, and put a comma behind it."
        raise RosterInvalid(file, [f"Line {start}: {why}"]) from None


def _plain(header: Sequence[str]) -> list[str]:
    return [re.sub(r"[\s_.-]", "", h.lower()) for h in header]


def _misspelt(header: Sequence[str], at: Mapping[str, int]) -> list[str]:
    """What is wrong with the names of the columns. Columns that resemble none of ours are a spreadsheet's own."""
    names = _plain(header)
    known = {name: column for column, accepted in COLUMNS.items() for name in accepted}
    free = [name for name, column in known.items() if column not in at]
    wrong = []
    for i, name in enumerate(names):
        near = get_close_matches(name, known, 1, 0.75) if name not in known else []
        # A second name for an account column (e-mail beside id) is no slip; the same name twice is.
        if near and (near[0] in free or known[near[0]] == "account"):
            meant = near[0] if known[near[0]] == "account" else known[near[0]]
            wrong.append(f"no column is called {quoted(header[i])}. Write {meant} instead.")
        elif name in known and name in names[:i]:
            wrong.append(f"two columns are called {quoted(header[i])}. Remove one of them.")
    return wrong


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = _plain(header)
    return {
        column: names.index(next(h for h in headers if h in names))
        for column, headers in COLUMNS.items()
        if any(h in names for h in headers)
    }


def _read(values: Mapping[str, str], line: int) -> tuple[Row, list[str]]:
    """A row and its problems."""
    wrong = []
    account = " ".join(values["account"].lstrip("@").split())
    if not account:
        wrong.append("the account is missing. Write its id, e-mail address or name there, or remove the line.")
    elif len(account) > LONGEST_NAME:
        wrong.append(f"{quoted(account)} is no account: it has {len(account):,} characters.")
    elif re.fullmatch(r"\d[.,]?\d*E\+\d+", account):
        wrong.append(
            f"the account {account} was rounded by a spreadsheet. Format the column as text, then paste it again."
        )
    elif not account.isprintable():
        wrong.append(f"the account {account!r} has a character that is not shown. Type it again.")
    name = values.get("name", "")
    if len(name) > LONGEST_NAME:
        wrong.append(f"the name {quoted(name)} has {len(name):,} characters; {LONGEST_NAME} fit.")
    elif sign := hidden(name):
        wrong.append(f"the name {quoted(name)} has a character that is not shown ({sign}). Type it again.")
    workspace = values.get("workspace", "")
    if len(workspace) > LONGEST_NAME or not workspace.isprintable():
        wrong.append(f"{quoted(workspace)} is no workspace. Write its id, or leave it empty.")
    role = values.get("role", "").lower() or Role.LEARNER.value
    if role not in set(Role):
        wrong.append(f"{quoted(role)} is no role. Write learner, instructor or manager.")
    zone = values.get("zone", "").replace(" ", "_")
    if zone and (found := problem(zone)):
        wrong.append(f"{found.rstrip('.')}, or leave it empty.")
    return Row(
        account,
        name,
        Role(role) if role in set(Role) else Role.LEARNER,
        zone or None,
        workspace,
        line,
    ), wrong
