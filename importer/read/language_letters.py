"""Neighbors of the letters beyond ASCII, by language. Written by tools/make_letters.py; not by hand.

Of each letter: itself and how many of a thousand such letters it is, what stands before it, what stands after it;
`^` is the edge of the word.
"""

from __future__ import annotations

NEIGHBORS: dict[str, str] = {
    "cs": """
        á309 bdeghjklmnprstvyzčďňřšž^ bcdhjklmnprstvzčňřšž^ | í135 bcdjlmnprstvzčřšž^ bcdhjklmnprstvzčřšž^ |
        š124 aeijlmnortuvyáéíúýěšů^ aeiklmnopstuváíňšťů^ | ř86 abdehikoptuváéíýě^ abeimosváí^ |
        č74 abdeijlmnoruvyáíě^ aceiknosuváíů^ | ě62 bdmnptv bcdhjklmnprstvzčřšž^ |
        ž60 adeilnoruáíěů^ abdehiklmnosuváíď^ | é49 dgiklmnrtvz dhklmnrstzřš^ | ý45 bdhklmnrstv cdhklmnrstřš^ |
        ň20 abdeiotuyáš ackosá^ | ů17 cdhklmnrtvčš djlmnrsvšž^ | ú9 ahs^ dhjpstvš | ť6 aš aos^ | ď2 až aoá |
        ü2 fm gl
        """,
    "sk": """
        á417 bcdefghijklmnprstuvyzčďňřšť^ bcdghjklmnprstvzčľňšž^ |
        š131 abeijklmnopruyáéíúýľŕ^ aeiklmnoprstuváíúčľňť^ | č125 abdeijklmnoprtuvyáíôúýľš^ aeikmnorstuáíú^ |
        í83 bcdfgjlmnprstvzčšž^ bcdfgjklmnoprstvzčňšťž^ | é50 bdfghijklmnprstvxz bcdghlnrstuvzš^ |
        ž43 abdeijlnoruyáíú^ abdeiklmnosuvíďň^ | ľ37 abdeghikmoprsuvzáúýš^ adgjknopsuúčš^ |
        ň29 abdehijloprsuvyáíôúĺŕšž^ akouvá^ | ú26 abcdghjklmnprstvzčľš^ bcdfhklmnprstvzčľňšťž |
        ý25 bhklmnprstv bcdhklmorstvzčľš^ | ď11 aelorž^ aouá^ | ť8 aeiorsuíúš^ aoá^ | ó5 bdgijklmnrt bklmnprstz |
        ô4 bdghkmnpt^ dlprstčň | ä3 mpv cdntz | ŕ1 tv bnňš | ö1 jlrt fgnrs | ř1 bo eá | ĺ1 ks zň | ě1 bn lm
        """,
    "pl": """
        ł398 abcdeghikmoprstuwyzół^ abcdegkmnopstuwyzóąęłż^ | ś134 aeijopuyę^ cklmnprwć^ |
        ó119 bcdfghijklmnprstwzłż bcdgjlrstwzłźż | ń90 aeiouy cks^ | ę85 bdgijklmnprstwzł bcdgkpstzśż^ |
        ż77 adeilmoruyóąęł^ abdekmnouwyó^ | ą58 bcdfgijklmrstwzł bcdfgkpstzż^ | ź22 abdeouó^ dklmnrw^ |
        ć16 aeijouyś^ ckmw^
        """,
    "hu": """
        á443 bdefghijklmnprstvyz^ bcdghjklmnprstvz | é167 bdfghjklmnoprstvyz^ bcdgklmnprstuvz^ |
        ó112 abdfghijklmnoprst^ bcdfghilnprstvz^ | ö94 abdfgklprtvyz^ degklnprsvz | ő63 dgklnrstyz bdfikrstvz^ |
        ú49 adgjprtz^ bdjlnrstz^ | í35 dhklmrtyz^ bdlmnrtv^ | ü25 dfkprstz^ clnrsz | ű10 dfhz clstv
        """,
    "ro": """
        ă365 bcdfglmnprstzţ cdegilmnrstuvzş^ | ş291 aceiloruâă^ aceinotu^ | ţ276 aeilmnu^ aiuă^ |
        â69 bcdfrstv lmnrş
        """,
    "hr": """
        ć490 aeioš^ aeinou^ | š204 aeijknoruv^ aeiklnoprtuvćč^ | č190 abeijklmnopruvš^ aeijknou^ |
        ž96 adeilnoru^ abdeijmnoru^ | đ17 aenru^ aeiu
        """,
    "sl": """
        č428 abeijklmnoprtuvš^ aeijkmnoru^ | š380 aeijklmnopruv^ aceijklmnoprtuvč^ | ž183 adeilmnoruv^ aegijmnou^ |
        ć10 i e^
        """,
    "tr": """
        ü263 bcdfghklmnprstvyzçğş^ bcdefghjklmnprstvyzçğş^ | ı192 bcdfghklmnprstvyzçğş abcdefghklmnprstuvyzçğş^ |
        ş179 aefhiklmnoruvyüİı^ acehiklmortuyöüı^ | ç126 aehiklnorstuyzüğİı^ abdeghiklmnostuyüı^ |
        ö96 bdgklmnrstuyzş^ cdghklmnprsvyzğ | ğ80 aeiouöüı^ abcdeilmrtuvçüı^ | İ48 b^ bdghklmnprsvyzçş |
        â13 hklv^ dhlmnrtyz^
        """,
    "az": """
        ə563 bcdfghiklmnpqrstvxyzçüş^ abcdfghijklmnpqrstuvxyzçş^ | ü102 bcdfghklmnpqrstvyzçş^ bcdfklmnqrstvzçşə^ |
        ş82 abeiklmnoruvxyüə^ adeiklmoqrtuçöüıə^ | ı78 bcdklmnqrsxyzçğş belmnoqrstvxzğ^ |
        İ61 abcdhklmnprsvz^ bdfklmnoqrstvxyz^ | ğ54 aoruı acdgilrsuı^ | ç34 aeiklnoqrtvxyöüşə^ aeikmoruvöüıə^ |
        ö27 bdghknqrzçş^ hklmnrvyzç
        """,
    "lt": """
        ė525 dklnprstv djnsž^ | š149 aeiou^ aeikr | ū119 ijkmrt bnrt | ž109 giuąė^ adeisuy | č50 i^ aei | ą30 m^ ž^ |
        ę20 k s
        """,
    "lv": """
        ņ261 aio^ aeiš | ī225 cdglmrstvz bcdgjklnrstz | ā154 dijklmnptvz^ bcdjlnrvz | š134 eiņ js^ |
        ē95 bcjlprs^ djknrstvz | ū63 djlrst cdlmrstz | ķ20 ai^ ei | ģ20 oļ^ ei | ļ16 iko auģ | ž8 a^ a | č4 i a
        """,
    "et": """
        ä400 hjklmprstvä deghlnrstä | õ290 bjklmnprtv^ deghilmnstuš | ü150 jkmprü^ lrtvü | š90 rtõ^ aeot |
        ž40 e^ deu | ö30 msö ltö
        """,
    "de": """
        ö288 bdfghjklmnprstvwz^ bcdfghklmnprstvwxzß | ü288 bdfghjklmnprstwz^ bcdeghklmnrstß^ |
        é137 bcdfghjlmnoprstv abcdeglmnoprstv^ | ä133 bcdefghjklmnprstwz^ bcdfghiklmnrstuß^ |
        ß57 aeiouäöü befghlnow^ | è28 dghilnrsv glnrsv | ë21 ao lm | á13 cflmtv bnstu | ï6 ao cs | ç6 n ao |
        ó5 lst n^ | â5 hlt nt | í5 ru acs | ê3 hn ns | ô3 hr mn
        """,
    "fr": """
        é639 'bcdfghijklmnoprstuvwyzé^ abcdefgjklmnopqrstuvzé^ | è136 bcdfghilnprstuvyz bcdglnqrstvz |
        ë50 aou lrtvy^ | ï48 aeo acdelmnqrst | ô32 acdhlmnpr mnptv^ | â28 abhmr cdlmt | ç15 nu ao |
        ê15 chlprv^ mnqt | î11 'ano^ lmt | œ7 cdrs u | ÿ4 a ^ | ü4 mn ls | à4 s^ r^
        """,
    "es": """
        á279 bcdefghijklmnoprstuvwyzñ^ bcdefghijlmnqrstuvxzñ^ | í210 abcdfghjlmnoprstuvxñü^ abcdefgjlmnopqrstvxzñ^ |
        ó183 abcdefghijlmnprstvwyzñ^ bcdefilmnprsvzñ^ | é140 abcdfghilmnoprstuvwyñü^ bcdefgijlmnprstvx^ |
        ñ90 adeiouáíóú^ aeiouáéíó | ú53 abcdefghjlmnprstyz^ abcdgjlmnqrstxzñ^ | à16 bcfilmrtuvxz cprstu^ |
        ü11 g eiéí | è7 cdglnpr^ nrst^ | ç4 anu aeo^ | ò4 grst^ nst
        """,
    "it": """
        à256 inorst ^ | ö144 ghmnrstv flrstvß | è133 dfioprsuz ^ | ò122 cdilnrv ^ | ì111 dlmrtvz ^ | ü78 lmnt chnrs |
        ù67 dlrst ^ | ß56 aioö e^ | é22 hp ^ | ä11 r ^
        """,
    "pt": """
        á187 'bcdefghijlmnoprstuvxç’^ bcdfglpqrstuvz^ | ã154 abcdefghijlmnoprstuvç eos^ |
        é136 abcdfghijklmnoprstuvxz^ bcdgilmnorsuvx^ | í119 acefglmnoprstuvz^ bcdglmnpqrstvç^ |
        ç118 aeinoruí aouáãóõú | ó109 bcdefgijlmnprstvzç^ bdfgilnprstv^ | â67 bcdfgilmnrtuvxz^ mn |
        ú56 abdeijlmnprtç bcdjlmnrsvz^ | ê25 cdghilmnprtuvz admnrsvz^ | ô19 cdlmprt amnrv^ | õ8 dmrstç e
        """,
    "nl": """
        é464 bcdfghilmnoprstuvwzé^ abcdeghlmnoprstuvé^ | ë213 aeio lnr^ | è139 ghijlnrsy cglnrsvz | â47 hlrw clnt |
        ö27 bhjkmor^ eklmnrs | ê24 hmnrv cnqt | ï24 aeou cnst | û18 hkmrs blnrs | ç15 an ao | ü12 bdj lmrt |
        à6 l^ ^ | ô6 lr mn | ú3 h n | å3 ^ l
        """,
    "da": """
        ø563 bdfghjklmnoprstvx^ bdefghijklmnrstvy^ | æ234 bcdefghjklmnprstv^ abcdgklmnorstuv^ |
        å184 bfghklmnrstv^ bdegklmnrsv^ | é7 lmnr s^ | ü6 klmr cgn
        """,
    "sv": """
        ö570 abfghjklmnrstuy^ abdfghlmnprstv^ | ä198 bfghjklmnprtv^ bcdglmnrstvx | å128 eghkmprst^ bghklnrst^ |
        é93 dlmnrsz aensu^ | ç4 o a | í4 r n | ã4 s o
        """,
    "no": """
        ø640 bdhjlnrst^ adegkmnprvy^ | å240 ghkprv^ gklrstv | æ100 bnsv^ rst | é20 l e
        """,
    "fi": """
        ä792 hjklmnprstvwyä^ eghijklmnrstvyä^ | ö161 bdfijklnprstvyö^ bgjklmnprsyö^ | é18 dmrz n^ | ž12 d ai |
        š6 t ae | å6 t^ b | í3 r n | ã3 s o
        """,
    "is": """
        ó215 abdefghjklmnprstzíðþ^ abdefghiklmnprstvðþ^ | í208 abcdfghklmnprstvxðú^ abdefgklmnorstuvðó^ |
        ð171 aefgioruyáéíóöúý abdefghijklmnrsuvíóþ^ | ö98 bdfhjlmnrsvþ^ dfgklnrstxð |
        á86 bdfhjklmnprsv^ bdefgiklmnprstvð^ | þ76 adfgiklmnrstyæðó^ aeijoruyóöú |
        ú67 bdfghjklmnrstþ^ abcdefgiklmnprstvíð^ | ý41 bcdglmnrstv^ abdgjmrstvð^ | æ28 bdghklnrs^ bdfghijlmnrsuvþ |
        é11 hlprv bdgklmnrstð^
        """,
    "ga": """
        á511 bcdefghlmnoprstú^ bcdgilmnoprst^ | í190 abcdfghlmnprstu^ bcdfglmnorst^ | é120 bcdfghlmnprst^ ainr^ |
        ú98 bcdfghilmnrst^ bcdgilmnrstáó^ | ó81 cdefghlmnprstú^ bcdgilmnrst^
        """,
}
