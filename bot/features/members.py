"""See who is in a community: how many by organisation and role, and by name those who let others find them."""

from collections import Counter

from bot.command import Query, ask, registry
from bot.features.join import way_in
from bot.finding import find_community, must_admit, my_communities, who_is
from bot.text import Text, listing, t, tn, words
from bot.ui import Button, Card, Fact, Item, Reply
from bot.work import View
from storage.communities import Community
from storage.members import Counted
from storage.people import Person

MOST_ROLES = 20


class Members(Query, name="members", help=t("See who is in a community"), example="members starting-a-business"):
    """Counts for everyone; names only of those who may be found, for members whose organisations may see them."""

    community: str = ask(t("Which community?"), choices=my_communities)

    def run(self, me: Person, view: View) -> Reply:
        community = find_community(self.community, view, archived=True)
        must_admit(me, community)
        counted = view.members.counted(community.id, viewer=me)
        size = sum(row.members for row in counted)
        title = tn("{community}: {n} person", "{community}: {n} people", n=size, community=community.name)
        facts = _counts(counted)
        if view.communities.membership(community.id, me.id) is None:
            return Reply(_from_outside(title, facts, community))
        named = view.members.named(community.id, viewer=me)
        items = tuple(Item(who_is(person), words(person.knows) if person.knows else None) for person in named)
        question = registry.verbs["ask"].partly(community=community.slug)
        ask_them = Button(t("Ask a question"), question, style="primary")
        return Reply(
            Card(
                title,
                body=items,
                facts=facts,
                buttons=(ask_them, _see(community)) if community.state == "active" else (_see(community),),
                note=t("Up to 25 people are named: you, and those who let others find them."),
            )
        )


def _from_outside(title: Text, facts: tuple[Fact, ...], community: Community) -> Card:
    """Counts, and how one comes to see the names: by joining or asking to, where there is a way in."""
    way = way_in(community)
    note = t("Only members see the names of people who let others find them.")
    if way and community.access == "open":
        note = t("Join to see the names of people who let others find them.")
    return Card(title, facts=facts, buttons=(*way, _see(community)), note=note)


def _see(community: Community) -> Button:
    return Button(t("See the community"), registry.verbs["community"].partly(community=community.slug))


def _counts(counted: list[Counted]) -> tuple[Fact, ...]:
    if not counted:
        return ()
    organisations, roles = Counter[str](), Counter[str]()
    for row in counted:
        organisations[row.organisation] += row.members
        roles[row.role] += row.members
    by_organisation = [_count(words(name) if name else t("not verified"), n) for name, n in _most_first(organisations)]
    by_role = [_count(words(role) if role else t("not shown"), n) for role, n in _most_first(roles)[:MOST_ROLES]]
    return (Fact(t("Organisations"), listing(by_organisation)), Fact(t("Roles"), listing(by_role)))


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0].casefold()))


def _count(label: Text, n: int) -> Text:
    return t("{label} ({count})", label=label, count=n)
