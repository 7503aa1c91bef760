#include <stripe_return/client/transport.hpp>

#include "client/no_memory.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <new>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// Sends on the threads that wait: the client does the work.
class blocking_on_waiting_threads final : public transport {
public:
  explicit blocking_on_waiting_threads(std::shared_ptr<blocking_transport> blocking)
      : blocking_(std::move(blocking)) {}

  std::uint64_t start(const http_request&, completion) override { return 0; }
  void cancel(std::uint64_t) noexcept override {}
  blocking_transport* blocking() noexcept override { return blocking_.get(); }

private:
  const std::shared_ptr<blocking_transport> blocking_;
};

class blocking_on_executor final : public transport {
public:
  blocking_on_executor(std::shared_ptr<blocking_transport> blocking,
                       std::function<void(std::function<void()>)> run)
      : blocking_(std::move(blocking)), run_(std::move(run)) {}

  std::uint64_t start(const http_request& request, completion done) override {
    run_([blocking = blocking_, woken = woken_, request, done = std::move(done)] {
      result<http_response> answer = no_memory();
      try {
        answer = blocking->send(request);
      } catch (const std::bad_alloc&) {
      }
      done(std::move(answer));
      woken->set();
    });
    return 0;
  }
  void cancel(std::uint64_t) noexcept override {} // what comes later is ignored
  void work_until(std::chrono::steady_clock::time_point time) override { woken_->wait(time); }
  void wake() noexcept override { woken_->set(); }

private:
  class flag {
  public:
    void set() noexcept {
      const std::lock_guard<std::mutex> lock(mutex_);
      is_set_ = true;
      changed_.notify_one();
    }
    void wait(std::chrono::steady_clock::time_point time) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait_until(lock, time, [this] { return is_set_; });
      is_set_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_set_ = false;
  };

  const std::shared_ptr<blocking_transport> blocking_;
  const std::function<void(std::function<void()>)> run_;
  const std::shared_ptr<flag> woken_ = std::make_shared<flag>(); // outlives this in what runs
};

} // namespace

transport::~transport() = default;

attempt_result transport::so_far(std::uint64_t) {
  return error{error_code::timed_out_waiting, "The answer did not arrive in time: try again."};
}

void transport::drive_by(event_loop*) {}
void transport::work_until(std::chrono::steady_clock::time_point) {}
void transport::wake() noexcept {}
blocking_transport* transport::blocking() noexcept {
  return nullptr;
}

blocking_transport::~blocking_transport() = default;

std::shared_ptr<transport> adapt(std::shared_ptr<blocking_transport> blocking,
                                 std::function<void(std::function<void()>)> run_elsewhere) {
  if (!run_elsewhere) return std::make_shared<blocking_on_waiting_threads>(std::move(blocking));
  return std::make_shared<blocking_on_executor>(std::move(blocking), std::move(run_elsewhere));
}

} // namespace v0
} // namespace stripe_return
