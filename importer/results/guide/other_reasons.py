"""Reasons of rows that are not sales, of repeats, of rows that Meta refused, and of rows that were not sent."""

from __future__ import annotations

from collections.abc import Mapping

from importer.results.guide.entry import Entry

NOTHING_TO_DO = "Nothing."
AGAIN = "Run the same command again. What Meta accepted is never sent twice."

OTHER_REASONS: Mapping[str, Entry] = {
    "refunded": Entry(
        "The customer got all of the money back, so there is no sale to report to Meta. A sale that was refunded in part is still a sale.",
        NOTHING_TO_DO,
        "Total: 30.00, Refunded: 30.00",
    ),
    "refund": Entry(
        "The row records a return, not the sale that came before it.",
        NOTHING_TO_DO,
        "Type: Refund, Order 1042",
    ),
    "cancelled": Entry(
        "The sale was canceled or voided before it was complete.",
        NOTHING_TO_DO,
        "Status: voided",
    ),
    "refunded_after_acceptance": Entry(
        "Meta accepted the sale earlier, and this export shows it refunded or canceled in full. Meta has no call that takes a sale back, so it stays "
        "in Meta's figures. A sale that was refunded in part, or without a part of its lines, is not meant.",
        "Nothing can be taken back. capi-import runs --refunds lists these sales and how much Meta counts too high.",
        "Status: refunded, in the export of the next week",
    ),
    "unpaid": Entry(
        "The sale is not paid yet. Once it is, a newer export says so, and the sale is sent from there.",
        "Import the next export as usual.",
        "Status: pending",
    ),
    "zero_value": Entry(
        "The total is zero: a gift, a test or an exchange. Meta counts such events against the quality of the data.",
        "Nothing, unless it is the wrong column.",
        "Total: 0.00",
    ),
    "negative_value": Entry(
        "The total is below zero: a return or a correction.",
        NOTHING_TO_DO,
        "Total: -12.50",
    ),
    "online_sale": Entry(
        "The sale was made on a web shop, whose pixel has told Meta of it. Sent as a store's sale it would count twice, since Meta does not compare the two.",
        "Nothing, where a pixel is on the shop. Else give --online-sales send with --event-source-url, or --action-source for sales that were made elsewhere.",
        "Source: web",
    ),
    "no_consent": Entry(
        "A column of consent does not say yes, a column of objections does, or the customer's e-mail or phone is on the list of --suppress. One such row is enough for its whole order.",
        "Nothing, where that is so. A column that means something else is left aside with --map COLUMN=-; other words for yes are named with --consent COLUMN=WORD,WORD.",
        "Consent: no",
    ),
    "not_a_sale": Entry(
        "The export marks this row as something else: a payout, a fee, a stock transfer, points.",
        NOTHING_TO_DO,
        "Type: payout",
    ),
    "heading": Entry(
        "The row is a heading between the records, or the header repeated.",
        NOTHING_TO_DO,
        "Order,Date,Total in the middle of the file",
    ),
    "footer": Entry(
        "The row is a total, a subtotal, or a note at the end of a report.",
        NOTHING_TO_DO,
        "Grand total,,12345.60",
    ),
    "blank": Entry("The row is empty.", NOTHING_TO_DO, ",,,,"),
    "line_without_order": Entry(
        "The file holds lines of orders, and this line does not say which order it belongs to.",
        "Fill the order number if the line is part of a sale.",
        "Order: (empty), Item: socks, 4.90",
    ),
    "same_file": Entry(
        "The same sale appears more than once in this file and was sent once. If the rows are lines of one order, the file was read "
        "as if each row were an order.",
        'Nothing; or set rows = "lines" in the schema\'s [orders] if these are lines.',
        "Order 1042 in line 17 and again in line 903",
    ),
    "other_file": Entry(
        "The same sale appears in another file of this run and was sent once.",
        NOTHING_TO_DO,
        "Order 1042 in week46.csv and in week47.csv",
    ),
    "earlier_run": Entry(
        "According to the ledger, Meta accepted this sale in an earlier run. Exports may overlap; that does no harm.",
        NOTHING_TO_DO,
        "Order 1042, accepted from week46.csv on 2026-11-16",
    ),
    "amended": Entry(
        "The order was sent before with another amount, and day or customer show that it is the same sale. Meta cannot change an "
        "event that it has taken, so it keeps the first amount; the message has both.",
        "Nothing; or import an order when its amount is final.",
        "Order 1042: 12.5 EUR in week46.csv on 2026-11-16, 15 EUR here",
    ),
    "meta_rejected": Entry(
        "Meta refused this event, sent alone, after it accepted all others of the request. Its codes are in the columns error_code and "
        "error_subcode.",
        "Correct what the message names and import the row again. If nothing is wrong with it, show the trace to Meta's support.",
        "error_code 100, error_subcode 2804003",
    ),
    "run_stopped": Entry(
        "The run ended before this sale was sent: it was interrupted, or Meta refused the token.",
        AGAIN,
        "Ctrl-C halfway through the file",
    ),
    "answer_lost": Entry(
        "The sale was sent but no answer came back, so Meta may or may not have it. The next run offers it again as the same event, "
        "which Meta counts once.",
        AGAIN,
        "The connection broke in the middle of a request",
    ),
    "meta_unavailable": Entry(
        "Meta kept failing on the request that held this sale.",
        AGAIN,
        "code 2: Meta's own service failed",
    ),
    "too_many_requests": Entry(
        "Meta refused a request without saying which event was the cause, and finding it took too many requests.",
        "Look at the rejected rows of the report first: usually they have one cause. Fix it, then run the same command again.",
        "Every row has the same wrong currency",
    ),
    "expired_waiting": Entry(
        "The sale was young enough when the run began and became too old while Meta made it wait.",
        "Import earlier next time; this sale cannot be sent any more.",
        "A sale of 62 days ago, after an hour of waiting",
    ),
}
"""Reason code -> its paragraph."""
