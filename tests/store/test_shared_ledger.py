"""One PostgreSQL ledger and several senders: nothing twice, nothing lost, whoever dies."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import psycopg
import pyarrow as pa
import pytest
from builders import NOW

from importer.errors import LedgerError, UsageError
from importer.ledger_place import checked_address
from importer.store import Ledger, Sales, open_ledger
from importer.store.ledger_sales import COLUMNS

DATASET = "1234567890"
ADA, BO = 11, 22


def of_orders(*orders: tuple[int, int, int, int]) -> Sales:
    """Sales by (order, customer, day, cents); a negative order bears an id of its own, as another sale does."""
    keys = np.array([(abs(order), 7) for order, *_ in orders], np.uint64)
    rows = [
        {
            "day": day,
            "event_time": NOW - 86_400,
            "value": cents,
            "currency": "EUR",
            "customers": [customer],
            "event_id": None if order > 0 else f"own{order}-{cents}",
            "event_name": "Purchase",
        }
        for order, customer, day, cents in orders
    ]
    columns = pa.RecordBatch.from_pylist([{name: row.get(name) for name in COLUMNS.names} for row in rows], COLUMNS)
    return Sales(keys, columns, pa.nulls(len(rows), pa.binary(16)))


def many(count: int, first: int = 1) -> Sales:
    return of_orders(*((order, order, 1, 100) for order in range(first, first + count)))


def begin(ledger: Ledger) -> int:
    return ledger.begin(DATASET, ["a.csv"], NOW)


def let_die(server, address: str, run: int) -> None:
    """As if nothing had been heard of a run for a minute, and the server had not been restarted meanwhile."""
    name = address.rpartition("/")[2]
    server.psql(f"UPDATE capi_import.run SET beat = beat - interval '1 hour' WHERE id = {run}", name)


def wait_until(happens) -> None:
    for _ in range(1_200):
        if happens():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen within a minute")


@pytest.fixture(autouse=True)
def _no_heartbeat(monkeypatch):
    """Leases are counted from what the server's rows say alone, however new the server is."""
    alive = "(run.ended IS NULL AND NOT run.lost AND run.beat > clock_timestamp() - interval '40 seconds')"
    monkeypatch.setattr("importer.store.postgres_keys.ALIVE", alive)
    monkeypatch.setattr("importer.store.postgres_ledger.ALIVE", alive)
    monkeypatch.setattr("importer.store.lease.BEAT_SECONDS", 3_600)


def test_what_a_living_run_claims_no_other_claims_until_it_is_released(postgres_url):
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        claim = first.claim(run, "a.csv", many(10), NOW)
        assert claim.held.tolist() == []
        found = second.claim(other, "b.csv", many(20), NOW)
        assert found.held.tolist() == list(range(10))
        assert second.claim(other, "b.csv", many(10), NOW).held.tolist() == list(range(10))
        first.release(claim.id)
        assert second.claim(other, "b.csv", many(10), NOW).held.tolist() == []
        assert second.faults() == []


def test_what_meta_took_meanwhile_is_held_and_known(postgres_url):
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        assert (second.known(DATASET, many(5)).claims == -1).all()
        claim = first.claim(run, "a.csv", many(5), NOW)
        first.settle(claim.id, many(5), None, NOW)
        assert second.claim(other, "b.csv", many(7), NOW).held.tolist() == [0, 1, 2, 3, 4]
        assert (second.known(DATASET, many(5)).claims == claim.id).all()
        assert second.acceptance(claim.id).run == run


def test_a_dead_runs_claims_are_claimed_by_whoever_comes_and_a_living_ones_are_not(postgres_server, postgres_url):
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        claim = first.claim(run, "a.csv", many(10), NOW)
        assert len(second.claim(other, "b.csv", many(10), NOW).held) == 10
        let_die(postgres_server, postgres_url, run)
        taken = second.claim(other, "b.csv", many(12), NOW)
        assert taken.held.tolist() == []
        assert {open_.id for open_ in second.open_claims(DATASET)} == {claim.id, taken.id}, "the doubt stays to be seen"
        second.settle(taken.id, many(12), None, NOW)
        second.end(other, NOW)
        assert second.open_claims(DATASET) == []
        assert (second.known(DATASET, many(12)).claims == taken.id).all()
        assert second.faults() == []


