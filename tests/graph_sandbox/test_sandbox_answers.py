"""Whole requests: what is accepted, what is refused as a whole, and how Meta puts it."""

import hashlib
import hmac
import json
import threading
import time
from datetime import datetime
from urllib.parse import urlencode

import pytest

from importer.graph_sandbox import CUT, Sandbox, SandboxOptions, bad_gateway, every, lose_every, throttled, unavailable
from importer.graph_sandbox.access import version_error
from importer.graph_sandbox.localized_texts import _RULE_TEXTS, _SHAPE_TEXTS, LANGUAGES, text_of

NOW = 1_795_474_800
DAY = 86_400


def test_accepted_events_are_counted_and_kept(caller, sale):
    status, answer = caller.post([sale("A-1"), sale("A-2")])
    assert status == 200
    assert answer == {"events_received": 2, "messages": [], "fbtrace_id": answer["fbtrace_id"]}
    assert caller.sandbox.events("1001") == [sale("A-1"), sale("A-2")]
    assert caller.sandbox.events("1002") == []


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_event_refuses_the_whole_request(caller, sale, place):
    events = [sale("A-1"), sale("A-2"), sale("A-3")]
    events[place]["event_time"] = NOW - 63 * DAY
    status, answer = caller.post(events)
    assert (status, answer["error"]["error_subcode"]) == (400, 2804003)
    assert caller.sandbox.events("1001") == []
    assert caller.sandbox.summary().received == 0


def test_the_first_bad_event_decides(caller, sale):
    _, answer = caller.post([sale(), sale(event_time=NOW + 9), sale(event_time=0)])
    assert answer["error"]["error_subcode"] == 2804004


def test_a_business_rule_names_no_event(caller, sale):
    events = [sale(), sale(event_time=0)]
    _, answer = caller.post(events)
    error = answer["error"]
    assert error["message"] == "Invalid parameter"
    assert (error["type"], error["code"], error["is_transient"]) == ("OAuthException", 100, False)
    assert error["error_user_title"]
    assert "[1]" not in json.dumps(answer)
    assert "data" not in error["error_user_msg"]


def test_a_shape_error_names_the_place(caller, sale):
    bad = sale()
    bad["custom_data"]["contents"][0]["price"] = 5
    _, answer = caller.post([sale(), sale(), bad])
    text = answer["error"]["error_user_msg"]
    assert "$['data'][2]['custom_data']['contents'][0]" in text
    assert '"price"' in text


def test_no_answer_holds_a_customers_value(caller, sale):
    secrets = ["mary@example.com", "+1 650 555 1212", "Mary", "203.0.113.7000", "12,50", "not an address"]
    bad = [
        sale(user_data={"em": secrets[0]}),
        sale(user_data={"ph": [secrets[1]]}),
        sale(user_data={"fn": secrets[2]}),
        sale(user_data={"client_ip_address": secrets[3]}),
        sale(custom_data={"value": secrets[4], "currency": "EUR"}),
        sale(user_data={secrets[0]: 1}),
        sale(event_source_url=secrets[5]),
    ]
    for event in bad:
        status, answer = caller.post([event])
        assert status == 400
        assert not [secret for secret in secrets if secret in json.dumps(answer)]


def test_languages_take_turns_unless_one_is_chosen(caller, calling, sale):
    turns = [caller.post([sale(event_time=0)])[1]["error"]["error_user_title"] for _ in range(5)]
    assert len(set(turns)) == len(LANGUAGES)
    assert turns[0] == turns[4]
    german = calling(language="de")
    titles = {german.post([sale(event_time=0)])[1]["error"]["error_user_title"] for _ in range(3)}
    assert titles == {"Zeitstempel des Events zu alt"}


@pytest.mark.parametrize("key", [*_RULE_TEXTS, *_SHAPE_TEXTS])
def test_every_text_stands_in_every_language(key):
    texts = {text_of(key, language)[1] for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES)
    assert {("{path}" in text) for text in texts} == {key in _SHAPE_TEXTS}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"not json",
        b"[]",
        b'{"data": {}}',
        b'{"data": "no list"}',
        b'{"data": "{}"}',
        b'{"data": []}',
        b'{"data": ["no event"]}',
        b'{"data": [{"event_time": NaN}]}',
        b'{"data": [' + b"[" * 5000,
        b"\xff\xfe",
    ],
)
def test_a_body_without_events_is_refused(caller, body):
    status, _, answer = caller.call("POST", "/v25.0/1001/events", body=body)
    assert (status, answer["error"]["code"]) == (400, 100)


def test_a_thousand_events_are_taken_and_one_more_is_not(caller, sale):
    events = [sale(f"A-{number}") for number in range(1001)]
    assert caller.post(events)[0] == 400
    assert caller.post(events[:1000])[1]["events_received"] == 1000


