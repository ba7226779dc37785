"""Decide which blocks of a page end lines: all, except those within a quote in words.

On some boards, each cell is a block, so layouts of several lines need a line for each. The built-in grammar has no line
ends within a quote.
"""

import re

from tickerx.grammar.parser import encode, normalize, parse_spans
from tickerx.inputs.pages import SOFT

__all__ = ["join_quotes"]

_SOFT = re.compile(f" *{SOFT}[ {SOFT}]*")
_BESIDE_LINE_END = re.compile(f"{SOFT}?\n{SOFT}?")


def join_quotes(text: str) -> str:
    """Return the text of a page with `SOFT` between blocks as lines, one for each block, but a quote stays on one."""
    text = _BESIDE_LINE_END.sub("\n", _SOFT.sub(SOFT, text))
    parts, at = [], 0
    for span in parse_spans(normalize(encode(text.replace(SOFT, " ")))):
        if span.pieces:
            parts += [text[at : span.start].replace(SOFT, "\n"), text[span.start : span.end].replace(SOFT, " ")]
            at = span.end
    return "".join([*parts, text[at:].replace(SOFT, "\n")]).lstrip("\n")
