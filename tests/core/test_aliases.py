"""Header names of many languages: each means one thing, and those of real-looking files mean the right one."""

from collections import defaultdict

import pytest

from importer.core.model import CUSTOM_FIELDS, EVENT_FIELDS
from importer.core.plan import FIELDS, ITEM_FIELDS, SKIPS, fold, fold_value
from importer.core.recognise import guess
from importer.core.tables import aliases

GROUPS = {
    **{f"field {field}": names for field, names in aliases.NAMES.items()},
    **{f"item {field}": names for field, names in aliases.ITEMS.items()},
    "status": aliases.STATUS,
    "cancelled": aliases.CANCELLED,
    "refunded": aliases.REFUNDED,
    "staff": aliases.STAFF,
    "others": aliases.OTHERS,
}


def meanings(groups, folded):
    found = defaultdict(set)
    for group, names in groups.items():
        for name in names:
            found[folded(name)].add(group)
    return found


def test_no_header_means_two_things():
    assert {name: groups for name, groups in meanings(GROUPS, fold).items() if len(groups) > 1} == {}


def test_every_header_has_letters_to_compare():
    assert [name for names in GROUPS.values() for name in names if not fold(name)] == []


def test_no_status_has_two_meanings():
    assert {word: said for word, said in meanings(aliases.VOCABULARY, fold_value).items() if len(said) > 1} == {}


def test_only_known_fields_and_verdicts_have_names():
    assert set(aliases.NAMES) <= set(FIELDS)
    assert set(aliases.ITEMS) <= set(ITEM_FIELDS)
    assert set(aliases.VOCABULARY) == {"sale", *SKIPS}


def test_every_field_of_people_and_sales_has_a_name():
    device = {"anon_id", "subscription_id", "fb_login_id", "page_id", "page_scoped_user_id", "ctwa_clid"}
    device |= {"ig_account_id", "ig_sid"}
    rare = {"item_number", "predicted_ltv", "net_revenue", "search_string"}  # too unlike in shops' files to be assumed
    assert set(FIELDS) - device - rare <= set(aliases.NAMES)
    assert {*EVENT_FIELDS, *CUSTOM_FIELDS} - rare <= set(aliases.NAMES)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("E-Mail Address", "em"),
        ("customer_email", "em"),
        ("E-Mail-Adresse", "em"),
        ("Correo electrónico", "em"),
        ("Sähköposti", "em"),
        ("Электронная почта", "em"),
        ("メールアドレス", "em"),
        ("邮箱", "em"),
        ("البريد الإلكتروني", "em"),
        ("Phone Number", "ph"),
        ("N° de téléphone", "ph"),
        ("Handynummer", "ph"),
        ("Billing Phone Number", "ph"),
        ("手机号码", "ph"),
        ("휴대폰번호", "ph"),
        ("Số điện thoại", "ph"),
        ("Vorname", "fn"),
        ("Prénom", "fn"),
        ("Imię", "fn"),
        ("NACHNAME", "ln"),
        ("Apellidos", "ln"),
        ("Soyadı", "ln"),
        ("Фамилия", "ln"),
        ("Customer Name", "full_name"),
        ("Nome e Cognome", "full_name"),
        ("Kundens namn", "full_name"),
        ("ग्राहक का नाम", "full_name"),
        ("姓名", "full_name"),
        ("Date de naissance", "db"),
        ("Fødselsdato", "db"),
        ("생년월일", "db"),
        ("Geschlecht", "ge"),
        ("Wohnort", "ct"),
        ("Ciudad", "ct"),
        ("Kota", "ct"),
        ("Bundesland", "st"),
        ("Województwo", "st"),
        ("都道府県", "st"),
        ("PLZ", "zp"),
        ("CAP", "zp"),
        ("CEP", "zp"),
        ("Postnr.", "zp"),
        ("País", "country"),
        ("Ülke", "country"),
        ("Kraj", "country"),
        ("physical_country_id", "country"),
        ("physical_postcode", "zp"),
        ("physical_city", "ct"),
        ("physical_state", "st"),
        ("Kundennummer", "external_id"),
        ("N° client", "external_id"),
        ("會員編號", "external_id"),
        ("Lead ID", "lead_id"),
        ("Bestelldatum", "event_time"),
        ("Fecha de compra", "event_time"),
        ("Data zamówienia", "event_time"),
        ("Päivämäärä", "event_time"),
        ("下单时间", "event_time"),
        ("Tanggal transaksi", "event_time"),
        ("Uhrzeit", "event_clock"),
        ("Fuseau horaire", "event_zone"),
        ("Gesamtbetrag", "value"),
        ("Order Grand Total", "value"),
        ("Montant TTC", "value"),
        ("Importe total", "value"),
        ("Totaal incl. BTW", "value"),
        ("Сумма заказа", "value"),
        ("支払金額", "value"),
        ("إجمالي الطلب", "value"),
        ("Währung", "currency"),
        ("Mata uang", "currency"),
        ("Rechnungs-Nr.", "order_id"),
        ("N° commande", "order_id"),
        ("Transactiereferentie", "order_id"),
        ("Nº de pedido", "order_id"),
        ("Číslo objednávky", "order_id"),
        ("№ заказа", "order_id"),
        ("주문번호", "order_id"),
        ("Mã đơn hàng", "order_id"),
    ],
)
def test_a_header_alone_fills_its_field(header, field):
    plan = guess([header, "Datum"]) if field == "event_clock" else guess([header])
    assert set(plan.columns) - ({"event_time"} if field == "event_clock" else set()) == {field}
    assert not plan.guessed


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Verkäufer",
            "Cashier",
            "Vendeur",
            "Vendedor",
            "Commesso",
            "Medewerker",
            "Kasjer",
            "Säljare",
            "Кассир",
            "担当者",
        ),
        *("Firma", "Raison sociale", "Empresa", "Ragione sociale", "Bedrijfsnaam", "Nazwa firmy", "会社名", "公司"),
        *("Punkte", "Points fidélité", "Puntos", "积分", "Points Balance", "Баллы"),
        *("MwSt.", "TVA", "IVA", "BTW", "VAT Amount", "НДС", "消費税", "KDV"),
        *("Zwischensumme", "Total HT", "Base imponible", "Subtotaal", "Nettobetrag", "小計", "Subtotal"),
        *("Order Total Due", "Balance Due", "Amount Due", "Order Subtotal"),
        *("Versandkosten", "Remise", "Card Number", "Total Spent", "Filiale", "Dirección", "Rue", "Mode de paiement"),
    ],
)
def test_staff_companies_points_taxes_and_subtotals_fill_no_field(header):
    plan = guess([header])
    assert dict(plan.columns) == {}
    assert plan.sale == ()


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Artikelnummer", "id"),
        ("Référence produit", "id"),
        ("Item SKU", "id"),
        ("商品コード", "id"),
        ("Menge", "quantity"),
        ("Qté", "quantity"),
        ("Кол-во", "quantity"),
        ("Einzelpreis", "item_price"),
        ("Precio unitario", "item_price"),
        ("单价", "item_price"),
        ("Nome prodotto", "title"),
        ("Warengruppe", "category"),
    ],
)
def test_a_header_of_items_fills_its_item_field(header, field):
    plan = guess(["sku", "quantity", header])
    assert header in plan.items[field].headers


