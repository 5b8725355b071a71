"""The breakdown: what was sent, by channel and by group, over all rounds."""

from streaming.contests.contest import Contest
from streaming.fold.entry import Entry
from streaming.fold.versions import Versions


class Breakdown:
    """Counts by channel and group together; each is rolled up into two rows, as "channel/website" and
    "group/doan-vien". What names none of the contest's is in "channel/" and "group/"."""

    def __init__(self, contest: Contest, columns: int) -> None:
        self.is_stale = False
        channels = {named.code: f"channel/{named.code}" for named in contest.channels} | {None: "channel/"}
        groups = {named.code: f"group/{named.code}" for named in contest.groups} | {None: "group/"}
        self._parts = {(channel, group): [0] * columns for channel in channels for group in groups}
        self._parts_of_rows = {
            row: [part for (channel, _), part in self._parts.items() if channel == code]
            for code, row in channels.items()
        } | {row: [part for (_, group), part in self._parts.items() if group == code] for code, row in groups.items()}
        self.versions = Versions(self._parts_of_rows)
        self.rows = {row: [0] * columns for row in self._parts_of_rows}
        """As of the last roll-up."""

    def part(self, entry: Entry) -> list[int]:
        """The counts in which an entry counts, for whoever is about to change them."""
        self.is_stale = True
        part = self._parts.get((entry.channel, entry.group))
        return self._part_of_others(entry) if part is None else part

    def _part_of_others(self, entry: Entry) -> list[int]:
        channel = entry.channel if (entry.channel, None) in self._parts else None
        group = entry.group if (None, entry.group) in self._parts else None
        return self._parts[channel, group]

    def roll_up(self, version: int) -> None:
        """Sum up the rows; those that moved did so at this version."""
        rows = {row: list(map(sum, zip(*parts, strict=True))) for row, parts in self._parts_of_rows.items()}
        self.versions.stamp([row for row, counts in rows.items() if self.rows[row] != counts], version)
        self.rows = rows
        self.is_stale = False
