"""The table of replies: what can come back, and what is done about it. Printed in docs/delivery.md."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from importer.errors import AccessError, CapiImportError, MetaUnavailable, UsageError


class Action(StrEnum):
    """What to do with the request that was answered."""

    ACCEPT = "accept"
    RETRY = "retry"
    THROTTLE = "throttle"
    SHRINK = "shrink"
    ISOLATE = "isolate"
    STOP = "stop"


class NetworkFault(StrEnum):
    """Why there was no whole answer."""

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"
    RESET = "reset"
    TIMEOUT = "timeout"
    ABANDONED = "abandoned"


NEVER_SENT = (NetworkFault.DNS, NetworkFault.REFUSED, NetworkFault.UNREACHABLE, NetworkFault.CONNECT_TIMEOUT)

RETRIES = 5
"""Retries of a request whose failure is transient (spec, 8.4)."""


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    tries: how often the same bytes are retried before `then` is done; `then` None: the events stay unsent.
    unknown: Meta may have processed the events although it did not say so.
    advice: one sentence for the user, if this ends the run.
    """

    name: str
    when: str
    action: Action
    tries: int = 0
    then: Action | None = None
    unknown: bool = False
    error: type[CapiImportError] = MetaUnavailable
    advice: str = "Meta could not be reached or kept failing; run the same command again later."


THROTTLES = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
TOKEN = frozenset({190, 102, 104})
PERMISSION = frozenset({3, 10, 270, 294, *range(200, 300)})

_LINES = (
    Rule("accepted", "2xx and `events_received` is the number sent", Action.ACCEPT),
    Rule("count", "2xx and `events_received` is another number, not 0", Action.RETRY, 1, Action.ACCEPT, unknown=True),
    Rule("lost", "reset, closed or timed out after connecting", Action.RETRY, RETRIES, unknown=True),
    Rule(
        "unreachable",
        "refused, no route, DNS failure, connect timeout",
        Action.RETRY,
        RETRIES,
        advice="Meta cannot be reached; check the network, the proxy and --graph-url, then run the same command again.",
    ),
    Rule(
        "tls",
        "TLS failure",
        Action.RETRY,
        RETRIES,
        advice="No secure connection to Meta could be made; check the clock, the proxy and the certificates.",
    ),
    Rule(
        "unreadable",
        "no JSON (HTML, empty, cut short), or JSON that is neither success nor error",
        Action.RETRY,
        RETRIES,
        unknown=True,
        advice="Something other than Meta answers, perhaps a proxy; check the network and --graph-url.",
    ),
    Rule("too_large", "HTTP 413 without JSON", Action.SHRINK),
    Rule("too_many", "HTTP 429 without JSON", Action.THROTTLE),
    Rule("throttled", "4, 17, 32, 341, 613, 80000 to 80014", Action.THROTTLE),
    Rule(
        "token",
        "190, 102, 104",
        Action.STOP,
        error=AccessError,
        advice="Meta refuses the access token: it has expired or is wrong; make a new token and set CAPI_ACCESS_TOKEN "
        "(and CAPI_APP_SECRET, if set, to the secret of the token's app).",
    ),
    Rule(
        "dataset",
        "100 with subcode 33 or of type GraphMethodException; 803",
        Action.STOP,
        error=AccessError,
        advice="The dataset does not exist or the token may not use it; check --dataset, the token's access to it, and "
        "CAPI_APP_SECRET if it is set.",
    ),
    Rule(
        "permission",
        "3, 10, 200 to 299, 294",
        Action.STOP,
        error=AccessError,
        advice="The token may not send events to this dataset; give it the permission or use a token that has it.",
    ),
    Rule(
        "query",
        "2500",
        Action.STOP,
        error=UsageError,
        advice="Meta does not understand the address; check --dataset, --graph-url and --graph-version.",
    ),
    Rule(
        "version",
        "2635",
        Action.STOP,
        error=UsageError,
        advice="Meta no longer serves this version of its interface; give a newer --graph-version.",
    ),
    Rule(
        "blocked",
        "368",
        Action.STOP,
        advice="Meta has blocked this account for now; look into Account Quality and run the command again later.",
    ),
    Rule("overload", '1 (also "reduce the amount of data")', Action.RETRY, 2, Action.SHRINK),
    Rule("service", "2", Action.RETRY, RETRIES),
    Rule("transient_parameter", "100 with `is_transient`", Action.RETRY, 2, Action.SHRINK),
    Rule("transient", "any other code with `is_transient`", Action.RETRY, RETRIES),
    Rule("parameter", "100", Action.ISOLATE),
    Rule("internal", "a negative code", Action.RETRY, 1, Action.ISOLATE),
    Rule("unknown_server", "an unknown code or none, with HTTP 5xx", Action.RETRY, RETRIES),
    Rule("unknown", "an unknown code or none", Action.RETRY, 2, Action.ISOLATE),
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _LINES}
"""The table by name. Codes and their classes: spec, 8.3 [ERR][EH][RL-G][RL-M]."""

SUBCODES: dict[int, tuple[str, str]] = {
    2804003: ("event_time", "the event is too old"),
    2804004: ("event_time", "the event lies in the future"),
    2804008: ("contents", "an item of the order has no id"),
    2804009: ("value", "a Purchase without an amount"),
    2804010: ("currency", "a Purchase without a currency"),
    2804016: ("user_data", "a customer key is not SHA-256"),
    2804019: ("", "the event's form is wrong"),
    2804023: ("currency", "an amount without a currency"),
    2804030: ("data_processing_options", "the choice on Limited Data Use is missing"),
    2804043: ("action_source", "an app event without device data"),
    2804050: ("user_data", "no customer key, or too broad ones"),
    2804066: ("event_name", "the event name is not allowed in messaging"),
    2804069: ("page_id", "a messaging event without page_id"),
    2804079: ("ig_account_id", "a messaging event without ig_account_id"),
    2804087: ("ctwa_clid", "the ctwa_clid is wrong"),
    2804116: ("page_id", "a messaging event without page_id or WhatsApp account"),
}
"""Subcode of code 100 -> the field at fault ("" where it names none) and what Meta found (spec, section 2)."""

RULE_OF_CODE: dict[int, str] = {
    **dict.fromkeys(PERMISSION, "permission"),
    **dict.fromkeys(THROTTLES, "throttled"),
    **dict.fromkeys(TOKEN, "token"),
    1: "overload",
    2: "service",
    368: "blocked",
    803: "dataset",
    2500: "query",
    2635: "version",
}
