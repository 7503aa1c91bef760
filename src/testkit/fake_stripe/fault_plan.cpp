#include "testkit/fake_stripe/fault_plan.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {

api_error fault::error() const {
  api_error made = invalid_request("A fault on command", {}, code);
  made.status = status;
  if (status >= 500) made.type = "api_error";
  // Only this one is the endpoint's own; the others come from before it.
  made.endpoint_began = status == 500;
  return made;
}

std::optional<fault> fault_plan::take(const request& request) {
  const auto hit = std::find_if(planned_.begin(), planned_.end(), [&](const fault& each) {
    return (each.method.empty() || each.method == request.method) &&
           starts_with(request.path, each.path_prefix);
  });
  if (hit == planned_.end()) return std::nullopt;
  const fault taken = *hit;
  if (--hit->count == 0) planned_.erase(hit);
  return taken;
}

void fault_plan::clear() {
  planned_.clear();
  ++clearings_;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
