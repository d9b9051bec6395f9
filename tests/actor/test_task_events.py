"""Events of the actor's JSON input, from parameters to what arrives at Meta."""

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from fake_graph import DATASET, TOKEN, FakeResponse, error

import importer

MAIL = {"email": "ada@example.com", "actionSource": "email", "value": 5}
META_EXAMPLES = {
    # parameter: (as Meta's page writes it, key, the hash that the page shows)
    "email": ("John_Smith@gmail.com", "em", "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"),
    "phone": ("(650)555-1212", "ph", "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"),
    "firstName": ("Mary", "fn", "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"),
    "lastName": ("Valéry", "ln", "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"),
    "country": ("US", "country", "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"),
}


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_metas_documented_examples_arrive_as_the_documented_hashes(run, graph):
    plain = {name: written for name, (written, _, _) in META_EXAMPLES.items()}
    result = run(**plain, city="New York", zipCode="94035", state="California", value="12.50", actionSource="email")
    (event,) = graph.events
    for _, key, digest in META_EXAMPLES.values():
        assert event["user_data"][key] == [digest]
    assert event["user_data"]["ct"] == [sha("newyork")]
    assert event["user_data"]["zp"] == [sha("94035")]
    assert event["user_data"]["st"] == [sha("ca")]
    assert event["custom_data"] == {"value": 12.5, "currency": "USD"}
    assert result.items[0]["payload"] == event
    assert result.items[0]["response"]["events_received"] == 1
    assert (result.success, result.exit_code) == (True, 0)


def test_the_defaults_are_the_actors(run, graph):
    before = int(time.time())
    run(email="ada@example.com", value=3, eventSourceUrl="https://example.com/x", contentIds="a, b")
    (event,) = graph.events
    assert (event["event_name"], event["action_source"]) == ("Purchase", "website")
    assert before <= event["event_time"] <= time.time()
    assert event["user_data"]["country"] == [sha("us")]
    assert event["custom_data"]["currency"] == "USD"
    assert event["custom_data"]["content_ids"] == ["a", "b"]
    assert event["custom_data"]["content_type"] == "product"


def test_blank_and_null_parameters_are_as_if_not_given(run, graph):
    assert run(**MAIL, phone="", fbc=None, eventTime=" ", currency="").success
    assert graph.events[0]["custom_data"]["currency"] == "USD"
    assert set(graph.events[0]["user_data"]) == {"em", "country"}


def test_a_custom_event_bears_its_own_name(run, graph):
    assert run(**MAIL, eventName="CustomEvent", customEventName="Fitting").success
    assert run(**MAIL, eventName="Lead", customEventName="Fitting").success
    assert [event["event_name"] for event in graph.events] == ["Fitting", "Lead"]
    nameless = run(**MAIL, eventName="CustomEvent")
    assert "customEventName" in nameless.items[0]["error"]
    assert nameless.exit_code == 1


def test_website_events_need_their_page_and_miss_the_browser_with_a_warning(run, graph):
    homeless = run(email="ada@example.com", value=3)
    assert homeless.items[0]["reason"] == "website_incomplete"
    assert "eventSourceUrl" in homeless.items[0]["error"]
    page = {"email": "ada@example.com", "value": 3, "eventSourceUrl": "https://example.com"}
    plain = run(**page)
    assert [warning["field"] for warning in plain.items[0]["warnings"]] == ["client_user_agent"]
    full = run(**page, clientUserAgent="Mozilla/5.0", clientIpAddress="203.0.113.9")
    assert full.items[0]["warnings"] == []
    assert graph.events[1]["user_data"]["client_user_agent"] == "Mozilla/5.0"
    assert graph.events[1]["user_data"]["client_ip_address"] == "203.0.113.9"
    assert len(graph.events) == 2


