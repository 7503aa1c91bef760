// Chinese or English.
#pragma once

#include <optional>
#include <string_view>

enum class language { english, chinese };

// One text in both.
struct bilingual {
  std::string_view english;
  std::string_view chinese;

  std::string_view in(language wanted) const {
    return wanted == language::chinese ? chinese : english;
  }
};

std::string_view code_of(language used);   // as in the URL and the cookie: "en", "zh"
std::string_view html_lang(language used); // as HTML has it
std::optional<language> language_of_code(std::string_view code);

// What a browser prefers, by its Accept-Language header. English where it says nothing of either.
language preferred_language(std::string_view accept_language);
