// An event loop that needs no memory of its own, for a client with few connections.
#pragma once

#include <stripe_return/client/event_loop.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include <poll.h>

/// Works when run_once() is called.
class small_loop final : public stripe_return::event_loop {
public:
  void attach(stripe_return::event_loop_client* client) override { client_ = client; }
  void watch(int fd, stripe_return::fd_interest interest) override {
    using stripe_return::fd_interest;
    pollfd* at = find(fd);
    if (interest == fd_interest::none) {
      if (at != end()) *at = fds_.at(--count_);
      return;
    }
    if (at == end()) at = &fds_.at(count_++);
    short events = POLLIN;
    if (interest == fd_interest::write) events = POLLOUT;
    if (interest == fd_interest::read_write) events = POLLIN | POLLOUT;
    *at = {fd, events, 0};
  }
  void arm_timer(std::optional<std::chrono::milliseconds> delay) override {
    due_.reset();
    if (delay) due_ = clock::now() + *delay;
  }
  /// Keeps one: a client posts no second one before the first has run.
  void post(std::function<void()> work) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    posted_ = std::move(work);
  }

  void run_once() {
    using stripe_return::fd_interest;
    decltype(fds_) seen = fds_;
    const std::size_t count = count_;
    ::poll(seen.data(), count, 1);
    for (std::size_t i = 0; i != count; ++i) {
      if (seen[i].revents == 0 || client_ == nullptr || find(seen[i].fd) == end()) continue;
      const bool out = (seen[i].revents & (POLLOUT | POLLERR)) != 0;
      const bool in = (seen[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
      client_->on_fd(seen[i].fd, in && out ? fd_interest::read_write
                                 : in      ? fd_interest::read
                                           : fd_interest::write);
    }
    if (due_ && *due_ <= clock::now()) {
      due_.reset();
      if (client_ != nullptr) client_->on_timer();
    }
    std::function<void()> work;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      work.swap(posted_);
    }
    if (work) work();
  }

private:
  using clock = std::chrono::steady_clock;

  pollfd* find(int fd) {
    return std::find_if(fds_.data(), end(), [&](const pollfd& each) { return each.fd == fd; });
  }
  pollfd* end() { return fds_.data() + count_; }

  stripe_return::event_loop_client* client_ = nullptr;
  std::array<pollfd, 16> fds_{};
  std::size_t count_ = 0;
  std::optional<clock::time_point> due_;
  std::mutex mutex_;
  std::function<void()> posted_;
};
