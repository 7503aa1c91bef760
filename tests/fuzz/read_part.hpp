#pragma once

#include "session_shape.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace fuzz {

// Where the value that begins at `at` ends, by its structure alone; npos where that has a fault.
inline std::size_t end_of_value(std::string_view text, std::size_t at) {
  constexpr std::string_view ends_a_word(",]} \t\n\r\0", 8);
  constexpr std::size_t none = std::string_view::npos;
  if (at == text.size()) return none;
  if (text[at] != '"' && text[at] != '{' && text[at] != '[') {
    const std::size_t end = std::min(text.find_first_of(ends_a_word, at), text.size());
    return end == at ? none : end;
  }
  std::string closing;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char byte = text[at];
    if (quoted) {
      if (byte == '\\') ++at;
      quoted = byte != '"';
    } else if (byte == '"') {
      quoted = true;
    } else if (byte == '{' || byte == '[') {
      closing += byte == '{' ? '}' : ']';
    } else if (byte == '}' || byte == ']') {
      if (closing.empty() || closing.back() != byte) return none;
      closing.pop_back();
    } else if (byte == '\0') {
      return none;
    }
    if (!quoted && closing.empty()) return at + 1;
  }
  return none;
}

// A text with null in the place of every value that is not read: what nlohmann thinks of it, the
// library must think of the whole. From the first fault on it is the text as it was.
class read_part {
public:
  static std::string of(std::string_view text, const shape& root) {
    read_part part(text);
    if (text.substr(0, 3) == "\xEF\xBB\xBF") part.copy(3);
    part.white_space();
    if (part.byte() == '{') part.object(&root);
    part.copy(text.size() - part.at_);
    return std::move(part.read_);
  }

private:
  explicit read_part(std::string_view text) : text_(text) {}

  char byte() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void copy(std::size_t count) {
    read_ += text_.substr(at_, count);
    at_ += count;
  }

  void white_space() {
    copy(std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()) - at_);
  }

  // Whether it stood there.
  bool punctuation(char wanted) {
    white_space();
    if (byte() != wanted) return false;
    copy(1);
    return true;
  }

  nlohmann::json string() const {
    const std::size_t end = byte() == '"' ? end_of_value(text_, at_) : at_;
    if (end == std::string_view::npos) return nlohmann::json::value_t::discarded;
    return nlohmann::json::parse(text_.substr(at_, end - at_), nullptr, false);
  }

  bool object(const shape* where) {
    punctuation('{');
    if (punctuation('}')) return true;
    do {
      white_space();
      const nlohmann::json key = string();
      if (!key.is_string()) return false;
      copy(end_of_value(text_, at_) - at_);
      if (!punctuation(':')) return false;
      white_space();
      if (!value(where, key.get<std::string>())) return false;
    } while (punctuation(','));
    return punctuation('}');
  }

  bool value(const shape* where, const std::string& key) {
    const member* known = where->find(key);
    if (known != nullptr && known->inside != nullptr) {
      if (known->holds == kind::list && byte() == '[') return list(known->inside);
      if (known->holds != kind::list && byte() == '{') return object(known->inside);
    }
    const std::size_t end = end_of_value(text_, at_);
    if (end == std::string_view::npos) return false;
    if (known != nullptr || where->any_key) {
      copy(end - at_);
    } else {
      read_ += "null";
      at_ = end;
    }
    return true;
  }

  bool list(const shape* elements) {
    punctuation('[');
    if (punctuation(']')) return true;
    do {
      white_space();
      if (byte() != '{' || !object(elements)) return false;
    } while (punctuation(','));
    return punctuation(']');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string read_;
};

} // namespace fuzz
