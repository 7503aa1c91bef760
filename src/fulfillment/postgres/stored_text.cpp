#include "fulfillment/postgres/stored_text.hpp"

#include <cstddef>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

constexpr char mark = '\x01';
constexpr std::string_view digits = "0123456789abcdef";

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

// How many bytes the character at the beginning takes; 0 if there is none that can be kept.
// https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf, table 3-7
std::size_t character(std::string_view bytes) {
  const unsigned first = byte_at(bytes, 0);
  if (first < 0x80) return first == 0 || first == static_cast<unsigned char>(mark) ? 0 : 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte_at(bytes, 1) < least || byte_at(bytes, 1) > most) return 0;
  for (std::size_t i = 2; i != length; ++i)
    if ((byte_at(bytes, i) & 0xc0) != 0x80) return 0;
  return length;
}

} // namespace

std::string stored_text(std::string_view bytes) {
  std::string stored;
  stored.reserve(bytes.size());
  while (!bytes.empty()) {
    std::size_t length = character(bytes);
    if (length != 0) {
      stored += bytes.substr(0, length);
    } else {
      length = 1;
      stored += mark;
      stored += digits[byte_at(bytes, 0) / 16];
      stored += digits[byte_at(bytes, 0) % 16];
    }
    bytes.remove_prefix(length);
  }
  return stored;
}

std::string bytes_of(std::string_view stored) {
  std::string bytes;
  bytes.reserve(stored.size());
  while (!stored.empty()) {
    const std::size_t high = stored.size() < 3 ? digits.npos : digits.find(stored[1]);
    const std::size_t low = stored.size() < 3 ? digits.npos : digits.find(stored[2]);
    const bool marked = stored[0] == mark && high != digits.npos && low != digits.npos;
    bytes += marked ? static_cast<char>(high * 16 + low) : stored[0];
    stored.remove_prefix(marked ? 3 : 1);
  }
  return bytes;
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
