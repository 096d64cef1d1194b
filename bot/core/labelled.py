"""A form filled by one message whose parts begin with the labels of its fields: 'Finished: … Stuck: … Next: …'."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.forms import ChoiceField, Field, Form, TextField

FEWEST = 2
"""Parts that a message needs to be taken as a whole form."""


def listed(text: str) -> tuple[str, ...]:
    """Words and phrases that are written in a row."""
    return tuple(" ".join(one.split()) for one in text.split(","))


_SAME: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (
        listed("finish, done, complet, achiev, accomplish, geschafft, fertig, erledigt, feito, hecho, conclu, termin"),
        listed(
            """done, finished, finish, completed, achieved, accomplished, progress, this week, worked on, erledigt,
            fertig, geschafft, gemacht, diese Woche, feito, concluído, concluido, terminei, acabei, fiz, esta semana,
            hecho, terminado"""
        ),
    ),
    (
        listed("next, nächst, danach, próxim, proxim, seguinte, siguiente, upcoming"),
        listed(
            """next, next up, up next, next step, next steps, next week, what's next, what is next, plan, plans, to do,
            todo, coming up, als Nächstes, nächste Schritte, nächste Woche, danach, weiter, geplant, próximo, próxima,
            próximos, próximo passo, próximos passos, proximo, próxima semana, a seguir, seguinte, depois, siguiente,
            próximos pasos, después"""
        ),
    ),
    (
        listed("stuck, block, häng, festgefahren, difficult, trouble, dificuld, trava, bloque, atasca"),
        listed(
            """stuck, stuck on, stuck at, blocked, blocker, blockers, problem, problems, issue, issues, obstacles,
            difficulty, difficulties, trouble, where I am stuck, where I'm stuck, help needed, hänge, ich hänge,
            hänge fest, wo ich hänge, festgefahren, blockiert, Schwierigkeiten, Probleme, travado, travada, preso,
            presa, bloqueado, bloqueada, bloqueios, dificuldade, dificuldades, problema, problemas, dúvida, dúvidas,
            atascado, atascada, dificultades"""
        ),
    ),
    (("claim",), listed("claim, These, Behauptung, afirmação, tese, afirmación")),
    (("evidence",), listed("evidence, Beleg, Belege, evidência, evidências, evidencia, prova, provas")),
    (("question",), listed("question, Frage, pergunta, pregunta")),
)
"""(How words of a field's label or its name begin, the labels that people write for such a field.)"""

_ASIDE = frozenset(
    [
        "what",
        "where",
        "which",
        "when",
        "your",
        "this",
        "that",
        "week",
        "with",
        "from",
        "have",
        "does",
        "will",
        "would",
        "could",
        "about",
        "comes",
        "there",
        "they",
        "them",
        "were",
        "been",
        "into",
        "than",
        "then",
        "some",
        "more",
        "most",
    ]
)
"""Words of a question that name nothing by themselves."""

_AFTER = re.compile(r"[*_]{0,3}\??[*_]{0,3}[ \t]{0,3}(?:[:：=][*_]{0,3}|[-–—]{1,2}>?(?=[ \t])|(?=\n|\Z))")
_ASKED = re.compile(r"[*_]{0,3}\?[*_]{0,3}(?=\s)")
_LINE = re.compile(r"[ \t>]{0,4}(?:[-*•–]|\d{1,2}[.)])?[ \t]{0,4}[*_]{0,3}")
_HEADING = re.compile(
    r"(?:\W*\b(?:hi|hello|hey|hallo|moin|olá|oi|hola|dear|good morning|guten \w{2,9}|bom dia)\b[^.\n]{0,40}|"
    r"[^.\n]{0,40}\b(?:wrap-?up|check-?in|week|update|woche|semana)\b[^.\n]{0,20})\W{0,3}",
    re.I,
)
_LEAD = 16
"""Characters that are read before a label."""

_YES = frozenset(("yes", "y", "ja", "sim", "sí", "si", "true"))
_NO = frozenset(("no", "n", "nein", "não", "nao", "false"))


@dataclass(frozen=True, slots=True)
class _Label:
    field: str
    start: int
    end: int


def filled(form: Form, text: str, team: Collection[str] = ()) -> Form | None:
    """The form with the parts of a message in its fields, after what they have already; None if the message is not
    written for it, or does not fit. What stands before the first label, or fits none of a field's choices, goes to the
    first field of those that only the course `team` reads, if there is one."""
    labels = _labels(form.fields, text)
    if len({one.field for one in labels}) < FEWEST:
        return None
    fields = {field.name: field for field in form.fields}
    parts, rest = defaultdict[str, list[str]](list), list[str]()
    before = text[: labels[0].start].strip(" \t\n*_-•>")
    if before and not _HEADING.fullmatch(before):
        rest.append(before)
    for one, end in zip(labels, [*(following.start for following in labels[1:]), len(text)], strict=True):
        part = text[one.end : end].rstrip(" \t\n*_-•>").strip()
        field = fields[one.field]
        chosen = _chosen(field, part)
        if chosen:
            parts[one.field].append(chosen)
        elif part:
            rest.append(f"{field.label}: {part}")
    if len(parts) < FEWEST:
        return None
    words = [name for name, field in fields.items() if isinstance(field, TextField) and (name in team or name in parts)]
    if rest and not words:
        return None
    if rest:
        narrow = next((name for name in words if name in team), words[0])
        parts[narrow] = [*rest, *parts[narrow]]
    made = tuple(_with(field, parts.get(field.name, ())) for field in form.fields)
    long = any(isinstance(field, TextField) and len(field.value) > field.max_length for field in made)
    return None if long else replace(form, fields=made)


def holds(form: Form, text: str) -> bool:
    """Whether a part of a message that was written for a form stands in it."""
    there = [field.value for field in form.fields if isinstance(field, TextField) and field.value]
    empty = replace(form, fields=tuple(replace(field, value="") for field in form.fields))
    meant = filled(empty, text)
    parts = [f.value for f in meant.fields if isinstance(f, TextField) and f.value] if meant is not None else []
    return any(part in value for part in parts for value in there)


def _with(field: Field, parts: Sequence[str]) -> Field:
    """A field with these parts after what it has. A choice is replaced."""
    if not isinstance(field, TextField):
        return replace(field, value=parts[-1]) if parts else field
    new = [part for part in parts if part not in field.value]
    return replace(field, value="\n".join([*([field.value] if field.value else []), *new]))


def _chosen(field: Field, part: str) -> str:
    """The value that a field takes from a part of a message; '' if it takes none."""
    if isinstance(field, TextField):
        return part
    if not isinstance(field, ChoiceField):
        return ""
    said = part.strip(" .!").casefold()
    for option in field.options:
        if said in (option.value.casefold(), option.label.casefold()):
            return option.value
    values = {option.value for option in field.options}
    return "yes" if said in _YES and "yes" in values else "no" if said in _NO and "no" in values else ""


def _labels(fields: Sequence[Field], text: str) -> list[_Label]:
    """Where the labels of fields stand in a message, in order."""
    names, own = _names(fields)
    if not names:
        return []
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.I)
    found = []
    for m in pattern.finditer(text):
        label = m[0].casefold()
        after = _AFTER.match(text, m.end()) or (_ASKED.match(text, m.end()) if label in own else None)
        if after is not None and _begins(text, m.start(), after):
            found.append(_Label(names[label], m.start(), after.end()))
    return found


