#include <stripe_return/webhook/webhook_verifier.hpp>

#include "core/ascii.hpp"
#include "core/event_reader.hpp"
#include "core/object_id.hpp"
#include "webhook/hmac.hpp"
#include "webhook/signature_header.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

result<void> check_all(const std::vector<endpoint_secret>& secrets,
                       const webhook_options& options) {
  if (secrets.empty()) {
    return error{error_code::missing_webhook_secret,
                 "There is no endpoint secret: pass the endpoint's whsec_... to the verifier."};
  }
  for (const endpoint_secret& each : secrets) {
    if (result<void> usable = check(each); !usable) return usable;
  }
  return check(options);
}

} // namespace

result<void> check(const endpoint_secret& secret) {
  const std::string& text = secret.value.reveal();
  if (text.empty()) {
    return error{error_code::missing_webhook_secret,
                 "An endpoint secret is empty: pass the endpoint's whsec_..., or leave it out."};
  }
  // Of what comes along where a secret is pasted or not replaced: spaces, quotes, ${...}.
  if (text.find_first_not_of(std::string(letters_and_digits) + "_-+/=.") != std::string::npos) {
    return error{error_code::malformed_webhook_secret,
                 "An endpoint secret contains white space or another invalid character: pass it as "
                 "the dashboard shows it."};
  }
  const std::size_t begin = starts_with(text, "whsec_") ? 6 : 0;
  if (text.find_first_of(letters_and_digits, begin) == std::string::npos) {
    return error{error_code::malformed_webhook_secret,
                 "An endpoint secret ends after whsec_: pass all of it."};
  }
  return {};
}

result<void> check(const webhook_options& options) {
  for (const std::string* const account : {&options.account, &options.own_account}) {
    if (!account->empty() && !is_account_id(*account)) {
      return error{
          error_code::invalid_option,
          "The options account and own_account must be acct_ followed by letters and digits."};
    }
  }
  if (options.tolerance < std::chrono::seconds(0)) {
    return error{error_code::invalid_option, "The option tolerance must not be negative."};
  }
  return {};
}

class webhook_verifier::checks {
public:
  checks(std::vector<endpoint_secret> secrets, livemode expected, webhook_options options)
      : secrets_(std::move(secrets)), usable_(check_all(secrets_, options)), livemode_(expected),
        options_(std::move(options)) {}

  result<event> verify(std::string_view body, std::string_view header,
                       std::optional<unix_seconds> now) const {
    result<signature_header> signature = check_signature(body, header);
    if (!signature) return std::move(signature).error();
    if (now) {
      if (std::optional<error> late = check_time(signature->time, *now)) return *std::move(late);
    }
    event_reading read = read_event(body);
    if (!read.is_event) return *std::move(read.fault);
    judge_relevance(read.event, livemode_, {options_.account, options_.own_account});
    if (read.event.relevance == event_relevance::unreadable) return *std::move(read.fault);
    return std::move(read.event);
  }

private:
  result<signature_header> check_signature(std::string_view body, std::string_view header) const {
    if (!usable_) return usable_.error();
    if (body.size() > options_.max_body_bytes) {
      return error{error_code::webhook_too_large,
                   "The body is longer than max_body_bytes: raise it if Stripe sent the body."};
    }
    result<signature_header> signature = parse_signature_header(header);
    if (!signature) return signature;
    if (signature->signatures.empty()) {
      return error{error_code::signature_mismatch,
                   "Stripe-Signature has no signature of the scheme v1: pass on the whole header."};
    }
    // The time is signed as Stripe's own clients write it, not as it stands in the header.
    const std::string signed_time = std::to_string(signature->time) + ".";
    for (const endpoint_secret& each : secrets_) {
      const std::optional<mac> expected = hmac_.of(each.value, signed_time, body);
      if (!expected) {
        return error{
            error_code::signature_not_checked,
            "OpenSSL could not compute HMAC-SHA256: check its configuration and the memory."};
      }
      for (const mac& given : signature->signatures) {
        if (equal(given, *expected)) return signature;
      }
    }
    return error{error_code::signature_mismatch,
                 "No signature matches the body: pass the raw bytes, not a body that was parsed "
                 "and written again, and check that the secret is this endpoint's."};
  }

  std::optional<error> check_time(unix_seconds signed_at, unix_seconds now) const {
    const unix_seconds tolerance = options_.tolerance.count();
    now = std::clamp(now, unix_seconds{0}, latest_time); // so that no difference overflows
    if (now - signed_at > tolerance) {
      return error{
          error_code::signature_too_old,
          "The webhook was signed too long ago: it is a replay, or this machine's clock is ahead."};
    }
    if (signed_at - now > tolerance) {
      return error{error_code::signature_in_future,
                   "The webhook was signed in the future: this machine's clock is behind."};
    }
    return std::nullopt;
  }

  const std::vector<endpoint_secret> secrets_;
  const result<void> usable_; // or why these secrets check nothing
  const livemode livemode_;
  const webhook_options options_;
  const hmac_sha256 hmac_;
};

webhook_verifier::webhook_verifier(std::vector<endpoint_secret> secrets, livemode expected,
                                   webhook_options options)
    : checks_(std::make_unique<checks>(std::move(secrets), expected, std::move(options))) {}

webhook_verifier::webhook_verifier(webhook_verifier&&) noexcept = default;
webhook_verifier& webhook_verifier::operator=(webhook_verifier&&) noexcept = default;
webhook_verifier::~webhook_verifier() = default;

result<event> webhook_verifier::verify(std::string_view raw_body, std::string_view signature_header,
                                       unix_seconds now) const {
  return checks_->verify(raw_body, signature_header, now);
}

result<event> webhook_verifier::verify_without_time_check(std::string_view raw_body,
                                                          std::string_view signature_header) const {
  return checks_->verify(raw_body, signature_header, std::nullopt);
}

int http_answer(const result<event>& verified) noexcept {
  if (verified) return 200;
  switch (verified.error().code) {
  case error_code::missing_webhook_secret:
  case error_code::malformed_webhook_secret:
  case error_code::invalid_option:
  case error_code::signature_not_checked:
  case error_code::unreadable_event: return 500;
  default: return 400;
  }
}

} // namespace v0
} // namespace stripe_return
