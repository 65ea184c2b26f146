"""Stored tokens can be read with the keys that made them, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.secrets import Vault, WrongKey, new_key

OLD, NEW = new_key(), new_key()
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(WORDS)
def test_what_is_locked_away_comes_out_again(secret: str) -> None:
    vault = Vault(NEW)
    assert vault.decrypt(vault.encrypt(secret)) == secret


def test_the_same_secret_looks_different_each_time() -> None:
    assert Vault(NEW).encrypt("xoxb-1") != Vault(NEW).encrypt("xoxb-1")


def test_nothing_stays_nothing() -> None:
    assert Vault(NEW).encrypt("") == Vault(NEW).decrypt("") == ""


def test_a_new_key_in_front_still_reads_what_the_old_one_made() -> None:
    stored = Vault(OLD).encrypt("xoxb-1")
    both = Vault(f"{NEW}, {OLD}")
    assert both.decrypt(stored) == "xoxb-1"
    assert Vault(NEW).decrypt(both.encrypt("xoxb-2")) == "xoxb-2"


def test_after_renewing_the_old_key_may_go() -> None:
    renewed = Vault(f"{NEW},{OLD}").renew(Vault(OLD).encrypt("xoxb-1"))
    assert Vault(NEW).decrypt(renewed) == "xoxb-1"


def test_another_key_is_told_in_words_without_the_secret() -> None:
    stored = Vault(OLD).encrypt("xoxb-1")
    with pytest.raises(WrongKey, match="another key") as refused:
        Vault(NEW).decrypt(stored)
    assert refused.value.__cause__ is None
    assert stored not in str(refused.value)


@pytest.mark.parametrize(
    "stored", ["x", "ü", "gAAAAA", pytest.param(Vault(NEW).encrypt("xoxb-1")[:-4] + "AAA=", id="another end")]
)
def test_what_was_changed_is_refused(stored: str) -> None:
    with pytest.raises(WrongKey):
        Vault(NEW).decrypt(stored)


@pytest.mark.parametrize("key", ["", " , ", "hunter2", pytest.param(f"{NEW},hunter2", id="one of two"), "ü" * 44])
def test_what_is_no_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="encryption key") as refused:
        Vault(key)
    assert "hunter2" not in str(refused.value)


def test_the_keys_are_never_shown() -> None:
    vault = Vault(f"{NEW},{OLD}")
    assert NEW not in repr(vault)
    assert OLD not in f"{vault} {vars(vault)}"
