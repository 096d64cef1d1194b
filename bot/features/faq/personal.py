"""Finds what identifies people or grants access in a text, and leaves it out of drafts for the FAQ.

Only patterns decide. Each repetition in them is bounded, so they take linear time. What looks like a name and is in no
list is 'name?': a guess that a reviewer reverts with one press.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.features.faq.kinds import KINDS, Kind
from bot.features.faq.naming import Names, name_spans, names_something
from bot.features.faq.words import listed

NOBODY = Names()

LONGEST_WORD = 200
"""Maximum characters by which a match is extended to a word boundary."""

LONGEST = 10_000
"""Characters of a text that are searched: more than an entry holds."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match: characters `start` to `end` are of a kind."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was left out of a text: its kind, and the original."""

    kind: Kind
    said: str


def _any(*patterns: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), flags)


_PLACEHOLDER = re.compile(rf"\[(?P<kind>{'|'.join(map(re.escape, KINDS))})\]")


def _either(words: Iterable[str]) -> str:
    """A pattern for any of these words."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


_KEY = _any(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]{0,8000}-----END [A-Z ]{0,30}PRIVATE KEY-----|"
    r"[^-\n]{0,200}(?:\n[A-Za-z0-9+/=]{10,100}){0,200})",
    r"\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]{1,12}[-_]){0,3}[A-Za-z0-9_-]{14,200}",
    r"\bgh[pousr]_[A-Za-z0-9]{16,255}",
    r"\bgithub_pat_\w{16,255}",
    r"\bglpat-[\w-]{16,100}",
    r"\bxox[abeprs]-[\w-]{8,200}|\bxapp-[\w-]{8,200}",
    r"\bA[KS]IA[0-9A-Z]{16}\b",
    r"\bAIza[\w-]{30,50}",
    r"\bya29\.[\w-]{20,300}",
    r"\bhf_[A-Za-z0-9]{20,60}",
    r"\b(?:npm|dop_v1|shpat|rubygems|key|tok|token)_[A-Za-z0-9]{20,100}",
    r"\bkey\b[^\n\w]{0,4}(?:(?:is|was|=|:) ?)?[\"'`]?(?=[A-Za-z_-]{0,40}\d)(?P<secret>[A-Za-z0-9_-]{16,200})",
    r"\bpypi-[\w-]{20,300}",
    r"\bSG\.[\w-]{16,40}\.[\w-]{16,60}",
    r"\beyJ[\w-]{8,2000}\.[\w-]{4,4000}(?:\.[\w-]{0,2000})?",
    r"\b[MNO][A-Za-z\d_-]{23,28}\.[\w-]{6}\.[\w-]{27,45}",
)
_NO_SECRET = listed("nosecrets")
_SECRET = re.compile(
    r"(?i)(?:\b|_)(?:pass(?:word|wd|code|phrase)?|pwd|passwort|kennwort|pw|contraseña|secret(?:[_-]?(?:access[_-]?)?key)?|token|pin|otp|"
    r"(?:api|access|license|licence|auth|client|enrol(?:l)?ment|join|invite|private)[ _-]?(?:key|code|secret)|bearer)"
    r"(?P<link>[\"']?[ \t]{0,3}(?:(?:\b(?:is|was|to|are)\b:?|=>|->|=|:)[ \t]{0,3}|(?=[ \t]\S)[ \t]))[\"'`]?"
    r"(?P<secret>[^\s\"'`,;<>(){}\[\]]{4,200})"
)
_CREDENTIAL = re.compile(
    r"(?i)\b(?:user ?name|user|account|login|handle|nick(?:name)?|userid|"
    rf"(?:{_either(listed('services'))}))(?!\w)"
    r"(?:[ \t](?:account|name|user ?name|user|handle|id|profile|login)\b){0,2}"
    r"(?P<link>[ \t]{0,2}(?:\bis\b|=|:|,[ \t]i(?:'m| am)|->)?[ \t]{0,2})[\"'`@]?(?P<account>[\w][\w.#-]{2,38})"
)
_LOGGED_IN = re.compile(
    r"(?i)\b(?:log(?:ged|ging)?[ -]?in|sign(?:ed)?[ -]?in|connect(?:ed)?|ssh|"
    r"add me)(?: \w{1,12}){0,2}? as (?P<account>[\w][\w.#-]{2,38})"
)
_TAG = re.compile(r"(?<![\w/#.-])[A-Za-z][\w.]{1,31}#\d{4}\b")
_HOME = re.compile(r"(?i)(?:/home/|/users/|[a-z]:\\+users\\+)(?P<account>[\w][\w.-]{1,40})")
_NO_HOME = listed("nohomes")

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}\b|"
    r"(?i:\b[\w.+-]{2,64} ?[\[(<{] ?at ?[\])>}] ?[\w-]{2,63}"
    r"(?:\.[a-z]{2,10}| ?[\[(<{]? ?\bdot\b ?[\])>}]? ?[a-z]{2,10}){1,2}\b)|"
    r"(?i:\b[\w.+-]{2,64}(?: dot [\w-]{2,40})? at [\w-]{2,63}(?: dot [a-z]{2,10}){1,2}\b)|"
    r"(?i:\b[\w.+-]{2,64} at "
    r"(?:gmail|outlook|hotmail|yahoo|gmx|web|icloud|proton|protonmail|live|aol|qq|yandex)\.[a-z]{2,10}\b)"
)
_NO_EMAIL = re.compile(
    r"(?i)^(?:git|noreply|no-reply|postgres|root|ubuntu|example\d{0,3}|test\d{0,3}|your?[._-]?(?:name|e?mail)|user(?:name)?)@|@(?:[\w-]{1,60}\.){0,3}example\.(?:com|org|net)$"
)

