"""What is said of a number by its first digits and length holds for every number that begins so."""

import random
import re

import numpy as np
import phonenumbers
import pytest
from phonenumbers import PhoneMetadata

from importer.core.normalise.fast.phone_rules import _SIMPLE, may_match

PATTERNS = sorted(
    {
        pattern
        for metadata in map(PhoneMetadata.metadata_for_region, phonenumbers.SUPPORTED_REGIONS)
        for pattern in (
            metadata.national_prefix_for_parsing,
            metadata.international_prefix,
            metadata.general_desc.national_number_pattern,
        )
        if pattern
    }
)


@pytest.mark.parametrize("whole", [False, True])
def test_what_matches_may_match(whole):
    chance = random.Random(3)
    for pattern in PATTERNS:
        matches = getattr(re.compile(pattern), "fullmatch" if whole else "match")
        length = chance.randint(4, 12)
        texts = ["".join(chance.choices("0123456789", k=length)) for _ in range(300)]
        may = may_match(pattern, length, whole=whole)
        assert not [text for text in texts if matches(text) and not may[int(text[:3])]], pattern


@pytest.mark.parametrize(
    ("pattern", "length", "whole", "first"),
    [
        ("00", 9, False, {*range(10)}),
        ("0[12]1?$", 3, False, {11, 21}),
        (r"8\d{3}|9", 4, True, {*range(800, 900)}),
        (r"8\d{3}|9", 5, True, set()),
        (r"1(?:1[14]|3\d)0011", 12, False, {111, 114, *range(130, 140)}),
        (None, 9, False, set()),
        (r"(?!0)1", 9, False, {*range(1000)}),
    ],
)
def test_what_may_match_is_known_by_three_digits(pattern, length, whole, first):
    assert set(np.flatnonzero(may_match(pattern, length, whole=whole)).tolist()) == first


def test_the_librarys_patterns_are_simple_enough_to_be_looked_at():
    assert not [pattern for pattern in PATTERNS if not _SIMPLE.fullmatch(pattern)]
