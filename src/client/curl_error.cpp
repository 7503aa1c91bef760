#include "client/curl_error.hpp"

#include "client/curl_features.hpp"
#include "client/curl_global.hpp"

#include <cerrno>

namespace stripe_return {
inline namespace v0 {
namespace {

error timed_out(const transfer_progress& progress) {
  if (!progress.resolved) {
    return {error_code::timed_out_resolving,
            "The name server did not answer in time: check this machine's resolver."};
  }
  if (progress.proxy_silent) {
    return {error_code::timed_out_connecting,
            "The proxy did not make the connection in time: check its address and its rules."};
  }
  if (!progress.connected) {
    return {error_code::timed_out_connecting,
            "The connection was not established in time: check firewall and routing."};
  }
  if (!progress.tls_done) {
    return {error_code::timed_out_in_tls,
            "The TLS handshake did not finish in time: try again, and check network and proxy."};
  }
  if (!progress.answered) {
    return {error_code::timed_out_waiting,
            "The request was sent, but no answer arrived in time: try again."};
  }
  return {error_code::timed_out_receiving, "The answer began, but did not end in time: try again."};
}

error could_not_connect(const transfer_progress& progress) {
  if (progress.os_errno == ECONNREFUSED) {
    return {error_code::connection_refused,
            "The connection was refused: check api_base, proxy and firewall."};
  }
  return {error_code::could_not_connect, "The connection could not be established: check the "
                                         "network, the proxy and the limit of open files."};
}

error untrusted(const transfer_progress& progress) {
  // X509_V_ERR_... of <openssl/x509_vfy.h>: part of OpenSSL's stable interface.
  constexpr long ok = 0, not_verified = 1, unknown_issuer = 2, not_yet_valid = 9, expired = 10,
                 self_signed = 18, self_signed_in_chain = 19, unknown_local_issuer = 20,
                 unverified_leaf = 21;
  if (libcurl_uses_openssl()) {
    switch (progress.tls_verify_result) {
    // The chain is good, and libcurl compared the name itself, before it asked for the result.
    case ok:
    case not_verified:
      return {error_code::tls_wrong_host,
              "The certificate belongs to another host: check api_base and the name server."};
    case not_yet_valid:
    case expired:
      return {error_code::tls_expired,
              "The certificate has expired or is not valid yet: check this machine's clock first."};
    case unknown_issuer:
    case self_signed:
    case self_signed_in_chain:
    case unknown_local_issuer:
    case unverified_leaf:
      return {error_code::tls_unknown_ca,
              "No trusted authority signed the certificate: install ca-certificates, or set "
              "ca_file if there is a proxy of your own in between."};
    default: break;
    }
  }
  return {error_code::tls_untrusted,
          "The server's certificate was refused: check api_base, ca_file and proxy."};
}

} // namespace

transfer_progress progress_of(CURL* easy, bool tls_begun) noexcept {
  transfer_progress progress;
  curl_off_t microseconds = 0;
  const auto happened = [&](CURLINFO timer) {
    return curl_easy_getinfo(easy, timer, &microseconds) == CURLE_OK && microseconds != 0;
  };
  progress.resolved = happened(CURLINFO_NAMELOOKUP_TIME_T);
  progress.tls_done = happened(CURLINFO_PRETRANSFER_TIME_T);
  progress.answered = happened(CURLINFO_STARTTRANSFER_TIME_T);
  // libcurl sets CURLINFO_CONNECT_TIME_T only after TLS. Before, a connection has a local port in
  // libcurl 7; in libcurl 8 only its handshake shows that it is there.
  long port = 0;
  progress.connected =
      tls_begun || (curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port) == CURLE_OK && port > 0);
  // On a connection that was there, libcurl 8 leaves out what it had no need to do.
  progress.connected = progress.connected || progress.tls_done;
  progress.resolved = progress.resolved || progress.connected;
  long proxy_status = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  progress.proxy_refused = proxy_status >= 300;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &progress.tls_verify_result);
  long os_errno = 0;
  if (curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_errno) == CURLE_OK) {
    progress.os_errno = static_cast<int>(os_errno);
  }
  return progress;
}

error transport_error(CURLcode code, const transfer_progress& progress) {
  if (progress.proxy_refused) {
    return {error_code::could_not_connect,
            "The proxy refused to make the connection: check its address and its rules."};
  }
  switch (code) {
  case CURLE_OPERATION_TIMEDOUT: return timed_out(progress);
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
    return {error_code::could_not_resolve,
            "The name server does not know the host: check api_base, proxy and resolver."};
  case CURLE_COULDNT_CONNECT: return could_not_connect(progress);
  case CURLE_PROXY:
  case CURLE_INTERFACE_FAILED:
    return {error_code::could_not_connect,
            "The connection could not be made as configured: check proxy and network."};
  case CURLE_PEER_FAILED_VERIFICATION: return untrusted(progress);
  case CURLE_SSL_CACERT_BADFILE:
    return {error_code::unreadable_ca_file,
            "The CA file cannot be read as PEM: check ca_file and its permissions."};
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_ENGINE_NOTFOUND:
  case CURLE_SSL_ENGINE_SETFAILED:
  case CURLE_SSL_ENGINE_INITFAILED:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CRL_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_INVALIDCERTSTATUS:
#if STRIPE_RETURN_HAS_CURLE_SSL_CLIENTCERT
  case CURLE_SSL_CLIENTCERT:
#endif
  case CURLE_USE_SSL_FAILED:
  case CURLE_SSL_SHUTDOWN_FAILED:
    return {error_code::tls_failed,
            "The TLS handshake failed: try again, and check api_base and proxy."};
  case CURLE_GOT_NOTHING:
  case CURLE_PARTIAL_FILE:
  case CURLE_SEND_ERROR:
  case CURLE_RECV_ERROR:
    return {error_code::connection_lost,
            "The connection was lost before the whole answer arrived: try again."};
  case CURLE_FILESIZE_EXCEEDED:
    return {error_code::response_too_large, "The answer is longer than max_response_bytes, so it "
                                            "is not Stripe's: check api_base and proxy."};
  default:
    // libcurl's number is safe to print and tells more than any wording of ours could.
    return {error_code::transport_failed,
            "The transfer failed: libcurl's error " + std::to_string(static_cast<int>(code)) + "."};
  }
}

} // namespace v0
} // namespace stripe_return
