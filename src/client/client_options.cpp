#include "client/client_options.hpp"

#include "core/ascii.hpp"
#include "core/object_id.hpp"

#include <algorithm>
#include <iterator>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view stripe_host = "api.stripe.com";
constexpr std::string_view organization_key = "sk_org_";

// libcurl would try any other as the name of a host, or fail without a word of why.
bool is_proxy(std::string_view text) noexcept {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos) return true; // http
  constexpr std::string_view schemes[] = {"http",    "https",  "socks4",
                                          "socks4a", "socks5", "socks5h"};
  return std::find(std::begin(schemes), std::end(schemes), text.substr(0, end)) !=
         std::end(schemes);
}

error invalid(const char* sentence) {
  return {error_code::invalid_option, sentence};
}

} // namespace

bool is_organization_key(const secret& secret_key) noexcept {
  return starts_with(secret_key.reveal(), organization_key);
}

// https://docs.stripe.com/keys. The length is Stripe's own affair and has changed before.
result<livemode> livemode_of(const secret& secret_key) {
  std::string_view key = secret_key.reveal();
  if (key.empty()) {
    return error{error_code::missing_secret_key,
                 "There is no secret key: set client_options::secret_key."};
  }
  if (starts_with(key, "pk_")) {
    return error{error_code::publishable_key,
                 "This is a publishable key (pk_): use the secret key (sk_ or rk_)."};
  }
  const bool secret_or_restricted = starts_with(key, "sk_") || starts_with(key, "rk_");
  if (is_organization_key(secret_key)) {
    key.remove_prefix(organization_key.size());
  } else if (secret_or_restricted) {
    key.remove_prefix(3);
  }
  const bool live = starts_with(key, "live_");
  const bool test = starts_with(key, "test_");
  if (live || test) key.remove_prefix(5);
  if (!secret_or_restricted || !(live || test) || key.empty() || key.size() > 255 ||
      !std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    return error{error_code::malformed_secret_key,
                 "The secret key is malformed: it must begin with sk_test_, sk_live_, rk_test_ or "
                 "rk_live_ and must not contain white space."};
  }
  return live ? livemode::live : livemode::test;
}

std::optional<error> check_account(std::string_view account) {
  if (account.empty() || is_account_id(account)) return std::nullopt;
  return invalid(
      "The options account and own_account must be acct_ followed by letters and digits.");
}

bool is_deadline(milliseconds deadline) noexcept {
  return deadline >= milliseconds(1) && deadline <= milliseconds(600000);
}

result<api_base> check_options(const client_options& options) {
  if (!is_deadline(options.deadline)) {
    return invalid("The option deadline must be from 1 ms to 10 minutes.");
  }
  if (!is_deadline(options.attempt_timeout)) {
    return invalid("The option attempt_timeout must be from 1 ms to 10 minutes.");
  }
  if (!is_deadline(options.connect_timeout)) {
    return invalid("The option connect_timeout must be from 1 ms to 10 minutes.");
  }
  if (options.retry.max_retries < 0 || options.retry.max_retries > 100) {
    return invalid("The option retry.max_retries must be from 0 to 100.");
  }
  if (!is_deadline(options.retry.first_delay) || !is_deadline(options.retry.longest_delay) ||
      options.retry.longest_delay < options.retry.first_delay) {
    return invalid("The options retry.first_delay and retry.longest_delay must be from 1 ms to 10 "
                   "minutes, and the first must not exceed the second.");
  }
  if (options.max_response_bytes < 1024 || options.max_response_bytes > 64 * 1024 * 1024) {
    return invalid("The option max_response_bytes must be from 1 KiB to 64 MiB.");
  }
  if (options.max_in_flight < 1 || options.max_in_flight > 10000) {
    return invalid("The option max_in_flight must be from 1 to 10000.");
  }
  const double rate = options.requests_per_second;
  if (!(rate == 0 || (rate >= 0.01 && rate <= 1e6))) {
    return invalid("The option requests_per_second must be 0 or from 0.01 to 1000000.");
  }
  if (options.not_found_memory.count() < 0 || options.not_found_memory > std::chrono::hours(1)) {
    return invalid("The option not_found_memory must be from 0 to 1 hour.");
  }
  for (const std::string& account : {options.account, options.own_account}) {
    if (std::optional<error> refused = check_account(account)) return *std::move(refused);
  }
  if (!is_proxy(options.proxy)) {
    return invalid("The option proxy must be HOST:PORT, with http://, https://, socks4://, "
                   "socks4a://, socks5:// or socks5h:// before it.");
  }
  result<api_base> base = parse_api_base(options.api_base);
  if (base && !base->encrypted && !options.proxy.empty()) {
    return invalid("The option proxy cannot be used with an http api_base: the proxy would read "
                   "the secret key.");
  }
  return base;
}

std::optional<error> check_key_host(const client_options& options, const api_base& base,
                                    livemode mode) {
  if (mode != livemode::live || base.host == stripe_host) return std::nullopt;
  if (!options.live_key_host.empty() && base.host == options.live_key_host) return std::nullopt;
  return invalid("A live secret key is sent to api.stripe.com only: to allow the host of api_base "
                 "as well, name it in live_key_host.");
}

} // namespace v0
} // namespace stripe_return
