"""A scenario on every platform: one card in the direct messages, which each choice edits, for oneself alone."""

from pathlib import Path

from tests.kit import COURSE
from tests.platforms.people import Stage
from tests.platforms.test_private_talk import in_private, others_see, whole_bot

LABEL = "Explain *everything* once more, slowly, in other words, to <!here>"
STORY = f"""\
scenarios:
  - id: reader
    week: 1
    title: Your reader stops
    nodes:
      - id: line-two
        text: "CANARY: they stop at line two. {"They look up, and say nothing. " * 40}"
        choices:
          - {{label: "{LABEL}", to: end, feedback: "{"They have heard that before. " * 15}"}}
          - {{label: Ask why, to: end}}
      - {{id: end, text: They had not known a word., ending: You know more}}
"""


async def test_a_choice_edits_the_card_and_nobody_else_sees_it(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    async with whole_bot(stage, tmp_path, COURSE + STORY):
        await people.command("mia", "dm", "")
        await in_private(stage, "a story in which you decide")
        await people.press("mia", "dm", "Play it")
        card = await in_private(stage, "CANARY")
        assert not isinstance(card, bool)
        assert "<!here>" in card.text
        long, short = card.buttons[:2]
        assert long.startswith("1. Explain")
        assert short == "2. Ask why"
        await people.press("mia", "dm", long)
        await in_private(stage, "CANARY", gone=True)
        await in_private(stage, "The end: You know more")
        await in_private(stage, "They have heard that before.")
        await people.press("mia", "dm", "Begin again")
        await in_private(stage, "CANARY")
        assert "CANARY" not in await others_see(stage)
