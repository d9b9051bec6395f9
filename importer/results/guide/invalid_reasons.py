"""Reasons of rows that our own checks refuse; something in the row, or in how it is read, can be fixed."""

from __future__ import annotations

from collections.abc import Mapping

from importer.results.guide.entry import Entry

INVALID_REASONS: Mapping[str, Entry] = {
    "missing_event_name": Entry(
        "Every event has a name, such as Purchase or Lead. The cell that holds it is empty in this row.",
        "Fill the cell, or give --event-name Purchase for all rows without a name.",
        "Event: (empty)",
    ),
    "missing_event_time": Entry(
        "The cell that holds the date of the sale is empty, so Meta could not tell which ad came before it.",
        "Fill the date. If the file has a second column with a date, list both in a schema: the first usable one is used.",
        "Paid at: (empty), Order 1042, 18.90 EUR",
    ),
    "bad_event_time": Entry(
        "The cell that holds the date does not contain a date that exists, or is written in a format that cannot be read.",
        "Write it like 2026-10-31 14:05:00, or name the right column in a schema.",
        "Date: 31/11/2026 (November has 30 days); Date: last Tuesday",
    ),
    "ambiguous_date": Entry(
        "The date could be day first or month first, and nothing else in the column decides it.",
        "Give --date-order mdy or --date-order dmy.",
        "Date: 03/04/2026 is 4 March in the United States and 3 April in Europe",
    ),
    "needs_timezone": Entry(
        "The time has no time zone. A few hours decide whether a sale came before or after an ad.",
        "Give the time zone of the till, for example --timezone Europe/Berlin, or set it in a schema.",
        "Date: 2026-11-20 09:30 without a zone",
    ),
    "unknown_timezone": Entry(
        "The time zone in the row is not a valid IANA name. Short names such as CST mean different zones in different countries.",
        "Write the IANA name, for example America/Chicago.",
        "Zone: Central",
    ),
    "too_old": Entry(
        "Meta takes events up to 7 days, and up to 62 days where the sale happened in a store (physical_store). The last ten minutes "
        "are kept in reserve.",
        "Import more often, ideally every day. If these are store sales that were declared as something else, correct "
        "--action-source; it must be true.",
        "Date: 2026-08-14 in an import of 23 November",
    ),
    "in_future": Entry(
        "The date of the sale is in the future. Usually the time zone is wrong, or day and month are swapped.",
        "Correct the date, or check --timezone and --date-order.",
        "Date: 2026-12-01 in an import of 23 November",
    ),
    "bad_action_source": Entry(
        "The action source says where the sale took place, and Meta accepts only certain words for it.",
        "Use physical_store, phone_call, email, chat, system_generated or other; or give --action-source for rows without one.",
        "Action source: shop floor",
    ),
    "unsupported_action_source": Entry(
        "Events of an app or a messaging service need data of the device, which no sales export has.",
        "Use the action source of the place where the sale happened.",
        "Action source: app",
    ),
    "website_incomplete": Entry(
        "Meta requires the page address and the browser of every website event. Sales of a web shop usually reach Meta through "
        "its Pixel already.",
        "Leave web sales out of the export, or add columns for event_source_url and client_user_agent.",
        "Action source: website, no page address",
    ),
    "missing_value": Entry(
        "Meta refuses a Purchase without an amount.",
        "Fill the amount. If it is in another column, name that column in a schema.",
        "Total: (empty)",
    ),
    "bad_value": Entry(
        "The cell that holds the amount is not a valid number.",
        "Write it like 1234.50, or 1234,50 where the other amounts have a comma. Words, or several numbers in one cell, are not "
        "guessed at.",
        "Total: see note; Total: 12.50 / 14.00",
    ),
    "ambiguous_value": Entry(
        "The separator could mark thousands or decimals, and the other amounts in the column do not decide which.",
        'Set decimal = "," or decimal = "." in the schema\'s [money].',
        "Total: 1.234 is one thousand two hundred thirty-four, or a little more than one",
    ),
    "value_too_large": Entry(
        "The amount has more digits than any sale; usually an order number or a date ended up in the column.",
        "Correct the amount, or name the right column in a schema.",
        "Total: 202611200000231",
    ),
    "order_totals_differ": Entry(
        "The total of an order stands on each of its rows, but not the same one: a mistyped amount, a number used twice, "
        "or a refund among the lines. None of them is sent, since either could be right.",
        "Correct the rows of this order. If every row has its own amount, give --rows line.",
        "Receipt 7, 27.00; receipt 7, 27.00; receipt 7, 72.00",
    ),
    "order_currencies_differ": Entry(
        "The amounts of an order stand in different currencies, and neither can be added to the other. None of its rows is "
        "sent.",
        "Correct the currency of its rows, or give the order's total in one currency.",
        "Order 7, 5.00 USD; order 7, 7.00 EUR",
    ),
    "missing_currency": Entry(
        "An amount needs a currency, and neither the row nor an option nor the schema gives one. It is never guessed.",
        "Give --currency EUR, or fill the column.",
        "Total: 18.90, Currency: (empty)",
    ),
    "bad_currency": Entry(
        "The currency is not a valid ISO 4217 code, and its symbol or name could mean more than one currency.",
        "Write three letters, such as EUR or USD.",
        "Currency: dollars",
    ),
    "currency_conflict": Entry(
        "The cell of the amount, the header above it and the column of the currency name different currencies, and only one can be "
        "right.",
        'Correct the one that is wrong; if the column of the currency means something else, leave it out: --map "COLUMN=-".',
        "Total: €25.00, Currency: USD",
    ),
    "no_match_keys": Entry(
        "No column of this row says who bought: no e-mail, no phone, no name. Meta could not match the sale to anybody.",
        "Fill e-mail or phone, or add them from a customer file with --customers FILE --join-on COLUMN.",
        "Email: (empty), Phone: (empty), Name: Walk-in Customer",
    ),
    "weak_keys": Entry(
        "The row has only a name, an address or an id. Meta would accept it but hardly ever match it, and it would lower the "
        "quality of the whole dataset.",
        'Add an e-mail or a phone number, or send it anyway with minimum_keys = "meta" in the schema\'s [match].',
        "Name: Ada Example, City: Leeds, no e-mail, no phone",
    ),
    "too_broad_keys": Entry(
        "The row names only a place, a gender or a birthday, which thousands of people share. Meta refuses such events.",
        "Add an e-mail or a phone number.",
        "City: Leeds, Country: GB and nothing else",
    ),
    "unknown_status": Entry(
        "The schema does not know the status of this row, so it may be a sale or a return. All other rows go on.",
        'Say what the word means with --status "WORD=MEANING", or add it to the schema\'s [[sale]] rule: sale, refund, unpaid, cancelled or not_a_sale.',
        "Status: awaiting pickup",
    ),
    "unknown_store": Entry(
        "The row's store is not in the file of --datasets, or, where the column holds ids, its cell is no id; so nobody knows whose the sale is.",
        "Add [store.NAME] to the file of --datasets, or correct the cell. A cell that reads as a person's is not quoted: then --dataset-column names the wrong column.",
        "Store: Hamburg, with [store.Berlin] alone",
    ),
    "missing_store": Entry(
        "The cell that names the row's store is empty, and no dataset was named for such rows.",
        "Fill the cell, or give --dataset for rows without a store.",
        "Store: (empty)",
    ),
    "other_dataset": Entry(
        "A Gateway file names a dataset in each row (DATA_SET_ID), and this one is another than --dataset.",
        "Give --dataset-column DATA_SET_ID to send each row to its own, or --map DATA_SET_ID=- to send all to the one of --dataset.",
        "DATA_SET_ID: 1002, with --dataset 1001",
    ),
    "too_many_cells": Entry(
        "The row has more cells than the header has columns; usually a comma inside a text is not in quotes. Every cell after it "
        "would be in the wrong column.",
        "Put the text in quotation marks, or export the file again.",
        "1042,Smith, Jane,18.90 under the header Order,Name,Total",
    ),
    "unclosed_quote": Entry(
        "A quotation mark opens here and never closes, so the end of the cell is not known.",
        "Close it or remove it.",
        '1042,"12 inch pan,18.90',
    ),
    "bad_encoding": Entry(
        "The row has bytes that are not valid in the file's encoding: two files were joined, or a cell was cut in the middle "
        "of a character.",
        "Save the file as UTF-8, or name its encoding with --encoding.",
        "City: M\ufffdnchen",
    ),
    "cell_too_long": Entry(
        "A cell is longer than any sale's data. A quotation mark that is not closed swallows the rows below it.",
        "Check the row's quotation marks.",
        "Note: a text of more than 100,000 characters",
    ),
    "digits_lost": Entry(
        "A spreadsheet keeps 15 digits of a number. This one had more, so its last digits are lost.",
        "Export the column as text, straight from the source.",
        "Order: 1.23457E+17",
    ),
    "bad_data_processing_options": Entry(
        "Limited Data Use is set in a way that Meta refuses, so the row is not sent at all.",
        "Leave the options empty or use LDU, with country 0 or 1 and a state that Meta knows.",
        "data_processing_options: yes",
    ),
    "own_rule": Entry(
        "The sale breaks a rule in the schema of its export ([[rule]]). The message is the rule's own.",
        "Correct the row, or change the rule in the schema.",
        "value: 4,200.00 with the rule max = 1000",
    ),
    "bad_crm_event": Entry(
        "Meta takes a CRM stage only with action_source system_generated, event_source crm and the name of the CRM.",
        "Set these three in the schema's [event].",
        "event_source: crm, action_source: phone_call",
    ),
}  # fmt: skip
"""Reason code -> its paragraph."""
