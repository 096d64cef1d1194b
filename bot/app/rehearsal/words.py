"""What people say in a rehearsal, built from the course's words so that the transcript reads like the course."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.core.forms import ChoiceField, DateField, FileField, Form, TextField
from bot.core.message import shorten
from bot.course.model import Course, Kind

DONE = (
    "I went through everything but the last exercise.",
    "The exercise, and most of “{item}”.",
    "“{item}” took me two evenings, but it works now.",
    "The reading and the homework. The homework twice, because I misread it at first.",
    "Less than I wanted: “{item}”, and the first half of the rest.",
    "All of “{week}”. The second part was easier than the first.",
    "I repeated last week and then did “{item}”.",
)
SHORT = (
    "Finish what is left of “{week}”.",
    "Start earlier.",
    "Ask before I lose an evening.",
    "That an error message is worth reading to its end.",
    "A small thing: write down what I expect before I try it.",
    "To do “{item}” once more, without looking.",
    "Something that I can show to a colleague.",
)
STUCK = (
    "I do not see why my result differs from the one in “{item}”.",
    "Time, mostly. A child was ill.",
    "Step three of “{item}”: I get another number each time.",
    "I am not sure that I understood the goal of “{week}”.",
    "Nothing that a night's sleep would not solve.",
)
QUESTIONS = (
    "Where do I find the transcript of “{item}”?",
    "How long should the homework of “{week}” take? I have spent four hours and am half way.",
    "Does anybody else get an error at the second step of “{item}”?",
    "Can I use my own example for “{week}” instead of the one that is given?",
    "What is the difference between the two ways that “{item}” shows?",
    "Is there a way to check my result before I hand it in?",
    "Do we need everything of “{item}” for the homework, or is the first part enough?",
    "Why does “{item}” begin at the end? I seem to miss a step.",
)
ANSWERS = (
    "Below the player on the same page; I overlooked it too.",
    "Mine took about that long. The first part is most of it.",
    "Restart it once and run the first cell again; then it went away here.",
    "Yes, as long as the rubric can be applied to it.",
    "The first is shorter, the second is easier to check. Either is fine.",
    "Compare your count with the one in the self-check. If both are the same, you are there.",
)
FOLLOW_UPS = ("That was it, thank you.", "It works now.", "Thank you. I would not have found that.")
CHATTER = (
    "I wrote my notes of “{item}” down, if anybody wants to compare.",
    "Good luck with the homework, everybody.",
    "Half way through “{week}”. It is worth it.",
    "Hello from {place}. It is late here.",
)
EDITED = " (I added this later.)"
RECORDING = "https://example.org/recap"
ONE_WORD = "Yes."
OWN_WORDS = "And one thing of my own: your questions made this week better."


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, its answers in order, and the asker's follow-ups."""

    question: str
    answers: tuple[str, ...]
    follow_ups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Generates sentences about a course. All randomness comes from the speaker's `Random`.

    `past` are real exchanges, which people repeat if there are any.
    """

    course: Course
    past: tuple[Exchange, ...] = ()

    def exchange(self, random: Random, week: int) -> Exchange:
        """A question for a week, with its answers."""
        if self.past:
            return random.choice(self.past)
        return Exchange(self.say(random, QUESTIONS, week), ())

    def say(self, random: Random, kind: tuple[str, ...], week: int, place: str = "") -> str:
        """A sentence of this kind about a week of the course."""
        found = self.course.week(max(1, min(week, len(self.course.weeks))))
        title = found.title if found else self.course.title
        items = [m.title for m in found.materials] if found else []
        item = random.choice(items) if items else title
        return random.choice(kind).format(item=item, week=title, place=place)

    def link(self, random: Random) -> str:
        """A link to a person's work."""
        return f"https://example.org/work/{random.randrange(10**6)}"

    def answer(self, random: Random, asked: str, week: int) -> str:
        """A message that answers the wrap-up question contained in `asked`."""
        questions = (q for p in self.course.prompts for q in p.questions if f"Next: {q.text}" in asked)
        question = next(questions, None)
        if question is None or question.kind == "text":
            return self.say(random, SHORT, week)
        match question.kind:
            case "choice" | "scale":
                return random.choice(question.options)
            case "yes_no":
                return random.choice(("yes", "no"))
            case "number":
                return str(random.choice((3, 4, 4.5, 5, 6)))
            case "link":
                return self.link(random)
            case _:
                return self.say(random, DONE if question.audience == "cohort" else STUCK, week)

    def fill(self, random: Random, form: Form, week: int, today: date) -> dict[str, str]:
        """Values for a form. Existing values are kept; optional fields are sometimes filled in."""
        kinds: Mapping[str, Kind] = {shorten(q.text, 150): q.kind for p in self.course.prompts for q in p.questions}
        filled: dict[str, str] = {}
        for field in form.fields:
            value = field.value
            if not value and (field.required or random.random() < 0.4):
                match field:
                    case TextField():
                        value = self._text(random, field, kinds.get(field.label), week)
                    case ChoiceField(options=options):
                        value = random.choice(options).value if options else ""
                    case DateField():
                        value = (today + timedelta(days=random.randint(1, 7))).isoformat()
                    case FileField():
                        value = "A page of notes.\n"
            filled[field.name] = value
        return filled

    def _text(self, random: Random, field: TextField, kind: Kind | None, week: int) -> str:
        if kind == "number":
            return str(random.choice((3, 4, 4.5, 5, 5, 6, 6.5, 8)))
        if kind == "link" or field.name in ("link", "url"):
            return self.link(random)
        if not field.required:
            return self.say(random, STUCK, week)
        return self.say(random, DONE if field.long else SHORT, week)
