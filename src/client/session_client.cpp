#include <stripe_return/client/session_client.hpp>

#include "client/no_memory.hpp"
#include "client/request_core.hpp"

#include <stripe_return/client/async_session_client.hpp>

#include <new>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

template <class Answer, class Make>
result<Answer> wait_for(request_core& core, client_call kind, const call_options& options,
                        Make make) {
  try {
    api_answer got = core.wait_for(kind, make(), options);
    if (!got) return std::move(got).error();
    return std::get<Answer>(*std::move(got));
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

} // namespace

session_client::session_client(client_options options, client_parts parts)
    : core_(request_core::make(std::move(options), std::move(parts),
                               request_core::driver::waiting_threads)) {}

session_client::session_client(async_session_client& shared) : core_(shared.core_) {}

session_client::session_client(session_client&&) noexcept = default;
session_client& session_client::operator=(session_client&&) noexcept = default;
session_client::~session_client() = default;

result<observation> session_client::retrieve(const session_id& id,
                                             const retrieve_options& options) const {
  return wait_for<observation>(*core_, client_call::retrieve, options,
                               [&] { return make_retrieve(id, options); });
}

result<observation> session_client::create(const checkout_parameters& parameters,
                                           const call_options& options) const {
  return wait_for<observation>(*core_, client_call::create, options,
                               [&] { return make_create(parameters, options); });
}

result<observation> session_client::expire(const session_id& id,
                                           const call_options& options) const {
  return wait_for<observation>(*core_, client_call::expire, options,
                               [&] { return make_expire(id, options); });
}

result<line_item_page> session_client::line_items(const session_id& id,
                                                  const page_options& options) const {
  return wait_for<line_item_page>(*core_, client_call::line_items, options,
                                  [&] { return make_line_items(id, options); });
}

result<session_page> session_client::sessions_since(const list_options& options) const {
  return wait_for<session_page>(*core_, client_call::sessions_since, options,
                                [&] { return make_sessions_since(options); });
}

result<event_page> session_client::events_since(const list_options& options) const {
  return wait_for<event_page>(*core_, client_call::events_since, options,
                              [&] { return make_events_since(options); });
}

void session_client::set_secret_key(const secret& key) {
  core_->set_secret_key(key);
}

result<livemode> session_client::key_mode() const {
  return core_->key_mode();
}

const std::string& session_client::account() const noexcept {
  return core_->account();
}

time_source& session_client::time() const noexcept {
  return core_->time();
}

} // namespace v0
} // namespace stripe_return
