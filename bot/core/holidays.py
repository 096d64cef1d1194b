"""Days on which a course pauses: a country's public holidays, and days that a cohort names itself."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from difflib import get_close_matches

from bot.core.errors import Refused
from bot.core.incoming import hidden, quoted
from bot.core.translation import N_, _, any_of

LONGEST = 366
"""Maximum number of days in one line of a cohort's own holidays."""

LONGEST_LINE = 150
"""Maximum characters of a line, including the name."""

EARLIEST, LATEST = 2000, 2100
"""Years for which holidays are known."""

_LINE = re.compile(r"(\S+?)(?:\s*\.\.\s*(\S+))?(?:\s+(.*))?")

NAMELESS = N_("Holiday")
"""The name of a holiday that was given none."""


def public_holidays(country: str, years: Iterable[int]) -> Mapping[date, str]:
    """The public holidays of a country ('DE'), or of a part of it ('DE-BY'), with their names, by day.

    Raises Refused for an unknown place; the text suggests similar ones.
    """
    # Importing the rules of two hundred countries is slow, so it happens only when they are needed.
    from holidays import country_holidays, list_supported_countries

    regions = list_supported_countries()
    code, __, part = country.strip().partition("-")
    code = code.upper()
    if code not in regions:
        near = _near_countries(country)
        raise Refused(_("{country} is no country that has holidays here. {near}", country=quoted(country), near=near))
    region = next((r for r in regions[code] if r.lower() == part.lower()), None) if part else None
    if part and region is None:
        known = ", ".join(f"{code}-{r}" for r in _nearest(part, regions[code]))
        if known:
            raise Refused(_("{code} has no part {part}. There are {known}.", code=code, part=quoted(part), known=known))
        raise Refused(_("{code} has no part {part}. Write {code} alone.", code=code, part=quoted(part)))
    # English names if there are any, regardless of the machine's locale.
    days = country_holidays(code, subdiv=region, years=list(years), language="en_US")
    return dict(sorted(days.items()))


def own_holidays(lines: Iterable[str]) -> Mapping[date, str]:
    """The days of lines such as '2026-12-24', '2026-12-21..2027-01-03' or '2026-05-01 Labour day', by day.

    Raises ValueError, with words for the person, for an invalid line.
    """
    found: dict[date, str] = {}
    for line in filter(None, map(str.strip, lines)):
        if len(line) > LONGEST_LINE:
            raise ValueError(
                _(
                    "{line} has {length} characters; {most} fit. Shorten its name.",
                    line=quoted(line),
                    length=f"{len(line):,}",
                    most=LONGEST_LINE,
                )
            )
        match = _LINE.fullmatch(line)
        assert match is not None, "Every line that is not blank begins with something."
        first = _day(match[1], line)
        last = _day(match[2], line) if match[2] else first
        name = (match[3] or NAMELESS).strip()
        if sign := hidden(name):
            raise ValueError(
                _("{line} has a character that is not shown ({sign}). Type it anew.", line=quoted(line), sign=sign)
            )
        if first.year < EARLIEST or last.year > LATEST:
            raise ValueError(_("{line} is not in this century. Is the year right?", line=quoted(line)))
        length = (last - first).days + 1
        if length < 1:
            right = f"{last}..{first}"
            raise ValueError(_("{line} ends before it begins. Write {right}.", line=quoted(line), right=right))
        if length > LONGEST:
            raise ValueError(
                _(
                    "{line} spans {n} days; at most {most} fit. Is the year right?",
                    line=quoted(line),
                    n=length,
                    most=LONGEST,
                )
            )
        found |= dict.fromkeys((first + timedelta(days=n) for n in range(length)), name)
    return dict(sorted(found.items()))


def _day(text: str, line: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = _(
            "{text} in {line} is no day. Write a day such as 2026-12-24, or several as 2026-12-21..2027-01-03; "
            "a name may follow.",
            text=quoted(text),
            line=quoted(line),
        )
        raise ValueError(said) from None


def _near_countries(typed: str) -> str:
    from holidays.registry import COUNTRIES

    names = {name.replace("_", " "): codes[1] for name, codes in COUNTRIES.items()}
    words = typed.strip().lower()
    near = get_close_matches(words, names, 3, 0.7)
    codes = [names[n] for n in near] or get_close_matches(words.upper(), list(names.values()), 4, 0.5)
    how = _("Write its two letters, and a part if you wish: DE, or DE-BY.")
    return f"{_('Did you mean {codes}?', codes=any_of(codes))} {how}" if codes else how


def _nearest(part: str, known: list[str]) -> list[str]:
    """Similar parts, or else all of them, up to a readable number."""
    return get_close_matches(part.upper(), known, 4, 0.5) or known[:20]
