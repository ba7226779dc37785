"""``--suggest``: the inputs → layouts that would read a board in them, each as a command that is ready to paste."""

import shlex
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import Result
from tickerx.engine.parallel import Source
from tickerx.engine.run import open_source
from tickerx.inputs.documents import Trouble
from tickerx.inputs.files import BinaryFile, UnreadableError
from tickerx.inputs.names import file_name
from tickerx.inputs.read import Form, read_documents
from tickerx.outputs.escaping import escaped
from tickerx.outputs.proposals import draw_proposals, write_proposals
from tickerx.system.output import Output

if TYPE_CHECKING:
    from tickerx.command.reporter import Reporter
    from tickerx.layouts.read import LayoutRow

__all__ = ["hint_for", "write_suggestions"]

LARGEST_TEXT = 1 << 20
"""Bytes of a document that are searched for boards."""


class Proposal(NamedTuple):
    """A layout that reads a board of an input."""

    file: str
    lines: int
    """Quotes that it reads in the input."""
    sound: int
    layout: str
    flat: str | None
    """A second layout, for quotes that have not moved."""
    decimal: str
    unsigned: str | None
    command: str
    example: str


class NeedsNone(NamedTuple):
    """What is read without a layout."""

    quotes: int


NAMES = Proposal._fields


def write_suggestions(
    sources: Iterable[Source], form: Form, output: Output, format: str, header: bool, reporter: "Reporter"
) -> int:
    """Write the proposals for all inputs, and return how many there are. Raises `WriteError`."""
    found: list[Proposal] = []
    notes: list[str] = []
    for source in sources:
        if source.error:
            reporter.add(Result(source.path, errors=(source.error,), is_last=True, is_end=True, is_input=False))
            continue
        name = file_name(source.path)
        try:
            with open_source(source.path) as file:
                for one in _find_proposals(name, source.path, file, form):
                    match one:
                        case Proposal():
                            found.append(one)
                        case NeedsNone(quotes):
                            what = "1 quote is" if quotes == 1 else f"{quotes:,} quotes are"
                            notes.append(f"{escaped(name)}: {what} read without a layout")
                        case _:
                            reporter.add(Result(name, errors=(one,)))
        except (OSError, UnreadableError) as error:
            reporter.add(Result(name, errors=(error,), has_failed=True, is_last=True, is_end=True))
    records = [proposal._asdict() for proposal in found]
    is_table = format == "table"
    text = draw_proposals(records, header) if is_table else write_proposals(records, NAMES, format, header)
    output.write(text.encode("utf-8", "surrogateescape"))
    for note in notes or ([] if found else ["found no board to suggest a layout for"]):
        reporter.note(note)
    return len(found)


def _find_proposals(name: str, path: str, file: BinaryFile, form: Form) -> Iterator[Proposal | NeedsNone | Trouble]:
    """Yield the proposals for an open input, those that read most first; before them what cannot be read.

    Raises `OSError` and `UnreadableError` as `read_documents` does.
    """
    from tickerx.layouts.suggest import quotes_of_words, suggest

    found: dict[tuple[str, str | None, str, str | None], tuple[int, int, LayoutRow]] = {}
    quotes = 0
    failed: OSError | UnreadableError | None = None
    try:
        for document in read_documents(file, form._replace(all_text=True)):
            if isinstance(document, Trouble):
                yield document
                continue
            text, failed = _read_text(document.blocks)
            quotes += len(quotes_of_words(text))
            for one in suggest(text, LARGEST_TEXT):
                lines, sound, example = found.get(one[:4], (0, 0, one.example))
                found[one[:4]] = (lines + one.lines, sound + one.sound, example)
    except (OSError, UnreadableError) as error:
        failed = error
    if quotes:
        yield NeedsNone(quotes)
    for key, (lines, sound, example) in sorted(found.items(), key=lambda item: (-item[1][1], -item[1][0])):
        yield Proposal(name, lines, sound, *key, _command(*key, path), _shown_row(example))
    if failed:
        raise failed


def _read_text(blocks: Iterable[bytes]) -> tuple[str, OSError | UnreadableError | None]:
    """Return the beginning of a document, and what kept it from being read to its end."""
    text, failed = bytearray(), None
    try:
        for block in blocks:
            text += block[: LARGEST_TEXT - len(text)]
    except (OSError, UnreadableError) as error:
        failed = error
    return text.decode("utf-8", "replace"), failed


def hint_for(head: bytes) -> int:
    """Return how many lines of the beginning of an input look like quotes of a board."""
    from tickerx.layouts.suggest import suggest

    found = suggest(head.decode("utf-8", "replace"))
    return max((one.lines for one in found if one.is_surely_board), default=0)


def _command(layout: str, flat: str | None, decimal: str, unsigned: str | None, path: str) -> str:
    """Return the command that reads an input with a layout, on one line. It writes no file."""
    layouts = [part for one in (layout, flat) if one for part in ("--layout", _quoted(one))]
    settings = [*(["--decimal", decimal] if decimal != "." else []), *(["--unsigned", unsigned] if unsigned else [])]
    settings += ["-c", "+name"] if "{symbol}" in layout and "{name}" in layout else []
    file = [path] if not path.startswith("-") or path == "-" else ["--", path]
    return " ".join(["tickerx", *layouts, shlex.join([*settings, *file])])


def _quoted(layout: str) -> str:
    """Quote a layout for a shell; `printf` prints one of several lines."""
    if "\n" not in layout:
        return shlex.quote(layout)
    printf = shlex.join(["printf", r"%s\n", *layout.split("\n")])
    return f'"$({printf})"'


def _shown_row(row: "LayoutRow") -> str:
    """Return what is printed of a row: ``symbol=AGL price=40.00``."""
    pairs = row._asdict() | {"layout": None, "start": None, "end": None, "line": None}
    return " ".join(f"{name}={value}" for name, value in pairs.items() if value is not None)
