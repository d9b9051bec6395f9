import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.bytes import ASCII_END, CAPITAL, DIGIT, SMALL, text_bytes, texts_between, texts_of, within

cells = st.lists(st.none() | st.text(max_size=6), max_size=12)


def filled(texts):
    return [text or "" for text in texts]


@given(cells, st.integers(0, 3))
def test_questions_about_bytes_are_answered_for_each_cell(texts, skipped):
    column = pa.array(texts, pa.string()).slice(min(skipped, len(texts)))
    texts = filled(texts[min(skipped, len(texts)) :])
    found = text_bytes(column)
    assert found.lengths.tolist() == [len(text.encode()) for text in texts]
    digits = [[character in "0123456789" for character in text] for text in texts]
    assert found.some(found.digits).tolist() == [any(flags) for flags in digits]
    assert found.every(found.digits).tolist() == [
        all(flags) and text.isascii() for flags, text in zip(digits, texts, strict=True)
    ]
    assert found.count(found.digits).tolist() == [sum(flags) for flags in digits]
    kept = found.only(found.digits)
    assert texts_between(kept.bounds, kept.data).to_pylist() == [
        "".join(character for character in text if character in "0123456789") for text in texts
    ]
    assert found.first(within(found.data, SMALL, CAPITAL)).tolist() == [
        text[:1].isascii() and text[:1].isalpha() for text in texts
    ]
    assert found.heads.tolist() == [text.encode()[0] if text else 0 for text in texts]
    assert found.tails.tolist() == [text.encode()[-1] if text else 0 for text in texts]


def test_bytes_behind_a_null_are_not_the_cell():
    stored = pa.array(["ab", "cd", "e"])
    hidden = pa.StringArray.from_buffers(3, stored.buffers()[1], stored.buffers()[2], pa.py_buffer(b"\x05"))
    assert text_bytes(hidden).data.tobytes() == b"abe"


@given(cells)
def test_bytes_become_the_same_texts(texts):
    found = text_bytes(pa.array(texts, pa.string()))
    assert texts_of(found.data, found.lengths).to_pylist() == filled(texts)


@given(cells)
def test_cells_are_cut_at_other_places(texts):
    found = text_bytes(pa.array(texts, pa.string()))
    joined = texts_between(found.bounds[[0, -1]], found.data)
    assert joined.to_pylist() == ["".join(filled(texts))]


@given(st.binary(max_size=40))
def test_bytes_are_within_ranges(data):
    found = within(np.frombuffer(data, np.uint8), CAPITAL, DIGIT)
    assert found.tolist() == [byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" for byte in data]


def test_bytes_of_many_blocks_are_within_ranges():
    data = np.arange(600_000, dtype=np.int64).astype(np.uint8)
    assert (within(data, DIGIT) == ((data >= ord("0")) & (data <= ord("9")))).all()


def test_few_odd_cells_among_many_are_found():
    texts = ["Paris"] * 50 + ["Köln", "", "Łódź", ""]
    found = text_bytes(pa.array(texts))
    assert found.some(found.data >= ASCII_END).tolist() == [not text.isascii() for text in texts]
