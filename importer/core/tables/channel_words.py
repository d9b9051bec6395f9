"""Words of a column that says where a sale was made, and headers of such columns, in many languages.

A marketplace is known by its name alone or with what parts its sales ("Amazon.de", "eBay orders"); the other words
are compared as statuses are (plan.fold_value) and found inside longer texts as whole words ("Filiale Nord"); `*` at the end stands for any rest of the word, and a
word after `=` must be the whole text. Where letters stand without blanks between words
(Chinese, Japanese, Thai) they are found anywhere. The classes are looked through in the order of `WORDS`.
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", "|").split("|") if word.strip())


WORDS: Mapping[str, tuple[str, ...]] = {
    "marketplace": _words("""
        amazon | ebay | etsy | tiktok | tik tok | walmart | wayfair | mercado libre | mercado livre | mercadolibre |
        mercadolivre | shopee | lazada | tokopedia | rakuten | zalando | otto | kaufland | allegro | bol |
        cdiscount | fnac | depop | poshmark | vinted | faire | marketplace | market place | marktplatz | marktplaats |
        marketplaces | place de marché | uber eats | ubereats | doordash | grubhub | deliveroo | just eat |
        lieferando | wolt | foodora | glovo | rappi | ifood | trendyol | hepsiburada | flipkart | myntra | coupang |
        naver | gmarket | 11st | taobao | tmall | jd | pinduoduo | ozon | wildberries | emag | manomano | real |
        楽天 | アマゾン | メルカリ | 淘宝 | 天猫 | 京东 | 拼多多 | 쿠팡 | 네이버
    """),
    "web": _words("""
        online* | on line | web | website* | web site | webshop* | web shop | webstore* | web store | webseite* | webbutik* | web order* | web sale* | internet* | e commerce | ecommerce* | e shop | eshop* | e store | estore | www | =site |
        app | in app | storefront | headless | =woocommerce | =shopify | =magento | =bigcommerce | =squarespace | =prestashop | =shopware | =wix |
        versandhandel | en ligne | en linea | en línea | por internet | tienda virtual | tienda en línea | loja virtual | pela internet |
        =sitio | =sítio | in rete | negozio online | webwinkel* | sklep internetowy | internetowy | internetowa | interneto | nettbutikk* | netbutik* |
        nätbutik* | näthandel | på nätet | nettkauppa | verkkokauppa* | =verkko | verkossa | çevrimiçi | e ticaret | eticaret | sanal mağaza |
        онлайн* | интернет* | =сайт | веб* | онлайн-магазин | сайті | ηλεκτρονικό κατάστημα | διαδίκτυο | διαδικτυο |
        webáruház* | =netes | magazin online | site web | site internet | オンライン | ネット | 通販 | ウェブ | サイト | 온라인 | 인터넷 | 웹 | 홈페이지 |
        쇼핑몰 | 网店 | 線上 | 线上 | 網店 | 网上 | 網路 | 网络 | 官网 | 官網 | daring | dalam talian | situs web | trực tuyến | ออนไลน์ | เว็บไซต์ | เว็บ |
        أونلاين | الإنترنت | إلكتروني | عبر الإنترنت | אונליין | אינטרנט | מקוון | אתר | ऑनलाइन | वेबसाइट
    """),
    "store": _words("""
        pos | p.o.s. | point of sale | store* | in store | instore | in shop | in person | inperson | physical store | retail* | brick and mortar |
        till* | counter | over the counter | register | cash register | cash desk | walk in | walk ins | walkin | walkins | offline | showroom | outlet | branch |
        face to face | dine in | eat in | take away | takeaway | takeout | take out | to go | kiosk | terminal | booth | pop up | popup |
        =email | =e mail | =mail | phone | telephone | phone order* | by phone | call center | call centre | mail order | fax | door to door |
        kasse* | kassa* | kassen* | laden* | filial* | geschäft | ladengeschäft | vor ort | stationär* | verkaufsraum | theke | telefon* | telefonisch |
        magasin* | en magasin | boutique* | caisse* | point de vente | sur place | à emporter | téléphone |
        tienda* | tienda física | en tienda | caja | mostrador | sucursal* | punto de venta | presencial | teléfono | telefónico |
        loja* | loja física | balcão | caixa | ponto de venda | pdv | telefone |
        negozio* | in negozio | cassa | punto vendita | telefono | winkel* | in de winkel | balie | telefonisch |
        sklep stacjonarny | stacjonarny | stacjonarnie | kasa | punkt sprzedaży | prodejna | pokladna | kamenný obchod | kamenný | predajňa |
        butik* | butikk* | i butik | fysisk butik | kassaregister | forretning | =disk | myymälä* | kivijalka* | kassalla | =liike |
        mağaza* | kasa | şube | fiziksel mağaza | магазин | розница | розничн* | касса | торговая точка | торгова точка | роздріб* | каса | точка продажи |
        κατάστημα | ταμείο | φυσικό κατάστημα | bolt* | üzlet* | pénztár* | magazin fizic | magazin | casă de marcat |
        店舗 | 実店舗 | 店頭 | レジ | 門市 | 门店 | 線下 | 线下 | 實體店 | 实体店 | 柜台 | 收银* | 매장 | 오프라인 | 점포 | 계산대 |
        toko | toko fisik | gerai | kasir | luring | cửa hàng | tại quầy | หน้าร้าน | สาขา | เคาน์เตอร์ | متجر | فرع | نقطة بيع | المحل | חנות | סניף | קופה | दुकान | स्टोर | काउंटर
    """),
}  # fmt: skip
"""Class -> its words; of a text with words of two classes the first class counts ("online store" is web)."""

MARKETING: tuple[str, ...] = _words("""
    referral* | word of mouth | friend* | flyer* | radio | tv | newspaper* | billboard* | organic search | organic | paid search | direct traffic |
    direct | newsletter* | campaign* | google ads | advert* | trade show | empfehlung* | freunde | werbung | recommandation | recomendación | indicação | cold call
