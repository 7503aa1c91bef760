#include "check_expect.hpp"

#include <chrono>
#include <thread>

void expect(bool good, const std::string& otherwise) {
  if (!good) throw fault(otherwise);
}

void eventually(const std::function<bool()>& come_true, const std::string& otherwise) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!come_true()) {
    expect(std::chrono::steady_clock::now() < end, otherwise);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}
