"""Find the quotes of layouts in a stream of bytes, in constant memory.

The interface is that of `tickerx.engine.scanner`: blocks in, passages out. A passage is a run of whole lines. If a line
is too long for a quote of whole lines, only its beginning is kept; but if a layout can find quotes anywhere on a line,
the line is read in overlapping cuts.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tickerx.engine.layout_passage import LayoutPassage, Words
from tickerx.engine.scanner import PIECE, REACH, last_line_end, next_character
from tickerx.engine.soft_lines import join_quotes
from tickerx.grammar.parser import decode
from tickerx.inputs.read import Form
from tickerx.layouts.damage import LINE_END, count_lines
from tickerx.layouts.layout import Layout
from tickerx.layouts.read import Reading, read_text
from tickerx.quote import COLUMNS

__all__ = ["LayoutScanner", "Layouts"]


class Layouts(NamedTuple):
    """The layouts to read with, in the order in which they try a line."""

    fields: tuple[Layout, ...]
    """The layouts with fields."""
    has_words: bool = False
    """Whether the built-in grammar reads too. It comes first."""

    @property
    def reach(self) -> int:
        """The most code points of a quote, with the text that its reading depends on."""
        return max([layout.longest for layout in self.fields] + [REACH] * self.has_words)

    @property
    def default_columns(self) -> list[str]:
        """The columns of a row by default: those of the built-in layout, but the name where no symbol is printed."""
        printed = [layout.columns for layout in self.fields]
        has_symbol = self.has_words or any("symbol" in names for names in printed)
        has_name = any("symbol" not in names for names in printed)
        others = [column.name for column in COLUMNS.values() if column.default and column.name != "symbol"]
        return ["symbol"] * has_symbol + ["name"] * has_name + others

    def adapt(self, form: Form) -> Form:
        """Return the form in which these layouts need inputs: with all text, and with the right lines."""
        return form._replace(all_text=True, join=join_quotes if self.has_words else None)

    @property
    def on_open_lines(self) -> "Layouts":
        """The layouts that find a quote anywhere on a line."""
        return self._replace(fields=tuple(layout for layout in self.fields if layout.is_open))

    @property
    def may_be_cut(self) -> bool:
        """Whether a text can be cut at any line end and still give the same quotes and reports."""
        return all(layout.is_open and layout.lines == 1 for layout in self.fields)


class LayoutScanner:
    """Scan one input, and keep the position."""

    def __init__(self, layouts: Layouts, line: int = 1) -> None:
        """Begin on this line of the input."""
        self._layouts = layouts
        self._open = layouts.on_open_lines
        self._reach = layouts.reach
        self._longest = max(PIECE, 8 * layouts.reach)
        """The most bytes of an endless line to keep."""
        self._first_line = self._line = line
        """The line on which the kept text begins."""
        self._next_line = line
        """The first line whose damaged quotes in words are not reported yet."""
        self._text = ""
        """Whole lines that are kept because later text can change how to read them."""
        self._begin = 0
        """Code points of these lines, or of a line that is cut, whose rows are final."""
        self._pending = b""
        """The bytes of an unfinished line."""
        self._column = 0
        """Code points before these bytes on the line."""
        self._is_cut = self._is_passed_over = False
        """Whether the beginning of the line is already read; whether to skip the rest of the line."""
        self._ends_open = False

    @property
    def lines(self) -> int:
        """How many lines have been read, including a last one without a line end."""
        return self._line - self._first_line + self._ends_open

    def scan(self, blocks: Iterable[bytes]) -> Iterator[LayoutPassage]:
        """Read the whole input, see `tickerx.engine.scanner.scan`."""
        for block in blocks:
            for start in range(0, len(block), PIECE):
                yield from self._read(block[start : start + PIECE])
        if self._is_cut:
            yield from self._read_cut(is_end=True)
        self._ends_open = bool(self._pending) and not self._pending.endswith((b"\n", b"\r"))
        yield from self._read_lines(len(self._pending), is_last=True)

    def _read(self, piece: bytes) -> Iterator[LayoutPassage]:
        if self._is_passed_over:
            line_end = LINE_END.search(piece.decode("latin-1"))
            if not line_end:
                return
            self._is_passed_over = False
            piece = piece[line_end.start() :]
        old = len(self._pending)
        self._pending += piece
        end = last_line_end(self._pending, max(0, old - 1))
        if end and self._is_cut:
            yield from self._read_cut(is_end=True)
            end = last_line_end(self._pending, 0)
        if end:
            yield from self._read_lines(end, is_last=False)
        if len(self._pending) > self._longest:
            yield from self._shorten()

    def _read_lines(self, end: int, is_last: bool) -> Iterator[LayoutPassage]:
        """Read whole lines, or all pending bytes."""
        text = self._text + decode(self._pending[:end])
        self._pending = self._pending[end:]
        if text:
            words = Words(text, self._line) if self._layouts.has_words else None
            others = words.quotes if words else None
            fields = self._layouts.fields
            reading = read_text(text, fields, begin=self._begin, line=self._line, is_last=is_last, others=others)
            resume = len(text) if is_last else reading.resume
            owned = self._own(text, reading, words, None if is_last else resume)
            yield from _wanted(LayoutPassage(text, self._line, reading, words, owned))
            self._line += count_lines(text[:resume])
            self._text, self._begin = text[resume:], reading.settled - resume

    def _own(self, text: str, reading: Reading, words: Words | None, resume: int | None) -> range:
        """Return the next lines whose damaged quotes in words are reported: those that no later text can change.

        ``resume`` is where the kept text begins; None at the end. Lines after a layout's quote that is kept wait: they
        may be damaged for that layout too, and reports come in the order of the text.
        """
        ends = [*reading.ends[-1:], *(found.end for found in reading.malformed)]
        stop = count_lines(text[: max(ends)]) + 1 if ends else 0
        line_start = max(text.rfind("\n", 0, reading.settled), text.rfind("\r", 0, reading.settled)) + 1
        if resume is None:
            stop = count_lines(text) + 1
        elif resume == line_start or (words and words.has_quote_on_line(text, resume)):
            stop = max(stop, count_lines(text[:line_start]))
        owned = range(self._next_line, max(self._next_line, self._line + stop))
        self._next_line = owned.stop
        return owned

    def _shorten(self) -> Iterator[LayoutPassage]:
        """Keep less of an endless line, but more than the longest quote, so that the line as a whole is not a quote."""
        if not self._open.fields and not self._open.has_words:
            self._pending = self._pending[: next_character(self._pending, self._longest - 4)]
            self._is_passed_over = True
            return
        if not self._is_cut:
            pending, self._pending = self._pending, b""
            yield from self._read_lines(0, is_last=True)
            self._pending, self._text, self._begin, self._is_cut = pending, "", 0, True
        yield from self._read_cut(is_end=False)

    def _read_cut(self, is_end: bool) -> Iterator[LayoutPassage]:
        """Read a part of a long line: up to its end, or all except the length of a quote."""
        content = self._pending
        line_end = LINE_END.search(content.decode("latin-1")) if is_end else None
        text = decode(content[: line_end.start()] if line_end else content)
        stop = len(text) if is_end else len(text) - self._reach
        words = Words(text, self._line, self._column, range(self._begin, stop)) if self._open.has_words else None
        others = words.quotes if words else None
        reading = read_text(text, self._open.fields, begin=self._begin, line=self._line, stop=stop, others=others)
        yield from _wanted(LayoutPassage(text, self._line, reading, words, range(self._line, self._line + 1)))
        resume = len(text) if is_end else self._next_begin(text, reading.begins, stop)
        self._begin = 0 if is_end else stop - resume
        self._column = 0 if is_end else self._column + resume
        self._pending = content[len(text[:resume].encode("utf-8", "surrogateescape")) :]
        self._is_cut = not is_end

    def _next_begin(self, text: str, begins: Sequence[int], stop: int) -> int:
        """Return where the next cut begins: at a quote, or after a blank, so that no quote begins within a word."""
        first = stop - self._reach
        return next((begin for begin in begins if begin >= first), text.rfind(" ", 0, first) + 1 or first)


def _wanted(passage: LayoutPassage) -> Iterator[LayoutPassage]:
    """Yield a passage if it is not empty."""
    if passage.symbol or passage.may_have_flaw:
        yield passage
