// A list of Stripe's, each of whose objects is read for itself: one that cannot be read must not
// hide the others.
#pragma once

#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

struct raw_list {
  std::vector<std::string_view> data; // the JSON of each
  bool has_more = false;
};

} // namespace v0
} // namespace stripe_return
