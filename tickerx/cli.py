"""The command line: options turned into calls, results into streams, troubles into messages and a status."""

import os
from codecs import lookup
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from io import FileIO
from itertools import chain, islice
from locale import getencoding
from typing import TYPE_CHECKING, Any

import click

from tickerx import __version__, process
from tickerx.display import escaped, file_name
from tickerx.inputs import UnreadableError, open_file, read_blocks, read_names
from tickerx.messages import Messages
from tickerx.passage import Passage
from tickerx.quote import COLUMNS
from tickerx.scanner import Scanner
from tickerx.writers import WRITERS

if TYPE_CHECKING:
    from tickerx.table import Look

__all__ = ["command", "run"]

SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
}
"""The format that the name of an output file tells. Any other name means CSV."""

_IS_ALSO_OUTPUT = "this input is also the output; write to another file"

EXAMPLES = (
    "tickerx page.txt | mlr --icsv --opprint sort -nr change_percent",
    "lynx -dump -width=999 page.html | tickerx -f jsonl | jq -r 'select(.direction == \"up\").symbol'",
    "find crawl -name '*.txt' -print0 | tickerx -H --files0-from - -o quotes.csv",
    "tail -f board.txt | tickerx -f jsonl -c symbol,price",
)

EXIT_STATUSES = (
    ("0", "all was read and written, be it without a quote"),
    ("1", "a check that was asked for has failed: --strict or --exit-status"),
    ("2", "trouble: wrong usage, an input that could not be read, a failed write"),
)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status. Raises `process.WriteError`."""
    try:
        status: int = command.main(list(arguments), prog_name="tickerx", standalone_mode=False)
    except click.UsageError as error:
        process.tell(f"{escaped(error.format_message())}\nTry 'tickerx --help' for help.")
        return process.TROUBLE
    return status


class _Command(click.Command):
    """A command whose help ends with its exit statuses and examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit status"):
            formatter.write_dl(EXIT_STATUSES)
        with formatter.section("Examples"):
            for example in EXAMPLES:
                formatter.write(f"  {example}\n")


