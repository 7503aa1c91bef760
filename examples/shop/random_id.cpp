#include "random_id.hpp"

#include <stdexcept>
#include <vector>

#include <unistd.h>

std::string random_id(std::size_t bytes) {
  std::vector<unsigned char> random(bytes);
  if (getentropy(random.data(), random.size()) != 0)
    throw std::runtime_error("the system gives no random bytes");
  std::string id;
  for (const unsigned char each : random) {
    id += "0123456789abcdef"[each >> 4U];
    id += "0123456789abcdef"[each & 15U];
  }
  return id;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i != a.size(); ++i)
    difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}
