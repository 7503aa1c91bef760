#include <stripe_return/client/return_handler.hpp>

#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/return_query.hpp>

#include "client/return_options.hpp"
#include "core/recovery_chain.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {

return_handler::return_handler(const session_client& client, return_handler_options options)
    : client_(&client), options_(std::move(options)) {}

result<order_outcome> return_handler::handle(std::string_view query,
                                             const expected_order& expected) const {
  if (const auto usable = check(expected); !usable) return usable.error();
  const result<session_id> asked = asked_for(query);
  if (!asked) return asked.error();
  const retrieve_options how = retrieve_options_for(*asked, expected);
  result<observation> observed = client_->retrieve(*asked, how);
  if (!observed) return std::move(observed).error();
  while (const std::optional<session_id> id = next_in_chain(*observed, expected)) {
    const result<observation> before = client_->retrieve(*id, how);
    if (!before) return before.error();
    if (!extend_chain(*observed, before->session)) break;
  }
  return decide(*observed, expected, options_.naming);
}

result<order_outcome> return_handler::handle(std::string_view query) const {
  const result<session_id> asked = asked_for(query);
  if (!asked) return asked.error();
  const result<observation> observed = client_->retrieve(*asked, of_anybody());
  if (!observed) return observed.error();
  return decide_unchecked(*observed, options_.naming);
}

result<session_id> return_handler::asked_for(std::string_view query) const {
  if (const auto usable = check(options_.naming); !usable) return usable.error();
  return parse_return_query(query, options_.parameter);
}

int http_answer(const result<order_outcome>& outcome) noexcept {
  if (outcome) return 200;
  switch (outcome.error().code) {
  case error_code::missing_session_id:
  case error_code::empty_session_id:
  case error_code::repeated_session_id:
  case error_code::array_session_id:
  case error_code::session_id_too_long:
  case error_code::malformed_session_id:
  case error_code::unreplaced_template:
  case error_code::client_secret_given:
  case error_code::test_session_with_live_key:
  case error_code::live_session_with_test_key: return 400;
  case error_code::session_not_found:
  case error_code::session_of_other_mode: return 404;
  default: return 503;
  }
}

} // namespace v0
} // namespace stripe_return
