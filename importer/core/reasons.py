"""The reason and warning codes of the report, each with its sentence for the user."""

from __future__ import annotations


def reject(field: str, reason: str) -> tuple[str, str]:
    """A field and the reason code that ends its row, checked against the tables below."""
    if reason not in REASONS:
        message = f"{reason!r} is no reason code: add it to reasons.REASONS"
        raise KeyError(message)
    return field, reason


REASONS: dict[str, str] = {
    # skipped: not a sale to send
    "refunded": "The sale was refunded or returned in full, so it is not sent.",
    "refund": "This row is a refund or return, not a sale, so it is not sent.",
    "cancelled": "The sale was cancelled or voided, so it is not sent.",
    "unpaid": "The sale is not paid yet; import the next export again when it is.",
    "zero_value": "The total is zero, so there is no sale value to send.",
    "negative_value": "The total is negative: a refund or correction, not a sale, so it is not sent.",
    "not_a_sale": "The export says this row is something other than a sale, so it is not sent.",
    "heading": "This row is a heading or a repeated header, not a sale.",
    "footer": "This row is a total, subtotal, footer or note of the report, not a sale.",
    "blank": "This row is empty.",
    "line_without_order": "This line belongs to no order in the file, so there is no sale to send.",
    # duplicate
    "same_file": "The same sale stands more than once in this file and is sent once.",
    "other_file": "The same sale stood in another file of this run ({detail}) and is sent once.",
    "earlier_run": "Meta accepted this sale in an earlier run ({detail}); it is not sent again.",
    # invalid: refused by our own checks, never sent
    "missing_event_name": "The event name is missing; fill it or give --event-name.",
    "missing_event_time": "The date of the sale is missing; fill it.",
    "bad_event_time": "The date of the sale cannot be read; write it like 2026-10-31 14:05:00.",
    "ambiguous_date": "Day and month cannot be told apart; give --date-order mdy or dmy.",
    "needs_timezone": "The time has no zone; give --timezone, for example --timezone Europe/Berlin.",
    "unknown_timezone": "The zone of the time is not known; write an IANA name such as Europe/Berlin.",
    "too_old": "The sale is too old for Meta: at most 7 days, 62 days for physical_store.",
    "in_future": "The date of the sale lies in the future; correct it or check the zone.",
    "bad_action_source": "The action source is none that Meta knows; use physical_store, phone_call, email, chat or other.",
    "unsupported_action_source": "Events of apps need device data that no sales export holds; use another action source.",
    "website_incomplete": "A website event needs event_source_url; fill it, or use the action source of the sale's place.",
    "missing_value": "A Purchase needs an amount; fill the value.",
    "bad_value": "The amount cannot be read as a number; write it like 1234.50.",
    "ambiguous_value": "It is unclear whether the amount's separator marks thousands or decimals; set decimal in the schema.",
    "value_too_large": "The amount is larger than any sale; correct it.",
    "missing_currency": "The currency is missing; fill it or give --currency, for example --currency EUR.",
    "bad_currency": "The currency is no ISO 4217 code; write three letters such as EUR.",
    "no_match_keys": "The row names no customer that Meta could match; add an e-mail or a phone number.",
    "weak_keys": "The row has only weak keys (name, address or an id); add an e-mail or a phone number, "
    'or set minimum_keys = "meta" in the schema.',
    "too_broad_keys": "Meta refuses events that name only a place, a gender or a birthday; add an e-mail or a phone number.",
    "unknown_status": "The status of this row is not known to the schema; add it to the schema's sale filter.",
    "too_many_cells": "The row has more cells than the header; a delimiter inside a value needs quotes.",
    "unclosed_quote": "A quotation mark is opened and never closed here; close it or remove it.",
    "bad_encoding": "The row holds bytes that are not valid in the file's encoding; save the file as UTF-8.",
    "cell_too_long": "A cell is longer than any sale's data; a quotation mark is probably not closed.",
    "digits_lost": "The number has lost digits in a spreadsheet (15 are kept); export this column as text.",
    "bad_data_processing_options": "Data processing options must be LDU or empty, with country 0 or 1 and a state Meta knows.",
    "own_rule": "The sale breaks a rule of the schema; correct the row, or change the rule.",
    "bad_crm_event": "A CRM stage needs action_source system_generated, event_source crm and a lead_event_source.",
    # rejected: refused by Meta, alone
    "meta_rejected": "Meta refused this event ({detail}); correct the row and import it again.",
    # unsent
    "run_stopped": "The run stopped before this sale was sent; run the same command again.",
    "answer_lost": "Meta's answer was lost, so it is unknown whether the sale arrived; run the same command again.",
    "meta_unavailable": "Meta kept failing on this sale ({detail}); run the same command again.",
    "too_many_requests": "The search for the refused event took too many requests; run the same command again.",
    "expired_waiting": "The sale grew too old for Meta while it waited to be sent.",
}
"""Reason code -> the sentence of the report. `{detail}` is filled with a file's name, a date or Meta's code."""

WARNINGS: dict[str, str] = {
    "invalid": "The value cannot be right for this key and was left out.",
    "placeholder": "The value is a placeholder such as n/a or noemail@noemail.com and was left out.",
    "relay": "The address is a marketplace's relay, not the customer's, and was left out.",
    "no_country": "The number has no country code and the row no country, so it was left out; give --country.",
    "unknown": "The name or code is not known and was left out.",
    "ambiguous": "Day and month cannot be told apart, so the date was left out; give --date-order.",
    "md5": "Meta takes SHA-256 only; this MD5 value was left out.",
    "hash_of_nothing": "This is the hash of an empty text and was left out.",
    "not_hashed": "With --already-hashed this value is no SHA-256 hex and was left out.",
    "digits_lost": "The number has lost digits in a spreadsheet and was left out.",
    "padded": "Zeros lost in a spreadsheet were put back.",
    "year_conflict": "The birth year disagrees with the birthday; the birthday's own digits were used.",
    "date_only": "The sale has a date but no time of day; midnight in its zone was taken.",
    "date_only_no_order": "A sale with neither time of day nor order number may be merged with another of the same day at Meta.",
    "ambiguous_hour": "The local time happened twice when the clock was set back; the first was taken.",
    "missing_hour": "The local time did not exist when the clock was set forward; it was moved an hour on.",
    "milliseconds": "The time was in milliseconds and was turned into seconds.",
    "microseconds": "The time was in micro- or nanoseconds and was turned into seconds.",
    "case": "The event name's letters were put in Meta's case.",
    "near_standard": "The event name looks like a misspelt standard event.",
    "missing": "Meta documents this as required for website events and matches fewer of them without it.",
    "dropped": "The value is none that Meta takes and was left out.",
    "count_differs": "Meta named another number of events than were sent; it takes a request whole, so the sale counts as accepted.",
    "repeated": "The same event stands earlier in this task; it was sent as told, and Meta may count both.",
    "test_event": "Sent with a test event code; Meta counts test events too.",
}
"""Warning code -> its sentence. Warnings are written `field:code`."""