_URL = re.compile(
    r"(?i)\b(?:https?|ftp|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqp)://[^\s<>\"'`|\\^{}]{3,2000}"
)
_OPEN_URL = _any(
    r"[?&#;](?:[\w.-]{0,40}(?:token|secret|signature|password|passcode|apikey)|[\w-]{0,20}key|pwd|sig|"
    r"auth|code|invite|hash|session|sid|share|jwt|otp|ticket|st|tk|invitation|usp)=[^&\s]{4}",
    r"^[a-z+]{2,20}://[^\s:/@]{1,100}:[^\s/@]{1,100}@",
    rf"^https?://(?:[\w-]{{1,60}}\.){{0,3}}(?:{_either(listed('secretlinks'))})",
    r"/(?:reset|magic|invite|invitation|verify|confirm|join|unsubscribe|share)(?:-\w{1,20})?/[\w-]{6}",
    flags=re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"^https://docs\.google\.com/(?:document|spreadsheets|presentation)/d/e/2PACX-[\w-]{20,200}/pub"
)
"""Documents that their owner published for everybody."""

_PROFILE = re.compile(
    r"(?i)(?:https?://)?(?:www\.)?(?:(?:github|gitlab|kaggle|huggingface|bitbucket)\.(?:com|org|co)/"
    r"(?!(?:orgs|docs|features|settings|login|join|topics|explore|datasets|models|competitions|code|learn|spaces|"
    r"notifications|marketplace|pricing|about)\b)[\w-]{2,40}/?(?![\w/.-])|"
    rf"(?<![\w-])(?:\w{{1,12}}\.)?(?:{_either(listed('profilelinks'))})[\w.%+@-]{{2,100}}/?)"
)
_OWN_LINK = re.compile(
    r"(?i)\b(?:my|our|his|her)(?: \w{1,12})? (?:fork|repo|repository|branch|gist|profile|page|site|website|blog|"
    r"portfolio|homepage|notebook|code)\b[^\n]{0,20}?(?P<account>https?://[^\s<>\"'`)]{4,300})"
)

_PHONE = _any(
    r"(?<![\w.+/=-])(?:\+|00)[1-9]\d{0,3}(?:[ ./()-]{0,3}\d{1,5}){2,6}(?![\w-])",
    r"(?<![\w./=-])\(?0[1-9]\d{1,4}\)?(?: ?[/-] ?| )\d{2,4}(?:[ -]?\d{2,5}){1,3}(?![\w.-]\d|\w)",
    r"(?<![\w./=-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-]|\.\d)",
)

