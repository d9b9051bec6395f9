import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.kernels.bytes import text_bytes
from importer.core.kernels.hash64 import repeated
from importer.core.kernels.swar import against, each, fingerprints, follows, last_of, number, pairs

texts = st.lists(st.none() | st.text(max_size=20) | st.text("0123456789.:", max_size=12), max_size=12)
PATTERNS = ("00000000", "00000.00", "00:00:00", "00-00-0 ")


def cells_of(cells):
    return text_bytes(pa.array(cells, pa.string()))


def made_as(sign, wanted):
    return sign.isdigit() if wanted == "0" else sign == wanted


@given(texts, st.sampled_from(PATTERNS))
def test_the_last_eight_bytes_follow_a_pattern_where_each_sign_does(cells, pattern):
    padded = [(cell or "").encode().decode("latin-1")[-8:].rjust(8, "0") for cell in cells]
    found = against(last_of(cells_of(cells)), pattern)
    wanted = [
        all(sign.isascii() and made_as(sign, other) for sign, other in zip(cell, pattern, strict=True))
        for cell in padded
    ]
    assert follows(found, pattern).tolist() == wanted
    for cell, value, fits in zip(padded, number(found).tolist(), wanted, strict=True):
        assert not fits or value == int("".join(sign if sign.isdigit() else "0" for sign in cell))


@given(st.lists(st.times(), min_size=1))
def test_numbers_of_two_digits(times):
    cells = cells_of([f"at {time:%H:%M:%S}" for time in times])
    numbers = pairs(against(each(cells.data, 11, 3), "00:00:00"))
    assert numbers[:, [0, 3, 6]].tolist() == [[time.hour, time.minute, time.second] for time in times]


alike = st.integers(7, 20).flatmap(lambda width: st.lists(st.text("ab", min_size=width, max_size=width), max_size=9))


@given(texts | alike, texts | alike)
def test_fingerprints_are_equal_where_texts_are(first, second):
    prints = [*fingerprints(cells_of(first)).tolist(), *fingerprints(cells_of(second)).tolist()]
    cells = [cell or "" for cell in (*first, *second)]
    assert len(set(prints)) == len(set(cells))
    assert len(set(zip(prints, cells, strict=True))) == len(set(cells))


@given(st.integers(0, 300), st.integers(0, 300), st.booleans())
def test_a_repeated_number_is_found(count, place, twice):
    numbers = [f"T{number:08d}" for number in range(count)]
    numbers += numbers[place : place + 1] if twice else []
    assert (len(repeated(fingerprints(cells_of(numbers)))) > 0) == (len(set(numbers)) < len(numbers))
