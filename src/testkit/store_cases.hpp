// Every case of order_store's conformance, by what it is about.
#pragma once

#include "testkit/store_case_run.hpp"

namespace stripe_return {
inline namespace v0 {
namespace testkit {

// store_cases_of_rows.cpp
void makes_a_row_once(case_run&);
void keeps_every_field(case_run&);
void compares_versions(case_run&);
void tells_keys_apart(case_run&);
void tells_ids_apart(case_run&);
void gives_an_id_to_one_row(case_run&);
void judges_version_then_ids_then_writes(case_run&);
void commits_with_the_application(case_run&);
void undoes_what_the_application_refuses(case_run&);
void keeps_history_in_order(case_run&);
void changes_values(case_run&);
void tells_value_names_apart(case_run&);

// store_cases_of_lists.cpp
void lists_by_time_and_key(case_run&);
void lists_until_a_time(case_run&);
void lists_page_by_page(case_run&);
void filters_lists(case_run&);
void lists_follow_the_row(case_run&);
void counts_stats(case_run&);
void does_as_memory_store_does(case_run&);

// store_cases_of_sharing.cpp
void shows_changes_to_others_at_once(case_run&);
void keeps_what_is_committed(case_run&);
void lets_one_of_many_make_a_row(case_run&);
void lets_one_of_many_change_a_row(case_run&);
void lets_one_of_many_take_an_id(case_run&);
void lets_one_of_many_change_a_value(case_run&);
void loses_nothing_under_load(case_run&);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
