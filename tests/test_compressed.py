"""Compressed data gives all that it holds, and then says what is wrong with it."""

import bz2
import gzip
import importlib
import lzma
import pickle
import random
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickerx.inputs.compressed import CompressedError, compression, decompress

zstd: Any = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

TEXT = b"".join(b"AGL %d.00 Decreased By -0.16 (-0.4%%)\n" % price for price in range(40))
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32),
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
}
FORMATS = sorted(COMPRESS)
SKIPPABLE = b"\x5a\x2a\x4d\x18\x04\0\0\0ABCD"
"""A frame of zstd that holds nothing for a reader."""


@pytest.fixture(params=["isal", "zlib"])
def decompressor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read gzip with isal, and as where it is not installed."""
    if request.param == "zlib":
        monkeypatch.setitem(sys.modules, "isal", None)
        monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    else:
        pytest.importorskip("isal")
    return str(request.param)


def read(format: str, *blocks: bytes) -> tuple[bytes, str]:
    """Return all that compressed data gives, and the error that follows."""
    given = []
    try:
        for block in decompress(format, blocks):
            assert 0 < len(block) <= 131072
            given.append(block)
    except CompressedError as error:
        return b"".join(given), str(error)
    return b"".join(given), ""


def split(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.usefixtures("decompressor")
@pytest.mark.parametrize("format", FORMATS)
class TestEveryFormat:
    def test_is_known_by_its_first_bytes(self, format: str) -> None:
        assert compression(COMPRESS[format](TEXT)[:10]) == format
        assert compression(COMPRESS[format](b"")[:10]) == format

    @pytest.mark.parametrize("size", [1, 7, 10**6])
    def test_gives_what_was_compressed_whatever_the_blocks(self, format: str, size: int) -> None:
        assert read(format, *split(COMPRESS[format](TEXT), size)) == (TEXT, "")

    @pytest.mark.parametrize("size", [1, 10**6])
    def test_may_have_several_members_some_of_them_empty(self, format: str, size: int) -> None:
        members = b"".join(map(COMPRESS[format], [b"", TEXT, b"", b"", TEXT[:9]]))
        assert read(format, *split(members, size)) == (TEXT + TEXT[:9], "")

    @pytest.mark.parametrize("size", [1, 10**6])
    def test_is_cut_off_wherever_it_ends_too_early(self, format: str, size: int) -> None:
        data = COMPRESS[format](TEXT)
        for end in range(len(data)):
            given, error = read(format, *split(data[:end], size))
            assert (TEXT.startswith(given), error) == (True, f"the {format} data is cut off")

    def test_gives_all_that_comes_before_a_cut(self, format: str) -> None:
        first, second = COMPRESS[format](TEXT), COMPRESS[format](TEXT)
        for end in range(1, len(second)):
            given, error = read(format, first + second[:end])
            assert given.startswith(TEXT)
            assert error.startswith(f"the {format} data is ")

    @pytest.mark.parametrize("size", [1, 10**6])
    def test_is_never_read_in_silence_if_a_byte_is_wrong(self, format: str, size: int) -> None:
        data = COMPRESS[format](TEXT)
        for place in range(len(data)):
            broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
            given, error = read(format, *split(broken, size))
            assert error or given == TEXT  # the header of gzip has a time and a system, which change nothing

    def test_gives_all_of_a_member_whose_checksum_is_wrong(self, format: str) -> None:
        data = COMPRESS[format](TEXT)
        place = {"gzip": -8, "bzip2": 10, "xz": -33, "zstd": -4}[format]
        broken = bytearray(data)
        broken[place] ^= 1
        given, error = read(format, bytes(broken))
        assert given == (TEXT[:-1] if format == "bzip2" else TEXT)  # its library looks before it gives the last byte
        assert error.startswith(f"the {format} data is damaged: ")

    @pytest.mark.parametrize("garbage", [b"\n", b"garbage", b"0" * 999, b"\0\0\0\0x"])
    @pytest.mark.parametrize("size", [1, 10**6])
    def test_says_that_garbage_follows(self, format: str, garbage: bytes, size: int) -> None:
        data = COMPRESS[format](TEXT) + garbage
        assert read(format, *split(data, size)) == (TEXT, f"the {format} data is followed by garbage")

    def test_is_not_there(self, format: str) -> None:
        assert read(format) == read(format, b"") == (b"", f"the {format} data is cut off")

    def test_is_something_else(self, format: str) -> None:
        given, error = read(format, b"no compressed data at all, but prose that HTTP calls so")
        assert given == b""
        assert error.startswith(f"the {format} data is damaged: ")

    def test_of_any_size_gives_blocks_that_are_not(self, format: str) -> None:
        text = TEXT * 1000
        assert read(format, *split(COMPRESS[format](text), 65536)) == (text, "")

    def test_that_is_large_gives_nearly_all_that_comes_before_damage(self, format: str) -> None:
        text = random.Random(1).randbytes(3_000_000)  # noqa: S311 - nothing secret
        data = bytearray(COMPRESS[format](text))
        data[2_500_000] ^= 0xFF
        given, error = read(format, *split(bytes(data), 65536))
        assert len(given) > 1_500_000
        assert text.startswith(given[:1_500_000])
        assert error


@pytest.mark.parametrize(
    ("format", "padding", "error"),
    [
        pytest.param("gzip", 1, "", id="zeros-after-gzip-are-padding"),
        pytest.param("gzip", 70_000, "", id="any-number-of-them"),
        pytest.param("xz", 4, "", id="four-zeros-after-xz-are-padding"),
        pytest.param("xz", 1024, "", id="so-are-a-multiple-of-four"),
        pytest.param("xz", 3, "the xz data is followed by garbage", id="three-zeros-after-xz-are-not"),
        pytest.param("bzip2", 4, "the bzip2 data is followed by garbage", id="nor-any-after-bzip2"),
        pytest.param("zstd", 4, "the zstd data is followed by garbage", id="nor-any-after-zstd"),
    ],
)
@pytest.mark.parametrize("size", [1, 10**6])
def test_padding(format: str, padding: int, error: str, size: int) -> None:
    data = COMPRESS[format](TEXT)
    assert read(format, *split(data + bytes(padding), size)) == (TEXT, error)
    given, found = read(format, *split(data + bytes(padding) + data, size))
    assert (given, found) == ((TEXT, error) if error else (TEXT + TEXT, ""))


@pytest.mark.parametrize("frames", [SKIPPABLE, SKIPPABLE + COMPRESS["zstd"](b"") + SKIPPABLE])
def test_frames_that_are_to_be_skipped_are(frames: bytes) -> None:
    data = frames + COMPRESS["zstd"](TEXT) + frames + COMPRESS["zstd"](TEXT) + frames
    assert compression(data[:10]) == "zstd"
    assert read("zstd", data) == read("zstd", *split(data, 1)) == (TEXT + TEXT, "")


def test_a_window_of_128_mib_is_read_and_a_larger_one_refused() -> None:
    def compress(window: int) -> bytes:
        options = {zstd.CompressionParameter.window_log: window}
        compressor = zstd.ZstdCompressor(options=options)
        data: bytes = compressor.compress(TEXT) + compressor.flush()
        return data

    assert read("zstd", compress(27)) == (TEXT, "")
    given, error = read("zstd", compress(28))
    assert (given, error) == (b"", "the zstd data needs more than 128 MiB of memory; decompress it first")


def test_a_dictionary_of_more_than_128_mib_is_refused() -> None:
    data = bytearray(lzma.compress(TEXT, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 4096}]))
    properties = data.index(b"\x21\x01\x00")  # the filter, the size of its properties, and the dictionary's size
    data[properties + 2] = 36  # 1 GiB
    data[20:24] = zlib.crc32(data[12:20]).to_bytes(4, "little")
    given, error = read("xz", bytes(data))
    assert (given, error) == (b"", "the xz data needs more than 128 MiB of memory; decompress it first")


BOMB = """
import resource, sys
from tickerx.inputs.compressed import decompress
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
print(sum(map(len, decompress(sys.argv[1], iter(lambda: sys.stdin.buffer.read(65536), b"")))))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
@pytest.mark.parametrize("format", ["gzip", "xz", "zstd"])
def test_a_bomb_takes_no_memory(format: str) -> None:
    size = 300 << 20
    bomb = COMPRESS[format](bytes(size))
    done = subprocess.run([sys.executable, "-c", BOMB, format], input=bomb, capture_output=True, check=True)
    assert int(done.stdout) == size


def test_an_error_survives_a_process() -> None:
    error = pickle.loads(pickle.dumps(CompressedError("gzip", "is cut off")))  # noqa: S301 - its own pickle
    assert (str(error), error.format, error.damage) == ("the gzip data is cut off", "gzip", "is cut off")


@pytest.mark.parametrize("head", [b"", b"\x1f\x8b", b"BZh9 40.00", b"BZh", b"PZ*M 40.00", b"(\xb5/", b"text"])
def test_text_is_not_compressed(head: bytes) -> None:
    assert compression(head) is None


@given(st.sampled_from(FORMATS), st.binary(max_size=300), st.booleans())
def test_any_bytes_give_data_or_the_error(format: str, data: bytes, has_head: bool) -> None:
    read(format, COMPRESS[format](TEXT)[:20] * has_head + data)


@given(st.sampled_from(FORMATS), st.lists(st.binary(max_size=5000), min_size=1, max_size=4), st.data())
def test_any_split_of_the_data_gives_the_same(format: str, members: list[bytes], draw: st.DataObject) -> None:
    data = b"".join(map(COMPRESS[format], members))
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)))))
    blocks = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert read(format, *blocks) == (b"".join(members), "")