def test_a_run_that_was_taken_for_dead_and_still_got_its_answer_keeps_what_meta_took(postgres_server, postgres_url):
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        claim = first.claim(run, "a.csv", many(10), NOW)
        let_die(postgres_server, postgres_url, run)
        taken = second.claim(other, "b.csv", many(4), NOW)
        first.settle(claim.id, many(10), "late", NOW)
        second.release(taken.id)
        assert (second.known(DATASET, many(10)).claims == claim.id).all()
        assert len(second.claim(other, "b.csv", many(10), NOW).held) == 10
        assert second.faults() == []


def test_a_run_whose_claims_were_taken_posts_no_more(postgres_server, postgres_url, monkeypatch):
    monkeypatch.setattr("importer.store.lease.BEAT_SECONDS", 0.05)
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run = begin(first)
        assert first.holds(run)
        postgres_server.psql("UPDATE capi_import.run SET lost = true", postgres_url.rpartition("/")[2])
        wait_until(lambda: first._runs[run][2]._lost)
        with pytest.raises(LedgerError, match="another run has taken over"):
            first.holds(run)
        assert begin(second)


def test_a_run_that_cannot_reach_the_server_holds_nothing_for_sure(postgres_url, monkeypatch):
    monkeypatch.setattr("importer.store.lease.MARGIN_SECONDS", 40.0)
    with open_ledger(postgres_url) as ledger:
        assert not ledger.holds(begin(ledger))


def test_a_part_of_a_shared_work_belongs_to_one_living_run(postgres_server, postgres_url):
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        assert first.take(run, "work", 1)
        assert not second.take(other, "work", 1)
        assert second.take(other, "work", 2)
        let_die(postgres_server, postgres_url, run)
        assert second.take(other, "work", 1)
        assert not first.take(run, "work", 2)


def test_a_heartbeat_keeps_a_lease(postgres_server, postgres_url, monkeypatch):
    monkeypatch.setattr("importer.store.lease.BEAT_SECONDS", 0.05)
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        first.claim(run, "a.csv", many(3), NOW)
        let_die(postgres_server, postgres_url, run)
        alive = f"SELECT beat > clock_timestamp() - interval '1 minute' FROM capi_import.run WHERE id = {run}"
        wait_until(lambda: postgres_server.psql(alive, postgres_url.rpartition("/")[2]) == "t")
        assert len(second.claim(other, "b.csv", many(3), NOW).held) == 3


# ---------------------------------------------------------------------- an order id that comes again


def test_another_sale_under_a_claimed_id_waits_for_it_until_it_bears_an_id_of_its_own(postgres_url):
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        first.claim(run, "a.csv", of_orders((5, ADA, 1, 100)), NOW)
        same, another, named = (5, ADA, 2, 100), (5, BO, 1, 300), (-5, BO, 1, 300)
        assert second.claim(other, "b.csv", of_orders(same), NOW).held.tolist() == [0]
        assert second.claim(other, "b.csv", of_orders(another), NOW).held.tolist() == [0]
        assert second.claim(other, "b.csv", of_orders(named), NOW).held.tolist() == []
        assert first.claim(run, "a.csv", of_orders((-5, BO, 1, 400)), NOW).held.tolist() == [0], "amended, and claimed"
        assert first.faults() == []


def test_two_sales_of_one_request_under_one_id_are_both_claimed_and_both_known(postgres_url):
    pair = of_orders((5, ADA, 1, 100), (-5, BO, 1, 300), (6, ADA, 1, 100))
    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        claim = first.claim(run, "a.csv", pair, NOW)
        assert claim.held.tolist() == []
        assert second.claim(other, "b.csv", pair, NOW).held.tolist() == [0, 1, 2]
        first.settle(claim.id, pair.take(np.array([1, 2])), None, NOW)
        assert second.claim(other, "b.csv", of_orders((5, ADA, 1, 100)), NOW).held.tolist() == [0], "not renamed yet"
        assert second.claim(other, "b.csv", of_orders((-5, ADA, 1, 100)), NOW).held.tolist() == []
        assert second.claim(other, "b.csv", of_orders((-5, BO, 1, 300)), NOW).held.tolist() == [0]
        assert second.faults() == []


