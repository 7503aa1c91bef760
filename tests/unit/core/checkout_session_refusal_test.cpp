#include <stripe_return/core/checkout_session.hpp>

#include "data/data_file.hpp"
#include "error_code_of.hpp"
#include "session_json.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

std::optional<code> parse(const std::string& json) {
  return error_code_of(sr::parse_checkout_session(json));
}
std::optional<code> parse_with(const char* key, const std::string& value) {
  return parse(session_json().set(key, value).text());
}

// `@` stands for the value. Every place where an integer is read.
struct number_field {
  const char* key;
  const char* around;
  bool is_time;
};
constexpr number_field number_fields[] = {
    {"amount_subtotal", "@", false},
    {"amount_total", "@", false},
    {"created", "@", true},
    {"expires_at", "@", true},
    {"currency_conversion", R"({"amount_subtotal":@})", false},
    {"currency_conversion", R"({"amount_total":@})", false},
    {"after_expiration", R"({"recovery":{"url":"u","expires_at":@}})", true},
    {"line_items", R"({"data":[{"quantity":@}]})", false},
    {"line_items", R"({"data":[{"amount_subtotal":@}]})", false},
    {"line_items", R"({"data":[{"amount_total":@}]})", false},
};
std::string filled(std::string_view around, std::string_view value) {
  std::string text(around);
  return text.replace(text.find('@'), 1, value);
}

TEST(CheckoutSessionRefusal, NumbersThatAreNoIntegersInRange) {
  for (const number_field& field : number_fields) {
    SCOPED_TRACE(std::string(field.key) + field.around);
    for (const char* value :
         {"400.0", "400.5", "4e2", "4E2", "-0.0", "9223372036854775808", "18446744073709551615",
          "18446744073709551616", "-9223372036854775809", "1e308", "1e999", "-1e999",
          "100000000000000000000000000000000000000"}) {
      EXPECT_EQ(parse_with(field.key, filled(field.around, value)), code::number_out_of_range)
          << value;
    }
    EXPECT_EQ(parse_with(field.key, filled(field.around, "400")), std::nullopt);
  }
}

TEST(CheckoutSessionRefusal, TimesBeforeTheEpochOrAfterTheYear9999) {
  for (const number_field& field : number_fields) {
    SCOPED_TRACE(std::string(field.key) + field.around);
    for (const char* value : {"-1", "-9223372036854775808", "253402300800", "1774342786000000",
                              "9223372036854775807"}) {
      EXPECT_EQ(parse_with(field.key, filled(field.around, value)),
                field.is_time ? std::optional(code::number_out_of_range) : std::nullopt)
          << value;
    }
  }
}

TEST(CheckoutSessionRefusal, OtherTypesForNumbers) {
  for (const number_field& field : number_fields) {
    for (const char* value : {R"("400")", R"("")", "true", "false", "{}", "[]", "[400]"}) {
      EXPECT_EQ(parse_with(field.key, filled(field.around, value)), code::unexpected_type)
          << field.key << field.around << value;
    }
    EXPECT_EQ(parse_with(field.key, filled(field.around, "null")), std::nullopt);
  }
}

TEST(CheckoutSessionRefusal, OtherTypesForText) {
  const struct {
    const char* key;
    const char* around;
    bool may_be_object;
  } fields[] = {
      {"id", "@", false},
      {"object", "@", false},
      {"status", "@", false},
      {"payment_status", "@", false},
      {"mode", "@", false},
      {"currency", "@", false},
      {"client_reference_id", "@", false},
      {"recovered_from", "@", false},
      {"url", "@", false},
      {"client_secret", "@", false},
      {"payment_intent", "@", true},
      {"setup_intent", "@", true},
      {"subscription", "@", true},
      {"metadata", R"({"out_trade_no":@})", false},
      {"payment_intent", R"({"id":@})", false},
      {"payment_intent", R"({"object":@})", false},
      {"payment_intent", R"({"status":@})", false},
      {"payment_intent", R"({"metadata":{"k":@}})", false},
      {"payment_intent", R"({"latest_charge":@})", true},
      {"payment_intent", R"({"latest_charge":{"object":@}})", false},
      {"setup_intent", R"({"id":@})", false},
      {"subscription", R"({"id":@})", false},
      {"currency_conversion", R"({"source_currency":@})", false},
      {"after_expiration", R"({"recovery":{"url":@}})", false},
      {"line_items", R"({"object":@})", false},
      {"line_items", R"({"data":[{"id":@}]})", false},
      {"line_items", R"({"data":[{"description":@}]})", false},
      {"line_items", R"({"data":[{"currency":@}]})", false},
      {"line_items", R"({"data":[{"price":@}]})", true},
      {"line_items", R"({"data":[{"price":{"id":@}}]})", false},
      {"line_items", R"({"data":[{"price":{"product":@}}]})", true},
      {"line_items", R"({"data":[{"price":{"product":{"id":@}}}]})", false},
  };
  for (const auto& field : fields) {
    SCOPED_TRACE(std::string(field.key) + field.around);
    for (const char* value : {"1774256382025448500", "0", "-1", "1.5", "18446744073709551615",
                              "true", "false", "[]", R"(["x"])"}) {
      EXPECT_EQ(parse_with(field.key, filled(field.around, value)), code::unexpected_type) << value;
    }
    EXPECT_EQ(parse_with(field.key, filled(field.around, "1e999")), code::number_out_of_range);
    EXPECT_EQ(parse_with(field.key, filled(field.around, "{}")),
              field.may_be_object ? std::nullopt : std::optional(code::unexpected_type));
    EXPECT_EQ(parse_with(field.key, filled(field.around, "null")), std::nullopt);
  }
}