def test_a_full_request_is_judged_quickly(caller, sale):
    body = json.dumps({"data": [sale(f"A-{number}") for number in range(1000)]}).encode()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        assert caller.call("POST", "/v25.0/1001/events", body=body)[0] == 200
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5  # about 0.03 s on an idle machine; coverage and neighbours slow it down


def test_forms_and_the_sdks_lists_of_texts_are_understood(caller, sale):
    texts = json.dumps([json.dumps(sale("A-1"))])
    form = urlencode({"data": texts, "access_token": "any-token"}).encode()
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    status, _, answer = caller.call("POST", "/v25.0/1001/events", body=form, token="", **kind)
    assert (status, answer["events_received"]) == (200, 1)
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    multipart = part.format("data", json.dumps([sale("A-2")])) + part.format("access_token", "any-token") + "--b--\r\n"
    kind = {"Content_Type": "multipart/form-data; boundary=b"}
    status, _, answer = caller.call("POST", "/v25.0/1001/events", body=multipart.encode(), token="", **kind)
    assert (status, answer["events_received"]) == (200, 1)
    assert caller.sandbox.sales("1001") == [sale("A-1"), sale("A-2")]


def test_a_repeated_json_key_is_tolerated(caller, sale):
    text = json.dumps(sale()).replace('{"event_name"', '{"event_name": "Lead", "event_name"', 1)
    status, _, _ = caller.call("POST", "/v25.0/1001/events", body=f'{{"data":[{text}]}}'.encode())
    assert status == 200


@pytest.mark.parametrize(
    ("beside", "status"),
    [
        ({"test_event_code": "TEST123"}, 200),
        ({"test_event_code": 123}, 400),
        ({"test_event_code": ""}, 400),
        ({"upload_tag": "shop.csv"}, 200),
        ({"upload_tag": []}, 400),
        ({"partner_agent": "capi_import_0_1"}, 200),
        ({"partner_agent": "a" * 23}, 400),
        ({"partner_agent": "1.0"}, 400),
    ],
)
def test_what_stands_beside_the_events(caller, sale, beside, status):
    assert caller.post([sale()], **beside)[0] == status


def test_test_events_are_accepted_like_others_and_counted(caller, sale):
    caller.post([sale()], test_event_code="TEST1")
    assert caller.sandbox.summary().test_events == 1
    assert len(caller.sandbox.sales("1001")) == 1


# tokens, signatures, versions, paths


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        ("", 400, 104),
        ("  ", 400, 104),
        ("dead-token", 400, 190),
        ("malformed-token", 401, 190),
        ("unsigned-token", 400, 102),
        ("no-permission", 403, 200),
        ("no-capability", 403, 10),
        ("blocked-token", 400, 368),
        ("throttled-token", 400, 80004),
    ],
)
def test_a_token_that_may_not_send(caller, sale, token, status, code):
    answered, answer = caller.post([sale()], token=token)
    assert (answered, answer["error"]["code"]) == (status, code)
    assert caller.sandbox.events("1001") == []


def test_a_send_only_token_reads_nothing(caller, sale):
    assert caller.post([sale()], token="send-only-token")[0] == 200
    assert caller.get("1001", token="send-only-token")[1]["error"]["code"] == 10


def test_only_listed_tokens_are_taken_where_there_is_a_list(calling, sale):
    caller = calling(tokens=frozenset({"right"}))
    assert caller.post([sale()], token="right")[0] == 200
    assert caller.post([sale()], token="wrong")[1]["error"]["code"] == 190


def test_the_token_may_come_in_the_query_or_the_body(caller, sale):
    assert caller.get("1001", "access_token=any", token="")[0] == 200
    assert caller.post([sale()], token="", access_token="any")[0] == 200


def test_the_signature_is_verified(calling, sale):
    caller = calling(app_secret="secret")
    proof = hmac.new(b"secret", b"any-token", hashlib.sha256).hexdigest()
    assert caller.post([sale()], appsecret_proof=proof)[0] == 200
    for beside in ({}, {"appsecret_proof": "0" * 64}, {"appsecret_proof": 5}):
        error = caller.post([sale()], **beside)[1]["error"]
        assert (error["code"], error["type"]) == (100, "GraphMethodException")
        assert "error_subcode" not in error
    assert caller.get("1001", f"appsecret_proof={proof}")[0] == 200


def test_without_a_secret_only_the_form_of_a_signature_is_checked(caller, sale):
    assert caller.post([sale()], appsecret_proof="0" * 64)[0] == 200
    assert caller.post([sale()], appsecret_proof="short")[0] == 400


