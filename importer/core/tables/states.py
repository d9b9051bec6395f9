"""The states, provinces and territories of the United States and Canada by every way they are written.

Only these two countries have a two-letter form at Meta [CIP: 2-letter ANSI code]; no other country's states are listed.
"""

from __future__ import annotations

_UNITED_STATES = """
al alabama ala
ak alaska
az arizona ariz
ar arkansas ark
ca california calif cal
co colorado colo
ct connecticut conn
de delaware del
dc districtofcolumbia distofcolumbia districtcolumbia washingtondc washingtondistrictofcolumbia
fl florida fla
ga georgia
hi hawaii
id idaho ida
il illinois ill ills
in indiana ind
ia iowa
ks kansas kans kan
ky kentucky kent
la louisiana
me maine
md maryland
ma massachusetts mass
mi michigan mich
mn minnesota minn
ms mississippi miss
mo missouri
mt montana mont
ne nebraska nebr neb
nv nevada nev
nh newhampshire newhamp
nj newjersey newjer
nm newmexico nmex newmex newm
ny newyork newyorkstate
nc northcarolina ncarolina ncar
nd northdakota ndakota ndak
oh ohio
ok oklahoma okla
or oregon oreg ore
pa pennsylvania penn penna
ri rhodeisland rhodeis
sc southcarolina scarolina scar
sd southdakota sdakota sdak
tn tennessee tenn
tx texas tex
ut utah
vt vermont
va virginia virg
wa washington wash washingtonstate
wv westvirginia wva wvirginia westva
wi wisconsin wisc wis
wy wyoming wyo
pr puertorico
gu guam
vi usvirginislands virginislands virginislandsus unitedstatesvirginislands usvi
as americansamoa
mp northernmarianaislands northernmarianas cnmi
aa armedforcesamericas
ae armedforceseurope armedforcesafrica armedforcescanada armedforcesmiddleeast
ap armedforcespacific
"""

_CANADA = """
ab alberta alta alb
bc britishcolumbia colombiebritannique britcol
mb manitoba man
nb newbrunswick nouveaubrunswick
nl newfoundlandandlabrador newfoundlandlabrador newfoundland terreneuveetlabrador terreneuve nfld nf nfl lb labrador
ns novascotia nouvelleecosse
nt northwestterritories northwestterritory territoiresdunordouest nwt tno
nu nunavut
on ontario ont
pe princeedwardisland ileduprinceedouard pei ipe
qc quebec que pq provincedequebec
sk saskatchewan sask
yt yukon yukonterritory territoireduyukon yuk yk
"""


def _codes(table: str) -> dict[str, str]:
    """Every word of a line, the code itself too, with the code that begins the line."""
    return {word: line.split()[0] for line in table.split("\n") if line for word in line.split()}


BY_COUNTRY: dict[str, dict[str, str]] = {"us": _codes(_UNITED_STATES), "ca": _codes(_CANADA)}
"""Folded name, abbreviation or code -> two letters, by country. Folded: letters only, lower case, no accents."""

EITHER: dict[str, str] = {**BY_COUNTRY["us"], **BY_COUNTRY["ca"]}
"""Both countries in one; no name or code belongs to two."""

TERRITORIES = frozenset({"pr", "gu", "vi", "as", "mp"})
"""Places that are a country by ISO 3166 and a state of the United States as well."""
