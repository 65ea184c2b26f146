"""Questions that were asked before Signpost was there: brought in once, found like others, and counted for nobody."""

from pathlib import Path

import pytest

from bot.administration import Wrong
from bot.features.health import FEW
from bot.importing import Result, Watch, bring_in
from bot.past import forms
from tests.features.telling import (
    agreements_end,
    asks,
    is_no_longer_verified,
    nothing_was_refused,
    shown,
)
from tests.town import Town

HEADER = "question,answer,asked_on,answered_on,source_url\n"
PROBATE = (
    '"Who decides on probate fees?","The registry.\nAsk them first.",2025-03-01,2025-03-03,https://example.org/1\n'
)
LEASES = "Who signs a lease?,The estates team.,2025-04-01,,\n"


class Imports:
    """Files of questions brought into a community, and what was told of their rows."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town = town
        self.folder = folder
        self.told: list[str] = []

    async def brings(self, rows: str, community: str = "starting-a-business", *, skip_bad: bool = False) -> Result:
        file = self.folder / "past.csv"
        file.write_text(HEADER + rows)
        known = {"questions": forms(community)}
        watch = Watch(self.told.append)
        return await bring_in(
            self.town.database, "questions", file, watch, self.town.clock(), skip_bad=skip_bad, forms=known
        )


@pytest.fixture
def imports(town: Town, tmp_path: Path) -> Imports:
    return Imports(town, tmp_path)


async def newest(town: Town) -> int:
    """The number of the question that came last."""
    return await town.counts("question")


async def test_a_question_that_was_brought_in_is_read_with_its_answer_and_where_it_was_said(
    town: Town, imports: Imports
) -> None:
    before = await newest(town)
    result = await imports.brings(PROBATE + LEASES)
    assert result.in_words() == "Added 2, changed 0, the same 0, refused 0."
    for key in ("amira", "gareth"):
        await town.says(key, f"see question Q-{before + 1}")
        words = town.last(key)
        for has in ("Who decides on probate fees?", "The registry.", "Ask them first.", "https://example.org/1"):
            assert has in words, words
        assert "Asked before Signpost was here, Saturday 1 March 2025" in words
        assert "Answered before Signpost was here, Monday 3 March 2025" in words
    assert nothing_was_refused(town)


async def test_the_same_rows_again_change_nothing_and_another_answer_is_added(town: Town, imports: Imports) -> None:
    before = await newest(town)
    result = await imports.brings(PROBATE + LEASES + LEASES)
    assert result.in_words() == "Added 2, changed 0, the same 1, refused 0."
    again = await imports.brings("who  SIGNS a lease?,The estates team.,2025-04-01,,\n")
    assert again.outcomes["same"] == 1
    more = await imports.brings("Who signs a lease?,Sometimes a minister.,2025-05-01,,\n")
    assert more.outcomes["changed"] == 1
    assert await newest(town) == before + 2
    await town.says("amira", f"see question {before + 2}")
    assert "The estates team." in town.last("amira") and "Sometimes a minister." in town.last("amira")


async def test_it_is_found_where_past_answers_are_and_names_nobody(town: Town, imports: Imports) -> None:
    await imports.brings(LEASES)
    await town.says("amira", "similar Who signs a lease?")
    assert "Before Signpost was here: " in town.last("amira")
    await town.says("amira", "whoknows leases")
    assert "Nobody you can find knows about" in town.last("amira")


async def test_it_counts_in_no_figure(town: Town, imports: Imports) -> None:
    await town.says("gareth", "health services-in-welsh")
    before = town.last("gareth")
    many = "".join(f"Question {number} on leases?,Yes.,2026-11-01,2026-11-20,\n" for number in range(2 * FEW))
    await imports.brings(many, "services-in-welsh")
    await town.says("gareth", "health services-in-welsh")
    assert town.last("gareth") == before
    await town.says("gareth", "gaps services-in-welsh")
    assert "leases" not in town.last("gareth")


async def test_it_is_seen_where_the_owners_organisation_agreed_and_by_members_alone(
    town: Town, imports: Imports
) -> None:
    await imports.brings(PROBATE)
    number = await newest(town)
    await town.says("harpreet", f"see question {number}")
    assert f"There is no question Q-{number} that you can see." in town.last("harpreet")
    await agreements_end(town, "amira")
    await town.says("amira", f"see question {number}")
    assert f"There is no question Q-{number} that you can see." in town.last("amira")
    await town.says("gareth", f"see question {number}")
    assert "Who decides on probate fees?" in town.last("gareth")


async def test_rows_that_cannot_be_taken_are_told_with_their_line(town: Town, imports: Imports) -> None:
    before = await newest(town)
    bad = (
        ",No question.,2025-01-01,,\n"
        "No answer?,,2025-01-01,,\n"
        "When?,Then.,yesterday,,\n"
        "When?,Then.,2025-02-02,2025-02-01,\n"
        "Where?,There.,2025-02-02,,javascript:alert(1)\n"
        f"Long?,{'x' * 3001},2025-02-02,,\n"
    )
    with pytest.raises(Wrong, match="6 of 7 rows cannot be taken"):
        await imports.brings(bad + LEASES)
    assert await newest(town) == before
    assert imports.told == [
        "Line 2: It has no question.",
        "Line 3: It has no answer.",
        "Line 4: “yesterday” is no date such as 2025-03-01.",
        "Line 5: It was answered before it was asked.",
        "Line 6: “javascript:alert(1)” is no address that begins with https://.",
        "Line 7: Its answer is longer than 3000 characters.",
    ]
    result = await imports.brings(bad + LEASES, skip_bad=True)
    assert result.in_words() == "Added 1, changed 0, the same 0, refused 6."


async def test_a_community_that_is_not_there_or_that_nobody_verified_owns_is_refused_once(
    town: Town, imports: Imports
) -> None:
    with pytest.raises(Wrong, match="there is no community “no-such-place”"):
        await imports.brings(LEASES * 3, "no-such-place")
    for key in ("gareth", "sian"):
        await is_no_longer_verified(town, key)
    with pytest.raises(Wrong, match="no owner of services-in-welsh has a verified organisation"):
        await imports.brings(LEASES, "services-in-welsh")
    assert imports.told == []


async def test_a_question_of_today_is_read_with_its_answers_and_can_be_answered(town: Town) -> None:
    await asks(town, "amira")
    number = shown(town, "amira", "How do you hand").words().partition("Q-")[2].partition(":")[0]
    await town.says("priya", f"/signpost see question Q-{number}")
    await town.says("gareth", f"show question {number}")
    assert "Nobody has answered it yet." in town.last("gareth")
    assert "Amira Haddad, Content designer, HMRC" in town.last("gareth")
    await town.says("gareth", f"answer {number} We call them first.")
    await town.says("tom", f"see question {number}")
    assert "We call them first." in town.last("tom")
    assert "Gareth Morlais-Rees" in town.last("tom")
    assert nothing_was_refused(town)
