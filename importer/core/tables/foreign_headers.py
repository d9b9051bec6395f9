"""Header names of fields in the languages of other shops, one language after another.

The languages, in this order where they have something to say: German, French, Spanish, Italian, Portuguese, Dutch,
Polish, Swedish, Danish, Norwegian, Finnish, Czech, Turkish, Russian, Ukrainian, Greek, Japanese, Chinese, Korean,
Arabic, Hindi, Indonesian, Vietnamese. A word of two languages stands with the first of them. Names are separated by `|` or
end with the line; they are compared folded, so case, blanks and punctuation do not matter.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    "em": """
        E-Mail-Adresse | Emailadresse | Mailadresse | Kunden-E-Mail | E-Mail Kunde | E-Mail des Kunden
        Courriel | Adresse e-mail | Adresse mail | Adresse de courriel | E-mail client | E-mail du client |
        Adresse électronique
        Correo | Correo electrónico | Correo electronico | Dirección de correo electrónico | Dirección de correo |
        Correo del cliente | Email del cliente | Email cliente | E-mail de contacto
        Posta elettronica | Indirizzo email | Indirizzo mail | Mail cliente | Email del cliente
        Correio eletrónico | Correio eletrônico | Endereço de e-mail | E-mail do cliente | E-mail do comprador
        E-mailadres | Mailadres | E-mail klant | E-mailadres klant | Klant e-mail
        Adres e-mail | Adres mailowy | Poczta elektroniczna | E-mail klienta | E-mail kupującego
        E-post | E-postadress | Mejl | Mejladress | Kundens e-post
        Kundens e-mail
        E-postadresse | Epost adresse
        Sähköposti | Sähköpostiosoite | Asiakkaan sähköposti
        E-mailová adresa | E-mail zákazníka
        E-posta | E-posta adresi | Müşteri e-posta
        Электронная почта | Почта | Эл. почта | Адрес электронной почты | Email клиента | Емейл | Имейл
        Електронна пошта | Пошта | Ел. пошта | Електронна адреса | Email клієнта
        Ηλεκτρονικό ταχυδρομείο | Ηλεκτρονική διεύθυνση | Διεύθυνση email | Email πελάτη
        メール | メールアドレス | Eメール | 電子メール | Eメールアドレス | 購入者メールアドレス
        邮箱 | 电子邮件 | 电子邮箱 | 邮箱地址 | 郵箱 | 電子郵件 | 電子信箱 | 客户邮箱 | 买家邮箱
        이메일 | 이메일 주소 | 메일 | 전자우편 | 고객 이메일 | 주문자 이메일
        البريد الإلكتروني | البريد الالكتروني | الإيميل | الايميل | بريد العميل
        ईमेल | ई-मेल | ईमेल पता | ईमेल आईडी
        Alamat email | Surel | Email pelanggan
        Thư điện tử | Địa chỉ email | Email khách hàng
    """,
    "ph": """
        Telefon | Telefonnummer | Telefonnr | Tel.-Nr. | Handy | Handynummer | Mobil | Mobilnummer | Mobiltelefon |
        Rufnummer | Mobilfunknummer | Kundentelefon | Festnetz
        Téléphone | Numéro de téléphone | N° de téléphone | N° téléphone | Tél | Portable | Téléphone portable |
        Téléphone mobile | Numéro de portable | Téléphone client
        Teléfono | Telefono | Número de teléfono | Móvil | Teléfono móvil | Celular | Número de celular |
        Teléfono del cliente | Teléfono de contacto | Núm. de teléfono
        Numero di telefono | Cellulare | Numero di cellulare | Telefono cliente | Recapito telefonico | N. telefono
        Telefone | Número de telefone | Telemóvel | Número de telemóvel | Telefone do cliente | Telefone celular |
        Fone | WhatsApp
        Telefoonnummer | Telefoon | Mobiel | Mobiel nummer | Mobiele telefoon | Gsm | Gsm-nummer | Tel. klant
        Numer telefonu | Nr telefonu | Telefon komórkowy | Komórka | Nr tel. | Telefon klienta
        Mobiltelefonnummer | Telefonnummer mobil
        Tlf | Tlf. | Telefonnr. | Mobilnr
        Telefon kunde
        Puhelin | Puhelinnumero | Matkapuhelin | Kännykkä | Puh.
        Telefonní číslo | Tel. číslo | Mobilní telefon
        Cep telefonu | Telefon numarası | Telefon no | GSM no
        Телефон | Номер телефона | Мобильный | Мобильный телефон | Телефон клиента | Тел.
        Номер телефону | Мобільний | Мобільний телефон | Телефон клієнта
        Τηλέφωνο | Κινητό | Κινητό τηλέφωνο | Αριθμός τηλεφώνου | Τηλ.
        電話番号 | 電話 | 携帯電話 | 携帯電話番号 | 携帯番号 | 連絡先電話番号 | TEL番号
        电话 | 手机 | 手机号 | 手机号码 | 电话号码 | 联系电话 | 移动电话 | 電話號碼 | 手機 | 手機號碼 | 聯絡電話 | 收货人电话 | 收件人手机 | 买家手机
        전화 | 전화번호 | 휴대폰 | 휴대폰번호 | 휴대전화 | 핸드폰 | 연락처 | 주문자 전화번호 | 주문자 휴대폰
        الهاتف | رقم الهاتف | الجوال | رقم الجوال | رقم الموبايل | هاتف العميل
        फ़ोन | फोन | फ़ोन नंबर | फोन नंबर | मोबाइल | मोबाइल नंबर
        Telepon | Nomor telepon | No. telepon | No telp | Nomor HP | No HP | Nomor handphone | Ponsel
        Điện thoại | Số điện thoại | SĐT | Số di động | Di động
    """,
    "fn": """
        Vorname | Vorname des Kunden | Rufname
        Prénom | Prénom client | Prénom du client | Prenom
        Primer nombre | Nombre de pila
        Nome di battesimo
        Primeiro nome | Nome próprio
        Voornaam
        Imię | Imie
        Förnamn | Fornavn | Etunimi | Křestní jméno
        名 | ファーストネーム | 下の名前
        名字
        이름(명)
        الاسم الأول | الاسم الاول
        पहला नाम | प्रथम नाम
        Nama depan
        Tên đệm và tên
    """,
    "ln": """
        Nachname | Familienname | Zuname | Nachname des Kunden
        Nom de famille | Nom famille | Nom patronymique
        Apellido | Apellidos | Apellido(s) | Primer apellido | Apellidos del cliente
        Cognome | Cognome cliente
        Sobrenome | Apelido | Último nome
        Achternaam | Familienaam
        Nazwisko
        Efternamn | Efternavn | Etternavn | Sukunimi | Příjmení
        Soyad | Soyadı | Soyisim
        Фамилия
        Прізвище
        Επώνυμο | Επίθετο
        姓 | 苗字
        姓氏
        성 | 성씨
        اسم العائلة | اللقب | الاسم الأخير
        उपनाम | अंतिम नाम | कुलनाम
        Nama belakang | Nama keluarga
        Họ
    """,
    "full_name": """
        Kunde | Kundenname | Name des Kunden | Käufer | Käufername | Vor- und Nachname | Vollständiger Name |
        Name Kunde
        Client | Nom du client | Nom client | Nom complet | Acheteur | Nom et prénom | Prénom et nom |
        Nom de l'acheteur
        Cliente | Nombre del cliente | Nombre cliente | Nombre completo | Nombre y apellidos | Nombre y apellido |
        Comprador
        Nome cliente | Nome del cliente | Nominativo | Nome e cognome | Cognome e nome | Acquirente | Intestatario
        Nome do cliente | Nome completo | Nome do comprador
        Klant | Klantnaam | Naam klant | Naam van de klant | Volledige naam | Koper
        Klient | Imię i nazwisko | Nazwa klienta | Kupujący | Imię i nazwisko klienta
        Kund | Kundnamn | Kundens namn | Fullständigt namn | Köpare
        Kundenavn | Kundens navn | Fulde navn | Køber
        Fullt navn | Kjøper
        Asiakas | Asiakkaan nimi | Koko nimi | Ostaja
        Zákazník | Jméno zákazníka | Celé jméno | Jméno a příjmení | Kupující
        Müşteri | Müşteri adı | Ad soyad | Adı soyadı | Ad-Soyad | Alıcı | Müşteri adı soyadı | Alıcı adı
        ФИО | Клиент | Имя клиента | Покупатель | Имя и фамилия | Фамилия и имя | Фамилия Имя Отчество
        ПІБ | Клієнт | Ім'я клієнта | Покупець | Прізвище та ім'я | Ім'я та прізвище
        Ονοματεπώνυμο | Πελάτης | Όνομα πελάτη | Αγοραστής
        氏名 | お名前 | 顧客名 | 会員名 | 購入者名 | 注文者名 | お客様名 | 注文者氏名
        姓名 | 客户姓名 | 客户名称 | 客户 | 顾客 | 顾客姓名 | 买家姓名 | 收货人 | 收件人 | 收货人姓名 | 客戶 | 客戶姓名 | 會員姓名 | 会员姓名
        성명 | 고객 | 고객명 | 고객 이름 | 주문자 | 주문자명 | 구매자 | 구매자명
        الاسم الكامل | اسم العميل | العميل | اسم الزبون | الزبون | اسم المشتري
        पूरा नाम | ग्राहक का नाम | ग्राहक | ग्राहक नाम
        Nama lengkap | Nama pelanggan | Pelanggan | Nama pembeli | Pembeli | Nama customer
        Họ và tên | Họ tên | Tên khách hàng | Khách hàng | Người mua | Tên người mua
    """,
    "db": """
        Geburtsdatum | Geburtstag | Geb.-Datum | Geburtsdatum des Kunden
        Date de naissance | Né le | Anniversaire
        Fecha de nacimiento | Fecha nacimiento | Cumpleaños
        Data di nascita | Data nascita | Compleanno
        Data de nascimento | Data nascimento | Aniversário | Nascimento
        Geboortedatum | Verjaardag
        Data urodzenia | Urodziny
        Födelsedatum | Födelsedag | Fødselsdato | Fødselsdag | Syntymäaika | Syntymäpäivä
        Datum narození | Narozeniny
        Doğum tarihi | Doğum günü
        Дата рождения | День рождения
        Дата народження | День народження
        Ημερομηνία γέννησης | Γενέθλια
        生年月日 | 誕生日
        出生日期 | 生日
        생년월일 | 생일
        تاريخ الميلاد
        जन्म तिथि | जन्मतिथि | जन्मदिन
        Tanggal lahir | Tgl lahir
        Ngày sinh
    """,
    "doby": """
        Geburtsjahr | Année de naissance | Año de nacimiento | Anno di nascita | Ano de nascimento | Geboortejaar
        Rok urodzenia | Födelseår | Fødselsår | Syntymävuosi | Rok narození | Doğum yılı | Год рождения |
        Рік народження | Έτος γέννησης
    """,
    "ge": """
        Geschlecht | Sexe | Sexo | Género | Sesso | Genere | Gênero | Geslacht | Płeć | Kön | Køn | Kjønn |
        Sukupuoli | Pohlaví | Cinsiyet
        Пол | Стать | Φύλο | 性別 | 性别 | 성별 | الجنس | लिंग | Jenis kelamin | Giới tính
    """,
    "ct": """
        Stadt | Ort | Wohnort | Rechnungsort | Lieferort | Stadt/Ort | Ort/Stadt | Gemeinde
        Ville | Commune | Localité | Ville de facturation | Ville de livraison | Ville client
        Ciudad | Localidad | Población | Municipio | Ciudad de facturación | Ciudad del cliente | Ciudad de envío
        Città | Comune | Località | Città di fatturazione | Città di spedizione | Citta
        Cidade | Município | Cidade de cobrança | Cidade de entrega | Cidade do cliente
        Stad | Plaats | Woonplaats | Plaatsnaam | Gemeente
        Miasto | Miejscowość
        Postort | Bostadsort
        By | Bynavn
        Poststed
        Kaupunki | Paikkakunta | Postitoimipaikka
        Město | Obec
        Şehir | İlçe | Şehir/İlçe
        Город | Населенный пункт | Населённый пункт
        Місто | Населений пункт
        Πόλη
        市区町村 | 市町村 | 市
        城市 | 市区 | 所在城市
        도시 | 시/군/구 | 시군구
        المدينة
        शहर | नगर
        Kota | Kota/Kabupaten | Kabupaten/Kota
        Thành phố | Quận/Huyện
    """,
    "st": """
        Bundesland | Kanton | Bundesland/Kanton | Region/Bundesland
        Région | Province/Région | État/Province | Région/État
        Provincia | Comunidad autónoma | Provincia/Estado | Estado/Provincia | Región | Departamento/Estado
        Regione | Prov. | Provincia/Regione
        UF | Distrito | Estado (UF) | Estado/UF
        Provincie | Województwo | Län | Landskap | Fylke | Maakunta
        İl
        Область | Регион | Область/Регион | Край/Область
        Область/Край | Регіон
        Νομός | Περιφέρεια
        都道府県 | 県
        省 | 省份 | 省/州 | 州/省
        시/도 | 시도
        المنطقة | المحافظة | الولاية
        राज्य
        Provinsi
        Tỉnh | Tỉnh/Thành phố | Tỉnh thành
    """,
    "zp": """
        PLZ | Postleitzahl | PLZ Kunde | Rechnungs-PLZ | Liefer-PLZ
        Code postal | CP | Code postal client | Code postal de facturation
        Código postal | Codigo postal | C.P. cliente | Cód. postal
        CAP | Codice postale | C.A.P. cliente
        CEP | Cod. postal
        Postcode klant
        Kod pocztowy
        Postnummer | Postnr | Postnr. | Postnumero
        PSČ | Poštovní směrovací číslo
        Posta kodu
        Почтовый индекс | Индекс
        Поштовий індекс | Індекс
        Ταχυδρομικός κώδικας | Τ.Κ. | ΤΚ
        郵便番号
        邮编 | 邮政编码 | 郵遞區號 | 郵政編碼
        우편번호
        الرمز البريدي
        पिन कोड | पिनकोड | डाक कोड
        Kode pos
        Mã bưu điện | Mã bưu chính | Mã zip
    """,
    "country": """
        Land | Rechnungsland | Lieferland | Ländercode | Länderkürzel | Land/Region | Land des Kunden
        Pays | Pays de facturation | Pays de livraison | Code pays | Pays/Région | Pays client
        País | Pais | País de facturación | País de envío | Código de país | País/Región | País del cliente
        Paese | Nazione | Codice paese | Paese di fatturazione | Nazione cliente
        País de cobrança | Código do país | País do cliente
        Landcode | Land klant
        Kraj | Kraj klienta | Państwo | Kod kraju
        Landskod | Landekode | Landkode | Maa | Maakoodi
        Země | Stát | Kód země
        Ülke | Ülke kodu
        Страна | Код страны
        Країна | Код країни
        Χώρα
        国 | 国名 | 国コード | 国/地域
        国家 | 国家/地区 | 國家 | 国家代码
        국가 | 나라 | 국가코드
        البلد | الدولة | بلد العميل
        देश
        Negara
        Quốc gia
    """,
    "external_id": """
        Kundennummer | Kundennr | Kunden-Nr. | Kd.-Nr. | Kunden-ID | Mitgliedsnummer | Mitgliedsnr | Mitglieds-ID |
        Debitorennummer | Debitoren-Nr.
        Numéro client | N° client | Numéro de client | Code client | Identifiant client | Référence client |
        Numéro d'adhérent | N° adhérent | Réf. client
        ID cliente | ID de cliente | ID del cliente | Código de cliente | Código cliente | Código del cliente |
        Número de cliente | Nº cliente | Nº de cliente | Número de socio | Nº socio | Clave de cliente
        Codice cliente | Numero cliente | Cod. cliente | Id del cliente | N. cliente
        ID do cliente | Código do cliente | Número do cliente | Nº do cliente | Número de sócio
        Klantnummer | Klant-ID | Klantnr | Klantcode | Lidnummer | Relatienummer
        Numer klienta | Nr klienta | ID klienta | Kod klienta
        Kundnummer | Kundnr | Kund-ID | Medlemsnummer | Kundenummer | Kundenr | Kunde-ID | Medlemsnr
        Asiakasnumero | Asiakasnro | Asiakas-ID | Asiakastunnus | Jäsennumero
        Číslo zákazníka | ID zákazníka | Kód zákazníka
        Müşteri no | Müşteri numarası | Müşteri ID | Müşteri kodu | Üye no | Üye numarası
        ID клиента | Номер клиента | Код клиента
        ID клієнта | Номер клієнта | Код клієнта
        Κωδικός πελάτη | Αριθμός πελάτη | Αρ. πελάτη
        顧客ID | 顧客番号 | 会員番号 | 会員ID | 顧客コード | お客様番号
        客户编号 | 客户ID | 客户号 | 会员号 | 会员编号 | 会员ID | 顾客编号 | 客戶編號 | 會員編號
        고객번호 | 고객 ID | 고객 번호 | 회원번호 | 회원 ID | 고객코드
        رقم العميل | معرف العميل | رقم العضوية
        ग्राहक आईडी | ग्राहक संख्या | सदस्य संख्या
        ID pelanggan | Kode pelanggan | Nomor anggota | No anggota | ID member
        Mã khách hàng | Mã KH | Mã thành viên
    """,
    "event_time": """
        Datum | Bestelldatum | Kaufdatum | Verkaufsdatum | Rechnungsdatum | Belegdatum | Auftragsdatum |
        Zahlungsdatum | Transaktionsdatum | Datum/Uhrzeit | Datum und Uhrzeit | Bestellzeitpunkt | Bezahlt am |
        Bestellt am | Zeitpunkt | Zeitstempel | Erstellt am | Datum der Bestellung | Bondatum
        Date de commande | Date d'achat | Date de vente | Date de facture | Date de facturation |
        Date de la commande | Date de paiement | Date et heure | Date/heure | Date de transaction | Créé le |
        Horodatage | Date commande | Payé le | Date facture
        Fecha | Fecha de pedido | Fecha del pedido | Fecha de compra | Fecha de venta | Fecha de factura |
        Fecha de la factura | Fecha y hora | Fecha/hora | Fecha de pago | Fecha de transacción |
        Fecha de la transacción | Fecha pedido | Fecha de operación
        Data | Data ordine | Data dell'ordine | Data acquisto | Data di acquisto | Data vendita | Data di vendita |
        Data fattura | Data e ora | Data/ora | Data pagamento | Data transazione
        Data do pedido | Data da compra | Data de compra | Data da venda | Data de venda | Data da encomenda |
        Data e hora | Data/hora | Data do pagamento | Data da transação | Data da fatura | Data pedido
        Orderdatum | Besteldatum | Aankoopdatum | Verkoopdatum | Factuurdatum | Datum en tijd | Transactiedatum |
        Betaaldatum | Betaald op
        Data zamówienia | Data zakupu | Data sprzedaży | Data i godzina | Data faktury | Data transakcji |
        Data wystawienia | Data płatności
        Beställningsdatum | Köpdatum | Försäljningsdatum | Fakturadatum | Datum och tid | Inköpsdatum |
        Transaktionsdatum
        Dato | Ordredato | Købsdato | Salgsdato | Fakturadato | Dato og tid | Bestillingsdato | Transaktionsdato
        Kjøpsdato | Dato og klokkeslett | Transaksjonsdato
        Päivämäärä | Pvm | Tilauspäivä | Ostopäivä | Myyntipäivä | Päiväys | Tilauspvm | Laskun päivä
        Datum objednávky | Datum nákupu | Datum prodeje | Datum a čas | Datum vystavení
        Tarih | Sipariş tarihi | Satış tarihi | Fatura tarihi | Satın alma tarihi | İşlem tarihi | Tarih/Saat |
        Tarih ve saat
        Дата | Дата заказа | Дата покупки | Дата продажи | Дата и время | Дата оплаты | Дата операции |
        Дата создания | Дата чека
        Дата замовлення | Дата продажу | Дата та час | Дата оплати | Дата створення
        Ημερομηνία | Ημερομηνία παραγγελίας | Ημερομηνία αγοράς | Ημερομηνία πώλησης | Ημ/νία | Ημερομηνία και ώρα
        日付 | 日時 | 注文日 | 注文日時 | 購入日 | 購入日時 | 売上日 | 取引日 | 取引日時 | 受注日 | 販売日 | 決済日時 | 年月日 | 受注日時
        日期 | 下单时间 | 下单日期 | 订单时间 | 订单日期 | 交易时间 | 交易日期 | 付款时间 | 支付时间 | 订单创建时间 | 购买日期 | 销售日期 | 成交时间 | 訂單日期 | 下單時間 |
        付款時間 | 交易日
        날짜 | 일자 | 주문일 | 주문일자 | 주문일시 | 주문 날짜 | 구매일 | 거래일 | 거래일시 | 결제일 | 결제일시 | 판매일 | 판매일자
        التاريخ | تاريخ الطلب | تاريخ الشراء | تاريخ البيع | تاريخ الفاتورة | التاريخ والوقت
        दिनांक | तारीख | तिथि | ऑर्डर की तारीख | खरीद की तारीख | बिक्री की तारीख | आदेश दिनांक
        Tanggal | Tanggal pesanan | Tanggal pembelian | Tanggal order | Tgl | Tanggal transaksi | Waktu pesanan |
        Waktu transaksi | Tanggal penjualan
        Ngày | Ngày đặt hàng | Ngày mua | Ngày bán | Ngày giờ | Ngày đặt | Ngày giao dịch | Thời gian đặt hàng |
        Ngày hóa đơn
    """,
    "event_clock": """
        Uhrzeit | Zeit | Bestellzeit | Kaufzeit
        Heure | Heure de commande | Heure d'achat
        Hora | Hora del pedido | Hora de compra | Hora de venta
        Ora | Orario | Ora ordine | Ora vendita
        Hora do pedido | Hora da compra | Horário
        Tijd | Tijdstip | Besteltijd
        Godzina | Czas
        Tid | Klockslag | Klokkeslæt | Klokkeslett | Kellonaika | Aika | Klo
        Čas
        Saat | Sipariş saati
        Время | Время заказа
        Час | Час замовлення
        Ώρα
        時刻 | 時間 | 注文時刻
        时间
        시간 | 시각
        الوقت
        समय
        Jam | Waktu
        Giờ | Thời gian
    """,
    "event_zone": """
        Zeitzone | Fuseau horaire | Zona horaria | Fuso orario | Fuso horário | Tijdzone | Strefa czasowa |
        Tidszon | Tidszone | Tidssone | Aikavyöhyke
        Časové pásmo | Saat dilimi | Часовой пояс | Часовий пояс | Ζώνη ώρας | タイムゾーン | 时区 | 時區 | 시간대 |
        المنطقة الزمنية | समय क्षेत्र | Zona waktu | Múi giờ
    """,
    "value": """
        Betrag | Summe | Gesamt | Gesamtbetrag | Gesamtsumme | Gesamtpreis | Bruttobetrag | Endbetrag |
        Rechnungsbetrag | Umsatz | Brutto | Bruttoumsatz | Zahlbetrag | Bestellwert | Auftragswert | Wert |
        Bestellsumme | Gesamt brutto | Betrag brutto | Summe brutto | Verkaufsbetrag | Bonsumme | Gezahlter Betrag
        Montant | Montant total | Total TTC | Montant TTC | Prix total | Prix TTC | Chiffre d'affaires |
        Montant payé | Total commande | Total de la commande | Montant de la commande | Total payé | Valeur |
        Montant de la vente | CA TTC | Montant facture
        Importe | Importe total | Monto | Monto total | Total pagado | Precio total | Ventas | Valor | Valor total |
        Total del pedido | Total pedido | Importe pagado | Total con IVA | Total factura | Monto pagado |
        Importe del pedido | Importe de la venta
        Importo | Totale | Importo totale | Totale ordine | Prezzo totale | Fatturato | Totale ivato |
        Importo pagato | Totale fattura | Valore | Totale IVA inclusa | Totale pagato | Totale documento | Incasso |
        Importo ordine | Totale scontrino
        Montante | Preço total | Valor pago | Total do pedido | Faturamento | Valor do pedido | Valor da venda |
        Total pago | Valor da compra | Total com IVA | Valor da nota | Total da encomenda
        Bedrag | Totaal | Totaalbedrag | Totaal incl. btw | Omzet | Orderbedrag | Totaalprijs | Betaald bedrag |
        Waarde | Orderwaarde | Factuurbedrag | Bedrag incl. btw | Ordertotaal | Totaal inclusief btw
        Kwota | Wartość | Suma | Razem | Kwota brutto | Wartość brutto | Wartość zamówienia | Kwota zamówienia |
        Do zapłaty | Łączna kwota | Kwota całkowita | Cena całkowita
        Belopp | Summa | Totalt | Totalbelopp | Totalsumma | Ordersumma | Värde | Ordervärde | Summa inkl. moms |
        Att betala
        Beløb | I alt | Samlet beløb | Totalbeløb | Ordretotal | Beløb inkl. moms | Omsætning
        Beløp | Totalbeløp | Sum | Totalsum | Ordresum | Beløp inkl. mva | Omsetning
        Yhteensä | Kokonaissumma | Loppusumma | Tilauksen summa | Myynti | Maksettu | Hinta yhteensä
        Částka | Celkem | Celková cena | Cena celkem | Celková částka | Celkem s DPH | Hodnota objednávky
        Tutar | Toplam | Toplam tutar | Genel toplam | Sipariş tutarı | Satış tutarı | Ödenen tutar | Fatura tutarı
        Сумма | Итого | Стоимость | Сумма заказа | Общая сумма | Выручка | Сумма покупки | Сумма продажи |
        Итоговая сумма | Сумма чека | Оплачено
        Сума | Разом | Сума замовлення | Вартість | Загальна сума | Сума покупки | Сума чека
        Ποσό | Σύνολο | Συνολικό ποσό | Γενικό σύνολο | Σύνολο παραγγελίας | Αξία παραγγελίας
        金額 | 合計 | 合計金額 | 売上 | 売上金額 | 支払金額 | 総額 | 税込金額 | 注文金額 | 請求金額 | 購入金額 | 税込合計 | 総合計 | お支払い金額 | 決済金額 | 売上高
        金额 | 总额 | 总金额 | 合计 | 订单金额 | 实付金额 | 支付金额 | 实付款 | 付款金额 | 总价 | 销售额 | 订单总额 | 交易金额 | 總金額 | 總計 | 訂單金額 | 合計金额 |
        实收金额 | 成交金额
        금액 | 합계 | 총액 | 총금액 | 결제금액 | 주문금액 | 매출 | 결제 금액 | 총 결제금액 | 총 주문금액 | 판매금액 | 매출액
        المبلغ | الإجمالي | الاجمالي | المجموع | إجمالي الطلب | المبلغ الإجمالي | قيمة الطلب | المبلغ المدفوع
        राशि | कुल | कुल राशि | भुगतान राशि | बिक्री राशि | कुल योग
        Total harga | Total bayar | Nominal | Total pembayaran | Total belanja | Total penjualan | Nilai transaksi |
        Jumlah bayar | Total pesanan
        Số tiền | Tổng | Tổng tiền | Tổng cộng | Thành tiền | Doanh thu | Tổng giá trị | Giá trị đơn hàng |
        Tổng thanh toán
    """,
    "currency": """
        Währung | Währungscode | Devise | Code devise | Moneda | Divisa | Valuta | Codice valuta | Moeda |
        Munteenheid | Waluta | Valutakod | Valutakode | Valuutta
        Měna | Para birimi | Döviz | Валюта | Νόμισμα | 通貨 | 通貨コード | 货币 | 币种 | 貨幣 | 幣別 | 통화 | العملة | मुद्रा |
        Mata uang | Tiền tệ | Loại tiền
    """,
    "order_id": """
        Bestellnummer | Bestellnr | Bestell-Nr. | Bestell-ID | Bestellung | Auftragsnummer | Auftragsnr |
        Auftrag-Nr. | Auftrags-Nr. | Rechnungsnummer | Rechnungsnr | Rechnungs-Nr. | Belegnummer | Belegnr |
        Beleg-Nr. | Bonnummer | Bon-Nr. | Vorgangsnummer | Transaktionsnummer | Transaktions-ID | Transaktionscode |
        Quittungsnummer | Kassenbon-Nr. | Auftrag
        Commande | Numéro de commande | N° de commande | N° commande | No commande | No de commande |
        Nº de commande | Nº commande | Numéro commande | ID commande | Référence commande | Référence de commande |
        Réf. commande | Numéro de facture | N° de facture | N° facture | Facture | Numéro de ticket | N° ticket |
        Numéro de transaction | ID de transaction
        Pedido | Número de pedido | Nº pedido | Nº de pedido | N.º de pedido | N° de pedido | N° pedido |
        Núm. pedido | ID de pedido | ID pedido | ID del pedido | Factura | Número de factura | Nº factura |
        Nº de factura | N° factura | Folio | ID de transacción | Número de transacción | Número de ticket |
        Referencia de pedido | Código de pedido | Nº ticket
        Ordine | Numero ordine | N. ordine | N° ordine | Nr. ordine | ID ordine | Numero d'ordine | Numero fattura |
        N. fattura | Numero scontrino | Scontrino | ID transazione | Codice transazione | Numero transazione |
        Codice ordine
        Número do pedido | Nº do pedido | N° do pedido | ID do pedido | Encomenda | Nº encomenda |
        Número da encomenda | Fatura | Número da fatura | Nota fiscal | Número da nota | Código do pedido |
        ID da transação | Número da nota fiscal | Cód. pedido | Cupom fiscal
        Bestelnummer | Bestelnr | Ordernummer | Factuurnummer | Factuurnr | Kassabonnummer | Transactienummer |
        Transactie-ID | Transactiereferentie | Bestelling
        Numer zamówienia | Nr zamówienia | Zamówienie | ID zamówienia | Numer faktury | Nr faktury | Nr paragonu |
        Numer paragonu | Numer transakcji | Numer dokumentu
        Ordernr | Beställningsnummer | Fakturanummer | Kvittonummer | Beställning
        Ordrenummer | Ordrenr | Ordre-ID | Fakturanr | Bilagsnummer | Kvitteringsnummer | Ordre
        Bestillingsnummer | Bestilling
        Tilausnumero | Tilausnro | Tilaus | Laskunumero | Kuittinumero | Laskun numero
        Číslo objednávky | Objednávka | Č. objednávky | Číslo faktury | Číslo dokladu | Číslo účtenky
        Sipariş no | Sipariş numarası | Sipariş ID | Sipariş | Fatura no | Fatura numarası | Fiş no | İşlem no |
        İşlem numarası
        Номер заказа | № заказа | Заказ | ID заказа | Номер чека | № чека | Номер счета | Номер счёта |
        Номер документа | ID транзакции
        Номер замовлення | № замовлення | Замовлення | ID замовлення | Номер рахунку
        Αριθμός παραγγελίας | Αρ. παραγγελίας | Παραγγελία | Κωδικός παραγγελίας | Αριθμός απόδειξης |
        Αριθμός τιμολογίου
        注文番号 | 注文ID | 受注番号 | 伝票番号 | レシート番号 | 取引ID | 取引番号 | 請求書番号 | オーダー番号
        订单号 | 订单编号 | 订单ID | 单号 | 单据编号 | 交易号 | 交易编号 | 流水号 | 发票号 | 小票号 | 訂單編號 | 訂單號碼 | 訂單號 | 單號 | 交易單號
        주문번호 | 주문 번호 | 주문 ID | 거래번호 | 거래 번호 | 영수증번호 | 전표번호
        رقم الطلب | رقم الفاتورة | رقم العملية | رقم المعاملة | معرف الطلب
        ऑर्डर नंबर | ऑर्डर संख्या | ऑर्डर आईडी | बिल नंबर | चालान संख्या | आदेश संख्या
        Nomor pesanan | No. pesanan | ID pesanan | Nomor faktur | Nomor invoice | No. invoice | No. faktur |
        Nomor transaksi | No. transaksi | No. struk
        Mã đơn hàng | Số đơn hàng | Mã đơn | Số hóa đơn | Mã giao dịch | Mã hóa đơn | Đơn hàng
    """,
}

PART_OR_WHOLE: str = """
    Nom | Nombre | Nome | Naam | Nazwa | Namn | Navn | Nimi | Jméno | Ad | Adı | İsim | Имя | Ім'я | Όνομα | 名前 |
    이름 | الاسم | नाम | Nama | Tên
