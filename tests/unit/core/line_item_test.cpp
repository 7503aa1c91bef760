#include <stripe_return/core/line_item.hpp>

#include "error_code_of.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

// https://docs.stripe.com/api/checkout/sessions/line_items, shortened
constexpr const char* answer = R"({
  "object": "list",
  "data": [
    {"id": "li_1", "object": "item", "amount_discount": 100, "amount_subtotal": 800,
     "amount_tax": 0, "amount_total": 700, "currency": "cny", "description": "\u83dc\u5355",
     "price": {"id": "price_1", "object": "price", "currency": "cny", "product": "prod_1",
               "unit_amount": 400, "metadata": {}},
     "quantity": 2},
    {"id": "li_2", "object": "item", "amount_subtotal": 0, "amount_total": 0, "currency": "cny",
     "description": null, "price": null, "quantity": null}
  ],
  "has_more": true,
  "url": "/v1/checkout/sessions/cs_test_a1/line_items"
})";

TEST(LineItems, ReadsAPage) {
  const auto page = sr::parse_line_items(answer);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(page->has_more);
  ASSERT_EQ(page->data.size(), 2U);
  const sr::line_item& first = page->data[0];
  EXPECT_EQ(first.id, "li_1");
  EXPECT_EQ(first.description, "\xE8\x8F\x9C\xE5\x8D\x95");
  EXPECT_EQ(first.quantity, 2);
  EXPECT_EQ(first.amount_subtotal, 800);
  EXPECT_EQ(first.amount_total, 700);
  EXPECT_EQ(first.currency, "cny");
  EXPECT_EQ(first.price, "price_1");
  EXPECT_EQ(first.product, "prod_1");
  const sr::line_item& second = page->data[1];
  EXPECT_EQ(second.id, "li_2");
  EXPECT_EQ(second.description, "");
  EXPECT_EQ(second.quantity, std::nullopt);
  EXPECT_EQ(second.amount_total, 0);
  EXPECT_EQ(second.price, "");
  EXPECT_EQ(second.product, "");
}

TEST(LineItems, ReadsPagesWithLittleInThem) {
  for (const char* json : {"{}", R"({"data":null})", R"({"object":"list","data":[]})",
                           R"({"object":"","data":[],"has_more":false})"}) {
    const auto page = sr::parse_line_items(json);
    ASSERT_TRUE(page) << json;
    EXPECT_TRUE(page->data.empty());
    EXPECT_FALSE(page->has_more);
  }
}

TEST(LineItems, TakesPriceAndProductAsTextOrAsObjects) {
  const struct {
    const char* price;
    const char* price_id;
    const char* product_id;
  } forms[] = {
      {R"("price_1")", "price_1", ""},
      {R"({"id":"price_1"})", "price_1", ""},
      {R"({"id":"price_1","product":null})", "price_1", ""},
      {R"({"product":"prod_1","id":"price_1"})", "price_1", "prod_1"},
      {R"({"id":"price_1","product":{"id":"prod_1","object":""}})", "price_1", "prod_1"},
      {R"({"id":"price_1","product":{"object":"product","id":"prod_1","default_price":{"id":"x"}}})",
       "price_1", "prod_1"},
      {"null", "", ""},
      {"{}", "", ""},
  };
  for (const auto& form : forms) {
    const auto page =
        sr::parse_line_items(std::string(R"({"data":[{"price":)") + form.price + "}]}");
    ASSERT_TRUE(page) << form.price;
    EXPECT_EQ(page->data.at(0).price, form.price_id) << form.price;
    EXPECT_EQ(page->data.at(0).product, form.product_id) << form.price;
  }
}

// What one item leaves out must not be taken from its neighbour.
TEST(LineItems, KeepsItemsApart) {
  const auto page = sr::parse_line_items(
      R"({"data":[{"id":"a","quantity":1,"price":{"id":"p","product":{"id":"q"}}},{},{"id":"c"}]})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->data.size(), 3U);
  EXPECT_EQ(page->data[1].id + page->data[1].price + page->data[1].product, "");
  EXPECT_EQ(page->data[1].quantity, std::nullopt);
  EXPECT_EQ(page->data[2].id, "c");
}

TEST(LineItems, RefusesOtherDocuments) {
  const struct {
    const char* json;
    code why;
  } cases[] = {
      {R"({"object":"checkout.session"})", code::wrong_object},
      {R"({"object":"event"})", code::wrong_object},
      {R"({"object":"item"})", code::wrong_object},
      {"[]", code::wrong_object},
      {"null", code::wrong_object},
      {R"("li_1")", code::wrong_object},
      {"1.5", code::wrong_object},
      {R"({"data":{}})", code::unexpected_type},
      {R"({"data":[null]})", code::unexpected_type},
      {R"({"data":[{},"li_1"]})", code::unexpected_type},
      {R"({"data":[1.5]})", code::unexpected_type},
      {R"({"data":[true]})", code::unexpected_type},
      {R"({"data":[],"has_more":1})", code::unexpected_type},
      {R"({"data":[{"quantity":"2"}]})", code::unexpected_type},
      {R"({"data":[{"quantity":1.5}]})", code::number_out_of_range},
      {R"({"data":[{"amount_total":9223372036854775808}]})", code::number_out_of_range},
      {R"({"data":[],"data":[]})", code::repeated_key},
      {R"({"data":[{"quantity":1,"quantity":1}]})", code::repeated_key},
      {R"({"data":[{"price":{"id":"a","id":"b"}}]})", code::repeated_key},
      {R"({"data":[})", code::not_json},
      {"", code::not_json},
      {"{}{}", code::not_json},
  };
  for (const auto& each : cases)
    EXPECT_EQ(error_code_of(sr::parse_line_items(each.json)), each.why) << each.json;
}

TEST(LineItems, ReadsQuantitiesToTheEndOfTheirRange) {
  const auto page = sr::parse_line_items(R"({"data":[{"quantity":9223372036854775807}]})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->data.at(0).quantity, std::numeric_limits<std::int64_t>::max());
}

TEST(LineItems, NeverRepeatsWhatTheDocumentHeld) {
  for (const char* json : {R"({"object":"CANARY"})", R"({"data":[{"id":"CANARY","id":"CANARY"}]})",
                           R"({"data":[{"quantity":"CANARY"}]})", R"({"data":["CANARY"]})"}) {
    const auto page = sr::parse_line_items(json);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().message.find("CANARY"), std::string::npos) << page.error().message;
  }
}

} // namespace
