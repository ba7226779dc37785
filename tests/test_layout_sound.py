"""Whether figures agree, given that each is rounded to what is printed."""

from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tickerx.intervals import are_sound, is_sound, is_sound_either_way
from tickerx.layouts.layout import compile_layout
from tickerx.layouts.read import read_text


@pytest.mark.parametrize(
    ("price", "change", "percent", "previous", "direction", "expected"),
    [
        pytest.param("40.00", "-0.16", "-0.4", None, None, True, id="exact-figures"),
        pytest.param("40.00", "-0.16", "-0.42", None, None, False, id="a-percent-that-is-off"),
        pytest.param("40.00", "-0.16", "0.4", None, None, False, id="a-percent-of-the-other-sign"),
        pytest.param("97328", "1781.9", "1.86", None, None, True, id="a-whole-price"),
        pytest.param("43.95", "-0.14", "-0.32", None, None, True, id="a-change-that-is-rounded-itself"),
        pytest.param("1.18", "0.01", "0.51", None, None, True, id="a-change-of-one-digit"),
        pytest.param("24328.95", "161.7", "0.66", None, None, False, id="a-percent-that-is-cut-off"),
        pytest.param("141.32", "3.22", "2.4", None, None, False, id="figures-of-two-moments"),
        pytest.param("-37.63", "-55.90", "-305.97", None, None, True, id="a-price-below-zero"),
        pytest.param("1", "2", "200", None, None, False, id="a-previous-close-below-zero"),
        pytest.param("119.45", None, "-0.87", "120.50", None, True, id="a-previous-close"),
        pytest.param("119.45", None, "-0.97", "120.50", None, False, id="a-previous-close-that-is-off"),
        pytest.param("1.00", "0.10", None, "0.90", None, True, id="change-and-previous-close"),
        pytest.param("1.00", "0.10", None, "0.80", None, False, id="change-and-previous-close-that-are-off"),
        pytest.param("1.00", "0.10", "11.11", "0.90", None, True, id="all-four"),
        pytest.param("1.00", "0.1", "5.3", "0.95", None, True, id="all-four-within-what-is-rounded"),
        pytest.param("1.00", "0.1", "6.6", "0.95", None, False, id="three-that-agree-and-a-percent"),
        pytest.param("1.00", "0.10", None, None, None, None, id="a-change-alone"),
        pytest.param("1.00", None, "0.10", None, None, None, id="a-percent-alone"),
        pytest.param("1.00", None, None, "1.00", None, None, id="a-previous-close-alone"),
        pytest.param("1.00", None, None, None, "up", None, id="words-alone"),
        pytest.param("1.00", "0.10", None, None, "up", None, id="words-and-a-change-that-may-agree"),
        pytest.param("1.00", "0.10", None, None, "down", False, id="words-against-a-change"),
        pytest.param("1.00", None, "-1.00", None, "up", False, id="words-against-a-percent"),
        pytest.param("1.00", "0.10", "11.11", None, "unchanged", False, id="words-against-both"),
        pytest.param("1.00", "0.00", "0", None, "unchanged", True, id="no-change"),
    ],
)
def test_figures_agree_or_not(
    price: str,
    change: str | None,
    percent: str | None,
    previous: str | None,
    direction: str | None,
    expected: bool | None,
) -> None:
    assert is_sound(price, change, percent, previous, direction) is expected


def test_a_previous_close_that_is_computed_checks_nothing() -> None:
    reading = read_text("AGL 40.00 -0.16", [compile_layout("{symbol} {price} {change}")])
    assert [row.previous_close for row in reading.rows()] == ["40.16"]
    assert reading.sounds() == [None]


