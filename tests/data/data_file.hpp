#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

// The bytes of a file in tests/data.
inline std::string data_file(const std::string& name) {
  std::ifstream file(std::string(STRIPE_RETURN_TEST_DATA "/") + name, std::ios::binary);
  if (!file) throw std::runtime_error("tests/data has no " + name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
