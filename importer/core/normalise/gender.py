"""Gender (`ge`) [CIP: f or m]."""

from __future__ import annotations

from importer.core.normalise.cell import Cell, placeholder, plain_forms, start
from importer.core.normalise.fold import unaccented
from importer.core.normalise.names import letters

_FEMALE = """
f fem female females woman women womens girl girls lady ladies she her hers mrs ms miss missus madam maam queen princess
mother mom mum mama daughter sister wife aunt niece grandmother grandma granddaughter bride widow girlfriend
stepmother stepdaughter heroine duchess empress
w weiblich frau frauen mädchen dame damen fräulein tochter mutter
femme femmes féminin féminine fille madame mme mademoiselle mlle
mujer mujeres femenino femenina hembra señora sra señorita srta chica
mulher mulheres feminino feminina fêmea senhora
donna donne femmina femminile signora signorina
v vrouw vrouwen vrouwelijk mevrouw meisje
kvinna kvinnor kvinnlig kvinde kvinder kvindelig kvinne kvinner kvinnelig
nainen naiset kobieta kobiety żeńska żeński žena ženy ženské žensko ženský nő női femeie femei feminină
kadin bayan kiz γυναίκα γυναικα θηλυκό θήλυ жен женский женская женщина женщины жінка жіноча ж жена
אישה נקבה أنثى انثى امرأة سيدة زن مؤنث महिला स्त्री औरत মহিলা নারী பெண் స్త్రీ महिलाएं عورت
女 女性 女士 女生 女子 여 여성 여자 perempuan wanita nữ หญิง ผู้หญิง mwanamke
"""

_MALE = """
m masc male males man men mens boy boys gentleman gentlemen guy he him his mr mister sir king prince
father dad papa son brother husband uncle nephew grandfather grandpa grandson groom widower boyfriend
stepfather stepson hero duke emperor lord
männlich mann männer junge herr herren sohn vater
homme hommes masculin masculine garçon monsieur
hombre hombres masculino masculina varón varon macho señor chico
homem homens senhor
uomo uomini maschio maschile signore signor
man mannen mannelijk meneer dhr jongen
män manlig mand mænd mandlig menn mannlig
mies miehet mężczyzna mężczyźni męska męski muž muži mužské mužský muški muško férfi bărbat bărbați masculină
erkek bay άνδρας ανδρας άντρας αρσενικό άρρεν муж мужской мужская мужчина мужчины чоловік чоловіча м мъж
זכר גבר ذكر رجل مذكر مرد पुरुष आदमी পুরুষ ஆண் పురుషుడు
男 男性 先生 男生 男子 남 남성 남자 laki-laki lelaki pria nam ชาย ผู้ชาย mwanaume
"""


def _key(text: str) -> str:
    """Return the word under which a gender is looked up."""
    return unaccented(letters(plain_forms(text)))


_WORDS = {_key(word): "f" for word in _FEMALE.split()} | {_key(word): "m" for word in _MALE.split()}


def normal(text: str) -> Cell:
    """Return the letter f or m; `unknown` for every other word and for a third gender, which Meta has no letter for."""
    text_or_cell = start(text)
    if not isinstance(text_or_cell, str):
        return text_or_cell
    if letter := _WORDS.get(_key(text_or_cell)):
        return letter, None
    return None, "placeholder" if placeholder(text_or_cell) else "unknown"
