"""The row: its columns with types, units and meanings, and `Quote`, its typed form."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

# Arithmetic is loaded only where something is computed.

__all__ = ["COLUMNS", "Column", "Direction", "Kind", "Origin", "Quote"]


class Direction(StrEnum):
    """How a price has moved, from the words of the board and not from its arrow."""

    UP = "up"
    DOWN = "down"
    UNCHANGED = "unchanged"


class Kind(StrEnum):
    """Whether a quote is for a share or an index. An index has no arrow, and a price rounded to a whole number."""

    STOCK = "stock"
    INDEX = "index"


class Column(NamedTuple):
    """One column of a row. Its unit is empty if it has none."""

    name: str
    type: Literal["word", "text", "time", "decimal", "integer", "boolean"]
    """A word needs no quoting in any format; a text can contain anything. A time is RFC 3339 in UTC."""
    meaning: str
    unit: str = ""
    default: bool = True
    """Whether a row has this column unless others are chosen."""
    values: tuple[str, ...] = ()
    """All words that it can have; empty if there is no such list."""
    pattern: str = ""
    """What its word matches, as a regular expression of ECMA-262; empty if only `values`, or nothing, limits it."""
    may_be_empty: bool = False
    """Whether it can be empty because its value is unknown."""

    @property
    def description(self) -> str:
        """Its meaning, with the unit in parentheses."""
        return f"{self.meaning} ({self.unit})" if self.unit else self.meaning

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, aligned to the right."""
        return self.type in ("decimal", "integer")


# The symbol of `tickerx.grammar.terminals`, in the dialect of other tools.
_SYMBOL = "^(?:(?=[0-9.&/-]*[A-Z])[A-Z0-9][A-Z0-9.&/-]{0,19}|[0-9]{1,6})$"

COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("symbol", "word", "the security's symbol, as printed", pattern=_SYMBOL),
        Column("price", "decimal", "last price", "the board's currency, or index points"),
        Column("change", "decimal", "change from the previous close, signed", "as the price"),
        Column("change_percent", "decimal", "change from the previous close, signed", "percent of that close"),
        Column("direction", "word", "up, down or unchanged, from the board's words", values=tuple(Direction)),
        Column("kind", "word", "stock or index", values=tuple(Kind)),
        Column("previous_close", "decimal", "price minus change", "as the price", default=False),
        Column("sound", "boolean", "whether words and figures agree with one another", default=False),
        Column("file", "text", "name of the input; - is standard input", default=False),
        Column(
            "line", "integer", "line of the document's text on which the quote begins", "lines, from 1", default=False
        ),
        Column("url", "text", "address of the document", default=False, may_be_empty=True),
        Column("fetched", "time", "when the document was fetched, in UTC", default=False, may_be_empty=True),
        Column("document", "integer", "number of the document in the input", "from 1", default=False),
        Column("record", "text", "the document's own identifier in the input", default=False, may_be_empty=True),
        Column("name", "text", "the security's name, where a layout prints one", default=False, may_be_empty=True),
        Column("layout", "text", "the layout that read the quote: its name or its text", default=False),
    )
}
"""All columns by name, in the order of the documentation."""


class Origin(NamedTuple):
    """What all quotes of a document have in common."""

    file: str | None
    """Name of the input, or None if it is a text."""
    url: str = ""
    """Address of the document, or empty if unknown."""
    fetched: str = ""
    """When the document was fetched, as RFC 3339 in UTC, or empty if unknown."""
    document: int = 1
    """Number of the document in the input, from 1."""
    record: str = ""
    """The document's own identifier in the input, or empty."""

    def __str__(self) -> str:
        """Return how messages name the document."""
        name = self.url or (f"document {self.document}" if self.document > 1 else "")
        return f"{self.file or '<text>'}: {name} " if name else self.file or "<text>"


@dataclass(frozen=True, slots=True)
class Quote:
    """One security's line on a board.

    Figures are exact decimals with the printed digits: ``Decimal("40.00")`` is not shortened to ``40``. With layouts,
    attributes that the board does not print are None.
    """

    symbol: str | None
    price: "Decimal"
    """Last price, in the board's currency or in index points."""
    change: "Decimal | None"
    """Change from the previous close, signed, in the unit of the price."""
    change_percent: "Decimal | None"
    """The same change in percent of the previous close: ``Decimal("-1.67")`` is -1.67 %."""
    direction: Direction | None
    kind: Kind | None
    """None if any layout other than the built-in one has read the quote."""
    file: str | None
    """Name of the input, or None if the quote was found in a text."""
    line: int
    """Line of the document's text on which the quote begins, from 1."""
    url: str | None = None
    """Address of the document. This, ``fetched``, ``record`` and ``name`` are None if unknown."""
    fetched: "datetime | None" = None
    """When the document was fetched, in UTC."""
    document: int = 1
    """Number of the document in the input, from 1."""
    record: str | None = None
    """The document's own identifier in the input."""
    name: str | None = None
    """The security's name."""
    layout: str = "words"
    """The layout that read the quote: its name, or its text if it has no name."""
    printed_previous_close: "Decimal | None" = None
    """The previous close, if the board prints it."""

    @property
    def previous_close(self) -> "Decimal | None":
        """The printed one, or else price minus change, if the change and its sign are known. In the price's unit."""
        from tickerx.arithmetic import previous_close

        if self.printed_previous_close is not None or self.change is None or self.direction is None:
            return self.printed_previous_close
        return previous_close(self.price, self.change)

    @property
    def is_sound(self) -> bool | None:
        """Whether its words and figures agree, see `tickerx.arithmetic` and `tickerx.intervals`.

        None if there is nothing to check.
        """
        if self.kind and self.change is not None and self.change_percent is not None and self.direction:
            from tickerx.arithmetic import contradiction

            return not contradiction(self.price, self.change, self.change_percent, self.direction, self.kind)
        from tickerx.intervals import is_sound_either_way

        figures = (self.change, self.change_percent, self.printed_previous_close)
        change, percent, close = (None if figure is None else format(figure, "f") for figure in figures)
        return is_sound_either_way(format(self.price, "f"), change, percent, close, self.direction)

    def to_dict(self) -> dict[str, object]:
        """Return the values of all columns by name, in the order of `COLUMNS`. Figures stay exact decimals."""
        return {name: self.is_sound if name == "sound" else getattr(self, name) for name in COLUMNS}
