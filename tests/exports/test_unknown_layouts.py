"""26 layouts of systems that nobody described, with the schemas of their makers switched off."""

from statistics import median

import pytest
from layout_truth import answered, answers_of, events_of, plain, sales_of, saved_again, systems


@pytest.fixture(autouse=True)
def no_schema_is_known(monkeypatch):
    for module in ("intake", "recognised_file", "file_questions"):
        monkeypatch.setattr(f"importer.{module}.known_plans", dict)


@pytest.mark.parametrize("system", systems())
def test_with_answers_every_sale_arrives_and_nothing_else(system):
    found = answered(system)
    assert (found.harm, found.lost) == ([], [])


@pytest.mark.parametrize("system", systems())
def test_whoever_accepts_all_likely_columns_does_no_harm(system):
    assert plain(system).harm == []


def test_most_sales_need_no_answer_and_the_median_file_asks_little():
    found = [plain(system) for system in systems()]
    assert sum(one.right for one in found) >= 0.6 * sum(map(sales_of, systems()))
    assert median(answered(system).questions for system in systems()) <= 2


@pytest.mark.parametrize("system", systems())
def test_what_was_saved_gives_the_same_without_an_answer(system, tmp_path):
    told, _ = answers_of(system)
    assert saved_again(system, told, tmp_path / "saved.toml") == events_of(system, told)
