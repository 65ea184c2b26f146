"""Say which words mean the same in your community, so that a search for either finds both."""

from bot.command import Command, May, Query, ask
from bot.errors import Refusal
from bot.finding import tidy
from bot.owned import find_owned, owned
from bot.text import Text, t, tn, words
from bot.ui import Button, Card, Item, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person
from storage.synonyms import Synonym, Synonyms, key_of

SHOWN = 10
"""Synonyms on one card."""
MOST = 200
"""Synonyms of one community."""
LONGEST = 60
"""Characters of a phrase."""


class SeeSynonyms(
    Query,
    name="synonyms",
    help=t("See which words mean the same in your community"),
    example="synonyms starting-a-business",
    may=May.OWNER,
):
    """The synonyms of the community by their words, ten at a time, each with a button that removes it."""

    community: str = ask(t("Which community?"), choices=owned)
    after: int = 0

    def run(self, me: Person, view: View) -> Reply:
        community = find_owned(self.community, me, view)
        return Reply(_listed(community, view, after=max(self.after, 0)))


class AddSynonym(
    Command,
    name="add synonym",
    help=t("Say that words mean the same in your community"),
    example="add synonym NI means National Insurance community: starting-a-business",
    may=May.OWNER,
):
    """A search in the community for either finds both from now on.

    Refused where they are the same words, or say nothing, and where the community has 200. Nobody is told.
    """

    words: str = ask(t("Which words do people use?"), most=LONGEST, hint=t("Often an abbreviation."))
    means: str = ask(t("What do they mean?"), after="means", most=LONGEST, hint=t("Such as National Insurance."))
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        synonym = _read(self.words, self.means)
        synonyms = Synonyms(work.tx)
        if synonyms.count(community.id) >= MOST:
            text = t(
                "{community} has {n} synonyms, which is the most it can have. Remove one first.",
                community=community.name,
                n=MOST,
            )
            raise Refusal(text, field="words")
        added = synonyms.add(community.id, synonym, me.id, work.now)
        if added:
            work.record(me, "add synonym", f"community {community.id}")
        said = {"words": synonym.words, "means": synonym.means, "community": community.name}
        title = t("“{words}” also finds “{means}” in {community}, and the other way round.", **said)
        if not added:
            title = t("“{words}” and “{means}” mean the same in {community} already.", **said)
        remove = RemoveSynonym(synonym.words, community.slug, synonym.means)
        return Reply(Card(title, buttons=(_see(community), _add(community), Button(t("Remove"), remove))))


class RemoveSynonym(
    Command,
    name="remove synonym",
    help=t("Say that words no longer mean the same"),
    example="remove synonym NI community: starting-a-business",
    may=May.OWNER,
):
    """The words find each other no more; without `means`, they find nothing but themselves."""

    words: str = ask(t("Which words?"), most=LONGEST)
    community: str = ask(t("Which community?"), after="community:", choices=owned)
    means: str = ask(
        t("What did they mean?"), after="means", most=LONGEST, hint=t("Leave it empty to remove all."), default=""
    )

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        said, means = tidy(self.words), tidy(self.means)
        gone = Synonyms(work.tx).remove(community.id, said, means)
        if not gone:
            text = t("{community} has no synonym “{words}”.", community=community.name, words=said)
            raise Refusal(text, field="words")
        work.record(me, "remove synonym", f"community {community.id}")
        title = tn(
            "{n} synonym of “{words}” is removed from {community}.",
            "{n} synonyms of “{words}” are removed from {community}.",
            n=gone,
            words=said,
            community=community.name,
        )
        return Reply(Card(title, buttons=(_see(community), _add(community))))


def _read(said: str, meant: str) -> Synonym:
    """What was typed; refused where a phrase says nothing that can be searched for, or both say the same."""
    synonym = Synonym(tidy(said), tidy(meant))
    for field, phrase in (("words", synonym.words), ("means", synonym.means)):
        if not key_of(phrase):
            raise Refusal(t("“{words}” says nothing that can be searched for.", words=phrase), field=field)
    if key_of(synonym.words) == key_of(synonym.means):
        raise Refusal(t("These are the same words, so they find each other already."), field="means")
    return synonym


def _listed(community: Community, view: View, *, after: int) -> Card:
    all_of_them = Synonyms(view.tx).of(community.id)
    part = all_of_them[after : after + SHOWN]
    buttons: tuple[Button, ...] = (_add(community),)
    if len(all_of_them) > after + SHOWN:
        buttons += (Button(t("See more"), SeeSynonyms(community.slug, after + SHOWN)),)
    title = tn("{community}: {n} synonym", "{community}: {n} synonyms", n=len(all_of_them), community=community.name)
    if not all_of_them:
        title = t("{community} has no synonyms yet.", community=community.name)
    note = t("A search in this community finds both. What organisations are called is known without this.")
    return Card(title, body=tuple(_item(one, community) for one in part), buttons=buttons, note=note)


def _item(one: Synonym, community: Community) -> Item:
    remove = Button(t("Remove"), RemoveSynonym(one.words, community.slug, one.means))
    said: Text = t("{words} means {means}", words=words(one.words), means=words(one.means))
    return Item(said, None, (remove,))


def _see(community: Community) -> Button:
    return Button(t("See the synonyms"), SeeSynonyms(community.slug))


def _add(community: Community) -> Button:
    return Button(t("Add a synonym"), AddSynonym.partly(community=community.slug))
