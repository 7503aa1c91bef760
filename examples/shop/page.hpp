// What every page has around it.
#pragma once

#include "html.hpp"
#include "language.hpp"

#include <chrono>
#include <string>
#include <string_view>

// What a page is made for.
struct visit {
  language shown_in = language::english;
  // Where the same page is: `path` is empty for the address it has, so that no link of it leads to
  // another host, whatever stands in that address.
  std::string path;
  std::string query; // of that address
  bool demonstration = false;

  std::string_view say(const bilingual& text) const { return text.in(shown_in); }
};

struct page {
  std::string_view title;
  html content;
  std::chrono::seconds look_again_after{0}; // without JavaScript; 0: never
  html scripts = {};                        // besides the shop's own
};

std::string whole_page(const visit& visit, const page& page);

// The same page in another language.
std::string in_language(const visit& visit, language wanted);