_CALLED_UP = re.compile(
    r"(?i:\b(?:call|phone|tel|telephone|mobile|cell|whats ?app|text|reach|handy|móvil|number|sms|"
    r"dial)\b[^\d\n.?!+(]{0,25})(?P<phone>\+?\d(?:[ ./()-]{0,2}\d){6,14})(?![\w-])"
)

_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Boulevard|Blvd|Court|Square|Way|Terrace|Close|"
    r"Crescent|Highway|Parkway|Alley)"
)
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
_WITHIN = r"(?:Apt|Apartment|Flat|Unit|Suite|Floor|No)\.? ?\w{1,6}\b"
_TAIL = (
    rf"(?:,? {_WITHIN})?"
    rf"(?:, ?{_POSTCODE}|, ?(?:\d{{4,6}} )?[A-ZÀ-Ý][\w'’-]{{1,25}}(?: (?!{_POSTCODE})[A-ZÀ-Ý][\w'’-]{{1,25}}){{0,2}}"
    rf"(?:,? {_POSTCODE})?(?: [A-Z]{{2}}\b)?(?: \d{{4,6}}\b)?){{0,3}}"
)
_ADDRESS = _any(
    rf"\b(?:{_WITHIN},? )?\d{{1,5}}[A-Za-z]? (?:[A-Z][\w'’.-]{{1,20}} ){{1,3}}{_STREET}\b\.?{_TAIL}",
    r"\b(?:Flat|Apartment|Apt\.?) ?\d{1,4}[A-Za-z]?\b",
    rf"\b[A-ZÄÖÜ](?:[\wäöüß-]{{1,30}})?(?:straße|strasse|str\.|weg|gasse|platz|allee|ring|ufer|"
    rf"damm) \d{{1,4}}[a-z]?\b{_TAIL}",
    rf"\b(?:[A-ZÄÖÜ][\wäöüß-]{{1,30}} )(?:Straße|Strasse|Str\.|Weg|Gasse|Platz|Allee|Ring|Ufer|"
    rf"Damm) \d{{1,4}}[a-z]?\b{_TAIL}",
    rf"\b(?:Calle|C/|Avenida|Avda?\.|Paseo|Plaza|Carrer|Rua|Via|Viale|Piazza|Corso|Rue|Ulica|"
    rf"ul\.) ?(?:d[aeiou]s? |del |de la |de los |des |du |"
    rf"la )?(?:[A-ZÀ-Ý][\w'’-]{{1,25}} ?){{1,3}},? ?\d{{1,4}}[a-z]?\b{_TAIL}",
    rf"\b\d{{1,4}},? (?:bis )?(?i:rue|avenue|boulevard|chemin|place|quai|impasse|allée) (?:(?:de|des|du|d'|"
    rf"la|le|les|l') ?){{0,2}}(?:[A-ZÀ-Ý][\w'’-]{{1,25}} ?){{1,3}}{_TAIL}",
    rf"\b(?:P\. ?O\.|PO|Post(?:al)?) ?(?:Box|box) \d{{1,8}}{_TAIL}|\bPostfach \d{{1,8}}{_TAIL}",
    rf"\b(?:[A-Z][a-zà-ÿ'’-]{{2,25}},? )?{_POSTCODE}",
)

_TOWN = re.compile(
    r"(?i:\b(?:live|lives|address|ship|send|deliver|"
    r"post)\b[^\n.?!]{0,30}?)(?P<address>\b\d{5},? [A-ZÄÖÜ][a-zäöüß]{2,25})"
)

