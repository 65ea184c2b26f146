"""How well communities that mean the same are found, measured on pairs that were labelled by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.likeness import ALIKE, Described, likeness, meanings, most_alike, rarity

THERE = [
    Described(
        1,
        "Starting a business",
        "Starting a business",
        "Anyone can start a business without knowing how government is organised.",
    ),
    Described(
        2, "Employing someone", "Employing someone for the first time", "A new employer gets the first payday right."
    ),
    Described(
        3,
        "Services in Welsh",
        "Government services in Welsh and English",
        "People can use services in Welsh as easily as in English.",
    ),
    Described(4, "Learning to drive", "Learn to drive a car", "New drivers know each step and pay the right fee."),
    Described(5, "Renting a home", "Private renting", "Tenants and landlords know their rights and duties."),
    Described(6, "When someone dies", "What to do after a death", "Bereaved families tell government once."),
    Described(
        7, "Content design", "Content design across government", "What we write is clear to everyone who reads it."
    ),
    Described(
        8, "User research", "User research across government", "Teams know what their users need before they build."
    ),
    Described(
        9, "Having a baby", "Maternity and paternity leave and pay", "New parents get what they are entitled to."
    ),
    Described(10, "Exporting goods", "Export goods from the UK", "Traders send goods abroad with one declaration."),
    Described(
        11, "Farm payments", "Environmental grants for farmers", "Farmers are paid on time for what they look after."
    ),
    Described(12, "Secure email", "E-mail between departments", "Official messages reach other departments safely."),
    Described(13, "Visas for work", "Apply for a work visa", "Employers and applicants know what to send."),
    Described(14, "Claiming a pension", "State Pension", "People who retire are paid from the first week."),
    Described(15, "Flood warnings", "Warn people of floods", "People at risk act before the water comes."),
    Described(16, "Open source", "Reusable code", "Teams find and reuse each other’s code."),
    Described(17, "Court forms", "Online court forms", "People fill in a form once and it is right."),
    Described(18, "Accessibility", "Accessible services", "Disabled people can use every service."),
    Described(19, "Data sharing", "Sharing data between departments", "Nobody asks people for what government knows."),
    Described(20, "Vehicle tax", "Tax a vehicle", "Drivers pay in a minute."),
]
SAME = [
    ("Setting up a company", "Register a company", "Founders can trade without delay", 1),
    ("Business start-up", "Start a business", "People start trading sooner", 1),
    ("New businesses", "Registering a new firm", "Nobody fills in the same form twice", 1),
    ("Hiring staff", "Recruit and employ people", "Employers pay their first wages right", 2),
    ("Taking on an employee", "Employ someone", "New employers know what to do", 2),
    ("Welsh language services", "Bilingual services", "Everything works in Welsh", 3),
    ("Cymraeg", "Services in Cymraeg", "Welsh speakers are served as well", 3),
    ("Learner drivers", "Learning to drive", "Learners pass sooner", 4),
    ("Driving lessons and tests", "Learn driving", "Learners know the steps", 4),
    ("Tenants", "Rented housing", "Tenants know their rights", 5),
    ("Landlords and tenancies", "Renting property", "Landlords keep to the rules", 5),
    ("Bereavement", "Bereavement services", "Families report a death once", 6),
    ("Death and funerals", "After somebody died", "Families are not asked twice", 6),
    ("Content designers", "Designing content", "Pages are written once and well", 7),
    ("Researchers", "User research", "We learn what users need", 8),
    ("New babies", "Maternity pay", "Parents are paid on time", 9),
    ("Exporters", "Exporting from the UK", "Traders declare goods once", 10),
    ("Grants for farming", "Farm grants", "Farmers are paid in time", 11),
    ("Work visa", "Working visas", "Applicants send the right papers", 13),
    ("Retirement", "State pensions", "People are paid when they retire", 14),
    ("Flooding", "Flood alerts", "People leave in time", 15),
    ("Court applications", "Forms for courts and tribunals", "Forms are right the first time", 17),
    ("Accessible design for disabled people", "Accessibility", "Everyone can use it", 18),
    ("Sharing data", "Data shared between departments", "People are asked once", 19),
    ("Car tax", "Vehicle taxation", "Motorists pay quickly", 20),
]
"""What somebody wants to start, and the number of the community that it is."""
OTHER = [
    ("Prison education", "Teaching in prisons", "Fewer people come back to prison"),
    ("Passport renewals", "Renew a passport", "People travel when they planned to"),
    ("Procurement", "Buying technology", "Departments buy once and well"),
    ("Cloud hosting", "Hosting for departments", "Servers cost less and stay up"),
    ("Winter letters", "Letters in the cold months", "Nobody is told the same twice"),
    ("School admissions", "Apply for a school place", "Parents hear on the same day"),
    ("Blue badge", "Parking permits", "People park close to where they go"),
    ("Home extensions", "Planning permission", "Homes have room"),
    ("Product managers", "Product management", "Products are worth what they cost"),
    ("Divorce", "End a marriage", "Couples part without a lawyer"),
    ("Organ donation", "Register as a donor", "Wishes are known in time"),
    ("Voter registration", "Register to vote", "Everyone who may vote can"),
    ("Student loans", "Student finance", "Students are paid before term"),
    ("Wi-Fi in offices", "Shared networks in buildings", "Civil servants work in any office"),
    ("Complaints", "Handle complaints", "People hear back within ten days"),
    ("Energy bills", "Help with heating", "Old people keep warm"),
    ("Fishing licences", "Rod licences", "Anglers buy one in a minute"),
    ("Performance analysis", "Analytics for services", "Decisions follow from numbers"),
    ("Policy design", "Policy making", "Policies work when they are tried"),
    ("Apprenticeships", "Find an apprentice", "Young people find a place"),
    ("Waste and recycling", "Collect waste", "Less is thrown away"),
    ("Driving abroad", "International permits", "Travellers carry the right papers"),
    ("Social care", "Care at home", "Carers have a week off"),
    ("Museum collections", "Museums online", "Anyone can see what is stored"),
    ("Tax credits", "Child tax credit", "Families report changes once"),
]
"""What somebody wants to start, and nothing like it is there."""


def offered(name: str, service: str, outcome: str) -> list[int]:
    return most_alike(Described(0, name, service, outcome), THERE)


def test_communities_that_mean_the_same_are_found_and_others_are_left_alone() -> None:
    found = [one for *words, one in SAME if one in offered(*words)]
    bothered = [words[0] for words in OTHER if offered(*words)]
    assert len(found) / len(SAME) >= 0.88, [one for *words, one in SAME if one not in offered(*words)]
    assert len(bothered) / len(OTHER) <= 0.08, bothered


def test_the_one_that_is_meant_comes_first() -> None:
    first = [offered(name, service, outcome)[:1] == [one] for name, service, outcome, one in SAME]
    assert sum(first) / len(first) >= 0.8


def test_a_community_is_like_itself_whatever_the_case_and_the_order() -> None:
    weight = rarity(THERE)
    for one in THERE:
        turned = Described(0, " ".join(reversed(one.name.upper().split())), one.service, one.outcome)
        assert likeness(turned, one, weight) >= 0.99
        assert likeness(turned, one, weight) == pytest.approx(likeness(one, turned, weight))


@pytest.mark.parametrize("empty", ["", "🚀", "the and of", "12 34", "\u202e"])
def test_what_says_nothing_is_like_nothing(empty: str) -> None:
    assert offered(empty, empty, empty) == []
    assert most_alike(Described(0, "Starting a business", "Business", "People trade"), []) == []


@given(some.text(), some.text(), some.text())
def test_any_words_give_a_likeness_between_none_and_the_same(name: str, service: str, outcome: str) -> None:
    weight = rarity(THERE)
    for other in THERE[:3]:
        assert 0 <= likeness(Described(0, name, service, outcome), other, weight) <= 1


def test_words_with_one_meaning_are_one() -> None:
    assert meanings("Setting up a company") == meanings("Starting businesses")
    assert meanings("starting") == meanings("starts") == meanings("started") == {"start"}
    assert 0 < ALIKE < 1
