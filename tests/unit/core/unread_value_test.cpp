// What is not read of a document is passed over by its structure alone: a fault in a customer's
// name costs no order.
#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>

#include "error_code_of.hpp"
#include "session_json.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

std::optional<code> parse(const std::string& json) {
  return error_code_of(sr::parse_checkout_session(json));
}

// A value of no interest in every place where values are passed over.
std::vector<std::string> documents_with(const std::string& value) {
  return {R"({"x":)" + value + R"(,"status":"open"})",
          R"({"status":"open","x":)" + value + '}',
          R"({"status":"open","x": )" + value + "\n}",
          R"({"x":[1,)" + value + R"(],"status":"open"})",
          R"({"x":{"y":)" + value + R"(},"status":"open"})",
          R"({"payment_intent":{"x":)" + value + R"(,"id":"pi_1"},"status":"open"})",
          R"({"line_items":{"data":[{"x":)" + value + R"(}],"url":)" + value +
              R"(},"status":"open"})"};
}

TEST(UnreadValue, MayHaveAnyFaultButThatOfItsStructure) {
  const std::string nul(1, '\0');
  for (const std::string& value : {std::string(R"("\ud800")"),
                                   std::string(R"("\udc00\ud800")"),
                                   std::string(R"("\x\u12")"),
                                   std::string("\"\xFF\xC3\""),
                                   std::string("\"a\nb\x01\""),
                                   quoted(nul),
                                   std::string("1e400"),
                                   std::string("-1e400"),
                                   std::string("01"),
                                   std::string("+1"),
                                   std::string("1.2.3"),
                                   std::string("nul"),
                                   std::string("NaN"),
                                   std::string("'a'"),
                                   std::string("a:b"),
                                   std::string("[1 2,,]"),
                                   std::string("[:]"),
                                   std::string("{,}"),
                                   std::string("{1:2}"),
                                   std::string(R"({"a" "b"})"),
                                   std::string(R"({"a":1,"a":2,})"),
                                   std::string(R"([{"object":"\ud800"},[1e400]])"),
                                   std::string("[//\n]"),
                                   std::string("[\x01\xFF]")}) {
    for (const std::string& json : documents_with(value)) {
      const auto session = sr::parse_checkout_session(json);
      ASSERT_TRUE(session) << json << session.error().message;
      EXPECT_EQ(session->status, sr::session_status::open) << json;
    }
  }
}

TEST(UnreadValue, EndsWhereItsStructureSaysSo) {
  for (const char* value : {R"("")",
                            R"("\"")",
                            R"("\\")",
                            R"("\\\"")",
                            R"("\\\\")",
                            R"("\",\"status\":\"paid")",
                            R"("]}")",
                            R"("[{")",
                            R"(["\"]"])",
                            R"(["\\"])",
                            R"({"\"}":"\\"})",
                            R"(["]","}"])",
                            R"({"]":"}"})",
                            "[]",
                            "{}",
                            "[[],{}]",
                            R"([{"a":[{}]}])",
                            "1",
                            "true",
                            "null",
                            "-0.5e-3"}) {
    for (const std::string& json : documents_with(value)) {
      const auto session = sr::parse_checkout_session(json);
      ASSERT_TRUE(session) << json << session.error().message;
      EXPECT_EQ(session->status, sr::session_status::open) << json;
    }
  }
}

TEST(UnreadValue, IsRefusedForItsStructure) {
  const std::string nul(1, '\0');
  for (const std::string& value : {std::string("[}"),
                                   std::string("{]"),
                                   std::string("[{]}"),
                                   std::string("[[}]"),
                                   std::string("{[}]"),
                                   std::string("["),
                                   std::string("{"),
                                   std::string("[[]"),
                                   std::string("]"),
                                   std::string("}"),
                                   std::string("[]]"),
                                   std::string("\""),
                                   std::string(R"("\")"),
                                   std::string(R"("\\\")"),
                                   std::string(R"(["\"])"),
                                   std::string(),
                                   std::string(" "),
                                   std::string("\"a\"b"),
                                   std::string("\"a\"\"b\""),
                                   std::string("[]1"),
                                   std::string("{}{}"),
                                   std::string("1 2"),
                                   std::string("1[]]"),
                                   nul,
                                   '1' + nul,
                                   '[' + nul + ']',
                                   '{' + nul + '}',
                                   "\"\"" + nul,
                                   "[]" + nul}) {
    // Where it is the value itself: inside of another one, some of these are passed over.
    EXPECT_EQ(parse(R"({"x":)" + value + R"(,"status":"open"})"), code::not_json) << value;
    EXPECT_EQ(parse(R"({"status":"open","x":)" + value + '}'), code::not_json) << value;
    EXPECT_EQ(parse(R"({"payment_intent":{"x":)" + value + R"(},"status":"open"})"), code::not_json)
        << value;
  }
}

