"""A whole name is read in the order in which people of the row's country write it."""

import pytest

from importer.core.normalise.full_name import normal


@pytest.mark.parametrize(
    ("name", "country", "given", "family"),
    [
        ("Kovács Anna", "hu", "anna", "kovács"),
        ("Dr. Nagy Béla", "hu", "béla", "nagy"),
        ("Nguyễn Thị Lan", "vn", "lan", "nguyễn"),
        ("Anna Kovács", "de", "anna", "kovács"),
        ("王小美", "tw", "小美", "王"),
        ("欧阳娜娜", "cn", "娜娜", "欧阳"),
        ("田中花子", "jp", "田中花子", None),
        ("Kovács, Anna", "hu", "anna", "kovács"),
    ],
)
def test_the_surname_stands_where_the_country_writes_it(name, country, given, family):
    assert normal(name, country)[:2] == (given, family)
