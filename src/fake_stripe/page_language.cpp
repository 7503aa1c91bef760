#include "fake_stripe/page_language.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

// What is before the separator, which is taken away together with it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return trimmed(part);
}

// `zh`, `zh-CN` and `zh-Hant-TW` are Chinese, `en` and `en-US` English, in any letter case.
std::optional<page_language> language_of_tag(std::string_view tag) {
  std::string primary(take_until(tag, '-'));
  for (char& c : primary) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (primary == "zh") return page_language::chinese;
  if (primary == "en") return page_language::english;
  return std::nullopt;
}

// RFC 9110, 12.4.2, in thousandths: q=0.8 is 800. What is no weight is 0.
int weight_of(std::string_view parameter) {
  if (parameter.empty()) return 1000;
  const bool is_weight = parameter.size() >= 3 && (parameter[0] == 'q' || parameter[0] == 'Q') &&
                         parameter[1] == '=' && (parameter[2] == '0' || parameter[2] == '1') &&
                         (parameter.size() == 3 || parameter[3] == '.');
  if (!is_weight) return 0;
  int weight = (parameter[2] - '0') * 1000;
  int place = 100;
  for (const char c : parameter.substr(std::min<std::size_t>(4, parameter.size()))) {
    if (c < '0' || c > '9') return 0;
    weight += (c - '0') * place;
    place /= 10;
  }
  return weight;
}

} // namespace

page_language choose_language(const std::optional<std::string>& locale,
                              std::string_view accept_language) {
  if (locale && *locale != "auto") {
    return language_of_tag(*locale).value_or(page_language::english);
  }
  page_language chosen = page_language::english;
  int chosen_weight = 0;
  while (!accept_language.empty()) {
    std::string_view range = take_until(accept_language, ',');
    const std::optional<page_language> language = language_of_tag(take_until(range, ';'));
    const int weight = weight_of(trimmed(range));
    if (!language || weight <= chosen_weight) continue;
    chosen = *language;
    chosen_weight = weight;
  }
  return chosen;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
