"""Every kind of thing that people see: replies, reminders, digests, forms, home tabs; each with a name."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from bot.console.demo_data import seed
from bot.console.demo_world import CHANNELS, PEOPLE
from bot.slack.render import render
from commands.catalog import REGISTRY
from commands.command import Upload
from commands.dispatching.request import CONSOLE, Request
from commands.parameters import Kind
from commands.pictures.drawing import Theme
from tests.look.ugly import EMOJI, ugly
from tests.look.world import DANA, GUS, PRIYA, RITA, SAM, World, nothing, opened

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ASKED = (
    ("ours", SAM, "/scope who patches the firewall?"),
    ("clients", SAM, "/scope who changes the company website?"),
    ("shared", SAM, "/scope is multi-factor authentication ours?"),
    ("third_party", SAM, "/scope internet circuit is down, who?"),
    ("out_of_scope", SAM, "/scope do we do penetration testing?"),
    ("undocumented", SAM, "/scope who waters the plants?"),
    ("lapsed", SAM, "/scope is the on-premises phone system ours?"),
    ("ambiguous", SAM, "/scope is the server ours?"),
    ("limited", SAM, "/scope may we reboot the payroll server?"),
    ("unsigned", SAM, "/scope bluebird who backs up microsoft 365?"),
    ("several", SAM, "/scope who patches the firewall? and who patches the servers?"),
    ("which_client", SAM, "/scope caldr who patches the firewall?"),
    ("hello", SAM, "/scope hello"),
)
INCIDENT = (
    '/engagement incident record bluebird "Mailbox of the CFO taken over" discovered:2026-11-26 at:14:30 '
    'data:"names and bank accounts" residents:"NY 40"'
)
READ = (
    ("check", PRIYA, "/engagement check calder"),
    ("check_everything", PRIYA, "/engagement check calder severity:medium everything:yes"),
    ("check_bluebird", PRIYA, "/engagement check bluebird"),
    ("check_all", PRIYA, "/engagement check all"),
    ("check_rules", SAM, "/engagement check rules"),
    ("client_list", SAM, "/engagement client list"),
    ("client_show", SAM, "/engagement client show calder"),
    ("agreement_list", SAM, "/engagement agreement list calder"),
    ("agreement_show", PRIYA, "/engagement agreement show calder MSA-2024"),
    ("agreement_timeline", SAM, "/engagement agreement timeline calder"),
    ("calendar", SAM, "/engagement calendar"),
    ("matrix_show", SAM, "/engagement matrix show calder"),
    ("renewals", SAM, "/renewals"),
    ("reminder_list", PRIYA, "/engagement reminder list"),
    ("disclosure_list", SAM, "/engagement disclosure list calder"),
    ("disclosure_ask", SAM, "/engagement disclosure ask calder"),
    ("insurance_list", SAM, "/engagement insurance list calder"),
    ("access", SAM, "/engagement access calder"),
    ("promise_list", SAM, "/engagement promise list calder"),
    ("topic_list", SAM, "/engagement topic list calder MSA-2024"),
    ("walkthrough_list", SAM, "/engagement walkthrough list calder"),
    ("recommendation_list", SAM, "/engagement recommendation list calder"),
    ("framework_list", SAM, "/engagement framework list"),
    ("framework_show", SAM, "/engagement framework show nist-csf"),
    ("framework_compare", SAM, "/engagement framework compare nist-csf 1.1 2.0"),
    ("scope_open", PRIYA, "/engagement scope open"),
    ("scope_history", PRIYA, "/engagement scope history calder"),
    ("scope_why", SAM, "/engagement scope why 1"),
    ("scope_wording", SAM, "/engagement scope wording 1"),
    ("scope_share", SAM, "/engagement scope share 1"),
    ("who_hipaa", PRIYA, "/engagement who hipaa"),
    ("who_unsigned", PRIYA, "/engagement who unsigned"),
    ("role_list", DANA, "/engagement role list"),
    ("audit_show", DANA, "/engagement audit show"),
    ("setup", DANA, "/engagement setup"),
    ("week", PRIYA, "/engagement week"),
    ("progress", PRIYA, "/engagement setup progress"),
    ("who_gap", PRIYA, "/engagement who gap limitation_of_liability"),
    ("who_lacks", PRIYA, "/engagement who lacks explanation"),
    ("who_framework", PRIYA, "/engagement who framework nist-csf"),
    ("agreement_history", SAM, "/engagement agreement history calder MSA-2024"),
    (
        "agreement_terms",
        PRIYA,
        "/engagement agreement terms calder SOW-A renews for successive 1 year terms unless 60 days",
    ),
    ("signature_list", SAM, "/engagement signature list calder MSA-2024"),
    ("walkthrough_history", SAM, "/engagement walkthrough history calder"),
    ("disclosure_history", SAM, "/engagement disclosure history calder"),
    ("walkthrough_show", SAM, "/engagement walkthrough show calder MSA-2024"),
    ("matrix_history", SAM, '/engagement matrix history calder "Multi-factor authentication"'),
    ("catalogue_show", SAM, "/engagement catalogue show hipaa"),
    ("contract_list", SAM, "/engagement contract list calder"),
    ("obligation_list", SAM, "/engagement obligation list calder"),
    ("defenses", PRIYA, "/engagement framework defenses calder state:US-OH employees:80"),
    ("framework_affected", PRIYA, "/engagement framework affected nist-csf 2.0"),
    ("hold_list", PRIYA, "/engagement hold list"),
    ("paper_list", SAM, "/engagement paper list calder"),
    ("copy_list", SAM, "/engagement copy list calder"),
    ("template_list", DANA, "/engagement template list"),
    ("reminder_why", PRIYA, "/engagement reminder why 1"),
    ("scope_phrases", PRIYA, "/engagement scope phrases calder"),
    ("audit_verify", PRIYA, "/engagement audit verify"),
    ("wish", SAM, "/scope when does the calder msa end?"),
    ("home_in_words", PRIYA, "/engagement home"),
    ("help", SAM, "/engagement help"),
    ("help_manager", PRIYA, "/engagement help"),
    ("help_noun", SAM, "/engagement help agreement"),
    ("help_agreement_add", PRIYA, "/engagement help agreement add"),
    ("help_scope_ask", SAM, "/engagement help scope ask"),
    ("wrong_word", SAM, "/engagement agrement lst"),
    ("wrong_value", PRIYA, "/engagement agreement add calder SOW-Z kind:banana"),
    ("not_allowed", SAM, "/engagement role grant @sam admin"),
)
# What changes the record is drawn last, so that nothing else shows it.
DONE = (
    ("matrix_retire", PRIYA, '/engagement matrix retire calder SOW-A "Website" on:2026-12-31'),
    ("matrix_set", PRIYA, '/engagement matrix set calder SOW-A "Plant watering" client clause:"SOW-A 9.9"'),
    ("reminder_snooze", PRIYA, "/engagement reminder snooze 1 3d"),
    ("scope_bill", SAM, '/engagement scope bill 5 took:45m note:"Replaced the toner"'),
    ("scope_settle", PRIYA, "/engagement scope settle 6 party:client"),
    ("renewal_decide", PRIYA, '/engagement renewal decide calder MSA-2024 renew reason:"fair price"'),
    ("sign", PRIYA, "/engagement agreement sign bluebird ADD-1 on:2026-11-20"),
    ("disclosed", SAM, '/disclose calder hipaa applies by:"Dana Lee, CFO" on:2026-11-26'),
    ("incident", PRIYA, INCIDENT),
    ("incident_list", SAM, "/engagement incident list"),
    ("incident_show", SAM, "/engagement incident show bluebird Mailbox"),
    ("scope_billable", PRIYA, "/engagement scope billable calder"),
)
# What people record, in a workspace of its own: each shows what was recorded before.
RECORDED = (
    ("client_add", PRIYA, '/engagement client add "Harbor Light Credit Union" alias:harbor owner:@priya'),
    ("client_edit", PRIYA, "/engagement client edit calder industry:manufacturing country:US"),
    ("agreement_add", PRIYA, "/engagement agreement add calder NDA-1 kind:nda effective:2026-11-01"),
    ("undo", PRIYA, "/engagement undo"),
    ("framework_add", DANA, '/engagement framework add "Northwind Baseline" version:1.0 published:2026-03'),
    ("framework_own", SAM, "/engagement framework show northwind-baseline"),
    ("framework_adopt", PRIYA, "/engagement framework adopt calder northwind-baseline"),
    ("check_mark", DANA, '/engagement check mark calder "SOW-2023: it ended" by:"Pat Reed, counsel"'),
    ("check_marks", DANA, "/engagement check marks calder"),
    ("check_marked", DANA, "/engagement check calder severity:high"),
    ("paper_statement", PRIYA, "/engagement paper statement calder"),
    ("paper_walkthrough", PRIYA, "/engagement paper walkthrough calder SOW-A"),
    ("paper_notice", PRIYA, "/engagement paper notice calder MSA-2024"),
    ("paper_evidence", DANA, "/engagement paper evidence calder from:2026-01-01"),
    ("paper_list_made", SAM, "/engagement paper list calder"),
    ("topic_set", PRIYA, '/engagement topic set calder SOW-A present topic:standard_of_care clause:"SOW-A 12"'),
    (
        "access_grant",
        PRIYA,
        '/engagement access grant calder "Camera server" view limit:"on request" basis:"SOW-A 8"',
    ),
    ("promise_add", PRIYA, '/engagement promise add calder "We never miss an alert" source:email made:2026-11-01'),
    ("promise_kept", PRIYA, '/engagement promise kept calder "Test a restore" on:2026-11-25'),
    ("obligation_add", PRIYA, '/engagement obligation add calder "Name an approver" clause:"SOW-A 5.1" due:2026-12-15'),
    ("obligation_unmet", PRIYA, '/engagement obligation unmet calder "Name an approver" told:"Dana Lee, CFO"'),
    ("obligation_list_some", SAM, "/engagement obligation list calder"),
    (
        "contract_add",
        PRIYA,
        '/engagement contract add calder "Prairie Mutual" kind:insurer notice-hours:72',
    ),
    ("contract_list_some", SAM, "/engagement contract list calder"),
    ("hold_place", DANA, '/engagement hold place calder by:"Pat Reed, counsel" reason:"A claim"'),
    ("hold_list_some", DANA, "/engagement hold list"),
    ("role_grant", DANA, "/engagement role grant @gus viewer"),
    ("calendar_feed", PRIYA, "/engagement calendar feed"),
    ("catalogue_list", SAM, "/engagement catalogue list"),
    ("catalogue_check", DANA, "/engagement catalogue check"),
    ("leads", DANA, "/engagement reminder leads promise_due 14,7,1"),
    ("audit_day", DANA, "/engagement audit show client:calder since:2026-11-27"),
    ("guest", GUS, "/scope who patches the firewall?"),
    ("stranger", RITA, "/scope who patches the firewall?"),
)
# In a direct message nobody says which client is meant.
DIRECT = (
    ("direct_which_client", SAM, "who patches the firewall?"),
    ("direct_near_client", SAM, "who patches the firewall at caldr?"),
    ("direct_answer", SAM, "who patches the firewall at calder?"),
    ("direct_wish", PRIYA, "when does the bluebird contract end?"),
    ("direct_hello", SAM, "hi"),
)
PRESSED = (
    ("pressed_why", "/scope who patches the firewall?", "Why this row?"),
    ("pressed_copy", "/scope who patches the firewall?", "Copy for client"),
    ("pressed_share", "/scope who patches the firewall?", "Share with channel"),
    ("pressed_manager", "/scope who waters the plants?", "Ask a manager"),
    ("pressed_form", "/scope caldr who patches the firewall?", "Calder Ridge"),
)
UGLY = (
    ("ugly_check", PRIYA, "/engagement check dean"),
    ("ugly_check_everything", PRIYA, "/engagement check dean everything:yes"),
    ("ugly_client_list", SAM, "/engagement client list"),
    ("ugly_client_show", SAM, "/engagement client show dean"),
    ("ugly_client_bare", SAM, "/engagement client show bare"),
    ("ugly_matrix", SAM, "/engagement matrix show dean"),
    ("ugly_agreements", SAM, "/engagement agreement list dean"),
    ("ugly_renewals", SAM, "/renewals"),
    ("ugly_promises", SAM, "/engagement promise list dean"),
    ("ugly_access", SAM, "/engagement access dean"),
    ("ugly_recommendations", SAM, "/engagement recommendation list dean"),
    ("ugly_open", PRIYA, "/engagement scope open"),
    ("ugly_reminders", PRIYA, "/engagement reminder list"),
    ("ugly_answer", SAM, "/scope dean service number 17 with a name that goes on"),
    ("ugly_choice", SAM, "/scope smile patching"),
    ("ugly_rtl", SAM, "/scope rehovot גיבוי שרתים"),
    ("ugly_emoji", SAM, f'/engagement client show "{EMOJI}"'),
)
EMPTY = (
    ("empty_clients", SAM, "/engagement client list"),
    ("empty_renewals", SAM, "/renewals"),
    ("empty_scope", SAM, "/scope who patches the firewall?"),
    ("empty_setup", DANA, "/engagement setup"),
    ("empty_reminders", PRIYA, "/engagement reminder list"),
)
FORMS = (
    "scope ask", "scope settle 1", "agreement add calder", "agreement sign bluebird ADD-1",
    "renewal decide calder MSA-2024",
    "disclosure record calder hipaa", "walkthrough record calder", "matrix set calder", "access grant calder",
    "client erase calder", "promise edit calder",
)  # fmt: skip
FEW = frozenset(
    {
        "ours",
        "shared",
        "third_party",
        "undocumented",
        "ambiguous",
        "client_show",
        "renewals",
        "check_bluebird",
        "promise_list",
        "help",
        "help_agreement_add",
        "ugly_answer",
        "ugly_choice",
        "ugly_promises",
        "ugly_access",
    }
)


@dataclass(frozen=True, slots=True)
class Surface:
    """`kind` is message, home or modal; `title` what was typed or happened."""

    name: str
    kind: str
    title: str
    payload: dict[str, Any]


def everything() -> Iterator[Surface]:
    with opened(seed) as world:
        yield from _typed(world, ASKED)
        yield from _typed(world, READ)
        yield from _forms(world, FORMS)
        yield from _forms(world, _every_form("calder", FORMS))
        yield from _pictures(world)
        yield from previews(world)
        yield from _homes(world, "home", "")
        yield from _passing(world)
        yield from _typed(world, DONE)
    with opened(seed) as world:
        yield from _direct(world)
        yield from _pressed(world)
        yield from _typed(world, RECORDED)
        yield from wrong_files(world)
        yield from _digests(world)
    with opened(ugly) as world:
        yield from _typed(world, UGLY)
        yield from _forms(world, _every_form("dean", ()), "ugly_form")
        yield from _homes(world, "ugly_home", "ugly: ")
    with opened(nothing) as world:
        yield from _typed(world, EMPTY)
        yield from _homes(world, "empty_home", "nothing recorded: ")


def a_few() -> Iterator[Surface]:
    """What is drawn before every change lands: each pattern, as usual and as ugly as it gets."""
    with opened(seed) as world:
        yield from _typed(world, [each for each in (*ASKED, *READ) if each[0] in FEW])
        yield from _forms(world, FORMS[:1])
        yield from _homes(world, "home", "")
    with opened(ugly) as world:
        yield from _typed(world, [each for each in UGLY if each[0] in FEW])


def written(surfaces: Sequence[Surface]) -> dict[str, Any]:
    """What draw.mjs reads."""
    return {
        "people": [{"id": each.id, "name": each.handle} for each in PEOPLE],
        "channels": [{"id": each.id, "name": each.name} for each in CHANNELS],
        "surfaces": [asdict(each) for each in surfaces],
    }


def _typed(world: World, lines: Iterable[tuple[str, str, str]]) -> Iterator[Surface]:
    for name, user, text in lines:
        shown = world.typed(user, text)
        assert shown, f"{text} was answered with nothing"
        for place, (kind, payload) in enumerate(shown[:3]):
            told = f"_told_{place - 1}" if place else ""
            yield Surface(f"{name}{told}", kind, f"{user[2:].lower()}: {text}", payload)


def _direct(world: World) -> Iterator[Surface]:
    for name, user, text in DIRECT:
        for kind, payload in world.sent(world.payloads.direct(user, text))[:1]:
            yield Surface(name, kind, f"{user[2:].lower()}, in a direct message: {text}", payload)


def _pressed(world: World) -> Iterator[Surface]:
    for name, text, label in PRESSED:
        _, payload = world.typed(SAM, text)[0]
        for place, (kind, shown) in enumerate(world.pressed(SAM, payload, label)[:2]):
            yield Surface(f"{name}_{place}" if place else name, kind, f"sam: {text}, then {label}", shown)


def _digests(world: World) -> Iterator[Surface]:
    """Monday's message to whoever answers for clients."""
    before = len(world.demo.slack.posted)
    world.demo.pass_time(world.demo.clock() + timedelta(days=4))
    sent = [dict(each.payload) for each in world.demo.slack.since(before) if each.kind == "message"]
    for place, payload in enumerate([each for each in sent if "week" in each["text"][:60].lower()][:2]):
        yield Surface(f"digest_{place}", "message", "the message of Monday", payload)


