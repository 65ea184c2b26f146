"""Change what your community says of itself, and the stage that it is at."""

from collections.abc import Callable, Collection
from dataclasses import replace
from hashlib import sha256

from msgspec import structs

from bot.command import Command, May, Verb, ask, registry
from bot.describing import (
    AUDIENCE,
    NAME,
    OUTCOME,
    PURPOSE,
    SERVICE,
    SUPPLIERS,
    SUPPORTED,
    ends_on,
    facts_of,
    kinds,
    read_choice,
    read_name,
    read_outcome,
    stages,
    suppliers,
    ways_in,
)
from bot.errors import Refusal
from bot.finding import slug_of, tidy
from bot.forms import form_for
from bot.kinds import KINDS, STAGES, WAYS_IN
from bot.owned import find_owned, owned
from bot.text import Text, t
from bot.ui import Button, Card, Field, Form, Paragraph, Reply
from bot.work import View, Work
from storage.communities import Community
from storage.people import Person

FIELDS = {
    "called": "name",
    "service": "service",
    "outcome": "outcome",
    "purpose": "purpose",
    "audience": "audience",
    "kind": "kind",
    "access": "access",
    "supplied": "suppliers",
    "supported": "supported_by",
    "until": "ends_on",
}
"""What each field of the form changes."""
MAY_BE_EMPTY = ("purpose", "audience", "supported", "until")
PLAIN = ("service", "purpose", "audience", "supported")
"""The fields that say what they say: any line will do."""
MARK = 8
"""Characters of the mark of one field: what a form showed is compared by it, not carried along."""


def _now(verb: Verb, view: View) -> Community | None:
    """The community that a form is about, as it is now."""
    return view.communities.find(slug_of(verb.community), verb.community) if isinstance(verb, EditCommunity) else None


def _as_it_is(field: str) -> Callable[[Verb, Person, View], str]:
    def start(verb: Verb, me: Person, view: View) -> str:
        community = _now(verb, view)
        return _shown(community)[field] if community else ""

    return start


def _shown(community: Community) -> dict[str, str]:
    """What a form of the community says in each field."""
    values = {field: getattr(community, name) for field, name in FIELDS.items()}
    return {
        field: ("yes" if value else "no") if isinstance(value, bool) else str(value) for field, value in values.items()
    }


def _mark(said: str) -> str:
    return sha256(tidy(said).encode()).hexdigest()[:MARK]


def _marks(shown: dict[str, str]) -> str:
    """What a form showed, as it carries it."""
    return "".join(_mark(shown[field]) for field in FIELDS)


