"""The command line: options turned into calls, results into streams, troubles into messages and a status."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import FileIO
from typing import TYPE_CHECKING, Any

import click

from tickerx import __version__, process
from tickerx.display import escaped, file_name
from tickerx.extract import Extraction, Result, extract, hold
from tickerx.inputs import ListError, UnreadableError, open_file, read_names
from tickerx.jobs import Source, cores
from tickerx.jobs import run as run_jobs
from tickerx.messages import SHOWN, Messages
from tickerx.progress import Progress, total_size
from tickerx.quote import COLUMNS
from tickerx.writers import WRITERS, write

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
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
}
"""The format that the name of an output file tells. Any other name means CSV."""

DRAWN = ("table", "svg", "html")
"""The formats that are drawn when all quotes have been found."""

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
                from difflib import get_close_matches

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
            output.write(f"{text(ctx)}\n".encode())
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
@click.option("-f", "--format", type=click.Choice([*DRAWN, *WRITERS]), help="Write this format.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, in the format that its suffix tells.")
@click.option("-c", "--columns", type=_Columns(), help="Write these columns, separated by commas, in this order.")
@click.option("-H", "--with-filename", is_flag=True, help="Add the column file in front.")
@click.option("-n", "--line-number", is_flag=True, help="Add the column line in front.")
@click.option("--no-header", is_flag=True, help="Leave out the names of the columns.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the output.")
@click.option("--files0-from", metavar="FILE", help="Read the inputs that FILE names, each name ended by NUL.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Read by N processes; all cores if unset.")
@click.option("-q", "--quiet", is_flag=True, help="Report nothing but troubles.")
@click.option("-v", "--verbose", is_flag=True, help="Count what was read, at the end.")
@click.option(
    "--progress/--no-progress", default=None, help="Show, or never show, how far the reading has come; see README."
)
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
    jobs: int | None,
    progress: bool | None,
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
    is_drawn = chosen in DRAWN
    extraction = Extraction(
        None if is_drawn else chosen,
        tuple(_needed(names) if is_drawn else names),
        counts_suspects=strict or verbose,
        reports=strict or verbose or not quiet or rejects is not None or is_drawn,
        reports_suspects=strict,
        shown=SHOWN if rejects is None else None,
    )
    inputs = _checked(sources if files0_from is None else _listed(files0_from), outputs)
    bar = _progress(progress, color, None if files0_from is not None else sources, output is None)
    found = run_jobs(
        extraction, inputs, jobs or cores(), lambda source: _read_here(extraction, source, bar.read if bar else None)
    )
    results = _told(bar.follow(found) if bar else found, messages)
    if is_drawn:
        board = hold(results, extraction.names)
        if chosen == "table":
            from tickerx.table import draw

            at_terminal = output is None and process.is_terminal(process.STDOUT)
            look = _look(at_terminal, _wants_color(color, at_terminal), not no_header, has_choice=columns is not None)
            target.write(draw(board, names, look, messages.malformed).encode())
        else:
            from tickerx.pictures import PICTURES
            from tickerx.table import Look, draw_lines

            lines = draw_lines(board, names, Look(header=not no_header), messages.malformed)
            target.write(PICTURES[chosen](lines, _title(output), color != "never").encode())
    else:
        for text in write(WRITERS[chosen], (result.text for result in results if result.text), names, not no_header):
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


def _progress(choice: bool | None, color: str, sources: Sequence[str] | None, to_stdout: bool) -> Progress | None:
    """Return what shows how far the reading has come, if it is to be shown; sources are None where they are listed.

    By itself it is where rows go elsewhere, and nobody types the input.
    """
    is_typed = sources is not None and "-" in sources and process.is_terminal(process.STDIN)
    is_apart = not (to_stdout and process.is_terminal(process.STDOUT)) and not is_typed
    if choice is False or not (choice or (is_apart and process.can_erase())):
        return None
    return Progress(
        lambda: None if sources is None else total_size(map(_file, sources)),
        color=_wants_color(color, process.can_erase()),
        at_once=choice is True,
    )


def _needed(names: Sequence[str]) -> Iterable[str]:
    """Return the columns that a table is drawn from."""
    from tickerx.table import NEEDED  # loaded only to draw: rich takes as long to load as all the rest

    return dict.fromkeys([*names, *NEEDED])


def _look(at_terminal: bool, color: bool, header: bool, has_choice: bool) -> "Look":
    """Return how a table is to look: at a terminal as this one can show it, elsewhere whole, whatever the surroundings.

    Columns that were chosen are kept where there is no room for them.
    """
    from codecs import lookup
    from locale import getencoding
    from shutil import get_terminal_size

    from tickerx.table import Look

    return Look(
        width=get_terminal_size((0, 0)).columns if at_terminal else 0,
        color=color,
        ascii=at_terminal and lookup(getencoding()).name != "utf-8",
        header=header,
        may_drop=() if has_choice else ("kind", "direction"),
    )


def _title(output: str | None) -> str:
    """Return the title of a picture: the name of its file without folder and suffix."""
    name = os.path.splitext(os.path.basename(output or ""))[0]
    return escaped(file_name(name)) or "tickerx"


def _open_output(path: str | None, sources: Iterable[str], *others: process.Output) -> process.Output:
    """Open a file to write, or standard output. Raises `process.WriteError`, also if it is an input or another output.

    That is known before anything is written, a header too, which would already change an input.
    """
    output = process.standard_output() if path is None or path == "-" else process.open_output(path)
    for source in sources:
        if output.is_also(_file(source)):
            raise process.WriteError(file_name(source), _IS_ALSO_OUTPUT)
    if any(output.clashes(other) for other in others):
        raise process.WriteError(path or "-", "the rows are written there; write the rejects to another file")
    return output


def _checked(sources: Iterable[Source], outputs: Sequence[process.Output]) -> Iterator[Source]:
    """Yield the inputs. Raises `process.WriteError` if one is an output too, as one from a list may be."""
    for source in sources:
        if isinstance(source, str) and any(output.is_also(_file(source)) for output in outputs):
            raise process.WriteError(file_name(source), _IS_ALSO_OUTPUT)
        yield source


def _read_here(extraction: Extraction, source: Source, on_read: Callable[[int], object] | None) -> Iterator[Result]:
    """Yield what comes of an input that this process reads."""
    if isinstance(source, Result):
        yield source
        return
    name = file_name(source)
    try:
        with _open(source) as file:
            yield from extract(extraction, name, file, on_read=on_read)
    except OSError as error:
        yield Result(name, error=error, is_end=True)


def _told(results: Iterable[Result], messages: Messages) -> Iterator[Result]:
    """Yield each result; when its rows have been written, tell what else has come of it."""
    for result in results:
        yield result
        messages.take(result)


def _file(path: str) -> str | int:
    """Return what an input is opened by."""
    return process.STDIN if path == "-" else path


def _open(path: str) -> FileIO:
    """Open an input. Raises `OSError`."""
    if path == "-" and process.is_terminal(process.STDIN):
        process.tell("reading standard input, which is this terminal; Ctrl-D on a line of its own ends it")
    return open_file(_file(path))


def _listed(path: str) -> Iterator[Source]:
    """Yield the inputs that a list names, and what is wrong with the list."""
    name = file_name(path)
    try:
        with _open(path) as file:
            for number, listed in enumerate(read_names(file), 1):
                if not listed:
                    yield Result(f"{name}:{number}", error=ListError("a name of a file is empty"), is_end=True)
                elif listed == path == "-":
                    error = ListError("standard input is the list, and no input")
                    yield Result(f"{name}:{number}", error=error, is_end=True)
                else:
                    yield listed
    except (OSError, UnreadableError) as error:
        yield Result(name, error=error, is_end=True)
