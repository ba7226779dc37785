"""The line grammar of a ticker board: its terminals, each written once, and the quote built from them.

    quote    = symbol , sep , price , sep , movement , sep , change , sep , "(" , percent , "%" , ")" ;
    movement = ( "Increased" , sp , "By" | "Decreased" , sp , "By" | "No" , sp , "Change" ) , [ sep , arrow ] ;
    symbol   = ( letter | digit ) , { letter | digit | "." | "-" | "&" | "/" } ;
               (* at most 20; holds a letter, or is 1 to 6 digits *)
    price    = number ;   change, percent = [ sign ] , number ;
    number   = whole , [ "." , 1 to 9 digits ] ;
    whole    = 1 to 15 digits
             | 1 to 3 digits , { "," , 3 digits }                     (* 10,407   at least one group *)
             | 1 to 2 digits , { "," , 2 digits } , "," , 3 digits ;  (* 1,04,559 *)
               (* at most 15 digits in all; no leading zero before another digit *)
    sign     = "-" | "+" | "−" (U+2212) | "–" (U+2013) ;   arrow = one of ▲ △ ▴ ↑ ▼ ▽ ▾ ↓ ;   letter = A to Z
    sp       = 1 to 64 of space, tab, U+00A0, U+202F ;   sep = sp | [ sp ] , "|" , [ sp ] ;

Patterns read text in normal form, see `NORMAL`. There a space is one byte, so a pattern for bytes has half the branches
of one for text as printed, and runs in half the time. Patterns for bytes must not have arrows or U+2212 in a class.

Two habits keep patterns linear and fast. Every repeat is bounded and possessive, which is safe because the text after
it never begins like the repeated part. An optional part is written ``(?:part|)``, because the engine of `re` runs that
branch in half the time of ``(?:part)?``.
"""

import re
from functools import cache

__all__ = [
    "ARROW",
    "ARROWS",
    "BEFORE_SYMBOL",
    "BLOCK",
    "BLOCK_REACH",
    "MINUS",
    "NORMAL",
    "NUMBER",
    "SEP",
    "SEPARATORS",
    "SIGNED",
    "SPACES",
    "SUSPICIOUS",
    "SYMBOL",
    "TO_ARROW",
    "WORDS",
    "WORDS_IN_ANY_CASE",
    "byte_pattern",
    "quote_pattern",
]

SPACES = " \t\u00a0\u202f"
SEPARATORS = " |"
ARROWS = "▲△▴↑▼▽▾↓"
MINUS = "\u2212"
NORMAL = {**dict.fromkeys(SPACES[1:], " "), **dict.fromkeys("\ufeff\u200b•", "*"), "\u2013": MINUS}
"""Characters, and the one with the same meaning that replaces them in normal form. Normal form does not change the
number of code points or the line ends."""

SP = " {1,64}+"
SEP = rf"(?:{SP}(?:\| {{0,64}}+|)|\| {{0,64}}+)"

# A symbol is at the start of a line or after one of these, which include the ")" of a quote.
BEFORE_SYMBOL = " \n\r\f\v|()[{<>\"':;*"
_STANDS = f"(?<![^{re.escape(BEFORE_SYMBOL)}][A-Z0-9])"
_REST = r"[A-Z0-9.&/\-]{0,19}+"
_SYMBOL_TAIL = rf"(?:(?<=[A-Z]){_REST}|(?=[0-9.&/\-]{{0,18}}[A-Z]){_REST}|(?<=[0-9])[0-9]{{0,5}}+)"
SYMBOL = f"[A-Z0-9]{_STANDS}{_SYMBOL_TAIL}"

_WHOLE_TAIL = r"(?:[0-9]{0,14}+|[0-9]{0,2}+(?:,[0-9]{3}){1,4}|[0-9]?(?:,[0-9]{2}){0,5},[0-9]{3})"
_DECIMALS = r"(?:\.[0-9]{1,9}+|)"
NUMBER = f"(?:[1-9]{_WHOLE_TAIL}|0){_DECIMALS}"
SIGNED = f"(?:[+-]|{MINUS}|){NUMBER}"
ARROW = f"(?:{'|'.join(ARROWS)})"
WORDS = f"(?:Increased{SP}By|Decreased{SP}By|No{SP}Change)"

BLOCK = rf"[A-Z0-9]{_STANDS}(?:{_SYMBOL_TAIL}|(?:(?<=[1-9]){_WHOLE_TAIL}|(?<=0)){_DECIMALS}){SEP}\Z"
"""A symbol or a number directly before an all-digit symbol, which makes it invalid: "KSE 30 29,577 Increased By"."""
BLOCK_REACH = 200
"""More characters than a block can have: a number of 31 and a separator of 129."""

# The first letter is spelled in both cases, because `re` then finds a set of letters in half the time.
WORDS_IN_ANY_CASE = f"(?:(?:[Ii](?i:n)|[Dd](?i:e))(?i:creased{SP}by)|[Nn](?i:o{SP}change))"
TO_ARROW = f"(?:{SEP}|){ARROW}"
SUSPICIOUS = f"{WORDS_IN_ANY_CASE}{TO_ARROW}|({WORDS})"
"""Words that could belong to a quote. Those in the group only do so directly after a token with a digit."""


@cache
def byte_pattern(pattern: str) -> re.Pattern[bytes]:
    """Compile a pattern for bytes in normal form on first use. The cache of `re` is too small to keep it."""
    return re.compile(pattern.encode(), re.DOTALL)


@cache
def quote_pattern(has_bars: bool) -> re.Pattern[bytes]:
    """Return the pattern of a quote, for text with or without "|"; without, it is faster.

    Its groups are symbol and price, movement, change and percent, each with the separator after it. It does not check
    for a `BLOCK`.
    """
    sep = SEP if has_bars else SP
    movement = f"{WORDS}(?:{sep}{ARROW}|)"
    return byte_pattern(rf"({SYMBOL}{sep}{NUMBER}{sep})({movement}{sep})({SIGNED}{sep}\({SIGNED}%\))")
