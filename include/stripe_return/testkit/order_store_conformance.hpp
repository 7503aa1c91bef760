/// @file
/// Tests whether a store does what order_store requires.
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

/// How to make the store that is tested.
struct store_under_test {
  /// Makes an empty store. It may erase what an earlier one contained, which no longer exists by
  /// then.
  std::function<std::unique_ptr<order_store>()> make_empty;
  /// Opens the contents of the last make_empty() again, over other connections, as another process
  /// would. Leave it empty if that is impossible, as with memory_store.
  std::function<std::unique_ptr<order_store>()> open_again;
};

/// One requirement of order_store.
struct conformance_case {
  std::string_view name; ///< letters and underscores
  /// Tests the requirement and returns a sentence for each violation; none if the store meets it.
  /// It may start threads, which end before it returns.
  std::function<std::vector<std::string>(const store_under_test&)> failures;
};

/// Returns all cases, for tests that list and run them one by one:
///
///     class MyStore : public testing::TestWithParam<conformance_case> {};
///     TEST_P(MyStore, Conforms) { EXPECT_THAT(GetParam().failures(my_store), IsEmpty()); }
///     INSTANTIATE_TEST_SUITE_P(All, MyStore, testing::ValuesIn(conformance_cases()));
STRIPE_RETURN_EXPORT std::vector<conformance_case> conformance_cases();

/// Runs all cases and returns their violations, each after the name of its case; empty if the store
/// conforms.
STRIPE_RETURN_EXPORT std::vector<std::string> conformance_failures(const store_under_test&);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
