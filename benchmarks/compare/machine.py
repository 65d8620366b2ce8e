"""What a run was made on and with."""

import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path


def first_line(*command: str) -> str:
    """The first line that a command prints; empty when it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ((done.stdout + done.stderr).strip().splitlines() or [""])[0]


def facts(root: Path) -> dict:
    """Facts of machine, system and versions, and how busy the machine is before it starts."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*:\s*(.*)$", cpu, re.M)
    flags = set(re.search(r"^flags\s*:\s*(.*)$", cpu + "\nflags :\n", re.M)[1].split())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', release, re.M)
    vectors = [name for name in ("avx512_vbmi2", "avx512bw", "avx2", "pclmulqdq") if name in flags]
    changed = first_line("git", "-C", str(root), "status", "--porcelain", "--", "Sources")
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "vectors": vectors,
        "memory_gib": round(int(memory[1]) / (1 << 20), 1) if memory else 0,
        "kernel": re.match(r"[\d.]*", platform.release())[0],
        "system": system[1] if system else "",
        "load_before": list(os.getloadavg()),
        "commit": first_line("git", "-C", str(root), "rev-parse", "--short", "HEAD")
        + (" with changes" if changed else ""),
        "versions": {
            "Swift": first_line("swift", "--version"),
            "zlib": first_line("pkg-config", "--modversion", "zlib"),
            "ISA-L": first_line("pkg-config", "--modversion", "libisal"),
            "DuckDB": version("duckdb"), "Polars": version("polars"),
            "Python": platform.python_version(),
            "mawk": first_line("mawk", "-W", "version"),
        },
    }


def slug(text: str) -> str:
    """A text as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\((r|tm)\)|processor|cpu", "", text.lower())).strip("-")
