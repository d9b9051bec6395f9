"""Which columns of each sample fill the customer's keys, those of its schema and those that are understood beside them."""

import json
from pathlib import Path

import pytest

from importer.core.model import CUSTOMER_FIELDS
from importer.recognised_file import recognise_file
from importer.settings import read_settings

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
KEYS = json.loads(Path(__file__).with_name("keys_of_samples.json").read_text(encoding="utf-8"))
FILES = {json.loads(path.read_text(encoding="utf-8"))["file"] for path in SAMPLES.glob("*.expected.json")}


def keys_of(path: Path, **options) -> dict[str, list[str]]:
    """Return the columns that fill each key of a file's customers."""
    settings = read_settings((path,), options)
    columns = recognise_file(settings.files[0], settings).binding.columns
    return {name: list(source.names) for name, source in columns.items() if name in CUSTOMER_FIELDS}


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_sample_s_keys_come_from_these_columns_and_no_others(file):
    assert keys_of(SAMPLES / file) == KEYS[file]


ROWS = [
    "R1,2026-11-20,10,Ada Example,ada@example.org,0044 7700 900111,Leeds,0044 7700 900222,York,till1@example.com",
    "R2,2026-11-21,20,Bo Sample,bo@example.org,0044 7700 900333,Hull,0044 7700 900444,Bath,till2@example.com",
    "R3,2026-11-22,30,Cy Muster,cy@example.org,0044 7700 900555,Ely,0044 7700 900666,Bude,till1@example.com",
]


@pytest.mark.parametrize(
    ("headers", "keys"),
    [
        (
            "Customer,Email,Phone,City,Delivery phone,Delivery city,Cashier email",
            {"full_name": ["Customer"], "em": ["Email"], "ph": ["Phone"], "ct": ["City"]},
        ),
        ("Customer,Contact,Tel 1,Hall,Recipient phone,Recipient city,Staff email", {"full_name": ["Customer"]}),
        ("Kunde,E-Mail,Handy,Ort,Lieferung Telefon,Lieferort,Verkäufer E-Mail", {"em": ["E-Mail"], "ph": ["Handy"], "ct": ["Ort"], "full_name": ["Kunde"]}),
    ],
)  # fmt: skip
def test_a_schema_s_open_keys_are_filled_by_the_buyer_s_columns_alone(tmp_path, headers, keys):
    schema = tmp_path / "own.toml"
    schema.write_text('name = "own"\n[columns]\norder_id = "No"\nevent_time = "Sold"\nvalue = "Total"\n')
    path = tmp_path / "sales.csv"
    path.write_text("\n".join([f"No,Sold,Total,{headers}", *ROWS]) + "\n", encoding="utf-8")
    found = keys_of(path, schema=str(schema))
    assert {name: columns for name, columns in found.items() if name in keys} == keys
    recipient_s_and_staff_s = set(headers.split(",")[4:])
    assert not recipient_s_and_staff_s & {column for columns in found.values() for column in columns}


def test_a_key_that_the_schema_names_is_filled_by_its_columns_alone(tmp_path):
    schema = tmp_path / "own.toml"
    schema.write_text('name = "own"\n[columns]\nevent_time = "Sold"\nvalue = "Total"\nfn = "Contact.FirstName"\n')
    path = tmp_path / "deals.csv"
    path.write_text("\n".join(["Id,Sold,Total,Name,Email,Phone,City,x,y,z", *ROWS]) + "\n", encoding="utf-8")
    assert "full_name" not in keys_of(path, schema=str(schema))