def test_a_sale_without_order_id_is_held_by_any_of_its_keys_and_gives_up_the_others(postgres_url):
    def of_keys(*words: int) -> Sales:
        keys = np.array([(word, 9) for word in words], np.uint64)
        sales = Sales.of_keys(keys[:1], np.array([NOW]))
        place = COLUMNS.get_field_index("keys")
        more = pa.array([[key.tobytes() for key in keys[1:]]], COLUMNS.field(place).type)
        return replace(sales, columns=sales.columns.set_column(place, COLUMNS.field(place), more))

    with open_ledger(postgres_url) as first, open_ledger(postgres_url) as second:
        run, other = begin(first), begin(second)
        claim = first.claim(run, "a.csv", of_keys(1, 2), NOW)
        assert second.claim(other, "b.csv", of_keys(3, 2), NOW).held.tolist() == [0]
        assert first.claim(run, "a.csv", of_keys(3), NOW).held.tolist() == [], "the third key was given up again"
        first.settle(claim.id, of_keys(1, 2), None, NOW)
        assert second.known(DATASET, of_keys(4, 1)).claims.tolist() == [claim.id]
        assert second.faults() == []


# ---------------------------------------------------------------------- at once


def test_four_senders_at_once_claim_each_sale_exactly_once(postgres_url):
    with open_ledger(postgres_url):
        pass
    everything, claimed, failures = many(3_000), Counter(), []

    def claim_all(seed: int) -> None:
        try:
            with open_ledger(postgres_url) as ledger:
                run = begin(ledger)
                for start in np.random.default_rng(seed).permutation(30):
                    places = np.arange(start * 100, start * 100 + 100)
                    claim = ledger.claim(run, "a.csv", everything.take(places), NOW)
                    mine = np.delete(places, claim.held)
                    claimed.update(mine.tolist())
                    if len(mine):
                        ledger.settle(claim.id, everything.take(mine), None, NOW)
        except LedgerError as error:
            failures.append(error)

    threads = [threading.Thread(target=claim_all, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(claimed) == 3_000
    assert set(claimed.values()) == {1}
    with open_ledger(postgres_url, read_only=True) as ledger:
        assert ledger.totals()[0].accepted == 3_000
        assert ledger.faults() == []


def test_several_that_make_a_new_ledger_at_once_make_one(postgres_server, postgres_url):
    for _ in range(5):
        address, made = postgres_server.new_database(), []
        gate = threading.Barrier(4)

        def make(address=address, made=made, gate=gate) -> None:
            with psycopg.connect(address):  # all of them are connected, and have looked, before one begins
                gate.wait()
            with open_ledger(address) as ledger:
                made.append(ledger.is_new)

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(made) == [False, False, False, True]


# ---------------------------------------------------------------------- the server goes away and comes back


def test_a_restart_of_the_server_loses_no_claim_and_doubles_none(postgres_server, postgres_url):
    with open_ledger(postgres_url) as ledger, open_ledger(postgres_url) as other:
        run, another = begin(ledger), begin(other)
        claim = ledger.claim(run, "a.csv", many(10), NOW)
        postgres_server.stop(now=True)
        postgres_server.start()
        ledger.settle(claim.id, many(10), None, NOW)
        assert (other.known(DATASET, many(10)).claims == claim.id).all()
        assert ledger.claim(run, "a.csv", many(5, 100), NOW).held.tolist() == []
        assert len(other.claim(another, "a.csv", many(5, 100), NOW).held) == 5


def test_a_claim_that_was_committed_though_the_answer_was_lost_is_claimed_again(postgres_server, postgres_url):
    with open_ledger(postgres_url) as ledger:
        run = begin(ledger)
        ledger.claim(run, "a.csv", many(10), NOW)
        ledger._claims.clear()  # as where the server went away just after it had committed
        ledger._db._connection.close()
        assert ledger.claim(run, "a.csv", many(10), NOW).held.tolist() == []
        assert len(ledger.open_claims(DATASET)) == 1
        assert ledger.faults() == []


# ---------------------------------------------------------------------- what can be wrong


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda url: re.sub(r":\d+/", ":1/", url), "cannot be reached"),
        (lambda url: url.rpartition("/")[0] + "/nowhere", "no such database"),
        (lambda url: url.replace("capi@", "nobody@"), "refuses the password"),
    ],
    ids=["no server", "no database", "no user"],
)
def test_what_is_wrong_with_the_address_is_one_sentence(postgres_url, change, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match=sentence):
        open_ledger(change(postgres_url))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("password", "sentence"), [(None, "asks for a password"), ("s3cretly-wrong", "refuses the password")]
)
def test_a_missing_or_wrong_password_is_told_and_never_shown(postgres_url, password, sentence, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PGPASSWORD") if password is None else monkeypatch.setenv("PGPASSWORD", password)
    with pytest.raises(LedgerError, match=sentence) as caught:
        open_ledger(postgres_url)
    assert "s3cretly" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://capi:pa55word@127.0.0.1/db",
        "postgresql://capi@127.0.0.1/db?password=pa55word",
        "postgresql://capi:pa55word@127.0.0.1:port/db",
        "postgresql:127.0.0.1/db",
        "postgresql://",
        "postgresql://127.0.0.1:99999/db",
    ],
)
def test_an_address_that_tells_a_password_or_is_none_is_refused_without_repeating_it(address):
    with pytest.raises(UsageError) as caught:
        checked_address(address)
    assert "pa55word" not in str(caught.value)


