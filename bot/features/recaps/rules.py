"""Pure decisions about recaps."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, get_args

from bot.core.contributions import Item, Part, Passage, Quote
from bot.core.message import shorten, unwrapped
from bot.core.people import Cohort, Person
from bot.core.time import at_wall
from bot.core.timetable import DAY, WEEK
from bot.course.model import Course, Week

WORDS = 220
"""Maximum words of a draft, which take `SECONDS` to say."""

SECONDS = 90
QUOTED = 140
"""So many characters of what was edited are quoted, or as many as there were."""

FRIDAY = 4
ASKED_FOR = 3 * DAY
"""How long from Friday on a desk asks for it; then it is small print, and no reason for a desk."""
_ORDER = get_args(Part)


def span(cohort: Cohort, week: int) -> tuple[datetime, datetime]:
    """What a recap of a week is about: from its Monday to the next one, by the cohort's clock."""
    since = at_wall(cohort.timetable.monday(week), time(0), cohort.zone)
    return since, since + WEEK


def prepared_from(cohort: Cohort, week: int) -> date:
    """From which day on a recap is prepared: the Friday of its week."""
    return max(cohort.timetable.monday(week) + FRIDAY * DAY, cohort.starts_on)


def to_prepare(course: Course, cohort: Cohort, today: date) -> Week | None:
    """The week whose recap can be made: from its Friday on until the next one's, of the last week for seven days."""
    begun = [w for w in course.weeks if prepared_from(cohort, w.number) <= today]
    if not course.recap or not begun:
        return None
    following = course.week(begun[-1].number + 1)
    last = prepared_from(cohort, begun[-1].number)
    over = prepared_from(cohort, following.number) if following else last + timedelta(days=7)
    return begun[-1] if today < over else None


def is_asked_for(waited: timedelta) -> bool:
    return waited < ASKED_FOR


def chosen(passages: Sequence[Passage], room: int) -> list[Passage]:
    """The passages in the order of a script, without those for which there is no room."""
    kept = sorted((p for p in passages if p.text), key=lambda p: _ORDER.index(p.part))
    while kept and sum(words(p.text) for p in kept) > room:
        # Of passages with the same rank, the last one goes first.
        kept.remove(max(reversed(kept), key=lambda p: p.rank))
    return kept


def to_name(items: Sequence[Item]) -> list[Item]:
    """What a script names of a week: what is due or closes first, and the first essential item."""
    asked = sorted((i for i in items if not i.optional), key=lambda i: i.due_at)
    found = {i.key: i for i in (*asked[:1], *[i for i in asked if i.essential][:1])}
    return list(found.values())


def words(text: str) -> int:
    return len(text.split())


def seconds(text: str) -> int:
    """How long it takes to say."""
    return round(words(text) * SECONDS / WORDS)


def paragraphs(text: str) -> list[str]:
    return [p.strip() for p in text.split("\n\n") if p.strip()]


def fresh(base: str, draft: str) -> list[str]:
    """The paragraphs of a draft that an earlier one did not have."""
    before = set(paragraphs(base))
    return [p for p in paragraphs(draft) if p not in before]


def renewed(script: str, base: str, draft: str) -> str:
    """An edited script with what a new draft has. What nobody changed makes room for its new version, or goes with it;
    what is new altogether comes before the last paragraph, the farewell."""
    before, now, found = paragraphs(base), paragraphs(draft), paragraphs(script)
    news = fresh(base, draft)
    for old in (p for p in before if p not in now):
        new = next((p for p in news if _same_place(old, p, before, now)), "")
        there = [n for n, p in enumerate(found) if p == old or (new and old in p)]
        if there:
            found[there[0]] = found[there[0]].replace(old, new)
            news = [p for p in news if p != new]
    found = [p for p in found if p]
    at = max(len(found) - 1, 1)
    return "\n\n".join([*found[:at], *news, *found[at:]])


