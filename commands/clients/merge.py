"""Merging a client that was acquired or recorded twice into another, and taking that back."""

from collections.abc import Iterator, Mapping, Sequence

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NeedsYes, NotAllowed, NotFound
from commands.grammar.words import command_line
from commands.holds import refuse_held
from commands.parameters import Kind, Parameter
from commands.reply import Reply
from commands.rules.text.people import as_channel, as_person
from commands.rules.text.phrases import counted, plain
from commands.visibility import restrictions
from storage.records import Agreement, Client, ClientMerge, Disclosure, DisclosureAnswer, Role
from storage.records.agreement import LONGEST_REFERENCE, reference_key
from storage.records.base import MOST_ENTRIES
from storage.records.client import client_key

_UNSAID = ("agreement_version",)


def merge(ctx: Context, args: Arguments) -> Reply:
    """All of it moves, or nothing. Raises NeedsYes with a preview until confirmed."""
    merged, survivor = args.client, args.into
    if merged.id == survivor.id:
        raise Conflict(
            f"{merged.name} cannot be merged into itself. Name the client that ends first, then the one that stays.",
            next_steps=("/engagement help client merge",),
        )
    refuse_held(ctx.uow, (merged,), "be merged into another")
    _refuse_other_restriction(ctx, merged, survivor)
    names = _names_gained(merged, survivor)
    channels = tuple(dict.fromkeys((*survivor.channels, *merged.channels)))
    former = (*survivor.former_names, *names)
    if max(len(former), len(channels)) > MOST_ENTRIES:
        raise Conflict(
            f"{survivor.name} would have more than {MOST_ENTRIES} former names or channels. Take some away first.",
            next_steps=(command_line("/engagement client show", survivor.name),),
        )
    moved = ctx.uow.merges.rows_of(merged.id)
    renamed = _renames(ctx, merged, survivor)
    doubled = _doubled_answers(ctx, merged, survivor)
    leads = _leads_that_move(ctx, merged, survivor)
    cautions = tuple(_collisions(merged, survivor, renamed, doubled, len(moved.get("lead_times", ())) - len(leads)))
    told = (_moving(moved), *_lookup_names(names), *_readers(ctx, merged, survivor))
    if not ctx.is_confirmed:
        question = f"Merge {merged.name} into {survivor.name}? Nothing is done yet."
        raise NeedsYes("\n".join((question, *told, *cautions)), data={"moves": _counts(moved), "saved": False})
    for paper, reference in renamed:
        ctx.uow.agreements.save(paper.changed(reference=reference), at=ctx.now)
    fallen = [_fallen(theirs, ours) for theirs, ours in doubled]
    for each in fallen:
        ctx.uow.disclosures.supersede(each, at=ctx.now, by=ctx.actor.user)
    ctx.uow.clients.save(merged.changed(merged_into=survivor.id))
    ctx.uow.clients.save(survivor.changed(former_names=former, channels=channels))
    ctx.uow.merges.record(
        ClientMerge(
            client_id=survivor.id,
            merged_id=merged.id,
            moved=_move(ctx, merged, leads) | {"superseded": [each.id for each in fallen]},
            references=tuple((paper.id, paper.reference) for paper, _ in renamed),
            former_names=names,
            channels=tuple(each for each in merged.channels if each not in survivor.channels),
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user,
        )
    )
    ctx.uow.clients.matrices_changed((merged.id, survivor.id))
    return Reply(
        f"{merged.name} is merged into {survivor.name}.",
        lines=told,
        cautions=cautions,
        next_steps=(command_line("/engagement client unmerge", merged.name),),
        data={"client_id": survivor.id, "merged_id": merged.id, "moved": _counts(moved)},
    )


