#pragma once

#include "check.hpp"

#include <stripe_return/core/error.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace fuzz {

inline bool is_word(const std::string& text) {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-';
         });
}

inline void check_words_of(const stripe_return::error& failure) {
  // An error that repeated something of what was sent would soon have more messages than these.
  static std::set<std::string> messages;
  std::string message = failure.message;
  message.erase(std::remove_if(message.begin(), message.end(),
                               [](unsigned char c) { return std::isdigit(c) != 0; }),
                message.end()); // a number is a position, or libcurl's
  messages.insert(message);
  check(messages.size() < 300, "an error's message is one of the library's own");
  check(is_word(failure.stripe_code) && is_word(failure.request_id),
        "an error repeats nothing but Stripe's own words");
}

} // namespace fuzz
