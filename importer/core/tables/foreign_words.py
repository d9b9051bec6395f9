"""Headers that fill no field, and the words of status columns, in the languages of other shops.

The languages and the way of writing are those of `foreign_headers`.
"""

from __future__ import annotations

STATUS: str = """
    Bestellstatus | Auftragsstatus | Zahlungsstatus | Zahlstatus | Vorgangsart | Transaktionsart | Transaktionstyp |
    Belegart | Status der Bestellung | Buchungsart
    Statut | État | Statut de la commande | Statut commande | État de la commande | Statut du paiement |
    Statut de paiement | Type d'opération | Type de transaction | Statut paiement
    Estado | Estatus | Estado del pedido | Estado de pedido | Estado del pago | Estado de pago |
    Tipo de transacción | Tipo de operación | Estado de la orden | Estado del envío
    Stato | Stato ordine | Stato dell'ordine | Stato pagamento | Stato del pagamento | Tipo operazione |
    Tipo transazione | Tipo di operazione
    Situação | Status do pedido | Estado da encomenda | Estado do pedido | Status do pagamento |
    Situação do pedido | Tipo de transação | Status pedido
    Bestelstatus | Betaalstatus | Betalingsstatus | Transactietype | Soort transactie | Status bestelling
    Status zamówienia | Status płatności | Typ transakcji | Betalstatus | Ordrestatus | Transaksjonstype | Tila |
    Tilauksen tila | Maksun tila | Stav | Stav objednávky | Durum | Durumu | Sipariş durumu | Ödeme durumu
    Статус | Статус заказа | Статус оплаты | Тип операции | Статус замовлення | Статус оплати | Тип операції |
    Κατάσταση | Κατάσταση παραγγελίας
    ステータス | 状態 | 注文ステータス | 注文状況 | 取引種別 | 取引区分 | 状态 | 订单状态 | 交易状态 | 支付状态 | 交易类型 | 狀態 | 訂單狀態 | 상태 | 주문상태 | 주문 상태 |
    결제상태 | 거래구분 | الحالة | حالة الطلب | حالة الدفع | स्थिति | ऑर्डर की स्थिति | Status pesanan | Status pembayaran |
    Trạng thái | Trạng thái đơn hàng | Tình trạng
"""

CANCELLED: str = """
    Storniert am | Stornodatum | Annulé le | Date d'annulation | Cancelado el | Fecha de cancelación |
    Annullato il | Data annullamento | Cancelado em | Data de cancelamento | Geannuleerd op | Annuleringsdatum
"""
"""Columns that hold when a sale was cancelled, blank otherwise."""

REFUNDED: str = """
    Erstattungsbetrag | Erstatteter Betrag | Rückerstattungsbetrag | Montant remboursé | Montant du remboursement |
    Importe reembolsado | Importe devuelto | Monto reembolsado | Importo rimborsato | Valor reembolsado |
    Valor estornado | Terugbetaald bedrag
"""

STAFF: str = """
    Mitarbeiter | Verkäufer | Verkäuferin | Kassierer | Kassiererin | Bediener | Berater | Vertreter | Außendienst |
    Sachbearbeiter | Verkaufsberater | Vertriebsmitarbeiter | Bearbeiter
    Vendeur | Vendeuse | Caissier | Employé | Commercial | Conseiller | Opérateur | Nom du vendeur
    Vendedor | Vendedora | Cajero | Cajera | Empleado | Asesor | Agente | Responsable | Ejecutivo | Mesero |
    Atendido por
    Venditore | Cassiere | Commesso | Dipendente | Operatore | Addetto
    Operador | Atendente | Funcionário | Nome do vendedor | Operador de caixa
    Medewerker | Verkoper | Kassier | Kassamedewerker | Sprzedawca | Kasjer | Pracownik | Säljare | Kassör |
    Anställd | Sælger | Medarbejder | Ekspedient | Selger | Ansatt | Myyjä | Prodavač | Pokladní | Satıcı |
    Kasiyer | Personel | Satış temsilcisi
    Продавец | Кассир | Менеджер | Сотрудник | Продавець | Касир | Співробітник | Πωλητής | Ταμίας | Υπάλληλος
    担当者 | 担当 | 販売員 | スタッフ | 店员 | 销售员 | 收银员 | 业务员 | 店員 | 판매원 | 직원 | 담당자 | البائع | الموظف | विक्रेता | कर्मचारी |
    Kasir | Penjual | Karyawan | Nhân viên | Người bán | Thu ngân
"""

