"""Text from outside made safe to show to a person: what would move the cursor, hide or reorder text is spelled out."""

from collections.abc import Callable
from unicodedata import combining, east_asian_width

__all__ = ["escaped", "pointed"]


def escaped(text: str) -> str:
    r"""Return the text with all that does not print spelled as in Python: ``\t``, ``\x1b``, ``\u202e``, ``\xff``.

    That is what Unicode calls other (controls, bidi and zero-width characters, unassigned) and all spaces but U+0020.
    A byte that was not UTF-8 is spelled as that byte.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _spelled(character) for character in text)


def _spelled(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def pointed(text: str, start: int, end: int, mark: Callable[[str], str]) -> str:
    """Return a line of text made safe, its stretch marked, and a line with carets under it; one where it is empty."""
    before, stretch, after = escaped(text[:start]), escaped(text[start:end]), escaped(text[end:])
    carets = "^" * max(1, _width(stretch))
    return f"  {before}{mark(stretch)}{after}\n  {' ' * _width(before)}{mark(carets)}"


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(0 if combining(character) else 1 + (east_asian_width(character) in "WF") for character in text)
