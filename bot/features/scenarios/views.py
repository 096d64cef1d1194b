"""What scenarios say."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.actions import Action
from bot.core.contributions import Extra, Listing
from bot.core.message import (
    Block,
    Bold,
    Button,
    Instant,
    Message,
    Text,
    bullets,
    buttons,
    heading,
    message,
    note,
    paragraph,
    shorten,
    with_code,
)
from bot.core.time import say_minutes
from bot.core.translation import _, _n, phrase
from bot.course.model import Scenario, ScenarioNode
from bot.features.scenarios import rules
from bot.features.scenarios.rules import Count
from bot.features.scenarios.store import Way

SO_FAR = 4
"""The last choices on the card; of the others it says how many."""

ON_A_BUTTON = 30
"""Characters that a button shows on a phone. Longer choices are written out above the buttons."""

TITLE = 80


def _button(label: str, name: str, cohort: int, *subject: object) -> Button:
    return Button(label, Action("scenarios", name, cohort, ".".join(map(str, subject))).encode())


def begin_button(cohort: int, scenario: Scenario, begun: bool = False) -> Button:
    return _button(_("Go on with it") if begun else _("Play it"), "begin", cohort, scenario.id)


def extra(cohort: int, scenario: Scenario) -> Extra:
    """The line of the week card."""
    title = shorten(scenario.title, TITLE)
    line = (
        _("“{title}”, a story in which you decide: {time}", title=title, time=say_minutes(scenario.minutes))
        if scenario.minutes
        else _("“{title}”, a story in which you decide", title=title)
    )
    return Extra((line,), begin_button(cohort, scenario), scenario.minutes)


def agenda_line(scenario: Scenario, begun: bool) -> Text:
    title = shorten(scenario.title, TITLE)
    if begun:
        return (_("You are in the middle of “{title}”", title=title),)
    return (_("“{title}”, a story in which you decide", title=title),)


# The card


def card(cohort: int, scenario: Scenario, way: Way, smallest: int, moved: bool = False) -> Message:
    """A learner's card at a moment of the story. `moved`: the moment where they were is not in it any more."""
    node = scenario.node(way.node)
    assert node is not None
    taken = rules.taken(scenario, way)
    return message(
        heading(shorten(scenario.title, TITLE)),
        _so_far([c.label for c in taken], way.dropped + len(way.steps)),
        note(_("Your course team has changed this story. You go on from here.")) if moved else None,
        paragraph(taken[-1].feedback) if taken and taken[-1].feedback and not moved else None,
        paragraph(node.text),
        *(_ending(node) if node.ending else _choices(cohort, scenario, way, node)),
        _again(cohort, scenario, way) if way.steps else _who_sees(smallest),
    )


def _so_far(labels: Sequence[str], steps: int) -> Block | None:
    if not labels:
        return None
    shown = " → ".join(labels[-SO_FAR:])
    more = steps - min(len(labels), SO_FAR)
    if more > 0:
        return note(
            _n("So far, {n} earlier choice and: {way}", "So far, {n} earlier choices and: {way}", more, way=shown)
        )
    return note(_("So far: {way}", way=shown))


def _choices(cohort: int, scenario: Scenario, way: Way, node: ScenarioNode) -> Iterator[Block | None]:
    long = any(len(c.label) > ON_A_BUTTON for c in node.choices)
    if long:
        yield bullets(*(c.label for c in node.choices), numbered=True)
    found = []
    for number, choice in enumerate(node.choices, 1):
        label = shorten(f"{number}. {choice.label}", ON_A_BUTTON) if long else choice.label
        found.append(_button(label, "choose", cohort, scenario.id, way.turn, rules.choice_key(node, choice)))
    yield buttons(*found)


def _ending(node: ScenarioNode) -> Iterator[Block | None]:
    yield paragraph(Bold(_("The end: {ending}", ending=node.ending)))


def _again(cohort: int, scenario: Scenario, way: Way) -> Block | None:
    return buttons(_button(_("Begin again"), "again", cohort, scenario.id, way.turn))


def _who_sees(smallest: int) -> Block:
    return note(
        _(
            "Only you see what you choose. Your course team sees numbers, and none of fewer than {smallest} people.",
            smallest=smallest,
        )
    )


# Answers


def in_direct_messages() -> Message:
    return message(paragraph(_("The story is in our direct messages now.")))


def gone() -> Message:
    """In place of the card of a story that the course does not have any more."""
    return message(paragraph(*with_code(_("This story is not in the course any more. `/cohort` shows what is."))))


def chosen_before(label: str) -> Message:
    """For a press on an earlier moment. `label`: what was chosen there, '' if that is not known any more."""
    return message(
        paragraph(
            _("You have chosen “{label}” here already.", label=label)
            if label
            else _("This was an earlier moment of the story.")
        ),
        note(_("Your card shows where you are. 'Begin again' on it lets you try another way.")),
    )


def not_begun(cohort: int, scenario: Scenario) -> Message:
    return message(
        paragraph(_("You have not begun “{title}” yet.", title=shorten(scenario.title, TITLE))),
        buttons(begin_button(cohort, scenario)),
    )


def opens(scenario: Scenario, at: Instant) -> Message:
    title = shorten(scenario.title, TITLE)
    return message(paragraph(*phrase("“{title}” can be played from {at} on.", title=title, at=at)))


def for_the_team(scenario: Scenario) -> Message:
    """The whole story, for the course team."""
    blocks: list[Block | None] = [heading(shorten(scenario.title, TITLE))]
    names = {n.id: number for number, n in enumerate(scenario.nodes, 1)}
    for node in scenario.nodes:
        blocks.append(paragraph(Bold(f"{names[node.id]}. "), node.text))
        if node.ending:
            blocks.append(note(_("The end: {ending}", ending=node.ending)))
        leads = (_("{label} (to {number})", label=c.label, number=names[c.to]) for c in node.choices)
        blocks.append(bullets(*leads))
    blocks.append(note(_("Learners go through it by buttons. You see how many, and nobody's way.")))
    return message(*blocks)


# In numbers


def outline(counts: Sequence[Count]) -> Listing:
    """Below the script of the instructor's recap."""
    lines: list[Text] = []
    for one in counts:
        lines.append((Bold(shorten(one.scenario.title, TITLE)), " ", in_numbers(one)))
        lines += [
            (_("“{choice}”: {number}", choice=choice.label, number=n), " · ", shorten(node.text, TITLE))
            for node, choice, n in one.choices
        ]
    return Listing(_("Scenarios, in numbers"), lines)


def in_numbers(one: Count) -> str:
    began = _n("{n} began", "{n} began", one.began)
    ends = [_("{n} reached “{ending}”", n=n, ending=node.ending) for node, n in one.endings]
    return ", ".join([began, *ends])


# Completion


def needs(number: int) -> str:
    return _n("{n} scenario", "{n} scenarios", number)


def did(scenario: Scenario, nodes: Mapping[str, ScenarioNode], way: Way) -> Text:
    ends = [nodes[id].ending for id in sorted(way.endings) if id in nodes and nodes[id].ending]
    title = shorten(scenario.title, TITLE)
    if not ends:
        return (_("“{title}”: played", title=title),)
    return (_("“{title}”: {endings}", title=title, endings=", ".join(ends)),)


def missing(scenario: Scenario) -> Text:
    return (_("“{title}”: play it to an ending", title=shorten(scenario.title, TITLE)),)
