// One request on an easy handle of its own.
#pragma once

#include "client/curl_error.hpp"

#include <stripe_return/client/curl_transport.hpp>

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct free_easy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct free_multi {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
struct free_share {
  void operator()(CURLSH* share) const noexcept { curl_share_cleanup(share); }
};
using easy_handle = std::unique_ptr<CURL, free_easy>;
using multi_handle = std::unique_ptr<CURLM, free_multi>;
using share_handle = std::unique_ptr<CURLSH, free_share>;

// A request's headers as CURLOPT_HTTPHEADER takes them. What curl_slist_append() copies, nobody
// wipes, and one of the lines has the secret key.
class header_list {
public:
  curl_slist* set(const http_request& request); // valid until the next call

private:
  secret text_; // the lines, each with a null at its end
  std::vector<curl_slist> nodes_;
};

class curl_transfer;

// What all transfers of one transport have in common. One thread at a time.
class transfer_settings {
public:
  explicit transfer_settings(curl_transport_options options);

  const curl_transport_options& options() const noexcept { return options_; }
  bool openssl() const noexcept { return openssl_; }
  // Null where memory runs out.
  easy_handle make_easy(curl_transfer& of) const;

private:
  const curl_transport_options options_;
  const bool openssl_;
  const std::string ca_file_; // empty where libcurl is to use what it was built to trust
  const std::string user_agent_;
  share_handle tls_sessions_; // where memory runs out, none is resumed
};

// Serves one request: src/adr/0020-a-handle-for-each-request.md. Stays where it is, as libcurl
// points to it.
class curl_transfer {
public:
  // False where memory runs out.
  bool prepare(const http_request& request, const transfer_settings& settings);

  CURL* easy() const noexcept { return easy_.get(); } // null where memory ran out
  // The transfer of an easy handle.
  static curl_transfer* of(CURL* easy) noexcept;

  transfer_progress progress() const noexcept;
  // The answer, or why there is none, once libcurl is done with code.
  result<http_response> finish(CURLcode code);

private:
  friend class transfer_settings; // tells each handle of these three
  static CURLcode on_tls_context(CURL* easy, void* ssl_ctx, void*) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  bool has_room_for(std::size_t bytes) noexcept;
  std::size_t expected_bytes() const noexcept;

  header_list headers_;
  http_response response_;
  std::size_t max_response_bytes_ = 0;
  std::size_t received_ = 0;
  bool headers_ended_ = false; // those of the answer itself
  bool too_large_ = false;
  bool tls_begun_ = false;
  bool tunneled_ = false; // through a proxy, and its TLS is seen to begin
  easy_handle easy_;      // last, as it points to the others
};

} // namespace v0
} // namespace stripe_return
