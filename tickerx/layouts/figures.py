"""Figures as boards around the world print them: one pattern for each decimal sign, and one plain form.

    figure  = [ sign ] , [ currency ] , number , [ unit ] | currency , sign , number , [ unit ] ;
    sign    = "-" | "+" | "−" (U+2212) | "–" (U+2013) | "±" ;
    number  = whole , [ decimal , 1 to 9 digits ] | decimal , 1 to 9 digits ;     (* 40.00   .67 *)
    whole   = 1 to 15 digits                                 (* no leading zero before another digit *)
            | 1 to 3 digits , { group , 3 digits }           (* 1.234.567   12 345   1'234  one kind of group sign *)
            | 1 to 2 digits , { "," , 2 digits } , "," , 3 digits ;               (* 1,91,55,622 *)

Digits are ASCII. Group signs are ``. , ' ’`` space, U+00A0 and U+202F, except the decimal sign.
"""

import re

from tickerx.grammar.terminals import MINUS, SPACES

__all__ = [
    "CURRENCIES",
    "DECIMALS",
    "GROUPS",
    "MAY_HAVE_GROUPS",
    "SIGNS",
    "SURE_BLANKS",
    "UNSURE_GROUPS",
    "blank_group_pattern",
    "decimals",
    "number_pattern",
    "plain",
    "prefix_pattern",
    "unit_pattern",
]

DECIMALS = ".,"
SIGNS = "-+" + MINUS + "\u2013±"
GROUPS = ".,'\u2019" + SPACES.replace("\t", "")
"""Signs that can separate groups of digits, except the one that is the decimal sign."""

SURE_BLANKS = SPACES.replace("\t", "").replace(" ", "")
"""Blanks that always group if three digits follow: nobody types one by accident."""

CURRENCIES = "$€£¥₹₽₩₺₴₦₱฿₫₪₸₡₲₵₭₮₼₾"
_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GBX HKD HUF IDR ILS INR ISK JPY KES KRW KZT LKR MXN "
    "MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
_UNITS = "Kč Ft zł kr kr. lei TL Rs din. руб. руб грн. грн р. p pts pts. pt Pkt. Pkt Punkte points"
# A multiplier (k, Mio, B) is not a unit: without it, the figure would be wrong.


_SIGN = f"[{re.escape(SIGNS)}]"
_LETTER = r"[^\W\d_]"
_CODES_ANY = _CODES.replace(" ", "|")
_WORD_BEFORE = rf"[A-Z](?:[A-Z]{{2}}(?!{_LETTER})(?<={_CODES_ANY})|[A-Z]?\$|(?<=R)(?:s\.?|[pM])(?!{_LETTER}))"
_BEHIND = "|".join(map(re.escape, sorted(_UNITS.split(), key=len, reverse=True)))
_FIRST = "".join(sorted({word[0] for word in f"{_CODES} {_UNITS}".split()}))


UNSURE_GROUPS = re.compile(
    rf"[1-9](?:(?<![\w.,'\u2019][0-9])|(?<=(?:{_CODES_ANY})[0-9]))[0-9]{{0,2}}+(?: [0-9]{{3}}(?![0-9])){{1,63}}"
)
"""Digits that plain blanks may group or separate."""
MAY_HAVE_GROUPS = re.compile(r" (?<=[0-9] )[0-9]{3}(?![0-9])")
"""A quick test for `UNSURE_GROUPS`."""


def unit_pattern(*, apart: bool) -> str:
    """Return the pattern of an optional unit after a number; with ``apart``, blanks can come between them."""
    gap = f"[{SPACES}]{{0,4}}+" if apart else ""
    unit = rf"[{CURRENCIES}]|[A-Z]{{3}}(?!\w)(?<={_CODES_ANY})|(?:{_BEHIND})(?!\w)"
    return f"(?:{gap}(?=[{CURRENCIES}{_FIRST}])(?:{unit})|)"


