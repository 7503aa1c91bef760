#include "testkit/store_rules.hpp"

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

std::vector<std::string> failures_of(store_check check, const store_under_test& under_test) {
  try {
    store_trial trial(under_test);
    try {
      check(trial);
    } catch (const trial_over&) {
    } catch (const std::exception& thrown) {
      trial.expect(false, std::string("the store threw: ") + thrown.what());
    }
    return trial.take_failures();
  } catch (const std::exception& thrown) {
    return {std::string("the store could not be made: ") + thrown.what()};
  }
}

store_rule rule(std::string_view name, store_check check) {
  return {name,
          [check](const store_under_test& under_test) { return failures_of(check, under_test); }};
}

} // namespace

std::vector<store_rule> store_rules() {
  return {
      rule("adds_an_order_once", adds_an_order_once),
      rule("gives_back_every_field", gives_back_every_field),
      rule("tells_order_numbers_apart", tells_order_numbers_apart),
      rule("replaces_only_what_was_seen", replaces_only_what_was_seen),
      rule("keeps_history_in_order", keeps_history_in_order),
      rule("keeps_every_field_of_history", keeps_every_field_of_history),
      rule("does_both_or_neither", does_both_or_neither),
      rule("remembers_the_first_order_of_a_session", remembers_the_first_order_of_a_session),
      rule("commits_with_the_host", commits_with_the_host),
      rule("undoes_what_the_host_refuses", undoes_what_the_host_refuses),
      rule("moves_cursors", moves_cursors),
      rule("tells_what_is_due", tells_what_is_due),
      rule("tells_what_to_ask", tells_what_to_ask),
      rule("tells_what_is_in_review", tells_what_is_in_review),
      rule("follows_the_record", follows_the_record),
      rule("takes_extreme_times", takes_extreme_times),
      rule("counts_its_standing", counts_its_standing),
      rule("shows_changes_to_others_at_once", shows_changes_to_others_at_once),
      rule("keeps_what_is_committed", keeps_what_is_committed),
      rule("lets_one_of_many_replace", lets_one_of_many_replace),
      rule("lets_one_of_many_add", lets_one_of_many_add),
      rule("lets_one_of_many_move_a_cursor", lets_one_of_many_move_a_cursor),
      rule("loses_nothing_under_load", loses_nothing_under_load),
  };
}

std::vector<std::string> store_conformance_failures(const store_under_test& under_test) {
  std::vector<std::string> all;
  for (const store_rule& each : store_rules())
    for (const std::string& failure : each.failures(under_test))
      all.push_back(std::string(each.name) + ": " + failure);
  return all;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
