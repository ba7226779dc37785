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
    sign     = "-" | "+" | "−" (U+2212) ;   arrow = one of ▲ △ ▴ ↑ ▼ ▽ ▾ ↓ ;   letter = A to Z
    sp       = 1 to 64 of space, tab, U+00A0, U+202F ;   sep = sp | [ sp ] , "|" , [ sp ] ;

Two habits keep a pattern's time linear and short. Every repeat is bounded and possessive, since what follows it never
begins with what it repeats. An optional part is written ``(?:part|)``: the engine of `re` runs that branch in half
the time of ``(?:part)?``.
"""

import re

__all__ = [
    "ARROW",
    "ARROWS",
    "BEFORE_SYMBOL",
    "BLOCK",
    "NUMBER",
    "PLAIN_LINES",
    "QUOTE",
    "SEP",
    "SEPARATORS",
    "SIGNED",
    "SPACES",
    "STEMS",
    "SYMBOL",
    "WORDS",
]

SPACES = " \t\u00a0\u202f"
SEPARATORS = SPACES + "|"
ARROWS = "▲△▴↑▼▽▾↓"
SIGNS = "-+\u2212"

SP = rf"[{SPACES}]{{1,64}}+"
SEP = rf"(?:{SP}(?:\|[{SPACES}]{{0,64}}+|)|\|[{SPACES}]{{0,64}}+)"

# A symbol stands at a line's start or after one of these; a quote's own ")" is among them.
BEFORE_SYMBOL = SPACES + "\n\r\f\v\ufeff\u200b" + "|()[{<>\"':;*•"
STANDS = f"(?<![^{re.escape(BEFORE_SYMBOL)}][A-Z0-9])"
_REST = r"[A-Z0-9.&/\-]{0,19}+"
SYMBOL_TAIL = rf"(?:(?<=[A-Z]){_REST}|(?=[0-9.&/\-]{{0,18}}[A-Z]){_REST}|(?<=[0-9])[0-9]{{0,5}}+)"
SYMBOL = f"[A-Z0-9]{STANDS}{SYMBOL_TAIL}"

_WHOLE_TAIL = r"(?:[0-9]{0,14}+|[0-9]{0,2}+(?:,[0-9]{3}){1,4}|[0-9]?(?:,[0-9]{2}){0,5},[0-9]{3})"
_DECIMALS = r"(?:\.[0-9]{1,9}+|)"
NUMBER_TAIL = f"(?:(?<=[1-9]){_WHOLE_TAIL}|(?<=0)){_DECIMALS}"
_WHOLE = f"(?:[1-9]{_WHOLE_TAIL}|0)"
NUMBER = f"{_WHOLE}{_DECIMALS}"
SIGNED = rf"(?:[{re.escape(SIGNS)}]|){NUMBER}"
ARROW = f"[{ARROWS}]"
WORDS = f"(?:Increased{SP}By|Decreased{SP}By|No{SP}Change)"
MOVEMENT = f"{WORDS}(?:{SEP}{ARROW}|)"

# An all-digit symbol that directly follows a symbol or a number is none ("KSE 30 29,577 Increased By ..."). `re` cannot
# look back over text of any length, so the quote pattern takes such a symbol together with what stands before it: its
# first group then holds a separator, which no symbol does.
_BLOCK_TAIL = f"{STANDS}(?:{SYMBOL_TAIL}|{NUMBER_TAIL}){SEP}"
BLOCK = f"[A-Z0-9]{_BLOCK_TAIL}"

QUOTE = (
    f"([A-Z0-9](?:{STANDS}{SYMBOL_TAIL}|{_BLOCK_TAIL}[0-9]{{1,6}}+))"
    rf"{SEP}({NUMBER}){SEP}({MOVEMENT}){SEP}({SIGNED}){SEP}\(({SIGNED})%\)"
)
"""A quote in one step; its groups are symbol, price, movement, change and percent, as printed.

It is compiled where it is first used: it takes long, and plain lines do not need it.
"""

_PLAIN_SIGNED = f"(?:-|){NUMBER}"
_PLAIN_PERCENT = rf"\({_PLAIN_SIGNED}%\)"
_PLAIN_SHARE = r"\.[0-9]{1,9}+ (?:Increased By ▲|Decreased By ▼|No Change ▼)"
_PLAIN_INDEX = " (?:Increased By|Decreased By|No Change)"
_PLAIN_LINE = rf"[A-Z]{_REST} {_WHOLE}(?:{_PLAIN_SHARE}|{_PLAIN_INDEX}) {_PLAIN_SIGNED} {_PLAIN_PERCENT}\r?\n"
PLAIN_LINES = re.compile(f"(?:{_PLAIN_LINE}){{1,256}}".encode())
"""Lines, in bytes, of a quote each and nothing else, as most boards print them: what `QUOTE` finds in them, at once.

Shares have a point in their price and an arrow, indices neither.
"""

STEMS = ("creased", "Change")
"""A text that holds none of these holds no quote."""