@pytest.mark.parametrize(
    ("written", "warned"),
    [
        (lambda moment: moment.isoformat(), []),
        (lambda moment: moment.replace(tzinfo=None).isoformat(), []),
        (lambda moment: moment.isoformat().replace("+00:00", "Z"), []),
        (lambda moment: int(moment.timestamp()), []),
        (lambda moment: str(int(moment.timestamp())), []),
        (lambda moment: moment.timestamp() + 0.25, []),
        (lambda moment: int(moment.timestamp()) * 1000, ["milliseconds"]),
        (lambda moment: (moment + timedelta(hours=2)).replace(tzinfo=None).isoformat() + "+02:00", []),
    ],
)
def test_every_form_of_time_is_the_same_moment(run, graph, written, warned):
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    result = run(**MAIL, eventTime=written(moment))
    assert graph.events[0]["event_time"] == int(moment.timestamp())
    assert [warning["code"] for warning in result.items[0]["warnings"]] == warned


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("soon", "bad_event_time"),
        ("03/04/2026", "ambiguous_date"),
        ("2020-01-01T00:00:00Z", "too_old"),
        ("2090-01-01T00:00:00Z", "in_future"),
    ],
)
def test_a_time_that_meta_would_refuse_is_refused_here(run, graph, when, reason):
    result = run(**MAIL, eventTime=when)
    assert (result.items[0]["reason"], result.items[0]["field"], result.exit_code) == (reason, "event_time", 1)
    assert graph.asked == []


def test_a_click_id_becomes_fbc_with_the_events_time_and_its_letters(run, graph):
    click = "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk"
    seconds = int(time.time()) - 60
    run(**MAIL, fbclid=click, eventTime=seconds)
    run(**MAIL, fbclid=click, fbc="fb.1.1554763741205.AbCd", fbp="fb.1.1558571054389.1098115397")
    assert graph.events[0]["user_data"]["fbc"] == f"fb.1.{seconds}000.{click}"
    assert graph.events[1]["user_data"]["fbc"] == "fb.1.1554763741205.AbCd"
    assert graph.events[1]["user_data"]["fbp"] == "fb.1.1558571054389.1098115397"


def test_hashes_pass_through_and_plain_values_among_them_are_refused_by_name(run, graph):
    digest = sha("ada@example.com")
    hashed = run(email=digest.upper(), country="US", actionSource="email", value=1, isAlreadyHashed=True)
    assert hashed.success
    assert graph.events[0]["user_data"] == {"em": [digest], "country": [sha("us")]}
    plain = run(email=digest, phone="+16505551212", city="Paris", value=1, actionSource="email", isAlreadyHashed=True)
    assert plain.items[0]["reason"] == "not_hashed"
    assert "phone, city" in plain.items[0]["error"]
    assert "email" not in plain.items[0]["error"]
    assert "+1650" not in json.dumps(plain.as_json())
    foreign = run(email=digest, country="DE", value=1, actionSource="email", isAlreadyHashed=True)
    assert "country" in foreign.items[0]["error"]
    assert len(graph.events) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": None}, "missing_value"),
        ({"value": "twelve"}, "bad_value"),
        ({"value": -3}, "negative_value"),
        ({"currency": "ABC"}, "bad_currency"),
        ({"email": None}, "no_match_keys"),
        ({"email": "n/a"}, "too_broad_keys"),
        ({"actionSource": "shop"}, "bad_action_source"),
    ],
)
def test_what_meta_would_refuse_is_reported_before_anything_is_sent(run, graph, change, reason):
    result = run(**(MAIL | change))
    assert (result.items[0]["success"], result.items[0]["reason"], result.exit_code) == (False, reason, 1)
    assert graph.asked == []


def test_validating_sends_nothing_and_shows_what_would_go():
    result = importer.task({"task": "validate_event", "demoMode": False, **MAIL})
    assert (result.exit_code, result.items[0]["status"]) == (0, "ready")
    assert result.items[0]["payload"]["user_data"]["em"] == [sha("ada@example.com")]
    wrong = importer.task({"task": "validate_events", "events": [MAIL, {"email": "x"}]})
    assert [item["success"] for item in wrong.items] == [True, False]
    assert wrong.task == "validate_event"


