"""A problem of a course file: its place, its message and its fix."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from bot.core.errors import PacekeeperError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` count from 1, `path` is such as 'prompts[0].closes', and `code` is stable.

    `fix` is an edit in words. Applying it removes the problem. `how`: the same for people who read no keys, where that
    differs.
    """

    file: str
    line: int
    column: int
    path: str
    code: str
    severity: Severity
    message: str
    fix: str
    how: str = ""

    def as_json(self) -> dict[str, object]:
        """The document of `pacekeeper check --json`, in which the fix has the key `mend`."""
        found = asdict(self)
        found["mend"] = found.pop("fix")
        del found["how"]
        return found

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message} {self.fix}"


def spot(spots: Mapping[str, tuple[int, int]], path: str) -> tuple[int, int]:
    """The line and column of a path, or of the nearest part around it that is written."""
    while path and path not in spots:
        path = path.rpartition(".")[0] or path.rpartition("[")[0]
    return spots.get(path, (1, 1))


class CourseInvalid(PacekeeperError):
    """The course file has errors. Fix them and try again."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [p for p in self.problems if p.severity == "error"]
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        lines = [f"The course file has {count}. Fix {'it' if len(errors) == 1 else 'them'} and try again."]
        super().__init__("\n".join([*lines, *(f"Line {p.line}: {p.message} {p.fix}" for p in errors)]))
