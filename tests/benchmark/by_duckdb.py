"""The same by DuckDB: one query over a column of lines, streamed to CSV."""

import sys

import duckdb

QUERY = r"""
COPY (
  SELECT
    quote.symbol,
    replace(quote.price, ',', '') AS price,
    quote.change,
    quote.change_percent,
    CASE quote.words WHEN 'Increased By' THEN 'up' WHEN 'Decreased By' THEN 'down' ELSE 'unchanged' END AS direction,
    CASE WHEN quote.arrow <> '' OR contains(quote.price, '.') THEN 'stock' ELSE 'index' END AS kind
  FROM (
    SELECT regexp_extract(
      line,
      '^([A-Z0-9.&/-]+) ([0-9,.]+) (Increased By|Decreased By|No Change)( ▲| ▼)? ([-0-9.]+) \(([-0-9.]+)%\)',
      ['symbol', 'price', 'words', 'arrow', 'change', 'change_percent']
    ) AS quote
    FROM read_csv(
      ?, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false, auto_detect = false
    )
  )
  WHERE quote.symbol <> ''
) TO '/dev/stdout' (FORMAT csv, HEADER)
"""
duckdb.execute(QUERY, [sys.argv[1]])
