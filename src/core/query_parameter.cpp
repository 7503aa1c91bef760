#include "core/query_parameter.hpp"

#include "core/ascii.hpp"

#include <optional>

namespace stripe_return {
inline namespace v0 {
namespace {

// Gives the text's decoded bytes one by one, without making a copy of what may be megabytes.
// Decodes as browsers encode: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
class decoded_bytes {
public:
  explicit decoded_bytes(std::string_view encoded) : rest_(encoded) {}

  std::optional<char> next() noexcept {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    if (c == '%' && rest_.size() >= 3 && hex_digit(rest_[1]) >= 0 && hex_digit(rest_[2]) >= 0) {
      const int byte = hex_digit(rest_[1]) * 16 + hex_digit(rest_[2]);
      rest_.remove_prefix(3);
      return static_cast<char>(byte);
    }
    rest_.remove_prefix(1);
    return c == '+' ? ' ' : c;
  }

private:
  std::string_view rest_;
};

enum class name_match { other, exact, array };

name_match match_name(std::string_view encoded, std::string_view parameter) noexcept {
  decoded_bytes bytes(encoded);
  for (const char expected : parameter) {
    if (bytes.next() != expected) return name_match::other;
  }
  const std::optional<char> following = bytes.next();
  if (!following) return name_match::exact;
  return *following == '[' ? name_match::array : name_match::other;
}

// The query of whatever the application had at hand. A value may hold "?", "/" and "://" of its
// own, so what stands before the first "?" is taken for a path or a URL only if it is none of a
// query's.
std::string_view query_of(std::string_view text) noexcept {
  text = text.substr(0, text.find('#'));
  const std::size_t scheme_end = text.find("://");
  const bool is_url = scheme_end != std::string_view::npos &&
                      text.substr(0, scheme_end).find_first_of("?&=/") == std::string_view::npos;
  const std::size_t question_mark = text.find('?');
  const bool is_path =
      text.substr(0, 1) == "/" ||
      (question_mark != std::string_view::npos &&
       text.substr(0, question_mark).find_first_of("=&") == std::string_view::npos);
  if (!is_url && !is_path) return text;
  return question_mark == std::string_view::npos ? std::string_view{}
                                                 : text.substr(question_mark + 1);
}

} // namespace

query_parameter find_query_parameter(std::string_view query, std::string_view name) noexcept {
  query_parameter parameter;
  std::string_view rest = query_of(query);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);

    const std::size_t equals = pair.find('=');
    switch (match_name(pair.substr(0, equals), name)) {
    case name_match::other: break;
    case name_match::array: return {query_parameter::presence::array, {}};
    case name_match::exact:
      if (parameter.found == query_parameter::presence::once) {
        return {query_parameter::presence::repeated, {}};
      }
      parameter.found = query_parameter::presence::once;
      if (equals != std::string_view::npos) parameter.encoded = pair.substr(equals + 1);
      break;
    }
  }
  return parameter;
}

std::string percent_decoded(std::string_view encoded) {
  std::string decoded;
  decoded_bytes bytes(encoded);
  while (const std::optional<char> c = bytes.next())
    decoded += *c;
  return decoded;
}

} // namespace v0
} // namespace stripe_return
