"""A valid sale, a fixed clock, and a way to call the sandbox as a client would."""

import hashlib
import json

import pytest

from importer.graph_sandbox import Sandbox, SandboxOptions

NOW = 1_795_474_800  # 2026-11-23T23:00:00Z
DATASET = "1001"
TOKEN = "any-token"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Caller:
    """Calls one sandbox with a token and JSON, and reads its answers."""

    def __init__(self, options=None, now=NOW):
        self.now = now
        self.sandbox = Sandbox(options, clock=lambda: self.now)

    def call(self, method, path, query="", body=b"", token=TOKEN, **headers):
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        status, answered, content = self.sandbox.handle(method, path, query, sent, body)
        return status, answered, json.loads(content)

    def post(self, events, dataset=DATASET, token=TOKEN, **beside):
        body = json.dumps({"data": events, **beside}).encode()
        status, _, content = self.call("POST", f"/v25.0/{dataset}/events", body=body, token=token)
        return status, content

    def get(self, path, query="", token=TOKEN):
        status, _, content = self.call("GET", f"/v25.0/{path}", query, token=token)
        return status, content


@pytest.fixture
def caller():
    return Caller()


@pytest.fixture
def calling():
    """A caller of a sandbox with the given options."""
    return lambda **options: Caller(SandboxOptions(**options))


@pytest.fixture
def sale():
    """A valid event of a shop, hashed customer and all, of its own order number."""

    def make(order_id="A-1", **changes):
        event = {
            "event_name": "Purchase",
            "event_time": NOW - 3600,
            "action_source": "physical_store",
            "event_id": f"event-{order_id}",
            "user_data": {
                "em": [digest("mary@example.com")],
                "ph": [digest("16505551212")],
                "fn": digest("mary"),
                "country": [digest("us")],
                "external_id": ["loyalty-7"],
                "lead_id": 1234567890123456,
                "fbc": "fb.1.1554763741205.IwAR2F4-dbP0l7Mn1IawQQ",
                "fbp": "fb.1.1558571054389.1098115397",
                "client_ip_address": "203.0.113.7",
                "client_user_agent": "Mozilla/5.0",
                "madid": "ab12cd34-0000-1111-2222-333344445555",
            },
            "custom_data": {
                "value": 12.5,
                "currency": "EUR",
                "order_id": order_id,
                "item_number": "1",
                "contents": [{"id": "sku-1", "quantity": 2, "item_price": 6.25, "delivery_category": "in_store"}],
                "content_type": "product",
                "store": {"till": 4, "staff": ["x"]},
            },
            "data_processing_options": [],
        }
        return {**event, **changes}

    return make