_FIRM = (
    r"(?:the )?[A-ZÀ-Ý][\w&.'’-]{0,30}(?: (?:&|and|de|of|und|y) [A-ZÀ-Ý][\w.'’-]{1,30}| [A-ZÀ-Ý][\w&.'’-]{0,30}){0,4}"
)
_FORM = (
    r"(?:GmbH|AG|Inc|Ltd|LLC|Corp|Corporation|Limited|S\.A|S\.L|SE|KG|B\.?V|Oy|AB|PLC|Pvt|SpA|S\.p\.A|SRL|"
    r"Sàrl|Pty)"
)
_EMPLOYER = _any(
    rf"\b(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|who)(?:['’]\w{{1,2}})?(?: [a-z]{{1,12}}){{0,4}} (?:work(?:s|ing|"
    rf"ed)?|employed|intern(?:ing|ed)?|consult(?:ing)?|freelanc(?:e|ing)|job|position|engineer|analyst|"
    rf"developer|manager|teacher|started)(?: [a-z]{{2,12}}){{0,3}} (?:at|for|"
    rf"by)(?: the)? (?P<employer1>{_FIRM})",
    rf"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er)(?: (?:own|current|old|former|new))? (?:company|employer|firm|"
    rf"workplace|office|startup|start-up|organi[sz]ation|client)(?:,| is|:| \()? ?(?P<employer2>{_FIRM})",
    r"\b(?:[Mm]y|[Oo]ur)(?: (?:own|current|old|former|new))? (?:employer|company|firm|workplace)\b",
    rf"\b(?:[Hh]ere|[Uu]s|[Ww]e|same) at (?P<employer3>{_FIRM})(?=,? (?:where|we|they|and|have|use)\b|,)",
    rf"\b(?:at|for|by|from) (?P<employer4>{_FIRM}),? (?:where|which is where) (?:I|we) work",
    rf"\b(?:[A-ZÀ-Ý][\w&.'’-]{{0,30}} |& ){{1,4}}{_FORM}\b\.?",
    rf"\b(?:boss|manager|supervisor|lead|colleagues?|job|internship|position|role) at(?: the)? (?P<employer9>{_FIRM})",
)
_COMES_FROM = re.compile(rf" (?:from|at) (?P<employer>{_FIRM})")
"""What follows a name: 'Sabine from Siemens'."""
_BOSS = re.compile(
    r"(?i)\b(?:my|our|his|her|the)(?: (?:old|new|former|ex|direct|current))?[ -](?:boss(?:es)?|(?:line |"
    r"product |project |team |department )?manager|supervisor|"
    r"team ?-?lead(?:er)?|line lead|ceo|cto|cfo|director|head of department|department head|superior|"
    r"employer's \w{1,12})\b"
)

_OWNED_PARTS = re.compile(r"(?P<name>\S(?:(?!['’]s ).)*)(?:['’]s )?")
_NUMBER = re.compile(
    r"(?i)\b(?:(?:student|matric(?:ulation)?|matrikel|learner|enrol(?:l)?ment|registration|candidate|roll|"
    r"employee|staff|"
    r"member(?:ship)?|customer|passport|id[ -]card|identity|national|social security|tax|insurance|"
    r"personal|badge|participant|"
    r"applicant|application|booking|account|bank|card|patient|licen[cs]e|user|my|his|her)[ -]{0,2}"
    r"(?:id|number|no\.?|nr\.?|nummer|num|code|#)|matriculation|matrikel(?:nummer|nr\.?)?|matr[íi]cula|passport|dni|nif|"
    r"ssn|iban|cpf|nie)(?:(?<=[.#])|(?![^\W\d]))"
    r"(?:[ \t]{0,2}(?:is|was|=|:|#|\())?[ \t]{0,2}(?P<number>(?:[A-Za-z]{1,4}[-/ ]?)?\d(?:[A-Za-z0-9]|"
    r"[-/](?=\w)){3,24})"
)
_IDENTITY = _any(
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
    r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
    r"(?<![\w-])(?:\d{4}[ -]){3}\d{4}(?![\w-])",
    r"(?<![\w/.])[UW][A-Z0-9]{8,11}\b(?=[^a-z]|$)(?<=\d[A-Z0-9])",
    r"(?<![\w/.=-])\d{17,19}(?![\w.])",
)
_CODE = re.compile(r"```.{0,20000}?```|`[^`\n]{1,2000}`", re.DOTALL)


