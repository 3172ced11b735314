"""Who is asking, and who else could read the answer. What Slack cannot confirm is refused, not assumed.

Guests and people of other companies (Slack Connect) can press buttons and send forms in channels that they share.
No single field tells them apart, so every field that Slack documents for it is looked at.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.slack.memory import Memory
from bot.slack.surfaces import SLACK_FAILURES, reason
from commands.errors import NotAllowed
from commands.profile import Profile
from commands.visibility import Audience
from storage.records import Absence

_CLOSED = "Only people can ask here, not apps or closed accounts."
_REFUSALS = {
    Absence.BOT: _CLOSED,
    Absence.GONE: _CLOSED,
    Absence.UNKNOWN: _CLOSED,
    Absence.STRANGER: (
        "This assistant answers people of its own company only. Ask your contact there; nothing was shown."
    ),
    Absence.GUEST: "This assistant does not answer guest accounts. Ask a full member of the workspace to ask for you.",
}
_NOBODY = ("user_not_found", "users_not_found", "user_not_visible")
_MINUTE = 60.0
_MINUTES_10 = 600.0
_MOST_ATTEMPTS = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Team:
    """The Slack workspace that the bot is installed in, and its Grid organisation, if any."""

    id: str
    bot_user_id: str
    bot_id: str = ""
    enterprise_id: str | None = None
    name: str = ""
    app_id: str = ""

    @property
    def home_url(self) -> str | None:
        """Opens the bot's home tab from inside Slack; None where Slack did not tell which app the bot is."""
        return f"slack://app?team={self.id}&id={self.app_id}&tab=home" if self.app_id else None

    @classmethod
    def of(cls, client: WebClient) -> "Team":
        """The workspace of the client's token. Raises SlackApiError for a token that Slack does not accept."""
        answer = client.auth_test()
        bot_id = str(answer.get("bot_id") or "")
        return cls(
            id=str(answer["team_id"]),
            bot_user_id=str(answer["user_id"]),
            bot_id=bot_id,
            enterprise_id=answer.get("enterprise_id"),
            name=str(answer.get("team") or ""),
            app_id=_app_of(client, bot_id),
        )


def _app_of(client: WebClient, bot_id: str) -> str:
    """The app that the bot belongs to; "" where Slack does not tell: only a link is missing then."""
    try:
        return str((client.bots_info(bot=bot_id).get("bot") or {}).get("app_id") or "")
    except SLACK_FAILURES as error:
        _log.warning("bots.info failed: %s", reason(error))
        return ""


def _name(profile: Mapping[str, Any]) -> str | None:
    """As colleagues know them."""
    shown = profile.get("profile") or {}
    name = shown.get("display_name") or profile.get("real_name") or shown.get("real_name") or profile.get("name")
    return str(name)[:120] if name else None


