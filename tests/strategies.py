"""Quotes as the grammar lets them be spelled, and text around them, for Hypothesis; and frames for single cases."""

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import strategies as st

from tickerx.outputs.table import Board

SPACES = " \t\u00a0\u202f"
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Spelled(NamedTuple):
    """A quote as one might print it, and the row that it must give."""

    text: str
    row: tuple[str, str, str, str, str, str]


def spaces(least: int = 1) -> st.SearchStrategy[str]:
    common = st.sampled_from([" ", "\t", "  ", "\u00a0", "\u202f "])
    return st.one_of(common, st.text(SPACES, min_size=least, max_size=64))


separators = st.one_of(
    st.just(" "),
    spaces(),
    st.builds(lambda before, after: before + "|" + after, st.text(SPACES, max_size=9), st.text(SPACES, max_size=9)),
)
symbols = st.one_of(
    st.sampled_from(["AGL", "786", "KSE100", "PIAHCLA", "A", "7ABC", "B-R.1&/X"]),
    st.text(DIGITS, min_size=1, max_size=6),
    st.text(LETTERS + DIGITS + ".&/-", max_size=19).map(lambda rest: "A" + rest),
    st.builds(
        lambda digits, rest: digits + "Z" + rest,
        st.text(DIGITS, min_size=1, max_size=9),
        st.text(LETTERS + DIGITS + ".&/-", max_size=10),
    ),
)


def _grouped(digits: str, small: int) -> str:
    """Group digits with commas: by threes, or as in India, three and then twos."""
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-small:])
        head = head[:-small]
    return ",".join([*groups, tail])


wholes = st.integers(0, 10**15 - 1).map(str)
decimals = st.one_of(st.just(""), st.text(DIGITS, min_size=1, max_size=9).map(lambda digits: "." + digits))


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a number as printed, and in canonical form."""
    whole, digits = draw(wholes), draw(decimals)
    grouping = draw(st.sampled_from([0, 2, 3]))
    printed = _grouped(whole, grouping) if grouping and len(whole) > 3 else whole
    return printed + digits, whole + digits


@st.composite
def signed_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a number with or without sign, as printed and in canonical form."""
    sign, canonical = draw(st.sampled_from([("", ""), ("-", "-"), ("\u2212", "-"), ("\u2013", "-"), ("+", "")]))
    printed, plain = draw(numbers())
    return sign + printed, canonical + plain


@st.composite
def quotes(draw: st.DrawFn) -> Spelled:
    """Draw a quote in any spelling that the grammar allows."""
    symbol = draw(symbols)
    price, plain_price = draw(numbers())
    first, second, direction = draw(
        st.sampled_from([("Increased", "By", "up"), ("Decreased", "By", "down"), ("No", "Change", "unchanged")])
    )
    arrow = draw(st.sampled_from(["", *"▲△▴↑▼▽▾↓"]))
    change, plain_change = draw(signed_numbers())
    percent, plain_percent = draw(signed_numbers())
    movement = first + draw(spaces()) + second + (draw(separators) + arrow if arrow else "")
    text = (
        symbol + draw(separators) + price + draw(separators) + movement
        + draw(separators) + change + draw(separators) + f"({percent}%)"
    )  # fmt: skip
    kind = "stock" if arrow or "." in price else "index"
    return Spelled(text, (symbol, plain_price, plain_change, plain_percent, direction, kind))


plain_quotes = st.sampled_from(
    [
        Spelled("AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", ("AGL", "40.00", "-0.16", "-0.4", "down", "stock")),
        Spelled("786 9.10 No Change ▼ 0.00 (0%)", ("786", "9.10", "0.00", "0", "unchanged", "stock")),
        Spelled("BR30 31,713 Increased By 377.1 (1.2%)", ("BR30", "31713", "377.1", "1.2", "up", "index")),
    ]
)
fragments = st.sampled_from(
    [
        *("AGL", "786", "KSE", "30", "40.00", "29,577", "97,3288", "Increased By", "Decreased By", "No Change", "By"),
        *("increased by", "creased", "Change", "▲", "▼", "-0.16", "(-0.4%)", "(-0.4", "%)", "(", ")", "|", "-", "+"),
        *(
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\u00a0",
            "\ufeff",
            "\u200b",
            "\0",
            "\v",
            "\f",
            "\x85",
            "\u2028",
            "é",
            "x",
        ),
        *("2020,", "00", "1,23", "$5", "+5"),
        *("\udcff", "\udce2", "٣", "²", " " * 65, "A" * 21, "1" * 16),
    ]
)
near_quotes = st.lists(st.one_of(fragments, st.just(" "), plain_quotes.map(lambda quote: quote.text))).map("".join)
"""Text made of what quotes are made of; lone surrogates stand for bytes that are not UTF-8."""


