"""Titles as people compare them: capitals and the number of spaces make no other title."""


def plain_title(title: str) -> str:
    return " ".join(title.casefold().split())


def same_title(one: str, other: str) -> bool:
    return plain_title(one) == plain_title(other)