def unmerge(ctx: Context, args: Arguments) -> Reply:
    """The way back. Raises Conflict where a record cannot be told apart any more."""
    survivor, found, merged = _merge_named(ctx, args.name)
    refuse_held(ctx.uow, (survivor,), "lose what was merged into it")
    _refuse_entangled(ctx, found, merged, survivor)
    stays = ctx.uow.merges.added_since(found)
    taken = set(map(client_key, found.former_names))
    known = set(map(client_key, (survivor.name, *survivor.aliases)))
    if taken & known:
        raise Conflict(
            f"A name of {merged.name} is now a name or alias of {survivor.name} itself. Take it away there first.",
            next_steps=(command_line("/engagement client show", survivor.name),),
        )
    ctx.uow.clients.save(
        survivor.changed(
            former_names=tuple(name for name in survivor.former_names if client_key(name) not in taken),
            channels=tuple(each for each in survivor.channels if each not in found.channels),
        )
    )
    _refuse_taken(ctx, merged)
    ctx.uow.merges.retract(found, at=ctx.now, by=ctx.actor.user)
    if ids := found.moved.get("superseded"):
        ctx.uow.merges.restore_disclosures(ids)
    ctx.uow.clients.save(merged.changed(merged_into=None))
    for id, reference in found.references:
        paper = ctx.uow.agreements.find(id)
        if paper is not None:
            ctx.uow.agreements.save(paper.changed(reference=reference), at=ctx.now)
    ctx.uow.clients.matrices_changed((merged.id, survivor.id))
    lines = [
        f"Back with {merged.name}: {_list_counts(_counts(found.moved))}, and what was recorded since under its papers."
    ]
    if stays:
        lines.append(f"With {survivor.name} stays what was added since the merge: {_list_counts(stays)}.")
    return Reply(
        f"{merged.name} is a client of its own again.",
        lines=tuple(lines),
        next_steps=(command_line("/engagement client show", merged.name),),
        data={"client_id": merged.id, "stays": stays},
    )


def _refuse_other_restriction(ctx: Context, merged: Client, survivor: Client) -> None:
    """Raises NotAllowed unless the same people see both: a merge never shows a client to more people in silence."""
    sets = []
    for client in (merged, survivor):
        known = ctx.uow.visibilities.of_client(client.id)
        is_restricted = known is not None and known.is_restricted
        sets.append((set(known.people), set(known.groups)) if known is not None and is_restricted else None)
    if sets[0] == sets[1]:
        return
    raise NotAllowed(
        f"{merged.name} and {survivor.name} are not restricted to the same people, and a merge shows the records of "
        "each to whoever sees the other. Restrict both to the same people and groups first, or neither.",
    )


def _names_gained(merged: Client, survivor: Client) -> tuple[str, ...]:
    known = set(map(client_key, (survivor.name, *survivor.aliases, *survivor.former_names)))
    names = dict.fromkeys((merged.name, *merged.aliases, *merged.former_names))
    return tuple(name for name in names if client_key(name) not in known)


def _renames(ctx: Context, merged: Client, survivor: Client) -> list[tuple[Agreement, str]]:
    """The incoming agreements whose reference the survivor has, too, each with its new one."""
    incoming = ctx.uow.agreements.of_client(merged.id)
    taken = {reference_key(each.reference) for each in ctx.uow.agreements.of_client(survivor.id)}
    used = taken | {reference_key(each.reference) for each in incoming}
    tag = "-".join(client_key(min((*merged.aliases, merged.name), key=len)).split())[:20]
    found = []
    for paper in incoming:
        if reference_key(paper.reference) not in taken:
            continue
        number, reference = 1, ""
        while not reference or reference_key(reference) in used:
            ending = f"-{tag}" + (f"-{number}" if number > 1 else "")
            reference, number = paper.reference[: LONGEST_REFERENCE - len(ending)] + ending, number + 1
        used.add(reference_key(reference))
        found.append((paper, reference))
    return found


def _doubled_answers(ctx: Context, merged: Client, survivor: Client) -> list[tuple[Disclosure, Disclosure]]:
    """The incoming answers about a regulation that the survivor answered, too, each with the survivor's."""
    ours = {each.regulation: each for each in ctx.uow.disclosures.current(survivor.id)}
    theirs = ctx.uow.disclosures.current(merged.id)
    return [(each, ours[each.regulation]) for each in theirs if each.regulation in ours]


def _fallen(theirs: Disclosure, ours: Disclosure) -> Disclosure:
    """Which of two answers no longer stands: that of the merged client, unless it alone says that the law applies.

    A merge decides nothing about a law: what applied to one of them goes on until the client is asked.
    """
    applies = DisclosureAnswer.APPLIES
    return ours if theirs.answer is applies and ours.answer is not applies else theirs


