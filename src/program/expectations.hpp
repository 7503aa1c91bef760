// What --expect says of the order.
#pragma once

#include <stripe_return/core/decide.hpp>

#include <optional>
#include <string>

namespace program {

// Some of an expected order. What was not given is taken from the session itself, so that only what
// was given is compared.
class expectations {
public:
  // Takes one KEY=VALUE, split at the first "=". Gives "", or what is wrong with it.
  std::string add(const std::string& key_and_value);

  // "" when those given go together.
  std::string check() const;

  bool empty() const noexcept { return empty_; }

  // The connected account to ask; empty where none was given.
  std::string account() const { return account_.value_or(std::string()); }

  // Decides by what was given, and unchecked where nothing was.
  stripe_return::order_outcome decide(const stripe_return::observation& observed,
                                      const std::string& order_key) const;

private:
  stripe_return::expected_order order_for(const stripe_return::checkout_session& session,
                                          const stripe_return::order_naming& naming) const;

  bool empty_ = true;
  std::optional<std::string> out_trade_no_;
  std::optional<std::int64_t> amount_;
  std::optional<std::string> currency_;
  std::optional<stripe_return::amount_rule> amount_rule_;
  std::optional<stripe_return::session_mode> mode_;
  std::optional<stripe_return::livemode> livemode_;
  std::optional<std::string> account_;
  std::optional<std::string> shop_;
};

} // namespace program