""")
"""Words that tell how a customer heard of the shop; a column with one of them tells of no place of sale."""

HEADERS: tuple[str, ...] = _words("""
    sales channel | sale channel | channel | selling channel | order channel | sales_channel | channel type | channel name | source channel of sale |
    order source | sale source | sales source | source of sale | source of order | order origin | purchase channel | sold via | sold through | ordered via |
    created via | order created via | point of sale type | place of sale |
    kanal | vertriebskanal | verkaufskanal | absatzkanal | bestellkanal | auftragskanal | auftragsquelle | bestellquelle | verkaufsort |
    canal | canal de vente | canal de ventes | canal de venta | canal de ventas | canal de venda | canal de vendas | origine de la commande | origen del pedido | origem do pedido |
    canale | canale di vendita | verkoopkanaal | kanaal | kanał | kanał sprzedaży | prodejní kanál | kanál | predajný kanál | försäljningskanal | salgskanal | salgskanal type |
    myyntikanava | kanava | satış kanalı | канал | канал продаж | канал продажу | канал збуту | κανάλι | κανάλι πωλήσεων | értékesítési csatorna | csatorna | canal de vânzare |
    チャネル | 販売チャネル | 販売経路 | 注文経路 | 受注チャネル | 판매채널 | 채널 | 판매경로 | 渠道 | 销售渠道 | 銷售渠道 | 銷售管道 | 通路 | 订单来源 | 訂單來源 |
    saluran penjualan | kanal penjualan | kênh bán | kênh bán hàng | ช่องทาง | ช่องทางการขาย | قناة البيع | القناة | ערוץ | ערוץ מכירה | बिक्री चैनल | चैनल
""")
"""Headers of columns that say where a sale was made."""

LIKELY: tuple[str, ...] = _words("""
    source | channel | origin | platform | via | kanal* | quelle | herkunft | plattform | source | origine | plateforme | canal | origen | plataforma | origem |
    canale | fonte | piattaforma | bron | kanaal | źródło | kanał | zdroj | kanál | källa | kilde | lähde | kaynak | kanalı | источник | канал | джерело | πηγή | κανάλι |
    csatorna | forrás | sursa | sursă | canal | チャネル | 経路 | 채널 | 경로 | 渠道 | 来源 | 來源 | sumber | saluran | kênh | nguồn | ช่องทาง | قناة | مصدر | ערוץ | מקור | चैनल | स्रोत |
    where sold | sold at | type of sale | sale type | order type | fulfilment | fulfillment