def find(text: str, names: Names = NOBODY, kept: Collection[str] = ()) -> list[Found]:
    """Personal information in a text, in order and without nesting, except for what was `kept`. Each match begins and
    ends with a whole word."""
    text = text[:LONGEST]
    code = [match.span() for match in _CODE.finditer(text)]
    whole = (_whole_words(text, one) for one in _candidates(text, code, names))
    every = sorted(whole, key=lambda one: (KINDS.index(one.kind), one.start, -one.end))
    taken: list[Found] = []
    for one in every:
        if one.start < one.end and not any(one.start < other.end and other.start < one.end for other in taken):
            taken.append(one)
    return [one for one in sorted(taken, key=lambda one: one.start) if text[one.start : one.end] not in kept]


def leave_out(text: str, names: Names = NOBODY, kept: Collection[str] = ()) -> tuple[str, list[LeftOut]]:
    """The text with placeholders such as '[name]' and '[phone]', and what they replace."""
    said, left, end = [], [], 0
    for one in find(text, names, kept):
        said += [text[end : one.start], f"[{one.kind}]"]
        stood = text[one.start : one.end]
        # A mention is always a person, so the reviewer has nothing to put back.
        mention = one.kind in ("name", "name?") and stood.startswith(("@", "<@"))
        left.append(LeftOut(one.kind, "" if mention else stood))
        end = one.end
    return "".join([*said, text[end:]]), left


def placeholders(text: str) -> list[str]:
    """The placeholders in a text, each once."""
    return list(dict.fromkeys(match[0] for match in _PLACEHOLDER.finditer(text)))


def without_placeholders(text: str) -> str:
    return _PLACEHOLDER.sub(" ", text)


def put_back(text: str, said: str, left: Sequence[LeftOut]) -> tuple[str, list[LeftOut]]:
    """The text with one thing put back wherever it was left out, and what is still left out. `left` is in the order of
    the placeholders."""
    rest, still = list(left), []
    parts, end = [], 0
    for match in _PLACEHOLDER.finditer(text):
        if not rest:
            break
        # A placeholder that no longer matches was edited by hand.
        if rest[0].kind != match["kind"]:
            continue
        one = rest.pop(0)
        if one.said == said:
            parts += [text[end : match.start()], said]
            end = match.end()
        else:
            still.append(one)
    return "".join([*parts, text[end:]]), still


def _candidates(text: str, code: Sequence[tuple[int, int]], names: Names) -> Iterator[Found]:
    yield from (Found(*m.span(), _kind(m["kind"])) for m in _PLACEHOLDER.finditer(text))
    yield from _spans(_KEY, text, "secret")
    yield from _secrets(text)
    for match in _URL.finditer(text):
        url = match[0].rstrip(".,;:!?*_~)")
        if _OPEN_URL.search(url) and not _PUBLISHED.search(url):
            yield Found(match.start(), match.start() + len(url), "link")
    yield from calls_in(text, names.calls)
    yield from (Found(*m.span(), "account") for m in _PROFILE.finditer(text))
    yield from _spans(_OWN_LINK, text, "account")
    yield from (Found(*m.span(), "e-mail") for m in _EMAIL.finditer(text) if not _NO_EMAIL.search(m[0]))
    yield from _accounts(text)
    yield from _spans(_IDENTITY, text, "number")
    yield from _spans(_NUMBER, text, "number")
    for one in (*_spans(_PHONE, text, "phone"), *_spans(_CALLED_UP, text, "phone")):
        if 7 <= sum(map(str.isdigit, text[one.start : one.end])) <= 15 and not _inside(one, code):
            yield one
    prose = [*_spans(_ADDRESS, text, "address"), *_spans(_TOWN, text, "address"), *_employers(text)]
    prose += [Found(*m.span(), "boss") for m in _BOSS.finditer(text) if not _is_software(m[0])]
    for start, end, sure in name_spans(text, names):
        if sure and (firm := _COMES_FROM.match(text, end)) and names_something(firm["employer"].split(" ")[0]):
            prose.append(Found(*firm.span("employer"), "employer"))
        # Each part of "Sandra's Django" can be kept separately.
        for part in _OWNED_PARTS.finditer(text, start, end):
            prose.append(Found(*part.span("name"), "name" if sure else "name?"))
    yield from (one for one in prose if not _inside(one, code))


