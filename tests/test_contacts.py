"""Addresses and contact data are found in words that are to name nobody, and ordinary words are none."""

import pytest

from bot.core.contacts import has_contact, has_link

LINKS = [
    "See https://docs.example/x",
    "See www.aurelia-site.example",
    "My draft: docs.google.com/document/d/1abcDEF",
    "github.com/acanary/tea",
    "bit.ly/3xyz",
    "t.me/x",
    "acanary.com",
    "ftp://x.example/a",
    "slack://user?id=U1",
    "[see](//docs.example/x)",
    "http\u200bs://docs.example/x",
]
CONTACTS = [
    "ac77@example.org for questions",
    "ac77\uff20example.org",
    "ask @acanary",
    "Discord: tea#1234",
    "+49 151 2345678",
    "0151/2345678",
    "(555) 123-4567",
    "01.23.45.67.89",
]
NEITHER = [
    "On 2026-01-05 at 10:00, or 01.05.2026 10:00, or 01/05/2026",
    "e.g. this and/or that",
    "node.js and main.py, v1.2.3",
    "It ends.So we go on",
    "1,000,000 of 0.00012345",
    "#12 and issue #4, 3.5/10 points, 1998-2004",
    "0 1 2 3 4 5 6 7 8 9",
    "tea @ home",
]


@pytest.mark.parametrize("text", LINKS)
def test_an_address_is_a_link_also_without_a_scheme(text: str) -> None:
    assert has_link(text)


@pytest.mark.parametrize("text", CONTACTS)
def test_contact_data_is_found(text: str) -> None:
    assert has_contact(text)
    assert not has_link(text), "each is called what it is"


@pytest.mark.parametrize("text", NEITHER)
def test_ordinary_words_are_neither(text: str) -> None:
    assert not has_link(text)
    assert not has_contact(text)
