"""ISO 4217 currencies of 2026 with their minor digits, and the symbols and names that mean exactly one of them."""

_TWO_DIGITS = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW
KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}
"""Code -> digits of its minor unit. Without funds, metals and test codes, which pay for no sale. BGN is kept although
the euro replaced it in January 2026: sales of the weeks before are still told in it."""

WITHOUT_PARTS = frozenset(
    [
        *_NO_DIGITS.split(),
        *[
            "ARS",
            "COP",
            "CRC",
            "HUF",
            "IDR",
            "IQD",
            "IRR",
            "KHR",
            "KZT",
            "LAK",
            "LBP",
            "LKR",
            "MMK",
            "MNT",
            "NGN",
            "PKR",
            "SYP",
            "TZS",
            "UZS",
            "YER",
        ],
    ]
)
"""Currencies whose parts buy nothing, by ISO 4217 or by their worth: one unit is less than a US cent."""

STRIPE_DIGITS: dict[str, int] = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where Stripe's minor units differ from ISO 4217 [docs.stripe.com/currencies, zero-decimal and special cases]."""

SYMBOLS: dict[str, str] = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₫": "VND", "₪": "ILS",
    "฿": "THB", "₦": "NGN", "₱": "PHP", "₲": "PYG", "₡": "CRC", "₸": "KZT", "₮": "MNT", "₭": "LAK", "₵": "GHS",
    "₾": "GEL", "₼": "AZN", "֏": "AMD", "৳": "BDT", "៛": "KHR", "R$": "BRL", "US$": "USD", "U$S": "USD", "$US": "USD",
    "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "$CA": "CAD", "CAN$": "CAD", "CDN$": "CAD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "MX$": "MXN", "MEX$": "MXN", "AR$": "ARS", "CLP$": "CLP",
    "JP¥": "JPY", "CN¥": "CNY", "RMB": "CNY", "円": "JPY", "원": "KRW", "人民币": "CNY", "zł": "PLN", "Kč": "CZK",
    "Ft": "HUF", "lei": "RON", "лв": "BGN", "лв.": "BGN", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "грн": "UAH",
    "SFr": "CHF", "SFr.": "CHF", "Fr.": "CHF", "Rp": "IDR", "RM": "MYR", "TL": "TRY", "S/": "PEN", "S/.": "PEN",
    "GH₵": "GHS", "KSh": "KES", "EURO": "EUR", "EUROS": "EUR",
}  # fmt: skip
"""Symbol -> code, where people mean exactly one currency by it."""

_DOLLARS = """
USD AUD CAD NZD HKD SGD TWD MXN ARS CLP COP UYU BRL DOP CUP BBD BSD BZD BMD BND FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD
NIO CVE MOP XCG ZWG
"""
_RUPEES, _KRONER, _DIRHAMS = "INR PKR LKR NPR MUR SCR", "SEK NOK DKK ISK", "AED MAD"
_YEN = "JPY CNY TWD HKD MOP"
VAGUE_SYMBOLS: dict[str, frozenset[str]] = {
    symbol: frozenset(codes.split())
    for symbol, codes in {
        "$": _DOLLARS, "dollar": _DOLLARS, "dollars": _DOLLARS, "¥": _YEN, "元": _YEN, "圆": _YEN,
        "kr": _KRONER, "kr.": _KRONER, "Rs": _RUPEES, "Rs.": _RUPEES, "₨": _RUPEES, "Dhs": _DIRHAMS, "Dhs.": _DIRHAMS,
        "Dh": _DIRHAMS, "Dh.": _DIRHAMS, "﷼": "IRR SAR QAR OMR YER", "R": "ZAR BRL RUB", "Q": "GTQ", "Bs": "BOB VES", "Bs.": "BOB VES",
        "Fr": "CHF XOF XAF XPF GNF CDF BIF DJF KMF RWF", "¢": "", "din": "RSD DZD TND KWD BHD JOD IQD LYD MKD", "din.": "RSD MKD", "ден": "MKD",
        "som": "KGS UZS",
    }.items()
}  # fmt: skip
"""Symbols that stand beside amounts and name several currencies, or none, with those that they may be."""

