"""Slash commands under another name: /msp-scope instead of /scope, where another app has taken the plain one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from commands.reply import Field, Group, Item, Reply, Section
from commands.workspace.home import Home


@dataclass(frozen=True, slots=True)
class Prefix:
    """`text` is such as "msp"; empty for the plain names. `slashes` are the plain names."""

    text: str = ""
    slashes: tuple[str, ...] = ()

    def added(self, slash: str) -> str:
        return f"/{self.text}-{slash[1:]}" if self.text else slash

    def removed(self, slash: str) -> str:
        """The plain name of a slash command that somebody typed."""
        start = f"/{self.text}-"
        return f"/{slash[len(start) :]}" if self.text and slash.startswith(start) else slash

    def removed_at_start(self, text: str) -> str:
        """`text` with the plain name of the slash command that it begins with, if it begins with one."""
        first, space, rest = text.partition(" ")
        return f"{self.removed(first)}{space}{rest}"

    def in_text(self, text: str) -> str:
        """`text` with every slash command in it as it has to be typed; links and paths stay."""
        if not self.text or "/" not in text:
            return text
        names = "|".join(re.escape(slash[1:]) for slash in sorted(self.slashes, key=len, reverse=True))
        return re.sub(rf"(?<![\w/.:-])/({names})(?![\w/-])", rf"/{self.text}-\1", text)

    def in_reply(self, reply: Reply) -> Reply:
        """`reply` with what it tells people to type. Rows, evidence and texts to copy are left as they are."""
        if not self.text:
            return reply
        table = reply.table and replace(reply.table, columns=self._each(reply.table.columns))
        return replace(
            reply,
            headline=self.in_text(reply.headline),
            lines=self._each(reply.lines),
            fields=tuple(Field(self.in_text(each.label), self.in_text(each.value)) for each in reply.fields),
            cautions=self._each(reply.cautions),
            next_steps=self._each(reply.next_steps),
            same_as=self.in_text(reply.same_as),
            table=table,
            sections=tuple(map(self._in_section, reply.sections)),
            groups=tuple(self._in_group(group) for group in reply.groups),
            ruling=reply.ruling and replace(reply.ruling, do=self.in_text(reply.ruling.do)),
        )

    def _in_group(self, group: Group) -> Group:
        entries = (Item(self.in_text(each.text), self.in_text(each.detail), each.choices) for each in group.entries)
        return replace(group, title=self.in_text(group.title), entries=tuple(entries))

    def in_home(self, home: Home) -> Home:
        return replace(home, sections=tuple(map(self._in_section, home.sections))) if self.text else home

    def _in_section(self, section: Section) -> Section:
        items = tuple(Item(self.in_text(each.text), self.in_text(each.detail), each.choices) for each in section.items)
        return replace(section, items=items, lines=self._each(section.lines))

    def _each(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.in_text, texts))
