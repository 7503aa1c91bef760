// The names of every public enumeration of core, client, webhook and orders.
#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/client/client_observer.hpp>
#include <stripe_return/client/event_loop.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/event.hpp>
#include <stripe_return/core/livemode.hpp>
#include <stripe_return/orders/fulfillment_task.hpp>
#include <stripe_return/orders/order_service.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace sr = stripe_return;

// What the compiler calls it: "stripe_return::v0::call_priority::known", or for a value that no
// enumerator has "(stripe_return::v0::call_priority)3".
template <auto Value> std::string_view full_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("Value = ") + 8);
  return text.substr(0, text.find_first_of(";]"));
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

template <class Enum> struct enumerator {
  Enum value;
  std::string_view name; // empty where none has the value
};

template <class Enum, std::size_t... Values> auto first_values(std::index_sequence<Values...>) {
  std::array<enumerator<Enum>, sizeof...(Values)> all{
      {{static_cast<Enum>(Values), full_name<static_cast<Enum>(Values)>()}...}};
  for (enumerator<Enum>& each : all)
    each.name = each.name.front() == '(' ? std::string_view() : last_part(each.name);
  return all;
}

template <class Enum> class EnumWords : public testing::Test {};

using Enums =
    testing::Types<sr::amount_rule, sr::clock_source, sr::error_code, sr::event_relevance,
                   sr::event_type, sr::fd_interest, sr::call_priority, sr::cancel_result,
                   sr::close_result, sr::mark_result, sr::resolve_result, sr::task_result,
                   sr::checkout_ui, sr::client_call, sr::completion_redirect, sr::fulfilled_by,
                   sr::history_action, sr::livemode, sr::next_step, sr::order_list, sr::order_stage,
                   sr::put_result, sr::review_state, sr::review_verdict, sr::task_kind,
                   sr::waits_for, sr::observation_source, sr::order_state, sr::pay_again,
                   sr::payment_intent_status, sr::reason, sr::session_mode,
                   sr::session_payment_status, sr::session_status>;
TYPED_TEST_SUITE(EnumWords, Enums);

TYPED_TEST(EnumWords, AreUniqueAndSpelledAsTheEnumerators) {
  std::set<std::string_view> names;
  for (const auto& each : first_values<TypeParam>(std::make_index_sequence<128>())) {
    if (each.name.empty()) continue;
    std::string name(to_string(each.value));
    EXPECT_TRUE(names.insert(to_string(each.value)).second) << name;
    std::replace(name.begin(), name.end(), '.', '_'); // in Stripe's names of events
    EXPECT_EQ(name, each.name);
  }
  EXPECT_GE(names.size(), 2U);
}

template <class... Enum> std::set<std::string> names_of(testing::Types<Enum...>) {
  return {
      std::string(last_part(full_name<Enum{}>().substr(0, full_name<Enum{}>().rfind("::"))))...};
}

TEST(EnumWordsOfAll, AreThoseOfEveryPublicEnumeration) {
  const std::set<std::string> tested = names_of(Enums());
  constexpr std::string_view definition = "enum class ";
  constexpr std::string_view exported = "STRIPE_RETURN_EXPORT ";
  std::size_t found = 0;
  for (const char* room : {"core", "client", "webhook", "orders"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(
             STRIPE_RETURN_TEST_DATA "/../../include/stripe_return/" + std::string(room))) {
      if (!file.is_regular_file()) continue;
      std::ifstream stream(file.path());
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      for (std::size_t at = 0; (at = text.find(definition, at)) != std::string::npos;) {
        at += definition.size();
        if (text.compare(at, exported.size(), exported) == 0) at += exported.size();
        const std::string name = text.substr(at, text.find(' ', at) - at);
        EXPECT_EQ(tested.count(name), 1U) << name;
        ++found;
      }
    }
  }
  EXPECT_EQ(found, tested.size());
}

} // namespace
