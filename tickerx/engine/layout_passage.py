"""A passage of text read with layouts: rows column by column, and reports with their positions."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from typing import TypeVar

from tickerx.engine.passage import Passage, Stretch
from tickerx.grammar.explain import excerpt_of
from tickerx.grammar.parser import encode
from tickerx.grammar.reports import Excerpt, Malformed, Report, Suspect
from tickerx.grammar.words import find_windows
from tickerx.layouts.columns import ROW, Quotes
from tickerx.layouts.damage import LINE_END, LayoutMalformed, count_lines
from tickerx.layouts.read import OTHER, Reading
from tickerx.quote import Direction, Kind, Origin, Quote

__all__ = ["LayoutPassage", "Words"]

Value = TypeVar("Value")

_NOT_IN_WORDS = ("name", "previous_close")
"""The columns of a text that the built-in grammar does not print."""

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
        empty = [""] * len(self.passage.symbol)
        columns = {name: empty if name in _NOT_IN_WORDS else getattr(self.passage, name) for name in ROW}
        spans = list(self.passage.spans())
        begins, ends = [begin for begin, _ in spans], [end for _, end in spans]
        self.quotes = Quotes(begins, ends, [OTHER] * len(empty), columns)

    def has_quote_on_line(self, text: str, start: int) -> bool:
        """Say whether one of the quotes begins on the line of the text that begins there."""
        line_end = LINE_END.search(text, start)
        return len(self.quotes.between(start, line_end.start() if line_end else len(text))) > 0


class LayoutPassage:
    """The quotes of a text, column by column, and its errors. Values that are not printed are empty.

    There is one attribute for each column that does not belong to the document.
    """

    def __init__(self, text: str, line: int, reading: Reading, words: Words | None, owned: range) -> None:
        """Store a text, the line on which it begins, and the lines whose damaged quotes in words are reported here."""
        self._text = text
        self._first_line = line
        self._reading = reading
        self._words = words
        self._owned = owned
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
        """Yield the malformed text in that document, in order.

        A line that some layout reads has none, and text that is malformed for the words is not for a layout.
        """
        damaged = self._reading.malformed
        of_words: list[Malformed] = []
        if self._words and self._words.passage.may_have_flaw:
            read = self._lines_read()
            # Those on the lines before are already reported; the layouts only know now whether they fit there.
            of_words = [report for report in self._words.passage.malformed(origin) if report.line not in read]
            lines = {report.line for report in of_words}
            damaged = [found for found in damaged if lines.isdisjoint(self._lines_of(found))]
            of_words = [report for report in of_words if report.line in self._owned]
        return merge((self._report(found, origin) for found in damaged), of_words, key=_place)

    def _lines_read(self) -> set[int]:
        """Return the lines of the quotes that layouts have read."""
        places = zip(self._lines, self._reading.begins, self._reading.ends, self._reading.readers, strict=True)
        rows = ((line, count_lines(self._text[begin:end])) for line, begin, end, reader in places if reader != OTHER)
        return {number for line, ends in rows for number in range(line, line + ends + 1)}

    def _lines_of(self, damaged: LayoutMalformed) -> range:
        """Return the lines of text that does not fit a layout."""
        start, place, end = damaged.start, damaged.place.start, damaged.end
        before, after = count_lines(self._text[start:place]), count_lines(self._text[place:end])
        return range(damaged.line - before, damaged.line + after + 1)

    def in_order(self, origin: Origin) -> Iterator[Quote | Malformed]:
        """Yield quotes and malformed stretches of that document line by line."""
        return merge(self.quotes(origin), self.malformed(origin), key=lambda item: item.line)

    def suspects(self, origin: Origin) -> Iterator[Suspect]:
        """Yield the quotes of that document whose figures contradict one another."""
        of_words = self._suspects_in_words(self._words, origin) if self._words else iter([])
        readers = self._reading.readers
        of_layouts = (self._suspect(number, origin) for number in self.unsound if readers[number] != OTHER)
        return merge(of_layouts, of_words, key=_place)

    def _suspects_in_words(self, words: Words, origin: Origin) -> Iterator[Suspect]:
        wanted = {*self._reading.begins}
        suspects = zip(words.passage.unsound, words.passage.suspects(origin), strict=True)
        return (report for number, report in suspects if words.quotes.begins[number] in wanted)

    def _fill(self, values: list[Value], of_words: list[Value]) -> list[Value]:
        """Fill in the values of quotes in words, which are given for the whole text."""
        if self._words:
            known = dict(zip(self._words.quotes.begins, of_words, strict=True))
            for number, reader in enumerate(self._reading.readers):
                if reader == OTHER:
                    values[number] = known[self._reading.begins[number]]
        return values

    def _excerpt(self, start: int, end: int) -> Excerpt:
        begin = 1 + max(self._text.rfind("\n", 0, start), self._text.rfind("\r", 0, start))
        line_end = LINE_END.search(self._text, start)
        line = range(begin, line_end.start() if line_end else len(self._text))
        return excerpt_of(self._text, line, start, min(end, line.stop))

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
