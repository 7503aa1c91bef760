/// @file
/// Whether a store keeps what order_store promises.
#pragma once

#include <stripe_return/export.hpp>
#include <stripe_return/orders/order_store.hpp>

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
  std::function<std::unique_ptr<order_store>()> make_empty;
  /// Another one of what the last make_empty() made, over connections of its own, as another
  /// process would have it. Empty where there is no such thing, as with memory_store.
  std::function<std::unique_ptr<order_store>()> open_again;
};

/// One promise of order_store's.
struct conformance_case {
  std::string_view name; ///< letters and underscores
  /// A sentence for everything that breaks it; none where it is kept. It may start threads, which
  /// end before it does.
  std::function<std::vector<std::string>(const store_under_test&)> failures;
};

/// All of them, for tests that list and run them one by one:
///
///     class MyStore : public testing::TestWithParam<conformance_case> {};
///     TEST_P(MyStore, Conforms) { EXPECT_THAT(GetParam().failures(my_store), IsEmpty()); }
///     INSTANTIATE_TEST_SUITE_P(All, MyStore, testing::ValuesIn(conformance_cases()));
STRIPE_RETURN_EXPORT std::vector<conformance_case> conformance_cases();

/// What breaks any of the cases, each with the case's name in front; empty for a store that
/// conforms.
STRIPE_RETURN_EXPORT std::vector<std::string> conformance_failures(const store_under_test&);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
