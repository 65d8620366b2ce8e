#!/usr/bin/env python3
"""Parts of a history that are folded apart: one export a part, whose rows no other part counts.

    parts.py settle OUT IDS...

What `scan_on_spark.py` does on many machines, in plain Python, so that any other engine can do it:

    fold      one export to a ledger, by `postern scan`, with the Ids of its rows as text
    settle    who counts a row that several exports hold: the part with most columns, then the first
    fold      again, only those parts that lost Ids: these rows are copies now (`--known-ids`)
    merge     ledgers to one ledger, by `postern scan`, in any tree

`parts.py settle` reads the files of Ids that folds wrote, and writes OUT/NAME for each of them that
lost Ids. The README beside this file has a recipe for GNU parallel that uses it.
"""
import dataclasses
import itertools
import os
import pathlib
import subprocess
import sys

# A fold that found no login rows, for these reasons alone, has read its file and left nothing out.
HARMLESS = {"no login rows: none of the inputs gave any", "no login rows in the window"}

# Exit codes after which the file is read or the whole run ends: usage, and a fault of the program.
USAGE, FAULT = 64, 70


class PosternFailed(Exception):
    """The program could not do its work: out of memory, no space, killed. Another try may do better."""

    def __init__(self, code, errors):
        super().__init__(f"postern exit {code}: {errors.strip()}")
        self.code = code


@dataclasses.dataclass
class Outcome:
    """How the fold of one file ended."""

    code: int
    reasons: list[str]
    errors: str
    # Bytes of the Ids as text; 0 where there are none.
    id_bytes: int = 0

    @property
    def is_refused(self):
        """Nothing was read, or the accounting is broken: no part of the run is worth anything."""
        return self.code in (USAGE, FAULT)

    @property
    def is_whole(self):
        """The ledger says all that the file says.

        If not, the file itself goes to the last scan: it was cut, damaged or is no export, and that
        scan says of it what a scan of everything says. Rejected rows are in the ledger.
        """
        return self.code in (0, 2, 66) and set(self.reasons) <= HARMLESS


def postern(program, arguments, folder):
    """Runs the program in a folder; gives its exit code and what it said on standard error."""
    ended = subprocess.run(
        [program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    errors = ended.stderr.decode(errors="replace")
    if ended.returncode not in (0, 2, USAGE, 66, FAULT):
        raise PosternFailed(ended.returncode, errors)
    return ended.returncode, errors


def fold(program, options, name, folder, known=None):
    """Folds the one export in `folder` to `folder`/ledger, and writes the Ids of its rows to ids.

    `name` is the input as the user named it, so that evidence names files as a single scan does; `known`
    are lines for `--known-ids`. Nothing is judged here. Rejected rows are tolerated: the ledger counts
    them, and the last scan judges them.
    """
    arguments = [
        "scan", name, "-o", "none", "--ledger", "ledger", "--ids", "ids", "--max-rejects", "100%", *options]
    if known is not None:
        with open(os.path.join(folder, "known"), "w") as file:
            file.writelines(known)
        arguments += ["--known-ids", "known"]
    code, errors = postern(program, arguments, folder)
    mark = "postern: incomplete: "
    reasons = [line[len(mark):] for line in errors.splitlines() if line.startswith(mark)]
    ids = os.path.join(folder, "ids")
    return Outcome(code, reasons, errors, os.path.getsize(ids) if os.path.exists(ids) else 0)


def merge(program, options, ledgers, folder):
    """Merges ledgers, files in `folder`, to `folder`/merged."""
    code, errors = postern(program, ["scan", *ledgers, "-o", "none", "--ledger", "merged", *options], folder)
    if code in (USAGE, FAULT) or not os.path.exists(os.path.join(folder, "merged")):
        raise PosternFailed(code, errors)


def read_ids(lines):
    """The rank of a part and its Ids by their shared text, from the lines that `--ids` writes.

    The rank orders parts as a scan reads files: more columns first, then their names. Ids that are no
    Salesforce Ids (lines with "=") are texts that have no endings.
    """
    rank, pages = (0, ""), []
    for line in lines:
        shared, _, rest = line.partition("\t")
        if shared == "columns":
            count, _, names = rest.partition("\t")
            rank = (-int(count), names)
        else:
            pages.append((shared, rest))
    return rank, pages


def settle(claims):
    """Who lost which of the Ids that share a text, of [(rank, part, endings)].

    Gives (part, endings) of those that others count. The order of the claims does not matter.
    """
    claims = sorted(claims)
    if len(claims) < 2:
        return
    taken = set()
    for number, (_, part, endings) in enumerate(claims):
        if endings == "":
            lost = "" if number > 0 else None
        else:
            pairs = [endings[at:at + 2] for at in range(0, len(endings), 2)]
            lost = "".join(pair for pair in pairs if pair in taken) or None
            taken.update(pairs)
        if lost is not None:
            yield part, lost


def settle_sorted(claims):
    """Who lost what, of [(shared text, rank, part, endings)] that are sorted: gives (part, line).

    Holds those that share a text alone, 3,844 Ids at most of each part.
    """
    for shared, page in itertools.groupby(claims, key=lambda claim: claim[0]):
        for part, endings in settle([claim[1:] for claim in page]):
            yield part, known_line(shared, endings)


def known_line(shared, endings):
    """A line of a file for `--known-ids`."""
    return f"{shared}\t{endings}\n" if endings else f"{shared}\n"


def settle_files(out, paths):
    """Reads files of Ids and writes a file to `out` for each part that lost some; gives their paths."""
    claims, lines = [], {}
    for path in sorted(paths):
        rank, pages = read_ids(pathlib.Path(path).read_text().splitlines())
        claims += [(shared, rank, path, endings) for shared, endings in pages]
    for path, line in settle_sorted(sorted(claims)):
        lines.setdefault(path, []).append(line)
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    targets = []
    for path, known in lines.items():
        target = out / pathlib.Path(path).name
        target.with_suffix(".tmp").write_text("".join(known))
        target.with_suffix(".tmp").rename(target)
        targets.append(target)
    return targets


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] != "settle":
        sys.exit(__doc__)
    for target in settle_files(sys.argv[2], sys.argv[3:]):
        print(target)
