#include "program/commands.hpp"
#include "program/json_output.hpp"

#include <stripe_return/webhook/webhook_verifier.hpp>

#include <ctime>
#include <vector>

namespace program {
namespace {

std::vector<sr::endpoint_secret> split(const sr::secret& secrets) {
  std::vector<sr::endpoint_secret> separate;
  const std::string& text = secrets.reveal();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t comma = text.find(',', begin);
    const std::size_t end = comma == std::string::npos ? text.size() : comma;
    separate.push_back({std::to_string(separate.size() + 1), text.substr(begin, end - begin)});
    begin = end + 1;
  }
  return separate;
}

} // namespace

int verify(const verify_arguments& arguments, const environment& environment) {
  const sr::result<std::string> body = read_file("-");
  if (!body) return print_refused_event(body.error());

  const sr::unix_seconds now = arguments.now.value_or(std::time(nullptr));
  sr::webhook_options options;
  options.tolerance = arguments.tolerance;
  const auto verify_as = [&](sr::livemode livemode) {
    return sr::webhook_verifier(split(environment.webhook_secrets), livemode, options)
        .verify(*body, arguments.signature, now);
  };
  sr::result<sr::event> event =
      verify_as(arguments.livemode.value_or(true) ? sr::livemode::live : sr::livemode::test);
  if (!arguments.livemode && event && event->relevance == sr::event_relevance::other_livemode) {
    event = verify_as(sr::livemode::test);
  }
  if (!event) {
    sr::error failure = event.error();
    if (failure.code == sr::error_code::missing_webhook_secret) {
      failure.message = "There is no endpoint secret: set STRIPE_WEBHOOK_SECRET.";
    }
    return print_refused_event(failure);
  }
  std::optional<sr::order_outcome> outcome;
  if (event->session) outcome = sr::decide(*event, now);
  return print_event(*event, outcome);
}

} // namespace program
