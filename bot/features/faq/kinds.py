"""The kinds of personal information that are left out of a draft. Each has the placeholder '[kind]'."""

from typing import Literal, get_args

Kind = Literal["link", "secret", "e-mail", "account", "number", "phone", "address", "employer", "boss", "name", "name?"]
"""If two overlap, the first of these counts."""

KINDS: tuple[Kind, ...] = get_args(Kind)
