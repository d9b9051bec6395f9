"""Event names and action sources as people type them."""

from __future__ import annotations

import pytest

from importer.core.event_names import standard_name, standard_source
from importer.core.model import ACTION_SOURCES


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("purchase", "Purchase"), ("PURCHASE", "Purchase"), (" Purchase ", "Purchase"), ("Purchase\u200b", "Purchase"),
        ("add_to_cart", "AddToCart"), ("Complete Registration", "CompleteRegistration"),
    ],
)  # fmt: skip
def test_an_event_has_metas_name(text, name):
    assert standard_name(text)[0] == name


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("store", "physical_store"), ("Physical Store", "physical_store"), ("PHYSICAL_STORE", "physical_store"),
        ("in-store", "physical_store"), ("In Store", "physical_store"), ("phone", "phone_call"), ("Phone Call", "phone_call"),
        ("system generated", "system_generated"), ("System-Generated", "system_generated"), ("E-Mail", "email"),
        ("WEBSITE", "website"), ("Business Messaging", "business_messaging"), ("Chat", "chat"),
    ],
)  # fmt: skip
def test_an_action_source_is_in_metas_words(text, source):
    assert standard_source(text) == source
    assert source in ACTION_SOURCES


@pytest.mark.parametrize("text", ["offline", "web", "online", "pos", "shop"])
def test_a_word_that_says_too_little_stays(text):
    assert standard_source(text) == text