def test_a_test_event_goes_with_its_code_and_not_without(run, graph):
    without = run("test_event", **MAIL)
    assert "testEventCode is required" in without.items[0]["error"]
    assert without.exit_code == 2
    result = run("test_event", **MAIL, testEventCode="TEST123")
    assert graph.asked[0].body["test_event_code"] == "TEST123"
    assert "test_event" in [warning["code"] for warning in result.items[0]["warnings"]]


# ---------------------------------------------------------------------- many events


def test_a_batch_is_cut_at_a_thousand_and_every_item_has_its_index(run, graph):
    events = [{**MAIL, "orderId": f"A{number}"} for number in range(2_100)]
    result = run("send_batch_events", events=json.dumps(events))
    assert [item["index"] for item in result.items] == list(range(2_100))
    assert result.success
    assert sorted(len(asked.body["data"]) for asked in graph.asked) == [100, 1_000, 1_000]
    orders = {event["custom_data"]["order_id"] for event in graph.events}
    assert len(orders) == 2_100


def test_equal_events_are_each_sent_and_warned_of(run, graph):
    result = run("send_batch_events", events=[MAIL] * 1_001)
    assert len(graph.events) == 1_001
    assert [warning["code"] for warning in result.items[1_000]["warnings"]] == ["repeated"]
    assert result.items[0]["warnings"] == []
    assert run(**MAIL).success
    assert len(graph.events) == 1_002, "no ledger swallows what was sent before"


def test_a_bad_event_among_many_is_reported_by_its_index_and_the_others_arrive(run, graph):
    def refusing(asked):
        if any(event["custom_data"].get("order_id") == "A7" for event in asked.body["data"]):
            return error(100, 2804003, message="Tidspunktet ligger for langt tilbage for ada@example.com")
        return graph.take(asked)

    graph.on("POST", f"{DATASET}/events", refusing)
    events = [{**MAIL, "orderId": f"A{number}"} for number in range(20)]
    events[3] = {"email": "nobody", "actionSource": "email", "value": 1}
    events[5] = {**MAIL, "emial": "x"}
    result = run("send_batch_events", events=events)
    bad = {item["index"]: (item["status"], item["reason"]) for item in result.items if not item["success"]}
    assert bad == {
        3: ("invalid", "too_broad_keys"),
        5: ("invalid", "unknown_parameter"),
        7: ("rejected", "meta_rejected"),
    }
    assert result.items[7]["response"]["error"] == {"code": 100, "error_subcode": 2804003, "fbtrace_id": "Aerr"}
    assert {event["custom_data"]["order_id"] for event in graph.events} == {f"A{n}" for n in range(20)} - {
        "A3",
        "A5",
        "A7",
    }
    assert result.exit_code == 1
    assert "ada@example.com" not in json.dumps(result.as_json())


def test_items_take_what_the_task_says_for_all_of_them(run, graph):
    shared = {"actionSource": "phone_call", "currency": "EUR", "country": "DE", "eventName": "Lead"}
    events = [{"email": "a@example.com"}, {"email": "b@example.com", "eventName": "Contact", "country": "FR"}]
    run("send_batch_events", **shared, email="never@example.com", value=99, events=events)
    first, second = graph.events
    assert (first["event_name"], second["event_name"]) == ("Lead", "Contact")
    assert first["user_data"] == {"em": [sha("a@example.com")], "country": [sha("de")]}
    assert second["user_data"]["country"] == [sha("fr")]
    assert "value" not in first.get("custom_data", {})


@pytest.mark.parametrize("events", [None, [], "[]", "{}", "no json", "[1", 5])
def test_a_batch_without_events_says_so(run, graph, events):
    result = run("send_batch_events", events=events)
    assert "events" in result.items[0]["error"]
    assert (result.exit_code, graph.asked) == (2, [])


def test_events_of_another_task_are_not_dropped_in_silence(run):
    result = run(**MAIL, events=[{"email": "b@example.com"}])
    assert [warning["field"] for warning in result.items[0]["warnings"]] == ["events"]


