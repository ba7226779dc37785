"""What the command reports, and what its checks make of it."""

import csv
import gzip
import io
import json
import os
import re
from pathlib import Path

import pytest

from tests.support import HEADER, Result, Tickerx

DAMAGED = Path(__file__).parent / "damaged"
NAMES = sorted({path.stem for path in DAMAGED.iterdir()})

SOUND = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\n"
SOUND_ROW = "AGL,40.00,-0.16,-0.4,down,stock\n"
BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"
BAD_REPORT = """\
:1:5: expected a price
  AGL 40.0O Decreased By ▼ -0.16 (-0.4%)
      ^^^^^
"""
SUSPECT = "AGL 40.00 Decreased By ▼ -0.16 (-0.5%)\n"
SUSPECT_ROW = "AGL,40.00,-0.16,-0.5,down,stock\n"
COUNTED = "1 quote contradicts its own figures; --strict shows it"
SUSPECT_REPORT = """\
:1:33: the percent should be -0.4
  AGL 40.00 Decreased By ▼ -0.16 (-0.5%)
                                  ^^^^
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_board_gives_exactly_the_reports_beside_it(tickerx: Tickerx, name: str) -> None:
    (tickerx.folder / f"{name}.txt").write_bytes((DAMAGED / f"{name}.txt").read_bytes())
    result = tickerx("--strict", "-n", f"{name}.txt")
    assert (result.status, result.stderr) == (1, (DAMAGED / f"{name}.stderr").read_text("utf-8"))
    assert result.stdout == (DAMAGED / f"{name}.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "stdin", "expected"),
    [
        pytest.param([], BAD, Result(0, HEADER, f"tickerx: -{BAD_REPORT}"), id="malformed-is-reported"),
        pytest.param(["-q"], BAD, Result(0, HEADER, ""), id="quiet-is-quiet"),
        pytest.param(["--strict"], BAD, Result(1, HEADER, f"tickerx: -{BAD_REPORT}"), id="strict-fails-by-it"),
        pytest.param(["--strict", "-q"], BAD, Result(1, HEADER, ""), id="strict-and-quiet"),
        pytest.param(
            [], SUSPECT, Result(0, HEADER + SUSPECT_ROW, f"tickerx: {COUNTED}\n"), id="suspect-is-a-row-like-any-other"
        ),
        pytest.param(
            [],
            SUSPECT * 2000,
            Result(
                0,
                HEADER + SUSPECT_ROW * 2000,
                "tickerx: 2,000 quotes contradict their own figures; --strict shows them\n",
            ),
            id="suspects-are-counted",
        ),
        pytest.param(["-q"], SUSPECT, Result(0, HEADER + SUSPECT_ROW, ""), id="quiet-counts-none"),
        pytest.param(
            ["--strict"],
            SUSPECT,
            Result(1, HEADER + SUSPECT_ROW, f"tickerx: -{SUSPECT_REPORT}"),
            id="strict-reports-what-is-suspect",
        ),
        pytest.param(["--strict", "-e"], SOUND, Result(0, HEADER + SOUND_ROW, ""), id="both-checks-hold"),
        pytest.param(["-e"], "prose", Result(1, HEADER, ""), id="no-row-fails-when-asked"),
        pytest.param(["-e"], SOUND, Result(0, HEADER + SOUND_ROW, ""), id="a-row-does-not"),
        pytest.param(
            ["-e", "--strict"], SUSPECT, Result(1, HEADER + SUSPECT_ROW, f"tickerx: -{SUSPECT_REPORT}"), id="both"
        ),
        pytest.param(
            ["-e", "--strict", "missing", "-"],
            BAD,
            Result(2, HEADER, f"tickerx: missing: No such file or directory\ntickerx: -{BAD_REPORT}"),
            id="trouble-outranks-both",
        ),
        pytest.param(
            ["-c", "sound,symbol"],
            SUSPECT + SOUND,
            Result(0, "sound,symbol\nfalse,AGL\ntrue,AGL\n", f"tickerx: {COUNTED}\n"),
            id="c",
        ),
    ],
)
def test_checks_and_reports(tickerx: Tickerx, arguments: list[str], stdin: str, expected: Result) -> None:
    assert tickerx(*arguments, stdin=stdin) == expected


def test_sound_is_true_or_false_in_json(tickerx: Tickerx) -> None:
    assert tickerx("-f", "jsonl", "-c", "sound", stdin=SUSPECT + SOUND).stdout == '{"sound":false}\n{"sound":true}\n'


def test_the_table_marks_what_is_suspect(tickerx: Tickerx) -> None:
    lines = tickerx("-f", "table", "-c", "symbol", stdin=SOUND + SUSPECT).stdout.splitlines()
    assert lines[2:4] == ["AGL", "AGL    !"]
    assert lines[-1].endswith("! 1 suspect")


def test_after_20_reports_for_an_input_the_rest_are_counted(tickerx: Tickerx) -> None:
    for name in ("a", "b"):
        (tickerx.folder / name).write_text(BAD * 23, "utf-8")
    result = tickerx("a", "b")
    places = re.findall(r"tickerx: (\w):([0-9]+):5: expected a price", result.stderr)
    assert places == [(name, str(line)) for name in "ab" for line in range(1, 21)]
    assert re.findall(r"tickerx: (\w): (3 more .*)", result.stderr) == [
        (name, "3 more like these; --rejects FILE keeps them all") for name in "ab"
    ]


ASCII_ARROW = "AGL 40.00 Decreased By v -0.16 (-0.4%)\n"
TAGS = "1. <b>AGL</b> 40.00 Decreased By ▼ -0.16 (-0.4%)\n"
BROKEN = "AGL\n40.00\nDecreased By ▼\n-0.16\n(-0.4%)\n"
COLOURED = "\x1b[31mAGL\x1b[0m 40.00 Decreased By ▼ -0.16 (-0.4%)\n"
RECODED = SOUND.encode().decode("windows-1252")
CAUSES = [
    pytest.param(TAGS, "HTML", "tickerx --from html < 'a b'", id="tags"),
    pytest.param(BROKEN, "quotes broken over several lines", r"tr -s '\r\n' ' ' < 'a b' | tickerx", id="broken-lines"),
    pytest.param(
        COLOURED,
        "colours of a terminal",
        r"sed 's/\x1b\[[0-9;]*[A-Za-z]//g' < 'a b' | tickerx",
        id="colours",
    ),
    pytest.param(
        RECODED,
        "UTF-8 that was read as Windows-1252 once",
        "iconv -f UTF-8 -t WINDOWS-1252 < 'a b' | tickerx",
        id="text-that-was-decoded-wrongly",
    ),
    pytest.param(
        SOUND.replace("-", "\udc96").replace("▼ ", ""),
        "Windows-1252, not UTF-8",
        "iconv -f WINDOWS-1252 -t UTF-8 < 'a b' | tickerx",
        id="another-encoding",
    ),
]


@pytest.mark.parametrize(("text", "cause", "remedy"), CAUSES)
def test_twenty_reports_with_one_cause_end_with_the_command_that_helps(
    tickerx: Tickerx, text: str, cause: str, remedy: str
) -> None:
    (tickerx.folder / "a b").write_text(text * 20, "utf-8", "surrogateescape")
    result = tickerx("a b")
    assert result.stderr.splitlines()[-1] == f"tickerx: a b: this looks like {cause}; try: {remedy}"
    assert tickerx.shell(f"{remedy} --no-header") == (0, SOUND_ROW * 20, "")


CELLS = SOUND.replace(" ", "\n").replace("Decreased\n", "Decreased ")
ALL_COLOURED = re.sub(r"(\S+)", "\x1b[32m\\1\x1b[0m", SOUND)
FRAGMENT = "<section><b>AGL</b> <i>40.00</i> <b>Decreased By</b> &#9660; <i>-0.16</i> (-0.4%)</section>\n"
SAVED = f"""\
Subject: Market
MIME-Version: 1.0
Content-Type: multipart/related;
 boundary="b"

