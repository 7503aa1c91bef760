/// @file
/// open_enum: an enum value from Stripe that may be newer than this library.
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// An enum value as Stripe sent it, together with the enumerator that it stands for. Parsing never
/// fails: a value that `Enum` does not list becomes `Enum::unrecognized` and keeps its spelling;
/// null, "" and a missing field become `Enum::absent`.
///
/// Stripe's enums are open: it adds values without a new API version
/// (https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backward-compatible).
// `Enum` is exported too: Clang hides what a template makes of a hidden type.
template <class Enum> class STRIPE_RETURN_EXPORT open_enum {
public:
  open_enum() = default;
  /// Makes the value from Stripe's spelling.
  explicit open_enum(std::string raw);

  /// Returns the enumerator. Use it in a switch, so that the compiler checks that all cases are
  /// handled.
  Enum known() const noexcept { return known_; }
  /// Returns Stripe's spelling; empty if absent.
  const std::string& raw() const& noexcept { return raw_; }
  std::string raw() && noexcept { return std::move(raw_); }

  friend bool operator==(const open_enum& a, const open_enum& b) noexcept {
    return a.raw_ == b.raw_;
  }
  friend bool operator!=(const open_enum& a, const open_enum& b) noexcept { return !(a == b); }
  friend bool operator==(const open_enum& a, Enum b) noexcept { return a.known_ == b; }
  friend bool operator!=(const open_enum& a, Enum b) noexcept { return a.known_ != b; }

private:
  Enum known_ = Enum::absent;
  std::string raw_;
};

} // namespace v0
} // namespace stripe_return
