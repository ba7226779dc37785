"""The inputs of the benchmark, made from a fixed seed in words of this file."""

import random
from collections.abc import Callable
from pathlib import Path

__all__ = ["make_endless", "make_files", "make_fourfold", "make_text"]

SEED = 20240417
TEXT = """the market closed higher as investors bought shares of banks and cement makers while analysts said that profit
increased by 12 percent over the year and that trade was thin before the holiday with volume of 250 million shares
against an average of 310 million Karachi traders expect results from OGDC and PPL in October"""
PROSE = TEXT.split()
NEAR_PROSE = [*PROSE, "increased by"]
MIB = 1 << 20


def _quote(source: random.Random) -> str:
    """Return a line of a board: a share with an arrow, or seldom an index without."""
    close, change = source.randint(100, 60_000), source.randint(-99, 99)
    percent = f"{100 * change / close:.2f}".rstrip("0").rstrip(".") or "0"
    symbol = "".join(source.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=source.randint(3, 7)))
    if source.random() < 0.12:
        words = "Increased By" if change >= 0 else "Decreased By"
        return f"{symbol}100 {close + change:,} {words} {change} ({percent}%)\n"
    words = ("Increased By ▲", "No Change ▼", "Decreased By ▼")[(change <= 0) + (change < 0)]
    return f"{symbol} {(close + change) / 100:.2f} {words} {change / 100:.2f} ({percent}%)\n"


def _board(source: random.Random) -> str:
    return "".join(_quote(source) for _ in range(34))


def _paragraphs(source: random.Random, count: int, words: list[str] = PROSE) -> str:
    """Return paragraphs, each of them a line of ninety words."""
    texts = (" ".join(source.choices(words, k=90)) for _ in range(count))
    return "".join(f"{text[0].upper()}{text[1:]}.\n" for text in texts)


def _page(source: random.Random) -> str:
    return _board(source) + _paragraphs(source, 8)


def _damage(line: str, source: random.Random) -> str:
    """Return a line of a board misread, retyped or cut off, so that it is no quote to anyone."""
    symbol, rest = line.split(" ", 1)
    return source.choice(
        (f"{symbol} O{rest}", f"{symbol.lower()} {rest}", line.replace("(", ""), line[: line.index("(") + 2] + "\n")
    )


def _damaged_page(source: random.Random) -> str:
    """Return a page of which one line in a hundred is damaged, on an average, and whose prose nears a quote."""
    lines = _board(source).splitlines(keepends=True)
    share = (34 + 8) / 34 / 100
    board = "".join(_damage(line, source) if source.random() < share else line for line in lines)
    return board + _paragraphs(source, 8, NEAR_PROSE)


def _crawl(source: random.Random) -> str:
    """Return a hundred pages of which the last has a board."""
    return _paragraphs(source, 99 * 9) + _page(source)


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "board": _board,
    "pages": _page,
    "crawl": _crawl,
    "damaged": _damaged_page,
}


def make_text(path: Path, text: str, megabytes: float) -> Path:
    """Fill a file with one kind of text, made anew for each page, up to a size; a smaller one is its beginning."""
    source = random.Random(SEED)  # noqa: S311  # no secret
    with path.open("wb") as file:
        while file.tell() < megabytes * 1e6:
            file.write(MAKERS[text](source).encode())
    return path


def make_fourfold(path: Path, original: Path) -> Path:
    """Fill a file with four copies of another."""
    with path.open("wb") as file:
        for _ in range(4):
            with original.open("rb") as copied:
                while block := copied.read(MIB):
                    file.write(block)
    return path


def make_files(folder: Path, count: int) -> Path:
    """Make that many files of one page each, and return the file that holds their names, for --files0-from."""
    source = random.Random(SEED)  # noqa: S311
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:05}.txt" for number in range(count)]
    for path in paths:
        path.write_text(_page(source), encoding="utf-8")
    names = folder / "names"
    names.write_bytes(b"".join(bytes(path) + b"\0" for path in paths))
    return names


def make_endless(path: Path, mebibytes: float, kind: str) -> Path:
    """Fill a file with one line without an end: "quotes", with blanks between them, or "letters"."""
    source = random.Random(SEED)  # noqa: S311
    block = (
        "".join(_board(source) for _ in range(MIB // 1024)).replace("\n", " ").encode()
        if kind == "quotes"
        else b"x" * MIB
    )
    with path.open("wb") as file:
        while file.tell() < mebibytes * MIB:
            file.write(block)
    return path