TEST(CheckoutSessionRefusal, OtherTypesForObjectsAndBooleans) {
  for (const char* key : {"metadata", "currency_conversion", "after_expiration", "line_items"}) {
    for (const char* value : {"1", "1.5", "true", R"("x")", R"("")", "[]", "[{}]"})
      EXPECT_EQ(parse_with(key, value), code::unexpected_type) << key << value;
  }
  for (const char* value : {"0", "1", R"("true")", R"("")", "{}", "[]", "1.0"}) {
    EXPECT_EQ(parse_with("livemode", value), code::unexpected_type) << value;
    EXPECT_EQ(parse_with("line_items", filled(R"({"has_more":@})", value)), code::unexpected_type);
  }
  for (const char* value :
       {"{}", "1", "true", R"("")", "[null]", "[1]", R"(["li"])", "[[]]", "[{},[]]"})
    EXPECT_EQ(parse_with("line_items", filled(R"({"data":@})", value)), code::unexpected_type);
}

TEST(CheckoutSessionRefusal, NothingInFieldsThatAreNotRead) {
  for (const char* value :
       {"1.5", "-1e308", "9223372036854775808", "18446744073709551616", "-9223372036854775809",
        R"({"amount_total":1.5,"amount_total":"x"})", R"([{"status":1,"status":2},[[]],"x"])", "[]",
        "{}", R"({"a":{"a":{"a":[{"b":1,"b":2}]}}})", R"({"object":"event","id":5})"}) {
    for (const char* key : {"customer_details", "total_details", "a_field_of_tomorrow"})
      EXPECT_EQ(parse_with(key, value), std::nullopt) << value;
    EXPECT_EQ(parse_with("payment_intent", filled(R"({"id":"pi_1","amount_details":@})", value)),
              std::nullopt);
    EXPECT_EQ(parse_with("line_items", filled(R"({"data":[{"taxes":@,"id":"li_1"}]})", value)),
              std::nullopt);
  }
}

// After a value that is not read the reader must know again where it stands.
TEST(CheckoutSessionRefusal, ReadsOnAfterWhatItSkipped) {
  const auto session =
      session_json()
          .set("skip", R"({"status":"open","metadata":{"out_trade_no":"B2"},"x":[[{}]]})")
          .set("amount_total", "123")
          .set("skip2", R"([{"amount_total":5}])")
          .set("currency", quoted("usd"))
          .decoded();
  EXPECT_EQ(session.status, sr::session_status::complete);
  EXPECT_EQ(session.metadata.get("out_trade_no"), "A1");
  EXPECT_EQ(session.amount_total, 123);
  EXPECT_EQ(session.currency, "usd");
}

TEST(CheckoutSessionRefusal, OtherObjects) {
  for (const char* object :
       {"event", "payment_intent", "list", "charge", "invoice", "checkout.sessions", "session",
        "Checkout.Session", "checkout.session ", "v2.core.event", "error"}) {
    EXPECT_EQ(parse_with("object", quoted(object)), code::wrong_object) << object;
  }
  for (const char* scalar : {"null", "true", "1", "-1", "1.5", "18446744073709551616",
                             R"("cs_test_www")", "[]", "[{}]", R"([{"id":"cs_test_www"}])"}) {
    EXPECT_EQ(parse(scalar), code::wrong_object) << scalar;
  }
  EXPECT_EQ(parse(R"({"object":"list","data":[{"object":"checkout.session"}],"has_more":false})"),
            code::wrong_object);
  EXPECT_EQ(parse_with("line_items", R"({"object":"checkout.session"})"), code::wrong_object);
}

