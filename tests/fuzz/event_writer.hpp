#pragma once

#include "session_writer.hpp"

#include <string>

// Writes the JSON text of an event as the bytes say: mostly one that Stripe could send about a
// Checkout Session.
namespace fuzz {

class event_writer {
public:
  explicit event_writer(byte_source& choices) : choices_(choices) {}

  std::string write() {
    const char* objects[] = {"\"v2.core.event\"", "\"charge\"", "\"\"", "null", "7"};
    const char* types[] = {
        "\"checkout.session.completed\"", "\"checkout.session.async_payment_succeeded\"",
        "\"checkout.session.async_payment_failed\"", "\"checkout.session.expired\""};
    const char* times[] = {"1774256446", "0", "253402300800", "\"2026-09-30\"", "1.5", "null"};
    const char* accounts[] = {"\"acct_1\"", "\"acct_2\"", "\"\"", "null", "[]"};
    entry("id", "\"evt_1\"");
    entry("object", rarely() ? choices_.pick(objects) : "\"event\"");
    entry("type", rarely() ? "\"a_new_word\"" : choices_.pick(types));
    entry("livemode", rarely() ? "true" : "false");
    if (choices_.flag()) entry("created", choices_.pick(times));
    if (choices_.flag()) entry("account", choices_.pick(accounts));
    const char* contexts[] = {"\"acct_1\"", "\"org_1/acct_1\"", "\"acct_2/\"", "\"org_1\"", "7"};
    if (rarely()) entry("context", choices_.pick(contexts));
    if (rarely()) entry(choices_.flag() ? "id" : "data", "null");
    entry("data", data());
    return "{" + text_ + "}";
  }

private:
  bool rarely() { return choices_.below(16) == 15; }

  void entry(const std::string& key, const std::string& value) {
    text_ += (text_.empty() ? "\"" : ",\"") + key + "\":" + value;
  }

  std::string data() {
    if (rarely()) return choices_.flag() ? "null" : "[{}]";
    const std::string more = choices_.flag() ? ",\"previous_attributes\":null" : "";
    return "{\"object\":" + (rarely() ? "\"cs_1\"" : session()) + more + "}";
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
