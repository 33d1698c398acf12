"""A bundle verified where there is nothing but Python and a copy of the verifier.

No other module, the project's or anybody's, can be imported there; and, where the system lets us, there is no network.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERIFIER = Path(__file__).parents[1] / "verifier"


@dataclass
class AloneReport:
    """A bundle verified by the verifier alone: what it is, what the verifier needed, and each step's verdict."""

    bundle_bytes: int = 0
    entries: int = 0
    files: int = 0
    verifier_bytes: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    network: bool = True
    steps: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def verified_alone(folder: Path, files: Mapping[str, bytes], policy: str, kept: bytes) -> AloneReport:
    """Copy the verifier into an empty folder and let it verify a bundle there, apart from everything."""
    bundle, copy = folder / "bundle.tar", folder / "alone" / "verifier"
    with tarfile.open(bundle, "w") as tar:
        for name, data in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    (folder / "policy").write_text(policy, encoding="utf-8")
    (folder / "kept").write_bytes(kept)
    shutil.copytree(VERIFIER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    report = AloneReport(
        bundle_bytes=bundle.stat().st_size,
        files=len(files),
        verifier_bytes=sum(path.stat().st_size for path in copy.rglob("*.py")),
    )
    # -I -S: no environment, no user's and no installed packages; only the folder above the copy is added.
    program = (
        f"import runpy, sys; sys.path.insert(0, {str(copy.parent)!r});"
        "runpy.run_module('verifier', run_name='__main__', alter_sys=True)"
    )
    command = [_python(), "-I", "-S", "-c", program, str(bundle), "--json"]
    command += ["--policy", str(folder / "policy"), "--kept", str(folder / "kept")]
    apart = ["unshare", "--net", "--map-root-user"]
    report.network = subprocess.run([*apart, "true"], capture_output=True, check=False).returncode != 0
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        command if report.network else [*apart, *command],
        cwd=copy.parent,
        env={},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    report.seconds = time.perf_counter() - started
    after = os.times()
    report.cpu_seconds = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode != 0:
        report.problems.append(f"status {done.returncode}: {done.stdout[-500:]} {done.stderr[-500:]}")
        return report
    answer = json.loads(done.stdout)
    report.entries = answer["size"]
    report.steps = {step["step"]: step["verdict"] for step in answer["steps"]}
    return report


def _python() -> str:
    """The interpreter itself, outside any environment of ours."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
