"""The command line: options → calls, results → sinks and messages, and the exit status."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from tickerx import __version__
from tickerx.command.layouts import LayoutUsageError, check_choice, find_layouts, unknown_columns
from tickerx.command.options import (
    ALIASES,
    BINARY_FORMATS,
    DRAWN,
    FORMATS,
    PICTURE_FORMATS,
    Options,
    check_options,
    chosen_columns,
    chosen_format,
    wants_color,
)
from tickerx.command.params import (
    GROUPS,
    ColumnList,
    ColumnName,
    Command,
    FileName,
    Glob,
    Listed,
    Number,
    OneOf,
    Option,
)
from tickerx.command.progress import Progress, total_size
from tickerx.command.reporter import Reporter
from tickerx.command.sinks import CollectingSink, Columns, ColumnSink, EmptySink, Sink, load_arrow, write_rows
from tickerx.engine.extract import Extraction
from tickerx.engine.parallel import Source
from tickerx.engine.run import list_sources, open_folders, read_inputs, source_file
from tickerx.engine.selection import Choice, sort
from tickerx.inputs.names import file_name
from tickerx.inputs.read import KINDS, Form
from tickerx.outputs.escaping import escaped
from tickerx.quote import Direction, Kind
from tickerx.system.output import Output, WriteError, finish, open_output, standard_output
from tickerx.system.process import DONE, FAILED_CHECK, STDERR, STDIN, STDOUT, TROUBLE
from tickerx.system.terminal import is_terminal, standard_error

if TYPE_CHECKING:
    from tickerx.engine.layout_scanner import Layouts

__all__ = ["command", "run"]

IS_ALSO_OUTPUT = "this input is also the output; write to another file"


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status. Raises `WriteError`."""
    try:
        if question := os.environ.get("_TICKERX_COMPLETE"):
            from tickerx.command.completion import answer

            _print(answer(command, question))
            return DONE
        status: int = command.main(list(arguments), prog_name="tickerx", standalone_mode=False)
    except click.UsageError as error:
        message = error.format_message()
        shown = message if isinstance(error, LayoutUsageError) else escaped(message)
        standard_error.tell(f"{shown}\nTry 'tickerx --help' for help.")
        return TROUBLE
    return status


