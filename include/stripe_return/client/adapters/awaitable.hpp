/// @file
/// async_session_client in C++20 coroutines of any kind.
#pragma once

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/session_id.hpp>

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// `co_await fetch(client, id)` gives a result<observation>. The coroutine goes on where the
/// client's callbacks run. It must not be destroyed while it waits here.
class [[nodiscard]] fetch {
public:
  fetch(async_session_client& client, result<session_id> id, async_retrieve_options options = {})
      : client_(client), id_(std::move(id)), options_(std::move(options)) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    // From here on the coroutine may go on, and this be gone, before retrieve() returns.
    client_.retrieve(std::move(id_), std::move(options_),
                     [this, waiting](result<observation> answer) {
                       answer_.emplace(std::move(answer));
                       waiting.resume();
                     });
  }
  result<observation> await_resume() { return *std::move(answer_); }

private:
  async_session_client& client_;
  result<session_id> id_;
  async_retrieve_options options_;
  std::optional<result<observation>> answer_;
};

} // namespace v0
} // namespace stripe_return
