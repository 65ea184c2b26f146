"""See the communities, or search them."""

from bot.command import Query, ask, registry
from bot.features.create import Create
from bot.features.join import way_in
from bot.features.members import Members
from bot.finding import slug_of, tidy
from bot.kinds import KINDS
from bot.text import Text, say, t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View, reader_of
from storage.browsing import Listed
from storage.people import Person


class Communities(Query, name="communities", help=t("See the communities"), example="communities business"):
    """Up to 20 communities, the largest first, each with a way in. An empty search is no dead end.

    Words are looked for in name, service and purpose; a kind ("technology", "community of practice") finds its own.
    """

    search: str = ask(t("Which words should be in the name, service or purpose?"), default="", most=80)

    def run(self, me: Person, view: View) -> Reply:
        search = tidy(self.search)
        found = view.browsing.listed(search, viewer=me, slug=slug_of(search), kind=_kind(search, me))
        create = Button(t("Start a community"), Create.partly(community=search if not found else ""))
        if not found and not search:
            return Reply(Card(t("There is no community yet."), buttons=(create,)))
        if not found:
            title = t("No community has “{words}” in its name, service or purpose yet.", words=search)
            return Reply(Card(title, buttons=(Button(t("See all"), Communities()), create)))
        return Reply(
            Card(
                t("Communities"),
                body=(
                    Paragraph(t("A community is for everyone who works on a service, whatever their organisation.")),
                    *(_item(row) for row in found),
                ),
                buttons=(Button(t("See which are for you"), registry.verbs["communities for me"]()), create),
            )
        )


def _kind(search: str, me: Person) -> str:
    """The kind of community that these words name, in the reader's language or as people type it; "" for none."""
    said, reader = search.casefold(), reader_of(me)
    return next((kind for kind, name in KINDS.items() if said in (kind, say(name, reader).casefold())), "")


def _item(row: Listed) -> Item:
    return Item(words(row.community.name), _about(row), _way_in(row))


def _about(row: Listed) -> Text:
    people = tn("{n} person", "{n} people", n=row.members)
    if not row.organisations:
        return t("{people}. {outcome}", people=people, outcome=row.community.outcome)
    organisations = tn("{n} organisation", "{n} organisations", n=row.organisations)
    return t(
        "{people} from {organisations}. {outcome}",
        people=people,
        organisations=organisations,
        outcome=row.community.outcome,
    )


def _way_in(row: Listed) -> tuple[Button, ...]:
    if row.mine:
        return (Button(t("Members"), Members(row.community.slug)),)
    more = Button(t("See more"), registry.verbs["community"].partly(community=row.community.slug))
    return way_in(row.community) or (more,)
