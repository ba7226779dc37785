"""Find where text that begins like a quote of a layout stops fitting it."""

import re
from itertools import dropwhile
from typing import NamedTuple

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.figures import DECIMALS, decimals
from tickerx.layouts.layout import NAME_WORDS, Layout, Step

__all__ = ["Break", "Walk", "figure_at_end", "find_break", "has_long_name", "name_break", "walk_along"]


class Break(NamedTuple):
    """The place where a line stops fitting a layout."""

    start: int
    """Start of the wrong token; the end of the line if the line is too short."""
    end: int
    expected: str
    reason: str = ""
    """What is wrong, if "expected …" does not say it."""


class Walk(NamedTuple):
    """How far a stretch of text follows a layout, element by element."""

    place: Break
    steps: int
    """How many elements fit."""


_TOKEN_END = re.compile(rf"[{SPACES}\r\n]")
_LIKE_FIGURE = re.compile(
    rf"(?<![^{SPACES}\r\n])(?:[^{SPACES}\r\n0-9]{{0,64}}[0-9]|[^\w{SPACES}\r\n]{{1,8}}(?!\w)|[Nn]/?[Aa])"
)
_LETTER = re.compile(r"[^\W\d_]")
_LAST_FIGURE = {
    sign: re.compile(rf"[{SPACES}]([^\w{SPACES}]{{0,4}}(?:[0-9][0-9.,'\u2019]*)?{re.escape(sign)}([0-9]{{1,9}}))\Z")
    for sign in DECIMALS
}
_WORD = re.compile(rf"[^{SPACES}\r\n]+")


def find_break(layout: Layout, text: str, start: int, end: int) -> Break:
    """Return where a stretch of text that begins like a quote of a layout stops fitting it.

    If the text fits except for one token, that is the place. Otherwise it is where a walk from the left ends.
    """
    for fault in layout.faults:
        if match := fault.pattern.match(text, start, end):
            first, last = match.span("last")
            if fault.is_of_name:
                return name_break(first, last, text)
            return Break(first, last + text.startswith("%", last, end), fault.expected)
    return walk_along(layout, text, start, end).place


def name_break(start: int, end: int, text: str) -> Break:
    """Return what is wrong with a name: it has too many words, or no letter."""
    words = _name_words(text, start, end)
    if len(words) > NAME_WORDS:
        return Break(words[NAME_WORDS].start(), words[NAME_WORDS].end(), f"a name of {NAME_WORDS} words at most")
    return Break(start, end, "a name")


def has_long_name(name: str) -> bool:
    """Say whether a name has too many words."""
    return len(_name_words(name, 0, len(name))) > NAME_WORDS


def figure_at_end(layout: Layout, name: str, price: str) -> str:
    """Return the figure with decimals at a name's end where a figure follows on the name: it may be no part of it.

    One decimal where the price has more is a version, as in ``Fund 2.0 51.20``; whole numbers belong to names.
    """
    found = _LAST_FIGURE[layout.decimal].search(name) if layout.has_name_before_figure else None
    return found[1] if found and len(found[2]) in (decimals(price), *range(2, 10)) else ""


def _name_words(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Return the words of a name, from the first one with a letter on."""
    return list(dropwhile(lambda word: not _LETTER.search(word[0]), _WORD.finditer(text, start, end)))


def walk_along(layout: Layout, text: str, start: int, end: int) -> Walk:
    """Walk along a layout until a stretch of text does not fit. A name takes all it can."""
    at = token = start
    last = layout.steps[0]
    steps = 0
    for step in layout.steps:
        match = step.pattern.match(text, start, end)
        if not match:
            break
        token, at, last = match.start("last"), match.end(), step
        steps += 1
    else:
        raise AssertionError("the pattern has missed a quote")  # pragma: no cover - both have the same parts
    if (
        step.expected == "a price"
        and last.expected == "a space"
        and "name" in layout.fields[: layout.fields.index("price")]
    ):
        at = _likely_price(text, start, at, end)
    return Walk(_place(layout, text, end, last, step, token, at), steps)


def _likely_price(text: str, start: int, at: int, end: int) -> int:
    """Return where the price probably is that a name has run over: at the first later word that looks like a figure."""
    first = _WORD.match(text, start, end)
    found = _LIKE_FIGURE.search(text, first.end(), end) if first else None
    return min(found.start(), at) if found else at


def _place(layout: Layout, text: str, end: int, last: Step, step: Step, token: int, at: int) -> Break:
    token_end = _token_end(text, at, end)
    if last.is_token and not step.is_token and token < at < token_end:
        return Break(token, token_end, last.expected)  # the token goes on, so it is not what it seemed
    at = end - len(text[at:end].lstrip(SPACES))
    if at == end and step.expected == "the end of the line":
        step = layout.steps[layout.steps.index(step) + 1]  # the whole next line is missing
    return Break(at, _token_end(text, at, end), step.expected)


def _token_end(text: str, at: int, end: int) -> int:
    found = _TOKEN_END.search(text, at, end)
    return found.start() if found else end
