"""What happened in a community in a week: found, and put into words for one reader."""

from datetime import datetime

from bot.features.answer import Answer
from bot.features.past import SeeQuestion
from bot.finding import excerpt
from bot.text import Listing, Text, When, listing, t, tn, words
from bot.ui import Button, Element, Fact, Item, Paragraph
from bot.work import View
from storage.bulletins import Counts, Happened
from storage.people import Person
from storage.questions import Question
from storage.showcases import Showcase

MOST = 5
"""How many questions of each kind are shown; their numbers say how many there were."""
KEPT = 20
"""How many of each are kept: a reader who may not see some is shown others."""


def happened_in(community: int, since: datetime, until: datetime, view: View) -> Happened:
    """What happened from `since` until before `until`; the questions in it the newest first, at most 20 of each."""
    known = view.health.asked(community)
    new = [one for one in known if since <= one.asked_at < until]
    done = [one.id for one in known if one.first_at is not None and since <= one.first_at < until]
    waiting = [one.id for one in new if one.first_at is None]
    return Happened(
        view.health.joined(community, since, until),
        view.health.left(community, since, until),
        len(new),
        len(done),
        tuple(reversed(waiting[-KEPT:])),
        tuple(reversed(done[-KEPT:])),
    )


def is_news(happened: Happened) -> bool:
    """Whether anything happened."""
    return happened != Happened()


def in_numbers(happened: Happened, showcase: Showcase | None) -> tuple[Fact, ...]:
    """Who came and left, what was asked and answered, and the next showcase: only what there is."""
    facts = []
    if happened.joined:
        facts.append(Fact(t("Joined"), by_organisation(happened.joined)))
    if happened.left:
        facts.append(Fact(t("Left"), by_organisation(happened.left)))
    if happened.asked:
        facts.append(Fact(t("Questions asked"), happened.asked))
    if happened.answered:
        facts.append(Fact(t("Questions answered"), happened.answered))
    if showcase is not None:
        when = t("{title}, {when}", title=showcase.title, when=When(showcase.starts_at))
        facts.append(Fact(t("Next showcase"), when))
    return tuple(facts)


def by_organisation(counts: Counts) -> Text:
    """ "3 people: HMRC (2) and DWP (1)"."""
    each: Listing = listing([_count(label, n) for label, n in counts])
    total = sum(n for _, n in counts)
    return tn("{n} person: {organisations}", "{n} people: {organisations}", n=total, organisations=each)


def _count(label: str, n: int) -> Text:
    return t("{label} ({count})", label=words(label) if label else t("not verified"), count=n)


def with_links(happened: Happened, viewer: Person, view: View) -> list[Element]:
    """The questions that this viewer may see: those that were answered, then those that wait for an answer."""
    shown = {one.id: one for one in view.health.shown([*happened.done, *happened.waiting], viewer=viewer)}
    done = [shown[number] for number in happened.done if number in shown][:MOST]
    waiting = [one for number in happened.waiting if (one := shown.get(number)) and one.state == "open"][:MOST]
    body: list[Element] = []
    if done:
        body += [Paragraph(t("Answered this week")), *(_item(one, _see(one)) for one in done)]
    if waiting:
        body += [Paragraph(t("Waiting for an answer")), *(_item(one, _answer(one, viewer)) for one in waiting)]
    return body


def _item(question: Question, button: Button) -> Item:
    return Item(excerpt(question), None, (button,))


def _see(question: Question) -> Button:
    return Button(t("See the answer"), SeeQuestion(question.id))


def _answer(question: Question, viewer: Person) -> Button:
    """One's own question cannot be answered, only looked at."""
    if question.asker_id == viewer.id:
        return Button(t("See it"), SeeQuestion(question.id))
    return Button(t("Answer"), Answer.partly(question=question.id))