def _same_place(old: str, new: str, before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a paragraph is another's new version: with other numbers, or another opening or farewell."""
    ends = any(old == before[n] and new == now[n] for n in (0, -1))
    return ends or re.sub(r"[0-9]{1,9}", "0", old) == re.sub(r"[0-9]{1,9}", "0", new)


# Names and quotes


def named_in(text: str, people: Sequence[Person]) -> list[tuple[Person, str]]:
    """Those of these people whose name or first name is in the text as a word, in any case, with what is there of it:
    casefolded words between spaces."""
    said = _words(text)
    return [(p, word) for p in people if (word := next((w for w in _names(p) if f" {w} " in said), ""))]


def surely_named(text: str, person: Person) -> bool:
    """Whether a text has a person's full name of several words, or the first name spelled as theirs and where no
    sentence begins. Elsewhere the first name may be a word: 'hope', or 'Will it rain?'."""
    text = unicodedata.normalize("NFC", text)
    return any(_is_sure(text, found, {first}) for first, found in _found_in(text, person))


def _found_in(text: str, person: Person) -> Iterator[tuple[str, re.Match[str]]]:
    """Where the full name and the first name are in a text, with the first name."""
    name = unicodedata.normalize("NFC", person.name)
    parts = name.split()
    for each in dict.fromkeys([name, *parts[:1]]) if parts else ():
        found = re.finditer(rf"(?<!\w){re.escape(each)}(?!\w)", text, re.IGNORECASE)
        yield from ((parts[0], one) for one in found)


def _is_sure(text: str, found: re.Match[str], spelled: Collection[str]) -> bool:
    if len(found[0].split()) > 1:
        return True
    return found[0] in spelled and not found[0].islower() and not _begins_sentence(text[: found.start()])


def _begins_sentence(before: str) -> bool:
    said = before.rstrip(" \t\"'“”„«»‘’()")
    return not said or said[-1] in ".!?…:\n"


class Unagreed(NamedTuple):
    """Whom a text names without their agreement: surely, and perhaps, because the name may be an ordinary word there.
    `words`: the ids of the latter."""

    named: Sequence[str] = ()
    maybe: Sequence[str] = ()
    words: Collection[int] = ()

    def __bool__(self) -> bool:
        return bool(self.named or self.maybe)


def times(word: str, text: str) -> int:
    """How often a name, as `named_in` gives it, is in a text."""
    return _words(text).count(f" {word} ")


def _words(text: str) -> str:
    # Two spaces, so that a word may follow itself.
    return f" {'  '.join(_split(text))} "


def _split(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def _names(person: Person) -> list[str]:
    """The full name and the first name, as `named_in` looks for them."""
    parts = _split(person.name)
    first = [parts[0]] if parts and len(parts[0]) > 1 else []
    return ["  ".join(parts), *first] if parts else []


def marked(
    text: str,
    people: Sequence[Person],
    quotes: Collection[Quote] = (),
    draft: str = "",
    words: Collection[int] = (),
) -> str:
    """The text with a mark in place of each name and each quote of these people. Those who have the same name share a
    mark. A mark keeps what was written, unless that was the full name. Where the `draft` has a first name as an
    ordinary word, only what is spelled as the name is one. First names of `words` are marked only where they are names
    beyond doubt (`surely_named`)."""
    for quote in sorted(quotes, key=lambda q: len(q.words), reverse=True):
        if quote.words.strip() and quote.words in text:
            text = text.replace(quote.words, f'\x02{quote.person}"{quote.words}\x03')
    ids: dict[str, list[str]] = {}
    named = [person for person, _found in named_in(text, people)]
    for name, person in [*((p.name, p) for p in named), *((p.name.split()[0], p) for p in named)]:
        known = ids.setdefault(name.casefold(), [])
        if str(person.id) not in known:
            known.append(str(person.id))
    if not ids:
        return text
    full = {p.name for p in named}
    exact = full | {p.name.split()[0] for p in named}
    usual = {word for word in _split(draft) if word in ids}
    # The longest name first: one may contain another.
    either = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))

    def mark(found: re.Match[str]) -> str:
        holders = " ".join(ids.get(found[0].casefold(), ()))
        if not holders or (found[0] not in exact and found[0].casefold() in usual):
            return found[0]
        if all(int(holder) in words for holder in holders.split()) and not _is_sure(found.string, found, exact):
            return found[0]
        return f"\x02{holders}\x03" if found[0] in full else f"\x02{holders}:{found[0]}\x03"

    parts = _MARK_OR_NOT.split(text)
    names = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return "".join(part if part.startswith("\x02") else names.sub(mark, part) for part in parts)


