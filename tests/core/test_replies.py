from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.core.reasons import REASONS
from importer.core.replies import RULES, SUBCODES, Action, NetworkFault, verdict
from importer.errors import AccessError, MetaUnavailable, UsageError

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "delivery.md"


def failure(code: object, subcode: object = None, **more: object) -> bytes:
    error = {"message": "Ugyldig", "type": "OAuthException", "code": code, "error_subcode": subcode, **more}
    return json.dumps({"error": {name: value for name, value in error.items() if value is not None}}).encode()


def success(received: object) -> bytes:
    return json.dumps({"events_received": received, "messages": [], "fbtrace_id": "Abc-1_x"}).encode()


ERRORS = [
    *((code, None, "throttled") for code in (4, 17, 32, 341, 613, *range(80_000, 80_015))),
    (4, 1_504_022, "throttled"),
    (4, 1_504_039, "throttled"),
    (17, 2_446_079, "throttled"),
    (613, 1_487_742, "throttled"),
    (613, 1_996, "throttled"),
    (190, None, "token"),
    (190, 458, "token"),
    (190, 463, "token"),
    (102, None, "token"),
    (104, None, "token"),
    (100, 33, "dataset"),
    (803, None, "dataset"),
    (3, None, "permission"),
    (10, None, "permission"),
    *((code, None, "permission") for code in range(200, 300)),
    (2_500, None, "query"),
    (2_635, None, "version"),
    (368, None, "blocked"),
    (1, None, "overload"),
    (2, None, "service"),
    (100, None, "parameter"),
    *((100, subcode, "parameter") for subcode in SUBCODES),
    *((100, subcode, "parameter") for subcode in (2_804_001, 2_804_007, 2_804_014, 2_804_017, 2_804_048)),
    (-1, None, "internal"),
    (-3, 99, "internal"),
    (12_345, None, "unknown"),
    (None, None, "unknown"),
    ("190", None, "token"),
]


def test_a_wrong_object_or_signature_is_no_fault_of_an_event():
    body = failure(100, type="GraphMethodException")
    assert verdict(400, {}, body, 10).rule.name == "dataset"


@pytest.mark.parametrize(("code", "subcode", "rule"), ERRORS)
@pytest.mark.parametrize("status", [200, 400, 401])
def test_the_code_decides_whatever_the_status(code: object, subcode: object, rule: str, status: int) -> None:
    assert verdict(status, {}, failure(code, subcode), 10).rule is RULES[rule]


@pytest.mark.parametrize(
    ("status", "body", "rule"),
    [
        (200, success(10), "accepted"),
        (200, success("10"), "accepted"),
        (200, b'{"events_received":10}', "accepted"),
        (200, success(9), "count"),
        (200, success(11), "count"),
        (200, success(0), "unreadable"),
        (200, success(None), "unreadable"),
        (200, success(True), "unreadable"),
        (200, b"", "unreadable"),
        (200, b'{"events_received": 1', "unreadable"),
        (200, b"[]", "unreadable"),
        (200, b"<html>10</html>", "unreadable"),
        (200, b'{"error": "invalid_token"}', "unreadable"),
        (302, b"", "unreadable"),
        (400, success(10), "unreadable"),
        (403, b"<html>proxy</html>", "unreadable"),
        (408, b"", "unreadable"),
        (413, b"<html>", "too_large"),
        (429, b"slow down", "too_many"),
        (429, failure(190), "token"),
        (500, b"", "unreadable"),
        (502, b"<html>", "unreadable"),
        (503, b"\xff\xfe", "unreadable"),
        (500, failure(12_345), "unknown_server"),
        (503, failure(2), "service"),
        (400, failure(99, is_transient=True), "transient"),
        (400, failure(99, is_transient="true"), "unknown"),
        (400, failure(-2, is_transient=True), "transient"),
        (400, failure(100, 2_804_003, is_transient=True), "transient_parameter"),
        (400, failure(17, is_transient=True), "throttled"),
        (400, failure(190, is_transient=True), "token"),
        (400, failure(1, is_transient=True), "overload"),
    ],
)
def test_an_answer_has_its_rule(status: int, body: bytes, rule: str) -> None:
    assert verdict(status, {}, body, 10).rule is RULES[rule]


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (NetworkFault.DNS, "unreachable"),
        (NetworkFault.REFUSED, "unreachable"),
        (NetworkFault.UNREACHABLE, "unreachable"),
        (NetworkFault.CONNECT_TIMEOUT, "unreachable"),
        (NetworkFault.TLS, "tls"),
        (NetworkFault.RESET, "lost"),
        (NetworkFault.TIMEOUT, "lost"),
        (NetworkFault.ABANDONED, "lost"),
    ],
)
def test_a_fault_of_the_network_has_its_rule(fault: NetworkFault, rule: str) -> None:
    answer = verdict(None, {}, b"", 10, fault)
    assert answer.rule is RULES[rule]
    assert answer.rule.unknown is (rule == "lost"), "only what was posted can have arrived"


def test_every_rule_stands_in_a_test_above() -> None:
    tested = {rule for _, _, rule in ERRORS} | {"accepted", "count", "unreadable", "too_large", "too_many", "lost"}
    assert tested | {"unreachable", "tls", "unknown_server", "transient", "transient_parameter"} == set(RULES)


@pytest.mark.parametrize(
    ("code", "subcode", "error"),
    [
        (190, 463, AccessError),
        (100, 33, AccessError),
        (200, None, AccessError),
        (368, None, MetaUnavailable),
        (2635, None, UsageError),
    ],
)
def test_a_stop_says_what_to_do_with_metas_numbers(code: int, subcode: int | None, error: type[Exception]) -> None:
    raised = verdict(400, {}, failure(code, subcode, fbtrace_id="Atrace"), 10).error()
    assert type(raised) is error
    assert f"code {code}" in str(raised)
    assert "Atrace" in str(raised)


