"""Builds and finds the programs that are compared."""

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import tables
from exports import Exports

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass
class Programs:
    """Paths of programs; None where the machine has none."""

    launch: Path
    inflate: Path
    synth: Path
    isal: Path | None
    zlib: Path
    igzip: str | None
    awk: str | None


def build(builds: bool, needs_zlib: bool) -> Programs:
    """Builds what is missing or stale, the build with zlib only where it is measured or the only one."""
    tools = HERE.parent / ".tools"
    tools.mkdir(exist_ok=True)
    for name, libraries in (("launch", []), ("zlib_inflate", ["-lz"])):
        subprocess.run(
            ["cc", "-O2", "-Wall", "-Werror", "-o", tools / name, HERE / f"{name}.c", *libraries],
            check=True)
    has_isal = subprocess.run(["pkg-config", "--exists", "libisal"]).returncode == 0

    def swift(product: str, *options: str) -> None:
        command = ["swift", "build", "-c", "release", "--product", product, *options]
        print(shlex.join(command), flush=True)
        subprocess.run(command, cwd=ROOT, check=True)

    if builds:
        traits = ["--traits", "ISAL"] if has_isal else []
        swift("postern-synth", *traits)
        if has_isal:
            swift("postern", *traits)
        if needs_zlib or not has_isal:
            swift("postern", "--scratch-path", ".build-zlib")
    for name, package in (("igzip", "isal"), ("mawk", "mawk")):
        if shutil.which(name) is None:
            print(f"{name} is missing and left out; apt-get install {package} brings it")
    release = ROOT / ".build" / "release"
    return Programs(
        launch=tools / "launch", inflate=tools / "zlib_inflate", synth=release / "postern-synth",
        isal=release / "postern" if has_isal else None,
        zlib=ROOT / ".build-zlib" / "release" / "postern",
        igzip=shutil.which("igzip"), awk=shutil.which("mawk"))


@dataclass
class Contender:
    """One command of a round."""

    name: str
    command: list[str]
    #: Where its counts by account are, and whether they are Postern's own results.
    counts: Path | None = None
    is_results: bool = False


def postern(program: Path, exports: Exports, threads: int, output: str = "text") -> list[str]:
    """A scan; the evaluation time is fixed, so that every scan does the same."""
    return [str(program), "scan", str(exports.folder), "--now", "2026-09-01", "--threads",
            str(threads), "-o", output]


def contenders(programs: Programs, exports: Exports, work: Path) -> list[Contender]:
    """All commands for one folder of exports."""
    all_: list[Contender] = []
    for name, program, threads in (
        ("postern-isal-2-threads", programs.isal, 2), ("postern-isal-1-thread", programs.isal, 1),
        ("postern-zlib-2-threads", programs.zlib, 2),
    ):
        if program is None:
            continue
        all_.append(Contender(name, postern(program, exports, threads)))
        if threads == 2:
            path = work / f"{name}.jsonl"
            all_.append(Contender(
                f"{name}-jsonl", postern(program, exports, threads, f"jsonl:{path}"), path, True))
    logins = [str(path) for path in exports.logins]
    if programs.igzip:
        all_.append(Contender("igzip", [programs.igzip, "-dc", *logins]))
    if len(logins) == 1:
        all_.append(Contender("bare-zlib", [str(programs.inflate), *logins]))
    for peer in ("duckdb", "polars"):
        path = work / f"{peer}.csv"
        all_.append(Contender(
            peer, [sys.executable, str(HERE / f"peer_{peer}.py"), ",".join(logins),
                   str(exports.verifications), str(path)], path))
    if programs.awk and len(logins) == 1:
        path = work / "zcat-mawk.csv"
        lists = {
            "HUMAN": tables.HUMAN_TYPES, "API": tables.API_TYPES, "OAUTH": tables.OAUTH_TYPES,
            "CONSENT": tables.CONSENT_SUB_TYPES, "PENDING": tables.PENDING_STATUSES,
        }
        options = " ".join(f"-v {key}={shlex.quote('|'.join(v))}" for key, v in lists.items())
        all_.append(Contender("zcat-mawk", [
            "sh", "-c", f"zcat {shlex.quote(logins[0])} | {programs.awk} -F '\",\"' {options} -f "
            f"{shlex.quote(str(HERE / 'counts.awk'))} > {shlex.quote(str(path))}"], path))
    return all_
