"""Header names that mean a field by themselves, beyond those of a recognised export.

`NAMES` maps a field to the headers that are taken for it at once; both sides are compared folded (plan.fold), so case,
blanks and punctuation do not matter. A header in `STAFF` or `OTHERS` is known and belongs to no field: the clerk, the
seller or the company of a row is not its customer, and points or fees are not its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from importer.core.tables import foreign_headers, foreign_words


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in re.split(r"[|\n]", text) if name.strip())


def _merged(english: Mapping[str, tuple[str, ...]], foreign: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the names of each key, the English ones first, each once."""
    return {key: tuple(dict.fromkeys((*names, *_names(foreign.get(key, ""))))) for key, names in english.items()}


_ENGLISH: dict[str, tuple[str, ...]] = {
    "em": (
        "em", "email", "e-mail", "email address", "e-mail address", "mail", "customer email", "email_address",
        "contact email", "buyer email", "billing email", "client email", "user email", "guest email", "member email",
        "primary email", "email 1", "email id", "payer email", "from email address", "email1",
    ),
    "ph": (
        "ph", "phone", "phone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone",
        "telephone", "tel", "tel.", "customer phone", "contact phone", "contact number", "contact phone number",
        "billing phone", "phone 1", "primary phone", "phone no", "phone no.", "mobile no", "mobile no.",
        "telephone number", "home phone", "buyer phone number", "member phone", "phone1", "guest phone", "billing phone number",
    ),
    "fn": (
        "fn", "first name", "firstname", "given name", "forename", "customer first name", "billing first name",
        "contact first name", "contactfirstname", "fname", "buyer first name", "member first name",
    ),
    "ln": (
        "ln", "last name", "lastname", "surname", "family name", "customer last name", "billing last name",
        "contact last name", "contactlastname", "lname", "buyer last name", "member last name",
    ),
    "full_name": (
        "full name", "customer name", "name", "client name", "contact name", "buyer name", "billing name", "customer",
        "client", "guest name", "member name", "bill-to name", "purchaser", "cardholder name", "contact",
    ),
    "db": ("db", "dob", "date of birth", "birth date", "birthdate", "birthday", "birth_date", "customer dob"),
    "doby": ("doby", "birth year", "year of birth"),
    "dobm": ("dobm", "birth month", "month of birth"),
    "dobd": ("dobd", "day of birth"),
    "ge": ("ge", "gen", "gender", "sex"),
    "ct": (
        "ct", "city", "town", "billing city", "customer city", "home city", "city/town", "town/city", "city town",
        "ship city", "mailing city", "home_city", "physical_city",
    ),
    "st": (
        "st", "state", "province", "region", "county", "state/province", "billing state", "billing province",
        "customer state", "home state", "state or province", "mailing state", "home_state",
        "physical_state",
    ),
    "zp": (
        "zp", "zip", "zip code", "zipcode", "postal code", "postcode", "post code", "zip/postal code", "billing zip",
        "billing postcode", "postalcode", "customer zip", "postal", "pin code", "pincode", "mailing zip",
        "physical_postcode",
    ),
    "country": (
        "country", "country code", "billing country", "country/region", "customer country", "country name", "nation",
        "country_code", "mailing country", "home country",
        "physical_country_id", "physical_country",
    ),
    "external_id": (
        "external_id", "external id", "extern_id", "uid", "customer id", "customerid", "customer number", "customer no",
        "customer no.", "client id", "member id", "memberid", "member number", "member no", "membership number",
        "loyalty id", "loyalty number", "account number", "account no", "account id", "contact id", "user id", "crm id",
        "customer code", "customer ref", "customer reference",
    ),
    "lead_id": ("lead_id", "lead id", "leadid", "meta lead id", "facebook lead id", "leadgen id", "fb lead id"),
    "madid": ("madid", "mad_id", "idfa", "aaid", "gaid", "mobile advertiser id", "advertising id"),
    "fbc": ("fbc", "_fbc"),
    "fbclid": ("fbclid", "facebook click id", "click_id", "fb click id"),
    "fbp": ("fbp", "_fbp"),
    "client_ip_address": ("client_ip_address", "customer ip address", "ip address", "ip"),
    "client_user_agent": ("client_user_agent", "user agent", "customer user agent"),
    "event_name": ("event_name", "event name", "event"),
    "event_time": (
        "event_time", "event time", "date", "order date", "sale date", "sales date", "transaction date",
        "purchase date", "date of sale", "date of purchase", "order_date", "datetime", "date time", "date/time",
        "date and time", "timestamp", "created at", "created", "paid at", "payment date", "invoice date", "close date",
        "closed date", "order time stamp", "orderdate", "order created", "receipt date", "sold at",
        "txn date", "txn_ts", "purchased at", "transaction datetime", "order datetime", "transaction date/time",
        "order placed", "completed at", "sold on", "date sold",
        "creation date", "date created",
    ),
    "event_clock": ("time", "order time", "sale time", "time of sale", "time of day", "transaction_time"),
    "event_zone": ("time zone", "timezone", "time_zone", "tz"),
    "action_source": ("action_source", "action source"),
    "event_source_url": ("event_source_url", "event source url"),
    "value": (
        "value", "amount", "total", "order total", "grand total", "total amount", "sale amount", "sales amount",
        "order value", "total price", "sales", "revenue", "order amount", "total paid", "amount paid", "price paid",
        "transaction amount", "total collected", "net amount", "purchase amount", "sale value", "sale total", "gross",
        "total sales", "total value", "total sale", "total incl tax", "total inc tax", "total including tax", "net_amt",
        "invoice total", "basket value", "basket total", "receipt total", "ext price", "total spend", "spend",
        "order grand total",
    ),
    "currency": ("currency", "currency code", "order currency", "currency_code", "curr", "iso currency", "ccy"),
    "order_id": (
        "order_id", "order id", "orderid", "order number", "order no", "order no.", "order #", "order", "order num",
        "ordernumber", "invoice number", "invoice no", "invoice no.", "invoice id", "invoice #", "invoice",
        "receipt number", "receipt no", "receipt no.", "receipt id", "receipt", "receipt #", "transaction id",
        "transaction number", "transaction no", "transaction", "txn id", "txn_id", "sale id", "sales id", "deal id",
        "opportunity id", "order reference", "order ref", "ticket number", "bill number", "bill no", "check id",
    ),
    "content_ids": ("content_ids",),
    "content_type": ("content_type",),
    "content_name": ("content_name",),
    "content_category": ("content_category",),
    "num_items": ("num_items",),
    "delivery_category": ("delivery_category",),
    "data_processing_options": ("data_processing_options",),
    "data_processing_options_country": ("data_processing_options_country",),
    "data_processing_options_state": ("data_processing_options_state",),
    "event_source": ("event_source",),
    "lead_event_source": ("lead_event_source",),
    "opt_out": ("opt_out",),
}  # fmt: skip

