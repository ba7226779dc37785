"""The command line: options turned into calls, results into streams, troubles into messages and a status."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tickerx import __version__
from tickerx.command.messages import SHOWN, Messages
from tickerx.command.options import (
    DRAWN,
    PICTURE_FORMATS,
    Options,
    check_options,
    chosen_columns,
    default_format,
    wants_color,
)
from tickerx.command.params import GROUPS, Command, FileName, Glob, Names, Number, OneOf, Option
from tickerx.command.progress import Progress, total_size
from tickerx.command.sources import IS_ALSO_OUTPUT, read_sources, source_file
from tickerx.engine.extract import Extraction, Result, hold
from tickerx.engine.selection import Choice, in_batches, sort
from tickerx.outputs.display import escaped, file_name
from tickerx.outputs.formats import WRITERS, write
from tickerx.quote import COLUMNS, Direction, Kind
from tickerx.system import process

if TYPE_CHECKING:
    from tickerx.outputs.table import Board

__all__ = ["command", "run"]


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status. Raises `process.WriteError`."""
    try:
        if question := os.environ.get("_TICKERX_COMPLETE"):
            from tickerx.command.completion import answer

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
@click.argument("files", nargs=-1, type=FileName())
@_input(
    "--files0-from",
    metavar="FILE",
    type=FileName(),
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
    type=OneOf(["table", *WRITERS, *PICTURE_FORMATS]),
    metavar="FORMAT",
    help="As table, csv, tsv, json, jsonl, markdown, svg, html.",
)
@_output("-o", "--output", metavar="FILE", type=FileName(), help="Write to FILE; its suffix tells the format.")
@_output(
    "-c",
    "--columns",
    type=Names(),
    metavar="NAMES",
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
@_checks("--rejects", metavar="FILE", type=FileName(), help="Write what is reported to FILE, as CSV.")
@_other("-q", "--quiet", is_flag=True, help="Report nothing but troubles.")
@_other("-v", "--verbose", is_flag=True, help="Count what was read, at the end.")
@_other("--progress/--no-progress", default=None, help="Show how far the work is; --no-progress never does.")
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
    options = Options(**given)
    check_options(options)
    names = chosen_columns(options)
    if options.schema:
        from tickerx.outputs.schema import row_schema

        _print(row_schema(names))
        return process.DONE
    chosen = options.format or default_format(options)
    outputs = _open_outputs(options)
    messages = _messages(options, outputs)
    extraction = _extraction(options, chosen, names)
    bar = _progress(options)
    found = read_sources(options, extraction, outputs, bar.read if bar else None)
    results = _told(bar.follow(found) if bar else found, messages)
    if chosen in DRAWN:
        from tickerx.command.drawing import Counts, draw_board

        board = _held(options, extraction, results, messages)
        counts = Counts(messages.inputs, messages.malformed)
        outputs[0].write(draw_board(options, chosen, board, names, counts).encode())
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


def _messages(options: Options, outputs: Sequence[process.Output]) -> Messages:
    return Messages(
        quiet=options.quiet,
        strict=options.strict,
        verbose=options.verbose,
        color=process.is_terminal(process.STDERR) and wants_color(options.color, is_terminal=True),
        rejects=None if options.rejects is None else outputs[1],
    )


def _extraction(options: Options, format: str, names: Sequence[str]) -> Extraction:
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


def _needed(options: Options, is_drawn: bool, names: Iterable[str]) -> Iterable[str]:
    """Return the columns that rows are sorted by, drawn from and written with."""
    needed = [*names]
    if options.sort:
        needed.append(options.sort)
    if is_drawn:
        from tickerx.command.drawing import NEEDED  # loaded only to draw: rich takes as long to load as all the rest

        needed += ["file", *NEEDED]
    return dict.fromkeys(needed)


def _held(options: Options, extraction: Extraction, results: Iterable[Result], messages: Messages) -> "Board":
    """Return all rows that are to be written, column by column."""
    board = hold(results, extraction.names)
    if options.sort:
        board = sort(board, options.sort, options.reverse, options.limit)
        messages.rows = len(board[options.sort])
    return board


def _sorted_texts(board: "Board", format: str, names: Sequence[str]) -> Iterator[bytes]:
    return (WRITERS[format].rows(batch, names).encode() for batch in in_batches(board, names))


def _progress(options: Options) -> Progress | None:
    """Return what shows how far the reading has come, if it is to be shown.

    By itself it is where rows go elsewhere, and nobody types the input.
    """
    sources = options.sources if options.files0_from is None else None
    is_typed = sources is not None and "-" in sources and process.is_terminal(process.STDIN)
    is_apart = not (options.is_to_standard_output and process.is_terminal(process.STDOUT)) and not is_typed
    if options.progress is False or not (options.progress or (is_apart and process.can_erase())):
        return None
    return Progress(
        lambda: None if sources is None else total_size(map(source_file, sources)),
        color=wants_color(options.color, process.can_erase()),
        at_once=options.progress is True,
    )


def _open_outputs(options: Options) -> list[process.Output]:
    """Open where rows go, and where rejects go if they are wanted. Raises `process.WriteError`."""
    output = _open_output(None if options.is_to_standard_output else options.output, options.sources)
    return [output] if options.rejects is None else [output, _open_output(options.rejects, options.sources, output)]


def _open_output(path: str | None, sources: Iterable[str], *others: process.Output) -> process.Output:
    """Open a file to write, or standard output. Raises `process.WriteError`, also if it is an input or another output.

    That is known before anything is written, a header too, which would already change an input.
    """
    output = process.standard_output() if path is None or path == "-" else process.open_output(path)
    for source in sources:
        if output.is_also(source_file(source)):
            raise process.WriteError(file_name(source), IS_ALSO_OUTPUT)
    if any(output.clashes(other) for other in others):
        raise process.WriteError(path or "-", "the rows are written there; write the rejects to another file")
    return output


def _told(results: Iterable[Result], messages: Messages) -> Iterator[Result]:
    """Yield each result; when its rows have been written, tell what else has come of it."""
    for result in results:
        yield result
        messages.take(result)
