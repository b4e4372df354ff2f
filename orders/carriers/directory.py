"""The carriers that we know: what people call them, and where they tell of a parcel.

Each address is the carrier's own public tracking page; `{number}` is the tracking number, already escaped.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    code: str  # what our events call it
    name: str
    page: str  # the address template of its tracking page
    aliases: tuple[str, ...] = ()  # other words for it, letters and digits only


CARRIERS = (
    Carrier("an_post", "An Post", "https://www.anpost.com/Post-Parcels/Track/History?item={number}"),
    Carrier("australia_post", "Australia Post", "https://auspost.com.au/mypost/track/details/{number}"),
    Carrier("austrian_post", "Österreichische Post", "https://www.post.at/s/sendungsdetails?snr={number}"),
    Carrier("bpost", "bpost", "https://track.bpost.cloud/btr/web/#/search?itemCode={number}"),
    Carrier("bring", "Bring", "https://tracking.bring.com/tracking/{number}"),
    Carrier(
        "canada_post",
        "Canada Post",
        "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
        ("postescanada",),
    ),
    Carrier("canpar", "Canpar", "https://www.canpar.com/en/track/tracking.jsp?reference={number}"),
    Carrier(
        "chronopost",
        "Chronopost",
        "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
    ),
    Carrier(
        "colis_prive",
        "Colis Privé",
        "https://www.colisprive.com/moncolis/pages/detailColis.aspx?numColis={number}",
    ),
    Carrier("colissimo", "Colissimo", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
    Carrier(
        "correios",
        "Correios",
        "https://rastreamento.correios.com.br/app/index.php?objeto={number}",
        ("correiosbr",),
    ),
    Carrier(
        "correos",
        "Correos",
        "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
        ("correosespana",),
    ),
    Carrier(
        "ctt",
        "CTT",
        "https://appserver.ctt.pt/CustomerArea/PublicArea_Detail?ObjectCodeInput={number}",
        ("cttexpresso",),
    ),
    Carrier(
        "dhl", "DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}", ("dhlparcel",)
    ),
    Carrier(
        "dhl_express",
        "DHL Express",
        "https://www.dhl.com/global-en/home/tracking/tracking-express.html?submit=1&tracking-id={number}",
    ),
    Carrier(
        "dhl_germany",
        "DHL Paket",
        "https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={number}",
        ("dhlpaket", "deutschepost"),
    ),
    Carrier("dpd", "DPD", "https://tracking.dpd.de/status/en_US/parcel/{number}"),
    Carrier("dpd_france", "DPD France", "https://trace.dpd.fr/fr/trace/{number}", ("dpdfr",)),
    Carrier("dpd_uk", "DPD UK", "https://track.dpd.co.uk/search?reference={number}", ("dpdgb",)),
    Carrier("evri", "Evri", "https://www.evri.com/track/parcel/{number}", ("hermesuk",)),
    Carrier("fedex", "FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}", ("federalexpress",)),
    Carrier("gls", "GLS", "https://gls-group.com/EU/en/parcel-tracking?match={number}"),
    Carrier(
        "hermes",
        "Hermes",
        "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number}",
        ("hermesgermany",),
    ),
    Carrier("inpost", "InPost", "https://inpost.pl/sledzenie-przesylek?number={number}"),
    Carrier(
        "japan_post",
        "Japan Post",
        "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=en&reqCodeNo1={number}",
    ),
    Carrier("la_poste", "La Poste", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
    Carrier(
        "mondial_relay",
        "Mondial Relay",
        "https://www.mondialrelay.fr/suivi-de-colis/?NumeroExpedition={number}",
    ),
    Carrier("ontrac", "OnTrac", "https://www.ontrac.com/tracking/?number={number}", ("lasership",)),
    Carrier("packeta", "Packeta", "https://tracking.packeta.com/en/?id={number}", ("zasilkovna",)),
    Carrier(
        "poste_italiane",
        "Poste Italiane",
        "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}",
    ),
    Carrier("postnl", "PostNL", "https://postnl.nl/tracktrace/?B={number}"),
    Carrier("postnord", "PostNord", "https://tracking.postnord.com/en/tracking?id={number}"),
    Carrier("purolator", "Purolator", "https://www.purolator.com/en/shipping/tracker?pin={number}"),
    Carrier(
        "royal_mail", "Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"
    ),
    Carrier("swiss_post", "Swiss Post", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
    Carrier(
        "tnt",
        "TNT",
        "https://www.tnt.com/express/en_gc/site/shipping-tools/tracking.html?searchType=con&cons={number}",
    ),
    Carrier("ups", "UPS", "https://www.ups.com/track?tracknum={number}", ("unitedparcelservice",)),
    Carrier("usps", "USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
    Carrier("yodel", "Yodel", "https://www.yodel.co.uk/tracking/{number}"),
    Carrier("yunexpress", "YunExpress", "https://www.yuntrack.com/parcelTracking?id={number}"),
)