_ENGLISH_ITEMS: dict[str, tuple[str, ...]] = {
    "id": (
        "sku", "product id", "product code", "productcode", "item id", "item number", "article number", "product sku",
        "item sku", "barcode", "ean", "upc", "lineitem sku", "article", "item code", "plu", "content_id",
    ),
    "quantity": (
        "quantity", "qty", "units", "quantity ordered", "quantityordered", "item quantity", "lineitem quantity",
        "pieces", "units sold",
    ),
    "item_price": ("unit price", "item price", "price each", "price per unit", "lineitem price", "price"),
    "title": ("product name", "item name", "product", "item", "product title", "lineitem name"),
    "brand": ("brand", "vendor"),
    "category": ("category", "product category", "product line", "productline", "department"),
}  # fmt: skip

PART_OR_WHOLE: tuple[str, ...] = ("name", *_names(foreign_headers.PART_OR_WHOLE))
"""The bare word for a name: beside a first name it is the surname, beside a surname the first name, alone the whole."""

NAMES: dict[str, tuple[str, ...]] = _merged(_ENGLISH, foreign_headers.NAMES)
NAMES["full_name"] = (*NAMES["full_name"], *PART_OR_WHOLE[1:])
"""Field -> the headers that are taken for it, the preferred ones first."""

ITEMS: dict[str, tuple[str, ...]] = _merged(_ENGLISH_ITEMS, foreign_headers.ITEMS)

STATUS: tuple[str, ...] = (
    "status", "order status", "payment status", "financial status", "transaction status", "state of order", "sale status",
    "type", "transaction type", "txn type", "txn_type", "event type", "sale type", "order type", "stage", "deal stage",
    "line type", "order state", "order payment state", "receipt type", *_names(foreign_words.STATUS),
)  # fmt: skip
"""Headers of columns that say whether a row is a sale."""

CANCELLED: tuple[str, ...] = (
    "cancelled at", "canceled at", "cancelled", "canceled", "voided", "void?", "void", "cancelled on", "cancel date",
    *_names(foreign_words.CANCELLED),
)  # fmt: skip
REFUNDED: tuple[str, ...] = (
    "refunded amount", "refund amount", "amount refunded", "total refunded", "refunds total", "refund total",
    "order total refunded", "order refunded",
    *_names(foreign_words.REFUNDED),
)  # fmt: skip