def named(text: str, names: Mapping[int, str]) -> str:
    """The text with names and quotes in place of its marks."""
    return _MARK.sub(lambda found: found[3] if found[2] else names[_ids(found)[0]], text)


def people_in(text: str) -> set[int]:
    """Those of whom a text has marks."""
    return {person for found in _MARK.finditer(text) for person in _ids(found)}


def quotes_in(text: str) -> set[Quote]:
    """Those whose words a text has marks of, and the words."""
    return {Quote(person, found[3]) for found in _MARK.finditer(text) if found[2] == '"' for person in _ids(found)}


def unmarked(text: str, person: Person, instead: str, draft: str, out: bool = False) -> str:
    """The text with `instead` in place of a person's marks and name, with a capital where a sentence begins; dots are
    left of what was quoted. `out`: it is posted, so what has no mark and may be a word is one."""
    text = marked(text, [person], draft=draft, words=(person.id,) if out else ())

    def written(found: re.Match[str]) -> str:
        if person.id not in _ids(found):
            return found[0]
        if found[2] == '"':
            return "…"
        before = text[: found.start()].rstrip()
        begins = not before or before[-1] in ".!?:"
        return instead[0].upper() + instead[1:] if begins else instead

    return _MARK.sub(written, text)


def unquoted(text: str, person: int, sources: Collection[str]) -> str:
    """The text with dots in place of what was quoted of a person from one of these texts."""
    lines = [unwrapped(source) for source in sources]

    def written(found: re.Match[str]) -> str:
        if found[2] != '"' or person not in _ids(found):
            return found[0]
        words = found[3].removesuffix("…").strip()
        return "…" if any(words in line for line in lines) else found[0]

    return _MARK.sub(written, text)


def requoted(text: str, person: int, before: str, after: str) -> str:
    """The text with what a person says now in place of what was quoted of them from an earlier version; dots where only
    a part from its middle was quoted, and is not there any more."""
    old, new = unwrapped(before), unwrapped(after)

    def written(found: re.Match[str]) -> str:
        if found[2] != '"' or person not in _ids(found):
            return found[0]
        words = found[3].removesuffix("…").strip()
        if words not in old or found[3] in new:
            return found[0]
        if not old.startswith(words) or not new:
            return "…"
        return f'\x02{found[1]}"{shorten(new, max(len(found[3]), QUOTED))}\x03'

    return _MARK.sub(written, text)


_EMPTY = "“…”"


def without_empty_quotes(before: str, after: str, base: str) -> str:
    """A rewritten text without the paragraphs of the draft whose only quote went. What an instructor wrote keeps its
    dots."""
    was, now = paragraphs(before), paragraphs(after)
    if len(was) != len(now) or _EMPTY not in after:
        return after
    drafted = set(paragraphs(base))
    kept = [
        new for old, new in zip(was, now, strict=True) if old == new or old not in drafted or not _says_nothing(new)
    ]
    return after if len(kept) == len(now) else "\n\n".join(kept)


def _says_nothing(paragraph: str) -> bool:
    return _EMPTY in paragraph and "“" not in paragraph.replace(_EMPTY, "")


_MARK = re.compile('\x02([0-9 ]{1,4000})(?:([:"])([^\x02\x03]{1,400}))?\x03')
"""Control characters, which nobody can type into a form: of whom, and what was written of a name (:) or quoted (")."""

_MARK_OR_NOT = re.compile("(\x02[^\x02\x03]{1,4500}\x03)")
_WORD = re.compile(r"\w{1,80}")


def _ids(found: re.Match[str]) -> list[int]:
    return [int(number) for number in found[1].split()]
