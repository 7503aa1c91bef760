#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace fuzz {

// Makes values of the fuzzer's bytes, from the front on; when they are used up, zeros. libFuzzer's
// own FuzzedDataProvider comes with clang alone, and the replay is built by any compiler.
class byte_source {
public:
  byte_source(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  bool flag() { return (byte() & 1) != 0; }
  bool empty() const { return rest_.empty(); }
  std::size_t below(std::size_t count) { return byte() % count; }

  std::int64_t integer() {
    std::uint64_t bits = 0;
    for (int i = 0; i != 8; ++i)
      bits = bits << 8U | byte();
    std::int64_t value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  std::string text(std::size_t longest) {
    const std::size_t size = byte() % (longest + 1);
    std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  template <class T, std::size_t N> const T& pick(const T (&choices)[N]) {
    return choices[below(N)];
  }

private:
  std::string_view rest_;
};

} // namespace fuzz
