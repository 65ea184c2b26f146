"""What Signpost may do with conversations of a local Teams: open, send, reply, redraw, delete, ask who is there."""

from typing import Any

from adapters.local.seen import Json
from adapters.local.teams_cards import card_of
from adapters.local.teams_state import Account, Chat, ConnectorError, Directory, Post
from adapters.local.teams_wire import TeamsWire
from adapters.local.traffic import Request

Answer = tuple[int, Any]


class Posts:
    """Each method gives the status and the body of the connector's answer, or raises ConnectorError."""

    def __init__(self, wire: TeamsWire, directory: Directory) -> None:
        self._wire = wire
        self._directory = directory

    def create(self, request: Request) -> Answer:
        """A personal chat with one person of a tenant, or a new thread in a channel with its first message."""
        body: Json = request.arguments["body"]
        data: Json = body.get("channelData") or {}
        channel = (data.get("channel") or {}).get("id")
        if channel:
            return self._new_thread(request, str(channel))
        tenant = self._directory.tenants.get(str(body.get("tenantId") or (data.get("tenant") or {}).get("id") or ""))
        members = body.get("members") or []
        if tenant is None or body.get("isGroup") or len(members) != 1:
            raise ConnectorError(400, "BadArgument", "One member and their tenant are needed")
        chat = self._directory.personal(tenant.id, tenant.user(str(members[0].get("id", ""))).aad)
        self._directory.must_reach(chat)
        answer = {"id": chat.id}
        if body.get("activity"):
            answer["activityId"] = self._add(request, chat, body["activity"], "").id
        return 201, answer

    def _new_thread(self, request: Request, channel: str) -> Answer:
        chat, _ = self._directory.chat(channel)
        self._directory.must_reach(chat)
        post = self._add(request, chat, request.arguments["body"].get("activity") or {}, "")
        return 201, {"id": f"{chat.id};messageid={post.id}", "activityId": post.id}

    def send(self, request: Request) -> Answer:
        """A message in a conversation; in a channel, in the thread that the conversation's id names."""
        chat, thread = self._reachable(request)
        return 201, {"id": self._add(request, chat, request.arguments["body"], thread).id}

    def reply(self, request: Request) -> Answer:
        """A message under another one; only channels have threads, elsewhere it just follows."""
        chat, thread = self._reachable(request)
        under = chat.post(request.arguments["activity"])
        return 201, {"id": self._add(request, chat, request.arguments["body"], thread or under.thread or under.id).id}

    def _add(self, request: Request, chat: Chat, activity: Json, thread: str) -> Post:
        text, card = self._content(activity)
        post = Post(self._directory.stamp(), self._directory.bot, text, card, thread)
        if activity.get("type") == "typing":
            return post
        post.only_for = self._only_for(request, chat, activity)
        self._directory.add(chat, post)
        self._wire.carry(chat.id, post.id, request.exchange)
        self._wire.redrawn(chat, post)
        return post

    def _only_for(self, request: Request, chat: Chat, activity: Json) -> str:
        """The one who sees a targeted message; personal chats have none."""
        if request.arguments.get("isTargetedActivity") != "true":
            return ""
        named = str((activity.get("recipient") or {}).get("id", ""))
        recipient = self._directory.tenants[chat.tenant].users.get(named.removeprefix("29:"))
        if chat.kind == "personal" or recipient is None or recipient.aad not in chat.members:
            raise ConnectorError(400, "BadArgument", "A targeted message needs a recipient who is in the conversation")
        return recipient.aad

    def _content(self, activity: Json) -> tuple[str, Json | None]:
        text = str(activity.get("text") or "")
        card, problems = card_of(activity)
        if problems:
            raise ConnectorError(400, "BadArgument", "; ".join(problems))
        if activity.get("type") not in ("message", "typing"):
            raise ConnectorError(400, "BadArgument", f"{activity.get('type')} can't be sent")
        if activity["type"] == "message" and not text and card is None:
            raise ConnectorError(400, "BadSyntax", "A message needs text or an attachment")
        return text, card

    def update(self, request: Request) -> Answer:
        """Our own message shows something else, to everyone the same; a targeted one only when it is called so."""
        chat, post = self._own(request)
        post.text, post.card = self._content(request.arguments["body"])
        post.edited, post.redrawn = True, {}
        self._wire.carry(chat.id, post.id, request.exchange)
        self._wire.redrawn(chat, post)
        return 200, {"id": post.id}

    def delete(self, request: Request) -> Answer:
        """Our own message is gone."""
        chat, post = self._own(request)
        del chat.posts[post.id]
        self._wire.redrawn(chat, post)
        return 200, {}

    def members(self, request: Request) -> Answer:
        """Everyone in the conversation, the bot left out."""
        chat, _ = self._reachable(request)
        return 200, self._roster(chat)

    def paged_members(self, request: Request) -> Answer:
        """The same, `pageSize` at a time (50 to 500), with a token for the next page."""
        chat, _ = self._reachable(request)
        size = max(50, min(int(request.arguments.get("pageSize", 500)), 500))
        start = int(request.arguments.get("continuationToken", 0))
        everyone = self._roster(chat)
        following = {"continuationToken": str(start + size)} if start + size < len(everyone) else {}
        return 200, {"members": everyone[start : start + size], **following}

    def member(self, request: Request) -> Answer:
        """One member, by connector id or Entra id; 404 for who isn't one."""
        chat, _ = self._reachable(request)
        account = self._directory.tenants[chat.tenant].user(request.arguments["member"])
        if account.aad not in chat.members:
            raise ConnectorError(404, "MemberNotFoundInConversation")
        return 200, _member(account, chat.tenant)

    def _roster(self, chat: Chat) -> list[Json]:
        tenant = self._directory.tenants[chat.tenant]
        return [_member(tenant.user(aad), chat.tenant) for aad in sorted(chat.members)]

    def _reachable(self, request: Request) -> tuple[Chat, str]:
        chat, thread = self._directory.chat(request.arguments["conversation"])
        self._directory.must_reach(chat)
        return chat, thread

    def _own(self, request: Request) -> tuple[Chat, Post]:
        chat, _ = self._reachable(request)
        post = chat.post(request.arguments["activity"])
        if bool(post.only_for) != (request.arguments.get("isTargetedActivity") == "true"):
            raise ConnectorError(404, "ActivityNotFoundInConversation")
        if post.author != self._directory.bot:
            raise ConnectorError(403, "BotIsNotTheAuthor", "Only the author can change a message")
        return chat, post


def _member(account: Account, tenant: str) -> Json:
    first, _, last = account.name.partition(" ")
    return {
        "id": account.id,
        "name": account.name,
        "aadObjectId": account.aad,
        "objectId": account.aad,
        "givenName": first,
        "surname": last,
        "email": account.email,
        "userPrincipalName": account.email,
        "tenantId": tenant,
        "userRole": "guest" if account.guest else "user",
    }
