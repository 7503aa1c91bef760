// Attempts on libcurl, many at a time.
#pragma once

#include "client/curl_transfer.hpp"
#include "client/fetch_scheduler.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace stripe_return {
inline namespace v0 {

// Whoever owns it drives multi(), by polling or by sockets, and then collects what has ended.
class curl_wire final : public wire {
public:
  // At most so many attempts are sent at the same time.
  curl_wire(curl_transport_options options, std::size_t max_in_flight);
  ~curl_wire() { close(); }

  void send(std::uint64_t attempt, const http_request& request) override;
  void abandon(std::uint64_t attempt) override;
  attempt_result timed_out(std::uint64_t attempt) override;

  // Lets go of everything that is libcurl's. Nothing is sent any more.
  void close();
  // Tells the scheduler of one attempt that has ended. Gives whether there was one.
  bool collect(fetch_scheduler& scheduler);
  // Tells it of all that libcurl refused to begin.
  void collect_refused(fetch_scheduler& scheduler);
  // Whether there are any.
  bool refused() const noexcept { return !not_started_.empty(); }
  CURLM* multi() const noexcept { return multi_.get(); } // null without memory, and once closed

private:
  struct numbered_transfer : curl_transfer {
    std::uint64_t attempt = 0;
    std::chrono::steady_clock::time_point begun;
  };
  static attempt_result result_of(const numbered_transfer& transfer, result<http_response> answer);

  easy_handles handles_;
  multi_handle multi_;
  std::unordered_map<std::uint64_t, numbered_transfer> transfers_; // by attempt
  std::vector<std::uint64_t> not_started_;
};

} // namespace v0
} // namespace stripe_return