OTHER_CODES: dict[str, str] = {
    "CNH": "CNY", "RMB": "CNY", "NTD": "TWD", "RUR": "RUB", "STG": "GBP", "UKP": "GBP", "CDN": "CAD", "NIS": "ILS",
    "SFR": "CHF",
}  # fmt: skip
"""Letters that are no code of ISO 4217, and mean one currency: of the same money abroad, a former or a common code."""

MINOR_UNITS = frozenset({"GBX", "GBPENCE", "ZAC", "ILA", "USX", "EUX"})
"""Codes of pence, cents and agorot, as exchanges write them; `GBp` is one as well."""

NUMBERS: dict[str, str] = dict(
    pair.split(":")
    for pair in [
        "784:AED",
        "971:AFN",
        "008:ALL",
        "051:AMD",
        "973:AOA",
        "032:ARS",
        "036:AUD",
        "533:AWG",
        "944:AZN",
        "977:BAM",
        "052:BBD",
        "050:BDT",
        "975:BGN",
        "048:BHD",
        "108:BIF",
        "060:BMD",
        "096:BND",
        "068:BOB",
        "986:BRL",
        "044:BSD",
        "064:BTN",
        "072:BWP",
        "933:BYN",
        "084:BZD",
        "124:CAD",
        "976:CDF",
        "756:CHF",
        "152:CLP",
        "156:CNY",
        "170:COP",
        "188:CRC",
        "192:CUP",
        "132:CVE",
        "203:CZK",
        "262:DJF",
        "208:DKK",
        "214:DOP",
        "012:DZD",
        "818:EGP",
        "232:ERN",
        "230:ETB",
        "978:EUR",
        "242:FJD",
        "238:FKP",
        "826:GBP",
        "981:GEL",
        "936:GHS",
        "292:GIP",
        "270:GMD",
        "324:GNF",
        "320:GTQ",
        "328:GYD",
        "344:HKD",
        "340:HNL",
        "332:HTG",
        "348:HUF",
        "360:IDR",
        "376:ILS",
        "356:INR",
        "368:IQD",
        "364:IRR",
        "352:ISK",
        "388:JMD",
        "400:JOD",
        "392:JPY",
        "404:KES",
        "417:KGS",
        "116:KHR",
        "174:KMF",
        "408:KPW",
        "410:KRW",
        "414:KWD",
        "136:KYD",
        "398:KZT",
        "418:LAK",
        "422:LBP",
        "144:LKR",
        "430:LRD",
        "426:LSL",
        "434:LYD",
        "504:MAD",
        "498:MDL",
        "969:MGA",
        "807:MKD",
        "104:MMK",
        "496:MNT",
        "446:MOP",
        "929:MRU",
        "480:MUR",
        "462:MVR",
        "454:MWK",
        "484:MXN",
        "458:MYR",
        "943:MZN",
        "516:NAD",
        "566:NGN",
        "558:NIO",
        "578:NOK",
        "524:NPR",
        "554:NZD",
        "512:OMR",
        "590:PAB",
        "604:PEN",
        "598:PGK",
        "608:PHP",
        "586:PKR",
        "985:PLN",
        "600:PYG",
        "634:QAR",
        "946:RON",
        "941:RSD",
        "643:RUB",
        "646:RWF",
        "682:SAR",
        "090:SBD",
        "690:SCR",
        "938:SDG",
        "752:SEK",
        "702:SGD",
        "654:SHP",
        "925:SLE",
        "706:SOS",
        "968:SRD",
        "728:SSP",
        "930:STN",
        "760:SYP",
        "748:SZL",
        "764:THB",
        "972:TJS",
        "934:TMT",
        "788:TND",
        "776:TOP",
        "949:TRY",
        "780:TTD",
        "901:TWD",
        "834:TZS",
        "980:UAH",
        "800:UGX",
        "840:USD",
        "858:UYU",
        "860:UZS",
        "928:VES",
        "704:VND",
        "548:VUV",
        "882:WST",
        "950:XAF",
        "951:XCD",
        "952:XOF",
        "953:XPF",
        "886:YER",
        "710:ZAR",
        "967:ZMW",
    ]
)
"""ISO 4217's numbers, as card terminals write them; a column of currencies alone may hold them."""

