"""The people of a workspace: profiles, zones and user groups, kept up to date."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from adapters.slack.api import Api, Json
from adapters.slack.errors import Refusal, is_final
from adapters.slack.state import Profile, State, digest
from bot.core.errors import DeliveryError, reason
from bot.core.message import Option
from bot.core.people import Account, Actor
from bot.core.time import is_zone

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that an interaction waits for its actor's profile before it continues without one."""

MANY = 30
"""From this many people on, the whole member list is read instead of single profiles."""

A_PAGE = 1000
"""Most members of one page of the list."""

NOT_HERE = frozenset({"unknown_method", "missing_scope", "not_allowed_token_type", "paid_teams_only", "plan_upgrade"})
"""The workspace has no user groups, or does not show them to us."""


class People:
    """The people of one workspace. Only the profiles of people whom the bot knows are kept over a restart."""

    def __init__(self, api: Api, state: State, team: str, met_stranger: Callable[[], None]) -> None:
        """`met_stranger` hears that somebody acts whose profile is to be asked for."""
        self._api = api
        self._met_stranger = met_stranger
        self._state = state
        self._team = team
        self._met = state.people(team)
        self._seen: dict[str, Profile] = dict(self._met)
        self._programs: set[str] = set()
        self._untold: set[str] = set()
        self._unknown: set[str] = set()
        self._asking: dict[str, asyncio.Task[Profile | None]] = {}
        self._groups: Mapping[str, frozenset[str]] | None = None

    def name(self, user: str) -> str:
        """The name if it is known, else the id."""
        profile = self._seen.get(user)
        return profile.name if profile else user

    async def actor(self, user: str, name: str = "") -> Actor:
        """The actor of an interaction; `name` is the name that it contains."""
        if user not in self._seen:
            try:
                async with asyncio.timeout(PATIENCE):
                    await asyncio.shield(self._ask(user))
            except (TimeoutError, DeliveryError) as e:
                log.warning("The profile of %s is not known at the moment: %s", user, reason(e))
        return self.at_once(user, name)

    def at_once(self, user: str, name: str = "") -> Actor:
        """The same from memory: events wait for no profile, and the bot is told it afterwards."""
        profile = self._seen.get(user)
        if profile is None:
            self._untold.add(user)
            self._met_stranger()
            return Actor(Account(self._team, user), name or user, None, self._groups_of(user))
        if user not in self._untold:
            self._meet(user, profile)
        return self._actor(user, profile)

    def strangers(self, accounts: Sequence[str]) -> Sequence[str]:
        """Those of the accounts whose profile the bot has not been told."""
        self._untold |= set(accounts) - self._met.keys()
        return [user for user in accounts if user not in self._met and user not in self._unknown]

    async def read_all(self) -> None:
        """Reads the whole member list, which is quicker than many single profiles."""
        async for member in self._api.pages("users.list", "members", limit=A_PAGE):
            self._seen[str(member.get("id", ""))] = read_profile(member, self._team)

    async def stranger(self, user: str, patient: bool = False) -> tuple[Actor, bool] | None:
        """The profile of somebody whom the bot knows without one, and whether they are active: `told` says that it
        knows it. None if it knows it already, or if Slack does not say. Raises DeliveryError."""
        if user in self._met or user in self._unknown:
            return None
        try:
            profile = self._seen.get(user) or await self._fetch(user, patient)
        except Refusal as e:
            if not is_final(e):
                raise
            log.warning("%s", reason(e))
            profile = None
        if profile is None:
            self._unknown.add(user)
            return None
        return self._actor(user, profile), profile.active

    def told(self, user: str) -> None:
        self._untold.discard(user)
        self._meet(user, self._seen[user])

    def forget(self, user: str) -> None:
        self._met.pop(user, None)
        self._seen.pop(user, None)
        self._untold.discard(user)
        self._state.forget_person(self._team, user)

    def _meet(self, user: str, profile: Profile) -> None:
        if self._met.get(user) != profile:
            self._met[user] = profile
            self._state.meet(self._team, user, profile)

    async def is_person(self, user: str) -> bool:
        """Whether an account is a person's: apps and workflows have accounts, too. False if Slack does not say."""
        if user not in self._met and user not in self._programs:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await asyncio.shield(self._ask(user)) is not None and user not in self._programs
            except (TimeoutError, DeliveryError) as e:
                log.warning("Whether %s is a person is not known at the moment: %s", user, reason(e))
                return False
        return user in self._met

    def changed(self, member: Json) -> tuple[Actor, bool] | None:
        """The actor in a profile that Slack sent, and whether they are active, if we know the person and something
        relevant changed: Slack also sends profiles whenever people set their status. `told` says that the bot has
        stored it; until then a redelivery is news as well."""
        user, profile = str(member.get("id", "")), read_profile(member, self._team)
        if not user:
            return None
        self._seen[user] = profile
        if user not in self._met or self._met[user] == profile:
            return None
        return self._actor(user, profile), profile.active

    async def refresh(self) -> Sequence[tuple[Actor, bool]]:
        """Fetches the profiles of all known people; returns those that changed."""
        found = []
        if len(self._met) >= MANY:
            async for member in self._api.pages("users.list", "members"):
                found.append(self.changed(member))
        else:
            for user in list(self._met):
                try:
                    answer = await self._api.call("users.info", patient=True, user=user)
                except Refusal as e:
                    log.warning("%s", reason(e))
                    continue
                found.append(self.changed(answer.get("user") or {}))
        return [f for f in found if f]

    async def load_groups(self) -> Mapping[str, tuple[str, frozenset[str]]]:
        """User groups: id -> (when it changed, members). Empty if there are none or the bot may not see them."""
        try:
            answer = await self._api.call("usergroups.list", patient=True, include_users="true")
        except Refusal as e:
            if e.code not in NOT_HERE:
                log.warning("User groups could not be read: %s", reason(e))
            self._groups = None
            return {}
        groups = {
            str(g["id"]): (str(g.get("date_update", "")), frozenset(g.get("users") or ()))
            for g in answer.get("usergroups") or ()
        }
        self._groups = {group: members for group, (_, members) in groups.items()}
        return groups

    async def group_options(self) -> Sequence[Option]:
        """The user groups to choose from, as `S123:tutors`. Empty if there are none or the bot may not see them."""
        try:
            answer = await self._api.call("usergroups.list")
        except DeliveryError as e:
            log.warning("No user groups to choose from: %s", reason(e))
            return ()
        groups = [
            (str(g["id"]), str(g.get("handle") or g.get("name") or g["id"])) for g in answer.get("usergroups") or ()
        ]
        return [Option(f"{id}:{handle}", f"@{handle}") for id, handle in groups]

    def _ask(self, user: str) -> asyncio.Task[Profile | None]:
        """Requests a profile; concurrent events of one person share the request."""
        task = self._asking.get(user)
        if task is None:
            task = self._asking[user] = asyncio.create_task(self._fetch(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        return task

    async def _fetch(self, user: str, patient: bool = True) -> Profile | None:
        answer = await self._api.call("users.info", patient=patient, user=user)
        member = answer.get("user")
        if not member:
            return None
        profile = self._seen[user] = read_profile(member, self._team)
        if member.get("is_bot") or member.get("is_workflow_bot"):
            self._programs.add(user)
        return profile

    def _actor(self, user: str, profile: Profile) -> Actor:
        return Actor(Account(self._team, user), profile.name, profile.zone, self._groups_of(user), profile.admin)

    def _groups_of(self, user: str) -> tuple[str, ...] | None:
        if self._groups is None:
            return None
        return tuple(sorted(group for group, members in self._groups.items() if user in members))


def read_profile(member: Json, team: str) -> Profile:
    """The profile in Slack's user object, as this workspace sees it: a guest from a connected workspace administers
    nothing here."""
    profile = member.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), member.get("real_name"), member.get("name"))
    name = next((str(n).strip() for n in names if n and str(n).strip()), str(member.get("id", "")))
    zone = str(member.get("tz") or "")
    teams = (member.get("team_id") or team, *((member.get("enterprise_user") or {}).get("teams") or ()))
    admin = team in teams and bool(member.get("is_admin") or member.get("is_owner") or member.get("is_primary_owner"))
    return Profile(name, zone if is_zone(zone) else None, admin, not member.get("deleted"))


def group_turn(changed: str, members: frozenset[str]) -> str:
    """An id of a group's current state."""
    return f"{changed}.{digest(' '.join(sorted(members)).encode())[:12]}"
