"""Get everything that Signpost holds about you, as a file."""

from bot.command import Command, registry
from bot.downloads import link_to_data
from bot.errors import Refusal
from bot.private_links import in_direct_chat
from bot.text import t
from bot.ui import Button, Card, Link, Paragraph, Reply
from bot.work import Work
from storage.people import Person


class MyData(Command, name="me data", help=t("Get everything we hold about you"), also=("my data",)):
    """A private link to the file is in your direct chat: good once, for an hour. Who asked for it is kept."""

    def run(self, me: Person, work: Work) -> Reply:
        if not work.address:
            raise Refusal(t("Files cannot be fetched here. Ask whoever runs Signpost for your data."))
        card = _card(link_to_data(me, work))
        work.record(me, "ask for data", f"person {me.id}")
        elsewhere = Card(t("The link to your file is in your direct chat with Signpost."), buttons=(_see_me(),))
        return in_direct_chat(card, elsewhere, me, work)


def _card(address: str) -> Card:
    return Card(
        t("Everything we hold about you"),
        body=(
            Paragraph(t("Open the link and choose Get the file. It is made at that moment.")),
            Link(t("Your data"), address),
        ),
        buttons=(_see_me(),),
        note=t("The link works once, for an hour. Do not give it to anyone. To remove what we hold, say me forget."),
    )


def _see_me() -> Button:
    return Button(t("See your profile"), registry.verbs["me"]())
