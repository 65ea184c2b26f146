"""Which profession a role belongs to, in the words that people give it."""

import pytest

from bot.professions import NAMES, Profession, people_in, profession_of
from bot.text import Reader, say

ROLES = {
    Profession.POLICY: (
        "Policy adviser",
        "policy",
        "Trade mark policy adviser",
        "Head of data policy",
        "Employer policy manager",
        "Ymgynghorydd polisi",
    ),
    Profession.DESIGN: (
        "Content designer",
        "Content strategist",
        "Service designer",
        "Interaction designer",
        "Graphic designer",
        "Technical writer",
        "Accessibility specialist",
        "UX lead",
        "Dylunydd cynnwys",
    ),
    Profession.OPERATIONS: (
        "Helpline manager",
        "Operations lead",
        "Employer support manager",
        "Start-up support operations manager",
        "Call handler",
        "Caseworker",
        "Work coach",
        "Head of operational delivery",
        "Contact centre manager",
    ),
    Profession.ENGINEERING: (
        "Lead developer",
        "Software developer",
        "Frontend developer",
        "Development operations (DevOps) engineer",
        "Technical architect",
        "Business architect",
        "Application operations engineer",
        "IT service manager",
        "Service desk manager",
        "Command and control centre manager",
        "Incident manager",
        "Change and release manager",
        "Test manager",
        "Quality assurance test analyst",
        "Chief information security officer",
        "Chief technology officer",
        "Chief digital and information officer",
    ),
    Profession.USER_RESEARCH: ("User researcher", "Head of user research", "user-research lead"),
    Profession.PRODUCT_AND_DELIVERY: (
        "Delivery manager",
        "Product manager",
        "Programme delivery manager",
        "Digital portfolio manager",
        "Service owner",
        "Business analyst",
        "Business relationship manager",
    ),
    Profession.DATA: (
        "Data engineer",
        "Data scientist",
        "Chief data officer",
        "Analytics engineer",
        "Machine learning engineer",
        "Performance analyst",
        "Digital evaluator",
        "Data architect",
        "Statistician",
    ),
    Profession.OTHER: ("", "  ", "Private secretary", "Lawyer", "Data protection officer", "🚀", "Itinerant", "مستشار"),
}


@pytest.mark.parametrize(("profession", "role"), [(one, role) for one, roles in ROLES.items() for role in roles])
def test_a_role_belongs_to_one_profession(profession: Profession, role: str) -> None:
    assert profession_of(role) is profession
    assert profession_of(role.upper()) is profession


def test_every_profession_has_a_name_and_is_counted() -> None:
    assert NAMES.keys() == set(Profession)
    assert say(people_in(Profession.POLICY, 9), Reader()) == "9 people in policy"
    assert say(people_in(Profession.OTHER, 1), Reader()) == "1 person in other roles"
