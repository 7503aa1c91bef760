#include "client/return_handler.hpp"

#include <stripe_return/core/return_query.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

result<fetched_session> fetch(const session_client& client, std::string_view query,
                              const std::string& parameter, const std::string& account) {
  result<session_id> id = parse_return_query(query, parameter);
  if (!id) return std::move(id).error();
  retrieve_options options;
  options.account = account;
  return client.retrieve(*id, options);
}

} // namespace

return_handler::return_handler(const session_client& client, return_handler_options options)
    : client_(&client), options_(std::move(options)) {}

result<order_outcome> return_handler::handle(std::string_view query,
                                             const expected_order& expected) const {
  auto fetched = fetch(*client_, query, options_.parameter, expected.account);
  if (!fetched) return std::move(fetched).error();
  return decide(*fetched, expected, options_of(options_));
}

result<order_outcome> return_handler::handle(std::string_view query) const {
  auto fetched = fetch(*client_, query, options_.parameter, {});
  if (!fetched) return std::move(fetched).error();
  return decide(*fetched, options_of(options_));
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
