/// @file
/// Text that must not be printed.
#pragma once

#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

/// Owns a secret key, a client secret or a URL that works like one. It cannot be streamed, compared
/// or converted, and its memory is overwritten when it goes. reveal() is the only way in, so that a
/// search for that word finds every place where a secret is used.
class STRIPE_RETURN_EXPORT secret {
public:
  secret() = default;
  secret(std::string text) noexcept;
  /// A null pointer, as std::getenv() gives it, is no secret: empty().
  secret(const char* text);
  secret(const secret&) = default;
  secret(secret&& other) noexcept;
  secret& operator=(const secret& other);
  secret& operator=(secret&& other) noexcept;
  ~secret();

  bool empty() const noexcept { return text_.empty(); }
  /// The text itself, valid as long as this object is. Keep it out of logs, errors and pages.
  const std::string& reveal() const& noexcept { return text_; }
  const std::string& reveal() const&& = delete; // it would dangle

private:
  void wipe() noexcept;
  std::string text_;
};

} // namespace v0
} // namespace stripe_return
