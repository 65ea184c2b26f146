"""See the communities, or search them."""

from bot.command import Query, ask
from bot.features.create import Create
from bot.features.join import Join
from bot.features.members import Members
from bot.text import t, tn, words
from bot.ui import Button, Card, Item, Paragraph, Reply
from bot.work import View
from storage.communities import Listed
from storage.people import Person


class Communities(Query, name="communities", help=t("See the communities"), example="communities business"):
    """Up to 20 communities, the largest first, each with a way in. An empty search is no dead end."""

    search: str = ask(t("Which words should be in the name?"), default="", most=80)

    def run(self, me: Person, view: View) -> Reply:
        found = view.communities.listed(self.search, viewer=me)
        create = Button(t("Start a community"), Create.partly(community=self.search if not found else ""))
        if not found:
            title = t("No community has “{words}” in its name yet.", words=self.search)
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
    people = tn("{n} person", "{n} people", n=row.members)
    organisations = tn("{n} organisation", "{n} organisations", n=row.organisations)
    about = t(
        "{people}, {organisations}. {outcome}",
        people=people,
        organisations=organisations,
        outcome=row.community.outcome,
    )
    if row.mine:
        return Item(words(row.community.name), about, (Button(t("Members"), Members(row.community.slug)),))
    return Item(words(row.community.name), about, (Button(t("Join"), Join(row.community.slug), style="primary"),))