def _print_and_exit(
    text: Callable[[click.Context, Any], str],
) -> Callable[[click.Context, click.Parameter, object], None]:
    """Return a callback for an option that prints a text instead of running the command. ``text`` gets its value."""

    def callback(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
        if value and not ctx.resilient_parsing:
            _print(text(ctx, value))
            ctx.exit()

    return callback


def _script(ctx: click.Context, shell: str) -> str:
    """Return the completion script for a shell."""
    from tickerx.command.completion import answer

    return answer(ctx.command, f"{shell}_source")


def _joined(ctx: click.Context, parameter: click.Parameter, values: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Join the lists of a repeated option."""
    return tuple(chain.from_iterable(values))


def _print(text: str) -> None:
    """Write a text instead of rows. Raises `WriteError`."""
    output = standard_output()
    output.write(f"{text}\n".encode("utf-8", "surrogateescape"))
    finish([output], complete=True)


_input, _choosing, _output, _checks, _other = (partial(click.option, cls=Option, group=group) for group in GROUPS)
_LISTS: dict[str, Any] = {"multiple": True, "callback": _joined}


@click.command(
    cls=Command,
    context_settings={
        "help_option_names": [],
        "terminal_width": 80,
        "token_normalize_func": lambda name: "color" if name == "colour" else name,
    },
    help="Find stock quotes on ticker boards in text, web pages and crawls. Print a table at a terminal, CSV "
    "elsewhere. Without FILES, or for -, read standard input.",
)
@click.argument("files", nargs=-1, type=FileName())
@_input("-R", "--recursive", is_flag=True, help="Read all files below folders (default: this folder).")
@_input(
    "--files0-from",
    metavar="FILE",
    type=FileName(),
    help="Read the inputs that FILE names, each ended by NUL.",
)
@_input(
    "--from",
    "kind_of_input",
    type=OneOf(KINDS),
    default="auto",
    metavar="KIND",
    help="Read as text, html, warc, jsonl, parquet or auto.",
)
@_input("--text-field", metavar="NAME", help="Field with the text, in JSON Lines or Parquet.")
@_input("--url-field", metavar="NAME", help="Field with the address, such as meta.url.")
@_input("--time-field", metavar="NAME", help="Field with the time when it was fetched.")
@_input(
    "--layout",
    multiple=True,
    is_eager=True,  # which symbols -s takes depends on it
    metavar="LAYOUT",
    help="A layout as text, FILE.toml, words or cells.",
)
@_input("--decimal", type=OneOf([".", ","]), metavar="SIGN", help="Decimal sign of the layouts: . or ,")
@_input("--unsigned", type=OneOf(["up"]), metavar="WAY", help="What figures without a sign mean in layouts: up.")
@_input("-j", "--jobs", type=Number(1), metavar="N", help="Use N processes (default: one per core).")
@_choosing(
    "-s",
    "--symbol",
    type=Listed(Glob()),
    metavar="GLOBS",
    help="Keep symbols that match one of GLOBS, in any case.",
    **_LISTS,
)
@_choosing(
    "-d",
    "--direction",
    type=Listed(OneOf(Direction)),
    metavar="WAYS",
    help="Keep up, down or unchanged, or several of them.",
    **_LISTS,
)
@_choosing("-k", "--kind", type=OneOf(Kind), metavar="KIND", help="Keep stock or index.")
@_choosing(
    "--sort",
    type=Listed(ColumnName("-")),
    metavar="COLUMNS",
    help="Sort by columns; -COLUMN is descending.",
    **_LISTS,
)
@_choosing("-r", "--reverse", is_flag=True, help="Reverse the order of --sort.")
@_choosing("--limit", type=Number(0), metavar="N", help="Write at most N rows.")
@_output(
    "-f",
    "--format",
    type=OneOf(FORMATS, ALIASES),
    metavar="FORMAT",
    help="table csv tsv json jsonl md svg html arrow parquet",
)
@_output("--json", is_flag=True, help="Short for -f json.")
@_output("--jsonl", is_flag=True, help="Short for -f jsonl.")
@_output("--csv", is_flag=True, help="Short for -f csv.")
@_output(
    "-o",
    "--output",
    metavar="FILE",
    type=FileName(),
    help="Write to FILE; its suffix chooses the format.",
)
@_output(
    "-c",
    "--columns",
    type=ColumnList(),
    metavar="NAMES",
    help="Write these columns; +NAMES adds to the default ones.",
    **_LISTS,
)
@_output("--list-empty", is_flag=True, help="List the inputs without a row; write no rows.")
@_output("-H", "--with-filename", is_flag=True, help="Add the column file in front.")
@_output("-n", "--line-number", is_flag=True, help="Add the column line in front.")
@_output("--title", metavar="TEXT", help="Title of a table, svg or html.")
@_output("--no-header", is_flag=True, help="Leave out the names of the columns.")
@_output(
    "--color",
    type=OneOf(["auto", "always", "never"]),
    default="auto",
    metavar="WHEN",
    help="Use colour: auto, always or never.",
)
@_checks("--strict", is_flag=True, help="Report suspect quotes too; exit with 1 on any report.")
@_checks("-e", "--exit-status", is_flag=True, help="Exit with 1 if no row was written.")
@_checks("--rejects", metavar="FILE", type=FileName(), help="Write all reports to FILE, as CSV.")
@_other("-q", "--quiet", is_flag=True, help="Print errors only.")
@_other("-v", "--verbose", is_flag=True, help="Print totals at the end.")
@_other("--progress/--no-progress", default=None, help="Show progress (default: at a terminal).")
@_other("--suggest", is_flag=True, help="Suggest layouts for the boards in the inputs.")
@_other("--schema", is_flag=True, help="Print the JSON Schema of a row instead of rows.")
@_other(
    "--completion",
    type=OneOf(["bash", "zsh", "fish"]),
    metavar="SHELL",
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(_script),
    help="Print the completion script for bash, zsh or fish.",
)
@_other(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(lambda ctx, value: f"tickerx {__version__}"),
    help="Print the version.",
)
@_other(
    "-h",
    "--help",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_and_exit(lambda ctx, value: ctx.get_help()),
    help="Print this help.",
)
def command(**given: Any) -> int:
    """Do what the options say and return the exit status."""
    options = Options(**given)
    check_options(options)
    layouts = find_layouts(options.layout, options.decimal, options.unsigned)
    check_choice(layouts, direction=bool(options.direction), kind=bool(options.kind))
    names = chosen_columns(options, layouts)
    if options.schema:
        from tickerx.outputs.json_schema import row_schema

        _print(row_schema(names, unknown_columns(layouts)))
        return DONE
    if options.suggest:
        return _suggest(options)
    chosen = chosen_format(options)
    outputs = _open_outputs(options)
    reporter = _reporter(options, chosen, outputs)
    _warn(options)
    extraction = _extraction(options, chosen, names, layouts)
    sink = _sink(options, chosen, names, extraction, outputs[0], reporter)
    bar = _progress(options, waits=extraction.format is None)
    sources = _checked(_sources(options, outputs), outputs)
    for result in read_inputs(extraction, sources, options.jobs, bar.read if bar else None):
        sink.add(result)
        reporter.add(result)
        if bar:
            bar.add(result)
    if bar:
        bar.end()
    if any(output.is_replacement for output in outputs):
        deque(sources, maxlen=0)  # do not read inputs after the limit, but check that none of them is an output
    sink.finish()
    reporter.end(sink.rows)
    finish(outputs, complete=not reporter.has_errors)
    return reporter.status or (FAILED_CHECK if options.exit_status and not sink.rows else DONE)


def _warn(options: Options) -> None:
    """Warn if the value of ``-s`` is a file, which the user probably wanted to read."""
    for glob in options.symbol if not options.quiet else ():
        if os.path.isfile(glob) and glob not in options.files:
            standard_error.tell(f"warning: -s takes symbols, but {glob} is a file; to read it: tickerx ./{glob}")


def _suggest(options: Options) -> int:
    """Print layouts for the boards of the inputs and return the exit status."""
    from tickerx.command.suggestions import write_suggestions

    chosen = chosen_format(options)
    if chosen in (*PICTURE_FORMATS, *BINARY_FORMATS):
        raise click.UsageError(f"--suggest prints layouts; {chosen} is for quotes.")
    outputs = _open_outputs(options)
    reporter = _reporter(options, chosen, outputs)
    sources = (source for batch in _checked(_sources(options, outputs), outputs) for source in batch)
    count = write_suggestions(sources, _form(options), outputs[0], chosen, not options.no_header, reporter)
    finish(outputs, complete=not reporter.has_errors)
    return reporter.status or (FAILED_CHECK if options.exit_status and not count else DONE)


def _reporter(options: Options, format: str, outputs: Sequence[Output]) -> Reporter:
    return Reporter(
        quiet=options.quiet,
        strict=options.strict,
        counts_suspects=format not in DRAWN,  # a table counts them in its last line
        verbose=options.verbose,
        color=is_terminal(STDERR) and wants_color(options.color, is_terminal=True),
        rejects=None if options.rejects is None else outputs[1],
    )


def _extraction(options: Options, format: str, names: Sequence[str], layouts: "Layouts | None") -> Extraction:
    """Return what to extract from every input. Rows to draw, to sort or to write with types come as columns."""
    is_drawn, is_binary = format in DRAWN, format in BINARY_FORMATS
    counts = options.strict or options.verbose or not options.quiet
    return Extraction(
        None if is_drawn or is_binary or options.sort else format,
        tuple(_needed(options, format, names)),
        has_decimals=is_binary,
        counts_suspects=counts,
        reports=counts or options.rejects is not None or is_drawn,
        reports_suspects=options.strict,
        rejects=options.rejects is not None,
        form=layouts.adapt(_form(options)) if layouts else _form(options),
        layouts=layouts,
        hints=not options.quiet,
        choice=Choice(options.symbol, options.direction, (options.kind,) if options.kind else ()),
        limit=None if options.sort else options.limit,
    )


def _form(options: Options) -> Form:
    fields = (options.text_field, options.url_field, options.time_field)
    return Form(options.kind_of_input, *fields, hints=not options.quiet)


def _needed(options: Options, format: str, names: Iterable[str]) -> Iterable[str]:
    """Return the columns that are needed to write, to sort and to draw."""
    needed = [*names, *(key.name for key in options.keys)]
    if format in DRAWN:
        from tickerx.command.drawing import needed_to_draw  # loads rich, which takes longer than writing CSV

        needed += needed_to_draw(format)
    return dict.fromkeys(needed)


def _sink(
    options: Options,
    format: str,
    names: Sequence[str],
    extraction: Extraction,
    output: Output,
    reporter: Reporter,
) -> Sink | ColumnSink | CollectingSink | EmptySink:
    """Return the sink for rows. A table, a picture and sorted rows are written when all rows are known."""
    header = not options.no_header
    if options.list_empty:
        return EmptySink(output)
    if extraction.format:
        return Sink(output, format, names, header)
    if format in BINARY_FORMATS:
        load_arrow()  # if it is missing, fail before anything is read
        if not options.sort:
            return ColumnSink(output, format, names)

    def write(columns: Columns) -> Iterable[bytes]:
        if format not in DRAWN:
            return write_rows(columns, format, names, header)
        from tickerx.command.drawing import Counts, draw_board

        return draw_board(options, format, columns, names, Counts(reporter.inputs, reporter.malformed))

    in_order = partial(sort, keys=options.keys, limit=options.limit) if options.sort else None
    return CollectingSink(output, extraction.names, write, in_order, options.limit)


def _sources(options: Options, outputs: Sequence[Output]) -> Iterator[list[Source]]:
    if options.files0_from is not None:
        sources = list_sources(options.files0_from)
    else:
        sources = iter([list(map(Source, options.sources))])
    if not options.recursive:
        return sources
    return open_folders(sources, lambda path: any(output.is_written_now(path) for output in outputs))


def _checked(sources: Iterable[list[Source]], outputs: Sequence[Output]) -> Iterator[list[Source]]:
    """Yield the inputs. Raises `WriteError` if one of them is also an output; names in a list can be."""
    for batch in sources:
        for source in batch:
            if any(output.is_also(source_file(source.path)) for output in outputs):
                raise WriteError(_shown(source.path), IS_ALSO_OUTPUT)
        yield batch


def _progress(options: Options, waits: bool) -> Progress | None:
    """Return the progress line: by default at a terminal, unless input is typed there or rows appear there.

    With ``waits``, rows only appear at the end, when the line is gone.
    """
    sources = options.sources if options.files0_from is None else None
    is_typed = sources is not None and "-" in sources and is_terminal(STDIN)
    is_apart = (waits or not (options.is_to_standard_output and is_terminal(STDOUT))) and not is_typed
    if options.progress is False or not (options.progress or (is_apart and standard_error.can_erase)):
        return None
    return Progress(
        lambda: None if sources is None else total_size(map(source_file, sources)),
        color=wants_color(options.color, standard_error.can_erase),
        at_once=options.progress is True,
    )


def _open_outputs(options: Options) -> list[Output]:
    """Open the outputs for rows and, if wanted, for rejects. Raises `WriteError`."""
    output = _open_output(None if options.is_to_standard_output else options.output, options.sources)
    return [output] if options.rejects is None else [output, _open_output(options.rejects, options.sources, output)]


def _open_output(path: str | None, sources: Iterable[str], *others: Output) -> Output:
    """Open an output file, or standard output. Raises `WriteError`, also if it is an input or another output.

    This happens before anything is written, because even a header would change an input.
    """
    output = standard_output() if path is None or path == "-" else open_output(path, _shown(path))
    for source in sources:
        if output.is_also(source_file(source)):
            raise WriteError(_shown(source), IS_ALSO_OUTPUT)
    if any(output.clashes(other) for other in others):
        raise WriteError(_shown(path or "-"), "the rows are written there; write the rejects to another file")
    return output


def _shown(path: str) -> str:
    """Return the name of a file, safe to show."""
    return escaped(file_name(path))
