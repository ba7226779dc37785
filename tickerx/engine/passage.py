"""A passage of text: its rows column by column, and reports with their positions."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, groupby, repeat
from operator import methodcaller
from typing import TYPE_CHECKING, NamedTuple

from tickerx.grammar.parser import PIECES, count_lines, decode, encode, normalize, split
from tickerx.grammar.terminals import MINUS, SUSPICIOUS, byte_pattern
from tickerx.grammar.words import find_windows
from tickerx.quote import Direction, Kind, Origin, Quote

if TYPE_CHECKING:
    from tickerx.arithmetic import Contradiction
    from tickerx.grammar.explain import Line
    from tickerx.grammar.reports import Malformed, Suspect

__all__ = ["Passage", "Stretch"]

# The modules that compute and explain are loaded only when they are needed.

_BLANKS = bytes.maketrans(b"(|)", b"   ")
_ASCII = 0x7F
_MINUS = MINUS.encode()
_DIRECTIONS = {b"I": "up", b"D": "down", b"N": "unchanged"}
"""The direction of a movement, by the first letter of its words."""

_LINE_END = r"\n|\r\n?"
_TO_DIGIT = r'[ |]*+[^ |()\[{<":;\r\n0-9]*+[0-9]'
"""A token before words, read backwards up to its last digit."""
_LONGEST_TOKEN = 2048
"""Bytes of it, and of what stands between it and the words, that are looked at: more than `malformed` does."""


class Stretch(NamedTuple):
    """A stretch of an input: whole lines, or a part of an unfinished line."""

    content: bytes
    line: int
    """The number of the line on which it begins."""
    column: int
    """Code points before it on that line."""
    begin: int
    """Where reading begins. The text before it on the line only appears in excerpts."""
    owned: range
    """The bytes whose damaged quotes are reported here. Those before are already reported; those after may change."""


class Passage:
    """The quotes in some windows of a stretch, column by column, and their errors.

    There is one attribute for each column, by name, except for the columns of the document, which `Origin` has.
    """

    def __init__(self, stretch: Stretch, windows: Sequence[tuple[int, int]]) -> None:
        """Read the windows. They have whole lines, but the first can begin, and the last can end, within a line."""
        self._stretch = stretch
        self._windows = windows
        self._content = b"".join([stretch.content[start:end] for start, end in windows])
        pieces = split(normalize(self._content))
        self._gaps = pieces[::PIECES]
        self._heads, self._movements, self._tails = (pieces[number::PIECES] for number in (1, 2, 3))
        # The canonical form of a figure has no commas and no "+".
        fields = b"".join(self._heads).translate(_BLANKS, b",").decode().split()
        self.symbol, self.price = fields[::2], fields[1::2]
        figures = b"".join(self._tails).replace(_MINUS, b"-").translate(_BLANKS, b",+%").decode().split()
        self.change, self.change_percent = figures[::2], figures[1::2]

    def end_with_quote(self) -> int:
        """Cut off the text after the last quote, and return how many bytes it has."""
        rest, self._gaps[-1] = len(decode(self._gaps[-1])), b""
        read = decode(self._content)
        self._content = encode(read[: len(read) - rest])
        return len(encode(read[len(read) - rest :]))

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield where each quote begins and ends in the windows, in code points."""
        at = 0
        for gap, *pieces in zip(self._gaps, self._heads, self._movements, self._tails, strict=False):  # a gap is last
            begin = at + len(decode(gap))
            at = begin + len(decode(b"".join(pieces)))
            yield begin, at

    @cached_property
    def direction(self) -> list[str]:
        directions = {movement: _DIRECTIONS[movement[:1]] for movement in set(self._movements)}
        return list(map(directions.__getitem__, self._movements))

    @cached_property
    def kind(self) -> list[str]:
        """The kinds of the quotes. A movement with an arrow means a stock; without one, the price decides."""
        kinds = {movement: "stock" if max(movement) > _ASCII else "" for movement in set(self._movements)}
        found = list(map(kinds.__getitem__, self._movements))
        if all(kinds.values()):
            return found
        return [kind or ("stock" if "." in price else "index") for kind, price in zip(found, self.price, strict=True)]

    @property
    def previous_close(self) -> list[str]:
        from decimal import Decimal

        from tickerx.arithmetic import previous_close

        closes = map(previous_close, map(Decimal, self.price), map(Decimal, self.change))
        return [format(close, "f") for close in closes]

    @property
    def sound(self) -> list[str]:
        sound = ["true"] * len(self.symbol)
        for number in self.unsound:
            sound[number] = "false"
        return sound

    @cached_property
    def unsound(self) -> list[int]:
        """The numbers, from 0, of the quotes whose words and figures contradict one another."""
        from tickerx.arithmetic import find_unsound

        return find_unsound(self.price, self.change, self.change_percent, self.direction, self.kind)

    @property
    def name(self) -> list[str]:
        return [""] * len(self.symbol)

    @property
    def label(self) -> list[str]:
        """The text that `Choice.symbols` looks at."""
        return self.symbol

    @property
    def layout(self) -> list[str]:
        return ["words"] * len(self.symbol)

    @property
    def line(self) -> list[str]:
        return list(map(str, self._quote_lines()))

    def columns(self, names: Iterable[str], origin: Origin) -> list[Sequence[str]]:
        """Return these columns of the quotes in that document."""
        return [
            [str(getattr(origin, name))] * len(self.symbol) if name in Origin._fields else getattr(self, name)
            for name in names
        ]

    def quotes(self, origin: Origin) -> Iterator[Quote]:
        """Yield the quotes in that document, in typed form."""
        from datetime import datetime
        from decimal import Decimal

        file, url, fetched, document, record = origin
        moment = datetime.fromisoformat(fetched) if fetched else None
        for symbol, price, change, change_percent, direction, kind, line in zip(
            self.symbol,
            map(Decimal, self.price),
            map(Decimal, self.change),
            map(Decimal, self.change_percent),
            map(Direction, self.direction),
            map(Kind, self.kind),
            self._quote_lines(),
            strict=True,
        ):
            figures = (symbol, price, change, change_percent, direction, kind)
            yield Quote(*figures, file, line, url or None, moment, document, record or None)

    @cached_property
    def may_have_flaw(self) -> bool:
        """Whether there are words outside quotes that could belong to a damaged one."""
        return next(self._suspicious_lines(), None) is not None

    def malformed(self, origin: Origin) -> "Iterator[Malformed]":
        """Yield the text in that document that looks like a quote but is damaged."""
        if self.may_have_flaw:
            from tickerx.grammar.explain import explain_gaps

            for place in self._suspicious_lines():
                yield from filter(None, explain_gaps(*self._line(place, origin)))

    def in_order(self, origin: Origin) -> Iterator["Quote | Malformed"]:
        """Yield the quotes and malformed spans of that document in the order of the text."""
        quotes = self.quotes(origin)
        return (item or next(quotes) for item in self._walk(origin)) if self.may_have_flaw else quotes

    def suspects(self, origin: Origin) -> "Iterator[Suspect]":
        """Yield the quotes of that document whose words and figures contradict one another."""
        if not self.unsound:
            return
        from tickerx.grammar.explain import explain_quotes

        places = self._places
        for place, numbers in groupby(self.unsound, places.__getitem__):
            first = bisect_left(places, place)
            contradictions = {number - first: self._contradiction(number) for number in numbers}
            yield from explain_quotes(self._line(place, origin)[0], contradictions)

    def _contradiction(self, number: int) -> "Contradiction | None":
        from decimal import Decimal

        from tickerx.arithmetic import contradiction

        price, change, percent = (Decimal(column[number]) for column in (self.price, self.change, self.change_percent))
        return contradiction(price, change, percent, self.direction[number], self.kind[number])

    def _walk(self, origin: Origin) -> "Iterator[Malformed | None]":
        """Yield the malformed spans, and None for each quote."""
        from tickerx.grammar.explain import explain_gaps

        passed = 0
        for place in self._suspicious_lines():
            before = bisect_left(self._places, place)
            yield from repeat(None, before - passed)
            passed = bisect_left(self._places, place + 1)
            yield from explain_gaps(*self._line(place, origin))
        yield from repeat(None, len(self.symbol) - passed)

    def _suspicious_lines(self) -> Iterator[int]:
        """Yield the numbers, from 0, of lines with words outside quotes that could belong to a damaged one."""
        rest = b")".join(self._gaps)
        suspicious, line_ends = byte_pattern(SUSPICIOUS), byte_pattern(_LINE_END)
        line = at = 0
        for start, end in find_windows(rest):
            begin = max(at, start)
            while words := suspicious.search(rest, begin, end):
                begin = words.end()
                if words[1] and not _has_digit_before(rest, words.start()):
                    continue
                line += count_lines(rest[at : words.start()])
                yield line
                line_end = line_ends.search(rest, words.end())
                begin = at = line_end.end() if line_end else end
                line += line_end is not None

    @cached_property
    def _places(self) -> list[int]:
        """The line of each quote, from 0."""
        has_cr = self._content.count(b"\r") > self._content.count(b"\r\n")
        count = count_lines if has_cr else methodcaller("count", b"\n")
        return list(accumulate(map(count, self._gaps[:-1])))

    @cached_property
    def _edges(self) -> list[int]:
        """Where each line begins in the text, and where the last one ends."""
        return list(accumulate(map(len, self._content.splitlines(keepends=True)), initial=0))

    @cached_property
    def _numbers(self) -> list[int]:
        """The number of each line in the input."""
        content, number, *_ = self._stretch
        numbers: list[int] = []
        at = 0
        for start, end in self._windows:
            number += count_lines(content[at:start])
            at, first = end, number
            number += count_lines(content[start:end])
            numbers += range(first, number)
        return [*numbers, number]

    def _quote_lines(self) -> Iterator[int]:
        """Yield the number of the line on which each quote begins."""
        return map(self._numbers.__getitem__, self._places)

    def _line(self, place: int, origin: Origin) -> "tuple[Line, range]":
        """Return a line, and the range of its code points in which malformed spans are wanted."""
        from tickerx.grammar.explain import Line

        stretch, number = self._stretch, self._numbers[place]
        content = self._content[self._edges[place] : self._edges[place + 1]]
        if number > stretch.line:
            return Line(origin, number, 0, b"", content), range(len(content))
        # Only a part of an unfinished line has more than the wanted text.
        edges = (max(0, edge - stretch.begin) for edge in (stretch.owned.start, stretch.owned.stop))
        owned = range(*(len(decode(content[:edge])) for edge in edges))
        return Line(origin, number, stretch.column, stretch.content[: stretch.begin], content), owned


def _has_digit_before(text: bytes, end: int) -> bool:
    """Say whether the token directly before words has a digit."""
    return byte_pattern(_TO_DIGIT).match(text[max(0, end - _LONGEST_TOKEN) : end][::-1]) is not None
