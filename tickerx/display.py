"""Text from outside made safe to show to a person: what would move the cursor, hide or reorder text is spelled out."""

import os

__all__ = ["escaped", "file_name"]


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


def file_name(path: str) -> str:
    r"""Return the name of a file as rows and messages have it: bytes that are not UTF-8 as ``\xff``.

    A name that a spreadsheet would take for a formula is led by ``./``; ``-`` alone is standard input.
    """
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    return f"./{name}" if name.startswith(("=", "+", "-", "@")) and name != "-" else name
