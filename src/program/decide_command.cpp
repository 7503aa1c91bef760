#include "program/commands.hpp"
#include "program/json_output.hpp"

#include <stripe_return/core/decide.hpp>

#include <ctime>

namespace program {
int decide(const decide_arguments& arguments) {
  const sr::result<std::string> text = read_file(arguments.file);
  if (!text) return print_error(text.error());
  const sr::result<sr::checkout_session> session = sr::parse_checkout_session(*text);
  if (!session) return print_error(session.error());
  sr::observation observed;
  observed.session = *session;
  observed.time = arguments.now.value_or(std::time(nullptr));
  return print_outcome(observed.session, arguments.expected.decide(observed, arguments.order_key));
}

} // namespace program
