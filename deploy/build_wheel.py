"""Builds the wheel, its bill of materials (CycloneDX) and their hashes: the same bytes from the same sources, wherever.

Copies the sources first, with one mode for every file, and gives every entry one time: neither the umask of a machine
nor the day of a checkout is in the wheel, and nothing that an earlier build left behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SINGLE_FILES = ("pyproject.toml", "README.md", "LICENSE", "worker.py", "starter.py")
REQUIREMENTS = ("runtime", "embedded")
EPOCH = "315619200"
"""The first day that every time zone can write into an archive, 1980-01-02; SOURCE_DATE_EPOCH goes before."""
_BUILD = "import sys; from setuptools import build_meta; print(); print(build_meta.build_wheel(sys.argv[1]))"
_PIN = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;\\]+)[^\n]*\\\n(?P<hashes>(?: +--hash=\S+(?: \\)?\n?)+)", re.MULTILINE
)


def copy_sources(target: Path) -> None:
    """Copy what the wheel is made of, and nothing else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["setuptools"]["packages"]["find"]["include"]
    for name in (folder for folder in included if "*" not in folder):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))
    for name in (*SINGLE_FILES, *(f"requirements/{each}.in" for each in REQUIREMENTS)):
        (target / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder, without a network; answer its file."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="duban-wheel-") as scratch:
        copy_sources(Path(scratch))
        built = subprocess.run(
            [sys.executable, "-c", _BUILD, str(folder)],
            cwd=scratch,
            env={"SOURCE_DATE_EPOCH": EPOCH} | os.environ,
            umask=0o022,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return folder / built.stdout.split()[-1]


def locked() -> dict[str, tuple[str, list[str]]]:
    """Every package that an installation needs: its version and the hashes of its published files, from the locks."""
    found = {}
    for name in REQUIREMENTS:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for pin in _PIN.finditer(text):
            found[pin["name"]] = (pin["version"], re.findall(r"sha256:([0-9a-f]{64})", pin["hashes"]))
    return found


def bill_of_materials() -> dict[str, Any]:
    """The bill of materials of this environment, cut to what an installation needs, with the hashes of the locks.

    Names, versions, licences and dependencies are what the tool reads from the installed packages.
    """
    asked = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--gather-license-texts",
        "--no-validate",
    ]
    asked += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-file", "-", sys.executable]
    environment = {"SOURCE_DATE_EPOCH": EPOCH} | os.environ
    told = subprocess.run(asked, check=True, capture_output=True, text=True, encoding="utf-8", env=environment)
    bill: dict[str, Any] = json.loads(told.stdout)
    pins = locked()
    kept = {bill["metadata"]["component"]["bom-ref"]}
    components = []
    for component in bill["components"]:
        name = re.sub(r"[-_.]+", "-", component["name"].lower())
        if name not in pins:
            continue
        version, hashes = pins[name]
        if version != component["version"]:
            raise SystemExit(f"{name} {component['version']} is installed, the lock has {version}: make install.")
        page = f"https://pypi.org/project/{component['name']}/{version}/"
        published = {
            "type": "distribution",
            "url": page,
            "comment": "the published files, as the lock has them",
            "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
        }
        component["externalReferences"] = [published, *component.get("externalReferences", [])]
        components.append(component)
        kept.add(component["bom-ref"])
    bill["components"] = components
    bill["dependencies"] = [
        each | ({"dependsOn": [on for on in each["dependsOn"] if on in kept]} if "dependsOn" in each else {})
        for each in bill["dependencies"]
        if each["ref"] in kept
    ]
    return bill


def main() -> None:
    """Build everything into the folder that is named; with `--wheel-only` the wheel alone."""
    words = sys.argv[1:]
    wheel = build_wheel(Path(words[-1] if words and not words[-1].startswith("-") else "dist"))
    if "--wheel-only" in words:
        return
    bill = wheel.parent / f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json"
    bill.write_text(
        json.dumps(bill_of_materials(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (wheel, bill))
    (wheel.parent / "SHA256SUMS").write_text(sums, encoding="utf-8")
    sys.stdout.write(sums)


if __name__ == "__main__":
    main()
