#pragma once

#include <stripe_return/client/transport.hpp>

#include <curl/curl.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace bench {

// libcurl with nothing around it: one easy handle that does one GET again and again, with the same
// TLS settings as the library's transport. What cannot be had for less.
class bare_curl {
public:
  bare_curl(const stripe_return::http_request& request, const std::string& ca_file)
      : easy_(curl_easy_init()) {
    const auto line = [this](const std::string& text) {
      headers_ = curl_slist_append(headers_, text.c_str());
    };
    line("Authorization: " + request.authorization.reveal());
    for (const auto& header : request.headers)
      line(header.name + ": " + header.value);
    set_url(request.url);
    set(CURLOPT_HTTPHEADER, headers_);
    set(CURLOPT_CAINFO, ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_ACCEPT_ENCODING, "gzip");
    // As long as the client's own: libcurl spends some 60 instructions on each byte of it.
    set(CURLOPT_USERAGENT, "stripe_return/0.0.0 libcurl/0.00.0");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    set(CURLOPT_QUICK_EXIT, 1L);
#endif
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, &body_);
    set(CURLOPT_PRIVATE, this);
  }
  ~bare_curl() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
  }
  bare_curl(const bare_curl&) = delete;
  bare_curl& operator=(const bare_curl&) = delete;

  void set_url(const std::string& url) {
    set(CURLOPT_URL, url.c_str());
  }

  CURL* easy() const {
    return easy_;
  }
  static bare_curl* of(CURL* easy) {
    bare_curl* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return self;
  }
  void clear() {
    body_.clear();
  }
  const std::string& body() const {
    return body_;
  }

  const std::string& get() {
    clear();
    return taken(curl_easy_perform(easy_));
  }
  // The body of a transfer that has ended with `code`.
  const std::string& taken(CURLcode code) {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200) {
      std::fprintf(stderr, "bare libcurl: %s, status %ld\n", curl_easy_strerror(code), status);
      std::exit(1);
    }
    return body_;
  }

private:
  template <class Value> void set(CURLoption which, Value value) {
    if (curl_easy_setopt(easy_, which, value) != CURLE_OK) std::abort();
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* body) {
    static_cast<std::string*>(body)->append(data, size);
    return size;
  }

  CURL* easy_;
  curl_slist* headers_ = nullptr;
  std::string body_;
};

} // namespace bench
