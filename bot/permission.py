"""Who may give which command."""

from bot.command import May, Verb
from bot.errors import Refusal
from bot.text import t
from bot.work import View
from storage.people import Person


def allowed(verb: type[Verb], me: Person, view: View) -> bool:
    """Whether this person may give commands of this kind at all; `run` checks the particular one."""
    if verb.may is May.OWNER:
        return view.communities.owns_any(me.id)
    if verb.may is May.ADMIN:
        return me.administrator
    return verb.may is May.ANYONE


def refuse_unless_allowed(verb: Verb, me: Person, view: View) -> None:
    """Raises Refusal, in words, where this person may not, or could never be written to."""
    if not can_be_reached(view):
        raise Refusal(
            t("Your own workspace has not added Signpost. Ask its administrator to, so that you can be answered.")
        )
    if allowed(type(verb), me, view):
        return
    if type(verb).may is May.OWNER:
        raise Refusal(t("Only a community owner can do this. Say create to start a community of your own."))
    raise Refusal(t("Only an administrator of your organisation can do this."))


def can_be_reached(view: View) -> bool:
    """Someone from a connected workspace has no direct chat with us until their own workspace adds Signpost."""
    account, here = view.account, view.here
    if account is None or here is None or account.tenant == here.tenant:
        return True
    own = view.installations.at(account.platform, account.tenant)
    return own is not None and own.active
