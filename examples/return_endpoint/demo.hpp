// Stripe's answers for every state and every failure, those too that Stripe itself never shows.
#pragma once

#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/expected_order.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace demo {

// A customer who comes back.
struct visit {
  std::string name;
  std::string target;                                 // path and query
  std::optional<stripe_return::expected_order> order; // that the browser is known to come back for
  int http_status;                                    // of the page
  std::string word;                                   // that the page is about
};

// The owner's two recordings first.
const std::vector<visit>& visits();

// Answers as Stripe would for every visit. It knows no other session.
std::shared_ptr<stripe_return::transport> make_transport();

// A secret key that looks like one.
inline constexpr const char* secret_key = "sk_test_demo";

} // namespace demo
