"""The command line: options turned into calls, results into streams, troubles into messages and a status."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import FileIO
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tickerx import __version__, process
from tickerx.choice import Choice, in_batches, sort
from tickerx.completion import VARIABLE, complete_columns, complete_files
from tickerx.display import escaped, file_name
from tickerx.extract import Extraction, Result, extract, hold
from tickerx.inputs import ListError, UnreadableError, open_file, read_names
from tickerx.jobs import Source, cores
from tickerx.jobs import run as run_jobs
from tickerx.messages import SHOWN, Messages
from tickerx.progress import Progress, total_size
from tickerx.quote import COLUMNS, Direction, Kind
from tickerx.usage import GROUPS, Command, Glob, Names, Number, OneOf, Option
from tickerx.writers import WRITERS, write

if TYPE_CHECKING:
    from tickerx.table import Board, Look

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


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status. Raises `process.WriteError`."""
    try:
        if question := os.environ.get(VARIABLE):
            from tickerx.shells import answer

            _print(answer(command, question))
            return process.DONE
        status: int = command.main(list(arguments), prog_name="tickerx", standalone_mode=False)
    except click.UsageError as error:
        process.tell(f"{escaped(error.format_message())}\nTry 'tickerx --help' for help.")
        return process.TROUBLE
    return status