OTHERS: str = """
    Firma | Firmenname | Unternehmen | Filiale | Laden | Markt | Punkte | Bonuspunkte | Punktestand | MwSt |
    MwSt.-Betrag | USt | Umsatzsteuer | Mehrwertsteuer | Steuer | Steuerbetrag | Zwischensumme | Nettobetrag |
    Netto | Nettosumme | Nettoumsatz | Gesamt netto | Summe netto | Versand | Versandkosten | Rabatt | Gebühr |
    Gebühren | Bemerkung | Notiz | Kommentar | Anmerkung | Straße | Strasse | Anschrift | Adresse | Hausnummer |
    Zahlungsart | Zahlungsmethode | USt-IdNr. | Steuernummer | Trinkgeld | Kartennummer | Kasse
    Société | Raison sociale | Entreprise | Magasin | Boutique | Points fidélité | TVA | Montant TVA | Taxe |
    Taxes | Sous-total | Total HT | Montant HT | Prix HT | CA HT | Livraison | Frais de port | Frais de livraison |
    Remise | Réduction | Commission | Frais | Remarque | Commentaire | Rue | Mode de paiement | Moyen de paiement |
    SIRET | SIREN | Numéro de TVA | Caisse | Pourboire
    Empresa | Razón social | Tienda | Sucursal | Puntos | IVA | Impuesto | Impuestos |
    Base imponible | Neto | Importe neto | Envío | Gastos de envío | Descuento | Comisión | Nota | Notas |
    Observaciones | Comentarios | Dirección | Calle | Domicilio | Método de pago | Forma de pago | NIF | CIF | DNI |
    RFC | RUT | Propina | Caja
    Azienda | Ragione sociale | Società | Negozio | Punto vendita | Punti | Imposta | Imponibile | Subtotale |
    Totale netto | Totale parziale | Spedizione | Spese di spedizione | Sconto | Commissione | Osservazioni |
    Indirizzo | Via | Metodo di pagamento | Modalità di pagamento | Partita IVA | P. IVA | Codice fiscale | Mancia |
    Cassa
    Razão social | Loja | Filial | Pontos | Imposto | Impostos | ICMS | Valor líquido | Frete | Envio | Desconto |
    Taxa | Observações | Endereço | Morada | Rua | Logradouro | Bairro | Forma de pagamento | Meio de pagamento |
    CPF | CNPJ | Gorjeta | Caixa
    Bedrijf | Bedrijfsnaam | Winkel | Vestiging | Punten | BTW | BTW-bedrag | Subtotaal | Totaal excl. btw |
    Bedrag excl. btw | Verzendkosten | Korting | Kosten | Opmerking | Opmerkingen | Straat | Adres | Betaalmethode |
    Betaalwijze | BTW-nummer | Fooi
    Nazwa firmy | Sklep | Oddział | Punkty | Podatek | VAT | Kwota VAT | Kwota netto | Wartość netto | Wysyłka |
    Koszt wysyłki | Rabat | Prowizja | Uwagi | Ulica | Metoda płatności | Forma płatności | NIP
    Företag | Företagsnamn | Butik | Poäng | Moms | Delsumma | Nettobelopp | Summa exkl. moms | Frakt | Avgift |
    Anteckning | Adress | Gata | Gatuadress | Betalningssätt | Betalsätt |
    Organisationsnummer
    Virksomhed | Firmanavn | Point | Beløb ekskl. moms | Nettobeløb | Fragt | Gebyr | Bemærkning | Gade | Vejnavn |
    Betalingsmetode | CVR
    Selskap | Bedrift | Butikk | Poeng | MVA | Delsum | Nettobeløp | Beløp ekskl. mva | Merknad | Gateadresse |
    Betalingsmåte | Orgnr
    Yritys | Myymälä | Toimipiste | Pisteet | ALV | Välisumma | Veroton | Veroton summa | Toimituskulut | Alennus |
    Huomautus | Osoite | Katuosoite | Maksutapa | Y-tunnus
    Společnost | Název firmy | Prodejna | Body | DPH | Mezisoučet | Bez DPH | Celkem bez DPH | Doprava | Sleva |
    Poznámka | Ulice | Způsob platby | IČO | DIČ
    Şirket | Firma adı | Mağaza | Şube | Puan | KDV | Ara toplam | KDV hariç | Kargo | İndirim | Komisyon | Cadde |
    Adres satırı | Ödeme yöntemi | Ödeme tipi | Vergi no
    Компания | Организация | Магазин | Филиал | Баллы | Бонусы | НДС | Подытог | Промежуточный итог | Без НДС |
    Доставка | Скидка | Комиссия | Комментарий | Примечание | Улица | Адрес | Способ оплаты | ИНН | Касса
    Компанія | Організація | Філія | Бали | ПДВ | Проміжний підсумок | Без ПДВ | Знижка | Комісія | Коментар |
    Примітка | Вулиця | Адреса | Спосіб оплати | ЄДРПОУ
    Εταιρεία | Επωνυμία | Κατάστημα | Πόντοι | ΦΠΑ | Υποσύνολο | Καθαρή αξία | Αποστολή | Έκπτωση | Σχόλια |
    Παρατηρήσεις | Διεύθυνση | Οδός | Τρόπος πληρωμής | ΑΦΜ
    会社名 | 会社 | 店舗 | 店舗名 | ポイント | 獲得ポイント | 消費税 | 税 | 税金 | 税額 | 小計 | 税抜 | 税抜金額 | 送料 | 割引 | 手数料 | 備考 | メモ | 住所 | 番地 |
    支払方法 | お支払い方法 | レジ番号
    公司 | 公司名称 | 门店 | 店铺 | 门店名称 | 积分 | 積分 | 税额 | 小计 | 不含税金额 | 运费 | 折扣 | 优惠 | 优惠金额 | 手续费 | 备注 | 地址 | 街道 | 详细地址 |
    支付方式 | 付款方式 | 公司名稱 | 運費 | 備註
    회사 | 회사명 | 매장 | 매장명 | 지점 | 포인트 | 적립금 | 부가세 | 세금 | 소계 | 공급가액 | 배송비 | 할인 | 할인금액 | 수수료 | 비고 | 주소 | 상세주소 | 결제수단 |
    결제방법
    الشركة | اسم الشركة | المتجر | الفرع | نقاط | النقاط | الضريبة | ضريبة القيمة المضافة | المجموع الفرعي | الشحن |
    تكلفة الشحن | الخصم | ملاحظات | العنوان | الشارع | طريقة الدفع | الرقم الضريبي
    कंपनी | दुकान | अंक | कर | जीएसटी | GST | उप योग | छूट | टिप्पणी | पता | भुगतान विधि | भुगतान का तरीका | GSTIN
    Perusahaan | Toko | Cabang | Poin | Pajak | PPN | Ongkir | Ongkos kirim | Diskon | Catatan | Alamat |
    Metode pembayaran | NPWP
    Công ty | Tên công ty | Cửa hàng | Chi nhánh | Điểm | Điểm tích lũy | Thuế | Thuế VAT | Tạm tính |
    Phí vận chuyển | Giảm giá | Chiết khấu | Ghi chú | Địa chỉ | Phương thức thanh toán | Hình thức thanh toán |
    Mã số thuế
"""

