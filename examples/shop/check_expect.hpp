// What the check expects of a way.
#pragma once

#include <functional>
#include <string>

// A reason why a way is not as it should be.
struct fault {
  std::string text;
};

// Throws a fault unless it is good.
void expect(bool good, const std::string& otherwise);

// The same, but waits for what other threads are to do.
void eventually(const std::function<bool()>& come_true, const std::string& otherwise);