def _print_and_exit(text: Callable[[click.Context], str]) -> Callable[[click.Context, click.Parameter, bool], None]:
    """Return the callback of an option that prints a text instead of running the command."""

    def callback(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            _print(text(ctx))
            ctx.exit()

    return callback


def _print(text: str) -> None:
    """Write a text instead of rows. Raises `process.WriteError`."""
    output = process.standard_output()
    output.write(f"{text}\n".encode("utf-8", "surrogateescape"))
    process.finish([output], complete=True)


_input, _choosing, _output, _checks, _other = (partial(click.option, cls=Option, group=group) for group in GROUPS)


@click.command(
    cls=Command,
    context_settings={"help_option_names": [], "terminal_width": 80},
    help="Find the quotes of ticker boards in any text and print them as a table at a terminal, else as CSV. "
    "Without FILES, or where one is -, read standard input.",
)
@click.argument("files", nargs=-1, shell_complete=complete_files)
@_input(
    "--files0-from",
    metavar="FILE",
    shell_complete=complete_files,
    help="Read the inputs that FILE names, each ended by NUL.",
)
@_input("-j", "--jobs", type=Number(1), metavar="N", help="Read by N processes, not all cores.")
@_choosing(
    "-s",
    "--symbol",
    type=Glob(),
    multiple=True,
    metavar="GLOB",
    help="Only symbols like GLOB, in any case; repeatable.",
)
@_choosing(
    "-d",
    "--direction",
    type=OneOf(Direction),
    multiple=True,
    metavar="WAY",
    help="Only up, down or unchanged; repeatable.",
)
@_choosing("-k", "--kind", type=OneOf(Kind), metavar="KIND", help="Only stock or index.")
@_choosing("--sort", type=OneOf(COLUMNS), metavar="COLUMN", help="Sort by a column, figures as numbers.")
@_choosing("-r", "--reverse", is_flag=True, help="Sort the other way round.")
@_choosing("--limit", type=Number(0), metavar="N", help="Write no more than N rows.")
@_output(
    "-f",
    "--format",
    type=OneOf([*DRAWN, *WRITERS]),
    metavar="FORMAT",
    help="Write table, csv, tsv, json, jsonl, markdown, svg or html.",
)
@_output(
    "-o", "--output", metavar="FILE", shell_complete=complete_files, help="Write to FILE; its suffix tells the format."
)
@_output(
    "-c",
    "--columns",
    type=Names(),
    metavar="NAMES",
    shell_complete=complete_columns,
    help="Write these columns, separated by commas.",
)
@_output("-H", "--with-filename", is_flag=True, help="Add the column file in front.")
@_output("-n", "--line-number", is_flag=True, help="Add the column line in front.")
@_output("--no-header", is_flag=True, help="Leave out the names of the columns.")
@_output(
    "--color",
    type=OneOf(["auto", "always", "never"]),
    default="auto",
    metavar="WHEN",
    help="Colour the table: auto, always or never.",
)
@_checks("--strict", is_flag=True, help="Report suspect quotes too; any report is status 1.")
@_checks("-e", "--exit-status", is_flag=True, help="Make the status 1 if no row was written.")
@_checks("--rejects", metavar="FILE", shell_complete=complete_files, help="Write what is reported to FILE, as CSV.")
@_other("-q", "--quiet", is_flag=True, help="Report nothing but troubles.")
@_other("-v", "--verbose", is_flag=True, help="Count what was read, at the end.")
@_other("--progress/--no-progress", default=None, help="Show, or never show, how far long work has come.")
@_other("--schema", is_flag=True, help="Print the JSON Schema of a row instead of rows.")
@_other(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(lambda ctx: f"tickerx {__version__}"),
    help="Print the version.",
)
@_other(
    "-h",
    "--help",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(click.Context.get_help),
    help="Print this help.",
)
def command(**given: Any) -> int:
    """Do what the options say and return the exit status."""
    options = _checked_options(_Options(**given))
    names = _chosen_columns(options)
    if options.schema:
        from tickerx.schema import row_schema

        _print(row_schema(names))
        return process.DONE
    chosen = options.format or _default_format(options)
    outputs = _open_outputs(options)
    messages = _messages(options, outputs)
    extraction = _extraction(options, chosen, names)
    bar = _progress(options)
    found = _results(options, extraction, outputs, bar)
    results = _told(bar.follow(found) if bar else found, messages)
    if chosen in DRAWN:
        board = _held(options, extraction, results, messages)
        outputs[0].write(_drawn(options, chosen, board, names, messages).encode())
    else:
        if options.sort:
            texts = _sorted_texts(_held(options, extraction, results, messages), chosen, names)
        else:
            texts = (result.text for result in results if result.text)
        for text in write(WRITERS[chosen], texts, names, not options.no_header):
            outputs[0].write(text)
    messages.end()
    process.finish(outputs, complete=not messages.troubled)
    return messages.status or (process.FAILED_CHECK if options.exit_status and not messages.rows else process.DONE)


class _Options(NamedTuple):
    """What the command line says; the options have their own names."""

    files: tuple[str, ...]
    files0_from: str | None
    jobs: int | None
    symbol: tuple[str, ...]
    direction: tuple[str, ...]
    kind: str | None
    sort: str | None
    reverse: bool
    limit: int | None
    format: str | None
    output: str | None
    columns: list[str] | None
    with_filename: bool
    line_number: bool
    no_header: bool
    color: str
    strict: bool
    exit_status: bool
    rejects: str | None
    quiet: bool
    verbose: bool
    progress: bool | None
    schema: bool

    @property
    def sources(self) -> tuple[str, ...]:
        """The inputs, or the list that names them."""
        return self.files or ("-" if self.files0_from is None else self.files0_from,)

    @property
    def is_to_standard_output(self) -> bool:
        return self.output in (None, "-")


def _checked_options(options: _Options) -> _Options:
    """Return the options. Raises `click.UsageError` if one of them does not go with the others."""
    if options.files and options.files0_from is not None:
        raise click.UsageError("FILES cannot be combined with --files0-from.")
    if options.reverse and not options.sort:
        raise click.UsageError("-r needs --sort COLUMN; without it, rows stay in the order of the input.")
    return options


def _chosen_columns(options: _Options) -> list[str]:
    chosen = options.columns or [column.name for column in COLUMNS.values() if column.default]
    for option, name, wanted in (("-n", "line", options.line_number), ("-H", "file", options.with_filename)):
        if wanted and name in chosen:
            raise click.UsageError(f"Column {name!r} is named by -c and added by {option} again.")
        if wanted:
            chosen = [name, *chosen]
    return chosen


def _default_format(options: _Options) -> str:
    """Return the format of what is written where none is named."""
    if options.is_to_standard_output:
        return "table" if process.is_terminal(process.STDOUT) else "csv"
    return SUFFIXES.get(os.path.splitext(options.output or "")[1].lower(), "csv")


def _messages(options: _Options, outputs: Sequence[process.Output]) -> Messages:
    return Messages(
        quiet=options.quiet,
        strict=options.strict,
        verbose=options.verbose,
        color=process.is_terminal(process.STDERR) and _wants_color(options.color, is_terminal=True),
        rejects=None if options.rejects is None else outputs[1],
    )


def _extraction(options: _Options, format: str, names: Sequence[str]) -> Extraction:
    """Return what is asked of every input. Rows that are held, for a table or to be sorted, are wanted as columns."""
    is_drawn = format in DRAWN
    counts = options.strict or options.verbose
    return Extraction(
        None if is_drawn or options.sort else format,
        tuple(_needed(options, is_drawn, names)),
        counts_suspects=counts,
        reports=counts or not options.quiet or options.rejects is not None or is_drawn,
        reports_suspects=options.strict,
        shown=SHOWN if options.rejects is None else None,
        choice=Choice(options.symbol, options.direction, (options.kind,) if options.kind else ()),
        limit=None if options.sort else options.limit,
    )


def _needed(options: _Options, is_drawn: bool, names: Iterable[str]) -> Iterable[str]:
    """Return the columns that rows are sorted by, drawn from and written with."""
    needed = [*names]
    if options.sort:
        needed.append(options.sort)
    if is_drawn:
        from tickerx.table import NEEDED  # loaded only to draw: rich takes as long to load as all the rest

        needed += ["file", *NEEDED]
    return dict.fromkeys(needed)


def _held(options: _Options, extraction: Extraction, results: Iterable[Result], messages: Messages) -> "Board":
    """Return all rows that are to be written, column by column."""
    board = hold(results, extraction.names)
    if options.sort:
        board = sort(board, options.sort, options.reverse, options.limit)
        messages.rows = len(board[options.sort])
    return board


def _sorted_texts(board: "Board", format: str, names: Sequence[str]) -> Iterator[bytes]:
    return (WRITERS[format].rows(batch, names).encode() for batch in in_batches(board, names))


def _drawn(options: _Options, format: str, board: "Board", names: Sequence[str], messages: Messages) -> str:
    """Return the table, or its picture.

    It names the file of each quote if there are several inputs and no columns were chosen.
    """
    from tickerx.table import Look, draw, draw_lines

    if options.columns is None and "file" not in names and max(len(options.sources), messages.inputs) > 1:
        names = ["file", *names]
    if format == "table":
        return draw(board, names, _look(options), messages.malformed)
    from tickerx.pictures import PICTURES

    lines = draw_lines(board, names, Look(header=not options.no_header), messages.malformed)
    return PICTURES[format](lines, _title(options), options.color != "never")


def _title(options: _Options) -> str:
    """Return the title of a picture: the name of its file without folder and suffix."""
    name = os.path.splitext(os.path.basename("" if options.is_to_standard_output else options.output or ""))[0]
    return escaped(file_name(name)) or "tickerx"


def _progress(options: _Options) -> Progress | None:
    """Return what shows how far the reading has come, if it is to be shown.

    By itself it is where rows go elsewhere, and nobody types the input.
    """
    sources = options.sources if options.files0_from is None else None
    is_typed = sources is not None and "-" in sources and process.is_terminal(process.STDIN)
    is_apart = not (options.is_to_standard_output and process.is_terminal(process.STDOUT)) and not is_typed
    if options.progress is False or not (options.progress or (is_apart and process.can_erase())):
        return None
    return Progress(
        lambda: None if sources is None else total_size(map(_file, sources)),
        color=_wants_color(options.color, process.can_erase()),
        at_once=options.progress is True,
    )


def _look(options: _Options) -> "Look":
    """Return how a table is to look: at a terminal as this one can show it, elsewhere whole, whatever the surroundings.

    Columns that were chosen are kept where there is no room for them.
    """
    from tickerx.table import Look

    terminal = _terminal(options)
    return Look(
        width=0 if terminal is None else process.terminal_width(terminal),
        color=_wants_color(options.color, is_terminal=terminal is not None),
        ascii=terminal is not None and not process.terminal_is_utf8(),
        header=not options.no_header,
        may_drop=("file", "kind", "direction") if options.columns is None else (),
    )


def _terminal(options: _Options) -> int | None:
    """Return the terminal where the output is seen: at once or, where it is always coloured, by way of a pager."""
    if not options.is_to_standard_output:
        return None
    candidates = (process.STDOUT, process.STDERR, process.STDIN) if options.color == "always" else (process.STDOUT,)
    return next(filter(process.is_terminal, candidates), None)


def _wants_color(choice: str, is_terminal: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"


def _open_outputs(options: _Options) -> list[process.Output]:
    """Open where rows go, and where rejects go if they are wanted. Raises `process.WriteError`."""
    output = _open_output(None if options.is_to_standard_output else options.output, options.sources)
    return [output] if options.rejects is None else [output, _open_output(options.rejects, options.sources, output)]


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


def _results(
    options: _Options, extraction: Extraction, outputs: Sequence[process.Output], bar: Progress | None
) -> Iterator[Result]:
    """Return what comes of all inputs. Those that are not needed to have as many rows as are wanted are not opened."""
    sources = _checked(options.sources if options.files0_from is None else _listed(options.files0_from), outputs)
    on_read = bar.read if bar else None
    if extraction.limit is None:
        read_here = partial(_read_here, extraction, on_read=on_read)
        return run_jobs(extraction, sources, options.jobs or cores(), read_here)
    return _read_some(extraction, sources, extraction.limit, on_read)


def _read_some(
    extraction: Extraction, sources: Iterable[Source], limit: int, on_read: Callable[[int], object] | None
) -> Iterator[Result]:
    """Yield what comes of the inputs up to the last row that is wanted; one process alone knows which that is."""
    for source in sources if limit else ():
        for result in _read_here(extraction._replace(limit=limit), source, on_read):
            yield result
            limit -= result.rows
        if not limit:
            return


def _read_here(extraction: Extraction, source: Source, on_read: Callable[[int], object] | None) -> Iterator[Result]:
    """Yield what comes of an input that this process reads."""
    if not isinstance(source, str):
        yield from () if source is None else (source,)
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
            number = 0
            for names in read_names(file):
                for listed in names:
                    number += 1
                    reason = _fault(listed, path)
                    yield Result(f"{name}:{number}", error=ListError(reason), is_end=True) if reason else listed
                yield None
    except (OSError, UnreadableError) as error:
        yield Result(name, error=error, is_end=True)


def _fault(listed: str, path: str) -> str:
    """Return what is wrong with a name on a list."""
    if not listed:
        return "a name of a file is empty"
    return "standard input is the list, and no input" if listed == path == "-" else ""
