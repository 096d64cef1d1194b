"""Single words: yes or no, and one of several."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.core.translation import N_
from bot.course.value_types.scalar import Scalar, Schema, Wrong

_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")


_SAME_FLAG = dict.fromkeys(("y", "1", "ja", "sí", "si", "oui", "sim", "x", "✓"), "yes")


_SAME_FLAG |= dict.fromkeys(("✅", "✔", "✔\ufe0f", "☑", "☑\ufe0f", "👍", "every week", "yep", "yeah"), "yes")


_SAME_FLAG |= dict.fromkeys(("❌", "✗", "✘", "✖", "👎"), "no")


_SAME_FLAG |= dict.fromkeys(("n", "0", "nein", "non", "não", "never", "none", "nope", "not"), "no")


@dataclass(frozen=True)
class Flag(Scalar):
    says: str = N_("`yes` or `no`")
    example: str = "yes"

    def parse(self, text: str) -> bool:
        word = text.lower()
        if word in (*_YES, *_NO):
            return word in _YES
        near = get_close_matches(word, (*_YES, *_NO), 1, 0.75)
        same = _SAME_FLAG.get(word, near[0] if near else "")
        raise Wrong("choice", f"`{text}` is neither yes nor no.", same)

    def schema(self) -> Schema:
        return {"enum": [True, False, "yes", "no", "on", "off"]}


@dataclass(frozen=True)
class Choice(Scalar):
    """One of several words. `words` maps each to its synonyms, separated by spaces."""

    words: Mapping[str, str]
    default: str = ""

    @property
    def says(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(f"`{w}`" for w in self.words)

    @property
    def example(self) -> str:  # type: ignore[override]
        return self.default or next(iter(self.words))

    def parse(self, text: str) -> str:
        if text in self.words:
            return text
        near = self._nearest(text.lower().strip())
        few = () if near or len(self.words) > 3 else tuple(self.words)
        raise Wrong("choice", f"`{text}` is not {self.says}.", near, few)

    def _nearest(self, word: str) -> str:
        word = word.replace(" ", "_")
        meant = {w: w for w in self.words} | {a: w for w, also in self.words.items() for a in also.split()}
        near = [word] if word in meant else get_close_matches(word, meant, 1, 0.75)
        return meant[near[0]] if near else ""

    def schema(self) -> Schema:
        return {"enum": list(self.words)}
