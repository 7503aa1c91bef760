#include <stripe_return/client/async_session_client.hpp>

#include "client/async_retrieve.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// Gives the number of the call. A callback may destroy the client meanwhile: the core is held.
template <class Answer>
// NOLINTNEXTLINE(performance-unnecessary-value-param)
std::uint64_t begin(std::shared_ptr<request_core> core, client_call kind, made_call made,
                    const call_options& options, completion<Answer> done) {
  return core->begin(kind, std::move(made), options, [done = std::move(done)](api_answer&& got) {
    if (!got) return done(std::move(got).error());
    done(std::get<Answer>(*std::move(got)));
  });
}

template <class Make> made_call with(const result<session_id>& id, Make make) {
  if (!id) return id.error();
  return make(*id);
}

} // namespace

std::uint64_t begin_retrieve(const std::shared_ptr<request_core>& core,
                             const result<session_id>& id, const retrieve_options& options,
                             completion<observation> done) {
  return begin(core, client_call::retrieve,
               with(id, [&](const session_id& of) { return make_retrieve(of, options); }), options,
               std::move(done));
}

pending_call::pending_call(std::weak_ptr<request_core> core, std::uint64_t number)
    : core_(std::move(core)), number_(number) {}

void pending_call::cancel() const {
  if (const std::shared_ptr<request_core> core = core_.lock()) core->cancel(number_);
}

async_session_client::async_session_client(client_options options, client_parts parts)
    : core_(request_core::make(std::move(options), std::move(parts),
                               request_core::driver::own_thread)) {}

async_session_client::async_session_client(client_options options, event_loop& loop,
                                           client_parts parts)
    : core_(request_core::make(std::move(options), std::move(parts),
                               request_core::driver::event_loop, &loop)) {}

async_session_client::~async_session_client() {
  core_->close();
}

pending_call async_session_client::retrieve(const result<session_id>& id,
                                            const retrieve_options& options,
                                            completion<observation> done) {
  return {core_, begin_retrieve(core_, id, options, std::move(done))};
}

pending_call async_session_client::create(const checkout_parameters& parameters,
                                          const call_options& options,
                                          completion<observation> done) {
  return {core_, begin(core_, client_call::create, make_create(parameters, options), options,
                       std::move(done))};
}

pending_call async_session_client::expire(const result<session_id>& id, const call_options& options,
                                          completion<observation> done) {
  return {core_, begin(core_, client_call::expire,
                       with(id, [&](const session_id& of) { return make_expire(of, options); }),
                       options, std::move(done))};
}

pending_call async_session_client::line_items(const result<session_id>& id,
                                              const page_options& options,
                                              completion<line_item_page> done) {
  return {core_, begin(core_, client_call::line_items,
                       with(id, [&](const session_id& of) { return make_line_items(of, options); }),
                       options, std::move(done))};
}

pending_call async_session_client::sessions_since(const list_options& options,
                                                  completion<session_page> done) {
  return {core_, begin(core_, client_call::sessions_since, make_sessions_since(options), options,
                       std::move(done))};
}

pending_call async_session_client::events_since(const list_options& options,
                                                completion<event_page> done) {
  return {core_, begin(core_, client_call::events_since, make_events_since(options), options,
                       std::move(done))};
}

void async_session_client::set_secret_key(const secret& key) {
  core_->set_secret_key(key);
}

} // namespace v0
} // namespace stripe_return
