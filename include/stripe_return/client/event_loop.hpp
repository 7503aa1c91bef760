/// @file
/// event_loop: the interface between a client and the application's event loop.
#pragma once

#include <stripe_return/export.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// What to wait for on a file descriptor, or what has happened on it.
enum class fd_interest : unsigned char { none, read, write, read_write };

STRIPE_RETURN_EXPORT std::string_view to_string(fd_interest interest) noexcept;

/// What the event loop calls back. It must do so on the loop's thread, and never inside watch() or
/// arm_timer().
class STRIPE_RETURN_EXPORT event_loop_client {
public:
  /// The file descriptor `fd` is ready for `ready`.
  virtual void on_fd(int fd, fd_interest ready) = 0;
  /// The timer fired.
  virtual void on_timer() = 0;

protected:
  ~event_loop_client() = default;
};

/// The application's event loop: Asio, libuv, Qt or epoll, for example. The client calls all
/// members on the loop's thread, except post(). An object serves one client, and must outlive it.
/// No member may throw anything but std::bad_alloc.
class STRIPE_RETURN_EXPORT event_loop {
public:
  event_loop() = default;
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  virtual ~event_loop();

  /// Sets whom the loop calls back from now on. Null: the loop must make no more callbacks, even
  /// for what it still waits for.
  virtual void attach(event_loop_client* client) = 0;
  /// Calls on_fd() each time `fd` is ready for `interest`, until another interest is set. `none`
  /// stops it: the client may then close the descriptor at once, and its number may be used again.
  virtual void watch(int fd, fd_interest interest) = 0;
  /// Calls on_timer() once after `delay`. This replaces a timer that was armed before. Without a
  /// delay, it disarms the timer.
  virtual void arm_timer(std::optional<std::chrono::milliseconds> delay) = 0;
  /// Runs `work` later on the loop's thread, in the order of the calls; never inside post(), which
  /// must return at once. Thread-safe.
  virtual void post(std::function<void()> work) = 0;
};

} // namespace v0
} // namespace stripe_return
