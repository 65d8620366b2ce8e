"""The forms in which people hand logins in: the same rows, in proportion to an export by the API."""

import csv
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from exports import Exports

#: What all others are compared with.
FLOOR = "form-api"
#: The largest ratio of wall times to it that the project wants.
GOAL = 2.0

Row = list[str]


def _local(form: str) -> Callable[[str], str]:
    return lambda time: datetime.strptime(time[:19], "%Y-%m-%dT%H:%M:%S").strftime(form)


def _guarded(field: str) -> str:
    return f'="{field}"'


#: What is done to the fields of a row of `LoginHistory`, by column.
CHANGES: dict[str, dict[str, Callable[[str], str]]] = {
    "form-15-characters": {"Id": lambda text: text[:15], "UserId": lambda text: text[:15]},
    "form-lost-case": {"Id": str.lower, "UserId": str.lower},
    "form-guarded": {"Id": _guarded, "UserId": _guarded, "LoginTime": _guarded},
    "form-us-times": {"LoginTime": _local("%-m/%-d/%Y, %-I:%M:%S %p UTC")},
    "form-german-times": {"LoginTime": _local("%d.%m.%Y, %H:%M:%S")},
    "form-named-months": {"LoginTime": _local("%d %b %Y %H:%M:%S UTC")},
    "form-database-times": {"LoginTime": _local("%Y-%m-%d %H:%M:%S")},
    "form-epoch-times": {"LoginTime": _local("%s000")},
}


def make(synth: Path, cache: Path, rows: int, users: int) -> dict[str, Exports]:
    """Writes the same logins in each form, or finds those of an earlier run; nothing is compressed."""
    folder = cache / f"forms-{rows}-users-{users}"
    mark = folder / "generator"
    state = f"{synth.stat().st_size} {synth.stat().st_mtime_ns}"
    names = [FLOOR, "form-setup", "form-event-log", *CHANGES, "form-utf-16"]
    if not mark.exists() or mark.read_text() != state:
        print(f"writing {rows:,} rows in {len(names)} forms", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, shape in ((FLOOR, "soql"), ("form-setup", "setup"), ("form-event-log", "elf-2026")):
            subprocess.run([synth, folder / name, "--seed", "1", "--rows", str(rows), "--users",
                            str(users), "--shape", shape, "--quiet"], check=True)
            (folder / name / "truth.json").unlink()
        with open(folder / FLOOR / "LoginHistory.csv", newline="", encoding="utf-8") as source:
            header, *logins = csv.reader(source)
        for name in [*CHANGES, "form-utf-16"]:
            shutil.copytree(folder / FLOOR, folder / name)
            encoding = "utf-16" if name == "form-utf-16" else "utf-8"
            changes = [CHANGES.get(name, {}).get(column, str) for column in header]
            with open(folder / name / "LoginHistory.csv", "w", newline="", encoding=encoding) as target:
                writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
                writer.writerow(header)
                writer.writerows([change(field) for change, field in zip(changes, row)]
                                 for row in logins)
        mark.write_text(state)
    return {name: Exports(folder / name, rows, users, 1) for name in names}
