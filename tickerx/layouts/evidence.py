"""What tells a board of securities from a table of other things, where the figures of both keep the arithmetic.

The values of anything, their changes and the per cent keep it by definition. So signs of securities count for a table,
and headings count against it unless words of boards prevail in them: a word that is not known is of something else.
"""

import re
from collections.abc import Sequence

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.roles import Roles
from tickerx.layouts.shapes import Record

__all__ = ["is_of_other_things", "weigh"]

_OF_BOARDS = """
prev previous close closing last ltp bid ask ticker tickers symbol symbols stock stocks shares equity equities security
securities quote quotes market markets exchange bourse indices nasdaq nyse futures commodity commodities gainers losers
movers isin kurs kurse aktie aktien börse börsen vortag schlusskurs schluss geld brief wkn indizes xetra cours actions
clôture veille cierre último cotización acciones bolsa fechamento cotação ações ultimo chiusura azioni borsa quotazione
koers koersen aandelen beurs slotkoers akcje giełda notowania akcie burza árfolyam részvény tőzsde hisse kapanış kurser
aktier børs акции акция курс курсы биржа біржа котировки μετοχή μετοχές κλείσιμο 股票 代码 收盘 最新价 銘柄 株価 終値
現在値 종목 현재가 forex devisen rohstoffe aktienkurse mercado mercados ativo ativos altas baixas bourses mercati
"""
"""Words above boards, and above few other tables."""
_OF_COLUMNS = """
% price value change changes chg diff difference delta net pct percent variation var preis wert änderung veränderung
prozent prix valeur precio valor variación cambio preço variação prezzo variazione
"""
_OF_ANYTHING = """
name company index instrument day today date time volume vol open high low range at the of on in and by unternehmen zeit
datum heute hoch tief am im um und von der die das nom nombre nome le la de del di
"""
_BOARD, _COLUMNS, _ANY = (frozenset(words.split()) for words in (_OF_BOARDS, _OF_COLUMNS, _OF_ANYTHING))
_TRADED = re.compile(
    r"(?i)(?<!\w)(?:ag|se|plc|inc|corp|co|ltd|llc|nv|sa|spa|ab|asa|oyj|kgaa|bank|holdings?|group"
    r"|s&p|nasdaq|dow|nyse|dax|mdax|cac|ftse|stoxx|ibex|nikkei|topix|sensex|nifty|crude|brent|wti)(?!\w)"
)
"""In names of companies, indices and commodities."""
_FIGURE = re.compile("[0-9][.,][0-9]")
_WORD = re.compile(r"[^\W\d_]+|%")

_OTHER = re.compile(
    r"(?i)\b(?:19|20)[0-9]{2}\b.*\b(?:19|20)[0-9]{2}\b|\b(?:before\b.*\bafter|old\b.*\bnew|was\b.*\bnow)\b"
    r"|\b(?:sales|sold|revenues?|turnover|growth|umsatz|ventas|ventes|vendite|fatturato"
    r"|won|lost|wins|losses|games|votes?|inflation|save[sd]?|discounts?)\b"
)
"""Sales, growth, games, discounts: the tables that keep the arithmetic most often."""
_SUM = re.compile(r"(?i)(?:grand |sub)?totals?|sum|all|overall|average|mean|gesamt|summe|insgesamt|totale?|ogółem")
_NEAR = 8
_HEADINGS = 3
"""Lines that may be headings, of the nearest ones above a table."""


def is_of_other_things(lines: Sequence[str], records: Sequence[Record]) -> bool:
    """Say whether a table is of sales, of growth, of games or the like, or has a line with their sum."""
    texts = {cell.text for record in records for cell in record.cells if cell.kind == "T"}
    same = {cell.text for cell in records[0].cells if all(cell in record.cells for record in records)}
    return any(map(_OTHER.search, [*_headings(lines, records), *same])) or any(map(_SUM.fullmatch, texts))


def weigh(lines: Sequence[str], records: Sequence[Record], roles: Roles, shown: str) -> int:
    """Return how much more tells of securities than of other things, besides the arithmetic; ``shown`` is the layout.

    Two values and how many per cent lie between them are everywhere: they need two signs more.
    """
    names = [" ".join(cell.text for cell in record.cells if cell.kind == "T") for record in records]
    signs = (
        "{symbol}" in shown,
        "<" in shown.replace("<<", "") or any(record.way for record in records),
        re.search(r"\(\{percent\}|\[\[\{percent\}", shown),
        any(field == "price" and not _is_bare(records[0].cells[place].text) for place, field in roles.fields.items()),
        sum(map(bool, map(_TRADED.search, names))) * 4 >= len(names),
    )
    weight = sum(map(bool, signs)) + _weigh_headings(_headings(lines, records))
    if "change" in roles.fields.values():
        return weight
    return weight - 2 + 2 * _has_range(records, roles)


def _is_bare(figure: str) -> bool:
    """Say whether a figure has neither a currency nor a unit."""
    return not figure.strip("+-\u2212\u2013± ").strip("0123456789.,'\u2019" + SPACES)


def _headings(lines: Sequence[str], records: Sequence[Record]) -> list[str]:
    """Return the nearest lines above a table that have no figure with decimals."""
    first = records[0].line
    above = lines[max(0, first - _NEAR) : first]
    return [line for line in above if line.strip(SPACES) and not _FIGURE.search(line)][-_HEADINGS:]


def _weigh_headings(headings: Sequence[str]) -> int:
    """Return 2 where words of boards prevail in a heading, -1 for one of something else, or -2 if it names columns."""
    weight = 0
    for heading in headings:
        words = [*map(str.lower, _WORD.findall(_TRADED.sub("", heading)))]
        of_boards = len(_TRADED.findall(heading)) + sum(word in _BOARD for word in words)
        others = sum(word not in _BOARD | _COLUMNS | _ANY for word in words)
        if of_boards > others:
            return 2
        if others > of_boards:
            weight = min(weight, -1 if _COLUMNS.isdisjoint(words) else -2)
    return weight


def _has_range(records: Sequence[Record], roles: Roles) -> bool:
    """Say whether one figure of nearly every record is not below the price, and another one not above it."""
    price = next(place for place, field in roles.fields.items() if field == "price")
    others = [place for place in records[0].figures if place not in roles.fields]
    shares = [
        sum(_is_between(record, low, price, high) for record in records) / len(records)
        for low in others
        for high in others
        if low != high
    ]
    return max(shares, default=0) >= 0.9


def _is_between(record: Record, *places: int) -> bool:
    low, middle, high = (float(record.figures[place]) for place in places)
    return 0 < low <= middle <= high and low < high
