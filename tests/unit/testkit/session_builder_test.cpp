#include <stripe_return/testkit/session_builder.hpp>

#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>

#include "data/data_file.hpp"
#include "unit/core/observed.hpp"
#include "unit/core/printing.hpp"

#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using nlohmann::json;
using sr::testkit::session_builder;
using state = sr::order_state;
using again = sr::pay_again;

constexpr sr::unix_seconds began = 1774256386;
constexpr sr::unix_seconds a_day = 86400;

const session_builder order = session_builder().out_trade_no("A1");

sr::checkout_session parsed(const std::string& text) {
  auto session = sr::parse_checkout_session(text);
  if (!session) throw std::logic_error(session.error().message + " In: " + text);
  return *std::move(session);
}

struct named_state {
  const char* name;
  session_builder session;
  sr::order_state state;
  bool final;
  bool may_fulfill;
  bool may_release;
  sr::pay_again pay_again;
};

// After the table in the README.
const std::vector<named_state> named_states = {
    {"begins", order, state::awaiting_payment, false, false, false, again::yes},
    {"awaiting_payment", order.awaiting_payment(), state::awaiting_payment, false, false, false,
     again::yes},
    {"paid", order.paid(), state::paid, true, true, false, again::no},
    {"no_payment_required", order.no_payment_required(), state::no_payment_required, true, true,
     false, again::no},
    {"processing", order.processing(), state::processing, false, false, false, again::no},
    {"failed", order.failed(), state::failed, true, false, true, again::yes},
    {"expired", order.expired(), state::expired, true, false, true, again::yes},
    {"setup", order.setup(), state::no_payment_required, true, false, false, again::no},
};

TEST(SessionBuilder, EachStateIsDecidedAsItsName) {
  for (const named_state& each : named_states) {
    for (const std::string& text : {each.session.json(), each.session.stripe_go_json()}) {
      SCOPED_TRACE(std::string(each.name) + ": " + text);
      const auto outcome = sr::decide_unchecked(observed(parsed(text), began));
      EXPECT_EQ(outcome.state(), each.state);
      EXPECT_EQ(outcome.final(), each.final);
      EXPECT_EQ(outcome.out_trade_no(), "A1");
      EXPECT_EQ(outcome.may_fulfill("A1"), each.may_fulfill);
      EXPECT_EQ(outcome.may_release(), each.may_release);
      EXPECT_EQ(outcome.pay_again(), each.pay_again);
    }
  }
}

TEST(SessionBuilder, TheLastStateCounts) {
  EXPECT_EQ(order.setup().no_payment_required().failed().paid().json(), order.paid().json());
  EXPECT_EQ(order.paid().awaiting_payment().json(), order.json());
}

TEST(SessionBuilder, AgreesWithTheExpectedOrderInBothForms) {
  sr::expected_order expected;
  expected.out_trade_no = "A2";
  expected.amounts = {{1050, "kwd"}};
  expected.livemode = sr::livemode::live;
  const auto session = session_builder()
                           .out_trade_no("A2")
                           .amount(1050, "kwd")
                           .id("cs_live_a1")
                           .created(began + 7)
                           .paid();
  for (const std::string& text : {session.json(), session.stripe_go_json()}) {
    const sr::checkout_session read = parsed(text);
    EXPECT_TRUE(sr::decide(observed(read, began), expected).may_fulfill("A2")) << text;
    EXPECT_EQ(read.id, "cs_live_a1");
    EXPECT_EQ(read.created, began + 7);
    EXPECT_EQ(read.expires_at, began + 7 + a_day);
    EXPECT_EQ(read.amount_subtotal, 1050);
  }
}

TEST(SessionBuilder, AnOpenSessionExpiresAfterADay) {
  for (const std::string& text : {order.json(), order.stripe_go_json()}) {
    EXPECT_EQ(sr::decide_unchecked(observed(parsed(text), began + a_day - 1)).state(),
              state::awaiting_payment);
    EXPECT_EQ(sr::decide_unchecked(observed(parsed(text), began + a_day)).state(), state::expired);
  }
}

TEST(SessionBuilder, HasTheUrlWhileOpenAlone) {
  for (const named_state& each : named_states) {
    const bool open = each.state == state::awaiting_payment;
    EXPECT_EQ(parsed(each.session.json()).url.empty(), !open) << each.name;
    EXPECT_EQ(parsed(each.session.stripe_go_json()).url.empty(), !open) << each.name;
  }
}

