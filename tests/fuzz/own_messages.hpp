#pragma once

#include "check.hpp"
#include "session_shape.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <set>
#include <string>

namespace fuzz {

// Every message that a reader has for what it refuses, made from inputs of our own: with each key
// that is read in place of the one that caused it. A message that is not among them has something
// of an input in it.
class own_messages {
public:
  using reader = std::function<std::string(const std::string& json)>;

  own_messages(const reader& message_for, const shape& root,
               std::initializer_list<const char*> refused) {
    for (const char* json : refused)
      messages_.insert(without_numbers(message_for(json)));
    std::set<std::string> names;
    collect_keys(root, names);
    for (const char* json :
         {R"({"created":true})", R"({"created":0.5})", R"({"created":0,"created":0})"}) {
      add(message_for(json), names);
    }
  }

  bool has(const std::string& message) const {
    return messages_.count(without_numbers(message)) == 1;
  }

private:
  void add(const std::string& message, const std::set<std::string>& names) {
    const std::string pattern = "created";
    const std::size_t at = message.find(pattern);
    check(at != std::string::npos, "a message about a field names it");
    for (const std::string& name : names)
      messages_.insert(std::string(message).replace(at, pattern.size(), name));
  }

  static void collect_keys(const shape& where, std::set<std::string>& names) {
    for (const member& each : where.members) {
      names.insert(each.key);
      if (each.inside != nullptr) collect_keys(*each.inside, names);
    }
  }

  // A number in a message is a position in the text.
  static std::string without_numbers(std::string text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    text.erase(std::remove_if(text.begin(), text.end(), is_digit), text.end());
    return text;
  }

  std::set<std::string> messages_;
};

} // namespace fuzz
