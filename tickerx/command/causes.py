"""The likely cause of many reports that are alike, and the command that helps."""

import re
from collections.abc import Callable, Sequence
from shlex import quote
from typing import NamedTuple

from tickerx.grammar.reports import Report

__all__ = ["likely_cause"]


class _Cause(NamedTuple):
    """Why a whole board is malformed."""

    explains: Callable[[Report], object]
    """Say whether it explains a report."""
    what: str
    remedy: str
    """The command that helps, behind what reads the input."""


def _line_holds(pattern: str) -> Callable[[Report], object]:
    found = re.compile(pattern)
    return lambda report: found.search(report.excerpt.text)


def _token_is(*tokens: str) -> Callable[[Report], object]:
    return lambda report: report.excerpt.text[report.excerpt.start : report.excerpt.end] in tokens


def _begins_line(report: Report) -> bool:
    """Say whether a quote begins with its words, so that symbol and price stand on other lines."""
    before = report.excerpt.text[: report.excerpt.start]
    return report.reason == "expected a symbol" and not before.strip()


_CAUSES = (
    _Cause(_line_holds("</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);"), "HTML", "tickerx --from html"),
    _Cause(_line_holds("\x1b\\["), "colours of a terminal", r"sed 's/\x1b\[[0-9;]*[A-Za-z]//g' | tickerx"),
    _Cause(_line_holds("[\udc80-\udcff]"), "Windows-1252, not UTF-8", "iconv -f WINDOWS-1252 -t UTF-8 | tickerx"),
    _Cause(
        _line_holds("\u00e2[\u2013\u2020\u02c6]"),
        "UTF-8 that was read as Windows-1252 once",
        "iconv -f UTF-8 -t WINDOWS-1252 | tickerx",
    ),
    _Cause(_token_is("v", "^"), "a page that lynx wrote in ASCII; give tickerx the page itself", ""),
    _Cause(_begins_line, "quotes broken over several lines", r"tr '\n' ' ' | tickerx"),
)


def likely_cause(reports: Sequence[Report], name: str) -> str:
    """Return what explains every one of an input's reports, with the command that helps; empty if nothing does.

    The name is the input's; ``-`` is standard input.
    """
    for cause in _CAUSES:
        if all(map(cause.explains, reports)):
            if not cause.remedy:
                return cause.what
            first, *rest = cause.remedy.split(" | ")
            source = "" if name == "-" else f" < {quote(name)}"
            return f"{cause.what}; try: {' | '.join([first + source, *rest])}"
    return ""
