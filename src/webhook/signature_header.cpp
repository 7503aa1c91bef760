#include "webhook/signature_header.hpp"

#include "core/ascii.hpp"

#include <charconv>
#include <optional>

namespace stripe_return {
inline namespace v0 {
namespace {

// Stripe sends two signatures while a secret is rolled, about 150 bytes.
constexpr std::size_t longest_header = 4096;

std::optional<mac> to_mac(std::string_view hex) noexcept {
  mac bytes{};
  if (hex.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    const int high = hex_digit(hex[2 * i]);
    const int low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return bytes;
}

// from_chars takes a minus, which no time of a signature has.
std::optional<unix_seconds> to_time(std::string_view text) noexcept {
  if (text.substr(0, 1) == "-") return std::nullopt;
  unix_seconds time = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, time);
  if (failure != std::errc() || stopped != end || time > latest_time) return std::nullopt;
  return time;
}

// What stands around a header, and around the comma by which a server joins two of one name:
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1
std::string_view without_blanks(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

error malformed() {
  return {error_code::malformed_signature,
          "The header Stripe-Signature is not of the form t=...,v1=...: pass on the whole header."};
}

} // namespace

result<signature_header> parse_signature_header(std::string_view header) {
  std::string_view rest = without_blanks(header);
  if (rest.empty()) {
    return error{error_code::not_signed, "There is no Stripe-Signature: the request is not from "
                                         "Stripe, or a proxy dropped the header."};
  }
  if (header.size() > longest_header) return malformed();
  signature_header parsed;
  std::optional<unix_seconds> time;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view pair = without_blanks(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return malformed();
    const std::string_view scheme = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    if (scheme == "t") {
      const std::optional<unix_seconds> one = to_time(value);
      if (!one || (time && *time != *one)) return malformed();
      time = one;
    } else if (scheme == "v1") {
      if (const std::optional<mac> signature = to_mac(value))
        parsed.signatures.push_back(*signature);
    }
  }
  if (!time) return malformed();
  parsed.time = *time;
  return parsed;
}

} // namespace v0
} // namespace stripe_return
