"""A page is read as the text that it shows, whatever its markup, its encoding and its faults."""

import html.entities
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import near_quotes, quotes
from tests.support import BOARD
from tickerx import Quote, find
from tickerx.grammar.terminals import ARROWS
from tickerx.inputs.pages import DEEPEST_PAGE, MOST_TAGS, PageError, decode_page, is_page, may_hold_quote, page_text

LINES = [*BOARD.splitlines(), "M&M 7.00 Increased By ▲ 0.50 (7.69%)", "786 9.10 No Change ▼ 0.00 (0%)"]


def read(text: str) -> list[Quote]:
    """Return the quotes of a text, which has nothing malformed, without their lines."""
    reports: list[object] = []
    found = [replace(quote, line=1) for quote in find(text, on_malformed=reports.append)]
    assert reports == []
    return found


QUOTES = read("\n".join(LINES))

# A quote's cells: its symbol, price, words and arrow, change and percent.
CELLS = [re.findall(r"\S+ By(?: [▲▼])?|No Change(?: [▲▼])?|\S+", html.escape(line)) for line in LINES]


def rows(row: str, cell: str, separator: str = "") -> str:
    """Return a board whose quotes and their cells are put into markup."""
    return separator.join(row % separator.join(cell % text for text in cells) for cells in CELLS)


MARKUPS = {
    "table": "<table>\n" + rows("<tr>\n%s</tr>\n", " <td>\n%s\n </td>\n") + "</table>",
    "table-without-end-tags": "<table>" + rows("<tr>%s", "<td>%s"),
    "div-and-span": rows('<div class="q">%s</div>', "<span>%s</span>"),
    "div-and-span-with-spaces": rows("<div>%s</div>", "<span>%s</span>", "\n "),
    "divs-in-a-div": "<div>" + rows("<div>%s</div>", "<div>%s</div>") + "</div>",
    "list": "<ul>" + "".join(f"<li>{' '.join(cells)}{'</li>' * (n % 2)}" for n, cells in enumerate(CELLS)),
    "br": "<br>".join(map(html.escape, LINES)),
    "pre": "<pre>\n" + "\n".join(map(html.escape, LINES)) + "</pre>",
    "textarea": "<textarea rows=9 title='a'>" + "\n".join(map(html.escape, LINES)) + "</textarea>",
    "anchors": "".join(f'<a href="?a=1&b">{"&nbsp;".join(cells)}</a>&nbsp;&nbsp;' for cells in CELLS),
    "cards": "".join(
        f"<a href=/x><h3>{cells[0]}</h3>{''.join(f'<p>{cell}</p>' for cell in cells[1:])}</a>" for cells in CELLS
    ),
    "definition-list": "<dl>" + "".join(f"<dt>{cells[0]}</dt><dd>{' '.join(cells[1:])}</dd>" for cells in CELLS),
    "select": "<select>" + rows("<option>%s", "%s ") + "</select>",
    "hidden-words": re.sub(
        "((?:In|De)creased By|No Change)", r'<i class="visually-hidden">\1</i>', rows("<p>%s</p>", "<b>%s</b>")
    ),
    "parts-of-a-percent": re.sub(r"\((\S+)%\)", r"(<b>\1</b><small>%</small>)", "<br>".join(map(html.escape, LINES))),
    "comments-of-a-framework": re.sub(
        r"\((\S+)%\)", r"(<!-- -->\1<!-- -->%<!-- -->)", "<br>".join(map(html.escape, LINES))
    ),
    "svg": "<svg><title/><style/><g>" + rows("<text>%s</text>", "<tspan>%s</tspan>") + "</g></svg>",
    "a-shadow-that-is-shown": '<x-q><template shadowrootmode="open">' + rows("<p>%s</p>", "<b>%s</b>") + "</template>",
}
PAGE = """<!DOCTYPE html>
<html lang=en><head>{meta}<title>OLD 1.00 Increased By 0.50 (100%)</title>
<style>/* OLD 1.00 Increased By 0.50 (100%) */</style></head>
<body><script>if (1 <2) "<td>OLD 1.00 Increased By 0.50 (100%)</td>"</script>
<!-- <tr><td>OLD 1.00 Increased By 0.50 (100%) -->
<template><p>OLD 1.00 Increased By 0.50 (100%)</template>
<img alt="> OLD 1.00 Increased By 0.50 (100%)" src=x>
<iframe>OLD 1.00 Increased By 0.50 (100%)</iframe><noframes>OLD 1.00 Increased By 0.50 (100%)</noframes>
<h1>Prices &mdash; today</h1>{board}<p>All of it.</body></html>"""
ENCODINGS = {
    "utf-8": ("", "utf-8"),
    "utf-8 with a byte-order mark": ("<meta charset=koi8-r>", "utf-8-sig"),
    "utf-8 in a meta element": ('<meta charset="UTF-8">', "utf-8"),
    "utf-16": ("<meta charset=utf-8>", "utf-16"),
    "windows-1252": ("<meta charset=windows-1252>", "cp1252"),
    "iso-8859-1": ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
    "no word of windows-1252": ("<p>caf\u00e9</p>", "cp1252"),
    "koi8-r": ("<!-- <meta charset=utf-16> --><META CHARSET='koi8-r'>", "koi8-r"),
    "shift_jis": ("<meta charset=x-sjis>", "cp932"),
    "gb2312": ("<meta charset=gb2312>", "gb18030"),
}


