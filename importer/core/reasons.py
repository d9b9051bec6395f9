"""The reason and warning codes of the report, each with its sentence for the user."""

from __future__ import annotations


def reject(field: str, reason: str) -> tuple[str, str]:
    """Return a field and the reason code that ends its row; KeyError for a code that is not in the table below."""
    if reason not in REASONS:
        message = f"{reason!r} is not a reason code; add it to reasons.REASONS"
        raise KeyError(message)
    return field, reason


REASONS: dict[str, str] = {
    # skipped: not a sale to send
    "refunded": "The sale was refunded or returned in full, so it is not sent.",
    "refund": "This row is a refund or return, not a sale, so it is not sent.",
    "cancelled": "The sale was canceled or voided, so it is not sent.",
    "unpaid": "The sale is not paid yet; import a newer export once it is.",
    "zero_value": "The total is zero, so there is no sale to send.",
    "negative_value": "The total is negative: a refund or correction, not a sale, so it is not sent.",
    "online_sale": "The sale was made online, where Meta's pixel has told of it, so it is not sent.",
    "no_consent": "The customer has not consented, or is on the list of people to keep out, so the sale is not sent.",
    "not_a_sale": "The export marks this row as something other than a sale, so it is not sent.",
    "heading": "This row is a heading or a repeated header, not a sale.",
    "footer": "This row is a total, a footer or a note of the report, not a sale.",
    "blank": "This row is empty.",
    "line_without_order": "This line belongs to no order in the file; fill its order number if it is part of a sale.",
    "refunded_after_acceptance": "The sale was refunded or canceled after Meta had accepted it ({detail}); Meta cannot take it back, "
    "so capi-import runs lists it.",
    # duplicate
    "same_file": "The same sale appears more than once in this file; it is sent once.",
    "other_file": "The same sale appears in another file of this run ({detail}); it is sent once.",
    "earlier_run": "Meta accepted this sale in an earlier run ({detail}); it is not sent again.",
    "amended": "The same sale came before with another amount ({detail}); it is sent once, and Meta keeps the first one.",
    # invalid: refused by our own checks, never sent
    "missing_event_name": "The event name is missing{column}; fill it or give --event-name.",
    "missing_event_time": "The date of the sale is missing{column}; fill it.",
    "bad_event_time": "The date of the sale{column} is not a valid date; write it like 2026-10-31 14:05:00.",
    "ambiguous_date": "The date{column} could be day first or month first; give --date-order mdy or dmy.",
    "needs_timezone": "The time{column} has no time zone; give --timezone, for example --timezone Europe/Berlin.",
    "unknown_timezone": "The time zone{column} is not a valid IANA name; write one such as Europe/Berlin.",
    "too_old": "The sale is too old; Meta takes store sales up to 62 days, other sales up to 7 days.",
    "in_future": "The sale is in the future; correct its date or check the time zone.",
    "bad_action_source": "The action source{column} is not one that Meta accepts; use physical_store, phone_call, email, chat or other.",
    "unsupported_action_source": "Events of apps and messaging need device data that no sales export has; use another action source.",
    "website_incomplete": "A website event needs event_source_url; fill it, or use the action source of the place of sale.",
    "missing_value": "A Purchase needs an amount; fill the value{column}.",
    "bad_value": "The amount{column} is not a valid number; write it like 1234.50, or 1234,50 where the others have a comma.",
    "ambiguous_value": "The separator of the amount{column} could mark thousands or decimals; give --decimal comma or --decimal point.",
    "value_too_large": "The amount{column} is too large for a sale; correct it.",
    "order_totals_differ": "The rows of this order show different totals{column}; correct the one that is wrong.",
    "order_currencies_differ": "The rows of this order show different currencies{column}; correct the one that is wrong.",
    "missing_currency": "The currency is missing{column}; fill it or give --currency, for example --currency EUR.",
    "bad_currency": "The currency{column} is not a valid ISO 4217 code; write three letters such as EUR.",
    "currency_conflict": "The amount and what stands beside it name different currencies; correct the one that is wrong.",
    "no_match_keys": "The row names no customer that Meta could match; add an e-mail or a phone number{column}.",
    "weak_keys": "The row has only a name, an address or an id to match by; add an e-mail or a phone number{column}, "
    'or set minimum_keys = "meta" in the schema.',
    "too_broad_keys": "The row names only a place, a gender or a birthday, which Meta refuses; add an e-mail or a phone number{column}.",
    "unknown_status": "The status{column} is not known; say what its word means with --status WORD=MEANING.",
    "unknown_store": "No dataset is known for the store of this row ({detail}); add the store to the file of datasets, or correct the row.",
    "missing_store": "This row names no store, so its dataset is not known; fill it or give --dataset.",
    "other_dataset": "This row names another dataset ({detail}) than --dataset does; leave --dataset out, or take the column away.",
    "too_many_cells": "The row has more cells than the header; put quotes around the cell that contains a delimiter.",
    "unclosed_quote": "A quotation mark opens here and never closes; close it or remove it.",
    "bad_encoding": "The row has bytes that are not valid in the file's encoding; save the file as UTF-8.",
    "cell_too_long": "A cell is longer than any sale's data; look for a quotation mark in the row that is not closed.",
    "digits_lost": "A spreadsheet cut the number to 15 digits; export this column as text.",
    "bad_data_processing_options": "The data processing options{column} are not valid; use LDU or leave them empty, with country 0 or 1 and a state Meta knows.",
    "own_rule": "The sale breaks a rule of the schema; correct the row, or change the rule.",
    "bad_crm_event": "A CRM stage needs action_source system_generated, event_source crm and a lead_event_source; set all three.",
    # rejected: refused by Meta, alone
    "meta_rejected": "Meta refused this event ({detail}); correct the row and import it again.",
    # unsent
    "run_stopped": "The run stopped before this sale was sent; run the same command again.",
    "answer_lost": "Meta's answer was lost, so the sale may or may not have arrived; run the same command again.",
    "meta_unavailable": "Meta kept failing on this sale ({detail}); run the same command again.",
    "too_many_requests": "Finding the event that Meta refuses took too many requests; run the same command again.",
    "expired_waiting": "The sale became too old for Meta while it waited to be sent; import earlier next time.",
}
"""Reason code -> the sentence of the report. `{detail}` is filled with a file's name, a date or Meta's code; `{column}`
with the columns of the file that are at fault, or with nothing where they are not known."""

