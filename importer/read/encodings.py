"""The encoding of a text file, and its text as UTF-8.

The ladder: byte order mark; UTF-16 by its pattern of zero bytes; UTF-8 where more characters of the whole file are
valid UTF-8 than not; else Windows-1252. Where the bytes do not look like Western text, Shift-JIS is taken if the whole
file decodes to Japanese. Where that fails, or the words read as well in another code page (`code_pages.py`), the user
is asked for the name.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from importer.errors import NeedsAnswer, UsageError
from importer.questions import Kind, Question
from importer.read.code_pages import WINDOWS_TABLE, WordsBeyondAscii

WINDOWS = "windows-1252, undefined bytes as Latin-1"
"""Our own decoding table: the five bytes that Windows-1252 leaves undefined are the control characters of Latin-1."""

INVALID = "importer.invalid"
"""The error handler that marks what an encoding cannot decode with a lone surrogate: invalid as UTF-8 as well."""

FEW, CROWDED, STRANGE = 4, 0.5, 0.1
"""Bytes too few to be evidence; the share of neighbours, and of symbols within words, beyond which text is not Western.

Six made-up files in Cyrillic, Greek, Japanese, Chinese had 0.75 to 1.0 of neighbours, seven in German and French none.
"""
_LETTERS = np.zeros(256, np.bool_)
_LETTERS[[*range(65, 91), *range(97, 123), *range(0xC0, 0x100)]] = True
_SYMBOLS = np.zeros(256, np.bool_)
_SYMBOLS[[0xA3, 0xA5, 0xB2, 0xB3, 0xB9, 0xBC, 0xBE, 0xBF]] = True
_CONTINUES, _BEGINS, _LONGEST_CHARACTER = 0x80, 0xC0, 4
_SAMPLE = 4_096  # bytes in which UTF-16 shows
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8 with BOM", "utf-8"),
    (codecs.BOM_UTF32_LE, "UTF-32 LE", "utf-32-le"),  # before UTF-16, whose mark begins the same
    (codecs.BOM_UTF32_BE, "UTF-32 BE", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "UTF-16 LE", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16 BE", "utf-16-be"),
)


class Encoding(NamedTuple):
    """A name to show and the codec to decode with.

    doubtful: the text hardly looks as if it were that; likelier: code pages in which its words read as well or better.
    """

    label: str
    codec: str
    doubtful: bool = False
    likelier: tuple[str, ...] = ()


def _mark_invalid(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(INVALID, _mark_invalid)


def named_encoding(name: str) -> Encoding:
    """Return the encoding that the user names, any text codec that Python has; UsageError where there is none."""
    try:
        codec = codecs.lookup(name)
        b"".decode(name)
        codecs.getincrementaldecoder(name)("strict").decode(b"a")
    except (LookupError, ValueError, TypeError) as error:
        message = f"The encoding {name[:40]!r} is not known; name one such as utf-8, windows-1252, mac-roman or cp932."
        raise UsageError(message) from error
    return Encoding(name, "utf-8" if codec.name in ("utf-8", "utf-8-sig") else name)


def is_utf8(chunks: Iterable[bytes]) -> bool:
    """Tell whether a whole file is UTF-8 without a mark or zero bytes; most are, and need no closer look."""
    rest = b""
    for number, chunk in enumerate(chunks):
        if number == 0 and (_by_mark(chunk) or _by_zeros(chunk)):
            return False
        text = rest + chunk
        cut = _last_whole(text)
        if not (text.isascii() or valid_utf8(text[:cut])):
            return False
        rest = text[cut:]
    return not rest


def _last_whole(text: bytes) -> int:
    """Return where the last character ends that does not go on in the next chunk."""
    for back in range(1, min(_LONGEST_CHARACTER, len(text)) + 1):
        lead = text[-back]
        if lead < _CONTINUES:
            return len(text) - back + 1
        if lead >= _BEGINS:
            length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4  # noqa: PLR2004 - the lead bytes of UTF-8
            return len(text) - back if back < length else len(text)
    return len(text)


def valid_utf8(text: bytes | memoryview) -> bool:
    """Tell whether the bytes are whole characters of UTF-8, by Arrow's validation: three times as fast as decoding."""
    bounds = pa.py_buffer(np.array([0, len(text)], np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, bounds, pa.py_buffer(text)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def detect_encoding(chunks: Iterable[bytes]) -> Encoding:
    """Detect the encoding of a file; every byte is looked at where neither a mark nor zero bytes decide."""
    valid = invalid = 0
    western, words = WesternCheck(), WordsBeyondAscii()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for number, chunk in enumerate(chunks):
        if number == 0 and (marked := _by_mark(chunk) or _by_zeros(chunk)):
            return marked
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        western.count(chunk)
        words.add(chunk)
        good, bad = _counted(decoder.decode(chunk))
        valid, invalid = valid + good, invalid + bad
    good, bad = _counted(decoder.decode(b"", True))
    if valid + good >= invalid + bad:
        return Encoding("UTF-8", "utf-8")
    return Encoding("Windows-1252", WINDOWS, western.doubtful, words.likelier_pages())


class WesternCheck:
    """Counts that tell Western text: bytes above 127 stand alone, and no symbol such as a currency inside a word.

    In Cyrillic, Greek, Japanese or Chinese text they stand side by side; Central European letters are symbols such as
    the superscript three in Windows-1252, and then stand between letters.
    """

    def __init__(self) -> None:
        self._high = self._beside = self._symbols = 0

    def count(self, chunk: bytes) -> None:
        """Count the bytes of one piece."""
        codes = np.frombuffer(chunk, np.uint8)
        high = codes > 127  # noqa: PLR2004 - the last ASCII character
        near = np.zeros_like(high)
        near[1:] |= high[:-1]
        near[:-1] |= high[1:]
        letters = _LETTERS[codes]
        inside = np.zeros_like(high)
        inside[1:-1] = letters[:-2] & letters[2:]
        self._high += int(high.sum())
        self._beside += int((high & near).sum())
        self._symbols += int((_SYMBOLS[codes] & inside).sum())

    @property
    def doubtful(self) -> bool:
        """Tell whether the text is hardly Western."""
        crowded = self._high >= FEW and self._beside / self._high >= CROWDED
        return crowded or (self._symbols >= FEW and self._symbols / self._high >= STRANGE)


def japanese(chunks: Iterable[bytes]) -> Encoding | None:
    """Return Shift-JIS if the whole file is valid in it and reads as Japanese, else None.

    Bytes of other encodings decode, if at all, to half-width katakana, which sales exports hardly hold.
    """
    decoder = codecs.getincrementaldecoder("cp932")("strict")
    wide = narrow = 0
    try:
        for chunk in chunks:
            codes = np.frombuffer(decoder.decode(chunk).encode("utf-32-le"), np.uint32)
            wide += int(((codes >= 0x3041) & (codes <= 0x9FFF)).sum())  # noqa: PLR2004 - kana and kanji
            narrow += int(((codes >= 0xFF61) & (codes <= 0xFF9F)).sum())  # noqa: PLR2004 - half-width katakana
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return None
    return Encoding("Shift-JIS (cp932)", "cp932") if wide >= FEW and narrow * 20 <= wide else None


def ask_if_doubtful(encoding: Encoding, name: str) -> None:
    """Raise NeedsAnswer where the encoding that is left does not fit the text, or another one fits as well."""
    if encoding.doubtful:
        text = (
            "Which encoding is the text in? It is none that can be recognized. Central European exports are often in "
            "cp1250, Cyrillic ones in cp1251, Greek ones in cp1253, Japanese ones in cp932, Chinese ones in gb18030:"
        )
        codecs_ = [*encoding.likelier[:1], "cp1250", "cp1251", "cp1253", "cp932", "gb18030"]
    elif encoding.likelier:
        text = (
            "Which encoding is the text in? Some of its words read as well in another one as in Windows-1252; with the "
            "wrong one, letters of names change:"
        )
        codecs_ = [*encoding.likelier[:4], "windows-1252"]
    else:
        return
    options = tuple(f"--encoding {codec}" for codec in dict.fromkeys(codecs_))
    raise NeedsAnswer([Question(Kind.ENCODING, text, options, file=name)])


def to_utf8(chunks: Iterable[bytes], encoding: Encoding, *, first: bool = True) -> Iterator[bytes]:
    """Yield the file as UTF-8 without byte order mark and zero characters; undecodable bytes stay invalid UTF-8.

    first: the chunks are the file's first ones, where a mark may stand.
    """
    pieces = chunks if encoding.codec == "utf-8" else _transcoded(chunks, encoding.codec)
    for piece in pieces:
        text = piece.removeprefix(codecs.BOM_UTF8) if first else piece
        first = False
        yield text.replace(b"\0", b"") if b"\0" in text else text


def _transcoded(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    if codec == WINDOWS:
        for chunk in chunks:
            yield codecs.charmap_decode(chunk, "strict", WINDOWS_TABLE)[0].encode()
        return
    decoder = codecs.getincrementaldecoder(codec)(INVALID)
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    yield decoder.decode(b"", True).encode("utf-8", "surrogatepass")


def bytes_of(text: bytes, size: int, encoding: Encoding) -> int:
    """Return how many bytes of the file the first `size` of a text took, in an encoding that `can_be_cut`."""
    if encoding.codec == "utf-8" or text.isascii():
        return size
    codes = np.frombuffer(text, np.uint8, size)
    return int(np.count_nonzero((codes & 0xC0) != _CONTINUES))  # a character of the text was one byte


def can_be_cut(encoding: Encoding) -> bool:
    """Tell whether a text in this encoding can be read from the middle, wherever a record begins there."""
    return encoding.codec in ("utf-8", WINDOWS)


def _by_mark(start: bytes) -> Encoding | None:
    return next((Encoding(label, codec) for mark, label, codec in _MARKS if start.startswith(mark)), None)


def _by_zeros(start: bytes) -> Encoding | None:
    """Recognise UTF-16 of mostly Western text: every other byte is zero, on one side only."""
    codes = np.frombuffer(start[:_SAMPLE], np.uint8)
    if len(codes) < 2:  # noqa: PLR2004 - one character
        return None
    even, odd = float((codes[0::2] == 0).mean()), float((codes[1::2] == 0).mean())
    if odd > 0.4 and even < 0.1:  # noqa: PLR2004 - shares of zero bytes
        return Encoding("UTF-16 LE", "utf-16-le")
    if even > 0.4 and odd < 0.1:  # noqa: PLR2004 - shares of zero bytes
        return Encoding("UTF-16 BE", "utf-16-be")
    return None


def _counted(text: str) -> tuple[int, int]:
    """Count the characters beyond ASCII, and the places that are not UTF-8."""
    invalid = text.count("\ufffd")
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    return int((codes > 127).sum()) - invalid, invalid  # noqa: PLR2004 - the last ASCII character
