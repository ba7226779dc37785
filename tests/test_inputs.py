"""Compressed files, pages, archives and JSON Lines as people have them, read by the real command."""

import bz2
import gzip
import importlib
import io
import json
import lzma
import os
import shutil
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shlex import join
from threading import Thread
from typing import Any

import pytest

import tickerx
from tests.support import BOARD, COMMAND, CSV, HEADER, Result, Tickerx, end, read_until, write
from tests.test_limits import PEAK
from tests.test_warc import record

zstd: Any = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

OLD = "what stood here before\n"
MEBIBYTE = 1 << 20
PAGES = Path(__file__).parent / "pages"

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": lambda data: bz2.compress(data, 1),
    "xz": lzma.compress,
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
}
FORMATS = sorted(COMPRESS)


def line(symbol: str) -> str:
    return f"{symbol} 40.00 Decreased By ▼ -0.16 (-0.4%)\n"


def row(symbol: str) -> str:
    return f"{symbol},40.00,-0.16,-0.4,down,stock\n"


MANY = [f"S{hash_ % 9973}X{hash_}" for hash_ in range(12_000)]
MANY_LINES, MANY_ROWS = "".join(map(line, MANY)), HEADER + "".join(map(row, MANY))

CELLS = "</td><td>".join(("AGL", "40.00", "Decreased By &#9660;", "-0.16", "(-0.4%)"))
PAGE = f"<!DOCTYPE html><html><title>Close</title><table><tr><td>{CELLS}</td></tr></table></html>\n"

RESPONSE = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
ARCHIVE = record(BOARD.encode()) + record(RESPONSE.encode(), "b", b"response", b"application/http")
DUMP = "".join(json.dumps({"text": text, "url": "http://a.example/"}) + "\n" for text in (BOARD, "prose", line("B")))

KINDS: dict[str, tuple[bytes, str]] = {
    "text": (BOARD.encode(), CSV),
    "html": (PAGE.encode(), HEADER + row("AGL")),
    "warc": (ARCHIVE, CSV + row("AGL")),
    "jsonl": (DUMP.encode(), CSV + row("B")),
}


def through_fifo(tickerx: Tickerx, content: bytes, size: int, *options: str) -> Result:
    """Run the command on a FIFO that is written in pieces of so many bytes."""
    os.mkfifo(tickerx.folder / "fifo")

    def feed() -> None:
        with open(tickerx.folder / "fifo", "wb", buffering=0) as fifo:
            for start in range(0, len(content), size):
                fifo.write(content[start : start + size])

    feeder = Thread(target=feed)
    feeder.start()
    result = tickerx(*options, "fifo")
    feeder.join()
    return result


# Compressed files.


