"""Say which organisation you are in. What you say is shown as not verified, unless your e-mail address confirms it."""

from datetime import datetime, timedelta

from bot.command import Command, May, Verb, ask, registry
from bot.errors import Refusal, Stale
from bot.features.me import UNVERIFIED
from bot.finding import mixes_alphabets, tidy
from bot.text import Listing, Text, listing, t, words
from bot.ui import Audience, Button, Card, Paragraph, Reply
from bot.vouching import addresses_vouch, at_domain
from bot.work import View, Work
from storage.notices import Notices
from storage.organisations import THERE, Organisation, folded
from storage.people import Person
from storage.unlisted import Unlisted

MOST_CHOICES = 4
"""Organisations to choose from on one card, beside the ways out."""
JUST_NOW = timedelta(minutes=10)
"""How long a welcome is where somebody still looks."""


class Belong(
    Command, name="me organisation", help=t("Say which organisation you are in"), example="me organisation HMRC"
):
    """You are of this organisation: verified where your address is at its domain, else only as you say.

    A name of several, or of one that closed, is asked about; one that nobody knows is met with names like it.
    Refused where another organisation of yours is verified.
    """

    organisation: str = ask(
        t("Which organisation are you in?"), most=200, hint=t("Its name or its abbreviation, such as HMRC.")
    )

    def run(self, me: Person, work: Work) -> Reply:
        said = tidy(self.organisation)
        found = work.organisations.named(said)
        if not found:
            return Reply(_unknown(said, work))
        if len(found) > 1:
            title = t("Several organisations are called “{name}”. Which one are you in?", name=said)
            return Reply(Card(title, buttons=(*_choices(found), _not_listed(said))))
        if found[0].state != "closed":
            return Reply(_settled(found[0], me, work))
        return Reply(_closed(found[0], work))


class BelongTo(Command):
    """You are of the organisation that was offered, as in Belong."""

    organisation: int

    def run(self, me: Person, work: Work) -> Reply:
        found = work.organisations.get(self.organisation)
        if found is None or found.state not in THERE:
            raise Stale(t("This organisation cannot be chosen any more. Say me organisation and its name."))
        return Reply(_settled(found, me, work), Audience.REPLACE)


def _what_was_said(verb: Verb, me: Person, view: View) -> str:
    return verb.said if isinstance(verb, NotListed) else ""


class NotListed(Command, help=t("Name an organisation that is not listed")):
    """You say that you are of an organisation that no list holds; it waits for an administrator to look at it.

    The one that you named before is forgotten where nobody else is in it. A name that is known is taken as in Belong.
    """

    called: str = ask(t("What is your organisation called?"), most=120, start=_what_was_said)
    said: str = ""

    def run(self, me: Person, work: Work) -> Reply:
        name = tidy(self.called)
        if not folded(name):
            raise Refusal(t("A name needs at least one letter or number."), field="called")
        if mixes_alphabets(name):
            raise Refusal(t("Write each word of the name in one alphabet, so that nobody mistakes it."), field="called")
        if work.organisations.named(name):
            return Belong(name).run(me, work)
        _must_be_free(me)
        number = Unlisted(work.tx).name(name, work.now)
        _becomes(me, number, work, verified=False)
        note = t("It is in no list, so an administrator of Signpost looks at it. Until then it is not verified.")
        title = t("{organisation} is noted as your organisation.", organisation=name)
        return Reply(Card(title, body=(Paragraph(note),), buttons=_next()))


class Propose(Command, may=May.SYSTEM):
    """Where their platform only now said at which domain they have an address: the organisation it is of is proposed.

    Nothing is sent where it is settled by then; who was welcomed just now sees it in their welcome.
    """

    def run(self, me: Person, work: Work) -> Reply:
        said = proposal(me, work) if _seems(me, work) else None
        card = Card(said[0], buttons=said[1]) if said else Card(t("There is nothing to propose."))
        if said and not _redraw_welcome(me, work, since=work.now - JUST_NOW):
            work.send(me.id, card)
        return Reply(card)


def _redraw_welcome(me: Person, work: Work, *, since: datetime | None = None) -> bool:
    """Whether they were welcomed, since then where it is said: the welcome shows their organisation as it is now."""
    first = next(iter(Notices(work.tx).shown(me.id)), None)
    mirror = work.mirrors.of(("welcome", first.version), me.id) if first else None
    if first is None or mirror is None or (since is not None and first.at < since):
        return False
    work.redraw_one(mirror)
    return True


