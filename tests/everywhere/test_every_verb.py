"""Every verb that help lists does the same typed, pressed and filled in as a form, in Slack and in Teams."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest

from adapters.teams.render import FIELD
from bot.command import Verb, find_features, kinds_of, questions, registry
from bot.work import Work
from tests.everywhere.forging import presses_forged
from tests.features.newcomers import channel_of, nothing_was_refused
from tests.features.organisations import administers
from tests.features.telling import changes, form_is_open, person
from tests.town import Town

Way = Literal["typed", "pressed", "form"]
ACTORS = ("kofi", "tom")
"""Kofi is in Slack, Tom in Teams. Each owns Starting a business and Employing someone, and is an administrator."""
BUSINESS, EMPLOYING, WELSH = "starting-a-business", "employing-someone", "services-in-welsh"


@dataclass(frozen=True)
class Case:
    """What is read once this was given, by field; a choice is given by its value.

    `before` was said, or pressed where it is a payload, by somebody, or by the same person there. `owned` is False
    where nobody owns the communities. In a `channel` it is said in one.
    """

    told: str
    given: Mapping[str, str] = field(default_factory=dict)
    before: tuple[tuple[str, str], ...] = ()
    owned: bool = True
    channel: bool = False


def of(community: str = EMPLOYING, **more: str) -> dict[str, str]:
    """This community, and what else is given."""
    return {**more, "community": community}


ASKED = (
    ("eleni", f"community edit {EMPLOYING} access: approval"),
    ("amira", f"join {EMPLOYING}"),
    ("callum", f"join {EMPLOYING}"),
)
"""Two people wait to join."""
KNOWN = (("", "@Signpost me skill Payroll"), ("", "@Signpost me skill Barges"))
CLOSED = (("priya", '{"do": "archive-now", "community": 1}'), ("eleni", '{"do": "archive-now", "community": 2}'))
CASES = {
    "add synonym": Case("“NI” also finds “National Insurance”", of(words="NI", means="National Insurance")),
    "agree": Case("Department for Education, questions and names cross now.", {"organisation": "DfE"}),
    "agreements": Case("Between you, questions and names cross."),
    "announce": Case("Check your announcement before it is sent", of(text="We meet on Friday.")),
    "approve": Case("Amira Haddad is in Employing someone now.", {"request": "1"}, ASKED),
    "archive": Case("Archive Employing someone?", of()),
    "ask": Case("Other members of Employing someone can see it too", of(question="Who answers letters?")),
    "bulletin": Case("The next bulletin of Employing someone", of()),
    "bulletin off": Case("Employing someone has no weekly bulletin.", of()),
    "bulletin on": Case("Tuesday 24 November", of(day="TU")),
    "communities": Case("People can use any of our services in Welsh", {"search": "Welsh"}),
    "communities for me": Case("Communities for you"),
    "community": Case("You can also say: invite (a name) to employing-someone", of()),
    "community edit": Case("Employing someone is changed.", of(audience="Anyone who employs")),
    "community stage": Case("Maturing", of(stage="maturing")),
    "connect": Case("is connected to Employing someone.", of(), channel=True),
    "create": Case(
        "Winter letters is open. You are its owner.",
        of("Winter letters", service="Letters", outcome="Nobody is told the same twice."),
    ),
    "decline request": Case(
        "Amira Haddad is told that they cannot join.", {"request": "1", "words": "This is for owners."}, ASKED
    ),
    "disconnect": Case("See the community", of(), (("", f"@Signpost connect {EMPLOYING}"),), channel=True),
    "end agreement": Case("Open questions are taken back from people on the other side", {"organisation": "DfE"}),
    "gaps": Case("No topic of Employing someone goes without somebody who knows about it.", of()),
    "health": Case("Figures are of the last 90 days.", of()),
    "help": Case("Signpost connects you with people who work on the same service."),
    "import questions": Case("http://127.0.0.1", of()),
    "invite": Case("Amira Haddad, Content designer, HMRC is invited to Employing someone.", of(person="Amira Haddad")),
    "invite profession": Case("Invite people in policy to Employing someone", of(profession="policy")),
    "join": Case("Welcome to Services in Welsh", of(WELSH, role="Tester")),
    "leave": Case("You have left Employing someone.", of()),
    "me": Case("Others may find you"),
    "me away": Case("You are away until Tuesday 5 January.", {"until": "2027-01-05"}),
    "me back": Case("You are not away."),
    "me asked": Case("We may bring you questions", {"allowed": "yes"}),
    "me data": Case("http://127.0.0.1"),
    "me findable": Case("Members of your communities can find you by your role and what you know.", {"allowed": "yes"}),
    "me forget": Case("Forget me"),
    "me hide": Case("You hide from HM Revenue & Customs: nobody there finds you", {"organisation": "HMRC"}),
    "me hours": Case("9am to 5pm, Monday to Friday", {"hours": "9 to 5"}),
    "me intro": Case("introduc", {"how_often": "monthly"}),
    "me knows": Case("Payroll", {"knows": "Payroll"}),
    "me language": Case("Bydd Signpost yn ysgrifennu atoch chi yn Gymraeg o hyn ymlaen.", {"language": "cymraeg"}),
    "me languages": Case("You can answer in English and Welsh.", {"languages": "Welsh"}),
    "me limit": Case("You are brought at most 2 questions a week.", {"weekly": "2"}),
    "me link": Case("Your code is"),
    "me more": Case("More of your profile"),
    "me role": Case("Tester of letters", {"role": "Tester of letters"}),
    "me services": Case("We know what you work on", {"services": "Probate"}),
    "me show": Case(
        "You do not hide from HM Revenue & Customs any more.",
        {"organisation": "1"},
        (("", "@Signpost me hide from HMRC"), ("", "@Signpost me hide from DBT")),
    ),
    "me skill": Case("You say that you know about Payroll (expert).", {"skill": "Payroll", "level": "expert"}),
    "me skill remove": Case("You do not say that you know about Payroll any more.", {"skill": "Payroll"}, KNOWN),
    "me skills": Case("What you say you know"),
    "me still right": Case("We ask you again in six months."),
    "me type": Case("Your profile says: Contractor.", {"kind": "contractor"}),
    "members": Case("Up to 25 people are named: you, and those who let others find them.", of()),
    "merge": Case("An owner of Services in Welsh must agree.", of(into=WELSH)),
    "mute": Case("You get no news of Employing someone any more.", of()),
    "organisations to check": Case("No organisation waits to be checked."),
    "own": Case("You are the owner of Employing someone.", of(), owned=False),
    "owner": Case("Amira Haddad is asked to own Employing someone with you.", of(person="Amira Haddad")),
    "owner hand over": Case("Amira Haddad is asked to take over Employing someone.", of(person="Amira Haddad")),
    "owner remove": Case("Eleni Kostarides no longer owns Employing someone.", of(person="Eleni Kostarides")),
    "owner wanted": Case("members of Employing someone are asked whether they will own it too.", of()),
    "post card": Case("You can also say to Signpost: join employing-someone", of(), channel=True),
    "questions": Case("Your questions"),
    "remove synonym": Case(
        "1 synonym of “NI” is removed",
        of(words="NI"),
        (("eleni", f"add synonym NI means National Insurance community: {EMPLOYING}"),),
    ),
    "reopen": Case("Employing someone is open again.", of(), CLOSED),
    "requests": Case("They want to join", before=ASKED),
    "see question": Case("It is a table rather than a drawing, so it is easy to merge.", {"question": "1"}),
    "showcase": Case("No showcase is planned in your communities."),
    "showcase new": Case(
        "Check the showcase before it is scheduled", of(title="Letters", date="2026-12-03", time="14:00")
    ),
    "similar": Case("it becomes a reason", {"question": "How do others record why people call?"}),
    "synonyms": Case("Employing someone has no synonyms yet.", of()),
    "unmute": Case("You get news of Employing someone from now on.", of()),
    "watch": Case("You are told when somebody you can find knows about “zeppelins”.", {"topic": "zeppelins"}),
    "watches": Case("You wait for nothing."),
    "whoknows": Case("You see members of your communities who let others find them.", {"topic": "letters"}),
}
"""Each verb that help lists, by its name."""
OWN_TESTS = {"answer", "me organisation"}
"""A question that was brought to the person, and a person whose organisation nobody vouches for, are in their tests."""


def verb_of(name: str) -> type[Verb]:
    """What is typed so."""
    find_features()
    return registry.verbs[name]


def ways_of(name: str) -> list[Way]:
    """How it can be given: a form opens where something must be given; no button does what is said in a channel.

    What fills in a form in a channel, which Teams shows in the own chat, has tests of its own.
    """
    if CASES[name].channel:
        return ["typed"]
    return ["typed", "pressed", "form"] if verb_of(name)().needs() else ["typed", "pressed"]


def words_of(name: str, given: Mapping[str, str]) -> str:
    """What a person types for it."""
    asked = questions(verb_of(name))
    plain = [given[field] for field in asked if field in given and not asked[field].after]
    quoted = [f'"{value}"' if " " in value else value for value in plain[:-1]] + plain[-1:]
    marked = [f"{asked[field].after} {value}" for field, value in given.items() if asked[field].after]
    return " ".join([name, *quoted, *marked])


def payload_of(name: str, given: Mapping[str, str]) -> str:
    """What a button for it carries."""
    verb = verb_of(name)
    kinds = kinds_of(verb)
    return verb(**{one: _as(kinds[one], value) for one, value in given.items()}).pack()


def _as(kind: type, value: str) -> str | int | bool:
    if kind is bool:
        return value == "yes"
    return int(value) if kind is int else value


async def fills_in(town: Town, key: str, name: str) -> None:
    """They say the verb alone, and fill in the form that opens."""
    slack = town.people[key].platform == "slack"
    await town.says(key, f"/signpost {name}" if slack else name)
    await form_is_open(town)
    filled = await town.fills(key, {one if slack else FIELD + one: value for one, value in CASES[name].given.items()})
    assert not filled.refused, filled.refused


async def gives(town: Town, key: str, name: str, way: Way) -> str:
    """All that this person reads once they gave it in this way."""
    case = CASES[name]
    place = channel_of(town, key) if case.channel else ""
    if way == "typed":
        words = words_of(name, case.given)
        await town.says(key, f"@Signpost {words}" if place else words, place=place)
    elif way == "pressed":
        await town.says(key, "me" if name == "showcase" else "showcase")  # there is a message to press on
        await presses_forged(town, key, payload_of(name, case.given), on=town.sees(key)[-1].id)
    else:
        await fills_in(town, key, name)
    modal = town.modal(key) if town.people[key].platform == "slack" else None
    seen = [*town.sees(key), *(town.sees(key, place) if place else ())]
    return "\n".join([*(message.words() for message in seen if not message.mine), modal.words() if modal else ""])


async def may_do_all(town: Town, owned: bool) -> None:
    """The two own both communities, or nobody does, and they speak for their organisations."""
    await administers(town, *ACTORS)
    numbers = [(await person(town, key)).id for key in ("priya", "eleni", *ACTORS)]

    def change(work: Work) -> None:
        for community in (1, 2):
            for number in numbers if not owned else numbers[2:]:
                work.communities.set_owner(community, number, owned)

    await changes(town, change)


def test_every_verb_that_help_lists_is_here_or_has_tests_of_its_own() -> None:
    find_features()
    assert {verb.name for verb in registry.offered()} == CASES.keys() | OWN_TESTS


@pytest.mark.parametrize("key", ACTORS)
@pytest.mark.parametrize(("name", "way"), [(name, way) for name in CASES for way in ways_of(name)])
async def test_it_does_the_same_however_it_is_given(town: Town, name: str, way: Way, key: str) -> None:
    case = CASES[name]
    await may_do_all(town, case.owned)
    for who, words in case.before:
        if words.startswith("{"):
            await presses_forged(town, who, words)
        else:
            await town.says(who or key, words, place="" if who else channel_of(town, key))
    assert case.told in await gives(town, key, name, way)
    assert nothing_was_refused(town)
