"""Documents, the places that could not be read, and times as dumps print them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickerx.inputs.documents import Document, Trouble, utc

TIMES = [
    pytest.param(
        "2013-05-18T05:46:52Z", "2013-05-18T05:46:52Z", id="as FineWeb, RedPajama, OSCAR, DCLM and WARC print it"
    ),
    pytest.param("2019-04-25T12:57:54Z", "2019-04-25T12:57:54Z", id="as C4 prints it"),
    pytest.param("2020-05-27T12:49:56.000Z", "2020-05-27T12:49:56Z", id="as Dolma prints it, with milliseconds"),
    pytest.param("2024-04-17T05:12:33.999999999Z", "2024-04-17T05:12:33Z", id="a fraction is cut off, not rounded"),
    pytest.param("2024-04-17T05:12:33,5Z", "2024-04-17T05:12:33Z", id="a fraction after a comma"),
    pytest.param("2024-04-17T05:12:33", "2024-04-17T05:12:33Z", id="no offset is UTC"),
    pytest.param("2024-04-17 05:12:33", "2024-04-17T05:12:33Z", id="a space instead of T"),
    pytest.param("2024-04-17 05:12:33 UTC", "2024-04-17T05:12:33Z", id="as BigQuery prints it"),
    pytest.param("2024-04-17t05:12:33z", "2024-04-17T05:12:33Z", id="small letters"),
    pytest.param("2024-04-17T05:12Z", "2024-04-17T05:12:00Z", id="no seconds, as WARC/1.1 allows"),
    pytest.param("2024-04-17T05:12:33+05:00", "2024-04-17T00:12:33Z", id="east of Greenwich"),
    pytest.param("2024-04-17T20:12:33-0530", "2024-04-18T01:42:33Z", id="west of Greenwich, and the next day"),
    pytest.param("2024-04-17T05:12:33-00:30", "2024-04-17T05:42:33Z", id="minutes of an offset have its sign"),
    pytest.param("2024-04-17 05:12:33+05", "2024-04-17T00:12:33Z", id="an offset of hours, as PostgreSQL prints it"),
    pytest.param("20240417051233", "2024-04-17T05:12:33Z", id="14 digits, as in the index of a crawl"),
    pytest.param("20240417T051233Z", "2024-04-17T05:12:33Z", id="the basic form"),
    pytest.param("2024-04-17", "2024-04-17T00:00:00Z", id="a date alone is its midnight"),
    pytest.param("20240417", "2024-04-17T00:00:00Z", id="a date of 8 digits"),
    pytest.param("1713330753", "2024-04-17T05:12:33Z", id="seconds since 1970"),
    pytest.param("1713330753.75", "2024-04-17T05:12:33Z", id="seconds since 1970 with a fraction"),
    pytest.param("1713330753123", "2024-04-17T05:12:33Z", id="milliseconds since 1970"),
    pytest.param("1713330753123456", "2024-04-17T05:12:33Z", id="microseconds since 1970"),
    pytest.param("1713330753123456789", "2024-04-17T05:12:33Z", id="nanoseconds since 1970"),
    pytest.param(" 2024-04-17T05:12:33Z\n", "2024-04-17T05:12:33Z", id="blanks around it"),
    pytest.param("2024-02-29", "2024-02-29T00:00:00Z", id="a leap day"),
    pytest.param("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", id="a leap second is the second before it"),
    pytest.param("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", id="the first year"),
    pytest.param("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", id="the last year"),
]

NO_TIMES = [
    pytest.param("", id="nothing"),
    pytest.param("n.d.", id="words"),
    pytest.param("2024", id="a year"),
    pytest.param("2024-04", id="a month"),
    pytest.param("2023-02-29", id="a day that was not"),
    pytest.param("2024-13-01", id="a 13th month"),
    pytest.param("2024-04-17T24:00:00Z", id="a 25th hour"),
    pytest.param("2024-04-17T05:12:33+24:00", id="an offset of a day"),
    pytest.param("0000-01-01", id="the year 0"),
    pytest.param("0001-01-01T00:00:00+01:00", id="a year before the first"),
    pytest.param("9999-12-31T23:59:59-01:00", id="a year after the last"),
    pytest.param("٢٠٢٤-٠٤-١٧", id="digits of another script"),
    pytest.param("2024-04-17T05:12:33Z, 2024-04-18T05:12:33Z", id="two times"),
    pytest.param("0", id="a count of nothing"),
    pytest.param("17133307531", id="11 digits are neither seconds nor milliseconds"),
    pytest.param("-1713330753", id="seconds before 1970"),
    pytest.param("1.7e9", id="an exponent"),
    pytest.param("nan", id="no number"),
    pytest.param("Wed, 17 Apr 2024 05:12:33 GMT", id="a date of HTTP"),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time_is_shown_in_utc(text: str, expected: str) -> None:
    assert utc(text) == expected


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_left_empty(text: str) -> None:
    assert utc(text) == ""


offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=offsets), st.sampled_from(["T", " "]))
def test_any_time_of_iso_8601_is_read(time: datetime, separator: str) -> None:
    shown = utc(time.isoformat(separator))
    assert datetime.fromisoformat(shown) == time.astimezone(UTC).replace(microsecond=0)
    assert utc(shown) == shown


@given(st.text() | st.from_regex(r"[0-9TZ:+. -]{0,40}"))
def test_any_text_is_a_time_or_nothing(text: str) -> None:
    shown = utc(text)
    assert shown == "" or utc(shown) == shown


def test_a_document_is_all_of_its_blocks() -> None:
    assert Document((b"AGL ", b"40.00")).content == b"AGL 40.00"


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        pytest.param(Trouble("the record is cut off", offset=12), "byte 12: the record is cut off", id="in an archive"),
        pytest.param(
            Trouble("the page is nested too deeply", url="https://a.example/"),
            "https://a.example/ : the page is nested too deeply",
            id="with an address",
        ),
        pytest.param(Trouble("expected a JSON object", line=3), "line 3: expected a JSON object", id="in JSON Lines"),
    ],
)
def test_trouble_says_its_place(trouble: Trouble, expected: str) -> None:
    assert str(trouble) == expected
