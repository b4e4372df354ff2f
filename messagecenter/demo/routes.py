"""Which carriers take what where, past which places, and in what words they tell it."""

from __future__ import annotations

from random import Random

# (from, to) → carriers; "*" stands for abroad. The codes are those of orders.carriers.
_CARRIERS = {
    ("FR", "FR"): ("colissimo", "colissimo", "chronopost", "la_poste", "dpd_france"),
    ("GB", "GB"): ("royal_mail", "royal_mail", "dpd_uk", "evri"),
    ("DE", "DE"): ("dhl_germany", "dpd"),
    ("BE", "BE"): ("bpost", "dpd"),
    ("CH", "CH"): ("swiss_post",),
    ("FR", "*"): ("colissimo", "dpd", "ups"),
    ("GB", "*"): ("dhl", "ups", "fedex"),
    ("DE", "*"): ("dhl", "dpd", "ups"),
    ("BE", "*"): ("bpost", "dpd"),
    ("CH", "*"): ("dhl", "fedex"),
}
_HUBS = {
    "FR": ("Roissy-en-France", "Lyon Saint-Exupéry", "Orléans", "Rennes"),
    "GB": ("Birmingham", "Daventry", "Warrington", "London Heathrow"),
    "DE": ("Leipzig", "Köln", "Hannover"),
    "BE": ("Bruxelles", "Liège"),
    "CH": ("Härkingen", "Genève"),
    "US": ("New York JFK", "Newark, NJ", "Cincinnati, OH"),
}
CUSTOMS_UNION = ("FR", "DE", "BE")

_WORDS = {
    "accepted": ("Parcel accepted", "Colis pris en charge"),
    "left": ("Departed from sorting centre", "Le colis a quitté le centre de tri"),
    "arrived": ("Arrived at sorting centre", "Arrivé au centre de tri"),
    "abroad": ("Arrived in the destination country", "Arrivé dans le pays de destination"),
    "cleared": ("Customs clearance completed", "Dédouanement terminé"),
    "van": ("With the delivery courier", "En cours de livraison"),
    "pickup": ("Available at the pick-up point", "Disponible au point de retrait"),
    "door": ("Delivered", "Livré"),
    "absent": ("Nobody was in; a card was left", "Destinataire absent, avis de passage déposé"),
    "address": ("Street number missing", "Numéro de rue manquant"),
    "held": ("Held by customs: an invoice is requested", "Retenu en douane : facture demandée"),
    "storm": ("Roads closed by snow", "Routes fermées par la neige"),
    "lost": ("Enquiry closed: parcel not found", "Enquête close : colis introuvable"),
    "damaged": ("Outer packaging damaged, parcel inspected", "Emballage endommagé, colis contrôlé"),
    "strike": ("Delay at the depot", "Retard au dépôt"),
    "back": ("Returned to sender", "Retour à l'expéditeur"),
    "delay": ("Later than planned", "Retard d'acheminement"),
    "early": ("Ahead of schedule", "En avance sur le calendrier"),
}


def carrier_for(origin: str, destination: str, chance: Random) -> str:
    return chance.choice(_CARRIERS.get((origin, destination)) or _CARRIERS[origin, "*"])


def hub(country: str, chance: Random) -> str:
    return chance.choice(_HUBS[country])


def carrier_words(key: str, country: str) -> str:
    """The carrier speaks its own country's language: French in France, English elsewhere."""
    return _WORDS[key][country == "FR"]
