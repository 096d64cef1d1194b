"""Rows of the chat service's tables as values."""

import json
from functools import lru_cache
from sqlite3 import Row

from adapters.sandbox.records import Delivered, Human, Post, Room
from bot.core.codec import load_form, load_message
from bot.core.time import parse_instant

# Parsed messages and forms are immutable, and the same ones are read often.
_load = lru_cache(maxsize=2048)(load_message)
read_form = lru_cache(maxsize=256)(load_form)


def read_human(r: Row) -> Human:
    groups = None if r["in_groups"] is None else tuple(json.loads(r["in_groups"]))
    return Human(r["id"], r["name"], r["zone"], r["title"], bool(r["active"]), bool(r["admin"]), groups)


def read_room(r: Row) -> Room:
    members = None if r["members"] is None else frozenset(json.loads(r["members"]))
    return Room(r["id"], r["kind"], r["name"], r["topic"], r["owner"], members, bool(r["archived"]))


def read_delivered(r: Row) -> Delivered:
    return Delivered(r["seq"], r["person"], r["do"], r["event"], r["message"])


def read_post(r: Row) -> Post:
    return Post(
        id=r["id"],
        place=r["place"],
        thread=r["thread"],
        by=r["author"],
        at=parse_instant(r["at"]),
        text=r["text"],
        changed=r["changed"],
        message=_load(r["message"]) if r["message"] else None,
        revision=r["revision"],
        deleted=bool(r["deleted"]),
        to=r["recipient"],
        anchor=r["anchor"],
        zone=r["zone"],
        mentions={int(k): v for k, v in json.loads(r["mentions"] or "{}").items()},
        links=json.loads(r["links"] or "{}"),
        pinned=bool(r["pinned"]),
        medium=r["medium"],
    )
