"""The library: `tickerx.find` and `tickerx.read`."""

import cProfile
import gzip
import io
import os
import pickle
import pydoc
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickerx
from tests.strategies import near_quotes
from tickerx import Direction, Kind, Quote
from tickerx.quote import COLUMNS

BOARD = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\nKSE100 97,328 Increased By 1781.9 (1.86%)\n"
AGL = Quote("AGL", Decimal("40.00"), Decimal("-0.16"), Decimal("-0.4"), Direction.DOWN, Kind.STOCK, file=None, line=1)


def test_a_quote_has_typed_figures_with_their_digits() -> None:
    quote = next(tickerx.find(BOARD))
    assert quote == AGL
    assert repr(quote.price) == "Decimal('40.00')"
    assert (str(quote.direction), str(quote.kind)) == ("down", "stock")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", "40.16", id="a-share"),
        pytest.param("KSE100 97,328 Increased By 1781.9 (1.86%)", "95546.1", id="an-index"),
        pytest.param("X 0.10 Increased By ▲ 0.10 (0%)", "0.00", id="zero-keeps-its-digits"),
        pytest.param("X 0.000000001 No Change ▼ 0 (0%)", "0.000000001", id="no-exponent"),
        pytest.param(
            "X 999999999999999.999999999 Decreased By ▼ -999999999999999.999999999 (-50%)",
            "1999999999999999.999999998",
            id="the-longest-figures-are-exact",
        ),
    ],
)
def test_the_previous_close_is_price_less_change(line: str, expected: str) -> None:
    [quote] = tickerx.find(line)
    assert format(quote.previous_close, "f") == expected


def test_a_quote_knows_its_line_and_file(tmp_path: Path) -> None:
    path = tmp_path / "board.txt"
    path.write_text("A headline\n" + BOARD, encoding="utf-8")
    assert [(quote.line, quote.file) for quote in tickerx.read(path)] == [(2, str(path)), (3, str(path))]
    with path.open("rb") as file:
        assert [quote.file for quote in tickerx.read(file)] == [str(path), str(path)]
    assert [quote.file for quote in tickerx.read(io.BytesIO(BOARD.encode()))] == [None, None]


