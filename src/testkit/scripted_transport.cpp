#include <stripe_return/testkit/scripted_transport.hpp>

#include "testkit/http_date.hpp"

#include <stripe_return/client/event_loop.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

class scripted_transport::impl final : private event_loop_client {
public:
  explicit impl(script answer) : answer_(std::move(answer)) {}

  std::uint64_t start(const http_request& request, completion done) {
    const std::lock_guard<std::mutex> lock(mutex_);
    http_request recorded = request;
    recorded.authorization = {};
    requests_.push_back(std::move(recorded));
    answered_.push_back({++last_number_, answer_(request), std::move(done)});
    if (loop_ != nullptr) loop_->arm_timer(std::chrono::milliseconds(0));
    return last_number_;
  }

  void cancel(std::uint64_t number) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = std::find_if(answered_.begin(), answered_.end(),
                                 [&](const answered& each) { return each.number == number; });
    if (at != answered_.end()) answered_.erase(at);
  }

  void drive_by(event_loop* loop) {
    if (loop != nullptr) loop->attach(this);
    const std::lock_guard<std::mutex> lock(mutex_);
    loop_ = loop;
  }

  void tell() {
    std::vector<answered> told;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      told.swap(answered_);
    }
    for (answered& each : told)
      each.done(std::move(each.answer));
  }

  std::vector<http_request> requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

private:
  struct answered {
    std::uint64_t number;
    attempt_result answer;
    completion done;
  };

  void on_fd(int, fd_interest) override {}
  void on_timer() override { tell(); }

  mutable std::mutex mutex_;
  script answer_;
  std::vector<http_request> requests_;
  std::vector<answered> answered_; // the client has yet to be told
  std::uint64_t last_number_ = 0;
  event_loop* loop_ = nullptr;
};

scripted_transport::scripted_transport(script answer)
    : impl_(std::make_unique<impl>(std::move(answer))) {}

scripted_transport::~scripted_transport() = default;

std::uint64_t scripted_transport::start(const http_request& request, completion done) {
  return impl_->start(request, std::move(done));
}

void scripted_transport::cancel(std::uint64_t number) noexcept {
  impl_->cancel(number);
}

void scripted_transport::drive_by(event_loop* loop) {
  impl_->drive_by(loop);
}

void scripted_transport::work_until(std::chrono::steady_clock::time_point) {
  impl_->tell();
}

std::vector<http_request> scripted_transport::requests() const {
  return impl_->requests();
}

http_response stripe_response(int status, std::string body, unix_seconds date) {
  return {status, {{"date", http_date(date)}, {"request-id", "req_scripted"}}, std::move(body)};
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
