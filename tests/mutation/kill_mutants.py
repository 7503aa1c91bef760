#!/usr/bin/env python3
"""Compiles each mutant of the decision, links it into core_test, and expects a test to fail."""

import argparse
import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

from mutants import enumerations, mutants

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ["src/core/decide.cpp", "src/core/order_outcome.cpp"]
TEST = "tests/unit/core/core_test"
EQUAL = pathlib.Path(__file__).with_name("equal_mutants")
# The tests that kill most of them, before the rest of core_test.
FIRST = "Decide*:Expected*:Order*"
# Of a mutant that waits forever. The whole test takes a few seconds.
TIMEOUT_SECONDS = 120

KILLED = "killed"
SURVIVED = "SURVIVED"
DOES_NOT_COMPILE = "DOES NOT COMPILE"


def command_that_makes(output, build):
    """As ninja would run it, without what else stands in the same line."""
    lines = subprocess.run(
        ["ninja", "-C", build, "-t", "commands", TEST], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for line in lines:
        for part in line.split(" && "):
            words = shlex.split(part)
            if "-o" in words and words[words.index("-o") + 1] == output:
                return words
    raise SystemExit(f"ninja does not make {output}")


def with_output(words, output):
    at = words.index("-o") + 1
    return words[:at] + [output] + words[at + 1 :]


class Killer:
    def __init__(self, build):
        self.build = build.resolve()
        self.link = command_that_makes(TEST, build)
        self.compile = {}
        for source in SOURCES:
            made = f"src/core/CMakeFiles/stripe_return_core.dir/{pathlib.Path(source).name}.o"
            self.compile[source] = command_that_makes(made, build)

    def verdict(self, source, text):
        """What becomes of `text` in place of the source."""
        with tempfile.TemporaryDirectory(dir=self.build, prefix="mutant_") as folder:
            mutant, made, test = (f"{folder}/{name}" for name in ("mutant.cpp", "mutant.o", "test"))
            pathlib.Path(mutant).write_text(text)
            compilation = with_output(self.compile[source], made)
            compilation[compilation.index("-c") + 1] = mutant
            if not self.runs(compilation + ["-w", "-O0"]):
                return DOES_NOT_COMPILE
            # The archive's own object is left alone, since everything in it is there already.
            link = with_output(self.link, test)
            if not self.runs(link[:1] + [made] + link[1:]):
                return DOES_NOT_COMPILE
            for part in (FIRST, f"-{FIRST}"):
                if not self.runs([test, f"--gtest_filter={part}", "--gtest_fail_fast"]):
                    return KILLED
            return SURVIVED

    def runs(self, command):
        try:
            done = subprocess.run(
                command, cwd=self.build, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
            )
            return done.returncode == 0
        except subprocess.TimeoutExpired:
            return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path, help="where core_test has been built")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()

    enums = {}
    for header in sorted(REPOSITORY.glob("include/stripe_return/core/*.hpp")):
        enums.update(enumerations(header.read_text()))
    equal = [line for line in EQUAL.read_text().splitlines() if line and not line.startswith("#")]
    stale = set(equal)

    killer = Killer(arguments.build)
    verdicts = {KILLED: 0, SURVIVED: 0, DOES_NOT_COMPILE: 0}
    left_out = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        pending = []
        for source in SOURCES:
            text = (REPOSITORY / source).read_text()
            verdict = killer.verdict(source, text)
            if verdict != SURVIVED:
                raise SystemExit(f"{source} as it is: {verdict}")
            for mutant in mutants(text, enums):
                description = mutant.description(text)
                if description in equal:
                    stale.discard(description)
                    left_out += 1
                    continue
                future = pool.submit(killer.verdict, source, mutant.applied_to(text))
                pending.append((f"{source}:{mutant.line(text)}: {description}", future))
        for name, future in pending:
            verdict = future.result()
            verdicts[verdict] += 1
            print(verdict, name, flush=True)

    for description in sorted(stale):
        print("equal_mutants has what is no mutant:", description)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    print(f"{counts}, {left_out} left out: they change nothing")
    return 0 if verdicts[KILLED] == sum(verdicts.values()) and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