def test_a_quote_as_a_dict_has_every_column() -> None:
    [quote] = tickerx.find(BOARD.splitlines()[0])
    assert quote.to_dict() == {
        "symbol": "AGL",
        "price": Decimal("40.00"),
        "change": Decimal("-0.16"),
        "change_percent": Decimal("-0.4"),
        "direction": "down",
        "kind": "stock",
        "previous_close": Decimal("40.16"),
        "sound": True,
        "file": None,
        "line": 1,
        "url": None,
        "fetched": None,
        "document": 1,
        "record": None,
        "name": None,
        "layout": "words",
    }
    assert list(quote.to_dict()) == list(COLUMNS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_are_honoured(encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    files = (io.BytesIO((mark + BOARD + mark + BOARD).encode(encoding)), io.BytesIO(BOARD.encode(encoding) * 2))
    for file in files if encoding != "utf-16-le" and encoding != "utf-16-be" else files[:1]:
        assert [quote.symbol for quote in tickerx.read(file)] == ["AGL", "KSE100", "AGL", "KSE100"]


def test_text_that_is_no_UTF_16_leaves_its_neighbours_alone() -> None:  # noqa: N802
    content = b"\xff\xfe" + "X ".encode("utf-16-le") + b"\x00\xd8" + BOARD.encode("utf-16-le") + b"\x00"
    assert [quote.symbol for quote in tickerx.read(io.BytesIO(content))] == ["KSE100"]


def test_every_public_name_is_there_and_no_other() -> None:
    assert all(hasattr(tickerx, name) for name in tickerx.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'board'"):
        _ = tickerx.board  # type: ignore[attr-defined]  # and type checkers say so


def test_public_names_are_listed_and_helped() -> None:
    assert dir(tickerx) == sorted(tickerx.__all__)
    shown = pydoc.plain(pydoc.render_doc(tickerx))
    assert all(name in shown for name in tickerx.__all__ if name != "__version__")


def test_a_type_checker_rejects_an_unknown_name_and_knows_the_others(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api", reason="mypy is not installed")
    program = tmp_path / "program.py"
    program.write_text("import tickerx\ntickerx.Qoute\nreveal_type(tickerx.find)\n")
    said, _, status = api.run(["--strict", "--no-incremental", "--cache-dir", os.devnull, str(program)])
    assert status == 1
    assert 'Module has no attribute "Qoute"' in said
    assert "Iterator[tickerx.quote.Quote]" in said


@pytest.mark.parametrize(
    "error",
    [
        tickerx.MalformedError,
        tickerx.CompressedError,
        tickerx.DamagedError,
        tickerx.PageError,
        tickerx.RefusedError,
        tickerx.ShrunkError,
        tickerx.UnreadableError,
    ],
)
def test_public_errors_are_shown_by_their_public_names(error: type[Exception]) -> None:
    assert error.__module__ == "tickerx"
    assert pickle.loads(pickle.dumps(error)) is error  # noqa: S301


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: tickerx.find(b"AGL"), "find() takes a str, not bytes", id="bytes-as-a-text"),  # type: ignore[arg-type]
        pytest.param(lambda: tickerx.read(b"board.txt"), "not bytes", id="bytes-as-a-path"),  # type: ignore[arg-type]
        pytest.param(lambda: tickerx.read(io.StringIO("AGL")), "not a file opened for text", id="a-file-of-text"),  # type: ignore[arg-type]
        pytest.param(lambda: tickerx.read(3), "not int", id="a-number"),  # type: ignore[arg-type]
        pytest.param(lambda: tickerx.find("", layouts=[5]), "not int", id="a-number-as-a-layout"),  # type: ignore[list-item]
    ],
)
def test_a_wrong_argument_is_refused_at_the_call(call: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        call()


def test_a_kind_that_does_not_exist_is_refused_at_the_call() -> None:
    with pytest.raises(ValueError, match="kind 'x' is not one of 'auto', 'text'"):
        tickerx.read("board.txt", kind="x")


def test_documents_have_their_page_and_on_damaged_gets_the_damaged_ones() -> None:
    lines = (
        b'{"text": "AGL 40.00 Decreased By \xe2\x96\xbc -0.16 (-0.4%)", "url": "https://a.example/",'
        b' "date": "2024-11-20"}\n'
        b'{"text": "bop 6.68 Decreased By \xe2\x96\xbc -0.01 (-0.15%)", "url": "https://b.example/"}\n'
        b"broken\n"
    )
    malformed: list[tickerx.Malformed] = []
    damaged: list[tickerx.DamagedError] = []
    source = io.BytesIO(lines)
    documents = tickerx.read_documents(source, on_malformed=malformed.append, on_damaged=damaged.append)
    found = [(one.number, one.url, one.fetched, [quote.url for quote in one.quotes]) for one in documents]
    fetched = datetime(2024, 11, 20, tzinfo=UTC)
    assert found == [(1, "https://a.example/", fetched, ["https://a.example/"]), (2, "https://b.example/", None, [])]
    assert [(report.url, report.line) for report in malformed] == [("https://b.example/", 1)]
    assert ["line 3" in str(error) for error in damaged] == [True]


class Trickle(io.RawIOBase):
    """A file that gives one byte at a time, as a slow pipe may."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, size: int = -1, /) -> bytes:
        byte, self.content = self.content[:1], self.content[1:]
        return byte


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_comes_byte_by_byte_reads_the_same(encoding: str) -> None:
    assert [quote.line for quote in tickerx.read(Trickle(BOARD.encode(encoding)))] == [1, 2]


def test_a_damaged_compressed_file_gives_its_quotes_and_then_an_error() -> None:
    quotes = tickerx.read(io.BytesIO(gzip.compress(BOARD.encode())[:-4]))
    assert [next(quotes).symbol, next(quotes).symbol] == ["AGL", "KSE100"]
    with pytest.raises(tickerx.CompressedError, match="the gzip data is cut off") as caught:
        next(quotes)
    assert caught.value.format == "gzip"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(gzip.compress(BOARD.encode() * 9)[:-9], "the gzip data is cut off", id="compressed"),
        pytest.param(b"%PDF-1.7\n" * 99, "a PDF; extract its text first", id="refused"),
        pytest.param(b'{"text": "AGL"}\n{"text"\n', "line 2: ", id="damaged"),
    ],
)
def test_an_error_of_reading_names_the_file(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "input"
    path.write_bytes(content)
    with pytest.raises(tickerx.UnreadableError) as caught:
        list(tickerx.read(path))
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - its own pickle
    assert str(error) == f"{path}: {error.reason}"
    assert error.reason.startswith(reason)
    assert error.file == str(path)


def test_a_damaged_record_of_an_archive_is_an_error() -> None:
    with pytest.raises(tickerx.DamagedError, match="byte 0: "):
        list(tickerx.read(io.BytesIO(b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 9\r\n\r\nAGL")))


def test_a_gzip_file_of_python_is_read_through() -> None:
    with gzip.open(io.BytesIO(gzip.compress(BOARD.encode()))) as file:
        assert [quote.symbol for quote in tickerx.read(file)] == ["AGL", "KSE100"]


def test_a_file_that_shrinks_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "board.txt"
    path.write_bytes(BOARD.encode() * 10_000)
    quotes = tickerx.read(path)
    next(quotes)
    with path.open("r+b") as file:
        file.truncate(300_000)
    with pytest.raises(tickerx.ShrunkError, match="300000 of 830000 bytes were read"):
        list(quotes)


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        list(tickerx.read("no-such-file"))


@given(st.one_of(near_quotes, st.text(st.characters(codec=None))))
def test_any_text_is_read(text: str) -> None:
    for quote in tickerx.find(text):
        assert str(quote.symbol) in text


@given(st.one_of(near_quotes.map(lambda text: text.encode("utf-8", "surrogateescape")), st.binary()))
def test_any_bytes_are_read(content: bytes) -> None:
    try:
        quotes = list(tickerx.read(io.BytesIO(content)))
    except tickerx.UnreadableError:
        return
    assert all(isinstance(quote.price, Decimal) for quote in quotes)


def test_a_surrogate_is_no_obstacle() -> None:
    assert [(quote.symbol, quote.line) for quote in tickerx.find("\ud800\udc41\n" + BOARD)] == [
        ("AGL", 2),
        ("KSE100", 3),
    ]


@given(near_quotes)
def test_a_text_and_a_file_of_it_give_the_same_quotes(text: str) -> None:
    content = text.encode("utf-8", "surrogateescape")
    if not content.startswith(b"\xef\xbb\xbf"):
        assert list(tickerx.read(io.BytesIO(content))) == list(tickerx.find(text))


def test_finding_compiles_nothing_again_after_other_patterns_have_filled_the_cache_of_re() -> None:
    list(tickerx.find(BOARD))
    re.purge()  # as the patterns of a larger program do in time
    profile = cProfile.Profile()
    quotes = profile.runcall(lambda: list(tickerx.find(BOARD)))
    codes = [entry.code for entry in profile.getstats() if not isinstance(entry.code, str)]
    assert len(quotes) == 2
    assert [code.co_name for code in codes if "re/_compiler" in code.co_filename] == []