@pytest.mark.parametrize(("markup", "encoding"), [*product(MARKUPS, ENCODINGS)])
def test_the_same_board_gives_the_same_quotes(markup: str, encoding: str) -> None:
    meta, codec = ENCODINGS[encoding]
    page = PAGE.format(meta=meta, board=MARKUPS[markup]).encode(codec, "xmlcharrefreplace")
    assert is_page(page[:1445])
    assert may_hold_quote(page)
    text = page_text(page)
    assert read(text) == QUOTES
    assert [line.count("%)") for line in text.splitlines() if "%)" in line] == [1] * len(QUOTES)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param("a<b>b</b><i>c</i> d", "a b c d\n", id="every-tag-is-a-space"),
        pytest.param("a<p>b</p><div>c</div><h1>d</h1>e", "a b c d e\n", id="blocks-do-not-break-a-line"),
        pytest.param("a<br>b<hr>c<BR/>d</br>e", "a\nb\nc\nd\ne\n", id="br-and-hr-do"),
        pytest.param("<table><tr><td>a<td>b<tr><td>c</table>d", "a b\nc d\n", id="rows-of-tables-do"),
        pytest.param("<ul><li>a<li>b</li></ul>c", "a\nb\nc\n", id="items-of-lists-do"),
        pytest.param("<dl><dt>a</dt><dd>b</dd><dt>c<dd>d</dl>", "a b\nc d\n", id="terms-of-lists-do"),
        pytest.param("a (1%) b (2<b>%</b>) c", "a (1%)\nb (2%)\nc\n", id="a-percent-in-parentheses-ends-a-line"),
        pytest.param("( <b>1</b> % )", "( 1 % )\n", id="spaces-of-the-page-stay"),
        pytest.param("a\n \t b\r\nc\fd", "a b c d\n", id="white-space-collapses"),
        pytest.param("a&nbsp;&nbsp;b\u2003c", "a\u00a0\u00a0b\u2003c\n", id="other-spaces-do-not"),
        pytest.param("a\n<pre>\nb  c\r\nd</pre>e\nf<pre>g\nh", "a\nb c\nd e f g\nh\n", id="pre-keeps-its-lines"),
        pytest.param("<textarea a='>' b>a\nb</textarea>c", "' b>a\nb c\n", id="textarea-keeps-its-lines"),
        pytest.param("a<!-- <p> -->b<!x>c<?y?>d<wbr>e", "abcde\n", id="comments-are-nothing"),
        pytest.param("<noscript>a</noscript>", "a\n", id="what-a-page-without-scripts-shows-is-text"),
        pytest.param('<a title="<p>b" href=x>c</a>', "c\n", id="tags-in-attributes-are-none"),
        pytest.param("<script>'<!--<script>'</script>'</script>b", "b\n", id="a-script-in-a-script"),
        pytest.param("<script src=x />a<style>b</style>c", "a c\n", id="a-script-that-closes-itself"),
        pytest.param("a<script>b", "a\n", id="a-script-without-an-end"),
        pytest.param("a<!-- b", "a\n", id="a-comment-without-an-end"),
        pytest.param("a<b c='d", "a\n", id="a-tag-without-an-end"),
        pytest.param("a < b <3 </ x>&lt;p&gt; &amp", "a < b <3 <p> &\n", id="what-is-no-tag"),
        pytest.param("a&#x25B2;&#9660;&utrif;&dtrif;", "a▲▼▴▾\n", id="arrows-as-references"),
        pytest.param("a\0b", "ab\n", id="a-nul-is-nothing"),
        pytest.param("", "", id="an-empty-page"),
        pytest.param("<p></p> <br>", "", id="a-page-without-words"),
    ],
)
def test_what_the_text_of_a_page_is(page: str, text: str) -> None:
    assert page_text(page.encode()) == text


