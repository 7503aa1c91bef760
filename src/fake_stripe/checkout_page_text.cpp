#include "fake_stripe/checkout_page_text.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

struct interval_phrase {
  std::string_view interval;
  phrase text;
};

constexpr interval_phrase intervals[] = {{"day", {"{} per day", "每天 {}"}},
                                         {"week", {"{} per week", "每周 {}"}},
                                         {"month", {"{} per month", "每月 {}"}},
                                         {"year", {"{} per year", "每年 {}"}}};

} // namespace

std::string phrase::with(const std::string& value, page_language language) const {
  std::string text(in(language));
  return text.replace(text.find("{}"), 2, value);
}

phrase per_interval(std::string_view interval) {
  const auto* const known =
      std::find_if(std::begin(intervals), std::end(intervals),
                   [interval](const interval_phrase& each) { return each.interval == interval; });
  return known == std::end(intervals) ? phrase{"{}", "{}"} : known->text;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
