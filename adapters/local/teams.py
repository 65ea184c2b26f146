"""A Teams on your own machine: it speaks the real wire protocol to the real adapter over HTTP.

It signs what it sends, asks for tokens, checks cards, and holds back what the real one holds back: a channel
message without a mention, a targeted message from everyone else. The behaviour follows learn.microsoft.com as of
late 2026; message ids, ids of chats and of people have the real forms.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from aiohttp import web

from adapters.local.faults import Faults
from adapters.local.rates import Rates, teams_limits
from adapters.local.seen import Json, Message
from adapters.local.teams_acts import Acts, Press
from adapters.local.teams_cards import find, sender
from adapters.local.teams_connector import LOGIN, METADATA, Connector
from adapters.local.teams_posts import Posts
from adapters.local.teams_state import Account, Chat, ConnectorError, Directory, Kind, Post, Tenant
from adapters.local.teams_tokens import ISSUER, Login, Signer, TokenFault
from adapters.local.teams_wire import TeamsWire
from adapters.local.traffic import Delivered, Exchange, Request


class LocalTeams:
    """Many tenants in one. People act through its methods; Signpost calls the connector back over HTTP.

    Users are named by their Entra id ("29:" in front is allowed). `wire.deadline` is how long Teams waits for an
    answer: 15 seconds. `stop` closes its connections.
    """

    def __init__(
        self, *, app_id: str, app_password: str, messages_url: str, public_url: str, clock: Callable[[], datetime]
    ) -> None:
        self.public_url = public_url.rstrip("/")
        self.faults = Faults()
        self._directory = Directory(app_id, clock)
        self._signer = Signer(app_id, self.service_url, clock)
        self._login = Login(app_id, app_password, clock)
        self.wire = TeamsWire(messages_url, self.service_url, self._directory, self._signer)
        self._acts = Acts(self.wire, self._directory)
        posts = Posts(self.wire, self._directory)
        self._connector = Connector(self.wire, posts, self._signer, self._login, self.faults)

    @property
    def service_url(self) -> str:
        """Where the connector is, as each activity says it."""
        return f"{self.public_url}/"

    @property
    def token_url(self) -> str:
        """Where Signpost asks for its token."""
        return self.public_url + LOGIN

    @property
    def openid_metadata_url(self) -> str:
        """Where Signpost finds the keys that activities are signed with."""
        return self.public_url + METADATA

    @property
    def issuer(self) -> str:
        """The issuer of the tokens that come with activities."""
        return ISSUER

    @property
    def requests(self) -> list[Request]:
        """Every request that Signpost made, oldest first: create, send, reply, update, delete, members, token, keys."""
        return self.wire.requests

    @property
    def problems(self) -> list[str]:
        """What Signpost did that the real Teams would not have shown or accepted, in sentences."""
        return self.wire.problems

    def reset(self) -> None:
        """Requests, deliveries, problems and faults are forgotten; messages stay."""
        for kept in (self.wire.requests, self.wire.deliveries, self.wire.problems, self.wire.spoilt):
            kept.clear()
        self.faults.clear()

    def routes(self) -> list[web.RouteDef]:
        """What to serve under the public URL."""
        return self._connector.routes()

    async def stop(self) -> None:
        """The connections to Signpost are closed."""
        await self.wire.stop()

    def watch(self, watcher: Callable[[str, Iterable[str]], None]) -> None:
        """`watcher(tenant, users)` is called whenever these users see something new."""
        self.wire.watchers.append(watcher)

    def keep_limits(self) -> None:
        """From now on Teams' own rate limits hold: what is too fast is answered 429."""
        self.faults.rates = Rates(teams_limits(self._directory.tenant_of), self._directory.clock)

    def add_tenant(self, tenant: str, name: str) -> None:
        """An organisation's tenant."""
        self._directory.tenants[tenant] = Tenant(tenant, name)

    def add_user(
        self, tenant: str, user: str, name: str, *, email: str = "", zone: str = "Europe/London", guest: bool = False
    ) -> None:
        """A person in a tenant, with the app in their personal scope."""
        aad = user.removeprefix("29:")
        self._directory.tenants[tenant].users[aad] = Account(aad, name, email, zone, guest)

    def set_locale(self, tenant: str, user: str, locale: str) -> None:
        """The person's client is set to this language and country: "cy-GB"."""
        self._directory.tenants[tenant].users[user.removeprefix("29:")].locale = locale

    def add_channel(
        self, tenant: str, channel: str, name: str, members: Sequence[str], *, kind: Kind = "channel", bot: bool = True
    ) -> None:
        """A channel, or a group chat, with these members; the bot is in it unless told otherwise."""
        everyone = {member.removeprefix("29:") for member in members}
        self._directory.chats[channel] = Chat(channel, name, kind, tenant, everyone, bot)

    def direct(self, tenant: str, user: str) -> str:
        """The id of this person's personal chat with the bot."""
        return self._directory.personal(tenant, user).id

    def people(self, tenant: str) -> list[Account]:
        """Everyone in this tenant."""
        return list(self._directory.tenants[tenant].users.values())

    def channels(self, tenant: str) -> list[Chat]:
        """Its channels and group chats."""
        return [chat for chat in self._directory.chats.values() if chat.tenant == tenant and chat.kind != "personal"]

    async def say(self, tenant: str, user: str, text: str, *, channel: str = "", thread: str = "") -> Delivered:
        """A message: delivered in a personal chat, elsewhere only if it mentions @Signpost."""
        account = self._account(tenant, user)
        return await self._acts.say(account, self._directory.place(tenant, user, channel), text, thread)

    async def slash(self, tenant: str, user: str, text: str, *, channel: str) -> Delivered:
        """A command from the slash picker, such as "/ask How ...": only the bot and the person see it."""
        account = self._account(tenant, user)
        return await self._acts.slash(account, self._directory.place(tenant, user, channel), text)

    async def press(
        self,
        tenant: str,
        user: str,
        message_id: str,
        label_or_action: str,
        *,
        channel: str = "",
        values: Mapping[str, str] | None = None,
    ) -> Delivered:
        """A press on an action, by its title, id or path in the card; `values` fill the card's inputs.

        Nothing is sent where Teams would object: see `refused`.
        """
        chat = self._directory.place(tenant, user, channel)
        post, card = self._card(chat, user, message_id)
        press = Press(post, find(card, label_or_action), values or {})
        return await self._acts.press(self._account(tenant, user), chat, press)

    async def press_in_old_client(
        self, tenant: str, user: str, message_id: str, label_or_action: str, *, channel: str = ""
    ) -> Delivered:
        """A press in a client that knows no Action.Execute: it sends the fallback, Action.Submit."""
        chat = self._directory.place(tenant, user, channel)
        post, card = self._card(chat, user, message_id)
        press = Press(post, find(card, label_or_action), {}, old=True)
        return await self._acts.press(self._account(tenant, user), chat, press)

    async def submit(
        self, tenant: str, user: str, message_id: str, answers: Mapping[str, str], *, channel: str = ""
    ) -> Delivered:
        """The card's inputs are filled in, by id or label, and its first sending action is pressed."""
        chat = self._directory.place(tenant, user, channel)
        post, card = self._card(chat, user, message_id)
        return await self._acts.press(self._account(tenant, user), chat, Press(post, sender(card), answers))

    def seen(self, tenant: str, user: str, channel: str = "") -> list[Message]:
        """What this person sees there now, oldest first, threads included."""
        aad = user.removeprefix("29:")
        chat = self._directory.place(tenant, user, channel)
        return [self._directory.seen(chat, post, aad) for post in chat.shown_to(aad)]

    def notices(self, tenant: str, user: str) -> list[str]:
        """The words that presses were answered with, oldest first; Teams shows each for a moment."""
        return self._acts.notices.get((tenant, user.removeprefix("29:")), [])

    async def install(self, tenant: str, user: str, *, channel: str = "") -> Delivered:
        """This person adds the app to their personal scope, or to a channel's team; the bot hears of it."""
        return await self._acts.install(
            self._account(tenant, user), self._directory.place(tenant, user, channel), here=True
        )

    async def uninstall(self, tenant: str, user: str, *, channel: str = "") -> Delivered:
        """This person takes the app away again; sends are answered with 403 from then on."""
        return await self._acts.install(
            self._account(tenant, user), self._directory.place(tenant, user, channel), here=False
        )

    def block(self, tenant: str, user: str, blocked: bool = True) -> None:
        """This person blocks the bot; sends are answered with 403."""
        self._account(tenant, user).blocked = blocked

    async def event(self, tenant: str, user: str, activity: Json, *, channel: str = "") -> Delivered:
        """Any activity of this person in this conversation: `conversationUpdate`, `messageUpdate` and the like."""
        chat = self._directory.place(tenant, user, channel)
        return await self.wire.activity(self.wire.base(chat, self._account(tenant, user)) | activity)

    async def redeliver(self, earlier: Delivered) -> Delivered:
        """The same activity again, with the same id and a new token."""
        return await self.wire.again(earlier)

    async def deliver(self, body: bytes) -> Delivered:
        """Any body at all, with a token as Teams signs it: what is malformed too."""
        return await self.wire.signed(body)

    def spoil_token(self, fault: TokenFault, times: int = 1) -> None:
        """The next deliveries have a token with this fault."""
        self.wire.spoilt += [fault] * times

    def rotate_key(self, keep_old: bool = False) -> None:
        """Another key signs from now on; the old one leaves the key set unless it is kept."""
        self._signer.rotate(keep_old)

    def expire_tokens(self) -> None:
        """The tokens that Signpost holds are good no more: the connector answers 401."""
        self._login.forget()

    def carried(self, tenant: str, conversation: str, message: str) -> list[Exchange]:
        """The requests that caused or carried this message, oldest first."""
        return self.wire.carried.get((conversation, message), [])

    def _account(self, tenant: str, user: str) -> Account:
        return self._directory.tenants[tenant].user(user)

    def _card(self, chat: Chat, user: str, message_id: str) -> tuple[Post, Json]:
        post = chat.post(message_id)
        card = post.card_for(user.removeprefix("29:"))
        if card is None or post.only_for not in ("", user.removeprefix("29:")):
            raise ConnectorError(404, "ActivityNotFoundInConversation", "There is no card there")
        return post, card
