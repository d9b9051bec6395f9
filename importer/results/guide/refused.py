"""Rows that our own checks refuse: something in the row, or in how it is read, can be mended."""

from __future__ import annotations

from collections.abc import Mapping

from importer.results.guide.entry import Entry

REFUSED: Mapping[str, Entry] = {
    "missing_event_name": Entry(
        "Every event has a name, such as Purchase or Lead. The column that holds it is empty in this row.",
        "Fill the cell, or give --event-name Purchase for all rows that do not say.",
        "Event: (empty)",
    ),
    "missing_event_time": Entry(
        "The cell that holds the date of the sale is empty, so Meta could not tell which advertisement came before it.",
        "Fill the date. If the file has a second column with a date, list both in a schema: the first usable one is taken.",
        "Paid at: (empty), Order 1042, 18.90 EUR",
    ),
    "bad_event_time": Entry(
        "What stands in the date's cell is no date that exists, or is written in a way that cannot be read.",
        "Write it like 2026-10-31 14:05:00, or name the right column in a schema.",
        "Date: 31/11/2026 (November has 30 days); Date: last Tuesday",
    ),
    "ambiguous_date": Entry(
        "Day and month can be read either way and nothing else in the column decides which comes first.",
        "Give --date-order mdy or --date-order dmy.",
        "Date: 03/04/2026 is 4 March in the United States and 3 April in Europe",
    ),
    "needs_timezone": Entry(
        "The time has no zone. Some hours more or less decide whether a sale came after an advertisement.",
        "Give the zone of the till, for example --timezone Europe/Berlin, or set it in a schema.",
        "Date: 2026-11-20 09:30 without a zone",
    ),
    "unknown_timezone": Entry(
        "The row names a zone that is in no list of zones. Short names such as CST mean different zones in different countries.",
        "Write the zone as the IANA list does, for example America/Chicago.",
        "Zone: Central",
    ),
    "too_old": Entry(
        "Meta takes events for 7 days, and for 62 days where the sale happened in a shop (physical_store). Ten minutes are kept "
        "in reserve.",
        "Import more often, every day at best. If these are sales of shops that were declared as something else, correct "
        "--action-source; it must be true.",
        "Date: 2026-08-14 in an import of 23 November",
    ),
    "in_future": Entry(
        "The sale would lie in the future. Mostly the zone is wrong, or day and month are exchanged.",
        "Correct the date, or check --timezone and --date-order.",
        "Date: 2026-12-01 in an import of 23 November",
    ),
    "bad_action_source": Entry(
        "The action source says where the sale took place, and Meta knows only certain words for it.",
        "Use physical_store, phone_call, email, chat, system_generated or other; or give --action-source for rows that do not say.",
        "Action source: shop floor",
    ),
    "unsupported_action_source": Entry(
        "Events of an app or of a messaging service need data of the device, which no sales export holds.",
        "Use the action source of the place where the sale happened.",
        "Action source: app",
    ),
    "website_incomplete": Entry(
        "Meta requires the page's address and the browser of every website event. Sales of a web shop usually reach Meta through "
        "its Pixel already.",
        "Leave web sales out of the export, or bring columns for event_source_url and client_user_agent.",
        "Action source: website, no address of a page",
    ),
    "missing_value": Entry(
        "A Purchase without an amount is refused by Meta.",
        "Fill the amount. If it stands in another column, name that column in a schema.",
        "Total: (empty)",
    ),
    "bad_value": Entry(
        "What stands in the amount's cell is no number.",
        "Write it like 1234.50. Words and several numbers in one cell are not guessed at.",
        "Total: see note; Total: 12.50 / 14.00",
    ),
    "ambiguous_value": Entry(
        "The separator may part thousands or decimals, and the other amounts of the column do not tell which.",
        'Say decimal = "," or decimal = "." in the schema\'s [money].',
        "Total: 1.234 is one thousand two hundred thirty-four or a little more than one",
    ),
    "value_too_large": Entry(
        "The amount has more digits than any sale; mostly an order number or a date has slipped into the column.",
        "Correct the amount, or name the right column in a schema.",
        "Total: 202611200000231",
    ),
    "missing_currency": Entry(
        "An amount needs its currency, and neither the row nor an option nor the schema says it. It is never guessed.",
        "Give --currency EUR, or fill the column.",
        "Total: 18.90, Currency: (empty)",
    ),
    "bad_currency": Entry(
        "The currency is no code of ISO 4217, and its sign or name stands for more than one currency.",
        "Write three letters, such as EUR or USD.",
        "Currency: dollars",
    ),
    "no_match_keys": Entry(
        "No column of this row says who bought: no e-mail, no phone, no name. Meta could match the sale to nobody.",
        "Fill e-mail or phone, or bring them from a customer file with --customers FILE --join-on COLUMN.",
        "Email: (empty), Phone: (empty), Name: Walk-in Customer",
    ),
    "weak_keys": Entry(
        "The row has only a name, an address or an id. Meta would take it, but hardly ever match it, and it would lower the "
        "quality of the whole dataset.",
        'Add an e-mail or a phone number, or send it all the same with minimum_keys = "meta" in the schema\'s [match].',
        "Name: Ada Example, City: Leeds, no e-mail, no phone",
    ),
    "too_broad_keys": Entry(
        "The row names only a place, a gender or a birthday, which thousands of people share. Meta refuses such events.",
        "Add an e-mail or a phone number.",
        "City: Leeds, Country: GB and nothing else",
    ),
    "unknown_status": Entry(
        "The export says something about this row that the schema does not know, so it may be a sale or a return.",
        "Add the word to the schema's [[sale]] rule: to sale, refund, unpaid, cancelled or not_a_sale.",
        "Status: awaiting pickup",
    ),
    "too_many_cells": Entry(
        "The row has more cells than the header has columns; mostly a comma inside a text is not in quotes. Every cell behind it "
        "would stand in the wrong column.",
        "Put the text in quotation marks, or export the file anew.",
        "1042,Smith, Jane,18.90 under the header Order,Name,Total",
    ),
    "unclosed_quote": Entry(
        "A quotation mark opens here and is never closed, so where the cell ends cannot be told.",
        "Close it or remove it.",
        '1042,"12 inch pan,18.90',
    ),
    "bad_encoding": Entry(
        "The row holds bytes that mean nothing in the file's encoding: two files were put together, or a cell was cut in the middle "
        "of a letter.",
        "Save the file as UTF-8, or name its encoding with --encoding.",
        "City: M\ufffdnchen",
    ),
    "cell_too_long": Entry(
        "A cell is longer than any sale's data. A quotation mark that is not closed swallows the rows below it.",
        "Look at the row's quotation marks.",
        "Note: a text of more than 100,000 letters",
    ),
    "digits_lost": Entry(
        "A spreadsheet keeps 15 digits of a number. This one had more, so its last digits are lost for good.",
        "Export the column as text, straight from the source.",
        "Order: 1.23457E+17",
    ),
    "bad_data_processing_options": Entry(
        "Limited Data Use is said in a way that Meta refuses; then it is safer to send nothing.",
        "Leave the options empty or write LDU, with country 0 or 1 and a state that Meta knows.",
        "data_processing_options: yes",
    ),
    "own_rule": Entry(
        "The sale breaks a rule that somebody wrote into the export's schema ([[rule]]). The message is that rule's own.",
        "Correct the row, or change the rule in the schema.",
        "value: 4,200.00 with the rule max = 1000",
    ),
    "bad_crm_event": Entry(
        "A stage of a CRM is told to Meta with action_source system_generated, event_source crm and the name of the CRM.",
        "Set these three in the schema's [event].",
        "event_source: crm, action_source: phone_call",
    ),
}  # fmt: skip
"""Reason code -> its paragraph."""
