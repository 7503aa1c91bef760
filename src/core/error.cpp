#include <stripe_return/core/error.hpp>

#include <cstddef>
#include <iterator>

namespace stripe_return {
inline namespace v0 {
namespace {

struct error_fact {
  std::string_view word;
  bool retryable;
};

// In the order of the enumerators.
constexpr error_fact facts[] = {
    {"missing_session_id", false},
    {"empty_session_id", false},
    {"repeated_session_id", false},
    {"array_session_id", false},
    {"session_id_too_long", false},
    {"malformed_session_id", false},
    {"unreplaced_template", false},
    {"client_secret_given", false},
    {"test_session_with_live_key", false},
    {"live_session_with_test_key", false},
    {"missing_secret_key", false},
    {"malformed_secret_key", false},
    {"publishable_key", false},
    {"invalid_option", false},
    {"could_not_resolve", true},
    {"timed_out_resolving", true},
    {"connection_refused", true},
    {"could_not_connect", true},
    {"timed_out_connecting", true},
    {"timed_out_in_tls", true},
    {"tls_wrong_host", false},
    {"tls_expired", false},
    {"tls_unknown_ca", false},
    {"tls_untrusted", false},
    {"tls_failed", true},
    {"unreadable_ca_file", false},
    {"timed_out_waiting", true},
    {"timed_out_receiving", true},
    {"connection_lost", true},
    {"response_too_large", false},
    {"transport_failed", true},
    {"deadline_exceeded", true},
    {"canceled", true},
    {"overloaded", true},
    {"wrong_thread", false},
    {"bad_request", false},
    {"idempotency_mismatch", false},
    {"unauthorized", false},
    {"permission_denied", false},
    {"session_not_found", false},
    {"session_of_other_mode", false},
    {"conflict", true},
    {"dependency_failed", true},
    {"rate_limited", true},
    {"lock_timeout", true},
    {"stripe_unavailable", true},
    {"replayed_failure", false},
    {"unexpected_http_status", false},
    {"not_json", true},
    {"wrong_object", false},
    {"unexpected_type", false},
    {"number_out_of_range", false},
    {"repeated_key", false},
    {"wrong_session", false},
    {"livemode_mismatch", false},
    {"account_mismatch", false},
    {"missing_webhook_secret", false},
    {"malformed_webhook_secret", false},
    {"signature_not_checked", true},
    {"not_signed", false},
    {"malformed_signature", false},
    {"signature_mismatch", false},
    {"signature_too_old", false},
    {"signature_in_future", false},
    {"webhook_too_large", false},
    {"not_an_event", false},
    {"unreadable_event", false},
    {"order_not_found", false},
    {"store_unavailable", true},
    {"store_newer", false},
    {"store_corrupt", false},
    {"checkout_pending", true},
    {"lease_lost", false},
    {"inside_transaction", false},
    {"wrong_store", false},
    {"unreadable_file", false},
};
static_assert(std::size(facts) == static_cast<std::size_t>(error_code::unreadable_file) + 1);

constexpr error_fact fact_of(error_code code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < std::size(facts) ? facts[index] : error_fact{"unknown", false};
}

} // namespace

std::string_view to_string(error_code code) noexcept {
  return fact_of(code).word;
}

bool error::retryable() const noexcept {
  return fact_of(code).retryable;
}

} // namespace v0
} // namespace stripe_return
