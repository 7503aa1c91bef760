// What stands under /_fake: the commands of a test. README.md of fake_stripe lists them.
#pragma once

#include "testkit/fake_stripe/command_json.hpp"
#include "testkit/fake_stripe/machine.hpp"
#include "testkit/fake_stripe/message.hpp"
#include "testkit/fake_stripe/route.hpp"

#include <stripe_return/export.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct command_call {
  machine& stripe;
  std::string id; // where the path has one
  const command_body& given;
};

struct command_route {
  std::string_view method;
  std::string_view path;    // :id stands for any segment
  std::string_view members; // of the body, with a space in between
  std::string_view summary; // in a few words
  nlohmann::json (*answer)(const command_call& call);
};

STRIPE_RETURN_EXPORT route_table<command_route> command_routes();

// Refusals are responses too; they change nothing.
STRIPE_RETURN_EXPORT response command(machine& stripe, const request& asked);

} // namespace fake
} // namespace v0
} // namespace stripe_return