STORES: tuple[str, ...] = (
    "store", "store name", "store no", "store no.", "store id", "store number", "store code", "shop", "shop name",
    "shop id", "branch", "branch name", "branch id", "branch code", "outlet", "outlet name", "outlet id", "location",
    "location name", "location id", "location code", "register", "register name", "register id", "register no",
    "till", "till id", "till no", "till number", "terminal", "terminal id", "pos", "pos id", "station", "station id", "site",
    "restaurant", "cash register", "device", "device name", "device id",
    *_names("""
        Filiale | Filialnr | Filialnummer | Laden | Markt | Standort | Kasse | Kassen-Nr. | Kassennummer | Kassennr |
        Magasin | Boutique | Caisse | N° caisse | Point de vente | Tienda | Sucursal | Caja | Punto de venta | Local |
        Negozio | Punto vendita | Cassa | Filiale | Loja | Filial | Caixa | Ponto de venda | Winkel | Vestiging |
        Kassa | Sklep | Oddział | Kasa | Butik | Butikk | Forretning | Myymälä | Prodejna | Pokladna | Mağaza | Şube |
        Магазин | Касса | Филиал | Каса | Κατάστημα | Ταμείο | 店舗 | 店舗名 | レジ | レジ番号 | 门店 | 店铺 | 收银台 |
        門市 | 店鋪 | 매장 | 지점 | 포스 | المتجر | الفرع | दुकान | Toko | Cabang | Cửa hàng | Chi nhánh
    """),
)  # fmt: skip
"""Columns of the store, till or register, each of which may count its orders itself."""

YES: tuple[str, ...] = (
    "yes", "y", "true", "1", "1.0", "x", "on", "t", "ja", "j", "oui", "o", "vrai", "si", "sí", "sì", "s", "sim", "wahr", "verdadero",
    "verdadeiro", "vero", "tak", "ano", "igen", "da", "evet", "kyllä", "да", "так", "ναι", "はい", "有", "是", "예", "نعم", "हाँ", "ya",
    "có", "✓", "✔", "☑", "checked",
)  # fmt: skip
NO: tuple[str, ...] = (
    "no", "n", "false", "0", "0.0", "0.00", "off", "f", "nein", "non", "faux", "falso", "falsch", "não", "nao", "nee", "nie", "ne",
    "nej", "nei", "ei", "nem", "nu", "hayır", "нет", "ні", "όχι", "いいえ", "無", "否", "아니오", "لا", "नहीं", "tidak", "không", "-",
    "none", "null", "n/a", "☐", "unchecked",
)  # fmt: skip
"""What cells of yes/no columns say; any other word is asked about."""

FLAGS: dict[str, tuple[str, ...]] = {
    "refunded": (
        "returned", "is returned", "was returned", "refunded", "is refunded", "was refunded", "fully refunded",
        "returned?", "refunded?", "retourniert", "erstattet", "zurückgegeben", "remboursé", "retourné", "devuelto", "reembolsado",
        "rimborsato", "reso", "devolvido", "geretourneerd", "terugbetaald", "zwrócone", "charged back", "chargeback",
    ),
    "refund": ("is return", "is refund", "return", "refund", "refund?", "return?", "rückgabe", "retoure"),
    "cancelled": (
        "is cancelled", "is canceled", "was cancelled", "is void", "is voided", "was voided", "cancelled?", "canceled?",
        "voided?", "storniert", "annulé", "anulado", "annullato", "geannuleerd", "anulowane", "deleted", "is deleted",
    ),
    "not_a_sale": ("is test", "test order", "test", "is draft", "is quote", "test?", "test mode"),
}  # fmt: skip
"""Yes/no columns -> what a row is of which they say yes."""

PAID: tuple[str, ...] = (
    "is paid",
    "paid?",
    "is captured",
    "captured",
    "is settled",
    "bezahlt",
    "payé",
    "pagado",
    "pagato",
    "betaald",
)
"""Yes/no columns that say that a row is paid."""

