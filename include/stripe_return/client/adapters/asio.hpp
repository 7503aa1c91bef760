/// @file
/// Runs async_session_client on Asio: on Boost's, or on the standalone Asio if
/// STRIPE_RETURN_STANDALONE_ASIO is defined. Header-only, so that it uses the application's own
/// Asio.
#pragma once

#include <stripe_return/client/async_return_handler.hpp>

#ifdef STRIPE_RETURN_STANDALONE_ASIO
#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/async_result.hpp>
#include <asio/dispatch.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#else
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#endif

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

#ifdef STRIPE_RETURN_STANDALONE_ASIO
namespace asio_used = ::asio;
using asio_error_code = std::error_code;
#else
namespace asio_used = ::boost::asio;
using asio_error_code = boost::system::error_code;
#endif

/// The event loop of an Asio execution context. If several threads run the context, `executor` must
/// be a strand, and the client must be destroyed on that strand.
class asio_event_loop final : public event_loop {
public:
  /// Makes the loop of the context that `executor` belongs to.
  explicit asio_event_loop(asio_used::any_io_executor executor)
      : executor_(std::move(executor)), timer_(executor_) {}

  /// No client may be attached.
  ~asio_event_loop() override = default;

  void attach(event_loop_client* client) override {
    *client_ = client;
    if (client == nullptr) {
      watched_.clear();
      timer_.cancel();
    }
  }

  void watch(int fd, fd_interest interest) override {
    const auto at = watched_.find(fd);
    if (at != watched_.end()) watched_.erase(at); // its handlers hold what they need, and see that
    if (interest == fd_interest::none) return;
    const auto added = std::make_shared<descriptor>(executor_, interest, client_);
    asio_error_code failure;
    added->stream.assign(fd, failure);
    if (failure) return; // the request ends by its time limit
    watched_.emplace(fd, handle(added));
    if (interest != fd_interest::write) descriptor::wait(added, fd_interest::read);
    if (interest != fd_interest::read) descriptor::wait(added, fd_interest::write);
  }

  void arm_timer(std::optional<std::chrono::milliseconds> delay) override {
    timer_.cancel();
    if (!delay) return;
    timer_.expires_after(*delay);
    // A timer that has fired already cannot be canceled; the number distinguishes it from the next
    // one.
    timer_.async_wait(
        [client = client_, armed = armed_, number = ++*armed_](asio_error_code failure) {
          if (!failure && *armed == number && *client != nullptr) (*client)->on_timer();
        });
  }

  void post(std::function<void()> work) override { asio_used::post(executor_, std::move(work)); }

private:
  using client_slot = std::shared_ptr<event_loop_client*>; // outlives the loop in its handlers

  struct descriptor {
    descriptor(const asio_used::any_io_executor& executor, fd_interest wanted, client_slot told)
        : stream(executor), interest(wanted), client(std::move(told)) {}

    static void wait(const std::shared_ptr<descriptor>& self, fd_interest what) {
      const auto ready = what == fd_interest::read ? asio_used::posix::descriptor_base::wait_read
                                                   : asio_used::posix::descriptor_base::wait_write;
      const int fd = self->stream.native_handle();
      self->stream.async_wait(ready, [self, what, fd](asio_error_code failure) {
        if (!self->watched || *self->client == nullptr) return;
        // libcurl finds the error itself when it reads.
        (*self->client)->on_fd(fd, failure ? fd_interest::read_write : what);
        if (self->watched && !failure) wait(self, what);
      });
    }

    asio_used::posix::stream_descriptor stream; // of libcurl's descriptor, never closed here
    const fd_interest interest;
    const client_slot client;
    bool watched = true;
  };

  // Stops waiting and releases the descriptor to libcurl, which opened it.
  struct forget {
    std::shared_ptr<descriptor> kept;
    void operator()(descriptor* self) const noexcept {
      self->watched = false;
      self->stream.release();
    }
  };
  using handle_type = std::unique_ptr<descriptor, forget>;
  static handle_type handle(const std::shared_ptr<descriptor>& added) {
    return handle_type(added.get(), forget{added});
  }

  asio_used::any_io_executor executor_;
  asio_used::steady_timer timer_;
  client_slot client_ = std::make_shared<event_loop_client*>(nullptr);
  std::shared_ptr<unsigned long> armed_ = std::make_shared<unsigned long>(0);
  std::map<int, handle_type> watched_;
};

