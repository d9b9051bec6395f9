"""Abbreviations of time zones as they stand in the header of a column of times, with all the clocks they can mean."""

from __future__ import annotations

_HOUR = 3600

HEADER_ABBREVIATIONS: dict[str, tuple[int | str, ...]] = {
    **dict.fromkeys(("EST", "HNE"), ("America/New_York", -5 * _HOUR)),
    **dict.fromkeys(("EDT", "HAE"), ("America/New_York", -4 * _HOUR)),
    "CST": ("America/Chicago", -6 * _HOUR, "Asia/Shanghai"),
    "CDT": ("America/Chicago", -5 * _HOUR),
    "MST": ("America/Denver", -7 * _HOUR),
    "MDT": ("America/Denver", -6 * _HOUR),
    "PST": ("America/Los_Angeles", -8 * _HOUR),
    "PDT": ("America/Los_Angeles", -7 * _HOUR),
    "AKST": ("America/Anchorage", -9 * _HOUR),
    "AKDT": ("America/Anchorage", -8 * _HOUR),
    "HST": ("Pacific/Honolulu",),
    "AST": ("America/Halifax", -4 * _HOUR, "Asia/Riyadh"),
    "ADT": ("America/Halifax", -3 * _HOUR),
    "BRT": ("America/Sao_Paulo",),
    **dict.fromkeys(("CET", "MEZ"), ("CET", 1 * _HOUR)),
    **dict.fromkeys(("CEST", "MESZ"), ("CET", 2 * _HOUR)),
    "EET": ("EET", 2 * _HOUR),
    "EEST": ("EET", 3 * _HOUR),
    "WET": ("WET", 0),
    "BST": ("Europe/London", 1 * _HOUR),
    "MSK": ("Europe/Moscow",),
    "TRT": ("Europe/Istanbul",),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "GST": ("Asia/Dubai",),
    "PKT": ("Asia/Karachi",),
    "WIB": ("Asia/Jakarta",),
    "ICT": ("Asia/Bangkok",),
    "SGT": ("Asia/Singapore",),
    "MYT": ("Asia/Kuala_Lumpur",),
    "HKT": ("Asia/Hong_Kong",),
    "PHT": ("Asia/Manila",),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "AWST": ("Australia/Perth",),
    "ACST": ("Australia/Adelaide", round(9.5 * _HOUR)),
    "ACDT": ("Australia/Adelaide", round(10.5 * _HOUR)),
    "AEST": ("Australia/Sydney", 10 * _HOUR),
    "AEDT": ("Australia/Sydney", 11 * _HOUR),
    "NZST": ("Pacific/Auckland", 12 * _HOUR),
    "NZDT": ("Pacific/Auckland", 13 * _HOUR),
    "SAST": ("Africa/Johannesburg",),
    "ET": ("America/New_York",),
    "CT": ("America/Chicago",),
    "MT": ("America/Denver", "Europe/Malta"),
    "PT": ("America/Los_Angeles", "Europe/Lisbon"),
}
"""Abbreviation -> its zones, the likeliest first. A header does not change with the clock, so that EST above a column of
a whole year means New York's clock or that of winter all year; where both read the column's times the same, it does not
matter, and else it is asked. Abbreviations that are words of headers (ACT, ART, EAT, MET, PET, WEST) are left out."""
