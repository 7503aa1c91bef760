// The statements, by what they are for.
#pragma once

#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

enum class statement : unsigned char {
  add,
  replace,
  find,
  order_of,
  due,
  to_ask,
  in_review,
  history,
  standing,
  cursor,
  move_cursor,
};
inline constexpr std::size_t statement_count = 11;

using statement_texts = std::array<std::string, statement_count>;
statement_texts texts_for(const std::string& schema);

// The schema's name as it stands in a statement.
std::string quoted(std::string_view name);
// The text with the quoted name in place of each `@`.
std::string with_schema(std::string_view text, const std::string& quoted_schema);

// The values of a statement's $1, $2, ..., all as text.
class parameters {
public:
  parameters& text(std::string_view bytes);
  parameters& number(std::int64_t value) { return number(std::optional<std::int64_t>(value)); }
  parameters& number(std::optional<std::int64_t> value);
  parameters& texts(const std::vector<std::string>& all);
  parameters& limit(std::size_t rows);

  const std::vector<std::optional<std::string>>& values() const { return values_; }

private:
  std::vector<std::optional<std::string>> values_;
};

// For `add` and `replace`.
parameters of_change(const order_record& order, const history_entry& entry);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
