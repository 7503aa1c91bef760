#pragma once

#include "bare_curl.hpp"

#include <stripe_return/client/transport.hpp>

#include <curl/curl.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace bench {

// libcurl's multi interface with nothing around it: so many GETs at a time, each of another
// session, on reused easy handles. What cannot be had for less.
class bare_multi {
public:
  bare_multi(const stripe_return::http_request& request, const std::string& ca_file,
             std::size_t in_flight)
      : multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 100L);
    for (std::size_t i = 0; i != in_flight; ++i)
      slots_.push_back(std::make_unique<bare_curl>(request, ca_file));
  }
  ~bare_multi() {
    slots_.clear();
    curl_multi_cleanup(multi_);
  }
  bare_multi(const bare_multi&) = delete;
  bare_multi& operator=(const bare_multi&) = delete;

  // `url_of(n)` for each n below `count`; `done` gets each body.
  template <class UrlOf, class Done> void get(std::size_t count, UrlOf url_of, Done done) {
    std::size_t begun = 0;
    std::size_t ended = 0;
    const auto begin = [&](bare_curl& slot) {
      slot.set_url(url_of(begun++));
      slot.clear();
      curl_multi_add_handle(multi_, slot.easy());
    };
    for (const auto& slot : slots_) {
      if (begun != count) begin(*slot);
    }
    while (ended != count) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        bare_curl& slot = *bare_curl::of(message->easy_handle);
        const CURLcode code = message->data.result;
        curl_multi_remove_handle(multi_, slot.easy());
        done(slot.taken(code));
        ++ended;
        if (begun != count) begin(slot);
      }
      if (ended != count) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
  }

private:
  CURLM* multi_;
  std::vector<std::unique_ptr<bare_curl>> slots_;
};

} // namespace bench
