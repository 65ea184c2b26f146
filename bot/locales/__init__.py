"""The message catalogues: `cy.po` holds the Welsh of every sentence, found by its English.

Who translates edits that file alone. `python -m bot.locales` brings it up to date with what the code says: new
sentences stand in it without a translation, and those that are gone are marked `#~`.
"""

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
TRANSLATED = ("cy",)
"""Every language but English, whose sentences are the keys themselves."""


class Catalogue:
    """The sentences of one language by their English; `form` gives the place of the plural form for a number."""

    def __init__(self, said: Mapping[str, tuple[str, ...]], form: Callable[[int], int]) -> None:
        self._said = said
        self._form = form

    def sentence(self, key: str, many: str = "", n: int = 1) -> str:
        """The sentence, or its form for `n` things where it has a plural; in English where it is not translated."""
        forms = self._said.get(key)
        if forms is None:
            return many if many and n != 1 else key
        return forms[self._form(n)] if many else forms[0]


def file_of(language: str) -> Path:
    """Where the sentences of this language are kept, to be read and reviewed as they are: nothing is compiled."""
    return FOLDER / f"{language}.po"


@cache
def catalogue(language: str) -> Catalogue:
    """The sentences of this language, read once, when somebody first reads it; English for any that is not translated.

    A sentence that lacks its translation, or one of its plural forms, is left out. The rule that chooses the form is
    the one in the head of the file. 400 sentences take about 20 ms of one core, and as long for what reads them.
    """
    if language not in TRANSLATED:
        return Catalogue({}, int)
    from babel.messages.pofile import read_po  # a process without a reader of another language never needs it

    with file_of(language).open("rb") as file:
        kept = read_po(file, locale=language, ignore_obsolete=True)
    said = {}
    for message in kept:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if key and all(forms) and not message.fuzzy:
            said[key] = forms
    return Catalogue(said, gettext.c2py(kept.plural_expr))