def _every_form(client: str, but: Sequence[str]) -> Iterator[str]:
    """One line for each command that has a form and is not among `but`, about `client` where it is about one."""
    known = {command.name for command in REGISTRY for line in but if f"{line} ".startswith(f"{command.name} ")}
    for command in REGISTRY:
        if command.parameters and command.name not in known:
            is_about_one = command.parameters[0].kind is Kind.CLIENT
            yield f"{command.name} {client}" if is_about_one else command.name


def _forms(world: World, lines: Iterable[str], start: str = "form") -> Iterator[Surface]:
    for line in lines:
        button = {"action_id": "form:0", "value": line, "text": {"type": "plain_text", "text": "x"}}
        shown = world.sent(world.payloads.press(DANA, "C0CALDER", button))
        name = f"{start}_" + re.sub(r"\W+", "_", " ".join(line.split()[:2]))
        for kind, payload in shown[:1]:
            if kind == "modal":
                yield Surface(name, kind, f"form: {line}", payload)


def _pictures(world: World) -> Iterator[Surface]:
    """What comes as a file, as Slack shows it in a message."""
    workspace_id = 1
    for line in ("matrix coverage calder", "renewal year", "agreement timeline calder"):
        for theme in Theme:
            reply = world.demo.runtime.dispatcher.run(Request(workspace_id, CONSOLE, f"{line} theme:{theme}"))
            shown = b64encode(reply.files[0].content).decode()
            image = {
                "type": "image",
                "image_url": f"data:image/png;base64,{shown}",
                "alt_text": reply.files[0].alt_text,
            }
            yield Surface(f"picture_{line.split()[1]}_{theme}", "message", f"a file: {line}", {"blocks": [image]})