// Even where a field of another type comes first.
TEST(CheckoutSessionRefusal, OtherObjectsWhateverTheirFieldsHold) {
  EXPECT_EQ(parse(R"({"created":"2026-09-30","object":"v2.core.event"})"), code::wrong_object);
  EXPECT_EQ(parse(R"({"amount_total":1.5,"x":[1e400],"object":"charge"})"), code::wrong_object);
  EXPECT_EQ(parse(R"({"status":1e400,"object":"charge"})"), code::wrong_object);
  EXPECT_EQ(parse(R"({"status":7,"object":"checkout.session"})"), code::unexpected_type);
  EXPECT_EQ(parse(R"({"status":7,"object":7})"), code::unexpected_type);
  EXPECT_EQ(parse(R"({"status":7})"), code::unexpected_type);
}

// Whoever saved a webhook's body must not take it for a session that was fetched.
TEST(CheckoutSessionRefusal, AnEventPointsToItsVerification) {
  const auto event = sr::parse_checkout_session(
      R"({"id":"evt_1","object":"event","data":{"object":{"object":"checkout.session"}}})");
  ASSERT_EQ(error_code_of(event), code::wrong_object);
  EXPECT_NE(event.error().message.find("verify"), std::string::npos) << event.error().message;
  const auto list = sr::parse_checkout_session(R"({"object":"list"})");
  EXPECT_EQ(list.error().message.find("verify"), std::string::npos);
}

TEST(CheckoutSessionRefusal, EveryTruncation) {
  const std::string whole = data_file("paid.json");
  const std::size_t end = whole.rfind('}');
  for (std::size_t size = 0; size <= end; ++size)
    ASSERT_EQ(parse(whole.substr(0, size)), code::not_json) << size;
  EXPECT_EQ(parse(whole.substr(0, end + 1)), std::nullopt);
}

TEST(CheckoutSessionRefusal, TextThatIsNotJson) {
  const std::string good = session_json().text();
  for (const std::string& text : {std::string(),
                                  std::string(" \n"),
                                  std::string("\xEF\xBB\xBF"),
                                  std::string("\xEF\xBB"),
                                  std::string("\xFE\xFF{}"),
                                  std::string("\0", 1),
                                  good + 'x',
                                  good + good,
                                  good + ",",

                                  "//\n" + good,
                                  std::string("{'id':1}"),
                                  std::string("{id:1}"),
                                  std::string(R"({"id":"a",})"),
                                  std::string(R"({"id"})"),
                                  std::string(R"({"id":})"),
                                  std::string("{]"),

                                  std::string("<html>502 Bad Gateway</html>"),
                                  std::string("NaN"),
                                  std::string(R"({"created":01})"),
                                  std::string(R"({"created":+1})"),
                                  std::string(R"({"created":0x1})"),
                                  std::string(R"({"created":Infinity})"),
                                  std::string("{\"id\":\"a\nb\"}"),
                                  std::string(R"({"id":"\x"})"),
                                  std::string(R"({"id":"\ud800"})")}) {
    EXPECT_EQ(parse(text), code::not_json) << text.substr(0, 60);
  }
}

// A NUL ends no JSON document: what follows it was never looked at.
TEST(CheckoutSessionRefusal, ANulBehindTheDocument) {
  const std::string good = session_json().text();
  EXPECT_EQ(parse(good + '\0'), code::not_json);
  EXPECT_EQ(parse(good + '\0' + good), code::not_json);
  EXPECT_EQ(parse(good + "\n" + '\0' + "<html>"), code::not_json);
}

