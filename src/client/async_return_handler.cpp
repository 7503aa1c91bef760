#include <stripe_return/client/async_return_handler.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/return_query.hpp>

#include "client/async_retrieve.hpp"
#include "client/return_options.hpp"
#include "core/recovery_chain.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace stripe_return {
inline namespace v0 {

namespace {

// A return on its way back from the sessions that its own was recovered from.
struct chained_return {
  std::shared_ptr<request_core> core; // a callback may destroy the client
  retrieve_options how;
  expected_order expected;
  order_naming naming;
  completion<order_outcome> done;
  observation observed;
};

void follow_chain(const std::shared_ptr<chained_return>& back) {
  const std::optional<session_id> id = next_in_chain(back->observed, back->expected);
  if (!id) return back->done(decide(back->observed, back->expected, back->naming));
  begin_retrieve(back->core, *id, back->how, [back](const result<observation>& before) {
    if (!before) return back->done(before.error());
    if (extend_chain(back->observed, before->session)) return follow_chain(back);
    back->done(decide(back->observed, back->expected, back->naming));
  });
}

} // namespace

async_return_handler::async_return_handler(async_session_client& client,
                                           return_handler_options options)
    : client_(&client), options_(std::move(options)) {}

pending_call async_return_handler::handle(std::string_view query, const expected_order& expected,
                                          completion<order_outcome> done) const {
  result<session_id> id = parse_return_query(query, options_.parameter);
  if (const auto usable = check(expected); !usable) id = usable.error();
  if (const auto usable = check(options_.naming); !usable) id = usable.error();
  const retrieve_options how = id ? retrieve_options_for(*id, expected) : of_anybody();
  auto back = std::make_shared<chained_return>(
      chained_return{client_->core_, how, expected, options_.naming, std::move(done), {}});
  return client_->retrieve(id, how, [back](result<observation> observed) {
    if (!observed) return back->done(std::move(observed).error());
    back->observed = *std::move(observed);
    follow_chain(back);
  });
}

pending_call async_return_handler::handle(std::string_view query,
                                          completion<order_outcome> done) const {
  result<session_id> id = parse_return_query(query, options_.parameter);
  if (const auto usable = check(options_.naming); !usable) id = usable.error();
  return client_->retrieve(
      id, of_anybody(),
      [naming = options_.naming, done = std::move(done)](result<observation> observed) {
        if (!observed) return done(std::move(observed).error());
        done(decide_unchecked(*observed, naming));
      });
}

} // namespace v0
} // namespace stripe_return
