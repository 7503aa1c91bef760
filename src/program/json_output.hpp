// The program's contract with those who read its output.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/result.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace program {

// Each prints one JSON object on the standard output and gives the exit code that goes with it.
int print_outcome(const stripe_return::checkout_session& session,
                  const stripe_return::order_outcome& outcome);
int print_json(const nlohmann::ordered_json& object);
int print_error(const stripe_return::error& failure);
// `outcome` is of the event's session, if it has one.
int print_event(const stripe_return::event& event,
                const std::optional<stripe_return::order_outcome>& outcome);
int print_refused_event(const stripe_return::error& failure);

} // namespace program
