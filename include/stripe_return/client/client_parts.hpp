/// @file
/// client_parts: the replaceable parts of a client; and check(), for its options.
#pragma once

#include <stripe_return/client/client_observer.hpp>
#include <stripe_return/client/client_options.hpp>
#include <stripe_return/client/time_source.hpp>
#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <memory>

namespace stripe_return {
inline namespace v0 {

/// The replaceable parts of a client. The defaults for null are curl_transport, system_time and no
/// observer.
struct client_parts {
  std::shared_ptr<stripe_return::transport> transport{};
  std::shared_ptr<stripe_return::time_source> time{};
  std::shared_ptr<client_observer> observer{};
};

/// Checks whether a session_client with these options can make calls, so that a server can refuse
/// to start. It sends nothing to Stripe and fails with the same errors as each call would:
/// missing_secret_key, malformed_secret_key, publishable_key, invalid_option. The key of an
/// organization needs options.account here, even if each call names an account.
STRIPE_RETURN_EXPORT result<void> check(const client_options& options);

} // namespace v0
} // namespace stripe_return
