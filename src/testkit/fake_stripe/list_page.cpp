#include "testkit/fake_stripe/list_page.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::int64_t largest_page = 100;

} // namespace

page_request read_page_request(const parameters& given) {
  page_request request;
  request.limit = static_cast<std::size_t>(given.integer("limit", 1, largest_page).value_or(10));
  request.starting_after = given.text("starting_after", longest_text);
  request.ending_before = given.text("ending_before", longest_text);
  if (request.starting_after && request.ending_before) {
    throw invalid_request("You can specify either starting_after or ending_before, not both",
                          "starting_after");
  }
  return request;
}

time_range read_created(const parameters& given) {
  time_range range;
  const auto at_least = [&range](unix_seconds time) {
    range.first = std::max(range.first.value_or(time), time);
  };
  const auto at_most = [&range](unix_seconds time) {
    range.last = std::min(range.last.value_or(time), time);
  };
  if (given.is_text("created")) {
    const unix_seconds time = *given.integer("created");
    at_least(time);
    at_most(time);
    return range;
  }
  const parameters created = given.object("created");
  created.allow_only({"gt", "gte", "lt", "lte"});
  if (const auto time = created.integer("gte")) at_least(*time);
  if (const auto time = created.integer("lte")) at_most(*time);
  constexpr unix_seconds end_of_time = std::numeric_limits<unix_seconds>::max() - 1;
  if (const auto time = created.integer("gt", 0, end_of_time)) at_least(*time + 1);
  if (const auto time = created.integer("lt")) at_most(*time - 1);
  return range;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
