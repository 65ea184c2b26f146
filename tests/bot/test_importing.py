"""Lists from CSV files: every row is checked first, all or nothing is taken, and a second time changes nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.administration import Wrong
from bot.importing import PART, BadRows, Result, Watch, bring_in
from storage import tables
from storage.database import Database, Transaction, connect
from storage.organisations import Organisation, Organisations, folded
from storage.skills import Skills
from storage.tables import columns, table
from tests.storage.nouns import START

HEADER = "slug,name,abbreviation,format,parent_slugs,status,closed_status,closed_at,superseded_by\n"
FERRIES = "office-of-ferries,Office of Ferries,OF,Executive agency,,live,,,\n"
FORDS = "office-of-fords,Office of Fords,,Other,office-of-ferries,live,,,\n"
SEED = Path(__file__).parents[2] / "config" / "seeds" / "organisations.csv"
o = columns(tables.Organisation)


class Lists:
    """Files in a folder, and what importing them into a database came to."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.told: list[str] = []
        self.now = START

    async def brings(self, text: str | bytes, kind: str = "organisations", *, skip_bad: bool = False) -> Result:
        """The file was imported."""
        file = self.folder / "list.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.told = []
        return await bring_in(self.database, kind, file, Watch(self.told.append), self.now, skip_bad=skip_bad)

    async def refuses(self, text: str | bytes, kind: str = "organisations") -> str:
        """Why the file was not imported; nothing has changed."""
        before = await self.everything()
        with pytest.raises(Wrong) as wrong:
            await self.brings(text, kind)
        assert await self.everything() == before
        return str(wrong.value)

    async def everything(self) -> list[list[tuple[object, ...]]]:
        """All that imports write."""
        kept = (
            tables.Organisation,
            tables.OrganisationName,
            tables.OrganisationDomain,
            tables.OrganisationParent,
            tables.OrganisationSuccession,
            tables.Skill,
            tables.BankHoliday,
            tables.Service,
        )
        return [
            await self.database.read(lambda tx, m=model: sorted(tx.once(select(table(m))), key=repr))  # type: ignore[misc]  # bound now
            for model in kept
        ]

    async def named(self, said: str) -> list[str]:
        """The names of the organisations that are meant by this."""
        found = await self.database.read(lambda tx: Organisations(tx).named(said))
        return [one.name for one in found]

    async def today(self, said: str) -> list[str]:
        """What there is today of the one organisation that is called so."""

        def look(tx: Transaction) -> list[Organisation]:
            known = Organisations(tx)
            (found,) = known.named(said)
            return known.today(found)

        return [one.name for one in await self.database.read(look)]


@pytest.fixture
def lists(database: Database, tmp_path: Path) -> Lists:
    return Lists(database, tmp_path)


async def test_a_list_of_organisations_is_there_with_names_parents_and_kinds(lists: Lists) -> None:
    result = await lists.brings(HEADER + FERRIES + FORDS)
    assert result.in_words() == "Added 2, changed 0, the same 0, refused 0."
    assert await lists.named("of") == await lists.named("the office of FERRIES") == ["Office of Ferries"]
    parents: list[object] = await lists.database.read(lambda tx: tx.once(select(table(tables.OrganisationParent))))
    assert len(parents) == 1


async def test_the_small_list_that_comes_with_signpost_can_be_imported(lists: Lists) -> None:
    result = await lists.brings(SEED.read_bytes())
    assert (result.outcomes["added"], result.refused, lists.told) == (12, 0, [])
    assert await lists.named("hmrc") == await lists.named("hm revenue & customs") == ["HM Revenue & Customs"]
    assert await lists.today("BEIS") == [
        "Department for Business and Trade",
        "Department for Energy Security and Net Zero",
        "Department for Science, Innovation and Technology",
    ]