AT_FAULT: dict[str, tuple[str, ...]] = {
    "missing_event_name": ("event_name",),
    **dict.fromkeys(("missing_event_time", "bad_event_time", "ambiguous_date", "needs_timezone"), ("event_time",)),
    "unknown_timezone": ("timezone",),
    "bad_action_source": ("action_source",),
    **dict.fromkeys(
        ("missing_value", "bad_value", "ambiguous_value", "value_too_large", "order_totals_differ"), ("value",)
    ),
    **dict.fromkeys(("order_currencies_differ", "missing_currency", "bad_currency"), ("currency",)),
    **dict.fromkeys(("no_match_keys", "weak_keys", "too_broad_keys"), ("em", "ph")),
    "unknown_status": ("status",),
    "bad_data_processing_options": ("data_processing_options",),
}
"""Reason code -> the fields whose columns its sentence names."""

DETAILED: dict[str, str] = {
    "too_old": "The sale is {detail}.",
    "in_future": "The sale is {detail} in the future; correct its date or check the time zone.",
    "refunded": "Another row shows the sale refunded in full ({detail}), so it is not sent.",
    "cancelled": "Another row shows the sale canceled ({detail}), so it is not sent.",
}
"""Reason code -> the sentence where a detail is known: the sale's age, or the row that takes it back."""

WARNINGS: dict[str, str] = {
    "invalid": "The value is not valid for this key and was left out.",
    "placeholder": "The value is a placeholder such as n/a or noemail@noemail.com and was left out.",
    "shared": "The same value stands on the sales of people of different names, so it is none's and was left out.",
    "mojibake_repaired": "The letters were UTF-8 read as Windows-1252; they were put right.",
    "broken_letters": "An earlier program lost letters of this value, so it was left out.",
    "relay": "The address is a marketplace's relay address, not the customer's, and was left out.",
    "no_country": "The number has no country code and the row has no country, so it was left out; give --country.",
    "two_countries": "Behind its plus the number is one of the row's country and of another, so it was left out.",
    "unknown": "The name or code is not known and was left out.",
    "ambiguous": "The date could be day first or month first, so it was left out; give --date-order.",
    "md5": "Meta takes SHA-256 only; this MD5 hash was left out.",
    "hash_of_nothing": "This is the hash of an empty or placeholder text, such as N/A, and was left out.",
    "not_hashed": "With --already-hashed every value must be a SHA-256 hash; this one is not and was left out.",
    "digits_lost": "A spreadsheet cut the number to 15 digits, so it was left out.",
    "unknown_word": "The word is not known as a yes or no, so the customer was counted as opted out.",
    "balance_open": "The sale counts as paid, but a part of it is still to be paid; it was sent with its whole amount.",
    "padded": "Leading zeros that a spreadsheet dropped were put back.",
    "year_conflict": "The birth year disagrees with the birthday; the birthday was used.",
    "date_only": "The sale has a date but no time; midnight in its time zone was used.",
    "date_only_no_order": "Without a time and an order number, Meta may merge this sale with another one of the same day.",
    "day_month_exchanged": "A spreadsheet had exchanged day and month of this date; they were put back.",
    "ambiguous_hour": "The local time occurred twice when the clocks went back; the first one was used.",
    "missing_hour": "The local time did not exist when the clocks went forward; one hour was added.",
    "milliseconds": "The time was in milliseconds and was converted to seconds.",
    "microseconds": "The time was in micro- or nanoseconds and was converted to seconds.",
    "case": "The event name was changed to Meta's capitalization.",
    "near_standard": "The event name looks like a misspelled standard event.",
    "missing": "Meta documents this field as required for website events; without it fewer of them are matched.",
    "hashed": "The order number is the customer's e-mail or phone, or a deal's name, so its SHA-256 stands in its place.",
    "person": "An e-mail address or a phone number stands in this field, which leaves in clear; it was left out.",
    "dropped": "The value is not one that Meta accepts and was left out.",
    "reused": "Another sale bears the same order number, but its customer differs, or its day and amount do; both are sent.",
    "other_day": "The same order number came before with another date, and one of the two rows names no customer by e-mail, phone or id; it counts as one sale.",
    "refunded_elsewhere": "The row itself shows a sale; another row of this run shows it refunded in full or canceled.",
    "refunded_in_part": "Other rows of this run refund a part of the sale; it was sent with its whole amount.",
    "count_differs": "Meta confirmed a different number of events than were sent; it takes a request whole, so the sale counts as accepted.",
    "repeated": "The same event appears earlier in this task; it was sent anyway, and Meta may count both.",
    "edited": "A cell of this line was corrected by hand; the file itself is as it was.",
    "test_event": "Sent with a test event code; Meta counts test events too.",
}
"""Warning code -> its sentence. Warnings are written `field:code`."""
