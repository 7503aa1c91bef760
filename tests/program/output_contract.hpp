// What scripts rely on in everything that the program prints.
#pragma once

#include "run_program.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// Exit code 0: the standard output is one outcome object with all its keys, each of its kind, and
// nothing stands on the standard error. Gives the object.
nlohmann::json expect_outcome(const program_run& run);

// Exit code 1: the standard output is one error object with all its keys, each of its kind, and
// nothing stands on the standard error. Gives what is under "error".
nlohmann::json expect_error(const program_run& run);
// The same, with this code.
nlohmann::json expect_error(const program_run& run, const std::string& code);

// Of `verify`. Exit code 0: the standard output is one event object with all its keys, and under
// "outcome" an outcome object with all of its own, or null. Gives the object.
nlohmann::json expect_event(const program_run& run);

// Of `verify`. Exit code 1: as expect_error(), with this "answer" beside the error.
nlohmann::json expect_refused_event(const program_run& run, const std::string& code,
                                    int answer = 400);

// Exit code 2: nothing stands on the standard output; the standard error has one line that says
// what is wrong, and one that says where to read on.
void expect_usage(const program_run& run);

bool has_reason(const nlohmann::json& outcome, const std::string& reason);
