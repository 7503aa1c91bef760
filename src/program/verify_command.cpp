#include "program/commands.hpp"
#include "program/json_output.hpp"
#include "program/webhook_secrets.hpp"

#include <stripe_return/core/decide.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <ctime>

namespace program {
int verify(const verify_arguments& arguments, const environment& environment) {
  const sr::result<std::string> body = read_file("-");
  if (!body) return print_refused_event(body.error());
  const auto secrets = split_webhook_secrets(environment.webhook_secrets);
  if (!secrets) return print_refused_event(secrets.error());

  const sr::unix_seconds now = arguments.now.value_or(std::time(nullptr));
  sr::webhook_options options;
  options.tolerance = arguments.tolerance;
  const auto verify_as = [&](sr::livemode livemode) {
    return sr::webhook_verifier(*secrets, livemode, options)
        .verify(*body, arguments.signature, now);
  };
  sr::result<sr::event> event = verify_as(arguments.livemode.value_or(sr::livemode::live));
  if (!arguments.livemode && event && event->relevance == sr::event_relevance::other_livemode) {
    event = verify_as(sr::livemode::test);
  }
  if (!event) return print_refused_event(event.error());
  std::optional<sr::order_outcome> outcome;
  if (const auto observed = sr::observation_of(*event)) outcome = sr::decide_unchecked(*observed);
  return print_event(*event, outcome);
}

} // namespace program
