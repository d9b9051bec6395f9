"""Every attack that the page's safety names, tried against a running server."""

import io
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import zipfile

import httpx
import pytest
from page_server import PageServer

from importer.page.application import ROUTES

pytestmark = pytest.mark.enable_socket


def csrf(client):
    return re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)[1]


def upload(client, token, files, **headers):
    return client.post(
        "/imports",
        files=[("csrf", (None, token)), *(("files", file) for file in files)],
        headers={"Origin": str(client.base_url).rstrip("/")} | headers,
    )


SALES = b"Order ID,Date,Email,Total,Currency\nA1,2026-11-20T10:00:00Z,ada@example.com,10.00,EUR\n"


def test_the_key_works_once_and_becomes_a_cookie_that_no_script_reads(own_server):
    server = own_server
    with httpx.Client(base_url=server.origin) as client:
        first = client.get(server.address)
        assert (first.status_code, first.headers["location"]) == (303, "/")
        cookie = first.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Path=/" in cookie
        assert "domain" not in cookie.lower()
        assert server.address.partition("key=")[2] not in cookie
        assert client.get("/").status_code == 200
    with httpx.Client(base_url=server.origin) as another:
        assert another.get(server.address).status_code == 403
        assert another.get("/").status_code == 401


@pytest.mark.parametrize("path", ["/", "/history", "/event", "/static/page.css", "/imports/x/check", "/nowhere"])
def test_nothing_is_shown_without_the_cookie(server, path):
    assert httpx.get(server.origin + path).status_code == 401
    assert httpx.get(server.origin + path, headers={"Cookie": "capi_import_session=guessed"}).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}"]
)
def test_another_host_is_refused_whatever_the_cookie(server, opened, host):
    port = server.host.partition(":")[2]
    assert opened.get("/", headers={"Host": host.format(port=port)}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "{origin}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "{origin}", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused(server, opened, headers):
    told = {name: text.format(origin=server.origin) for name, text in headers.items()}
    answer = opened.post("/event", data={"csrf": csrf(opened), "email": "a@example.com"}, headers=told)
    assert answer.status_code == 403


@pytest.mark.parametrize("token", [None, "", "guessed"])
def test_a_form_without_the_token_is_refused(server, opened, token):
    data = {"email": "a@example.com"} | ({} if token is None else {"csrf": token})
    assert opened.post("/event", data=data, headers={"Origin": server.origin}).status_code == 403


def test_every_form_of_an_import_asks_for_the_token_and_the_origin(server, opened):
    name = upload(opened, csrf(opened), [("sales.csv", SALES)]).headers["location"].split("/")[2]
    forms = [route.path for route in ROUTES if "POST" in (route.methods or ()) and "{" in route.path]
    assert len(forms) >= 6
    for path in forms:
        address = path.format(name=name, place=0)
        for data, headers in (
            ({}, {"Origin": server.origin}),
            ({"csrf": csrf(opened)}, {"Origin": "http://evil.example"}),
        ):
            assert opened.post(address, data=data, headers=headers).status_code == 403, address


def test_files_are_not_kept_where_the_token_is_wrong_or_comes_late(own_server, own_client):
    server, opened = own_server, own_client
    assert upload(opened, "guessed", [("a.csv", SALES)]).status_code in {400, 403}
    late = opened.post(
        "/imports",
        files=[("files", ("a.csv", SALES)), ("csrf", (None, csrf(opened)))],
        headers={"Origin": server.origin},
    )
    assert late.status_code in {400, 403}
    assert not list(server.temporary.rglob("*.csv"))


def test_every_answer_carries_the_headers_and_the_nonce_changes(opened):
    policies = set()
    for path in ("/", "/history", "/event", "/nowhere"):
        answer = opened.get(path)
        policy = answer.headers["content-security-policy"]
        policies.add(policy)
        assert "unsafe" not in policy
        for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert rule in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        assert not re.search(r"<[^>]+ (style|on\w+)=", answer.text)
    assert len(policies) == 4


def test_uploads_lie_in_a_private_folder_and_go_with_the_server(own_server, own_client):
    server, opened = own_server, own_client
    answer = upload(opened, csrf(opened), [("../../etc/sales.csv", SALES)])
    assert answer.status_code == 303
    (kept,) = server.temporary.rglob("sales.csv")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (folder,) = (path for path in server.temporary.glob("capi-import-private-*") if path in kept.parents)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert server.stop() == 130
    assert not folder.exists()
    assert "The page has ended" in server.said


def test_a_killed_server_leaves_nothing_for_long(tmp_path):
    first = PageServer(tmp_path)
    with httpx.Client(base_url=first.origin) as client:
        client.get(first.address)
        upload(client, csrf(client), [("sales.csv", SALES)])
    first.process.kill()
    first.process.wait(10)
    assert list(first.temporary.rglob("sales.csv"))
    second = PageServer(tmp_path)
    assert not list(second.temporary.rglob("sales.csv"))
    assert second.stop() == 130
    for stream in (first.process.stdout, first.process.stderr):
        stream.close()


def test_a_living_server_keeps_its_files_and_its_cookie_when_another_starts(own_server, own_client):
    server, opened = own_server, own_client
    upload(opened, csrf(opened), [("sales.csv", SALES)])
    other = PageServer(server.home)
    assert list(server.temporary.rglob("sales.csv"))
    assert opened.get(other.address).status_code == 303
    assert opened.get(server.origin).status_code == 200
    assert opened.get(other.origin).status_code == 200
    assert other.stop() == 130


def test_nothing_that_the_server_says_names_a_customer_or_the_key(own_server, own_client):
    server, opened = own_server, own_client
    upload(opened, csrf(opened), [("sales.csv", SALES)])
    opened.post("/event", data={"csrf": csrf(opened), "email": "ada@example.com"}, headers={"Origin": server.origin})
    server.stop()
    assert "ada" not in server.said
    assert "key=" not in server.said


def test_the_token_is_never_told_back(tmp_path):
    server = PageServer(tmp_path, CAPI_ACCESS_TOKEN="EAAB-secret-token", CAPI_DATASET_ID="1001")
    with httpx.Client(base_url=server.origin, timeout=60) as client:
        client.get(server.address)
        token = csrf(client)
        step = upload(client, token, [("sales.csv", SALES)]).headers["location"]
        own = {"Origin": server.origin}
        client.get(step)
        client.post(step, data={"csrf": token, "check": "1"}, headers=own)
        texts = [
            client.get(path).text
            for path in ("/", "/event", step, step.replace("understand", "check"), step.replace("understand", "send"))
        ]
    server.stop()
    assert "EAAB" not in "".join(texts) + server.said


@pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
@pytest.mark.parametrize(
    "path",
    ["/static/../server.py", "/static/%2e%2e/server.py", "/static/page.css%00", "/imports/x/files/..%2f..%2fetc"],
)
def test_no_file_is_reached_by_a_path(opened, path):
    assert opened.get(path).status_code == 404


def test_a_taken_port_is_told_in_a_sentence(server):
    port = server.host.partition(":")[2]
    other = PageServer(server.home, "--port", port)
    assert other.process.wait(30) == 2
    assert f"Port {port} is taken" in other.process.stderr.read()
    for stream in (other.process.stdout, other.process.stderr):
        stream.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_is_refused(server, opened, method):
    assert opened.request(method, "/imports").status_code == 403
    assert opened.request(method, "/imports", headers={"Origin": server.origin}).status_code == 405


def test_the_key_is_not_spent_by_a_preview(own_server):
    assert httpx.head(own_server.address).status_code == 401
    assert httpx.get(own_server.address).status_code == 303


@pytest.mark.parametrize("key", ["", "guessed", "0" * 5000, "é"])
def test_a_wrong_key_is_refused_even_with_the_cookie(opened, key):
    assert opened.get("/", params={"key": key}).status_code == 403


def test_a_cookie_that_another_server_set_neither_opens_nor_shuts(server, opened):
    name, value = next(iter(opened.cookies.items()))
    fixed = {"Cookie": f"{name}=fixed"}
    assert httpx.get(server.origin, headers=fixed).status_code == 401
    for cookie in (f"{name}=fixed; {name}={value}", f"{name}={value}; {name}=fixed", f'a="; b[]=1; {name}={value}'):
        assert httpx.get(server.origin, headers={"Cookie": cookie}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_reads_no_page_and_no_progress(server, opened, origin, site):
    step = upload(opened, csrf(opened), [("sales.csv", SALES)]).headers["location"]
    headers = {"Origin": origin, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors"}
    for path in ("/", step, step.replace("understand", "events/understand")):
        answer = opened.get(path, headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", "csrf={token}&email=a"),
        ("application/json", '{{"csrf": "{token}"}}'),
        ("multipart/form-data; boundary=x", "--x\r\n"),
        ("multipart/form-data", ""),
        ("multipart/form-data; boundary=x", "nothing at all"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("path", ["/imports", "/event", "/datasets"])
def test_a_body_that_is_no_form_is_refused_in_a_sentence(server, opened, path, kind, body):
    headers = {"Origin": server.origin, **({"Content-Type": kind} if kind else {})}
    answer = opened.post(path, content=body.format(token=csrf(opened)), headers=headers)
    assert 400 <= answer.status_code < 500
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_body_of_unknown_length_is_taken_as_it_comes(server, opened):
    token, line = csrf(opened), "--x\r\nContent-Disposition: form-data; name="

    def pieces():
        yield f'{line}"csrf"\r\n\r\n{token}\r\n'.encode()
        yield f'{line}"files"; filename="sales.csv"\r\n\r\n'.encode()
        yield from (SALES[at : at + 7] for at in range(0, len(SALES), 7))
        yield b"\r\n--x--\r\n"

    headers = {"Origin": server.origin, "Content-Type": "multipart/form-data; boundary=x"}
    answer = opened.post("/imports", content=pieces(), headers=headers)
    assert answer.status_code == 303


def test_an_upload_that_is_cancelled_leaves_nothing(own_server, own_client):
    token = csrf(own_client)
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename="sales.csv"\r\n\r\nOrder ID,Date\n'
    )
    name, value = next(iter(own_client.cookies.items()))
    head = (
        f"POST /imports HTTP/1.1\r\nHost: {own_server.host}\r\nOrigin: {own_server.origin}\r\nCookie: {name}={value}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n"
    )
    host, _, port = own_server.host.partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall((head + body).encode())
        until(lambda: list(own_server.temporary.rglob("sales.csv")))
    until(lambda: not list(own_server.temporary.rglob("sales.csv")))
    assert own_client.get("/").status_code == 200


def until(is_so):
    """Wait until it is so; the test's own time limit ends it where it never is."""
    while not is_so():
        time.sleep(0.05)


def test_more_files_or_longer_fields_than_the_page_allows_are_refused(server, opened):
    token = csrf(opened)
    answer = upload(opened, token, [(f"{n}.csv", SALES) for n in range(101)])
    assert (answer.status_code, "at most 100 files" in answer.text) == (400, True)
    answer = opened.post(
        "/imports",
        files=[("csrf", (None, token)), ("schema", (None, "x" * (2 << 20)))],
        headers={"Origin": server.origin},
    )
    assert (answer.status_code, "longer than the page allows" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..", "file"),
        ("C:\\sales\\till.csv", "till.csv"),
        ("a\r\nSet-Cookie: x=1.csv", None),
        ("<script>alert(1)<.csv", "_script_alert(1)_.csv"),
        ("ü" * 300 + ".csv", None),
        ("sales.csv\x00.png", None),
    ],
)
def test_a_files_name_is_a_name_and_nothing_else(server, opened, name, kept):
    answer = upload(opened, csrf(opened), [(name, SALES)])
    assert answer.status_code == 303
    assert "x" not in answer.cookies
    found = opened.get(answer.headers["location"]).text
    assert "<script>alert" not in found
    if kept is not None:
        assert list(server.temporary.rglob(kept))


EVIL = "<img src=x onerror=alert(1)>"


def test_html_in_headers_cells_and_words_is_text_on_every_page(server, opened):
    table = (
        f"Order ID,Date,Email,Total,Currency,Status,{EVIL}\n"
        f'"{EVIL}",2026-11-20T10:00:00Z,ada@example.com,10.00,EUR,"{EVIL}","{EVIL}"\n'
        '"A2",2026-11-20T10:00:00Z,bob@example.com,20.00,EUR,paid,"</textarea><script>alert(1)</script>"\n'
    )
    step = upload(opened, csrf(opened), [("evil.csv", table.encode())]).headers["location"]
    base = step.removesuffix("/understand")
    opened.post(step, data={"csrf": csrf(opened), "check": "1"}, headers={"Origin": server.origin})
    until(lambda: ">Row 1<" in opened.get(f"{base}/check").text)
    pages = (step, step + "?samples=1", f"{base}/check", f"{base}/check?status={EVIL}&page={EVIL}", f"{base}/rows/0")
    for path in (*pages, f"{base}/rows/1", f"/history?order={EVIL}", f"/datasets?account={EVIL}", f"/{EVIL}"):
        text = opened.get(path).text
        assert "<img src=x" not in text, path
        assert "<script>alert" not in text, path
        assert not re.search(r"<[^>]+ (style|on\w+)=", re.sub(r'"[^"]*"', '""', text)), path
    assert "alert(1)" in opened.get(f"{base}/rows/0").text


@pytest.mark.parametrize("number", ["-1", "99", "9" * 5000, "x", "1.5", "%D9%A1"])
def test_a_row_or_page_that_is_not_there_is_told(server, opened, number):
    step = upload(opened, csrf(opened), [("sales.csv", SALES)]).headers["location"]
    base = step.removesuffix("/understand")
    opened.get(step)
    assert opened.get(f"{base}/check?page={number}").status_code == 200
    assert opened.get(f"{base}/rows/{number}").status_code == 404
    assert opened.get(f"/history/{number}/report").status_code == 404


def test_an_import_that_is_guessed_is_not_there(server, opened):
    for name in ("1", "..", "A" * 12, "%2e%2e"):
        assert opened.get(f"/imports/{name}/check").status_code == 404


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_in_a_sentence(opened):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(600):
                sheet.write(bytes(1 << 20))
        archive.writestr("[Content_Types].xml", "<Types/>")
    step = upload(opened, csrf(opened), [("bomb.xlsx", packed.getvalue())]).headers["location"]
    until(lambda: 'role="alert"' in opened.get(step).text)
    assert "Traceback" not in opened.get(step).text


def test_many_half_requests_do_not_keep_the_page_from_answering(server, opened):
    host, _, port = server.host.partition(":")
    halves = [socket.create_connection((host, int(port))) for _ in range(200)]
    try:
        for half in halves:
            half.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert opened.get("/").status_code == 200
    finally:
        for half in halves:
            half.close()


def test_the_function_serves_what_the_command_serves(tmp_path):
    code = "import importer; importer.web(no_browser=True, ledger='own.db', now='2026-11-23T23:00:00Z')"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        address = process.stdout.readline().strip()
        assert httpx.get(address).status_code == 303
        process.send_signal(signal.SIGINT)
        process.wait(30)
        assert "The page has ended" in process.stderr.read()


@pytest.mark.parametrize(
    "options", [("--token-file", "nowhere"), ("--now", "yesterday"), ("--ledger", "no/such/folder/ledger.db")]
)
def test_a_wrong_option_is_told_before_the_page_opens(tmp_path, options):
    server = PageServer(tmp_path, *options)
    assert server.process.wait(30) == 2
    assert server.address == ""
    assert "Traceback" not in server.process.stderr.read()
    for stream in (server.process.stdout, server.process.stderr):
        stream.close()