@pytest.mark.parametrize(
    ("call", "code", "subcode"),
    [
        ("POST /1001/events", 2635, None),
        ("POST /v20.0/1001/events", 2635, None),
        ("POST /v3.2/1001/events", 2635, None),
        ("POST /v99.0/1001/events", 2500, None),
        ("GET /v24.0/1001", 2635, None),
        ("GET /", 2635, None),
        ("GET /v25.0", 2500, None),
        ("GET /v25.0/1/2/3", 2500, None),
        ("GET /v25.0/1001/events", 100, 33),
        ("DELETE /v25.0/1001/events", 100, 33),
        ("PUT /v25.0/1001", 100, 33),
        ("POST /v25.0/1001", 100, 33),
        ("POST /v25.0/000/events", 100, 33),
        ("POST /v25.0/shop/events", 100, 33),
        ("GET /v25.0/000", 100, 33),
        ("GET /v25.0/shop", 803, None),
        ("GET /v25.0/1001/activities", 100, None),
    ],
)
def test_wrong_addresses(caller, sale, call, code, subcode):
    method, path = call.split()
    body = json.dumps({"data": [sale()]}).encode() if method == "POST" else b""
    status, _, answer = caller.call(method, path, body=body)
    assert status == 400
    assert (answer["error"]["code"], answer["error"].get("error_subcode")) == (code, subcode)
    assert (answer["error"]["type"] == "GraphMethodException") is (subcode == 33)


@pytest.mark.parametrize(
    ("day", "version", "sending", "reading"),
    [
        ("2026-11-03", "v27.0", 2500, 2500),
        ("2026-11-04", "v27.0", None, None),
        ("2026-11-09", "v24.0", None, None),
        ("2026-11-10", "v24.0", None, 2635),
        ("2027-02-22", "v25.0", None, None),
        ("2027-02-23", "v25.0", None, 2635),
        ("2028-07-28", "v25.0", None, 2635),
        ("2028-07-29", "v25.0", 2635, 2635),
        ("2026-07-28", "v26.0", 2500, 2500),
        ("2026-11-28", "v19.0", 2635, 2635),
        ("2026-11-28", "v25.1", 2635, 2635),
        ("2026-11-28", "v28.0", 2500, 2500),
    ],
)
def test_a_version_is_taken_from_its_release_until_its_end(day, version, sending, reading):
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()
    for is_sending, code in ((True, sending), (False, reading)):
        error = version_error(version, noon, sending=is_sending)
        assert (None if error is None else error.code) == code


@pytest.mark.parametrize("version", ["v21.0", "v24.0", "v25.0", "v26.0", "v27.0"])
def test_sending_lives_longer_than_reading(caller, sale, version):
    body = json.dumps({"data": [sale()]}).encode()
    assert caller.call("POST", f"/{version}/1001/events", body=body)[0] == 200


# repeats


@pytest.mark.parametrize(
    ("path", "value", "repeats"),
    [
        ("event_id", "another", 1),
        ("user_data", {"em": "0" * 64}, 1),
        ("event_time", NOW - 7, 0),
        ("event_name", "Lead", 0),
        ("custom_data.order_id", "A-9", 0),
        ("custom_data.item_number", "2", 0),
        ("custom_data.value", 99, 1),
    ],
)
def test_what_makes_a_sale_a_repeat(caller, sale, path, value, repeats):
    second = sale()
    *way, last = path.split(".")
    (second[way[0]] if way else second)[last] = value
    caller.post([sale()])
    caller.post([second])
    summary = caller.sandbox.summary()
    assert (summary.received, summary.distinct, summary.repeats) == (2, 2 - repeats, repeats)
    assert caller.sandbox.sales("1001")[0] == sale()
    assert len(caller.sandbox.sales("1001")) == 2 - repeats


def test_without_an_order_number_the_customer_decides(caller, sale):
    first = sale(custom_data={"value": 1, "currency": "EUR"})
    other = {**first, "user_data": {"em": "0" * 64}}
    caller.post([first, first, other])
    assert caller.sandbox.summary().repeats == 1


def test_a_repeat_is_forgotten_after_seven_days(caller, sale):
    caller.post([sale()])
    caller.now += 7 * DAY
    caller.post([sale()])
    caller.now += 1
    caller.post([sale()])
    assert caller.sandbox.summary().repeats == 1
    assert len(caller.sandbox.sales("1001")) == 2


def test_datasets_do_not_know_each_other(caller, sale):
    caller.post([sale()])
    caller.post([sale()], dataset="1002")
    assert caller.sandbox.summary().repeats == 0


def test_web_events_are_never_taken_for_repeats(caller, sale):
    event = sale(action_source="website", event_source_url="https://example.com")
    caller.post([event, event])
    assert caller.sandbox.summary().repeats == 0