def test_a_newer_ledger_is_refused_and_an_unlike_schema_told(postgres_server, postgres_url):
    name = postgres_url.rpartition("/")[2]
    with open_ledger(postgres_url):
        pass
    postgres_server.psql("INSERT INTO capi_import.version VALUES (99)", name)
    for read_only in (False, True):
        with pytest.raises(LedgerError, match="newer capi-import"):
            open_ledger(postgres_url, read_only=read_only)
    other = postgres_server.new_database()
    postgres_server.psql("CREATE SCHEMA capi_import; CREATE TABLE capi_import.meta (x int)", other.rpartition("/")[2])
    with pytest.raises(LedgerError, match=r"PostgreSQL server"):
        open_ledger(other)


def test_a_row_that_was_changed_and_keys_that_are_missing_are_faults(postgres_server, postgres_url):
    name = postgres_url.rpartition("/")[2]
    with open_ledger(postgres_url) as ledger:
        run = begin(ledger)
        for start in (1, 101, 201):
            ledger.settle(ledger.claim(run, "a.csv", many(10, start), NOW).id, many(10, start), None, NOW)
        assert ledger.faults() == []
        postgres_server.psql("UPDATE capi_import.batch SET file = 'b.csv' WHERE id = 1", name)
        some = "(SELECT key FROM capi_import.sale_key WHERE batch = 2 LIMIT 1)"
        postgres_server.psql(f"DELETE FROM capi_import.sale_key WHERE batch = 2 AND key = {some}", name)
        postgres_server.psql("DELETE FROM capi_import.batch WHERE id = 3", name)
        assert ledger.faults() == [
            "Request 1 is not what was written.",
            "Keys of request 2 are missing.",
            "Requests are missing.",
        ]


def test_least_rights_suffice(postgres_server, postgres_url, monkeypatch):
    """What docs/scale.md tells an administrator to grant is enough to send, and to read."""
    name = postgres_url.rpartition("/")[2]
    with open_ledger(postgres_url):
        pass
    for who, rights in (("sender", "SELECT, INSERT, UPDATE, DELETE"), ("reader", "SELECT")):
        role = f"{who}_{name}"
        postgres_server.psql(
            f"CREATE ROLE {role} LOGIN PASSWORD '{postgres_server.password}'; GRANT USAGE ON SCHEMA capi_import TO {role}; "
            f"GRANT {rights} ON ALL TABLES IN SCHEMA capi_import TO {role}; "
            f"GRANT {'USAGE, SELECT' if 'INSERT' in rights else 'SELECT'} ON ALL SEQUENCES IN SCHEMA capi_import TO {role}",
            name,
        )
    with open_ledger(postgres_url.replace("capi@", f"sender_{name}@")) as ledger:
        run = begin(ledger)
        ledger.settle(ledger.claim(run, "a.csv", many(3), NOW).id, many(3), None, NOW)
        ledger.end(run, NOW)
    with open_ledger(postgres_url.replace("capi@", f"reader_{name}@"), read_only=True) as ledger:
        assert (ledger.known(DATASET, many(3)).claims >= 0).all()
        with pytest.raises(LedgerError, match="does not let this user"):
            begin(ledger)


def test_the_dumped_and_restored_ledger_is_the_same_to_psycopg(postgres_url):
    with open_ledger(postgres_url) as ledger, pytest.raises(LedgerError, match="pg_dump"):
        ledger.backup("copy.db")
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT max(number) FROM capi_import.version").fetchone() == (1,)
