// What the two return handlers share.
#pragma once

#include <stripe_return/client/return_handler.hpp>

namespace stripe_return {
inline namespace v0 {

inline decide_options options_of(const return_handler_options& options) {
  decide_options decide;
  decide.order_key = options.order_key;
  decide.order_in_client_reference_id = options.order_in_client_reference_id;
  return decide;
}

} // namespace v0
} // namespace stripe_return
