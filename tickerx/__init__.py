"""Find stock quotes on ticker boards in text, web pages and crawls.

>>> import tickerx
>>> [quote] = tickerx.find("AIRLINK 129.53 Decreased By ▼ -2.20 (-1.67%)")
>>> quote.symbol, quote.price, quote.previous_close
('AIRLINK', Decimal('129.53'), Decimal('131.73'))
"""

TYPE_CHECKING = False  # type checkers know this name; importing typing for it would take longer than all the rest

__all__ = [
    "CompressedError",
    "DamagedError",
    "Direction",
    "Document",
    "FigureError",
    "Kind",
    "Layout",
    "LayoutError",
    "Malformed",
    "MalformedError",
    "PageError",
    "Quote",
    "RefusedError",
    "ShrunkError",
    "UnreadableError",
    "__version__",
    "compile_layout",
    "find",
    "read",
    "read_arrow",
    "read_documents",
]

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tickerx.batches import read_arrow
    from tickerx.engine.batches import FigureError
    from tickerx.grammar.reports import Malformed, MalformedError
    from tickerx.inputs.compressed import CompressedError
    from tickerx.inputs.documents import DamagedError
    from tickerx.inputs.files import RefusedError, ShrunkError, UnreadableError
    from tickerx.inputs.pages import PageError
    from tickerx.layouts.layout import Layout, LayoutError, compile_layout
    from tickerx.library import Document, find, read, read_documents
    from tickerx.quote import Direction, Kind, Quote
else:
    # Public names load on first use: the command must be ready for signals before it loads the rest.
    _HOMES = {
        "batches": ("read_arrow",),
        "engine.batches": ("FigureError",),
        "grammar.reports": ("Malformed", "MalformedError"),
        "inputs.compressed": ("CompressedError",),
        "inputs.documents": ("DamagedError",),
        "inputs.files": ("RefusedError", "ShrunkError", "UnreadableError"),
        "inputs.pages": ("PageError",),
        "layouts.layout": ("Layout", "LayoutError", "compile_layout"),
        "library": ("Document", "find", "read", "read_documents"),
        "quote": ("Direction", "Kind", "Quote"),
    }

    def __getattr__(name):  # noqa: ANN001, ANN202 - type checkers must not see it, or they accept any name
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names:
                globals()[name] = getattr(import_module(f"tickerx.{home}"), name)
                return globals()[name]
        raise AttributeError(f"module 'tickerx' has no attribute {name!r}")

    def __dir__():  # noqa: ANN202
        return __all__
