"""Bars are to one scale, below zero to the left of a line and above it to the right."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickerx.outputs.bars import draw_bars, measure_bars

percents = st.lists(st.from_regex(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", fullmatch=True), min_size=1, max_size=8)
sides = st.integers(3, 20)


def halves(bar: str, side: int) -> tuple[float, float]:
    """Return the lengths of a bar to the left and to the right of the middle of its line, in characters."""
    length = {"━": 1.0, "╸": 0.5, "╺": 0.5, "#": 1.0}
    line = bar[side]
    assert line in "┥┝│|"
    left, right = (sum(length[part] for part in text.strip()) for text in (bar[:side], bar[side + 1 :]))
    return left + 0.5 * (line == "┥"), right + 0.5 * (line == "┝")


@given(percents, sides, st.booleans())
def test_bars_are_to_scale_and_on_their_side_of_the_zero_line(percents: list[str], side: int, ascii: bool) -> None:
    figures = [Fraction(percent) for percent in percents]
    largest = max(map(abs, figures)) or 1
    full, step = (side, 1.0) if ascii else (side + 0.5, 0.5)
    for figure, bar in zip(figures, draw_bars(percents, side, ascii), strict=True):
        left, right = halves(bar, side)
        assert (left > 0, right > 0) == (figure < 0, figure > 0)
        exact = float(abs(figure) / largest) * full
        assert abs(left + right - exact) <= step / 2 + 1e-9 or (exact < step and left + right == step)


@given(percents, sides, st.booleans())
def test_bars_of_opposite_percents_mirror_each_other(percents: list[str], side: int, ascii: bool) -> None:
    opposite = [percent.removeprefix("-") if percent.startswith("-") else f"-{percent}" for percent in percents]
    bars, opposites = draw_bars(percents, side, ascii), draw_bars(opposite, side, ascii)
    assert [halves(bar, side)[::-1] for bar in bars] == [halves(bar, side) for bar in opposites]


@pytest.mark.parametrize(
    ("percents", "ascii", "expected"),
    [
        pytest.param(["10", "-5", "0"], False, ["   ┝━━━", " ╺━┥", "   │"], id="whole-and-half"),
        pytest.param(["10", "-5", "0"], True, ["   |###", " ##|", "   |"], id="in-ascii"),
        pytest.param(["10", "0.01", "-0.01"], False, ["   ┝━━━", "   ┝", "   ┥"], id="a-step-at-least"),
        pytest.param(["0", "0.00", "-0"], False, ["   │"] * 3, id="all-zero"),
        pytest.param([], False, [], id="none"),
    ],
)
def test_bars(percents: list[str], ascii: bool, expected: list[str]) -> None:
    assert draw_bars(percents, 3, ascii) == expected


@given(percents)
def test_measured_bars_are_to_one_scale_and_end_at_the_zero_line(percents: list[str]) -> None:
    figures = [Fraction(percent) for percent in percents]
    zero, extents = measure_bars(percents)
    bars = list(extents)
    room = max(*figures, Fraction(0)) - min(*figures, Fraction(0))
    for figure, (start, length) in zip(figures, bars, strict=True):
        assert float(length) == pytest.approx(float(100 * abs(figure) / room) if room else 0)
        assert float(start + length if figure < 0 else start) == pytest.approx(float(zero))
    assert all(-0.01 <= start <= start + length <= 100.01 for start, length in bars)
