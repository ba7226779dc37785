"""Cut a text into quotes and the gaps between them.

Text is UTF-8 bytes in normal form, see `NORMAL`; bytes that are not UTF-8 are kept. Offsets in a decoded text count
code points: a byte that is not UTF-8 is one, and normal form does not change their number.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tickerx.grammar.terminals import BLOCK, BLOCK_REACH, NORMAL, SEPARATORS, byte_pattern, quote_pattern

__all__ = ["PIECES", "Span", "count_lines", "decode", "encode", "normalize", "parse_spans", "split"]

PIECES = 4
"""The number of pieces of a quote, with the gap before it."""

_REPLACED: dict[bytes, list[tuple[bytes, bytes]]] = {}
"""Characters with their normal forms, by one of their bytes: looking for a single byte takes a tenth of the time."""
for _printed, _plain in NORMAL.items():
    _code = _printed.encode()
    _REPLACED.setdefault(_code[-2:-1] or _code, []).append((_code, _plain.encode()))

_DIGITS = re.compile(rb"[0-9]+[ |]")
_SEPARATORS = SEPARATORS.encode()
_SYMBOL_ENDS = {bytes([byte]) for byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-&/"}


def encode(text: str) -> bytes:
    """Encode to UTF-8, and undo what `decode` did to invalid bytes."""
    return text.encode("utf-8", "surrogateescape")


def decode(block: bytes) -> str:
    """Decode UTF-8. Each invalid byte becomes one code point."""
    return block.decode("utf-8", "surrogateescape")


def normalize(content: bytes) -> bytes:
    """Return text in normal form."""
    for signal, replaced in _REPLACED.items():
        if signal in content:
            for printed, plain in replaced:
                content = content.replace(printed, plain)
    return content


def split(text: bytes) -> list[bytes]:
    """Cut normal text into gap, symbol and price, movement, change and percent, gap, …. A gap is first and last.

    Joined, the pieces give the text.
    """
    pieces = quote_pattern(b"|" in text).split(text) if b"%)" in text else [text]
    symbols = pieces[1::PIECES]
    if not symbols or min(symbols) > b"A":
        return pieces
    blocked = {
        at
        for at in range(1, len(pieces), PIECES)
        if pieces[at] < b"A"
        and pieces[at - 1].rstrip(_SEPARATORS)[-1:] in _SYMBOL_ENDS
        and _is_blocked(pieces[at - 1], pieces[at])
    }
    return _without(blocked, pieces) if blocked else pieces


def _is_blocked(gap: bytes, symbol_and_price: bytes) -> bool:
    """Say whether an all-digit symbol directly follows a symbol or a number in the gap.

    `re` cannot look back so far.
    """
    return bool(_DIGITS.match(symbol_and_price) and byte_pattern(BLOCK).search(gap[-BLOCK_REACH:]))


def _without(blocked: set[int], pieces: list[bytes]) -> list[bytes]:
    """Merge quotes into the gaps around them, given the positions of their first pieces."""
    kept, gap = [], pieces[:1]
    for at in range(1, len(pieces), PIECES):
        if at in blocked:
            gap += pieces[at : at + PIECES]
        else:
            kept += [b"".join(gap), *pieces[at : at + PIECES - 1]]
            gap = [pieces[at + PIECES - 1]]
    return [*kept, b"".join(gap)]


class Span(NamedTuple):
    """A stretch of a text: a quote with its three pieces, or a gap between quotes, which has none."""

    start: int
    end: int
    pieces: tuple[str, ...]


def parse_spans(text: bytes) -> Iterator[Span]:
    """Yield the quotes and gaps of a normal text in order, with offsets in code points. Joined, they give the text."""
    at = 0
    for number, piece in enumerate(pieces := list(map(decode, split(text)))):
        if number % PIECES == 0 and piece:
            yield Span(at, at := at + len(piece), ())
        elif number % PIECES == 1:
            quote = tuple(pieces[number : number + PIECES - 1])
            yield Span(at, at := at + sum(map(len, quote)), quote)


def count_lines(text: bytes) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    ended = text.count(b"\n")
    return ended + text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else ended
