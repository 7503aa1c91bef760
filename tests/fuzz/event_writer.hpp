#pragma once

#include "session_writer.hpp"

#include <string>

// Writes the JSON text of an event as the bytes say: mostly one that Stripe could send about a
// Checkout Session or its payment, whole or thin.
namespace fuzz {

class event_writer {
public:
  explicit event_writer(byte_source& choices) : choices_(choices) {}

  std::string write() {
    const bool thin = choices_.below(4) == 3;
    const char* objects[] = {"\"v2.core.event\"", "\"charge\"", "\"\"", "null", "7"};
    const char* types[] = {"checkout.session.completed",
                           "checkout.session.async_payment_succeeded",
                           "checkout.session.async_payment_failed",
                           "checkout.session.expired",
                           "checkout.session.completed",
                           "charge.refunded",
                           "charge.dispute.created",
                           "payment_intent.succeeded",
                           "payment_intent.canceled",
                           "payment_intent.amount_capturable_updated",
                           "a_new_word"};
    const char* times[] = {"1774256446", "0", "253402300800", "1.5", "null", "\"2026-09-30\""};
    const char* date_times[] = {"\"2026-09-30T19:36:45.134Z\"", "\"2026-10-01T03:36:45+08:00\"",
                                "\"2016-12-31T23:59:60Z\"", "\"2026-02-29T00:00:00Z\"",
                                "\"9999-12-31T23:59:59-00:01\""};
    const char* accounts[] = {"\"acct_1\"", "\"acct_2\"", "\"\"", "null", "[]"};
    const std::string type = choices_.pick(types);
    const std::string version = thin != rarely() ? "v1." : "";
    entry("id", "\"evt_1\"");
    entry("object", rarely() ? choices_.pick(objects) : thin ? "\"v2.core.event\"" : "\"event\"");
    if (choices_.flag()) entry("type", '"' + version + type + '"');
    entry("livemode", rarely() ? "true" : "false");
    if (choices_.flag()) entry("created", thin ? choices_.pick(date_times) : choices_.pick(times));
    if (choices_.flag()) entry("account", choices_.pick(accounts));
    const char* contexts[] = {"\"acct_1\"", "\"org_1/acct_1\"", "\"acct_2/\"", "\"org_1\"", "7"};
    if (rarely()) entry("context", choices_.pick(contexts));
    if (rarely()) entry(choices_.flag() ? "id" : "data", "null");
    if (thin) {
      entry("related_object", related());
      if (choices_.flag()) entry("snapshot_event", rarely() ? "7" : "\"evt_2\"");
    }
    if (thin == rarely()) entry("data", data(type));
    if (text_.find("\"type\":\"") == std::string::npos || rarely()) {
      entry("type", '"' + version + type + '"');
    }
    return "{" + text_ + "}";
  }

private:
  bool rarely() { return choices_.below(16) == 15; }

  void entry(const std::string& key, const std::string& value) {
    text_ += (text_.empty() ? "\"" : ",\"") + key + "\":" + value;
  }

  std::string data(const std::string& type) {
    if (rarely()) return choices_.flag() ? "null" : "[{}]";
    const std::string more = choices_.flag() ? ",\"previous_attributes\":null" : "";
    const bool paid = type.rfind("charge", 0) == 0 || type.rfind("payment_intent", 0) == 0;
    return "{\"object\":" + (rarely() ? "\"cs_1\"" : paid ? payment() : session()) + more + "}";
  }

  std::string payment() {
    const char* objects[] = {R"({"id":"pi_1","object":"payment_intent","status":7})",
                             R"({"id":"ch_1","object":"charge","payment_intent":"pi_1"})",
                             R"({"id":"du_1","payment_intent":{"id":"pi_1","object":7}})",
                             R"({"id":"ch_1","payment_intent":null})",
                             R"({"id":7,"payment_intent":7})",
                             R"({"id":"pi_1","id":"pi_2","payment_intent":{"id":[]}})",
                             R"({"payment_intent":"pi_1","payment_intent":"pi_2"})",
                             R"({"id":"pi_1","payment_intent":"pi_1" "x":1})"};
    return choices_.pick(objects);
  }

  std::string related() {
    const char* objects[] = {R"({"id":"cs_test_a","type":"checkout.session","url":"/v1/x"})",
                             R"({"id":"cs_test_a","type":"checkout.session"})",
                             R"({"type":"payment_intent","id":"pi_1"})",
                             R"({"id":"ch_1","type":"charge"})",
                             R"({"id":"../x","type":"checkout.session"})",
                             R"({"id":"cs_test_a_secret_b","type":"checkout.session"})",
                             R"({"id":7,"type":"checkout.session"})",
                             R"({"id":"cs_test_a","id":"cs_test_b","type":"checkout.session"})",
                             "null",
                             "7",
                             "[]"};
    return rarely() ? choices_.pick(objects) : objects[choices_.below(4)];
  }

  // What decides, in words that are mostly known; then anything.
  std::string session() {
    const char* objects[] = {"\"charge\"", "\"\"", "null", "1"};
    const char* statuses[] = {"complete", "complete", "open", "expired", "a_new_word", ""};
    const char* payment_statuses[] = {"paid",     "paid", "unpaid", "no_payment_required",
                                      "paid_out", ""};
    const char* modes[] = {"payment", "payment", "setup", "subscription", "a_new_word", ""};
    const char* orders[] = {"\"A1\"", "\"A1\"", "\"A2\"", "null"};
    const std::string object = rarely() ? choices_.pick(objects) : "\"checkout.session\"";
    std::string text = R"("id":"cs_test_a","livemode":)";
    text += rarely() ? "true" : "false";
    text += R"(,"status":")" + std::string(choices_.pick(statuses));
    text += R"(","payment_status":")" + std::string(choices_.pick(payment_statuses));
    text += R"(","mode":")" + std::string(choices_.pick(modes));
    text += R"(","amount_total":)" + std::string(choices_.flag() ? "400" : "0");
    text += R"(,"currency":"cny","metadata":{"out_trade_no":)";
    text += choices_.pick(orders) + std::string("}");
    const std::string word = R"("object":)" + object;
    text = choices_.flag() ? word + "," + text : text + "," + word;
    std::string rest = session_writer(choices_).write().substr(1);
    return "{" + text + (rest == "}" ? rest : "," + rest);
  }

  byte_source& choices_;
  std::string text_;
};

} // namespace fuzz
