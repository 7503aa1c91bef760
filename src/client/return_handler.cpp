#include "client/return_handler.hpp"

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

} // namespace v0
} // namespace stripe_return
