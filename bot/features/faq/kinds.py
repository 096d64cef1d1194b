"""The kinds of personal things that are left out of a draft. Each has the placeholder '[kind]'."""

from typing import Literal, get_args

Kind = Literal["link", "secret", "e-mail", "account", "number", "phone", "address", "employer", "boss", "name", "name?"]
"""Where two overlap, the first of these counts."""

KINDS: tuple[Kind, ...] = get_args(Kind)
