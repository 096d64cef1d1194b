"""What every value type has: it parses a single value, and proposes a valid one for an invalid one."""

from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]


class Wrong(Exception):
    """A value that cannot be parsed. `instead` is a valid one that means the same, as YAML; '' if only the author knows
    what is meant. `either` holds the values that it may mean then, and `like` is an example that keeps what is clear of
    what was written."""

    def __init__(self, code: str, message: str, instead: str = "", either: Sequence[str] = (), like: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.instead, self.either, self.like = code, message, instead, either, like


class Scalar:
    """A single value. `says` names it in messages and the reference; `example` is a valid one."""

    says: str
    example: str

    def parse(self, text: str) -> Any:
        """The value. Raises Wrong."""
        raise NotImplementedError

    def several(self, text: str) -> Sequence[str]:
        """The lists, as YAML, that an invalid value in one line may mean; none if it is a single value."""
        return ()

    def doubt(self, text: str) -> Wrong | None:
        """What is unclear about a valid value, None if nothing is."""
        return None

    def schema(self) -> Schema:
        raise NotImplementedError
