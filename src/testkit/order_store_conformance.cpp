#include "testkit/store_cases.hpp"

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

using store_case = void (*)(case_run&);

std::vector<std::string> failures_of(store_case check, const store_under_test& under_test) {
  try {
    case_run run(under_test);
    try {
      check(run);
    } catch (const case_over&) {
    } catch (const std::exception& thrown) {
      run.expect(false, std::string("the store threw: ") + thrown.what());
    }
    return run.take_failures();
  } catch (const std::exception& thrown) {
    return {std::string("the store could not be made: ") + thrown.what()};
  }
}

} // namespace

std::vector<conformance_case> conformance_cases() {
  constexpr std::pair<std::string_view, store_case> all[] = {
      {"makes_a_row_once", makes_a_row_once},
      {"keeps_every_field", keeps_every_field},
      {"compares_versions", compares_versions},
      {"tells_keys_apart", tells_keys_apart},
      {"tells_ids_apart", tells_ids_apart},
      {"gives_an_id_to_one_row", gives_an_id_to_one_row},
      {"judges_version_then_ids_then_writes", judges_version_then_ids_then_writes},
      {"commits_with_the_application", commits_with_the_application},
      {"undoes_what_the_application_refuses", undoes_what_the_application_refuses},
      {"keeps_history_in_order", keeps_history_in_order},
      {"changes_values", changes_values},
      {"tells_value_names_apart", tells_value_names_apart},
      {"lists_by_time_and_key", lists_by_time_and_key},
      {"lists_until_a_time", lists_until_a_time},
      {"lists_page_by_page", lists_page_by_page},
      {"filters_lists", filters_lists},
      {"lists_follow_the_row", lists_follow_the_row},
      {"counts_stats", counts_stats},
      {"does_as_memory_store_does", does_as_memory_store_does},
      {"shows_changes_to_others_at_once", shows_changes_to_others_at_once},
      {"keeps_what_is_committed", keeps_what_is_committed},
      {"lets_one_of_many_make_a_row", lets_one_of_many_make_a_row},
      {"lets_one_of_many_change_a_row", lets_one_of_many_change_a_row},
      {"lets_one_of_many_take_an_id", lets_one_of_many_take_an_id},
      {"lets_one_of_many_change_a_value", lets_one_of_many_change_a_value},
      {"loses_nothing_under_load", loses_nothing_under_load},
  };
  std::vector<conformance_case> cases;
  for (const auto& each : all) {
    cases.push_back({each.first, [check = each.second](const store_under_test& under_test) {
                       return failures_of(check, under_test);
                     }});
  }
  return cases;
}

std::vector<std::string> conformance_failures(const store_under_test& under_test) {
  std::vector<std::string> all;
  for (const conformance_case& each : conformance_cases())
    for (const std::string& failure : each.failures(under_test))
      all.push_back(std::string(each.name) + ": " + failure);
  return all;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
