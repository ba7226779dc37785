"""Find the stock quotes of a ticker board in any text.

>>> import tickerx
>>> [quote] = tickerx.find("AIRLINK 129.53 Decreased By ▼ -2.20 (-1.67%)")
>>> quote.symbol, quote.price, quote.previous_close
('AIRLINK', Decimal('129.53'), Decimal('131.73'))
"""

TYPE_CHECKING = False  # as in typing, which would have to be loaded for it

if TYPE_CHECKING:
    from tickerx.inputs import CompressedError, ShrunkError
    from tickerx.library import find, read
    from tickerx.quote import Direction, Kind, Quote
    from tickerx.report import Malformed, MalformedError

__all__ = [
    "CompressedError",
    "Direction",
    "Kind",
    "Malformed",
    "MalformedError",
    "Quote",
    "ShrunkError",
    "__version__",
    "find",
    "read",
]

__version__ = "0.1.0"

_HOMES = {
    "inputs": ("CompressedError", "ShrunkError"),
    "library": ("find", "read"),
    "quote": ("Direction", "Kind", "Quote"),
    "report": ("Malformed", "MalformedError"),
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: the command must be ready for signals before it loads the rest."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            globals()[name] = getattr(import_module(f"tickerx.{home}"), name)
            return globals()[name]
    raise AttributeError(f"module 'tickerx' has no attribute {name!r}")