def _begins(text: str, start: int, after: re.Match[str]) -> bool:
    """Whether a label at `start` begins a part: at the beginning of a line or of a sentence, or with a capital before a
    colon."""
    line = text.rfind("\n", max(0, start - _LEAD), start) + 1
    if (line or start < _LEAD) and _LINE.fullmatch(text, line, start):
        return True
    before = text[max(0, start - _LEAD) : start].rstrip("*_")
    if not before or not before[-1].isspace():
        return False
    if before.rstrip().endswith(tuple(".;,!?…)")):
        return after[0].strip() != ""
    return text[start].isupper() and ":" in after[0]


def _names(fields: Sequence[Field]) -> tuple[Mapping[str, str], frozenset[str]]:
    """Label -> the field that it names; and the labels that are whole questions."""
    names: dict[str, str] = {}
    own = {field.label.strip(" ?.:!…").casefold(): field.name for field in fields if field.label.strip(" ?.:!…")}
    names.update(own)
    for field in fields:
        names.setdefault(field.name.casefold(), field.name)
    for begins, labels in _SAME:
        meant = next((field for field in fields if _is_about(field, begins)), None)
        if meant is not None:
            for label in labels:
                names.setdefault(label.casefold(), meant.name)
    for word, field_name in _single(fields):
        names.setdefault(word, field_name)
    return names, frozenset(own)


def _is_about(field: Field, begins: tuple[str, ...]) -> bool:
    return any(word.startswith(begins) for word in (field.name.casefold(), *_words(field.label)))


def _single(fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """The words that stand in the label of one field alone."""
    of: dict[str, set[str]] = defaultdict(set)
    for field in fields:
        for word in _words(field.label):
            if len(word) > 3 and word not in _ASIDE:
                of[word].add(field.name)
    for word, found in of.items():
        if len(found) == 1:
            yield word, next(iter(found))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())
