#include <stripe_return/core/error.hpp>

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(error_code code) noexcept {
  switch (code) {
  case error_code::missing_session_id: return "missing_session_id";
  case error_code::empty_session_id: return "empty_session_id";
  case error_code::repeated_session_id: return "repeated_session_id";
  case error_code::array_session_id: return "array_session_id";
  case error_code::session_id_too_long: return "session_id_too_long";
  case error_code::malformed_session_id: return "malformed_session_id";
  case error_code::unreplaced_template: return "unreplaced_template";
  case error_code::client_secret_given: return "client_secret_given";
  case error_code::test_session_with_live_key: return "test_session_with_live_key";
  case error_code::live_session_with_test_key: return "live_session_with_test_key";
  case error_code::missing_secret_key: return "missing_secret_key";
  case error_code::malformed_secret_key: return "malformed_secret_key";
  case error_code::publishable_key: return "publishable_key";
  case error_code::invalid_option: return "invalid_option";
  case error_code::could_not_resolve: return "could_not_resolve";
  case error_code::timed_out_resolving: return "timed_out_resolving";
  case error_code::connection_refused: return "connection_refused";
  case error_code::could_not_connect: return "could_not_connect";
  case error_code::timed_out_connecting: return "timed_out_connecting";
  case error_code::timed_out_in_tls: return "timed_out_in_tls";
  case error_code::tls_wrong_host: return "tls_wrong_host";
  case error_code::tls_expired: return "tls_expired";
  case error_code::tls_unknown_ca: return "tls_unknown_ca";
  case error_code::tls_untrusted: return "tls_untrusted";
  case error_code::tls_failed: return "tls_failed";
  case error_code::unreadable_ca_file: return "unreadable_ca_file";
  case error_code::timed_out_waiting: return "timed_out_waiting";
  case error_code::timed_out_receiving: return "timed_out_receiving";
  case error_code::connection_lost: return "connection_lost";
  case error_code::response_too_large: return "response_too_large";
  case error_code::transport_failed: return "transport_failed";
  case error_code::deadline_exceeded: return "deadline_exceeded";
  case error_code::cancelled: return "cancelled";
  case error_code::overloaded: return "overloaded";
  case error_code::bad_request: return "bad_request";
  case error_code::idempotency_mismatch: return "idempotency_mismatch";
  case error_code::unauthorized: return "unauthorized";
  case error_code::permission_denied: return "permission_denied";
  case error_code::session_not_found: return "session_not_found";
  case error_code::session_of_other_mode: return "session_of_other_mode";
  case error_code::conflict: return "conflict";
  case error_code::dependency_failed: return "dependency_failed";
  case error_code::rate_limited: return "rate_limited";
  case error_code::lock_timeout: return "lock_timeout";
  case error_code::stripe_unavailable: return "stripe_unavailable";
  case error_code::replayed_failure: return "replayed_failure";
  case error_code::unexpected_http_status: return "unexpected_http_status";
  case error_code::not_json: return "not_json";
  case error_code::wrong_object: return "wrong_object";
  case error_code::unexpected_type: return "unexpected_type";
  case error_code::number_out_of_range: return "number_out_of_range";
  case error_code::repeated_key: return "repeated_key";
  case error_code::wrong_session: return "wrong_session";
  case error_code::livemode_mismatch: return "livemode_mismatch";
  case error_code::account_mismatch: return "account_mismatch";
  case error_code::missing_webhook_secret: return "missing_webhook_secret";
  case error_code::malformed_webhook_secret: return "malformed_webhook_secret";
  case error_code::signature_not_checked: return "signature_not_checked";
  case error_code::not_signed: return "not_signed";
  case error_code::malformed_signature: return "malformed_signature";
  case error_code::signature_mismatch: return "signature_mismatch";
  case error_code::signature_too_old: return "signature_too_old";
  case error_code::signature_in_future: return "signature_in_future";
  case error_code::webhook_too_large: return "webhook_too_large";
  case error_code::not_an_event: return "not_an_event";
  case error_code::unreadable_event: return "unreadable_event";
  case error_code::order_not_found: return "order_not_found";
  case error_code::store_unavailable: return "store_unavailable";
  case error_code::store_newer: return "store_newer";
  case error_code::store_corrupt: return "store_corrupt";
  case error_code::unreadable_file: return "unreadable_file";
  }
  return "unknown";
}

bool error::retryable() const noexcept {
  switch (code) {
  case error_code::could_not_resolve:
  case error_code::timed_out_resolving:
  case error_code::connection_refused:
  case error_code::could_not_connect:
  case error_code::timed_out_connecting:
  case error_code::timed_out_in_tls:
  case error_code::tls_failed:
  case error_code::timed_out_waiting:
  case error_code::timed_out_receiving:
  case error_code::connection_lost:
  case error_code::transport_failed:
  case error_code::deadline_exceeded:
  case error_code::cancelled:
  case error_code::overloaded:
  case error_code::conflict:
  case error_code::dependency_failed:
  case error_code::rate_limited:
  case error_code::lock_timeout:
  case error_code::stripe_unavailable:
  case error_code::not_json:
  case error_code::signature_not_checked:
  case error_code::store_unavailable: return true;
  default: return false;
  }
}

} // namespace v0
} // namespace stripe_return