--b
Content-Type: text/html

<p>{FRAGMENT * 2}</p>
--b--
"""
CELLS_OF_CSV = 'AGL,40.00,"Decreased By",▼,-0.16,(-0.4%)\n'
DISGUISES = [
    pytest.param(FRAGMENT.encode() * 2, "HTML", "tickerx --from html < 'a b'", id="a-part-of-a-page"),
    pytest.param(SAVED.encode(), "HTML", "tickerx --from html < 'a b'", id="a-page-in-a-mail"),
    pytest.param(
        CELLS_OF_CSV.encode() * 2, "cells between commas", "tr '\",;' ' ' < 'a b' | tickerx", id="cells-of-CSV"
    ),
    pytest.param(
        CELLS.replace("\n", "\r\n").encode() * 2,
        "quotes broken over several lines",
        r"tr -s '\r\n' ' ' < 'a b' | tickerx",
        id="lines-broken-by-CRLF",
    ),
    *(
        pytest.param(
            SOUND.encode(encoding),
            f"{encoding[:6]} without a byte-order mark",
            f"iconv -f {encoding} -t UTF-8 < 'a b' | tickerx",
            id=encoding,
        )
        for encoding in ("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")
    ),
    pytest.param(
        ALL_COLOURED.encode() * 2,
        "colours of a terminal",
        r"sed 's/\x1b\[[0-9;]*[A-Za-z]//g' < 'a b' | tickerx",
        id="colours",
    ),
    pytest.param(
        CELLS.encode() * 2, "quotes broken over several lines", r"tr -s '\r\n' ' ' < 'a b' | tickerx", id="broken-lines"
    ),
]


@pytest.mark.parametrize(("content", "cause", "remedy"), DISGUISES)
def test_quotes_that_are_not_seen_are_named_with_the_command_that_reads_them(
    tickerx: Tickerx, content: bytes, cause: str, remedy: str
) -> None:
    (tickerx.folder / "a b").write_bytes(content)
    assert tickerx("a b") == (0, HEADER, f"tickerx: a b: this looks like {cause}; try: {remedy}\n")
    assert tickerx("-q", "a b") == (0, HEADER, "")
    assert tickerx.shell(remedy).stdout.startswith(HEADER + SOUND_ROW)


@pytest.mark.parametrize("name", ["cells.txt.gz", "cells.jsonl", "page.html"])
def test_no_command_is_named_for_what_is_not_plain_text(tickerx: Tickerx, name: str) -> None:
    contents = {
        "cells.txt.gz": gzip.compress(CELLS.encode() * 3),
        "cells.jsonl": json.dumps({"text": CELLS * 3}).encode(),
        "page.html": b"<html>" + b"<p>AGL 40.00 Increased By &amp;#9650; 0.16 (0.4%)</p>\n" * 20,
    }
    (tickerx.folder / name).write_bytes(contents[name])
    assert "this looks like" not in tickerx(name).stderr


def test_a_mail_of_too_many_parts_says_nothing(tickerx: Tickerx) -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1200))
    mail = f"Subject: <1.25 2.25 3.25 4.25 5.25 6.25>\n{parts}"
    assert tickerx(stdin=mail) == (0, HEADER, "")


def test_a_fifo_is_not_opened_again(tickerx: Tickerx) -> None:
    os.mkfifo(tickerx.folder / "fifo")
    (tickerx.folder / "cells").write_text(CELLS * 3, "utf-8")
    assert "; --suggest shows how to read it" in tickerx.shell("cat cells > fifo & tickerx fifo; wait").stderr


def test_binary_zeros_alone_say_nothing(tickerx: Tickerx) -> None:
    assert tickerx(stdin=b"\0" * 10_000 + b"AGL") == (0, HEADER, "")


def test_the_arrows_of_lynx_in_ascii_are_recognised(tickerx: Tickerx) -> None:
    messages = tickerx(stdin=ASCII_ARROW * 21).stderr.splitlines()
    assert messages[-2:] == [
        "tickerx: -: 1 more like these; --rejects FILE keeps them all",
        "tickerx: -: this looks like a page that lynx wrote in ASCII; give tickerx the page itself",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TAGS * 19, id="too-few"),
        pytest.param(TAGS * 19 + BAD, id="one-without-the-cause"),
        pytest.param(BAD * 20, id="no-known-cause"),
        pytest.param(f"${SOUND}" * 20, id="symbols-with-a-sign"),
        pytest.param(SOUND.lower() * 20, id="symbols-in-lower-case"),
        pytest.param("Caf\udce9 " + BAD.replace("▼", "x ▼") * 20, id="a-stray-byte-elsewhere"),
    ],
)
def test_reports_without_a_common_cause_name_none(tickerx: Tickerx, text: str) -> None:
    assert "this looks like" not in tickerx(stdin=text.encode("utf-8", "surrogateescape")).stderr


def test_standard_input_is_no_file_in_the_command_that_helps(tickerx: Tickerx) -> None:
    assert tickerx(stdin=TAGS * 20).stderr.splitlines()[-1].endswith("HTML; try: tickerx --from html")


def test_reports_of_one_line_come_in_the_order_of_their_columns(tickerx: Tickerx) -> None:
    result = tickerx("--strict", stdin=f"{SUSPECT[:-1]} {BAD[:-1]} {SUSPECT[:-1]} {BAD}{SUSPECT}")
    assert re.findall("^tickerx: -:([0-9]+):([0-9]+)", result.stderr, re.MULTILINE) == [
        ("1", "33"), ("1", "44"), ("1", "111"), ("1", "122"), ("2", "33"),
    ]  # fmt: skip


def test_reports_show_nothing_that_a_terminal_would_obey(tickerx: Tickerx) -> None:
    result = tickerx(
        stdin="\x1b[2J\u202e agl 40.00 Increased By ▲ 0.16 (0.4%)\udcff".encode("utf-8", "surrogateescape")
    )
    assert result.stderr.splitlines()[1:] == [
        r"  \x1b[2J\u202e agl 40.00 Increased By ▲ 0.16 (0.4%)\xff",
        "                ^^^",
    ]


def test_a_long_line_is_shown_as_a_window_around_the_place(tickerx: Tickerx) -> None:
    result = tickerx(stdin="x" * 100_000 + " agl 40.00 Increased By ▲ 0.16 (0.4%)" + " x" * 100)
    head, line, carets = result.stderr.splitlines()
    assert head == "tickerx: -:1:100002: expected a symbol"
    assert line == f"  …{'x' * 37} agl 40.00 Increased By ▲ 0.16 (0.4%) x…"
    assert carets.index("^^^") == line.index("agl")


def test_rejects_are_csv_that_can_be_mended_and_read_again(tickerx: Tickerx) -> None:
    (tickerx.folder / "page").write_text(f'x "{BAD[:-1]} y, z\n{SUSPECT}KSE100 97,3288 Increased By 1 (1%)\n', "utf-8")
    result = tickerx("--strict", "-q", "--rejects", "rejects.csv", "page")
    assert result == Result(1, HEADER + SUSPECT_ROW, "")
    text = (tickerx.folder / "rejects.csv").read_text("utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == ["file", "line", "column", "reason", "text", "url", "document"]
    assert rows == [
        ["page", "1", "8", "expected a price", BAD[:-1] + " y, z", "", "1"],
        ["page", "2", "33", "the percent should be -0.4", SUSPECT[:-1], "", "1"],
        ["page", "3", "8", "expected a price", "KSE100 97,3288 Increased By 1 (1%)", "", "1"],
    ]
    mended = "\n".join(row[4] for row in rows).replace("40.0O", "40.00")
    assert tickerx("-q", stdin=mended).stdout == HEADER + SOUND_ROW + SUSPECT_ROW


def test_rejects_without_strict_are_the_malformed_alone(tickerx: Tickerx) -> None:
    result = tickerx("-q", "--rejects", "-", "-o", "rows.csv", stdin=SUSPECT + BAD)
    assert result == Result(0, f"file,line,column,reason,text,url,document\n-,2,5,expected a price,{BAD[:-1]},,1\n", "")
    assert (tickerx.folder / "rows.csv").read_text("utf-8") == HEADER + SUSPECT_ROW


def test_rejects_keep_bytes_that_are_not_utf_8(tickerx: Tickerx) -> None:
    tickerx("-q", "--rejects", "rejects.csv", stdin=b"AGL 40.0\xff Decreased By \xe2\x96\xbc -0.16 (-0.4%)\n")
    assert b",AGL 40.0\xff Decreased By \xe2\x96\xbc" in (tickerx.folder / "rejects.csv").read_bytes()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param("tickerx -o out --rejects out", "the rows are written there", id="one-new-file"),
        pytest.param("echo x > out; ln out two; tickerx -o out --rejects two", "rows are written there", id="a-link"),
        pytest.param("tickerx --rejects out > out", "the rows are written there", id="standard-output"),
        pytest.param("tickerx --rejects -", "the rows are written there", id="both-on-standard-output"),
        pytest.param("tickerx --rejects /dev/stdout", "the rows are written there", id="by-a-device"),
        pytest.param("echo x > in; tickerx --rejects in in", "this input is also the output", id="an-input"),
        pytest.param("tickerx --rejects no/rejects", "no/rejects: No such file or directory", id="no-folder"),
    ],
)
def test_rejects_that_would_overwrite_something_are_refused(tickerx: Tickerx, script: str, words: str) -> None:
    result = tickerx.shell(f"{{ {script}; }} < /dev/null")
    assert result.status == 2
    assert words in result.stderr
    assert "symbol" not in result.stdout


def test_trouble_leaves_old_rejects_and_a_failed_check_replaces_them(tickerx: Tickerx) -> None:
    path = tickerx.folder / "rejects.csv"
    path.write_text("old", "utf-8")
    assert tickerx("-q", "--rejects", "rejects.csv", "missing", "-", stdin=BAD).status == 2
    assert path.read_text("utf-8") == "old"
    assert tickerx("-q", "--strict", "--rejects", "rejects.csv", stdin=BAD).status == 1
    assert BAD[:-1] in path.read_text("utf-8")


def test_verbose_counts_no_input_where_a_list_names_none(tickerx: Tickerx) -> None:
    (tickerx.folder / "board.txt").write_text(SOUND, "utf-8")
    (tickerx.folder / "list").write_bytes(b"\0board.txt")
    assert "tickerx: inputs 1, " in tickerx("-v", "--files0-from", "list").stderr
    assert "tickerx: inputs 0, " in tickerx("-v", "--files0-from", "missing").stderr


def test_verbose_counts_at_the_end(tickerx: Tickerx) -> None:
    (tickerx.folder / "a").write_text(SOUND + SUSPECT, "utf-8")
    result = tickerx("-v", "a", "-", stdin=BAD + "no line end")
    assert re.sub("[0-9.]+$", "T", result.stderr) == (
        f"tickerx: -{BAD_REPORT}tickerx: {COUNTED}\n"
        "tickerx: inputs 2, lines 4, quotes 2, rows 2, malformed 1, suspect 1, bytes 134, seconds T\n"
    )


def test_reports_are_coloured_at_a_terminal_only(tickerx: Tickerx) -> None:
    assert "\x1b" not in tickerx("--color", "always", stdin=BAD).stderr


def test_reports_that_cannot_be_written_change_no_status(tickerx: Tickerx) -> None:
    assert tickerx.shell(f"printf '{BAD.strip().replace('%', '%%')}' | tickerx 2>&-") == Result(0, HEADER, "")
    assert tickerx.shell(f"printf '{BAD.strip().replace('%', '%%')}' | tickerx --strict 2>/dev/full").status == 1
