from hashlib import sha256

import pyarrow as pa
import pytest

from importer.core.hashing import hash_texts


@pytest.mark.parametrize("distinct", [3, 900, 5_000])
def test_repeated_values_have_the_hashes_of_their_own(distinct):
    done = sha256(b"known").hexdigest()
    cells = [done if place % 7 == 0 else f"müller {place % distinct}" for place in range(5_000)]
    expected = [cell if cell == done else sha256(cell.encode()).hexdigest() for cell in cells]
    assert hash_texts(pa.array(cells)).to_pylist() == expected


def test_few_values_and_none():
    assert hash_texts(pa.array(["x", "é"])).to_pylist() == [sha256(cell.encode()).hexdigest() for cell in ("x", "é")]
    assert hash_texts(pa.array([], pa.string())).to_pylist() == []
    done = [sha256(b"known").hexdigest()] * 2
    assert hash_texts(pa.array(done)).to_pylist() == done