def calls_in(text: str, calls: Collection[str]) -> Iterator[Found]:
    """Where a text has the address of a call, also without 'https://'."""
    for call in calls:
        bare = re.escape(call.partition("://")[2].partition("?")[0].rstrip("/"))
        for match in re.finditer(rf"(?i)(?:https?://)?{bare}(?![\w-])(?:[/?#][^\s<>\"'`|\\^{{}}]{{0,2000}})?", text):
            yield Found(match.start(), match.start() + len(match[0].rstrip(".,;:!?*_~)")), "link")


def _whole_words(text: str, one: Found) -> Found:
    """The match without surrounding whitespace, extended to word boundaries if it ends within a word."""
    start, end = one.start, one.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end:
        return replace(one, start=start, end=end)
    while start and _inside_word(text, start) and one.start - start < LONGEST_WORD:
        start -= 1
    while end < len(text) and _inside_word(text, end) and end - one.end < LONGEST_WORD:
        end += 1
    return replace(one, start=start, end=end)


def _inside_word(text: str, at: int) -> bool:
    """Whether a Latin letter or digit is on both sides. Scripts without spaces between words have no boundary."""
    return all(c.isalnum() and c < "\u0250" for c in text[at - 1 : at + 1])


def _kind(text: str) -> Kind:
    return next(kind for kind in KINDS if kind == text)


def _spans(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Found]:
    """Matches of a pattern: its group with the name of the kind, if it has one."""
    for match in pattern.finditer(text):
        group = kind if kind in pattern.groupindex and match[kind] is not None else 0
        yield Found(*match.span(group), kind)


def _inside(one: Found, code: Iterable[tuple[int, int]]) -> bool:
    return any(start <= one.start and one.end <= end for start, end in code)


def _is_software(said: str) -> bool:
    """'The manager' is mostly a program."""
    return bool(re.match(r"(?i)(?:the|his|her)[ -](?!(?:\w{1,8} )?(?:boss|ceo|cto|cfo)\b)", said))


def _secrets(text: str) -> Iterator[Found]:
    for match in _SECRET.finditer(text):
        value, link = match["secret"].rstrip(".,:"), match["link"].strip().strip("\"'")
        plain = value.lower().strip("*_")
        if (
            plain in _NO_SECRET
            or len(value) < 4
            or value.startswith(("$", "%", "os.", "process.", "your", "/", "--", "http"))
        ):
            continue
        odd = any(c.isdigit() or c in "!@#$%&*+=?^~" for c in value) or not (value.islower() or value.istitle())
        if not odd and (link == "" or plain.endswith(("ed", "ing", "ly")) or not plain.isalpha()):
            continue
        if link == "" and not any(c.isdigit() for c in value):
            continue
        yield Found(match.start("secret"), match.start("secret") + len(value), "secret")


def _is_account(value: str) -> bool:
    """Whether a word in the position of an account name is one, and not a word of the sentence."""
    said = value.lower()
    stands_for_one = ("user" in said and "name" in said) or said.startswith(("your", "my_", "<"))
    return not (said in _NO_SECRET or said in _NO_HOME or len(said) < 3 or said.isdigit() or stands_for_one)


def _accounts(text: str) -> Iterator[Found]:
    for match in _CREDENTIAL.finditer(text):
        value, link = match["account"].rstrip(".-"), match["link"].strip()
        odd = any(c.isdigit() or c in "_#." for c in value) or "-" in value
        if not _is_account(value):
            continue
        if (
            odd
            if not link
            else odd or (link in ("=", ":", "is") and value.islower() and not value.endswith(("ed", "ing")))
        ):
            yield Found(match.start("account"), match.start("account") + len(value), "account")
    for match in _LOGGED_IN.finditer(text):
        value = match["account"].rstrip(".-")
        if _is_account(value):
            yield Found(match.start("account"), match.start("account") + len(value), "account")
    yield from (Found(*m.span(), "account") for m in _TAG.finditer(text))
    for match in _HOME.finditer(text):
        if _is_account(match["account"]):
            yield Found(*match.span("account"), "account")


def _employers(text: str) -> Iterator[Found]:
    for match in _EMPLOYER.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        if names_something(text[start:end].split(" ")[0]):
            yield Found(start, end, "employer")
