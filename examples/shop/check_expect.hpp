// What the check expects of a way.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

// A reason why a way is not as it should be.
class fault : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// Throws a fault unless it is good.
void expect(bool good, const std::string& otherwise);

// The same, but waits for what other threads are to do.
void eventually(const std::function<bool()>& come_true, const std::string& otherwise);
