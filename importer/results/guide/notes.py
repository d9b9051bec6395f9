"""What is worth knowing about a row that goes on: values left out, values put right."""

from __future__ import annotations

from collections.abc import Mapping

from importer.results.guide.entry import Entry

NOTES: Mapping[str, Entry] = {
    "invalid": Entry(
        "The value cannot be right for its key, so it was left out and the row went on with its other keys.",
        "Correct it where it is kept; every key more is a better chance of a match.",
        "em:invalid for ada@example; ph:invalid for 12345",
    ),
    "placeholder": Entry(
        "Somebody typed something because the field had to be filled.",
        "Let the till leave the field empty.",
        "em:placeholder for none@none.com; ph:placeholder for 000-000-0000",
    ),
    "relay": Entry(
        "A marketplace hides its customers behind addresses of its own, which Meta cannot match.",
        "Nothing; such sales match by phone or name at best.",
        "em:relay for an address at marketplace.amazon.com",
    ),
    "no_country": Entry(
        "The number has no country code and the row names no country, so it could be anybody's.",
        "Give --country DE, or bring a column with the country.",
        "ph:no_country for 0151 2345678",
    ),
    "unknown": Entry(
        "The word is in none of the lists of its field, and guessing would be wrong now and then.",
        "Write the usual name or the ISO code.",
        "country:unknown for Ger.; st:unknown for Kalifornien",
    ),
    "ambiguous": Entry(
        "Day and month of the birthday can be read either way.",
        "Give --date-order mdy or dmy.",
        "db:ambiguous for 03/04/1990",
    ),
    "md5": Entry(
        "The value is an MD5 hash. Meta takes SHA-256 only, and no hash can be turned back.",
        "Export the plain value; it is hashed on this machine, before it is sent.",
        "em:md5 for 32 hexadecimal digits",
    ),
    "hash_of_nothing": Entry(
        "This is what comes out when an empty cell is hashed; it would make all such customers one person.",
        "Mend the program that hashes: leave empty cells empty.",
        "em:hash_of_nothing for e3b0c442...",
    ),
    "not_hashed": Entry(
        "With --already-hashed every customer value must be a SHA-256 hash, and this one is not.",
        "Leave --already-hashed away: plain and hashed values are told apart one by one.",
        "ph:not_hashed for a plain number",
    ),
    "digits_lost": Entry(
        "A spreadsheet has rounded the number to 15 digits or written it as a power of ten.",
        "Export the column as text, straight from the source.",
        "ph:digits_lost for 1.4E+10",
    ),
    "padded": Entry(
        "A spreadsheet had taken the zeros in front for nothing; they were put back.",
        "Nothing.",
        "zp:padded for 2116, which is 02116",
    ),
    "year_conflict": Entry(
        "The birthday and the separate birth year disagree.",
        "Correct one of them; the birthday's own digits were used.",
        "db:year_conflict for 1990-05-12 beside 1991",
    ),
    "date_only": Entry(
        "The sale has a date and no time of day, so midnight in its zone was taken.",
        "Export the time as well, if the till has it.",
        "event_time:date_only for 2026-11-20",
    ),
    "date_only_no_order": Entry(
        "Without a time of day and without an order number, Meta may take two sales of one customer on one day for one.",
        "Export the order's number.",
        "event_time:date_only_no_order for 2026-11-20, no order",
    ),
    "ambiguous_hour": Entry(
        "In the night when the clock is set back an hour comes twice; the first was taken.",
        "Nothing.",
        "event_time:ambiguous_hour for 2026-10-25 02:30 in Berlin",
    ),
    "missing_hour": Entry(
        "In the night when the clock is set forward an hour is missing; the time was moved on by one hour.",
        "Check --timezone if there are many of these.",
        "event_time:missing_hour for 2026-03-29 02:30 in Berlin",
    ),
    "milliseconds": Entry(
        "The time was a count of milliseconds; Meta takes seconds.",
        "Nothing.",
        "event_time:milliseconds for 1795474800000",
    ),
    "microseconds": Entry(
        "The time was a count of micro- or nanoseconds; Meta takes seconds.",
        "Nothing.",
        "event_time:microseconds for 1795474800000000",
    ),
    "case": Entry(
        "Meta's names of events are written in a fixed way; the letters were put right.",
        "Nothing.",
        "event_name:case for purchase, which is Purchase",
    ),
    "near_standard": Entry(
        "The event's name looks like one of Meta's with a slip of the pen. It was sent as it is, as an event of your own.",
        "Correct it if Meta's event was meant.",
        "event_name:near_standard for Purchse",
    ),
    "dropped": Entry(
        "The value is none that Meta takes in this place; the event went on without it.",
        "Nothing, or write one of Meta's words.",
        "content_type:dropped for shoes",
    ),
    "count_differs": Entry(
        "Meta confirmed another number of events than were sent. It takes a request whole or not at all, so the sale counts as accepted.",
        "Look into Events Manager if the numbers there differ.",
        "event:count_differs, 1,000 sent and 999 confirmed",
    ),
    "missing": Entry(
        "Meta documents this field as required for events of a website. It takes them without it, and matches fewer.",
        "Send the field along where it is known.",
        "client_user_agent:missing for a website event without a browser",
    ),
    "repeated": Entry(
        "The same event stands earlier in this task. It was sent as the task says, and Meta may count both.",
        "Leave the repeat out, or give both the same event id.",
        "event:repeated for the same order twice",
    ),
    "test_event": Entry(
        "The event was sent with --test-event-code. Meta counts test events too.",
        "Leave the option away when you are done testing.",
        "event:test_event",
    ),
}
"""Warning code -> its paragraph."""
