// What `doctor` prints.
#pragma once

#include "run_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

struct check {
  std::string word; // ok, warn or fail
  std::string text;
};

// The checks by name. Every line must be one, and the exit code must tell whether one failed.
inline std::map<std::string, check> examined(const program_run& run) {
  std::map<std::string, check> checks;
  bool failed = false;
  std::istringstream lines(run.output);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, ::testing::MatchesRegex("(ok|warn|fail) [a-z_]+ [^ ].*"));
    std::istringstream words(line);
    check one;
    std::string name;
    words >> one.word >> name >> std::ws;
    std::getline(words, one.text);
    EXPECT_TRUE(checks.emplace(name, one).second) << name << " is there twice";
    failed = failed || one.word == "fail";
  }
  EXPECT_FALSE(checks.empty());
  EXPECT_EQ(run.output.substr(run.output.size() - 1), "\n");
  EXPECT_EQ(run.exit_code, failed ? 1 : 0) << run.output;
  EXPECT_EQ(run.errors, "");
  return checks;
}
