#include "client/async_engine.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::milliseconds;

class loop_engine final : public async_engine,
                          public event_loop_client,
                          public std::enable_shared_from_this<loop_engine> {
public:
  loop_engine(client_options options, event_loop& loop, load_options load)
      : async_engine(std::move(options), std::move(load)), loop_(&loop) {
    CURLM* multi = wire_.multi();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &on_curl_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &on_curl_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    loop_->attach(this);
  }

  ~loop_engine() override {
    curl_multi_setopt(wire_.multi(), CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(wire_.multi(), CURLMOPT_TIMERFUNCTION, nullptr);
  }

  std::uint64_t retrieve(result<session_id> id, async_retrieve_options options,
                         async_session_client::callback done) override {
    scheduler_.submit(++last_call_, id, options, clock_.now(), std::move(done));
    turn_soon();
    return last_call_;
  }

  void cancel(std::uint64_t call) override {
    scheduler_.cancel(call);
    turn_soon();
  }

  void close() override {
    const auto self = shared_from_this(); // a callback may let go of the last pending_fetch
    in_turn_ = true;
    scheduler_.cancel_all(); // libcurl says what it closes
    closed_ = true;
    loop_->arm_timer(std::nullopt);
    for (const int fd : std::exchange(watched_, {}))
      loop_->watch(fd, fd_interest::none);
    std::exchange(loop_, nullptr)->attach(nullptr);
    do {
      scheduler_.cancel_all();
    } while (call_back());
  }

  void on_fd(int fd, fd_interest ready) override {
    const auto self = shared_from_this();
    int events = 0;
    if (ready == fd_interest::read || ready == fd_interest::read_write) events |= CURL_CSELECT_IN;
    if (ready == fd_interest::write || ready == fd_interest::read_write) events |= CURL_CSELECT_OUT;
    int running = 0;
    curl_multi_socket_action(wire_.multi(), fd, events, &running);
    turn(0);
  }

  void on_timer() override {
    const auto self = shared_from_this();
    if (curl_due_ && *curl_due_ <= clock_.now()) {
      curl_due_.reset();
      int running = 0;
      curl_multi_socket_action(wire_.multi(), CURL_SOCKET_TIMEOUT, 0, &running);
    }
    turn(1);
  }

private:
  // Callbacks may do anything, destroying the client included. Only those due now are run: what
  // they cause waits for the next turn, so that the host's loop gets its own. Nor is more than one
  // request begun in a turn of the loop: a new connection may take a millisecond for its TLS.
  void turn(std::size_t most_sent) {
    in_turn_ = true;
    wire_.collect_refused(scheduler_);
    call_back_due();
    // One answer at a time, so that the next one gets its memory while it is in the cache.
    while (!closed_ && wire_.collect(scheduler_))
      call_back_due();
    if (closed_) return;
    scheduler_.advance(most_sent);
    in_turn_ = false;
    arm_timer();
  }

  void call_back_due() {
    for (std::size_t due = scheduler_.completions(); due != 0 && !closed_; --due)
      call_back();
  }

  // The caller is not to be called back before it returns.
  void turn_soon() {
    if (closed_ || in_turn_) return;
    loop_->arm_timer(milliseconds(0));
  }

  void arm_timer() {
    std::optional<time_point> due = scheduler_.next_time();
    if (curl_due_ && (!due || *curl_due_ < *due)) due = curl_due_;
    if (scheduler_.completions() != 0 || wire_.refused()) {
      return loop_->arm_timer(milliseconds(0));
    }
    if (!due) return loop_->arm_timer(std::nullopt);
    const auto left = std::chrono::ceil<milliseconds>(*due - clock_.now());
    loop_->arm_timer(std::max(left, milliseconds(0)));
  }

  static int on_curl_socket(CURL*, curl_socket_t fd, int what, void* user, void*) noexcept {
    auto& self = *static_cast<loop_engine*>(user);
    if (self.closed_) return 0;
    const auto at = std::find(self.watched_.begin(), self.watched_.end(), fd);
    fd_interest interest = fd_interest::none;
    if (what == CURL_POLL_IN) interest = fd_interest::read;
    if (what == CURL_POLL_OUT) interest = fd_interest::write;
    if (what == CURL_POLL_INOUT) interest = fd_interest::read_write;
    if (what == CURL_POLL_REMOVE) {
      if (at != self.watched_.end()) self.watched_.erase(at);
    } else if (at == self.watched_.end()) {
      self.watched_.push_back(fd);
    }
    self.loop_->watch(fd, interest);
    return 0;
  }

  static int on_curl_timer(CURLM*, long delay_ms, void* user) noexcept {
    auto& self = *static_cast<loop_engine*>(user);
    if (delay_ms < 0) {
      self.curl_due_.reset();
    } else {
      self.curl_due_ = self.clock_.now() + milliseconds(delay_ms);
    }
    return 0; // turn() arms the loop's timer
  }

  event_loop* loop_;
  std::uint64_t last_call_ = 0;
  std::optional<time_point> curl_due_;
  std::vector<int> watched_;
  bool in_turn_ = false;
  bool closed_ = false;
};

} // namespace

std::shared_ptr<async_engine> make_loop_engine(client_options options, event_loop& loop,
                                               load_options load) {
  return std::make_shared<loop_engine>(std::move(options), loop, std::move(load));
}

} // namespace v0
} // namespace stripe_return
