/// @file
/// The id of a Checkout Session, safe to put into a URL path.
#pragma once

#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// A well-formed Checkout Session id: `cs_[A-Za-z0-9_]+`, at most 255 bytes, not a client secret.
/// Well-formed is all it is: only Stripe can say whether the session exists and whose it is.
class STRIPE_RETURN_EXPORT session_id {
public:
  /// Takes a value that is already decoded, as most web servers hand it out.
  ///
  /// Errors: empty_session_id, unreplaced_template (also when still percent-encoded),
  /// client_secret_given, session_id_too_long, malformed_session_id.
  static result<session_id> parse(std::string_view decoded);

  const std::string& str() const& noexcept { return text_; }
  std::string str() && noexcept { return std::move(text_); }

  /// What the prefix says, `cs_live_` or `cs_test_`; nothing for any other.
  std::optional<stripe_return::livemode> livemode() const noexcept;

  friend bool operator==(const session_id& a, const session_id& b) noexcept {
    return a.text_ == b.text_;
  }
  friend bool operator!=(const session_id& a, const session_id& b) noexcept { return !(a == b); }

private:
  explicit session_id(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

} // namespace v0
} // namespace stripe_return
