"""The results at the user's own address."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import importer
from importer.errors import UsageError
from importer.graph.webhook import check_webhook, post_summary

EVENT = {"email": "ada@example.com", "value": 5, "actionSource": "email"}


class Receiver:
    """Answers with the statuses in turn, 204 when there are none left."""

    def __init__(self, url, got, statuses):
        self.url, self.got, self.statuses = url, got, statuses


@pytest.fixture
def receiver():
    got, statuses = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(statuses.pop(0) if statuses else 204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield Receiver(f"http://127.0.0.1:{server.server_port}", got, statuses)
    server.shutdown()
    thread.join()
    server.server_close()


def post(url, summary):
    slept = []
    return post_summary(url, summary, sleep=slept.append), slept


def test_the_results_arrive_once_as_json(receiver):
    assert post(f"{receiver.url}/hook", {"rows": {"total": 3}}) == (True, [])
    assert receiver.got == [{"rows": {"total": 3}}]


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_what_may_pass_is_tried_again(receiver, status):
    receiver.statuses.append(status)
    assert post(receiver.url, {"n": 1}) == (True, [0.5])
    assert receiver.got == [{"n": 1}, {"n": 1}]


def test_what_stays_is_told_without_the_address(receiver, caplog):
    receiver.statuses += [503, 503, 503, 403, 302]
    assert post(f"{receiver.url}/secret-path", {}) == (False, [0.5, 2.0])
    assert post(f"{receiver.url}/secret-path", {}) == (False, [])
    assert post(f"{receiver.url}/secret-path", {}) == (False, [])
    assert post("http://127.0.0.1:9/secret-path", {}) == (False, [0.5, 2.0])
    told = [record.getMessage() for record in caplog.records if record.name == "importer"]
    assert len(told) == 4
    assert all("what was sent stays sent" in sentence for sentence in told)
    assert "secret-path" not in " ".join(told)
    assert "127.0.0.1" not in " ".join(told)


def test_without_an_address_nothing_is_posted():
    assert post(None, {}) == (False, [])


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://x", "http://", "javascript:alert(1)", "http://[", "x"),
        *("http://hooks.example.com/x", "http://127.0.0.1.example.com", "http://10.0.0.1/x", "https://x:99999999"),
    ],
)
def test_results_travel_by_https_or_stay_on_this_machine(url):
    with pytest.raises(UsageError, match="--webhook"):
        check_webhook(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/x", "http://127.0.0.1:8000", "http://localhost/x", "http://[::1]/"]
)
def test_addresses_that_are_taken(url):
    check_webhook(url)


def test_a_tasks_results_are_posted_once_and_without_the_token(receiver):
    told = {**EVENT, "webhookUrl": f"{receiver.url}/hook", "accessToken": "EAAsecret"}
    result = importer.task(told)
    (body,) = receiver.got
    assert body == {"task": "send_event", "success": True, "results": result.as_json()}
    assert result.webhook is True
    assert "EAAsecret" not in json.dumps(body)
    assert "ada@example.com" not in json.dumps(body)


def test_a_task_that_fails_is_posted_too(receiver):
    failed = importer.task({**EVENT, "demoMode": False, "pixelId": "1", "webhookUrl": receiver.url})
    assert receiver.got[0]["results"][0]["error"] == "API key is required"
    assert failed.webhook is True


def test_a_webhook_that_fails_does_not_undo_what_was_sent(receiver, caplog, monkeypatch):
    monkeypatch.setattr("importer.graph.webhook.PAUSES", ())
    receiver.statuses.append(500)
    result = importer.task({**EVENT, "webhookUrl": receiver.url})
    assert (result.success, result.exit_code, result.webhook) == (True, 0, False)
    assert "what was sent stays sent" in caplog.text


def test_a_task_is_not_run_with_a_webhook_in_the_clear():
    result = importer.task({**EVENT, "webhookUrl": "http://hooks.example.com"})
    assert "webhookUrl" in result.items[0]["error"]
    assert (result.exit_code, result.webhook) == (2, None)