def test_edges_of_blocks_end_lines_for_those_who_ask() -> None:
    page = b"<h3>AGL</h3><p>40.00</p><div>a <b>b</b></div>c<table><td>d<td>e</table>f<pre>g\nh</pre>i"
    assert page_text(page, soft="\n") == "AGL\n40.00\na b\nc\nd e\nf\ng\nh\ni\n"


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        pytest.param(b"\xef\xbb\xbf\xe2\x96\xb2", "koi8-r", "▲", id="a-byte-order-mark-comes-first"),
        pytest.param("▲".encode("utf-16"), "utf-8", "▲", id="one-of-utf-16-too"),
        pytest.param(b"<meta charset=utf-8>\xc1", "koi8-r", "<meta charset=utf-8>а", id="then-what-http-says"),
        pytest.param("▲".encode("utf-16-le"), "utf-16", "▲", id="which-may-be-utf-16"),
        pytest.param(b"<meta charset=koi8-r>\xc1", "nonsense", "<meta charset=koi8-r>а", id="then-the-page"),
        pytest.param(b"<meta charset=no><meta charset=koi8-r>\xc1", None, "<meta charset=no><meta charset=koi8-r>а",
                     id="what-is-unknown-is-passed-over"),
        pytest.param(b'<?xml version="1.0" encoding="koi8-r"?>\xc1', None, '<?xml version="1.0" encoding="koi8-r"?>а',
                     id="the-xml-declaration-counts"),
        pytest.param(b"<meta charset=utf-16>\xc3\xa9", None, "<meta charset=utf-16>é", id="utf-16-there-is-utf-8"),
        pytest.param(b"<meta charset=us-ascii>\x80", None, "<meta charset=us-ascii>€", id="ascii-is-windows-1252"),
        pytest.param(b" " * 1024 + b"<meta charset=koi8-r>\xc1", None, " " * 1024 + "<meta charset=koi8-r>Á",
                     id="a-page-says-so-in-its-first-1024-bytes"),
        pytest.param(b"\xc3\xa9", None, "é", id="then-it-is-utf-8"),
        pytest.param(b"\xc3\xa9\xc3", None, "é\ufffd", id="also-if-it-is-cut-off"),
        pytest.param(b"\xe9 \x80\x81", None, "é €\ufffd", id="else-windows-1252"),
        pytest.param(b"\xe9 \xe2\x96\xb2", None, "\ufffd ▲", id="but-for-arrows-of-utf-8"),
        pytest.param(b"\xc3\xa9", "utf-7", "é", id="utf-7-is-no-encoding-of-a-page"),
        pytest.param(b"6869", "hex", "6869", id="nor-is-a-codec-of-python"),
        pytest.param(b"a", "idna.x\0\u00e9", "a", id="nor-is-what-cannot-be-a-label"),
        pytest.param(b"\xe0", " X-CP1251 ", "а", id="labels-are-in-any-case"),
        pytest.param(b"\xe0", "windows-874", "เ", id="labels-that-only-the-web-knows"),
        pytest.param(b"\xe0", "iso-8859-8-i", "א", id="labels-of-hebrew"),
    ],
)  # fmt: skip
def test_the_encoding_of_a_page(content: bytes, charset: str | None, text: str) -> None:
    assert decode_page(content, charset) == text


TAGS = ("!DOCTYPE HTML", "HTML", "HEAD", "SCRIPT", "IFRAME", "H1", "DIV", "FONT", "TABLE", "A", "STYLE", "TITLE")