# rehearsals


def test_poison_is_refused_though_it_breaks_no_rule(calling, sale):
    for poison in (frozenset({"A-2"}), lambda event: event["event_id"] == "event-A-2"):
        caller = calling(poison=poison)
        _, answer = caller.post([sale("A-1"), sale("A-2")])
        assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (100, 2804001)
        assert "[1]" not in json.dumps(answer)
        assert caller.post([sale("A-1")])[0] == 200


def test_poison_may_name_its_place(calling, sale):
    _, answer = calling(poison=frozenset({"A-2"}), poison_path=True).post([sale("A-1"), sale("A-2")])
    assert "$['data'][1]" in answer["error"]["error_user_msg"]


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [(throttled(), 400, 80004), (unavailable(), 503, 2), (throttled(4, subcode=None), 400, 4)],
)
def test_every_nth_request_may_be_refused(calling, sale, answer, status, code):
    caller = calling(refuse=(every(3, answer),))
    statuses = [caller.post([sale(f"A-{number}")])[0] for number in range(6)]
    assert statuses == [200, 200, status, 200, 200, status]
    assert len(caller.sandbox.events("1001")) == 4
    assert caller.sandbox.log()[2].code == code


def test_reading_is_not_disturbed(calling):
    caller = calling(refuse=(every(1, unavailable()),))
    assert caller.get("1001")[0] == 200


def test_a_throttle_tells_in_minutes_when_to_come_back(calling, sale):
    caller = calling(refuse=(every(1, throttled(minutes=3)),))
    _, headers, _ = caller.call("POST", "/v25.0/1001/events", body=b"{}")
    (cases,) = json.loads(headers["x-business-use-case-usage"]).values()
    assert cases[0]["estimated_time_to_regain_access"] == 3
    assert json.loads(headers["x-ad-account-usage"])["reset_time_duration"] == 180


@pytest.mark.parametrize("answer", [CUT, bad_gateway()])
def test_an_answer_may_be_lost_after_the_events_are_taken(sale, answer):
    sandbox = Sandbox(SandboxOptions(spoil=(lose_every(1, answer),)), clock=lambda: NOW)
    body = json.dumps({"data": [sale()]}).encode()
    got = sandbox.handle("POST", "/v25.0/1001/events", "", {"Authorization": "Bearer t"}, body)
    assert got == answer
    assert len(sandbox.events("1001")) == 1


def test_large_bodies_are_answered_with_code_1(calling, sale):
    status, answer = calling(max_body_bytes=100).post([sale()])
    assert (status, answer["error"]["code"]) == (500, 1)


def test_usage_headers_stand_there_when_asked_for(caller, calling):
    assert "x-app-usage" not in caller.call("GET", "/v25.0/1001")[1]
    headers = calling(usage=75).call("GET", "/v25.0/1001")[1]
    assert json.loads(headers["x-app-usage"]) == {"call_count": 75, "total_time": 75, "total_cputime": 75}


def test_events_need_not_be_kept(calling, sale):
    caller = calling(keep=False)
    caller.post([sale(), sale()])
    assert caller.sandbox.events("1001") == []
    assert (caller.sandbox.summary().distinct, caller.sandbox.summary().repeats) == (1, 1)


def test_the_summary_counts_refusals_by_code(caller, sale):
    caller.post([sale()])
    caller.post([sale(event_time=0)])
    caller.post([sale(event_time=0)])
    caller.post([sale()], token="dead-token")
    summary = caller.sandbox.summary()
    assert summary.requests == 4
    assert summary.refusals == {"100/2804003": 2, "190/463": 1}


def test_the_log_and_reprs_hold_no_token_and_no_value(caller, sale):
    caller.post([sale()], token="very-secret")
    caller.get("1001", "access_token=very-secret")
    text = repr(caller.sandbox.log()) + repr(
        SandboxOptions(tokens=frozenset({"very-secret"}), app_secret="very-secret")
    )
    assert "very-secret" not in text
    assert [(line.edge, line.events) for line in caller.sandbox.log()] == [("events", 1), ("node", 0)]


def test_parallel_calls_lose_nothing(caller, sale):
    bodies = [json.dumps({"data": [sale(f"A-{number}")] * 2}).encode() for number in range(80)]

    def send(own):
        for body in own:
            assert caller.call("POST", "/v25.0/1001/events", body=body)[0] == 200

    threads = [threading.Thread(target=send, args=(bodies[start::8],)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    summary = caller.sandbox.summary()
    assert (summary.requests, summary.received, summary.distinct) == (80, 160, 80)
    assert sorted(line.number for line in caller.sandbox.log()) == list(range(1, 81))
