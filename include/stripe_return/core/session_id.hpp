/// @file
/// session_id: the id of a Checkout Session, safe to use in a URL path.
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

/// A well-formed Checkout Session id: it matches `cs_[A-Za-z0-9_]+`, has at most 255 bytes and is
/// not a client secret. Only Stripe can say whether the session exists and which account owns it.
class STRIPE_RETURN_EXPORT session_id {
public:
  /// Parses an id that is already percent-decoded, as most web servers provide it.
  ///
  /// Errors: empty_session_id, unreplaced_template (also if it is still percent-encoded),
  /// client_secret_given, session_id_too_long, malformed_session_id.
  static result<session_id> parse(std::string_view decoded);

  /// Returns the id as text.
  const std::string& str() const& noexcept { return text_; }
  std::string str() && noexcept { return std::move(text_); }

  /// Returns the mode that the prefix `cs_live_` or `cs_test_` names; nothing for any other prefix.
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