class _Columns(click.ParamType[list[str]]):
    """A choice of columns, separated by commas."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        names: list[str] = value.split(",")
        for name in names:
            if name not in COLUMNS:
                nearest = get_close_matches(name, COLUMNS, 1)
                hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
                self.fail(f"there is no column '{name}'.{hint} The columns are {', '.join(COLUMNS)}.", param, ctx)
        for name in names:
            if names.count(name) > 1:
                self.fail(f"column '{name}' is named twice.", param, ctx)
        return names


def _print_and_exit(text: Callable[[click.Context], str]) -> Callable[[click.Context, click.Parameter, bool], None]:
    """Return the callback of an option that prints a text instead of running the command."""

    def callback(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            output = process.standard_output()
            output.write(text(ctx) + "\n")
            process.finish([output], complete=True)
            ctx.exit()

    return callback


@click.command(
    cls=_Command,
    context_settings={"help_option_names": [], "terminal_width": 80},
    help="Find the quotes of ticker boards in any text and print them as a table at a terminal, else as CSV. "
    "Without FILES, or where one is -, read standard input.",
)
@click.argument("files", nargs=-1)
@click.option("-f", "--format", type=click.Choice(["table", *WRITERS]), help="Write this format.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, in the format that its suffix tells.")
@click.option("-c", "--columns", type=_Columns(), help="Write these columns, separated by commas, in this order.")
@click.option("-H", "--with-filename", is_flag=True, help="Add the column file in front.")
@click.option("-n", "--line-number", is_flag=True, help="Add the column line in front.")
@click.option("--no-header", is_flag=True, help="Leave out the names of the columns.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the output.")
@click.option("--files0-from", metavar="FILE", help="Read the inputs that FILE names, each name ended by NUL.")
@click.option("-q", "--quiet", is_flag=True, help="Report nothing but troubles.")
@click.option("-v", "--verbose", is_flag=True, help="Count what was read, at the end.")
@click.option("--strict", is_flag=True, help="Report suspect quotes too; any report makes the status 1.")
@click.option("-e", "--exit-status", is_flag=True, help="Make the status 1 if no row was written.")
@click.option("--rejects", metavar="FILE", help="Write what is reported to FILE, as CSV.")
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(lambda ctx: f"tickerx {__version__}"),
    help="Print the version.",
)
@click.option(
    "-h",
    "--help",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(click.Context.get_help),
    help="Print this help.",
)
def command(
    files: tuple[str, ...],
    format: str | None,
    output: str | None,
    columns: list[str] | None,
    with_filename: bool,
    line_number: bool,
    no_header: bool,
    color: str,
    files0_from: str | None,
    quiet: bool,
    verbose: bool,
    strict: bool,
    exit_status: bool,
    rejects: str | None,
) -> int:
    """Do what the options say and return the exit status."""
    if files and files0_from is not None:
        raise click.UsageError("FILES cannot be combined with --files0-from.")
    output = None if output == "-" else output
    names = _chosen_columns(columns, with_filename, line_number)
    chosen = format or _default_format(output)
    sources = files or ("-" if files0_from is None else files0_from,)
    target = _open_output(output, sources)
    outputs = [target] if rejects is None else [target, _open_output(rejects, sources, target)]
    messages = Messages(
        quiet=quiet,
        strict=strict,
        verbose=verbose,
        color=process.is_terminal(process.STDERR) and _wants_color(color, is_terminal=True),
        rejects=None if rejects is None else outputs[1],
    )
    paths = sources if files0_from is None else _listed(files0_from, messages)
    passages = _begun(_read(paths, outputs, messages))
    if chosen == "table":
        # Loaded only to draw: rich takes as long to load as all the rest.
        from tickerx.table import NEEDED, draw

        shown = list(dict.fromkeys([*names, *NEEDED]))
        batches = (passage.columns(shown, file) for file, passage in passages)
        rows = [row for batch in batches for row in zip(*batch, strict=True)]
        board = {name: [row[place] for row in rows] for place, name in enumerate(shown)}
        at_terminal = output is None and process.is_terminal(process.STDOUT)
        look = _look(at_terminal, _wants_color(color, at_terminal), not no_header, has_choice=columns is not None)
        texts: Iterable[str] = (draw(board, names, look),)
    else:
        texts = WRITERS[chosen]((passage.columns(names, file) for file, passage in passages), names, not no_header)
    for text in texts:
        target.write(text)
    messages.end()
    process.finish(outputs, complete=not messages.troubled)
    return messages.status or (process.FAILED_CHECK if exit_status and not messages.rows else process.DONE)


def _chosen_columns(columns: list[str] | None, with_filename: bool, line_number: bool) -> list[str]:
    chosen = columns or [column.name for column in COLUMNS.values() if column.default]
    for option, name, wanted in (("-n", "line", line_number), ("-H", "file", with_filename)):
        if wanted and name in chosen:
            raise click.UsageError(f"Column {name!r} is named by -c and added by {option} again.")
        if wanted:
            chosen = [name, *chosen]
    return chosen


def _default_format(output: str | None) -> str:
    if output is None:
        return "table" if process.is_terminal(process.STDOUT) else "csv"
    return SUFFIXES.get(os.path.splitext(output)[1].lower(), "csv")


def _wants_color(choice: str, is_terminal: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"


def _look(at_terminal: bool, color: bool, header: bool, has_choice: bool) -> "Look":
    """Return how a table is to look: at a terminal as this one can show it, elsewhere whole, whatever the surroundings.

    Columns that were chosen are kept where there is no room for them.
    """
    from shutil import get_terminal_size

    from tickerx.table import Look

    return Look(
        width=get_terminal_size((0, 0)).columns if at_terminal else 0,
        color=color,
        ascii=at_terminal and lookup(getencoding()).name != "utf-8",
        header=header,
        may_drop=() if has_choice else ("kind", "direction"),
    )


def _open_output(path: str | None, sources: Iterable[str], *others: process.Output) -> process.Output:
    """Open a file to write, or standard output. Raises `process.WriteError`, also if it is an input or another output.

    That is known before anything is written, a header too, which would already change an input.
    """
    output = process.standard_output() if path is None or path == "-" else process.open_output(path)
    for source in sources:
        if output.is_also(process.STDIN if source == "-" else source):
            raise process.WriteError(file_name(source), _IS_ALSO_OUTPUT)
    if any(output.clashes(other) for other in others):
        raise process.WriteError(path or "-", "the rows are written there; write the rejects to another file")
    return output


def _begun(passages: Iterator[tuple[str, Passage]]) -> Iterator[tuple[str, Passage]]:
    """Return the passages with the first one read: a header would change a listed input that is the output too."""
    first = list(islice(passages, 1))
    return chain(first, passages)


def _read(paths: Iterable[str], outputs: Sequence[process.Output], messages: Messages) -> Iterator[tuple[str, Passage]]:
    """Yield the passages of each input with its name, and report what is wrong in each once it has been written.

    An input that cannot be read is told, and the next is read.
    """
    for path in paths:
        name = file_name(path)
        scanner = Scanner()
        try:
            with _open(path) as file:
                if any(output.is_also(file.fileno()) for output in outputs):
                    raise process.WriteError(name, _IS_ALSO_OUTPUT)
                for passage in scanner.scan(read_blocks(file, messages.count_bytes)):
                    if passage.symbol:
                        messages.rows += len(passage.symbol)
                        yield name, passage
                    messages.judge(passage, name)
        except (OSError, UnreadableError) as error:
            messages.trouble(name, error)
        messages.end_input(name, scanner.lines)


def _open(path: str) -> FileIO:
    """Open an input. Raises `OSError`."""
    if path == "-" and process.is_terminal(process.STDIN):
        process.tell("reading standard input, which is this terminal; Ctrl-D on a line of its own ends it")
    return open_file(process.STDIN if path == "-" else path)


def _listed(path: str, messages: Messages) -> Iterator[str]:
    """Yield the names in a list of inputs; what is wrong with the list is told."""
    name = file_name(path)
    try:
        with _open(path) as file:
            for number, listed in enumerate(read_names(file), 1):
                if not listed:
                    messages.trouble(f"{name}:{number}", "a name of a file is empty")
                elif listed == path == "-":
                    messages.trouble(f"{name}:{number}", "standard input is the list of names, and cannot be an input")
                else:
                    yield listed
    except (OSError, UnreadableError) as error:
        messages.trouble(name, error)
