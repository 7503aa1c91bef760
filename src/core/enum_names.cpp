#include "core/enum_names.hpp"

#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/core/observation.hpp>

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(amount_rule rule) noexcept {
  return enum_name(rule, {"total_exact", "subtotal_exact", "total_at_least", "unchecked"});
}

std::string_view to_string(clock_source clock) noexcept {
  return enum_name(clock, {"local", "stripe"});
}

std::string_view to_string(observation_source source) noexcept {
  return enum_name(source, {"fetched", "listed", "event"});
}

std::string_view to_string(livemode mode) noexcept {
  return enum_name(mode, {"test", "live"});
}

} // namespace v0
} // namespace stripe_return
