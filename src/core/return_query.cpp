#include <stripe_return/core/return_query.hpp>

#include "core/query_parameter.hpp"

namespace stripe_return {
inline namespace v0 {

result<session_id> parse_return_query(std::string_view query, std::string_view parameter) {
  const query_parameter found = find_query_parameter(query, parameter);
  switch (found.found) {
  case query_parameter::presence::array:
    return error{error_code::array_session_id,
                 "The query has the session id as an array: Stripe never sends that."};
  case query_parameter::presence::repeated:
    return error{error_code::repeated_session_id,
                 "The query has the session id more than once: Stripe never sends that."};
  case query_parameter::presence::absent:
    return error{error_code::missing_session_id,
                 "The query has no session id: end success_url (hosted) or return_url (embedded) "
                 "in ?session_id={CHECKOUT_SESSION_ID}, or name the parameter that it uses."};
  case query_parameter::presence::once: break;
  }
  // A well-formed id is at most 255 bytes, each at most 3 when encoded: no more is worth decoding.
  constexpr std::size_t longest_encoded_id = 3 * 256;
  return session_id::parse(percent_decoded(found.encoded.substr(0, longest_encoded_id)));
}

} // namespace v0
} // namespace stripe_return
