"""What every request must show before it reaches a page, and what every answer says to the browser.

The server listens on loopback, but any page on the web can make a browser ask it (CSRF), a name can be pointed at it
(DNS rebinding), and other users of this machine can reach it. So: one exact Host; a cookie that only the browser has
which was opened with the one-time key; Origin and Sec-Fetch-Site on every POST, and a token in every form.
"""

from __future__ import annotations

import hmac
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Session:
    """The secrets of one server: the key of the opened address, which works once, the cookie and the forms' token.

    host: the only one that it answers to. Cookies know no ports, so the cookie's name holds it: two servers of one
    browser do not put each other out.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.cookie_name = f"capi_import_{host.rpartition(':')[2]}"
        self.key: str | None = secrets.token_urlsafe(32)
        self.cookie = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)

    def takes_key(self, key: str) -> bool:
        """Tell whether the key opens the page; it does so once."""
        if self.key is None or not _same(key, self.key):
            return False
        self.key = None
        return True

    def knows(self, headers: Headers) -> bool:
        """Tell whether the request bears the cookie, among whatever others that other servers of this machine set."""
        own = f"{self.cookie_name}={self.cookie}"
        given = [cookie.strip() for line in headers.getlist("cookie") for cookie in line.split(";")]
        return any(_same(cookie, own) for cookie in given)


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), known.encode())


class Safety:
    """Refuses whatever does not come from the page itself; nothing behind it sees such a request."""

    def __init__(self, app: ASGIApp, session: Session) -> None:
        self._app, self._session = app, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refused request with 4xx, and hand any other on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets
            return
        request = Request(scope, receive)
        nonce = scope.setdefault("state", {})["nonce"] = secrets.token_urlsafe(16)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
            await send(message)

        answer = self._refusal(request) or self._opened(request)
        await (answer or self._app)(scope, receive, guarded)

    def _refusal(self, request: Request) -> Response | None:
        headers, host = request.headers, self._session.host
        if headers.getlist("host") != [host]:
            return _refused("This address is not the page's own.")
        changes = request.method not in SAFE_METHODS
        site = headers.get("sec-fetch-site", "same-origin")
        linked = not changes and headers.get("sec-fetch-mode", "navigate") == "navigate"
        foreign = site != "same-origin" and not (linked or (site == "none" and not changes))
        if foreign or (changes and headers.getlist("origin") != [f"http://{host}"]):
            return _refused("The request does not come from the page itself.")
        return None

    def _opened(self, request: Request) -> Response | None:
        """Answer the address with the key once by a cookie; refuse whoever has neither."""
        key = request.query_params.get("key")
        if key is not None and request.url.path == "/" and request.method == "GET":
            if not self._session.takes_key(key):
                return _refused("The key was used before or is wrong; start capi-import web again.")
            answer = RedirectResponse("/", 303)
            answer.set_cookie(
                self._session.cookie_name, self._session.cookie, httponly=True, samesite="strict", path="/"
            )
            return answer
        if not self._session.knows(request.headers):
            return PlainTextResponse("Open the address that capi-import web printed.\n", 401)
        return None


def _refused(sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", 403)


def right_token(session: Session, given: object) -> bool:
    """Tell whether a form bears the session's token."""
    return isinstance(given, str) and _same(given, session.csrf)
