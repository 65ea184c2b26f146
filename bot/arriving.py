"""What somebody sees who comes into a community, however they came: joined, invited or approved."""

from bot.command import registry
from bot.standing import in_words, standing
from bot.text import Text, When, t, tn
from bot.ui import Button, Card, Fact, Paragraph
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person


def enter(community: Community, me: Person, work: Work) -> Card:
    """They are a member, once however often they come in; nobody is told. Who comes into an empty one is its owner."""
    empty = work.members.is_empty(community.id)
    if not work.communities.join(community.id, me.id, work.now, owner=empty):
        return page(t("You are already in {community}", community=community.name), community, me, work)
    work.invitations.answer(community.id, me.id, accepted=True)
    work.record(me, "join", f"community {community.id}")
    title = t("Welcome to {community}", community=community.name)
    if empty:
        title = t("Welcome to {community}. Nobody else is in it, so you are its owner.", community=community.name)
    return page(title, community, me, work, new=True)


def page(
    title: Text, community: Community, me: Person, view: View, *, note: Text | None = None, new: bool = False
) -> Card:
    """The community as its member sees it, with the two things that are off until they are pressed.

    Who is `new` sees how many are like them, and when the next showcase is.
    """
    stands = standing(me, view.members.counted(community.id, viewer=me))
    told = in_words(stands, me) if new else []
    facts = [
        Fact(t("Members"), tn("{n} person", "{n} people", n=stands.members)),
        Fact(t("Service"), community.service),
        Fact(t("Outcome"), community.outcome),
    ]
    planned = view.showcases.next_in(community.id, view.now) if new else None
    if planned is not None:
        when = t("{title}, {when}", title=planned.title, when=When(planned.starts_at))
        facts.append(Fact(t("Next showcase"), when))
    asks, buttons = _two_things(me)
    return Card(
        title,
        body=tuple(Paragraph(text) for text in (*told, *asks)),
        facts=tuple(facts),
        buttons=(
            *buttons,
            Button(t("Ask a question"), registry.verbs["ask"].partly(community=community.slug)),
            Button(t("See who is in it"), registry.verbs["members"].partly(community=community.slug)),
        ),
        note=note or t("To leave, say: leave {slug}", slug=community.slug),
    )


def _two_things(me: Person) -> tuple[list[Text], list[Button]]:
    """What is off until they say yes, with a button for each; nothing for who said yes before."""
    asks, buttons = [], []
    if not me.asked:
        asks.append(t("May we bring you questions? (up to {n} a week)", n=me.weekly))
        yes = registry.verbs["me asked"].partly(allowed="yes")
        buttons.append(Button(t("Yes, bring me questions"), yes, style="primary"))
    if not me.findable:
        asks.append(t("May others find you?"))
        buttons.append(Button(t("Yes, others may find me"), registry.verbs["me findable"].partly(allowed="yes")))
    return asks, buttons
