"""From a chat message to an entry: the question on the first line, other sentences below it, without greetings."""

import re

from bot.core.incoming import clean
from bot.core.message import shorten
from bot.core.translation import _
from bot.core.typed import excerpt, outside_code, trim
from bot.features.faq.personal import without_placeholders
from bot.features.faq.words import listed

LONGEST = 3000
"""Characters of a question or an answer in an entry: as many as a form can show."""

TITLE = 150
"""Maximum characters of a question's first line."""

SHORT = 100
"""Maximum characters of a message that is taken for a title as a whole."""

_MENTION = r"(?:<@[^>\n]{1,200}>|(?<![\w.@/])@(?!property\b|app\b)[A-Za-z][\w.-]{0,60})"
_CALLED_BY = re.compile(
    # Mentioned at the beginning of a sentence (unless it is the subject), after a greeting, or at the end.
    rf"(?:^|(?<=\n)|(?<=[.!?] ))(?:{_MENTION}[,:]?[ \t]+(?!(?:also|and|said|says|wrote|writes|told|asked|"
    rf"showed|has|had|is|was|"
    rf"can|could|will|would|does|did|gave|sent|found|helped|answered|suggested|explained)\b))+|"
    rf"(?i:\b(thanks|thank you|hi|hello|hey|dear|cc)),? {_MENTION}(?:,? (?:and |& )?{_MENTION})*|"
    rf",[ \t]*{_MENTION}(?=[ \t]*(?:[.!?]|$|\n))|<[!#][^>\n]{{0,200}}>",
)


def _one_of(before: str, *phrases: str) -> re.Pattern[str]:
    return re.compile(f"^(?:{before})(?:{'|'.join(phrases)})", re.IGNORECASE)


