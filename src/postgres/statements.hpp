// The SQL that the store sends. What a statement takes is beside it.
#pragma once

#include "postgres/parameters.hpp"

#include <stripe_return/orders/order_store.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// The text with the name, quoted, in place of each `@`.
std::string with_schema(std::string_view text, std::string_view schema);
// The column that holds a list's time.
std::string column_of(order_list list);

class statements {
public:
  explicit statements(std::string schema);

  // Answers 0 for done, 1 for version_changed, 2 for id_taken.
  const std::string& put(const order_change& change) const {
    return change.row.version == 1 ? insert_ : update_;
  }
  std::string list(const row_query& query) const;
  std::string stats(order_list list) const; // $1 until

  // Of a row: key, version, record, stage, waits_for, the times of the lists.
  const std::string find;         // $1 key
  const std::string find_by_id;   // $1 id
  const std::string history;      // $1 key
  const std::string value;        // $1 name
  const std::string change_value; // $1 name, $2 from, $3 to; answers how many have changed

private:
  std::string schema_;
  std::string insert_;
  std::string update_;
};

parameters parameters_of(const order_change& change);
parameters parameters_of(const row_query& query);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