@pytest.mark.parametrize(
    "header",
    ["Status", "Bestellstatus", "Statut de la commande", "Estado del pedido", "Stato ordine", "Situação", "订单状态"],
)
def test_a_status_column_decides_what_is_a_sale(header):
    (rule,) = guess([header]).sale
    assert rule.column == (header,)
    assert rule.other == "unknown_status"


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Bezahlt", "sale"),
        ("Storniert", "cancelled"),
        ("Rückerstattet", "refunded"),
        ("Gutschrift", "refund"),
        ("Zahlung ausstehend", "unpaid"),
        ("Punkteeinlösung", "not_a_sale"),
        ("PAYÉE", "sale"),
        ("Annulée", "cancelled"),
        ("Remboursé", "refunded"),
        ("Avoir", "refund"),
        ("En attente de paiement", "unpaid"),
        ("Pagado", "sale"),
        ("Cancelado", "cancelled"),
        ("Devuelto", "refunded"),
        ("Devolución", "refund"),
        ("Pendiente de pago", "unpaid"),
        ("Consegnato", "sale"),
        ("Annullato", "cancelled"),
        ("Rimborsato", "refunded"),
        ("Reso", "refund"),
        ("In attesa", "unpaid"),
        ("Entregue", "sale"),
        ("Recusado", "cancelled"),
        ("Estornado", "refunded"),
        ("Devolução", "refund"),
        ("Aguardando pagamento", "unpaid"),
        ("Betaald", "sale"),
        ("Geannuleerd", "cancelled"),
        ("Terugbetaald", "refunded"),
        ("Creditnota", "refund"),
        ("Openstaand", "unpaid"),
        ("已付款", "sale"),
        ("已退款", "refunded"),
        ("等待买家付款", "unpaid"),
        ("买家已付款，等待卖家发货", "sale"),
        ("Отменён", "cancelled"),
    ],
)
def test_a_status_in_another_language_is_understood(word, meaning):
    assert fold_value(word) in {fold_value(known) for known in aliases.VOCABULARY[meaning]}


def test_a_bare_word_for_a_name_stands_among_the_whole_names():
    assert set(aliases.PART_OR_WHOLE) <= set(aliases.NAMES["full_name"])
