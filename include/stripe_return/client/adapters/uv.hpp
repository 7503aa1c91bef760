/// @file
/// Runs async_session_client on libuv. Header-only, so that it uses the application's own libuv.
#pragma once

#include <stripe_return/client/event_loop.hpp>

#include <uv.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The event loop of a uv_loop_t. After this object is destroyed, the uv_loop_t must run once more,
/// as uv_run() does before it returns, so that libuv can free the handles.
class uv_event_loop final : public event_loop {
public:
  /// Makes the loop on `loop`, which must outlive it.
  explicit uv_event_loop(uv_loop_t* loop)
      : loop_(loop), timer_(new uv_timer_t), posted_(new uv_async_t) {
    uv_timer_init(loop_, timer_);
    timer_->data = this;
    uv_async_init(loop_, posted_, &on_posted);
    posted_->data = this;
    uv_unref(reinterpret_cast<uv_handle_t*>(posted_)); // what is posted keeps no loop running
  }

  /// No client may be attached.
  ~uv_event_loop() override {
    forget_all();
    close(timer_);
    close(posted_);
  }

  void attach(event_loop_client* client) override {
    client_ = client;
    if (client != nullptr) return;
    forget_all();
    uv_timer_stop(timer_);
  }

  void watch(int fd, fd_interest interest) override {
    const auto at = watched_.find(fd);
    if (interest == fd_interest::none) {
      if (at == watched_.end()) return;
      uv_poll_stop(at->second); // at once: the descriptor is closed next
      close(at->second);
      watched_.erase(at);
      return;
    }
    uv_poll_t* poll = at == watched_.end() ? nullptr : at->second;
    if (poll == nullptr) {
      const auto added = watched_.emplace(fd, nullptr).first;
      poll = new (std::nothrow) uv_poll_t;
      if (poll == nullptr || uv_poll_init(loop_, poll, fd) != 0) {
        delete poll; // libcurl's timeout ends the transfer
        watched_.erase(added);
        return;
      }
      poll->data = this;
      added->second = poll;
    }
    uv_poll_start(poll, events_of(interest), &on_poll);
  }

  void arm_timer(std::optional<std::chrono::milliseconds> delay) override {
    if (!delay) {
      uv_timer_stop(timer_);
      return;
    }
    // libuv counts from its cached time, which is out of date after a long callback.
    uv_update_time(loop_);
    uv_timer_start(
        timer_, [](uv_timer_t* timer) { static_cast<uv_event_loop*>(timer->data)->fired(); },
        static_cast<std::uint64_t>(delay->count()), 0);
  }

  void post(std::function<void()> work) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      work_.push_back(std::move(work));
    }
    uv_async_send(posted_);
  }

private:
  static void on_posted(uv_async_t* posted) {
    auto& self = *static_cast<uv_event_loop*>(posted->data);
    std::vector<std::function<void()>> due;
    {
      const std::lock_guard<std::mutex> lock(self.mutex_);
      due.swap(self.work_);
    }
    for (const auto& each : due)
      each(); // may destroy the client, but not the loop
  }

  static int events_of(fd_interest interest) noexcept {
    if (interest == fd_interest::read) return UV_READABLE;
    if (interest == fd_interest::write) return UV_WRITABLE;
    return UV_READABLE | UV_WRITABLE;
  }

  static void on_poll(uv_poll_t* poll, int failure, int events) {
    auto& self = *static_cast<uv_event_loop*>(poll->data);
    uv_os_fd_t fd = -1;
    if (self.client_ == nullptr || uv_fileno(reinterpret_cast<uv_handle_t*>(poll), &fd) != 0)
      return;
    // libcurl finds the error itself when it reads.
    fd_interest ready = fd_interest::read_write;
    if (failure == 0 && events == UV_READABLE) ready = fd_interest::read;
    if (failure == 0 && events == UV_WRITABLE) ready = fd_interest::write;
    self.client_->on_fd(fd, ready);
  }

  void fired() {
    if (client_ != nullptr) client_->on_timer();
  }

  void forget_all() {
    for (const auto& [fd, poll] : watched_) {
      uv_poll_stop(poll);
      close(poll);
    }
    watched_.clear();
  }

  template <class Handle> static void close(Handle* handle) {
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }

  uv_loop_t* loop_;
  uv_timer_t* timer_;
  uv_async_t* posted_;
  std::mutex mutex_;
  std::vector<std::function<void()>> work_; // guarded by mutex_
  event_loop_client* client_ = nullptr;
  std::map<int, uv_poll_t*> watched_;
};

} // namespace v0
} // namespace stripe_return
