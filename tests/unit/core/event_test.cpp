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
    EXPECT_EQ(to_string(known), known == type::absent ? "absent" : "unrecognized");
  }
}

TEST(Event, HasItsTypeInTheDocumentation) {
  const std::string page = data_file("../../src/core/DECISION.md");
  const std::size_t begin = page.find("\n## Webhooks\n");
  ASSERT_NE(begin, page.npos);
  const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
  const std::regex dotted("`([a-z_]+(\\.[a-z_]+)+)`");
  std::vector<std::string> listed;
  for (std::sregex_iterator at(section.begin(), section.end(), dotted), end; at != end; ++at)
    listed.push_back((*at)[1]);
  std::vector<std::string> known;
  for (const sr::known_event& each : sr::known_events)
    known.emplace_back(each.raw);
  EXPECT_EQ(listed, known);
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
