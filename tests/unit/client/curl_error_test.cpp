#include "client/curl_error.hpp"

#include "client/curl_features.hpp"

#include <stripe_return/core/result.hpp>

#include "unit/core/printing.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::transfer_progress;

transfer_progress progress(bool resolved, bool connected, bool tls_done, bool answered) {
  transfer_progress made;
  made.resolved = resolved;
  made.connected = connected;
  made.tls_done = tls_done;
  made.answered = answered;
  return made;
}

code code_of(CURLcode curl_code, const transfer_progress& made = {}) {
  return sr::transport_error(curl_code, made).code;
}

// Every number, those of a newer libcurl too: what is not listed is transport_failed.
TEST(TransportError, IsTotal) {
  const std::map<int, code> special {
    {CURLE_OPERATION_TIMEDOUT, code::timed_out_resolving},
        {CURLE_COULDNT_RESOLVE_HOST, code::could_not_resolve},
        {CURLE_COULDNT_RESOLVE_PROXY, code::could_not_resolve},
        {CURLE_COULDNT_CONNECT, code::could_not_connect}, {CURLE_PROXY, code::could_not_connect},
        {CURLE_INTERFACE_FAILED, code::could_not_connect},
        {CURLE_SSL_CACERT_BADFILE, code::unreadable_ca_file},
        {CURLE_SSL_CONNECT_ERROR, code::tls_failed}, {CURLE_SSL_ENGINE_NOTFOUND, code::tls_failed},
        {CURLE_SSL_ENGINE_SETFAILED, code::tls_failed},
        {CURLE_SSL_ENGINE_INITFAILED, code::tls_failed}, {CURLE_SSL_CERTPROBLEM, code::tls_failed},
        {CURLE_SSL_CIPHER, code::tls_failed}, {CURLE_SSL_CRL_BADFILE, code::tls_failed},
        {CURLE_SSL_ISSUER_ERROR, code::tls_failed},
        {CURLE_SSL_PINNEDPUBKEYNOTMATCH, code::tls_failed},
        {CURLE_SSL_INVALIDCERTSTATUS, code::tls_failed},
#if STRIPE_RETURN_HAS_CURLE_SSL_CLIENTCERT
        {CURLE_SSL_CLIENTCERT, code::tls_failed},
#endif
        {CURLE_SSL_SHUTDOWN_FAILED, code::tls_failed}, {CURLE_USE_SSL_FAILED, code::tls_failed},
        {CURLE_GOT_NOTHING, code::connection_lost}, {CURLE_PARTIAL_FILE, code::connection_lost},
        {CURLE_SEND_ERROR, code::connection_lost}, {CURLE_RECV_ERROR, code::connection_lost},
        {CURLE_FILESIZE_EXCEEDED, code::response_too_large},
  };
  for (int i = 1; i < CURL_LAST; ++i) {
    if (i == CURLE_PEER_FAILED_VERIFICATION) continue; // depends on why; see below
    SCOPED_TRACE(i);
    const auto row = special.find(i);
    const sr::error failure = sr::transport_error(static_cast<CURLcode>(i), {});
    EXPECT_EQ(failure.code, row == special.end() ? code::transport_failed : row->second);
    EXPECT_FALSE(failure.message.empty());
    EXPECT_EQ(failure.message.find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(failure.http_status, 0);
    EXPECT_EQ(failure.stripe_code, "");
    EXPECT_EQ(failure.request_id, "");
  }
}

TEST(TransportError, GivesTheNumberOfWhatItHasNoWordFor) {
  EXPECT_NE(sr::transport_error(CURLE_BAD_CONTENT_ENCODING, {}).message.find("61"),
            std::string::npos);
}

TEST(TransportError, NamesThePhaseThatTimedOut) {
  struct row {
    transfer_progress made;
    code expected;
  };
  for (const row& each : std::vector<row>{
           {progress(false, false, false, false), code::timed_out_resolving},
           {progress(true, false, false, false), code::timed_out_connecting},
           {progress(true, true, false, false), code::timed_out_in_tls},
           {progress(true, true, true, false), code::timed_out_waiting},
           {progress(true, true, true, true), code::timed_out_receiving},
       }) {
    const sr::error failure = sr::transport_error(CURLE_OPERATION_TIMEDOUT, each.made);
    EXPECT_EQ(failure.code, each.expected);
    EXPECT_TRUE(failure.retryable());
  }
}

TEST(TransportError, TellsARefusedConnectionFromOthers) {
  for (const int os_errno : {0, ENETUNREACH, EHOSTUNREACH, EMFILE, ETIMEDOUT, EACCES, ECONNRESET}) {
    transfer_progress made;
    made.os_errno = os_errno;
    EXPECT_EQ(code_of(CURLE_COULDNT_CONNECT, made), code::could_not_connect) << os_errno;
  }
  transfer_progress made;
  made.os_errno = ECONNREFUSED;
  EXPECT_EQ(code_of(CURLE_COULDNT_CONNECT, made), code::connection_refused);
}

// X509_V_ERR_... of <openssl/x509_vfy.h>.
TEST(TransportError, TellsWhyTheCertificateWasRefused) {
  struct row {
    long verify_result;
    code expected;
  };
  const std::vector<row> rows{
      {0, code::tls_wrong_host},  {2, code::tls_unknown_ca}, // unable to get issuer certificate
      {9, code::tls_expired},                                // not yet valid
      {10, code::tls_expired},                               // has expired
      {18, code::tls_unknown_ca},                            // self-signed
      {19, code::tls_unknown_ca},                            // self-signed in the chain
      {20, code::tls_unknown_ca}, // unable to get local issuer certificate
      {21, code::tls_unknown_ca}, // unable to verify the first certificate
      {1, code::tls_wrong_host},  // libcurl compares the name before it asks OpenSSL
      {7, code::tls_untrusted},   // signature failure
      {22, code::tls_untrusted},  // chain too long
      {23, code::tls_untrusted},  // revoked
      {26, code::tls_untrusted},  // unsupported purpose
  };
  for (const row& each : rows) {
    SCOPED_TRACE(each.verify_result);
    transfer_progress made = progress(true, true, false, false);
    made.tls_verify_result = each.verify_result;
    const sr::error failure = sr::transport_error(CURLE_PEER_FAILED_VERIFICATION, made);
    EXPECT_EQ(failure.code, each.expected);
    EXPECT_FALSE(failure.retryable()); // the same certificate comes again
  }
}

TEST(TransportError, SaysThatTheProxyRefusedWhateverElseHappened) {
  transfer_progress made = progress(true, true, false, false);
  made.proxy_refused = true;
  for (const CURLcode each : {CURLE_RECV_ERROR, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT,
                              CURLE_PEER_FAILED_VERIFICATION}) {
    const sr::error failure = sr::transport_error(each, made);
    EXPECT_EQ(failure.code, code::could_not_connect);
    EXPECT_NE(failure.message.find("proxy"), std::string::npos);
  }
}

// A handle that was never used has come nowhere.
TEST(ProgressOf, BeginsAtNothing) {
  CURL* easy = curl_easy_init();
  ASSERT_NE(easy, nullptr);
  const transfer_progress made = sr::progress_of(easy, false);
  curl_easy_cleanup(easy);
  EXPECT_FALSE(made.resolved);
  EXPECT_FALSE(made.connected);
  EXPECT_FALSE(made.tls_done);
  EXPECT_FALSE(made.answered);
  EXPECT_FALSE(made.proxy_refused);
  EXPECT_EQ(made.os_errno, 0);
}

} // namespace