@pytest.mark.parametrize("format", FORMATS)
def test_a_compressed_board_is_read_from_wherever_it_comes(tickerx: Tickerx, format: str) -> None:
    content = COMPRESS[format](BOARD.encode())
    (tickerx.folder / "board").write_bytes(content)
    expected = Result(0, CSV, "")
    assert tickerx("board") == expected
    assert tickerx(stdin=content) == expected
    assert tickerx("--files0-from", "-", stdin="board\0") == expected
    assert through_fifo(tickerx, content, 1) == expected


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("is_cut", [True, False], ids=["cut-off", "damaged"])
def test_rows_before_damage_are_written_but_never_to_a_file(tickerx: Tickerx, format: str, is_cut: bool) -> None:
    content = bytearray(COMPRESS[format](MANY_LINES.encode()))
    if is_cut:
        del content[len(content) * 9 // 10 :]
    else:
        content[-8] ^= 1  # of a checksum: elsewhere damage may decompress to other rows before it shows
    (tickerx.folder / "board").write_bytes(content)
    (tickerx.folder / "quotes.csv").write_text(OLD)

    status, rows, message = tickerx("board", "-q")
    assert status == 2
    assert MANY_ROWS.startswith(rows.rpartition("\n")[0])
    assert len(rows) > len(MANY_ROWS) // 2
    what = f"tickerx: board: the {format} data is {'cut off' if is_cut else 'damaged: '}"
    assert message.startswith(what)
    assert message.count("\n") == 1

    assert tickerx("-q", "board", "-o", "quotes.csv") == (2, "", message)
    assert sorted(os.listdir(tickerx.folder)) == ["board", "quotes.csv"]
    assert (tickerx.folder / "quotes.csv").read_text() == OLD


@pytest.mark.parametrize("format", FORMATS)
def test_several_members_are_one_text_and_zeros_may_follow(tickerx: Tickerx, format: str) -> None:
    half = len(BOARD.encode()) // 2
    content = b"".join(map(COMPRESS[format], (b"", BOARD.encode()[:half], BOARD.encode()[half:])))
    zeros = b"\0" * 512 if format in ("gzip", "xz") else b""
    assert tickerx(stdin=content + zeros) == (0, CSV, "")
    assert tickerx(stdin=content + b"junk") == (2, CSV, f"tickerx: -: the {format} data is followed by garbage\n")


def test_compressed_files_are_read_by_several_processes_as_by_one(tickerx: Tickerx) -> None:
    for name, compress in COMPRESS.items():
        (tickerx.folder / name).write_bytes(compress(MANY_LINES.encode()))
        (tickerx.folder / f"{name}-cut").write_bytes(compress(MANY_LINES.encode())[:-20])
    (tickerx.folder / "large").write_bytes(gzip.compress(os.urandom(3 * MEBIBYTE) + BOARD.encode()))
    names = sorted(os.listdir(tickerx.folder))
    alone, together = (tickerx("-q", "-H", "-j", jobs, *names) for jobs in ("1", "2"))
    assert alone == together
    assert alone.status == 2


def test_counts_and_progress_are_those_of_compressed_bytes(tickerx: Tickerx) -> None:
    content = gzip.compress(MANY_LINES.encode())
    (tickerx.folder / "board").write_bytes(content)
    status, _, counts = tickerx("-v", "--progress", "board")
    assert status == 0
    progress, totals = counts.splitlines()
    assert f"{len(content) / 1000:.1f}/{len(content) / 1000:.1f} kB" in progress
    assert f"inputs 1, lines {len(MANY)}, quotes {len(MANY)}" in totals
    assert f"bytes {len(content)}," in totals


def test_data_compressed_twice_is_refused_with_what_helps(tickerx: Tickerx) -> None:
    reason = "compressed twice, with zstd and gzip; decompress it first: zstd -dc FILE | tickerx"
    twice = zstd.compress(gzip.compress(BOARD.encode()))
    assert tickerx(stdin=twice) == (2, HEADER, f"tickerx: -: {reason}\n")


def zeros(format: str, size: int) -> bytes:
    """Return one member that holds zeros."""
    compressor = {
        "gzip": lambda: zlib.compressobj(1, wbits=31),
        "bzip2": bz2.BZ2Compressor,
        "xz": lambda: lzma.LZMACompressor(preset=0),
        "zstd": zstd.ZstdCompressor,
    }[format]()
    pieces = [compressor.compress(bytes(MEBIBYTE)) for _ in range(size // MEBIBYTE)]
    return b"".join([*pieces, compressor.flush()])


UNMEASURED = "unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG"


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only there")
@pytest.mark.parametrize("format", FORMATS)
def test_a_bomb_needs_less_than_64_mib_of_memory_and_bounded_time(tickerx: Tickerx, format: str) -> None:
    (tickerx.folder / "bomb").write_bytes(zeros(format, 128 * MEBIBYTE))
    script = f"{UNMEASURED}; ulimit -t 40; {join([sys.executable, '-c', PEAK, *COMMAND, 'bomb'])}"
    status, peak, message = tickerx.shell(script)
    assert (status, message) == (0, "")
    assert int(peak) < 64 * 1024


def test_data_that_needs_too_much_memory_is_refused(tickerx: Tickerx) -> None:
    # A frame whose window is 2 GiB: its descriptor says that a window follows, of 2 ** (10 + 21) bytes.
    content = b"\x28\xb5\x2f\xfd" + bytes([0, 21 << 3]) + b"\x01\0\0"
    message = "tickerx: -: the zstd data needs more than 128 MiB of memory; decompress it first\n"
    assert tickerx(stdin=content) == (2, HEADER, message)


# Pages.


@pytest.mark.parametrize("name", sorted({path.stem for path in PAGES.iterdir()}))
def test_a_page_that_a_browser_saved_gives_the_rows_beside_it(tickerx: Tickerx, name: str) -> None:
    [page] = [path for path in PAGES.glob(f"{name}.*") if path.suffix != ".csv"]
    expected = (PAGES / f"{name}.csv").read_text("utf-8")
    assert tickerx("-n", str(page)) == (0, expected, "")
    assert tickerx("-n", "--from", "html", stdin=gzip.compress(page.read_bytes())) == (0, expected, "")


def test_a_saved_page_that_is_cut_off_is_reported(tickerx: Tickerx) -> None:
    content = (PAGES / "saved-by-chromium.mhtml").read_bytes()
    cut = content[: content.index(b"</body>")].replace(b"Date: ", b"Sent: ")
    assert tickerx("-c", "symbol", stdin=cut) == (
        2,
        "symbol\nALPHA\nBETA&CO\nNORTH100\n786\n",
        "tickerx: -: the saved page is cut off\n",
    )


ENCODED = [
    pytest.param(PAGE.encode(), id="without-a-declaration"),
    pytest.param(b"\xef\xbb\xbf" + PAGE.encode(), id="a-mark-of-UTF-8"),
    pytest.param(PAGE.encode("utf-16"), id="UTF-16"),
    pytest.param(gzip.compress(PAGE.encode("utf-16-be").join((b"\xfe\xff", b""))), id="UTF-16-big-endian-in-gzip"),
    pytest.param(b"\xef\xbb\xbf" + PAGE.replace("<title>", "<meta charset=utf-16><title>").encode(), id="a-lie"),
    pytest.param(PAGE.replace("<title>", "<meta charset=utf-16le><title>").encode(), id="a-lie-about-UTF-16"),
    pytest.param(PAGE.replace("<title>", "<meta charset=utf-7><title>").encode(), id="an-encoding-not-for-pages"),
    pytest.param(
        PAGE.replace("<title>", "<meta charset=windows-1252><title>Börse ").encode("cp1252"), id="windows-1252"
    ),
    pytest.param(PAGE.replace("<title>", "<title>Börse ").encode("cp1252"), id="windows-1252-that-says-nothing"),
    pytest.param(PAGE.replace("<title>", "<meta charset=utf-8><title>Börse ").encode("cp1252"), id="UTF-8-that-is-not"),
    pytest.param(PAGE.replace("&#9660;", "▼").encode(), id="arrows-as-they-are"),
]


@pytest.mark.parametrize("content", ENCODED)
def test_a_page_is_read_in_its_encoding(tickerx: Tickerx, content: bytes) -> None:
    assert tickerx(stdin=content) == (0, HEADER + row("AGL"), "")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without-a-mark", "with-a-mark"])
@pytest.mark.parametrize("kind", ["html", "warc", "jsonl"])
def test_a_large_file_is_cut_only_where_it_is_text(tickerx: Tickerx, kind: str, mark: bytes) -> None:
    content, rows = KINDS[kind]
    filler = {
        "html": b"<p>The market was quiet all day.\n" * 90_000,
        "warc": record(b"prose\n" * 450_000),
        "jsonl": b'{"text": "The market was quiet all day."}\n' * 70_000,
    }[kind]
    head, separator, tail = content.partition(b"<title>") if kind == "html" else (content, b"", b"")
    (tickerx.folder / "input").write_bytes(mark + head + filler + separator + tail)
    assert tickerx("-j", "2", "input") == (0, rows, "")


DEEP = "the page is nested more than 50,000 elements deep"
HOSTILE = [
    pytest.param("<div>" * 100_000, DEEP, id="nested-100,000-deep"),
    pytest.param("<b><i>" * 50_000, DEEP, id="formatting-nested-100,000-deep"),
    pytest.param("<a " * 1_000_000, DEEP, id="tags-that-do-not-end"),
    pytest.param("<" * 6_000_000, "the page has more than 5,000,000 tags", id="too-many-tags"),
]
HARMLESS = [
    pytest.param("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">", id="20,000-attributes"),
    pytest.param("<x-y>" * 100_000, id="elements-nobody-knows"),
    pytest.param("<p>" * 1_000_000, id="paragraphs"),
    pytest.param("<!---->" * 1_000_000, id="comments"),
    pytest.param("&amp " * 1_000_000, id="references"),
    pytest.param("<table><tr><td>" * 30_000, id="tables-within-one-another"),
]
LIMITED = f"{UNMEASURED}; ulimit -t 20; tickerx page board.txt"


@pytest.mark.parametrize(("part", "reason"), HOSTILE)
def test_a_page_that_nobody_would_read_is_refused_and_the_next_input_read(
    tickerx: Tickerx, board: Path, part: str, reason: str
) -> None:
    (tickerx.folder / "page").write_text(f"<html>{part}{PAGE}")
    assert tickerx.shell(LIMITED) == (2, CSV, f"tickerx: page: {reason}\n")


@pytest.mark.parametrize("part", HARMLESS)
def test_a_strange_page_is_read_in_bounded_time(tickerx: Tickerx, board: Path, part: str) -> None:
    (tickerx.folder / "page").write_text(f"<html>{part}{PAGE}")
    assert tickerx.shell(LIMITED) == (0, HEADER + row("AGL") + CSV.removeprefix(HEADER), "")


@pytest.mark.parametrize("part", ["<!--", "<a b='", "<script>", "<![CDATA["])
def test_what_is_repeated_and_never_ends_hides_the_board_in_bounded_time(
    tickerx: Tickerx, board: Path, part: str
) -> None:
    (tickerx.folder / "page").write_text("<html>" + part * 40_000 + PAGE)
    status, rows, _ = tickerx.shell(LIMITED)
    assert (status, rows.endswith(CSV.removeprefix(HEADER))) == (0, True)


def test_a_page_of_more_than_64_mib_is_read_as_text(tickerx: Tickerx) -> None:
    with open(tickerx.folder / "page", "wb") as file:
        file.write(b"<html>\n")
        for _ in range(65):
            file.write(b"prose of the market.\n" * (MEBIBYTE // 21 + 1))
        file.write(BOARD.encode())
    message = "tickerx: page: the page is larger than 64 MiB; it is read as text\n"
    assert tickerx("page") == (2, CSV, message)


# What holds no text.


def tarred(name: str = "page.html") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(BOARD.encode())
        archive.addfile(entry, io.BytesIO(BOARD.encode()))
    return file.getvalue()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, BOARD)
    return file.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + BOARD.encode()
TAR_REASON = "a tar archive; unpack it first: tar -xOf FILE | tickerx"
REFUSED = [
    pytest.param(PDF, "a PDF; extract its text first: pdftotext -layout FILE - | tickerx", id="a-pdf"),
    pytest.param(zipped("board.txt"), "a ZIP archive; unpack it first: unzip -p FILE | tickerx", id="a-zip"),
    pytest.param(
        zipped("word/document.xml"),
        "a Word document; convert it first: pandoc -t plain --wrap=none FILE | tickerx",
        id="a-docx",
    ),
    pytest.param(tarred(), TAR_REASON, id="a-tar"),
    pytest.param(gzip.compress(tarred()), TAR_REASON, id="a-tar.gz"),
    pytest.param(tarred("<a page.html"), TAR_REASON, id="a-tar-that-begins-like-a-page"),
    pytest.param(tarred("WARC/page.html"), TAR_REASON, id="a-tar-that-begins-like-an-archive"),
    pytest.param(tarred('{"text'), TAR_REASON, id="a-tar-that-begins-like-JSON"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_input_without_text_is_refused_with_a_command_that_helps(
    tickerx: Tickerx, board: Path, content: bytes, reason: str
) -> None:
    (tickerx.folder / "input").write_bytes(content)
    assert tickerx("input", "board.txt") == (2, CSV, f"tickerx: input: {reason}\n")
    assert tickerx(stdin=content) == (2, HEADER, f"tickerx: -: {reason}\n")


def test_a_large_file_without_text_is_refused_once(tickerx: Tickerx) -> None:
    (tickerx.folder / "page.pdf").write_bytes(PDF * 40_000)
    (tickerx.folder / "board.txt").write_text(BOARD * 20_000, "utf-8")
    status, _, message = tickerx("-j", "2", "page.pdf", "board.txt")
    assert (status, message) == (
        2,
        "tickerx: page.pdf: a PDF; extract its text first: pdftotext -layout FILE - | tickerx\n",
    )


# What the user says.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("compress", [bytes, *COMPRESS.values()], ids=["as-it-is", *COMPRESS])
def test_auto_reads_what_the_user_could_say(tickerx: Tickerx, kind: str, compress: Callable[[bytes], bytes]) -> None:
    content, rows = KINDS[kind]
    found = tickerx("-nv", stdin=compress(content))
    said = tickerx("-nv", "--from", kind, stdin=compress(content))
    assert (found.status, found.stdout) == (said.status, said.stdout) == (0, said.stdout)
    assert found.stderr.partition(", seconds")[0] == said.stderr.partition(", seconds")[0]
    assert [cells.partition(",")[2] for cells in said.stdout.splitlines()] == rows.splitlines()


SAID = [
    pytest.param("text", BOARD.encode(), CSV, "", id="text-as-text"),
    pytest.param("html", BOARD.encode(), CSV, "", id="text-as-a-page"),
    pytest.param("text", PDF, CSV, "", id="a-PDF-as-text"),
    pytest.param("html", PDF, CSV, "", id="a-PDF-as-a-page"),
    pytest.param("text", f"<html>\n{BOARD}".encode(), CSV, "", id="a-page-as-text"),
    pytest.param("text", PAGE.encode(), HEADER, "", id="a-page-whose-text-is-in-cells-as-text"),
    pytest.param("warc", BOARD.encode(), HEADER, "byte 0: expected a record", id="text-as-an-archive"),
    pytest.param("jsonl", BOARD.encode(), HEADER, "line 1: expected a JSON object", id="text-as-JSON-Lines"),
]


@pytest.mark.parametrize(("kind", "content", "rows", "message"), SAID)
def test_what_the_user_says_is_not_doubted(
    tickerx: Tickerx, kind: str, content: bytes, rows: str, message: str
) -> None:
    status, stdout, stderr = tickerx("--from", kind, stdin=content)
    assert (status, stdout) == (2 if message else 0, rows)
    assert stderr.startswith(f"tickerx: -: {message}" if message else "")
    assert bool(stderr) == bool(message)


# Pipes.

BEGINNINGS = [
    "",
    "\n \n\n",
    "<",
    "< ",
    "{",
    '{"a',
    "{}\n",
    "WARC/",
    "WARC/1.0",
    "PK",
    "%PDF",
    "RIFF",
    "BZh9 ",
    "\ufeff",
]


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_the_first_row_of_text_on_a_pipe_does_not_wait_for_more(tickerx: Tickerx, beginning: str) -> None:
    process = tickerx.start("--no-header", "-c", "price")
    write(process.stdin, f"{beginning} {line('AGL')}")
    read_until(process.stdout, b"40.00\n")
    assert end(process) == (0, "", "")


def test_a_row_after_a_brace_comes_out_before_its_line_ends(tickerx: Tickerx) -> None:
    process = tickerx.start("--no-header", "-c", "symbol")
    write(process.stdin, f"{{{line('AGL').rstrip()}")
    read_until(process.stdout, b"AGL\n")
    assert end(process) == (0, "", "")


@pytest.mark.parametrize("kind", ["warc", "jsonl"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["as-it-is", "a-member-each"])
def test_rows_of_a_crawl_leave_as_they_come(tickerx: Tickerx, kind: str, compress: Callable[[bytes], bytes]) -> None:
    process = tickerx.start("--no-header", "-c", "symbol")
    assert process.stdin
    for symbol in ("AGL", "NBP", "PKGS"):
        document = (
            record(line(symbol).encode()) if kind == "warc" else json.dumps({"text": line(symbol)}).encode() + b"\n"
        )
        process.stdin.write(compress(document))
        if kind == "jsonl" or compress is bytes:
            read_until(process.stdout, symbol.encode())
    status, _, messages = end(process)
    assert (status, messages) == (0, "")


@pytest.mark.parametrize("kind", KINDS)
def test_reading_does_not_depend_on_blocks(tickerx: Tickerx, kind: str) -> None:
    content, rows = KINDS[kind]
    assert through_fifo(tickerx, content, 1) == tickerx(stdin=content) == (0, rows, "")


class Drops(io.BytesIO):
    """A file that gives one byte at a time."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return self.read(1)


XHTML = (b'<?xml version="1.0"?>\n' + PAGE.encode(), HEADER + row("AGL"))


@pytest.mark.parametrize(("content", "rows"), [*KINDS.values(), XHTML], ids=[*KINDS, "xhtml"])
def test_the_library_reads_a_file_that_gives_one_byte_at_a_time(content: bytes, rows: str) -> None:
    symbols = [line.partition(",")[0] for line in rows.splitlines()[1:]]
    assert [quote.symbol for quote in tickerx.read(Drops(content))] == symbols


def test_a_line_of_json_lines_is_recognised_alike_in_files_and_pipes(tickerx: Tickerx) -> None:
    padding = "x" * 80_000
    content = "".join(json.dumps({"text": text, "padding": padding}) + "\n" for text in (BOARD, "prose")).encode()
    (tickerx.folder / "dump").write_bytes(content)
    assert tickerx("dump") == through_fifo(tickerx, content, 999) == (0, CSV, "")


# Damaged crawls.

A, B, C = (record(line(symbol).encode(), symbol) for symbol in ("AAA", "BBB", "CCC"))
SIZE, AT = len(line("BBB").encode()), len(A)


def wrong(length: int) -> bytes:
    return record(line("BBB").encode(), "BBB", length=b"%d" % length)


DAMAGED = [
    pytest.param(A + B + C[:-10], "AAA BBB", f"byte {2 * AT}: the record is cut off: {SIZE - 6} of {SIZE} bytes"),
    pytest.param(A + B + C[:60], "AAA BBB", f"byte {2 * AT}: the record is cut off in its headers"),
    pytest.param(A + wrong(9) + C, "AAA BBB CCC", f"byte {AT}: the record has a Content-Length of 9, but {SIZE} bytes"),
    pytest.param(
        A + wrong(999) + C, "AAA BBB CCC", f"byte {AT}: the record has a Content-Length of 999, but {SIZE} bytes"
    ),
    pytest.param(A + b"junk\r\n\r\n" + B + C, "AAA BBB CCC", f"byte {AT}: expected a record, which begins with WARC/"),
    pytest.param(A + B + C + b"\0" * 9, "AAA BBB CCC", f"byte {3 * AT}: expected a record, which begins with WARC/"),
]


@pytest.mark.parametrize(
    ("content", "symbols", "message"),
    DAMAGED,
    ids=["cut", "cut-in-headers", "too-short", "too-long", "junk-between", "junk-at-the-end"],
)
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_damaged_archive_loses_no_other_record(
    tickerx: Tickerx, content: bytes, symbols: str, message: str, compress: Callable[[bytes], bytes]
) -> None:
    status, rows, messages = tickerx("-q", "--no-header", "-c", "symbol", stdin=compress(content))
    assert (status, rows.split()) == (2, symbols.split())
    assert [text.startswith(f"tickerx: -: {message}") for text in messages.splitlines()] == [True]


def test_a_hostile_page_of_a_crawl_costs_no_other_page(tickerx: Tickerx) -> None:
    deep = RESPONSE.replace("<title>", "<div>" * 50_001).encode()
    content = b"".join(record(page, "p", b"response", b"application/http") for page in (deep, RESPONSE.encode()))
    assert tickerx(stdin=content) == (2, HEADER + row("AGL"), f"tickerx: -: http://example.com/p : {DEEP}\n")


def test_a_text_of_a_crawl_is_read_in_its_encoding(tickerx: Tickerx) -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-16le\r\n\r\n" + BOARD.encode("utf-16-le")
    assert tickerx(stdin=record(response, "p", b"response", b"application/http")) == (0, CSV, "")


def test_texts_of_a_crawl_without_words_of_a_quote_are_counted_as_documents(tickerx: Tickerx) -> None:
    content = record(b"prose\n") + record(b"more\n", length=b"2") + record(BOARD.encode())
    status, rows, message = tickerx(stdin=content)
    assert (status, rows) == (2, CSV)
    assert "has a Content-Length of 2, but 5 bytes" in message


def test_rows_before_a_flipped_bit_in_a_member_are_read(tickerx: Tickerx, board: Path) -> None:
    members = [bytearray(gzip.compress(each)) for each in (A, B, C)]
    members[1][-8] ^= 1  # of its checksum
    (tickerx.folder / "crawl.warc.gz").write_bytes(b"".join(members))
    (tickerx.folder / "quotes.csv").write_text(OLD)
    status, rows, messages = tickerx("--no-header", "-c", "symbol", "crawl.warc.gz", "board.txt")
    assert (status, rows.split()) == (2, ["AAA", "BBB", "AGL", "KSE100", "NBP"])
    assert messages.startswith("tickerx: crawl.warc.gz: the gzip data is damaged: ")
    assert tickerx("crawl.warc.gz", "-o", "quotes.csv").status == 2
    assert (tickerx.folder / "quotes.csv").read_text() == OLD


def test_a_broken_line_of_json_lines_is_reported_and_the_others_are_read(tickerx: Tickerx) -> None:
    lines = [json.dumps({"text": line(symbol)}) for symbol in ("AAA", "BBB", "CCC")]
    lines[1] = lines[1][:-9]
    status, rows, message = tickerx("--no-header", "-c", "symbol", stdin="\n".join(lines))
    assert (status, rows) == (2, "AAA\nCCC\n")
    assert message.startswith("tickerx: -: line 2: expected a JSON object: ")
    assert message.count("\n") == 1


def test_no_more_than_twenty_troubles_of_an_input_are_shown(tickerx: Tickerx) -> None:
    status, _, messages = tickerx("--from", "jsonl", stdin="no object\n" * 1_000 + '{"text": ""}\n')
    assert (status, messages.count("\n")) == (2, 21)
    assert messages.endswith("tickerx: -: 980 more like these\n")


# Archives that others wrote.

ANSWERS = {
    "/page": PAGE.encode(),
    "/gzip": gzip.compress(PAGE.encode()),
    "/chunked": b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE.encode()),
    "/image": b"\x89PNG\r\n\x1a\n",
}
HEADERS = {
    "/page": {"Content-Type": "text/html; charset=utf-8"},
    "/gzip": {"Content-Type": "text/html", "Content-Encoding": "gzip"},
    "/chunked": {"Content-Type": "text/html", "Transfer-Encoding": "chunked"},
    "/image": {"Content-Type": "image/png"},
}
CRAWLED = HEADER + row("AGL") * 3


class Board(BaseHTTPRequestHandler):
    """A site with a board as it is, compressed and in chunks, and a picture."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path not in ANSWERS:
            self.send_error(404)
            return
        self.send_response(200)
        for name, value in HEADERS[self.path].items():
            self.send_header(name, value)
        if "Transfer-Encoding" not in HEADERS[self.path]:
            self.send_header("Content-Length", str(len(ANSWERS[self.path])))
        self.end_headers()
        self.wfile.write(ANSWERS[self.path])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """Return the address of a site on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Board) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.skipif(not shutil.which("wget"), reason="wget is not installed")
@pytest.mark.parametrize("option", ["", "--no-warc-compression"], ids=["compressed", "plain"])
def test_an_archive_by_wget_gives_the_rows_of_its_pages(tickerx: Tickerx, site: str, option: str) -> None:
    addresses = " ".join(site + path for path in ANSWERS)
    script = (
        f"wget -q --header 'Accept-Encoding: gzip' {option} --warc-file=crawl -O page {addresses}; tickerx crawl.warc*"
    )
    assert tickerx.shell(script) == (0, CRAWLED, "")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # warcio leaves a file open
def test_an_archive_by_warcio_gives_the_rows_of_its_pages(tickerx: Tickerx) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with open(tickerx.folder / "crawl.warc.gz", "wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("crawl.warc.gz", {"software": "a test"}))
        for path, body in ANSWERS.items():
            headers = StatusAndHeaders("200 OK", [*HEADERS[path].items()], protocol="HTTP/1.1")
            page = writer.create_warc_record(
                "http://a.example" + path, "response", io.BytesIO(body), http_headers=headers
            )
            writer.write_record(page)
    assert tickerx("crawl.warc.gz") == (0, CRAWLED, "")


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_an_archive_by_fastwarc_gives_the_rows_of_its_pages(tickerx: Tickerx, compression: str) -> None:
    from fastwarc import WarcRecord, WarcRecordType

    content = b""
    for path, body in ANSWERS.items():
        page = WarcRecord()
        page.init_headers(WarcRecordType.response)
        page.headers["WARC-Target-URI"] = "http://a.example" + path
        fields = "".join(f"{name}: {value}\r\n" for name, value in HEADERS[path].items())
        page.set_bytes_content(f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode() + body)
        file = io.BytesIO()
        page.write(file)
        content += gzip.compress(file.getvalue()) if compression == "gzip" else file.getvalue()
    assert tickerx(stdin=content) == (0, CRAWLED, "")


# What is loaded.

OTHERS = ("selectolax", "email", "json", "zlib", "bz2", "lzma", "isal", "backports", "compression", "pyarrow")
READERS = ("pages", "mhtml", "warc", "records", "responses", "jsonl", "parquet")


@pytest.mark.parametrize(
    "content", [BOARD, f"<{BOARD}", f"\n{{{BOARD}"], ids=["a-board", "one-behind-an-angle", "one-behind-a-brace"]
)
def test_plain_text_loads_no_module_that_it_does_not_need(tickerx: Tickerx, content: str) -> None:
    (tickerx.folder / "board.txt").write_text(content, "utf-8")
    command = join([sys.executable, "-X", "importtime", *COMMAND[1:]])
    status, _, messages = tickerx.shell(f"{UNMEASURED}; {command} -q board.txt")
    loaded = {text.rpartition("|")[2].strip() for text in messages.splitlines()}
    readers = {f"tickerx.inputs.{name}" for name in READERS} & loaded
    assert status == 0
    assert "tickerx.inputs.read" in loaded
    assert {name for name in loaded if name.partition(".")[0] in OTHERS} == set()
    assert readers == ({"tickerx.inputs.pages"} if "<" in content else set())


SAVED = "From: <Saved by Blink>\nMIME-Version: 1.0\nDate: {}\nContent-Type: {}\n\n{}"


def test_a_saved_page_with_a_date_of_no_calendar_has_no_time(tickerx: Tickerx) -> None:
    page = SAVED.format("Mon, 01 Jan 99999999999999999999 00:00:00 +0000", "text/html", f"<p>{BOARD}</p>")
    assert tickerx("-c", "symbol,fetched", "--limit", "1", stdin=page) == (0, "symbol,fetched\nAGL,\n", "")


def test_a_saved_page_of_nested_parts_is_refused_and_the_next_input_is_read(tickerx: Tickerx) -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    (tickerx.folder / "board.txt").write_text(BOARD, "utf-8")
    page = SAVED.format("", "multipart/mixed; boundary=b", f"\n--b\n{parts}{BOARD}")
    status, stdout, stderr = tickerx("-", "board.txt", stdin=page)
    assert (status, stdout) == (2, CSV)
    assert stderr == "tickerx: -: the page has parts that are nested too deeply\n"


def test_a_tar_is_refused_however_a_pipe_cuts_it(tickerx: Tickerx) -> None:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("a-name-of-more-than-twenty-bytes.txt")
        member.size = len(BOARD.encode())
        archive.addfile(member, io.BytesIO(BOARD.encode()))
    process = tickerx.start()
    assert process.stdin
    for part in (content.getvalue()[:20], content.getvalue()[20:]):
        process.stdin.write(part)
    result = end(process)
    assert (result.status, result.stdout) == (2, HEADER)
    assert "a tar archive" in result.stderr