def _leads_that_move(ctx: Context, merged: Client, survivor: Client) -> list[int]:
    known = ctx.uow.lead_times.list()
    kinds = {each.kind for each in known if each.scope == f"client:{survivor.id}"}
    return [each.id for each in known if each.scope == f"client:{merged.id}" and each.kind not in kinds]


def _move(ctx: Context, merged: Client, leads: Sequence[int]) -> dict[str, list[int]]:
    """Asked again, because a renamed agreement has one version more."""
    return {**ctx.uow.merges.rows_of(merged.id), "lead_times": list(leads)}


def _collisions(
    merged: Client,
    survivor: Client,
    renamed: Sequence[tuple[Agreement, str]],
    doubled: Sequence[tuple[Disclosure, Disclosure]],
    leads: int,
) -> Iterator[str]:
    for paper, reference in renamed:
        yield f"Both have an agreement {paper.reference}: that of {merged.name} becomes {reference}."
    for theirs, ours in doubled:
        if theirs.answer is not ours.answer:
            stands = f"the answer of {(merged if _fallen(theirs, ours) is ours else survivor).name} stands"
            why = (
                ", so that no clock of an incident is lost"
                if DisclosureAnswer.APPLIES in (theirs.answer, ours.answer)
                else ""
            )
            yield (
                f"{theirs.regulation}: {merged.name} said {plain(theirs.answer)}, {survivor.name} said "
                f"{plain(ours.answer)}. Both are kept; {stands}{why}. Ask the client again."
            )
        else:
            yield f"{theirs.regulation}: both said {plain(ours.answer)}; the answer of {survivor.name} stands."
    if leads:
        yield f"Both have lead times of their own for the same kind of reminder: those of {survivor.name} stand."
    for what, theirs_is, ours_is in (
        ("owner", as_person(merged.owner), as_person(survivor.owner)),
        ("backup", as_person(merged.backup_owner), as_person(survivor.backup_owner)),
        ("time zone", merged.time_zone, survivor.time_zone),
        ("country", merged.country, survivor.country),
        ("state or region", merged.subdivision, survivor.subdivision),
    ):
        if theirs_is and theirs_is != ours_is:
            yield f"The {what} of {merged.name} is {theirs_is}; from now on it is {ours_is or 'not set'}."
    if merged.is_offboarded != survivor.is_offboarded:
        yield (
            f"{(merged if merged.is_offboarded else survivor).name} is offboarded, the other is not: the status of "
            + (f"{survivor.name} stands.")
        )


def _readers(ctx: Context, merged: Client, survivor: Client) -> Iterator[str]:
    """Who newly reads what."""
    for one, other in ((merged, survivor), (survivor, merged)):
        if one.channels:
            where = ", ".join(as_channel(channel) for channel in one.channels)
            yield f"In {where} answers come from the records of {other.name}, too."
        shown = ctx.uow.visibilities.of_client(one.id)
        if shown is not None and shown.open_channels and one is survivor:
            where = ", ".join(as_channel(channel) for channel in shown.open_channels)
            yield f"People of another company may read them in {where}."
    admitted = restrictions(ctx.uow, (merged.id, survivor.id))
    if merged.id in admitted and survivor.id in admitted:
        for one, other in ((merged, survivor), (survivor, merged)):
            new = sorted(admitted[one.id].people - admitted[other.id].people)
            if new:
                yield f"Newly see {other.name}: {', '.join(map(as_person, new))}."