_ENGLISH_VOCABULARY: dict[str, str] = {
    "sale": """
        paid | complete | completed | closed | closed won | closed won* | won | fulfilled | shipped | delivered |
        processing | sale | purchase | order | payment | invoice | sales receipt | settled | captured | succeeded |
        success | successful | approved | done | finished | resolved | yes | active | partially refunded |
        partially_refunded | charge | sold | receipt | dispatched | collected | picked up | ready for pickup |
        partially shipped | sales | retail sale | in store | regular | normal | posted | invoiced | accepted |
        confirmed | ok | deposited | paid in full | partially returned | closed - won | earn | wc-completed |
        wc-processing | authorized and captured | in transit | out for delivery | shipping | ready to ship |
        awaiting shipment | awaiting pickup | credit card sale | cash sale | pos sale
    """,
    "refunded": """
        refunded | fully refunded | returned | charged back | chargeback | reversed | returned in full |
        refund issued | refund complete | refund completed | wc-refunded | dispute lost
    """,
    "refund": """
        refund | return | returns | credit | credit memo | credit note | refund receipt | exchange return |
        partial refund | sale return | sales return | reversal | refunds | cash refund | return authorization |
        return line
    """,
    "cancelled": """
        cancelled | canceled | void | voided | declined | failed | failure | rejected | expired | abandoned |
        deleted | lost | closed lost | closed lost* | denied | error | invalid | aborted | cancelled by customer |
        cancelled by seller | cancelled order | payment failed | card declined | no show | void sale |
        wc-cancelled | wc-failed | blocked | trash
    """,
    "unpaid": """
        pending | unpaid | open | on hold | authorized | authorised | awaiting payment | draft | checkout draft |
        new | in process | in progress | partially paid | due | overdue | awaiting fulfillment | quote | quotation |
        requires payment method | disputed | created | pending payment | payment pending | incomplete | not paid |
        processing payment | backordered | layaway | parked | held | uncaptured | requires action |
        requires capture | requires confirmation | awaiting approval | payment due | awaiting confirmation |
        invoice sent | wc-pending | wc-on-hold | estimate | proposal
    """,
    "not_a_sale": """
        adjustment | points_adj | points adjustment | redeem | redemption | transfer | withdrawal | deposit |
        payout | fee | test | no sale | nosale | adjust | reward | points | gift card load | memo | bonus | expiry |
        expired points | enrolment | enrollment | journal entry | stock adjustment | gift card sale |
        gift card reload | cash in | cash out | opening balance | exchange rate
    """,
}

VOCABULARY: dict[str, tuple[str, ...]] = {
    meaning: tuple(dict.fromkeys((*_names(words), *_names(foreign_words.VOCABULARY.get(meaning, "")))))
    for meaning, words in _ENGLISH_VOCABULARY.items()
}
"""What the words of a status column mean where no schema of the export says so; any other word is asked about."""

STAFF: tuple[str, ...] = (
    "employee", "staff", "staff name", "server", "cashier", "clerk", "sales rep", "salesperson", "sales person", "owner",
    "deal owner", "opportunity owner", "account owner", "contact owner", "agent", "user", "seller", "created by",
    "modified by", "employee name", "associate", "operator", "order employee name", "cashier name", "sales associate",
    "sold by", "rep", "sales rep name", "account manager", "sales agent", "assigned to", "waiter", "stylist", "technician",
    "owner name", "served by", "staff id", "employee id", "user name", "username", *_names(foreign_words.STAFF),
)  # fmt: skip

OTHERS: tuple[str, ...] = (
    "company", "company name", "account name", "store", "store name", "store no", "store id", "location",
    "register", "notes", "note", "points", "points earned", "tax", "shipping", "discount", "subtotal", "fees", "net total",
    "card no", "card number", "address", "address line 1", "street", "payment method", "tender", "tip", "territory",
    "sales tax", "tax amount", "total tax", "vat", "vat amount", "gst", "sub total", "sub-total", "net", "net sales",
    "total ex tax", "total excl tax", "total excluding tax", "shipping cost", "shipping amount",
    "discount amount", "total discount", "points balance", "points redeemed", "loyalty points", "fee", "commission", "cost",
    "profit", "margin", "msrp", "organization", "organisation", "business name", "employer", "branch", "outlet", "shop",
    "warehouse", "channel", "source", "comment", "comments", "description", "tags", "coupon", "coupon code", "balance",
    "address line 2", "address 1", "address 2", "street address", "payment type", "card type", "card brand", "last 4",
    "gratuity", "tips", "service charge", "tax id", "vat number", "tier", "age", "exchange rate",
    "total spent", "lifetime value", "lifetime spend", "expected close date", "due date", "ship date", "shipped date",
    "delivery date", "last activity date", "modified date", "updated at", "last modified", "total due", "order total due",
    "order due", "amount due", "balance due", "outstanding balance", "order subtotal", *_names(foreign_words.OTHERS),
)  # fmt: skip
