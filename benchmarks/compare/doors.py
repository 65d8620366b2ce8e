"""The doors of Postern: every output and verb on the same exports, in proportion to a scan for text."""

import json
from dataclasses import dataclass
from pathlib import Path

from exports import Exports
from programs import Contender

#: The scan that all others are compared with.
FLOOR = "scan-text"
#: The largest ratio of wall times to it that the project wants, by command.
GOALS = {
    "scan-jsonl": 1.3, "scan-csv": 1.3, "scan-csv-accounts": 1.3, "scan-ocsf": 1.3,
    "scan-html": 1.4, "scan-prometheus": 1.1, "scan-all-six": 2.0, "scan-ledger": 1.4,
    "scan-baseline": 1.6, "report-csv": 0.5, "report-html": 0.6, "diff": 0.9, "explain": 0.25,
    "account": 1.2, "events-account": 1.2, "events-human-absent": 1.6, "inspect": 1.0,
}
#: The largest ratio of peak memory to it.
MEMORY_GOAL = 1.5
#: The outputs that are written at once.
SIX = ["jsonl", "csv", "html", "ocsf", "prometheus"]


@dataclass
class Subject:
    """What the verbs are asked about: an account with human logins, and a finding."""

    account: str
    finding: str


def subject(results: Path) -> Subject:
    """Chooses from saved results: the account with most human successes among those of integration,
    and the finding in the middle."""
    account, most, findings = "", -1, []
    with open(results, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            schema = record.get("schema", "")
            if schema.startswith("postern.account/"):
                human = record["logins"]["human"]["succeeded"]
                if record["account"].get("class") == "integration":
                    human += 1 << 40
                if human > most:
                    account, most = record["account"]["key"], human
            elif schema.startswith("postern.finding/"):
                findings.append(record["finding_id"])
    return Subject(account, findings[len(findings) // 2] if findings else "")


def results_command(program: Path, exports: Exports, results: Path) -> list[str]:
    """The scan whose results the other verbs read."""
    return [str(program), "scan", str(exports.folder), "--now", "2026-09-01", "--threads", "2", "-o",
            f"jsonl:{results}"]


def contenders(
    program: Path, exports: Exports, results: Path, about: Subject, work: Path
) -> list[Contender]:
    """All doors; outputs go to files."""
    folder = str(exports.folder)
    common = ["--now", "2026-09-01", "--threads", "2"]

    def command(name: str, *arguments: str) -> Contender:
        return Contender(name, [str(program), *arguments])

    def scan(name: str, *arguments: str) -> Contender:
        return command(name, "scan", folder, *common, *arguments)

    def to(form: str) -> str:
        return f"{form}:{work / ('door.' + form)}"

    outputs = [argument for form in SIX for argument in ("-o", to(form))]
    ledger = work / "door.ledger"
    doors = [scan(FLOOR, "-o", "text")]
    doors += [scan(f"scan-{form}", "-o", to(form)) for form in
              ("jsonl", "csv", "csv-accounts", "html", "ocsf", "prometheus")]
    doors += [
        scan("scan-all-six", "-o", "text", *outputs),
        # A scan replaces no ledger that it was not given as an input.
        Contender("scan-ledger", ["sh", "-c", 'rm -f "$1"; shift; exec "$@"', "sh", str(ledger),
                                  str(program), "scan", folder, *common, "-o", "text", "--ledger",
                                  str(ledger)]),
        scan("scan-baseline", "-o", "text", "--baseline", str(results)),
        command("report-csv", "report", str(results), "-o", to("csv")),
        command("report-html", "report", str(results), "-o", to("html")),
        command("diff", "diff", str(results), str(results)),
        command("explain", "explain", about.finding, str(results)),
        command("account", "account", about.account, folder, *common),
        command("events-account", "events", folder, *common, "--account", about.account),
        command("events-human-absent", "events", folder, *common, "--mfa", "absent", "--kind",
                "human"),
        command("inspect", "inspect", folder, *common),
    ]
    return doors
