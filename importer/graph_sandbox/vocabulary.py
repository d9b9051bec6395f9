"""What Meta knows: its keys, values and windows, kept apart from the program's own tables on purpose.

The sandbox judges the program. Were it to share the program's constants, a slip in them would judge itself right.
Sources are the tags of the specification: [SE] server-event, [CIP] customer information, [CD] custom data,
[BP] best practices, [DPO] data processing options, [OFF] offline events, [REF-P] and [REF-S] the reference pages.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_EVENTS: Final = 1_000
"""Events in one request [UTA]."""

DAY: Final = 86_400
WINDOW: Final = 7 * DAY
"""Seconds an event may be old when it arrives [SE]."""
STORE_WINDOW: Final = 62 * DAY
"""The same for `physical_store` [OFF]."""
REPEAT_WINDOW: Final = 7 * DAY
"""How far back Meta looks for an earlier copy of an offline event [OFF]."""
FIRST_MILLISECONDS: Final = 100_000_000_000
"""From here on a number is a time in milliseconds: as seconds it is the year 5138."""

ACTION_SOURCES: Final = _words(
    """
    email website app phone_call chat physical_store system_generated business_messaging other
    """
)
MESSAGING_CHANNELS: Final = _words("messenger whatsapp instagram")
SEGMENTS: Final = frozenset(
    {
        f"{age}_customer_to_{what}"
        for age in ("new", "existing")
        for what in ("business", "business_line", "product_area", "medium")
    }
    | {"customer_in_loyalty_program"}
)
CONTENT_TYPES: Final = _words("product product_group")
DELIVERY: Final = _words("in_store curbside home_delivery")
LDU_COUNTRIES: Final = frozenset({0, 1})
LDU_STATES: Final = frozenset({0, *range(1000, 1014)})
EXTINFO_ENTRIES: Final = 16
EXTINFO_FILLED: Final = (0, 4)
"""Entries of `extinfo` that must not be blank: the platform and its version [APP]."""

HASHED: Final = _words("em ph fn ln db ge ct st zp country f5first f5last fi dobd dobm doby")
"""Keys whose values are SHA-256, 64 lower-case hex digits; the last six are known from Meta's SDK only [CIP]."""
LISTS: Final = _words("em ph fn ln db ge ct st zp country external_id")
"""Keys that take one value or a list of them [CIP]."""
NUMBERS: Final = _words("lead_id fb_login_id")
CLEAR: Final = _words(
    """
    client_ip_address client_user_agent fbc fbp subscription_id fb_login_id lead_id madid anon_id page_id
    page_scoped_user_id ctwa_clid ig_account_id ig_sid whatsapp_business_account_id
    """
)
"""Keys that are never hashed [CIP][PAR]."""
TOO_BROAD: Final = (
    frozenset({"ct", "country", "st", "zp", "ge", "client_user_agent"}),
    frozenset({"db", "client_user_agent"}),
    frozenset({"fn", "ge"}),
    frozenset({"ln", "ge"}),
)
"""An event that names no key beyond one of these sets is refused [BP]."""

HASH_OF_NOTHING: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LEAD_ID_DIGITS: Final = range(15, 18)

CURRENCIES: Final = _words(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """
)
"""ISO 4217 codes of money in use."""

DATASET_FIELDS: Final = _words(
    """
    id name creation_time creator last_fired_time owner_business owner_ad_account is_created_by_business is_unavailable
    is_crm is_consolidated_container data_use_setting enable_automatic_matching automatic_matching_fields
    first_party_cookie_status can_proxy code config description event_stats event_time_min event_time_max valid_entries
    matched_entries duplicate_entries match_rate_approx usage is_mta_use is_restricted_use
    enable_auto_assign_to_accounts has_1p_pixel_event last_upload_app last_upload_app_changed_time
    server_last_fired_time last_upload_time num_uploads upload_rate collection_rate has_sent_pii
    """
)
"""[REF-P]"""
ACCOUNT_FIELDS: Final = _words("id account_id name account_status currency timezone_name business")
AGGREGATIONS: Final = _words(
    """
    browser_type custom_data_field device_os device_type event host match_keys had_pii pixel_fire event_detection_method
    url event_value_count url_by_rule event_total_counts event_source event_processing_results
    """
)
"""[REF-S]"""