# The files of the how-tos, and what is typed with each.
PREVIEWED = (
    ("preview_clients", "client import", "accounts.csv"),
    ("preview_matrix", "matrix import calder SOW-2023", "matrix.csv"),
)


def previews(world: World) -> Iterator[Surface]:
    """What a file is answered with before anything of it is saved."""
    for name, line, file in PREVIEWED:
        upload = Upload(file, (EXAMPLES / file).read_bytes())
        request = Request(1, DANA, line, uploads=(upload,))
        payload = render(world.demo.runtime.dispatcher.run(request)).payload
        yield Surface(name, "message", f"a file, {file}: {line}", payload)


_WRONG_MATRIX = """Service,Who,Ref
Firewall rules,us,4.1
Patching,maybe,4.2
,client,4.3
Phones,shared,4.4
Phones,client,4.5
"""
_WRONG_CLIENTS = """Company,Owner,Notice,Renewal Date,Type
Acme Tool & Die,Bo Kerr,sixty,13/45/2026,Silver
Acme Tool & Die,Sam Lee,60,01/02/2027,Gold
,Sam Lee,30,03/04/2027,Gold
"""
WRONG = (
    ("wrong_matrix", "matrix import calder SOW-A", "matrix.csv", _WRONG_MATRIX.encode()),
    ("wrong_clients", "client import", "clients.csv", _WRONG_CLIENTS.encode()),
    ("wrong_agreements", "agreement import", "agreements.csv", b"Client,Agreement,Signed\nNobody,SOW-1,soon\n"),
    ("wrong_kind_of_file", "matrix import calder SOW-A", "matrix.docx", b"PK\x03\x04 not a spreadsheet"),
)


