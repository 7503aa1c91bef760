"""Puts another text in place of a source of the library, and looks whether a test fails."""

import pathlib
import shlex
import subprocess
import tempfile

KILLED = "killed"
SURVIVED = "SURVIVED"
DOES_NOT_COMPILE = "DOES NOT COMPILE"


def with_output(words, output):
    at = words.index("-o") + 1
    return words[:at] + [output] + words[at + 1 :]


class Killer:
    """`runs` are the arguments with which the test is run, each at most so many `seconds`."""

    def __init__(self, build, test, sources, runs, seconds):
        self.build = build.resolve()
        self.test = test
        self.runs = runs
        self.seconds = seconds
        self.link = self.command_that_makes(test)
        self.compile = {}
        for source in sources:
            path = pathlib.Path(source)
            library = f"stripe_return_{path.parent.name}"
            made = f"{path.parent}/CMakeFiles/{library}.dir/{path.name}.o"
            self.compile[source] = self.command_that_makes(made)

    def command_that_makes(self, output):
        """As ninja would run it, without what else stands in the same line."""
        lines = subprocess.run(
            ["ninja", "-C", self.build, "-t", "commands", self.test],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
        for line in lines:
            for part in line.split(" && "):
                words = shlex.split(part)
                if "-o" in words and words[words.index("-o") + 1] == output:
                    return words
        raise SystemExit(f"ninja does not make {output}")

    def verdict(self, source, text):
        """What becomes of `text` in place of the source."""
        with tempfile.TemporaryDirectory(dir=self.build, prefix="mutant_") as folder:
            mutant, made, test = (f"{folder}/{name}" for name in ("mutant.cpp", "mutant.o", "test"))
            pathlib.Path(mutant).write_text(text)
            compilation = with_output(self.compile[source], made)
            compilation[compilation.index("-c") + 1] = mutant
            if not self.succeeds(compilation + ["-w", "-O0"]):
                return DOES_NOT_COMPILE
            # The archive's own object is left alone, since everything in it is there already.
            link = with_output(self.link, test)
            if not self.succeeds(link[:1] + [made] + link[1:]):
                return DOES_NOT_COMPILE
            for arguments in self.runs:
                if not self.succeeds([test, *arguments]):
                    return KILLED
            return SURVIVED

    def succeeds(self, command):
        try:
            done = subprocess.run(
                command, cwd=self.build, capture_output=True, timeout=self.seconds, check=False
            )
            return done.returncode == 0
        except subprocess.TimeoutExpired:
            return False
