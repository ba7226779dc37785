"""Layouts: what their text may say, what is wrong with one, and where."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickerx.layouts.layout import LayoutError, compile_layout
from tickerx.layouts.read import read_text

ERRORS = [
    pytest.param("{symbol} {prise}", "unknown field {prise}", "         ^^^^^^^", id="an-unknown-field"),
    pytest.param("{symbol} {}", "unknown field {}", "         ^^", id="a-field-without-a-name"),
    pytest.param("{symbol} {change}", "no {price}", "^" * 17, id="no-price"),
    pytest.param("{symbol} [{price}]", "{price} may not be optional", "^" * 18, id="an-optional-price"),
    pytest.param("{price} {change}", "no {symbol} and no {name}", "^" * 16, id="neither-symbol-nor-name"),
    pytest.param("[{symbol} ]{price}", "no {symbol} or {name} outside brackets", "^" * 18, id="an-optional-symbol"),
    pytest.param("", "no {price}", "^", id="nothing"),
    pytest.param("{name} {price} {price}", "{price} twice", "               ^^^^^^^", id="a-field-twice"),
    pytest.param("{name} {price} <a|b> <c|d>", "a direction twice", "                     ^^^^^", id="two-directions"),
    pytest.param("{name} {price", 'no "}"', "       ^", id="a-brace-that-is-not-closed"),
    pytest.param("{name} {price}}", 'no "{"', "              ^", id="a-brace-that-is-not-opened"),
    pytest.param("{name} [{price}", 'no "]"', "       ^", id="a-bracket-that-is-not-closed"),
    pytest.param("{name} {price}]", 'no "["', "              ^", id="a-bracket-that-is-not-opened"),
    pytest.param("{name} {price} <a|b", 'no ">"', "               ^", id="a-direction-that-is-not-closed"),
    pytest.param("{name} [] {price}", "empty brackets", "       ^^", id="empty-brackets"),
    pytest.param("{name} [a [b]] {price}", "an optional part within another", "          ^", id="brackets-in-brackets"),
    pytest.param("{name} [a\nb] {price}", "must end on the line", "       ^^", id="brackets-over-two-lines"),
    pytest.param("{name} {price} <up>", "a direction is <up", "               ^^^^", id="one-direction"),
    pytest.param("{name} {price} <a|b|c|d>", "a direction is <up", "               ^^^^^^^^^", id="four-directions"),
    pytest.param(
        "{name} {price} <a||c>", "a direction is <up", "               ^^^^^^", id="a-bar-that-divides-nothing"
    ),
    pytest.param("{name} {price} <a| |c>", "without a word", "               ^^^^^^^", id="a-direction-without-a-word"),
    pytest.param("{name} {price} <a|a>", "the same word twice", "               ^^^^^", id="a-repeated-word"),
    pytest.param("...{symbol} {price}", "an open end needs", "^^^", id="an-open-end-beside-bare-figures"),
    pytest.param(
        "{symbol} {price} [<a|b>]...", "an open end needs", "                        ^^^", id="a-mark-that-may-go"
    ),
    pytest.param("...{name} {price}%", "beside an open end", "^^^", id="a-name-that-begins-anywhere"),
    pytest.param("...[x ]{name} {price}%", "beside an open end", "^^^", id="a-name-that-may-begin-anywhere"),
    pytest.param("{price}% {name}...", "beside an open end", "               ^^^", id="a-name-that-ends-anywhere"),
    pytest.param("{name} ... {price}%", "only be at either end", "       ^^^", id="dots-in-the-middle"),
    pytest.param("{symbol}{price}", "nothing between {symbol} and {price}", "        ^^^^^^^", id="glued-fields"),
    pytest.param(
        "{name} {price}[ ]{change}",
        "nothing between {price}",
        "                 ^^^^^^^^",
        id="fields-that-may-be-glued",
    ),
    pytest.param("{name} {price}[{change}]", "nothing between", "               ^^^^^^^^", id="a-glued-part"),
    pytest.param("{name} {price}5", "could be part of the {price}", "              ^", id="a-digit-after-a-figure"),
    pytest.param("{name} {price}.{change}", "could be part", "              ^", id="a-point-between-figures"),
    pytest.param("{symbol}x {price}", "a letter or digit", "        ^", id="a-letter-after-a-symbol"),
    pytest.param("{name} {price} -{change}", "the sign belongs to", "               ^", id="a-sign-before-a-change"),
    pytest.param(
        "{name} {price} +${change}", "the sign belongs to", "               ^^", id="a-sign-before-a-currency"
    ),
    pytest.param("{name} {price}" + " [a]" * 7, "more than 6", " " * 39 + "^^^", id="seven-optional-parts"),
    pytest.param(r"{name}\n{price}", r'"\n" is not a line end here', "      ^^", id="a-backslash-and-an-n"),
    pytest.param(r"{name} a\r{price}", r'"\r" is not a line end here', "        ^^", id="a-backslash-and-an-r"),
    pytest.param(r"{name}\t{price}", r'"\t" is not a tab here', "      ^^", id="a-backslash-and-a-t"),
    pytest.param("{name}\n{price} {price}", "{price} twice", "        ^^^^^^^", id="an-error-on-the-second-line"),
]


@pytest.mark.parametrize(("text", "reason", "carets"), ERRORS)
def test_a_wrong_layout_is_shown_with_carets(text: str, reason: str, carets: str) -> None:
    with pytest.raises(LayoutError) as caught:
        compile_layout(text)
    error = caught.value
    message, _, shown = str(error).partition("\n")
    line = text.split("\n")[text.count("\n", 0, error.start)]
    assert reason in message
    assert shown == f"  {line}\n  {carets}"
    assert error.layout == text
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"decimal": ";"}, id="another-decimal-sign"),
        pytest.param({"decimal": ""}, id="no-decimal-sign"),
        pytest.param({"unsigned": "down"}, id="unsigned-is-down"),
        pytest.param({"groups": "."}, id="groups-by-the-decimal-sign"),
        pytest.param({"groups": "_"}, id="groups-by-another-sign"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str]) -> None:
    with pytest.raises(LayoutError, match=f"{next(iter(settings))} must be"):
        compile_layout("{symbol} {price}", **settings)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("{{{symbol}}} {price}", "{AGL} 40.00", id="braces"),
        pytest.param("[[{symbol}]] {price}", "[AGL] 40.00", id="brackets"),
        pytest.param("<<{symbol}> {price}", "<AGL> 40.00", id="angles"),
        pytest.param("{symbol}...... {price}", "AGL... 40.00", id="dots"),
        pytest.param("......{symbol} {price}", "...AGL 40.00", id="dots-at-the-beginning"),
        pytest.param("{symbol} {price} <a||b|c>>>", "AGL 40.00 a|b", id="a-bar-in-a-direction"),
        pytest.param("{symbol} {price} <a||b|c>>>", "AGL 40.00 c>", id="an-angle-in-a-direction"),
        pytest.param(r"{symbol} \\n\x\\ {price}", r"AGL \n\x\\ 40.00", id="backslashes"),
        pytest.param("{symbol} | a.b* {price}?", "AGL | a.b* 40.00?", id="signs-of-regular-expressions"),
    ],
)
def test_signs_of_the_language_can_mean_themselves(text: str, line: str) -> None:
    [row] = read_text(line, [compile_layout(text)]).rows()
    assert (row.symbol, row.price) == ("AGL", "40.00")


def test_a_layout_knows_its_fields_columns_and_lines() -> None:
    layout = compile_layout("{name} {skip}\n{percent}% [{change}]\n<a|b> {price}", name="three", decimal=",")
    assert layout.fields == ("name", "percent", "change", "direction", "price")
    assert layout.columns == ("name", "price", "change", "change_percent")
    assert (layout.lines, layout.is_open, layout.name, layout.decimal) == (3, False, "three", ",")
    assert compile_layout("...{symbol} {price}%").is_open


def test_no_quote_is_longer_than_its_layout_says() -> None:
    layout = compile_layout("{name} | {skip} [x]\n{price} <up we go|b>")
    name = " ".join(["a" * 64] * 12)
    text = f"{name} | {'s' * 128} x\n\n1,234,567,890,123.123456789 up we go"
    [row] = read_text(text, [layout]).rows()
    assert len(text) == row.end <= layout.longest


texts = st.lists(
    st.one_of(
        st.sampled_from(["{symbol}", "{name}", "{price}", "{change}", "{percent}", "{previous}", "{skip}", " ", "\n"]),
        st.sampled_from(["[", "]", "{", "}", "<", ">", "|", "<▲|▼>", "<up|down|flat>", "...", "%", "$", "-", ",", "5"]),
        st.text(max_size=3),
    ),
    max_size=14,
).map("".join)
layouts = st.one_of(
    texts,
    st.sampled_from(
        [
            "{name} {price} {change} {percent}%",
            "...({symbol} {price}, {change}, {percent}%)...",
            "{name}[ ({symbol})]: ${price} [▲][▼]{change}",
            "• {name}\n• {price}\n[{skip}]\n• {change}",
            "{symbol} {price} <up|down|no change> [{skip} ][{skip} ]{percent}%",
        ]
    ),
)


@given(text=texts, decimal=st.sampled_from(".,"))
def test_any_text_is_a_layout_or_an_error_with_a_place(text: str, decimal: str) -> None:
    try:
        layout = compile_layout(text, decimal=decimal)
    except LayoutError as error:
        start, end, shown = error.start, error.end, str(error)
    else:
        assert layout.pattern.groups == len(layout.fields) + 1
        start, end, shown = 0, len(text), "^"
    assert 0 <= start <= end <= len(text)
    assert "^" in shown
