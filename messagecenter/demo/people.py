"""Who lives in the demo: the cast that can be signed in as, and the buyers in the background."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Country:
    """`rate` turns a price in euros into the country's currency."""

    code: str
    currency: str
    rate: Decimal
    time_zone: str
    # street, postal code, city, region
    addresses: tuple[tuple[str, str, str, str], ...]


def _country(
    code: str, currency: str, rate: str, time_zone: str, *addresses: tuple[str, str, str, str]
) -> Country:
    return Country(code, currency, Decimal(rate), time_zone, addresses)


_FRANCE = _country(
    *("FR", "EUR", "1", "Europe/Paris"),
    ("14 rue des Tanneurs", "69005", "Lyon", ""),
    ("3 quai de la Fosse", "44000", "Nantes", ""),
    ("27 rue du Faubourg", "75011", "Paris", ""),
    ("8 place du Marché", "67000", "Strasbourg", ""),
    ("52 cours Mirabeau", "13100", "Aix-en-Provence", ""),
    ("5 rue de la Monnaie", "59800", "Lille", ""),
)
_BRITAIN = _country(
    *("GB", "GBP", "0.86", "Europe/London"),
    ("18 Harbour Terrace", "BS1 5UH", "Bristol", ""),
    ("7 Queen's Row", "EH3 9QG", "Edinburgh", ""),
    ("41 Chapel Street", "M3 5DW", "Manchester", ""),
    ("2 Orchard Close", "YO10 4DD", "York", ""),
)
_GERMANY = _country(
    *("DE", "EUR", "1", "Europe/Berlin"),
    ("Lindenweg 12", "10437", "Berlin", ""),
    ("Am Hafen 5", "20457", "Hamburg", ""),
    ("Kastanienallee 33", "80331", "München", ""),
)
_BELGIUM = _country(
    *("BE", "EUR", "1", "Europe/Brussels"),
    ("Rue Haute 61", "1000", "Bruxelles", ""),
    ("Korenmarkt 9", "9000", "Gent", ""),
)
_SWITZERLAND = _country(
    *("CH", "CHF", "0.95", "Europe/Zurich"),
    ("Rue du Lac 22", "1003", "Lausanne", "VD"),
    ("Seefeldstrasse 48", "8008", "Zürich", "ZH"),
)
_AMERICA = _country(
    *("US", "USD", "1.09", "America/New_York"),
    ("210 Maple Street", "05401", "Burlington", "VT"),
    ("1187 Hudson Avenue", "12207", "Albany", "NY"),
    ("64 Prospect Road", "04101", "Portland", "ME"),
)
COUNTRIES = {
    country.code: country for country in (_FRANCE, _BRITAIN, _GERMANY, _BELGIUM, _SWITZERLAND, _AMERICA)
}


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is the marketplace's name for a buyer, as the events bear it; `roles` are (store id, role)."""

    email: str
    first_name: str
    last_name: str
    country: str = "FR"
    language: str = "en"
    id: str = ""
    group: str = ""
    superuser: bool = False
    roles: tuple[tuple[str, str], ...] = field(default=())
    address: int = 0
    weight: int = 1  # how often he orders, against the others

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


ALICE = Person("alice@example.com", "Alice", "Arnaud", "FR", "en", "customer-alice")
CAST: tuple[Person, ...] = (
    ALICE,
    Person("bob@example.com", "Bob", "Barrow", "GB", "en", "customer-bob", roles=(("seller-1001", "owner"),)),
    Person("carol@example.com", "Carol", "Chevalier", "FR", "fr", "customer-carol", address=2, weight=4),
    Person("mo@example.com", "Mo", "Moreau", "FR", "fr", group="Moderators"),
    Person("sam@example.com", "Sam", "Silva", "GB", "en", group="Customer service"),
    Person("admin@example.com", "Ada", "Admin", "FR", "en", superuser=True),
)
# The stores' teams beside bob: every store has an owner, some a manager, an agent, a reader.
TEAMS: tuple[Person, ...] = (
    Person("maya@example.com", "Maya", "Okafor", "GB", roles=(("seller-1001", "manager"),)),
    Person(
        "tom@example.com", "Tom", "Ashby", "GB", roles=(("seller-1001", "agent"), ("seller-1005", "agent"))
    ),
    Person("nadia@example.com", "Nadia", "Belhaj", "GB", roles=(("seller-1001", "reader"),)),
    Person("mireille@example.com", "Mireille", "Faure", "FR", "fr", roles=(("seller-1002", "owner"),)),
    Person("jules@example.com", "Jules", "Garnier", "FR", "fr", roles=(("seller-1002", "agent"),)),
    Person("elise@example.com", "Élise", "Lambert", "FR", "fr", roles=(("seller-1003", "owner"),)),
    Person("hugo@example.com", "Hugo", "Perrin", "FR", "fr", roles=(("seller-1004", "owner"),)),
    Person("karin@example.com", "Karin", "Vogt", "DE", "en", roles=(("seller-1005", "owner"),)),
    Person("ines@example.com", "Inès", "Roche", "FR", "fr", roles=(("seller-1006", "owner"),)),
    Person("paul@example.com", "Paul", "Jacquet", "FR", "fr", roles=(("seller-1006", "manager"),)),
    Person("lotte@example.com", "Lotte", "Maes", "BE", "fr", roles=(("seller-1007", "owner"),)),
    Person("regula@example.com", "Regula", "Halder", "CH", "en", roles=(("seller-1008", "owner"),)),
)

_NAMES = {
    "FR": (
        "Camille Dubois, Lucas Marchand, Manon Lefèvre, Théo Girard, Chloé Rousseau, Nathan Blanc, "
        "Zoé Mercier, Raphaël Colin, Léa Fontaine, Gabriel Morin, Jeanne Barbier, Adèle Picard, "
        "Étienne Renaud, Margaux Vidal"
    ),
    "GB": (
        "Oliver Hartley, Amelia Thornton, Isla Pemberton, George Whitfield, Priya Nair, Harriet Lowe, "
        "Ewan Mackay, Rhys Bevan, Freya Dalton, Samuel Osei"
    ),
    "DE": "Johanna Keller, Lukas Brandt, Mareike Sommer, Felix Neumann, Aylin Demir",
    "BE": "Noor Claes, Bastien Lejeune, Femke Wouters, Sacha Delvaux",
    "CH": "Livia Brunner, Nicolas Favre, Ursina Caduff",
    "US": "Grace Whitaker, Mateo Alvarez, Hannah Lindqvist, Jordan Brooks",
}
_FRENCH_READERS = {"FR": 1.0, "GB": 0.0, "DE": 0.0, "BE": 0.5, "CH": 0.5, "US": 0.0}


def plain(name: str) -> str:
    """A name as an e-mail address bears it: no accent, no space."""
    without = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return without.lower().replace(" ", ".").replace("'", "")


def buyers() -> tuple[Person, ...]:
    """The forty buyers in the background, the same every time."""
    chance = random.Random("buyers of the demo")
    made: list[Person] = []
    for country, names in _NAMES.items():
        for position, name in enumerate(names.split(", ")):
            first, last = name.split(" ", 1)
            french = chance.random() < _FRENCH_READERS[country]
            made.append(
                Person(
                    f"{plain(name)}@example.com",
                    first,
                    last,
                    country,
                    "fr" if french else "en",
                    f"customer-{2001 + len(made)}",
                    address=position % len(COUNTRIES[country].addresses),
                    weight=chance.choice((1, 1, 2, 3)),
                )
            )
    return tuple(made)
