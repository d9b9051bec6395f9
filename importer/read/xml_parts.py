"""The XML in a workbook, read in a stream by expat: what could harm is refused, and memory stays flat.

No workbook needs a document type, so that none is allowed: entities, and what lies outside of the file, come with it.
Elements may not nest without measure, nor may one tag go on without measure (expat reads a tag anew with each piece).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol
from xml.parsers import expat

PIECE_BYTES = 1 << 16
_DEEPEST, _MOST_NAMES = 256, 10_000
_LONGEST_TAG = 4 << 20
_DIGITS = 12  # of a number or a column's letters that are looked at; more is without measure in any case


class HarmfulXmlError(Exception):
    """The XML is damaged, or built to take memory and time."""


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Read as many bytes, or fewer."""


class Handler(Protocol):
    """What is told of elements, by their names without a prefix; attributes keep theirs. `at()` is its first byte.

    wanted: the names of the elements it is told of; none for all.
    """

    wanted: Collection[str]

    def element(self, name: str, attributes: Mapping[str, str], at: Callable[[], int]) -> None:
        """Look at an element that begins."""


def read_xml(stream: Readable, handler: Handler, enough: Callable[[], bool] = lambda: False) -> None:
    """Tell the handler of its elements, or until it has enough; HarmfulXmlError where the XML is not to be read on."""
    parser = _parser(handler)
    fed = 0
    try:
        while piece := stream.read(PIECE_BYTES):
            parser.Parse(piece, False)
            fed += len(piece)
            if enough():
                return
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                raise HarmfulXmlError
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two for an encoding that is none
        raise HarmfulXmlError from error


def _parser(handler: Handler) -> expat.XMLParserType:
    """Return a parser that tells the handler of its elements; what runs for every element is kept short."""
    parser = expat.ParserCreate()
    told: dict[str, str] = {}  # names as written: without a prefix, empty where not wanted
    depth = 0

    def at() -> int:
        return parser.CurrentByteIndex

    def first_seen(name: str) -> str:
        if len(told) > _MOST_NAMES:
            raise HarmfulXmlError
        plain = name.rpartition(":")[2]
        told[name] = plain if not handler.wanted or plain in handler.wanted else ""
        return told[name]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise HarmfulXmlError
        plain = told[name] if name in told else first_seen(name)
        if plain:
            handler.element(plain, attributes, at)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise HarmfulXmlError

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, refuse
    return parser


def local(attributes: Mapping[str, str], name: str) -> str:
    """Return an attribute's value, whatever prefix its name bears; empty where there is none."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def number(text: str) -> int:
    """Read a whole number; 0 where it is none, and no more than its first digits where it is without measure."""
    digits = text.strip().lstrip("0")[:_DIGITS]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def place(reference: str) -> tuple[int, int]:
    """Return column and row of a cell such as B12, from 1; 0 for what it does not say."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters[:_DIGITS].upper():
        column = column * 26 + max(ord(letter) - 64, 0)
    return column, number(reference[len(letters) :])
