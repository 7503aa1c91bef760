#pragma once

#include <stripe_return/core/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A second reading of Stripe-Signature, for comparison: it splits the text and then looks at its
// parts, where the library walks over it once.
namespace fuzz {

struct signature_reading {
  std::optional<stripe_return::error_code> refusal;
  std::int64_t time = 0;
  std::vector<std::string> signatures; // in lower-case hex
};

inline bool only(const char* allowed, const std::string& text) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

// A comma ends a pair, so that a last one leaves nothing behind it.
inline std::vector<std::string> pairs_of(std::string_view header) {
  std::vector<std::string> pairs;
  std::string pair;
  for (const char c : std::string(header) + (header.back() == ',' ? "" : ",")) {
    if (c != ',') {
      pair += c;
    } else {
      pairs.push_back(std::exchange(pair, {}));
    }
  }
  return pairs;
}

inline std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.pop_back();
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.erase(0, 1);
  return text;
}

inline std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

inline signature_reading read_signature_header(std::string_view whole) {
  using stripe_return::error_code;
  signature_reading reading;
  const std::string header = trimmed(std::string(whole));
  if (header.empty()) {
    reading.refusal = error_code::not_signed;
    return reading;
  }
  std::vector<std::string> times;
  bool malformed = whole.size() > 4096;
  for (const std::string& untrimmed : pairs_of(header)) {
    const std::string pair = trimmed(untrimmed);
    if (pair.find('=') == std::string::npos) malformed = true;
    if (pair.rfind("t=", 0) == 0) times.push_back(pair.substr(2));
    if (pair.rfind("v1=", 0) == 0 && pair.size() == 3 + 64 &&
        only("0123456789abcdefABCDEF", pair.substr(3))) {
      reading.signatures.push_back(lower_case(pair.substr(3)));
    }
  }
  malformed = malformed || times.empty();
  for (const std::string& time : times) {
    std::string digits = time;
    digits.erase(0, digits.find_first_not_of('0'));
    const std::string end_of_year_9999 = "253402300799";
    malformed = malformed || !only("0123456789", time) || digits.size() > end_of_year_9999.size() ||
                (digits.size() == end_of_year_9999.size() && digits > end_of_year_9999);
    if (malformed) break;
    const std::int64_t value = std::stoll("0" + digits);
    malformed = &time != &times.front() && value != reading.time;
    reading.time = value;
  }
  if (malformed) reading.refusal = error_code::malformed_signature;
  return reading;
}

} // namespace fuzz
