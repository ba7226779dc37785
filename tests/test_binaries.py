"""What is no text is refused, with the command that helps; no text is."""

import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import near_quotes
from tests.support import BOARD
from tickerx.inputs.binaries import HEAD, refusal

OPENDOCUMENT = "application/vnd.oasis.opendocument"


def zipped(*names: str, mimetype: str = "") -> bytes:
    """Return a ZIP archive of files with these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, BOARD)
    return file.getvalue()


def tarred(format: int) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as archive:
        archive.addfile(tarfile.TarInfo("page.html"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("head", "message"),
    [
        pytest.param(b"%PDF-1.7\n%", "a PDF; extract its text first: pdftotext -layout FILE -", id="a-pdf"),
        pytest.param(b"\r\n%PDF-1.4\r", "a PDF; extract", id="a-pdf-after-a-blank-line"),
        pytest.param(zipped("board.txt"), "a ZIP archive; unpack it first: unzip -p FILE | tickerx", id="a-zip"),
        pytest.param(zipped(), "a ZIP archive", id="an-empty-zip"),
        pytest.param(
            zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
            "a Word document; convert it first: pandoc -t plain --wrap=none FILE | tickerx",
            id="a-word-document",
        ),
        pytest.param(
            zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"),
            "an Excel workbook; convert it first: xlsx2csv -d tab FILE | tickerx",
            id="an-excel-workbook",
        ),
        pytest.param(zipped("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint", id="a-presentation"),
        pytest.param(zipped("[Content_Types].xml"), "a Microsoft Office file", id="office-that-tells-no-more"),
        pytest.param(zipped("META-INF/MANIFEST.MF"), "a Java archive", id="a-jar"),
        pytest.param(zipped("archive/data.warc.gz"), "a WACZ archive; unpack", id="a-crawl-in-a-zip"),
        pytest.param(zipped("a", mimetype="application/epub+zip"), "an EPUB; convert it first: pandoc", id="an-epub"),
        pytest.param(zipped("a", mimetype=f"{OPENDOCUMENT}.text"), "an OpenDocument text; convert", id="an-odt"),
        pytest.param(zipped("a", mimetype=f"{OPENDOCUMENT}.spreadsheet"), "an OpenDocument spreadsheet", id="an-ods"),
        pytest.param(zipped("a", mimetype=f"{OPENDOCUMENT}.graphics"), "an OpenDocument file", id="an-odg"),
        pytest.param(zipped("a", mimetype="text/x-other"), "a ZIP archive", id="a-zip-of-another-kind"),
        pytest.param(tarred(tarfile.USTAR_FORMAT), "a tar archive; unpack it first: tar -xOf FILE", id="a-tar"),
        pytest.param(tarred(tarfile.GNU_FORMAT), "a tar archive", id="a-tar-of-gnu"),
        pytest.param(tarred(tarfile.PAX_FORMAT), "a tar archive", id="a-tar-of-posix"),
        pytest.param(b"7z\xbc\xaf\x27\x1c\0\4", "a 7z archive", id="a-7z"),
        pytest.param(b"Rar!\x1a\x07\x01\0", "a RAR archive", id="a-rar"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "an old Microsoft Office file", id="old-office"),
        pytest.param(b"PAR1\x15\x04\x15", "a Parquet file", id="a-parquet-file"),
        pytest.param(b"ARROW1\0\0\xff\xff", "an Arrow file", id="an-arrow-file"),
        pytest.param(b"SQLite format 3\0\x10\0", "an SQLite database", id="an-sqlite-database"),
        pytest.param(b"bplist00\xd1\x01", "a Safari web archive", id="a-page-saved-by-safari"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0", "a PNG image", id="a-png"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image", id="a-jpeg"),
        pytest.param(b"GIF89a\x01\0\x01\0\x80\0\0", "a GIF image", id="a-gif"),
        pytest.param(b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP image", id="a-webp"),
        pytest.param(b"\x7fELF\2\1\1\0", "a program", id="a-program"),
        pytest.param(b"\x04\x22\x4d\x18\x64\x40", "compressed with lz4; decompress it first: lz4 -dc", id="lz4"),
        pytest.param(b"\x1f\x9d\x90", "compressed with compress", id="compress"),
        pytest.param(b"LZIP\x01\x0c", "compressed with lzip", id="lzip"),
        pytest.param(b"\x5d\0\0\x80\0", "compressed with lzma", id="lzma"),
    ],
)
def test_input_that_is_not_text_is_recognised(head: bytes, message: str) -> None:
    assert (refusal(head[:HEAD]) or "").startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(BOARD.encode(), id="a-board"),
        pytest.param(b"PAR1 40.00 Decreased By -0.16 (-0.4%)\n", id="a-symbol-like-parquet"),
        pytest.param(b"GIF89a 40.00 Decreased By -0.16 (-0.4%)\n", id="a-word-like-a-gif"),
        pytest.param(b"RIFF 40.00 WEBP and so on", id="words-like-a-webp"),
        pytest.param(b"PK 40.00 Decreased By -0.16 (-0.4%)\n", id="a-symbol-like-a-zip"),
        pytest.param(b"%PDF-1.7: how to read it", id="prose-about-pdf"),
        pytest.param(b"7z and Rar! are archives; ARROW1, SQLite format 3 and bplist00 are others", id="prose"),
        pytest.param(b"0" * 600, id="digits-in-the-place-of-a-checksum"),
        pytest.param(b"x" * 600, id="letters-in-the-place-of-a-checksum"),
        pytest.param(tarred(tarfile.USTAR_FORMAT)[:511], id="less-than-a-tar"),
        pytest.param(b"\xff\xfe\0\0A\0\0\0", id="a-byte-order-mark-of-utf-32"),
    ],
)
def test_text_is_not_refused(text: bytes) -> None:
    assert refusal(text) is None


@given(near_quotes)
def test_no_text_like_a_board_is_refused(text: str) -> None:
    assert refusal(text.encode("utf-8", "surrogateescape")) is None


@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\3\4", b"PK\3\4" + b"\0" * 22 + b"\xff\xff\0\0", b"PK\5\6"]))
def test_any_bytes_are_looked_at(head: bytes, magic: bytes) -> None:
    refusal(magic + head)
