#pragma once

#include "read_part.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz {

// The members of an object, taken apart by their structure alone, up to the first fault in it.
struct members {
  // The key, and the value's JSON, or what there is of it, which is none then.
  std::vector<std::pair<std::string, std::string_view>> all;
  std::size_t end = std::string_view::npos; // behind the object, where there is no fault in it
  bool whole = false;                       // and nothing behind it

  // The objects of these keys are read: the structure of what is in them counts as well.
  static members of(std::string_view text, const std::set<std::string>& read_inside = {}) {
    members read;
    std::size_t at = 0;
    const auto white_space = [&] {
      at = std::min(text.find_first_not_of(" \t\n\r", at), text.size());
    };
    const auto punctuation = [&](char wanted) {
      white_space();
      const bool there = at < text.size() && text[at] == wanted;
      if (there) ++at;
      return there;
    };
    if (!punctuation('{')) return read;
    if (!punctuation('}')) {
      do {
        white_space();
        const std::size_t behind =
            at < text.size() && text[at] == '"' ? end_of_value(text, at) : std::string_view::npos;
        if (behind == std::string_view::npos) return read;
        const auto key = nlohmann::json::parse(text.substr(at, behind - at), nullptr, false);
        at = behind;
        if (!key.is_string() || !punctuation(':')) return read;
        white_space();
        const std::string_view rest = text.substr(at);
        const std::string name = key.get<std::string>();
        const bool inside =
            read_inside.count(name) == 1 && read.count(name) == 0 && rest.substr(0, 1) == "{";
        const std::size_t length = inside ? of(rest).end : end_of_value(rest, 0);
        read.all.emplace_back(name, rest.empty() ? "?" : rest.substr(0, length));
        if (length == std::string_view::npos) return read;
        at += length;
      } while (punctuation(','));
      if (!punctuation('}')) return read;
    }
    read.end = at;
    white_space();
    read.whole = at == text.size();
    return read;
  }

  std::size_t count(std::string_view key) const {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.first == key; }));
  }

  // The first of that key; null where there is none.
  std::string_view value(std::string_view key) const {
    for (const auto& [name, text] : all) {
      if (name == key) return text;
    }
    return "null";
  }

  // What is no text is none.
  std::string text(std::string_view key) const {
    const std::string_view written = value(key);
    const auto read = nlohmann::json::parse(written, nullptr, false);
    return written[0] == '"' && read.is_string() ? read.get<std::string>() : std::string();
  }

  // Where nothing around it has a fault either.
  std::string sole_text(std::string_view key) const {
    return whole && count(key) == 1 ? text(key) : std::string();
  }
};

} // namespace fuzz
