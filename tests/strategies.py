"""Quotes as the grammar lets them be spelled, and text around them, for Hypothesis."""

from typing import NamedTuple

from hypothesis import strategies as st

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
    sign, canonical = draw(st.sampled_from([("", ""), ("-", "-"), ("\u2212", "-"), ("+", "")]))
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
