"""A passage of text read: rows column by column, and reports with their places."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING, NamedTuple

from tickerx.grammar.parser import GROUPS, PLAIN_FIELDS, canonical, count_lines, parse_spans, split, split_plain
from tickerx.grammar.terminals import ARROWS, STEMS
from tickerx.quote import Direction, Kind, Quote

if TYPE_CHECKING:
    from tickerx.arithmetic import Contradiction
    from tickerx.grammar.reports import Malformed, Suspect

__all__ = ["Passage", "Place", "PlainPassage", "Span", "TextPassage", "decode", "encode"]

# What computes, and what explains, is loaded only where there is something to compute or to explain.


class _Movements(dict[str, str]):
    """What movements mean, found at once for those that boards print, and worked out for other spellings."""

    def __init__(self, meaning: Callable[[str], str]) -> None:
        words, arrows = ("Increased By", "Decreased By", "No Change"), ("", *(f" {arrow}" for arrow in ARROWS))
        super().__init__({word + arrow: meaning(word + arrow) for word in words for arrow in arrows})
        self._meaning = meaning

    def __missing__(self, movement: str) -> str:
        return self._meaning(movement)


_WAYS = {"Increased": "up", "Decreased": "down", "No": "unchanged"}
"""What the first word of a movement says; its first letter tells it from the others."""

_INITIALS = {word[0]: way for word, way in _WAYS.items()}
_DIRECTIONS = _Movements(lambda movement: _INITIALS[movement[0]])
_KINDS = _Movements(lambda movement: "stock" if movement[-1] in ARROWS else "")
"""A movement with an arrow is a stock's; one without does not tell."""


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

    def malformed(self, file: str | None) -> "Iterator[Malformed]":
        """Yield what commits to being a quote in that file, and is none."""
        return iter(())

    def suspects(self, file: str | None) -> "Iterator[Suspect]":
        """Yield the quotes of that file whose words and figures contradict one another."""
        contradictions = self._contradictions()
        return self._suspects(file, contradictions) if any(contradictions) else iter(())

    @abstractmethod
    def _suspects(self, file: str | None, contradictions: "Sequence[Contradiction | None]") -> "Iterator[Suspect]": ...

    def in_order(self, file: str | None) -> Iterator["Quote | Malformed"]:
        """Yield quotes and malformed spans of that file as they stand in the text."""
        return self.quotes(file)

    @property
    def previous_close(self) -> Sequence[str]:
        from decimal import Decimal

        from tickerx.arithmetic import previous_close

        return [
            format(close, "f") for close in map(previous_close, map(Decimal, self.price), map(Decimal, self.change))
        ]

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
        from decimal import Decimal

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

    def _contradictions(self) -> "list[Contradiction | None]":
        from decimal import Decimal

        from tickerx.arithmetic import contradiction

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
        self.may_have_flaw = _may_have_flaw("\n".join(gaps))
        self.owned = range(begin, len(text))
        """Code points in which what commits to a quote is reported; later ones may still change with more text."""
        self._text = text
        self._place = place
        self._is_last = is_last

    def cut_rest(self) -> str:
        """Let what comes after the last quote be read again, with what follows it, and return it."""
        *gaps, rest = self.gaps
        self.owned = range(self.owned.start, self.owned.stop - len(rest))
        self.may_have_flaw = _may_have_flaw("\n".join(gaps))
        return rest

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

    def malformed(self, file: str | None) -> "Iterator[Malformed]":
        return (item for item in self._walk(file) if item)

    def in_order(self, file: str | None) -> Iterator["Quote | Malformed"]:
        if not self.may_have_flaw:
            return self.quotes(file)
        quotes = self.quotes(file)
        return (item or next(quotes) for item in self._walk(file))

    def _walk(self, file: str | None) -> "Iterator[Malformed | None]":
        """Yield the malformed spans, and None for each quote."""
        if not self.may_have_flaw:
            return iter(())
        from tickerx.grammar.explain import Lines, explain_gaps

        return explain_gaps(Lines(file, self._text, self._place.line, self._place.column), self.owned, self._is_last)

    def _suspects(self, file: str | None, contradictions: "Sequence[Contradiction | None]") -> "Iterator[Suspect]":
        from tickerx.grammar.explain import Lines, explain_contradictions

        lines = Lines(file, self._text, self._place.line, self._place.column)
        return explain_contradictions(lines, self.owned.start, contradictions)


class PlainPassage(Passage):
    """Runs of lines as `grammar.PLAIN_LINES` matches them."""

    def __init__(self, runs: Sequence[tuple[bytes, Place]]) -> None:
        fields = split_plain(b"".join([run for run, _ in runs]))
        symbol, price, word, _, change, percent = (fields[number::PLAIN_FIELDS] for number in range(PLAIN_FIELDS))
        direction = list(map(_WAYS.__getitem__, word))
        kind = ["stock" if "." in figure else "index" for figure in price]
        super().__init__(symbol, price, change, percent, direction, kind)
        self._runs = runs

    def lines(self) -> Iterator[int]:
        for run, place in self._runs:
            yield from range(place.line, place.line + run.count(b"\n"))

    def spans(self) -> Iterator[Span]:
        return chain.from_iterable(TextPassage(*run).spans() for run in self._runs)

    def _suspects(self, file: str | None, contradictions: "Sequence[Contradiction | None]") -> "Iterator[Suspect]":
        return chain.from_iterable(TextPassage(*run).suspects(file) for run in self._runs)


def _may_have_flaw(gaps: str) -> bool:
    """Say quickly whether gaps hold words that may commit to a quote."""
    if not any(sign in gaps for sign in (*STEMS, *ARROWS)):
        return False
    from tickerx.grammar.malformed import may_have_flaw

    return may_have_flaw(gaps)


def encode(text: str) -> bytes:
    """Encode UTF-8; what `decode` made of a byte that is none becomes that byte again."""
    return text.encode("utf-8", "surrogateescape")


def decode(block: bytes) -> str:
    """Decode UTF-8; each byte that is none becomes one code point."""
    return block.decode("utf-8", "surrogateescape")