""")
"""Words of headers of columns that may say where a sale was made; their values decide."""

OTHER_SOURCES: tuple[str, ...] = _words("""
    lead* | utm* | marketing* | traffic* | campaign* | heard* | referr* | payment* | event* | action* | data* | import* | acquisition* | customer* | first* | media* | zahlung* | kunden* | werbe* | adquisición
""")
"""Words of headers of columns that tell another source: of a lead, of a payment, of data."""

FLAGS: tuple[str, ...] = _words("""
    online | is online | online order | is online order | online sale | is online sale | web order | is web order | web sale | webshop | is webshop | ecommerce | e-commerce | is ecommerce |
    ordered online | sold online | bought online | web | is web | internet order | onlinekauf | onlinebestellung | online bestellt | online verkauft | online-verkauf | webbestellung |
    commande en ligne | vente en ligne | en ligne | pedido en línea | venta en línea | en línea | pedido online | venda online | compra online | vendita online | ordine online | onlinebestelling |
    zamówienie online | sprzedaż online | online objednávka | onlineköp | onlinekøb | netthandel | verkkotilaus | çevrimiçi sipariş | онлайн-заказ | онлайн | online rendelés | オンライン注文 | 온라인주문 | 线上订单
""")
"""Headers of yes/no columns: yes means that the sale was made on the web."""

YES: tuple[str, ...] = _words("""
    yes | y | true | t | 1 | 1.0 | x | ja | j | wahr | oui | o | vrai | si | sí | sì | s | sim | verdadero | verdadeiro | vero | waar | tak | prawda | ano | áno | kyllä | joo | evet | да | так | ναι | igen | da | はい | ✓ | 예 | 네 | 是 | ya | có | ใช่ | نعم | כן | हाँ
""")
NO: tuple[str, ...] = _words("""
    no | n | false | f | 0 | 0.0 | nein | falsch | non | faux | não | nao | falso | nee | onwaar | nie | fałsz | ne | nej | nei | ei | hayır | нет | ні | όχι | nem | nu | いいえ | 아니오 | 否 | tidak | không | ไม่ | لا | לא | नहीं
""")

PLACES: tuple[str, ...] = _words("""
    store* | shop | location | branch | outlet | site | place | venue | register | till | terminal | pos | cash desk | point of sale | department | division |
    business unit | class | team | cashier | staff | employee | sales rep | salesperson | sold by | served by | standort | filiale* | laden* | geschäft* |
    verkaufsstelle | verkaufsort | verkäufer* | abteilung | kasse* | kassier* | mitarbeiter* | magasin | boutique | point de vente | établissement | lieu | caisse | vendeur |
    tienda | sucursal | local | caja | vendedor | loja | filial | caixa | negozio | punto vendita | sede | cassa | venditore | winkel | vestiging | filiaal | kassa |
    verkoper | sklep | oddział | placówka | kasa | sprzedawca | prodejna | pobočka | pokladna | predajňa | butik | butikk | forretning | myymälä | toimipiste | mağaza | şube |
    магазин | филиал | касса | точка | філія | каса | κατάστημα | üzlet | bolt | pénztár | magazin | 店舗 | 店 | 店名 | 門市 | 门店 | 매장 | 지점 | toko | cabang | gerai |
    cửa hàng | chi nhánh | สาขา | ร้าน | متجر | فرع | חנות | סניף | दुकान | स्टोर
""")
"""Words of headers of columns that name a store, a till or who sold; where one of their values is a web shop, that is
where these sales were made, and all others were made in a store."""

AFTER_A_MARKETPLACE = (
    r"(?:[\s.]+(?:\w{1,3}|com|marketplace|shop|store|orders?|sales?|seller|kleinanzeigen|fba|fbm)(?!\w))*"
)
