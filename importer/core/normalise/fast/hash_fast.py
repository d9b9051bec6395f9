"""Values by column that are hashed already: 64 hex digits; `cell.hashed` decides the others.

125 ns a value where `email.normal` takes 850 to find a hash (processor time); 1 ns where no value has 64 bytes.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.kernels.sha256 import are_hashes
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import Plain, none_plain
from importer.core.normalise.hash_forms import SHA256_HEX
from importer.core.tables.hashes_of_nothing import HASHES_OF_NOTHING

_OF_NOTHING = one_chunk(pa.array(sorted(HASHES_OF_NOTHING), pa.string()))


def hashes(column: Column) -> Plain:
    """Find SHA-256 hashes in hex, which pass in lower case in every key that is hashed."""
    if not pc.any(pc.equal(pc.binary_length(column), SHA256_HEX)).as_py():
        return none_plain(column)
    lower = one_chunk(pc.ascii_lower(column))
    of_nothing = np.asarray(pc.is_in(lower, value_set=_OF_NOTHING))
    return Plain(lower, are_hashes(lower) & ~of_nothing)
