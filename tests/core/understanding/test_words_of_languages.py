"""Headers and status words of many languages mean what the people who wrote them meant."""

import pyarrow as pa
import pytest

from importer.core.understanding.claims import claims
from importer.core.understanding.column import LIKELY, SURE, ColumnEvidence
from importer.core.understanding.contents import look
from importer.core.understanding.headers import read_headers
from importer.core.understanding.lexicon import lexicon
from importer.core.understanding.statuses import sale_rules

CELLS = {
    "em": ["a@example.com", "b@example.com"],
    "ph": ["+49 151 2345678", "0151/2345679"],
    "fn": ["Ann", "Bob"],
    "ln": ["Lee", "Doe"],
    "full_name": ["Ann Lee", "Bob Doe"],
    "db": ["1990-02-03", "1980-12-31"],
    "ge": ["f", "m"],
    "ct": ["Berlin", "Rome"],
    "st": ["Bayern", "Hessen"],
    "zp": ["10115", "80331"],
    "country": ["DE", "FR"],
    "external_id": ["C-1001", "C-1002"],
    "lead_id": ["12345678901", "12345678902"],
    "event_time": ["2026-11-12 10:05", "2026-11-13 11:06"],
    "event_clock": ["10:05", "11:06"],
    "event_zone": ["Europe/Berlin", "Europe/Rome"],
    "value": ["19.90", "5.10"],
    "currency": ["EUR", "USD"],
    "order_id": ["A-1001", "A-1002"],
    "id": ["SKU1", "SKU2"],
    "quantity": ["1", "2"],
    "item_price": ["9.95", "5.10"],
    "title": ["Shirt", "Hat"],
    "category": ["Tops", "Hats"],
}
"""Cells that every field would take."""


def column(header, cells):
    return ColumnEvidence("c", read_headers([header])[0], look(pa.array(cells)))


def best(header, field):
    found = sorted(claims(column(header, CELLS[field])), key=lambda claim: -claim.strength)
    return found[0] if found else None


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
        ("Myyntitapahtuman numero", "order_id"),
        ("Transactiereferentie", "order_id"),
        ("Nº de pedido", "order_id"),
        ("Číslo objednávky", "order_id"),
        ("№ заказа", "order_id"),
        ("주문번호", "order_id"),
        ("Mã đơn hàng", "order_id"),
    ],
)
def test_a_header_and_its_cells_fill_their_field(header, field):
    found = best(header, field)
    assert (found.field, found.strength >= SURE) == (field, True)


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
    found = best(header, field)
    assert (found.field, found.strength >= LIKELY) == (field, True)


OTHERS = {
    "full_name": ["Verkäufer", "Cashier", "Vendeur", "Vendedor", "Commesso", "Medewerker", "Kasjer", "Säljare", "Кассир", "担当者",
                  "Firma", "Raison sociale", "Empresa", "Ragione sociale", "Bedrijfsnaam", "Nazwa firmy", "会社名", "公司", "Filiale"],
    "value": ["Punkte", "Points fidélité", "Puntos", "积分", "Points Balance", "Баллы", "MwSt.", "TVA", "IVA", "BTW", "VAT Amount",
              "НДС", "消費税", "KDV", "Zwischensumme", "Total HT", "Base imponible", "Subtotaal", "Nettobetrag", "小計", "Subtotal",
              "Order Total Due", "Balance Due", "Amount Due", "Order Subtotal", "Versandkosten", "Remise", "Total Spent"],
    "ct": ["Dirección", "Rue", "Mode de paiement"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field"), [(header, field) for field, headers in OTHERS.items() for header in headers]
)
def test_staff_companies_points_taxes_and_subtotals_fill_no_field(header, field):
    found = best(header, field)
    assert found is None or found.strength < SURE


@pytest.mark.parametrize(
    "header",
    ["Status", "Bestellstatus", "Statut de la commande", "Estado del pedido", "Stato ordine", "Situação", "订单状态"],
)
def test_a_status_column_decides_what_is_a_sale(header):
    [(_, rule, _)] = sale_rules([column(header, ["paid", "cancelled"])])
    assert rule["known_words"] == "status"


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
def test_a_status_word_is_understood(word, meaning):
    assert lexicon().status(word) == meaning


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        ("Betrag brutto (EUR)", {"amount", "gross"}),
        ("合計金額", {"total"}),
        ("Purchase Time (UTC timezone)", {"order", "time", "zone"}),
        ("buyer_phone_sha256", {"customer", "phone", "hashed"}),
        ("is_refunded", {"yes_no", "refunded"}),
        ("SellerEmailAddress", {"staff", "email"}),
        ("Rechnungsempfängernummer", {"billing", "id"}),
        ("orderdate", {"order", "date"}),
        ("Purchased item quantity", {"sold", "product", "quantity"}),
    ],
)
def test_the_words_of_a_header_are_read_together(header, meanings):
    assert meanings <= read_headers([header])[0].meanings


@pytest.mark.parametrize("header", ["Outcome", "Netto", "Computer", "Mostly"])
def test_no_word_is_found_inside_another(header):
    assert not read_headers([header])[0].has("zone", "email", "total")


def test_a_word_of_two_languages_is_read_in_that_of_the_other_headers():
    italian = read_headers(["Data", "Importo", "Cognome", "Numero ordine"])
    assert italian[0].meanings == {"date"}


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u02bc"])
def test_an_apostrophe_inside_a_ukrainian_word_does_not_end_it(apostrophe):
    first, last, french = read_headers([f"Ім{apostrophe}я покупця", "Прізвище покупця", f"Date d{apostrophe}achat"])
    assert first.meanings == {"name", "customer"}
    assert last.has("last_name")
    assert french.has("date")
