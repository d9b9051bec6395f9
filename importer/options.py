"""The options of the command line, in groups; each option is written once. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from importer.completion import (
    complete_country,
    complete_currency,
    complete_profile,
    complete_schema,
    complete_sheet,
    complete_zone,
)

F = TypeVar("F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


class Decorator(Protocol):
    """What adds options to a command's function."""

    def __call__(self, function: F, /) -> F:
        """Return the function with its options."""
        ...


def option_group(*options: Decorator) -> Decorator:
    """Combine options into one decorator; the help lists them in the order given."""

    def decorate(function: F) -> F:
        return reduce(lambda inner, option: option(inner), reversed(options), function)

    return decorate


def json_option(help: str) -> Decorator:  # noqa: A002  click's word
    """Return the option --json with the help that says what it prints."""
    return click.option("--json", "as_json", is_flag=True, help=help)


SUMMARY_AS_JSON = "The summary as one JSON object on stdout."

dataset_option = click.option("--dataset", metavar="ID", help="Dataset (pixel) id; env CAPI_DATASET_ID.")
profile_option = click.option(
    "--profile",
    shell_complete=complete_profile,
    metavar="NAME",
    help="Options under [profile.NAME] of capi-import.toml; an option given wins.",
)
quiet_option = click.option("--quiet", is_flag=True, help="Only errors on stderr.")
now_option = click.option("--now", metavar="TIME", help="Judge ages as of this instant (rehearsals, tests).")
ledger_option = click.option(
    "--ledger", metavar="FILE|ADDRESS", help="The ledger's file, or postgresql://USER@HOST:PORT/DB; env CAPI_LEDGER."
)
token_option = click.option("--token-file", type=PATH, help="A file with the token; or env CAPI_ACCESS_TOKEN.")
test_event_option = click.option("--test-event-code", metavar="CODE", help="Sent along; Meta counts test events too.")
graph_options = option_group(
    click.option("--graph-url", metavar="URL", help="env CAPI_GRAPH_URL  [default: https://graph.facebook.com]"),
    click.option(
        "--graph-version",
        metavar="V",
        help="env CAPI_GRAPH_VERSION  [default: the newest that is at least four weeks old]",
    ),
    click.option(
        "--trust-host",
        multiple=True,
        metavar="HOST",
        help="A Graph host beside Meta's and this machine that may see the token.",
    ),
)

ADDRESS = click.Path(path_type=str, allow_dash=True)
"""A path, - for standard input, or an address: as text, since a path would lose a slash of s3://."""
file_argument = click.argument("files", nargs=-1, required=True, type=ADDRESS)
export_options = option_group(
    click.option(
        "--format",
        type=click.Choice(["csv", "parquet", "xlsx"]),
        help="What the files are, as for standard input (-); by default recognised by their content.",
    ),
    click.option(
        "--connection",
        metavar="ADDRESS|VARIABLE",
        help="The database of sql:QUERY, such as postgresql://user@host/database, without a password; or the name of "
        "the variable that holds its address.",
    ),
    click.option(
        "--schema",
        shell_complete=complete_schema,
        metavar="NAME|PATH",
        help="The kind of export; by default recognised by its headers.",
    ),
    click.option(
        "--sheet",
        shell_complete=complete_sheet,
        metavar="NAME|N",
        help="Worksheet; by default the first with a recognisable header.",
    ),
    click.option(
        "--all-sheets", is_flag=True, default=None, help="Every sheet with the same columns, not the first alone."
    ),
    click.option("--encoding", help="Text encoding of a CSV file, when it is recognised wrongly."),
    click.option(
        "--edits",
        type=PATH,
        metavar="FILE.csv",
        help="Corrected cells: file, sheet, row, column, text; as the page gives them.",
    ),
)
answer_options = option_group(
    click.option(
        "--map",
        "map",
        multiple=True,
        metavar="COLUMN=FIELD",
        help="This column fills this field (docs/fields.md, or status); COLUMN=-: nothing; -=FIELD: no column does.",
    ),
    click.option(
        "--status",
        multiple=True,
        metavar="WORD=MEANING",
        help="What a status word means: sale, unpaid, cancelled, refunded, refund or not_a_sale; COLUMN:WORD=MEANING.",
    ),
    click.option(
        "--rows",
        type=click.Choice(["order", "line", "line-with-total"]),
        help="What a row is: an order, a line with its own amount, or a line with the order's total.",
    ),
    click.option("--decimal", type=click.Choice(["comma", "point"]), help="The decimal mark of amounts such as 1.234."),
)
"""What answers the questions that a file leaves open about its columns."""
save_answers_option = click.option(
    "--save-answers",
    type=PATH,
    metavar="FILE.toml",
    help="Write what was understood and answered as a schema, to use again with --schema.",
)

