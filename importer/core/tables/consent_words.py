"""Words in the headers of columns of consent that tell what it was given for."""

from __future__ import annotations

MAIL = (
    "newsletter", "e-mail", "email", "mail", "sms", "subscri", "mailing", "boletin", "infolettre", "nieuwsbrief", "nyhedsbrev",
    "nyhetsbrev", "uutiskirje", "hirlevel", "рассылк", "розсилк", "bulten", "buletin", "メルマガ", "メール", "ニュースレター",
    "뉴스레터", "메일", "문자", "邮件", "郵件", "电子报", "電子報", "短信", "简讯", "簡訊", "ενημερωτικ", "דיוור", "ניוזלטר", "نشرة", "न्यूज",
    "จดหมายข่าว", "ข่าวสาร", "bản tin", "nhận tin", "nawala", "call", "telefon", "suscri", "abonne", "abonner", "inscri", "iscri",
    "utskick", "zasil", "odber",
)  # fmt: skip
"""Whoever says no does not want to be written to; that says nothing of advertisements."""

MARKETING = (
    "marketing", "opt in", "optin", "opt-in", "opted in", "マーケティング", "마케팅", "营销", "行銷", "行銷", "маркетинг", "שיווק", "تسويق",
    "विपणन", "การตลาด", "tiep thi", "pemasaran", "mercadeo", "markedsfør", "markedsfor", "marknadsför", "markkinointi",
)  # fmt: skip
"""What whoever says no does not want, only the shop knows."""