_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day)|greetings)\b"
    r"(?:,? (?:all|everyone|everybody|team|guys|folks|there|friends|again|people|community))*"
    r"(?: [A-Z]\w+(?=[,!]))?[\s,.!:–-]*)+",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"^(?:i am|i'm|my name is|this is) [^.?!\n]{0,80}\b(?:excited|thrilled|happy|glad|pleased|looking forward|new here|"
    r"nice to meet)\b[^.?!\n]{0,40}[!.]+\s+(?=\S)|^my name is [^.?!,\n]{1,40}[!.,]+\s+(?=\S)|"
    r"^(?:i am|i'm) (?:new|excited|(?:so |very |really )*(?:happy|glad)) [^.?!,\n]{1,40}[,!.]+\s+(?:so |and )?"
    r"(?=(?:how|what|why|when|where|which|who|is|are|can|could|do|does|should|may)\b)",
    re.IGNORECASE,
)
"""Who asks introduces themselves before they ask."""
_PREFACE = _one_of(
    r"(?:so|also|sorry|just)?[, ]*",
    r"(?:i(?:'ve| have) (?:got )?|just )?(?:an?(?:other)? )?(?:(?:quick|small|silly|basic|dumb|simple) )*"
    r"(?:question|doubt|query)\b[^.?!:\n]{0,25}[:.,–-]\s*",
)
_THANKS = re.compile(
    r"(?:^|(?<=[.!?\n]))\s{0,20}+(?:many |much )?(?:thanks?|thank you|thx|cheers|tia)\b[^.?!\n]{0,40}[.!🙏🙂😊 ]*+$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:^|(?<=[.!?…,\n]))\s{0,20}+(?:"
    r"(?:(?:many|kind|best|warm|with) )*(?:thanks?|thank you|regards|cheers|best|sincerely)[,.! ]*+\s{0,20}+"
    r"(?:[-–—~]{0,2} ?[A-Z][\w.]{0,20}(?: [A-Z][\w.]{0,20})?)?|[-–—~]{1,2}[A-Z][a-z]{1,20}|-- ?[A-Z][a-z]{1,20})"
    r"[\s.!]*+$",
    re.IGNORECASE,
)
"""'Thanks, -Mia' and the like, at the end."""
_CALLED = re.compile(
    r"^(?!yes\b|no\b|ok\b|well\b|sorry\b|sure\b)[A-Z][\w.-]{1,25}(?: [A-Z][\w.-]{1,25})?,[ \t]*\n"
    r"(?:[ \t]*\n)*",
    re.IGNORECASE,
)
"""'Mia,' on its own line, at the beginning."""
_ONESELF = re.compile(r"\b(?:i|i'\w+|im|my|me|we|our|us)\b|^\W*(?:\w+ )?help\b", re.IGNORECASE)
# A full stop before a lower-case letter belongs to an abbreviation.
_SENTENCE = re.compile(
    r"[^\n]+?(?:(?<![!?？؟])[!?？؟]+[\"')\]]*(?=\s|$)|"
    r"(?<!\.)\.+[\"')\]]*(?=\s+[^\sa-z]|\s*$|\n)|(?=\n|$))"
)
_HOLE = re.compile(r"(?:(?<![ \t])[ \t]++)?\0[ \t]*")
_FENCED = re.compile(r"```.*?```", re.DOTALL)
_POINTS_BACK = re.compile(
    r"^(?:(?:so|and|but|or|then) )?\w+ (?:this|that|it|they|these|those|them|there)\b", re.IGNORECASE
)
_ASKING_MARKS = ("?", "？", "؟")
_EMPTY_QUESTION = _one_of(
    r"(?:(?:and|so|but|also|please|pls),? )*",
    r"any(?:one|body)?(?: have)?(?: any)? (?:ideas?|help|thoughts?|suggestions?|clues?|advice|tips|hints?)\b",
    r"(?:can|could|would|will|does|has|is) (?:any|some)(?:one|body)\b.{0,30}\b(?:help|know|advise|"
    r"explain)(?: me)?\W*$",
    r"(?:has|had) (?:any|some)(?:one|body)\b.{0,20}\b(?:this|it|that|the same)(?: too| before| issue| error)?\W*$",
    r"what (?:(?:should|can|do|could) i (?:do|try)\b|(?:am i|did i|is) .{0,15}wrong)",
    r"(?:is|does) (?:this|that|it) (?:right|correct|ok|okay|normal|possible|true|expected|make sense)\b",
    r"is (?:this|that|it) (?:by design|how .{0,30}\b(?:supposed|meant|expected|intended))\b",
    r"why(?: is (?:this|that|it))?\W*$",
    r"(?:how|thoughts|help|right|correct|ok|okay|yes|no)\W*$",
    r"am i (?:right|missing)",
    r"can you (?:please )?help",
    r"how (?:can|do|to) i? ?(?:fix|solve|resolve) (?:this|it|that)\b",
)
_OPENER = re.compile(
    r"^(?:how|what|why|when|where|which|who|whose|is|are|was|can|could|do|does|did|should|would|will|may|"
    r"am|has|have)\b",
    re.IGNORECASE,
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_OF_THIS_RUN = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|"
    rf"\b(?:today|tonight|tomorrow|yesterday|(?:this|next|last) (?:week|weekend|month|term|semester|{_DAY}|"
    rf"evening|morning)|"
    rf"this (?:run|cohort)|(?:by|until|till|before|after|on|since|from|every) {_DAY}|{_DAY}s? (?:at|by|"
    rf"\d)\b[^\s.]{{0,8}}|"
    rf"midnight|deadlines?|overdue|due(?! to\b)|extended (?:to|until|by))\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}[a-z]{{0,6}}\b|"
    rf"\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\.? \d{{1,2}}(?:st|nd|rd|th)?\b|"
    rf"\bmay \d{{1,2}}(?:st|nd|rd|th)\b|"
    rf"\b\d{{1,2}}(?::\d\d)? ?(?:am|pm|utc|gmt|cet|cest|est|pst)\b",
    re.IGNORECASE,
)
_LINK_OF_THIS_RUN = re.compile(
    rf"https?://(?:[\w-]{{1,60}}\.){{0,3}}(?P<host>{'|'.join(map(re.escape, sorted(listed('runlinks'))))})",
    re.IGNORECASE,
)
_EMOJI = re.compile(
    r":[a-z][a-z0-9_+-]{0,40}:|<a?:\w{1,40}:\d{1,25}>|https?://\S{1,2000}|<[@!#][^>\n]{0,200}>", re.IGNORECASE
)
_NO_WORDS = re.compile(
    r"^\W*(?:(?:(?:sent|shared|uploaded|added|posted) )?(?:an? )?(?:\d )?(?:sticker|picture|image|photo|"
    r"screenshot|file|gif|video|clip|voice "
    r"(?:message|note)|audio|recording|poll|attachment|document|forwarded message|"
    r"forward)s?(?: (?:attached|below|above))?|(?:this |the )?(?:message|content)"
    r"(?: (?:was|has been|is))? (?:deleted|removed|not available|unavailable|not readable|unreadable|"
    r"could not be (?:read|shown))"
    r"|(?:this )?(?:message|content) (?:can(?:not|['’]t)) be (?:displayed|shown|read)|deleted|removed|"
    r"unsupported(?: message)?|"
    r"nothing in words|no text|(?:see|look at|like) (?:this|that|the (?:picture|screenshot|image|file))|"
    r"[\w.\- ()]{1,80}\.(?:png|jpe?g|gif|webp|heic|pdf|docx?|xlsx?|pptx?|zip|mp[34]|mov|ogg|m4a|wav|ipynb|"
    r"csv|txt))\W*$",
    re.IGNORECASE,
)
_THANKED = (
    r"thanks|thank(?: you)?|thx|ty|cheers|works?|worked|fixed|solved|helped|helps|did it|got it|perfect|great|"
    r"same here|same (?:problem|question)|me too|bump|never ?mind|you're welcome|welcome|no problem|np"
)
_MERE_THANKS = re.compile(
    rf"^(?=.{{0,60}}\b(?:{_THANKED})\b)(?:(?:{_THANKED}|ok(?:ay)?|many|a lot|so much|very much|nice|cool|awesome|"
    r"super|wow|done|it|that|this|just|now|really|i see|for (?:your|the) help|all|everyone|both|again|finally|"
    r"like a charm|fine|and|is|was|all good|sure)\W+){1,30}$",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """A message without mentions, cut to the length of an entry. In code '@' mentions nobody and whitespace counts."""
    return _cut(trim(outside_code(trim(clean(text)), _nameless)))


def _cut(text: str) -> str:
    return excerpt(text, LONGEST) if len(text) > LONGEST else text


def _nameless(text: str) -> str:
    """The text without mentions, each with one adjacent space. Other whitespace stays as typed."""
    made, end = "", 0
    for called in _CALLED_BY.finditer(text):
        said = text[end : called.start()]
        end = called.end()
        if called[1]:
            made += said + called[1]
            continue
        blanks = len(called[0]) - len(called[0].rstrip(" \t"))
        if blanks:
            end -= blanks - 1
        elif said.endswith((" ", "\t")) and said.rpartition("\n")[2].strip():
            said = said[:-1]
        elif text[end : end + 1] in (" ", "\t"):
            end += 1
        made += said
    return made + text[end:]


def _ungreeted(text: str) -> str:
    """The text without its opening greeting. The line below the greeting keeps its indentation and its mark."""
    greeting = _GREETING.match(text)
    if not greeting:
        return text
    begun = greeting[0].rpartition("\n")[2] if "\n" in greeting[0] else ""
    return ("" if any(c.isalnum() for c in begun) else begun) + text[greeting.end() :]


def answering(text: str) -> str:
    """An answer as an entry shows it: tidy, without the greeting and the signature."""
    body = tidy(text)
    bare = trim(_SIGNED.sub("", _CALLED.sub("", _ungreeted(body))))
    return _capital(bare) if any(c.isalnum() for c in bare) else body


def headed(text: str) -> str:
    """A question as an entry shows it: one line that asks, then the rest."""
    body = _strip_courtesies(_SIGNED.sub("", tidy(text)) or tidy(text))
    title = _heading(body)
    if title:
        _, _, rest = body.partition("\n")
        return _cut(f"{title}\n\n{_strip_courtesies(trim(rest))}")
    if len(body) <= SHORT and "\n" not in body and (body.endswith(_ASKING_MARKS) or "?" not in body):
        return _capital(_bare(body))
    asked = _asking(_FENCED.sub("\n", body)) or body
    title = _capital(shorten(_bare(asked), TITLE))
    rest = body if title.endswith("…") else _HOLE.sub(" ", body.replace(asked, "\0", 1))
    rest = _strip_courtesies(trim(rest))
    return _cut(f"{title}\n\n{rest}") if sum(c.isalnum() for c in rest) >= 12 else title


def _heading(body: str) -> str:
    """A first line that somebody wrote as the title of their post: short, addressed to nobody, not a sentence. Two or
    three words say less than a question does."""
    first, _, rest = (part.strip() for part in body.partition("\n"))
    words, least = len(first.split()), 4 if any(mark in rest for mark in _ASKING_MARKS) else 2
    told = first.endswith((".", ",", ":", ";", "!")) and not first.endswith("...")
    if not any(c.isalnum() for c in rest) or not least <= words <= 16 or len(first) > SHORT or told:
        return ""
    if _ONESELF.search(first) or _GREETING.match(first) or _EMPTY_QUESTION.match(first) or _PREFACE.match(first + ":"):
        return ""
    return _capital(first)


def _bare(sentence: str) -> str:
    return _PREFACE.sub("", _GREETING.sub("", sentence)) or sentence


def _strip_courtesies(text: str) -> str:
    without = trim(_THANKS.sub("", _ungreeted(text)))
    asks = trim(_INTRODUCED.sub("", without))
    without = asks if any(mark in asks for mark in _ASKING_MARKS) and "\n" not in without else without
    return without if any(c.isalnum() for c in without) else text


def _asking(text: str) -> str:
    """The sentence that best says what is asked, with the previous one if it cannot be understood alone."""
    found = [m for m in _SENTENCE.finditer(text) if len(m[0].split()) > 2]
    said = [m[0].strip() for m in found]
    asking = [s for s in said if s.endswith(_ASKING_MARKS) and not _EMPTY_QUESTION.match(_GREETING.sub("", s))]
    opening = [s for s in said if _OPENER.match(_PREFACE.sub("", s)) and not _EMPTY_QUESTION.match(s)]
    # 'Any ideas?' asks nothing by itself: the sentence before it has the topic.
    ranked = [*asking, *opening, *said]
    best = next((s for s in ranked if len(s) <= TITLE), next(iter(ranked), ""))
    place = said.index(best) if best in said else 0
    if place and _POINTS_BACK.match(best):
        together = text[found[place - 1].start() : found[place].end()].strip()
        if len(together) <= TITLE and "\n" not in together:
            return together
    return best


def _capital(text: str) -> str:
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text


def run_reason(text: str) -> str:
    """Why a text may be valid for one run only, as a sentence: it names a day, or links to a meeting or form. Empty if
    it contains nothing like that."""
    link = _LINK_OF_THIS_RUN.search(text)
    if link:
        return _("It links to {host}.", host=link["host"].lower())
    said = _OF_THIS_RUN.search(text)
    return _("It says “{said}”.", said=said[0]) if said else ""


def lacking(question: str, answer: str) -> str:
    """What an entry lacks to be readable, as a sentence; empty if both texts have words."""
    for is_answer, text in enumerate((question, answer)):
        said = without_placeholders(_EMOJI.sub(" ", text)).strip()
        if _NO_WORDS.match(said) or sum(map(str.isalnum, said)) < 1:
            return (
                _("The answer has no words, as a sticker, a picture or a deleted message has none.")
                if is_answer
                else _("The question has no words, as a sticker, a picture or a deleted message has none.")
            )
        if len(said) < 100 and _MERE_THANKS.match(said + " "):
            only = shorten(said, 40)
            return (
                _("The answer only says “{said}”: what tells what to do is missing.", said=only)
                if is_answer
                else _("The question only says “{said}”: what asks is missing.", said=only)
            )
    return ""
