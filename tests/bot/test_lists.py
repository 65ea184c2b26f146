"""Which rows of which lists can be taken, one by one, and why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lists import FORMATS, SLUG, Entry, Format
from bot.text import Reader, say

LISTED, SUCCESSIONS, REGISTER = FORMATS["organisations"]
(DOMAINS,), (SKILLS,), (HOLIDAYS,), (SERVICES,) = (
    FORMATS[kind] for kind in ("domains", "skills", "holidays", "services")
)


def wrong(form: Format, **said: str) -> str:
    return say(form.wrong(Entry(2, said)), Reader())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"slug": ""}, "“” is no slug such as hm-revenue-customs."),
        ({"slug": "Office"}, "“Office” is no slug"),
        ({"slug": "office--of"}, "is no slug"),
        ({"slug": "swyddfa-ŵyna"}, "is no slug"),
        ({"name": ""}, "It has no name."),
        ({"name": "&"}, ""),
        ({"name": "…"}, "It has no name."),
        ({"name": "O" * 201}, "Its name is longer than 200 characters"),
        ({"name": "Office\u202e"}, "signs in it that cannot be shown"),
        ({"parent_slugs": "cabinet-office|Not a slug"}, "“Not a slug” is no slug"),
        ({"superseded_by": "Not a slug"}, "“Not a slug” is no slug"),
        ({"closed_at": "2023-02-07T00:00:00+00:00"}, ""),
        ({"closed_at": "2023"}, ""),
        ({"closed_at": "2023-02"}, ""),
        ({"closed_at": "2023-02-30"}, "“2023-02-30” is no date such as 2026-12-25."),
        ({"closed_at": "7 February 2023"}, "is no date"),
        ({"closed_at": "20230207"}, "is no date"),
        ({"closed_at": "2023-W05-2"}, "is no date"),
    ],
)
def test_an_organisation_has_a_slug_a_name_and_dates_that_are_some(said: dict[str, str], why: str) -> None:
    row = {"slug": "office-of-ferries", "name": "Office of Ferries", "status": "live", **said}
    found = wrong(LISTED, **row)
    assert why in found if why else found == ""


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("ferries", "fords", ""),
        ("ferries", "ferries", "It says that an organisation follows itself."),
        ("", "fords", "is no slug"),
        ("ferries", "Fords", "is no slug"),
    ],
)
def test_a_succession_is_from_one_organisation_to_another(first: str, second: str, why: str) -> None:
    found = wrong(SUCCESSIONS, predecessor_slug=first, successor_slug=second)
    assert why in found if why else found == ""


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, ""),
        ({"website": ""}, ""),
        ({"website": "https://www.example/organisations/"}, ""),
        ({"name": ""}, "It has no name."),
        ({"start_date": "1850"}, ""),
        ({"start_date": "long ago"}, "is no date"),
        ({"end_date": "2016-13"}, "is no date"),
        ({"name": "Ŵ", "website": ""}, "is no slug at the end of the website"),
    ],
)
def test_a_row_of_the_older_register_needs_no_website(said: dict[str, str], why: str) -> None:
    row = {"name": "Office of Ferries", "website": "https://www.example/organisations/office-of-ferries", **said}
    found = wrong(REGISTER, **row)
    assert why in found if why else found == ""


@pytest.mark.parametrize("domain", ["hmrc.gov.uk", "HMRC.GOV.UK", "a-b.example", "xn--ab-cda.example", "nhs.net"])
def test_a_domain_is_a_host_name_with_a_dot(domain: str) -> None:
    assert wrong(DOMAINS, domain=domain, organisation="Office") == ""


@pytest.mark.parametrize(
    "domain", ["", "uk", "hmrc", "@hmrc.gov.uk", "hmrc..uk", "-a.uk", "a_b.uk", "hmrc.gov.uk.", "a" * 260]
)
def test_what_is_no_host_name_is_no_domain(domain: str) -> None:
    assert "is no domain such as hmrc.gov.uk." in wrong(DOMAINS, domain=domain, organisation="Office")


@pytest.mark.parametrize("domain", ["gov.uk", "GSI.gov.uk", "ac.uk", "gmail.com", "police.uk"])
def test_a_domain_that_many_share_vouches_for_no_organisation(domain: str) -> None:
    assert "are not of one organisation alone" in wrong(DOMAINS, domain=domain, organisation="Office")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, ""),
        ({"division": "wales"}, "“wales” is none of england-and-wales, scotland, northern-ireland."),
        ({"date": ""}, "“” is no date such as 2026-12-25."),
        ({"date": "2026"}, "is no date"),
        ({"date": "25/12/2026"}, "is no date"),
        ({"date": "2026-02-29"}, "is no date"),
        ({"date": "2026-W52-5"}, "is no date"),
        ({"title_en": ""}, "It has no title."),
    ],
)
def test_a_bank_holiday_is_a_whole_day_in_a_division(said: dict[str, str], why: str) -> None:
    row = {"division": "scotland", "date": "2026-11-30", "title_en": "St Andrew’s Day", **said}
    found = wrong(HOLIDAYS, **row)
    assert why in found if why else found == ""


def test_a_skill_has_a_name_and_a_service_a_name_in_addresses() -> None:
    assert wrong(SKILLS, skill="Content design") == ""
    assert wrong(SKILLS, skill=" ") == "It has no name."
    assert wrong(SERVICES, hostname="book-a-ferry") == ""
    assert "is no name such as" in wrong(SERVICES, hostname="Book a ferry")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=12))
def test_whatever_a_row_says_it_is_taken_or_the_reason_is_given(name: str, other: str, day: str) -> None:
    for forms in FORMATS.values():
        for form in forms:
            said = dict.fromkeys(form.columns, name) | {"website": other, "closed_at": day, "date": day}
            entry = Entry(2, said)
            assert isinstance(form.key(entry), str)
            assert isinstance(form.wrong(entry), str)


@given(st.text(min_size=1, max_size=60))
def test_a_slug_is_small_letters_digits_and_single_hyphens(said: str) -> None:
    if SLUG.fullmatch(said):
        assert said == said.lower() and said.isascii() and "--" not in said
