"""Clear ids that may be any text: `anon_id`, `subscription_id`, `page_id`, `ctwa_clid`, `ig_sid` and others [CIP]."""

from __future__ import annotations

from importer.core.cells.people_in_text import has_person
from importer.core.normalise.cell import BLANK, Cell, broken, hashed, tidy
from importer.core.normalise.external_id import whole_id


def normal(text: str) -> Cell:
    """Return the id as typed, without white space around it; a hash is not valid, since Meta wants these unhashed.

    An e-mail or a phone is left out: these ids leave in clear.
    """
    text = tidy(text)
    if not text:
        return BLANK
    if broken(text) or hashed(text, md5=False):
        return None, "invalid"
    return (None, "person") if has_person(text) else whole_id(text)
