// What `doctor` finds.
#pragma once

#include "program/commands.hpp"
#include "program/standard_output.hpp"

#include <string>

namespace program {

// Prints a line for each check and remembers whether one failed.
class doctor_report {
public:
  void ok(const char* name, const std::string& text) { print("ok", name, text); }
  void warn(const char* name, const std::string& text) { print("warn", name, text); }
  void fail(const char* name, const std::string& text) {
    print("fail", name, text);
    failed_ = true;
  }
  bool failed() const noexcept { return failed_; }

private:
  static void print(const char* word, const char* name, const std::string& text) {
    program::print(std::string(word) + " " + name + " " + text + "\n");
  }
  bool failed_ = false;
};

inline std::string in_one_line(const sr::error& failure) {
  return std::string(to_string(failure.code)) + ": " + failure.message;
}

// The key, what it may do, and the clock. Changes nothing at Stripe.
void check_stripe(doctor_report& report, const doctor_arguments& arguments,
                  const environment& environment);

// The store, and whether somebody reconciles it. Changes nothing in it.
void check_store(doctor_report& report, const doctor_arguments& arguments,
                 const environment& environment);

} // namespace program
