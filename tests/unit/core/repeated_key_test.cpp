#include <stripe_return/core/checkout_session.hpp>

#include "error_code_of.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

std::optional<code> parse(const std::string& json) {
  return error_code_of(sr::parse_checkout_session(json));
}

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string filled(std::string around, const std::string& value) {
  return around.replace(around.find('@'), 1, value);
}

// A second value could be read by one side and the first by another.
TEST(RepeatedKey, IsRefusedWhereverItIsRead) {
  const struct {
    const char* around; // `@` stands for the two pairs
    const char* key;
    const char* value;
  } places[] = {
      {"@", "id", R"("cs_test_a")"},
      {"@", "object", R"("checkout.session")"},
      {"@", "status", R"("complete")"},
      {"@", "payment_status", R"("paid")"},
      {"@", "mode", R"("payment")"},
      {"@", "livemode", "false"},
      {"@", "created", "1"},
      {"@", "expires_at", "1"},
      {"@", "amount_subtotal", "1"},
      {"@", "amount_total", "1"},
      {"@", "currency", R"("cny")"},
      {"@", "currency_conversion", "{}"},
      {"@", "client_reference_id", R"("A1")"},
      {"@", "metadata", "{}"},
      {"@", "payment_intent", R"("pi_1")"},
      {"@", "setup_intent", R"("seti_1")"},
      {"@", "subscription", R"("sub_1")"},
      {"@", "recovered_from", R"("cs_test_b")"},
      {"@", "after_expiration", "{}"},
      {"@", "line_items", "{}"},
      {"@", "url", R"("https://x")"},
      {"@", "client_secret", R"("x")"},
      {R"("metadata":{@})", "out_trade_no", R"("A1")"},
      {R"("metadata":{"a":"1",@,"z":"2"})", "unimportant", R"("")"},
      {R"("payment_intent":{@})", "id", R"("pi_1")"},
      {R"("payment_intent":{@})", "object", R"("payment_intent")"},
      {R"("payment_intent":{@})", "status", R"("succeeded")"},
      {R"("payment_intent":{@})", "metadata", "{}"},
      {R"("payment_intent":{"metadata":{@}})", "out_trade_no", R"("A1")"},
      {R"("setup_intent":{@})", "id", R"("seti_1")"},
      {R"("subscription":{@})", "id", R"("sub_1")"},
      {R"("currency_conversion":{@})", "amount_subtotal", "1"},
      {R"("currency_conversion":{@})", "amount_total", "1"},
      {R"("currency_conversion":{@})", "source_currency", R"("cny")"},
      {R"("after_expiration":{@})", "recovery", "{}"},
      {R"("after_expiration":{"recovery":{@}})", "url", R"("u")"},
      {R"("after_expiration":{"recovery":{@}})", "expires_at", "1"},
      {R"("line_items":{@})", "object", R"("list")"},
      {R"("line_items":{@})", "data", "[]"},
      {R"("line_items":{@})", "has_more", "true"},
      {R"("line_items":{"data":[{},{@}]})", "id", R"("li_1")"},
      {R"("line_items":{"data":[{@}]})", "description", R"("x")"},
      {R"("line_items":{"data":[{@}]})", "quantity", "1"},
      {R"("line_items":{"data":[{@}]})", "amount_subtotal", "1"},
      {R"("line_items":{"data":[{@}]})", "amount_total", "1"},
      {R"("line_items":{"data":[{@}]})", "currency", R"("cny")"},
      {R"("line_items":{"data":[{@}]})", "price", R"("price_1")"},
      {R"("line_items":{"data":[{"price":{@}}]})", "id", R"("price_1")"},
      {R"("line_items":{"data":[{"price":{@}}]})", "product", R"("prod_1")"},
      {R"("line_items":{"data":[{"price":{"product":{@}}}]})", "id", R"("prod_1")"},
  };
  for (const auto& place : places) {
    SCOPED_TRACE(std::string(place.around) + place.key);
    const std::string first = quoted(place.key) + ':' + place.value;
    EXPECT_EQ(parse('{' + filled(place.around, first) + '}'), std::nullopt);
    for (const std::string& second : {first, quoted(place.key) + ":null"}) {
      const bool in_metadata = std::string(place.around).find("metadata") != std::string::npos;
      for (const char* between :
           {",", in_metadata ? R"(,"between":"x",)" : R"(,"between":{"x":[]},)"}) {
        EXPECT_EQ(parse('{' + filled(place.around, first + between + second) + '}'),
                  code::repeated_key);
        EXPECT_EQ(parse('{' + filled(place.around, second + between + first) + '}'),
                  code::repeated_key);
      }
    }
    const std::string escaped = R"("\u00)" + std::string(place.key[0] < 'p' ? "6" : "7") +
                                "0123456789abcdef"[place.key[0] % 16] + (place.key + 1) + '"';
    EXPECT_EQ(parse('{' + filled(place.around, first + ',' + escaped + ":null") + '}'),
              code::repeated_key)
        << escaped;
  }
}

TEST(RepeatedKey, IsNoneWhereItOnlyRepeatsElsewhere) {
  EXPECT_EQ(parse(R"({"x":1,"x":2,"customer_details":{"id":1,"id":2}})"), std::nullopt);
  EXPECT_EQ(parse(R"({"payment_intent":{"id":"pi","amount_details":1,"amount_details":2}})"),
            std::nullopt);
  EXPECT_EQ(parse(R"({"id":"cs","payment_intent":{"id":"pi"},"setup_intent":{"id":"seti"}})"),
            std::nullopt);
  EXPECT_EQ(parse(R"({"metadata":{"k":"1"},"payment_intent":{"id":"pi","metadata":{"k":"1"}}})"),
            std::nullopt);
  EXPECT_EQ(
      parse(
          R"({"line_items":{"data":[{"id":"a","price":{"id":"p"}},{"id":"b","price":{"id":"p"}}]}})"),
      std::nullopt);
  EXPECT_EQ(parse(R"({"metadata":{"id":"1","status":"2","Id":"3"},"id":"cs","status":"open"})"),
            std::nullopt);
}

} // namespace
