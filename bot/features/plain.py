"""Write plain words in your direct chat, and choose what they are."""

from bot.command import LONGEST, Command, Considered, Query, Verb, ask, registry
from bot.errors import Refusal, Stale
from bot.features.answer import give_answer
from bot.features.ask import Ask, Plan
from bot.features.ask_back import write_back
from bot.features.help import Help, overview
from bot.features.whoknows import WhoKnows
from bot.finding import excerpt, find_question, my_communities, who
from bot.text import Text, t
from bot.ui import Audience, Button, Card, Paragraph, Quote, Reply
from bot.words import close_to, from_words, greeting, starts_with_slash
from bot.work import View, Work
from storage.people import Person
from storage.questions import Question

MOST_BUTTONS = 5
"""Beside Help: six fit on a card."""


class Say(Command, any_words=True):
    """Under a question: an answer to it, or more about it. Elsewhere: the choice of what the words are."""

    text: str

    def run(self, me: Person, work: Work) -> Reply:
        text = self.text.strip()
        shown = greeting(text) if len(text.split()) < 4 else None
        if not text or isinstance(shown, Help):
            return Help().run(me, work)
        if len(text) > LONGEST:
            raise Refusal(t("That is {length} characters. Use {most} or fewer.", length=len(text), most=LONGEST))
        question = _thread(me, work)
        if question is not None:
            return _under(question, me, text, work)
        if shown is not None:
            return shown.run(me, work)
        if starts_with_slash(text) or (len(text.split()) < 4 and not _could_answer(me, work)):
            return Reply(_did_you_mean(text, me, work))
        return Reply(_choices(text, me, work))


class SendDraft(Command):
    """What was typed is an answer to this question, or more about it where it is one's own.

    It is sent once, however often it is pressed.
    """

    draft: int
    question: int

    def run(self, me: Person, work: Work) -> Reply:
        question = find_question(self.question, me, work)
        text = _draft(self.draft, me, work)
        if any(said.author_id == me.id and said.text == text for said in work.answers.sent(question.id)):
            raise Stale(t("You sent this to Q-{number} before.", number=question.id))
        return Reply(_under(question, me, text, work).body, Audience.REPLACE)


class AskDraft(Considered[Plan], help=t("Ask this as a question")):
    """What was typed is a question, shown with who would get it, as if it had been asked by its verb."""

    draft: int
    community: str = ask(t("Which community?"), choices=my_communities)

    def look(self, me: Person, view: View) -> Plan:
        return Ask(_draft(self.draft, me, view), self.community).look(me, view)

    def run(self, me: Person, work: Work, seen: Plan) -> Reply:
        return Ask(_draft(self.draft, me, work), self.community).run(me, work, seen)


class FindDraft(Query):
    """Who knows about what was typed."""

    draft: int

    def run(self, me: Person, view: View) -> Reply:
        return WhoKnows(_draft(self.draft, me, view)).run(me, view)


def _draft(number: int, me: Person, view: View) -> str:
    text = view.answers.draft(number, me.id)
    if text is None:
        raise Stale(t("What you wrote is no longer kept. Write it again."))
    return text


def _thread(me: Person, work: Work) -> Question | None:
    """The question in whose thread these words were written."""
    here = work.here
    if here is None or here.kind != "direct" or not here.thread or work.account is None:
        return None
    mirror = work.mirrors.at(work.account.id, here.thread)
    if mirror is None or mirror.subject != "question":
        return None
    return find_question(mirror.subject_id, me, work)


def _under(question: Question, me: Person, text: str, work: Work) -> Reply:
    """The words are an answer, or more about one's own question; they went to the other side."""
    if question.asker_id == me.id:
        write_back(question, me, text, 0, work)
        return Reply(Card(t("Sent. The reply comes here, under Q-{number}.", number=question.id)))
    give_answer(question, me, text, work)
    asker = who(question.asker, "", question.organisation)
    return Reply(Card(t("Your answer to Q-{number} is on its way to {asker}.", number=question.id, asker=asker)))


def _choices(text: str, me: Person, work: Work) -> Card:
    """What the words may be: an answer to what waits for this person, more about their own question, or new."""
    draft = work.answers.add_draft(me.id, text, work.now)
    waiting = work.questions.offered(viewer=me)[:3]
    mine = [
        question
        for question in work.questions.mine(viewer=me)
        if question.state == "open" and work.answers.last_to(question.id, me.id)
    ][:1]
    first = t("Send as my answer") if len(waiting) == 1 else None
    answers = [
        Button(first or t("Send to Q-{number}", number=question.id), SendDraft(draft, question.id), style="primary")
        for question in waiting
    ]
    more = [Button(t("Add to Q-{number}", number=question.id), SendDraft(draft, question.id)) for question in mine]
    new = (Button(t("Ask this"), AskDraft.partly(draft=draft)), Button(t("Find who knows"), FindDraft(draft)))
    meant = _meant(text)
    about = [Paragraph(excerpt(question)) for question in (*waiting, *mine)]
    if meant is not None:
        about.append(Paragraph(t("Did you mean “{words}”?", words=_cut(meant[0]))))
    buttons = (*_yes(meant), *answers, *more, *new)[:MOST_BUTTONS]
    return Card(_asking(waiting), body=(Quote(text), *about), buttons=(*buttons, _help()))


def _asking(waiting: list[Question]) -> Text:
    if len(waiting) > 1:
        return t("Which question does this answer?")
    if waiting:
        return t("Send this as your answer to Q-{number}?", number=waiting[0].id)
    return t("What would you like to do with this?")


def _could_answer(me: Person, work: Work) -> bool:
    """Whether a word or two may be an answer: something waits, and the words were written in the direct chat."""
    direct = work.here is not None and work.here.kind == "direct"
    return direct and bool(work.questions.offered(viewer=me))


def _did_you_mean(text: str, me: Person, work: Work) -> Card:
    meant = _meant(text)
    if meant is None:
        return overview(t("Signpost does not know “{words}”. Here is what you can say.", words=_cut(text)), me, work)
    return Card(t("Did you mean “{words}”?", words=_cut(meant[0])), buttons=(*_yes(meant), _help()))


def _meant(text: str) -> tuple[str, Verb] | None:
    """The words that a mistyped verb was meant to be, with their command; None where no verb is close."""
    close = close_to(text)
    if close is None:
        return None
    try:
        verb = from_words(close)
    except Refusal:
        return None
    return (close, verb) if verb else None


def _yes(meant: tuple[str, Verb] | None) -> tuple[Button, ...]:
    return (Button(t("Yes, do that"), meant[1], style="primary"),) if meant else ()


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _help() -> Button:
    return Button(t("Help"), registry.verbs["help"]())