async def test_a_second_time_changes_nothing(lists: Lists) -> None:
    files = (
        (HEADER + FERRIES + FORDS, "organisations"),
        ("predecessor_slug,successor_slug\nold,office-of-fords\nolder,old\n", "organisations"),
        (
            "government_organisation,name,abbreviations,website,start_date,end_date\n"
            "D1,The Old Office,oo,https://x.example/old,1990,2001-04\nD2,Office of Ferries,off,,1980,\n",
            "organisations",
        ),
        ("domain,organisation\nferries.example,OF\nelse.example,A Council\n", "domains"),
        ("skill,description,roles\nWriting,Words,Writer\n", "skills"),
        ("division,date,title_en,title_cy,note_en,bunting\nscotland,2026-11-30,St Andrew’s Day,,,true\n", "holidays"),
        ("hostname,organisation_name\nbook-a-ferry,Office of Ferries\n", "services"),
    )
    for text, kind in files:
        await lists.brings(text, kind)
    before = await lists.everything()
    assert all(before)
    for text, kind in files:
        again = await lists.brings(text, kind)
        assert (again.outcomes["added"], again.outcomes["changed"], again.refused) == (0, 0, 0), text
    assert await lists.everything() == before


async def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_list(lists: Lists) -> None:
    await lists.brings(b"\xef\xbb\xbf" + (HEADER + FERRIES).replace("\n", "\r\n").encode())
    assert await lists.named("OF") == ["Office of Ferries"]


async def test_a_quoted_value_may_go_over_lines_and_is_one_line_afterwards(lists: Lists) -> None:
    await lists.brings(
        HEADER + 'office,"Office,\nof  ""Ferries""",,Other,,live,,,\n' + "bad,,,,,live,,,\n", skip_bad=True
    )
    assert await lists.named('Office, of "Ferries"') == ['Office, of "Ferries"']
    assert lists.told == ["Line 4: It has no name."]


@pytest.mark.parametrize(
    "text",
    [
        (HEADER + "cafe,Café Office,,Other,,live,,,\n").encode("latin-1"),
        (HEADER + FERRIES).encode("utf-16"),
        (HEADER + FERRIES + "x\0y,Name,,,,live,,,\n").encode(),
    ],
)
async def test_a_file_in_another_encoding_is_refused_with_its_line_and_what_to_do(lists: Lists, text: bytes) -> None:
    why = await lists.refuses(text)
    assert "is not UTF-8. Save the file as UTF-8 first: “CSV UTF-8” in Excel." in why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "This one has: none."),
        ("slug,name\n" + FERRIES, "The file needs the columns slug, name, abbreviation"),
        ("slug;name;abbreviation\n", "This one has: slug;name;abbreviation."),
        (HEADER.replace("closed_at", "name") + FERRIES, "two columns of the file have the same name"),
        (HEADER + 'office,"Office" of,,,,live,,,\n', "line 2 is no CSV"),
        (HEADER + FERRIES + 'office,"' + "x" * 20_000, "is no CSV: field larger than field limit"),
        (HEADER + "x" * 1_100_000, "line 2 is longer than 1000000 bytes"),
    ],
)
async def test_what_is_no_such_file_is_refused_whole(lists: Lists, text: str, why: str) -> None:
    assert why in await lists.refuses(text)


async def test_bad_rows_are_told_by_line_and_nothing_is_changed_unless_they_are_skipped(lists: Lists) -> None:
    text = HEADER + FERRIES + "short,Short\n" + "long,Long,,,,live,,,,,,\n" + FERRIES + "\n" + "orphan,,,,,live,,,\n"
    assert await lists.refuses(text) == (
        "Nothing was changed: 4 of 5 rows cannot be taken. Mend them, or say --skip-bad to leave them out."
    )
    told = [
        "Line 3: It has 2 values for 9 columns.",
        "Line 4: It has 12 values for 9 columns.",
        "Line 5: “office-of-ferries” is in an earlier line too.",
        "Line 7: It has no name.",
    ]
    assert lists.told == told
    result = await lists.brings(text, skip_bad=True)
    assert (result.outcomes["added"], result.refused, lists.told) == (1, 4, told)
    assert await lists.named("OF") == ["Office of Ferries"]


async def test_a_parent_that_nobody_knows_is_told_and_tied_once_it_is_known(lists: Lists) -> None:
    text = HEADER + "child,Child,,,parent|other,live,,,\n"
    result = await lists.brings(text)
    assert (result.outcomes["added"], result.refused) == (1, 0)
    assert lists.told == ["Line 2: It is kept without “parent”, “other”, which nobody here knows yet."]
    await lists.brings(HEADER + "parent,Parent,,,,live,,,\nother,Other,,,,live,,,\n")
    await lists.brings(text)
    parents: list[object] = await lists.database.read(lambda tx: tx.once(select(table(tables.OrganisationParent))))
    assert (len(parents), lists.told) == (2, [])


