"""Texts that systems and tills write where they know nothing of the customer.

Real names that look the same are kept on purpose: `Null`, `Na`, `Nan` and `Nil` with one capital are people's names,
`Guest` is a surname, and `Test` is one too.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ANYWHERE = _words(
    """
    n/a n.a. n.a n\\a #n/a #na #n/a! #value! #ref! #name? #null! (null) <null> [null] {null} \\n (none) <none>
    [none] none (blank) [blank] (unknown) unknown unkown unknwon undefined anonymous anonym tbd tba tbc
    not_available not_applicable not_provided not_specified not_set notprovided [redacted] redacted [deleted]
    [removed] (deleted) walk-in walkin walk_in unbekannt inconnu inconnue desconocido desconocida desconhecido
    sconosciuto onbekend nieznany okänd ukjent ukendt k.a. s/n s.n. keine ninguno aucun nessuno nessuna geen
    неизвестно 不明 不详 未知 無し なし 없음 غير-معروف
    """
) | frozenset(
    {
        "n / a", "n. a.", "#n/a n/a", "k. a.", "k. a", "not available", "not applicable", "not provided", "not specified",
        "not shared", "not shared by donor", "info requested",
        "not set", "no data", "no name", "noname", "not given", "not known", "no answer", "keine angabe", "ohne angabe",
        "sin datos", "no disponible", "non disponible", "non renseigné", "niet bekend", "brak danych", "нет данных",
        "غير معروف", "no especificado", "não informado", "nao informado",
    }
)  # fmt: skip
"""Casefolded texts, white space in them single, that no key can be."""

EXACT = frozenset({"NA", "NULL", "null", "nil", "NIL", "nan", "NaN", "NAN", "nAn", "XX", "xx"})
"""The same as typed: in other letters these are people's names."""

PEOPLE = frozenset(
    {
        "walk in", "walk-in customer", "walk in customer", "walkin customer", "walk-in client", "walk in client",
        "walk-in guest", "walk in guest", "walkin guest", "guest customer", "guest user", "guest checkout",
        "cash customer", "cash sale", "cash sales", "counter sale", "counter sales", "retail customer",
        "house account", "default customer", "online customer", "in-store customer", "store customer", "pos customer",
        "pos guest", "new customer", "unknown customer", "anonymous customer", "dummy customer", "test customer",
        "customer", "laufkunde", "laufkundschaft", "barverkauf", "gastkunde", "client comptoir", "client de passage",
        "cliente mostrador", "cliente contado", "consumidor final", "público en general", "publico en general",
        "publico general", "público general", "cliente generico", "dummy",
        "привет гость", "розничный покупатель", "散客", "零售客户",
    }
)  # fmt: skip
"""Casefolded texts that stand in columns of names for a customer whom the till does not know."""

GIVEN = frozenset({"guest", "gast", "client", "kunde", "cliente", "visitor", "shopper", "buyer"})
"""The same for first names only: as surnames some of these are real."""

IDS = frozenset({"0", "00", "000", "0000", "-1", "null", "nil", "nan", "na", "guest", "false", "none"})
"""Casefolded ids that mean nobody: shops write 0 for a guest."""

MAIL_USERS = _words(
    """
    none noemail no-email no_email no.email noemailprovided noemailgiven noemailaddress nomail no-mail no_mail
    no.mail noreply no-reply no_reply do-not-reply donotreply null unknown undefined declined refused notprovided
    not.provided not-provided notavailable notgiven n/a nobody anonymous anon guest walkin walk-in customerdeclined
    declinedemail emaildeclined keinemail keine-email keinemail-adresse ohne-email ohneemail sinemail sincorreo
    notiene noaplica no-tiene pasdemail pasdadresse nessunaemail geenemail brakemaila semail placeholder dummy
    fakeemail fake void
    """
)
"""What stands before the @ of an address that nobody reads, whatever follows it."""

MAIL_DOUBLES = _words(
    """
    a aa aaa x xx xxx xyz abc abcd asd asdf asdfg qwe qwerty no na non nil mail email e-mail test tester testing 123
    1234 12345 123456 name user customer client info none null nope nada keine sample something me you blah
    """
)
"""Words that make an address a placeholder when they stand before the @ and as the domain's first label: no@no.com."""

MAIL_DOMAINS = _words(
    """
    noemail.com noemail.net noemail.org noemail.co noemail.de noemail.co.uk no-email.com nomail.com nomail.net
    nomail.de no-mail.com none.com none.net na.com noreply.com nowhere.com nothing.com noaddress.com
    noemailprovided.com notprovided.com notavailable.com declined.com refused.com unknown.com unknown.email null.com
    donthaveone.com keineemail.de keinemail.de sinemail.com sincorreo.com notiene.com fake.com
    """
)
"""Domains that tills put behind any name."""

RELAYS = _words(
    """
    members.ebay relay.walmart.com scs.tiktokw.us scs.tiktok.com scs2.tiktok.com scs.tiktokshop.com
    privaterelay.appleid.com proxymail.facebook.com guest.booking.com guest.airbnb.com reply.airbnb.com
    m.expediapartnercentral.com guest.vrbo.com messages.homeaway.com reply.craigslist.org sale.craigslist.org
    hous.craigslist.org users.noreply.github.com verkopen.bol.com pc.fw.rakuten.ne.jp kaufland-marktplatz.de
    conversations.etsy.com relay.etsy.com seller.target.com
    """
)
"""Domains that pass mail on to a customer whom they hide; a subdomain counts. Meta does not know these addresses."""

RELAY_LABELS = ("marketplace.amazon", "members.ebay", "relay.walmart", "relay.etsy")
"""The same under every country's ending, such as marketplace.amazon.co.uk."""