NAMES: dict[str, str] = {
    "US Dollar": "USD", "U.S. Dollar": "USD", "US Dollars": "USD", "U.S. Dollars": "USD", "United States Dollar": "USD",
    "American Dollar": "USD", "US-Dollar": "USD", "Dollar US": "USD", "Dólar estadounidense": "USD", "Euro": "EUR",
    "Euros": "EUR", "British Pound": "GBP", "British Pounds": "GBP", "Pound Sterling": "GBP", "Pounds Sterling": "GBP",
    "British Pound Sterling": "GBP", "Sterling": "GBP", "UK Pound": "GBP", "Britisches Pfund": "GBP",
    "Livre sterling": "GBP", "Swiss Franc": "CHF", "Swiss Francs": "CHF", "Schweizer Franken": "CHF",
    "Franc suisse": "CHF", "Japanese Yen": "JPY", "Yen": "JPY", "Chinese Yuan": "CNY", "Yuan Renminbi": "CNY",
    "Renminbi": "CNY", "Yuan": "CNY", "Canadian Dollar": "CAD", "Canadian Dollars": "CAD", "Dollar canadien": "CAD",
    "Australian Dollar": "AUD", "Australian Dollars": "AUD", "New Zealand Dollar": "NZD", "Hong Kong Dollar": "HKD",
    "Singapore Dollar": "SGD", "New Taiwan Dollar": "TWD", "Taiwan Dollar": "TWD", "Indian Rupee": "INR",
    "Indian Rupees": "INR", "Pakistani Rupee": "PKR", "Sri Lankan Rupee": "LKR", "Nepalese Rupee": "NPR",
    "Swedish Krona": "SEK", "Swedish Kronor": "SEK", "Norwegian Krone": "NOK", "Danish Krone": "DKK",
    "Icelandic Krona": "ISK", "Polish Zloty": "PLN", "Zloty": "PLN", "Złoty": "PLN", "Czech Koruna": "CZK",
    "Hungarian Forint": "HUF", "Forint": "HUF", "Romanian Leu": "RON", "Bulgarian Lev": "BGN", "Turkish Lira": "TRY",
    "Türk Lirası": "TRY", "Russian Ruble": "RUB", "Russian Rouble": "RUB", "Ukrainian Hryvnia": "UAH",
    "Hryvnia": "UAH", "Serbian Dinar": "RSD", "Brazilian Real": "BRL", "Real brasileiro": "BRL", "Mexican Peso": "MXN",
    "Peso mexicano": "MXN", "Argentine Peso": "ARS", "Peso argentino": "ARS", "Chilean Peso": "CLP",
    "Peso chileno": "CLP", "Colombian Peso": "COP", "Peso colombiano": "COP", "Uruguayan Peso": "UYU",
    "Peruvian Sol": "PEN", "South African Rand": "ZAR", "Rand": "ZAR", "Nigerian Naira": "NGN", "Naira": "NGN",
    "Kenyan Shilling": "KES", "Ghanaian Cedi": "GHS", "Egyptian Pound": "EGP", "Moroccan Dirham": "MAD",
    "UAE Dirham": "AED", "United Arab Emirates Dirham": "AED", "Saudi Riyal": "SAR", "Qatari Riyal": "QAR",
    "Qatari Rial": "QAR", "Omani Rial": "OMR", "Kuwaiti Dinar": "KWD", "Bahraini Dinar": "BHD",
    "Jordanian Dinar": "JOD", "Tunisian Dinar": "TND", "Israeli New Shekel": "ILS", "Israeli Shekel": "ILS",
    "New Israeli Sheqel": "ILS", "South Korean Won": "KRW", "Korean Won": "KRW", "Thai Baht": "THB", "Baht": "THB",
    "Vietnamese Dong": "VND", "Indonesian Rupiah": "IDR", "Rupiah": "IDR", "Malaysian Ringgit": "MYR",
    "Philippine Peso": "PHP", "Bangladeshi Taka": "BDT", "Kazakhstani Tenge": "KZT", "Georgian Lari": "GEL",
}  # fmt: skip
"""Names in the languages of exports -> code; a bare `Dollar`, `Peso`, `Krone` or `Rupee` names several."""