class EditCommunity(
    Command,
    name="community edit",
    help=t("Change your community"),
    example="community edit starting-a-business outcome: People can start trading in a day",
    may=May.OWNER,
    also=("edit community",),
):
    """What is said is changed, the rest stays; members are not messaged. Said with nothing to change: the form.

    The form holds all that is there now. Of what it is sent with, only what was changed in it is written. Where another
    owner changed the same field meanwhile, nothing is, and the form says so. Its short name, which buttons and links
    carry, stays as it is.
    """

    community: str = ask(t("Which community?"), choices=owned)
    called: str = ask(t("Name"), after="name:", default="", most=NAME, start=_as_it_is("called"))
    service: str = ask(t("Service"), after="service:", default="", most=SERVICE, start=_as_it_is("service"))
    outcome: str = ask(
        t("What should be true for the people who use the service?"),
        after="outcome:",
        kind="lines",
        default="",
        most=OUTCOME,
        start=_as_it_is("outcome"),
    )
    purpose: str = ask(
        t("What do its members do together?"), after="purpose:", default="", most=PURPOSE, start=_as_it_is("purpose")
    )
    audience: str = ask(t("Who is it for?"), after="for:", default="", most=AUDIENCE, start=_as_it_is("audience"))
    kind: str = ask(
        t("What kind of community is it?"),
        after="kind:",
        choices=kinds,
        default="",
        most=40,
        start=_as_it_is("kind"),
    )
    access: str = ask(
        t("How do people join?"), after="access:", choices=ways_in, default="", most=40, start=_as_it_is("access")
    )
    supplied: str = ask(
        t("May suppliers join?"),
        after="suppliers:",
        choices=suppliers,
        default="",
        most=40,
        start=_as_it_is("supplied"),
    )
    supported: str = ask(
        t("Which organisation supports it?"),
        after="supported by:",
        default="",
        most=SUPPORTED,
        start=_as_it_is("supported"),
    )
    until: str = ask(
        t("What is its last day?"),
        after="until:",
        kind="date",
        default="",
        most=40,
        hint=t("Only for a community of action."),
        start=_as_it_is("until"),
    )
    shown: str = ""

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        given = {field for field in FIELDS if getattr(self, field)}
        if not given and not self.shown:
            return Reply(self._form(community, me, work))
        if not self.shown:
            return self._save(community, given, set(), me, work)
        now, marks = _shown(community), self._marks_shown()
        mine = {field for field in FIELDS if _mark(getattr(self, field)) != marks[field]}
        theirs = {field for field in FIELDS if _mark(now[field]) != marks[field]}
        both = {field for field in mine & theirs if tidy(getattr(self, field)) != now[field]}
        if both:
            return Reply(self._form_again(community, both, me, work))
        merged = replace(self, **{field: now[field] for field in FIELDS if field not in mine})
        return merged._save(community, set(FIELDS), theirs - mine, me, work)

    def _save(self, community: Community, given: set[str], theirs: set[str], me: Person, work: Work) -> Reply:
        """What is given is written, where it is different; `theirs` is what somebody else changed meanwhile."""
        said = self._said(community, given, work)
        changed = {field: value for field, value in said.items() if value != getattr(community, field)}
        names = {FIELDS[field] for field in theirs}
        if not changed:
            title = t("Nothing is different in {community}.", community=community.name)
            return Reply(_changed(title, community, [], names))
        new = work.communities.edit(community, **changed)
        work.record(me, "edit", f"community {community.id}: {', '.join(sorted(changed))}")
        return Reply(_changed(t("{community} is changed.", community=new.name), new, changed, names))

    def _form(self, community: Community, me: Person, work: Work) -> Form:
        """All that is there now; what a community cannot be without is not optional in it."""
        asks = EditCommunity(community=community.slug, shown=_marks(_shown(community)))
        form = form_for(asks, me, work, settled={"community"})
        fields = (structs.replace(field, optional=field.name in MAY_BE_EMPTY) for field in form.fields)
        return structs.replace(form, fields=tuple(fields))

    def _form_again(self, community: Community, both: set[str], me: Person, work: Work) -> Form:
        """What was typed is kept, beside what somebody else said meanwhile: sent once more, it is as it is typed.

        Every field is as the person left it, also one that only somebody else changed: a platform may keep its own.
        """
        now, marks = _shown(community), self._marks_shown()
        seen = "".join(_mark(now[field]) if field in both else marks[field] for field in FIELDS)
        form = self._form(community, me, work)

        def again(field: Field) -> Field:
            error = _said_meanwhile(FIELDS[field.name], community) if field.name in both else None
            return structs.replace(field, value=getattr(self, field.name), error=error)

        return structs.replace(
            form,
            command=EditCommunity(community=community.slug, shown=seen),
            fields=tuple(again(field) for field in form.fields),
            error=t("Nothing is changed yet: somebody else changed the same."),
        )

    def _marks_shown(self) -> dict[str, str]:
        """The mark of what the form showed, by field; one that was tampered with showed nothing that there is."""
        return {field: self.shown[place * MARK :][:MARK] for place, field in enumerate(FIELDS)}

    def _said(self, community: Community, given: set[str], work: Work) -> dict[str, str | bool]:
        """What was said, by what it changes, read and checked as when a community is made."""
        said: dict[str, str | bool] = {FIELDS[field]: tidy(getattr(self, field)) for field in PLAIN if field in given}
        if said.get("service") == "":
            raise Refusal(t("Say which service it is for."), field="service")
        if "called" in given:
            said["name"] = _free_name(self.called, community, work)
        if "outcome" in given:
            said["outcome"] = read_outcome(self.outcome, field="outcome")
        if "access" in given:
            said["access"] = read_choice(self.access, WAYS_IN, field="access")
        if "supplied" in given:
            said["suppliers"] = read_choice(self.supplied, SUPPLIERS, field="supplied") == "yes"
        return said | (self._kind(community, work) if given & {"kind", "until"} else {})

    def _kind(self, community: Community, work: Work) -> dict[str, str | bool]:
        """Its kind and its last day, which go together."""
        kind = read_choice(self.kind, KINDS, field="kind") if self.kind else community.kind
        stays = not self.until and not self.shown and kind == "action"
        until = community.ends_on if stays else self.until
        return {"kind": kind, "ends_on": self._last_day(community, kind, until, work)}

    def _last_day(self, community: Community, kind: str, until: str, work: Work) -> str:
        """A last day that was there before is no mistake where the kind changes, or where that day has passed."""
        if until and until == community.ends_on:
            return until if kind == "action" else ""
        return ends_on(kind, until, work.now, field="until")


class CommunityStage(
    Command,
    name="community stage",
    help=t("Say at which stage your community is"),
    example="community stage maturing community: starting-a-business",
    may=May.OWNER,
):
    """The community is at this stage, as its owners see it; members are not messaged."""

    stage: str = ask(t("At which stage is it?"), choices=stages, most=40)
    community: str = ask(t("Which community?"), after="community:", choices=owned)

    def run(self, me: Person, work: Work) -> Reply:
        community = find_owned(self.community, me, work)
        stage = read_choice(self.stage, STAGES, field="stage")
        new = work.communities.edit(community, stage=stage)
        if stage != community.stage:
            work.record(me, "edit", f"community {community.id}: stage")
        return Reply(_changed(t("{community} is changed.", community=new.name), new, ["stage"]))


def _free_name(said: str, community: Community, work: Work) -> str:
    """The new name, unless another community has it or had it."""
    name, slug = read_name(said, field="called")
    taken = work.communities.known(slug, name)
    if taken is not None and taken.id != community.id:
        raise Refusal(t("There is a community called “{name}” already.", name=taken.name), field="called")
    return name


def _said_meanwhile(name: str, community: Community) -> Text:
    """What a field says now that somebody else changed, as the reader would find it on a form."""
    fact = facts_of(community).get(name)
    if fact is None:
        return t("Somebody else emptied this while you wrote. Send the form again to keep yours.")
    return t(
        "Somebody else changed this to “{now}” while you wrote. Send the form again to keep yours.", now=fact.value
    )


def _changed(title: Text, community: Community, fields: Collection[str], theirs: Collection[str] = ()) -> Card:
    """What is different now; where somebody else changed other fields meanwhile, these too."""
    facts = facts_of(community)
    meanwhile = Paragraph(t("While you wrote, somebody else changed other parts. They stay as that person said."))
    edit = EditCommunity.partly(community=community.slug)
    members = registry.verbs["members"].partly(community=community.slug)
    return Card(
        title,
        body=(meanwhile,) if theirs else (),
        facts=tuple(fact for field, fact in facts.items() if field in fields or field in theirs),
        buttons=(Button(t("Change more"), edit), Button(t("See who is in it"), members)),
        note=t("No member is sent a message about this."),
    )
