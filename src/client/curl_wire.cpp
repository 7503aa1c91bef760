#include "client/curl_wire.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::microseconds;

microseconds timer_of(CURL* easy, CURLINFO timer) noexcept {
  curl_off_t value = 0;
  return microseconds(curl_easy_getinfo(easy, timer, &value) == CURLE_OK ? value : 0);
}

bool happened(CURL* easy, CURLINFO timer) noexcept {
  return timer_of(easy, timer).count() > 0;
}

// It came to sending something, and made no connection for that.
bool made_no_connection(CURL* easy) noexcept {
  long connections = 0;
  return curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections) == CURLE_OK &&
         connections == 0 && happened(easy, CURLINFO_PRETRANSFER_TIME_T);
}

// libcurl counts each timer from the beginning. What is left is the time of the phase that the
// attempt has come to, or ended in.
attempt_phases phases_of(CURL* easy, bool reused, microseconds all) noexcept {
  attempt_phases phases;
  microseconds before{};
  const auto passed = [&](bool done, CURLINFO timer, microseconds& phase) {
    const microseconds until = std::max(before, done ? timer_of(easy, timer) : all);
    phase = until - std::exchange(before, until);
    return done;
  };
  if (!reused) {
    const transfer_progress progress = progress_of(easy);
    const bool connected = passed(progress.resolved, CURLINFO_NAMELOOKUP_TIME_T, phases.resolve) &&
                           passed(progress.connected, CURLINFO_CONNECT_TIME_T, phases.connect) &&
                           passed(progress.tls_done, CURLINFO_APPCONNECT_TIME_T, phases.tls);
    if (!connected) return phases;
  }
  const bool answered = happened(easy, CURLINFO_STARTTRANSFER_TIME_T);
  if (passed(answered, CURLINFO_STARTTRANSFER_TIME_T, phases.wait)) {
    passed(false, CURLINFO_TOTAL_TIME_T, phases.receive);
  }
  return phases;
}

} // namespace

curl_wire::curl_wire(curl_transport_options options, std::size_t max_in_flight)
    : handles_(std::move(options)), multi_(curl_multi_init()) {
  // Its default closes the connections of a crowd, of which each took a TLS handshake, as soon as
  // the crowd has been answered. Each that is kept is a descriptor.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                    static_cast<long>(std::min<std::size_t>(max_in_flight, 100)));
}

void curl_wire::close() {
  for (const auto& [attempt, transfer] : transfers_) {
    curl_multi_remove_handle(multi_.get(), transfer.easy());
  }
  transfers_.clear();
  handles_.clear();
  multi_.reset();
}

void curl_wire::send(std::uint64_t attempt, const http_request& request) {
  numbered_transfer& transfer = transfers_[attempt];
  transfer.attempt = attempt;
  transfer.begun = std::chrono::steady_clock::now();
  if (!multi_ ||
      !transfer.prepare(handles_.take(), request, handles_.options().max_response_bytes) ||
      curl_multi_add_handle(multi_.get(), transfer.easy()) != CURLM_OK) {
    transfers_.erase(attempt);
    not_started_.push_back(attempt);
  }
}

void curl_wire::abandon(std::uint64_t attempt) {
  const auto at = transfers_.find(attempt);
  if (at == transfers_.end()) return;
  curl_multi_remove_handle(multi_.get(), at->second.easy());
  handles_.put_back(at->second.release());
  transfers_.erase(at);
}

attempt_result curl_wire::timed_out(std::uint64_t attempt) {
  const auto at = transfers_.find(attempt);
  if (at == transfers_.end()) return {out_of_memory(), {}, false};
  return result_of(at->second,
                   transport_error(CURLE_OPERATION_TIMEDOUT, progress_of(at->second.easy())));
}

attempt_result curl_wire::result_of(const numbered_transfer& transfer,
                                    result<http_response> answer) {
  const auto all =
      std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - transfer.begun);
  const bool reused = made_no_connection(transfer.easy());
  return {std::move(answer), phases_of(transfer.easy(), reused, all), reused};
}

void curl_wire::collect_refused(fetch_scheduler& scheduler) {
  for (const std::uint64_t attempt : std::exchange(not_started_, {})) {
    scheduler.attempt_finished(attempt, {out_of_memory(), {}, false});
  }
}

bool curl_wire::collect(fetch_scheduler& scheduler) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* easy = message->easy_handle; // the message goes with it
    const std::uint64_t attempt = static_cast<numbered_transfer&>(*curl_transfer::of(easy)).attempt;
    numbered_transfer& transfer = transfers_.at(attempt);
    curl_multi_remove_handle(multi_.get(), easy);
    attempt_result outcome = result_of(transfer, transfer.finish(code));
    handles_.put_back(transfer.release());
    transfers_.erase(attempt);
    scheduler.attempt_finished(attempt, std::move(outcome));
    return true;
  }
  return false;
}

} // namespace v0
} // namespace stripe_return