async def test_a_parent_may_come_after_its_child_and_in_an_earlier_file(lists: Lists) -> None:
    await lists.brings(HEADER + FORDS + FERRIES)
    await lists.brings(HEADER + "third,Third,,,office-of-fords|office-of-ferries,live,,,\n")
    parents: list[object] = await lists.database.read(lambda tx: tx.once(select(table(tables.OrganisationParent))))
    assert len(parents) == 3


async def test_a_new_name_goes_before_and_the_former_one_still_resolves(lists: Lists) -> None:
    await lists.brings(HEADER + FERRIES)
    changed = await lists.brings(HEADER + "office-of-ferries,Office of Boats,OB,Executive agency,,live,,,\n")
    assert changed.outcomes["changed"] == 1
    assert await lists.named("OF") == await lists.named("office of ferries") == ["Office of Boats"]
    await lists.brings(HEADER + "new-ferries,Office of Ferries,OF,Other,,live,,,\n")
    assert await lists.named("OF") == await lists.named("office of ferries") == ["Office of Ferries"]


async def test_what_closed_in_the_list_leads_to_what_superseded_it(lists: Lists) -> None:
    closed = "old,Old Office,OO,Other,,closed,replaced,2023-02-07T00:00:00Z,office-of-ferries|office-of-fords\n"
    await lists.brings(HEADER + closed + FERRIES + FORDS)
    assert await lists.today("OO") == ["Office of Ferries", "Office of Fords"]


async def test_successions_bring_what_no_list_holds_in_chains_of_any_order(lists: Lists) -> None:
    await lists.brings(HEADER + FERRIES)
    text = "predecessor_slug,successor_slug\noldest-office,old-office\nold-office,office-of-ferries\n"
    assert (await lists.brings(text)).outcomes["added"] == 2
    assert await lists.named("old office") == ["Old office"]
    assert await lists.today("Oldest Office") == ["Office of Ferries"]
    await lists.brings("predecessor_slug,successor_slug\nlast-office,unknown-office\n")
    assert lists.told == ["Line 2: It is kept without “unknown-office”, which nobody here knows yet."]
    assert await lists.today("last office") == []


async def test_who_hands_work_over_and_is_in_todays_list_is_not_closed(lists: Lists) -> None:
    await lists.brings(HEADER + FERRIES + FORDS)
    await lists.brings("predecessor_slug,successor_slug\noffice-of-ferries,office-of-fords\n")
    assert await lists.today("OF") == ["Office of Ferries"]


async def test_the_older_register_gives_names_to_what_closed_and_never_goes_before_todays_list(lists: Lists) -> None:
    await lists.brings(HEADER + FERRIES + FORDS)
    await lists.brings("predecessor_slug,successor_slug\nold-ferry-office,office-of-fords\n")
    register = (
        "government_organisation,name,abbreviations,website,start_date,end_date\n"
        "D1,The Old & Ferry Office,ofo,https://x.example/organisations/old-ferry-office,1990,2016-07\n"
        "D2,Office for Ferries,off,https://x.example/organisations/office-of-ferries,,\n"
        "D3,Other Fleet,of,https://x.example/organisations/other-fleet,,\n"
        "D4,Ended Office,eo,,1980,1999\n"
    )
    await lists.brings(register)
    assert await lists.named("OFO") == ["The Old & Ferry Office"] and await lists.today("OFO") == ["Office of Fords"]
    assert await lists.named("Old Ferry Office") == ["The Old & Ferry Office"]
    assert await lists.named("office for ferries") == await lists.named("OFF") == ["Office of Ferries"]
    assert await lists.named("OF") == ["Office of Ferries"]
    assert await lists.named("other fleet") == ["Other Fleet"]
    assert await lists.today("EO") == []


async def test_an_organisation_that_was_known_by_name_alone_gets_its_slug_and_stays_one(lists: Lists) -> None:
    number = await lists.database.write(lambda tx: Organisations(tx).add("Office of Ferries", "Ferries", START))
    await lists.brings(HEADER + FERRIES)
    (found,) = await lists.database.read(lambda tx: Organisations(tx).named("OF"))
    assert (found.id, found.state) == (number, "listed")
    assert await lists.named("ferries") == ["Office of Ferries"]