join_options = option_group(
    click.option(
        "--customers",
        type=PATH,
        help="A customer file that brings e-mail and phone to sales that hold only a customer id.",
    ),
    click.option("--join-on", metavar="COLUMN", help="The id's column in both files, or SALES_COLUMN=CUSTOMER_COLUMN."),
)
row_options = option_group(
    click.option("--event-name", help="For rows that do not say.  [default: Purchase]"),
    click.option("--action-source", help="For rows that do not say.  [default: physical_store]"),
    click.option(
        "--online-sales",
        type=click.Choice(["skip", "send"]),
        help="Sales made on a web shop: leave them out, since Meta's pixel tells of them, or send them as website "
        "events (at most 7 days old).  [default: skip where other sales are left; else asked]",
    ),
    click.option(
        "--event-source-url", metavar="URL", help="The web shop's address, for website events that do not say."
    ),
    click.option(
        "--currency",
        shell_complete=complete_currency,
        metavar="CODE",
        help="For rows that do not say: ISO 4217, such as EUR.",
    ),
    click.option(
        "--country",
        shell_complete=complete_country,
        metavar="CODE",
        help="For rows that do not say: ISO 3166-1 alpha-2, such as DE.",
    ),
    click.option(
        "--timezone",
        shell_complete=complete_zone,
        metavar="ZONE",
        help="For times without a zone: IANA, such as Europe/Berlin.",
    ),
    click.option("--date-order", type=click.Choice(["mdy", "dmy", "ymd"]), help="For dates such as 03/04/2026."),
    click.option("--already-hashed", is_flag=True, default=None, help="Customer columns hold SHA-256 hex."),
    click.option(
        "--ldu", is_flag=True, default=None, help="Limited Data Use for every row, unless columns say otherwise."
    ),
    click.option(
        "--consent",
        multiple=True,
        metavar="COLUMN=WORD,WORD",
        help="The column says whose sales may be sent: those with one of these words, no other and no blank.",
    ),
    click.option(
        "--suppress",
        type=PATH,
        help="A file of people to keep out: an e-mail, an international phone or its SHA-256 a line.",
    ),
    now_option,
)
force_option = click.option(
    "--force",
    is_flag=True,
    default=None,
    help="Overwrite files that this program did not write, or that were changed since.",
)
summary_option = click.option(
    "--summary",
    type=PATH,
    metavar="FILE.html",
    help="A page with pictures to look at and to forward; it opens offline and names no customer.",
)
output_options = option_group(
    ledger_option,
    click.option(
        "--report",
        type=ADDRESS,
        help=".csv, .parquet or .xlsx  [default: FILE.report.csv; FILE.check.csv of check]",
    ),
    click.option(
        "--rejects",
        type=PATH,
        help="The rows not accepted, in the export's own columns (customers' data included), to fix and import again.",
    ),
    summary_option,
    force_option,
    json_option(SUMMARY_AS_JSON),
    quiet_option,
    click.option(
        "--verbose", is_flag=True, help="Also how each file was understood, and what Meta answered, on stderr."
    ),
)
accept_option = click.option(
    "--accept-mapping", is_flag=True, default=None, help="Take customers' columns that are only likely."
)
verbose_option = click.option("--verbose", is_flag=True, help="More on stderr.")
delivery_options = option_group(
    token_option,
    accept_option,
    click.option("--batch-size", type=int, help="Events in a request, 1 to 1000.  [default: 1000]"),
    click.option("--concurrency", type=int, help="Most requests in flight.  [default: 8]"),
    test_event_option,
    graph_options,
    click.option("--webhook", metavar="URL", help="POST the run's summary there at the end."),
    click.option(
        "--alert",
        multiple=True,
        metavar="URL",
        help="A message there when the run stops or leaves rows to fix; an address of apprise, like slack:// or json://.",
    ),
)
routing_options = option_group(
    click.option(
        "--dataset-column",
        metavar="COLUMN",
        help="The column of each row's store (see --datasets) or dataset id; --dataset is for blank cells.",
    ),
    click.option(
        "--datasets", type=PATH, metavar="FILE.toml", help="The dataset, and perhaps the token file, of each store."
    ),
)
prepare_options = option_group(
    file_argument,
    click.option(
        "--out",
        type=ADDRESS,
        required=True,
        metavar="FOLDER|ADDRESS",
        help="A new or empty folder, or one in a bucket: s3://BUCKET/november, gs:// or az://.",
    ),
    click.option(
        "--scheduler",
        metavar="local[:N]|ADDRESS",
        help="Prepare on Dask's workers: N processes of this machine, or those of a scheduler.",
    ),
    profile_option,
    export_options,
    answer_options,
    join_options,
    row_options,
    save_answers_option,
    accept_option,
    json_option("What was prepared as one JSON object on stdout."),
    quiet_option,
    verbose_option,
)
"""What `prepare` takes."""
deliver_options = option_group(
    click.argument("folder", type=ADDRESS),
    profile_option,
    dataset_option,
    ledger_option,
    click.option("--report", type=ADDRESS, help=".csv, .parquet or .xlsx  [default: FOLDER.report.csv]"),
    summary_option,
    click.option("--keep", is_flag=True, help="Keep the prepared rows once all are delivered."),
    now_option,
    delivery_options,
    json_option(SUMMARY_AS_JSON),
    quiet_option,
    verbose_option,
)
"""What `deliver` takes."""
run_options = option_group(
    profile_option,
    dataset_option,
    routing_options,
    export_options,
    answer_options,
    join_options,
    row_options,
    output_options,
    save_answers_option,
    delivery_options,
)
"""What `send`, `check` and `watch` take."""
file_options = option_group(file_argument, run_options)
"""What `send` takes."""
check_options = option_group(
    file_options,
    click.option(
        "--online", is_flag=True, default=None, help="Ask Meta whether the dataset exists and takes offline events."
    ),
)
"""What `check` takes."""