@pytest.mark.parametrize(
    "more",
    [
        {"message": "(#100) Missing $['data'][7]['user_data']"},
        {"message": 'Unexpected key on param $["data"][7]'},
        {"error_user_msg": "Fejl i $['data'][7]['custom_data']['contents'][0]"},
        {"error_data": {"path": "$['data'][7]"}},
        {"error_data": '{"path": "$[\'data\'][7]"}'},
        {"error_data": {"blame_field_specs": [["data", 7, "event_time"]]}},
        {"error_data": '{"blame_field_specs": [["data", "7", "event_time"]]}'},
        {"error_data": {"blame_field_specs": [["data[7][event_time]"]]}},
    ],
)
def test_the_path_names_the_rejected_event(more: dict[str, object]) -> None:
    assert verdict(400, {}, failure(100, **more), 8).index == 7
    assert verdict(400, {}, failure(100, **more), 7).index is None, "no such event was sent"


@pytest.mark.parametrize(
    "more",
    [
        {"message": "(#100) row 7 of data is bad"},
        {"error_data": {"blame_field_specs": [["access_token"]]}},
        {"error_data": "not json"},
        {"error_data": {"n": 7}},
        {"error_data": [7]},
        {"error_data": {"blame_field_specs": [["data", -1]]}},
    ],
)
def test_no_path_no_guess(more: dict[str, object]) -> None:
    assert verdict(400, {}, failure(100, **more), 10).index is None


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        (
            {
                "x-business-use-case-usage": '{"7":[{"estimated_time_to_regain_access":19},{"estimated_time_to_regain_access":3}]}'
            },
            1_140.0,
        ),
        ({"x-business-use-case": '{"7":[{"estimated_time_to_regain_access":1}]}'}, 60.0),
        ({"x-ad-account-usage": '{"acc_id_util_pct":9.67,"reset_time_duration":100}'}, 100.0),
        ({"x-app-usage": '{"call_count":100,"total_time":25,"total_cputime":25}'}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"x-ad-account-usage": '{"reset_time_duration":0}'}, None),
        ({"x-ad-account-usage": "{cut", "retry-after": "5"}, 5.0),
        (
            {
                "x-business-use-case-usage": '{"7":[{"estimated_time_to_regain_access":1}]}',
                "x-ad-account-usage": '{"reset_time_duration":"90"}',
            },
            90.0,
        ),
        ({"x-ad-account-usage": '{"reset_time_duration":1e99}'}, 86_400.0),
    ],
)
def test_a_throttle_waits_as_the_headers_say(headers: dict[str, str], wait: float | None) -> None:
    assert verdict(400, headers, failure(17), 10).wait == wait
    assert verdict(400, headers, failure(100), 10).wait is None, "only a throttle waits"


def test_a_version_that_runs_out_is_surfaced() -> None:
    headers = {"x-ad-api-version-warning": "The call has been auto-upgraded\x1b[31m to v26.0"}
    for body in (success(1), failure(100)):
        assert verdict(200, headers, body, 1).notice == "The call has been auto-upgraded[31m to v26.0"


def test_the_detail_is_ours_and_never_metas_text() -> None:
    body = failure(100, 2_804_050, error_user_msg="Ada Lovelace, ada@example.com", fbtrace_id="A<b>\n1")
    answer = verdict(400, {}, body, 10)
    assert answer.detail == "code 100, subcode 2804050: no customer key, or too broad ones"
    assert answer.field == "user_data"
    assert answer.trace == "Ab1"
    assert verdict(400, {}, failure(12_345), 1).detail == "code 12345"
    assert "{detail}" in REASONS["meta_rejected"]


@given(
    st.none() | st.integers(100, 599),
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ad-account-usage", "x-business-use-case-usage", "x-ad-api-version-warning"]),
        st.text(max_size=50),
    ),
)
def test_any_bytes_have_a_verdict(status: int | None, body: bytes, headers: dict[str, str]) -> None:
    assert verdict(status, headers, body, 1).action in Action


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("code", "error_subcode", "message", "error_data", "error_user_msg", "is_transient", "fbtrace_id"), JSON
        ),
    )
)
def test_any_error_object_has_a_verdict(error: dict[str, object]) -> None:
    answer = verdict(400, {}, json.dumps({"error": error}).encode("utf-8", "replace"), 3)
    assert answer.action in Action
    assert answer.index is None or 0 <= answer.index < 3


def test_deep_nesting_is_no_answer() -> None:
    assert verdict(200, {}, b'{"error":' * 50_000, 1).rule is RULES["unreadable"]


def _follows(rule_name: str) -> str:
    rule = RULES[rule_name]
    if rule.action is not Action.RETRY:
        return rule.action.value
    after = rule.then.value if rule.then else "give up"
    return f"retry {rule.tries}, then {after}"


def test_the_documents_table_is_the_codes_table() -> None:
    rows = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| `")]
    rules = [row for row in rows if row.split("`")[1] in RULES]
    expected = [
        f"| `{rule.name}` | {rule.when} | {_follows(rule.name)} | {'yes' if rule.unknown else 'no'} |"
        for rule in RULES.values()
    ]
    assert rules == expected


def test_the_documents_subcodes_are_the_codes_subcodes() -> None:
    text = DOCUMENT.read_text("utf-8")
    for subcode, (field, meaning) in SUBCODES.items():
        assert f"| `{subcode}` | {field} | {meaning} |" in text