TEST(SessionBuilder, HasAnAmountAsStripeHasIt) {
  const sr::checkout_session free = parsed(order.amount(400, "usd").no_payment_required().json());
  EXPECT_EQ(free.amount_total, 0);
  EXPECT_EQ(free.amount_subtotal, 0);
  EXPECT_EQ(free.currency, "usd");
  const sr::checkout_session setup = parsed(order.setup().json());
  EXPECT_EQ(setup.mode, sr::session_mode::setup);
  EXPECT_EQ(setup.setup_intent, "seti_1");
  EXPECT_FALSE(setup.amount_total);
  EXPECT_FALSE(setup.amount_subtotal);
  EXPECT_EQ(setup.currency, "");
  EXPECT_EQ(parsed(order.setup().stripe_go_json()).setup_intent, "seti_1");
}

TEST(SessionBuilder, HasThePaymentIntentAsAnIdOrExpanded) {
  const auto intent_of = [](const session_builder& session, bool go) {
    return parsed(go ? session.stripe_go_json() : session.json()).payment_intent;
  };
  for (const bool go : {false, true}) {
    SCOPED_TRACE(go);
    EXPECT_FALSE(intent_of(order, go));
    EXPECT_FALSE(intent_of(order.no_payment_required(), go));
    EXPECT_FALSE(intent_of(order.expired(), go));
    EXPECT_EQ(intent_of(order.paid(), go)->id, "pi_1");
    EXPECT_FALSE(intent_of(order.paid(), go)->expanded());
    EXPECT_FALSE(intent_of(order.processing(), go)->expanded());
    EXPECT_EQ(intent_of(order.failed(), go)->status.raw(), "requires_payment_method");
    EXPECT_EQ(intent_of(order.failed().payment_intent("canceled"), go)->status.raw(), "canceled");
    EXPECT_EQ(intent_of(order.payment_intent("requires_action"), go)->status.raw(),
              "requires_action");
    EXPECT_EQ(intent_of(order.paid().payment_intent("a_new_word"), go)->status.raw(), "a_new_word");
  }
  const json paid = json::parse(order.paid().payment_intent("succeeded").json());
  EXPECT_EQ(paid["payment_intent"]["amount"], 400);
  EXPECT_EQ(paid["payment_intent"]["amount_received"], 400);
  const json failed = json::parse(order.failed().json());
  EXPECT_EQ(failed["payment_intent"]["amount"], 400);
  EXPECT_EQ(failed["payment_intent"]["amount_received"], 0);
}

TEST(SessionBuilder, AnyFieldCanBeSetInAnyState) {
  const auto session =
      order.set("ui_mode", R"("a_new_word")")
          .set("status", "null")
          .set("a_new_field", R"({"a":[1]})")
          .set("recovered_from", R"("cs_test_b")")
          .set("currency_conversion", R"({"amount_total":57,"amount_subtotal":57,)"
                                      R"("fx_rate":"0.14","source_currency":"usd"})")
          .paid();
  const json raw = json::parse(session.json());
  EXPECT_EQ(raw["ui_mode"], "a_new_word");
  EXPECT_EQ(raw["status"], nullptr);
  EXPECT_EQ(raw["a_new_field"]["a"][0], 1);
  const json go = json::parse(session.stripe_go_json());
  EXPECT_EQ(go["ui_mode"], "a_new_word");
  EXPECT_EQ(go["status"], "");
  EXPECT_FALSE(go.contains("a_new_field"));
  EXPECT_EQ(parsed(go.dump()).recovered_from, "cs_test_b");
  EXPECT_EQ(parsed(go.dump()).currency_conversion->amount_total, 57);
  EXPECT_EQ(json::parse(session.set("ui_mode", "1").json())["ui_mode"], 1);
}

TEST(SessionBuilder, RefusesAFieldThatIsNoJson) {
  for (const char* wrong : {"", "paid", "{", "1 2", "'x'"})
    EXPECT_THROW((void)order.set("status", wrong), std::invalid_argument) << wrong;
}

TEST(SessionBuilder, IsAValue) {
  const std::string before = order.json();
  (void)order.paid();
  (void)order.amount(1, "usd").id("cs_test_b").created(1).out_trade_no("B").set("mode", "1");
  EXPECT_EQ(order.json(), before);
}

