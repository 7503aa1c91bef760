/// @file
/// secret: text that must not be printed.
#pragma once

#include <stripe_return/export.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

/// Holds a secret key, a client secret, or a URL that gives access. A secret cannot be streamed,
/// compared or converted, and its memory is overwritten when it is destroyed. Only reveal() gives
/// access to the text, so a search for "reveal" finds every use of a secret.
class STRIPE_RETURN_EXPORT secret {
public:
  secret() = default;
  secret(std::string text) noexcept;
  /// Copies the text. A null pointer, which std::getenv() may return, makes an empty secret.
  secret(const char* text);
  secret(const secret&) = default;
  secret(secret&& other) noexcept;
  secret& operator=(const secret& other);
  secret& operator=(secret&& other) noexcept;
  ~secret();

  bool empty() const noexcept { return text_.empty(); }
  /// Returns the text, which stays valid as long as this object. Keep it out of logs, errors and
  /// pages.
  const std::string& reveal() const& noexcept { return text_; }
  const std::string& reveal() const&& = delete; // it would dangle

private:
  void wipe() noexcept;
  std::string text_;
};

} // namespace v0
} // namespace stripe_return
