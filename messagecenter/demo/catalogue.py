"""What the demo's stores sell: titles of our own in English and French, prices in euros."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from messagecenter.demo.pictures import picture_path


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    kind: str
    palette: str
    price: Decimal  # EUR
    title_en: str
    title_fr: str

    def title(self, language: str) -> str:
        return self.title_fr if language == "fr" else self.title_en

    @property
    def picture_url(self) -> str:
        return picture_path(self.kind, self.palette)


@dataclass(frozen=True, slots=True)
class StoreSpec:
    """`ships_from` is a country; `carriers` are codes of `orders.carriers`, the usual one first."""

    id: str
    name: str
    slug: str
    ships_from: str
    products: tuple[Product, ...]


def _products(prefix: str, table: str) -> tuple[Product, ...]:
    """One product a line: kind | palette | price | English title | French title."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return tuple(
        Product(f"{prefix}-{number:02d}", kind, palette, Decimal(price), english, french)
        for number, (kind, palette, price, english, french) in enumerate(rows, start=1)
    )


_OUTDOOR = """
backpack|brick|89.90|Ridge 28 hiking backpack, terracotta|Sac à dos de randonnée Ridge 28, terre cuite
backpack|forest|119.00|Ridge 40 trekking backpack with rain cover, forest green|Sac de trek Ridge 40 avec housse de pluie, vert forêt
tent|sage|249.00|Heron 2 lightweight tent for two|Tente légère Heron 2 pour deux personnes
bottle|navy|24.50|Insulated steel bottle, 750 ml, navy|Gourde isotherme en acier, 75 cl, bleu marine
bottle|coral|24.50|Insulated steel bottle, 750 ml, coral|Gourde isotherme en acier, 75 cl, corail
lantern|mustard|39.90|Rechargeable camping lantern with flame light|Lanterne de camping rechargeable à flamme
boot|plum|154.00|Women's waterproof walking boots, heather|Chaussures de marche imperméables femme, bruyère
sleeping_bag|teal|134.00|Three-season down sleeping bag, comfort 2 °C|Sac de couchage en duvet trois saisons, confort 2 °C
jacket|sky|179.00|Packable rain jacket with taped seams|Veste de pluie compacte à coutures étanches
"""
_KITCHEN = """
mug|teal|18.00|Hand-thrown stoneware mug, lagoon glaze|Mug en grès tourné main, émail lagon
mug|brick|18.00|Hand-thrown stoneware mug, ember glaze|Mug en grès tourné main, émail braise
mug|cream|34.00|Pair of espresso cups, oat glaze|Paire de tasses à expresso, émail avoine
teapot|forest|64.00|Round teapot with steel strainer, 1.2 l|Théière ronde avec filtre en acier, 1,2 l
bowl|sky|27.50|Serving bowl, 24 cm, sky blue|Saladier 24 cm, bleu ciel
pan|charcoal|79.00|Carbon steel sauté pan, 26 cm|Sauteuse en acier au carbone, 26 cm
knife|slate|112.00|Chef's knife and paring knife, olive wood handles|Couteau de chef et couteau d'office, manches en olivier
jar|plum|12.90|Wild blueberry jam from the high meadows, 340 g|Confiture de myrtilles sauvages des alpages, 340 g
jar|mustard|14.50|Chestnut honey, 500 g|Miel de châtaignier, 500 g
"""
_HOME = """
lamp|coral|94.00|Jointed desk lamp with dimmer, coral|Lampe de bureau articulée à variateur, corail
lamp|slate|94.00|Jointed desk lamp with dimmer, slate|Lampe de bureau articulée à variateur, ardoise
pendant|mustard|148.00|Spun metal pendant light, 45 cm, ochre|Suspension en métal repoussé, 45 cm, ocre
blanket|sage|129.00|Merino wool throw with fringe, 140 × 200 cm|Plaid en laine mérinos à franges, 140 × 200 cm
cushion|navy|38.00|Linen cushion with stripes, indigo|Coussin en lin rayé, indigo
candle|rose|22.00|Scented candle, fig and cedar, burns 45 hours|Bougie parfumée figue et cèdre, 45 heures
chair|lilac|219.00|Beech dining chair, lilac|Chaise en hêtre, lilas
rug|teal|340.00|Hand-woven kilim, 120 × 180 cm, teal and saffron|Kilim tissé main, 120 × 180 cm, sarcelle et safran
"""
_PAPER = """
notebook|rose|16.50|Spiral notebook, dotted, 160 pages, rose|Carnet à spirale pointillé, 160 pages, rose
notebook|navy|19.90|Stitched notebook, ruled, 240 pages, navy|Carnet cousu ligné, 240 pages, bleu marine
pen|slate|49.00|Brushed metal fountain pen, fine nib|Stylo-plume en métal brossé, plume fine
pen|coral|7.90|Gel pen 0.5 mm, coral|Stylo gel 0,5 mm, corail
book|forest|24.00|A Field Guide to Hedgerows|Petit guide des haies
book|brick|21.90|The Lighthouse Keeper's Daughters: a novel in four winters, with a foreword by the author, a map of the islands and thirty letters that were never sent (illustrated hardback edition)|Les filles du gardien de phare : roman en quatre hivers, avec une préface de l'auteure, une carte des îles et trente lettres jamais envoyées (édition reliée et illustrée)
globe|sky|86.00|Desk globe with brass stand, 25 cm|Globe de bureau, pied en laiton, 25 cm
cards|cream|13.00|Twelve letterpress cards with envelopes|Douze cartes typographiées avec enveloppes
"""
_SOUND = """
headphones|charcoal|229.00|Over-ear wireless headphones with noise cancelling, graphite|Casque sans fil à réduction de bruit, graphite
headphones|sage|149.00|On-ear wireless headphones, sage|Casque sans fil supra-auriculaire, sauge
speaker|lilac|318.00|Pair of bookshelf speakers, lilac|Paire d'enceintes de bibliothèque, lilas
speaker|charcoal|1490.00|Pair of floor-standing speakers, oiled walnut and black|Paire d'enceintes colonnes, noyer huilé et noir
radio|coral|99.00|Kitchen radio with FM and digital stations|Radio de cuisine FM et numérique
microphone|brick|139.00|USB microphone for voice and podcast|Micro USB pour la voix et le podcast
camera|sage|689.00|Compact rangefinder camera, 35 mm lens|Appareil photo compact télémétrique, objectif 35 mm
keyboard|navy|119.00|Mechanical keyboard, quiet switches|Clavier mécanique à touches silencieuses
"""
_TOYS = """
car|mustard|29.00|Wooden rally car, yellow|Voiture de rallye en bois, jaune
car|sky|29.00|Wooden rally car, blue|Voiture de rallye en bois, bleue
blocks|plum|34.90|Building blocks with letters, set of 40|Cubes en bois à lettres, 40 pièces
bear|cream|27.00|Soft bear Barnabé, 35 cm|Ours en peluche Barnabé, 35 cm
kite|rose|23.50|Single-line kite for small hands|Cerf-volant monofil pour petites mains
puzzle|teal|17.90|Floor puzzle "The harbour", 48 pieces|Puzzle de sol « Le port », 48 pièces
boat|forest|31.00|Sailing boat for bath and pond|Voilier pour le bain et le bassin
drum|sky|42.00|Marching drum with sticks|Tambour avec baguettes
"""
_GARDEN = """
plant|forest|32.00|Rubber plant in terracotta pot, 60 cm|Caoutchouc en pot de terre cuite, 60 cm
plant|sage|26.00|Calathea in stoneware pot, 40 cm|Calathéa en pot de grès, 40 cm
cactus|teal|14.90|Column cactus with pink flower, 22 cm|Cactus colonnaire à fleur rose, 22 cm
watering_can|lilac|28.50|Steel watering can, 5 l, lilac|Arrosoir en acier, 5 l, lilas
trowel|brick|36.00|Trowel and hand fork, forged steel|Transplantoir et griffe, acier forgé
birdhouse|mustard|44.00|Nest box for tits, larch wood|Nichoir à mésanges en mélèze
seeds|rose|3.90|Wildflower seeds for 5 m², perennial mix|Graines de fleurs sauvages pour 5 m², vivaces
seeds|sky|3.90|Cornflower seeds, organic|Graines de bleuet, biologiques
"""
_WATCHES = """
watch|navy|290.00|Automatic watch with blue leather strap, 38 mm|Montre automatique, bracelet cuir bleu, 38 mm
watch|plum|245.00|Quartz watch with plum strap, 32 mm|Montre à quartz, bracelet prune, 32 mm
watch|charcoal|6480.00|Perpetual calendar, rose gold, limited to 50 pieces, with winder box and certificate|Quantième perpétuel en or rose, série limitée à 50 pièces, avec remontoir et certificat
clock|mustard|78.00|Silent wall clock, 30 cm|Horloge murale silencieuse, 30 cm
clock|slate|78.00|Silent wall clock, 30 cm, slate|Horloge murale silencieuse, 30 cm, ardoise
umbrella|plum|54.00|Storm-proof umbrella, plum|Parapluie tempête, prune
scarf|teal|68.00|Lambswool scarf, two-tone|Écharpe en laine d'agneau bicolore
bag|rose|189.00|Small leather handbag, rose|Petit sac à main en cuir, rose
glasses|slate|119.00|Sunglasses, acetate, polarised|Lunettes de soleil en acétate, verres polarisés
"""

STORES: tuple[StoreSpec, ...] = (
    StoreSpec("seller-1001", "Fernhill Outdoor", "fernhill-outdoor", "GB", _products("FH", _OUTDOOR)),
    StoreSpec("seller-1002", "Atelier Mirabelle", "atelier-mirabelle", "FR", _products("AM", _KITCHEN)),
    StoreSpec("seller-1003", "Lumen & Laine", "lumen-laine", "FR", _products("LL", _HOME)),
    StoreSpec("seller-1004", "Papeterie du Canal", "papeterie-du-canal", "FR", _products("PC", _PAPER)),
    StoreSpec("seller-1005", "Oakwell Audio", "oakwell-audio", "DE", _products("OA", _SOUND)),
    StoreSpec("seller-1006", "Les Trois Galets", "les-trois-galets", "FR", _products("TG", _TOYS)),
    StoreSpec("seller-1007", "Verdelune", "verdelune", "BE", _products("VL", _GARDEN)),
    StoreSpec("seller-1008", "Haldimar & Daughters", "haldimar-daughters", "CH", _products("HD", _WATCHES)),
)


def pictures_wanted() -> set[tuple[str, str]]:
    return {(product.kind, product.palette) for store in STORES for product in store.products}
