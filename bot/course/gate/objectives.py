"""What a course keeps live sessions for: the objectives of `live_only` that say what people learn."""

import re

from bot.core.small_words import words_of
from bot.course.model import Course

_NOTHING = words_of("""
a above all any anything applicable at be below do else everything for i in is it later na neither n no nobody none
nope nor not nothing objective objectives of ok okay or other others session tba tbd test that the them there these
this those to todo unknown we what whatever whichever x xx xxx yes
davon dieser diesen kein keine keiner keines keins nein nichts von das die der
aucun aucune rien ningun ninguna ninguno ningún nada nenhum nenhuma de
""")
"""Words that name nothing to learn: 'None of these' consists of them."""


def says_what(text: str) -> bool:
    """Whether an objective says what people learn; a dash or 'none of these' says nothing."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return any(word not in _NOTHING for word in words) and len("".join(words)) > 1


def kept(course: Course) -> tuple[str, ...]:
    """The objectives that only live sessions can serve."""
    return tuple(filter(says_what, course.live_only))
