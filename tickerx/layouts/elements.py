"""Make the elements of a board's layout: one for each cell of its records."""

import re
from collections.abc import Iterable

from tickerx.grammar.terminals import ARROWS
from tickerx.layouts.roles import Roles, movement, sign_of
from tickerx.layouts.shapes import NUMBER_OF_NAME, Record

__all__ = ["doubled", "show_elements"]

_SYMBOL = re.compile(r"(?=[\^0-9]?[0-9.&/:=-]*[^\W\d_a-z])[\^\w](?:[^\W_a-z]|[.&/:=-]){0,19}")
_CODE = re.compile("[0-9]{4,6}")
_HAS_EXCHANGE = re.compile(r".*[^\W_][.:=][A-Z]|\^").match
_NAME = re.compile(r"[^-\u2013](?:.*[^-\u2013])?")
"""A name begins and ends with no dash: that stands between it and its symbol."""
_LETTER = re.compile(r"[^\W\d_]")
_IS_OPEN = re.compile("[%<]").search
"""A layout may end in "..." only with a per cent sign, words or an arrow."""
_MOST_WORDS = 4
"""The most words of a skipped cell."""


def show_elements(records: list[Record], roles: Roles) -> list[str] | None:
    """Return an element for each cell, some of them empty; None if a cell between the figures cannot have one."""
    return _Elements(records, roles).show()


def doubled(text: str) -> str:
    """Return literal text as a layout spells it."""
    return re.sub(r"[{}\[\]<]|\.\.\.|\\(?=[nrt])", lambda sign: sign[0] * 2, text)