namespace asio_detail {

// Passes the result of `start(callback)`, which starts one call, to the token's handler.
template <class Answer, class Start, class Token>
auto initiate(const asio_used::any_io_executor& executor, Start start, Token&& token) {
  return asio_used::async_initiate<Token, void(Answer)>(
      [executor](auto handler, Start begin) {
        auto slot = asio_used::get_associated_cancellation_slot(handler);
        auto work = asio_used::make_work_guard(handler, executor);
        // std::function copies its target, but a handler need not be copyable.
        auto shared = std::make_shared<std::pair<decltype(handler), decltype(work)>>(
            std::move(handler), std::move(work));
        // Before the call: after it, the handler may have run and the slot may be gone.
        const auto made = std::make_shared<pending_call>();
        if (slot.is_connected()) {
          slot.assign([made](asio_used::cancellation_type) { made->cancel(); });
        }
        *made = std::move(begin)([shared](Answer answer) {
          auto run_on = shared->second.get_executor();
          asio_used::dispatch(run_on, [shared, answer = std::move(answer)]() mutable {
            auto done = std::move(shared->first);
            shared->second.reset();
            std::move(done)(std::move(answer));
          });
        });
      },
      token, std::move(start));
}

} // namespace asio_detail

/// Calls async_session_client::retrieve() with a completion token (a callback, use_future or
/// use_awaitable). The completion signature is void(result<observation>); the functions below have
/// that of their own call. The handler runs on its associated executor, by default `executor`,
/// whose context must exist until the call has finished, even if the client has a thread of its
/// own. Cancellation through the token's slot cancels the call.
template <class Token>
auto async_retrieve(async_session_client& client, const asio_used::any_io_executor& executor,
                    result<session_id> id, retrieve_options options, Token&& token) {
  return asio_detail::initiate<result<observation>>(
      executor,
      [&client, id = std::move(id), options = std::move(options)](auto done) {
        return client.retrieve(id, options, std::move(done));
      },
      std::forward<Token>(token));
}

template <class Token>
auto async_create(async_session_client& client, const asio_used::any_io_executor& executor,
                  checkout_parameters parameters, call_options options, Token&& token) {
  return asio_detail::initiate<result<observation>>(
      executor,
      [&client, parameters = std::move(parameters), options = std::move(options)](auto done) {
        return client.create(parameters, options, std::move(done));
      },
      std::forward<Token>(token));
}

template <class Token>
auto async_expire(async_session_client& client, const asio_used::any_io_executor& executor,
                  result<session_id> id, call_options options, Token&& token) {
  return asio_detail::initiate<result<observation>>(
      executor,
      [&client, id = std::move(id), options = std::move(options)](auto done) {
        return client.expire(id, options, std::move(done));
      },
      std::forward<Token>(token));
}

template <class Token>
auto async_line_items(async_session_client& client, const asio_used::any_io_executor& executor,
                      result<session_id> id, page_options options, Token&& token) {
  return asio_detail::initiate<result<line_item_page>>(
      executor,
      [&client, id = std::move(id), options = std::move(options)](auto done) {
        return client.line_items(id, options, std::move(done));
      },
      std::forward<Token>(token));
}

template <class Token>
auto async_sessions_since(async_session_client& client, const asio_used::any_io_executor& executor,
                          list_options options, Token&& token) {
  return asio_detail::initiate<result<session_page>>(
      executor,
      [&client, options = std::move(options)](auto done) {
        return client.sessions_since(options, std::move(done));
      },
      std::forward<Token>(token));
}

template <class Token>
auto async_events_since(async_session_client& client, const asio_used::any_io_executor& executor,
                        list_options options, Token&& token) {
  return asio_detail::initiate<result<event_page>>(
      executor,
      [&client, options = std::move(options)](auto done) {
        return client.events_since(options, std::move(done));
      },
      std::forward<Token>(token));
}

/// async_return_handler::handle() likewise: the signature is void(result<order_outcome>).
template <class Token>
auto async_handle(const async_return_handler& on_return, const asio_used::any_io_executor& executor,
                  std::string_view query, const expected_order& expected, Token&& token) {
  return asio_detail::initiate<result<order_outcome>>(
      executor,
      // use_awaitable starts later than this call, when `query` may be gone
      [&on_return, query = std::string(query), expected](auto done) {
        return on_return.handle(query, expected, std::move(done));
      },
      std::forward<Token>(token));
}

} // namespace v0
} // namespace stripe_return