# ---------------------------------------------------------------------- what goes wrong at Meta


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error(190, 463), "make a new token"),
        (error(190, status=401), "accessToken"),
        (error(200, status=403), "permission"),
        (error(10, status=403), "permission"),
        (error(100, 33, type="GraphMethodException"), "pixelId"),
        (error(803), "pixelId"),
        (error(2635), "CAPI_GRAPH_VERSION"),
        (error(368), "blocked"),
        (error(4), "limits the rate"),
        (error(80004, 2446079, status=403), "limits the rate"),
        (
            error(17, headers={"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":3}]}'}),
            "3 minutes",
        ),
        (FakeResponse(429, b"", {"Retry-After": "600"}), "10 minutes"),
    ],
)
def test_a_refusal_is_a_sentence_that_says_what_to_do_and_comes_at_once(run, graph, answer, words):
    graph.on("POST", f"{DATASET}/events", answer)
    began = time.monotonic()
    result = run(**MAIL)
    assert time.monotonic() - began < 10
    (item,) = result.items
    assert (item["success"], item["status"], result.exit_code) == (False, "unsent", 2)
    assert words in item["error"]
    assert len(graph.asked) == 1
    assert TOKEN not in json.dumps(result.as_json())
    assert TOKEN not in str(result)


def test_a_short_throttle_is_sat_out(run, graph):
    answers = iter([FakeResponse(429, b"", {"Retry-After": "1"})])
    graph.on("POST", f"{DATASET}/events", lambda asked: next(answers, None) or graph.take(asked))
    assert run(**MAIL).success
    assert len(graph.asked) == 2


def test_silence_ends_a_task_with_a_sentence(run, graph, monkeypatch):
    from importer.actor import event_delivery as sending

    monkeypatch.setattr(sending, "SILENCE_SECONDS", 0.5)
    graph.on("POST", f"{DATASET}/events", lambda asked: time.sleep(2) or graph.take(asked))
    began = time.monotonic()
    result = run(**MAIL)
    assert time.monotonic() - began < 2
    assert "no answer" in result.items[0]["error"]
    assert (result.items[0]["status"], result.exit_code) == ("unsent", 2)


def test_without_a_key_or_a_dataset_the_item_says_what_is_required():
    keyless = importer.task({"demoMode": False, "pixelId": DATASET, **MAIL})
    assert keyless.items[0]["error"] == "API key is required"
    assert "accessToken" in keyless.items[0]["advice"]
    homeless = importer.task({"demoMode": False, "accessToken": TOKEN, **MAIL})
    assert "pixelId is required" in homeless.items[0]["error"]
    assert (keyless.exit_code, homeless.exit_code) == (2, 2)


def test_the_key_may_come_from_the_environment(graph, monkeypatch):
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("CAPI_DATASET_ID", DATASET)
    monkeypatch.setenv("CAPI_GRAPH_URL", graph.url)
    assert importer.task({"demoMode": False, **MAIL}).success
    assert TOKEN not in graph.asked[0].path + str(graph.asked[0].query)


# ---------------------------------------------------------------------- demonstrations


def test_a_demonstration_needs_no_token_and_says_what_it_is():
    result = importer.task(MAIL)
    (item,) = result.items
    assert (item["success"], item["demoMode"], item["status"]) == (True, True, "accepted")
    assert "nothing went to Meta" in item["note"]
    refused = importer.task({**MAIL, "value": None})
    assert (refused.items[0]["reason"], refused.items[0]["demoMode"]) == ("missing_value", True)


def test_the_actors_form_as_it_stands_is_shown_with_an_example():
    form = {"demoMode": True, "eventSourceUrl": "https://example.com", "country": "US", "currency": "USD"}
    (item,) = importer.task(form).items
    assert item["success"]
    assert "example" in item["note"]
    assert not importer.task({**form, "task": "validate_event"}).success


def test_a_demonstration_reaches_no_address_that_the_environment_names(graph, monkeypatch):
    monkeypatch.setenv("CAPI_GRAPH_URL", graph.url)
    assert importer.task({**MAIL, "accessToken": TOKEN}).success
    assert graph.asked == []
