"""The mutants of a C++ source: copies of it with one small thing wrong."""

import re
from dataclasses import dataclass

# As clang-format writes it: a binary operator has blanks around it, a template's brackets have none.
TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|^\#[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*")
      | (?P<number>\d+U?)
      | (?P<name>[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)
      | (?P<binary>(?<=\s)(?:==|!=|<=|>=|<|>|&&|\|\||\|=|=|<<)(?=\s))
      | (?P<other><<|>>|->|::|&&|\+\+|.)""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
COMPARISONS = {
    "==": ["!="],
    "!=": ["=="],
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
}
CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Mutant:
    """`text` stands in place of source[begin:end]."""

    begin: int
    end: int
    text: str

    def applied_to(self, source):
        return source[: self.begin] + self.text + source[self.end :]

    def line(self, source):
        return source.count("\n", 0, self.begin) + 1

    def description(self, source):
        """The lines that it is in, before and after, without a line number that would go stale."""
        first = source.rfind("\n", 0, self.begin) + 1
        last = source.find("\n", self.end)
        before = source[first:last]
        after = source[first : self.begin] + self.text + source[self.end : last]
        return " ".join(before.split() + ["=>"] + after.split())


def enumerations(header):
    """The words of each `enum class` by its name."""
    code = re.sub(r"//[^\n]*", "", header)
    found = {}
    for name, body in re.findall(r"enum class (\w+)[^{;]*\{([^}]*)\}", code):
        found[name] = re.findall(r"\w+", re.sub(r"=[^,]*", "", body))
    return found


class Tokens:
    def __init__(self, source):
        self.all = [m for m in TOKEN.finditer(source) if m.lastgroup != "blank"]

    def text(self, i):
        return self.all[i].group() if i >= 0 else ""

    def kind(self, i):
        return self.all[i].lastgroup

    def closing(self, i):
        """The token that closes the bracket at i."""
        depth = 0
        while True:
            depth += self.text(i) in CLOSING
            depth -= self.text(i) in CLOSING.values()
            if depth == 0:
                return i
            i += 1

    def end_of_statement(self, i):
        while self.text(i) != ";":
            i = self.closing(i) + 1 if self.text(i) in CLOSING else i + 1
        return i

    def operand_after(self, i):
        """The last token of the operand that begins at i."""
        ends = {"&&", "||", "?", ":", ",", ";"} | set(CLOSING.values())
        while self.text(i) not in ends:
            i = self.closing(i) + 1 if self.text(i) in CLOSING else i + 1
        return i - 1

    def operand_before(self, i):
        """The first token of the operand that ends at i."""
        begins = {"&&", "||", "?", ":", ",", ";", "=", "return"} | set(CLOSING)
        while self.text(i) not in begins:
            if self.text(i) in CLOSING.values():
                depth = 0
                while True:
                    depth += self.text(i) in CLOSING.values()
                    depth -= self.text(i) in CLOSING
                    if depth == 0:
                        break
                    i -= 1
            i -= 1
        return i + 1


def mutants(source, enums):
    """Every mutant: comparisons and conditions turned or left out, words and constants replaced, case
    labels, calls, assignments and jumps left out. What only the compiler sees (declarations,
    static_assert) stays."""
    tokens = Tokens(source)
    void_functions = set(re.findall(r"\bvoid (\w+)\(", source))
    found = []

    def replace(first, last, text):
        begin, end = tokens.all[first].start(), tokens.all[last].end()
        found.append(Mutant(begin, end, text))

    def plain(first, last):
        """Nothing in it is turned by itself."""
        return all(tokens.kind(i) != "binary" and tokens.text(i) != "!" for i in range(first, last + 1))

    def negate(first, last):
        begin, end = tokens.all[first].start(), tokens.all[last].end()
        found.append(Mutant(begin, end, "!(" + source[begin:end] + ")"))

    label_ends = set()
    i = 0
    while i < len(tokens.all):
        text, kind = tokens.text(i), tokens.kind(i)

        if text in {"static_assert", "template"}:
            while tokens.text(i) != (";" if text == "static_assert" else ">"):
                i += 1
        elif text == "case":
            colon = i
            while tokens.text(colon) != ":":
                colon += 1
            replace(i, colon, "")
            label_ends.add(colon)
            i = colon
        elif kind == "binary" and text in COMPARISONS:
            for other in COMPARISONS[text]:
                replace(i, i, other)
        elif kind == "binary" and text in {"&&", "||"} and tokens.text(i + 1) != "{":
            replace(i, i, "||" if text == "&&" else "&&")
            neutral = "true" if text == "&&" else "false"
            replace(i + 1, tokens.operand_after(i + 1), neutral)
            first = tokens.operand_before(i - 1)
            if tokens.text(first - 1) != text:
                replace(first, i - 1, neutral)
        elif text == "!":
            replace(i, i, "")
        elif text in {"true", "false"}:
            replace(i, i, "false" if text == "true" else "true")
        elif kind == "number":
            replace(i, i, str(int(text.rstrip("U")) + 1))
        elif kind == "string":
            replace(i, i, text[:-1] + '_"')
        elif text == "if":
            last = tokens.closing(i + 1)
            if plain(i + 2, last - 1):
                negate(i + 2, last - 1)
        elif text == "?":
            first = tokens.operand_before(i - 1)
            if plain(first - 1, i - 1):
                negate(first, i - 1)
        elif kind == "name" and "::" in text:
            scope, word = text.rsplit("::", 1)
            words = enums.get(scope, [])
            if word in words:
                replace(i, i, scope + "::" + words[(words.index(word) + 1) % len(words)])

        before = tokens.text(i - 1)
        begins_statement = (
            before in {";", "}", ")", "else"}
            or (before == "{" and tokens.text(i - 2) != "=")
            or i - 1 in label_ends
        )
        if begins_statement and kind == "name" and text not in {"if", "for", "while", "switch"}:
            after = tokens.text(i + 1)
            if text == "return" and after in void_functions:
                replace(i + 1, tokens.end_of_statement(i) - 1, "")
            elif text in {"return", "continue"} and after == ";" or after in {"(", ".", "=", "|="}:
                replace(i, tokens.end_of_statement(i) - 1, "")
        i += 1
    return found
