"""See the communities, or search them."""

from bot.command import Query, ask
from bot.features.create import Create
from bot.features.join import Join
from bot.features.members import Members
from bot.finding import slug_of, tidy
from bot.text import Text, t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.communities import Listed
from storage.people import Person


class Communities(Query, name="communities", help=t("See the communities"), example="communities business"):
    """Up to 20 communities, the largest first, each with a way in. An empty search is no dead end."""

    search: str = ask(t("Which words should be in the name?"), default="", most=80)

    def run(self, me: Person, view: View) -> Reply:
        search = tidy(self.search)
        found = view.communities.listed(search, viewer=me, slug=slug_of(search))
        create = Button(t("Start a community"), Create.partly(community=search if not found else ""))
        if not found and not search:
            return Reply(Card(t("There is no community yet."), buttons=(create,)))
        if not found:
            title = t("No community has “{words}” in its name or service yet.", words=search)
            return Reply(Card(title, buttons=(Button(t("See all"), Communities()), create)))
        return Reply(
            Card(
                t("Communities"),
                body=(
                    Paragraph(t("A community is for everyone who works on a service, whatever their organisation.")),
                    *(_item(row) for row in found),
                ),
                buttons=(create,),
            )
        )


def _item(row: Listed) -> Item:
    return Item(words(row.community.name), _about(row), (_way_in(row),))


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


def _way_in(row: Listed) -> Button:
    if row.mine:
        return Button(t("Members"), Members(row.community.slug))
    return Button(t("Join"), Join(row.community.slug), style="primary")
