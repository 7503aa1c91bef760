/// @file
/// The line items of a Checkout Session, and their parser.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// One line item of a session: https://docs.stripe.com/api/checkout/sessions/line_items. An empty
/// string means that Stripe sent null, "" or no such field.
struct line_item {
  std::string id;
  std::string description;              ///< the product's name, as the customer saw it
  std::optional<std::int64_t> quantity; ///< null for metered prices
  std::optional<std::int64_t> amount_subtotal;
  std::optional<std::int64_t> amount_total; ///< after discounts and taxes, in minor units
  std::string currency;
  std::string price;   ///< the Price's id
  std::string product; ///< the Product's id
};

STRIPE_RETURN_EXPORT bool operator==(const line_item& a, const line_item& b) noexcept;
inline bool operator!=(const line_item& a, const line_item& b) noexcept {
  return !(a == b);
}

/// One page of a session's line items. Read all pages before you ship: see has_more.
struct line_item_page {
  std::vector<line_item> data;
  bool has_more =
      false; ///< there are more line items: request those after the last id of this page
};

STRIPE_RETURN_EXPORT bool operator==(const line_item_page& a, const line_item_page& b) noexcept;
inline bool operator!=(const line_item_page& a, const line_item_page& b) noexcept {
  return !(a == b);
}

/// Parses the response to `GET /v1/checkout/sessions/{id}/line_items`.
///
/// Errors: not_json, wrong_object, unexpected_type, number_out_of_range, repeated_key.
STRIPE_RETURN_EXPORT result<line_item_page> parse_line_items(std::string_view json);

} // namespace v0
} // namespace stripe_return
