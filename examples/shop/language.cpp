#include "language.hpp"

#include <cstdlib>
#include <string>

namespace {

// The weight of "zh-CN;q=0.8" is 0.8.
double weight_of(std::string_view range) {
  const std::size_t at = range.find("q=");
  if (range.find(';') == std::string_view::npos || at == std::string_view::npos) return 1;
  return std::strtod(std::string(range.substr(at + 2)).c_str(), nullptr);
}

bool is_of(std::string_view range, std::string_view code) {
  return range.substr(0, code.size()) == code &&
         (range.size() == code.size() || range.find_first_of("-;", code.size()) == code.size());
}

} // namespace

std::string_view code_of(language used) {
  return used == language::chinese ? "zh" : "en";
}

std::string_view html_lang(language used) {
  return used == language::chinese ? "zh-Hans" : "en";
}

std::optional<language> language_of_code(std::string_view code) {
  if (code == "zh") return language::chinese;
  if (code == "en") return language::english;
  return std::nullopt;
}

language preferred_language(std::string_view accept_language) {
  language best = language::english;
  double best_weight = 0;
  while (!accept_language.empty()) {
    const std::size_t comma = std::min(accept_language.find(','), accept_language.size());
    std::string_view range = accept_language.substr(0, comma);
    accept_language.remove_prefix(std::min(comma + 1, accept_language.size()));
    range.remove_prefix(std::min(range.find_first_not_of(' '), range.size()));
    for (const language each : {language::english, language::chinese}) {
      if (!is_of(range, code_of(each)) || weight_of(range) <= best_weight) continue;
      best = each;
      best_weight = weight_of(range);
    }
  }
  return best;
}
