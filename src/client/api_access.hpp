// What every call needs to know of Stripe and of the secret key.
#pragma once

#include "client/api_base.hpp"

#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/session_id.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

using time_point = std::chrono::steady_clock::time_point;

// What a call is begun with. The key may be replaced while the call runs.
struct authorized_call {
  http_request request;       // without its timeouts
  std::string account;        // to be asked; the key's own only where its id is known
  bool of_own_account = true; // client_options::account, which may be empty
  stripe_return::livemode livemode = livemode::test;
  unsigned key_generation = 0;
};

inline constexpr std::string_view sessions_path = "/v1/checkout/sessions";

// Thread-safe. It remembers whether the key may read PaymentIntents.
class api_access {
public:
  explicit api_access(client_options options);

  // For a request of that path. Errors: those of the configuration.
  result<authorized_call> authorize(std::string_view path, std::string_view account);
  // For a request of that session. Errors also: a session of the other mode than the key.
  result<authorized_call> authorize(const session_id& id, std::string_view account);

  void set_secret_key(const secret& key);
  unsigned key_generation(); // another for each key
  result<livemode> key_mode();
  bool may_expand_payment_intent(time_point now);
  void forbid_payment_intent(const authorized_call& call, time_point now);

  const client_options& options() const noexcept { return options_; } // without the key

private:
  // What a secret key comes to, which each call would else find out.
  struct known_key {
    explicit known_key(const secret& key);

    secret authorization;
    result<livemode> mode;
    bool of_organization;
  };

  bool is_keys_own(const std::string& account) const noexcept;

  client_options options_;
  const result<api_base> base_;

  std::mutex mutex_; // guards what follows
  known_key key_;
  unsigned key_generation_ = 0;
  std::optional<time_point> expansion_forbidden_until_;
};

} // namespace v0
} // namespace stripe_return
