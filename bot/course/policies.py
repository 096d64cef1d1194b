"""Value types that are small rules: late work, extensions, completion."""

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Literal

from bot.core.translation import N_
from bot.course.model import BY_INSTRUCTOR, Completion, Extension, Late, Quantity
from bot.course.value_types.scalar import Scalar, Schema, Wrong
from bot.course.value_types.spans import same_span, span_of, spans_between, write_span

LONGEST = timedelta(days=90)
_LATEST = timedelta(days=366)
_LATE_WORDS = dict.fromkeys(("accepted", "allowed", "okay", "ok", "permitted"), "accepted")
_LATE_WORDS |= dict.fromkeys(("refused", "rejected", "closed", "forbidden", "not accepted", "nein", "não"), "refused")
_LATE_WORDS |= dict.fromkeys(("ja", "sí", "si", "sim", "oui"), "accepted")


class _InDays(Scalar):
    """A value with a length of time, in days where no unit is written."""

    def doubt(self, text: str) -> Wrong | None:
        number = text.strip()
        if not number.isdecimal() or number == "0":
            return None
        return Wrong("unit", f"`{number}` has no unit and is taken as days.", write_span(timedelta(days=int(number))))

    def span(self, text: str) -> timedelta | None:
        return span_of(f"{text} days" if text.isdecimal() else text)

    @staticmethod
    def meant(text: str) -> timedelta | None:
        """The length in another notation: 'up to 1 week' is one week, since these values are limits anyway."""
        return same_span(re.sub(r"^(?:up to|at most|max(?:imum|\.)?|bis zu|hasta|até) +", "", text.lower()))


@dataclass(frozen=True)
class LateValue(_InDays):
    says: str = N_("`accepted` (marked late, without an end), `refused`, or how long it is accepted: `7 days`")
    example: str = "accepted"

    def parse(self, text: str) -> Late:
        word = text.lower()
        if word in ("accepted", "accept", "marked", "yes", "true"):
            return Late()
        if word in ("refused", "refuse", "none", "no", "false", "never", "0"):
            return Late(accepted=False, within=timedelta(0))
        span = self.span(text)
        if span:
            return Late(within=span)
        same = get_close_matches(word, _LATE_WORDS, 1, 0.75)
        either = spans_between(text)
        length = None if len(either) > 1 else self.meant(word)
        instead = write_span(length) if length else _LATE_WORDS[same[0]] if same else ""
        raise Wrong("choice", f"`{text}` is not {self.says}.", instead, either)

    def doubt(self, text: str) -> Wrong | None:
        word = text.lower()
        if word in ("none", "no", "never", "false"):
            said = f"`{text}` is taken as `refused`: no work after that."
            # No rule for late work would be the opposite.
            return Wrong("choice", said, *(("", ("refused", "accepted")) if word == "none" else ("refused",)))
        span = self.span(text)
        if span and span > _LATEST:
            said = f"`{text}` is longer than a course. Without an end it is `accepted`."
            return Wrong("range", said, either=["accepted", write_span(_LATEST)])
        return super().doubt(text)

    def schema(self) -> Schema:
        words = ["accepted", "refused", "yes", "no", True, False]
        return {"anyOf": [{"enum": words}, {"type": "string", "pattern": r"^\d+ ?[a-z]+$"}]}


@dataclass(frozen=True)
class ExtensionValue(_InDays):
    says: str = N_(
        "how far a learner may move the date: `3 days`, and beyond that they may ask; `7 days by instructor` where "
        "they must ask; or `none`"
    )
    example: str = "3 days"

    def parse(self, text: str) -> Extension:
        word = " ".join(text.lower().split())
        if word in ("none", "no", "false", "0"):
            return Extension(ask=timedelta(0))
        if word in ("yes", "true", "instructor"):
            return Extension(ask=BY_INSTRUCTOR)
        if word == "learner":
            return Extension(own=BY_INSTRUCTOR)
        length, _, by = " ".join(text.split()).partition(" by ")
        by = by.lower()
        span = self.span(length)
        if span is None or by not in ("", "learner", "instructor"):
            either = spans_between(length)
            length_meant = span or (None if len(either) > 1 else self.meant(length))
            near = get_close_matches(by, ("instructor", "learner"), 1, 0.75)
            fits = length_meant is not None and length_meant <= LONGEST
            good = write_span(length_meant) if length_meant and fits and (near or not by) else ""
            tail = " by instructor" if near == ["instructor"] else ""
            raise Wrong("duration", f"`{text}` is not {self.says}.", good and good + tail, [e + tail for e in either])
        if span > LONGEST:
            raise Wrong("range", f"`{text}` is longer than 90 days.")
        return Extension(ask=span) if by == "instructor" else Extension(own=span)

    def schema(self) -> Schema:
        return {"type": ["string", "boolean", "integer"], "examples": ["3 days", "7 days by instructor", "none"]}


