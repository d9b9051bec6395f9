"""Each rule: the valid sale passes, one change to it is refused with the code and the place Meta would name."""

import copy

import pytest

from importer.graph_sandbox.event_rules import first_error

NOW = 1_795_474_800
DAY = 86_400
HEX = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
GONE = object()
SHAPE = 2804019
CRM = {
    "action_source": "system_generated",
    "event_name": "Qualified",
    "custom_data": {"event_source": "crm", "lead_event_source": "Salesforce"},
}
EXTINFO = ["a2", "", "", "", "17.0", *[""] * 11]
APP = {
    "action_source": "app",
    "app_data": {"advertiser_tracking_enabled": 1, "extinfo": EXTINFO},
}


def changed(event, path, value):
    """A copy of the event with the value at `path`, steps joined by dots, replaced or taken away."""
    result = copy.deepcopy(event)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = result
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return result


def users(*keys):
    """`user_data` of just these keys."""
    clear = {"client_ip_address": "2001:db8::1", "client_user_agent": "Mozilla/5.0", "external_id": "7"}
    return {key: clear.get(key, HEX) for key in keys}


def test_a_valid_sale_passes(sale):
    assert first_error(sale(), 0, NOW) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("event_name", "My own event"),
        ("event_time", NOW),
        ("event_time", NOW - 62 * DAY),
        ("opt_out", True),
        ("referrer_url", "https://example.com"),
        ("customer_segmentation", "existing_customer_to_medium"),
        ("original_event_data", {"event_name": "Lead", "event_time": 1, "order_id": "x", "event_id": "y"}),
        ("user_data.em", HEX),
        ("user_data.em", [HEX, HEX]),
        ("user_data.external_id", "UPPER case 12"),
        ("user_data.external_id", HEX),
        ("user_data.lead_id", 10**14),
        ("user_data.client_ip_address", "2001:db8::1"),
        ("user_data.fbc", "fb.2.1554763741205.AbC.Bg"),
        ("user_data.fbc", "fb.0.1554763741205.AbC.AQMBAQAB"),
        ("custom_data.value", 0),
        ("custom_data.value", 7),
        ("custom_data.currency", "usd"),
        ("custom_data.contents", []),
        ("custom_data.contents.0.quantity", 0.75),
        ("custom_data.net_revenue", -3),
        ("data_processing_options", ["LDU"]),
    ],
)
def test_what_meta_takes_passes(sale, path, value):
    event = changed(sale(), path, value)
    if value == ["LDU"]:
        event |= {"data_processing_options_country": 1, "data_processing_options_state": 1013}
    assert first_error(event, 0, NOW) is None


