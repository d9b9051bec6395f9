"""Names of months and weekdays in the languages of exports, written as people write them; readers fold the letters.

Each line of MONTHS holds one language's names from January to December, several spellings separated by `/`.
"""

MONTHS: tuple[str, ...] = (
    # English
    "January/Jan February/Feb March/Mar April/Apr May June/Jun July/Jul August/Aug September/Sep/Sept October/Oct November/Nov December/Dec",
    # German, with Austrian forms
    "Januar/Jänner/Jän Februar/Feber/Feb März/Mär/Mrz/Maerz April/Apr Mai Juni/Jun Juli/Jul August/Aug September/Sep/Sept Oktober/Okt November/Nov Dezember/Dez",
    # French
    "janvier/janv/jan février/févr/fév mars avril/avr mai juin juillet/juil août septembre/sept octobre/oct novembre/nov décembre/déc",
    # Spanish
    "enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago septiembre/setiembre/sept/sep/set octubre/oct noviembre/nov diciembre/dic",
    # Italian
    "gennaio/gen febbraio/feb marzo/mar aprile/apr maggio/mag giugno/giu luglio/lug agosto/ago settembre/set/sett ottobre/ott novembre/nov dicembre/dic",
    # Portuguese
    "janeiro/jan fevereiro/fev março/mar abril/abr maio/mai junho/jun julho/jul agosto/ago setembro/set outubro/out novembro/nov dezembro/dez",
    # Dutch
    "januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep oktober/okt november/nov december/dec",
    # Polish, nominative and genitive
    "styczeń/stycznia/sty luty/lutego/lut marzec/marca/mar kwiecień/kwietnia/kwi maj/maja czerwiec/czerwca/cze lipiec/lipca/lip sierpień/sierpnia/sie wrzesień/września/wrz październik/października/paź listopad/listopada/lis grudzień/grudnia/gru",
    # Swedish
    "januari/jan februari/feb mars/mar april/apr maj juni/jun juli/jul augusti/aug september/sep/sept oktober/okt november/nov december/dec",
    # Danish and Norwegian
    "januar/jan februar/feb marts/mars/mar april/apr maj/mai juni/jun juli/jul august/aug september/sep/sept oktober/okt november/nov december/desember/dec/des",
    # Finnish: stem, nominative, partitive
    "tammi/tammikuu/tammikuuta helmi/helmikuu/helmikuuta maalis/maaliskuu/maaliskuuta huhti/huhtikuu/huhtikuuta touko/toukokuu/toukokuuta kesä/kesäkuu/kesäkuuta heinä/heinäkuu/heinäkuuta elo/elokuu/elokuuta syys/syyskuu/syyskuuta loka/lokakuu/lokakuuta marras/marraskuu/marraskuuta joulu/joulukuu/joulukuuta",
    # Turkish
    "Ocak/Oca Şubat/Şub Mart/Mar Nisan/Nis Mayıs/May Haziran/Haz Temmuz/Tem Ağustos/Ağu Eylül/Eyl Ekim/Eki Kasım/Kas Aralık/Ara",
    # Russian, nominative and genitive
    "январь/января/янв февраль/февраля/февр/фев март/марта/мар апрель/апреля/апр май/мая июнь/июня/июн июль/июля/июл август/августа/авг сентябрь/сентября/сент/сен октябрь/октября/окт ноябрь/ноября/нояб/ноя декабрь/декабря/дек",
    # Ukrainian
    "січень/січня/січ лютий/лютого/лют березень/березня/бер квітень/квітня/квіт травень/травня/трав червень/червня/черв липень/липня/лип серпень/серпня/серп вересень/вересня/вер жовтень/жовтня/жовт листопад/листопада/лист грудень/грудня/груд",
    # Czech
    "leden/ledna únor/února březen/března duben/dubna květen/května červen/června červenec/července srpen/srpna září říjen/října listopad/listopadu prosinec/prosince",
    # Hungarian
    "január/jan február/febr március/márc április/ápr május/máj június/jún július/júl augusztus/aug szeptember/szept október/okt november/nov december/dec",
    # Romanian
    "ianuarie/ian februarie/feb martie/mar aprilie/apr mai iunie/iun iulie/iul august/aug septembrie/sept octombrie/oct noiembrie/noi/nov decembrie/dec",
    # Greek
    "Ιανουάριος/Ιανουαρίου/Ιαν Φεβρουάριος/Φεβρουαρίου/Φεβ Μάρτιος/Μαρτίου/Μαρ Απρίλιος/Απριλίου/Απρ Μάιος/Μαΐου/Μαϊ Ιούνιος/Ιουνίου/Ιουν Ιούλιος/Ιουλίου/Ιουλ Αύγουστος/Αυγούστου/Αυγ Σεπτέμβριος/Σεπτεμβρίου/Σεπ/Σεπτ Οκτώβριος/Οκτωβρίου/Οκτ Νοέμβριος/Νοεμβρίου/Νοε Δεκέμβριος/Δεκεμβρίου/Δεκ",
    # Slovak
    "január/januára február/februára marec/marca apríl/apríla máj/mája jún/júna júl/júla august/augusta september/septembra október/októbra november/novembra december/decembra",
    # Bulgarian
    "януари февруари март април май юни юли август септември октомври ноември декември",
    # Thai
    "มกราคม/ม.ค กุมภาพันธ์/ก.พ มีนาคม/มี.ค เมษายน/เม.ย พฤษภาคม/พ.ค มิถุนายน/มิ.ย กรกฎาคม/ก.ค สิงหาคม/ส.ค กันยายน/ก.ย ตุลาคม/ต.ค พฤศจิกายน/พ.ย ธันวาคม/ธ.ค",
    # Hebrew, with "in" before them
    "ינואר/בינואר פברואר/בפברואר מרץ/במרץ אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר",
    # Arabic, of Egypt and the Gulf
    "يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر",
    # Indonesian and Malay
    "Januari/Jan Februari/Feb Maret/Mac/Mar April/Apr Mei Juni/Jun Juli/Julai/Jul Agustus/Ogos/Agu/Agt September/Sep Oktober/Okt November/Nov Desember/Disember/Des/Dis",
)

