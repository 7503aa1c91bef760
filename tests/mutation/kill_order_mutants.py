#!/usr/bin/env python3
"""Puts known faults into the rules of orders, one at a time, and expects the model to find each."""

import argparse
import concurrent.futures
import os
import pathlib
import sys

from killer import KILLED, Killer

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TEST = "tests/unit/orders/order_roles_test"

# What becomes wrong, in which source, what stands there, and what stands there instead.
MUTANTS = [
    (
        "a payment that a person accepts before it is made is fulfilled",
        "src/orders/conclusions.cpp",
        "found.counts = paid && !found.rejected &&",
        "found.counts = !found.rejected &&",
    ),
    (
        "a person who rejects an open session mutes its payment",
        "src/orders/settle.cpp",
        "each.with_money == item.with_money && each.values == item.values &&",
        "each.values == item.values &&",
    ),
    (
        "one verdict decides about all items",
        "src/orders/decisions.cpp",
        "if (each.id != what.review_id) continue;",
        "if (each.state != review_state::open) continue;",
    ),
    (
        "an order is closed that can be paid",
        "src/orders/decisions.cpp",
        "if (open.payable || open.on_its_way)",
        "if (open.on_its_way)",
    ),
    (
        "an order is closed that a recovery link can pay",
        "src/orders/conclusions.cpp",
        "recoverable ? session_money::can_still_come : session_money::none",
        "session_money::none",
    ),
    (
        "a worker commits after its lease",
        "src/orders/tasks.cpp",
        "if (!order.claim || order.fencing_token != fencing_token) return std::nullopt;\n"
        "  const bool releases",
        "if (!order.claim) return std::nullopt;\n  const bool releases",
    ),
    (
        "a lost session is looked for in the other shop",
        "src/orders/open_checkout.cpp",
        "decide_unchecked(seen, options.naming).state() == order_state::foreign",
        "false",
    ),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path, help="where order_roles_test has been built")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    os.environ.setdefault("STRIPE_RETURN_MODEL_RUNS", "2000")  # some take hundreds
    killer = Killer(
        arguments.build,
        TEST,
        sorted({source for _, source, _, _ in MUTANTS}),
        [["--gtest_filter=OrderModel.*"]],
        seconds=3600,
    )

    def verdict(mutant):
        _, source, there, instead = mutant
        text = (REPOSITORY / source).read_text()
        if text.count(there) != 1:
            return f"is not once in {source}"
        return killer.verdict(source, text.replace(there, instead))

    survivors = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for mutant, found in zip(MUTANTS, pool.map(verdict, MUTANTS)):
            survivors += found != KILLED
            print(found, mutant[0], flush=True)
    return 0 if survivors == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
