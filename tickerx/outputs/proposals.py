"""Records of a few fields, such as suggested layouts → CSV, TSV, JSON, JSON Lines, Markdown, and a table."""

import json
from collections.abc import Mapping, Sequence

from tickerx.outputs.escaping import escaped
from tickerx.outputs.formats import WRITERS

__all__ = ["draw_proposals", "write_proposals"]

Record = Mapping[str, str | int | None]


def write_proposals(records: Sequence[Record], names: Sequence[str], format: str, header: bool = True) -> str:
    """Return records in a format of `WRITERS`. None is empty, and null in JSON."""
    if format in ("json", "jsonl"):
        lines = [json.dumps(record, ensure_ascii=False) for record in records]
        inner = ",\n".join(lines)
        return "".join(f"{line}\n" for line in lines) if format == "jsonl" else f"[\n{inner}\n]\n" if lines else "[]\n"
    writer = WRITERS[format]
    first, between, last = ("| ", " | ", " |") if format == "markdown" else ("", "," if format == "csv" else "\t", "")
    rows = [[writer.field(str(value)) if value else "" for value in record.values()] for record in records]
    heads = [[*names], *([["---"] * len(names)] if format == "markdown" else [])] if header else []
    return "".join(f"{first}{between.join(row)}{last}\n" for row in [*heads, *rows])


def draw_proposals(records: Sequence[Record], header: bool = True) -> str:
    """Return a table with lines, sound and command of each record, and its example below. No command is ever cut."""
    lines = [f"{'lines':>7}  {'sound':>7}  command\n"] if header and records else []
    for record in records:
        lines.append(f"{record['lines']:>7,}  {record['sound']:>7,}  {escaped(str(record['command']))}\n")
        lines.append(f"{'':18}{escaped(str(record['example']))}\n")
    return "".join(lines)
