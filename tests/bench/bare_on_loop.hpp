#pragma once

#include "bare_curl.hpp"

#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/client/transport.hpp>

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// libcurl's multi interface on an event loop with nothing around it: so many GETs at a time, one
// after another on each reused easy handle.
class bare_on_loop final : private stripe_return::event_loop_client {
public:
  using url_maker = std::function<std::string()>;
  using body_taker = std::function<void(const std::string&)>; // of each that is answered

  bare_on_loop(stripe_return::event_loop& loop, const stripe_return::http_request& request,
               const std::string& ca_file, std::size_t in_flight, url_maker next_url,
               body_taker taken)
      : loop_(loop), next_url_(std::move(next_url)), taken_(std::move(taken)),
        multi_(curl_multi_init()) {
    loop_.attach(this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 100L);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &on_curl_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &on_curl_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    for (std::size_t i = 0; i != in_flight; ++i) {
      slots_.push_back(std::make_unique<bare_curl>(request, ca_file));
      begin(*slots_.back());
    }
  }
  ~bare_on_loop() {
    for (const auto& slot : slots_)
      curl_multi_remove_handle(multi_, slot->easy());
    slots_.clear();
    curl_multi_cleanup(multi_);
    loop_.arm_timer(std::nullopt);
    loop_.attach(nullptr);
  }
  bare_on_loop(const bare_on_loop&) = delete;
  bare_on_loop& operator=(const bare_on_loop&) = delete;

private:
  using interest = stripe_return::fd_interest;

  void begin(bare_curl& slot) {
    slot.set_url(next_url_());
    slot.clear();
    curl_multi_add_handle(multi_, slot.easy());
  }

  void act(curl_socket_t fd, int events) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, events, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      bare_curl& slot = *bare_curl::of(message->easy_handle);
      const CURLcode code = message->data.result;
      curl_multi_remove_handle(multi_, slot.easy());
      if (code == CURLE_OK) taken_(slot.body());
      begin(slot);
    }
  }

  void on_fd(int fd, interest ready) override {
    int events = 0;
    if (ready != interest::write) events |= CURL_CSELECT_IN;
    if (ready != interest::read) events |= CURL_CSELECT_OUT;
    act(fd, events);
  }
  void on_timer() override { act(CURL_SOCKET_TIMEOUT, 0); }

  static int on_curl_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    interest wanted = interest::none;
    if (what == CURL_POLL_IN) wanted = interest::read;
    if (what == CURL_POLL_OUT) wanted = interest::write;
    if (what == CURL_POLL_INOUT) wanted = interest::read_write;
    static_cast<bare_on_loop*>(self)->loop_.watch(fd, wanted);
    return 0;
  }
  static int on_curl_timer(CURLM*, long delay_ms, void* self) {
    std::optional<std::chrono::milliseconds> delay;
    if (delay_ms >= 0) delay = std::chrono::milliseconds(delay_ms);
    static_cast<bare_on_loop*>(self)->loop_.arm_timer(delay);
    return 0;
  }

  stripe_return::event_loop& loop_;
  const url_maker next_url_;
  const body_taker taken_;
  CURLM* const multi_;
  std::vector<std::unique_ptr<bare_curl>> slots_;
};

} // namespace bench
