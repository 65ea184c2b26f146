"""Bring questions and answers that your community had before, from a CSV file, on a page of Signpost's own."""

from bot.command import Command, May, ask, registry
from bot.errors import Refusal
from bot.owned import owned
from bot.private_links import in_direct_chat
from bot.text import t
from bot.ui import Button, Card, Link, Paragraph, Reply
from bot.uploads import find_mine, link_to_bring
from bot.work import Work
from storage.communities import Community
from storage.people import Person


class ImportQuestions(
    Command,
    name="import questions",
    help=t("Bring past questions into your community"),
    example="import questions starting-a-business",
    may=May.OWNER,
    also=("import past questions",),
):
    """A private link to the page is in the owner's direct chat: for this community, for an hour, for one import.

    Who asked for it is kept. Refused where no browser can reach Signpost, and for an owner who is not verified.
    """

    community: str = ask(t("Which community?"), choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_mine(self.community, me, work)
        if not work.address:
            raise Refusal(t("Files cannot be sent here. Ask whoever runs Signpost to bring your questions."))
        card = _card(community, link_to_bring(community, me, work))
        work.record(me, "ask to import", f"community {community.id}")
        title = t("The link to bring your questions is in your direct chat with Signpost.")
        return in_direct_chat(card, Card(title, buttons=(_see(community),)), me, work)


def _card(community: Community, address: str) -> Card:
    return Card(
        t("Bring past questions into {community}", community=community.name),
        body=(
            Paragraph(t("Open the link and choose a CSV file. Each row is checked before anything changes.")),
            Link(t("Bring past questions"), address),
        ),
        buttons=(_see(community),),
        note=t("The link works for an hour, for one import. Do not give it to anyone."),
    )


def _see(community: Community) -> Button:
    return Button(t("See the community"), registry.verbs["community"].partly(community=community.slug))