@pytest.mark.parametrize("tag", [*TAGS, "B", "BODY", "BR", "P"])
def test_the_tags_of_the_standard_begin_a_page(tag: str) -> None:
    for spelled, end, mark in product((tag, tag.lower()), " >", ("", "\t\n\f\r ")):
        head = f"{mark}<{spelled}{end}"
        assert is_page(head.encode())
        assert is_page(head.encode("utf-8-sig"))
        assert is_page(head.encode("utf-16"))
    assert not is_page(f"<{tag}".encode())
    assert not is_page(f"<{tag}x>".encode())
    assert not is_page(f"x<{tag}>".encode())


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(b"<!-- saved from -->", True, id="a-comment"),
        pytest.param(b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC', True, id="xhtml"),
        pytest.param(b'<?xml version="1.0"?><html xmlns="x">', True, id="xhtml-without-a-doctype"),
        pytest.param(b'<?xml version="1.0"?><rss>', False, id="other-xml"),
        pytest.param(b"<span>a</span>", False, id="a-tag-that-is-not-in-the-table"),
        pytest.param(b"<>AGL 40.00", False, id="text"),
        pytest.param(b"\0<html>", False, id="what-follows-something-else"),
        pytest.param(b"", False, id="nothing"),
    ],
)
def test_what_begins_a_page(head: bytes, expected: bool) -> None:
    assert is_page(head) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(b"<p>Prose that does change &amp; says so, isn&#39;t it &#8212; caf\xc3\xa9", False, id="prose"),
        pytest.param(b"Increased", True, id="a-word"),
        pytest.param(b"No Change", True, id="another-word"),
        pytest.param("Increased".encode("utf-16-be"), True, id="a-word-in-utf-16"),
        pytest.param("AGL 1 increased by ▲".encode(), True, id="a-word-in-another-case-and-an-arrow"),
        pytest.param(b"AGL 1 INCREASED BY &#x25b2;", True, id="and-an-arrow-as-a-reference"),
        pytest.param(b"AGL 1 no change &uparrow;", True, id="and-an-arrow-by-its-name"),
        pytest.param("AGL 1 no change ▲".encode("cp932"), True, id="and-an-arrow-in-another-encoding"),
        pytest.param(b"In&#99;reased", True, id="a-letter-as-a-reference"),
        pytest.param(b"In&#X0063reased", True, id="in-another-spelling"),
        pytest.param(b"Incre<!-- -->ased", True, id="a-comment-in-a-word"),
        pytest.param(b"Incre<WBR>ased", True, id="a-break-in-a-word"),
        pytest.param(b"Incre\x1b(Based", True, id="a-shift-of-iso-2022-jp-in-a-word"),
    ],
)
def test_what_need_not_be_parsed(page: bytes, expected: bool) -> None:
    assert may_hold_quote(page) == expected


@pytest.mark.parametrize("name", [name for name, text in html.entities.html5.items() if text in ARROWS])
def test_every_name_of_an_arrow_is_seen(name: str) -> None:
    assert may_hold_quote(f"AGL 40.00 increased by &{name}".encode())


def test_a_page_nested_too_deep_is_refused() -> None:
    with pytest.raises(PageError, match=r"^the page is nested more than 50,000 elements deep$"):
        page_text(b"<div>" * (DEEPEST_PAGE + 1) + BOARD.encode())
    error = pickle.loads(pickle.dumps(PageError("is odd")))  # noqa: S301 - its own pickle
    assert (str(error), error.flaw) == ("the page is odd", "is odd")


@pytest.mark.parametrize("name", ["script", "STYLE"])
def test_tags_in_the_text_of_a_script_are_not_nested(name: str) -> None:
    data = rb"<div>x<\/div>" * (DEEPEST_PAGE + 1)
    page = b"<html><%b>var data = '%b'</%b><p>%b</p>" % (name.encode(), data, name.encode(), BOARD.encode())
    assert read(page_text(page)) == QUOTES[:3]


def test_a_page_with_too_many_tags_is_refused() -> None:
    with pytest.raises(PageError, match=r"^the page has more than 5,000,000 tags$"):
        page_text(b"<p>" * (MOST_TAGS + 1))


