"""Logins with columns of many distinct values, and in many files: in proportion to the same rows with few."""

import csv
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from exports import Exports

#: What all others are compared with.
FLOOR = "few-values"
#: How many accounts there can be in ``many-accounts``.
ACCOUNTS = 150_000
#: How many files the rows of ``many-files`` lie in.
FILES = 1_000


def _browser(random_: random.Random) -> str:
    return f"Chrome {random_.randrange(300)}.{random_.randrange(20)}"


def _address(random_: random.Random) -> str:
    return ".".join(["10", *(str(random_.randrange(256)) for _ in range(3))])


def _address6(random_: random.Random) -> str:
    groups = [random_.randrange(40), *(random_.randrange(1 << 16) for _ in range(4))]
    return "2001:db8:12:" + ":".join(f"{group:x}" for group in groups)


def _account(random_: random.Random) -> str:
    # No capital among the ten last characters, so that these check characters are theirs.
    return f"005Hn{random_.randrange(ACCOUNTS):010}IAA"


#: What stands in a column of `LoginHistory` in each row, by name and column.
CHANGES: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "many-browsers": ("Browser", _browser),
    "many-addresses": ("SourceIp", _address),
    "many-ipv6-addresses": ("SourceIp", _address6),
    "many-accounts": ("UserId", _account),
}


def make(source: Exports, cache: Path) -> dict[str, Exports]:
    """Writes the rows of other exports with many values, or finds those of an earlier run.

    ``source`` is a folder with one plain `LoginHistory.csv`, such as the first of `forms`.
    """
    folder = cache / f"values-{source.rows}-users-{source.users}"
    mark = folder / "made-of"
    state = " ".join(str(path.stat().st_mtime_ns)
                     for path in (source.folder / "LoginHistory.csv", Path(__file__)))
    names = [FLOOR, *CHANGES, "many-files"]
    if not mark.exists() or mark.read_text() != state:
        print(f"writing {source.rows:,} rows with many values", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        with open(source.folder / "LoginHistory.csv", newline="", encoding="utf-8") as file:
            header, *logins = csv.reader(file)

        def write(path: Path, rows: list[list[str]]) -> None:
            with open(path, "w", newline="", encoding="utf-8") as target:
                writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
                writer.writerow(header)
                writer.writerows(rows)

        for name in names:
            shutil.copytree(source.folder, folder / name)
            path = folder / name / "LoginHistory.csv"
            if name in CHANGES:
                column, value = CHANGES[name]
                place = header.index(column)
                random_ = random.Random(1)
                write(path, [[*row[:place], value(random_), *row[place + 1:]] for row in logins])
            elif name == "many-files":
                path.unlink()
                step = -(-len(logins) // FILES)
                for number in range(FILES):
                    part = logins[number * step:(number + 1) * step]
                    write(path.with_stem(f"LoginHistory-{number:04}"), part)
        mark.write_text(state)
    return {name: Exports(folder / name, source.rows,
                          ACCOUNTS if name == "many-accounts" else source.users,
                          FILES if name == "many-files" else 1) for name in names}
