"""The shapes that flow: stages, Arrow schemas, statuses, customer keys.

A batch of source rows passes the stages in this order. Each stage is a `NewType` that only the
function named beside it makes, so that a type checker refuses, say, to send what was not hashed.

    Raw        Export.batches      row, line, fault, then the export's own columns
    Mapped     mapping.map_batch   Meta's field names; times, amounts and numbers are typed
    Orders     orders.gather       one row per order; lines folded into `contents`
    Normal     prepare.normalise   every customer value in Meta's normal form
    Hashed     hashing.hash_batch  customer fields are SHA-256 hex; the raw values are gone
    Prepared   prepare.prepare     one row per *source row* again; the narrow waist
    Delivered  deliver.deliver     Prepared plus what became of each row
    Outcomes   results.outcomes    one line of the report for each source row
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

import pyarrow as pa

from importer.core.kernels import arrays

Column: TypeAlias = arrays.Column

Raw = NewType("Raw", pa.RecordBatch)
Mapped = NewType("Mapped", pa.RecordBatch)
Orders = NewType("Orders", pa.RecordBatch)
Normal = NewType("Normal", pa.RecordBatch)
Hashed = NewType("Hashed", pa.RecordBatch)
Prepared = NewType("Prepared", pa.RecordBatch)
Delivered = NewType("Delivered", pa.RecordBatch)
Outcomes = NewType("Outcomes", pa.RecordBatch)

MONEY = pa.decimal128(28, 6)
"""Amounts are exact: 22 digits before the point, 6 behind it."""

BATCH_ROWS = 24_000
"""Source rows in one record batch: whole requests, and few enough that several batches of bodies fit in memory."""

ROWS_WITHOUT_BODIES = 64_000
"""Source rows in one record batch where no bodies are wanted: fewer calls, a tenth less time than with half as many."""

MAX_EVENTS = 1_000
"""Events in one request [UTA: developers.facebook.com, conversions-api/using-the-api]."""

MAX_BODY_BYTES = 2_000_000
"""Bytes of one request's body. Meta publishes no limit; this is ours."""

DAY = 86_400
WINDOW_SECONDS = 7 * DAY
"""How old an event may be when it is sent [SE: .../parameters/server-event]."""
STORE_WINDOW_SECONDS = 62 * DAY
"""The same for action_source physical_store [OFF: .../offline-events]."""
WINDOW_MARGIN_SECONDS = 600
"""Taken off both windows, since where exactly Meta draws the line is not published."""

ACTION_SOURCES = (
    "email", "website", "app", "phone_call", "chat",
    "physical_store", "system_generated", "business_messaging", "other",
)  # fmt: skip
"""[SE]"""

STANDARD_EVENTS = (
    "AddPaymentInfo", "AddToCart", "AddToWishlist", "CompleteRegistration", "Contact", "CustomizeProduct",
    "Donate", "FindLocation", "InitiateCheckout", "Lead", "PageView", "Purchase", "Schedule", "Search",
    "StartTrial", "SubmitApplication", "Subscribe", "ViewContent",
)  # fmt: skip
"""[PIX: developers.facebook.com/docs/meta-pixel/reference]"""


class Status(StrEnum):
    """What became of a source row."""

    ACCEPTED = "accepted"
    READY = "ready"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    INVALID = "invalid"
    REJECTED = "rejected"
    UNSENT = "unsent"


@dataclass(frozen=True)
class Key:
    """One customer key of `user_data`.

    hashed: Meta wants SHA-256 of the normal form [CIP]; else the value is sent clear.
    many: Meta takes a list of values.
    number: the value is a JSON number.
    """

    name: str
    hashed: bool
    many: bool
    number: bool = False


KEYS: tuple[Key, ...] = (
    Key("em", hashed=True, many=True),
    Key("ph", hashed=True, many=True),
    Key("fn", hashed=True, many=True),
    Key("ln", hashed=True, many=True),
    Key("db", hashed=True, many=True),
    Key("ge", hashed=True, many=True),
    Key("ct", hashed=True, many=True),
    Key("st", hashed=True, many=True),
    Key("zp", hashed=True, many=True),
    Key("country", hashed=True, many=True),
    Key("external_id", hashed=True, many=True),
    Key("lead_id", hashed=False, many=False, number=True),
    Key("madid", hashed=False, many=False),
    Key("anon_id", hashed=False, many=False),
    Key("fbc", hashed=False, many=False),
    Key("fbp", hashed=False, many=False),
    Key("client_ip_address", hashed=False, many=False),
    Key("client_user_agent", hashed=False, many=False),
    Key("subscription_id", hashed=False, many=False),
    Key("fb_login_id", hashed=False, many=False, number=True),
    Key("page_id", hashed=False, many=False),
    Key("page_scoped_user_id", hashed=False, many=False),
    Key("ctwa_clid", hashed=False, many=False),
    Key("ig_account_id", hashed=False, many=False),
    Key("ig_sid", hashed=False, many=False),
)
"""Every customer key of the specification, section 4, in the order they are sent."""

HELPER_FIELDS = ("full_name", "doby", "dobm", "dobd", "fbclid")
"""Columns that help to make a customer key: a whole name, parts of a birthday, a click id."""

