#include "testkit/fake_stripe/session.hpp"

#include <numeric>

namespace stripe_return {
inline namespace v0 {
namespace fake {

std::int64_t charge::amount_refunded() const {
  return std::accumulate(refunds.begin(), refunds.end(), std::int64_t{0},
                         [](std::int64_t sum, const refund& each) { return sum + each.amount; });
}

std::int64_t session::subtotal() const {
  if (asked->trial_days > 0) return 0;
  return std::accumulate(
      asked->items.begin(), asked->items.end(), std::int64_t{0},
      [](std::int64_t sum, const bought_item& each) { return sum + each.amount(); });
}

std::int64_t session::total() const {
  return subtotal() - changes.discount + changes.shipping + changes.tax;
}

std::int64_t session::paid_amount() const {
  return presented && presented->converts ? presented->amount : total();
}

const std::string& session::paid_currency() const {
  return presented && presented->converts ? presented->currency : asked->currency;
}

std::string_view to_string(checkout_mode mode) {
  switch (mode) {
  case checkout_mode::payment: return "payment";
  case checkout_mode::setup: return "setup";
  case checkout_mode::subscription: break;
  }
  return "subscription";
}

std::string_view to_string(ui_mode mode) {
  switch (mode) {
  case ui_mode::hosted_page: return "hosted_page";
  case ui_mode::embedded_page: return "embedded_page";
  case ui_mode::elements: return "elements";
  case ui_mode::form: break;
  }
  return "form";
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
