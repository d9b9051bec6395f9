"""The texts for users in four languages, as Meta has them: never to be matched on.

Texts of business rules name no event. Texts of shape errors hold the place in `{path}`.
"""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("en", "fr", "de", "da")

_SHAPE_TITLES: Final = {
    "en": "Server Side Api Parameter Error",
    "fr": "Erreur de paramètre de l'API côté serveur",
    "de": "Parameterfehler der serverseitigen API",
    "da": "Parameterfejl i API på serversiden",
}

_SHAPE_TEXTS: Final = {
    "unexpected": {
        "en": 'Unexpected key "{name}" on param "{path}".',
        "fr": 'Clé inattendue "{name}" dans le paramètre "{path}".',
        "de": 'Unerwarteter Schlüssel "{name}" im Parameter "{path}".',
        "da": 'Uventet nøgle "{name}" i parameteren "{path}".',
    },
    "missing": {
        "en": 'Missing key "{name}" on param "{path}".',
        "fr": 'Clé manquante "{name}" dans le paramètre "{path}".',
        "de": 'Fehlender Schlüssel "{name}" im Parameter "{path}".',
        "da": 'Manglende nøgle "{name}" i parameteren "{path}".',
    },
    "type": {
        "en": 'Param "{path}" must be: {name}.',
        "fr": 'Le paramètre "{path}" doit être du type : {name}.',
        "de": 'Der Parameter "{path}" muss vom Typ {name} sein.',
        "da": 'Parameteren "{path}" skal være af typen {name}.',
    },
    "value": {
        "en": 'The value of param "{path}" is not valid.',
        "fr": 'La valeur du paramètre "{path}" est incorrecte.',
        "de": 'Der Wert des Parameters "{path}" ist ungültig.',
        "da": 'Værdien af parameteren "{path}" er ikke gyldig.',
    },
}

_RULE_TEXTS: Final = {
    "2804001": {
        "en": ("Event Not Accepted", "An event in this request cannot be accepted. Please correct it."),
        "fr": ("Évènement refusé", "Un évènement de cette demande ne peut pas être accepté. Corrigez-le."),
        "de": ("Event nicht akzeptiert", "Ein Event dieser Anfrage kann nicht akzeptiert werden. Korrigiere es."),
        "da": ("Hændelsen blev afvist", "En hændelse i denne anmodning kan ikke accepteres. Ret den."),
    },
    "2804003": {
        "en": ("Event Timestamp Too Old", "The event time lies too far in the past to be accepted."),
        "fr": ("Date de l'évènement trop ancienne", "L'heure de l'évènement est trop ancienne pour être acceptée."),
        "de": ("Zeitstempel des Events zu alt", "Die Zeit des Events liegt zu weit zurück."),
        "da": ("Hændelsens tidsstempel er for gammelt", "Hændelsens tidspunkt ligger for langt tilbage."),
    },
    "2804004": {
        "en": ("Event Timestamp In The Future", "The event time must not lie in the future."),
        "fr": ("Date de l'évènement dans le futur", "L'heure de l'évènement ne doit pas être dans le futur."),
        "de": ("Zeitstempel des Events in der Zukunft", "Die Zeit des Events darf nicht in der Zukunft liegen."),
        "da": ("Hændelsens tidsstempel er i fremtiden", "Hændelsens tidspunkt må ikke ligge i fremtiden."),
    },
    "2804008": {
        "en": ("Missing Content Field", 'An item of contents has no usable "{name}".'),
        "fr": ("Champ de contenu manquant", 'Un article de contents est sans champ "{name}" utilisable.'),
        "de": ("Fehlendes Inhaltsfeld", 'Ein Artikel in contents hat kein brauchbares "{name}".'),
        "da": ("Manglende indholdsfelt", 'En vare i contents har ikke et brugbart "{name}".'),
    },
    "2804009": {
        "en": ("Missing Value for Purchase Event", "A Purchase event needs a value in custom_data."),
        "fr": ("Valeur manquante pour l'évènement d'achat", "Un évènement Purchase exige une valeur dans custom_data."),
        "de": ("Fehlender Wert für Kauf-Event", "Ein Purchase-Event braucht einen Wert in custom_data."),
        "da": ("Manglende værdi for købshændelse", "En Purchase-hændelse kræver en værdi i custom_data."),
    },
    "2804010": {
        "en": ("Invalid Currency for Purchase Event", "A Purchase event needs a currency of ISO 4217 in custom_data."),
        "fr": ("Devise non valide pour l'achat", "Un évènement Purchase exige une devise ISO 4217 dans custom_data."),
        "de": ("Ungültige Währung für Kauf-Event", "Ein Purchase-Event braucht eine Währung nach ISO 4217."),
        "da": ("Ugyldig valuta for købshændelse", "En Purchase-hændelse kræver en valuta efter ISO 4217."),
    },
    "2804016": {
        "en": ("User Parameter Not Hashed", "The parameter {name} must be hashed with SHA-256."),
        "fr": ("Paramètre utilisateur non haché", "Le paramètre {name} doit être haché avec SHA-256."),
        "de": ("Nutzerparameter nicht gehasht", "Der Parameter {name} muss mit SHA-256 gehasht sein."),
        "da": ("Brugerparameter er ikke hashet", "Parameteren {name} skal hashes med SHA-256."),
    },
    "2804023": {
        "en": ("Missing Currency", "An event with a value needs a currency."),
        "fr": ("Devise manquante", "Un évènement qui a une valeur exige une devise."),
        "de": ("Fehlende Währung", "Ein Event mit einem Wert braucht eine Währung."),
        "da": ("Manglende valuta", "En hændelse med en værdi kræver en valuta."),
    },
    "2804043": {
        "en": ("Missing OS Version", "The app event names no version of the operating system."),
        "fr": ("Version du système manquante", "L'évènement d'app n'indique pas la version du système."),
        "de": ("Fehlende Betriebssystemversion", "Das App-Event nennt keine Version des Betriebssystems."),
        "da": ("Manglende version af operativsystem", "App-hændelsen angiver ingen version af operativsystemet."),
    },
    "2804050": {
        "en": (
            "Insufficient Customer Information",
            "The event has no customer information, or a combination too broad to match. Add more parameters.",
        ),
        "fr": (
            "Informations client insuffisantes",
            "L'évènement n'a pas assez d'informations client pour une correspondance. Ajoutez des paramètres.",
        ),
        "de": (
            "Zu wenig Kundeninformationen",
            "Das Event hat keine oder zu allgemeine Kundeninformationen. Ergänze weitere Parameter.",
        ),
        "da": (
            "Utilstrækkelige kundeoplysninger",
            "Hændelsen har ingen eller for brede kundeoplysninger. Tilføj flere parametre.",
        ),
    },
}


def text_of(key: str, language: str) -> tuple[str, str]:
    """Return the title and the message of an error in `language`; the message may hold `{name}` and `{path}`."""
    if key in _SHAPE_TEXTS:
        return _SHAPE_TITLES[language], _SHAPE_TEXTS[key][language]
    return _RULE_TEXTS[key][language]
