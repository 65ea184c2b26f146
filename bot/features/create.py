"""Start a community, with the service it is for and the outcome it wants. You become its owner."""

from bot.command import Command, ask
from bot.errors import Refusal
from bot.features.join import Join
from bot.finding import slug_of
from bot.text import t
from bot.ui import Button, Card, Fact, Reply
from bot.work import Work
from storage.people import Person


class Create(
    Command,
    name="create",
    help=t("Start a community"),
    example="create Starting a business service: Start a business outcome: People can start trading without delay",
):
    """There is a community with this name, owned by who said so. A taken name is refused, with a way to join."""

    community: str = ask(t("What is it called?"), most=80)
    service: str = ask(t("Which service is it for?"), after="service:", most=120)
    outcome: str = ask(
        t("What should be true for the people who use the service?"),
        after="outcome:",
        kind="lines",
        most=300,
        hint=t("One sentence, such as: people can start trading without delay."),
    )

    def run(self, me: Person, work: Work) -> Reply:
        slug = slug_of(self.community)
        if not slug:
            raise Refusal(t("A name needs at least one letter or number."), field="community")
        number = work.communities.add(slug, self.community, self.service, self.outcome, by=me.id, now=work.now)
        if number is None:
            taken = t("“{name}” is there already. Say join {slug} to join it.", name=self.community, slug=slug)
            raise Refusal(taken, field="community")
        work.communities.join(number, me.id, work.now, owner=True)
        work.record(me, "create", f"community {number}")
        return Reply(
            Card(
                t("{community} is open. You are its owner.", community=self.community),
                facts=(Fact(t("Service"), self.service), Fact(t("Outcome"), self.outcome)),
                buttons=(Button(t("See its page"), Join(slug)),),
                note=t("Colleagues join by saying join {slug}.", slug=slug),
            )
        )