async def test_domains_belong_to_organisations_and_bring_those_that_no_list_holds(lists: Lists) -> None:
    await lists.brings(HEADER + FERRIES + FORDS.replace("Fords,,", "Fords,OF,"))
    text = "domain,organisation\nFerries.Example,Office of Ferries\ncouncil.example,A Town Council\nof.example,OF\n"
    await lists.refuses(text, "domains")
    assert lists.told == ["Line 4: Several organisations are called “OF”."]
    await lists.brings(text, "domains", skip_bad=True)
    found = await lists.database.read(lambda tx: Organisations(tx).at_domain("mail.ferries.example"))
    assert found is not None and found.name == "Office of Ferries"
    assert await lists.named("a town council") == ["A Town Council"]
    moved = await lists.brings("domain,organisation\nferries.example,A Town Council\n", "domains")
    assert moved.outcomes["changed"] == 1


async def test_a_service_of_an_organisation_that_nobody_knows_is_refused(lists: Lists) -> None:
    text = "hostname,organisation_name\nbook-a-ferry,Office of Ferries\nown-a-boat,\n"
    await lists.refuses(text, "services")
    assert lists.told == [
        "Line 2: There is no organisation called “Office of Ferries”. Import the list that names it first."
    ]
    await lists.brings(HEADER + FERRIES)
    assert (await lists.brings(text, "services")).outcomes["added"] == 2


async def test_a_skill_that_is_described_anew_is_changed(lists: Lists) -> None:
    await lists.brings("skill,description,roles\nWriting,Words,Writer\n", "skills")
    result = await lists.brings("skill,description,roles\nWriting,Better words,Writer\nSums,Numbers,\n", "skills")
    assert result.in_words() == "Added 1, changed 1, the same 0, refused 0."


async def test_a_file_that_is_not_there_is_said_in_words(lists: Lists) -> None:
    with pytest.raises(Wrong, match="There is no file"):
        await bring_in(lists.database, "skills", lists.folder, Watch(lists.told.append), START)


async def test_more_rows_than_one_transaction_holds_are_read_part_by_part(lists: Lists) -> None:
    rows = [f"office-{number},Office {number},,Other,office-{number % 7},live,,,\n" for number in range(PART * 3 + 1)]
    read: list[int] = []
    total: list[int] = []
    file = lists.folder / "many.csv"
    file.write_text(HEADER + "".join(rows))
    watch = Watch(lists.told.append, total.append, read.append)
    result = await bring_in(lists.database, "organisations", file, watch, START)
    assert (result.outcomes["added"], lists.told) == (PART * 3 + 1, [])
    assert sum(read) == total[0]


REGISTER = "government_organisation,name,abbreviations,website,start_date,end_date\n"
TANGLED = (
    (
        "organisations",
        HEADER,
        [
            "one,First Office,FO,Other,two|three,live,,,\n",
            "two,Second Office,FO,Other,,live,,,\n",
            "three,First Office,TO,,one,closed,,2020-01-01,one|two\n",
        ],
    ),
    ("organisations", "predecessor_slug,successor_slug\n", ["four,one\n", "five,four\n", "four,five\n"]),
    (
        "organisations",
        REGISTER,
        [
            "D1,Fourth Office,fo,https://x.example/four,1990,2001\n",
            "D2,Fourth Office,so,https://x.example/six,1991,\n",
            "D3,Second Office,of2,,1980,\n",
        ],
    ),
    ("domains", "domain,organisation\n", ["a.example,A Council\n", "b.example,a COUNCIL\n", "c.example,SO\n"]),
    (
        "organisations",
        HEADER,
        ["two,Second,First Office,Other,,live,,,\n", "one,Second Office,SO,,,live,,,\n", "council,A Council,,,,,,,\n"],
    ),
    ("domains", "domain,organisation\n", ["b.example,Second Office\n", "d.example,First Office\n"]),
)
"""Files whose rows take names from each other, close each other, and bring organisations that later rows speak of."""


async def test_the_rows_of_a_file_together_come_to_what_they_come_to_one_by_one(lists: Lists) -> None:
    for kind, header, rows in TANGLED:
        await lists.brings(header + "".join(rows), kind, skip_bad=True)
    together = await lists.database.read(_told)
    await lists.database.write(_forget_all)
    for kind, header, rows in TANGLED:
        for row in rows:
            await lists.brings(header + row, kind, skip_bad=True)
        for row in rows if kind == "organisations" else ():  # what a row speaks of may come after it
            await lists.brings(header + row, kind, skip_bad=True)
    assert await lists.database.read(_told) == together
    assert len(together) > 30


