"""The slow, obvious way from a row's cells to its event: one cell at a time, by each field's own function.

What the program does by whole columns is held against this.
"""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

from importer.core.cells.order_ids import plain_id
from importer.core.normalise import (
    birthday,
    city,
    country,
    email,
    external_id,
    full_name,
    gender,
    names,
    phone,
    phone_cells,
    postcode,
    state,
)
from importer.core.normalise.broken_letters import mended
from importer.core.normalise.cell import only_hashed

TODAY = date(2026, 11, 23)

RULES = {
    "em": lambda text, _country, _options: email.normal(text),
    "ph": lambda text, country, _options: phone.normal(text, country),
    "fn": lambda text, _country, _options: names.given(text),
    "ln": lambda text, _country, _options: names.family(text),
    "db": lambda text, _country, options: birthday.normal(text, options.date_order, options.today),
    "ge": lambda text, _country, _options: gender.normal(text),
    "ct": lambda text, country, _options: city.normal(text, country),
    "st": lambda text, country, _options: state.normal(text, country),
    "zp": lambda text, country, _options: postcode.normal(text, country),
    "external_id": lambda text, _country, _options: external_id.normal(text),
    "external_id_raw": lambda text, _country, _options: external_id.raw(text),
    "full_name": lambda text, country, _options: full_name.both(text, country),
    "sha256": lambda text, _country, _options: only_hashed(text),
}
"""Each field's own function of one text, the row's country, and the run's options."""


def hashed(form):
    is_hash = len(form) == 64 and not set(form) - set("0123456789abcdef")
    return form if is_hash else hashlib.sha256(form.encode()).hexdigest()


def forms(cells):
    """Meta's normal forms by key, each as a list; `cells` are trimmed texts or None."""
    cells = cells | {key: mended(cells[key])[0] for key in ("fn", "ln", "ct", "st") if cells.get(key)}
    named, _ = country.normal(cells["country"]) if cells.get("country") else (None, None)
    row_country = named if named and len(named) == 2 else None
    one = {
        "fn": names.given,
        "ln": names.family,
        "zp": lambda text: postcode.normal(text, row_country),
        "st": lambda text: state.normal(text, row_country),
        "country": country.normal,
        "external_id": external_id.normal,
        "db": lambda text: birthday.normal(text, "dmy", TODAY),
    }
    found = {key: [function(cells[key])[0]] for key, function in one.items() if cells.get(key)}
    if cells.get("em"):
        found["em"] = [form for form, _ in email.of_cell(cells["em"])]
    if cells.get("ph"):
        found["ph"] = [form for form, _ in phone_cells.of_cell(cells["ph"], row_country)]
    if cells.get("ct"):
        form = city.normal(cells["ct"], row_country)[0]
        found["ct"] = [form, city.folded(form) if form else None]
    kept = {key: list(dict.fromkeys(filter(None, values))) for key, values in found.items()}
    return {key: values for key, values in kept.items() if values}


def event(cells):
    """The event of a row of a test's export, as a JSON object."""
    order_id = plain_id(cells["order_id"])
    identity = hashlib.sha256(f"Purchase\x1f{order_id}\x1f".encode()).hexdigest()[:32]
    moment = datetime.fromisoformat(cells["event_time"]).astimezone(UTC)
    value = Decimal(cells["value"])
    return {
        "event_id": identity,
        "event_name": "Purchase",
        "event_time": int(moment.timestamp()),
        "action_source": "physical_store",
        "user_data": {key: [hashed(form) for form in values] for key, values in forms(cells).items()},
        "custom_data": {
            "value": int(value) if value == int(value) else float(value),
            "currency": cells["currency"],
            "order_id": order_id,
        },
    }
