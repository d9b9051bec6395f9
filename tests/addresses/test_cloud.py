"""S3, against moto's server; the other two clouds as far as no server is needed."""

import stat

import pytest
from cutting_proxy import cutting_proxy
from s3_server import BUCKET

from importer.addresses import fetch
from importer.addresses.cloud import exists, send_to_cloud
from importer.addresses.cloud_credentials import azure_options, google_options, s3_options
from importer.addresses.patience import Patience
from importer.errors import FileError, UsageError

BIG = b"".join(b"%08d,old,ada@example.com\n" % row for row in range(800_000))
NEW = b"".join(b"%08d,new,ada@example.com\n" % row for row in range(800_000))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch, tmp_path):
    monkeypatch.setattr(Patience.__init__, "__defaults__", (lambda _seconds: None,))


def names(found):
    return [one.name for one in found]


def test_a_file_of_a_bucket_is_brought_whole_and_private(s3_server, tmp_path):
    s3_server.put("one/sales.csv", b"a,b\n1,2\n")
    (found,) = fetch(f"s3://{BUCKET}/one/sales.csv", tmp_path, s3_server.environ())
    assert (found.name, found.path.read_bytes()) == ("sales.csv", b"a,b\n1,2\n")
    assert found.address == f"s3://{BUCKET}/one/sales.csv"
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600


def test_a_folder_is_its_files_and_a_pattern_those_that_match(s3_server, tmp_path):
    for name in ("01.csv", "02.csv", "11.csv", "x.csv", ".hidden", "sub/03.csv"):
        s3_server.put(f"many/{name}", name.encode())
    environ = s3_server.environ()
    assert names(fetch(f"s3://{BUCKET}/many/", tmp_path, environ)) == ["01.csv", "02.csv", "11.csv", "x.csv"]
    assert names(fetch(f"s3://{BUCKET}/many", tmp_path, environ)) == ["01.csv", "02.csv", "11.csv", "x.csv"]
    assert names(fetch(f"s3://{BUCKET}/many/[01]*.csv", tmp_path, environ)) == ["01.csv", "02.csv", "11.csv"]
    assert names(fetch(f"s3://{BUCKET}/many/*/0?.csv", tmp_path, environ)) == ["03.csv"]


def test_a_key_that_looks_like_a_pattern_is_that_file(s3_server, tmp_path):
    s3_server.put("odd/sales[1].csv", b"brackets")
    s3_server.put("odd/sales1.csv", b"none")
    (found,) = fetch(f"s3://{BUCKET}/odd/sales[1].csv", tmp_path, s3_server.environ())
    assert found.path.read_bytes() == b"brackets"


@pytest.mark.parametrize(
    "key", [f"{BUCKET}/no.csv", f"{BUCKET}/no/*.csv", f"{BUCKET}/no/", "no-bucket/a.csv", "no-bucket/*.csv"]
)
def test_what_is_not_there_is_told(s3_server, tmp_path, key):
    with pytest.raises(FileError, match=r"There is no file.* at s3://.*; check"):
        fetch(f"s3://{key}", tmp_path, s3_server.environ())


def test_a_cut_is_resumed(s3_server, tmp_path):
    s3_server.put("cut/sales.csv", BIG)
    with cutting_proxy(s3_server.port, *[3_000_000] * 12) as proxy:
        (found,) = fetch(f"s3://{BUCKET}/cut/sales.csv", tmp_path, s3_server.environ(proxy.port))
    assert proxy.done >= 3
    assert found.path.read_bytes() == BIG


def test_a_file_that_is_replaced_under_way_is_never_mixed(s3_server, tmp_path):
    s3_server.put("swap/sales.csv", BIG)
    with cutting_proxy(s3_server.port, *[20_000_000] * 2, 3_000_000) as proxy:
        proxy.at_cut = lambda: s3_server.put("swap/sales.csv", NEW)
        (found,) = fetch(f"s3://{BUCKET}/swap/sales.csv", tmp_path, s3_server.environ(proxy.port))
    assert proxy.done == 1
    assert found.path.read_bytes() == NEW


