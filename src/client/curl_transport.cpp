#include <stripe_return/client/curl_transport.hpp>

#include "client/curl_transfer.hpp"
#include "client/no_memory.hpp"

#include <stripe_return/client/event_loop.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

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
attempt_phases phases_of(const curl_transfer& ended, bool reused, microseconds all) noexcept {
  CURL* const easy = ended.easy();
  attempt_phases phases;
  microseconds before{};
  const auto passed = [&](bool done, CURLINFO timer, microseconds& phase) {
    const microseconds until = std::max(before, done ? timer_of(easy, timer) : all);
    phase = until - std::exchange(before, until);
    return done;
  };
  if (!reused) {
    const transfer_progress progress = ended.progress();
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

// All on one multi handle, so that they share its connections and its parsed CA store;
// src/adr/0002-one-multi-handle.md tells why.
class curl_transport::transfers final : private event_loop_client {
public:
  explicit transfers(curl_transport_options options)
      : settings_(std::move(options)), multi_(curl_multi_init()) {
    // Its default closes the connections of a burst of calls, each of which took a TLS handshake,
    // as soon as the burst has been answered. Each that is kept is a descriptor.
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>(settings_.options().max_idle_connections));
  }

  ~transfers() {
    for (const auto& each : running_)
      curl_multi_remove_handle(multi_.get(), each.second.easy());
  }

  std::uint64_t start(const http_request& request, completion done) {
    const std::uint64_t number = ++last_number_;
    refused_.reserve(running_.size() + 1);
    transfer& made = running_[number];
    made.number = number;
    made.begun = steady_clock::now();
    made.done = std::move(done);
    begun_ = true;
    if (!prepare(made, request) || curl_multi_add_handle(multi_.get(), made.easy()) != CURLM_OK) {
      refused_.push_back(number);
      arm_timer();
    }
    return number;
  }

  void cancel(std::uint64_t number) noexcept {
    const auto at = running_.find(number);
    if (at != running_.end()) static_cast<void>(take_out(at));
  }

  attempt_result so_far(std::uint64_t number) {
    const auto at = running_.find(number);
    if (at == running_.end() || at->second.easy() == nullptr) return no_memory();
    return with_phases(at->second,
                       transport_error(CURLE_OPERATION_TIMEDOUT, at->second.progress()));
  }

  void drive_by(event_loop* loop) {
    event_loop* const before = std::exchange(loop_, loop);
    CURLM* const multi = multi_.get();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, loop_ != nullptr ? &on_curl_socket : nullptr);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, loop_ != nullptr ? &on_curl_timer : nullptr);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    if (before != nullptr) {
      before->arm_timer(std::nullopt);
      for (const int fd : std::exchange(watched_, {}))
        before->watch(fd, fd_interest::none);
      before->attach(nullptr);
    }
    if (loop_ != nullptr) loop_->attach(this);
    wakeable_ = loop_ == nullptr && curl_multi_wakeup(multi) == CURLM_OK;
  }

  void work_until(steady_clock::time_point time) {
    if (tell_refused() || tell_ended(1)) return;
    int running = 0;
    // Else libcurl would be polled only to say that it has something to do.
    if (std::exchange(begun_, false)) {
      curl_multi_perform(multi_.get(), &running);
      if (tell_ended(1)) return;
    }
    // What libcurl waits for wakes it as well.
    const milliseconds longest = wakeable_ ? milliseconds(60000) : without_wakeup;
    do {
      const auto left = std::clamp(std::chrono::ceil<milliseconds>(time - steady_clock::now()),
                                   milliseconds(0), longest);
      int ready = 0;
      if (curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(left.count()), &ready) !=
          CURLM_OK) {
        std::this_thread::sleep_for(std::min(left, without_wakeup)); // else it would fail again
      }
      // libcurl looks at all its transfers where it has to look at any.
      if (ready == 0 && !is_due() && woken_.exchange(false)) return;
      curl_multi_perform(multi_.get(), &running);
    } while (!tell_ended(1) && !woken_.exchange(false) && wakeable_ && steady_clock::now() < time);
  }

  void wake() noexcept {
    woken_ = true;
    curl_multi_wakeup(multi_.get());
  }

