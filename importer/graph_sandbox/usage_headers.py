"""The headers in which Meta tells how much of a limit is used [RL-G]."""

from __future__ import annotations

import orjson

_ACCOUNT = "900000000000001"


def usage_headers(percent: int | None, *, minutes: int = 0) -> dict[str, str]:
    """Return the three usage headers at `percent`; `minutes` until access is regained (the account's has seconds)."""
    if percent is None:
        return {}
    counts = {"call_count": percent, "total_time": percent, "total_cputime": percent}
    account = {
        "acc_id_util_pct": float(percent),
        "reset_time_duration": minutes * 60,
        "ads_api_access_tier": "standard_access",
    }
    case = {
        "type": "ads_management",
        **counts,
        "estimated_time_to_regain_access": minutes,
        "ads_api_access_tier": "standard_access",
    }
    return {
        "x-app-usage": orjson.dumps(counts).decode(),
        "x-ad-account-usage": orjson.dumps(account).decode(),
        "x-business-use-case-usage": orjson.dumps({_ACCOUNT: [case]}).decode(),
    }
