"""A web server that breaks off, changes its file, refuses: nothing is lost, doubled or mixed."""

import datetime as dt
import ipaddress
import ssl
import stat
import time

import pytest
from web_server import OLD

from importer.addresses import fetch
from importer.addresses.patience import Patience
from importer.errors import FileError, UsageError

NEW = b"".join(b"%06d,new,ada@example.com\n" % row for row in range(41_000))


@pytest.fixture
def server(web_server):
    return web_server


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(Patience.__init__, "__defaults__", (lambda _seconds: None,))


def got(server, folder, **environ):
    (found,) = fetch(server.address, folder, environ)
    return found


def nothing_left(folder):
    return [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_is_private_and_bears_its_name(server, tmp_path):
    found = got(server, tmp_path)
    assert found.path.read_bytes() == OLD
    assert (found.name, found.path.name) == ("sales.csv", "sales.csv")
    assert found.address == f"http://127.0.0.1:{server.server_port}/exports/sales.csv"
    assert stat.S_IMODE(found.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(found.path.parent.stat().st_mode) == 0o700


def test_cuts_are_resumed_where_they_came(server, tmp_path):
    server.cuts = [300_000, 1, 0, 250_000, 2]
    assert got(server, tmp_path).path.read_bytes() == OLD
    asked = [request.get("Range") for request in server.requests]
    assert asked == [None, "bytes=300000-", "bytes=300001-", "bytes=300001-", "bytes=550001-", "bytes=550003-"]
    assert {request.get("If-Range") for request in server.requests[1:]} == {'"v1"'}


@pytest.mark.parametrize("length", ["length", "chunked"])
def test_a_file_that_changed_meanwhile_is_begun_again_and_never_mixed(server, tmp_path, length):
    def change():
        server.content, server.tag, server.modified = NEW, '"v2"', "Sat, 28 Nov 2026 11:00:00 GMT"

    server.cuts, server.at_cut, server.length = [500_000], change, length
    assert got(server, tmp_path).path.read_bytes() == NEW


def test_a_server_that_gives_no_parts_is_begun_again(server, tmp_path):
    server.cuts, server.ranges = [500_000, 100_000], False
    assert got(server, tmp_path).path.read_bytes() == OLD


def test_without_a_tag_or_a_time_a_cut_begins_again(server, tmp_path):
    server.cuts, server.tag, server.modified = [500_000], "", ""
    assert got(server, tmp_path).path.read_bytes() == OLD
    assert [request.get("Range") for request in server.requests] == [None, None]


def test_a_weak_tag_is_no_proof_of_the_same_bytes(server, tmp_path):
    server.cuts, server.tag = [500_000], 'W/"v1"'
    assert got(server, tmp_path).path.read_bytes() == OLD
    assert server.requests[1]["If-Range"] == server.modified


def test_a_line_that_is_cut_for_good_is_told_and_leaves_nothing(server, tmp_path):
    server.cuts = [400_000] + [0] * 50
    with pytest.raises(FileError, match="broke off again and again; nothing was sent") as error:
        got(server, tmp_path)
    assert "hush" not in str(error.value)
    assert nothing_left(tmp_path)


def test_a_cut_that_no_length_would_tell_is_refused(server, tmp_path):
    server.length = "close"
    with pytest.raises(FileError, match="does not say how long it is"):
        got(server, tmp_path)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(404, r"There is no file at http://127.0.0.1:\d+/exports/sales.csv \(HTTP 404\)"), (410, "There is no file"),
     (401, "refuses access"), (403, "its link has run out"), (400, "does not give the file")],
)  # fmt: skip
def test_a_refusal_is_one_sentence_at_once(server, tmp_path, status, sentence):
    server.statuses = [status]
    with pytest.raises(FileError, match=sentence) as error:
        got(server, tmp_path)
    assert "hush" not in str(error.value)
    assert (len(server.requests), nothing_left(tmp_path)) == (1, True)


def test_a_part_that_nobody_asked_for_is_not_taken_for_the_file(server, tmp_path):
    server.statuses = [206]
    with pytest.raises(FileError, match=r"does not give the file \(HTTP 206\)"):
        got(server, tmp_path)
    assert nothing_left(tmp_path)


def test_a_server_that_cannot_now_is_asked_again(server, tmp_path):
    server.statuses = [503, 429]
    assert got(server, tmp_path).path.read_bytes() == OLD
    server.statuses = [503] * 20
    with pytest.raises(FileError, match=r"cannot be had now \(HTTP 503\)"):
        got(server, tmp_path)


def test_no_server_is_told(server, tmp_path):
    with pytest.raises(FileError, match=r"http://127.0.0.1:1/sales.csv cannot be reached"):
        fetch("http://127.0.0.1:1/sales.csv?sig=hush", tmp_path, {})


def test_customers_do_not_travel_in_clear(server, tmp_path):
    with pytest.raises(UsageError, match="unencrypted; write it with https://"):
        fetch("http://files.example.com/sales.csv", tmp_path, {})
    server.location = "http://files.example.com/moved.csv?sig=hush"
    with pytest.raises(UsageError, match="unencrypted") as error:
        got(server, tmp_path)
    assert "hush" not in str(error.value)


def test_a_redirect_is_followed_and_one_without_end_is_told(server, tmp_path):
    server.location = "/moved/sales.csv"
    assert got(server, tmp_path).path.read_bytes() == OLD
    server.location = "/exports/sales.csv"
    with pytest.raises(FileError, match="without end"):
        got(server, tmp_path)


def test_a_user_and_password_come_from_netrc(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login till password hush\n")
    netrc.chmod(0o600)
    assert got(server, tmp_path).path.read_bytes() == OLD
    assert server.requests[0]["Authorization"] == "Basic dGlsbDpodXNo"


def test_a_wrong_authority_is_told(server, tmp_path):
    with pytest.raises(UsageError, match="SSL_CERT_FILE names"):
        got(server, tmp_path, SSL_CERT_FILE=str(tmp_path / "no.pem"))


def test_what_brings_nothing_is_given_up_soon():
    pauses = []
    patience = Patience(pauses.append)
    while patience.more():
        pass
    assert pauses == [0.5, 1, 2, 4]
    patience.reached(1)
    assert patience.more()
    patience._attempts, patience._since = 0, time.monotonic() - 41
    assert not patience.more()


@pytest.fixture
def authority(tmp_path):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made up")])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, begins + dt.timedelta(days=36_500))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    constraint = x509.BasicConstraints(ca=True, path_length=0)
    signed = built.add_extension(alternative, critical=False).add_extension(constraint, critical=True)
    pem = signed.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "authority.pem").write_bytes(pem)
    (tmp_path / "key.pem").write_bytes(secret)
    return tmp_path / "authority.pem", tmp_path / "key.pem"


def test_an_authority_in_ssl_cert_file_is_trusted_and_an_unknown_one_is_told(server, authority, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    address = server.address.replace("http:", "https:")
    with pytest.raises(
        FileError, match="a certificate that this machine does not trust; name its authority's file"
    ) as error:
        fetch(address, tmp_path / "spool", {})
    assert "hush" not in str(error.value)
    (found,) = fetch(address, tmp_path / "spool", {"SSL_CERT_FILE": str(authority[0])})
    assert found.path.read_bytes() == OLD
