// What scripts rely on in what the commands with --store print.
#pragma once

#include "run_program.hpp"

#include <nlohmann/json.hpp>

// Of `order`. Exit code 0: the standard output is one order object with all its keys and no other,
// its history among them, and each of its times stands there in UTC as well. Gives the object.
nlohmann::json expect_order(const program_run& run);

// Of `list`: likewise, with order objects that have no history.
nlohmann::json expect_list(const program_run& run);

// Of the commands that change something: {"result", "order"}, whose order may be null.
nlohmann::json expect_result(const program_run& run);
