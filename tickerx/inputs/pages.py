"""Read HTML pages as text: whether an input is a page, its encoding, and its text line by line."""

import codecs
import re
from collections.abc import Iterator

from tickerx.inputs.files import UnreadableError

__all__ = [
    "DEEPEST_PAGE",
    "MOST_TAGS",
    "SOFT",
    "PageError",
    "decode_page",
    "is_page",
    "may_hold_board",
    "may_hold_quote",
    "page_text",
]

DEEPEST_PAGE = 50_000
"""The deepest nesting of elements that is read. Browsers flatten anything deeper than 512."""

MOST_TAGS = 5_000_000
"""About the most tags that are read; they take up to 2.5 GB of memory."""


class PageError(UnreadableError):
    """A web page is too large, or nested too deeply, to be read."""

    __module__ = "tickerx"

    def __init__(self, flaw: str) -> None:
        super().__init__(flaw)
        self.flaw = flaw

    @property
    def reason(self) -> str:
        return f"the page {self.flaw}"


# The table of the WHATWG MIME Sniffing Standard, "Identifying a resource with an unknown MIME type".
_TAGS = rb"!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P"
_PAGE = re.compile(rb"[\t\n\f\r ]*<(?:(?:%b)[ >]|!--)" % _TAGS, re.IGNORECASE)
_XML = re.compile(rb"[\t\n\f\r ]*<\?xml")
_XHTML = re.compile(rb"<(?:!DOCTYPE )?HTML[\s>]", re.IGNORECASE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_page(head: bytes) -> bool:
    """Say whether an input is an HTML page, by its first bytes. The standard looks at 1,445 of them.

    The rule is that of the WHATWG MIME Sniffing Standard, also after a byte-order mark. Input that the standard takes
    for XML is a page if it is XHTML.
    """
    if head.startswith(_UTF_16):
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(codecs.BOM_UTF8)
    return bool(_PAGE.match(head) or (_XML.match(head) and _XHTML.search(head)))


# The encodings of the WHATWG Encoding Standard, by the names of Python's codecs, and what web pages mean by them. Pages
# cannot use other codecs: some do not decode to text, and UTF-7 hides markup.
_THEMSELVES = (
    "utf-8 big5hkscs cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 euc_jp "
    "gb18030 iso2022_jp iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 "
    "iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-cyrillic mac-roman utf-16-be utf-16-le"
)
_MEANT = {name: name for name in _THEMSELVES.split()} | {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "utf-16": "utf-16-le",
}
_LABEL = re.compile(r"[a-z0-9_:\-]{1,40}")
_DECLARATION = 1024
"""The first bytes of a page, in which it declares its encoding."""
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED = re.compile(
    rb"<meta[\s/][^>]*?charset\s*=\s*[\"']?\s*([^\s\"'/;>]+)|<\?xml[^>]*?encoding\s*=\s*[\"']\s*([^\s\"'>]+)",
    re.IGNORECASE,
)
_ARROW = re.compile(rb"\xe2(?:\x96[\xb2-\xb4\xbc-\xbe]|\x86[\x91\x93])")
"""▲ △ ▴ ↑ ▼ ▽ ▾ ↓ in UTF-8."""


def decode_page(content: bytes, charset: str | None = None) -> str:
    """Return the characters of a page, with U+FFFD for invalid bytes.

    The encoding comes from its byte-order mark, or else the charset in HTTP, or else the first 1,024 bytes of the page.
    If none of these has a known encoding, the page is UTF-8 if it is valid UTF-8, and otherwise windows-1252.
    """
    if content.startswith(_UTF_16):
        return content.decode("utf-16", "replace")
    if content.startswith(codecs.BOM_UTF8):
        return content[len(codecs.BOM_UTF8) :].decode("utf-8", "replace")
    return content.decode(_find_codec(charset or "") or _declared_codec(content) or _guess_codec(content), "replace")


def _declared_codec(content: bytes) -> str | None:
    """Return the codec of the first known encoding that a page declares."""
    for match in _DECLARED.finditer(_COMMENT.sub(b"", content[:_DECLARATION])):
        if codec := _find_codec((match[1] or match[2]).decode("latin-1")):
            # According to the standard, a declaration that can be read as ASCII is not in UTF-16.
            return "utf-8" if codec.startswith("utf-16") else codec
    return None


def _find_codec(label: str) -> str | None:
    """Return the codec that an encoding label means on the web, or None for an unknown label."""
    label = label.strip("\t\n\f\r ").lower()
    if not _LABEL.fullmatch(label):
        return None
    plain = label.removeprefix("x-").removesuffix("-i")
    for name in (plain, plain.replace("windows-", "cp")):
        try:
            return _MEANT.get(codecs.lookup(name).name)
        except LookupError:
            pass
    return None


def _guess_codec(content: bytes) -> str:
    """Return the codec of a page that declares none: UTF-8 if it is valid but for a cut end, or has a UTF-8 arrow."""
    try:
        codecs.utf_8_decode(content)
    except UnicodeDecodeError:
        # One invalid byte must not cost a board its arrows. No page has the same bytes in windows-1252, such as "â–¼".
        return "utf-8" if _ARROW.search(content) else "cp1252"
    return "utf-8"


_WORDS_IN_ANY_CASE = re.compile(rb"creased|change")
_MAY_BE_ARROW = re.compile(
    rb"\xe2[\x86\x96]|&#0*+(?:859[35]|96[56][0-9])|&#x0*+(?:219[13]|25b[2-4c-e])|&[a-z]{0,24}(?:arr|tri)"
)
_COMMENT_IN_WORD = re.compile(rb"<(?<=[a-z]<)(?:[!?]|/[^a-z]|/?wbr)")
_LETTER = re.compile(rb"&#(?:0*+(?:[6-9][0-9]|1[0-2][0-9])(?![0-9])|x0*+[4-7][0-9a-f](?![0-9a-f]))")


def may_hold_quote(content: bytes) -> bool:
    """Say quickly whether a page may have a quote of the built-in grammar, damaged or not.

    It never misses one: not if the words are in any case before an arrow, and not if comments or character references
    split them.
    """
    if b"creased" in content or b"Change" in content:
        return True
    if b"\0" in content or b"\x1b" in content:  # UTF-16 has NULs in its words, ISO-2022-JP may have ESC
        return True
    lower = content.lower()
    if _WORDS_IN_ANY_CASE.search(lower) and (_MAY_BE_ARROW.search(lower) or _guess_codec(content) != "utf-8"):
        return True
    return (_LETTER.search(lower) or _COMMENT_IN_WORD.search(lower)) is not None


_CELL_WITH_DECIMALS = re.compile(rb">[^<>]*[0-9][.,][0-9]{1,4}[^<>]*<")
_LEAST_CELLS = 6


def may_hold_board(content: bytes) -> bool:
    """Say quickly whether a page may have a board in any layout: figures with decimals in several elements."""
    cells = zip(_CELL_WITH_DECIMALS.finditer(content), range(_LEAST_CELLS), strict=False)
    return sum(1 for _ in cells) == _LEAST_CELLS


# Characters that replace tags in the source, so that they appear in the text. Unicode reserves them for use within a
# program, so they mean nothing in any text.
_TAG, _EDGE, _ROW, _KEPT, _KEPT_END, _AREA = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5"
SOFT = _EDGE
"""A mark at the edges of blocks in the text of a page, so that a caller can decide which of them end lines."""
_MARK = re.compile("[\ufdd0-\ufdd5]")

_ROWS = "tr /tr li /li option /option br /br hr /hr dt"
_BLOCKS = (
    "address article aside blockquote body caption center dd details dialog dir div dl fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup html legend main menu nav ol optgroup p search section select summary "
    "table tbody tfoot thead ul"
)
_PREFORMATTED = "listing plaintext pre xmp"
_RAW = ("iframe", "noembed", "noframes", "script", "style", "template", "title")
"""Elements whose content is not text, and may look like tags."""

_MARKS = {
    **{slash + name: _EDGE for name in _BLOCKS.split() for slash in ("", "/")},
    **dict.fromkeys(_ROWS.split(), _ROW),
    "/dt": _EDGE,
    **dict.fromkeys(_PREFORMATTED.split(), _EDGE + _KEPT),
    **{f"/{name}": _KEPT_END + _EDGE for name in _PREFORMATTED.split()},
    "wbr": "",  # a place in a word where a line may break
    "/wbr": "",
}
"""The marks for tags that are more than a space."""

_KEPT_TAGS = {
    **{name: f"{_TAG}<wbr><{name}></wbr" for name in _RAW},
    **{f"/{name}": f"{_TAG}</{name}><wbr></wbr" for name in _RAW},
    "textarea": f"{_EDGE}<wbr><textarea>{_AREA}",
    "/textarea": f"{_KEPT_END}{_EDGE}</textarea><wbr></wbr",
    "!doctype": "<!",  # a comment
}
"""The replacements for tags that the parser needs in order to know which text is not shown."""

_TAG_START = re.compile(r"<(/?[a-z][^\t\n\f\r />]*+|!doctype)(>?)", re.IGNORECASE)
_SELF_CLOSED = re.compile(r"[^<>]*+(?<=/)>")
_SHADOW = re.compile(r"[^<>]*?\sshadowrootmode\s*=", re.IGNORECASE)

_NESTED = re.compile(
    r"<(/?)(a|article|aside|b|big|blockquote|button|center|code|div|dl|em|fieldset|font|footer|form|header|i|main|nav"
    r"|ol|s|script|section|small|span|strong|style|table|tt|u|ul)[\s/>]",
    re.IGNORECASE,
)
"""Tags of the elements that hold others and must be closed, and of those that hold text alone."""

_AREA_ATTRIBUTES = re.compile(f"{_AREA}[^>]*+>?")
_KEPT_TEXT = re.compile(f"{_KEPT}[^{_KEPT_END}]*+")


def page_text(content: bytes, charset: str | None = None, soft: str = " ") -> str:
    """Return the text of a page as lines, each without blanks at its ends. ``charset`` is the one from HTTP.

    Every tag becomes a space, except after "(" and before "%" or ")", because pages put figures into separate elements.
    A line ends at the end of a row in a table or list, after "%)", and at a line end within `pre` and `textarea`. The
    edges of all other blocks become ``soft``, because boards are also made of such blocks. Hidden text counts, but not
    scripts, styles, templates, the title, comments and attributes.

    Raises `PageError`.
    """
    page = decode_page(content, charset)
    if _MARK.search(page):
        page = _MARK.sub("\ufffd", page)  # the page's own marks must not count
    _check(page)
    text = _AREA_ATTRIBUTES.sub(_KEPT, _parse(_TAG_START.sub(_flatten, page)))
    text = _KEPT_TEXT.sub(lambda kept: kept[0].replace("\n", _ROW), text).replace("\n", " ")
    while _TAG + _TAG in text:
        text = text.replace(_TAG + _TAG, _TAG)
    text = text.replace(f"({_TAG}", "(").replace(f"{_TAG}%", "%").replace(f"{_TAG})", ")").replace("%)", f"%){_ROW}")
    for mark, meaning in ((_TAG, " "), (_EDGE, soft), (_KEPT, ""), (_KEPT_END, ""), (_ROW, "\n")):
        text = text.replace(mark, meaning)
    lines = (b" ".join(line.split()) for line in text.encode().split(b"\n"))  # bytes split at the blanks of HTML alone
    return b"".join(line + b"\n" for line in lines if line).decode()


def _check(page: str) -> None:
    """Raise `PageError` for a page with too many tags, or with elements nested too deeply."""
    tags = page.count("<")
    if tags > MOST_TAGS:
        raise PageError(f"has more than {MOST_TAGS:,} tags")
    if tags > DEEPEST_PAGE and max(_depths(page), default=0) > DEEPEST_PAGE:
        raise PageError(f"is nested more than {DEEPEST_PAGE:,} elements deep")


def _depths(page: str) -> Iterator[int]:
    """Yield how deep the elements of a page are nested, tag by tag. What scripts and styles hold are no tags."""
    depth, raw = 0, ""
    for slash, name in _NESTED.findall(page):
        if name.lower() in ("script", "style"):
            raw = name.lower() if not slash and not raw else "" if slash and name.lower() == raw else raw
        elif not raw:
            depth += -1 if slash else 1
            yield depth


def _flatten(tag: re.Match[str]) -> str:
    """Return the replacement for the beginning of a tag: its mark, and an empty element.

    lexbor takes quadratic time to build a deep tree, to join pieces of text in it, and to give an element many
    attributes. This avoids all three: the attributes now belong to an end tag, which has none. In a comment, an
    attribute or a script, where the tag is not a tag, the replacement is not text either.
    """
    name, end = tag[1].lower(), tag[2]
    mark = _MARKS.get(name)
    if mark is None:
        if name in _KEPT_TAGS and not _is_open(tag, name):
            return _KEPT_TAGS[name] + end
        mark = _TAG
    return mark + ("</wbr>" if end else "<wbr></wbr")


def _is_open(tag: re.Match[str], name: str) -> bool:
    """Say whether a raw element hides nothing: it is self-closing, as in XML and SVG, or a template that is shown."""
    if name == "template" and _SHADOW.match(tag.string, tag.end()):
        return True
    return not tag[2] and _SELF_CLOSED.match(tag.string, tag.end()) is not None


def _parse(page: str) -> str:
    from selectolax.lexbor import LexborHTMLParser  # loaded only to read pages

    tree = LexborHTMLParser(page)
    tree.strip_tags([*_RAW])
    return tree.text()
