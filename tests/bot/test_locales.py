"""The catalogues are brought up to date with what the code says, and read when somebody first needs them."""

import pytest

from bot.locales import TRANSLATED, catalogue, file_of
from bot.locales.__main__ import untranslated, updated
from bot.locales.sentences import said_everywhere, said_in
from bot.text import Reader, say, t, tn

HEAD = file_of("cy").read_bytes().partition(b"\n\n")[0]
WELSH = Reader("cy")
PEOPLE = ("{n} o bobl", "{n} person", "{n} berson", "{n} pherson", "{n} pherson", "{n} o bobl")
TWO = (
    b"\n\n".join(
        [
            HEAD,
            b'msgid "Hello"\nmsgstr "Helo"',
            b'msgid "{n} person"\nmsgid_plural "{n} people"',
        ]
    )
    + "".join(f'\nmsgstr[{place}] "{form}"' for place, form in enumerate(PEOPLE)).encode()
    + b"\n"
)


def made(source: str, before: bytes = HEAD + b"\n\n") -> str:
    return updated(before, list(said_in("bot/planted.py", source)), "cy").decode()


def test_a_new_sentence_stands_in_the_file_without_a_translation() -> None:
    text = made('t("Hello"), tn("{n} person", "{n} people", n=2)')
    assert '#: bot/planted.py\nmsgid "Hello"\nmsgstr ""\n' in text
    assert 'msgid_plural "{n} people"' in text and 'msgstr[5] ""' in text
    assert untranslated(text.encode(), "cy") == ["Hello", "{n} person"]


def test_a_sentence_inside_another_and_an_example_are_found_too() -> None:
    text = made('t("{a} then", a=t("Now"))\nclass Join(Command, help=t("Join"), example="join us"): pass')
    assert all(f'msgid "{key}"' in text for key in ("{a} then", "Now", "Join", "join us"))


def test_what_was_translated_stays_and_what_is_gone_is_marked() -> None:
    before = HEAD + b'\n\nmsgid "Hello"\nmsgstr "Helo"\n\nmsgid "Old"\nmsgstr "Hen"\n'
    text = made('t("Hello")', before)
    assert 'msgid "Hello"\nmsgstr "Helo"' in text and '#~ msgid "Old"' in text
    assert untranslated(text.encode(), "cy") == []
    assert made('t("Hello")', text.encode()) == text


def test_a_sentence_that_comes_back_has_its_translation_again() -> None:
    gone = made("pass", made('t("Hello"), tn("{n} person", "{n} people", n=2)', TWO).encode())
    assert '#~ msgid "Hello"' in gone and '#~ msgid_plural "{n} people"' in gone
    text = made('t("Hello"), tn("{n} person", "{n} people", n=2)', gone.encode())
    assert 'msgid "Hello"\nmsgstr "Helo"' in text and 'msgstr[2] "{n} berson"' in text and "#~" not in text


def test_a_changed_sentence_is_a_new_one() -> None:
    before = HEAD + '\n\nmsgid "Say help."\nmsgstr "Teipiwch “help”."\n'.encode()
    text = made('t("Say help now.")', before)
    assert untranslated(text.encode(), "cy") == ["Say help now."] and "fuzzy" not in text


@pytest.mark.parametrize("language", TRANSLATED)
def test_bringing_a_file_up_to_date_twice_changes_nothing_more(language: str) -> None:
    once = updated(file_of(language).read_bytes(), said_everywhere(), language)
    assert updated(once, said_everywhere(), language) == once


def test_welsh_has_a_form_for_nothing_one_two_three_six_and_the_rest() -> None:
    said = [say(tn("{n} person", "{n} people", n=n), WELSH) for n in (0, 1, 2, 3, 4, 6, 8, 100)]
    assert said == [
        *("0 o bobl", "1 person", "2 berson", "3 pherson", "4 o bobl", "6 pherson", "8 o bobl", "100 o bobl"),
    ]


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    assert say(t("Nobody says this {where}", where="here"), WELSH) == "Nobody says this here"
    assert say(tn("{n} unheard thing", "{n} unheard things", n=2), WELSH) == "2 unheard things"


def test_english_and_what_nobody_speaks_read_no_file() -> None:
    for language in ("en", "", "xx", "../../etc/passwd"):
        assert catalogue(language).sentence("Join") == "Join"
    assert catalogue("cy") is catalogue("cy")