class _Elements:
    """Find the elements of records, cell by cell."""

    def __init__(self, records: list[Record], roles: Roles) -> None:
        self.records = records
        self.roles = roles
        self.parts: list[str] = []
        self._cells = records[0].cells

    def show(self) -> list[str] | None:
        for place, cell in enumerate(self._cells):
            part = self._show_cell(place, cell.kind, [record.cells[place].text for record in self.records])
            if part is None:
                return self._show_rest(place) if self._is_behind(place) else None
            self.parts.append(part)
        return self.parts

    def _show_rest(self, place: int) -> list[str] | None:
        """Return the elements with one for all from a place on, which not every quote has."""
        rest = [""] * (len(self._cells) - place - 1)
        if _IS_OPEN("".join(self.parts)):
            return [*self.parts, "...", *rest]
        return [*self.parts[:-1], "", "[ {skip}]" * _MOST_WORDS, *rest] if self._may_be_absent(place) else None

    def _may_be_absent(self, place: int) -> bool:
        """Say whether the words from a place on can be optional ones: on the last line, behind a blank."""
        return not self._is_ended(place) and self.parts[-1] == " "

    def _is_ended(self, place: int) -> bool:
        """Say whether a line of a quote ends behind a place."""
        return any(cell.kind == "\n" for cell in self._cells[place:])

    def _is_behind(self, place: int) -> bool:
        """Say whether all the figures stand before a place."""
        return place > max(self.roles.fields)

    def _show_cell(self, place: int, kind: str, texts: list[str]) -> str | None:
        match kind:
            case "T":
                return self._show_text(place, texts)
            case "A":
                return self._show_arrow(place)
            case "W":
                return self._show_word(texts)
            case "F" | "P":
                field = self.roles.fields.get(place)
                return (f"{{{field}}}" if field else _skip(texts) or "") + ("%" if kind == "P" else "")
            case _:
                return doubled(self._cells[place].text)

    def _show_word(self, texts: list[str]) -> str:
        """Return a field for words that begin with digits: the code of a security, or a word to skip."""
        if not "".join(self.parts).strip("|• ") and _are_codes(texts):
            return "{symbol}"
        if self.parts[-2:] in (["{symbol}", " "], ["{name}", " "]) and all(map(NUMBER_OF_NAME.fullmatch, texts)):
            self.parts[-2:] = ["{name}", ""]  # CAC 40
            return ""
        return "{skip}"

    def _show_text(self, place: int, texts: list[str]) -> str | None:
        """Return the element for texts: the text itself, words for the direction, symbols, names, or words to skip."""
        shown = "".join(self.parts)
        if len(set(texts)) == 1:
            return _skip(texts) if self._is_beside_word(place) else doubled(texts[0])
        if shown and (direction := self._show_direction(texts)):
            return direction
        if self._is_remark(place, texts):
            return None
        if self._are_distinct(texts):
            is_kind = self.parts[-2:] == ["-", " "] and max(map(len, texts)) == 1  # Novo - B
            if "{symbol}" not in shown and all(map(_is_symbol, texts)) and not is_kind:
                return "{symbol}"
            if "{name}" not in shown:
                return ("{symbol}" not in shown and self._show_symbol_and_name(texts)) or "{name}"
        return _skip(texts)

    def _is_remark(self, place: int, texts: list[str]) -> bool:
        """Say whether texts behind the figures are remarks, which other quotes may not have.

        Behind a symbol and its figures there may be a name: most names begin with the letter of their symbol.
        """
        shown = "".join(self.parts)
        if not self._is_behind(place) or self._is_ended(place) or not (_IS_OPEN(shown) or self._may_be_absent(place)):
            return False
        if "{symbol}" not in shown or "{name}" in shown:
            return "{name}" in shown
        symbols = [record.cells[self.parts.index("{symbol}")].text for record in self.records]
        return not _most(text[0] == symbol.lstrip("^")[0] for text, symbol in zip(texts, symbols, strict=True))

    def _is_beside_word(self, place: int) -> bool:
        """Say whether a text belongs to a number, as the month of a date does, or what a volume is called."""
        cells = self._cells
        return any(
            0 <= at < len(cells) and cells[at].kind == "W" and cells[(at + place) // 2].kind == " "
            for at in (place - 2, place + 2)
        )

    def _are_distinct(self, texts: list[str]) -> bool:
        """Say whether texts tell quotes apart. A quote can be listed twice; markets and ratings repeat more often."""
        quotes = len({tuple(record.cells) for record in self.records})
        return len(set(texts)) * 5 >= quotes * 4 and all(map(_LETTER.search, texts))

    def _show_symbol_and_name(self, texts: list[str]) -> str:
        """Return two fields if each text is a symbol and a name, in either order."""
        parts = [text.split() for text in texts]
        for shown, at in (("{symbol} {name}", 0), ("{name} {symbol}", -1)):
            symbols = [words[at] for words in parts]
            others = [" ".join(words[1:] if at == 0 else words[:-1]) for words in parts]
            if (
                all(map(_is_symbol, symbols))
                and all(map(_NAME.fullmatch, others))
                and self._are_distinct(symbols)
                and self._are_distinct(others)
                and (_most(map(_HAS_EXCHANGE, symbols)) or _most(other != other.upper() for other in others))
            ):
                return shown
        return ""

    def _show_direction(self, texts: list[str]) -> str:
        """Return a direction if there is one text for a rise, one for a fall, and at most one for neither."""
        ways: dict[str, set[str]] = {"+": set(), "-": set(), "": set()}
        for text, record in zip(texts, self.records, strict=True):
            ways[movement(record, self.roles)].add(text.replace("|", "||").replace(">", ">>"))
        words = [word for way in ways.values() for word in way]
        is_one_each = len(ways["+"]) == len(ways["-"]) == 1 and len(ways[""]) < 2
        return f"<{'|'.join(words)}>" if is_one_each and len(set(words)) == len(words) < len(texts) else ""

    def _show_arrow(self, place: int) -> str:
        """Return the direction that arrows tell; where rises and falls have signs, an arrow is passed over."""
        cells = self._cells
        following = cells[place + 1 : place + 2]
        moves = [at for at, field in self.roles.fields.items() if field in ("change", "percent")]
        signs = {sign_of(record, at) for record in self.records for at in moves if record.figures[at].strip("-0.")}
        has_signs = "-" in signs and "" not in signs
        if following and following[0].kind in " \n" and has_signs:
            return "{skip}"
        kind = ARROWS.index(cells[place].text) % (len(ARROWS) // 2)
        return f"<{ARROWS[kind]}|{ARROWS[kind + len(ARROWS) // 2]}>"


def _most(found: Iterable[object]) -> bool:
    """Say whether more than half of what was looked at is there."""
    there = [bool(one) for one in found]
    return sum(there) * 2 > len(there)


def _is_symbol(text: str) -> bool:
    return _SYMBOL.fullmatch(text) is not None and text == text.upper()


def _are_codes(texts: list[str]) -> bool:
    return all(map(_CODE.fullmatch, texts)) and len({len(text) for text in texts}) == 1 < len(set(texts))


def _skip(texts: list[str]) -> str | None:
    """Return fields that skip texts word by word, or None if their numbers of words differ too much."""
    words = {len(text.split()) for text in texts}
    least, most = min(words), max(words)
    if most > _MOST_WORDS or most - least > 2:
        return None
    return " ".join(["{skip}"] * least) + "[ {skip}]" * (most - least)
