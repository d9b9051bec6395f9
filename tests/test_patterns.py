"""Every regular expression that meets a user's text takes time in proportion to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from importer.core.normalise.city import _PARTS
from importer.core.normalise.phone_cells import of_cell
from importer.read.header import is_typed
from tests.patterns_in_use import patterns

GENEROUS_SECONDS = 400
"""For all patterns together, which take a tenth; a quadratic pattern takes longer by itself."""


@pytest.mark.slow
def test_every_pattern_is_linear_or_bounded():
    script = Path(__file__).with_name("patterns_in_use.py")
    ran = subprocess.run(
        [sys.executable, str(script), "100000"], capture_output=True, text=True, timeout=GENEROUS_SECONDS, check=False
    )
    assert ran.returncode == 0, ran.stdout.splitlines()[-1:]


def test_the_patterns_are_found_with_their_methods():
    found = {name.split()[0]: methods for name, (_, methods) in patterns().items()}
    assert len(found) > 100
    assert found["importer.read.header._EMAIL"] == ("search",)
    assert "fullmatch" in found["importer.core.cells.amount_grammar._CELL"]


@pytest.mark.parametrize(
    ("cell", "typed"),
    [("ada@example.com", True), ("a@b.c", True), ("x@@y.z", False), ("a@b", False), ("@b.c", False), ("a@.", False)],
)
def test_an_email_is_a_value(cell, typed):
    assert is_typed(cell) is typed


def test_two_phones_with_many_blanks_between_are_two():
    assert len(of_cell("+4915123456789        or        +4915123456780", "DE")) == 2


def test_parts_of_a_city_are_split_at_wide_gaps():
    assert [part.strip() for part in _PARTS.split("Berlin             -   Mitte , ,x")] == ["Berlin", "Mitte", "", "x"]
