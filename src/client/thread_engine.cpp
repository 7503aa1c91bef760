#include "client/async_engine.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

namespace stripe_return {
inline namespace v0 {
namespace {

using std::chrono::milliseconds;

class thread_engine final : public async_engine,
                            public std::enable_shared_from_this<thread_engine> {
public:
  using async_engine::async_engine;

  // Apart from the constructor, since the thread keeps what it runs on alive.
  void start() {
    wakeable_ = curl_multi_wakeup(wire_.multi()) == CURLM_OK;
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
    own_ = thread_.get_id();
  }

  std::uint64_t retrieve(result<session_id> id, async_retrieve_options options,
                         async_session_client::callback done) override {
    const std::uint64_t call = ++last_call_;
    post(new_call{call, std::move(id), std::move(options), clock_.now(), std::move(done)});
    return call;
  }

  void cancel(std::uint64_t call) override { post(given_up{call}); }

  void close() override {
    closing_ = true;
    if (own_ != std::this_thread::get_id()) {
      curl_multi_wakeup(wire_.multi());
      return thread_.join();
    }
    // Inside a callback: the thread ends by itself, and then lets go of this. By then the process
    // may be exiting, and libcurl's TLS library be gone: what is theirs goes now.
    scheduler_.cancel_all();
    const std::lock_guard<std::mutex> lock(mutex_);
    wire_.close();
    thread_.detach();
  }

private:
  struct new_call {
    std::uint64_t number;
    result<session_id> id;
    async_retrieve_options options;
    time_point made;
    async_session_client::callback done;
  };
  struct given_up {
    std::uint64_t number;
  };
  using message = std::variant<new_call, given_up>;

  void post(message posted) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool woken = !inbox_.empty(); // and has not looked since
    inbox_.push_back(std::move(posted));
    // Not while close() frees it. Inside a callback, the thread looks by itself.
    if (!woken && own_ != std::this_thread::get_id()) {
      curl_multi_wakeup(wire_.multi());
    }
  }

  void run() {
    while (!closing_) {
      int running = 0;
      curl_multi_perform(wire_.multi(), &running);
      wire_.collect_refused(scheduler_);
      // One answer at a time: what it leaves, memory and a connection, serves the next request
      // while it is in the cache. Whoever called before an answer came shares the next request.
      do {
        call_back_due();
        if (closing_) break;
        take_in_messages();
        scheduler_.send_queued();
      } while (wire_.collect(scheduler_));
      if (closing_) break;
      scheduler_.advance();
      if (curl_multi_poll(wire_.multi(), nullptr, 0, time_to_wait(), nullptr) != CURLM_OK) {
        std::this_thread::sleep_for(without_wakeup); // else it would fail again at once
      }
    }
    do {
      take_in_messages();
      scheduler_.cancel_all();
    } while (call_back());
  }

  void call_back_due() {
    for (std::size_t due = scheduler_.completions(); due != 0 && !closing_; --due)
      call_back();
  }

  void take_in_messages() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      taken_in_.swap(inbox_);
    }
    for (message& each : taken_in_) {
      if (auto* call = std::get_if<new_call>(&each)) {
        scheduler_.submit(call->number, call->id, call->options, call->made, std::move(call->done));
      } else {
        scheduler_.cancel(std::get<given_up>(each).number);
      }
    }
    taken_in_.clear();
  }

  // libcurl's own timers wake curl_multi_poll() by themselves.
  int time_to_wait() {
    const milliseconds longest = wakeable_ ? milliseconds(60000) : without_wakeup;
    if (scheduler_.completions() != 0 || wire_.refused()) return 0;
    const std::optional<time_point> due = scheduler_.next_time();
    if (!due) return static_cast<int>(longest.count());
    const auto left = std::chrono::ceil<milliseconds>(*due - clock_.now());
    return static_cast<int>(std::clamp(left, milliseconds(0), longest).count());
  }

  // How long a call may wait to be taken in where libcurl had no descriptor left to be woken by.
  static constexpr milliseconds without_wakeup{10};

  std::atomic<std::uint64_t> last_call_{0};
  std::atomic<bool> closing_{false};
  std::mutex mutex_;
  std::vector<message> inbox_;    // guarded by mutex_
  std::vector<message> taken_in_; // empty between turns: it keeps its memory for the next
  std::thread thread_;
  std::thread::id own_; // of thread_, which join() changes
  bool wakeable_ = true;
};

} // namespace

std::shared_ptr<async_engine> make_thread_engine(client_options options, load_options load) {
  auto engine = std::make_shared<thread_engine>(std::move(options), std::move(load));
  engine->start();
  return engine;
}

} // namespace v0
} // namespace stripe_return
