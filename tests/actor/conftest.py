"""A fake of the Graph API, and a way to run a task against it."""

import pytest
from fake_graph import DATASET, TOKEN, FakeGraph

import importer


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch):
    for name in ("CAPI_ACCESS_TOKEN", "CAPI_DATASET_ID", "CAPI_GRAPH_URL", "CAPI_GRAPH_VERSION", "CAPI_APP_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def graph():
    with FakeGraph() as graph:
        yield graph


@pytest.fixture
def run(graph):
    """A task for real: no demonstration, with a token and a dataset."""

    def run(name="send_event", **parameters):
        given = {"task": name, "demoMode": False, "accessToken": TOKEN, "pixelId": DATASET, **parameters}
        return importer.task(given, graph_url=graph.url)

    return run
