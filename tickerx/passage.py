"""A passage of text read: rows column by column, and reports with their places."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, chain, islice, zip_longest
from typing import NamedTuple

from tickerx.grammar import ARROWS, QUOTE
from tickerx.parser import (
    GROUPS,
    PLAIN_FIELDS,
    canonical,
    find_flaws,
    find_line_end,
    may_have_flaw,
    parse_spans,
    split,
    split_plain,
)
from tickerx.quote import Direction, Kind, Quote, previous_closes
from tickerx.report import Excerpt, Malformed, Suspect
from tickerx.verify import Contradiction, contradiction

__all__ = ["Passage", "Place", "PlainPassage", "Span", "TextPassage", "decode", "encode"]

EXCERPT = 76
"""Code points of a line that a report shows at most."""


class _Movements(dict[str, str]):
    """What movements mean, found at once for those that boards print, and worked out for other spellings."""

    def __init__(self, meaning: Callable[[str], str]) -> None:
        words, arrows = ("Increased By", "Decreased By", "No Change"), ("", *(f" {arrow}" for arrow in ARROWS))
        super().__init__({word + arrow: meaning(word + arrow) for word in words for arrow in arrows})
        self._meaning = meaning

    def __missing__(self, movement: str) -> str:
        return self._meaning(movement)


_DIRECTIONS = _Movements(lambda movement: {"I": "up", "D": "down", "N": "unchanged"}[movement[0]])
_KINDS = _Movements(lambda movement: "stock" if movement[-1] in ARROWS else "")
"""A movement with an arrow is a stock's; one without does not tell."""

_PLAIN_DIRECTIONS = {"Increased": "up", "Decreased": "down", "No": "unchanged"}

_QUOTE_GROUPS = {"price": 2, "change": 4, "change_percent": 5}


class Place(NamedTuple):
    """Where a passage stands in its input."""

    offset: int
    """Bytes of the input before what is read of it."""
    line: int
    """The line on which it begins, from 1."""
    column: int
    """Code points before it on that line."""


class Span(NamedTuple):
    """A stretch of the input, in bytes: a quote with its groups as printed, or a gap between quotes, which has none."""

    start: int
    end: int
    line: int
    """The line on which it begins, from 1."""
    groups: tuple[str, ...]


class Passage(ABC):
    """The quotes of a stretch of an input, column by column, and what is wrong in it.

    There is one attribute for each column that is read from the text, by the column's name.
    """

    may_have_flaw = False
    """Whether it holds words that may commit to being a quote."""

    def __init__(self, *columns: Sequence[str]) -> None:
        self.symbol, self.price, self.change, self.change_percent, self.direction, self.kind = columns

    @abstractmethod
    def lines(self) -> Iterator[int]:
        """Yield the line on which each quote begins."""

    @abstractmethod
    def spans(self) -> Iterator[Span]:
        """Yield the quotes with their places in the input."""

    def malformed(self, file: str | None) -> Iterator[Malformed]:
        """Yield what commits to being a quote in that file, and is none."""
        return iter(())

    def suspects(self, file: str | None) -> Iterator[Suspect]:
        """Yield the quotes of that file whose words and figures contradict one another."""
        contradictions = self._contradictions()
        return self._suspects(file, contradictions) if any(contradictions) else iter(())

    @abstractmethod
    def _suspects(self, file: str | None, contradictions: Sequence[Contradiction | None]) -> Iterator[Suspect]: ...

    def in_order(self, file: str | None) -> Iterator[Quote | Malformed]:
        """Yield quotes and malformed spans of that file as they stand in the text."""
        return self.quotes(file)

    @property
    def previous_close(self) -> Sequence[str]:
        return previous_closes(self.price, self.change)

    @property
    def sound(self) -> Sequence[str]:
        return ["false" if contradiction else "true" for contradiction in self._contradictions()]

    @property
    def line(self) -> Sequence[str]:
        return list(map(str, self.lines()))

    def columns(self, names: Iterable[str], file: str) -> list[Sequence[str]]:
        """Return the named columns of what was found in that file."""
        return [[file] * len(self.symbol) if name == "file" else getattr(self, name) for name in names]

    def quotes(self, file: str | None) -> Iterator[Quote]:
        """Yield what was found in that file in its typed form."""
        for symbol, price, change, change_percent, direction, kind, line in zip(
            self.symbol,
            map(Decimal, self.price),
            map(Decimal, self.change),
            map(Decimal, self.change_percent),
            map(Direction, self.direction),
            map(Kind, self.kind),
            self.lines(),
            strict=True,
        ):
            yield Quote(symbol, price, change, change_percent, direction, kind, file, line)

    def _contradictions(self) -> list[Contradiction | None]:
        figures = (map(Decimal, column) for column in (self.price, self.change, self.change_percent))
        return list(map(contradiction, *figures, self.direction, self.kind))