def test_a_line_that_is_cut_for_good_is_told_and_leaves_nothing(s3_server, tmp_path):
    s3_server.put("cut/sales.csv", BIG)
    with (
        cutting_proxy(s3_server.port, cut_always=1_000_000) as proxy,
        pytest.raises(FileError, match="cannot be reached, or the connection broke off; nothing was sent"),
    ):
        fetch(f"s3://{BUCKET}/cut/sales.csv", tmp_path, s3_server.environ(proxy.port))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_no_server_is_told(tmp_path, s3_server):
    with pytest.raises(FileError, match="cannot be reached"):
        fetch(f"s3://{BUCKET}/a.csv", tmp_path, s3_server.environ(1))


def test_no_credentials_are_told_at_once(s3_server, tmp_path):
    environ = {"AWS_ENDPOINT_URL": s3_server.environ()["AWS_ENDPOINT_URL"], "HOME": str(tmp_path)}
    with pytest.raises(UsageError, match="There are no credentials for s3://: set AWS_ACCESS_KEY_ID"):
        fetch(f"s3://{BUCKET}/a.csv", tmp_path, environ)
    with pytest.raises(UsageError, match="AWS_SECRET_ACCESS_KEY is not; set both"):
        fetch(f"s3://{BUCKET}/a.csv", tmp_path, environ | {"AWS_ACCESS_KEY_ID": "AKIAMADEUP"})


def test_an_address_without_a_bucket_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"s3:// names no bucket; write it like s3://BUCKET/sales.csv"):
        fetch("s3://", tmp_path, {})


def test_a_report_is_sent_to_a_bucket(s3_server, tmp_path):
    report, environ = tmp_path / "report.csv", s3_server.environ()
    report.write_bytes(BIG)
    assert not exists(f"s3://{BUCKET}/out/report.csv", environ)
    send_to_cloud(report, f"s3://{BUCKET}/out/report.csv", environ)
    assert exists(f"s3://{BUCKET}/out/report.csv", environ)
    assert s3_server.get("out/report.csv") == BIG
    with pytest.raises(FileError, match="There is no bucket s3://no-bucket"):
        exists("s3://no-bucket/report.csv", environ)
    with pytest.raises(FileError, match=r"There is no file or bucket at s3://no-bucket/report.csv"):
        send_to_cloud(report, "s3://no-bucket/report.csv", environ)


def test_the_environment_says_where_and_with_which_keys():
    environ = {
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c", "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "https://minio.example:9000/",
    }  # fmt: skip
    assert s3_options(environ) == {
        "access_key": "a", "secret_key": "b", "session_token": "c", "region": "eu-west-1",
        "endpoint_override": "minio.example:9000", "scheme": "https",
    }  # fmt: skip
    azure = {"AZURE_STORAGE_ACCOUNT_NAME": "till", "AZURE_STORAGE_ACCOUNT_KEY": "a2V5"}
    assert azure_options(azure) == {"account_name": "till", "account_key": "a2V5"}
    assert google_options({"STORAGE_EMULATOR_HOST": "127.0.0.1:9023"})["endpoint_override"] == "127.0.0.1:9023"


def test_the_other_clouds_name_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("importer.addresses.cloud_credentials._is_in_cloud", lambda *_: False)
    home = {"HOME": str(tmp_path)}
    with pytest.raises(UsageError, match="AZURE_STORAGE_ACCOUNT_NAME"):
        fetch("az://exports/sales.csv", tmp_path, home)
    with pytest.raises(UsageError, match="AZURE_STORAGE_ACCOUNT_KEY"):
        fetch("az://exports/sales.csv", tmp_path, home | {"AZURE_STORAGE_ACCOUNT_NAME": "till"})
    with pytest.raises(UsageError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        fetch("gs://exports/sales.csv", tmp_path, home)
