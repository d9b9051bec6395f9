"""What all tests share: `builders` and `fake_meta` can be imported by name; no test depends on the clock."""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="capi-import-tests-")  # nothing is remembered at home
sys.path.insert(0, str(Path(__file__).resolve().parent))

from chromium import browser  # noqa: F401
from postgres_server import postgres_server, postgres_url  # noqa: F401  a real server, for whoever asks for it

settings.register_profile("any_load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_load")


def pytest_addoption(parser):
    parser.addoption(
        "--without-short-cuts",
        action="store_true",
        help="empty the table of short cuts of core/normalise: every result must stay as it is",
    )


def pytest_configure(config):
    if config.getoption("--without-short-cuts"):
        from importer.core.normalise.fast.table import SHORT_CUTS

        SHORT_CUTS.clear()


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of one's own to work in, on a machine where nothing is set and nothing remembered."""
    monkeypatch.chdir(tmp_path)
    for name in ("CAPI_LEDGER", "CAPI_GRAPH_URL", "CAPI_DATASET_ID", "CAPI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path):
    """Where a ledger may be: a new file, and a new database of a real server."""
    return tmp_path / "ledger.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
