/// @file
/// What a client is made of.
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

/// What is null is built in: curl_transport, system_time, nobody who observes.
struct client_parts {
  std::shared_ptr<stripe_return::transport> transport{};
  std::shared_ptr<stripe_return::time_source> time{};
  std::shared_ptr<client_observer> observer{};
};

/// Whether a session_client of these can make calls, as each call would tell: so that a server can
/// refuse to start. Asks nobody. An organization's key needs options.account here, even where each
/// call names one. Errors: missing_secret_key, malformed_secret_key, publishable_key,
/// invalid_option.
STRIPE_RETURN_EXPORT result<void> check(const client_options& options);

} // namespace v0
} // namespace stripe_return
