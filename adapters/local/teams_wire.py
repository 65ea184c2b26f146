"""Activities from a local Teams to Signpost, each with a signed token."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from adapters.local.seen import Json
from adapters.local.teams_state import BOT, Account, Chat, Directory, Post
from adapters.local.teams_tokens import Signer, TokenFault
from adapters.local.traffic import Delivered, Wire

DEADLINE = 15.0


class TeamsWire(Wire):
    """Makes activities as Teams makes them, signs them and posts them."""

    def __init__(self, messages_url: str, service_url: str, directory: Directory, signer: Signer) -> None:
        super().__init__(DEADLINE)
        self.messages_url = messages_url
        self.directory = directory
        self.service_url = service_url
        self.spoilt: list[TokenFault] = []
        self._signer = signer

    async def activity(self, activity: Json) -> Delivered:
        """The activity is delivered, with a token that is right unless the next one is to be spoilt."""
        delivered = await self.signed(json.dumps(activity).encode())
        return replace(delivered, event_id=str(activity.get("id", "")))

    async def signed(self, body: bytes) -> Delivered:
        """Any body at all, with a token as Teams signs it."""
        token = self._signer.token(self.spoilt.pop(0) if self.spoilt else None)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Microsoft-SkypeBotApi"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return await self.post(self.messages_url, headers, body)

    async def again(self, earlier: Delivered) -> Delivered:
        """The same activity again, as the channel sends it when no answer came in time."""
        if earlier.exchange is None:
            return Delivered(refused="Nothing was sent the first time")
        delivered = await self.signed(earlier.exchange.body.encode())
        return replace(delivered, event_id=earlier.event_id, retries=earlier.retries + 1)

    def redrawn(self, chat: Chat, post: Post | None = None) -> None:
        """Tells those who see this conversation, or this message in it, that it changed."""
        self.changed(chat.tenant, [post.only_for] if post and post.only_for else chat.members)

    def report(self, problem: str) -> None:
        """Notes what the real Teams would have refused or not shown."""
        self.problems.append(problem)

    def base(self, chat: Chat, account: Account, thread: str = "") -> Json:
        """What every activity of this person in this conversation has."""
        now = self.directory.clock()
        conversation: Json = {"conversationType": chat.kind, "tenantId": chat.tenant, "id": chat.id}
        data: Json = {"tenant": {"id": chat.tenant}}
        if chat.kind != "personal":
            conversation["isGroup"] = True
        if chat.kind == "channel":
            conversation["id"] = f"{chat.id};messageid={thread}" if thread else chat.id
            team = {"id": chat.id, "name": chat.name}
            data |= {"teamsChannelId": chat.id, "teamsTeamId": chat.id, "channel": {"id": chat.id}, "team": team}
        return {
            "id": self.directory.stamp(),
            "timestamp": _iso(now),
            "localTimestamp": now.astimezone(ZoneInfo(account.zone)).isoformat(timespec="milliseconds"),
            "localTimezone": account.zone,
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": account.id, "name": account.name, "aadObjectId": account.aad},
            "conversation": conversation,
            "recipient": {"id": self.directory.bot, "name": BOT},
            "entities": [_client(account)],
            "channelData": data,
            "locale": account.locale,
        }


def _client(account: Account) -> Json:
    told = {"locale": account.locale, "country": "GB", "platform": "Windows", "timezone": account.zone}
    return told | {"type": "clientInfo"}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
