"""Whole numbers, and the number of a week."""

import re
from dataclasses import dataclass

from bot.core.translation import N_
from bot.course.value_types.scalar import Scalar, Schema, Wrong
from bot.course.value_types.texts import ID

_UP_TO = re.compile(r"-|–|—|\b(?:to|bis|a)\b")
_WEEKS = re.compile(
    r"(?:weeks?|wochen?|semanas?)? ?\[?\d{1,3}(?: ?(?:-|–|—|to|bis|a|and|und|y|e|&|\+|,|/) ?\d{1,3}){1,9}\]?"
)
"""Several weeks, such as '1-2' or '1, 2 and 3', where one is meant."""


@dataclass(frozen=True)
class WeekValue(Scalar):
    """A week's number, or its id as text; a number that is written wrong is reported as one."""

    says: str = N_("the number of a week, from 1, or its id")
    example: str = "1"

    def parse(self, text: str) -> int | str:
        if ID.fullmatch(text) and not text.isdigit():
            return text
        return self.number(text)

    def number(self, text: str) -> int:
        """Reads what is no id."""
        if _WEEKS.fullmatch(text.lower()):
            weeks = [int(n) for n in re.findall(r"\d{1,3}", text)]
            if len(weeks) == 2 and _UP_TO.search(text.lower()) and 0 < weeks[1] - weeks[0] < 6:
                weeks = list(range(weeks[0], weeks[1] + 1))
            raise Wrong(
                "number", f"`{text}` names several weeks, and this belongs to one.", either=[str(n) for n in weeks]
            )
        return Whole(1, 104, self.says).parse(text)

    def schema(self) -> Schema:
        return {"anyOf": [Whole(1, 104).schema(), {"type": "string", "pattern": f"^{ID.pattern}$"}]}


COUNTS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


_ALL = frozenset(["all", "everybody", "everyone", "whole", "alle", "todos", "toutes", "tous"])


_GROUPED = re.compile(r"\d{1,3}(?:(?:'\d{3})+|(?: \d{3})+|(?:,\d{3}){2,}|(?:\.\d{3}){2,})")
"""A number with separated thousands. '1.000' and '1,000' are one or a thousand, depending on the country."""


RANGE = re.compile(r"(?:ca\.? |~ ?)?(\d{1,4}) ?(?:-|–|—|to|bis|or|a) ?(\d{1,4})([^\d\W]{0,10}| [^\d\W]{0,10})")


@dataclass(frozen=True)
class Whole(Scalar):
    least: int = 0
    most: int = 10_000
    says: str = N_("a whole number")
    example: str = "1"
    all: int | None = None
    """The number that stands for all, if one does."""

    def parse(self, text: str) -> int:
        plain = text.replace("_", "")
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", plain):
            same = self._same(text.lower())
            fits = same is not None and self.least <= same <= self.most
            either = [str(n) for n in self._either(text.lower()) if self.least <= n <= self.most]
            raise Wrong("number", f"`{text}` is not {self.says}.", str(same) if fits else "", either)
        value = int(plain)
        if not self.least <= value <= self.most:
            positive = str(-value) if self.least <= -value <= self.most else ""
            raise Wrong("range", f"{value} is outside {self.least} to {self.most}.", like=positive)
        return value

    def doubt(self, text: str) -> Wrong | None:
        number = text.replace("_", "")
        if not re.fullmatch(r"0[0-9]+", number):
            return None
        return Wrong("number", f"`{text}` is read as {int(number)}.", str(int(number)))

    def _same(self, text: str) -> int | None:
        """The number that a text can only mean."""
        if self.all is not None and text in _ALL:
            return self.all
        if _GROUPED.fullmatch(text):
            return int(re.sub(r"\D", "", text))
        if found := re.fullmatch(r"(?:week|woche|semana) ?(\d{1,3})|(\d{1,4})[.,]0{1,2}", text):
            return int(found[1] or found[2])
        if found := re.fullmatch(r"(?:(\w+) )?hundred", text):
            return 100 * COUNTS.index(found[1] or "one") if (found[1] or "one") in COUNTS else None
        return COUNTS.index(text) if text in COUNTS else None

    def _either(self, text: str) -> list[int]:
        """The numbers that a text may mean: both ends of a range, a thousand or one."""
        if found := RANGE.fullmatch(text):
            unit = found[3].strip()
            ends = [int(end) if not unit else self._same(f"{end} {unit}") for end in (found[1], found[2])]
            return [end for end in ends if end is not None]
        if found := re.fullmatch(r"(\d{1,3})[.,](000)", text):
            return [int(found[1]), int(found[1]) * 1000]
        if found := re.fullmatch(r"(\d{1,3})[.,](\d{3})", text):
            return [int(found[1] + found[2])]
        return []

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}
