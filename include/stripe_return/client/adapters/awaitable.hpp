/// @file
/// Calls async_session_client from C++20 coroutines of any kind.
#pragma once

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/call_options.hpp>
#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/line_item.hpp>
#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/session_id.hpp>

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// A call of async_session_client that a coroutine can await: `co_await awaitable_retrieve(client,
/// id)` returns a result<observation>. The coroutine resumes where the client's callbacks run. It
/// must not be destroyed while it waits.
template <class Answer, class Begin> class [[nodiscard]] awaitable_call {
public:
  explicit awaitable_call(Begin begin) : begin_(std::move(begin)) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    // From here on the coroutine may resume and destroy this object before the call returns.
    Begin begin = std::move(begin_);
    begin([this, waiting](result<Answer> answer) {
      answer_.emplace(std::move(answer));
      waiting.resume();
    });
  }
  result<Answer> await_resume() { return *std::move(answer_); }

private:
  Begin begin_;
  std::optional<result<Answer>> answer_;
};

namespace awaitable_detail {
template <class Answer, class Begin> auto make(Begin begin) {
  return awaitable_call<Answer, Begin>(std::move(begin));
}
} // namespace awaitable_detail

inline auto awaitable_retrieve(async_session_client& client, result<session_id> id,
                               retrieve_options options = {}) {
  return awaitable_detail::make<observation>(
      [&client, id = std::move(id), options = std::move(options)](auto done) {
        client.retrieve(id, options, std::move(done));
      });
}

inline auto awaitable_create(async_session_client& client, checkout_parameters parameters,
                             call_options options = {}) {
  return awaitable_detail::make<observation>(
      [&client, parameters = std::move(parameters), options = std::move(options)](auto done) {
        client.create(parameters, options, std::move(done));
      });
}

inline auto awaitable_expire(async_session_client& client, result<session_id> id,
                             call_options options = {}) {
  return awaitable_detail::make<observation>(
      [&client, id = std::move(id), options = std::move(options)](auto done) {
        client.expire(id, options, std::move(done));
      });
}

inline auto awaitable_line_items(async_session_client& client, result<session_id> id,
                                 page_options options = {}) {
  return awaitable_detail::make<line_item_page>(
      [&client, id = std::move(id), options = std::move(options)](auto done) {
        client.line_items(id, options, std::move(done));
      });
}

inline auto awaitable_sessions_since(async_session_client& client, list_options options) {
  return awaitable_detail::make<session_page>([&client, options = std::move(options)](auto done) {
    client.sessions_since(options, std::move(done));
  });
}

inline auto awaitable_events_since(async_session_client& client, list_options options) {
  return awaitable_detail::make<event_page>([&client, options = std::move(options)](auto done) {
    client.events_since(options, std::move(done));
  });
}

} // namespace v0
} // namespace stripe_return