CUSTOMER_FIELDS = (*(key.name for key in KEYS), *HELPER_FIELDS)
"""Columns about the customer, the keys first."""

ALL_OF = ("em", "ph")
"""Keys of which all are sent: those of every column, and of every row of an order; of others the first one counts."""

EVENT_FIELDS = (
    "event_name", "event_time", "event_clock", "event_zone", "action_source", "event_source_url", "opt_out",
    "data_processing_options", "data_processing_options_country", "data_processing_options_state",
)  # fmt: skip
CUSTOM_FIELDS = (
    "value", "currency", "order_id", "item_number", "content_ids", "content_type", "content_name",
    "content_category", "num_items", "delivery_category", "predicted_ltv", "net_revenue", "search_string",
    "event_source", "lead_event_source",
)  # fmt: skip

DELIVERY_CATEGORIES = ("in_store", "curbside", "home_delivery")
SEGMENTS = (
    *(
        f"{age}_customer_to_{what}"
        for age in ("new", "existing")
        for what in ("business", "business_line", "product_area", "medium")
    ),
    "customer_in_loyalty_program",
)
"""Values of `delivery_category` and `customer_segmentation` [CD][SE]."""

SEPARATOR = ","
"""Follows the JSON of each event in `payload`, so that a request's events lie in memory as they are posted."""

KEY_BYTES = 16
"""What identifies a sale at Meta and in the ledger."""

TAKEN_BACK = pa.struct(
    [
        pa.field("key", pa.binary(KEY_BYTES)),
        pa.field("keys", pa.list_(pa.binary(KEY_BYTES))),
        pa.field("old_key", pa.binary(KEY_BYTES)),
        pa.field("day", pa.int32()),
        pa.field("customers", pa.list_(pa.uint64())),
        pa.field("event_name", pa.string()),
        pa.field("event_time", pa.int64()),
        pa.field("value", MONEY),
        pa.field("currency", pa.string()),
        pa.field("together", MONEY),  # what all refunds of the run under its keys come to, where there are several
    ]
)
"""A sale that the export shows refunded or cancelled, as it is looked up among those that Meta accepted."""

PREPARED = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("order", pa.int32()),  # rows of one batch with the same number share one event and its outcome
        pa.field(
            "key", pa.binary(KEY_BYTES)
        ),  # what identifies the sale (see sale_identity.py); null where none is sent
        pa.field("keys", pa.list_(pa.binary(KEY_BYTES))),  # further keys of a sale without order id
        pa.field("old_key", pa.binary(KEY_BYTES)),  # the key as an earlier version made it, where it differs
        pa.field("day", pa.int32()),  # as the source writes it, in days since 1970; null where the keys say it all
        pa.field("customers", pa.list_(pa.uint64())),  # words for e-mails, phones and external ids
        pa.field("dataset", pa.string()),  # whose row it is, where a run has several
        pa.field("taken_back", TAKEN_BACK),  # on the first row of its order
        pa.field("taken_back_of", pa.int32()),  # rows of one batch with the same number tell of one such sale
        pa.field("order_id", pa.string()),
        pa.field("event_id", pa.string()),
        pa.field("event_name", pa.string()),
        pa.field("event_time", pa.int64()),  # UTC seconds
        pa.field("action_source", pa.string()),
        pa.field("value", MONEY),
        pa.field("currency", pa.string()),
        pa.field("match_keys", pa.string()),  # em+ph+fn
        pa.field(
            "payload", pa.large_string()
        ),  # the event's compact JSON and a SEPARATOR, on the first row of its order only
        pa.field("status", pa.string()),  # set where the row ends here: skipped, invalid, duplicate
        pa.field("field", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("detail", pa.string()),  # fills {detail} in the reason's sentence: a file's name, a date, a rule's own
        pa.field("warnings", pa.string()),  # field:code; field:code
    ]
)

IDENTITY = ("key", "keys", "old_key", "day", "customers", "taken_back", "taken_back_of")
"""Columns that only the ledger needs."""

DELIVERED = pa.schema(
    [
        *(field for field in PREPARED if field.name not in IDENTITY),
        pa.field("error_code", pa.int64()),
        pa.field("error_subcode", pa.int64()),
        pa.field("trace", pa.string()),
    ]
)

OUTCOMES = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("sheet", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("line", pa.int64()),
        pa.field("status", pa.string()),
        pa.field("field", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("message", pa.string()),
        pa.field("warnings", pa.string()),
        pa.field("order_id", pa.string()),
        pa.field("event_id", pa.string()),
        pa.field("event_name", pa.string()),
        pa.field("event_time", pa.string()),  # ISO 8601, UTC
        pa.field("value", MONEY),
        pa.field("currency", pa.string()),
        pa.field("match_keys", pa.string()),
        pa.field("error_code", pa.int64()),
        pa.field("error_subcode", pa.int64()),
        pa.field("trace", pa.string()),
    ]
)

ROUTED_OUTCOMES = OUTCOMES.append(pa.field("dataset", pa.string()))
"""The same of a run to several datasets."""