class Unconfirmed(NotAllowed):
    """Slack did not tell who that is, with the error `code`: it may tell when asked again."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class People:
    """Asks Slack about people, groups and channels. Remembers the answers for ten minutes, or until they change."""

    def __init__(self, client: WebClient, team: Team, clock: Callable[[], float] | None = None) -> None:
        remembered = {"clock": clock} if clock is not None else {}
        self._client = client
        self._team = team
        self._looks: Memory[str, Profile] = Memory(most=5_000, seconds=_MINUTES_10, **remembered)
        self._silent: Memory[str, bool] = Memory(most=1, seconds=_MINUTE, **remembered)
        self._refusals: Memory[str, str] = Memory(most=5_000, seconds=_MINUTES_10, **remembered)
        self._private: Memory[str, bool] = Memory(most=5_000, seconds=_MINUTES_10, **remembered)
        self._unknown: Memory[str, bool] = Memory(most=5_000, seconds=_MINUTE, **remembered)
        self._attempts: Memory[str, int] = Memory(most=5_000, seconds=_MINUTES_10, **remembered)
        self._members: Memory[str, Collection[str]] = Memory(most=500, seconds=_MINUTES_10, **remembered)

    def admit(self, user: str) -> None:
        """Raises NotAllowed, in words for that person, unless Slack confirms that `user` works here; Unconfirmed where
        Slack does not answer.
        """
        refusal = self._refusals.recall(user)
        if refusal is None:
            refusal = self._look_at(user)
            self._refusals.keep(user, refusal)
        if refusal:
            raise NotAllowed(refusal)

    def look_up(self, user: str) -> Profile | None:
        """Who that is, and why they cannot answer for anything here; None where Slack does not answer."""
        known = self._looks.recall(user)
        if known is not None or self._silent.recall(""):
            return known
        try:
            profile = self._client.users_info(user=user).get("user") or {}
        except SLACK_FAILURES as error:
            if reason(error) not in _NOBODY:
                _log.warning("users.info failed for %s: %s", user, reason(error))
                self._silent.keep("", True)  # every other question would wait as long
                return None
            found = Profile(None, Absence.UNKNOWN)
        else:
            found = Profile(_name(profile), self._absence(profile))
        self._looks.keep(user, found)
        return found

    def why_untold(self, to: str) -> str | None:
        """Why nothing is said to the person or in the channel `to`; None where it may be. Raises Unconfirmed."""
        if not to.startswith(("U", "W")):
            is_shared = self.audience(to) is Audience.EXTERNAL
            return "that channel is shared with another company" if is_shared else None
        try:
            self.admit(to)
        except Unconfirmed:
            raise
        except NotAllowed:
            return "this person does not work here any more, or is a guest"
        return None

    def counts_refusal(self, user: str) -> bool:
        """Whether one more refused attempt of `user` is to be recorded: twenty in ten minutes are enough."""
        earlier = self._attempts.recall(user) or 0
        self._attempts.keep(user, earlier + 1)
        return earlier < _MOST_ATTEMPTS

    def may_share_in(self, channel: str) -> None:
        """Raises NotAllowed, with the reason, unless Slack confirms that only colleagues read `channel`."""
        if channel.startswith("D"):  # a slash command works in a direct message between others, of any company
            raise NotAllowed("This is a direct message, so the answer is shown to you alone.")
        if not self._is_private(channel):
            raise NotAllowed("This channel is shared with another company, so the answer is shown to you alone.")

    def audience(self, channel: str | None) -> Audience:
        """Who reads along in `channel`, as far as Slack tells. Where it does not, only whoever asks gets an answer."""
        if channel is None or channel.startswith("D") or self._unknown.recall(channel):
            return Audience.INTERNAL
        try:
            return Audience.INTERNAL if self._is_private(channel) else Audience.EXTERNAL
        except NotAllowed:
            self._unknown.keep(channel, True)
            return Audience.INTERNAL

    def members_of(self, group: str) -> Collection[str]:
        """Who is in a user group; nobody when Slack does not tell."""
        members = self._members.recall(group)
        if members is None:
            members = self._look_into(group)
            self._members.keep(group, members)
        return members

    def forget_person(self, user: str) -> None:
        """Slack says that something about `user` changed."""
        self._refusals.forget(user)
        self._looks.forget(user)

    def forget_channel(self, channel: str) -> None:
        """Slack says that something about `channel` changed."""
        self._private.forget(channel)
        self._unknown.forget(channel)

    def forget_group(self, group: str) -> None:
        """Slack says that something about the user group changed."""
        self._members.forget(group)

    def _look_at(self, user: str) -> str:
        """Why `user` may not ask, or "" if there is no reason. Raises NotAllowed when Slack gives no answer."""
        try:
            answer = self._client.users_info(user=user)
            profile = answer.get("user") or {}
        except SLACK_FAILURES as error:
            _log.warning("users.info failed for %s: %s", user, reason(error))
            raise Unconfirmed(
                f"Slack did not confirm who you are ({reason(error)}), so nothing was answered or changed. Try again "
                "in a minute; if it stays, an admin of this workspace can check that the app has the scope users:read.",
                reason(error),
            ) from error
        absence = self._absence(profile)
        self._looks.keep(user, Profile(_name(profile), absence))
        return _REFUSALS[absence] if absence else ""

    def _absence(self, profile: Mapping[str, Any]) -> Absence | None:
        if profile.get("is_bot") or profile.get("is_workflow_bot"):
            return Absence.BOT
        if profile.get("deleted"):
            return Absence.GONE
        if profile.get("is_stranger") or not self._works_here(profile):
            return Absence.STRANGER
        if profile.get("is_restricted") or profile.get("is_ultra_restricted"):
            return Absence.GUEST
        return None

    def _works_here(self, profile: Mapping[str, Any]) -> bool:
        grid = profile.get("enterprise_user") or {}
        if self._team.id in (grid.get("teams") or ()):
            return True
        if self._team.enterprise_id and grid.get("enterprise_id") == self._team.enterprise_id:
            return True
        return profile.get("team_id") == self._team.id

    def _look_into(self, group: str) -> Collection[str]:
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
        except SLACK_FAILURES as error:
            _log.warning("usergroups.users.list failed for %s: %s", group, reason(error))
            return ()
        return frozenset(str(user) for user in answer.get("users") or ())

    def _is_private(self, channel: str) -> bool:
        is_private = self._private.recall(channel)
        if is_private is None:
            is_private = self._is_ours_alone(channel)
            self._private.keep(channel, is_private)
        return is_private

    def _is_ours_alone(self, channel: str) -> bool:
        try:
            answer = self._client.conversations_info(channel=channel)
            found = answer.get("channel") or {}
        except SLACK_FAILURES as error:
            _log.warning("conversations.info failed for %s: %s", channel, reason(error))
            raise NotAllowed(
                f"Slack did not tell who reads this channel ({reason(error)}), so the answer is shown to you alone. "
                "Invite the bot to the channel and try again."
            ) from error
        return not (found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