@pytest.mark.parametrize(
    ("path", "value", "subcode", "at"),
    [
        # rule 2
        ("event_name", GONE, SHAPE, ""),
        ("event_name", "  ", SHAPE, "['event_name']"),
        ("event_name", 5, SHAPE, "['event_name']"),
        # rule 3
        ("event_time", GONE, SHAPE, ""),
        ("event_time", NOW * 1000, SHAPE, "['event_time']"),
        ("event_time", float(NOW), SHAPE, "['event_time']"),
        ("event_time", str(NOW), SHAPE, "['event_time']"),
        ("event_time", "2026-11-23T22:00:00Z", SHAPE, "['event_time']"),
        ("event_time", True, SHAPE, "['event_time']"),
        # rules 5 and 6
        ("event_time", NOW - 62 * DAY - 1, 2804003, None),
        ("event_time", NOW + 1, 2804004, None),
        # rule 8
        ("action_source", GONE, SHAPE, ""),
        ("action_source", "shop", SHAPE, "['action_source']"),
        # rule 20 and types beside
        ("store_data", {}, SHAPE, ""),
        ("event_id", 7, SHAPE, "['event_id']"),
        ("event_id", "", SHAPE, "['event_id']"),
        ("event_id", None, SHAPE, "['event_id']"),
        ("opt_out", 1, SHAPE, "['opt_out']"),
        ("event_source_url", "example.com/thanks", SHAPE, "['event_source_url']"),
        ("event_source_url", "http://[broken", SHAPE, "['event_source_url']"),
        ("customer_segmentation", "vip", SHAPE, "['customer_segmentation']"),
        ("original_event_data", {"value": 3}, SHAPE, "['original_event_data']"),
        # user_data, rules 12, 13 and 24
        ("user_data", GONE, SHAPE, ""),
        ("user_data", [], SHAPE, "['user_data']"),
        ("user_data", {}, 2804050, None),
        ("user_data.email", HEX, SHAPE, "['user_data']"),
        ("user_data.em", "mary@example.com", 2804016, None),
        ("user_data.em", HEX.upper(), 2804016, None),
        ("user_data.em", HEX[:32], 2804016, None),
        ("user_data.em", EMPTY, 2804016, None),
        ("user_data.em", [HEX, ""], 2804016, None),
        ("user_data.em", [], SHAPE, "['user_data']['em']"),
        ("user_data.em", [HEX, 5], SHAPE, "['user_data']['em'][1]"),
        ("user_data.em", None, SHAPE, "['user_data']['em']"),
        ("user_data.doby", "1997", 2804016, None),
        ("user_data.doby", [HEX], SHAPE, "['user_data']['doby']"),
        ("user_data.external_id", EMPTY, SHAPE, "['user_data']['external_id']"),
        ("user_data.external_id", " ", SHAPE, "['user_data']['external_id']"),
        ("user_data.external_id", 7, SHAPE, "['user_data']['external_id']"),
        ("user_data.fbc", HEX, SHAPE, "['user_data']['fbc']"),
        ("user_data.fbc", "fb.3.1554763741205.AbC", SHAPE, "['user_data']['fbc']"),
        ("user_data.fbc", "fb.1.1554763741.AbC", SHAPE, "['user_data']['fbc']"),
        ("user_data.fbc", ["fb.1.1554763741205.AbC"], SHAPE, "['user_data']['fbc']"),
        ("user_data.fbp", "fb.1.1554763741205.AbC", SHAPE, "['user_data']['fbp']"),
        ("user_data.client_user_agent", HEX, SHAPE, "['user_data']['client_user_agent']"),
        ("user_data.client_user_agent", "", SHAPE, "['user_data']['client_user_agent']"),
        ("user_data.client_ip_address", "203.0.113.700", SHAPE, "['user_data']['client_ip_address']"),
        ("user_data.client_ip_address", "fe80::1%eth0", SHAPE, "['user_data']['client_ip_address']"),
        ("user_data.madid", "AB12CD34-0000", SHAPE, "['user_data']['madid']"),
        ("user_data.lead_id", "1234567890123456", SHAPE, "['user_data']['lead_id']"),
        ("user_data.lead_id", 10**14 - 1, SHAPE, "['user_data']['lead_id']"),
        ("user_data.lead_id", 10**17, SHAPE, "['user_data']['lead_id']"),
        ("user_data.lead_id", -(10**15), SHAPE, "['user_data']['lead_id']"),
        ("user_data.fb_login_id", "5", SHAPE, "['user_data']['fb_login_id']"),
        # money, rules 15 to 18
        ("custom_data", GONE, 2804009, None),
        ("custom_data.value", GONE, 2804009, None),
        ("custom_data.value", "12.50", SHAPE, "['custom_data']['value']"),
        ("custom_data.value", True, SHAPE, "['custom_data']['value']"),
        ("custom_data.value", -0.01, SHAPE, "['custom_data']['value']"),
        ("custom_data.value", float("inf"), SHAPE, "['custom_data']['value']"),
        ("custom_data.currency", GONE, 2804010, None),
        ("custom_data.currency", "EURO", 2804010, None),
        ("custom_data.currency", "XXX", 2804010, None),
        ("custom_data.currency", 978, SHAPE, "['custom_data']['currency']"),
        # items and choices, rules 19 to 21
        ("custom_data.contents", {}, SHAPE, "['custom_data']['contents']"),
        ("custom_data.contents.0", "sku-1", SHAPE, "['custom_data']['contents'][0]"),
        ("custom_data.contents.0.id", GONE, 2804008, None),
        ("custom_data.contents.0.id", 5, 2804008, None),
        ("custom_data.contents.0.quantity", GONE, 2804008, None),
        ("custom_data.contents.0.quantity", "2", 2804008, None),
        ("custom_data.contents.0.quantity", 0, 2804008, None),
        ("custom_data.contents.0.brand", "", SHAPE, "['custom_data']['contents'][0]['brand']"),
        ("custom_data.contents.0.price", 5, SHAPE, "['custom_data']['contents'][0]"),
        ("custom_data.contents.0.item_price", "5", SHAPE, "['custom_data']['contents'][0]['item_price']"),
        ("custom_data.contents.0.item_price", -5, SHAPE, "['custom_data']['contents'][0]['item_price']"),
        ("custom_data.contents.0.delivery_category", "x", SHAPE, "['custom_data']['contents'][0]['delivery_category']"),
        ("custom_data.content_type", "goods", SHAPE, "['custom_data']['content_type']"),
        ("custom_data.delivery_category", "post", SHAPE, "['custom_data']['delivery_category']"),
        ("custom_data.content_ids", "sku-1", SHAPE, "['custom_data']['content_ids']"),
        ("custom_data.content_ids", [1], SHAPE, "['custom_data']['content_ids']"),
        ("custom_data.order_id", 1001, SHAPE, "['custom_data']['order_id']"),
        ("custom_data.num_items", 1.0, SHAPE, "['custom_data']['num_items']"),
        # limited data use, rule 22
        ("data_processing_options", "LDU", SHAPE, "['data_processing_options']"),
        ("data_processing_options", ["ldu"], SHAPE, "['data_processing_options']"),
        ("data_processing_options", ["LDU"], SHAPE, ""),
        ("data_processing_options_country", 1, SHAPE, ""),
        ("data_processing_options_country", 2, SHAPE, "['data_processing_options_country']"),
        ("data_processing_options_state", 1014, SHAPE, "['data_processing_options_state']"),
        # CRM, rule 23
        ("custom_data.event_source", "crm", SHAPE, "['custom_data']['event_source']"),
    ],
)
def test_one_change_is_refused(sale, path, value, subcode, at):
    error = first_error(changed(sale(), path, value), 3, NOW)
    assert error is not None
    assert (error.code, error.subcode) == (100, subcode)
    assert error.path == ("" if at is None else f"$['data'][3]{at}")


