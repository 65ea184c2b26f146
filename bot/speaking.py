"""Pure: languages by what people call them, in English, in Welsh and, where many speak it here, in the language itself.

Codes are those of ISO 639, and names those of the Unicode CLDR, as babel has them. British Sign Language, which it
lacks, is added.
"""

import re
from functools import cache

from babel import Locale

from bot.text import Listing, Text, listing, t, words
from storage.people import Person

ENGLISH = "en"
SIGNED = "bfi"
"""British Sign Language, in ISO 639-3."""
NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
ALSO = {
    **dict.fromkeys(("bsl", "british sign language", "iaith arwyddion prydain"), SIGNED),
    "farsi": "fa",
    "mandarin": "zh",
    "gaelic": "gd",
    "bangla": "bn",
    "cymraeg": "cy",
    "saesneg": "en",
}
_OWN = (
    "gd gàidhlig, ga gaeilge, kw kernewek, gv gaelg, sco scots, pl polski, ro română, pa ਪੰਜਾਬੀ, ur اردو, es español,"
    " pt português, ar العربية, bn বাংলা, gu ગુજરાતી, it italiano, ta தமிழ், fr français, lt lietuvių, tr türkçe,"
    " bg български, hu magyar, el ελληνικά, uk українська, de deutsch, nl nederlands, ru русский, zh 中文, yue 粵語,"
    " so soomaali, fa فارسی, hi हिन्दी, ne नेपाली, sq shqip, sk slovenčina"
)
OWN = {name: code for code, name in (pair.split() for pair in _OWN.split(","))}
"""Languages of these islands, and others that many people here speak, by their own names. To read the own names of all
languages takes two seconds, for a file each."""
NONE = frozenset({"none", "no", "nothing", "dim", "na", "nage"})


def read_languages(said: str) -> tuple[list[str], list[str]]:
    """The codes of these languages, without English, and what is none: "Welsh, French", "Welsh and French", "cy"."""
    parts = [part.strip(" .") for part in re.split(r",|;|&|\n|\s+(?:and|a|ac)\s+", said)]
    if not any(parts):
        return [], [said]
    found = {part: code_of(part) for part in parts if part and part.lower() not in NONE}
    codes = [code for code in found.values() if code and code != ENGLISH]
    return list(dict.fromkeys(codes)), [part for part, code in found.items() if code is None]


def code_of(said: str) -> str | None:
    """The code of the language that is called so, None where there is none."""
    return _codes().get(" ".join(said.split()).casefold())


def called(code: str, reader: str) -> Text:
    """What the language with this code is called in the reader's own ("en", "cy")."""
    if code == SIGNED:
        return t("British Sign Language")
    names = Locale(reader if reader == "cy" else ENGLISH).languages
    return words(names.get(code) or Locale(ENGLISH).languages.get(code) or code)


def languages_of(person: Person, reader: str) -> Listing:
    """The languages in which this person answers, English first, as the reader calls them."""
    return listing([called(code, reader) for code in (ENGLISH, *person.languages.split())])


@cache
def _codes() -> dict[str, str]:
    """Every language by its code and its names; what it is called in English goes before all others."""
    english, welsh = Locale(ENGLISH).languages, Locale("cy").languages
    codes = [code for code in map(str, english) if len(code) < 4 and code not in NO_LANGUAGE]
    return {
        **{code: code for code in codes},
        **OWN,
        **{welsh[code].casefold(): code for code in codes if code in welsh},
        **ALSO,
        **{english[code].casefold(): code for code in codes},
    }