def proposal(me: Person, view: View) -> tuple[Text, tuple[Button, ...]] | None:
    """Of which organisation this person seems to be, and the buttons that settle it with one press.

    Their workspace or tenant says so, else the domain of their address. None where there is nothing to ask: it is
    verified, or they said themselves which it is.
    """
    if me.verified:
        return None
    seems = _seems(me, view)[:MOST_CHOICES]
    another = Button(t("Another organisation"), Belong.partly())
    if len(seems) == 1:
        yes = Button(t("Yes, {organisation}", organisation=seems[0].called), BelongTo(seems[0].id), style="primary")
        return t("You seem to be in {organisation}.", organisation=seems[0].name), (yes, another)
    if seems and me.organisation_id not in [one.id for one in seems]:
        names = listing([one.name for one in seems])
        return t("You seem to be in one of these: {organisations}.", organisations=names), (*_choices(seems), another)
    if me.organisation_id is not None:
        return None
    return t("Which organisation are you in?"), (Button(t("Say your organisation"), Belong.partly()),)


def _seems(me: Person, view: View) -> list[Organisation]:
    account = view.account or view.people.home(me.id)
    if account is None:
        return []
    installation = view.installations.at(account.platform, account.tenant)
    tied = installation.organisation_id if installation else None
    found = view.organisations.get(tied) if tied is not None and tied == me.organisation_id else None
    return view.organisations.today(found) if found else at_domain(account.domain, view)


def one_organisation(said: str, view: View, *, field: str = "organisation") -> Organisation:
    """The one organisation of today that is called so. Raises Refusal, with those that it may be."""
    name = tidy(said)
    found = view.organisations.named(name)
    today = view.organisations.today(found[0]) if len(found) == 1 else found
    if len(today) == 1 and len(found) == 1:
        return today[0]
    if len(found) > 1:
        text = t("Several are called “{name}”: {names}. Give the whole name.", name=name, names=_names(found))
    elif today:
        text = t("{organisation} closed. Say which is meant: {names}.", organisation=found[0].name, names=_names(today))
    elif found:
        text = t("{organisation} closed, and nobody took over its work.", organisation=found[0].name)
    elif near := view.organisations.near(name):
        text = t("No organisation is called “{name}”. Did you mean {near}?", name=_cut(name), near=near[0])
    else:
        text = t("No organisation is called “{name}”. Give its whole name.", name=_cut(name))
    raise Refusal(text, field=field)


def _names(found: list[Organisation]) -> Listing:
    return listing([one.name for one in found[:MOST_CHOICES]])


def _settled(one: Organisation, me: Person, work: Work) -> Card:
    """You are of this one, which is there today."""
    if me.verified and me.organisation_id == one.id:
        return Card(t("You are in {organisation}, and it is verified.", organisation=one.name), buttons=_next())
    vouched = addresses_vouch(me, one.id, work)
    if not vouched:
        _must_be_free(me)
    _becomes(me, one.id, work, verified=vouched)
    if vouched:
        title = t("You are in {organisation}. Your e-mail address confirms it.", organisation=one.name)
        return Card(title, buttons=_next())
    title = t("You say that you are in {organisation}.", organisation=one.name)
    return Card(title, body=(Paragraph(UNVERIFIED),), buttons=_next())


def _must_be_free(me: Person) -> None:
    if me.verified:
        text = t(
            "{organisation} is verified as your organisation. If that is wrong, tell an administrator of Signpost.",
            organisation=me.organisation,
        )
        raise Refusal(text, field="organisation")


def _becomes(me: Person, organisation: int, work: Work, *, verified: bool) -> None:
    work.people.claim(me.id, organisation, verified=verified)
    if me.organisation_id is not None:
        Unlisted(work.tx).forget_empty(me.organisation_id)
    _redraw_welcome(me, work)
    work.record(me, "confirm organisation" if verified else "say organisation", f"organisation {organisation}")


def _unknown(said: str, work: Work) -> Card:
    near = work.organisations.near(said)[:MOST_CHOICES]
    title = t("No organisation is called “{name}” here.", name=_cut(said))
    buttons = tuple(Button(words(name), Belong(name)) for name in near)
    ask_again = Paragraph(t("Is it one of these? Otherwise say it another way, or name it.")) if near else None
    return Card(title, body=(ask_again,) if ask_again else (), buttons=(*buttons, _not_listed(said)))


def _closed(one: Organisation, work: Work) -> Card:
    today = work.organisations.today(one)
    if not today:
        title = t("{organisation} closed, and nobody took over its work.", organisation=one.name)
        return Card(
            title, buttons=(Button(t("Another organisation"), Belong.partly(), style="primary"), _not_listed(""))
        )
    title = t("{organisation} closed. Which of these are you in now?", organisation=one.name)
    return Card(title, buttons=(*_choices(today), _not_listed("")))


def _choices(found: list[Organisation]) -> tuple[Button, ...]:
    return tuple(Button(words(one.name), BelongTo(one.id)) for one in found[:MOST_CHOICES])


def _not_listed(said: str) -> Button:
    return Button(t("It is not listed"), NotListed.partly(said=said[:120]))


def _next() -> tuple[Button, ...]:
    profile = Button(t("See your profile"), registry.verbs["me"]())
    return Button(t("See the communities"), registry.verbs["communities"](), style="primary"), profile


def _cut(name: str) -> str:
    return name if len(name) <= 80 else name[:79] + "…"
