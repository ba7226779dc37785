"""Reports: what is wrong with a stretch of an input, and where. They are values, and reading goes on after them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tickerx.quote import Origin

__all__ = ["Excerpt", "Malformed", "MalformedError", "Report", "Suspect"]


class Excerpt(NamedTuple):
    """The text around a token on its line."""

    text: str
    start: int
    """Where the token begins in the text."""
    end: int
    """Where the token ends in the text; the same as ``start`` if the line ends there."""


@dataclass(frozen=True, slots=True)
class Report:
    """A stretch of an input, one place in it, and what is wrong there.

    As text: ``board.txt:12:5: expected a price``, and ``crawl.warc.gz: https://example.com :12:5: …`` in a crawl.
    """

    origin: Origin
    line: int
    """Line of the document's text, from 1."""
    column: int
    """Column of the wrong token, in code points from 1."""
    reason: str
    text: str
    """The whole stretch, exactly as in the input; for malformed text, at most 1,024 code points."""
    excerpt: Excerpt = field(repr=False)

    @property
    def file(self) -> str | None:
        """Name of the input, or None if it is a text."""
        return self.origin.file

    @property
    def url(self) -> str | None:
        """Address of the document, or None if unknown."""
        return self.origin.url or None

    def __str__(self) -> str:
        return f"{self.origin}:{self.line}:{self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Malformed(Report):
    """Text that looks like a quote but is damaged."""

    expected: str
    """What should be in place of the wrong token."""


@dataclass(frozen=True, slots=True)
class Suspect(Report):
    """A well-formed quote whose own words and figures contradict one another."""


class MalformedError(ValueError):
    """Malformed text was found, with ``strict=True``."""

    __module__ = "tickerx"

    def __init__(self, malformed: Malformed) -> None:
        super().__init__(malformed)
        self.malformed = malformed

    def __str__(self) -> str:
        return str(self.malformed)
