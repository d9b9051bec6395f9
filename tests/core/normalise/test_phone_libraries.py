"""The compiled library and the pure one read the same numbers, in every region and several writings."""

from __future__ import annotations

import random

import pytest

pure = pytest.importorskip("phonenumbers")
fast = pytest.importorskip("rphonenumbers")

KINDS = ("FIXED_LINE", "MOBILE", "TOLL_FREE")
FORMATS = ("E164", "INTERNATIONAL", "NATIONAL", "RFC3966")


def numbers():
    """Google's example numbers of every region as people write them, whole and a little wrong."""
    draw = random.Random(20261124)
    for region in sorted(pure.SUPPORTED_REGIONS):
        for kind in KINDS:
            example = pure.example_number_for_type(region, getattr(pure.PhoneNumberType, kind))
            if example is None:
                continue
            written = [pure.format_number(example, getattr(pure.PhoneNumberFormat, name)) for name in FORMATS]
            national = pure.national_significant_number(example)
            written += [national, f"00{example.country_code}{national}", written[2].replace(" ", ".").replace("-", "/")]
            written += [
                national[:-1],
                national + str(draw.randrange(10)),
                f"{example.country_code}{national}",
                f"{written[2]} ext. 5",
            ]
            yield from ((text, region) for text in written)


def read(library, text, region):
    try:
        number = library.parse(text, region)
    except library.NumberParseException:
        return None
    return (
        number.country_code,
        library.national_significant_number(number),
        number.extension,
        int(library.is_possible_number_with_reason(number)),
        library.is_valid_number(number),
    )


def test_both_libraries_agree_on_numbers_of_every_region():
    sample = list(numbers())
    assert len(sample) > 5000
    different = [case for case in sample if read(pure, *case) != read(fast, *case)]
    assert len(different) <= len(sample) // 200, different  # their number plans may be some releases apart


SHORT = {"NU", "TA", "TK"}
"""Islands whose whole numbers have four digits, too few for a number without its calling code."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_regions_own_example_number_comes_out_in_every_writing(kind):
    from importer.core.normalise import phone

    wrong = []
    for region in sorted(pure.SUPPORTED_REGIONS - SHORT):
        example = pure.example_number_for_type(region, getattr(pure.PhoneNumberType, kind))
        if example is None or example.country_code == 800:
            continue
        digits = pure.format_number(example, pure.PhoneNumberFormat.E164)[1:]
        texts = [pure.format_number(example, getattr(pure.PhoneNumberFormat, name)) for name in FORMATS]
        texts += [pure.national_significant_number(example)] if kind == "MOBILE" else []
        wrong += [(region, text) for text in texts if phone.normal(text, region.lower()) != (digits, None)]
        wrong += [(region, text) for text in texts[:2] if phone.normal(text, None) != (digits, None)]
    assert wrong == []
