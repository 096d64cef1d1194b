"""Checks a scenario: each choice leads somewhere, each node can be reached, and each way has an ending."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from bot.course.reader import MISSING, Read, Reader

_DEAD_END = "From here the story does not go on, and the node is no ending: it has neither `choices` nor `ending`."
_NO_WAY_OUT = "From here no choice ever leads to an ending."


def check_branches(reader: Reader, path: str, scenario: Read, nodes: Sequence[tuple[str, Read]]) -> None:
    """`nodes` with their paths. Nothing is said about ways that cannot be followed since a choice leads nowhere."""
    ids: dict[str, str] = {}
    for at, node in nodes:
        if "id" in node:
            ids.setdefault(node["id"], at)
    if not ids or len(ids) < len(scenario.get("nodes", ())):
        # A node without its id, or one that could not be read: which ways there are is not known.
        return
    sound = _start(reader, path, scenario, ids)
    for at, node in nodes:
        sound = _node(reader, at, node, ids) and sound
    if not sound:
        return
    ways = {node["id"]: [c["to"] for c in node.get("choices", ())] for _, node in nodes}
    start: str = scenario.get("start") or nodes[0][1]["id"]
    for id in ids.keys() - _reached([start], ways):
        message = f"No choice leads to `{id}`."
        what = f"write `to: {id}` at a choice, or leave the node out"
        reader.report_doubt(f"{ids[id]}.id", "unreachable", message, what, "warning")
    back: dict[str, list[str]] = {id: [] for id in ways}
    for id, targets in ways.items():
        for target in targets:
            back[target].append(id)
    for id in ids.keys() - _reached([n["id"] for _, n in nodes if "ending" in n], back):
        what = "lead a choice of this node, or of one that follows, to an ending"
        reader.report_doubt(f"{ids[id]}.id", "no-ending", _NO_WAY_OUT, what)


def _start(reader: Reader, path: str, scenario: Read, ids: Mapping[str, str]) -> bool:
    start = scenario.get("start")
    return start is None or _known(reader, f"{path}.start", start, ids)


def _node(reader: Reader, at: str, node: Read, ids: Mapping[str, str]) -> bool:
    """Reports what is wrong with a node; returns whether its ways can be followed."""
    choices, ends = reader.has(f"{at}.choices"), reader.has(f"{at}.ending")
    if choices and ends:
        message = "An ending has no `choices`: the story is over there."
        reader.report_doubt(f"{at}.ending", "conflict", message, "keep `choices` or `ending`")
        return False
    if not choices and not ends:
        reader.report_addition(at, "dead-end", _DEAD_END, "ending: The end")
        return False
    found, sound, labels = node.get("choices", ()), "choices" in node or "ending" in node, set[str]()
    for n, choice in enumerate(found):
        where = f"{at}.choices[{n}]"
        if choice is MISSING or "to" not in choice or "label" not in choice:
            sound = False
            continue
        if choice["label"] in labels:
            message = f"`{choice['label']}` is the label of another choice here."
            reader.report_doubt(f"{where}.label", "duplicate-option", message, "write another label")
        labels.add(choice["label"])
        sound = _known(reader, f"{where}.to", choice["to"], ids) and sound
    return sound


def _known(reader: Reader, path: str, id: str, ids: Collection[str]) -> bool:
    if id in ids:
        return True
    near = get_close_matches(id, ids, 1, 0.6)
    message = f"There is no node `{id}`; there are {', '.join(ids)}."
    if near:
        reader.report_value(path, "reference", message, near[0])
    else:
        reader.report_doubt(path, "reference", message, "write the id of a node, or add the node")
    return False


def _reached(start: Sequence[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    """The nodes that can be reached from some, and those themselves."""
    found, left = set(start), list(start)
    while left:
        new = [id for id in ways[left.pop()] if id not in found]
        found.update(new)
        left += new
    return found