@pytest.mark.parametrize(
    "tags", [b"<div>%s</div>", b"<b>%s</b>", b"<table><tr><td>%s</table>", b"<p>%s", b"<x-y a=b>%s"]
)
def test_depth_and_number_of_tags_do_not_hide_a_board(tags: bytes) -> None:
    start, _, end = tags.partition(b"%s")
    deep = start * 20_000 + BOARD.encode() + end * 20_000
    wide = tags.replace(b"%s", b"") * DEEPEST_PAGE + BOARD.encode()
    assert read(page_text(deep)) == read(page_text(wide)) == QUOTES[:3]


HOSTILE = """
import resource, sys
from contextlib import suppress
from tickerx.inputs.pages import PageError, page_text
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
for name in "p", "/p", "wbr", "script", "/script", "textarea", "pre":
    page_text(f"x<{name} {' '.join(map('a{}'.format, range(50_000)))}>".encode())
for fragment in sys.argv[1:]:
    with suppress(PageError):
        page_text(fragment.encode() * (1_000_000 // len(fragment)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
@pytest.mark.parametrize(
    "fragments",
    [
        pytest.param(["<x>", "<x a=1>", "<p>", "<p a>", "<b a>", "</b>x", "x</b a=1>"], id="tags"),
        pytest.param(["<a ", "<!--", "<", "</", "<!x>", "<![CDATA[", "<script ", "<textarea "], id="beginnings"),
        pytest.param(["<template>", "<script>", "<script a>x</script b>", "<svg/>", "<title/>x"], id="raw-elements"),
        pytest.param(["<pre>", "</pre>\n", "<textarea a>x", "\ufdd0%", "\ufdd3", "\ufdd5"], id="marks-of-its-own"),
        pytest.param(['x<!doctype a PUBLIC "b" "c">', "x&lt;", "&#", "&", "%)", "&#0;x", "(<x>"], id="text"),
        pytest.param(["<p><b a=1>", "<a href=1><div>", "<table><b>x", "<ul><li>", "<b><p></b>"], id="adoptions"),
    ],
)
def test_hostile_pages_take_linear_time(fragments: list[str]) -> None:
    subprocess.run([sys.executable, "-c", HOSTILE, *fragments], check=True)


TAGS_AND_MORE = [
    *("<p>", "</p>", "<td>", "<tr>", "<b a=1>", "</b>", "<br>", "<wbr>", "<pre>", "</pre>", "<svg>", "<style/>", "<a "),
    *("<script>", "</script>", "<textarea>", "</textarea>", "<template>", "</template>", "<!-- ", "-->", "<!", "</"),
    *("&nbsp;", "&#9650;", "&#99;", "&lt", "<meta charset=utf-16>", "\0", "\ufdd0", "\ufdd3", ">", '"'),
]
markup = st.lists(st.one_of(near_quotes, st.sampled_from(TAGS_AND_MORE))).map("".join)


@given(st.one_of(st.binary(), markup.map(lambda text: text.encode("utf-8", "surrogateescape"))), st.text(max_size=9))
def test_any_bytes_are_a_page(content: bytes, charset: str) -> None:
    assert isinstance(decode_page(content, charset), str)
    text = page_text(content, charset, "\n")
    assert "\n\n" not in text
    assert text == "" or text.endswith("\n")
    is_page(content)


@given(markup.map(lambda text: text.encode("utf-8", "surrogateescape")))
def test_what_has_a_quote_is_always_parsed(content: bytes) -> None:
    reports: list[object] = []
    found = list(find(page_text(content), on_malformed=reports.append))
    assert may_hold_quote(content) or not (found or reports)


@given(st.lists(quotes().map(lambda quote: quote.text)))
def test_a_board_escaped_in_a_pre_reads_as_its_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert read(page_text(f"<pre>\n{html.escape(text)}</pre>".encode())) == read(text)


@pytest.mark.parametrize("mark", "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5")
def test_a_character_of_a_page_repairs_no_figure(mark: str) -> None:
    page = f"<p>AGL 4{mark}0.00 Decreased By ▼ -0.16 (-0.4%)</p>"
    assert list(find(page_text(page.encode()))) == []
