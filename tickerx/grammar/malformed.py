"""Search the gaps between quotes for damaged quotes.

Text *commits* to being a quote if it has certain signs of one, see `_candidates`. Only then is it parsed terminal by
terminal, to say which terminal was expected where. Text is in normal form, see `terminals.NORMAL`; offsets count code
points.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tickerx.grammar.terminals import (
    ARROW,
    ARROWS,
    BEFORE_SYMBOL,
    BLOCK,
    BLOCK_REACH,
    NUMBER,
    SEP,
    SEPARATORS,
    SIGNED,
    SYMBOL,
    TO_ARROW,
    WORDS,
    WORDS_IN_ANY_CASE,
)

__all__ = ["Flaw", "MismatchError", "find_flaws", "find_line_end", "parse_quote"]


class MismatchError(Exception):
    """The text is not a quote: something else was expected instead of a token."""

    def __init__(self, start: int, end: int, expected: str) -> None:
        super().__init__(start, end, expected)
        self.start = start
        self.end = end
        self.expected = expected


class _Cursor:
    """A position in a text, which moves on as terminals are read."""

    def __init__(self, text: str, at: int, end: int) -> None:
        self.text = text
        self.at = at
        self.end = end

    def mismatch(self, expected: str) -> MismatchError:
        return MismatchError(self.at, self._token_end(), expected)

    def expect(self, terminal: re.Pattern[str], expected: str) -> None:
        """Read a terminal, or raise."""
        if not self.skip(terminal):
            raise self.mismatch(expected)

    def skip(self, terminal: re.Pattern[str]) -> bool:
        """Read a terminal if it is here."""
        if match := terminal.match(self.text, self.at, self.end):
            self.at = match.end()
        return match is not None

    def _token_end(self) -> int:
        match = _TOKEN.match(self.text, self.at, self.end)
        return match.end() if match else self.at


_OF_TOKEN = rf"[^{SEPARATORS}()%\r\n]"
_TOKEN = re.compile(f"{_OF_TOKEN}+")
_SYMBOL = re.compile(SYMBOL)
_SYMBOL_TOKEN, _NUMBER_TOKEN, _SIGNED_TOKEN = (
    re.compile(f"{terminal}(?!{_OF_TOKEN})") for terminal in (SYMBOL, NUMBER, SIGNED)
)
"""Whole tokens that are a terminal."""
_SEP = re.compile(SEP)
_NUMBER = re.compile(NUMBER)
_WORDS = re.compile(WORDS)
_SEP_ARROW = re.compile(SEP + ARROW)
_OPEN = re.compile(r"\(")
_PERCENT_SIGN = re.compile("%")
_CLOSE = re.compile(r"\)")
_BLOCK = re.compile(BLOCK)


def parse_quote(text: str, start: int, end: int) -> int:
    """quote = symbol , sep , price , sep , movement , sep , change , sep , "(" , percent , "%" , ")" ;

    Return where the quote ends that begins at ``start``. Raises `MismatchError`.
    """
    cursor = _Cursor(text, start, end)
    _parse_symbol(cursor)
    _parse_sep(cursor, "a price")
    cursor.expect(_NUMBER_TOKEN, "a price")
    _parse_sep(cursor, _MOVEMENT)
    _parse_movement(cursor)
    _parse_sep(cursor, "a change")
    cursor.expect(_SIGNED_TOKEN, "a change")
    _parse_sep(cursor, _PERCENT)
    cursor.expect(_OPEN, _PERCENT)
    cursor.expect(_SIGNED_TOKEN, "a percent")
    cursor.expect(_PERCENT_SIGN, '"%"')
    cursor.expect(_CLOSE, '")"')
    return cursor.at


def _parse_symbol(cursor: _Cursor) -> None:
    """symbol = ( letter | digit ) , { letter | digit | "." | "-" | "&" | "/" } ;"""
    start = cursor.at
    cursor.expect(_SYMBOL_TOKEN, "a symbol")
    if _block(cursor.text, start, cursor.at):
        raise MismatchError(start, cursor.at, "a symbol")


def _block(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the symbol or number directly before an all-digit symbol, which makes that symbol invalid."""
    if not text[start:end].isdecimal():
        return None
    return _BLOCK.search(text, max(0, start - BLOCK_REACH), start)


def _parse_sep(cursor: _Cursor, following: str) -> None:
    """sep = sp | [ sp ] , "|" , [ sp ] ;"""
    cursor.expect(_SEP, "a space" if cursor.at < cursor.end else following)


def _parse_movement(cursor: _Cursor) -> None:
    """movement = ( "Increased" , sp , "By" | "Decreased" , sp , "By" | "No" , sp , "Change" ) , [ sep , arrow ] ;"""
    cursor.expect(_WORDS, _MOVEMENT)
    cursor.skip(_SEP_ARROW)


_MOVEMENT = "Increased By, Decreased By or No Change"
_PERCENT = "a percent in parentheses"


class Flaw(NamedTuple):
    """A malformed span: a stretch of text that commits to being a quote, and where it stops being one."""

    start: int
    end: int
    mismatch: MismatchError


LONGEST = 1024
"""The most code points of a malformed span. A quote has at most 840."""

