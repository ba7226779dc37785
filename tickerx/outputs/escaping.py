"""Make text from outside safe to show: spell out characters that move the cursor, or hide or reorder text."""

from collections.abc import Callable

__all__ = ["escaped", "pointed"]


def escaped(text: str) -> str:
    r"""Return the text with every character that does not print spelled as in Python: ``\t``, ``\x1b``, ``\u202e``.

    These are the characters in Unicode's category Other (controls, bidi and zero-width characters, unassigned) and all
    spaces except U+0020. An invalid UTF-8 byte is spelled as ``\xff``.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _spelled(character) for character in text)


def _spelled(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def pointed(text: str, start: int, end: int, mark: Callable[[str], str]) -> str:
    """Return a safe line of text with one part marked, and carets under that part; one caret if it is empty."""
    before, part, after = escaped(text[:start]), escaped(text[start:end]), escaped(text[end:])
    carets = "^" * max(1, _width(part))
    return f"  {before}{mark(part)}{after}\n  {' ' * _width(before)}{mark(carets)}"


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes, as tables and pictures measure it."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # loaded only here: most messages are ASCII, and it takes 2 ms

    return cell_len(text)
