"""The target, driven by Hypothesis for a few seconds, and what longer runs of other engines have found."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.target import check
from tests.strategies import near_quotes, quotes

BEGINNINGS = [
    b"<html>",
    b"<?xml",
    b'{"text": "',
    b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 9\r\n\r\n",
    b"WARC/1.1\nWARC-Type: response\nContent-Length: 60\n\nHTTP/1.1 200 OK\nContent-Encoding: gzip\n\n",
    b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: text/html; charset=x\n\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf<p>",
    b"\n\n%PDF-",
    b"PK\x03\x04",
    gzip.compress(b"AGL 40.00 No Change 0.00 (0%)"),
    gzip.compress(b"WARC/1.0\n")[:-4],
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ\x00",
    b"BZh91AY&SY",
]
"""What bytes begin with that are no plain text."""

FROM_FUZZING = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"\xff\xfe\0\0", id="a-mark-that-is-of-UTF-16-and-might-be-of-UTF-32"),
    pytest.param("\ufeff\ufeffAGL 40.00 No Change ▼ 0.00 (0%)".encode(), id="two-marks-before-a-quote"),
]


@pytest.mark.parametrize("content", FROM_FUZZING)
def test_what_has_been_found(content: bytes) -> None:
    check(content)


@settings(max_examples=300)
@given(near_quotes)
def test_what_is_made_of_parts_of_quotes(text: str) -> None:
    check(text.encode("utf-8", "surrogateescape"))


@settings(max_examples=100)
@given(st.lists(quotes(), max_size=4), st.sampled_from(["\n", " ", "", "\r\n", " x ", "|", "\t(", "\r"]))
def test_what_is_made_of_quotes_in_any_spelling(spelled: list[tuple[str, object]], between: str) -> None:
    check(between.join(text for text, _ in spelled).encode())


@settings(max_examples=200)
@given(st.binary(max_size=2000))
def test_bytes(content: bytes) -> None:
    check(content)


@settings(max_examples=200)
@given(st.sampled_from(BEGINNINGS), st.one_of(near_quotes, st.binary(max_size=500)))
def test_what_begins_like_another_kind_of_input(beginning: bytes, rest: str | bytes) -> None:
    check(beginning + (rest if isinstance(rest, bytes) else rest.encode("utf-8", "surrogateescape")))