@pytest.mark.parametrize(
    ("change", "percent", "previous", "direction", "expected"),
    [
        pytest.param("1.00", "2.04", None, None, True, id="a-rise"),
        pytest.param("1.00", "1.96", None, None, True, id="a-fall"),
        pytest.param("1.00", "1.96", "51.00", None, True, id="a-fall-and-a-previous-close"),
        pytest.param("1.00", "1.50", None, None, False, id="neither"),
        pytest.param("1.00", None, None, None, None, id="nothing-to-check"),
        pytest.param("1.00", "1.96", None, "up", False, id="a-rise-that-words-tell"),
        pytest.param("-1.00", "2.04", None, None, False, id="a-sign-that-tells-more"),
    ],
)
def test_of_figures_without_a_sign_either_may_be_meant(
    change: str, percent: str | None, previous: str | None, direction: str | None, expected: bool | None
) -> None:
    assert is_sound_either_way("50.00", change, percent, previous, direction) is expected


def test_a_quote_without_signs_is_sound_if_it_may_have_fallen() -> None:
    reading = read_text("AGL 50.00 1.00 1.96%", [compile_layout("{symbol} {price} {change} {percent}%")])
    assert reading.sounds() == [True]


def figures(least: int, most: int) -> st.SearchStrategy[str]:
    return st.builds(lambda number, places: f"{number / 1000:.{places}f}", st.integers(least, most), st.integers(0, 3))


def interval(figure: str) -> tuple[Fraction, Fraction]:
    half = Fraction(1, 2 * 10 ** len(figure.partition(".")[2]))
    return Fraction(figure) - half, Fraction(figure) + half


@given(price=figures(2000, 90000), change=figures(-9000, 9000), percent=figures(-99000, 99000))
@example(price="43.95", change="-0.14", percent="-0.32")
@example(price="10.000", change="0.500", percent="5.3")
def test_price_change_and_percent_agree_if_some_corner_of_what_is_rounded_does(
    price: str, change: str, percent: str
) -> None:
    corners = [(p, c) for p in interval(price) for c in interval(change)]
    assume(all(p - c > 0 for p, c in corners))
    percents = [100 * c / (p - c) for p, c in corners]  # rises or falls with each of them
    least, most = interval(percent)
    assert is_sound(price, change, percent, None) == (min(percents) <= most and max(percents) >= least)


@given(price=st.integers(1, 10**9), close=st.integers(1, 10**9), places=st.tuples(*[st.integers(0, 3)] * 4))
def test_true_figures_that_are_rounded_are_sound(price: int, close: int, places: tuple[int, int, int, int]) -> None:
    true = [Fraction(price, 1000), Fraction(price - close, 1000), Fraction(100 * (price - close), close)]
    true.append(Fraction(close, 1000))
    shown = [show(figure, size) for figure, size in zip(true, places, strict=True)]
    assert is_sound(shown[0], shown[1], shown[2], shown[3]) is True
    assert is_sound(shown[0], shown[1], shown[2], None) is True


def show(figure: Fraction, places: int) -> str:
    digits = round(abs(figure) * 10**places)
    whole = f"{digits // 10**places}" + (f".{digits % 10**places:0{places}}" if places else "")
    return ("-" if figure < 0 else "") + whole


moves = st.decimals(-999, 999, places=2).map(str)


@given(
    st.tuples(
        st.decimals("0.01", 999, places=2).map(str),
        moves | st.just(""),
        moves | st.just(""),
        st.decimals("0.01", 999, places=2).map(str) | st.just(""),
        st.sampled_from(["up", "down", "unchanged", ""]),
    )
)
@example(("40.00", "-0.16", "-0.40", "40.16", "down"))
@example(("40.00", "-0.16", "-0.40", "40.26", "down"))
@example(("40.00", "-0.16", "-0.40", "", "up"))
@example(("40.00", "", "-0.40", "40.16", "down"))
def test_floats_say_of_a_quote_what_exact_arithmetic_says(row: tuple[str, str, str, str, str]) -> None:
    price, *others = row
    change, percent, close, direction = (text or None for text in others)
    assert are_sound(*([text] for text in row)) == [is_sound_either_way(price, change, percent, close, direction)]
