#include <stripe_return/core/error.hpp>

#include "printing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

struct code_name {
  code value;
  const char* word;
  bool retryable;
};

#define SAME_AGAIN(name)                                                                           \
  { code::name, #name, false }
#define WORTH_A_RETRY(name)                                                                        \
  { code::name, #name, true }

constexpr code_name names[] = {
    SAME_AGAIN(missing_session_id),
    SAME_AGAIN(empty_session_id),
    SAME_AGAIN(repeated_session_id),
    SAME_AGAIN(array_session_id),
    SAME_AGAIN(session_id_too_long),
    SAME_AGAIN(malformed_session_id),
    SAME_AGAIN(unreplaced_template),
    SAME_AGAIN(client_secret_given),
    SAME_AGAIN(test_session_with_live_key),
    SAME_AGAIN(live_session_with_test_key),

    SAME_AGAIN(missing_secret_key),
    SAME_AGAIN(malformed_secret_key),
    SAME_AGAIN(publishable_key),
    SAME_AGAIN(invalid_option),

    WORTH_A_RETRY(could_not_resolve),
    WORTH_A_RETRY(timed_out_resolving),
    WORTH_A_RETRY(connection_refused),
    WORTH_A_RETRY(could_not_connect),
    WORTH_A_RETRY(timed_out_connecting),
    WORTH_A_RETRY(timed_out_in_tls),
    SAME_AGAIN(tls_wrong_host),
    SAME_AGAIN(tls_expired),
    SAME_AGAIN(tls_unknown_ca),
    SAME_AGAIN(tls_untrusted),
    WORTH_A_RETRY(tls_failed),
    SAME_AGAIN(unreadable_ca_file),
    WORTH_A_RETRY(timed_out_waiting),
    WORTH_A_RETRY(timed_out_receiving),
    WORTH_A_RETRY(connection_lost),
    SAME_AGAIN(response_too_large),
    WORTH_A_RETRY(transport_failed),
    WORTH_A_RETRY(deadline_exceeded),
    WORTH_A_RETRY(canceled),
    WORTH_A_RETRY(overloaded),
    SAME_AGAIN(wrong_thread),

    SAME_AGAIN(bad_request),
    SAME_AGAIN(idempotency_mismatch),
    SAME_AGAIN(unauthorized),
    SAME_AGAIN(permission_denied),
    SAME_AGAIN(session_not_found),
    SAME_AGAIN(session_of_other_mode),
    WORTH_A_RETRY(conflict),
    WORTH_A_RETRY(dependency_failed),
    WORTH_A_RETRY(rate_limited),
    WORTH_A_RETRY(lock_timeout),
    WORTH_A_RETRY(stripe_unavailable),
    SAME_AGAIN(replayed_failure),
    SAME_AGAIN(unexpected_http_status),

    WORTH_A_RETRY(not_json), // a proxy's error page, or an answer cut off
    SAME_AGAIN(wrong_object),
    SAME_AGAIN(unexpected_type),
    SAME_AGAIN(number_out_of_range),
    SAME_AGAIN(repeated_key),
    SAME_AGAIN(wrong_session),
    SAME_AGAIN(livemode_mismatch),
    SAME_AGAIN(account_mismatch),

    SAME_AGAIN(missing_webhook_secret),
    SAME_AGAIN(malformed_webhook_secret),
    WORTH_A_RETRY(signature_not_checked), // OpenSSL had no memory, say
    SAME_AGAIN(not_signed),
    SAME_AGAIN(malformed_signature),
    SAME_AGAIN(signature_mismatch),
    SAME_AGAIN(signature_too_old),
    SAME_AGAIN(signature_in_future),
    SAME_AGAIN(webhook_too_large),
    SAME_AGAIN(not_an_event),
    SAME_AGAIN(unreadable_event),

    SAME_AGAIN(order_not_found),
    WORTH_A_RETRY(store_unavailable),
    SAME_AGAIN(store_newer),
    SAME_AGAIN(store_corrupt),
    WORTH_A_RETRY(checkout_pending),
    SAME_AGAIN(lease_lost),
    SAME_AGAIN(inside_transaction),
    SAME_AGAIN(wrong_store),

    SAME_AGAIN(unreadable_file),
};

TEST(ErrorCode, EveryCodeIsInTheTable) {
  std::size_t index = 0;
  for (const code_name& each : names)
    EXPECT_EQ(static_cast<std::size_t>(each.value), index++) << each.word;
  EXPECT_EQ(index, static_cast<std::size_t>(code::unreadable_file) + 1);
}

TEST(Error, RetryableWhereTheOtherSideMayChange) {
  for (const code_name& each : names) {
    const sr::error failure{each.value, "what happened"};
    EXPECT_EQ(failure.retryable(), each.retryable) << each.word;
  }
}

TEST(Error, RetryableGoesByTheCodeAlone) {
  const sr::error unavailable_without_status{code::stripe_unavailable, "x", 0, "", ""};
  const sr::error refused_with_status{code::bad_request, "x", 503, "lock_timeout", "req_1"};
  EXPECT_TRUE(unavailable_without_status.retryable());
  EXPECT_FALSE(refused_with_status.retryable());
}

TEST(Error, HasNothingOfStripesUnlessGiven) {
  const sr::error failure{code::not_json, "what happened"};
  EXPECT_EQ(failure.http_status, 0);
  EXPECT_EQ(failure.stripe_code, "");
  EXPECT_EQ(failure.request_id, "");
}

} // namespace
