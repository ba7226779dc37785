"""The same by TextFSM, which parses a text that is in memory as a whole."""

import csv
import sys
from pathlib import Path

from textfsm import TextFSM

DIRECTIONS = {"I": "up", "D": "down", "N": "unchanged"}

with Path(__file__).with_name("quotes.textfsm").open(encoding="utf-8") as template:
    machine = TextFSM(template)
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["symbol", "price", "change", "change_percent", "direction", "kind"])
for row in machine.ParseText(Path(sys.argv[1]).read_text(encoding="utf-8")):
    symbol, price, words, arrow, change, percent = row
    kind = "stock" if arrow or "." in price else "index"
    writer.writerow((symbol, price.replace(",", ""), change, percent, DIRECTIONS[words[0]], kind))
