"""Whether a quote agrees with itself."""

from decimal import Context, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickerx
from tests.strategies import numbers, signed_numbers
from tickerx.arithmetic import contradiction, find_unsound

GOLDEN = Path(__file__).parent / "golden"
BOARDS = [quote for name in ("psx-2024-04", "psx-2024-11") for quote in tickerx.read(GOLDEN / f"{name}.txt")]


def judged(line: str) -> str:
    """Return what a quote contradicts itself in, or nothing."""
    [quote] = tickerx.find(line)
    assert quote.change is not None
    assert quote.change_percent is not None
    found = contradiction(quote.price, quote.change, quote.change_percent, str(quote.direction), str(quote.kind))
    assert quote.is_sound == (found is None)
    return found.reason if found else ""


SOUND = [
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", id="a-share"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.40%)", id="a-trailing-zero-changes-nothing"),
    pytest.param("FFBL 75.47 Increased By ▲ 6.86 (10%)", id="ten-percent"),
    pytest.param("AGL 500.00 Decreased By ▼ -0.01 (0%)", id="a-percent-that-rounds-to-zero"),
    pytest.param("AGL 500.00 Decreased By ▼ -0.01 (-0%)", id="a-zero-with-a-sign"),
    pytest.param("NBP 60.29 No Change ▼ 0.00 (-0%)", id="no-change"),
    pytest.param("X 201.00 Increased By ▲ 1.00 (0.5%)", id="exact"),
    pytest.param("X 8.01 Increased By ▲ 0.01 (0.12%)", id="a-tie-rounded-down"),
    pytest.param("X 8.01 Increased By ▲ 0.01 (0.13%)", id="a-tie-rounded-up"),
    pytest.param("X 39.998 Decreased By ▼ -0.002 (0%)", id="a-tie-rounded-to-zero"),
    pytest.param("X 39.998 Decreased By ▼ -0.002 (-0.01%)", id="a-tie-rounded-away-from-zero"),
    pytest.param("X 0 Decreased By ▼ -5.00 (-100%)", id="all-is-lost"),
    pytest.param("KSE100 97,328 Increased By 1781.9 (1.86%)", id="an-index"),
    pytest.param("X 1,001 Increased By 1 (0.09%)", id="an-index-at-the-low-end-of-what-its-change-can-mean"),
    pytest.param("X 1,001 Increased By 1 (0.11%)", id="an-index-at-the-high-end-of-what-its-change-can-mean"),
    pytest.param("X 101 Increased By 1 (1.06%)", id="an-index-at-the-corner-of-both"),
    pytest.param("X 1 Increased By 0.9 (300%)", id="an-index-whose-close-may-be-next-to-nothing"),
]

SUSPECT = [
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.41%)", "the percent should be -0.4", id="a-percent"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.398%)", "the percent should be -0.4", id="a-third-place"),
    pytest.param("X 100 Increased By ▲ 1.00 (1%)", "the percent should be 1.01", id="a-percent-of-the-price"),
    pytest.param("X 8.01 Increased By ▲ 0.01 (0.14%)", "the percent should be 0.13", id="beyond-a-tie"),
    pytest.param("AGL 500.00 Decreased By ▼ -0.01 (-0.01%)", "the percent should be 0", id="it-rounds-to-zero"),
    pytest.param("X 5.00 Increased By ▲ 0.00 (0%)", "the change is 0.00, the words say up", id="increased-by-nothing"),
    pytest.param("X 5.00 Decreased By ▼ 0.16 (3.31%)", "the change is 0.16, the words say down", id="a-lost-sign"),
    pytest.param("X 5.00 No Change ▼ 0.01 (0.2%)", "the change is 0.01, the words say unchanged", id="a-change"),
    pytest.param(
        "AGL 40.00 Decreased By ▼ -0.16 (0.4%)",
        "the percent is 0.4, the words say down; it should be -0.4",
        id="a-lost-sign-of-percent",
    ),
    pytest.param("X 5.00 Increased By ▲ 5.00 (100%)", "the previous close would be 0.00", id="no-close"),
    pytest.param("X 5.00 Increased By ▲ 6.00 (100%)", "the previous close would be -1.00", id="a-negative-close"),
    pytest.param(
        "X 3151434.274 Increased By ▲ 3151433.359 (344418946.32%)",
        "the percent should be 344418946.34",
        id="more-than-a-float-can-tell",
    ),
    pytest.param("KSE100 97,328 Increased By 1781.9 (1.88%)", "the percent should be 1.86", id="an-index"),
    pytest.param("X 101 Increased By 1 (1.07%)", "the percent should be 1", id="beyond-the-corner-of-an-index"),
]


@pytest.mark.parametrize("line", SOUND)
def test_a_sound_quote_contradicts_itself_in_nothing(line: str) -> None:
    assert judged(line) == ""


@pytest.mark.parametrize(("line", "reason"), SUSPECT)
def test_a_suspect_quote_contradicts_itself_in_one_thing(line: str, reason: str) -> None:
    assert judged(line) == reason


