#include "core/event_types.hpp"
#include "data/data_file.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;

sr::event event_with(const std::string& type, const std::string& status,
                     const std::string& payment_status) {
  sr::event event;
  event.type = sr::open_enum<sr::event_type>(type);
  event.relevance = sr::event_relevance::handled;
  event.session = *sr::parse_checkout_session(
      R"({"object":"checkout.session","id":"cs_test_a","mode":"payment","amount_total":400,)"
      R"("currency":"cny","metadata":{"out_trade_no":"1"},"payment_intent":"pi_1","status":")" +
      status + R"(","payment_status":")" + payment_status + R"("})");
  return event;
}

TEST(Event, FeedsTheSameDecision) {
  struct row {
    const char* type;
    const char* status;
    const char* payment_status;
    sr::order_state state;
  };
  const row rows[] = {
      {"checkout.session.completed", "complete", "paid", sr::order_state::paid},
      {"checkout.session.completed", "complete", "unpaid", sr::order_state::processing},
      {"checkout.session.async_payment_succeeded", "complete", "paid", sr::order_state::paid},
      {"checkout.session.async_payment_failed", "complete", "unpaid", sr::order_state::failed},
      {"checkout.session.async_payment_failed", "complete", "paid", sr::order_state::paid},
      {"checkout.session.expired", "expired", "unpaid", sr::order_state::expired},
  };
  for (const row& each : rows) {
    const auto event = event_with(each.type, each.status, each.payment_status);
    EXPECT_EQ(decide(event, 1700000000).state(), each.state) << each.type;

    sr::expected_order order;
    order.out_trade_no = "1";
    order.amounts = {{400, "cny"}};
    EXPECT_EQ(decide(event, order, 1700000000).state(), each.state) << each.type;
    order.amounts = {{401, "cny"}};
    EXPECT_EQ(decide(event, order, 1700000000).state(), sr::order_state::needs_review);
  }
}

// Another system may have told the host before.
TEST(Event, TakesTheHostsWordThatThePaymentFailed) {
  sr::decide_options told;
  told.async_payment_failed = true;
  const auto event = event_with("checkout.session.completed", "complete", "unpaid");
  EXPECT_EQ(decide(event, 1700000000, told).state(), sr::order_state::failed);
  sr::expected_order order;
  order.out_trade_no = "1";
  order.amounts = {{400, "cny"}};
  EXPECT_EQ(decide(event, order, 1700000000, told).state(), sr::order_state::failed);
}

TEST(Event, HasTheTypeThatStripeNames) {
  using type = sr::event_type;
  for (const sr::known_event& each : sr::known_events) {
    EXPECT_EQ(sr::open_enum<type>(std::string(each.raw)).known(), each.word) << each.raw;
    EXPECT_EQ(to_string(each.word), each.raw);
  }
  const auto last = static_cast<std::size_t>(type::charge_dispute_created);
  EXPECT_EQ(std::size(sr::known_events), last - static_cast<std::size_t>(type::unrecognized));
  for (const auto& [raw, known] :
       {std::pair("checkout.session.Completed", type::unrecognized),
        std::pair("v1.charge.refunded", type::unrecognized),
        std::pair("charge.refunded ", type::unrecognized), std::pair("", type::absent)}) {
    EXPECT_EQ(sr::open_enum<type>(raw).known(), known) << raw;
    EXPECT_EQ(to_string(known), "");
  }
}

TEST(Event, HasItsTypeInTheReadme) {
  const std::string readme = data_file("../../README.md");
  const std::size_t begin = readme.find("\n## Webhooks\n");
  ASSERT_NE(begin, readme.npos);
  const std::string section = readme.substr(begin, readme.find("\n## ", begin + 1) - begin);
  const std::regex dotted("`([a-z_]+(\\.[a-z_]+)+)`");
  std::vector<std::string> listed;
  for (std::sregex_iterator at(section.begin(), section.end(), dotted), end; at != end; ++at)
    listed.push_back((*at)[1]);
  std::vector<std::string> known;
  for (const sr::known_event& each : sr::known_events)
    known.emplace_back(each.raw);
  EXPECT_EQ(listed, known);
}

TEST(Event, WithoutASessionDeterminesNothing) {
  const sr::order_outcome outcome = decide(sr::event(), 1700000000);
  EXPECT_EQ(outcome.state(), sr::order_state::undetermined);
  EXPECT_FALSE(outcome.may_fulfill(""));
}

TEST(Event, HasAWordForEachRelevance) {
  EXPECT_EQ(to_string(sr::event_relevance::handled), "handled");
  EXPECT_EQ(to_string(sr::event_relevance::payment_intent), "payment_intent");
  EXPECT_EQ(to_string(sr::event_relevance::unreadable), "unreadable");
  EXPECT_EQ(to_string(sr::event_relevance::other_type), "other_type");
  EXPECT_EQ(to_string(sr::event_relevance::other_livemode), "other_livemode");
  EXPECT_EQ(to_string(sr::event_relevance::other_account), "other_account");
}

} // namespace
