"""Brings the catalogues up to date with what the code says, and prints what is left to translate.

`python -m bot.locales`, in a copy of the repository. A sentence that changed is a new one: its earlier translation
stands at the end of the file, marked `#~`, until somebody has used or deleted it.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.locales import TRANSLATED, file_of
from bot.locales.sentences import Sentence, said_everywhere


def spoken(sentences: list[Sentence]) -> Catalog:
    """The sentences as a catalogue without translations, each once, with the files that say it."""
    catalog = Catalog()
    for sentence in sentences:
        key = (sentence.one, sentence.many) if sentence.many else sentence.one
        catalog.add(key, locations=[(sentence.file, 0)])
    return catalog


def updated(text: bytes, sentences: list[Sentence], language: str) -> bytes:
    """The file with exactly these sentences; its head and every translation that still has its sentence stay.

    A sentence that comes back has the translation again that it had before it went.
    """
    head = text.partition(b"\n\n")[0]
    catalog = read_po(BytesIO(text), locale=language)
    catalog.update(spoken(sentences), no_fuzzy_matching=True, update_creation_date=False)
    _revive(catalog)
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    return head + b"\n\n" + body.getvalue()


def _revive(catalog: Catalog) -> None:
    for message in catalog:
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key in catalog.obsolete and not any(_forms(message.string)):
            message.string = catalog.obsolete.pop(key).string


def untranslated(text: bytes, language: str) -> list[str]:
    """The sentences that lack a translation, or one of its plural forms."""
    catalog = read_po(BytesIO(text), locale=language)
    lacking = (message for message in catalog if message.id and not all(_forms(message.string)))
    return [message.id if isinstance(message.id, str) else message.id[0] for message in lacking]


def _forms(string: object) -> tuple[object, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (string,)


def bring_up_to_date(path: Path, language: str) -> list[str]:
    """The file holds what the code says; the sentences in it that lack a translation are returned."""
    text = updated(path.read_bytes(), said_everywhere(), language)
    path.write_bytes(text)
    return untranslated(text, language)


if __name__ == "__main__":
    for found in TRANSLATED:
        left = bring_up_to_date(file_of(found), found)
        print(f"{file_of(found).name}: {len(left)} without a translation", *left, sep="\n  ")  # noqa: T201 - a tool