def test_every_line_of_the_boards_is_sound() -> None:
    assert len(BOARDS) == 68
    assert all(quote.is_sound for quote in BOARDS)


def test_any_other_digit_in_the_percent_of_a_stock_is_suspect() -> None:
    for quote in BOARDS:
        assert quote.change is not None
        printed = format(quote.change_percent, "f")
        for at in [at for at, character in enumerate(printed) if character.isdigit() and quote.kind == "stock"]:
            for digit in set("0123456789") - {printed[at]}:
                other = Decimal(printed[:at] + digit + printed[at + 1 :])
                assert contradiction(quote.price, quote.change, other, str(quote.direction), str(quote.kind)), quote


figures = st.integers(1, 10**9)


@given(figures, st.integers(-(10**9), 10**9))
def test_a_percent_is_sound_if_and_only_if_it_is_the_nearest(close: int, change: int) -> None:
    price = close + change
    if price < 0:
        return
    direction = "up" if change > 0 else "down" if change < 0 else "unchanged"
    nearest = (20_000 * change + close) // (2 * close)
    for hundredths in (nearest - 1, nearest, nearest + 1):
        distance = abs(10_000 * change - hundredths * close)
        sound = not contradiction(
            Decimal(price).scaleb(-2), Decimal(change).scaleb(-2), Decimal(hundredths).scaleb(-2), direction, "stock"
        )
        assert sound == (2 * distance <= close)


@given(figures, st.integers(-5000, 5000), st.integers(-50, 50), st.integers(-5, 5))
def test_an_index_is_sound_as_it_is_rounded(close: int, change: int, price_error: int, change_error: int) -> None:
    """Take an index in hundredths, round its figures as a board does, and never find it suspect."""
    exact_close, exact_change = close * 100 + price_error, change * 10 + change_error
    price = exact_close + exact_change
    printed_price, printed_change = (price + 50) // 100, (exact_change + 5) // 10
    if printed_change == 0 or printed_price * 10 <= printed_change or exact_close <= 0 or price < 0:
        return
    percent = (20_000 * exact_change + exact_close) // (2 * exact_close)
    direction = "up" if printed_change > 0 else "down"
    found = contradiction(
        Decimal(printed_price), Decimal(printed_change).scaleb(-1), Decimal(percent).scaleb(-2), direction, "index"
    )
    assert found is None


Row = tuple[str, str, str, str, str]

any_rows: st.SearchStrategy[Row] = st.tuples(
    numbers().map(lambda number: number[1]),
    signed_numbers().map(lambda number: number[1]),
    signed_numbers().map(lambda number: number[1]),
    st.sampled_from(["up", "down", "unchanged"]),
    st.sampled_from(["stock", "index"]),
)


@st.composite
def near_rows(draw: st.DrawFn) -> Row:
    """Draw a quote whose percent is next to one that it may or may not have."""
    scale = draw(st.integers(0, 9))
    close = Decimal(draw(st.integers(1, 10 ** draw(st.integers(1, 15))))).scaleb(-scale)
    change = Decimal(draw(st.integers(-(10 ** draw(st.integers(0, 12))), 10 ** draw(st.integers(0, 12))))).scaleb(
        -scale
    )
    change = max(change, -close)  # no price is negative
    kind = draw(st.sampled_from(["stock", "index"]))
    true = Context(prec=60).divide(100 * change, close)
    edge = draw(st.sampled_from(["0", "0.005", "-0.005", "0.01", "0.05", "0.1", "-0.5", "5"]))
    off = Decimal(draw(st.integers(-3, 3))).scaleb(-draw(st.integers(2, 9)))
    places = Decimal(1).scaleb(-draw(st.sampled_from([1, 2, 2, 2, 3, 9])))
    percent = (true + Decimal(edge) + off).quantize(places, context=Context(prec=60))
    direction = draw(st.sampled_from(["up", "down", "unchanged", *["up" if change > 0 else "down"] * 9]))
    return format(close + change, "f"), format(change, "f"), format(percent, "f"), direction, kind


@given(st.lists(st.one_of(near_rows(), near_rows(), any_rows)))
def test_floats_never_say_what_exact_arithmetic_does_not(rows: list[Row]) -> None:
    expected = [
        number
        for number, (price, change, percent, direction, kind) in enumerate(rows)
        if contradiction(Decimal(price), Decimal(change), Decimal(percent), direction, kind)
    ]
    price, change, percent, direction, kind = ([row[number] for row in rows] for number in range(5))
    assert find_unsound(price, change, percent, direction, kind) == expected


@pytest.mark.parametrize("line", [line for case in (*SOUND, *SUSPECT) for line in case.values[:1]])
def test_floats_agree_on_the_cases_above(line: object) -> None:
    [quote] = tickerx.find(str(line))
    price, change, percent = (format(figure, "f") for figure in (quote.price, quote.change, quote.change_percent))
    assert find_unsound([price], [change], [percent], [str(quote.direction)], [str(quote.kind)]) == [0] * (
        not quote.is_sound
    )
