"""``--suggest``: inputs → layouts that read their boards, each as a command to paste."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import Result
from tickerx.engine.parallel import Source
from tickerx.engine.run import open_source
from tickerx.inputs.documents import Trouble
from tickerx.inputs.files import UnreadableError
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
"""Bytes of a document to search for boards."""


class Proposal(NamedTuple):
    """A layout that reads a board of an input."""

    file: str
    lines: int
    """How many quotes of the input it reads."""
    sound: int
    layout: str
    flat: str | None
    """A second layout, for unchanged quotes."""
    decimal: str
    unsigned: str | None
    command: str
    example: str


class _Setting(NamedTuple):
    """How to read a board. Boards of one setting are one proposal."""

    layout: str
    flat: str | None
    decimal: str
    unsigned: str | None


class _Finds:
    """What the documents of an input hold: quotes that need no layout, and boards by their settings."""

    def __init__(self) -> None:
        self.quotes = 0
        self._boards: dict[_Setting, tuple[int, int, LayoutRow]] = {}
        """How many lines are read in each setting, how many of them are sound, and the first one."""

    def add(self, text: str) -> None:
        """Search a text."""
        from tickerx.layouts.suggest import quotes_of_words, suggest

        self.quotes += len(quotes_of_words(text))
        for one in suggest(text, LARGEST_TEXT):
            setting = _Setting(one.layout, one.flat, one.decimal, one.unsigned)
            lines, sound, example = self._boards.get(setting, (0, 0, one.example))
            self._boards[setting] = (lines + one.lines, sound + one.sound, example)

    def proposals(self, name: str, path: str) -> list[Proposal]:
        """Return the proposals for the input of this name at this path, those that read most soundly first."""
        found = [
            Proposal(name, lines, sound, *setting, _command(setting, path), _shown_row(example))
            for setting, (lines, sound, example) in self._boards.items()
        ]
        return sorted(found, key=lambda one: (-one.sound, -one.lines))


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
        finds = _Finds()
        for error in _search(source.path, form, finds):
            reporter.add(Result(name, errors=(error,)))
        found += finds.proposals(name, source.path)
        if finds.quotes:
            what = "1 quote is" if finds.quotes == 1 else f"{finds.quotes:,} quotes are"
            notes.append(f"{escaped(name)}: {what} read without a layout")
    _write(found, output, format, header)
    for note in notes or ([] if found else ["found no board to suggest a layout for"]):
        reporter.note(note)
    return len(found)


def _search(path: str, form: Form, finds: _Finds) -> Iterator[Trouble | OSError | UnreadableError]:
    """Search the documents of an input, and yield what cannot be read. An error ends the search."""
    try:
        with open_source(path) as file:
            for document in read_documents(file, form._replace(all_text=True)):
                if isinstance(document, Trouble):
                    yield document
                else:
                    _search_text(document.blocks, finds)
    except (OSError, UnreadableError) as error:
        yield error


def _search_text(blocks: Iterable[bytes], finds: _Finds) -> None:
    """Search the beginning of a document: what precedes an error, too."""
    text = bytearray()
    try:
        for block in blocks:
            text += block[: LARGEST_TEXT - len(text)]
    finally:
        finds.add(text.decode("utf-8", "replace"))


def _write(found: Sequence[Proposal], output: Output, format: str, header: bool) -> None:
    records = [proposal._asdict() for proposal in found]
    is_table = format == "table"
    text = draw_proposals(records, header) if is_table else write_proposals(records, Proposal._fields, format, header)
    output.write(text.encode("utf-8", "surrogateescape"))


def hint_for(head: bytes) -> int:
    """Return how many lines at the beginning of an input look like quotes of a board."""
    from tickerx.layouts.suggest import suggest

    found = suggest(head.decode("utf-8", "replace"))
    return max((one.lines for one in found if one.is_surely_board), default=0)


def _command(setting: _Setting, path: str) -> str:
    """Return the command that reads an input with a layout, on one line. It writes no file."""
    layouts = [part for one in (setting.layout, setting.flat) if one for part in ("--layout", _quoted(one))]
    options = ["--decimal", setting.decimal] if setting.decimal != "." else []
    options += ["--unsigned", setting.unsigned] if setting.unsigned else []
    options += ["-c", "+name"] if "{symbol}" in setting.layout and "{name}" in setting.layout else []
    file = [path] if not path.startswith("-") or path == "-" else ["--", path]
    return " ".join(["tickerx", *layouts, shlex.join([*options, *file])])


def _quoted(layout: str) -> str:
    """Quote a layout for a shell, with `printf` if it has several lines."""
    if "\n" not in layout:
        return shlex.quote(layout)
    printf = shlex.join(["printf", r"%s\n", *layout.split("\n")])
    return f'"$({printf})"'


def _shown_row(row: "LayoutRow") -> str:
    """Return a row as text, such as ``symbol=AGL price=40.00``, without empty values."""
    pairs = row._asdict() | {"layout": None, "start": None, "end": None, "line": None}
    return " ".join(f"{name}={value}" for name, value in pairs.items() if value is not None)
