"""The random tests at length: `make soak`. Keeps its result in build/soak.json.

Steps of the money machine, random stories of customers merged and deleted, and workers killed at
random lines while they charge a thousand customers: in the end everyone was charged once and told
once. SOAK_STEPS, SOAK_STORIES and SOAK_KILLS set how many; the defaults take about an hour on two
cores.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support import databases

CHECKOUT = Path(__file__).resolve().parent.parent
RESULT = CHECKOUT / "build" / "soak.json"
STEPS = int(os.environ.get("SOAK_STEPS", "100000"))
STORIES = int(os.environ.get("SOAK_STORIES", "1000"))
KILLS = int(os.environ.get("SOAK_KILLS", "1000"))
STEPS_EACH = 50
FEW = 3  # charges that wait: more, and a worker would only come to the mails after all of them
SEED = int(os.environ.get("SOAK_SEED", "1"))
LINES = (
    "between claim and charge",
    "between charge and record",
    "in the middle of the record",
    "between record and mail",
    "between mail and its record",
)


def main() -> int:
    """Runs all parts at once; exits non-zero when one of them failed."""
    os.environ["PAIDUP_TESTING"] = "1"
    os.environ["PAIDUP_HOME"] = str(databases.home())
    os.environ["DJANGO_SETTINGS_MODULE"] = "paidup.config.settings"
    os.environ["PAIDUP_SCHEDULE"] = (
        "0"  # or the ticks of a thousand organizations keep workers busy
    )
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "PAIDUP_NOW", "PAIDUP_DEMO"):
        os.environ.pop(variable, None)
    with databases.server(), ThreadPoolExecutor() as pool:
        parts = dict(zip(PARTS, pool.map(_part, PARTS), strict=True))
    RESULT.parent.mkdir(exist_ok=True)
    report = json.dumps({"seed": SEED, **parts}, indent=2)
    RESULT.write_text(report + "\n")
    print(report)  # noqa: T201  the command's output
    return 0 if all(part["passed"] for part in parts.values()) else 1


def _part(name: str) -> dict[str, Any]:
    """A part's own report, from a process of its own."""
    command = [sys.executable, "-m", "tests.soak", name]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return {"passed": False, "error": f"It ended with {done.returncode}."}
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def run(name: str) -> int:
    """Runs one part in a database of its own and prints its report."""
    with databases.copy_of_template(f"soak_{name}"):
        import django  # noqa: PLC0415  the settings read the database's address

        django.setup()
        print(json.dumps(PARTS[name]()))  # noqa: T201  the report
    return 0


def _run_machine() -> dict[str, Any]:
    from hypothesis import HealthCheck, seed, settings  # noqa: PLC0415  after django.setup
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415  likewise

    from tests.payments.machine import Money  # noqa: PLC0415  likewise

    class Told(Money):
        def teardown(self) -> None:
            super().teardown()
            _say(Money.steps // STEPS_EACH, f"times {STEPS_EACH} steps", every=100)

    started = time.monotonic()
    passed, error, turn = True, "", 0
    # Some sequences end before their last step; further turns make up for those.
    while passed and Money.steps < STEPS:
        try:
            run_state_machine_as_test(
                seed(SEED + turn)(Told),
                settings=settings(
                    max_examples=-(-(STEPS - Money.steps) // STEPS_EACH),
                    stateful_step_count=STEPS_EACH,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        except Exception as failure:  # noqa: BLE001  the report names whatever went wrong
            passed, error = False, repr(failure)
        turn += 1
    seconds = round(time.monotonic() - started, 1)
    return {"steps": Money.steps, "seconds": seconds, "passed": passed, "error": error}


def _tell_stories() -> dict[str, Any]:
    from hypothesis import HealthCheck, given, seed, settings  # noqa: PLC0415  after django.setup

    from tests.lifecycle import chains  # noqa: PLC0415  likewise

    started = time.monotonic()
    passed, error, told = True, "", 0

    def tell(**story: Any) -> None:
        nonlocal told
        chains.tell(**story)
        told += 1
        _say(told, "stories", every=100)

    at_length = settings(
        max_examples=STORIES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        seed(SEED)(at_length(given(**chains.STORIES)(tell)))()
    except Exception as failure:  # noqa: BLE001  the report names whatever went wrong
        passed, error = False, repr(failure)
    seconds = round(time.monotonic() - started, 1)
    return {"stories": told, "seconds": seconds, "passed": passed, "error": error}


def _kill() -> dict[str, Any]:
    from tests.payments.crowd import Crowd  # noqa: PLC0415  after django.setup
    from tests.support.mail import mail_server  # noqa: PLC0415  likewise
    from tests.support.processes import worker  # noqa: PLC0415  likewise

    chance = random.Random(SEED)
    started = time.monotonic()
    killed: Counter[str] = Counter()
    with mail_server() as mail, _doomed({**mail.environment, **Crowd.clock}) as end_one:
        crowd = Crowd()
        while killed.total() < KILLS:
            if crowd.waiting() < FEW:
                crowd.grow(FEW)
            line = chance.choice(LINES)
            if end_one(line, chance.randint(0, 2)) == -signal.SIGKILL:
                killed[line] += 1
                _say(killed.total(), "kills", every=100)
        with worker(**mail.environment, **Crowd.clock):
            crowd.wait_until_done()
            crowd.sweep()
            crowd.wait_until_done()
        problems = crowd.problems(mail)
    return {
        "kills": dict(killed),
        "customers": crowd.size,
        "seconds": round(time.monotonic() - started, 1),
        "passed": not problems,
        "problems": problems[:20],
    }


def _say(count: int, what: str, *, every: int) -> None:
    """How far it is, now and then."""
    if count % every == 0:
        print(f"{count} {what} …", file=sys.stderr, flush=True)  # noqa: T201  the command's output


@contextmanager
def _doomed(environment: dict[str, str]) -> Iterator[Callable[[str, int], int]]:
    """What runs a worker that dies at a line, the first few times it gets there spared; says how
    it ended: killed, or with nothing left to do."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.doomed"],
        env={**os.environ, **environment},
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin
        assert process.stdout
        requests, answers = process.stdin, process.stdout

        def end_one(line: str, spared: int) -> int:
            requests.write(f"{line}, {spared}\n")
            code = int(answers.readline())
            assert code in (0, -signal.SIGKILL), f"A worker ended with {code}."
            return code

        yield end_one
        requests.close()


PARTS = {"kills": _kill, "machine": _run_machine, "stories": _tell_stories}

if __name__ == "__main__":
    sys.exit(run(sys.argv[1]) if len(sys.argv) > 1 else main())
