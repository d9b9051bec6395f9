"""Claims on the customer's keys: the header's words say which and whose, the cells agree or veto."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from importer.core.model import ALL_OF
from importer.core.understanding.column import (
    AGREES,
    HALF,
    LIKELY,
    MOSTLY,
    NEARLY_ALL,
    OWN,
    PERSON,
    Claim,
    ColumnEvidence,
)
from importer.core.understanding.contents import Contents
from importer.core.understanding.headers import HeaderWords

CONTEXT = frozenset({"order", "invoice", "receipt", "transaction", "payment", "usual", "paid", "sold", "id"})
"""Words around a customer's key that do not change whose it is."""

PLACE = frozenset({"street", "name", "hashed"})

KEYS: Mapping[str, tuple[str, str, frozenset[str]]] = {
    "em": ("email", "email", frozenset({"hashed", "street", "start"})),
    "ph": ("phone", "phone", frozenset({"hashed"})),
    "fn": ("first_name", "name", frozenset({"hashed", "name"})),
    "ln": ("last_name", "name", frozenset({"hashed", "name"})),
    "ct": ("city", "letters", PLACE),
    "st": ("region", "letters", PLACE | {"country"}),
    "zp": ("postcode", "postcode", PLACE),
    "country": ("country", "country", PLACE | {"region"}),
    "ge": ("gender", "letters", frozenset({"hashed"})),
    "db": ("birth", "date", frozenset({"date", "hashed"})),
}
"""Field -> the header's meaning, what its cells must be, and further words that the header may hold."""

NOT_A_CONTACT = (*OWN, "note", "consent", "card", "id", "order", "invoice", "product", "url", "tax_id", "sku")
"""A header with one of these words does not become an e-mail or a phone by its cells alone."""

RECIPIENT = 0.15
"""What a recipient's key is weaker than the buyer's."""


def customer_claims(column: ColumnEvidence) -> Iterator[Claim]:
    """Yield the column's claims on keys of the customer."""
    for field, (meaning, kind, allowed) in KEYS.items():
        if column.has(meaning):
            if _is_the_customers(column.header) and column.header.meanings <= {meaning} | allowed | CONTEXT | PERSON:
                yield column.claim(field, _key_strength(column, kind), kind)
        elif field in ALL_OF and column.share("date") < HALF and not column.has(*NOT_A_CONTACT):
            yield from _by_cells(column, field, kind)
    yield from _first_or_last(column)
    yield from _contacts(column)
    yield from _whole_name(column)
    yield from _customer_id(column)
    yield from _device(column)


def _first_or_last(column: ColumnEvidence) -> Iterator[Claim]:
    """Claim a column called just First or Last for that part of the name."""
    field = {"first": "fn", "last": "ln"}.get(column.header.text.strip().casefold())
    if field and column.share("name") >= AGREES:
        yield column.claim(field, 0.9, "name")


def _is_the_customers(header: HeaderWords) -> bool:
    return not header.has("staff") and (not header.has(*OWN) or header.has(*PERSON))


def _key_strength(column: ColumnEvidence, kind: str) -> float:
    """Return how strong a claim by the header is; cells that are something else take nearly all of it."""
    also = {"phone": "phone_inside"}.get(kind, kind)
    agreement = max(column.share(kind), column.share("hash"), column.share(also))
    strength = 0.95
    if column.header.of_recipient:
        strength -= RECIPIENT
    if column.has("customer", "billing"):
        strength += 0.02
    if agreement >= AGREES:
        return strength
    return strength - 0.3 if agreement >= LIKELY and kind in ("phone", "name", "postcode", "email") else 0.1


def _by_cells(column: ColumnEvidence, field: str, kind: str) -> Iterator[Claim]:
    """Claim an e-mail or a phone that only the cells show; certain where the header says that it is the customer's."""
    if field == "em" and column.share("hash") >= NEARLY_ALL and column.header.meanings <= {"hashed"}:
        yield Claim(column.name, "em", 0.4, f"{column.said}; its cells are hashes")
    share = column.share("sure_phone" if field == "ph" else kind)
    if share >= MOSTLY and not column.contents.constant:
        strength = 0.8 if column.header.meanings == {"customer"} and share >= NEARLY_ALL else 0.45
        yield Claim(column.name, field, strength, f"{column.said}; {column.share_in_words(kind)}")


def _contacts(column: ColumnEvidence) -> Iterator[Claim]:
    """Claim a column that holds an e-mail on one row and a phone on the next for both."""
    email, phone = column.share("email"), column.share("phone")
    said = column.header.meanings
    if min(email, phone) > 0 and email + phone > MOSTLY and said and said <= {"customer", "email", "phone"}:
        yield column.claim("em", 0.8, "email")
        yield column.claim("ph", 0.8, "phone")


NAME_WORDS = frozenset({"name", "full_name", *PERSON, "usual", "paid", "sold", "order", "payment", "hashed", "invoice"})


def _whole_name(column: ColumnEvidence) -> Iterator[Claim]:
    """Claim a whole name: the header says name and whose, or just whose."""
    header, named = column.header, column.has("name", "full_name")
    if not header.meanings <= NAME_WORDS or not (named or header.has("customer", "billing")):
        return
    if header.has("order", "invoice", "payment", "sold") and not header.has(*PERSON):
        return  # an order's name
    strength = 0.95 if header.has("full_name") or (named and header.has("customer", "billing")) else 0.8
    agreement = max(column.share("name"), column.share("hash"))
    if not named:
        strength = 0.8 if agreement >= MOSTLY and column.contents.distinct > 1 else 0.5
    if header.of_recipient:
        strength -= RECIPIENT
    yield column.claim("full_name", strength if agreement >= AGREES else 0.1, "name")


def _customer_id(column: ColumnEvidence) -> Iterator[Claim]:
    is_id = column.has("customer_id") or (column.has("customer") and column.has("id"))
    if is_id and column.share("email") >= MOSTLY:
        yield column.claim("em", 0.1 if column.contents.constant else 0.8, "email")
    elif is_id and column.header.meanings <= {"customer_id", "customer", "id", "usual", "hashed"}:
        yield column.claim("external_id", 0.1 if column.contents.constant else 0.9)


DEVICE: Mapping[str, tuple[str, Callable[[Contents], bool]]] = {
    "lead_id": ("lead_id", lambda contents: contents.share("id") >= AGREES),
    "fbclid": ("click_id", lambda _: True),
    "fbp": ("browser_id", lambda _: True),
    "client_ip_address": ("ip", lambda contents: any("." in word or ":" in word for word in contents.words)),
    "client_user_agent": ("user_agent", lambda _: True),
}
"""Field -> the header's meaning, and whether the cells can be it."""


def _device(column: ColumnEvidence) -> Iterator[Claim]:
    if column.share("lead") >= MOSTLY:
        yield Claim(column.name, "lead_id", 1.0, "its cells are ids of Meta's leads, l:9999999999999999")
    for field, (meaning, fits) in DEVICE.items():
        if column.has(meaning) and not column.has(*OWN) and fits(column.contents):
            yield column.claim(field, 0.9)
