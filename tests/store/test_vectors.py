from __future__ import annotations

import pytest

from monitor.store import open_store, transaction
from monitor.store.vectors import StoredVectors

KEY, OTHER = ("a-model", "0a"), ("a-model", "0b")


def test_a_vector_is_found_at_once_and_by_other_connections_once_it_is_saved(db, tmp_path):
    vectors = StoredVectors(db)
    vectors[KEY] = b"\x01\x02"
    assert vectors[KEY] == b"\x01\x02"
    elsewhere = StoredVectors(open_store(tmp_path / "monitor.db"))
    assert KEY not in elsewhere
    with transaction(db):
        vectors.save()
    assert KEY in elsewhere
    assert elsewhere[KEY] == vectors[KEY] == b"\x01\x02"


def test_setting_a_vector_writes_nothing_so_that_no_lock_is_held_while_computing(db):
    StoredVectors(db)[KEY] = b"\x01"
    assert not db.conn.in_transaction
    assert db.table("section_vector").count == 0


def test_a_vector_that_nobody_computed_is_absent(db):
    vectors = StoredVectors(db)
    vectors[KEY] = b"\x01"
    assert OTHER not in vectors
    with pytest.raises(KeyError, match="0b"):
        vectors[OTHER]


def test_the_same_text_has_one_vector_for_each_model(db):
    vectors = StoredVectors(db)
    vectors["one", "0a"], vectors["two", "0a"] = b"\x01", b"\x02"
    with transaction(db):
        vectors.save()
    assert (vectors["one", "0a"], vectors["two", "0a"]) == (b"\x01", b"\x02")


def test_two_processes_that_computed_the_same_may_both_save_and_save_again(db):
    for _ in range(2):
        vectors = StoredVectors(db)
        vectors[KEY] = b"\x01"
        with transaction(db):
            vectors.save()
            vectors.save()
    assert db.table("section_vector").count == 1
