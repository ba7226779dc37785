"""Each format gives back what was written into it."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import whole
from tickerx.inputs.names import file_name
from tickerx.outputs.escaping import escaped
from tickerx.outputs.formats import WRITERS, Batch
from tickerx.outputs.table import grouped

NAMES = ["file", "line", "symbol", "price"]
Row = tuple[str, str, str, str]

file_names = st.text(st.characters(codec="utf-8"), min_size=1).map(file_name)
rows = st.tuples(file_names, st.integers(1).map(str), st.sampled_from(["AGL", "786"]), st.sampled_from(["40.00", "0"]))
row_batches = st.lists(st.lists(rows, min_size=1, max_size=3), max_size=3)


def written(format: str, batches: list[list[Row]], header: bool = True) -> str:
    writer = WRITERS[format]
    columns: list[Batch] = [list(zip(*batch, strict=True)) for batch in batches]
    texts = (writer.rows(batch, NAMES).encode() for batch in columns)
    return b"".join(whole(writer, texts, NAMES, header)).decode()


def flat(batches: list[list[Row]]) -> list[list[str]]:
    return [list(row) for batch in batches for row in batch]


@given(row_batches)
def test_csv_reads_back_equal(batches: list[list[Row]]) -> None:
    text = written("csv", batches)
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [NAMES, *flat(batches)]


@given(row_batches)
def test_tsv_reads_back_equal(batches: list[list[Row]]) -> None:
    codes = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
    header, *lines = written("tsv", batches).split("\n")[:-1]
    fields = [[re.sub(r"\\.", lambda code: codes[code[0]], field) for field in line.split("\t")] for line in lines]
    assert [header.split("\t"), *fields] == [NAMES, *flat(batches)]


@given(row_batches, st.sampled_from(["json", "jsonl"]))
def test_json_reads_back_equal(batches: list[list[Row]], format: str) -> None:
    text = written(format, batches)
    objects = (
        json.loads(text, parse_float=str, parse_int=str)
        if format == "json"
        else [json.loads(line, parse_float=str, parse_int=str) for line in text.split("\n")[:-1]]
    )
    assert [list(row) for row in objects] == [NAMES] * len(objects)
    assert [list(row.values()) for row in objects] == flat(batches)


@given(row_batches)
def test_markdown_has_a_line_and_four_cells_for_each_row(batches: list[list[Row]]) -> None:
    header, rule, *lines = written("markdown", batches).split("\n")[:-1]
    assert (header, rule) == ("| file | line | symbol | price |", "| --- | ---: | --- | ---: |")
    cells = [
        [re.sub(r"\\([\W_])", r"\1", cell) for cell in re.findall(r"\| ((?:\\.|[^\\|])*?) (?=\|)", line)]
        for line in lines
    ]
    assert cells == [[escaped(row[0]), *row[1:]] for row in flat(batches)]


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        pytest.param("csv", '"a,""b""\t\\\n\r|",1,AGL,40.00\n', id="csv"),
        pytest.param("tsv", 'a,"b"\\t\\\\\\n\\r|\t1\tAGL\t40.00\n', id="tsv"),
        pytest.param("jsonl", '{"file":"a,\\"b\\"\\t\\\\\\n\\r|","line":1,"symbol":"AGL","price":40.00}\n', id="jsonl"),
        pytest.param("markdown", '| a,"b"\\\\t\\\\\\\\n\\\\r\\| | 1 | AGL | 40.00 |\n', id="markdown"),
    ],
)
def test_a_name_with_special_characters_of_a_format_is_one_field_on_one_line(format: str, expected: str) -> None:
    name = 'a,"b"\t\\\n\r|'
    assert written(format, [[(name, "1", "AGL", "40.00")]], header=False) == expected


@pytest.mark.parametrize("mark", "\\|`*_~<&[]")
def test_a_mark_of_markdown_is_escaped(mark: str) -> None:
    text = written("markdown", [[(f"{mark}{mark}x{mark}", "1", "AGL", "40.00")]], header=False)
    assert text == f"| \\{mark}\\{mark}x\\{mark} | 1 | AGL | 40.00 |\n"


@pytest.mark.parametrize(
    ("format", "header", "expected"),
    [
        ("csv", True, "file,line,symbol,price\n"),
        ("csv", False, ""),
        ("tsv", True, "file\tline\tsymbol\tprice\n"),
        ("tsv", False, ""),
        ("json", True, "[]\n"),
        ("json", False, "[]\n"),
        ("jsonl", True, ""),
        ("markdown", True, "| file | line | symbol | price |\n| --- | ---: | --- | ---: |\n"),
        ("markdown", False, ""),
    ],
)
def test_an_empty_result_is_a_header_or_an_empty_array(format: str, header: bool, expected: str) -> None:
    assert written(format, [], header) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("AGL 40.00 ▼ é 文", "AGL 40.00 ▼ é 文", id="what-prints-stays"),
        pytest.param("\x1b[31m\t\0\x7f\x9b", "\\x1b[31m\\t\\x00\\x7f\\x9b", id="controls"),
        pytest.param("\u202e\u2066\u200b\ufeff\u00ad", "\\u202e\\u2066\\u200b\\ufeff\\xad", id="bidi-and-zero-width"),
        pytest.param("\u2028\u00a0\u202f", "\\u2028\\xa0\\u202f", id="separators-that-look-like-others"),
        pytest.param("\udcff", "\\xff", id="a-byte-that-is-not-UTF-8"),
        pytest.param("\ud800\U000e0001", "\\ud800\\U000e0001", id="a-surrogate-and-a-tag"),
    ],
)
def test_what_does_not_print_is_spelled_out(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("page.txt", "page.txt"),
        ("-", "-"),
        ("-page", "./-page"),
        ("=1+1", "./=1+1"),
        ("+1", "./+1"),
        ("@x", "./@x"),
        ("\t=1+1", "./\t=1+1"),
        ("\r=1+1", "./\r=1+1"),
        ("\udcff.txt", "\\xff.txt"),
        ("dir/=x", "dir/=x"),
    ],
)
def test_the_name_of_a_file_is_valid_text_and_no_formula(path: str, expected: str) -> None:
    assert file_name(path) == expected


@pytest.mark.parametrize(
    ("figure", "expected"),
    [("0", "0"), ("-0.16", "-0.16"), ("999", "999"), ("1781.9", "1,781.9"), ("+104559.5000", "+104,559.5000")],
)
def test_figures_are_grouped_by_threes_for_the_eye(figure: str, expected: str) -> None:
    assert grouped(figure) == expected
