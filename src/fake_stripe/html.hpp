// HTML in which nothing from outside can become markup.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// String literals are markup. All other text is escaped when it is added, for use between tags and
// in attributes in double quotes.
class html {
public:
  html() = default;
  template <std::size_t Size> html(const char (&markup)[Size]) : text_(markup, Size - 1) {}

  template <std::size_t Size> html& operator<<(const char (&markup)[Size]) {
    text_.append(markup, Size - 1);
    return *this;
  }
  html& operator<<(const html& more) {
    text_ += more.text_;
    return *this;
  }
  html& operator<<(std::string_view text);
  html& operator<<(const std::string& text) { return *this << std::string_view(text); }

  const std::string& str() const noexcept { return text_; }

private:
  std::string text_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
