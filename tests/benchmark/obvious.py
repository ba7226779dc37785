"""The obvious script: one regular expression, line by line, and the csv module."""

import csv
import re
import sys

LINE = re.compile(
    r"^([A-Z0-9.&/-]+) ([\d,]+(?:\.\d+)?) (Increased By|Decreased By|No Change)(?: ([▲▼]))? "
    r"([-+]?[\d,.]+) \(([-+]?[\d.]+)%\)"
)
DIRECTIONS = {"Increased By": "up", "Decreased By": "down", "No Change": "unchanged"}

writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["symbol", "price", "change", "change_percent", "direction", "kind"])
for path in sys.argv[1:]:
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if match := LINE.match(line):
                symbol, price, words, arrow, change, percent = match.groups()
                kind = "stock" if arrow or "." in price else "index"
                writer.writerow((symbol, price.replace(",", ""), change, percent, DIRECTIONS[words], kind))
