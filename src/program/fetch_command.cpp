#include "program/commands.hpp"
#include "program/connection.hpp"
#include "program/json_output.hpp"

#include <stripe_return/core/return_query.hpp>

namespace program {
namespace {

sr::result<sr::session_id> find_session_id(const fetch_arguments& arguments) {
  const std::string& what = arguments.what;
  // A query has a "=" and a path or URL a "/"; no session id has either.
  if (what.find_first_of("=/?&") == std::string::npos) return sr::session_id::parse(what);
  return sr::parse_return_query(what, arguments.parameter);
}

} // namespace

int fetch(const fetch_arguments& arguments, const environment& environment) {
  const sr::result<sr::session_id> id = find_session_id(arguments);
  if (!id) return print_error(id.error());

  const sr::session_client stripe(options_for(arguments.connection, environment));
  const sr::result<sr::fetched_session> fetched = stripe.retrieve(*id);
  if (!fetched) return print_error(in_words_of_the_program(fetched.error()));

  sr::decide_options options;
  options.order_key = arguments.order_key;
  const sr::order_outcome unchecked = sr::decide(*fetched, options);
  if (arguments.expected.empty()) return print_outcome(fetched->session, unchecked);
  const auto order = arguments.expected.order_for(fetched->session, unchecked.out_trade_no());
  return print_outcome(fetched->session, sr::decide(*fetched, order, options));
}

} // namespace program
