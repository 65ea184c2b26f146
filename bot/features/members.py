"""See who is in a community: how many by organisation and role, and by name those who let others find them."""

from bot.command import Query, ask, registry
from bot.features.join import Join
from bot.finding import find_community, my_communities, who_is
from bot.text import Text, listing, t, tn, words
from bot.ui import Button, Card, Fact, Item, Reply
from bot.work import View
from storage.people import Person


class Members(Query, name="members", help=t("See who is in a community"), example="members starting-a-business"):
    """Counts for everyone; names only of those who may be found, for members whose organisations may see them."""

    community: str = ask(t("Which community?"), choices=my_communities)

    def run(self, me: Person, view: View) -> Reply:
        community = find_community(self.community, view)
        organisations = view.communities.by_organisation(community.id)
        size = sum(count for _, count in organisations)
        title = tn("{community}: {n} person", "{community}: {n} people", n=size, community=community.name)
        facts = _counts(organisations, view.communities.by_role(community.id, viewer=me))
        if view.communities.membership(community.id, me.id) is None:
            join = Button(t("Join"), Join(community.slug), style="primary")
            note = t("Join to see the names of people who let others find them.")
            return Reply(Card(title, facts=facts, buttons=(join,), note=note))
        named = view.communities.named(community.id, viewer=me)
        items = tuple(Item(who_is(person), words(person.knows) if person.knows else None) for person in named)
        question = registry.verbs["ask"].partly(community=community.slug)
        return Reply(
            Card(
                title,
                body=items,
                facts=facts,
                buttons=(Button(t("Ask a question"), question, style="primary"),),
                note=t("Up to 25 people are named: you, and those who let others find them."),
            )
        )


def _counts(organisations: list[tuple[str, int]], roles: list[tuple[str, int]]) -> tuple[Fact, ...]:
    if not organisations:
        return ()
    by_organisation = [_count(words(name) if name else t("not verified"), n) for name, n in organisations]
    by_role = [_count(words(role) if role else t("not shown"), n) for role, n in roles]
    return (Fact(t("Organisations"), listing(by_organisation)), Fact(t("Roles"), listing(by_role)))


def _count(label: Text, n: int) -> Text:
    return t("{label} ({count})", label=label, count=n)
