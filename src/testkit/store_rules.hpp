// Every rule of fulfillment_store, by what it is about.
#pragma once

#include "testkit/store_trial.hpp"

namespace stripe_return {
inline namespace v0 {
namespace testkit {

using store_check = void (*)(store_trial&);

// store_rules_of_one_order.cpp
void adds_an_order_once(store_trial&);
void gives_back_every_field(store_trial&);
void tells_order_numbers_apart(store_trial&);
void replaces_only_what_was_seen(store_trial&);
void keeps_history_in_order(store_trial&);
void keeps_every_field_of_history(store_trial&);
void does_both_or_neither(store_trial&);
void remembers_the_first_order_of_a_session(store_trial&);
void commits_with_the_host(store_trial&);
void undoes_what_the_host_refuses(store_trial&);
void moves_cursors(store_trial&);

// store_rules_of_many_orders.cpp
void tells_what_is_due(store_trial&);
void tells_what_to_ask(store_trial&);
void tells_what_is_in_review(store_trial&);
void follows_the_record(store_trial&);
void takes_extreme_times(store_trial&);
void counts_its_standing(store_trial&);

// store_rules_of_sharing.cpp
void shows_changes_to_others_at_once(store_trial&);
void keeps_what_is_committed(store_trial&);
void lets_one_of_many_replace(store_trial&);
void lets_one_of_many_add(store_trial&);
void lets_one_of_many_move_a_cursor(store_trial&);
void loses_nothing_under_load(store_trial&);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
