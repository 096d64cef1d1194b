"""What learners write in private about pods: that they want none, want one, or where theirs is."""

import re
from collections.abc import Sequence

from bot.core.errors import NotFound
from bot.core.message import Message
from bot.core.people import Cohort, Role
from bot.core.private import Meaning, Receipt, Said
from bot.core.small_words import words_of
from bot.core.translation import _
from bot.core.wishes import Act, says_more, wishes
from bot.features.pods import joining, views
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import feature

_POD = r"(?:pods?|gruppe|kleingruppe|grupo|groupe)"
_SOON = rf"(?=(?: \w{{1,15}}){{0,7}} {_POD}\b)"
_BESIDE = words_of(
    "pod pods group no not into out rather without stay join joining put come leave channel place people else member "
    "members who when hear see find show did which new other yet already instead "
    "gruppe kleingruppe kein keinen keine nicht ohne mehr hinein rein wer welchem wann kommen verlassen hatte eine "
    "grupo nao sem mi quem quando entrar estar ficar fazer parte participar salir sair "
    "quien cuando quien sin groupe pas ne sans qui quand dans etre rejoindre entrer quitter veux"
)
JOIN = "join"
NO_POD = Act(
    re.compile(
        r"\b(?:(?<!am )not(?! (?:have|get|got)\b)|no|without|leave|leaving|quit|exit|out of|"
        r"kein|keinen|keine|nicht|ohne|verlasse|nao|sem|sair|saio|deixar|no|sin|salir|salgo|dejar|"
        rf"ne|pas|sans|quitter|quitte|sortir){_SOON}|"
        rf"\b{_POD} (?:verlassen|raus|austreten)\b"
    ),
    _BESIDE,
    alone=True,
)
"""'I don't want to be in a pod', 'How do I leave my pod?'"""

MY_POD = Act(
    re.compile(
        r"\b(?:who|where|when|which|show|find|am i|switch|switching|change|changing|swap|"
        r"wer|wo|wann|welchem|quem|onde|quando|trocar|mudar|quien|donde|cuando|cambiar|qui|ou|quand|changer|change)"
        rf"{_SOON}|\b{_POD} (?:wechseln|tauschen)\b|"
        r"^(?:my|our|mein|unser|meu|nosso|mi|nuestro|mon|notre) (?:pods?|gruppe|kleingruppe|grupo|groupe)$"
    ),
    _BESIDE,
    alone=True,
)
"""'Who is in my pod?', 'Can I switch pods?'"""

A_POD = Act(
    re.compile(
        r"\b(?:want|wish|like|have|need|get|got|give|join|is there|be|am|put|come|"
        r"gern|gerne|mochte|will|brauche|kann|quero|queria|gostaria|preciso|entrar|quiero|quisiera|necesito|"
        rf"voudrais|veux|aimerais|souhaite|rejoindre){_SOON}|"
        r"^(?:a|another|einen|um|un) (?:pod|grupo|groupe)\b|"
        r"\b(?:work|learn|study|compare notes) (?:together )?with (?:others|other people|other learners|somebody|"
        r"someone|people)\b"
    ),
    _BESIDE,
)
"""'I'd like a pod', 'Can I still get into a pod?'"""


def _here(turn: Turns, cohort: Cohort) -> CohortPods | None:
    """The pods of a cohort, for its learners; None where it has none."""
    here = CohortPods(turn, cohort)
    return here if Role.LEARNER in turn.roles and (here.asked is not None or here.pods) else None


def _means(cohort: Cohort, label: str, text: str, subject: str = "") -> list[Meaning]:
    return [Meaning(cohort.id, label, (text,), "author", "wish", subject)]


@feature.meanings("nopod")
def may_want_none(turn: Turns, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    if wishes(said.text, MY_POD) or not wishes(said.text, NO_POD) or (here := _here(turn, cohort)) is None:
        return ()
    if here.of(said.person) is not None:
        return _means(cohort, _("Leave the pod"), _("you are asked once more; nobody reads your words"))
    text = _("you are put in none, and can change your mind; nobody reads your words")
    return _means(cohort, _("No pod for me"), text)


@feature.meanings("pod")
def may_want_one(turn: Turns, said: Said, cohort: Cohort) -> Sequence[Meaning]:
    """Whoever has a pod, or waits for it, sees it; whoever asks for theirs and has none may like one."""
    where = wishes(said.text, MY_POD)
    if not where and (wishes(said.text, NO_POD) or not wishes(said.text, A_POD)):
        return ()
    if (here := _here(turn, cohort)) is None:
        return ()
    if here.of(said.person) is not None or (where and here.wants(said.person)):
        text = _("who is in it, where it talks, and how to leave it; nobody reads your words")
        return _means(cohort, _("My pod"), text)
    if here.asked is None:
        return ()
    text = _("a few people, as near in time as there are; nobody reads your words")
    return _means(cohort, _("I'd like a pod"), text, JOIN)


@feature.takes("nopod")
def take_none(turn: Turns, said: Said | None, subject: str) -> Receipt:
    return _receipt(joining.stay_out(turn), said)


@feature.takes("pod")
def take_one(turn: Turns, said: Said | None, subject: str) -> Receipt:
    """Their pod without the introductions: these stay where the pod reads them."""
    if subject == JOIN:
        joining.enter(turn)
    here = CohortPods(turn, turn.here)
    if (pod := here.of(turn.me.id)) is not None:
        return _receipt(views.stands(turn.here, here.others(pod, turn.me.id), pod.place), said)
    if here.formed_at is None or not here.wants(turn.me.id):
        raise NotFound(views.no_pod_of_yours())
    return _receipt(views.listed(turn.here, here.formed_at, turn.now), said)


def _receipt(shown: Message, said: Said | None) -> Receipt:
    return Receipt(shown, words_left=said is not None and says_more(said.text, NO_POD, MY_POD, A_POD))
