"""Patterns of `re` that mean the same on every supported Python."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from re import _constants, _parser  # type: ignore[attr-defined]  # typeshed leaves them out
from typing import Any

import pytest

import tickerx

OF_EXTRAS = ("tickerx.inputs.parquet", "tickerx.outputs.arrow", "tickerx.spark")
"""What loads pyarrow, and has no pattern."""

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(tickerx.__path__, "tickerx.")
    if name not in ("tickerx.__main__", *OF_EXTRAS)
]

SIMPLE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY, _constants.RANGE}
"""What one character matches; a repeat of it never backtracks inside."""


def patterns() -> Iterator[Any]:
    """Yield each pattern of a module: compiled anywhere, as text in the grammar."""
    for module in map(import_module, MODULES):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield pytest.param(value.pattern, id=f"{module.__name__}.{name}")
            elif isinstance(value, str) and ".grammar." in module.__name__ and is_pattern(value):
                yield pytest.param(value, id=f"{module.__name__}.{name}")


def is_pattern(text: str) -> bool:
    """Say whether a text compiles; other texts are words and characters from which patterns are built."""
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def possessive_groups(parsed: Any) -> list[Any]:
    """Return what a pattern repeats possessively besides single characters."""
    found = []
    for operation, argument in parsed:
        if operation is _constants.POSSESSIVE_REPEAT:
            [*items] = argument[2]
            found += [items] if [kind for kind, _ in items if kind not in SIMPLE] or len(items) > 1 else []
        found += [group for part in nested(argument) for group in possessive_groups(part)]
    return found


def nested(argument: Any) -> Iterator[Any]:
    """Yield the patterns inside the argument of an operation."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (list, tuple)):
        for part in argument:
            yield from nested(part)


def test_the_check_knows_a_possessive_repeat_of_a_group() -> None:
    assert possessive_groups(_parser.parse("(?:a(?:bc*){1,9}+|d)"))
    assert not possessive_groups(_parser.parse("(?:a[bc]{1,9}+|d++)*"))


@pytest.mark.parametrize("pattern", list(patterns()))
def test_no_pattern_repeats_a_group_possessively(pattern: str | bytes) -> None:
    """CPython before 3.11.5 matches such a repeat too far (gh-106052)."""
    assert possessive_groups(_parser.parse(pattern)) == []
