/// @file
/// The seam between the client and the application's event loop.
#pragma once

#include <stripe_return/export.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// What to wait for on a file descriptor; what has happened on it.
enum class fd_interest : unsigned char { none, read, write, read_write };

STRIPE_RETURN_EXPORT std::string_view to_string(fd_interest interest) noexcept;

/// What the loop calls back, on the loop's thread, never from inside watch() or arm_timer().
class STRIPE_RETURN_EXPORT event_loop_client {
public:
  virtual void on_fd(int fd, fd_interest ready) = 0;
  virtual void on_timer() = 0;

protected:
  ~event_loop_client() = default;
};

/// A loop of the application's: Asio, libuv, Qt, epoll. Each call but post() comes on the loop's
/// thread. An object serves one client, and must live longer.
class STRIPE_RETURN_EXPORT event_loop {
public:
  event_loop() = default;
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  virtual ~event_loop();

  /// Says whom to call back from now on; null: nobody any more, whatever is still being waited for.
  virtual void attach(event_loop_client* client) = 0;
  /// Calls on_fd() each time `fd` is ready for `interest`, until another interest is given. `none`
  /// ends it; the descriptor may be closed, and its number used again, right afterwards.
  virtual void watch(int fd, fd_interest interest) = 0;
  /// Calls on_timer() once after `delay`, in place of what was armed before; nothing disarms it.
  virtual void arm_timer(std::optional<std::chrono::milliseconds> delay) = 0;
  /// Runs `work` on the loop's thread, later, and in the order of the calls. From any thread.
  virtual void post(std::function<void()> work) = 0;
};

} // namespace v0
} // namespace stripe_return
