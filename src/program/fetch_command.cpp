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
  sr::retrieve_options options;
  options.account = arguments.expected.account();
  const sr::result<sr::observation> fetched = stripe.retrieve(*id, options);
  if (!fetched) return print_error(in_words_of_the_program(fetched.error()));
  return print_outcome(fetched->session, arguments.expected.decide(*fetched, arguments.order_key));
}

} // namespace program
