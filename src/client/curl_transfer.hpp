// One request on one of libcurl's easy handles.
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
using easy_handle = std::unique_ptr<CURL, free_easy>;
using multi_handle = std::unique_ptr<CURLM, free_multi>;

// A list as CURLOPT_HTTPHEADER takes it. What curl_slist_append() copies, nobody wipes, and one of
// the lines has the secret key.
class header_list {
public:
  void reserve(std::size_t lines) { lines_.reserve(lines); }
  void add(std::string_view name, const std::string& value);
  void add_without_value(std::string_view name); // libcurl then leaves out the header of that name
  curl_slist* get();                             // while nothing more is added
  void clear() noexcept { lines_.clear(); }

private:
  std::vector<secret> lines_;
  std::vector<curl_slist> nodes_;
};

// Gives out easy handles that all have the same options. Not thread-safe.
class easy_handles {
public:
  explicit easy_handles(curl_transport_options options);

  const curl_transport_options& options() const noexcept { return options_; }
  easy_handle take(); // null where memory runs out
  void put_back(easy_handle easy) noexcept;

private:
  bool configure(CURL* easy) const;

  const curl_transport_options options_;
  const bool openssl_;
  const std::string ca_file_; // empty where libcurl is to use what it was built to trust
  const std::string user_agent_;
  std::vector<easy_handle> idle_;
};

// Stays where it is while libcurl works on it: libcurl points to it.
class curl_transfer {
public:
  // False where memory runs out.
  bool prepare(easy_handle easy, const http_request& request,
               const curl_transport_options& options);

  CURL* easy() const noexcept { return easy_.get(); }
  // The transfer of an easy handle.
  static curl_transfer* of(CURL* easy) noexcept;

  transfer_progress progress() const noexcept;
  // The answer, or why there is none, once libcurl is done with code.
  result<http_response> finish(CURLcode code);
  easy_handle release();

private:
  friend class easy_handles; // tells each handle of these three
  static CURLcode on_tls_context(CURL* easy, void* ssl_ctx, void*) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  bool has_room_for(std::size_t bytes) noexcept;

  easy_handle easy_;
  header_list headers_;
  http_response response_;
  std::size_t max_response_bytes_ = 0;
  std::size_t received_ = 0;
  bool headers_ended_ = false; // those of the answer itself
  bool too_large_ = false;
  bool tls_begun_ = false;
  bool tunneled_ = false; // through a proxy, and its TLS is seen to begin
};

} // namespace v0
} // namespace stripe_return
