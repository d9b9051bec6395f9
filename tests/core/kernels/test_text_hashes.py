from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.hash64 import text_hashes

TEXTS = st.lists(st.none() | st.text(max_size=20) | st.text("0123456789.:", max_size=12), max_size=12)
OF_ONE_WIDTH = st.integers(7, 20).flatmap(
    lambda width: st.lists(st.text("ab", min_size=width, max_size=width), max_size=9)
)


@given(TEXTS | OF_ONE_WIDTH, TEXTS | OF_ONE_WIDTH)
def test_hashes_are_equal_where_texts_are(first: list[str | None], second: list[str | None]) -> None:
    columns = (pa.array(texts, pa.string()) for texts in (first, second))
    hashes = [word for column in columns for word in text_hashes(column).tolist()]
    texts = [text or "" for text in (*first, *second)]
    assert len(set(hashes)) == len(set(texts))
    assert len(set(zip(hashes, texts, strict=True))) == len(set(texts))


def test_numbered_ids_have_hashes_of_their_own() -> None:
    hashes = text_hashes(pa.array([f"T{number:08d}" for number in range(100_000)]))
    assert len(set(hashes.tolist())) == 100_000
