"""Odd texts that people type, and what readers get when they copy them."""

import re

from hypothesis import strategies as st

_ODD = (
    "@everyone @here @EVERYONE <!channel> <!here> <@U1> <@123456789012345678> <@!1> <@&12345> <#C1> <#123> "
    "<!subteam^S1> </cohort ask:1> <id:customize> <t:1700000000:R> <!date^1^{date}|x> <:smile:1234> <a:wave:1> "
    ":tada: [free](https://evil.example) [a]: <https://evil.example|label> <https://evil.example> "
    "https://x.org/a_b*c_(d)? http://x.org discord.gg/abc discord.com/invite/abc steam://run javascript:alert(1) "
    "a@b.org www.x.org mailto:a@b.c "
    "<b>bold</b> <script>alert(1)</script> &amp; &lt; &#60; **bold** *it* __u__ _i_ ~~s~~ ~s~ ||spoiler|| my_pkg "
    "`code` `my_pkg *x*` `` ``x`` ```one``` back\\slash \\* \\ \\\\ 2*3*4 1_000_000 10:30:00 "
    "שלום مرحبا 👩‍👩‍👧 😀 e\u0301 "
    "\u200d \u200b \u202eevil \u2066x \x07 \x1b[31m \r\n \u2028 \x85"
)
LINES = (
    "# Big", "## Less", "-# small", "> quoted", ">>> all", "- a list", "  - deeper", "* star", "1. one", "2) two",
    "+ plus", "---", "===", "| a | b |", "    indented", "\ttab", "```", "```py", "````", "  def f(x):", "", " ",
)  # fmt: skip

token = (
    st.sampled_from(_ODD.split(" "))
    | st.text(max_size=8)
    | st.sampled_from(["word", "x" * 300, "`", "*", "_", "<", "[", "]("])
)
line = (
    st.sampled_from(LINES)
    | st.lists(token, min_size=1, max_size=6).map(" ".join)
    | st.lists(token, max_size=4).map("".join)
)
typed = st.lists(line, min_size=1, max_size=9).map("\n".join)
long = st.lists(line, min_size=30, max_size=90).map("\n".join)


def unseen(text: str) -> str:
    """A text without what `visible` drops."""
    text = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    text = "".join(c for c in text if c in "\n\t" or not (ord(c) < 32 or 127 <= ord(c) < 160))
    return re.sub("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", text)


def copied(text: str) -> str:
    """The text that a reader copies. It is what was typed, except as `bot/core/typed.py` says: without characters that
    no platform keeps or that reverse our words, the backticks around code with the language tag, and blank lines next
    to fenced code."""
    text = unseen(text)
    blocks: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if not found[2].strip():
            return "\x01" * len(found[1]) + found[2] + "\x01" * len(found[1])
        code = re.sub(r"^py[ \t]*\n(?=[\s\S]*\S)", "", found[2]) if not found[2].startswith("\n") else found[2]
        code = re.sub(r"^(?:[^\S\n]*\n)+", "", code).rstrip()
        blocks.append(code)
        return "\x00"

    text = re.sub(r"(?s)(?<!`)(`{3,})(?!`)(.*?)(?<!`)\1(?!`)", keep, text)
    said = text.split("\x00")
    found = []
    for n, piece in enumerate(said):
        if len(said) > 1:
            piece = piece.lstrip("\n") if n else piece
            piece = piece.rstrip("\n") if n < len(said) - 1 else piece
        if piece.strip() or len(said) == 1:
            found.append(re.sub(r"(?<!`)`([^`\n]*[^`\s][^`\n]*)`(?!`)", r"\1", piece))
        found += blocks[n : n + 1]
    return "\n".join(found).replace("\x01", "`")


def squeezed(text: str) -> str:
    """A text without spaces, for texts in several parts: a split drops a space."""
    return re.sub(r"\s", "", text)
