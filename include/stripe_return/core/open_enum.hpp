/// @file
/// A word of Stripe's that may be newer than this library.
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// A word as Stripe sent it, together with what this library knows of it. Reading one never fails:
/// a word not listed in `Word` is `Word::unrecognized` and keeps its spelling; null, "" and a field
/// that is not there are all `Word::absent`.
///
/// Stripe's enums are open: new values appear without a new API version
/// (https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backward-compatible).
template <class Word> class STRIPE_RETURN_EXPORT open_enum {
public:
  open_enum() = default;
  explicit open_enum(std::string raw);

  /// For use in a switch that the compiler checks for completeness.
  Word known() const noexcept { return known_; }
  /// Stripe's own spelling, empty when absent.
  const std::string& raw() const& noexcept { return raw_; }
  std::string raw() && noexcept { return std::move(raw_); }

  friend bool operator==(const open_enum& a, const open_enum& b) noexcept {
    return a.raw_ == b.raw_;
  }
  friend bool operator!=(const open_enum& a, const open_enum& b) noexcept { return !(a == b); }
  friend bool operator==(const open_enum& a, Word b) noexcept { return a.known_ == b; }
  friend bool operator!=(const open_enum& a, Word b) noexcept { return a.known_ != b; }

private:
  Word known_ = Word::absent;
  std::string raw_;
};

} // namespace v0
} // namespace stripe_return