TEST(CheckoutSessionRefusal, InvalidUtf8InAllThatIsRead) {
  for (const char* bytes :
       {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE5\x8D"}) {
    EXPECT_EQ(parse_with("id", quoted(bytes)), code::not_json);
    EXPECT_EQ(parse_with("metadata", '{' + quoted(bytes) + R"(:"x"})"), code::not_json);
    EXPECT_EQ(parse_with("metadata", R"({"x":)" + quoted(bytes) + '}'), code::not_json);
    EXPECT_EQ(parse_with(bytes, "1"), code::not_json);
  }
}

// Wherever in a text of whatever length it stands.
TEST(CheckoutSessionRefusal, OneFaultInAText) {
  for (std::size_t size = 1; size != 40; ++size) {
    for (std::size_t at = 0; at != size; ++at) {
      const auto with = [&](const std::string& fault) {
        return std::string(size, 'a').replace(at, 1, fault);
      };
      for (const char* fault : {"\n", "\x1F", "\x80", "\xFF"}) {
        EXPECT_EQ(parse_with("id", '"' + with(fault) + '"'), code::not_json) << size << ' ' << at;
        EXPECT_EQ(parse_with(with(fault).c_str(), "1"), code::not_json) << size << ' ' << at;
      }
      EXPECT_EQ(session_json().set("id", '"' + with("\x7F") + '"').decoded().id, with("\x7F"));
      EXPECT_EQ(session_json().set("id", '"' + with(R"(\\)") + '"').decoded().id, with("\\"));
    }
  }
}

TEST(CheckoutSessionRefusal, AByteOrderMarkIsNoReason) {
  EXPECT_EQ(parse("\xEF\xBB\xBF" + session_json().text()), std::nullopt);
}

TEST(CheckoutSessionRefusal, NoDepthIsTooDeep) {
  constexpr std::size_t depth = 200000;
  const std::string open(depth, '[');
  const std::string close(depth, ']');
  std::string open_objects;
  for (std::size_t i = 0; i != depth; ++i)
    open_objects += R"({"a":)";
  EXPECT_EQ(parse(open), code::wrong_object);
  EXPECT_EQ(parse(R"({"x":)" + open), code::not_json);
  EXPECT_EQ(parse(R"({"x":)" + open + close + '}'), std::nullopt);
  EXPECT_EQ(parse(open_objects), code::not_json);
  EXPECT_EQ(parse(open_objects + '1' + std::string(depth, '}')), std::nullopt);
  EXPECT_EQ(parse_with("metadata", open_objects), code::unexpected_type);
  EXPECT_EQ(parse_with("line_items", R"({"data":[)" + open), code::unexpected_type);
}

// A document holds names, addresses and secrets; a message may be logged.
TEST(CheckoutSessionRefusal, NeverRepeatsWhatTheDocumentHeld) {
  const std::string canary = "CANARY";
  const std::string text = quoted(canary);
  const std::string documents[] = {text,
                                   canary,
                                   '{' + text,
                                   R"({"id":)" + canary + '}',
                                   R"({"object":)" + text + '}',
                                   R"({"line_items":{"object":)" + text + "}}",
                                   R"({"id":)" + text + R"(,"id":)" + text + '}',
                                   R"({"amount_total":)" + text + '}',
                                   R"({"livemode":)" + text + '}',
                                   R"({"line_items":[)" + text + "]}",
                                   R"({"metadata":{)" + text + ":1}}",
                                   R"({"metadata":{)" + text + ":1.5}}",
                                   R"({"metadata":{)" + text + ":\"a\"," + text + ":\"a\"}}",
                                   R"({"client_secret":)" + text + R"(,"url":1})",
                                   R"({"client_secret":["CANARY"]})",
                                   R"({"x":"CANARY)",
                                   R"({"id":"CANARY\q"})",
                                   "{\"id\":\"CANARY\xFF\"}",
                                   R"({"x":"CANARY","created":1e999})"};
  for (const std::string& json : documents) {
    const auto read = sr::parse_checkout_session(json);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().message.find(canary), std::string::npos) << read.error().message;
    EXPECT_FALSE(read.error().message.empty());
    EXPECT_EQ(read.error().stripe_code + read.error().request_id, "");
    EXPECT_EQ(read.error().http_status, 0);
  }
  const auto number = sr::parse_checkout_session(R"({"created":-424242})");
  ASSERT_FALSE(number);
  EXPECT_EQ(number.error().message.find("424242"), std::string::npos);
}

TEST(CheckoutSessionRefusal, NamesTheFieldThatIsWrong) {
  const auto type = sr::parse_checkout_session(R"({"payment_status":true})");
  EXPECT_NE(type.error().message.find("payment_status"), std::string::npos);
  const auto range = sr::parse_checkout_session(R"({"amount_total":4.0})");
  EXPECT_NE(range.error().message.find("amount_total"), std::string::npos);
  const auto twice = sr::parse_checkout_session(R"({"mode":"a","mode":"b"})");
  EXPECT_NE(twice.error().message.find("mode"), std::string::npos);
}

} // namespace