WEEKDAYS: tuple[str, ...] = (
    # English
    "Monday Mon Tuesday Tue Tues Wednesday Wed Thursday Thu Thur Thurs Friday Fri Saturday Sat Sunday Sun",
    # German
    "Montag Mo Dienstag Di Mittwoch Mi Donnerstag Do Freitag Fr Samstag Sonnabend Sa Sonntag So",
    # French
    "lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim",
    # Spanish
    "lunes lun martes mar miércoles mié mie jueves jue viernes vie sábado sáb domingo dom",
    # Italian
    "lunedì lun martedì mar mercoledì mer giovedì gio venerdì ven sabato sab domenica dom",
    # Portuguese
    "segunda-feira segunda seg terça-feira terça ter quarta-feira quarta qua quinta-feira quinta qui sexta-feira sexta sex sábado sáb domingo dom",
    # Dutch
    "maandag ma dinsdag di woensdag wo donderdag do vrijdag vr zaterdag za zondag zo",
    # Polish
    "poniedziałek pon pn wtorek wt środa śr czwartek czw piątek pt sobota sob niedziela niedz nd",
    # Swedish, Danish, Norwegian
    "måndag mån mandag man tisdag tirsdag tis tir onsdag ons torsdag tors tor fredag fre lördag lør lör lørdag söndag søndag sön søn",
    # Finnish
    "maanantai maanantaina ma tiistai tiistaina ti keskiviikko keskiviikkona ke torstai torstaina to perjantai perjantaina pe lauantai lauantaina la sunnuntai sunnuntaina su",
    # Turkish
    "Pazartesi Pzt Pt Salı Sal Çarşamba Çar Perşembe Per Cuma Cum Cumartesi Cmt Pazar Paz",
    # Russian
    "понедельник пн вторник вт среда ср четверг чт пятница пт суббота сб воскресенье вс",
    # Japanese, Chinese, Korean
    "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月 火 水 木 金 土 日 星期一 星期二 星期三 星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日 월요일 화요일 수요일 목요일 금요일 토요일 일요일 월 화 수 목 금 토 일",
)

LEADING_WORDS = "den le el il am on d. o ngay dia"
"""Words before a date that mean nothing."""

AM_WORDS = ("a", "am", "a.m", "a.m.", "am.", "a m", "a. m.", "a. m", "fm", "上午", "午前", "오전", "πμ", "π.μ.", "ص")
PM_WORDS = ("p", "pm", "p.m", "p.m.", "pm.", "p m", "p. m.", "p. m", "em", "下午", "午後", "午后", "오후", "μμ", "μ.μ.", "م")  # fmt: skip
"""The halves of a day of twelve hours."""
