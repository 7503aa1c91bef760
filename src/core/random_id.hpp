// Ids that nobody else makes.
#pragma once

#include <cstddef>
#include <random>
#include <stdexcept>
#include <string>

namespace stripe_return {
inline namespace v0 {

// So many letters and digits, of five random bits each. Empty where the system provides no random
// numbers: some C++ libraries have to open a file for them.
inline std::string random_id(std::size_t length) {
  constexpr char digits[] = "0123456789abcdefghijklmnopqrstuv";
  std::string id;
  try {
    std::random_device device;
    while (id.size() != length)
      id += digits[device() % 32];
  } catch (const std::runtime_error&) {
    id.clear();
  }
  return id;
}

} // namespace v0
} // namespace stripe_return
