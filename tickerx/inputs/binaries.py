"""Recognise files that are not plain text, and name a command that extracts their text."""

import re
from collections.abc import Iterator

__all__ = ["HEAD", "ZIP", "may_be_tar", "refusal"]

HEAD = 4096
"""The most bytes needed to recognise a file."""

_UNZIP = "unpack it first: unzip -p FILE | tickerx"
_SAVE = "save it as text first, with tabs between cells"
_PANDOC = "convert it first: pandoc -t plain --wrap=none FILE | tickerx"
_TEXTUTIL = "convert it first: textutil -convert html -stdout FILE | tickerx"
_TESSERACT = "read its text first: tesseract FILE - | tickerx"

_PDF = "a PDF; extract its text first: pdftotext -layout FILE - | tickerx"
_TAR = "a tar archive; unpack it first: tar -xOf FILE | tickerx"

_MAGICS = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive; unpack it first: 7z x -so FILE | tickerx",
    b"Rar!\x1a\x07": "a RAR archive; unpack it first: unrar p -inul FILE | tickerx",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": f"an old Microsoft Office file; {_SAVE}",
    b"PAR1\x15": "a Parquet file that is compressed as a whole; decompress it first, to a file",
    b"ARROW1\0\0": "an Arrow file; write it as text first",
    b"SQLite format 3\0": "an SQLite database; write it as text first: sqlite3 FILE .dump | tickerx",
    b"\x89PNG\r\n\x1a\n": f"a PNG image; {_TESSERACT}",
    b"\xff\xd8\xff": f"a JPEG image; {_TESSERACT}",
    b"\x7fELF": "a program",
    b"\x04\x22\x4d\x18": "compressed with lz4; decompress it first: lz4 -dc FILE | tickerx",
    b"\x1f\x9d": "compressed with compress; decompress it first: uncompress -c FILE | tickerx",
    b"LZIP\x01": "compressed with lzip; decompress it first: lzip -dc FILE | tickerx",
    b"\x5d\0\0": "compressed with lzma; decompress it first: lzma -dc FILE | tickerx",
    **{b"bplist00%c" % count: f"a Safari web archive; {_TEXTUTIL}" for count in range(0xD0, 0xE0)},
}
"""Bytes that no text begins with. If the name of a format could be a symbol, the magic is longer than the name."""

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""The first bytes of ZIP archives."""

_KINDS = {
    b"application/epub+zip": f"an EPUB; {_PANDOC}",
    b"application/vnd.oasis.opendocument.text": f"an OpenDocument text; {_PANDOC}",
    b"application/vnd.oasis.opendocument.spreadsheet": f"an OpenDocument spreadsheet; {_SAVE}",
    b"application/vnd.oasis.opendocument": "an OpenDocument file; save it as text first",
}
"""The content of the first file of an archive, if it is called `mimetype`."""

_NAMES = {
    b"word/": f"a Word document; {_PANDOC}",
    b"xl/": "an Excel workbook; convert it first: xlsx2csv -d tab FILE | tickerx",
    b"ppt/": "a PowerPoint presentation; save it as text first",
    b"META-INF/MANIFEST.MF": f"a Java archive; {_UNZIP}",
    b"archive/": "a WACZ archive; unpack it first: unzip -p FILE 'archive/*.warc.gz' | tickerx",
    b"[Content_Types].xml": f"a Microsoft Office file; {_SAVE}",
}
"""How names in an archive begin, the most specific first."""


def refusal(head: bytes) -> str | None:
    """Return what an input is, and how to read it, by its first `HEAD` bytes; None if it may be text.

    Compressed data, such as a `.tar.gz`, must be decompressed first.
    """
    if head.startswith(ZIP):
        return _describe_zip(head)
    if _is_tar(head):
        return _TAR
    if _is_pdf(head.lstrip(b"\t\n\f\r ")):
        return _PDF
    if head.startswith((b"GIF87a", b"GIF89a")) and head[12:13] == b"\0":
        return f"a GIF image; {_TESSERACT}"
    if head.startswith(b"RIFF") and head[8:15] == b"WEBPVP8":
        return f"a WebP image; {_TESSERACT}"
    return next((message for magic, message in _MAGICS.items() if head.startswith(magic)), None)


def _describe_zip(head: bytes) -> str:
    entries = list(_entries(head))
    if entries and entries[0][0] == b"mimetype":
        for kind, message in _KINDS.items():
            if entries[0][1].startswith(kind):
                return message
    for beginning, message in _NAMES.items():
        if any(name.startswith(beginning) for name, _ in entries):
            return message
    return f"a ZIP archive; {_UNZIP}"


def _entries(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names at the beginning of a ZIP archive, each with the bytes after it."""
    for header in re.finditer(rb"PK\x03\x04.{22}(..)(..)", head, re.DOTALL):
        name_end = header.end() + int.from_bytes(header[1], "little")
        yield head[header.end() : name_end], head[name_end + int.from_bytes(header[2], "little") :]


def _is_pdf(head: bytes) -> bool:
    """Say whether an input begins with the first line of a PDF, "%PDF-1.7"."""
    return head.startswith(b"%PDF-") and head[5:8:2].isdigit() and head[6:7] == b"." and head[8:9].isspace()


def may_be_tar(head: bytes) -> bool:
    """Say whether an input may begin with a tar header, which is 512 bytes long: a name padded with NUL."""
    return b"\0" in head and b"\0" not in head[:100].rstrip(b"\0")


def _is_tar(head: bytes) -> bool:
    """Say whether an input begins with a tar header, by its checksum."""
    checksum = head[148:156]
    digits = checksum.strip(b"\0 ")
    if len(head) < 512 or not digits or digits.strip(b"01234567"):
        return False
    return int(digits, 8) == sum(head[:512]) - sum(checksum) + len(checksum) * ord(" ")