VOCABULARY: dict[str, str] = {
    "sale": """
        bezahlt | vollständig bezahlt | abgeschlossen | erledigt | ausgeliefert | geliefert | zugestellt |
        versendet | versandt | verschickt | verkauft | verkauf | kauf | rechnung | abgeholt | fertig | beendet |
        gebucht | gewonnen | bestätigt | in bearbeitung | teilweise erstattet | teilerstattet | abholbereit | bar |
        ja | zahlung | fakturiert | erfolgreich | barverkauf
        payé | payée | réglé | réglée | terminé | terminée | expédié | expédiée | livré | livrée | vendu | vente |
        achat | facture | facturé | facturée | encaissé | validé | validée | confirmé | confirmée | gagné | retiré |
        traité | partiellement remboursé | partiellement remboursée | paiement accepté | acceptée | oui | paiement |
        effectué | soldée
        pagado | pagada | completado | completada | finalizado | finalizada | enviado | enviada | entregado |
        entregada | vendido | venta | compra | factura | facturado | facturada | cobrado | cobrada | confirmado |
        confirmada | ganado | procesado | procesando | cerrado | parcialmente reembolsado | recogido | aprobado |
        aprobada | exitoso | sí | pago | liquidado | despachado
        pagato | pagata | completato | completata | concluso | conclusa | spedito | spedita | consegnato |
        consegnata | venduto | vendita | acquisto | fattura | fatturato | incassato | confermato | confermata |
        chiuso | evaso | evasa | vinto | in lavorazione | parzialmente rimborsato | ritirato | approvato | sì |
        pagamento | saldato
        pago | paga | concluído | concluída | finalizado | finalizada | enviado | entregue | vendido | venda |
        compra | fatura | faturado | faturada | recebido | confirmado | aprovado | aprovada | ganho | processado |
        processando | em processamento | parcialmente reembolsado | retirado | sim | pagamento | atendido |
        despachado
        betaald | voltooid | afgerond | verzonden | geleverd | bezorgd | verkocht | verkoop | aankoop | factuur |
        gefactureerd | bevestigd | afgehandeld | verwerkt | in behandeling genomen |
        gedeeltelijk terugbetaald | deels terugbetaald | opgehaald | voldaan | ja | betaling | gesloten
        zapłacone | opłacone | opłacony | zrealizowane | zakończone | wysłane | dostarczone | sprzedaż | zakup |
        sprzedane
        betald | slutförd | skickad | levererad | såld | köp | försäljning | betalt | gennemført | afsendt |
        leveret | salg | solgt | køb | fullført | sendt | levert | kjøp | maksettu | valmis | toimitettu |
        lähetetty | myynti | zaplaceno | dokončeno | odesláno | doručeno | vyřízeno | prodej
        ödendi | tamamlandı | teslim edildi | kargoya verildi | satış | gönderildi | оплачен | оплачено | выполнен |
        завершен | завершён | доставлен | отправлен | продажа | выполнено | виконано | доставлено | завершено |
        продаж | πληρωμένο | πληρώθηκε | ολοκληρώθηκε | ολοκληρωμένη | παραδόθηκε | απεστάλη | πώληση
        支払済 | 支払い済み | 入金済み | 完了 | 発送済み | 出荷済み | 配達完了 | 売上 | 販売 | 購入 | 已付款 | 已支付 | 已完成 | 交易成功 | 交易完成 | 买家已付款，等待卖家发货 | 卖家已发货，等待买家确认 | 已发货 | 已签收 |
        已收货 | 销售 | 已完成訂單 | 완료 | 결제완료 | 배송완료 | 배송중 | 구매확정 | 판매 | مدفوع | مكتمل | مكتملة | تم التسليم | تم التوصيل |
        تم الشحن | भुगतान किया गया | पूर्ण | वितरित | बिक्री | lunas | selesai | dikirim | terkirim | dibayar |
        penjualan | đã thanh toán | hoàn thành | đã giao | đã giao hàng | bán hàng
    """,
    "refunded": """
        erstattet | rückerstattet | zurückerstattet | vollständig erstattet | zurückgegeben | retourniert |
        zurückgesendet | zurückgebucht
        remboursé | remboursée | retourné | retournée
        reembolsado | reembolsada | devuelto | devuelta
        rimborsato | rimborsata | reso effettuato | restituito | stornato
        devolvido | devolvida | estornado | estornada
        terugbetaald | geretourneerd | teruggestuurd
        zwrócone | zwrócony | återbetald | återbetalad | returnerad | refunderet | returneret | refundert |
        returnert | hyvitetty | palautettu | vráceno | iade edildi | возвращен | возвращён | возвращено |
        повернено | επιστράφηκε
        返金済み | 返品済み | 已退款 | 退款成功 | 已退货 | 환불완료 | 반품완료 | تم الاسترداد | مسترد | वापस किया गया | धन वापसी |
        dikembalikan | đã hoàn tiền | đã trả hàng
    """,
    "refund": """
        erstattung | rückerstattung | rückgabe | retoure | gutschrift | rückzahlung | warenrückgabe | umtausch
        remboursement | retour | avoir | note de crédit
        reembolso | devolución | devolucion | nota de crédito | abono
        rimborso | reso | nota di credito | restituzione
        devolução | estorno | troca
        terugbetaling | creditnota | creditfactuur
        zwrot | korekta | återbetalning | retur | kreditfaktura | tilbagebetaling | kreditnota | tilbakebetaling |
        hyvitys | palautus | hyvityslasku | vrácení | dobropis | iade | возврат | повернення | επιστροφή | πιστωτικό
        返金 | 返品 | 退款 | 退货 | 退貨 | 환불 | 반품 | استرداد | مرتجع | वापसी | retur barang | pengembalian |
        pengembalian dana | hoàn tiền | trả hàng
    """,
    "cancelled": """
        storniert | storno | abgebrochen | abgelehnt | fehlgeschlagen | ungültig | gelöscht | verloren | gescheitert
        annulé | annulée | échoué | échouée | échec | refusé | refusée | expiré | expirée | perdu | abandonné |
        abandonnée
        cancelado | cancelada | anulado | anulada | fallido | fallida | rechazado | rechazada | vencido | expirado |
        perdido | denegado
        annullato | annullata | fallito | fallita | rifiutato | rifiutata | scaduto | scaduta | perso
        recusado | recusada | falhou | falhado | negado | expirada
        geannuleerd | mislukt | geweigerd | afgewezen | verlopen | vervallen
        anulowane | anulowany | odrzucone | nieudane | avbruten | avbeställd | makulerad | misslyckad | annulleret |
        afvist | kansellert | avvist | peruttu | peruutettu | hylätty | zrušeno | zrušená | stornováno |
        iptal edildi | iptal | başarısız | отменен | отменён | отменено | отклонен | ошибка | скасовано |
        відхилено | ακυρώθηκε | ακυρωμένη
        キャンセル | キャンセル済み | 取消 | 失敗 | 已取消 | 交易关闭 | 已关闭 | 失败 | 取消订单 | 취소 | 취소완료 | 주문취소 | 결제실패 | ملغي | ملغى | ملغية |
        مرفوض | रद्द | रद्द किया गया | असफल | dibatalkan | batal | gagal | đã hủy | hủy | thất bại
    """,
    "unpaid": """
        offen | ausstehend | wartend | unbezahlt | nicht bezahlt | in wartestellung | entwurf | angebot |
        zahlung ausstehend | warten auf zahlung | wartet auf zahlung | überfällig | teilweise bezahlt |
        teilbezahlt | autorisiert | reserviert | neu | vorkasse
        en attente | en attente de paiement | attente de paiement | non payé | non payée | impayé | impayée |
        brouillon | devis | à payer | partiellement payé | partiellement payée | autorisé | nouveau | nouvelle |
        en retard
        pendiente | pendiente de pago | en espera | no pagado | no pagada | sin pagar | impagado | borrador |
        presupuesto | cotización | parcialmente pagado | autorizado | por pagar | nuevo
        in attesa | in sospeso | in attesa di pagamento | non pagato | non pagata | da pagare | bozza | preventivo |
        parzialmente pagato | autorizzato | aperto | insoluto | nuovo
        pendente | aguardando | aguardando pagamento | em aberto | não pago | não paga | rascunho | orçamento |
        parcialmente pago | em espera | novo
        in afwachting | in de wacht | wacht op betaling | in afwachting van betaling | openstaand | onbetaald |
        niet betaald | concept | offerte | gedeeltelijk betaald | deels betaald | nieuw
        oczekujące | nieopłacone | niezapłacone | oczekuje na płatność | robocze | väntande | obetald | avventer |
        ubetalt | afventer | odottaa | maksamatta | avoin | luonnos | čeká na platbu | nezaplaceno |
        čekající | beklemede | ödeme bekliyor | ödenmedi | ожидает | ожидает оплаты | не оплачен | не оплачено |
        в ожидании | очікує | очікує оплати | не сплачено | σε αναμονή | εκκρεμεί | απλήρωτο
        未払い | 未入金 | 支払い待ち | 保留 | 入金待ち | 未付款 | 待付款 | 待支付 | 等待付款 | 等待买家付款 | 未支付 | 입금대기 | 결제대기 | 미결제 | 대기 | قيد الانتظار |
        معلق | غير مدفوع | بانتظار الدفع | लंबित | भुगतान बाकी | अवैतनिक | menunggu | menunggu pembayaran |
        belum bayar | belum dibayar | chờ thanh toán | chưa thanh toán | đang chờ
    """,
    "not_a_sale": """
        punktekorrektur | punkteeinlösung | einlösung | korrektur | umbuchung | auszahlung | einzahlung | einlage |
        entnahme | gebühr | überweisung
        ajustement | virement | retrait de fonds | dépôt | frais | utilisation de points | régularisation
        ajuste | transferencia | retiro | depósito | comisión | canje | canje de puntos
        rettifica | trasferimento | prelievo | versamento | commissione | riscatto punti
        transferência | saque | taxa | resgate | resgate de pontos
        correctie | overboeking | opname | storting | kosten | punten ingewisseld
    """,
}
"""What the words of a status column mean. `paga` and `pago` are Portuguese for paid; Spanish `pago` is a payment, too."""