class TextPassage(Passage):
    """A text read by the whole grammar."""

    def __init__(self, content: bytes, place: Place, context: int = 0, is_last: bool = False) -> None:
        """Read bytes, of which the first, the context, only say how to read what comes after. The last end the input.

        The place is that of what is read, but for its column, which is that of the context.
        """
        text = decode(content)
        begin = len(decode(content[:context]))
        parts = split(text, begin)
        gaps, symbol, price, movement, change, percent = (parts[number :: GROUPS + 1] for number in range(GROUPS + 1))
        direction = list(map(_DIRECTIONS.__getitem__, movement))
        kind = [
            kind or ("stock" if "." in figure else "index")
            for kind, figure in zip(map(_KINDS.__getitem__, movement), price, strict=True)
        ]
        super().__init__(symbol, canonical(price), canonical(change), canonical(percent), direction, kind)
        self.gaps = gaps
        self.may_have_flaw = may_have_flaw("\n".join(gaps))
        self.owned = range(begin, len(text))
        """Code points in which what commits to a quote is reported; later ones may still change with more text."""
        self._text = text
        self._place = place
        self._is_last = is_last

    def lines(self) -> Iterator[int]:
        lines = accumulate(map(count_lines, self.gaps), initial=self._place.line)
        return islice(lines, 1, len(self.symbol) + 1)

    def spans(self) -> Iterator[Span]:
        """Yield the quotes with their places in the input."""
        offset, lines = self._place.offset, self.lines()
        text = self._text
        for start, end, groups in parse_spans(text, self.owned.start):
            size = len(encode(text[start:end]))
            if groups:
                yield Span(offset, offset + size, next(lines), groups)
            offset += size

    def malformed(self, file: str | None) -> Iterator[Malformed]:
        """Yield what commits to being a quote in a gap of that file, and is none."""
        return (item for item in self._walk(file) if item)

    def in_order(self, file: str | None) -> Iterator[Quote | Malformed]:
        """Yield quotes and malformed spans of that file as they stand in the text."""
        if not self.may_have_flaw:
            return self.quotes(file)
        quotes = self.quotes(file)
        return (item or next(quotes) for item in self._walk(file))

    def _walk(self, file: str | None) -> Iterator[Malformed | None]:
        """Yield the malformed spans, and None for each quote."""
        if not self.may_have_flaw:
            return
        text, begin = self._text, self.owned.start
        lines = _Lines(text, self._place)
        spans = list(parse_spans(text, begin))
        for gap, following in zip_longest(spans, spans[1:]):
            if gap.groups:
                yield None
                continue
            seen = following.end if following else gap.end
            for flaw in find_flaws(text, 0 if gap.start == begin else gap.start, gap.end, self.owned):
                mismatch = flaw.mismatch
                is_cut = self._is_last and mismatch.end == len(text)
                reason = f"expected {mismatch.expected}{'; the input is cut off here' if is_cut else ''}"
                line, column, excerpt = lines.find(flaw.start, mismatch.start, mismatch.end, seen)
                yield Malformed(file, line, column, reason, text[flaw.start : flaw.end], excerpt, mismatch.expected)

    def _suspects(self, file: str | None, contradictions: Sequence[Contradiction | None]) -> Iterator[Suspect]:
        text = self._text
        lines = _Lines(text, self._place)
        quotes = (span for span in parse_spans(text, self.owned.start) if span.groups)
        for quote, found in zip(quotes, contradictions, strict=True):
            if found and (match := QUOTE.match(text, quote.start)):
                line, column, excerpt = lines.find(quote.start, *match.span(_QUOTE_GROUPS[found.column]), quote.end)
                yield Suspect(file, line, column, found.reason, match[0], excerpt)


class PlainPassage(Passage):
    """Runs of lines as `grammar.PLAIN_LINES` matches them."""

    def __init__(self, runs: Sequence[tuple[bytes, Place]]) -> None:
        fields = split_plain(b"".join([run for run, _ in runs]))
        symbol, price, word, _, change, percent = (fields[number::PLAIN_FIELDS] for number in range(PLAIN_FIELDS))
        direction = list(map(_PLAIN_DIRECTIONS.__getitem__, word))
        kind = ["stock" if "." in figure else "index" for figure in price]
        super().__init__(symbol, price, change, percent, direction, kind)
        self._runs = runs

    def lines(self) -> Iterator[int]:
        for run, place in self._runs:
            yield from range(place.line, place.line + run.count(b"\n"))

    def spans(self) -> Iterator[Span]:
        return chain.from_iterable(TextPassage(*run).spans() for run in self._runs)

    def _suspects(self, file: str | None, contradictions: Sequence[Contradiction | None]) -> Iterator[Suspect]:
        return chain.from_iterable(TextPassage(*run).suspects(file) for run in self._runs)


class _Lines:
    """The lines of a text that has a place in an input, gone through from its beginning to its end."""

    def __init__(self, text: str, place: Place) -> None:
        self._text = text
        self._passed = 0
        self._line = place.line
        self._line_start = -place.column

    def find(self, span_start: int, start: int, end: int, seen: int) -> tuple[int, int, Excerpt]:
        """Return line, column and excerpt of a token on the line of a span; the spans are asked for in order.

        The excerpt ends before ``seen``: whether there is more to see depends on how much of the line has come.
        """
        passed = self._text[self._passed : span_start]
        if ended := max(passed.rfind("\n"), passed.rfind("\r")) + 1:
            self._line += count_lines(passed)
            self._line_start = self._passed + ended
        self._passed = span_start
        line_end = find_line_end(self._text, end, min(seen, end + EXCERPT))
        first = max(0, self._line_start, min(start - EXCERPT // 2, line_end - EXCERPT))
        last = min(line_end, first + EXCERPT)
        before, after = "…" * (first > self._line_start), "…" * (last < line_end)
        shift = len(before) - first
        excerpt = Excerpt(before + self._text[first:last] + after, start + shift, min(end, last) + shift)
        return self._line, start - self._line_start + 1, excerpt


def count_lines(text: str) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def encode(text: str) -> bytes:
    """Encode UTF-8; what `decode` made of a byte that is none becomes that byte again."""
    return text.encode("utf-8", "surrogateescape")


def decode(block: bytes) -> str:
    """Decode UTF-8; each byte that is none becomes one code point."""
    return block.decode("utf-8", "surrogateescape")
