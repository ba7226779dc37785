"""Check a layout with correct syntax: what is missing, what is there twice, and what runs together."""

from collections.abc import Iterable, Sequence
from typing import NoReturn

from tickerx.grammar.terminals import ARROWS
from tickerx.layouts.figures import CURRENCIES, SIGNS
from tickerx.layouts.language import (
    FIGURES,
    Direction,
    Element,
    Field,
    LayoutError,
    Literal,
    OptionalPart,
    Parsed,
    walk,
)

__all__ = ["OPTIONAL_PARTS", "check"]

OPTIONAL_PARTS = 6
"""The most optional parts of a layout. Each can double the ways to read a line."""


def check(layout: str, parsed: Parsed, decimal: str) -> None:
    """Raise `LayoutError` for the first thing that makes a layout unusable."""
    _Check(layout, decimal).run(parsed)


class _Check:
    def __init__(self, layout: str, decimal: str) -> None:
        self.layout = layout
        self.decimal = decimal

    def run(self, parsed: Parsed) -> None:
        every = list(walk(parsed.elements))
        self._find_repeats(every)
        surely = {element.name for element in parsed.elements if isinstance(element, Field)}
        if "price" not in surely:
            self._fail(None, "no {price}" if "price" not in _names(every) else "{price} may not be optional")
        if not surely & {"symbol", "name"}:
            is_optional = _names(every) & {"symbol", "name"}
            self._fail(None, f"no {{symbol}} {'or {name} outside brackets' if is_optional else 'and no {name}'}")
        self._find_open_ends(parsed)
        self._find_glue(parsed.elements, None)

    def _fail(self, place: object, reason: str) -> NoReturn:
        start, end = getattr(place, "start", 0), getattr(place, "end", len(self.layout))
        raise LayoutError(self.layout, start, end, reason)

    def _find_repeats(self, every: list[Element]) -> None:
        seen = {"skip"}
        for element in every:
            if isinstance(element, Field | Direction):
                name = element.name if isinstance(element, Field) else "direction"
                if name in seen and name != "skip":
                    self._fail(element, f"{{{name}}} twice" if isinstance(element, Field) else "a direction twice")
                seen.add(name)
        parts = [element for element in every if isinstance(element, OptionalPart)]
        if len(parts) > OPTIONAL_PARTS:
            self._fail(parts[OPTIONAL_PARTS], f"more than {OPTIONAL_PARTS} optional parts")

    def _find_open_ends(self, parsed: Parsed) -> None:
        """Allow open ends only in layouts that rarely fit prose by chance: bare figures are everywhere in prose."""
        place = parsed.open_start or parsed.open_end
        if place and not any(_is_mark(element) for element in parsed.elements):
            self._fail(place, 'an open end needs a "%", an arrow or a direction in the layout')
        for end, elements in ((parsed.open_start, parsed.elements), (parsed.open_end, parsed.elements[::-1])):
            if end and any(isinstance(element, Field) and element.name == "name" for element in _ends(elements)):
                self._fail(end, "nothing tells where the {name} beside an open end begins or ends")

    def _find_glue(self, elements: Iterable[Element], before: Field | None) -> Field | None:
        """Find fields with nothing between them, and signs that cannot separate them.

        Return the field that may come directly before the next element.
        """
        two_before: list[Element] = []
        for element in elements:
            match element:
                case Field():
                    self._find_sign(two_before, element)
                    if before:
                        self._fail(element, f"nothing between {{{before.name}}} and {{{element.name}}}")
                    before = element
                case OptionalPart():
                    before = self._find_glue(element.elements, before) or before
                case Literal():
                    if before:
                        self._find_blurred_end(before, element)
                    before = None
                case _:
                    before = None
            two_before = [*two_before[-1:], element]
        return before

    def _find_sign(self, before: list[Element], field: Field) -> None:
        """Find a sign that belongs to the figure after it, and a decimal sign between two figures."""
        literal = before[-1] if before else None
        if not isinstance(literal, Literal):
            return
        if field.name in ("change", "percent") and literal.text.rstrip(CURRENCIES)[-1:] in tuple(SIGNS):
            self._fail(literal, f"the sign belongs to the {{{field.name}}}: leave it out")
        first = before[0]
        if isinstance(first, Field) and {first.name, field.name} <= {*FIGURES} and literal.text == self.decimal:
            self._fail(literal, f'"{self.decimal}" could be part of the {{{first.name}}} before it')

    def _find_blurred_end(self, field: Field, literal: Literal) -> None:
        first = literal.text[0]
        if field.name in FIGURES:
            if first.isdecimal():
                self._fail(literal, f'"{literal.text}" could be part of the {{{field.name}}} before it')
        elif first.isalnum():
            self._fail(literal, f"nothing between {{{field.name}}} and a letter or digit")


def _ends(elements: Sequence[Element]) -> list[Element]:
    """Return the elements that can come first. There is always one, because the price is required."""
    size = next(number for number, element in enumerate(elements) if not isinstance(element, OptionalPart))
    return [*walk(elements[:size]), elements[size]]


def _names(elements: Iterable[Element]) -> set[str]:
    return {element.name for element in elements if isinstance(element, Field)}


def _is_mark(element: Element) -> bool:
    return isinstance(element, Direction) or (
        isinstance(element, Literal) and any(mark in element.text for mark in f"%{ARROWS}")
    )
