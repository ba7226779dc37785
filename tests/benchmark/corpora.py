"""The inputs of the benchmark: boards with the symbols and prices of real ones, printed in many ways, and prose.

All come from a fixed seed, and no two boards are the same. The percent of every quote is the true one, rounded half up.
"""

import os
import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

__all__ = ["SHAPES", "make_files", "make_input"]

SEED = 20240417
MEGABYTE, MIB = 1_000_000, 1 << 20

Quote = tuple[str, str, str, str, str]
"""Symbol, price, movement, change and percent as a board prints them."""

GOLDEN = [Path(__file__).parents[1] / "golden" / f"psx-2024-{month}.txt" for month in ("04", "11")]
PRICES = [line.split()[:2] for path in GOLDEN for line in path.read_text(encoding="utf-8").splitlines()]
SHARES = [(symbol, price) for symbol, price in PRICES if "." in price] + [("M&M", "2950.75")]
INDICES = [(symbol, price) for symbol, price in PRICES if "." not in price][:4]
CODES = ("786", "600519", "005930", "7203", "0700", "9988")
"""Symbols of digits alone, on boards of Karachi, Shanghai, Seoul, Tokyo and Hong Kong."""

SENTENCES = (
    "The benchmark index closed at a record high on Friday, as investors bought shares of banks and cement makers.",
    "Analysts said that the central bank’s decision – expected for weeks – had left “little room for surprises”.",
    "The company’s profit increased by 12 percent over the year, while its cost of sales decreased by Rs1.25 billion.",
    "“We see no change in the outlook for the second half,” the chief executive told shareholders in Karachi.",
    "Trade was thin before the holiday, with volume of 250 million shares against an average of 310 million.",
    "Across the board, selling was seen in key sectors including refineries, fertiliser and power generation.",
    "The rupee closed at 277.96 against the dollar in the inter-bank market — a loss of Re0.02 (0.01%) on the day.",
    "OGDC, PPL and MARI led the gains, adding 312.5 points to the KSE-100 between them; HUBC and ENGRO lost ground.",
    "A spokesperson for the ministry declined to comment on the report, which was first published by a local paper.",
    "Earnings per share were Rs4.72, up from Rs3.88 in the same period last year, according to a notice to the bourse.",
    "Globally, Asian equities were mixed, as traders weighed the Federal Reserve’s minutes against weak factory data.",
    "Climate change is a risk for farmers in the lower valley, where the harvest has shrunk by a fifth since 2019.",
)
TO_ASCII = str.maketrans({"“": '"', "”": '"', "’": "'", "–": "-", "—": "--"})


def _quote(source: random.Random, symbol: str, price: str) -> Quote:
    """Return a quote near a price: a share's has cents and an arrow; an index's has neither, and its change tenths."""
    units, digits, arrows = (100, 2, (" ▲", " ▼")) if "." in price else (10, 1, ("", ""))
    near = float(price.replace(",", "")) * source.uniform(0.6, 1.6)
    change = 0 if source.random() < 0.03 else round(near * units * source.uniform(-0.08, 0.08))
    last = round(near * units) if digits == 2 else round(near) * units
    close = last - change
    hundredths = (20_000 * abs(change) + close) // (2 * close)
    percent = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
    words = f"Increased By{arrows[0]}" if change > 0 else f"{'Decreased By' if change else 'No Change'}{arrows[1]}"
    printed = f"{change / units:.{digits}f}"
    return (
        symbol,
        f"{last / units:.2f}" if digits == 2 else f"{last // units:,}",
        words,
        printed if digits == 2 else printed.removesuffix(".0"),
        f"({'-' if change < 0 and hundredths else ''}{percent}%)",
    )


def _board(source: random.Random, codes: tuple[str, ...] = ("786",), share: float = 1 / 34) -> list[Quote]:
    """Return a board of 34 quotes, thirty of shares; that share of all symbols, on an average, are codes."""
    listed = source.sample(SHARES, 30) + INDICES
    return [
        _quote(source, source.choice(codes) if source.random() < share else symbol, price) for symbol, price in listed
    ]


def _lines(board: list[Quote], start: str = "", between: str = " ", end: str = "\n") -> str:
    return "".join(f"{start}{between.join(quote)}{end}" for quote in board)


def _other_arrows(source: random.Random) -> str:
    return _lines(_board(source)).translate({ord("▲"): source.choice("△▴↑"), ord("▼"): source.choice("▽▾↓")})


