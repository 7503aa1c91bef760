// How the session is asked for that a browser came back with.
#pragma once

#include <stripe_return/client/call_options.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/session_id.hpp>

#include <algorithm>

namespace stripe_return {
inline namespace v0 {

inline retrieve_options of_anybody() {
  retrieve_options how;
  how.priority = call_priority::unknown;
  return how;
}

inline retrieve_options retrieve_options_for(const session_id& id, const expected_order& expected) {
  retrieve_options how = of_anybody();
  how.account = expected.account;
  const auto& issued = expected.session_ids;
  if (std::find(issued.begin(), issued.end(), id.str()) != issued.end())
    how.priority = call_priority::known;
  return how;
}

} // namespace v0
} // namespace stripe_return
