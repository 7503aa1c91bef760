/// @file
/// Whether a store keeps what fulfillment_store promises.
#pragma once

#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// How to come by the store that is to be checked.
struct store_under_test {
  /// A store that holds nothing. What an earlier one held may be erased: that one is gone by then.
  std::function<std::unique_ptr<fulfillment_store>()> make_empty;
  /// Another one of what the last make_empty() made, over connections of its own, as another
  /// process would have it. Empty where there is no such thing, as with memory_store.
  std::function<std::unique_ptr<fulfillment_store>()> open_again;
};

/// One rule of fulfillment_store.
struct store_rule {
  std::string_view name; ///< letters and underscores
  /// A sentence for everything that breaks it; none where it holds. It may start threads, which end
  /// before it does.
  std::function<std::vector<std::string>(const store_under_test&)> failures;
};

/// All of them, for tests that list and run them one by one:
///
///     class MyStore : public testing::TestWithParam<store_rule> {};
///     TEST_P(MyStore, Conforms) { EXPECT_THAT(GetParam().failures(my_store), IsEmpty()); }
///     INSTANTIATE_TEST_SUITE_P(All, MyStore, testing::ValuesIn(store_rules()));
STRIPE_RETURN_EXPORT std::vector<store_rule> store_rules();

/// What breaks any of the rules, each with the rule's name in front; empty for a store that
/// conforms.
STRIPE_RETURN_EXPORT std::vector<std::string> store_conformance_failures(const store_under_test&);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