TEST(SessionBuilder, EscapesWhatItIsGiven) {
  std::string control;
  for (char c = 1; c < 0x20; ++c)
    control += c;
  for (const std::string& text :
       {std::string("\"},\"status\":\"complete"), std::string("\\"), control, std::string("\0x", 2),
        std::string("<a&b>"), std::string("订单 😀"), std::string("\xe2\x80\xa8\xe2\x80\xa9")}) {
    const auto session = session_builder().out_trade_no(text).id(text).amount(1, text);
    for (const std::string& form : {session.json(), session.stripe_go_json()}) {
      const sr::checkout_session read = parsed(form);
      EXPECT_EQ(read.metadata.get("out_trade_no"), text);
      EXPECT_EQ(read.id, text);
      EXPECT_EQ(read.currency, text);
      EXPECT_EQ(read.status, sr::session_status::open);
    }
  }
  const sr::checkout_session read = parsed(order.out_trade_no("a\xff").json());
  EXPECT_EQ(read.metadata.get("out_trade_no"), "a\xef\xbf\xbd");
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items())
    keys.insert(key);
  return keys;
}

TEST(SessionBuilder, LeavesNothingOutThatTheApiSends) {
  const auto sent = keys_of(json::parse(data_file("api/2026-09-30.endive.json")));
  for (const named_state& each : named_states) {
    std::set<std::string> missing;
    const auto written = keys_of(json::parse(each.session.json()));
    for (const std::string& key : sent) {
      if (written.count(key) == 0) missing.insert(key);
    }
    EXPECT_THAT(missing, ::testing::IsEmpty()) << each.name;
  }
}

TEST(SessionBuilder, NeverHasNullWhereStripeHasNone) {
  for (const named_state& each : named_states) {
    const json session = json::parse(each.session.json());
    for (const char* key :
         {"automatic_tax", "created", "custom_fields", "custom_text", "expires_at", "id",
          "livemode", "mode", "object", "payment_method_types", "payment_status",
          "shipping_options", "status"}) {
      EXPECT_FALSE(session.at(key).is_null()) << each.name << ' ' << key;
    }
  }
}

TEST(SessionBuilder, HasTheKeysOfTheRecordingsInStripeGosForm) {
  const json recorded = json::parse(data_file("paid.json"));
  for (const named_state& each : named_states)
    EXPECT_EQ(keys_of(json::parse(each.session.stripe_go_json())), keys_of(recorded)) << each.name;
  const json paid = json::parse(order.paid().stripe_go_json());
  for (const char* key :
       {"automatic_tax", "customer_details", "custom_text", "invoice_creation", "payment_intent",
        "payment_method_configuration_details", "total_details"}) {
    EXPECT_EQ(keys_of(paid[key]), keys_of(recorded[key])) << key;
  }
  json only_id = recorded["payment_intent"];
  only_id["id"] = "pi_1";
  EXPECT_EQ(paid["payment_intent"], only_id);
}

TEST(SessionBuilder, WritesTheZerosOfStripeGo) {
  const json zero = json::parse(data_file("stripe_go_zero.json"));
  for (const named_state& each : named_states) {
    const json raw = json::parse(each.session.json());
    const json go = json::parse(each.session.stripe_go_json());
    for (const auto& [key, value] : zero.items()) {
      if (raw.contains(key) && !raw[key].is_null()) continue;
      EXPECT_EQ(go[key], value) << each.name << ' ' << key;
    }
  }
  EXPECT_THAT(order.set("success_url", R"("https://shop.example/?a=1&b=<2>")").stripe_go_json(),
              ::testing::HasSubstr(R"("https://shop.example/?a=1\u0026b=\u003c2\u003e")"));
  EXPECT_EQ(order.stripe_go_json().back(), '\n');
  const json customer =
      json::parse(order.set("customer", R"("cus_1")").stripe_go_json())["customer"];
  EXPECT_EQ(customer["id"], "cus_1");
  EXPECT_EQ(customer["object"], "");
}

// What applications write it for.
TEST(SessionBuilder, IsWhatAReturnHandlerAsksFor) {
  const session_builder session = order.paid();
  auto transport = std::make_shared<sr::testkit::scripted_transport>([&](const sr::http_request&) {
    return sr::testkit::stripe_response(200, session.json(), began);
  });
  sr::client_options options;
  options.secret_key = "sk_test_1";
  const sr::session_client stripe(options,
                                  {transport, std::make_shared<sr::testkit::fake_time>(began)});
  const sr::return_handler on_return(stripe);
  sr::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{400, "cny"}};
  const auto outcome = on_return.handle("session_id=" + parsed(session.json()).id, expected);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_TRUE(outcome->may_fulfill("A1"));
}

} // namespace
