"""The same by DuckDB: one query over a column of lines, streamed to CSV."""

import sys

import duckdb

SPACE = r"[\s\x{a0}|]"
LINE = (
    rf"\b([A-Z0-9][A-Z0-9.&/-]*){SPACE}+([0-9,.]+){SPACE}+(Increased{SPACE}By|Decreased{SPACE}By|No{SPACE}Change)"
    rf"(?:{SPACE}+([▲△▴↑▼▽▾↓]))?{SPACE}+([-0-9.]+){SPACE}+\(([-0-9.]+)%\)"
)
QUERY = f"""
COPY (
  SELECT
    quote.symbol,
    replace(quote.price, ',', '') AS price,
    quote.change,
    quote.change_percent,
    CASE quote.words[1] WHEN 'I' THEN 'up' WHEN 'D' THEN 'down' ELSE 'unchanged' END AS direction,
    CASE WHEN quote.arrow <> '' OR contains(quote.price, '.') THEN 'stock' ELSE 'index' END AS kind
  FROM (
    SELECT regexp_extract(line, '{LINE}', ['symbol', 'price', 'words', 'arrow', 'change', 'change_percent']) AS quote
    FROM read_csv(
      ?, columns = {{'line': 'VARCHAR'}}, delim = '\\x01', quote = '', escape = '', header = false, auto_detect = false
    )
  )
  WHERE quote.symbol <> ''
) TO '/dev/stdout' (FORMAT csv, HEADER)
"""  # noqa: S608  # made of this file's own words
duckdb.execute(QUERY, [sys.argv[1]])
