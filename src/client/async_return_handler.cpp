#include <stripe_return/client/async_return_handler.hpp>
#include <stripe_return/core/return_query.hpp>

#include "client/return_handler.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {

async_return_handler::async_return_handler(async_session_client& client,
                                           return_handler_options options)
    : client_(&client), options_(std::move(options)) {}

pending_fetch async_return_handler::handle(std::string_view query, const expected_order& expected,
                                           callback done) const {
  result<session_id> id = parse_return_query(query, options_.parameter);
  async_retrieve_options how;
  how.account = expected.account;
  const auto& issued = expected.session_ids;
  if (id && std::find(issued.begin(), issued.end(), id->str()) != issued.end()) {
    how.lane = lane::known;
  }
  return client_->retrieve(std::move(id), how,
                           [expected, decide_how = options_of(options_),
                            done = std::move(done)](result<fetched_session> fetched) {
                             if (!fetched) return done(std::move(fetched).error());
                             done(decide(*fetched, expected, decide_how));
                           });
}

pending_fetch async_return_handler::handle(std::string_view query, callback done) const {
  return client_->retrieve(
      parse_return_query(query, options_.parameter),
      [decide_how = options_of(options_), done = std::move(done)](result<fetched_session> fetched) {
        if (!fetched) return done(std::move(fetched).error());
        done(decide(*fetched, decide_how));
      });
}

} // namespace v0
} // namespace stripe_return
