"""Words for yes and no in the languages of exports, as people and spreadsheets write them."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


YES = _words(
    """
    true t 1 1.0 1,0 -1 yes y yep on x xx checked check enabled active ok ✓ ✔ ☑ ☒ ✅ ● wahr ja j vrai oui o verdadero si sí s vero sì
    verdadeiro sim waar sant sann sandt tosi kyllä kylla prawda tak pravda ano áno igaz igen doğru evet da adevarat adevărat istina
    tačno taip jah jā αληθής αληθες ναι истина да так true() はい 真 是 对 참 예 네 نعم صحيح כן אמת จริง ใช่ có đúng ya benar हाँ
    """
)
NO = _words(
    """
    false f 0 0.0 0,0 no n nope off unchecked disabled inactive ☐ falsch nein faux non falso não nao onwaar nee falskt nej usant nei
    falsk epätosi epatosi ei fałsz falsz nie nepravda ne hamis nem yanlış yanlis hayır hayir fals nu laž netačno false() όχι οχι
    ψευδής ψευδες ложь нет ні いいえ 偽 否 不 거짓 아니요 아니오 لا خطأ לא שקר เท็จ ไม่ không sai tidak salah नहीं
    """
)

OPTED_OUT = frozenset(
    {
        "opted out", "opt out", "opt-out", "optout", "opted-out", "optedout", "out", "unsubscribed", "unsubscribe", "not subscribed",
        "do not contact", "do not track", "do not sell", "dnc", "revoked", "withdrawn", "denied", "declined", "refused", "rejected",
        "no consent", "not consented", "suppressed", "blocked", "removed", "cleaned", "bounced", "abgemeldet", "widerrufen",
        "abgelehnt", "keine einwilligung", "desabonne", "desinscrit", "refuse", "baja", "dado de baja", "disiscritto", "cancelado",
        "afgemeld", "uitgeschreven", "avregistrerad", "wypisany",
    }
)  # fmt: skip
"""Folded words of a column of opt-outs that say yes, beside `YES`."""

NOT_OPTED_OUT = frozenset(
    {
        "opted in", "opt in", "opt-in", "optin", "opted-in", "optedin", "in", "subscribed", "subscribe", "granted", "allowed",
        "accepted", "agreed", "consent", "consented", "consent given", "not opted out", "angemeldet", "eingewilligt", "zugestimmt",
        "abonniert", "abonne", "inscrit", "suscrito", "iscritto", "inscrito", "aangemeld", "ingeschreven",
    }
)  # fmt: skip
"""Folded words of such a column that say no, beside `NO`."""