def _lookup_names(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"It is found by {', '.join(names)}, too, as former names."


def _merge_named(ctx: Context, name: str) -> tuple[Client, ClientMerge, Client]:
    """The survivor, the merge and the client that ended in it. Raises NotFound or Conflict."""
    survivor = ctx.uow.clients.find_by_key(name)
    for found in reversed(ctx.uow.merges.into(survivor.id) if survivor is not None else ()):
        merged = ctx.uow.clients.find(found.merged_id)
        if survivor is not None and merged is not None and client_key(name) in map(client_key, found.former_names):
            return survivor, found, _own(merged, name)
    raise NotFound(
        f'No client "{name}" was merged into another. Write a name that the merged client had.',
        next_steps=("/engagement client list",),
    )


def _own(merged: Client, name: str) -> Client:
    """Raises Conflict where the name came with a client that was merged into `merged` before."""
    if client_key(name) in map(client_key, (merged.name, *merged.aliases, *merged.former_names)):
        return merged
    raise Conflict(f'"{name}" came with {merged.name}: take that merge back first.')


def _refuse_entangled(ctx: Context, found: ClientMerge, merged: Client, survivor: Client) -> None:
    """Raises Conflict with what ties the two clients together since."""
    if links := ctx.uow.merges.entangled(found):
        raise Conflict(
            f"{merged.name} cannot be taken out of {survivor.name}: agreements of one rest on papers of the other "
            f"({', '.join(links)}). Give them another parent first. Nothing was changed."
        )
    if changed := ctx.uow.merges.changed_since(found):
        raise Conflict(
            f"{merged.name} cannot be taken out of {survivor.name}: records that came with it were changed since "
            f"({_list_counts(changed)}), and their new versions belong to both. Nothing was changed. Record "
            f"{merged.name} anew, or leave it merged.",
            next_steps=("/engagement audit show",),
        )


def _refuse_taken(ctx: Context, merged: Client) -> None:
    """Raises Conflict for a name or a channel that belongs to another client meanwhile."""
    for name in (merged.name, *merged.aliases, *merged.former_names):
        if (other := ctx.uow.clients.find_by_key(name)) is not None:
            raise Conflict(f'"{name}" is a name of {other.name} now. Take it away there first. Nothing was changed.')
    for channel in merged.channels:
        if (other := ctx.uow.clients.for_channel(channel)) is not None:
            raise Conflict(
                f"{as_channel(channel)} is linked to {other.name} now. Unlink it first. Nothing was changed."
            )


def _moving(moved: Mapping[str, Sequence[int]]) -> str:
    counts = _counts(moved)
    return f"Moves: {_list_counts(counts)}." if counts else "It has no records that would move."


def _counts(moved: Mapping[str, Sequence[int]]) -> dict[str, int]:
    unsaid = (*_UNSAID, "superseded")
    return {table: len(ids) for table, ids in moved.items() if ids and table not in unsaid}


def _list_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(counted(count, *_WORDS.get(table, (plain(table), None))) for table, count in counts.items())


# What a row is called, and where that is no plain "s" behind it, several of them.
_WORDS: Mapping[str, tuple[str, str | None]] = {
    "agreement": ("agreement", None),
    "responsibility": ("matrix row", "matrix rows (with their earlier versions)"),
    "disclosure": ("disclosure", None),
    "scope_question": ("question", None),
    "changed_answer": ("changed answer", None),
    "reminder": ("reminder", None),
    "access_grant": ("access grant", None),
    "promise": ("promise", None),
    "topic_coverage": ("key topic", None),
    "signature": ("signature", None),
    "hold": ("legal hold", None),
    "counsel_mark": ("mark of a finding", "marks of findings"),
    "terms_copy": ("hash of linked terms", "hashes of linked terms"),
    "incident": ("incident", None),
    "clock_mark": ("mark of a clock", "marks of clocks"),
    "obligation": ("obligation", None),
    "client_contract": ("contract with others", "contracts with others"),
    "declined_recommendation": ("declined recommendation", None),
    "insurance_requirement": ("insurance requirement", None),
    "adoption": ("adopted framework", None),
    "questionnaire": ("questionnaire", None),
    "check_result": ("check", None),
    "billable_work": ("entry to bill", "entries to bill"),
    "learned_phrase": ("learned phrase", None),
    "import_memory": ("correction of imports", "corrections of imports"),
    "lead_times": ("lead time", None),
}


COMMANDS = (
    Command(
        "client", "merge", merge, Role.MANAGER, "Move all records of an acquired or doubled client to another",
        parameters=(CLIENT, Parameter("into", "the client that stays", Kind.CLIENT, positional=True, required=True)),
        example='/engagement client merge "North Star" into:calder',
    ),
    Command(
        "client", "unmerge", unmerge, Role.MANAGER, "Take a merge of clients back",
        confirm="Take this merge back: the records that moved go back; what was added since stays where it is.",
        parameters=(Parameter("name", "a name of the client that was merged", positional=True, required=True),),
        example='/engagement client unmerge "North Star"',
    ),
)  # fmt: skip
