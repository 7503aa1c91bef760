// The simplest event loop of an application's, which looks at how the client uses it.
#pragma once

#include <stripe_return/client/event_loop.hpp>

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

/// On poll(), for one thread. Fails the test where the client comes on another thread, closes a
/// descriptor before it says so, or asks for something after it has detached itself.
class poll_loop final : public stripe_return::event_loop {
public:
  using clock = std::chrono::steady_clock;

  ~poll_loop() override {
    EXPECT_EQ(client_, nullptr);
    EXPECT_TRUE(watched_.empty());
  }

  void attach(stripe_return::event_loop_client* client) override {
    expect_own_thread();
    EXPECT_TRUE(client == nullptr || client_ == nullptr);
    client_ = client;
    if (client == nullptr) {
      EXPECT_TRUE(watched_.empty()) << "a descriptor is still being watched";
      due_.reset();
    }
  }

  void watch(int fd, stripe_return::fd_interest interest) override {
    expect_own_thread();
    EXPECT_NE(client_, nullptr);
    const auto at = watched_.find(fd);
    if (at != watched_.end()) expect_open(fd, at->second);
    if (interest == stripe_return::fd_interest::none) {
      if (at != watched_.end()) watched_.erase(at);
      return;
    }
    EXPECT_TRUE(file_of(fd)) << "watch(" << fd << ") of a closed descriptor";
    watched_[fd] = {interest, file_of(fd), ++times_watched_, false};
  }

  void arm_timer(std::optional<std::chrono::milliseconds> delay) override {
    expect_own_thread();
    EXPECT_NE(client_, nullptr);
    due_.reset();
    if (!delay) return;
    EXPECT_GE(delay->count(), 0);
    due_ = clock::now() + *delay;
  }

  void post(std::function<void()> work) override {
    const std::lock_guard<std::mutex> lock(posted_mutex_);
    posted_.push_back(std::move(work));
  }

  /// Something of the application's own.
  void after(std::chrono::milliseconds delay, std::function<void()> work) {
    own_.emplace(clock::now() + delay, std::move(work));
  }

  /// Waits, but not for long, and calls back whoever is due.
  void run_once() {
    expect_own_thread();
    std::vector<pollfd> fds;
    for (auto& [fd, how] : watched_) {
      how.connected = is_connected(fd);
      expect_open(fd, how);
      fds.push_back({fd, events_of(how.interest), 0});
    }
    ::poll(fds.data(), fds.size(), time_to_wait());
    ++turns_;
    for (const auto& work : take_posted())
      work();
    const auto now = clock::now();
    while (!own_.empty() && own_.begin()->first <= now) {
      const auto work = std::move(own_.begin()->second);
      own_.erase(own_.begin());
      work();
    }
    if (due_ && *due_ <= now) {
      due_.reset();
      client_->on_timer();
    }
    const unsigned long seen = times_watched_;
    for (const pollfd& each : fds) {
      // Whom an earlier callback has forgotten, or who is another by now, is not told.
      const auto at = watched_.find(each.fd);
      if (each.revents == 0 || at == watched_.end() || at->second.number > seen) continue;
      client_->on_fd(each.fd, ready(each.revents));
    }
  }

  long turns() const { return turns_; }
  std::size_t watched() const { return watched_.size(); }

private:
  using file = std::optional<std::pair<dev_t, ino_t>>;
  struct interest_in {
    stripe_return::fd_interest interest;
    file what;
    unsigned long number;
    bool connected; // when it was looked at last
  };

  // Which file a descriptor stands for: each socket has a number of its own.
  static file file_of(int fd) {
    struct stat about {};
    if (fstat(fd, &about) != 0) return std::nullopt;
    return file({about.st_dev, about.st_ino});
  }
  static bool is_connected(int fd) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    return getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
  }
  // Gone, or another file under its number: the client has closed it without saying so.
  // libcurl 7.88 itself does that, though it says so right after, with a socket that was never
  // connected.
  static void expect_open(int fd, const interest_in& how) {
    const file now = file_of(fd);
    if (!now && !how.connected) return;
    EXPECT_EQ(now, how.what) << fd << " was closed while it was watched";
  }
  static short events_of(stripe_return::fd_interest interest) {
    using stripe_return::fd_interest;
    if (interest == fd_interest::read) return POLLIN;
    if (interest == fd_interest::write) return POLLOUT;
    return POLLIN | POLLOUT;
  }
  static stripe_return::fd_interest ready(short events) {
    using stripe_return::fd_interest;
    const bool in = (events & (POLLIN | POLLHUP | POLLERR)) != 0;
    const bool out = (events & (POLLOUT | POLLERR)) != 0;
    if (in && out) return fd_interest::read_write;
    return in ? fd_interest::read : fd_interest::write;
  }
  int time_to_wait() const {
    auto wait = std::chrono::milliseconds(20);
    for (const auto& due : {due_, own_.empty() ? std::nullopt : std::optional(own_.begin()->first)})
      if (due)
        wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(*due - clock::now()));
    return static_cast<int>(std::max(wait, std::chrono::milliseconds(0)).count());
  }
  std::vector<std::function<void()>> take_posted() {
    const std::lock_guard<std::mutex> lock(posted_mutex_);
    return std::exchange(posted_, {});
  }
  void expect_own_thread() const { EXPECT_EQ(std::this_thread::get_id(), thread_); }

  const std::thread::id thread_ = std::this_thread::get_id();
  stripe_return::event_loop_client* client_ = nullptr;
  std::map<int, interest_in> watched_;
  unsigned long times_watched_ = 0;
  std::optional<clock::time_point> due_;
  std::multimap<clock::time_point, std::function<void()>> own_;
  long turns_ = 0;
  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_; // seen when the loop looks next
};
