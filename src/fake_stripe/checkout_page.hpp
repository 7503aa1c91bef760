// The page where a customer pays, as a value and as HTML.
#pragma once

#include "fake_stripe/page_language.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct page_item {
  std::string name;
  std::optional<std::string> description;
  std::int64_t quantity = 1;
  std::int64_t unit_amount = 0;
  std::int64_t amount = 0; // of all of them
};

enum class page_state { open, complete, expired };
enum class page_mode { payment, setup, subscription };
enum class page_alert { none, card_declined, not_possible };

// Amounts are in the currency's minor unit. In setup mode there are none.
struct checkout_page {
  page_language language = page_language::english;
  std::string shop_name; // empty: the page calls it a test shop
  page_state state = page_state::open;
  page_mode mode = page_mode::payment;
  std::string currency; // in lower case
  std::vector<page_item> items;
  std::int64_t subtotal = 0;
  std::int64_t discount = 0; // what is taken off the subtotal
  std::int64_t total = 0;
  std::optional<std::string> interval;      // at which a subscription recurs, in Stripe's word
  bool costs_nothing = false;               // it is completed without any payment method
  std::vector<std::string> payment_methods; // Stripe's payment_method_types
  bool may_leave = false;
  std::string recovery_url; // of an expired session; empty: it has none
  page_alert alert = page_alert::none;
};

// A whole document, without a script. Its buttons post `action`: pay, pay_later, decline or leave;
// and those of a payment method also `method`, its type.
std::string render(const checkout_page& page);

// For an address where there is no page.
std::string render_missing_page(page_language language);

} // namespace fake
} // namespace v0
} // namespace stripe_return
