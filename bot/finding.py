"""Finding what a person named, or saying in words that it is not there for them."""

import re
import unicodedata

from bot.errors import Refusal
from bot.text import Text, t, words
from bot.ui import Option
from bot.work import View
from storage.answers import Answer
from storage.communities import Community
from storage.people import Person
from storage.questions import Question


def slug_of(name: str) -> str:
    """The name as people type it: "Starting a business" is starting-a-business. Letters of any script stay."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "-", folded).strip("-")[:80]


def find_community(said: str, view: View, *, field: str = "community") -> Community:
    """The community with this name, as it is written or as people type it."""
    community = view.communities.find(slug_of(said), said.strip())
    if community is None:
        text = t("There is no community called “{name}”. Say communities to see them all.", name=said)
        raise Refusal(text, field=field)
    return community


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
    return [Option(row.community.slug, words(row.community.name)) for row in view.communities.listed("", viewer=me)]


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