def wrong_files(world: World) -> Iterator[Surface]:
    """What a file with mistakes in it is answered with."""
    for name, line, file, content in (
        *WRONG,
        ("wrong_sheets", "matrix import calder SOW-A sheet:*", "two.xlsx", _two()),
    ):
        sent = world.demo.slack.add_file(file, content)
        event = world.payloads.direct(DANA, line, subtype="file_share", files=[sent])
        for kind, payload in world.sent(event)[-1:]:
            yield Surface(name, kind, f"a file, {file}: {line}", payload)


def _two() -> bytes:
    """Two sheets alike, with a mistake in the same row of each."""
    book = Workbook()
    for title in ("Network", "Servers"):
        sheet = book.create_sheet(title)
        for row in (
            ("Service", "Responsible", "Clause"),
            (f"{title} patching", "us", "4.1"),
            ("Backups", "maybe", "4.2"),
        ):
            sheet.append(row)
    book.remove(book.worksheets[0])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _homes(world: World, name: str, said: str) -> Iterator[Surface]:
    for user, role in ((DANA, "admin"), (PRIYA, "manager"), (SAM, "technician")):
        yield Surface(f"{name}_{role}", "home", f"{said}home tab of a {role}", world.home(user))


def _passing(world: World) -> Iterator[Surface]:
    """Reminders and digests, one of each kind of text."""
    seen: set[str] = set()
    number = 0
    for payload in world.pass_time(14):
        kind = f"{len(payload['blocks'])} {payload['text'][:20]}"
        if "last day to give notice" in payload["text"] and "reminder_decide" not in seen:
            seen.add("reminder_decide")
            yield Surface("reminder_decide", "message", "a reminder of a notice deadline", payload)
        if kind not in seen and number < 8:
            seen.add(kind)
            yield Surface(f"reminder_{number}", "message", "a reminder", payload)
            number += 1
