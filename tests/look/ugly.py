"""Clients as they are at their worst: long names, other scripts, emoji, two hundred rows, nothing recorded at all."""

from datetime import date

from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import CONSOLE, Request

LONG = "The Very Reverend Dean and Chapter of Saint Æthelburga-by-the-Wall (Trading) Ltd"[:80]
HEBREW = "מרפאת השיניים של רחובות"
EMOJI = "🦷 Smile & <b>Co</b> 🚀"
BARE = "Bare"
PAPER = "STATEMENT-OF-WORK-2026-REVISION-C"
_PARTIES = ("msp", "client", "shared", "out_of_scope")


def ugly(dispatcher: Dispatcher, workspace_id: int, today: date) -> None:
    """Fill an empty workspace by the commands a person would type."""

    def do(text: str) -> None:
        dispatcher.run(Request(workspace_id, CONSOLE, text, is_confirmed=True))

    for name, alias in ((LONG, "dean"), (HEBREW, "rehovot"), (EMOJI, "smile"), (BARE, "bare")):
        do(f'client add "{name}" alias:{alias} owner:U0DANA')
    terms = "kind:sow signed:2026-01-01 effective:2026-01-01 initial-term:12m renewal:auto notice:30d"
    for alias in ("dean", "rehovot", "smile"):
        do(f"agreement add {alias} {PAPER} {terms}")
        do(f"agreement add {alias} MSA kind:msa")
    for number in range(200):
        row = f'"Service number {number} with a name that goes on for longer than anybody would like to read"'
        do(f"matrix set dean {PAPER} {row} {_PARTIES[number % 4]} clause:{number}.{_clause(number)}")
    for item in ("Firewall patching", "Server patching", "Switch patching", "Printer patching", "Laptop patching"):
        do(f'matrix set smile {PAPER} "{item}" msp clause:1.2')
    do(f'matrix set rehovot {PAPER} "גיבוי שרתים" msp clause:1.2')
    for number in range(30):
        what = f"Promise {number}: we guarantee to answer every call at any hour for ever"
        do(f'promise add dean "{what}" due:2026-{1 + number % 11:02}-01')
        do(f'access grant dean "System {number} on the third floor" admin review:2026-0{1 + number % 9}-01')
    for number in range(14):
        what = f'"Replace device {number}" by:"The Sub-Dean" on:2026-02-{1 + number:02} reason:"Too expensive"'
        do(f"recommendation decline dean {what}")
        do(f"scope ask dean who looks after the organ pipe number {number} in the north transept?")


def _clause(number: int) -> str:
    return "1" if number % 3 else "1.2.3.4(b)(iii)"
