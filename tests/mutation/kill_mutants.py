#!/usr/bin/env python3
"""Compiles each mutant of the decision, links it into core_test, and expects a test to fail."""

import argparse
import concurrent.futures
import os
import pathlib
import sys

from killer import DOES_NOT_COMPILE, KILLED, SURVIVED, Killer
from mutants import enumerations, mutants

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ["src/core/decide.cpp", "src/core/order_outcome.cpp"]
TEST = "tests/unit/core/core_test"
EQUAL = pathlib.Path(__file__).with_name("equal_mutants")
# The tests that kill most of them, before the rest of core_test.
FIRST = "Decide*:Expected*:Order*"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path, help="where core_test has been built")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()

    enums = {}
    for header in sorted(REPOSITORY.glob("include/stripe_return/core/*.hpp")):
        enums.update(enumerations(header.read_text()))
    equal = [line for line in EQUAL.read_text().splitlines() if line and not line.startswith("#")]
    texts = {source: (REPOSITORY / source).read_text() for source in SOURCES}
    all_mutants = [(source, each) for source in SOURCES for each in mutants(texts[source], enums)]
    stale = set(equal) - {each.description(texts[source]) for source, each in all_mutants}
    if stale:
        raise SystemExit("\n".join(f"equal_mutants has what is no mutant: {each}" for each in stale))

    runs = [
        ["--gtest_fail_fast", f"--gtest_filter={part}"] for part in (FIRST, f"-{FIRST}")
    ]
    killer = Killer(arguments.build, TEST, SOURCES, runs, seconds=120)
    verdicts = {KILLED: 0, SURVIVED: 0, DOES_NOT_COMPILE: 0}
    left_out = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for source, text in texts.items():
            verdict = killer.verdict(source, text)
            if verdict != SURVIVED:
                raise SystemExit(f"{source} as it is: {verdict}")
        pending = []
        for source, mutant in all_mutants:
            text = texts[source]
            description = mutant.description(text)
            if description in equal:
                left_out += 1
                continue
            future = pool.submit(killer.verdict, source, mutant.applied_to(text))
            pending.append((f"{source}:{mutant.line(text)}: {description}", future))
        for name, future in pending:
            verdict = future.result()
            verdicts[verdict] += 1
            print(verdict, name, flush=True)

    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    print(f"{counts}, {left_out} left out: they change nothing")
    return 0 if verdicts[KILLED] == sum(verdicts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
