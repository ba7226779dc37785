"""The obvious script: one regular expression over every line, and the csv module."""

import csv
import re
import sys

QUOTE = re.compile(
    r"\b([A-Z0-9][A-Z0-9.&/-]*)[\s|]+([\d,]+(?:\.\d+)?)[\s|]+(Increased\sBy|Decreased\sBy|No\sChange)"
    r"(?:[\s|]+([▲△▴↑▼▽▾↓]))?[\s|]+([-+]?\d+(?:\.\d+)?)[\s|]+\(([-+]?\d+(?:\.\d+)?)%\)"
)
DIRECTIONS = {"I": "up", "D": "down", "N": "unchanged"}

writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["symbol", "price", "change", "change_percent", "direction", "kind"])
for path in sys.argv[1:]:
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            for match in QUOTE.finditer(line):
                symbol, price, words, arrow, change, percent = match.groups()
                kind = "stock" if arrow or "." in price else "index"
                writer.writerow((symbol, price.replace(",", ""), change, percent, DIRECTIONS[words[0]], kind))