def prefix_pattern(*, apart: bool, currency: str = "") -> str:
    """Return the pattern of what may stand before a number: a sign and a currency, that one where it is given.

    The sign is before or behind the currency. It may stand apart from what it belongs to, where `apart` says so.
    """
    gap = f"[{SPACES}]?+" if apart else ""
    currencies = [re.escape(currency)] if currency else [f"[{CURRENCIES}]", _WORD_BEFORE]
    before = "|".join(f"{one}[{SPACES}]?+" for one in currencies)
    behind = "|".join(f"{one}[{SPACES}]?+(?:{_SIGN}{gap}|)" for one in currencies)
    if currency:
        return f"(?:{_SIGN}{gap}{before}|{behind})"
    return f"(?:{_SIGN}{gap}(?:{before}|)|{behind}|)"


def number_pattern(decimal: str, groups: str) -> str:
    """Return the pattern of a number whose whole part one of these signs can group.

    It always takes all groups: a number is never the beginning of a longer one that blanks group.
    """
    fraction = rf"{re.escape(decimal)}[0-9]{{1,9}}+"
    if not groups:
        return f"(?:(?:[1-9][0-9]{{0,14}}+|0)(?:{fraction}|)|{fraction})"
    blanks = "".join(group for group in groups if group in SPACES)
    signs = [re.escape(group) for group in groups if group not in SPACES]
    grouped = [_grouped(group, f"{group}[0-9]") for group in signs]
    grouped += [_grouped(blank, f"{blank}[0-9]{{3}}(?![0-9])") for blank in blanks]
    alone = f"(?!{blank_group_pattern(blanks)})" if blanks else ""
    whole = f"[1-9][0-9]{{0,2}}+(?:[0-9]{{1,12}}+|[{re.escape(groups)}](?:{'|'.join(grouped)})|{alone})"
    return f"(?:{whole}(?:{fraction}|)|0(?:{fraction}|)|{fraction})"


def blank_group_pattern(blanks: str) -> str:
    """Return the pattern of one of these blanks and a group of digits."""
    return f"[{blanks}][0-9]{{3}}(?![0-9])"


def _grouped(group: str, another: str) -> str:
    """Return the pattern of the groups after the first group sign, up to a place where no other group begins."""
    by_three = f"(?<={group})[0-9]{{3}}(?:{group}[0-9]{{3}}){{0,3}}(?![0-9]|{another})"
    if group != ",":
        return by_three
    by_two = f"(?<![0-9]{{3}},)(?<=,)[0-9]{{2}}(?:,[0-9]{{2}}){{0,4}},[0-9]{{3}}(?![0-9]|{another})"
    return f"{by_three}|{by_two}"


_POINT = bytes.maketrans(b",", b".")
_NO_FIGURE = re.compile(r"[^-0-9.\n]+")
_WORD = re.compile(rf"{_LETTER}+\.?")
_NO_WHOLE = re.compile(r"^(-?)\.", re.MULTILINE)


def plain(figures: list[str], decimal: str) -> list[str]:
    """Return printed figures in plain form: with "-" or no sign, a decimal point, and no groups or currency.

    They keep the printed digits, except that ``.67`` becomes ``0.67``, which JSON requires. Empty texts stay empty.
    """
    printed = "\n".join(figures).replace("\u2212", "-").replace("\u2013", "-").encode()
    plainer = printed.translate(_POINT, b"+' .") if decimal == "," else printed.translate(None, b"+' ,")
    text = plainer.decode()
    if plainer.translate(None, b"-0123456789.\n"):
        text = _NO_FIGURE.sub("", _WORD.sub("", text))
    if text.startswith(".") or "\n." in text or "-." in text:
        text = _NO_WHOLE.sub(r"\g<1>0.", text)
    return text.split("\n") if figures else []


def decimals(figure: str) -> int:
    """Return how many digits a plain figure has after its point."""
    return len(figure.partition(".")[2])
