"""Who may call what: tokens, signatures and versions."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final

from importer.graph_sandbox.graph_errors import GraphError, configuration
from importer.graph_sandbox.request import Parameters

SEND_ONLY_TOKEN: Final = "send-only-token"  # noqa: S105 a name of the sandbox, no secret
TOKENS: Final[Mapping[str, GraphError]] = {
    "dead-token": GraphError(190, subcode=463, message="Error validating access token: the session has expired."),
    "malformed-token": GraphError(190, message="Invalid OAuth access token - Cannot parse access token.", status=401),
    "unsigned-token": GraphError(102, message="Session key invalid or no longer valid."),
    "no-permission": GraphError(200, message="(#200) Permissions error", status=403),
    "no-capability": GraphError(10, message="(#10) Application does not have permission for this action", status=403),
    "blocked-token": GraphError(368, message="The action attempted has been deemed abusive or is otherwise disallowed"),
    "throttled-token": GraphError(
        80004,
        subcode=2446079,
        message="There have been too many calls to this ad-account. Wait a bit and try again.",
        transient=True,
    ),
}
"""Tokens that are refused, each with its own error; any other token is accepted."""
_NO_TOKEN = GraphError(104, message="An access token is required to request this resource.")
_UNKNOWN_TOKEN = GraphError(190, message="Error validating access token.")
_MAY_NOT_READ = GraphError(10, message="(#10) This token may send events and read nothing.", status=403)

_VERSION = re.compile(r"v([0-9]+)\.([0-9]+)")
_OPEN: Final = "9999-12-31"
_VERSIONS: Final[Mapping[str, tuple[str, str, str]]] = {
    # version: release, end of the Graph API (sending), end of the Marketing API (reading) [VT-G][VT-M], read 2026-11-28
    "v20.0": ("2024-05-21", "2026-09-24", "2025-05-06"),
    "v21.0": ("2024-10-02", "2027-01-21", "2025-09-09"),
    "v22.0": ("2025-01-21", "2027-05-20", "2026-02-19"),
    "v23.0": ("2025-05-29", "2027-10-08", "2026-06-09"),
    "v24.0": ("2025-10-08", "2028-02-18", "2026-11-10"),
    "v25.0": ("2026-02-18", "2028-07-29", "2027-02-23"),
    "v26.0": ("2026-07-29", _OPEN, _OPEN),
    "v27.0": ("2026-11-04", _OPEN, _OPEN),
}
_UNKNOWN = GraphError(2500, message="Unknown path components: the version")


def version_error(version: str, now: float, *, sending: bool) -> GraphError | None:
    """Return 2635 where the call names no version [VER] or one that has ended by `now`, 2500 for one not out yet."""
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    out = [name for name, (released, _, _) in _VERSIONS.items() if released <= today] or [next(iter(_VERSIONS))]
    deprecated = GraphError(
        2635,
        message="(#2635) You are calling a deprecated version of the Ads API. "
        f"Please update to the latest version: {out[-1]}.",
    )
    named = _VERSION.fullmatch(version)
    if named is None:
        return deprecated
    if version in out:
        return deprecated if today >= _VERSIONS[version][1 if sending else 2] else None
    return deprecated if float(version[1:]) < float(out[-1][1:]) else _UNKNOWN


def token_error(given: Parameters, known: Collection[str] | None, *, sending: bool) -> GraphError | None:
    """Return why the token may not make this call; `known` None accepts every token that is not in `TOKENS`."""
    token = given.get("access_token")
    if not isinstance(token, str) or not token.strip():
        return _NO_TOKEN
    if token in TOKENS:
        return TOKENS[token]
    if known is not None and token not in known:
        return _UNKNOWN_TOKEN
    return _MAY_NOT_READ if token == SEND_ONLY_TOKEN and not sending else None


def proof_error(given: Parameters, app_secret: str | None) -> GraphError | None:
    """Return why `appsecret_proof` is wrong; it must be the HMAC-SHA256 of the token under the app's secret, in hex.

    Meta answers with a GraphMethodException of code 100, which blames no event.
    """
    proof = given.get("appsecret_proof")
    if app_secret is None:
        holds = proof is None or (isinstance(proof, str) and re.fullmatch(r"[0-9a-f]{64}", proof) is not None)
    elif proof is None:
        return _signature("API calls from the server require an appsecret_proof argument")
    else:
        token = str(given["access_token"]).encode()
        wanted = hmac.new(app_secret.encode(), token, hashlib.sha256).hexdigest()
        holds = isinstance(proof, str) and hmac.compare_digest(proof.encode(), wanted.encode())
    return None if holds else _signature("Invalid appsecret_proof provided in the API argument")


def _signature(message: str) -> GraphError:
    return GraphError(message=message, kind="GraphMethodException")


def no_such_object(method: str) -> GraphError:
    """Return the error of a call on an object or an edge that does not exist, or not for this method [ERR]."""
    return configuration(
        f"Unsupported {method.lower()} request. The object does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        subcode=33,
    )
