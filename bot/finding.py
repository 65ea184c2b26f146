"""Finding what a person named, or saying in words that it is not there for them."""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from bot.errors import Refusal
from bot.text import Text, t, words
from bot.ui import Option
from bot.work import View
from storage.answers import Answer
from storage.communities import Community
from storage.people import Person
from storage.questions import Question

JOINERS = "\u200c\u200d"
"""Invisible, and part of how some scripts and emoji are written."""
CONFUSED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
"""Alphabets with letters that look the same."""


def tidy(said: str) -> str:
    """What was typed as a name or a short line: one line, without marks that turn or hide what stands beside it."""
    shown = (_shown(character) for character in said)
    return " ".join("".join(shown).split())


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cf":
        part_of_a_flag = "\U000e0020" <= character <= "\U000e007f"
        return character if character in JOINERS or part_of_a_flag else ""
    return " " if kind in ("Cc", "Zl", "Zp") else character


def slug_of(name: str) -> str:
    """The name as people type it: "Starting a business" is starting-a-business. Letters of any script stay."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = ""
    for character in folded:
        kind = unicodedata.category(character)
        if kind[0] in "LN" or (kind[0] == "M" and kept[-1:] not in ("", "-") and not _is_selector(character)):
            kept += character
        elif kind != "Cf" and not _is_selector(character):
            kept += "-"
    return re.sub("-+", "-", kept).strip("-")[:80].strip("-")


def _is_selector(character: str) -> bool:
    """Whether it only says how the character before it is drawn."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


LOOK_LATIN = dict(
    zip(
        "асеһіјӏорԛѕѵԝхуАВСЕНІЈКМОРԚЅТѴԜХУαικνορυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "acehijlopqsvwxyABCEHIJKMOPQSTVWXYaikvopuxyABEZHIKMNOPTYX",
        strict=True,
    )
)
"""Letters of Cyrillic and Greek and the Latin ones that they look like (Unicode Technical Standard 39, confusables)."""


def mixes_alphabets(name: str) -> bool:
    """Whether a reader may take a letter for one of another alphabet, such as a Cyrillic а for a Latin one.

    So it is in a word with letters of two alphabets, and in a Latin name whose other words could all be Latin ones.
    """
    words_of_it = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", name))
    alphabets = [{unicodedata.name(letter, "").split(" ")[0] for letter in word} & CONFUSED for word in words_of_it]
    if any(len(found) > 1 for found in alphabets):
        return True
    others = [word for word, found in zip(words_of_it, alphabets, strict=True) if found and found != {"LATIN"}]
    latin = {"LATIN"} in alphabets
    return latin and bool(others) and all(letter in LOOK_LATIN for word in others for letter in word)


TAKEN_FOR = str.maketrans("015", "ols")


@lru_cache(maxsize=50_000)
def looks(name: str) -> str:
    """How a name looks to who reads it in passing: without spaces, signs and accents, and with 0 as o."""
    if not name.isascii():
        name = "".join(LOOK_LATIN.get(letter, letter) for letter in unicodedata.normalize("NFKD", name))
    return re.sub(r"[\W_]+", "", name.casefold().translate(TAKEN_FOR))


MOST_MERGES = 10
"""How often one community after another is followed to the one it was merged into."""


def find_community(said: str, view: View, *, field: str = "community", archived: bool = False) -> Community:
    """The community with this name, as it is written or as people type it; or the one that it was merged into.

    Raises Refusal, with the nearest name, where there is none; and for an archived one, unless `archived` is true.
    """
    slug = slug_of(said)
    community = view.communities.find(slug, said.strip())
    for _ in range(MOST_MERGES):
        if community is None or community.merged_into_id is None:
            break
        community = view.communities.get(community.merged_into_id)
    if community is None:
        raise Refusal(_no_community(said, slug, view), field=field)
    if community.state == "archived" and not archived:
        text = t("{community} was archived. Say communities to see those that are open.", community=community.name)
        raise Refusal(text, field=field)
    return community


def is_shut_to(person: Person, community: Community) -> bool:
    """Whether this person is a supplier and the community is not open to suppliers: they neither join nor read."""
    return person.kind == "supplier" and not community.suppliers


def must_admit(me: Person, community: Community, *, field: str = "community") -> None:
    """Raises Refusal where this person is a supplier and the community is not open to suppliers."""
    if is_shut_to(me, community):
        text = t(
            "{community} is not open to suppliers, and you said that you are one. Say communities to see the others.",
            community=community.name,
        )
        raise Refusal(text, field=field)


def _no_community(said: str, slug: str, view: View) -> Text:
    name = said if len(said) <= 80 else said[:79] + "…"
    slugs = view.communities.near(slug)
    within = [known for known in slugs if slug and slug in known]
    for near in (*within, *get_close_matches(slug, slugs, n=1, cutoff=0.6)):
        return t(
            "There is no community called “{name}”. Did you mean {near}? Say communities to see them all.",
            name=name,
            near=near,
        )
    return t("There is no community called “{name}”. Say communities to see them all.", name=name)


def find_question(number: int, me: Person, view: View, *, field: str = "question") -> Question:
    """The question with this number, if this person may see it."""
    question = view.questions.get(number, viewer=me)
    if question is None:
        raise Refusal(t("There is no question Q-{number} that you can see.", number=number), field=field)
    return question


def find_answer(number: int, me: Person, view: View) -> Answer:
    """The answer with this number, if this person may see it and it was not withdrawn."""
    answer = view.answers.get(number, viewer=me)
    if answer is None or answer.state != "sent":
        raise Refusal(t("This answer was withdrawn or is not yours to see. Say questions to see where things stand."))
    return answer


def my_communities(me: Person, view: View) -> list[Option]:
    """The communities this person belongs to, as choices."""
    return [Option(community.slug, words(community.name)) for community in view.communities.mine(me.id)]


def all_communities(me: Person, view: View) -> list[Option]:
    """The 20 largest communities, as choices."""
    return [Option(row.community.slug, words(row.community.name)) for row in view.browsing.listed("", viewer=me)]


def questions_for_me(me: Person, view: View) -> list[Option]:
    """Open questions that were brought to this person, as choices."""
    return [Option(str(question.id), excerpt(question)) for question in view.questions.offered(viewer=me)]


def excerpt(question: Question) -> Text:
    """A question in a line: its number and how it begins."""
    start = question.text if len(question.text) <= 60 else question.text[:57].rsplit(" ", 1)[0] + "…"
    return t("Q-{number}: {start}", number=question.id, start=start)


def who(name: str, role: str, organisation: str) -> Text:
    """A person as others see them: name, role and organisation, whichever are known."""
    if not name:
        return t("a former member")
    return words(", ".join(part for part in (name, role, organisation) if part))


def brief(person: Person) -> Text:
    """A person in a list of people: the name, with role and organisation in brackets."""
    about = ", ".join(part for part in (person.role, person.organisation) if part)
    return words(f"{person.name} ({about})" if about else person.name)


def who_is(person: Person) -> Text:
    """The same for a person; an organisation that no platform vouched for says so."""
    if person.organisation and not person.verified:
        return t(
            "{person}, {organisation} (not verified)",
            person=who(person.name, person.role, ""),
            organisation=person.organisation,
        )
    return who(person.name, person.role, person.organisation)
