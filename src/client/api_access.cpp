#include "client/api_access.hpp"

#include "client/client_options.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// How long a key that was refused the PaymentIntent is not asked for it again.
constexpr std::chrono::hours permission_memory{1};

// For almost every URL, so that it need not move while it grows.
constexpr std::size_t room_for_url = 256;

std::optional<error> check_mode(const session_id& id, livemode mode) {
  if (!id.livemode() || *id.livemode() == mode) return std::nullopt;
  if (mode == livemode::live) {
    return error{error_code::test_session_with_live_key,
                 "This is a test session, but the secret key is a live one: use the key of the "
                 "session's mode."};
  }
  return error{error_code::live_session_with_test_key,
               "This is a live session, but the secret key is a test one: use the key of the "
               "session's mode."};
}

} // namespace

api_access::known_key::known_key(const secret& key)
    : authorization("Bearer " + key.reveal()), mode(livemode_of(key)),
      of_organization(is_organization_key(key)) {}

api_access::api_access(client_options options)
    : options_(std::move(options)), base_(check_options(options_)), key_(options_.secret_key) {
  options_.secret_key = {};
}

result<authorized_call> api_access::authorize(std::string_view path, std::string_view account) {
  if (!base_) return base_.error();
  authorized_call call;
  call.account = account.empty() ? options_.account : std::string(account);
  if (std::optional<error> refused = check_account(call.account)) return *std::move(refused);
  const bool of_keys_own = is_keys_own(call.account);
  call.of_own_account =
      call.account == options_.account || (of_keys_own && is_keys_own(options_.account));
  bool of_organization = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!key_.mode) return key_.mode.error();
    call.livemode = *key_.mode;
    call.key_generation = key_generation_;
    call.request.authorization = key_.authorization;
    of_organization = key_.of_organization;
  }
  if (auto refused = check_key_host(options_, *base_, call.livemode)) return *std::move(refused);

  call.request.url.reserve(room_for_url);
  call.request.url.append(base_->url).append(path);
  call.request.headers.push_back({"stripe-version", std::string(stripe_api_version)});
  if (of_organization) {
    if (call.account.empty()) {
      return error{error_code::invalid_option,
                   "An organization's key (sk_org_) acts for one of its accounts: name that "
                   "account in the option account."};
    }
    call.request.headers.push_back({"stripe-context", call.account});
  } else if (!of_keys_own) {
    call.request.headers.push_back({"stripe-account", call.account});
  } else {
    call.account = options_.own_account;
  }
  return call;
}

result<authorized_call> api_access::authorize(const session_id& id, std::string_view account) {
  result<authorized_call> call = authorize(sessions_path, account);
  if (!call) return call;
  if (auto refused = check_mode(id, call->livemode)) {
    call = *std::move(refused);
  } else {
    call->request.url.append(1, '/').append(id.str());
  }
  return call;
}

bool api_access::is_keys_own(const std::string& account) const noexcept {
  return account.empty() || account == options_.own_account;
}

result<livemode> api_access::key_mode() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return key_.mode;
}

void api_access::set_secret_key(const secret& key) {
  known_key known(key);
  const std::lock_guard<std::mutex> lock(mutex_);
  key_ = std::move(known);
  ++key_generation_;
  expansion_forbidden_until_.reset();
}

unsigned api_access::key_generation() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return key_generation_;
}

bool api_access::may_expand_payment_intent(time_point now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !expansion_forbidden_until_ || now >= *expansion_forbidden_until_;
}

void api_access::forbid_payment_intent(const authorized_call& call, time_point now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (call.key_generation == key_generation_) expansion_forbidden_until_ = now + permission_memory;
}

} // namespace v0
} // namespace stripe_return