def _told(tx: Transaction) -> list[tuple[object, ...]]:
    """Each organisation, name, domain and link, by names instead of numbers."""
    n, d = columns(tables.OrganisationName), columns(tables.OrganisationDomain)

    def asked(core: Any) -> list[tuple[Any, ...]]:
        return tx.once(core)

    names = dict(asked(select(o.id, o.name)))
    kept = asked(select(o.slug, o.name, o.short, o.form, o.state, o.began, o.ended))
    kept += [(names[one], *rest) for one, *rest in asked(select(n.organisation_id, n.folded, n.kind))]
    kept += [(names[one], domain) for one, domain in asked(select(d.organisation_id, d.domain))]
    for model in (tables.OrganisationParent, tables.OrganisationSuccession):
        kept += [(names[one], model.__name__, names[other]) for _, one, other in asked(select(table(model)))]
    return sorted(kept, key=repr)


letters = st.characters(max_codepoint=0x17F, categories=("L", "N", "P", "Zs"), exclude_characters="ı")
"""Latin ones; a dotless i is the small letter of an I alone in Turkish."""
names = st.text(letters, min_size=1, max_size=30)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(names.filter(folded), min_size=1, max_size=6, unique_by=folded))
async def test_whatever_they_are_called_each_resolves_to_itself_in_any_spelling(
    names: list[str], sqlite_url: str, tmp_path: Path
) -> None:
    database = connect(sqlite_url)
    try:
        lists = Lists(database, tmp_path)
        rows = "".join(f'office-{n},"{name.replace(chr(34), "")}",,Other,,live,,,\n' for n, name in enumerate(names))
        await database.write(_forget_all)
        result = await lists.brings(HEADER + rows, skip_bad=True)
        assert result.outcomes["added"] + result.refused == len(names)
        kept = {one.name for one in await database.read(lambda tx: Organisations(tx).all())}
        for name in kept:
            for said in (
                name,
                name.upper(),
                f"  {name} ",
                f"the {name}" if not folded(name).startswith("the") else name,
            ):
                assert name in await lists.named(said)
    finally:
        database.close()


def _forget_all(tx: Transaction) -> None:
    for model in (
        tables.OrganisationName,
        tables.OrganisationDomain,
        tables.OrganisationParent,
        tables.OrganisationSuccession,
        tables.Organisation,
    ):
        tx.once(delete(table(model)))


async def test_a_skill_that_a_later_list_of_its_framework_lacks_is_archived_and_can_come_back(lists: Lists) -> None:
    both = "skill,description,framework\nWriting,Words,Digital\nSums,Numbers,Digital\n"
    await lists.brings(both, "skills")
    await lists.brings("skill,description,profession\nDebate,Speech,Policy\n", "skills")
    assert await _skills(lists) == ["Debate", "Sums", "Writing"]
    lists.now += timedelta(days=1)
    result = await lists.brings("skill,description,framework\nWriting,Words,Digital\n", "skills")
    assert result.in_words() == ("Added 0, changed 0, the same 1, refused 0. Archived 1 that the list no longer has.")
    assert await _skills(lists) == ["Debate", "Writing"]
    lists.now += timedelta(days=1)
    result = await lists.brings(both, "skills")
    assert result.in_words() == "Added 0, changed 1, the same 1, refused 0."
    assert await _skills(lists) == ["Debate", "Sums", "Writing"]


async def test_nothing_is_archived_where_rows_were_left_out(lists: Lists) -> None:
    await lists.brings("skill,description\nWriting,Words\nSums,Numbers\n", "skills")
    lists.now += timedelta(days=1)
    await lists.brings("skill,description\nWriting,Words\n,None\n", "skills", skip_bad=True)
    assert await _skills(lists) == ["Sums", "Writing"]


async def test_two_frameworks_do_not_share_a_name(lists: Lists) -> None:
    await lists.brings("skill,description,framework\nAnalysis,Data,Digital\n", "skills")
    with pytest.raises(BadRows):
        await lists.brings("skill,description,framework\nAnalysis,Laws,Policy\n", "skills")
    assert "“Analysis” is a skill of Digital already." in "\n".join(lists.told)


async def _skills(lists: Lists) -> list[str]:
    return [one.name for one in await lists.database.read(lambda tx: Skills(tx).all())]
