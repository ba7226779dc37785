"""A passage of text read with layouts: rows column by column, and reports with their positions."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from typing import TypeVar

from tickerx.engine.passage import Passage, Stretch
from tickerx.grammar.explain import excerpt_of
from tickerx.grammar.parser import encode, normalize, parse_spans
from tickerx.grammar.reports import Excerpt, Malformed, Report, Suspect
from tickerx.grammar.words import find_windows
from tickerx.layouts.columns import ROW, Quotes
from tickerx.layouts.damage import LINE_END, LayoutMalformed, count_lines
from tickerx.layouts.read import OTHER, Reading
from tickerx.quote import Direction, Kind, Origin, Quote

__all__ = ["LayoutPassage", "Words"]

Value = TypeVar("Value")
Found = TypeVar("Found", bound=Report)

_LONGEST = 1024
"""The most code points of malformed text in a report."""


class Words:
    """The quotes that the built-in grammar finds in a text that other layouts read too."""

    def __init__(self, text: str, line: int, column: int = 0, owned: range | None = None) -> None:
        """Read a text of whole lines, or the part of a line from a column on. For the rest, see `Stretch`."""
        content = encode(text)
        edges = [len(encode(text[:edge])) for edge in (owned.start, owned.stop)] if owned else [0, len(content)]
        windows = [(0, len(content))] if next(find_windows(content), None) else []
        self.passage = Passage(Stretch(content, line, column, 0, range(*edges)), windows)
        spans = [span for span in parse_spans(normalize(content)) if span.pieces] if self.passage.symbol else []
        empty = [""] * len(spans)
        columns: dict[str, list[str]] = {name: getattr(self.passage, name, empty) for name in ROW[:-1]}
        begins, ends = [span.start for span in spans], [span.end for span in spans]
        columns["previous_close"] = columns["name"] = empty
        self.quotes = Quotes(begins, ends, [OTHER] * len(spans), columns)


class LayoutPassage:
    """The quotes of a text, column by column, and its errors. Values that are not printed are empty.

    There is one attribute for each column that does not belong to the document.
    """

    def __init__(self, text: str, line: int, reading: Reading, words: Words | None, wanted: range) -> None:
        """Store a text, the line on which it begins, and the part of it, in code points, whose reports are wanted."""
        self._text = text
        self._first_line = line
        self._reading = reading
        self._words = words
        self._wanted = wanted
        self.symbol, self.price, self.change = reading.symbol, reading.price, reading.change
        self.change_percent, self.direction = reading.change_percent, reading.direction

    @cached_property
    def name(self) -> list[str]:
        """The names as text, with U+FFFD for bytes that are not UTF-8."""
        names = self._reading.name
        try:
            "".join(names).encode()
        except UnicodeEncodeError:
            return [encode(name).decode("utf-8", "replace") for name in names]
        return names

    @property
    def label(self) -> list[str]:
        """The text that `Choice.symbols` looks at: the symbol, or the name of a quote without a symbol."""
        return [symbol or name for symbol, name in zip(self.symbol, self.name, strict=True)]

    @property
    def layout(self) -> list[str]:
        labels = [layout.label for layout in self._reading.layouts]
        return [labels[reader] if reader != OTHER else "words" for reader in self._reading.readers]

    @cached_property
    def kind(self) -> list[str]:
        return self._fill([""] * len(self.symbol), self._words.passage.kind if self._words else [])

    @property
    def previous_close(self) -> list[str]:
        return self._reading.previous_closes()

    @cached_property
    def _sounds(self) -> list[bool | None]:
        sounds = self._reading.sounds()
        return self._fill(sounds, [sound == "true" for sound in self._words.passage.sound]) if self._words else sounds

    @property
    def sound(self) -> list[str]:
        return ["" if sound is None else str(sound).lower() for sound in self._sounds]

    @cached_property
    def unsound(self) -> list[int]:
        """The numbers, from 0, of the quotes whose figures contradict one another."""
        return [number for number, sound in enumerate(self._sounds) if sound is False]

    @cached_property
    def _lines(self) -> list[int]:
        return list(self._reading.lines())

    @property
    def line(self) -> list[str]:
        return list(map(str, self._lines))

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
        columns = (self.symbol, self.price, self.change, self.change_percent, self.direction, self.kind, self._lines)
        more = (self.name, self.layout, self._reading.previous_close)
        for symbol, price, change, percent, direction, kind, line, name, layout, close in zip(
            *columns, *more, strict=True
        ):
            yield Quote(
                symbol or None,
                Decimal(price),
                Decimal(change) if change else None,
                Decimal(percent) if percent else None,
                Direction(direction) if direction else None,
                Kind(kind) if kind else None,
                file,
                line,
                url or None,
                moment,
                document,
                record or None,
                name or None,
                layout,
                Decimal(close) if close else None,
            )

    @property
    def may_have_flaw(self) -> bool:
        """Whether anything may be reported."""
        return bool(self._reading.malformed) or (self._words is not None and self._words.passage.may_have_flaw)

    def malformed(self, origin: Origin) -> Iterator[Malformed]:
        """Yield the malformed text in that document, in order. A line that some layout reads has none."""
        of_layouts = (self._report(found, origin) for found in self._reading.malformed)
        of_words = list(self._owned(self._words.passage.malformed(origin))) if self._words else []
        if not of_words:
            return of_layouts
        rows = zip(self._lines, self._reading.readers, strict=True)
        read = {line for line, reader in rows if reader != OTHER}
        of_words = [report for report in of_words if report.line not in read]
        lines = {report.line for report in of_words}
        return merge((one for one in of_layouts if one.line not in lines), of_words, key=_place)

    def in_order(self, origin: Origin) -> Iterator[Quote | Malformed]:
        """Yield quotes and malformed stretches of that document line by line."""
        return merge(self.quotes(origin), self.malformed(origin), key=lambda item: item.line)

    def suspects(self, origin: Origin) -> Iterator[Suspect]:
        """Yield the quotes of that document whose figures contradict one another."""
        of_words = self._owned(self._words.passage.suspects(origin)) if self._words else iter([])
        readers = self._reading.readers
        of_layouts = (self._suspect(number, origin) for number in self.unsound if readers[number] != OTHER)
        return merge(of_layouts, of_words, key=_place)

    def _fill(self, values: list[Value], of_words: list[Value]) -> list[Value]:
        """Fill in the values of quotes in words, which are given for the whole text."""
        if not self._words:
            return values
        if places := [number for number, reader in enumerate(self._reading.readers) if reader == OTHER]:
            first = bisect_left(self._words.quotes.begins, self._reading.begins[places[0]])
            for place, value in zip(places, of_words[first:], strict=False):
                values[place] = value
        return values

    def _excerpt(self, start: int, end: int) -> Excerpt:
        begin = 1 + max(self._text.rfind("\n", 0, start), self._text.rfind("\r", 0, start))
        line_end = LINE_END.search(self._text, start)
        line = range(begin, line_end.start() if line_end else len(self._text))
        return excerpt_of(self._text, line, start, min(end, line.stop))

    def _owned(self, reports: Iterator[Found]) -> Iterator[Found]:
        """Yield the reports on the wanted lines. A part of a single line keeps all of its reports."""
        first, last = (self._first_line + count_lines(self._text[:edge]) for edge in self._edges)
        return (report for report in reports if first <= report.line <= last)

    @property
    def _edges(self) -> tuple[int, int]:
        return self._wanted.start, max(self._wanted.start, self._wanted.stop - 1)

    def _report(self, found: LayoutMalformed, origin: Origin) -> Malformed:
        text, expected = self._text[found.start : found.end][:_LONGEST], found.place.expected
        excerpt = self._excerpt(found.place.start, found.place.end)
        reason = found.place.reason or f"expected {expected}"
        return Malformed(origin, found.line, found.column, reason, text, excerpt, expected)

    def _suspect(self, number: int, origin: Origin) -> Suspect:
        start, end = self._reading.begins[number], self._reading.ends[number]
        column = start - max(self._text.rfind("\n", 0, start), self._text.rfind("\r", 0, start))
        excerpt = self._excerpt(start, end)
        reason = "the figures contradict one another"
        return Suspect(origin, self._lines[number], column, reason, self._text[start:end], excerpt)


def _place(report: Report) -> tuple[int, int]:
    return report.line, report.column
