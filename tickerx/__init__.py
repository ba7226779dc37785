"""Find the stock quotes of a ticker board in any text.

>>> import tickerx
>>> [quote] = tickerx.find("AIRLINK 129.53 Decreased By ▼ -2.20 (-1.67%)")
>>> quote.symbol, quote.price, quote.previous_close
('AIRLINK', Decimal('129.53'), Decimal('131.73'))
"""

import os
from collections.abc import Iterator

from tickerx.inputs import BinaryFile, CompressedError, ShrunkError, open_file, read_blocks
from tickerx.quote import Direction, Kind, Quote
from tickerx.scanner import scan

__all__ = ["CompressedError", "Direction", "Kind", "Quote", "ShrunkError", "__version__", "find", "read"]

__version__ = "0.1.0"


def find(text: str) -> Iterator[Quote]:
    """Yield the quotes of a text, in its order. Their file is None."""
    for found in scan([text.encode("utf-8", "surrogatepass")]):
        yield from found.quotes(None)


def read(source: str | os.PathLike[str] | BinaryFile) -> Iterator[Quote]:
    """Yield the quotes of a file, given by its path or open for bytes, as they are read.

    The file of a quote is the path, or the name that an open file has. A path is opened with the first quote that is
    asked for, and closed after the last. Nothing is kept of what was read.

    Raises `OSError` where the system cannot read, `CompressedError` for a compressed file, and `ShrunkError` for one
    that is cut while it is read.
    """
    if isinstance(source, str | os.PathLike):
        with open_file(source) as file:
            yield from _read(file, os.fspath(source))
    else:
        name = getattr(source, "name", None)
        yield from _read(source, name if isinstance(name, str) else None)


def _read(file: BinaryFile, name: str | None) -> Iterator[Quote]:
    for found in scan(read_blocks(file)):
        yield from found.quotes(name)
