"""Versions of the Graph API: when each was released and when it ends, as Meta's pages said on 2026-11-28 [VT-G][VT-M].

Sending events follows the Graph API, at least two years from the next version's release on; asking (datasets,
statistics, quality) follows the Marketing API, at least 90 days [UTA][VER].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class GraphVersion:
    """The first day of a version, and the first days on which it may not be used; None where Meta names no day yet."""

    released: date
    sending_ends: date | None
    reading_ends: date | None


VERSIONS: Mapping[str, GraphVersion] = {
    "v20.0": GraphVersion(date(2024, 5, 21), date(2026, 9, 24), date(2025, 5, 6)),
    "v21.0": GraphVersion(date(2024, 10, 2), date(2027, 1, 21), date(2025, 9, 9)),
    "v22.0": GraphVersion(date(2025, 1, 21), date(2027, 5, 20), date(2026, 2, 19)),
    "v23.0": GraphVersion(date(2025, 5, 29), date(2027, 10, 8), date(2026, 6, 9)),
    "v24.0": GraphVersion(date(2025, 10, 8), date(2028, 2, 18), date(2026, 11, 10)),
    "v25.0": GraphVersion(date(2026, 2, 18), date(2028, 7, 29), date(2027, 2, 23)),
    "v26.0": GraphVersion(date(2026, 7, 29), None, None),
    "v27.0": GraphVersion(date(2026, 11, 4), None, None),
}
"""In the order of their release. To add one: its line here, and in `graph_sandbox/access.py`, which shares nothing."""

SETTLED = timedelta(days=28)
"""How old a version must be to be the default: what a new one breaks is known by then."""
KEPT = timedelta(days=730)
"""How long Meta keeps a version for sending at least."""
NOTICE = timedelta(days=90)
"""How long before a version ends the user is told."""


def default_version(day: date) -> str:
    """Return the newest version that is at least four weeks old on the day."""
    settled = [name for name, version in VERSIONS.items() if version.released + SETTLED <= day]
    return settled[-1] if settled else next(iter(VERSIONS))


def version_notices(name: str, day: date) -> list[str]:
    """Return a sentence for each end of the version that is past, or at most 90 days ahead; none for an unknown one."""
    version = VERSIONS.get(name)
    if version is None:
        return []
    default = default_version(day)
    cure = "update capi-import" if name == default else f"leave --graph-version out, or write {default}"
    notices = []
    for use, end in (("sending", version.sending_ends), ("asking Meta about datasets", version.reading_ends)):
        if end is not None and day >= end - NOTICE:
            ends = "has ended since" if day >= end else "ends on"
            notices.append(f"Graph API {name} {ends} {end} for {use}; {cure}.")
    if version.sending_ends is None and day >= version.released + KEPT - NOTICE:
        until = version.released + KEPT
        notices.append(f"Graph API {name} is promised until {until} only, as far as this program knows; {cure}.")
    return notices


def meta_warning(text: str) -> str:
    """Return what Meta's header `X-Ad-Api-Version-Warning` says as a sentence."""
    return f'Meta warns about the version of the Graph API: "{text}"; leave --graph-version out, or update capi-import.'