// As in the text around it: what stands between two values is checked wherever values are read.
TEST(UnreadValue, LeavesTheStructureAroundItChecked) {
  for (const char* json : {R"({"x":1 "y":2})",
                           R"({"x":"" "y":2})",
                           R"({"x":[] "y":2})",
                           R"({"x":1,,"y":2})",
                           R"({,"x":1})",
                           R"({"x":1,})",
                           R"({"x" 1})",
                           R"({"x"})",
                           R"({"x",1})",

                           R"({x:1})",
                           R"({1:1})",
                           R"({"x":1]", R"(["x":1})",
                           R"({"x":1}})",
                           R"({"x":1}x)",
                           R"({"x":1},)",
                           R"({"status":"open" "x":1})",
                           R"({"payment_intent":{"x":1 "y":2}})",
                           R"({"payment_intent":{"x":1],"y":2})",
                           R"({"line_items":{"data":[{} {}]}})",
                           R"({"line_items":{"data":[{},]}})",
                           R"({"line_items":{"data":[,{}]}})",
                           R"({"line_items":{"data":[{}}})",
                           R"({"metadata":{"a":"b" "c":"d"}})",
                           R"({"metadata":{"a"}})",
                           R"({"metadata":{"a":"b",}})",
                           "\f{}",
                           "{\"x\"\xEF\xBB\xBF:1}"}) {
    const auto why = parse(json);
    EXPECT_TRUE(why == code::not_json || (why == code::wrong_object && json[0] == '[')) << json;
  }
}

TEST(UnreadValue, IsWhatHasAnUnreadKeyHoweverThatIsWritten) {
  const auto session = sr::parse_checkout_session(
      R"({"st\u0061tus":"open","\u0069d":"cs_1","\u0078":1e400,"id\u0000":7,"metadata":{"\u0061":"b"}})");
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_EQ(session->status, sr::session_status::open);
  EXPECT_EQ(session->id, "cs_1");
  EXPECT_EQ(session->metadata.get("a"), "b");
  EXPECT_EQ(parse(R"({"st\u0061tus":7})"), code::unexpected_type);
  EXPECT_EQ(parse(R"({"st\\u0061tus":7,"st\"atus":7})"), std::nullopt);
  EXPECT_EQ(parse(R"({"\ud800":1})"), code::not_json);
  EXPECT_EQ(parse(R"({"\x":1})"), code::not_json);
  EXPECT_EQ(parse("{\"a\nb\":1}"), code::not_json);
  EXPECT_EQ(parse(R"({"metadata":{"\ud800":"x"}})"), code::not_json);
}

// nlohmann takes a byte order mark at the beginning of whatever it is given.
TEST(UnreadValue, IsNotThePlaceForAByteOrderMarkBeforeAReadOne) {
  EXPECT_EQ(parse("{\"created\":\xEF\xBB\xBF"
                  "5}"),
            code::not_json);
  EXPECT_EQ(parse("{\"id\":\xEF\xBB\xBF\"a\"}"), code::not_json);
  EXPECT_EQ(parse("{\xEF\xBB\xBF\"id\":\"a\"}"), code::not_json);
  EXPECT_EQ(parse("\xEF\xBB\xBF\xEF\xBB\xBF{}"), code::not_json);
}

TEST(UnreadValue, HasItsBracketsCountedAtAnyDepth) {
  constexpr std::size_t depth = 100000;
  std::string open;
  std::string close;
  for (std::size_t i = 0; i != depth; ++i) {
    open += R"([{"a":)";
    close += "}]";
  }
  const auto document = [&](const std::string& ends) {
    return R"({"x":)" + open + "1" + ends + R"(,"status":"open"})";
  };
  EXPECT_EQ(parse(document(close)), std::nullopt);
  EXPECT_EQ(parse(document(close + ']')), code::not_json);
  EXPECT_EQ(parse(document(close.substr(1))), code::not_json);
  for (const std::size_t at : {std::size_t{0}, depth, depth + 63, 2 * depth - 1}) {
    std::string wrong = close;
    wrong[at] = wrong[at] == ']' ? '}' : ']';
    EXPECT_EQ(parse(document(wrong)), code::not_json) << at;
  }
}

TEST(UnreadValue, MayBeMostOfALongDocument) {
  const std::string brackets(4U << 20U, '[');
  EXPECT_EQ(parse(brackets), code::wrong_object);
  EXPECT_EQ(parse(R"({"x":)" + brackets), code::not_json);
  const std::string backslashes(4U << 20U, '\\');
  EXPECT_EQ(parse(R"({"x":")" + backslashes + R"(","status":"open"})"), std::nullopt);
  std::string quotes;
  for (std::size_t i = 0; i != 1U << 20U; ++i)
    quotes += R"(\")";
  EXPECT_EQ(parse(R"({"x":")" + quotes + R"(","status":"open"})"), std::nullopt);
  EXPECT_EQ(parse(R"({"x":")" + quotes), code::not_json);
}

TEST(UnreadValue, MayStandInAnEventOfAnyObject) {
  for (const char* object :
       {R"({"object":"charge","status":"\ud800","amount":1e400})",
        R"({"description":"\ud800","object":"charge"})",
        R"({"object":"checkout.session","customer_details":{"name":"\ud83d"}})"}) {
    const auto page = sr::parse_event_page(
        std::string(R"({"data":[{"object":"event","id":"evt_1","request":"\ud800","data":{)") +
        R"("previous_attributes":{"x":1e400},"object":)" + object + "}}]}");
    ASSERT_TRUE(page) << page.error().message << object;
    EXPECT_EQ(page->data.at(0).id, "evt_1");
  }
  EXPECT_EQ(error_code_of(sr::parse_event_page(
                R"({"data":[{"object":"event","data":{"object":{"object":"charge"]}}}]})")),
            code::not_json);
}

} // namespace
