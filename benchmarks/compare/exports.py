"""Generated exports that all contenders read."""

import gzip
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Exports:
    """One folder of generated exports."""

    folder: Path
    rows: int
    users: int
    files: int

    @property
    def logins(self) -> list[Path]:
        return sorted(self.folder.glob("LoginHistory*.csv.gz"))

    @property
    def verifications(self) -> Path:
        return self.folder / "VerificationHistory.csv"

    def warm(self) -> None:
        """Reads all files, so that the page cache holds them."""
        for path in self.folder.iterdir():
            with open(path, "rb") as file:
                while file.read(1 << 24):
                    pass


def make(synth: Path, cache: Path, rows: int, users: int, files: int = 1, days: int = 180) -> Exports:
    """Generates exports, or finds those of an earlier run with the same generator.

    Login files are gzip of level 1, as exports are packed for speed; snapshots and verifications
    are plain.
    """
    folder = cache / f"rows-{rows}-users-{users}-days-{days}-files-{files}"
    mark = cache / f"{folder.name}.json"
    state = {"generator": [synth.stat().st_size, synth.stat().st_mtime_ns]}
    if not mark.exists() or json.loads(mark.read_text()) != state:
        print(f"generating {rows:,} rows of {users:,} accounts in {files} file(s)", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        mark.unlink(missing_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [synth, folder, "--seed", "1", "--rows", str(rows), "--users", str(users),
             "--days", str(days), "--files", str(files), "--compression", "gzip", "--level", "1",
             "--verification", "full", "--quiet"], check=True)
        (folder / "truth.json").unlink()
        packed = folder / "VerificationHistory.csv.gz"
        with gzip.open(packed) as source, open(packed.with_suffix(""), "wb") as target:
            shutil.copyfileobj(source, target, 1 << 24)
        packed.unlink()
        mark.write_text(json.dumps(state))
    return Exports(folder, rows, users, files)


def one_row(exports: Exports, cache: Path) -> Path:
    """A plain login history with a single row."""
    path = cache / "one-row" / "LoginHistory.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(exports.logins[0], "rt", newline="") as source:
        path.write_text(source.readline() + source.readline())
    return path.parent