_LOOK_BACK = 512
"""Code points before the words in which a malformed span begins: three tokens and their separators."""

_WORDS_AND_ARROW = re.compile(f"({WORDS_IN_ANY_CASE})({TO_ARROW}|)", re.ASCII)
_WORDS_ALONE = re.compile(rf"{WORDS}(?![a-z])")
_TO_PERCENT = re.compile(rf"{SEP}{SIGNED}{SEP}\(")
_DIGIT = re.compile("[0-9]")
_STANDING = re.compile(rf"[^{re.escape(BEFORE_SYMBOL)}]+\Z")
_LINE_END = re.compile(r"[\r\n]")
_TOKEN_BEFORE = f"(?![{ARROWS}](?:[{re.escape(BEFORE_SYMBOL)}]|\\Z))([^{re.escape(BEFORE_SYMBOL)}]++)"
_TOKENS_BACKWARDS = re.compile(
    rf"[{SEPARATORS}]*+([^{SEPARATORS}()\[{{<\":;\r\n]++)"
    rf"(?:[{SEPARATORS}]++{_TOKEN_BEFORE}(?:[{SEPARATORS}]++{_TOKEN_BEFORE}|)|)"
)
"""The tokens in place of a price and of a symbol, and one more, in a text read backwards. A mark of prose, such as a
colon or a parenthesis, cannot be part of a price, but the star of a footnote can. An arrow alone is not a token."""


def find_flaws(text: str, start: int, end: int, owned: range) -> Iterator[Flaw]:
    """Yield the malformed spans of a gap between quotes whose movement words begin in a range of offsets, in order.

    A span begins with the symbol before the words, or the token in its place. It ends before the next span, at the end
    of the line, or after `LONGEST` code points.
    """
    candidates = [*_candidates(text, start, end), _Candidate(end, end, end)]
    for candidate, following in pairwise(candidates):
        if candidate.words_start in owned:
            line_end = find_line_end(text, candidate.words_end, min(end, candidate.start + LONGEST))
            stop = min(line_end, following.start)
            size = len(text[candidate.start : stop].rstrip(" "))
            yield Flaw(candidate.start, candidate.start + size, _mismatch(text, candidate.start, stop))


class _Candidate(NamedTuple):
    """Text that commits to being a quote: where it begins, and where its movement words begin and end."""

    start: int
    words_start: int
    words_end: int


def _candidates(text: str, start: int, end: int) -> Iterator[_Candidate]:
    """Yield the text in a gap that commits to being a quote.

    It has a symbol, a number and the words in a row; or the words, in any case, and an arrow; or a token with a digit,
    the words, a change and "(" in a row. Without an arrow, the words must not continue in lower case ("No Changes").
    """
    for words in _WORDS_AND_ARROW.finditer(text, start, end):
        words_start, words_end = words.span(1)
        tokens = _tokens_before(text, max(start, words_start - _LOOK_BACK), words_start)
        if words_end == words.end():
            if not _WORDS_ALONE.match(text, words_start, end) or not tokens:
                continue
            symbol_and_price = (
                len(tokens) > 1 and _SYMBOL.fullmatch(text, *tokens[1]) and _NUMBER.fullmatch(text, *tokens[0])
            )
            to_percent = _DIGIT.search(text, *tokens[0]) and _TO_PERCENT.match(text, words_end, end)
            if not symbol_and_price and not to_percent:
                continue
        yield _Candidate(_start(text, tokens, words_start), words_start, words_end)
        start = words_end


def _start(text: str, tokens: list[tuple[int, int]], words_start: int) -> int:
    """Return where the symbol begins among the tokens before the words, or the token in its place."""
    match tokens:
        case [_, number, symbol] if _SYMBOL.fullmatch(text, *symbol) and _NUMBER.fullmatch(text, *number):
            pass  # there is one token too many before the words
        case [price, symbol, *_] if _SYMBOL.fullmatch(text, *symbol) or _looks_like_price(text, *price):
            pass
        case [(start, end), *_]:
            standing = _STANDING.search(text, start, end)
            symbol = (standing.start() if standing else start, end)  # there is no price
        case _:
            return words_start
    block = _block(text, *symbol)
    return block.start() if block else symbol[0]


def find_line_end(text: str, at: int, end: int) -> int:
    """Return where the line at an offset ends, or ``end`` if that comes first."""
    match = _LINE_END.search(text, at, end)
    return match.start() if match else end


def _looks_like_price(text: str, start: int, end: int) -> bool:
    return _DIGIT.search(text, start, end) is not None and not ("A" <= text[start] <= "Z")


def _tokens_before(text: str, floor: int, at: int) -> list[tuple[int, int]]:
    """Return up to three tokens before a place, the nearest first, with only separators between them."""
    match = _TOKENS_BACKWARDS.match(text[floor:at][::-1])
    return [(at - end, at - start) for start, end in match.regs[1:] if end > 0] if match else []


def _mismatch(text: str, start: int, end: int) -> MismatchError:
    try:
        parse_quote(text, start, end)
    except MismatchError as mismatch:
        return mismatch
    raise AssertionError("the compiled pattern has missed a quote")  # pragma: no cover - tests compare both