def _prefixed(source: random.Random) -> str:
    """Return a board with a time or a date before each symbol, but no code: behind a number a code is no symbol."""
    moments = ("16:05 ", "2024-04-17 ", "17/04/2024 16:05:12 ", "Wed 17 Apr: ")
    return "".join(source.choice(moments) + _lines([quote]) for quote in _board(source, share=0))


def _damage(source: random.Random, line: str) -> str:
    """Return a line of a board as it may come out of a scan, a retyping or a cut; its last kind is well formed."""
    symbol, rest = line.split(" ", 1)
    head, percent = rest.rsplit(" ", 1)
    return source.choice(
        (
            f"{symbol} O{rest}",
            f"{symbol.lower()}x {rest}",
            f"{symbol} {head} {percent.strip('()')}",
            f"{symbol} {head} {percent[:-2]}",
            f"{symbol} {rest[: source.randrange(len(rest) - 3)]}",
            f"{symbol} {head.replace('creased', 'crea5ed').replace('No C', 'No, C')} {percent}",
            f"{symbol} {head.replace(' By', ' by').replace('No C', 'no c')} {percent}",
            f"{symbol} {head} ({source.randint(1, 9)}{percent.lstrip('(-')}",
        )
    )


def _damaged(source: random.Random, share: float) -> str:
    lines = _lines(_board(source)).splitlines()
    return "".join(f"{_damage(source, line) if source.random() < share else line}\n" for line in lines)


def _paragraphs(source: random.Random, number: int = 8) -> str:
    """Return paragraphs of some 540 characters, each a line of its own."""
    return "".join(" ".join(source.choices(SENTENCES, k=5)) + "\n" for _ in range(number))


def _page(source: random.Random) -> str:
    return _lines(_board(source)) + _paragraphs(source).translate(TO_ASCII)


SHAPES: dict[str, Callable[[random.Random], str]] = {
    "board": lambda source: _lines(_board(source, share=0)),
    "board with `786`, one line in 18": lambda source: _lines(_board(source, share=1 / 18)),
    "CRLF": lambda source: _lines(_board(source), end="\r\n"),
    "other arrows": _other_arrows,
    "34 quotes on a line": lambda source: _lines(_board(source), end=" ").rstrip() + "\n",
    "prefixed lines": _prefixed,
    "cells between bars": lambda source: _lines(_board(source), start="| ", between=" | ", end=" |\n"),
    "no-break spaces": lambda source: _lines(_board(source)).replace(" ", "\u00a0"),
    "glued quotes": lambda source: _lines(_board(source), end="") + "\n",
    "digits-only symbols": lambda source: _lines(_board(source, CODES, share=1)),
    "`•` before each": lambda source: _lines(_board(source), start="• "),
    "pages": _page,
    "one damaged line in 100": partial(_damaged, share=0.01),
    "one damaged line in 10": partial(_damaged, share=0.1),
    "prose in lines of 100": lambda source: re.sub("(.{1,100}) ", r"\1\n", _paragraphs(source)).translate(TO_ASCII),
    "prose in lines of 540": lambda source: _paragraphs(source).translate(TO_ASCII),
    "prose with curly quotes and dashes": _paragraphs,
    "crawl text, 1 page in 100 with a board": lambda source: (
        _paragraphs(source, 99 * 8).translate(TO_ASCII) + _page(source)
    ),
    "a line of prose": lambda source: _paragraphs(source, 1000).replace("\n", " "),
    "a line of quotes": lambda source: _lines(_board(source), end=" "),
}
"""What makes the next page of a text, by the text's shape."""


def make_input(folder: Path, shape: str, size: float) -> Path:
    """Return a file of whole pages of a shape, of at least that many bytes, made where it is not there already."""
    path = folder / f"{''.join(c if c.isalnum() else '-' for c in shape)}.{size:.0f}.txt"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            pages = _pages(shape)
            while file.tell() < size:
                file.write(next(pages).encode())
        unfinished.rename(path)
    return path


def make_files(folder: Path, number: int) -> Path:
    """Return a list of that many files of one page each, for --files0-from."""
    folder.mkdir(exist_ok=True)
    names = folder / f"{number}.names"
    if not names.exists():
        paths = [folder / f"{index}.txt" for index in range(number)]
        for path, page in zip(paths, _pages("pages"), strict=False):
            path.write_text(page, encoding="utf-8")
        names.write_bytes(b"".join(os.fsencode(path) + b"\0" for path in paths))
    return names


def _pages(shape: str) -> Iterator[str]:
    source = random.Random(SEED)  # noqa: S311  # no secret
    return (SHAPES[shape](source) for _ in count())