@dataclass(frozen=True)
class QuantityValue(Scalar):
    says: str = N_("`all`, a number, or a share: `80%`")
    example: str = "all"

    def parse(self, text: str) -> Quantity:
        word = text.lower().strip()
        if word == "all":
            return Quantity(all=True)
        if word == "none":
            return Quantity()
        percent = re.fullmatch(r"(\d{1,3})\s*%", word)
        if percent and int(percent[1]) <= 100:
            return Quantity(share=int(percent[1]) / 100)
        if re.fullmatch(r"\d{1,4}", word):
            return Quantity(count=int(word))
        share = re.fullmatch(r"0?\.\d+|1\.0+", word)
        if share:
            return Quantity(share=float(word))
        raise Wrong("choice", f"`{text}` is not {self.says}.")

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^(all|none|\d{1,3} ?%)$"}]}


@dataclass(frozen=True)
class MilestonesNeeded(QuantityValue):
    says: str = N_("`essential`, `all`, a number, or a share: `80%`")
    example: str = "essential"

    def parse(self, text: str) -> Quantity | Literal["essential"]:  # type: ignore[override]
        if text.lower().strip() == "essential":
            return "essential"
        try:
            return super().parse(text)
        except Wrong as wrong:
            near = get_close_matches(text.lower(), ("essential",), 1, 0.75)
            raise Wrong("choice", f"`{text}` is not {self.says}.", near[0] if near else wrong.instead) from None

    def schema(self) -> Schema:
        return {"anyOf": [{"const": "essential"}, super().schema()]}


_AMOUNT = r"(?:(all)|(\d{1,3})\s*%(?: of)?|(\d{1,3})(?: (?:of|out of) (?:\d{1,3}))?)?(?: ?the)?(?: ?(essential))?"
_PART = re.compile(
    rf"{_AMOUNT}\s*(milestones?|wrap-?ups?|prompts?|discussions?|scenarios?|(?:peer )?reviews?|all|essential)?"
)


@dataclass(frozen=True)
class CompletionValue(Scalar):
    """The completion rule in words."""

    says: str = N_("what to hand in and to answer: `all essential milestones and 4 wrap-ups`, `80% of milestones`")
    example: str = "all essential milestones"

    def parse(self, text: str) -> Completion:
        milestones: Literal["essential"] | Quantity = Quantity()
        wrapups = discussions = scenarios = reviews = Quantity()
        share = re.fullmatch(r"0?\.\d+", text.strip())
        if share:
            return Completion(Quantity(share=float(share[0])))
        for part in re.split(r"\s*(?:,|\band\b|&|\+)\s*", " ".join(text.lower().replace("_", " ").split())):
            found = _PART.fullmatch(part)
            if not found or not part:
                raise Wrong("choice", f"`{text}` does not say {self.says}.")
            every, percent, count, essential, what = found.groups()
            amount = Quantity(all=True)
            if percent:
                if int(percent) > 100:
                    raise Wrong("range", f"`{text}` asks for {percent} %, and there are 100 % at most.")
                amount = Quantity(share=int(percent) / 100)
            elif count:
                amount = Quantity(count=int(count))
            if what and what.startswith(("wrap", "prompt")):
                wrapups = amount
            elif what and what.startswith("discussion"):
                discussions = amount
            elif what and what.startswith("scenario"):
                scenarios = amount
            elif what and what.endswith(("review", "reviews")):
                reviews = amount
            elif essential or what == "essential":
                milestones = "essential"
            else:
                milestones = amount if every or percent or count else Quantity(all=True)
        return Completion(milestones, wrapups, discussions, scenarios, reviews)

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "examples": ["all essential milestones and 4 wrap-ups"]}
