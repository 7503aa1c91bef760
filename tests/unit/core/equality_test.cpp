#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/error.hpp>
#include <stripe_return/core/line_item.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace sr = stripe_return;

// Two of each differ, and are equal to themselves alone.
template <class T> void expect_all_different(const std::vector<T>& each) {
  for (const T& a : each) {
    for (const T& b : each) {
      EXPECT_EQ(a == b, &a == &b) << &a - each.data() << ", " << &b - each.data();
      EXPECT_EQ(a != b, &a != &b);
    }
    EXPECT_TRUE(a == T(a));
  }
}

// One that differs from T() in the field, for each.
template <class T, class... Field> std::vector<T> one_field_changed(Field... change) {
  std::vector<T> all(1 + sizeof...(Field));
  std::size_t at = 0;
  (change(all[++at]), ...);
  return all;
}

TEST(Equality, OfALineItemLooksAtEveryField) {
  expect_all_different(one_field_changed<sr::line_item>(
      [](auto& of) { of.id = "x"; }, [](auto& of) { of.description = "x"; },
      [](auto& of) { of.quantity = 0; }, [](auto& of) { of.amount_subtotal = 0; },
      [](auto& of) { of.amount_total = 0; }, [](auto& of) { of.currency = "x"; },
      [](auto& of) { of.price = "x"; }, [](auto& of) { of.product = "x"; }));
}

TEST(Equality, OfAPageLooksAtItsLinesAndWhetherThereAreMore) {
  expect_all_different(one_field_changed<sr::line_item_page>([](auto& of) { of.data.resize(1); },
                                                             [](auto& of) { of.has_more = true; }));
}

TEST(Equality, OfAPaymentIntentLooksIntoItsCharge) {
  using status = sr::open_enum<sr::payment_intent_status>;
  using entries = std::vector<sr::metadata::entry>;
  expect_all_different(one_field_changed<sr::session_payment_intent>(
      [](auto& of) { of.id = "x"; }, [](auto& of) { of.amount = 0; },
      [](auto& of) { of.amount_received = 0; }, [](auto& of) { of.status = status("succeeded"); },
      [](auto& of) { of.status = status("new"); }, [](auto& of) { of.status = status("newer"); },
      [](auto& of) {
        of.metadata = sr::metadata(entries{{"a", "1"}});
      },
      [](auto& of) {
        of.metadata = sr::metadata(entries{{"a", "2"}});
      },
      [](auto& of) { of.latest_charge.emplace(); },
      [](auto& of) {
        of.latest_charge = {1, false};
      },
      [](auto& of) {
        of.latest_charge = {0, true};
      }));
}

TEST(Equality, OfACurrencyConversionTellsNothingFromZero) {
  expect_all_different(one_field_changed<sr::session_currency_conversion>(
      [](auto& of) { of.amount_subtotal = 0; }, [](auto& of) { of.amount_total = 0; },
      [](auto& of) { of.source_currency = "x"; }));
}

TEST(Equality, OfAnErrorLooksAtEveryField) {
  expect_all_different(one_field_changed<sr::error>(
      [](auto& of) { of.code = sr::error_code::not_json; }, [](auto& of) { of.message = "x"; },
      [](auto& of) { of.http_status = 1; }, [](auto& of) { of.stripe_code = "x"; },
      [](auto& of) { of.request_id = "x"; }, [](auto& of) { of.session_id = "x"; }));
}

} // namespace
