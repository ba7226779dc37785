"""The same by Polars: one expression over a column of lines, streamed to CSV."""

import sys

import polars as pl

LINE = (
    r"\b(?<symbol>[A-Z0-9][A-Z0-9.&/-]*)[\s|]+(?<price>[0-9,.]+)[\s|]+(?<words>Increased\sBy|Decreased\sBy|No\sChange)"
    r"(?:[\s|]+(?<arrow>[▲△▴↑▼▽▾↓]))?[\s|]+(?<change>[-0-9.]+)[\s|]+\((?<change_percent>[-0-9.]+)%\)"
)
DIRECTIONS = {"I": "up", "D": "down", "N": "unchanged"}

is_stock = pl.col("arrow").is_not_null() | pl.col("price").str.contains(".", literal=True)
(
    pl.scan_lines(sys.argv[1])
    .select(pl.col("line").str.extract_groups(LINE))
    .unnest("line")
    .filter(pl.col("symbol").is_not_null())
    .select(
        "symbol",
        pl.col("price").str.replace_all(",", "", literal=True),
        "change",
        "change_percent",
        direction=pl.col("words").str.head(1).replace_strict(DIRECTIONS),
        kind=pl.when(is_stock).then(pl.lit("stock")).otherwise(pl.lit("index")),
    )
    .sink_csv(sys.stdout.buffer)
)
