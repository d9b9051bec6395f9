from __future__ import annotations

import pytest

from importer.read.column_names import clean_header, unique_names


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        (["email", "email", "email"], ("email", "email [2]", "email [3]")),
        (["a", "", "b", ""], ("a", "column 2", "b", "column 4")),
        (["email", "email [2]", "email"], ("email", "email [2]", "email [3]")),
        (["email [2]", "email", "email"], ("email [2]", "email", "email [3]")),
        (["row", "line", "fault", "row"], ("row [2]", "line [2]", "fault [2]", "row [3]")),
        (["column 2", ""], ("column 2", "column 2 [2]")),
        (["Row"], ("Row",)),
    ],
)
def test_every_column_has_a_name_of_its_own(headers, names):
    assert unique_names(headers) == names


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("  Email ", "Email"),
        ("\ufeffEmail", "Email"),
        ("Order\r\nDate", "Order Date"),
        ("Na\x00me\x07", "Name"),
        ("\u00a0Total\u00a0", "Total"),
        ("\u200bTotal", "Total"),
        ("Größe (cm)", "Größe (cm)"),
    ],
)
def test_header_cells_lose_what_nobody_sees(cell, clean):
    assert clean_header(cell) == clean
