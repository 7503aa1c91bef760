#pragma once

#include <stripe_return/core/error.hpp>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A second reading of the return query, for comparison: it splits and copies where the library
// walks, and shares no code with it.
namespace fuzz {

struct query_pair {
  std::string name;
  std::string value;
  std::size_t encoded_size; // of the value
};

inline std::string percent_decoded(const std::string& text) {
  const std::string hex = "0123456789abcdefABCDEF";
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex.find(text[i + 1]) != std::string::npos &&
        hex.find(text[i + 2]) != std::string::npos) {
      decoded += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline std::vector<query_pair> query_pairs(std::string_view given) {
  std::string text = split(std::string(given), '#').front();
  const std::string before_scheme_end = text.substr(0, text.find("://"));
  const bool url = before_scheme_end.size() != text.size() &&
                   before_scheme_end.find_first_of("?&=/") == std::string::npos;
  const std::size_t mark = text.find('?');
  const bool path = mark != std::string::npos && text.find_first_of("=&") > mark;
  if (url || path || text.rfind('/', 0) == 0) {
    text = mark == std::string::npos ? "" : text.substr(mark + 1);
  }
  std::vector<query_pair> pairs;
  for (const std::string& pair : split(text, '&')) {
    const std::string name = split(pair, '=').front();
    const std::string value = pair.size() == name.size() ? "" : pair.substr(name.size() + 1);
    if (!pair.empty())
      pairs.push_back({percent_decoded(name), percent_decoded(value), value.size()});
  }
  return pairs;
}

inline bool is_well_formed_id(const std::string& text) {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return text.rfind("cs_", 0) == 0 && text.size() > 3 && text.size() <= 255 &&
         text.find_first_not_of(allowed) == std::string::npos &&
         text.find("_secret_") == std::string::npos;
}

// Why the query has no value to go on with, and that value where it has one.
struct query_reading {
  std::optional<stripe_return::error_code> refusal;
  query_pair pair;
};

inline query_reading read_query(std::string_view query, const std::string& parameter) {
  using stripe_return::error_code;
  std::optional<query_pair> found;
  for (const query_pair& pair : query_pairs(query)) {
    if (pair.name.rfind(parameter + '[', 0) == 0) return {error_code::array_session_id, {}};
    if (pair.name != parameter) continue;
    if (found) return {error_code::repeated_session_id, {}};
    found = pair;
  }
  if (!found) return {error_code::missing_session_id, {}};
  return {std::nullopt, *found};
}

} // namespace fuzz
