"""Decides where the bot's posts in a cohort's channel go: as one of the week's few root posts, or in the week's
thread."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.effects import Below, In, Target, in_workspace, week_thread
from bot.core.people import Cohort, Place
from bot.core.time import local_day
from bot.core.uptime import Outage
from bot.runtime.budget import SPAN, root_fits
from bot.runtime.ports import Outbox, Post, VoiceStore

AT_ONCE = timedelta(hours=1)
"""What a downtime delayed comes within this time: only one such post, and the one that opens the week, is a root."""


class ChannelPosts:
    """The channel's budget, within one unit of work."""

    def __init__(self, store: VoiceStore, outbox: Outbox, outages: Sequence[Outage] = ()) -> None:
        self._store = store
        self._outbox = outbox
        self._outages = outages

    def root(self, cohort: Cohort, place: Place, anchor: str, now: datetime) -> Target:
        """Where a root post goes. Without room in the channel's week it goes into a thread; the post that opens
        the week's thread always has room."""
        post = self._store.post(anchor)
        if post is None and self._outbox.ref(anchor) is not None:
            # It was posted before posts were counted.
            return In(place)
        if post is None:
            post = Post(anchor, place, now, self._full(cohort, place, anchor, now))
            self._store.note_post(post)
        return Below(post.below) if post.below else In(place)

    def thread(self, anchor: str) -> Target:
        """Where a post below another one goes: into that one's thread, or next to it in the week's thread."""
        post = self._store.post(anchor)
        return Below(post.below if post and post.below else anchor)

    def _full(self, cohort: Cohort, place: Place, anchor: str, now: datetime) -> str:
        """The anchor that a post goes below if the channel has no room for it: the week's thread or, where that is not
        open (before the start, after the last week), the last root post. Empty if there is room."""
        mains = cohort.places("main")
        number = next((n for n, main in enumerate(mains) if main.workspace == place.workspace), None)
        if number is None:
            return ""
        opening = in_workspace(week_thread(cohort.id, cohort.week_on(local_day(now, cohort.zone))), mains, number)
        begun = self._outbox.ref(opening) is not None or self._store.post(opening) is not None
        posts = self._store.roots(place, now - SPAN)
        # A feature has one root a week: a second discussion must not take the place of the week together.
        kind = anchor.partition("/")[0]
        again = [post.at for post in posts if post.anchor.partition("/")[0] == kind]
        fits = root_fits([post.at for post in posts], now, cohort.zone) and root_fits(again, now, cohort.zone, 1)
        if anchor == opening or (fits and not self._crowds(posts, now)):
            return ""
        return opening if begun else max(posts, key=lambda post: post.at).anchor

    def _crowds(self, posts: Sequence[Post], now: datetime) -> bool:
        """Whether a post would be one more of those that come at once after a downtime."""
        caught_up = any(timedelta(0) <= now - outage.until < AT_ONCE for outage in self._outages if outage.is_downtime)
        return caught_up and any(now - post.at < AT_ONCE for post in posts)
