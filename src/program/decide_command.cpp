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
  sr::decide_options options;
  options.order_key = arguments.order_key;
  const sr::unix_seconds now = arguments.now.value_or(std::time(nullptr));
  const sr::order_outcome unchecked = sr::decide(*session, now, options);
  if (arguments.expected.empty()) return print_outcome(*session, unchecked);
  const auto order = arguments.expected.order_for(*session, unchecked.out_trade_no());
  return print_outcome(*session, sr::decide(*session, order, now, options));
}

} // namespace program
