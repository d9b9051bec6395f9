"""Customer ids by column: letters, digits, hyphens and underscores; `external_id` decides the others.

25 ns a value where `external_id.normal` takes 2,000; 144 for UUIDs (distinct ids, processor time).
"""

from __future__ import annotations

import pyarrow.compute as pc

from importer.core.kernels.arrays import one_chunk
from importer.core.model import Column
from importer.core.normalise.fast.plain_cells import SHORTEST_HASH, Plain, is_placeholder, mask_of
from importer.core.normalise.hash_forms import SHA256_HEX
from importer.core.tables.placeholders import IDS

_HYPHENATED = "^[0-9a-z](?:[0-9a-z_-]*[0-9a-z])?$"


def alphanumeric(column: Column) -> Plain:
    """Find ids of letters from A to Z and digits."""
    lower = one_chunk(pc.ascii_lower(column))
    return _plain(lower, one_chunk(pc.ascii_is_alnum(lower)))


def hyphenated(column: Column) -> Plain:
    """Find ids of letters, digits, hyphens and underscores, such as UUIDs."""
    lower = one_chunk(pc.ascii_lower(column))
    return _plain(lower, one_chunk(pc.match_substring_regex(lower, _HYPHENATED)))


def _plain(lower: Column, shaped: Column) -> Plain:
    """Leave out of the texts of the right shape what may be a hash or a placeholder: `xxx` is one in any length."""
    lengths = pc.binary_length(lower)
    short = pc.or_(
        pc.less(lengths, SHORTEST_HASH), pc.and_not(pc.less(lengths, SHA256_HEX), pc.starts_with(lower, "x"))
    )
    return Plain(lower, mask_of(one_chunk(pc.and_(shaped, short))) & ~is_placeholder(lower, IDS))