watch_options = option_group(
    click.argument("folders", nargs=-1, type=PATH),
    click.option(
        "--settle",
        type=click.FloatRange(min=0),
        default=5.0,
        show_default=True,
        metavar="SECONDS",
        help="A file is complete when it has not changed for so long.",
    ),
    click.option(
        "--report-folder",
        type=PATH,
        help="Where the reports go.  [default: capi-import-reports in the user's state folder]",
    ),
    click.option("--once", is_flag=True, help="Import what is there, and end."),
    click.option("--unit", is_flag=True, help="Print a systemd unit and a cron line, and end."),
    run_options,
)
"""What `watch` takes."""

access_options = option_group(token_option, graph_options)
"""What every other command takes that asks Meta."""

_DESCRIBED_PARAMETERS = {
    "event-name": "[default: Purchase]",
    "country": "ISO 3166-1 alpha-2  [default: US]",
    "currency": "ISO 4217  [default: USD]",
    "event-time": "ISO 8601, without a zone UTC; or Unix seconds  [default: now]",
    "content-ids": "Product ids, separated by commas.",
    "content-type": "product or product_group  [default: product]",
    "action-source": "[default: website]",
}
_PLAIN_PARAMETERS = (
    "email", "phone", "first-name", "last-name", "city", "state", "zip-code", "external-id", "fbclid", "fbp", "fbc",
    "client-ip-address", "client-user-agent", "order-id", "event-id", "event-source-url", "value", "custom-event-name",
)  # fmt: skip
"""Text without a default."""

event_options = option_group(
    *(click.option(f"--{name}", help=text) for name, text in _DESCRIBED_PARAMETERS.items()),
    *(click.option(f"--{name}") for name in _PLAIN_PARAMETERS),
    click.option(
        "--is-already-hashed",
        "--already-hashed",
        "is_already_hashed",
        is_flag=True,
        default=None,
        help="Customer values are SHA-256 hex.",
    ),
    click.option("--dataset", "--pixel-id", "dataset", metavar="ID", help="Dataset (pixel) id; env CAPI_DATASET_ID."),
    test_event_option,
    click.option("--webhook", "--webhook-url", "webhook", metavar="URL", help="POST the result there."),
    click.option("--dry-run", is_flag=True, help="Print the event that would go, hashes only; no token needed."),
    click.option(
        "--demo-mode/--no-demo-mode", "demo", default=False, help="The built-in sandbox answers; no token needed."
    ),
    access_options,
    now_option,
)
"""What `event` takes: the parameters of one event, and where it goes."""