board_lines = st.one_of(
    plain_quotes.map(lambda quote: quote.text),
    st.builds(
        "{} {} {} {} ({}%)".format,
        symbols,
        numbers().map(lambda number: number[0]),
        st.sampled_from(["Increased By ▲", "Decreased By ▼", "No Change ▼", "Increased By", "No Change"]),
        signed_numbers().map(lambda number: number[0]),
        signed_numbers().map(lambda number: number[0]),
    ),
)
EDITS = "A0a,.-+ (%)▼△|é\t\u00a0\u202f\u2212\u2013[{<>\"':;*•\ufeff\u200b\r\n\udcff\udce2"


@st.composite
def edited_lines(draw: st.DrawFn) -> str:
    """Draw a line of a board in which something is different."""
    line = draw(board_lines)
    at = draw(st.integers(0, len(line)))
    return draw(
        st.sampled_from(
            [
                line[:at] + line[at + 1 :],
                line[:at] + draw(st.one_of(st.sampled_from(EDITS), fragments)) + line[at:],
                line[:at] + draw(st.sampled_from(EDITS)) + line[at + 1 :],
                line.replace(" ", draw(spaces())),
                line.replace(" ", draw(separators)),
                line.lower(),
                line.upper(),
                draw(st.sampled_from(["KSE ", "1,234 ", "12:30 ", "• ", "x", "-5 ", "786 | "])) + line,
                line[:at],
            ]
        )
    )


line_ends = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", " ", ""])
boards = st.lists(
    st.tuples(
        st.lists(st.tuples(board_lines, line_ends).map("".join), max_size=4).map("".join),
        st.one_of(edited_lines(), near_quotes),
        line_ends,
    ).map("".join),
    max_size=4,
).map("".join)
"""Runs of lines of a board, and between them a line that is nearly one."""


class Frame(NamedTuple):
    """What a text stands in, and how many bytes of both come at once."""

    before: str = ""
    after: str = ""
    size: int = 1 << 20

    def blocks(self, text: str) -> Iterator[bytes]:
        """Yield the text in its frame."""
        content = (self.before + text + self.after).encode("utf-8", "surrogateescape")
        return (content[at : at + self.size] for at in range(0, len(content), self.size))


_PROSE = "The market was quiet all day, and nobody knows why.\n" * 40
_BOARD = "OGDC 126.43 Decreased By ▼ -1.07 (-0.84%)\nKSE30 29,577 Increased By 100.2 (0.34%)\n"
FRAME_SYMBOLS = ("OGDC", "KSE30")
"""The symbols before and after a text between prose and lines of a board."""

FRAMES = {
    "alone": Frame(),
    "with-LF": Frame(after="\n"),
    "with-CRLF": Frame(after="\r\n"),
    "between-prose-and-lines-of-a-board": Frame(_PROSE + _BOARD, "\n" + _BOARD + _PROSE),
    "byte-by-byte": Frame(size=1),
}
"""A text must be read alike in each of them."""


# The columns of quotes, as tables are drawn from them.

_figures = st.from_regex(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", fullmatch=True)
_signed = st.tuples(st.sampled_from(["", "-"]), _figures).map("".join)
names_of_files = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@st.composite
def columns_of_quotes(draw: st.DrawFn) -> Board:
    """Draw all columns of a few quotes."""
    cells = {
        "symbol": st.from_regex(r"([A-Z][A-Z0-9.&/-]{0,19})?", fullmatch=True),
        "price": _figures,
        "change": _signed | st.just(""),
        "change_percent": _signed | st.just(""),
        "direction": st.sampled_from(["up", "down", "unchanged", ""]),
        "kind": st.sampled_from(["stock", "index", ""]),
        "previous_close": _signed | st.just(""),
        "sound": st.sampled_from(["true", "false", ""]),
        "file": names_of_files,
        "line": st.integers(1, 10**9).map(str),
        "url": st.sampled_from(["", "https://example.com/a?b=1"]),
        "fetched": st.sampled_from(["", "2024-04-17T05:12:33Z"]),
        "document": st.integers(1, 10**9).map(str),
        "record": st.sampled_from(["", "<urn:uuid:1>"]),
        "name": st.sampled_from(["", "Brent", "[b]"]),
        "layout": st.sampled_from(["words", "{name}{price}"]),
    }
    rows = draw(st.lists(st.tuples(*cells.values()), min_size=1, max_size=5))
    return dict(zip(cells, map(list, zip(*rows, strict=True)), strict=True))
