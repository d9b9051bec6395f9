"""The reading side: lists in pages, a dataset's fields, statistics and quality."""

from urllib.parse import parse_qs, urlsplit

import pytest

from importer.graph_sandbox import World

NOW = 1_795_474_800
HOUR = 3600


def test_a_dataset_has_the_fields_asked_for(caller):
    assert caller.get("1001") == (200, {"id": "1001", "name": "Shops"})
    _, node = caller.get("1001", "fields=name,is_consolidated_container,owner_business{id,name},last_fired_time")
    assert node["is_consolidated_container"] is True
    assert node["owner_business"]["name"] == "Sandbox Business"
    assert "last_fired_time" not in node


def test_a_dataset_remembers_what_was_sent(caller, sale):
    caller.post([sale(), sale()])
    _, node = caller.get("1001", "fields=last_fired_time,valid_entries,duplicate_entries,event_time_max")
    assert node == {
        "id": "1001",
        "last_fired_time": "2026-11-23T23:00:00+0000",
        "valid_entries": 2,
        "duplicate_entries": 1,
        "event_time_max": NOW - HOUR,
    }


def test_an_unknown_field_is_refused(caller):
    assert caller.get("1001", "fields=id,colour")[1]["error"]["code"] == 100


def test_a_dataset_may_be_closed_to_offline_events(calling):
    caller = calling(world=World(unconsolidated=frozenset({"1002"})))
    assert caller.get("1002", "fields=is_consolidated_container")[1]["is_consolidated_container"] is False


def test_a_closed_world_has_nothing_else(calling, sale):
    caller = calling(world=World(accounts={"5": ("77",)}, names={}, closed=True))
    assert caller.get("77")[1]["name"] == "Dataset 77"
    assert caller.get("78")[1]["error"]["error_subcode"] == 33
    assert caller.get("act_6/adspixels")[1]["error"]["error_subcode"] == 33
    assert caller.post([sale()], dataset="78")[1]["error"]["error_subcode"] == 33
    assert caller.get("act_5/adspixels")[1]["data"] == [{"id": "77", "name": "Dataset 77"}]


def test_pages_follow_one_another_until_there_is_no_next(caller):
    query = "fields=id,name&limit=2&summary=total_count"
    names, pages = [], 0
    while query:
        _, answer = caller.get("act_101/adspixels", query)
        names += [node["name"] for node in answer["data"]]
        assert answer["summary"] == {"total_count": 3}
        query, pages = urlsplit(answer["paging"].get("next", "")).query, pages + 1
    assert names == ["Call centre", "Shops", "Web shop"]
    assert pages == 2


def test_the_next_address_is_whole_and_holds_the_token(caller):
    _, _, answer = caller.call("GET", "/v25.0/act_101/adspixels", "limit=1", Host="127.0.0.1:8765")
    address = urlsplit(answer["paging"]["next"])
    assert (address.scheme, address.netloc, address.path) == ("http", "127.0.0.1:8765", "/v25.0/act_101/adspixels")
    assert parse_qs(address.query)["access_token"] == ["any-token"]


def test_a_page_can_be_walked_back(caller):
    _, first = caller.get("act_101/adspixels", "limit=1")
    _, second = caller.get("act_101/adspixels", f"limit=1&after={first['paging']['cursors']['after']}")
    _, back = caller.get("act_101/adspixels", f"limit=1&before={second['paging']['cursors']['before']}")
    assert back["data"] == first["data"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=many", "after=%21%21", "after=eA%3D%3D", "after=cGxhY2U6LTE%3D", "sort_by=AGE"]
)
def test_nonsense_in_a_list_is_refused(caller, query):
    assert caller.get("act_101/adspixels", query)[1]["error"]["code"] == 100


def test_the_last_fired_may_come_first(caller, sale):
    caller.post([sale()], dataset="1003")
    _, answer = caller.get("act_101/adspixels", "sort_by=LAST_FIRED_TIME&fields=id")
    assert answer["data"][0] == {"id": "1003"}


def test_the_accounts_of_a_token(caller):
    _, answer = caller.get("me/adaccounts", "fields=id,name")
    assert [node["id"] for node in answer["data"]] == ["act_101", "act_102"]
    assert "next" not in answer["paging"]
    assert caller.get("me/adaccounts", "fields=mood")[1]["error"]["code"] == 100


def test_any_other_account_holds_all_datasets(caller):
    _, answer = caller.get("act_555/adspixels", "fields=id")
    assert {node["id"] for node in answer["data"]} == {"1001", "1002", "1003", "2001"}


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("", [[("Lead", 1)], [("Purchase", 2)]]),
        ("aggregation=event_total_counts", [[("Lead", 1)], [("Purchase", 2)]]),
        ("aggregation=event_source", [[("SERVER", 1)], [("SERVER", 2)]]),
        ("aggregation=match_keys&event=Lead", [[("em", 1)]]),
        ("aggregation=host", []),
        ("event=Purchase", [[("Purchase", 2)]]),
        ("event_source=WEB_ONLY", []),
        ("event_source=SERVER_ONLY&event=Lead", [[("Lead", 1)]]),
        (f"start_time={NOW - HOUR}", [[("Purchase", 2)]]),
        ("end_time=2026-11-23T20:30:00Z", [[("Lead", 1)]]),
        ("end_time=2026-11-23T20:30:00", [[("Lead", 1)]]),
        ("aggregation=browser_type", []),
    ],
)
def test_statistics_count_by_the_hour(caller, sale, query, counts):
    lead = sale("B-1", event_name="Lead", event_time=NOW - 3 * HOUR + 60, user_data={"em": "0" * 64})
    caller.post([sale(), sale("A-2"), lead])
    _, answer = caller.get("1001/stats", query)
    assert [[(line["value"], line["count"]) for line in hour["data"]] for hour in answer["data"]] == counts


def test_statistics_name_hour_and_aggregation(caller, sale):
    caller.post([sale()])
    (hour,) = caller.get("1001/stats")[1]["data"]
    assert hour["start_time"] == "2026-11-23T22:00:00+0000"
    assert hour["aggregation"] == "event"


@pytest.mark.parametrize(
    "query",
    [
        "aggregation=mood",
        "start_time=yesterday",
        "end_time=x",
        f"start_time={NOW - 8 * 86400}",
        f"start_time={NOW}&end_time={NOW - 1}",
    ],
)
def test_nonsense_in_statistics_is_refused(caller, query):
    assert caller.get("1001/stats", query)[1]["error"]["code"] == 100


def test_offline_quality_is_the_coverage_of_strong_keys(caller, sale):
    caller.post([sale(), sale("A-2", user_data={"em": "0" * 64})])
    _, answer = caller.get("dataset_quality", "dataset_id=1001&fields=offline{event_name,match_key{coverage}}")
    (purchase,) = answer["offline"]
    assert purchase["event_name"] == "Purchase"
    assert purchase["match_key"]["coverage"] == {"email": 100.0, "phone": 50.0}
    assert purchase["composite"]["score"] == 7.5


def test_quality_of_nothing(caller):
    assert caller.get("dataset_quality", "dataset_id=1001&fields=offline") == (200, {"offline": []})
    assert caller.get("dataset_quality", "dataset_id=1001")[1] == {"web": []}
    assert caller.get("dataset_quality", "dataset_id=0&fields=offline")[1]["error"]["error_subcode"] == 2044055
    assert caller.get("dataset_quality", "dataset_id=1001&fields=mood")[1]["error"]["code"] == 100
