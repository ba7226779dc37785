"""What is wrong with a stretch of an input, and where: values that the reading goes on after."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tickerx.quote import Origin

__all__ = ["Excerpt", "Malformed", "MalformedError", "Report", "Suspect"]


class Excerpt(NamedTuple):
    """What stands around a token on its line."""

    text: str
    start: int
    """Where the token begins in it."""
    end: int
    """Where the token ends in it: at its start where the line ends instead."""


@dataclass(frozen=True, slots=True)
class Report:
    """A stretch of an input, one place in it, and what is wrong there.

    As text: ``board.txt:12:5: expected a price``, and ``crawl.warc.gz: https://example.com :12:5: …`` in a crawl.
    """

    origin: Origin
    line: int
    """Line of the document's text, from 1."""
    column: int
    """Of the token that is wrong, in code points from 1."""
    reason: str
    text: str
    """The whole stretch, as it stands in the input; of a malformed one 1,024 code points at most."""
    excerpt: Excerpt = field(repr=False)

    @property
    def file(self) -> str | None:
        """Name of the input, or None where it is a text."""
        return self.origin.file

    @property
    def url(self) -> str | None:
        """Address of the document, or None where it is unknown."""
        return self.origin.url or None

    def __str__(self) -> str:
        return f"{self.origin}:{self.line}:{self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Malformed(Report):
    """Text that commits to being a quote and is none."""

    expected: str
    """What a quote would have in the place of the token."""


@dataclass(frozen=True, slots=True)
class Suspect(Report):
    """A well-formed quote whose own words and figures contradict one another."""


class MalformedError(ValueError):
    """A text holds something malformed, and was not to."""

    __module__ = "tickerx"

    def __init__(self, malformed: Malformed) -> None:
        super().__init__(malformed)
        self.malformed = malformed

    def __str__(self) -> str:
        return str(self.malformed)
