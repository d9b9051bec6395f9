"""The commands `event`, `task`, `pixels` and `pixel` as a user meets them."""

import json
import os
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from fake_graph import DATASET, TOKEN, FakeResponse, error, paged

import importer
from importer.cli import cli
from importer.errors import UsageError

ADA = ("--email", "ada@example.com", "--value", "5", "--action-source", "email")


@pytest.fixture
def command(graph, monkeypatch):
    monkeypatch.setenv("CAPI_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("CAPI_GRAPH_URL", graph.url)

    def command(*arguments, input=None):  # noqa: A002
        return CliRunner().invoke(cli, arguments, input=input, standalone_mode=False)

    return command


def process(*arguments, stdin="", **environ):
    env = {name: value for name, value in os.environ.items() if not name.startswith("CAPI_")}
    return subprocess.run(
        [sys.executable, "-m", "importer", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=env | environ,
        timeout=120,
        check=False,
    )


# ---------------------------------------------------------------------- event


def test_an_event_of_options_is_sent(command, graph):
    done = command(
        "event", *ADA, "--dataset", DATASET, "--first-name", "Mary", "--zip-code", "94035", "--order-id", "A-1",
        "--content-ids", "a,b", "--client-ip-address", "203.0.113.9", "--event-id", "web-1",
    )  # fmt: skip
    assert done.return_value == 0
    assert "Meta took the event: Purchase, id web-1, keys em+fn+zp+country+client_ip_address" in done.stdout
    (event,) = graph.events
    assert event["user_data"]["fn"] == ["6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"]
    assert event["custom_data"]["content_ids"] == ["a", "b"]


def test_a_dry_run_prints_hashes_and_asks_nobody(command, graph):
    done = command("event", *ADA, "--dry-run")
    payload = json.loads(done.stdout)
    assert payload["user_data"]["em"][0].startswith("b5fc85e5")
    assert "ada@example.com" not in done.output
    assert (graph.asked, done.return_value) == ([], 0)


def test_every_option_is_a_parameter_of_the_actor():
    options = {name for parameter in cli.commands["event"].params for name in parameter.opts}
    for field in importer.Event.model_fields:
        assert f"--{field.replace('_', '-')}" in options


def test_what_is_wrong_is_one_sentence_and_exit_code_1(command):
    done = command("event", "--email", "ada@example.com", "--action-source", "email", "--dataset", DATASET)
    assert done.return_value == 1
    assert done.stderr == "Error: A Purchase needs an amount; fill the value.\n"
    shown = command("event", *ADA, "--dataset", DATASET, "--currency", "ABC", "--json")
    assert json.loads(shown.stdout)["reason"] == "bad_currency"
    assert shown.return_value == 1


def test_without_a_token_or_dataset_an_event_says_which_option_to_give():
    keyless = process("event", *ADA, "--dataset", DATASET)
    homeless = process("event", *ADA, CAPI_ACCESS_TOKEN=TOKEN)
    assert (keyless.returncode, homeless.returncode) == (2, 2)
    assert "API key is required" in keyless.stderr
    assert "--token-file" in keyless.stderr
    assert "--dataset" in homeless.stderr


def test_an_event_may_be_tried_on_the_sandbox(command, graph):
    done = command("event", *ADA, "--demo-mode")
    assert "demonstration" in done.stdout
    assert graph.asked == []


def test_a_refusal_by_meta_is_reported_and_exits_2(command, graph):
    graph.on("POST", f"{DATASET}/events", error(190, 463))
    done = command("event", *ADA, "--dataset", DATASET)
    assert done.return_value == 2
    assert "make a new token" in done.stderr
    assert TOKEN not in done.output


# ---------------------------------------------------------------------- from Python


def test_events_from_python_are_typed_or_in_metas_form(graph):
    events = [
        importer.Event(email="ada@example.com", value=5, action_source="email"),
        {"email": "bo@example.com", "value": 6, "actionSource": "chat"},
        {"event_name": "Lead", "action_source": "chat", "user_data": {"em": "cy@example.com"}},
    ]
    result = importer.event(*events, dataset=DATASET, token=TOKEN, graph_url=graph.url)
    assert (result.success, result.exit_code, len(result.items)) == (True, 0, 3)
    assert [event["event_name"] for event in graph.events] == ["Purchase", "Purchase", "Lead"]
    assert len(graph.asked) == 1


def test_an_event_from_python_says_what_is_wrong(graph):
    with pytest.raises(UsageError, match="Give either events"):
        importer.event()
    with pytest.raises(UsageError, match="email must be text"):
        importer.event(email=5)
    with pytest.raises(UsageError, match="no option colour"):
        importer.event(email="ada@example.com", colour="red")
    with pytest.raises(UsageError, match="--webhook"):
        importer.event(email="ada@example.com", webhook="http://example.com")
    with pytest.raises(UsageError, match="API key is required"):
        importer.event(email="ada@example.com", value=1, dataset=DATASET)


# ---------------------------------------------------------------------- task


def test_a_task_prints_items_and_nothing_else(tmp_path):
    path = tmp_path / "input.json"
    path.write_text('{"email": "ada@example.com", "value": 5, "actionSource": "email"}')
    done = process("task", str(path))
    assert json.loads(done.stdout)[0]["success"] is True
    assert (done.returncode, done.stderr) == (0, "")
    piped = process("task", "-", stdin='{"task": "send_event", "demoMode": false, "email": "a@example.com"}')
    assert json.loads(piped.stdout)[0]["error"] == "API key is required"
    assert piped.returncode == 2
    assert piped.stderr.startswith("Error: API key is required")
    broken = process("task", "-", stdin="{")
    assert "not valid JSON" in json.loads(broken.stdout)[0]["error"]
    assert "Traceback" not in done.stderr + piped.stderr + broken.stderr


def test_some_bad_events_of_a_batch_exit_1(command):
    events = [{"email": "a@example.com", "value": 1, "actionSource": "email"}, {"email": "b@example.com"}]
    done = command("task", "-", input=json.dumps({"task": "send_batch_events", "events": events}))
    assert done.return_value == 1
    assert [item["success"] for item in json.loads(done.stdout)] == [True, False]


# ---------------------------------------------------------------------- pixels


def test_datasets_are_a_table_or_json(command, graph):
    nodes = [
        {"id": str(number), "name": f"Shop [{number}]", "is_consolidated_container": number > 5}
        for number in range(1, 64)
    ]
    graph.on("GET", "act_7/adspixels", paged(nodes, 25))
    done = command("pixels", "--ad-account", "act_7")
    assert "Shop [63]" in done.stdout
    assert "63 datasets." in done.stdout
    shown = json.loads(command("pixels", "--ad-account", "7", "--json").stdout)
    assert (len(shown), shown[0]["takes_offline"], shown[5]["takes_offline"]) == (63, False, True)
    graph.on("GET", "me/adaccounts", {"data": []})
    assert "no dataset" in command("pixels").stdout
    assert json.loads(command("pixels", "--json").stdout) == []


def test_a_dataset_is_shown_with_its_hours_and_quality(command, graph):
    hour = time.strftime("%Y-%m-%dT%H:00:00+0000", time.gmtime(time.time() - 7_200))
    values = [
        {"value": name, "count": count}
        for name, count in (("Purchase", 120), ("Lead", 30), ("A", 1), ("B", 1), ("C", 1), ("D", 1))
    ]
    graph.on(
        "GET",
        DATASET,
        {"id": DATASET, "name": "Shops", "is_consolidated_container": False, "owner_business": {"name": "Ada [Ltd]"}},
    )
    graph.on("GET", f"{DATASET}/stats", {"data": [{"start_time": hour, "aggregation": "event", "data": values}]})
    graph.on(
        "GET",
        "dataset_quality",
        {"offline": [{"event_name": "Purchase", "composite": {"score": 6.6, "recommendation": "Send more."}}]},
    )
    done = command("pixel", DATASET)
    assert done.return_value == 0
    lines = done.stdout.splitlines()
    assert any("no: it takes no offline events" in line for line in lines)
    assert any("Ada [Ltd]" in line for line in lines)
    assert any("Purchase" in line and "120" in line and "■" * 30 in line for line in lines)
    assert any(hour[:13].replace("T", " ") in line and "others" not in line and "■" in line for line in lines)
    assert "others" in done.stdout
    assert "6.6" in done.stdout
    assert "Send more." in done.stdout
    shown = json.loads(command("pixel", DATASET, "--json").stdout)
    assert shown["totals"]["Purchase"] == 120


def test_a_dataset_that_counted_nothing_or_may_not_be_read_says_so(command, graph):
    graph.on("GET", DATASET, {"id": DATASET, "name": "Shops"})
    graph.on("GET", f"{DATASET}/stats", {"data": []})
    graph.on("GET", "dataset_quality", error(10, status=403))
    done = command("pixel", DATASET)
    assert "Meta counted nothing" in done.stdout
    assert "No offline quality score: Cannot read with this token" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pixel", DATASET), "Cannot read with this token"),
        (("pixel", "shops"), "digits only"),
        (("pixel", DATASET, "--aggregation", "colour"), "--aggregation"),
        (("pixel", DATASET, "--since", "soon"), "--since"),
        (("pixels", "--ad-account", "mine"), "act_1234567890"),
        (("pixels",), "Cannot read with this token"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(graph, arguments, words):
    for path in (DATASET, "me/adaccounts"):
        graph.on("GET", path, error(10, status=403))
    done = process(*arguments, CAPI_ACCESS_TOKEN=TOKEN, CAPI_GRAPH_URL=graph.url)
    assert done.returncode == 2
    assert words in done.stderr
    assert TOKEN not in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_answer_that_is_no_answer_is_a_sentence(command, graph, monkeypatch):
    monkeypatch.setattr("importer.graph.datasets.PAUSES", ())
    graph.on("GET", DATASET, FakeResponse(200, b"[]"))
    done = command("pixel", DATASET)
    assert "Something other than Meta" in str(done.exception)
