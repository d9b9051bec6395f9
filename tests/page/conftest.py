import httpx
import pytest
from page_server import PageServer


def opened_client(server):
    """Return a client that opened the page with its key."""
    client = httpx.Client(base_url=server.origin, timeout=60)
    assert client.get(server.address).status_code == 303
    return client


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all tests of a module that do not end it."""
    running = PageServer(tmp_path_factory.mktemp("page"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def opened(server):
    client = opened_client(server)
    yield client
    client.close()


@pytest.fixture
def own_server(tmp_path):
    """A server of the test's own, for it to end."""
    running = PageServer(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def own_client(own_server):
    client = opened_client(own_server)
    yield client
    client.close()
