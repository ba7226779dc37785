"""Guess why a whole board is malformed, or is not seen at all, and name a command that helps."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from shlex import quote
from typing import NamedTuple

from tickerx.engine.scanner import scan
from tickerx.grammar.reports import Report

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


def _token_is(*tokens: str) -> Callable[[Report], object]:
    return lambda report: report.excerpt.text[report.excerpt.start : report.excerpt.end] in tokens


def _begins_line(report: Report) -> bool:
    """Say whether a line begins with the words of a quote, so that symbol and price are on other lines."""
    before = report.excerpt.text[: report.excerpt.start]
    return report.reason == "expected a symbol" and not before.strip()


_COLOURS = r"\x1b\[[0-9;]*[A-Za-z]"
_UNCOLOUR = f"sed 's/{_COLOURS}//g' | tickerx"
_BROKEN = "quotes broken over several lines"
_JOIN_LINES = r"tr '\n' ' ' | tickerx"

_CAUSES = (
    _Cause(_line_holds("</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);"), "HTML", "tickerx --from html"),
    _Cause(_line_holds(_COLOURS), "colours of a terminal", _UNCOLOUR),
    _Cause(_line_holds("[\udc80-\udcff]"), "Windows-1252, not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8 | tickerx"),
    _Cause(
        _line_holds("\u00e2[\u2013\u2020\u02c6]"),
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


_DISGUISES = (
    *map(_recode, ("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")),
    _Disguise(partial(re.compile(_COLOURS.encode()).sub, b""), "colours of a terminal", _UNCOLOUR),
    _Disguise(partial(re.compile(rb"[\r\n]+").sub, b" "), _BROKEN, _JOIN_LINES),
)


def likely_cause(reports: Sequence[Report], name: str) -> str:
    """Return the cause that explains all reports of an input, and a command that helps; empty if there is none.

    ``name`` is the name of the input; ``-`` is standard input.
    """
    for cause in _CAUSES:
        if all(map(cause.explains, reports)):
            return _explain(cause.what, cause.remedy, name)
    return ""


def find_disguise(head: bytes, name: str) -> str:
    """Return why no quotes were found in the beginning of an input, and a command that helps; empty if unknown."""
    for disguise in _DISGUISES:
        text = disguise.reveal(head)
        if text != head and any(passage.symbol for passage in scan([text])):
            return _explain(disguise.what, disguise.remedy, name)
    return ""


def _explain(what: str, remedy: str, name: str) -> str:
    if not remedy:
        return what
    first, *rest = remedy.split(" | ")
    source = "" if name == "-" else f" < {quote(name)}"
    return f"{what}; try: {' | '.join([first + source, *rest])}"
