"""The rule for what is reported if it is not a quote, as docs/reference.md words it and not as the code applies it."""

import re

__all__ = ["COMMITS"]

_BEFORE = " \t\u00a0\u202f\n\r\f\v\ufeff\u200b|()[{<>\"':;*•"
_SP = "[ \t\u00a0\u202f]{1,64}"
_SEP = rf"(?:{_SP}\|?[ \t\u00a0\u202f]{{0,64}}|\|[ \t\u00a0\u202f]{{0,64}})"
_WORDS = f"(?:Increased{_SP}By|Decreased{_SP}By|No{_SP}Change)"
_SYMBOL = r"(?:(?=[0-9.&/-]*[A-Z])[A-Z0-9][A-Z0-9.&/-]{0,19}|[0-9]{1,6})"
_WHOLE = (
    "(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}|[1-9][0-9]?(?:,[0-9]{2}){1,5},[0-9]{3}"
    "|[1-9][0-9]?,[0-9]{3})"
)
_NUMBER = rf"{_WHOLE}(?:\.[0-9]{{1,9}})?"

COMMITS = re.compile(
    rf"(?<![^{re.escape(_BEFORE)}]){_SYMBOL}{_SEP}{_NUMBER}{_SEP}{_WORDS}(?![a-z])"
    rf"|(?ai:{_WORDS})(?:{_SEP})?[▲△▴↑▼▽▾↓]"
    rf"|[0-9][^ \t\u00a0\u202f\n\r|()\[{{<\":;]*{_SEP}{_WORDS}{_SEP}[-+−–]?{_NUMBER}{_SEP}\("
)
