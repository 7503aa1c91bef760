// What an async_session_client is to the calls that it accepted.
#pragma once

#include "client/curl_wire.hpp"
#include "client/fetch_scheduler.hpp"

#include <stripe_return/client/async_session_client.hpp>

namespace stripe_return {
inline namespace v0 {

// The engine: the policy on libcurl. How it is driven is up to those derived from it.
class async_engine {
public:
  async_engine(client_options options, load_options load);
  async_engine(const async_engine&) = delete;
  async_engine& operator=(const async_engine&) = delete;
  virtual ~async_engine() = default;

  virtual std::uint64_t retrieve(result<session_id> id, async_retrieve_options options,
                                 async_session_client::callback done) = 0;
  virtual void cancel(std::uint64_t call) = 0;
  // Answers every call; no more are made.
  virtual void close() = 0;
  void set_secret_key(secret key) { access_.set_secret_key(std::move(key)); }

protected:
  // Runs the callback that is due next. Gives whether there was one.
  bool call_back();

  const load_options load_;
  system_time clock_;
  api_access access_;
  curl_wire wire_;
  fetch_scheduler scheduler_;
};

// Driven by a host's loop, on its thread.
std::shared_ptr<async_engine> make_loop_engine(client_options options, event_loop& loop,
                                               load_options load);
// Driven by a thread of its own.
std::shared_ptr<async_engine> make_thread_engine(client_options options, load_options load);

} // namespace v0
} // namespace stripe_return