private:
  struct transfer : curl_transfer {
    std::uint64_t number = 0;
    steady_clock::time_point begun;
    completion done;
  };
  using by_number = std::unordered_map<std::uint64_t, transfer>;

  // How long wake() may go unheard where libcurl had no descriptor left to be woken by.
  static constexpr milliseconds without_wakeup{10};

  // False where memory runs out.
  bool prepare(transfer& made, const http_request& request) {
    try {
      return multi_ && made.prepare(request, settings_);
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  static attempt_result result_of(transfer& ended, CURLcode code) noexcept {
    try {
      return with_phases(ended, ended.finish(code));
    } catch (const std::bad_alloc&) { // not even for the words of a failure
      return no_memory();
    }
  }

  static attempt_result with_phases(const transfer& ended, result<http_response> answer) {
    const auto all = std::chrono::duration_cast<microseconds>(steady_clock::now() - ended.begun);
    attempt_result about(std::move(answer));
    about.connection_reused = made_no_connection(ended.easy());
    about.phases = phases_of(ended, about.connection_reused, all);
    return about;
  }

  // Whether libcurl has something to do, whatever its descriptors say.
  bool is_due() const noexcept {
    long left_ms = 0;
    return curl_multi_timeout(multi_.get(), &left_ms) != CURLM_OK || left_ms == 0;
  }

  completion take_out(by_number::iterator at) {
    completion done = std::move(at->second.done);
    curl_multi_remove_handle(multi_.get(), at->second.easy());
    running_.erase(at);
    return done;
  }

  bool tell_refused() {
    if (refused_.empty()) return false;
    const std::uint64_t number = refused_.back();
    refused_.pop_back();
    const auto at = running_.find(number);
    if (at != running_.end()) take_out(at)(no_memory());
    return true;
  }

  // Of at most so many. Gives whether there was one.
  bool tell_ended(std::size_t most) {
    bool any = false;
    int left = 0;
    while (most != 0) {
      const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left);
      if (message == nullptr) break;
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      auto& ended = static_cast<transfer&>(*curl_transfer::of(message->easy_handle));
      attempt_result about = result_of(ended, code);
      take_out(running_.find(ended.number))(std::move(about));
      any = true;
      --most;
    }
    return any;
  }

  // On a loop.

  void on_fd(int fd, fd_interest ready) override {
    int events = 0;
    if (ready == fd_interest::read || ready == fd_interest::read_write) events |= CURL_CSELECT_IN;
    if (ready == fd_interest::write || ready == fd_interest::read_write) events |= CURL_CSELECT_OUT;
    int running = 0;
    curl_multi_socket_action(multi_.get(), fd, events, &running);
    tell_ended(SIZE_MAX);
  }

  void on_timer() override {
    while (tell_refused()) {
    }
    if (due_ && *due_ <= steady_clock::now()) {
      due_.reset();
      int running = 0;
      curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
      tell_ended(SIZE_MAX);
    }
    arm_timer();
  }

  void arm_timer() {
    if (loop_ == nullptr) return;
    if (!refused_.empty()) return loop_->arm_timer(milliseconds(0));
    if (!due_) return loop_->arm_timer(std::nullopt);
    const auto left = std::chrono::ceil<milliseconds>(*due_ - steady_clock::now());
    loop_->arm_timer(std::max(left, milliseconds(0)));
  }

  static int on_curl_socket(CURL*, curl_socket_t fd, int what, void* user, void*) noexcept {
    auto& self = *static_cast<transfers*>(user);
    if (self.loop_ == nullptr) return 0;
    try {
      self.watch(fd, what);
    } catch (const std::bad_alloc&) { // the request ends by its time limit
    }
    return 0;
  }

  void watch(curl_socket_t fd, int what) {
    const auto at = std::find(watched_.begin(), watched_.end(), fd);
    fd_interest interest = fd_interest::none;
    if (what == CURL_POLL_IN) interest = fd_interest::read;
    if (what == CURL_POLL_OUT) interest = fd_interest::write;
    if (what == CURL_POLL_INOUT) interest = fd_interest::read_write;
    if (what == CURL_POLL_REMOVE) {
      if (at != watched_.end()) watched_.erase(at);
    } else if (at == watched_.end()) {
      watched_.push_back(fd);
    }
    loop_->watch(fd, interest);
  }

  static int on_curl_timer(CURLM*, long delay_ms, void* user) noexcept {
    auto& self = *static_cast<transfers*>(user);
    self.due_.reset();
    if (delay_ms >= 0) self.due_ = steady_clock::now() + milliseconds(delay_ms);
    try {
      self.arm_timer();
    } catch (const std::bad_alloc&) { // the request ends by its time limit
    }
    return 0;
  }

  const transfer_settings settings_;
  multi_handle multi_; // null where memory ran out
  by_number running_;
  std::vector<std::uint64_t> refused_; // of them, those that libcurl did not begin
  std::uint64_t last_number_ = 0;
  bool begun_ = false; // and libcurl has not looked at it
  bool wakeable_ = true;
  std::atomic<bool> woken_{false};

  event_loop* loop_ = nullptr;
  std::optional<steady_clock::time_point> due_; // libcurl's own timer
  std::vector<int> watched_;
};

curl_transport::curl_transport(curl_transport_options options)
    : transfers_(std::make_unique<transfers>(std::move(options))) {}

curl_transport::~curl_transport() = default;

std::uint64_t curl_transport::start(const http_request& request, completion done) {
  return transfers_->start(request, std::move(done));
}

void curl_transport::cancel(std::uint64_t number) noexcept {
  transfers_->cancel(number);
}

attempt_result curl_transport::so_far(std::uint64_t number) {
  return transfers_->so_far(number);
}

void curl_transport::drive_by(event_loop* loop) {
  transfers_->drive_by(loop);
}

void curl_transport::work_until(std::chrono::steady_clock::time_point time) {
  transfers_->work_until(time);
}

void curl_transport::wake() noexcept {
  transfers_->wake();
}

} // namespace v0
} // namespace stripe_return