"""
"""The bare word for a name: beside a first name it is the surname, beside a surname the first name, alone the whole."""

ITEMS: dict[str, str] = {
    "id": """
        Artikelnummer | Artikelnr | Art.-Nr. | Artikel-Nr. | Artikel-ID | Produktnummer | Produkt-ID | Warennummer
        Code article | Référence produit | Référence article | Réf. produit | Réf. article | Code produit |
        ID produit
        Código de producto | Código producto | Código del producto | Referencia del producto | ID de producto |
        Código de artículo
        Codice articolo | Codice prodotto | ID prodotto | Cod. articolo
        Código do produto | ID do produto | Cód. produto
        Productcode artikel | Artikelcode | Kod produktu | Indeks produktu | Varenummer | Varenr | Tuotenumero |
        Tuotekoodi | Kód produktu | Kód zboží
        Ürün kodu | Stok kodu | Артикул | Код товара | Код товару | Κωδικός προϊόντος | 商品コード | 商品番号 | 品番 | 商品ID |
        商品编码 | 商品编号 | 货号 | 商品編號 | 상품코드 | 상품번호 | رمز المنتج | उत्पाद कोड | Kode produk | Kode barang | Mã sản phẩm |
        Mã hàng
    """,
    "quantity": """
        Menge | Anzahl | Stückzahl | Stück | Quantité | Qté | Cantidad | Cant. | Quantità | Qtà | Quantidade | Qtd |
        Qtde | Aantal | Ilość | Liczba sztuk | Antal | Antall | Määrä | Kpl
        Množství | Počet kusů | Adet | Miktar | Количество | Кол-во | Кількість | К-сть | Ποσότητα | 数量 | 個数 | 數量 |
        수량 | الكمية | मात्रा | Kuantitas | Số lượng
    """,
    "item_price": """
        Einzelpreis | Stückpreis | Preis | Preis pro Stück | Prix unitaire | Prix | Precio unitario | Precio |
        Prezzo unitario | Prezzo | Preço unitário | Preço | Stuksprijs | Prijs per stuk | Eenheidsprijs | Prijs
        Cena jednostkowa | Cena | Styckpris | Pris | Stykpris | Enhedspris | Enhetspris | Yksikköhinta | Hinta |
        Jednotková cena | Birim fiyat | Fiyat | Цена | Ціна | Τιμή μονάδας | Τιμή
        単価 | 价格 | 单价 | 單價 | 단가 | 가격 | السعر | मूल्य | Harga satuan | Harga | Đơn giá
    """,
    "title": """
        Produkt | Produktname | Artikel | Artikelbezeichnung | Bezeichnung | Artikelname | Produit |
        Nom du produit | Désignation | Libellé produit | Producto | Nombre del producto | Artículo | Prodotto |
        Nome prodotto | Articolo | Produto | Nome do produto
        Productnaam | Artikelnaam | Nazwa produktu | Towar | Produktnamn | Vara | Varenavn | Produktnavn | Tuote |
        Tuotenimi | Název produktu | Zboží | Ürün | Ürün adı | Товар | Наименование | Название товара |
        Назва товару | Προϊόν | 商品 | 商品名 | 产品 | 产品名称 | 商品名称 | 商品名稱
        상품 | 상품명 | المنتج | اسم المنتج | उत्पाद | उत्पाद का नाम | Produk | Nama produk | Nama barang | Sản phẩm |
        Tên sản phẩm
    """,
    "brand": """
        Marke | Marque | Marca | Merk | Märke | Mærke | Merke | Tuotemerkki | Značka | Marka | Бренд | Μάρκα |
        ブランド | 品牌 | 브랜드 | العلامة التجارية | ब्रांड | Merek | Thương hiệu
    """,
    "category": """
        Kategorie | Warengruppe | Produktkategorie | Catégorie | Categoría | Categoria | Categorie | Kategoria |
        Kategori | Tuoteryhmä | Категория | Категорія | Κατηγορία | カテゴリ | カテゴリー | 类别 | 分类 | 類別 | 카테고리 | الفئة |
        श्रेणी | Danh mục
    """,
}
