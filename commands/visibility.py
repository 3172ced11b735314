"""Who may see a restricted client, and what may be said where others read along. Decided here, in one place.

To all but those named a restricted client does not exist: the unit of work adds that to every query (see `conceal`).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from commands.command import Actor, Context
from commands.errors import NotAllowed
from commands.reply import Choice, Reply
from commands.signed_copies import COPY_GET
from storage.records import Role
from storage.unit_of_work import UnitOfWork

MembersOf = Callable[[str], Collection[str]]


class Audience(StrEnum):
    """Who reads along in the channel of a request: only OURS, or people of another company too (Slack Connect)."""

    INTERNAL = "ours"
    EXTERNAL = "shared"


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restricted client. `people` may see it by name or because they answer for it; `groups` are user groups."""

    client_id: int
    people: frozenset[str]
    groups: tuple[str, ...]
    channels: frozenset[str]

    def admits(self, user: str, members_of: MembersOf) -> bool:
        return user in self.people or any(user in members_of(group) for group in self.groups)

    def may_receive(self, to: str, admins: Collection[str], members_of: MembersOf) -> bool:
        """Whether a message about it may go to `to`: a person it exists for, or a channel that is linked to it."""
        if to.startswith(("C", "G")):
            return to in self.channels
        return to in admins or self.admits(to, members_of)


def no_members(group: str) -> Collection[str]:
    """The members of a user group where Slack is not there to tell: unknown means no."""
    return ()


def conceal(uow: UnitOfWork, actor: Actor, members_of: MembersOf, shared_channel: str | None) -> None:
    """From here on, clients that do not exist for `actor` are in none of the queries of `uow`.

    In a channel shared with another company only the client that it is linked to exists, whoever asks.
    """
    with uow.revealed():
        hidden = _hidden_from(uow, actor, members_of)
        linked = uow.clients.for_channel(shared_channel) if shared_channel else None
        only = None if shared_channel is None else frozenset({linked.id} if linked else ())
        hidden |= uow.merges.absorbed_by(hidden)
        only = only if only is None else only | uow.merges.absorbed_by(only)
    uow.conceal(hidden, only, viewer=actor.user)


def restrictions(uow: UnitOfWork, among: Collection[int] | None = None) -> Mapping[int, Restriction]:
    """Every restricted client that is not concealed, by id; with `among`, only those of them."""
    known = [each for each in uow.visibilities.restricted() if among is None or each.client_id in among]
    if not known:
        return {}
    ids = frozenset(each.client_id for each in known)
    answering, channels = uow.visibilities.answering_for(ids), uow.visibilities.channels(ids)
    return {
        each.client_id: Restriction(
            each.client_id, frozenset(each.people) | answering[each.client_id], each.groups, channels[each.client_id]
        )
        for each in known
    }


def may_receive(
    uow: UnitOfWork, to: str, about: Collection[int], admins: Collection[str], members_of: MembersOf
) -> bool:
    """Whether a message about these clients may go to the person or channel `to`, as things are now."""
    return all(each.may_receive(to, admins, members_of) for each in restrictions(uow, about).values())


def redact_for(
    ctx: Context,
    reply: Reply,
    about: Collection[int],
    audience: Audience,
    admins: Collection[str],
    members_of: MembersOf,
) -> Reply:
    """`reply` without what would reach people for whom one of the clients that it is `about` does not exist.

    Raises NotAllowed for a reply to a whole channel where not everybody may read it.
    """
    concerned = restrictions(ctx.uow, about).values()
    untold = [
        notice.to
        for notice in reply.notices
        if not all(each.may_receive(notice.to, admins, members_of) for each in concerned)
    ]
    if untold:
        reply = _without_notices(reply, untold)
    why_not = _why_not_here(ctx, concerned, audience)
    if why_not is None:
        return reply
    if reply.is_public:
        raise NotAllowed(why_not)
    reply = replace(reply, choices=tuple(choice for choice in reply.choices if not _may_share(choice)))
    return _without_files(reply) if audience is Audience.EXTERNAL else reply


def _without_files(reply: Reply) -> Reply:
    """Without what leads to the paper itself: its signed copy and its link."""
    return replace(
        reply,
        choices=tuple(choice for choice in reply.choices if not choice.command.startswith(COPY_GET)),
        evidence=replace(reply.evidence, document_url=None) if reply.evidence else None,
    )


def _without_notices(reply: Reply, untold: Collection[str]) -> Reply:
    caution = "Not everybody was told who usually is: this client is restricted to named people."
    return replace(
        reply,
        notices=tuple(notice for notice in reply.notices if notice.to not in untold),
        next_steps=tuple(step for step in reply.next_steps if not any(to in step for to in untold)),
        cautions=(*reply.cautions, caution),
    )


def _hidden_from(uow: UnitOfWork, actor: Actor, members_of: MembersOf) -> frozenset[int]:
    """The clients that do not exist for `actor`. Admins see all: they say who sees what."""
    if actor.role is Role.ADMIN:
        return frozenset()
    return frozenset(each.client_id for each in restrictions(uow).values() if not each.admits(actor.user, members_of))


def _why_not_here(ctx: Context, concerned: Collection[Restriction], audience: Audience) -> str | None:
    """Why the answer is for the asker alone, in words; None when everybody in the channel may see it."""
    if audience is Audience.EXTERNAL:
        linked = ctx.uow.clients.for_channel(ctx.channel) if ctx.channel else None
        visibility = ctx.uow.visibilities.of_client(linked.id) if linked else None
        if visibility is None or ctx.channel not in visibility.open_channels:
            return (
                "This channel is shared with another company, so nothing was shown to it. An admin can allow it for "
                "the client that the channel is linked to: /engagement client share CLIENT"
            )
    if any(ctx.channel not in each.channels for each in concerned):
        return "This client is restricted to named people: what is about it is shown in its own channels only."
    return None


def _may_share(choice: Choice) -> bool:
    return choice.command.split()[1:2] == ["share"]
