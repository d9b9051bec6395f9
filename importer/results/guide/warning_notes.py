"""Warnings about a row that continues: values that were left out or corrected."""

from __future__ import annotations

from collections.abc import Mapping

from importer.results.guide.entry import Entry

NOTES: Mapping[str, Entry] = {
    "invalid": Entry(
        "The value is not valid for its key, so it was left out; the row continues with its other keys.",
        "Correct it at its source; each additional key improves the chance of a match.",
        "em:invalid for ada@example; ph:invalid for 12345",
    ),
    "placeholder": Entry(
        "Somebody typed a filler because the field could not stay empty.",
        "Let the till leave the field empty.",
        "em:placeholder for none@none.com; ph:placeholder for 000-000-0000",
    ),
    "shared": Entry(
        "The same e-mail, phone or customer id stands on the sales of people whose names have no word in common: the "
        "shop's own, a colleague's, or a filler. It was left out; the row continues with its other keys.",
        'Let the till leave the field empty; if it is the customer\'s, name its column: --map "COLUMN=FIELD".',
        "ph:shared for the shop's number on the sales of Ann Lee, Bob Ray and Cid Moe",
    ),
    "mojibake_repaired": Entry(
        "The program that wrote the export read UTF-8 as Windows-1252, so that each letter with an accent became two signs. "
        "That can be undone, and was.",
        "Nothing for this run; let the export be written as UTF-8 once.",
        "ln:mojibake_repaired for MÃ¼ller, which is Müller",
    ),
    "broken_letters": Entry(
        "Letters were lost before the export was written: a question mark or another sign stands in their place. A hash of "
        "such a name would match nobody, so it was left out; the row continues with its other keys.",
        "Export the column again from its source, as UTF-8.",
        "ln:broken_letters for M?ller; ct:broken_letters for M�nchen",
    ),
    "relay": Entry(
        "A marketplace hides its customers behind its own addresses, which Meta cannot match.",
        "Nothing; such sales match by phone or name at best.",
        "em:relay for an address at marketplace.amazon.com",
    ),
    "no_country": Entry(
        "The number has no country code and the row has no country, so it could belong to anybody.",
        "Give --country DE, or add a column with the country.",
        "ph:no_country for 0151 2345678",
    ),
    "two_countries": Entry(
        "A plus stands before a number that the row's country reads as its own, and that is another country's with the plus.",
        "Write the country code behind the plus, or leave the plus out.",
        "ph:two_countries for +15123456789 in Germany: a phone in Texas, or 0151 23456789",
    ),
    "unknown": Entry(
        "The word is not in the list of known values for its field, and a guess would sometimes be wrong.",
        "Write the usual name or the ISO code.",
        "country:unknown for Ger.; st:unknown for Kalifornien",
    ),
    "ambiguous": Entry(
        "The birthday could be day first or month first.",
        "Give --date-order mdy or dmy.",
        "db:ambiguous for 03/04/1990",
    ),
    "md5": Entry(
        "The value is an MD5 hash. Meta takes SHA-256 only, and a hash cannot be converted.",
        "Export the plain value; it is hashed on this machine before it is sent.",
        "em:md5 for 32 hexadecimal digits",
    ),
    "hash_of_nothing": Entry(
        "This is the hash of an empty cell, or of a filler such as nan or N/A; sent, it would make all such customers one person.",
        "Fix the program that hashes: it should leave empty cells empty.",
        "em:hash_of_nothing for e3b0c442...",
    ),
    "not_hashed": Entry(
        "With --already-hashed every customer value must be a SHA-256 hash, and this one is not.",
        "Omit --already-hashed; hashed values are then recognized one by one.",
        "ph:not_hashed for a plain number",
    ),
    "digits_lost": Entry(
        "A spreadsheet rounded the number to 15 digits or wrote it as a power of ten.",
        "Export the column as text, straight from the source.",
        "ph:digits_lost for 1.4E+10",
    ),
    "unknown_word": Entry(
        "The column of opt-outs holds a word that means neither yes nor no, and what is not understood is no consent.",
        "Write yes or no, true or false, 1 or 0.",
        "opt_out:unknown_word for pending",
    ),
    "balance_open": Entry(
        "The export says that the sale is paid, and beside it that an amount is still open: the order was changed after it was paid.",
        "Look at the order. The sale was sent with its whole amount.",
        "value:balance_open for Financial Status paid, Outstanding Balance 1.50",
    ),
    "padded": Entry(
        "A spreadsheet dropped the leading zeros; they were put back.",
        "Nothing.",
        "zp:padded for 2116, which is 02116",
    ),
    "year_conflict": Entry(
        "The birthday and the separate birth year disagree; the birthday was used.",
        "Correct one of them.",
        "db:year_conflict for 1990-05-12 beside 1991",
    ),
    "date_only": Entry(
        "The sale has a date but no time of day, so midnight in its time zone was used.",
        "Export the time as well, if the till has it.",
        "event_time:date_only for 2026-11-20",
    ),
    "date_only_no_order": Entry(
        "Without a time of day and an order number, Meta may take two sales of one customer on the same day for one.",
        "Export the order number.",
        "event_time:date_only_no_order for 2026-11-20, no order",
    ),
    "day_month_exchanged": Entry(
        "All dates of the column that a spreadsheet made have a day of 12 or less, and all that it left as text a later one: it read "
        "them with the month first where they were written day first, or the other way round. Day and month were put back.",
        "Export the file again and import it without opening it in a spreadsheet first. If the dates were right, give --date-order ymd.",
        "event_time:day_month_exchanged (or db:day_month_exchanged, a birthday) for 2026-10-11 beside 13/11/2026, which is 10 November",
    ),
    "ambiguous_hour": Entry(
        "In the night when the clocks go back, one hour occurs twice; the first one was used.",
        "Nothing.",
        "event_time:ambiguous_hour for 2026-10-25 02:30 in Berlin",
    ),
    "missing_hour": Entry(
        "In the night when the clocks go forward, one hour does not exist; one hour was added to the time.",
        "Check --timezone if there are many of these.",
        "event_time:missing_hour for 2026-03-29 02:30 in Berlin",
    ),
    "milliseconds": Entry(
        "The time was a number of milliseconds; Meta takes seconds, so it was converted.",
        "Nothing.",
        "event_time:milliseconds for 1795474800000",
    ),
    "microseconds": Entry(
        "The time was a number of micro- or nanoseconds; Meta takes seconds, so it was converted.",
        "Nothing.",
        "event_time:microseconds for 1795474800000000",
    ),
    "case": Entry(
        "Meta's event names have a fixed capitalization; the name was changed to it.",
        "Nothing.",
        "event_name:case for purchase, which is Purchase",
    ),
    "near_standard": Entry(
        "The event name looks like a misspelled standard event of Meta's. It was sent unchanged, as a custom event.",
        "Correct it if you meant Meta's event.",
        "event_name:near_standard for Purchse",
    ),
    "hashed": Entry(
        "The order number is an e-mail address, the phone of the same row, or (`by_name` in the schema) the name of a deal. Order numbers go to Meta in clear, so its hash went in "
        "its place, and stands in the report; the ledger knows the sale by the number itself.",
        "Nothing; or let the export number its orders.",
        "order_id:hashed for the order ada@example.com",
    ),
    "person": Entry(
        "An e-mail address, or a phone number with its plus, stands in a field that goes to Meta in clear. It was left out; of a page's "
        "address only the part with the person was.",
        "Keep customers' addresses out of this column; put them into a column of e-mails or phones, which are hashed.",
        "search_string:person for gift for ada@example.com",
    ),
    "dropped": Entry(
        "The value is not one that Meta accepts here; the event was sent without it.",
        "Nothing, or use one of Meta's values.",
        "content_type:dropped for shoes",
    ),
    "count_differs": Entry(
        "Meta confirmed a different number of events than were sent. It takes a request whole or not at all, so the sale counts as accepted.",
        "Check Events Manager if its numbers differ.",
        "event:count_differs, 1,000 sent and 999 confirmed",
    ),
    "reused": Entry(
        "Another sale bears the same order number, as where a till's receipts begin anew each day. This one has another customer, or "
        "another day and another amount, so it was sent as a sale of its own, with an event id of its own.",
        "Nothing; or map a column that tells the two apart, such as the till or the store, into the order number.",
        "order_id:reused for receipt 17 on Monday and receipt 17 on Tuesday",
    ),
    "other_day": Entry(
        "The same order number was sent before with another date, and one of the two rows has no e-mail, phone or external id to tell whether "
        "they are of one customer. They count as one sale, which was not sent again.",
        "If they are two sales, give this one an order number of its own and import the row again.",
        "order_id:other_day for receipt 17 of Monday and receipt 17 of Tuesday, without an e-mail",
    ),
    "missing": Entry(
        "Meta documents this field as required for website events. It accepts them without it, and matches fewer.",
        "Send the field where it is known.",
        "client_user_agent:missing for a website event without a browser",
    ),
    "refunded_elsewhere": Entry(
        "The row itself shows a sale. Another row of the same run, in this file or in another one, shows it refunded in "
        "full or canceled: with the same order number, or naming it in a column such as Original Order. So it is not sent.",
        "Nothing; the message says where that row stands.",
        "order_id:refunded_elsewhere for order 1042 of 30.00, with a row of -30.00 in line 17",
    ),
    "refunded_in_part": Entry(
        "Another row of the same run refunds a part of the sale, or more than it where nothing makes sure that it is of this "
        "one. A sale that was refunded in part is still a sale, so it was sent with its whole amount.",
        "Look at the order, if the amounts should have been equal.",
        "value:refunded_in_part for order 1042 of 30.00, with a row of -10.00 in line 17",
    ),
    "repeated": Entry(
        "The same event appears earlier in this task. It was sent anyway, and Meta may count both.",
        "Remove the repeat, or give both the same event id.",
        "event:repeated for the same order twice",
    ),
    "edited": Entry(
        "A cell of this row was corrected on the page, or by a file of --edits. The row was judged and sent as corrected; "
        "the file of sales was not changed.",
        "Correct it at its source too, or the next export brings the old value back.",
        "row:edited for an amount of abc that became 7.25",
    ),
    "test_event": Entry(
        "The event was sent with --test-event-code. Meta counts test events too.",
        "Omit the option when you are done testing.",
        "event:test_event",
    ),
}
"""Warning code -> its paragraph."""