def test_a_messaging_channel_is_a_known_one(sale):
    event = sale(action_source="business_messaging", messaging_channel="pigeon")
    assert first_error(event, 0, NOW).path == "$['data'][0]['messaging_channel']"


@pytest.mark.parametrize("event", [None, "text", 5, ["event"]])
def test_an_event_is_an_object(event):
    assert first_error(event, 0, NOW).path == "$['data'][0]"


@pytest.mark.parametrize(
    "source", ["email", "phone_call", "chat", "system_generated", "other", "website", "app", "business_messaging"]
)
def test_every_source_but_the_shop_has_seven_days(sale, source):
    beside = {**APP, "event_source_url": "https://example.com", "messaging_channel": "whatsapp"}
    event = sale(**{**beside, "action_source": source, "event_time": NOW - 7 * DAY})
    assert first_error(event, 0, NOW) is None
    assert first_error({**event, "event_time": NOW - 7 * DAY - 1}, 0, NOW).subcode == 2804003


def test_a_website_event_may_lack_the_browser(sale):
    event = sale(action_source="website", event_source_url="https://example.com", user_data=users("em"))
    assert first_error(event, 0, NOW) is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"action_source": "website"}, "event_source_url"),
        ({"action_source": "app"}, "app_data"),
        ({"action_source": "app", "app_data": {"extinfo": EXTINFO}}, "advertiser_tracking_enabled"),
        ({"action_source": "business_messaging"}, "messaging_channel"),
        ({**CRM, "custom_data": {"event_source": "crm"}}, "lead_event_source"),
        ({"data_processing_options": ["LDU"]}, "data_processing_options_country"),
        (
            {"data_processing_options": ["LDU"], "data_processing_options_country": 0},
            "data_processing_options_state",
        ),
    ],
)
def test_what_is_missing_is_named(sale, changes, name):
    error = first_error(sale(**changes), 0, NOW)
    assert (error.subcode, error.text, error.name) == (SHAPE, "missing", name)


