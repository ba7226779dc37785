"""Guess why a whole board is malformed, or is not seen at all, and name a command that helps."""

import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from shlex import quote
from typing import NamedTuple

from tickerx.command.suggestions import hint_for
from tickerx.engine.head import LARGEST_HEAD
from tickerx.engine.scanner import scan
from tickerx.grammar.reports import Report
from tickerx.grammar.terminals import WORDS_IN_ANY_CASE
from tickerx.inputs.documents import Document
from tickerx.inputs.files import UnreadableError, open_file
from tickerx.inputs.read import AUTO, is_plain

__all__ = ["find_disguise", "likely_cause"]


class _Cause(NamedTuple):
    """A reason why a whole board is malformed."""

    explains: Callable[[Report], object]
    """Say whether it explains a report."""
    what: str
    remedy: str
    """The command that helps; its first part reads the input."""


def _line_holds(pattern: str) -> Callable[[Report], object]:
    found = re.compile(pattern)
    return lambda report: found.search(report.excerpt.text)


def _token_holds(pattern: str) -> Callable[[Report], object]:
    found = re.compile(pattern)
    return lambda report: found.search(report.excerpt.text, report.excerpt.start, report.excerpt.end)


def _token_is(*tokens: str) -> Callable[[Report], object]:
    return lambda report: report.excerpt.text[report.excerpt.start : report.excerpt.end] in tokens


_WORDS = re.compile(WORDS_IN_ANY_CASE)


def _begins_line(report: Report) -> object:
    """Say whether a quote begins with its words, so that symbol and price are on other lines."""
    line, start, _ = report.excerpt
    return _WORDS.match(line, start) and not line[:start].strip()


_COLOURS = r"\x1b\[[0-9;]*[A-Za-z]"
_UNCOLOUR = f"sed 's/{_COLOURS}//g' | tickerx"
_BROKEN = "quotes broken over several lines"
_JOIN_LINES = r"tr -s '\r\n' ' ' | tickerx"
_FROM_HTML = "tickerx --from html"

_MARKUP = "</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#x[0-9A-Fa-f]+|nbsp|minus|amp|[a-z]*arr|[du]tri);"

_CAUSES = (
    _Cause(_line_holds(_MARKUP), "HTML", _FROM_HTML),
    _Cause(_line_holds(_COLOURS), "colours of a terminal", _UNCOLOUR),
    _Cause(_token_holds("[\udc80-\udcff]"), "Windows-1252, not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8 | tickerx"),
    _Cause(
        _token_holds("\u00e2[\u2013\u2020\u02c6]"),
        "UTF-8 that was read as Windows-1252 once",
        "iconv -f UTF-8 -t WINDOWS-1252 | tickerx",
    ),
    _Cause(_token_is("v", "^"), "a page that lynx wrote in ASCII; give tickerx the page itself", ""),
    _Cause(_begins_line, _BROKEN, _JOIN_LINES),
)


class _Disguise(NamedTuple):
    """A form of text that hides quotes."""

    reveal: Callable[[bytes], bytes]
    """Return the text in plain form."""
    what: str
    remedy: str


def _recode(encoding: str) -> _Disguise:
    def reveal(content: bytes) -> bytes:
        return content.decode(encoding, "replace").encode("utf-8", "replace") if b"\0" in content else b""

    what = f"{encoding[:6]} without a byte-order mark"
    return _Disguise(reveal, what, f"iconv -f {encoding} -t UTF-8 | tickerx")


def _read_page(content: bytes) -> bytes:
    """Return the text of a page, or of one that is saved as a single file."""
    if b"<" not in content:
        return content
    from tickerx.inputs.mhtml import is_saved_page, read_pages
    from tickerx.inputs.pages import page_text

    try:
        pages = list(read_pages(content)) if is_saved_page(content) else [Document((content,))]
        texts = [page_text(page.content, page.charset) for page in pages if isinstance(page, Document)]
    except UnreadableError:
        return content
    return "\n".join(texts).encode("utf-8", "replace")


_CELL = re.compile(rb'(?:creased By|No Change)"?[,;][^ ]')
"""The end of a cell with the words of a movement, in CSV. Prose has a space there."""


def _join_cells(content: bytes) -> bytes:
    return re.sub(rb'[",;]', b" ", content) if _CELL.search(content) else content


_DISGUISES = (
    *map(_recode, ("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")),
    _Disguise(partial(re.compile(_COLOURS.encode()).sub, b""), "colours of a terminal", _UNCOLOUR),
    _Disguise(_read_page, "HTML", _FROM_HTML),
    _Disguise(_join_cells, "cells between commas", """tr '",;' ' ' | tickerx"""),
    _Disguise(partial(re.compile(rb"[\r\n]+").sub, b" "), _BROKEN, _JOIN_LINES),
)


def likely_cause(reports: Sequence[Report], name: str) -> str:
    """Return the cause that explains all reports of an input, and a command that helps; empty if there is none.

    The name is the input's; ``-`` is standard input. Commands read a file as it is, so there are none for other files
    than plain text.
    """
    for cause in _CAUSES if _is_text(name) else ():
        if all(map(cause.explains, reports)):
            return _explain(cause.what, cause.remedy, name)
    return ""


def find_disguise(head: bytes, name: str) -> str:
    """Return why no quotes were found in the beginning of an input, with the command that helps; empty if unknown."""
    for disguise in _DISGUISES if _is_text(name) else ():
        text = disguise.reveal(head)
        if text != head and (any(passage.symbol for passage in scan([text])) or (b"\0" in head and hint_for(text))):
            return _explain(disguise.what, disguise.remedy, name)
    return ""


def _is_text(name: str) -> bool:
    """Say whether a file is plain text by its first bytes, as far as that can be known."""
    if name == "-" or not os.path.isfile(name):  # a FIFO has been read
        return name == "-"
    try:
        with open_file(name) as file:
            return is_plain(file.read(LARGEST_HEAD), AUTO)
    except OSError:  # pragma: no cover - it has gone since it was read
        return False


def _explain(what: str, remedy: str, name: str) -> str:
    if not remedy:
        return what
    first, *rest = remedy.split(" | ")
    source = "" if name == "-" else f" < {quote(name)}"
    return f"{what}; try: {' | '.join([first + source, *rest])}"
