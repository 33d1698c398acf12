"""Tries mutants: the tests are collected and run once, then a fork for each mutant runs those that reach its statement.

Likeliest first, until one fails. Runs in the copy of the tree that `make` wrote; the result of each mutant is one line
of JSON.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import random
import resource
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutants.making import LIST, Mutant
from tests.mutants.switching import function_of, place_of, reached, switch_on

_PATIENCE = 45
"""Seconds by the clock for a mutant before an engine: it may wait for what does not come any more."""


class _TooLong(BaseException):
    """A test goes on for much longer than it did without the mutant: that is noticed, too."""


@dataclass(frozen=True)
class Limits:
    """What a mutant may cost: CPU seconds in all, those of a test that takes part, and processes at once.

    `apart` learns in forks, too: an engine's threads in the parent would be missing in the fork of a mutant.
    """

    seconds: float
    longest: float
    processes: int
    apart: bool = False


@dataclass
class Tried:
    """The plugin that runs instead of pytest's own loop."""

    of: Sequence[str]
    results: Path
    limits: Limits
    names: frozenset[str] = frozenset()
    items: list[pytest.Item] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    reaching: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    noticed: Counter[tuple[str, int]] = field(default_factory=Counter)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn what each test reaches, then try what was not tried yet."""
        self.items = session.items
        for item in self.items:
            _looks_for_no_smaller_example(item)
        gc.unfreeze()  # what is frozen, as the suite is once it is collected, is not among the objects
        caches = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
        ours = [each for each in caches if str(getattr(each, "__module__", "")).startswith(("domain.", "workflows"))]
        self._learn(ours)
        gc.freeze()
        running: dict[int, tuple[str, Mutant, int, list[int]]] = {}
        todo = [*self._todo()]
        print(f"{len(todo)} mutants to try", flush=True)
        for module, mutant in todo:
            order = self._order(module, mutant)
            if not order:
                self._write(module, mutant, {"verdict": "unreached"})
                continue
            while len(running) >= self.limits.processes:
                self._end_one(running)
            reads, writes = os.pipe()
            if (pid := os.fork()) == 0:
                os.close(reads)
                self._try(module, mutant, order, writes, ours)
            os.close(writes)
            running[pid] = (module, mutant, reads, order)
        while running:
            self._end_one(running)
        return True

    def _learn(self, caches: Sequence[Any]) -> None:
        started = time.process_time()
        for place, item in enumerate(self.items):
            # What an earlier test has put into a cache would hide whom this one reaches.
            for cache in caches:
                cache.cache_clear()
            learned = _learned_in_a_fork(item) if self.limits.apart else _learned(item)
            self.costs.append(learned["cost"])
            if self.limits.apart:
                self.costs[-1] = learned["lasted"]  # what waits for an engine costs no processor
            if not learned["passed"]:
                print("does not pass by itself:", item.nodeid, flush=True)
            elif learned["cost"] <= self.limits.longest:
                for statement in learned["reached"]:
                    self.reaching[statement].append(place)
        print(f"{len(self.items)} tests in {time.process_time() - started:.0f} CPU seconds", flush=True)

    def _todo(self) -> Iterator[tuple[str, Mutant]]:
        done = set()
        places = {item.nodeid: place for place, item in enumerate(self.items)}
        if self.results.exists():
            for line in self.results.read_text(encoding="utf-8").splitlines():
                result = json.loads(line)
                done.add((result["module"], result["name"]))
                if result.get("by") in places:
                    self._notice(result["module"], result["name"], places[result["by"]])
        made = _listed()
        for path in self.of:
            chosen = [
                (module, mutant)
                for module, mutated in made.items()
                for mutant in mutated["mutants"]
                if module.startswith(path) and (module, mutant["name"]) not in done
                if not self.names or mutant["name"] in self.names
            ]
            random.Random(11).shuffle(chosen)
            done |= {(module, mutant["name"]) for module, mutant in chosen}
            yield from chosen

    def _order(self, module: str, mutant: Mutant) -> list[int]:
        function = place_of(module, function_of(mutant["name"]))
        places = self.reaching.get(place_of(module, function_of(mutant["name"]), mutant["at"]), ())
        stem = Path(module).stem

        def price(place: int) -> float:
            hope = 1 + 20 * self.noticed[function, place] + 3 * self.noticed[module, place]
            return (self.costs[place] + 0.01) / (hope * (8 if stem in self.items[place].nodeid else 1))

        return sorted(places, key=price)

    def _try(self, module: str, mutant: Mutant, order: Sequence[int], tell: int, caches: Sequence[Any]) -> None:
        """In the fork: run the tests until one fails, tell, and leave without any ending of the parent's."""
        told: dict[str, Any] = {"verdict": "stopped"}
        try:
            seconds = int(self.limits.seconds * 2 + 25)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            signal.signal(signal.SIGVTALRM, _too_long)
            signal.alarm(_PATIENCE if self.limits.apart else 20 * seconds)
            switch_on(module, mutant["name"])
            for cache in caches:
                cache.cache_clear()
            told = self._outcome(order)
        finally:
            os.write(tell, json.dumps(told).encode())
            os._exit(0)

    def _outcome(self, order: Sequence[int]) -> dict[str, Any]:
        begun = time.process_time()
        for ran, place in enumerate(order):
            if time.process_time() - begun > self.limits.seconds:
                return {"verdict": "stopped", "ran": ran}
            signal.setitimer(signal.ITIMER_VIRTUAL, 3 + 10 * self.costs[place])
            try:
                passed = _passes(self.items[place])
            except BaseException:  # noqa: BLE001  # whatever a mutant ends a test with is noticed
                passed = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if not passed:
                return {"verdict": "noticed", "ran": ran + 1, "place": place}
        return {"verdict": "not noticed", "ran": len(order)}

    def _end_one(self, running: dict[int, tuple[str, Mutant, int, list[int]]]) -> None:
        pid, status, usage = os.wait4(-1, 0)
        if pid not in running:
            return
        module, mutant, reads, order = running.pop(pid)
        with os.fdopen(reads, "rb") as told:
            said = told.read()
        result: dict[str, Any] = json.loads(said) if said else {"verdict": f"ended by {status}"}
        place = result.pop("place", None)
        if place is not None:
            self._notice(module, mutant["name"], place)
            result["by"] = self.items[place].nodeid
        cost = {"cpu": round(usage.ru_utime + usage.ru_stime, 2), "reaching": len(order)}
        self._write(module, mutant, {**result, **cost})

    def _notice(self, module: str, mutant: str, place: int) -> None:
        self.noticed[module, place] += 1
        self.noticed[place_of(module, function_of(mutant)), place] += 1

    def _write(self, module: str, mutant: Mutant, result: dict[str, Any]) -> None:
        record = {"module": module, "name": mutant["name"], **result}
        if result["verdict"] != "noticed":
            record |= {"was": mutant["was"], "now": mutant["now"]}
        with self.results.open("a", encoding="utf-8") as out:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def _learned(item: pytest.Item) -> dict[str, Any]:
    reached.clear()
    begun, began = time.process_time(), time.monotonic()
    passed = _passes(item)
    cost, lasted = time.process_time() - begun, time.monotonic() - began
    return {"passed": passed, "cost": cost, "lasted": lasted, "reached": [*reached]}


def _learned_in_a_fork(item: pytest.Item) -> dict[str, Any]:
    reads, writes = os.pipe()
    if os.fork() == 0:
        told: dict[str, Any] = {"passed": False, "cost": 0.0, "lasted": 0.0, "reached": []}
        try:
            told = _learned(item)
        finally:
            with os.fdopen(writes, "wb") as tell:
                tell.write(json.dumps(told).encode())
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as hears:
        said = hears.read()
    os.wait()
    answer: dict[str, Any] = json.loads(said)
    return answer


def _looks_for_no_smaller_example(item: pytest.Item) -> None:
    test = getattr(item, "obj", None)
    if given := getattr(test, "_hypothesis_internal_use_settings", None):
        vars(test)["_hypothesis_internal_use_settings"] = settings(given, phases=(Phase.explicit, Phase.generate))


def _too_long(*_: object) -> None:
    raise _TooLong


def _passes(item: pytest.Item) -> bool:
    return all(report.passed for report in runtestprotocol(item, nextitem=None, log=False))


def _listed() -> Any:
    return json.loads(Path(LIST).read_text(encoding="utf-8"))