@pytest.mark.parametrize(
    ("entries", "subcode"), [(EXTINFO, None), (EXTINFO[:15], SHAPE), (["a2", *[""] * 15], 2804043)]
)
def test_an_app_event_describes_its_device(sale, entries, subcode):
    app = {"advertiser_tracking_enabled": 1, "extinfo": entries}
    error = first_error(sale(action_source="app", app_data=app), 0, NOW)
    assert (error and error.subcode) == subcode


def test_a_complete_crm_stage_passes(sale):
    assert first_error(sale(**CRM), 0, NOW) is None


@pytest.mark.parametrize(
    ("keys", "enough"),
    [
        ("ct country st zp ge client_user_agent", False),
        ("ge ct st country", False),
        ("client_user_agent", False),
        ("db", False),
        ("db client_user_agent", False),
        ("fn", False),
        ("fn ge", False),
        ("ln ge", False),
        ("em", True),
        ("ph", True),
        ("external_id", True),
        ("fn ln", True),
        ("fn zp", True),
        ("fn client_user_agent", True),
        ("db ge", True),
        ("db zp", True),
        ("client_ip_address", True),
        ("client_ip_address client_user_agent", True),
    ],
)
def test_the_minimum_of_customer_keys(sale, keys, enough):
    error = first_error(sale(user_data=users(*keys.split())), 0, NOW)
    assert (error is None) is enough
    assert enough or error.subcode == 2804050


@pytest.mark.parametrize(
    ("custom", "subcode"),
    [
        ({}, None),
        ({"currency": "EUR"}, None),
        ({"value": 5, "currency": "EUR"}, None),
        ({"value": 5}, 2804023),
        ({"value": 5, "currency": "EURO"}, SHAPE),
    ],
)
def test_money_of_other_events(sale, custom, subcode):
    error = first_error(sale(event_name="Lead", custom_data=custom), 0, NOW)
    assert (error and error.subcode) == subcode


def places(record, at=""):
    """The path of each value in a JSON object."""
    pairs = record.items() if isinstance(record, dict) else enumerate(record)
    for key, value in pairs:
        path = f"{at}.{key}" if at else str(key)
        yield path
        if isinstance(value, dict | list):
            yield from places(value, path)


@pytest.mark.parametrize(
    "odd", [None, True, -1, 0, 10**30, 1.5, float("nan"), "", "\ud800", "\x00", [], [None], [[]], [{}], {}, {"": {}}]
)
def test_whatever_stands_anywhere_the_judge_has_an_answer(sale, odd):
    event = sale(
        app_data=APP["app_data"],
        original_event_data={"order_id": "x"},
        data_processing_options=["LDU"],
        data_processing_options_country=0,
        data_processing_options_state=0,
        event_source_url="https://example.com",
        customer_segmentation="customer_in_loyalty_program",
        messaging_channel="whatsapp",
    )
    for source in ("physical_store", "website", "app", "business_messaging"):
        event["action_source"] = source
        assert first_error(event, 0, NOW) is None
        refused = [first_error(changed(event, path, odd), 0, NOW) for path in places(event)]
        assert any(refused)
        assert any(error is None for error in refused)


def test_the_key_at_fault_is_named_and_the_value_is_not(sale):
    error = first_error(changed(sale(), "user_data.ph", "+49 171 5550100"), 0, NOW)
    assert error.name == "ph"
    assert "5550100" not in repr(error)


def test_a_key_that_might_be_a_customers_value_is_not_quoted(sale):
    error = first_error(changed(sale(), "user_data", {"mary@example.com": HEX}), 0, NOW)
    assert "mary" not in repr(error)
