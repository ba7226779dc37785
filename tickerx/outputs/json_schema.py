"""The JSON Schema of a row, from the table of columns."""

import json
from collections.abc import Collection

from tickerx.quote import COLUMNS, Column

__all__ = ["row_schema"]

_TYPES = {
    "word": "string",
    "text": "string",
    "time": "string",
    "decimal": "number",
    "integer": "integer",
    "boolean": "boolean",
}


def row_schema(names: Collection[str], unknown: Collection[str] = ()) -> str:
    """Return a JSON Schema, draft 2020-12, of all columns that a row can have. Those in ``names`` are required.

    ``unknown`` has the columns that layouts can leave empty. If it has any, symbols can have letters of any script.
    """
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tickerx row",
        "description": "A quote of a ticker board. Figures have the digits that were printed.",
        "type": "object",
        "properties": {column.name: _property(column, unknown) for column in COLUMNS.values()},
        "required": [name for name in COLUMNS if name in names],
        "additionalProperties": False,
    }
    return json.dumps(schema, indent=2)


def _property(column: Column, unknown: Collection[str]) -> dict[str, object]:
    may_be_empty = column.may_be_empty or column.name in unknown
    limits = {
        "enum": (*column.values, None) if column.values and may_be_empty else column.values,
        "pattern": "" if unknown else column.pattern,
        "format": "date-time" if column.type == "time" else "",
    }
    return {
        "type": [_TYPES[column.type], "null"] if may_be_empty else _TYPES[column.type],
        "description": column.description,
        **{keyword: limit for keyword, limit in limits.items() if limit},
    }
